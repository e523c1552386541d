"""stg.counter_intervals: what running totals grew."""

import duckdb
import pytest
from sql_cases import given, home, rows

COLUMNS = "cast(start_utc as varchar), cast(end_utc as varchar), value, cast(device_date as varchar)"


def readings(*pairs: tuple[str, float], offset_s: int | None = 0, **more: object) -> list[dict[str, object]]:
    return [
        {"metric": "steps", "time_utc": f"2024-05-0{time}", "value": value, "clock_offset_s": offset_s, **more}
        for time, value in pairs
    ]


def growth(connection: duckdb.DuckDBPyConnection) -> list[float]:
    return [value for _, value in rows(connection, "stg.counter_intervals", "end_utc, value")]


def test_growth_is_reported_between_readings(empty: duckdb.DuckDBPyConnection) -> None:
    given(empty, "raw.counters", readings(("1 08:00", 100), ("1 08:15", 100), ("1 09:00", 450)))

    assert rows(empty, "stg.counter_intervals", COLUMNS) == [
        ("2024-05-01 00:00:00", "2024-05-01 08:00:00", 100.0, "2024-05-01"),
        ("2024-05-01 08:00:00", "2024-05-01 08:15:00", 0.0, "2024-05-01"),
        ("2024-05-01 08:15:00", "2024-05-01 09:00:00", 350.0, "2024-05-01"),
    ]


def test_the_reading_at_midnight_closes_the_old_day(empty: duckdb.DuckDBPyConnection) -> None:
    given(empty, "raw.counters", readings(("1 23:00", 900), ("2 00:00", 1000), ("2 00:30", 20)))

    assert rows(empty, "stg.counter_intervals", COLUMNS) == [
        ("2024-05-01 00:00:00", "2024-05-01 23:00:00", 900.0, "2024-05-01"),
        ("2024-05-01 23:00:00", "2024-05-02 00:00:00", 100.0, "2024-05-01"),
        ("2024-05-02 00:00:00", "2024-05-02 00:30:00", 20.0, "2024-05-02"),
    ]


def test_the_day_is_that_of_the_devices_exact_clock(empty: duckdb.DuckDBPyConnection) -> None:
    # 29,760 s is 8 h 16 min: this watch begins its 2 May at 15:44 UTC
    given(empty, "raw.counters", readings(("1 15:44", 5000), ("1 15:50", 10), offset_s=29760))

    assert rows(empty, "stg.counter_intervals", COLUMNS) == [
        ("2024-04-30 15:44:00", "2024-05-01 15:44:00", 5000.0, "2024-05-01"),
        ("2024-05-01 15:44:00", "2024-05-01 15:50:00", 10.0, "2024-05-02"),
    ]


def test_a_new_day_counts_from_zero_even_where_its_total_is_higher(empty: duckdb.DuckDBPyConnection) -> None:
    given(empty, "raw.counters", readings(("1 20:00", 16), ("2 09:00", 157)))

    assert growth(empty) == [16.0, 157.0]


def test_a_fall_below_half_is_a_restart(empty: duckdb.DuckDBPyConnection) -> None:
    totals = [("1 08:00", 1000), ("1 09:00", 200), ("1 10:00", 700), ("1 11:00", 690), ("1 12:00", 800)]
    given(empty, "raw.counters", readings(*totals))

    assert growth(empty) == [1000.0, 200.0, 500.0, 0.0, 100.0]  # 1000 + 800, the maxima of the two runs


def test_two_restarts_on_one_day(empty: duckdb.DuckDBPyConnection) -> None:
    totals = [("1 08:00", 500), ("1 09:00", 10), ("1 10:00", 300), ("1 11:00", 40), ("1 12:00", 45)]
    given(empty, "raw.counters", readings(*totals))

    assert growth(empty) == [500.0, 10.0, 290.0, 40.0, 5.0]


def test_a_step_back_is_not_counted_twice(empty: duckdb.DuckDBPyConnection) -> None:
    given(
        empty, "raw.counters", readings(("1 08:00", 11548), ("1 09:00", 9569), ("1 10:00", 11000), ("1 11:00", 12000))
    )

    assert growth(empty) == [11548.0, 0.0, 0.0, 452.0]


def test_of_two_readings_at_one_instant_the_larger_counts(empty: duckdb.DuckDBPyConnection) -> None:
    given(
        empty,
        "raw.counters",
        [
            *readings(("1 18:56", 3285), delivery=1),
            *readings(("1 18:56", 3273), ("1 19:10", 3300), delivery=2),
        ],
    )

    assert growth(empty) == [3285.0, 15.0]


@pytest.mark.parametrize("copies", [1, 3])
def test_repeated_deliveries_change_nothing(empty: duckdb.DuckDBPyConnection, copies: int) -> None:
    for delivery in range(copies):
        given(empty, "raw.counters", readings(("1 08:00", 100), ("1 09:00", 150), delivery=delivery))

    assert growth(empty) == [100.0, 50.0]


def test_kinds_of_activity_devices_and_metrics_run_apart(empty: duckdb.DuckDBPyConnection) -> None:
    given(
        empty,
        "raw.counters",
        [
            *readings(("1 08:00", 100), ("1 09:00", 150)),
            *readings(("1 08:30", 10), activity="running"),
            *readings(("1 08:30", 90), source="old watch"),
            *readings(("1 08:30", 60), metric="active_s"),
        ],
    )

    assert rows(empty, "stg.counter_intervals", "source, metric, activity, sum(value)", "true group by all") == [
        ("old watch", "steps", "walking", 90.0),
        ("watch", "active_s", "walking", 60.0),
        ("watch", "steps", "running", 10.0),
        ("watch", "steps", "walking", 150.0),
    ]


def test_without_its_own_clock_the_persons_clock_counts(empty: duckdb.DuckDBPyConnection) -> None:
    home(empty, "Asia/Tokyo")
    given(empty, "raw.counters", readings(("1 14:59", 100), ("1 15:30", 20), offset_s=None))

    assert rows(empty, "stg.counter_intervals", COLUMNS) == [
        ("2024-04-30 15:00:00", "2024-05-01 14:59:00", 100.0, "2024-05-01"),
        ("2024-05-01 15:00:00", "2024-05-01 15:30:00", 20.0, "2024-05-02"),
    ]


def test_a_day_of_23_hours_ends_at_the_devices_new_midnight(empty: duckdb.DuckDBPyConnection) -> None:
    given(empty, "raw.counters", [
        *readings(("1 00:30", 40), offset_s=3600),
        *readings(("1 22:00", 9000), ("1 22:10", 7), offset_s=7200),
    ])  # fmt: skip

    assert rows(empty, "stg.counter_intervals", "cast(device_date as varchar), sum(value)", "true group by all") == [
        ("2024-05-01", 9000.0),
        ("2024-05-02", 7.0),
    ]
