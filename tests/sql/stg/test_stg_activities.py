"""Which report of a recorded activity is selected."""

from typing import Any

import duckdb
from sql_cases import given, rows

DAY = "2026-05-04 "


def selected(empty: duckdb.DuckDBPyConnection, *spans: tuple[str, str, str]) -> list[tuple[Any, ...]]:
    """Of activities by source, start and end on one day, those that are selected."""
    given(
        empty,
        "raw.activities",
        [{"source": source, "start_utc": DAY + start, "end_utc": DAY + end} for source, start, end in spans],
    )
    clock = "strftime({}, '%H:%M')"
    return rows(empty, "stg.activities", f"source, {clock.format('start_utc')}, {clock.format('end_utc')}")


def test_an_activity_of_two_exports_is_one(empty: duckdb.DuckDBPyConnection) -> None:
    assert selected(empty, ("watch", "10:00", "11:00"), ("watch", "10:00", "11:00")) == [("watch", "10:00", "11:00")]


def test_pieces_count_before_the_whole_that_another_source_tells(empty: duckdb.DuckDBPyConnection) -> None:
    found = selected(
        empty,
        ("strava", "10:00", "12:00"),
        ("gpx", "10:01", "10:30"),
        ("gpx", "10:40", "10:50"),
        ("gpx", "11:30", "11:59"),
    )

    assert found == [("gpx", "10:01", "10:30"), ("gpx", "10:40", "10:50"), ("gpx", "11:30", "11:59")]


def test_a_recording_that_stopped_early_takes_nothing_from_the_other(empty: duckdb.DuckDBPyConnection) -> None:
    spans = [("strava", "10:00", "12:00"), ("watch", "10:00", "10:20")]

    assert selected(empty, *spans) == spans


def test_pieces_of_the_source_itself_and_of_two_sources_prove_no_pause(empty: duckdb.DuckDBPyConnection) -> None:
    spans = [
        ("a", "10:00", "10:20"),
        ("a", "10:00", "12:00"),
        ("a", "11:00", "12:00"),
        ("b", "14:00", "16:00"),
        ("c", "14:00", "14:20"),
        ("d", "15:00", "16:00"),
    ]

    assert selected(empty, *spans) == spans
