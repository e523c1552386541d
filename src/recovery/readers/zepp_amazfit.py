"""The tables of a Zepp, Amazfit or Mi Fit account (`SLEEP/SLEEP_STAMP.csv` and so on).

What we know of it, from programs that read such exports and from what their authors measured:

- The zip has a password, sent by e-mail; it must be unpacked. Files are `SLEEP/SLEEP_<ms>.csv` with a BOM, the number
  is the moment of the export. Missing is `null` or -1, and a table without rows is a kind without data.
- `SLEEP` gives start and stop in UTC, placeholders have none or the same twice. Whether REM lies within `shallow` is
  not written anywhere: it counts beside the others where all of them fit between start and stop, as in newer versions.
- `SLEEP_MINUTE` is local, and some exports date it a day late, some by the day of waking. What puts most of its minutes
  into nights of `SLEEP` counts: as it stands, a day earlier, or a day earlier from noon on. Where none puts half of
  them there, it is not read. Synchronised twice, a minute may come twice: the first counts.
- `ACTIVITY` has a row a day, all zero where the watch was not worn. `ACTIVITY_MINUTE` has only minutes with steps, and
  `ACTIVITY_STAGE` repeats them. Minutes may be missing or repeated: they count on dates on which they sum to the
  steps of the day within a tenth, or of which `ACTIVITY` gives none. Energy is of movement alone in the files seen;
  where it is more for each step, it holds the basal rate and is left out.
- Heart rate by the minute is local; of an hour that a clock shows twice the first is taken.
- Body, user and health data are never read; naps are written in a form that changes, and are left out with a count.
"""

import io
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from statistics import median
from typing import NamedTuple

from recovery.formats.entries import Claim, Context, Entry, Tree
from recovery.formats.export_table import (
    MAX_LINE,
    NO_VALUE,
    Row,
    TableFile,
    amount,
    cells_of,
    headings,
    instant,
    measured,
    number,
    plain,
)
from recovery.formats.nights import Stretch, joined, nights_of, stage_rows
from recovery.formats.records import (
    Activity,
    Batch,
    DayValue,
    Sample,
    Skipped,
    SleepSession,
    SleepStage,
    Yielded,
    as_local_time,
    batch_of_rows,
)
from recovery.formats.times import EPOCH, iso_clock, iso_date, local_of, within_years
from recovery.home.clock import FIRST_UTC, LAST_UTC
from recovery.vocabulary.heart_rates import MAX_SENSOR_BPM, MIN_BPM
from recovery.words.say import say

LABEL = "Zepp, Amazfit, Zepp Life (account export)"
VERSION = 3
USES_LOCAL_TIME = True

SOURCE = "zepp"
AGAIN = say("minute told again")
NO_SUM = say("date whose minutes do not sum to the steps of the day")
NO_HEART = say("heart rate that is no measurement")
NO_BEAT = 255  # of a minute in which the sensor found none
MAX_BYTES = 500_000_000  # a heart rate each minute for ten years is 100 MB
MINUTE = timedelta(minutes=1)
DAY = timedelta(days=1)
LONGEST = timedelta(hours=24)
ROUNDED_MIN = 2.0  # minutes are written as whole numbers
MAX_BREATHS = 60.0
MOST_OFF_SHARE = 0.1  # of a day's steps
ACTIVE_KCAL_PER_STEP = (0.01, 0.09)  # 202 kcal of 5,351 steps; with the basal rate it is 0.2 and more
STAGES = {"LIGHT": "light", "DEEP": "deep", "REM": "rem", "WAKE": "awake"}
SPORTS = {1: "running", 6: "walking", 8: "treadmill", 9: "cycling", 10: "indoor_cycling", 14: "swimming"}
STAMPED = re.compile(r"_(\d{10}|\d{13})\.csv$", re.IGNORECASE)
KINDS = re.compile(r"([A-Z_]+?)(?:_\d+)?\.csv", re.IGNORECASE)
IN_ITS_FOLDER = re.compile(r"(?:^|/)(ACTIVITY_STAGE|BODY|USER|HEALTH_DATA)/\1_\d+\.csv$")
TWICE = say("known and not needed: the minutes and days are read, which tell the same steps")
NEVER = say("known and never read: it tells of the body and the account, not of movement, rest or sleep")
LOCAL = say("its times carry no zone and are read as local time")
WITHOUT_NIGHTS = say("on which dates these minutes were cannot be told: few lie in nights of the table SLEEP beside it")

Point = tuple[str, datetime, datetime, float]  # metric, start, end, value


class Night(NamedTuple):
    """A row of SLEEP."""

    key: str
    start_utc: datetime
    end_utc: datetime
    asleep_min: float | None
    awake_min: float | None
    is_assumed: bool  # its times carry no offset


class Slept(NamedTuple):
    """A row of SLEEP_MINUTE, with its date as it stands."""

    day: date
    clock: time
    stage: str
    breaths: float | None


@dataclass
class Export:
    """What the tables of one reading know of each other."""

    nights: Sequence[Night]
    steps_of_days: Mapping[date, float]  # of ACTIVITY, without days of none


Reading = Callable[[TableFile, Export], Iterator[Yielded]]


def claims(tree: Tree) -> Iterator[Claim]:
    """Tables with Zepp's headings; those that many tables have only by their name too."""
    for entry in tree:
        if folder := IN_ITS_FOLDER.search(entry.path):
            yield Claim(entry.path, not_needed=TWICE if folder[1] == "ACTIVITY_STAGE" else NEVER)
        elif _kind(entry):
            yield Claim(entry.path)


def read(files: Sequence[Entry], context: Context) -> Iterator[Yielded]:
    """Samples, sleep, activities and day values; each file ends with its summary."""
    kinds = [_kind(entry) for entry in files]
    tables = [TableFile(number, entry, context) for number, entry in enumerate(files)]
    nights = [
        night
        for table, kind in zip(tables, kinds, strict=True)
        if kind is _sleep and table.entry.size <= MAX_BYTES
        for night in _nights(TableFile(table.number, table.entry, context))
        if isinstance(night, Night)
    ]
    export = Export(nights, _steps_of_days(files, kinds, context))
    for table, kind in zip(tables, kinds, strict=True):
        if kind is None:
            yield Skipped(table.number, "", say("this is not one of the tables of Zepp that are read"))
        elif table.entry.size > MAX_BYTES:
            yield Skipped(
                table.number, "", say("{size:,} bytes are too many for a table of Zepp", size=table.entry.size)
            )
        else:
            for item in kind(table, export):
                yield as_local_time(item) if LOCAL in table.messages else item
            yield table.summary(_stamp(table.entry.name))


def _steps_of_days(files: Sequence[Entry], kinds: Sequence[Reading | None], context: Context) -> dict[date, float]:
    """The steps of whole days by ACTIVITY; of several exports the highest, since days go on."""
    steps: dict[date, float] = {}
    for place, (entry, kind) in enumerate(zip(files, kinds, strict=True)):
        if kind is _days and entry.size <= MAX_BYTES:
            for found in _days(TableFile(place, entry, context), Export([], {})):
                if isinstance(found, Batch):
                    for row in found.table.to_pylist():
                        if row["metric"] == "steps":
                            steps[row["local_date"]] = max(steps.get(row["local_date"], 0.0), row["value"])
    return steps


def _kind(entry: Entry) -> Reading | None:
    names = [plain(name) for name in headings(entry.head)]
    has = frozenset(names)
    match = KINDS.fullmatch(entry.name)
    name = match[1].upper() if match else ""
    if {"date", "deepsleeptime", "shallowsleeptime", "start", "stop"} <= has:
        return _sleep
    if {"date", "steps", "rundistance"} <= has:
        return _days
    if {"type", "starttime", "sporttimes"} <= has:
        return _sport
    if names[:3] == ["date", "time", "stage"] and (name == "SLEEP_MINUTE" or "respiratoryrate" in has):
        return _sleep_minutes
    if names[:3] == ["date", "time", "steps"] and name == "ACTIVITY_MINUTE":
        return _steps
    if names[:3] == ["date", "time", "heartrate"] and name == "HEARTRATE_AUTO":
        return _heart_rates
    return _measured_heart_rates if names[:2] == ["time", "heartrate"] and name == "HEARTRATE" else None


# ---- minutes ---------------------------------------------------------------------------------------------------------


def _steps(file: TableFile, export: Export) -> Iterator[Yielded]:
    """Minutes of the dates on which they agree with the total of the day."""
    days: dict[date, dict[datetime, float]] = {}

    def take(row: Row) -> None:
        start, steps = _minute(file, row), amount(row.cells["steps"])
        if steps is None:
            raise ValueError(row)
        file.saw(start + MINUTE)
        minutes = days.setdefault(_date(row), {})
        if start in minutes:
            if minutes[start] != steps:
                file.left_out[AGAIN] += 1
            file.removed.add("steps", AGAIN, steps, source=SOURCE, day=start, fate="same")
        minutes.setdefault(start, steps)

    yield from file.each(take)
    file.messages.append(LOCAL)
    for day, minutes in days.items():
        total = export.steps_of_days.get(day)
        if total and not abs(sum(minutes.values()) - total) <= MOST_OFF_SHARE * total:
            file.left_out[NO_SUM] += 1
            file.removed.add("steps", NO_SUM, sum(minutes.values()), records=len(minutes), source=SOURCE, day=day)
        else:
            yield _samples(file, [("steps", start, start + MINUTE, steps) for start, steps in minutes.items()])


def _heart_rates(file: TableFile, _: Export) -> Iterator[Yielded]:
    file.messages.append(LOCAL)
    yield from _points(file, lambda row: _beat(file, _minute(file, row), row))


def _measured_heart_rates(file: TableFile, _: Export) -> Iterator[Yielded]:
    """Those that a person asked for, in UTC."""
    yield from _points(file, lambda row: _beat(file, instant(row.cells["time"], file.context).utc, row))


def _beat(file: TableFile, time_utc: datetime, row: Row) -> Point | None:
    value = number(row.cells["heartrate"])
    if value is None or not MIN_BPM <= value <= MAX_SENSOR_BPM:
        file.left_out[NO_HEART] += 1
        if value not in (None, 0, NO_BEAT):
            file.removed.add("heart_rate_bpm", NO_HEART, source=SOURCE, day=time_utc)
        return None
    return "heart_rate_bpm", time_utc, time_utc, value


def _points(file: TableFile, meaning: Callable[[Row], Point | None]) -> Iterator[Yielded]:
    samples: list[Sample] = []

    def take(row: Row) -> None:
        if point := meaning(row):
            samples.append(_sample(point))
            file.saw(point[2])

    yield from file.each(take, samples=samples)
    yield batch_of_rows("samples", file.number, samples)


def _minute(file: TableFile, row: Row) -> datetime:
    """A local date and time as an instant."""
    return within_years(file.context.to_utc(datetime.combine(_date(row), _clock(row))))


def _date(row: Row) -> date:
    return iso_date(row.cells["date"])


def _clock(row: Row) -> time:
    clock = iso_clock(row.cells["time"])
    if clock.tzinfo:
        raise ValueError(row)
    return clock


def _samples(file: TableFile, points: Sequence[Point]) -> Batch:
    return batch_of_rows("samples", file.number, map(_sample, points))


def _sample(point: Point) -> Sample:
    metric, start, end, value = point
    return {"source": SOURCE, "metric": metric, "start_utc": start, "end_utc": end, "value": value}


# ---- days ------------------------------------------------------------------------------------------------------------


def _days(file: TableFile, _: Export) -> Iterator[Yielded]:
    days: list[DayValue] = []
    energies: list[tuple[date, float, float]] = []

    def take(row: Row) -> None:
        day = _date(row)
        within_years(datetime.combine(day, time()))
        steps = amount(row.cells["steps"])
        distance = amount(row.cells.get("distancem", row.cells.get("distance")))
        energy = amount(row.cells.get("calorieskcal", row.cells.get("calories")))
        if not (steps or distance or energy):
            file.left_out[say("day of no steps, distance and energy")] += 1
            return
        values = {"steps": steps, "distance_m": distance}
        days.extend(_day_value(day, metric, value) for metric, value in values.items() if value is not None)
        if energy and steps:
            energies.append((day, energy, steps))
        file.saw_day(day)

    yield from file.each(take)
    low, high = ACTIVE_KCAL_PER_STEP
    if energies and low <= median(energy / steps for _, energy, steps in energies) <= high:
        days += [_day_value(day, "active_energy_kcal", energy) for day, energy, _ in energies]
    elif energies:
        file.left_out[say("energy that is not of movement alone")] += len(energies)
    yield batch_of_rows("day_values", file.number, days)


def _day_value(day: date, metric: str, value: float) -> DayValue:
    return {"source": SOURCE, "local_date": day, "metric": metric, "value": value}


# ---- activities ------------------------------------------------------------------------------------------------------


def _sport(file: TableFile, _: Export) -> Iterator[Yielded]:
    activities: list[Activity] = []

    def take(row: Row) -> None:
        start = instant(row.cells["starttime"], file.context).utc
        seconds = number(row.cells["sporttimes"])
        kind = int(row.cells["type"])
        distance = number(row.cells.get("distancem"))
        if seconds is None or not 0 < seconds <= LONGEST.total_seconds():
            raise ValueError(row)
        end = within_years(start + timedelta(seconds=seconds))
        activities.append(
            {
                "source": SOURCE,
                "start_utc": start,
                "end_utc": end,
                "sport": SPORTS.get(kind, f"sport {kind}"),
                "distance_m": distance if distance and distance > 0 else None,  # -1 is missing
            }
        )
        file.saw(end)

    yield from file.each(take)
    yield batch_of_rows("activities", file.number, activities)


# ---- sleep -----------------------------------------------------------------------------------------------------------


def _sleep(file: TableFile, _: Export) -> Iterator[Yielded]:
    nights: list[Night] = []
    for found in _nights(file):
        if isinstance(found, Skipped):
            yield found
        else:
            nights.append(found)
            file.saw(found.end_utc)
    yield batch_of_rows(
        "sleep_sessions",
        file.number,
        [
            {
                "source": SOURCE,
                "session_key": night.key,
                "start_utc": night.start_utc,
                "end_utc": night.end_utc,
                "tz_assumed": night.is_assumed,
                "asleep_min": night.asleep_min,
                "awake_min": night.awake_min,
                "reported_start_local": local_of(night.start_utc, file.context) if night.is_assumed else None,
                "reported_end_local": local_of(night.end_utc, file.context) if night.is_assumed else None,
            }
            for night in nights
        ],
    )


def _nights(file: TableFile) -> Iterator[Night | Skipped]:
    """The rows of SLEEP; what stands behind the last heading belongs to the naps, whose quotes are broken."""
    with file.entry.open() as stream, io.TextIOWrapper(stream, "utf-8-sig", errors="replace") as text:
        names = [plain(cell) for cell in cells_of(text.readline(MAX_LINE))]
        for place, line in enumerate(iter(lambda: text.readline(MAX_LINE), ""), 2):
            cells = [cell.strip() for cell in cells_of(line)]
            if not any(cells) and not line.strip():
                continue
            row = Row(f"row {place}", dict(zip(names, cells, strict=False)))
            file.row_count += 1
            try:
                night = _night(file, row)
            except (KeyError, ValueError, OverflowError):
                yield file.unreadable(row)
                continue
            if night:
                yield night


def _night(file: TableFile, row: Row) -> Night | None:
    """One night; None of a placeholder."""
    if row.cells.get("naps", "").strip("[] ").lower() not in NO_VALUE:
        file.left_out[say("row with naps, which are not read")] += 1
    if any(row.cells[name].lower() in NO_VALUE for name in ("start", "stop")):
        file.left_out[say("placeholder of a night")] += 1
        return None
    start, end = (instant(row.cells[name], file.context) for name in ("start", "stop"))
    if start.utc == end.utc:
        file.left_out[say("placeholder of a night")] += 1
        return None
    if not start.utc < end.utc <= start.utc + LONGEST:
        raise ValueError(row)
    length_min = (end.utc - start.utc) / MINUTE
    deep, shallow, rem = (amount(row.cells.get(name)) for name in ("deepsleeptime", "shallowsleeptime", "remtime"))
    awake = amount(row.cells.get("waketime"))
    asleep = None if deep is None and shallow is None else (deep or 0.0) + (shallow or 0.0)
    if asleep is not None and asleep + (rem or 0.0) <= length_min + ROUNDED_MIN:
        asleep += rem or 0.0
    elif asleep is not None and asleep > length_min + ROUNDED_MIN:
        raise ValueError(row)
    elif asleep is not None:
        file.left_out[say("REM that lies within other sleep")] += 1
    return Night(
        f"night {start.utc:%Y-%m-%dT%H:%M:%S}", start.utc, end.utc, asleep, awake, start.is_assumed or end.is_assumed
    )


def _sleep_minutes(file: TableFile, export: Export) -> Iterator[Yielded]:
    minutes: dict[tuple[date, time], Slept] = {}

    def take(row: Row) -> None:
        slept = Slept(_date(row), _clock(row), row.cells["stage"].upper(), measured(row.cells.get("respiratoryrate")))
        within_years(datetime.combine(slept.day, slept.clock))
        if slept.stage not in STAGES:
            file.left_out[say("minute of no known stage")] += 1
        elif minutes.setdefault((slept.day, slept.clock), slept) is not slept:
            file.left_out[say("minute told again")] += 1

    yield from file.each(take)
    placed = _placed(file, list(minutes.values()), export.nights)
    if minutes and not placed:
        file.is_partial = True
        yield Skipped(file.number, "", WITHOUT_NIGHTS)
        return
    yield from _stages(file, placed, export.nights)
    yield _samples(
        file,
        [
            ("respiration_rate", start, start, slept.breaths)
            for start, slept in placed
            if slept.breaths and slept.breaths <= MAX_BREATHS
        ],
    )


# How far the date of a minute may be off: what is to be taken off it, by the time of day.
SHIFTS: Mapping[str, Callable[[time], timedelta]] = {
    say("as they stand"): lambda _: timedelta(),
    say("a day late"): lambda _: DAY,
    say("by the day of waking"): lambda clock: DAY if clock >= time(12) else timedelta(),
}


def _placed(file: TableFile, minutes: Sequence[Slept], nights: Sequence[Night]) -> list[tuple[datetime, Slept]]:
    """Each minute at its instant, its date read so that most of them lie in a night of SLEEP; nothing if few do."""
    asleep = {
        night.start_utc.replace(second=0, microsecond=0) + count * MINUTE
        for night in nights
        for count in range(int((night.end_utc - night.start_utc) / MINUTE) + 1)
    }
    hits = {name: sum(_shifted(file, minute, name) in asleep for minute in minutes) for name in SHIFTS}
    name = max(SHIFTS, key=lambda shift: hits[shift])
    if 2 * hits[name] < len(minutes):
        return []
    file.messages += [LOCAL, say("its dates are taken {name}, as the nights of SLEEP have it", name=name)]
    placed: dict[datetime, Slept] = {}
    for minute in minutes:
        placed.setdefault(_shifted(file, minute, name), minute)
    return sorted(placed.items())


def _shifted(file: TableFile, minute: Slept, name: str) -> datetime:
    wall = datetime.combine(minute.day, minute.clock.replace(second=0, microsecond=0))
    return file.context.to_utc(wall - SHIFTS[name](minute.clock))


def _stages(file: TableFile, placed: Sequence[tuple[datetime, Slept]], nights: Sequence[Night]) -> Iterator[Batch]:
    """Minutes less than an hour apart as stages of the night of SLEEP they lie in, else of a night of their own."""
    stages: list[SleepStage] = []
    own: list[SleepSession] = []
    for run in nights_of(placed, _start):
        start, end = run[0][0], run[-1][0] + MINUTE
        file.saw(end)
        overlapping = [night for night in nights if night.start_utc < end and night.end_utc > start]
        key = f"minutes {start:%Y-%m-%dT%H:%M:%S}"
        if overlapping:
            key = max(
                overlapping,
                key=lambda night: (min(night.end_utc, end) - max(night.start_utc, start), night.key),
            ).key
        else:
            own.append(
                {
                    "source": SOURCE,
                    "session_key": key,
                    "start_utc": start,
                    "end_utc": end,
                    "tz_assumed": True,
                    "reported_start_local": local_of(start, file.context),
                    "reported_end_local": local_of(end, file.context),
                }
            )
        minutes = (Stretch(start, start + MINUTE, STAGES[minute.stage]) for start, minute in run)
        stages += stage_rows(SOURCE, key, joined(minutes))
    yield batch_of_rows("sleep_sessions", file.number, own)
    yield batch_of_rows("sleep_stages", file.number, stages)


def _start(placed: tuple[datetime, Slept]) -> tuple[datetime, datetime]:
    return placed[0], placed[0]


def _stamp(name: str) -> datetime | None:
    """When the export was made, as the file's name says in milliseconds or seconds."""
    stamp_in_name = STAMPED.search(name)
    if not stamp_in_name:
        return None
    seconds = int(stamp_in_name[1]) / (1 if len(stamp_in_name[1]) == 10 else 1000)
    stamp = EPOCH + timedelta(seconds=seconds)
    return stamp if FIRST_UTC < stamp < LAST_UTC else None
