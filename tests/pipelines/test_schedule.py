"""When the job runs, as a rule of recurrence; which nights Prefect makes of it is in test_nightly.py."""

from datetime import UTC, datetime

import pytest

from recovery.errors import SettingsError
from recovery.pipelines import schedule


def test_zones_without_changes_have_a_plain_rule() -> None:
    assert schedule.rule("04:30", "Asia/Tokyo", datetime(2026, 11, 22, tzinfo=UTC)) == (
        "DTSTART:20261121T043000\nRRULE:FREQ=DAILY"
    )


@pytest.mark.parametrize("at", ["25:00", "4.30", "half past four", "04:60", ""])
def test_what_is_no_time_of_day_is_refused_with_an_example(at: str) -> None:
    with pytest.raises(SettingsError, match="04:30"):
        schedule.time_of_day(at)


def test_times_are_sorted_and_each_told_once() -> None:
    assert schedule.times(["10:00", "4:30", "04:30"]) == ("04:30", "10:00")
    assert schedule.times("02:30") == ("02:30",)
    with pytest.raises(SettingsError, match="04:30"):
        schedule.times([])


AT = ("04:30", "10:00")


@pytest.mark.parametrize(
    ("zone", "now", "due"),
    [
        ("UTC", "2026-11-26 04:29", "2026-11-25 10:00"),
        ("UTC", "2026-11-26 04:30", "2026-11-26 04:30"),
        ("UTC", "2026-11-26 09:59", "2026-11-26 04:30"),
        ("UTC", "2026-11-26 23:59", "2026-11-26 10:00"),
        ("Asia/Tokyo", "2026-11-26 00:00", "2026-11-25 19:30"),
        ("Pacific/Kiritimati", "2026-11-26 12:00", "2026-11-25 20:00"),
        ("Europe/Berlin", "2026-03-29 02:30", "2026-03-29 02:30"),  # 04:30 on the day the clock goes forward
        ("Europe/Berlin", "2026-10-25 03:30", "2026-10-25 03:30"),
    ],
)
def test_the_last_time_a_run_was_due_is_told_by_the_homes_clock(zone: str, now: str, due: str) -> None:
    assert schedule.last_due(AT, zone, utc(now)) == utc(due)


def test_the_next_time_a_run_is_due_comes_after_this_moment() -> None:
    assert schedule.next_due(["04:30", "10:00"], "Europe/Berlin", utc("2026-05-04 02:30")) == utc("2026-05-04 08:00")
    assert schedule.next_due(["04:30"], "Europe/Berlin", utc("2026-05-04 02:30")) == utc("2026-05-05 02:30")
    assert schedule.next_due(["23:59"], "Pacific/Kiritimati", utc("2026-05-04 09:00")) == utc("2026-05-04 09:59")


def test_a_time_that_does_not_exist_is_due_at_the_next_minute_there_is_and_a_doubled_one_at_its_first() -> None:
    assert schedule.last_due(["02:30"], "Europe/Berlin", utc("2026-03-29 03:00")) == utc("2026-03-29 01:00")
    assert schedule.last_due(["02:30"], "Europe/Berlin", utc("2026-10-25 01:45")) == utc("2026-10-25 00:30")


@pytest.mark.parametrize(
    ("begun", "due"),
    [
        (None, "2026-11-26 04:30"),  # no run was ever made
        ("2026-11-24 04:30", "2026-11-26 04:30"),  # two nights off: one run
        ("2026-11-26 04:28", "2026-11-26 04:30"),
        ("2026-11-26 04:29:55", None),  # Prefect was early
        ("2026-11-26 06:00", None),  # by hand
        ("2026-11-26 07:00:30", None),
        ("2027-11-26 07:00", "2026-11-26 04:30"),  # by a clock that was wrong
    ],
)
def test_a_run_is_missed_where_none_began_since_it_was_due(begun: str | None, due: str | None) -> None:
    found = schedule.missed(begun and utc(begun), AT, "UTC", utc("2026-11-26 07:00"))

    assert found == (due and utc(due))


def utc(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)
