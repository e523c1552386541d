"""The effect of massages that were booked on how the person felt: a local projection on the history before each day.

The values `lags` days after day s are regressed on whether s was a massage day and on what was known before it:
weekday, trend, the values and massages of the week before, pain of the week before and of the morning of s (Jorda 2005,
American Economic Review 95:161; the lags make the usual intervals hold, Montiel Olea and Plagborg-Moller 2021,
Econometrica 89:1789). A day without a massage may have one soon after; that later massage is taken out, not the day,
for leaving such days out would choose by the future. With a_h the coefficient of the value h days after, and c_j that
of a massage j days after, the effect is

    psi_h = a_h - sum over j = 1..h of c_j psi_(h-j)

(blip-down: sequential g-estimation of a linear structural nested mean model, Robins 1994, Communications in Statistics
23:2379).

Missing days. The value that is explained is never imputed: a day s counts for the lag h where the value h days after
it was measured. In the history, a hole stands at what weekday and trend expect and two columns say that it is a hole
(yesterday; share of the six days before); a morning without recorded pain has that of the last one recorded, and a
column says so.

Error. The estimate is linear in the values, so its variance is a quadratic form in the weights of the days and the
autocovariances of the residuals, of each lag with each other, over all days (lags 0 to 6, Bartlett taper). With few
massages it is still somewhat small; the critical value is that of the same regression on simulated series without
effect, with the same dates, pain and holes.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Generic

import numpy as np
from numpy.typing import NDArray

from recovery.effects.blocks import FloatT
from recovery.effects.design import lagged, trend, usual, weekdays, without_weekday_and_trend
from recovery.effects.regression import Background, Estimate
from recovery.vocabulary.windows import DAYS_AFTER

Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]
Dates = NDArray[np.datetime64]
DAYS_BEFORE = 7  # of history; the first days of the record have none and are not compared
SIMULATIONS = 199
OWN_PAST = 4  # columns of `own_past`
SPARE_ROWS = 12  # days beyond one for each column


def adjusted(
    values: Floats,
    is_massage: Floats,
    dates: Dates,
    pain: Floats | None = None,
    *,
    seed: int,
    lags: Sequence[int] = DAYS_AFTER,
    simulations: int = SIMULATIONS,
    background: Background | None = None,
) -> Estimate:
    """The mean effect on the days `lags` after a massage, given the history before it, in the unit of the values.

    `values` and `pain` (of the morning, before any massage of that day) have NaN where nothing was recorded; `dates`
    are consecutive; without pain only the values' own past is adjusted for. `background` is that of the same values,
    weekday and trend, with its noise, where there is one already; of the noise at most `simulations` series are used.
    The same input and seed give the same result to the bit. Raises ValueError where the days are too few, or the
    history tells every massage.
    """
    is_observed = np.isfinite(values)
    known = known_before(is_observed, is_massage, dates, pain)
    residuals = without_weekday_and_trend(np.where(is_observed, values, 0.0), dates, is_observed)
    scale = float(np.std(residuals[is_observed])) or 1.0
    days = _Days.of(is_observed, is_massage, known, lags)
    estimate, error = _project(residuals[:, None] / scale, days)

    if background is None:
        background = Background(values, usual(dates))
        background.draw(np.zeros((len(values), 0)), seed=seed, simulations=simulations)
    noise = background.noise.series[:, :simulations].astype(np.float64)
    noise = without_weekday_and_trend(noise, dates, is_observed).astype(np.float32)
    ratios = np.sort(np.abs(np.divide(*_project(noise, days))))
    critical = float(ratios[int(np.ceil(0.95 * (len(ratios) + 1))) - 1])
    size, deviation = float(estimate[0]) * scale, float(error[0]) * scale
    return Estimate(
        estimate=size,
        standard_error=deviation,
        ci_low=size - critical * deviation,
        ci_high=size + critical * deviation,
        p_value=(1 + int(np.sum(ratios >= abs(size / deviation)))) / (len(ratios) + 1),
        critical_value=critical,
        n_days=int(is_observed.sum()),
    )


def known_before(is_observed: Bools, is_massage: Floats, dates: Dates, pain: Floats | None) -> Floats:
    """Columns known before each day's massage, but for the values' own past: (days, count), a constant among them."""
    days = len(is_observed)
    is_hole: Floats = np.where(is_observed, 0.0, 1.0)
    columns = [
        np.ones(days),
        *weekdays(dates).T,
        *trend(days).T,
        _mean_of(is_massage, range(1, 4)),
        _mean_of(is_massage, range(4, 8)),
        lagged(is_hole, 1),
        _mean_of(is_hole, range(2, 8)),
    ]
    if pain is not None:
        known = last_known(pain)
        columns += [known, lagged(known, 1), lagged(known, 2), _mean_of(known, range(3, 8)), 1.0 * np.isnan(pain)]
    return np.column_stack(columns)


def went_before(values: Floats, is_massage: Floats, dates: Dates, pain: Floats | None) -> Floats:
    """All that is known before each day's massage, the values' own past too: (days, count)."""
    is_observed = np.isfinite(values)
    residuals = without_weekday_and_trend(np.where(is_observed, values, 0.0), dates, is_observed)
    past = own_past(residuals[:, None], is_observed)[:, :, 0]
    return np.column_stack([known_before(is_observed, is_massage, dates, pain), past])


def own_past(residuals: NDArray[FloatT], is_observed: Bools) -> NDArray[FloatT]:
    """Residuals of yesterday, two and three days ago, and the mean of four to seven days ago: (days, 4, series)."""
    is_known = is_observed.astype(np.float64)
    count = 4 * _mean_of(is_known, range(4, 8))
    total = np.sum([_shifted(residuals, -lag) for lag in range(4, 8)], axis=0)
    mean = total / np.maximum(count, 1.0)[:, None].astype(residuals.dtype)
    return np.stack([*(_shifted(residuals, -lag) for lag in DAYS_AFTER), mean], axis=1)


def orthonormal(columns: Floats) -> Floats:
    """A basis of what the columns span, those that others explain left out."""
    left, sizes, _ = np.linalg.svd(columns / np.maximum(np.abs(columns).max(axis=0), 1e-300), full_matrices=False)
    return np.asarray(left[:, sizes > 1e-9 * sizes[0]])


@dataclass(frozen=True)
class _Days:
    """The days that count, and what is known before each of them, for all series measured on the same days."""

    is_observed: Bools
    is_massage: Floats
    lags: Sequence[int]
    of_horizon: tuple["_Known", ...]  # whose value so many days later was measured
    all_days: "_Known"  # of which it is known whether there is a massage so soon after
    n_known: int

    @classmethod
    def of(cls, is_observed: Bools, is_massage: Floats, known: Floats, lags: Sequence[int]) -> "_Days":
        """Raises ValueError where the days are too few."""
        days, horizons = len(is_observed), max(lags) + 1
        day = np.arange(days)
        found = []
        for horizon in range(horizons):
            rows = (day >= DAYS_BEFORE) & (day + horizon < days)
            rows[: days - horizon] &= is_observed[horizon:]
            found.append(_Known.of(rows, is_massage, known))
        all_days = _Known.of((day >= DAYS_BEFORE) & (day + horizons <= days), is_massage, known)
        return cls(is_observed, is_massage, lags, tuple(found), all_days, known.shape[1])


@dataclass(frozen=True)
class _Known:
    """Some days, and the part of their massages that what is known before does not tell."""

    rows: NDArray[np.intp]
    basis: Floats  # (rows, count), orthonormal
    treatment: Floats
    unknown: Floats

    @classmethod
    def of(cls, is_row: Bools, is_massage: Floats, known: Floats) -> "_Known":
        rows = np.flatnonzero(is_row)
        if len(rows) < known.shape[1] + OWN_PAST + SPARE_ROWS:
            raise ValueError(f"{len(rows)} days are too few to adjust for {known.shape[1] + OWN_PAST} columns")
        basis, treatment = orthonormal(known[rows]), is_massage[rows]
        return cls(rows, basis, treatment, treatment - basis @ (basis.T @ treatment))


def _project(residuals: NDArray[FloatT], on: _Days) -> tuple[Floats, Floats]:
    """Estimate and standard error of each series (days, series)."""
    days, series = residuals.shape
    horizons = len(on.of_horizon)
    past = own_past(residuals, on.is_observed).transpose(1, 0, 2)
    coefficients = np.empty((series, horizons))
    weights, errors = np.zeros((2, horizons, days, series), residuals.dtype)
    for horizon, known in enumerate(on.of_horizon):
        history = _History(known, past[:, known.rows])
        found = history.outcomes(residuals[known.rows + horizon])
        coefficients[:, horizon], weights[horizon, known.rows], errors[horizon, known.rows] = found

    bookings = _History(on.all_days, past[:, on.all_days.rows])
    blip = np.broadcast_to(np.eye(horizons), (series, horizons, horizons)).copy()
    for gap in range(1, horizons):
        later = bookings.same_outcome(on.is_massage[on.all_days.rows + gap])  # of a massage so many days after
        for horizon in range(gap, horizons):
            blip[:, horizon, horizon - gap] = later
    wanted = np.zeros((series, horizons, 1))
    wanted[:, list(on.lags)] = 1 / len(on.lags)
    shares = np.linalg.solve(blip.transpose(0, 2, 1), wanted)[:, :, 0]
    weights *= shares.T[:, None].astype(weights.dtype)
    by_series = (np.ascontiguousarray(part.transpose(2, 0, 1)) for part in (weights, errors))
    deviation = _error(*by_series, freedom_lost=on.n_known + OWN_PAST + 1)
    return (shares * coefficients).sum(axis=1), deviation


class _History(Generic[FloatT]):
    """What the history before each day leaves free of its massage, for series with the same massages.

    Frisch and Waugh 1933 (Econometrica 1:387): a coefficient is that between what the other columns leave of both
    sides. What is known is the same for all series, `past` (count, days, series) is each one's own.
    """

    def __init__(self, known: _Known, past: NDArray[FloatT]) -> None:
        self._unknown = known.unknown
        self._basis: NDArray[FloatT] = known.basis.astype(past.dtype)
        self._past: NDArray[FloatT] = past
        self._along: NDArray[FloatT] = self._basis.T @ past
        gram = _products(past, past) - _products(self._along, self._along)
        self._inverse = _inverse(gram)  # (series, past, past)
        shared = (self._unknown.astype(past.dtype) @ past).T.astype(np.float64)
        self._slopes = np.einsum("sij,sj->si", self._inverse, shared)
        self._size = float(self._unknown @ self._unknown) - (shared * self._slopes).sum(axis=1)
        if (self._size < 1e-6 * max(float(known.treatment @ known.treatment), 1e-9)).any():
            raise ValueError("the history tells every massage: there is no like day without one")

    def same_outcome(self, outcome: Floats) -> Floats:
        """The treatment's coefficient in each series, where all have the same outcome (days)."""
        left = outcome - self._basis @ (self._basis.T @ outcome)
        shared = (left.astype(self._past.dtype) @ self._past).T
        return np.asarray((self._unknown @ left - (shared * self._slopes).sum(axis=1)) / self._size)

    def outcomes(self, outcomes: NDArray[FloatT]) -> tuple[Floats, NDArray[FloatT], NDArray[FloatT]]:
        """The treatment's coefficient in each series, the weight of each day in it, the residuals (days, series).

        Of `outcomes` (days, series), which are overwritten.
        """
        unknown = self._unknown.astype(outcomes.dtype)[:, None]
        along = self._basis.T @ outcomes
        shared = (_products(self._past, outcomes[None]) - _products(self._along, along[None]))[:, :, 0]
        free = np.broadcast_to(unknown, outcomes.shape).copy()
        self._subtract_past(free, np.zeros_like(along), self._slopes)
        coefficient = np.einsum("ns,ns->s", free, outcomes) / self._size
        slopes = np.einsum("sij,sj->si", self._inverse, shared) - coefficient[:, None] * self._slopes
        outcomes -= coefficient.astype(outcomes.dtype) * unknown
        self._subtract_past(outcomes, along, slopes)
        free /= self._size.astype(outcomes.dtype)
        return coefficient, free, outcomes

    def _subtract_past(self, series: NDArray[FloatT], along: NDArray[FloatT], slopes: Floats) -> None:
        """Takes the past by its slopes (series, count) out of the series in place, and what is known: `along` of it."""
        term = np.empty_like(series)
        for own, own_along, slope in zip(self._past, self._along, slopes.T.astype(series.dtype), strict=True):
            series -= np.multiply(own, slope, out=term)
            along = along - own_along * slope
        series -= self._basis @ along


def _inverse(gram: Floats) -> Floats:
    """The inverse of each symmetric matrix (series, count, count); the pseudo-inverse where one has none."""
    try:
        inverse = np.linalg.inv(gram)
        conditions = np.abs(gram).sum(axis=1).max(axis=1) * np.abs(inverse).sum(axis=1).max(axis=1)
        if conditions.max() < 1e8:
            return np.asarray(inverse)
    except np.linalg.LinAlgError:
        pass
    return np.asarray(np.linalg.pinv(gram, hermitian=True))


def _products(left: NDArray[FloatT], right: NDArray[FloatT]) -> Floats:
    """Sums over the days of each column times each: (left, days, series), (right, ...) to (series, left, right)."""
    out = np.empty((left.shape[2], len(left), len(right)))
    for row, column in np.ndindex(len(left), len(right)):
        if left is right and column < row:
            out[:, row, column] = out[:, column, row]
        else:
            out[:, row, column] = np.einsum("ns,ns->s", left[row], right[column])
    return out


def _error(weights: NDArray[FloatT], errors: NDArray[FloatT], *, freedom_lost: int, memory: int = 6) -> Floats:
    """The standard error of sum(weights * errors) over horizons and days, both (series, horizons, days)."""
    rows = (errors != 0).sum(axis=(1, 2)) / errors.shape[1]
    variance = np.zeros(len(weights))
    for gap in range(memory + 1):
        ends = slice(None, errors.shape[2] - gap), slice(gap, None)
        covariance = errors[:, :, ends[0]] @ errors[:, :, ends[1]].transpose(0, 2, 1)
        overlap = weights[:, :, ends[0]] @ weights[:, :, ends[1]].transpose(0, 2, 1)
        share = 1.0 if gap == 0 else 2 * (1 - gap / (memory + 1))
        variance += share * (covariance * overlap).sum(axis=(1, 2))
    return np.asarray(np.sqrt(np.maximum(variance, 1e-300) / np.maximum(rows - freedom_lost, 1.0)))


def _mean_of(column: Floats, lags: Sequence[int]) -> Floats:
    return np.asarray(sum(lagged(column, lag) for lag in lags) / len(lags), dtype=np.float64)


def _shifted(columns: NDArray[FloatT], days: int) -> NDArray[FloatT]:
    """Of each day, the row `days` later (earlier, where negative); 0 outside the record."""
    out = np.zeros_like(columns)
    if days >= 0:
        out[: len(columns) - days] = columns[days:]
    else:
        out[-days:] = columns[:days]
    return out


def last_known(pain: Floats) -> Floats:
    """Pain about its mean, a missing one as recorded last; 0 before the first."""
    if not np.isfinite(pain).any():
        return np.zeros(len(pain))
    centred = pain - np.nanmean(pain)
    at = np.maximum.accumulate(np.where(np.isfinite(pain), np.arange(len(pain)), -1))
    return np.where(at >= 0, centred[np.maximum(at, 0)], 0.0)
