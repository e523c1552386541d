"""When the job runs: at some times of every day by the wall clock of the home, and soon after one that was missed.

Prefect's own daily rules run an hour early on the night when the clock jumps over their time, in some zones on the day
before. Here that night runs at the next minute there is; an hour that comes twice is run in once.
"""

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from recovery.errors import SettingsError
from recovery.home import lock
from recovery.home.clock import time_of_day
from recovery.home.settings import Settings
from recovery.job import last_run
from recovery.words.say import say

DEFAULT = ("04:30", "10:00")  # phones deliver after they are unlocked
EARLY = timedelta(minutes=1)  # Prefect may begin a run some seconds before its time
YEARS_AHEAD = 20  # jumps known to the time zone database; a service is started again before that


def rule(at: str, zone: str, now: datetime) -> str:
    """A recurrence rule in local time: daily, with the nights that have no such minute moved to the next one.

    Raises SettingsError where `at` is no time of day as 04:30.
    """
    wall = time_of_day(at)
    first = datetime.combine(now.astimezone(ZoneInfo(zone)).date() - timedelta(days=1), wall)
    moved = [
        (missing, following)
        for missing in (first + timedelta(days=day) for day in range(366 * YEARS_AHEAD))
        if (following := _next_minute_there_is(missing, zone)) != missing
    ]
    lines = [f"DTSTART:{_text(first)}", "RRULE:FREQ=DAILY"]
    for missing, following in moved:
        lines += [f"EXDATE:{_text(missing)}", f"RDATE:{_text(following)}"]
    return "\n".join(lines)


def times(at: str | Iterable[str]) -> tuple[str, ...]:
    """Times of day as `04:30`, sorted, each once. Raises SettingsError where one is none, or where there is none."""
    found = {f"{time_of_day(one):%H:%M}" for one in ([at] if isinstance(at, str) else at)}
    if not found:
        raise SettingsError(say("No time of day is given."), say("Write it as 04:30."))
    return tuple(sorted(found))


def last_due(at: Iterable[str], zone: str, now: datetime) -> datetime:
    """The last moment up to `now` at which a run was to begin, in UTC."""
    return max(moment for moment in _moments(at, zone, now) if moment <= now)


def next_due(at: Iterable[str], zone: str, now: datetime) -> datetime:
    """The first moment after `now` at which a run is to begin, in UTC."""
    return min(moment for moment in _moments(at, zone, now) if moment > now)


def _moments(at: Iterable[str], zone: str, now: datetime) -> list[datetime]:
    """When runs are to begin in the days around `now`, in UTC."""
    today = now.astimezone(ZoneInfo(zone)).date()
    return [
        _next_minute_there_is(datetime.combine(today - timedelta(days=days), time_of_day(one)), zone)
        .replace(tzinfo=ZoneInfo(zone))
        .astimezone(UTC)
        for days in range(-2, 3)
        for one in at
    ]


def missed(begun: datetime | None, at: Iterable[str], zone: str, now: datetime) -> datetime | None:
    """The last moment at which a run was to begin, where none began since; else None.

    `begun` is when the last run began; a moment after `now` was told by a wrong clock, and counts as none.
    """
    due = last_due(at, zone, now)
    return None if begun and due - EARLY <= begun <= now + EARLY else due


def missed_in(settings: Settings, at: Iterable[str], now: datetime) -> datetime | None:
    """When a run of a home was due last, where none began since, or the one that did was cut off or stopped.

    None while somebody is at work there: whatever that is makes it up.
    """
    if lock.is_held(settings.home):
        return None
    last = last_run.last_run(settings.home)
    begun = last.started_utc if last and last.ended_utc and last.status != "stopped" else None
    return missed(begun, at, settings.home_time_zone, now)


def _next_minute_there_is(wall: datetime, zone: str) -> datetime:
    """The same wall clock time, or the first after it that the clock of that night shows."""
    while not _exists(wall, zone):
        wall += timedelta(minutes=1)
    return wall


def _exists(wall: datetime, zone: str) -> bool:
    there = wall.replace(tzinfo=ZoneInfo(zone))
    return there.astimezone(UTC).astimezone(ZoneInfo(zone)).replace(tzinfo=None) == wall


def _text(wall: datetime) -> str:
    return f"{wall:%Y%m%dT%H%M%S}"
