"""What a cell of a mapped table says: a number in the unit of its metric."""

import re
from dataclasses import replace
from math import isfinite

from recovery.formats.cell_units import CellUnits
from recovery.formats.export_table import NO_VALUE, Row, plain
from recovery.formats.log_cells import NotReadableError
from recovery.home.mapped_columns import COUNTS, MappedColumn, units
from recovery.home.unit_words import unit_named
from recovery.words.say import say

MAY_BE_ZERO = {
    *COUNTS, "stress", "stress_mean", "is_worn", "walking_asymmetry_share", "awakenings", "efficiency_share",
}  # fmt: skip  # and minutes; of all else 0 is what devices write where they measured nothing
DURATION = re.compile(
    r"(?:(\d{1,2}):([0-5]\d)(?::([0-5]\d))?|(\d{1,2}) ?h(?: ?(\d{1,2}) ?m(?:in)?)?|(\d{1,3}) ?m(?:in)?)", re.IGNORECASE
)
MAX_VALUE = 1e7  # of any metric, in its own unit
MOST_SHARE = 1.0
GROUPED = {".": re.compile(r"\d{1,3}(,\d{3})+(\.\d*)?"), ",": re.compile(r"\d{1,3}(\.\d{3})+(,\d*)?")}


class CellError(NotReadableError):
    """A cell that cannot be read: the reason for `rejected`."""


def value_of(row: Row, column: MappedColumn, decimal: str | None, cell_units: CellUnits) -> float | None:
    """The number of a column in the metric's own unit, None where the row gives nothing. Raises NotReadableError.

    `cell_units` is one object for all rows of a file.
    """
    try:
        return _value_of(row, column, decimal, cell_units)
    except NotReadableError as error:
        error.column = error.column or column.heading
        raise


def _value_of(row: Row, column: MappedColumn, decimal: str | None, cell_units: CellUnits) -> float | None:
    cell = row.cells[plain(column.heading)]
    if cell.lower() in NO_VALUE:
        return None
    if column.unit_heading:
        column = replace(column, factor=_factor(row, column))
    if column.metric.endswith("_min") and (clock := DURATION.fullmatch(cell)):  # 7:05 and 7h 5min
        hours, minutes, seconds, h, m, only_m = (int(part or 0) for part in clock.groups())
        value = (hours + h) * 60 + minutes + m + only_m + seconds / 60
    else:
        number, factor = cell_units.split(cell, column)
        value = _number(number, decimal, column.heading) * factor
    if not 0 <= value <= MAX_VALUE:
        raise CellError(
            say("{heading} {cell!r} cannot be {metric}", heading=column.heading, cell=cell[:40], metric=column.metric)
        )
    if column.metric.endswith("_share") and value > MOST_SHARE:
        advice = "" if column.factor < 1 else say(': for percent map it as "{metric} in %"', metric=column.metric)
        raise CellError(
            say(
                "{heading} {cell!r} is more than {column:g}{advice}",
                heading=column.heading,
                cell=cell[:40],
                column=MOST_SHARE / column.factor,
                advice=advice,
            )
        )
    if value == 0 and column.metric not in MAY_BE_ZERO and not column.metric.endswith("_min"):
        return None
    return value


def _factor(row: Row, column: MappedColumn) -> float:
    """What one of the unit that the row tells is in ours. Raises CellError."""
    told, known = row.cells[plain(column.unit_heading)], units(column.metric)
    unit = unit_named(known, told)
    if not unit:
        raise CellError(
            say(
                "{heading} is {unit!r}, which is no unit of {metric} that is known: {known}",
                heading=column.unit_heading,
                unit=told[:40],
                metric=column.metric,
                known=", ".join(known),
            ),
            column.unit_heading,
        )
    return known[unit]


def _number(cell: str, decimal: str | None, heading: str) -> float:
    text = cell
    if decimal and GROUPED[decimal].fullmatch(text):
        text = text.replace("," if decimal == "." else ".", "")
    if decimal == ",":
        text = text.replace(",", ".")
    elif "," in text:
        raise CellError(
            say(
                '{heading} {cell!r} has a comma: tell decimal = "," or decimal = "." in recovery.toml',
                heading=heading,
                cell=cell[:40],
            )
        )
    try:
        value = float(text)
    except (ValueError, OverflowError):
        raise CellError(say("{heading} {cell!r} is no number", heading=heading, cell=cell[:40])) from None
    if not isfinite(value):
        raise CellError(say("{heading} {cell!r} is no number", heading=heading, cell=cell[:40]))
    return value
