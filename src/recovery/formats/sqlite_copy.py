"""SQLite databases of exports: opened read-only, on a private copy, with their plain tables looked up.

A database is hostile until shown otherwise. It is copied to a file for the owner's eyes only, which loses its name as
soon as it is open; no function or view of its schema is trusted, and no cell may be larger than one of an export is.
"""

import os
import re
import sqlite3
import tempfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing, suppress
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from recovery.errors import UnreadableExportError
from recovery.formats import signatures
from recovery.formats.entries import Entry
from recovery.formats.records import Skipped, Yielded
from recovery.formats.times import EPOCH
from recovery.home.clock import FIRST_UTC, LAST_UTC
from recovery.words.say import say

LOOKED_AT_BYTES = 1 << 20  # of a database whose name says nothing
COPY_BYTES = 1 << 20
MAX_CELL_BYTES = 10_000_000
MAX_TABLES = 1000
ROWS_PER_BATCH = 1 << 16
FIRST_MS, LAST_MS = (round((limit - EPOCH) / timedelta(milliseconds=1)) for limit in (FIRST_UTC, LAST_UTC))


def is_database(entry: Entry, name: re.Pattern[str], marks: Sequence[bytes]) -> bool:
    """Whether a file is a database of this name, or names these tables near its start."""
    if not entry.head.startswith(signatures.SQLITE):
        return False
    if name.fullmatch(entry.name):
        return True
    with entry.open() as stream:
        start = stream.read(LOOKED_AT_BYTES)
    return all(mark in start for mark in marks)


def read(
    files: Sequence[Entry],
    vendor: str,
    max_bytes: int,
    reading: Callable[[int, sqlite3.Connection], Iterator[Yielded]],
) -> Iterator[Yielded]:
    """What `reading` makes of each database, given its position among the files.

    Raises UnreadableExportError for a file that is no whole database of `vendor`.
    """
    for number, entry in enumerate(files):
        if not entry.head.startswith(signatures.SQLITE):
            yield Skipped(number, "", say("this is no SQLite database, as {vendor} exports it", vendor=vendor))
            continue
        try:
            with closing(opened(entry, vendor, max_bytes)) as connection:
                yield from reading(number, connection)
        except (sqlite3.Error, UnicodeDecodeError) as error:
            raise UnreadableExportError(
                say("is a {vendor} database that is damaged or incomplete: copy or export it again", vendor=vendor)
            ) from error


def opened(entry: Entry, vendor: str, max_bytes: int) -> sqlite3.Connection:
    """The database of a file; the copy goes when it is closed.

    Raises UnreadableExportError where it is larger than an export of `vendor` can be, sqlite3.Error where it is none.
    """
    handle, name = tempfile.mkstemp(prefix="recovery-", suffix=".db")  # 0600
    path = Path(name)
    try:
        size = 0
        with os.fdopen(handle, "wb") as copy, entry.open() as stream:
            while chunk := stream.read(COPY_BYTES):
                size += len(chunk)
                if size > max_bytes:
                    raise UnreadableExportError(
                        say(
                            "is larger than {max_bytes:.0f} GB, which no export of {vendor} is: it is not read",
                            max_bytes=max_bytes / 1e9,
                            vendor=vendor,
                        )
                    )
                copy.write(chunk)
        connection = sqlite3.connect(f"{path.as_uri()}?mode=ro&immutable=1", uri=True)
        try:
            connection.setlimit(sqlite3.SQLITE_LIMIT_LENGTH, MAX_CELL_BYTES)
            connection.execute("pragma trusted_schema = off")
            connection.execute("pragma cell_size_check = on")
            connection.execute("select count(*) from sqlite_master").fetchall()  # opens the file
        except BaseException:
            connection.close()
            raise
        return connection
    finally:
        with suppress(OSError):
            path.unlink()  # the open database keeps it until it is closed, or the process is


def batches(connection: sqlite3.Connection, query: str) -> Iterator[list[tuple[Any, ...]]]:
    """The rows of a query, some ten thousand at once."""
    cursor = connection.execute(query)
    while rows := cursor.fetchmany(ROWS_PER_BATCH):
        yield rows


def instant(milliseconds: int) -> datetime:
    """The instant of milliseconds since 1970."""
    return EPOCH + timedelta(milliseconds=milliseconds)


def instants(milliseconds: Sequence[int]) -> pa.Array:
    """The same for a column."""
    return pc.cast(pc.multiply(pa.array(milliseconds, pa.int64()), 1000), pa.timestamp("us"))


def columns(connection: sqlite3.Connection) -> dict[str, set[str]]:
    """The columns of each plain table whose name is a word; views and virtual tables are left out."""
    names = connection.execute(
        "select name from sqlite_master where type = 'table' and rootpage > 0 order by name limit ?", [MAX_TABLES]
    ).fetchall()
    return {
        name: {str(column[1]) for column in connection.execute(f"pragma table_xinfo({name})").fetchall()}
        for (name,) in names
        if isinstance(name, str) and re.fullmatch(r"\w{1,100}", name)
    }
