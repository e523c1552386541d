"""What is said at each look at the primaries of one person: from what the looks found to words, by date.

The primaries share one error: with a main number named in advance each has its own part of it, and that of the main one
goes to the others once it was found; else the parts are those of Holm, and grow for the others once one has crossed.
"""

from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from recovery.effects.boundaries import Family, finding_boundary
from recovery.effects.look_series import Evidence
from recovery.effects.looks import Event, Look, Said, after_look
from recovery.vocabulary.article import PAIN
from recovery.vocabulary.metrics import Direction
from recovery.vocabulary.verdicts import Certainty, Word

MADE = (Event.FOUND, Event.FOUND_AGAIN, Event.RULED_OUT, Event.WITHDRAWN_AND_RULED_OUT)
TAKEN_BACK = (Event.WITHDRAWN, Event.WITHDRAWN_AND_RULED_OUT, Event.NO_LONGER_RULED_OUT)
REFUSED = Said(certainty=Certainty.CANNOT_TELL)


@dataclass(frozen=True)
class Found:
    """What one look found; `number` counts the looks at the metric from 1."""

    local_date: date
    number: int
    massages: int
    evidence: Evidence


@dataclass(frozen=True)
class Primary:
    """All looks at one primary, the first one first."""

    metric: str
    better: Direction
    found: Sequence[Found]


@dataclass(frozen=True)
class SaidAt:
    """What is said of one metric after one look; `look` is None where it could not say anything."""

    metric: str
    found: Found
    look: Look | None
    said: Said  # what stands; of a look that could not say anything REFUSED

    @property
    def word(self) -> Word:
        return self.said.word

    @property
    def certainty(self) -> Certainty:
        return self.said.certainty


def look_of(
    evidence: Evidence, metric: str, better: Direction, boundary: float, exclusion_boundary: float
) -> Look | None:
    """What a look weighs; None where nothing can be said.

    Pain got worse only where the pain before massages is known well enough.
    """
    if evidence.estimate is None or evidence.worth is None:
        return None
    return Look(
        evidence.estimate,
        better,
        evidence.worth,
        boundary,
        exclusion_boundary,
        checks_passed=not evidence.failed,
        may_exclude=evidence.may_exclude,
        may_be_worse=evidence.may_exclude or metric not in PAIN,
        builds_up=evidence.builds_up,
        has_built_up=evidence.has_built_up,
        may_build_up=evidence.may_build_up,
    )


def said_of_family(
    primaries: Sequence[Primary], family: Family, earlier: Sequence[tuple[date, Family]] = ()
) -> Iterator[SaidAt]:
    """What is said at each look, by date; of several on one date by metric. Exclusions are a family of their own.

    `earlier` are the families that were in force before `family`, each with the date until which it was. A number that
    is named the main one later keeps the farther boundary it had: its days were looked at by that one.
    """
    last: dict[str, SaidAt] = {}  # of each number that said anything
    in_order = sorted(
        ((found.local_date, one.metric, found.number, one, found) for one in primaries for found in one.found),
        key=lambda entry: entry[:3],
    )
    for _, metric, _, one, found in in_order:
        families = _until(found.local_date, family, earlier)
        boundary = finding_boundary(level_of(metric, families, ever_found(last.values())), found.massages)
        look = look_of(found.evidence, metric, one.better, boundary, families[-1].exclusion_boundary(metric))
        if look is None:
            yield SaidAt(metric, found, None, REFUSED)
            continue
        before = last[metric].said if metric in last else Said()
        last[metric] = SaidAt(metric, found, look, after_look(before, look))
        yield last[metric]


def ever_found(said: Iterable[SaidAt]) -> frozenset[str]:
    """The numbers of which a finding was ever made, whether it stands or was withdrawn.

    What the parts of the others ask is whether a number ever crossed its boundary, at any look. One that massages do
    not change does so with the error of the family only, so a nearer boundary for the others from then on costs no
    error. One that moved away again would take an answer of one number back because of another.
    """
    return frozenset(one.metric for one in said if one.said.was_found)


def level_of(metric: str, families: Sequence[Family], found: Collection[str]) -> float:
    """The part of the error that a number may spend on a finding, where some numbers were ever found.

    `families` are those in force so far, the one in force last: of several that hold the number the smallest part
    counts.
    """
    return min(family.level(metric, found) for family in families if metric in family.metrics)


def _until(day: date, family: Family, earlier: Sequence[tuple[date, Family]]) -> list[Family]:
    """The families in force up to a date, the one in force last; at least one holds each number that is looked at."""
    found = []
    for until, one in earlier:
        found.append(one)
        if day < until:
            return found
    return [*found, family]


@dataclass(frozen=True)
class Since:
    """Since when what is said stands, or when what was said before was taken back; None where there is no such date."""

    first: Found | None = None  # the look that made what stands now
    taken_back: Found | None = None  # the last look that took something back, where nothing was made since


def since(said: Sequence[SaidAt]) -> Since:
    """The look that made what stands after the looks at one metric, or the one that took back what stood."""
    first = taken_back = None
    for one in said:
        event = one.said.event
        if event in TAKEN_BACK:
            first, taken_back = None, one.found
        if event in MADE:
            first, taken_back = one.found, None
    return Since(first, taken_back)
