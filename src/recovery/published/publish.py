"""From the private database to the published snapshot, all or nothing.

The tables of `pub`, and they alone, go to a new file, with the page beside it, in a folder of their own below the home;
once both are on the disk they take the place of the old ones. A dashboard that holds the old file open keeps reading
it and never stops a run, since nobody but a run opens the private file. Killed at any moment, a run leaves the old
snapshot, or the new one; `state` tells the next run that it has to publish. Whatever became of the published file
meanwhile, the next run publishes it anew and says what was wrong.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import datetime
from importlib.metadata import version
from pathlib import Path

import duckdb

from recovery import checks, warehouse
from recovery.errors import HomeError
from recovery.home.clock import is_wrong, now_utc
from recovery.home.disk import is_full, private_folder, remove, sync
from recovery.home.folder import Home
from recovery.home.settings import Settings
from recovery.published import place, told
from recovery.words.say import say

STORAGE_VERSION = "v1.0.0"  # every driver since DuckDB 1.0 opens it; BI tools bring old ones
OF_THE_RUN = ("checks", "files", "rejected", "runs", "snapshot")  # written after `pub` was built


def publish(connection: duckdb.DuckDBPyConnection, settings: Settings) -> None:
    """Publishes what the work database holds now; for a snapshot and its page together, `write` and `reveal`."""
    write(connection, settings)
    reveal(connection, settings)


def is_current(connection: duckdb.DuckDBPyConnection, settings: Settings) -> bool:
    """True if the published file and its pages show all that the work database holds."""
    is_published = warehouse.meta(connection, "published") == state(connection) and not _has_wrong_time(connection)
    has_pages = settings.home.report.is_file() and warehouse.meta(connection, "published_pages") == _pages(settings)
    return is_published and has_pages and not trouble(connection, settings)


def note_pages(connection: duckdb.DuckDBPyConnection, settings: Settings) -> None:
    """Remembers the pages as they lie there now: what is gone, cut short or of another version is written anew."""
    warehouse.set_meta(connection, "published_pages", _pages(settings))


def _pages(settings: Settings) -> str:
    return f"{version('recovery')} {place.listing(settings.home.pages)}"


def _has_wrong_time(connection: duckdb.DuckDBPyConnection) -> bool:
    """Whether the clock of the computer was wrong when it published, and is better now."""
    told = warehouse.meta(connection, "published_utc")
    return told is not None and is_wrong(datetime.fromisoformat(told), now_utc())


def trouble(connection: duckdb.DuckDBPyConnection, settings: Settings) -> str:
    """What became of the published file since it was put in place, as a sentence; empty where it is as it was."""
    hashes = warehouse.meta(connection, "published_sha256")
    return place.trouble(settings.home.published, hashes) if hashes else ""


def state(connection: duckdb.DuckDBPyConnection) -> str:
    """Changes whenever there is something new to publish: a build, an answer, a receipt, a rejected row."""
    hashes = [
        connection.execute(f"select count(*), bit_xor(hash({columns})) from raw.{table} where {condition}").fetchone()
        for table, columns, condition in (
            ("files", "path, sha256, format, subject, status, rows, message, asked, waiting_message", "true"),
            ("rejected", "subject, path, place, reason, value", f"path <> '{checks.PATH}'"),
        )
    ]
    return f"{warehouse.meta(connection, 'builds')} {warehouse.meta(connection, 'answered')} {hashes}"


def staged(settings: Settings) -> Settings:
    """The same settings for the folder in which the next snapshot is made, so that its page is written beside it."""
    return replace(settings, home=Home(settings.home.private / "publishing"))


def write(connection: duckdb.DuckDBPyConnection, settings: Settings, run_id: str = "", seconds: float = 0.0) -> Path:
    """Writes the next snapshot where nobody reads it yet; in it the run it belongs to counts as published."""
    folder = staged(settings).home.folder
    remove(folder)  # what a killed run left
    private_folder(folder)
    path = staged(settings).home.published
    warehouse.refresh(connection, OF_THE_RUN)
    connection.execute(f"attach {warehouse.quote(str(path))} as snapshot (storage_version '{STORAGE_VERSION}')")
    connection.execute("set preserve_insertion_order = true")  # else the sorting below is lost
    try:
        for relation in warehouse.relations():
            if relation.layer == "pub":
                _copy(connection, relation)
        if run_id:
            connection.execute(
                "update snapshot.main.runs set status = 'published', seconds = ? where run_id = ?", [seconds, run_id]
            )
        connection.execute("update snapshot.main.snapshot set published_utc = ?", [now_utc()])
        connection.execute("checkpoint snapshot")
    finally:
        connection.execute("set preserve_insertion_order = false")
        connection.execute("detach snapshot")
    _settle(path)
    return path


def reveal(connection: duckdb.DuckDBPyConnection, settings: Settings) -> tuple[str, ...]:
    """Puts the snapshot, and its pages where there are any, in the place of the old ones; says what was wrong there.

    Killed between two of them it leaves new ones beside old ones, or none, and the next run publishes anew. Without
    its pages the snapshot does not count as current: the next run publishes all.
    Raises HomeError where the old files cannot be replaced.
    """
    home, fresh = settings.home, staged(settings).home
    wrong = trouble(connection, settings)
    with _replacing(home.folder):
        has_page = fresh.report.is_file()
        if has_page:
            _settle(fresh.report)
            for path in fresh.pages.rglob("*.html"):
                path.chmod(0o600)
        content = place.sha256_of(fresh.published)
        _expect(connection, f"{warehouse.meta(connection, 'published_sha256') or ''} {content}")
        moved = [place.clear(path) for path in (home.published, home.report) if path is home.published or has_page]
        if has_page:
            moved.append(place.clear_pages(home.pages, fresh.folder / "former"))
        place.remove_log(home.published)  # before the new file is there: it would be taken for its log
        fresh.published.replace(home.published)
        if has_page:
            if fresh.pages.is_dir():
                fresh.pages.rename(home.pages)
            fresh.report.replace(home.report)
        sync(home.folder)
    with warehouse.transaction(connection):
        _expect(connection, content)
        told.remember(connection, now_utc())
        if has_page:  # else the next run owes one
            warehouse.set_meta(connection, "published", state(connection))
            warehouse.set_meta(connection, "published_utc", now_utc().isoformat())
            note_pages(connection, settings)
    remove(fresh.folder)
    asides = (say("What lay there was moved to {aside}.", aside=aside) for aside in moved if aside)
    return (*([wrong] if wrong else []), *asides)


def _expect(connection: duckdb.DuckDBPyConnection, hashes: str) -> None:
    """Remembers what the published file may hold: while it is replaced, the former content or the new one."""
    warehouse.set_meta(connection, "published_sha256", hashes)


@contextmanager
def _replacing(folder: Path) -> Iterator[None]:
    """Says what to do where the system does not let the files be replaced."""
    try:
        yield
    except OSError as error:
        if is_full(error):
            raise
        raise HomeError(
            say("The published files in {folder} cannot be replaced ({error}).", folder=folder, error=error),
            say("Give yourself the right to change them and run again; what was published before still stands."),
        ) from error


def _copy(connection: duckdb.DuckDBPyConnection, relation: warehouse.Relation) -> None:
    """One table, sorted by its key, so that it is small and a day of it is found at once.

    What a view names is big and was stored day by day: it keeps that order, sorting it again costs as much as the copy.
    """
    checked = checks.relations().get(relation.name)
    order = warehouse.quote_names(checked.KEY) if checked else "all"
    target = f"snapshot.main.{relation.name}"
    sorting = "" if relation.kind == "view" else f"order by {order}"
    connection.execute(f"create table {target} as select * from {relation.full_name} {sorting}")
    comment = f"{relation.header['title']}. {relation.header['description']}".strip()
    connection.execute(f"comment on table {target} is {warehouse.quote(comment)}")


def _settle(path: Path) -> None:
    """Makes a file readable by its owner alone, and writes it to the disk."""
    path.chmod(0o600)
    sync(path)
