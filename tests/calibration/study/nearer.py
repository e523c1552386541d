"""What other rules of finding and of taking back would give and cost, of the number that goes first.

Each person's evidence is spoken anew by each of `RULES`; nothing is simulated for it. Looks are computed where z lies
near the boundary of today (evidence.py), so far from it a few crossings are missed.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from recovery.effects.boundaries import OF_MAIN, Family, boundary, finding_boundary
from recovery.effects.direction import QUARTER
from recovery.effects.hull import z_below
from recovery.effects.look_family import Primary, look_of
from recovery.effects.looks import LEFT_OUT, Look

Figure = tuple[str, str, float]


@dataclass(frozen=True)
class Rule:
    """Where a finding is made, and when one that stands is taken back."""

    made_at: str
    taken_back: str
    boundary: Callable[[int], float]  # by massages
    is_gone: Callable[[Look], bool]

    @property
    def name(self) -> str:
        return f"{self.made_at}; {self.taken_back}"


def _same(z: float) -> Callable[[int], float]:
    return lambda _: z


def _by_massages(massages: int) -> float:
    return finding_boundary(OF_MAIN, massages)


def _is_less(look: Look) -> bool:
    return look.is_small and z_below(look.estimate, look.worth, look.better) >= LEFT_OUT


def _is_small(look: Look) -> bool:
    return look.is_small


def _is_under_a_quarter(look: Look) -> bool:
    return look.size < QUARTER * look.worth


def _is_gone(look: Look) -> bool:
    return look.is_gone


BEFORE = boundary(0.04)
RULES = (
    Rule(f"{BEFORE:g}", "under half", _same(BEFORE), _is_small),  # as it was until November 2026
    Rule(f"{BEFORE:g}", "as today", _same(BEFORE), _is_gone),
    Rule("2.4", "as today", _same(2.4), _is_gone),
    Rule("2.2", "as today", _same(2.2), _is_gone),
    Rule("by massages", "under half", _by_massages, _is_small),
    Rule("by massages", "under a quarter", _by_massages, _is_under_a_quarter),
    Rule("by massages", "under half and all of it left out", _by_massages, _is_less),
    Rule("by massages", "as today", _by_massages, _is_gone),
)


def of_rules(main: Primary, names: Sequence[str], days: Sequence[int], weeks: Sequence[int]) -> Iterator[Figure]:
    """By rule: found ever and within some weeks; of what was found: taken back, standing at last, reaching no change.

    The last is the share of the looks after which it stands whose range reaches no change. `days` are those of the
    looks, counted from the first day of the record; `names` all main numbers of the person.
    """
    exclusion = Family(tuple(names)).exclusion_boundary(main.metric)
    for rule in RULES:
        stands, was_taken_back, found_on, reaching = False, False, [], []
        for found, day in zip(main.found, days, strict=True):
            at = rule.boundary(found.massages)
            look = look_of(found.evidence, main.metric, main.better, at, exclusion)
            if look is None:
                continue
            if stands and rule.is_gone(look):
                stands, was_taken_back = False, True
            if not stands and look.crosses:
                stands = True
                found_on.append(day)
            if stands:
                reaching.append(look.towards_better[0] <= 0)
        yield "rule: ever found", rule.name, float(bool(found_on))
        for count in weeks:
            yield f"rule: found in {count} weeks", rule.name, float(any(day < 7 * count for day in found_on))
        if found_on:
            yield "rule: taken back", rule.name, float(was_taken_back)
            yield "rule: stands at last", rule.name, float(stands)
            yield "rule: reaches no change", rule.name, sum(reaching) / len(reaching)
