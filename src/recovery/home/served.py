"""Whether the live page of a home is served now, and where."""

import json
from collections.abc import Iterator, Sequence
from contextlib import contextmanager

from filelock import FileLock, Timeout

from recovery.errors import LockedError
from recovery.home.disk import private_folder, write_private
from recovery.home.folder import Home
from recovery.words.say import say


@contextmanager
def served_at(home: Home, addresses: Sequence[str]) -> Iterator[None]:
    """Notes the addresses for as long as this lasts. Raises LockedError where another process serves the home."""
    private_folder(home.private)
    lock = FileLock(home.served_lock, mode=0o600)
    try:
        lock.acquire(timeout=0)
    except Timeout:
        raise LockedError(
            say("The pages of {folder} are served already, at {address}.", folder=home.folder, address=_told(home)),
            say("Open them with: recovery open --home {folder}", folder=home.folder),
        ) from None
    try:
        write_private(home.served, json.dumps(list(addresses)))
        yield
    finally:
        home.served.unlink(missing_ok=True)
        lock.release()


def addresses(home: Home) -> list[str]:
    """The addresses of the live page, loopback first; [] where it is not served."""
    if not home.served_lock.exists():
        return []
    try:
        with FileLock(home.served_lock, mode=0o600).acquire(timeout=0):
            return []
    except (Timeout, OSError):
        return _read(home)


def own_address(home: Home) -> str:
    """The address for a browser of this computer; '' where nothing is served. A certificate is for a name."""
    found = addresses(home)
    is_named = len(found) > 1 and found[0].startswith("https:")
    return found[1] if is_named else next(iter(found), "")


def _read(home: Home) -> list[str]:
    try:
        return [str(address) for address in json.loads(home.served.read_text(encoding="utf-8"))]
    except (OSError, ValueError, TypeError):
        return []


def _told(home: Home) -> str:
    return next(iter(_read(home)), say("an unknown address"))
