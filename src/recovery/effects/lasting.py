"""How long it lasts: the change on the day of a massage and on each of the seven after it."""

from collections.abc import Iterable
from itertools import takewhile

import numpy as np
from numpy.typing import NDArray

from recovery.effects.design import lagged, usual
from recovery.effects.regression import SIMULATIONS, Background, Estimate
from recovery.vocabulary.metrics import Better
from recovery.vocabulary.windows import SINGLE_DAYS

Floats = NDArray[np.float64]
Dates = NDArray[np.datetime64]


def by_day(
    values: Floats,
    is_massage: Floats,
    dates: Dates,
    *,
    seed: int,
    simulations: int = SIMULATIONS,
    background: Background | None = None,
) -> list[Estimate]:
    """The change on days 0 to +7, each with its own interval and the others left free, in the unit of the values.

    Slow build-up over many massages is not seen: the days compared with have massages before them too.
    `background` is that of the same values, weekday and trend, with its noise, where there is one already. Raises
    ValueError as `regression.fit` does; massages every week leave little to compare the later days with.
    """
    days = np.column_stack([lagged(is_massage, day) for day in SINGLE_DAYS])
    if background is None:
        background = Background(values, usual(dates))
        background.draw(days, seed=seed, simulations=simulations)
    return background.fit(days, wanted=len(SINGLE_DAYS))


def is_better(interval: tuple[float, float] | None, better: Better) -> bool:
    """Whether a whole interval lies on the better side of 0."""
    if interval is None or better == "none":
        return False
    return interval[0] > 0 if better == "up" else interval[1] < 0


def days_better(intervals: Iterable[tuple[float, float] | None], better: Better) -> int:
    """How many days in a row, from the first one given, are better; None stands for a day without an estimate."""
    return sum(1 for _ in takewhile(lambda interval: is_better(interval, better), intervals))
