"""Which days are built anew: those marked as dirty, widened by the context, in windows of bounded size."""

from bisect import bisect_right
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date, datetime, timedelta
from math import ceil
from typing import NamedTuple

import duckdb

from recovery.formats.records import SCHEMAS
from recovery.home.clock import ZoneOffset
from recovery.warehouse.connection import insert_rows
from recovery.warehouse.quoting import quote_all

ONE_DAY = timedelta(days=1)
CONTEXT_DAYS = 9  # no row of a windowed layer depends on a record further away than this
GAP_DAYS = 30  # between two windows are built with them: they cost less than another window
MOST_SPANS = 50  # of days, each asked for itself; of more, all days between the first and the last
SUBJECT_DAYS_PER_WINDOW = 800  # bounds the memory of a build, about 1.2 million minutes


class Window(NamedTuple):
    """Days of some subjects that are to be built anew; both dates count."""

    subjects: tuple[str, ...]
    first: date
    last: date


def mark_dirty(connection: duckdb.DuckDBPyConnection, subject: str, first: date, last: date) -> None:
    """Remembers that records of these days were added, changed or removed; call it in the transaction that does so."""
    connection.execute("insert into raw.dirty values (?, ?, ?)", [subject, first, last])


def mark_unpublished(connection: duckdb.DuckDBPyConnection, window: Window) -> None:
    """Remembers that these days were built since the last publication; call it in the transaction that does so."""
    rows = [(subject, window.first, window.last) for subject in window.subjects]
    insert_rows(connection, "raw.unpublished", rows)


def mark_all_dirty(connection: duckdb.DuckDBPyConnection) -> None:
    """Marks every day of which there is a record."""
    for table in SCHEMAS:
        column = time_column(table)
        connection.execute(
            f"insert into raw.dirty select subject, min({column})::date, max({column})::date"
            f" from raw.{table} group by subject"
        )


def mark_clocks_dirty(
    connection: duckdb.DuckDBPyConnection,
    before: Mapping[str, Sequence[ZoneOffset]],
    after: Mapping[str, Sequence[ZoneOffset]],
) -> None:
    """Marks the days of each person on which the clock is another one than before, where there are records around."""
    spans = [
        (subject, start.date() - ONE_DAY, end.date() + ONE_DAY)  # a day begins elsewhere before UTC's, or after
        for subject in sorted({*before, *after})
        for start, end in _differing(before.get(subject, ()), after.get(subject, ()))
    ]
    if not spans:
        return
    connection.execute("create or replace temp table changed_clocks (subject varchar, first_date date, last_date date)")
    connection.executemany("insert into changed_clocks values (?, ?, ?)", spans)
    for table in SCHEMAS:
        column = time_column(table)
        connection.execute(
            "insert into raw.dirty"
            " select subject, greatest(spans.first_date, min_date), least(spans.last_date, max_date)"
            f" from (select subject, min({column})::date as min_date, max({column})::date as max_date"
            f" from raw.{table} group by subject) as records"
            " inner join changed_clocks as spans using (subject)"
            " where spans.first_date <= max_date and spans.last_date >= min_date"
        )
    connection.execute("drop table changed_clocks")


def _differing(before: Sequence[ZoneOffset], after: Sequence[ZoneOffset]) -> Iterator[tuple[datetime, datetime]]:
    """The stretches of time over which two clocks differ, each as long as it lasts; where one is not known they do."""
    begun = None
    for moment in sorted({moment for piece in (*before, *after) for moment in (piece.start_utc, piece.end_utc)}):
        if _offset_at(before, moment) != _offset_at(after, moment):
            begun = begun or moment
        elif begun:
            yield begun, moment
            begun = None


def _offset_at(pieces: Sequence[ZoneOffset], moment: datetime) -> tuple[int, bool] | None:
    place = bisect_right(pieces, moment, key=lambda piece: piece.start_utc) - 1
    if place < 0 or pieces[place].end_utc <= moment:
        return None
    return pieces[place].offset_min, pieces[place].is_travel


def dirty_windows(connection: duckdb.DuckDBPyConnection) -> list[Window]:
    """The dirty days, widened by the context, as few windows of bounded size."""
    subjects_of: dict[tuple[date, date], list[str]] = {}
    spans_of_all = spans_of(connection, "raw.dirty", context_days=CONTEXT_DAYS, gap_days=GAP_DAYS)
    for subject, spans in sorted(spans_of_all.items()):
        for first, last in spans:
            for piece in _cut(first, last):
                subjects_of.setdefault(piece, []).append(subject)
    return [
        Window(tuple(group), first, last)
        for (first, last), subjects in sorted(subjects_of.items())
        for group in _groups(subjects, max(1, SUBJECT_DAYS_PER_WINDOW // ((last - first).days + 1)))
    ]


def spans_of(
    connection: duckdb.DuckDBPyConnection, table: str, *, context_days: int, gap_days: int
) -> dict[str, list[tuple[date, date]]]:
    """Of each subject the days of a table of days, widened by the context: first and last dates, in order.

    `table` is raw.dirty or raw.unpublished. Spans that lie at most `gap_days` apart are one.
    """
    spans: dict[str, list[tuple[date, date]]] = {}
    context, gap = timedelta(days=context_days), timedelta(days=gap_days)
    for subject, first, last in connection.execute(
        f"select subject, first_date, last_date from {table} order by all"
    ).fetchall():
        merged = spans.setdefault(subject, [])
        if merged and first - context <= merged[-1][1] + gap:
            merged[-1] = (merged[-1][0], max(merged[-1][1], last + context))
        else:
            merged.append((first - context, last + context))
    return spans


def built_days(connection: duckdb.DuckDBPyConnection) -> list[str]:
    """The days that were built since the last publication, as conditions of which each row meets one at most."""
    subjects_of: dict[tuple[date, date], list[str]] = {}
    for subject, pieces in spans_of(connection, "raw.unpublished", context_days=0, gap_days=1).items():
        for piece in pieces:
            subjects_of.setdefault(piece, []).append(subject)
    if len(subjects_of) > MOST_SPANS:
        first, last = min(first for first, _ in subjects_of), max(last for _, last in subjects_of)
        return [f"local_date between '{first}' and '{last}'"]
    return [
        f"subject in ({quote_all(subjects)}) and local_date between '{first}' and '{last}'"
        for (first, last), subjects in subjects_of.items()
    ]


def _cut(first: date, last: date) -> Iterator[tuple[date, date]]:
    """The days in pieces of at most `SUBJECT_DAYS_PER_WINDOW`, alike: the largest decides what memory a build takes."""
    until = last + ONE_DAY
    while first < until:
        count = (until - first).days
        following = first + timedelta(days=_size(count, SUBJECT_DAYS_PER_WINDOW))
        yield first, following - ONE_DAY
        first = following


def _groups(items: Sequence[str], most: int) -> Iterable[Sequence[str]]:
    size = _size(len(items), most)
    return (items[start : start + size] for start in range(0, len(items), size))


def _size(count: int, most: int) -> int:
    """Of parts as few and as alike as they can be, none larger than `most`, the size of the largest."""
    return ceil(count / ceil(count / most))


def time_column(table: str) -> str:
    """The column of a table of records that says when: its date, its start or its instant."""
    names = SCHEMAS[table].names
    return next(name for name in ("local_date", "start_utc", "time_utc") if name in names)
