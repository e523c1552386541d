"""What lies in the inbox besides plain files: links, pipes, leftovers, and files that change while they are read."""

import os
from contextlib import closing
from pathlib import Path

import pytest

from recovery.errors import HomeError
from recovery.home.folder import Home
from recovery.inbox import walk
from recovery.inbox.archives import Shelf


@pytest.fixture
def home(tmp_path: Path) -> Home:
    home = Home(tmp_path / "home")
    home.inbox.mkdir(parents=True)
    return home


def walked(home: Home) -> dict[str, tuple[str, str]]:
    """Status and message of each path."""
    return {found.path: (found.status, found.message) for found in walk.walk(home)}


def test_a_link_out_of_the_inbox_is_rejected_and_one_inside_it_is_not_needed(home: Home, tmp_path: Path) -> None:
    (tmp_path / "outside.csv").write_text("date,pain\n")
    (home.inbox / "diary.csv").write_text("date,pain\n")
    (home.inbox / "out.csv").symlink_to(tmp_path / "outside.csv")
    (home.inbox / "in.csv").symlink_to(home.inbox / "diary.csv")
    (home.inbox / "broken.csv").symlink_to(home.inbox / "nothing.csv")

    found = walked(home)

    assert found["diary.csv"] == ("", "")
    assert found["in.csv"][0] == "ignored"
    assert "which is read where it lies" in found["in.csv"][1]
    assert found["out.csv"][0] == found["broken.csv"][0] == "rejected"
    assert "put the file itself here" in found["out.csv"][1]


def test_a_pipe_is_never_opened(home: Home) -> None:
    os.mkfifo(home.inbox / "pipe")

    assert walked(home) == {"pipe": ("rejected", "is no file but a device or pipe: remove it from the inbox")}


@pytest.mark.parametrize(
    ("name", "message"),
    [
        ("~$log.xlsx", "leftover of a program"),
        ("takeout.zip.crdownload", "unfinished download"),
        (".hidden", "hidden file"),
    ],
)
def test_what_nobody_dropped_is_ignored_with_a_reason(home: Home, name: str, message: str) -> None:
    (home.inbox / name).write_text("x")

    ((status, reason),) = walked(home).values()

    assert status == "ignored"
    assert message in reason


def test_an_inbox_that_is_not_there_is_an_error_with_a_remedy(tmp_path: Path) -> None:
    with pytest.raises(HomeError):
        list(walk.walk(Home(tmp_path / "none")))


def opened(home: Home, change: str) -> tuple[str, str]:
    """Status and message of the only file, which changes between the walk and the reading."""
    file = home.inbox / "diary.csv"
    file.write_text("date,pain\n2026-05-01,3\n")
    (found,) = walk.walk(home)
    if change == "grows":
        file.write_text("date,pain\n2026-05-01,3\n2026-05-02,4\n")
    elif change == "goes":
        file.unlink()
    elif change == "becomes a folder":
        file.unlink()
        file.mkdir()
    with closing(Shelf(home.folder)) as shelf:
        (content,) = walk.contents(found, shelf)
    return content.status, content.message


def test_a_file_that_stays_is_read(home: Home) -> None:
    assert opened(home, "stays") == ("", "")


def test_a_file_that_changes_while_it_is_read_waits_for_the_next_run(home: Home) -> None:
    assert opened(home, "grows") == ("waiting", "changed while it was being read: the next run reads it")


def test_a_file_that_goes_away_waits(home: Home) -> None:
    assert opened(home, "goes")[0] == "waiting"


def test_what_cannot_be_read_says_what_to_do(home: Home) -> None:
    status, message = opened(home, "becomes a folder")

    assert status == "rejected"
    assert message.endswith("copy it here again.")


def test_missing_rights_are_told_apart_from_other_failures() -> None:
    assert "give yourself the right to read it" in walk.unreadable(PermissionError(13, "Permission denied"), "file")
    assert "copy it here again" in walk.unreadable(OSError(5, "Input/output error"), "folder")


def test_a_file_that_went_away_has_a_stamp_that_no_file_has(home: Home) -> None:
    assert walk.stamp(home.inbox / "gone") == (-1, -1)
