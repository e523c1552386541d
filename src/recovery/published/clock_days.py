"""On which days of the week clocks change in a study: what these days hold would tell the true dates.

A person who wears a watch all the time has 1440 minutes on every day but two a year, and a night is an hour longer or
shorter by the clock than it was. Whoever looks for such a day finds it, whatever the dates are called; so what depends
on it is left out on that day of every week.
"""

from datetime import date, datetime, time, timedelta
from typing import NamedTuple
from zoneinfo import ZoneInfo

import duckdb

from recovery.home.settings import days_between


class ClockDays(NamedTuple):
    """Days of the week as ISO numbers them, 1 = Monday."""

    days: tuple[int, ...]  # on which a clock changed from one midnight to the next
    nights: tuple[int, ...]  # and from one noon to the next, by the day on which such a night ends


def clock_days(connection: duckdb.DuckDBPyConnection) -> ClockDays:
    """The days of the week on which the clock of anybody changed while people took part, of the database `study`."""
    found = connection.execute(
        "select time_zone, min(first_date), max(last_date) from study.participants"
        " where time_zone is not null and first_date is not null group by time_zone"
    ).fetchall()
    days: set[int] = set()
    nights: set[int] = set()
    for name, first, last in found:
        zone = ZoneInfo(name)
        for day in days_between(first, last):
            if _offset(day, time(), zone) != _offset(day + timedelta(days=1), time(), zone):
                days.add(day.isoweekday())
            if _offset(day - timedelta(days=1), time(12), zone) != _offset(day, time(12), zone):
                nights.add(day.isoweekday())
    return ClockDays(tuple(sorted(days)), tuple(sorted(nights)))


def _offset(day: date, at: time, zone: ZoneInfo) -> timedelta | None:
    return datetime.combine(day, at, zone).utcoffset()
