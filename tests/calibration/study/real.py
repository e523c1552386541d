"""Days of real people on which massages never were: published diaries of pain, and numbers of a watch.

The dates are drawn, so every finding is false; with an effect it is put on top of the three days after each date.
"""

import os
from collections.abc import Iterator
from dataclasses import replace
from functools import cache
from pathlib import Path

import numpy as np
from pain_people import REAL_BOOKINGS, real_person, real_series
from real_series import read_series

from recovery.effects import worth
from recovery.effects.booked_on_pain import Ratings
from recovery.effects.design import without_weekday_and_trend

from .bookings import by_calendar, by_feeling
from .cells import Cell
from .evidence import asked_about, evidence, last_row
from .people import DAYS, Outcome, Person, deviation_of, person, truth_of
from .results import Line

HOME = "RECOVERY_STUDY_HOME"  # the environment's name of a home after `recovery run`
DRAWS, DRAWS_OF_OTHERS = 400, 100  # a cell
DIARIES = Path("data/real/pain_diaries/oliviermirat__MyAIGuide")  # in the folder of shared cases
OF_A_WATCH = {  # better, change worth having
    "steps": ("up", 600.0),
    "resting_heart_rate_bpm": ("down", None),
    "rest_share": ("down", None),
    "evening_heart_rate_bpm": ("down", None),
}
OF_DAYS = ("random", "weekday", "fortnightly", "bad days")


def pain_cells() -> Iterator[Cell]:
    for booking in REAL_BOOKINGS:
        yield Cell("real pain", booking, "none", DRAWS)
        yield Cell("real pain", booking, "worth", DRAWS_OF_OTHERS)


def day_cells() -> Iterator[Cell]:
    for booking in OF_DAYS:
        yield Cell("real days", booking, "none", DRAWS_OF_OTHERS)


def noise_cells() -> Iterator[Cell]:
    for booking in ("random", "weekday", "same afternoon"):
        for effect in ("none", "worth"):
            yield Cell("real noise", booking, effect, DRAWS_OF_OTHERS)


@cache
def diaries() -> dict[str, np.ndarray]:
    """Pieces of a year; none where the published diaries are not there."""
    folder = Path(__file__).parents[4] / "shared" / DIARIES
    return real_series(folder) if folder.exists() else {}


def pain_line(cell: Cell, number: int) -> Line:
    """The last look of a year of one real diary; even numbers rate the day, odd ones the morning."""
    series = diaries()
    rating = series[sorted(series)[number // 2 % len(series)]]
    usual = float(np.nanmean(rating))
    size = worth.relief_worth_having(usual) if cell.effect == "worth" else 0.0
    diary = real_person(rating, cell.booking, -size, 8_000_000 + number // 2)
    nothing, is_morning = np.full(len(rating), np.nan), number % 2 == 1
    ratings = Ratings(
        morning=diary.morning if is_morning else nothing,
        afternoon=nothing,
        whole_day=diary.whole_day,
        before=diary.before,
        hour=diary.hour,
    )
    days, lags = len(rating), (1, 2, 3)
    outcome = Outcome(
        "pain", "points", "down", lags, 2.0, diary.whole_day, diary.is_massage,
        truth_of(diary.whole_day, rating, diary.is_massage, lags),
        deviation_of(rating, diary.dates), np.zeros(days, dtype=np.int64),
    )  # fmt: skip
    rated = "morning" if is_morning else "day"
    made = Person(diary.dates, diary.is_massage, ratings, (outcome,), "real", "real", rated)
    return line_of(made, outcome, last_row(made, outcome), number)


def day_line(cell: Cell, number: int) -> Line:
    """All looks at two years of one number of a watch; needs a home after `recovery run`."""
    metrics = [*OF_A_WATCH]
    metric = metrics[number % len(metrics)]
    dates, values = _days(metric)
    random = np.random.default_rng([9_000_000, number])
    start = int(random.integers(0, max(1, len(values) - DAYS + 1)))
    dates, values = dates[start : start + DAYS], values[start : start + DAYS]
    better, general = OF_A_WATCH[metric]
    if cell.booking == "bad days":
        state = np.nan_to_num((values - np.nanmean(values)) / np.nanstd(values)) * (-1 if better == "up" else 1)
        is_massage = by_feeling(random, np.concatenate([[0.0], state[:-1]]), np.zeros(1), 80)
    else:
        is_massage = by_calendar(cell.booking, random, len(values))
    nothing = np.full(len(values), np.nan)
    outcome = Outcome(
        metric, "steps" if metric == "steps" else "share" if metric == "rest_share" else "bpm", better, (1, 2, 3),
        general, values, is_massage, 0.0, deviation_of(values, dates), np.zeros(len(values), dtype=np.int64),
    )  # fmt: skip
    made = Person(dates, is_massage, Ratings(*[nothing] * 5), (outcome,), "real", "real", "none")
    return line_of(made, outcome, evidence(made, outcome, asked=asked_about("none")), number)


def noise_line(cell: Cell, number: int) -> Line:
    """All looks at the steps of a simulated person whose noise is blocks of what is left of real days."""
    metrics = [*OF_A_WATCH]
    dates, values = _days(metrics[number % len(metrics)])
    is_observed = np.isfinite(values)
    left = without_weekday_and_trend(np.where(is_observed, values, 0.0), dates, is_observed)[is_observed]
    made = person(cell.booking, cell.effect, cell.name, number, real=(left - left.mean()) / left.std())
    steps = next(outcome for outcome in made.outcomes if outcome.metric == "steps")
    made = replace(made, outcomes=(steps,))
    return line_of(made, steps, evidence(made, steps, asked=asked_about(cell.effect)), number)


def line_of(made: Person, outcome: Outcome, rows: list[list[object]], number: int) -> Line:
    told = {"life": made.life, "noise": made.noise, "diary": made.diary}
    metric = {"metric": outcome.metric, "better": outcome.better, "truth": outcome.truth, "rows": rows}
    return {"number": number, **told, "metrics": [{**metric, "deviation": outcome.deviation}]}


@cache
def _days(metric: str) -> tuple[np.ndarray, np.ndarray]:
    return read_series(Path(os.environ[HOME]), metric)
