"""Cells that name more than one date: '2026-05-04, 2026-05-11', '4. und 11. Mai 2026', '25.-27.05.2026'.

A list of dates is as many rows. A range does not say on which of its days something took place: they are all unknown.
"""

import re
from collections.abc import Sequence
from datetime import date
from typing import NamedTuple

from recovery.formats.log_cells import MAX_CELL, Cell, NotReadableError, date_of, shown
from recovery.formats.log_sheet import Sheet, cell_of
from recovery.formats.log_table import Row
from recovery.formats.records import Dates
from recovery.words.say import say

MAX_RANGE_DAYS = 366

_SEPARATOR = re.compile(r"\s*[,;&+\n]\s*|\s+(?:and|und|et|y|e|en|og|i|sowie)\s+", re.IGNORECASE)
_DASH = re.compile(r"\s*[–—]\s*|\s+-\s+|(?<=\.)\s*-\s*|\s+(?:to|until|bis|al|au|tot|til)\s+", re.IGNORECASE)
_DAY_ALONE = re.compile(r"(\d{1,2})\.?")


class Expanded(NamedTuple):
    """The rows of a sheet, one date each; what was made several rows; the rows that name a range, by place."""

    sheet: Sheet
    listed: Sequence[str]  # 'row 3 (2 dates)'
    ranges: dict[str, Dates]


def one_date_each(sheet: Sheet, is_day_first: bool | None) -> Expanded:
    """A row for each date of a row that lists several."""
    column = "date" if "date" in sheet.columns else "start"
    rows: list[Row] = []
    listed: list[str] = []
    ranges: dict[str, Dates] = {}
    for row in sheet.rows:
        cell = cell_of(row, sheet, column)
        cells = dates_listed(cell, is_day_first)
        if between := range_of(cell, is_day_first):
            ranges[row.place] = between
        if not cells:
            rows.append(row)
            continue
        listed.append(say("{place} ({count} dates)", place=row.place, count=len(cells)))
        for number, text in enumerate(cells, 1):
            own = list(row.cells)
            own[sheet.columns[column]] = text
            place = row.place if number == 1 else say("{place}, date {number}", place=row.place, number=number)
            rows.append(row._replace(place=place, cells=own))
    return Expanded(sheet._replace(rows=rows), listed, ranges)


def dates_listed(cell: Cell, is_day_first: bool | None) -> list[str]:
    """The dates of a cell that lists two or more and nothing else, each as a cell of its own; [] for any other cell."""
    if not isinstance(cell, str) or len(cell) > MAX_CELL:
        return []
    pieces = [piece for piece in _SEPARATOR.split(cell) if piece.strip()]
    if len(pieces) < 2:
        return []
    found: list[str] = []
    following: date | None = None
    for piece in reversed(pieces):
        day = _day_in(piece, following, is_day_first)
        if day is None:
            return []
        found.append(day.isoformat() if _DAY_ALONE.fullmatch(piece.strip()) else piece)
        following = day
    return found[::-1] if len(set(found)) > 1 else []


def range_of(cell: Cell, is_day_first: bool | None) -> Dates | None:
    """The first and the last date of a cell that tells a range of days; None for any other cell."""
    if not isinstance(cell, str) or len(cell) > MAX_CELL or ":" in cell:
        return None
    pieces = _DASH.split(cell.strip())
    if len(pieces) != 2:
        return None
    last = _day_in(pieces[1], None, is_day_first)
    first = _day_in(pieces[0], last, is_day_first) if last else None
    if not first or not last or not 0 < (last - first).days <= MAX_RANGE_DAYS:
        return None
    return Dates(first, last)


def refuse_range(row: Row, sheet: Sheet) -> NotReadableError:
    """What to say of a row that names a range of days."""
    cell = cell_of(row, sheet, "date") or cell_of(row, sheet, "start")
    return NotReadableError(say("{cell!r} names several days; write one row for each date", cell=shown(cell)[:60]))


def _day_in(text: str, following: date | None, is_day_first: bool | None) -> date | None:
    """The date of a piece; of a day alone, that of the month of the date that follows it."""
    if (alone := _DAY_ALONE.fullmatch(text.strip())) and following:
        day = int(alone[1])
        return following.replace(day=day) if 0 < day < following.day else None
    try:
        return date_of(text.strip(), is_day_first).local_date
    except NotReadableError:
        return None
