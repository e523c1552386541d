"""Whether a number gets better over the massages: a benefit that builds up, which days after one massage cannot deny.

The days after a massage are compared with other days, and of a benefit that grows from massage to massage both have
the most. So a change worth having is not ruled out where the person's own trend since the first massage goes the good
way by at least half of one. That may be the season or a recovery too: it supports nothing.
"""

import numpy as np
from numpy.typing import NDArray

from recovery.vocabulary.metrics import Direction

Floats = NDArray[np.float64]

HALF = 0.5  # of a change worth having; with all of it a build-up of just that size would be denied half of the time
MIN_DAYS = 28  # measured since the first massage, for a trend


def trend(values: Floats, is_massage: Floats, levels: Floats | None = None) -> float | None:
    """The change along a straight line from the first massage to the last day; None with too few measured days.

    `values` has NaN on days that do not count. `levels` (days, count) are columns of days of other devices, whose level
    is left free: what changes with a device is no trend.
    """
    if not (is_massage > 0).any():
        return None
    first = int(np.argmax(is_massage > 0))
    days = first + np.flatnonzero(np.isfinite(values[first:]))
    if len(days) < MIN_DAYS:
        return None
    line = (days - days[0]) / max(len(values) - 1 - first, 1)
    beside = np.ones((len(days), 1)) if levels is None else np.column_stack([np.ones(len(days)), levels[days]])
    return float(np.linalg.lstsq(np.column_stack([line, beside]), values[days], rcond=None)[0][0])


def is_build_up(change: float | None, better: Direction, worth: float | None, share: float = HALF) -> bool:
    """Whether a trend is better by at least so much of a change worth having; None stands for what is not known."""
    if change is None or not worth:
        return False
    return (change if better == "up" else -change) >= share * worth
