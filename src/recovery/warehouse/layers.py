"""Builds `sql/` in dependency order.

`sql/raw/` and `sql/answers/` create tables; every other file is one bare select, and its path is the relation's name.
The layers `stg`, `timeline` and `daily` are built window by window: the same files run in a fresh in-memory database
whose `raw` tables are views of the deliveries around the days that changed, and only those days are copied to the work
database. So one new day costs the same on one year of history as on ten. `massage` and `pub` are small and built whole.
"""

import re
from collections.abc import Iterable
from datetime import timedelta

import duckdb

from recovery.formats.records import SCHEMAS
from recovery.warehouse.connection import create_raw, meta, quote, set_meta, transaction
from recovery.warehouse.relation import (
    CONTRACT_OF_DAILY,
    GENERATED,
    WHOLE,
    WINDOWED,
    Relation,
    fingerprint,
    relations,
    sql_root,
)
from recovery.warehouse.windows import CONTEXT_DAYS, Window, dirty_windows, mark_all_dirty, time_column


def build(connection: duckdb.DuckDBPyConnection) -> bool:
    """Brings every table of the work database up to date with `raw`; False where nothing had changed."""
    if meta(connection, "sql") != fingerprint():
        with transaction(connection):
            _drop_built(connection)
            create_raw(connection)
            mark_all_dirty(connection)
            set_meta(connection, "sql", fingerprint())
            set_meta(connection, "built", "no")
    _create_kept(connection)
    windows = dirty_windows(connection)
    if not windows and meta(connection, "built") == "yes":
        return False
    set_meta(connection, "built", "no")
    set_meta(connection, "builds", str(int(meta(connection, "builds") or 0) + 1))  # publish compares it
    for window in windows:
        build_window(connection, window)
    connection.execute("delete from raw.dirty")
    build_whole(connection)
    set_meta(connection, "built", "yes")
    return True


def build_window(connection: duckdb.DuckDBPyConnection, window: Window) -> None:
    """Builds the windowed layers for some days of some subjects and swaps those days in, in one transaction."""
    (work,) = connection.execute("select current_database()").fetchone() or ("",)
    connection.execute("attach ':memory:' as built")
    try:
        connection.execute("use built")
        _view_raw(connection, work, window)
        waiting = [relation for relation in relations() if relation.layer in WINDOWED]
        passing = [relation for relation in waiting if not relation.is_kept]
        while waiting:
            _create(connection, waiting.pop(0))
            needed = {name for relation in waiting for name in relation.reads}
            for relation in [relation for relation in passing if relation not in waiting]:
                if relation.full_name not in needed:  # its memory is worth more than its rows
                    connection.execute(f"drop table {relation.full_name}")
                    passing.remove(relation)
        connection.execute(f"use {work}")
        with transaction(connection):
            for relation in relations():
                if relation.layer in WINDOWED and relation.is_kept:
                    _swap(connection, relation, window)
    finally:
        connection.execute(f"use {work}")
        connection.execute("detach built")


def build_whole(connection: duckdb.DuckDBPyConnection) -> None:
    """Builds `massage` and `pub` from the days that are there."""
    with transaction(connection):
        _generate_daily(connection)
        for relation in relations():
            if relation.layer in WHOLE:
                connection.execute(f"drop {relation.kind} if exists {relation.full_name}")
                _create(connection, relation)


def refresh(connection: duckdb.DuckDBPyConnection, names: Iterable[str]) -> None:
    """Builds some relations of `pub` anew: those that tell of the run itself, after the checks have written theirs."""
    wanted = {f"pub.{name}" for name in names}
    with transaction(connection):
        for relation in relations():
            if relation.full_name in wanted:
                connection.execute(f"drop {relation.kind} if exists {relation.full_name}")
                _create(connection, relation)


def build_all(connection: duckdb.DuckDBPyConnection) -> None:
    """Every relation at once over what `raw` holds, kept or not: for tests and small inputs."""
    for relation in relations():
        if relation.layer in WINDOWED:
            connection.execute(f"drop {relation.kind} if exists {relation.full_name}")
            _create(connection, relation)
    build_whole(connection)


def _create(connection: duckdb.DuckDBPyConnection, relation: Relation) -> None:
    if relation.reads & GENERATED and relation.layer in WINDOWED:
        raise LookupError(f"{relation.full_name} reads a generated table; only massage and pub may")
    try:
        connection.execute(f"create {relation.kind} {relation.full_name} as {relation.text}")
    except duckdb.Error as error:
        error.add_note(f"in sql/{relation.layer}/{relation.name}.sql")
        raise


def _drop_built(connection: duckdb.DuckDBPyConnection) -> None:
    """Drops all that was ever computed, also by files that are no more."""
    layers = ", ".join(quote(layer) for layer in ("answers", *WINDOWED, *WHOLE))
    for schema, name, kind in connection.execute(
        "select table_schema, table_name, if(table_type = 'VIEW', 'view', 'table') from information_schema.tables"
        f" where table_catalog = current_database() and table_schema in ({layers})"
    ).fetchall():
        connection.execute(f'drop {kind} {schema}."{name}"')


def _create_kept(connection: duckdb.DuckDBPyConnection) -> None:
    """Empty tables of all kept relations, by running the files over empty `raw` tables."""
    existing = {
        f"{schema}.{name}"
        for schema, name in connection.execute(
            "select schema_name, table_name from duckdb_tables() where database_name = current_database()"
        ).fetchall()
    }
    if all(
        relation.full_name in existing for relation in relations() if relation.layer in WINDOWED and relation.is_kept
    ):
        return
    (work,) = connection.execute("select current_database()").fetchone() or ("",)
    connection.execute("attach ':memory:' as built")
    try:
        connection.execute("use built")
        create_raw(connection)
        for relation in relations():
            if relation.layer in WINDOWED:
                _create(connection, relation)
        connection.execute(f"use {work}")
        with transaction(connection):
            for relation in relations():
                if relation.layer in WINDOWED and relation.is_kept and relation.full_name not in existing:
                    connection.execute(f"create table {relation.full_name} as from built.{relation.full_name}")
    finally:
        connection.execute(f"use {work}")
        connection.execute("detach built")


def _view_raw(connection: duckdb.DuckDBPyConnection, work: str, window: Window) -> None:
    for layer in ("raw", *WINDOWED):
        connection.execute(f"create schema if not exists {layer}")
    first = window.first - timedelta(days=CONTEXT_DAYS + 1)
    last = window.last + timedelta(days=CONTEXT_DAYS + 2)
    people = ", ".join(quote(subject) for subject in window.subjects)
    for path in sorted((sql_root() / "raw").glob("*.sql")):
        condition = ""
        if path.stem in SCHEMAS:
            column = time_column(path.stem)
            condition = f" where subject in ({people}) and {column} >= '{first}' and {column} < '{last}'"
        connection.execute(f"create view raw.{path.stem} as select * from {work}.raw.{path.stem}{condition}")


def _swap(connection: duckdb.DuckDBPyConnection, relation: Relation, window: Window) -> None:
    people = ", ".join(quote(subject) for subject in window.subjects)
    days = f"subject in ({people}) and local_date between '{window.first}' and '{window.last}'"
    connection.execute(f"delete from {relation.full_name} where {days}")
    connection.execute(
        f"insert into {relation.full_name} by name select * from built.{relation.full_name} where {days}"
    )


def _generate_daily(connection: duckdb.DuckDBPyConnection) -> None:
    """`daily.definitions` and the view `daily.metrics`, made of the files of `sql/daily/`."""
    dailies = sorted(relation for relation in relations() if relation.layer == "daily")
    connection.execute(
        "create or replace table daily.definitions (metric varchar, family varchar, unit varchar, title varchar,"
        " name varchar, description varchar, better varchar, smallest_worthwhile_change double, counted_by varchar)"
    )
    for relation in dailies:
        header = relation.header
        smallest = re.match(r"[\d.]+", header.get("smallest worthwhile change", ""))
        connection.execute(
            "insert into daily.definitions values (?, ?, ?, ?, ?, ?, ?, ?, ?)",
            [
                relation.name,
                header.get("family"),
                header.get("unit"),
                header["title"],
                relation.name_in_sentences,
                header["description"],
                header.get("better"),
                float(smallest.group()) if smallest else None,
                header.get("counted by", "day"),
            ],
        )
    connection.execute("drop type if exists metric_name")
    if dailies:  # what `pivot ... on metric in metric_name` spreads over columns, recorded or not
        names = ", ".join(quote(relation.name) for relation in dailies)
        connection.execute(f"create type metric_name as enum ({names})")
        columns = ", ".join(CONTRACT_OF_DAILY)
        connection.execute(
            "create or replace view daily.metrics as "
            + " union all ".join(f"select {columns} from {relation.full_name}" for relation in dailies)
        )
