"""A change of device, firmware or algorithm looks like an effect: each gets its own level, or the answer is refused.

What is recorded (the source of each day, its firmware) becomes columns for the regression. What is not is looked for in
`jumps`.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from recovery.effects.design import basis_beside, lagged, usual_basis
from recovery.effects.gates import MAX_INFLATION, ONE_DEVICE, Gate, beside
from recovery.vocabulary.windows import DAYS_AFTER
from recovery.words import checks as words
from recovery.words.effects import text

Floats = NDArray[np.float64]
Integers = NDArray[np.int64]
Bools = NDArray[np.bool_]
Dates = NDArray[np.datetime64]

MIN_LEVEL_DAYS = 28  # valid days that a level of its own takes; four of each weekday
DAYS_PER_LEVEL = 60  # valid days for one column of levels, as for one degree of freedom of the trend
NOT_RECORDED = -1


@dataclass(frozen=True)
class Levels:
    """What tells the devices of one metric apart, for the days of a regression."""

    columns: Floats  # (days, count) 0 or 1; count is 0 where one device measured all
    is_kept: Bools  # (days) False on days of sources with too few days for a level of their own
    n_dropped: int  # valid days that are not kept
    gate: Gate


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
    _, source = np.unique(sources[is_counted], return_inverse=True)
    versions, version = np.unique(firmware[is_counted], return_inverse=True)
    pairs, level, days = np.unique(source * len(versions) + version, return_inverse=True, return_counts=True)
    dummies = np.zeros((len(dates), len(pairs)))
    dummies[np.flatnonzero(is_counted), level] = 1.0
    dummies = np.delete(dummies, np.argmax(days), axis=1) if len(days) else dummies
    columns, inflation = _independent(dummies, is_counted, is_massage, dates, lags)

    is_after = np.sum([lagged(is_massage, lag) for lag in lags], axis=0) > 0
    n_dropped = int(np.sum(is_observed & ~is_kept))
    devices = _devices(len(big), len(pairs), n_dropped, n_merged, dummies.shape[1] - columns.shape[1])
    if n_dropped and not is_counted.any():
        why = words.no_device(MIN_LEVEL_DAYS)
    elif np.any(is_observed & is_after) and not np.any(is_counted & is_after):
        why = words.OTHER_DEVICE_AFTER
    elif columns.shape[1] and inflation > MAX_INFLATION:
        why = words.DEVICE_FOLLOWS_MASSAGES
    else:
        return Levels(columns, is_kept, n_dropped, Gate(ONE_DEVICE, True, devices))
    return Levels(columns, is_kept, n_dropped, Gate(ONE_DEVICE, False, text(devices, why) if n_dropped else why))


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
    versions_of = {source: np.unique(firmware[days], return_counts=True) for source, days in days_of.items()}
    for merged in range(len(sources)):
        counts = [
            (int(count), int(days_of[source][0]), source, int(version))
            for source, versions in versions_of.items()
            for version, count in zip(*versions, strict=True)
        ]
        several = [pair for pair in counts if len(versions_of[pair[2]][0]) > 1]
        if not several:
            return firmware, merged
        count, _, source, version = min(several)
        if count >= MIN_LEVEL_DAYS and len(counts) <= most:
            return firmware, merged
        days = days_of[source]
        others = firmware[days] != version
        first = int(np.argmin(others))
        firmware[days[~others]] = firmware[days[first - 1]] if first else firmware[days[int(np.argmax(others))]]
        versions_of[source] = np.unique(firmware[days], return_counts=True)
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
    if not is_counted.any():
        return dummies[:, :0], float("inf")
    if not dummies.shape[1]:  # one device: nothing stands beside the window on its account
        return dummies, 1.0
    basis = usual_basis(dates, is_counted)
    chosen = []
    for number, column in enumerate(dummies[is_counted].T):
        rest = column - basis @ (basis.T @ column)
        if rest @ rest > 1e-6 * (column @ column):
            basis = np.column_stack([basis, rest / np.sqrt(rest @ rest)])
            chosen.append(number)
    near = basis_beside(basis, np.column_stack([lagged(is_massage, lag)[is_counted] for lag in beside(lags)]))
    after = np.sum([lagged(is_massage, lag) for lag in lags], axis=0)[is_counted]
    rest = after - near @ (near.T @ after)
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
