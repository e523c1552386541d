"""Massages out of a calendar: an ICS file whose events name a massage or physiotherapy.

An event counts where its summary, categories or description hold one of `MASSAGE_WORDS`; a calendar without such an
event is not claimed, and the other events of a claimed one are left alone.

- **What lay ahead is not a massage.** A calendar also holds appointments to come. The newest DTSTAMP, LAST-MODIFIED
  or CREATED of all its events is the last moment at which the file is known to be true (Google and Outlook stamp the
  export itself, Apple the last change). Only what had ended by then counts; the message counts the rest, which counts
  once a newer export says so. Nothing depends on the day it is read.
- A repeating event counts once for each date up to that moment, with its exceptions and moved dates. Without any stamp
  single events count as they stand, and a repeating one is skipped, because nothing bounds it.
- A time with a zone gives the wall clock of that zone and `start_utc`; a time in UTC ('Z') the wall clock of the
  person's own zone on that date; a floating time is the wall clock as it stands; an all-day event has no start.
- STATUS:CANCELLED, or a summary that begins so, is a cancelled massage; a tentative one is skipped.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, date, datetime, timedelta
from typing import NamedTuple

import icalendar
import recurring_ical_events

from recovery.errors import UnreadableExportError
from recovery.formats.entries import Claim, Context, Entry, Tree
from recovery.formats.log_cells import fold
from recovery.formats.log_table import decode_head, read_text
from recovery.formats.massage_words import MASSAGE_WORDS, number_places
from recovery.formats.records import FileSummary, Massage, MassageContent, Skipped, Yielded, batch_of_rows
from recovery.formats.times import end_of_day, naive_utc
from recovery.home import clock

LABEL = "calendar with massages (ICS)"
VERSION = 1
USES_LOCAL_TIME = True

MAX_CALENDAR_BYTES = 64 << 20  # decades of a busy calendar
MAX_OCCURRENCES = 20_000  # of one repeating event, and of a calendar
MAX_MASSAGE_MIN = 480.0  # as in a massage log
MAX_TEXT = 2000  # characters of a description that are kept
FIRST_DATE = date(2000, 1, 1)

CANCELLED_WORDS = re.compile(
    r"^(cancel|abgesagt|storniert|ausgefallen|entfallt|annul|anulad|disdett|geannuleerd|afgezegd|aflyst|desmarcad|"
    r"no show)"
)
_STAMP = re.compile(r"^(?:DTSTAMP|LAST-MODIFIED|CREATED)(?:;[^:]*)?:(\d{8}T\d{6})Z", re.IGNORECASE)
# Several times a day; some of these rules would also take hours to unfold.
_TOO_OFTEN = re.compile(
    r"^RRULE[^\n]*(FREQ=(SECONDLY|MINUTELY|HOURLY)|BY(HOUR|MINUTE|SECOND)=[^;\n]*,)", re.IGNORECASE | re.MULTILINE
)
# What icalendar and recurring-ical-events raise on events that break the standard.
_BROKEN = (ValueError, KeyError, TypeError, AttributeError, IndexError, OverflowError, RecursionError)


class _Event(NamedTuple):
    """The lines of one VEVENT, and those of its properties that are looked at before it is parsed."""

    lines: Sequence[str]
    uid: str
    is_massage: bool
    is_repeating: bool


class _Calendar(NamedTuple):
    zones: Mapping[str, Sequence[str]]  # lines of each VTIMEZONE by TZID
    events: Sequence[_Event]
    saved_utc: datetime | None


class _UnusableError(ValueError):
    """An event that cannot count; the text is the reason for `rejected`."""


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
            calendar = _calendar(read_text(entry, MAX_CALENDAR_BYTES))
        except UnreadableExportError as error:
            yield FileSummary(file, log_kind="massages")
            yield Skipped(file, "file", str(error))
            continue
        rows: list[Massage] = []
        ahead = 0
        by_uid: dict[str, list[_Event]] = {}
        for event in calendar.events:
            by_uid.setdefault(event.uid, []).append(event)
        for uid, events in by_uid.items():
            if not any(event.is_massage for event in events):
                continue
            if len(rows) > MAX_OCCURRENCES:
                reason = f"the calendar holds more than {MAX_OCCURRENCES:,} massages; the rest of it was not read"
                yield Skipped(file, f"event {uid}", reason, _summary(events))
                break
            for outcome in _massages(calendar, events, context):
                if outcome is None:
                    ahead += 1
                elif isinstance(outcome, str):
                    yield Skipped(file, f"event {uid}", outcome, _summary(events))
                else:
                    day = f" on {outcome['local_date']}" if any(event.is_repeating for event in events) else ""
                    rows.append({"place": f"event {uid}{day}", "origin": "calendar_ics", **outcome})
        yield FileSummary(file, calendar.saved_utc, _message(calendar, ahead), log_kind="massages")
        if rows:
            number_places(rows)
            yield batch_of_rows("massages", file, rows)


def _massages(calendar: _Calendar, events: Sequence[_Event], context: Context) -> Iterator[MassageContent | str | None]:
    """For each date of one UID its record, the reason why it cannot count, or None where it lay ahead."""
    try:
        occurrences = list(_occurrences(calendar, events))
    except _UnusableError as error:
        yield str(error)
        return
    except _BROKEN:
        yield "the event breaks the calendar format"
        return
    for component in occurrences:
        try:
            yield _massage(component, calendar.saved_utc, context)
        except _UnusableError as error:
            yield str(error)
        except _BROKEN:
            yield "the event breaks the calendar format"


def _calendar(text: str) -> _Calendar:
    """The events and zones of a calendar as lines; only the events that name a massage are parsed later."""
    zones: dict[str, Sequence[str]] = {}
    events: list[_Event] = []
    saved: datetime | None = None
    block: list[str] = []
    kind = ""
    for line in re.split(r"\r\n|\n|\r", re.sub(r"(?:\r\n|\n|\r)[ \t]", "", text)):
        upper = line[:40].upper().strip()
        if stamp := _STAMP.match(line):
            saved = max(filter(None, (saved, _stamp(stamp[1]))), default=None)
        if not kind and upper in ("BEGIN:VEVENT", "BEGIN:VTIMEZONE"):
            kind, block = upper[6:], []
        if kind:
            block.append(line)
            if upper == f"END:{kind}":
                if kind == "VEVENT":
                    events.append(_event(block, len(events) + 1))
                else:
                    zones[_value(block, "TZID")] = block
                kind = ""
    return _Calendar(zones, events, saved)


def _stamp(text: str) -> datetime | None:
    try:
        return datetime.strptime(text, "%Y%m%dT%H%M%S")  # noqa: DTZ007 - naive means UTC here
    except ValueError:
        return None


def _event(lines: Sequence[str], number: int) -> _Event:
    own: list[str] = []  # without the alarms inside, which have descriptions too
    depth = 0
    for line in lines[1:-1]:
        depth += line.upper().startswith("BEGIN:")
        if not depth:
            own.append(line)
        depth -= line.upper().startswith("END:")
    words = " ".join(_value(own, name) for name in ("SUMMARY", "CATEGORIES", "DESCRIPTION"))
    return _Event(
        lines,
        _value(own, "UID")[:100] or f"number {number}",
        bool(MASSAGE_WORDS.search(fold(words))),
        any(line.upper().startswith(("RRULE", "RDATE")) for line in own),
    )


def _value(lines: Sequence[str], name: str) -> str:
    """The values of a property, several joined; escapes stay."""
    return " ".join(
        line.partition(":")[2].strip() for line in lines if re.match(rf"{name}[;:]", line, flags=re.IGNORECASE)
    )


def _summary(events: Sequence[_Event]) -> str:
    return _value(events[0].lines, "SUMMARY")[:200]


def _occurrences(calendar: _Calendar, events: Sequence[_Event]) -> Iterator[icalendar.Event]:
    """The events of one UID that name a massage, repeating ones once for each date up to the calendar's own moment."""
    lines = [line for event in events for line in event.lines]
    zone_names = {zone.strip('"') for line in lines for zone in re.findall(r"TZID=([^;:]+)", line[:200])}
    zone_lines = [line for name, block in calendar.zones.items() if name in zone_names for line in block]
    text = "\r\n".join(
        ["BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//recovery//EN", *zone_lines, *lines, "END:VCALENDAR", ""]
    )
    parsed = icalendar.Calendar.from_ical(text)
    components = list(parsed.events)
    if any("DTSTART" not in component for component in components):
        raise _UnusableError("the event has no start")
    if any(event.is_repeating for event in events):
        yield from _repeated(calendar, parsed, components, "\n".join(lines))
        return
    newest = max(components, key=lambda component: int(component.get("SEQUENCE", 0)))
    if _names_massage(newest):
        yield newest


def _repeated(
    calendar: _Calendar, parsed: icalendar.Calendar, components: Sequence[icalendar.Event], text: str
) -> Iterator[icalendar.Event]:
    if calendar.saved_utc is None:
        raise _UnusableError("the event repeats, and the calendar does not tell when it was saved")
    if _TOO_OFTEN.search(text):
        raise _UnusableError("the event repeats within the day, which no massage does")
    if any(_day(component.decoded("DTSTART")) < FIRST_DATE for component in components):
        raise _UnusableError(f"the event begins before {FIRST_DATE.year}")
    until = (calendar.saved_utc + timedelta(days=1)).replace(tzinfo=UTC)
    found = recurring_ical_events.of(parsed).between(FIRST_DATE, until)
    if len(found) > MAX_OCCURRENCES:
        raise _UnusableError(f"the event repeats more than {MAX_OCCURRENCES:,} times")
    yield from (component for component in found if _names_massage(component))


def _names_massage(component: icalendar.Event) -> bool:
    categories = component.get("CATEGORIES")
    texts = [str(component.get(name, "")) for name in ("SUMMARY", "DESCRIPTION")]
    if categories is not None:
        several = categories if isinstance(categories, list) else [categories]
        texts += [str(name) for category in several for name in category.cats]
    return bool(MASSAGE_WORDS.search(fold(" ".join(texts))))


def _massage(component: icalendar.Event, saved_utc: datetime | None, context: Context) -> MassageContent | None:
    """One event as a record without `file`, `place` and `origin`; None where it lay ahead when the file was saved."""
    start = component.decoded("DTSTART")
    summary = str(component.get("SUMMARY", "")).strip()
    status = str(component.get("STATUS", "")).upper()
    if status == "TENTATIVE":
        raise _UnusableError("the event is only tentative")
    is_cancelled = status == "CANCELLED" or bool(CANCELLED_WORDS.search(fold(summary)))
    end = _end(component, start)
    if not isinstance(start, datetime):
        if end - start > timedelta(days=1):
            raise _UnusableError(
                f"the event lasts {(end - start).days} days; it does not tell on which the massage was"
            )
        local_date, start_local, start_utc, minutes = start, None, None, None
        ended_utc = end_of_day(start, context)
    else:
        minutes = (_instant(end, context) - _instant(start, context)) / timedelta(minutes=1)
        if not 0 <= minutes <= MAX_MASSAGE_MIN:
            raise _UnusableError(f"the event lasts {minutes:g} minutes, which no massage does")
        ended_utc = _instant(end, context)
        start_utc = None if start.tzinfo is None else _instant(start, context)
        start_local = start.replace(tzinfo=None)
        if start_utc is not None and _is_utc(start):
            start_local = clock.to_local(start_utc, context.zone_at(start_utc.date()))
        local_date = start_local.date()
    if not FIRST_DATE <= local_date < clock.LAST_UTC.date():
        raise _UnusableError(f"the event lies outside {FIRST_DATE.year} to {clock.LAST_UTC.year - 1}")
    if saved_utc is not None and ended_utc > saved_utc:
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


def _end(component: icalendar.Event, start: date) -> date:
    end: date
    if "DTEND" in component:
        end = component.decoded("DTEND")
        if isinstance(end, datetime) != isinstance(start, datetime):
            raise _UnusableError("the event has a time at one end only")
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


def _message(calendar: _Calendar, ahead: int) -> str:
    other = sum(not event.is_massage for event in calendar.events)
    parts = [f"Other events, left alone: {other}." if other else ""]
    if ahead and calendar.saved_utc:
        parts.append(
            f"Appointments after {calendar.saved_utc:%Y-%m-%d}, the calendar's own date, do not count yet: {ahead}. "
            "Export it again once they have taken place."
        )
    return " ".join(filter(None, parts))
