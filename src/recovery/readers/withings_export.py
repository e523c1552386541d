"""Withings' export (`activities.csv`, `aggregates_*`, `raw_*`, `sleep.csv`), in any language.

What we know of it, from 15 real files of one person (three months, German) and other people's programs:

- All `raw_*` files have the headings `start,duration,value`, all `aggregates_*` have `date,value`: what they hold is in
  their name alone. A name may have a number that a browser added.
- A raw row starts at a time with offset; durations (s) and values are lists of one length: `"[60,60]","[6,5]"`. Rows
  are not in order, and the same minutes may stand there twice: of the 17,059 of the real steps 2,575 do, to the step,
  on 27 days. One counts. Then 65 of 86 days add up to the told total of the day, and 18 more to within 1 %.
- Headings of nights and activities are translated in part, so their columns are known by their place. Durations of
  nights are seconds; a REM of 0 all along is not measured.
- `raw_tracker_sleep-state` gives 0 awake, 1 light, 2 deep, 3 REM, in rows less than an hour apart: one night. It is the
  night of `sleep.csv` with its stages; the SQL lets the staged one count.
- Of days with 0 steps nobody knows whether the watch was worn: no row.
- The mat in the bed is a source of its own (`withings:bed`).
- Tracks, blood pressure, ECGs, weight and notes are never read. Nor is the elevation, which is metres, not floors.
"""

import json
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import date, datetime, timedelta
from math import isfinite
from typing import NamedTuple

from recovery.formats.entries import Claim, Context, Entry, Tree, claim_of
from recovery.formats.export_table import (
    MAX_SHOWN,
    Instant,
    Row,
    TableFile,
    amount,
    headings,
    instant,
    is_text,
    measured,
    note,
    number,
    offsets,
    plain,
)
from recovery.formats.json_values import date_of
from recovery.formats.nights import nights_of, stage_rows
from recovery.formats.records import (
    Activity,
    Batch,
    Sample,
    Skipped,
    SleepSession,
    SleepStage,
    Yielded,
    batch_of_rows,
    day_values,
)
from recovery.formats.times import within_years
from recovery.home import clock
from recovery.words.say import say

LABEL = "Withings (Health Mate export)"
VERSION = 3
USES_LOCAL_TIME = True  # only where a time gives no offset

SOURCE = "withings"
TWICE = say("item that stands there twice")
BED = "withings:bed"
ROWS_PER_BATCH = 1 << 16
MAX_ITEMS = 10_000  # of one row: a week of minutes
LONGEST = timedelta(hours=48)
SECONDS_PER_MINUTE = 60.0
PERCENT = 100.0
LOWEST_SPO2_SHARE = 0.5
STAGES = {0: "awake", 1: "light", 2: "deep", 3: "rem"}
NUMBER_ADDED = re.compile(r" ?\(\d+\)(?=\.csv$)")
OTHER = say("known and not needed for movement, rest and sleep")
PRIVATE = say("known and never read: it holds nothing of movement, rest or sleep")
PRIVATE_FILES = re.compile(
    r"(?:bp|weight|height|note|signal|pwv|oxy|body_temperature|account|user|ecg.*|manual_.*|stetho.*)\.csv|readme\.txt",
    re.IGNORECASE,
)


class Part(NamedTuple):
    """One item of a raw row."""

    start: datetime
    end: datetime
    value: float


def claims(tree: Tree) -> Iterator[Claim]:
    """Files by their headings and names; those with plain headings only beside others of Withings."""
    kinds = {entry.path: kind for entry in tree if (kind := _kind(entry))}
    folders = {path.rpartition("/")[0] for path in kinds}
    for entry in tree:
        if claim := claim_of(entry, kinds.get(entry.path)):
            yield claim
        elif entry.path.rpartition("/")[0] in folders and PRIVATE_FILES.fullmatch(_name(entry)) and is_text(entry.head):
            yield Claim(entry.path, not_needed=PRIVATE)


def read(files: Sequence[Entry], context: Context) -> Iterator[Yielded]:
    """Samples, sleep, activities, day values and offsets; each file ends with its summary."""
    for number_of_file, entry in enumerate(files):
        kind = _kind(entry)
        file = TableFile(number_of_file, entry, context)
        if not callable(kind):
            yield Skipped(number_of_file, "", say("this is not one of the Withings files that are read"))
            continue
        yield from kind(file)
        yield file.summary()


def _name(entry: Entry) -> str:
    return NUMBER_ADDED.sub("", entry.name)


def _kind(entry: Entry) -> "Callable[[TableFile], Iterator[Yielded]] | str | None":
    """How an entry is read, or why it is not needed; None where it is not Withings'."""
    names = [plain(name) for name in headings(entry.head)]
    name = _name(entry).lower()
    if names == ["start", "duration", "value"] and name.startswith("raw_"):
        return RAW.get(name[len("raw_") : -len(".csv")], PRIVATE if "location" in name or "gps" in name else OTHER)
    if names == ["date", "value"] and name.startswith("aggregates_"):
        return AGGREGATES.get(name[len("aggregates_") : -len(".csv")], OTHER)
    if len(names) >= 7 and names[4] == "rems" and all(cell.endswith("s") for cell in names[2:6]):
        return _nights
    if {"timezone", "activitytype", "data", "gps"} <= set(names):
        return _activities
    return None


# ---- raw rows --------------------------------------------------------------------------------------------------------


def _parts(
    file: TableFile, instants: list[Instant], metric: str = "", source: str = "", per_unit: float = 1.0
) -> Iterator[Part | Skipped]:
    """The items of all rows, each once; of a metric those that stand there twice are told."""
    seen: set[Part] = set()
    for row in file.rows():
        if isinstance(row, Skipped):
            yield row
            continue
        try:
            start = instant(row.cells["start"], file.context)
            parts = list(_items(row, start.utc))
        except (KeyError, ValueError, TypeError, OverflowError, RecursionError):
            yield file.unreadable(row)
            continue
        note(instants, start)
        for part in parts:
            if part in seen:
                file.left_out[TWICE] += 1
                if metric:
                    amount = max(part.value, 0.0) * per_unit
                    file.removed.add(metric, TWICE, amount, source=source, day=part.start, fate="same")
                continue
            seen.add(part)
            file.saw(part.end)
            yield part


def _items(row: Row, start: datetime) -> Iterator[Part]:
    lengths, values = json.loads(row.cells["duration"]), json.loads(row.cells["value"])
    if not isinstance(lengths, list) or not isinstance(values, list) or not len(lengths) == len(values) <= MAX_ITEMS:
        raise ValueError(row.cells["value"][:MAX_SHOWN])
    here = start
    for length_s, value in zip(lengths, values, strict=True):
        end = here + timedelta(seconds=float(length_s))
        if not here <= end <= here + LONGEST or not isfinite(value):
            raise ValueError(row.cells["duration"][:MAX_SHOWN])
        yield Part(here, within_years(end), float(value))
        here = end


def _samples(
    metric: str, source: str = SOURCE, per_unit: float = 1.0, *, is_instant: bool = False, above: float = 0.0
) -> Callable[[TableFile], Iterator[Yielded]]:
    """Amounts of intervals, zero included; or readings at an instant, which are above a number where measured.

    An amount below 0 is refused, and named, at loading (loading/plausible.py).
    """

    def read(file: TableFile) -> Iterator[Yielded]:
        instants: list[Instant] = []
        rows: list[Sample] = []
        for part in _parts(file, instants, metric, source, per_unit):
            if isinstance(part, Skipped):
                yield part
                continue
            value = part.value * per_unit
            if is_instant and not value > above:
                file.left_out[say("item of 0 or less, which is no measurement")] += 1
                continue
            end = part.start if is_instant else part.end
            rows.append({"source": source, "metric": metric, "start_utc": part.start, "end_utc": end, "value": value})
            if len(rows) == ROWS_PER_BATCH:
                yield batch_of_rows("samples", file.number, rows)
                rows = []
        yield batch_of_rows("samples", file.number, rows)
        yield batch_of_rows("clock_offsets", file.number, offsets(source, instants))

    return read


def _states(file: TableFile) -> Iterator[Yielded]:
    """Nights out of rows of states that are less than an hour apart."""
    instants: list[Instant] = []
    parts: list[Part] = []
    for part in _parts(file, instants):
        if isinstance(part, Skipped):
            yield part
        elif part.end > part.start:
            parts.append(part)
    sessions: list[SleepSession] = []
    stages: list[SleepStage] = []
    for night in nights_of(sorted(parts), _span):
        key = f"states {night[0].start:%Y-%m-%dT%H:%M:%S}"
        sessions.append(
            {
                "source": SOURCE,
                "session_key": key,
                "start_utc": night[0].start,
                "end_utc": max(part.end for part in night),
                "tz_assumed": False,
                "is_in_bed_recorded": True,
            }
        )
        stretches = ((part.start, part.end, STAGES.get(int(part.value), "unknown")) for part in night)
        stages += stage_rows(SOURCE, key, stretches)
    yield batch_of_rows("sleep_sessions", file.number, sessions)
    yield batch_of_rows("sleep_stages", file.number, stages)
    yield batch_of_rows("clock_offsets", file.number, offsets(SOURCE, instants))


def _span(part: Part) -> tuple[datetime, datetime]:
    return part.start, part.end


# ---- tables ----------------------------------------------------------------------------------------------------------


def _cells(row: Row) -> list[str]:
    return list(row.cells.values())


def _nights(file: TableFile) -> Iterator[Yielded]:
    sessions: list[SleepSession] = []
    instants: list[Instant] = []
    longest: dict[date, tuple[timedelta, dict[str, float | None]]] = {}

    def take(row: Row) -> None:
        cells = _cells(row)
        start, end = (instant(cell, file.context) for cell in cells[:2])
        if not timedelta() < end.utc - start.utc <= LONGEST:
            raise ValueError(cells[1])
        light, deep, rem, awake = (_minutes(cell) for cell in cells[2:6])
        latency, after = (_minutes(row.cells.get(name)) for name in ("durationtosleeps", "durationtowakeups"))
        heart = measured(row.cells.get("averageheartrate"))
        asleep = sum(part or 0.0 for part in (light, deep, rem))
        if not asleep:
            file.left_out[say("night without a minute of sleep")] += 1
            return
        instants.append(start)
        file.saw(end.utc)
        sessions.append(
            {
                "source": SOURCE,
                "session_key": f"{start.utc:%Y-%m-%dT%H:%M:%S}",
                "start_utc": start.utc,
                "end_utc": end.utc,
                "tz_assumed": start.is_assumed,
                "asleep_min": asleep,
                "awake_min": awake,
                "latency_min": latency,
                "after_wake_min": after,
                "is_in_bed_recorded": True,
                "reported_start_local": start.local,
                "reported_end_local": end.local,
            }
        )
        values = {"light_min": light, "deep_min": deep, "rem_min": rem or None, "sleeping_heart_rate_bpm": heart}
        day = (end.wall or clock.to_local(end.utc, file.context.zone_at(end.utc.date()))).date()
        longest[day] = max(longest.get(day, (timedelta(), {})), (end.utc - start.utc, values), key=_length)

    yield from file.each(take, errors=(IndexError,))
    yield batch_of_rows("sleep_sessions", file.number, sessions)
    found = [(day, metric, value) for day, (_, values) in longest.items() for metric, value in values.items()]
    yield _day_values(file, [(day, metric, value) for day, metric, value in found if value is not None])
    yield batch_of_rows("clock_offsets", file.number, offsets(SOURCE, instants))


def _length(night: tuple[timedelta, object]) -> timedelta:
    return night[0]


def _minutes(seconds: str | None) -> float | None:
    value = amount(seconds)
    return None if value is None else value / SECONDS_PER_MINUTE


def _activities(file: TableFile) -> Iterator[Yielded]:
    file.is_private = True  # a track stands in each row
    activities: list[Activity] = []
    instants: list[Instant] = []

    def take(row: Row) -> None:
        cells = _cells(row)
        start, end = (instant(cells[place + 2] or cells[place], file.context) for place in range(2))
        if not timedelta() <= end.utc - start.utc <= LONGEST:
            raise ValueError(cells[1])
        data = json.loads(row.cells["data"] or "{}")
        activity: Activity = {
            "source": SOURCE,
            "start_utc": start.utc,
            "end_utc": end.utc,
            "sport": row.cells["activitytype"].lower()[:MAX_SHOWN] or None,
            "steps": _of(data, "steps"),
            "distance_m": _of(data, "manual_distance") or _of(data, "distance"),
            "active_energy_kcal": _of(data, "manual_calories") or _of(data, "calories"),
            "tz_assumed": start.is_assumed or None,
        }
        instants.append(start)
        file.saw(end.utc)
        activities.append(activity)

    yield from file.each(take, errors=(TypeError, IndexError, AttributeError, RecursionError))
    yield batch_of_rows("activities", file.number, activities)
    yield batch_of_rows("clock_offsets", file.number, offsets(SOURCE, instants))


def _of(data: Mapping[str, object], name: str) -> float | None:
    value = data.get(name)
    return None if value is None else measured(str(value))


def _day(metric: str) -> Callable[[TableFile], Iterator[Yielded]]:
    """Totals of dates; 0 is no row."""

    def read(file: TableFile) -> Iterator[Yielded]:
        days: list[tuple[date, str, float]] = []

        def take(row: Row) -> None:
            day, value = date_of(row.cells["date"]), number(row.cells["value"])
            if value is None:
                file.left_out[say("date without a value")] += 1
            elif value == 0:
                file.left_out[say("date with 0")] += 1
            else:  # less than 0 is refused, and named, at loading (loading/plausible.py)
                days.append((day, metric, value))

        yield from file.each(take)
        yield _day_values(file, days)

    return read


def _day_values(file: TableFile, days: Sequence[tuple[date, str, float]]) -> Batch:
    for day, _, _ in days:
        file.saw_day(day)
    return day_values(file.number, SOURCE, days)


# ---- which file is which ---------------------------------------------------------------------------------------------

HEART = _samples("heart_rate_bpm", is_instant=True)
BED_HEART = _samples("heart_rate_bpm", BED, is_instant=True)
BED_BREATHS = _samples("respiration_rate", BED, is_instant=True)
RAW: Mapping[str, Callable[[TableFile], Iterator[Yielded]] | str] = {
    "tracker_steps": _samples("steps"),
    "tracker_distance": _samples("distance_m"),
    "tracker_calories-earned": _samples("active_energy_kcal"),
    "tracker_sleep-state": _states,
    "hr_hr": HEART,
    "tracker_hr": HEART,
    "spo2_auto_spo2": _samples("spo2_share", per_unit=1 / PERCENT, is_instant=True, above=LOWEST_SPO2_SHARE),
    "bed_hr": BED_HEART,
    "bed_respiratory-rate": BED_BREATHS,
    "sleep-monitor_hr": BED_HEART,
    "sleep-monitor_respiratory-rate": BED_BREATHS,
    "bed_sleep-state": say("known and not needed: sleep.csv holds the nights of the mat"),
    "sleep-monitor_sleep-state": say("known and not needed: sleep.csv holds the nights of the mat"),
    "tracker_latitude": PRIVATE,
    "tracker_longitude": PRIVATE,
    "tracker_altitude": PRIVATE,
    "tracker_horizontal-radius": PRIVATE,
    "tracker_vertical-radius": PRIVATE,
}
AGGREGATES: Mapping[str, Callable[[TableFile], Iterator[Yielded]] | str] = {
    "steps": _day("steps"),
    "distance": _day("distance_m"),
    "calories_earned": _day("active_energy_kcal"),
}
