"""One run at a time in a home, and a sentence that says who is at work."""

import subprocess
import sys
import threading
from pathlib import Path

import pytest
from filelock import FileLock

from recovery import warehouse
from recovery.actions.preview import preview
from recovery.errors import LockedError
from recovery.home import lock
from recovery.home.folder import Home
from recovery.home.settings import Settings


def test_who_comes_second_is_told_who_is_at_work(tmp_path: Path) -> None:
    settings = Settings(Home(tmp_path), home_time_zone="Europe/Berlin")

    with (
        lock.held(settings, "recovery run"),
        pytest.raises(LockedError) as caught,
        lock.held(settings, "recovery forget"),
    ):
        pass

    assert caught.value.message.startswith("Another run (recovery run, process ")
    assert caught.value.message.endswith(f") is at work in {tmp_path}.")
    with lock.held(settings):
        pass  # it is free again


def test_who_only_looks_whether_somebody_is_at_work_keeps_no_run_from_beginning(tmp_path: Path) -> None:
    settings = Settings(Home(tmp_path))
    with lock.held(settings):
        pass
    looked = FileLock(settings.home.lock, thread_local=False)  # as `is_held` takes it
    looked.acquire(timeout=0)
    threading.Timer(0.05, looked.release).start()

    with lock.held(settings):
        pass


def test_a_note_that_cannot_be_read_still_gives_a_sentence(tmp_path: Path) -> None:
    settings = Settings(Home(tmp_path))

    assert str(lock.busy(settings)) == f"Another run is at work in {tmp_path}. Wait until it is done, then run again."


@pytest.mark.slow
def test_a_work_database_that_another_program_has_open_is_said(tmp_path: Path) -> None:
    settings = Settings(Home(tmp_path))
    settings.home.private.mkdir()
    warehouse.open_work(settings.home.work).close()
    program = "import duckdb, sys; c = duckdb.connect(sys.argv[1]); print('open', flush=True); sys.stdin.read()"
    with subprocess.Popen(
        [sys.executable, "-c", program, str(settings.home.work)], stdin=subprocess.PIPE, stdout=subprocess.PIPE
    ) as other:
        assert other.stdout is not None
        assert other.stdout.readline() == b"open\n"

        with pytest.raises(LockedError, match=r"Another program has .*work\.duckdb open\. Close it"):
            warehouse.open_work(settings.home.work)
        with pytest.raises(LockedError, match="Another run is at work in"):
            preview(settings)
        other.communicate()


def test_one_service_runs_for_a_home(tmp_path: Path) -> None:
    settings = Settings(Home(tmp_path))
    with (
        lock.one_service(settings),
        pytest.raises(LockedError, match="runs every night already"),
        lock.one_service(settings),
    ):
        pass

    with lock.one_service(settings):  # it is free again
        assert not lock.is_held(settings.home)  # and runs are not kept from
