"""From files to Parquet: a pack of files of one reader and one person is read and written below `.recovery/staged`.

A pack's folder is named for all that its records depend on and appears whole or not at all. What was staged before a
crash is not read again. `load` removes a folder once its rows are in the database; nothing is kept twice.
"""

import hashlib
import logging
import shutil
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import NamedTuple

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from recovery.errors import HomeError, UnreadableExportError
from recovery.formats.entries import context_of
from recovery.formats.records import SCHEMAS, Batch, FileSummary, Skipped
from recovery.home.disk import full_disk_is_plain, is_full, private_folder, sync
from recovery.home.settings import Settings
from recovery.inbox.fingerprints import settings_fingerprint
from recovery.inbox.look import is_unchanged
from recovery.inbox.receipts import Item, Look
from recovery.inbox.walk import ChangedError
from recovery.loading.plausible import Guard
from recovery.loading.watched import Watch, watched
from recovery.readers import readers
from recovery.words.say import say

log = logging.getLogger(__name__)

MAX_FILES = 4000
MAX_BYTES = 64 << 20
ROWS_PER_WRITE = 1 << 17
MAX_SKIPPED_PER_FILE = 1000  # a damaged file of millions of rows says so often enough
MAX_VALUE_CHARACTERS = 200
CHANGED = say("changed while it was being read: the next run reads it")

FILES = pa.schema(
    [
        pa.field("file", pa.int32(), nullable=False),
        pa.field("exported_utc", pa.timestamp("us")),
        pa.field("message", pa.string()),
        pa.field("is_partial", pa.bool_()),
        pa.field("log_kind", pa.string()),
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
    groups: dict[tuple[str, str], list[Item]] = {}
    for item in look.reads:
        groups.setdefault((item.reader, item.subject), []).append(item)
    found = [
        _pack(settings, reader, subject, items)
        for (reader, subject), group in sorted(groups.items())
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
    if watch:
        pack = pack._replace(items=tuple(item._replace(entry=watched(item.entry, watch)) for item in pack.items))
    with full_disk_is_plain(settings.home.folder, sum(item.entry.size for item in pack.items)):
        try:
            _write(settings, pack, partial)
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
    zones = settings_fingerprint(settings, subject, reader)
    digest = hashlib.sha256(f"{len(SKIPPED)} {reader} {readers()[reader].VERSION} {subject} {zones}".encode())
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


def _write(settings: Settings, pack: Pack, folder: Path) -> None:
    """Reads the whole pack at once; where one file fails, file by file, so that the others are not lost."""
    private_folder(folder.parent)
    notes = _Notes()
    try:
        _read(settings, pack, range(len(pack.items)), _fresh(folder), notes)
    except _FileFailure as failure:
        if len(pack.items) == 1:
            notes = _Notes(failures={0: failure})
            _fresh(folder)
        else:
            notes = _one_by_one(settings, pack, folder)
    notes.write(folder, len(pack.items))


def _one_by_one(settings: Settings, pack: Pack, folder: Path) -> "_Notes":
    notes = _Notes()
    _fresh(folder)
    for number in range(len(pack.items)):
        attempt = folder / f"{number}"
        of_one = _Notes()
        try:
            _read(settings, pack, range(number, number + 1), _fresh(attempt), of_one)
        except _FileFailure as failure:
            notes.failures[number] = failure
            shutil.rmtree(attempt)
            continue
        for path in attempt.iterdir():
            path.rename(folder / f"{path.stem}-{number}.parquet")
        attempt.rmdir()
        notes.summaries |= of_one.summaries
        notes.skipped += of_one.skipped
    return notes


class _FileFailure(Exception):  # noqa: N818 - about a file, not an error of the program
    """A file that cannot be read at all: the sentence for its receipt."""

    def __init__(self, sentence: str, *, is_waiting: bool = False) -> None:
        super().__init__(sentence)
        self.is_waiting = is_waiting


@dataclass
class _Notes:
    """What is to be said of the files of a pack, beside their records."""

    summaries: dict[int, FileSummary] = field(default_factory=dict)
    skipped: list[Skipped] = field(default_factory=list)
    skipped_counts: dict[int, int] = field(default_factory=dict)
    failures: dict[int, _FileFailure] = field(default_factory=dict)

    def skip(self, row: Skipped) -> None:
        count = self.skipped_counts[row.file] = self.skipped_counts.get(row.file, 0) + 1
        if count < MAX_SKIPPED_PER_FILE:
            self.skipped.append(row._replace(value=str(row.value)[:MAX_VALUE_CHARACTERS]))
        elif count == MAX_SKIPPED_PER_FILE:
            self.skipped.append(
                Skipped(row.file, "", say("more rows of this file could not be read; they are not listed"))
            )

    def write(self, folder: Path, count: int) -> None:
        nothing = FileSummary(0)
        rows = [
            {
                "file": number,
                "exported_utc": self.summaries.get(number, nothing).exported_utc,
                "message": self.summaries.get(number, nothing).message,
                "is_partial": self.summaries.get(number, nothing).is_partial,
                "log_kind": self.summaries.get(number, nothing).log_kind,
                "failure": str(self.failures[number]) if number in self.failures else None,
                "is_waiting": number in self.failures and self.failures[number].is_waiting,
            }
            for number in range(count)
        ]
        _save(pa.Table.from_pylist(rows, schema=FILES), folder / "files.parquet")
        skipped = [row._asdict() for row in self.skipped]
        _save(pa.Table.from_pylist(skipped, schema=SKIPPED), folder / "skipped.parquet")


def _read(settings: Settings, pack: Pack, numbers: range, folder: Path, notes: _Notes) -> None:
    """Reads some files of a pack; raises _FileFailure where one of them stops it."""
    items = [pack.items[number] for number in numbers]
    context = context_of(settings, pack.subject)
    guard = Guard()
    with _Tables(folder, guard) as tables:
        try:
            for found in readers()[pack.reader].read([item.entry for item in items], context):
                if isinstance(found, Batch):
                    tables.add(found, numbers.start)
                elif isinstance(found, Skipped):
                    notes.skip(found._replace(file=found.file + numbers.start))
                else:
                    notes.summaries[found.file + numbers.start] = found
            tables.flush()
            for row in guard.skipped():
                notes.skip(row._replace(file=row.file + numbers.start))
        except ChangedError as error:
            raise _FileFailure(str(error), is_waiting=True) from error
        except UnreadableExportError as error:
            raise _FileFailure(str(error)) from error
        except HomeError:
            raise
        except Exception as error:
            if _is_of_this_machine(error):
                raise
            if not is_unchanged(items):
                raise _FileFailure(CHANGED, is_waiting=True) from error
            if len(items) == 1:
                log.exception("reader %s failed over %s", pack.reader, items[0].entry.path)
            raise _FileFailure(
                f"The reader {pack.reader} failed over this file ({type(error).__name__}). That is our fault, not"
                " yours: the log in .recovery/logs says where; please report it."
            ) from error
    if not is_unchanged(items):
        raise _FileFailure(CHANGED, is_waiting=True)


def _is_of_this_machine(error: Exception) -> bool:
    """True if the disk or the memory failed, not the file."""
    return is_full(error) or isinstance(error, MemoryError)


class _Tables:
    """One growing Parquet file per record type."""

    def __init__(self, folder: Path, guard: Guard) -> None:
        self.folder = folder
        self.guard = guard
        self.writers: dict[str, pq.ParquetWriter] = {}
        self.waiting: dict[str, list[pa.Table]] = {}

    def __enter__(self) -> "_Tables":
        return self

    def __exit__(self, *_: object) -> None:
        for writer in self.writers.values():
            writer.close()

    def add(self, batch: Batch, first: int) -> None:
        """Keeps a batch until there are rows enough for a write; `first` is added to its `file`."""
        if not batch.table.schema.equals(SCHEMAS[batch.record]):
            raise TypeError(f"a batch of {batch.record} has the columns {batch.table.schema}")
        table = self.guard.pass_through(batch).table
        if not table.num_rows:
            return
        if first:
            numbers = pc.add(table["file"], pa.scalar(first, pa.int32()))
            table = table.set_column(0, table.schema.field("file"), numbers)
        waiting = self.waiting.setdefault(batch.record, [])
        waiting.append(table)
        if sum(kept.num_rows for kept in waiting) >= ROWS_PER_WRITE:
            self.put(batch.record)

    def flush(self) -> None:
        for record in self.waiting:
            self.put(record)

    def put(self, record: str) -> None:
        if not self.waiting[record]:
            return
        if record not in self.writers:
            path = self.folder / f"{record}.parquet"
            self.writers[record] = pq.ParquetWriter(path, SCHEMAS[record], compression="zstd", compression_level=1)
        self.writers[record].write_table(pa.concat_tables(self.waiting[record]))
        self.waiting[record] = []


def _fresh(folder: Path) -> Path:
    """The folder, empty."""
    shutil.rmtree(folder, ignore_errors=True)
    return private_folder(folder)


def _save(table: pa.Table, path: Path) -> None:
    pq.write_table(table, path, compression="zstd")
