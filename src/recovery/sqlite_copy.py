"""SQLite databases of exports: opened read-only, on a private copy, with their plain tables looked up.

A database is hostile until shown otherwise. It is copied to a file for the owner's eyes only, which loses its name as
soon as it is open; no function or view of its schema is trusted, and no cell may be larger than one of an export is.
"""

import os
import re
import sqlite3
import tempfile
from contextlib import suppress
from pathlib import Path

from recovery.errors import UnreadableExportError
from recovery.exports import Entry

START = b"SQLite format 3\0"
COPY_BYTES = 1 << 20
MAX_CELL_BYTES = 10_000_000
MAX_TABLES = 1000


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
                        f"is larger than {max_bytes / 1e9:.0f} GB, which no export of {vendor} is: it is not read"
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
