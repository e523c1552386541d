"""One run of the job: alone in its home, logged, reported to the user's command; with or without Prefect.

A run looks into the inbox before anything else. Where that finds work, the steps are handed to `perform_all`, which the
flow of Prefect is. Where it finds none, they run here, and neither a flow nor a server starts.
"""

import logging
import os
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import replace
from typing import Any

from recovery import answers, warehouse
from recovery.errors import CriticalCheckError, RecoveryError
from recovery.home import lock, stop
from recovery.home.disk import full_disk_is_plain
from recovery.home.folder import Home
from recovery.home.memory import memory_is_plain
from recovery.home.settings import Settings
from recovery.home.temporary import temporary_folder
from recovery.job import last_run, notification, steps
from recovery.job import log as job_log
from recovery.job.order import Performer, in_order, perform, plainly
from recovery.job.run import OnProgress, OnStep, Run, RunSummary, open_run
from recovery.loading import settle
from recovery.published import publish

PerformAll = Callable[[Run], RunSummary]
Order = Callable[[Run, Performer], RunSummary]
AGAIN_S = (2.0, 10.0)  # a program that saves a list, or a folder that is synced, is soon done

log = logging.getLogger("recovery.job")


def run_once(
    settings: Settings,
    perform_all: PerformAll | None = None,
    on_step: OnStep | None = None,
    on_progress: OnProgress | None = None,
    name: str = "recovery run",
    order: Order = in_order,
) -> RunSummary:
    """Runs the job once; without `perform_all` in this process alone, whatever there is to do, in the given order.

    `on_step` hears the name of each step as it begins, `on_progress` what was read.
    Raises LockedError where another run is at work, CriticalCheckError where what was computed must not be published,
    RecoveryError for all else that the user can mend. Whatever is raised, what was published before still stands.
    """
    home = settings.home
    with alone(settings, name) as done:
        with (
            memory_is_plain(settings.memory_mb),
            full_disk_is_plain(home.folder),
            open_run(settings, on_step, on_progress) as run,
        ):
            run.is_last_look = not AGAIN_S
            summary = _performed(run, perform_all, order)
            for number, seconds in enumerate(AGAIN_S, start=1):
                if run.waiting:
                    run.is_last_look = number == len(AGAIN_S)
                    summary = _performed_again(run, perform_all, order, summary, seconds)
        done(summary)
        return summary


@contextmanager
def alone(settings: Settings, name: str) -> Iterator[Callable[[RunSummary], None]]:
    """Alone in a home, logged; the summary that is given to what this yields is recorded and told the user's command.

    Raises LockedError where another run is at work.
    """
    former = os.umask(0o077)
    home = settings.home
    try:
        with (
            full_disk_is_plain(home.folder),
            lock.held(settings, name),
            temporary_folder(home),
            job_log.written(home),
            _recorded(settings, name) as done,
        ):
            yield done
    finally:
        os.umask(former)


def refuse(home: Home, error: RecoveryError, name: str = "recovery run") -> None:
    """What is left to do for a run that cannot begin, as where recovery.toml is broken: log, record, notification.

    Nothing where no run was ever made in the home.
    """
    if not home.private.is_dir():
        return
    with suppress(OSError), job_log.written(home):
        log.error("%s cannot begin: %s", name, error)
        last_run.ended(home, last_run.begun(home, name), "failed", error.exit_status, str(error))
        notification.send_by_last_valid(home, {"status": "failed", "message": str(error), "seconds": 0.0})


def has_work(run: Run) -> bool:
    """Whether any step after the look into the inbox has something to do; takes that look."""
    return is_to_be_worked(run) or not publish.is_current(run.connection, run.settings)


def is_to_be_worked(run: Run) -> bool:
    """Whether any step before the publication has something to do; takes the look into the inbox."""
    connection, settings = run.connection, run.settings
    warehouse.load_settings_tables(connection, settings)
    settle.update_completeness(connection, settings)
    perform(plainly, steps.LOOK, run)
    return not (run.look.is_quiet and warehouse.is_built(connection) and answers.is_current(connection, settings))


def _performed(run: Run, perform_all: PerformAll | None, order: Order) -> RunSummary:
    summary = perform_all(run) if perform_all is not None and has_work(run) else order(run, plainly)
    return replace(summary, waiting=run.waiting)


def _performed_again(
    run: Run, perform_all: PerformAll | None, order: Order, before: RunSummary, seconds: float
) -> RunSummary:
    """Looks once more, for files that were still being written; the summary of both."""
    log.info("%s files are still being written; looked at again in %s s", len(run.waiting), seconds)
    time.sleep(seconds)
    run.look_anew()
    now = _performed(run, perform_all, order)
    return replace(
        now,
        status="published" if "published" in (before.status, now.status) else now.status,
        files_new=before.files_new + now.files_new,
        rows_new=before.rows_new + now.rows_new,
        rejected=tuple(sorted({*before.rejected, *now.rejected})),
        warnings=tuple(dict.fromkeys((*before.warnings, *now.warnings))),
    )


@contextmanager
def _recorded(settings: Settings, name: str) -> Iterator[Callable[[RunSummary], None]]:
    """Records in the home how the run ended, and tells the user's own command."""
    started = time.monotonic()
    summaries: list[RunSummary] = []
    notification.remember(settings)
    record = last_run.begun(settings.home, name)
    try:
        yield summaries.append
    except stop.Stopped as end:
        log.warning("the run was stopped by %s", end.name)
        _note_end(settings.home, record, "stopped", end.exit_status, end.name)
        raise
    except Exception as error:
        log.exception("the run failed")
        status = "failed checks" if isinstance(error, CriticalCheckError) else "failed"
        _note_end(settings.home, record, status, getattr(error, "exit_status", 1), str(error))
        notification.send(settings, {"status": status, "message": str(error), "seconds": time.monotonic() - started})
        raise
    for summary in summaries:
        _note_end(settings.home, record, summary.status, 0, "", summary.waiting)
        notification.send(settings, {**summary.__dict__, "message": ""})


def _note_end(home: Home, *end: Any) -> None:
    with suppress(OSError):  # the disk may be full
        last_run.ended(home, *end)
