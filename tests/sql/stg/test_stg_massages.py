"""stg.massages, stg.diary: one row per massage and per day."""

import duckdb
import pytest
from sql_cases import given, home, rows

pytestmark = pytest.mark.slow


@pytest.fixture
def log(empty: duckdb.DuckDBPyConnection) -> duckdb.DuckDBPyConnection:
    home(empty, "Europe/Berlin")
    return empty


def row(start: str | None = None, day: str = "2024-05-01", **more: object) -> dict[str, object]:
    return {"local_date": day, "start_local": f"{day} {start}" if start else None, **more}


def ids(connection: duckdb.DuckDBPyConnection) -> list[str]:
    return [massage_id for (massage_id,) in rows(connection, "stg.massages", "massage_id")]


def test_a_massage_starts_by_the_persons_clock(log: duckdb.DuckDBPyConnection) -> None:
    given(log, "raw.massages", [row("15:30", massage_min=45)])

    assert rows(
        log, "stg.massages", "massage_id, ordinal, cast(start_utc as varchar), cast(end_utc as varchar), status"
    ) == [("me_2024-05-01_1530_1", 1, "2024-05-01 13:30:00", "2024-05-01 14:15:00", "attended")]


@pytest.mark.parametrize(
    ("start_local", "start_utc"),
    [
        ("2024-10-27 02:30", "2024-10-27 00:30:00"),  # the first of the doubled hour
        ("2024-10-27 03:00", "2024-10-27 02:00:00"),
        ("2024-03-31 02:30", "2024-03-31 01:30:00"),  # in the gap: as if the clock had not jumped
        ("2024-03-31 03:00", "2024-03-31 01:00:00"),
    ],
)
def test_starts_in_nights_of_changed_clocks(log: duckdb.DuckDBPyConnection, start_local: str, start_utc: str) -> None:
    given(log, "raw.massages", [{"local_date": start_local[:10], "start_local": start_local}])

    assert rows(log, "stg.massages", "cast(start_utc as varchar)") == [(start_utc,)]


def test_a_start_the_log_reports_in_utc_is_kept(log: duckdb.DuckDBPyConnection) -> None:
    given(log, "raw.massages", [row(start_utc="2024-05-01 08:00")])

    assert rows(log, "stg.massages", "massage_id, cast(start_local as varchar), cast(start_utc as varchar)") == [
        ("me_2024-05-01_1000_1", "2024-05-01 10:00:00", "2024-05-01 08:00:00")
    ]


def test_starts_within_15_minutes_are_one_massage(log: duckdb.DuckDBPyConnection) -> None:
    given(log, "raw.massages", [row("10:00", therapist="A", massage_min=60)])
    given(log, "raw.massages", [row("10:15"), row("10:31")], path="calendar.ics")

    assert rows(log, "stg.massages", "massage_id, path") == [
        ("me_2024-05-01_1000_1", "log.csv"),
        ("me_2024-05-01_1031_2", "calendar.ics"),
    ]
    assert rows(log, "stg.massages_superseded", "path, place") == [("calendar.ics", "row 1")]


def test_of_two_reports_the_one_with_more_fields_counts_then_the_delivery(log: duckdb.DuckDBPyConnection) -> None:
    given(log, "raw.massages", [row("10:00", therapist="A"), row("12:00", cause="x", delivery=5)])
    given(
        log, "raw.massages", [row("10:05", therapist="B", note="n"), row("12:00", cause="y", delivery=7)], path="b.csv"
    )

    assert rows(log, "stg.massages", "ordinal, therapist, cause") == [(1, "B", None), (2, None, "y")]


def test_one_start_missing_and_one_candidate_only(log: duckdb.DuckDBPyConnection) -> None:
    given(log, "raw.massages", [row("10:00")])
    given(log, "raw.massages", [row(technique="deep", massage_min=30, therapist="A")], path="b.csv")

    assert rows(log, "stg.massages", "massage_id, technique, cast(end_utc as varchar)") == [
        ("me_2024-05-01_1000_1", "deep", "2024-05-01 08:30:00")
    ]


def test_one_start_missing_and_two_candidates(log: duckdb.DuckDBPyConnection) -> None:
    given(log, "raw.massages", [row("10:00"), row("18:00"), row()])

    assert ids(log) == ["me_2024-05-01_1000_1", "me_2024-05-01_1800_2", "me_2024-05-01_untimed_3"]


def test_untimed_rows_of_one_log_are_two_and_of_two_logs_one(log: duckdb.DuckDBPyConnection) -> None:
    given(log, "raw.massages", [row(), row()])
    given(log, "raw.massages", [row(), row(day="2024-05-02")], path="newer.csv")

    assert ids(log) == ["me_2024-05-01_untimed_1", "me_2024-05-01_untimed_2", "me_2024-05-02_untimed_1"]


def test_other_dates_and_other_people_are_other_massages(log: duckdb.DuckDBPyConnection) -> None:
    home(log, "Europe/Berlin", subject="client1")
    given(log, "raw.massages", [row("23:55"), row("00:05", day="2024-05-02"), row("23:55", subject="client1")])

    assert ids(log) == ["client1_2024-05-01_2355_1", "me_2024-05-01_2355_1", "me_2024-05-02_0005_1"]


def test_a_no_show_keeps_its_row_and_takes_no_ordinal(log: duckdb.DuckDBPyConnection) -> None:
    given(log, "raw.massages", [row("09:00", status="no-show"), row("11:00"), row("13:00", status="cancelled")])

    assert rows(log, "stg.massages", "massage_id, ordinal, status") == [
        ("me_2024-05-01_0900_no-show_1", 1, "no-show"),
        ("me_2024-05-01_1100_1", 1, "attended"),
        ("me_2024-05-01_1300_cancelled_2", 2, "cancelled"),
    ]


def test_minutes_not_reported_leave_the_end_open(log: duckdb.DuckDBPyConnection) -> None:
    given(log, "raw.massages", [row("10:00")])

    assert rows(log, "stg.massages", "massage_min, end_utc") == [(None, None)]


def test_a_day_of_the_diary_reported_twice(log: duckdb.DuckDBPyConnection) -> None:
    day = {"local_date": "2024-05-01"}
    given(log, "raw.diary", [{**day, "pain": 5.0, "delivery": 9}])
    given(log, "raw.diary", [{**day, "pain": 3.0, "mood": 4.0}], path="b.csv")

    assert rows(log, "stg.diary", "pain, mood, path") == [(3.0, 4.0, "b.csv")]
    assert rows(log, "stg.diary_superseded", "path, place") == [("log.csv", "row 1")]


def test_a_diary_that_reports_as_much_counts_by_delivery(log: duckdb.DuckDBPyConnection) -> None:
    day = {"local_date": "2024-05-01"}
    given(log, "raw.diary", [{**day, "pain": 5.0, "delivery": 9}])
    given(log, "raw.diary", [{**day, "pain": 0.0, "delivery": 8}], path="b.csv")

    assert rows(log, "stg.diary", "pain, mood") == [(5.0, None)]
