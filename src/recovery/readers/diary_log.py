"""A diary of pain, medication and daily life, one row a day: CSV, TSV, XLSX or JSON.

`formats.log_columns` says which tables are diaries and what their columns are called; here is what a row means. A blank
cell was not filled in and stays NULL, 0 is "none". A row with a date alone is left out, so that a sheet
with its dates filled in for months ahead does not vouch for them. A value that cannot be read, or is off its scale,
is left empty and told with its reason; the rest of the row stays. A column `massage` that says yes, no or how long
makes massages of its days too.
"""

from collections.abc import Iterator, Sequence

from recovery.formats import log_columns, log_taken
from recovery.formats.entries import Claim, Context, Entry, Tree
from recovery.formats.log_cells import (
    Cell,
    NotReadableError,
    date_of,
    fold,
    none_as_zero,
    number_of,
    scale_of,
    shown,
    within,
    yes_or_no,
)
from recovery.formats.log_rows import read_logs
from recovery.formats.log_sheet import Sheet, Unread, cell_of, number_in, said, text_in
from recovery.formats.log_table import Row
from recovery.formats.log_words import names_treatment
from recovery.formats.records import DiaryContent, Yielded
from recovery.words.say import say

LABEL = say("diary (CSV, TSV, XLSX, JSON)")
VERSION = 7
USES_LOCAL_TIME = False
USES_NAMES = True

MAX_DOSES = 100.0  # a day
MAX_VISITS = 20.0


def claims(tree: Tree) -> Iterator[Claim]:
    """The tables that are diaries, by their headings or their name."""
    return log_columns.claims(tree, "diary")


def read(files: Sequence[Entry], context: Context) -> Iterator[Yielded]:
    """Every day of the diaries and the massages they tell of, and each row that could not be read."""
    return read_logs(files, "diary", "diary_log", context, day, taken=log_taken.of_diary)


def day(row: Row, sheet: Sheet, is_day_first: bool | None, unread: list[Unread]) -> DiaryContent | None:
    """One row as a record without `file`, `place` and `origin`; None where nothing but its date can be read.

    Values that cannot be read are added to `unread`. Raises NotReadableError where the date is none.
    """
    date_cell = cell_of(row, sheet, "date")
    if date_cell is None:
        raise NotReadableError(say("has no date"))
    moment = said("date", date_cell, lambda cell: date_of(cell, is_day_first))
    content: DiaryContent = {
        "local_date": moment.local_date,
        "pain": number_in(row, sheet, "pain", lambda cell: scale_of(none_as_zero(cell), 0, 10), unread),
        "pain_morning": number_in(row, sheet, "pain_morning", lambda cell: scale_of(none_as_zero(cell), 0, 10), unread),
        "pain_afternoon": number_in(
            row, sheet, "pain_afternoon", lambda cell: scale_of(none_as_zero(cell), 0, 10), unread
        ),
        "medication": text_in(row, sheet, "medication"),
        "medication_doses": number_in(row, sheet, "doses", lambda cell: _count(cell, MAX_DOSES), unread),
        "bed_rest_hours": number_in(row, sheet, "bed_rest_hours", lambda cell: _count(cell, 24), unread),
        "doctor_visits": number_in(row, sheet, "doctor_visits", lambda cell: _count(cell, MAX_VISITS), unread),
        "mood": number_in(row, sheet, "mood", lambda cell: scale_of(cell, 1, 5), unread),
        "could_do_daily_activities": number_in(row, sheet, "could_do_daily_activities", yes_or_no, unread),
        "other_treatment": number_in(row, sheet, "other_treatment", _was_treated, unread),
        "day_off": number_in(row, sheet, "day_off", _yes_or_none, unread),
        "illness": number_in(row, sheet, "illness", _yes_or_none, unread),
        "travel": number_in(row, sheet, "travel", _yes_or_none, unread),
        "note": text_in(row, sheet, "note"),
    }
    is_empty = all(value is None for name, value in content.items() if name != "local_date")
    return None if is_empty else content


def _yes_or_none(cell: Cell) -> float:
    return yes_or_no(none_as_zero(cell))


def _was_treated(cell: Cell) -> float:
    """1 also where the cell names the treatment, 'physio' or 'yoga and TENS'. Raises NotReadableError."""
    return 1.0 if names_treatment(fold(shown(cell))) else _yes_or_none(cell)


def _count(cell: Cell, highest: float) -> float:
    return within(number_of(none_as_zero(cell)), 0, highest)
