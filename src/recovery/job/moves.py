"""People who change their shard: their rows are copied to the other private database, then deleted from the former.

No file of the inbox is read again, and no day is built again where both databases are of the same version of `sql/`.
Killed on the way, the move is begun again: it stands in `shards/people.json` until it is done.
"""

import logging
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import duckdb

from recovery import warehouse
from recovery.home.disk import private_folder, remove, sync
from recovery.home.folder import Home
from recovery.home.study import Moving, Shards, Study, partition

BUILT = ("stg", "timeline", "daily")  # schemas of tables that a build keeps
ALL = ("raw", "answers", *BUILT)
OF_A_DATABASE = "raw.built_people"  # of whom its whole tables were built: with a move they are of others

log = logging.getLogger("recovery.job")


def carry_out(study: Study, shards: Shards) -> Shards:
    """Moves everybody who is to be moved; who is worked where afterwards."""
    count = len(shards.moving)
    for moving in shards.moving:
        move(study, moving)
        shards = replace(shards, moving=shards.moving[1:])
        study.write(shards)
    for name in sorted(path.name for path in study.shards.glob("[0-9]*") if path.is_dir()) if count else ():
        if name not in shards.members:
            _remove_shard(study, name)
    return shards


def move(study: Study, moving: Moving) -> None:
    """Moves the rows of one person; nothing where they have been moved."""
    former, home = study.home_of(moving.former), study.home_of(moving.shard)
    if not former.work.is_file():
        return
    warehouse.open_work(former.work).close()  # at the present schema
    private_folder(home.private)
    with closing(warehouse.open_work(home.work)) as connection:
        connection.execute(f"attach {warehouse.quote(str(former.work))} as former")
        person = warehouse.quote(moving.person)
        if _has_rows(connection, person):
            _copy(connection, person)
            _delete(connection, person)
        connection.execute("detach former")
    _write_anew(former)
    for path in (former.logs, former.checks, former.last_run):  # they may quote, and the next run makes them anew
        remove(path)
    log.info("somebody was moved from shard %s to shard %s", moving.former, moving.shard)


def _remove_shard(study: Study, name: str) -> None:
    """Removes a shard in which nobody is left, and what it published of itself."""
    remove(study.shards / name)
    for path in study.partitions(partition("shard", name)):
        remove(path)


def _tables(connection: duckdb.DuckDBPyConnection, database: str) -> dict[str, set[str]]:
    """The columns of the tables that tell of people, by schema and name."""
    found: dict[str, set[str]] = {}
    for schema, table, column in connection.execute(
        "select schema_name, table_name, column_name from duckdb_columns() semi join duckdb_tables()"
        " using (database_name, schema_name, table_name) where database_name = ?",
        [database],
    ).fetchall():
        found.setdefault(f"{schema}.{table}", set()).add(column)
    return {
        name: columns
        for name, columns in sorted(found.items())
        if "subject" in columns and name.partition(".")[0] in ALL and name != OF_A_DATABASE
    }


def _of(person: str, columns: set[str]) -> str:
    """Which rows of a table of the former database are a person's: also those of nobody that their own files gave."""
    if "path" not in columns:
        return f"where subject = {person}"
    return f"where (subject = {person} or (subject is null and path in (from former_paths)))"


def _has_rows(connection: duckdb.DuckDBPyConnection, person: str) -> bool:
    connection.execute(
        f"create or replace temp table former_paths as select path from former.raw.files where subject = {person}"
    )
    return any(
        connection.execute(f"from former.{name} where subject = {person} limit 1").fetchall()
        for name in _tables(connection, "former")
    )


def _copy(connection: duckdb.DuckDBPyConnection, person: str) -> None:
    """Copies the rows of a person; built days too, where both databases are of the same version of `sql/`."""
    ours, theirs = warehouse.meta(connection, "sql"), _former_meta(connection, "sql")
    is_alike = theirs == warehouse.fingerprint() and ours in (None, theirs)
    here = _tables(connection, warehouse.database_name(connection))
    with warehouse.transaction(connection):
        for name, columns in _tables(connection, "former").items():
            is_built = name.partition(".")[0] in BUILT
            if is_built and not is_alike:
                continue
            if name not in here:
                connection.execute(f"create table {name} as select * from former.{name} limit 0")
            connection.execute(f"delete from {name} {_of(person, columns)}")
            connection.execute(f"insert into {name} by name select * from former.{name} {_of(person, columns)}")
        if not connection.execute("from raw.settings_seen limit 1").fetchall():
            connection.execute("insert into raw.settings_seen select * from former.raw.settings_seen order by rowid")
        if is_alike:
            warehouse.set_meta(connection, "sql", warehouse.fingerprint())
        if warehouse.meta(connection, "readers") is None and (readers := _former_meta(connection, "readers")):
            warehouse.set_meta(connection, "readers", readers)  # else files would be opened to ask them again
        warehouse.set_meta(connection, "built", "no")
        if not is_alike:
            warehouse.set_meta(connection, "sql", "")  # all is built anew


def _delete(connection: duckdb.DuckDBPyConnection, person: str) -> None:
    """Deletes the rows of a person from the former database."""
    with warehouse.transaction(connection):
        for name, columns in _tables(connection, "former").items():
            # That a list of nobody's folder names the person is still known there: who erases the person asks for it.
            of_own_files = " and path in (from former_paths)" if name == "raw.deliveries" else ""
            connection.execute(f"delete from former.{name} {_of(person, columns)}{of_own_files}")
        connection.execute("insert or replace into former.raw.meta select 'built', 'no'")


def _former_meta(connection: duckdb.DuckDBPyConnection, name: str) -> str | None:
    rows = connection.execute("select value from former.raw.meta where name = ?", [name]).fetchall()
    return rows[0][0] if rows else None


def _write_anew(home: Home) -> None:
    """Writes a private database anew: a database keeps the bytes of what it deletes, and nobody would erase them."""
    fresh = home.work.with_name(f"{home.work.name}.new")
    for path in (fresh, Path(f"{fresh}.wal")):
        remove(path)
    with closing(warehouse.connect()) as connection:
        connection.execute(f"attach {warehouse.quote(str(home.work))} as former (read_only)")
        connection.execute(f"attach {warehouse.quote(str(fresh))} as fresh")
        connection.execute("copy from database former to fresh")
        connection.execute("checkpoint fresh")
        connection.execute("detach fresh")
    fresh.chmod(0o600)
    sync(fresh)
    fresh.replace(home.work)
    sync(home.private)
