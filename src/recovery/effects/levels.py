"""A change of device, firmware or algorithm looks like an effect: each gets its own level, or the answer is refused.

What is recorded (the source of each day, its firmware) becomes columns for the regression. What is not is looked
for: one lasting step in the series, as after an update of the vendor's algorithm.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from recovery.effects.design import lagged, trend, weekdays
from recovery.effects.gates import MAX_INFLATION, ONE_DEVICE, Gate, beside
from recovery.effects.noise import Whitener, grid_whitener, shape_grid, simulate
from recovery.effects.regression import Background
from recovery.vocabulary.windows import DAYS_AFTER
from recovery.words import checks as words
from recovery.words import numbers
from recovery.words.effects import text

Floats = NDArray[np.float64]
Integers = NDArray[np.int64]
Bools = NDArray[np.bool_]
Dates = NDArray[np.datetime64]

MIN_LEVEL_DAYS = 28  # valid days that a level of its own takes; four of each weekday
DAYS_PER_LEVEL = 60  # valid days for one column of levels, as for one degree of freedom of the trend
NOT_RECORDED = -1
LEVEL_SHIFT = "level shift"

SHIFT_P = 0.01  # of a step that is not recorded anywhere, before it is mentioned
SHIFT_SIMULATIONS = 199
MAX_CANDIDATES = 400  # dates of a step that are tried; in longer series every second, third, ... and then those between


@dataclass(frozen=True)
class Levels:
    """What tells the devices of one metric apart, for the days of a regression."""

    columns: Floats  # (days, count) 0 or 1; count is 0 where one device measured all
    is_kept: Bools  # (days) False on days of sources with too few days for a level of their own
    n_dropped: int  # valid days that are not kept
    gate: Gate


@dataclass(frozen=True)
class Shift:
    """One lasting step: the first day of the new level, its size in the unit of the values, its p-value."""

    date: np.datetime64
    size: float
    p_value: float


def levels(
    is_observed: Bools,
    is_massage: Floats,
    dates: Dates,
    sources: Integers,
    firmwares: Integers | None = None,
    *,
    lags: Sequence[int] = DAYS_AFTER,
) -> Levels:
    """The columns that give each source and firmware its own level, beside weekday and trend.

    `sources` is a number for the source of each day, `firmwares` one for its firmware, -1 where not recorded (then
    that recorded before counts); both are looked at on observed days only, and any numbers will do. Of the sources with
    at least 28 observed days all but the most frequent get a column; days of the others are not kept. The firmwares of
    one source, in the order of their days, get a level where each has 28 observed days, and no more than one column per
    60 observed days is made; the rest counts with the firmware before it. Set the values of days that are not kept to
    NaN before any other gate is asked.
    """
    present, counts = np.unique(sources[is_observed], return_counts=True)
    big = present[(counts >= MIN_LEVEL_DAYS) | (len(present) == 1)]
    is_kept = np.isin(sources, big) | ~is_observed
    is_counted = is_observed & is_kept
    firmware, n_merged = _firmwares_with_a_level(is_counted, sources, firmwares)
    pairs, level, days = np.unique(
        np.stack([sources, firmware])[:, is_counted], axis=1, return_inverse=True, return_counts=True
    )
    dummies = np.zeros((len(dates), pairs.shape[1]))
    dummies[np.flatnonzero(is_counted), level.ravel()] = 1.0
    dummies = np.delete(dummies, np.argmax(days), axis=1) if len(days) else dummies
    columns, inflation = _independent(dummies, is_counted, is_massage, dates, lags)

    is_after = np.sum([lagged(is_massage, lag) for lag in lags], axis=0) > 0
    n_dropped = int(np.sum(is_observed & ~is_kept))
    devices = _devices(len(big), pairs.shape[1], n_dropped, n_merged, dummies.shape[1] - columns.shape[1])
    if n_dropped and not is_counted.any():
        why = words.no_device(MIN_LEVEL_DAYS)
    elif np.any(is_observed & is_after) and not np.any(is_counted & is_after):
        why = words.OTHER_DEVICE_AFTER
    elif columns.shape[1] and inflation > MAX_INFLATION:
        why = words.DEVICE_FOLLOWS_MASSAGES
    else:
        return Levels(columns, is_kept, n_dropped, Gate(ONE_DEVICE, True, devices))
    return Levels(columns, is_kept, n_dropped, Gate(ONE_DEVICE, False, text(devices, why) if n_dropped else why))


def level_shift(
    values: Floats,
    columns: Floats,
    dates: Dates,
    *,
    seed: int,
    unit: str = "",
    metric: str = "",
    simulations: int = SHIFT_SIMULATIONS,
) -> tuple[Gate, Shift | None]:
    """Whether the series makes one lasting step that is not recorded; a warning, not a refusal.

    `values` (days) has NaN on days that do not count; `columns` (days, count) hold all else that moves them: weekdays,
    massages, the levels of known devices, but no spline of time, which would bend around the step. Every date with 28
    observed days on each side is tried as the first of a new level, by generalised least squares under the likeliest
    noise shape; the largest |t| is put beside the largest in series that are simulated from the fitted noise, which
    has slow swings of its own. The noise is fitted half without and half with the likeliest step: without it a real
    step passes for slow swings, with it slow swings for a step. On simulated noise (300 series each of eleven kinds) 0
    to 1.7% without a step are said to have one; a step of 1.5 standard deviations in the middle third is found in 25 to
    50% of series of half a year, 64 to 84% of a year, 96% and more of two years. The same input and seed give the same
    answer to the bit.
    """
    days = np.flatnonzero(np.isfinite(values))
    firsts = days[MIN_LEVEL_DAYS : len(days) - MIN_LEVEL_DAYS + 1]
    if len(firsts) == 0 or len(days) <= columns.shape[1] + 3:
        return Gate(LEVEL_SHIFT, True, words.TOO_FEW_FOR_A_JUMP), None
    stride = -(-len(firsts) // MAX_CANDIDATES)
    weights = _noise_with_or_without_step(values, columns, firsts[:: 3 * stride])
    scan = _Scan.of(values, columns, weights)
    steps = scan.steps(firsts[::stride])
    noise = scan.simulated(simulations, np.random.default_rng(seed))
    found = scan.explained(steps, scan.outcome[:, None])[:, 0]
    exceed = int(np.sum(scan.explained(steps, noise).max(axis=0) >= found.max()))
    p_value = (1 + exceed) / (simulations + 1)
    if p_value > SHIFT_P:
        return Gate(LEVEL_SHIFT, True, words.NO_JUMP), None

    near = int(np.argmax(found)) * stride
    firsts = firsts[max(0, near - stride + 1) : near + stride]
    steps = scan.steps(firsts)
    best = int(np.argmax(scan.explained(steps, scan.outcome[:, None])[:, 0]))
    shift = Shift(dates[firsts[best]], scan.size(firsts[best]), p_value)
    sentence = words.jump(shift.date, numbers.change_alone(shift.size, unit, metric))
    return Gate(LEVEL_SHIFT, False, sentence), shift


@dataclass(frozen=True)
class _Scan:
    """A series under one noise shape: whitened and without what the columns explain."""

    filters: Whitener
    weights: Floats  # of all shapes
    basis: Floats  # (observed days, columns and constant), orthonormal
    outcome: Floats  # (observed days)

    @classmethod
    def of(cls, values: Floats, columns: Floats, weights: Floats) -> "_Scan":
        is_observed = np.isfinite(values)
        filters = grid_whitener(is_observed.tobytes()).of_shape(int(np.argmax(weights)))
        centred = np.where(is_observed, values - np.mean(values[is_observed]), 0.0)
        whitened = filters.whiten(np.column_stack([centred, columns, np.ones(len(values))]))[0]
        left, sizes, _ = np.linalg.svd(whitened[:, 1:], full_matrices=False)
        return cls(filters, weights, left[:, sizes > 1e-9 * sizes[0]], whitened[:, 0])

    def without_columns(self, whitened: Floats) -> Floats:
        return np.asarray(whitened - self.basis @ (self.basis.T @ whitened))

    def steps(self, firsts: NDArray[np.intp]) -> Floats:
        """A step from each of the days on, of length 1 after whitening: (observed days, steps)."""
        rising = (np.arange(len(self.filters.is_observed))[:, None] >= firsts).astype(np.float64)
        left = self.without_columns(self.filters.whiten(rising)[0])
        sizes = np.sqrt(np.sum(left**2, axis=0))
        return np.asarray(left / np.where(sizes > 1e-6, sizes, np.inf))

    def explained(self, steps: Floats, whitened: Floats) -> Floats:
        """The share of each series that each step explains: (steps, series). It rises with |t|."""
        left = self.without_columns(whitened)
        return np.asarray((steps.T @ left) ** 2 / np.maximum(np.sum(left**2, axis=0), 1e-300))

    def size(self, first: int) -> float:
        """The height of the step from a day on, in the unit of the values."""
        rising = (np.arange(len(self.filters.is_observed)) >= first).astype(np.float64)
        left = self.without_columns(self.filters.whiten(rising[:, None])[0])[:, 0]
        return float(left @ self.without_columns(self.outcome) / (left @ left))

    def simulated(self, count: int, random: np.random.Generator) -> Floats:
        """Whitened noise of the shapes that fit the series, without any step: (observed days, count)."""
        shapes = shape_grid()
        picks = random.choice(len(shapes), size=count, p=self.weights)
        return np.asarray(self.filters.whiten(simulate(shapes, picks, len(self.filters.is_observed), random))[0])


def _noise_with_or_without_step(values: Floats, columns: Floats, firsts: NDArray[np.intp]) -> Floats:
    """How likely each shape of noise is, half without a step and half with the likeliest one."""
    background = Background(values, columns)
    without = background.shape_weights()
    scan = _Scan.of(values, columns, without)
    first = firsts[int(np.argmax(scan.explained(scan.steps(firsts), scan.outcome[:, None])[:, 0]))]
    step = (np.arange(len(values)) >= first).astype(np.float64)
    return np.asarray((without + background.shape_weights(step[:, None])) / 2)


def _firmwares_with_a_level(is_counted: Bools, sources: Integers, firmwares: Integers | None) -> tuple[Integers, int]:
    """The firmware of each counted day, those with too few days as the one before; how many were so merged."""
    firmware = np.zeros(len(sources), dtype=np.int64)
    if firmwares is None or not is_counted.any():
        return firmware, 0
    days_of = {int(source): np.flatnonzero(is_counted & (sources == source)) for source in np.unique(sources)}
    days_of = {source: days for source, days in days_of.items() if len(days)}
    for days in days_of.values():
        firmware[days] = _recorded_before(firmwares[days])
    most = 1 + int(is_counted.sum()) // DAYS_PER_LEVEL
    for merged in range(len(sources)):
        counts = [
            (int(np.sum(firmware[days] == version)), int(days[0]), source, int(version))
            for source, days in days_of.items()
            for version in np.unique(firmware[days])
        ]
        several = [pair for pair in counts if len(np.unique(firmware[days_of[pair[2]]])) > 1]
        if not several:
            return firmware, merged
        count, _, source, version = min(several)
        if count >= MIN_LEVEL_DAYS and len(counts) <= most:
            return firmware, merged
        days = days_of[source]
        others = firmware[days] != version
        first = int(np.argmin(others))
        firmware[days[~others]] = firmware[days[first - 1]] if first else firmware[days[int(np.argmax(others))]]
    return firmware, len(sources)


def _recorded_before(firmwares: Integers) -> Integers:
    """Each number, or where not recorded the one before; at the beginning the first that is recorded."""
    is_known = firmwares != NOT_RECORDED
    if not is_known.any():
        return firmwares
    last = np.maximum.accumulate(np.where(is_known, np.arange(len(firmwares)), -1))
    return np.asarray(firmwares[np.where(last >= 0, last, int(np.argmax(is_known)))])


def _independent(
    dummies: Floats, is_counted: Bools, is_massage: Floats, dates: Dates, lags: Sequence[int]
) -> tuple[Floats, float]:
    """The columns that weekday, trend and the columns before do not explain; variance inflation of the window.

    The inflation is by all that stands beside the window in the regression, so by the other days near massages too.
    """
    usual = np.column_stack([np.ones(len(dates)), weekdays(dates), trend(len(dates))])[is_counted]
    if len(usual) == 0:
        return dummies[:, :0], float("inf")
    left, sizes, _ = np.linalg.svd(usual, full_matrices=False)
    basis = left[:, sizes > 1e-9 * sizes[0]]
    chosen = []
    for number, column in enumerate(dummies[is_counted].T):
        rest = column - basis @ (basis.T @ column)
        if rest @ rest > 1e-6 * (column @ column):
            basis = np.column_stack([basis, rest / np.sqrt(rest @ rest)])
            chosen.append(number)
    near = np.column_stack([basis, *(lagged(is_massage, lag)[is_counted] for lag in beside(lags))])
    after = np.sum([lagged(is_massage, lag) for lag in lags], axis=0)[is_counted]
    rest = after - near @ np.linalg.lstsq(near, after, rcond=None)[0]
    total, unexplained = float(np.sum((after - after.mean()) ** 2)), float(rest @ rest)
    return dummies[:, chosen], total / unexplained if unexplained > 1e-9 * total else float("inf")


def _devices(n_sources: int, n_levels: int, n_dropped: int, n_merged: int, n_explained: int) -> str:
    """What was done about devices, in plain words."""
    return text(
        words.ONE_DEVICE if n_levels <= 1 else words.devices(n_sources, n_levels),
        words.told_by_weekday(n_explained) if n_explained else "",
        words.merged(n_merged) if n_merged else "",
        words.dropped(n_dropped, MIN_LEVEL_DAYS) if n_dropped else "",
    )
