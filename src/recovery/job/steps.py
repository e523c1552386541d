"""The steps of a run: what each is called, what it does, and how often it is tried again.

A step is a plain function of a `Run`. `order` says in which order they are called; `pipelines` runs each as a task of
Prefect. Names are for people who look at a terminal or at Prefect's pages: they hold counts of files, never figures of
health.
"""

import logging
from collections.abc import Callable
from pathlib import Path
from typing import Any, NamedTuple

from recovery import answers, checks, report, warehouse
from recovery.errors import RecoveryError
from recovery.home import stop
from recovery.home.clock import now_utc
from recovery.inbox import look
from recovery.job.run import Run
from recovery.loading import clock_receipts, settle, stage
from recovery.loading import load as loading
from recovery.published import publish
from recovery.readers import readers
from recovery.words.say import say

RETRY_SECONDS = (1, 10)  # a disk on the network that was away for a moment; what is broken stays broken
LONG_BYTES = 20_000_000  # a pack of more is watched while it is read

log = logging.getLogger("recovery.job")


class Step(NamedTuple):
    """One step; `retry_seconds` holds the wait before each further attempt."""

    name: str
    function: Callable[..., Any]
    retry_seconds: tuple[int, ...] = ()


def is_worth_a_retry(error: BaseException) -> bool:
    """True if trying again can help: the system failed, not the export and not our code."""
    return isinstance(error, OSError) and not isinstance(error, RecoveryError)


def look_into_inbox(run: Run) -> None:
    """Finds what is new, changed, removed and still arriving; once, though a flow performs the step again."""
    if run.has_looked:
        return
    clock_receipts.mark(run.connection, now_utc())
    run.look = look.look(run.settings, run.connection)
    run.packs = tuple(stage.packs(run.settings, run.look))
    run.has_looked = True
    log.info(
        "%s files to read in %s packs, %s removed, %s still arriving",
        len(run.look.reads), len(run.packs), len(run.look.obsolete), len(run.look.waiting),
    )  # fmt: skip


def read_pack(run: Run, number: int) -> Path:
    """Decodes the exports of one pack to Parquet; the folder that holds it."""
    pack, on_progress = run.packs[number], run.on_progress
    if on_progress is None:
        return stage.stage(run.settings, run.look, pack)

    done, total = run.bytes_read, sum(map(_bytes, run.packs))
    seen = 0

    def watch(count: int) -> None:
        nonlocal seen
        seen = min(seen + count, _bytes(pack))  # a reader may look into a file twice
        on_progress(done + seen, total)

    folder = stage.stage(run.settings, run.look, pack, watch if _bytes(pack) > LONG_BYTES else None)
    run.bytes_read = done + _bytes(pack)  # only now: what is tried again counts once
    on_progress(run.bytes_read, total)
    return folder


def load_pack(run: Run, number: int, folder: str) -> loading.LoadCount:
    """Brings the records of one pack into the private database, in one transaction."""
    count = loading.load(run.connection, run.settings, run.packs[number], Path(folder))
    warehouse.give_back(run.connection, run.settings.memory_mb)
    run.changed |= set(count.waiting)
    log.info("%s files, %s records, %s files refused", count.files, count.rows, count.rejected)
    return count


def write_receipts(run: Run) -> None:
    """Writes the receipts of what needed no reading, and withdraws removed logs."""
    settle.settle(run.connection, run.settings, run.look, run.changed, is_last_look=run.is_last_look)
    run.let_files_go()
    warehouse.give_back(run.connection, run.settings.memory_mb)


def build(run: Run) -> bool:
    """Brings every table up to date with the records; only the days that changed."""
    if run.has_read:  # somebody who was forgotten may be back
        warehouse.load_settings_tables(run.connection, run.settings)
    is_new = warehouse.build(run.connection, run.settings.memory_mb)
    warehouse.give_back(run.connection, run.settings.memory_mb)
    return is_new


def estimate_effects(run: Run) -> None:
    """Effects and claims of everyone whose days changed."""
    log.info("%s people examined", answers.run(run.connection, run.settings, run.processes))
    warehouse.give_back(run.connection, run.settings.memory_mb)


def check(run: Run) -> checks.CheckSummary:
    """Great Expectations on what is to be published."""
    summary = checks.run(run.connection, run.settings, run.run_id)
    warehouse.give_back(run.connection, run.settings.memory_mb)
    log.info(
        "%s checks, %s critical failures, %s warnings", summary.count, len(summary.critical), len(summary.warnings)
    )
    return summary


def publish_snapshot(run: Run) -> tuple[str, ...]:
    """Puts the new snapshot and its page in the place of the old ones; a page that fails does not hold it up.

    Returns what is to be told: a page that failed, and whatever lay in the place of the published files.
    """
    connection, settings = run.connection, run.settings
    replaced = publish.write(connection, settings, run.run_id, run.seconds)
    former = None
    if replaced is not None and publish.has_pages(connection, settings):
        former = report.FormerPages(
            settings.home.pages, publish.changed_months(replaced), publish.changed_people(replaced)
        )
    warning: tuple[str, ...] = ()
    try:
        report.write(publish.staged(settings), inbox=settings.home.inbox, former=former)
    except Exception as error:  # whatever it is, the database is worth more than its page
        stop.check()
        log.exception("the page could not be written")
        warning = (say("report.html is still the old one, the page could not be written: {error}", error=error),)
    warnings = (*warning, *publish.reveal(connection, settings))
    run.status = "published"
    return warnings


def name_of_pack(run: Run, number: int) -> str:
    """As `Garmin FIT, 4,000 files (3 of 6)`."""
    pack, count = run.packs[number], len(run.packs)
    files = f"{len(pack.items):,} files" if len(pack.items) != 1 else "1 file"
    return f"{readers()[pack.reader].LABEL}, {files}" + (f" ({number + 1} of {count})" if count > 1 else "")


def _bytes(pack: stage.Pack) -> int:
    return sum(item.entry.size for item in pack.items)


LOOK = Step("look into the inbox", look_into_inbox, RETRY_SECONDS)
READ = Step("read", read_pack, RETRY_SECONDS)
LOAD = Step("load", load_pack)
RECEIPTS = Step("write receipts", write_receipts)
BUILD = Step("compute minutes, days and massages", build)
EFFECTS = Step("estimate effects", estimate_effects)
CHECK = Step("check", check)
PUBLISH = Step("publish", publish_snapshot)
