"""What a reader may yield: the Arrow schema of each record type, and the names a record may use.

A record type is a table of `sql/raw/`; `tests/test_records.py` holds the two together. A reader does not know the
subject, the delivery or the date of the export: `load` adds these. Every batch has a first column `file`, the
position in the list of files the reader was given, so that thousands of small files make one batch.

Times are instants in UTC without a zone (`timestamp[us]`); intervals are [start, end); an instant has end = start.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import NamedTuple

import pyarrow as pa

UTC = pa.timestamp("us")
FILE = pa.field("file", pa.int32(), nullable=False)


def _required(name: str, kind: pa.DataType) -> pa.Field:
    return pa.field(name, kind, nullable=False)


SCHEMAS: Mapping[str, pa.Schema] = {
    # One measured number, at an instant (end_utc = start_utc) or over an interval.
    "samples": pa.schema(
        [
            FILE,
            _required("source", pa.string()),
            _required("metric", pa.string()),
            _required("start_utc", UTC),
            _required("end_utc", UTC),
            _required("value", pa.float64()),
        ]
    ),
    # One reading of a running total that a device restarts at its own midnight.
    "counters": pa.schema(
        [
            FILE,
            _required("source", pa.string()),
            _required("metric", pa.string()),
            _required("activity", pa.string()),
            _required("time_utc", UTC),
            pa.field("clock_offset_s", pa.int32()),  # the device's own clock less UTC, exact; NULL = not told
            _required("value", pa.float64()),
        ]
    ),
    # What a source said its local clock was ahead of UTC, at one instant.
    "clock_offsets": pa.schema(
        [
            FILE,
            _required("source", pa.string()),
            _required("time_utc", UTC),
            _required("offset_s", pa.int32()),
        ]
    ),
    # One night or nap as the source tells it. Durations are the source's own, NULL where it does not tell.
    "sleep_sessions": pa.schema(
        [
            FILE,
            _required("source", pa.string()),
            _required("session_key", pa.string()),
            _required("start_utc", UTC),
            _required("end_utc", UTC),
            pa.field("kind", pa.string()),  # 'main', 'nap', NULL = not told
            _required("tz_assumed", pa.bool_()),  # the source told local time without an offset
            pa.field("asleep_min", pa.float64()),
            pa.field("awake_min", pa.float64()),
            pa.field("latency_min", pa.float64()),
            pa.field("after_wake_min", pa.float64()),
            pa.field("is_in_bed_recorded", pa.bool_()),  # start and end are of the time in bed, not of sleep
        ]
    ),
    # One stretch of one sleep session.
    "sleep_stages": pa.schema(
        [
            FILE,
            _required("source", pa.string()),
            _required("session_key", pa.string()),
            _required("start_utc", UTC),
            _required("end_utc", UTC),
            _required("stage", pa.string()),
        ]
    ),
    # One recorded activity (a walk, a ride): evidence of movement.
    "activities": pa.schema(
        [
            FILE,
            _required("source", pa.string()),
            _required("start_utc", UTC),
            _required("end_utc", UTC),
            pa.field("sport", pa.string()),
            pa.field("steps", pa.float64()),
            pa.field("distance_m", pa.float64()),
            pa.field("active_energy_kcal", pa.float64()),
        ]
    ),
    # What the vendor says of a whole day: its own total, or a value it gives by calendar date only.
    "day_values": pa.schema(
        [
            FILE,
            _required("source", pa.string()),
            _required("local_date", pa.date32()),
            _required("metric", pa.string()),
            _required("value", pa.float64()),
        ]
    ),
    # A device and its firmware, as told at one instant.
    "devices": pa.schema(
        [
            FILE,
            _required("source", pa.string()),
            _required("time_utc", UTC),
            pa.field("manufacturer", pa.string()),
            pa.field("product", pa.string()),
            pa.field("firmware", pa.string()),
        ]
    ),
    # One row of a massage log, attended or not; the columns are contract.md's.
    "massages": pa.schema(
        [
            FILE,
            _required("place", pa.string()),  # 'row 7', 'sheet Log row 7', 'event UID'
            _required("origin", pa.string()),  # the reader's name
            _required("local_date", pa.date32()),
            pa.field("start_local", pa.timestamp("us")),  # wall clock of the log; NULL = not told
            pa.field("start_utc", UTC),  # only where the log itself tells a zone; else `stg` derives it
            pa.field("massage_min", pa.float64()),
            pa.field("technique", pa.string()),
            pa.field("pressure", pa.float64()),
            pa.field("areas", pa.string()),
            pa.field("muscles", pa.string()),
            pa.field("therapist", pa.string()),
            _required("status", pa.string()),  # 'attended', 'cancelled', 'no-show'
            pa.field("pain_before", pa.float64()),
            pa.field("pain_after", pa.float64()),
            pa.field("cause", pa.string()),
            pa.field("note", pa.string()),
        ]
    ),
    # One day of a diary; NULL = not told, 0 = none.
    "diary": pa.schema(
        [
            FILE,
            _required("place", pa.string()),
            _required("origin", pa.string()),
            _required("local_date", pa.date32()),
            pa.field("pain", pa.float64()),
            pa.field("pain_morning", pa.float64()),
            pa.field("medication", pa.string()),
            pa.field("medication_doses", pa.float64()),
            pa.field("bed_rest_hours", pa.float64()),
            pa.field("doctor_visits", pa.float64()),
            pa.field("mood", pa.float64()),
            pa.field("could_do_daily_activities", pa.float64()),  # 0 or 1
            pa.field("note", pa.string()),
        ]
    ),
}

SAMPLE_METRICS: Mapping[str, str] = {
    "steps": "steps of the interval",
    "distance_m": "metres of the interval",
    "active_s": "seconds of movement in the interval, placed at its end",
    "active_energy_kcal": "energy of movement in the interval",
    "floors": "floors climbed in the interval",
    "moderate_s": "seconds of at least moderate intensity in the interval, the vendor's own",
    "vigorous_s": "seconds of vigorous intensity in the interval, the vendor's own",
    "heart_rate_bpm": "heart rate at an instant",
    "resting_heart_rate_bpm": "the vendor's resting heart rate at an instant; of a day the last counts",
    "stress": "Garmin's stress score 0-100 at an instant",
    "is_worn": "1 = on the body, 0 = off, at an instant, as the device itself says",
    "respiration_rate": "breaths per minute at an instant",
    "spo2_share": "oxygen saturation 0-1 at an instant",
    "hrv_rmssd_ms": "RMSSD at an instant, or over a night where the vendor gives one number",
    "hrv_sdnn_ms": "SDNN; never mixed with RMSSD",
    "walking_speed_mps": "gait",
    "walking_asymmetry_share": "gait",
    "double_support_share": "gait",
}
COUNTER_METRICS = (
    "steps",
    "distance_m",
    "active_s",
    "active_energy_kcal",
    "floors",
    "moderate_s",
    "vigorous_s",
)
STAGES = ("asleep", "light", "deep", "rem", "awake", "in_bed", "unknown")
STATUSES = ("attended", "cancelled", "no-show")


class Batch(NamedTuple):
    """Rows of one record type, from one or many files."""

    record: str
    table: pa.Table


class Skipped(NamedTuple):
    """One row, or the rest of one file, that could not be read: it lands in `rejected`."""

    file: int
    place: str
    reason: str
    value: str = ""


class FileSummary(NamedTuple):
    """What a reader found out about one file as a whole, for its receipt."""

    file: int
    exported_utc: datetime | None = None  # naive UTC: the export's own date
    message: str = ""
    is_partial: bool = False
    log_kind: str = ""  # 'massages' or 'diary': a living file, replaced by its present content


Yielded = Batch | Skipped | FileSummary  # one item of what a reader yields


def batch(record: str, columns: Mapping[str, object]) -> Batch:
    """Columns (arrays, lists) as a checked batch; a column that is not given is NULL throughout.

    Raises KeyError for a column nobody knows, ValueError where a required value is missing.
    """
    schema = SCHEMAS[record]
    count = len(columns["file"])  # type: ignore[arg-type]
    arrays = [
        pa.array(columns[field.name], type=field.type) if field.name in columns else pa.nulls(count, type=field.type)
        for field in schema
    ]
    unknown = set(columns) - set(schema.names)
    if unknown:
        raise KeyError(f"{record} has no column {sorted(unknown)}; it has {schema.names}")
    for field, array in zip(schema, arrays, strict=True):
        if array.null_count and not field.nullable:
            raise ValueError(f"{record} needs a value in {field.name}; {array.null_count} of {count} rows have none")
    return Batch(record, pa.Table.from_arrays(arrays, schema=schema))


def rows(record: str, file: int, told: Sequence[Mapping[str, object]]) -> Batch:
    """Rows of one file as a checked batch; a column that a row does not name is NULL in it.

    Raises as `batch` does.
    """
    names = sorted({name for row in told for name in row})
    columns: dict[str, object] = {name: [row.get(name) for row in told] for name in names}
    return batch(record, {"file": [file] * len(told), **columns})
