"""What is told in words while it is fresh: `yesterday`, `12.05.`, `12/5`, `5pm`, `17:30-18:30`.

In a file `yesterday` is refused, since nobody knows when it was written; whoever types it now means the day before.
"""

from collections.abc import Callable, Mapping
from contextlib import suppress
from datetime import date, timedelta

from recovery.errors import FieldError
from recovery.formats.log_cells import (
    FIRST_YEAR,
    NotReadableError,
    clock_of,
    date_of,
    fold,
    minutes_of,
    moment_of,
    month_and_day,
)
from recovery.formats.log_spans import span_of
from recovery.words.say import say

_DAYS_AGO: Mapping[int, str] = {
    0: "today|now|heute|jetzt|aujourd hui|hoy|oggi|vandaag|i dag|idag|hoje",
    1: "yesterday|gestern|hier|ayer|ieri|gisteren|i gar|igar|ontem",
    2: "day before yesterday|the day before yesterday|vorgestern|avant hier|anteayer|antes de ayer|l altro ieri|"
    "eergisteren|i forgars|anteontem",
}
DAYS_AGO = {word: days for days, words in _DAYS_AGO.items() for word in words.split("|")}


class LogWordError(FieldError):
    """A word does not say when; the log is as it was."""


def day_told(text: str, today: date, is_day_first: bool | None = None) -> date:
    """The date that a text means on `today`; one without its year is the last such day.

    `is_day_first` says how the person's own log writes numeric dates; None = it does not show. Raises LogWordError with
    a question where day and month could be exchanged, and where the text is no date.
    """
    plain = " ".join(text.split())
    if fold(plain) in DAYS_AGO:
        return today - timedelta(days=DAYS_AGO[fold(plain)])
    is_dotted = "." in plain and "/" not in plain  # nobody writes month.day with points
    read = {_read(plain, first, today) for first in ((True,) if is_dotted and is_day_first is None else (True, False))}
    if is_day_first is not None and len(read - {None}) > 1:
        read = {_read(plain, is_day_first, today)}
    found = sorted(day for day in read if day)
    if not found:
        raise LogWordError(
            say("{text!r} is no date.", text=text),
            say("Write it as 2026-05-31, or say yesterday."),
            column="date",
            why=say("{text!r} is no date", text=text),
        )
    if len(found) > 1:
        raise LogWordError(
            say("Is {text} the {first:%d %B %Y} or the {last:%d %B %Y}?", text=text, first=found[0], last=found[1]),
            say("Write it as {day}.", day=found[0]),
        )
    return found[0]


def fields_told(fields: Mapping[str, object], today: date, is_day_first: bool | None = None) -> dict[str, object]:
    """The fields of a line of a log with their date, start and minutes as a log writes them; None stays None.

    A start that holds the end gives the minutes too. Raises LogWordError.
    """
    told = dict(fields)
    day = told.get("date")
    if isinstance(day, str):
        moment = None
        with suppress(NotReadableError):
            moment = moment_of(day, is_day_first) if day[:4].isdigit() else None
        told["date"] = moment.local_date if moment else day_told(day, today, is_day_first)
        if moment and moment.clock and told.get("start") is None:
            told["start"] = moment.clock
    start, minutes = told.get("start"), told.get("minutes")
    if isinstance(minutes, str):
        text = minutes
        told["minutes"] = minutes = _said("minutes", text, lambda: minutes_of(text))
    if isinstance(start, str) and start:
        span = span_of(start)
        if span and minutes not in (None, span.minutes):
            raise LogWordError(
                say(
                    "{start} lasts {span:g} minutes, and minutes says {minutes}.",
                    start=start,
                    span=span.minutes,
                    minutes=minutes,
                ),
                say("Give the start alone, or no minutes."),
                column="minutes",
                why=say(
                    "{start} lasts {span:g} minutes, and here stands {minutes:g}",
                    start=start,
                    span=span.minutes,
                    minutes=minutes,
                ),
            )
        told["start"] = span.start if span else _said("start", start, lambda: clock_of(start))
        told["minutes"] = span.minutes if span else minutes
    return told


def _said(column: str, text: str, read: Callable[[], object]) -> object:
    try:
        return read()
    except NotReadableError as error:
        raise LogWordError(
            say("The {column} {text!r} {error}.", column=column, text=text, error=error),
            column=column,
            why=say("{text!r} {error}", text=text, error=error),
        ) from None


def _read(text: str, is_day_first: bool, today: date) -> date | None:
    """The date in a text, day or month first; None where it is none."""
    with suppress(NotReadableError):
        return date_of(text, is_day_first).local_date
    found = month_and_day(text, is_day_first)
    if not found:
        return None
    for year in range(today.year, max(FIRST_YEAR, today.year - 8) - 1, -1):  # 29 February is not in every year
        with suppress(ValueError):
            if (day := date(year, *found)) <= today:
                return day
    return None
