"""Diaries and massages out of the rows of a table that recovery.toml maps.

Only the date of a row is essential: a value that cannot be read is left empty and told. Of several ratings of one day
the mean counts, of doses, visits and hours of rest the sum, of yes and no the last (of other treatment, days off,
illness and travel any yes); notes stand side by side. A row that names a person, under `client` and the like, is that
person's.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import NamedTuple

from recovery.formats.diary_scales import brought_to
from recovery.formats.export_table import NO_VALUE, Row, TableFile, plain
from recovery.formats.log_cells import (
    NotReadableError,
    clock_of,
    fold,
    is_clock,
    minutes_of,
    moment_of,
    none_as_zero,
    number_of,
    scale_of,
    within,
    yes_or_no,
)
from recovery.formats.log_days import dates_of_rows
from recovery.formats.log_headings import CLIENT_HEADINGS
from recovery.formats.log_rows import whose
from recovery.formats.mapped_mends import TableMends, fault_of_start
from recovery.formats.records import Batch, Dates, RecordName, Skipped, checked_rows
from recovery.home.mapped_columns import RATINGS, MappedColumn, MappedRows
from recovery.home.people import name_key
from recovery.home.table_mapping import TableMapping
from recovery.vocabulary.circumstances import CIRCUMSTANCES
from recovery.vocabulary.massages import MAX_MASSAGE_MIN, MIN_MASSAGE_MIN
from recovery.words.say import say

MAX_OF = {"doses": 100.0, "bed_rest_hours": 24.0, "doctor_visits": 20.0}
SUMMED = frozenset(MAX_OF)
TEXTS = frozenset(("medication", "note", "technique", "areas", "muscles", "therapist", "cause"))
DIARY_NAMES = {"doses": "medication_doses"}  # the record's name of a column, where it is another

CLIENTS = frozenset(plain(heading) for heading in CLIENT_HEADINGS)
MAX_OTHER = 12  # values of a column, in a receipt
LISTED = "|"  # between the things of a day in one cell, as trackers write them

Value = float | str | datetime


class When(NamedTuple):
    """When a row happened: the date, and of a time the wall clock and the instant where the table tells them."""

    local_date: date
    wall: datetime | None = None
    utc: datetime | None = None


@dataclass
class MappedLogs:
    """What the rows of one file say for the diary and the massages, gathered while it is read."""

    file: int
    mapping: TableMapping
    days: dict[date, dict[str, list[Value]]] = field(default_factory=dict)
    places: dict[date, list[str]] = field(default_factory=dict)
    massages: list[Mapping[str, object]] = field(default_factory=list)
    found: set[MappedRows] = field(default_factory=set)  # the kinds of rows of which there is one
    other: dict[str, dict[str, None]] = field(default_factory=dict)  # what the columns of `where` hold besides

    @property
    def kind(self) -> str:
        """The kind of log that the file is; one with massages covers days without any."""
        logs = {rows.log for rows in self.mapping.parts}
        return next((log for log in ("massages", "diary") if log in logs), "")

    def wants(self, row: Row) -> list[MappedRows]:
        """The kinds of rows that a row is of."""
        wanted = [rows for rows in self.mapping.parts if is_of(row, rows)]
        self.found.update(wanted)
        if not wanted:
            for heading in {heading for rows in self.mapping.parts for heading, _ in rows.where}:
                held = self.other.setdefault(heading, {})
                if len(held) < MAX_OTHER:
                    held.setdefault(same(row.cells[plain(heading)]))
        return wanted

    def take(self, row: Row, rows: MappedRows, when: When) -> Iterator[tuple[str, Skipped]]:
        """Keeps what a row says; yields the values that cannot be read, each with its heading."""
        unread: list[tuple[str, str, str]] = []
        values: dict[str, Value] = {}
        for column in rows.columns:
            cell = row.cells[plain(column.heading)]
            if cell.lower() in NO_VALUE - {"none"}:  # who writes none has none
                continue
            is_when = [column.heading] == [*self.mapping.start] and when.wall is not None
            try:
                values[column.metric] = when.wall if is_when and when.wall else self._value(cell, column, when)
            except NotReadableError as error:
                unread.append((column.heading, f"{column.heading} {cell[:60]!r} {error}", cell))
        is_kept = (
            self._keep_massage(row, rows, when, values) if rows.log == "massages" else self._keep(row, when, values)
        )
        is_massage_unknown = rows.log == "massages" and not is_kept and values.get("minutes") != 0
        unknown = Dates(when.local_date, when.local_date) if is_massage_unknown else None
        for heading, reason, cell in unread:
            yield heading, Skipped(self.file, row.place, reason, cell, is_kept, unknown=unknown)

    def diary(self) -> list[Mapping[str, object]]:
        """A record for each date."""
        return [
            {
                "place": _place(self.places[day]),
                "origin": "mapped_table",
                "local_date": day,
                **{DIARY_NAMES.get(name, name): _of_day(name, values) for name, values in columns.items()},
            }
            for day, columns in self.days.items()
        ]

    def messages(self) -> list[str]:
        """What is to be said of the file: kinds of rows that it does not have, days with several ratings."""
        found = [
            say("no row has {where} (there are {others})", where=_where(rows), others=self._others(rows))
            for rows in self.mapping.parts
            if rows.where and rows not in self.found
        ]
        several = sum(
            any(len(values) > 1 for name, values in columns.items() if name in RATINGS)
            for columns in self.days.values()
        )
        if several:
            found.append(say("the mean counts where a day has several ratings (days: {count:,})", count=several))
        return found

    def _others(self, rows: MappedRows) -> str:
        held = [value for heading, _ in rows.where for value in self.other.get(heading, {}) if value]
        return ", ".join(map(repr, held)) or say("no others")

    def _value(self, cell: str, column: MappedColumn, when: When) -> Value:
        metric = column.metric
        if metric in TEXTS:
            return cell
        if metric in RATINGS:
            return _rating(cell, column, {fold(word): number for word, number in self.mapping.words})
        if metric in ("start", "end"):
            return _time_on(when.local_date, cell)
        if metric == "could_do_daily_activities":
            return yes_or_no(cell)
        if metric in CIRCUMSTANCES:
            return yes_or_no(none_as_zero(cell))
        if metric == "minutes":
            minutes = minutes_of(cell) * column.factor
            return minutes and within(minutes, MIN_MASSAGE_MIN, MAX_MASSAGE_MIN)
        return within(number_of(none_as_zero(cell)) * column.factor, 0, MAX_OF[metric])

    def _keep(self, row: Row, when: When, values: Mapping[str, Value]) -> bool:
        for name, value in values.items():
            self.days.setdefault(when.local_date, {}).setdefault(name, []).append(value)
        if values and row.place not in self.places.setdefault(when.local_date, []):
            self.places[when.local_date].append(row.place)
        return bool(values)

    def _keep_massage(self, row: Row, rows: MappedRows, when: When, values: dict[str, Value]) -> bool:
        """Keeps a massage; none is one whose minutes are 0, and a row that nothing but the date makes one."""
        if values.get("minutes") == 0 or not (rows.where or values):
            return False
        start, end, minutes = values.pop("start", None), values.pop("end", None), values.pop("minutes", None)
        if isinstance(start, datetime) and isinstance(end, datetime) and minutes is None:
            length = ((end - start) / timedelta(minutes=1)) % (24 * 60)
            minutes = length if MIN_MASSAGE_MIN <= length <= MAX_MASSAGE_MIN else None
        if start is None and isinstance(end, datetime) and isinstance(minutes, float):
            start = end - timedelta(minutes=minutes)
        offset = when.wall - when.utc if when.wall and when.utc else None
        is_wall = isinstance(start, datetime) and offset is not None
        self.massages.append(
            {
                "place": row.place,
                "origin": "mapped_table",
                "local_date": when.local_date,
                "start_local": start,
                "start_utc": start - offset if is_wall and isinstance(start, datetime) and offset is not None else None,
                "massage_min": minutes,
                "status": "attended",
                **values,
            }
        )
        return True


class RowsOfPeople:
    """The rows of one table of diaries or massages: the records by person, and the rows that cannot be read."""

    def __init__(self, file: TableFile, mapping: TableMapping, when: Callable[[str], When], mends: TableMends) -> None:
        self.file = file
        self.mends = mends
        self.when = when  # of the date of a row as text; raises NotReadableError
        self.mapping = mapping
        self.own = MappedLogs(file.number, mapping)
        self.others: dict[str, MappedLogs] = {}  # of further people, whom the rows name
        self.dates: list[date | None] = []  # of each row that is meant
        self.lost: list[tuple[int, Skipped]] = []  # with its place in `dates`
        self.client: str | None = None  # the heading under which rows name a person

    def lose(self, skipped: Skipped, day: date | None = None) -> Iterator[Skipped]:
        """Yields a row that cannot be read, or keeps that of a massage until all dates are known."""
        if self.own.kind == "massages":
            self.lost.append((len(self.dates), skipped))
            self.dates.append(day)
        else:
            yield skipped

    def take(self, row: Row, written: str) -> Iterator[Skipped]:
        """Keeps what a row says; yields the values that cannot be read. `written` is its date as text."""
        wanted = self.own.wants(row)
        if not wanted:
            self.file.left_out[say("rows that recovery.toml does not name")] += 1
            return
        person = ""
        try:
            if self.client is None:
                self.client = client_heading(row.cells, self.mapping)
            person = whose(client_in(row, self.client), self.file.context)
            when = self.when(written)
        except NotReadableError as error:
            day = None
            with suppress(NotReadableError):
                day = self.when(written).local_date
            lost = self.file.unreadable(row, str(error))._replace(person=person)
            column = self.client if error.column == "client" else fault_of_start(row.cells, self.mapping)
            yield from self.lose(self.mends.with_row(lost, column or ""), day)
            return
        self.dates.append(when.local_date)
        logs = self.own
        if person != self.file.context.subject:
            logs = self.others.setdefault(person, MappedLogs(self.file.number, self.mapping))
        for rows in wanted:
            for heading, unread in logs.take(row, rows, when):
                yield self.mends.with_row(unread._replace(person=person), heading)

    def lost_rows(self) -> Iterator[Skipped]:
        """The rows of massages that could not be read, with the dates on which they may lie."""
        lie_on = dates_of_rows(self.dates)
        for number, skipped in self.lost:
            yield skipped._replace(unknown=lie_on[number])

    def batches(self) -> Iterator[Batch]:
        """The records of each person."""
        for person, logs in (("", self.own), *self.others.items()):
            found: dict[RecordName, list[Mapping[str, object]]] = {"diary": logs.diary(), "massages": logs.massages}
            for record, rows in found.items():
                if rows:
                    yield checked_rows(record, self.file.number, rows)._replace(person=person)


def client_heading(here: Iterable[str], mapping: TableMapping) -> str:
    """The heading, such as `client`, under which a table names a person; '' where it has none, or measures by it."""
    used = {plain(heading) for heading in mapping.headings}
    return next((heading for heading in here if heading in CLIENTS and heading not in used), "")


def client_in(row: Row, heading: str) -> str:
    """The person that a row names; '' where it names none."""
    cell = row.cells[heading].strip() if heading else ""
    return cell if name_key(cell) else ""


def is_of(row: Row, rows: MappedRows) -> bool:
    """True if a row has, under each heading of `where`, one of its values, or a list parted by | with one of them.

    Case and spaces do not count.
    """
    return all(
        {same(cell), *map(same, cell.split(LISTED))} & {same(value) for value in values}
        for heading, values in rows.where
        for cell in [row.cells[plain(heading)]]
    )


def same(text: str) -> str:
    """A text without case and with single spaces, as the values of `where` are compared."""
    return " ".join(text.casefold().split())


def _where(rows: MappedRows) -> str:
    return ", ".join(f"{heading} = {' / '.join(map(repr, values))}" for heading, values in rows.where)


def _rating(cell: str, column: MappedColumn, words: Mapping[str, float]) -> float:
    own = RATINGS[column.metric]
    told = column.scale or own
    low, high = min(told), max(told)
    word = words.get(fold(cell))
    value = scale_of(none_as_zero(cell), low, high) if word is None else within(word, low, high)
    return value if told == own else brought_to(value, told, own)


def _time_on(day: date, cell: str) -> datetime:
    """A time of day on a date, or the time of a date with one. Raises NotReadableError."""
    if is_clock(cell):
        return datetime.combine(day, clock_of(cell))
    moment = moment_of(cell, None)
    if moment.clock is None or moment.local_date != day:
        raise NotReadableError(say("is not a time of day; write it as 18:30"))
    return datetime.combine(day, moment.clock)


def _place(places: Sequence[str]) -> str:
    return places[0] if len(places) == 1 else say("{place} and {count} more", place=places[0], count=len(places) - 1)


def _of_day(name: str, values: Sequence[Value]) -> Value:
    """The value of a day by those of its rows."""
    numbers = [value for value in values if isinstance(value, float)]
    if name in TEXTS:
        return "; ".join(dict.fromkeys(str(value) for value in values))
    if name in SUMMED:
        return sum(numbers)
    if name in CIRCUMSTANCES:
        return max(numbers)
    return round(sum(numbers) / len(numbers), 6) if name in RATINGS else values[-1]
