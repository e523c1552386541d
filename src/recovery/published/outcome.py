"""What a run came to, for the person at the terminal: from the published database, after it."""

from datetime import date
from typing import NamedTuple

import duckdb

from recovery.home.settings import Settings
from recovery.published.goals import goal_questions
from recovery.published.log_questions import file_questions
from recovery.published.lost_trials import lost_trials
from recovery.readers import readers
from recovery.words import receipts as words

RECENT_DAYS = 28  # the stretch the headline is about, up to the newest day with data


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
    goals: list[str]  # of recovery.toml that ask for more than there is to win
    trials: list[str]  # that have no answer
    asked: list[str]  # by the receipts of lists and calendars, a sentence or two for each file


def outcome(connection: duckdb.DuckDBPyConnection, settings: Settings) -> Outcome:
    """The receipts, the checks and a headline for each person."""
    labels = {name: reader.LABEL for name, reader in readers().items()}
    loaded = [
        Loaded(labels[name], *row)
        for name, *row in connection.execute(
            "select format, count(*), sum(rows)::bigint, min(first_utc)::date, max(last_utc)::date from files"
            " where status in ('loaded', 'partial') group by format order by format"
        ).fetchall()
        if name in labels  # archives have receipts too; what they held is told
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
    asked = [question.sentence for question in file_questions(connection)]
    goals = [question.of_person for question in goal_questions(connection)]
    trials = [question.of_person for question in lost_trials(connection, settings)]
    return Outcome(loaded, others, rejected_rows, checks, failing, _headlines(connection), goals, trials, asked)


def _headlines(connection: duckdb.DuckDBPyConnection) -> list[str]:
    """One sentence or two for each person."""
    sentences: list[str] = []
    for subject, first, last, days, attended, latest in connection.execute(
        "with people as (select subject from daily_metrics union select subject from massages),"
        " measured as (select subject, min(local_date) as first, max(local_date) as last,"
        " count(distinct local_date) as days from daily_metrics group by subject),"
        " booked as (select subject, count(*) as attended, max(local_date) as latest from massages"
        " where status = 'attended' group by subject)"
        " select people.subject, measured.first, measured.last, coalesce(measured.days, 0),"
        " coalesce(booked.attended, 0), booked.latest"
        " from people left join measured using (subject) left join booked using (subject) order by people.subject"
    ).fetchall():
        means = {
            metric: (mean, count)
            for metric, mean, count in connection.execute(
                "select metric, avg(value), count(*) from daily_metrics where subject = ? and is_valid"
                " and local_date > ?::date - ? group by metric",
                [subject, last, RECENT_DAYS],
            ).fetchall()
        }
        data, massages = words.data(days, first, last), words.massages(attended, latest)
        sentences.append(words.person(subject, data, massages, words.usual_day(means, RECENT_DAYS, last)))
    return sentences
