"""Whether a series makes one sudden, lasting jump that nobody told of, as after an update of the vendor's algorithm.

Most of what looks like a jump is none: noise with a memory of weeks, healing, training, a season, a new job, an injury,
a holiday. So a jump is said only where it tells the series better than each of these does. Each story is a curve beside
weekdays and a line of time, with the noise that suits it best of a grid that reaches to a memory of two months, and
stories are compared by the logarithm of their likelihood. A test against simulated noise alone said a jump of half of
the people who heal or train.

The margins were chosen on eleven families of series and looked at on four more (tests/calibration/jumps.py): 0 to 2% of
a year without a jump are said to have one. The price is power, see docs/calibration.md: small jumps are not found, and
the slow part of the noise model takes care of them.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property, lru_cache

import numpy as np
from numpy.typing import NDArray

from recovery.effects.design import (
    LEAST_DIRECTION,
    basis_beside,
    orthonormal_in_order,
    weekday_numbers,
    weekdays,
    winsorised_about,
)
from recovery.effects.gates import Gate
from recovery.effects.levels import MIN_LEVEL_DAYS
from recovery.effects.noise import NoiseShapes, Whitener, whitener
from recovery.words import checks as words
from recovery.words import numbers

Floats = NDArray[np.float64]
Integers = NDArray[np.intp]
Dates = NDArray[np.datetime64]

LEVEL_SHIFT = "level shift"
MIN_GAIN = 12.0  # of the log-likelihood by a jump; the best of hundreds of dates gains 6 to 9 in noise with memory
MARGINS = {"fades": 1.0, "slow": 2.0, "short": 2.0, "season": 2.0, "healing": 2.0, "working days": 2.0}
MIN_DEVIATIONS = 0.5  # of the series; a smaller step changes no answer
STRIDE = 4  # every fourth date is compared first, of long series every n-th, and then those between
MAX_CANDIDATES = 100
MIN_BESIDE = 14  # days before and after what was over soon; else it is the jump itself
DAYS_PER_BEND = 30  # of the curve about which outliers are pulled in, so that none of the jump is
WEEKEND = 5  # Saturday is the first day of it, Monday being 0


@dataclass(frozen=True)
class Shift:
    """One lasting step: the first day of the new level, its size in the unit of the values."""

    date: np.datetime64
    size: float


@lru_cache(maxsize=1)
def _shapes() -> NoiseShapes:
    """Shapes of noise from white to a memory of two months, all alike likely."""
    correlation, slow, white = (
        axis.ravel()
        for axis in np.meshgrid([0.0, 0.3, 0.6, 0.8, 0.9, 0.97], [0.0, 0.3], [0.0, 0.3, 0.6], indexing="ij")
    )
    return NoiseShapes(correlation, slow, white, np.zeros(len(correlation)))


@dataclass(frozen=True)
class Filters:
    """What does not depend on the values: the filter of each shape of noise, and what it makes of steps."""

    whitener: Whitener

    @cached_property
    def of_steps(self) -> Floats:
        """The quadratic form of the step from each day on: (days, shapes)."""
        return self.whitener.precision.of_steps()

    def first(self, days: int) -> "Filters":
        """Those of the first days alone."""
        return Filters(self.whitener.first(days))


@lru_cache(maxsize=2)  # the metrics of one person mostly have holes on the same days
def filters_of(is_observed: bytes) -> Filters:
    """The filters of a pattern of measured days, told as the bytes of a boolean array."""
    return Filters(whitener(_shapes(), np.frombuffer(is_observed, dtype=np.bool_)))


def level_shift(
    values: Floats, columns: Floats, dates: Dates, *, unit: str = "", metric: str = "", filters: Filters | None = None
) -> tuple[Gate, Shift | None]:
    """Whether the series makes one lasting step that is not recorded; a warning, not a refusal.

    `values` (days) has NaN on days that do not count; `columns` (days, count) hold all else that moves them: weekdays,
    massages, the levels of known devices. Every date with 28 observed days on each side can be the first of a new
    level. Nothing is drawn: the same input gives the same answer. `filters` are those of the observed days, where there
    are some already.
    """
    days = np.flatnonzero(np.isfinite(values))
    firsts = days[MIN_LEVEL_DAYS : len(days) - MIN_LEVEL_DAYS + 1]
    if len(firsts) == 0 or len(days) <= columns.shape[1] + 4:
        return Gate(LEVEL_SHIFT, True, words.TOO_FEW_FOR_A_JUMP), None
    told = _Told.of(values, columns, filters or filters_of(np.isfinite(values).tobytes()))
    first, jump = _likeliest(told, firsts)
    if jump - told.nothing < MIN_GAIN:
        return Gate(LEVEL_SHIFT, True, words.NO_JUMP), None
    size = told.size(_since(len(values), first))
    if not _is_large(values, first, size):
        return Gate(LEVEL_SHIFT, True, words.NO_JUMP), None
    if any(jump - told.by(curves) < MARGINS[name] for name, curves in _stories(first, dates)):
        return Gate(LEVEL_SHIFT, True, words.NO_JUMP), None
    shift = Shift(dates[first], size)
    sentence = words.jump(shift.date, numbers.change_alone(shift.size, unit, metric))
    return Gate(LEVEL_SHIFT, False, sentence), shift


def with_jump(
    values: Floats, around: Floats, dates: Dates, levels: Floats, *, unit: str = "", metric: str = "",
    filters: Filters | None = None,
) -> tuple[Gate, Floats]:  # fmt: skip
    """The check of a jump, and the levels (days, count) with one more for the days since the jump, where there is one.

    `around` (days, count) are the columns of the days around massages; all else is as `level_shift` has it.
    """
    columns = np.column_stack([weekdays(dates), around, levels])
    gate, shift = level_shift(values, columns, dates, unit=unit, metric=metric, filters=filters)
    return gate, levels if shift is None else np.column_stack([levels, dates >= shift.date])


@dataclass(frozen=True)
class _Told:
    """A series under each shape of noise, beside what the columns and a line of time explain of it.

    `weighted` are the columns, and last the series, times the inverse covariance: (days, shapes, columns + 1).
    """

    filters: Filters
    columns: Floats  # (days, columns), orthonormal on the observed days, 0 on the others
    weighted: Floats
    inverse: Floats  # of the Cholesky factor of the columns' products: (shapes, columns, columns)
    along: Floats  # projections of the series on the columns: (shapes, columns)
    squares: Floats  # of what they leave of it: (shapes)
    n_days: int

    @classmethod
    def of(cls, values: Floats, columns: Floats, filters: Filters) -> "_Told":
        is_observed, days = np.isfinite(values), len(values)
        line = np.column_stack([np.ones(days), np.arange(days) / days, columns])
        own = orthonormal_in_order(line[is_observed], LEAST_DIRECTION)
        kept = winsorised_about(values, basis_beside(own, _bends(days)[is_observed]))
        centred = np.where(is_observed, kept - np.mean(kept[is_observed]), 0.0)
        beside = np.zeros((days, own.shape[1]))
        beside[is_observed] = own
        both = np.column_stack([beside, centred])
        weighted = filters.whitener.precision.times(both)
        products = (both.T @ weighted.reshape(days, -1)).reshape(both.shape[1], -1, both.shape[1]).transpose(1, 0, 2)
        inverse = np.linalg.inv(np.linalg.cholesky(products[:, :-1, :-1]))
        along = (inverse @ products[:, :-1, -1:])[:, :, 0]
        squares = products[:, -1, -1] - (along**2).sum(axis=1)
        return cls(filters, beside, weighted, inverse, along, squares, int(is_observed.sum()))

    @property
    def nothing(self) -> float:
        """The log-likelihood without any further curve."""
        return float(self._likelihood(self.squares[:, None]).max())

    def of_steps(self, firsts: Integers) -> Floats:
        """The log-likelihood with a step alone, which is 1 from the first of its days on; of each of them."""
        return self._alone(self._since(firsts).transpose(1, 2, 0), self.filters.of_steps[firsts].T)

    def _since(self, firsts: Integers) -> Floats:
        """The products of the step from each of the days on, in their order: (days, shapes, columns + 1)."""
        ends = [*firsts[1:], len(self.weighted)]
        between = np.stack([self.weighted[first:end].sum(axis=0) for first, end in zip(firsts, ends, strict=True)])
        return np.cumsum(between[::-1], axis=0)[::-1]

    def each(self, curves: Floats) -> Floats:
        """The log-likelihood with each of the curves (days, count) alone."""
        return self._alone(self._products(curves), self.filters.whitener.sums_of_squares(curves))

    def by(self, story: "_Curves") -> float:
        """The log-likelihood of a story: with the best of its curves, or with all of them at once."""
        if not story.is_together:
            return float(self.each(story.curves).max())
        products = self._products(story.curves)
        beside = self.inverse @ products[:, :-1]
        weighted = self.filters.whitener.precision.times(story.curves).transpose(1, 0, 2)
        own = story.curves.T @ weighted - beside.transpose(0, 2, 1) @ beside
        left = products[:, -1] - (beside.transpose(0, 2, 1) @ self.along[:, :, None])[:, :, 0]
        explained = (left * np.linalg.solve(own, left[:, :, None])[:, :, 0]).sum(axis=1)
        return float(self._likelihood((self.squares - explained)[:, None]).max())

    def size(self, curve: Floats) -> float:
        """The coefficient of a curve (days) under its likeliest noise, in the unit of the values."""
        along, sizes = self._left(self._products(curve[:, None]), self.filters.whitener.sums_of_squares(curve[:, None]))
        rest = self.squares[:, None] - along**2 / sizes
        shape = int(np.argmax(self._likelihood(rest)[:, 0]))
        return float(along[shape, 0] / sizes[shape, 0])

    def _products(self, curves: Floats) -> Floats:
        """Of curves with the columns and the series: (shapes, columns + 1, curves)."""
        days, shapes, count = self.weighted.shape
        return (self.weighted.reshape(days, shapes * count).T @ curves).reshape(shapes, count, curves.shape[1])

    def _alone(self, products: Floats, squares: Floats) -> Floats:
        """The log-likelihood with each curve alone: of `_products` and the sums of squares (shapes, curves)."""
        along, sizes = self._left(products, squares)
        return np.asarray(self._likelihood(self.squares[:, None] - along**2 / sizes).max(axis=0))

    def _left(self, products: Floats, squares: Floats) -> tuple[Floats, Floats]:
        """Products of the series with what the columns leave of each curve, and the sums of squares of that."""
        beside = self.inverse @ products[:, :-1]
        sizes = squares - np.einsum("gpc,gpc->gc", beside, beside)
        along = products[:, -1] - np.einsum("gp,gpc->gc", self.along, beside)
        is_told = sizes <= 1e-6  # by the columns
        return np.where(is_told, 0.0, along), np.where(is_told, 1.0, sizes)

    def _likelihood(self, squares: Floats) -> Floats:
        """Of sums of squares (shapes, count)."""
        determinant = self.filters.whitener.log_determinant[:, None]
        return np.asarray(-0.5 * (self.n_days * np.log(np.maximum(squares, 1e-12)) + determinant))


@dataclass(frozen=True)
class _Curves:
    """How a number may have changed without a jump: by one of these curves, or by all of them together."""

    curves: Floats  # (days, count)
    is_together: bool = False


def _likeliest(told: _Told, firsts: Integers) -> tuple[int, float]:
    """The likeliest first day of a new level, and the log-likelihood with it."""
    stride = max(STRIDE, -(-len(firsts) // MAX_CANDIDATES))
    near = int(np.argmax(told.of_steps(firsts[::stride]))) * stride
    around = firsts[max(0, near - stride + 1) : near + stride]
    found = told.of_steps(around)
    return int(around[int(np.argmax(found))]), float(found.max())


def _stories(first: int, dates: Dates) -> Iterator[tuple[str, _Curves]]:
    """What a jump on that day is compared with, each by its name in MARGINS."""
    day = np.arange(len(dates), dtype=np.float64)
    step, after = (day >= first).astype(np.float64), np.clip(day - first, 0, None)
    fading = [step * np.exp(-after / memory) for memory in (10, 20, 40, 80, 120, 180)]
    slow = [
        np.clip((day - middle) / length, -0.5, 0.5)
        for length in (21, 42, 84, 168, 336)
        for middle in range(first - 60, first + 61, 12)
    ]
    short = [
        ((day >= start) & (day < start + length)).astype(np.float64)
        for length in (14, 21, 28, 35, 42, 60)
        for start in (first, first - length)
        if start >= MIN_BESIDE and start + length + MIN_BESIDE <= len(day)
    ]
    year = 2 * np.pi * day / 365.25
    is_weekend = weekday_numbers(dates) >= WEEKEND
    yield "fades", _Curves(np.column_stack(fading))  # an injury
    yield "slow", _Curves(np.column_stack(slow))  # training
    if short:
        yield "short", _Curves(np.column_stack(short))  # a holiday, an illness
    yield "season", _Curves(np.column_stack([np.sin(year), np.cos(year)]), is_together=True)
    yield "healing", _Curves(np.column_stack([np.exp(-day / memory) for memory in (14, 28, 56, 112)]))
    yield "working days", _Curves(np.column_stack([step * ~is_weekend, step * is_weekend]))  # a new job


def _is_large(values: Floats, first: int, size: float) -> bool:
    without = values - size * _since(len(values), first)
    return bool(abs(size) >= MIN_DEVIATIONS * np.nanstd(without))


def _since(days: int, firsts: int | Integers) -> Floats:
    """1 from a day on, or a column for each of the days."""
    day = np.arange(days)
    return np.asarray((day >= firsts) if isinstance(firsts, int) else (day[:, None] >= firsts), dtype=np.float64)


def _bends(days: int) -> Floats:
    """What bends a line every month."""
    day = np.arange(days, dtype=np.float64)
    return np.maximum(day[:, None] - np.arange(DAYS_PER_BEND, days, DAYS_PER_BEND), 0.0)
