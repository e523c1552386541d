"""The part of staging that runs in the worker: some files of one reader and one person become Parquet."""

import logging
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import BinaryIO, NamedTuple

import pyarrow as pa
import pyarrow.parquet as pq

from recovery.errors import HomeError, UnreadableExportError
from recovery.formats.entries import Entry, context_of
from recovery.formats.records import LOGGED, SCHEMAS, Batch, Dates, Earliest, FileSummary, Removed, Skipped
from recovery.formats.resaved import message_of
from recovery.home.disk import is_full
from recovery.home.settings import Settings
from recovery.inbox.walk import ChangedError
from recovery.inbox.worker import Tell
from recovery.loading.plausible import Guard
from recovery.loading.watched import watched
from recovery.readers import readers, shown_as, table_form
from recovery.words.say import say
from recovery.words.terminal import printable

log = logging.getLogger(__name__)

ROWS_PER_WRITE = 1 << 17
MAX_SKIPPED_PER_FILE = 1000  # a damaged file of millions of rows says so often enough
MAX_VALUE_CHARACTERS = 200
PERSON = pa.field("person", pa.string())  # of the rows of logs; '' = whose folder the file lies in


class Failure(NamedTuple):
    """Why some files cannot be read: the sentence for the receipt of the one that it is about."""

    sentence: str
    is_waiting: bool = False  # it changed meanwhile and is read next time
    suspect: int | None = None  # the file that was opened last


@dataclass
class Notes:
    """What is to be said of files by their number, beside their records."""

    summaries: dict[int, FileSummary] = field(default_factory=dict)
    skipped: list[Skipped] = field(default_factory=list)
    skipped_counts: dict[int, int] = field(default_factory=dict)
    unlisted: dict[int, Skipped] = field(default_factory=dict)  # what stands for all further rows of a file
    removed: dict[Removed, tuple[int, float]] = field(default_factory=dict)  # records and amount, by all else

    def remove(self, row: Removed) -> None:
        """Adds to what was left out of the same file, source, metric and date for the same reason."""
        kind = row._replace(records=0, amount=0.0, reason=printable(row.reason), source=printable(row.source))
        records, amount = self.removed.get(kind, (0, 0.0))
        self.removed[kind] = (records + row.records, amount + row.amount)

    def skip(self, row: Skipped) -> None:
        count = self.skipped_counts[row.file] = self.skipped_counts.get(row.file, 0) + 1
        if count < MAX_SKIPPED_PER_FILE:
            value = printable(str(row.value)[:MAX_VALUE_CHARACTERS], keep_lines=True)[:MAX_VALUE_CHARACTERS]
            self.skipped.append(row._replace(place=printable(row.place), reason=printable(row.reason), value=value))
            return
        if row.file not in self.unlisted:
            self.unlisted[row.file] = Skipped(
                row.file, "", say("more rows of this file could not be read; they are not listed")
            )
        rest = self.unlisted[row.file]
        self.unlisted[row.file] = rest._replace(stands_for=rest.stands_for + max(row.stands_for, 1))
        if row.unknown:
            self.unlisted[row.file] = self.unlisted[row.file]._replace(unknown=Dates())
        if row.again_utc:
            again = min(row.again_utc, self.unlisted[row.file].again_utc or row.again_utc)
            self.unlisted[row.file] = self.unlisted[row.file]._replace(again_utc=again)


class Request(NamedTuple):
    """Which files are to be read: `paths` name entries that the worker holds, `numbers` are theirs in the pack."""

    reader: str
    subject: str
    paths: Sequence[str]
    numbers: Sequence[int]
    folder: Path  # an empty one, for the records
    is_watched: bool = False  # whether the bytes that are read are told


def read_files(holdings: Mapping[str, Entry], settings: Settings, request: Request, tell: Tell) -> Notes | Failure:
    """Writes the records of files to a folder, one Parquet file per record type; what is to be said, or the failure.

    Raises what is no fault of a file: a full disk, a lack of memory.
    """
    entries = [holdings[path] for path in request.paths]
    if request.is_watched:
        entries = [watched(entry, tell) for entry in entries]
    last = _LastOpened()
    entries = [replace(entry, opener=last.noting(number, entry)) for number, entry in enumerate(entries)]
    try:
        return _read(entries, settings, request)
    except ChangedError as error:
        return Failure(str(error), is_waiting=True, suspect=last.number)
    except UnreadableExportError as error:
        return Failure(str(error), suspect=last.number)
    except (HomeError, MemoryError):
        raise
    except Exception as error:
        if is_full(error):
            raise
        if len(entries) == 1:
            log.exception("reader %s failed over %s", request.reader, entries[0].path)
        return Failure(
            f"The reader {request.reader} failed over this file ({type(error).__name__}). That is our fault, not"
            " yours: the log in .recovery/logs says where; please report it.",
            suspect=last.number,
        )


class _LastOpened:
    """Which file was opened last: the one that most readers fail over."""

    def __init__(self) -> None:
        self.number: int | None = None

    def noting(self, number: int, entry: Entry) -> Callable[[], BinaryIO]:
        def opener() -> BinaryIO:
            self.number = number
            return entry.open()

        return opener


def _read(entries: Sequence[Entry], settings: Settings, request: Request) -> Notes:
    notes = Notes()
    guard = Guard()
    numbers = request.numbers

    def skip(row: Skipped) -> None:
        notes.skip(row._replace(file=numbers[row.file]))

    shown = shown_as(table_form(request.reader), entries)
    with _Tables(request.folder, guard, numbers) as tables:
        for found in readers()[request.reader].read(shown, context_of(settings, request.subject)):
            if isinstance(found, Batch):
                tables.add(found)
            elif isinstance(found, Skipped):
                skip(found)
            elif isinstance(found, Removed):
                notes.remove(found._replace(file=numbers[found.file]))
            elif isinstance(found, Earliest):
                guard.expect(found)
            else:
                for left_out in found.removed:
                    notes.remove(left_out._replace(file=numbers[left_out.file]))
                message = printable("; ".join(filter(None, (message_of(shown[found.file]), found.message))))
                notes.summaries[numbers[found.file]] = found._replace(
                    file=numbers[found.file], message=message, asked=printable(found.asked), removed=(), doubtful=()
                )
        tables.flush()
        for row in guard.skipped():
            skip(row)
        for left_out in guard.removed:
            notes.remove(left_out._replace(file=numbers[left_out.file]))
    return notes


class _Tables:
    """One growing Parquet file per record type."""

    def __init__(self, folder: Path, guard: Guard, numbers: Sequence[int]) -> None:
        self.folder = folder
        self.numbers = None if list(numbers) == list(range(len(numbers))) else pa.array(numbers, pa.int32())
        self.guard = guard
        self.writers: dict[str, pq.ParquetWriter] = {}
        self.waiting: dict[str, list[pa.Table]] = {}

    def __enter__(self) -> "_Tables":
        return self

    def __exit__(self, *_: object) -> None:
        for writer in self.writers.values():
            writer.close()

    def add(self, batch: Batch) -> None:
        """Keeps a batch until there are rows enough for a write; its files get their numbers in the pack."""
        if not batch.table.schema.equals(SCHEMAS[batch.record]):
            raise TypeError(f"a batch of {batch.record} has the columns {batch.table.schema}")
        table = self.guard.pass_through(batch).table
        if not table.num_rows:
            return
        if batch.record in LOGGED:
            table = table.append_column(PERSON, pa.array([batch.person] * table.num_rows, PERSON.type))
        if self.numbers is not None:
            table = table.set_column(0, table.schema.field("file"), self.numbers.take(table["file"]))
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
            schema = self.waiting[record][0].schema
            self.writers[record] = pq.ParquetWriter(path, schema, compression="zstd", compression_level=1)
        self.writers[record].write_table(pa.concat_tables(self.waiting[record]))
        self.waiting[record] = []
