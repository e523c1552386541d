"""What is offered to be logged, with what was told already and what the last massage was; pain is never preset."""

import logging
from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta
from typing import NamedTuple

from recovery.actions.log_notes import days_noted, last_massage
from recovery.errors import RecoveryError
from recovery.home.clock import now_utc, to_local
from recovery.vocabulary.roles import Action
from recovery.web.asked import Asked
from recovery.words import web as words

log = logging.getLogger("recovery.web")

MORNING_UNTIL, AFTERNOON = 12, range(14, 19)  # hours of the clock at which that question stands first
SCALE = range(11)


class PainPad(NamedTuple):
    """Eleven buttons for a pain of today; what was told yesterday is only marked."""

    column: str
    question: str
    told: str
    yesterday: str


class LogForms(NamedTuple):
    """What the page offers to log."""

    today: date
    pads: Sequence[PainPad]  # the question of this hour first; none where the diary cannot be read
    day: Mapping[str, str]  # what was told of today
    last: Mapping[str, str]  # of the last massage
    now: str  # as 17:30
    problems: Sequence[str]


def log_forms(asked: Asked) -> LogForms:
    """What this key may log for the person; a log that cannot be read is told, and not offered."""
    now = to_local(now_utc(), asked.settings.home_time_zone)
    problems: list[str] = []
    pads: list[PainPad] = []
    noted: dict[str, str] = {}
    last: Mapping[str, str] = {}
    if asked.may(Action.ADD_DAY):
        try:
            noted, before = days_noted(asked.settings, asked.person, now.date(), now.date() - timedelta(days=1))
        except RecoveryError as error:
            problems.append(words.log_unreadable(asked.shown(error)))
        else:
            pads = [
                PainPad(column, question, noted.get(column, ""), before.get(column, ""))
                for column, question in _in_order(now).items()
            ]
    if asked.may(Action.ADD_MASSAGE):
        try:
            last = last_massage(asked.settings, asked.person)
        except RecoveryError as error:
            problems.append(words.log_unreadable(asked.shown(error)))
    return LogForms(now.date(), pads, noted, last, f"{now:%H:%M}", problems)


def _in_order(now: datetime) -> Mapping[str, str]:
    """The questions for pain by their columns, that of this hour first and in short."""
    first = "pain"
    if now.hour < MORNING_UNTIL:
        first = "pain_morning"
    elif now.hour in AFTERNOON:
        first = "pain_afternoon"
    return {first: words.PAIN_NOW[first]} | {
        column: question for column, question in words.PAIN_QUESTIONS.items() if column != first
    }
