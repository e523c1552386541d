"""`recovery status` tells the last run, whatever it came to."""

import errno
from datetime import UTC, datetime
from pathlib import Path

import pytest
from click.testing import CliRunner

from recovery.cli import cli
from recovery.home import lock
from recovery.home.folder import Home
from recovery.home.settings import Settings, load_settings
from recovery.job import last_run

BEGUN = last_run.LastRun("recovery nightly", datetime(2026, 11, 26, 3, 30, tzinfo=UTC), "running")


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    (tmp_path / "inbox").mkdir()
    (tmp_path / "recovery.toml").write_text('home_time_zone = "Europe/Berlin"\n')
    return load_settings(tmp_path)


def status(home: Home) -> str:
    return CliRunner().invoke(cli, ["status", "--home", str(home.folder)]).output


def test_a_run_with_nothing_new_is_told_with_its_exit_status(settings: Settings) -> None:
    last_run.ended(settings.home, BEGUN, "nothing new", 0, waiting=("massages.csv",))

    said = status(settings.home)

    assert "Last run: 2026-11-26 03:30 UTC, nothing new, " in said
    assert " s, exit status 0\n" in said
    assert "Still being written\n  massages.csv\n" in said


def test_a_run_that_failed_says_why(settings: Settings) -> None:
    last_run.ended(settings.home, BEGUN, "failed checks", 3, "A day has 25 hours.")

    assert "failed checks" in status(settings.home)
    assert "exit status 3\n  A day has 25 hours.\n" in status(settings.home)


def test_a_run_that_was_killed_is_told_from_one_that_is_at_work(settings: Settings) -> None:
    last_run._write(settings.home, BEGUN)

    assert "Last run: 2026-11-26 03:30 UTC, cut off before its end" in status(settings.home)
    with lock.held(settings):
        assert "recovery nightly has been at work since 2026-11-26 03:30 UTC." in status(settings.home)


@pytest.mark.parametrize("content", ["", "[]", '{"name": 1}', "{", '{"started_utc": 5, "ended_utc": 0}'])
def test_a_record_that_cannot_be_read_is_none(settings: Settings, content: str) -> None:
    last_run.begun(settings.home, "recovery run")
    settings.home.last_run.write_text(content)

    assert last_run.last_run(settings.home) is None
    assert "Last run" not in status(settings.home)


def test_how_a_run_ended_is_written_also_on_a_full_disk(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    run = last_run.begun(settings.home, "recovery run")

    with monkeypatch.context() as full:
        full.setattr("recovery.home.disk.open_private", _no_room)
        last_run.ended(settings.home, run, "failed", 1, "The disk is full. " * 200, ("massages.csv",))

    ended = last_run.last_run(settings.home)
    assert ended is not None
    assert (ended.status, ended.exit_status) == ("failed", 1)
    assert ended.message.startswith("The disk is full.")


def _no_room(*_: object, **__: object) -> None:
    raise OSError(errno.ENOSPC, "No space left on device")
