"""The tables of an export: rows of text by heading, read as a stream, and what one file tells of itself.

Vendors write CSV with a BOM or without, with commas or semicolons, with a comma too many at the end of each row, with
lines of their own above the headings. Headings are compared without case and punctuation: `bedtime_start`,
`BedtimeStart` and `Bedtime start` are one.
"""

import csv
import io
import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from math import isfinite
from typing import NamedTuple

from recovery.formats.entries import Context, Entry
from recovery.formats.records import Batch, FileSummary, Skipped, batch
from recovery.home.clock import FIRST_UTC, LAST_UTC, is_place

MAX_LINE = 1 << 17  # characters; a night in steps of 30 s with its heart rate has some 15,000
MAX_SHOWN = 200
NOT_TOLD = frozenset(("", "null", "none", "nan", "n/a", "-"))
UNREADABLE = "a time or a number of this row cannot be read"


class Row(NamedTuple):
    """One row by its plain headings, and where it stands."""

    place: str
    cells: Mapping[str, str]


class Instant(NamedTuple):
    """A moment, and what the file told of the wall clock: NULL offset where it tells UTC or nothing."""

    utc: datetime
    offset_s: int | None
    is_assumed: bool  # neither offset nor UTC was told; the person's own zone was taken

    @property
    def wall(self) -> datetime | None:
        """What the wall clock showed; None where the file told UTC only."""
        return None if self.offset_s is None else self.utc + timedelta(seconds=self.offset_s)


def plain(heading: str) -> str:
    """A heading without case and punctuation."""
    return re.sub(r"[\W_]+", "", heading.casefold())


def headings(head: bytes, line: int = 0) -> list[str]:
    """The headings as told, of the line that holds them; [] where the bytes are no text or the line is cut."""
    if b"\0" in head:
        return []
    lines = head.decode("utf-8-sig", errors="replace").split("\n", line + 1)
    if len(lines) < line + 2:
        return []
    try:
        cells = next(csv.reader([lines[line]], delimiter=_delimiter(lines[line])), [])
    except csv.Error:
        return []
    return [cell.strip() for cell in cells]


def instant(text: str, context: Context) -> Instant:
    """A time in ISO form. Raises ValueError or OverflowError where it is none, or of no year we read."""
    stamp = datetime.fromisoformat(text.strip())
    offset = stamp.utcoffset()
    if offset is None:
        return Instant(within_years(context.to_utc(stamp)), None, True)
    seconds = int(offset.total_seconds())
    is_wall = not text.strip().endswith(("Z", "z")) and is_place(seconds)
    return Instant(within_years(stamp.astimezone(UTC).replace(tzinfo=None)), seconds if is_wall else None, False)


def within_years(time_utc: datetime) -> datetime:
    """The time itself, where an export can tell of it. Raises ValueError elsewhere."""
    if not FIRST_UTC < time_utc < LAST_UTC:
        raise ValueError(time_utc)
    return time_utc


def number(text: str | None) -> float | None:
    """A number, None where nothing is told. Raises ValueError where the cell says something else."""
    if text is None or text.strip().lower() in NOT_TOLD:
        return None
    value = float(text)
    if not isfinite(value):
        return None
    return value


def amount(text: str | None) -> float | None:
    """A number that cannot be negative, None where nothing is told. Raises ValueError elsewhere."""
    value = number(text)
    if value is not None and value < 0:
        raise ValueError(text)
    return value


def measured(text: str | None) -> float | None:
    """A number above zero: of a living body 0 is what devices write where they measured nothing."""
    return amount(text) or None


@dataclass
class File:
    """One file while it is read, and what is found out of it on the way."""

    number: int
    entry: Entry
    context: Context
    newest: datetime | None = None
    is_partial: bool = False
    is_private: bool = False  # its cells are not to be shown, not even those of a row that cannot be read
    row_count: int = 0
    left_out: Counter[str] = field(default_factory=Counter)
    messages: list[str] = field(default_factory=list)

    def saw(self, time_utc: datetime) -> None:
        """The newest moment told is the export's own date where nothing better tells it."""
        self.newest = max(self.newest or time_utc, time_utc)

    def unreadable(self, row: Row, reason: str = UNREADABLE) -> Skipped:
        return Skipped(self.number, row.place, reason, "" if self.is_private else _shown(row.cells))

    def rows(self, line: int = 0, encoding: str = "utf-8-sig") -> Iterator[Row | Skipped]:
        """The rows below the headings, which stand on `line`; a row that is too long or too short is skipped."""
        with self.entry.open() as stream, io.TextIOWrapper(stream, encoding, errors="replace", newline="") as text:
            for _ in range(line):
                text.readline(MAX_LINE)
            first = text.readline(MAX_LINE)
            delimiter = _delimiter(first)
            names = [plain(cell) for cell in next(csv.reader([first], delimiter=delimiter), [])]
            reader = csv.reader(iter(lambda: text.readline(MAX_LINE), ""), delimiter=delimiter)
            while True:
                place = f"row {line + 2 + reader.line_num}"
                try:
                    cells = next(reader, None)
                except csv.Error:
                    self.is_partial = True
                    yield Skipped(self.number, place, "the file is damaged here; what stands before was read")
                    return
                if cells is None:
                    return
                if not any(cell.strip() for cell in cells):
                    continue
                self.row_count += 1
                if len(cells) < len(names) or any(cell.strip() for cell in cells[len(names) :]):
                    told = f"this row has {len(cells)} cells, the headings {len(names)}"
                    shown = "" if self.is_private else delimiter.join(cells)[:MAX_SHOWN]
                    yield Skipped(self.number, place, told, shown)
                    continue
                yield Row(place, _by_name(names, cells))

    def batch(self, record: str, rows: Sequence[Mapping[str, object]]) -> Batch:
        """Rows as records of this file; a column that a row does not name is NULL in it."""
        names = dict.fromkeys(name for row in rows for name in row)
        columns: dict[str, object] = {name: [row.get(name) for row in rows] for name in names}
        return batch(record, {"file": [self.number] * len(rows), **columns})

    def told(self, exported_utc: datetime | None = None) -> FileSummary:
        """What the receipt says: what was left out, with counts."""
        counts = [f"left out: {count:,} x {reason}" for reason, count in sorted(self.left_out.items())]
        empty = [] if self.row_count or self.messages else ["holds no entries"]
        return FileSummary(
            self.number,
            exported_utc=exported_utc or self.newest,
            message="; ".join([*self.messages, *counts, *empty]),
            is_partial=self.is_partial,
        )


def note(told: list[Instant], moment: Instant) -> None:
    """Keeps a moment for `offsets` where it tells a date or an offset that the one before did not."""
    if not told or told[-1].offset_s != moment.offset_s or told[-1].utc.date() != moment.utc.date():
        told.append(moment)


def offsets(source: str, instants: Sequence[Instant]) -> list[dict[str, object]]:
    """Rows of `clock_offsets`: the first telling of each run of equal offsets of a day, and each change."""
    told: dict[tuple[object, int], datetime] = {}
    for moment in instants:
        if moment.offset_s is not None:
            key = (moment.utc.date(), moment.offset_s)
            told[key] = min(told.get(key, moment.utc), moment.utc)
    return [
        {"source": source, "time_utc": time_utc, "offset_s": offset_s}
        for (_, offset_s), time_utc in sorted(told.items(), key=lambda item: item[1])
    ]


def _by_name(names: Sequence[str], cells: Sequence[str]) -> dict[str, str]:
    """Cells by heading; of two columns of one name the first counts."""
    row: dict[str, str] = {}
    for name, cell in zip(names, cells, strict=False):
        row.setdefault(name, cell.strip())
    return row


def _delimiter(line: str) -> str:
    outside = re.sub(r'"[^"]*"', "", line)
    return max(",;\t", key=outside.count)


def _shown(cells: Mapping[str, str]) -> str:
    return "; ".join(cell for cell in cells.values() if cell)[:MAX_SHOWN]
