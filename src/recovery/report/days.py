"""On how many days there is anything of a person, told alike on every page."""

from datetime import date
from typing import NamedTuple

import duckdb


class Days(NamedTuple):
    """Days with data; one with a device and a line of the diary counts for both, and once in all."""

    first: date
    last: date
    in_all: int
    with_device: int
    in_diary: int


def days_with_data(connection: duckdb.DuckDBPyConnection, person: str) -> Days | None:
    """None where there is no day."""
    row = connection.execute(
        "select min(local_date), max(local_date), count(distinct local_date),"
        " count(distinct local_date) filter (where source <> 'diary'),"
        " count(distinct local_date) filter (where source = 'diary') from daily_metrics where subject = ?",
        [person],
    ).fetchone()
    return Days(*row) if row and row[0] is not None else None
