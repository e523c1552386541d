"""The effect on pain of massages booked because of pain: two-stage least squares on the last rating before them.

Whoever books on pain books on what is felt; a rating tells that with an error. A regression on the rating takes out
only a part of the pain that carries on, and massages seem to harm. So the rating before the massage ("state") is
replaced by what earlier ratings, whose errors are other ones, predict of it (errors in variables: Durbin 1954, Review
of the International Statistical Institute 22:23). For the days h = 0, 1, ... after day t, over all
days t whose state is known:

    value(t + h) = a_h massage(t) + g_h state(t) + weekday + trend + massages of days -1, -2, ... -7, -8 to -10 + e

with the ratings of t-1, t-2 and the mean of t-3 to t-7 as instruments. A day without a massage may have one soon after;
its effect is taken out as in `history` (blip-down): psi_h = a_h - sum over j = 1..h of c_j psi_(h-j), where c_j is the
coefficient of a massage j days later in the same two stages.

Error. The residuals use the state itself, not what was predicted of it; autocovariances of lags 0 to 6 (Bartlett taper)
within and between the h. The critical value is that of the same weights on simulated series without effect.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from recovery.effects.blocks import FloatT
from recovery.effects.design import basis_beside, lagged, usual
from recovery.effects.history import DAYS_BEFORE, last_known, orthonormal
from recovery.effects.regression import Background, Estimate
from recovery.vocabulary.windows import DAYS_AFTER

Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]
Dates = NDArray[np.datetime64]
SIMULATIONS = 1999
MEMORY = 6  # lags of the autocovariances
SPARE_ROWS = 12  # days more than columns
MIN_TREATED = 3  # massages with a known state before them and a value after them


@dataclass(frozen=True)
class TwoStage:
    """The effects on the days that were asked for, and how well the instruments tell the state."""

    estimates: tuple[Estimate, ...]
    first_stage_f: float  # of the instruments, beside all other columns; infinite where the state is taken as it is
    n_days: int  # whose state is known
    n_massages: int  # on these days


def two_stage(
    values: Floats,
    treatment: Floats,
    dates: Dates,
    state: Floats,
    instruments: Floats | None,
    *,
    seed: int,
    asked: Sequence[Sequence[int]] = (DAYS_AFTER,),
    is_before: bool = False,
    simulations: int = SIMULATIONS,
    background: Background | None = None,
    controls: "Controls | None" = None,
) -> TwoStage:
    """The mean effect on each of the `asked` sets of days after a massage, in the unit of the values.

    `values` (days) and `state`, (days) or (days, states), are NaN where nothing was recorded; `treatment` is 1 on
    massage days, or hours of massage; `instruments` (days, count) has no missing value, None takes the state as it is
    (ordinary least squares).
    `is_before` says that the value of a day is told before its massage, which then cannot change it. `dates` are
    consecutive. `background` is that of the same values, weekday and trend, with its noise, where there is one already;
    else so many `simulations` are drawn. `controls` are those of the treatment and dates, where there are some. The
    same input and seed give the same result to the bit. Raises ValueError where too few days or massages remain, or
    where weekday, past massages and pain tell every massage.
    """
    is_observed = np.isfinite(values)
    controls = controls or Controls(treatment, dates)
    horizons = max(max(days) for days in asked) + 1
    stages = [
        _Stages.of(treatment, state, instruments, controls, _rows(state, is_observed, horizon))
        for horizon in range(horizons)
    ]
    shares = _shares(_blip(treatment, state, instruments, controls, horizons), asked)
    if is_before:
        shares[0] = 0.0

    scale = float(np.std(values[is_observed])) or 1.0
    centred = np.where(is_observed, values - np.mean(values[is_observed]), 0.0)
    size, deviation = _effects(stages, shares, np.asarray(centred / scale)[:, None])
    if background is None:
        background = Background(values, usual(dates))
        background.draw(np.zeros((len(values), 0)), seed=seed, simulations=simulations)
    ratios = np.sort(np.abs(np.divide(*_effects(stages, shares, background.noise.series))), axis=1)
    first = stages[0]
    estimates = tuple(
        _estimate(scale * float(size[row, 0]), scale * float(deviation[row, 0]), ratios[row], len(first.rows))
        for row in range(len(asked))
    )
    return TwoStage(estimates, first.strength, len(first.rows), int(np.sum(treatment[first.rows] > 0)))


def _blip(treatment: Floats, state: Floats, instruments: Floats | None, controls: "Controls", horizons: int) -> Floats:
    """What the effects of one massage and of those after it add up to: a = blip psi."""
    blip = np.eye(horizons)
    everywhere = np.ones(len(state), dtype=np.bool_)
    for gap in range(1, horizons):
        rows = _rows(state, everywhere, gap)
        stages = _Stages.of(treatment, state, instruments, controls, rows)
        blip[np.arange(gap, horizons), np.arange(horizons - gap)] = stages.coefficient(lagged(treatment, -gap)[rows])
    return blip


def _shares(blip: Floats, asked: Sequence[Sequence[int]]) -> Floats:
    """Of each a_h in each effect that was asked for: (horizons, asked)."""
    wanted = np.zeros((len(blip), len(asked)))
    for column, days in enumerate(asked):
        wanted[list(days), column] = 1 / len(days)
    return np.asarray(np.linalg.solve(blip.T, wanted))


def past_ratings(rating: Floats, *, before: int = 1) -> Floats:
    """The instruments of a day: its rating `before` days ago, that of the day before it, the mean of the five before.

    A missing one is as recorded last. (days, 3)
    """
    known = last_known(rating)
    mean = np.mean([lagged(known, before + lag) for lag in range(2, 7)], axis=0)
    return np.column_stack([lagged(known, before), lagged(known, before + 1), mean])


def persistence(rating: Floats, is_massage: Floats, dates: Dates) -> float:
    """The share of a day's pain above the usual that is still there a day later, between 0.1 and 1, by two stages."""
    tomorrow = np.concatenate([rating[1:], [np.nan]])
    rows = np.flatnonzero(np.isfinite(rating) & np.isfinite(tomorrow) & (np.arange(len(rating)) >= DAYS_BEFORE))
    controls = np.column_stack([_controls(is_massage, dates), is_massage])[rows]
    basis = orthonormal(controls)
    if len(rows) < basis.shape[1] + SPARE_ROWS:
        return 1.0
    now, then = (_without(basis, column[rows]) for column in (rating, tomorrow))
    told = orthonormal(_without(basis, past_ratings(rating)[rows]))
    predicted = told @ (told.T @ now)
    size = float(predicted @ now)
    return float(np.clip(predicted @ then / size, 0.1, 1.0)) if size > 1e-9 else 1.0


def predicted(state: Floats, instruments: Floats, treatment: Floats, dates: Dates) -> Floats:
    """The state (days, states) as its instruments, massages, weekday and trend tell it; NaN where it is not known."""
    felt = state.reshape(len(state), -1)
    rows = np.flatnonzero(np.isfinite(felt).all(axis=1) & (np.arange(len(felt)) >= DAYS_BEFORE))
    out = np.full(felt.shape, np.nan)
    basis = orthonormal(_controls(treatment, dates)[rows])
    if len(rows) >= basis.shape[1] + 1 + instruments.shape[1] + SPARE_ROWS:
        out[rows] = _first_stage(felt[rows], instruments[rows], basis_beside(basis, treatment[rows, None]))[0]
    return out


def carried_back(rating: Floats, before: Floats, hours: Floats, is_massage: Floats, daily_share: float) -> Floats:
    """The rating, on massage days as the pain right before the massage tells what it was: NaN where nobody told.

    `before` is that pain, `hours` lie between the rating and the massage. What is above the person's mean has faded
    since to `daily_share` a day.
    """
    mean = float(np.nanmean(rating))
    told = mean + (before - mean) / daily_share ** (hours / 24)
    return np.where(is_massage > 0, told, rating)


class Controls:
    """Weekday, trend and past massages, for several states that are known on the same days."""

    def __init__(self, treatment: Floats, dates: Dates) -> None:
        self._columns = _controls(treatment, dates)
        self._bases: dict[bytes, Floats] = {}

    def basis(self, rows: NDArray[np.intp]) -> Floats:
        """An orthonormal one of some days."""
        key = rows.tobytes()
        if key not in self._bases:
            self._bases[key] = orthonormal(self._columns[rows])
        return self._bases[key]


@dataclass(frozen=True)
class _Stages:
    """Both stages on some days: what they make of any values of these days."""

    rows: NDArray[np.intp]
    booked: Floats
    felt: Floats
    predicted: Floats  # of what was felt
    basis: Floats  # of the controls
    alone: Floats  # what all others leave of the bookings
    strength: float

    @classmethod
    def of(
        cls, treatment: Floats, state: Floats, instruments: Floats | None, controls: Controls, rows: NDArray[np.intp]
    ) -> "_Stages":
        basis = controls.basis(rows)
        booked, felt = treatment[rows], state.reshape(len(state), -1)[rows]
        told = felt.shape[1] if instruments is None else instruments.shape[1]
        if len(rows) < basis.shape[1] + 1 + told + SPARE_ROWS:
            raise ValueError(f"{len(rows)} days with known pain before are too few")
        if np.sum(booked > 0) < MIN_TREATED:
            raise ValueError(f"{int(np.sum(booked > 0))} massages with known pain before are too few")
        predicted, strength = felt, np.inf
        if instruments is not None:
            predicted, strength = _first_stage(felt, instruments[rows], basis_beside(basis, booked[:, None]))
        others = basis_beside(basis, predicted)
        alone = _without(others, booked)
        if alone @ alone < 1e-6 * max(float(booked @ booked), 1e-9):
            raise ValueError("the history tells every massage: there is no like day without one")
        return cls(rows, booked, felt, predicted, basis, alone, strength)

    @cached_property
    def inverse(self) -> Floats:
        """From values to coefficients, that of the treatment first."""
        return np.linalg.pinv(np.column_stack([self.booked, self.predicted, self.basis]), rcond=1e-9)

    @cached_property
    def design(self) -> Floats:
        """Treatment, state, controls."""
        return np.column_stack([self.booked, self.felt, self.basis])

    def coefficient(self, outcome: Floats) -> float:
        """That of the treatment, without the inverse (Frisch and Waugh 1933, Econometrica 1:387)."""
        return float(self.alone @ outcome) / float(self.alone @ self.alone)

    def residuals(self, outcomes: NDArray[FloatT]) -> NDArray[FloatT]:
        """Of each series (rows, series), by the state itself."""
        slopes = self.inverse.astype(outcomes.dtype) @ outcomes
        return np.asarray(outcomes - self.design.astype(outcomes.dtype) @ slopes)


def _first_stage(felt: Floats, instruments: Floats, basis: Floats) -> tuple[Floats, float]:
    """What the instruments and all others predict of each state (rows, states), the smallest F of the instruments.

    `basis` is an orthonormal one of the others.
    """
    further = orthonormal(_without(basis, instruments))
    left = _without(basis, felt)
    gained = further.T @ left
    freedom = len(felt) - basis.shape[1] - further.shape[1]
    explained = (gained**2).sum(axis=0)
    unexplained = np.maximum((left**2).sum(axis=0) - explained, 1e-12)
    predicted = basis @ (basis.T @ felt) + further @ gained
    return predicted, float((explained / unexplained).min()) / max(further.shape[1], 1) * freedom


def _effects(stages: Sequence[_Stages], shares: Floats, series: NDArray[Any]) -> tuple[Floats, Floats]:
    """Effects and standard errors (asked, series) of values (days, series)."""
    days, count = series.shape
    weights = np.zeros((len(stages), days))
    coefficients = np.empty((len(stages), count))
    errors = np.zeros((count, len(stages), days), series.dtype)
    for horizon, stage in enumerate(stages):
        outcomes = series[stage.rows + horizon]
        weights[horizon, stage.rows] = stage.inverse[0]
        coefficients[horizon] = stage.inverse[0] @ outcomes
        errors[:, horizon, stage.rows] = stage.residuals(outcomes).T
    covariance = np.zeros((count, len(stages), len(stages)))
    for gap in range(MEMORY + 1):
        first, second = slice(None, days - gap), slice(gap, None)
        taper = 1.0 if gap == 0 else 2 * (1 - gap / (MEMORY + 1))
        both = errors[:, :, first] @ errors[:, :, second].transpose(0, 2, 1)
        covariance += taper * both * (weights[:, first] @ weights[:, second].T)
    used = np.mean([len(stage.rows) for stage in stages]) - stages[0].design.shape[1]
    variance = np.einsum("ha,shk,ka->as", shares, covariance, shares) / used
    return shares.T @ coefficients, np.sqrt(np.maximum(variance, 1e-300))


def _estimate(size: float, error: float, ratios: Floats, n_days: int) -> Estimate:
    critical = float(ratios[int(np.ceil(0.95 * (len(ratios) + 1))) - 1])
    return Estimate(
        estimate=size,
        standard_error=error,
        ci_low=size - critical * error,
        ci_high=size + critical * error,
        p_value=(1 + int(np.sum(ratios >= abs(size / error)))) / (len(ratios) + 1),
        critical_value=critical,
        n_days=n_days,
    )


def _controls(treatment: Floats, dates: Dates) -> Floats:
    """Weekday, trend, and past massages: each day of the week before by itself, for a relief that ends lowers the state
    without lowering what follows; the three days before them together."""
    past = [lagged(treatment, lag) for lag in range(1, 8)]
    longer_ago = np.mean([lagged(treatment, lag) for lag in range(8, 11)], axis=0)
    return np.column_stack([np.ones(len(dates)), usual(dates), *past, longer_ago])


def _rows(state: Floats, is_observed: Bools, horizon: int) -> NDArray[np.intp]:
    """The days that count: the state is known, there is history, and the value `horizon` days later was measured."""
    day = np.arange(len(state))
    is_known = np.isfinite(state.reshape(len(state), -1)).all(axis=1)
    counts = is_known & (day >= DAYS_BEFORE) & (day + horizon < len(state))
    counts[: len(state) - horizon] &= is_observed[horizon:]
    return np.flatnonzero(counts)


def _without(basis: Floats, columns: Floats) -> Floats:
    return np.asarray(columns - basis @ (basis.T @ columns))
