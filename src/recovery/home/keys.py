"""Keys of the live page: who comes with one is somebody, for some people, until it lapses or is revoked.

Three kinds: a *key* travels in the header `Authorization` of an app; a *code* is good for one visit within minutes, and
is exchanged for a *session*, which a browser keeps as a cookie. Each is a random secret, of which the home holds the
SHA-256 alone: 256 random bits need no slower hash.
"""

import hashlib
import json
import secrets
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from typing import NamedTuple

from filelock import FileLock, Timeout

from recovery.errors import HomeError, RecoveryError
from recovery.home.disk import private_folder, write_private
from recovery.home.folder import Home
from recovery.vocabulary.roles import Role
from recovery.words.say import say

KEY, CODE, SESSION = "key", "code", "session"
CODE_LASTS = timedelta(minutes=10)
SESSION_LASTS = timedelta(days=180)
MOST_SESSIONS = 200  # of a home; the oldest goes
LOCK_S = 10.0  # a change takes milliseconds
LONGEST_SECRET = 200  # characters; what is longer is none of ours


class KeyRefusedError(RecoveryError):
    """There is no such key, or it cannot be made."""


class Key(NamedTuple):
    """One key, code or session, without its secret."""

    id: str
    kind: str
    role: Role
    people: tuple[str, ...]  # () = everybody, of the owner alone
    note: str
    made: datetime
    until: datetime | None
    sha256: str
    used: str = ""  # the last date on which it was shown, UTC

    def is_for(self, person: str) -> bool:
        """Whether it opens what is that person's."""
        return self.role is Role.OWNER or person in self.people

    def is_over(self, now: datetime) -> bool:
        """Whether its time is up."""
        return self.until is not None and self.until <= now


def digest(secret: str) -> str:
    """What the home holds of a secret."""
    return hashlib.sha256(secret.encode()).hexdigest()


def known(home: Home) -> list[Key]:
    """All keys, codes and sessions in the order in which they were made; HomeError where they cannot be read."""
    try:
        text = home.keys.read_bytes()
    except FileNotFoundError:
        return []
    except OSError as error:
        raise HomeError(say("{path} cannot be read: {error}.", path=home.keys, error=error.strerror)) from None
    try:
        return [_from_json(one) for one in json.loads(text)]
    except (ValueError, KeyError, TypeError, RecursionError):
        raise HomeError(
            say("{path} is damaged: it does not hold keys.", path=home.keys),
            say("Delete it and make the keys anew: recovery keys add"),
        ) from None


def make(
    home: Home,
    kind: str,
    role: Role,
    people: Sequence[str] = (),
    note: str = "",
    lasts: timedelta | None = None,
) -> tuple[Key, str]:
    """A new key and its secret, which is nowhere kept: whoever asks shows it once.

    Raises KeyRefusedError where the people do not fit the role: none for the owner, one for an app or a calendar.
    """
    wanted = {Role.OWNER: (0, 0), Role.THERAPIST: (1, 1000)}.get(role, (1, 1))
    if not wanted[0] <= len(people) <= wanted[1]:
        raise KeyRefusedError(
            say("A key of the role {role} cannot be for {count} people.", role=role, count=len(people)),
            say("The owner's is for everybody, a therapist's for those named, others' for one person."),
        )
    with _changing(home) as keys:
        key, secret = _made(kind, role, tuple(people), note, lasts)
        keys.append(key)
    return key, secret


def exchange(home: Home, code: str, now: datetime | None = None) -> tuple[Key, str] | None:
    """The session that a one-time code gives, with its secret; None for a wrong, used or lapsed code."""
    now, wanted = now or datetime.now(UTC), digest(code[:LONGEST_SECRET])
    with _changing(home) as keys:
        found = next((key for key in keys if key.kind == CODE and key.sha256 == wanted), None)
        if found is None or found.is_over(now):
            return None
        keys.remove(found)
        session, secret = _made(SESSION, found.role, found.people, found.note, SESSION_LASTS)
        keys.append(session)
        sessions = [key for key in keys if key.kind == SESSION]
        for old in sessions[: max(0, len(sessions) - MOST_SESSIONS)]:
            keys.remove(old)
    return session, secret


def note_use(home: Home, key_id: str, day: str) -> None:
    """Notes the date on which a key was last shown."""
    with _changing(home) as keys:
        keys[:] = [key._replace(used=day) if key.id == key_id else key for key in keys]


def revoke(home: Home, key_id: str) -> Key:
    """Takes a key away; it opens nothing from now on. Raises KeyRefusedError where there is none of that name."""
    with _changing(home) as keys:
        found = next((key for key in keys if key.id == key_id), None)
        if found is None:
            raise KeyRefusedError(say("There is no key {key_id}.", key_id=key_id), say("See: recovery keys list"))
        keys.remove(found)
    return found


def revoke_person(home: Home, person: str) -> None:
    """Takes away all keys of one person; a therapist's key stays for the others it is for."""
    if not home.keys.exists():
        return
    with _changing(home) as keys:
        left = [key._replace(people=tuple(name for name in key.people if name != person)) for key in keys]
        keys[:] = [key for key in left if key.people or key.role is Role.OWNER]


@contextmanager
def _changing(home: Home) -> Iterator[list[Key]]:
    """The keys, written anew at the end; those that lapsed go."""
    private_folder(home.private)
    try:
        with FileLock(home.keys_lock, mode=0o600).acquire(timeout=LOCK_S):
            keys = known(home)
            yield keys
            now = datetime.now(UTC)
            write_private(home.keys, json.dumps([_to_json(key) for key in keys if not key.is_over(now)], indent=1))
    except Timeout:
        raise HomeError(say("The keys are being written by another command."), say("Try again.")) from None


def _made(kind: str, role: Role, people: tuple[str, ...], note: str, lasts: timedelta | None) -> tuple[Key, str]:
    secret, now = secrets.token_urlsafe(32), datetime.now(UTC)
    until = now + lasts if lasts else None
    return Key(secrets.token_hex(4), kind, role, people, note, now, until, digest(secret)), secret


def _to_json(key: Key) -> dict[str, object]:
    return key._asdict() | {"made": key.made.isoformat(), "until": key.until.isoformat() if key.until else None}


def _from_json(found: dict[str, str]) -> Key:
    return Key(
        str(found["id"]),
        str(found["kind"]),
        Role(found["role"]),
        tuple(map(str, found["people"])),
        str(found["note"]),
        _moment(found["made"]),
        _moment(found["until"]) if found["until"] else None,
        str(found["sha256"]),
        str(found["used"]),
    )


def _moment(told: str) -> datetime:
    found = datetime.fromisoformat(told)
    if found.tzinfo is None:
        raise ValueError(told)
    return found
