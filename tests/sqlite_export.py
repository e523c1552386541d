"""SQLite databases of exports, with rows of a test."""

import sqlite3
from collections.abc import Iterable, Mapping
from pathlib import Path

Row = Mapping[str, object]


def write(path: Path, columns: Mapping[str, str], rows: Mapping[str, Iterable[Row]], user_version: int = 0) -> bytes:
    """A database of these tables; small pages, so that a sample stays small. Gives its bytes.

    A column of a row that its table does not have is left out.
    """
    connection = sqlite3.connect(path)
    connection.execute("pragma page_size = 512")
    connection.execute("pragma synchronous = off")
    connection.execute(f"pragma user_version = {user_version}")
    for table, definition in columns.items():
        connection.execute(f"create table {table} ({definition})")
        for row in rows.get(table, ()):
            names = [name for name in row if name in definition]
            connection.execute(
                f"insert into {table} ({', '.join(names)}) values ({', '.join('?' * len(names))})",
                [row[name] for name in names],
            )
    connection.commit()
    connection.execute("vacuum")
    connection.close()
    return path.read_bytes()
