"""What became of each of a person's files, in plain words."""

from collections import Counter
from collections.abc import Iterable
from pathlib import Path
from typing import NamedTuple

import duckdb

from recovery.home.settings import OWNER, Settings
from recovery.inbox.archives import MEMBER
from recovery.words.web import archive_receipt, file_receipt

SHOWN = 200  # files; the database has all
ROWS = (  # of a person; paths of folders that are sent begin with their time, so those come in the order of sending
    "select path, status, coalesce(rows, 0), coalesce(message, '') from files"
    f" where coalesce(subject, '{OWNER}') = ? order by path desc"
)


class FileReceipt(NamedTuple):
    """A dropped file and what became of it."""

    path: str  # below the inbox
    sentence: str


def file_receipts(connection: duckdb.DuckDBPyConnection, settings: Settings, person: str) -> list[FileReceipt]:
    """The receipts of a person's files, those sent last first; members of an archive are counted in its receipt."""
    return receipts_from(connection.execute(ROWS, [person]).fetchall(), settings, person)


def receipts_from(rows: Iterable[tuple[str, str, int, str]], settings: Settings, person: str) -> list[FileReceipt]:
    """The receipts of what `ROWS` selects; of files that lie with the person."""
    members: dict[str, Counter[str]] = {}
    roots: dict[str, tuple[str, int, str]] = {}
    for path, status, count, message in rows:
        root, member, _ = path.partition(MEMBER)
        if settings.subject_of(root) != person:
            continue
        if member:
            members.setdefault(root, Counter())[status] += 1
        else:
            roots[root] = (status, count, message)
    found = []
    for root in list(dict.fromkeys([*roots, *members]))[:SHOWN]:
        name = Path(root).name
        told = archive_receipt(name, members[root]) if root in members else file_receipt(name, *roots[root])
        found.append(FileReceipt(root, told))
    return found
