"""Several tables below each other in one text or sheet: each has headings of its own, and its rows are read by them."""

from collections.abc import Sequence
from itertools import pairwise

from recovery.formats.log_cells import fold, is_date, shown
from recovery.formats.log_headings import COLUMNS, WEAK_NAMES
from recovery.formats.log_table import Row, Table

MIN_KNOWN_SHARE = 0.5  # of the cells of a row of headings


def _folded(synonyms: str, column: str) -> set[str]:
    return {fold(name) for name in (column, column.replace("_", " "), *synonyms.split("|"))}


_DATES = {name for columns in COLUMNS.values() for name in _folded(columns["date"], "date")}
_WORDS = {
    name
    for columns in (*COLUMNS.values(), *WEAK_NAMES.values())
    for column, names in columns.items()
    for name in _folded(names, column)
}


def pieces(table: Table) -> list[Table]:
    """The table itself, or the tables that stand in it below each other.

    A row that holds a heading of a date among headings begins another table where a row above it did so with other
    headings; a line alone above it is its title, and goes with it.
    """
    starts: list[int] = []
    first: list[str] = []
    for number, row in enumerate(table.rows):
        words = _headings(row)
        if not words:
            continue
        if not first:
            first = words
        elif words != first:
            starts.append(number - (number > 0 and _is_title(table.rows[number - 1])))
    bounds = [0, *starts, len(table.rows)]
    return [table._replace(rows=table.rows[begin:end]) for begin, end in pairwise(bounds)]


def headings_of(table: Table) -> str:
    """The headings of a table as its receipt names them."""
    found = next((row for row in table.rows if _headings(row)), None)
    return ", ".join(filter(None, map(shown, found.cells if found else [])))


def _headings(row: Row) -> list[str]:
    """The folded cells of a row of headings; none where it is another row."""
    if any(cell is not None and not isinstance(cell, str) for cell in row.cells):
        return []
    words = [word for cell in row.cells if (word := fold(shown(cell)))]
    known = sum(word in _WORDS for word in words)
    if len(words) < 2 or not _DATES & set(words) or known < 2 or known < MIN_KNOWN_SHARE * len(words):
        return [] if not (len(words) > 1 and words[0] in _DATES and not _has_value(row)) else words
    return words


def _has_value(row: Row) -> bool:
    return any(is_date(cell) or any(letter.isdigit() for letter in shown(cell)) for cell in row.cells if cell)


def _is_title(row: Row) -> bool:
    told: Sequence[str] = [text for cell in row.cells if (text := shown(cell))]
    return len(told) == 1 and not is_date(told[0])
