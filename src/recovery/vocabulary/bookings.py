"""How people book massages: ways that the program tells apart and the study has people of, and one that it cannot."""

from enum import StrEnum


class Way(StrEnum):
    """A way to book."""

    VARYING = "varying weekdays"
    ONE_WEEKDAY = "one weekday"
    PAIN = "when it hurts"


GOOD_TIMES = "in good times"  # on holidays, on weekends that go well: no check tells it from the calendar
