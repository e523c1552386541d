"""Day-to-day noise of one person's metric: its shape, its whitening, its simulation.

The noise of a day is the sum of a slow AR(1) process (months), an AR(1) process from one day to the next, and white
noise; a shape is the share of each and the day-to-day correlation. The scale is estimated with the rest of a model.
Missing days are handled exactly by a Kalman filter (Harvey 1989, Forecasting, Structural Time Series Models and the
Kalman Filter, section 3.2): nothing is imputed.
"""

from dataclasses import dataclass
from functools import cached_property, lru_cache
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

from recovery.effects.precision import Precision

SLOW_CORRELATION = 0.95  # of the slow process from one day to the next, about three weeks of memory

BLOCK = 16  # days that are filtered at once; the result does not depend on it
AT_ONCE = 32  # series whose whitened values are held at once; nor on this
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

    `log_variances` (days, shapes) are those of each day given the days before, 0 where not observed. The rest is the
    filter by blocks of `BLOCK` days, 0 for days not observed; what the last block has beyond the last day is not looked
    at. The two processes at the start of a block and its values make its whitened values and the processes at the start
    of the next:

        white = inside values + entering state,    next state = leaving values + passing state
    """

    shapes: NoiseShapes
    is_observed: Bools
    log_variances: Floats
    inside: Floats  # (blocks, shapes, days, days)
    squared: Floats  # (blocks, shapes, days, days), inside' inside
    entering: Floats  # (blocks, shapes, days, 2)
    leaving: Floats  # (blocks, shapes, 2, days)
    passing: Floats  # (blocks, shapes, 2, 2)

    def whiten(self, columns: NDArray[FloatT]) -> NDArray[FloatT]:
        """Columns (days, count) as white noise of variance 1 under each shape: (shapes, observed days, count).

        In the precision of the columns.
        """
        blocks, shapes, count = len(self.inside), len(self.shapes), columns.shape[1]
        by_shape = self._by_block(columns).transpose(1, 0, 2, 3).reshape(shapes, blocks * BLOCK, count)
        return np.ascontiguousarray(by_shape[:, np.flatnonzero(self.is_observed)])

    @property
    def log_determinant(self) -> Floats:
        """Of the covariance of the observed days: (shapes)."""
        return np.asarray(self.log_variances.sum(axis=0))

    def first(self, days: int) -> "Whitener":
        """The filter of the first days alone, in the memory of this one; what comes later changes nothing of them."""
        blocks = -(-days // BLOCK)
        return Whitener(
            self.shapes,
            self.is_observed[:days],
            self.log_variances[:days],
            *(part[:blocks] for part in (self.inside, self.squared, self.entering, self.leaving, self.passing)),
        )

    def of_shapes(self, only: slice | NDArray[np.intp]) -> "Whitener":
        """The filter of some of the shapes, by their places."""
        return Whitener(
            self.shapes.of_shapes(only),
            self.is_observed,
            self.log_variances[:, only],
            *(part[:, only] for part in (self.inside, self.squared, self.entering, self.leaving, self.passing)),
        )

    @cached_property
    def precision(self) -> Precision:
        """The inverse covariance of the observed days under each shape."""
        inside, squared, entering = self.inside, self.squared, self.entering
        if self._days_of_last < BLOCK:  # later days of the last block are none of ours
            last = inside[-1].copy(), entering[-1].copy()
            for part in last:
                part[:, self._days_of_last :] = 0.0
            inside, entering = (
                np.concatenate([whole[:-1], part[None]]) for whole, part in zip((inside, entering), last, strict=True)
            )
            squared = np.concatenate([squared[:-1], (last[0].transpose(0, 2, 1) @ last[0])[None]])
        return Precision.of(len(self.is_observed), inside, squared, entering, self.leaving, self.passing)

    @property
    def _days_of_last(self) -> int:
        """How many days of the last block are ours."""
        return len(self.is_observed) - BLOCK * (len(self.inside) - 1)

    @cached_property
    def _single(self) -> "tuple[NDArray[np.float32], ...]":
        """The filter in single precision."""
        return tuple(part.astype(np.float32) for part in (self.inside, self.entering, self.leaving, self.passing))

    def sums_of_squares(self, columns: NDArray[FloatT]) -> Floats:
        """Those of the whitened columns under each shape: (shapes, count)."""
        out = np.empty((len(self.shapes), columns.shape[1]))
        for first in range(0, columns.shape[1], AT_ONCE):
            white = self._by_block(columns[:, first : first + AT_ONCE])
            out[:, first : first + AT_ONCE] = np.einsum("bgnc,bgnc->bgc", white, white).sum(axis=0, dtype=np.float64)
        return out

    def _by_block(self, columns: NDArray[FloatT]) -> NDArray[FloatT]:
        """The whitened columns: (blocks, shapes, days of a block, count), 0 where not observed."""
        count, shapes, blocks, precision = columns.shape[1], len(self.shapes), len(self.inside), columns.dtype
        padded = np.zeros((blocks * BLOCK, count), precision)
        padded[: len(columns)][self.is_observed] = columns[self.is_observed]
        values = padded.reshape(blocks, BLOCK, count)
        whole = self._single if precision == np.float32 else (self.inside, self.entering, self.leaving, self.passing)
        inside, entering, leaving, passing = (part.astype(precision, copy=False) for part in whole)
        white = (inside.reshape(blocks, shapes * BLOCK, BLOCK) @ values).reshape(blocks, shapes, BLOCK, count)
        left = (leaving.reshape(blocks, shapes * 2, BLOCK) @ values).reshape(blocks, shapes, 2, count)
        state = np.zeros((blocks, shapes, 2, count), precision)  # at the start of each block
        for block in range(1, blocks):
            np.matmul(passing[block - 1], state[block - 1], out=state[block])
            state[block] += left[block - 1]
        white += entering @ state
        white[-1:, :, self._days_of_last :] = 0.0
        return white


def whitener(shapes: NoiseShapes, is_observed: Bools) -> Whitener:
    """The filter of each shape where only some days are observed."""
    gains, variance = _gains(shapes, is_observed)
    blocks = -(-len(is_observed) // BLOCK)
    padded = np.zeros((blocks * BLOCK, 3, len(shapes)))
    padded[: len(gains), :2], padded[: len(gains), 2] = gains, np.where(variance > 0, variance, np.inf) ** -0.5
    filters = padded.reshape(blocks, BLOCK, 3, len(shapes)).transpose(1, 2, 0, 3)
    decay = np.stack([np.full(len(shapes), SLOW_CORRELATION), shapes.correlation])

    # The filter of a block, run on each of its values alone and on each of the two processes alone.
    state = np.zeros((2, blocks, len(shapes), BLOCK + 2))
    state[0, :, :, BLOCK], state[1, :, :, BLOCK + 1] = 1.0, 1.0
    out = np.empty((blocks, len(shapes), BLOCK, BLOCK + 2))
    for day in range(BLOCK):
        innovation = -state.sum(axis=0)
        innovation[:, :, day] += 1.0
        out[:, :, day] = innovation * filters[day, 2, :, :, None]
        state += filters[day, :2, :, :, None] * innovation
        state *= decay[:, None, :, None]
    ends = state.transpose(1, 2, 0, 3)
    inside = np.ascontiguousarray(out[..., :BLOCK])
    return Whitener(
        shapes,
        is_observed,
        log_variances=np.log(np.where(variance > 0, variance, 1.0)),
        inside=inside,
        squared=inside.transpose(0, 1, 3, 2) @ inside,
        entering=np.ascontiguousarray(out[..., BLOCK:]),
        leaving=np.ascontiguousarray(ends[..., :BLOCK]),
        passing=np.ascontiguousarray(ends[..., BLOCK:]),
    )


def _gains(shapes: NoiseShapes, is_observed: Bools) -> tuple[Floats, Floats]:
    """By how much an observed day moves the two processes (days, 2, shapes), and its variance given the days before.

    The latter (days, shapes); both 0 on days not observed.
    """
    slow_share, fast_share = shapes.slow_share, shapes.fast_share
    correlation = np.stack([np.full(len(shapes), SLOW_CORRELATION), shapes.correlation])
    decay = np.stack([correlation[0] ** 2, correlation[1] ** 2, correlation[0] * correlation[1]])
    renewed = (1 - decay) * np.stack([slow_share, fast_share, np.zeros(len(shapes))])
    covariance = np.stack([slow_share, fast_share, np.zeros(len(shapes))])  # slow, fast, both
    gains, variance = np.zeros((len(is_observed), 2, len(shapes))), np.zeros((len(is_observed), len(shapes)))
    for day, is_seen in enumerate(is_observed.tolist()):
        if is_seen:
            shared = covariance[:2] + covariance[2]
            total = shared[0] + shared[1] + shapes.white_share
            gain = shared / total
            gains[day], variance[day] = gain, total
            covariance[:2] -= shared * gain
            covariance[2] -= shared[0] * gain[1]
        covariance *= decay
        covariance += renewed
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

    def noise(self, shapes: NoiseShapes, picks: NDArray[np.intp], days: int) -> NDArray[np.float32]:
        """Noise of variance 1 on the first days, one column for each series: (days, series), in single precision."""
        return _simulate(shapes, picks, self.normal[:days].copy())


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
