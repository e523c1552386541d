"""Massages out of a calendar: an ICS file whose events name a massage or physiotherapy.

An event counts where its summary or one of its categories names a massage that somebody gave (`calendar_titles`).
A calendar without such an event is not claimed, and the other events of a claimed one are left alone.

- **The description and the place alone are no massage.** "Ask about massage" stands in the description of a dentist's
  appointment, and a practice of physiotherapy is also where one fetches a child. The summary is what the person calls
  the event. Events with the word elsewhere, or whose summary is an errand, a course, a device or "no massage", are
  named in the message.
- **What lay ahead is not a massage.** A calendar also holds appointments to come. The newest DTSTAMP, LAST-MODIFIED
  or CREATED of all its events is the last moment at which the file is known to be true (Google and Outlook stamp the
  export itself, Apple the last change). Only what had ended by then counts; the message counts the rest, which counts
  once a newer export says so. Nothing depends on the day it is read. A stamp before 2000 or after 2099 is none.
- **The key of an event is UID and RECURRENCE-ID.** Of two versions of one key the higher SEQUENCE counts, then the
  later LAST-MODIFIED, then the later DTSTAMP. Events of one UID that are equal in all three and differ in their start
  are several events, and all count. An older one of the same SEQUENCE with another start may be either: it is rejected.
- A repeating event counts once for each date up to that moment, with its exceptions and moved dates. Without any stamp
  single events count as they stand, and of a repeating one the first date, because nothing bounds it. UNTIL given as a
  date includes that date on the event's own wall clock (some programs write it so; the standard asks for UTC).
- A time with a zone gives the wall clock of that zone and `start_utc`; a time in UTC ('Z') the wall clock of the
  person's own zone on that date; a floating time is the wall clock as it stands; an all-day event has no start.
  A zone of an unknown name is what its own VTIMEZONE says; without one the time is read as floating, and the message
  names the zone.
- STATUS:CANCELLED, a title that says so, or an invitation that the calendar's owner declined is a cancelled massage; a
  tentative one is skipped, and one whose title leaves it open ("Massage?"). TRANSP is no sign of either: see
  `_is_cancelled`.
- Whose a massage is, title and invitation may tell (`formats.calendar_people`).
- Only the date is essential: a length that no massage has is left empty, and of a rule of repetition that cannot be
  followed the first date counts, the days after it being unknown.
- An event that cannot count leaves its dates unknown (`formats.log_days`), a repeating one all from its start on, and a
  file that is cut off all that it speaks of.
- A file without its END:VCALENDAR, or with an event without its END:VEVENT, is partial: the whole events count.
"""

import re
from collections.abc import Iterator, Sequence
from contextlib import suppress
from datetime import UTC, date, datetime, timedelta
from functools import cache
from hashlib import sha256
from typing import NamedTuple

import icalendar
import recurring_ical_events

from recovery.errors import UnreadableExportError
from recovery.formats import calendar_rules
from recovery.formats.calendar_mends import MendedCalendar, column_of, key_of, mended_calendar, unread_event
from recovery.formats.calendar_people import address_of, attendees, whose
from recovery.formats.calendar_text import (
    COUNTING,
    ZONED,
    CalendarText,
    EventLines,
    calendar_of,
    known_zone,
    summary_of,
    unknown_zones,
    value_of,
)
from recovery.formats.calendar_titles import Said, said_of
from recovery.formats.entries import Claim, Context, Entry, Tree
from recovery.formats.log_cells import NotReadableError, fold
from recovery.formats.log_days import unknown_days
from recovery.formats.log_table import decode_head, read_text
from recovery.formats.massage_words import MASSAGE_WORDS, number_places
from recovery.formats.records import (
    STATUSES,
    Dates,
    FileSummary,
    Massage,
    MassageContent,
    Skipped,
    UnreadRow,
    Yielded,
    batch_of_rows,
)
from recovery.formats.times import end_of_day, naive_utc
from recovery.home import clock
from recovery.home.mends import WHOLE_ROW
from recovery.vocabulary.massages import MAX_MASSAGE_MIN
from recovery.words.say import say

LABEL = say("calendar with massages (ICS)")
VERSION = 4
USES_LOCAL_TIME = True
USES_NAMES = True

MAX_CALENDAR_BYTES = 64 << 20  # decades of a busy calendar
MAX_TEXT = 2000  # characters of a description that are kept
FIRST_DATE = date(2000, 1, 1)

MAX_SERIES = 300  # repeating massages of one calendar; a new one a month for 25 years
MAX_EVENT_CHARS = 1 << 20  # of one event without its attachments: 50,000 dates
MAX_ZONE_LINES = 500  # of a VTIMEZONE; Outlook writes 16, a century of single changes 200
MAX_EXAMPLES = 3  # zones that the message names
MAX_MENTIONED = 10  # events that the message names

# What is given to icalendar: a broken GEO or a long ATTACH costs no massage.
_PROPERTIES = re.compile(
    r"(UID|DTSTART|DTEND|DURATION|RRULE|RDATE|EXDATE|RECURRENCE-ID|SEQUENCE|SUMMARY|DESCRIPTION|CATEGORIES|LOCATION|"
    r"STATUS|TRANSP|ATTENDEE|ORGANIZER|DTSTAMP|LAST-MODIFIED)[;:]",
    re.IGNORECASE,
)
_KEY, _TOLD_STATUS = "X-RECOVERY-KEY", "X-RECOVERY-STATUS"  # properties of our own, of events that are parsed
ATTENDED = ("attended",)
BROKEN = calendar_rules.BROKEN_EVENT
OUTSIDE = say("the event lies outside {first} to {last}", first=FIRST_DATE.year, last=clock.LAST_UTC.year - 1)


_UnusableError = NotReadableError  # an event that cannot count; the text is the reason for `rejected`


class _UnreadableLengthError(ValueError):
    """An event whose end says nothing of how long it was."""


class _Lost(NamedTuple):
    """An event that cannot count."""

    reason: str
    dates: Dates  # on one of which there may have been a massage
    row: UnreadRow | None = None  # where its owner can mend it


class _Row(NamedTuple):
    """One massage of a person."""

    person: str
    content: MassageContent  # without `file`, `place` and `origin`
    fault: str  # why it has no length
    is_free: bool  # its time is shown to others as free
    row: UnreadRow | None = None  # where its owner can say the length


class _Found(NamedTuple):
    """What the events of one UID give."""

    rows: Sequence[_Row]
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
        if MASSAGE_WORDS.search(fold(entry.name)) or any(event.is_massage for event in calendar_of(text).events):
            yield Claim(entry.path)


def read(files: Sequence[Entry], context: Context) -> Iterator[Yielded]:
    """Every massage that had ended when the calendar was saved, and each event that could not be read."""
    for file, entry in enumerate(files):
        try:
            as_it_stands = calendar_of(read_text(entry, MAX_CALENDAR_BYTES), entry.name)
        except UnreadableExportError as error:
            yield FileSummary(file, log_kind="massages")
            yield Skipped(file, "file", str(error))
            continue
        yield from _read_calendar(file, mended_calendar(as_it_stands, context.mends.of(entry.path)), context)


def _read_calendar(file: int, mended: MendedCalendar, context: Context) -> Iterator[Yielded]:
    calendar = mended.calendar
    rows: dict[str, list[Massage]] = {}
    skipped: list[Skipped] = []
    free = 0
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
            skipped.append(Skipped(file, f"event {uid}", reason, summary_of(events), unknown=Dates()))
            break
        found = _massages(calendar, events, context)
        skipped += [
            Skipped(file, f"event {uid}", lost.reason, summary_of(events), unknown=lost.dates, row=lost.row)
            for lost in found.lost
        ]
        has_several = len(found.rows) > 1 or any(event.is_repeating for event in events)
        for row in found.rows:
            day = f" on {row.content['local_date']}" if has_several else ""
            place = f"event {uid}{day}"
            rows.setdefault(row.person, []).append({"place": place, "origin": "calendar_ics", **row.content})
            free += row.is_free
            if row.fault:
                skipped.append(Skipped(file, place, row.fault, summary_of(events), is_kept=True, row=row.row))
        date_count += len(found.rows) + len(found.lost) + found.ahead_count
        ahead += found.ahead_count
        older += found.older_count
    if calendar.cut:
        cut_off = say("the file is cut off: events may be missing")
        skipped.append(Skipped(file, say("end of the file"), cut_off, unknown=Dates()))
    every = [row for of_person in rows.values() for row in of_person]
    days, attended = ([row["local_date"] for row in every if row["status"] in which] for which in (STATUSES, ATTENDED))
    unknown = unknown_days(skipped, days, attended)
    message = " ".join(filter(None, [*mended.messages, _message(calendar, ahead, older, free), unknown]))
    yield from _each_asked_once(skipped)
    asked = _asked(calendar)
    yield FileSummary(
        file, calendar.saved_utc, message, bool(calendar.cut), log_kind="massages", asked=asked, mended=mended.put_in
    )
    number_places(every)
    for person, massages in rows.items():
        batch = batch_of_rows("massages", file, massages)
        yield batch._replace(person="" if person == context.subject else person)


def _each_asked_once(skipped: Sequence[Skipped]) -> Iterator[Skipped]:
    """What was skipped, where the first date alone of a repeating event asks about it."""
    asked: set[tuple[str, str]] = set()
    for one in skipped:
        about = (one.row.key, one.row.column) if one.row else None
        yield one._replace(row=None) if about in asked else one
        asked |= {about} if about else set()


def _massages_by_uid(calendar: CalendarText) -> dict[str, list[EventLines]]:
    """The events of each UID of which one names a massage."""
    by_uid: dict[str, list[EventLines]] = {}
    for event in calendar.events:
        by_uid.setdefault(event.uid, []).append(event)
    return {uid: events for uid, events in by_uid.items() if any(event.is_massage for event in events)}


def _massages(calendar: CalendarText, events: Sequence[EventLines], context: Context) -> _Found:
    """The massages of one UID, each date one, and the reasons why others cannot count."""
    rows: list[_Row] = []
    lost: list[_Lost] = []
    ahead = 0
    components: list[icalendar.Event] = []
    by_key = {key_of(event): event for event in events}
    unread = cache(lambda key, column: unread_event(by_key[key], column))  # a series has thousands of dates
    for key, event in ((key_of(event), event) for event in events):
        try:
            component, fault = _component(calendar, event, context)
        except calendar_rules.BROKEN as error:
            lost.append(_Lost(_reason(error), _dates_of_lines(event), unread(key, column_of(event, error))))
        else:
            components.append(component)
            component[_KEY], component[_TOLD_STATUS] = icalendar.vText(key), icalendar.vText(event.told_status)
            if fault:
                later = _dates_of(component, context).first
                reason = say("{fault}: of its dates only the first counts", fault=fault)
                lost.append(_Lost(reason, Dates(later and later + timedelta(days=1), None), unread(key, WHOLE_ROW)))
    versions = _versions(components)
    older = say("another event of this UID is newer and has another date; only the newer one counts")
    lost += [
        _Lost(older, _dates_of(component, context), unread(str(component[_KEY]), WHOLE_ROW))
        for component in versions.unclear
    ]
    occurrences: Sequence[icalendar.Event] = ()
    try:
        occurrences = list(_occurrences(calendar, versions.current))
    except calendar_rules.BROKEN as error:
        culprit = _culprit(events, error)
        row = unread(key_of(culprit), column_of(culprit, error)) if culprit else None
        lost.append(_Lost(_reason(error), _dates_from(versions.current, context), row))
    for component in occurrences:
        key = str(component[_KEY])
        try:
            massage = _massage(component, calendar, context)
        except calendar_rules.BROKEN as error:
            row = unread(key, column_of(by_key[key], error))
            lost.append(_Lost(_reason(error), _dates_of(component, context), row))
        else:
            ahead += massage is None
            own = unread(key, "minutes") if massage and massage.fault else None
            rows += [massage._replace(row=own)] if massage else []
    return _Found(rows, lost, ahead, versions.replaced_count)


def _culprit(events: Sequence[EventLines], error: Exception) -> EventLines | None:
    """The event of a UID for which none of its dates can be told; None where that is not one alone."""
    faulty = [event for event in events if column_of(event, error) == "start"]
    return faulty[0] if faulty else events[0] if len(events) == 1 else None


def _reason(error: Exception) -> str:
    return str(error) if isinstance(error, _UnusableError) else BROKEN


def _dates_of_lines(event: EventLines) -> Dates:
    """The dates of an event that cannot be parsed, from its start; a repeating one has all that follow."""
    found = re.match(r"(\d{4})(\d\d)(\d\d)", value_of(event.lines, "DTSTART"))
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
        with suppress(*calendar_rules.BROKEN):
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


# ---- one event ---------------------------------------------------------------------------------------------------


class _Component(NamedTuple):
    event: icalendar.Event
    fault: str  # why only the first of its dates can count; '' where all can


def _component(calendar: CalendarText, event: EventLines, context: Context) -> _Component:
    """The event as icalendar parses it, with zones that are known and an UNTIL that dateutil understands."""
    lines = [line for line in event.lines if _PROPERTIES.match(line)]
    if sum(map(len, lines)) > MAX_EVENT_CHARS:
        raise _UnusableError(say("the event has more than {max_event_chars} MB", max_event_chars=MAX_EVENT_CHARS >> 20))
    if any(line.upper().startswith("EXRULE") for line in event.lines):
        raise _UnusableError(say("the event leaves out dates by a rule (EXRULE), which is not read"))
    rules = [line for line in lines if line.upper().startswith("RRULE")]
    broken = [line for line in lines if line.upper().startswith("RDATE") and not calendar_rules.is_of_dates(line)]
    lines = [line for line in lines if line not in (*rules, *broken)]
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
        raise _UnusableError(say("the event has no start"), "start")
    start = component.decoded("DTSTART")
    if event.is_repeating and _day(start) < FIRST_DATE:
        raise _UnusableError(say("the event begins before {year}", year=FIRST_DATE.year), "start")
    if event.is_repeating and _day(start) >= clock.LAST_UTC.date():
        raise _UnusableError(OUTSIDE, "start")
    fault = next(filter(None, (calendar_rules.fault_of(rule, start, context) for rule in rules)), "")
    fault = fault or (BROKEN if broken else "")
    if event.is_repeating and calendar.saved_utc is None:
        fault = fault or say("the event repeats, and the calendar does not tell when it was saved")
        component.pop("RDATE", None)
    if not fault and rules:
        component["RRULE"] = [calendar_rules.rule_of(rule, start, context) for rule in rules]
    if fault and calendar_rules.is_left_out(component, start):
        raise _UnusableError(fault)
    return _Component(component, fault)


def _with_known_zone(line: str, calendar: CalendarText, zones: dict[str, Sequence[str]]) -> str:
    """The line with a zone that icalendar knows; a VTIMEZONE that it needs is added to `zones`.

    The VTIMEZONE gets a name made of its content: icalendar remembers zones by name for as long as it runs, and the
    "Customized Time Zone" of another file is another zone.
    """
    zoned = ZONED.fullmatch(line)
    if not zoned:
        return line
    name = zoned[2] if zoned[2] is not None else zoned[3]
    if known := known_zone(name):
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


def _occurrences(calendar: CalendarText, components: Sequence[icalendar.Event]) -> Iterator[icalendar.Event]:
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


def _repeated(calendar: CalendarText, events: Sequence[icalendar.Event]) -> Sequence[icalendar.Event]:
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
    return _said(component) in COUNTING


def _said(component: icalendar.Event) -> Said:
    categories = component.get("CATEGORIES", [])
    several = categories if isinstance(categories, list) else [categories]
    names = [str(name) for category in several for name in category.cats]
    return said_of(str(component.get("SUMMARY", "")), ",".join(names))


# ---- one date ----------------------------------------------------------------------------------------------------


class _Length(NamedTuple):
    end: date  # the start where the end cannot be
    minutes: float | None
    fault: str  # why there are none


def _massage(component: icalendar.Event, calendar: CalendarText, context: Context) -> _Row | None:
    """One event as a record; None where it lay ahead when the file was saved."""
    start = component.decoded("DTSTART")
    length = _length(component, start, context)
    if not isinstance(start, datetime):
        local_date, start_local, start_utc = start, None, None
        ended_utc = end_of_day(start, context)
    else:
        ended_utc = _instant(length.end, context)
        start_utc = None if start.tzinfo is None else _instant(start, context)
        start_local = start.replace(tzinfo=None)
        if start_utc is not None and _is_utc(start):
            start_local = clock.to_local(start_utc, context.zone_at(start_utc.date()))
        local_date = start_local.date()
    if not FIRST_DATE <= local_date < clock.LAST_UTC.date():
        raise _UnusableError(OUTSIDE, "start")
    if calendar.saved_utc is not None and ended_utc > calendar.saved_utc:
        return None
    status = str(component.get(_TOLD_STATUS, ""))
    status = status or ("cancelled" if _is_cancelled(component, calendar.owners) else "attended")
    summary = str(component.get("SUMMARY", "")).strip()
    person = whose(component, calendar.title, calendar.owners, context)
    content: MassageContent = {
        "local_date": local_date,
        "start_local": start_local,
        "start_utc": start_utc,
        "massage_min": length.minutes or None,
        "technique": summary[:MAX_TEXT] or None,
        "status": status,
        "note": str(component.get("DESCRIPTION", "")).strip()[:MAX_TEXT] or None,
    }
    is_free = isinstance(start, datetime) and str(component.get("TRANSP", "")).strip().upper() == "TRANSPARENT"
    return _Row(person, content, length.fault, is_free and status == "attended")


def _length(component: icalendar.Event, start: date, context: Context) -> _Length:
    """How long an event lasts. Raises _UnusableError where it does not tell the date: all-day over several days."""
    try:
        end = _end(component, start)
        if not isinstance(start, datetime):
            if end - start > timedelta(days=1):
                raise _UnusableError(
                    say(
                        "the event lasts {days} days; it does not tell on which the massage was",
                        days=(end - start).days,
                    ),
                    "start",
                )
            return _Length(start, None, "")
        minutes = (_instant(end, context) - _instant(start, context)) / timedelta(minutes=1)
    except _UnreadableLengthError as error:
        return _Length(start, None, str(error))
    except calendar_rules.BROKEN as error:
        if isinstance(error, _UnusableError):
            raise
        return _Length(start, None, say("the end of the event cannot be read"))
    if not 0 <= minutes <= MAX_MASSAGE_MIN:
        return _Length(
            start, None, say("the event lasts {minutes:.0f} minutes, which no massage does", minutes=minutes)
        )
    return _Length(end, minutes, "")


def _is_cancelled(component: icalendar.Event, owners: frozenset[str]) -> bool:
    """Whether an event says that it did not take place; raises _UnusableError where it does not say so clearly.

    TRANSP says only how the time is shown to others. Calendars show all-day events as free by themselves, and people
    set it for what is nobody's business: a transparent massage took place, an opaque one too. The message counts them.
    """
    status = str(component.get("STATUS", "")).strip().upper()
    said = _said(component)
    if status == "CANCELLED" or said == "cancelled":
        return True
    organizer = address_of(component.get("ORGANIZER", ""))
    answers = _answers(component)
    own = {answer for address, answer in answers if address in owners}
    if not own and any(answer == "DECLINED" for _, answer in answers):
        # The owner is one of the invited and is not known, or it is the owner who invited them.
        own = {answer for address, answer in answers if answer == "DECLINED" or address != organizer}
        if own != {"DECLINED"}:
            raise _UnusableError(
                say("somebody declined the event, and the calendar does not tell whether its owner did"), "status"
            )
    if status == "TENTATIVE" or "TENTATIVE" in own:
        raise _UnusableError(say("the event is only tentative"), "status")
    if said == "unsure" and "DECLINED" not in own:
        raise _UnusableError(
            say(
                "its title does not tell whether there was a massage; begin it with the word cancelled where there was"
                " none, and leave only the kind of massage where there was one"
            ),
            "status",
        )
    return "DECLINED" in own


def _answers(component: icalendar.Event) -> Sequence[tuple[str, str]]:
    """The address and PARTSTAT of each person who is invited."""
    return [(address_of(one), str(one.params.get("PARTSTAT", "")).upper()) for one in attendees(component)]


def _end(component: icalendar.Event, start: date) -> date:
    end: date
    if "DTEND" in component:
        end = component.decoded("DTEND")
        if isinstance(end, datetime) != isinstance(start, datetime):
            raise _UnreadableLengthError(say("the event has a time at one end only"))
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


def _asked(calendar: CalendarText) -> str:
    """What the receipt asks of events that mention a massage and are counted as none; '' where there are none."""
    hints = [event for event in calendar.events if event.is_hint]
    if not hints:
        return ""
    named = "; ".join(
        f"{value_of(hint.lines, 'DTSTART')[:8]} {value_of(hint.lines, 'SUMMARY')[:60] or 'without a title'}"
        for hint in hints[:MAX_MENTIONED]
    )
    return say(
        "Of these, events that only mention a massage: {count} ({named}{more}). "
        "If one was a massage, say so in its title.",
        count=len(hints),
        named=named,
        more="; ..." if len(hints) > MAX_MENTIONED else "",
    )


def _message(calendar: CalendarText, ahead: int, older: int, free: int) -> str:
    """What the receipt says of the events that are no rows."""
    other = sum(not event.is_massage for event in calendar.events)
    parts = [say("The file is cut off: {cut} is missing. Export it again.", cut=calendar.cut) if calendar.cut else ""]
    parts.append(say("Other events, left alone: {other}.", other=other) if other else "")
    parts.append(_asked(calendar))
    if free:
        parts.append(
            say(
                "Massages whose time the calendar shows as free, which count all the same: {free}. Begin the title of"
                " one that did not take place with the word cancelled.",
                free=free,
            )
        )
    if older:
        parts.append(say("Older versions of an event, which a newer one replaces: {older}.", older=older))
    if unknown := unknown_zones(calendar):
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
