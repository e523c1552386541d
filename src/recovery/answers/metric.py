"""All that is computed of one metric of one person; one task of the pool, since a metric takes up to half a second."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from zlib import crc32

import numpy as np
from numpy.typing import NDArray

from recovery.effects import around, counts, dose, lasting
from recovery.effects.design import trend, weekdays, winsorised
from recovery.effects.examine import Findings, examine
from recovery.effects.gates import Gate
from recovery.effects.leave_one_out import Range, leave_one_out
from recovery.effects.levels import Levels, levels_of
from recovery.effects.regression import Estimate
from recovery.effects.verdict import refuse
from recovery.answers.people import Person, Series

Floats = NDArray[np.float64]
Dates = NDArray[np.datetime64]

COUNTED_BY_THE_WEEK = ("medication_doses", "doctor_visits", "is_bed_day", "bed_rest_hours")


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
    """What came out; parts that were refused or cannot be computed are missing."""

    findings: Findings
    n_days: int
    usual: float  # mean of the valid days; NaN where there are none
    by_day: tuple[Estimate, ...] = ()
    dose_gate: Gate | None = None
    dose: Estimate | None = None
    events_gate: Gate | None = None
    week_after: counts.WeekAfter | None = None
    left_out: Range | None = None
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
