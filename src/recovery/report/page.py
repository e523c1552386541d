"""What the page says, read from the published tables."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import NamedTuple

import duckdb

from recovery.answers.rows import CohortEffect
from recovery.home import clock
from recovery.home.settings import Settings
from recovery.published.goals import goal_questions
from recovery.published.log_questions import Question, file_questions, log_questions
from recovery.published.silent import silent_exports
from recovery.published.status import COVERED_DAYS, Receipt, coverage_of, receipts_of, sources_of
from recovery.readers import readers
from recovery.report.answers import Metric, metrics_of, read
from recovery.report.cohort import Cohort, cohort
from recovery.report.person import Person, person
from recovery.words import page as words
from recovery.words.receipts import waiting

SHOWN = 100  # lines of a list; the database has all


class Refusal(NamedTuple):
    """A file or row that was not taken, and why."""

    path: str
    place: str
    reason: str
    value: str


class Failing(NamedTuple):
    """A check that does not hold."""

    relation: str
    expectation: str
    severity: str
    observed: str


class Page(NamedTuple):
    """All of the page."""

    made: str
    zone: str
    is_demo: bool
    people: list[Person]
    cohort: Cohort | None
    silent_days: int
    covered_days: int
    receipts: list[Receipt]
    waiting: list[str]  # sentences
    refusals: list[Refusal]
    refusal_count: int
    checks: int
    failing: list[Failing]
    run: str


def page(connection: duckdb.DuckDBPyConnection, settings: Settings, now_utc: datetime) -> Page:
    """Reads everything the page shows; ages are those of `now_utc`."""
    now = clock.to_local(now_utc, settings.home_time_zone)
    metrics = metrics_of(connection)
    people = _people(connection, settings, metrics, now.date())
    labels = {name: reader.LABEL for name, reader in readers().items()}
    ((refusal_count, checks),) = connection.execute(
        "select (select count(*) from rejected), (select count(*) from checks)"
    ).fetchall()
    return Page(
        made=f"{now:%Y-%m-%d %H:%M}",
        zone=settings.home_time_zone,
        is_demo=settings.is_demo,
        people=people,
        cohort=cohort([(one.subject, one.cards) for one in people], read(connection, CohortEffect), metrics),
        silent_days=int(settings.validity["silent_days"]),
        covered_days=COVERED_DAYS,
        receipts=[row._replace(format=labels.get(row.format, row.format)) for row in receipts_of(connection)],
        waiting=_waiting(connection),
        refusals=_refusals(connection),
        refusal_count=refusal_count,
        checks=checks,
        failing=_failing(connection),
        run=_last_run(connection),
    )


def _people(
    connection: duckdb.DuckDBPyConnection, settings: Settings, metrics: Mapping[str, Metric], today: date
) -> list[Person]:
    """Everyone with data: the owner first, then the others as recovery.toml lists them."""
    sources = sources_of(connection, today, settings.validity["silent_days"])
    coverage = {row.subject: row for row in coverage_of(connection, today)}
    subjects = connection.execute(
        "select subject from daily union select subject from massages union select subject from diary"
    ).fetchall()
    of_files = file_questions(connection) if subjects else []
    order = {subject: place for place, subject in enumerate(settings.subjects)}
    present = sorted((subject for (subject,) in subjects), key=lambda name: (order.get(name, len(order)), name))
    questions = [
        *log_questions(connection, settings),
        *silent_exports(connection, today),
        *goal_questions(connection),
        # a list of several people may lie with one who has no row in it, and so no place of their own on the page
        *(Question(each.subject if each.subject in present else present[0], each.sentence) for each in of_files),
    ]
    return [
        person(
            connection,
            subject,
            settings,
            metrics,
            today,
            [row for row in sources if row.subject == subject],
            coverage.get(subject),
            [question.sentence for question in questions if question.subject == subject],
        )
        for subject in present
    ]


def _waiting(connection: duckdb.DuckDBPyConnection) -> list[str]:
    rows = connection.execute("select path from files where status = 'waiting' order by path limit ?", [SHOWN])
    return [waiting(path) for (path,) in rows.fetchall()]


def _refusals(connection: duckdb.DuckDBPyConnection) -> list[Refusal]:
    rows = connection.execute(
        "select path, coalesce(place, ''), reason, coalesce(value, '') from rejected order by all limit ?", [SHOWN]
    ).fetchall()
    return [Refusal(*row) for row in rows]


def _failing(connection: duckdb.DuckDBPyConnection) -> list[Failing]:
    rows = connection.execute(
        "select relation, expectation, severity, coalesce(observed, '') from checks where not success"
        " order by severity, relation, expectation limit ?",
        [SHOWN],
    ).fetchall()
    return [Failing(*row) for row in rows]


def _last_run(connection: duckdb.DuckDBPyConnection) -> str:
    row = connection.execute(
        "select strftime(started_utc, '%Y-%m-%d %H:%M'), version from runs order by started_utc desc limit 1"
    ).fetchone()
    return words.run(*row) if row else ""
