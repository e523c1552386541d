"""How much the dates of massages tell, whatever the numbers turn out to be: the information of a design.

It is one over the variance of the effect on the days after massages, in noise of variance 1 of the person's own shape,
with weekday, trend and the days beside the window estimated too. The check of whole weeks (`weeks`) sees a part of it.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from recovery.effects.design import lagged, usual, window, without_weekday_and_trend
from recovery.effects.gates import beside
from recovery.effects.noise import SLOW_CORRELATION, NoiseShapes, shape_grid, whitener
from recovery.effects.regression import Background
from recovery.effects.weeks import weights
from recovery.vocabulary.windows import DAYS_AFTER

Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]
Dates = NDArray[np.datetime64]


@dataclass(frozen=True)
class Information:
    """Of one design, in noise of variance 1."""

    of_estimate: float  # 1 / variance; 0 where the effect cannot be told apart
    of_weeks: float  # of the check of whole weeks, the same

    @property
    def weeks_efficiency(self) -> float:
        """What the check of whole weeks sees of it, 0 to 1."""
        return min(1.0, self.of_weeks / self.of_estimate) if self.of_estimate > 0 else 0.0


def likeliest_shape(values: Floats, is_massage: Floats, dates: Dates, lags: Sequence[int] = DAYS_AFTER) -> NoiseShapes:
    """The shape of the noise that the days tell of, NaN on days that do not count; raises ValueError with too few."""
    background = Background(values, usual(dates))
    best = int(np.argmax(background.shape_weights(window(is_massage, lags, beside(lags)))))
    return shape_grid().of_shape(best)


def information(
    is_massage: Floats, is_observed: Bools, dates: Dates, shape: NoiseShapes, lags: Sequence[int] = DAYS_AFTER
) -> Information:
    """What massages on these days tell where only some days are measured."""
    around = window(is_massage, lags, beside(lags))
    columns = np.column_stack([around, usual(dates), np.ones(len(dates))])
    white = whitener(shape, is_observed).whiten(np.where(is_observed[:, None], columns, 0.0))[0]
    first, others = white[:, 0], white[:, 1:]
    left = first - others @ np.linalg.lstsq(others, first, rcond=None)[0]
    of_estimate = float(left @ left)
    if of_estimate < 1e-9 * float(first @ first):
        return Information(0.0, 0.0)
    seen = without_weekday_and_trend(np.where(is_observed, weights(is_massage, dates, lags), 0.0), dates, is_observed)
    reached = float(seen @ np.sum([lagged(is_massage, lag) for lag in lags], axis=0))
    variance = _variance(seen, shape)
    return Information(of_estimate, reached**2 / variance if variance > 0 else 0.0)


def _variance(seen: Floats, shape: NoiseShapes) -> float:
    """Of the sum of noise by these weights of the days."""
    days = len(seen)
    spectrum = np.fft.rfft(seen, 2 * days)
    products = np.fft.irfft(np.abs(spectrum) ** 2, 2 * days)[:days]  # of weights so many days apart
    gap = np.arange(days)
    slow, fast = float(shape.slow_share[0]), float(shape.fast_share[0])
    covariance = slow * SLOW_CORRELATION**gap + fast * float(shape.correlation[0]) ** gap
    covariance[0] += float(shape.white_share[0])
    return float(covariance @ np.where(gap == 0, products, 2 * products))
