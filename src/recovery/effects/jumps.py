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
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from recovery.effects.design import weekday_numbers, weekdays, winsorised
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
STRIDE = 4  # every fourth date is tried first, of long series every n-th, and then those between
MAX_CANDIDATES = 100
MIN_BESIDE = 14  # days before and after what was over soon; else it is the jump itself
DAYS_PER_BEND = 30  # of the curve about which outliers are pulled in, so that none of the jump is
WEEKEND = 5  # Saturday is the first day of it, Monday being 0


@dataclass(frozen=True)
class Shift:
    """One lasting step: the first day of the new level, its size in the unit of the values."""

    date: np.datetime64
    size: float


def level_shift(
    values: Floats, columns: Floats, dates: Dates, *, unit: str = "", metric: str = ""
) -> tuple[Gate, Shift | None]:
    """Whether the series makes one lasting step that is not recorded; a warning, not a refusal.

    `values` (days) has NaN on days that do not count; `columns` (days, count) hold all else that moves them: weekdays,
    massages, the levels of known devices. Every date with 28 observed days on each side can be the first of a new
    level. Nothing is drawn: the same input gives the same answer.
    """
    days = np.flatnonzero(np.isfinite(values))
    firsts = days[MIN_LEVEL_DAYS : len(days) - MIN_LEVEL_DAYS + 1]
    if len(firsts) == 0 or len(days) <= columns.shape[1] + 4:
        return Gate(LEVEL_SHIFT, True, words.TOO_FEW_FOR_A_JUMP), None
    told = _Told.of(values, columns)
    first, jump = _likeliest(told, firsts)
    size = told.size(_since(len(values), first))
    if jump - told.nothing < MIN_GAIN or not _is_large(values, first, size):
        return Gate(LEVEL_SHIFT, True, words.NO_JUMP), None
    if any(jump - told.by(curves) < MARGINS[name] for name, curves in _stories(first, dates)):
        return Gate(LEVEL_SHIFT, True, words.NO_JUMP), None
    shift = Shift(dates[first], size)
    sentence = words.jump(shift.date, numbers.change_alone(shift.size, unit, metric))
    return Gate(LEVEL_SHIFT, False, sentence), shift


def with_jump(
    values: Floats, around: Floats, dates: Dates, levels: Floats, *, unit: str = "", metric: str = ""
) -> tuple[Gate, Floats]:
    """The check of a jump, and the levels (days, count) with one more for the days since the jump, where there is one.

    `around` (days, count) are the columns of the days around massages; all else is as `level_shift` has it.
    """
    columns = np.column_stack([weekdays(dates), around, levels])
    gate, shift = level_shift(values, columns, dates, unit=unit, metric=metric)
    return gate, levels if shift is None else np.column_stack([levels, dates >= shift.date])


@lru_cache(maxsize=1)
def _shapes() -> NoiseShapes:
    """Shapes of noise from white to a memory of two months, all alike likely."""
    correlation, slow, white = (
        axis.ravel()
        for axis in np.meshgrid([0.0, 0.3, 0.6, 0.8, 0.9, 0.97], [0.0, 0.3], [0.0, 0.3, 0.6], indexing="ij")
    )
    return NoiseShapes(correlation, slow, white, np.zeros(len(correlation)))


@lru_cache(maxsize=4)  # the metrics of one person mostly have holes on the same days
def _filters(is_observed: bytes) -> Whitener:
    return whitener(_shapes(), np.frombuffer(is_observed, dtype=np.bool_))


@dataclass(frozen=True)
class _Told:
    """A series under each shape of noise, whitened and without what the columns and a line of time explain."""

    filters: Whitener
    basis: Floats  # (shapes, observed days, columns), orthonormal
    series: Floats  # (shapes, observed days)

    @classmethod
    def of(cls, values: Floats, columns: Floats) -> "_Told":
        is_observed, days = np.isfinite(values), len(values)
        kept = winsorised(values, np.column_stack([columns, _bends(days)]))
        centred = np.where(is_observed, kept - np.mean(kept[is_observed]), 0.0)
        beside = _independent(np.column_stack([np.ones(days), np.arange(days) / days, columns]), is_observed)
        filters = _filters(is_observed.tobytes())
        white = filters.whiten(np.column_stack([centred, beside]))
        basis = np.linalg.qr(white[:, :, 1:])[0]
        return cls(filters, basis, (white[:, :, :1] - basis @ (basis.transpose(0, 2, 1) @ white[:, :, :1]))[:, :, 0])

    @property
    def nothing(self) -> float:
        """The log-likelihood without any further curve."""
        return float(self._likelihood((self.series**2).sum(axis=1)[:, None]).max())

    def each(self, curves: Floats) -> Floats:
        """The log-likelihood with each of the curves (days, count) alone."""
        white = self.filters.whiten(curves.astype(np.float32))  # only ranked, and half the price
        beside = np.matmul(self.basis.transpose(0, 2, 1).astype(np.float32), white)
        sizes = np.einsum("gnc,gnc->gc", white, white) - np.einsum("gpc,gpc->gc", beside, beside)
        along = np.matmul(self.series[:, None].astype(np.float32), white)[:, 0].astype(np.float64)
        explained = np.where(sizes > 1e-6, along**2 / np.maximum(sizes, 1e-6), 0.0)
        return np.asarray(self._likelihood((self.series**2).sum(axis=1)[:, None] - explained).max(axis=0))

    def by(self, story: "_Curves") -> float:
        """The log-likelihood of a story: with the best of its curves, or with all of them at once."""
        if not story.is_together:
            return float(self.each(story.curves).max())
        basis = np.linalg.qr(self._left(story.curves))[0]
        explained = (np.matmul(self.series[:, None], basis)[:, 0] ** 2).sum(axis=1)
        return float(self._likelihood(((self.series**2).sum(axis=1) - explained)[:, None]).max())

    def size(self, curve: Floats) -> float:
        """The coefficient of a curve (days) under its likeliest noise, in the unit of the values."""
        left = self._left(curve[:, None])[:, :, 0]
        sizes = np.maximum((left**2).sum(axis=1), 1e-6)
        along = (self.series * left).sum(axis=1)
        rest = (self.series**2).sum(axis=1) - along**2 / sizes
        shape = int(np.argmax(self._likelihood(rest[:, None])[:, 0]))
        return float(along[shape] / sizes[shape])

    def _left(self, curves: Floats) -> Floats:
        white = self.filters.whiten(curves)
        return np.asarray(white - self.basis @ (self.basis.transpose(0, 2, 1) @ white))

    def _likelihood(self, squares: Floats) -> Floats:
        """Of sums of squares (shapes, count)."""
        days = self.series.shape[1]
        return np.asarray(-0.5 * (days * np.log(np.maximum(squares, 1e-12)) + self.filters.log_determinant[:, None]))


@dataclass(frozen=True)
class _Curves:
    """How a number may have changed without a jump: by one of these curves, or by all of them together."""

    curves: Floats  # (days, count)
    is_together: bool = False


def _likeliest(told: _Told, firsts: Integers) -> tuple[int, float]:
    """The likeliest first day of a new level, and the log-likelihood with it."""
    stride = max(STRIDE, -(-len(firsts) // MAX_CANDIDATES))
    days = len(told.filters.is_observed)
    near = int(np.argmax(told.each(_since(days, firsts[::stride])))) * stride
    around = firsts[max(0, near - stride + 1) : near + stride]
    found = told.each(_since(days, around))
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
    """A line with a bend every month."""
    day = np.arange(days, dtype=np.float64)
    return np.maximum(day[:, None] - np.arange(0, days, DAYS_PER_BEND), 0.0)


def _independent(columns: Floats, is_observed: NDArray[np.bool_]) -> Floats:
    """As many columns that span the same, 0 on days not observed."""
    left, sizes, _ = np.linalg.svd(columns[is_observed], full_matrices=False)
    out = np.zeros((len(columns), int((sizes > 1e-9 * sizes[0]).sum())))
    out[is_observed] = left[:, : out.shape[1]]
    return out
