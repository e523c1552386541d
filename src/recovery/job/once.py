"""One run of the job: alone in its home, logged, reported to the user's command; with or without Prefect.

A run looks into the inbox before anything else. Where that finds work, the steps are handed to `perform_all`, which the
flow of Prefect is. Where it finds none, they run here, and neither a flow nor a server starts.
"""

import logging
import os
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from recovery import answers, warehouse
from recovery.errors import CriticalCheckError
from recovery.home import lock
from recovery.home.disk import full_disk_is_plain
from recovery.home.settings import Settings
from recovery.home.temporary import temporary_folder
from recovery.job import log as job_log
from recovery.job import notification, steps
from recovery.job.order import in_order, perform, plainly
from recovery.job.run import OnProgress, OnStep, Run, RunSummary, open_run
from recovery.loading import settle
from recovery.published import publish

PerformAll = Callable[[Run], RunSummary]


def run_once(
    settings: Settings,
    perform_all: PerformAll | None = None,
    on_step: OnStep | None = None,
    on_progress: OnProgress | None = None,
    name: str = "recovery run",
) -> RunSummary:
    """Runs the job once; without `perform_all` in this process alone, whatever there is to do.

    `on_step` hears the name of each step as it begins, `on_progress` what was read.
    Raises LockedError where another run is at work, CriticalCheckError where what was computed must not be published,
    RecoveryError for all else that the user can mend. Whatever is raised, what was published before still stands.
    """
    former = os.umask(0o077)
    try:
        with (
            lock.held(settings, name),
            temporary_folder(settings.home),
            job_log.written(settings.home),
            _notified(settings) as done,
        ):
            with full_disk_is_plain(settings.home.folder), open_run(settings, on_step, on_progress) as run:
                is_for_prefect = perform_all is not None and has_work(run)
                summary = perform_all(run) if perform_all and is_for_prefect else in_order(run, plainly)
            done(summary)
            return summary
    finally:
        os.umask(former)


def has_work(run: Run) -> bool:
    """Whether any step after the look into the inbox has something to do; takes that look."""
    connection, settings = run.connection, run.settings
    warehouse.load_settings_tables(connection, settings)
    settle.update_completeness(connection, settings)
    perform(plainly, steps.LOOK, run)
    return not (
        run.look.is_quiet
        and warehouse.is_built(connection)
        and answers.is_current(connection, settings)
        and publish.is_current(connection, settings)
    )


@contextmanager
def _notified(settings: Settings) -> Iterator[Callable[[RunSummary], None]]:
    """Tells the user's own command how the run ended."""
    started = time.monotonic()
    summaries: list[RunSummary] = []
    try:
        yield summaries.append
    except Exception as error:
        logging.getLogger("recovery").exception("the run failed")
        status = "failed checks" if isinstance(error, CriticalCheckError) else "failed"
        notification.send(settings, {"status": status, "message": str(error), "seconds": time.monotonic() - started})
        raise
    for summary in summaries:
        notification.send(settings, {**summary.__dict__, "message": ""})
