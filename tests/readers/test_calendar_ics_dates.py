"""The dates of repeating massages, compared with dateutil on the wall clock; calendars are made by icalendar."""

import io
from collections.abc import Sequence
from datetime import UTC, date, datetime, time, timedelta
from typing import NamedTuple
from zoneinfo import ZoneInfo

import icalendar
import pytest
from dateutil.rrule import rrule, rruleset
from hypothesis import given, settings
from hypothesis import strategies as st

from recovery.formats.entries import Context, Entry
from recovery.formats.records import Batch, Skipped
from recovery.home import clock
from recovery.readers import calendar_ics

pytestmark = pytest.mark.slow

HOME = "Europe/Berlin"
CONTEXT = Context(lambda _: HOME, lambda wall: clock.to_utc(wall, HOME))
ZONES = ("Europe/Berlin", "America/New_York", "Australia/Lord_Howe", "Asia/Kolkata", "Pacific/Auckland")
FREQUENCIES = ("YEARLY", "MONTHLY", "WEEKLY", "DAILY")  # as dateutil numbers them
DAYS = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")
HOUR = timedelta(hours=1)


class Series(NamedTuple):
    """A repeating event on its own wall clock, and the moment at which its calendar was saved."""

    zone: str  # 'UTC' is written with a Z, '' floats
    is_day: bool
    start: datetime
    frequency: int
    interval: int
    days: Sequence[int]
    count: int | None
    last: date | None
    is_last_a_date: bool
    added: Sequence[datetime]
    removed: Sequence[int]  # places in the list of dates
    moved: Sequence[tuple[int, datetime]]
    is_written_in_utc: bool  # EXDATE and RECURRENCE-ID of a zoned event
    saved: datetime


def a_moment(draw: st.DrawFn, first: date, last: date) -> datetime:
    day = draw(st.dates(first, last))
    return datetime.combine(
        day, draw(st.sampled_from((time(2, 30), time(8), time(12, 15), time(18, 30), time(23, 30))))
    )


@st.composite
def a_series(draw: st.DrawFn) -> Series:
    is_day = draw(st.booleans())
    start = a_moment(draw, date(2021, 1, 1), date(2024, 12, 31))
    far = start.date() + timedelta(days=700)
    frequency = draw(st.integers(0, 3))
    has_count = draw(st.booleans())
    series = Series(
        zone="" if is_day else draw(st.sampled_from((*ZONES, "UTC", ""))),
        is_day=is_day,
        start=start,
        frequency=frequency,
        interval=draw(st.integers(1, 4)),
        days=draw(st.lists(st.integers(0, 6), max_size=3, unique=True)) if frequency == 2 else (),
        count=draw(st.integers(1, 40)) if has_count else None,
        last=None if has_count else draw(st.none() | st.dates(start.date(), far)),
        is_last_a_date=draw(st.booleans()),
        added=[a_moment(draw, start.date(), far) for _ in range(draw(st.integers(0, 2)))],
        removed=draw(st.lists(st.integers(0, 20), max_size=3, unique=True)),
        moved=[(draw(st.integers(0, 20)), a_moment(draw, start.date(), far)) for _ in range(draw(st.integers(0, 2)))],
        is_written_in_utc=draw(st.booleans()),
        saved=a_moment(draw, start.date(), far + timedelta(days=60)),
    )
    return series if not is_day else whole_days(series)


def whole_days(series: Series) -> Series:
    def midnight(moment: datetime) -> datetime:
        return datetime.combine(moment, time())

    return series._replace(
        start=midnight(series.start),
        added=[midnight(moment) for moment in series.added],
        moved=[(place, midnight(moment)) for place, moment in series.moved],
    )


def instant(series: Series, wall: datetime) -> datetime:
    """Naive UTC of a wall clock of the series."""
    return wall.replace(tzinfo=ZoneInfo(series.zone or HOME)).astimezone(UTC).replace(tzinfo=None)


def dates(series: Series) -> tuple[list[datetime], list[datetime], list[tuple[datetime, datetime]]]:
    """What dateutil makes of it: all dates, those that are removed, and those that are moved with their new ones."""
    end = None if series.last is None else datetime.combine(series.last, time(23, 59, 59))
    if end is not None and not series.is_last_a_date:
        end = datetime.combine(series.last, series.start.time())  # type: ignore[arg-type]
    found = rruleset()
    found.rrule(
        rrule(
            series.frequency,
            dtstart=series.start,
            interval=series.interval,
            byweekday=series.days or None,
            count=series.count,
            until=end,
        )
    )
    for moment in (series.start, *series.added):
        found.rdate(moment)
    every = found.between(series.start - timedelta(days=1), series.start + timedelta(days=800), inc=True)
    removed = [every[place] for place in series.removed if place < len(every)]
    moved = {every[place]: new for place, new in series.moved if place < len(every) and every[place] not in removed}
    return every, removed, list(moved.items())


def expected(series: Series) -> list[datetime]:
    """The wall clocks in the log: those that had ended when the calendar was saved."""
    every, removed, moved = dates(series)
    changed = dict(moved)
    walls = [changed.get(wall, wall) for wall in every if wall not in removed]
    if series.is_day:
        return sorted(wall for wall in walls if instant(series, wall + timedelta(days=1)) <= series.saved)
    ended = [wall for wall in walls if instant(series, wall) + HOUR <= series.saved]
    if series.zone == "UTC":
        ended = [clock.to_local(wall, HOME) for wall in ended]
    return sorted(ended)


def written(series: Series, wall: datetime, *, in_utc: bool = False) -> date:
    """A wall clock as icalendar takes it."""
    if series.is_day:
        return wall.date()
    if not series.zone:
        return wall
    aware = wall.replace(tzinfo=ZoneInfo(series.zone))
    return aware.astimezone(UTC) if in_utc else aware


def event(series: Series, wall: datetime) -> icalendar.Event:
    made = icalendar.Event()
    made.add("uid", "series")
    made.add("dtstamp", series.saved.replace(tzinfo=UTC))
    made.add("summary", "Massage")
    made.add("dtstart", written(series, wall))
    if not series.is_day:
        made.add("duration", HOUR)
    return made


def calendar(series: Series) -> icalendar.Calendar:
    made = icalendar.Calendar()
    made.add("prodid", "-//test//EN")
    made.add("version", "2.0")
    master = event(series, series.start)
    rule: dict[str, object] = {"freq": FREQUENCIES[series.frequency], "interval": series.interval}
    if series.days:
        rule["byday"] = [DAYS[day] for day in series.days]
    if series.count is not None:
        rule["count"] = series.count
    if series.last is not None:
        end = datetime.combine(series.last, series.start.time())
        rule["until"] = series.last if series.is_last_a_date else written(series, end, in_utc=True)
    master.add("rrule", rule)
    _, removed, moved = dates(series)
    for moment in series.added:
        master.add("rdate", written(series, moment))
    for moment in removed:
        master.add("exdate", written(series, moment, in_utc=series.is_written_in_utc))
    made.add_component(master)
    for moment, new in moved:
        change = event(series, new)
        change.add("recurrence-id", written(series, moment, in_utc=series.is_written_in_utc))
        made.add_component(change)
    return made


def read(content: bytes) -> tuple[list[datetime], list[str]]:
    entry = Entry("calendar.ics", len(content), lambda: io.BytesIO(content))
    found = list(calendar_ics.read([entry], CONTEXT))
    rows = [row for item in found if isinstance(item, Batch) for row in item.table.to_pylist()]
    walls = [row["start_local"] or datetime.combine(row["local_date"], time()) for row in rows]
    return sorted(walls), [item.reason for item in found if isinstance(item, Skipped)]


@settings(max_examples=150, deadline=None)
@given(a_series())
def test_the_dates_of_a_series_are_those_of_its_rule(series: Series) -> None:
    assert read(calendar(series).to_ical()) == (expected(series), [])


@settings(max_examples=30, deadline=None)
@given(a_series(), st.sampled_from(ZONES), st.sampled_from((":My/Zone", "Customized Time Zone", "(UTC+1) Here")))
def test_a_zone_described_in_the_calendar_gives_the_same_dates(series: Series, zone: str, name: str) -> None:
    zoned = (whole_days(series) if series.is_day else series)._replace(zone=zone, is_day=False)
    made = calendar(zoned)
    made.add_missing_timezones(date(2018, 1, 1), date(2030, 1, 1))
    text = made.to_ical().decode().replace("\r\n ", "")
    text = text.replace(f"TZID={zone}:", f'TZID="{name}":').replace(f"TZID:{zone}", f"TZID:{name}")

    assert read(text.encode()) == (expected(zoned), [])


@pytest.mark.parametrize("zone", ZONES)
def test_a_series_keeps_its_wall_clock_over_both_changes_of_the_clock(zone: str) -> None:
    start = datetime(2022, 1, 1, 2, 30)
    series = Series(zone, False, start, 3, 1, (), None, None, False, (), (), (), False, datetime(2023, 1, 9, 12))

    assert read(calendar(series).to_ical())[0] == [start + timedelta(days=day) for day in range(374)]
