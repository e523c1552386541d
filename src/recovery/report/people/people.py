"""What People says, read from the published tables."""

from datetime import datetime
from typing import NamedTuple

import duckdb

from recovery.answers.rows import CohortEffect
from recovery.home.settings import Settings
from recovery.report.answers import answers_of, metrics_of, read
from recovery.report.cards import cards
from recovery.report.cohort import Cohort, cohort


class People(NamedTuple):
    """The content of the page; None with fewer than two people."""

    cohort: Cohort | None


def content(connection: duckdb.DuckDBPyConnection, settings: Settings, now_utc: datetime) -> People:
    """What is of all people together: their answers at a glance, and the mean."""
    del now_utc
    metrics = metrics_of(connection)
    rows = connection.execute(
        "select subject from daily union select subject from massages union select subject from diary"
    ).fetchall()
    order = {subject: place for place, subject in enumerate(settings.subjects)}
    subjects = sorted((subject for (subject,) in rows), key=lambda name: (order.get(name, len(order)), name))
    found = []
    for subject in subjects:
        ((attended,),) = connection.execute(
            "select count(*) from massages where subject = ? and status = 'attended'", [subject]
        ).fetchall()
        found.append((subject, cards(answers_of(connection, subject, metrics), settings.primaries, attended)))
    return People(cohort(found, read(connection, CohortEffect), metrics))
