"""The minutes of a day as lanes, worked out by hand."""

from datetime import date

import days_by_hand as by_hand
import pytest

from recovery.report.weeks import lanes
from recovery.report.weeks.lanes import Lanes, Run, lanes_by_date, lanes_of, runs_of


def day_of(connection: by_hand.duckdb.DuckDBPyConnection, day: str) -> Lanes:
    of_day = date.fromisoformat(day)
    return lanes_of(of_day, runs_of(connection, "me", of_day, of_day)[of_day])


def totals(found: Lanes) -> dict[str, int]:
    return {lane.state: lane.minutes for lane in found.lanes}


def ticks(found: Lanes) -> dict[int, float]:
    return {tick.hour: tick.place for tick in found.ticks}


def test_a_day_is_runs_of_states_and_not_its_minutes() -> None:
    connection = by_hand.database()
    by_hand.minutes(connection, "2026-05-03T22:00", 120, ("asleep", 420), ("moving", 30), ("still", 990))

    found = day_of(connection, "2026-05-04")

    assert totals(found) == {"moving": 30, "still": 990, "asleep": 420}
    assert [lane.path for lane in found.lanes] == ["M420 5h30", "M450 15h990", "M0 25h420"]
    assert found.length == 1440
    assert ticks(found) == {0: 0.0, 6: 25.0, 12: 50.0, 18: 75.0, 24: 100.0}


def test_brisk_minutes_are_of_moving_and_have_a_lane_of_their_own() -> None:
    connection = by_hand.database()
    by_hand.minutes(connection, "2026-05-03T22:00", 120, ("still", 600), ("moving", 20))
    by_hand.minutes(connection, "2026-05-04T08:20", 120, ("moving", 10), ("still", 810), intensity="moderate")

    assert totals(day_of(connection, "2026-05-04")) == {"moving": 30, "brisk": 10, "still": 1410}


def test_the_day_on_which_clocks_go_back_has_25_hours_and_the_hours_stand_where_they_were() -> None:
    connection = by_hand.database()  # Berlin, 25 October 2026: 3:00 is 2:00 again
    by_hand.minutes(connection, "2026-10-24T22:00", 120, ("asleep", 180))
    by_hand.minutes(connection, "2026-10-25T01:00", 60, ("asleep", 300), ("still", 1020))

    found = day_of(connection, "2026-10-25")

    assert (found.length, totals(found)) == (1500, {"still": 1020, "asleep": 480})
    assert ticks(found) == {0: 0.0, 6: 28.0, 12: 52.0, 18: 76.0, 24: 100.0}  # 6:00 is 7 hours after midnight
    assert found.lanes[1].path == "M0 15h480"  # one run, though the clock changed in it


def test_the_day_on_which_clocks_go_forward_has_23_hours() -> None:
    connection = by_hand.database()  # Berlin, 29 March 2026: 2:00 is 3:00
    by_hand.minutes(connection, "2026-03-28T23:00", 60, ("asleep", 120))
    by_hand.minutes(connection, "2026-03-29T01:00", 120, ("asleep", 240), ("moving", 1020))

    found = day_of(connection, "2026-03-29")

    assert (found.length, totals(found)) == (1380, {"moving": 1020, "asleep": 360})
    assert ticks(found)[6] == round(100 * 300 / 1380, 1)


def test_a_massage_over_midnight_lies_on_both_days() -> None:
    connection = by_hand.database()
    by_hand.minutes(connection, "2026-05-03T22:00", 120, ("still", 1410), ("massage", 60), ("still", 1410))

    assert totals(day_of(connection, "2026-05-04"))["massage"] == 30
    assert totals(day_of(connection, "2026-05-05"))["massage"] == 30


def test_a_day_of_which_some_minutes_are_there_is_drawn_from_midnight_to_midnight() -> None:
    connection = by_hand.database()
    by_hand.minutes(connection, "2026-05-04T10:00", 120, ("moving", 60))
    by_hand.minutes(connection, "2026-05-04T12:00", 120, ("moving", 60))

    found = day_of(connection, "2026-05-04")

    assert found.length == 1440
    assert found.lanes[0].path == "M720 5h60m60 0h60"


def test_a_state_that_is_not_known_here_is_told_as_not_known() -> None:
    connection = by_hand.database()
    by_hand.minutes(connection, "2026-05-04T10:00", 120, ("swimming", 60), ("still", 1))

    assert totals(day_of(connection, "2026-05-04")) == {"still": 1, "unknown": 60}


def test_without_minutes_there_are_no_runs() -> None:
    assert runs_of(by_hand.database(), "me", date(2026, 5, 1), date(2026, 5, 31)) == {}


def restless(day: date) -> list[Run]:
    """Every minute another state than the one before."""
    start = (day - date(1970, 1, 1)).days * 1440
    return [Run(lanes.LANES[minute % 9], start + minute, start + minute + 1, start + minute) for minute in range(1440)]


def test_short_pauses_are_joined_but_the_totals_are_exact() -> None:
    day = date(2026, 5, 4)
    start = (day - date(1970, 1, 1)).days * 1440

    found = lanes_of(day, [Run("moving", start, start + 5, start), Run("still", start + 5, start + 8, start + 5),
                           Run("moving", start + 8, start + 10, start + 8)])  # fmt: skip

    assert totals(found) == {"moving": 7, "still": 3}
    assert found.lanes[0].path == "M0 5h10"


@pytest.mark.parametrize("days", [1, 31])
def test_a_restless_month_is_not_too_much_for_a_page(days: int) -> None:
    found = lanes_by_date({day: restless(day) for day in by_hand.dates("2026-05-01", days)})

    assert sum(len(lane.path) for one in found.values() for lane in one.lanes) <= 40_000
    assert all(sum(lane.minutes for lane in one.lanes if lane.state != "brisk") == 1440 for one in found.values())
