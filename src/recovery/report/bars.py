"""An interval as a bar against no change and the change worth having."""

from typing import NamedTuple

from recovery.answers.rows import Effect
from recovery.report import waking_day
from recovery.vocabulary.worth import WorthFrom
from recovery.words import numbers
from recovery.words.numbers import Change

ROOM = 1.15  # of a bar beyond what it has to show


class Bar(NamedTuple):
    """An interval on a line whose middle is no change and whose right is better; places in percent of its width."""

    low: float
    high: float
    estimate: float | None  # None beyond an end
    worth: float | None  # the change worth having
    is_cut_low: bool  # the interval goes on beyond the left end
    is_cut_high: bool
    left: str
    right: str


def in_words(effect: Effect) -> Change | None:
    """The sizes of an effect as people say them."""
    found = effect.sizes
    return numbers.change(*found, effect.unit, effect.metric) if found else None


def one_look_in_words(effect: Effect) -> Change | None:
    """Those of a single look, with the 95% interval that p belongs to."""
    found = effect.one_look
    return numbers.change(*found, effect.unit, effect.metric) if found else None


def worth_in_words(effect: Effect) -> str:
    """The change worth having; '' where there is none."""
    if effect.worth is None or effect.better == "none":
        return ""
    is_told_otherwise = effect.metric == waking_day.METRIC and effect.unit == waking_day.UNIT
    is_exact = _origin(effect).is_exact and not is_told_otherwise
    return numbers.size(effect.worth, effect.unit, effect.metric, is_exact=is_exact)


def is_assumed(effect: Effect) -> bool:
    """Whether nobody has said what change is worth having."""
    return _origin(effect).is_assumed


def _origin(effect: Effect) -> WorthFrom:
    """Where the change worth having comes from; of a database of an earlier version as if somebody had set it."""
    return WorthFrom(effect.worth_from or WorthFrom.GOALS)


def bar(effect: Effect, reach: float | None = None) -> Bar | None:
    """An effect's interval as a bar; `reach` is how far its ends lie from 0 in the effect's unit, None fits them.

    Of a metric without a better way the right is more.
    """
    found = effect.sizes
    if found is None:
        return None
    turn = _turn(effect)
    low, high = sorted((turn * found.low, turn * found.high))
    estimate, worth = turn * found.estimate, effect.worth
    reach = reach or ROOM * max(abs(low), abs(high), worth or 0.0) or 1.0

    def place(value: float) -> float:
        return _place(value, reach)

    return Bar(
        low=place(low),
        high=place(high),
        estimate=place(estimate) if abs(estimate) <= reach else None,
        worth=place(worth) if worth and effect.better != "none" else None,
        is_cut_low=low < -reach,
        is_cut_high=high > reach,
        left="less" if effect.better == "none" else "worse",
        right="more" if effect.better == "none" else "better",
    )


def place_on(effect: Effect, value: float, reach: float | None) -> float | None:
    """Where another size of the same effect lies on its bar, in percent; None beyond an end or without a scale."""
    return _place(_turn(effect) * value, reach) if reach and abs(value) <= reach else None


def _turn(effect: Effect) -> float:
    """-1 where less is better, so that better is to the right."""
    return -1.0 if effect.better == "down" else 1.0


def _place(value: float, reach: float) -> float:
    return round(50 + 50 * max(-1.0, min(1.0, value / reach)), 2)
