"""Small cases for the files of `sql/`: give rows, build one relation with all it reads, read rows in order.

Values may be written as text (`"2019-03-31 00:30"`): they take the column's real type. Columns that are not given are
NULL, or stand in for what every raw table needs (`DEFAULTS`).
"""

from collections.abc import Iterable, Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import Any

import duckdb
import pyarrow as pa

from recovery import warehouse
from recovery.home.clock import zone_offsets
from recovery.home.folder import Home
from recovery.home.settings import Settings, Travel
from recovery.warehouse.metrics import create_metrics
from recovery.warehouse.quoting import quote_name
from recovery.warehouse.relation import GENERATED

DEFAULTS: Mapping[str, Any] = {
    "subject": "me",
    "source": "watch",
    "delivery": 1,
    "activity": "walking",
    "path": "log.csv",
    "origin": "massage_log",
    "status": "attended",
    "tz_assumed": False,
    "session_key": "night",
}


def home(connection: duckdb.DuckDBPyConnection, zone: str, travel: Sequence[Travel] = (), subject: str = "me") -> None:
    """The offsets of a person's home zone and journeys, as `load_settings_tables` writes them."""
    connection.execute("delete from raw.zone_offsets where subject = ?", [subject])
    connection.execute(
        "insert into raw.zone_offsets select ?, * from (values " + ", ".join(_zone_rows(zone, tuple(travel))) + ")",
        [subject],
    )


@cache
def _zone_rows(zone: str, travel: tuple[Travel, ...]) -> list[str]:
    settings = Settings(Home(Path()), home_time_zone=zone, travel=travel)
    return [
        f"(timestamp '{piece.start_utc}', timestamp '{piece.end_utc}', {piece.offset_min}, {piece.is_travel})"
        for piece in zone_offsets(settings, "me")
    ]


def given(
    connection: duckdb.DuckDBPyConnection, name: str, rows: Iterable[Mapping[str, Any]], **constants: Any
) -> None:
    """Adds rows to a table of any layer; one above `raw` is made empty first, and `build` will then leave it alone."""
    if not name.startswith("raw.") and name not in _existing(connection):
        _make_empty(connection, name)
    types = _types(connection, name)
    defaults = DEFAULTS if name.startswith("raw.") else {"subject": "me"}
    made = []
    for number, row in enumerate(rows, 1):
        unknown = (set(row) | set(constants)) - set(types)
        assert not unknown, f"{name} has no column {sorted(unknown)}; it has {list(types)}"
        values = {"place": f"row {number}", **defaults, **constants, **row}
        made.append({column: _text(values.get(column)) for column in types})
    if made:
        connection.register("made", pa.Table.from_pylist(made))  # a tenth of the time of as many parameters
        cast = ", ".join(f"cast({quote_name(column)} as {kind})" for column, kind in types.items())
        connection.execute(f"insert into {name} select {cast} from made")
        connection.unregister("made")


def _types(connection: duckdb.DuckDBPyConnection, name: str) -> dict[str, str]:
    """The columns of a table, in order, and their types."""
    return {column: kind for column, kind, *_ in connection.execute(f"describe {name}").fetchall()}


def _text(value: Any) -> Any:
    """A value as text, which takes the type of its column; a list stays one."""
    return value if value is None or isinstance(value, list) else str(value)


def build(connection: duckdb.DuckDBPyConnection, name: str) -> None:
    """Builds one relation anew, and what it reads where that is not there yet."""
    existing = _existing(connection)
    if name in existing:
        connection.execute(f"drop {_kind(name)} {name}")
        existing.remove(name)
    _build_missing(connection, name, existing)


def rows(connection: duckdb.DuckDBPyConnection, name: str, columns: str = "*", where: str = "true") -> list[tuple]:
    """All rows of a relation, which is built where it is not there, ordered by the columns asked for."""
    built(connection, name)
    return connection.execute(f"select {columns} from {name} where {where} order by all").fetchall()


def built(connection: duckdb.DuckDBPyConnection, name: str) -> None:
    """Builds a relation, and what it reads, where it is not there yet."""
    existing = _existing(connection)
    if name not in existing:
        _build_missing(connection, name, existing)


def value(connection: duckdb.DuckDBPyConnection, query: str) -> Any:
    """The one value a query gives."""
    row = connection.execute(query).fetchone()
    assert row is not None, "the query gave no row"
    return row[0]


def _kind(name: str) -> str:
    """A view of `stg` is one here too, so that it shows what a test adds to `raw` later."""
    (relation,) = (known for known in warehouse.relations() if known.full_name == name)
    return relation.kind if relation.layer == "stg" else "table"


def _existing(connection: duckdb.DuckDBPyConnection) -> set[str]:
    """The relations that are there."""
    return {
        f"{schema}.{name}"
        for schema, name in connection.execute(
            "select schema_name, table_name from duckdb_tables() where database_name = current_database()"
            " union all"
            " select schema_name, view_name from duckdb_views() where database_name = current_database()"
        ).fetchall()
        if schema in ("raw", "stg", "timeline", "daily", "massage", "pub")
    }


def _build_missing(connection: duckdb.DuckDBPyConnection, name: str, existing: set[str]) -> None:
    """Makes a relation and all below it that is missing."""
    if name in existing:
        return
    known = {relation.full_name: relation for relation in warehouse.relations()}
    if name in GENERATED:
        for other, relation in known.items():
            if relation.layer == "daily":
                _build_missing(connection, other, existing)
        create_metrics(connection)
        existing |= GENERATED
        return
    for needed in sorted(known[name].reads - {name}):
        if not needed.startswith("raw."):
            _build_missing(connection, needed, existing)
    connection.execute(f"create {_kind(name)} {name} as {known[name].select}")
    existing.add(name)


def _make_empty(connection: duckdb.DuckDBPyConnection, name: str) -> None:
    """A table with a relation's real types and no rows, whatever `raw` holds."""
    shapes = _shapes()
    rows(shapes, name)
    columns = shapes.execute(
        "select column_name, data_type from duckdb_columns()"
        " where schema_name || '.' || table_name = ? order by column_index",
        [name],
    ).fetchall()
    connection.execute(f"create table {name} ({', '.join(f'{quote_name(column)} {kind}' for column, kind in columns)})")


@cache
def _shapes() -> duckdb.DuckDBPyConnection:
    """Relations over empty `raw` tables, made as they are asked for."""
    connection = warehouse.connect()
    warehouse.create_raw(connection)
    return connection
