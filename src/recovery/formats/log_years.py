"""The order of the numbers in the dates of a log, and the years of dates that have none."""

import re
from collections.abc import Sequence
from contextlib import suppress
from datetime import date

from recovery.formats.log_cells import NotReadableError, date_of, day_first, is_clock, month_and_day, shown
from recovery.formats.log_sheet import Sheet, cell_of
from recovery.formats.log_table import Row


def order_of_dates(sheet: Sheet) -> bool | None:
    """Whether a sheet's numeric dates begin with the day. Raises UnreadableExportError where that is open."""
    dates = [cell_of(row, sheet, "date") for row in sheet.rows]
    times = [cell_of(row, sheet, column) for column in ("start", "end") for row in sheet.rows]
    has_year = [cell for cell in times if not is_clock(cell) and re.search(r"\d{4}", shown(cell))]
    return day_first([*dates, *has_year], is_strict=False)


def with_years(sheet: Sheet, is_day_first: bool | None) -> tuple[Sheet, list[str]]:
    """The sheet with each date that has no year written in full, and what was added: 'row 5 as 2026-05-12'.

    The year is that of the dates above and below; where these differ, or only one is there, the one that lies nearest.
    """
    partly = [month_and_day(cell_of(row, sheet, "date"), is_day_first) for row in sheet.rows]
    if not any(partly):
        return sheet, []
    whole = [_whole_date(row, sheet, is_day_first) for row in sheet.rows]
    above, below = _last_known(whole), _last_known(whole[::-1])[::-1]
    rows: list[Row] = []
    added: list[str] = []
    for row, month_day, before, after in zip(sheet.rows, partly, above, below, strict=True):
        day = _in_year_of(month_day, [near for near in (before, after) if near]) if month_day else None
        if day:
            cells = list(row.cells)
            cells[sheet.columns["date"]] = day.isoformat()
            row = row._replace(cells=cells)
            added.append(f"{row.place} as {day}")
        rows.append(row)
    return sheet._replace(rows=rows), added


def _whole_date(row: Row, sheet: Sheet, is_day_first: bool | None) -> date | None:
    try:
        return date_of(cell_of(row, sheet, "date"), is_day_first).local_date
    except NotReadableError:
        return None


def _last_known(days: Sequence[date | None]) -> list[date | None]:
    """For each place the day there, else the last one before it."""
    known: list[date | None] = []
    for day in days:
        known.append(day or (known[-1] if known else None))
    return known


def _in_year_of(month_day: tuple[int, int], near: Sequence[date]) -> date | None:
    years = {day.year for day in near}
    if len(near) == 1 or len(years) > 1:
        years |= {year + step for year in years for step in (-1, 1)}
    found = []
    for year in sorted(years):
        with suppress(ValueError):  # 29 February of another year
            found.append(date(year, *month_day))
    return min(found, key=lambda day: sum(abs((day - other).days) for other in near), default=None) if near else None
