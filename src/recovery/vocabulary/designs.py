"""Ways to book massages and to record days, of which it is told how soon they would give an answer."""

from enum import StrEnum


class Design(StrEnum):
    """As the person does it, or with one thing changed."""

    AS_BOOKED = "as booked"
    ANY_WEEKDAY = "any weekday"
    NO_DAY_MISSING = "no day missing"
    WEEKS_BY_LOT = "weeks by lot"
