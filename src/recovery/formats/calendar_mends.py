"""What a person said of events of a calendar, put into their lines before they are parsed.

The key of an event is made of what it tells, UID and RECURRENCE-ID among it, and not of its stamps: many programs write
DTSTAMP anew in each export. `start` is a day, or a day with the time of the person's own clock.
"""

import re
from collections.abc import Mapping, Sequence
from typing import NamedTuple

from recovery.formats.calendar_text import CalendarText, EventLines, event_of, value_of
from recovery.formats.log_cells import NotReadableError, minutes_of, within
from recovery.formats.log_mends import MAX_TEXT, lapsed_of, named, sentences, told
from recovery.formats.records import STATUSES, PutIn, UnreadRow
from recovery.formats.times import iso_date, iso_time, time_as
from recovery.home.mends import WHOLE_ROW, Mend, row_key
from recovery.vocabulary.massages import MAX_MASSAGE_MIN, MIN_MASSAGE_MIN

_SHOWN = ("SUMMARY", "DTSTART", "DTEND", "DURATION", "RRULE", "RECURRENCE-ID", "STATUS", "LOCATION", "DESCRIPTION")
_OF_CONTENT = re.compile(
    rf"(?:UID|RDATE|EXDATE|CATEGORIES|ATTENDEE|ORGANIZER|{'|'.join(_SHOWN)})[;:]", re.IGNORECASE
)  # fmt: skip
_TOLD_BY = {"start": ("DTSTART",), "minutes": ("DTEND", "DURATION"), "summary": ("SUMMARY",), "status": ("STATUS",)}
_DATE_ALONE = re.compile(r"DTEND(?:;[^:]*)?:\d{8}\s*", re.IGNORECASE)


class MendedCalendar(NamedTuple):
    """A calendar with what was said of its events."""

    calendar: CalendarText
    put_in: tuple[PutIn, ...] = ()
    messages: tuple[str, ...] = ()


def key_of(event: EventLines) -> str:
    """The key of an event as it stands in the file."""
    return row_key(sorted(line for line in event.original or event.lines if _OF_CONTENT.match(line)))


def unread_event(event: EventLines, column: str) -> UnreadRow:
    """What a person is shown of an event that cannot be read."""
    lines = event.original or event.lines
    old = " ".join(filter(None, (value_of(lines, name) for name in _TOLD_BY.get(column, ()))))
    return UnreadRow(
        key_of(event), column, old[:MAX_TEXT], named(_SHOWN, [value_of(lines, name) for name in _SHOWN]), "event"
    )


def column_of(event: EventLines, error: Exception) -> str:
    """The column in which the fault of an event lies: the one that is told, its start, or all of it."""
    if isinstance(error, NotReadableError):
        return error.column or WHOLE_ROW
    start = value_of(event.lines, "DTSTART").rstrip("Zz")
    try:
        time_as(start, "%Y%m%dT%H%M%S" if "T" in start else "%Y%m%d")
    except ValueError:
        return "start"
    return WHOLE_ROW


def mended_calendar(calendar: CalendarText, mends: Mapping[str, Sequence[Mend]]) -> MendedCalendar:
    """The calendar of one file with its mends, which are given by the key of their event."""
    if not mends:
        return MendedCalendar(calendar)
    events: list[EventLines] = []
    used: dict[Mend, str] = {}
    put_in: list[PutIn] = []
    for event in calendar.events:
        place = f"event {event.uid}"
        mine = mends.get(key_of(event), ())
        found: EventLines | None = event
        for mend in mine:
            with_it = found and _with(found, mend)
            if with_it or mend.column == WHOLE_ROW:
                found = with_it
                used[mend] = told(place, mend)
                put_in.append(PutIn(mend.row, mend.column, place))
        events += [found] if found else []
    messages = sentences(list(used.values()), lapsed_of(mends, used))
    return MendedCalendar(calendar._replace(events=events), tuple(put_in), tuple(messages))


def _with(event: EventLines, mend: Mend) -> EventLines | None:
    """The event with what was said of it; None where it is left out, or what was said cannot be read."""
    if mend.column == "status":
        is_known = mend.value in STATUSES
        return event._replace(original=event.original or event.lines, told_status=mend.value) if is_known else None
    line = _line(mend.column, mend.value)
    if not line:
        return None
    gone = re.compile(rf"(?:{'|'.join(_TOLD_BY[mend.column])})[;:]", re.IGNORECASE)
    kept = [one for one in event.lines if not gone.match(one)]
    if mend.column == "start":
        is_day = line.startswith("DTSTART;VALUE=DATE:")
        kept = [one for one in kept if not _DATE_ALONE.fullmatch(one)]
        kept = [one for one in kept if not (is_day and re.match(r"(?:DTEND|DURATION)[;:]", one, re.IGNORECASE))]
    made = event_of([*kept, line], 0)
    return made._replace(uid=event.uid, original=event.original or event.lines, told_status=event.told_status)


def _line(column: str, value: str) -> str:
    """The line of an event that says a value; '' where the value cannot be read."""
    if column == "summary":
        return "SUMMARY:" + re.sub(r"([\\;,])", r"\\\1", value)
    try:
        if column == "minutes":
            minutes = within(minutes_of(value), MIN_MASSAGE_MIN, MAX_MASSAGE_MIN)
            return f"DURATION:PT{round(minutes * 60)}S"
        if column == "start" and len(value) == len("2026-02-28"):
            return f"DTSTART;VALUE=DATE:{iso_date(value):%Y%m%d}"
        if column == "start":
            return f"DTSTART:{iso_time(value).replace(tzinfo=None):%Y%m%dT%H%M%S}"
    except (NotReadableError, ValueError):
        pass
    return ""
