"""Too little memory is one sentence with the limit and what raises it."""

import subprocess
import sys
from concurrent.futures.process import BrokenProcessPool
from pathlib import Path

import duckdb
import pyarrow as pa
import pytest

from recovery.errors import HomeError, SettingsError
from recovery.home.folder import Home
from recovery.home.memory import MemoryLimitError, memory_is_plain
from recovery.home.settings import parse


def test_the_databases_limit_is_named_with_the_setting_that_raises_it() -> None:
    with (
        duckdb.connect(config={"memory_limit": "10MB", "temp_directory": ""}) as connection,
        pytest.raises(MemoryLimitError, match=r"than the 10 MB it may use\. Raise memory_mb below \[limits\]"),
        memory_is_plain(10),
    ):
        connection.execute("create table t as select range, random() as x from range(10_000_000) order by x")


@pytest.mark.parametrize("error", [MemoryError(), pa.lib.ArrowMemoryError("malloc of size 5 failed")])
def test_what_the_system_refuses_is_named_with_what_may_be_used(error: Exception) -> None:
    with (
        pytest.raises(MemoryLimitError, match=r"gave no more memory: .* GB may be used.* 300 MB"),
        memory_is_plain(300),
    ):
        raise error


def test_a_process_that_the_system_ended_is_named() -> None:
    with pytest.raises(MemoryLimitError, match="as it does where memory is short"), memory_is_plain(300):
        raise BrokenProcessPool("A process in the process pool was terminated abruptly")


def test_it_is_found_below_the_error_that_followed_from_it() -> None:
    def fail() -> None:
        try:
            raise MemoryError
        finally:
            raise ValueError("cannot roll back")

    with pytest.raises(MemoryLimitError), memory_is_plain(300):
        fail()


@pytest.mark.parametrize("error", [HomeError("The disk is full."), ValueError("a bug of ours")])
def test_other_errors_are_what_they_are(error: Exception) -> None:
    with pytest.raises(type(error), match=str(error)), memory_is_plain(300):
        raise error


@pytest.mark.parametrize("limits", [{"memory_mb": 5}, {"memory_mb": "much"}, {"memory": 300}, {"memory_mb": 1e300}])
def test_a_limit_that_is_none_is_refused(limits: dict[str, object]) -> None:
    with pytest.raises(SettingsError, match=r"\[limits\]"):
        parse(Home(Path("/home")), {"limits": limits})


def test_the_limit_can_be_raised() -> None:
    assert parse(Home(Path("/home")), {"limits": {"memory_mb": 2000}}).memory_mb == 2000


def in_a_new_process(code: str) -> str:
    """What the code prints."""
    told = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    return told.stdout.strip()


def test_arrays_of_lists_are_made_without_pandas_and_whoever_asks_for_it_gets_it() -> None:
    told = in_a_new_process(
        "import sys, pyarrow as pa\n"
        "from recovery.home.memory import spare_pandas\n"
        "spare_pandas()\n"
        "column = pa.array(['a'])\n"
        "print('pandas' in sys.modules, len(pa.table({'name': column}).to_pandas()), 'pandas' in sys.modules)"
    )
    assert told == "False 1 True"


HUGE_PAGES = Path("/sys/kernel/mm/transparent_hugepage/enabled")


@pytest.mark.skipif(
    not HUGE_PAGES.exists() or "[madvise]" not in HUGE_PAGES.read_text(), reason="the system asks no program"
)
def test_a_large_array_of_which_little_is_written_takes_little() -> None:
    told = in_a_new_process(
        "from recovery.home.memory import take_small_pages\n"
        "take_small_pages()\n"
        "import numpy as np\n"
        "array = np.empty(64 << 20, np.uint8)\n"
        "array[:: 2 << 20] = 1\n"
        "lines = open('/proc/self/smaps_rollup').read().splitlines()\n"
        "print(next(line.split()[1] for line in lines if line.startswith('AnonHugePages')))"
    )
    assert told == "0"
