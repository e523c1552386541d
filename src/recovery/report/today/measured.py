"""The numbers that Today shows beside the answers: the usual day, the last days, the days around massages."""

from collections.abc import Mapping
from datetime import date, timedelta

import duckdb

from recovery.vocabulary.article import PAIN

RECENT_DAYS = 14  # that are drawn before there is an answer
STALE_DAYS = 14  # after the last day with data an answer says until when it reaches
USUAL_DAYS = 28  # that a usual day is the mean of, up to the newest day


def usual(connection: duckdb.DuckDBPyConnection, person: str, metric: str) -> float | None:
    """The mean of the valid days among the last ones with data; None where there is none."""
    row = connection.execute(
        "select avg(value) from daily_metrics where subject = $person and metric = $metric and is_valid"
        " and local_date > (select max(local_date) from daily_metrics where subject = $person and metric = $metric)"
        " - $days::integer",
        {"person": person, "metric": metric, "days": USUAL_DAYS},
    ).fetchone()
    return row[0] if row else None


def recent(connection: duckdb.DuckDBPyConnection, person: str, metric: str) -> list[float | None]:
    """The last days up to the newest with data of the person, oldest first; None where a day was not measured."""
    row = connection.execute(
        "select max(local_date) from daily_metrics where subject = ? and metric <> 'pain'", [person]
    ).fetchone()
    if row is None or row[0] is None:
        return []
    newest: date = row[0]
    found: dict[date, float] = dict(
        connection.execute(
            "select local_date, value from daily_metrics where subject = ? and metric = ? and is_valid"
            " and local_date > ?::date - ?",
            [person, metric, newest, RECENT_DAYS],
        ).fetchall()
    )
    return [found.get(newest - timedelta(days=ago)) for ago in reversed(range(RECENT_DAYS))]


def around(connection: duckdb.DuckDBPyConnection, person: str, metric: str) -> Mapping[int, float]:
    """By day from a massage the mean change against the week before it, of days that no other massage is near."""
    return dict(
        connection.execute(
            "select day_offset, avg(change) from around_massage where subject = ? and metric = ? and is_valid"
            " and not overlaps_another and change is not null group by day_offset",
            [person, metric],
        ).fetchall()
    )


def is_pain_told(connection: duckdb.DuckDBPyConnection, person: str) -> bool:
    """Whether the person ever wrote pain down."""
    marks = ", ".join("?" for _ in PAIN)
    row = connection.execute(
        f"select count(*) > 0 from daily_metrics where subject = ? and value is not null and metric in ({marks})",
        [person, *PAIN],
    ).fetchone()
    return bool(row and row[0])


def waking_min(connection: duckdb.DuckDBPyConnection, person: str) -> float | None:
    """How many minutes of a day the share of rest is of, on average: a share is told as minutes of that day."""
    row = connection.execute(
        "select avg(still.value / share.value) from daily_metrics as still inner join daily_metrics as share"
        " on still.subject = share.subject and still.local_date = share.local_date"
        " where still.subject = ? and still.metric = 'still_min' and share.metric = 'rest_share'"
        " and still.is_valid and share.is_valid and share.value > 0",
        [person],
    ).fetchone()
    return row[0] if row else None


def ended(connection: duckdb.DuckDBPyConnection, person: str, today: date) -> Mapping[str, date]:
    """The last measured day of each metric of which there is none in the last weeks."""
    return {metric: last for _, metric, last in ended_of(connection, today, person)}


def ended_of(
    connection: duckdb.DuckDBPyConnection, today: date, only: str | None = None
) -> list[tuple[str, str, date]]:
    """The same of each person, or of `only` one: person, metric and day."""
    return connection.execute(
        "select subject, metric, max(local_date) as last_date from daily_metrics"
        " where is_valid and ($only is null or subject = $only)"
        " group by subject, metric having last_date < $today::date - $days order by subject, metric",
        {"only": only, "today": today, "days": STALE_DAYS},
    ).fetchall()


def massage_dates(connection: duckdb.DuckDBPyConnection, person: str) -> list[date]:
    """The dates of the massages that took place, oldest first."""
    rows = connection.execute(
        "select distinct local_date from massages where subject = ? and status = 'attended' order by local_date",
        [person],
    ).fetchall()
    return [day for (day,) in rows]
