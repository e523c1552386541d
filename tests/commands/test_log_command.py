"""`recovery log` on the terminal: what it says, and how a line is named."""

from datetime import date, timedelta
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from recovery.cli import cli
from recovery.home import clock

HOME = 'home_time_zone = "Europe/Berlin"\n'


@pytest.fixture
def home(tmp_path: Path) -> Path:
    (tmp_path / "recovery.toml").write_text(HOME)
    (tmp_path / "inbox").mkdir()
    return tmp_path


def log(home: Path, *words: str, answer: str = "") -> Result:
    return CliRunner().invoke(cli, ["log", *words, "--home", str(home)], input=answer)


def days_ago(days: int) -> date:
    return clock.today("Europe/Berlin") - timedelta(days=days)


def test_what_was_written_is_said_also_that_it_is_today(home: Path) -> None:
    today, before = days_ago(0), days_ago(1)

    said = log(home, "massage", "--start", "17:30-18:30").stdout
    assert f"Added: a massage today, {today:%A} {today}, as no --date was given. start 17:30, minutes 60" in said
    said = log(home, "massage", "--date", "yesterday", "--start", "5pm").stdout
    assert f"Added: a massage on {before:%A} {before}. start 17:00" in said
    said = log(home, "day", "--pain", "3").stdout
    assert f"Added: today, {today:%A} {today}, as no --date was given. pain 3" in said
    assert f"Added: {before:%A} {before}. pain 4" in log(home, "day", "--date", "gestern", "--pain", "4").stdout


def test_a_second_massage_is_warned_of_and_an_open_date_asked_about(home: Path) -> None:
    log(home, "massage", "--date", "2026-05-04", "--start", "17:30", "--minutes", "1h")

    second = log(home, "massage", "--date", "4.5.2026", "--start", "17:30")
    asked = log(home, "massage", "--date", "12/5")
    ahead = log(home, "massage", "--date", f"{days_ago(-2)}")

    assert "row 2 has a massage on 2026-05-04 at 17:30 too" in second.stderr
    assert asked.exit_code == 1
    assert "Is 12/5 the" in asked.stderr
    assert "that day lies ahead" in ahead.stderr


def test_lines_are_listed_changed_and_removed(home: Path) -> None:
    path = home / "inbox" / "massages.csv"
    path.write_text("date,start,minutes\n2026-05-04,17:30,60\n2026-05-11,soon,\n2026-05-18,,45\n")

    listed = log(home, "list").stdout
    assert "   1  2026-05-04  start 17:30, minutes 60\n" in listed
    assert "   2  2026-05-11  start soon (not read: start 'soon' is not a time of day; write it as 18:30)\n" in listed
    assert log(home, "list", "--last", "1").stdout == "   3  2026-05-18  minutes 45\n"
    assert "has no lines yet" in log(home, "list", "day").stdout

    changed = log(home, "edit", "2026-05-04", "17:30", "--minutes", "half an hour", "--clear", "start").stdout
    assert "Before: 1  2026-05-04  start 17:30, minutes 60\nNow:    1  2026-05-04  minutes 30\n" in changed
    log(home, "remove", "2", answer="n\n")
    assert "soon" in path.read_text()
    assert "Removed from" in log(home, "remove", "2", answer="y\n").stdout
    assert path.read_text() == "date,start,minutes\n2026-05-04,,30\n2026-05-18,,45\n"
    log(home, "day", "--date", "2026-05-04", "--pain", "3")
    assert "Now:    1  2026-05-04  pain 4" in log(home, "edit", "day", "2026-05-04", "--pain", "4").stdout


@pytest.mark.parametrize("words", [("edit", "1"), ("edit", "day", "--pain", "3"), ("remove",), ("list", "what")])
def test_slips_in_calling_log_are_wrong_usage(home: Path, words: tuple[str, ...]) -> None:
    (home / "inbox" / "massages.csv").write_text("date,minutes\n2026-05-04,60\n")

    assert log(home, *words).exit_code == 2
