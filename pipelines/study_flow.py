"""The shards of a study as a Prefect flow: each shard of people is one task on Dask.

The flow hands out the shards through the Dask client of its task runner, in the order in which they are given. What a
worker performs is a plain function (`cluster.perform`): workers need neither Prefect nor its server. Prefect is told of
each shard as it is done.
"""

import logging
import uuid
from collections.abc import Sequence
from concurrent.futures import CancelledError
from contextlib import ExitStack
from contextvars import ContextVar
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple, cast
from zoneinfo import ZoneInfo

from prefect import flow, task
from prefect.cache_policies import NO_CACHE
from prefect.client.schemas import State
from prefect.context import FlowRunContext
from prefect.runtime import flow_run
from prefect.states import Completed, Failed
from prefect_dask import DaskTaskRunner

from recovery.errors import RecoveryError
from recovery.home import stop
from recovery.home.settings import Settings
from recovery.job.shard import Outcome, ShardJob
from recovery.pipelines import cluster, environment, server
from recovery.words.say import say

if TYPE_CHECKING:
    from recovery.pipelines.cohort import OnOutcome, Options

log = logging.getLogger("recovery.job")


class _Work(NamedTuple):
    """What a run of the flow is to do."""

    jobs: Sequence[ShardJob]
    scheduler: str
    on_outcome: "OnOutcome"


_given: ContextVar[_Work | None] = ContextVar("given", default=None)


def perform(jobs: Sequence[ShardJob], settings: Settings, options: "Options", on_outcome: "OnOutcome") -> list[Outcome]:
    """Performs the shards, on a server of Prefect and a cluster of Dask that live as long as that takes.

    Raises SettingsError or RecoveryError where the cluster of `options` cannot be asked, or does not fit.
    """
    home = settings.home
    given = _given.set(_Work(jobs, options.scheduler, on_outcome))
    try:
        environment.use(home)
        with ExitStack() as stack:
            stack.enter_context(server.running(home, is_passing=True))
            stack.enter_context(cluster.quietly())
            on_dask = study_flow.with_options(task_runner=_runner(jobs, options))
            return on_dask(folder=str(home.folder), zone=settings.home_time_zone)
    finally:
        _given.reset(given)


def _runner(jobs: Sequence[ShardJob], options: "Options") -> DaskTaskRunner:
    """The task runner: of an existing cluster, or with a local one of its own."""
    if options.scheduler:
        for job in jobs:
            job.threads = 1  # a worker for each core is how they are to be started
        client = cluster.client_of(options.scheduler, options.certificates)
        return DaskTaskRunner(address=options.scheduler, client_kwargs=client)
    workers = min(options.workers or cluster.usual_workers(), len(jobs))
    for job in jobs:
        job.threads = max(1, cluster.usual_workers() // workers)
    security = cluster.temporary_certificates()
    return DaskTaskRunner(
        cluster_class="distributed.LocalCluster",
        cluster_kwargs=cluster.local(workers, options.memory_mb, security),
        client_kwargs={"security": security},
    )


def run_name() -> str:
    """As `2026-11-22 04:30 study`: when it began by the study's clock, and its folder."""
    parameters = flow_run.parameters
    begun = datetime.now(ZoneInfo(parameters["zone"]))
    return f"{begun:%Y-%m-%d %H:%M} {Path(parameters['folder']).name or 'study'}"


@flow(name="study", flow_run_name=run_name, validate_parameters=False, persist_result=False)
def study_flow(folder: str, zone: str) -> list[Outcome]:
    """Works all shards of a study in which there is something to do."""
    del folder, zone  # for the run's name
    return _work_given()


@task(name="shard", cache_policy=NO_CACHE, persist_result=False)
def note_shard(status: str, people: int, seconds: float) -> State:
    """Tells Prefect what became of a shard: counts alone."""
    return (Failed if status == "failed" else Completed)(message=f"{status}, {people} people, {seconds:.0f} s")


def _work_given() -> list[Outcome]:
    """Hands out the shards that the run was given, and waits for them."""
    from distributed import as_completed

    work, context = _given.get(), FlowRunContext.get()
    if work is None or context is None:
        raise RecoveryError(say("A study is worked by: recovery cohort run"))
    with cluster.reached(work.scheduler):
        client = cast(DaskTaskRunner, context.task_runner).client  # starts the cluster, or connects to it
        client.wait_for_workers(1, timeout=cluster.WORKERS_WITHIN_S)
    if work.scheduler:
        cluster.must_fit(client, work.jobs[0])
    run = uuid.uuid4().hex
    keys = [f"shard-{run}-{number}" for number in range(len(work.jobs))]
    futures = client.map(cluster.perform, work.jobs, key=keys)
    job_of = dict(zip(keys, work.jobs, strict=True))
    outcomes = []
    for future in as_completed(futures, loop=client.loop):
        stop.check()
        job = job_of[future.key]
        try:
            outcome = future.result()
        except (Exception, CancelledError) as error:
            log.exception("shard %s was lost", job.shard)
            outcome = Outcome(job.shard, tuple(sorted(job.settings.subjects)), "failed", cluster.why_lost(error), 1)
        outcomes.append(outcome)
        work.on_outcome(outcome)
        noted = note_shard.with_options(task_run_name=f"shard {job.shard}")
        noted(outcome.status, outcome.listed, outcome.seconds, return_state=True)
    return outcomes
