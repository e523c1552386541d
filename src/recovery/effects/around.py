"""How far the mean of a day around massages may lie off by chance, given the memory of this person's days."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from recovery.effects.design import event_window, lagged, trend, weekdays, without_weekday_and_trend
from recovery.effects.noise import shape_grid, simulate
from recovery.effects.regression import shape_weights
from recovery.vocabulary.windows import AROUND_DAYS, NEAR_DAYS

Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]
Dates = NDArray[np.datetime64]

MIN_MASSAGES = 3  # of which a mean is given an interval
SIMULATIONS = 399


def half_widths(
    values: Floats,
    is_massage: Floats,
    dates: Dates,
    *,
    seed: int,
    offsets: Sequence[int] = AROUND_DAYS,
    simulations: int = SIMULATIONS,
) -> dict[int, float]:
    """Half the width of the 95% interval of the mean value so many days from massages, in the unit of the values.

    Noise of the shapes and the size of what weekday, trend and massages leave is simulated on the same days, weekday
    and trend are taken out, and 95 of 100 means over the same massages lie no further from 0. A day counts that was
    measured and is not day 0 to +3 of another massage; an offset with fewer than MIN_MASSAGES such days is left out.
    Says nothing of why the mean differs.
    """
    is_observed = np.isfinite(values)
    columns = np.column_stack([weekdays(dates), trend(len(values)), event_window(is_massage)])
    design = np.column_stack([np.ones(len(values)), columns])[is_observed]
    observed = values[is_observed]
    left = observed - design @ np.linalg.lstsq(design, observed, rcond=None)[0]
    scale = float(np.std(left))
    weights = shape_weights(values, columns)
    random = np.random.default_rng(seed)
    picks = random.choice(len(weights), size=simulations, p=weights)
    noise = without_weekday_and_trend(simulate(shape_grid(), picks, len(values), random), dates, is_observed)
    widths = {}
    for offset in offsets:
        is_counted = is_observed & counted(is_massage, offset)
        if is_counted.sum() >= MIN_MASSAGES:
            widths[offset] = scale * float(np.quantile(np.abs(noise[is_counted].mean(axis=0)), 0.95))
    return widths


def counted(is_massage: Floats, offset: int) -> Bools:
    """Days so many days from a massage that are not day 0 to +3 of another one."""
    is_there = lagged(is_massage, offset) > 0
    after = np.sum([lagged(is_massage, lag) for lag in NEAR_DAYS], axis=0)
    return np.asarray(is_there & (after == (1 if offset in NEAR_DAYS else 0)))
