"""What lies in the inbox at any depth, without opening more than is asked for; what cannot be read gets a reason."""

import errno
import logging
import os
import re
import stat
from collections import Counter
from collections.abc import Callable
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

log = logging.getLogger(__name__)

MAX_NS = (1 << 63) - 1
LEFTOVERS = {"thumbs.db", "desktop.ini", "icon\r", "__macosx", ".dropbox.attr", ".dropbox", ".dropbox.cache"}
LEFTOVER_ENDS = (".tmp", ".temp", ".swp", "~", ".tmp.driveupload", ".tmp.drivedownload")
LEFTOVER_STARTS = ("~$", ".~lock.", ".~", "._")
UNFINISHED_ENDS = (
    ".part", ".partial", ".crdownload", ".download", ".opdownload", ".filepart", ".aria2", ".!ut", ".!qb", ".bc!",
)  # fmt: skip
SYNCHRONISED_STARTS = (".syncthing.", "~syncthing~", ".megatmp.", ".goutputstream-", ".owncloudsync", ".sync_")
PLACEHOLDER_ENDS = (".icloud", ".nextcloud", ".owncloud", ".cloud", ".cloudf")  # of files that lie in the cloud alone
POINTERS = (".gdoc", ".gsheet", ".gslides", ".gform", ".gtable", ".glink", ".gnote", ".url", ".webloc", ".paper")
CONFLICTS = re.compile(
    r"\.sync-conflict-\d{8}-\d{6}|\((?:[^()]*\b)?(?:conflicted copy|case conflict|in konflikt stehende kopie|"
    r"konfliktkopie|copie en conflit|copia en conflicto|conflict)\b[^()]*\)|_conflict-\d{8}-\d{6}",
    re.IGNORECASE,
)
CLOUD_ONLY = say(
    "is a placeholder of a cloud, whose content is not on this computer: have it kept on this device, and it is read"
)


class ChangedError(UnreadableExportError):
    """A file changed between the look at it and its reading; the next run reads it."""


class Found(NamedTuple):
    """What lies at a path of the inbox, by its name and its stat alone; `real` is its name on the disk."""

    path: str
    real: Path
    size: int
    mtime_ns: int
    status: str = ""  # 'ignored', 'rejected' or 'waiting' where it is not to be opened
    message: str = ""
    is_folder: bool = False  # that cannot be opened; there may be files in it


def walk(
    home: Home,
    is_private: Callable[[str], bool] = lambda _: False,
    is_elsewhere: Callable[[str], bool] = lambda _: False,
) -> list[Found]:
    """Everything in the inbox at any depth; what is not to be opened has a status and a message.

    A folder right in the inbox of which `is_elsewhere` is true is passed by, with all in it.
    """
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
            with os.scandir(folder) as listing:
                entries = list(listing)
        except (FileNotFoundError, NotADirectoryError) as error:
            if not prefix:
                raise _closed_inbox(folder, error) from None
            continue  # it went away since the folder above was listed
        except OSError as error:
            if not prefix:
                raise _closed_inbox(folder, error) from None
            message = unreadable(error, "folder")
            found.append(Found(prefix.rstrip("/"), folder, 0, 0, "rejected", message, is_folder=True))
            continue
        for entry in entries:
            path = prefix + _readable(entry.name)
            try:
                if entry.is_dir(follow_symlinks=False) and not _not_an_export(entry.name):
                    if not prefix and is_elsewhere(path):
                        continue
                    folders.append((Path(entry.path), archives.folder(path + "/")))
                else:
                    found.append(_file(entry, path, home, is_private))
            except FileNotFoundError:
                continue  # it went away since the folder was listed
            except OSError as error:
                found.append(Found(path, Path(entry.path), 0, 0, "rejected", unreadable(error, "file")))
            except Exception as error:
                log.exception("%s could not be looked at", path)
                found.append(Found(path, Path(entry.path), 0, 0, "rejected", _our_fault(error)))
    return _with_distinct_paths(sorted(found))


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
    except HomeError:
        raise
    except Exception as error:
        log.exception("%s could not be opened", found.path)
        return [Content(entry, None, "", "rejected", _our_fault(error))]


def _open_unchanged(found: Found) -> BinaryIO:
    """The file, as long as it is the one that was looked at."""
    stream = open(found.real, "rb", opener=_open_at_once)  # noqa: SIM115 - whoever asked closes it
    state = os.fstat(stream.fileno())
    if (state.st_size, _mtime_ns(state)) != (found.size, found.mtime_ns) or not stat.S_ISREG(state.st_mode):
        stream.close()
        raise ChangedError(say("changed while it was being read: the next run reads it"))
    return stream


def _open_at_once(path: str, flags: int) -> int:
    """Opens a file as `open` asks; a pipe that took its place is not waited for, a link is not followed."""
    return os.open(path, flags | os.O_NONBLOCK | os.O_NOFOLLOW)


def _mtime_ns(state: os.stat_result) -> int:
    """The time of change as far as a database can hold it: some file systems can tell years after 2262."""
    return max(-MAX_NS, min(state.st_mtime_ns, MAX_NS))


def stamp(path: Path) -> tuple[int, int]:
    """Size and time of change; of a file that went away, what no file has."""
    try:
        state = path.stat(follow_symlinks=False)
    except OSError:
        return -1, -1
    return state.st_size, _mtime_ns(state)


def _file(entry: "os.DirEntry[str]", path: str, home: Home, is_private: Callable[[str], bool]) -> Found:
    """What is no folder: a file that may be opened, or why it is not."""
    if is_private(path):
        return _found(entry, path, "ignored", EXCLUDED)
    if reason := _not_an_export(entry.name):
        return _found(entry, path, reason.status, reason.message)
    state = entry.stat(follow_symlinks=False)
    if stat.S_ISLNK(state.st_mode):
        return _link(entry, path, home)
    if not stat.S_ISREG(state.st_mode):
        return _found(entry, path, "rejected", say("is no file but a device or pipe: remove it from the inbox"))
    return Found(path, Path(entry.path), state.st_size, _mtime_ns(state))


def _link(entry: "os.DirEntry[str]", path: str, home: Home) -> Found:
    target = Path(os.path.realpath(entry.path))  # Path.resolve raises RuntimeError where links lead in a circle
    if not target.exists():
        message = say("is a link that leads nowhere: put the file itself here instead of the link")
        return _found(entry, path, "rejected", message)
    if target.is_relative_to(os.path.realpath(home.inbox)):
        message = say("is a link to something in the inbox, which is read where it lies")
        return _found(entry, path, "ignored", message)
    message = say("is a link that leads out of the inbox: put the file itself here instead of the link")
    return _found(entry, path, "rejected", message)


def _found(entry: "os.DirEntry[str]", path: str, status: str, message: str) -> Found:
    state = entry.stat(follow_symlinks=False)
    return Found(path, Path(entry.path), state.st_size, _mtime_ns(state), status, message)


class Reason(NamedTuple):
    """Why a file is not opened."""

    status: str
    message: str


def _not_an_export(name: str) -> Reason | None:
    """Why a file is none that a person dropped, or not here yet; None where it is to be opened."""
    lower = name.lower()
    if lower.endswith(PLACEHOLDER_ENDS):
        return Reason("waiting", CLOUD_ONLY)
    if lower.startswith(SYNCHRONISED_STARTS):
        return Reason("ignored", say("is a file that is still being synchronised: it is read under its own name"))
    if lower.startswith(LEFTOVER_STARTS) or lower.endswith(LEFTOVER_ENDS) or lower in LEFTOVERS:
        return Reason("ignored", say("is a leftover of a program, not an export"))
    if lower.endswith(UNFINISHED_ENDS):
        return Reason(
            "ignored",
            say("is an unfinished download: it is read once the download is complete and has its own name"),
        )
    if lower.endswith(POINTERS):
        return Reason(
            "ignored", say("only points to a document of the web: download that as CSV or XLSX and put it here")
        )
    if CONFLICTS.search(name):
        return Reason(
            "ignored",
            say("is the copy of a conflict between two devices: keep one of the two, under the name without it"),
        )
    if lower.startswith(".") and lower.strip("."):
        return Reason("ignored", say("is a hidden file"))
    return None


def leftover_member(path: str) -> str:
    """Why a member is none that a person packed, or nothing."""
    _, _, inner = path.rpartition(MEMBER)
    return next((reason.message for name in inner.split("/") if (reason := _not_an_export(name))), "")


def unreadable(error: OSError, what: str) -> str:
    if isinstance(error, PermissionError):
        return say(
            "This {what} cannot be opened ({strerror}): give yourself the right to read it and run again.",
            what=what,
            strerror=error.strerror,
        )
    if error.errno == errno.ENAMETOOLONG:
        return say("This {what} has a path that is too long to be opened: move it nearer to the top.", what=what)
    return say("This {what} cannot be read ({error}): copy it here again.", what=what, error=error.strerror or error)


def _our_fault(error: Exception) -> str:
    if isinstance(error, MemoryError):
        return say("could not be opened: it needs more memory than there is")
    return say(
        "could not be opened ({kind}). That is our fault, not yours: the log in .recovery/logs says where;"
        " please report it.",
        kind=type(error).__name__,
    )


def _closed_inbox(folder: Path, error: OSError) -> HomeError:
    return HomeError(
        say("The inbox {folder} cannot be opened ({strerror}).", folder=folder, strerror=error.strerror),
        say("Give yourself the right to read it."),
    )


def _with_distinct_paths(found: list[Found]) -> list[Found]:
    """The same with a number behind each path that is there twice: a name of odd bytes and one that spells them."""
    seen: Counter[str] = Counter()
    distinct = []
    for file in found:
        seen[file.path] += 1
        count = seen[file.path]
        distinct.append(file if count == 1 else file._replace(path=f"{file.path} ({count})"))
    return distinct


def _readable(name: str) -> str:
    """A name of the disk as text that a database takes, whatever bytes it is made of."""
    return printable(os.fsencode(name).decode("utf-8", "backslashreplace"))
