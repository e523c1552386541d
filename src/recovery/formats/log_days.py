"""On which dates a row of a log may lie that cannot be read: nobody knows whether there was a massage then.

A row whose date can be read lies on that date. Any other one lies between the nearest dated rows above and below it,
both included, where the log is in order: at least nine of ten dated rows, from the first to the last one or the other
way round (rows out of order bound nothing). Above the first row, below the last one and in a log without order there
is no bound: it may lie wherever the log speaks.
"""

import re
from bisect import bisect_right
from collections.abc import Iterable, Sequence
from datetime import date, timedelta

from recovery.formats.log_cells import fold, shown
from recovery.formats.log_table import Row
from recovery.formats.log_words import MONTHS, says_none
from recovery.formats.records import Dates, Skipped
from recovery.words.counts import DAY, counted
from recovery.words.logs import of_no_day
from recovery.words.say import say

IN_ORDER_SHARE = 0.9  # of the dated rows
SHOWN = 5  # stretches of days in a receipt

# The last row of many a list adds it up, and is no massage that cannot be read.
_TOTAL_WORDS = (
    "total|totals|sum|in total|grand total|subtotal|summe|gesamt|gesamtsumme|insgesamt|zwischensumme|somme|"
    "total general|suma|totale|somma|totaal|som|i alt|soma"
)
TOTALS = frozenset(_TOTAL_WORDS.split("|"))


def is_no_massage(row: Row, headings: Sequence[str]) -> bool:
    """True for a row that tells of no massage: it adds the list up, repeats its headings, is a month or year alone, or
    says that there was none."""
    cells = [fold(shown(cell)) for cell in row.cells]
    told = [cell for cell in cells if cell]
    repeated = sum(bool(cell) and cell == fold(name) for cell, name in zip(cells, headings, strict=False))
    is_period = len(told) == 1 and all(word in MONTHS or re.fullmatch(r"20\d\d", word) for word in told[0].split())
    return is_period or repeated > 1 or any(cell in TOTALS or says_none(cell) for cell in told)


def dates_of_sheets(sheets: Sequence[Sequence[date | None]]) -> list[list[Dates]]:
    """As `dates_of_rows`, for the sheets of a file: where they follow on each other, one bounds the next."""
    whole = iter(dates_of_rows([day for days in sheets for day in days]))
    return [[_within(own, next(whole)) for own in dates_of_rows(days)] for days in sheets]


def _within(one: Dates, other: Dates) -> Dates:
    firsts, lasts = ([day for day in days if day] for days in zip(one, other, strict=True))
    first, last = max(firsts, default=None), min(lasts, default=None)
    return Dates(first, last) if not first or not last or first <= last else one


def dates_of_rows(dates: Sequence[date | None]) -> list[Dates]:
    """For each row, in the order of the file, the dates on which it may lie; None in `dates` = cannot be told."""
    found = [(number, day) for number, day in enumerate(dates) if day]
    rising = _longest_rise([day.toordinal() for _, day in found])
    falling = _longest_rise([-day.toordinal() for _, day in found])
    longest = max(rising, falling, key=len)
    is_ordered = len(rising) != len(falling) and len(longest) >= IN_ORDER_SHARE * len(found)
    bounds = {found[place][0]: found[place][1] for place in longest} if is_ordered else {}
    above, below = _nearest(bounds, range(len(dates))), _nearest(bounds, range(len(dates) - 1, -1, -1))[::-1]
    if longest is falling:
        above, below = below, above
    return [Dates(day, day) if day else Dates(*span) for day, *span in zip(dates, above, below, strict=True)]


def unknown_days(lost: Iterable[Skipped], days: Sequence[date], attended: Iterable[date]) -> str:
    """What the receipt of a log says of the rows that could not be read: which days they leave unknown; '' for none.

    `days` are those of its readable rows, `attended` those of massages, which are known.
    """
    rows = [(row.place, row.unknown) for row in lost if row.unknown]
    if not days or not rows:
        return ""
    first, last = min(days), max(days)
    unknown: set[date] = set()
    for _, span in rows:
        start, end = max(span.first or first, first), min(span.last or last, last)
        unknown |= {start + timedelta(days=day) for day in range((end - start).days + 1)}
    found = sorted(unknown - set(attended))
    said = []
    if found:
        days_unknown = say(
            "On {count} nobody knows whether there was a massage: {days}.",  # why, the count of rows beside it says
            count=counted(len(found), DAY),
            days=stretches(found),
        )
        said.append(days_unknown)
    if unbound := [place for place, span in rows if span.first is None or span.last is None]:
        said.append(of_no_day(unbound))
    return " ".join(said)


def stretches(days: Sequence[date]) -> str:
    """Dates as '2026-05-12 to 2026-05-19, 2026-06-02', the first few stretches of them."""
    runs: list[tuple[date, date]] = []
    for day in days:
        if runs and day - runs[-1][1] == timedelta(days=1):
            runs[-1] = (runs[-1][0], day)
        else:
            runs.append((day, day))
    written = [
        str(first) if first == last else say("{first} to {last}", first=first, last=last)
        for first, last in runs[:SHOWN]
    ]
    if len(runs) > SHOWN:
        written.append(say("{count:,} more", count=len(runs) - SHOWN))
    return ", ".join(written)


def _nearest(bounds: dict[int, date], numbers: Iterable[int]) -> list[date | None]:
    """For each row, in the given order of rows, the last bound so far."""
    found: list[date | None] = []
    for number in numbers:
        found.append(bounds.get(number, found[-1] if found else None))
    return found


def _longest_rise(values: Sequence[int]) -> list[int]:
    """The positions of a longest subsequence that never falls."""
    ends: list[int] = []  # the smallest value on which a rise of each length ends
    at: list[int] = []  # and its position
    before: list[int] = []  # the position that each value follows
    for position, value in enumerate(values):
        length = bisect_right(ends, value)
        before.append(at[length - 1] if length else -1)
        ends[length : length + 1] = [value]
        at[length : length + 1] = [position]
    rise: list[int] = []
    position = at[-1] if at else -1
    while position >= 0:
        rise.append(position)
        position = before[position]
    return rise[::-1]
