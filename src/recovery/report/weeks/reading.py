"""What the stories of one month are made of: one question for each published relation, whatever the number of days."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime, timedelta
from typing import Any, NamedTuple

import duckdb

from recovery.published import query
from recovery.published.day_files import AROUND_H, MOST_FILES
from recovery.report.weeks.lanes import Run, runs_of
from recovery.report.weeks.months import Month

Row = dict[str, Any]
Rows = Mapping[date, Sequence[Row]]

FATES = ("counted_by_other", "same", "cut", "rejected", "outside", "unaccounted")

# Of a person ($1) from a day ($2) to another ($3).
OF_DATES = {
    "daily": "select * from daily where subject = $1 and local_date between $2 and $3",
    "daily_metrics": """
        select local_date, metric, value, unit, source, resolution from daily_metrics
        where subject = $1 and local_date between $2 and $3 and value is not null order by local_date, metric
    """,
    "nights": """
        select night_date as local_date, ordinal, onset_local, wake_local, asleep_min, source from nights
        where subject = $1 and night_date between $2 and $3 order by night_date, ordinal
    """,
    "massages": """
        select * from massages where subject = $1 and local_date between $2::date - 1 and $3
        order by local_date, start_local nulls last, massage_id
    """,
    "diary": "select * from diary where subject = $1 and local_date between $2 and $3",
    "unknown_days": """
        select local_date, path, place from unknown_days where subject = $1 and local_date between $2 and $3
        order by local_date, path, place
    """,
    "ledger": """
        select * from ledger where subject = $1 and local_date between $2 and $3 order by local_date, metric, source
    """,
}
FILES = f"""
    with dates as (select unnest(generate_series($2::date, $3::date, interval 1 day))::date as local_date),

    around as (
        select dates.local_date, files.path,
            row_number() over (
                partition by dates.local_date order by files.last_utc - files.first_utc, files.path
            ) as place,
            count(*) over (partition by dates.local_date) as count
        from dates
        inner join files
            on files.first_utc < dates.local_date + interval {AROUND_H} hours
            and files.last_utc >= dates.local_date - interval {AROUND_H} hours
        where files.subject = $1 and files.status in ('loaded', 'partial')
    )

    select local_date, path, count from around where place <= {MOST_FILES} order by local_date, place
"""


class MonthRows(NamedTuple):
    """The rows of a month, by date."""

    daily: Mapping[date, Row]
    metrics: Rows
    nights: Rows
    massages: Rows
    late: Mapping[date, datetime]  # until when a massage that began on the day before went on
    diary: Mapping[date, Row]
    unknown: Rows
    ledger: Rows
    runs: Mapping[date, Sequence[Run]]
    files: Rows


def relations_of(connection: duckdb.DuckDBPyConnection) -> dict[str, set[str]]:
    """The published relations with their columns: an earlier version published fewer."""
    found: dict[str, set[str]] = {}
    for table, column in connection.execute(
        "select table_name, column_name from duckdb_columns() where schema_name = 'main' and not internal"
    ).fetchall():
        found.setdefault(table, set()).add(column)
    return found


def month_rows(
    connection: duckdb.DuckDBPyConnection, subject: str, month: Month, relations: Mapping[str, set[str]]
) -> MonthRows:
    """Reads a month of one person; what an earlier version did not publish is empty."""
    asked = [subject, month.first, month.last]
    found = {
        relation: _by_date(query.rows(connection, sql, asked) if relation in relations else [])
        for relation, sql in OF_DATES.items()
    }
    timeline = relations.get("timeline", set())
    return MonthRows(
        daily={day: rows[0] for day, rows in found["daily"].items()},
        metrics=found["daily_metrics"],
        nights=found["nights"],
        massages=found["massages"],
        late=_late(row for rows in found["massages"].values() for row in rows),
        diary={day: rows[0] for day, rows in found["diary"].items()},
        unknown=found["unknown_days"],
        ledger=found["ledger"],
        runs=runs_of(connection, subject, month.first, month.last, has_intensity="intensity" in timeline)
        if timeline
        else {},
        files=_by_date(query.rows(connection, FILES, asked)),
    )


def _by_date(rows: Iterable[Row]) -> dict[date, list[Row]]:
    found: dict[date, list[Row]] = {}
    for row in rows:
        found.setdefault(row["local_date"], []).append(row)
    return found


def _late(massages: Iterable[Row]) -> dict[date, datetime]:
    """By date the end of an attended massage that went on over the midnight before it."""
    found: dict[date, datetime] = {}
    for row in massages:
        if row["status"] != "attended" or row["start_local"] is None or not row["massage_min"]:
            continue
        end = row["start_local"] + timedelta(minutes=row["massage_min"])
        midnight = row["start_local"].replace(hour=0, minute=0, second=0, microsecond=0) + timedelta(days=1)
        if end > midnight:
            found[midnight.date()] = end
    return found
