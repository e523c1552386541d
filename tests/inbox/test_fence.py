"""Whatever one entry of the inbox is, it becomes one receipt, and the others are loaded."""

import gzip
import os
import socket
from collections.abc import Iterator
from pathlib import Path

import homes
import pytest

from recovery.inbox import archives, look, walk
from recovery.inbox.archives import ArchivePool

pytestmark = pytest.mark.slow

ONE = "TINY\n2024-01-02T10:00:00 5\n"


@pytest.fixture
def home(tmp_path: Path) -> Iterator[homes.HomeAtWork]:
    with homes.knowing_tiny(tmp_path, is_forked=True) as made:
        made.drop("good.txt", ONE)
        yield made


def long_name(inbox: Path) -> str:
    """A folder in which a file has a longer path than the system opens; its path in the inbox."""
    parts: list[str] = []
    descriptor = os.open(inbox, os.O_RDONLY)
    while len(str(inbox.joinpath(*parts))) < 4200:
        parts.append("d" * 200)
        os.mkdir(parts[-1], dir_fd=descriptor)
        below = os.open(parts[-1], os.O_RDONLY, dir_fd=descriptor)
        os.close(descriptor)
        descriptor = below
    os.close(os.open("deep.txt", os.O_WRONLY | os.O_CREAT, dir_fd=descriptor))
    os.close(descriptor)
    return "/".join(parts)


def test_odd_entries_become_receipts_and_the_rest_is_loaded(home: homes.HomeAtWork, tmp_path: Path) -> None:
    inbox = home.home.inbox
    (inbox / "circle").symlink_to("circle")
    (inbox / "there").symlink_to("back")
    (inbox / "back").symlink_to("there")
    (inbox / "nowhere.csv").symlink_to("is not here")
    (inbox / "up").symlink_to("..")
    (inbox / "same.txt").symlink_to("good.txt")
    os.mkfifo(inbox / "pipe.csv")
    with socket.socket(socket.AF_UNIX) as listener:
        listener.bind(str(inbox / "socket.fit"))
    home.drop("brackets.json", "[" * 2_000)
    home.drop("more brackets.json", "[" * 200_000)
    home.drop("braces.json", '{"a":' * 100_000)
    for name in (b"odd \xff.txt", b"odd \\xff.txt", b"line\nbreak.txt", b"\xe2\x80\xae.txt", b"n" * 255):
        (inbox / os.fsdecode(name)).write_text("of no reader")
    os.utime(home.drop("future.txt", "of no reader"), ns=(0, 10**20))
    os.utime(home.drop("past.txt", "of no reader"), ns=(0, -(10**18)))

    home.run()

    statuses = home.statuses()
    assert statuses.pop("good.txt") == "loaded"
    assert {name: status for name, status in statuses.items() if status != "unrecognised"} == {
        "circle": "rejected",
        "there": "rejected",
        "back": "rejected",
        "nowhere.csv": "rejected",
        "up": "rejected",
        "same.txt": "ignored",
        "pipe.csv": "rejected",
        "socket.fit": "rejected",
    }
    assert home.message("circle").startswith("is a link that leads nowhere")
    assert len(statuses) == 8 + 3 + 5 + 2
    assert all("\n" not in home.message(path) for path in statuses)
    assert home.look().is_quiet


def test_a_path_longer_than_the_system_opens_becomes_a_receipt(home: homes.HomeAtWork) -> None:
    long_name(home.home.inbox)
    home.drop("z/log.csv", homes.MASSAGES)

    home.run()

    ((path, status),) = [row for row in home.statuses().items() if row[0].startswith("ddd")]
    assert status == "rejected"
    assert "too long" in home.message(path)
    assert home.statuses()["good.txt"] == home.statuses()["z/log.csv"] == "loaded"
    assert home.look().is_quiet


def test_a_pipe_that_takes_the_place_of_a_file_is_not_waited_for(home: homes.HomeAtWork, tmp_path: Path) -> None:
    (found,) = walk.walk(home.home)
    found.real.unlink()
    os.mkfifo(found.real)

    (content,) = walk.contents(found, ArchivePool(tmp_path))

    assert content.status == "waiting"


def test_files_that_vanish_between_the_steps_are_no_error(
    home: homes.HomeAtWork, monkeypatch: pytest.MonkeyPatch
) -> None:
    gone = home.drop("gone.txt", ONE + "2024-01-03T10:00:00 5\n")
    cut = home.drop("cut.txt", ONE + "2024-01-04T10:00:00 5\n")
    folder = home.drop("folder/file.txt", ONE + "2024-01-05T10:00:00 5\n").parent

    def meanwhile(_seconds: float) -> None:
        gone.unlink()
        cut.write_text("TINY\n")
        folder.rename(home.home.folder / "elsewhere")

    with monkeypatch.context() as patched:
        patched.setattr(look.time, "sleep", meanwhile)
        home.run()

    assert home.statuses()["good.txt"] == "loaded"
    assert set(home.statuses().values()) == {"loaded", "waiting"}
    home.run()
    assert home.statuses() == {"good.txt": "loaded", "cut.txt": "ignored"}


def test_an_error_that_nobody_foresaw_is_a_receipt(home: homes.HomeAtWork, monkeypatch: pytest.MonkeyPatch) -> None:
    """Stands for all that a library may raise over the bytes of a file."""
    home.drop("odd.txt", "odd")

    real = archives._explore
    monkeypatch.setattr(
        archives, "_explore", lambda entry, *rest: 1 // 0 if entry.path == "odd.txt" else real(entry, *rest)
    )
    home.run()

    assert home.statuses() == {"good.txt": "loaded", "odd.txt": "rejected"}
    assert "our fault" in home.message("odd.txt")


def test_a_few_kilobytes_that_list_millions_of_files_are_a_bomb(
    home: homes.HomeAtWork, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(archives, "MAX_MEMBERS", 100)
    inner = homes.zipped({str(number): "" for number in range(40)})
    home.drop("many.zip", homes.zipped({f"{number}.zip": inner for number in range(4)}))

    home.run()

    assert home.statuses() == {"good.txt": "loaded", "many.zip": "rejected"}
    assert home.message("many.zip").startswith("lists more files than an export can hold")
    assert home.look().is_quiet


def test_odd_members_become_receipts(home: homes.HomeAtWork) -> None:
    names = [
        "a!/b.txt",
        "n" * 60_000,
        "\x00",
        "nul\x00.txt",
        "line\nbreak",
        ".",
        "a//b",
        "//",
        "\u202e.txt",
        "..",
        "C:x",
    ]
    home.drop("odd.zip", homes.zipped({name: f"of no reader {number}" for number, name in enumerate(names)}))

    home.run()

    assert home.statuses()["good.txt"] == "loaded"
    assert set(home.statuses().values()) <= {"loaded", "unrecognised", "rejected", "ignored"}
    assert home.look().is_quiet


def test_a_gz_cut_short_becomes_a_receipt(home: homes.HomeAtWork) -> None:
    home.drop("cut.csv.gz", gzip.compress(ONE.encode() * 9)[:-12])

    home.run()

    assert home.statuses() == {"cut.csv.gz": "rejected", "cut.csv.gz!/cut.csv": "rejected", "good.txt": "loaded"}
    assert "incomplete" in home.message("cut.csv.gz!/cut.csv")
    assert home.look().is_quiet
