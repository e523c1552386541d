"""Pain that is felt three times a day and rated, with the noise of published diaries (methods-2, section 5).

A share of the variance carries on for weeks, by a power law and not as an autoregression; of the rest a part is felt
for a day and a part is the error of a rating. Flares last two to four days and rise within one. Raters repeat
yesterday's number, and days without a line stick together and go with less pain.
"""

from dataclasses import dataclass

import numpy as np

from .noise import Random, fractional

# Of five published series: deviation, persistent share, Hurst exponent, flares a year, grain of the scale.
REAL = (
    (0.21, 0.81, 0.93, 1.6, 0.1),
    (0.2, 0.85, 0.96, 3.2, 0.1),
    (0.69, 0.39, 0.88, 0.9, 0.5),
    (0.7, 0.63, 0.9, 1.9, 0.5),
    (0.46, 0.44, 0.85, 3.4, 0.5),
)
DAY_SHARE = 0.5  # of what does not carry on, that is felt on one day; the rest is the rater's error


@dataclass(frozen=True)
class Felt:
    """What is felt in points (days, 3): morning, afternoon, evening; and how it is rated."""

    usual: float
    felt: np.ndarray  # about 0
    deviation: float
    error: np.ndarray  # of the ratings (days, 3)
    is_repeated: np.ndarray  # (days, 3) where the rater would repeat yesterday's number
    grain: float
    medicine: np.ndarray  # points by which a pill of the morning lowers afternoon and evening (days, 3)

    @property
    def in_deviations(self) -> np.ndarray:
        return (self.felt - self.felt.mean()) / self.felt.std()


def felt(random: Random, days: int, *, takes_medicine: bool, falls: bool) -> Felt:
    """A person's pain; `falls` says that it heals by itself over the months."""
    deviation, share, hurst, flares, grain = REAL[int(random.integers(len(REAL)))]
    usual = random.uniform(2.5, 5.5)
    slow = fractional(random, days + 1, hurst)
    slow = (slow - slow.mean()) / max(float(slow.std()), 0.3)
    by_slot = np.column_stack([slow[:-1] + gap * np.diff(slow) for gap in (0.0, 1 / 3, 1 / 2)])
    within = random.standard_normal((days, 1)) + 0.5 * random.standard_normal((days, 3))
    state = np.sqrt(share) * by_slot + np.sqrt((1 - share) * DAY_SHARE / 1.25) * within
    state += random.uniform(0.05, 0.3) * random.standard_normal(7)[np.arange(days) % 7, None]
    for start in np.flatnonzero(random.random(days) < flares / 365):
        length = int(random.integers(2, 5))
        rise = np.minimum(1.0, (np.arange(3 * length) + 1 + random.integers(0, 3)) / 4).reshape(length, 3)
        end = min(days, start + length)
        state[start:end] += random.uniform(1.5, 3.0) * rise[: end - start]
    points = deviation * state
    if falls:
        points -= 0.4 * usual * (1 - np.exp(-np.arange(days) / random.uniform(90, 300)))[:, None]
    medicine = np.zeros((days, 3))
    if takes_medicine:
        is_bad = points[:, 0] > np.quantile(points[:, 0], 0.8)
        is_taken = is_bad & (random.random(days) < 0.6)
        medicine[is_taken, 1:] = random.uniform(0.6, 1.2) * deviation
    error = deviation * np.sqrt((1 - share) * (1 - DAY_SHARE)) * random.standard_normal((days, 3))
    is_repeated = random.random((days, 3)) < random.uniform(0.15, 0.45)
    return Felt(usual, points, deviation, error, is_repeated, grain, medicine)


def rated(of: Felt, relief: np.ndarray) -> np.ndarray:
    """The ratings (days, 3), 0 to 10, where massages take off `relief` points a day."""
    exact = of.usual + of.felt - of.medicine - relief[:, None] + of.error
    out = np.clip(np.round(exact / of.grain) * of.grain, 0, 10)
    near = 0.7 * of.deviation + of.grain / 2
    for day in range(1, len(out)):
        repeats = of.is_repeated[day] & (np.abs(out[day] - out[day - 1]) <= near)
        out[day] = np.where(repeats, out[day - 1], out[day])
    return out


def right_before(random: Random, of: Felt, relief: np.ndarray, hour: np.ndarray) -> np.ndarray:
    """What would be told right before a massage at that hour of each day, in whole points."""
    states = of.usual + of.felt - of.medicine - relief[:, None]
    at = np.array([np.interp(time, (8.0, 16.0, 20.0), row) for time, row in zip(hour, states, strict=True)])
    return np.clip(np.round(at + of.error.std() * random.standard_normal(len(at))), 0, 10)


def missing(random: Random, state: np.ndarray) -> np.ndarray:
    """Days without a line, by pain in deviations: they stick together and go with less pain."""
    begins, stays = random.uniform(0.03, 0.08), random.uniform(0.5, 0.8)
    out, is_missing = np.zeros(len(state), dtype=bool), False
    for day, level in enumerate(state):
        chance = (stays if is_missing else begins) * np.exp(-0.4 * np.clip(level, -1.5, 1.0))
        is_missing = bool(random.random() < min(chance, 0.9))
        out[day] = is_missing
    return out
