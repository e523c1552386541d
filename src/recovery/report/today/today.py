"""What Today says, read from the published tables."""

from datetime import datetime
from typing import NamedTuple

import duckdb

from recovery.home import clock
from recovery.home.settings import Settings
from recovery.report.answers import answers_of, metrics_of
from recovery.report.cards import cards, headline


class Today(NamedTuple):
    """The content of Today of one person."""

    day: str
    sentences: list[str]
    attended: int


def content(connection: duckdb.DuckDBPyConnection, settings: Settings, now_utc: datetime, person: str) -> Today:
    """What is said of a person today, by the clock of the home."""
    answers = answers_of(connection, person, metrics_of(connection))
    ((attended,),) = connection.execute(
        "select count(*) from massages where subject = ? and status = 'attended'", [person]
    ).fetchall()
    found = cards(answers, settings.primaries, attended)
    now = clock.to_local(now_utc, settings.home_time_zone)
    return Today(
        day=f"{now:%A} {now.day} {now:%B}",
        sentences=headline(found, [], attended, is_worked_out=answers.is_worked_out),
        attended=attended,
    )
