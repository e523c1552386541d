"""Opens DuckDB and builds `sql/` in dependency order; the only place that connects.

`sql/raw/` and `sql/answers/` create tables; every other file is one bare select, and its path is the relation's name.
The layers `stg`, `timeline` and `daily` are built window by window: the same files run in a fresh in-memory database
whose `raw` tables are views of the deliveries around the days that changed, and only those days are copied to the work
database. So one new day costs the same on one year of history as on ten. `massage` and `pub` are small and built whole.
"""

import graphlib
import hashlib
import re
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from datetime import date, timedelta
from functools import cache
from pathlib import Path
from typing import NamedTuple

import duckdb
import pyarrow as pa

from recovery.clock import zone_offsets
from recovery.errors import RecoveryError
from recovery.records import SCHEMAS
from recovery.settings import Settings, days_between

SCHEMA_VERSION = 1  # raise when sql/raw changes, and add a step to MIGRATIONS
MIGRATIONS: dict[int, Sequence[str]] = {}  # version reached -> statements that lead there
TABLES = ("raw", "answers")  # layers whose files create tables, filled by Python: what came, what was found out
WINDOWED = ("stg", "timeline", "daily")
WHOLE = ("massage", "pub")
CONTEXT_DAYS = 9  # no row of a windowed layer depends on a record further away than this
SUBJECT_DAYS_PER_WINDOW = 800  # bounds the memory of a build, about 1.2 million minutes
MEMORY_LIMIT = "300MB"
HEADER_KEYS = (
    "family", "unit", "better", "smallest worthwhile change", "counted by", "grain", "missing", "source", "kept",
)  # fmt: skip  # a line that begins with another word and a colon is part of what stands above it
CONTRACT_OF_DAILY = (
    "subject", "local_date", "metric", "value", "unit", "source", "resolution", "coverage_share",
)  # fmt: skip


class Relation(NamedTuple):
    """One file of `sql/`."""

    layer: str
    name: str
    text: str

    @property
    def full_name(self) -> str:
        return f"{self.layer}.{self.name}"

    @property
    def header(self) -> dict[str, str]:
        """The `-- key: value` lines of the file's header, with `title` and `description`."""
        lines = [line[2:].strip() for line in _comment_block(self.text)]
        told = {"title": lines[0] if lines else "", "description": ""}
        here = "description"
        for line in lines[1:]:
            key, colon, value = line.partition(":")
            if colon and key in HEADER_KEYS:
                here, line = key, value
            told[here] = f"{told.get(here, '')} {line.strip()}".strip()
        return told

    @property
    def is_kept(self) -> bool:
        """Whether the built rows stay in the work database: all but `stg`, and `stg` where it says so."""
        return self.layer != "stg" or self.header.get("kept") == "yes"

    @property
    def kind(self) -> str:
        """'view' for what only renames a big table, where its header says `kept: no`; else 'table'."""
        return "view" if self.layer in WHOLE and self.header.get("kept") == "no" else "table"

    @property
    def reads(self) -> frozenset[str]:
        """The relations that its select names."""
        return _named(self.text)


class Window(NamedTuple):
    """Days of some subjects that are to be built anew; both dates count."""

    subjects: tuple[str, ...]
    first: date
    last: date


def sql_root() -> Path:
    """The folder `sql/`: inside the installed package, or at the top of the checkout."""
    installed = Path(__file__).parent / "sql"
    return installed if installed.is_dir() else Path(__file__).parents[2] / "sql"


@cache
def relations() -> tuple[Relation, ...]:
    """Every relation of `sql/` but raw and answers, in an order in which each comes after what it reads."""
    found = {
        relation.full_name: relation
        for layer in (*WINDOWED, *WHOLE)
        for path in sorted((sql_root() / layer).glob("*.sql"))
        for relation in [Relation(layer, path.stem, path.read_text(encoding="utf-8"))]
    }
    dailies = {name for name, relation in found.items() if relation.layer == "daily"}
    graph = {
        name: {
            needed
            for read in relation.reads
            for needed in (dailies if read in GENERATED else {read})
            if needed.partition(".")[0] not in TABLES
        }
        for name, relation in found.items()
    }
    for name, needs in graph.items():
        if missing := needs - set(found):
            raise LookupError(f"sql/{name.replace('.', '/')}.sql reads {sorted(missing)}, which no file makes")
    return tuple(found[name] for name in graphlib.TopologicalSorter(graph).static_order())


GENERATED = {"daily.metrics", "daily.definitions"}  # made here of the files of sql/daily/


def fingerprint() -> str:
    """Changes whenever a file of `sql/` changes, so that everything is built anew."""
    digest = hashlib.sha256()
    for path in sorted(sql_root().rglob("*.sql")):
        digest.update(path.relative_to(sql_root()).as_posix().encode() + b"\0" + path.read_bytes() + b"\0")
    return digest.hexdigest()


def connect(path: Path | None = None, *, read_only: bool = False) -> duckdb.DuckDBPyConnection:
    """A connection with bounded memory that never loads an extension; in memory without a path."""
    connection = duckdb.connect(
        str(path) if path else ":memory:",
        read_only=read_only,
        config={
            "memory_limit": MEMORY_LIMIT,
            "autoinstall_known_extensions": "false",
            "autoload_known_extensions": "false",
            **({"temp_directory": f"{path}.tmp"} if path else {}),
        },
    )
    connection.execute("set preserve_insertion_order = false")
    connection.execute("set TimeZone = 'UTC'")
    return connection


@contextmanager
def transaction(connection: duckdb.DuckDBPyConnection) -> Iterator[None]:
    """All or nothing."""
    connection.execute("begin transaction")
    try:
        yield
    except BaseException:
        connection.execute("rollback")
        raise
    connection.execute("commit")


def create_raw(connection: duckdb.DuckDBPyConnection) -> None:
    """The schemas and the empty tables of `raw` and `answers`, where they are missing."""
    for layer in (*TABLES, *WINDOWED, *WHOLE):
        connection.execute(f"create schema if not exists {layer}")
    existing = set(
        connection.execute(
            "select schema_name, table_name from duckdb_tables() where database_name = current_database()"
        ).fetchall()
    )
    for layer in TABLES:
        for path in sorted((sql_root() / layer).glob("*.sql")):
            if (layer, path.stem) not in existing:
                connection.execute(path.read_text(encoding="utf-8"))
    connection.execute(
        "create table if not exists raw.dirty"
        " (subject varchar not null, first_date date not null, last_date date not null)"
    )
    connection.execute("create table if not exists raw.meta (name varchar primary key, value varchar not null)")


def open_work(path: Path) -> duckdb.DuckDBPyConnection:
    """The private work database at the present schema version, made or migrated as needed."""
    connection = connect(path)
    try:
        with transaction(connection):
            create_raw(connection)
            _migrate(connection, path)
    except BaseException:
        connection.close()
        raise
    return connection


def _migrate(connection: duckdb.DuckDBPyConnection, path: Path) -> None:
    version = int(meta(connection, "schema_version") or SCHEMA_VERSION)
    if version > SCHEMA_VERSION:
        raise RecoveryError(
            f"{path} was written by a newer recovery (schema {version}; this one knows {SCHEMA_VERSION}).",
            "Install the newer version again.",
        )
    for step in range(version + 1, SCHEMA_VERSION + 1):
        for statement in MIGRATIONS[step]:
            connection.execute(statement)
    set_meta(connection, "schema_version", str(SCHEMA_VERSION))


def meta(connection: duckdb.DuckDBPyConnection, name: str) -> str | None:
    """A remembered value of the work database, or None."""
    rows = connection.execute("select value from raw.meta where name = ?", [name]).fetchall()
    return rows[0][0] if rows else None  # fetchone would leave a result that keeps the connection busy


def set_meta(connection: duckdb.DuckDBPyConnection, name: str, value: str) -> None:
    connection.execute("insert or replace into raw.meta values (?, ?)", [name, value])


def load_settings_tables(connection: duckdb.DuckDBPyConnection, settings: Settings) -> None:
    """Writes what SQL must know of recovery.toml; where that changed, every day is to be built anew."""
    rows: dict[str, list[tuple[object, ...]]] = {
        "zone_offsets": [
            (subject, *piece) for subject in settings.subjects for piece in zone_offsets(settings, subject)
        ],
        "exclusions": [(subject, day, reason) for (subject, day), reason in sorted(_exclusions(settings).items())],
        "source_priority": [(name, rank) for rank, name in enumerate(settings.source_priority, 1)],
        "goals": sorted(settings.goals.items()),
        "validity": sorted(settings.validity.items()),
    }
    rows_told = hashlib.sha256(repr(rows).encode()).hexdigest()
    if meta(connection, "settings") == rows_told:
        return
    with transaction(connection):
        for table, values in rows.items():
            connection.execute(f"delete from raw.{table}")
            if values:  # all at once: the clocks of fifty people are ten thousand rows
                told = pa.table({f"column_{number}": column for number, column in enumerate(zip(*values, strict=True))})
                connection.register("told", told)
                connection.execute(f"insert into raw.{table} from told")
                connection.unregister("told")
        set_meta(connection, "settings", rows_told)
        mark_all_dirty(connection)


def _exclusions(settings: Settings) -> dict[tuple[str, date], str]:
    """The reason of each excluded day; of two reasons the one that stands first in recovery.toml."""
    return {
        (subject, day): row.reason
        for row in reversed(settings.exclusions)
        for subject in ([row.subject] if row.subject else settings.subjects)
        for day in days_between(row.first, row.last)
    }


def mark_dirty(connection: duckdb.DuckDBPyConnection, subject: str, first: date, last: date) -> None:
    """Remembers that records of these days came, changed or went; call it in the transaction that changes them."""
    connection.execute("insert into raw.dirty values (?, ?, ?)", [subject, first, last])


def mark_all_dirty(connection: duckdb.DuckDBPyConnection) -> None:
    """Marks every day of which there is a record."""
    for table in SCHEMAS:
        column = _time_column(table)
        connection.execute(
            f"insert into raw.dirty select subject, min({column})::date, max({column})::date"
            f" from raw.{table} group by subject"
        )


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
    windows = _windows(connection)
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


def metric_definitions() -> list[dict[str, str]]:
    """The header of every file of `sql/daily/`: name, title, description, unit, family, better, ..."""
    return [{"metric": relation.name, **relation.header} for relation in relations() if relation.layer == "daily"]


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
            column = _time_column(path.stem)
            condition = f" where subject in ({people}) and {column} >= '{first}' and {column} < '{last}'"
        connection.execute(f"create view raw.{path.stem} as select * from {work}.raw.{path.stem}{condition}")


def _swap(connection: duckdb.DuckDBPyConnection, relation: Relation, window: Window) -> None:
    people = ", ".join(quote(subject) for subject in window.subjects)
    days = f"subject in ({people}) and local_date between '{window.first}' and '{window.last}'"
    connection.execute(f"delete from {relation.full_name} where {days}")
    connection.execute(
        f"insert into {relation.full_name} by name select * from built.{relation.full_name} where {days}"
    )


def _windows(connection: duckdb.DuckDBPyConnection) -> list[Window]:
    """What is dirty, widened by the context, as few windows of bounded size."""
    spans: dict[tuple[date, date], list[str]] = {}
    for subject, first, last in connection.execute(
        "select subject, first_date, last_date from raw.dirty order by all"
    ).fetchall():
        spans.setdefault((first - timedelta(days=CONTEXT_DAYS), last + timedelta(days=CONTEXT_DAYS)), []).append(
            subject
        )
    per_subject: dict[str, list[tuple[date, date]]] = {}
    for (first, last), subjects in sorted(spans.items()):
        for subject in subjects:
            merged = per_subject.setdefault(subject, [])
            if merged and first <= merged[-1][1]:
                merged[-1] = (merged[-1][0], max(merged[-1][1], last))
            else:
                merged.append((first, last))
    pieces: dict[tuple[date, date], list[str]] = {}
    for subject, merged in sorted(per_subject.items()):
        for first, last in merged:
            for piece in _cut(first, last):
                pieces.setdefault(piece, []).append(subject)
    return [
        Window(tuple(group), first, last)
        for (first, last), subjects in sorted(pieces.items())
        for group in _groups(subjects, max(1, SUBJECT_DAYS_PER_WINDOW // ((last - first).days + 1)))
    ]


def _cut(first: date, last: date) -> Iterator[tuple[date, date]]:
    while first <= last:
        until = min(first + timedelta(days=SUBJECT_DAYS_PER_WINDOW - 1), last)
        yield first, until
        first = until + timedelta(days=1)


def _groups(items: Sequence[str], size: int) -> Iterable[Sequence[str]]:
    return (items[start : start + size] for start in range(0, len(items), size))


def _generate_daily(connection: duckdb.DuckDBPyConnection) -> None:
    """`daily.definitions` and the view `daily.metrics`, made of the files of `sql/daily/`."""
    dailies = sorted(relation for relation in relations() if relation.layer == "daily")
    connection.execute(
        "create or replace table daily.definitions (metric varchar, family varchar, unit varchar, title varchar,"
        " description varchar, better varchar, smallest_worthwhile_change double, counted_by varchar)"
    )
    for relation in dailies:
        header = relation.header
        smallest = re.match(r"[\d.]+", header.get("smallest worthwhile change", ""))
        connection.execute(
            "insert into daily.definitions values (?, ?, ?, ?, ?, ?, ?, ?)",
            [
                relation.name,
                header.get("family"),
                header.get("unit"),
                header["title"],
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


@cache
def _named(text: str) -> frozenset[str]:
    body = re.sub(r"--[^\n]*", "", text)
    return frozenset(map(".".join, re.findall(r"\b(raw|answers|stg|timeline|daily|massage|pub)\.(\w+)", body)))


def _comment_block(text: str) -> list[str]:
    lines = []
    for line in text.splitlines():
        if not line.startswith("--"):
            break
        lines.append(line)
    return lines


def _time_column(table: str) -> str:
    names = SCHEMAS[table].names
    return next(name for name in ("local_date", "start_utc", "time_utc") if name in names)


def quote(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"
