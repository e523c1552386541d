"""The CSV tables that Fitabase gives to studies of Fitbit wearers, one person in a file.

What we know of it, from the published files of Furberg et al. (Zenodo 53894) and Fitabase's dictionary:

- Every table begins with the column `Id`, the person's number in the study, and holds all persons of the study. Whose
  a row is only the folder can say here, so a file with several numbers is refused as a whole, with the command that
  splits it: `recovery map FILE --split Id`.
- Times are the wearer's wall clock without a zone, month first, with AM and PM; saved again by a spreadsheet they lose
  the seconds, or get the order of its country: the whole file decides.
- Minutes come one to a row (Narrow) or sixty to an hour (Wide); hours and minutes give the same steps, so that hours
  are a source of their own. Distances are kilometres.
- `minuteSleep`: 1 asleep, 2 restless, 3 awake, each of one minute; Fitbit counts restless as awake. A night is a
  `logId`. `sleepDay` sums up all sleep of the date: read only where it was one sleep. Rows are repeated.
- A day without steps and with 1440 sedentary minutes was not worn: no row here. Calories and METs hold the basal rate.
"""

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import date, datetime, timedelta
from typing import NamedTuple

import pyarrow as pa

from recovery.errors import UnreadableExportError
from recovery.formats import log_cells
from recovery.formats.entries import Claim, Context, Entry, Tree
from recovery.formats.export_table import Row, TableFile, amount, headings, plain
from recovery.formats.nights import Stretch, joined, stage_rows
from recovery.formats.records import (
    Batch,
    Skipped,
    SleepSession,
    Yielded,
    as_local_time,
    batch,
    batch_of_rows,
    day_values,
)
from recovery.formats.resaved import REMEDY, TO_THE_MINUTE, TableForm
from recovery.formats.times import local_of, within_years
from recovery.words.say import say

LABEL = say("Fitabase (CSV of a study, one person)")
VERSION = 3
USES_LOCAL_TIME = True
TABLE_FORM = TableForm(has_local_dates=True)

SOURCE = "fitabase"
TOLD_AGAIN = say("told again for the same date")
WITH_NAPS = say("date with naps, whose main sleep is not told")
HOURS = "fitabase:hours"  # give the same steps as the minutes
METRES_PER_KM = 1000.0
MINUTE = timedelta(minutes=1)
LONGEST = timedelta(days=2)
DAY_MIN = 1440.0
ROWS_PER_BATCH = 1 << 16
SLEEP_LEVELS = {1: "asleep", 2: "awake", 3: "awake"}
MODERATE, VIGOROUS = 2, 3  # of Fitbit's intensities 0 to 3
STAMP = re.compile(
    r"(\d{1,4})([/.-])(\d{1,2})\2(\d{1,4})(?:[ T](\d{1,2}):(\d{2})(?::(\d{2}))?(?:\s*([AaPp])\.?[Mm]\.?)?)?"
)
DAYS: Mapping[str, tuple[str, float]] = {  # as the other exports of Fitbit
    "TotalSteps": ("steps", 1.0),
    "StepTotal": ("steps", 1.0),
    "TotalDistance": ("distance_m", METRES_PER_KM),
    "SedentaryMinutes": ("sedentary_min", 1.0),
    "LightlyActiveMinutes": ("lightly_active_min", 1.0),
    "FairlyActiveMinutes": ("moderately_active_min", 1.0),
    "VeryActiveMinutes": ("vigorous_min", 1.0),
}
NEVER_READ = say("holds calories with the basal rate, or weight: not needed")
UNREADABLE = say("a date, a time or a number of this row cannot be read")

Sample = tuple[str, str, datetime, datetime, float]  # source, metric, start, end, value


class Kind(NamedTuple):
    """A table, known by its second column and one more."""

    name: str
    time: str
    column: str


KINDS = (
    Kind("days", "ActivityDate", "TotalSteps"),
    Kind("days", "ActivityDay", "StepTotal"),
    Kind("days", "ActivityDay", "SedentaryMinutes"),
    Kind("", "ActivityDay", "Calories"),
    Kind("hours", "ActivityHour", "StepTotal"),
    Kind("", "ActivityHour", "Calories"),
    Kind("", "ActivityHour", "TotalIntensity"),
    Kind("minutes", "ActivityMinute", "Steps"),
    Kind("intensities", "ActivityMinute", "Intensity"),
    Kind("", "ActivityMinute", "METs"),
    Kind("", "ActivityMinute", "Calories"),
    Kind("wide", "ActivityHour", "Steps00"),
    Kind("", "ActivityHour", "Intensity00"),
    Kind("", "ActivityHour", "Calories00"),
    Kind("heart", "Time", "Value"),
    Kind("sleep", "date", "value"),
    Kind("nights", "SleepDay", "TotalMinutesAsleep"),
    Kind("", "Date", "WeightKg"),
)


def claims(tree: Tree) -> Iterator[Claim]:
    """Tables that begin with `Id`, a time and what they give, by these three headings."""
    for entry in tree:
        kind = kind_of(entry.head)
        if kind:
            yield Claim(entry.path, "" if kind.name else NEVER_READ)


def kind_of(head: bytes) -> Kind | None:
    """Which table begins so; None where it is none of Fitabase's."""
    names = headings(head)
    if len(names) < 3 or names[0] != "Id":
        return None
    kind = next((kind for kind in KINDS if names[1] == kind.time and kind.column in names[2:]), None)
    if kind and kind.name == "sleep" and "logId" not in names:
        return None
    return kind


def read(files: Sequence[Entry], context: Context) -> Iterator[Yielded]:
    """Samples, nights and day values of each file of one person; it ends with its summary."""
    for number, entry in enumerate(files):
        kind = kind_of(entry.head)
        if kind is None:
            yield Skipped(number, "file", say("this is no table of Fitabase"))
            continue
        look = _looked_through(entry)
        if len(look.people) > 1:
            yield Skipped(
                number, "file",
                say("holds more than one person (column Id), and whose it is only a folder can say: split it "
"with: recovery map {name} --split Id", name=entry.name),
            )  # fmt: skip
            continue
        if kind.name == "heart" and look.is_cut_to_minutes:
            raise UnreadableExportError(
                say("A spreadsheet saved this file again, and cut the seconds off its times."), REMEDY
            )
        table = Table(number, entry, context, look.is_day_first)
        if kind.name == "sleep" and look.is_cut_to_minutes:
            table.messages.append(TO_THE_MINUTE)
        yield from map(as_local_time, READERS[kind.name](table))
        yield table.summary()


class Look(NamedTuple):
    """What must be known of a whole file before its first row is read."""

    people: frozenset[str]
    is_day_first: bool
    is_cut_to_minutes: bool = False


def _looked_through(entry: Entry) -> Look:
    """Whose file it is (two numbers are enough), and the order of its dates, which Fitabase writes month first."""
    people: set[str] = set()
    dates: set[str] = set()
    is_cut = False
    with entry.open() as stream:
        next(stream, b"")
        for line in stream:
            cells = line[:200].decode("utf-8", "replace").split(",", 2)
            if len(cells) > 1 and cells[0].strip('" \r\n'):
                people.add(cells[0].strip('" '))
                day, _, clock = cells[1].strip('" \r\n').partition(" ")
                dates.add(day)
                is_cut = is_cut or clock.count(":") == 1
            if len(people) > 1:
                return Look(frozenset(people), False)
    separators = {mark for day in dates for mark in "/.-" if mark in day}
    try:
        is_day_first = log_cells.day_first(sorted(dates))
    except UnreadableExportError:
        is_day_first = None
    # A spreadsheet that takes 3/5/2016 for the 3rd of May writes 03.05.2016, and leaves 3/27/2016 as it is.
    if (separators - {"/", "-"} and is_day_first is None) or len(separators) > 1:
        raise UnreadableExportError(
            say("A spreadsheet saved this file again, and its dates no longer tell the day from the month."), REMEDY
        )
    return Look(frozenset(people), is_day_first or False, is_cut)


class Table(TableFile):
    """One file while it is read, with the wall clock of its wearer."""

    def __init__(self, number: int, entry: Entry, context: Context, is_day_first: bool) -> None:
        super().__init__(number, entry, context)
        self.is_day_first = is_day_first
        self.minutes: dict[datetime, datetime] = {}  # of the wall clock, in UTC

    def wall(self, text: str) -> datetime:
        """What the wall clock showed. Raises ValueError."""
        found = STAMP.fullmatch(text.strip())
        if not found:
            raise ValueError(text)
        first, _, second, third = found.groups()[:4]
        if len(first) == 4:
            year, month, day = first, second, third
        else:
            year = third
            day, month = (first, second) if self.is_day_first else (second, first)
        hour = int(found[5] or 0)
        if found[8]:
            if not 1 <= hour <= 12:
                raise ValueError(text)
            hour = hour % 12 + (12 if found[8] in "Pp" else 0)
        if len(year) == 2:  # a spreadsheet's
            year = f"20{year}"
        return datetime(int(year), int(month), int(day), hour, int(found[6] or 0), int(found[7] or 0))  # noqa: DTZ001

    def day(self, text: str) -> date:
        """The date of a cell. Raises ValueError, also outside the years we read."""
        return within_years(self.wall(text) + MINUTE).date()

    def utc(self, wall: datetime) -> datetime:
        """The instant of a wall clock's time. Raises ValueError outside the years we read."""
        minute = wall.replace(second=0)
        if minute not in self.minutes:
            self.minutes[minute] = within_years(self.context.to_utc(minute))
        return self.minutes[minute] + timedelta(seconds=wall.second)

    def samples(self, rows: Sequence[Sample]) -> Batch:
        columns = zip(*rows, strict=True) if rows else ((), (), (), (), ())
        source, metric, start, end, value = (list(column) for column in columns)
        return batch(
            "samples",
            {
                "file": pa.repeat(self.number, len(rows)).cast(pa.int32()),
                "source": source,
                "metric": metric,
                "start_utc": start,
                "end_utc": end,
                "value": value,
            },
        )

    def assume(self) -> None:
        self.messages.append(say("its times carry no zone and are read as local time"))


def _series(table: Table, read_row: Callable[[Table, Mapping[str, str]], Iterator[Sample]]) -> Iterator[Yielded]:
    """Samples of a table whose rows stand alone; `read_row` gives those of one row."""
    table.assume()
    rows: list[Sample] = []
    for row in table.rows():
        if isinstance(row, Skipped):
            yield row
            continue
        try:
            found = list(read_row(table, row.cells))
        except (ValueError, OverflowError, KeyError):
            yield table.unreadable(row, UNREADABLE)
            continue
        for sample in found:
            table.saw(sample[3])
        rows += found
        if len(rows) >= ROWS_PER_BATCH:
            yield table.samples(rows)
            rows = []
    yield table.samples(rows)


def _required(text: str | None) -> float:
    """A number that must not be missing. Raises ValueError."""
    value = amount(text)
    if value is None:
        raise ValueError(text)
    return value


def _minute(table: Table, cells: Mapping[str, str]) -> Iterator[Sample]:
    start = table.utc(table.wall(cells["activityminute"]))
    yield SOURCE, "steps", start, start + MINUTE, _required(cells["steps"])


def _hour(table: Table, cells: Mapping[str, str]) -> Iterator[Sample]:
    start = table.utc(table.wall(cells["activityhour"]))
    yield HOURS, "steps", start, start + 60 * MINUTE, _required(cells["steptotal"])


def _wide(table: Table, cells: Mapping[str, str]) -> Iterator[Sample]:
    first = table.wall(cells["activityhour"])
    for number in range(60):
        start = table.utc(first + number * MINUTE)
        yield SOURCE, "steps", start, start + MINUTE, _required(cells[f"steps{number:02}"])


def _intensity(table: Table, cells: Mapping[str, str]) -> Iterator[Sample]:
    start = table.utc(table.wall(cells["activityminute"]))
    level = _required(cells["intensity"])
    if level not in (0, 1, MODERATE, VIGOROUS):
        raise ValueError(level)
    for metric, least in (("moderate_s", MODERATE), ("vigorous_s", VIGOROUS)):
        yield SOURCE, metric, start, start + MINUTE, 60.0 if level >= least else 0.0


def _beat(table: Table, cells: Mapping[str, str]) -> Iterator[Sample]:
    time = table.utc(table.wall(cells["time"]))
    if rate := _required(cells["value"]):
        yield SOURCE, "heart_rate_bpm", time, time, rate


def _days(table: Table) -> Iterator[Yielded]:
    """What Fitbit says of whole days; days that were not worn are left out."""
    known = {plain(heading): metric_and_factor for heading, metric_and_factor in DAYS.items()}
    time = "activitydate" if "activitydate" in map(plain, headings(table.entry.head)) else "activityday"
    found: dict[tuple[date, str], float] = {}

    def take(row: Row) -> None:
        day = table.day(row.cells[time])
        table.saw(datetime.combine(day, datetime.min.time()))
        values = {
            metric: value * per_unit
            for name, (metric, per_unit) in known.items()
            if (value := amount(row.cells.get(name))) is not None
        }
        if not values.get("steps") and values.get("sedentary_min") == DAY_MIN:
            table.left_out[say("day not worn")] += 1
        else:
            _keep(table, found, day, values)

    yield from table.each(take, reason=UNREADABLE)
    yield _day_values(table, found)


def _keep(table: Table, found: dict[tuple[date, str], float], day: date, values: Mapping[str, float]) -> None:
    """Keeps values of a date; what the same date told before is told again."""
    for metric, value in values.items():
        if (day, metric) in found:
            table.removed.add(metric, TOLD_AGAIN, found[day, metric], source=SOURCE, day=day, fate="same")
        found[day, metric] = value


def _nights(table: Table) -> Iterator[Yielded]:
    """Minutes asleep and in bed of dates with one sleep."""
    found: dict[tuple[date, str], float] = {}

    def take(row: Row) -> None:
        day = table.day(row.cells["sleepday"])
        sleeps = _required(row.cells["totalsleeprecords"])
        minutes = _required(row.cells["totalminutesasleep"]), _required(row.cells["totaltimeinbed"])
        table.saw(datetime.combine(day, datetime.min.time()))
        if sleeps == 1:
            _keep(table, found, day, {"asleep_min": minutes[0], "in_bed_min": minutes[1]})
        else:
            table.left_out[WITH_NAPS] += 1
            table.removed.add("asleep_min", WITH_NAPS, minutes[0], source=SOURCE, day=day)

    yield from table.each(take, reason=UNREADABLE)
    yield _day_values(table, found)


def _day_values(table: Table, found: Mapping[tuple[date, str], float]) -> Batch:
    return day_values(table.number, SOURCE, ((day, metric, value) for (day, metric), value in sorted(found.items())))


def _sleep(table: Table) -> Iterator[Yielded]:
    """Nights of minutes, by their logId."""
    table.assume()
    nights: dict[str, dict[datetime, str]] = {}

    def take(row: Row) -> None:
        start = table.utc(table.wall(row.cells["date"]))
        level = SLEEP_LEVELS[int(row.cells["value"])]
        table.saw(start + MINUTE)
        nights.setdefault(row.cells["logid"][:40], {})[start] = level

    yield from table.each(take, reason=UNREADABLE)
    for key in [key for key, minutes in nights.items() if max(minutes) - min(minutes) > LONGEST]:
        yield Skipped(table.number, f"logId {key}", say("no night lasts longer than two days"))
        del nights[key]
    stages = (
        row
        for key, minutes in nights.items()
        for row in stage_rows(
            SOURCE, key, joined(Stretch(start, start + MINUTE, level) for start, level in sorted(minutes.items()))
        )
    )
    sessions: list[SleepSession] = [
        {
            "source": SOURCE, "session_key": key, "start_utc": min(minutes), "end_utc": max(minutes) + MINUTE,
            "tz_assumed": True, "is_in_bed_recorded": True,
            "reported_start_local": local_of(min(minutes), table.context),
            "reported_end_local": local_of(max(minutes), table.context) + MINUTE,
        }
        for key, minutes in nights.items()
    ]  # fmt: skip
    yield batch_of_rows("sleep_sessions", table.number, sessions)
    yield batch_of_rows("sleep_stages", table.number, stages)


READERS: Mapping[str, Callable[[Table], Iterator[Yielded]]] = {
    "days": _days,
    "nights": _nights,
    "sleep": _sleep,
    "minutes": lambda table: _series(table, _minute),
    "hours": lambda table: _series(table, _hour),
    "wide": lambda table: _series(table, _wide),
    "intensities": lambda table: _series(table, _intensity),
    "heart": lambda table: _series(table, _beat),
}
