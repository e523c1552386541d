"""Instants and offsets as exports write them."""

from datetime import UTC, date, datetime, timedelta, timezone

import pytest
from one_reader import BERLIN

from recovery.formats.times import WallClock, end_of_day, naive_utc, offset_s, takeout_date, within_years


def test_a_time_is_of_this_century() -> None:
    assert within_years(datetime(2026, 5, 31)) == datetime(2026, 5, 31)
    for other in (datetime(2000, 1, 1), datetime(2100, 1, 1)):
        with pytest.raises(ValueError, match=str(other.year)):
            within_years(other)


def test_an_instant_is_naive_utc() -> None:
    assert naive_utc(datetime(2026, 5, 31, 8, tzinfo=timezone(timedelta(hours=2)))) == datetime(2026, 5, 31, 6)
    assert naive_utc(datetime(2026, 5, 31, 8, tzinfo=UTC)) == datetime(2026, 5, 31, 8)


@pytest.mark.parametrize(
    ("day", "end_utc"),
    [
        (date(2026, 3, 28), datetime(2026, 3, 28, 23)),
        (date(2026, 3, 29), datetime(2026, 3, 29, 22)),  # the day on which summer time begins
    ],
)
def test_a_day_ends_on_the_persons_own_clock(day: date, end_utc: datetime) -> None:
    assert end_of_day(day, BERLIN) == end_utc


def test_an_offset_is_in_seconds_east_of_utc() -> None:
    assert offset_s("+", "02", "00") == 7200
    assert offset_s("-", "05", "30") == -19_800
    assert offset_s("+", "2", None) == 7200
    assert offset_s(None, None, None) == 0


def test_an_archive_of_google_has_its_date_in_its_name() -> None:
    assert takeout_date("x/takeout-20240131T120000Z-001.zip!/a.csv") == datetime(2024, 1, 31, 12)
    assert takeout_date("x/other.zip!/a.csv") is None


def test_readings_of_an_hour_that_the_clock_shows_twice_keep_their_order() -> None:
    wall = WallClock(BERLIN)

    readings = [wall.utc(datetime(2026, 10, 25, *clock)) for clock in ((1, 30), (2, 30), (2, 10), (2, 50), (3, 0))]

    assert readings == [
        datetime(2026, 10, d, *clock) for d, *clock in ((24, 23, 30), (25, 0, 30), (25, 1, 10), (25, 1, 50), (25, 2, 0))
    ]
