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
        " ('me', date '2026-05-01', 'doses', 'watch', 8.0), ('me', date '2026-05-02', 'doses', 'watch', 9.0),"
        " ('me', date '2026-05-02', 'steps', 'watch', 900.0)) as days(subject, local_date, metric, source, value)"
    )
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


def test_without_day_values_there_is_only_what_was_measured(reported: duckdb.DuckDBPyConnection) -> None:
    select = metric_select("doses", "doses", MEASURED, has_day_values=False)

    assert reported.execute(f"select value from ({select})").fetchall() == [(3.0,)]
