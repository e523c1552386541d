"""What is told of a DuckDB file by the checksums of its blocks, held against files that DuckDB itself writes."""

import hashlib
import shutil
from collections.abc import Callable
from pathlib import Path

import duckdb
import pytest

from recovery.published import blocks, snapshot


@pytest.fixture
def file(tmp_path: Path) -> Path:
    """A file as a snapshot is stored, with some ten blocks."""
    path = tmp_path / "some.duckdb"
    with duckdb.connect() as connection:
        connection.execute(f"attach '{path}' as made (storage_version '{snapshot.STORAGE_VERSION}')")
        connection.execute("create table made.numbers as select hash(range) as number from range(300_000)")
    return path


def change(path: Path, statement: str) -> None:
    with duckdb.connect(str(path)) as connection:
        connection.execute(statement)


def test_every_block_that_duckdb_wrote_is_whole(file: Path) -> None:
    assert file.stat().st_size > blocks.HEADERS * blocks.HEADER_BYTES + 8 * blocks.BLOCK_BYTES
    assert blocks.are_whole(file)

    change(file, "delete from numbers where number % 3 = 0")
    change(file, "create table more as from numbers limit 70_000")
    change(file, "drop table numbers")  # leaves free blocks behind

    assert blocks.are_whole(file)


@pytest.mark.parametrize(
    "statement",
    [
        "update numbers set number = 1 where rowid = 170_000",
        "insert into numbers values (7)",
        "create view mine as select 1 as x",
        "comment on table numbers is 'mine'",
    ],
)
def test_whatever_duckdb_writes_makes_another_fingerprint(file: Path, statement: str) -> None:
    former = blocks.fingerprint(file)
    change(file, statement)

    assert blocks.fingerprint(file) != former


def test_a_copy_has_the_same_fingerprint(file: Path, tmp_path: Path) -> None:
    shutil.copy(file, tmp_path / "copy.duckdb")

    assert blocks.fingerprint(tmp_path / "copy.duckdb") == blocks.fingerprint(file)


def in_a_header(content: bytearray) -> None:
    content[4096 + 100] ^= 1


def in_a_checksum(content: bytearray) -> None:
    content[12_288 + 2 * blocks.BLOCK_BYTES] ^= 1


def at_the_end(content: bytearray) -> None:
    content[-1] ^= 1


def cut_short(content: bytearray) -> None:
    del content[-blocks.BLOCK_BYTES // 2 :]


def emptied(content: bytearray) -> None:
    del content[:]


@pytest.mark.parametrize("spoil", [in_a_header, in_a_checksum, at_the_end, cut_short, emptied])
def test_a_file_of_which_a_byte_is_another_one_is_not_whole(file: Path, spoil: Callable[[bytearray], None]) -> None:
    content = bytearray(file.read_bytes())
    spoil(content)
    file.write_bytes(content)

    assert not blocks.are_whole(file)


def test_a_file_that_lost_its_last_block_has_another_fingerprint(file: Path) -> None:
    former = blocks.fingerprint(file)
    file.write_bytes(file.read_bytes()[: -blocks.BLOCK_BYTES])

    assert blocks.are_whole(file)  # as far as blocks can tell
    assert blocks.fingerprint(file) != former


def test_what_is_no_database_has_a_fingerprint_too(tmp_path: Path) -> None:
    path = tmp_path / "note.txt"
    path.write_text("no database")

    assert len(blocks.fingerprint(path)) == len(hashlib.sha256().hexdigest())
    assert not blocks.are_whole(path)
