"""From a published number back to the minutes, the sources and the files it is made of."""

import difflib
from datetime import date
from typing import Any, NamedTuple

import duckdb

from recovery.home.folder import Home
from recovery.home.settings import OWNER
from recovery.published import query
from recovery.published.query import QueryError

Row = dict[str, Any]


class Explanation(NamedTuple):
    """What stands behind one metric of one person on one day."""

    subject: str
    metric: Row
    values: list[Row]  # the rows of daily_metrics: none where nothing was recorded
    day: Row | None  # the row of daily: validity, massage
    states: list[Row]
    hours: list[Row]
    nights: list[Row]
    diary: list[Row]
    files: list[Row]
    nearest: list[date]  # days that have the metric, where this one has not


def explain(home: Home, metric: str, local_date: date, subject: str | None = None) -> Explanation:
    """What the published database knows of the metric on that day.

    Raises QueryError for an unknown metric or person, with what there is.
    """
    with query.published(home) as connection:
        definition = _definition(connection, metric)
        person = _person(connection, subject)
        of_day = [person, local_date]
        values = query.rows(
            connection,
            "select value, unit, source, resolution, coverage_share, is_valid from daily_metrics"
            " where metric = ? and subject = ? and local_date = ?",
            [metric, *of_day],
        )
        days = query.rows(
            connection,
            "select is_valid_day, is_valid_night, excluded_for, worn_min, is_massage_day, massage_min from daily"
            " where subject = ? and local_date = ?",
            of_day,
        )
        states = query.rows(
            connection,
            "select state, count(*) as minutes, sum(steps) as steps,"
            " string_agg(distinct source, ', ' order by source) as sources"
            " from timeline where subject = ? and local_date = ? group by state order by minutes desc, state",
            of_day,
        )
        hours = query.rows(
            connection,
            "select date_trunc('hour', local_time) as hour, sum(steps) as steps,"
            " count(*) filter (state = 'moving') as moving_min, count(*) filter (state = 'still') as still_min,"
            " count(*) filter (state = 'asleep') as asleep_min, count(*) filter (state = 'not_worn') as not_worn_min,"
            " round(avg(heart_rate_bpm)) as heart_rate_bpm"
            " from timeline where subject = ? and local_date = ? group by all order by hour",
            of_day,
        )
        nights = query.rows(
            connection,
            "select ordinal, onset_local, wake_local, in_bed_min, asleep_min, source from nights"
            " where subject = ? and night_date = ? order by ordinal",
            of_day,
        )
        diary = query.rows(
            connection, "select * exclude (subject) from diary where subject = ? and local_date = ?", of_day
        )
        files = query.rows(
            connection,
            "select path, format, status, rows from files where subject = ? and status in ('loaded', 'partial')"
            " and first_utc < ?::date + interval 38 hours and last_utc >= ?::date - interval 38 hours order by path",
            [person, local_date, local_date],
        )
        nearest: list[date] = []
        if not values:
            nearest = [
                found
                for (found,) in connection.execute(
                    "select local_date from daily_metrics where metric = ? and subject = ?"
                    " order by abs(local_date - ?::date), local_date limit 2",
                    [metric, *of_day],
                ).fetchall()
            ]
    return Explanation(
        person, definition, values, days[0] if days else None, states, hours, nights, diary, files, sorted(nearest)
    )


def _definition(connection: duckdb.DuckDBPyConnection, metric: str) -> Row:
    found = query.rows(connection, "select * from metrics where metric = ?", [metric])
    if found:
        return found[0]
    known = [name for (name,) in connection.execute("select metric from metrics order by metric").fetchall()]
    close = difflib.get_close_matches(metric, known, n=3, cutoff=0.5)
    raise QueryError(
        f"There is no metric {metric!r}.",
        f"Did you mean {' or '.join(close)}?" if close else f"There are: {', '.join(known)}.",
    )


def _person(connection: duckdb.DuckDBPyConnection, subject: str | None) -> str:
    known = [name for (name,) in connection.execute("select distinct subject from daily order by subject").fetchall()]
    if subject is None:
        return str(known[0]) if len(known) == 1 else OWNER
    if subject not in known:
        raise QueryError(f"There are no days of {subject!r}.", f"There are days of: {', '.join(known) or 'nobody'}.")
    return subject
