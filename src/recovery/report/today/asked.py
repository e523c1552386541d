"""What needs a person: what their files left open, what fell silent, goals that cannot be reached, rows not read."""

from datetime import date

import duckdb

from recovery.home.settings import Settings
from recovery.inbox.archives import MEMBER
from recovery.published import query
from recovery.published.goals import goal_questions
from recovery.published.log_questions import file_questions, log_questions
from recovery.published.silent import silent_exports
from recovery.words import today as words


def needs(connection: duckdb.DuckDBPyConnection, settings: Settings, person: str, today: date) -> list[str]:
    """A sentence for each thing that a person can mend; of a list of several people nothing of another."""
    questions = [
        *log_questions(connection, settings),
        *([] if settings.is_demo else silent_exports(connection, today)),  # of invented exports none will come
        *goal_questions(connection),
        *file_questions(connection),
    ]
    return [
        *_refused(connection, settings, person),
        *(question.sentence for question in questions if question.subject == person),
    ]


def _refused(connection: duckdb.DuckDBPyConnection, settings: Settings, person: str) -> list[str]:
    """Files of the person of which rows could not be read, with the first row of each."""
    theirs = "where subject is null or subject = ?" if query.has_column(connection, "rejected", "subject") else ""
    rows = connection.execute(
        "select path, count(*), min_by(coalesce(place, ''), (length(place), place, reason)),"  # row 9 before row 10
        " min_by(reason, (length(place), place, reason))"
        f" from rejected {theirs} group by path order by path",
        [person] if theirs else [],
    ).fetchall()
    found = []
    for path, count, place, reason in rows:
        name, _, member = path.partition(MEMBER)
        if settings.subject_of(name) != person or path == "relation":
            continue
        shown = member or name
        told = words.rows_refused(shown, count, place, reason) if place else words.file_refused(shown, reason)
        found.append(told)
    return found
