"""The job as a Prefect flow: `run` runs it once, now; `serve` every night.

The flow performs the steps of `recovery.job` in their order, each as a task. Task and run names hold counts of files,
never figures of health; those go to a server on this machine alone.
"""

import os
from collections.abc import Callable, Iterable
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

from recovery.errors import HomeError, RecoveryError
from recovery.home import lock, stop
from recovery.home.folder import Home
from recovery.home.settings import Settings, load_settings
from recovery.home.temporary import temporary_folder
from recovery.job import last_run, steps
from recovery.job.once import refuse, run_once
from recovery.job.order import in_order
from recovery.job.run import OnProgress, OnStep, Run, RunSummary
from recovery.pipelines import artifacts, environment, schedule, server, service
from recovery.words.say import say

SERVED = "RECOVERY_SERVED_HOME"  # the one home whose flow a service runs, whatever parameters arrive

_given: ContextVar[Run | None] = ContextVar("given", default=None)


def run(settings: Settings, on_step: OnStep | None = None, on_progress: OnProgress | None = None) -> RunSummary:
    """Runs the job once, as a flow where there is something to do: `run_once` with `perform_all`."""
    return run_once(settings, perform_all, on_step, on_progress)


def perform_all(job_run: Run) -> RunSummary:
    """Performs the steps of a run as tasks of a flow, on a server that lives as long as that takes."""
    settings = job_run.settings
    given = _given.set(job_run)
    try:
        environment.use(settings.home)
        with server.running(settings.home, is_passing=True):
            return nightly(home=str(settings.home.folder), zone=settings.home_time_zone)
    finally:
        _given.reset(given)


def serve(
    settings: Settings,
    at: str | Iterable[str] = schedule.DEFAULT,
    announce: Callable[[str], None] | None = None,
) -> None:
    """Runs the job every day at the times `at` by the home's wall clock, until it is stopped.

    A run that was missed, since the computer or the service was off, is made up for once, within minutes.
    `announce` is called with the address of Prefect's pages. Raises SettingsError where a time is no time of day,
    LockedError where a service of this home runs already, and Stopped where a signal ends it.
    """
    times, zone = schedule.times(at), settings.home_time_zone
    rules = [RRule(schedule.rule(one, zone, datetime.now(UTC)), timezone=zone) for one in times]
    os.umask(0o077)
    environment.use(settings.home)
    with (
        lock.one_service(settings),
        temporary_folder(settings.home),
        server.running(settings.home, is_passing=False) as url,
    ):
        if announce:
            pages = server.one_time_address(settings.home) or url.removesuffix("/api")
            announce(
                say(
                    "Every night at {times} ({zone}). Prefect shows the runs at {pages}",
                    times=" and ".join(times),
                    zone=zone,
                    pages=pages,
                )
            )
        serve_on(settings, rules, times)


def address(settings: Settings) -> str:
    """An address of Prefect's pages that is good for one visit within ten minutes.

    Raises HomeError where no service runs.
    """
    if found := server.one_time_address(settings.home):
        return found
    raise HomeError(
        say("No service runs for {folder}.", folder=settings.home.folder),
        say("Start it: recovery nightly --home {folder}", folder=settings.home.folder),
    )


def serve_on(settings: Settings, when: Schedule | list[Schedule], times: Iterable[str] = ()) -> None:
    """Serves the flow on the server of PREFECT_API_URL by schedules of Prefect's, until it is stopped.

    A run that was missed at one of `times` is made up for.
    """
    folder = settings.home.folder.absolute()
    os.environ[SERVED] = str(folder)  # each run is a child of this process
    service.serve(
        nightly,
        name=_home_name(folder),
        schedules=[when] if isinstance(when, Schedule) else when,
        parameters={"home": str(folder), "zone": settings.home_time_zone},
        missed=lambda: schedule.missed_in(settings, times, datetime.now(UTC)) if times else None,
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
    return _perform_given() or _perform_served(home)


def as_task(step: steps.Step, label: str, job_run: Run, *arguments: object) -> Any:
    """Performs a step of the job as a task of the running flow; `label` is the name of the task run."""
    stop.check()  # the step before may have taken it for an error of its own
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


def _perform_given() -> RunSummary | None:
    """Performs the run that `perform_all` was given; None where this is a run of a service."""
    given = _given.get()
    return _perform(given) if given else None


def _perform_served(home: str) -> RunSummary:
    """A run of a service, in a process of its own that ends with the service."""
    stop.end_with_the_parent()
    with stop.on_signals():
        try:
            settings = _settings_of(home)
            last = last_run.last_run(settings.home)
            if last and last.ended_utc and _was_due() <= last.started_utc <= datetime.now(UTC):
                return RunSummary("nothing new")  # made up for before; Prefect kept this one for when we were back
            return run_once(settings, _perform, name="recovery nightly")
        except stop.Stopped as end:
            raise SystemExit(end.exit_status) from None  # any other exception is printed with its traceback


def _was_due() -> datetime:
    due: datetime = flow_run.scheduled_start_time
    return due.astimezone(UTC)


def _perform(job_run: Run) -> RunSummary:
    summary = in_order(job_run, as_task)
    if summary.status == "published":
        artifacts.show(job_run.connection, summary.files_new, summary.rows_new, summary.rejected, summary.warnings)
    return summary


def _settings_of(home: str) -> Settings:
    """The settings of the home that the service runs.

    Raises HomeError for another home than the service was started for: who reaches Prefect's API can start a run with
    any parameters, and a home may name a command.
    """
    served = os.environ.get(SERVED)
    if served and Path(home).resolve() != Path(served).resolve():
        raise HomeError(
            say("This service runs the home {served} and no other.", served=served),
            say("Start another service for another home."),
        )
    try:
        return load_settings(Path(home))
    except RecoveryError as error:
        refuse(Home(Path(home)), error, "recovery nightly")
        raise


def _home_name(folder: Path) -> str:
    return folder.absolute().name or "home"
