"""A test that re-draws what the person decided: on which days to book, given how the days before had been.

The chance p_s of a massage on day s is modelled from its history (logistic regression with a ridge penalty: le Cessie
and van Houwelingen 1992, Applied Statistics 41:191). The statistic is the sum over days of (massage - p_s) times the
residual of the days after s from the same history; its distribution without effect comes from drawing the massages
anew with those chances (conditional randomisation test: Candes et al. 2018, Journal of the Royal Statistical Society B
80:551). It holds where either the booking or the outcome is modelled rightly.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from recovery.effects.design import LEAST_DIRECTION, lagged, orthonormal_in_order, without_weekday_and_trend
from recovery.effects.history import DAYS_BEFORE, known_before, last_known, orthonormal, own_past
from recovery.vocabulary.windows import DAYS_AFTER

Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]
Dates = NDArray[np.datetime64]
REDRAWS = 499
AT_ONCE = 125  # that are drawn at once, where it may not take all of them
RIDGE = 1.0  # on standardised columns: about one observation's worth
MAX_STEP = 1.0  # in log odds


@dataclass(frozen=True)
class Randomisation:
    """The p-value of re-drawn bookings, and how well the history predicts the massages."""

    p_value: float
    n_massages: int
    n_days: int
    booking_range: tuple[float, float]  # the chances of a massage, 5th and 95th percentile of days


def redrawn_bookings(
    values: Floats,
    is_massage: Floats,
    dates: Dates,
    pain: Floats | None = None,
    *,
    seed: int,
    lags: Sequence[int] = DAYS_AFTER,
    redraws: int = REDRAWS,
) -> Randomisation:
    """Whether the days `lags` after massages differ more than after re-drawn bookings; arguments as in history.

    A day counts where at least two thirds of the days after it were measured. The p-value is two-sided and never 0.
    Raises ValueError where fewer than two massages or days without one remain.
    """
    is_observed = np.isfinite(values)
    residuals = without_weekday_and_trend(np.where(is_observed, values, 0.0), dates, is_observed)
    history = np.column_stack(
        [known_before(is_observed, is_massage, dates, pain), own_past(residuals[:, None], is_observed)[:, :, 0]]
    )
    days = len(values)
    after = np.arange(DAYS_BEFORE, days - max(lags))[:, None] + np.asarray(lags)
    count = is_observed[after].sum(axis=1)
    rows = np.arange(DAYS_BEFORE, days - max(lags))[count >= 2 * len(lags) / 3]
    after, count = after[count >= 2 * len(lags) / 3], count[count >= 2 * len(lags) / 3]
    booked = is_massage[rows]
    if not 2 <= booked.sum() <= len(rows) - 2:
        raise ValueError(f"{int(booked.sum())} massages on {len(rows)} days that count: too few of either to compare")

    outcome = residuals[after].sum(axis=1) / count
    basis = orthonormal(history[rows])
    left = outcome - basis @ (basis.T @ outcome)
    chance = booking_chance(history[rows], booked)
    redrawn = np.random.default_rng(seed).random((redraws, len(rows))) < chance
    p_value = (1 + _exceeding(booked, chance, left, redrawn)) / (redraws + 1)
    low, high = np.quantile(chance, [0.05, 0.95])
    return Randomisation(p_value, int(booked.sum()), len(rows), (float(low), float(high)))


def follows_pain(
    is_massage: Floats, dates: Dates, pain: Floats, *, seed: int, redraws: int = REDRAWS, enough: float = 1.0
) -> float | None:
    """The p-value that massages fell on days of other pain than bookings re-drawn without regard to pain.

    The pain of the morning and of the two days before is held against weekday, trend and the massages of the week
    before. Where dates follow pain this is seen with far fewer massages than in the placebo test of the days before,
    for pain moves what is measured only a little. Two-sided and never 0; None with fewer than two massages or days
    without one. Once it is certain that it is `enough` nothing more is drawn, and the p-value is at least that.
    """
    pain_known = last_known(pain)
    felt = ((pain_known + lagged(pain_known, 1) + lagged(pain_known, 2)) / 3)[DAYS_BEFORE:]
    booked = is_massage[DAYS_BEFORE:]
    if not 2 <= booked.sum() <= len(booked) - 2:
        return None
    bookings = is_massage.tobytes(), dates.astype("datetime64[D]").tobytes()
    basis, chance = _bookings(*bookings)
    left = felt - basis @ (basis.T @ felt)
    exceed = 0
    for first in range(0, redraws, AT_ONCE):
        exceed += _exceeding(booked, chance, left, _redrawn(*bookings, seed, first, min(first + AT_ONCE, redraws)))
        if 1 + exceed >= enough * (redraws + 1):
            break
    return (1 + exceed) / (redraws + 1)


@lru_cache(maxsize=64)  # the metrics of one person have the same massages, and looks on the same days
def _bookings(is_massage: bytes, dates: bytes) -> tuple[Floats, Floats]:
    """A basis of weekday, trend and the massages of the week before, and the chance of a massage by them."""
    booked, days = np.frombuffer(is_massage), np.frombuffer(dates, dtype="datetime64[D]")
    known = known_before(np.ones(len(days), dtype=np.bool_), booked, days, None)[DAYS_BEFORE:]
    return orthonormal_in_order(known, LEAST_DIRECTION), booking_chance(known, booked[DAYS_BEFORE:])


@lru_cache(maxsize=-(-REDRAWS // AT_ONCE))  # of a number and of pain one after the other
def _redrawn(is_massage: bytes, dates: bytes, seed: int, first: int, end: int) -> Floats:
    """Some bookings by these chances without regard to how the days were, 0 or 1: (bookings, days)."""
    chance = _bookings(is_massage, dates)[1]
    drawn = _chances(seed).first(end * len(chance))[first * len(chance) :]
    return (drawn.reshape(end - first, -1) < chance).astype(np.float64)


class _Chances:
    """The random numbers of a seed; looks at more and more days of a record go on where the longest one ended."""

    def __init__(self, seed: int) -> None:
        self._random, self._drawn = np.random.default_rng(seed), np.zeros(0)

    def first(self, count: int) -> Floats:
        if count > len(self._drawn):
            self._drawn = np.concatenate([self._drawn, self._random.random(count - len(self._drawn))])
        return self._drawn[:count]


@lru_cache(maxsize=1)
def _chances(seed: int) -> _Chances:
    return _Chances(seed)


def follows_outcome(
    is_massage: Floats, dates: Dates, values: Floats, *, seed: int, redraws: int = REDRAWS, enough: float = 1.0
) -> float | None:
    """The same of a number itself on the three days before: who sleeps badly or moves little may book for it."""
    known = np.concatenate([[np.nan], values[:-1]])[: len(values)]
    return follows_pain(is_massage, dates, known, seed=seed, redraws=redraws, enough=enough)


def _exceeding(booked: Floats, chance: Floats, left: Floats, redrawn: Floats | Bools) -> int:
    """How many bookings that were drawn anew by the chances, (redraws, days), go as far as the true ones."""
    drawn = redrawn @ left - chance @ left
    observed = float((booked - chance) @ left)
    return int(np.sum(np.abs(drawn) >= abs(observed) * (1 - 1e-9)))


def booking_chance(history: Floats, is_booked: Floats, *, ridge: float = RIDGE) -> Floats:
    """The chance of a massage on each day, by ridge-logistic regression on the columns; their mean is the true share.

    Newton's method, no step changing a day's log odds by more than MAX_STEP: where the history nearly tells the
    massages (always Tuesday) whole steps overshoot for ever. The intercept is not shrunk.
    """
    spread = history.std(axis=0)
    columns = (history - history.mean(axis=0))[:, spread > 0] / spread[spread > 0]
    design = np.column_stack([np.ones(len(history)), columns])
    penalty = np.diag([0.0] + [ridge] * columns.shape[1])
    share = is_booked.mean()
    slopes = np.zeros(design.shape[1])
    slopes[0] = np.log(share / (1 - share))
    for _ in range(100):
        chance = 1 / (1 + np.exp(-design @ slopes))
        curvature = (design * (chance * (1 - chance))[:, None]).T @ design + penalty
        step = np.linalg.solve(curvature, design.T @ (is_booked - chance) - penalty @ slopes)
        step *= min(1.0, MAX_STEP / np.abs(design @ step).max())
        slopes += step
        if np.abs(step).max() < 1e-8:
            break
    return np.asarray(1 / (1 + np.exp(-design @ slopes)))
