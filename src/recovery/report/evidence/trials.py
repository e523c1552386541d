"""Randomised weeks: what was drawn, what took place, and what came of it."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any, NamedTuple

import duckdb

from recovery.published import query
from recovery.report.answers import Answers, has
from recovery.report.cards import Card, card
from recovery.vocabulary.families import family_label
from recovery.vocabulary.weekdays import WEEKDAYS
from recovery.vocabulary.windows import TRIAL


class Week(NamedTuple):
    """One week of a trial."""

    number: int
    first: date
    last: date
    is_massage_week: bool
    attended: int


class Trial(NamedTuple):
    """One drawn schedule."""

    start: date
    end: date
    pairs: int
    weeks_per_block: int
    when: str
    scheduled: int
    attended: int
    in_control_weeks: int
    schedule_sha256: str
    committed: str
    state: str
    weeks: list[Week]


def trials(connection: duckdb.DuckDBPyConnection, subject: str, today: date) -> list[Trial]:
    """The trials of one person, the newest first."""
    if not (has(connection, "trials") and has(connection, "trial_weeks")):
        return []
    weeks: dict[date, list[Week]] = {}
    for start, *columns in connection.execute(
        "select start_date, week, local_date, last_date, is_massage_week, massages_attended from trial_weeks"
        " where subject = ? order by start_date, week",
        [subject],
    ).fetchall():
        weeks.setdefault(start, []).append(Week(*columns))
    return [
        _trial(row, weeks.get(row["start_date"], []), today)
        for row in query.rows(connection, "select * from trials where subject = ? order by start_date desc", [subject])
    ]


def state_of(start: date, end: date, today: date) -> str:
    """How far a trial of these dates is."""
    return "not begun" if today < start else "running" if today <= end else "over"


def trial_cards(answers: Answers) -> list[Card]:
    """What finished trials say, main numbers first."""
    found = [effect for (_, window), effect in answers.effects.items() if window in TRIAL]
    found.sort(key=lambda effect: (not effect.is_primary, effect.family, effect.metric))
    return [card(answers, effect, family_label(effect.family)) for effect in found]


def _trial(row: Mapping[str, Any], weeks: Sequence[Week], today: date) -> Trial:
    start, end, committed = row["start_date"], row["end_date"], row["committed_utc"]
    return Trial(
        start=start,
        end=end,
        pairs=row["pairs"],
        weeks_per_block=row["weeks_per_block"],
        when=f"{WEEKDAYS[row['weekday']]} at {row['start_time']:%H:%M}",
        scheduled=row["massages_scheduled"],
        attended=row["massages_attended"],
        in_control_weeks=row["massages_in_control_weeks"],
        schedule_sha256=row["schedule_sha256"],
        committed=f"{committed:%Y-%m-%d %H:%M} UTC",
        state=state_of(start, end, today),
        weeks=list(weeks),
    )
