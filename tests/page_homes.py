"""Published homes for tests of pages: so many massages, and an answer of each kind. Made of rows, without a run."""

import random
import shutil
from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any, NamedTuple

import answers_by_hand as by_hand_answers
import by_hand
from answers_by_hand import PAIN, REFUSED, check, effect
from shown_pages import shown

from recovery import warehouse
from recovery.actions.init import init
from recovery.answers import rows
from recovery.home.settings import Settings, load_settings
from recovery.report.site import Page
from recovery.vocabulary.windows import NEAR_DAYS

LAST = date(2026, 10, 31)
NOW_UTC = datetime(2026, 11, 1, 7, 0)
DAYS = 260
GAPS = (6, 9, 7, 5, 8, 11, 6, 7)  # days between massages, again and again
METRICS = {  # metric: family, unit, title, better
    "steps": ("movement", "count", "Steps", "up"),
    "still_min": ("rest", "min", "Minutes awake and still", "down"),
    "rest_share": ("rest", "share", "Waking day spent sitting or lying still", "down"),
    "asleep_min": ("sleep", "min", "Minutes asleep", "up"),
    "pain": ("diary", "points", "Pain", "down"),
    "resting_heart_rate_bpm": ("physiology", "bpm", "Resting heart rate", "none"),
}


class Made(NamedTuple):
    """How a home is made: its massages, and what is said of the four main numbers."""

    massages: int
    answers: Sequence[rows.Row] = ()
    steps_after: float = 0.0  # more steps on each of the three days after a massage
    still_after: float = 0.0  # minutes more awake and still on each of them
    is_weekly: bool = False
    has_pain: bool = True


REST: dict[str, Any] = {
    "family": "rest", "unit": "share", "better": "down", "estimate": -0.021, "ci_low": -0.027, "ci_high": -0.014,
    "worth": 0.01, "usual": 0.79,
}  # fmt: skip
SLEEP: dict[str, Any] = {
    "family": "sleep", "unit": "min", "better": "up", "estimate": -9.98, "ci_low": -20.96, "ci_high": 1.01,
    "worth": 15.0, "usual": 450.0, "verdict": "can't tell yet", "direction": "no_better", "certainty": "likely",
}  # fmt: skip
LITTLE: dict[str, Any] = {
    **PAIN, "estimate": -0.46, "ci_low": -0.72, "ci_high": -0.2, "direction": "a_little_better", "certainty": "clear",
    "worth_from": "goals",
}  # fmt: skip
NONE: dict[str, Any] = {"verdict": "contradicted", "direction": "no_difference", "certainty": "clear"}


def four(count: int, steps: dict[str, Any], **of_all: Any) -> list[rows.Row]:
    """The four main numbers: steps as told, the others of a person for whom massages do well."""
    days = {"n_massages": count, "n_days": 12 * count, **of_all}
    return [
        effect("steps", **{"estimate": 1365.0, "ci_low": 793.0, "ci_high": 1937.0, **days, **steps}),
        effect("rest_share", **{**REST, **days}),
        effect("asleep_min", "night_0", **{**SLEEP, **days}),
        effect("pain", **{**LITTLE, **days}),
    ]


def early(count: int) -> list[rows.Row]:
    """The four main numbers with ranges that hold no change and a change that matters."""
    told: dict[str, Any] = {"n_massages": count, "n_days": 12 * count, "verdict": "can't tell yet"}
    wide = (
        ("steps", "days_1_3", {"estimate": 900.0, "ci_low": -700.0, "ci_high": 2500.0}),
        ("rest_share", "days_1_3", {**REST, "ci_low": -0.06, "ci_high": 0.02}),
        ("asleep_min", "night_0", {**SLEEP, "ci_low": -35.0, "ci_high": 20.0}),
        ("pain", "days_1_3", {**PAIN, "estimate": -0.6, "ci_low": -2.4, "ci_high": 1.2}),
    )
    both = {"direction": "unknown", "certainty": "too_early"}
    return [
        *(effect(metric, window, **{**size, **told, **both}) for metric, window, size in wide),
        more("steps", 6, 14),
    ]


def more(metric: str, low: int, high: int) -> rows.MoreMassages:
    told = f"Perhaps {low} to {high} more massages will tell ({high} weeks at this pace)."
    return rows.MoreMassages("me", metric, "days_1_3", "as booked", 1.0, 0.8, told, low, high, high)


def refused(count: int) -> list[rows.Row]:
    """All massages fell on one weekday."""
    names = (("steps", "days_1_3", "movement"), ("rest_share", "days_1_3", "rest"), ("asleep_min", "night_0", "sleep"),
             ("pain", "days_1_3", "diary"))  # fmt: skip
    return [
        row
        for metric, window, family in names
        for row in (
            effect(metric, window, family=family, n_massages=count, **REFUSED),
            check("weekdays vary", metric, window, passed=False),
        )
    ]


WORSE: dict[str, Any] = {
    "estimate": -900.0, "ci_low": -1400.0, "ci_high": -400.0, "verdict": "contradicted", "direction": "worse",
    "certainty": "clear",
}  # fmt: skip
SAME: dict[str, Any] = {"estimate": -40.0, "ci_low": -400.0, "ci_high": 310.0, **NONE, "worth_from": "goals"}

LESS_STILL = -20.0  # min, as REST tells it
HOMES: dict[str, Made] = {
    "0": Made(0),
    "3": Made(3, refused(3)),
    "8": Made(8, early(8), 900),
    "12": Made(12, early(12), 900),
    "30": Made(30, four(30, SAME), 0, LESS_STILL),
    "better": Made(30, four(30, {}), 1400, LESS_STILL),
    "little": Made(30, four(30, {"estimate": 420.0, "ci_low": 130.0, "ci_high": 700.0,
                                 "direction": "a_little_better"}), 400, LESS_STILL),
    "worse": Made(30, four(30, WORSE), -900, LESS_STILL),
    "refused": Made(24, refused(24), is_weekly=True),
    "diary": Made(30, four(30, {})[:3], 1400, LESS_STILL, has_pain=False),
    "lot": Made(30, [*four(30, {}), effect("steps", "trial_days_1_3", basis="because", n_massages=12, n_days=84,
                                           estimate=1200.0, ci_low=400.0, ci_high=2000.0)], 1400, LESS_STILL),
}  # fmt: skip


@by_hand.made_once
def home(folder: Path, kind: str, people: tuple[str, ...] = ("me",), last: date = LAST) -> Settings:
    """A home of this kind with days up to `last`, its snapshot published; the people have the same answers."""
    return home_of(folder, dict.fromkeys(people, kind), last)


def home_of(folder: Path, people: Mapping[str, str], last: date = LAST) -> Settings:
    """A home of people, each of a kind of their own."""
    init(folder, "Europe/Berlin", [person for person in people if person != "me"])
    settings = load_settings(folder)
    connection = warehouse.connect(settings.home.published)
    connection.execute(by_hand.TABLES)
    connection.executemany(
        "insert into metrics values (?, ?, ?, ?, ?, ?, ?)",
        [(name, *told[:3], f"What {name} counts.", told[3], None) for name, told in METRICS.items()],
    )
    for person in people:
        _fill(connection, person, HOMES[people[person]], last)
    connection.execute(
        "insert into around_massage_summary select subject, metric, day_offset,"
        " avg(value) filter (is_valid and not overlaps_another), count(*) filter (is_valid and not overlaps_another)"
        " from around_massage group by all"
    )
    connection.close()
    told = [row for person in people for row in _of(person, HOMES[people[person]].answers)]
    return by_hand_answers.publish(settings, told)


def copy_of(settings: Settings, folder: Path) -> Settings:
    """A home to be changed by a test."""
    shutil.copytree(settings.home.folder, folder)
    return load_settings(folder)


def massage_days(made: Made, last: date = LAST) -> list[date]:
    """The dates of the massages, the last one three days ago."""
    days = [last - timedelta(days=3)]
    while len(days) < made.massages:
        gap = 7 if made.is_weekly else GAPS[len(days) % len(GAPS)]
        days.insert(0, days[0] - timedelta(days=gap))
    return days if made.massages else []


def _of(person: str, answers: Sequence[rows.Row]) -> list[rows.Row]:
    return [type(row)(**{**vars(row), "subject": person}) for row in answers if hasattr(row, "subject")]


def _fill(connection: Any, person: str, made: Made, last: date) -> None:
    numbers = random.Random(f"{person} {made.massages}")  # noqa: S311 - invented days
    massages = massage_days(made, last)
    days = [last - timedelta(days=ago) for ago in reversed(range(DAYS))]
    after = {day + timedelta(days=lag) for day in massages for lag in (1, 2, 3)}
    value: dict[tuple[date, str], float] = {}
    for day in days:
        more_steps = made.steps_after if day in after else 0.0
        still = numbers.gauss(750, 45) + (made.still_after if day in after else 0.0)
        value[day, "steps"] = max(round(numbers.gauss(8800, 1500) + more_steps), 300)
        value[day, "still_min"] = round(still)
        value[day, "rest_share"] = round(still / 950, 4)
        value[day, "asleep_min"] = round(numbers.gauss(445, 35))
        value[day, "resting_heart_rate_bpm"] = round(numbers.gauss(58, 2))
        if made.has_pain:
            value[day, "pain"] = min(max(round(numbers.gauss(4.5, 1.4) - (0.5 if day in after else 0)), 0), 10)
    by_hand._insert(
        connection,
        "daily select #1, #2, #3, #4, #5, #6, #7, #8, #9, null, null, null, 900, true, true, null, null, true,"
        " 9, 21, 'inferred', 0.7",
        [(person, day, value[day, "steps"], value[day, "still_min"], value[day, "asleep_min"],
          value.get((day, "pain")), value[day, "resting_heart_rate_bpm"], day in massages,
          60.0 if day in massages else 0.0) for day in days],
    )  # fmt: skip
    by_hand._insert(
        connection,
        "daily_metrics select #1, #2, #3, #4, #5, #6, #7, 'minute', 0.9, true, true",
        [(person, day, metric, *METRICS[metric][:1], told, METRICS[metric][1],
          "diary" if metric == "pain" else "garmin") for (day, metric), told in value.items()],
    )  # fmt: skip
    if made.has_pain:
        told_days = [(person, day, value[day, "pain"]) for day in days]
        by_hand._insert(connection, "diary select #1, #2, #3, null", told_days)
    if massages:
        by_hand._insert(
            connection,
            "massages select #1, #2, #3, #4, #5, 60, 'deep tissue', 4, 'lower back', null, 'Studio', 'attended', 6, 3,"
            " null, null, 'massage_log'",
            [(person, f"m{number}", day, datetime(day.year, day.month, day.day, 16, 30),
              datetime(day.year, day.month, day.day, 18, 30)) for number, day in enumerate(massages)],
        )  # fmt: skip
        by_hand._insert(
            connection,
            "around_massage select #1, #2, #3, #4, #5, #6, #7, #8, true, #9",
            list(_around(person, massages, value)),
        )
    prefix = "" if person == "me" else f"{person}/"
    connection.executemany(
        "insert into files values (?, 'ab', ?, ?, ?, ?, ?, ?, ?)",
        [(f"{prefix}garmin-summer.zip!/1.fit", "fit_files", person, "loaded", 120, None, None, "120 records"),
         (f"{prefix}massages.csv", "massage_log", person, "partial", 65, None, None, "One row needs you."),
         (f"{prefix}diary.csv", "diary_log", person, "loaded", 502, None, None, "")],
    )  # fmt: skip
    connection.execute(
        "insert into rejected values (?, 'row 67', 'There is no 30 February 2026.', '2026-02-30')",
        [f"{prefix}massages.csv"],
    )
    connection.execute(
        "insert into runs select 'r1', '2026-11-01 02:30', 12.5, 'published', 3, 129, '0.1.0'"
        " where not exists (from runs)"
    )


def _around(person: str, massages: Sequence[date], value: dict[tuple[date, str], float]) -> Any:
    """The days around each massage, against the mean of the week before it."""
    for number, massage in enumerate(massages):
        others = {day + timedelta(days=lag) for day in massages if day != massage for lag in NEAR_DAYS}
        for metric in METRICS:
            before = [
                told for lag in range(-7, 0) if (told := value.get((massage + timedelta(lag), metric))) is not None
            ]
            baseline = sum(before) / len(before) if len(before) > 2 else None
            for offset in range(-7, 8):
                day = massage + timedelta(days=offset)
                if (told := value.get((day, metric))) is not None:
                    change = None if baseline is None else told - baseline
                    yield person, f"m{number}", metric, offset, day, told, baseline, change, day in others


class Homes:
    """Homes below a folder, and their pages, each made once."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.made: dict[str, Settings] = {}
        self.pages: dict[tuple[str, Page, str], str] = {}

    def settings(self, kind: str) -> Settings:
        """A home of this kind, which no test changes."""
        if kind not in self.made:
            self.made[kind] = home(self.folder / kind, kind)
        return self.made[kind]

    def page(self, kind: str, page: Page, month: str = "") -> str:
        """A page of its one person as it lies on the disk, as of NOW_UTC."""
        if (kind, page, month) not in self.pages:
            self.pages[kind, page, month] = shown(self.settings(kind), page, now_utc=NOW_UTC, month=month)
        return self.pages[kind, page, month]
