"""What needs a person: what their files left open, what fell silent, goals that cannot be reached, rows not read."""

from datetime import date
from enum import Enum
from typing import NamedTuple

import duckdb

from recovery.home.settings import Settings
from recovery.inbox.archives import MEMBER
from recovery.published import query
from recovery.published.goals import goal_questions
from recovery.published.log_questions import file_questions, log_questions
from recovery.published.lost_trials import lost_trials
from recovery.published.silent import silent_exports
from recovery.words import today as words


class About(Enum):
    """What is asked, as far as the live page takes the answer."""

    ROWS = "rows that could not be read"
    DAYS = "days of which nobody knows"
    MASSAGES = "massages that are in doubt"
    OTHER = "other"


class Need(NamedTuple):
    """One thing that needs the person."""

    sentence: str
    about: About
    path: str = ""  # of the file that asks, where it is one
    places: tuple[str, ...] = ()  # of its rows that could not be read


def needs(connection: duckdb.DuckDBPyConnection, settings: Settings, person: str, today: date) -> list[Need]:
    """Each thing that a person can mend; of a list of several people nothing of another."""
    questions = [
        *((About.DAYS if one.is_of_rows else About.OTHER, one) for one in log_questions(connection, settings, person)),
        *((About.OTHER, one) for one in ([] if settings.is_demo else silent_exports(connection, today))),
        *((About.OTHER, one) for one in goal_questions(connection)),
        *((About.OTHER, one) for one in lost_trials(connection, settings)),
        *((About.MASSAGES, one) for one in file_questions(connection)),
    ]
    return [
        *_refused(connection, settings, person),
        *(Need(one.sentence, about, one.path) for about, one in questions if one.subject == person),
    ]


def _refused(connection: duckdb.DuckDBPyConnection, settings: Settings, person: str) -> list[Need]:
    """Files of the person of which rows could not be read, with the first row of each."""
    theirs = "where subject is null or subject = ?" if query.has_column(connection, "rejected", "subject") else ""
    rows = connection.execute(
        "select path, count(*), min_by(coalesce(place, ''), (length(place), place, reason)),"  # row 9 before row 10
        " min_by(reason, (length(place), place, reason)), list(distinct coalesce(place, ''))"
        f" from rejected {theirs} group by path order by path",
        [person] if theirs else [],
    ).fetchall()
    found = []
    for path, count, place, reason, places in rows:
        name, _, member = path.partition(MEMBER)
        if settings.subject_of(name) != person or path == "relation":
            continue
        shown = member or name
        told = words.rows_refused(shown, count, place, reason) if place else words.file_refused(shown, reason)
        found.append(Need(told, About.ROWS, path, tuple(places)))
    return found
