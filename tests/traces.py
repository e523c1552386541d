"""Where texts are left below a folder: names, bytes, and what databases, archives and compressed files hold of them."""

import bz2
import gzip
import io
import lzma
import re
import sqlite3
import tarfile
import zipfile
from collections.abc import Iterator
from pathlib import Path

import duckdb
import pyarrow.parquet as pq

Words = tuple[str, ...]  # lower case

DUCKDB_MARK = b"DUCK"  # at byte 8
SQLITE_MARK = b"SQLite format 3\0"


def traces(folder: Path, *texts: str) -> list[str]:
    """Where any of the texts is found, as paths relative to the folder with what was looked into; sorted, each once."""
    words = tuple(text.lower() for text in texts)
    found = set()
    for path in sorted(folder.rglob("*")):
        place = path.relative_to(folder).as_posix()
        if _holds(path.name, words):
            found.add(place)
        if path.is_symlink():
            if _holds(str(path.readlink()), words):
                found.add(place)
        elif path.is_file():
            found |= {f"{place}{where}" for where in _in_content(path.read_bytes(), path, words)}
    return sorted(found)


def _holds(text: str, words: Words) -> bool:
    lower = text.lower()
    return any(word in lower for word in words)


def _in_content(content: bytes, path: Path | None, words: Words, depth: int = 0) -> Iterator[str]:
    """Where the words are in a content; `path` is the file it is of, None for a member."""
    lower = content.lower()
    if any(form in lower for form in _forms(words)):
        yield ""
    if path and content[8:12] == DUCKDB_MARK:
        yield from _in_duckdb(path, words)
    elif path and content.startswith(SQLITE_MARK):
        yield from _in_sqlite(path, words)
    elif content.startswith(b"PAR1"):
        rows = pq.read_table(io.BytesIO(content)).to_pylist()
        yield from (":parquet" for _ in [0] if _holds(str(rows), words))
    elif depth < 4:
        for name, inner in _unpacked(content):
            if _holds(name, words):
                yield f"!/{name}"
            yield from (f"!/{name}{where}" for where in _in_content(inner, None, words, depth + 1))


def _forms(words: Words) -> list[bytes]:
    """The words as files may hold them."""
    return [word.encode(encoding) for word in words for encoding in ("utf-8", "utf-16-le", "utf-16-be")]


def _unpacked(content: bytes) -> Iterator[tuple[str, bytes]]:
    """The members of an archive, or what a compressed file holds."""
    if zipfile.is_zipfile(io.BytesIO(content)):
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            yield from ((info.filename, archive.read(info)) for info in archive.infolist())
    elif content.startswith(b"\x1f\x8b"):
        yield "gz", gzip.decompress(content)
    elif content.startswith(b"BZh"):
        yield "bz2", bz2.decompress(content)
    elif content.startswith(b"\xfd7zXZ"):
        yield "xz", lzma.decompress(content)
    elif content[257:262] == b"ustar":
        with tarfile.open(fileobj=io.BytesIO(content)) as archive:
            for member in archive.getmembers():
                stream = archive.extractfile(member)
                yield member.name, stream.read() if stream else b""


def _in_duckdb(path: Path, words: Words) -> Iterator[str]:
    """Tables and columns of whatever type whose values, as text, hold it; the strings in the file are compressed.

    Column by column only where a row, as text, holds it: to plan a search in each of 600 columns costs 0.2 s.
    """
    assert not re.search(r"['\\\\]", "".join(words)), "these are written otherwise in a row"
    with duckdb.connect(str(path), read_only=True) as connection:
        for schema, table, columns in connection.execute(
            "select schema_name, table_name, list(column_name) from duckdb_columns() where not internal group by all"
        ).fetchall():
            pattern = "|".join(map(re.escape, words))
            any_row = (
                f"""select 1 from "{schema}"."{table}" as one where regexp_matches(one::varchar, $1, 'i') limit 1"""
            )
            if not connection.execute(any_row, [pattern]).fetchall():
                continue
            holds = ", ".join(f"""bool_or(regexp_matches("{column}"::varchar, $1, 'i'))""" for column in columns)
            for answer in connection.execute(f'select {holds} from "{schema}"."{table}"', [pattern]).fetchall():
                yield from (
                    f":{schema}.{table}.{name}" for name, is_there in zip(columns, answer, strict=True) if is_there
                )
        yield from _in_catalogue(connection, words)


def _in_catalogue(connection: duckdb.DuckDBPyConnection, words: Words) -> Iterator[str]:
    for function in ("duckdb_tables", "duckdb_views", "duckdb_columns"):
        rows = connection.execute(f"select t::varchar from {function}() as t where not internal").fetchall()
        if _holds(str(rows), words):
            yield f":{function}"


def _in_sqlite(path: Path, words: Words) -> Iterator[str]:
    with sqlite3.connect(f"file:{path}?mode=ro", uri=True) as connection:
        tables = connection.execute("select name from sqlite_master where type = 'table'").fetchall()
        for (table,) in tables:
            rows = connection.execute(f'select * from "{table}"').fetchall()
            if _holds(str(rows), words):
                yield f":{table}"
