"""Files for their owner alone, whole or not at all; a full disk in a sentence."""

import errno
import os
import resource
import shutil
from pathlib import Path

import pytest

from recovery.errors import HomeError
from recovery.home.disk import (
    full_disk_is_plain,
    is_full,
    must_have_room,
    open_private,
    private_folder,
    replaced,
    write_new,
    write_private,
)


def mode(path: Path) -> int:
    return path.stat().st_mode & 0o777


@pytest.fixture(autouse=True)
def open_umask() -> object:
    """As a program that cares for nothing."""
    former = os.umask(0o022)
    yield
    os.umask(former)


def test_a_private_folder_and_those_above_it_are_the_owners_alone(tmp_path: Path) -> None:
    private_folder(tmp_path / "a" / "b")

    assert [mode(tmp_path / "a"), mode(tmp_path / "a" / "b")] == [0o700, 0o700]
    assert private_folder(tmp_path / "a") == tmp_path / "a"


def test_a_private_file_is_the_owners_alone(tmp_path: Path) -> None:
    write_private(tmp_path / "a.txt", "one ä")
    write_private(tmp_path / "a.txt", "two ä")
    with open_private(tmp_path / "b.txt") as stream:
        stream.write(b"three")

    assert (tmp_path / "a.txt").read_text(encoding="utf-8") == "two ä"
    assert (tmp_path / "b.txt").read_bytes() == b"three"
    assert [(path.name, mode(path)) for path in sorted(tmp_path.iterdir())] == [("a.txt", 0o600), ("b.txt", 0o600)]


def test_a_new_file_is_the_owners_alone_and_never_takes_the_place_of_another(tmp_path: Path) -> None:
    write_new(tmp_path / "a.txt", "one ä")
    (tmp_path / "b.txt").hardlink_to(tmp_path / "a.txt")

    with pytest.raises(FileExistsError):
        write_new(tmp_path / "b.txt", "two")

    assert (tmp_path / "a.txt").read_text(encoding="utf-8") == "one ä"
    assert mode(tmp_path / "a.txt") == 0o600


def test_a_write_that_fails_leaves_the_former_content_and_nothing_else(tmp_path: Path) -> None:
    write_private(tmp_path / "a.txt", "before")

    with pytest.raises(OSError, match="away"):
        _write_half(tmp_path / "a.txt")

    assert {path.name: path.read_text() for path in tmp_path.iterdir()} == {"a.txt": "before"}


def _write_half(path: Path) -> None:
    with replaced(path) as stream:
        stream.write(b"half of it")
        raise OSError("the disk is away")


def test_a_new_file_never_overwrites(tmp_path: Path) -> None:
    write_private(tmp_path / "a.txt", "before")

    with pytest.raises(FileExistsError):
        open_private(tmp_path / "a.txt", is_new=True)

    assert (tmp_path / "a.txt").read_text() == "before"


def test_a_full_disk_is_recognised_through_the_errors_it_causes(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    usage = shutil.disk_usage(tmp_path)
    monkeypatch.setattr(shutil, "disk_usage", lambda _: usage._replace(free=1_000_000))
    error = ValueError("cannot roll back")
    error.__context__ = OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    assert is_full(error)
    assert is_full(RuntimeError(f"IO Error: {os.strerror(errno.ENOSPC)}"))
    assert not is_full(ValueError("something else"))
    with (
        pytest.raises(HomeError, match=r"is full: .* are free, about 3 MB are needed"),
        full_disk_is_plain(tmp_path, 3_000_000),
    ):
        raise error
    with pytest.raises(ValueError, match="something else"), full_disk_is_plain(tmp_path):
        raise ValueError("something else")


def test_a_limit_is_not_called_a_full_disk(tmp_path: Path) -> None:
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    if shutil.disk_usage(tmp_path).free < 2 << 30:
        pytest.skip("the disk of the tests is nearly full itself")
    must_have_room(tmp_path, 2_000_000)
    resource.setrlimit(resource.RLIMIT_FSIZE, (1_000_000, hard))
    try:
        with pytest.raises(HomeError, match=r"A quota or a limit .* free, about 2 MB are needed"):
            must_have_room(tmp_path, 2_000_000)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))

    assert list(tmp_path.iterdir()) == []
