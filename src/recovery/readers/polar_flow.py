"""Polar Flow's export of all data: flat JSON of days, heart rate around the clock, training, nights and recovery.

What we know of it, from programs that read it and from Polar's own programming interface of the same names:

- `activity-DATE-*` gives steps by local time of day without a zone, and the day's total. How long a sample lasts is not
  told: the smallest step between two of one file, at most a minute. A day of 0 steps without any sample was not worn.
- `247ohr_*` gives heart rate by seconds of the local day, without a zone; 0 is not measured.
- `training-session-*` has an offset; older files give durations in ISO and heart rate by time, newer ones milliseconds
  and series of one interval, which we place from the start on. Training is cut at pauses of five minutes.
- `sleep_result_*` gives a night with its offset and its changes of state. `night` is the date it ends on.
- `nightly_recovery_*` gives RMSSD and the time between breaths, by night; its samples (`blob`) give no date.
- Places, names, birth dates, notes and beat intervals are never read. Calories of a day hold the basal rate.
"""

import json
import re
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from itertools import pairwise
from typing import Any

from recovery.formats.activity_xml import PAUSE, Recording, parts
from recovery.formats.entries import Claim, Context, Entry, Tree
from recovery.formats.json_items import CutShortError, items
from recovery.formats.json_values import JsonObject, date_of, finite_or_none
from recovery.formats.nights import stage_rows
from recovery.formats.records import FileRows, FileSummary, Skipped, Yielded, as_local_time
from recovery.formats.removed_numbers import RemovedNumbers
from recovery.formats.times import iso_clock, iso_time, naive_utc, within_years
from recovery.home.clock import is_place
from recovery.vocabulary.heart_rates import MAX_SENSOR_BPM
from recovery.words.say import say

LABEL = say("Polar Flow (export of all data)")
VERSION = 3
USES_LOCAL_TIME = True

SOURCE = "polar"
ABOVE = say("heart rates above {max_sensor_bpm:g} left out", max_sensor_bpm=MAX_SENSOR_BPM)
MAX_BYTES = 100_000_000  # a day's training with its track has some millions
MAX_NIGHT = timedelta(hours=24)
MINUTE = timedelta(minutes=1)
DAY = timedelta(days=1)
UUID = r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}"
NOT_NEEDED = say("known and not needed for movement, rest and sleep")
PRIVATE = say("known and never read: it is of the person or the account")
ISO_DURATION = re.compile(r"P(?:(\d+)D)?T?(?:(\d+)H)?(?:(\d+)M)?(?:(\d+(?:\.\d+)?)S)?")
STATES = (
    ("NONREM3", "deep"), ("NREM3", "deep"), ("DEEP", "deep"), ("NONREM", "light"), ("NREM", "light"),
    ("LIGHT", "light"), ("REM", "rem"), ("WAKE", "awake"), ("INTERRUPTION", "awake"), ("SLEEP", "asleep"),
)  # fmt: skip
HALF_DAY = timedelta(hours=12)
ASSUMED = say("local times without a zone were read by the zone of recovery.toml")


@dataclass
class File:
    """One file while it is read: its records, and what is to be said of it."""

    number: int
    context: Context
    rows: FileRows = field(default_factory=FileRows)
    notes: Counter[str] = field(default_factory=Counter)
    newest: datetime | None = None
    is_assumed: bool = False
    is_partial: bool = False

    def __post_init__(self) -> None:
        self.removed = RemovedNumbers(self.number)

    def saw(self, instant: datetime) -> None:
        self.newest = max(self.newest or instant, instant)

    def sample(self, metric: str, start: datetime, end: datetime, value: float) -> None:
        self.rows.samples.append(
            {"source": SOURCE, "metric": metric, "start_utc": start, "end_utc": end, "value": value}
        )
        self.saw(end)

    def heart(self, instant: datetime, value: object) -> None:
        bpm = _number(value)
        if bpm is not None and bpm > MAX_SENSOR_BPM:
            self.notes[ABOVE] += 1
            self.removed.add("heart_rate_bpm", ABOVE, source=SOURCE, day=instant)
        elif bpm:
            self.sample("heart_rate_bpm", instant, instant, bpm)

    def day(self, local_date: date, metric: str, value: float) -> None:
        self.rows.day_values.append({"source": SOURCE, "local_date": local_date, "metric": metric, "value": value})

    def offset(self, instant: datetime, seconds: int) -> None:
        self.rows.clock_offsets.append({"source": SOURCE, "time_utc": instant, "offset_s": seconds})


def claims(tree: Tree) -> Iterator[Claim]:
    """Polar's files by name and content; what is of the person or not needed by its name alone."""
    for entry in tree:
        if _reading(entry):
            yield Claim(entry.path)
        elif reason := _not_needed(entry.name):
            yield Claim(entry.path, not_needed=reason)


def read(files: Sequence[Entry], context: Context) -> Iterator[Yielded]:
    """Samples, sleep, activities, day values and offsets; each file ends with its summary."""
    for number, entry in enumerate(files):
        file = File(number, context)
        reading = _reading(entry)
        if reading is None:
            yield Skipped(number, "", say("this is not one of Polar's files that are read"))
            continue
        yield from _each(file, entry, reading)
        batches = file.rows.batches(number)
        yield from map(as_local_time, batches) if file.is_assumed else batches
        notes = [f"{note}: {count}" for note, count in sorted(file.notes.items())]
        notes += [ASSUMED] if file.is_assumed else []
        notes += [] if file.rows.counts() or notes else [say("holds no entries")]
        yield FileSummary(number, file.newest, "; ".join(notes), file.is_partial, removed=file.removed.rows())


def _each(file: File, entry: Entry, reading: "Callable[[File, JsonObject], None]") -> Iterator[Skipped]:
    """Reads a file's entries one by one; what cannot be read is skipped with its place."""
    for place, item in enumerate(_entries(file, entry, reading), 1):
        if isinstance(item, Skipped):
            yield item
            continue
        before = file.rows.counts()
        try:
            reading(file, item)
        except (KeyError, TypeError, ValueError, AttributeError, OverflowError, IndexError) as error:
            file.rows.cut(before)
            reason = say("a date, time or number of this entry cannot be read ({name})", name=type(error).__name__)
            yield Skipped(file.number, f"entry {place}", reason, _shown(item))


def _entries(file: File, entry: Entry, reading: "Callable[[File, JsonObject], None]") -> Iterator[Any]:
    if reading in (_activity, _training):
        if entry.size > MAX_BYTES:
            yield Skipped(file.number, "", say("{size:,} bytes are too many for one day or training", size=entry.size))
            return
        try:
            yield json.loads(entry.read().decode("utf-8-sig", "replace"))
        except (ValueError, RecursionError):
            yield Skipped(file.number, "", say("the file is cut short or damaged: export it again"))
        return
    count = 0
    with entry.open() as stream:
        try:
            for item in items(stream, '"deviceDays"' if reading is _heart_day else ""):
                count += 1
                yield item
        except CutShortError as error:
            file.is_partial = count > 0
            yield Skipped(file.number, say("after entry {count}", count=count), error.message)


def _shown(item: object) -> str:
    """What names an entry, without anything else it may hold."""
    if isinstance(item, dict):
        return str(item.get("date") or item.get("night") or item.get("startTime") or "")[:40]
    return str(item)[:40]


# ---- days ------------------------------------------------------------------------------------------------------------


def _activity(file: File, item: JsonObject) -> None:
    local_date = date_of(item["date"])
    samples = item.get("samples") or {}
    steps = [(_wall(local_date, one["localTime"]), _number(one["value"])) for one in samples.get("steps") or []]
    steps = _unrolled(steps)
    length = min([later - one for (one, _), (later, _) in pairwise(steps) if later > one], default=MINUTE)
    for wall, count in steps:
        start = _at(file, wall)
        if count is not None:
            file.sample("steps", start, start + min(length, MINUTE), count)
    total = _number((item.get("summary") or {}).get("stepCount"))
    has_samples = bool(steps or samples.get("mets"))
    if total == 0 and not has_samples:
        file.notes[say("dates of 0 steps without any sample left out, as not worn")] += 1
    elif total is not None:
        file.day(local_date, "steps", total)
        file.saw(datetime.combine(local_date + DAY, time()))


def _wall(local_date: date, text: str) -> datetime:
    if "T" in text:
        return iso_time(text).replace(tzinfo=None)
    return datetime.combine(local_date, iso_clock(text))


def _unrolled(steps: Sequence[tuple[datetime, float | None]]) -> list[tuple[datetime, float | None]]:
    """Times of day in order; where they begin anew, the next day has begun (an hour back is a change of clock)."""
    found: list[tuple[datetime, float | None]] = []
    for wall, count in steps:
        is_next_day = found and wall < found[-1][0] - HALF_DAY
        found.append((wall + DAY if is_next_day else wall, count))
    return found


def _heart_day(file: File, item: JsonObject) -> None:
    midnight = datetime.combine(date_of(item["date"]), time())
    start, end = _at(file, midnight), _at(file, midnight + DAY)
    for sample in item.get("samples") or []:
        seconds = _number(sample["secondsFromDayStart"])
        if seconds is None or seconds > DAY.total_seconds():
            raise ValueError(seconds)
        since = timedelta(seconds=seconds)
        file.heart(start + since if end - start == DAY else _at(file, midnight + since), sample.get("heartRate"))


# ---- training --------------------------------------------------------------------------------------------------------


def _training(file: File, item: JsonObject) -> None:
    exercises = item.get("exercises") or [item]
    for exercise in exercises:
        own = {key: value for key, value in exercise.items() if value is not None}
        _exercise(file, {"timezoneOffset": _offset_min(item), **own})


def _offset_min(item: JsonObject) -> object:
    return item["timezoneOffsetMinutes"] if "timezoneOffsetMinutes" in item else item.get("timezoneOffset")


def _exercise(file: File, item: JsonObject) -> None:
    start = _instant(file, item["startTime"], _offset_min(item))
    length = _length(item)
    stop = item.get("stopTime")
    end = _instant(file, stop, _offset_min(item)) if stop is not None else start + (length or timedelta())
    if not start < end:
        file.notes[say("trainings left out that have no length")] += 1
        return
    recording = Recording(
        sport=_sport(item.get("sport")),
        spans=_between_pauses(file, item, start, end),
        distance_m=_number(item.get("distanceMeters", item.get("distance"))) or None,
        active_energy_kcal=_number(item.get("calories", item.get("kiloCalories"))) or None,
    )
    file.rows.activities += parts(recording, SOURCE, file.notes)
    file.saw(end)
    offset_min = _offset_min(item)
    if isinstance(offset_min, int) and is_place(60 * offset_min):
        file.offset(start, 60 * offset_min)
    _hearts(file, item, start, end)


def _length(item: JsonObject) -> timedelta | None:
    if item.get("durationMillis") is not None:
        return timedelta(milliseconds=_number(item["durationMillis"]) or 0.0)
    return None if item.get("duration") is None else _duration(item["duration"])


def _between_pauses(file: File, item: JsonObject, start: datetime, end: datetime) -> list[tuple[datetime, datetime]]:
    spans = []
    here = start
    for pause in item.get("pauseTimes") or []:
        begin, until = (_instant(file, pause[name], _offset_min(item)) for name in ("startTime", "endTime"))
        if until - begin > PAUSE and here < begin < until < end:
            spans.append((here, begin))
            here = until
    return [*spans, (here, end)]


def _sport(sport: object) -> str | None:
    """Polar's name in lower case; newer exports have its number only, and no list of numbers."""
    if isinstance(sport, dict):
        return f"polar sport {sport['id']}"[:40] if sport.get("id") else None
    return sport.lower()[:40] if isinstance(sport, str) and sport else None


def _hearts(file: File, item: JsonObject, start: datetime, end: datetime) -> None:
    samples = item.get("samples") or {}
    for sample in samples.get("heartRate") or []:
        file.heart(_instant(file, sample["dateTime"], _offset_min(item)), sample.get("value"))
    series = samples.get("samples")
    for one in series if isinstance(series, list) else []:
        if one.get("type") != "HEART_RATE":
            continue
        interval = timedelta(milliseconds=_number(one["intervalMillis"]) or 0.0)
        for place, value in enumerate(one["values"]):
            if value != "NaN" and start + place * interval <= end:
                file.heart(start + place * interval, value)


# ---- nights ----------------------------------------------------------------------------------------------------------


def _night(file: File, item: JsonObject) -> None:
    night = date_of(item["night"])
    evaluation, hypnogram = item.get("evaluation") or {}, (item.get("sleepResult") or {}).get("hypnogram") or {}
    if not hypnogram.get("sleepStart") or not hypnogram.get("sleepEnd"):
        file.notes[say("nights left out that tell no times")] += 1
        return
    start, end = (_instant(file, hypnogram[name], None) for name in ("sleepStart", "sleepEnd"))
    if not start < end <= start + MAX_NIGHT:
        raise ValueError(start)
    phases = evaluation.get("phaseDurations") or {}
    awake = phases.get("wake", (evaluation.get("interruptions") or {}).get("totalDuration"))
    stages = _stages(hypnogram.get("sleepStateChanges") or [], start, end)
    offset = iso_time(hypnogram["sleepStart"]).utcoffset()
    file.rows.sleep_sessions.append(
        {
            "source": SOURCE,
            "session_key": f"{night}",
            "start_utc": start,
            "end_utc": end,
            "tz_assumed": offset is None,
            "asleep_min": _minutes(evaluation.get("asleepDuration")),
            "awake_min": _minutes(awake),
            "is_in_bed_recorded": False,
            "reported_start_local": iso_time(hypnogram["sleepStart"]) if offset is None else None,
            "reported_end_local": iso_time(hypnogram["sleepEnd"]) if offset is None else None,
        }
    )
    file.rows.sleep_stages += stage_rows(SOURCE, f"{night}", stages)
    if not stages:
        for name in ("light", "deep", "rem"):
            minutes = _minutes(phases.get(name))
            if minutes is not None:
                file.day(night, f"{name}_min", minutes)
    if offset is not None and is_place(int(offset.total_seconds())):
        file.offset(start, int(offset.total_seconds()))
    file.saw(end)


def _stages(changes: Sequence[JsonObject], start: datetime, end: datetime) -> list[tuple[datetime, datetime, str]]:
    """The stretches between changes of state; a last change at or after the end closes the night."""
    begun = sorted((start + _duration(change["offsetFromStart"]), str(change["state"])) for change in changes)
    begun = [(begin, state) for begin, state in begun if begin < end]
    ends = [*(begin for begin, _ in begun[1:]), end]
    return [(begin, until, _stage(state)) for (begin, state), until in zip(begun, ends, strict=False) if until > begin]


def _stage(state: str) -> str:
    return next((stage for start, stage in STATES if state.upper().startswith(start)), "unknown")


def _recovery(file: File, item: JsonObject) -> None:
    night = date_of(item["night"])
    if variability := _number(item.get("meanNightlyRecoveryRmssd")):
        file.day(night, "hrv_rmssd_ms", variability)
    interval_ms = _number(item.get("meanNightlyRecoveryRespirationInterval"))
    if interval_ms and 1000 <= interval_ms <= 15_000:  # 4 to 60 breaths a minute
        file.day(night, "respiration_rate", 60_000 / interval_ms)
    file.saw(datetime.combine(night, time()))


# ---- which file is which ---------------------------------------------------------------------------------------------

READINGS: Sequence[tuple[str, bytes, tuple[bytes, ...], Callable[[File, JsonObject], None]]] = (
    (r"activity-\d{4}-\d\d-\d\d-.*\.json", b"{", (b'"summary"', b'"samples"', b'"date"'), _activity),
    (r"247ohr_.*\.json", b"{", (b'"deviceDays"',), _heart_day),
    (r"training-session[-_].*\.json", b"{", (b'"startTime"', b'"exercises"', b'"identifier"'), _training),
    (r"sleep_result_.*\.json", b"[", (b'"night"', b'"evaluation"'), _night),
    (r"nightly_recovery_(?!blob).*\.json", b"[", (b'"night"', b'"meanNightly'), _recovery),
)
OTHERS = (
    "sleep_score_", "sleep_wake_", "nightly_recovery_blob_", "ppi_samples_", "orthostatic-test-result-",
    "fitness-test-results-", "programs-", "training-target-", "favourite-targets-", "sport-profiles-",
)  # fmt: skip
ABOUT_PERSON = ("account-data-", "account-profile-", "calendar-items-", "products-devices-", "profile-picture-")


def _reading(entry: Entry) -> Callable[[File, JsonObject], None] | None:
    head = entry.head.removeprefix(b"\xef\xbb\xbf").lstrip()
    for name, start, shown, reading in READINGS:
        if re.fullmatch(name, entry.name, re.IGNORECASE) and head.startswith(start):
            is_empty = head.rstrip() == b"[]" and re.search(UUID, entry.name, re.IGNORECASE) is not None
            return reading if is_empty or any(key in head for key in shown) else None
    return None


def _not_needed(name: str) -> str:
    if not re.search(rf"{UUID}\.(?:json|data)$", name, re.IGNORECASE):
        return ""
    if name.startswith(ABOUT_PERSON):
        return PRIVATE
    return NOT_NEEDED if name.startswith(OTHERS) else ""


# ---- values ----------------------------------------------------------------------------------------------------------


def _number(value: object) -> float | None:
    """A number that is not negative; None where it is missing. Raises TypeError, ValueError."""
    result = finite_or_none(value)
    if result is not None and result < 0:
        raise ValueError(value)
    return result


def _duration(text: str) -> timedelta:
    match = ISO_DURATION.fullmatch(text)
    if match is None or not any(match.groups()):
        raise ValueError(text)
    days, hours, minutes, seconds = (float(part or 0) for part in match.groups())
    return timedelta(days=days, hours=hours, minutes=minutes, seconds=seconds)


def _minutes(text: str | None) -> float | None:
    return None if text is None else _duration(text).total_seconds() / 60


def _at(file: File, wall: datetime) -> datetime:
    """The instant of a wall clock without a zone."""
    file.is_assumed = True
    return within_years(file.context.to_utc(wall))


def _instant(file: File, text: str, offset_min: object) -> datetime:
    """The instant of a time with its offset, or beside it, or, without either, by the person's own zone."""
    stamp = iso_time(text)
    if stamp.tzinfo is not None:
        return within_years(naive_utc(stamp))
    if isinstance(offset_min, int) and is_place(60 * offset_min):
        return within_years(stamp - timedelta(minutes=offset_min))
    return _at(file, stamp)
