"""Oura's account export (`App Data/*.csv`), tables and answers of its API, and the older JSON export.

What we know of it, from a real table of nights (280 periods, ten months, four zones), one of heart rates, and programs
that read the rest:

- Commas or semicolons; `dailyactivity.csv` or `DailyActivity.csv`, with or without dates in the name. So a file is
  known by its headings. Some cells hold JSON.
- Times carry an offset, heart rates are UTC. A period of sleep is named by its start: ids change between exports.
- `long_sleep` is the main sleep, `sleep` and `late_nap` are naps. `deleted` and `rest` are none, and neither are
  periods without a type (36 in the real table, most without a minute of sleep): left out, with their count.
- A night belongs here to the date its own offset shows at its end; Oura's `day` of an evening nap is the next one.
- The hypnogram has a digit every 5 minutes, or 30 seconds: 1 deep, 2 light, 3 REM, 4 awake. Its sums differ by some
  minutes (64 at most in 238 nights) from the durations in the same row, which count: they are what the app shows. Of a
  date with two main sleeps they are of one part only, and are left out.
- `steps` are 0 on days the ring was not worn. A 0 counts only where the ring was worn at least half of the day.
- `class_5_min` has a digit every 5 minutes from 4 o'clock: 0 not worn, 1 rest, 2 inactive, 3 low, 4 medium, 5 high.
  Low and above are movement here. Metabolic equivalents (`met`) say the same and are not read.
- `equivalent_walking_distance` is energy put as metres, not a distance, and is not read.
- A heart rate that is graded `bad` is left out.
- An answer of the API, as scripts store it every night, is `{"data": [...]}` of one collection, with the columns of the
  CSV as keys; which collection it is stands nowhere but in them. Lists without the envelope are read likewise.
- The older JSON holds minutes where the CSV holds seconds (activity), and other names for the same.
- Tags that name a massage are massages, at their own time; of a massage gun or roller they are not. A person tags what
  comes to mind: tags do not vouch for the days without one. Other tags are never loaded, nor places, nor the account.
"""

import json
import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import date, datetime, time, timedelta
from typing import NamedTuple

from recovery.errors import UnreadableExportError
from recovery.formats.entries import Claim, Context, Entry, Tree, claim_of
from recovery.formats.export_table import (
    NO_VALUE,
    UNREADABLE,
    Instant,
    Row,
    TableFile,
    amount,
    headings,
    instant,
    measured,
    offsets,
    plain,
)
from recovery.formats.json_items import CutShortError
from recovery.formats.json_items import items as items_of
from recovery.formats.json_values import BLANKS, date_of
from recovery.formats.log_table import read_text
from recovery.formats.massage_words import names_massage, number_places
from recovery.formats.nights import stage_rows
from recovery.formats.records import (
    Activity,
    Device,
    Massage,
    Sample,
    Skipped,
    SleepSession,
    SleepStage,
    Yielded,
    batch_of_rows,
    day_values,
)
from recovery.formats.resaved import TableForm
from recovery.formats.times import within_years
from recovery.home import clock
from recovery.vocabulary.massages import MAX_MASSAGE_MIN
from recovery.words.say import say

LABEL = "Oura (account export)"
VERSION = 4
USES_LOCAL_TIME = True  # dates without a time, and times in UTC alone
TABLE_FORM = TableForm(has_semicolons=True)
IS_REWRITTEN = True

SOURCE = "oura"
BAD_QUALITY = say("heart rate of bad quality")
MAX_JSON_BYTES = 200_000_000
LONGEST = timedelta(hours=24)
LONGEST_DAY = timedelta(hours=25)
SECONDS_PER_MINUTE = 60.0
PERCENT = 100.0
LOWEST_SPO2_SHARE = 0.5
MAX_UNWORN_S = 12 * 3600.0  # of a day whose 0 steps count
MAX_TEXT = 2000
DAY_BEGINS = time(4)  # where the file does not say
CLASS_STEP = timedelta(minutes=5)
STAGES = {"1": "deep", "2": "light", "3": "rem", "4": "awake"}
MAIN_TYPES = ("long_sleep",)
NO_TYPES: Mapping[str, str] = {
    "deleted": say("period of sleep that was deleted"),
    "rest": say("period of rest, which is no sleep"),
    "": say("period that Oura gives no type of sleep"),
}
OTHER = say("known and not needed for movement, rest and sleep")
PRIVATE = say("known and never read: it holds nothing of movement, rest or sleep")


class Night(NamedTuple):
    """A main sleep: its length, and its row, which holds values of the date."""

    length: timedelta
    row: Row
    is_only: bool  # of its date: else its minutes are not those of the night, of which it may be a part


def claims(tree: Tree) -> Iterator[Claim]:
    """Oura's tables and JSON wherever they lie, by their headings; the account's files beside `App Data`."""
    kinds = {entry.path: kind for entry in tree if (kind := _kind(entry))}
    roots = {match[0] for path in kinds if (match := re.match(r"(?:.*/)?(?=app data/)", path, re.IGNORECASE))}
    for entry in tree:
        if claim := claim_of(entry, kinds.get(entry.path)):
            yield claim
        elif any(_is_account(entry.path[len(root) :]) for root in roots if entry.path.startswith(root)):
            yield Claim(entry.path, not_needed=PRIVATE)


def read(files: Sequence[Entry], context: Context) -> Iterator[Yielded]:
    """Sleep, samples, day values, activities, massages, offsets and devices; each file ends with its summary."""
    for number, entry in enumerate(files):
        file = TableFile(number, entry, context)
        kind = _kind(entry)
        if not callable(kind):
            yield Skipped(number, "", say("this is not one of the Oura files that are read"))
            continue
        yield from kind(file, file.rows())
        yield file.summary()


def _is_account(path: str) -> bool:
    return path.lower().startswith(("subscriptions/", "account/", "app data/rawlocation"))


def _kind(entry: Entry) -> "Reading | str | None":
    """How an entry is read, or why it is not needed; None where it is not Oura's."""
    if _is_json(entry.head):
        return _json_file
    if match := ANSWER.match(entry.head):
        return _kind_of_answer(entry.head, match)
    names = {plain(name) for name in headings(entry.head)}
    return _kind_of_names(names) if names else None


def _kind_of_names(names: set[str]) -> "Reading | str | None":
    return next((kind.reading for kind in KINDS if all(names & set(any_of) for any_of in kind.columns)), None)


# ---- sleep -----------------------------------------------------------------------------------------------------------


def _sleep(file: TableFile, rows: Iterator[Row | Skipped]) -> Iterator[Yielded]:
    sessions: list[SleepSession] = []
    stages: list[SleepStage] = []
    samples: list[Sample] = []
    instants: list[Instant] = []
    nights: dict[date, Night] = {}

    def take(row: Row) -> None:
        period = _period(file, row)
        if period is None:
            return
        start, end, session, pieces, readings = period
        sessions.append(session)
        stages.extend(pieces)
        samples.extend(readings)
        instants.extend([start, end])
        file.saw(end.utc)
        if session["kind"] != "nap":
            day = (end.wall or clock.to_local(end.utc, file.context.zone_at(end.utc.date()))).date()
            night = Night(end.utc - start.utc, row, is_only=day not in nights)
            nights[day] = max(nights.get(day, night), night, key=_length)._replace(is_only=night.is_only)

    yield from file.each(take, rows, errors=(TypeError, RecursionError))
    yield batch_of_rows("sleep_sessions", file.number, sessions)
    yield batch_of_rows("sleep_stages", file.number, stages)
    yield batch_of_rows("samples", file.number, samples)
    yield batch_of_rows("clock_offsets", file.number, offsets(SOURCE, instants))
    days = (value for day, night in nights.items() for value in _of_night(day, night))
    yield day_values(file.number, SOURCE, days)


def _length(night: Night) -> timedelta:
    return night.length


Period = tuple[Instant, Instant, SleepSession, list[SleepStage], list[Sample]]


def _period(file: TableFile, row: Row) -> Period | None:
    """One period of sleep with its stages and readings; None where it is none, which is counted."""
    cells = row.cells
    kind = cells.get("type")
    if kind is not None and (reason := NO_TYPES.get("" if kind.lower() in NO_VALUE else kind.lower())):
        file.left_out[reason] += 1
        return None
    start, end = (instant(cells[name], file.context) for name in ("bedtimestart", "bedtimeend"))
    if not timedelta() < end.utc - start.utc <= LONGEST:
        raise ValueError(cells["bedtimeend"])
    asleep_min = _minutes_of(cells, "totalsleepduration", "total")
    awake_min = _minutes_of(cells, "awaketime", "awake")
    latency_min = _minutes_of(cells, "latency", "onsetlatency")
    key = f"{start.utc:%Y-%m-%dT%H:%M:%S}"
    pieces = list(stage_rows(SOURCE, key, _hypnogram(cells, start.utc, end.utc)))
    if not asleep_min and all(piece["stage"] == "awake" for piece in pieces):
        file.left_out[say("period without a minute of sleep")] += 1
        return None
    session: SleepSession = {
        "source": SOURCE,
        "session_key": key,
        "start_utc": start.utc,
        "end_utc": end.utc,
        "kind": None if kind is None else "main" if kind.lower() in MAIN_TYPES else "nap",
        "tz_assumed": start.is_assumed,
        "asleep_min": asleep_min,
        "awake_min": awake_min,
        "latency_min": latency_min,
        "is_in_bed_recorded": True,
        "reported_start_local": start.local,
        "reported_end_local": end.local,
    }
    readings: list[Sample] = [
        {"source": SOURCE, "metric": metric, "start_utc": at_utc, "end_utc": at_utc, "value": value}
        for metric, names in SERIES.items()
        for at_utc, value in _series(_first(cells, *names), start.utc, file.context)
        if start.utc <= at_utc <= end.utc
    ]
    return start, end, session, pieces, readings


def _minutes_of(cells: Mapping[str, str], *names: str) -> float | None:
    """Minutes of the first of some columns that holds anything; the columns hold seconds."""
    seconds = amount(_first(cells, *names))
    return None if seconds is None else seconds / SECONDS_PER_MINUTE


def _hypnogram(cells: Mapping[str, str], start: datetime, end: datetime) -> Iterator[tuple[datetime, datetime, str]]:
    """Runs of one stage, cut at the end of the period."""
    codings = ((_first(cells, *names), step) for names, step in HYPNOGRAMS)
    digits, step = next(((digits, step) for digits, step in codings if digits), ("", CLASS_STEP))
    here = start
    for match in re.finditer(r"(.)\1*", digits):
        until = min(start + step * match.end(), end)
        if here < until:
            yield here, until, STAGES.get(match[1], "unknown")
        here = until


def _series(text: str | None, start: datetime, context: Context) -> Iterator[tuple[datetime, float]]:
    """Readings of a series, written as JSON with its own start and step, or as a list of every 5 minutes."""
    if not text:
        return
    content = json.loads(text) if text.startswith(("{", "[")) else text.split(";")
    step = timedelta(minutes=5)
    if isinstance(content, dict):
        start = instant(content["timestamp"], context).utc if content.get("timestamp") else start
        step = timedelta(seconds=float(content.get("interval") or step.total_seconds()))
        content = content.get("items")
    if not isinstance(content, list):
        raise ValueError(text)
    for position, item in enumerate(content):
        value = measured(None if item is None else str(item))
        if value is not None:
            yield start + step * position, value


def _of_night(day: date, night: Night) -> Iterator[tuple[date, str, float]]:
    cells = night.row.cells
    for metric, names, per_unit in NIGHT_VALUES:
        if per_unit == SECONDS_PER_MINUTE and not night.is_only:
            continue
        value = _value_beside(cells, names, measured if per_unit == 1 else amount)
        if value is not None:
            yield day, metric, value / per_unit


def _value_beside(
    cells: Mapping[str, str], names: Sequence[str], meaning: Callable[[str | None], float | None]
) -> float | None:
    """A value beside the night itself; None where it cannot be read."""
    try:
        return meaning(_first(cells, *names))
    except (ValueError, OverflowError):
        return None


SERIES: Mapping[str, Sequence[str]] = {
    "heart_rate_bpm": ("heartrate", "heartrate5min", "hr5min"),
    "hrv_rmssd_ms": ("hrv", "hrv5min", "rmssd5min"),
}
HYPNOGRAMS: Sequence[tuple[Sequence[str], timedelta]] = (
    (("sleepphase30sec",), timedelta(seconds=30)),
    (("sleepphase5min", "hypnogram5min"), timedelta(minutes=5)),
)
NIGHT_VALUES: Sequence[tuple[str, Sequence[str], float]] = (
    ("deep_min", ("deepsleepduration", "deep"), SECONDS_PER_MINUTE),
    ("light_min", ("lightsleepduration", "light"), SECONDS_PER_MINUTE),
    ("rem_min", ("remsleepduration", "rem"), SECONDS_PER_MINUTE),
    ("resting_heart_rate_bpm", ("lowestheartrate", "hrlowest"), 1),
    ("sleeping_heart_rate_bpm", ("averageheartrate", "hraverage"), 1),
    ("hrv_rmssd_ms", ("averagehrv", "rmssd"), 1),
    ("respiration_rate", ("averagebreath", "breathaverage"), 1),
)


# ---- days ------------------------------------------------------------------------------------------------------------


def _activity(file: TableFile, rows: Iterator[Row | Skipped]) -> Iterator[Yielded]:
    days: list[tuple[date, str, float]] = []
    samples: list[Sample] = []
    instants: list[Instant] = []

    def take(row: Row) -> None:
        day = _day(row, "day", "summarydate")
        values = _values_of_day(row.cells)
        digits, begin = _first(row.cells, "class5min"), _beginning(file, row, day)
        unworn_s = values.pop("unworn_s")
        if not values["steps"] and (unworn_s is None or unworn_s > MAX_UNWORN_S):
            file.left_out[say("day without steps on which the ring was not worn")] += 1
            values = {}
        days.extend((day, metric, value) for metric, value in values.items() if value is not None)
        if unworn_s is not None:
            days.append((day, "non_wear_min", unworn_s / SECONDS_PER_MINUTE))
        samples.extend(_classes(digits or "", begin.utc))
        instants.append(begin)
        file.saw_day(day)

    yield from file.each(take, rows)
    yield day_values(file.number, SOURCE, days)
    yield batch_of_rows("samples", file.number, samples)
    yield batch_of_rows("clock_offsets", file.number, offsets(SOURCE, instants))


def _values_of_day(cells: Mapping[str, str]) -> dict[str, float | None]:
    """Values of one date. The CSV holds seconds, the older JSON minutes."""
    minutes: dict[str, float | None] = {}
    for metric, in_seconds, in_minutes in DURATIONS:
        seconds, unscaled_min = amount(cells.get(in_seconds)), amount(cells.get(in_minutes))
        minutes[metric] = unscaled_min if seconds is None else seconds / SECONDS_PER_MINUTE
    medium, high = minutes["moderately_active_min"], minutes["vigorous_min"]
    unworn = minutes.pop("unworn_min")
    return {
        "steps": amount(cells.get("steps")),
        "active_energy_kcal": amount(_first(cells, "activecalories", "calactive")),
        **minutes,
        "moderate_min": None if medium is None or high is None else medium + high,
        "unworn_s": None if unworn is None else unworn * SECONDS_PER_MINUTE,
    }


DURATIONS: Sequence[tuple[str, str, str]] = (
    ("sedentary_min", "sedentarytime", "inactive"),
    ("lightly_active_min", "lowactivitytime", "low"),
    ("moderately_active_min", "mediumactivitytime", "medium"),
    ("vigorous_min", "highactivitytime", "high"),
    ("unworn_min", "nonweartime", "nonwear"),
)


def _beginning(file: TableFile, row: Row, day: date) -> Instant:
    """When the first digit of the day's classes begins."""
    text = _first(row.cells, "timestamp", "daystart")
    if text and "T" in text:
        return instant(text, file.context)
    return Instant(within_years(file.context.to_utc(datetime.combine(day, DAY_BEGINS))), None, True)


def _classes(digits: str, begin: datetime) -> Iterator[Sample]:
    """Samples of each 5 minutes: worn or not, and the seconds of movement where worn."""
    full_s = CLASS_STEP.total_seconds()
    for position, digit in enumerate(digits[: LONGEST_DAY // CLASS_STEP]):
        if digit not in "012345":
            continue
        start = begin + CLASS_STEP * position
        end = start + CLASS_STEP
        yield _sample("is_worn", start, start, float(digit != "0"))
        if digit != "0":
            yield _sample("active_s", start, end, full_s if digit >= "3" else 0.0)
            yield from (_sample(name, start, end, full_s) for name, low in GRADED if digit >= low)


def _sample(metric: str, start_utc: datetime, end_utc: datetime, value: float) -> Sample:
    return {"source": SOURCE, "metric": metric, "start_utc": start_utc, "end_utc": end_utc, "value": value}


GRADED = (("moderate_s", "4"), ("vigorous_s", "5"))


def _of_days(metrics: Mapping[str, tuple[str, float]]) -> "Reading":
    """Values of a date: for each metric its column, and what to divide it by."""

    def read(file: TableFile, rows: Iterator[Row | Skipped]) -> Iterator[Yielded]:
        days: list[tuple[date, str, float]] = []

        def take(row: Row) -> None:
            day = _day(row, "day")
            values = [(metric, _average(row.cells.get(name)), unit) for metric, (name, unit) in metrics.items()]
            found = [(day, metric, value / unit) for metric, value, unit in values if value is not None]
            found = [item for item in found if item[1] != "spo2_mean_share" or LOWEST_SPO2_SHARE < item[2] <= 1]
            if not found:
                file.left_out[say("date without a value")] += 1
                return
            days.extend(found)
            file.saw_day(day)

        yield from file.each(take, rows, errors=(TypeError, AttributeError, RecursionError))
        yield day_values(file.number, SOURCE, days)

    return read


def _average(text: str | None) -> float | None:
    """A number, or the `average` of a cell of JSON."""
    if text and text.lstrip().startswith("{"):
        mean = json.loads(text).get("average")
        return amount(None if mean is None else str(mean))
    return amount(text)


def _day(row: Row, *names: str) -> date:
    return date_of(_first(row.cells, *names) or "")


# ---- heart rate, workouts, rings -------------------------------------------------------------------------------------


def _heart_rate(file: TableFile, rows: Iterator[Row | Skipped]) -> Iterator[Yielded]:
    samples: list[Sample] = []

    def take(row: Row) -> None:
        moment, value = instant(row.cells["timestamp"], file.context), measured(row.cells["bpm"])
        if value is None or row.cells.get("quality", "").lower() == "bad":
            file.left_out[BAD_QUALITY if value else say("heart rate of 0")] += 1
            if value:
                file.removed.add("heart_rate_bpm", BAD_QUALITY, source=SOURCE, day=moment.utc)
            return
        file.saw(moment.utc)
        samples.append(
            {**_sample("heart_rate_bpm", moment.utc, moment.utc, value), "tz_assumed": moment.is_assumed or None}
        )

    yield from file.each(take, rows, samples=samples)
    yield batch_of_rows("samples", file.number, samples)


def _workouts(file: TableFile, rows: Iterator[Row | Skipped]) -> Iterator[Yielded]:
    activities: list[Activity] = []
    instants: list[Instant] = []

    def take(row: Row) -> None:
        start, end = (instant(row.cells[name], file.context) for name in ("startdatetime", "enddatetime"))
        if not timedelta() <= end.utc - start.utc <= LONGEST:
            raise ValueError(row.cells["enddatetime"])
        energy, distance = amount(row.cells.get("calories")), measured(row.cells.get("distance"))
        instants.append(start)
        file.saw(end.utc)
        activities.append(
            {
                "source": SOURCE,
                "start_utc": start.utc,
                "end_utc": end.utc,
                "sport": row.cells.get("activity", "").lower()[:MAX_TEXT] or None,
                "distance_m": distance,
                "active_energy_kcal": energy,
                "tz_assumed": start.is_assumed or None,
            }
        )

    yield from file.each(take, rows)
    yield batch_of_rows("activities", file.number, activities)
    yield batch_of_rows("clock_offsets", file.number, offsets(SOURCE, instants))


def _rings(file: TableFile, rows: Iterator[Row | Skipped]) -> Iterator[Yielded]:
    devices: list[Device] = []

    def take(row: Row) -> None:
        moment = instant(row.cells["setupat"], file.context)
        devices.append(
            {
                "source": SOURCE,
                "time_utc": moment.utc,
                "manufacturer": "Oura",
                "product": row.cells.get("hardwaretype") or None,
                "firmware": row.cells.get("firmwareversion") or None,
            }
        )

    yield from file.each(take, rows)
    yield batch_of_rows("devices", file.number, devices)


# ---- tags ------------------------------------------------------------------------------------------------------------


def _tags(file: TableFile, rows: Iterator[Row | Skipped]) -> Iterator[Yielded]:
    massages: list[Massage] = []
    file.is_private = True
    for row in rows:
        if isinstance(row, Skipped):
            yield row
            continue
        labels = [label for name in TAG_NAMES for label in re.split(r'[\[\]",]+', row.cells.get(name, "")) if label]
        label = next((label for label in labels or [_comment(row)] if names_massage(label)), "")
        if not label:
            file.left_out[say("tag of something else than a massage")] += 1
            continue
        try:
            massage = _massage(file, row, label)
        except (KeyError, ValueError, OverflowError):
            yield file.unreadable(row, say("the time or date of this tag cannot be read"))
            continue
        massages.append(massage)
    number_places(massages)
    yield batch_of_rows("massages", file.number, massages)


TAG_NAMES = ("customname", "customtagname", "tagtypecode", "tags")


def _massage(file: TableFile, row: Row, label: str) -> Massage:
    """A tag as a massage; it is named by its time, since ids and rows change between exports."""
    begin = _first(row.cells, "starttime", "timestamp")
    start = instant(begin, file.context) if begin and len(begin) > len("2026-01-01") else None
    local, minutes = None, None
    if start:
        local = start.wall or clock.to_local(start.utc, file.context.zone_at(start.utc.date()))
        minutes = _minutes(start, _first(row.cells, "endtime"), file.context)
        file.saw(start.utc)
    return {
        "place": f"tag {begin or _first(row.cells, 'startday', 'day')}",
        "origin": "oura_export",
        "local_date": local.date() if local else _day(row, "startday", "day"),
        "start_local": local,
        "start_utc": None if start is None or start.is_assumed else start.utc,
        "massage_min": minutes,
        "technique": _technique(row, label),
        "status": "attended",
        "note": _comment(row)[:MAX_TEXT] or None,
    }


def _minutes(start: Instant, end: str | None, context: Context) -> float | None:
    """From the tag's start to its end; None where it ends where it starts, or a day later."""
    if not end:
        return None
    minutes = (instant(end, context).utc - start.utc) / timedelta(minutes=1)
    return minutes if 0 < minutes <= MAX_MASSAGE_MIN else None


def _technique(row: Row, label: str) -> str:
    own = _first(row.cells, "customname", "customtagname")
    words = re.sub(r"^tag_(?:generic_)?", "", label)
    return (own or " ".join(re.findall(r"[^\W_]+", words)))[:MAX_TEXT]


def _comment(row: Row) -> str:
    return _first(row.cells, "comment", "text") or ""


def _first(cells: Mapping[str, str], *names: str) -> str | None:
    """The first of some columns that is not empty."""
    return next((cells[name] for name in names if cells.get(name, "").lower() not in NO_VALUE), None)


# ---- JSON ------------------------------------------------------------------------------------------------------------

SECTION = re.compile(rb'"(?:sleep|activity|daily_activity|readiness|daily_readiness|daily_sleep)"\s*:\s*(?:\[|\{)')
ANSWER = re.compile(
    rb"(?:\xef\xbb\xbf)?\s*(?:(?P<envelope>\{\s*\"data\"\s*:\s*)\[\s*(?:\{|(?P<empty>\]\s*,\s*\"next_token\"))|\[\s*\{)"
)
KEY = re.compile(rb'"(\w{1,40})"\s*:')
DAY_COURSES = frozenset(("class5min", "equivalentwalkingdistance"))
OURAS = (b'"bedtime_start"', b'"summary_date"', b'"class_5_min"', b'"class_5min"', b'"non_wear', b'"contributors"')


def _is_json(head: bytes) -> bool:
    is_object = head.lstrip(BLANKS).startswith(b"{")
    return is_object and SECTION.search(head) is not None and any(name in head for name in OURAS)


def _json_file(file: TableFile, _: Iterator[Row | Skipped]) -> Iterator[Yielded]:
    try:
        content = json.loads(read_text(file.entry, MAX_JSON_BYTES))
    except (ValueError, RecursionError, UnreadableExportError):
        yield Skipped(file.number, "file", say("the file is cut short or damaged: download it again"))
        file.messages.append(say("could not be read"))
        return
    for section, reading in SECTIONS.items():
        items = content.get(section)
        items = items.get("data") if isinstance(items, dict) else items
        if isinstance(items, list) and items:
            yield from reading(file, _json_rows(file, section, items))
    unread = sorted(name for name in content if name not in SECTIONS)
    if unread:
        file.messages.append(say("never read: {names}", names=", ".join(unread)[:MAX_TEXT]))


def _kind_of_answer(head: bytes, match: "re.Match[bytes]") -> "Reading | str | None":
    """How an answer of the API is read, by the keys at its start: a day has its course before its steps."""
    if match["empty"]:
        return say("known and not needed: it holds no entries")
    names = {plain(name.decode(errors="replace")) for name in KEY.findall(head)}
    kind = _activity if names & DAY_COURSES and not names & {"bedtimestart"} else _kind_of_names(names)
    if not callable(kind):
        return kind
    mark = '"data"' if match["envelope"] else ""
    return lambda file, _: kind(file, _answer_rows(file, mark))


def _answer_rows(file: TableFile, mark: str) -> Iterator[Row | Skipped]:
    """The items of an answer one by one: a year of heart rates has tens of megabytes."""
    with file.entry.open() as stream:
        try:
            yield from _json_rows(file, "data", items_of(stream, mark))
        except CutShortError as error:
            file.is_partial = file.row_count > 0
            yield Skipped(file.number, say("after item {count}", count=file.row_count), error.message)


def _json_rows(file: TableFile, section: str, items: Iterable[object]) -> Iterator[Row | Skipped]:
    for position, item in enumerate(items, 1):
        file.row_count += 1
        if isinstance(item, dict):
            yield Row(f"{section} item {position}", {plain(name): _cell(value) for name, value in item.items()})
        else:
            yield Skipped(file.number, f"{section} item {position}", UNREADABLE, str(item)[:MAX_TEXT])


def _cell(value: object) -> str:
    if value is None:
        return ""
    return value.encode("utf-8", "replace").decode() if isinstance(value, str) else json.dumps(value)


# ---- which file is which ---------------------------------------------------------------------------------------------

Reading = Callable[[TableFile, Iterator[Row | Skipped]], Iterator[Yielded]]


class Kind(NamedTuple):
    """Of each group of headings a file of this kind has at least one, and how it is read or why it is not."""

    columns: Sequence[Sequence[str]]
    reading: Reading | str


SECTIONS: Mapping[str, Reading] = {
    "sleep": _sleep,
    "activity": _activity,
    "daily_activity": _activity,
    "heartrate": _heart_rate,
    "heart_rate": _heart_rate,
    "workout": _workouts,
    "enhanced_tag": _tags,
    "tag": _tags,
    "tags": _tags,
    "daily_spo2": _of_days({"spo2_mean_share": ("spo2percentage", PERCENT)}),
}
KINDS: Sequence[Kind] = (
    Kind([["bedtimestart"], ["bedtimeend"], ["totalsleepduration", "total", "sleepphase5min"]], _sleep),
    Kind([["day", "summarydate"], ["steps"], ["class5min", "nonweartime", "equivalentwalkingdistance"]], _activity),
    Kind([["timestamp"], ["bpm"], ["source"]], _heart_rate),
    Kind([["day"], ["spo2percentage"]], _of_days({"spo2_mean_share": ("spo2percentage", PERCENT)})),
    Kind(
        [["day"], ["stresshigh"], ["recoveryhigh"]],
        _of_days(
            {
                "stress_high_min": ("stresshigh", SECONDS_PER_MINUTE),
                "recovery_high_min": ("recoveryhigh", SECONDS_PER_MINUTE),
            }
        ),
    ),
    Kind([["tagtypecode"], ["day", "startday", "starttime"]], _tags),
    Kind([["day"], ["tags"], ["text"], ["timestamp"]], _tags),
    Kind([["startdatetime"], ["enddatetime"], ["activity"]], _workouts),
    Kind([["hardwaretype"], ["firmwareversion"], ["setupat"]], _rings),
    Kind([["startdatetime"], ["enddatetime"], ["type"], ["mood", "motioncount"]], OTHER),
    Kind(
        [["day"], ["score"], ["contributors", "contributorstiming", "contributorssleepbalance"]],
        say("known and not needed: scores; the nights and days themselves are read"),
    ),
    Kind([["day"], ["contributors"], ["level"]], OTHER),
    Kind([["day"], ["vascularage"]], OTHER),
    Kind([["day"], ["vo2max"]], OTHER),
    Kind([["day"], ["optimalbedtime"]], OTHER),
    Kind([["timestamp"], ["skintemp"]], OTHER),
    Kind([["timestamp"], ["stressvalue"], ["recoveryvalue"]], say("known and not needed: its scale is Oura's secret")),
    Kind([["timestamp"], ["level"], ["charging", "incharger"]], OTHER),
)
