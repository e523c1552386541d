"""What lies in the inbox at any depth, without opening more than is asked for; what cannot be read gets a reason."""

import errno
import os
import stat
from collections.abc import Callable
from contextlib import suppress
from functools import partial
from pathlib import Path
from typing import BinaryIO, NamedTuple

from recovery.errors import HomeError, UnreadableExportError
from recovery.formats.entries import Entry
from recovery.home.disk import is_full
from recovery.home.folder import Home
from recovery.inbox import archives
from recovery.inbox.archives import EXCLUDED, MEMBER, ArchivePool, Content
from recovery.words.say import say
from recovery.words.terminal import printable

LEFTOVERS = {"thumbs.db", "desktop.ini", "icon\r", "__macosx"}
LEFTOVER_ENDS = (".tmp", ".temp", ".swp", "~")
UNFINISHED_ENDS = (".part", ".partial", ".crdownload", ".download", ".opdownload")


class ChangedError(UnreadableExportError):
    """A file changed between the look at it and its reading; the next run reads it."""


class Found(NamedTuple):
    """What lies at a path of the inbox, by its name and its stat alone; `real` is its name on the disk."""

    path: str
    real: Path
    size: int
    mtime_ns: int
    status: str = ""  # 'ignored' or 'rejected' where it is not to be opened
    message: str = ""


def walk(home: Home, is_private: Callable[[str], bool] = lambda _: False) -> list[Found]:
    """Everything in the inbox at any depth; what is not to be opened has a status and a message."""
    if not home.inbox.is_dir():
        raise HomeError(
            say("The inbox {inbox} is missing.", inbox=home.inbox),
            say("Make it again with: recovery init --home {folder}", folder=home.folder),
        )
    found: list[Found] = []
    folders = [(home.inbox, "")]
    while folders:
        folder, prefix = folders.pop()
        try:
            with os.scandir(folder) as entries:
                for entry in entries:
                    path = prefix + _readable(entry.name)
                    with suppress(FileNotFoundError):  # it went away since the folder was listed
                        if entry.is_dir(follow_symlinks=False) and not _leftover(entry.name):
                            folders.append((Path(entry.path), archives.folder(path + "/")))
                        else:
                            found.append(_file(entry, path, home, is_private))
        except OSError as error:
            if not prefix:
                raise HomeError(
                    say("The inbox {folder} cannot be opened ({strerror}).", folder=folder, strerror=error.strerror),
                    say("Give yourself the right to read it."),
                ) from None
            found.append(Found(prefix.rstrip("/"), folder, 0, 0, "rejected", unreadable(error, "folder")))
    return sorted(found)


def contents(found: Found, pool: ArchivePool) -> list[Content]:
    """A dropped file and all its members, read through once."""
    entry = Entry(found.path, found.size, partial(_open_unchanged, found))
    try:
        return archives.explore(entry, pool)
    except ChangedError as error:
        return [Content(entry, None, "", "waiting", error.message)]
    except PermissionError as error:
        return [Content(entry, None, "", "rejected", unreadable(error, "file"))]
    except OSError as error:
        if is_full(error):  # of the copies made of archives in archives
            raise
        if error.errno == errno.ENOENT:
            return [Content(entry, None, "", "waiting", say("went away while it was being read"))]
        return [Content(entry, None, "", "rejected", unreadable(error, "file"))]


def _open_unchanged(found: Found) -> BinaryIO:
    """The file, as long as it is the one that was looked at."""
    stream = open(found.real, "rb")  # noqa: SIM115 - whoever asked closes it
    state = os.fstat(stream.fileno())
    if (state.st_size, state.st_mtime_ns) != (found.size, found.mtime_ns):
        stream.close()
        raise ChangedError(say("changed while it was being read: the next run reads it"))
    return stream


def stamp(path: Path) -> tuple[int, int]:
    """Size and time of change; of a file that went away, what no file has."""
    try:
        state = path.stat(follow_symlinks=False)
    except OSError:
        return -1, -1
    return state.st_size, state.st_mtime_ns


def _file(entry: "os.DirEntry[str]", path: str, home: Home, is_private: Callable[[str], bool]) -> Found:
    """What is no folder: a file that may be opened, or why it is not."""
    if is_private(path):
        return _found(entry, path, "ignored", EXCLUDED)
    if reason := _leftover(entry.name):
        return _found(entry, path, "ignored", reason)
    state = entry.stat(follow_symlinks=False)
    if stat.S_ISLNK(state.st_mode):
        return _link(entry, path, home)
    if not stat.S_ISREG(state.st_mode):
        return _found(entry, path, "rejected", say("is no file but a device or pipe: remove it from the inbox"))
    return Found(path, Path(entry.path), state.st_size, state.st_mtime_ns)


def _link(entry: "os.DirEntry[str]", path: str, home: Home) -> Found:
    target = Path(entry.path).resolve()
    if target.is_relative_to(home.inbox.resolve()) and target.exists():
        return _found(entry, path, "ignored", "is a link to something in the inbox, which is read where it lies")
    return _found(
        entry,
        path,
        "rejected",
        say("is a link that leads out of the inbox: put the file itself here instead of the link"),
    )


def _found(entry: "os.DirEntry[str]", path: str, status: str, message: str) -> Found:
    state = entry.stat(follow_symlinks=False)
    return Found(path, Path(entry.path), state.st_size, state.st_mtime_ns, status, message)


def _leftover(name: str) -> str:
    """Why a file is none that a person dropped, or nothing."""
    lower = name.lower()
    if lower.startswith("~$") or lower.endswith(LEFTOVER_ENDS) or lower in LEFTOVERS:
        return say("is a leftover of a program, not an export")
    if lower.endswith(UNFINISHED_ENDS):
        return say("is an unfinished download: it is read once the download is complete and has its own name")
    if lower.startswith(".") and lower.strip("."):
        return say("is a hidden file")
    return ""


def leftover_member(path: str) -> str:
    """Why a member is none that a person packed, or nothing."""
    _, _, inner = path.rpartition(MEMBER)
    return next((reason for name in inner.split("/") if (reason := _leftover(name))), "")


def unreadable(error: OSError, what: str) -> str:
    if isinstance(error, PermissionError):
        return say(
            "This {what} cannot be opened ({strerror}): give yourself the right to read it and run again.",
            what=what,
            strerror=error.strerror,
        )
    return say("This {what} cannot be read ({error}): copy it here again.", what=what, error=error.strerror or error)


def _readable(name: str) -> str:
    """A name of the disk as text that a database takes, whatever bytes it is made of."""
    return printable(os.fsencode(name).decode("utf-8", "backslashreplace"))
