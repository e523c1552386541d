"""Trials of which only the files are there: that they were committed beforehand stands in the private database."""

import duckdb

from recovery.home.settings import Settings
from recovery.published import query
from recovery.published.log_questions import Question
from recovery.words import trials as words


def lost_trials(connection: duckdb.DuckDBPyConnection, settings: Settings) -> list[Question]:
    """A sentence for each plan that the published database knows nothing of, as where a home was copied without it.

    Not of a plan that was drawn since the last publication.
    """
    if not settings.plans:  # of nearly everybody
        return []
    if not all(query.has_column(connection, *column) for column in (("trials", "subject"), ("snapshot", "run_id"))):
        return []  # an earlier version
    known = set(connection.execute("select subject, start_date from trials").fetchall())
    published = connection.execute("select published_utc from snapshot").fetchone()
    if published is None or published[0] is None:
        return []
    return [
        Question(plan.subject, words.lost(plan.subject, plan.start))
        for plan in settings.plans
        if plan.subject in settings.subjects and plan[:2] not in known and plan.written_utc < published[0]
    ]
