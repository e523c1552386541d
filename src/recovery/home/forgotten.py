"""What was forgotten, as keyed hashes: it is recognised when it comes back, and nobody reads a name in it.

The key lies in the home, for its owner alone. Without it nothing that was forgotten is recognised any more.
"""

import hashlib
import hmac
import secrets
from pathlib import Path

from recovery.home.disk import write_private

PREFIX = "forgotten:"  # begins the path of a receipt that names no file
KEY_BYTES = 32
DIGITS = 32  # of a keyed hash, hexadecimal


def key_at(path: Path) -> bytes:
    """The key of a home; made where it is missing."""
    if not path.is_file():
        write_private(path, secrets.token_bytes(KEY_BYTES))
    return path.read_bytes()


def content_hash(key: bytes, subject: str, sha256: str) -> str:
    """Stands for a content of a person."""
    return _hash(key, "content", subject, sha256)


def person_hash(key: bytes, subject: str) -> str:
    """Stands for a person of whom everything was forgotten."""
    return _hash(key, "person", subject)


def hidden_path(key: bytes, path: str, member: str) -> str:
    """Stands for a path of the inbox in its receipt; of a member of an archive (after `member`), its name alone."""
    archive, separator, _ = path.rpartition(member)
    return f"{archive}{separator}{PREFIX}{_hash(key, 'path', path)}"


def is_hidden(path: str) -> bool:
    """True for what `hidden_path` gives."""
    return PREFIX in path


def _hash(key: bytes, *parts: str) -> str:
    return hmac.new(key, "\0".join(parts).encode(), hashlib.sha256).hexdigest()[:DIGITS]
