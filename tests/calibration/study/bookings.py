"""The dates of massages, booked day by day: by the calendar, or by how the person feels before."""

from collections.abc import Callable, Sequence

import numpy as np

Random = np.random.Generator
LEAST_GAP = 4  # days between massages
BY_CALENDAR = ("random", "weekday", "weekday moved", "fortnightly", "course")
BY_PAIN = ("flare", "same morning", "same afternoon", "rising")
BY_LIFE = ("good weekends", "holidays")
ALL = (*BY_CALENDAR, *BY_PAIN, *BY_LIFE)
MASSAGES_A_YEAR = 40.0  # about, where people book by how they feel


def by_calendar(booking: str, random: Random, days: int) -> np.ndarray:
    """1 on the days of massages that know nothing of the person."""
    is_massage = np.zeros(days)
    weekday = int(random.integers(7))
    if booking == "random":
        at = np.cumsum(LEAST_GAP + random.geometric(1 / 5.5, days // LEAST_GAP) - 1)
    elif booking in ("weekday", "weekday moved"):
        at = np.arange(weekday, days, 7)
        at = at[random.random(len(at)) >= (0.2 if booking == "weekday" else 0.12)]
        if booking == "weekday moved":
            at = at + np.where(random.random(len(at)) < 0.3, random.choice([-2, -1, 1, 2], len(at)), 0)
    elif booking == "fortnightly":
        at = np.arange(weekday, days, 14)
        at = at[random.random(len(at)) >= 0.1]
    elif booking == "course":
        at, start = np.zeros(0, dtype=int), int(random.integers(5, 30))
        while start < days:
            visits = int(random.integers(6, 11))
            at = np.concatenate([at, start + np.cumsum(random.integers(4, 8, visits))])
            start += 7 * (visits + int(random.integers(3, 9)))
    else:
        raise ValueError(f"{booking} is not booked by the calendar")
    is_massage[at[(at >= 0) & (at < days)].astype(int)] = 1
    return is_massage


def by_feeling(
    random: Random, urge: np.ndarray, relief: np.ndarray, massages: float, sharpness: float = 1.6
) -> np.ndarray:
    """1 on days of massages that are the likelier the larger the urge, less the relief of earlier ones.

    `urge` and `relief` (of the days 0, 1, 2, ... after a massage) are in deviations. The readiness that gives about so
    many is found by halving.
    """
    days, low, high = len(urge), -12.0, 8.0
    draws = random.random(days)
    wanted = np.log(draws / (1 - draws))
    is_massage = np.zeros(days)
    for _ in range(12):
        ready = (low + high) / 2
        is_massage, eased, free_from = np.zeros(days), np.zeros(days + len(relief)), 3
        for day in np.flatnonzero(wanted < ready + sharpness * urge):
            if day >= free_from and wanted[day] < ready + sharpness * (urge[day] - eased[day]):
                is_massage[day], free_from = 1, day + LEAST_GAP
                eased[day : day + len(relief)] += relief
        low, high = (ready, high) if is_massage.sum() < massages else (low, ready)
    return is_massage


def urge_of(booking: str, felt: np.ndarray, weekday: np.ndarray, is_holiday: np.ndarray) -> np.ndarray:
    """How much a person wants a massage on each day; `felt` is pain in deviations (days, 3), morning to evening."""
    morning, afternoon, evening = felt.T
    yesterday = np.concatenate([[0.0], evening[:-1]])
    urges: dict[str, Callable[[], np.ndarray]] = {
        "flare": lambda: yesterday,
        "same morning": lambda: morning,
        "same afternoon": lambda: afternoon,
        "rising": lambda: 0.5 * afternoon + 0.8 * (afternoon - np.concatenate([[0.0] * 2, morning[:-2]])),
        "good weekends": lambda: np.where(np.isin(weekday, (4, 5, 6)), 1.5, -2.0) - 0.8 * yesterday,
        "holidays": lambda: np.where(is_holiday, 1.8, -0.3),
    }
    return urges[booking]()


def hours(random: Random, booking: str, days: int) -> np.ndarray:
    """At which hour a massage of each day would start."""
    late: Sequence[float] = (16.5, 17.5, 18.5)
    early: Sequence[float] = (9.5, 11.0, 17.5)
    return random.choice(late if booking in ("same afternoon", "rising") else early, days)
