"""Which exports are missed: those that came regularly and no more."""

from collections.abc import Iterator, Sequence
from datetime import date, datetime, timedelta

import duckdb
import pytest

from recovery.published.silent import silent_exports

TODAY = date(2026, 6, 30)


@pytest.fixture(scope="module")
def connection() -> Iterator[duckdb.DuckDBPyConnection]:
    found = duckdb.connect()
    found.execute(
        "create table files (path varchar, subject varchar, format varchar, status varchar, exported_utc timestamp,"
        " last_utc timestamp)"
    )
    yield found
    found.close()


@pytest.fixture
def files(connection: duckdb.DuckDBPyConnection) -> Iterator[duckdb.DuckDBPyConnection]:
    connection.execute("begin transaction")
    yield connection
    connection.execute("rollback")


def arrived(files: duckdb.DuckDBPyConnection, name: str, days_ago: Sequence[int], status: str = "loaded") -> None:
    for days in days_ago:
        when = datetime.combine(TODAY - timedelta(days=days), datetime.min.time())
        files.execute("insert into files values (?, 'me', ?, ?, ?, null)", [f"{name}{days}", name, status, when])


def sentences(files: duckdb.DuckDBPyConnection) -> list[str]:
    return [question.sentence for question in silent_exports(files, TODAY)]


def test_what_came_every_day_and_no_more_is_named_with_its_section(files: duckdb.DuckDBPyConnection) -> None:
    arrived(files, "health_sync", range(9, 40))
    arrived(files, "oura_export", range(40))

    (sentence,) = sentences(files)
    assert sentence.startswith("Health Connect and Health Sync (health_sync) arrived every day until 21 June 2026, and")
    assert "nothing since: docs/exports.md tells under Health Connect and Health Sync" in sentence


@pytest.mark.parametrize(
    ("days_ago", "is_silent"),
    [
        (range(4, 40), False),  # a weekend
        (range(5, 40), True),
        (range(20, 160, 7), True),
        (range(15, 160, 7), False),
        (range(100, 400, 30), True),
        (range(50, 400, 30), False),
        ([9, 10, 11], False),  # no rhythm yet
        ([9, 100, 200, 300, 400, 500], False),  # by hand, now and then
        (range(130, 200), False),  # a device of former times
    ],
)
def test_longer_than_its_rhythm_while_others_deliver(
    files: duckdb.DuckDBPyConnection, days_ago: Sequence[int], is_silent: bool
) -> None:
    arrived(files, "fit_files", days_ago)
    arrived(files, "oura_export", [0])

    assert bool(sentences(files)) == is_silent


def test_where_nothing_arrives_the_person_may_be_away_for_a_week(files: duckdb.DuckDBPyConnection) -> None:
    arrived(files, "fit_files", range(6, 40))
    assert sentences(files) == []

    files.execute("update files set exported_utc = exported_utc - to_days(3)")
    assert len(sentences(files)) == 1


def test_lists_and_what_was_not_read_are_no_deliveries(files: duckdb.DuckDBPyConnection) -> None:
    arrived(files, "massage_log", range(30, 60))
    arrived(files, "fit_files", range(30, 60), status="rejected")
    arrived(files, "oura_export", [0])

    assert sentences(files) == []
