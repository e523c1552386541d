"""The tables `hlth_center_*` of a Mi Fitness account (Xiaomi, Redmi), whose rows hold JSON.

What we know of it, from programs that read such exports and from what their authors measured:

- The zip has a password; it must be unpacked. `hlth_center_fitness_data` is what each device recorded, a row for each
  value: `Sid` is the device, `Key` says what it is, `Time` is in seconds of UTC, `Value` is JSON.
- Phone, watch and band give the same steps: each `Sid` is a source of its own, they are never added up. Rows of steps
  are of a minute, in some exports of half an hour: where all times of a device are full half hours, they are those.
- `hlth_center_aggregated_fitness_data` has what the app shows: of its rows tagged `daily_report` the steps, the way and
  the energy of movement are the source `mi_fitness`. `Time` is the midnight that begins the date, in UTC in some
  exports and in local time in others: each row says which.
- A night is from `bedtime` to `wake_up_time`; `Time` may be the end of its day. The pieces of a night number their
  stages in an order that programs do not agree on: of all orders the one whose minutes fit the minutes that the same
  row has of each stage counts, else 2 deep, 3 light, 4 REM, 5 awake. `timezone` counts quarters of an hour.
- The same value comes again when it was changed; the newest `UpdateTime` counts.
- Stress is Xiaomi's own score. Places, weight, names and settings are never read.
"""

import json
import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from itertools import chain, permutations
from typing import Any, NamedTuple

from recovery.formats.clock_offsets import FirstOffsets
from recovery.formats.entries import Claim, Context, Entry, Tree
from recovery.formats.export_table import Row, TableFile, headings, plain
from recovery.formats.json_values import JsonObject, instant_of, non_negative, positive_or_none
from recovery.formats.nights import stage_rows
from recovery.formats.records import (
    Activity,
    Batch,
    Sample,
    Skipped,
    SleepSession,
    SleepStage,
    Yielded,
    batch_of_rows,
    day_values,
)
from recovery.home.clock import is_place
from recovery.vocabulary.heart_rates import MAX_SENSOR_BPM, MIN_BPM
from recovery.words.say import say

LABEL = "Mi Fitness (Xiaomi account export)"
VERSION = 2
USES_LOCAL_TIME = True  # only dates of the daily reports

SOURCE = "mi_fitness"
AGAIN = say("steps of the same time told again")
NO_BEAT = 255  # of a moment in which the sensor found none
ROWS_PER_BATCH = 1 << 16
HALF_HOUR_S, MINUTE_S = 1800, 60
MANY_ROWS = 10  # so many full half hours are no chance
QUARTER_S = 900
SECOND = timedelta(seconds=1)
LONGEST = timedelta(hours=24)
MIN_OXYGEN, PERCENT = 50.0, 100.0
ACTIVE_KCAL_PER_STEP = (0.01, 0.09)  # 1,021 kcal of 35,052 steps; with the basal rate it is 0.2 and more
STAGE_NUMBERS = (2, 3, 4, 5)
USUAL_STAGES = ("deep", "light", "rem", "awake")
NIGHTS = {"sleep", "watch_night_sleep"}
NAPS = {"watch_daytime_sleep"}
EXPORTED = re.compile(r"(?:^|/)(20\d\d)(\d\d)(\d\d)_\d+_MiFitness_", re.IGNORECASE)
NAMED = re.compile(r"_MiFitness_\w+\.csv$", re.IGNORECASE)
NEVER = say("known and never read: of Xiaomi's tables only movement, heart, oxygen, sleep and activities are")
BROKEN = (KeyError, TypeError, ValueError, AttributeError, IndexError, OverflowError, RecursionError)


class Instant(NamedTuple):
    """A number of a heart or of oxygen."""

    source: str
    metric: str
    time_utc: datetime
    value: float


class Steps(NamedTuple):
    """Steps and distance of a device from a moment on."""

    updated: int
    steps: float
    distance_m: float | None


@dataclass
class Table:
    """One table while it is read, and what is found in it."""

    file: TableFile
    instants: list[Instant] = field(default_factory=list)
    steps: dict[tuple[str, int], Steps] = field(default_factory=dict)  # by source and second of UTC
    sessions: dict[tuple[str, str], SleepSession] = field(default_factory=dict)
    stages: dict[tuple[str, str], list[SleepStage]] = field(default_factory=dict)
    updated: dict[tuple[str, str], int] = field(default_factory=dict)  # of sessions
    offsets: FirstOffsets = field(default_factory=FirstOffsets)
    activities: list[Activity] = field(default_factory=list)
    days: dict[tuple[date, str], tuple[int, float]] = field(default_factory=dict)
    renumbered: int = 0

    def saw(self, source: str, time_utc: datetime, quarters: object) -> None:
        """Keeps the newest moment and, once a day, what the clock was ahead of UTC."""
        self.file.saw(time_utc)
        if isinstance(quarters, int) and not isinstance(quarters, bool) and is_place(quarters * QUARTER_S):
            self.offsets.add(source, time_utc, quarters * QUARTER_S)


Reading = Callable[[Table, Row, Any], None]


def claims(tree: Tree) -> Iterator[Claim]:
    """Tables with Xiaomi's headings wherever they lie, and all others that are named as theirs."""
    for entry in tree:
        if _kind(entry):
            yield Claim(entry.path)
        elif NAMED.search(entry.name):
            yield Claim(entry.path, not_needed=NEVER)


def read(files: Sequence[Entry], context: Context) -> Iterator[Yielded]:
    """Samples, sleep, activities, day values and offsets; each file ends with its summary."""
    for number, entry in enumerate(files):
        kind = _kind(entry)
        if kind is None:
            yield Skipped(number, "", say("this is not one of the tables of Mi Fitness that are read"))
            continue
        table = Table(TableFile(number, entry, context))
        for row in table.file.rows():
            if isinstance(row, Skipped):
                yield row
                continue
            try:
                kind(table, row, json.loads(row.cells["value"]))
            except BROKEN:
                yield Skipped(
                    number,
                    row.place,
                    say("this {get} has no time or value that can be read", get=row.cells.get("key", "")[:40]),
                )
            if len(table.instants) >= ROWS_PER_BATCH:
                yield _instants(table)
        yield from _records(table)
        yield table.file.summary(_exported(entry.path))


def _kind(entry: Entry) -> Reading | None:
    has = {plain(name) for name in headings(entry.head)}
    if not {"uid", "key", "time", "value", "updatetime"} <= has:
        return None
    if "tag" in has:
        return _daily_report
    return _activity if "category" in has else _fitness


# ---- what a row says -------------------------------------------------------------------------------------------------


def _fitness(table: Table, row: Row, value: Any) -> None:
    key = row.cells["key"]
    source = _source(row)
    moment = _moment(value.get("time") or row.cells["time"])
    if key in NIGHTS or key in NAPS:
        _session(table, row, source, value, is_nap=key in NAPS or value.get("is_nap") is True)
    elif key == "steps":
        table.saw(source, moment, value.get("timezone"))
        _steps(table, row, source, int(value.get("time") or row.cells["time"]), value)
    elif key in ("heart_rate", "resting_heart_rate"):
        metric = f"{key}_bpm"
        _instant(table, key, Instant(source, metric, moment, non_negative(value["bpm"])), MIN_BPM, MAX_SENSOR_BPM)
    elif key in ("spo2", "single_spo2"):
        instant = Instant(source, "spo2_share", moment, non_negative(value["spo2"]))
        _instant(table, key, instant, MIN_OXYGEN, PERCENT)
    else:
        table.file.left_out[say("{key} (not read)", key=key[:40])] += 1


def _instant(table: Table, key: str, instant: Instant, low: float, high: float) -> None:
    if low <= instant.value <= high:
        value = instant.value / PERCENT if instant.metric == "spo2_share" else instant.value
        table.instants.append(instant._replace(value=value))
        table.file.saw(instant.time_utc)
    else:
        reason = say("{key} that is no measurement", key=key)
        table.file.left_out[reason] += 1
        if instant.value not in (0, NO_BEAT):
            table.file.removed.add(instant.metric, reason, source=instant.source, day=instant.time_utc)


def _steps(table: Table, row: Row, source: str, second: int, value: JsonObject) -> None:
    distance = value.get("distance")
    steps = Steps(_updated(row), non_negative(value["steps"]), None if distance is None else non_negative(distance))
    older, newest = sorted((table.steps.get((source, second), steps), steps))
    if (source, second) in table.steps:
        table.file.left_out[AGAIN] += 1
        for metric, amount in (("steps", older.steps), ("distance_m", older.distance_m)):
            if amount:
                day = datetime.fromtimestamp(second, UTC)
                table.file.removed.add(metric, AGAIN, amount, source=source, day=day, fate="same")
    table.steps[source, second] = newest


def _session(table: Table, row: Row, source: str, value: JsonObject, *, is_nap: bool) -> None:
    pieces = [
        (
            _moment(item.get("start_time", item.get("start"))),
            _moment(item.get("end_time", item.get("end"))),
            item["state"],
        )
        for item in value.get("items") or []
    ]
    starts = [value[name] for name in ("bedtime", "device_bedtime", "bed_timestamp") if value.get(name)]
    ends = [value[name] for name in ("wake_up_time", "device_wake_up_time", "out_bed_timestamp") if value.get(name)]
    if not (starts and ends) and not pieces:
        table.file.left_out[say("sleep without its times")] += 1
        return
    start = _moment(starts[0]) if starts else min(piece[0] for piece in pieces)
    end = _moment(ends[0]) if ends else max(piece[1] for piece in pieces)
    if not start < end <= start + LONGEST or any(first > last for first, last, _ in pieces):
        raise ValueError(value)
    key = source, f"{'nap' if is_nap else 'night'} {start:%Y-%m-%dT%H:%M:%S}"
    if table.updated.get(key, -1) > _updated(row):
        return
    table.saw(source, start, value.get("timezone"))
    table.file.saw(end)
    table.updated[key] = _updated(row)
    minutes = {stage: value.get(f"sleep_{stage}_duration") for stage in USUAL_STAGES}
    table.sessions[key] = {
        "source": source,
        "session_key": key[1],
        "start_utc": start,
        "end_utc": end,
        "kind": "nap" if is_nap else None,
        "tz_assumed": False,
        "asleep_min": _asleep_min(value, minutes, (end - start) / timedelta(minutes=1)),
        "awake_min": positive_or_none(minutes["awake"]),
    }
    table.stages[key] = _stages(table, source, key[1], pieces, minutes)


def _asleep_min(value: JsonObject, minutes: JsonObject, length_min: float) -> float | None:
    """The sum of the stages; else the duration of the row, which includes being awake where it is the whole night."""
    stages = [positive_or_none(minutes[stage]) for stage in USUAL_STAGES if stage != "awake"]
    if any(stages):
        return sum(stage or 0.0 for stage in stages)
    duration = positive_or_none(value.get("duration"))
    if duration is None:
        return None
    return duration if duration < length_min - 1 else length_min - (positive_or_none(minutes["awake"]) or 0.0)


def _stages(
    table: Table,
    source: str,
    key: str,
    pieces: Sequence[tuple[datetime, datetime, Any]],
    minutes: JsonObject,
) -> list[SleepStage]:
    stages = _numbering(pieces, minutes)
    table.renumbered += tuple(stages.values()) != USUAL_STAGES
    unknown = sum(state not in stages for _, _, state in pieces)
    if unknown:
        table.file.left_out[say("piece of sleep of no known stage")] += unknown
    known = [(start, end, stages[state]) for start, end, state in pieces if state in stages and start < end]
    return list(stage_rows(source, key, known))


def _numbering(pieces: Sequence[tuple[datetime, datetime, Any]], minutes: JsonObject) -> dict[Any, str]:
    """Which number is which stage: the order that fits the minutes of the row best, the usual one where several do."""
    reported = {stage: positive_or_none(value) for stage, value in minutes.items()}
    if not any(reported.values()):
        return dict(zip(STAGE_NUMBERS, USUAL_STAGES, strict=True))
    lengths = {
        number: sum((end - start) / timedelta(minutes=1) for start, end, state in pieces if state == number)
        for number in STAGE_NUMBERS
    }

    def misfit(order: Sequence[str]) -> float:
        numbered = zip(STAGE_NUMBERS, order, strict=True)
        return round(sum(abs(lengths[number] - (reported[stage] or 0.0)) for number, stage in numbered), 3)

    best = min(permutations(USUAL_STAGES), key=misfit)  # the usual order is the first
    return dict(zip(STAGE_NUMBERS, best, strict=True))


def _activity(table: Table, row: Row, value: Any) -> None:
    start = _moment(value.get("start_time") or row.cells["time"])
    seconds = non_negative(value["duration"]) if value.get("duration") else 0.0
    end = _moment(value["end_time"]) if value.get("end_time") else start + timedelta(seconds=seconds)
    if not start < end <= start + LONGEST:
        raise ValueError(value)
    source = _source(row)
    table.saw(source, start, value.get("timezone"))
    table.file.saw(end)
    table.activities.append(
        {
            "source": source,
            "start_utc": start,
            "end_utc": end,
            "sport": row.cells["key"][:60],
            "steps": positive_or_none(value.get("steps")),
            "distance_m": positive_or_none(value.get("distance")),
        }
    )


def _daily_report(table: Table, row: Row, content: Any) -> None:
    if row.cells["tag"] != "daily_report" or row.cells["key"] != "steps":
        table.file.left_out[say("{tag} of {key} (not read)", tag=row.cells["tag"][:40], key=row.cells["key"][:40])] += 1
        return
    day = _date(table.file.context, int(row.cells["time"]))
    steps, distance = (non_negative(content.get(name) or 0) for name in ("steps", "distance"))
    energy = non_negative(content.get("calories") or 0)
    if not (steps or distance):
        table.file.left_out[say("day of no steps")] += 1
        return
    low, high = ACTIVE_KCAL_PER_STEP
    is_active = steps > 0 and low <= energy / steps <= high
    if energy and not is_active:
        table.file.left_out[say("energy that is not of movement alone")] += 1
    values = {"steps": steps, "distance_m": distance, "active_energy_kcal": energy if is_active else 0.0}
    for metric, value in values.items():
        if value:
            latest = (_updated(row), value)
            table.days[day, metric] = max(table.days.get((day, metric), latest), latest)
    table.file.saw_day(day)


def _date(context: Context, second: int) -> date:
    """The date that begins at a midnight, of the person's own zone or of UTC; else the local date of the moment."""
    moment = _moment(second)
    for day in (moment.date(), moment.date() + timedelta(days=1)):
        if context.to_utc(datetime.combine(day, time())) == moment:
            return day
    if moment.time() == time():
        return moment.date()
    behind = moment.time() <= time(12)  # midnight of a zone behind UTC comes after UTC's, of one ahead before it
    return moment.date() if behind else moment.date() + timedelta(days=1)


# ---- cells -----------------------------------------------------------------------------------------------------------


def _moment(seconds: object) -> datetime:
    """Seconds of UTC as an instant. Raises ValueError and the like where they are none."""
    return instant_of(seconds, SECOND)


def _updated(row: Row) -> int:
    return int(row.cells.get("updatetime") or 0)


def _source(row: Row) -> str:
    """The source named after the device: `mi_fitness:123456789`."""
    sid = re.sub(r"[^\w.-]+", "_", row.cells.get("sid", ""))[:40].strip("_")
    return f"{SOURCE}:{sid}" if sid and sid != "0" else SOURCE


# ---- records ---------------------------------------------------------------------------------------------------------


def _records(table: Table) -> Iterator[Batch]:
    number = table.file.number
    yield _instants(table)
    yield batch_of_rows("samples", number, _step_samples(table))
    yield batch_of_rows("sleep_sessions", number, table.sessions.values())
    yield batch_of_rows("sleep_stages", number, chain.from_iterable(table.stages.values()))
    yield batch_of_rows("activities", number, table.activities)
    days = ((day, metric, value) for (day, metric), (_, value) in sorted(table.days.items()))
    yield day_values(number, SOURCE, days)
    yield batch_of_rows("clock_offsets", number, table.offsets.rows())
    if table.renumbered:
        table.file.messages.append(
            say("nights whose stages are numbered in another order: {renumbered}", renumbered=table.renumbered)
        )


def _instants(table: Table) -> Batch:
    found, table.instants = table.instants, []
    return batch_of_rows(
        "samples",
        table.file.number,
        [
            {
                "source": instant.source,
                "metric": instant.metric,
                "start_utc": instant.time_utc,
                "end_utc": instant.time_utc,
                "value": instant.value,
            }
            for instant in found
        ],
    )


def _step_samples(table: Table) -> Iterator[Sample]:
    by_source: dict[str, list[int]] = {}
    for source, second in table.steps:
        by_source.setdefault(source, []).append(second)
    lengths = {
        source: HALF_HOUR_S
        if len(seconds) >= MANY_ROWS and all(second % HALF_HOUR_S == 0 for second in seconds)
        else MINUTE_S
        for source, seconds in by_source.items()
    }
    halves = sorted(source for source, length in lengths.items() if length == HALF_HOUR_S)
    if halves:
        table.file.messages.append(say("steps are taken to be of half an hour each: {names}", names=", ".join(halves)))
    for (source, second), reading in table.steps.items():
        start = _moment(second)
        for metric, value in (("steps", reading.steps), ("distance_m", reading.distance_m)):
            if value is not None:
                yield {
                    "source": source,
                    "metric": metric,
                    "start_utc": start,
                    "end_utc": start + timedelta(seconds=lengths[source]),
                    "value": value,
                }


def _exported(path: str) -> datetime | None:
    """The end of the day that stands in the file's name."""
    dates = EXPORTED.findall(path)
    if not dates:
        return None
    try:
        year, month, day = map(int, dates[-1])
        return datetime(year, month, day) + timedelta(days=1)  # noqa: DTZ001 - naive means UTC here
    except (ValueError, OverflowError):
        return None
