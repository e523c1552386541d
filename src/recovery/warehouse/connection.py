"""Opens DuckDB, with bounded memory and without extensions; the only place that connects."""

import hashlib
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager
from functools import cache
from pathlib import Path

import duckdb
import pyarrow as pa

from recovery.errors import LockedError, RecoveryError
from recovery.home import forgotten
from recovery.home.disk import is_full
from recovery.home.memory import MEMORY_MB, spare_pandas, trim
from recovery.vocabulary.summed_metrics import STAGE_METRICS, SUMMED_METRICS
from recovery.warehouse.relation import TABLES, WHOLE, WINDOWED, sql_root
from recovery.words.say import say

SCHEMA_VERSION = 10  # raise when sql/raw changes, and add a step to MIGRATIONS
EVERYBODY = ""  # in raw.unpublished_people
LOG_MB = 64  # that is written before it is brought into the file: a night of fifty people fits, and it is done once
KEPT_MB = 10  # of blocks, between two steps: to read 40 more again takes no time, and the looks need them
Migration = str | Callable[[duckdb.DuckDBPyConnection, Path], None]  # a statement, or a step with the database's path


def hide_forgotten(connection: duckdb.DuckDBPyConnection, path: Path) -> None:
    """What was forgotten stood there by person and content; its receipts named files."""
    erased = connection.execute("select subject, sha256 from raw.forgotten").fetchall()
    connection.execute("drop table raw.forgotten")
    create_raw(connection)
    if not erased:
        return
    key = forgotten.key_at(path.with_name("forgotten.key"))
    connection.executemany(
        "insert into raw.forgotten values (?)", [[forgotten.content_hash(key, *row)] for row in erased]
    )
    for (receipt,) in connection.execute(
        "select path from raw.files where status = 'ignored' and message = 'was forgotten on request'"
    ).fetchall():
        connection.execute(
            "update raw.files set path = ?, sha256 = NULL, subject = NULL where path = ?",
            [forgotten.hidden_path(key, receipt, "!/"), receipt],
        )


MIGRATIONS: dict[int, Sequence[Migration]] = {  # version reached -> what leads there
    2: [
        "alter table raw.files add column again_utc timestamp",
        # What an earlier version refused by a clock that was wrong.
        """
        update raw.files set again_utc = late.again_utc
        from (
            select path, min(try_cast(value as timestamp)) as again_utc from raw.rejected
            where reason like '%dated in the future' group by path
        ) as late
        where files.path = late.path
        """,
    ],
    3: ["alter table raw.files add column waiting_message varchar"],
    4: [hide_forgotten],
    5: [
        "alter table raw.deliveries add column if not exists exported_utc timestamp",
        # Files that are written anew had their time of change in it, which a copy has too.
        """
        update raw.deliveries set exported_utc = files.exported_utc
        from raw.files as files
        where
            files.subject = deliveries.subject
            and files.sha256 = deliveries.sha256
            and deliveries.format not in (
                'bearable_csv', 'fitbit_web_api', 'garmin_connect_json', 'google_fit_rest', 'health_auto_export',
                'health_auto_export_csv', 'health_md', 'health_md_csv', 'health_sync', 'oura_export', 'plees_tracker',
                'sleepmeter', 'whoop_api_json'
            )
        """,
    ],
    6: [
        "alter table raw.samples add column if not exists tz_assumed boolean",
        "alter table raw.activities add column if not exists tz_assumed boolean",
        "alter table raw.sleep_sessions add column if not exists reported_start_local timestamp",
        "alter table raw.sleep_sessions add column if not exists reported_end_local timestamp",
    ],
    7: ["alter table raw.files add column if not exists asked varchar"],
    8: [
        "alter table raw.trials add column if not exists goals varchar",
        "alter table raw.trials add column if not exists excluded varchar",
    ],
    9: ["alter table raw.diary add column if not exists pain_afternoon double"],
    10: [
        f"alter table raw.diary add column if not exists {column} double"
        for column in ("other_treatment", "day_off", "illness", "travel")
    ],
}


def connect(path: Path | None = None, *, read_only: bool = False) -> duckdb.DuckDBPyConnection:
    """A connection with bounded memory that never loads an extension; in memory without a path."""
    spare_pandas()
    connection = duckdb.connect(
        str(path) if path else ":memory:",
        read_only=read_only,
        config={
            "memory_limit": f"{MEMORY_MB:.0f}MB",
            "autoinstall_known_extensions": "false",
            "autoload_known_extensions": "false",
            "checkpoint_threshold": f"{LOG_MB}MB",
            **({"temp_directory": f"{path}.tmp"} if path else {}),
        },
    )
    connection.execute("set preserve_insertion_order = false")
    connection.execute("set TimeZone = 'UTC'")
    return connection


def give_back(connection: duckdb.DuckDBPyConnection, memory_mb: float) -> None:
    """Gives the memory of blocks that were read back to the system; `memory_mb` is the limit of the connection.

    DuckDB keeps what it read up to its limit, and what comes next may be other work that needs memory too.
    """
    try:
        connection.execute(f"set memory_limit = '{KEPT_MB}MB'")
    except duckdb.OutOfMemoryException:  # what is in use stays
        pass
    finally:
        connection.execute(f"set memory_limit = '{memory_mb:.0f}MB'")
    trim()


@contextmanager
def transaction(connection: duckdb.DuckDBPyConnection) -> Iterator[None]:
    """Commits what is done in the context, or undoes all of it where it raises."""
    connection.execute("begin transaction")
    try:
        yield
    except BaseException:
        connection.execute("rollback")
        raise
    connection.execute("commit")


_PARSED: dict[str, list[duckdb.Statement]] = {}  # the texts of `sql/`, some hundred


def execute_known(connection: duckdb.DuckDBPyConnection, text: str) -> None:
    """Executes a text that comes again and again, as a file of `sql/`: it is parsed once in the life of the process.

    Of a build of some days the parsing is a third, and each window and each home is built by the same texts.
    """
    if text not in _PARSED:
        _PARSED[text] = connection.extract_statements(text)
    for statement in _PARSED[text]:
        connection.execute(statement)


def database_name(connection: duckdb.DuckDBPyConnection) -> str:
    """The name of the current database, as statements name it that see others too."""
    ((name,),) = connection.execute("select current_database()").fetchall()
    return str(name)


def existing_tables(connection: duckdb.DuckDBPyConnection) -> set[str]:
    """The tables of the current database, with their schemas."""
    return {
        f"{schema}.{name}"
        for schema, name in connection.execute(
            "select schema_name, table_name from duckdb_tables() where database_name = current_database()"
        ).fetchall()
    }


def relations_with_subject(connection: duckdb.DuckDBPyConnection, database: str | None = None) -> set[str]:
    """The relations of a database, else of the current one, that have a column for the person, with their schemas."""
    found = connection.execute(
        "select schema_name, table_name from duckdb_columns()"
        " where database_name = coalesce(?, current_database()) and column_name = 'subject'",
        [database],
    ).fetchall()
    return {f"{schema}.{name}" for schema, name in found}


def create_raw(connection: duckdb.DuckDBPyConnection) -> None:
    """The schemas and the empty tables of `raw` and `answers`, where they are missing, and what is summed."""
    for layer in (*TABLES, *WINDOWED, *WHOLE):
        connection.execute(f"create schema if not exists {layer}")
    existing = existing_tables(connection)
    for name, text in _tables(sql_root()).items():
        if name not in existing:
            execute_known(connection, text)
    for table in ("dirty", "unpublished"):  # days to be built, and days built since the last publication
        connection.execute(
            f"create table if not exists raw.{table}"
            " (subject varchar not null, first_date date not null, last_date date not null)"
        )
    if "raw.unpublished_people" not in existing:  # of whom `massage` and `pub` were built since the last publication
        connection.execute("create table raw.unpublished_people (subject varchar not null)")
        connection.execute("insert into raw.unpublished_people values (?)", [EVERYBODY])
    connection.execute(  # what `massage` and `pub` were built of, person by person
        "create table if not exists raw.built_people (subject varchar not null, digest varchar not null)"
    )
    connection.execute("create table if not exists raw.meta (name varchar primary key, value varchar not null)")
    connection.execute("delete from raw.summed_metrics")
    insert_rows(connection, "raw.summed_metrics", SUMMED_METRICS)
    connection.execute("delete from raw.stage_metrics")
    insert_rows(
        connection,
        "raw.stage_metrics",
        [(stage, metric) for stage, metrics in STAGE_METRICS.items() for metric in metrics],
    )


@cache
def _tables(root: Path) -> Mapping[str, str]:
    """The files that create the tables of `raw` and `answers`, by the names of the tables."""
    return {
        f"{layer}.{path.stem}": path.read_text(encoding="utf-8")
        for layer in TABLES
        for path in sorted((root / layer).glob("*.sql"))
    }


def insert_rows(connection: duckdb.DuckDBPyConnection, table: str, rows: Collection[Sequence[object]]) -> None:
    """Inserts rows into a table, named with its columns or without, by one statement: one a row costs 1 ms each."""
    if rows:
        marks = ", ".join(f"({', '.join('?' * len(row))})" for row in rows)
        connection.execute(f"insert into {table} values {marks}", [value for row in rows for value in row])


def renew_answers(connection: duckdb.DuckDBPyConnection) -> None:
    """Makes the tables of `answers` anew where an earlier program made them with other columns.

    All that they hold is computed again from the days: what cannot be, belongs into `raw`.
    """
    files = sorted((sql_root() / "answers").glob("*.sql"))
    digest = hashlib.sha256(b"".join(path.read_bytes() for path in files)).hexdigest()
    if meta(connection, "answers_sql") == digest:
        return
    for (table,) in connection.execute(
        "select table_name from duckdb_tables() where database_name = current_database() and schema_name = 'answers'"
    ).fetchall():
        connection.execute(f'drop table answers."{table}"')
    create_raw(connection)
    set_meta(connection, "answered", "")
    set_meta(connection, "answers_sql", digest)


def open_work(path: Path) -> duckdb.DuckDBPyConnection:
    """The private work database at the present schema version, made or migrated as needed.

    Raises LockedError where another program has it open.
    """
    connection = _connect_work(path)
    try:
        with transaction(connection):
            create_raw(connection)
            renew_answers(connection)
            _migrate(connection, path)
    except BaseException:
        connection.close()
        raise
    return connection


def read_work(path: Path) -> duckdb.DuckDBPyConnection:
    """The private work database at the present schema version, read only; one of an earlier version is migrated first.

    Raises LockedError where another program has it open.
    """
    connection = _connect_work(path, read_only=True)
    try:
        version = _version(connection, path)
    except BaseException:
        connection.close()
        raise
    if version < SCHEMA_VERSION:
        connection.close()
        open_work(path).close()
        connection = _connect_work(path, read_only=True)
    return connection


def _connect_work(path: Path, *, read_only: bool = False) -> duckdb.DuckDBPyConnection:
    try:
        return connect(path, read_only=read_only)
    except (duckdb.IOException, duckdb.SerializationException) as error:
        if is_full(error):
            raise
        if "lock" in str(error):
            raise LockedError(
                say("Another program has {path} open.", path=path),
                say("Close it, then try again; recovery.duckdb is the file to look into."),
            ) from None
        raise RecoveryError(
            say("{path} cannot be opened: {error}.", path=path, error=" ".join(str(error).split())),
            say("Restore a backup (recovery restore), or move that file away: the inbox is then read anew."),
        ) from None


def _migrate(connection: duckdb.DuckDBPyConnection, path: Path) -> None:
    """Brings the database to `SCHEMA_VERSION`; refuses one that a newer program wrote."""
    for step in range(_version(connection, path) + 1, SCHEMA_VERSION + 1):
        for statement in MIGRATIONS[step]:
            if callable(statement):
                statement(connection, path)
            else:
                connection.execute(statement)
    set_meta(connection, "schema_version", str(SCHEMA_VERSION))


def _version(connection: duckdb.DuckDBPyConnection, path: Path) -> int:
    """The schema version of a work database; RecoveryError where a newer program wrote it."""
    version = int(meta(connection, "schema_version") or SCHEMA_VERSION)
    if version > SCHEMA_VERSION:
        raise RecoveryError(
            say(
                "{path} was written by a newer recovery (schema {version}; this one knows {schema_version}).",
                path=path,
                version=version,
                schema_version=SCHEMA_VERSION,
            ),
            say("Install the newer version again."),
        )
    return version


def meta(connection: duckdb.DuckDBPyConnection, name: str) -> str | None:
    """A remembered value of the work database, or None."""
    rows = connection.execute("select value from raw.meta where name = ?", [name]).fetchall()
    return rows[0][0] if rows else None  # fetchone would leave a result that keeps the connection busy


def set_meta(connection: duckdb.DuckDBPyConnection, name: str, value: str) -> None:
    """Remembers a value in the work database."""
    connection.execute("insert or replace into raw.meta values (?, ?)", [name, value])


@contextmanager
def arrow(connection: duckdb.DuckDBPyConnection, name: str, **columns: pa.Array) -> Iterator[None]:
    """Shows columns to DuckDB as a table of this name, as long as the context lasts."""
    connection.register(name, pa.table(columns))
    try:
        yield
    finally:
        connection.unregister(name)
