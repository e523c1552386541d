"""The tiny pictures of the cards: bars on the scale of what matters, so that noise looks small."""

from collections.abc import Mapping, Sequence
from typing import NamedTuple

from recovery.vocabulary.windows import AROUND_DAYS, Window

HEIGHT, STEP, BAR = 64.0, 7.6, 6.0  # of the picture, from bar to bar, of a bar
OF_WORTH = 1.25  # the least height above and below the line, in changes worth having


class Bar(NamedTuple):
    """One day; y grows downwards."""

    x: float
    y: float
    height: float
    is_filled: bool


class Picture(NamedTuple):
    """Bars of days, with the line they stand on, and a sentence that says the same."""

    bars: list[Bar]
    width: float
    line_y: float
    massage_x: float | None  # None where no massage is shown
    label: str


def around_picture(changes: Mapping[int, float], worth: float | None, window: Window, label: str) -> Picture:
    """The days from -7 to +7; filled are those of the window."""
    reach = max((abs(value) for value in changes.values()), default=0.0)
    top = max(OF_WORTH * (worth or 0.0), reach) or 1.0
    middle = HEIGHT / 2
    bars = []
    for place, day in enumerate(AROUND_DAYS):
        if day in changes:
            height = max(abs(changes[day]) / top * (middle - 1), 1.0)
            y = middle - height if changes[day] > 0 else middle
            bars.append(Bar(round(place * STEP, 1), round(y, 1), round(height, 1), day in window.lags))
    zero = AROUND_DAYS.index(0) * STEP + BAR / 2
    return Picture(bars, round(len(AROUND_DAYS) * STEP, 1), middle, round(zero, 1), label)


def recent_picture(values: Sequence[float | None], label: str) -> Picture:
    """The last days from 0 up; a day that was not measured has a gap."""
    top = max((value for value in values if value is not None), default=0.0) or 1.0
    bars = []
    for place, value in enumerate(values):
        if value is not None:
            height = max(value / top * (HEIGHT - 4), 1.0)
            bars.append(Bar(round(place * STEP, 1), round(HEIGHT - height, 1), round(height, 1), True))
    return Picture(bars, round(len(values) * STEP, 1), HEIGHT, None, label)
