"""What many tests share: the real exports where they are, an empty warehouse."""

import os
from collections.abc import Iterator
from pathlib import Path

from places import REAL

# Small matrices on many threads cost seven times the CPU; NumPy reads this once, when it is first imported.
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")

import duckdb
import pytest

from recovery import warehouse
from recovery.home.folder import Home


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--update-goldens", action="store_true", help="write tests/samples/*/*.golden.jsonl anew")
    parser.addoption("--whole-files", action="store_true", help="compare long FIT files with fitparse to their end")


@pytest.hookimpl(tryfirst=True)
def pytest_cmdline_main(config: pytest.Config) -> None:
    """With `-n` a file stays on one worker, else each would make its homes and start its Prefect server again."""
    if getattr(config.option, "numprocesses", None) and config.option.dist == "no":
        config.option.dist = "loadfile"
        config.option.loadscopereorder = False  # else the files of many short tests go first, the long runs last


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


@pytest.fixture(scope="session")
def prefect_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of a real Prefect server, named in PREFECT_API_URL: a run with one of its own costs 10 s more."""
    from recovery.pipelines import environment, server

    home = Home(tmp_path_factory.mktemp("prefect"))
    environment.use(home)
    with server.running(home, is_passing=False) as url:
        yield url
