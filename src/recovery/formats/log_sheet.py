"""One table that is a log, and what the cells of its columns say."""

from collections.abc import Callable, Mapping, Sequence
from typing import NamedTuple, TypeVar

from recovery.formats.log_cells import Cell, NotReadableError, shown
from recovery.formats.log_table import Row
from recovery.words.say import say

Said = TypeVar("Said")
_EXAMPLES = 5  # of a kind, in a receipt


class Sheet(NamedTuple):
    """One table that is a log: which one, where each column stands, and its rows below the headings."""

    kind: str
    columns: Mapping[str, int]
    rows: Sequence[Row]
    unused: Sequence[str]  # headings we do not know
    names: Sequence[str] = ()  # all headings, by position
    message: str = ""  # what was added to its rows
    is_date_made: bool = False  # a column is a date made of year, month and day
    title: str = ""  # of the sheet in a workbook
    says_no: bool = False  # its column `taken` says no for some day


class Unread(NamedTuple):
    """A value of a row that cannot be read, and why: it is left empty, and the row stays."""

    reason: str
    value: str
    column: str = ""  # of the log


def cell_of(row: Row, sheet: Sheet, column: str) -> Cell:
    """The cell of a column in a row; None where the row is too short, the column missing or the cell empty."""
    position = sheet.columns.get(column)
    if position is None or position >= len(row.cells):
        return None
    cell = row.cells[position]
    return None if cell == "" else cell


def text_in(row: Row, sheet: Sheet, column: str) -> str | None:
    """A cell as text; None where it is empty."""
    return shown(cell_of(row, sheet, column)) or None


def number_in(
    row: Row, sheet: Sheet, column: str, meaning: Callable[[Cell], float], unread: list[Unread]
) -> float | None:
    """A cell as a number; None where it is empty, and where it cannot be read, which is added to `unread`."""
    cell = cell_of(row, sheet, column)
    return None if cell is None else or_unread(unread, column, cell, meaning)


def or_unread(unread: list[Unread], column: str, cell: Cell, meaning: Callable[[Cell], Said]) -> Said | None:
    """What a cell says; None where it cannot be read, which is added to `unread`."""
    try:
        return said(column, cell, meaning)
    except NotReadableError as error:
        unread.append(Unread(str(error), shown(cell), column))
        return None


def said(column: str, cell: Cell, meaning: Callable[[Cell], Said]) -> Said:
    """What a cell says. Raises NotReadableError with the column and what the cell holds."""
    try:
        return meaning(cell)
    except NotReadableError as error:
        raise NotReadableError(f"{column} {shown(cell)[:60]!r} {error}", column) from None


def first_of(examples: Sequence[str]) -> str:
    """'one, two and 3 more': the first few of some examples, each once."""
    listed = list(dict.fromkeys(examples))
    shown_first = ", ".join(listed[:_EXAMPLES])
    if len(listed) <= _EXAMPLES:
        return shown_first
    return say("{examples} and {count:,} more", examples=shown_first, count=len(listed) - _EXAMPLES)
