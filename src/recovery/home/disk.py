"""A full disk as one sentence, and files that only their owner may read."""

import errno
import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO

from recovery.errors import HomeError
from recovery.words.say import say

# EFBIG is what a quota set with `ulimit -f` says.
FULL = {errno.ENOSPC, errno.EDQUOT, errno.EFBIG}
ROOM_ENOUGH_BYTES = 1 << 30  # with more than this free, it is not the disk that is full


def is_full(error: BaseException) -> bool:
    """True if an error of Python, Arrow or DuckDB says that the disk is full."""
    if isinstance(error, OSError) and error.errno in FULL:
        return True
    if any(os.strerror(number) in str(error) for number in FULL):  # DuckDB and Arrow only quote the system
        return True
    before = error.__cause__ or error.__context__  # a database that could not write cannot roll back either
    return before is not None and is_full(before)


@contextmanager
def full_disk_is_plain(folder: Path, needed_bytes: int = 0) -> Iterator[None]:
    """Turns the error of a full disk into a HomeError that says how much is free in `folder`."""
    try:
        yield
    except HomeError:
        raise
    except Exception as error:
        if not is_full(error):
            raise
        raise _full_disk(folder, needed_bytes) from error


def _full_disk(folder: Path, needed_bytes: int) -> HomeError:
    free_bytes = shutil.disk_usage(folder).free
    about = say(", about {megabytes} are needed", megabytes=megabytes(needed_bytes)) if needed_bytes else ""
    if free_bytes > max(2 * needed_bytes, ROOM_ENOUGH_BYTES):
        return HomeError(
            say(
                "A quota or a limit on the size of files stops {folder} from growing; {megabytes} are free{about}.",
                folder=folder,
                megabytes=megabytes(free_bytes),
                about=about,
            ),
            say("Raise the limit and run again; what was published before still stands."),
        )
    return HomeError(
        say(
            "The disk that holds {folder} is full: {megabytes} are free{about}.",
            folder=folder,
            megabytes=megabytes(free_bytes),
            about=about,
        ),
        say("Make room and run again; what was published before still stands."),
    )


def must_have_room(folder: Path, needed_bytes: int) -> None:
    """Nothing, where `folder` takes a file of that size now.

    Raises HomeError where the disk is full, or a quota or limit is reached. For what another program failed to write,
    whose own message says less.
    """
    with full_disk_is_plain(folder, needed_bytes), tempfile.TemporaryFile(dir=folder) as stream:
        stream.write(bytes(needed_bytes))
        stream.flush()


def megabytes(count: int) -> str:
    """A number of bytes for people."""
    if count < 1e6:
        return f"{count / 1e3:,.0f} kB"
    return f"{count / 1e9:,.1f} GB" if count >= 1e9 else f"{count / 1e6:,.0f} MB"


def private_folder(folder: Path) -> Path:
    """The folder; made, with those above it, for its owner alone where it is missing."""
    for missing in reversed([path for path in (folder, *folder.parents) if not path.is_dir()]):
        missing.mkdir(mode=0o700, exist_ok=True)  # `parents=True` would leave those above open to others
    return folder


def open_private(path: Path, *, is_new: bool = False) -> BinaryIO:
    """An empty file for its owner alone, open for writing; with `is_new`, FileExistsError where there is one."""
    existing = os.O_EXCL if is_new else os.O_TRUNC
    return open(os.open(path, os.O_WRONLY | os.O_CREAT | existing, 0o600), "wb")


@contextmanager
def replaced(path: Path) -> Iterator[BinaryIO]:
    """The next content of a file, for its owner alone; it takes the place of the former once it is whole and synced."""
    partial = path.with_name(f".{path.name}.new")
    try:
        with open_private(partial) as stream:
            yield stream
            stream.flush()
            os.fsync(stream.fileno())
        partial.replace(path)
    finally:
        partial.unlink(missing_ok=True)


def write_private(path: Path, content: bytes | str) -> None:
    """Writes a file whole or not at all, for its owner alone; text as UTF-8."""
    with replaced(path) as stream:
        stream.write(content.encode() if isinstance(content, str) else content)


def write_new(path: Path, text: str) -> None:
    """Writes a file that nobody reads yet, as UTF-8 for its owner alone. FileExistsError where one is there.

    Who shows it makes sure that it was written: to wait for the disk at each of a thousand pages is what costs.
    """
    with open_private(path, is_new=True) as stream:
        stream.write(text.encode())


def files_below(folder: Path) -> Iterator[Path]:
    """Whatever lies at any depth below a folder but folders and links to them; nothing where there is no folder."""
    return (Path(place, name) for place, _, names in os.walk(folder) for name in names)


def remove(path: Path) -> None:
    """Removes whatever lies there: a file, a folder with all in it, or a link, whose target stays."""
    if path.is_dir() and not path.is_symlink():
        shutil.rmtree(path)
    else:
        path.unlink(missing_ok=True)


def sync(path: Path) -> None:
    """Makes a file or folder survive a power cut."""
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
