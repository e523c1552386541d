"""Instants and offsets as exports write them. Instants are naive datetimes in UTC; offsets are seconds east of UTC."""

import re
from datetime import UTC, date, datetime, time, timedelta

from recovery.formats.entries import Context
from recovery.home.clock import FIRST_UTC, LAST_UTC, to_local, to_utc_again

TAKEOUT = re.compile(r"takeout-(\d{8}T\d{6})Z")
NAMED_OFFSET = re.compile(r"\s*(?:GMT|UTC)(?:([+-])(\d{1,2})(?::?(\d\d))?)?$", re.IGNORECASE)  # as forms write it
EPOCH = datetime(1970, 1, 1)  # noqa: DTZ001 - naive means UTC here


def iso_time(text: str) -> datetime:
    """A time or a date in ISO form, with its offset where one is written. Raises ValueError, TypeError."""
    return datetime.fromisoformat(text)


def iso_date(text: str) -> date:
    """A date in ISO form. Raises ValueError, TypeError."""
    return date.fromisoformat(text)


def iso_clock(text: str) -> time:
    """A time of day in ISO form, with its offset where one is written. Raises ValueError, TypeError."""
    return time.fromisoformat(text)


def time_as(text: str, form: str) -> datetime:
    """A time of a form as Python's strptime has it; `GMT+2` is an offset for %z too. Raises ValueError, TypeError."""
    if form.endswith(" %z") and (named := NAMED_OFFSET.search(text)):
        sign, hours, minutes = named[1] or "+", named[2] or "0", named[3] or "00"
        text = f"{text[: named.start()]} {sign}{hours:0>2}{minutes}"
    return datetime.strptime(text, form)  # noqa: DTZ007 - whose clock it is, who asks knows


def within_years(time_utc: datetime) -> datetime:
    """The time itself, where an export can hold it. Raises ValueError elsewhere."""
    if not FIRST_UTC < time_utc < LAST_UTC:
        raise ValueError(time_utc)
    return time_utc


def naive_utc(stamp: datetime) -> datetime:
    """The instant of a time that carries its offset."""
    return stamp.astimezone(UTC).replace(tzinfo=None)


def end_of_day(day: date, context: Context) -> datetime:
    """The instant at which a date ended on the person's own wall clock."""
    return context.to_utc(datetime.combine(day + timedelta(days=1), time()))


def takeout_date(path: str) -> datetime | None:
    """When Google made the archive that a file lies in (`takeout-20240131T120000Z`); None where no folder says."""
    dates = TAKEOUT.findall(path)
    return time_as(dates[-1], "%Y%m%dT%H%M%S") if dates else None


def offset_s(sign: str | None, hours: str | None, minutes: str | None) -> int:
    """The seconds of an offset by its parts: '-', '05', '30' is -19800. A part that is missing is 0."""
    seconds = (int(hours or 0) * 60 + int(minutes or 0)) * 60
    return -seconds if sign == "-" else seconds


def local_of(time_utc: datetime, context: Context) -> datetime:
    """What the wall clock showed, of which `context.to_utc` made this instant."""
    for date_utc in (time_utc.date(), time_utc.date() - timedelta(days=1), time_utc.date() + timedelta(days=1)):
        local = to_local(time_utc, context.zone_at(date_utc))
        if context.to_utc(local) == time_utc:
            return local
    return to_local(time_utc, context.zone_at(time_utc.date()))  # of a doubled hour the second


class WallClock:
    """Readings of a wall clock without a zone, in the order of the file, as instants.

    Of an hour that the clock shows twice a reading is in the second one where the first would lie before the reading
    above it.
    """

    def __init__(self, context: Context) -> None:
        self._context = context
        self._last_utc = FIRST_UTC

    def utc(self, wall: datetime) -> datetime:
        """The instant of a reading. Raises ValueError for a year that no export holds."""
        time_utc = self._context.to_utc(wall)
        if time_utc < self._last_utc:
            again_utc = to_utc_again(wall, self._context.zone_at(wall.date()))
            time_utc = again_utc if again_utc >= self._last_utc else time_utc
        self._last_utc = time_utc
        return within_years(time_utc)
