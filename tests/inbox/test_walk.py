"""What lies in an inbox, and what happens to it between the walk and the reading."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from recovery.home.folder import Home
from recovery.inbox.archives import ArchivePool
from recovery.inbox.walk import Found, contents, stamp, unreadable, walk


@pytest.fixture
def home(tmp_path: Path) -> Home:
    found = Home(tmp_path)
    found.inbox.mkdir()
    return found


@pytest.fixture
def pool(tmp_path: Path) -> Iterator[ArchivePool]:
    made = ArchivePool(tmp_path)
    yield made
    made.close()


def only(home: Home) -> Found:
    (found,) = walk(home)
    return found


def test_every_file_is_found_at_any_depth_and_private_ones_are_not_opened(home: Home) -> None:
    (home.inbox / "b" / "c").mkdir(parents=True)
    (home.inbox / "b" / "c" / "one.txt").write_text("one")
    (home.inbox / "letter.txt").write_text("dear")

    found = walk(home, lambda path: path.startswith("letter"))

    assert [(file.path, file.size, file.status) for file in found] == [
        ("b/c/one.txt", 3, ""), ("letter.txt", 4, "ignored"),
    ]  # fmt: skip


def test_a_file_that_goes_away_before_it_is_read_waits_for_the_next_run(home: Home, pool: ArchivePool) -> None:
    (home.inbox / "one.txt").write_text("one")
    found = only(home)
    found.real.unlink()

    (content,) = contents(found, pool)

    assert (content.status, content.message) == ("waiting", "went away while it was being read")
    assert stamp(found.real) == (-1, -1)


def test_a_file_that_changes_before_it_is_read_waits_for_the_next_run(home: Home, pool: ArchivePool) -> None:
    (home.inbox / "one.txt").write_text("one")
    found = only(home)
    (home.inbox / "one.txt").write_text("another")

    (content,) = contents(found, pool)

    assert (content.status, content.sha256) == ("waiting", None)
    assert content.message == "changed while it was being read: the next run reads it"


def test_a_file_that_became_a_folder_is_rejected_with_the_reason_of_the_system(home: Home, pool: ArchivePool) -> None:
    (home.inbox / "one.txt").write_text("one")
    found = only(home)
    found.real.unlink()
    found.real.mkdir()

    (content,) = contents(found, pool)

    assert content.status == "rejected"
    assert content.message == "This file cannot be read (Is a directory): copy it here again."


def test_what_may_not_be_read_is_said_with_what_to_do() -> None:
    denied = PermissionError(13, "Permission denied")

    assert unreadable(denied, "folder") == (
        "This folder cannot be opened (Permission denied): give yourself the right to read it and run again."
    )
    assert unreadable(OSError("odd"), "file") == "This file cannot be read (odd): copy it here again."
