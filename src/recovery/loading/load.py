"""From staged Parquet to the raw tables: one transaction per pack, and the receipts of all that needs no reading.

Whatever is loaded replaces what the same content said before; a log replaces what its path said before. Each change
leaves a note in `raw.dirty` of the days it touches, in the same transaction.
"""

import shutil
from collections.abc import Sequence
from datetime import date, timedelta
from pathlib import Path
from typing import NamedTuple

import duckdb
import pyarrow as pa

from recovery.formats.records import SCHEMAS
from recovery.home.disk import full_disk_is_plain
from recovery.home.settings import Settings
from recovery.inbox.archives import MEMBER
from recovery.inbox.receipts import Look, Receipt
from recovery.loading.stage import Pack
from recovery.warehouse import arrow, mark_dirty, set_meta, transaction

LOGGED = ("massages", "diary")  # records that carry the path and place they stand at
FAR_DAYS = 18  # days further apart are rebuilt apart: twice the context of a window
FILES = (
    "path", "sha256", "bytes", "mtime_ns", "format", "reader_version", "zones", "subject", "status", "rows",
    "first_utc", "last_utc", "exported_utc", "message",
)  # fmt: skip


class LoadCount(NamedTuple):
    """What one pack brought."""

    files: int
    rows: int
    rejected: int  # files of which nothing could be read


def load(connection: duckdb.DuckDBPyConnection, settings: Settings, pack: Pack, folder: Path) -> LoadCount:
    """Brings a staged pack into the raw tables, or changes nothing; then removes the staged files.

    Raises HomeError where the disk is full.
    """
    staged = {
        record: found
        for record in SCHEMAS
        if (found := [str(path) for path in sorted(folder.glob(f"{record}*.parquet"))])
    }
    with full_disk_is_plain(settings.home.folder), arrow(connection, "pack_items", **_items(pack)):
        with transaction(connection):
            _incoming(connection, settings, pack, folder)
            _spans(connection, staged)
            _leave(connection)
            for record, paths in staged.items():
                _insert(connection, record, paths)
            _write_receipts(connection, folder)
            _mark_touched(connection)
            count = _count(connection)
            set_meta(connection, "built", "no")
        for name in ("incoming", "spans", "touched"):
            connection.execute(f"drop table {name}")
    shutil.rmtree(folder, ignore_errors=True)
    return count


def settle(connection: duckdb.DuckDBPyConnection, settings: Settings, look: Look) -> None:
    """Writes the receipts of all that needs no reading and withdraws logs that left; call it after the last `load`."""
    with full_disk_is_plain(settings.home.folder), transaction(connection):
        has_changed = _update_spans_of_logs(connection, settings)
        if not look.is_quiet:
            has_changed = True
            _forget_gone(connection, look)
            _put_receipts(connection, look)
            _swap(connection, look)
            _touch(connection, look)
            _mark_absent(connection, look)
            _drop_duplicates_of_the_past(connection, look)
            _put_archives(connection, look)
        if look.readers_told:
            set_meta(connection, "readers", look.readers_told)
        if has_changed:
            set_meta(connection, "built", "no")  # the tables that are built whole tell of receipts and logs


def _items(pack: Pack) -> dict[str, pa.Array]:
    items = pack.items
    return {
        "file": pa.array(range(len(items)), pa.int32()),
        "path": pa.array([item.entry.path for item in items], pa.string()),
        "sha256": pa.array([item.sha256 for item in items], pa.string()),
        "delivery": pa.array([item.delivery for item in items], pa.uint64()),
        "bytes": pa.array([item.entry.size for item in items], pa.uint64()),
        "mtime_ns": pa.array([item.mtime_ns for item in items], pa.int64()),
    }


def _incoming(connection: duckdb.DuckDBPyConnection, settings: Settings, pack: Pack, folder: Path) -> None:
    """The files of the pack with all that is known of them; those that changed meanwhile are left out."""
    connection.execute(
        "create or replace temp table incoming as"
        " select items.*, $subject as subject, $format as format, $version::integer as reader_version,"
        " $zones::varchar as zones, told.* exclude (file, is_waiting)"
        " from pack_items as items inner join read_parquet($told) as told using (file) where not told.is_waiting",
        {
            "subject": pack.subject,
            "format": pack.reader,
            "version": pack.version,
            "zones": pack.zones,
            "told": str(folder / "files.parquet"),
        },
    )
    connection.execute("create or replace temp table touched (subject varchar, day date)")


def _spans(connection: duckdb.DuckDBPyConnection, staged: dict[str, list[str]]) -> None:
    """Rows and times per file and day."""
    connection.execute(
        "create or replace temp table spans (file integer, day date, rows ubigint, first timestamp, last timestamp)"
    )
    for record, paths in staged.items():
        first, last = _times(record)
        connection.execute(
            f"insert into spans select file, {first}::date, count(*), min({first}), max({last})"
            " from read_parquet($paths) semi join incoming using (file) group by all",
            {"paths": paths},
        )
    connection.execute(
        "insert into touched select distinct incoming.subject, spans.day from spans inner join incoming using (file)"
    )


def _leave(connection: duckdb.DuckDBPyConnection) -> None:
    """Takes out what the incoming files said before: by content, and by path where it was or is a log."""
    connection.execute(
        # Another subject had the file when its folder was not listed under [people] yet.
        "create or replace temp table leaving as"
        " select subject, delivery from raw.deliveries semi join incoming using (subject, delivery)"
        " union select files.subject, incoming.delivery"
        " from incoming inner join raw.files as files using (path, sha256)"
        " where files.subject <> incoming.subject and not exists (from raw.files as others"
        " where others.subject = files.subject and others.sha256 = files.sha256 and others.path <> files.path"
        " and others.status in ('loaded', 'partial'))"
    )
    connection.execute(
        # The same content counted at another path until now; its rows come again with this one.
        "create or replace temp table leaving_logs as"
        " select subject, path, delivery from raw.logs semi join incoming using (path)"
        " union select logs.subject, logs.path, logs.delivery from raw.logs as logs inner join incoming"
        " on logs.subject = incoming.subject and logs.delivery = incoming.delivery"
    )
    _delete_leaving(connection)
    connection.execute(
        "update raw.files set status = 'duplicate',"
        " message = 'has the same content as ' || incoming.path || ', which counts'"
        " from incoming where files.subject = incoming.subject and files.sha256 = incoming.sha256"
        " and files.path <> incoming.path and files.status in ('loaded', 'partial', 'rejected')"
    )
    connection.execute("delete from raw.rejected using incoming where rejected.path = incoming.path")
    connection.execute("delete from raw.files using incoming where files.path = incoming.path")


def _delete_leaving(connection: duckdb.DuckDBPyConnection) -> None:
    """Deletes the records named by `leaving` and `leaving_logs`, whose days it notes in `touched`."""
    by_content = "(subject, delivery) in (select (subject, delivery) from leaving)"
    by_path = "(subject, path) in (select (subject, path) from leaving_logs)"
    conditions = [
        condition
        for condition, names in ((by_content, "leaving"), (by_path, "leaving_logs"))
        if connection.execute(f"from {names} limit 1").fetchall()  # mostly none: then no table is searched
    ]
    for condition in conditions:
        for record in SCHEMAS if condition == by_content else LOGGED:
            first, _ = _times(record)
            connection.execute(
                f"insert into touched select distinct subject, {first}::date from raw.{record} where {condition}"
            )
            connection.execute(f"delete from raw.{record} where {condition}")
    connection.execute(f"delete from raw.logs where {by_path}")
    for names in ("leaving", "leaving_logs"):
        connection.execute(
            # The nights of an app whose tags are a log stay, and with them what tells where they came from.
            f"delete from raw.deliveries where (subject, delivery) in (select (subject, delivery) from {names})"
            " and (subject, delivery) not in (select (subject, delivery) from raw.sleep_sessions semi join"
            f" {names} using (subject, delivery))"
        )
    connection.execute("drop table leaving")
    connection.execute("drop table leaving_logs")


def _insert(connection: duckdb.DuckDBPyConnection, record: str, paths: Sequence[str]) -> None:
    first, last = _times(record)
    path = "incoming.path," if record in LOGGED else ""
    connection.execute(
        f"insert into raw.{record} by name select incoming.subject, {path} records.* exclude (file), incoming.delivery,"
        " incoming.exported_utc from read_parquet($paths) as records inner join incoming using (file)"
        f" order by records.{first}, records.{last}",
        {"paths": paths},
    )


def _write_receipts(connection: duckdb.DuckDBPyConnection, folder: Path) -> None:
    connection.execute(
        """
        create or replace temp table outcome as
        with counted as (
            select file, sum(rows) as rows, min(first) as first_utc, max(last) as last_utc from spans group by file
        ),

        skipped as (
            select file, count(*) as skipped_count, min_by(reason, place) as reason
            from read_parquet($skipped) group by file
        )

        select
            incoming.*,
            counted.first_utc,
            counted.last_utc,
            skipped.skipped_count,
            coalesce(counted.rows, 0) as rows,
            case
                when incoming.failure is not null then 'rejected'
                when counted.rows is null and skipped.skipped_count > 0 then 'rejected'
                when incoming.is_partial or skipped.skipped_count > 0 then 'partial'
                else 'loaded'
            end as status,
            coalesce(
                incoming.failure,
                nullif(replace(concat_ws('; ', nullif(incoming.message, ''), case
                    when counted.rows is null and skipped.skipped_count > 0
                        then 'nothing of it could be read: ' || skipped.reason
                    when skipped.skipped_count = 1 then 'one row could not be read, see rejected'
                    when skipped.skipped_count > 1
                        then format('{:,} rows could not be read, see rejected', skipped.skipped_count)
                    when coalesce(incoming.message, '') = '' and counted.rows is null
                        then 'holds nothing that is counted here'
                    when coalesce(incoming.message, '') = '' and counted.rows = 1 then 'one record'
                    when coalesce(incoming.message, '') = '' then format('{:,} records', counted.rows)
                end), '.; ', '; '), '')
            ) as told
        from incoming left join counted using (file) left join skipped using (file)
        """,
        {"skipped": str(folder / "skipped.parquet")},
    )
    columns = ", ".join(column for column in FILES if column != "message")
    connection.execute(f"insert into raw.files by name select {columns}, told as message from outcome")
    connection.execute(
        "insert into raw.rejected by name select subject, path, NULL as place, told as reason, NULL as value"
        " from outcome where failure is not null"
        " union all by name select incoming.subject, incoming.path, nullif(skipped.place, '') as place, skipped.reason,"
        " nullif(left(skipped.value, 200), '') as value"
        " from read_parquet($skipped) as skipped inner join incoming using (file)",
        {"skipped": str(folder / "skipped.parquet")},
    )
    connection.execute(
        "insert into raw.logs by name select subject, path, log_kind as kind, NULL as complete_until, delivery"
        " from incoming where log_kind <> '' and failure is null"
    )
    connection.execute(
        "insert into raw.deliveries by name select subject, sha256, delivery, path, format from outcome where rows > 0"
    )


def _mark_touched(connection: duckdb.DuckDBPyConnection) -> None:
    """Marks the days in `touched`, stretch by stretch, so that one stray date does not cost years."""
    stretch: tuple[str, date, date] | None = None
    for subject, day in connection.execute("select distinct subject, day from touched order by all").fetchall():
        if stretch and stretch[0] == subject and day - stretch[2] <= timedelta(days=FAR_DAYS):
            stretch = (subject, stretch[1], day)
            continue
        if stretch:
            mark_dirty(connection, *stretch)
        stretch = (subject, day, day)
    if stretch:
        mark_dirty(connection, *stretch)


def _count(connection: duckdb.DuckDBPyConnection) -> LoadCount:
    ((files, rows, rejected),) = connection.execute(
        "select count(*), coalesce(sum(rows), 0)::ubigint, count(*) filter (where status = 'rejected') from outcome"
    ).fetchall()
    connection.execute("drop table outcome")
    return LoadCount(files, rows, rejected)


def _forget_gone(connection: duckdb.DuckDBPyConnection, look: Look) -> None:
    """Withdraws the logs that left, or whose path holds no log any more, and tables that are mapped no longer; other
    gone files lose only their receipt.

    What cannot be opened (it has no hash) withdraws nothing: nobody knows what it says now.
    """
    told = [*look.receipts, *(receipt for receipt, _ in look.swaps)]
    changed = {receipt.path for receipt in told if receipt.sha256 is not None}
    paths = pa.array(sorted({*look.gone, *changed}), pa.string())
    with arrow(connection, "left_paths", path=paths):
        connection.execute("create or replace temp table touched (subject varchar, day date)")
        connection.execute("create or replace temp table leaving (subject varchar, delivery ubigint)")
        if look.withdrawn:
            connection.executemany("insert into leaving values (?, ?)", [list(row) for row in look.withdrawn])
        connection.execute(
            "create or replace temp table leaving_logs as"
            " select subject, path, delivery from raw.logs semi join left_paths using (path)"
        )
        _delete_leaving(connection)
        connection.execute("delete from raw.rejected using left_paths where rejected.path = left_paths.path")
        connection.execute("delete from raw.files using left_paths where files.path = left_paths.path")
    _mark_touched(connection)
    connection.execute("drop table touched")


def _put_receipts(connection: duckdb.DuckDBPyConnection, look: Look) -> None:
    with arrow(connection, "receipts", **_columns(look.receipts)):
        for table in ("files", "rejected"):
            connection.execute(f"delete from raw.{table} using receipts where {table}.path = receipts.path")
        connection.execute("insert into raw.files by name from receipts")
        connection.execute(
            "insert into raw.rejected by name select subject, path, message as reason from receipts"
            " where status = 'rejected'"
        )


def _swap(connection: duckdb.DuckDBPyConnection, look: Look) -> None:
    """A smaller path with the same content arrived: it takes over the receipt."""
    if not look.swaps:
        return
    columns = _columns([receipt for receipt, _ in look.swaps])
    columns["former"] = pa.array([path for _, path in look.swaps], pa.string())
    with arrow(connection, "swaps", **columns):
        connection.execute("delete from raw.files using swaps where files.path = swaps.path")
        connection.execute(
            "insert into raw.files by name select files.* replace (swaps.path as path, swaps.bytes as bytes,"
            " swaps.mtime_ns as mtime_ns, false as is_gone)"
            " from raw.files as files inner join swaps on files.path = swaps.former"
        )
        connection.execute(
            "update raw.files set status = 'duplicate', rows = NULL, first_utc = NULL, last_utc = NULL,"
            " message = 'has the same content as ' || swaps.path || ', which counts'"
            " from swaps where files.path = swaps.former"
        )
        for table in ("deliveries", "rejected", *LOGGED):
            connection.execute(
                f"update raw.{table} set path = swaps.path from swaps"
                f" where {table}.path = swaps.former and {table}.subject = swaps.subject"
            )


def _mark_absent(connection: duckdb.DuckDBPyConnection, look: Look) -> None:
    if not look.absent:
        return
    with arrow(
        connection,
        "absent",
        path=pa.array([path for path, _ in look.absent], pa.string()),
        is_gone=pa.array([is_gone for _, is_gone in look.absent], pa.bool_()),
    ):
        connection.execute("update raw.files set is_gone = absent.is_gone from absent where files.path = absent.path")


def _drop_duplicates_of_the_past(connection: duckdb.DuckDBPyConnection, look: Look) -> None:
    """What left the inbox and counted until now, and no longer does: its content has another receipt."""
    with arrow(connection, "left_roots", root=pa.array(look.left, pa.string())):
        connection.execute(
            "delete from raw.files using left_roots where files.status = 'duplicate'"
            f" and split_part(files.path, '{MEMBER}', 1) = left_roots.root"
        )


def _touch(connection: duckdb.DuckDBPyConnection, look: Look) -> None:
    if not look.touched:
        return
    with arrow(
        connection,
        "stamps",
        path=pa.array([path for path, _, _ in look.touched], pa.string()),
        mtime_ns=pa.array([mtime_ns for _, _, mtime_ns in look.touched], pa.int64()),
    ):
        connection.execute("update raw.files set mtime_ns = stamps.mtime_ns from stamps where files.path = stamps.path")


def _put_archives(connection: duckdb.DuckDBPyConnection, look: Look) -> None:
    """Receipts of archives, told by what became of their members at any depth."""
    if not look.archives:
        return
    with arrow(connection, "opened", **_columns(look.archives)):
        connection.execute("delete from raw.files using opened where files.path = opened.path")
        connection.execute("delete from raw.rejected using opened where rejected.path = opened.path")
        connection.execute(
            f"""
            insert into raw.files by name
            with parts as (
                select string_split(path, '{MEMBER}') as names, status, message
                from raw.files
                where not is_gone and contains(path, '{MEMBER}')
                and format is distinct from 'zip' and format is distinct from 'gz'
            ),

            members as (
                select
                    unnest(list_transform(
                        range(1, len(names)), lambda depth: array_to_string(names[1:depth], '{MEMBER}')
                    )) as path,
                    status,
                    message
                from parts
            ),

            counted as (
                select
                    path,
                    count(*) as member_count,
                    count(*) filter (where status in ('loaded', 'partial')) as loaded_count,
                    count(*) filter (where status = 'duplicate') as duplicate_count,
                    count(*) filter (where status = 'rejected') as rejected_count,
                    count(*) filter (where status = 'partial') as partial_count,
                    count(*) filter (where status = 'unrecognised') as unrecognised_count,
                    count(*) filter (where status = 'ignored') as ignored_count,
                    min(message) filter (where status = 'rejected') as reason,
                    count(distinct message) filter (where status = 'rejected') as reason_count
                from members
                group by path
            )

            select
                opened.* exclude (status, message),
                case
                    when loaded_count + duplicate_count > 0 and rejected_count + partial_count > 0 then 'partial'
                    when loaded_count > 0 then 'loaded'
                    when duplicate_count > 0 then 'duplicate'
                    when rejected_count > 0 then 'rejected'
                    when unrecognised_count > 0 then 'unrecognised'
                    else 'ignored'
                end as status,
                format(
                    'archive of {{:,}} file{{}}: ',
                    coalesce(member_count, 0),
                    case when member_count = 1 then '' else 's' end
                ) || concat_ws(
                    ', ',
                    case when loaded_count > 0 then format('{{:,}} loaded', loaded_count) end,
                    case when duplicate_count > 0 then format('{{:,}} duplicate', duplicate_count) end,
                    case when ignored_count > 0 then format('{{:,}} ignored', ignored_count) end,
                    case when unrecognised_count > 0 then format('{{:,}} unrecognised', unrecognised_count) end,
                    case
                        when rejected_count > 0 and reason_count = 1 and loaded_count = 0
                            then format('{{:,}} rejected: each ', rejected_count) || reason
                        when rejected_count > 0 then format('{{:,}} rejected', rejected_count)
                    end
                ) as message
            from opened left join counted using (path)
            """
        )


def _update_spans_of_logs(connection: duckdb.DuckDBPyConnection, settings: Settings) -> bool:
    """Brings `log_complete_until` of recovery.toml to the logs; whether that changed anything."""
    has_changed = False
    for subject, path, kind, until in connection.execute(
        "select subject, path, kind, complete_until from raw.logs"
    ).fetchall():
        told = settings.log_complete_until.get(path, settings.log_complete_until.get(kind))
        if told != until:
            connection.execute(
                "update raw.logs set complete_until = ? where subject = ? and path = ?", [told, subject, path]
            )
            has_changed = True
    return has_changed


def _columns(receipts: Sequence[Receipt]) -> dict[str, pa.Array]:
    kinds = {"bytes": pa.uint64(), "mtime_ns": pa.int64()}
    return {
        name: pa.array([getattr(receipt, name) for receipt in receipts], kinds.get(name, pa.string()))
        for name in Receipt._fields
    }


def _times(record: str) -> tuple[str, str]:
    """The columns that tell when a record begins and ends."""
    names = SCHEMAS[record].names
    if "end_utc" in names:
        return "start_utc", "end_utc"
    only = "time_utc" if "time_utc" in names else "local_date"
    return only, only
