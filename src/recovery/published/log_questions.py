"""What the massage logs leave open: dates they say nothing about that would decide an answer, and unknown dates."""

from collections.abc import Iterator
from datetime import date
from typing import NamedTuple

import duckdb

from recovery.effects.gates import ENOUGH_DAYS, ENOUGH_MASSAGES, ENOUGH_REFERENCE, MIN_REFERENCE_DAYS
from recovery.home.settings import OWNER, Settings
from recovery.published import query
from recovery.vocabulary.verdicts import Verdict
from recovery.words import logs as words

DECIDING_SHARE = 0.25  # of the days an open answer rests on: fewer more would hardly narrow it


class Span(NamedTuple):
    """The dates that a log vouches for."""

    path: str
    first: date
    last: date


class Question(NamedTuple):
    """A sentence of what a person's logs or calendars leave open."""

    subject: str
    sentence: str
    path: str = ""  # of the file that asks; '' where it is no single one
    is_of_rows: bool = False  # whether it goes with the rows that could not be read

    @property
    def of_person(self) -> str:
        """The sentence with the person before it, for lists of several people."""
        return f"{self.subject}: {self.sentence}"


def log_questions(connection: duckdb.DuckDBPyConnection, settings: Settings, only: str | None = None) -> list[Question]:
    """What is to be asked and told of each person's massage logs, or of those of `only` one.

    Nothing of a database of an earlier version.
    """
    if not connection.execute("from duckdb_tables() where table_name = 'log_spans'").fetchall():
        return []
    found: list[Question] = []
    for subject, days, rows in connection.execute(
        "select unknown_days.subject, count(distinct unknown_days.local_date),"
        " count(distinct (unknown_days.path, unknown_days.place)) from unknown_days inner join daily"
        " on unknown_days.subject = daily.subject and unknown_days.local_date = daily.local_date"
        " where daily.is_massage_day is null and ($only is null or daily.subject = $only) group by all order by all",
        {"only": only},
    ).fetchall():
        found.append(Question(subject, words.unknown(days, rows), is_of_rows=True))
    for subject, needed in _needed_days(connection).items():
        if only is not None and subject != only:
            continue
        found += [Question(subject, sentence) for sentence in _outside(connection, settings, subject, needed)]
    return sorted(found, key=lambda question: question.subject)


def file_questions(connection: duckdb.DuckDBPyConnection) -> list[Question]:
    """What the receipts of lists, diaries and calendars ask: doubtful massages, and columns that were not used."""
    if not query.has_column(connection, "files", "asked"):  # an earlier version
        return []
    return [
        Question(subject, words.of_file(path, asked), path)
        for subject, path, asked in connection.execute(
            "select coalesce(subject, ?), path, asked from files where asked <> '' order by 1, path", [OWNER]
        ).fetchall()
    ]


def _needed_days(connection: duckdb.DuckDBPyConnection) -> dict[str, int]:
    """For each person with an open answer how many days more would decide it; the fewest of the main metrics."""
    needed: dict[str, int] = {}
    for subject, n_days, verdict, checks in connection.execute(
        "select subject, n_days, verdict, checks from effects where is_primary and verdict in (?, ?) order by all",
        [Verdict.CANNOT_TELL_YET.value, Verdict.CANNOT_BE_TOLD.value],
    ).fetchall():
        failed = {name for name in (ENOUGH_DAYS, ENOUGH_MASSAGES, ENOUGH_REFERENCE) if f"{name}: failed" in checks}
        if ENOUGH_MASSAGES in failed or (verdict == Verdict.CANNOT_BE_TOLD and not failed):
            continue  # more days would not help
        days = max(MIN_REFERENCE_DAYS, int(n_days * DECIDING_SHARE)) if not failed else MIN_REFERENCE_DAYS
        needed[subject] = min(days, needed.get(subject, days))
    return needed


def _outside(connection: duckdb.DuckDBPyConnection, settings: Settings, subject: str, needed: int) -> Iterator[str]:
    """A question for each stretch of measured days outside all logs that is long enough, oldest first."""
    spans = [
        Span(*row)
        for row in connection.execute(
            "select path, first_date, last_date from log_spans where subject = ? order by first_date, path", [subject]
        ).fetchall()
    ]
    for first, last, days in connection.execute(
        "select min(local_date), max(local_date), count(*) from (select local_date, is_outside,"
        " sum(if(is_outside, 0, 1)) over (order by local_date) as stretch from (select local_date,"
        " is_massage_day is null and massage_unknown_for is null as is_outside,"
        " coalesce(is_valid_day, false) or coalesce(is_valid_night, false) as is_valid from daily where subject = ?)"
        " where is_valid or not is_outside) where is_outside group by stretch having count(*) >= ? order by all",
        [subject, needed],
    ).fetchall():
        before = [span for span in spans if span.last < first]
        after = [span for span in spans if span.first > last]
        if before:
            span, setting, answered, answer = (
                max(before, key=lambda one: one.last), "log_complete_until", settings.log_complete_until, last,
            )  # fmt: skip
        elif after:
            span, setting, answered, answer = after[0], "log_complete_from", settings.log_complete_from, first
        else:
            continue
        if not {span.path, "massages"} & answered.keys():
            yield words.outside(first, last, days, setting, span.path, answer)
