"""UTC, offsets, DST, travel: the only file that knows what a local clock showed.

Instants are naive datetimes in UTC, as everywhere in this project; offsets are minutes east of UTC.
"""

import re
from collections.abc import Iterable, Iterator
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from typing import NamedTuple
from zoneinfo import ZoneInfo

from recovery.errors import SettingsError
from recovery.home.settings import Settings, Travel
from recovery.words.say import say

FIRST_UTC = datetime(2000, 1, 1)  # noqa: DTZ001 - naive means UTC here; before any export we read
LAST_UTC = datetime(2100, 1, 1)  # noqa: DTZ001
WRITTEN_UTC = datetime(2026, 11, 22)  # noqa: DTZ001 - a computer that shows an earlier date has lost its clock
AHEAD = timedelta(days=2)  # a day for the zones, a day for a clock that is wrong
MIN_OFFSET_S = -12 * 3600  # offsets outside are garbage, not places
MAX_OFFSET_S = 14 * 3600


class ZoneOffset(NamedTuple):
    """Local less UTC over [start_utc, end_utc)."""

    start_utc: datetime
    end_utc: datetime
    offset_min: int
    is_travel: bool


def now_utc() -> datetime:
    """This moment."""
    return datetime.now(UTC).replace(tzinfo=None)


def is_wrong(told_utc: datetime, at_utc: datetime) -> bool:
    """Whether a time that this computer wrote down cannot be true, by what its clock shows at `at_utc`."""
    return told_utc < WRITTEN_UTC <= at_utc or told_utc > max(at_utc, WRITTEN_UTC) + AHEAD


def latest_utc(at_utc: datetime) -> datetime:
    """The last instant that a record read at `at_utc` may be of."""
    return max(at_utc, WRITTEN_UTC) + AHEAD


def today(zone: str) -> date:
    """The date that a wall clock in `zone` shows now."""
    return to_local(now_utc(), zone).date()


def offset_min(zone: str, instant_utc: datetime) -> int:
    """Minutes that `zone` is ahead of UTC at an instant."""
    ahead = instant_utc.replace(tzinfo=UTC).astimezone(ZoneInfo(zone)).utcoffset()
    assert ahead is not None  # noqa: S101 - an aware datetime has an offset
    return round(ahead.total_seconds() / 60)


def to_utc(wall: datetime, zone: str) -> datetime:
    """The instant a wall clock in `zone` showed `wall`.

    Of a doubled hour the first; in a gap the instant the clock would have shown had it not jumped.
    """
    return wall.replace(tzinfo=ZoneInfo(zone), fold=0).astimezone(UTC).replace(tzinfo=None)


def to_utc_again(wall: datetime, zone: str) -> datetime:
    """The same, of a doubled hour the second."""
    return wall.replace(tzinfo=ZoneInfo(zone), fold=1).astimezone(UTC).replace(tzinfo=None)


def to_local(instant_utc: datetime, zone: str) -> datetime:
    """What a wall clock in `zone` showed at an instant."""
    return instant_utc.replace(tzinfo=UTC).astimezone(ZoneInfo(zone)).replace(tzinfo=None)


def zone_at(settings: Settings, subject: str, local_date: date) -> str:
    """The zone a person's wall clock followed on a date: travel of recovery.toml, else home.

    Of two overlapping journeys the one that began first, as in `zone_offsets`.
    """
    journeys = [
        row for row in settings.travel if row.subject in (None, subject) and row.first <= local_date <= row.last
    ]
    return min(journeys, key=_begin_utc).zone if journeys else settings.home_time_zone


def is_place(offset_s: int) -> bool:
    """True if an offset can be that of a place on Earth (-12 to +14 h)."""
    return MIN_OFFSET_S <= offset_s <= MAX_OFFSET_S


def zone_offsets(settings: Settings, subject: str) -> list[ZoneOffset]:
    """The offsets of a person's wall clock by recovery.toml alone, without gap or overlap, sorted."""
    spans = sorted(
        _travel_spans(row for row in settings.travel if row.subject in (None, subject)),
        key=lambda span: span[0],
    )
    pieces: list[ZoneOffset] = []
    here = FIRST_UTC
    for start, end, zone in spans:
        start = max(start, here)  # of two overlapping journeys the one that began first counts
        if end <= start:
            continue
        pieces += _pieces(settings.home_time_zone, here, start, is_travel=False)
        pieces += _pieces(zone, start, end, is_travel=True)
        here = end
    pieces += _pieces(settings.home_time_zone, here, LAST_UTC, is_travel=False)
    return pieces


def _travel_spans(journeys: Iterable[Travel]) -> Iterator[tuple[datetime, datetime, str]]:
    for row in journeys:
        last = datetime.combine(row.last + timedelta(days=1), time())
        yield _begin_utc(row), to_utc(last, row.zone), row.zone


def _begin_utc(journey: Travel) -> datetime:
    return to_utc(datetime.combine(journey.first, time()), journey.zone)


@lru_cache(maxsize=256)  # fifty people share a home
def _pieces(zone: str, start: datetime, end: datetime, *, is_travel: bool) -> tuple[ZoneOffset, ...]:
    pieces: list[ZoneOffset] = []
    here = start
    while here < end:
        until = min(_next_change(zone, here, end), end)
        pieces.append(ZoneOffset(here, until, offset_min(zone, here), is_travel))
        here = until
    return tuple(pieces)


def _next_change(zone: str, here: datetime, end: datetime) -> datetime:
    """The first instant after `here` at which the zone's offset differs, to the minute, or `end`."""
    offset = offset_min(zone, here)
    step = here
    while step < end:
        ahead = min(step + timedelta(days=7), end)  # no zone changes twice within a week and back
        if offset_min(zone, ahead) != offset:
            low, high = step, ahead
            while high - low > timedelta(minutes=1):
                middle = low + (high - low) // 2
                if offset_min(zone, middle) == offset:
                    low = middle
                else:
                    high = middle
            return high.replace(second=0, microsecond=0)
        step = ahead
    return end


def time_of_day(at: str) -> time:
    """The time that `04:30` says; raises SettingsError."""
    found = re.fullmatch(r"(\d{1,2}):(\d{2})", at.strip())
    if not found or int(found[1]) > 23 or int(found[2]) > 59:
        raise SettingsError(say("{at!r} is no time of day.", at=at), say("Write it as 04:30."))
    return time(int(found[1]), int(found[2]))
