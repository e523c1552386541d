"""What a person said of rows of a log that could not be read, put into these rows while the file is read.

It is put in before scales and years are settled, so that a mended cell is read as if it stood in the file.
"""

from collections.abc import Collection, Mapping, Sequence
from typing import NamedTuple

from recovery.formats.log_cells import NotReadableError, shown
from recovery.formats.log_headings import COLUMNS
from recovery.formats.log_sheet import Sheet, cell_of, first_of
from recovery.formats.log_table import Row
from recovery.formats.records import PutIn, UnreadRow
from recovery.home.mends import WHOLE_ROW, Mend, row_key
from recovery.words.say import say

MAX_CELLS, MAX_TEXT = 40, 200  # that a person is shown of a row


class Original(NamedTuple):
    """A row as it stands in the file."""

    key: str
    cells: tuple[tuple[str, str], ...]  # heading and text


class Mended(NamedTuple):
    """Sheets with what was said of their rows, and what is to be told of it."""

    sheets: list[Sheet]
    originals: Mapping[str, Original]  # by the place of the row
    applied: tuple[str, ...]  # 'row 67 (date 2026-02-28, on 27 November 2026)'
    lapsed: int  # mends of rows that the file does not hold, or not in this way
    put_in: tuple[PutIn, ...]


def mended(sheets: Sequence[Sheet], mends: Mapping[str, Sequence[Mend]]) -> Mended:
    """The sheets of one file with its mends, which are given by the key of their row."""
    originals: dict[str, Original] = {}
    applied: list[str] = []
    used: set[Mend] = set()
    put_in: list[PutIn] = []
    found: list[Sheet] = []
    for sheet in sheets:
        rows: list[Row] = []
        columns, names = dict(sheet.columns), list(sheet.names)
        width = max([len(names), *(len(row.cells) for row in sheet.rows)])
        for row in sheet.rows:
            texts = [shown(cell) for cell in row.cells]
            key = row_key(texts)
            originals[row.place] = Original(key, named(names, texts))
            mine = [mend for mend in mends.get(key, ()) if mend.column in (WHOLE_ROW, *COLUMNS[sheet.kind])]
            used.update(mine)
            applied += [told(row.place, mend) for mend in mine]
            put_in += [PutIn(key, mend.column, row.place) for mend in mine]
            if any(mend.column == WHOLE_ROW for mend in mine):
                continue
            for mend in mine:
                if mend.column not in columns:
                    columns[mend.column] = width
                    names = [*names, *[""] * (width - len(names)), mend.column]
                    width += 1
                row = _with(row, columns[mend.column], mend.value)
            rows.append(row)
        found.append(sheet._replace(rows=rows, columns=columns, names=names) if applied else sheet)
    return Mended(found, originals, tuple(applied), lapsed_of(mends, used), tuple(put_in))


def lapsed_of(mends: Mapping[str, Sequence[Mend]], used: Collection[Mend]) -> int:
    """How many mends of a file were put into none of its rows."""
    return sum(mend not in used for of_row in mends.values() for mend in of_row)


def sentences(applied: Sequence[str], lapsed: int) -> list[str]:
    """What the receipt says of mends."""
    found = []
    if applied:
        found.append(say("Read as you said: {rows}.", rows=first_of(applied)))
    if lapsed == 1:
        found.append(say("One thing that you said of a row no longer holds: the row says something else now."))
    elif lapsed:
        found.append(
            say("{count} things that you said of rows no longer hold: the rows say something else now.", count=lapsed)
        )
    return found


def unread_row(row: Row, sheet: Sheet, original: Original | None, column: str) -> UnreadRow | None:
    """What a person is shown of a row that cannot be read; None where no mend could be found again."""
    if original is None:
        return None
    return UnreadRow(original.key, column, shown(cell_of(row, sheet, column))[:MAX_TEXT], original.cells)


def column_of(error: NotReadableError, row: Row, sheet: Sheet) -> str:
    """The column in which the fault of a whole row lies: the one that is told, else that of its date."""
    if error.column:
        return error.column
    return "start" if cell_of(row, sheet, "date") is None and cell_of(row, sheet, "start") is not None else "date"


def _with(row: Row, position: int, text: str) -> Row:
    """A row with another cell. Somebody looked at it, so that it is no longer taken for cut off."""
    cells = [*row.cells, *[None] * (position + 1 - len(row.cells))]
    cells[position] = text
    return row._replace(cells=cells, is_cut=False)


def named(names: Sequence[str], texts: Sequence[str]) -> tuple[tuple[str, str], ...]:
    """The heading and the text of each cell that is not empty, as a person is shown them."""
    headings = [*names, *[""] * (len(texts) - len(names))]
    return tuple(
        (name[:MAX_TEXT], text[:MAX_TEXT]) for name, text in zip(headings, texts, strict=False) if text
    )[:MAX_CELLS]  # fmt: skip


def told(place: str, mend: Mend) -> str:
    """A mend of a row as the receipt names it."""
    if mend.column == WHOLE_ROW:
        return say("{place} (left out, on {day:%d %B %Y})", place=place, day=mend.written_utc)
    return say(
        "{place} ({column} {value}, on {day:%d %B %Y})",
        place=place,
        column=mend.column,
        value=mend.value,
        day=mend.written_utc,
    )
