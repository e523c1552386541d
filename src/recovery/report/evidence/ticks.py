"""The scale of a drawing: round numbers on an axis, and how they are written."""

import math
from typing import NamedTuple

WIDTH, HEIGHT = 640, 300
LEFT, RIGHT, TOP, BOTTOM = 78, 14, 14, 48
TIMES = {"min": (60.0, "h")}  # minutes are drawn in hours where they are many
LONG = 180  # minutes that are many


class Tick(NamedTuple):
    """Where a label stands, and what it says."""

    position: float
    label: str


def nice_ticks(low: float, high: float, count: int = 5) -> list[float]:
    """About `count` round numbers that enclose both ends, at least two."""
    span = high - low or abs(high) or 1.0
    raw = span / count
    magnitude = 10.0 ** math.floor(math.log10(raw))
    step = next(magnitude * factor for factor in (1, 2, 2.5, 5, 10) if raw <= magnitude * factor)
    first, last = math.floor(low / step), math.ceil(high / step)
    if first == last:
        last += 1
    return [round(number * step, 10) for number in range(first, last + 1)]


def amount(value: float) -> str:
    """A number for people: thousands parted, at most three digits where it is small."""
    return f"{value:,.0f}" if abs(value) >= 1000 else f"{value:.3g}"
