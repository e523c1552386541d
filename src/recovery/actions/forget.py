"""Erases a person, or the data of one file, so that no byte of it stays below the home but in the inbox itself.

A database does not overwrite what it deletes, so the work database is written anew without the forgotten rows and put
in the place of the old one. Everything that may quote a value goes with it: staged files, published files, Data Docs,
Prefect's records, logs. What was forgotten is remembered by its hash alone. Stop `recovery nightly` before: its server
keeps Prefect's records open.
"""

import shutil
from collections.abc import Collection, Iterable, Sequence
from pathlib import Path

import duckdb
import pyarrow as pa

from recovery import warehouse
from recovery.errors import HomeError, SettingsError
from recovery.formats.records import LOGGED, SCHEMAS
from recovery.home.disk import full_disk_is_plain, private_folder, sync
from recovery.home.settings import Settings
from recovery.inbox.archives import MEMBER, ArchivePool
from recovery.inbox.receipts import delivery_of
from recovery.inbox.walk import Found, contents, walk
from recovery.warehouse import arrow
from recovery.words.say import say

FORGOTTEN = say("was forgotten on request")


def forget_subject(settings: Settings, subject: str) -> list[Path]:
    """Erases all of one person; returns the files of the inbox that the user must delete."""
    known = _known(settings, "true", [])
    if subject not in {*settings.subjects, *(row[1] for row in known), *_with_trials(settings)}:
        raise SettingsError(
            say("There is no person {subject!r} here.", subject=subject),
            say("recovery.toml knows: {names}.", names=", ".join(settings.subjects)),
        )
    found = [file for file in walk(settings.home, settings.is_private) if settings.subject_of(file.path) == subject]
    hashes = {row[2] for row in known if row[1] == subject} | _hashes(settings, found)
    return _forget(settings, subject, hashes, found, is_whole=True)


def forget_file(settings: Settings, path: Path | str) -> list[Path]:
    """Erases what one file said, be it there or long gone; returns the files of the inbox that the user must delete.

    `path` is a file, a folder or an archive of the inbox, or the path of a receipt. What the file said is also gone
    where another file says the same bytes.
    """
    name = _in_inbox(settings, path)
    condition = "path = $1 or starts_with(path, $1 || '/') or starts_with(path, $1 || $2)"
    known = _known(settings, condition, [name, MEMBER])
    root, member, _ = name.partition(MEMBER)
    found = [
        file
        for file in walk(settings.home, settings.is_private)
        if file.path == root or file.path.startswith(f"{name}/")
    ]
    hashes = {row[2] for row in known} | _hashes(settings, found, within=name if member else "")
    if not hashes:
        raise HomeError(
            say("Nothing is known of {name}.", name=name),
            say("recovery status lists the files of the inbox as recovery names them."),
        )
    return _forget(settings, settings.subject_of(name), hashes, found, is_whole=False)


def _in_inbox(settings: Settings, path: Path | str) -> str:
    """The path as receipts name it."""
    given = Path(path)
    inbox = settings.home.inbox.resolve()
    for whole in (given.absolute(), given.resolve()):
        for start in (settings.home.inbox.absolute(), inbox):
            if whole.is_relative_to(start) and whole != start:
                return whole.relative_to(start).as_posix()
    return str(path).rstrip("/")


def _known(settings: Settings, condition: str, values: Sequence[str]) -> list[tuple[str, str, str]]:
    """Path, person and hash of all that was ever read under a condition on its path."""
    connection = warehouse.open_work(settings.home.work)
    try:
        return [
            row
            for table in ("files", "deliveries")
            for row in connection.execute(
                f"select path, subject, sha256 from raw.{table} where sha256 is not null and ({condition})", values
            ).fetchall()
        ]
    finally:
        connection.close()


def _with_trials(settings: Settings) -> list[str]:
    """Who has a trial; a person who is no more in recovery.toml may have nothing else."""
    connection = warehouse.open_work(settings.home.work)
    try:
        return [subject for (subject,) in connection.execute("select subject from raw.trials").fetchall()]
    finally:
        connection.close()


def _hashes(settings: Settings, found: Iterable[Found], within: str = "") -> set[str]:
    """The hashes of what lies in the inbox now, read or not; of a part of an archive where `within` names it."""
    pool = ArchivePool(private_folder(settings.home.private), settings.is_private)
    try:
        return {
            content.sha256
            for file in found
            if not file.status
            for content in contents(file, pool)
            if content.sha256 and not content.kind
            if not within
            or content.entry.path == within
            or content.entry.path.startswith((within + "/", within + MEMBER))
        }
    finally:
        pool.close()


def _forget(
    settings: Settings, subject: str, hashes: Collection[str], found: Sequence[Found], *, is_whole: bool
) -> list[Path]:
    home = settings.home
    here = {file.path: file.real for file in walk(home)}
    fresh = home.work.with_name(home.work.name + ".new")
    with full_disk_is_plain(home.folder):
        _remove(fresh)
        connection = warehouse.open_work(fresh)
        try:
            roots = _copy(connection, home.work, subject, hashes, here, is_whole=is_whole)
            connection.execute("checkpoint")
        finally:
            connection.close()
        # Whatever quotes values goes first: killed here, the command can be given again.
        for path in (home.staging, home.checks, home.prefect, home.logs, home.report, home.published):
            _remove(path)
        _remove(home.log_versions / subject)
        if is_whole:
            _remove(home.trials / subject)
        sync(fresh)
        fresh.replace(home.work)
        sync(home.private)
        for left in ("wal", "tmp", "new.wal", "new.tmp"):
            _remove(home.work.with_name(f"{home.work.name}.{left}"))
        connection = warehouse.open_work(home.work)
        try:
            warehouse.load_settings_tables(connection, settings)
            warehouse.build(connection)
        finally:
            connection.close()
    named = roots | {file.path for file in found}
    return sorted(here[path] for path in named if path in here)


def _copy(
    connection: duckdb.DuckDBPyConnection,
    former: Path,
    subject: str,
    hashes: Collection[str],
    present: Collection[str],
    *,
    is_whole: bool,
) -> set[str]:
    """Copies the raw tables but what is forgotten; returns the dropped files that held it."""
    erased = {
        "subject": pa.array([subject] * len(hashes), pa.string()),
        "sha256": pa.array(sorted(hashes), pa.string()),
        "delivery": pa.array([delivery_of(sha256) for sha256 in sorted(hashes)], pa.uint64()),
    }
    connection.execute(f"attach {warehouse.quote(str(former))} as former")
    with arrow(connection, "erased", **erased), warehouse.transaction(connection):
        is_erased = "(subject, sha256) in (select (subject, sha256) from erased)"
        paths = {
            path
            for (path,) in connection.execute(
                f"select path from former.raw.files where {is_erased}"
                f" union select path from former.raw.deliveries where {is_erased}"
            ).fetchall()
        }
        with arrow(connection, "erased_paths", path=pa.array(sorted(paths), pa.string())):
            for table in _tables(connection):
                kept = _kept(table, subject if is_whole else None)
                connection.execute(f"insert into raw.{table} by name from former.raw.{table} where {kept}")
            # The receipt of another person's log may quote what it says of this one.
            connection.execute(
                "update raw.files set message = NULL where path in (select path from erased_paths) and subject <> ?",
                [subject],
            )
        _blank_receipts(connection, f"subject = {warehouse.quote(subject)}" if is_whole else is_erased, present)
        connection.execute("insert into raw.forgotten by name select subject, sha256 from erased")
        connection.execute(
            "insert or replace into raw.meta from former.raw.meta where name not in ('sql', 'built', 'settings')"
        )
        warehouse.set_meta(connection, "built", "no")
    connection.execute("detach former")
    return {path.partition(MEMBER)[0] for path in paths}


def _blank_receipts(connection: duckdb.DuckDBPyConnection, condition: str, present: Collection[str]) -> None:
    """Deletes the receipts of files that are no longer in the inbox; the others only say that they were forgotten."""
    with arrow(connection, "present", root=pa.array(sorted(present), pa.string())):
        connection.execute(
            f"delete from raw.files where {condition}"
            f" and split_part(path, '{MEMBER}', 1) not in (select root from present)"
        )
    connection.execute(
        "update raw.files set status = 'ignored', message = ?, format = NULL, reader_version = NULL,"
        " zones = NULL, rows = NULL, first_utc = NULL, last_utc = NULL, exported_utc = NULL"
        f" where {condition}",
        [FORGOTTEN],
    )


def _tables(connection: duckdb.DuckDBPyConnection) -> list[str]:
    """The raw tables to copy; the results of checks quote values and are made again by the next run."""
    return [
        name
        for (name,) in connection.execute(
            "select table_name from duckdb_tables() where schema_name = 'raw' and database_name = current_database()"
            " and table_name not in ('meta', 'dirty', 'checks', 'checked') order by all"
        ).fetchall()
    ]


def _kept(table: str, whole_subject: str | None) -> str:
    """Which rows of a raw table stay."""
    by_content = "(subject, delivery) not in (select (subject, delivery) from erased)"
    # A log may speak of several people: of a person only the own rows go, of a file everybody's.
    by_path = "true" if whole_subject else "path not in (select path from erased_paths)"
    by_subject = f"coalesce(subject, '') <> {warehouse.quote(whole_subject)}" if whole_subject else "true"
    if table in LOGGED:
        return f"{by_content} and {by_path} and {by_subject}"
    if table in SCHEMAS:
        return f"{by_content} and {by_subject}"
    if table == "rejected":  # those of checks quote days and values and are made again
        return f"path in (select path from former.raw.files) and {by_path} and {by_subject}"
    if table in ("deliveries", "forgotten"):
        by_hash = "(subject, sha256) not in (select (subject, sha256) from erased)"
        return f"{by_hash} and {by_path}" if table == "deliveries" else by_hash
    if table in ("logs", "unclear_rows"):
        return f"{by_path} and {by_subject}"
    if table in ("trials", "trial_weeks"):
        return by_subject
    return "true"


def _remove(path: Path) -> None:
    if path.is_dir():
        shutil.rmtree(path)
    else:
        path.unlink(missing_ok=True)
