"""What the days of the invented home tell, by the program's own answers: a finding, no better, a wait, a refusal.

Its small finding, of pain, lies so near its boundary that only the whole job with its rounded days can tell it.
"""

from collections.abc import Callable
from datetime import date
from functools import cache

import numpy as np
import pytest

from recovery.actions.demo import life as invented
from recovery.answers.looks import looked_at
from recovery.answers.metric import found_or_refused, task_of
from recovery.answers.people import Massage, Person, Series
from recovery.effects import gates
from recovery.effects.boundaries import Family
from recovery.effects.look_family import SaidAt, said_of_family
from recovery.effects.look_series import look_days
from recovery.vocabulary.verdicts import Certainty, Word

pytestmark = pytest.mark.slow

WORTH = {"steps": 600.0, "asleep_min": 15.0}
FAMILIES = {"steps": "movement", "asleep_min": "sleep"}
TOLD_IN_DIARY = ("pain", "pain_morning", "could_do_daily_activities")


@cache
def demo_person() -> Person:
    """The days as they were lived, without what a watch or a list gets wrong."""
    lived = invented.live()
    days, midnights = lived.days, lived.midnights
    out = {day for first, last in (*invented.UNRECORDED, invented.FLU) for day in days if first <= day <= last}
    steps = {
        day: int(lived.steps[midnights[place] : midnights[place + 1]].sum())
        for place, day in enumerate(days)
        if day not in out
    }
    asleep = {day: float(_asleep_min(night)) for day, night in lived.nights.items() if day not in out}
    diary = {date.fromisoformat(line["date"]): line for line in lived.diary}
    told = {name: {day: line[name] for day, line in diary.items() if line[name] != ""} for name in TOLD_IN_DIARY}
    number = {day: place for place, day in enumerate(days)}
    massages = tuple(
        Massage(
            str(place), number[one.start.date()], number[one.start.date()] + 1, one.start.hour + one.start.minute / 60,
            float(one.minutes), one.technique, float(one.pressure), None, None, None,
            None if one.pain_before is None else float(one.pain_before), None,
        )
        for place, one in enumerate(lived.massages)
        if one.status == "attended"
    )  # fmt: skip
    series = {name: _series(name, days, of) for name, of in {"steps": steps, "asleep_min": asleep, **told}.items()}
    nothing = np.full(len(days), np.nan)
    dates = np.array(days, dtype="datetime64[D]")
    return Person("me", dates, massages, series["pain_morning"].values, True, nothing, series)


def _asleep_min(night: invented.Night) -> int:
    ends = [*night.minutes[1:], night.end]
    return sum(end - start for start, end, level in zip(night.minutes, ends, night.levels, strict=True) if level > 1)


def _series(metric: str, days: list[date], told: dict[date, float]) -> Series:
    values = np.array([float(told.get(day, np.nan)) for day in days])
    sources = tuple("watch" if np.isfinite(value) else "" for value in values)
    better, counted_by = ("up" if metric in FAMILIES else "down"), ("night" if metric == "asleep_min" else "day")
    return Series(
        metric, metric, FAMILIES.get(metric, "diary"), "steps" if metric == "steps" else "points" if "pain" in metric
        else "min", better, counted_by, None, WORTH.get(metric), "", values, sources, ("",) * len(values),
    )  # fmt: skip


def said_at(metric: str, look: Callable[[int], int]) -> SaidAt:
    """What is said of a number at one look; `look` gives its number of how many there are."""
    person = demo_person()
    task = task_of(person, person.series[metric], is_primary=True)
    looks = look_days(np.isfinite(task.series.values), task.is_massage, task.series.window.lags)
    looked = looked_at(task, {}, "demo", only={look(len(looks))})
    (said,) = said_of_family([looked.as_primary], Family(("steps", "rest_share", "asleep_min", "pain"), main="steps"))
    return said


@pytest.mark.parametrize(
    ("metric", "look", "word", "certainty"),
    [
        ("steps", lambda count: count, Word.BETTER, Certainty.CLEAR),
        ("asleep_min", lambda count: count, Word.NO_BETTER, Certainty.CLEAR),
        ("asleep_min", lambda _: 1, Word.UNKNOWN, Certainty.TOO_EARLY),
    ],
    ids=["a finding", "no better", "a wait"],
)
def test_the_demo_tells(metric: str, look: Callable[[int], int], word: Word, certainty: Certainty) -> None:
    said = said_at(metric, look)

    assert (said.word, said.certainty) == (word, certainty)


def test_the_demo_refuses_what_is_the_same_on_nearly_all_days() -> None:
    person = demo_person()

    found = found_or_refused(task_of(person, person.series["could_do_daily_activities"], is_primary=False))

    assert [gate.name for gate in found.findings.gates if not gate.passed] == [gates.NUMBERS_VARY]
