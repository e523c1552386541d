"""Samsung Health's personal data (`samsunghealth_NAME_STAMP/com.samsung.*.csv` and `jsons/`).

What we know of it, from seven real tables of one person (six years, four devices, two zones) and other people's
programs:

- The first line names the type (`com.samsung.shealth.sleep,6307003,11`), the second has the headings, each row ends
  with a comma too many. So a table is known whatever its file is called. A heading stands bare or behind the name of a
  type (`com.samsung.health.sleep.start_time`); the bare one counts before the other.
- Times are UTC, with `time_offset` (`UTC-0400`) beside. `day_time` is midnight of the local date as if it were UTC.
  Times outside the years we know stand for no time.
- Daily steps come once a device and once for all, `source_type` -2: only that one counts. In the real file each of
  1,968 dates has one. 0 of a date is no row: a phone was not carried. Steps by minutes come from each device for
  itself: each is a source (`samsung_health:DEVICE`), and the SQL lets one count.
- A row of sleep without `sleep_duration` is no night: a goal for bedtime, a time in bed that a phone guessed, or a
  night that was never finished (92 of 101 rows of the real file). `sleep_duration` is the whole length in minutes with
  waking: in the real file the stages add up to it, and those asleep to its `efficiency`. Where there are no stages,
  that product is taken as minutes asleep; without an efficiency the length. It begins with sleep, so that the time in
  bed is not known. Stages: 40001 awake, 40002 light, 40003 deep, 40004 REM. `sleep_combined` joins the same nights, and
  is not read.
- Heart rate, stress and oxygen are rows; where a row stands for a stretch of time, its minutes are in
  `jsons/TYPE/*/UUID.binning_data.json`, with milliseconds of UTC. Such a row is a reading in the middle of its stretch.
  Alerts of a high heart rate are no fair sample of it, and are not read.
- Of calories only those of activity are read. Places, names, weight, blood pressure, ECGs and food never are.
"""

import json
import re
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import date, datetime, time, timedelta
from typing import NamedTuple

from recovery.formats.entries import Claim, Context, Entry, Tree, claim_of
from recovery.formats.export_table import Instant, Row, TableFile, amount, headings, measured, note, offsets, plain
from recovery.formats.json_values import BLANKS
from recovery.formats.records import (
    Activity,
    Batch,
    Sample,
    Skipped,
    SleepSession,
    SleepStage,
    Yielded,
    batch,
    batch_of_rows,
    day_values,
)
from recovery.formats.times import EPOCH, iso_time, offset_s, time_as
from recovery.home import clock
from recovery.words.say import say

LABEL = "Samsung Health (personal data)"
VERSION = 2
USES_LOCAL_TIME = True  # days written as an instant, and the date in the file's name

SOURCE = "samsung_health"
OF_ONE_DEVICE = say("row of one device, which the one of all devices holds")
OLDER = say("older version of the same day")
HEADER_BYTES = 1 << 16
MAX_JSON_BYTES = 20_000_000  # a day of minutes has some 200 kB
ROWS_PER_BATCH = 1 << 16
LONGEST = timedelta(hours=48)
ALL_DEVICES = "-2"
PERCENT = 100.0
MILLIS_PER_MINUTE = 60_000.0
LOWEST_SPO2_SHARE = 0.5
STAGES = {"40001": "awake", "40002": "light", "40003": "deep", "40004": "rem"}
SPORTS = {
    "1001": "walking", "1002": "running", "11007": "cycling", "13001": "hiking", "13004": "mountain biking",
    "14001": "swimming", "15003": "cycling machine", "15004": "rowing machine", "15005": "treadmill",
    "15006": "elliptical trainer", "9002": "yoga", "9001": "pilates", "10007": "strength training",
}  # fmt: skip
META = re.compile(rb'(?:\xef\xbb\xbf)?"?com\.samsung\.(s?health(?:\.[\w-]+)+)"?,"?\d*')
JSON_FOLDER = re.compile(r"(?:^|/)jsons/com\.samsung\.s?health[\w.-]+/")
JSON_NAME = re.compile(r"\.(?:binning_data|[a-z_]+_data|source_info|achievement|sensing_status)\.json$")
STAMP = re.compile(r"(?:samsunghealth_[^/]*_|\.)(20\d{12})(?:/|\.csv$|\.zip)")
ZONE = re.compile(r"UTC([+-])(\d\d):?(\d\d)")
NO_TIME = say("row with a time that stands for none")

OTHER = say("known and not needed for movement, rest and sleep")
PRIVATE = say("known and never read: it holds nothing of movement, rest or sleep")
TWIN = say("known and not needed: other tables of the export hold the same, and once")


class Table(NamedTuple):
    """One table while it is read: its file, our names of its headings, and how many rows have their minutes in JSON."""

    file: TableFile
    names: Mapping[str, str]
    minutes_elsewhere: Counter[str]

    def rows(self) -> Iterator[Row | Skipped]:
        for row in self.file.rows(line=1):
            if isinstance(row, Skipped):
                yield row
            else:
                cells = {name: row.cells[heading] for name, heading in self.names.items() if heading in row.cells}
                yield Row(row.place, cells)


class Metric(NamedTuple):
    """A sample metric, and what one unit of Samsung's makes of it."""

    name: str
    per_unit: float = 1.0
    lowest: float = 0.0  # above which a value is a measurement


class NoTimeError(ValueError):
    """A time that stands for none."""


def claims(tree: Tree) -> Iterator[Claim]:
    """The tables wherever they lie, by their first line, and the JSON files beside them, by folder or name."""
    for entry in tree:
        if claim := claim_of(entry, _kind(entry)):
            yield claim


def read(files: Sequence[Entry], context: Context) -> Iterator[Yielded]:
    """Sleep, samples, day values, activities and offsets; each file ends with its summary."""
    bins: list[tuple[int, Sample]] = []
    has_minutes = any(_kind(entry) is _bins for entry in files if entry.name.endswith(".json"))
    for number, entry in enumerate(files):
        kind = _kind(entry)
        file = TableFile(number, entry, context)
        if kind is _bins:
            yield from _add_bins(file, bins)
            if len(bins) >= ROWS_PER_BATCH:
                yield _batch_of(bins)
                bins = []
        elif callable(kind):
            table = Table(file, _names(entry), Counter())
            yield from kind(table)
            if table.minutes_elsewhere and not has_minutes:
                file.messages.append(_without_minutes(table.minutes_elsewhere.total()))
        else:
            yield Skipped(number, "", say("this is not one of the Samsung Health files that are read"))
            continue
        yield file.summary(_exported(file))
    if bins:
        yield _batch_of(bins)


def _kind(entry: Entry) -> "Callable[[Table], Iterator[Yielded]] | str | None":
    """How an entry is read, or why it is not needed; None where it is not Samsung's."""
    if match := META.match(entry.head):
        name = match[1].decode().removeprefix("shealth.").removeprefix("health.")
        name = re.sub(r"\.\d+$", "", name)
        return TABLES.get(name) or (PRIVATE if name.startswith(PRIVATE_TYPES) else OTHER)
    if not entry.name.endswith(".json") or not entry.head.lstrip(BLANKS).startswith((b"[", b"{")):
        return None
    is_binning = re.search(rb'^\s*\[\s*\{[^}]*"start_time"\s*:', entry.head) and any(
        b'"%b"' % key.encode() in entry.head for key in BIN_METRICS
    )
    if is_binning and entry.name.endswith("binning_data.json"):
        return _bins
    if JSON_FOLDER.search(entry.path):
        return PRIVATE if "location" in entry.name or "exercise" in entry.path else OTHER
    return OTHER if re.match(r"[0-9a-f-]{36}\.", entry.name) and JSON_NAME.search(entry.name) else None


def _without_minutes(count: int) -> str:
    return say(
        "the minutes of {count:,} rows lie in files of the folder jsons, none of which was read with them: where it is"
        " missing, put the whole folder in that Samsung Health downloads (Settings > Download personal data)",
        count=count,
    )


def _names(entry: Entry) -> dict[str, str]:
    """The plain heading of each of our names: the bare one, else the first that ends with it behind a dot."""
    with entry.open() as stream:
        found = headings(stream.read(HEADER_BYTES), line=1)
    names: dict[str, str] = {}
    for heading in sorted(found, key=lambda heading: "." in heading):
        names.setdefault(heading.rpartition(".")[2], plain(heading))
    return names


def _exported(file: TableFile) -> datetime | None:
    """When the export was made, as the name of its folder or file says, on the local clock."""
    stamps = STAMP.findall(file.entry.path)
    try:
        return file.context.to_utc(time_as(stamps[-1], "%Y%m%d%H%M%S")) if stamps else None
    except (ValueError, OverflowError):
        return None


# ---- time ------------------------------------------------------------------------------------------------------------


def _instant(row: Row, name: str) -> Instant:
    """A time of a row, with the offset beside it. Raises NoTimeError for one that stands for none, else ValueError."""
    text = row.cells[name]
    try:
        wall = EPOCH + timedelta(milliseconds=int(text)) if text.lstrip("-").isdecimal() else iso_time(text)
    except OverflowError:
        raise NoTimeError(text) from None
    if wall.tzinfo is not None:
        raise ValueError(text)
    if not clock.FIRST_UTC < wall < clock.LAST_UTC:
        raise NoTimeError(text)
    zone = ZONE.fullmatch(row.cells.get("time_offset", ""))
    ahead_s = None if zone is None else offset_s(*zone.groups())
    return Instant(wall, ahead_s if ahead_s is not None and clock.is_place(ahead_s) else None, False)


def _span(row: Row) -> tuple[Instant, Instant]:
    start, end = _instant(row, "start_time"), _instant(row, "end_time")
    if not timedelta() <= end.utc - start.utc <= LONGEST:
        raise ValueError(row.cells["end_time"])
    return start, end


def _day(file: TableFile, text: str) -> date:
    """The local date of a `day_time`: midnight as if of UTC, in older exports midnight of the own zone."""
    moment = _instant(Row("", {"day": text}), "day").utc
    if moment.time() == time():
        return moment.date()
    return clock.to_local(moment, file.context.zone_at(moment.date())).date()


def _each(
    table: Table, reading: Callable[[Row], None], samples: list[Sample] | None = None
) -> Iterator[Batch | Skipped]:
    """Reads each row; what cannot be read is skipped, what has no time is counted. Many samples leave as a batch."""

    def take(row: Row) -> None:
        try:
            reading(row)
        except NoTimeError:
            table.file.left_out[NO_TIME] += 1

    yield from table.file.each(take, table.rows(), samples=samples)


# ---- days ------------------------------------------------------------------------------------------------------------


def _daily_trend(table: Table) -> Iterator[Yielded]:
    days: dict[date, tuple[str, float, float | None]] = {}

    def reading(row: Row) -> None:
        day, steps = _day(table.file, row.cells["day_time"]), amount(row.cells["count"])
        latest = (row.cells.get("update_time", ""), steps or 0.0, measured(row.cells.get("distance")))
        if row.cells["source_type"] != ALL_DEVICES:
            table.file.left_out[OF_ONE_DEVICE] += 1
            _told_again(table, day, latest, OF_ONE_DEVICE)
            return
        older, days[day] = sorted((days.get(day, latest), latest), key=lambda item: item[0])
        if older is not days[day]:
            _told_again(table, day, older, OLDER)

    yield from _each(table, reading)
    table.file.left_out[say("date with 0 steps, on which nothing was carried")] += sum(
        not day[1] for day in days.values()
    )
    table.file.left_out = +table.file.left_out
    values = [(day, "steps", steps) for day, (_, steps, _) in days.items() if steps]
    values += [(day, "distance_m", metres) for day, (_, steps, metres) in days.items() if steps and metres]
    yield _day_values(table, values)


def _told_again(table: Table, day: date, told: tuple[str, float, float | None], reason: str) -> None:
    _, steps, metres = told
    for metric, value in (("steps", steps), ("distance_m", metres)):
        if value:
            table.file.removed.add(metric, reason, value, source=SOURCE, day=day, fate="same")


def _of_days(columns: Mapping[str, Metric], *, is_zero_measured: bool = False) -> Callable[[Table], Iterator[Yielded]]:
    """Values of dates: for each column its metric; of several rows of a date the one that was changed last counts."""

    def read(table: Table) -> Iterator[Yielded]:
        days: dict[tuple[date, str], tuple[str, float]] = {}

        def reading(row: Row) -> None:
            day = _day(table.file, row.cells["day_time"])
            values = {metric: amount(row.cells.get(column)) for column, metric in columns.items()}
            for metric, value in values.items():
                if not value and not (is_zero_measured and value == 0):
                    table.file.left_out[
                        say("date with {value} {name}", value="0" if value == 0 else "no", name=metric.name)
                    ] += 1
                    continue
                latest = (row.cells.get("update_time", ""), value * metric.per_unit)
                older, days[day, metric.name] = sorted((days.get((day, metric.name), latest), latest))
                if older is not days[day, metric.name]:
                    table.file.removed.add(metric.name, OLDER, older[1], source=SOURCE, day=day, fate="same")

        yield from _each(table, reading)
        yield _day_values(table, [(day, metric, value) for (day, metric), (_, value) in days.items()])

    return read


def _day_values(table: Table, days: Sequence[tuple[date, str, float]]) -> Batch:
    for day, _, _ in days:
        table.file.saw_day(day)
    return day_values(table.file.number, SOURCE, days)


# ---- sleep -----------------------------------------------------------------------------------------------------------


def _sleep(table: Table) -> Iterator[Yielded]:
    sessions: list[SleepSession] = []
    instants: list[Instant] = []

    def reading(row: Row) -> None:
        length_min = measured(row.cells.get("sleep_duration"))
        if length_min is None:
            table.file.left_out[say("row without a duration of sleep, which is no night")] += 1
            return
        start, end = _span(row)
        efficiency = measured(row.cells.get("efficiency"))
        latency = amount(row.cells.get("sleep_latency"))
        if start.utc == end.utc:
            raise ValueError(row.cells["end_time"])
        instants.append(start)  # a night in which the clock changes has one offset, that of its start
        table.file.saw(end.utc)
        sessions.append(
            {
                "source": SOURCE,
                "session_key": row.cells["datauuid"],
                "start_utc": start.utc,
                "end_utc": end.utc,
                "tz_assumed": start.offset_s is None,
                "asleep_min": length_min * min(efficiency or PERCENT, PERCENT) / PERCENT,
                "latency_min": None if latency is None else latency / MILLIS_PER_MINUTE,
                "is_in_bed_recorded": False,  # it begins with the first minute asleep; the latency lies before
            }
        )

    yield from _each(table, reading)
    yield batch_of_rows("sleep_sessions", table.file.number, sessions)
    yield batch_of_rows("clock_offsets", table.file.number, offsets(SOURCE, instants))


def _stages(table: Table) -> Iterator[Yielded]:
    stages: list[SleepStage] = []

    def reading(row: Row) -> None:
        start, end = _span(row)
        table.file.saw(end.utc)
        stage = STAGES.get(row.cells["stage"], "unknown")
        key = row.cells["sleep_id"]
        if start.utc == end.utc or not key:
            table.file.left_out[say("stage of no length or of no night")] += 1
            return
        stages.append(
            {"source": SOURCE, "session_key": key, "start_utc": start.utc, "end_utc": end.utc, "stage": stage}
        )

    yield from _each(table, reading)
    yield batch_of_rows("sleep_stages", table.file.number, stages)


# ---- samples ---------------------------------------------------------------------------------------------------------


HEART = Metric("heart_rate_bpm")
OXYGEN = Metric("spo2_share", 1 / PERCENT, LOWEST_SPO2_SHARE)
STRESS = Metric("stress", lowest=-1.0)
BIN_METRICS: Mapping[str, Metric] = {
    "heart_rate": HEART,
    "spo2": OXYGEN,
    "score": STRESS,
    "rmssd": Metric("hrv_rmssd_ms"),
    "sdnn": Metric("hrv_sdnn_ms"),
}


def _readings(column: str, metric: Metric) -> Callable[[Table], Iterator[Yielded]]:
    """Readings at an instant, or in the middle of the stretch for which they stand."""

    def read(table: Table) -> Iterator[Yielded]:
        found: list[Sample] = []
        instants: list[Instant] = []

        def reading(row: Row) -> None:
            value = amount(row.cells[column])
            start = _instant(row, "start_time")
            end = _instant(row, "end_time") if row.cells.get("end_time") else start
            if not timedelta() <= end.utc - start.utc <= LONGEST:
                raise ValueError(row.cells["end_time"])
            note(instants, start)
            table.minutes_elsewhere[metric.name] += row.cells.get("binning_data", "").endswith(".json")
            if value is None or not value * metric.per_unit > metric.lowest:
                table.file.left_out[say("row of 0 or of nothing, which is no measurement")] += 1
                return
            middle = (start.utc + (end.utc - start.utc) / 2).replace(microsecond=0)
            table.file.saw(end.utc)
            found.append(_sample(SOURCE, metric.name, middle, middle, value * metric.per_unit))

        yield from _each(table, reading, found)
        yield batch_of_rows("samples", table.file.number, found)
        yield batch_of_rows("clock_offsets", table.file.number, offsets(SOURCE, instants))

    return read


def _amounts(columns: Mapping[str, str]) -> Callable[[Table], Iterator[Yielded]]:
    """Amounts of intervals: for each column its metric; each device is a source."""

    def read(table: Table) -> Iterator[Yielded]:
        found: list[Sample] = []
        instants: list[Instant] = []

        def reading(row: Row) -> None:
            values = {metric: amount(row.cells.get(column)) for column, metric in columns.items()}
            try:
                start, end = _span(row)
            except NoTimeError:
                for metric, value in values.items():
                    if value:
                        table.file.removed.add(metric, NO_TIME, value, source=SOURCE, fate="outside")
                raise
            note(instants, start)
            table.file.saw(end.utc)
            device = re.sub(r"\W+", "", row.cells.get("deviceuuid", ""))[:40]
            source = f"{SOURCE}:{device}" if device else SOURCE
            found.extend(
                _sample(source, metric, start.utc, end.utc, value)
                for metric, value in values.items()
                if value is not None
            )

        yield from _each(table, reading, found)
        yield batch_of_rows("samples", table.file.number, found)
        yield batch_of_rows("clock_offsets", table.file.number, offsets(SOURCE, instants))

    return read


def _sample(source: str, metric: str, start: datetime, end: datetime, value: float) -> Sample:
    return {"source": source, "metric": metric, "start_utc": start, "end_utc": end, "value": value}


def _exercise(table: Table) -> Iterator[Yielded]:
    activities: list[Activity] = []
    instants: list[Instant] = []

    def reading(row: Row) -> None:
        start, end = _span(row)
        instants.append(start)
        table.file.saw(end.utc)
        kind = row.cells.get("exercise_type", "")
        activities.append(
            {
                "source": SOURCE,
                "start_utc": start.utc,
                "end_utc": end.utc,
                "sport": SPORTS.get(kind, f"type {kind}"[:40] if kind else None),
                "distance_m": measured(row.cells.get("distance")),
                "active_energy_kcal": measured(row.cells.get("calorie")),
            }
        )

    yield from _each(table, reading)
    yield batch_of_rows("activities", table.file.number, activities)
    yield batch_of_rows("clock_offsets", table.file.number, offsets(SOURCE, instants))


# ---- JSON ------------------------------------------------------------------------------------------------------------


def _bins(table: Table) -> Iterator[Yielded]:
    raise NotImplementedError(table)  # the files are many and small: `read` gathers them


def _add_bins(file: TableFile, bins: list[tuple[int, Sample]]) -> Iterator[Skipped]:
    """The minutes of one JSON file, added to those of the files before."""
    try:
        if file.entry.size > MAX_JSON_BYTES:
            raise ValueError(file.entry.size)
        elements = json.loads(file.entry.read())
        if not isinstance(elements, list):
            raise TypeError(elements)
    except (ValueError, TypeError, RecursionError):
        file.messages.append(say("could not be read"))
        yield Skipped(file.number, "file", say("the file is cut short or damaged: download it again"))
        return
    for position, item in enumerate(elements, 1):
        file.row_count += 1
        try:
            bins.extend((file.number, sample) for sample in _minute(file, item))
        except NoTimeError:
            file.left_out[NO_TIME] += 1
        except (KeyError, ValueError, TypeError, AttributeError, OverflowError):
            yield Skipped(
                file.number, f"item {position}", say("a time or a number of this item cannot be read"), str(item)
            )


def _minute(file: TableFile, item: Mapping[str, object]) -> Iterator[Sample]:
    start = _instant(Row("", {"start_time": str(item["start_time"])}), "start_time").utc
    file.saw(start)
    for key, metric in BIN_METRICS.items():
        value = amount(str(item[key])) if key in item else None
        if value is not None and value * metric.per_unit > metric.lowest:
            yield _sample(SOURCE, metric.name, start, start, value * metric.per_unit)


def _batch_of(bins: Sequence[tuple[int, Sample]]) -> Batch:
    """Samples of many files, each with the number of its file."""
    return batch(
        "samples",
        {
            "file": [number for number, _ in bins],
            "source": [sample["source"] for _, sample in bins],
            "metric": [sample["metric"] for _, sample in bins],
            "start_utc": [sample["start_utc"] for _, sample in bins],
            "end_utc": [sample["end_utc"] for _, sample in bins],
            "value": [sample["value"] for _, sample in bins],
        },
    )


# ---- which table is which --------------------------------------------------------------------------------------------

TABLES: Mapping[str, Callable[[Table], Iterator[Yielded]] | str] = {
    "step_daily_trend": _daily_trend,
    "tracker.pedometer_step_count": _amounts({"count": "steps", "distance": "distance_m"}),
    "step_count": _amounts({"count": "steps", "distance": "distance_m"}),
    "floors_climbed": _amounts({"floor": "floors"}),
    "tracker.floors_day_summary": _of_days({"floor_count": Metric("floors")}, is_zero_measured=True),
    "calories_burned.details": _of_days(
        {"active_calorie": Metric("active_energy_kcal"), "active_time": Metric("moving_min", 1 / MILLIS_PER_MINUTE)}
    ),
    "sleep": _sleep,
    "sleep_stage": _stages,
    "tracker.heart_rate": _readings("heart_rate", HEART),
    "heart_rate": _readings("heart_rate", HEART),
    "stress": _readings("score", STRESS),
    "tracker.oxygen_saturation": _readings("spo2", OXYGEN),
    "oxygen_saturation": _readings("spo2", OXYGEN),
    "respiratory_rate": _readings("average", Metric("respiration_rate")),
    "exercise": _exercise,
    "sleep_combined": TWIN,
    "sleep_data": TWIN,
    "tracker.pedometer_day_summary": TWIN,
    "activity.day_summary": TWIN,
    "alerted_heart_rate": say("known and not needed: alerts of a high heart rate are no fair sample of it"),
    "hrv": say("known and not needed: its numbers are in the JSON files beside"),
}
PRIVATE_TYPES = (
    "user_profile", "social", "ecg", "electrocardiogram", "blood_pressure", "tracker.blood_pressure", "weight",
    "height", "cycle", "food", "nutrition", "medication", "exercise.location", "service_preferences", "preferences",
)  # fmt: skip
