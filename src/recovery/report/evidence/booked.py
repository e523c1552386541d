"""How a person books, as the checks of the main numbers see it; the study has not all ways."""

from collections import Counter
from collections.abc import Sequence
from datetime import date
from typing import NamedTuple

from recovery.effects.boundaries import FIRST_LOOK
from recovery.effects.gates import LEAD, OUTCOME, PAIN
from recovery.effects.more_designs import MOSTLY
from recovery.report.cards import Card
from recovery.vocabulary.bookings import Way


class Booked(NamedTuple):
    """How somebody books."""

    way: Way | None  # None where too few massages tell it
    massages: int  # that answers can use
    is_pain_known: bool  # whether a diary tells if massages fall on days of other pain
    followed: list[str]  # titles of numbers that were other than usual before massages


def booked(asked: Sequence[Card], massages: Sequence[date], usable: int) -> Booked:
    """What the checks of the main numbers `asked` and the dates of `massages` say of it."""
    checks = [check for card in asked for check in card.checks]
    is_pain_known = any(check.name == PAIN for check in checks)
    followed = [
        card.title for card in asked if any(check.name in (LEAD, OUTCOME) and not check.passed for check in card.checks)
    ]
    if usable < FIRST_LOOK:
        return Booked(None, usable, is_pain_known, followed)
    if any(check.name == PAIN and not check.passed for check in checks):
        return Booked(Way.PAIN, usable, True, followed)
    weekdays = Counter(day.weekday() for day in massages)
    is_one = max(weekdays.values()) >= MOSTLY * len(massages)
    return Booked(Way.ONE_WEEKDAY if is_one else Way.VARYING, usable, is_pain_known, followed)
