"""Series without any jump of their level, in which the program looks for one."""

from collections.abc import Callable, Iterator

import numpy as np

from recovery.effects.design import weekdays, window
from recovery.effects.gates import beside
from recovery.effects.jumps import level_shift

from .bookings import by_calendar
from .cells import Cell
from .noise import Random, fractional, heavy_tails, long_memory, regimes
from .results import Line

SERIES = 300  # a family
DAYS = 540


def _recovers(random: Random, days: int) -> np.ndarray:
    return long_memory(random, days) + random.uniform(1, 3) * (1 - np.exp(-np.arange(days) / random.uniform(40, 200)))


def _seasons(random: Random, days: int) -> np.ndarray:
    wave = np.sin(2 * np.pi * (np.arange(days) / 365.25 + random.random()))
    return long_memory(random, days) + random.uniform(0.5, 1.0) * wave


def _drifts(random: Random, days: int) -> np.ndarray:
    return long_memory(random, days) + random.uniform(-2, 2) * np.arange(days) / days


def _floored(random: Random, days: int) -> np.ndarray:
    return np.maximum(long_memory(random, days), 0.3)


def _weekly(random: Random, days: int) -> np.ndarray:
    """Weeks that differ more than days, as of shifts at work."""
    return 0.7 * np.repeat(random.standard_normal(days // 7 + 1), 7)[:days] + 0.7 * random.standard_normal(days)


FAMILIES: dict[str, Callable[[Random, int], np.ndarray]] = {
    "long memory": long_memory,
    "very long memory": lambda random, days: fractional(random, days, 0.96),
    "regimes": regimes,
    "heavy tails": heavy_tails,
    "recovery": _recovers,
    "season": _seasons,
    "drift": _drifts,
    "floored": _floored,
    "weeks": _weekly,
}


def cells() -> Iterator[Cell]:
    for family in FAMILIES:
        yield Cell("levels", family, "none", SERIES)


def line(cell: Cell, number: int) -> Line:
    """Whether a jump is claimed in one series of the family."""
    random = np.random.default_rng([list(FAMILIES).index(cell.booking), number])
    values = FAMILIES[cell.booking](random, DAYS)
    values[random.random(DAYS) < 0.08] = np.nan
    dates = np.datetime64("2023-01-02") + int(random.integers(0, 365)) + np.arange(DAYS)
    is_massage = by_calendar("random", random, DAYS)
    columns = np.column_stack([weekdays(dates), window(is_massage, (1, 2, 3), beside((1, 2, 3)))])
    gate, _ = level_shift(values, columns, dates)
    return {"number": number, "jump": not gate.passed}
