"""Health Auto Export's CSV (iOS): metrics, workouts, symptoms and states of mind, a file each.

What we know of it, from eight programs that read it:

- `HealthAutoExport-*.csv` and `HealthMetrics-*.csv`: one row a bucket, a column for each metric that the person chose,
  with its unit in brackets: `Active Energy (kJ)`, `Heart Rate [Avg] (count/min)`. On some phones headings are
  translated. Of heart rate the mean is read. An empty cell is nothing told, not 0.
- Its times are of the wall clock, without an offset; some phones write `04/05/2026 08:00`: which of the two is the day
  is decided by the whole column. How long a bucket is the times show (`formats.health_auto`).
- Numbers are Apple's own, of all devices together. Sleep is sums by the date on which the night ended, in rows of days
  only; `[Asleep]` is 0 on nights with stages.
- A workout has a row in `Workouts-*.csv`, to the minute. Beside it lie its own series in files of their own: of them
  only the heart rate is read, since the others are a part of what the day holds, and would be taken for all of it.
- `StateOfMind-*.csv` and `Symptoms-*.csv` have times with an offset. Doses of medication are left out, as in the JSON.
"""

import re
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import datetime, timedelta

from recovery.formats.apple import sources
from recovery.formats.apple.kinds import KCAL, METRES
from recovery.formats.entries import Claim, Context, Entry, Tree, claim_of
from recovery.formats.export_table import MAX_LINE, Row, TableFile, headings, number, plain
from recovery.formats.health_auto import DAY_S, MERGED, Series, Stamp, batches, moment, stamp
from recovery.formats.health_auto_headings import (
    DISTANCES,
    ENERGIES,
    SLEEP_PARTS,
    STEPS,
    TIMES,
    column_of,
    folded,
    metric_of,
)
from recovery.formats.massage_words import names_massage
from recovery.formats.records import Activity, DayValue, Sample, Skipped, Yielded, as_local_time, batch_of_rows
from recovery.formats.resaved import TableForm
from recovery.formats.sports import sport_named
from recovery.formats.symptoms import SeverityError, is_of_back, readings, severity_of
from recovery.formats.times import EPOCH, WallClock
from recovery.words.say import say

LABEL = "Health Auto Export (CSV)"
VERSION = 4
USES_LOCAL_TIME = True  # the times of metrics and workouts carry no offset
TABLE_FORM = TableForm(has_local_dates=True, has_semicolons=True, has_decimal_commas=True)
IS_REWRITTEN = True

SLEEP_METRICS = (("deep", "deep_min"), ("rem", "rem_min"), ("core", "light_min"), ("inbed", "in_bed_min"))
MINUTES_PER: Mapping[str, float] = {"hr": 60.0, "h": 60.0, "min": 1.0}
OF_A_WORKOUT = re.compile(r".+-.+-\d{8}_\d{6}\.csv", re.IGNORECASE)
DECIMAL_COMMA = re.compile(r"-?\d{1,3}(\.\d{3})*,\d+|-?\d+,\d+")
LOCAL = re.compile(r"(\d{1,2})[/.](\d{1,2})[/.](\d{4})[ ,]+(.+)")
MAX_SKIPPED = 1000
LONGEST_WORKOUT = timedelta(days=4)
MOST_MINUTES = 24 * 60.0
SERIES_OF_A_WORKOUT = say("known and not needed: a series of one workout, which the files of its day hold too")
DOSES = say("known and not read: doses of medication, of which it cannot be told what they are against")
NO_ORDER = say(
    "its dates may be day or month first, and no date of the file shows which: export more days, or choose JSON"
)
NO_LANGUAGE = say(
    "its headings name no metric that is needed, or are in a language that is not known here: choose JSON in Health"
    " Auto Export, whose names are the same on every phone"
)
BY_MINUTE = say("sleep by the hour or minute, which is no night: choose days, or JSON, in Health Auto Export")
MASSAGE = say("workouts that are named a massage, which are no movement")
OTHER_SYMPTOMS = say("symptoms of other parts of the body")
NO_SEVERITY = say("symptoms of the back without a severity")
GOOGLES = {"heartpoints", "heartminutes", "moveminutescount"}


def claims(tree: Tree) -> Iterator[Claim]:
    """The app's tables, by their headings."""
    for entry in tree:
        if claim := claim_of(entry, _kind(entry)):
            yield claim


def read(files: Sequence[Entry], context: Context) -> Iterator[Yielded]:
    """Samples, values of days and activities; each file ends with its summary."""
    for number_of_file, entry in enumerate(files):
        file = TableFile(number_of_file, entry, context)
        kind = _kind(entry)
        if not callable(kind):
            yield Skipped(number_of_file, "", say("this is not one of the tables of Health Auto Export that are read"))
            continue
        for item in kind(file):
            yield as_local_time(item) if file.is_local_time and not file.has_offsets else item
        yield file.summary()


def _kind(entry: Entry) -> "Callable[[TableFile], Iterator[Yielded]] | str | None":
    """How an entry is read, or why it is not needed; None where it is not of this app."""
    head = entry.head
    names = headings(head) or headings(head + b"\n")  # with all metrics the headings are longer than the head
    if not names:
        return None
    plains = [plain(name) for name in names]
    if plains[:3] == ["workouttype", "start", "end"]:
        return _workouts
    if {"start", "end", "kind", "valence"} <= set(plains):
        return _states_of_mind
    if {"start", "end", "severity"} <= set(plains) and {"name", "symptom", "type"} & set(plains):
        return _symptoms
    if {"date", "scheduleddate", "medication", "status"} <= set(plains):
        return DOSES
    if GOOGLES & set(plains):  # a table of Google Fit's days, whose headings have units too
        return None
    if folded(names[0]) not in TIMES:
        return _in_no_known_language if _is_named(entry) and any("(" in name for name in names) else None
    columns = [column_of(name) for name in names]
    is_ours = any(column.unit and metric_of(column) for column in columns)
    if is_ours and OF_A_WORKOUT.fullmatch(entry.name) and folded(column_of(names[1]).name) not in ("min", "avg", "max"):
        return SERIES_OF_A_WORKOUT
    if is_ours:
        return _metrics
    return _in_no_known_language if _is_named(entry) and any(column.unit for column in columns) else None


def _is_named(entry: Entry) -> bool:
    return entry.name.startswith(("HealthAutoExport", "HealthMetrics")) and entry.name.lower().endswith(".csv")


def _in_no_known_language(file: TableFile) -> Iterator[Yielded]:
    yield Skipped(file.number, "file", NO_LANGUAGE)


def _all_headings(entry: Entry) -> list[str]:
    with entry.open() as stream:
        return headings(stream.readline(MAX_LINE).rstrip(b"\r\n") + b"\n")


# ---- metrics ---------------------------------------------------------------------------------------------------------


class Clock:
    """The times of a column: ISO, or with day and month in an order that the whole column shows."""

    def __init__(self, file: TableFile, heading: str) -> None:
        self._file = file
        self._clock = WallClock(file.context)
        self._is_day_first: bool | None = None
        self.is_known = True
        firsts: list[tuple[int, int]] = []
        for row in file.rows():
            match = LOCAL.fullmatch(row.cells[heading]) if isinstance(row, Row) else None
            if isinstance(row, Row) and match is None and row.cells[heading]:
                break  # ISO
            if match:
                firsts.append((int(match[1]), int(match[2])))
        if firsts:
            orders = {first > 12 for first, second in firsts if (first > 12) != (second > 12)}
            self.is_known = len(orders) == 1
            self._is_day_first = orders.pop() if self.is_known else None

    def stamp(self, text: str) -> Stamp:
        """The moment of a cell. Raises ValueError where it is none."""
        match = None if self._is_day_first is None else LOCAL.fullmatch(text)
        if match:
            day, month = (match[1], match[2]) if self._is_day_first else (match[2], match[1])
            text = f"{match[3]}-{int(month):02}-{int(day):02} {match[4]}"
        at = stamp(text)
        if at.has_offset or text.endswith(("Z", "z")):
            self._file.has_offsets = True
            return at
        self._file.is_local_time = True
        utc = self._clock.utc(moment(at.wall_s))
        return Stamp(int((utc - EPOCH).total_seconds()), at.wall_s, False)


def _metrics(file: TableFile) -> Iterator[Yielded]:
    names = _all_headings(file.entry)
    time_name = plain(names[0])
    columns = {plain(name): column_of(name) for name in names[1:]}
    wanted = {name: metric for name, column in columns.items() if (metric := metric_of(column))}
    series = {name: Series(metric, columns[name].unit) for name, metric in wanted.items() if metric != "sleep"}
    clock = Clock(file, time_name)
    if not clock.is_known:
        yield Skipped(file.number, "file", NO_ORDER)
        return
    file.row_count = 0
    nights: list[tuple[int, dict[str, float]]] = []
    walls: list[int] = []
    unread: list[Skipped] = []

    def take(row: Row) -> None:
        at = clock.stamp(row.cells[time_name])
        walls.append(at.wall_s)
        night: dict[str, float] = {}
        for name, metric in wanted.items():
            try:
                value = _number(row.cells[name])
                if value is not None and metric == "sleep":
                    night[SLEEP_PARTS[columns[name].part]] = value * MINUTES_PER[columns[name].unit]
                elif value is not None:
                    series[name].add(at, value, 0)
            except (KeyError, ValueError, OverflowError):
                if len(unread) < MAX_SKIPPED:
                    unread.append(_unread(file, row, name))
        if any(night.values()):
            nights.append((at.wall_s, night))
        file.saw(moment(at.utc_s))

    yield from file.each(take)
    yield from unread
    notes: Counter[str] = Counter()
    yield from batches(file.number, list(series.values()), [MERGED], notes)
    is_of_days = all(wall % DAY_S == 0 for wall in walls)
    if is_of_days:
        yield batch_of_rows("day_values", file.number, [value for night in nights for value in _of_night(*night)])
    else:
        notes[BY_MINUTE] += len(nights)
    file.left_out.update({reason: count for reason, count in notes.items() if count})


def _of_night(wall_s: int, minutes: Mapping[str, float]) -> Iterator[DayValue]:
    """Sums of the night that ended on a date."""
    day = moment(wall_s).date()
    stages = sum(minutes.get(name, 0.0) for name in ("core", "deep", "rem"))
    asleep = minutes.get("total") or stages + minutes.get("asleep", 0.0)
    told = {"asleep_min": asleep, **{metric: minutes.get(name, 0.0) for name, metric in SLEEP_METRICS}}
    for metric, value in told.items():
        if 0 < value <= MOST_MINUTES or (value == 0 and stages and metric in ("deep_min", "rem_min", "light_min")):
            yield {"source": MERGED, "local_date": day, "metric": metric, "value": value}


def _number(text: str) -> float | None:
    """A number with a decimal point or comma; None of an empty cell. Raises ValueError where it is none."""
    if "," in text and DECIMAL_COMMA.fullmatch(text):
        text = text.replace(".", "").replace(",", ".")
    return number(text)


def _unread(file: TableFile, row: Row, name: str) -> Skipped:
    reason = say("the number in the column {name} cannot be read", name=name)
    return Skipped(file.number, row.place, reason, row.cells[name][:40], is_kept=True)


# ---- workouts, states of mind, symptoms ------------------------------------------------------------------------------


def _workouts(file: TableFile) -> Iterator[Yielded]:
    names = _all_headings(file.entry)
    columns = {plain(name): column_of(name) for name in names}
    clock = Clock(file, "start")
    if not clock.is_known:
        yield Skipped(file.number, "file", NO_ORDER)
        return
    file.row_count = 0
    activities: list[Activity] = []

    def total(row: Row, wanted: Sequence[str], units: Mapping[str, float]) -> float | None:
        for name, column in columns.items():
            if column.name in wanted and column.unit in units and (value := _number(row.cells[name])) is not None:
                if value < 0:
                    raise ValueError(value)
                return value * units[column.unit]
        return None

    def take(row: Row) -> None:
        name = row.cells["workouttype"]
        start, end = (moment(clock.stamp(row.cells[column]).utc_s) for column in ("start", "end"))
        if not timedelta() <= end - start <= LONGEST_WORKOUT:
            raise ValueError(row.cells["end"])
        if names_massage(name):
            file.left_out[MASSAGE] += 1
            return
        activity: Activity = {
            "source": MERGED,
            "start_utc": start,
            "end_utc": end,
            "sport": sport_named(name),
            "steps": total(row, STEPS, {"": 1.0, "count": 1.0, "steps": 1.0}),
            "distance_m": total(row, DISTANCES, METRES),
            "active_energy_kcal": total(row, ENERGIES, KCAL),
        }
        activities.append(activity)
        file.saw(start)

    yield from file.each(take)
    yield batch_of_rows("activities", file.number, activities)


def _states_of_mind(file: TableFile) -> Iterator[Yielded]:
    samples: list[Sample] = []

    def take(row: Row) -> None:
        at, valence = _moment(file, row.cells["start"]), _number(row.cells["valence"])
        if valence is None or not -1 <= valence <= 1:
            raise ValueError(row.cells["valence"])
        source = sources.APPLE + ":health"
        samples.append({"source": source, "metric": "mood_valence", "start_utc": at, "end_utc": at, "value": valence})
        file.saw(at)

    yield from file.each(take)
    yield batch_of_rows("samples", file.number, samples)


def _symptoms(file: TableFile) -> Iterator[Yielded]:
    samples: list[Sample] = []
    unread: list[Skipped] = []

    def take(row: Row) -> None:
        name = next(row.cells[column] for column in ("name", "symptom", "type") if column in row.cells)
        start, end = _moment(file, row.cells["start"]), _moment(file, row.cells["end"])
        if not is_of_back(name):
            file.left_out[OTHER_SYMPTOMS] += 1
            return
        try:
            severity = severity_of(row.cells["severity"])
        except SeverityError as error:
            reason = say("the severity {word!r} is in a language that is not known here", word=str(error)[:40])
            unread.append(Skipped(file.number, row.place, reason))
            return
        if severity is None:
            file.left_out[NO_SEVERITY] += 1
            return
        samples.extend(readings(sources.APPLE + ":health", start, end, severity))
        file.saw(start)

    yield from file.each(take)
    yield from unread
    yield batch_of_rows("samples", file.number, samples)


def _moment(file: TableFile, text: str) -> datetime:
    """A time with an offset; without one, of the wall clock. Raises ValueError where it is none."""
    at = stamp(text)
    if at.has_offset or text.endswith(("Z", "z")):
        file.has_offsets = True
        return moment(at.utc_s)
    file.is_local_time = True
    return file.context.to_utc(moment(at.wall_s))
