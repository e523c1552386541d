"""The database of Gadgetbridge: the file its auto-export writes, or `database/Gadgetbridge` of its newer zip.

What we know of it, from the app's schema and providers, and from one real database:

- A plain SQLite file, with tables for every watch it knows, most of them empty; which tables and columns there are
  differs by version, so both are looked up. `*_ACTIVITY_SAMPLE` counts seconds, the other tables milliseconds, of UTC.
- Steps are of one minute, but the Garmin and CMF tables keep running totals that restart each day (the app takes the
  differences while drawing). 0, -1 and 255 are no heart rate; an intensity of -1 marks a live heart rate, no minute.
- `RAW_KIND` means something else on each watch. Read is only what is sure: Huami's newer bands write 115 off the wrist,
  118 charging, 120 asleep; older ones the same in the last four bits, 3 and 6. Sleep of the older ones (9, 11, then
  "no change") is not read: the real watch lay still for 10 hours and the rule calls that deep sleep.
- Nights: Xiaomi (a stage holds from its time on), Garmin (a stage ends at its time; events give start and end), Colmi
  rings (stages of so many minutes), Huami (minutes of kind 120), Pebble (overlays). Huami's deep and REM sleep are told
  by thresholds that the app itself calls arbitrary: its nights have no stages here.
- Stress is read of Garmin only, whose scale is the one meant here; heart rate variability too, the others do not say
  which measure theirs is.
- A device keeps its address when it is paired anew, not its number. A source is its type and the start of a hash of
  that address; neither address nor name is read further. `GARMIN_FIT_FILE` holds whole FIT files: drop those instead.

The database is hostile until shown otherwise (`formats.sqlite_copy`); tracks, names, weight and messages are not read.
"""

import hashlib
import re
import sqlite3
from bisect import bisect_right
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Any, NamedTuple

import pyarrow as pa
import pyarrow.compute as pc

from recovery.errors import UnreadableExportError
from recovery.formats import sqlite_copy
from recovery.formats.entries import Claim, Context, Entry, Tree
from recovery.formats.massage_words import names_massage
from recovery.formats.records import Batch, Earliest, FileSummary, Skipped, Yielded, batch
from recovery.formats.sqlite_copy import FIRST_MS, LAST_MS, batches, instant, instants
from recovery.words.say import say

LABEL = "Gadgetbridge (database or zip)"
VERSION = 3
USES_LOCAL_TIME = False

SOURCE = "gadgetbridge"
NAME = re.compile(r"gadgetbridge[^/]*", re.IGNORECASE)
MARKS = (b"BASE_ACTIVITY_SUMMARY", b"DEVICE_ATTRIBUTES", b"USER_ATTRIBUTES")
MAX_BYTES = 4_000_000_000
IN_ZIP = "database/Gadgetbridge"
OF_THE_APP = re.compile(r"gadgetbridge\.json|preferences/[^/]+\.json")
MAX_SKIPPED = 1000
HASH_CHARACTERS = 6  # few enough that no address can be found from it

S, MS = 1000, 1  # milliseconds in a unit of time
MINUTE_MS = 60_000
LONGEST_MS = 2 * 24 * 60 * MINUTE_MS
NIGHT_ENDS_MS = 60 * MINUTE_MS  # as the app's own analysis: an hour without sleep ends a night
STAGES_APART_MS = 6 * 60 * MINUTE_MS  # of one night, where no event gives its start
MOST_STEPS = 1000  # of a minute; a sprinter takes 300
MOST_TOTAL = 10_000_000  # of a day, in the unit of the column
CM_PER_M = 100.0

MINUTES = {  # tables whose rows are minutes, and the kinds that mean "off the wrist"
    "MI_BAND_ACTIVITY_SAMPLE": "RAW_KIND >= 0 and (RAW_KIND & 15) in (3, 6)",
    "HUAMI_EXTENDED_ACTIVITY_SAMPLE": "RAW_KIND in (115, 118)",
    "XIAOMI_ACTIVITY_SAMPLE": "0",
    "PEBBLE_HEALTH_ACTIVITY_SAMPLE": "0",
    "HYBRID_HRACTIVITY_SAMPLE": "0",
}


class Total(NamedTuple):
    """A column that is a running total of the day."""

    table: str
    column: str
    metric: str
    per_unit: float = 1.0


TOTALS = (
    Total("GARMIN_ACTIVITY_SAMPLE", "STEPS", "steps"),
    Total("GARMIN_ACTIVITY_SAMPLE", "DISTANCE_CM", "distance_m", CM_PER_M),
    Total("GARMIN_ACTIVITY_SAMPLE", "ACTIVE_CALORIES", "active_energy_kcal"),
    Total("CMF_ACTIVITY_SAMPLE", "STEPS", "steps"),
)


class Reading(NamedTuple):
    """A column that is measured at an instant."""

    table: str
    column: str
    metric: str
    lowest: float
    highest: float
    per_unit: float = 1.0
    unit: int = MS


HEART = ("HEART_RATE", "heart_rate_bpm", 1, 254)
READINGS = (
    *(Reading(table, *HEART, unit=S) for table in (*MINUTES, "GARMIN_ACTIVITY_SAMPLE", "CMF_ACTIVITY_SAMPLE")),
    *(
        Reading(f"{maker}_SAMPLE", *HEART)
        for maker in ("HUAMI_HEART_RATE_MANUAL", "CMF_HEART_RATE", "COLMI_HEART_RATE", "WENA3_HEART_RATE")
    ),
    *(
        Reading(f"{maker}_HEART_RATE_RESTING_SAMPLE", "HEART_RATE", "resting_heart_rate_bpm", 1, 254)
        for maker in ("HUAMI", "GARMIN")
    ),
    *(
        Reading(f"{maker}_SPO2_SAMPLE", "SPO2", "spo2_share", 1, 100, 100.0)
        for maker in ("HUAMI", "GARMIN", "CMF", "COLMI")
    ),
    Reading("XIAOMI_ACTIVITY_SAMPLE", "SPO2", "spo2_share", 1, 100, 100.0, S),
    Reading("GARMIN_STRESS_SAMPLE", "STRESS", "stress", 0, 100),
    Reading("GARMIN_HRV_VALUE_SAMPLE", "VALUE", "hrv_rmssd_ms", 1, 300),
    Reading("GARMIN_RESPIRATORY_RATE_SAMPLE", "RESPIRATORY_RATE", "respiration_rate", 1, 60),
    Reading("HUAMI_SLEEP_RESPIRATORY_RATE_SAMPLE", "RATE", "respiration_rate", 1, 60),
)

XIAOMI_STAGES = {2: "deep", 3: "light", 4: "rem"}  # all others are awake, says the app
GARMIN_STAGES = {0: "unknown", 1: "awake", 2: "light", 3: "deep", 4: "rem"}
GARMIN_SLEEP_EVENT = 74  # EVENT_TYPE 0 = fell asleep, 1 = woke up
COLMI_STAGES = {2: "light", 3: "deep", 4: "rem", 5: "awake"}
HUAMI_ASLEEP = 120
PEBBLE_NIGHT, PEBBLE_DEEP, PEBBLE_NAP, PEBBLE_DEEP_NAP = 1, 2, 3, 4
SPORTS: Mapping[int, str] = {  # the app's ActivityKind; many more exist
    0x10: "running", 0x20: "walking", 0x40: "swimming", 0x80: "cycling", 0x100: "treadmill", 0x200: "exercise",
    0x400: "open water swimming", 0x800: "indoor cycling", 0x1000: "elliptical trainer", 0x2000: "rope jumping",
    0x4000: "yoga",
}  # fmt: skip
NO_MOVEMENT = {-1, 0x02, 0x04, 0x08, 0x01000000, 0x02000000}  # not measured, asleep, not worn
KNOWN = {
    *MINUTES, *(total.table for total in TOTALS), *(reading.table for reading in READINGS),
    "XIAOMI_SLEEP_TIME_SAMPLE", "XIAOMI_SLEEP_STAGE_SAMPLE", "GARMIN_SLEEP_STAGE_SAMPLE", "GARMIN_EVENT_SAMPLE",
    "GARMIN_NAP_SAMPLE", "COLMI_SLEEP_SESSION_SAMPLE", "COLMI_SLEEP_STAGE_SAMPLE", "PEBBLE_HEALTH_ACTIVITY_OVERLAY",
    "BASE_ACTIVITY_SUMMARY",
}  # fmt: skip
UNREADABLE = say("a time or a number of this row is missing or is not what Gadgetbridge writes")


class Night(NamedTuple):
    """A stretch of sleep of one device, in milliseconds, with its stages."""

    device: int
    start_ms: int
    end_ms: int
    kind: str | None
    stages: Sequence[tuple[int, int, str]]


def claims(tree: Tree) -> Iterator[Claim]:
    """The database by its name or the names of its tables, and what its zip holds of the app itself."""
    roots = set()
    for entry in tree:
        if sqlite_copy.is_database(entry, NAME, MARKS):
            yield Claim(entry.path)
        if entry.path.endswith(IN_ZIP):
            roots.add(entry.path.removesuffix(IN_ZIP))
    for entry in tree:
        if any(entry.path.startswith(root) and OF_THE_APP.fullmatch(entry.path, len(root)) for root in roots):
            yield Claim(entry.path, say("settings of the app Gadgetbridge, not needed"))


def read(files: Sequence[Entry], context: Context) -> Iterator[Yielded]:
    """Samples, running totals, sleep, activities and devices; each file ends with its summary.

    Raises UnreadableExportError for a file that is no whole database of Gadgetbridge.
    """
    return sqlite_copy.read(files, "Gadgetbridge", MAX_BYTES, lambda number, database: _read(Export(number, database)))


# ---- one database ----------------------------------------------------------------------------------------------------


@dataclass
class Export:
    """One database while it is read."""

    number: int
    connection: sqlite3.Connection
    columns: dict[str, set[str]] = field(default_factory=dict)
    sources: dict[int, str] = field(default_factory=dict)
    left_out: Counter[str] = field(default_factory=Counter)
    newest_ms: int = 0

    def source(self, device: object) -> str:
        """The source of a device; the app where the database does not have the device."""
        return self.sources.get(device, SOURCE) if isinstance(device, int) else SOURCE

    def has(self, table: str, *columns: str) -> bool:
        return {"DEVICE_ID", *columns} <= self.columns.get(table, set())

    def rows(self, query: str) -> Iterator[list[tuple[Any, ...]]]:
        return batches(self.connection, query)

    def saw(self, times_ms: Sequence[int]) -> None:
        self.newest_ms = max([self.newest_ms, *times_ms])

    def damaged(self, table: str, time: str, sound: str) -> Iterator[Skipped]:
        """The rows that are not sound."""
        rows = self.connection.execute(
            f"select {time} from {table} where not ({sound}) or ({sound}) is null limit {MAX_SKIPPED}"
        ).fetchall()
        for (moment,) in rows:
            place = f"{table}, {time} {moment}" if isinstance(moment, int) else table
            yield Skipped(self.number, place, UNREADABLE)


def _read(export: Export) -> Iterator[Yielded]:
    export.columns = sqlite_copy.columns(export.connection)
    if not export.columns.keys() & KNOWN:
        raise UnreadableExportError(say("is an SQLite database without any table of Gadgetbridge"))
    devices = _devices(export)
    yield from _first_known(export)
    for table, is_off in MINUTES.items():
        yield from _minutes(export, table, is_off)
    for total in TOTALS:
        yield from _totals(export, total)
    for reading in READINGS:
        yield from _readings(export, reading)
    for found in (_xiaomi, _garmin, _colmi, _huami, _pebble):
        yield from _nights(export, list(found(export)))
    yield from _activities(export)
    yield devices
    yield _summary(export)


def _summary(export: Export) -> FileSummary:
    if (rows := _count(export, "GARMIN_FIT_FILE")) > 0:
        export.left_out[say("FIT files inside, not needed (drop them as files)")] = rows
    for table in sorted(export.columns.keys() - KNOWN):
        if table.endswith(("_ACTIVITY_SAMPLE", "_SLEEP_SESSION_SAMPLE")) and (rows := _count(export, table)):
            export.left_out[say("rows of {table}, whose meaning is not known here", table=table)] = rows
    if not export.newest_ms:
        return FileSummary(export.number, message="; ".join([say("holds no entries"), *_counts(export)]))
    return FileSummary(export.number, instant(export.newest_ms), "; ".join(_counts(export)))


def _counts(export: Export) -> list[str]:
    return [f"{reason}: {count:,}" for reason, count in sorted(export.left_out.items())]


def _count(export: Export, table: str) -> int:
    if table not in export.columns:
        return 0
    ((rows,),) = export.connection.execute(f"select count(*) from {table}").fetchall()
    return int(rows)


def _devices(export: Export) -> Batch:
    """Gives each device its source; a row for each firmware."""
    devices: list[tuple[str, int, str | None, str | None, str | None]] = []
    if {"_id", "IDENTIFIER", "MANUFACTURER"} <= export.columns.get("DEVICE", set()):
        kind = "TYPE_NAME" if "TYPE_NAME" in export.columns["DEVICE"] else "null"
        rows = export.connection.execute(f"select _id, IDENTIFIER, MANUFACTURER, {kind} from DEVICE").fetchall()
        for key, address, maker, name in rows:
            if isinstance(key, int):
                product, manufacturer = _text(name), _text(maker)
                slug = _slug(product or manufacturer or "device")
                digest = hashlib.sha256(str(address).encode("utf-8", "replace")).hexdigest()[:HASH_CHARACTERS]
                export.sources[key] = f"{SOURCE}:{slug}_{digest}"
                devices += [
                    (export.sources[key], since, manufacturer, product, firmware)
                    for since, firmware in _firmware(export, key)
                ]
    return batch(
        "devices",
        {
            "file": [export.number] * len(devices),
            "source": [row[0] for row in devices],
            "time_utc": instants([row[1] for row in devices]),
            "manufacturer": [row[2] for row in devices],
            "product": [row[3] for row in devices],
            "firmware": [row[4] for row in devices],
        },
    )


def _firmware(export: Export, device: int) -> list[tuple[int, str | None]]:
    """Since when a device had which firmware."""
    if not export.has("DEVICE_ATTRIBUTES", "FIRMWARE_VERSION1", "VALID_FROM_UTC"):
        return []
    rows = export.connection.execute(
        "select VALID_FROM_UTC, FIRMWARE_VERSION1 from DEVICE_ATTRIBUTES"
        f" where DEVICE_ID = ? and {_is_time('VALID_FROM_UTC', MS)} order by 1, 2",
        [device],
    ).fetchall()
    return [(since, _text(firmware)) for since, firmware in rows]


def _first_known(export: Export) -> Iterator[Earliest]:
    """Since when the app knows each device: it fetches what the device kept until then, weeks at most."""
    for device, source in export.sources.items():
        if rows := _firmware(export, device):
            yield Earliest(export.number, source, instant(rows[0][0]))


def _slug(text: str) -> str:
    return re.sub(r"[^a-z0-9]+", "_", text.lower()).strip("_")[:40]


def _text(value: object) -> str | None:
    return value.strip()[:80] if isinstance(value, str) and value.strip() else None


def _is_time(column: str, unit: int) -> str:
    return f"(typeof({column}) = 'integer' and {column} >= {FIRST_MS // unit} and {column} < {LAST_MS // unit})"


def _is_number(column: str, highest: float) -> str:
    return f"(typeof({column}) in ('integer', 'real') and {column} >= -1 and {column} <= {highest:g})"


# ---- numbers ---------------------------------------------------------------------------------------------------------


def _minutes(export: Export, table: str, is_off: str) -> Iterator[Batch | Skipped]:
    """Steps of minutes, and that the watch was off; such a minute has no steps."""
    if not export.has(table, "TIMESTAMP", "STEPS"):
        return
    columns = export.columns[table]
    off = is_off if "RAW_KIND" in columns else "0"
    sound = f"{_is_time('TIMESTAMP', S)} and {_is_number('STEPS', MOST_STEPS)}"
    yield from export.damaged(table, "TIMESTAMP", sound)
    is_minute = "RAW_INTENSITY is not -1" if "RAW_INTENSITY" in columns else "1"
    for rows in export.rows(
        f"select DEVICE_ID, TIMESTAMP * 1000, STEPS, {off} from {table}"
        f" where {sound} and STEPS >= 0 and {is_minute} order by TIMESTAMP, DEVICE_ID"
    ):
        counted = [row for row in rows if row[2] > 0 or not row[3]]
        unworn = [row for row in rows if row[3]]
        export.saw([row[1] for row in rows])
        yield _samples(export, "steps", [(*row[:2], row[1] + MINUTE_MS, row[2]) for row in counted])
        yield _samples(export, "is_worn", [(row[0], row[1], row[1], 0.0) for row in unworn])
        export.left_out[say("minutes off the wrist")] += len(unworn)
    export.left_out += Counter()  # removes counts of 0


def _readings(export: Export, reading: Reading) -> Iterator[Batch | Skipped]:
    table, column = reading.table, reading.column
    if not export.has(table, "TIMESTAMP", column):
        return
    is_time = _is_time("TIMESTAMP", reading.unit)
    if table not in MINUTES or column != "HEART_RATE":  # whose times were looked at with the steps
        yield from export.damaged(table, "TIMESTAMP", f"{is_time} and typeof({column}) in ('integer', 'real')")
    for rows in export.rows(
        f"select DEVICE_ID, TIMESTAMP * {reading.unit}, TIMESTAMP * {reading.unit}, {column} from {table}"
        f" where {is_time} and typeof({column}) in ('integer', 'real')"
        f" and {column} between {reading.lowest} and {reading.highest} order by TIMESTAMP, DEVICE_ID"
    ):
        export.saw([row[1] for row in rows])
        yield _samples(export, reading.metric, rows, reading.per_unit)


def _samples(export: Export, metric: str, rows: Sequence[tuple[Any, ...]], per_unit: float = 1.0) -> Batch:
    """Samples of rows (device, start, end, value)."""
    return batch(
        "samples",
        {
            "file": [export.number] * len(rows),
            "source": [export.source(row[0]) for row in rows],
            "metric": [metric] * len(rows),
            "start_utc": instants([row[1] for row in rows]),
            "end_utc": instants([row[2] for row in rows]),
            "value": pc.divide(pa.array([float(row[3]) for row in rows], pa.float64()), per_unit),
        },
    )


def _totals(export: Export, total: Total) -> Iterator[Batch | Skipped]:
    if not export.has(total.table, "TIMESTAMP", total.column):
        return
    sound = f"{_is_time('TIMESTAMP', S)} and {_is_number(total.column, MOST_TOTAL)}"
    yield from export.damaged(total.table, "TIMESTAMP", sound)
    for rows in export.rows(
        f"select DEVICE_ID, TIMESTAMP * 1000, {total.column} from {total.table}"
        f" where {sound} and {total.column} >= 0 order by TIMESTAMP, DEVICE_ID"
    ):
        export.saw([row[1] for row in rows])
        yield batch(
            "counters",
            {
                "file": [export.number] * len(rows),
                "source": [export.source(row[0]) for row in rows],
                "metric": [total.metric] * len(rows),
                "activity": ["all"] * len(rows),
                "time_utc": instants([row[1] for row in rows]),
                "value": pc.divide(pa.array([float(row[2]) for row in rows], pa.float64()), total.per_unit),
            },
        )


# ---- sleep -----------------------------------------------------------------------------------------------------------


def _nights(export: Export, found: Sequence[Night | Skipped]) -> Iterator[Batch | Skipped]:
    """Nights as records; what is no stretch of time is skipped."""
    nights: list[Night] = []
    for night in found:
        if isinstance(night, Skipped):
            yield night
        elif 0 < night.end_ms - night.start_ms <= LONGEST_MS:
            nights.append(night)
        else:
            place = f"sleep from {night.start_ms} to {night.end_ms} ms"
            yield Skipped(export.number, place, say("no night lasts so long, or ends before it begins"))
    export.saw([night.end_ms for night in nights])
    yield batch(
        "sleep_sessions",
        {
            "file": [export.number] * len(nights),
            "source": [export.source(night.device) for night in nights],
            "session_key": [_key(night) for night in nights],
            "start_utc": instants([night.start_ms for night in nights]),
            "end_utc": instants([night.end_ms for night in nights]),
            "kind": [night.kind for night in nights],
            "tz_assumed": [False] * len(nights),
        },
    )
    stages = [(night, *stage) for night in nights for stage in night.stages if stage[1] > stage[0]]
    yield batch(
        "sleep_stages",
        {
            "file": [export.number] * len(stages),
            "source": [export.source(stage[0].device) for stage in stages],
            "session_key": [_key(stage[0]) for stage in stages],
            "start_utc": instants([stage[1] for stage in stages]),
            "end_utc": instants([stage[2] for stage in stages]),
            "stage": [stage[3] for stage in stages],
        },
    )


def _key(night: Night) -> str:
    return f"{night.start_ms // 1000}"


def _by_device(
    export: Export, table: str, columns: Sequence[str], unit: int = MS, time: str = "TIMESTAMP"
) -> Iterator[Skipped | tuple[int, list[tuple[int, ...]]]]:
    """Rows (time in milliseconds, columns) of whole numbers of each device, by time."""
    if not export.has(table, time, *columns):
        return
    sound = " and ".join(
        [_is_time(time, unit), "typeof(DEVICE_ID) = 'integer'", *(f"typeof({name}) = 'integer'" for name in columns)]
    )
    yield from export.damaged(table, time, sound)
    devices: dict[int, list[tuple[int, ...]]] = {}
    selected = ", ".join([f"{time} * {unit}", *columns])
    for rows in export.rows(f"select DEVICE_ID, {selected} from {table} where {sound} order by {time}"):
        for device, *row in rows:
            devices.setdefault(device, []).append(tuple(row))
    yield from devices.items()


def _split(
    found: Iterator[Skipped | tuple[int, list[tuple[int, ...]]]],
) -> tuple[list[Skipped], dict[int, list[tuple[int, ...]]]]:
    skipped: list[Skipped] = []
    devices: dict[int, list[tuple[int, ...]]] = {}
    for item in found:
        if isinstance(item, Skipped):
            skipped.append(item)
        else:
            devices[item[0]] = item[1]
    return skipped, devices


def _xiaomi(export: Export) -> Iterator[Night | Skipped]:
    skipped, nights = _split(_by_device(export, "XIAOMI_SLEEP_TIME_SAMPLE", ["WAKEUP_TIME"]))
    more, stages = _split(_by_device(export, "XIAOMI_SLEEP_STAGE_SAMPLE", ["STAGE"]))
    yield from [*skipped, *more]
    for device, rows in nights.items():
        stage_rows = stages.get(device, [])
        times = [row[0] for row in stage_rows]
        for start, end in rows:
            here = stage_rows[bisect_right(times, start - 1) : bisect_right(times, end - 1)]
            yield Night(device, start, end, None, _from_starts(start, end, here))


def _from_starts(start: int, end: int, rows: Sequence[tuple[int, ...]]) -> list[tuple[int, int, str]]:
    """Stages that hold from their time on; before the first, and without any, the stage is 'asleep'."""
    edges = [(start, "asleep"), *((time, XIAOMI_STAGES.get(stage, "awake")) for time, stage in rows), (end, "")]
    return [(here, following, stage) for (here, stage), (following, _) in pairwise(edges)]


def _garmin(export: Export) -> Iterator[Night | Skipped]:
    skipped, stages = _split(_by_device(export, "GARMIN_SLEEP_STAGE_SAMPLE", ["STAGE"]))
    more, events = _split(_by_device(export, "GARMIN_EVENT_SAMPLE", ["EVENT", "EVENT_TYPE"]))
    others, naps = _split(_by_device(export, "GARMIN_NAP_SAMPLE", ["END_TIMESTAMP"]))
    yield from [*skipped, *more, *others]
    for device, rows in stages.items():
        spans = _spans(events.get(device, []))
        here: list[tuple[int, ...]] = []
        for row in rows:
            if here and row[0] - here[-1][0] > STAGES_APART_MS:
                yield _of_ends(device, spans, here)
                here = []
            here.append(row)
        yield _of_ends(device, spans, here)
    for device, rows in naps.items():
        for start, end in rows:
            yield Night(device, start, end, "nap", [(start, end, "asleep")])


def _spans(events: Sequence[tuple[int, ...]]) -> list[int]:
    """When sleep began, by the watch's own word."""
    return [time for time, event, kind in events if event == GARMIN_SLEEP_EVENT and kind == 0]


def _of_ends(device: int, starts: Sequence[int], rows: Sequence[tuple[int, ...]]) -> Night:
    """A night of stages that end at their times; without an event its first stage has no beginning and is left out."""
    before = bisect_right(starts, rows[0][0] - 1)
    began = starts[before - 1] if before else None
    if began is None or rows[0][0] - began > STAGES_APART_MS:
        began = rows[0][0]
    edges = [began, *(time for time, _ in rows)]
    stages = [
        (here, following, GARMIN_STAGES.get(stage, "unknown"))
        for (here, following), (_, stage) in zip(pairwise(edges), rows, strict=True)
    ]
    return Night(device, began, edges[-1], None, stages)


def _colmi(export: Export) -> Iterator[Night | Skipped]:
    skipped, nights = _split(_by_device(export, "COLMI_SLEEP_SESSION_SAMPLE", ["WAKEUP_TIME"]))
    more, stages = _split(_by_device(export, "COLMI_SLEEP_STAGE_SAMPLE", ["DURATION", "STAGE"]))
    yield from [*skipped, *more]
    for device, rows in nights.items():
        for start, end in rows:
            here = [
                (time, min(end, time + minutes * MINUTE_MS), COLMI_STAGES.get(stage, "unknown"))
                for time, minutes, stage in stages.get(device, [])
                if start <= time < end and 0 < minutes <= LONGEST_MS // MINUTE_MS
            ]
            yield Night(device, start, end, None, here or [(start, end, "asleep")])


def _huami(export: Export) -> Iterator[Night | Skipped]:
    """Nights of minutes asleep; an hour without one ends a night."""
    table = "HUAMI_EXTENDED_ACTIVITY_SAMPLE"
    if not export.has(table, "TIMESTAMP", "RAW_KIND"):
        return
    minutes: dict[int, list[int]] = {}
    for rows in export.rows(
        f"select DEVICE_ID, TIMESTAMP * 1000 from {table} where {_is_time('TIMESTAMP', S)}"
        f" and RAW_KIND = {HUAMI_ASLEEP} and typeof(DEVICE_ID) = 'integer' order by TIMESTAMP"
    ):
        for device, time in rows:
            minutes.setdefault(device, []).append(time)
    for device, times in minutes.items():
        stretches: list[tuple[int, int, str]] = []
        for time in times:
            if stretches and time - stretches[-1][1] >= NIGHT_ENDS_MS:
                yield Night(device, stretches[0][0], stretches[-1][1], None, _with_gaps(stretches))
                stretches = []
            if stretches and time <= stretches[-1][1]:
                stretches[-1] = (stretches[-1][0], max(stretches[-1][1], time + MINUTE_MS), "asleep")
            else:
                stretches.append((time, time + MINUTE_MS, "asleep"))
        yield Night(device, stretches[0][0], stretches[-1][1], None, _with_gaps(stretches))


def _with_gaps(stretches: Sequence[tuple[int, int, str]]) -> list[tuple[int, int, str]]:
    """What lies between two stretches of sleep of one night was awake."""
    gaps = [(here[1], following[0], "awake") for here, following in pairwise(stretches)]
    return sorted([*stretches, *gaps])


def _pebble(export: Export) -> Iterator[Night | Skipped]:
    table = "PEBBLE_HEALTH_ACTIVITY_OVERLAY"
    skipped, devices = _split(_by_device(export, table, ["TIMESTAMP_TO", "RAW_KIND"], S, "TIMESTAMP_FROM"))
    yield from skipped
    for device, rows in devices.items():
        for whole, deep, kind in ((PEBBLE_NIGHT, PEBBLE_DEEP, None), (PEBBLE_NAP, PEBBLE_DEEP_NAP, "nap")):
            deeper = [(start, end_s * S) for start, end_s, row_kind in rows if row_kind == deep]
            for start, end_s, row_kind in rows:
                if row_kind == whole:
                    yield Night(device, start, end_s * S, kind, _cut(start, end_s * S, deeper))


def _cut(start: int, end: int, deeper: Sequence[tuple[int, int]]) -> list[tuple[int, int, str]]:
    """Light sleep with the stretches of deep sleep that lie in it."""
    stages: list[tuple[int, int, str]] = []
    here = start
    for first, last in deeper:
        first, last = max(first, here), min(last, end)
        if last > first:
            stages += [(here, first, "light"), (first, last, "deep")]
            here = last
    return [*stages, (here, end, "light")]


# ---- activities ------------------------------------------------------------------------------------------------------


def _activities(export: Export) -> Iterator[Batch | Skipped]:
    table = "BASE_ACTIVITY_SUMMARY"
    if not export.has(table, "START_TIME", "END_TIME", "ACTIVITY_KIND"):
        return
    sound = (
        f"{_is_time('START_TIME', MS)} and {_is_time('END_TIME', MS)} and END_TIME >= START_TIME"
        f" and END_TIME - START_TIME <= {LONGEST_MS} and typeof(ACTIVITY_KIND) = 'integer'"
    )
    yield from export.damaged(table, "START_TIME", sound)
    name = "NAME" if "NAME" in export.columns[table] else "null"
    for rows in export.rows(
        f"select DEVICE_ID, START_TIME, END_TIME, ACTIVITY_KIND, {name} from {table} where {sound} order by START_TIME"
    ):
        massages = [row for row in rows if isinstance(row[4], str) and names_massage(row[4])]
        export.left_out[say("activities named a massage, which the massage log should tell")] += len(massages)
        export.left_out += Counter()
        kept = [row for row in rows if row not in massages and row[3] not in NO_MOVEMENT]
        export.saw([row[2] for row in kept])
        yield batch(
            "activities",
            {
                "file": [export.number] * len(kept),
                "source": [export.source(row[0]) for row in kept],
                "start_utc": instants([row[1] for row in kept]),
                "end_utc": instants([row[2] for row in kept]),
                "sport": [SPORTS.get(row[3]) for row in kept],
            },
        )
