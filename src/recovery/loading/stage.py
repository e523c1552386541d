"""From files to Parquet: a pack of files of one reader and one person is read and written below `.recovery/staged`.

A pack's folder is named for all that its records depend on and appears whole or not at all. What was staged before a
crash is not read again. `load` removes a folder once its rows are in the database; nothing is kept twice.
"""

import hashlib
import logging
import shutil
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

import pyarrow as pa
import pyarrow.parquet as pq

from recovery.formats.records import FileSummary, Skipped
from recovery.home import stop
from recovery.home.disk import full_disk_is_plain, private_folder, sync
from recovery.home.settings import Settings
from recovery.inbox.fingerprints import file_fingerprint, mends_digest
from recovery.inbox.look import is_unchanged
from recovery.inbox.receipts import Item, Look
from recovery.inbox.worker import StoppedError, Worker, budget_of
from recovery.loading.read_files import Failure, Notes, Request, read_files
from recovery.loading.watched import Watch
from recovery.readers import readers
from recovery.words.say import say

log = logging.getLogger(__name__)

MAX_FILES = 4000
MAX_BYTES = 64 << 20
CHANGED = say("changed while it was being read: the next run reads it")

FILES = pa.schema(
    [
        pa.field("file", pa.int32(), nullable=False),
        pa.field("exported_utc", pa.timestamp("us")),
        pa.field("message", pa.string()),
        pa.field("is_partial", pa.bool_()),
        pa.field("log_kind", pa.string()),
        pa.field("asked", pa.string()),
        pa.field("failure", pa.string()),  # why nothing of it could be read
        pa.field("is_waiting", pa.bool_()),  # it changed meanwhile and is read next time
    ]
)
SKIPPED = pa.schema(
    [
        pa.field("file", pa.int32(), nullable=False),
        pa.field("place", pa.string()),
        pa.field("reason", pa.string(), nullable=False),
        pa.field("value", pa.string()),
        pa.field("is_kept", pa.bool_()),
        pa.field("again_utc", pa.timestamp("us")),
        pa.field("is_unclear", pa.bool_()),  # on one of these dates there may have been a massage
        pa.field("first_date", pa.date32()),
        pa.field("last_date", pa.date32()),
        pa.field("person", pa.string()),
        pa.field("stands_for", pa.int64(), nullable=False),  # of rows or samples that it stands for; 0 = itself
    ]
)
REMOVED = pa.schema(
    [
        pa.field("file", pa.int32(), nullable=False),
        pa.field("source", pa.string()),
        pa.field("metric", pa.string(), nullable=False),
        pa.field("local_date", pa.date32()),
        pa.field("fate", pa.string(), nullable=False),
        pa.field("reason", pa.string(), nullable=False),
        pa.field("records", pa.int64(), nullable=False),
        pa.field("amount", pa.float64(), nullable=False),
    ]
)


class Pack(NamedTuple):
    """Files of one reader and one person that are read together."""

    key: str
    reader: str
    subject: str
    zones: str | None  # of recovery.toml; NULL where the reader does not use local time
    items: tuple[Item, ...]

    @property
    def version(self) -> int:
        return readers()[self.reader].VERSION


def packs(settings: Settings, look: Look) -> list[Pack]:
    """The files to read, in packs of bounded size; what was staged for other packs is removed."""
    groups: dict[tuple[str, str, str], list[Item]] = {}
    for item in look.reads:
        mends = mends_digest(settings, item.reader, item.entry.path)
        groups.setdefault((item.reader, item.subject, mends), []).append(item)
    found = [
        _pack(settings, reader, subject, items)
        for (reader, subject, _), group in sorted(groups.items())
        for items in _cut(group)
    ]
    keys = {pack.key for pack in found}
    if settings.home.staging.is_dir():
        for folder in settings.home.staging.iterdir():
            if folder.name not in keys:
                shutil.rmtree(folder)
    return found


def stage(settings: Settings, look: Look, pack: Pack, watch: Watch | None = None) -> Path:
    """The folder with the records of a pack as Parquet, one file per record type, and what is to be said of its files.

    `watch` hears how many bytes more were read, for a bar with the time that is left.
    Raises HomeError where the disk is full; a file that cannot be read has its reason in `files.parquet`.
    """
    folder = settings.home.staging / pack.key
    if folder.is_dir():
        return folder
    partial = folder.with_name(f"{pack.key}.partial")
    worker = look.worker or Worker({item.entry.path: item.entry for item in pack.items})
    with full_disk_is_plain(settings.home.folder, sum(item.entry.size for item in pack.items)):
        try:
            private_folder(partial.parent)
            _Staging(settings, pack, worker, _fresh(partial), watch).perform()
            stop.check()  # a reader may have taken it for an error of the file
            for path in partial.iterdir():
                sync(path)
            sync(partial)
            partial.rename(folder)
            sync(folder.parent)
        except BaseException:
            shutil.rmtree(partial, ignore_errors=True)
            raise
    return folder


def _pack(settings: Settings, reader: str, subject: str, items: Sequence[Item]) -> Pack:
    zones = file_fingerprint(settings, subject, reader, items[0].entry.path)  # the same of all of them
    digest = hashlib.sha256(
        f"{len(SKIPPED)} {len(REMOVED)} {reader} {readers()[reader].VERSION} {subject} {zones}".encode()
    )
    for item in items:
        digest.update(f"\0{item.sha256} {item.entry.path}".encode())
    return Pack(digest.hexdigest()[:32], reader, subject, zones, tuple(items))


def _cut(items: Iterable[Item]) -> Iterator[list[Item]]:
    """Runs of items, each short and small; one big file stands alone."""
    run: list[Item] = []
    size = 0
    for item in items:
        if run and (len(run) == MAX_FILES or size + item.entry.size > MAX_BYTES):
            yield run
            run, size = [], 0
        run.append(item)
        size += item.entry.size
    if run:
        yield run


class _Staging:
    """Reads a pack as a whole; where that fails, without the files over which it does."""

    def __init__(self, settings: Settings, pack: Pack, worker: Worker, folder: Path, watch: Watch | None) -> None:
        self.settings = settings
        self.pack = pack
        self.worker = worker
        self.folder = folder
        self.watch = watch
        self.notes = Notes()
        self.failures: dict[int, Failure] = {}

    def perform(self) -> None:
        """Writes the records of all files that can be read, and what is to be said of each."""
        parts = [list(range(len(self.pack.items)))]
        while parts:
            part = parts.pop(0)
            found = self._read(part)
            if isinstance(found, Failure):
                parts[:0] = self._without_culprit(part, found)
        self._write_notes()

    def _without_culprit(self, part: list[int], failure: Failure) -> list[list[int]]:
        """What is left to be read of a part that failed: what lies around the file that fails alone, or two halves."""
        changed = [number for number in part if not is_unchanged([self.pack.items[number]])]
        if changed:
            self.failures |= dict.fromkeys(changed, Failure(CHANGED, is_waiting=True))
            return _not_empty([[number for number in part if number not in set(changed)]])
        if len(part) == 1:
            self.failures[part[0]] = failure
            return []
        if failure.suspect is None:
            return [part[: len(part) // 2], part[len(part) // 2 :]]
        before, suspect, after = part[: failure.suspect], part[failure.suspect], part[failure.suspect + 1 :]
        found = self._read([suspect])
        if isinstance(found, Failure):
            self.failures[suspect] = found
            return _not_empty([before, after])
        rest = before + after
        return _not_empty([rest[: len(rest) // 2], rest[len(rest) // 2 :]])

    def _read(self, part: list[int]) -> Notes | Failure:
        """Reads some files together; their records are kept only where all could be read and none changed meanwhile."""
        items = [self.pack.items[number] for number in part]
        folder = _fresh(self.folder / "part")
        request = Request(
            self.pack.reader, self.pack.subject, [item.entry.path for item in items], part, folder, bool(self.watch)
        )
        budget = budget_of(len(items), sum(item.entry.size for item in items))
        found: Notes | Failure
        try:
            found = self.worker.call(read_files, self.settings, request, budget=budget, hear=self.watch or _nobody)
        except StoppedError as error:
            log.error("%s over %s: stopped (%s)", self.pack.reader, _named(items), error.why)
            found = Failure(error.sentence, is_waiting=error.why == "silence")
        if isinstance(found, Notes) and not is_unchanged(items):
            found = Failure(CHANGED, is_waiting=True)
        if isinstance(found, Notes):
            suffix = "" if len(part) == len(self.pack.items) else f"-{part[0]}"
            for path in folder.iterdir():
                path.rename(self.folder / f"{path.stem}{suffix}.parquet")
            self.notes.summaries |= found.summaries
            self.notes.skipped += found.skipped
            self.notes.unlisted |= found.unlisted
            self.notes.removed |= found.removed
        shutil.rmtree(folder)
        return found

    def _write_notes(self) -> None:
        nothing = FileSummary(0)
        rows = [
            {
                "file": number,
                "exported_utc": self.notes.summaries.get(number, nothing).exported_utc,
                "message": self.notes.summaries.get(number, nothing).message,
                "is_partial": self.notes.summaries.get(number, nothing).is_partial,
                "log_kind": self.notes.summaries.get(number, nothing).log_kind,
                "asked": self.notes.summaries.get(number, nothing).asked or None,
                "failure": self.failures[number].sentence if number in self.failures else None,
                "is_waiting": number in self.failures and self.failures[number].is_waiting,
            }
            for number in range(len(self.pack.items))
        ]
        _save(pa.Table.from_pylist(rows, schema=FILES), self.folder / "files.parquet")
        skipped = [_as_columns(row) for row in (*self.notes.skipped, *self.notes.unlisted.values())]
        _save(pa.Table.from_pylist(skipped, schema=SKIPPED), self.folder / "skipped.parquet")
        removed = [
            {**kind._asdict(), "records": records, "amount": amount}
            for kind, (records, amount) in self.notes.removed.items()
        ]
        _save(pa.Table.from_pylist(removed, schema=REMOVED), self.folder / "removed.parquet")


def _as_columns(row: Skipped) -> dict[str, object]:
    """One row of `skipped.parquet`."""
    return {
        "file": row.file,
        "place": row.place,
        "reason": row.reason,
        "value": row.value,
        "is_kept": row.is_kept,
        "again_utc": row.again_utc,
        "is_unclear": row.unknown is not None,
        "first_date": row.unknown and row.unknown.first,
        "last_date": row.unknown and row.unknown.last,
        "person": row.person,
        "stands_for": row.stands_for,
    }


def _not_empty(parts: list[list[int]]) -> list[list[int]]:
    return [part for part in parts if part]


def _named(items: Sequence[Item]) -> str:
    return items[0].entry.path if len(items) == 1 else f"{len(items)} files"


def _nobody(_bytes: int) -> None:
    """Hears how much was read where nobody asks."""


def _fresh(folder: Path) -> Path:
    """The folder, empty."""
    shutil.rmtree(folder, ignore_errors=True)
    return private_folder(folder)


def _save(table: pa.Table, path: Path) -> None:
    pq.write_table(table, path, compression="zstd")
