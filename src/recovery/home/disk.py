"""A full disk as one sentence, and files that only their owner may read."""

import errno
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from recovery.errors import HomeError

# EFBIG is what a quota set with `ulimit -f` says.
FULL = {errno.ENOSPC, errno.EDQUOT, errno.EFBIG}


def is_full(error: BaseException) -> bool:
    """Whether an error of Python, Arrow or DuckDB says that the disk is full."""
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
        free = shutil.disk_usage(folder).free
        about = f", about {megabytes(needed_bytes)} are needed" if needed_bytes else ""
        raise HomeError(
            f"The disk that holds {folder} is full: {megabytes(free)} are free{about}.",
            "Make room and run again; what was published before still stands.",
        ) from error


def megabytes(count: int) -> str:
    """A number of bytes for people."""
    return f"{count / 1e9:,.1f} GB" if count >= 1e9 else f"{count / 1e6:,.0f} MB"


def private_folder(folder: Path) -> Path:
    """The folder, made if it is missing, for its owner's eyes only."""
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    return folder


def sync(path: Path) -> None:
    """Sees to it that a file or folder survives a power cut."""
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
