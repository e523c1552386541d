"""Noise from day to day that is not the noise of any model of the program; variance about 1."""

from collections.abc import Callable

import numpy as np

Random = np.random.Generator


def long_memory(random: Random, days: int) -> np.ndarray:
    """Fractional Gaussian noise: correlations fall like a power of the days between (Davies and Harte 1987)."""
    return fractional(random, days, random.uniform(0.65, 0.9))


def fractional(random: Random, days: int, hurst: float) -> np.ndarray:
    """Fractional Gaussian noise of a Hurst exponent between 0.5 and 1, drawn exactly."""
    gap = np.arange(days + 1, dtype=float)
    covariance = 0.5 * ((gap + 1) ** (2 * hurst) - 2 * gap ** (2 * hurst) + np.abs(gap - 1) ** (2 * hurst))
    circle = np.concatenate([covariance, covariance[-2:0:-1]])
    power = np.maximum(np.fft.fft(circle).real, 0.0)
    drawn = random.standard_normal(len(circle)) + 1j * random.standard_normal(len(circle))
    return np.asarray(np.fft.fft(np.sqrt(power / len(circle)) * drawn).real[:days])


def regimes(random: Random, days: int) -> np.ndarray:
    """A life of quiet and of busy weeks, each with its own level and its own spread."""
    levels, spreads = np.array([0.35, -0.7]), np.array([0.7, 1.1])
    leave = 1 / random.uniform([25.0, 10.0], [60.0, 25.0])
    state, out = int(random.random() < 1 / 3), np.empty(days)
    short = random.uniform(0.1, 0.4)
    last = 0.0
    for day in range(days):
        if random.random() < leave[state]:
            state = 1 - state
        last = short * last + np.sqrt(1 - short**2) * random.standard_normal()
        out[day] = levels[state] + spreads[state] * last
    return out


def heavy_tails(random: Random, days: int) -> np.ndarray:
    """Student's t with 4 degrees of freedom through an AR(2), and calm and wild months (a volatility of its own)."""
    shocks = random.standard_t(4, days + 50) / np.sqrt(2)
    calm = np.exp(0.4 * np.repeat(random.standard_normal((days + 50) // 30 + 1), 30)[: days + 50])
    first, second = random.uniform(0.15, 0.4), random.uniform(0.05, 0.25)
    out = np.zeros(days + 50)
    for day in range(2, len(out)):
        out[day] = first * out[day - 1] + second * out[day - 2] + calm[day] * shocks[day]
    return np.asarray(out[50:] / 1.2)


KINDS: dict[str, Callable[[Random, int], np.ndarray]] = {
    "long memory": long_memory,
    "regimes": regimes,
    "heavy tails": heavy_tails,
}


def rebuilt(random: Random, days: int, residuals: np.ndarray, block: float = 20.0) -> np.ndarray:
    """So many days out of blocks of real residuals, of 20 days on average (Politis and Romano 1994)."""
    out = np.empty(days, dtype=int)
    at = 0
    for day in range(days):
        at = int(random.integers(len(residuals))) if day == 0 or random.random() < 1 / block else at + 1
        out[day] = at % len(residuals)
    return np.asarray(residuals[out])
