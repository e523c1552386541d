"""The lines of a log by month, so that a list of years is a page of a few screens."""

from collections.abc import Sequence
from datetime import date
from typing import NamedTuple, cast

from recovery.actions.log_entries import LogEntry
from recovery.words import web as words


class Month(NamedTuple):
    """The lines of one month; of those whose day cannot be read the month is None."""

    title: str
    lines: Sequence[LogEntry]
    is_open: bool  # the latest month, and what needs a look


def months_of(lines: Sequence[LogEntry]) -> list[Month]:
    """Lines without a day first, then the months, the newest first; within a month the lines keep their order."""
    found: dict[date | None, list[LogEntry]] = {}
    for line in lines:
        day = cast(date | None, (line.record or {}).get("local_date"))
        found.setdefault(day and day.replace(day=1), []).append(line)
    undated = found.pop(None, [])
    months = sorted(((first, told) for first, told in found.items() if first), reverse=True)
    return [
        *([Month(words.without_day(len(undated)), undated, is_open=True)] if undated else []),
        *(
            Month(words.month_of_lines(first, len(told)), told, is_open=place == 0)
            for place, (first, told) in enumerate(months)
        ),
    ]
