"""Too little memory is one sentence with the limit and what raises it."""

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
