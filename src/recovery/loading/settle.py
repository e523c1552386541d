"""The receipts of all that needs no reading, and what is withdrawn with them: after the packs are loaded."""

from collections.abc import Iterable

import duckdb
import pyarrow as pa

from recovery.formats.records import LOGGED
from recovery.home.disk import full_disk_is_plain
from recovery.home.settings import Settings
from recovery.inbox.archives import MEMBER
from recovery.inbox.receipts import Look, columns_of
from recovery.loading.archive_receipts import write_archive_receipts
from recovery.loading.waiting import mark_waiting
from recovery.loading.withdrawal import delete_leaving, mark_touched, open_touched
from recovery.warehouse import arrow, set_meta, transaction


def settle(
    connection: duckdb.DuckDBPyConnection,
    settings: Settings,
    look: Look,
    changed: Iterable[str] = (),
    *,
    is_last_look: bool = True,
) -> None:
    """Writes the receipts of all that needs no reading and withdraws removed logs; call it after the last `load`.

    `changed` are the paths of files that changed while they were read; they and those that were still being written
    are marked as waiting where this is the last look of the run.
    """
    with full_disk_is_plain(settings.home.folder), transaction(connection):
        update_completeness(connection, settings)
        if not look.is_quiet:
            set_meta(connection, "built", "no")  # receipts and logs are shown by tables that are built whole
            _withdraw_removed(connection, look)
            _write_receipts(connection, look)
            _replace_originals(connection, look)
            _update_times(connection, look)
            _mark_absent_members(connection, look)
            _drop_removed_duplicates(connection, look)
            write_archive_receipts(connection, look)
        mark_waiting(connection, settings, (*look.waiting, *changed), is_last_look=is_last_look)
        if look.readers_fingerprint:
            set_meta(connection, "readers", look.readers_fingerprint)


def _withdraw_removed(connection: duckdb.DuckDBPyConnection, look: Look) -> None:
    """Deletes the rows of logs that were removed or hold no log any more, and of tables that are mapped no longer.

    Other removed files lose only their receipt. A file that cannot be opened (it has no hash) withdraws nothing: nobody
    knows what it says now.
    """
    receipts = [*look.receipts, *(receipt for receipt, _ in look.new_originals)]
    changed = {receipt.path for receipt in receipts if receipt.sha256 is not None}
    paths = pa.array(sorted({*look.obsolete, *changed}), pa.string())
    with arrow(connection, "obsolete", path=paths):
        open_touched(connection)
        connection.execute("create or replace temp table leaving (subject varchar, delivery ubigint)")
        if look.unmapped:
            connection.executemany("insert into leaving values (?, ?)", [list(row) for row in look.unmapped])
        connection.execute(
            "create or replace temp table leaving_logs as"
            " select subject, path, delivery from raw.logs semi join obsolete using (path)"
        )
        delete_leaving(connection)
        for table in ("rejected", "unclear_rows"):
            connection.execute(f"delete from raw.{table} using obsolete where {table}.path = obsolete.path")
        connection.execute("delete from raw.files using obsolete where files.path = obsolete.path")
    mark_touched(connection)
    connection.execute("drop table touched")


def _write_receipts(connection: duckdb.DuckDBPyConnection, look: Look) -> None:
    with arrow(connection, "receipts", **columns_of(look.receipts)):
        for table in ("files", "rejected"):
            connection.execute(f"delete from raw.{table} using receipts where {table}.path = receipts.path")
        connection.execute("insert into raw.files by name from receipts")
        connection.execute(
            "insert into raw.rejected by name select subject, path, message as reason from receipts"
            " where status = 'rejected'"
        )


def _replace_originals(connection: duckdb.DuckDBPyConnection, look: Look) -> None:
    """Of the same content the smallest path is the original: a new one takes over receipt and records."""
    if not look.new_originals:
        return
    columns = columns_of([receipt for receipt, _ in look.new_originals])
    columns["former"] = pa.array([path for _, path in look.new_originals], pa.string())
    with arrow(connection, "new_originals", **columns):
        connection.execute("delete from raw.files using new_originals where files.path = new_originals.path")
        connection.execute(
            "insert into raw.files by name select files.* replace (new_originals.path as path,"
            " new_originals.bytes as bytes, new_originals.mtime_ns as mtime_ns, false as is_gone)"
            " from raw.files as files inner join new_originals on files.path = new_originals.former"
        )
        connection.execute(
            "update raw.files set status = 'duplicate', rows = NULL, first_utc = NULL, last_utc = NULL,"
            " message = 'has the same content as ' || new_originals.path || ', which counts'"
            " from new_originals where files.path = new_originals.former"
        )
        for table in ("deliveries", "rejected", *LOGGED):
            connection.execute(
                f"update raw.{table} set path = new_originals.path from new_originals"
                f" where {table}.path = new_originals.former and {table}.subject = new_originals.subject"
            )


def _mark_absent_members(connection: duckdb.DuckDBPyConnection, look: Look) -> None:
    """Marks members that left their archive, and those that are back."""
    if not look.absent_members:
        return
    with arrow(
        connection,
        "absent",
        path=pa.array([path for path, _ in look.absent_members], pa.string()),
        is_gone=pa.array([is_gone for _, is_gone in look.absent_members], pa.bool_()),
    ):
        connection.execute("update raw.files set is_gone = absent.is_gone from absent where files.path = absent.path")


def _drop_removed_duplicates(connection: duckdb.DuckDBPyConnection, look: Look) -> None:
    """Deletes the receipts of removed files that are duplicates of another file."""
    with arrow(connection, "removed", root=pa.array(look.removed, pa.string())):
        connection.execute(
            "delete from raw.files using removed where files.status = 'duplicate'"
            f" and split_part(files.path, '{MEMBER}', 1) = removed.root"
        )


def _update_times(connection: duckdb.DuckDBPyConnection, look: Look) -> None:
    """Notes the new time of change of files whose content is the same."""
    if not look.restamped:
        return
    with arrow(
        connection,
        "stamps",
        path=pa.array([path for path, _, _ in look.restamped], pa.string()),
        mtime_ns=pa.array([mtime_ns for _, _, mtime_ns in look.restamped], pa.int64()),
    ):
        connection.execute("update raw.files set mtime_ns = stamps.mtime_ns from stamps where files.path = stamps.path")


def update_completeness(connection: duckdb.DuckDBPyConnection, settings: Settings) -> None:
    """Writes `log_complete_from` and `log_complete_until` to the logs; where one changed, all is to be built again."""
    for subject, path, kind, since, until in connection.execute(
        "select logs.subject, logs.path, logs.kind, log_starts.complete_from, logs.complete_until"
        " from raw.logs as logs left join raw.log_starts as log_starts using (subject, path)"
    ).fetchall():
        declared_since = settings.log_complete_from.get(path, settings.log_complete_from.get(kind))
        declared_until = settings.log_complete_until.get(path, settings.log_complete_until.get(kind))
        if declared_since != since:
            connection.execute("delete from raw.log_starts where subject = ? and path = ?", [subject, path])
            if declared_since:
                connection.execute("insert into raw.log_starts values (?, ?, ?)", [subject, path, declared_since])
        if declared_until != until:
            connection.execute(
                "update raw.logs set complete_until = ? where subject = ? and path = ?", [declared_until, subject, path]
            )
        if (declared_since, declared_until) != (since, until):
            set_meta(connection, "built", "no")
