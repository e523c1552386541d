"""People of methods.md, section 7: values in day-to-day standard deviations, made harder than the model that is fitted.

Weekday, season, drift, two-speed noise whose slow part is not the fitted one, bouts of outliers, days off the wrist
that are more often low ones, pain that lowers the values, and six ways to book. Nights are less alike from one to the
next than days.
"""

from dataclasses import dataclass, field

import numpy as np

BOOKINGS = ("random", "weekday", "course", "flare", "flare_sameday", "flare_strong")
EFFECTS = {  # change on the days 0, 1, 2, ... after a massage
    "none": np.zeros(1),
    "transient": np.array([0.0, 0.45, 0.45, 0.0]),
    "persistent": 0.15 * np.exp(-np.arange(91) / 30) * (np.arange(91) > 0),
    "night": np.array([0.3]),  # on the night that follows
    "no night": np.zeros(1),
}
NIGHTS = ("night", "no night")


@dataclass(frozen=True)
class Simulated:
    """One person: values NaN when not worn, morning pain as the diary tells it."""

    dates: np.ndarray
    values: np.ndarray
    is_massage: np.ndarray
    pain: np.ndarray
    autocovariance: np.ndarray = field(default_factory=lambda: np.zeros(0))  # of the noise, for an oracle


def simulated(booking: str, days: int, massages: int, effect: str, seed: int) -> Simulated:
    """A person with about so many massages (exactly, where booked at random); the same seed gives the same person."""
    random = np.random.default_rng(seed)
    is_strong = booking == "flare_strong"
    pain = _pain(random, days, is_strong)
    is_massage = booked(random, booking, days, massages, pain)
    weight = _pain_weight(random, is_strong)
    usual, autocovariance = _usual(random, days, is_night=effect in NIGHTS)
    values = usual - weight * (pain - 3)
    values += np.convolve(is_massage, EFFECTS[effect])[:days]
    values[_is_off(random, values)] = np.nan
    told = _told(random, pain)
    dates = _dates(random, days)
    autocovariance = autocovariance + weight**2 * _pain_autocovariance(days, is_strong)
    return Simulated(dates, values, is_massage, told, autocovariance)


def simulated_metrics(booking: str, days: int, massages: int, metrics: int, seed: int) -> list[Simulated]:
    """Several metrics of one person without any effect; they share massages, pain, and half of their variance."""
    random = np.random.default_rng(seed)
    is_strong = booking == "flare_strong"
    pain = _pain(random, days, is_strong)
    is_massage = booked(random, booking, days, massages, pain)
    told = _told(random, pain)
    dates = _dates(random, days)
    shared, _ = _usual(random, days)
    out = []
    for _ in range(metrics):
        values = (shared + _usual(random, days)[0]) / np.sqrt(2) - _pain_weight(random, is_strong) * (pain - 3)
        values[_is_off(random, values)] = np.nan
        out.append(Simulated(dates, values, is_massage, told))
    return out


def truth(effect: str, lags: tuple[int, ...] = (1, 2, 3)) -> float:
    """The mean effect of one massage on the days `lags` after it."""
    course = EFFECTS[effect]
    return float(np.mean([course[lag] if lag < len(course) else 0.0 for lag in lags]))


def _told(random: np.random.Generator, pain: np.ndarray) -> np.ndarray:
    return np.where(random.random(len(pain)) < 0.1, np.nan, np.round(pain))


def _dates(random: np.random.Generator, days: int) -> np.ndarray:
    return np.datetime64("2024-01-01") + random.integers(0, 365) + np.arange(days)


def _pain_weight(random: np.random.Generator, is_strong: bool) -> float:
    return random.uniform(0.3, 0.45) if is_strong else random.uniform(0.12, 0.25)


def _autoregressive(random: np.random.Generator, days: int, correlation: float) -> np.ndarray:
    out = np.empty(days)
    out[0] = random.standard_normal()
    steps = np.sqrt(1 - correlation**2) * random.standard_normal(days)
    for day in range(1, days):
        out[day] = correlation * out[day - 1] + steps[day]
    return out


def _usual(random: np.random.Generator, days: int, *, is_night: bool = False) -> tuple[np.ndarray, np.ndarray]:
    """Values without pain and massages, and the autocovariance of their noise, outliers with it."""
    time = np.arange(days)
    slow_share = random.uniform(0.1, 0.3)
    fast = random.uniform(0.0, 0.3) if is_night else random.uniform(0.2, 0.6)
    noise = np.sqrt(1 - slow_share) * _autoregressive(random, days, fast)
    slow = random.uniform(0.9, 0.98)
    noise += np.sqrt(slow_share) * _autoregressive(random, days, slow)
    season = 0.3 * np.sin(2 * np.pi * (time / 365.25 + random.random()))
    values = noise + season + random.normal(0, 0.3) * time / 365.25 + 0.35 * random.standard_normal(7)[time % 7]
    for day in np.flatnonzero(random.random(days) < 0.012 / 2):  # bouts last two days on average
        sign = 1 if random.random() < 2 / 3 else -1
        values[day : day + random.integers(1, 4)] += sign * random.uniform(1.5, 4)
    outliers = np.zeros(days)
    outliers[:3] = 0.012 / 2 * (4**3 - 1.5**3) / 7.5 * np.array([2, 1, 1 / 3])  # bouts of one, two or three days
    return values, (1 - slow_share) * fast**time + slow_share * slow**time + outliers


def _pain(random: np.random.Generator, days: int, is_strong: bool) -> np.ndarray:
    pain = 3 + 0.7 * _autoregressive(random, days, 0.8)
    height, decay = ((3, 5), (2, 4)) if is_strong else ((2, 4.5), (3, 8))
    for day in np.flatnonzero(random.random(days) < 1 / 35):
        pain[day:] += random.uniform(*height) * np.exp(-np.arange(days - day) / random.uniform(*decay))
    return np.clip(pain, 0, 10)


def _pain_autocovariance(days: int, is_strong: bool) -> np.ndarray:
    """Of pain that is not clipped: the AR(1) and the flares, a shot noise (Campbell's theorem)."""
    low, high, short, long = (3, 5, 2, 4) if is_strong else (2, 4.5, 3, 8)
    square = (high**3 - low**3) / 3 / (high - low)
    decays = np.linspace(short, long, 41)[:, None]
    flares = np.mean(np.exp(-np.arange(days) / decays) / (1 - np.exp(-2 / decays)), axis=0) * square / 35
    return np.asarray(0.49 * 0.8 ** np.arange(days) + flares)


def _is_off(random: np.random.Generator, values: np.ndarray) -> np.ndarray:
    is_off = random.random(len(values)) < 1 / (1 + np.exp(3.3 + 0.6 * values))
    for day in np.flatnonzero(random.random(len(values)) < 0.003):
        is_off[day : day + random.integers(2, 6)] = True
    return is_off


def booked(random: np.random.Generator, booking: str, days: int, massages: int, pain: np.ndarray) -> np.ndarray:
    """1 on the days of about so many massages, booked one of the six ways."""
    is_massage = np.zeros(days)
    if booking == "random":  # gaps of at least four days
        free = np.sort(random.choice(days - 3 * (massages - 1), massages, replace=False))
        is_massage[free + 3 * np.arange(massages)] = 1
    elif booking == "weekday":
        every = max(7, 7 * round(days / massages / 7))
        at = np.arange(random.integers(0, 7), days, every)
        at = at + np.where(random.random(len(at)) < 0.2, random.integers(-3, 4, len(at)), 0)
        at = at[(random.random(len(at)) >= 0.1) & (at >= 0) & (at < days)]
        is_massage[at] = 1
    elif booking == "course":
        courses = max(1, round(massages / 6))
        for start in (np.arange(courses) + random.uniform(0.1, 0.4)) * days / courses:
            at = int(start) + np.arange(6) * 7 + random.integers(-1, 2, 6)
            is_massage[at[(at >= 0) & (at < days)]] = 1
    else:
        draws, lag = random.random(days), 0 if booking == "flare_sameday" else int(random.integers(1, 3))
        liking = 0.7 * random.standard_normal(7)[np.arange(days) % 7]
        felt = np.concatenate([np.full(lag, 3.0), pain[: days - lag]])
        low, high = -8.0, 3.0
        for _ in range(14):  # the readiness that gives about so many massages
            ready = (low + high) / 2
            is_massage = _hazard(draws, 1 / (1 + np.exp(-(ready + felt - 3 + liking))))
            low, high = (ready, high) if is_massage.sum() < massages else (low, ready)
    return is_massage


def _hazard(draws: np.ndarray, chance: np.ndarray) -> np.ndarray:
    is_massage = np.zeros(len(draws))
    rest_until = 0
    for day in np.flatnonzero(draws < chance):
        if day >= rest_until:
            is_massage[day], rest_until = 1, day + 4
    return is_massage
