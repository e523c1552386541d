"""All that is computed of one metric of one person; one task of the pool, since a metric takes up to half a second."""

import logging
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, fields, replace
from datetime import date
from zlib import crc32

import numpy as np
from numpy.typing import NDArray

from recovery.answers.people import Person, Series
from recovery.answers.settings_seen import Goals
from recovery.effects import around, counts, dose, lasting, levels
from recovery.effects.booked_on_pain import Ratings, rated_before
from recovery.effects.boundaries import FIRST_LOOK
from recovery.effects.build_up import trend
from recovery.effects.circumstances import Coincidence, coincidences, days_with
from recovery.effects.examine import Findings, examine
from recovery.effects.gates import COMPUTED, Gate, days_at, refusals
from recovery.effects.gates import PAIN as PAIN_GATE
from recovery.effects.leave_one_out import LeftOut, leave_one_out
from recovery.effects.look_series import complete_days
from recovery.effects.prepare import Measured, with_levels
from recovery.effects.regression import Background, Estimate
from recovery.effects.subgroups import Subgroup, Whole, subgroups
from recovery.effects.wear import worn_alike
from recovery.vocabulary.article import PAIN
from recovery.vocabulary.families import Family, follows_wear
from recovery.words.checks import DOSE_ON_PAIN, not_computed

Floats = NDArray[np.float64]
Dates = NDArray[np.datetime64]

TOLD_BEFORE = ("pain_morning", "pain_afternoon")  # any massage of their day
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
    is_primary: bool
    ratings: Ratings | None = None  # where the metric is pain
    worn_min: Floats | None = None  # of the waking day, where the metric follows the time a device is worn
    circumstances: Mapping[str, Floats] = field(default_factory=dict)  # 1 yes, 0 no, NaN not told
    days: tuple[int, ...] = ()  # position of each massage
    kinds: Mapping[str, tuple[frozenset[str], ...]] = field(default_factory=dict)  # of each massage, by attribute
    goals: Goals = ()  # of the person's own, by the date from which they count
    excluded: tuple[date, ...] = ()  # dates that do not count, by recovery.toml
    earlier: tuple[tuple[date, "Task"], ...] = ()  # until a date: as looks count the days, with those excluded by then

    @property
    def measured(self) -> Measured:
        """The number of each day and what it was measured by."""
        series = self.series
        return Measured(
            series.values,
            numbers_of(series.sources, "?"),
            numbers_of(series.firmwares, ""),
            has_device=series.family != Family.DIARY,
            worn_min=self.worn_min,
        )

    def between(self, first: int, last: int) -> "Task":
        """The same of the days from one position to another, both included."""
        days = slice(first, last + 1)
        massages = [place for place, day in enumerate(self.days) if first <= day <= last]
        series = replace(
            self.series,
            values=self.series.values[days],
            sources=self.series.sources[days],
            firmwares=self.series.firmwares[days],
        )
        ratings = self.ratings and Ratings(*(getattr(self.ratings, one.name)[days] for one in fields(Ratings)))
        return replace(
            self,
            series=series,
            dates=self.dates[days],
            is_massage=self.is_massage[days],
            minutes=self.minutes[days],
            pain=None if self.pain is None else self.pain[days],
            ratings=ratings,
            worn_min=None if self.worn_min is None else self.worn_min[days],
            circumstances={name: told[days] for name, told in self.circumstances.items()},
            days=tuple(self.days[place] - first for place in massages),
            kinds={name: tuple(of[place] for place in massages) for name, of in self.kinds.items()},
            earlier=tuple((until, task.between(first, last)) for until, task in self.earlier),
        )

    @property
    def until_last_look(self) -> "Task":
        """The days up to the last massage whose days after it are complete and measured.

        All days before the first look, and where those up to the last one are too few: no word is said then.
        """
        lags = self.series.window.lags
        complete = complete_days(np.isfinite(self.series.values), self.is_massage, lags)
        if len(complete) < FIRST_LOOK:
            return self
        until = self.between(0, int(complete[-1]))
        asked = refusals(until.series.values, until.is_massage, until.dates, lags)
        return until if all(gate.passed for gate in asked) else self


@dataclass(frozen=True)
class Beside:
    """What else happened on massage days, and the findings without those days where it may stand behind a change."""

    coincidence: Coincidence
    n_massages_left: int
    without: Findings | None = None


@dataclass(frozen=True)
class Found:
    """What came out; a part that was refused or cannot be computed is missing."""

    findings: Findings
    n_days: int
    usual: float | None  # mean of the valid days
    n_days_after: int | None = None  # of `n_days`, those after a massage that the window speaks of
    by_day: tuple[Estimate | None, ...] = ()  # None where the number of a day is told before the massage
    dose_gate: Gate | None = None
    dose: Estimate | None = None
    events_gate: Gate | None = None
    week_after: counts.WeekAfter | None = None
    half_widths: Mapping[int, float] = field(default_factory=dict)
    left_out: LeftOut | None = None
    concerns: tuple[Gate, ...] = ()  # what stands in the way of a finding
    subgroups: tuple[Subgroup, ...] = ()  # of primaries alone
    beside: tuple[Beside, ...] = ()  # what else happened on massage days; of primaries alone
    trend: float | None = None  # of the number over the massages


def task_of(person: Person, series: Series, *, is_primary: bool, goals: Goals = ()) -> Task:
    """What `found` needs of one metric; `goals` by date are what its looks depend on beside."""
    massages = person.massages
    return Task(
        series=series,
        dates=person.dates,
        is_massage=person.is_massage(series.counted_by),
        minutes=person.minutes(series.counted_by),
        pain=person.pain_before(series.counted_by),
        is_pain_of_morning=person.is_pain_of_morning,
        is_primary=is_primary,
        ratings=person.ratings if series.metric in PAIN else None,
        circumstances=person.circumstances_at(series.counted_by),
        worn_min=person.worn_min if is_primary and follows_wear(series.family) else None,
        days=tuple(massage.night if series.counted_by == "night" else massage.day for massage in massages),
        kinds=person.kinds,
        goals=goals,
        excluded=person.excluded,
    )


def with_earlier(task: Task, people: Sequence[tuple[date, Person]]) -> Task:
    """The same with the days as they counted before; `people` is the person from each date on, the last one of now."""
    of = [
        task_of(person, person.series[task.series.metric], is_primary=task.is_primary, goals=task.goals)
        for _, person in people[:-1]
    ]
    return replace(task, earlier=tuple(zip((since for since, _ in people[1:]), of, strict=True)))


def seed_of(metric: str) -> int:
    """The seed of everything drawn for a metric: the same data give the same answer to the bit."""
    return crc32(metric.encode())


def found_or_refused(task: Task) -> Found:
    """As `found`; a metric that cannot be computed is refused, and the others and the night go on."""
    try:
        return found(task)
    except (ArithmeticError, ValueError, np.linalg.LinAlgError) as error:
        logging.getLogger("recovery").exception("%s could not be examined", task.series.metric)
        sentence = not_computed(type(error).__name__)
        valid = task.series.values[np.isfinite(task.series.values)]
        gates = (Gate(COMPUTED, False, sentence),)
        findings = Findings(
            gates, int(task.is_massage.sum()), float("nan"), has_pain_diary=False, n_massages_measured=_measured(task)
        )
        usual = float(valid.mean()) if len(valid) else None
        return Found(findings, len(valid), usual, _after(task.series.values, task))


def found(task: Task) -> Found:
    """Examines one metric; where a gate refuses an answer, nothing but the gates."""
    series, dates, is_massage = task.series, task.dates, task.is_massage
    seed = seed_of(series.metric)
    devices = with_levels(
        task.measured, is_massage, dates, lags=series.window.lags, unit=series.unit, metric=series.metric
    )
    values, columns, asked = devices.values, devices.columns, devices.gates
    valid = values[np.isfinite(values)]
    usual = float(valid.mean()) if len(valid) else None
    findings = examine(
        values,
        is_massage,
        dates,
        task.pain,
        seed=seed,
        lags=series.window.lags,
        levels=columns,
        asked=asked,
        is_pain_of_morning=task.is_pain_of_morning,
        ratings=task.ratings,
        is_before=series.metric in TOLD_BEFORE,
    )
    findings = replace(findings, n_massages_measured=_measured(task))
    kept, background = findings.kept, findings.background
    if kept is None or background is None or findings.estimate is None:
        return Found(findings, len(valid), usual, _after(values, task))
    coincided = tuple(coincidences(task.circumstances, is_massage, dates))
    dose_gate = _dose_gate(findings, task)
    events_gate = counts.enough_events(series.values) if series.metric in BY_THE_WEEK else None
    return Found(
        findings=replace(findings, background=None),  # large, and of no more use
        n_days=len(valid),
        n_days_after=_after(values, task),
        usual=usual,
        by_day=findings.by_day or _by_day(kept, background, task),
        dose_gate=dose_gate,
        dose=_dose(kept, background, task) if dose_gate.passed else None,
        events_gate=events_gate,
        week_after=_week_after(task) if events_gate and events_gate.passed else None,
        half_widths=around.half_widths(kept, is_massage, dates, seed=seed, background=background),
        left_out=leave_one_out(
            kept, is_massage, dates, findings.estimate, lags=series.window.lags, background=background
        ),
        concerns=tuple(_concerns(values, coincided, task)),
        subgroups=_subgroups(kept, background, findings.estimate, task) if task.is_primary else (),
        beside=tuple(_beside(values, columns, coincided, task)) if task.is_primary else (),
        trend=trend(values, is_massage, columns),
    )


def _measured(task: Task) -> int:
    """How many massages have measured days after them, as looks count them."""
    return len(complete_days(np.isfinite(task.series.values), task.is_massage, task.series.window.lags))


def _after(values: Floats, task: Task) -> int:
    """How many measured days the answer speaks of: those after a massage, each counted once."""
    return int((np.isfinite(values) & days_at(task.is_massage, task.series.window.lags)).sum())


def _beside(values: Floats, columns: Floats, coincided: Sequence[Coincidence], task: Task) -> Iterator[Beside]:
    for one in coincided:
        days, lags = task.circumstances[one.name], task.series.window.lags
        left = int(((task.is_massage > 0) & ~(days == 1)).sum())
        if one.gate.passed:
            yield Beside(one, left)
            continue
        left_out = days_with(one.name, days, task.is_massage, lags)
        found = examine(
            np.where(left_out, np.nan, values),
            task.is_massage,
            task.dates,
            task.pain,
            seed=seed_of(task.series.metric),
            lags=lags,
            levels=columns,
            is_pain_of_morning=task.is_pain_of_morning,
            ratings=task.ratings,
            is_before=task.series.metric in TOLD_BEFORE,
            left_out=left_out,
        )
        yield Beside(one, left, replace(found, kept=None, background=None))


def _concerns(values: Floats, coincided: Sequence[Coincidence], task: Task) -> Iterator[Gate]:
    """What stands in the way of a finding: something else on massage days, time worn that changed with the massages."""
    yield from (one.gate for one in coincided)
    if task.worn_min is not None:
        worn = np.where(np.isfinite(values), task.worn_min, np.nan)
        gate = worn_alike(worn, task.is_massage, task.dates, seed=seed_of("worn_min"), lags=task.series.window.lags)
        yield from [gate] if gate else []


def numbers_of(names: Sequence[str], not_recorded: str) -> NDArray[np.int64]:
    """A number for each name."""
    known = {name: number for number, name in enumerate(sorted({*names} - {not_recorded}))}
    return np.array([known.get(name, levels.NOT_RECORDED) for name in names], dtype=np.int64)


def _by_day(kept: Floats, background: Background, task: Task) -> tuple[Estimate, ...]:
    """Empty where massages are so regular that the days after them cannot be separated."""
    seed = seed_of(task.series.metric)
    try:
        return tuple(lasting.by_day(kept, task.is_massage, task.dates, seed=seed, background=background))
    except ValueError:
        return ()


def _subgroups(kept: Floats, background: Background, of_all: Estimate, task: Task) -> tuple[Subgroup, ...]:
    before = rated_before(task.ratings, task.is_massage, task.dates) if task.ratings else None
    found = subgroups(
        kept,
        task.dates,
        task.days,
        task.kinds,
        seed=seed_of(task.series.metric),
        lags=task.series.window.lags,
        background=background,
        whole=None if before is None else Whole(of_all, before),
    )
    return tuple(found)


def _dose_gate(findings: Findings, task: Task) -> Gate:
    """Whether a dose can be told: minutes vary, and pain that asks for more of them is allowed for or did not."""
    pain = [gate for gate in findings.gates if gate.name == PAIN_GATE and not gate.passed]
    if pain and task.ratings is None:
        return Gate(PAIN_GATE, False, DOSE_ON_PAIN)
    return dose.doses_vary(task.minutes)


def _dose(kept: Floats, background: Background, task: Task) -> Estimate | None:
    seed = seed_of(task.series.metric)
    try:
        if task.ratings is not None:
            is_before = task.series.metric in TOLD_BEFORE
            return dose.slope_of_pain(
                kept, task.minutes, task.dates, task.ratings, seed=seed, is_before=is_before, background=background
            )
        return dose.slope(kept, task.minutes, task.dates, seed=seed, background=background)
    except ValueError:
        return None


def _week_after(task: Task) -> counts.WeekAfter | None:
    try:
        return counts.week_after(
            task.series.values, task.is_massage, task.dates, task.pain, seed=seed_of(task.series.metric)
        )
    except ValueError:
        return None
