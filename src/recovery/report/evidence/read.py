"""What was read of one person, what was not, and what the program asks; folded on the page, and complete."""

from collections.abc import Sequence
from datetime import date
from typing import NamedTuple

import duckdb

from recovery.home.settings import Settings
from recovery.published import query
from recovery.published.goals import goal_questions
from recovery.published.log_questions import Question, file_questions, log_questions
from recovery.published.silent import silent_exports
from recovery.published.status import Coverage, Receipt, Source, coverage_of, receipts_of, sources_of
from recovery.readers import readers
from recovery.words import evidence as evidence_words
from recovery.words import page as words
from recovery.words.receipts import waiting

SHOWN = 50  # lines of a list; the database has all


class Refusal(NamedTuple):
    """A file or row that was not taken, and why."""

    path: str
    place: str
    reason: str
    value: str


class Failing(NamedTuple):
    """A check of the data that does not hold."""

    relation: str
    expectation: str
    severity: str
    observed: str


class Dated(NamedTuple):
    """What grows older by itself, or tells of the last run, under the names that `Read` has for it."""

    sources: list[tuple[str, str]]
    run: str


class Read(NamedTuple):
    """All that is known of a person's files."""

    questions: list[str]
    sources: list[tuple[str, str]]  # the source, and its newest day in words
    covered: list[str]
    receipts: list[Receipt]
    waiting: list[str]  # sentences
    refusals: list[Refusal]
    refusal_count: int
    checks: str  # '' where they are not told, as they speak of everybody
    failing: list[Failing]
    run: str


def read(connection: duckdb.DuckDBPyConnection, settings: Settings, today: date, person: str) -> Read:
    """What one person's files gave; nothing of a file of somebody else, not even that there is one."""
    labels = {name: reader.LABEL for name, reader in readers().items()}
    silent_days = settings.validity["silent_days"]
    found, count = _refusals(connection, settings, person)
    is_alone = settings.subjects == (person,)
    checks, failing = checks_of(connection) if is_alone else (0, [])
    coverage = next(iter(coverage_of(connection, today, person)), None)
    return Read(
        questions=[each.sentence for each in _questions(connection, settings, today, person) if each.subject == person],
        **dated(sources_of(connection, today, silent_days, person), int(silent_days), last_run(connection))._asdict(),
        covered=_covered(coverage),
        receipts=[row._replace(format=labels.get(row.format, row.format)) for row in receipts_of(connection, person)],
        waiting=_waiting(connection, settings, person),
        refusals=found[:SHOWN],
        refusal_count=count,
        checks=_checks(checks, len(failing)) if is_alone else "",
        failing=failing[:SHOWN],
    )


def dated(sources: Sequence[Source], silent_days: int, run: str) -> Dated:
    """What is told of a person with these sources, and of the last run."""
    return Dated([(row.source, _newest(row, silent_days)) for row in sources], run)


def checks_of(connection: duckdb.DuckDBPyConnection) -> tuple[int, list[Failing]]:
    """How many checks of the data there are, and those that do not hold."""
    ((count,),) = connection.execute("select count(*) from checks").fetchall()
    return int(count), _failing(connection)


def _questions(
    connection: duckdb.DuckDBPyConnection, settings: Settings, today: date, person: str
) -> Sequence[Question]:
    return [
        *log_questions(connection, settings, person),
        *silent_exports(connection, today),
        *goal_questions(connection),
        *file_questions(connection),
    ]


def _newest(source: Source, silent_days: int) -> str:
    age = words.age(source.age_days)
    if source.is_silent:
        return evidence_words.newest_silent(source.newest, age, words.silent(silent_days))
    return evidence_words.newest(source.newest, age, is_replaced=source.is_replaced)


def _covered(coverage: Coverage | None) -> list[str]:
    if coverage is None:
        return []
    return [words.covered(coverage.days, coverage.first, coverage.last, coverage.valid_days)]


def _waiting(connection: duckdb.DuckDBPyConnection, settings: Settings, person: str) -> list[str]:
    rows = connection.execute("select path from files where status = 'waiting' order by path").fetchall()
    return [waiting(path) for (path,) in rows if settings.subject_of(path) == person][:SHOWN]


def _refusals(connection: duckdb.DuckDBPyConnection, settings: Settings, person: str) -> tuple[list[Refusal], int]:
    """What was not taken of a person's own files, and how many; a row of a list of several people may name another."""
    select = "select path, coalesce(place, ''), reason, coalesce(value, '') from rejected"
    has_subject = query.has_column(connection, "rejected", "subject")
    theirs = "where subject is null or subject = ?" if has_subject else ""
    rows = connection.execute(f"{select} {theirs} order by all", [person] if theirs else []).fetchall()
    found = [Refusal(*row) for row in rows if settings.subject_of(row[0]) == person]
    return found, len(found)


def _failing(connection: duckdb.DuckDBPyConnection) -> list[Failing]:
    rows = connection.execute(
        "select relation, expectation, severity, coalesce(observed, '') from checks where not success"
        " order by severity, relation, expectation"
    ).fetchall()
    return [Failing(*row) for row in rows]


def _checks(count: int, failing: int) -> str:
    if not count:
        return evidence_words.NO_CHECK_OF_DATA
    return words.checks_failing(failing, count) if failing else words.checks_hold(count)


def last_run(connection: duckdb.DuckDBPyConnection) -> str:
    """When the last run began, and by which version; '' where none is told."""
    row = connection.execute(
        "select strftime(started_utc, '%Y-%m-%d %H:%M'), version from runs order by started_utc desc limit 1"
    ).fetchone()
    return words.run(*row) if row else ""
