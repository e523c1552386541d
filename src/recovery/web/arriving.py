"""Files that come into the inbox: under fresh names, never over another, whole or not at all.

What is sent at once lies in one folder, `sent/TIME-RANDOM/`, under the names it was given: readers of exports of many
files know them by their names, and lists too. While a file arrives it has a hidden name, which a run passes over.
"""

import os
import re
import secrets
import shutil
import unicodedata
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO

from recovery.errors import HomeError
from recovery.home.clock import now_utc
from recovery.home.disk import full_disk_is_plain, open_private, private_folder, sync
from recovery.home.settings import OWNER, Settings
from recovery.words.say import say

SENT = ("sent", "received", "uploads")  # of people; the first that is nobody's name
DELIVERED = ("delivered", "posted", "arrived")  # of export apps
ARRIVING = ".arriving-"
LONGEST_NAME_BYTES = 150  # of 255 that file systems take; archives and numbers add to it
ROOM_LEFT_BYTES = 500_000_000  # for the run that reads it
_UNWANTED = re.compile(r'[\x00-\x1f\x7f<>:"|?*/\\]')


def folder_of(settings: Settings, person: str, names: Sequence[str] = SENT) -> Path:
    """Where what a person sends, or an app posts, lies in the inbox; made where it is missing.

    Raises HomeError where no run would read it from there as this person's.
    """
    inbox = settings.home.inbox
    base = inbox if person == OWNER else inbox / person
    for name in names:
        folder = base / name
        within = (folder / "x").relative_to(inbox).as_posix()
        is_inside = Path(os.path.realpath(folder)).is_relative_to(os.path.realpath(inbox))
        if settings.subject_of(within) == person and is_inside:
            return private_folder(folder)
    raise HomeError(
        say("Nothing can be sent for {person}: the folder in the inbox is a link that leads elsewhere.", person=person),
        say("Put a folder in its place."),
    )


def safe_name(name: str) -> str:
    """A file name without folders, control characters and leading dots, short enough, with its ending.

    Whatever is given, the result is one name that can be made in any folder.
    """
    last = unicodedata.normalize("NFC", name.encode("utf-8", "replace").decode()).replace("\\", "/").rpartition("/")[2]
    last = "".join(letter for letter in last if unicodedata.category(letter) != "Cf")  # as those that turn text around
    plain = _UNWANTED.sub("_", last).strip().lstrip(".~ ").rstrip(". ")
    stem, dot, ending = plain.rpartition(".")
    if not dot or len(ending.encode()) > 20:
        stem, ending = plain, ""
    kept = stem.encode()[:LONGEST_NAME_BYTES].decode("utf-8", "ignore").rstrip(". ") or "file"
    return f"{kept}.{ending}" if ending else kept


def delivery_folder(settings: Settings, person: str) -> Path:
    """A new folder for what is sent at once."""
    base = folder_of(settings, person)
    folder = base / f"{now_utc():%Y%m%d-%H%M%S}-{secrets.token_hex(4)}"
    folder.mkdir(mode=0o700)
    return folder


@contextmanager
def arriving(folder: Path) -> Iterator[tuple[BinaryIO, Path]]:
    """A hidden file in a folder to write to, and its path; it is gone afterwards, unless `settle` gave it its name."""
    path = folder / f"{ARRIVING}{secrets.token_hex(8)}"
    try:
        with full_disk_is_plain(folder), open_private(path, is_new=True) as stream:
            yield stream, path
    finally:
        path.unlink(missing_ok=True)


def settle(stream: BinaryIO, path: Path, name: str) -> Path:
    """Gives a file that has arrived its name, once it is on the disk; a number is added where that is taken."""
    stream.flush()
    os.fsync(stream.fileno())
    target = _reserved(path.parent, name)
    path.replace(target)
    sync(path.parent)
    return target


def must_have_room(folder: Path, size: int) -> None:
    """Raises HomeError where a file of that size would fill the disk."""
    free = shutil.disk_usage(folder).free
    if free - size < ROOM_LEFT_BYTES:
        raise HomeError(
            say("The disk has no room for this file."),
            say("Make room on the computer of this home, and send it again."),
        )


def remove_unfinished(settings: Settings) -> None:
    """Removes what a server that was killed left half arrived."""
    for name in (*SENT, *DELIVERED):
        for base in (settings.home.inbox, *(settings.home.inbox / person for person in settings.people)):
            for path in (base / name).glob(f"**/{ARRIVING}*"):
                path.unlink(missing_ok=True)


def _reserved(folder: Path, name: str) -> Path:
    """An empty file of this name, or of the first free number, which nobody else can take any more."""
    stem, dot, ending = name.rpartition(".")
    if not dot:
        stem, ending = name, ""
    number = 1
    while True:
        shown = name if number == 1 else f"{stem} ({number}){dot}{ending}"
        try:
            open_private(folder / shown, is_new=True).close()
        except FileExistsError:
            number += 1
            continue
        return folder / shown
