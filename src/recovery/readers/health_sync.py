"""Health Sync's CSV files: what the Android app writes into folders of Google Drive or Dropbox at every sync.

What we know of it, from three importers with tests on rows of real files:

- A folder for each kind of data, a file for each day, week, month or range: the same rows stand in several files, and a
  file of today is written anew at every sync. Names are in many forms, so that a file is known by its headings.
- `Date` holds date and time, `2026.05.03 22:44:00`, and `Time` the time again: the wall clock, without a zone. In the
  hour that the clock shows twice the order of the rows decides.
- `Source` is an Android package, `android` the phone itself. Where there is no such column the vendor stands at the
  end of the file's name.
- Steps and energy: a row at midnight is the vendor's total of the day, beside rows of intervals, of the phone or of the
  watch. The total counts; the intervals beside it say only when the person moved, which the sum of both would double.
  A file without totals can have a true row at midnight: it is one where rows of its own source stand beside it and it
  is not larger than a body can walk in such an interval.
- Rows have a beginning and no end: where all begin on whole minutes, the smallest gap between them is the length of
  the intervals of a file; else they are added up by the minute.
- A day whose energies are all 0 was not recorded. `0.0` and `null` stand for what is missing.
- Sleep: a row for each stage with its seconds. A night may be cut at the end of a file.
- Weight, VO2 max and nutrition are not needed; names and places of activities are never read.
"""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from itertools import pairwise
from typing import NamedTuple

from recovery.formats.entries import Claim, Context, Entry, Tree, claim_of
from recovery.formats.export_table import Row, TableFile, amount, headings, measured, plain
from recovery.formats.nights import nights_of, stage_rows
from recovery.formats.records import (
    Activity,
    Batch,
    Sample,
    Skipped,
    SleepSession,
    SleepStage,
    Yielded,
    as_local_time,
    batch_of_rows,
    day_values,
)
from recovery.formats.times import WallClock, iso_time, local_of
from recovery.words.say import say

LABEL = "Health Sync (CSV)"
VERSION = 3
USES_LOCAL_TIME = True  # no file has a zone
IS_REWRITTEN = True

SOURCE = "health_sync"
BESIDE = say("rows beside the total of their day, which counts")
PERCENT = 100.0
MINUTE = timedelta(minutes=1)
LONGEST_INTERVAL = timedelta(hours=1)
LONGEST_STAGE = timedelta(hours=24)
LONGEST_ACTIVITY = timedelta(days=4)
MAX_STEPS_PER_MIN = 300.0  # nobody walks or runs more
KILOCALORIES_PER: Mapping[str, float] = {"kcal": 1.0, "cal": 1.0, "kj": 1 / 4.184}
METRES_PER: Mapping[str, float] = {"km": 1000.0, "m": 1.0, "miles": 1609.344, "mi": 1609.344}
SIGNATURE = re.compile(  # the time stands twice; a spreadsheet that saves the file again may leave out its seconds
    rb'"?\d{4}[./-]\d\d?[./-]\d\d?,? (\d\d?:\d\d)(?::\d\d)?"?[,;\t]"?\1'
)
PACKAGES: Mapping[str, str] = {  # packages whose vendor has a name in the names of files
    "android": "phone",
    "com.sec.android.app.shealth": "samsung_health",
    "com.huawei.health": "huawei_health",
    "com.fitbit.fitbitmobile": "fitbit",
    "com.garmin.android.apps.connectmobile": "garmin",
    "com.google.android.apps.fitness": "google_fit",
    "com.xiaomi.wearable": "mi_fitness",
}
# What stands before the vendor in a file's name: the kind of data, then a date, a week, a month or a range.
BEFORE_VENDOR = re.compile(r".*\d(?=\s+\D)\s+(.+)\.csv", re.IGNORECASE)
STAGES: Mapping[str, str] = {
    "light": "light",
    "deep": "deep",
    "rem": "rem",
    "awake": "awake",
    "sleeping": "asleep",
    "awakeinbed": "awake",
    "outofbed": "awake",
    "inbed": "in_bed",
}
NOT_NEEDED = say("known and not needed for movement, rest and sleep")


def claims(tree: Tree) -> Iterator[Claim]:
    """The app's tables, by their headings and a time that stands twice in the first row."""
    for entry in tree:
        if claim := claim_of(entry, _kind(entry)):
            yield claim


def read(files: Sequence[Entry], context: Context) -> Iterator[Yielded]:
    """Samples, values of days, sleep and activities; each file ends with its summary."""
    for number, entry in enumerate(files):
        file = File(number, entry, context)
        kind = _kind(entry)
        if not callable(kind):
            yield Skipped(number, "", say("this is not one of the tables of Health Sync that are read"))
            continue
        yield from map(as_local_time, kind(file))
        yield file.summary()


class File(TableFile):
    """One file while it is read, with its clock and the source of rows that name none."""

    def __init__(self, number: int, entry: Entry, context: Context) -> None:
        super().__init__(number, entry, context)
        self.clock = WallClock(context)
        match = BEFORE_VENDOR.fullmatch(entry.name)
        self.own_source = _source(match[1]) if match else SOURCE

    def utc(self, wall: datetime) -> datetime:
        """The instant of a reading of the wall clock."""
        time_utc = self.clock.utc(wall)
        self.saw(time_utc)
        return time_utc

    def source(self, row: Row) -> str:
        """Who measured a row."""
        name = row.cells.get("source") or row.cells.get("sourceapp")
        return _source(name) if name and name != "null" else self.own_source


def _source(name: str) -> str:
    slug = re.sub(r"[^a-z0-9.]+", "_", PACKAGES.get(name.strip().lower(), name.lower())).strip("_.")
    return f"{SOURCE}:{slug}" if slug else SOURCE


def _kind(entry: Entry) -> "Callable[[File], Iterator[Yielded]] | str | None":
    """How a table is read, or why it is not needed; None where it is not the app's."""
    first = headings(entry.head)
    names = tuple(plain(re.sub(r"[(\[].*", "", name)) for name in first)
    if names[:3] == ("sourceapp", "activitytype", "activityname") and "elapsedtime" in names:
        return _activities
    if names[:2] != ("date", "time") or len(names) < 3:
        return None
    below = entry.head.partition(b"\n")[2]
    if below.strip() and not SIGNATURE.match(below):
        return None
    return KINDS.get(names[2])


def _wall(row: Row) -> datetime:
    """Date and time as the wall clock showed them. Raises ValueError."""
    return iso_time(row.cells["date"].replace(".", "-", 2).replace("/", "-", 2))


# ---- steps and energy ------------------------------------------------------------------------------------------------


class Reading(NamedTuple):
    """An amount and when its interval began."""

    wall: datetime
    start_utc: datetime
    source: str
    value: float


@dataclass
class Day:
    """The readings of one date: those at midnight and all others."""

    at_midnight: list[Reading] = field(default_factory=list)
    later: list[Reading] = field(default_factory=list)


def _amounts(file: File, metric: str, value_of: Callable[[Row], float | None]) -> Iterator[Yielded]:
    """Totals of days, and amounts of intervals on dates without one."""
    days: dict[date, Day] = {}

    def take(row: Row) -> None:
        wall, value = _wall(row), value_of(row)
        if value is None:
            file.left_out[say("row without a value")] += 1
            return
        day = days.setdefault(wall.date(), Day())
        reading = Reading(wall, file.utc(wall), file.source(row), value)
        (day.later if wall.time() > time() else day.at_midnight).append(reading)

    yield from file.each(take)
    length = _length(reading.wall for day in days.values() for reading in day.later)
    samples: list[Sample] = []
    totals: dict[str, list[tuple[date, str, float]]] = {}
    for local_date, day in days.items():
        total = _total(day, metric, length)
        if total is None:
            samples += _intervals(metric, [*day.at_midnight, *day.later], length)
            continue
        if total.value:
            totals.setdefault(total.source, []).append((local_date, metric, total.value))
        else:
            file.left_out[say("total of 0, which is of a day that was not recorded or has just begun")] += 1
        beside = _beside(day, total)
        if beside:
            file.left_out[BESIDE] += len(beside)
            for reading in beside:
                file.removed.add(metric, BESIDE, reading.value, source=reading.source, day=local_date, fate="same")
            samples += _moving(total.source, beside, length)
    yield batch_of_rows("samples", file.number, samples)
    for source, values in totals.items():
        yield day_values(file.number, source, values)


def _length(walls: Iterable[datetime]) -> timedelta:
    """The length of the intervals of a file, of a minute to an hour: the smallest gap of rows on whole minutes.

    Rows that begin at any second are of no length that is told: they are taken for minutes.
    """
    times = sorted(set(walls))
    gaps = [later - earlier for earlier, later in pairwise(times)]
    if not gaps or any(wall.second for wall in times):
        return MINUTE
    return max(MINUTE, min(*gaps, LONGEST_INTERVAL))


def _total(day: Day, metric: str, length: timedelta) -> Reading | None:
    """The total of a date, which stands at midnight; None where none does, or what stands there is an interval.

    A total of 0 is one as well: soon after midnight nothing is added up yet, and the intervals are already there.
    """
    if not day.at_midnight:
        return None
    largest = max(day.at_midnight, key=lambda reading: reading.value)
    others = [reading for reading in day.later if reading.source == largest.source]
    if others and metric == "steps" and largest.value <= MAX_STEPS_PER_MIN * (length / MINUTE):
        return None
    if others and metric != "steps" and largest.value < sum(reading.value for reading in others) / 2:
        return None
    return largest


def _beside(day: Day, total: Reading) -> list[Reading]:
    return [reading for reading in (*day.at_midnight, *day.later) if reading is not total and reading.value > 0]


def _intervals(metric: str, readings: Sequence[Reading], length: timedelta) -> list[Sample]:
    """Amounts by source and interval; what begins in the same minute is one interval."""
    sums: dict[tuple[str, datetime], float] = {}
    for reading in readings:
        key = (reading.source, _begin(reading.start_utc, length))
        sums[key] = sums.get(key, 0.0) + reading.value
    return [_sample(source, metric, start, start + length, value) for (source, start), value in sums.items()]


def _moving(source: str, readings: Sequence[Reading], length: timedelta) -> list[Sample]:
    """The intervals beside a total as movement alone; those of more than a minute say nothing of minutes."""
    if length > MINUTE:
        return []
    starts = sorted({_begin(reading.start_utc, length) for reading in readings})
    return [_sample(source, "active_s", start, start + MINUTE, MINUTE.total_seconds()) for start in starts]


def _begin(start_utc: datetime, length: timedelta) -> datetime:
    return start_utc.replace(second=0, microsecond=0) if length == MINUTE else start_utc


def _sample(source: str, metric: str, start_utc: datetime, end_utc: datetime, value: float) -> Sample:
    return {"source": source, "metric": metric, "start_utc": start_utc, "end_utc": end_utc, "value": value}


def _steps(file: File) -> Iterator[Yielded]:
    return _amounts(file, "steps", lambda row: amount(row.cells["steps"]))


def _energy(file: File) -> Iterator[Yielded]:
    unit = next((match[1] for name in headings(file.entry.head) if (match := re.search(r"\((\w+)\)", name))), "kcal")
    factor = KILOCALORIES_PER[unit.lower()]

    def value_of(row: Row) -> float | None:
        values = {name: amount(cell) for name, cell in row.cells.items() if "calories" in name or "energy" in name}
        active = next((value for name, value in values.items() if name.startswith("active")), None)
        return active * factor if active is not None and any(values.values()) else None

    return _amounts(file, "active_energy_kcal", value_of)


# ---- readings at an instant ------------------------------------------------------------------------------------------


def _instants(heading: str, metric: str, per_unit: float = 1.0) -> "Callable[[File], Iterator[Yielded]]":
    """Readings at an instant, under a heading; 0 is what was not measured."""

    def read(file: File) -> Iterator[Yielded]:
        samples: list[Sample] = []

        def take(row: Row) -> None:
            value = measured(_cell(row, heading))
            if value is None:
                file.left_out[say("row without a value")] += 1
                return
            time_utc = file.utc(_wall(row))
            samples.append(_sample(file.source(row), metric, time_utc, time_utc, value / per_unit))

        yield from file.each(take, samples=samples)
        yield batch_of_rows("samples", file.number, samples)

    return read


def _resting(file: File) -> Iterator[Yielded]:
    """The resting heart rate is one of the date, whatever time stands beside it."""
    found: dict[str, list[tuple[date, str, float]]] = {}

    def take(row: Row) -> None:
        wall, value = _wall(row), measured(_cell(row, "restingheartrate"))
        if value is None:
            file.left_out[say("row without a value")] += 1
            return
        file.utc(wall)
        found.setdefault(file.source(row), []).append((wall.date(), "resting_heart_rate_bpm", value))

    yield from file.each(take)
    for source, values in found.items():
        yield day_values(file.number, source, values)


def _cell(row: Row, beginning: str) -> str:
    """The cell under the heading that begins with these letters: a unit may stand behind."""
    return next(cell for name, cell in row.cells.items() if name.startswith(beginning))


# ---- sleep -----------------------------------------------------------------------------------------------------------


class Stretch(NamedTuple):
    """A stretch of one stage of one source."""

    start_utc: datetime
    end_utc: datetime
    stage: str


def _sleep(file: File) -> Iterator[Yielded]:
    stretches: dict[str, dict[datetime, Stretch]] = {}

    def take(row: Row) -> None:
        wall, length = _wall(row), amount(row.cells["durationinseconds"])
        stage = STAGES.get(plain(row.cells["sleepstage"]), "unknown")
        if not length:
            file.left_out[say("stage of sleep without a length")] += 1
            return
        if timedelta(seconds=length) > LONGEST_STAGE:
            raise ValueError(length)
        start = file.utc(wall)
        end = start + timedelta(seconds=length)
        file.saw(end)
        stretches.setdefault(file.source(row), {})[start] = Stretch(start, end, stage)

    yield from file.each(take)
    for source, found in stretches.items():
        yield from _nights(file, source, sorted(found.values()))


def _nights(file: File, source: str, stretches: Sequence[Stretch]) -> Iterator[Batch]:
    sessions: list[SleepSession] = []
    stages: list[SleepStage] = []
    for night in nights_of(stretches, lambda stretch: (stretch.start_utc, stretch.end_utc)):
        start, end = night[0].start_utc, max(stretch.end_utc for stretch in night)
        key = f"{start:%Y-%m-%dT%H:%M:%S}"
        sessions.append(
            {
                "source": source,
                "session_key": key,
                "start_utc": start,
                "end_utc": end,
                "tz_assumed": True,
                "reported_start_local": local_of(start, file.context),
                "reported_end_local": local_of(end, file.context),
            }
        )
        stages += stage_rows(source, key, night)
    yield batch_of_rows("sleep_sessions", file.number, sessions)
    yield batch_of_rows("sleep_stages", file.number, stages)


# ---- activities ------------------------------------------------------------------------------------------------------


def _activities(file: File) -> Iterator[Yielded]:
    file.is_private = True  # the name of an activity may name a person or a place
    activities: list[Activity] = []
    units = {plain(name): match[1] for name in headings(file.entry.head) if (match := re.search(r"\((\w+)\)", name))}

    def take(row: Row) -> None:
        cells = row.cells
        wall, length = _wall(row), amount(cells["elapsedtime"])
        if not length:
            file.left_out[say("activity without a length")] += 1
            return
        if timedelta(seconds=length) > LONGEST_ACTIVITY:
            raise ValueError(length)
        start = file.utc(wall)
        end = start + timedelta(seconds=length)
        activity: Activity = {
            "source": file.source(row),
            "start_utc": start,
            "end_utc": end,
            "sport": re.sub(r"\W+", "_", cells["activitytype"].lower()).strip("_") or None,
            "steps": measured(cells.get("steps")),
            "distance_m": _scaled(cells, units, "distance", METRES_PER),
            "active_energy_kcal": _scaled(cells, units, "calories", KILOCALORIES_PER),
        }
        file.saw(end)
        activities.append(activity)

    yield from file.each(take)
    yield batch_of_rows("activities", file.number, activities)


def _scaled(
    cells: Mapping[str, str], units: Mapping[str, str], beginning: str, factors: Mapping[str, float]
) -> float | None:
    """The amount under a heading with its unit in brackets, in ours. Raises KeyError where the unit is not known."""
    name = next((name for name in cells if name.startswith(beginning)), None)
    value = measured(cells[name]) if name else None
    return None if value is None or name is None else value * factors[units[name].lower()]


KINDS: Mapping[str, Callable[[File], Iterator[Yielded]] | str] = {
    "steps": _steps,
    "heartrate": _instants("heartrate", "heart_rate_bpm"),
    "restingheartrate": _resting,
    "durationinseconds": _sleep,
    "activecalories": _energy,
    "activeenergy": _energy,
    "oxygensaturation": _instants("oxygensaturation", "spo2_share", PERCENT),
    "weight": NOT_NEEDED,
    "vo2max": NOT_NEEDED,
}
