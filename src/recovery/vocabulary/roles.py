"""Who may do what on the live page: one table of roles and actions.

Whose data a key opens is a second question: `home.keys` holds the people of each key.
"""

from collections.abc import Mapping
from enum import StrEnum


class Role(StrEnum):
    """What a key was made for."""

    OWNER = "owner"  # of the home: everybody in it
    THERAPIST = "therapist"  # of the people named
    PERSON = "person"  # one person
    APP = "app"  # an export app on the phone of one person; it reads nothing
    CALENDAR = "calendar"  # a calendar of one person, which asks for reminders and for nothing else


class Action(StrEnum):
    """What can be asked of the live page."""

    SEE = "see"  # the page of a person
    SEE_CLINIC = "see clinic"  # how far people are who agreed, of those of the key
    ADD_MASSAGE = "add massage"
    ADD_DAY = "add day"
    UNDO = "undo"  # the own last entry
    CHANGE_LOG = "change log"  # list, change and remove lines of the two logs
    MEND = "mend"  # see rows of the person's files that could not be read, and say what they should say
    SEND_FILE = "send file"
    SEE_FILES = "see files"  # receipts of the person's files
    DELIVER = "deliver"  # what export apps post
    RUN = "run"  # the job of the whole home, now
    KEYS = "keys"  # invite, list and revoke
    SEE_REMINDERS = "see reminders"  # when to note what, as a calendar


MAY: Mapping[Role, frozenset[Action]] = {
    Role.OWNER: frozenset(Action),
    Role.THERAPIST: frozenset({Action.SEE, Action.SEE_CLINIC, Action.ADD_MASSAGE, Action.UNDO}),
    Role.PERSON: frozenset(Action) - {Action.RUN, Action.KEYS, Action.SEE_CLINIC},
    Role.APP: frozenset({Action.DELIVER}),
    Role.CALENDAR: frozenset({Action.SEE_REMINDERS}),
}


def may(role: Role, action: Action) -> bool:
    """Whether a key of that role may do that, for the people it was made for."""
    return action in MAY[role]
