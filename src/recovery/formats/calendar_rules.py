"""Rules of repetition of calendar events, and which of two versions of an event is newer."""

import re
from collections.abc import Sequence
from datetime import UTC, date, datetime, time
from itertools import islice, takewhile

import icalendar
from dateutil.rrule import rrulestr

from recovery.formats.entries import Context
from recovery.formats.times import naive_utc
from recovery.home import clock
from recovery.words.say import say

MAX_OCCURRENCES = 20_000  # of one repeating event, and of a calendar
BROKEN = (ValueError, KeyError, TypeError, AttributeError, IndexError, OverflowError, RecursionError)
BROKEN_EVENT = say("the event breaks the calendar format")

# Several times a day; some of these rules would also take hours to unfold.
_TOO_OFTEN = re.compile(r"FREQ=(SECONDLY|MINUTELY|HOURLY)|BY(HOUR|MINUTE|SECOND)=[^;\n]*,", re.IGNORECASE)
# A rule with INTERVAL=0 gives its first date without end.
_NO_INTERVAL = re.compile(r"INTERVAL=(?!0*[1-9]\d{0,4}(?:;|\s*$))", re.IGNORECASE)
_NO_COUNT = re.compile(r"COUNT=(?!0*[1-9]\d*(?:;|\s*$))", re.IGNORECASE)


def fault_of(line: str, start: date, context: Context) -> str:
    """Why the line of a rule (RRULE) cannot be followed; '' where it can."""
    value = line.partition(":")[2].strip()
    if _TOO_OFTEN.search(value):
        return say("the event repeats within the day, which no massage does")
    if _NO_INTERVAL.search(value) or _NO_COUNT.search(value):
        return BROKEN_EVENT
    try:
        rule = rule_of(line, start, context)
        is_followed = gives_dates(rule, start) and not _ends_before(rule, start)
    except BROKEN:
        return BROKEN_EVENT
    return "" if is_followed else say("the rule by which the event repeats gives no date")


def _ends_before(rule: icalendar.vRecur, start: date) -> bool:
    until = rule["UNTIL"][0] if "UNTIL" in rule else start
    if isinstance(start, datetime) and isinstance(until, datetime) and start.tzinfo is not None:
        return naive_utc(until) < naive_utc(start)
    return bool(until < start)


def is_of_dates(line: str) -> bool:
    """Whether the line of a property, such as RDATE, begins with a date."""
    return bool(re.search(r":\d{8}(?:T\d{6}Z?)?(?:[,/]|\s*$)", line))


def rule_of(line: str, start: date, context: Context) -> icalendar.vRecur:
    """The rule of a line, with an UNTIL that dateutil understands. Raises BROKEN."""
    rule = icalendar.vRecur(icalendar.vRecur.from_ical(line.partition(":")[2].strip()))
    if "UNTIL" in rule:
        rule["UNTIL"] = [end_of_rule(rule["UNTIL"][0], start, context)]
    return rule


def is_left_out(component: icalendar.Event, start: date) -> bool:
    """Whether an event leaves out its own first date."""
    found = component.get("EXDATE", [])
    listings = found if isinstance(found, list) else [found]
    return any(start == one.dt for listing in listings for one in listing.dts)


def end_of_rule(until: date, start: date, context: Context) -> date:
    """The end of a rule in the kind that its start asks for (date, floating, UTC); a date includes its whole day."""
    if not isinstance(until, datetime):
        if not isinstance(start, datetime):
            return until
        until = datetime.combine(until, time(23, 59, 59), start.tzinfo)
    elif until.tzinfo is None and isinstance(start, datetime):
        until = until.replace(tzinfo=start.tzinfo)
    if until.tzinfo is not None and (not isinstance(start, datetime) or start.tzinfo is None):
        instant = naive_utc(until)
        until = clock.to_local(instant, context.zone_at(instant.date()))
    if not isinstance(start, datetime):
        return until.date()
    return until if until.tzinfo is None else until.astimezone(UTC)


def gives_dates(rule: icalendar.vRecur, start: date) -> bool:
    """Whether a rule gives any date at all: the 30th of February never comes, and dateutil looks for it until 9999.

    So dateutil is asked 7,600 years later, where this search is short: the calendar is the same every 400 years.
    """
    later = datetime.combine(start, time()).replace(year=start.year + 7600)
    return next(iter(rrulestr(text(without(rule, "UNTIL", "COUNT")), dtstart=later)), None) is not None


def without(rule: icalendar.vRecur, *names: str) -> icalendar.vRecur:
    """The rule without some of its parts."""
    return icalendar.vRecur({name: value for name, value in rule.items() if name not in names})


def text(part: icalendar.Event | icalendar.vRecur) -> str:
    """As it stands in a file."""
    return str(part.to_ical(), "utf-8")  # type: ignore[no-untyped-call]


def listed(component: icalendar.Event, name: str) -> Sequence[icalendar.vRecur]:
    """All values of a property: icalendar gives a list only where there are several."""
    found = component.get(name, [])
    return found if isinstance(found, list) else [found]


def rank(component: icalendar.Event) -> tuple[int, datetime, datetime]:
    """What tells the newer of two versions of an event; what is not there or cannot be read is older than all."""
    sequence = re.fullmatch(r"\d{1,9}", str(component.get("SEQUENCE", "")).strip())
    return int(sequence[0]) if sequence else 0, stamp_of(component, "LAST-MODIFIED"), stamp_of(component, "DTSTAMP")


def stamp_of(component: icalendar.Event, name: str) -> datetime:
    """A time of an event in naive UTC, the earliest of all where it cannot be read."""
    try:
        stamp = component.decoded(name)
    except BROKEN:
        stamp = None
    if not isinstance(stamp, date):  # icalendar gives the text of what it cannot read
        return datetime.min  # noqa: DTZ901 - naive means UTC here
    moment = stamp if isinstance(stamp, datetime) else datetime.combine(stamp, time())
    return naive_utc(moment) if moment.tzinfo else moment


def key(component: icalendar.Event, name: str) -> str:
    """The time of a property as text: the instant, the wall clock where it floats, or the date."""
    moment = component.decoded(name)
    if isinstance(moment, datetime) and moment.tzinfo is not None:
        return f"{naive_utc(moment)}Z"
    return str(moment)


def date_count(rule: icalendar.vRecur, start: date, until: datetime) -> int:
    """About how many dates a rule gives, or one more than the bound; unfolding them as events takes 20 times longer."""
    first = datetime.combine(start, time())
    dates = rrulestr(text(without(rule, "UNTIL")), dtstart=first)
    return sum(1 for _ in islice(takewhile(until.__gt__, dates), MAX_OCCURRENCES + 1))
