"""Day-to-day noise of one person's metric: its shape, its whitening, its simulation.

The noise of a day is the sum of a slow AR(1) process (months), an AR(1) process from one day to the next, and white
noise; a shape is the share of each and the day-to-day correlation. The scale is estimated with the rest of a model.
Missing days are handled exactly by a Kalman filter (Harvey 1989, Forecasting, Structural Time Series Models and the
Kalman Filter, section 3.2): nothing is imputed.
"""

from dataclasses import dataclass
from functools import cached_property, lru_cache
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from recovery.effects.blocks import Blocks, FloatT
from recovery.effects.precision import Precision

SLOW_CORRELATION = 0.95  # of the slow process from one day to the next, about three weeks of memory

SERIES_AT_ONCE = 32  # that are whitened at once; the result does not depend on it
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

    def of_shape(self, shape: int) -> "NoiseShapes":
        """One of the shapes."""
        return self.of_shapes(slice(shape, shape + 1))

    def of_shapes(self, only: slice | NDArray[np.intp]) -> "NoiseShapes":
        """Some of the shapes, by their places."""
        return NoiseShapes(self.correlation[only], self.slow_share[only], self.white_share[only], self.log_prior[only])

    @property
    def fast_share(self) -> Floats:
        return 1.0 - self.slow_share - self.white_share


@lru_cache(maxsize=1)
def shape_grid() -> NoiseShapes:
    """The shapes that are tried: day-to-day correlation 0 to 0.6, slow share 0 to 0.4, white share 0 or 0.3."""
    correlation, slow, white = (
        axis.ravel() for axis in np.meshgrid([0.0, 0.15, 0.3, 0.45, 0.6], [0.0, 0.15, 0.4], [0.0, 0.3], indexing="ij")
    )
    return NoiseShapes(correlation, slow, white, -0.5 * ((correlation - 0.35) / 0.25) ** 2)


@dataclass(frozen=True)
class Whitener:
    """Filter of some shapes for one pattern of missing days.

    `log_variances` (days, shapes) are those of each day given the days before, 0 where not observed. `blocks` may go on
    after the last day, where these are the first days of a record.
    """

    shapes: NoiseShapes
    is_observed: Bools
    log_variances: Floats
    blocks: Blocks

    def whiten(self, columns: NDArray[FloatT]) -> NDArray[FloatT]:
        """Columns (days, count) as white noise of variance 1 under each shape: (shapes, observed days, count).

        In the precision of the columns.
        """
        seen = np.where(self.is_observed[:, None], columns, columns.dtype.type(0))
        white = np.concatenate(list(self.blocks.white(seen)))
        blocks, shapes, size, count = white.shape
        by_shape = white.transpose(1, 0, 2, 3).reshape(shapes, blocks * size, count)
        return np.ascontiguousarray(by_shape[:, np.flatnonzero(self.is_observed)])

    @cached_property
    def log_determinant(self) -> Floats:
        """Of the covariance of the observed days: (shapes)."""
        return np.asarray(self.log_variances.sum(axis=0))

    def first(self, days: int) -> "Whitener":
        """The filter of the first days alone, with the parts of this one; what comes later changes nothing of them."""
        return Whitener(self.shapes, self.is_observed[:days], self.log_variances[:days], self.blocks)

    def of_shapes(self, only: slice | NDArray[np.intp]) -> "Whitener":
        """The filter of some of the shapes, by their places."""
        return Whitener(
            self.shapes.of_shapes(only), self.is_observed, self.log_variances[:, only], self.blocks.of_shapes(only)
        )

    @cached_property
    def precision(self) -> Precision:
        """The inverse covariance of the observed days under each shape."""
        return Precision(len(self.is_observed), self.blocks)

    def sums_of_squares(self, columns: NDArray[FloatT]) -> Floats:
        """Those of the whitened columns under each shape: (shapes, count)."""
        seen = np.where(self.is_observed[:, None], columns, columns.dtype.type(0))
        return np.concatenate(
            [
                self.blocks.squares(seen[:, first : first + SERIES_AT_ONCE])
                for first in range(0, columns.shape[1], SERIES_AT_ONCE)
            ],
            axis=1,
        )


def whitener(shapes: NoiseShapes, is_observed: Bools) -> Whitener:
    """The filter of each shape where only some days are observed."""
    gains, variance = _gains(shapes, is_observed)
    weights = np.where(variance > 0, variance, np.inf) ** -0.5
    decay = np.stack([np.full(len(shapes), SLOW_CORRELATION), shapes.correlation])
    log_variances = np.log(np.where(variance > 0, variance, 1.0))
    return Whitener(shapes, is_observed, log_variances, Blocks.of(gains, weights, decay))


def _gains(shapes: NoiseShapes, is_observed: Bools) -> tuple[Floats, Floats]:
    """By how much an observed day moves the two processes (days, 2, shapes), and its variance given the days before.

    The latter (days, shapes); both 0 on days not observed.
    """
    shares = np.stack([shapes.slow_share, shapes.fast_share])
    correlation = np.stack([np.full(len(shapes), SLOW_CORRELATION), shapes.correlation])
    decay = correlation[:, None] * correlation
    covariance = np.zeros_like(decay)  # of the two processes: (2, 2, shapes)
    covariance[0, 0], covariance[1, 1] = shares
    renewed = (1 - decay) * covariance
    gains, variance = np.zeros((len(is_observed), 2, len(shapes))), np.zeros((len(is_observed), len(shapes)))
    shared, taken, (slow, fast) = np.empty_like(shares), np.empty_like(decay), covariance
    for is_seen, gain, total in zip(is_observed.tolist(), gains, variance, strict=True):
        if is_seen:  # a few long rows written where they stay: this loop takes a day at a time
            np.add(slow, fast, out=shared)
            np.add(shared[0], shared[1], out=total)
            np.add(total, shapes.white_share, out=total)
            np.divide(shared, total, out=gain)
            np.multiply(shared[:, None], gain, out=taken)
            np.subtract(covariance, taken, out=covariance)
        np.multiply(covariance, decay, out=covariance)
        np.add(covariance, renewed, out=covariance)
    return gains, variance


def simulate(shapes: NoiseShapes, picks: NDArray[np.intp], days: int, random: np.random.Generator) -> Floats:
    """Noise of variance 1, one column for each picked shape: (days, picks)."""
    return _simulate(shapes, picks, random.standard_normal((days, 3, len(picks))))


@dataclass(frozen=True)
class Deviates:
    """What simulated series are made of: the same seed gives the same series of shapes alike, however many days."""

    chances: Floats  # (series)
    normal: NDArray[np.float32]  # (days, 3, series)

    @classmethod
    def of(cls, seed: int, series: int, days: int) -> "Deviates":
        random = np.random.default_rng(seed)
        return cls(random.random(series), random.standard_normal((days, 3, series), dtype=np.float32))

    def picks(self, weights: Floats) -> NDArray[np.intp]:
        """A shape for each series, as likely as it weighs."""
        limits = np.cumsum(weights)
        return np.searchsorted(limits / limits[-1], self.chances, side="right")

    def noise(
        self, shapes: NoiseShapes, picks: NDArray[np.intp], days: int, only: slice | NDArray[np.intp] = slice(None)
    ) -> NDArray[np.float32]:
        """Noise of variance 1 on the first days, a column for each series, or of some: (days, series).

        In single precision; `picks` are the shapes of these series.
        """
        return _simulate(shapes, picks, np.array(self.normal[:days, :, only], order="C"))


@dataclass(frozen=True)
class Noise:
    """Simulated noise of variance 1 on the days of a series, the holes not cut out."""

    picks: NDArray[np.intp]  # the shape of each series
    series: NDArray[np.float32]  # (days, simulations)
    squares: Floats  # sums of squares of each series, whitened: (shapes, simulations)


def drawn(deviates: Deviates, weights: Floats, filters: Whitener) -> Noise:
    """Noise of shapes as likely as they weigh, on the days of the filters."""
    days, picks = len(filters.is_observed), deviates.picks(weights)
    series = deviates.noise(filters.shapes, picks, days)
    return Noise(picks, series, filters.sums_of_squares(series))


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
    processes = deviates[:, :2]
    carried = np.empty_like(decay)
    for before, now in pairwise(processes):
        np.add(now, np.multiply(decay, before, out=carried), out=now)
    return np.asarray(deviates.sum(axis=1))


@lru_cache(maxsize=2)  # the metrics of one person mostly have holes on the same days
def grid_whitener(is_observed: bytes) -> Whitener:
    """The filters of `shape_grid()`; the days observed as the bytes of a boolean array."""
    return whitener(shape_grid(), np.frombuffer(is_observed, dtype=np.bool_))
