"""A shard of a study: some of its people, worked as a home of their own. Plain functions without Prefect or Dask.

They are called in a worker, on this machine or another one that has the study's folder under the same path. What is
handed over, and what comes back, is small: settings, names, counts. Records stay in the shard's private database, and
what is published goes to the study's folder as Parquet.
"""

import hashlib
import logging
import platform
import time
from collections.abc import Mapping
from contextlib import closing
from dataclasses import replace
from functools import partial
from typing import Any, NamedTuple

import duckdb

from recovery import answers, warehouse
from recovery.errors import RecoveryError
from recovery.formats.records import SCHEMAS
from recovery.home.settings import OWNER, Settings
from recovery.home.study import Study
from recovery.inbox.history import known_files, without_forgotten
from recovery.inbox.walk import walk
from recovery.job import last_run, once, order, steps
from recovery.job.order import Performer
from recovery.job.run import Run, RunSummary, program_version
from recovery.published import hive
from recovery.words.say import say

Rows = Mapping[str, list[tuple[Any, ...]]]  # of raw tables, by table

OF_LOGS = ("logs", "log_starts", "dirty")  # tables that a log of several people fills beside those of records
QUOTING = ("rejected", "unclear_rows")  # tables of rows that could not be read
GIVEN = ("trials", "trial_weeks", "forgotten", "settings_seen")  # tables of raw that the study gives to its shards

log = logging.getLogger("recovery.job")


class ShardJob:
    """What a worker is handed."""

    def __init__(self, settings: Settings, given: Rows, run: str = "") -> None:
        self.settings = settings  # as `Study.settings_of` gives them
        self.given = given
        self.program = program()
        self.run = run  # what `Study.run_note` says where the run began; '' = not to be asked
        self.threads: int | None = None  # of the database; None = one for each core
        self.is_alone = False  # no other shard has anything to do

    @property
    def shard(self) -> str:
        return self.settings.home.folder.name

    @property
    def study(self) -> Study:
        return Study(self.settings.home.given)


class Outcome(NamedTuple):
    """What came of a shard."""

    shard: str
    people: tuple[str, ...]
    status: str  # published, nothing new, failed, failed checks
    reason: str = ""  # of a failure
    exit_status: int = 0
    summary: RunSummary | None = None
    columns: Mapping[str, Mapping[str, str]] = {}  # of each relation with their types
    seconds: float = 0.0
    cpu_seconds: float = 0.0
    is_resumed: bool = False  # the run before was cut off in the middle: killed, or out of memory

    @property
    def listed(self) -> int:
        """How many of the people are listed in recovery.toml: the owner, whom a study is mostly not about, is not."""
        return len([person for person in self.people if person != OWNER])


class Looked(NamedTuple):
    """What a look at a shard found."""

    outcome: Outcome | None  # of a shard in which there is nothing to do; None where a worker has to see to it
    bytes: int  # of new files: the more, the longer it will take


def program() -> str:
    """What a worker must have as the run has it, else two machines would publish different numbers."""
    parts = (program_version(), warehouse.fingerprint(), answers.program(), duckdb.__version__)
    return f"{program_version()}-{hashlib.sha256(repr(parts).encode()).hexdigest()[:8]}"


def work(job: ShardJob) -> Outcome:
    """Works a shard: reads what is new of its people, computes, checks, publishes. Never raises for what went wrong."""
    started, cpu = time.monotonic(), time.process_time()
    people = tuple(sorted(job.settings.subjects))
    found: dict[str, Any] = {"columns": {}}
    former = last_run.last_run(job.settings.home)
    is_resumed = former is not None and former.status == last_run.RUNNING
    try:
        summary = once.run_once(
            job.settings, name="recovery cohort run", order=partial(_in_order, job=job, found=found)
        )
        outcome = Outcome(job.shard, people, summary.status, summary=summary, **found)
    except Exception as error:
        log.exception("shard %s failed", job.shard)
        status = getattr(error, "exit_status", 1)
        outcome = Outcome(job.shard, people, "failed", str(error) or type(error).__name__, status)
    return outcome._replace(
        seconds=time.monotonic() - started, cpu_seconds=time.process_time() - cpu, is_resumed=is_resumed
    )


def must_be_of_the_run(job: ShardJob) -> None:
    """Raises RecoveryError where this machine has another program than the run, or another folder under its path."""
    machine = platform.node()
    if job.program != (ours := program()):
        raise RecoveryError(
            say(
                "{machine} has another program ({ours}) than the run ({theirs}).",
                machine=machine,
                ours=ours,
                theirs=job.program,
            ),
            say("Install the same recovery and DuckDB on all machines, start the workers again, and run again."),
        )
    if job.run and job.study.run_note() != job.run:
        raise RecoveryError(
            say(
                "{machine} does not see the folder of the study at {folder}.",
                machine=machine,
                folder=job.study.folder,
            ),
            say("Share the folder with all machines under this path, and run again."),
        )


def look(job: ShardJob) -> Looked:
    """Whether there is something to do in a shard, and how much is new.

    Opens no file of the inbox. Where it cannot be told what there is to do, the worker will say what is wrong.
    """
    started, cpu, settings = time.monotonic(), time.process_time(), job.settings
    try:
        found = [one for one in walk(settings.home, settings.is_private, settings.is_elsewhere) if not one.status]
        if not settings.home.work.is_file():
            return Looked(None, sum(file.size for file in found))
        with closing(warehouse.open_work(settings.home.work)) as connection:
            found, of_paths = without_forgotten(settings.home, found, known_files(connection))
            known = {path: (row.size, row.mtime_ns) for path, row in of_paths.items()}
            new = [file.size for file in found if known.get(file.path) != (file.size, file.mtime_ns)]
            if new:
                return Looked(None, sum(new))
            receive(connection, job.given)
            run = Run(settings, connection)
            try:
                if once.is_to_be_worked(run) or not hive.is_current(connection, settings, job.study):
                    return Looked(None, 0)
            finally:
                run.look.close()
            people, columns = tuple(sorted(settings.subjects)), hive.columns_of(connection)
    except Exception:
        log.exception("shard %s could not be looked at", job.shard)
        return Looked(None, 0)
    seconds, cpu_s = time.monotonic() - started, time.process_time() - cpu
    return Looked(
        Outcome(job.shard, people, "nothing new", "", 0, RunSummary("nothing new"), columns, seconds, cpu_s), 0
    )


def receive(connection: duckdb.DuckDBPyConnection, given: Rows) -> None:
    """Takes over what the study knows of trials, of what was forgotten, and of settings before the shard began."""
    with warehouse.transaction(connection):
        for table in GIVEN:
            rows = given.get(table, [])
            if table in ("trials", "trial_weeks", "forgotten"):
                known = set(connection.execute(f"from raw.{table}").fetchall())
                rows = [row for row in rows if row not in known]
            elif connection.execute(f"from raw.{table} limit 1").fetchall():
                rows = []
            if rows:
                warehouse.insert_rows(connection, f"raw.{table}", rows)
                warehouse.set_meta(connection, "built", "no")


def give(connection: duckdb.DuckDBPyConnection) -> Rows:
    """What `receive` takes over, of a private database."""
    return {table: connection.execute(f"from raw.{table} order by rowid").fetchall() for table in GIVEN}


def _in_order(run: Run, performer: Performer, job: ShardJob, found: dict[str, Any]) -> RunSummary:
    """The order of the steps of a shard."""
    connection, settings = run.connection, run.settings
    if not job.is_alone:
        run.processes = 1  # other cores work other shards
    if job.threads:
        connection.execute(f"set threads = {job.threads}")
    receive(connection, job.given)
    summary = order.computed(run, performer, lambda: drop_strangers(connection, settings))
    warnings: tuple[str, ...] = ()
    if not hive.is_current(connection, settings, job.study):
        warnings = order.passed(run, performer)
        order.perform(performer, PUBLISH, run)
        summary = replace(summary, status="published", warnings=(*summary.warnings, *warnings))
    found["columns"] = hive.columns_of(connection)
    return replace(summary, seconds=run.seconds)


def drop_strangers(connection: duckdb.DuckDBPyConnection, settings: Settings) -> None:
    """Drops what files of nobody's folder said of people whom other shards work: these read the same files."""
    ours = f"subject in ({warehouse.quote_all(settings.subjects)})"
    with warehouse.transaction(connection):
        for table in (*SCHEMAS, *OF_LOGS):
            connection.execute(f"delete from raw.{table} where not {ours}")
        for table in QUOTING:  # the owner's are of the files that all shards read
            connection.execute(f"delete from raw.{table} where not {ours} and subject <> '{OWNER}'")


def publish(run: Run) -> None:
    """Publishes what changed of the people of a shard."""
    written = hive.write(run.connection, run.settings, Study(run.settings.home.given), run.run_id, run.seconds)
    log.info("%s files written, %s removed, of %s people", written.files, written.removed, written.people)
    run.status = "published"


PUBLISH = steps.Step("publish", publish)
