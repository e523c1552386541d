"""How people book massages, as far as the program can tell it and the study has people who do."""

from enum import StrEnum


class Way(StrEnum):
    """A way to book."""

    VARYING = "varying weekdays"
    ONE_WEEKDAY = "one weekday"
    PAIN = "when it hurts"
