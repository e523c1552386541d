"""Simulated people with a known effect of massage; every number from a seed."""

from dataclasses import dataclass

import numpy as np

from recovery.effects import design
from recovery.effects.noise import NoiseShapes, simulate

SHAPE = NoiseShapes(np.array([0.4]), np.array([0.2]), np.array([0.1]), np.zeros(1))
DAY_0 = np.datetime64("2026-01-01")


@dataclass(frozen=True)
class Person:
    """Daily values in units of their noise, NaN where missing; pain of the morning, 0-10, before any massage."""

    dates: np.ndarray
    values: np.ndarray
    is_massage: np.ndarray
    pain: np.ndarray


def _noise(random: np.random.Generator, days: int) -> np.ndarray:
    values = simulate(SHAPE, np.zeros(1, dtype=np.intp), days, random)[:, 0]
    return values + 0.3 * random.standard_normal(7)[np.arange(days) % 7]


def _pain(random: np.random.Generator, days: int) -> np.ndarray:
    """AR(1) around 3 with flares every month or so that rise at once and fade over days."""
    out = np.zeros(days)
    flare = 0.0
    for day in range(1, days):
        flare = 0.8 * flare + (random.uniform(2.5, 4.5) if random.random() < 1 / 30 else 0.0)
        out[day] = 0.7 * out[day - 1] + 0.6 * random.standard_normal()
        out[day] += 0.3 * flare
    return np.clip(np.round(3 + out), 0, 10)


def _missing(random: np.random.Generator, values: np.ndarray, share: float) -> np.ndarray:
    out = values.copy()
    out[random.random(len(values)) < share] = np.nan
    return out


def books_at_random(
    seed: int, effect: float = 0.0, days: int = 120, massages: int = 14, missing_share: float = 0.05
) -> Person:
    """Massages on any days; each lifts the three days after it by `effect`."""
    random = np.random.default_rng(seed)
    is_massage = np.zeros(days)
    is_massage[random.choice(np.arange(4, days - 4), massages, replace=False)] = 1
    values = _noise(random, days) + effect * sum(design.lagged(is_massage, lag) for lag in (1, 2, 3))
    return Person(DAY_0 + np.arange(days), _missing(random, values, missing_share), is_massage, _pain(random, days))


def books_when_it_hurts(
    seed: int, effect: float = 0.0, days: int = 240, strength: float = 0.4, missing_share: float = 0.05
) -> Person:
    """Massages follow the pain of the same morning, which also lowers the value: they fall on low days by choice."""
    random = np.random.default_rng(seed)
    pain = _pain(random, days)
    is_massage = np.zeros(days)
    last = -10
    for day in range(7, days):
        chance = 1 / (1 + np.exp(-(1.0 * (pain[day] - 3) - 3.2)))
        if day - last > 3 and random.random() < chance:
            is_massage[day], last = 1, day
    values = _noise(random, days) - strength * (pain - 3)
    values += effect * sum(design.lagged(is_massage, lag) for lag in (1, 2, 3))
    return Person(DAY_0 + np.arange(days), _missing(random, values, missing_share), is_massage, pain)


def books_weekly(seed: int, days: int = 120) -> Person:
    """Every Tuesday, never skipped: what a Wednesday to Friday is like without a massage is not known."""
    random = np.random.default_rng(seed)
    dates = DAY_0 + np.arange(days)
    is_massage = ((dates.astype(np.int64) + 3) % 7 == 1).astype(float)
    return Person(dates, _missing(random, _noise(random, days), 0.05), is_massage, _pain(random, days))
