"""What lies at the places of the published files: whether it is what was published, and how the way is cleared.

Other programs, synchronised folders and people leave things there: a write-ahead log, a folder, a link, half a file.
"""

import hashlib
from pathlib import Path

from recovery.home.disk import files_below, remove
from recovery.words.say import say

PAGE = ".html"


def sha256_of(path: Path) -> str:
    """The hash of a file's content."""
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


def stamp_of(path: Path) -> str:
    """Changes whenever a file is written to, replaced, or copied."""
    state = path.stat()
    return f"{state.st_dev} {state.st_ino} {state.st_size} {state.st_mtime_ns} {state.st_ctime_ns}"


def trouble(path: Path, published: str, stamp: str = "") -> str:
    """What is wrong with the published file, as a sentence; empty where it is one of the hashes in `published`.

    A file that still has the `stamp` it was put in place with is not read; any other, as in a copied home, is.
    """
    if path.is_symlink():
        return say(
            "{path} was a link to {target}: it is a file again, and what the link led to is left alone.",
            path=path,
            target=path.readlink(),
        )
    if path.is_dir():
        return say("A folder lay in the place of {path}: the file is published anew.", path=path)
    if not path.is_file():
        return say("{path} was missing: it is published anew.", path=path)
    if path_of_log(path).exists():
        return say(
            "{path} lay beside the published file, left by a program that wrote into it: it was removed.",
            path=path_of_log(path),
        )
    if stamp_of(path) != stamp and sha256_of(path) not in published.split():
        return say("{path} was not as it was published, but changed or cut short: it is published anew.", path=path)
    return ""


def path_of_log(path: Path) -> Path:
    """Where DuckDB keeps its write-ahead log of a database file."""
    return path.with_name(f"{path.name}.wal")


def clear(path: Path) -> Path | None:
    """Makes a path free for a file to be put there; returns where a folder that held something was moved.

    A file or link stays: the new file takes its place at once.
    """
    if path.is_symlink() or not path.is_dir():
        return None
    if not any(path.iterdir()):
        path.rmdir()
        return None
    aside = _free_name(path)
    path.rename(aside)
    return aside


def clear_pages(pages: Path, former: Path) -> Path | None:
    """Makes the place of the folder of pages free; returns where it was moved if it held what is not a page.

    The former pages go to `former`, which is removed with the folder that it lies in. Of a link the target stays.
    """
    if pages.is_symlink() or pages.is_file():
        pages.unlink()
        return None
    if not pages.is_dir():
        return None
    if all(path.suffix == PAGE for path in files_below(pages)):
        remove(former)
        pages.rename(former)
        return None
    aside = _free_name(pages)
    pages.rename(aside)
    return aside


def listing(pages: Path) -> str:
    """Changes with whatever is written, replaced or removed in a folder of pages; '' where there is no folder of ours.

    Names, sizes and times of writing are asked: a page may be changed to one of the same length.
    """
    if pages.is_symlink() or not pages.is_dir():
        return ""
    states = ((path.relative_to(pages).as_posix(), path.lstat()) for path in files_below(pages))
    files = sorted((name, state.st_size, state.st_mtime_ns) for name, state in states)
    return hashlib.sha256(repr(files).encode()).hexdigest()


def remove_log(path: Path) -> None:
    """Removes the write-ahead log that another program left beside the published file."""
    remove(path_of_log(path))


def _free_name(path: Path) -> Path:
    number = 1
    while (aside := path.with_name(f"{path.name}.aside{'' if number == 1 else number}")).exists():
        number += 1
    return aside
