"""Fitbit's JSON files: `Global Export Data` of Google Takeout, and the older MyFitbitData with the same files.

What we know of them, from a real export of a Charge 5 (Germany, December 2023 to January 2024) and
other people's reports:

- Steps, distance, heart rate and exercises carry UTC without saying so, sleep carries the local wall clock. In that
  export eleven of eleven exercises meet their own mean heart rate and steps only when read as UTC, each daily
  heart-rate file runs from 23:00 to 23:00, and the nights are still only when read as local.
- A file of steps or distance holds 30 local dates from the one in its name; the last minute of the second file of that
  export is 22:59, which only UTC explains.
- A night's stamps keep the offset of its start, so that all durations are differences of stamps.
- `shortData` are wakings under three minutes, laid over the stages; `data` alone shows sleep there.
- Classic nights: `minutesAsleep` is the time at level asleep; restless counts as awake with Fitbit, and here.
- After each gap the first heart rate is 70 with confidence 0: a start value, no measurement. Other values of
  confidence 0 continue their neighbours and stay.
- `minutesToFallAsleep` is 0 on every night that the device found by itself: not measured.
- Daily minutes are padded with days not worn and days to come: 1440 sedentary, 0 of all others. A 0 alone cannot be
  distinguished from a measured one (the twin file may come with another delivery), so it is left out and counted.
- Files of consecutive months share nights at their edge; `logId` is the same, so it is the session's key.
- `calories` holds the basal rate too; it says nothing of movement that steps and heart rate do not.
"""

import json
import re
from bisect import insort
from collections.abc import Callable, Generator, Iterator, Mapping, Sequence
from datetime import date, datetime, timedelta
from typing import Any, NamedTuple

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv as pa_csv

from recovery.formats.entries import Context
from recovery.formats.fitbit.file import (
    MINUTE,
    SOURCE,
    FitbitFile,
    finite,
    instant,
    newest,
    newest_day,
    samples,
    values_of_days,
)
from recovery.formats.records import Activity, FileSummary, Skipped, SleepSession, SleepStage, Yielded, batch_of_rows
from recovery.formats.units import CM_PER_M, METRES_PER
from recovery.home.clock import to_local

DAY_MIN = 1440
START_BPM, NO_CONFIDENCE = 70, 0  # what the device writes before it has measured
STAGES = {
    "wake": "awake", "light": "light", "deep": "deep", "rem": "rem",
    "asleep": "asleep", "restless": "awake", "awake": "awake",
    "unknown": "unknown",
}  # fmt: skip
STAMP = "%m/%d/%y %H:%M:%S"
IS_UTC = "its times carry no zone and are read as UTC, as Fitbit writes this kind"
IS_LOCAL = "its times carry no zone and are read as local time"
MONTH = re.compile(r"-(20\d\d-\d\d-\d\d)\.json$")
DAYS_OF_MONTH = timedelta(days=30)
BETWEEN = re.compile(r"[\s,]*")

# What an element is without its digits and blanks, and the columns that its digits are.
BEAT = b'{"dateTime":"//::","value":{"bpm":,"confidence":}}'
POINT = b'{"dateTime":"//::","value":""}'
LAYOUTS: Mapping[bytes, Mapping[str, pa.DataType]] = {
    BEAT: {"stamp": pa.int64(), "bpm": pa.float64(), "confidence": pa.float64(), "nothing": pa.null()},
    POINT: {"stamp": pa.int64(), "value": pa.float64(), "nothing": pa.null()},
}
DIGITS = b"0123456789."
BLANKS = b" \t\r\n"
LINES = bytes.maketrans(b"T", b"\n")
NOT_OF_TABLE = bytes(set(range(256)) - set(DIGITS + b",T"))


def steps(file: FitbitFile) -> Iterator[Yielded]:
    yield from _minutes(file, "steps", 1.0)


def distance(file: FitbitFile) -> Iterator[Yielded]:
    yield from _minutes(file, "distance_m", CM_PER_M)


def _minutes(file: FitbitFile, metric: str, per_unit: float) -> Iterator[Yielded]:
    times, (values,) = yield from _series(file, POINT, lambda value: (float(value),))
    values = pc.divide(values, per_unit)
    yield samples(file, metric, times, pc.add(times, pa.scalar(MINUTE, pa.duration("us"))), values)
    yield FileSummary(file.file, newest(times), _clock_of_month(file, times))


def heart_rate(file: FitbitFile) -> Iterator[Yielded]:
    times, (bpm, confidence) = yield from _series(file, BEAT, _beat)
    is_start = pc.and_(pc.equal(bpm, START_BPM), pc.equal(confidence, NO_CONFIDENCE))
    measured = pc.invert(pc.fill_null(is_start, False))
    left_out = len(bpm) - pc.sum(measured).as_py() if len(bpm) else 0
    if left_out:
        times, bpm = times.filter(measured), bpm.filter(measured)
    yield samples(file, "heart_rate_bpm", times, times, bpm)
    start_values = f"left out: {left_out} x 70 bpm, the start value before a measurement" if left_out else ""
    yield FileSummary(file.file, newest(times), "; ".join(filter(None, [_family(times, file.context), start_values])))


def _beat(value: Mapping[str, Any]) -> tuple[float, float | None]:
    bpm, confidence = float(value["bpm"]), value.get("confidence")
    if bpm == 0:
        raise ValueError(bpm)
    return bpm, confidence if isinstance(confidence, int) else None


def _family(times: pa.Array, context: Context) -> str:
    """What one day's file shows of its own clock: it holds one local date, so stamps of two dates are not local."""
    if not len(times):
        return ""
    first, last = pc.min(times).as_py(), pc.max(times).as_py()
    if first.date() != last.date():
        return "its times are UTC: the file of one local day runs over a midnight"
    if last - first > timedelta(hours=23) and to_local(first, context.zone_at(first.date())) != first:
        return IS_UTC + ", though it fills one date exactly: were you in a zone of UTC on that day?"
    return IS_UTC


def _clock_of_month(file: FitbitFile, times: pa.Array) -> str:
    """What a file of 30 local dates, of which the first is in its name, shows of its own clock."""
    named = MONTH.search(file.name)
    try:
        first = datetime.fromisoformat(named[1] if named and len(times) else "")
    except ValueError:
        return IS_UTC
    limits = (first, first + DAYS_OF_MONTH)
    is_outside_as_local = _is_outside(times, *limits)
    is_outside_as_utc = _is_outside(times, *map(file.context.to_utc, limits))
    if is_outside_as_local and not is_outside_as_utc:
        return "its times are UTC: as local time they lie outside the 30 dates of the file"
    if is_outside_as_utc and not is_outside_as_local:
        return IS_UTC + ", though as local time they fit its 30 dates better: were you in a zone of UTC then?"
    return IS_UTC


def _is_outside(times: pa.Array, first: datetime, end: datetime) -> bool:
    return bool(pc.min(times).as_py() < first or pc.max(times).as_py() >= end)


def resting_heart_rate(file: FitbitFile) -> Iterator[Yielded]:
    days: list[tuple[date, float]] = []
    empty = 0
    for place, row in enumerate(elements(file), 1):
        try:
            value = row["value"]
            if value["date"] is None or value["value"] == 0:
                empty += 1
            else:
                days.append((datetime.strptime(value["date"], "%m/%d/%y").date(), finite(value["value"])))  # noqa: DTZ007
        except (KeyError, TypeError, ValueError):
            yield _skipped(file, place, row)
    yield values_of_days(file, "resting_heart_rate_bpm", days)
    yield FileSummary(file.file, newest_day(file, days), f"dates without a value: {empty}" if empty else "")


def sedentary(file: FitbitFile) -> Iterator[Yielded]:
    yield from _minutes_of_days(file, "sedentary_min", DAY_MIN)


def lightly(file: FitbitFile) -> Iterator[Yielded]:
    yield from _minutes_of_days(file, "lightly_active_min", 0)


def moderately(file: FitbitFile) -> Iterator[Yielded]:
    yield from _minutes_of_days(file, "moderately_active_min", 0)


def very(file: FitbitFile) -> Iterator[Yielded]:
    yield from _minutes_of_days(file, "vigorous_min", 0)


def _minutes_of_days(file: FitbitFile, metric: str, padding: float) -> Iterator[Yielded]:
    times, (values,) = yield from _series(file, POINT, lambda value: (float(value),))
    reported = [(stamp.date(), value) for stamp, value in zip(times.to_pylist(), values.to_pylist(), strict=True)]
    days = [(day, value) for day, value in reported if value != padding]
    yield values_of_days(file, metric, days)
    left_out = len(reported) - len(days)
    message = f"dates with {padding} left out, as Fitbit writes it for days not worn or yet to come: {left_out}"
    yield FileSummary(file.file, newest_day(file, days), message if left_out else "")


def sleep(file: FitbitFile) -> Iterator[Yielded]:
    nights: list[SleepSession] = []
    stretches: list[SleepStage] = []
    for place, row in enumerate(elements(file), 1):
        try:
            night, start_local = _night(file, row)
        except (KeyError, TypeError, ValueError, OverflowError):
            yield _skipped(file, place, row)
            continue
        nights.append(night)
        levels = row["levels"] if isinstance(row.get("levels"), dict) else {}
        length_s = int((night["end_utc"] - night["start_utc"]).total_seconds())
        pieces: list[Piece] = []
        for part in ("data", "shortData"):  # the order lays the short wakings over the stages
            for at_piece, level in enumerate(_list(levels.get(part)), 1):
                try:
                    piece = _piece(level, start_local)
                except (KeyError, TypeError, ValueError, OverflowError):
                    yield Skipped(
                        file.file,
                        f"element {place}, {part} {at_piece}",
                        "no stretch of sleep can be read here: it needs dateTime, a known level and seconds",
                        json.dumps(level)[:200],
                    )
                else:
                    _lay_over(pieces, piece)
        stretches += [
            {
                "source": SOURCE,
                "session_key": night["session_key"],
                "start_utc": night["start_utc"] + timedelta(seconds=piece.start_s),
                "end_utc": night["start_utc"] + timedelta(seconds=min(piece.end_s, length_s)),
                "stage": piece.stage,
            }
            for piece in _joined(pieces)
            if 0 <= piece.start_s < length_s
        ]
    yield batch_of_rows("sleep_sessions", file.file, nights)
    yield batch_of_rows("sleep_stages", file.file, stretches)
    yield FileSummary(file.file, max((night["end_utc"] for night in nights), default=None), IS_LOCAL)


def _list(value: Any) -> list[Any]:
    return value if isinstance(value, list) else []


def _night(file: FitbitFile, row: Mapping[str, Any]) -> tuple[SleepSession, datetime]:
    """One row of sleep_sessions, and its start on the wall clock."""
    start_local = datetime.fromisoformat(row["startTime"])
    length = timedelta(milliseconds=row["duration"])
    if start_local.tzinfo is not None or length <= timedelta(0):
        raise ValueError(row["startTime"])
    start_utc = instant(file.context.to_utc(start_local))
    latency = _number(row, "minutesToFallAsleep")
    night: SleepSession = {
        "source": SOURCE,
        "session_key": str(int(row["logId"])),
        "start_utc": start_utc,
        "end_utc": instant(start_utc + length),
        "kind": {True: "main", False: "nap"}.get(row.get("mainSleep")),  # type: ignore[arg-type]
        "tz_assumed": True,
        "asleep_min": _number(row, "minutesAsleep"),
        "awake_min": _number(row, "minutesAwake"),
        "latency_min": None if latency == 0 and row.get("logType") == "auto_detected" else latency,
        "after_wake_min": _number(row, "minutesAfterWakeup"),
        "is_in_bed_recorded": True,
    }
    return night, start_local


class Piece(NamedTuple):
    """A stretch of a night in seconds from its start."""

    start_s: int
    end_s: int
    stage: str


def _piece(level: Mapping[str, Any], start_local: datetime) -> Piece:
    start_s = round((datetime.fromisoformat(level["dateTime"]) - start_local).total_seconds())
    seconds = int(level["seconds"])
    if seconds <= 0:
        raise ValueError(seconds)
    return Piece(start_s, start_s + seconds, STAGES[level["level"]])


def _lay_over(pieces: list[Piece], top: Piece) -> None:
    """Cuts `top` into the pieces; nearly always it comes after all of them."""
    if pieces and top.start_s < pieces[-1].end_s:
        pieces[:] = [
            part
            for piece in pieces
            for part in (
                piece._replace(end_s=min(piece.end_s, top.start_s)),
                piece._replace(start_s=max(piece.start_s, top.end_s)),
            )
            if part.start_s < part.end_s
        ]
    insort(pieces, top)


def _joined(pieces: Sequence[Piece]) -> list[Piece]:
    """Neighbours of one stage as one piece, so that a waking is counted once."""
    joined: list[Piece] = []
    for piece in pieces:
        if joined and joined[-1].stage == piece.stage and joined[-1].end_s == piece.start_s:
            joined[-1] = joined[-1]._replace(end_s=piece.end_s)
        else:
            joined.append(piece)
    return joined


def exercise(file: FitbitFile) -> Iterator[Yielded]:
    activities: list[Activity] = []
    for place, row in enumerate(elements(file), 1):
        try:
            start = instant(datetime.strptime(row["startTime"], STAMP))  # noqa: DTZ007 - naive means UTC here
            length = timedelta(milliseconds=row["duration"])
            sport = row.get("activityName")
            if length < timedelta(0) or not isinstance(sport, str | None):
                raise ValueError(row)
            metres = METRES_PER.get(row.get("distanceUnit", ""))
            distance = _number(row, "distance")
            activities.append(
                {
                    "source": SOURCE,
                    "start_utc": start,
                    "end_utc": instant(start + length),
                    "sport": sport,
                    "steps": _number(row, "steps"),
                    "distance_m": None if distance is None or metres is None else distance * metres,
                }
            )
        except (KeyError, TypeError, ValueError, OverflowError):
            yield _skipped(file, place, row)
    yield batch_of_rows("activities", file.file, activities)
    yield FileSummary(file.file, max((row["end_utc"] for row in activities), default=None), IS_UTC)


def _number(row: Mapping[str, Any], key: str) -> float | None:
    value = row.get(key)
    return None if value is None else finite(value)


def _series(
    file: FitbitFile, layout: bytes, numbers: Callable[[Any], tuple[float | None, ...]]
) -> Generator[Skipped, None, tuple[pa.Array, list[pa.Array]]]:
    """Stamps and numbers of a series; an element that cannot be read is skipped.

    A file in which every element looks alike, as Fitbit writes them, is read as the table of numbers that it is, with
    an eighth of the work of the json module; any other element by element.
    """
    if (columns := _laid_out(file.content, layout)) is not None:
        return columns
    good: list[tuple[datetime, tuple[float | None, ...]]] = []
    for place, row in enumerate(elements(file), 1):
        try:
            stamp, values = instant(datetime.strptime(row["dateTime"], STAMP)), numbers(row["value"])  # noqa: DTZ007
            if not 0 <= (values[0] or 0.0) < float("inf"):
                raise ValueError(values)
            good.append((stamp, values))
        except (KeyError, TypeError, ValueError, AttributeError):
            yield _skipped(file, place, row)
    width = len(LAYOUTS[layout]) - 2
    return (
        pa.array([stamp for stamp, _ in good], pa.timestamp("us")),
        [pa.array([values[column] for _, values in good], pa.float64()) for column in range(width)],
    )


def _laid_out(content: bytes, layout: bytes) -> tuple[pa.Array, list[pa.Array]] | None:
    """Stamps and numbers of a file whose elements are alike but for their digits; None where one is not.

    What is left of the file without its digits must be one element repeated. Then the digits alone, in lines that
    begin at the T of each dateTime, are a table.
    """
    text = content.strip()
    bones = text.translate(None, DIGITS)
    element = bones[1 : bones.find(b"},{") + 1] or bones[1:-1]
    count = bones.count(b"},{") + 1
    if element.translate(None, BLANKS) != layout or bones != b"[" + b",".join([element] * count) + b"]":
        return None
    try:
        table = pa_csv.read_csv(
            pa.BufferReader(text.translate(LINES, NOT_OF_TABLE) + b","),
            read_options=pa_csv.ReadOptions(
                use_threads=False, block_size=len(text), column_names=list(LAYOUTS[layout])
            ),
            convert_options=pa_csv.ConvertOptions(column_types=LAYOUTS[layout]),
        )
    except pa.ArrowInvalid:
        return None
    stamps = table["stamp"].to_numpy()
    numbers = [table[name].combine_chunks() for name in table.column_names[1:-1]]
    times = _instants(stamps)
    if len(stamps) != count or times is None or any(column.null_count for column in numbers):
        return None
    return None if layout == BEAT and pc.any(pc.equal(numbers[0], 0.0)).as_py() else (times, numbers)


def _instants(stamps: np.ndarray) -> pa.Array | None:
    """Instants of stamps as the whole numbers MMDDYYhhmmss; None where one is no time of this century."""
    rest, second = np.divmod(stamps, 100)
    rest, minute = np.divmod(rest, 100)
    rest, hour = np.divmod(rest, 100)
    rest, year = np.divmod(rest, 100)
    month, day = np.divmod(rest, 100)
    if not (month.min() > 0 and month.max() < 13 and day.min() > 0 and year.max() < 69):  # 69 is 1969 to strptime
        return None
    if not (hour.max() < 24 and minute.max() < 60 and second.max() < 60):
        return None
    months = ((year + 30) * 12 + month - 1).astype("datetime64[M]")  # counted from 1970
    dates = months.astype("datetime64[D]") + (day - 1)
    if (dates.astype("datetime64[M]") != months).any():  # a 30th of February
        return None
    return pa.array(dates.astype("datetime64[us]") + (hour * 3600 + minute * 60 + second) * 1_000_000)


def _skipped(file: FitbitFile, place: int, row: object) -> Skipped:
    reason = f"this element of {file.name} cannot be read: a value is missing or is not what Fitbit writes here"
    return Skipped(file.file, f"element {place}", reason, json.dumps(row)[:200])


def elements(file: FitbitFile) -> list[Any]:
    """The elements of a JSON array, as many as can be read; what stopped that is noted in the file."""
    rows, file.damage = _elements(file.content)
    file.damage_place = f"after element {len(rows)}" if file.damage else ""
    file.is_empty = not rows
    return rows


def _elements(content: bytes) -> tuple[list[Any], str]:
    """The elements of a JSON array, as many as can be read, and what stopped that."""
    text = content.decode("utf-8-sig", errors="replace")
    try:
        rows = json.loads(text)
    except (json.JSONDecodeError, RecursionError):
        pass
    else:
        return (rows, "") if isinstance(rows, list) else ([], "this is not a list of entries, as Fitbit's files are")
    rows = []
    decoder = json.JSONDecoder()
    here = text.find("[") + 1
    try:
        while True:
            row, here = decoder.raw_decode(text, BETWEEN.match(text, here).end())  # type: ignore[union-attr]
            rows.append(row)
    except (json.JSONDecodeError, RecursionError):
        return rows, "the file is cut short or damaged here; what stands before was read"
