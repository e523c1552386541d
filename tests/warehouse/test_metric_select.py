"""What the last step adds to the file of a metric."""

import duckdb
import pytest

from recovery.warehouse.metric_select import CONTRACT_OF_DAILY, metric_select

MEASURED = """-- Doses
select 'me' as subject, date '2026-05-01' as local_date, 3 as value, 'diary' as source, 'day' as resolution,
    null as coverage_share"""


@pytest.fixture
def reported(empty: duckdb.DuckDBPyConnection) -> duckdb.DuckDBPyConnection:
    """What the watch reports for two whole days, of the first of which there is a measured value."""
    empty.execute(
        "create table stg.reported_days as select * from (values"
        " ('me', date '2026-05-01', 'doses', 'watch', 1000000, 8.0),"
        " ('me', date '2026-05-02', 'doses', 'watch', 1000000, 9.0),"
        " ('me', date '2026-05-02', 'steps', 'watch', 1000000, 900.0))"
        " as days(subject, local_date, metric, source, source_rank, value)"
    )
    empty.execute("create table stg.sources as select 'diary' as source, 1000000 as rank")
    return empty


@pytest.mark.parametrize("has_day_values", [True, False])
def test_all_metrics_have_the_same_columns_and_types(reported: duckdb.DuckDBPyConnection, has_day_values: bool) -> None:
    select = metric_select("doses", "doses", MEASURED, has_day_values=has_day_values)

    found = {column: kind for column, kind, *_ in reported.execute(f"describe {select}").fetchall()}

    assert tuple(found) == CONTRACT_OF_DAILY
    assert found["value"] == found["coverage_share"] == "DOUBLE"


def test_day_values_stand_in_on_dates_without_a_measured_one(reported: duckdb.DuckDBPyConnection) -> None:
    select = metric_select("doses", "dose's", MEASURED, has_day_values=True)

    rows = reported.execute(f"select local_date::varchar, metric, value, unit, source from ({select}) order by 1")

    assert rows.fetchall() == [
        ("2026-05-01", "doses", 3.0, "dose's", "diary"),
        ("2026-05-02", "doses", 9.0, "dose's", "watch"),
    ]


@pytest.mark.parametrize(
    ("own_rank", "day_rank", "day_value", "expected"),
    [
        (1000001, 1000000, 8.0, 8.0),  # the minutes are of a phone, the day's total of a wrist
        (1000001, 1000000, 1.4, 3.0),  # which lay at home: it told less than half
        (1000001, 2, 1.4, 1.4),  # but recovery.toml ranks it
        (1, 2, 8.0, 3.0),
        (1000000, 1000000, 8.0, 3.0),
    ],
)
def test_a_total_of_the_day_counts_where_its_source_has_the_better_rank(
    reported: duckdb.DuckDBPyConnection, own_rank: int, day_rank: int, day_value: float, expected: float
) -> None:
    reported.execute("update stg.sources set rank = ?", [own_rank])
    reported.execute("update stg.reported_days set source_rank = ?, value = ?", [day_rank, day_value])

    select = metric_select("doses", "doses", MEASURED, has_day_values=True, is_told_by_rank=True)

    first = reported.execute(f"select value from ({select}) where local_date = date '2026-05-01'")
    assert first.fetchall() == [(expected,)]


def test_without_day_values_there_is_only_what_was_measured(reported: duckdb.DuckDBPyConnection) -> None:
    select = metric_select("doses", "doses", MEASURED, has_day_values=False)

    assert reported.execute(f"select value from ({select})").fetchall() == [(3.0,)]
