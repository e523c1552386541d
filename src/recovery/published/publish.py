"""From the private database to the published snapshot, all or nothing.

The tables of `pub`, and they alone, go to a new file, with the page beside it, in a folder of their own below the home;
once both are on the disk they take the place of the old ones. Where it can, the new file is a copy of the old one with
the days that changed replaced (`increment`). A dashboard that holds the old file open keeps reading
it and never stops a run, since nobody but a run opens the private file. Killed at any moment, a run leaves the old
snapshot, or the new one; `state` tells the next run that it has to publish. Whatever became of the published file
meanwhile, the next run publishes it anew and says what was wrong.
"""

import json
import logging
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from datetime import datetime
from importlib.metadata import version
from pathlib import Path

import duckdb

from recovery import checks, warehouse
from recovery.errors import HomeError
from recovery.home.clock import is_wrong, now_utc
from recovery.home.disk import files_below, is_full, private_folder, remove, sync
from recovery.home.folder import Home
from recovery.home.settings import Settings
from recovery.published import increment, place, snapshot, told
from recovery.published.increment import NotPossible, Replaced
from recovery.words.say import say

OF_NOBODY = ("checks", "cohort_effects", "runs", "snapshot")  # relations that tell nothing of a person's days
OF_THE_RUN = ("checks", "rejected", "runs", "snapshot")  # written after `pub` was built

log = logging.getLogger("recovery.published")


def publish(connection: duckdb.DuckDBPyConnection, settings: Settings) -> None:
    """Publishes what the work database holds now; for a snapshot and its page together, `write` and `reveal`."""
    write(connection, settings)
    reveal(connection, settings)


def is_current(connection: duckdb.DuckDBPyConnection, settings: Settings) -> bool:
    """True if the published file and its pages show all that the work database holds."""
    is_published = warehouse.meta(connection, "published") == state(connection) and not _has_wrong_time(connection)
    return is_published and has_pages(connection, settings) and not trouble(connection, settings)


def has_pages(connection: duckdb.DuckDBPyConnection, settings: Settings) -> bool:
    """Whether the pages lie there as they were written, of the snapshot that is published."""
    has_first = settings.home.report.is_file()
    return has_first and warehouse.meta(connection, "published_pages") == _pages(connection, settings)


def note_pages(connection: duckdb.DuckDBPyConnection, settings: Settings) -> None:
    """Remembers the pages as they lie there now: what is gone, changed or of another version is written anew."""
    warehouse.set_meta(connection, "published_pages", _pages(connection, settings))


def _pages(connection: duckdb.DuckDBPyConnection, settings: Settings) -> str:
    content = warehouse.meta(connection, "published_sha256")
    return f"{version('recovery')} {content} {place.listing(settings.home.pages)}"


def _has_wrong_time(connection: duckdb.DuckDBPyConnection) -> bool:
    """Whether the clock of the computer was wrong when it published, and is better now."""
    told = warehouse.meta(connection, "published_utc")
    return told is not None and is_wrong(datetime.fromisoformat(told), now_utc())


def trouble(connection: duckdb.DuckDBPyConnection, settings: Settings) -> str:
    """What became of the published file since it was put in place, as a sentence; empty where it is as it was."""
    hashes = warehouse.meta(connection, "published_sha256")
    stamp = warehouse.meta(connection, "published_stamp") or ""
    return place.trouble(settings.home.published, hashes, stamp) if hashes else ""


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


def write(
    connection: duckdb.DuckDBPyConnection, settings: Settings, run_id: str = "", seconds: float = 0.0
) -> dict[str, Replaced] | None:
    """Writes the next snapshot where nobody reads it yet; in it the run it belongs to counts as published.

    Returns what was replaced of each relation in a copy of the published file; None where all was written anew.
    """
    folder = staged(settings).home.folder
    remove(folder)  # what a killed run left
    private_folder(folder)
    path = staged(settings).home.published
    warehouse.refresh(connection, OF_THE_RUN)
    replaced, rows = _changed_in_a_copy(connection, settings, path)
    if replaced is None:
        remove(path)
        place.remove_log(path)
    with snapshot.attached(connection, path):
        if replaced is None:
            for relation in snapshot.tables():
                snapshot.copy_whole(connection, relation)
        if run_id:
            connection.execute(
                "update snapshot.main.runs set status = 'published', seconds = ? where run_id = ?", [seconds, run_id]
            )
        connection.execute("update snapshot.main.snapshot set published_utc = ?", [now_utc()])
        connection.execute("checkpoint snapshot")
    _settle(path)
    warehouse.set_meta(connection, "staged", json.dumps({"written_by": _written_by(), "replaced_rows": rows}))
    return replaced


def changed_months(replaced: Mapping[str, Replaced]) -> frozenset[tuple[str, str]]:
    """The people and months, as '2026-03', of which any published row is another one than before."""
    return frozenset[tuple[str, str]]().union(*(one.months for one in replaced.values()))


def changed_people(replaced: Mapping[str, Replaced]) -> frozenset[str] | None:
    """The people of whom any published row is another one than before; None where that may be everybody.

    What the runs tell of themselves, and means over all people, count for nobody.
    """
    found: frozenset[str] = frozenset()
    for name, one in replaced.items():
        if one.people is not None:
            found |= one.people
        elif name not in OF_NOBODY:
            return None
    return found


def _changed_in_a_copy(
    connection: duckdb.DuckDBPyConnection, settings: Settings, path: Path
) -> tuple[dict[str, Replaced] | None, int]:
    """What was replaced in a copy of the published file, and the rows since it was whole; None and 0: not possible."""
    base = json.loads(warehouse.meta(connection, "published_base") or "{}")
    if base.get("written_by") != _written_by() or base.get("sha256") != warehouse.meta(connection, "published_sha256"):
        log.info("the snapshot is written whole: nothing is published yet, or by another version")
    elif wrong := trouble(connection, settings):
        log.info("the snapshot is written whole: %s", wrong)
    else:
        try:
            replaced = increment.write(connection, settings.home.published, path, base["replaced_rows"])
        except NotPossible as reason:
            log.info("the snapshot is written whole: %s", reason)
        else:
            days = sum(one.days for one in replaced.values())
            log.info("the snapshot is the former one with %s subject-days replaced", days)
            return replaced, base["replaced_rows"] + increment.rows_of(replaced)
    return None, 0


def _written_by() -> str:
    """Changes with whatever may write a published file in another way."""
    return f"{version('recovery')} {warehouse.fingerprint()} {duckdb.__version__} {snapshot.STORAGE_VERSION}"


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
            for path in files_below(fresh.pages):
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
        _note_base(connection, settings, content)
        told.remember(connection, now_utc())
        if has_page:  # else the next run owes one
            warehouse.set_meta(connection, "published", state(connection))
            warehouse.set_meta(connection, "published_utc", now_utc().isoformat())
            note_pages(connection, settings)
    remove(fresh.folder)
    asides = (say("What lay there was moved to {aside}.", aside=aside) for aside in moved if aside)
    return (*([wrong] if wrong else []), *asides)


def _note_base(connection: duckdb.DuckDBPyConnection, settings: Settings, content: str) -> None:
    """Remembers of what the next snapshot can be a copy, and that the days built until now are in it."""
    base = json.loads(warehouse.meta(connection, "staged") or "{}") | {"sha256": content}
    warehouse.set_meta(connection, "published_base", json.dumps(base))
    warehouse.set_meta(connection, "published_stamp", place.stamp_of(settings.home.published))
    warehouse.forget_unpublished(connection)


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


def _settle(path: Path) -> None:
    """Makes a file readable by its owner alone, and writes it to the disk."""
    path.chmod(0o600)
    sync(path)
