"""How often massages are followed by a drop of pain, beside days without a massage that are like them: exploratory.

The mean change decides; this says how it is spread. A day without a massage is like one with it where it has the same
weekday and its day before had the same pain. What is not matched: the pain of the day itself, by which many book.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from recovery.effects.design import lagged
from recovery.effects.gates import MIN_MASSAGES
from recovery.effects.worth import MIN_USUAL_PAIN
from recovery.vocabulary.windows import DAYS_AFTER, NEAR_DAYS

Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]
Dates = NDArray[np.datetime64]

DROPS = (0.3, 0.5)  # moderate and substantial relief: IMMPACT 2008
SAME_LEVEL = 0.5  # points of 10, in which the days before may differ
BEFORE = range(1, 8)  # days before, whose mean is what was usual
MIN_BEFORE, MIN_AFTER = 3, 2  # measured days of either
APART = range(-3, 4)  # days around a massage that are no days without one
NEARLY = 1e-9


@dataclass(frozen=True)
class Relief:
    """Of one size of drop; shares are None with fewer than 8 massages that can be compared."""

    drop_share: float  # 0.3 is 30% less than usual before
    n_massages: int  # with measured days, and at least one day without that is like it
    n_followed: int  # of them, followed by the drop
    n_days: int  # days without a massage that are like one of them
    share: float | None  # of the massages, followed by the drop
    share_without: float | None  # of the days like each, the mean over massages


def reliefs(values: Floats, is_massage: Floats, dates: Dates, drops: Sequence[float] = DROPS) -> list[Relief]:
    """The share of massages followed by each drop of pain, and of days like them without one.

    `values` is pain from 0 to 10, NaN on days that do not count, by consecutive `dates`. A drop is that of the mean of
    days +1 to +3 (two of them measured) against the mean of the seven days before which are not day 0 to 3 of a
    massage (three of them measured, at least 1 point).
    """
    change = _share_of_before(values, is_massage)
    matched = _matched(values, is_massage, dates, np.isfinite(change))
    like = np.unique(np.concatenate([*matched.values(), np.empty(0, dtype=np.intp)]))
    found = []
    for drop in drops:
        is_drop = change <= 1 - drop + NEARLY
        followed = [bool(is_drop[day]) for day in matched]
        without = [float(is_drop[days].mean()) for days in matched.values()]
        is_enough = len(matched) >= MIN_MASSAGES
        found.append(
            Relief(
                drop_share=drop,
                n_massages=len(matched),
                n_followed=sum(followed),
                n_days=len(like),
                share=float(np.mean(followed)) if is_enough else None,
                share_without=float(np.mean(without)) if is_enough else None,
            )
        )
    return found


def _share_of_before(values: Floats, is_massage: Floats) -> Floats:
    """What the three days after each day are of what was usual before it; NaN where either is not known."""
    is_near = np.sum([lagged(is_massage, lag) for lag in NEAR_DAYS], axis=0) > 0
    before = _mean(np.where(is_near, np.nan, values), BEFORE, MIN_BEFORE)
    after = _mean(values, [-lag for lag in DAYS_AFTER], MIN_AFTER)
    return np.asarray(after / np.where(before >= MIN_USUAL_PAIN, before, np.nan))


def _mean(values: Floats, lags: Sequence[int], least: int) -> Floats:
    """The mean of the days so many before each day (after, where negative); NaN with fewer measured than `least`."""
    is_seen = np.isfinite(values).astype(np.float64)
    count = np.sum([lagged(is_seen, lag) for lag in lags], axis=0)
    total = np.sum([lagged(np.nan_to_num(values), lag) for lag in lags], axis=0)
    return np.asarray(np.where(count >= least, total / np.maximum(count, 1), np.nan))


def _matched(values: Floats, is_massage: Floats, dates: Dates, is_known: Bools) -> dict[int, NDArray[np.intp]]:
    """The days without a massage that are like each day with one; massages without any are left out."""
    day_before = np.concatenate([[np.nan], values])[:-1]
    is_without = is_known & ~(np.sum([lagged(is_massage, lag) for lag in APART], axis=0) > 0)
    weekday = dates.astype("datetime64[D]").astype(np.int64) % 7
    found = {}
    for day in np.flatnonzero((is_massage > 0) & is_known):
        is_like = is_without & (weekday == weekday[day]) & (np.abs(day_before - day_before[day]) <= SAME_LEVEL + NEARLY)
        if is_like.any():
            found[int(day)] = np.flatnonzero(is_like)
    return found
