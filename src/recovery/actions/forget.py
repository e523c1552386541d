"""Erases a person, or the data of one file, so that no byte and no name of it stays below the home but in the inbox.

A database does not overwrite what it deletes, so the work database is written anew without the forgotten rows and put
in the place of the old one. Everything that may quote a value or a name goes with it: all private files but the
database, published files, Data Docs, Prefect's records, logs. What was forgotten is remembered by keyed hashes alone
(`home.forgotten`), also the names of its files. Stop `recovery nightly` before: its server keeps its records open.
"""

from collections.abc import Callable, Collection, Iterable, Sequence
from pathlib import Path
from typing import NamedTuple

import duckdb
import pyarrow as pa

from recovery import warehouse
from recovery.actions import cohort_export
from recovery.actions.mends import erase_mends
from recovery.errors import HomeError, SettingsError
from recovery.formats.records import LOGGED, SCHEMAS
from recovery.home import forgotten, keys
from recovery.home.disk import full_disk_is_plain, private_folder, remove, sync
from recovery.home.mends import MENDS
from recovery.home.settings import Settings
from recovery.inbox.archives import MEMBER, ArchivePool
from recovery.inbox.receipts import delivery_of
from recovery.inbox.walk import Found, contents, walk
from recovery.warehouse import arrow
from recovery.words.say import say

FORGOTTEN = say("was forgotten on request")
FORGOTTEN_ROWS = say("some of its rows were forgotten on request")
# Raw tables that are not simply copied.
MADE_ANEW = (
    "meta", "dirty", "unpublished", "unpublished_people", "built_people", "checks", "checked", "checked_deliveries",
    "files", "forgotten",
)  # fmt: skip
OF_SETTINGS = (  # written of recovery.toml again
    "zone_offsets", "exclusions", "participants", "source_priority", "goals", "validity",
)  # fmt: skip


class Erasing(NamedTuple):
    """What is to be erased."""

    settings: Settings
    subject: str
    hashes: Collection[str]  # of the contents
    found: Sequence[Found]  # files of the inbox that hold it, read or not
    hidden: Sequence[Found]  # those of them that are forgotten as they lie there
    is_whole: bool  # all of the person, not only these contents
    roots: frozenset[str] = frozenset()  # dropped files that held it, whether they are there or not

    @property
    def fresh(self) -> Path:
        """The work database without what is erased, before it takes the place of the old one."""
        work = self.settings.home.work
        return work.with_name(f"{work.name}.new")


def forget_subject(settings: Settings, subject: str) -> list[Path]:
    """Erases all of one person; returns the files of the inbox that the user must delete."""
    return _forget(of_subject(settings, subject))


def forget_file(settings: Settings, path: Path | str) -> list[Path]:
    """Erases what one file said, be it there or long gone; returns the files of the inbox that the user must delete.

    `path` is a file, a folder or an archive of the inbox, or the path of a receipt. What the file said is also gone
    where another file says the same bytes.
    """
    return _forget(of_file(settings, path))


def of_subject(settings: Settings, subject: str) -> Erasing:
    """All of one person; SettingsError where there is none of this name."""
    known = _known(settings, "true", [])
    if subject not in {*settings.subjects, *(row[1] for row in known), *_with_trials(settings)}:
        raise SettingsError(
            say("There is no person {subject!r} here.", subject=subject),
            say("recovery.toml knows: {names}.", names=", ".join(settings.subjects)),
        )
    here = walk(settings.home, settings.is_private, settings.is_elsewhere)
    found = [file for file in here if settings.subject_of(file.path) == subject and file.path != MENDS]
    hashes = {row[2] for row in known if row[1] == subject} | _hashes(settings, found)
    return Erasing(settings, subject, hashes, found, found, is_whole=True)


def of_file(settings: Settings, path: Path | str) -> Erasing:
    """What one file, folder, archive or member said; HomeError where nothing is known of it."""
    name = in_inbox(settings, path)
    condition = "path = $1 or starts_with(path, $1 || '/') or starts_with(path, $1 || $2)"
    known = _known(settings, condition, [name, MEMBER])
    root, member, _ = name.partition(MEMBER)
    here = walk(settings.home, settings.is_private, settings.is_elsewhere)
    found = [file for file in here if file.path == root or file.path.startswith(f"{name}/")]
    hashes = {row[2] for row in known} | _hashes(settings, found, within=name if member else "")
    if not hashes:
        raise HomeError(
            say("Nothing is known of {name}.", name=name),
            say("recovery status lists the files of the inbox as recovery names them."),
        )
    whole = [] if member else found  # of an archive that holds a forgotten member the others stay
    return Erasing(settings, settings.subject_of(name), hashes, found, whole, is_whole=False)


def in_inbox(settings: Settings, path: Path | str) -> str:
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


def _forget(erasing: Erasing) -> list[Path]:
    settings = erasing.settings
    left = erase(erasing)
    with full_disk_is_plain(settings.home.folder):
        connection = warehouse.open_work(settings.home.work)
        try:
            warehouse.load_settings_tables(connection, settings)
            warehouse.build(connection)
        finally:
            connection.close()
    return left


def erase_private_files(erasing: Erasing) -> None:
    """Removes all private files but the databases, the keys, the locks, addresses of servers and others' versions."""
    home = erasing.settings.home
    kept = {
        home.work, erasing.fresh, home.forgotten_key, home.lock, home.log_lock, home.log_versions, home.door,
        home.keys, home.keys_lock, home.served, home.served_lock, home.share_key,
        home.export_key,
    }  # fmt: skip
    names = {path.name for path in kept} | {f"{home.lock.name}.json", f"{home.work.name}.wal"}
    remove(home.log_versions / erasing.subject)
    logs = {path.rpartition("/")[2] for path in erasing.roots}  # of several people, perhaps
    for version in home.log_versions.glob("*/*"):
        if version.name.partition("-")[2] in logs:
            remove(version)
    for path in home.private.iterdir():
        if path.name not in names:
            remove(path)


def erase_published_files(erasing: Erasing) -> None:
    """Removes what was published and the Data Docs; the next run makes them anew."""
    home = erasing.settings.home
    for path in (home.checks, home.report, home.pages, home.published):
        for form in (path, path.with_name(f".{path.name}.new"), path.with_name(f"{path.name}.wal")):
            remove(form)


def erase_trials(erasing: Erasing) -> None:
    """Removes the plans of a person's trials; those of a file's person stay."""
    if erasing.is_whole:
        remove(erasing.settings.home.trials / erasing.subject)


def erase_said(erasing: Erasing) -> None:
    """Removes what was said of rows in inbox/mends.csv: of a person all of it, of a file what is about its rows."""
    paths = [*erasing.roots, *(file.path for file in erasing.found)]
    erase_mends(erasing.settings, paths, erasing.subject if erasing.is_whole else None)


def erase_keys(erasing: Erasing) -> None:
    """Revokes a person's keys of the live page, and forgets who they are in exports; those of a file's person stay."""
    if erasing.is_whole:
        keys.revoke_person(erasing.settings.home, erasing.subject)
        cohort_export.forget_person(erasing.settings.home, erasing.subject)


def erase_rows(erasing: Erasing) -> None:
    """Puts the work database without what is erased in the place of the old one."""
    home = erasing.settings.home
    sync(erasing.fresh)
    erasing.fresh.replace(home.work)
    sync(home.private)
    for left in ("wal", "tmp", "new.wal", "new.tmp"):
        remove(home.work.with_name(f"{home.work.name}.{left}"))


# Whatever quotes values goes first: killed on the way, the command can be given again.
ERASERS: tuple[Callable[[Erasing], None], ...] = (
    erase_private_files, erase_published_files, erase_trials, erase_keys, erase_said, erase_rows,
)  # fmt: skip


def erase(erasing: Erasing, erasers: Sequence[Callable[[Erasing], None]] = ERASERS) -> list[Path]:
    """Erases it all; returns the files of the inbox that hold it, which the user must delete.

    The tests leave out one of `erasers` at a time, to see that their search then finds what stays.
    """
    home = erasing.settings.home
    with full_disk_is_plain(home.folder):
        remove(erasing.fresh)
        connection = warehouse.open_work(erasing.fresh)
        try:
            erasing = erasing._replace(roots=_copy(connection, erasing))
            connection.execute("checkpoint")
        finally:
            connection.close()
        for eraser in erasers:
            eraser(erasing)
    here = {file.path: file.real for file in walk(home)}
    return sorted(here[path] for path in erasing.roots | {file.path for file in erasing.found} if path in here)


def _copy(connection: duckdb.DuckDBPyConnection, erasing: Erasing) -> frozenset[str]:
    """Copies the raw tables but what is forgotten; returns the dropped files that held it."""
    home, subject, hashes = erasing.settings.home, erasing.subject, sorted(erasing.hashes)
    erased = {
        "subject": pa.array([subject] * len(hashes), pa.string()),
        "sha256": pa.array(hashes, pa.string()),
        "delivery": pa.array([delivery_of(sha256) for sha256 in hashes], pa.uint64()),
    }
    connection.execute(f"attach {warehouse.quote(str(home.work))} as former")
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
                kept = _kept(table, subject, is_whole=erasing.is_whole)
                connection.execute(f"insert into raw.{table} by name from former.raw.{table} where {kept}")
            _copy_receipts(connection, erasing, is_erased)
        _remember(connection, erasing)
        connection.execute(
            "insert or replace into raw.meta from former.raw.meta"
            " where name not in ('sql', 'built', 'settings', 'published', 'published_sha256', 'published_base')"
        )
        warehouse.set_meta(connection, "built", "no")
    connection.execute("detach former")
    return frozenset(path.partition(MEMBER)[0] for path in paths)


def _copy_receipts(connection: duckdb.DuckDBPyConnection, erasing: Erasing, is_erased: str) -> None:
    """Copies the receipts, but those of forgotten files: these name nothing, and are gone where their file is.

    The receipt of a log of several people no longer quotes what it says of the one who is forgotten.

    They are left out while copying, since a database keeps the bytes of what is changed afterwards.
    """
    if erasing.is_whole:
        is_erased = f"({is_erased} or subject = {warehouse.quote(erasing.subject)})"
    former = dict(connection.execute(f"select path, bytes from former.raw.files where {is_erased}").fetchall())
    settings = erasing.settings
    gone = {*former, *(file.path for file in erasing.hidden)}
    key = forgotten.key_at(settings.home.forgotten_key)
    here = {file.path: file for file in walk(settings.home, settings.is_private, settings.is_elsewhere)}
    hidden: dict[str, tuple[int | None, int | None]] = {}
    for path, size in former.items():
        root = path.partition(MEMBER)[0]
        if root in here and root not in gone:
            hidden[forgotten.hidden_path(key, path, MEMBER)] = (size, None)
    for path in gone & here.keys():
        hidden[forgotten.hidden_path(key, path, MEMBER)] = (here[path].size, here[path].mtime_ns)
    with arrow(connection, "gone", path=pa.array(sorted(gone), pa.string())):
        connection.execute(
            "insert into raw.files by name select files.* replace (if(path in (select path from erased_paths),"
            f" {warehouse.quote(FORGOTTEN_ROWS)}, message) as message,"
            " if(path in (select path from erased_paths), NULL, asked) as asked) from former.raw.files as files"
            " where path not in (select path from gone)"
            f" and path <> {warehouse.quote(MENDS)}"  # it may name a file of the person; the next run writes it anew
        )
    if hidden:
        connection.executemany(
            "insert into raw.files (path, bytes, mtime_ns, status, message) values (?, ?, ?, 'ignored', ?)",
            [[path, size, mtime_ns, FORGOTTEN] for path, (size, mtime_ns) in sorted(hidden.items())],
        )


def _remember(connection: duckdb.DuckDBPyConnection, erasing: Erasing) -> None:
    """Notes what is not to be read again."""
    key = forgotten.key_at(erasing.settings.home.forgotten_key)
    names = {forgotten.content_hash(key, erasing.subject, sha256) for sha256 in erasing.hashes}
    if erasing.is_whole:
        names.add(forgotten.person_hash(key, erasing.subject))
    with arrow(connection, "names", hash=pa.array(sorted(names), pa.string())):
        connection.execute(
            "insert into raw.forgotten select name from former.raw.forgotten union select hash from names"
        )


def _tables(connection: duckdb.DuckDBPyConnection) -> list[str]:
    """The raw tables to copy; the results of checks quote values and are made again by the next run."""
    return [
        name
        for (name,) in connection.execute(
            "select table_name from duckdb_tables() where schema_name = 'raw' and database_name = current_database()"
            " order by all"
        ).fetchall()
        if name not in (*MADE_ANEW, *OF_SETTINGS)
    ]


def _kept(table: str, subject: str, *, is_whole: bool) -> str:
    """Which rows of a raw table stay."""
    whole_subject = subject if is_whole else None
    by_content = "(subject, delivery) not in (select (subject, delivery) from erased)"
    # A log may speak of several people: of a person only the own rows go, of a file everybody's.
    by_path = "true" if whole_subject else "path not in (select path from erased_paths)"
    by_subject = f"coalesce(subject, '') <> {warehouse.quote(whole_subject)}" if whole_subject else "true"
    if table in LOGGED:
        return f"{by_content} and {by_path} and {by_subject}"
    if table in SCHEMAS or table == "removed":
        return f"{by_content} and {by_subject}"
    if table == "rejected":  # those of checks quote days and values and are made again
        is_said = f"path = {warehouse.quote(MENDS)}"
        return f"path in (select path from former.raw.files) and {by_path} and {by_subject} and not {is_said}"
    if table == "deliveries":
        return f"(subject, sha256) not in (select (subject, sha256) from erased) and {by_path}"
    if table in ("logs", "log_starts", "unclear_rows"):
        return f"{by_path} and {by_subject}"
    if table in ("trials", "trial_weeks", "exclusions_seen"):
        return by_subject
    if table == "told":  # also of what one file of the person said
        return f"subject <> {warehouse.quote(subject)}"
    return "true"
