"""How often a person without any effect is told that something is likely.

"Likely" is said of a main number whose range at the boundary leaves out 0, where a check failed or the change is small,
or where it lies on the worse side. Here it is counted ever within two years of looks, and by days: of those from the
first look to the last one, on how many the page says it, for a word stands until the next look.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence

from recovery.effects.look_family import SaidAt
from recovery.vocabulary.verdicts import FOR_THE_BETTER, FOR_THE_WORSE, Certainty

from .bookings import ALL
from .results import Key, Sum, percent
from .spoken import day_of

Figure = tuple[str, str, float]
HEAD = (
    "booking", "people", "ever likely better", "ever likely worse", "ever likely either way",
    "days: likely better", "days: likely worse", "nobody named a main number: ever either way", "days",
)  # fmt: skip
NONE = Sum(0, 0.0, 0.0)


def _is_better(one: SaidAt) -> bool:
    return one.certainty is Certainty.LIKELY and one.word in FOR_THE_BETTER


def _is_worse(one: SaidAt) -> bool:
    return one.certainty is Certainty.LIKELY and one.word in FOR_THE_WORSE


def _is_either(one: SaidAt) -> bool:
    return _is_better(one) or _is_worse(one)


KINDS: Mapping[str, Callable[[SaidAt], bool]] = {"better": _is_better, "worse": _is_worse, "either": _is_either}


def figures_of_likely(said: Sequence[SaidAt]) -> Iterator[Figure]:
    """By kind: whether it is ever said of any main number, and the share of days on which it is; `said` by date."""
    if not said:
        return
    for kind, is_said in KINDS.items():
        yield f"likely: ever {kind}", "", float(any(is_said(one) for one in said))
        yield f"likely: days {kind}", "", share_of_days(said, is_said)


def share_of_days(said: Sequence[SaidAt], is_said: Callable[[SaidAt], bool]) -> float:
    """Of the days from the first look at any number to the last one, those on which it is said of any."""
    told, days, since = set[str](), 0, day_of(said[0])
    for one in said:
        day = day_of(one)
        days += (day - since) * bool(told)
        since = day
        (told.add if is_said(one) else told.discard)(one.metric)
    length = since - day_of(said[0])
    return days / length if length else float(bool(told))


def rows(cells: Mapping[Key, Sum]) -> Iterator[list[str]]:
    """A row for each booking without an effect, and one of all."""
    columns = (
        "likely: ever better", "likely: ever worse", "likely: ever either", "likely: days better",
        "likely: days worse", "no main: likely: ever either", "no main: likely: days either",
    )  # fmt: skip
    every = [NONE] * len(columns)
    for booking in ALL:
        found = [cells.get(Key(f"a/{booking}/none", column, ""), NONE) for column in columns]
        if found[0].n:
            every = [all_ + one for all_, one in zip(every, found, strict=True)]
            yield [booking, str(found[0].n), *map(percent, found)]
    if every[0].n:
        yield ["all", str(every[0].n), *map(percent, every)]
