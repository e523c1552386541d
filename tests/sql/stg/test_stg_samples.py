"""stg.samples, stg.activities, stg.day_values, stg.sources: once each, whatever was delivered."""

import duckdb
import pytest
from sql_cases import build, given, rows

pytestmark = pytest.mark.slow

MINUTE = {"metric": "steps", "start_utc": "2024-05-01 10:00", "end_utc": "2024-05-01 10:01"}


def test_of_two_reports_the_newest_export_counts(empty: duckdb.DuckDBPyConnection) -> None:
    given(
        empty,
        "raw.samples",
        [
            {**MINUTE, "value": 10, "exported_utc": "2024-06-01", "delivery": 9},
            {**MINUTE, "value": 12, "exported_utc": "2024-07-01", "delivery": 1},
            {**MINUTE, "value": 99, "exported_utc": None, "delivery": 99},
        ],
    )

    assert rows(empty, "stg.samples", "value") == [(12.0,)]


def test_without_a_date_of_export_the_highest_delivery_counts(empty: duckdb.DuckDBPyConnection) -> None:
    given(
        empty,
        "raw.samples",
        [{**MINUTE, "value": 10, "delivery": 2}, {**MINUTE, "value": 11, "delivery": 18446744073709551615}],
    )

    assert rows(empty, "stg.samples", "value") == [(11.0,)]


def test_two_devices_and_two_metrics_are_kept_apart(empty: duckdb.DuckDBPyConnection) -> None:
    given(
        empty,
        "raw.samples",
        [
            {**MINUTE, "value": 1},
            {**MINUTE, "value": 2, "source": "phone"},
            {**MINUTE, "value": 3, "metric": "distance_m"},
            {**MINUTE, "value": 4, "subject": "client1"},
        ],
    )

    assert rows(empty, "stg.samples", "value") == [(1.0,), (2.0,), (3.0,), (4.0,)]


def test_a_later_export_with_other_cuts_is_not_added_up(empty: duckdb.DuckDBPyConnection) -> None:
    given(
        empty,
        "raw.samples",
        [
            {**MINUTE, "end_utc": "2024-05-01 10:15", "value": 150, "exported_utc": "2024-06-01"},
            {**MINUTE, "end_utc": "2024-05-01 10:05", "value": 60, "exported_utc": "2024-07-01"},
            {**MINUTE, "start_utc": "2024-05-01 10:05", "end_utc": "2024-05-01 10:10", "value": 70,
             "exported_utc": "2024-07-01"},
            {**MINUTE, "start_utc": "2024-05-01 10:15", "end_utc": "2024-05-01 10:30", "value": 5,
             "exported_utc": "2024-06-01"},
        ],
    )  # fmt: skip

    assert rows(empty, "stg.samples", "value") == [(5.0,), (60.0,), (70.0,)]


def test_touching_intervals_and_instants_do_not_overlap(empty: duckdb.DuckDBPyConnection) -> None:
    given(
        empty,
        "raw.samples",
        [
            {**MINUTE, "value": 1},
            {**MINUTE, "start_utc": "2024-05-01 10:01", "end_utc": "2024-05-01 10:02", "value": 2},
            {**MINUTE, "end_utc": "2024-05-01 10:00", "value": 3},
        ],
    )

    assert rows(empty, "stg.samples", "value") == [(1.0,), (2.0,), (3.0,)]


def test_an_activity_reported_twice_is_one(empty: duckdb.DuckDBPyConnection) -> None:
    walk = {"start_utc": "2024-05-01 10:00", "end_utc": "2024-05-01 11:00"}
    given(
        empty,
        "raw.activities",
        [{**walk, "sport": "walk"}, {**walk, "sport": "hike", "delivery": 2}, {**walk, "end_utc": "2024-05-01 10:00"}],
    )

    assert rows(empty, "stg.activities", "sport") == [("hike",)]


def test_a_value_of_a_day_reported_twice_is_one(empty: duckdb.DuckDBPyConnection) -> None:
    day = {"local_date": "2024-05-01", "metric": "steps"}
    given(
        empty,
        "raw.day_values",
        [{**day, "value": 8000, "exported_utc": "2024-05-02"}, {**day, "value": 7000, "exported_utc": "2024-05-01"}],
    )

    assert rows(empty, "stg.day_values", "value") == [(8000.0,)]


@pytest.mark.parametrize("order", [1, -1])
def test_the_order_of_rows_does_not_matter(empty: duckdb.DuckDBPyConnection, order: int) -> None:
    reports = [{**MINUTE, "value": number % 7, "delivery": number % 5} for number in range(20)]
    given(empty, "raw.samples", reports[::order])

    assert rows(empty, "stg.samples", "value") == [(5.0,)]  # delivery 4 tells 4, 2, 0 and 5


def test_a_rank_is_of_the_whole_name_else_of_its_beginning(empty: duckdb.DuckDBPyConnection) -> None:
    given(
        empty,
        "raw.samples",
        [{**MINUTE, "value": 1, "source": name} for name in ("garmin:1", "garmin:2", "fitbit", "phone")],
    )
    given(
        empty,
        "raw.source_priority",
        [{"source": "garmin", "rank": 1}, {"source": "fitbit", "rank": 2}, {"source": "garmin:2", "rank": 3}],
    )

    build(empty, "stg.sources")

    assert rows(empty, "stg.sources", "source, rank") == [
        ("fitbit", 2),
        ("garmin:1", 1),
        ("garmin:2", 3),
        ("phone", 1000000),
    ]
