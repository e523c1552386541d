"""The data dictionary: every published column says what it is, and promises only what is checked."""

from collections.abc import Iterator

import duckdb
import pytest

from recovery import warehouse
from recovery.published import classified, dictionary

METRICS = frozenset(row["metric"] for row in warehouse.metric_definitions())
PUBLISHED = [relation.name for relation in warehouse.relations() if relation.layer == "pub"]


@pytest.fixture(scope="module")
def built() -> Iterator[duckdb.DuckDBPyConnection]:
    connection = warehouse.connect()
    warehouse.create_raw(connection)
    warehouse.build_all(connection)
    yield connection
    connection.close()


def columns(connection: duckdb.DuckDBPyConnection, relation: str) -> list[tuple[str, str]]:
    return [(name, kind) for name, kind, *_ in connection.execute(f"describe pub.{relation}").fetchall()]


def test_every_published_column_says_what_it_is(built: duckdb.DuckDBPyConnection) -> None:
    silent = [
        f"{relation}.{column.name}"
        for relation in PUBLISHED
        for column in dictionary.columns_of(relation, columns(built, relation))
        if not column.meaning
    ]

    assert silent == []


def test_every_published_column_is_classified_for_the_export(built: duckdb.DuckDBPyConnection) -> None:
    assert set(PUBLISHED) == {*classified.GIVEN, *classified.KEPT_AT_HOME}
    for relation, given in classified.GIVEN.items():
        there = [name for name, _ in columns(built, relation)]
        listed = [*" ".join(given.values()).split(), *classified.DROPPED.get(relation, "").split()]
        assert set(classified.fates(relation, there, METRICS)) == set(there)
        assert set(listed) <= set(there), relation  # no list names a column that is gone
        assert len(set(listed)) == len(listed), relation  # nor one twice


def test_a_column_that_nobody_classified_stops_the_export() -> None:
    with pytest.raises(LookupError, match=r"nobody classified home_address of diary"):
        classified.fates("diary", ["subject", "home_address"], METRICS)
    with pytest.raises(LookupError, match="files is in no list"):
        classified.fates("files", ["path"], METRICS)


def test_what_a_column_may_hold_is_what_its_checks_say(built: duckdb.DuckDBPyConnection) -> None:
    nights = {column.name: column for column in dictionary.columns_of("nights", columns(built, "nights"))}
    trials = {column.name: column for column in dictionary.columns_of("trials", columns(built, "trials"))}

    assert (nights["efficiency_share"].low, nights["efficiency_share"].high) == (0, 1)
    assert trials["weekday"].words == ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
    assert trials["schedule_sha256"].is_required


def test_a_metric_of_daily_has_its_own_title_and_unit(built: duckdb.DuckDBPyConnection) -> None:
    daily = {column.name: column for column in dictionary.columns_of("daily", columns(built, "daily"))}

    assert (daily["steps"].unit, daily["is_bed_day"].unit) == ("steps", "yes/no")
    assert all(daily[metric].meaning for metric in METRICS)
