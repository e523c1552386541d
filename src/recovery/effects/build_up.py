"""Whether a number gets better over the massages: a benefit that builds up, which days after one massage cannot deny.

The days after a massage are compared with other days, and of a benefit that grows from massage to massage both have
the most. So a change worth having is not ruled out where the person's own trend since the first massage goes the good
way by at least half of one. That may be the season or a recovery too: it supports nothing.

Once such a benefit has levelled off no trend is left. What is left is that it fades in weeks with few massages and
comes back after many. So the massages of the past are added up, each the less the longer ago it is, and what goes with
a sum as large as usual is the benefit. Nothing is ruled out where that may be worth having, for any of three memories.
Weekday is allowed for and the trend is not: it would take along what builds up. The noise model has slow noise instead.
"""

from collections.abc import Iterable, Iterator

import numpy as np
from numpy.typing import NDArray

from recovery.effects.hull import z_below
from recovery.effects.noise import Whitener
from recovery.effects.regression import Background, Estimate
from recovery.effects.shared_noise import SharedNoise
from recovery.vocabulary.metrics import Direction

Floats = NDArray[np.float64]

HALF = 0.5  # of a change worth having; with all of it a build-up of just that size would be denied half of the time
MIN_DAYS = 28  # measured since the first massage, for a trend
MEMORIES = (14.0, 30.0, 60.0)  # days after which a third of what a massage gave is left
LIMIT = 1.645  # of a z: what builds up lies below a change worth having with 95%


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


def remembered(is_massage: Floats, memory: float) -> Floats:
    """The massages before each day added up, each the less the longer ago it is; about 1 on average since the first."""
    out, left = np.zeros(len(is_massage)), 0.0
    for day, massages in enumerate(is_massage):
        out[day] = left
        left = (left + massages) * np.exp(-1 / memory)
    since = out[int(np.argmax(is_massage > 0)) + 1 :]
    return out / since.mean() if since.any() else out


def slow_benefits(
    values: Floats,
    is_massage: Floats,
    around: Floats,
    known: Floats,
    *,
    seed: int,
    simulations: int,
    filters: Whitener | None = None,
    shared: SharedNoise | None = None,
) -> Iterator[Estimate]:
    """How much the number is changed by a usual number of massages in the past, beside their own days.

    For each memory, the longest first, which is mostly the least certain; each is computed when it is asked for.

    `values` has NaN on days that do not count; `around` are the columns of the days after massages, `known` those that
    move the days of everybody, but for the trend: (days, count). `filters` and `shared` are as `Background` has them.
    Raises ValueError where the days are too few, or the massages so regular that their sum never changes.
    """
    background = Background(values, known, filters)
    asked = [remembered(is_massage, memory) for memory in reversed(MEMORIES)]
    further = [column[:, None] for column in asked]
    background.draw(around, seed=seed, simulations=simulations, shared=shared, further=further)
    for column in asked:
        yield background.fit_further(around, column)


def is_slow_benefit_possible(benefits: Iterable[Estimate], better: Direction, worth: float) -> bool:
    """Whether one of them may be a change worth having; those after it are not asked for."""
    return any(z_below(one, worth, better) < LIMIT for one in benefits)
