"""When the job runs: every night by the wall clock of the home.

Prefect's own daily rules run an hour early on the night when the clock jumps over their time, in some zones on the day
before. Here that night runs at the next minute there is; an hour that comes twice is run in once.
"""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from recovery.home.clock import time_of_day

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
