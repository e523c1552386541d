"""Fitbit's CSV files: Google's newer ones (`Physical Activity_GoogleData`, `Health Fitness Data_GoogleData`) and those
of the older folders (heart rate variability, oxygen, respiratory rate, paired devices).

What we know of them, from a real export of a Charge 5 (older folders only) and other people's reports:

- Google's `timestamp` is UTC with a Z. In files by day (`daily_*`) it is 00:00 or 12:00 of the local date: a date.
- `Heart Rate Variability Details` carry the local wall clock: in that export 99.6 % of 5,008 readings lie within a
  night as local time, 90 % an hour later. `Minute SpO2` is UTC as it says: 93 % of the valid readings lie within a
  night as UTC, 87 % as local time.
- The daily summary of heart rate variability has the date on which the night ends, whatever its file's name says.
- Oxygen of exactly 50 is written where none could be measured: a fifth of that export, no other value below 70.
- `data source` names who counted: a device (also by its code name), the app or phone (`MobileTrack`, `Google Health
  App`, `Fitbit App`), or a mirror of what another app sent (`... Health Connect`, `... Health Kit`, `... Web API`).
  Devices and files without the column are the source `fitbit`, the phone `fitbit:app`, each mirror its own. What the
  app writes of whole days it computed from the device, so there it is `fitbit` too, and mirrors are left out.
- Devices give whole minutes; phones and mirrors any second, sometimes two within a minute: a row then lasts until the
  next of its source.
- A night may come from several versions of Google's algorithm: the highest counts.
- `minutes_to_fall_asleep` is 0 where nobody pressed a button: not measured.
"""

import csv
import io
import re
from collections.abc import Generator, Iterator, Mapping, Sequence
from datetime import date, datetime
from typing import NamedTuple

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv as pa_csv

from recovery.formats.fitbit.file import (
    MINUTE,
    SOURCE,
    FitbitFile,
    Reading,
    finite,
    instant,
    newest,
    newest_day,
    values_of_days,
)
from recovery.formats.records import (
    Activity,
    Batch,
    ClockOffset,
    Device,
    FileSummary,
    Skipped,
    SleepSession,
    SleepStage,
    Yielded,
    batch,
    batch_of_rows,
)
from recovery.formats.times import naive_utc
from recovery.home.clock import FIRST_UTC, LAST_UTC, is_place, to_local

NO_DATA = "known and not needed: it says itself that it holds no data"
IS_LOCAL = "its times carry no zone and are read as local time"
LOWEST_SPO2 = 50.0  # written where nothing was measured
KCAL = r"kilocalor|kcal"
STAGES = {
    "AWAKE": "awake", "WAKE": "awake", "RESTLESS": "awake", "LIGHT": "light", "DEEP": "deep", "REM": "rem",
    "ASLEEP": "asleep", "UNSPECIFIED": "unknown",
}  # fmt: skip
MM_PER_M = 1000.0
PERCENT = 100.0
MISSING = pa.array(["", "NaN", "nan", "null"])
HAS_ZONE = r"(?:Z|[+-]\d\d(?::?\d\d)?)$"
MIRROR = re.compile(r"health connect|health kit|web api", re.IGNORECASE)
APP = re.compile(r"mobiletrack|\bapp$|^phone\b", re.IGNORECASE)
UNREADABLE = "a time or a number of this row cannot be read"


def reading_of(name: str, head: bytes) -> Reading | str | None:
    """How a CSV file is read, by its name and its header; why it is not needed; None where it is not known.

    `name` is the file's own, without folders; `head` its first bytes.
    """
    kind = next((kind for pattern, kind in KINDS if pattern.fullmatch(name)), None)
    if kind is None:
        return None
    if head.strip(b' \t\r\n"').lower() == b"no data":
        return NO_DATA
    header = _header(head)
    return kind.reading if all(any(re.search(part, cell) for cell in header) for part in kind.columns) else None


class Kind(NamedTuple):
    """What files of one kind must have in their header (patterns), and how they are read."""

    columns: Sequence[str]
    reading: Reading


def _header(head: bytes) -> list[str]:
    line = head.decode("utf-8-sig", errors="replace").partition("\n")[0]
    try:
        return [cell.strip().lower() for cell in next(csv.reader([line]), [])]
    except csv.Error:
        return []


def source_of(name: str | None, is_of_days: bool = False) -> str:
    """The source of a row by its `data source`."""
    name = (name or "").strip()
    if MIRROR.search(name.replace("_", " ")):
        return f"{SOURCE}:{re.sub(r'[^a-z0-9]+', '_', name.lower()).strip('_')}"
    return f"{SOURCE}:app" if APP.search(name) and not is_of_days else SOURCE


# ---- series ----------------------------------------------------------------------------------------------------------


def _minutes(metric: str, column: str, per_unit: float = 1.0) -> Kind:
    """Amounts of a minute, or of start time to end time."""

    def read(file: FitbitFile) -> Iterator[Yielded]:
        points = yield from _points(file, column)
        points = points.set_column(2, "value", pc.divide(points["value"], per_unit))
        yield from _intervals(file, metric, points)
        yield FileSummary(file.file, newest(points["start"]), _message(file, points))

    return Kind(("^timestamp$|^start time$", column), read)


def _active_minutes() -> Kind:
    """Minutes graded light, moderate or very active; light says no more than steps do, and is not read."""

    def read(file: FitbitFile) -> Iterator[Yielded]:
        moderate = yield from _points(file, "^moderate$")
        very = yield from _points(file, "^very$")
        if len(moderate) == len(very):  # else a number is damaged, and its row is skipped
            both = moderate.set_column(2, "value", pc.add(moderate["value"], very["value"]))
            for metric, points in (("moderate_s", both), ("vigorous_s", very)):
                points = points.set_column(2, "value", pc.multiply(points["value"], MINUTE.total_seconds()))
                yield from _intervals(file, metric, points.filter(pc.greater(points["value"], 0.0)))
        yield FileSummary(file.file, newest(moderate["start"]), _message(file, moderate))

    return Kind(("^timestamp$", "^moderate$", "^very$"), read)


def _instants(metric: str, column: str, per_unit: float = 1.0, above: float = 0.0, also: str = "") -> Kind:
    """Readings at an instant; those not `above` a number are what Fitbit writes where it measured nothing."""

    def read(file: FitbitFile) -> Iterator[Yielded]:
        points = yield from _points(file, column)
        measured = points.filter(pc.greater(points["value"], above))
        left_out = len(points) - len(measured)
        once = _once(measured)
        count = len(once)
        yield batch(
            "samples",
            {
                "file": pa.repeat(file.file, count),
                "source": once["source"].combine_chunks(),
                "metric": pa.repeat(metric, count),
                "start_utc": once["start"].combine_chunks(),
                "end_utc": once["start"].combine_chunks(),
                "value": pc.divide(once["value"].combine_chunks(), per_unit),
            },
        )
        empty = f"left out: {left_out} x {above:g} or less, which is no measurement" if left_out else ""
        yield FileSummary(file.file, newest(once["start"]), "; ".join(filter(None, [_message(file, measured), empty])))

    return Kind(("^timestamp$", column, also), read)


def _days(metric: str, column: str, per_unit: float = 1.0) -> Kind:
    """Values of whole dates."""

    def read(file: FitbitFile) -> Iterator[Yielded]:
        days: dict[date, float] = {}
        empty = mirrored = 0
        for place, row in _rows(file):
            try:
                text, value = row["timestamp"].strip(), _number(_cell(row, column))
                if source_of(row.get("data source"), is_of_days=True) != SOURCE:
                    mirrored += 1
                elif not value:
                    empty += 1
                else:
                    days[_date(file, text)] = _amount(value) / per_unit
            except ValueError:
                yield Skipped(file.file, place, UNREADABLE, str(row))
        yield values_of_days(file, metric, list(days.items()))
        notes = [
            f"dates without a value: {empty}" if empty else "",
            f"rows left out that another app told Google: {mirrored}" if mirrored else "",
        ]
        yield FileSummary(file.file, newest_day(file, list(days.items())), "; ".join(filter(None, notes)))

    return Kind(("^timestamp$", column), read)


def _date(file: FitbitFile, text: str) -> date:
    """The local date of a day's stamp: its own where it stands at midnight or noon, else where the instant lies."""
    stamp = datetime.fromisoformat(text)
    if stamp.tzinfo is None or (stamp.hour in (0, 12) and not stamp.minute and not stamp.second):
        return instant(stamp.replace(tzinfo=None)).date()
    stamp_utc = instant(naive_utc(stamp))
    return to_local(stamp_utc, file.context.zone_at(stamp_utc.date())).date()


def _points(file: FitbitFile, column: str) -> Generator[Skipped, None, pa.Table]:
    """Columns source, start, value, end (NULL = missing) of the rows that have a value, in the file's order."""
    ragged: list[Skipped] = []
    table = _strings(file, ragged)
    yield from ragged
    names = table.column_names
    starts = _times(file, table["timestamp" if "timestamp" in names else "start time"])
    values = table[next(name for name in names if re.search(column, name))]
    ends = _times(file, table["end time"]) if "end time" in names else pa.nulls(len(table), pa.timestamp("us"))
    numbers = _numbers(values)
    has_value = pc.invert(pc.is_in(values, MISSING))
    is_sound = pc.and_kleene(
        pc.and_(starts.is_valid(), numbers.is_valid()),
        pc.and_kleene(pc.is_finite(numbers), pc.greater_equal(numbers, 0.0)),
    )
    is_sound = pc.and_(pc.fill_null(is_sound, False), _is_ours(starts))
    if "end time" in names:
        is_sound = pc.and_(is_sound, pc.fill_null(pc.greater_equal(ends, starts), False))
    for place in pc.indices_nonzero(pc.and_(has_value, pc.invert(is_sound))).to_pylist():
        yield Skipped(file.file, f"row {place + 2}", UNREADABLE, str(table.slice(place, 1).to_pylist()[0]))
    file.is_empty = len(table) == 0 and not ragged
    points = pa.table({"source": _sources(table), "start": starts, "value": numbers, "end": ends}).filter(
        pc.and_(has_value, is_sound)
    )
    return points


def _strings(file: FitbitFile, ragged: list[Skipped]) -> pa.Table:
    """The file as text cells; rows with too many or too few go to `ragged`."""

    def note(row: pa_csv.InvalidRow) -> str:
        reason = f"this row has {row.actual_columns} cells, the header {row.expected_columns}"
        ragged.append(Skipped(file.file, f"row {row.number}", reason, row.text))
        return "skip"

    content = file.content.decode("utf-8-sig", errors="replace")
    header = [cell.strip().lower() for cell in next(csv.reader([content.partition("\n")[0]]), [])]
    names = [name if name not in header[:place] else f"{name} {place}" for place, name in enumerate(header)]
    return pa_csv.read_csv(
        pa.BufferReader(f"{content}\n".encode()),
        read_options=pa_csv.ReadOptions(
            use_threads=False, block_size=max(len(file.content) * 2, 1 << 16), column_names=names, skip_rows=1
        ),
        parse_options=pa_csv.ParseOptions(newlines_in_values=True, invalid_row_handler=note),
        convert_options=pa_csv.ConvertOptions(column_types=dict.fromkeys(names, pa.string())),
    ).combine_chunks()


def _times(file: FitbitFile, stamps: pa.ChunkedArray) -> pa.Array:
    """Instants in UTC of stamps with or without a zone; NULL where one is no time."""
    texts = pc.utf8_trim_whitespace(stamps)
    zoned = pc.match_substring_regex(texts, HAS_ZONE)
    if pc.all(zoned).as_py():
        try:
            return pc.cast(pc.cast(texts, pa.timestamp("us", "UTC")), pa.timestamp("us")).combine_chunks()
        except pa.ArrowInvalid:
            pass  # at least one is damaged: one by one
    return pa.array([_time(file, text) for text in texts.to_pylist()], pa.timestamp("us"))


def _time(file: FitbitFile, text: str | None) -> datetime | None:
    try:
        stamp = datetime.fromisoformat(text or "")
        return naive_utc(stamp) if stamp.tzinfo else file.context.to_utc(instant(stamp))
    except (ValueError, OverflowError):
        return None


def _is_ours(times: pa.Array) -> pa.Array:
    first, last = (pa.scalar(limit, pa.timestamp("us")) for limit in (FIRST_UTC, LAST_UTC))
    return pc.fill_null(pc.and_(pc.greater_equal(times, first), pc.less(times, last)), False)


def _numbers(texts: pa.ChunkedArray) -> pa.Array:
    """Numbers, NULL where a text is none."""
    given = pc.if_else(pc.is_in(texts, MISSING), None, texts)
    try:
        return pc.cast(given, pa.float64()).combine_chunks()
    except pa.ArrowInvalid:
        return pa.array([_number_or_none(text) for text in given.to_pylist()], pa.float64())


def _number_or_none(text: str | None) -> float | None:
    try:
        return None if text is None else float(text)
    except ValueError:
        return None


def _sources(table: pa.Table) -> pa.Array:
    if "data source" not in table.column_names:
        return pa.repeat(SOURCE, len(table))
    names = pc.dictionary_encode(table["data source"].combine_chunks())
    sources = pa.array([source_of(name) for name in names.dictionary.to_pylist()], pa.string())
    return pc.fill_null(sources.take(names.indices), SOURCE)


def _once(points: pa.Table) -> pa.Table:
    """One row for each source and start, the largest value; sorted."""
    if _is_once(points):
        return points.combine_chunks()
    once = points.group_by(["source", "start"], use_threads=False).aggregate([("value", "max"), ("end", "max")])
    once = once.rename_columns({"value_max": "value", "end_max": "end"})
    return once.sort_by([("source", "ascending"), ("start", "ascending")]).combine_chunks()


def _is_once(points: pa.Table) -> bool:
    """Whether the rows are so already, as files of one device are."""
    starts = points["start"].combine_chunks()
    is_one_source = pc.count_distinct(points["source"]).as_py() <= 1
    return bool(is_one_source and pc.all(pc.less(starts[:-1], starts[1:])).as_py() is not False)


def _intervals(file: FitbitFile, metric: str, points: pa.Table) -> Iterator[Batch]:
    """Rows of a minute, or until their own end, or until the next row of their source."""
    once = _once(points)
    count = len(once)
    if count:
        starts = once["start"].combine_chunks()
        ends = pc.coalesce(once["end"].combine_chunks(), pc.add(starts, pa.scalar(MINUTE, pa.duration("us"))))
        following = pa.concat_arrays([starts[1:], pa.nulls(1, pa.timestamp("us"))])
        names = once["source"].combine_chunks()
        is_same = pa.concat_arrays([pc.equal(names[1:], names[:-1]), pa.array([False])])
        ends = pc.if_else(is_same, pc.min_element_wise(ends, following), ends)
        yield batch(
            "samples",
            {
                "file": pa.repeat(file.file, count),
                "source": names,
                "metric": pa.repeat(metric, count),
                "start_utc": starts,
                "end_utc": ends,
                "value": once["value"].combine_chunks(),
            },
        )


def _message(file: FitbitFile, points: pa.Table) -> str:
    """The message about a series: its clock, repeated rows, and other sources."""
    twice = 0 if _is_once(points) else len(points) - points.group_by(["source", "start"]).aggregate([]).num_rows
    others = sorted(set(pc.unique(points["source"]).to_pylist()) - {SOURCE})
    first = file.content[:4096].decode("utf-8-sig", errors="replace").partition("\n")[2].partition(",")[0]
    return "; ".join(
        filter(
            None,
            [
                IS_LOCAL if len(points) and not re.search(HAS_ZONE, first.strip()) else "",
                f"rows with the time and source of another, of which the larger counts: {twice}" if twice else "",
                f"told by others than the device: {', '.join(others)}" if others else "",
            ],
        )
    )


# ---- rows ------------------------------------------------------------------------------------------------------------


def _rows(file: FitbitFile) -> Iterator[tuple[str, dict[str, str]]]:
    """Each row with its place, by lower-case heading; cells that are missing are empty."""
    file.is_empty = True
    place = 1
    text = io.StringIO(file.content.decode("utf-8-sig", errors="replace"), newline="")
    table = csv.reader(text)
    try:
        header = [cell.strip().lower() for cell in next(table, [])]
        for place, cells in enumerate(table, 2):
            if any(cells):
                file.is_empty = False
                yield f"row {place}", dict(zip(header, [*cells, *[""] * len(header)], strict=False))
    except csv.Error:
        file.damage, file.damage_place = "the table is damaged here; what stands before was read", f"after row {place}"


def _cell(row: Mapping[str, str], column: str) -> str:
    return next(value for name, value in row.items() if re.search(column, name))


def _number(text: str) -> float | None:
    text = text.strip()
    return None if text in ("", "NaN", "nan", "null") else finite(text)


def _amount(value: float) -> float:
    if value < 0:
        raise ValueError(value)
    return value


def _offset_s(text: str) -> int:
    """Seconds of an offset such as +05:30; ValueError where it is none of a place."""
    match = re.fullmatch(r"([+-])(\d\d):?(\d\d)", text.strip())
    if not match:
        raise ValueError(text)
    sign, hours, minutes = match.groups()
    seconds = int(f"{sign}1") * (int(hours) * 3600 + int(minutes) * 60)
    if not is_place(seconds):
        raise ValueError(text)
    return seconds


def _span(row: Mapping[str, str], start: str, end: str) -> tuple[datetime, datetime]:
    """A span of instants with their zone, of positive length. Raises KeyError or ValueError."""
    times = [datetime.fromisoformat(row[name].strip()) for name in (start, end)]
    if any(time.tzinfo is None for time in times):
        raise ValueError(row)
    first, last = (instant(naive_utc(time)) for time in times)
    if last <= first:
        raise ValueError(row)
    return first, last


def _newest_versions(
    file: FitbitFile, keys: Sequence[str]
) -> Generator[Skipped, None, tuple[list[tuple[str, dict[str, str]]], int]]:
    """Rows of the highest algorithm version of each sleep, and how many others there are."""
    rows = list(_rows(file))
    highest: dict[str, list[int]] = {}
    for _, row in rows:
        highest[row["sleep_id"]] = max(highest.get(row["sleep_id"], []), _version(row))
    kept = [(place, row) for place, row in rows if _version(row) == highest[row["sleep_id"]]]
    for place, row in kept:
        if not row["sleep_id"].strip():
            yield Skipped(file.file, place, f"a row without a sleep_id belongs to no night ({', '.join(keys)})")
    return [(place, row) for place, row in kept if row["sleep_id"].strip()], len(rows) - len(kept)


def _version(row: Mapping[str, str]) -> list[int]:
    return [int(digits) for digits in re.findall(r"\d{1,9}", row.get("algorithm_version", ""))]


def _sleeps(file: FitbitFile) -> Iterator[Yielded]:
    nights: list[SleepSession] = []
    offsets: list[ClockOffset] = []
    file.has_zone = True
    rows, superseded = yield from _newest_versions(file, ("sleep_start", "sleep_end"))
    for place, row in rows:
        try:
            start, end = _span(row, "sleep_start", "sleep_end")
            source = source_of(row.get("data_source"))
            clocks = [(start, _offset_s(row["start_utc_offset"])), (end, _offset_s(row["end_utc_offset"]))]
            nights.append(
                {
                    "source": source,
                    "session_key": row["sleep_id"].strip(),
                    "start_utc": start,
                    "end_utc": end,
                    "tz_assumed": False,
                    "asleep_min": _number(row.get("minutes_asleep", "")),
                    "awake_min": _number(row.get("minutes_awake", "")),
                    "latency_min": _number(row.get("minutes_to_fall_asleep", "")) or None,
                    "after_wake_min": _number(row.get("minutes_after_wake_up", "")),
                    "is_in_bed_recorded": True,
                }
            )
            offsets += [{"source": source, "time_utc": time, "offset_s": offset_s} for time, offset_s in clocks]
        except (KeyError, ValueError, OverflowError):
            yield Skipped(file.file, place, UNREADABLE, str(row))
    yield batch_of_rows("sleep_sessions", file.file, nights)
    yield batch_of_rows("clock_offsets", file.file, offsets)
    yield FileSummary(file.file, _just_after(nights), _superseded(superseded))


def _stages(file: FitbitFile) -> Iterator[Yielded]:
    stages: list[SleepStage] = []
    file.has_zone = True
    rows, superseded = yield from _newest_versions(file, ("sleep_stage_start", "sleep_stage_end"))
    for place, row in rows:
        try:
            start, end = _span(row, "sleep_stage_start", "sleep_stage_end")
            stages.append(
                {
                    "source": source_of(row.get("data_source")),
                    "session_key": row["sleep_id"].strip(),
                    "start_utc": start,
                    "end_utc": end,
                    "stage": STAGES[row["sleep_stage_type"].strip().upper()],
                }
            )
        except (KeyError, ValueError, OverflowError):
            yield Skipped(file.file, place, UNREADABLE, str(row))
    yield batch_of_rows("sleep_stages", file.file, stages)
    yield FileSummary(file.file, _just_after(stages), _superseded(superseded))


def _superseded(count: int) -> str:
    return f"rows of an older algorithm for the same night left out: {count}" if count else ""


def _just_after(rows: Sequence[SleepSession] | Sequence[SleepStage] | Sequence[Activity]) -> datetime | None:
    return max((row["end_utc"] for row in rows), default=None)


def _exercises(file: FitbitFile) -> Iterator[Yielded]:
    activities: list[Activity] = []
    offsets: list[ClockOffset] = []
    for place, row in _rows(file):
        try:
            start, end = _span(row, "exercise_start", "exercise_end")
            steps = _number(row.get("tracker_total_steps", "")) or _number(row.get("manually_logged_total_steps", ""))
            mm = _number(row.get("tracker_total_distance_mm", "")) or _number(
                row.get("manually_logged_total_distance_mm", "")
            )
            offset_s = _offset_s(row["utc_offset"])
            activities.append(
                {
                    "source": SOURCE,
                    "start_utc": start,
                    "end_utc": end,
                    "sport": row.get("activity_name") or None,
                    "steps": steps or None,  # 0 is written for what was not counted
                    "distance_m": mm / MM_PER_M if mm else None,
                }
            )
            offsets.append({"source": SOURCE, "time_utc": start, "offset_s": offset_s})
        except (KeyError, ValueError, OverflowError):
            yield Skipped(file.file, place, UNREADABLE, str(row))
    yield batch_of_rows("activities", file.file, activities)
    yield batch_of_rows("clock_offsets", file.file, offsets)
    yield FileSummary(file.file, _just_after(activities))


def _trackers(file: FitbitFile) -> Iterator[Yielded]:
    """Devices from the day they were added; their given names are never read."""
    devices: list[Device] = []
    for place, row in _rows(file):
        try:
            added = datetime.fromisoformat(row["date_added"].strip()).replace(tzinfo=None)
            product = row.get("device_type", "").strip() or None
            devices.append(
                {
                    "source": source_of(product),
                    "time_utc": file.context.to_utc(instant(added)),
                    "manufacturer": "Fitbit",
                    "product": product,
                }
            )
        except (KeyError, ValueError, OverflowError):
            yield Skipped(file.file, place, UNREADABLE)
    yield batch_of_rows("devices", file.file, devices)
    yield FileSummary(file.file)


def _name(pattern: str) -> re.Pattern[str]:
    """Of one of Google's families: dated, numbered or neither."""
    return re.compile(pattern + r"(?:_\d{4}-\d\d-\d\d)?(?: ?\(\d+\))?\.csv")


KINDS: Sequence[tuple[re.Pattern[str], Kind]] = (
    (_name("steps"), _minutes("steps", "^steps$")),
    (_name("distance"), _minutes("distance_m", "^distance")),
    (_name("floors"), _minutes("floors", "^floors")),
    (_name("active_energy_burned"), _minutes("active_energy_kcal", KCAL)),
    (_name("active_minutes"), _active_minutes()),
    (_name("heart_rate"), _instants("heart_rate_bpm", "^beats per minute$")),
    (_name("heart_rate_variability"), _instants("hrv_rmssd_ms", "^root mean square of successive differences")),
    (_name("oxygen_saturation"), _instants("spo2_share", "^oxygen saturation", PERCENT, LOWEST_SPO2)),
    (_name("daily_resting_heart_rate"), _days("resting_heart_rate_bpm", "^beats per minute$")),
    (_name("daily_heart_rate_variability"), _days("hrv_rmssd_ms", "^average heart rate variability")),
    (_name("daily_respiratory_rate"), _days("respiration_rate", "^breaths per minute$")),
    (_name("daily_oxygen_saturation"), _days("spo2_mean_share", "^average", PERCENT)),
    (_name("UserSleeps"), Kind(("^sleep_id$", "^sleep_start$", "^sleep_end$", "utc_offset$"), _sleeps)),
    (_name("UserSleepStages"), Kind(("^sleep_id$", "^sleep_stage_start$", "^sleep_stage_type$"), _stages)),
    (_name("UserExercises"), Kind(("^exercise_start$", "^exercise_end$", "^utc_offset$"), _exercises)),
    (
        re.compile(r"Heart Rate Variability Details - .*\.csv"),
        _instants("hrv_rmssd_ms", "^rmssd$", also="^coverage$"),
    ),
    (re.compile(r"Daily Heart Rate Variability Summary - .*\.csv"), _days("hrv_rmssd_ms", "^rmssd$")),
    (re.compile(r"Daily Respiratory Rate Summary - .*\.csv"), _days("respiration_rate", "^daily_respiratory_rate$")),
    (re.compile(r"Minute SpO2 - .*\.csv"), _instants("spo2_share", "^value$", PERCENT, LOWEST_SPO2)),
    (re.compile(r"Daily SpO2 - .*\.csv"), _days("spo2_mean_share", "^average_value$", PERCENT)),
    (re.compile(r"Trackers\.csv"), Kind(("^date_added$", "^device_type$"), _trackers)),
)
