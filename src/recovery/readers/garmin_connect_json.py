"""Garmin Connect's own JSON as programs download it every night: GarminDB, garth, garminconnect, garmin-local-archive.

What we know of it, from 32 real answers in garth's tests and from the code of the programs that store them:

- Each program names and nests the answers in its own way, so that an object is known by its keys, wherever it lies:
  alone in a file, in a list of days, or as a part of an object for the whole day.
- The summary of a day has its bounds in GMT and local time. One with `includesWellnessData: false` is no day. One that
  is younger than its day is not over: the file's newest moment, shown in its receipt, says how far it goes.
- A date without sleep has the same object with nulls: no night. Local times of nights are off in accounts of China, so
  that times are GMT; `sleepLevels` are 0 deep, 1 light, 2 REM, 3 awake (2 and 3 both awake where no REM is recorded),
  unlike those of FIT, and may be missing. Where they are not all of the night, its durations count alone. A window of
  sleep that Garmin did not confirm is not reliable.
- Heart rate comes every two minutes, null where none was measured; stress every three, below 0 where none could be
  scored. The column of each stands in descriptors. Steps come by quarter hours; those without a level of activity were
  not recorded.
- The heart rate variability of a night is Garmin's own mean; its readings count only where it is missing.
- The source is `garmin:connect`: it has the rank of `garmin` in recovery.toml and stands behind a watch's own files.
- Names, places, weight, hydration and training are never read.
"""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import date, datetime, time, timedelta
from typing import Any

from recovery.formats.clock_offsets import FirstOffsets
from recovery.formats.entries import Claim, Context, Entry, Tree
from recovery.formats.garmin import NO_MOVEMENT, not_negative
from recovery.formats.json_items import CutShortError, documents, items
from recovery.formats.json_values import BLANKS, JsonObject, date_of, finite_or_none, word
from recovery.formats.nights import stage_rows
from recovery.formats.records import FileRows, FileSummary, Skipped, SleepSession, Yielded
from recovery.formats.removed_numbers import RemovedNumbers
from recovery.formats.times import EPOCH, iso_time, naive_utc, within_years
from recovery.home.clock import is_place
from recovery.words.say import say

LABEL = say("Garmin Connect (JSON that GarminDB, garth and others download)")
VERSION = 2
USES_LOCAL_TIME = False
IS_REWRITTEN = True

SOURCE = "garmin:connect"
TOLD_AGAIN = say("told again for the same date")
# Below it is the account export, whose reader says what is read of it.
ACCOUNT = re.compile(r"(?:^|/)DI[-_]CONNECT/|(?:^|/)UDSFile[^/]*\.json$", re.IGNORECASE)
MAX_OBJECT_BYTES = 32 << 20  # all of a day has some 300,000
ROWS_PER_BATCH = 1 << 16
DEEPEST = 4  # an object of a day in a list in an object
FLOOR_M = 3.048  # Garmin counts a floor for 10 ft
PERCENT = 100.0
SECONDS_PER_MINUTE = 60.0
MAX_SLEEP = timedelta(hours=24)
MAX_ACTIVITY = timedelta(days=4)
MAX_INTERVAL = timedelta(hours=1)
CONFIRMED = re.compile(r"(?!un)\w*confirmed", re.IGNORECASE)
STAGES = {-1: "unknown", 0: "deep", 1: "light", 2: "rem", 3: "awake"}
STAGES_WITHOUT_REM = {**STAGES, 2: "awake"}
ASLEEP = ("deep", "light", "rem")
MAX_DIFFERENCE = 0.1  # of the course of a night from its own durations
DAYS: Mapping[str, tuple[str, float]] = {  # metric, and what to divide by
    "totalSteps": ("steps", 1.0),
    "totalDistanceMeters": ("distance_m", 1.0),
    "activeKilocalories": ("active_energy_kcal", 1.0),
    "floorsAscendedInMeters": ("floors", FLOOR_M),
    "sedentarySeconds": ("sedentary_min", SECONDS_PER_MINUTE),
    "vigorousIntensityMinutes": ("vigorous_min", 1.0),
}
STAGE_SECONDS: Mapping[str, str] = {
    "lightSleepSeconds": "light_min",
    "deepSleepSeconds": "deep_min",
    "remSleepSeconds": "rem_min",
}
OTHERS = re.compile(
    rb'"(?:userProfilePK|userProfilePk|userProfileId|valueInML|floorValuesArray|floorsValueDescriptorDTOList|'
    rb"bodyBatteryValuesArray|endOfDayBodyBatteryDynamicFeedbackEvent|moderateMinutes|weeklyModerate|trainingReadiness|"
    rb'mostRecentTrainingStatus|summaryDTO|activityDetailMetrics|metricDescriptors)"\s*:'
)
NOT_NEEDED = say("known and not needed: of Garmin Connect only days, nights, heart rate, stress, steps and activities")
UNREADABLE = say("a date, time or number of this entry cannot be read")


def claims(tree: Tree) -> Iterator[Claim]:
    """JSON that shows a key of one of the objects; what Garmin gives besides is not needed."""
    for entry in tree:
        head = entry.head.lstrip(BLANKS)
        if not head.startswith((b"{", b"[")) or ACCOUNT.search(entry.path):
            continue
        if MARKS.search(head):
            yield Claim(entry.path)
        elif OTHERS.search(head) and (head.startswith(b"{") or b'"bodyBatteryValuesArray"' in head):
            yield Claim(entry.path, not_needed=NOT_NEEDED)


def read(files: Sequence[Entry], context: Context) -> Iterator[Yielded]:
    """Day values, sleep, heart rate, stress, steps, activities and offsets; each file ends with its summary."""
    for number, entry in enumerate(files):
        head = entry.head.lstrip(BLANKS)
        if not (head.startswith((b"{", b"[")) and MARKS.search(head)):
            yield Skipped(number, "", say("this is not one of the objects of Garmin Connect that are read"))
            continue
        file = File(number)
        yield from _objects(file, entry, is_list=head.startswith(b"["))
        yield from file.batches()
        yield file.summary()


class File:
    """One file while it is read: its records, and what is to be said of it."""

    def __init__(self, number: int) -> None:
        self.number = number
        self.rows = FileRows()
        self.days: dict[tuple[date, str], float] = {}  # of several of one date the last counts
        self.nights: dict[str, SleepSession] = {}
        self.offsets = FirstOffsets()
        self.notes: dict[str, int] = {}
        self.newest: datetime | None = None
        self.count = 0
        self.is_partial = False
        self.removed = RemovedNumbers(number)

    def saw(self, time_utc: datetime) -> None:
        """Keeps the newest moment."""
        self.newest = max(self.newest or time_utc, time_utc)

    def note(self, reason: str) -> None:
        """Counts something that was left out."""
        self.notes[reason] = self.notes.get(reason, 0) + 1

    def day(self, local_date: date, metric: str, value: float | None) -> None:
        """Keeps a value of a date; None is none."""
        if value is None:
            return
        if (local_date, metric) in self.days:
            older = self.days[local_date, metric]
            self.removed.add(metric, TOLD_AGAIN, older, source=SOURCE, day=local_date, fate="same")
        self.days[local_date, metric] = value

    def sample(self, metric: str, start_utc: datetime, end_utc: datetime, value: float) -> None:
        """Keeps a measured number."""
        self.rows.samples.append(
            {"source": SOURCE, "metric": metric, "start_utc": start_utc, "end_utc": end_utc, "value": value}
        )
        self.saw(end_utc)

    def offset(self, time_utc: datetime, local: datetime) -> None:
        """Keeps how far the local clock was ahead, where that can be a place."""
        seconds = round((local - time_utc).total_seconds())
        if is_place(seconds):
            self.offsets.add(SOURCE, time_utc, seconds)

    def batches(self) -> Iterator[Yielded]:
        """All records kept so far, which are then forgotten."""
        self.rows.day_values = [
            {"source": SOURCE, "local_date": local_date, "metric": metric, "value": value}
            for (local_date, metric), value in self.days.items()
        ]
        self.rows.sleep_sessions = list(self.nights.values())
        self.rows.clock_offsets = self.offsets.rows()
        yield from self.rows.batches(self.number)
        self.rows, self.days, self.nights, self.offsets = FileRows(), {}, {}, FirstOffsets()

    def summary(self) -> FileSummary:
        """What the receipt says."""
        message = "; ".join(f"{reason}: {count:,}" for reason, count in sorted(self.notes.items()))
        told = message if self.count else say("holds no entries")
        return FileSummary(self.number, self.newest, told, self.is_partial, removed=self.removed.rows())


# ---- which object is which -------------------------------------------------------------------------------------------


def _objects(file: File, entry: Entry, *, is_list: bool) -> Iterator[Yielded]:
    """Reads a file object by object; a list is never in memory as a whole."""
    try:
        for position, item in enumerate(_items(entry, is_list=is_list), 1):
            place = f"entry {position}" if is_list else ""
            yield from _object(file, item, place, 0)
            if len(file.rows.samples) >= ROWS_PER_BATCH:
                yield from file.batches()
    except (CutShortError, ValueError, RecursionError) as error:
        file.is_partial = file.count > 0
        reason = error.message if isinstance(error, CutShortError) else say("this JSON is damaged or cut short")
        yield Skipped(file.number, say("after entry {count}", count=file.count), reason)


def _items(entry: Entry, *, is_list: bool) -> Iterator[Any]:
    if is_list:
        with entry.open() as stream:
            yield from items(stream)
        return
    if entry.size > MAX_OBJECT_BYTES:
        raise CutShortError(
            say("one object of {size:,} bytes is too large; a list of days can be of any size", size=entry.size)
        )
    yield from documents(entry.read().decode("utf-8-sig"))


def _object(file: File, item: object, place: str, depth: int) -> Iterator[Skipped]:
    """Reads an object that is known by its keys; else looks for such objects in it."""
    if isinstance(item, list):
        parts: Iterable[tuple[str, object]] = ((f"{place} entry {n}".strip(), part) for n, part in enumerate(item, 1))
    elif isinstance(item, dict):
        reading = next((reading for keys, reading in READINGS if any(item.keys() >= one for one in keys)), None)
        if reading is not None:
            file.count += 1
            before = file.rows.counts()
            try:
                reading(file, item)
            except (KeyError, TypeError, ValueError, AttributeError, OverflowError, IndexError):
                file.rows.cut(before)
                yield Skipped(file.number, place, UNREADABLE, word(item.get("calendarDate", "")))
            return
        parts = ((word(f"{place} {name}".strip()), part) for name, part in item.items())
    else:
        return
    if depth < DEEPEST:
        for name, part in parts:
            yield from _object(file, part, name, depth + 1)


# ---- days ------------------------------------------------------------------------------------------------------------


def _day(file: File, day: JsonObject) -> None:
    local_date = date_of(day["calendarDate"])
    if day.get("includesWellnessData") is False:
        file.note(say("dates without wellness data, which are not zero"))
        return
    values = {metric: _scaled(day.get(key), per_unit) for key, (metric, per_unit) in DAYS.items()}
    moderate = not_negative(day.get("moderateIntensityMinutes"))
    values["moderate_min"] = None if moderate is None else moderate + (values["vigorous_min"] or 0.0)
    values["resting_heart_rate_bpm"] = not_negative(day.get("restingHeartRate")) or None
    values["stress_mean"] = not_negative(day.get("averageStressLevel"))
    synced, begin = day.get("lastSyncTimestampGMT"), day.get("wellnessStartTimeGmt")
    length_ms = not_negative(day.get("durationInMilliseconds"))
    moment = _instant(begin) if begin else datetime.combine(local_date, time())
    moment += timedelta(milliseconds=length_ms) if length_ms is not None else timedelta(days=1)
    local = day.get("wellnessStartTimeLocal")
    if begin and local:
        file.offset(_instant(begin), _instant(local))
    file.saw(min(moment, _instant(synced)) if synced else moment)
    for metric, value in values.items():
        file.day(local_date, metric, value)


def _day_of_range(file: File, day: JsonObject) -> None:
    """A day in a range of days: steps and distance, or stress."""
    local_date = date_of(day["calendarDate"])
    holder = day.get("values")
    stress = holder if isinstance(holder, dict) else day
    file.day(local_date, "steps", not_negative(day.get("totalSteps")))
    file.day(local_date, "distance_m", not_negative(day.get("totalDistance")))
    file.day(local_date, "stress_mean", not_negative(stress.get("overallStressLevel")))
    file.saw(datetime.combine(local_date + timedelta(days=1), time()))


def _resting(file: File, entry: JsonObject) -> None:
    for value in entry["WELLNESS_RESTING_HEART_RATE"]:
        bpm = not_negative(value["value"])
        local_date = date_of(value["calendarDate"])
        file.day(local_date, "resting_heart_rate_bpm", bpm or None)
        file.saw(datetime.combine(local_date, time()))


def _of_night(file: File, entry: JsonObject) -> None:
    """Breathing and oxygen asleep, which their own answers give beside series that are not needed."""
    local_date = date_of(entry["calendarDate"])
    file.day(local_date, "respiration_rate", not_negative(entry.get("avgSleepRespirationValue")) or None)
    file.day(local_date, "spo2_mean_share", _share(entry.get("avgSleepSpO2")))


# ---- nights ----------------------------------------------------------------------------------------------------------


def _night(file: File, entry: JsonObject) -> None:
    night = entry["dailySleepDTO"]
    if not isinstance(night, dict) or night.get("sleepStartTimestampGMT") is None:
        file.note(say("dates without a night"))
        return
    local_date = date_of(night["calendarDate"])
    _naps(file, entry.get("dailyNapDTOS"))
    file.day(local_date, "resting_heart_rate_bpm", not_negative(entry.get("restingHeartRate")) or None)
    kind = night.get("sleepWindowConfirmationType")
    if not (CONFIRMED.match(kind) if isinstance(kind, str) else night.get("sleepWindowConfirmed")):
        reason = say("nights left out, which Garmin did not confirm ({kind})", kind=word(kind).lower())
        file.note(reason)
        told_s = [not_negative(night.get(name)) or 0.0 for name in STAGE_SECONDS]
        asleep_min = (sum(told_s) or not_negative(night.get("sleepTimeSeconds")) or 0.0) / SECONDS_PER_MINUTE
        file.removed.add("asleep_min", reason, asleep_min, source=SOURCE, day=local_date)
        return
    start, end = (_instant(night[f"sleep{edge}TimestampGMT"]) for edge in ("Start", "End"))
    seconds = {name: not_negative(night.get(name)) for name in STAGE_SECONDS}
    asleep_s = sum(value or 0.0 for value in seconds.values()) or not_negative(night.get("sleepTimeSeconds"))
    if not asleep_s:
        file.note(say("nights left out that tell no time asleep"))
        return
    key = _session(file, start, end, asleep_s, not_negative(night.get("awakeSleepSeconds")), None)
    levels = list(_levels(entry, start, end))
    levels_s = sum((until - begin).total_seconds() for begin, until, stage in levels if stage in ASLEEP)
    if levels and abs(levels_s - asleep_s) > asleep_s * MAX_DIFFERENCE:
        file.note(say("nights whose course of stages is not whole, so that their durations count alone"))
    else:
        file.rows.sleep_stages += stage_rows(SOURCE, key, levels)
    if (local := night.get("sleepStartTimestampLocal")) is not None:
        file.offset(start, _instant(local))
    for name, metric in STAGE_SECONDS.items():
        file.day(local_date, metric, _scaled(seconds[name], SECONDS_PER_MINUTE))
    file.day(local_date, "respiration_rate", not_negative(night.get("averageRespirationValue")) or None)
    file.day(local_date, "spo2_mean_share", _share(night.get("averageSpO2Value")))
    file.day(local_date, "hrv_rmssd_ms", not_negative(entry.get("avgOvernightHrv")) or None)
    for reading in entry.get("sleepHeartRate") or []:
        if value := not_negative(reading["value"]):
            moment = _instant(reading["startGMT"])
            file.sample("heart_rate_bpm", moment, moment, value)


def _levels(entry: JsonObject, start: datetime, end: datetime) -> Iterator[tuple[datetime, datetime, str]]:
    """The course of a night, within its limits."""
    stages = STAGES if entry.get("remSleepData") is not False else STAGES_WITHOUT_REM
    for level in entry.get("sleepLevels") or []:
        begin, until = max(_instant(level["startGMT"]), start), min(_instant(level["endGMT"]), end)
        if begin < until:
            yield begin, until, stages.get(int(level["activityLevel"]), "unknown")


def _naps(file: File, naps: object) -> None:
    for nap in naps if isinstance(naps, list) else []:
        start, end = (_instant(nap[f"nap{edge}TimestampGMT"]) for edge in ("Start", "End"))
        if asleep_s := not_negative(nap.get("napTimeSec")):
            _session(file, start, end, asleep_s, None, "nap")


def _session(
    file: File, start: datetime, end: datetime, asleep_s: float, awake_s: float | None, kind: str | None
) -> str:
    if not start < end <= start + MAX_SLEEP:
        raise ValueError(start)
    key = f"{start:%Y-%m-%dT%H:%M:%SZ}"
    file.nights[key] = {
        "source": SOURCE,
        "session_key": key,
        "start_utc": start,
        "end_utc": end,
        "kind": kind,
        "tz_assumed": False,
        "asleep_min": asleep_s / SECONDS_PER_MINUTE,
        "awake_min": _scaled(awake_s, SECONDS_PER_MINUTE),
        "is_in_bed_recorded": False,
    }
    file.saw(end)
    return key


def _variability(file: File, entry: JsonObject) -> None:
    """The mean of a night, or its readings where the mean is missing."""
    summary = entry["hrvSummary"]
    mean = _variability_of_date(file, summary) if isinstance(summary, dict) else None
    for reading in entry.get("hrvReadings") or []:
        moment, value = _instant(reading["readingTimeGMT"]), not_negative(reading["hrvValue"])
        file.saw(moment)
        if reading.get("readingTimeLocal"):
            file.offset(moment, _instant(reading["readingTimeLocal"]))
        if value and mean is None:
            file.sample("hrv_rmssd_ms", moment, moment, value)


def _variability_of_range(file: File, entry: JsonObject) -> None:
    for summary in entry["hrvSummaries"] or []:
        _variability_of_date(file, summary)


def _variability_of_date(file: File, summary: JsonObject) -> float | None:
    local_date, mean = date_of(summary["calendarDate"]), not_negative(summary.get("lastNightAvg")) or None
    file.day(local_date, "hrv_rmssd_ms", mean)
    file.saw(datetime.combine(local_date, time()))
    return mean


# ---- series ----------------------------------------------------------------------------------------------------------


def _heart_rates(file: File, entry: JsonObject) -> None:
    local_date = date_of(entry["calendarDate"])
    file.day(local_date, "resting_heart_rate_bpm", not_negative(entry.get("restingHeartRate")) or None)
    _day_offset(file, entry)
    columns = _columns(entry.get("heartRateValueDescriptors"))
    for moment, value in _series(entry.get("heartRateValues"), columns, "heartrate"):
        if value:
            file.sample("heart_rate_bpm", moment, moment, value)


def _stress(file: File, entry: JsonObject) -> None:
    local_date = date_of(entry["calendarDate"])
    file.day(local_date, "stress_mean", not_negative(entry.get("avgStressLevel")))
    _day_offset(file, entry)
    columns = _columns(entry.get("stressValueDescriptorsDTOList"))
    for moment, value in _series(entry.get("stressValuesArray"), columns, "stressLevel"):
        if value is None:
            file.note(say("moments at which stress could not be scored"))
        else:
            file.sample("stress", moment, moment, value)


def _day_offset(file: File, entry: JsonObject) -> None:
    begin, local = entry.get("startTimestampGMT"), entry.get("startTimestampLocal")
    if begin and local:
        file.offset(_instant(begin), _instant(local))


def _columns(descriptors: object) -> dict[str, int]:
    """In which column each value of a series stands."""
    return (
        {str(item["key"]): int(item["index"]) for item in descriptors if "key" in item}
        if isinstance(descriptors, list)
        else {}
    )


def _series(values: object, columns: Mapping[str, int], name: str) -> Iterator[tuple[datetime, float | None]]:
    """The moments of a series with its values, None where none was measured."""
    when, what = columns.get("timestamp", 0), columns.get(name, 1)
    for row in values if isinstance(values, list) else []:
        yield _instant(row[when]), not_negative(row[what])


def _steps(file: File, interval: JsonObject) -> None:
    start, end = _instant(interval["startGMT"]), _instant(interval["endGMT"])
    steps = not_negative(interval["steps"])
    if not start < end <= start + MAX_INTERVAL:
        raise ValueError(interval["endGMT"])
    if steps is None or (not steps and interval.get("primaryActivityLevel") == "none"):
        file.note(say("quarter hours that were not recorded"))
        return
    file.sample("steps", start, end, steps)


def _activity(file: File, entry: JsonObject) -> None:
    kind = entry.get("activityType")
    sport = word((kind.get("typeKey") if isinstance(kind, dict) else kind) or "").lower()
    start = _instant(entry["startTimeGMT"])
    length_s = not_negative(entry.get("elapsedDuration")) or not_negative(entry.get("duration"))
    if not length_s:
        file.note(say("activities left out that tell no duration"))
        return
    end = start + timedelta(seconds=length_s)
    if end > start + MAX_ACTIVITY:
        raise ValueError(length_s)
    if entry.get("startTimeLocal"):
        file.offset(start, _instant(entry["startTimeLocal"]))
    file.saw(end)
    if NO_MOVEMENT.search(sport):
        file.note(say("left out, as it is no movement of one's own ({sport})", sport=sport))
        return
    file.rows.activities.append(
        {
            "source": SOURCE,
            "start_utc": start,
            "end_utc": end,
            "sport": sport or None,
            "steps": not_negative(entry.get("steps")),
            "distance_m": not_negative(entry.get("distance")),
        }
    )


Reading = Callable[[File, JsonObject], None]
READINGS: Sequence[tuple[Sequence[frozenset[str]], Reading]] = tuple(  # read as the first of which all keys are there
    (tuple(frozenset(keys.split()) for keys in alternatives), reading)
    for alternatives, reading in (
        (("dailySleepDTO",), _night),
        (("heartRateValues", "heartRateValueDescriptors"), _heart_rates),
        (("stressValuesArray", "stressValueDescriptorsDTOList"), _stress),
        (("hrvSummary",), _variability),
        (("hrvSummaries",), _variability_of_range),
        (("WELLNESS_RESTING_HEART_RATE",), _resting),
        (("primaryActivityLevel startGMT",), _steps),
        (("includesWellnessData", "wellnessStartTimeGmt calendarDate"), _day),
        (("respirationValuesArray", "avgSleepRespirationValue", "spO2HourlyAverages", "avgSleepSpO2"), _of_night),
        (("calendarDate overallStressLevel", "calendarDate stepGoal", "calendarDate values"), _day_of_range),
        (("activityId startTimeGMT",), _activity),
    )
)
MARKS = re.compile(
    rb'"(?:dailySleepDTO|heartRateValues|heartRateValueDescriptors|stressValuesArray|stressValueDescriptorsDTOList|'
    rb"hrvSummary|hrvSummaries|WELLNESS_RESTING_HEART_RATE|respirationValuesArray|avgSleepRespirationValue|"
    rb"spO2HourlyAverages|avgSleepSpO2|primaryActivityLevel|includesWellnessData|wellnessStartTimeGmt|"
    rb'overallStressLevel|stepGoal)"\s*:|"activityId"\s*:[^{}]*"startTimeGMT"\s*:'
)


# ---- values ----------------------------------------------------------------------------------------------------------


def _scaled(value: object, per_unit: float) -> float | None:
    result = not_negative(value)
    return None if result is None else result / per_unit


def _share(percent: object) -> float | None:
    value = not_negative(percent)
    return value / PERCENT if value and value <= PERCENT else None


def _instant(value: object) -> datetime:
    """An instant of GMT, as text without a zone or as milliseconds; a local time likewise."""
    if isinstance(value, str):
        stamp = iso_time(value)
        return within_years(naive_utc(stamp) if stamp.tzinfo else stamp)
    milliseconds = finite_or_none(value)
    if milliseconds is None:
        raise TypeError(value)
    return within_years(EPOCH + timedelta(milliseconds=milliseconds))
