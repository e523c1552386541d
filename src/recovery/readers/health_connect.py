"""The scheduled export of Android's Health Connect: a zip, its name translated, with `health_connect_export.db`.

What we know of it, from Android's sources and from people who took exports apart:

- A plain SQLite database, a table for each record type; which tables and columns there are differs by version, so both
  are looked up. Times are milliseconds of UTC, offsets seconds, `local_date` the date a record *starts* on (so a night
  would be a day early: not used).
- Every app writes for itself; phone, watch app and Google Fit give the same steps. Each app on each device is a source
  of its own; ids of apps are those of one phone, the package's name counts.
- Energy is in small calories; some files seem to hold joules. A day's total decides: as calories it would be
  thousands of kilocalories too large. Calories in total hold the basal rate and are read for that decision only.
- Nights may come without stages: then all of the night is taken as sleep. Stage 3 is out of bed.
- An exercise session is movement, never a massage, whatever it is called; one that is named a massage is not even that.
- Places, weight, food, cycle, names and notes are never read.

The database is hostile until shown otherwise (`formats.sqlite_copy`): only plain tables are read, and only rows whose
values have the right type and size.
"""

import re
import sqlite3
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from statistics import median
from typing import Any, NamedTuple

import pyarrow as pa
import pyarrow.compute as pc

from recovery.errors import UnreadableExportError
from recovery.formats import sqlite_copy
from recovery.formats.entries import Claim, Context, Entry, Tree
from recovery.formats.records import Batch, FileSummary, Skipped, Yielded, batch
from recovery.formats.sqlite_copy import FIRST_MS, LAST_MS, batches, instant, instants
from recovery.home.clock import is_place
from recovery.words.say import say

LABEL = "Android Health Connect"
VERSION = 2
USES_LOCAL_TIME = False

SOURCE = "health_connect"
NAME = re.compile(r"health_connect_export.*\.db")
MARKS = (b"application_info_table", b"_record_table", b"health_data_category")
MAX_BYTES = 4_000_000_000  # years of a heart rate each second are some 2 GB
MAX_SKIPPED = 1000
LONGEST = timedelta(days=2)
DAY_MS = 86_400_000
CALORIES_PER_KCAL = 1000.0
JOULES_PER_KCAL = 4184.0
MOST_KCAL_OF_A_DAY = {
    "total": 6000.0,
    "active": 4000.0,
}  # of a median day; joules taken as calories are four times that
LEAST_KCAL_OF_A_DAY = 10.0  # less: the numbers were kilocalories already
PERCENT = 100.0
STAGES = {0: "unknown", 1: "awake", 2: "asleep", 3: "awake", 4: "light", 5: "deep", 6: "rem", 7: "awake"}
NO_MOVEMENT = {17}  # guided breathing
SPORTS: Mapping[int, str] = {  # android.health.connect.datatypes.ExerciseSessionType
    4: "biking", 5: "stationary biking", 8: "calisthenics", 10: "dancing", 16: "golf", 18: "gymnastics", 20: "HIIT",
    21: "hiking", 27: "pilates", 31: "rowing", 33: "running", 34: "treadmill", 38: "skiing", 44: "stair climbing",
    45: "strength training", 46: "stretching", 48: "open water swimming", 49: "pool swimming", 51: "tennis",
    53: "walking", 55: "weightlifting", 56: "wheelchair", 57: "yoga",
}  # fmt: skip
UNREADABLE = say("a time or a number of this row is missing or is not what Health Connect writes")


class Table(NamedTuple):
    """A table of measured numbers, and what one unit makes of ours."""

    name: str
    column: str
    metric: str
    per_unit: float = 1.0
    is_instant: bool = False
    above: float | None = None  # values not above it are no measurement


TABLES: Sequence[Table] = (
    Table("steps_record_table", "count", "steps"),
    Table("distance_record_table", "distance", "distance_m"),
    Table("floors_climbed_record_table", "floors", "floors"),
    Table("active_calories_burned_record_table", "energy", "active_energy_kcal"),
    Table("resting_heart_rate_record_table", "beats_per_minute", "resting_heart_rate_bpm", 1.0, True, 0.0),
    Table("heart_rate_variability_rmssd_record_table", "heart_rate_variability_millis", "hrv_rmssd_ms", 1.0, True, 0.0),
    Table("respiratory_rate_record_table", "rate", "respiration_rate", 1.0, True, 0.0),
    Table("oxygen_saturation_record_table", "percentage", "spo2_share", PERCENT, True, 0.0),
)
TOTAL_ENERGY = Table("total_calories_burned_record_table", "energy", "")
ACTIVE_ENERGY = next(table for table in TABLES if table.metric == "active_energy_kcal")
READ_TABLES = {table.name for table in TABLES} | {
    "heart_rate_record_table", "heart_rate_record_series_table", "sleep_session_record_table", "sleep_stages_table",
    "exercise_session_record_table", "application_info_table", "device_info_table",
}  # fmt: skip


def claims(tree: Tree) -> Iterator[Claim]:
    """The database by its name, which no translation touches, or by the names of its tables."""
    for entry in tree:
        if sqlite_copy.is_database(entry, NAME, MARKS):
            yield Claim(entry.path)


def read(files: Sequence[Entry], context: Context) -> Iterator[Yielded]:
    """Samples, sleep, activities, offsets and devices; each file ends with its summary.

    Raises UnreadableExportError for a file that is no whole database.
    """
    return sqlite_copy.read(
        files, "Health Connect", MAX_BYTES, lambda number, database: _read(Export(number, database))
    )


# ---- one export ------------------------------------------------------------------------------------------------------


@dataclass
class Export:
    """One database while it is read."""

    number: int
    connection: sqlite3.Connection
    columns: dict[str, set[str]] = field(default_factory=dict)
    apps: dict[int, str] = field(default_factory=dict)
    devices: dict[int, tuple[str | None, str | None]] = field(default_factory=dict)
    first_seen: dict[tuple[str, int], int] = field(default_factory=dict)  # (source, device): milliseconds
    offsets: dict[tuple[str, int, int], int] = field(default_factory=dict)  # (source, day, offset): milliseconds
    newest_ms: int = 0
    messages: list[str] = field(default_factory=list)

    def source(self, app: object, device: object) -> str:
        """The source of an app on a device, as both are named."""
        package = self.apps.get(app, "") if isinstance(app, int) else ""
        model = self.devices.get(device, (None, None))[1] if isinstance(device, int) else None
        return ":".join([SOURCE, *filter(None, [_slug(package), _slug(model or "")])])


def _slug(text: str) -> str:
    return re.sub(r"[^a-z0-9.]+", "_", text.lower()).strip("_")[:80]


def _read(export: Export) -> Iterator[Yielded]:
    _look_up(export)
    unread = sorted(set(export.columns) - READ_TABLES)
    known = [table for table in TABLES if table.name in export.columns]
    energy_unit = _energy_unit(export)
    for table in known:
        per_unit = energy_unit if table is ACTIVE_ENERGY else table.per_unit
        yield from _samples(export, table._replace(per_unit=per_unit))
    yield from _heart_rate(export)
    yield from _sleep(export)
    yield from _exercises(export)
    yield _clock_offsets(export)
    yield _devices(export)
    rows = sum(1 for name in unread if name.endswith("_record_table") and _has_rows(export, name))
    if rows:
        export.messages.append(say("kinds of records that are not needed and not read: {rows}", rows=rows))
    yield FileSummary(
        export.number,
        instant(export.newest_ms) if export.newest_ms else None,
        "; ".join(export.messages) if export.newest_ms else say("holds no entries"),
    )


def _look_up(export: Export) -> None:
    """Which plain tables there are, with their columns, apps and devices."""
    export.columns = sqlite_copy.columns(export.connection)
    if not READ_TABLES & set(export.columns):
        raise UnreadableExportError(say("is an SQLite database without any table of Health Connect"))
    if {"row_id", "package_name"} <= export.columns.get("application_info_table", set()):
        rows = export.connection.execute("select row_id, package_name from application_info_table").fetchall()
        export.apps = {key: name for key, name in rows if isinstance(key, int) and isinstance(name, str)}
    if {"row_id", "manufacturer", "model"} <= export.columns.get("device_info_table", set()):
        rows = export.connection.execute("select row_id, manufacturer, model from device_info_table").fetchall()
        export.devices = {key: (_text(maker), _text(model)) for key, maker, model in rows if isinstance(key, int)}


def _text(value: object) -> str | None:
    return value if isinstance(value, str) and value.strip() else None


def _has_rows(export: Export, table: str) -> bool:
    return bool(export.connection.execute(f"select 1 from {table} limit 1").fetchall())


# ---- rows of the right kind ------------------------------------------------------------------------------------------

LONGEST_MS = round(LONGEST.total_seconds() * 1000)


def _is_time(column: str) -> str:
    return f"(typeof({column}) = 'integer' and {column} >= {FIRST_MS} and {column} < {LAST_MS})"


def _is_span(start: str, end: str) -> str:
    return f"({_is_time(start)} and {_is_time(end)} and {end} >= {start} and {end} - {start} <= {LONGEST_MS})"


def _is_number(column: str) -> str:
    return f"(typeof({column}) in ('integer', 'real') and {column} >= 0 and {column} < 1e15)"


def _optional(export: Export, table: str, column: str, alias: str) -> str:
    return f"{alias}.{column}" if column in export.columns[table] else "null"


def _damaged(export: Export, table: str, sound: str, joined: str = "") -> Iterator[Skipped]:
    """The rows that are not sound."""
    place = "record.row_id" if "row_id" in export.columns[table] else "null"
    rows = export.connection.execute(
        f"select {place} from {table} as record {joined} where not ({sound}) or ({sound}) is null limit {MAX_SKIPPED}"
    ).fetchall()
    for (key,) in rows:
        yield Skipped(export.number, f"{table}, row {key if isinstance(key, int) else '?'}", UNREADABLE)


def _lacks(export: Export, table: str, *needed: str) -> Iterator[Skipped]:
    missing = sorted(set(needed) - export.columns[table])
    if missing:
        yield Skipped(
            export.number,
            table,
            say("this version of the table has no {names}: it is not read", names=", ".join(missing)),
        )


def _sources(export: Export, rows: Sequence[tuple[Any, ...]]) -> list[str]:
    """The source of each row, whose first columns are time, offset, app and device; notes offsets and devices."""
    named: dict[tuple[object, object], str] = {}
    sources = []
    for time_ms, offset_s, app, device, *_ in rows:
        source = named.get((app, device))
        if source is None:
            source = named[app, device] = export.source(app, device)
        sources.append(source)
        if isinstance(offset_s, int):
            key = (source, time_ms // DAY_MS, offset_s)
            export.offsets[key] = min(export.offsets.get(key, time_ms), time_ms)
        if isinstance(device, int):
            export.first_seen[source, device] = min(export.first_seen.get((source, device), time_ms), time_ms)
    return sources


# ---- numbers ---------------------------------------------------------------------------------------------------------


def _samples(export: Export, table: Table) -> Iterator[Yielded]:
    start, end = ("time", "time") if table.is_instant else ("start_time", "end_time")
    lacking = list(_lacks(export, table.name, start, end, table.column))
    if lacking:
        yield from lacking
        return
    offset = _optional(export, table.name, "zone_offset" if table.is_instant else "start_zone_offset", "record")
    app, device = (_optional(export, table.name, f"{kind}_info_id", "record") for kind in ("app", "device"))
    sound = f"{_is_span(f'record.{start}', f'record.{end}')} and {_is_number(f'record.{table.column}')}"
    yield from _damaged(export, table.name, sound)
    left_out = 0
    for rows in batches(
        export.connection,
        f"select record.{start}, {offset}, {app}, {device}, record.{end}, record.{table.column}"
        f" from {table.name} as record where {sound}",
    ):
        kept = [row for row in rows if table.above is None or row[5] > table.above]
        left_out += len(rows) - len(kept)
        export.newest_ms = max([export.newest_ms, *(row[4] for row in rows)])
        yield _batch(export, table.metric, table.per_unit, kept)
    if left_out:
        export.messages.append(
            say("{metric} of 0 left out, which is no measurement: {left_out}", metric=table.metric, left_out=left_out)
        )


def _batch(export: Export, metric: str, per_unit: float, rows: Sequence[tuple[Any, ...]]) -> Batch:
    count = len(rows)
    return batch(
        "samples",
        {
            "file": pa.repeat(export.number, count),
            "source": _sources(export, rows),
            "metric": pa.repeat(metric, count),
            "start_utc": instants([row[0] for row in rows]),
            "end_utc": instants([row[4] for row in rows]),
            "value": pc.divide(pa.array([float(row[5]) for row in rows], pa.float64()), per_unit),
        },
    )


def _heart_rate(export: Export) -> Iterator[Yielded]:
    series, table = "heart_rate_record_series_table", "heart_rate_record_table"
    if not {series, table} <= set(export.columns):
        return
    lacking = [
        *_lacks(export, series, "parent_key", "epoch_millis", "beats_per_minute"), *_lacks(export, table, "row_id")
    ]  # fmt: skip
    if lacking:
        yield from lacking
        return
    offset = _optional(export, table, "start_zone_offset", "parent")
    app, device = (_optional(export, table, f"{kind}_info_id", "parent") for kind in ("app", "device"))
    sound = (
        f"{_is_time('record.epoch_millis')} and {_is_number('record.beats_per_minute')} and record.beats_per_minute > 0"
    )
    yield from _damaged(export, series, sound)
    for rows in batches(
        export.connection,
        f"select record.epoch_millis, {offset}, {app}, {device}, record.epoch_millis, record.beats_per_minute"
        f" from {series} as record left join {table} as parent on parent.row_id = record.parent_key where {sound}",
    ):
        export.newest_ms = max([export.newest_ms, *(row[4] for row in rows)])
        yield _batch(export, "heart_rate_bpm", 1.0, rows)


def _energy_unit(export: Export) -> float:
    """What a kilocalorie is in the units of the file, by a median day of the app that counts most."""
    for table, kind in ((TOTAL_ENERGY, "total"), (ACTIVE_ENERGY, "active")):
        if not {"start_time", "end_time", "energy"} <= export.columns.get(table.name, set()):
            continue
        offset = "start_zone_offset" if "start_zone_offset" in export.columns[table.name] else "0"
        app = "app_info_id" if "app_info_id" in export.columns[table.name] else "0"
        sums: dict[int, float] = {}
        for day, energy in export.connection.execute(
            f"select (start_time + 1000 * coalesce({offset}, 0)) / {DAY_MS}, sum(energy) from {table.name}"
            f" where {_is_span('start_time', 'end_time')} and {_is_number('energy')} and energy > 0 group by 1, {app}"
        ).fetchall():
            sums[day] = max(sums.get(day, 0.0), energy)
        if sums:
            kcal = median(sums.values()) / CALORIES_PER_KCAL
            if kcal > MOST_KCAL_OF_A_DAY[kind]:
                export.messages.append(say("its energy is read as joules, by the size of a day's total"))
                return JOULES_PER_KCAL
            if kcal < LEAST_KCAL_OF_A_DAY:
                export.messages.append(say("its energy is read as kilocalories, by the size of a day's total"))
                return 1.0
            return CALORIES_PER_KCAL
    return CALORIES_PER_KCAL


# ---- sleep -----------------------------------------------------------------------------------------------------------


Night = tuple[str, str, int, int]  # source, key of the session, start and end in milliseconds


def _sleep(export: Export) -> Iterator[Yielded]:
    table, stages_table = "sleep_session_record_table", "sleep_stages_table"
    if table not in export.columns:
        return
    lacking = list(_lacks(export, table, "row_id", "start_time", "end_time"))
    if lacking:
        yield from lacking
        return
    sound = f"{_is_span('record.start_time', 'record.end_time')} and record.end_time > record.start_time"
    yield from _damaged(export, table, sound)
    nights = _nights(export, table, sound)
    export.newest_ms = max([export.newest_ms, *(end for *_, end in nights.values())])
    yield batch(
        "sleep_sessions",
        {
            "file": [export.number] * len(nights),
            "source": [source for source, *_ in nights.values()],
            "session_key": [key for _, key, *_ in nights.values()],
            "start_utc": instants([start for _, _, start, _ in nights.values()]),
            "end_utc": instants([end for *_, end in nights.values()]),
            "tz_assumed": [False] * len(nights),
        },
    )
    staged: set[int] = set()
    if stages_table in export.columns:
        yield from _stages(export, stages_table, nights, staged)
    bare = [night for key, night in nights.items() if key not in staged]
    yield _stage_batch(export, [(source, key, start, end, "asleep") for source, key, start, end in bare])
    if bare:
        export.messages.append(say("nights without stages, taken as sleep from start to end: {count}", count=len(bare)))


def _nights(export: Export, table: str, sound: str) -> dict[int, Night]:
    """The nights of the sound rows, by row; notes their offsets and devices."""
    offsets = [_optional(export, table, f"{edge}_zone_offset", "record") for edge in ("start", "end")]
    app, device = (_optional(export, table, f"{kind}_info_id", "record") for kind in ("app", "device"))
    uuid = _optional(export, table, "uuid", "record")
    nights: dict[int, Night] = {}
    for rows in batches(
        export.connection,
        f"select record.start_time, {offsets[0]}, {app}, {device}, record.end_time, record.row_id,"
        f" case when typeof({uuid}) = 'blob' then substr(hex({uuid}), 1, 32) end, {offsets[1]}"
        f" from {table} as record where {sound}",
    ):
        sources = _sources(export, rows)
        _sources(export, [(row[4], row[7], *row[2:]) for row in rows])  # what the clock was at the end
        for source, (start, _, _, _, end, key, uuid_hex, _) in zip(sources, rows, strict=True):
            nights[key] = (source, uuid_hex or f"{start}", start, end)
    return nights


def _stages(export: Export, table: str, nights: Mapping[int, Night], staged: set[int]) -> Iterator[Batch | Skipped]:
    lacking = list(_lacks(export, table, "parent_key", "stage_start_time", "stage_end_time", "stage_type"))
    if lacking:
        yield from lacking
        return
    known = ", ".join(map(str, STAGES))
    sound = (
        f"{_is_span('record.stage_start_time', 'record.stage_end_time')}"
        f" and typeof(record.stage_type) = 'integer' and record.stage_type in ({known})"
    )
    yield from _damaged(export, table, sound)
    for rows in batches(
        export.connection,
        "select record.parent_key, record.stage_start_time, record.stage_end_time, record.stage_type"
        f" from {table} as record where {sound} and record.stage_end_time > record.stage_start_time",
    ):
        kept = [row for row in rows if row[0] in nights]
        staged |= {row[0] for row in kept}
        yield _stage_batch(export, [(*nights[key][:2], start, end, STAGES[kind]) for key, start, end, kind in kept])


def _stage_batch(export: Export, rows: Sequence[tuple[str, str, int, int, str]]) -> Batch:
    return batch(
        "sleep_stages",
        {
            "file": [export.number] * len(rows),
            "source": [row[0] for row in rows],
            "session_key": [row[1] for row in rows],
            "start_utc": instants([row[2] for row in rows]),
            "end_utc": instants([row[3] for row in rows]),
            "stage": [row[4] for row in rows],
        },
    )


# ---- the rest --------------------------------------------------------------------------------------------------------


def _exercises(export: Export) -> Iterator[Yielded]:
    table = "exercise_session_record_table"
    if table not in export.columns:
        return
    lacking = list(_lacks(export, table, "start_time", "end_time", "exercise_type"))
    if lacking:
        yield from lacking
        return
    offset = _optional(export, table, "start_zone_offset", "record")
    app, device = (_optional(export, table, f"{kind}_info_id", "record") for kind in ("app", "device"))
    title = _optional(export, table, "title", "record")
    sound = f"{_is_span('record.start_time', 'record.end_time')} and typeof(record.exercise_type) = 'integer'"
    yield from _damaged(export, table, sound)
    for rows in batches(
        export.connection,
        f"select record.start_time, {offset}, {app}, {device}, record.end_time, record.exercise_type,"
        f" coalesce(instr(lower({title}), 'massa') > 0, 0) from {table} as record where {sound}",
    ):
        kept = [row for row in rows if row[5] not in NO_MOVEMENT and not row[6]]
        if massages := sum(row[6] for row in rows):
            export.messages.append(
                say("sessions named a massage, which the massage log should tell: {massages}", massages=massages)
            )
        if still := len(rows) - len(kept) - massages:
            export.messages.append(say("sessions of guided breathing left out: {still}", still=still))
        export.newest_ms = max([export.newest_ms, *(row[4] for row in rows)])
        yield batch(
            "activities",
            {
                "file": [export.number] * len(kept),
                "source": _sources(export, kept),
                "start_utc": instants([row[0] for row in kept]),
                "end_utc": instants([row[4] for row in kept]),
                "sport": [SPORTS.get(row[5]) for row in kept],
            },
        )


def _clock_offsets(export: Export) -> Batch:
    """What each source said its clock was, the first time of each day and offset."""
    found = [
        (source, time_ms, offset_s) for (source, _, offset_s), time_ms in export.offsets.items() if is_place(offset_s)
    ]
    if len(found) < len(export.offsets):
        export.messages.append(
            say("offsets that no place on Earth has, not used: {export}", export=len(export.offsets) - len(found))
        )
    return batch(
        "clock_offsets",
        {
            "file": [export.number] * len(found),
            "source": [source for source, _, _ in found],
            "time_utc": instants([time_ms for _, time_ms, _ in found]),
            "offset_s": [offset_s for _, _, offset_s in found],
        },
    )


def _devices(export: Export) -> Batch:
    """Devices that are named, from their first record."""
    seen = [
        (source, time_ms, *export.devices[device])
        for (source, device), time_ms in sorted(export.first_seen.items())
        if any(export.devices.get(device, ()))
    ]
    return batch(
        "devices",
        {
            "file": [export.number] * len(seen),
            "source": [source for source, *_ in seen],
            "time_utc": instants([time_ms for _, time_ms, *_ in seen]),
            "manufacturer": [maker for _, _, maker, _ in seen],
            "product": [model for *_, model in seen],
        },
    )
