"""Numbers as people say them: two or three digits, the unit, and which way in words."""

from typing import NamedTuple

LONG_MIN = 90  # from here on minutes are told as hours and minutes


class Unit(NamedTuple):
    """How a unit is said, and what a change up and down is called."""

    noun: str
    up: str
    down: str
    factor: float = 1.0


UNITS = {
    "steps": Unit("steps", "more", "fewer"),
    "count": Unit("", "more", "fewer"),
    "floors": Unit("floors", "more", "fewer"),
    "doses": Unit("doses", "more", "fewer"),
    "visits": Unit("visits", "more", "fewer"),
    "min": Unit("min", "more", "less"),
    "h": Unit("h", "more", "less"),
    "kcal": Unit("kcal", "more", "less"),
    "m": Unit("m", "more", "less"),
    "share": Unit("percentage points", "higher", "lower", 100.0),
    "yes/no": Unit("of 100 days", "more", "fewer", 100.0),
    "bpm": Unit("beats/min", "higher", "lower"),
    "ratio": Unit("", "higher", "lower"),
}
PLURALS = ("steps", "floors", "doses", "visits", "percentage points", "points")
CLOCK = Unit("min", "later", "earlier")  # metrics that are times of day: onset_local, ...


def unit_of(unit: str, metric: str = "") -> Unit:
    """How the unit of a metric is said; one that is not known is said as it stands."""
    return CLOCK if metric.endswith("_local") else UNITS.get(unit, Unit(unit, "higher", "lower"))


def change(value: float, unit: str, metric: str = "") -> str:
    """A change with its direction: '640 steps more', '12 min less', 'no change'."""
    said = unit_of(unit, metric)
    size = _with_noun(abs(value) * said.factor, said)
    if _number(abs(value) * said.factor) == "0":
        return "no change"
    return f"{size} {said.up if value > 0 else said.down}"


def span(low: float, high: float, unit: str, metric: str = "") -> str:
    """An interval of changes: '90 to 1,370 steps more', '90 steps fewer to 1,370 steps more'."""
    said = unit_of(unit, metric)
    if low < 0 < high:
        return f"{change(low, unit, metric)} to {change(high, unit, metric)}"
    near, far = sorted((abs(low) * said.factor, abs(high) * said.factor))
    start = _with_noun(near, said) if _is_long(far, said) else _number(near)
    return f"{start} to {_with_noun(far, said)} {said.up if high > 0 else said.down}"


def brief_span(low: float, high: float, unit: str, metric: str = "") -> str:
    """An interval that stands behind its estimate, so without the unit: '90 to 1,370', '90 fewer to 1,370 more'."""
    said = unit_of(unit, metric)
    near, far = sorted((abs(low) * said.factor, abs(high) * said.factor))
    if _is_long(far, said):
        return span(low, high, unit, metric)
    if low < 0 < high:
        return f"{_number(-low * said.factor)} {said.down} to {_number(high * said.factor)} {said.up}"
    return f"{_number(near)} to {_number(far)}"


def size(value: float, unit: str, metric: str = "") -> str:
    """How large a change is, whichever way: '640 steps'."""
    said = unit_of(unit, metric)
    return _with_noun(abs(value) * said.factor, said)


def level(value: float, unit: str, metric: str = "") -> str:
    """A number itself, not a change: '7,320 steps', '6 h 48 min', '87%', '23:10'."""
    if metric.endswith("_local"):
        minutes = round(value) % 1440
        return f"{minutes // 60:02d}:{minutes % 60:02d}"
    if unit == "share":
        return f"{value:.0%}"
    return size(value, unit) if value >= 0 else f"-{size(value, unit)}"


def probability(value: float) -> str:
    """A p-value or q-value to two digits; very small ones as a bound."""
    return "below 0.001" if value < 0.001 else f"{value:.2g}"


def _with_noun(value: float, said: Unit) -> str:
    if _is_long(value, said):
        hours, minutes = divmod(round(value), 60)
        return f"{hours:,} h {minutes} min" if minutes else f"{hours:,} h"
    number = _number(value)
    noun = said.noun[:-1] if number == "1" and said.noun in PLURALS else said.noun
    return f"{number} {noun}".rstrip()


def _is_long(value: float, said: Unit) -> bool:
    """Minutes that are told in hours."""
    return said.noun == "min" and round(value) >= LONG_MIN


def _number(value: float) -> str:
    """At least 100: three digits; below: two, never more than three decimals."""
    if value >= 100:
        digits = len(f"{value:.0f}") - 3
        return f"{round(value, -digits):,.0f}"
    if value >= 9.95:
        return f"{value:.0f}"
    text = f"{value:.1f}" if value >= 0.995 else f"{value:.2f}" if value >= 0.0995 else f"{value:.3f}"
    return text.rstrip("0").rstrip(".") if "." in text else text
