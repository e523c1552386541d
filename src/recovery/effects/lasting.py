"""How long it lasts: the change on the day of a massage and on each of the seven after it."""

from typing import Literal

import numpy as np
from numpy.typing import NDArray

from recovery.effects.design import lagged, trend, weekdays
from recovery.effects.regression import SIMULATIONS, Estimate, fit_many

Floats = NDArray[np.float64]
Dates = NDArray[np.datetime64]
DAYS = range(8)


def by_day(
    values: Floats, is_massage: Floats, dates: Dates, *, seed: int, simulations: int = SIMULATIONS
) -> list[Estimate]:
    """The change on days 0 to +7, each with its own interval and the others left free, in the unit of the values.

    Slow build-up over many massages is not seen: the days compared with have massages before them too.
    Raises ValueError as `regression.fit` does; massages every week leave little to compare the later days with.
    """
    days = np.column_stack([lagged(is_massage, day) for day in DAYS])
    columns = np.column_stack([days, weekdays(dates), trend(len(dates))])
    return fit_many(values, columns, wanted=len(DAYS), seed=seed, simulations=simulations)


def days_better(changes: list[Estimate], better: Literal["up", "down"]) -> int:
    """How many days in a row from the day after on whose interval lies on the better side of 0."""
    count = 0
    for change in changes[1:]:
        if (change.ci_low <= 0) if better == "up" else (change.ci_high >= 0):
            break
        count += 1
    return count
