"""A second p-value that knows no noise model: each massage re-dated inside its own week.

If massages did nothing, the day of the week on which one fell would not matter (after weekday and trend are taken
out), so the mean change after the true dates is put beside that after re-drawn dates. Slow swings, level shifts and
whatever made a person book in that week are the same for both. Use the p-value only: an interval from re-drawn dates
is too narrow under a real effect (methods.md, section 10, lesson 3).
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from recovery.effects.design import without_weekday_and_trend
from recovery.vocabulary.windows import DAYS_AFTER

Floats = NDArray[np.float64]
Dates = NDArray[np.datetime64]
REDRAWS = 999


@dataclass(frozen=True)
class Permutation:
    """Mean of the days after massages above that of the same weeks at large, in the unit of the values."""

    difference: float
    p_value: float
    n_massages: int


def within_week(
    values: Floats,
    is_massage: Floats,
    dates: Dates,
    *,
    seed: int,
    lags: Sequence[int] = DAYS_AFTER,
    redraws: int = REDRAWS,
) -> Permutation:
    """The mean of the days `lags` after massages against that after massages re-dated within Monday to Sunday.

    `values` has NaN on days that do not count, `dates` are consecutive. Massages of one week keep distinct days. The
    p-value is two-sided, (1 + number as far out) / (redraws + 1), and never 0. Raises ValueError where no massage has
    an observed day after it.
    """
    is_observed = np.isfinite(values)
    residuals = without_weekday_and_trend(values, dates, is_observed)
    after_sum = _after(residuals, lags)
    after_count = _after(is_observed.astype(np.float64), lags)
    weeks = (dates.astype("datetime64[D]").astype(np.int64) + 3) // 7  # Monday to Sunday
    massages = np.flatnonzero(is_massage > 0)
    if not after_count[massages].any():
        raise ValueError("no massage has an observed day after it")

    random = np.random.default_rng(seed)
    sums, counts = np.zeros(redraws), np.zeros(redraws)
    centre_sum = centre_count = 0.0
    for week in np.unique(weeks[massages]):
        days = np.flatnonzero(weeks == week)
        of_week = int(np.sum(weeks[massages] == week))
        drawn = days[np.argsort(random.random((redraws, len(days))), axis=1)[:, :of_week]]
        sums += after_sum[drawn].sum(axis=1)
        counts += after_count[drawn].sum(axis=1)
        centre_sum += of_week * float(after_sum[days].mean())
        centre_count += of_week * float(after_count[days].mean())
    centre = centre_sum / centre_count
    drawn_far = np.abs(np.divide(sums, counts, out=np.full(redraws, centre), where=counts > 0) - centre)
    observed = float(after_sum[massages].sum() / after_count[massages].sum()) - centre
    exceed = int(np.sum(drawn_far >= abs(observed) * (1 - 1e-12)))
    return Permutation(difference=observed, p_value=(1 + exceed) / (redraws + 1), n_massages=len(massages))


def _after(values: Floats, lags: Sequence[int]) -> Floats:
    """Of each day, the sum over the days `lags` later; days after the end count nothing."""
    padded = np.concatenate([values, np.zeros(max(lags))])
    return np.asarray(sum(padded[lag : lag + len(values)] for lag in lags), dtype=np.float64)
