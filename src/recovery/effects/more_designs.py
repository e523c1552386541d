"""What other ways to book or to record would tell, for one person: the same weeks with one thing changed.

The last year of whole weeks stands for the weeks to come. The weekday is drawn for each massage; or all days are
measured; or of each two weeks one is drawn to have the massages of the busier one and the other none. The information
of each, in noise of the person's own shape, beside that of the weeks as they are.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from recovery.effects.design import weekday_numbers
from recovery.effects.design_information import information
from recovery.effects.noise import NoiseShapes
from recovery.vocabulary.designs import Design
from recovery.vocabulary.windows import DAYS_AFTER

Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]
Dates = NDArray[np.datetime64]

YEAR = 52  # weeks
MIN_WEEKS = 8  # that tell how a person books
MOSTLY = 0.6  # of massages on one weekday: less, and to vary it changes little
MISSED = 0.05  # of days missing: less, and to measure all changes little


@dataclass(frozen=True)
class OtherWay:
    """A design beside the one so far."""

    design: Design
    per_week: float  # massages
    growth: float  # information of a massage, as a multiple of one booked as so far
    weeks_efficiency: float


def other_ways(
    is_massage: Floats,
    is_observed: Bools,
    dates: Dates,
    shape: NoiseShapes,
    *,
    seed: int,
    lags: Sequence[int] = DAYS_AFTER,
) -> list[OtherWay]:
    """The ways that could be tried; none where a person booked for less than eight whole weeks."""
    weeks = _whole_weeks(is_massage, dates)
    if len(weeks) < MIN_WEEKS:
        return []
    tiled = np.resize(np.arange(len(weeks)), YEAR)
    massages, observed = is_massage[weeks][tiled], is_observed[weeks][tiled]
    monday = dates[weeks[0, 0]] + np.arange(7 * YEAR)
    own = information(massages.ravel(), observed.ravel(), monday, shape, lags).of_estimate / massages.sum()
    found = []
    for design, booked, seen in _designs(massages, observed, np.random.default_rng(seed)):
        told = information(booked.ravel(), seen.ravel(), monday, shape, lags)
        per_massage = told.of_estimate / booked.sum()
        growth = per_massage / own if own > 0 else 1.0
        found.append(OtherWay(design, float(booked.sum()) / YEAR, float(growth), told.weeks_efficiency))
    return found


def _whole_weeks(is_massage: Floats, dates: Dates) -> NDArray[np.int64]:
    """Positions of the days of the last whole weeks since the first massage, a year at most: (weeks, 7)."""
    booked = np.flatnonzero(is_massage > 0)
    mondays = np.flatnonzero(weekday_numbers(dates) == 0)
    first = int(booked[0]) if len(booked) else len(dates)
    kept = mondays[(mondays + 7 > first) & (mondays + 7 <= len(dates))][-YEAR:]
    return np.asarray(kept[:, None] + np.arange(7))


def _designs(massages: Floats, observed: Bools, random: np.random.Generator) -> Iterator[tuple[Design, Floats, Bools]]:
    """Each way with its massages and measured days, (weeks, 7)."""
    counts = massages.sum(axis=1)
    if massages.sum(axis=0).max() >= MOSTLY * massages.sum():
        places = random.random(massages.shape).argsort(axis=1).argsort(axis=1)  # of each weekday, drawn
        yield Design.ANY_WEEKDAY, (places < counts[:, None]).astype(np.float64), observed
    if observed.mean() <= 1 - MISSED:
        yield Design.NO_DAY_MISSING, massages, np.ones_like(observed)
    pairs = massages[: len(massages) // 2 * 2].reshape(-1, 2, 7)
    busier = np.take_along_axis(pairs, pairs.sum(axis=2).argmax(axis=1)[:, None, None], axis=1)
    is_drawn = random.random(len(pairs)) < 0.5
    by_lot = np.stack([np.where(is_drawn[:, None], busier[:, 0], 0), np.where(is_drawn[:, None], 0, busier[:, 0])], 1)
    yield Design.WEEKS_BY_LOT, by_lot.reshape(-1, 7), observed
