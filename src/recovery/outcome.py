"""What a run came to, for the person at the terminal: from the published database, after it."""

from datetime import date
from typing import NamedTuple

import duckdb

from recovery.readers import readers

RECENT_DAYS = 28  # the stretch the headline is about, up to the newest day with data
HEADLINE = {  # metric: how it is said, what a minute is divided by
    "steps": ("{:,.0f} steps", 1),
    "still_min": ("{:.1f} h still", 60),
    "asleep_min": ("{:.1f} h asleep", 60),
    "resting_heart_rate_bpm": ("a resting heart rate of {:.0f}", 1),
    "pain": ("pain {:.1f} of 10", 1),
}


class Loaded(NamedTuple):
    """What came of one format."""

    label: str
    files: int
    rows: int
    first: date | None
    last: date | None


class Outcome(NamedTuple):
    """What stands in the published database after a run."""

    loaded: list[Loaded]
    others: list[tuple[str, int]]  # files that were not read, by status
    rejected_rows: int
    checks: int
    failing: list[tuple[str, str, str]]
    people: list[str]


def outcome(connection: duckdb.DuckDBPyConnection) -> Outcome:
    """The receipts, the checks and a headline for each person."""
    labels = {name: reader.LABEL for name, reader in readers().items()}
    loaded = [
        Loaded(labels.get(name, name), *row)
        for name, *row in connection.execute(
            "select format, count(*), sum(rows)::bigint, min(first_utc)::date, max(last_utc)::date from files"
            " where status in ('loaded', 'partial') group by format order by format"
        ).fetchall()
    ]
    others = connection.execute(
        "select status, count(*) from files where status not in ('loaded', 'partial') group by status order by status"
    ).fetchall()
    (rejected_rows, checks) = connection.execute(
        "select (select count(*) from rejected), (select count(*) from checks)"
    ).fetchone() or (0, 0)
    failing = connection.execute(
        "select severity, relation, expectation from checks where not success order by all"
    ).fetchall()
    return Outcome(loaded, others, rejected_rows, checks, failing, _headlines(connection))


def _headlines(connection: duckdb.DuckDBPyConnection) -> list[str]:
    """One sentence or two for each person."""
    people: list[str] = []
    for subject, first, last, days, attended, latest in connection.execute(
        "select measured.subject, measured.first, measured.last, measured.days, coalesce(booked.attended, 0),"
        " booked.latest"
        " from (select subject, min(local_date) as first, max(local_date) as last, count(distinct local_date) as days"
        " from daily_metrics group by subject) as measured"
        " left join (select subject, count(*) as attended, max(local_date) as latest from massages"
        " where status = 'attended' group by subject) as booked on booked.subject = measured.subject"
        " order by measured.subject"
    ).fetchall():
        means = dict(
            connection.execute(
                "select metric, avg(value) from daily_metrics where subject = ? and is_valid"
                " and local_date > ?::date - ? group by metric",
                [subject, last, RECENT_DAYS],
            ).fetchall()
        )
        said = [form.format(means[name] / divisor) for name, (form, divisor) in HEADLINE.items() if name in means]
        massages = f"{attended} massages, the last on {latest}" if attended else "no massage in the log yet"
        recent = f" In the last {RECENT_DAYS} of them, a day has on average {', '.join(said)}." if said else ""
        people.append(f"{subject}: {days:,} days from {first} to {last}; {massages}.{recent}")
    return people
