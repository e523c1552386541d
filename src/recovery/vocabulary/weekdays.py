"""The days of the week, Monday first."""

from collections.abc import Mapping
from datetime import date

WEEKDAYS: Mapping[str, str] = {
    "mon": "Monday",
    "tue": "Tuesday",
    "wed": "Wednesday",
    "thu": "Thursday",
    "fri": "Friday",
    "sat": "Saturday",
    "sun": "Sunday",
}


def weekday_of(day: date) -> str:
    """The short name of the weekday of a date."""
    return tuple(WEEKDAYS)[day.weekday()]
