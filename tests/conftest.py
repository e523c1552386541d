"""What many tests share: the real exports where they are, an empty warehouse."""

from collections.abc import Iterator
from pathlib import Path

import duckdb
import pytest

from recovery import warehouse

REAL = Path(__file__).parents[2] / "shared" / "data" / "real"


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--update-goldens", action="store_true", help="write tests/samples/*/*.golden.jsonl anew")


@pytest.fixture(scope="session")
def real() -> Path:
    """The folder of real exports, which never come into the project; the test skips where it is absent."""
    if not REAL.is_dir():
        pytest.skip("the real exports (../shared/data/real) are not here")
    return REAL


@pytest.fixture
def empty() -> Iterator[duckdb.DuckDBPyConnection]:
    """An in-memory warehouse with empty raw tables."""
    connection = warehouse.connect()
    warehouse.create_raw(connection)
    yield connection
    connection.close()
