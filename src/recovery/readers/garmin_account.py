"""Garmin's account export: the JSON of days, nights, heart rate variability and activities below `DI_CONNECT`.

What we know of it, from programs that read it (we have no real one at hand):

- The folder `DI_CONNECT` lies at any depth, below a name that changes with every export. Its FIT files, in zips
  within the zip, are the FIT reader's, and give the same days and nights finer. So the source here is
  `garmin:account`: it has the rank of `garmin` in recovery.toml and stands behind every `garmin:SERIAL` by name, a
  value of a day counts only where no record of minutes is there, and a night without stages behind one with stages.
- `UDSFile_*` has a summary a day. One without wellness data gives nothing, not zero. Objects of other kinds
  (hydration) stand between, and a date may come twice.
- `*_sleepData` has one object a night, in GMT, with durations of the stages but no course of them. Where Garmin did
  not confirm the window the numbers are unreliable; the first nights of old accounts have no durations.
- `*_summarizedActivities` counts in centimetres and milliseconds. The unit of its calories is disputed (kcal, kcal
  times 4.19, times 10), so they are not read.
- Names, places, weight and all else of the account are never read.
"""

import re
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

from recovery.formats.entries import Claim, Context, Entry, Tree
from recovery.formats.garmin import NO_MOVEMENT, not_negative
from recovery.formats.json_items import CutShortError, items
from recovery.formats.json_values import JsonObject, date_of
from recovery.formats.records import FileRows, FileSummary, Skipped, SleepSession, Yielded
from recovery.formats.removed_numbers import RemovedNumbers
from recovery.formats.times import EPOCH, iso_time, naive_utc
from recovery.home.clock import FIRST_UTC, LAST_UTC, is_place
from recovery.words.say import say

LABEL = say("Garmin account export (JSON of Garmin Connect)")
VERSION = 2
USES_LOCAL_TIME = False

SOURCE = "garmin:account"
FOLDER = re.compile(r"(?:^|/)DI[-_]CONNECT/", re.IGNORECASE)
BESIDE = re.compile(r"(?:(?:IT|DI|IOT)[-_][^/]*|customer_data)/", re.IGNORECASE)
TEXTS_AND_PICTURES = (".json", ".html", ".htm", ".jpg", ".jpeg", ".png", ".pdf")  # no table or track of a person's own
LIST = re.compile(rb"(?:\xef\xbb\xbf)?\s*\[\s*[{\]]")
OBJECT = re.compile(rb"(?:\xef\xbb\xbf)?\s*\{")
OF_CONNECT = b'"dailySleepDTO"'  # a night as Garmin Connect answers it, which is `garmin_connect_json`'s
NOT_NEEDED = say(
    "known and not needed: of Garmin's account only days, nights, overnight values and activities are read"
)
PRIVATE = say("known and never read: it holds nothing of movement, rest or sleep")

FLOOR_M = 3.048  # Garmin counts a floor for 10 ft
CENTIMETRES = 100.0
MILLISECONDS_FROM = 1e11  # as seconds, a number like this lies in the year 5138
MAX_SLEEP = timedelta(hours=24)
MAX_ACTIVITY = timedelta(days=4)
CONFIRMED = re.compile(r"(?:ENHANCED_CONFIRMED|MANUALLY_CONFIRMED)", re.IGNORECASE)
ASLEEP = ("deepSleepSeconds", "lightSleepSeconds", "remSleepSeconds")

DAYS: Mapping[str, tuple[str, float]] = {
    "totalSteps": ("steps", 1.0),
    "totalDistanceMeters": ("distance_m", 1.0),
    "activeKilocalories": ("active_energy_kcal", 1.0),
    "floorsAscendedInMeters": ("floors", 1 / FLOOR_M),
}
NIGHTS: Mapping[str, str] = {
    "lightSleepSeconds": "light_min",
    "deepSleepSeconds": "deep_min",
    "remSleepSeconds": "rem_min",
}


def claims(tree: Tree) -> Iterator[Claim]:
    """The JSON of the account by name and content; below and beside `DI_CONNECT` also what is not needed."""
    roots = {entry.path[: match.start()] for entry in tree if (match := FOLDER.search(entry.path))}
    for entry in tree:
        match = FOLDER.search(entry.path)
        if _reading(entry, is_below=match is not None):
            yield Claim(entry.path)
        elif match and entry.name.lower().endswith(TEXTS_AND_PICTURES):
            yield Claim(entry.path, not_needed=NOT_NEEDED)
        elif not match and entry.name.lower().endswith(TEXTS_AND_PICTURES) and _is_beside(entry.path, roots):
            yield Claim(entry.path, not_needed=PRIVATE)


def read(files: Sequence[Entry], context: Context) -> Iterator[Yielded]:
    """Day values, sleep, activities and clock offsets; each file ends with its summary."""
    for number, entry in enumerate(files):
        reading = _reading(entry, is_below=True)
        if reading is None:
            yield Skipped(number, "", say("this is not one of the files of Garmin's account that are read"))
            continue
        file = File(number)
        after = '"summarizedActivitiesExport"' if reading is _activity else ""
        yield from _read(file, entry, reading, after)
        message = "; ".join(f"{reason}: {count}" for reason, count in sorted(file.notes.items()))
        told = message if file.count else say("holds no entries")
        yield FileSummary(number, file.newest, told, file.is_partial, removed=file.removed.rows())


@dataclass
class File:
    """One file while it is read: its records, and what is to be said of it."""

    number: int
    rows: FileRows = field(default_factory=FileRows)
    nights: dict[str, SleepSession] = field(default_factory=dict)  # of several of one start the last counts
    notes: Counter[str] = field(default_factory=Counter)
    dates: set[date] = field(default_factory=set)
    newest: datetime | None = None
    count: int = 0
    is_partial: bool = False

    def __post_init__(self) -> None:
        self.removed = RemovedNumbers(self.number)

    def saw(self, instant: datetime) -> None:
        self.newest = max(self.newest or instant, instant)

    def day(self, local_date: date, metric: str, value: float) -> None:
        self.rows.day_values.append({"source": SOURCE, "local_date": local_date, "metric": metric, "value": value})

    def offset(self, time_utc: datetime, offset_s: int) -> None:
        self.rows.clock_offsets.append({"source": SOURCE, "time_utc": time_utc, "offset_s": offset_s})


def _reading(entry: Entry, *, is_below: bool) -> "Callable[[File, JsonObject], None] | None":
    """How a file is read, by its name and what stands at its start; loose files must show a key of theirs."""
    for name, (reading, shown) in READINGS.items():
        if re.fullmatch(name, entry.name, re.IGNORECASE):
            is_object = reading is _activity and OBJECT.match(entry.head)
            if not (is_object or LIST.match(entry.head)) or OF_CONNECT in entry.head:
                return None
            is_empty = entry.head.replace(b" ", b"").strip() == b"[]"
            return reading if any(key in entry.head for key in shown) or (is_below and is_empty) else None
    return None


def _is_beside(path: str, roots: set[str]) -> bool:
    """Whether a file lies in another of Garmin's folders of the same export."""
    for root in roots:
        below = path.removeprefix(root).lstrip("/")
        if path.startswith(root) and BESIDE.match(below):
            return True
    return False


def _read(file: File, entry: Entry, reading: Callable[[File, JsonObject], None], after: str) -> Iterator[Yielded]:
    with entry.open() as stream:
        try:
            for item in items(stream, after):
                file.count += 1
                try:
                    reading(file, item)
                except (KeyError, TypeError, ValueError, AttributeError, OverflowError) as error:
                    reason = say(
                        "a date, time or number of this entry cannot be read ({name})", name=type(error).__name__
                    )
                    yield Skipped(file.number, f"entry {file.count}", reason, _shown(item))
        except CutShortError as error:
            file.is_partial = file.count > 0
            yield Skipped(file.number, say("after entry {count}", count=file.count), error.message)
    file.rows.sleep_sessions = list(file.nights.values())
    yield from file.rows.batches(file.number)


def _shown(item: object) -> str:
    """What names an entry, without anything else it may hold."""
    name = item.get("calendarDate") if isinstance(item, dict) else item
    return str(name)[:40]


# ---- days ------------------------------------------------------------------------------------------------------------


def _day(file: File, entry: JsonObject) -> None:
    if not any(key in entry for key in (*DAYS, "includesWellnessData", "restingHeartRate", "allDayStress")):
        file.notes[say("entries of another kind, such as hydration")] += 1
        return
    local_date = _date(entry["calendarDate"])
    if entry.get("includesWellnessData") is False:
        file.notes[say("dates without wellness data, which are not zero")] += 1
        return
    values = {metric: _scaled(entry.get(key), factor) for key, (metric, factor) in DAYS.items()}
    resting = not_negative(entry.get("currentDayRestingHeartRate")) or not_negative(entry.get("restingHeartRate"))
    values["resting_heart_rate_bpm"] = resting or None
    moderate, vigorous = (not_negative(entry.get(f"{name}IntensityMinutes")) for name in ("moderate", "vigorous"))
    values["vigorous_min"] = vigorous
    values["moderate_min"] = None if moderate is None else moderate + (vigorous or 0.0)
    values["stress_mean"] = _stress(entry.get("allDayStress"))
    offset = _day_offset(entry)
    if local_date in file.dates:
        file.notes[say("dates told more than once")] += 1
    file.dates.add(local_date)
    for metric, value in values.items():
        if value is not None:
            file.day(local_date, metric, value)
    if offset:
        file.offset(*offset)
    file.saw(datetime.combine(local_date + timedelta(days=1), datetime.min.time()))


def _stress(summary: object) -> float | None:
    """The mean of the day; negative where there was too little data."""
    parts = summary.get("aggregatorList") if isinstance(summary, dict) else None
    total = next((part for part in parts or [] if part.get("type") == "TOTAL"), None)
    return None if total is None else not_negative(total.get("averageStressLevel"))


def _day_offset(entry: JsonObject) -> tuple[datetime, int] | None:
    start, local = entry.get("wellnessStartTimeGmt"), entry.get("wellnessStartTimeLocal")
    if start is None or local is None:
        return None
    return _offset(_instant(start), _instant(local))


def _offset(instant: datetime, local: datetime) -> tuple[datetime, int] | None:
    seconds = round((local - instant).total_seconds())
    return (instant, seconds) if is_place(seconds) else None


# ---- nights ----------------------------------------------------------------------------------------------------------


def _night(file: File, entry: JsonObject) -> None:
    confirmation = str(entry.get("sleepWindowConfirmationType") or say("not told"))
    if not CONFIRMED.match(confirmation):
        reason = say("nights left out, which Garmin did not confirm ({lower})", lower=confirmation.lower()[:40])
        file.notes[reason] += 1
        seconds_asleep = sum(not_negative(entry.get(name)) or 0.0 for name in ASLEEP)
        file.removed.add("asleep_min", reason, seconds_asleep / 60, source=SOURCE, day=_date(entry["calendarDate"]))
        return
    local_date = _date(entry["calendarDate"])
    start, end = (_instant(entry[f"sleep{edge}TimestampGMT"]) for edge in ("Start", "End"))
    if not start < end <= start + MAX_SLEEP:
        raise ValueError(start)
    durations = {name: not_negative(entry.get(name)) for name in (*ASLEEP, "awakeSleepSeconds")}
    stages = [seconds for name in ASLEEP if (seconds := durations[name]) is not None]
    if not sum(stages):
        file.notes[say("nights left out that tell no time asleep")] += 1
        return
    awake = durations["awakeSleepSeconds"]
    _session(file, start, end, sum(stages), None if awake is None else awake / 60, None)
    _naps(file, entry.get("napList"))
    for name, metric in NIGHTS.items():
        seconds = durations[name]
        if seconds is not None:
            file.day(local_date, metric, seconds / 60)
    if breaths := not_negative(entry.get("averageRespiration")):
        file.day(local_date, "respiration_rate", breaths)
    oxygen = entry.get("spo2SleepSummary")
    percent = not_negative(oxygen.get("averageSPO2")) if isinstance(oxygen, dict) else None
    if percent and percent <= 100:
        file.day(local_date, "spo2_mean_share", percent / 100)


def _naps(file: File, naps: object) -> None:
    """Naps of the day, as Garmin's programming interface gives them; in an export nobody has described them."""
    for nap in naps if isinstance(naps, list) else []:
        try:
            start, end = (_instant(nap[f"nap{edge}TimestampGMT"]) for edge in ("Start", "End"))
            asleep = not_negative(nap["napTimeSec"])
        except (KeyError, TypeError, ValueError, OverflowError):
            file.notes[say("naps left out whose times cannot be read")] += 1
            continue
        if asleep and start < end <= start + MAX_SLEEP:
            _session(file, start, end, asleep, None, "nap")
        else:
            file.notes[say("naps left out whose times cannot be read")] += 1


def _session(
    file: File, start: datetime, end: datetime, asleep_s: float, awake_min: float | None, kind: str | None
) -> None:
    key = f"{start:%Y-%m-%dT%H:%M:%SZ}"
    file.nights[key] = {
        "source": SOURCE,
        "session_key": key,
        "start_utc": start,
        "end_utc": end,
        "kind": kind,
        "tz_assumed": False,
        "asleep_min": asleep_s / 60,
        "awake_min": awake_min,
        "is_in_bed_recorded": False,
    }
    file.saw(end)


def _overnight(file: File, entry: JsonObject) -> None:
    local_date = _date(entry["calendarDate"])
    metrics = entry.get("metrics")
    for metric in metrics if isinstance(metrics, list) else []:
        value = not_negative(metric.get("value")) if metric.get("type") == "HRV" else None
        if value:
            file.day(local_date, "hrv_rmssd_ms", value)
            file.saw(datetime.combine(local_date, datetime.min.time()))


# ---- activities ------------------------------------------------------------------------------------------------------


def _activity(file: File, entry: JsonObject) -> None:
    kind = entry.get("activityType")
    sport = str(kind.get("typeKey") if isinstance(kind, dict) else kind or "").lower()
    start = _instant(entry["startTimeGmt"] if entry.get("startTimeGmt") is not None else entry["beginTimestamp"])
    length = not_negative(entry.get("elapsedDuration")) or not_negative(entry.get("duration"))
    if not length:
        file.notes[say("activities left out that tell no duration")] += 1
        return
    end = start + timedelta(milliseconds=length)
    if end > start + MAX_ACTIVITY:
        raise ValueError(length)
    file.saw(end)
    local = entry.get("startTimeLocal")
    if local is not None and (offset := _offset(start, _instant(local))):
        file.offset(*offset)
    if NO_MOVEMENT.search(sport):
        file.notes[say("left out, as it is no movement of one's own ({sport})", sport=sport[:40])] += 1
        return
    file.rows.activities.append(
        {
            "source": SOURCE,
            "start_utc": start,
            "end_utc": end,
            "sport": sport or None,
            "steps": not_negative(entry.get("steps")),
            "distance_m": _scaled(entry.get("distance"), 1 / CENTIMETRES),
        }
    )


READINGS: Mapping[str, tuple[Callable[[File, JsonObject], None], tuple[bytes, ...]]] = {
    r"UDSFile.*\.json": (_day, (b'"calendarDate"',)),
    r".*sleepData.*\.json": (_night, (b'"sleepStartTimestampGMT"', b'"sleepWindowConfirmationType"')),
    r".*healthStatusData.*\.json": (_overnight, (b'"metrics"',)),
    r".*summarizedActivities.*\.json": (_activity, (b'"summarizedActivitiesExport"',)),
}


# ---- values ----------------------------------------------------------------------------------------------------------


def _scaled(value: object, factor: float) -> float | None:
    result = not_negative(value)
    return None if result is None else result * factor


def _date(value: object) -> date:
    if not isinstance(value, str):
        raise TypeError(value)
    return date_of(value)


def _instant(value: object) -> datetime:
    """An instant of GMT, as text without a zone or as seconds or milliseconds of the epoch."""
    if isinstance(value, str):
        stamp = iso_time(value)
        instant = naive_utc(stamp) if stamp.tzinfo else stamp
    else:
        value = not_negative(value)
        if value is None:
            raise TypeError(value)
        seconds = value / 1000 if value >= MILLISECONDS_FROM else value
        instant = EPOCH + timedelta(seconds=seconds)
    if not FIRST_UTC <= instant < LAST_UTC:
        raise ValueError(value)
    return instant
