"""The user's own command hears of every run, also of one that cannot begin, and only where it is the user's own."""

import json
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner

from recovery.cli import cli
from recovery.home.folder import Home
from recovery.home.settings import Settings, load_settings
from recovery.job import notification
from recovery.job.last_run import last_run

HEAR = "import os, sys; open(sys.argv[1], 'a').write(os.environ['RECOVERY_STATUS'] + ' ' + sys.stdin.read() + '\\n')"


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    """A home in which a run was made, with a command that was remembered then."""
    home = tmp_path / "home"
    (home / ".recovery").mkdir(parents=True, mode=0o700)
    program = tmp_path / "hear.py"
    program.write_text(HEAR)
    command = json.dumps([sys.executable, str(program), str(tmp_path / "heard")])
    (home / "recovery.toml").write_text(f'home_time_zone = "UTC"\n[notify]\ncommand = {command}\n')
    made = load_settings(home)
    notification.remember(made)
    return made


def heard(settings: Settings) -> list[str]:
    file = settings.home.folder.parent / "heard"
    return file.read_text().splitlines() if file.exists() else []


def run(settings: Settings) -> int:
    return CliRunner().invoke(cli, ["run", "--home", str(settings.home.folder)]).exit_code


def test_a_broken_recovery_toml_is_logged_and_told_by_the_command_that_was_valid_last(settings: Settings) -> None:
    settings.home.settings.write_text("home_time_zone = [")

    assert run(settings) == 1

    (line,) = heard(settings)
    assert line.startswith("failed {")
    assert "is not valid TOML" in json.loads(line.removeprefix("failed "))["message"]
    (log,) = settings.home.logs.iterdir()
    assert "recovery run cannot begin" in log.read_text()
    last = last_run(settings.home)
    assert last
    assert (last.status, last.exit_status) == ("failed", 1)
    assert settings.home.notify.stat().st_mode & 0o077 == 0


def test_a_recovery_toml_that_is_gone_is_told_too(settings: Settings) -> None:
    settings.home.settings.unlink()

    assert run(settings) == 1
    assert len(heard(settings)) == 1


@pytest.mark.parametrize("mode", [0o666, 0o620])
def test_where_others_can_write_recovery_toml_no_command_is_run(settings: Settings, mode: int) -> None:
    settings.home.settings.write_text("home_time_zone = [")
    settings.home.settings.chmod(mode)

    assert run(settings) == 1
    assert heard(settings) == []


def test_a_command_that_others_can_have_written_is_neither_remembered_nor_run(settings: Settings) -> None:
    settings.home.settings.chmod(0o666)
    notification.remember(settings)

    assert not settings.home.notify.exists()
    assert notification.send(settings, {"status": "failed"}) is False


@pytest.mark.parametrize("content", ["", "{}", "[1]", "[]", '"mail"', "\udcff"])
def test_a_memory_that_is_no_command_is_none(settings: Settings, content: str) -> None:
    settings.home.notify.write_bytes(content.encode(errors="surrogateescape"))

    assert notification.send_by_last_valid(settings.home, {"status": "failed"}) is False


def test_a_command_that_was_taken_out_is_forgotten(settings: Settings) -> None:
    settings.home.settings.write_text('home_time_zone = "UTC"\n')
    notification.remember(load_settings(settings.home.folder))

    assert not settings.home.notify.exists()


def test_a_name_of_odd_bytes_is_told(settings: Settings) -> None:
    assert notification.send(settings, {"status": "failed", "message": "caf\udce9\x1b[0m \x00"})

    assert json.loads(heard(settings)[0].removeprefix("failed "))["message"] == "caf\udce9\x1b[0m \x00"


def test_nothing_is_made_in_a_folder_that_never_was_a_home(tmp_path: Path) -> None:
    (tmp_path / "recovery.toml").write_text("home_time_zone = [")

    assert run(Settings(Home(tmp_path))) == 1
    assert [path.name for path in tmp_path.iterdir()] == ["recovery.toml"]
