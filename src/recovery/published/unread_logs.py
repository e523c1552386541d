"""Lists and diaries with rows that could not be read, and what else of a person's files nobody knows."""

from collections.abc import Collection
from datetime import date
from typing import NamedTuple

import duckdb

from recovery.published import query

LOG_FORMATS = ("massage_log", "diary_log")
MENDED_FORMATS = (*LOG_FORMATS, "mapped_table", "calendar_ics")


class UnknownDays(NamedTuple):
    """Days of which nobody knows whether there was a massage, because of one place in one file."""

    path: str
    place: str
    first: date
    last: date
    days: int


def logs_with_unread_rows(
    connection: duckdb.DuckDBPyConnection, subject: str, also: Collection[str] = ()
) -> dict[str, str]:
    """The SHA-256 by path of each file with a row of this person that was not read and may be mended, and of `also`.

    And of each list that asks whether a massage took place, of whomever.
    """
    is_asking = "asked <> '' and format = 'massage_log'" if query.has_column(connection, "files", "asked") else "false"
    return dict(
        connection.execute(
            "select path, sha256 from files where list_contains(?, format) and sha256 is not null"
            f" and status <> 'duplicate' and (list_contains(?, path) or ({is_asking})"
            " or path in (select path from rejected where subject = ? and place is not null and place <> 'file'))"
            " order by path",
            [list(MENDED_FORMATS), sorted(also), subject],
        ).fetchall()
    )


def unknown_days(connection: duckdb.DuckDBPyConnection, subject: str) -> list[UnknownDays]:
    """The unknown days of a person by file and place, the newest first."""
    rows = connection.execute(
        "select path, coalesce(place, ''), min(local_date), max(local_date), count(distinct local_date)"
        " from unknown_days where subject = ? group by all order by 4 desc, 1, 2",
        [subject],
    ).fetchall()
    return [UnknownDays(*row) for row in rows]
