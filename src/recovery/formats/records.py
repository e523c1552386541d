"""What a reader may yield: the record types, the Arrow schema of each, and the names a record may use.

A record type is a class here and a table of `sql/raw/`; `tests/formats/test_records.py` holds the two together. A
reader does not know the subject, the delivery or the date of the export: `load` adds these. Every batch has a first
column `file`, the position in the list of files the reader was given, so that thousands of small files make one batch.

Times are instants in UTC without a zone (`timestamp[us]`); intervals are [start, end); an instant has end = start. A
key that is not required is NULL where it is missing: the source does not report it.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date, datetime
from typing import Any, Literal, NamedTuple, NotRequired, TypedDict, get_args, get_type_hints, overload

import pyarrow as pa

from recovery.formats.record_columns import (
    ActivityColumns,
    ClockOffsetColumns,
    Column,
    CounterColumns,
    DayValueColumns,
    DeviceColumns,
    SampleColumns,
    SleepSessionColumns,
    SleepStageColumns,
)

# ---- record types ----------------------------------------------------------------------------------------------------


class Sample(TypedDict):
    """One measured number, at an instant (end_utc = start_utc) or over an interval."""

    source: str
    metric: str
    start_utc: datetime
    end_utc: datetime
    value: float
    tz_assumed: NotRequired[bool | None]  # the source gave local time without an offset


class Counter(TypedDict):
    """One reading of a running total that a device restarts at its own midnight."""

    source: str
    metric: str
    activity: str
    time_utc: datetime
    clock_offset_s: NotRequired[int | None]  # the device's own clock less UTC, exact
    value: float


class ClockOffset(TypedDict):
    """How far the local clock of a source was ahead of UTC, at one instant."""

    source: str
    time_utc: datetime
    offset_s: int


class SleepSession(TypedDict):
    """One night or nap. The minutes are the source's own."""

    source: str
    session_key: str
    start_utc: datetime
    end_utc: datetime
    kind: NotRequired[str | None]  # 'main' or 'nap'
    tz_assumed: bool  # the source gave local time without an offset
    asleep_min: NotRequired[float | None]
    awake_min: NotRequired[float | None]
    latency_min: NotRequired[float | None]
    after_wake_min: NotRequired[float | None]
    is_in_bed_recorded: NotRequired[bool | None]  # start and end are of the time in bed, not of sleep
    reported_start_local: NotRequired[datetime | None]  # the local time that the source gave without an offset
    reported_end_local: NotRequired[datetime | None]


class SleepStage(TypedDict):
    """One stretch of one sleep session in one stage."""

    source: str
    session_key: str
    start_utc: datetime
    end_utc: datetime
    stage: str


class Activity(TypedDict):
    """One recorded activity (a walk, a ride): evidence of movement."""

    source: str
    start_utc: datetime
    end_utc: datetime
    sport: NotRequired[str | None]
    steps: NotRequired[float | None]
    distance_m: NotRequired[float | None]
    active_energy_kcal: NotRequired[float | None]
    tz_assumed: NotRequired[bool | None]  # the source gave local time without an offset


class DayValue(TypedDict):
    """What the vendor reports of a whole day: its own total, or a value it gives by calendar date only."""

    source: str
    local_date: date
    metric: str
    value: float


class Device(TypedDict):
    """A device and its firmware, as reported at one instant."""

    source: str
    time_utc: datetime
    manufacturer: NotRequired[str | None]
    product: NotRequired[str | None]
    firmware: NotRequired[str | None]


class LogRow(TypedDict):
    """Where a row of a log stands."""

    place: str  # 'row 7', 'sheet Log row 7', 'event UID'
    origin: str  # the reader's name


class MassageContent(TypedDict):
    """What one row of a massage log says of a massage, attended or not."""

    local_date: date
    start_local: NotRequired[datetime | None]  # wall clock of the log
    start_utc: NotRequired[datetime | None]  # only where the log itself names a zone; else `stg` derives it
    massage_min: NotRequired[float | None]
    technique: NotRequired[str | None]
    pressure: NotRequired[float | None]
    areas: NotRequired[str | None]
    muscles: NotRequired[str | None]
    therapist: NotRequired[str | None]
    status: str  # one of STATUSES
    pain_before: NotRequired[float | None]
    pain_after: NotRequired[float | None]
    cause: NotRequired[str | None]
    note: NotRequired[str | None]


class Massage(LogRow, MassageContent):
    """One row of a massage log."""


class DiaryContent(TypedDict):
    """What one row of a diary says of a day. A missing value was not entered; 0 was entered as none."""

    local_date: date
    pain: NotRequired[float | None]
    pain_morning: NotRequired[float | None]
    pain_afternoon: NotRequired[float | None]
    medication: NotRequired[str | None]
    medication_doses: NotRequired[float | None]
    bed_rest_hours: NotRequired[float | None]
    doctor_visits: NotRequired[float | None]
    mood: NotRequired[float | None]
    could_do_daily_activities: NotRequired[float | None]  # 0 or 1
    other_treatment: NotRequired[float | None]  # 0 or 1, as the three below
    day_off: NotRequired[float | None]
    illness: NotRequired[float | None]
    travel: NotRequired[float | None]
    note: NotRequired[str | None]


class DiaryDay(LogRow, DiaryContent):
    """One row of a diary."""


RecordName = Literal[
    "samples",
    "counters",
    "clock_offsets",
    "sleep_sessions",
    "sleep_stages",
    "activities",
    "day_values",
    "devices",
    "massages",
    "diary",
]
RECORDS: Mapping[RecordName, type[Any]] = {
    "samples": Sample,
    "counters": Counter,
    "clock_offsets": ClockOffset,
    "sleep_sessions": SleepSession,
    "sleep_stages": SleepStage,
    "activities": Activity,
    "day_values": DayValue,
    "devices": Device,
    "massages": Massage,
    "diary": DiaryDay,
}
LOGGED = ("massages", "diary")  # records of logs: they carry the path and place they stand at, and are of a person
ARROW_TYPES: Mapping[type, pa.DataType] = {
    str: pa.string(),
    datetime: pa.timestamp("us"),
    date: pa.date32(),
    float: pa.float64(),
    int: pa.int32(),
    bool: pa.bool_(),
}


def _schema(record: type[Any]) -> pa.Schema:
    """The Arrow schema of a record type: `file`, then its keys; a key that is not required may be NULL."""
    fields = [pa.field("file", pa.int32(), nullable=False)]
    for name, hint in get_type_hints(record).items():
        (kind,) = (part for part in get_args(hint) or (hint,) if part is not type(None))
        fields.append(pa.field(name, ARROW_TYPES[kind], nullable=name in record.__optional_keys__))
    return pa.schema(fields)


SCHEMAS: Mapping[str, pa.Schema] = {name: _schema(record) for name, record in RECORDS.items()}

# ---- the names a record may use --------------------------------------------------------------------------------------

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
    "back_pain_severity": "back pain in words: 0 not present, 1 mild, 2 moderate, 3 severe, 4 unbearable (Bearable's)",
    "mood_valence": "state of mind at an instant, from -1 (very unpleasant) to 1 (very pleasant)",
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
Fate = Literal["rejected", "outside", "same"]  # it cannot be; its date cannot be; another record of the file has it


# ---- what a reader yields --------------------------------------------------------------------------------------------


class Batch(NamedTuple):
    """Rows of one record type, from one or many files."""

    record: RecordName
    table: pa.Table
    person: str = ""  # whose the rows of a log are; '' = whose folder the file lies in


class Dates(NamedTuple):
    """Dates from first to last, both counted; None = as far as the log speaks."""

    first: date | None = None
    last: date | None = None


class UnreadRow(NamedTuple):
    """What a person is shown of a row of a log that cannot be read, so that they can say what it should say."""

    key: str  # `home.mends.row_key` of its cells as they stand in the file
    column: str  # in which the fault lies: of a log 'date', of a mapped table its heading; 'row' = the row as a whole
    old: str  # what stands there
    cells: tuple[tuple[str, str], ...]  # heading and text of each cell that is not empty
    kind: Literal["log", "table", "event"] = "log"  # a row of a log, of a mapped table, or an event of a calendar


class Doubtful(NamedTuple):
    """A massage that counts, and of which its owner is asked whether it took place."""

    place: str
    asked: str  # which it is: '2026-05-04 (row 3, note 'felt ill')'
    person: str
    row: UnreadRow  # whose column is 'status'


class PutIn(NamedTuple):
    """Something that was said of a row and was put into it."""

    row: str  # its key
    column: str
    place: str


class Skipped(NamedTuple):
    """One row, one value of a row, or the rest of one file, that could not be read: it lands in `rejected`."""

    file: int
    place: str
    reason: str
    value: str = ""
    is_kept: bool = False  # the row counts, and this value of it is empty
    again_utc: datetime | None = None  # naive UTC: refused as of the future, it passes once the clock shows this
    unknown: Dates | None = None  # on one of these there may have been a massage; None = it is about no massage
    person: str = ""  # whose massage that is; '' = of anybody of whom the log speaks
    stands_for: int = 0  # how many rows or samples this stands for, as its reason says; 0 = it stands for itself
    row: UnreadRow | None = None  # of a row that its owner can mend in inbox/mends.csv


class Removed(NamedTuple):
    """Numbers of one metric that were read and left out; they stand in the ledger."""

    file: int
    metric: str  # a name of SAMPLE_METRICS, or of a daily metric
    records: int
    reason: str
    amount: float = 0.0  # their sum, of a metric that has sums
    source: str = ""  # '' = not known
    local_date: date | None = None  # None = not known
    fate: Fate = "rejected"


class FileSummary(NamedTuple):
    """What a reader found out about one file as a whole, for its receipt."""

    file: int
    exported_utc: datetime | None = None  # naive UTC: the export's own date
    message: str = ""
    is_partial: bool = False
    log_kind: str = ""  # 'massages', 'diary', 'diary+massages': a living file, replaced by its present content
    asked: str = ""  # the sentences of `message` that its owner is to answer or to look at
    removed: tuple[Removed, ...] = ()  # the same as if they were yielded by themselves
    mended: tuple[PutIn, ...] = ()  # what inbox/mends.csv said of its rows
    doubtful: tuple[Doubtful, ...] = ()  # massages of which `asked` asks whether they took place


class Earliest(NamedTuple):
    """When a source was first known to the file that it is read from; yielded before its records.

    Records long before are of a clock that was not yet set: `loading.plausible` leaves them out and counts them.
    """

    file: int
    source: str
    known_utc: datetime


Yielded = Batch | Skipped | Removed | FileSummary | Earliest  # one item of what a reader yields

# ---- batches --------------------------------------------------------------------------------------------------------


class FileRows:
    """The rows of one file by record type, gathered while it is read; the fields are named as the record types."""

    def __init__(self) -> None:
        self.samples: list[Sample] = []
        self.clock_offsets: list[ClockOffset] = []
        self.sleep_sessions: list[SleepSession] = []
        self.sleep_stages: list[SleepStage] = []
        self.activities: list[Activity] = []
        self.day_values: list[DayValue] = []

    def counts(self) -> dict[str, int]:
        """How many rows there are of each record type that has any."""
        return {name: len(found) for name, found in vars(self).items() if found}

    def cut(self, counts: Mapping[str, int]) -> None:
        """Takes back the rows that were added after `counts`."""
        for name, found in vars(self).items():
            del found[counts.get(name, 0) :]

    def batches(self, file: int) -> Iterator[Batch]:
        """A batch of each record type."""
        yield batch_of_rows("activities", file, self.activities)
        yield batch_of_rows("clock_offsets", file, self.clock_offsets)
        yield batch_of_rows("day_values", file, self.day_values)
        yield batch_of_rows("samples", file, self.samples)
        yield batch_of_rows("sleep_sessions", file, self.sleep_sessions)
        yield batch_of_rows("sleep_stages", file, self.sleep_stages)


@overload
def batch(record: Literal["samples"], columns: SampleColumns) -> Batch: ...
@overload
def batch(record: Literal["counters"], columns: CounterColumns) -> Batch: ...
@overload
def batch(record: Literal["clock_offsets"], columns: ClockOffsetColumns) -> Batch: ...
@overload
def batch(record: Literal["sleep_sessions"], columns: SleepSessionColumns) -> Batch: ...
@overload
def batch(record: Literal["sleep_stages"], columns: SleepStageColumns) -> Batch: ...
@overload
def batch(record: Literal["activities"], columns: ActivityColumns) -> Batch: ...
@overload
def batch(record: Literal["day_values"], columns: DayValueColumns) -> Batch: ...
@overload
def batch(record: Literal["devices"], columns: DeviceColumns) -> Batch: ...
def batch(record: RecordName, columns: Mapping[str, Any]) -> Batch:
    """Columns (arrays, lists) as a checked batch; a column that is not given is NULL throughout.

    Raises KeyError for a column that the record type does not have, ValueError where a required value is missing.
    """
    return checked(record, columns)


def checked(record: RecordName, columns: Mapping[str, Column]) -> Batch:
    """The same for columns whose names are computed, which mypy cannot check.

    Raises as `batch` does.
    """
    schema = SCHEMAS[record]
    count = len(columns["file"])
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


@overload
def batch_of_rows(record: Literal["samples"], file: int, found: Iterable[Sample]) -> Batch: ...
@overload
def batch_of_rows(record: Literal["counters"], file: int, found: Iterable[Counter]) -> Batch: ...
@overload
def batch_of_rows(record: Literal["clock_offsets"], file: int, found: Iterable[ClockOffset]) -> Batch: ...
@overload
def batch_of_rows(record: Literal["sleep_sessions"], file: int, found: Iterable[SleepSession]) -> Batch: ...
@overload
def batch_of_rows(record: Literal["sleep_stages"], file: int, found: Iterable[SleepStage]) -> Batch: ...
@overload
def batch_of_rows(record: Literal["activities"], file: int, found: Iterable[Activity]) -> Batch: ...
@overload
def batch_of_rows(record: Literal["day_values"], file: int, found: Iterable[DayValue]) -> Batch: ...
@overload
def batch_of_rows(record: Literal["devices"], file: int, found: Iterable[Device]) -> Batch: ...
@overload
def batch_of_rows(record: Literal["massages"], file: int, found: Iterable[Massage]) -> Batch: ...
@overload
def batch_of_rows(record: Literal["diary"], file: int, found: Iterable[DiaryDay]) -> Batch: ...
def batch_of_rows(record: RecordName, file: int, found: Iterable[Any]) -> Batch:
    """Rows of one file as a checked batch; a key that a row does not have is NULL in it.

    Raises as `batch` does.
    """
    return checked_rows(record, file, list(found))


@overload
def as_local_time(item: Batch) -> Batch: ...
@overload
def as_local_time(item: Yielded) -> Yielded: ...
def as_local_time(item: Yielded) -> Yielded:
    """The same item; samples and activities are marked as reported in local time without an offset."""
    if not isinstance(item, Batch) or item.record not in ("samples", "activities"):
        return item
    place = item.table.schema.get_field_index("tz_assumed")
    column = pa.repeat(True, item.table.num_rows)
    return item._replace(table=item.table.set_column(place, item.table.schema.field(place), column))


def day_values(file: int, source: str, days: Iterable[tuple[date, str, float]]) -> Batch:
    """Values of whole dates, given as (date, metric, value), as a batch of `day_values`."""
    found = list(days)
    return batch(
        "day_values",
        {
            "file": [file] * len(found),
            "source": [source] * len(found),
            "local_date": [day for day, _, _ in found],
            "metric": [metric for _, metric, _ in found],
            "value": [value for _, _, value in found],
        },
    )


def checked_rows(record: RecordName, file: int, found: Sequence[Mapping[str, object]]) -> Batch:
    """The same for rows whose record type is known only when it runs, which mypy cannot check.

    Raises as `batch` does.
    """
    names = dict.fromkeys(name for row in found for name in row)
    columns = {name: [row.get(name) for row in found] for name in names}
    return checked(record, {"file": [file] * len(found), **columns})
