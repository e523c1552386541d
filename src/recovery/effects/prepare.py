"""What is done to every series before anything is asked of it: levels of devices, a jump, outliers, noise.

All days, and the first days up to each look, go through the same steps in the same order: days of devices with too few
of them are left out, each other device and the days since a jump get a level of their own, outliers are pulled in,
noise of the same kind is drawn, and the days after massages are compared with the rest.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from recovery.effects import gates, jumps
from recovery.effects.design import (
    basis_beside,
    usual,
    usual_basis,
    window,
    winsorised_about,
    with_constant,
    without_weekday_and_trend,
)
from recovery.effects.gates import Gate
from recovery.effects.levels import levels
from recovery.effects.noise import grid_whitener
from recovery.effects.regression import Background, Estimate
from recovery.effects.shared_noise import SharedNoise

Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]
Integers = NDArray[np.int64]
Dates = NDArray[np.datetime64]


@dataclass(frozen=True)
class Measured:
    """One number of each day, NaN on days that do not count, and what it was measured by.

    `sources` and `firmwares` are those of `levels.levels`. With `has_device` a jump that nobody told of gets a level of
    its own. `worn_min` is that of `wear.worn_alike`, None where the number does not follow the time a device is worn.
    """

    values: Floats
    sources: Integers | None = None
    firmwares: Integers | None = None
    has_device: bool = False
    worn_min: Floats | None = None

    @property
    def is_observed(self) -> Bools:
        return np.isfinite(self.values)


@dataclass(frozen=True)
class Levelled:
    """The first days of a series, with the columns that tell its devices apart."""

    values: Floats  # NaN also on days of devices that are left out
    columns: Floats  # (days, count)
    gates: tuple[Gate, ...]  # of the devices, and of a jump where it was looked for
    pattern: Bools  # of the whole record: whether a day is measured by a device that is not left out

    @property
    def is_refused(self) -> bool:
        return not self.gates[0].passed


def with_levels(
    measured: Measured,
    is_massage: Floats,
    dates: Dates,
    *,
    lags: Sequence[int],
    unit: str = "",
    metric: str = "",
) -> Levelled:
    """The levels of the devices of the first days, as many as there are dates; no later day counts.

    `unit` and `metric` are for the sentence of a jump. Where the devices refuse an answer no jump is looked for.
    """
    days, is_observed = len(dates), measured.is_observed
    sources = np.zeros(len(is_observed), dtype=np.int64) if measured.sources is None else measured.sources
    firmwares = None if measured.firmwares is None else measured.firmwares[:days]
    found = levels(is_observed[:days], is_massage, dates, sources[:days], firmwares, lags=lags)
    values = np.where(found.is_kept, measured.values[:days], np.nan)
    pattern = is_observed & ~np.isin(sources, sources[:days][~found.is_kept])
    if not (measured.has_device and found.gate.passed):
        return Levelled(values, found.columns, (found.gate,), pattern)
    around = window(is_massage, lags, gates.beside(lags))
    filters = jumps.filters_of(pattern.tobytes())
    filters = filters if days == len(pattern) else filters.first(days)
    jump, columns = jumps.with_jump(values, around, dates, found.columns, unit=unit, metric=metric, filters=filters)
    return Levelled(values, columns, (found.gate, jump), pattern)


@dataclass(frozen=True)
class Plain:
    """The days after massages against the others, before any check."""

    kept: Floats  # outliers pulled in, devices made level
    pulled_in: Floats  # outliers alone
    background: Background  # of `kept`, with the noise of both
    estimate: Estimate
    before: Estimate  # of the days before massages, beside
    deviation: float  # day to day, after weekday and trend


def plain(
    values: Floats,
    is_massage: Floats,
    dates: Dates,
    levels: Floats | None = None,
    *,
    seed: int,
    lags: Sequence[int],
    simulations: int,
    pattern: Bools | None = None,
    shared: SharedNoise | None = None,
) -> Plain:
    """The plain comparison; ask `gates.refusals` first.

    `pattern` is the `Levelled.pattern` of a longer record that begins with these days, and `shared` is the noise of the
    seed, where there are some: both are made once for all looks at it. Raises ValueError where the days around massages
    are all there are.
    """
    around, known = window(is_massage, lags, gates.beside(lags)), usual(dates)
    count = 0 if levels is None else levels.shape[1]
    if levels is not None and count:
        known = np.column_stack([known, levels])
    is_observed = np.isfinite(values)
    own = usual_basis(dates, is_observed)
    basis = with_constant(known[is_observed]) if count else own
    pulled_in = winsorised_about(values, basis_beside(basis, around[is_observed]))  # a large effect is no outlier
    filters = None if pattern is None else grid_whitener(pattern.tobytes()).first(len(dates))
    background = Background(pulled_in, known, filters, basis)
    ahead = gates.days_before(is_massage)
    background.draw(around, seed=seed, simulations=simulations, shared=shared, further=[ahead[:, None]])
    found, before = background.fit_beside(around, ahead)
    kept = pulled_in
    if count:  # what follows knows of weekday and trend alone
        kept = levelled(pulled_in, np.column_stack([around, known]), count)
        background = background.of_like_series(kept, usual(dates), own)
    left = without_weekday_and_trend(np.where(is_observed, kept, 0.0), dates, is_observed)
    return Plain(kept, pulled_in, background, found, before, float(np.std(left[is_observed])))


def levelled(values: Floats, columns: Floats, levels: int) -> Floats:
    """Values without the levels, which are the last of the columns; fitted beside all others, to take no more."""
    is_observed = np.isfinite(values)
    design = np.column_stack([np.ones(len(values)), columns])
    slopes = np.linalg.lstsq(design[is_observed], values[is_observed], rcond=None)[0]
    return np.asarray(values - columns[:, -levels:] @ slopes[-levels:])
