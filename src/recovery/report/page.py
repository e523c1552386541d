"""What the page says, read from the published tables."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import NamedTuple

import duckdb

from recovery.answers.rows import CohortEffect
from recovery.home import clock
from recovery.home.settings import Settings
from recovery.published import query
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
    checks: int | None  # None where they are not told, as they speak of everybody
    failing: list[Failing]
    run: str


def page(connection: duckdb.DuckDBPyConnection, settings: Settings, now_utc: datetime, only: str | None = None) -> Page:
    """Reads everything the page shows; ages are those of `now_utc`.

    With `only` it is the page of one person and holds nothing of another, not even that there is one.
    """
    now = clock.to_local(now_utc, settings.home_time_zone)
    metrics = metrics_of(connection)
    people = _people(connection, settings, metrics, now.date(), only)
    labels = {name: reader.LABEL for name, reader in readers().items()}
    is_everybodys = only is None or settings.subjects == (only,)
    refusals, refusal_count = _refusals(connection, settings, only)
    ((checks,),) = connection.execute("select count(*) from checks").fetchall()
    return Page(
        made=f"{now:%Y-%m-%d %H:%M}",
        zone=settings.home_time_zone,
        is_demo=settings.is_demo,
        people=people,
        cohort=cohort([(one.subject, one.cards) for one in people], read(connection, CohortEffect), metrics),
        silent_days=int(settings.validity["silent_days"]),
        covered_days=COVERED_DAYS,
        receipts=[row._replace(format=labels.get(row.format, row.format)) for row in receipts_of(connection, only)],
        waiting=_waiting(connection, settings, only),
        refusals=refusals,
        refusal_count=refusal_count,
        checks=checks if is_everybodys else None,
        failing=_failing(connection) if is_everybodys else [],
        run=_last_run(connection),
    )


def _people(
    connection: duckdb.DuckDBPyConnection,
    settings: Settings,
    metrics: Mapping[str, Metric],
    today: date,
    only: str | None,
) -> list[Person]:
    """Everyone with data, or one person: the owner first, then the others as recovery.toml lists them."""
    sources = sources_of(connection, today, settings.validity["silent_days"])
    coverage = {row.subject: row for row in coverage_of(connection, today)}
    subjects = connection.execute(
        "select subject from daily union select subject from massages union select subject from diary"
    ).fetchall()
    of_files = file_questions(connection) if subjects else []
    if only is not None:
        subjects = [(subject,) for (subject,) in subjects if subject == only]
        of_files = [each for each in of_files if each.subject == only]
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
            is_alone=only is not None,
        )
        for subject in present
    ]


def _waiting(connection: duckdb.DuckDBPyConnection, settings: Settings, only: str | None) -> list[str]:
    rows = connection.execute("select path from files where status = 'waiting' order by path").fetchall()
    return [waiting(path) for (path,) in rows if only in (None, settings.subject_of(path))][:SHOWN]


def _refusals(connection: duckdb.DuckDBPyConnection, settings: Settings, only: str | None) -> tuple[list[Refusal], int]:
    """The first of what was not taken, and how many there are in all.

    Of one person what is theirs in a file of theirs: a row may quote whoever wrote the list.
    """
    select = "select path, coalesce(place, ''), reason, coalesce(value, '') from rejected"
    if only is None:
        ((count,),) = connection.execute("select count(*) from rejected").fetchall()
        rows = connection.execute(f"{select} order by all limit ?", [SHOWN]).fetchall()
        return [Refusal(*row) for row in rows], count
    theirs = "where subject is null or subject = ?" if query.has_column(connection, "rejected", "subject") else ""
    rows = connection.execute(f"{select} {theirs} order by all", [only] if theirs else []).fetchall()
    found = [Refusal(*row) for row in rows if settings.subject_of(row[0]) == only]
    return found[:SHOWN], len(found)


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
