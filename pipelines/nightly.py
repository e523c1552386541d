"""The job as a Prefect flow: `run` runs it once, now; `serve` every night.

The flow performs the steps of `recovery.job` in their order, each as a task. Task and run names hold counts of files,
never figures of health; those go to a server on this machine alone.
"""

import logging
import os
import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from contextvars import ContextVar
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from prefect import Task, flow, task
from prefect.cache_policies import NO_CACHE
from prefect.runtime import flow_run
from prefect.schedules import RRule, Schedule

from recovery.errors import CriticalCheckError, HomeError
from recovery.home import lock
from recovery.home.disk import full_disk_is_plain
from recovery.home.settings import Settings, load_settings
from recovery.home.temporary import temporary_folder
from recovery.job import log as job_log
from recovery.job import notification, steps
from recovery.job.order import in_order
from recovery.job.run import OnProgress, OnStep, Run, RunSummary, open_run
from recovery.pipelines import artifacts, environment, schedule, server

SERVED = "RECOVERY_SERVED_HOME"  # the one home whose flow a service runs, whatever parameters arrive

_given: ContextVar[Settings | None] = ContextVar("given", default=None)
_on_step: ContextVar[OnStep | None] = ContextVar("on_step", default=None)
_on_progress: ContextVar[OnProgress | None] = ContextVar("on_progress", default=None)


def run(settings: Settings, on_step: OnStep | None = None, on_progress: OnProgress | None = None) -> RunSummary:
    """Runs the job once; `on_step` hears the name of each step as it begins, `on_progress` what was read.

    Raises LockedError where another run is at work, CriticalCheckError where what was computed must not be published,
    RecoveryError for all else that the user can mend. Whatever is raised, what was published before still stands.
    """
    former = os.umask(0o077)
    given, stepping, progressing = _given.set(settings), _on_step.set(on_step), _on_progress.set(on_progress)
    try:
        with lock.held(settings, "recovery run"), temporary_folder(settings.home):
            environment.use(settings.home)
            with server.running(settings.home, is_passing=True):
                return nightly(home=str(settings.home.folder), zone=settings.home_time_zone)
    finally:
        _given.reset(given)
        _on_step.reset(stepping)
        _on_progress.reset(progressing)
        os.umask(former)


def serve(settings: Settings, at: str = "04:30", announce: Callable[[str], None] | None = None) -> None:
    """Runs the job every night at `at` by the home's wall clock, until it is stopped.

    `announce` is called with the address of Prefect's pages. Raises SettingsError where `at` is no time of day.
    """
    rule = schedule.rule(at, settings.home_time_zone, datetime.now(UTC))
    os.umask(0o077)
    environment.use(settings.home)
    with temporary_folder(settings.home), server.running(settings.home, is_passing=False) as url:
        if announce:
            pages = server.one_time_address(settings.home) or url.removesuffix("/api")
            announce(f"Every night at {at} ({settings.home_time_zone}). Prefect shows the runs at {pages}")
        serve_on(settings, RRule(rule, timezone=settings.home_time_zone))


def address(settings: Settings) -> str:
    """An address of Prefect's pages that is good for one visit within ten minutes.

    Raises HomeError where no service runs.
    """
    if found := server.one_time_address(settings.home):
        return found
    raise HomeError(
        f"No service runs for {settings.home.folder}.", f"Start it: recovery nightly --home {settings.home.folder}"
    )


def serve_on(settings: Settings, when: Schedule) -> None:
    """Serves the flow on the server of PREFECT_API_URL by a schedule of Prefect's, until it is stopped."""
    from prefect.types.entrypoint import EntrypointType

    os.environ[SERVED] = str(settings.home.folder.absolute())  # each run is a child of this process
    nightly.serve(
        name=_home_name(settings.home.folder),
        schedule=when,
        parameters={"home": str(settings.home.folder.absolute()), "zone": settings.home_time_zone},
        description="Reads what is new in the inbox, computes, checks, publishes.",
        entrypoint_type=EntrypointType.MODULE_PATH,
        print_starting_message=False,
        limit=1,
    )


def run_name() -> str:
    """As `2026-11-22 04:30 home`: when it began by the home's clock, and the home's folder."""
    parameters = flow_run.parameters
    begun = datetime.now(ZoneInfo(parameters["zone"]))
    return f"{begun:%Y-%m-%d %H:%M} {_home_name(Path(parameters['home']))}"


@flow(name="nightly", flow_run_name=run_name, validate_parameters=False, persist_result=False)
def nightly(home: str, zone: str) -> RunSummary:
    """Reads what is new in the inbox of a home, computes, checks and publishes."""
    del zone  # for the run's name
    os.umask(0o077)
    settings = _settings_of(home)
    with job_log.written(settings.home), _notified(settings) as done:
        with (
            _alone(settings),
            full_disk_is_plain(settings.home.folder),
            _opened_run(settings) as job_run,
        ):
            summary = in_order(job_run, as_task)
            if summary.status == "published":
                artifacts.show(
                    job_run.connection, summary.files_new, summary.rows_new, summary.rejected, summary.warnings
                )
        done(summary)
        return summary


def as_task(step: steps.Step, label: str, job_run: Run, *arguments: object) -> Any:
    """Performs a step of the job as a task of the running flow; `label` is the name of the task run."""
    return _task_of(step).with_options(task_run_name=lambda: label)(job_run, *arguments)


@cache
def _task_of(step: steps.Step) -> Task[..., Any]:
    decorate = task(
        name=step.name,
        cache_policy=NO_CACHE,
        persist_result=False,
        retries=len(step.retry_seconds),
        retry_delay_seconds=list(step.retry_seconds),
        retry_condition_fn=_is_worth_a_retry,
    )
    return decorate(step.function)


def _is_worth_a_retry(_task: object, _run: object, state: Any) -> bool:
    error = state.result(raise_on_failure=False)
    return isinstance(error, BaseException) and steps.is_worth_a_retry(error)


# What reads a context variable stands apart: Prefect sends the flow's body, with all that it names, to another process.


def _settings_of(home: str) -> Settings:
    """Those that `run` was given, else the home's own.

    Raises HomeError for another home than the service was started for: who reaches Prefect's API can start a run with
    any parameters, and a home may name a command.
    """
    if given := _given.get():
        return given
    served = os.environ.get(SERVED)
    if served and Path(home).resolve() != Path(served).resolve():
        raise HomeError(f"This service runs the home {served} and no other.", "Start another service for another home.")
    return load_settings(Path(home))


def _opened_run(settings: Settings) -> AbstractContextManager[Run]:
    return open_run(settings, _on_step.get(), _on_progress.get())


@contextmanager
def _alone(settings: Settings) -> Iterator[None]:
    """The lock of the home, where `run` does not hold it already."""
    if _given.get():
        yield
        return
    with lock.held(settings, "recovery nightly"), temporary_folder(settings.home):
        yield


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


def _home_name(folder: Path) -> str:
    return folder.absolute().name or "home"
