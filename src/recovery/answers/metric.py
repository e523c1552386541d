"""All that is computed of one metric of one person; one task of the pool, since a metric takes up to half a second."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from zlib import crc32

import numpy as np
from numpy.typing import NDArray

from recovery.answers.people import Person, Series
from recovery.effects import around, counts, dose, lasting
from recovery.effects.design import trend, weekdays, winsorised
from recovery.effects.examine import Findings, examine
from recovery.effects.gates import Gate
from recovery.effects.regression import Estimate
from recovery.effects.verdict import refuse

Floats = NDArray[np.float64]
Dates = NDArray[np.datetime64]

BY_THE_WEEK = ("bed_rest_hours", "doctor_visits", "is_bed_day", "medication_doses")  # rare, or counted


@dataclass(frozen=True)
class Task:
    """The arrays of one metric, as they go to another process."""

    series: Series
    dates: Dates
    is_massage: Floats
    minutes: Floats
    pain: Floats | None
    is_pain_of_morning: bool


@dataclass(frozen=True)
class Found:
    """What came out; a part that was refused or cannot be computed is missing."""

    findings: Findings
    n_days: int
    usual: float | None  # mean of the valid days
    by_day: tuple[Estimate, ...] = ()
    dose_gate: Gate | None = None
    dose: Estimate | None = None
    events_gate: Gate | None = None
    week_after: counts.WeekAfter | None = None
    half_widths: Mapping[int, float] = field(default_factory=dict)


def task_of(person: Person, series: Series) -> Task:
    """What `found` needs of one metric."""
    return Task(
        series=series,
        dates=person.dates,
        is_massage=person.is_massage(series.counted_by),
        minutes=person.minutes(series.counted_by),
        pain=person.pain_before(series.counted_by),
        is_pain_of_morning=person.is_pain_of_morning,
    )


def seed_of(metric: str) -> int:
    """The seed of everything drawn for a metric: the same data give the same answer to the bit."""
    return crc32(metric.encode())


def found(task: Task) -> Found:
    """Examines one metric; where a gate refuses an answer, nothing but the gates."""
    series, dates, is_massage = task.series, task.dates, task.is_massage
    seed = seed_of(series.metric)
    told = series.values[np.isfinite(series.values)]
    usual = float(told.mean()) if len(told) else None
    findings = examine(
        series.values,
        is_massage,
        dates,
        task.pain,
        seed=seed,
        lags=series.lags,
        is_pain_of_morning=task.is_pain_of_morning,
    )
    if refuse(findings.gates):
        return Found(findings, len(told), usual)
    kept = winsorised(series.values, np.column_stack([weekdays(dates), trend(len(dates))]))
    dose_gate = dose.doses_vary(task.minutes)
    events_gate = counts.enough_events(series.values) if series.metric in BY_THE_WEEK else None
    return Found(
        findings=findings,
        n_days=len(told),
        usual=usual,
        by_day=_by_day(kept, task),
        dose_gate=dose_gate,
        dose=_dose(kept, task) if dose_gate.passed else None,
        events_gate=events_gate,
        week_after=_week_after(task) if events_gate and events_gate.passed else None,
        half_widths=around.half_widths(kept, is_massage, dates, seed=seed),
    )


def _by_day(kept: Floats, task: Task) -> tuple[Estimate, ...]:
    """Empty where massages are so regular that the days after them cannot be told apart."""
    try:
        return tuple(lasting.by_day(kept, task.is_massage, task.dates, seed=seed_of(task.series.metric)))
    except ValueError:
        return ()


def _dose(kept: Floats, task: Task) -> Estimate | None:
    try:
        return dose.slope(kept, task.minutes, task.dates, seed=seed_of(task.series.metric))
    except ValueError:
        return None


def _week_after(task: Task) -> counts.WeekAfter | None:
    try:
        return counts.week_after(
            task.series.values, task.is_massage, task.dates, task.pain, seed=seed_of(task.series.metric)
        )
    except ValueError:
        return None
