"""Health.md's CSV of a day (iOS, Android): one row a number, `Date,Category,Metric,Value,Unit,Timestamp`.

What we know of it, beside what its JSON has in common with it (`readers/health_md.py`):

- Rows have five cells or six. Each names its unit, that of the settings of the app; shares are percent.
- A stage of sleep is `deep (3600s)` with its start; times of the night are of the wall clock, and nothing says of which
  date. So sleep without stages is left out.
- A workout is several rows behind the one that names it and its start. A state of mind has its time in its name.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime, timedelta

from recovery.formats.apple.kinds import KCAL
from recovery.formats.entries import Claim, Context, Entry, Tree
from recovery.formats.export_table import Row, TableFile, headings, number, plain
from recovery.formats.health_auto import moment, stamp
from recovery.formats.health_md import (
    COUNTS,
    ERRORS,
    LENGTHS,
    SAMPLES,
    UNREADABLE,
    VALUES,
    Day,
    Value,
    add_workout,
    date_of,
    entry_of,
)
from recovery.formats.records import Skipped, Yielded
from recovery.formats.resaved import TableForm
from recovery.home import clock
from recovery.words.say import say

LABEL = "Health.md (CSV)"
VERSION = 4
USES_LOCAL_TIME = True  # values of dates, and times of day
TABLE_FORM = TableForm(has_local_dates=True)
IS_REWRITTEN = True

HEADINGS = ["date", "category", "metric", "value", "unit", "timestamp"]
STAGE = re.compile(r"(\w+) \((\d+)(?:\.\d+)?s\)")
BY_ROW = {(value.category, value.heading): value for value in (*VALUES, *SAMPLES)}
OF_SAMPLES = {value.heading for value in SAMPLES}
NO_TIMES = say("sleep without its times: choose sleep stages, or JSON, in Health.md")


def claims(tree: Tree) -> Iterator[Claim]:
    """Tables with the app's headings."""
    for entry in tree:
        if [plain(name) for name in headings(entry.head)] == HEADINGS:
            yield Claim(entry.path)


def read(files: Sequence[Entry], context: Context) -> Iterator[Yielded]:
    """Values of days, samples, sleep and activities; each file ends with its summary."""
    for number_of_file, entry in enumerate(files):
        day = Day(number_of_file, entry, context)
        _read(day, entry)
        yield from day.all()


def _read(day: Day, entry: Entry) -> None:
    table = _Table(day)
    for row in TableFile(day.number, entry, day.context).rows(is_padded=True):
        if isinstance(row, Skipped):
            day.skipped.append(row)
            continue
        before = day.rows.counts()
        try:
            table.take(row)
        except ERRORS:
            day.rows.cut(before)
            day.skip(row.place, UNREADABLE, " ".join(row.cells.values())[:100])
    table.end_workout()
    if not day.stretches:
        day.notes[NO_TIMES] += table.sleep_count


class _Table:
    """The rows of one CSV: those of a workout follow the row that names it."""

    def __init__(self, day: Day) -> None:
        self.day = day
        self.zone = ""
        self.workout: tuple[str, datetime] | None = None
        self.told: dict[str, float] = {}
        self.sleep_count = 0

    def take(self, row: Row) -> None:
        """One row. Raises one of ERRORS where it cannot be read."""
        cells = row.cells
        self.day.date_text = self.day.date_text or cells["date"]
        category, metric, told = cells["category"], cells["metric"], cells["value"]
        value = BY_ROW.get((category, metric))
        if value is not None:
            self._value(value, cells)
        elif category == "Metadata" and metric == "time_context.calendar_timezone":
            self.zone = told
            self.day.zone = self.day.zone or told
        elif category == "Metadata" and metric == "time_context.timestamp_timezone":
            self.day.zone = told
        elif category == "Sleep" and metric == "Sleep Stage":
            self._stage(told, cells["timestamp"])
        elif category == "Sleep" and metric == "Total Duration":
            self.sleep_count += 1
        elif category == "State of Mind" and cells["unit"] == "valence":
            self._state_of_mind(metric.rpartition(" at ")[2], float(told))
        elif category == "Symptoms" and metric == "Lower Back Pain":
            self.day.notes[COUNTS] += int(number(told) or 0)
        elif category == "Workouts":
            self._workout(metric, told, cells)

    def _value(self, value: Value, cells: Mapping[str, str]) -> None:
        amount = number(cells["value"])
        if amount is None:
            return
        amount *= value.units[cells["unit"]]
        if value.heading in OF_SAMPLES:
            self.day.sample(value.metric, cells["timestamp"], amount)
        else:
            self.day.value(value.metric, amount, is_measured=value.is_measured)

    def _stage(self, told: str, start: str) -> None:
        match = STAGE.fullmatch(told)
        if match is None:
            raise ValueError(told)
        self.day.stretch(start, self.day.seconds(start) + int(match[2]), match[1])

    def _state_of_mind(self, time_of_day: str, valence: float) -> None:
        day = date_of(self.day.date_text, self.day.name)
        wall = moment(stamp(f"{day} {time_of_day}").wall_s)
        try:
            at = clock.to_utc(wall, self.zone) if self.zone else self.day.context.to_utc(wall)
        except (KeyError, OSError):
            at = self.day.context.to_utc(wall)
        self.day.sample("mood_valence", f"{at:%Y-%m-%dT%H:%M:%SZ}", valence)

    def _workout(self, metric: str, told: str, cells: Mapping[str, str]) -> None:
        if metric == "Workout Activity Type":
            self.end_workout()
            self.workout = (told, moment(self.day.seconds(cells["timestamp"])))
        elif self.workout and metric in (f"{self.workout[0]} {name}" for name in ("Duration", "Distance", "Calories")):
            units = {"seconds": 1.0, **LENGTHS, **KCAL}
            self.told[metric.removeprefix(self.workout[0]).strip().lower()] = float(told) * units[cells["unit"]]

    def end_workout(self) -> None:
        """Adds the workout whose rows end here."""
        if self.workout and "duration" in self.told:
            sport, start = self.workout
            end = start + timedelta(seconds=self.told["duration"])
            entry_of(
                self.day, lambda day, told: add_workout(day, sport, start, end, told), self.told, f"workout {start}"
            )
        self.workout, self.told = None, {}
