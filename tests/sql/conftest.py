"""For tests of single SQL files: `empty` is one warehouse for all of them, and what a test does is rolled back."""

from collections.abc import Iterator

import duckdb
import pytest

from recovery import warehouse


@pytest.fixture(scope="session")
def raw_alone() -> Iterator[duckdb.DuckDBPyConnection]:
    connection = warehouse.connect()
    warehouse.create_raw(connection)
    yield connection
    connection.close()


@pytest.fixture
def empty(raw_alone: duckdb.DuckDBPyConnection) -> Iterator[duckdb.DuckDBPyConnection]:
    """An in-memory warehouse with empty raw tables; to make one for each test costs 60 ms."""
    raw_alone.execute("begin transaction")
    yield raw_alone
    raw_alone.execute("rollback")
