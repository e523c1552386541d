"""How far the mean of a day around massages may lie off by chance, given the memory of this person's days."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from recovery.effects.design import event_window, lagged, usual, without_weekday_and_trend
from recovery.effects.regression import Background
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
    background: Background | None = None,
) -> dict[int, float]:
    """Half the width of the 95% interval of the mean value so many days from massages, in the unit of the values.

    Noise of the shapes and the size of what weekday, trend and massages leave is simulated on the same days, weekday
    and trend are taken out, and 95 of 100 means over the same massages lie no further from 0. A day counts that was
    measured and is not day 0 to +3 of another massage; an offset with fewer than MIN_MASSAGES such days is left out.
    `background` is that of the same values, weekday and trend, with its noise, where there is one already. Says nothing
    of why the mean differs.
    """
    is_observed = np.isfinite(values)
    columns = np.column_stack([usual(dates), event_window(is_massage)])
    design = np.column_stack([np.ones(len(values)), columns])[is_observed]
    observed = values[is_observed]
    left = observed - design @ np.linalg.lstsq(design, observed, rcond=None)[0]
    scale = float(np.std(left))
    if background is None:
        background = Background(values, usual(dates))
        background.draw(event_window(is_massage), seed=seed, simulations=simulations)
    is_counted = {offset: is_observed & counted(is_massage, offset) for offset in offsets}
    is_counted = {offset: days for offset, days in is_counted.items() if days.sum() >= MIN_MASSAGES}
    if not is_counted:
        return {}
    # The mean of the days of noise that is freed of weekday and trend is that of the noise by weights freed of them.
    means = np.column_stack([days / days.sum() for days in is_counted.values()])
    means = without_weekday_and_trend(means, dates, is_observed).astype(np.float32).T @ background.noise.series
    return {
        offset: scale * float(np.quantile(np.abs(mean), 0.95)) for offset, mean in zip(is_counted, means, strict=True)
    }


def counted(is_massage: Floats, offset: int) -> Bools:
    """Days so many days from a massage that are not day 0 to +3 of another one."""
    is_there = lagged(is_massage, offset) > 0
    after = np.sum([lagged(is_massage, lag) for lag in NEAR_DAYS], axis=0)
    return np.asarray(is_there & (after == (1 if offset in NEAR_DAYS else 0)))
