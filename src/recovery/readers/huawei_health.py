"""Huawei Health's data request (heart, oxygen and sleep, steps by the minute, recorded activities; JSON).

What we know of it, from three pieces of a real export and from programs that read the rest:

- The zip has a password, which one chooses; it must be unpacked. A folder name, `desciption`, is misspelt.
- `Health detail data & description` holds records with points; the key of a point says what it is, the number `type`
  is another with each firmware. A value is a number, or JSON, both as text. Heart rate and oxygen come twice, under an
  old and a new key: the same instants here, so that they are settled into one.
- Sleep comes minute by minute, one record each. Pieces less than an hour apart are one night; naps are `NOON`.
- `Sport per minute merged data` holds phone and watch in the same minute: each device is a source and they are never
  added up. What one device counted under several sports is added up; of one sport the newest version counts.
- Times are milliseconds of UTC beside `timeZone`, `+0200`. Zero of a goal's steps is a day without the device.
- Records of a `subUser` are another person's. The scale of calories varies by version, stress has Huawei's
  own: neither is read. Places, weight, the account and the workbooks are never read.
"""

import json
import re
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any, NamedTuple

from recovery.formats.clock_offsets import FirstOffsets
from recovery.formats.entries import Claim, Context, Entry, Tree
from recovery.formats.json_items import CutShortError, items
from recovery.formats.json_values import BLANKS, JsonObject, instant_of, non_negative, positive_or_none
from recovery.formats.nights import Stretch, joined, nights_of, stage_rows
from recovery.formats.records import (
    Activity,
    Batch,
    FileSummary,
    Skipped,
    SleepSession,
    SleepStage,
    Yielded,
    batch,
    batch_of_rows,
)
from recovery.formats.removed_numbers import RemovedNumbers
from recovery.formats.times import offset_s, time_as
from recovery.home.clock import is_place
from recovery.vocabulary.heart_rates import MAX_SENSOR_BPM, MIN_BPM
from recovery.words.say import say

LABEL = "Huawei Health"
VERSION = 2
USES_LOCAL_TIME = False

SOURCE = "huawei_health"
OLDER = say("older version of the same minute")
MILLISECOND = timedelta(milliseconds=1)
ROWS_PER_BATCH = 1 << 16
LONGEST_PIECE = timedelta(hours=24)
LONGEST_ACTIVITY = timedelta(hours=48)
PERCENT = 100.0
STAMP = re.compile(r"HUAWEI_HEALTH_(\d{14})")
FOLDER = re.compile(
    r"(?:^|/)(?:[^/]+ (?:data|information) ?& ?(?:description|desciption)|HUAWEI_HEALTH_\d{14})/", re.IGNORECASE
)
ZONE = re.compile(r"([+-])(\d\d):?(\d\d)")
NEVER = say("known and never read: of Huawei's export only movement, heart, oxygen, sleep and activities are")
LEGACY = say("known and not needed: sums of days in an old form; the minutes and nights themselves are read")

HEART = {
    "DATA_POINT_DYNAMIC_HEARTRATE": "heart_rate_bpm",
    "DYNAMIC_HEART_RATE": "heart_rate_bpm",
    "DATA_POINT_REST_HEARTRATE": "resting_heart_rate_bpm",
    "DATA_POINT_NEW_REST_HEARTRATE": "resting_heart_rate_bpm",
    "RESTING_HEART_RATE": "resting_heart_rate_bpm",
}
OXYGEN = "BLOOD_OXYGEN_SATURATION"
GOALS = "SPORT_GOAL_ACHIEVEMENT_DATA"
# Of a watch that knows REM, and of older bands: they give the same night in two ways.
STAGES = {
    "PROFESSIONAL_SLEEP_SHALLOW": ("night", "light"),
    "PROFESSIONAL_SLEEP_DEEP": ("night", "deep"),
    "PROFESSIONAL_SLEEP_DREAM": ("night", "rem"),
    "PROFESSIONAL_SLEEP_WAKE": ("night", "awake"),
    "PROFESSIONAL_SLEEP_NOON": ("nap", "asleep"),
    "SLEEP_LIGHT": ("plain", "light"),
    "SLEEP_DEEP": ("plain", "deep"),
    "SLEEP_AWAKE": ("plain", "awake"),
}
MINUTE_METRICS = {"steps": "steps", "distance": "distance_m", "floor": "floors"}
SPORTS = {
    257: "walking",
    258: "running",
    259: "cycling",
    260: "hiking",
    262: "swimming",
    264: "treadmill",
    265: "indoor_cycling",
    266: "open_water_swimming",
}
BROKEN = (KeyError, TypeError, ValueError, AttributeError, IndexError, OverflowError, RecursionError)


class Minute(NamedTuple):
    """What one device counted in a stretch under one sport."""

    version: float
    amounts: Mapping[str, float]


@dataclass
class File:
    """One file while it is read, and what is found out of it on the way."""

    number: int
    samples: list[tuple[str, str, datetime, datetime, float]] = field(default_factory=list)
    sleep: dict[tuple[str, str], set[Stretch]] = field(default_factory=dict)  # by source and kind
    minutes: dict[tuple[str, datetime, datetime], dict[object, Minute]] = field(default_factory=dict)
    steps_of_days: dict[tuple[str, date], float] = field(default_factory=dict)
    offsets: FirstOffsets = field(default_factory=FirstOffsets)
    activities: list[Activity] = field(default_factory=list)
    left_out: Counter[str] = field(default_factory=Counter)
    newest: datetime | None = None
    count: int = 0

    def __post_init__(self) -> None:
        self.removed = RemovedNumbers(self.number)

    def saw(self, source: str, start: datetime, end: datetime, zone: object) -> None:
        """Keeps the newest moment and, once a day, what the clock was ahead of UTC."""
        self.newest = max(self.newest or end, end)
        self.offsets.add(source, start, _offset_s(zone))


def claims(tree: Tree) -> Iterator[Claim]:
    """Huawei's JSON wherever it lies, and all else in the folders of its export."""
    for entry in tree:
        if _kind(entry):
            yield Claim(entry.path)
        elif FOLDER.search(entry.path) and (reason := _not_needed(entry)):
            yield Claim(entry.path, not_needed=reason)


def read(files: Sequence[Entry], context: Context) -> Iterator[Yielded]:
    """Samples, sleep, day values, activities and offsets; each file ends with its summary."""
    for number, entry in enumerate(files):
        kind = _kind(entry)
        if kind is None:
            yield Skipped(number, "", say("this is not one of the files of Huawei Health that are read"))
            continue
        file = File(number)
        is_partial = False
        try:
            with entry.open() as stream:
                for file.count, record in enumerate(items(stream), 1):
                    yield from kind(file, record)
                    if len(file.samples) >= ROWS_PER_BATCH:
                        yield _samples(file)
        except CutShortError as error:
            is_partial = True
            yield Skipped(number, say("after record {count}", count=file.count), str(error))
        yield from _records(file)
        counts = [
            say("left out: {count:,} x {what}", count=count, what=what) for what, count in sorted(file.left_out.items())
        ]
        yield FileSummary(
            number,
            removed=file.removed.rows(),
            exported_utc=_stamp(entry.path) or file.newest,
            message="; ".join(counts) if file.count else say("holds no entries"),
            is_partial=is_partial,
        )


def _kind(entry: Entry) -> "Callable[[File, Any], Iterator[Skipped]] | None":
    head = entry.head.lstrip(BLANKS)
    if not head.startswith(b"[") or b"\0" in head:
        return None
    if b'"samplePoints"' in head and (b'"deviceCode"' in head or b'"healthDataSource"' in head):
        return _health
    if b'"sportDataUserData"' in head:
        return _day_of_minutes
    if entry.name.lower().startswith("motion path detail data") and b'"' in head:
        return _activity
    return None


def _not_needed(entry: Entry) -> str:
    name = entry.name.lower()
    if name.endswith(".xls") and "sportshealth" in entry.path.lower():
        return LEGACY
    return NEVER if name.endswith((".xls", ".xlsx", ".json", ".jpg", ".jpeg", ".png")) else ""


# ---- health details --------------------------------------------------------------------------------------------------


def _health(file: File, record: Any) -> Iterator[Skipped]:
    try:
        if record.get("subUser") not in (None, "", 0):
            file.left_out[say("another person's records")] += 1
            return
        source, zone = _source(record), record.get("timeZone")
        points = list(record["samplePoints"])
    except BROKEN:
        yield Skipped(file.number, f"record {file.count}", say("this record has no points that can be read"))
        return
    for place, point in enumerate(points, 1):
        try:
            _point(file, source, zone, point)
        except BROKEN:
            yield Skipped(
                file.number,
                say("record {count}, point {place}", count=file.count, place=place),
                say("this point has no time or value that can be read"),
                str(point)[:100],
            )


def _point(file: File, source: str, zone: object, point: JsonObject) -> None:
    key = point["key"]
    if key not in HEART and key not in STAGES and key not in (OXYGEN, GOALS):
        file.left_out[say("{key} (not read)", key=key)] += 1
        return
    start, end = instant_of(point["startTime"], MILLISECOND), instant_of(point["endTime"], MILLISECOND)
    if not start <= end <= start + LONGEST_PIECE:
        raise ValueError(point)
    file.saw(source, start, end, zone)
    if key in STAGES:
        kind, stage = STAGES[key]
        if start < end:
            file.sleep.setdefault((source, kind), set()).add(Stretch(start, end, stage))
        else:
            file.left_out[say("sleep of no length")] += 1
        return
    value = _value(point["value"])
    if key == GOALS:
        _goal(file, source, zone, start, value)
        return
    measured = _number(value, "bpm", "heartRate") if key in HEART else _number(value, "avgSaturation", "saturation")
    low, high = (MIN_BPM, MAX_SENSOR_BPM) if key in HEART else (50.0, PERCENT)
    if not low <= measured <= high:
        file.left_out[say("{key} that is no measurement", key=key)] += 1
    elif key in HEART:
        file.samples.append((source, HEART[key], start, start, measured))
    else:
        file.samples.append((source, "spo2_share", start, start, measured / PERCENT))


def _goal(file: File, source: str, zone: object, start: datetime, value: Any) -> None:
    """The steps of a day as the app shows them; its start is the local midnight."""
    offset_s = _offset_s(zone)
    if not isinstance(value, dict) or value.get("stepUserValue") is None or offset_s is None:
        file.left_out[say("goals without steps or zone")] += 1
        return
    steps = _number(value["stepUserValue"])
    key = (source, (start + timedelta(seconds=offset_s)).date())
    if steps > 0:
        file.steps_of_days[key] = max(file.steps_of_days.get(key, 0.0), steps)
    else:
        file.left_out[say("days of no steps")] += 1


def _value(value: Any) -> Any:
    """The value of a point: a number or an object, either may be text."""
    return json.loads(value) if isinstance(value, str) else value


def _number(value: object, *names: str) -> float:
    """A number, or the first of these in an object. Raises ValueError and the like elsewhere."""
    if isinstance(value, dict):
        value = next((value[name] for name in names if value.get(name) is not None), None)
    return non_negative(value)


# ---- minutes ---------------------------------------------------------------------------------------------------------


def _day_of_minutes(file: File, record: Any) -> Iterator[Skipped]:
    try:
        minutes = list(record["sportDataUserData"])
    except BROKEN:
        yield Skipped(file.number, f"record {file.count}", say("this day has no minutes that can be read"))
        return
    for place, minute in enumerate(minutes, 1):
        try:
            _minute(file, minute)
        except BROKEN:
            yield Skipped(
                file.number,
                say("record {count}, minute {place}", count=file.count, place=place),
                say("this minute has no times or amounts that can be read"),
                json.dumps(minute)[:100],
            )


def _minute(file: File, record: JsonObject) -> None:
    start, end = instant_of(record["startTime"], MILLISECOND), instant_of(record["endTime"], MILLISECOND)
    if not start < end <= start + LONGEST_PIECE:
        raise ValueError(record)
    source = _source(record)
    amounts: dict[str, float] = {}
    for info in record["sportBasicInfos"]:
        for name, metric in MINUTE_METRICS.items():
            if info.get(name) is not None:
                amounts[metric] = amounts.get(metric, 0.0) + _number(info[name])
    file.saw(source, start, end, record.get("timeZone"))
    minute = Minute(_number(record.get("version") or 0), amounts)
    sports = file.minutes.setdefault((source, start, end), {})
    sport = record.get("sportType")
    newest = max(sports.get(sport, minute), minute, key=lambda told: told.version)
    if sport in sports:
        file.left_out[OLDER] += 1
        older = minute if newest is sports[sport] else sports[sport]
        for metric, value in older.amounts.items():
            file.removed.add(metric, OLDER, value, source=source, day=start, fate="same")
    sports[sport] = newest


# ---- activities ------------------------------------------------------------------------------------------------------


def _activity(file: File, record: Any) -> Iterator[Skipped]:
    try:
        summary = _value(record.get("summaryData") or {})
        amounts = {**record, **(summary if isinstance(summary, dict) else {})}
        start, end = instant_of(record["startTime"], MILLISECOND), instant_of(record["endTime"], MILLISECOND)
        if not start < end <= start + LONGEST_ACTIVITY:
            raise ValueError(record["startTime"])
        sport = amounts["sportType"]
        row: Activity = {
            "source": _source(record),
            "start_utc": start,
            "end_utc": end,
            "sport": SPORTS.get(sport, f"sport {sport}"),
            "steps": positive_or_none(amounts.get("totalSteps")),
            "distance_m": positive_or_none(amounts.get("totalDistance")),
        }
    except BROKEN:
        yield Skipped(file.number, f"record {file.count}", say("this activity has no times or sport that can be read"))
        return
    file.saw(_source(record), start, end, record.get("timeZone"))
    file.activities.append(row)


# ---- records ---------------------------------------------------------------------------------------------------------


def _records(file: File) -> Iterator[Batch]:
    yield from _nights(file)
    for (source, start, end), sports in file.minutes.items():
        for metric in MINUTE_METRICS.values():
            amounts = [minute.amounts[metric] for minute in sports.values() if metric in minute.amounts]
            if amounts:
                file.samples.append((source, metric, start, end, sum(amounts)))
        if len(file.samples) >= ROWS_PER_BATCH:
            yield _samples(file)
    yield _samples(file)
    yield batch_of_rows(
        "day_values",
        file.number,
        [
            {"source": source, "local_date": day, "metric": "steps", "value": steps}
            for (source, day), steps in sorted(file.steps_of_days.items())
        ],
    )
    yield batch_of_rows("activities", file.number, file.activities)
    yield batch_of_rows("clock_offsets", file.number, file.offsets.rows())


def _samples(file: File) -> Batch:
    sources, metrics, starts, ends, values = list(zip(*file.samples, strict=True)) or ((),) * 5
    count = len(sources)
    file.samples = []
    return batch(
        "samples",
        {
            "file": [file.number] * count,
            "source": sources,
            "metric": metrics,
            "start_utc": starts,
            "end_utc": ends,
            "value": values,
        },
    )


def _nights(file: File) -> Iterator[Batch]:
    sessions: list[SleepSession] = []
    stages: list[SleepStage] = []
    for (source, kind), pieces in sorted(file.sleep.items()):
        for night in nights_of(sorted(pieces), _span):
            key = f"{kind} {night[0].start_utc:%Y-%m-%dT%H:%M:%S}"
            sessions.append(
                {
                    "source": source,
                    "session_key": key,
                    "start_utc": night[0].start_utc,
                    "end_utc": max(piece.end_utc for piece in night),
                    "kind": "nap" if kind == "nap" else None,
                    "tz_assumed": False,
                }
            )
            stages += stage_rows(source, key, joined(night))
    yield batch_of_rows("sleep_sessions", file.number, sessions)
    yield batch_of_rows("sleep_stages", file.number, stages)


def _span(piece: Stretch) -> tuple[datetime, datetime]:
    return piece.start_utc, piece.end_utc


def _source(record: JsonObject) -> str:
    """The source named after the device: `huawei_health:182629895`."""
    code = record.get("deviceCode")
    is_code = isinstance(code, (int, str)) and not isinstance(code, bool) and re.fullmatch(r"[\w.-]{1,40}", str(code))
    return f"{SOURCE}:{code}" if is_code and str(code) != "0" else SOURCE


def _offset_s(zone: object) -> int | None:
    """Seconds ahead of UTC of `+0200`; None of what is no place on Earth."""
    found = ZONE.fullmatch(zone) if isinstance(zone, str) else None
    if not found:
        return None
    seconds = offset_s(*found.groups())
    return seconds if is_place(seconds) else None


def _stamp(path: str) -> datetime | None:
    """When Huawei made the archive, as its name says."""
    stamps = STAMP.findall(path)
    try:
        return time_as(stamps[-1], "%Y%m%d%H%M%S") if stamps else None  # taken as UTC
    except (ValueError, OverflowError):
        return None
