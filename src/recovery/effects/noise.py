"""Day-to-day noise of one person's metric: its shape, its whitening, its simulation.

The noise of a day is the sum of a slow AR(1) process (months), an AR(1) process from one day to the next, and white
noise; a shape is the share of each and the day-to-day correlation. The scale is estimated with the rest of a model.
Missing days are handled exactly by a Kalman filter (Harvey 1989, Forecasting, Structural Time Series Models and the
Kalman Filter, section 3.2): nothing is imputed.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

SLOW_CORRELATION = 0.95  # of the slow process from one day to the next, about three weeks of memory

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

    def whiten(self, columns: Floats) -> Floats:
        """Columns (days, count) as white noise of variance 1 under each shape: (shapes, observed days, count)."""
        days, count = columns.shape
        shapes = len(self.shapes)
        out = np.empty((int(self.is_observed.sum()), shapes, count))
        slow = np.zeros((shapes, count))
        fast = np.zeros((shapes, count))
        decay = self.shapes.correlation[:, None]
        row = 0
        for day in range(days):
            if self.is_observed[day]:
                innovation = columns[day] - slow - fast
                slow += self.gains[day, 0][:, None] * innovation
                fast += self.gains[day, 1][:, None] * innovation
                np.multiply(innovation, self.scale[day][:, None], out=out[row])
                row += 1
            slow *= SLOW_CORRELATION
            fast *= decay
        return out.transpose(1, 0, 2)


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
    count = len(picks)
    correlation = shapes.correlation[picks]
    deviates = random.standard_normal((days, 3, count))
    slow = deviates[0, 0] * np.sqrt(shapes.slow_share[picks])
    fast = deviates[0, 1] * np.sqrt(shapes.fast_share[picks])
    slow_step = np.sqrt((1 - SLOW_CORRELATION**2) * shapes.slow_share[picks])
    fast_step = np.sqrt((1 - correlation**2) * shapes.fast_share[picks])
    white = deviates[:, 2] * np.sqrt(shapes.white_share[picks])
    out = np.empty((days, count))
    for day in range(days):
        if day:
            slow = SLOW_CORRELATION * slow + slow_step * deviates[day, 0]
            fast = correlation * fast + fast_step * deviates[day, 1]
        out[day] = slow + fast + white[day]
    return out
