"""Values out of the JSON of an export: numbers and dates that are what they should be, or an error.

JSON in which a vendor writes numbers as text, true for 1 or NaN is met in real exports; a reader skips such an entry.
"""

from collections.abc import Mapping
from datetime import date, datetime, timedelta
from math import inf, isfinite
from typing import Any

from recovery.formats.times import EPOCH, iso_date, within_years
from recovery.home.clock import FIRST_UTC, LAST_UTC

JsonObject = Mapping[str, Any]
BLANKS = b"\xef\xbb\xbf \t\r\n"  # what may stand before the first bracket


def non_negative(value: object) -> float:
    """A number of at least 0, written as a number or as text. Raises TypeError or ValueError elsewhere."""
    if isinstance(value, bool) or not isinstance(value, int | float | str):
        raise TypeError(value)
    result = _float(value)
    if not (isfinite(result) and result >= 0):
        raise ValueError(value)
    return result


def word(value: object, longest: int = 60) -> str:
    """The beginning of a text of an export, for a record or a receipt; letters that cannot be written are left out."""
    return "".join(letter for letter in str(value)[:longest] if letter.isprintable())


def finite_or_none(value: object) -> float | None:
    """A finite number, None where there is none. Raises TypeError where it is no number, ValueError for infinity."""
    if value is None:
        return None
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise TypeError(value)
    result = _float(value)
    if not isfinite(result):
        raise ValueError(value)
    return result


def positive_or_none(value: object) -> float | None:
    """A number above 0; None of anything else, since 0 and -1 stand for what was not measured."""
    result = _float(value) if isinstance(value, int | float) and not isinstance(value, bool) else 0.0
    return result if isfinite(result) and result > 0 else None


def _float(value: float | str) -> float:
    """A number as a float; one with hundreds of digits is infinite, as the JSON of other languages reads it."""
    try:
        return float(value)
    except OverflowError:
        return inf


def instant_of(value: object, unit: timedelta) -> datetime:
    """The instant that lies so many units after 1970, written as a number or as text.

    Raises TypeError, ValueError or OverflowError where it is none, or of no year we read.
    """
    if isinstance(value, bool) or not isinstance(value, int | str):
        raise TypeError(value)
    return within_years(EPOCH + int(value) * unit)


def date_of(text: str) -> date:
    """The date that a text begins with. Raises TypeError or ValueError where it is none, or of no year we read."""
    day = iso_date(text[:10])
    if not FIRST_UTC.date() <= day < LAST_UTC.date():
        raise ValueError(text)
    return day
