"""On how many days there is anything of a person, told alike on every page."""

from datetime import date
from typing import NamedTuple

import duckdb


class Days(NamedTuple):
    """Dates from a person's first to the last, and those with data; one with a device and a line of the diary counts
    for both, and once in all."""

    in_span: int
    in_all: int
    with_device: int
    in_diary: int
    first: date
    last: date


def days_with_data(connection: duckdb.DuckDBPyConnection, person: str) -> Days | None:
    """None where there is no day."""
    row = connection.execute(
        "select max(local_date) - min(local_date) + 1, count(distinct local_date) filter (metric is not null),"
        " count(distinct local_date) filter (metric is not null and source is distinct from 'diary'),"
        " count(distinct local_date) filter (source = 'diary'), min(local_date), max(local_date)"
        " from daily full join daily_metrics using (subject, local_date) where subject = ?",
        [person],
    ).fetchone()
    return Days(*row) if row and row[1] else None
