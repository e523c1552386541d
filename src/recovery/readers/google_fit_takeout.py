"""Google Fit in Google Takeout (`Takeout/Fit`): streams, sessions and daily metrics; folder names are translated.

What we know of it, from a real daily file, and from programs that read the rest:

- `All Data/*.json` is one stream a file, `{"Data Source": ..., "Data Points": [...]}`, with nanoseconds of UTC. The
  file's name is cut short, so the data source within counts: `raw:TYPE:APP:MAKER:MODEL:ID:NAME` is what one device
  told, `derived:TYPE:com.google.android.gms:merge_...` what Google made of all of them.
- The merged stream holds each step once: it is the source `google_fit`. Where it is among the files, the streams it
  was made of are not needed; where it is not, each is a source of its own, and the SQL lets one count.
- `Daily activity metrics/DATE.csv` holds the same by quarter hours, the offset with each time. Their source is
  `google_fit` too: of overlapping intervals the shorter counts, so they fill what the stream leaves open.
- Headings are translated with the account: a time is known by its form, a metre by its unit, steps and minutes of
  movement by their words (German and French seen).
- `Daily activity metrics.csv` has a row a day. An empty cell is a missing value; there is no zero for a day not worn.
- `All Sessions/*.json` is one activity a file, with its offset; `sleep` is a night. Stages of sleep are a stream
  without nights: pieces less than an hour apart are one night here.
- Calories hold the basal rate. Places, weight, height and names of sessions are never read.
- Activities as TCX are the TCX reader's.
"""

import json
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from math import isfinite
from typing import NamedTuple

from recovery.formats.entries import Claim, Context, Entry, Tree
from recovery.formats.export_table import cells_of
from recovery.formats.json_items import CutShortError, items
from recovery.formats.json_values import BLANKS, JsonObject, date_of
from recovery.formats.name_dates import date_in_name
from recovery.formats.nights import nights_of, stage_rows
from recovery.formats.records import (
    Activity,
    Batch,
    ClockOffset,
    DayValue,
    FileSummary,
    Skipped,
    SleepSession,
    SleepStage,
    Yielded,
    as_local_time,
    batch,
    batch_of_rows,
)
from recovery.formats.times import EPOCH, end_of_day, iso_time, naive_utc, takeout_date
from recovery.home.clock import FIRST_UTC, LAST_UTC, is_place
from recovery.words.say import say

LABEL = "Google Fit (Google Takeout)"
VERSION = 2
USES_LOCAL_TIME = True

SOURCE = "google_fit"
MAX_TABLE_BYTES = 20_000_000
MAX_SESSION_BYTES = 5_000_000
CHUNK_BYTES = 1 << 20
ROWS_PER_BATCH = 1 << 16
MAX_POINT_CHARACTERS = 1 << 16  # a point has some 300
NANOS_PER_MICRO = 1000
LONGEST = timedelta(hours=48)
SECONDS_PER_MINUTE = 60.0
PERCENT = 100.0
STAGES = {1: "awake", 2: "asleep", 3: "awake", 4: "light", 5: "deep", 6: "rem"}  # 3 is out of bed
NO_MOVEMENT = {"sleep", "still", "meditation", "guided_breathing", "in_vehicle", "unknown"}
DATA_SOURCE = re.compile(rb'"Data Source"\s*:\s*"((?:[^"\\]|\\.)*)"')
BETWEEN = re.compile(r"[\s,]*")
MERGED = say("known and not needed: Google's merged stream of the same export holds it once")
OTHER = say("known and not needed for movement, rest and sleep")


class Metric(NamedTuple):
    """A sample metric and what one unit of Google's makes of it."""

    name: str
    per_unit: float = 1.0
    is_instant: bool = False


TYPES: Mapping[str, Metric] = {
    "com.google.step_count.delta": Metric("steps"),
    "com.google.distance.delta": Metric("distance_m"),
    "com.google.active_minutes": Metric("active_s", SECONDS_PER_MINUTE),
    "com.google.heart_rate.bpm": Metric("heart_rate_bpm", is_instant=True),
    "com.google.oxygen_saturation": Metric("spo2_share", 1 / PERCENT, is_instant=True),
}
SLEEP_TYPE = "com.google.sleep.segment"
INTERVAL_COLUMNS: Mapping[str, Metric] = {
    "step count": TYPES["com.google.step_count.delta"],
    "distance (m)": TYPES["com.google.distance.delta"],
    "move minutes count": TYPES["com.google.active_minutes"],
}
DAY_COLUMNS: Mapping[str, str] = {
    "step count": "steps",
    "distance (m)": "distance_m",
    "move minutes count": "moving_min",
}
# Headings of other languages, by the first pattern that fits.
WORDS: Sequence[tuple[str, re.Pattern[str]]] = (
    ("date", re.compile(r"date|datum|fecha|data|dato")),
    ("start time", re.compile(r"start time|beginn|startzeit|heure de début|hora de inicio|ora di inizio|starttijd")),
    ("end time", re.compile(r"end time|ende|endzeit|heure de fin|hora de finalización|ora di fine|eindtijd")),
    ("calories (kcal)", re.compile(r"[^()]*\(kcal\)")),
    ("distance (m)", re.compile(r"[^()]*\(m\)")),
    (
        "move minutes count",
        re.compile(
            r"(?:(?:anzahl|nombre|número|numero|aantal)\b.*)?(?:aktivitätsminuten|bewegungsminuten|minutes d.activité|"
            r"minutes en mouvement|minutos (?:de actividad|en movimiento)|minuti di (?:attività|movimento)|"
            r"beweegminuten)(?: count)?"
        ),
    ),
    (
        "step count",
        re.compile(r"[^()]*\b(?:steps?|pas|schritte?|schrittzahl|pasos|passi|stappen|passos|skridt|steg)\b[^()]*"),
    ),
)
UNIT = re.compile(r"\(([^()]*)\)$")
OWN_UNITS = frozenset({"ms", "m/s", "deg"})  # of activities, speeds and places
UNITS = OWN_UNITS | {"kcal", "m", "bpm", "kg", "cm", "%", "mmhg", "ml", "l", "°c", "mmol/l", "mg/dl"}
AGGREGATES: Mapping[str, str] = {"com.google.step_count.delta": "steps", "com.google.distance.delta": "distance_m"}


def claims(tree: Tree) -> Iterator[Claim]:
    """Fit's files wherever they lie, by what stands at their start."""
    streams = {entry.path: stream for entry in tree if (stream := _data_source(entry)) is not None}
    merged = {stream.type_name for stream in streams.values() if stream.is_merged}
    for entry in tree:
        if stream := streams.get(entry.path):
            if stream.type_name not in TYPES and stream.type_name != SLEEP_TYPE:
                yield Claim(entry.path, not_needed=OTHER)
            elif stream.type_name in merged and not stream.is_merged:
                yield Claim(entry.path, not_needed=MERGED)
            else:
                yield Claim(entry.path)
        elif _is_session(entry) or _table_kind(entry) is not None:
            yield Claim(entry.path)


def read(files: Sequence[Entry], context: Context) -> Iterator[Yielded]:
    """Samples, sleep, activities, day values and offsets; each file ends with its summary."""
    for number, entry in enumerate(files):
        file = File(number, entry, context)
        stream = _data_source(entry)
        if stream and stream.type_name == SLEEP_TYPE:
            reading: Iterator[Yielded] = _night_stream(file, stream)
        elif stream and stream.type_name in TYPES:
            reading = _stream(file, stream)
        elif _is_session(entry):
            reading = _session(file)
        elif (kind := _table_kind(entry)) is not None:
            reading = kind(file)
        else:
            yield Skipped(number, "", say("this is not one of the Google Fit files that are read"))
            continue
        yield from reading
        exported = takeout_date(entry.path) or file.newest
        if exported and file.is_staged:
            exported += timedelta(microseconds=1)
        yield FileSummary(number, exported, "; ".join(file.messages), is_partial=file.is_partial)


@dataclass
class File:
    """One file while it is read, and what is found out of it on the way."""

    number: int
    entry: Entry
    context: Context
    messages: list[str] = field(default_factory=list)
    newest: datetime | None = None
    is_partial: bool = False
    is_staged: bool = False  # stages of sleep, so that it counts before a session of the same night without them

    def saw(self, time_utc: datetime) -> None:
        self.newest = max(self.newest or time_utc, time_utc)


class Stream(NamedTuple):
    """What a data source says of itself."""

    type_name: str
    source: str
    app: str  # the same by the app alone, as sessions give it
    is_merged: bool


def _data_source(entry: Entry) -> Stream | None:
    head = entry.head
    if not head.lstrip(BLANKS).startswith(b"{") or b'"Data Points"' not in head:
        return None
    match = DATA_SOURCE.search(head)
    return _stream_of(json.loads(b'"%b"' % match[1])) if match and _is_utf8(match[1]) else None


def _is_utf8(text: bytes) -> bool:
    try:
        json.loads(b'"%b"' % text)
    except (ValueError, OverflowError):
        return False
    return True


def _stream_of(data_source: str) -> Stream | None:
    """`raw:TYPE:APP[:MAKER:MODEL:ID][:NAME]`, `derived:TYPE:APP:NAME`; a device's own id is never kept."""
    parts = data_source.split(":")
    if len(parts) < 3 or parts[0] not in ("raw", "derived"):
        return None
    is_merged = parts[0] == "derived" and len(parts) == 4 and parts[3].startswith("merge")
    names = parts[3:5] if len(parts) > 5 else parts[2:4]
    return Stream(parts[1], SOURCE if is_merged else _source(" ".join(names)), _source(parts[2]), is_merged)


def _source(name: str) -> str:
    slug = re.sub(r"[^a-z0-9.]+", "_", name.lower()).strip("_")
    return f"{SOURCE}:{slug}" if slug else SOURCE


def _is_session(entry: Entry) -> bool:
    head = entry.head
    return head.lstrip(BLANKS).startswith(b"{") and b'"fitnessActivity"' in head and b'"startTime"' in head


def _table_kind(entry: Entry) -> "Callable[[File], Iterator[Yielded]] | None":
    header = _header(entry.head)
    if len(header) < 3 or not any(name in header for name in DAY_COLUMNS) or "calories (kcal)" not in header:
        return None
    if header[0] == "date":
        return _days if _is_only_of_fit(header) else None
    is_of_a_day = header[:2] == ["start time", "end time"] and date_in_name(entry.name) != ""
    return _quarter_hours if is_of_a_day else None


def _is_only_of_fit(header: Sequence[str]) -> bool:
    """Whether no person's own table of days is headed so: it has a heading of Fit's alone, and no unit but Fit's."""
    units = [found[1] for name in header if (found := UNIT.search(name))]
    return set(units) <= UNITS and ("move minutes count" in header or not OWN_UNITS.isdisjoint(units))


def _in_english(names: Sequence[str]) -> list[str]:
    """Headings in the words of the English ones, where they are those of a table; else as they stand."""
    if not any(name.endswith("(kcal)") for name in names):
        return list(names)
    found = [next((ours for ours, pattern in WORDS if pattern.fullmatch(name)), name) for name in names]
    if found[0] not in ("date", "start time"):
        found[:2] = ["start time", "end time"]  # of a language whose words are not known: a row with no date begins so
    return found


def _header(head: bytes) -> list[str]:
    line, newline, _ = head.partition(b"\n")
    if not newline:
        return []
    return _in_english([cell.strip().lower() for cell in cells_of(line.decode("utf-8-sig", errors="replace"))])


# ---- streams ---------------------------------------------------------------------------------------------------------


class Point(NamedTuple):
    """One point of a stream."""

    start_utc: datetime
    end_utc: datetime
    value: float
    origin: str


def _stream(file: File, stream: Stream) -> Iterator[Yielded]:
    metric = TYPES[stream.type_name]
    points: list[Point] = []
    for found in _points(file):
        if isinstance(found, Skipped):
            yield found
        else:
            points.append(found)
            if len(points) == ROWS_PER_BATCH:
                yield _samples(file, stream.source, metric, points)
                points = []
    yield _samples(file, stream.source, metric, points)


def _samples(file: File, source: str, metric: Metric, points: Sequence[Point]) -> Batch:
    return batch(
        "samples",
        {
            "file": [file.number] * len(points),
            "source": [source] * len(points),
            "metric": [metric.name] * len(points),
            "start_utc": [point.start_utc for point in points],
            "end_utc": [point.start_utc if metric.is_instant else point.end_utc for point in points],
            "value": [point.value * metric.per_unit for point in points],
        },
    )


def _points(file: File) -> Iterator[Point | Skipped]:
    """The data points one by one; where the file is damaged, a row for what is missing."""
    count = 0
    with file.entry.open() as stream:
        try:
            for count, item in enumerate(items(stream, '"Data Points"'), 1):
                try:
                    point = _point(item)
                except (KeyError, TypeError, ValueError, IndexError, OverflowError, AttributeError):
                    reason = say("this point has no time or number that can be read")
                    yield Skipped(file.number, f"point {count}", reason, json.dumps(item))
                else:
                    file.saw(point.end_utc)
                    yield point
        except CutShortError as error:
            file.is_partial = True
            yield Skipped(file.number, say("after point {count}", count=count), error.message)
            return
    if not count:
        file.messages.append(say("holds no entries"))


def _point(item: JsonObject) -> Point:
    start, end = (_instant(item[name]) for name in ("startTimeNanos", "endTimeNanos"))
    holder = item["fitValue"][0]["value"]
    value = float(holder["intVal"] if "intVal" in holder else holder["fpVal"])
    if not (start <= end <= start + LONGEST and isfinite(value) and value >= 0):
        raise ValueError(item)
    origin = item.get("originDataSourceId")
    return Point(start, end, value, origin if isinstance(origin, str) else "")


def _instant(nanos: object) -> datetime:
    if isinstance(nanos, bool) or not isinstance(nanos, int | str):
        raise TypeError(nanos)
    time_utc = EPOCH + timedelta(microseconds=int(nanos) // NANOS_PER_MICRO)
    if not FIRST_UTC <= time_utc < LAST_UTC:
        raise ValueError(nanos)
    return time_utc


# ---- sleep -----------------------------------------------------------------------------------------------------------


def _night_stream(file: File, stream: Stream) -> Iterator[Yielded]:
    pieces: dict[str, list[Point]] = {}
    unknown = 0
    for found in _points(file):
        if isinstance(found, Skipped):
            yield found
        elif int(found.value) not in STAGES or found.end_utc == found.start_utc:
            unknown += 1
        else:
            origin = _stream_of(found.origin)
            pieces.setdefault((origin or stream).app, []).append(found)
    sessions: list[SleepSession] = []
    stages: list[SleepStage] = []
    for source, points in sorted(pieces.items()):
        for night in nights_of(sorted(points), _span):
            key = f"stages {night[0].start_utc:%Y-%m-%dT%H:%M:%S}"
            end = max(point.end_utc for point in night)
            sessions.append(
                {
                    "source": source,
                    "session_key": key,
                    "start_utc": night[0].start_utc,
                    "end_utc": end,
                    "tz_assumed": False,
                }
            )
            stretches = ((point.start_utc, point.end_utc, STAGES[int(point.value)]) for point in night)
            stages += stage_rows(source, key, stretches)
    if unknown:
        file.messages.append(say("pieces of sleep of no known stage or no length left out: {unknown}", unknown=unknown))
    file.is_staged = True
    yield batch_of_rows("sleep_sessions", file.number, sessions)
    yield batch_of_rows("sleep_stages", file.number, stages)


def _span(point: Point) -> tuple[datetime, datetime]:
    return point.start_utc, point.end_utc


# ---- sessions --------------------------------------------------------------------------------------------------------


def _session(file: File) -> Iterator[Yielded]:
    try:
        if file.entry.size > MAX_SESSION_BYTES:
            raise ValueError(file.entry.size)
        session = json.loads(file.entry.read())
        start, end = (iso_time(session[name]) for name in ("startTime", "endTime"))
        if start.tzinfo is None or end.tzinfo is None:
            raise ValueError(session["startTime"])
        start_utc, end_utc = naive_utc(start), naive_utc(end)
        if not (FIRST_UTC <= start_utc <= end_utc < LAST_UTC and end_utc - start_utc <= LONGEST):
            raise ValueError(session["startTime"])
        sport = str(session["fitnessActivity"]).lower()
        source = _source(_package(session))
        amounts = _aggregates(session.get("aggregate"))
    except (KeyError, TypeError, ValueError, AttributeError, OverflowError, RecursionError):
        yield Skipped(file.number, "", say("this session has no times that can be read"))
        return
    file.saw(end_utc)
    offset = start.utcoffset() or timedelta()
    if offset and is_place(int(offset.total_seconds())):  # Z is an instant, but nobody's clock
        clock_offset: ClockOffset = {
            "source": source,
            "time_utc": start_utc,
            "offset_s": int(offset.total_seconds()),
        }
        yield batch_of_rows("clock_offsets", file.number, [clock_offset])
    if sport == "sleep":
        yield from _unstaged_night(file.number, source, start_utc, end_utc)
    elif sport in NO_MOVEMENT:
        file.messages.append(say("left out: {sport} is no movement", sport=sport))
    else:
        activity: Activity = {
            "source": source,
            "start_utc": start_utc,
            "end_utc": end_utc,
            "sport": sport,
            "steps": amounts["steps"],
            "distance_m": amounts["distance_m"],
        }
        yield batch_of_rows("activities", file.number, [activity])


def _unstaged_night(number: int, source: str, start_utc: datetime, end_utc: datetime) -> Iterator[Batch]:
    """A session of sleep, which counts as asleep from start to end."""
    key = f"session {start_utc:%Y-%m-%dT%H:%M:%S}"
    session: SleepSession = {
        "source": source,
        "session_key": key,
        "start_utc": start_utc,
        "end_utc": end_utc,
        "tz_assumed": False,
    }
    stage: SleepStage = {
        "source": source,
        "session_key": key,
        "start_utc": start_utc,
        "end_utc": end_utc,
        "stage": "asleep",
    }
    yield batch_of_rows("sleep_sessions", number, [session])
    yield batch_of_rows("sleep_stages", number, [stage] if end_utc > start_utc else [])


def _package(session: JsonObject) -> str:
    application = session.get("application")
    name = application.get("packageName") if isinstance(application, dict) else None
    return name if isinstance(name, str) else ""


def _aggregates(aggregates: object) -> dict[str, float | None]:
    amounts: dict[str, float | None] = dict.fromkeys(AGGREGATES.values())
    for item in aggregates if isinstance(aggregates, list) else []:
        if name := AGGREGATES.get(item["metricName"]):
            value = float(item["intValue"] if "intValue" in item else item["floatValue"])
            amounts[name] = value if isfinite(value) and value >= 0 else None
    return amounts


# ---- tables ----------------------------------------------------------------------------------------------------------


def _table(file: File) -> Iterator[tuple[str, dict[str, str]]]:
    """Rows with their place, by lower-case heading; a row of another length is skipped by its missing cells."""
    if file.entry.size > MAX_TABLE_BYTES:
        file.messages.append(say("too large for a table of Google Fit, and not read"))
        file.is_partial = True
        return
    lines = file.entry.read().decode("utf-8-sig", errors="replace").splitlines()
    header = _header((lines[0] + "\n").encode()) if lines else []
    for place, line in enumerate(lines[1:], 2):
        if line.strip():
            cells = cells_of(line[:MAX_POINT_CHARACTERS])
            yield f"row {place}", dict(zip(header, cells, strict=False)) if len(cells) == len(header) else {}


def _days(file: File) -> Iterator[Yielded]:
    days: list[DayValue] = []
    empty = 0
    for place, row in _table(file):
        try:
            day = date_of(row["date"])
            values = {metric: _amount(row[column]) for column, metric in DAY_COLUMNS.items() if column in row}
        except (KeyError, ValueError, OverflowError):
            yield Skipped(file.number, place, say("the date or a number of this row cannot be read"), str(row))
            continue
        found = {metric: value for metric, value in values.items() if value is not None}
        empty += not found
        days += [
            {"source": SOURCE, "local_date": day, "metric": metric, "value": value} for metric, value in found.items()
        ]
        file.saw(end_of_day(day, file.context))
    if empty:
        file.messages.append(say("dates without steps, distance and minutes: {empty}", empty=empty))
    yield batch_of_rows("day_values", file.number, days)


def _quarter_hours(file: File) -> Iterator[Yielded]:
    day = date_in_name(file.entry.name)
    found: dict[str, list[Point]] = {column: [] for column in INTERVAL_COLUMNS}
    offsets: dict[int, datetime] = {}
    for place, row in _table(file):
        try:
            start, end = (_clock(file, day, row[name]) for name in ("start time", "end time"))
            end = end if end.instant > start.instant else _Clock(end.instant + timedelta(days=1), end.offset_s)
            if end.instant - start.instant > timedelta(hours=2):
                raise ValueError(row)
            amounts = {column: _amount(row[column]) for column in INTERVAL_COLUMNS if column in row}
        except (KeyError, ValueError, OverflowError):
            yield Skipped(file.number, place, say("a time or a number of this row cannot be read"), str(row))
            continue
        if start.offset_s is not None:
            offsets.setdefault(start.offset_s, start.instant)
        file.saw(end.instant)
        for column, value in amounts.items():
            if value is not None:
                found[column].append(Point(start.instant, end.instant, value, ""))
    for column, points in found.items():
        samples = _samples(file, SOURCE, INTERVAL_COLUMNS[column], points)
        yield samples if offsets else as_local_time(samples)
    rows: list[ClockOffset] = [
        {"source": SOURCE, "time_utc": time_utc, "offset_s": offset_s} for offset_s, time_utc in offsets.items()
    ]
    yield batch_of_rows("clock_offsets", file.number, rows)


class _Clock(NamedTuple):
    instant: datetime
    offset_s: int | None


def _clock(file: File, day: str, text: str) -> _Clock:
    """The instant of a time such as `07:15:00.000+02:00` on a day; without an offset it is local."""
    stamp = iso_time(f"{day}T{text.strip()}")
    offset = stamp.utcoffset()
    instant = file.context.to_utc(stamp) if offset is None else naive_utc(stamp)
    if not FIRST_UTC <= instant < LAST_UTC:
        raise ValueError(text)
    seconds = None if offset is None else int(offset.total_seconds())
    return _Clock(instant, seconds if seconds is not None and is_place(seconds) else None)


def _amount(text: str) -> float | None:
    """A number, None where the cell is empty."""
    if not text.strip():
        return None
    value = float(text)
    if not (isfinite(value) and value >= 0):
        raise ValueError(text)
    return value
