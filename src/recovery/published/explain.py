"""From a published number back to the minutes, the sources and the files it is made of."""

import difflib
from datetime import date
from typing import Any, NamedTuple

import duckdb

from recovery.home.folder import Home
from recovery.home.settings import OWNER
from recovery.published import ledger, query
from recovery.published.query import QueryError
from recovery.words.say import say

Row = dict[str, Any]

# Of a person ($1) on a day ($2), and of a metric ($3).
OF_DAY = {
    # all columns: what an earlier version published says nothing of complete days
    "days": "select * from daily where subject = $1 and local_date = $2",
    "states": """
        select state, count(*) as minutes, sum(steps) as steps,
            string_agg(distinct source, ', ' order by source) as sources
        from timeline where subject = $1 and local_date = $2
        group by state order by minutes desc, state
    """,
    "hours": """
        select date_trunc('hour', local_time) as hour, sum(steps) as steps,
            count(*) filter (state = 'moving') as moving_min, count(*) filter (state = 'still') as still_min,
            count(*) filter (state = 'asleep') as asleep_min, count(*) filter (state = 'not_worn') as not_worn_min,
            round(avg(heart_rate_bpm)) as heart_rate_bpm
        from timeline where subject = $1 and local_date = $2
        group by all order by hour
    """,
    "nights": """
        select ordinal, onset_local, wake_local, in_bed_min, asleep_min, source
        from nights where subject = $1 and night_date = $2 order by ordinal
    """,
    "unknown": "select path, place from unknown_days where subject = $1 and local_date = $2 order by path, place",
    "diary": "select * exclude (subject) from diary where subject = $1 and local_date = $2",
    "files": """
        select path, format, status, rows
        from files where subject = $1 and status in ('loaded', 'partial')
            and first_utc < $2::date + interval 38 hours and last_utc >= $2::date - interval 38 hours
        order by path
    """,
}
VALUES = """
    select value, unit, source, resolution, coverage_share, is_valid
    from daily_metrics where subject = $1 and local_date = $2 and metric = $3
"""
NEAREST = """
    select local_date from daily_metrics where subject = $1 and metric = $3
    order by abs(local_date - $2::date), local_date limit 2
"""


class Explanation(NamedTuple):
    """What stands behind one metric of one person on one day."""

    subject: str
    metric: Row
    values: list[Row]  # the rows of daily_metrics: none where nothing was recorded
    day: Row | None  # the row of daily: validity, massage
    states: list[Row]
    hours: list[Row]
    nights: list[Row]
    unknown: list[Row]  # rows of massage lists that may be of that day and could not be read
    diary: list[Row]
    files: list[Row]
    ledger: list[ledger.Entry]  # what each source reported of it on that day
    nearest: list[date]  # days that have the metric, where this one has not


def explain(home: Home, metric: str, local_date: date, subject: str | None = None) -> Explanation:
    """What the published database knows of the metric on that day.

    Raises QueryError for an unknown metric or person, with what there is.
    """
    with query.published(home) as connection:
        definition = _definition(connection, metric)
        person = _person(connection, subject)
        of_day = {name: query.rows(connection, sql, [person, local_date]) for name, sql in OF_DAY.items()}
        values = query.rows(connection, VALUES, [person, local_date, metric])
        entries = ledger.of_day(connection, person, local_date, metric)
        nearest = [] if values else query.rows(connection, NEAREST, [person, local_date, metric])
    days = of_day.pop("days")
    return Explanation(
        subject=person,
        metric=definition,
        values=values,
        day=days[0] if days else None,
        ledger=entries,
        nearest=sorted(row["local_date"] for row in nearest),
        **of_day,
    )


def _definition(connection: duckdb.DuckDBPyConnection, metric: str) -> Row:
    found = query.rows(connection, "select * from metrics where metric = ?", [metric])
    if found:
        return found[0]
    known = [name for (name,) in connection.execute("select metric from metrics order by metric").fetchall()]
    close = difflib.get_close_matches(metric, known, n=3, cutoff=0.5)
    raise QueryError(
        say("There is no metric {metric!r}.", metric=metric),
        say("Did you mean {names}?", names=" or ".join(close))
        if close
        else say("There are: {names}.", names=", ".join(known)),
    )


def _person(connection: duckdb.DuckDBPyConnection, subject: str | None) -> str:
    known = [name for (name,) in connection.execute("select distinct subject from daily order by subject").fetchall()]
    if subject is None:
        subject = str(known[0]) if len(known) == 1 else OWNER
        if not known:
            return subject
    if subject not in known:
        raise QueryError(
            say("There are no days of {subject!r}.", subject=subject),
            say("There are days of: {known}.", known=", ".join(known) or "nobody"),
        )
    return subject
