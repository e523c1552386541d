"""What many tests share: the real exports where they are, an empty warehouse."""

import gc
import os
import pickle
import re
import sys
from collections.abc import Generator, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

# Compiled modules are kept where PYTHONDONTWRITEBYTECODE is set too (git ignores them): to rewrite the asserts of all
# tests costs each worker 6 s of CPU, and every process that a test starts would compile the program again.
os.environ.pop("PYTHONDONTWRITEBYTECODE", None)

from places import REAL, TESTS

# Small matrices on many threads cost seven times the CPU; NumPy reads this once, when it is first imported.
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")

import duckdb
import pytest
from filelock import FileLock
from hypothesis import settings

from recovery import warehouse

if TYPE_CHECKING:
    from nights import FirstRun
    from prefect_records import NewRecords

sys.dont_write_bytecode = False
gc.set_threshold(300_000)  # most of what is imported stays: to look for garbage in it takes a fifth of the collecting

# An example may take longer than 200 ms where others use the machine too. In CI Hypothesis has no deadline of itself.
settings.register_profile("patient", parent=settings.default, deadline=None)
settings.load_profile("patient")

ROOMS_OF_FORMATS = ("readers", "formats")
SLOW_FIXTURES = {"real", "prefect_server"}
WHOLE_MODULE_IS_SLOW = re.compile(r"^pytestmark = .*(mark\.slow|prefect_server)", re.MULTILINE)
# With `-n`, tests that share something dear stay on one worker: a Prefect server; Great Expectations and its tables.
ON_ONE_WORKER = {
    "tests/pipelines/test_cohort_run.py": "a Prefect server",
    "tests/pipelines/test_door.py": "a Prefect server",
    "tests/pipelines/test_pipeline.py": "a Prefect server",
    "tests/pipelines/test_server_records.py": "a Prefect server",
    "tests/checks/": "checks",
    "tests/job/": "checks",
    "tests/sql/daily/": "empty layers",
    "tests/sql/pub/": "empty layers",
}
FAST_TEST_CPU_S = 5  # what is marked took some tenths of a second where it was measured


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--update-goldens", action="store_true", help="write tests/samples/*/*.golden.jsonl anew")
    parser.addoption("--whole-files", action="store_true", help="compare more FIT files, and long ones to their end")


@pytest.hookimpl(tryfirst=True)
def pytest_cmdline_main(config: pytest.Config) -> None:
    """With `-n` a file stays on one worker, else each would make its homes and start its Prefect server again.

    Where there is a worker for each core, the whole suite gets one more: tests that wait, as for Prefect, leave a core
    idle for a tenth of the time.
    """
    if getattr(config.option, "numprocesses", None) and config.option.dist == "no":
        config.option.dist = "loadfile"
        config.option.loadscopereorder = False  # else the files of many short tests go first, the long runs last
        if config.option.numprocesses == os.cpu_count() and not config.option.markexpr:
            config.option.numprocesses += 1


def pytest_ignore_collect(collection_path: Path, config: pytest.Config) -> bool | None:
    """For the fast tests, modules that are slow as a whole are not even imported: Prefect alone takes seconds."""
    if config.option.markexpr != "not slow" or not collection_path.match("test_*.py"):
        return None
    return True if WHOLE_MODULE_IS_SLOW.search(collection_path.read_text(encoding="utf-8")) else None


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> Any:
    """With `-n`: file by file, but for what stays together on one worker."""
    from xdist.scheduler import LoadFileScheduling

    class Together(LoadFileScheduling):
        def _split_scope(self, nodeid: str) -> str:
            return together(nodeid) or str(super()._split_scope(nodeid))

    return Together(config, log) if config.option.dist == "loadfile" else None


def together(nodeid: str) -> str:
    """What a test shares with those of other files; empty where that is nothing."""
    return next((shared for start, shared in ON_ONE_WORKER.items() if nodeid.startswith(start)), "")


@pytest.hookimpl(tryfirst=True)
def pytest_collection(session: pytest.Session) -> None:
    """With `-n` each worker begins with another folder: in a fresh clone each then compiles a part of the tests.

    All would compile all of them, since they import the same files at the same time: 6 s of CPU each. Afterwards
    `pytest_collection_modifyitems` puts the tests into one order.
    """
    if "PYTEST_XDIST_WORKER" in os.environ and [Path(path).resolve() for path in session.config.args] == [TESTS]:
        left_out = session.config.getini("norecursedirs")
        folders = [path for path in sorted(TESTS.iterdir()) if path.is_dir() and path.name not in left_out]
        folders = [path for path in folders if any(path.rglob("test_*.py"))]
        number = int(os.environ["PYTEST_XDIST_WORKER"].removeprefix("gw"))
        first = number * len(folders) // int(os.environ["PYTEST_XDIST_WORKER_COUNT"]) % len(folders)
        session.config.args = [str(path) for path in folders[first:] + folders[:first]]


def pytest_collection_finish() -> None:
    """Modules and tests stay to the end: to look for garbage among them again and again costs a tenth of the CPU."""
    gc.collect()
    gc.freeze()


def pytest_collection_modifyitems(session: pytest.Session, items: list[pytest.Item]) -> None:
    """Slow are what is marked, and tests of the real exports, a Prefect server or the whole job for one vendor."""
    if "PYTEST_XDIST_WORKER" in os.environ:
        if len(session.config.args) > 1 and {Path(path).parent for path in session.config.args} == {TESTS}:
            items.sort(key=lambda item: item.path.relative_to(TESTS).parts[0])
        items.sort(key=lambda item: together(item.nodeid) != "a Prefect server")  # waits: beside it others compute
    for item in items:
        fixtures = getattr(item, "fixturenames", ())
        is_whole_job = item.path.parent.name in ROOMS_OF_FORMATS and "home" in fixtures
        if is_whole_job or not SLOW_FIXTURES.isdisjoint(fixtures):
            item.add_marker(pytest.mark.slow)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_call(item: pytest.Item) -> Generator[None]:
    """Among the fast tests (`-m "not slow"`) one that takes long fails, so that they stay fast."""
    before = sum(os.times()[:4])
    yield
    used = sum(os.times()[:4]) - before
    if item.config.option.markexpr == "not slow" and used > FAST_TEST_CPU_S:
        pytest.fail(f"this test took {used:.1f} s of CPU, its subprocesses included: mark it @pytest.mark.slow")


@pytest.fixture(scope="session", autouse=True)
def one_thread_of_duckdb() -> Iterator[None]:
    """DuckDB computes on one thread: over small tables a second one costs a fifth of the CPU and saves no time.

    Processes that tests start have as many threads as people's.
    """
    connect = duckdb.connect

    def connect_one(
        database: str | Path = ":memory:", read_only: bool = False, config: dict[str, Any] | None = None
    ) -> duckdb.DuckDBPyConnection:
        return connect(database, read_only=read_only, config={**(config or {}), "threads": "1"})

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(duckdb, "connect", connect_one)
        yield


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


def shared_by_workers(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder of the tests that all workers know."""
    folder = tmp_path_factory.getbasetemp()
    return folder.parent if "PYTEST_XDIST_WORKER" in os.environ else folder


@pytest.fixture(scope="session")
def new_records(tmp_path_factory: pytest.TempPathFactory) -> "NewRecords":
    """Records of Prefect that a home whose server is started may begin with."""
    from prefect_records import NewRecords

    return NewRecords(shared_by_workers(tmp_path_factory) / "prefect-records")


@pytest.fixture(scope="session")
def first_run(tmp_path_factory: pytest.TempPathFactory) -> "FirstRun":
    """A small home after its first run, which costs seconds: made once, also where workers share the tests."""
    import nights

    shared = shared_by_workers(tmp_path_factory)
    with FileLock(shared / "first-run.lock"):
        kept = shared / "first-run.pickle"
        if not kept.exists():
            kept.write_bytes(pickle.dumps(nights.first_run(shared / "first-run" / "home")))
        found: FirstRun = pickle.loads(kept.read_bytes())  # noqa: S301 - of our own making
        return found
