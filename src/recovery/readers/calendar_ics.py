"""Massages out of a calendar: an ICS file whose events name a massage or physiotherapy.

An event counts where its summary or one of its categories names a massage that somebody gave (`names_massage`).
A calendar without such an event is not claimed, and the other events of a claimed one are left alone.

- **The description and the place alone are no massage.** "Ask about massage" stands in the description of a dentist's
  appointment, and a practice of physiotherapy is also where one fetches a child. The summary is what the person calls
  the event. Events with the word elsewhere, or with "no massage" or a device in the summary, are named in the message.
- **What lay ahead is not a massage.** A calendar also holds appointments to come. The newest DTSTAMP, LAST-MODIFIED
  or CREATED of all its events is the last moment at which the file is known to be true (Google and Outlook stamp the
  export itself, Apple the last change). Only what had ended by then counts; the message counts the rest, which counts
  once a newer export says so. Nothing depends on the day it is read. A stamp before 2000 or after 2099 is none.
- **The key of an event is UID and RECURRENCE-ID.** Of two versions of one key the higher SEQUENCE counts, then the
  later LAST-MODIFIED, then the later DTSTAMP. Events of one UID that are equal in all three and differ in their start
  are several events, and all count. An older one of the same SEQUENCE with another start may be either: it is rejected.
- A repeating event counts once for each date up to that moment, with its exceptions and moved dates. Without any stamp
  single events count as they stand, and a repeating one is skipped, because nothing bounds it. UNTIL given as a date
  includes that date on the event's own wall clock (some programs write it so; the standard asks for UTC).
- A time with a zone gives the wall clock of that zone and `start_utc`; a time in UTC ('Z') the wall clock of the
  person's own zone on that date; a floating time is the wall clock as it stands; an all-day event has no start.
  A zone of an unknown name is what its own VTIMEZONE says; without one the time is read as floating, and the message
  names the zone.
- STATUS:CANCELLED, a summary that begins so, or an invitation that the calendar's owner declined is a cancelled
  massage; a tentative one is skipped. TRANSP is no sign of either: see `_is_cancelled`.
- An event that cannot count leaves its dates unknown (`formats.log_days`), a repeating one all from its start on, and a
  file that is cut off all that it speaks of.
- A file without its END:VCALENDAR, or with an event without its END:VEVENT, is partial: the whole events count.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from datetime import UTC, date, datetime, timedelta
from functools import cache
from hashlib import sha256
from typing import NamedTuple
from zoneinfo import ZoneInfo

import icalendar
import recurring_ical_events
from icalendar.timezone.windows_to_olson import WINDOWS_TO_OLSON

from recovery.errors import UnreadableExportError
from recovery.formats import calendar_rules
from recovery.formats.entries import Claim, Context, Entry, Tree
from recovery.formats.log_cells import fold
from recovery.formats.log_days import unknown_days
from recovery.formats.log_table import decode_head, read_text
from recovery.formats.massage_words import MASSAGE_WORDS, names_massage, number_places
from recovery.formats.records import (
    STATUSES,
    Dates,
    FileSummary,
    Massage,
    MassageContent,
    Skipped,
    Yielded,
    batch_of_rows,
)
from recovery.formats.times import end_of_day, naive_utc
from recovery.home import clock
from recovery.words.say import say

LABEL = say("calendar with massages (ICS)")
VERSION = 3
USES_LOCAL_TIME = True

MAX_CALENDAR_BYTES = 64 << 20  # decades of a busy calendar
MAX_MASSAGE_MIN = 480.0  # as in a massage log
MAX_TEXT = 2000  # characters of a description that are kept
FIRST_DATE = date(2000, 1, 1)

CANCELLED_WORDS = re.compile(
    r"^(cancel|abgesagt|storniert|ausgefallen|entfallt|annul|anulad|disdett|geannuleerd|afgezegd|aflyst|desmarcad|"
    r"no show)"
)
MAX_SERIES = 300  # repeating massages of one calendar; a new one a month for 25 years
MAX_EVENT_CHARS = 1 << 20  # of one event without its attachments: 50,000 dates
MAX_ZONE_LINES = 500  # of a VTIMEZONE; Outlook writes 16, a century of single changes 200
MAX_EXAMPLES = 3  # events that the message names

_STAMP = re.compile(r"^(?:DTSTAMP|LAST-MODIFIED|CREATED)(?:;[^:]*)?:(\d{8}T\d{6})Z", re.IGNORECASE)
# Several times a day; some of these rules would also take hours to unfold.
_TOO_OFTEN = re.compile(
    r"^RRULE[^\n]*(FREQ=(SECONDLY|MINUTELY|HOURLY)|BY(HOUR|MINUTE|SECOND)=[^;\n]*,)", re.IGNORECASE | re.MULTILINE
)
# A rule with INTERVAL=0 gives its first date without end.
_NO_INTERVAL = re.compile(r"^RRULE[^\n]*INTERVAL=(?!0*[1-9]\d{0,4}(?:;|\s*$))", re.IGNORECASE | re.MULTILINE)
# What is given to icalendar: a broken GEO or a long ATTACH costs no massage.
_PROPERTIES = re.compile(
    r"(UID|DTSTART|DTEND|DURATION|RRULE|RDATE|EXDATE|RECURRENCE-ID|SEQUENCE|SUMMARY|DESCRIPTION|CATEGORIES|LOCATION|"
    r"STATUS|TRANSP|ATTENDEE|ORGANIZER|DTSTAMP|LAST-MODIFIED)[;:]",
    re.IGNORECASE,
)
# A zone's name may hold colons, with quotes (the standard) and without; the value of these begins with a date.
_ZONED = re.compile(
    r'((?:DTSTART|DTEND|RECURRENCE-ID|EXDATE|RDATE)(?:;[^:"]*?)?);TZID=(?:"([^"]*)"|([^;"]*?))((?:;[^:"]*)?:\d{8}.*)',
    re.IGNORECASE,
)
_ADDRESS = re.compile(r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+")
# What icalendar and recurring-ical-events raise on events that break the standard.
ATTENDED = ("attended",)
BROKEN = say("the event breaks the calendar format")
OUTSIDE = say("the event lies outside {first} to {last}", first=FIRST_DATE.year, last=clock.LAST_UTC.year - 1)


class _Event(NamedTuple):
    """The lines of one VEVENT without its alarms, and what is looked at before it is parsed."""

    lines: Sequence[str]
    uid: str
    is_massage: bool
    is_hint: bool  # the word stands elsewhere than in the summary and the categories
    is_repeating: bool


class _Calendar(NamedTuple):
    zones: Mapping[str, Sequence[str]]  # lines of each VTIMEZONE by TZID
    events: Sequence[_Event]
    saved_utc: datetime | None
    owners: frozenset[str]  # addresses of whom the calendar belongs to, where it says so
    cut: str  # which end is missing; '' in a whole calendar


class _UnusableError(ValueError):
    """An event that cannot count; the text is the reason for `rejected`."""


class _Lost(NamedTuple):
    """An event that cannot count."""

    reason: str
    dates: Dates  # on one of which there may have been a massage


class _Found(NamedTuple):
    """What the events of one UID give."""

    rows: Sequence[MassageContent]
    lost: Sequence[_Lost]
    ahead_count: int
    older_count: int  # versions that a newer one replaces


def claims(tree: Tree) -> Iterator[Claim]:
    """The calendars that hold a massage, or are named for it."""
    for entry in tree:
        if "BEGIN:VCALENDAR" not in decode_head(entry.head)[:2000].upper():
            continue
        try:
            text = read_text(entry, MAX_CALENDAR_BYTES)
        except UnreadableExportError:
            yield Claim(entry.path)  # `read` says in one sentence why it cannot
            continue
        if MASSAGE_WORDS.search(fold(entry.name)) or any(event.is_massage for event in _calendar(text).events):
            yield Claim(entry.path)


def read(files: Sequence[Entry], context: Context) -> Iterator[Yielded]:
    """Every massage that had ended when the calendar was saved, and each event that could not be read."""
    for file, entry in enumerate(files):
        try:
            calendar = _calendar(read_text(entry, MAX_CALENDAR_BYTES), entry.name)
        except UnreadableExportError as error:
            yield FileSummary(file, log_kind="massages")
            yield Skipped(file, "file", str(error))
            continue
        yield from _read_calendar(file, calendar, context)


def _read_calendar(file: int, calendar: _Calendar, context: Context) -> Iterator[Yielded]:
    rows: list[Massage] = []
    skipped: list[Skipped] = []
    ahead = older = series = date_count = 0
    for uid, events in _massages_by_uid(calendar).items():
        series += sum(event.is_repeating for event in events)
        if date_count > calendar_rules.MAX_OCCURRENCES or series > MAX_SERIES:
            what = (
                f"{calendar_rules.MAX_OCCURRENCES:,} massages"
                if series <= MAX_SERIES
                else say("{max_series:,} repeating massages", max_series=MAX_SERIES)
            )
            reason = say("the calendar holds more than {what}; the rest of it was not read", what=what)
            skipped.append(Skipped(file, f"event {uid}", reason, _summary(events), unknown=Dates()))
            break
        found = _massages(calendar, events, context)
        skipped += [
            Skipped(file, f"event {uid}", lost.reason, _summary(events), unknown=lost.dates) for lost in found.lost
        ]
        has_several = len(found.rows) > 1 or any(event.is_repeating for event in events)
        for row in found.rows:
            day = f" on {row['local_date']}" if has_several else ""
            rows.append({"place": f"event {uid}{day}", "origin": "calendar_ics", **row})
        date_count += len(found.rows) + len(found.lost) + found.ahead_count
        ahead += found.ahead_count
        older += found.older_count
    if calendar.cut:
        cut_off = say("the file is cut off: events may be missing")
        skipped.append(Skipped(file, say("end of the file"), cut_off, unknown=Dates()))
    days, attended = ([row["local_date"] for row in rows if row["status"] in which] for which in (STATUSES, ATTENDED))
    unknown = unknown_days(skipped, days, attended)
    message = " ".join(filter(None, [_message(calendar, ahead, older), unknown]))
    yield from skipped
    asked = _asked(calendar)
    yield FileSummary(file, calendar.saved_utc, message, bool(calendar.cut), log_kind="massages", asked=asked)
    if rows:
        number_places(rows)
        yield batch_of_rows("massages", file, rows)


def _massages_by_uid(calendar: _Calendar) -> dict[str, list[_Event]]:
    """The events of each UID of which one names a massage."""
    by_uid: dict[str, list[_Event]] = {}
    for event in calendar.events:
        by_uid.setdefault(event.uid, []).append(event)
    return {uid: events for uid, events in by_uid.items() if any(event.is_massage for event in events)}


def _massages(calendar: _Calendar, events: Sequence[_Event], context: Context) -> _Found:
    """The massages of one UID, each date one, and the reasons why others cannot count."""
    rows: list[MassageContent] = []
    lost: list[_Lost] = []
    ahead = 0
    components: list[icalendar.Event] = []
    for event in events:
        try:
            components.append(_component(calendar, event, context))
        except _UnusableError as error:
            lost.append(_Lost(str(error), _dates_of_lines(event)))
        except calendar_rules.BROKEN:
            lost.append(_Lost(BROKEN, _dates_of_lines(event)))
    versions = _versions(components)
    older = say("another event of this UID is newer and has another date; only the newer one counts")
    lost += [_Lost(older, _dates_of(component, context)) for component in versions.unclear]
    occurrences: Sequence[icalendar.Event] = ()
    try:
        occurrences = list(_occurrences(calendar, versions.current))
    except _UnusableError as error:
        lost.append(_Lost(str(error), _dates_from(versions.current, context)))
    except calendar_rules.BROKEN:
        lost.append(_Lost(BROKEN, _dates_from(versions.current, context)))
    for component in occurrences:
        try:
            row = _massage(component, calendar, context)
        except _UnusableError as error:
            lost.append(_Lost(str(error), _dates_of(component, context)))
        except calendar_rules.BROKEN:
            lost.append(_Lost(BROKEN, _dates_of(component, context)))
        else:
            ahead += row is None
            rows += [row] if row else []
    return _Found(rows, lost, ahead, versions.replaced_count)


def _dates_of_lines(event: _Event) -> Dates:
    """The dates of an event that cannot be parsed, from its start; a repeating one has all that follow."""
    found = re.match(r"(\d{4})(\d\d)(\d\d)", _value(event.lines, "DTSTART"))
    try:
        day = date(*map(int, found.groups())) if found else None
    except ValueError:
        day = None
    if day is None or not FIRST_DATE < day < clock.LAST_UTC.date():
        return Dates()
    around = timedelta(days=1)  # its zone may be any
    return Dates(day - around, None if event.is_repeating else day + around)


def _dates_of(component: icalendar.Event, context: Context) -> Dates:
    """The local dates from the start of an event to its end; that of its start where the end cannot be read."""
    try:
        start = component.decoded("DTSTART")
        first = last = _local_day(start, context)
        with suppress(_UnusableError, *calendar_rules.BROKEN):
            end = _end(component, start)
            last = _local_day(end, context) - timedelta(days=0 if isinstance(start, datetime) else 1)
    except calendar_rules.BROKEN:
        return Dates()
    return Dates(first, max(first, last))


def _dates_from(components: Sequence[icalendar.Event], context: Context) -> Dates:
    """All dates from the first start of some events on."""
    starts = [_dates_of(component, context).first for component in components]
    return Dates(min((day for day in starts if day), default=None) if all(starts) else None)


def _local_day(moment: date, context: Context) -> date:
    if not isinstance(moment, datetime) or not _is_utc(moment):
        return date.fromordinal(_day(moment).toordinal())
    instant = naive_utc(moment)
    return clock.to_local(instant, context.zone_at(instant.date())).date()


def _calendar(text: str, name: str = "") -> _Calendar:
    """The events and zones of a calendar as lines; only the events that name a massage are parsed later."""
    zones: dict[str, Sequence[str]] = {}
    events: list[_Event] = []
    saved: datetime | None = None
    # Google names the calendar and its file by the owner's address.
    owners = {address.lower() for address in _ADDRESS.findall(re.sub(r"\.(ics|zip)$", "", name, flags=re.IGNORECASE))}
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
        if kind:
            block.append(line)
            if upper == f"END:{kind}":
                if kind == "VEVENT":
                    events.append(_event(block, len(events) + 1))
                else:
                    zones[_value(block, "TZID")] = block
                kind = ""
    cut = cut or (f"END:{kind}" if kind else "") or ("END:VCALENDAR" if is_open else "")
    return _Calendar(zones, events, saved, frozenset(owners), cut)


def _stamp(text: str) -> datetime | None:
    """A stamp as naive UTC; None for one that no export can have: some programs write 1970, a wrong clock 6026."""
    try:
        stamp = datetime.strptime(text, "%Y%m%dT%H%M%S")  # noqa: DTZ007 - naive means UTC here
    except ValueError:
        return None
    return stamp if clock.FIRST_UTC <= stamp < clock.LAST_UTC else None


def _event(lines: Sequence[str], number: int) -> _Event:
    own: list[str] = []  # without the alarms inside, which have descriptions too
    depth = 0
    for line in lines[1:-1]:
        depth += line.upper().startswith("BEGIN:")
        if not depth:
            own.append(line)
        depth -= line.upper().startswith("END:")
    is_massage = any(names_massage(_value(own, name)) for name in ("SUMMARY", "CATEGORIES"))
    words = " ".join(_value(own, name) for name in ("SUMMARY", "CATEGORIES", "DESCRIPTION", "LOCATION"))
    return _Event(
        own,
        _value(own, "UID")[:100] or f"number {number}",
        is_massage,
        not is_massage and bool(MASSAGE_WORDS.search(fold(words))),
        any(line.upper().startswith(("RRULE", "RDATE")) for line in own),
    )


def _value(lines: Sequence[str], name: str) -> str:
    """The values of a property, several joined; escapes stay."""
    found = (re.match(rf'{name}(?:;(?:"[^"]*"|[^":])*)?:(.*)', line, flags=re.IGNORECASE) for line in lines)
    return " ".join(value[1].strip() for value in found if value)


def _summary(events: Sequence[_Event]) -> str:
    named = next((event for event in events if event.is_massage), events[0])
    return _value(named.lines, "SUMMARY")[:200]


# ---- one event ---------------------------------------------------------------------------------------------------


def _component(calendar: _Calendar, event: _Event, context: Context) -> icalendar.Event:
    """The event as icalendar parses it, with zones that are known and an UNTIL that dateutil understands."""
    lines = [line for line in event.lines if _PROPERTIES.match(line)]
    if sum(map(len, lines)) > MAX_EVENT_CHARS:
        raise _UnusableError(say("the event has more than {max_event_chars} MB", max_event_chars=MAX_EVENT_CHARS >> 20))
    text = "\n".join(lines)
    if _TOO_OFTEN.search(text):
        raise _UnusableError(say("the event repeats within the day, which no massage does"))
    if any(line.upper().startswith("EXRULE") for line in event.lines):
        raise _UnusableError(say("the event leaves out dates by a rule (EXRULE), which is not read"))
    if _NO_INTERVAL.search(text):
        raise _UnusableError(BROKEN)
    zones: dict[str, Sequence[str]] = {}
    lines = [_with_known_zone(line, calendar, zones) for line in lines]
    parsed = icalendar.Calendar.from_ical(
        "\r\n".join(
            [
                "BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//recovery//EN",
                *(line for block in zones.values() for line in block),
                "BEGIN:VEVENT", *lines, "END:VEVENT", "END:VCALENDAR", "",
            ]
        )
    )  # fmt: skip
    (component,) = parsed.events
    if "DTSTART" not in component:
        raise _UnusableError(say("the event has no start"))
    start = component.decoded("DTSTART")
    if event.is_repeating and _day(start) < FIRST_DATE:
        raise _UnusableError(say("the event begins before {year}", year=FIRST_DATE.year))
    if event.is_repeating and _day(start) >= clock.LAST_UTC.date():
        raise _UnusableError(OUTSIDE)
    for rule in calendar_rules.listed(component, "RRULE"):
        if "UNTIL" in rule:
            rule["UNTIL"] = [calendar_rules.end_of_rule(rule["UNTIL"][0], start, context)]
        if not calendar_rules.gives_dates(rule, start):
            raise _UnusableError(say("the rule by which the event repeats gives no date"))
    return component


def _with_known_zone(line: str, calendar: _Calendar, zones: dict[str, Sequence[str]]) -> str:
    """The line with a zone that icalendar knows; a VTIMEZONE that it needs is added to `zones`.

    The VTIMEZONE gets a name made of its content: icalendar remembers zones by name for as long as it runs, and the
    "Customized Time Zone" of another file is another zone.
    """
    zoned = _ZONED.fullmatch(line)
    if not zoned:
        return line
    name = zoned[2] if zoned[2] is not None else zoned[3]
    if known := _known_zone(name):
        return f"{zoned[1]};TZID={known}{zoned[4]}"
    block = calendar.zones.get(name) or calendar.zones.get(name.replace(",", "\\,"))
    if block is None:
        return f"{zoned[1]}{zoned[4]}"
    rules = [line for line in block if line.upper().startswith("RRULE")]
    if len(block) > MAX_ZONE_LINES or any("FREQ=YEARLY" not in rule.upper() for rule in rules):
        raise _UnusableError(say("the time zone of the event breaks the calendar format"))
    own_name = f"recovery-{sha256(repr(block).encode()).hexdigest()[:16]}"
    zones[own_name] = [f"TZID:{own_name}" if line.upper().startswith("TZID") else line for line in block]
    return f"{zoned[1]};TZID={own_name}{zoned[4]}"


@cache
def _known_zone(name: str) -> str:
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


# ---- the events of one UID ---------------------------------------------------------------------------------------


class _Versions(NamedTuple):
    """The events of one UID by what becomes of them."""

    current: Sequence[icalendar.Event]
    replaced_count: int
    unclear: Sequence[icalendar.Event]  # an older version, or an event of its own


def _versions(components: Sequence[icalendar.Event]) -> _Versions:
    """Which events of one UID count; the order of the file decides nothing."""
    ordered = sorted(
        components, key=lambda event: (calendar_rules.rank(event), _names_massage(event), calendar_rules.text(event))
    )
    changed = {calendar_rules.key(event, "RECURRENCE-ID"): event for event in ordered if "RECURRENCE-ID" in event}
    whole = [event for event in ordered if "RECURRENCE-ID" not in event]
    newest = [event for event in whole if calendar_rules.rank(event) == calendar_rules.rank(whole[-1])]
    current = {calendar_rules.key(event, "DTSTART"): event for event in newest}
    unclear = [
        event
        for event in whole[: len(whole) - len(newest)]
        if calendar_rules.rank(event)[0] == calendar_rules.rank(whole[-1])[0]
        and calendar_rules.key(event, "DTSTART") not in current
        and _names_massage(event)
    ]
    counting = [*current.values(), *changed.values()]
    return _Versions(counting, len(components) - len(counting) - len(unclear), unclear)


def _occurrences(calendar: _Calendar, components: Sequence[icalendar.Event]) -> Iterator[icalendar.Event]:
    """The events of one UID that name a massage, repeating ones once for each date up to the calendar's own moment."""
    whole = [event for event in components if "RECURRENCE-ID" not in event]
    changed = [event for event in components if "RECURRENCE-ID" in event]
    series = [event for event in whole if "RRULE" in event or "RDATE" in event]
    single = {calendar_rules.key(event, "DTSTART"): event for event in whole if event not in series}
    date_count = 0
    for event in series:
        # A change belongs to the series that has its date; one that fits none is an event of its own.
        dates = (
            {calendar_rules.key(date_of, "DTSTART") for date_of in _repeated(calendar, [event])}
            if len(series) > 1
            else set()
        )
        own = [one for one in changed if len(series) == 1 or calendar_rules.key(one, "RECURRENCE-ID") in dates]
        changed = [one for one in changed if one not in own]
        found = _repeated(calendar, [event, *own])
        date_count += len(found)
        if date_count > calendar_rules.MAX_OCCURRENCES:
            raise _UnusableError(say("the event repeats more than {most:,} times", most=calendar_rules.MAX_OCCURRENCES))
        yield from filter(_names_massage, found)
    single |= {calendar_rules.key(event, "RECURRENCE-ID"): event for event in changed}
    yield from filter(_names_massage, single.values())


def _repeated(calendar: _Calendar, events: Sequence[icalendar.Event]) -> Sequence[icalendar.Event]:
    """The dates of one repeating event with its changes, up to the calendar's own moment."""
    if calendar.saved_utc is None:
        raise _UnusableError(say("the event repeats, and the calendar does not tell when it was saved"))
    until = calendar.saved_utc + timedelta(days=1)
    if sum(
        calendar_rules.date_count(rule, events[0].decoded("DTSTART"), until)
        for rule in calendar_rules.listed(events[0], "RRULE")
    ) > (calendar_rules.MAX_OCCURRENCES):
        raise _UnusableError(say("the event repeats more than {most:,} times", most=calendar_rules.MAX_OCCURRENCES))
    series = icalendar.Calendar()
    for event in events:
        series.add_component(event)
    found: Sequence[icalendar.Event] = recurring_ical_events.of(series).between(FIRST_DATE, until.replace(tzinfo=UTC))
    return found


def _names_massage(component: icalendar.Event) -> bool:
    categories = component.get("CATEGORIES", [])
    several = categories if isinstance(categories, list) else [categories]
    names = [str(name) for category in several for name in category.cats]
    return names_massage(str(component.get("SUMMARY", ""))) or names_massage(",".join(names))


# ---- one date ----------------------------------------------------------------------------------------------------


def _massage(component: icalendar.Event, calendar: _Calendar, context: Context) -> MassageContent | None:
    """One event as a record without `file`, `place` and `origin`; None where it lay ahead when the file was saved."""
    start = component.decoded("DTSTART")
    summary = str(component.get("SUMMARY", "")).strip()
    is_cancelled = _is_cancelled(component, summary, calendar.owners)
    end = _end(component, start)
    if not isinstance(start, datetime):
        if end - start > timedelta(days=1):
            raise _UnusableError(
                say("the event lasts {days} days; it does not tell on which the massage was", days=(end - start).days)
            )
        local_date, start_local, start_utc, minutes = start, None, None, None
        ended_utc = end_of_day(start, context)
    else:
        minutes = (_instant(end, context) - _instant(start, context)) / timedelta(minutes=1)
        if not 0 <= minutes <= MAX_MASSAGE_MIN:
            raise _UnusableError(say("the event lasts {minutes:g} minutes, which no massage does", minutes=minutes))
        ended_utc = _instant(end, context)
        start_utc = None if start.tzinfo is None else _instant(start, context)
        start_local = start.replace(tzinfo=None)
        if start_utc is not None and _is_utc(start):
            start_local = clock.to_local(start_utc, context.zone_at(start_utc.date()))
        local_date = start_local.date()
    if not FIRST_DATE <= local_date < clock.LAST_UTC.date():
        raise _UnusableError(OUTSIDE)
    if calendar.saved_utc is not None and ended_utc > calendar.saved_utc:
        return None
    return {
        "local_date": local_date,
        "start_local": start_local,
        "start_utc": start_utc,
        "massage_min": minutes or None,
        "technique": summary[:MAX_TEXT] or None,
        "status": "cancelled" if is_cancelled else "attended",
        "note": str(component.get("DESCRIPTION", "")).strip()[:MAX_TEXT] or None,
    }


def _is_cancelled(component: icalendar.Event, summary: str, owners: frozenset[str]) -> bool:
    """Whether an event says that it did not take place; raises _UnusableError where it does not say so clearly.

    TRANSP says only how the time is shown to others. Calendars show all-day events as free by themselves, and people
    set it for what is nobody's business: a transparent massage took place, an opaque one too.
    """
    status = str(component.get("STATUS", "")).strip().upper()
    if status == "CANCELLED" or CANCELLED_WORDS.search(fold(summary)):
        return True
    answers = _answers(component)
    own = {answer for address, answer in answers if address in owners}
    if not own and any(answer == "DECLINED" for _, answer in answers):
        # The owner is one of the invited and is not known, or it is the owner who invited them.
        organizer = _address(component.get("ORGANIZER", ""))
        own = {answer for address, answer in answers if answer == "DECLINED" or address != organizer}
        if own != {"DECLINED"}:
            raise _UnusableError(
                say("somebody declined the event, and the calendar does not tell whether its owner did")
            )
    if status == "TENTATIVE" or "TENTATIVE" in own:
        raise _UnusableError(say("the event is only tentative"))
    return "DECLINED" in own


def _answers(component: icalendar.Event) -> Sequence[tuple[str, str]]:
    """The address and PARTSTAT of each person who is invited; rooms are no persons."""
    found = component.get("ATTENDEE", [])
    people = [
        one
        for one in (found if isinstance(found, list) else [found])
        if str(one.params.get("CUTYPE", "")).upper() not in ("ROOM", "RESOURCE")
    ]
    return [(_address(one), str(one.params.get("PARTSTAT", "")).upper()) for one in people]


def _address(value: object) -> str:
    return re.sub("^mailto:", "", str(value).strip(), flags=re.IGNORECASE).lower()


def _end(component: icalendar.Event, start: date) -> date:
    end: date
    if "DTEND" in component:
        end = component.decoded("DTEND")
        if isinstance(end, datetime) != isinstance(start, datetime):
            raise _UnusableError(say("the event has a time at one end only"))
        return end
    if "DURATION" in component:
        end = start + component.decoded("DURATION")
        return end
    return start if isinstance(start, datetime) else start + timedelta(days=1)


def _instant(moment: date, context: Context) -> datetime:
    """Naive UTC; a floating time is read on the person's own wall clock."""
    assert isinstance(moment, datetime)  # noqa: S101 - _end holds both ends to one kind
    if moment.tzinfo is None:
        return context.to_utc(moment)
    return naive_utc(moment)


def _is_utc(moment: datetime) -> bool:
    return str(moment.tzinfo) in ("UTC", "Etc/UTC", "UTC+00:00")


def _day(moment: date) -> date:
    return moment.date() if isinstance(moment, datetime) else moment


def _asked(calendar: _Calendar) -> str:
    """What the receipt asks of events that mention a massage and are counted as none; '' where there are none."""
    hints = [event for event in calendar.events if event.is_hint]
    if not hints:
        return ""
    named = "; ".join(
        f"{_value(hint.lines, 'DTSTART')[:8]} {_value(hint.lines, 'SUMMARY')[:60] or 'without a title'}"
        for hint in hints[:MAX_EXAMPLES]
    )
    return say(
        "Of these, events that mention a massage, but not as their title: {count} ({named}{more}). "
        "If one was a massage, say so in its title.",
        count=len(hints),
        named=named,
        more="; ..." if len(hints) > MAX_EXAMPLES else "",
    )


def _message(calendar: _Calendar, ahead: int, older: int) -> str:
    """What the receipt says of the events that are no rows."""
    other = sum(not event.is_massage for event in calendar.events)
    parts = [say("The file is cut off: {cut} is missing. Export it again.", cut=calendar.cut) if calendar.cut else ""]
    parts.append(say("Other events, left alone: {other}.", other=other) if other else "")
    parts.append(_asked(calendar))
    if older:
        parts.append(say("Older versions of an event, which a newer one replaces: {older}.", older=older))
    if unknown := _unknown_zones(calendar):
        parts.append(
            say(
                "Time zones that nobody knows, read as the local time: {names}.",
                names=", ".join(unknown[:MAX_EXAMPLES]),
            )
        )
    if ahead and calendar.saved_utc:
        parts.append(
            say(
                "Appointments after {saved_utc:%Y-%m-%d}, the calendar's own date, do not count yet: "
                "{ahead}. Export it again once they have taken place.",
                saved_utc=calendar.saved_utc,
                ahead=ahead,
            )
        )
    return " ".join(filter(None, parts))


def _unknown_zones(calendar: _Calendar) -> Sequence[str]:
    """The zones of massages that neither the time zone database nor the calendar describes."""
    lines = (line for event in calendar.events if event.is_massage for line in event.lines)
    zoned = (_ZONED.fullmatch(line) for line in lines)
    names = {found[2] if found[2] is not None else found[3] for found in zoned if found}
    described = {name.replace("\\,", ",") for name in calendar.zones}
    return sorted(name[:60] for name in names if not _known_zone(name) and name not in described)
