"""Day-to-day noise of one person's metric: its shape, its whitening, its simulation.

The noise of a day is the sum of a slow AR(1) process (months), an AR(1) process from one day to the next, and white
noise; a shape is the share of each and the day-to-day correlation. The scale is estimated with the rest of a model.
Missing days are handled exactly by a Kalman filter (Harvey 1989, Forecasting, Structural Time Series Models and the
Kalman Filter, section 3.2): nothing is imputed.
"""

from dataclasses import dataclass
from functools import lru_cache
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

SLOW_CORRELATION = 0.95  # of the slow process from one day to the next, about three weeks of memory

FloatT = TypeVar("FloatT", np.float32, np.float64)
Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]


@dataclass(frozen=True)
class NoiseShapes:
    """Shapes of noise with total variance 1; arrays of the same length."""

    correlation: Floats  # of the fast process from one day to the next
    slow_share: Floats
    white_share: Floats
    log_prior: Floats

    def __len__(self) -> int:
        return len(self.correlation)

    @property
    def fast_share(self) -> Floats:
        return 1.0 - self.slow_share - self.white_share


def shape_grid() -> NoiseShapes:
    """The shapes that are tried: day-to-day correlation 0 to 0.6, slow share 0 to 0.4, white share 0 or 0.3."""
    correlation, slow, white = (
        axis.ravel() for axis in np.meshgrid([0.0, 0.15, 0.3, 0.45, 0.6], [0.0, 0.15, 0.4], [0.0, 0.3], indexing="ij")
    )
    return NoiseShapes(correlation, slow, white, -0.5 * ((correlation - 0.35) / 0.25) ** 2)


@dataclass(frozen=True)
class Whitener:
    """Filter gains of some shapes for one pattern of missing days.

    `gains` is (days, 2, shapes) and `scale` (days, shapes); `log_determinant` (shapes) is that of the covariance of
    the observed days.
    """

    shapes: NoiseShapes
    is_observed: Bools
    gains: Floats
    scale: Floats
    log_determinant: Floats

    def whiten(self, columns: NDArray[FloatT]) -> NDArray[FloatT]:
        """Columns (days, count) as white noise of variance 1 under each shape: (shapes, observed days, count).

        In the precision of the columns.
        """
        days, count = columns.shape
        precision = columns.dtype.type
        decay = self.shapes.correlation[:, None].astype(precision)
        gains, scale = self.gains[:, :, :, None].astype(precision), self.scale[:, :, None].astype(precision)
        out = np.empty((len(self.shapes), int(self.is_observed.sum()), count), precision)
        slow, fast, innovation, step = np.zeros((4, len(self.shapes), count), precision)
        row = 0
        for day in range(days):
            if self.is_observed[day]:
                np.subtract(columns[day], slow, out=innovation)
                innovation -= fast
                slow += np.multiply(gains[day, 0], innovation, out=step)
                fast += np.multiply(gains[day, 1], innovation, out=step)
                np.multiply(innovation, scale[day], out=out[:, row])
                row += 1
            slow *= precision(SLOW_CORRELATION)
            fast *= decay
        return out


def whitener(shapes: NoiseShapes, is_observed: Bools) -> Whitener:
    """The filter of each shape where only some days are observed."""
    days, count = len(is_observed), len(shapes)
    slow_variance, fast_variance = shapes.slow_share.copy(), shapes.fast_share.copy()
    covariance = np.zeros(count)
    gains, scale = np.zeros((days, 2, count)), np.zeros((days, count))
    log_determinant = np.zeros(count)
    for day in range(days):
        if is_observed[day]:
            slow_gain, fast_gain = slow_variance + covariance, fast_variance + covariance
            variance = slow_gain + fast_gain + shapes.white_share
            gains[day, 0], gains[day, 1] = slow_gain / variance, fast_gain / variance
            scale[day] = variance**-0.5
            log_determinant += np.log(variance)
            slow_variance = slow_variance - slow_gain**2 / variance
            fast_variance = fast_variance - fast_gain**2 / variance
            covariance = covariance - slow_gain * fast_gain / variance
        slow_variance = SLOW_CORRELATION**2 * slow_variance + (1 - SLOW_CORRELATION**2) * shapes.slow_share
        fast_variance = shapes.correlation**2 * fast_variance + (1 - shapes.correlation**2) * shapes.fast_share
        covariance = SLOW_CORRELATION * shapes.correlation * covariance
    return Whitener(shapes, is_observed, gains, scale, log_determinant)


def simulate(shapes: NoiseShapes, picks: NDArray[np.intp], days: int, random: np.random.Generator) -> Floats:
    """Noise of variance 1, one column for each picked shape: (days, picks)."""
    return _simulate(shapes, picks, random.standard_normal((days, 3, len(picks))))


def simulate_single(
    shapes: NoiseShapes, picks: NDArray[np.intp], days: int, random: np.random.Generator
) -> NDArray[np.float32]:
    """As `simulate`, in single precision: other draws, at half the price."""
    return _simulate(shapes, picks, random.standard_normal((days, 3, len(picks)), dtype=np.float32))


def _simulate(shapes: NoiseShapes, picks: NDArray[np.intp], deviates: NDArray[FloatT]) -> NDArray[FloatT]:
    """The three processes of standard normal deviates (days, 3, picks), which are overwritten, added up."""
    precision = deviates.dtype.type
    slow_share, fast_share, white_share = shapes.slow_share[picks], shapes.fast_share[picks], shapes.white_share[picks]
    correlation = shapes.correlation[picks]
    slow_step = (1 - SLOW_CORRELATION**2) * slow_share
    fast_step = (1 - correlation**2) * fast_share
    deviates[0] *= np.sqrt(np.stack([slow_share, fast_share, white_share])).astype(precision)
    deviates[1:] *= np.sqrt(np.stack([slow_step, fast_step, white_share])).astype(precision)
    decay = np.stack([np.full(len(picks), SLOW_CORRELATION), correlation]).astype(precision)
    for day in range(1, len(deviates)):
        deviates[day, :2] += decay * deviates[day - 1, :2]
    return np.asarray(deviates.sum(axis=1))


@lru_cache(maxsize=8)  # the metrics of one person mostly have holes on the same days
def grid_whitener(is_observed: bytes) -> Whitener:
    """The filters of `shape_grid()`; the days observed as the bytes of a boolean array."""
    return whitener(shape_grid(), np.frombuffer(is_observed, dtype=np.bool_))
