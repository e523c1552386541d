"""A table that a spreadsheet opened and saved again: dates in the order of its country, decimal commas.

A vendor's CSV says `2026-03-02 23:10:00` and `14.5`; saved by a spreadsheet it says `02/03/2026 23:10` and `14,5`, with
semicolons between the cells. Which of day and month comes first, all dates of the file decide together.
"""

import re
from collections.abc import Collection, Sequence
from datetime import datetime

from recovery.formats.export_table import Row
from recovery.formats.log_cells import day_first

STAMP = re.compile(
    r"(\d{1,2})([/.-])(\d{1,2})\2(\d{4}),?(?:\s+(\d{1,2}):(\d\d)(?::(\d\d))?(?:\s*([AP])\.?M\.?)?)?", re.IGNORECASE
)
DECIMAL_COMMA = re.compile(r"[+-]?\d+,\d+")


def as_exported(rows: Sequence[Row], times: Collection[str], numbers: Collection[str]) -> list[Row]:
    """The rows with the times of some columns in ISO form and the numbers of others with points, as they were exported.

    Other cells stay, and so do times and numbers that need no change, or are none.
    Raises UnreadableExportError where the dates do not tell whether the day or the month comes first.
    """
    stamps = [cell for row in rows for name, cell in row.cells.items() if name in times and STAMP.fullmatch(cell)]
    if not stamps and not any(DECIMAL_COMMA.fullmatch(row.cells.get(name, "")) for row in rows for name in numbers):
        return list(rows)
    is_day_first = day_first(stamps) is not False if stamps else True
    return [
        Row(
            row.place,
            {
                name: _iso(cell, is_day_first=is_day_first)
                if name in times
                else cell.replace(",", ".")
                if name in numbers and DECIMAL_COMMA.fullmatch(cell)
                else cell
                for name, cell in row.cells.items()
            },
        )
        for row in rows
    ]


def _iso(cell: str, *, is_day_first: bool) -> str:
    """A time in ISO form; the cell itself where it is written otherwise, or is no time."""
    found = STAMP.fullmatch(cell)
    if not found:
        return cell
    first, second, year = int(found[1]), int(found[3]), int(found[4])
    day, month = (first, second) if is_day_first else (second, first)
    hour = int(found[5] or 0)
    if found[8]:
        hour = hour % 12 + 12 * (found[8].upper() == "P")
    try:
        return datetime(year, month, day, hour, int(found[6] or 0), int(found[7] or 0)).isoformat(" ")  # noqa: DTZ001
    except ValueError:
        return cell
