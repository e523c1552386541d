"""Answers from the published database, read only."""

import csv
import re
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, chdir, contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

import duckdb

from recovery import warehouse
from recovery.errors import HomeError, RecoveryError
from recovery.home import stop
from recovery.home.disk import replaced
from recovery.home.folder import Home
from recovery.home.study import Study, run_command
from recovery.words.say import say

if TYPE_CHECKING:
    from _typeshed import SupportsWrite

XLSX_ROWS = 1_048_575  # a sheet's limit, less the header
CHUNK = 10_000
ANSWERS = (".parquet", ".pq", ".xlsx")  # files that an answer may take the place of
SHUT = (  # a query asks the published tables and nothing else: no file, no network, no variable of this program
    "set python_enable_replacements = false",
    "set enable_external_access = false",
    "set lock_configuration = true",
)
WRITING = re.compile(r"\b(copy|export)\b", re.IGNORECASE)
FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")  # what a spreadsheet takes for a formula, in text


class QueryError(RecoveryError):
    """The SQL cannot be answered."""


class Answer(NamedTuple):
    """The first rows of an answer; `more` where there are others."""

    columns: tuple[str, ...]
    rows: list[tuple[object, ...]]
    more: bool


def is_published(home: Home) -> bool:
    """Whether there is anything to ask: what a home published, or a study in shards."""
    return home.published.is_file() or Study(home.folder).database.is_file()


@contextmanager
def published(home: Home) -> Iterator[duckdb.DuckDBPyConnection]:
    """A read-only connection to what was published last; HomeError where nothing was.

    That is `recovery.duckdb`, and of a folder that was worked in shards alone `cohort.duckdb`. Views of the latter
    begin in its folder, where the process stands for as long as this lasts.
    """
    study, is_in_shards = Study(home.folder), not home.published.is_file()
    if not is_published(home):
        raise HomeError(
            say("Nothing is published in {folder} yet.", folder=home.folder),
            say("Run: {command}", command=run_command(home))
            if study.is_begun
            else say(
                "Put exports into {inbox} and run: recovery run --home {folder}", inbox=home.inbox, folder=home.folder
            ),
        )
    path = study.database if is_in_shards else home.published
    with ExitStack() as stack:
        try:
            connection = stack.enter_context(warehouse.connect(path, read_only=True))
            if is_in_shards:
                stack.enter_context(chdir(study.folder))
                connection.execute(f"set allowed_directories = [{warehouse.quote(f'{study.published}/')}]")
            for setting in SHUT:
                connection.execute(setting)
        except duckdb.Error as error:
            raise HomeError(
                say("{published} cannot be opened: {first_line}", published=path, first_line=_first_line(error)),
                say("Run `{command}` to publish it anew.", command=run_command(home)),
            ) from None
        stack.enter_context(stop.interrupted_by(connection.interrupt))
        yield connection


def answer(connection: duckdb.DuckDBPyConnection, sql: str, limit: int) -> Answer:
    """At most `limit` rows of the answer."""
    with _in_one_line():
        cursor = _ask(connection, sql)
        rows = cursor.fetchmany(limit + 1)
    return Answer(_columns(cursor), rows[:limit], len(rows) > limit)


def write_csv(connection: duckdb.DuckDBPyConnection, sql: str, stream: "SupportsWrite[str]") -> int:
    """The whole answer as CSV with a header, NULL as an empty field; the number of rows.

    Text that a spreadsheet would run as a formula gets an apostrophe before it; numbers stay as they are.
    """
    writer = csv.writer(stream, lineterminator="\n")
    count = 0
    with _in_one_line():
        cursor = _ask(connection, sql)
        writer.writerow([_no_formula(column) for column in _columns(cursor)])
        while rows := cursor.fetchmany(CHUNK):
            writer.writerows([_no_formula(value) for value in row] for row in rows)
            count += len(rows)
    return count


def must_be_free(home: Home, path: Path) -> None:
    """Nothing where an answer may be written there; QueryError where that would replace something else.

    That is whatever lies in the folders of the home, and a file whose name does not end as that of an answer does.
    """
    real = path.resolve()
    study = Study(home.folder)
    folders = (home.inbox, home.private, home.checks, study.published, study.shards)
    if any(real.is_relative_to(folder.resolve()) for folder in folders):
        raise QueryError(
            say("{path} lies in a folder that belongs to the home.", path=path), say("Give a file outside it.")
        )
    if real.exists() and real.suffix.lower() not in ANSWERS:
        raise QueryError(
            say("{path} is there already, and is no answer of a query: it is not replaced.", path=path),
            say("Give another name, which ends in .parquet or .xlsx."),
        )


def write_parquet(connection: duckdb.DuckDBPyConnection, sql: str, path: Path) -> int:
    """The whole answer as a Parquet file, put in place when it is whole; the number of rows."""
    from pyarrow import parquet

    count = 0
    with _in_one_line(), replaced(path) as stream:
        relation = connection.sql(_one_statement(connection, sql))
        if relation is None:
            raise QueryError(say("This statement has no rows to write."))
        reader = relation.to_arrow_reader(100_000)
        with parquet.ParquetWriter(stream, reader.schema, compression="zstd") as writer:
            for batch in reader:
                writer.write_batch(batch)
                count += batch.num_rows
    return count


def write_xlsx(connection: duckdb.DuckDBPyConnection, sql: str, path: Path) -> int:
    """The whole answer as an Excel sheet, put in place when it is whole; the number of rows.

    Text stays text: a note that begins with = is no formula. More rows than a sheet holds is a QueryError.
    """
    from openpyxl import Workbook
    from openpyxl.cell import WriteOnlyCell

    book = Workbook(write_only=True)
    sheet = book.create_sheet("recovery")
    count = 0
    with _in_one_line():
        cursor = _ask(connection, sql)
        sheet.append(list(_columns(cursor)))
        while rows := cursor.fetchmany(CHUNK):
            count += len(rows)
            if count > XLSX_ROWS:
                raise QueryError(
                    say("More than {xlsx_rows:,} rows do not fit a sheet.", xlsx_rows=XLSX_ROWS),
                    say("Use --csv or --parquet."),
                )
            for row in rows:
                cells = []
                for value in row:
                    is_plain = value is None or isinstance(value, int | float) or hasattr(value, "isoformat")
                    cell = WriteOnlyCell(sheet, value if is_plain else _sheet_text(value))
                    if not is_plain:
                        cell.data_type = "s"
                    cells.append(cell)
                sheet.append(cells)
    with replaced(path) as stream:
        book.save(stream)
    return count


def _no_formula(value: object) -> object:
    return f"'{value}" if isinstance(value, str) and value.startswith(FORMULA_STARTS) else value


def _sheet_text(value: object) -> str:
    """Without the control characters that a sheet cannot hold, at most as long as a cell."""
    return "".join(sign for sign in str(value) if sign >= " " or sign in "\t\n")[:32_767]


def _ask(connection: duckdb.DuckDBPyConnection, sql: str) -> duckdb.DuckDBPyConnection:
    return connection.execute(_one_statement(connection, sql))


def _one_statement(connection: duckdb.DuckDBPyConnection, sql: str) -> duckdb.Statement:
    statements = connection.extract_statements(sql)
    if len(statements) != 1:
        raise QueryError(say("One statement is expected, {count} were given.", count=len(statements)))
    if _writes_files(statements[0]):
        raise _only_tables()
    return statements[0]


def _writes_files(statement: duckdb.Statement) -> bool:
    """Whether a statement may write files: DuckDB leaves some open to it, as its own and the Parquet of a study."""
    kind = statement.type
    if kind in (duckdb.StatementType.EXPLAIN, duckdb.StatementType.MULTI):  # of others; a pivot is several
        return bool(WRITING.search(statement.query))
    return kind in (duckdb.StatementType.COPY, duckdb.StatementType.EXPORT, duckdb.StatementType.PREPARE)


def _only_tables() -> QueryError:
    return QueryError(
        say("A query reads the published tables and nothing else: no file and no address."),
        say('Tables: `recovery query "show tables"`; a table of your own: drop it into the inbox.'),
    )


def _columns(cursor: duckdb.DuckDBPyConnection) -> tuple[str, ...]:
    return tuple(column[0] for column in cursor.description or ())


@contextmanager
def _in_one_line() -> Iterator[None]:
    try:
        yield
    except duckdb.Error as error:
        if isinstance(error, duckdb.PermissionException):  # it asks for a file, an address or an extension
            raise _only_tables() from None
        reason = _first_line(error).rstrip()
        ended = reason if reason.endswith((".", "!", "?")) else say("{reason}.", reason=reason)
        raise QueryError(ended, say('Tables: `recovery query "show tables"`; no file is read.')) from None


def _first_line(error: duckdb.Error) -> str:
    """DuckDB's message without the drawing of the statement, with its suggestion."""
    lines = [line.strip() for line in str(error).splitlines() if line.strip()]
    kept = [line for line in lines if not line.startswith(("LINE ", "^"))]
    return " ".join(kept[:3])


def rows(connection: duckdb.DuckDBPyConnection, sql: str, values: Sequence[object] = ()) -> list[dict[str, Any]]:
    """All rows of an answer of ours, by column name."""
    cursor = connection.execute(sql, list(values))
    columns = _columns(cursor)
    return [dict(zip(columns, row, strict=True)) for row in cursor.fetchall()]


def has_column(connection: duckdb.DuckDBPyConnection, table: str, column: str) -> bool:
    """Whether a published table has that column: False where an earlier version published it without."""
    sql = "from duckdb_columns() where table_name = ? and column_name = ? and not internal limit 1"
    return bool(connection.execute(sql, [table, column]).fetchall())
