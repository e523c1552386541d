"""What the page Evidence tells of people who book as its reader does: wrong findings, and effects that were missed.

The bookings of the study by the ways that the program can tell apart: one weekday, changing weekdays, when it hurts.
Of the bookings held out, in good times, it is told how often something is found that is not there, and nothing else.
`ways.csv` beside the page holds these rows; of a booking that nobody here has there is none.
"""

import csv
import io
from collections.abc import Iterator, Mapping
from functools import cache
from typing import NamedTuple

import numpy as np

from recovery.vocabulary.bookings import GOOD_TIMES, Way

from .bookings import BY_CALENDAR, BY_LIFE, BY_PAIN, MASSAGES_A_YEAR, by_calendar
from .results import Key, Sum

BOOKINGS: Mapping[str, tuple[str, ...]] = {
    Way.VARYING: ("random", "course"),
    Way.ONE_WEEKDAY: ("weekday", "weekday moved", "fortnightly"),
    Way.PAIN: BY_PAIN,
    GOOD_TIMES: BY_LIFE,
}
WEEKS = (26, 52, 103)
DRAWS, YEAR = 300, 365.25  # of calendars, to know how many massages they come to
SAID = {  # where massages do nothing; the second of something better alone
    "found": "ever a finding",
    "likely": "likely: ever better",
    "worse": "ever worse",
}
EFFECTS = {"missed": "worth", "missed of 0.4 deviations": "0.4 SD"}
HEAD = ("way", "figure", "weeks", "massages", "people", "count")
NONE = Sum(0, 0.0, 0.0)


class Row(NamedTuple):
    """So many of the people of a way; with `weeks` by then, with about so many massages."""

    way: str
    figure: str
    weeks: int | None
    massages: int | None
    people: int
    count: int


def rows(sums: Mapping[Key, Sum]) -> Iterator[Row]:
    """All that was simulated; what was not is left out."""
    for way, bookings in BOOKINGS.items():
        for prefix, beside in (("", " with a main number"), ("no main: ", "")):
            for name, figure in SAID.items():
                one = sum(_each(sums, bookings, "none", prefix + figure).values(), NONE)
                if one.n:
                    yield Row(way, name + beside, None, None, one.n, round(one.total))
            for name, effect in EFFECTS.items() if way != GOOD_TIMES else ():
                for weeks in WEEKS:
                    each = _each(sums, bookings, effect, f"{prefix}main found in {weeks} weeks")
                    one = sum(each.values(), NONE)
                    if one.n:
                        so_many = sum(each[booking].n * massages(booking, weeks) for booking in each) / one.n
                        yield Row(way, name + beside, weeks, round(so_many), one.n, one.n - round(one.total))


def _each(sums: Mapping[Key, Sum], bookings: tuple[str, ...], effect: str, figure: str) -> dict[str, Sum]:
    found = {booking: sums.get(Key(f"a/{booking}/{effect}", figure, "")) for booking in bookings}
    return {booking: one for booking, one in found.items() if one}


@cache
def massages(booking: str, weeks: int) -> float:
    """About how many massages people who book so have in so many weeks."""
    days = 7 * weeks
    if booking in BY_PAIN:
        return MASSAGES_A_YEAR * days / YEAR
    random = np.random.default_rng(0)
    return float(np.mean([by_calendar(booking, random, days).sum() for _ in range(DRAWS)]))


def as_csv(sums: Mapping[Key, Sum]) -> str:
    """The rows as the page reads them."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(HEAD)
    writer.writerows(rows(sums))
    return out.getvalue()


def as_cells(sums: Mapping[Key, Sum]) -> list[list[str]]:
    """The rows as docs/calibration.md has them."""
    found = []
    for row in rows(sums):
        share = Sum(row.people, row.count, row.count)
        when = "" if row.weeks is None else f"{row.weeks} weeks, about {row.massages} massages"
        found.append([row.way, row.figure, when, str(row.people), f"{100 * share.mean:.1f} ±{100 * share.error:.1f}"])
    return found


assert {*BY_CALENDAR, *BY_PAIN, *BY_LIFE} == {booking for of in BOOKINGS.values() for booking in of}
