"""Builds `sql/` in dependency order.

`sql/raw/` and `sql/answers/` create tables; every other file is one bare select, and its path is the relation's name.
The layers `stg`, `timeline` and `daily` are built window by window: the same files run in a fresh in-memory database
whose `raw` tables are views of the deliveries around the days that changed, and only those days are copied to the work
database. So one new day costs the same on one year of history as on ten. `massage` and `pub` are small and built whole,
and before them what says `built: whole`: it needs all of a person's days.
"""

import logging
from collections.abc import Collection, Iterable, Iterator, Mapping
from contextlib import contextmanager
from datetime import timedelta

import duckdb

from recovery.formats.records import SCHEMAS
from recovery.home.memory import MEMORY_MB
from recovery.warehouse import people
from recovery.warehouse.connection import (
    EVERYBODY,
    create_raw,
    database_name,
    execute_known,
    existing_tables,
    meta,
    relations_with_subject,
    set_meta,
    transaction,
)
from recovery.warehouse.metrics import create_metrics
from recovery.warehouse.quoting import quote_all, quote_name
from recovery.warehouse.relation import GENERATED, TABLES, WHOLE, WINDOWED, Relation, fingerprint, relations, sql_root
from recovery.warehouse.windows import (
    CONTEXT_DAYS,
    Window,
    dirty_windows,
    mark_all_dirty,
    mark_unpublished,
    time_column,
)

log = logging.getLogger(__name__)

PEOPLE_AT_ONCE = 5  # of whom what needs all days is built in memory; ten years of each take some 200 MB
WINDOW_MB = 200  # does for most windows of one person; given more, the database keeps what nobody asks for again
NAMES = ("subject", "source", "metric")  # columns of `raw` whose texts come again in many rows


def is_built(connection: duckdb.DuckDBPyConnection) -> bool:
    """Whether every table of the work database is up to date with `raw` and `sql/`: `build` would change nothing."""
    return (
        meta(connection, "sql") == fingerprint()
        and meta(connection, "built") == "yes"
        and not connection.execute("from raw.dirty limit 1").fetchall()
    )


def build(connection: duckdb.DuckDBPyConnection, memory_mb: float = MEMORY_MB) -> bool:
    """Brings every table of the work database up to date with `raw`; False where nothing had changed.

    `memory_mb` is the limit of the connection, which it has again afterwards.
    """
    now = fingerprint()
    if meta(connection, "sql") != now:
        with transaction(connection):
            _drop_built(connection)
            create_raw(connection)
            mark_all_dirty(connection)
            set_meta(connection, "sql", now)
            set_meta(connection, "built", "no")
    windows = dirty_windows(connection)
    if not windows:
        _create_kept(connection)
    if not windows and meta(connection, "built") == "yes":
        return False
    set_meta(connection, "built", "no")
    set_meta(connection, "builds", str(int(meta(connection, "builds") or 0) + 1))  # publish compares it
    for window in windows:
        _build_in_little(connection, window, memory_mb)
    connection.execute("delete from raw.dirty")
    inputs = people.digests(connection)
    named = people.to_build(connection, inputs)
    if named is None:
        build_whole(connection)
    else:
        build_people(connection, named)
    people.note(connection, inputs)
    set_meta(connection, "built", "yes")
    return True


def build_window(connection: duckdb.DuckDBPyConnection, window: Window) -> None:
    """Builds the windowed layers for some days of some subjects, and replaces those days in one transaction."""
    with _empty_database(connection) as work:
        _view_raw(connection, work, window)
        waiting = _windowed()
        passing = [relation for relation in waiting if not relation.is_kept]
        while waiting:
            _create(connection, waiting.pop(0))
            needed = {name for relation in waiting for name in relation.reads}
            for relation in reversed(passing):  # a view reads its tables when it is read itself
                if relation.kind == "view" and relation.full_name in needed:
                    needed |= relation.reads
            for relation in [relation for relation in passing if relation not in waiting]:
                if relation.full_name not in needed:  # its memory is worth more than its rows
                    connection.execute(f"drop {relation.kind} {relation.full_name}")
                    passing.remove(relation)
        connection.execute(f"use {work}")
        with transaction(connection):
            existing = existing_tables(connection)
            for relation in _windowed():
                if relation.is_kept:
                    if relation.full_name not in existing:
                        _create_empty(connection, relation)
                    _replace_days(connection, relation, window)
            mark_unpublished(connection, window)


def _build_in_little(connection: duckdb.DuckDBPyConnection, window: Window, memory_mb: float) -> None:
    """Builds a window in less memory than the database may use where that does, else in all of it."""
    if len(window.subjects) == 1 and memory_mb > WINDOW_MB:
        try:
            connection.execute(f"set memory_limit = '{WINDOW_MB}MB'")
            build_window(connection, window)
        except duckdb.OutOfMemoryException:
            log.info("a window of days does not fit into %s MB: it is built anew in %.0f MB", WINDOW_MB, memory_mb)
        else:
            return
        finally:
            connection.execute(f"set memory_limit = '{memory_mb:.0f}MB'")
    build_window(connection, window)


def build_whole(connection: duckdb.DuckDBPyConnection) -> None:
    """Builds `massage`, `pub` and what needs all days of a person, from the days that are there."""
    whole = [relation for relation in relations() if relation.is_whole]
    with transaction(connection):
        for relation in whole:
            if relation.layer in WINDOWED:
                _create_anew(connection, relation)
        create_metrics(connection)
        for relation in whole:
            if relation.layer in WHOLE:
                _create_anew(connection, relation)
        people.mark_unpublished(connection, [EVERYBODY])


def build_people(connection: duckdb.DuckDBPyConnection, named: Collection[str]) -> None:
    """Builds `massage`, `pub` and what needs all days of a person of some people alone; the rows of others stay."""
    whole = [relation for relation in relations() if relation.is_whole]
    people.mark_unpublished(connection, named)
    for group in people.groups(named, PEOPLE_AT_ONCE):
        _replace_people(connection, [relation for relation in whole if not people.is_of_runs(relation)], group)
    of_people = relations_with_subject(connection)
    with transaction(connection):
        for relation in whole:
            if people.is_of_runs(relation) or relation.full_name not in of_people:
                _create_anew(connection, relation)


def refresh(
    connection: duckdb.DuckDBPyConnection, names: Iterable[str], of_people: Collection[str] | None = None
) -> None:
    """Builds some relations of `pub` anew: those that show what Python wrote after the build, as results of checks.

    With `of_people` only their rows are built anew, but of what is made of all people (`answers.cohort_...`).
    """
    full_names = {f"pub.{name}" for name in names}
    wanted = [relation for relation in relations() if relation.full_name in full_names]
    if of_people is not None:
        with_subject = relations_with_subject(connection)
        alone = [one for one in wanted if one.full_name in with_subject and not people.is_of_all(one)]
        for group in people.groups(of_people, PEOPLE_AT_ONCE):
            _replace_people(connection, alone, group)
        wanted = [relation for relation in wanted if relation not in alone]
    with transaction(connection):
        for relation in wanted:
            _create_anew(connection, relation)


def build_all(connection: duckdb.DuckDBPyConnection) -> None:
    """Every relation at once over what `raw` holds, kept or not: for tests and small inputs."""
    for relation in _windowed():
        _create_anew(connection, relation)
    set_meta(connection, "published_base", "")
    build_whole(connection)


def _windowed() -> list[Relation]:
    """The relations that are built window by window, each after all that it reads."""
    return [relation for relation in relations() if not relation.is_whole]


@contextmanager
def _empty_database(connection: duckdb.DuckDBPyConnection) -> Iterator[str]:
    """Makes `built`, an empty database in memory, the current one while the context lasts; gives the other's name."""
    work = database_name(connection)
    connection.execute("attach ':memory:' as built")
    try:
        connection.execute("use built")
        yield work
    finally:
        connection.execute(f"use {work}")
        connection.execute("detach built")


def _create_anew(connection: duckdb.DuckDBPyConnection, relation: Relation) -> None:
    connection.execute(f"drop {relation.kind} if exists {relation.full_name}")
    _create(connection, relation)


def _create(connection: duckdb.DuckDBPyConnection, relation: Relation) -> None:
    if relation.reads & GENERATED and relation.layer in WINDOWED:
        raise LookupError(f"{relation.full_name} reads a generated table; only massage and pub may")
    try:
        execute_known(connection, f"create {relation.kind} {relation.full_name} as {relation.select}")
    except duckdb.Error as error:
        error.add_note(f"in sql/{relation.layer}/{relation.name}.sql")
        raise


def _drop_built(connection: duckdb.DuckDBPyConnection) -> None:
    """Drops all that was ever computed, also by files that were removed."""
    layers = quote_all(("answers", *WINDOWED, *WHOLE))
    for schema, name, kind in connection.execute(
        "select table_schema, table_name, if(table_type = 'VIEW', 'view', 'table') from information_schema.tables"
        f" where table_catalog = current_database() and table_schema in ({layers})"
    ).fetchall():
        connection.execute(f"drop {kind} {schema}.{quote_name(name)}")


def _create_kept(connection: duckdb.DuckDBPyConnection) -> None:
    """Makes the kept relations that are missing, without rows, by running the files over empty `raw` tables."""
    existing = existing_tables(connection)
    missing = [relation for relation in _windowed() if relation.is_kept and relation.full_name not in existing]
    if not missing:
        return
    with _empty_database(connection) as work:
        create_raw(connection)
        for relation in _windowed():
            _create(connection, relation)
        connection.execute(f"use {work}")
        with transaction(connection):
            for relation in missing:
                _create_empty(connection, relation)


def _create_empty(connection: duckdb.DuckDBPyConnection, relation: Relation) -> None:
    """Makes a kept relation that is missing, without rows, with the columns of the one in `built`, names as text."""
    name = relation.full_name
    texts = [
        f"cast({quote_name(column)} as varchar) as {quote_name(column)}"
        for column, kind, *_ in connection.execute(f"describe built.{name}").fetchall()
        if kind.startswith("ENUM")
    ]
    replaced = f" replace ({', '.join(texts)})" if texts else ""
    connection.execute(f"create table {name} as select *{replaced} from built.{name} limit 0")


def _view_raw(connection: duckdb.DuckDBPyConnection, work: str, window: Window) -> None:
    """Views of the `raw` tables, of the records around the window only, in the current database.

    People, sources and metrics are names there (ENUM), which are compared and grouped as the numbers they are stored
    as: a build takes a third less CPU. A name orders as its text does, and becomes text where it meets one.
    """
    for layer in ("raw", *WINDOWED):
        connection.execute(f"create schema if not exists {layer}")
    first = window.first - timedelta(days=CONTEXT_DAYS + 1)
    last = window.last + timedelta(days=CONTEXT_DAYS + 2)
    subjects = quote_all(window.subjects)
    records = {path.stem: f"{work}.raw.{path.stem}" for path in sorted((sql_root() / "raw").glob("*.sql"))}
    for table in SCHEMAS:
        column = time_column(table)
        records[table] += f" where subject in ({subjects}) and {column} >= '{first}' and {column} < '{last}'"
    named = _create_names(connection, work, records)
    for table, rows in records.items():
        names = [f"cast({column} as raw.{column}_name) as {column}" for column in NAMES if (table, column) in named]
        replaced = f" replace ({', '.join(names)})" if names else ""
        connection.execute(f"create view raw.{table} as select *{replaced} from {rows}")


def _create_names(
    connection: duckdb.DuckDBPyConnection, work: str, records: Mapping[str, str]
) -> Collection[tuple[str, str]]:
    """Makes a type of all names that a column of `NAMES` has in any table; gives the tables and columns there are."""
    named = connection.execute(
        "select table_name, column_name from duckdb_columns()"
        f" where database_name = ? and schema_name = 'raw' and column_name in ({quote_all(NAMES)})",
        [work],
    ).fetchall()
    for column in NAMES:
        texts = " union ".join(
            f"select {column} from {rows}" for table, rows in records.items() if (table, column) in named
        )
        known = f"select {column} from ({texts}) where {column} is not null order by all"
        connection.execute(f"create type raw.{column}_name as enum ({known})")
    return named


def _replace_people(connection: duckdb.DuckDBPyConnection, whole: Collection[Relation], group: Collection[str]) -> None:
    """Builds what needs all days for a few people in a database in memory, and replaces their rows."""
    subjects = quote_all(group)
    with _empty_database(connection) as work:
        _view_people(connection, work, whole, subjects)
        for relation in whole:
            if relation.layer in WINDOWED:
                _create(connection, relation)
        create_metrics(connection)
        for relation in whole:
            if relation.layer in WHOLE and relation.kind == "table":
                _create(connection, relation)
        connection.execute(f"use {work}")
        of_people = relations_with_subject(connection, "built")
        with transaction(connection):
            for relation in whole:
                name = relation.full_name
                if relation.kind == "table" and name in of_people:
                    connection.execute(f"delete from {name} where subject in ({subjects})")
                    connection.execute(f"insert into {name} by name select * from built.{name}")


def _view_people(connection: duckdb.DuckDBPyConnection, work: str, whole: Collection[Relation], subjects: str) -> None:
    """Views of the rows of some people of all that the whole relations read, in the current database."""
    made = {relation.full_name for relation in whole}
    read = {name for relation in whole for name in relation.reads}
    read |= {relation.full_name for relation in relations() if relation.layer == "daily"}  # of daily.metrics
    for layer in (*TABLES, *WINDOWED, *WHOLE):
        connection.execute(f"create schema if not exists {layer}")
    of_people = relations_with_subject(connection, work)
    for name in sorted(read - made - GENERATED):
        condition = f" where subject in ({subjects})" if name in of_people else ""
        connection.execute(f"create view {name} as from {work}.{name}{condition}")


def _replace_days(connection: duckdb.DuckDBPyConnection, relation: Relation, window: Window) -> None:
    """Puts the window's own days of a relation in the place of those in the work database."""
    subjects = quote_all(window.subjects)
    days = f"subject in ({subjects}) and local_date between '{window.first}' and '{window.last}'"
    connection.execute(f"delete from {relation.full_name} where {days}")
    connection.execute(
        f"insert into {relation.full_name} by name"
        f" select * from built.{relation.full_name} where {days} {relation.order_by}"
    )
