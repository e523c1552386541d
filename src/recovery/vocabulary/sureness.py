"""How sure an answer is shown to be, in dots: its certainty, less what stands beside it by now.

A finding, and what was ruled out, stand by the rules of looks until an estimate takes them back. What the data of today
alone would not say any more, or what a check speaks against by now, is told beside such an answer, and each takes a
dot. `sure_of` is the only place where dots are made.
"""

from collections.abc import Collection
from enum import StrEnum

from recovery.vocabulary.verdicts import Certainty


class Doubt(StrEnum):
    """What stands beside a clear answer by now; joined by '; ' in the column `doubts`."""

    RANGE = "range"  # the range of today alone would not say it anew
    CHECKS = "checks"  # a check that weighs on it does not pass


class Sure(StrEnum):
    """How sure an answer is shown to be."""

    dots: int  # of four; none filled where there is no answer

    def __new__(cls, value: str, dots: int = 0) -> "Sure":
        sure = str.__new__(cls, value)
        sure._value_ = value
        sure.dots = dots
        return sure

    CLEAR = ("clear", 4)
    LIKELY = ("likely", 3)
    LESS_SURE = ("less_sure", 2)
    TOO_EARLY = ("too_early", 0)
    CANNOT_TELL = ("cannot_tell", 0)


def sure_of(certainty: Certainty, doubts: Collection[Doubt] = ()) -> Sure:
    """What is shown of a certainty beside which some doubts stand: each takes a dot of what is clear."""
    if certainty is not Certainty.CLEAR:
        return Sure(certainty.value)
    return (Sure.CLEAR, Sure.LIKELY, Sure.LESS_SURE)[len(set(doubts))]


def joined(doubts: Collection[Doubt]) -> str:
    """As the column `doubts` has them."""
    return "; ".join(doubt for doubt in Doubt if doubt in doubts)


def doubts_in(column: str | None) -> tuple[Doubt, ...]:
    """Of what the column says; none where an earlier version published none."""
    return tuple(Doubt(name) for name in column.split("; ")) if column else ()
