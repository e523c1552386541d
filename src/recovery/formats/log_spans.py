"""A time of day with its end in one cell: `17:30-18:30`, `5-6pm`, `von 17 bis 18 Uhr`."""

import re
from datetime import datetime, time, timedelta
from typing import NamedTuple

from recovery.formats.log_cells import MAX_CELL, Cell, NotReadableError, clock_of
from recovery.vocabulary.massages import MAX_MASSAGE_MIN

_SPAN = re.compile(
    r"(?:from|von|de|da|van|fra)?\s*(?P<start>\S.*?)\s*(?:[-–—]|\b(?:to|until|till|bis|a|à|alle|al|tot|til|as|às)\b)\s*"
    r"(?P<end>\S.*)",
    re.IGNORECASE,
)
_HALF = re.compile(r"([ap])\.?\s?m\.?$", re.IGNORECASE)
_IS_TIME = re.compile(r":|\d[.h]\d\d\b|\d\s*h\b|uhr|[ap]\.?\s?m\.?$", re.IGNORECASE)  # a number alone may be a date


class Span(NamedTuple):
    """When something began, and how long it took."""

    start: time
    minutes: float


def span_of(cell: Cell) -> Span | None:
    """The start and the length that a cell tells; None where it tells no two times of a day."""
    if not isinstance(cell, str) or len(cell) > MAX_CELL:
        return None
    found = _SPAN.fullmatch(cell.strip())
    if not found:
        return None
    start_text, end_text = found["start"], found["end"]
    if not any(_IS_TIME.search(text) for text in (start_text, end_text)):
        return None
    spans = []
    for half in ("", "am", "pm") if _HALF.search(end_text) and not _HALF.search(start_text) else ("",):
        try:
            spans.append(_span(clock_of(start_text + half), clock_of(end_text)))
        except NotReadableError:
            continue
    whole = [span for span in spans if 0 < span.minutes <= MAX_MASSAGE_MIN]  # '17:30-05:00' is a time with its offset
    return min(whole, key=lambda span: span.minutes, default=None)


def _span(start: time, end: time) -> Span:
    """From one time of a day to the next other one, over midnight where that is earlier."""
    day = datetime(2000, 1, 1)  # noqa: DTZ001 - any day
    length = datetime.combine(day, end) - datetime.combine(day, start)
    return Span(start, (length / timedelta(minutes=1)) % (24 * 60))
