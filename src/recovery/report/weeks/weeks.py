"""What Weeks says, read from the published tables."""

from datetime import date, datetime
from typing import NamedTuple

import duckdb

from recovery.home.settings import Settings


class Day(NamedTuple):
    """One day with data, or with a massage."""

    local_date: date
    is_massage_day: bool | None


class Weeks(NamedTuple):
    """The content of Weeks of one person and month."""

    month: str  # as '2026-03'; '' where there is none
    months: list[str]  # the newest first
    days: list[Day]


def months(connection: duckdb.DuckDBPyConnection, person: str) -> list[str]:
    """The months that have days, as '2026-03', the newest first."""
    rows = connection.execute(
        "select distinct strftime(local_date, '%Y-%m') as month from daily where subject = ? order by month desc",
        [person],
    ).fetchall()
    return [month for (month,) in rows]


def content(
    connection: duckdb.DuckDBPyConnection, settings: Settings, now_utc: datetime, person: str, month: str = ""
) -> Weeks:
    """The days of a month, '' for the newest one."""
    del settings, now_utc
    known = months(connection, person)
    shown = month or (known[0] if known else "")
    days = connection.execute(
        "select local_date, is_massage_day from daily where subject = ? and strftime(local_date, '%Y-%m') = ?"
        " order by local_date",
        [person, shown],
    ).fetchall()
    return Weeks(shown, known, [Day(*row) for row in days])
