"""A column of days that says whether there was a massage, or how long: `massage` with yes, no, x, 60."""

from collections.abc import Sequence

from recovery.formats.log_cells import Cell, NotReadableError, date_of, fold, minutes_of, shown, yes_or_no
from recovery.formats.log_sheet import Sheet, Unread, cell_of, said
from recovery.formats.log_table import Row
from recovery.formats.log_words import NONE
from recovery.formats.records import MassageContent
from recovery.vocabulary.massages import MAX_MASSAGE_MIN
from recovery.words.say import say

MIN_TAKEN_MIN = 5.0  # 1 is yes, and 60 are minutes


def whether(cell: Cell) -> float | None:
    """0 where a cell says that there was no massage, 1 where there was one, else its minutes; None for other words."""
    try:
        return 0.0 if fold(shown(cell)) in NONE else yes_or_no(cell)
    except NotReadableError:
        pass
    try:
        return minutes_of(cell)
    except NotReadableError:
        return None


def says_no(rows: Sequence[Row], position: int) -> bool:
    """Whether some row of the column says no: then a blank cell is no word, else it is one."""
    cells = [row.cells[position] for row in rows if position < len(row.cells)]
    return any(cell not in (None, "") and whether(cell) == 0 for cell in cells)


def taken(row: Row, sheet: Sheet) -> float | None:
    """What the column says: 0 no massage, 1 one, else its minutes; None in a log without such a column.

    Raises NotReadableError where the day has no word: unlogged is not "no". Where people only mark the days of a
    massage, a day of which they tell something else and which they did not mark had none.
    """
    if "taken" not in sheet.columns:
        return None
    cell = cell_of(row, sheet, "taken")
    if cell is None:
        if not sheet.says_no and _tells_more(row, sheet):
            return 0.0
        raise NotReadableError(say("does not say whether there was a massage; write yes or no"))
    count = whether(cell)
    if count is None or count > MAX_MASSAGE_MIN:
        raise NotReadableError(say("massage {text!r} is neither yes nor no", text=shown(cell)[:60]))
    return count


def of_diary(row: Row, sheet: Sheet, is_day_first: bool | None, unread: list[Unread]) -> MassageContent | None:
    """The massage of a day of a diary; None where it tells of none.

    Raises NotReadableError where the date is none, and where the day has no word.
    """
    del unread
    day = said("date", cell_of(row, sheet, "date"), lambda cell: date_of(cell, is_day_first)).local_date
    if cell_of(row, sheet, "taken") is None and not _tells_more(row, sheet):
        return None  # dates that were filled in beforehand
    count = taken(row, sheet)
    return {"local_date": day, "massage_min": minutes_in(count), "status": "attended"} if count else None


def minutes_in(count: float | None) -> float | None:
    """The minutes that such a column tells; None where it only says that there was one."""
    return count if count and count >= MIN_TAKEN_MIN else None


def _tells_more(row: Row, sheet: Sheet) -> bool:
    return any(cell_of(row, sheet, column) is not None for column in sheet.columns if column not in ("date", "client"))
