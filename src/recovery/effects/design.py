"""Columns that describe a day before any noise: weekday, trend, massages before and after."""

from collections.abc import Sequence
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from recovery.vocabulary.windows import DAYS_AFTER

Floats = NDArray[np.float64]
Dates = NDArray[np.datetime64]

DAYS_PER_KNOT = 60  # one degree of freedom of the trend for two months
MOSTLY = 0.5  # share of days with the same number, above which the median deviation is 0 but for the fit
ROUNDS, MOST_ROUNDS = 5, 100  # of pulling outliers in; the latter where they are so far off that five do not settle it
SETTLED = 0.1  # deviations by which a value may move in the last round
FAR = 10.0  # scaled MADs of the values themselves, where an outlier far off begins


def weekdays(dates: Dates) -> Floats:
    """Six columns that tell the weekday, Monday as the reference: (days, 6)."""
    return np.asarray(weekday_numbers(dates)[:, None] == np.arange(1, 7), dtype=np.float64)


def weekday_numbers(dates: Dates) -> NDArray[np.int64]:
    """The weekday of each date, 0 for Monday."""
    return np.asarray((dates.astype("datetime64[D]").astype(np.int64) + 3) % 7)  # 1970-01-01 was a Thursday


@lru_cache(maxsize=16)  # the metrics of one person have the same days
def trend(days: int) -> Floats:
    """A natural cubic spline of time with max(1, round(days / 60)) degrees of freedom, without constant.

    The truncated power basis of Hastie, Tibshirani and Friedman (2009), equation 5.4, knots evenly spaced.
    """
    freedom = max(1, round(days / DAYS_PER_KNOT))
    time = np.linspace(0.0, 1.0, days)
    knots = np.linspace(0.0, 1.0, freedom + 1)

    def bend(knot: float) -> Floats:
        cubes = np.maximum(time - knot, 0) ** 3 - np.maximum(time - knots[-1], 0) ** 3
        return np.asarray(cubes / (knots[-1] - knot))

    columns = [time - 0.5, *(bend(knot) - bend(knots[-2]) for knot in knots[:-2])]
    out = np.column_stack(columns)
    out.setflags(write=False)
    return out


def usual(dates: Dates) -> Floats:
    """What moves the days of everybody, massage or not: weekday and trend, (days, count), without constant."""
    return np.column_stack([weekdays(dates), trend(len(dates))])


def lagged(is_massage: Floats, lag: int) -> Floats:
    """1 on the days `lag` after a massage (before, where negative), 0 elsewhere and outside the record."""
    out = np.zeros(len(is_massage))
    if lag >= 0:
        out[lag:] = is_massage[: max(0, len(is_massage) - lag)]
    else:
        out[:lag] = is_massage[-lag:]
    return out


def window(is_massage: Floats, lags: Sequence[int], beside: Sequence[int]) -> Floats:
    """Columns whose first coefficient is the mean effect on the days `lags` after massages, whatever its course.

    Then contrasts that leave each of these days its own effect, and a column for each lag of `beside`, whose days are
    neither in the window nor like days without a massage: (days, len(lags) + len(beside)).
    """
    inside = [lagged(is_massage, lag) for lag in lags]
    contrasts = [column - inside[-1] for column in inside[:-1]]
    return np.column_stack([np.sum(inside, axis=0), *contrasts, *(lagged(is_massage, lag) for lag in beside)])


def event_window(is_massage: Floats) -> Floats:
    """The mean of days +1 to +3 first, two contrasts, day 0 (methods.md, section 3): (days, 4)."""
    return window(is_massage, DAYS_AFTER, (0,))


def commonest_count(values: Floats) -> int:
    """How often the most frequent of the values occurs; 0 where there is none."""
    counts = np.unique(values[np.isfinite(values)], return_counts=True)[1]
    return int(counts.max(initial=0))


def winsorised(values: Floats, columns: Floats, limit: float = 3.5) -> Floats:
    """Values whose residuals from the columns (days, count) lie within `limit` scaled MADs; NaN stays NaN.

    The fit is repeated on what it has pulled in, so that an outlier does not drag it along. Where a number lies so far
    off (hundreds of deviations) that the fit has not settled, it begins again from values of which the far ones are
    pulled in. What is mostly one number (bed days, doses) stays as it is: the MAD is no measure of its spread, and the
    rare days are what is looked for.
    """
    is_observed = np.isfinite(values)
    if commonest_count(values) > MOSTLY * is_observed.sum():
        return values
    design = np.column_stack([np.ones(len(values)), columns])[is_observed]
    left, sizes, _ = np.linalg.svd(design, full_matrices=False)
    basis = left[:, sizes > max(design.shape) * np.finfo(np.float64).eps * sizes[0]]
    seen = kept = values[is_observed]
    for number in range(ROUNDS + MOST_ROUNDS):
        fitted = basis @ (basis.T @ kept)
        residuals = seen - fitted
        spread = _spread(residuals)
        if spread == 0:
            return values
        before, kept = kept, fitted + np.clip(residuals, -limit * spread, limit * spread)
        is_settled = bool(np.abs(kept - before).max() <= SETTLED * spread)
        if number + 1 >= ROUNDS and is_settled:
            break
        if number + 1 == ROUNDS:
            kept = np.clip(seen, *(np.median(seen) + FAR * _spread(seen) * np.array([-1.0, 1.0])))
    out = np.full(len(values), np.nan)
    out[is_observed] = kept
    return out


def _spread(values: Floats) -> float:
    """The scaled MAD: of a normal distribution its standard deviation."""
    return float(1.4826 * np.median(np.abs(values - np.median(values))))


def without_weekday_and_trend(values: Floats, dates: Dates, is_observed: NDArray[np.bool_]) -> Floats:
    """What weekday and trend leave of the observed days, 0 on the others; of one series or of each column."""
    columns = np.column_stack([np.ones(len(values)), weekdays(dates), trend(len(values))])
    left, sizes, _ = np.linalg.svd(columns[is_observed], full_matrices=False)
    basis = left[:, sizes > 1e-9 * sizes[0]]
    series = values[is_observed].reshape(len(basis), -1).T[:, :, None]  # one by one: a wide product wakes every core
    out = np.zeros(values.shape)
    out[is_observed] = (series - basis @ (basis.T @ series))[:, :, 0].T.reshape(values[is_observed].shape)
    return out
