"""When to note what, as a calendar: the afternoon's pain of every day, and the pain before each coming massage.

Both are asked at moments that the massage has not touched yet, since people book when it hurts (docs/diaries.md).
"""

from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from recovery.actions.log_entries import LogEntry, entries
from recovery.home.settings import Settings
from recovery.words import reminders as words

if TYPE_CHECKING:
    import icalendar

AFTERNOON = time(16)
MORNING = time(9)  # for a massage of which the hour is not written down
BEFORE = timedelta(minutes=15)
LASTS = timedelta(minutes=5)


def reminders(settings: Settings, subject: str, address: str, now_utc: datetime) -> bytes:
    """A calendar (ICS) of a person's reminders as of `now_utc` (naive, UTC); `address` is where the page is served.

    It tells no figure and nothing of the past. Raises LogLineError where the log cannot be read.
    """
    import icalendar

    zone = ZoneInfo(settings.home_time_zone)
    now = now_utc.replace(tzinfo=UTC).astimezone(zone)
    calendar = icalendar.Calendar()
    calendar.add("prodid", "-//recovery//reminders//EN")
    calendar.add("version", "2.0")
    calendar.add("x-wr-calname", words.NAME)
    calendar.add("refresh-interval", timedelta(hours=6), parameters={"VALUE": "DURATION"})
    afternoon = datetime.combine(now.date(), AFTERNOON, zone)
    daily = _event("afternoon", afternoon, words.AFTERNOON, address, now)
    daily.add("rrule", {"freq": "daily"})
    calendar.add_component(daily)
    for start, is_known in _coming(entries(settings, subject, "massages").entries, now, zone):
        name = f"massage-{start:%Y%m%dT%H%M}"
        moment = start - BEFORE if is_known else start
        calendar.add_component(_event(name, moment, words.BEFORE_MASSAGE, address, now))
    calendar.add_missing_timezones()
    return bytes(calendar.to_ical())


def _coming(lines: tuple[LogEntry, ...], now: datetime, zone: ZoneInfo) -> Iterator[tuple[datetime, bool]]:
    """The massages that are written down ahead, each once, and whether their hour is known."""
    found: dict[datetime, bool] = {}
    for line in lines:
        if line.cells.get("status", "").strip().lower() not in ("", "attended"):
            continue
        try:
            day = date.fromisoformat(line.cells.get("date", "").strip())
        except ValueError:
            continue  # a list with dates of its own kind is read by the run, not here
        try:
            start, is_known = time.fromisoformat(line.cells.get("start", "").strip()), True
        except ValueError:
            start, is_known = MORNING, False
        moment = datetime.combine(day, start.replace(tzinfo=None), zone)
        if moment > now:
            found[moment] = is_known
    yield from sorted(found.items())


def _event(name: str, start: datetime, summary: str, address: str, now: datetime) -> "icalendar.Event":
    import icalendar

    event = icalendar.Event()
    event.add("uid", f"{name}@recovery")
    event.add("dtstamp", now.astimezone(UTC).replace(microsecond=0))
    event.add("dtstart", start)
    event.add("dtend", start + LASTS)
    event.add("summary", summary)
    event.add("description", address)
    event.add("transp", "TRANSPARENT")
    event.add("class", "PRIVATE")
    alarm = icalendar.Alarm()
    alarm.add("action", "DISPLAY")
    alarm.add("description", summary)
    alarm.add("trigger", timedelta(0))
    event.add_component(alarm)
    return event
