"""The tables of a snapshot while it is written: attached as `snapshot`, each a copy of a relation of `pub`."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import duckdb

from recovery import checks, warehouse
from recovery.published import dictionary

OF_OTHERS = {"effects": ("shrunken_estimate", "shrunken_ci_low", "shrunken_ci_high")}  # made of all people's answers
STORAGE_VERSION = "v1.0.0"  # every driver since DuckDB 1.0 opens it; BI tools bring old ones


def tables() -> list[warehouse.Relation]:
    """The relations that are published, each after all that it reads."""
    return [relation for relation in warehouse.relations() if relation.layer == "pub"]


def name_of(relation: warehouse.Relation) -> str:
    """The table of the snapshot that holds a relation."""
    return f"snapshot.main.{relation.name}"


@contextmanager
def attached(connection: duckdb.DuckDBPyConnection, path: Path) -> Iterator[None]:
    """Attaches a new or copied file as `snapshot`, to be written to; rows keep the order they are inserted in."""
    connection.execute(f"attach {warehouse.quote(str(path))} as snapshot (storage_version '{STORAGE_VERSION}')")
    connection.execute("set preserve_insertion_order = true")  # else the sorting of the tables is lost
    try:
        yield
    finally:
        connection.execute("set preserve_insertion_order = false")
        connection.execute("detach snapshot")


def copy_whole(connection: duckdb.DuckDBPyConnection, relation: warehouse.Relation) -> None:
    """Writes one table anew, with what it and its columns are as comments."""
    table = name_of(relation)
    connection.execute(f"drop table if exists {table}")
    connection.execute(f"create table {table} as select * from {relation.full_name} {sorting(relation)}")
    comment_on(connection, relation, "table")


def comment_on(connection: duckdb.DuckDBPyConnection, relation: warehouse.Relation, kind: str) -> None:
    """Comments on a table or view (`kind`) that was just made: its header, and what each column is."""
    name = name_of(relation)
    comment = f"{relation.header['title']}. {relation.header['description']}".strip()
    columns = connection.execute(
        "select column_name from duckdb_columns() where database_name = 'snapshot' and table_name = ?", [relation.name]
    ).fetchall()
    meanings = dictionary.comments(relation, (column for (column,) in columns))
    connection.begin()  # each statement by itself costs three times as much
    connection.execute(f"comment on {kind} {name} is {warehouse.quote(comment)}")
    for column, meaning in meanings.items():
        connection.execute(f"comment on column {name}.{warehouse.quote_names([column])} is {warehouse.quote(meaning)}")
    connection.commit()


def sorting(relation: warehouse.Relation) -> str:
    """The `order by` of a table: its key, so that it is small and a day of it is found at once.

    The minutes are many and were stored day by day: they keep that order, sorting them again costs as much as the copy.
    """
    if warehouse.is_built_by_days(relation):
        return ""
    checked = checks.relations().get(relation.name)
    return f"order by {warehouse.quote_names(checked.KEY) if checked else 'all'}"
