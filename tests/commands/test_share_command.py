"""`recovery share` and `recovery report` from the command line."""

import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from clinic_home import MEASURED, NOTE, clinic_home

from recovery.cli import cli
from recovery.formats.client_counts import counts_in
from recovery.home import clock
from recovery.home.folder import Home


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return clinic_home(tmp_path_factory.mktemp("share") / "home", ("Client A", "Client L"), ()).home.folder


def ask(home: Path, *words: str) -> Result:
    return CliRunner().invoke(cli, [*words, "--home", str(home)])


def test_the_file_holds_counts_and_dates_and_says_so(home: Path, tmp_path: Path) -> None:
    file = tmp_path / "a.json"

    result = ask(home, "share", str(file), "--as", "Number 7", "--person", "Client A")

    assert result.exit_code == 0, result.output
    text = file.read_text()
    assert text.strip() in result.output
    found = counts_in(text.encode(), "a.json", clock.today("Europe/Berlin"))
    assert (found.client, found.massages, found.state, found.diary_days) == ("Number 7", 22, "answer", 14)
    for value in (*(f"{number:g}" for number in MEASURED), NOTE, "Client A", "steps"):
        assert value not in text
    assert file.stat().st_mode & 0o777 == 0o600


def test_who_withdraws_is_known_by_the_same_id(home: Path, tmp_path: Path) -> None:
    file = tmp_path / "a.json"
    ids = set()
    for more in ([], ["--withdraw"], []):
        assert ask(home, "share", str(file), "--as", "Number 7", "--person", "Client A", *more).exit_code == 0
        ids.add(json.loads(file.read_text())["id"])
    ask(home, "share", str(file), "--as", "Number 8", "--person", "Client L")

    assert len(ids) == 1
    assert json.loads(file.read_text())["id"] not in ids


@pytest.mark.parametrize("name", ["", "x" * 41, "a\nb", "\x1b[2J", "a\u202eb", " a"])
def test_a_name_that_cannot_be_shown_is_refused(home: Path, tmp_path: Path, name: str) -> None:
    assert ask(home, "share", str(tmp_path / "a.json"), "--as", name).exit_code == 1
    assert not (tmp_path / "a.json").exists()


def test_no_other_file_is_replaced(home: Path, tmp_path: Path) -> None:
    (tmp_path / "letter.txt").write_text("dear")
    (tmp_path / "link.json").symlink_to(tmp_path / "nowhere")
    places = [
        tmp_path / "letter.txt",
        tmp_path / "link.json",
        tmp_path / "none" / "a.json",
        tmp_path,
        Home(home).inbox / "a.json",
    ]

    for place in [*places, Home(home).inbox / "a.json"]:
        assert ask(home, "share", str(place), "--as", "Number 7").exit_code == 1

    assert (tmp_path / "letter.txt").read_text() == "dear"


def test_nobody_of_another_name_is_shared(home: Path, tmp_path: Path) -> None:
    assert ask(home, "share", str(tmp_path / "a.json"), "--as", "Number 7", "--person", "nobody").exit_code == 2


@pytest.mark.slow
def test_the_pages_are_written_anew(home: Path) -> None:
    result = ask(home, "report")

    assert result.output.strip() == str(Home(home).report)
    assert "Nobody shares with you yet" in Home(home).report.read_text()
