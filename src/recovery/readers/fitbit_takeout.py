"""Fitbit's JSON files: `Global Export Data` of Google Takeout, and the older MyFitbitData with the same files.

What we know of them, from a real export of a Charge 5 (Germany, December 2023 to January 2024) and
other people's reports:

- Steps, distance, heart rate and exercises carry UTC without saying so, sleep carries the local wall clock. In that
  export eleven of eleven exercises meet their own mean heart rate and steps only when read as UTC, each daily
  heart-rate file runs from 23:00 to 23:00, and the nights are still only when read as local.
- A night's stamps keep the offset of its start, so that all durations are differences of stamps.
- `shortData` are wakings under three minutes, laid over the stages; `data` alone shows sleep there.
- Classic nights: `minutesAsleep` is the time at level asleep; restless counts as awake with Fitbit, and here.
- After each gap the first heart rate is 70 with confidence 0: a start value, no measurement. Other values of
  confidence 0 continue their neighbours and stay.
- `minutesToFallAsleep` is 0 on every night that the device found by itself: not measured.
- Daily minutes are padded with days not worn and days to come: 1440 sedentary, 0 of all others. A 0 alone cannot be
  told from a measured one (the twin file may come with another delivery), so it is left out and counted.
- Files of consecutive months share nights at their edge; `logId` is the same, so it is the session's key.
- `calories` holds the basal rate too; it says nothing of movement that steps and heart rate do not.
"""

import json
import re
from bisect import insort
from collections.abc import Callable, Generator, Iterator, Mapping, Sequence
from datetime import date, datetime, time, timedelta
from fnmatch import fnmatchcase
from math import isfinite
from typing import Any, NamedTuple

import pyarrow as pa
import pyarrow.compute as pc

from recovery.clock import FIRST_UTC, LAST_UTC, to_local
from recovery.exports import Claim, Context, Entry, Tree
from recovery.records import Batch, Skipped, Told, batch
from recovery.units import CM_PER_M, METRES_PER

LABEL = "Fitbit (Google Takeout)"
VERSION = 1
USES_LOCAL_TIME = True

SOURCE = "fitbit"
MAX_BYTES = 50_000_000  # the largest file seen has 2.5 MB; ten times that in memory
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

Found = Iterator[Batch | Skipped | Told]
ARCHIVE = re.compile(r"takeout-(\d{8}T\d{6})Z")
ROOT = re.compile(r"(?:^|/)(?:Takeout/(?:Fitbit|Google Health)/|MyFitbitData/[^/]+/|(?=Global Export Data/))")


class File(NamedTuple):
    """One file while it is read: its position, its elements and what is told of it."""

    file: int
    rows: Sequence[Any]
    context: Context
    name: str


def claims(tree: Tree) -> Iterator[Claim]:
    """Fitbit's files below its folder, and its JSON files wherever they lie."""
    roots = {entry.path[: match.end()] for entry in tree if (match := ROOT.search(entry.path))}
    roots |= {root.removesuffix("Global Export Data/") for root in roots}
    for entry in tree:
        root = next((start for start in _folders(entry.path) if start in roots), None)
        kind = _kind(entry, None if root is None else entry.path[len(root) :])
        if isinstance(kind, str):
            yield Claim(entry.path, not_needed=kind)
        elif kind:
            yield Claim(entry.path)


def read(files: Sequence[Entry], context: Context) -> Found:
    """Samples, sleep, activities and day values; each file ends with what is told of it."""
    for number, entry in enumerate(files):
        kind = _kind(entry, None)
        if not callable(kind):
            yield Skipped(number, "", "this is not one of the Fitbit files that are read")
        elif entry.size > MAX_BYTES:
            yield Skipped(number, "", f"{entry.size:,} bytes are too many: a Fitbit file has at most a few million")
        else:
            rows, damage = _elements(entry.read())
            if damage:
                yield Skipped(number, f"after element {len(rows)}", damage)
            newest: datetime | None = None
            messages = []
            for found in kind(File(number, rows, context, entry.name)):
                if isinstance(found, Told):
                    newest = found.exported_utc  # type: ignore[assignment]
                    messages.append(found.message)
                else:
                    yield found
            yield Told(
                number,
                exported_utc=_archive_date(entry.path) or newest,
                message="; ".join(filter(None, messages)) if rows else "holds no entries",
                is_partial=bool(damage),
            )


def _steps(file: File) -> Found:
    yield from _minutes(file, "steps", 1.0)


def _distance(file: File) -> Found:
    yield from _minutes(file, "distance_m", CM_PER_M)


def _minutes(file: File, metric: str, per_unit: float) -> Found:
    times, values = yield from _points(file, lambda value: float(value) / per_unit)
    count = len(times)
    yield batch(
        "samples",
        {
            "file": pa.repeat(file.file, count),
            "source": pa.repeat(SOURCE, count),
            "metric": pa.repeat(metric, count),
            "start_utc": times,
            "end_utc": pc.add(times, pa.scalar(timedelta(minutes=1), pa.duration("us"))),
            "value": values,
        },
    )
    yield Told(file.file, _newest(times), IS_UTC)


def _heart_rate(file: File) -> Found:
    times, values = yield from _points(file, _bpm)
    measured = values.is_valid()
    times, values = times.filter(measured), values.filter(measured)
    count = len(times)
    yield batch(
        "samples",
        {
            "file": pa.repeat(file.file, count),
            "source": pa.repeat(SOURCE, count),
            "metric": pa.repeat("heart_rate_bpm", count),
            "start_utc": times,
            "end_utc": times,
            "value": values,
        },
    )
    left_out = len(measured) - count
    start_values = f"left out: {left_out} x 70 bpm, the start value before a measurement" if left_out else ""
    yield Told(file.file, _newest(times), "; ".join(filter(None, [_family(times, file.context), start_values])))


def _bpm(value: Mapping[str, Any]) -> float | None:
    """The heart rate, None for the value the device starts with."""
    bpm = float(value["bpm"])
    if bpm == START_BPM and value.get("confidence") == NO_CONFIDENCE:
        return None
    if bpm == 0:
        raise ValueError(bpm)
    return bpm


def _family(times: pa.Array, context: Context) -> str:
    """What one day's file tells of its own clock: it holds one local date, so stamps of two dates are not local."""
    if not len(times):
        return ""
    first, last = pc.min(times).as_py(), pc.max(times).as_py()
    if first.date() != last.date():
        return "its times are UTC: the file of one local day runs over a midnight"
    if last - first > timedelta(hours=23) and to_local(first, context.zone_at(first.date())) != first:
        return IS_UTC + ", though it fills one date exactly: were you in a zone of UTC on that day?"
    return IS_UTC


def _resting_heart_rate(file: File) -> Found:
    days: list[tuple[date, float]] = []
    empty = 0
    for place, row in enumerate(file.rows, 1):
        try:
            told = row["value"]
            if told["date"] is None or told["value"] == 0:
                empty += 1
            else:
                days.append((datetime.strptime(told["date"], "%m/%d/%y").date(), _finite(told["value"])))  # noqa: DTZ007
        except (KeyError, TypeError, ValueError):
            yield _skipped(file, place, row)
    yield _day_values(file, "resting_heart_rate_bpm", days)
    yield Told(file.file, _newest_day(file, days), f"dates without a value: {empty}" if empty else "")


def _sedentary(file: File) -> Found:
    yield from _minutes_of_days(file, "sedentary_min", DAY_MIN)


def _lightly(file: File) -> Found:
    yield from _minutes_of_days(file, "lightly_active_min", 0)


def _moderately(file: File) -> Found:
    yield from _minutes_of_days(file, "moderately_active_min", 0)


def _very(file: File) -> Found:
    yield from _minutes_of_days(file, "vigorous_min", 0)


def _minutes_of_days(file: File, metric: str, padding: float) -> Found:
    times, values = yield from _points(file, float)
    told = [(stamp.date(), value) for stamp, value in zip(times.to_pylist(), values.to_pylist(), strict=True)]
    days = [(day, value) for day, value in told if value != padding]
    yield _day_values(file, metric, days)
    left_out = len(told) - len(days)
    message = f"dates with {padding} left out, as Fitbit writes it for days not worn or yet to come: {left_out}"
    yield Told(file.file, _newest_day(file, days), message if left_out else "")


def _day_values(file: File, metric: str, days: Sequence[tuple[date, float]]) -> Batch:
    return batch(
        "day_values",
        {
            "file": [file.file] * len(days),
            "source": [SOURCE] * len(days),
            "local_date": [day for day, _ in days],
            "metric": [metric] * len(days),
            "value": [value for _, value in days],
        },
    )


def _sleep(file: File) -> Found:
    nights: list[dict[str, object]] = []
    stretches: list[dict[str, object]] = []
    for place, row in enumerate(file.rows, 1):
        try:
            night, start_local = _night(file, row)
        except (KeyError, TypeError, ValueError, OverflowError):
            yield _skipped(file, place, row)
            continue
        nights.append(night)
        levels = row["levels"] if isinstance(row.get("levels"), dict) else {}
        length_s = int((night["end_utc"] - night["start_utc"]).total_seconds())  # type: ignore[operator]
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
                "session_key": night["session_key"],
                "start_utc": night["start_utc"] + timedelta(seconds=piece.start_s),  # type: ignore[operator]
                "end_utc": night["start_utc"] + timedelta(seconds=min(piece.end_s, length_s)),  # type: ignore[operator]
                "stage": piece.stage,
            }
            for piece in _joined(pieces)
            if 0 <= piece.start_s < length_s
        ]
    for record, found in (("sleep_sessions", nights), ("sleep_stages", stretches)):
        yield _batch_of_rows(file, record, found)
    yield Told(file.file, max((night["end_utc"] for night in nights), default=None), IS_LOCAL)  # type: ignore[type-var]


def _list(value: Any) -> list[Any]:
    return value if isinstance(value, list) else []


def _night(file: File, row: Mapping[str, Any]) -> tuple[dict[str, object], datetime]:
    """One row of sleep_sessions, and its start on the wall clock."""
    start_local = datetime.fromisoformat(row["startTime"])
    length = timedelta(milliseconds=row["duration"])
    if start_local.tzinfo is not None or length <= timedelta(0):
        raise ValueError(row["startTime"])
    start_utc = _instant(file.context.to_utc(start_local))
    latency = _number(row, "minutesToFallAsleep")
    night = {
        "session_key": str(int(row["logId"])),
        "start_utc": start_utc,
        "end_utc": _instant(start_utc + length),
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


def _exercise(file: File) -> Found:
    activities: list[dict[str, object]] = []
    for place, row in enumerate(file.rows, 1):
        try:
            start = _instant(datetime.strptime(row["startTime"], STAMP))  # noqa: DTZ007 - naive means UTC here
            length = timedelta(milliseconds=row["duration"])
            sport = row.get("activityName")
            if length < timedelta(0) or not isinstance(sport, str | None):
                raise ValueError(row)
            metres = METRES_PER.get(row.get("distanceUnit", ""))
            distance = _number(row, "distance")
            activities.append(
                {
                    "start_utc": start,
                    "end_utc": _instant(start + length),
                    "sport": sport,
                    "steps": _number(row, "steps"),
                    "distance_m": None if distance is None or metres is None else distance * metres,
                }
            )
        except (KeyError, TypeError, ValueError, OverflowError):
            yield _skipped(file, place, row)
    yield _batch_of_rows(file, "activities", activities)
    yield Told(file.file, max((row["end_utc"] for row in activities), default=None), IS_UTC)  # type: ignore[type-var]


def _batch_of_rows(file: File, record: str, rows: Sequence[Mapping[str, object]]) -> Batch:
    columns: dict[str, object] = {name: [row[name] for row in rows] for name in (rows[0] if rows else {})}
    return batch(record, {"file": [file.file] * len(rows), "source": [SOURCE] * len(rows), **columns})


def _number(row: Mapping[str, Any], key: str) -> float | None:
    value = row.get(key)
    return None if value is None else _finite(value)


def _finite(value: Any) -> float:
    number = float(value)
    if not isfinite(number):
        raise ValueError(value)
    return number


def _points(file: File, number: Callable[[Any], float | None]) -> Generator[Skipped, None, tuple[pa.Array, pa.Array]]:
    """Stamps and numbers of a series, NULL where `number` says None; an element that cannot be read is skipped."""
    try:
        texts = pa.array([row["dateTime"] for row in file.rows], pa.string())
        times = pc.strptime(texts, format=STAMP, unit="us")
        values = pa.array([number(row["value"]) for row in file.rows], pa.float64())
        days = pc.cast(pc.utf8_slice_codeunits(texts, 3, 5), pa.int64())
        # strptime takes 02/30 for 03/02; a sum is NULL where nothing is wrong with nothing at all
        is_sound = pc.and_(pc.equal(pc.day(times), days), pc.fill_null(_is_amount(values), True))
        is_ours = pc.greater_equal(pc.year(times), FIRST_UTC.year)
        if pc.all(pc.and_(is_sound, is_ours)).as_py() is not False:
            return times, values
    except (KeyError, TypeError, ValueError):
        pass  # at least one element is damaged: find it
    good: list[tuple[datetime, float | None]] = []
    for place, row in enumerate(file.rows, 1):
        try:
            stamp, value = _instant(datetime.strptime(row["dateTime"], STAMP)), number(row["value"])  # noqa: DTZ007
            if value is not None and not 0 <= value < float("inf"):
                raise ValueError(value)
            good.append((stamp, value))
        except (KeyError, TypeError, ValueError):
            yield _skipped(file, place, row)
    return (
        pa.array([stamp for stamp, _ in good], pa.timestamp("us")),
        pa.array([value for _, value in good], pa.float64()),
    )


def _instant(time_utc: datetime) -> datetime:
    """The time itself, where a Fitbit can have been worn at it."""
    if not FIRST_UTC <= time_utc < LAST_UTC:
        raise ValueError(time_utc)
    return time_utc


def _is_amount(values: pa.Array) -> pa.Array:
    return pc.and_(pc.is_finite(values), pc.greater_equal(values, 0.0))


def _skipped(file: File, place: int, row: object) -> Skipped:
    reason = f"this element of {file.name} cannot be read: a value is missing or is not what Fitbit writes here"
    return Skipped(file.file, f"element {place}", reason, json.dumps(row)[:200])


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


def _newest(times: pa.Array) -> datetime | None:
    newest: datetime | None = pc.max(times).as_py() if len(times) else None
    return newest


def _newest_day(file: File, days: Sequence[tuple[date, float]]) -> datetime | None:
    """The end of the newest day that holds something."""
    if not days:
        return None
    return file.context.to_utc(datetime.combine(max(day for day, _ in days) + timedelta(days=1), time()))


def _archive_date(path: str) -> datetime | None:
    """When Google made the archive, as its name tells."""
    told = ARCHIVE.findall(path)
    return datetime.strptime(told[-1], "%Y%m%dT%H%M%S") if told else None  # noqa: DTZ007 - Z is UTC


def _folders(path: str) -> Iterator[str]:
    """The folders a path lies in, outermost first, each with its slash."""
    yield ""
    for slash in re.finditer("/", path):
        yield path[: slash.end()]


Reading = Callable[[File], Found]
LATER = "known and not read yet: a later version will read it"
NEVER = "known and not needed for movement, rest and sleep"
PRIVATE = "known and never read: it holds nothing of movement, rest or sleep"
HELP = "a text of Fitbit's that explains the files"

# Names tell kinds that have the same shape (steps, distance); a pattern with a slash is of the path below the root.
FILES: Mapping[str, Reading | str] = {
    "steps-*.json": _steps,
    "distance-*.json": _distance,
    "heart_rate-*.json": _heart_rate,
    "resting_heart_rate-*.json": _resting_heart_rate,
    "sedentary_minutes-*.json": _sedentary,
    "lightly_active_minutes-*.json": _lightly,
    "moderately_active_minutes-*.json": _moderately,
    "very_active_minutes-*.json": _very,
    "sleep-*.json": _sleep,
    "exercise-*.json": _exercise,
    "calories-*.json": "known and not needed: these calories hold the basal rate, so they do not tell movement",
    "time_in_heart_rate_zones-*.json": "known and not needed: the heart rate itself is read",
    "altitude-*.json": LATER,
    "estimated_oxygen_variation-*.csv": NEVER,
    "demographic_vo2_max-*.json": NEVER,
    "run_vo2_max-*.json": NEVER,
    "swim_lengths_data-*.json": NEVER,
    "weight-*.json": NEVER,
    "height-*.json": NEVER,
    "water_logs-*.json": NEVER,
    "food_logs-*.json": NEVER,
    "badge.json": NEVER,
    "*README*.txt": HELP,
    "*Readme.txt": HELP,
    "Active Zone Minutes (AZM)/*.csv": "known and not needed: the minutes of each intensity are read elsewhere",
    "Daily Readiness/*.csv": NEVER,
    "Heart Rate Variability/*.csv": LATER,
    "Oxygen Saturation (SpO2)/*.csv": LATER,
    "Temperature/*.csv": NEVER,
    "Sleep Score/*.csv": "known and not needed: the nights themselves are read",
    "Sleep/*.csv": NEVER,
    "Stress Score/*.csv": NEVER,
    "Stress Journal/*": NEVER,
    "Snore and Noise Detect/*": NEVER,
    "Menstrual Health/*": PRIVATE,
    "Mindfulness/*": NEVER,
    "Biometrics/*": NEVER,
    "Paired Devices/*": LATER,
    "Physical Activity/*.csv": LATER,
    "Physical Activity_GoogleData/*UserActivityProbabilities*": NEVER,
    "Health Fitness Data_GoogleData/*UserActivityProbabilities*": NEVER,
    "*UserSensorCompressionToken*": NEVER,
    "Physical Activity_GoogleData/*": LATER,
    "Health Fitness Data_GoogleData/*": LATER,
    "Your Profile/*": PRIVATE,
    "User Profile/*": PRIVATE,
    "Social/*": PRIVATE,
    "Fitbit Friends/*": PRIVATE,
    "Messages/*": PRIVATE,
    "Community Forum/*": PRIVATE,
    "Commerce*/*": PRIVATE,
    "Subscription*/*": PRIVATE,
}
# What a file must hold near its start, whatever its name; the first four are told apart by this alone.
SHAPES: Sequence[tuple[Reading | None, Sequence[bytes]]] = (
    (_sleep, (b'"logId"', b'"dateOfSleep"', b'"startTime"')),
    (_exercise, (b'"logId"', b'"activityName"', b'"activityTypeId"')),
    (_heart_rate, (b'"dateTime"', b'"bpm"', b'"confidence"')),
    (_resting_heart_rate, (b'"dateTime"', b'"value"', b'"date"', b'"error"')),
    (None, (b'"dateTime"', b'"value"')),
)
ARRAY = re.compile(rb"(?:\xef\xbb\xbf)?\s*\[\s*(?:[{\]]|null\b)")
EMPTY = re.compile(rb"(?:\xef\xbb\xbf)?\s*\[\s*\]\s*")
BETWEEN = re.compile(r"[\s,]*")


def _kind(entry: Entry, below_root: str | None) -> Reading | str | None:
    """How an entry is read, or why it is not needed; None where it is not Fitbit's, or not what its name says."""
    is_array = ARRAY.match(entry.head) is not None
    if below_root is None and not is_array:
        return None  # before the patterns are tried, for inboxes of ten thousands of other files
    named = next(
        (
            kind
            for pattern, kind in FILES.items()
            if fnmatchcase((below_root or "") if "/" in pattern else entry.name, pattern)
        ),
        None,
    )
    is_json = is_array and entry.name.endswith(".json")
    if is_json and not isinstance(named, str):
        if EMPTY.fullmatch(entry.head):
            return named
        shaped = [kind for kind, needed in SHAPES if all(part in entry.head for part in needed)]
        return (shaped[0] or named) if shaped else None
    is_fitbits = below_root is not None and _is_text(entry.head)
    is_fitbits |= is_json and b'"dateTime"' in entry.head and b'"value"' in entry.head
    return named if isinstance(named, str) and is_fitbits else None


def _is_text(head: bytes) -> bool:
    """Whether bytes can be the start of a text; the last character may be cut."""
    try:
        head.decode("utf-8")
    except UnicodeDecodeError as error:
        return error.start >= len(head) - 3 and error.start > 0
    return bool(head.strip()) and b"\0" not in head
