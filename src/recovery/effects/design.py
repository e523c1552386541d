"""Columns that describe a day before any noise: weekday, trend, massages before and after."""

from collections.abc import Sequence
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from recovery.vocabulary.windows import DAYS_AFTER

Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]
Dates = NDArray[np.datetime64]

LEAST_DIRECTION = 1e-9  # of the largest; a smaller one is rounding
CLEARLY_APART = 1e-5  # of a column's size, that the columns before it do not explain
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


@lru_cache(maxsize=64)  # the metrics of one person, and the looks at them, have the same days
def trend(days: int) -> Floats:
    """A natural cubic spline of time with max(1, round(days / 60)) degrees of freedom, without constant.

    The truncated power basis of Hastie, Tibshirani and Friedman (2009), equation 5.4, knots evenly spaced.
    """
    freedom = max(1, round(days / DAYS_PER_KNOT))
    time = np.linspace(0.0, 1.0, days)
    knots = np.linspace(0.0, 1.0, freedom + 1)

    cubes = [np.maximum(time - knot, 0) ** 3 for knot in knots]
    bends = [(cube - cubes[-1]) / (knots[-1] - knot) for cube, knot in zip(cubes[:-1], knots, strict=False)]
    out = np.column_stack([time - 0.5, *(bend - bends[-1] for bend in bends[:-1])])
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


def orthonormal_in_order(columns: Floats, least: float) -> Floats:
    """An orthonormal basis of what columns (days, count) span, directions under `least` of the largest left out.

    Where the columns are clearly independent, the first ones of the basis span what the first columns do.
    """
    try:
        found = columns / np.maximum(np.sqrt((columns**2).sum(axis=0)), 1e-300)
        for _ in range(2):  # the second makes up for the rounding of the first (Yamamoto and others 2015, ETNA 44:306)
            factor = np.linalg.cholesky(found.T @ found)
            if np.diagonal(factor).min() < CLEARLY_APART:
                break
            found = found @ np.linalg.inv(factor).T
        else:
            return np.asarray(found)  # at a third of the price of singular values
    except np.linalg.LinAlgError:  # some column is a combination of those before it
        pass
    left, spread, _ = np.linalg.svd(columns, full_matrices=False)
    return np.asarray(left[:, spread > least * spread[0]])


def basis_beside(basis: Floats, columns: Floats) -> Floats:
    """A basis with what columns (days, count) add to it; directions that it explains are left out."""
    sizes = np.sqrt((columns**2).sum(axis=0))
    left = columns / np.maximum(sizes, 1e-300)
    for _ in range(2):  # the second time for the rounding of the first
        left = left - basis @ (basis.T @ left)
    if (np.sqrt((left**2).sum(axis=0)) > CLEARLY_APART).all():
        return np.column_stack([basis, orthonormal_in_order(left, LEAST_DIRECTION)])
    found, spread, _ = np.linalg.svd(left, full_matrices=False)
    return np.column_stack([basis, found[:, spread > LEAST_DIRECTION]])


def usual_basis(dates: Dates, is_observed: Bools) -> Floats:
    """An orthonormal basis of a constant, weekday and trend on the observed days: (observed days, count)."""
    return _usual_basis(dates.astype("datetime64[D]").tobytes(), is_observed.tobytes())


@lru_cache(maxsize=8)  # each look, and each metric, asks it several times over
def _usual_basis(dates: bytes, is_observed: bytes) -> Floats:
    out = with_constant(usual(np.frombuffer(dates, dtype="datetime64[D]"))[np.frombuffer(is_observed, dtype=np.bool_)])
    out.setflags(write=False)
    return out


def with_constant(columns: Floats) -> Floats:
    """An orthonormal basis of what columns (days, count) and a constant span."""
    both = np.column_stack([columns, np.ones(len(columns))])
    left, sizes, _ = np.linalg.svd(both / np.maximum(np.abs(both).max(axis=0), 1e-300), full_matrices=False)
    return np.asarray(left[:, sizes > LEAST_DIRECTION * sizes[0]])


def winsorised(values: Floats, columns: Floats, limit: float = 3.5) -> Floats:
    """Values whose residuals from the columns (days, count) lie within `limit` scaled MADs; NaN stays NaN.

    The fit is repeated on what it has pulled in, so that an outlier does not drag it along. Where a number lies so far
    off (hundreds of deviations) that the fit has not settled, it begins again from values of which the far ones are
    pulled in. What is mostly one number (bed days, doses) stays as it is: the MAD is no measure of its spread, and the
    rare days are what is looked for.
    """
    is_observed = np.isfinite(values)
    design = np.column_stack([np.ones(len(values)), columns])[is_observed]
    least = max(design.shape) * np.finfo(np.float64).eps
    return winsorised_about(values, orthonormal_in_order(design, least), limit)


def winsorised_about(values: Floats, basis: Floats, limit: float = 3.5) -> Floats:
    """The same about what an orthonormal basis (observed days, count) spans."""
    is_observed = np.isfinite(values)
    if commonest_count(values) > MOSTLY * is_observed.sum():
        return values
    seen = kept = values[is_observed]
    for number in range(ROUNDS + MOST_ROUNDS):
        fitted = basis @ (basis.T @ kept)
        residuals = seen - fitted
        spread = _spread(residuals)
        if spread == 0:
            return values
        if kept is seen and np.abs(residuals).max() <= limit * spread:  # nothing is, and nothing will be pulled in
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


def without_weekday_and_trend(values: Floats, dates: Dates, is_observed: Bools) -> Floats:
    """What weekday and trend leave of the observed days, 0 on the others; of one series or of each column."""
    basis = usual_basis(dates, is_observed)
    series = values[is_observed].reshape(len(basis), -1).T[:, :, None]  # one by one: a wide product wakes every core
    out = np.zeros(values.shape)
    out[is_observed] = (series - basis @ (basis.T @ series))[:, :, 0].T.reshape(values[is_observed].shape)
    return out
