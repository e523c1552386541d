"""Fitbit's CSV files that are read row by row: values of dates, nights, stages, exercises, devices.

`tables` says what we know of them.
"""

import io
import re
from collections.abc import Callable, Generator, Iterator, Mapping, Sequence
from datetime import date, datetime

from recovery.formats.export_table import DamagedTableError, rows_of
from recovery.formats.fitbit.file import (
    SOURCE,
    UNREADABLE,
    FitbitFile,
    Kind,
    finite,
    instant,
    newest_day,
    source_of,
    values_of_days,
)
from recovery.formats.records import (
    Activity,
    ClockOffset,
    Device,
    FileSummary,
    Removed,
    Skipped,
    SleepSession,
    SleepStage,
    Yielded,
    batch_of_rows,
)
from recovery.formats.removed_numbers import RemovedNumbers
from recovery.formats.times import iso_time, naive_utc, offset_s
from recovery.home.clock import is_place, to_local
from recovery.words.say import say

STAGES = {
    "AWAKE": "awake", "WAKE": "awake", "RESTLESS": "awake", "LIGHT": "light", "DEEP": "deep", "REM": "rem",
    "ASLEEP": "asleep", "UNSPECIFIED": "unknown",
}  # fmt: skip
MM_PER_M = 1000.0
OLDER = say("row of an older algorithm for the same night")


def days(metric: str, column: str, per_unit: float = 1.0) -> Kind:
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
            except (ValueError, OverflowError):
                yield Skipped(file.file, place, UNREADABLE, str(row))
        yield values_of_days(file, metric, list(days.items()))
        notes = [
            say("dates without a value: {empty}", empty=empty) if empty else "",
            say("rows left out that another app told Google: {mirrored}", mirrored=mirrored) if mirrored else "",
        ]
        yield FileSummary(file.file, newest_day(file, list(days.items())), "; ".join(filter(None, notes)))

    return Kind(("^timestamp$", column), read)


def _date(file: FitbitFile, text: str) -> date:
    """The local date of a day's stamp: its own where it stands at midnight or noon, else where the instant lies."""
    stamp = iso_time(text)
    if stamp.tzinfo is None or (stamp.hour in (0, 12) and not stamp.minute and not stamp.second):
        return instant(stamp.replace(tzinfo=None)).date()
    stamp_utc = instant(naive_utc(stamp))
    return to_local(stamp_utc, file.context.zone_at(stamp_utc.date())).date()


def _rows(file: FitbitFile) -> Iterator[tuple[str, dict[str, str]]]:
    """Each row with its place, by lower-case heading; cells that are missing are empty."""
    file.is_empty = True
    place = 1
    text = io.StringIO(file.content.decode("utf-8-sig", errors="replace"), newline="")
    table = rows_of(text)
    try:
        header = [cell.strip().lower() for cell in next(table, [])]
        for place, cells in enumerate(table, 2):
            if any(cells):
                file.is_empty = False
                yield f"row {place}", dict(zip(header, [*cells, *[""] * len(header)], strict=False))
    except DamagedTableError:
        file.damage, file.damage_place = (
            say("the table is damaged here; what stands before was read"),
            say("after row {place}", place=place),
        )


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
    seconds = offset_s(*match.groups())
    if not is_place(seconds):
        raise ValueError(text)
    return seconds


def _span(row: Mapping[str, str], start: str, end: str) -> tuple[datetime, datetime]:
    """A span of instants with their zone, of positive length. Raises KeyError or ValueError."""
    times = [iso_time(row[name].strip()) for name in (start, end)]
    if any(time.tzinfo is None for time in times):
        raise ValueError(row)
    first, last = (instant(naive_utc(time)) for time in times)
    if last <= first:
        raise ValueError(row)
    return first, last


def _newest_versions(
    file: FitbitFile, keys: Sequence[str]
) -> Generator[Skipped, None, tuple[list[tuple[str, dict[str, str]]], list[dict[str, str]]]]:
    """Rows of the highest algorithm version of each sleep, and the others."""
    rows = list(_rows(file))
    highest: dict[str, list[int]] = {}
    for _, row in rows:
        highest[row["sleep_id"]] = max(highest.get(row["sleep_id"], []), _version(row))
    kept = [(place, row) for place, row in rows if _version(row) == highest[row["sleep_id"]]]
    for place, row in kept:
        if not row["sleep_id"].strip():
            yield Skipped(
                file.file, place, say("a row without a sleep_id belongs to no night ({names})", names=", ".join(keys))
            )
    older = [row for _, row in rows if _version(row) != highest[row["sleep_id"]]]
    return [(place, row) for place, row in kept if row["sleep_id"].strip()], older


def _removed(
    file: FitbitFile,
    older: Sequence[Mapping[str, str]],
    keys: tuple[str, str],
    stage_of: Callable[[Mapping[str, str]], str] | None,
) -> Sequence[Removed]:
    """Minutes asleep, or of stages, of rows that a newer algorithm tells again; of a damaged row nothing."""
    removed = RemovedNumbers(file.file)
    for row in older:
        try:
            source = source_of(row.get("data_source"))
            start, end = _span(row, *keys)
            if stage_of is None:
                asleep_min = _number(row.get("minutes_asleep", "")) or 0.0
                removed.add("asleep_min", OLDER, asleep_min, source=source, day=end, fate="same")
            else:
                minutes = (end - start).total_seconds() / 60
                removed.add_stage(stage_of(row), OLDER, minutes, source=source, day=end, fate="same")
        except (KeyError, ValueError, OverflowError):
            continue
    return removed.rows()


def _version(row: Mapping[str, str]) -> list[int]:
    return [int(digits) for digits in re.findall(r"\d{1,9}", row.get("algorithm_version", ""))]


def sleeps(file: FitbitFile) -> Iterator[Yielded]:
    """Nights of the newest algorithm, and their clock offsets. Its file has a zone."""
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
            offsets += [{"source": source, "time_utc": time, "offset_s": ahead_s} for time, ahead_s in clocks]
        except (KeyError, ValueError, OverflowError):
            yield Skipped(file.file, place, UNREADABLE, str(row))
    yield batch_of_rows("sleep_sessions", file.file, nights)
    yield batch_of_rows("clock_offsets", file.file, offsets)
    yield from _removed(file, superseded, ("sleep_start", "sleep_end"), None)
    yield FileSummary(file.file, _just_after(nights), _superseded(len(superseded)))


def stages(file: FitbitFile) -> Iterator[Yielded]:
    """Stages of the nights of the newest algorithm."""
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
                    "stage": _stage(row),
                }
            )
        except (KeyError, ValueError, OverflowError):
            yield Skipped(file.file, place, UNREADABLE, str(row))
    yield batch_of_rows("sleep_stages", file.file, stages)
    yield from _removed(file, superseded, ("sleep_stage_start", "sleep_stage_end"), _stage)
    yield FileSummary(file.file, _just_after(stages), _superseded(len(superseded)))


def _stage(row: Mapping[str, str]) -> str:
    return STAGES[row["sleep_stage_type"].strip().upper()]


def _superseded(count: int) -> str:
    return say("rows of an older algorithm for the same night left out: {count}", count=count) if count else ""


def _just_after(rows: Sequence[SleepSession] | Sequence[SleepStage] | Sequence[Activity]) -> datetime | None:
    return max((row["end_utc"] for row in rows), default=None)


def exercises(file: FitbitFile) -> Iterator[Yielded]:
    """Recorded activities, and their clock offsets."""
    activities: list[Activity] = []
    offsets: list[ClockOffset] = []
    for place, row in _rows(file):
        try:
            start, end = _span(row, "exercise_start", "exercise_end")
            steps = _number(row.get("tracker_total_steps", "")) or _number(row.get("manually_logged_total_steps", ""))
            mm = _number(row.get("tracker_total_distance_mm", "")) or _number(
                row.get("manually_logged_total_distance_mm", "")
            )
            ahead_s = _offset_s(row["utc_offset"])
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
            offsets.append({"source": SOURCE, "time_utc": start, "offset_s": ahead_s})
        except (KeyError, ValueError, OverflowError):
            yield Skipped(file.file, place, UNREADABLE, str(row))
    yield batch_of_rows("activities", file.file, activities)
    yield batch_of_rows("clock_offsets", file.file, offsets)
    yield FileSummary(file.file, _just_after(activities))


def trackers(file: FitbitFile) -> Iterator[Yielded]:
    """Devices from the day they were added; their given names are never read."""
    devices: list[Device] = []
    for place, row in _rows(file):
        try:
            added = iso_time(row["date_added"].strip()).replace(tzinfo=None)
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
