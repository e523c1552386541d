"""stg.clock_offsets: what the wall clock was ahead of UTC."""

from datetime import date
from itertools import pairwise

import duckdb
import pytest
from sql_cases import given, home, rows, value

from recovery.home.settings import Travel

pytestmark = pytest.mark.slow

BERLIN = "Europe/Berlin"  # 2024: +2 h from 31 March 01:00 UTC to 27 October 01:00 UTC
HOUR = 3600


def reported(*pairs: tuple[str, int], **more: object) -> list[dict[str, object]]:
    return [{"time_utc": f"2024-{time}", "offset_s": offset, **more} for time, offset in pairs]


def offset_at(connection: duckdb.DuckDBPyConnection, *times: str) -> list[tuple[int, bool]]:
    rows(connection, "stg.clock_offsets")
    return [
        value(
            connection,
            "select row(offset_min, tz_assumed) from stg.clock_offsets"
            f" where start_utc <= '2024-{time}' and end_utc > '2024-{time}'",
        )
        for time in times
    ]


def test_without_a_report_the_home_zone_counts_and_is_flagged(empty: duckdb.DuckDBPyConnection) -> None:
    home(empty, BERLIN)

    assert offset_at(empty, "03-31 00:59", "03-31 01:00", "10-27 00:59", "10-27 01:00") == [
        (60, True),
        (120, True),
        (120, True),
        (60, True),
    ]


def test_a_report_holds_two_days_each_way(empty: duckdb.DuckDBPyConnection) -> None:
    home(empty, BERLIN)
    given(empty, "raw.clock_offsets", reported(("05-10 12:00", 9 * HOUR)))

    assert offset_at(empty, "05-08 11:59", "05-08 12:00", "05-12 11:59", "05-12 12:00") == [
        (120, True),
        (540, False),
        (540, False),
        (120, True),
    ]


def test_a_report_holds_until_the_next(empty: duckdb.DuckDBPyConnection) -> None:
    home(empty, BERLIN)
    given(empty, "raw.clock_offsets", reported(("05-10 12:00", 2 * HOUR), ("05-11 06:00", 9 * HOUR)))

    assert offset_at(empty, "05-11 05:59", "05-11 06:00") == [(120, False), (540, False)]


def test_after_a_silence_neither_report_takes_more_than_two_days(empty: duckdb.DuckDBPyConnection) -> None:
    home(empty, BERLIN)
    given(empty, "raw.clock_offsets", reported(("05-10 00:00", 9 * HOUR), ("05-13 00:00", -5 * HOUR)))

    assert offset_at(empty, "05-11 23:59", "05-12 00:00", "05-14 23:59", "05-15 00:00") == [
        (540, False),
        (-300, False),
        (-300, False),
        (120, True),
    ]


def test_a_watch_that_agrees_with_home_follows_the_change_of_clock_at_once(empty: duckdb.DuckDBPyConnection) -> None:
    home(empty, BERLIN)
    given(empty, "raw.clock_offsets", reported(("10-26 22:00", 2 * HOUR), ("10-27 03:39", HOUR)))

    assert offset_at(empty, "10-27 00:59", "10-27 01:00", "10-27 03:39") == [(120, False), (60, False), (60, False)]


def test_of_two_offsets_at_one_instant_the_one_reported_next_counts(empty: duckdb.DuckDBPyConnection) -> None:
    home(empty, "America/New_York")
    given(
        empty,
        "raw.clock_offsets",
        reported(("03-24 22:00", HOUR), ("03-25 03:11", HOUR), ("03-25 03:11", 2 * HOUR), ("03-25 11:00", 2 * HOUR)),
    )

    assert offset_at(empty, "03-25 03:10", "03-25 03:11") == [(60, False), (120, False)]


def test_an_offset_given_up_within_an_hour_is_false(empty: duckdb.DuckDBPyConnection) -> None:
    home(empty, "America/New_York")
    given(empty, "raw.clock_offsets", reported(("10-26 23:31", 2 * HOUR), ("10-27 02:47", 0), ("10-27 02:52", HOUR)))

    assert offset_at(empty, "10-27 02:46", "10-27 02:48", "10-27 02:52") == [(120, False), (120, False), (60, False)]


def test_an_offset_of_a_stopover_is_true(empty: duckdb.DuckDBPyConnection) -> None:
    home(empty, BERLIN)
    given(
        empty, "raw.clock_offsets", reported(("05-10 06:00", 2 * HOUR), ("05-10 09:00", 0), ("05-10 12:00", -4 * HOUR))
    )

    assert offset_at(empty, "05-10 10:00") == [(0, False)]


def test_an_offset_that_no_zone_has_tells_no_zone(empty: duckdb.DuckDBPyConnection) -> None:
    home(empty, BERLIN)
    given(
        empty,
        "raw.clock_offsets",
        reported(("05-10 12:00", 29760), ("06-10 12:00", 5 * HOUR + 900), ("07-10 12:00", 5 * HOUR + 2700)),
    )

    assert offset_at(empty, "05-10 13:00", "06-10 13:00", "07-10 13:00") == [(120, True), (120, True), (345, False)]


def test_a_minute_beside_a_zone_is_the_zone_and_flagged(empty: duckdb.DuckDBPyConnection) -> None:
    home(empty, BERLIN)
    given(empty, "raw.clock_offsets", reported(("05-10 12:00", 9 * HOUR + 60), ("07-10 12:00", 9 * HOUR + 61)))

    assert offset_at(empty, "05-10 13:00", "07-10 13:00") == [(540, True), (120, True)]


@pytest.mark.parametrize(
    ("offset_s", "is_told"), [(14 * HOUR, True), (-12 * HOUR, True), (50401, False), (-43201, False)]
)
def test_garbage_is_not_told(empty: duckdb.DuckDBPyConnection, offset_s: int, is_told: bool) -> None:
    home(empty, BERLIN)
    given(empty, "raw.clock_offsets", reported(("05-10 12:00", offset_s)))

    assert offset_at(empty, "05-10 12:00") == [(offset_s // 60, False) if is_told else (120, True)]


def test_a_journey_of_the_settings_overrides_the_device(empty: duckdb.DuckDBPyConnection) -> None:
    home(empty, BERLIN, [Travel(date(2024, 5, 10), date(2024, 5, 12), "Asia/Tokyo")])
    given(empty, "raw.clock_offsets", reported(("05-09 14:00", 2 * HOUR), ("05-10 12:00", 2 * HOUR)))

    assert offset_at(empty, "05-09 14:59", "05-09 15:00", "05-12 14:59", "05-12 15:00") == [
        (120, False),
        (540, False),
        (540, False),
        (120, True),
    ]


def test_of_two_devices_the_one_with_more_reports_of_the_day_counts(empty: duckdb.DuckDBPyConnection) -> None:
    home(empty, BERLIN)
    given(empty, "raw.clock_offsets", reported(("05-10 08:00", 9 * HOUR), ("05-10 12:00", 9 * HOUR)))
    given(empty, "raw.clock_offsets", reported(("05-10 10:00", HOUR), source="a drawer"))

    assert offset_at(empty, "05-10 11:00") == [(540, False)]


def test_a_rank_counts_before_the_number_of_tellings(empty: duckdb.DuckDBPyConnection) -> None:
    home(empty, BERLIN)
    given(empty, "raw.source_priority", [{"source": "phone", "rank": 1}])
    given(empty, "raw.clock_offsets", reported(("05-10 08:00", 9 * HOUR), ("05-10 12:00", 9 * HOUR)))
    given(empty, "raw.clock_offsets", reported(("05-10 10:00", HOUR), source="phone"))

    assert offset_at(empty, "05-10 11:00") == [(60, False)]


def test_there_is_no_gap_and_no_overlap(empty: duckdb.DuckDBPyConnection) -> None:
    home(empty, BERLIN, [Travel(date(2024, 5, 10), date(2024, 5, 12), "Asia/Tokyo")])
    given(
        empty,
        "raw.clock_offsets",
        reported(
            *((f"{month:02}-{day:02} 10:{day:02}:17", HOUR * (day % 4)) for month in (3, 5) for day in range(1, 29, 3))
        ),
    )

    pieces = rows(empty, "stg.clock_offsets", "start_utc, end_utc")

    assert all(earlier[1] == later[0] for earlier, later in pairwise(pieces))
    assert all(start < end for start, end in pieces)


def test_a_person_no_longer_listed_is_taken_for_utc(empty: duckdb.DuckDBPyConnection) -> None:
    given(empty, "raw.samples", [
        {"metric": "steps", "start_utc": "2024-05-10", "end_utc": "2024-05-11", "value": 1, "subject": "client1"}
    ])  # fmt: skip

    assert rows(empty, "stg.clock_offsets", "subject, offset_min, tz_assumed") == [("client1", 0, True)]
