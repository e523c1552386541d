"""One run at a time in a home: whoever changes its databases holds this lock."""

import json
import os
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path

from filelock import FileLock, Timeout

from recovery.errors import LockedError
from recovery.home.clock import now_utc, to_local
from recovery.home.disk import private_folder
from recovery.home.folder import Home
from recovery.home.settings import Settings
from recovery.words.say import say

GLANCE_S = 0.2  # for which `is_held` of another process may hold the lock: far longer than it takes


@contextmanager
def held(settings: Settings, what: str = "a run", wait_s: float = 0.0) -> Iterator[None]:
    """Holds the lock of a home; the system releases it however the process ends.

    Raises LockedError, which says who holds it and since when, where it is not free within `wait_s` seconds.
    """
    home = settings.home
    private_folder(home.private)
    lock = FileLock(home.lock, mode=0o600)
    try:
        lock.acquire(timeout=max(wait_s, GLANCE_S), poll_interval=0.02)
    except Timeout:
        raise busy(settings) from None
    note = note_of(home.lock)
    try:
        note.write_text(
            json.dumps({"what": what, "process": os.getpid(), "since_utc": now_utc().isoformat(timespec="seconds")}),
            encoding="utf-8",
        )
        yield
    finally:
        note.unlink(missing_ok=True)
        lock.release()


@contextmanager
def one_service(settings: Settings) -> Iterator[None]:
    """Holds the lock of the service of a home, for as long as that runs. Raises LockedError where another one does."""
    home = settings.home
    private_folder(home.private)
    lock = FileLock(home.nightly_lock, mode=0o600)
    try:
        lock.acquire(timeout=0)
    except Timeout:
        raise LockedError(
            say("The job of {folder} runs every night already, by another `recovery nightly`.", folder=home.folder),
            say(
                "Stop that one first, or see its pages: recovery nightly --home {folder} --address", folder=home.folder
            ),
        ) from None
    try:
        yield
    finally:
        lock.release()


def is_held(home: Home) -> bool:
    """True if somebody is at work in the home; it holds the lock for a moment to see."""
    if not home.lock.exists():
        return False
    try:
        with FileLock(home.lock, mode=0o600).acquire(timeout=0):
            return False
    except (Timeout, OSError):
        return True


def busy(settings: Settings) -> LockedError:
    """The error that says who is at work in a home, and since when."""
    return LockedError(
        say("{holder} is at work in {folder}.", holder=_holder(settings), folder=settings.home.folder),
        say("Wait until it is done, then run again."),
    )


def _holder(settings: Settings) -> str:
    """Who wrote the note beside the lock; the lock file itself is emptied by whoever tries it."""
    try:
        note = json.loads(note_of(settings.home.lock).read_text(encoding="utf-8"))
        since = to_local(datetime.fromisoformat(note["since_utc"]), settings.home_time_zone)
        return say(
            "Another run ({what}, process {process}, since {since:%Y-%m-%d %H:%M})",
            what=note["what"],
            process=note["process"],
            since=since,
        )
    except (OSError, ValueError, KeyError):
        return say("Another run")


def note_of(lock: Path) -> Path:
    """Where whoever holds a lock writes who it is and since when; another text for each that holds it."""
    return lock.with_name(f"{lock.name}.json")
