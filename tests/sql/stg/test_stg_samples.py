"""stg.samples, stg.activities, stg.day_values, stg.sources: once each, whatever was delivered."""

from datetime import datetime, timedelta

import duckdb
import pytest
from hypothesis import HealthCheck, settings
from hypothesis import given as given_examples
from hypothesis import strategies as st
from layers import add
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


def test_records_of_one_export_that_touch_are_cut_and_none_is_lost(empty: duckdb.DuckDBPyConnection) -> None:
    given(
        empty,
        "raw.samples",
        [
            {
                **MINUTE,
                "start_utc": f"2024-05-01 10:{tens}0:00",
                "end_utc": f"2024-05-01 10:{tens + 1}0:01",
                "value": 1200,
            }
            for tens in range(5)
        ],
    )

    assert rows(empty, "stg.samples", "sum(value)") == [(6000.0,)]
    assert rows(empty, "stg.samples", "epoch(min(end_utc - start_utc))") == [(600.0,)]


def test_the_longer_record_of_an_export_keeps_what_the_shorter_ones_in_it_do_not_tell(
    empty: duckdb.DuckDBPyConnection,
) -> None:
    given(
        empty,
        "raw.samples",
        [
            {**MINUTE, "end_utc": "2024-05-01 11:00", "value": 1000},
            {**MINUTE, "start_utc": "2024-05-01 10:10", "end_utc": "2024-05-01 10:20", "value": 200},
            {**MINUTE, "start_utc": "2024-05-01 10:12", "end_utc": "2024-05-01 10:14", "value": 50},
        ],
    )

    # 150 + 50 in the ten minutes, and 800 in the 50 around them, by their length
    assert rows(empty, "stg.samples", "strftime(start_utc, '%H:%M'), strftime(end_utc, '%H:%M'), value") == [
        ("10:00", "10:10", 160.0),
        ("10:10", "10:12", 37.5),
        ("10:12", "10:14", 50.0),
        ("10:14", "10:20", 112.5),
        ("10:20", "11:00", 640.0),
    ]


def test_of_a_record_that_a_newer_export_reports_in_part_the_rest_stays(empty: duckdb.DuckDBPyConnection) -> None:
    given(
        empty,
        "raw.samples",
        [
            {**MINUTE, "end_utc": "2024-05-01 10:30", "value": 300, "exported_utc": "2024-06-01"},
            {**MINUTE, "start_utc": "2024-05-01 10:20", "end_utc": "2024-05-01 10:50", "value": 310,
             "exported_utc": "2024-07-01"},
        ],
    )  # fmt: skip

    assert rows(empty, "stg.samples", "value") == [(200.0,), (310.0,)]


def test_a_level_is_not_shared_out(empty: duckdb.DuckDBPyConnection) -> None:
    beats = {**MINUTE, "metric": "heart_rate_bpm"}
    given(
        empty,
        "raw.samples",
        [
            {**beats, "end_utc": "2024-05-01 10:10", "value": 60},
            {**beats, "start_utc": "2024-05-01 10:09", "end_utc": "2024-05-01 10:20", "value": 70},
        ],
    )

    assert rows(empty, "stg.samples", "value") == [(60.0,), (70.0,)]


def _chain(pieces: list[tuple[int, int, int]]) -> list[tuple[int, int, int]]:
    """Minutes from, minutes to and steps of records that reach into the one before by at most half of either."""
    made: list[tuple[int, int, int]] = []
    for length, overlap, value in pieces:
        before = made[-1][1] if made else 0
        reach = min(overlap, length // 2, (before - made[-1][0]) // 2) if made else 0
        made.append((before - reach, before - reach + length, value))
    return made


def _report_steps(connection: duckdb.DuckDBPyConnection, records: list[tuple[str, int, int, int]]) -> None:
    """Puts records of one source and export in the place of all: person, minutes from, minutes to, steps."""
    start = datetime(2024, 5, 1)
    connection.execute("delete from raw.samples")
    add(
        connection,
        "raw.samples",
        [
            {
                "subject": subject,
                "start_utc": start + timedelta(minutes=begin),
                "end_utc": start + timedelta(minutes=end),
                "value": float(value),
            }
            for subject, begin, end, value in records
        ],
        source="watch",
        metric="steps",
        delivery=1,
    )


@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given_examples(
    people=st.lists(
        st.lists(st.tuples(st.integers(1, 12), st.integers(0, 4), st.integers(0, 500)), min_size=1, max_size=8),
        min_size=1,
        max_size=20,
    )
)
def test_sums_are_kept_where_records_of_one_export_reach_into_each_other(
    empty: duckdb.DuckDBPyConnection, people: list[list[tuple[int, int, int]]]
) -> None:
    reported = [(f"p{number}", *record) for number, pieces in enumerate(people) for record in _chain(pieces)]
    _report_steps(empty, reported)

    for name in ("stg.unique_samples", "stg.overlapping_samples", "stg.samples"):
        build(empty, name)

    sums = dict(empty.execute("select subject, sum(value) from stg.samples group by subject").fetchall())
    assert sums == {
        name: pytest.approx(sum(value for subject, _, _, value in reported if subject == name))
        for name in {subject for subject, *_ in reported}
    }
    overlaps = empty.execute(
        "select subject from stg.samples"
        " qualify end_utc > lead(start_utc) over (partition by subject order by start_utc)"
    )
    assert overlaps.fetchall() == []


@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given_examples(
    people=st.lists(
        st.sets(st.tuples(st.integers(0, 30), st.integers(1, 12)), min_size=1, max_size=12), min_size=1, max_size=20
    )
)
def test_a_record_is_shared_out_only_where_another_one_has_some_of_its_time(
    empty: duckdb.DuckDBPyConnection, people: list[set[tuple[int, int]]]
) -> None:
    records = [(f"p{number}", begin, begin + length) for number, some in enumerate(people) for begin, length in some]
    _report_steps(empty, [(*record, 1) for record in records])

    for name in ("stg.unique_samples", "stg.overlapping_samples"):
        build(empty, name)

    found = empty.execute(
        "select distinct subject, epoch(record_start_utc - timestamp '2024-05-01') // 60,"
        " epoch(record_end_utc - timestamp '2024-05-01') // 60 from stg.overlapping_samples"
    )
    assert set(found.fetchall()) == {
        one
        for one in records
        for other in records
        if one != other and one[0] == other[0] and one[1] < other[2] and other[1] < one[2]
    }


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
        ("phone", 1000001),
    ]
