"""What a look at the inbox yields: items for readers, receipts for what needs no reading, and what changed."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

import pyarrow as pa

from recovery.formats.entries import Entry
from recovery.home.settings import Settings
from recovery.inbox.archives import ArchivePool, Content
from recovery.inbox.walk import Found
from recovery.inbox.worker import Worker
from recovery.words.terminal import printable

READ = ("loaded", "partial")


class Receipt(NamedTuple):
    """A row of raw.files that needs no reading."""

    path: str
    sha256: str | None
    bytes: int | None
    mtime_ns: int | None
    format: str | None
    subject: str
    status: str
    message: str


class Item(NamedTuple):
    """A file or member that is to be read."""

    entry: Entry
    sha256: str
    dropped: Found  # the file itself, or the archive it lies in
    subject: str
    reader: str

    @property
    def mtime_ns(self) -> int | None:
        """Of a dropped file; None for members."""
        return self.dropped.mtime_ns if self.dropped.path == self.entry.path else None

    @property
    def delivery(self) -> int:
        return delivery_of(self.sha256)


class Known(NamedTuple):
    """What raw.files says of a path."""

    path: str
    sha256: str | None
    subject: str | None
    status: str
    format: str | None
    reader_version: int | None
    zones: str | None
    message: str | None
    bytes: int | None
    mtime_ns: int | None
    is_gone: bool


@dataclass(frozen=True)
class Look:
    """What one look at the inbox found."""

    reads: tuple[Item, ...] = ()
    receipts: tuple[Receipt, ...] = ()
    archives: tuple[Receipt, ...] = ()  # opened now; their status follows from that of their members
    new_originals: tuple[tuple[Receipt, str], ...] = ()  # the new original of a content, the path of the former one
    restamped: tuple[tuple[str, int, int], ...] = ()  # (path, size, mtime_ns): another time, the same content
    unmapped: tuple[tuple[str, int], ...] = ()  # (subject, delivery) of tables that recovery.toml no longer maps
    obsolete: tuple[str, ...] = ()  # paths whose receipts are deleted: removed logs, and removed files without data
    absent_members: tuple[tuple[str, bool], ...] = ()  # members that left their archive (True) or are back (False)
    removed: tuple[str, ...] = ()  # dropped files that are no longer in the inbox, whenever they left
    waiting: tuple[str, ...] = ()  # files that are still arriving
    readers_fingerprint: str = ""  # of the readers that were asked
    pool: ArchivePool | None = field(default=None, repr=False, compare=False)
    worker: Worker | None = field(default=None, repr=False, compare=False)  # holds the entries by path

    @property
    def is_quiet(self) -> bool:
        """True if nothing is to be read or noted."""
        found = (
            self.reads, self.receipts, self.archives, self.new_originals, self.restamped, self.obsolete,
            self.absent_members,
        )  # fmt: skip
        return not any(found)

    def close(self) -> None:
        """Ends the worker and closes the archives that were opened."""
        if self.worker:
            self.worker.close()
        if self.pool:
            self.pool.close()


def delivery_of(sha256: str) -> int:
    """What names a content in the raw tables: the first 64 bits of its hash."""
    return int(sha256[:16], 16)


class Opened(NamedTuple):
    """A file or member that was read through now."""

    content: Content
    subject: str
    dropped: Found

    @property
    def mtime_ns(self) -> int | None:
        """Of a dropped file; None for members."""
        return self.dropped.mtime_ns if self.dropped.path == self.path else None

    @property
    def path(self) -> str:
        return self.content.entry.path

    @property
    def sha256(self) -> str:
        return self.content.sha256 or ""

    def receipt(self, status: str, message: str, reader: str | None = None) -> Receipt:
        """Its receipt, with the reader that claims it."""
        content = self.content
        size = None if content.entry.size < 0 else content.entry.size  # of a damaged .gz nobody knows it
        said = printable(message)  # it may quote the file
        return Receipt(self.path, content.sha256, size, self.mtime_ns, reader, self.subject, status, said)


def columns_of(receipts: Sequence[Receipt]) -> dict[str, pa.Array]:
    """Receipts as columns with the types of `raw.files`."""
    kinds = {"bytes": pa.uint64(), "mtime_ns": pa.int64()}
    return {
        name: pa.array([getattr(receipt, name) for receipt in receipts], kinds.get(name, pa.string()))
        for name in Receipt._fields
    }


def receipt_of(settings: Settings, file: Found, status: str, message: str) -> Receipt:
    """The receipt of a dropped file that was not opened."""
    subject = settings.subject_of(file.path)
    return Receipt(file.path, None, file.size, file.mtime_ns, None, subject, status, message)
