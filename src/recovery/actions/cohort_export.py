"""`recovery cohort export`: a study without names, as files to give away.

Who got which id and how many weeks his dates moved stays in `export-key.json` of the home, for its owner alone, so that
a later export has the same ids; `recovery forget --person` takes the person out of it.
"""

import json
import secrets
import shutil
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO, NamedTuple

import duckdb

from recovery import warehouse
from recovery.errors import HomeError
from recovery.home.disk import full_disk_is_plain, private_folder, remove, write_private
from recovery.home.folder import Home
from recovery.home.study import Study
from recovery.home.temporary import temporary_folder
from recovery.published import datapackage, deidentify
from recovery.published.deidentify import Given, Key
from recovery.words.say import say

LEAST_PEOPLE = 5
MOST_WEEKS = 52
CSV, PARQUET = "csv", "parquet"
ROWS_AT_ONCE = 122_880  # of the minutes in one group of a Parquet file
OPTIONS = {CSV: "format csv, header true", PARQUET: "format parquet, compression zstd"}


class Exported(NamedTuple):
    """What was written."""

    people: int
    rows: int
    left_out: list[str]
    key: Path


def export(
    home: Home, folder: Path, *, k: int = LEAST_PEOPLE, form: str = PARQUET, with_minutes: bool = False
) -> Exported:
    """Writes a folder with a file a table, `datapackage.json` and `codebook.md`; it is there whole or not at all.

    Raises HomeError where nothing is published, the folder holds something or lies in the inbox, or fewer than `k`
    people take part.
    """
    _must_be_free(home, folder)
    fresh = folder.with_name(f".{folder.name}.new")
    with study_of(home) as connection, full_disk_is_plain(folder.parent):
        keys = _keys(home, deidentify.people(connection))
        given = deidentify.make(connection, keys, k, with_minutes=with_minutes)
        try:
            _write(connection, given, fresh, form, k)
            if folder.is_dir():
                folder.rmdir()
            fresh.rename(folder)
        finally:
            remove(fresh)
    return Exported(
        len(keys), sum(table.rows for table in given.tables), list(deidentify.sentences(given)), home.export_key
    )


def _must_be_free(home: Home, folder: Path) -> None:
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise HomeError(say("{folder} holds something already.", folder=folder), say("Name a new folder with --to."))
    if folder.resolve().is_relative_to(home.inbox.resolve()):
        raise HomeError(
            say("{folder} lies in the inbox, where it would be read.", folder=folder), say("Choose another place.")
        )


@contextmanager
def study_of(home: Home) -> Iterator[duckdb.DuckDBPyConnection]:
    """A database of its own with the published one as `study`: that of a study in shards, else that of the home.

    It lies on the disk of the home: the minutes of many people fit into no memory.
    """
    path = next((path for path in (Study(home.folder).database, home.published) if path.is_file()), None)
    if path is None:
        raise HomeError(
            say("Nothing is published in {folder} yet.", folder=home.folder),
            say("Run first: recovery cohort run {folder}", folder=home.folder),
        )
    with temporary_folder(home) as temporary, warehouse.connect(temporary / "copy.duckdb") as connection:
        connection.execute(f"set file_search_path = {warehouse.quote(str(home.folder))}")
        connection.execute(f"attach {warehouse.quote(str(path))} as study (read_only)")
        connection.execute("set preserve_insertion_order = true")
        yield connection


def forget_person(home: Home, person: str) -> None:
    """Takes a person out of the key: nobody can tell any more who that id was."""
    if home.export_key.is_file():
        known = _read_key(home)
        if known.pop(person, None):
            write_private(home.export_key, json.dumps(known))


def _read_key(home: Home) -> dict[str, Key]:
    try:
        return {name: Key(*told) for name, told in json.loads(home.export_key.read_text(encoding="utf-8")).items()}
    except FileNotFoundError:
        return {}
    except (ValueError, TypeError, AttributeError):
        raise HomeError(
            say("{path} cannot be read.", path=home.export_key),
            say("Move it away: all people then get new ids."),
        ) from None


def _keys(home: Home, people: list[str]) -> Mapping[str, Key]:
    """The id and the weeks of each person: those of the last export, and new ones for who is new."""
    known = _read_key(home)
    taken = {key.id for key in known.values()}
    for person in people:
        if person not in known:
            known[person] = Key(_new_id(taken), _weeks())
            taken.add(known[person].id)
    private_folder(home.private)
    write_private(home.export_key, json.dumps(known))
    return {person: known[person] for person in people}


def _new_id(taken: set[str]) -> str:
    while (found := f"S{secrets.token_hex(5)}") in taken:
        pass
    return found


def _weeks() -> int:
    """A whole number of weeks to either side, never none."""
    return (1 + secrets.randbelow(MOST_WEEKS)) * secrets.choice((-1, 1))


def _write(connection: duckdb.DuckDBPyConnection, given: Given, folder: Path, form: str, k: int) -> None:
    remove(folder)
    private_folder(folder)
    for table in given.tables:
        path = folder / f"{table.name}.{form}"
        if table.selects:
            _write_one_by_one(connection, table.selects, path, form)
        else:
            connection.execute(f"copy given.{table.name} to {warehouse.quote(str(path))} ({OPTIONS[form]})")
        path.chmod(0o600)
    write_private(folder / "codebook.md", datapackage.codebook(given, k))
    write_private(folder / "datapackage.json", datapackage.package(given, form, k))


def _write_one_by_one(connection: duckdb.DuckDBPyConnection, selects: Sequence[str], path: Path, form: str) -> None:
    """Writes the rows of one select after the other into one file, so that it takes the memory of one of them."""
    with path.open("wb") as stream:
        if form == PARQUET:
            _write_parquet(connection, selects, stream)
            return
        part = path.with_suffix(".part")
        for number, select in enumerate(selects):
            head = "true" if number == 0 else "false"
            connection.execute(f"copy ({select}) to {warehouse.quote(str(part))} (format csv, header {head})")
            with part.open("rb") as rows:
                shutil.copyfileobj(rows, stream)
            part.unlink()


def _write_parquet(connection: duckdb.DuckDBPyConnection, selects: Sequence[str], stream: BinaryIO) -> None:
    from pyarrow import parquet

    writer = None
    try:
        for select in selects:
            reader = connection.sql(select).to_arrow_reader(ROWS_AT_ONCE)
            writer = writer or parquet.ParquetWriter(stream, reader.schema, compression="zstd")
            for batch in reader:
                writer.write_batch(batch)
    finally:
        if writer:
            writer.close()
