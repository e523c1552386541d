"""Numbers for people: an estimate with its range, a size, a level, a probability, as many digits as are known.

The rules are those of docs/decisions/0014-numbers-in-words.md. Every number of an effect or a claim is said by this
module and nowhere else, so that it reads alike on the page, in the reasons of the published tables and in the terminal.
Pure functions: the unit is that of the published tables, the metric says the rest.
"""

import math
import re
from collections.abc import Collection, Mapping
from typing import NamedTuple

from recovery.vocabulary.units import unit_of
from recovery.words.say import say

LONG_MIN = 90  # above, minutes are told as hours and minutes
SHORT_MIN = 10  # from here on minutes are told to five
NO_CHANGE = "no change"
NOT_TOLD = "is not told"
JUST_ABOVE, JUST_BELOW = "just above no change", "just below no change"
LADDER = tuple(digit * 10.0**power for power in range(-9, 12) for digit in (1, 5))  # steps that a number is rounded to
FINEST: Mapping[str, float] = {  # finest step ever told, in the unit as it is said
    "steps": 100,
    "min": 1,
    "h": 0.1,
    "kcal": 10,
    "m": 100,
    "count": 0.1,
    "floors": 0.1,
    "doses": 0.1,
    "visits": 0.1,
    "days": 1,
    "points": 0.1,  # of 10: pain, mood
    "score": 1,  # of 100
    "index": 1,
    "share": 1,
    "yes/no": 1,
    "bpm": 0.1,
    "breaths/min": 0.1,
    "ms": 1,
    "m/s": 0.01,
    "ratio": 0.01,
}


class Marks(NamedTuple):
    """How a language parts thousands and decimals."""

    thousands: str
    decimal: str


MARKS: Mapping[str, Marks] = {
    "en": Marks(",", "."),
    "de": Marks(".", ","),
    "es": Marks("", ","),
    "fr": Marks("\N{NARROW NO-BREAK SPACE}", ","),
}


class Change(NamedTuple):
    """An estimate and its 95% range in words, rounded to one step."""

    size: str  # '1,400 steps more', 'no change'
    range: str  # '800 to 1,900', '20 shorter to no change': it stands behind the size

    @property
    def whole(self) -> str:
        """Both, as they stand in a sentence."""
        return f"{self.size} (95% interval: {self.range})"

    @property
    def between(self) -> str:
        """The range as people say it: 'between 800 and 1,900'; one that has no two ends as it is."""
        return between(self.range)


def change(estimate: float, low: float, high: float, unit: str, metric: str = "") -> Change:
    """A change and its range: '10 minutes shorter' and '20 shorter to no change'."""
    said = _said(unit, metric)
    estimate, low, high = (said.factor * value for value in (estimate, low, high))
    step = _step_of_range(estimate, low, high, said)
    size = _halved(_end(estimate, step, said, has_noun=True, beside=_side(low, high)))
    whole = _range(low, high, step, said, has_noun=not _rounded(estimate, step))
    if size in (JUST_ABOVE, JUST_BELOW) and whole.startswith("under"):
        return Change(whole, f"{size} to under {_number(step, said)} {said.up if low > 0 else said.down}")
    if size == NO_CHANGE:  # an end that rounds to none is not "no change to no change"
        whole = re.sub(f"^{NO_CHANGE}(?= to)", JUST_BELOW if low else NO_CHANGE, whole)
        whole = re.sub(f"(?<=to ){NO_CHANGE}$", JUST_ABOVE if high else NO_CHANGE, whole)
    return Change(size, whole)


def span(low: float, high: float, unit: str, metric: str = "") -> str:
    """A range that stands alone: '90 to 1,400 steps more', '20 minutes shorter to 10 longer'."""
    said = _said(unit, metric)
    low, high = said.factor * low, said.factor * high
    return _range(low, high, _step_of_range(0.0, low, high, said), said, has_noun=True)


def between(told: str) -> str:
    """A range that was told with 'to' as people say it: 'between 500 steps fewer and 2,500 more'."""
    low, separator, high = told.partition(" to ")
    if not separator or told.startswith(("close to", "under")):
        return told
    return say("between {low} and {high}", low=low, high=high)


def change_alone(value: float, unit: str, metric: str = "") -> str:
    """A change whose range is not told: '640 steps more', to the finest step of its unit."""
    said = _said(unit, metric)
    value *= said.factor
    return _halved(_end(value, _step_of_size(value, said), said, has_noun=True))


def size(value: float, unit: str, metric: str = "", *, is_exact: bool = False) -> str:
    """How large a change is, whichever way: '600 steps', 'half a point'; never 0 where it is not.

    Exact is what somebody has set: it is not rounded to the finest step, but to three digits.
    """
    said = _said(unit, metric)
    value = abs(value) * said.factor
    if is_exact:
        return _halved(_with_noun(float(f"{value:.3g}"), said))
    return _halved(_with_noun(_rounded(value, _step_of_size(value, said)), said))


def level(value: float, unit: str, metric: str = "") -> str:
    """A number itself, not a change: '7,300 steps', '6 h 50', '87%', '23:10'."""
    said = _said(unit, metric)
    if metric.endswith("_local"):
        minutes = int(_rounded(value, 5.0)) % 1440
        return f"{minutes // 60:02d}:{minutes % 60:02d}"
    if unit == "share":
        return percent(value)
    value *= said.factor
    shown = _rounded(value, _step_of_size(value, said))
    number = figure(shown) if shown < 0 else _number(shown, said)
    noun = said.one if number == "1" else said.other
    return number if _is_long(shown, said) else f"{number} {noun}".rstrip()


def percent(share: float) -> str:
    """A share to the whole percent: '87%'."""
    return f"{figure(_rounded(100 * share, 1.0))}%"


def probability(value: float, floors: Collection[float] = ()) -> str:
    """A p-value or q-value to two digits; very small ones, and those at the floor of their draws, as a bound.

    `floors` are the least values that so many draws can give: more draws might give a smaller one.
    """
    if value < 0.001:
        return "below 0.001"
    return f"at most {value:.2g}" if any(math.isclose(value, floor) for floor in floors) else f"{value:.2g}"


def p_value(value: float) -> str:
    """As 'p = 0.03' or 'p below 0.001'."""
    words = probability(value)
    return f"p {words}" if words.startswith("below") else f"p = {words}"


def figure(value: float, marks: Marks = MARKS["en"]) -> str:
    """A number in digits, without needless zeros, by the marks of a language: '1,400', '0.5'."""
    whole, _, decimals = f"{value:,.6f}".rstrip("0").partition(".")
    return whole.replace(",", marks.thousands) + (marks.decimal + decimals if decimals else "")


class _Said(NamedTuple):
    """How numbers of a metric are said."""

    one: str
    other: str
    up: str
    down: str
    factor: float
    finest: float | None  # None of a unit that is not known

    @property
    def is_minutes(self) -> bool:
        return self.other == "minutes"


def _said(unit: str, metric: str) -> _Said:
    named = unit_of(unit, metric)
    finest = FINEST["min"] if named.noun == "minutes" else FINEST.get(unit)
    return _Said(named.singular, named.noun, named.up, named.down, named.factor, finest)


def _step_of_range(estimate: float, low: float, high: float, said: _Said) -> float:
    """The one step of an estimate and both ends.

    It is the finest of the unit, or where the range is wide the largest of 1 or 5 x 10^k up to a quarter of its width.
    Where that would tell an end as 0 though the range excludes 0, it is a finer one, down to half the finest.
    """
    finest = _finest((estimate, low, high), said)
    step = max(finest, _rung(_width(estimate, low, high) / 4))
    if low * high <= 0:
        return step
    near = min(abs(low), abs(high))
    floor = (said.finest or 0.0) / 2
    finer = step
    while not _rounded(near, finer) and LADDER.index(finer) and LADDER[LADDER.index(finer) - 1] >= floor:
        finer = LADDER[LADDER.index(finer) - 1]
    return finer if _rounded(near, finer) else step


def _step_of_size(value: float, said: _Said) -> float:
    """The finest step of the unit; finer only where the number would be told as 0."""
    step = _finest((value,), said) or _rung(abs(value) / 10)
    while value and not _rounded(value, step) and LADDER.index(step):
        step = LADDER[LADDER.index(step) - 1]
    return step


def _finest(values: tuple[float, ...], said: _Said) -> float:
    """The finest step of the unit; of minutes 5 where one of the values is at least 10; 0 where the unit is unknown."""
    if said.is_minutes and any(SHORT_MIN <= abs(value) < math.inf for value in values):
        return 5.0
    return float(said.finest or 0.0)


def _width(estimate: float, low: float, high: float) -> float:
    """How wide a range is; of one without an end twice the way to the other end."""
    if math.isfinite(high - low):
        return high - low
    ends = [end for end in (low, high) if math.isfinite(end)]
    return 2 * abs(estimate - ends[0]) if ends else abs(estimate)


def _rung(most: float) -> float:
    """The largest step of the ladder that is not above `most`."""
    return max((step for step in LADDER if step <= most * (1 + 1e-9)), default=LADDER[0])


def _rounded(value: float, step: float) -> float:
    """The nearest multiple of a step, halves away from 0."""
    if not math.isfinite(value / step):
        return value
    return math.copysign(round(math.floor(abs(value) / step + 0.5 + 1e-9) * step, 9), value) or 0.0


def _side(low: float, high: float) -> int:
    """On which side of no change a whole range lies: 1 above, -1 below, 0 where it holds no change."""
    return (low > 0) - (high < 0)


def _range(low: float, high: float, step: float, said: _Said, *, has_noun: bool) -> str:
    """Both ends: on one side of no change from the near to the far one, else from the low to the high one."""
    if not _rounded(low, step) and not _rounded(high, step):
        which = {1: said.up, -1: said.down}.get(_side(low, high), "either way")
        return f"under {_with_noun(step, said)} {which}"
    side = _side(low, high)
    if not side:
        first = _end(low, step, said, has_noun=has_noun or _is_any_long(low, high, step, said))
        has_noun_still = (has_noun and first == NO_CHANGE) or _is_any_long(low, high, step, said)
        return f"{first} to {_end(high, step, said, has_noun=has_noun_still)}"
    near, far = (low, high) if side > 0 else (high, low)
    if _rounded(near, step) == _rounded(far, step):
        return f"close to {_end(far, step, said, has_noun=has_noun, has_direction=has_noun)}"
    is_long = _is_any_long(low, high, step, said)
    start = _end(near, step, said, has_noun=is_long, beside=side, has_direction=False)
    return f"{start} to {_end(far, step, said, has_noun=has_noun or is_long, has_direction=has_noun)}"


def _end(value: float, step: float, said: _Said, *, has_noun: bool, beside: int = 0, has_direction: bool = True) -> str:
    """One number of a change; `beside` is the side of no change on which its range lies."""
    if math.isinf(value):
        return "no upper limit" if value > 0 else "no lower limit"
    shown = _rounded(value, step)
    if not shown:
        return {1: JUST_ABOVE, -1: JUST_BELOW}.get(beside, NO_CHANGE)
    words = _with_noun(abs(shown), said) if has_noun else _number(abs(shown), said)
    return f"{words} {said.up if shown > 0 else said.down}" if has_direction else words


def _is_any_long(low: float, high: float, step: float, said: _Said) -> bool:
    """Whether an end is told in hours, so that the other one needs its minutes."""
    return any(_is_long(abs(_rounded(end, step)), said) for end in (low, high))


def _is_long(value: float, said: _Said) -> bool:
    return said.is_minutes and LONG_MIN < value < math.inf


def _with_noun(value: float, said: _Said) -> str:
    """A size that is not negative, with its noun in the form for it."""
    number = _number(value, said)
    if _is_long(value, said):
        return number
    return f"{number} {said.one if number == '1' else said.other}".rstrip()


def _halved(words: str) -> str:
    """A size of half a point as people say it; the ends of a range stay figures."""
    return words.replace("0.5 points", "half a point") if words.startswith("0.5 points") else words


def _number(value: float, said: _Said) -> str:
    """A size that is not negative, without its noun; many minutes as hours and minutes."""
    if not _is_long(value, said):
        return figure(value)
    hours, minutes = divmod(round(value), 60)
    return f"{figure(hours)} h {minutes}" if minutes else f"{figure(hours)} h"
