"""From staged Parquet to the raw tables: one transaction per pack.

What is loaded replaces what the same content said before; a log replaces what its path said before. In the same
transaction the days that change are marked in `raw.dirty`. Receipts of what needs no reading: `settle`.

The steps of the transaction share temporary tables: `incoming` (the files of the pack), `forgotten_people`, `spans`
(rows and times per file and day), `outcome` (`file_receipts`) and those of `withdrawal`.
"""

import shutil
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

import duckdb
import pyarrow as pa

from recovery.formats.records import LOGGED, SCHEMAS
from recovery.home import forgotten
from recovery.home.disk import full_disk_is_plain
from recovery.home.settings import Settings
from recovery.loading import shrunk
from recovery.loading.file_receipts import write_receipts
from recovery.loading.stage import Pack
from recovery.loading.withdrawal import mark_touched, open_touched, times, touch_changed_logs, withdraw_former
from recovery.readers import is_rewritten
from recovery.warehouse import arrow, quote_all, set_meta, transaction

# When a file was written that tells only the newest time inside: by its time of change, at most a day later, since a
# copy has a new one. Of two contents of one name the later written counts, and of two days the later day.
WRITTEN = """
case when items.mtime_ns is null then reported.exported_utc
    else greatest(
        reported.exported_utc,
        least(make_timestamp(items.mtime_ns // 1000), reported.exported_utc + interval 1 day)
    )
end"""


class LoadCount(NamedTuple):
    """What one pack brought."""

    files: int
    rows: int
    rejected: int  # files of which nothing could be read
    waiting: tuple[str, ...] = ()  # paths of files that changed while they were read; nothing of them is loaded


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
            _register_files(connection, pack, folder)
            _register_forgotten(connection, settings)
            _measure_spans(connection, staged)
            shrunk.count_before(connection)
            withdraw_former(connection)
            for record, paths in staged.items():
                _insert(connection, record, paths)
            touch_changed_logs(connection)
            write_receipts(connection, folder)
            shrunk.tell(connection)
            mark_touched(connection)
            count = _count(connection)._replace(waiting=_changed_meanwhile(connection, folder))
            set_meta(connection, "built", "no")
        for name in ("incoming", "spans", "touched", "forgotten_people"):
            connection.execute(f"drop table {name}")
    shutil.rmtree(folder, ignore_errors=True)
    return count


def _items(pack: Pack) -> dict[str, pa.Array]:
    """The files of a pack as columns."""
    items = pack.items
    return {
        "file": pa.array(range(len(items)), pa.int32()),
        "path": pa.array([item.entry.path for item in items], pa.string()),
        "sha256": pa.array([item.sha256 for item in items], pa.string()),
        "delivery": pa.array([item.delivery for item in items], pa.uint64()),
        "bytes": pa.array([item.entry.size for item in items], pa.uint64()),
        "mtime_ns": pa.array([item.mtime_ns for item in items], pa.int64()),
    }


def _register_files(connection: duckdb.DuckDBPyConnection, pack: Pack, folder: Path) -> None:
    """Makes `incoming`: the files of the pack with the reader's summaries, without those that changed meanwhile."""
    exported = WRITTEN if is_rewritten(pack.reader) else "reported.exported_utc"
    connection.execute(
        "create or replace temp table incoming as"
        " select items.*, $subject as subject, $format as format, $version::integer as reader_version,"
        f" $zones::varchar as zones, {exported} as exported_utc, reported.exported_utc as told_utc,"
        " reported.* exclude (file, is_waiting, exported_utc)"
        " from pack_items as items inner join read_parquet($reported) as reported using (file)"
        " where not reported.is_waiting",
        {
            "subject": pack.subject,
            "format": pack.reader,
            "version": pack.version,
            "zones": pack.zones,
            "reported": str(folder / "files.parquet"),
        },
    )
    open_touched(connection)


def _register_forgotten(connection: duckdb.DuckDBPyConnection, settings: Settings) -> None:
    """Makes `forgotten_people`: the people who were forgotten in a log of several, whose receipt then names nobody."""
    connection.execute("create or replace temp table forgotten_people (subject varchar, sha256 varchar)")
    hidden = {name for (name,) in connection.execute("select name from raw.forgotten").fetchall()}
    if not hidden:
        return
    key = forgotten.key_at(settings.home.forgotten_key)
    for (sha256,) in connection.execute("select distinct sha256 from incoming where log_kind <> ''").fetchall():
        for subject in settings.subjects:
            if forgotten.content_hash(key, subject, sha256) in hidden:
                connection.execute("insert into forgotten_people values (?, ?)", [subject, sha256])
    connection.execute(
        "update incoming set message = NULL, asked = NULL where sha256 in (select sha256 from forgotten_people)"
    )


def _measure_spans(connection: duckdb.DuckDBPyConnection, staged: dict[str, list[str]]) -> None:
    """Makes `spans`: rows and times per file, person and day."""
    connection.execute(
        "create or replace temp table spans"
        " (file integer, record varchar, subject varchar, day date, rows ubigint, first timestamp, last timestamp)"
    )
    for record, paths in staged.items():
        first, last = times(record)
        connection.execute(
            f"insert into spans select file, '{record}', {_subject(record)} as person, {first}::date, count(*),"
            f" min({first}), max({last}) from read_parquet($paths) as records inner join incoming using (file)"
            f" where {_is_kept(record)} group by all",
            {"paths": paths},
        )
    connection.execute(
        f"insert into touched select distinct subject, day from spans where record not in ({quote_all(LOGGED)})"
    )


def _insert(connection: duckdb.DuckDBPyConnection, record: str, paths: Sequence[str]) -> None:
    first, last = times(record)
    path, person = ("incoming.path,", ", person") if record in LOGGED else ("", "")
    connection.execute(
        f"insert into raw.{record} by name select {_subject(record)} as subject, {path}"
        f" records.* exclude (file{person}), incoming.delivery, incoming.exported_utc"
        f" from read_parquet($paths) as records inner join incoming using (file) where {_is_kept(record)}"
        f" order by records.{first}, records.{last}",
        {"paths": paths},
    )


def _subject(record: str) -> str:
    """Whose a record is: of whom its file is, but that the rows of a log may name a person."""
    return "coalesce(nullif(records.person, ''), incoming.subject)" if record in LOGGED else "incoming.subject"


def _is_kept(record: str) -> str:
    """False for the rows of a log whose person was forgotten; of other records the file is not read again at all."""
    if record not in LOGGED:
        return "true"
    return f"({_subject(record)}, incoming.sha256) not in (select (subject, sha256) from forgotten_people)"


def _changed_meanwhile(connection: duckdb.DuckDBPyConnection, folder: Path) -> tuple[str, ...]:
    rows = connection.execute(
        "select path from pack_items inner join read_parquet(?) as reported using (file) where reported.is_waiting",
        [str(folder / "files.parquet")],
    ).fetchall()
    return tuple(path for (path,) in rows)


def _count(connection: duckdb.DuckDBPyConnection) -> LoadCount:
    """What became of the files, from `outcome`, which is then dropped."""
    ((files, rows, rejected),) = connection.execute(
        "select count(*), coalesce(sum(rows), 0)::ubigint, count(*) filter (where status = 'rejected') from outcome"
    ).fetchall()
    connection.execute("drop table outcome")
    return LoadCount(files, rows, rejected)
