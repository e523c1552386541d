"""The lines of a calendar: its events, its zones, when it was saved and whose it is, before anything is parsed."""

import re
from collections.abc import Mapping, Sequence
from datetime import datetime
from functools import cache
from typing import NamedTuple
from zoneinfo import ZoneInfo

from icalendar.timezone.windows_to_olson import WINDOWS_TO_OLSON

from recovery.formats.calendar_titles import Said, said_of
from recovery.formats.massage_words import MASSAGE_WORDS
from recovery.formats.times import time_as
from recovery.home import clock
from recovery.home.people import plain_words

COUNTING: tuple[Said, ...] = ("massage", "cancelled", "unsure")  # titles of events that are read

_STAMP = re.compile(r"^(?:DTSTAMP|LAST-MODIFIED|CREATED)(?:;[^:]*)?:(\d{8}T\d{6})Z", re.IGNORECASE)
# A zone's name may hold colons, with quotes (the standard) and without; the value of these begins with a date.
ZONED = re.compile(
    r'((?:DTSTART|DTEND|RECURRENCE-ID|EXDATE|RDATE)(?:;[^:"]*?)?);TZID=(?:"([^"]*)"|([^;"]*?))((?:;[^:"]*)?:\d{8}.*)',
    re.IGNORECASE,
)
_ADDRESS = re.compile(r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+")


class EventLines(NamedTuple):
    """The lines of one VEVENT without its alarms, and what is looked at before it is parsed."""

    lines: Sequence[str]
    uid: str
    is_massage: bool
    is_hint: bool  # the word stands elsewhere than in the summary and the categories
    is_repeating: bool
    original: Sequence[str] = ()  # the lines as they stand in the file, where a person said something else
    told_status: str = ""  # what a person said of whether it took place


class CalendarText(NamedTuple):
    zones: Mapping[str, Sequence[str]]  # lines of each VTIMEZONE by TZID
    events: Sequence[EventLines]
    saved_utc: datetime | None
    owners: frozenset[str]  # addresses of whom the calendar belongs to, where it says so
    title: str  # what the calendar and its file are called
    cut: str  # which end is missing; '' in a whole calendar


def calendar_of(text: str, name: str = "") -> CalendarText:
    """The events and zones of a calendar as lines; only the events that name a massage are parsed later."""
    zones: dict[str, Sequence[str]] = {}
    events: list[EventLines] = []
    saved: datetime | None = None
    # Google names the calendar and its file by the owner's address.
    owners = {address.lower() for address in _ADDRESS.findall(re.sub(r"\.(ics|zip)$", "", name, flags=re.IGNORECASE))}
    title = re.sub(r"\.(ics|zip)$", "", name, flags=re.IGNORECASE)
    block: list[str] = []
    kind = cut = ""
    is_open = False
    for line in re.split(r"\r\n|\n|\r", re.sub(r"(?:\r\n|\n|\r)[ \t]", "", text)):
        upper = line[:40].upper().strip()
        if stamp := _STAMP.match(line):
            saved = max(filter(None, (saved, _stamp(stamp[1]))), default=None)
        if upper in ("BEGIN:VCALENDAR", "END:VCALENDAR"):
            cut = cut or (f"END:{kind}" if kind else "") or ("END:VCALENDAR" if is_open and upper[0] == "B" else "")
            kind, is_open = "", upper[0] == "B"
        elif upper in ("BEGIN:VEVENT", "BEGIN:VTIMEZONE"):
            cut = cut or (f"END:{kind}" if kind else "")
            kind, block = upper[6:], []
        elif not kind and (owner := re.match(r"X-(?:WR-CALNAME|WR-RELCALID|OWNER)[;:]", line, re.IGNORECASE)):
            owners.update(address.lower() for address in _ADDRESS.findall(line, owner.end()))
            title += f" {line[owner.end() :]}" if "CALNAME" in owner[0].upper() else ""
        if kind:
            block.append(line)
            if upper == f"END:{kind}":
                if kind == "VEVENT":
                    events.append(event_of(block[1:-1], len(events) + 1))
                else:
                    zones[value_of(block, "TZID")] = block
                kind = ""
    cut = cut or (f"END:{kind}" if kind else "") or ("END:VCALENDAR" if is_open else "")
    return CalendarText(zones, events, saved, frozenset(owners), title, cut)


def _stamp(text: str) -> datetime | None:
    """A stamp as naive UTC; None for one that no export can have: some programs write 1970, a wrong clock 6026."""
    try:
        stamp = time_as(text, "%Y%m%dT%H%M%S")
    except ValueError:
        return None
    return stamp if clock.FIRST_UTC <= stamp < clock.LAST_UTC else None


def event_of(lines: Sequence[str], number: int) -> EventLines:
    """An event by the lines inside it; its number stands for a UID where it has none."""
    own: list[str] = []  # without the alarms inside, which have descriptions too
    depth = 0
    for line in lines:
        depth += line.upper().startswith("BEGIN:")
        if not depth:
            own.append(line)
        depth -= line.upper().startswith("END:")
    is_massage = said_of(value_of(own, "SUMMARY"), value_of(own, "CATEGORIES")) in COUNTING
    words = " ".join(value_of(own, name) for name in ("SUMMARY", "CATEGORIES", "DESCRIPTION", "LOCATION"))
    return EventLines(
        own,
        value_of(own, "UID")[:100] or f"number {number}",
        is_massage,
        not is_massage and bool(MASSAGE_WORDS.search(plain_words(words))),
        any(line.upper().startswith(("RRULE", "RDATE")) for line in own),
    )


def value_of(lines: Sequence[str], name: str) -> str:
    """The values of a property, several joined; escapes stay."""
    found = (re.match(rf'{name}(?:;(?:"[^"]*"|[^":])*)?:(.*)', line, flags=re.IGNORECASE) for line in lines)
    return " ".join(value[1].strip() for value in found if value)


def summary_of(events: Sequence[EventLines]) -> str:
    named = next((event for event in events if event.is_massage), events[0])
    return value_of(named.lines, "SUMMARY")[:200]


@cache
def known_zone(name: str) -> str:
    """The name in the time zone database of what a calendar calls a zone; '' where nobody knows it.

    ':Europe/Berlin' (POSIX), '/mozilla.org/20050126_1/Europe/Berlin' (libical) and Outlook's names are known too.
    """
    cleaned = name.strip().strip('"').strip(":/ ")
    parts = cleaned.split("/")
    prefixed = ["/".join(parts[first:]) for first in range(1, min(len(parts) - 1, 6))] if name[:1] in "/:" else []
    for candidate in filter(None, (cleaned, WINDOWS_TO_OLSON.get(cleaned), *prefixed)):
        try:
            return ZoneInfo(candidate).key
        except (KeyError, ValueError, OSError):  # unknown; no name; the name of a folder
            continue
    return ""


def unknown_zones(calendar: CalendarText) -> Sequence[str]:
    """The zones of massages that neither the time zone database nor the calendar describes."""
    lines = (line for event in calendar.events if event.is_massage for line in event.lines)
    zoned = (ZONED.fullmatch(line) for line in lines)
    names = {found[2] if found[2] is not None else found[3] for found in zoned if found}
    described = {name.replace("\\,", ",") for name in calendar.zones}
    return sorted(name[:60] for name in names if not known_zone(name) and name not in described)
