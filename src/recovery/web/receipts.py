"""What became of a person's files: what waits for a run, and the receipts of what is published."""

from collections import Counter
from collections.abc import Collection
from pathlib import Path
from typing import NamedTuple

from recovery.home.settings import OWNER, Settings
from recovery.inbox.archives import MEMBER
from recovery.web.arriving import folder_of
from recovery.web.snapshot import Snapshots
from recovery.words import web as words

SHOWN = 200  # files; the database has all


class FileReceipt(NamedTuple):
    """A dropped file and what became of it."""

    path: str  # below the inbox
    sentence: str


def receipts_of(snapshots: Snapshots, person: str) -> list[FileReceipt]:
    """The receipts of a person's files, those sent last first; [] where nothing is published."""
    rows = snapshots.asked(
        "select path, status, coalesce(rows, 0), coalesce(message, '') from files"
        " where coalesce(subject, ?) = ? order by path desc",
        [OWNER, person],
    )
    settings = snapshots.site.settings()
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
    for root in dict.fromkeys([*roots, *members]):
        name = Path(root).name
        if root in members:
            found.append(FileReceipt(root, words.archive_receipt(name, members[root])))
        else:
            found.append(FileReceipt(root, words.file_receipt(name, *roots[root])))
        if len(found) == SHOWN:
            break
    return found


def arrived_files(settings: Settings, person: str, known: Collection[str]) -> list[str]:
    """The names of files that were sent and that no run has looked at yet, newest first."""
    folder = folder_of(settings, person)
    paths = [path for path in sorted(folder.glob("*/*"), reverse=True)[:SHOWN] if not path.name.startswith(".")]
    return [path.name for path in paths if path.relative_to(settings.home.inbox).as_posix() not in known]
