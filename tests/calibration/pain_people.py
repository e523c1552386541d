"""People who rate their pain three times a day and book massages because of it; and real diaries with drawn dates.

The noise has the memory of published diaries (methods-2, section 5), not that of any model that is fitted: a persistent
share of the variance carries on from hour to hour, the rest is the error of a rating; flares come and last two to four
days; a weekday is a little worse; missing days stick together and go with less pain. Ratings are rounded to halves, so
the two quietest people vary twice as much as theirs.
"""

import csv
import datetime
from dataclasses import dataclass
from pathlib import Path

import numpy as np

# Deviation, persistent share, what of it is left a day later, flares a year.
NOISE = (
    (0.45, 0.81, 0.89, 1.6),
    (0.35, 0.85, 0.97, 3.2),
    (0.69, 0.39, 0.86, 0.9),
    (0.7, 0.63, 0.91, 1.9),
    (0.46, 0.44, 0.85, 3.4),
)
MORNING, AFTERNOON, EVENING = 8.0, 16.0, 20.0
BOOKINGS = ("random", "morning", "afternoon", "rising", "weekday")
COURSES = {  # points by which pain is lower on the days 0, 1, 2, ... after a massage
    "none": np.zeros(1),
    "short": np.array([0.0, 1.0, 1.0, 1.0]),
    "fading": np.array([0.0, 1.2, 1.0, 0.8, 0.6, 0.4, 0.2]),
    "lasting": np.array([0.0, 0.9, 1.2, 0.9, 0.8, 0.6, 0.5, 0.4, 0.3, 0.2, 0.1]),
}


@dataclass(frozen=True)
class Diary:
    """Ratings of each day, NaN where not told; `before` is the pain right before the massage of a day, at `hour`."""

    dates: np.ndarray
    is_massage: np.ndarray
    morning: np.ndarray
    afternoon: np.ndarray
    whole_day: np.ndarray
    before: np.ndarray
    hour: np.ndarray


def person(booking: str, course: str, seed: int, days: int = 365, massages: int = 40) -> Diary:
    """A person with about so many massages, each lowering pain by the course."""
    random = np.random.default_rng(seed)
    deviation, share, kept, flares = NOISE[seed % len(NOISE)]
    hours = np.array([MORNING, AFTERNOON, EVENING])
    felt = _felt(random, days, share, kept, flares)  # (days, 3) in deviations
    felt += 0.3 * random.standard_normal(7)[(np.arange(days) % 7), None]
    is_massage, hour = _booked(random, booking, felt, massages, COURSES[course] / deviation)
    relief = np.convolve(is_massage, COURSES[course])[:days]
    felt = deviation * felt - relief[:, None]
    error = deviation * np.sqrt(1 - share)
    usual = random.uniform(3, 5)
    told = np.clip(np.round(2 * (usual + felt + error * random.standard_normal((days, 3)))) / 2, 0, 10)
    at = np.array([np.interp(time, hours, row) for time, row in zip(hour, felt, strict=True)])
    before = np.clip(np.round(usual + at + error * random.standard_normal(days)), 0, 10)
    told[_missing(random, felt[:, 0] / deviation)] = np.nan
    told = np.where(random.random((days, 3)) < 0.05, np.nan, told)
    dates = np.datetime64("2024-01-01") + int(random.integers(0, 365)) + np.arange(days)
    before = np.where((is_massage > 0) & (random.random(days) > 0.05), before, np.nan)
    return Diary(dates, is_massage, told[:, 0], told[:, 1], told[:, 2], before, np.where(is_massage > 0, hour, np.nan))


def truth(course: str) -> float:
    """The mean change on days +1 to +3."""
    days = COURSES[course]
    return -float(np.sum(days[1:4])) / 3


def _felt(random: np.random.Generator, days: int, share: float, kept: float, flares: float) -> np.ndarray:
    state = np.sqrt(share) * random.standard_normal()
    out = np.empty((days, 3))
    for day in range(days):
        for slot, gap in enumerate((12.0, 8.0, 4.0)):
            keep = kept ** (gap / 24)
            state = keep * state + np.sqrt((1 - keep**2) * share) * random.standard_normal()
            out[day, slot] = state
    for start in np.flatnonzero(random.random(days) < flares / 365):
        length, height = int(random.integers(2, 5)), random.uniform(1.5, 3.5)
        rise = np.minimum(1, (np.arange(3 * length) + 1) / 3)  # a day to its top
        end = min(days, start + length)
        out[start:end] += height * rise.reshape(length, 3)[: end - start]
    return out


def _booked(
    random: np.random.Generator, booking: str, felt: np.ndarray, massages: int, relief: np.ndarray
) -> tuple[np.ndarray, np.ndarray]:
    """About so many massages, at least four days apart, and the hour of each; relief makes the next one less urgent."""
    days = len(felt)
    morning, afternoon = felt[:, 0] / felt.std(), felt[:, 1] / felt.std()
    rising = afternoon - np.concatenate([[0, 0], morning[:-2]])
    urge = {
        "random": np.zeros(days),
        "morning": 1.5 * morning,
        "afternoon": 1.5 * afternoon,
        "rising": 0.7 * afternoon + rising,
        "weekday": np.where(np.arange(days) % 7 == int(random.integers(7)), 8.0, -4.0) + 0.8 * morning,
    }[booking]
    slope = {"random": 0.0, "weekday": 0.8, "rising": 0.7}.get(booking, 1.5) / felt.std()
    is_massage = _drawn(random, urge, massages, slope * relief)
    late = booking in ("afternoon", "rising")
    return is_massage, random.choice([16.5, 17.5, 18.5], days) if late else random.choice([9.5, 17.5, 18.5], days)


def _drawn(random: np.random.Generator, urge: np.ndarray, massages: int, relief: np.ndarray) -> np.ndarray:
    """About so many massages, at least four days apart, by the log odds of each day and what earlier ones took off."""
    days, draws, low, high = len(urge), random.random(len(urge)), -14.0, 8.0
    wanted = np.log(draws / (1 - draws))
    is_massage = np.zeros(days)
    for _ in range(14):  # the readiness that gives about so many
        ready = (low + high) / 2
        is_massage, eased = np.zeros(days), np.zeros(days + len(relief))
        rests_until = 4
        for day in np.flatnonzero(wanted < ready + urge):
            if rests_until <= day < days - 4 and wanted[day] < ready + urge[day] - eased[day]:
                is_massage[day], rests_until = 1, day + 4
                eased[day : day + len(relief)] += relief
        low, high = (ready, high) if is_massage.sum() < massages else (low, ready)
    return is_massage


def _missing(random: np.random.Generator, felt: np.ndarray) -> np.ndarray:
    """Days without a line: they stick together and go with less pain."""
    out, is_missing = np.zeros(len(felt), dtype=bool), False
    for day, level in enumerate(felt):
        chance = (0.6 if is_missing else 0.05) * np.exp(-0.3 * np.clip(level, -1, 1))
        is_missing = bool(random.random() < chance)
        out[day] = is_missing
    return out


REGIONS = {"Knees": "knees", "Eyes (or around them)": "eyes", "Hands And Fingers": "hands"}
REAL_BOOKINGS = ("random", "same bad day", "afternoon", "after a bad day", "one weekday")


def real_series(folder: Path) -> dict[str, np.ndarray]:
    """Pieces of a year of published diaries, one rating a day, NaN where none is told."""
    told: dict[str, dict[datetime.date, float]] = {}
    year = month = day = 0
    kept: dict[tuple[str, str], float] = {}
    with (folder / "Participant1/pain.csv").open(encoding="utf-8") as lines:
        for row in list(csv.reader(lines))[2:]:
            year, month, day = (
                int(cell) if cell else last for cell, last in zip(row, (year, month, day), strict=False)
            )
            name, value = (row[3], row[4]), row[5] if len(row) > 5 else ""
            if value:
                kept[name] = float(value)
            if name in kept and row[3] in REGIONS:
                told.setdefault(f"1 {REGIONS[row[3]]}", {})[datetime.date(year, month, day)] = kept[name]
    for number, path in (("2", "Participant2Anonymized/Participant2PainNew.csv"),):
        with (folder / path).open(encoding="utf-8") as lines:
            for row in csv.DictReader(lines):
                if "Pain" in row["name"]:
                    when = datetime.date(int(row["startyear"]), int(row["startmonth"]), int(row["startday"]))
                    told.setdefault(f"{number} {row['name']}", {})[when] = float(row["intensity"])
    out = {}
    for name, values in told.items():
        first, last = min(values), max(values)
        series = np.full((last - first).days + 1, np.nan)
        for when, value in values.items():
            series[(when - first).days] = value
        for start in range(0, len(series) - 364, 365):
            piece = series[start : start + 365]
            if np.isfinite(piece).mean() >= 0.6 and np.nanstd(piece) > 0.05:
                out[f"{name} {first + datetime.timedelta(start)}"] = piece
    return out


def real_person(rating: np.ndarray, booking: str, effect: float, seed: int) -> Diary:
    """A real diary with massages drawn on it, and `effect` added on the three days after each.

    `afternoon` draws by the mean of today's rating and tomorrow's, the worst that one rating a day can hide; that mean
    with an error is the pain right before. The other draws tell today's rating with an error.
    """
    random = np.random.default_rng(seed)
    days = len(rating)
    filled = np.interp(np.arange(days), np.flatnonzero(np.isfinite(rating)), rating[np.isfinite(rating)])
    state = (filled - filled.mean()) / filled.std()
    tomorrow, yesterday = np.append(state[1:], state[-1]), np.insert(state[:-1], 0, 0.0)
    pain = (state + tomorrow) / 2 if booking == "afternoon" else state
    urge = {
        "random": np.zeros(days),
        "same bad day": 1.5 * state,
        "afternoon": 1.5 * pain / pain.std(),
        "after a bad day": 1.5 * yesterday,
        "one weekday": np.where(np.arange(days) % 7 == int(random.integers(7)), 8.0, -4.0) + 0.8 * yesterday,
    }[booking]
    is_massage = _drawn(random, urge, int(random.integers(32, 41)), np.zeros(1))
    after = np.convolve(is_massage, [0.0, 1.0, 1.0, 1.0])[:days]
    before = filled.mean() + filled.std() * (pain + 0.5 * random.standard_normal(days))
    before = np.where(is_massage > 0, np.round(2 * before) / 2, np.nan)
    told = rating + effect * after
    dates = np.datetime64("2016-01-01") + np.arange(days)
    untold = np.full(days, np.nan)
    return Diary(dates, is_massage, told, untold, told, before, np.where(is_massage > 0, AFTERNOON, np.nan))
