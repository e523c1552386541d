"""A study as a Prefect flow: each shard of people is one task on Dask, then one reducer for what is global.

What a worker performs is `recovery.job.shard.work`, a plain function. The flow hands out the shards, collects what came
of them, and computes means over people from what they published.
"""

import logging
import uuid
from collections.abc import Callable, Sequence
from contextlib import ExitStack, closing
from contextvars import ContextVar
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

from prefect import flow, task
from prefect.cache_policies import NO_CACHE
from prefect.runtime import flow_run

from recovery import warehouse
from recovery.errors import RecoveryError
from recovery.home import stop
from recovery.home.settings import Settings
from recovery.home.study import Study
from recovery.job import moves, shard, shard_reduce
from recovery.job.once import alone
from recovery.job.run import RunSummary
from recovery.job.shard import Outcome, Rows, ShardJob
from recovery.pipelines import cluster, environment, server
from recovery.words.say import say

OnOutcome = Callable[[Outcome], None]

log = logging.getLogger("recovery.job")


@dataclass(frozen=True)
class Options:
    """How a study is worked."""

    people_per_shard: int | None = None  # None = as before
    workers: int | None = None  # of a local cluster; None = one for each core
    memory_mb: float = cluster.MEMORY_MB  # of each of them
    scheduler: str = ""  # address of an existing cluster
    certificates: cluster.Certificates | None = None
    is_plain: bool = False  # one shard after the other in this process, without Dask and Prefect


@dataclass(frozen=True)
class Summary:
    """What came of a run of a study."""

    outcomes: tuple[Outcome, ...]
    status: str  # of what is computed over all people: published, nothing new
    warnings: tuple[str, ...] = ()
    moved: int = 0

    @property
    def failed(self) -> tuple[Outcome, ...]:
        return tuple(outcome for outcome in self.outcomes if outcome.status == "failed")


class _Work:
    """What a run of the flow is to do."""

    def __init__(self, study: Study, settings: Settings, options: Options, jobs: Sequence[ShardJob]) -> None:
        self.study = study
        self.settings = settings
        self.options = options
        self.jobs = jobs
        self.on_outcome: OnOutcome = lambda _: None


_given: ContextVar[_Work | None] = ContextVar("given", default=None)


def run(settings: Settings, options: Options, on_outcome: OnOutcome = lambda _: None) -> Summary:
    """Works a study once: shards in which there is something to do on Dask, then what is global.

    `on_outcome` hears of each shard as it is done. A shard that fails is among the outcomes and stops no other.
    Raises LockedError where another run is at work in the study, HomeError where Dask is not installed,
    CriticalCheckError where what was computed over all people must not be published.
    """
    study = Study(settings.home.folder)
    if options.scheduler:
        cluster.must_be_installed()
        cluster.security_of(options.scheduler, options.certificates)
    with alone(settings, "recovery cohort run") as done:
        study.write(study.read().with_people(settings.everybody, options.people_per_shard))
        moved = moves.carry_out(study)
        jobs = jobs_of(study, settings)
        shard_reduce.sweep(study, study.read())
        outcomes = {}
        for job in jobs:
            stop.check()
            if outcome := shard.quiet(job):
                outcomes[job.shard] = outcome
                on_outcome(outcome)
        work = _Work(study, settings, options, [job for job in jobs if job.shard not in outcomes])
        work.on_outcome = on_outcome
        if work.jobs:
            perform = _plainly if options.is_plain else _as_flow
            outcomes |= {outcome.shard: outcome for outcome in perform(work)}
        ordered = tuple(outcomes[job.shard] for job in jobs)
        reduced = shard_reduce.reduce(study, settings, ordered, uuid.uuid4().hex)
        done(_summary_of(ordered, reduced.status))
        return Summary(ordered, reduced.status, reduced.warnings, moved)


def jobs_of(study: Study, settings: Settings) -> list[ShardJob]:
    """What is to be handed to a worker for each shard."""
    given = _given_by(study, settings)
    return [
        ShardJob(study.settings_of(settings, name, members), _of(members, given))
        for name, members in study.read().members.items()
    ]


def _given_by(study: Study, settings: Settings) -> Rows:
    """What the study's own database and its shards know that every shard has to know."""
    found: dict[str, list[tuple[object, ...]]] = {}
    homes = [settings.home, *(study.home_of(name) for name in study.read().members)]
    for home in [home for home in homes if home.work.is_file()]:
        with closing(warehouse.read_work(home.work)) as connection:
            for table, rows in shard.give(connection).items():
                if not found.get(table):
                    found[table] = rows
        if found.get("settings_seen"):
            break
    return found


def _of(members: frozenset[str], given: Rows) -> Rows:
    """The rows of these people, and those of nobody."""
    of_people = ("trials", "trial_weeks")
    return {
        table: [row for row in rows if table not in of_people or row[0] in members] for table, rows in given.items()
    }


def _plainly(work: _Work) -> list[Outcome]:
    """Performs the shards one after the other in this process."""
    outcomes = []
    for job in work.jobs:
        stop.check()
        outcomes.append(shard.work(job))
        work.on_outcome(outcomes[-1])
    return outcomes


def _as_flow(work: _Work) -> list[Outcome]:
    """Performs the shards as tasks of a flow, on a server and a cluster that live as long as that takes."""
    cluster.must_be_installed()
    from prefect_dask import DaskTaskRunner

    options, home = work.options, work.settings.home
    given = _given.set(work)
    try:
        environment.use(home)
        with ExitStack() as stack:
            stack.enter_context(server.running(home, is_passing=True))
            if options.scheduler:
                security = cluster.security_of(options.scheduler, options.certificates)
                runner = DaskTaskRunner(address=options.scheduler, client_kwargs={"security": security})
            else:
                workers = min(options.workers or cluster.usual_workers(), len(work.jobs))
                for job in work.jobs:
                    job.threads = max(1, cluster.usual_workers() // workers)
                security = cluster.temporary_certificates()
                stack.enter_context(cluster.quietly())
                runner = DaskTaskRunner(
                    cluster_class="distributed.LocalCluster",
                    cluster_kwargs=cluster.local(workers, options.memory_mb, security),
                    client_kwargs={"security": security},
                )
            on_dask = study_flow.with_options(task_runner=runner)
            return on_dask(folder=str(home.folder), zone=work.settings.home_time_zone)
    finally:
        _given.reset(given)


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
def work_shard(job: ShardJob) -> Outcome:
    """Works one shard, in a worker of Dask."""
    return shard.work(job)


# What reads a context variable stands apart: Prefect sends the flow's body, with all that it names, to the workers.


def _work_given() -> list[Outcome]:
    """Hands out the shards that the run was given, and waits for them."""
    work = _given.get()
    if work is None:
        raise RecoveryError(say("A study is worked by: recovery cohort run"))
    futures = [(job, work_shard.with_options(task_run_name=f"shard {job.shard}").submit(job)) for job in work.jobs]
    outcomes = []
    for job, future in futures:
        stop.check()
        try:
            outcome = future.result()
        except Exception as error:  # the worker was lost again and again, or could not be asked
            log.exception("shard %s was lost", job.shard)
            outcome = Outcome(job.shard, tuple(sorted(job.settings.subjects)), "failed", str(error), 1)
        outcomes.append(outcome)
        work.on_outcome(outcome)
    return outcomes


def _summary_of(outcomes: Sequence[Outcome], status: str) -> RunSummary:
    """The whole run as the study's record and its owner's command are told it."""
    summaries = [outcome.summary for outcome in outcomes if outcome.summary]
    failed = [f"shard {outcome.shard}: {outcome.reason}" for outcome in outcomes if outcome.status == "failed"]
    return RunSummary(
        status="failed" if failed else status,
        files_new=sum(summary.files_new for summary in summaries),
        rows_new=sum(summary.rows_new for summary in summaries),
        rejected=tuple(line for summary in summaries for line in summary.rejected),
        warnings=(*failed, *(line for summary in summaries for line in summary.warnings)),
        waiting=tuple(line for summary in summaries for line in summary.waiting),
        seconds=round(sum(summary.seconds for summary in summaries), 1),
    )
