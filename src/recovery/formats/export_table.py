"""The tables of an export: rows of text by heading, read as a stream, and the summary of one file.

Vendors write CSV with a BOM or without, with commas or semicolons, with a comma too many at the end of each row, with
lines of their own above the headings. Headings are compared without case and punctuation: `bedtime_start`,
`BedtimeStart` and `Bedtime start` are one.
"""

import csv
import io
import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from math import isfinite
from typing import NamedTuple

from recovery.formats.clock_offsets import FirstOffsets
from recovery.formats.entries import Context, Entry
from recovery.formats.records import Batch, ClockOffset, FileSummary, Sample, Skipped, batch_of_rows
from recovery.formats.removed_numbers import RemovedNumbers
from recovery.formats.times import end_of_day, iso_time, naive_utc, within_years
from recovery.home.clock import is_place
from recovery.words.say import say

MAX_LINE = 1 << 17  # characters; a night in steps of 30 s with its heart rate has some 15,000
MAX_SHOWN = 200
DamagedTableError = csv.Error
ROWS_PER_BATCH = 1 << 16
NO_VALUE = frozenset(("", "null", "none", "nan", "n/a", "-"))
UNREADABLE = say("a time or a number of this row cannot be read")
SAVED_AGAIN = say(
    "a time or a number of this row cannot be read, as a spreadsheet saved this file again: put the file into the inbox"
    " as it was exported"
)
OF_A_SPREADSHEET = re.compile(r"\d{1,2}[/.]\d{1,2}[/.]\d{2,4}(?:\s+\d{1,2}[:.]\d\d.*)?|\d[.,]\d+E\+\d{2,3}|#{4,}")


class Row(NamedTuple):
    """One row by its plain headings, and where it stands."""

    place: str
    cells: Mapping[str, str]


class Instant(NamedTuple):
    """A moment, and the offset of the wall clock: None where the file gives UTC or no zone."""

    utc: datetime
    offset_s: int | None
    is_assumed: bool  # the file gives neither offset nor UTC; the person's own zone was taken
    local: datetime | None = None  # what the wall clock showed, where that is all that the file gives

    @property
    def wall(self) -> datetime | None:
        """What the wall clock showed; None where the file gives UTC only."""
        return None if self.offset_s is None else self.utc + timedelta(seconds=self.offset_s)


def plain(heading: str) -> str:
    """A heading without case and punctuation."""
    return re.sub(r"[\W_]+", "", heading.casefold())


def is_text(head: bytes) -> bool:
    """Whether bytes can be the start of a text in UTF-8; the last character may be cut."""
    try:
        head.decode("utf-8")
    except UnicodeDecodeError as error:
        return error.start >= len(head) - 3 and error.start > 0
    return bool(head.strip()) and b"\0" not in head


def headings(head: bytes, line: int = 0) -> list[str]:
    """The headings as written, of the line that holds them; [] where the bytes are no text or the line is cut."""
    if b"\0" in head:
        return []
    lines = head.decode("utf-8-sig", errors="replace").split("\n", line + 1)
    if len(lines) < line + 2:
        return []
    return [cell.strip() for cell in cells_of(lines[line], delimiter_of(lines[line]))]


def cells_of(line: str, delimiter: str = ",") -> list[str]:
    """The cells of one line as they stand; [] where it is empty or damaged."""
    try:
        return next(csv.reader([line], delimiter=delimiter), [])
    except csv.Error:
        return []


def rows_of(lines: Iterable[str], delimiter: str = ",") -> Iterator[list[str]]:
    """The rows of a text by its lines. Raises DamagedTableError."""
    return csv.reader(lines, delimiter=delimiter)


def instant(text: str, context: Context) -> Instant:
    """A time in ISO form. Raises ValueError or OverflowError where it is none, or of no year we read."""
    stamp = iso_time(text.strip())
    offset = stamp.utcoffset()
    if offset is None:
        return Instant(within_years(context.to_utc(stamp)), None, True, stamp)
    seconds = int(offset.total_seconds())
    is_wall = not text.strip().endswith(("Z", "z")) and is_place(seconds)
    return Instant(within_years(naive_utc(stamp)), seconds if is_wall else None, False)


def number(text: str | None) -> float | None:
    """A number, None where the cell is empty. Raises ValueError where it holds something else."""
    if text is None or text.strip().lower() in NO_VALUE:
        return None
    value = float(text)
    if not isfinite(value):
        return None
    return value


def amount(text: str | None) -> float | None:
    """A number that cannot be negative, None where the cell is empty. Raises ValueError elsewhere."""
    value = number(text)
    if value is not None and value < 0:
        raise ValueError(text)
    return value


def measured(text: str | None) -> float | None:
    """A number above zero: of a living body 0 is what devices write where they measured nothing."""
    return amount(text) or None


@dataclass
class TableFile:
    """One file while it is read, and what is found out of it on the way."""

    number: int
    entry: Entry
    context: Context
    newest: datetime | None = None
    is_partial: bool = False
    is_local_time: bool = False  # some of its times were local ones without an offset
    has_offsets: bool = False  # others told their offset
    is_private: bool = False  # its cells are not to be shown, not even those of a row that cannot be read
    row_count: int = 0
    left_out: Counter[str] = field(default_factory=Counter)
    messages: list[str] = field(default_factory=list)
    removed: RemovedNumbers = field(init=False)

    def __post_init__(self) -> None:
        self.removed = RemovedNumbers(self.number)

    def saw(self, time_utc: datetime) -> None:
        """Keeps the newest moment of the file: it is the export's own date where the file gives none."""
        self.newest = max(self.newest or time_utc, time_utc)

    def saw_day(self, day: date) -> None:
        """Keeps the end of a date as the newest moment."""
        self.saw(end_of_day(day, self.context))

    def unreadable(self, row: Row, reason: str = UNREADABLE) -> Skipped:
        """A row that cannot be read, shown unless its cells are private."""
        if reason == UNREADABLE and any(OF_A_SPREADSHEET.fullmatch(cell) for cell in row.cells.values()):
            reason = SAVED_AGAIN
        return Skipped(self.number, row.place, reason, "" if self.is_private else _shown(row.cells))

    def rows(
        self,
        line: int = 0,
        encoding: str = "utf-8-sig",
        *,
        is_padded: bool = False,
        mend: Callable[[str, Sequence[str], list[str]], list[str]] | None = None,
    ) -> Iterator[Row | Skipped]:
        """The rows below the headings, which stand on `line`; a row that is too long or too short is skipped.

        With `is_padded` the cells that a row lacks at its end are empty, since people leave them out, and words that
        stand beyond the last heading are left alone; a number there may be the rest of 5,7, and the row is skipped.
        `mend` gives the cells that are read, by the place, the headings and the cells that stand in the file.
        """
        with self.entry.open() as stream, io.TextIOWrapper(stream, encoding, errors="replace", newline="") as text:
            for _ in range(line):
                text.readline(MAX_LINE)
            first = text.readline(MAX_LINE)
            delimiter = delimiter_of(first)
            written = cells_of(first, delimiter)
            names = [plain(cell) for cell in written]
            reader = csv.reader(iter(lambda: text.readline(MAX_LINE), ""), delimiter=delimiter)
            while True:
                place = f"row {line + 2 + reader.line_num}"
                try:
                    cells = next(reader, None)
                except csv.Error:
                    self.is_partial = True
                    yield Skipped(self.number, place, say("the file is damaged here; what stands before was read"))
                    return
                if cells is None:
                    return
                if not any(cell.strip() for cell in cells):
                    continue
                self.row_count += 1
                cells = mend(place, written, cells) if mend else cells
                if is_padded:
                    cells += [""] * (len(names) - len(cells))
                    if not any(re.fullmatch(r"\s*\d+\s*", cell) for cell in cells[len(names) :]):
                        del cells[len(names) :]
                if len(cells) < len(names) or any(cell.strip() for cell in cells[len(names) :]):
                    reason = say(
                        "this row has {cells} cells, the headings {headings}", cells=len(cells), headings=len(names)
                    )
                    shown = "" if self.is_private else delimiter.join(cells)[:MAX_SHOWN]
                    yield Skipped(self.number, place, reason, shown)
                    continue
                yield Row(place, _by_name(names, cells))

    def each(
        self,
        take: Callable[[Row], None],
        rows: Iterable[Row | Skipped] | None = None,
        *,
        samples: list[Sample] | None = None,
        errors: tuple[type[Exception], ...] = (),
        reason: str = UNREADABLE,
    ) -> Iterator[Batch | Skipped]:
        """Gives each row of the file, or of `rows`, to `take`; skips the rows that are damaged or that it cannot read.

        A row cannot be read where `take` raises KeyError, ValueError, OverflowError or one of `errors`; so it should
        keep nothing before all of the row is understood. Many `samples` leave as a batch.
        """
        unreadable: tuple[type[Exception], ...] = (KeyError, ValueError, OverflowError, *errors)
        for row in self.rows() if rows is None else rows:
            if isinstance(row, Skipped):
                yield row
                continue
            try:
                take(row)
            except unreadable:
                yield self.unreadable(row, reason)
            if samples is not None and len(samples) >= ROWS_PER_BATCH:
                yield batch_of_rows("samples", self.number, samples)
                samples.clear()

    def summary(self, exported_utc: datetime | None = None) -> FileSummary:
        """What the receipt says: what was left out, with counts."""
        counts = [
            say("left out: {count:,} x {reason}", count=count, reason=reason)
            for reason, count in sorted(self.left_out.items())
        ]
        empty = [] if self.row_count or self.messages else [say("holds no entries")]
        return FileSummary(
            self.number,
            exported_utc=exported_utc or self.newest,
            message="; ".join([*self.messages, *counts, *empty]),
            is_partial=self.is_partial,
            removed=self.removed.rows(),
        )


def note(kept: list[Instant], moment: Instant) -> None:
    """Adds a moment to those kept for `offsets` where its date or its offset is not that of the last one."""
    if not kept or kept[-1].offset_s != moment.offset_s or kept[-1].utc.date() != moment.utc.date():
        kept.append(moment)


def offsets(source: str, instants: Sequence[Instant]) -> list[ClockOffset]:
    """Rows of `clock_offsets`: the first instant of each offset on each date in UTC, in order of time."""
    found = FirstOffsets()
    for moment in instants:
        found.add(source, moment.utc, moment.offset_s)
    return found.rows()


def _by_name(names: Sequence[str], cells: Sequence[str]) -> dict[str, str]:
    """Cells by heading; of two columns of one name the first counts."""
    row: dict[str, str] = {}
    for name, cell in zip(names, cells, strict=False):
        row.setdefault(name, cell.strip())
    return row


def delimiter_of(line: str) -> str:
    """What stands between the cells of a line of headings."""
    outside = re.sub(r'"[^"]*"', "", line)
    return max(",;\t", key=outside.count)


def _shown(cells: Mapping[str, str]) -> str:
    return "; ".join(cell for cell in cells.values() if cell)[:MAX_SHOWN]
