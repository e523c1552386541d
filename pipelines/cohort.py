"""A study, worked once: shards in which there is something to do on Dask, then what is computed of all people.

Prefect and Dask are imported where there is something to do (`study_flow`): to see that nothing is new takes neither.
"""

import uuid
from collections.abc import Callable, Sequence
from contextlib import closing
from dataclasses import dataclass

from recovery import warehouse
from recovery.home import stop
from recovery.home.settings import Settings
from recovery.home.study import Shards, Study
from recovery.job import moves, shard, shard_reduce
from recovery.job.once import alone
from recovery.job.run import RunSummary
from recovery.job.shard import Outcome, Rows, ShardJob
from recovery.pipelines import cluster

OnOutcome = Callable[[Outcome], None]
OnBegin = Callable[[int], None]


@dataclass(frozen=True)
class Options:
    """How a study is worked."""

    people_per_shard: int | None = None  # None = as before
    workers: int | None = None  # of a local cluster; None = one for each core
    memory_mb: float = cluster.MEMORY_MB  # of each of them
    scheduler: str = ""  # address of an existing cluster
    certificates: cluster.Certificates | None = None
    is_plain: bool = False  # one shard after the other in this process, without Dask and Prefect; one shard always is


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


def run(
    settings: Settings,
    options: Options,
    on_outcome: OnOutcome = lambda _: None,
    on_begin: OnBegin = lambda _: None,
) -> Summary:
    """Works a study once: shards in which there is something to do on Dask, then what is global.

    `on_begin` hears how many shards have something to do, `on_outcome` of each shard as it is done. A shard that fails
    is among the outcomes and stops no other. Raises LockedError where another run is at work in the study, HomeError
    where Dask is not installed, CriticalCheckError where what was computed over all people must not be published.
    """
    study = Study(settings.home.folder)
    if options.scheduler:
        cluster.must_be_installed()
        cluster.security_of(options.scheduler, options.certificates)
    with alone(settings, "recovery cohort run") as done:
        dealt = study.deal(settings.everybody, options.people_per_shard)
        moved = len(dealt.moving)
        shards = moves.carry_out(study, dealt)
        jobs = jobs_of(study, settings, shards)
        shard_reduce.sweep(study, shards)
        outcomes, new_bytes = {}, {}
        for job in jobs:
            stop.check()
            looked = shard.look(job)
            new_bytes[job.shard] = looked.bytes
            if looked.outcome:
                outcomes[job.shard] = looked.outcome
                on_outcome(looked.outcome)
        waiting = [job for job in jobs if job.shard not in outcomes]
        # The longest first: one that began last would keep one worker busy while the others have nothing to do.
        if jobs_left := sorted(waiting, key=lambda job: -new_bytes[job.shard]):
            # A single shard is worked here as fast as by a worker, without the start of Dask and Prefect.
            is_alone = len(jobs_left) == 1 and not options.scheduler
            jobs_left[0].is_alone = is_alone
            perform = _plainly if options.is_plain or is_alone else _on_dask
            on_begin(len(jobs_left))
            done_now = perform(jobs_left, settings, options, on_outcome)
            outcomes |= {outcome.shard: outcome for outcome in done_now}
        ordered = tuple(outcomes[job.shard] for job in jobs)
        reduced = shard_reduce.reduce(study, settings, ordered, uuid.uuid4().hex)
        done(_summary_of(ordered, reduced.status))
        return Summary(ordered, reduced.status, reduced.warnings, moved)


def jobs_of(study: Study, settings: Settings, shards: Shards) -> list[ShardJob]:
    """What is to be handed to a worker for each shard."""
    given, run_note = _given_by(study, settings, shards), study.run_note()
    return [
        ShardJob(study.settings_of(settings, name, members), _of(members, given), run_note)
        for name, members in shards.members.items()
    ]


def _given_by(study: Study, settings: Settings, shards: Shards) -> Rows:
    """What the study's own database and its shards know that every shard has to know."""
    found: dict[str, list[tuple[object, ...]]] = {}
    homes = [settings.home, *(study.home_of(name) for name in shards.members)]
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


def _plainly(jobs: Sequence[ShardJob], settings: Settings, options: Options, on_outcome: OnOutcome) -> list[Outcome]:
    """Performs the shards one after the other in this process."""
    del settings, options
    outcomes = []
    for job in jobs:
        stop.check()
        outcomes.append(shard.work(job))
        on_outcome(outcomes[-1])
    return outcomes


def _on_dask(jobs: Sequence[ShardJob], settings: Settings, options: Options, on_outcome: OnOutcome) -> list[Outcome]:
    """Performs the shards as tasks of Dask, in a flow of Prefect."""
    cluster.must_be_installed()
    from recovery.pipelines import study_flow

    return study_flow.perform(jobs, settings, options, on_outcome)


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
