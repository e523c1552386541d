"""The job: what is new is read, loaded, computed, checked and published; the one place where the order is written.

`run` does it once, now; `serve` every night. Both run the same Prefect flow. Task and run names are for people who look
at Prefect's pages, and tell counts of files, never figures of health; those go to a server on this machine alone.
"""

import logging
import os
import time
import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from contextvars import ContextVar
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import duckdb
from prefect import flow, get_run_logger, task
from prefect.cache_policies import NO_CACHE
from prefect.runtime import flow_run
from prefect.schedules import RRule, Schedule

from pipelines import artifacts, environment, nightly_log, notification, schedule, server
from recovery import answers, checks, inbox, lock, publish, report, stage, warehouse
from recovery import load as loading
from recovery.disk import full_disk_is_plain
from recovery.errors import CriticalCheckError, LockedError, RecoveryError
from recovery.readers import readers
from recovery.settings import Settings, load_settings

RETRY_SECONDS = (1, 10)  # a disk on the network that was away for a moment; what is broken stays broken
Tell = Callable[[str], None]
Advance = Callable[[int, int], None]  # bytes read of the files to read, and bytes of all of them
LONG_BYTES = 20_000_000  # a pack of more is watched while it is read


@dataclass(frozen=True)
class RunSummary:
    """What one run came to."""

    status: str  # 'published', 'nothing new'
    files_new: int = 0
    rows_new: int = 0
    rejected: tuple[str, ...] = ()  # files refused in this run, each with its reason
    warnings: tuple[str, ...] = ()
    critical: tuple[str, ...] = ()  # always empty where a run returns: a critical failure is raised
    seconds: float = 0.0


class Night:
    """What the steps of one run share.

    Not a dataclass: Prefect searches all parameters of a task for futures, through lists, tuples and dataclasses: that
    took four seconds a task for an inbox of 22,000 files.
    """

    def __init__(self, settings: Settings, connection: duckdb.DuckDBPyConnection, run_id: str) -> None:
        self.settings = settings
        self.connection = connection
        self.run_id = run_id
        self.look = inbox.Look()
        self.packs: tuple[stage.Pack, ...] = ()
        self.advance = _advance.get()
        self.bytes_read = 0
        self.status = "nothing new"


_given: ContextVar[Settings | None] = ContextVar("given", default=None)
_tell: ContextVar[Tell | None] = ContextVar("tell", default=None)
_advance: ContextVar[Advance | None] = ContextVar("advance", default=None)


def run(settings: Settings, tell: Tell | None = None, advance: Advance | None = None) -> RunSummary:
    """Runs the job once; `tell` is called with the name of each step as it begins, `advance` while files are read.

    Raises LockedError where another run is at work, CriticalCheckError where what was computed must not be published,
    RecoveryError for all else that the user can mend. Whatever is raised, what was published before still stands.
    """
    former = os.umask(0o077)
    given, told, advancing = _given.set(settings), _tell.set(tell), _advance.set(advance)
    try:
        with lock.held(settings, "recovery run"):
            environment.use(settings.home)
            with server.running(settings.home, is_passing=True):
                return nightly(home=str(settings.home.folder), zone=settings.home_time_zone)
    finally:
        _given.reset(given)
        _tell.reset(told)
        _advance.reset(advancing)
        os.umask(former)


def serve(settings: Settings, at: str = "04:30", tell: Tell | None = None) -> None:
    """Runs the job every night at `at` by the home's wall clock, until it is stopped.

    `tell` is called with the address of Prefect's pages. Raises SettingsError where `at` is no time of day.
    """
    rule = schedule.rule(at, settings.home_time_zone, datetime.now(UTC))
    os.umask(0o077)
    environment.use(settings.home)
    with server.running(settings.home, is_passing=False) as url:
        if tell:
            tell(
                f"Every night at {at} ({settings.home_time_zone}). Prefect shows the runs at {url.removesuffix('/api')}"
            )
        serve_on(settings, RRule(rule, timezone=settings.home_time_zone))


def serve_on(settings: Settings, when: Schedule) -> None:
    """Serves the flow on the server of PREFECT_API_URL by a schedule of Prefect's, until it is stopped."""
    from prefect.types.entrypoint import EntrypointType

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
    told = flow_run.parameters
    begun = datetime.now(ZoneInfo(told["zone"]))
    return f"{begun:%Y-%m-%d %H:%M} {_home_name(Path(told['home']))}"


@flow(name="nightly", flow_run_name=run_name, validate_parameters=False, persist_result=False)
def nightly(home: str, zone: str) -> RunSummary:
    """Reads what is new in the inbox of a home, computes, checks and publishes."""
    del zone  # for the run's name
    started = time.monotonic()
    os.umask(0o077)
    settings = _settings_of(home)
    with nightly_log.written(settings.home), _notified(settings, started) as done:
        with _alone(settings), full_disk_is_plain(settings.home.folder), _work(settings) as night:
            summary = replace(_steps(night, started), seconds=round(time.monotonic() - started, 1))
        done(summary)
        return summary


def _settings_of(home: str) -> Settings:
    """Those that `run` was given, else the home's own; apart, as Prefect sends the flow's body to another process."""
    return _given.get() or load_settings(Path(home))


def _steps(night: Night, started: float) -> RunSummary:
    """The order of the steps."""
    connection, settings = night.connection, night.settings
    refused_before = _refused(connection)
    warehouse.load_settings_tables(connection, settings)
    _step("look into the inbox")
    look_into_inbox(night)
    counts = []
    for number, pack in enumerate(night.packs):
        told = _name_of(pack, number, len(night.packs))
        _step(f"read {told}")
        folder = read(night, number, told)
        counts.append(load(night, number, str(folder), told))
    write_receipts(night)
    refused = _refused(connection) - refused_before
    summary = RunSummary(
        status="nothing new",
        files_new=sum(count.files for count in counts),
        rows_new=sum(count.rows for count in counts),
        rejected=tuple(sorted(f"{path}: {message}" for path, status, message in refused if status == "rejected")),
        warnings=tuple(sorted(f"{path}: {message}" for path, status, message in refused if status == "partial")),
    )
    _note_counts(night, summary)
    _step("compute")
    build(night)
    if not answers.is_current(connection, settings):
        _step("ask what the massages did")
        answer(night)
    if publish.is_current(connection, settings):
        report.write(settings)  # its ages and silent sources go on
        return summary
    _step("check")
    checked = check(night)
    if checked.critical:
        page = settings.home.checks / "index.html"
        raise CriticalCheckError(
            "Nothing was published, the last good snapshot stands: " + " ".join(checked.critical),
            f"The rows are named in {page}.",
        )
    _step("publish")
    page_warning = publish_snapshot(night, time.monotonic() - started)
    summary = replace(summary, status="published", warnings=(*summary.warnings, *checked.warnings, *page_warning))
    artifacts.show(connection, summary.files_new, summary.rows_new, summary.rejected, summary.warnings)
    return summary


def is_worth_a_retry(_task: object, _run: object, state: object) -> bool:
    """Whether trying again can help: the system failed, not the export and not our code."""
    error = state.result(raise_on_failure=False)  # type: ignore[attr-defined]
    return isinstance(error, OSError) and not isinstance(error, RecoveryError)


@task(
    name="look into the inbox",
    cache_policy=NO_CACHE,
    retries=len(RETRY_SECONDS),
    retry_delay_seconds=list(RETRY_SECONDS),
    retry_condition_fn=is_worth_a_retry,
)
def look_into_inbox(night: Night) -> None:
    """Finds what is new, changed, gone and still arriving."""
    night.look = inbox.look(night.settings, night.connection)
    night.packs = tuple(stage.packs(night.settings, night.look))
    get_run_logger().info(
        "%s files to read in %s packs, %s gone, %s still arriving",
        len(night.look.reads), len(night.packs), len(night.look.gone), len(night.look.waiting),
    )  # fmt: skip


@task(
    task_run_name="read {told}",
    cache_policy=NO_CACHE,
    persist_result=False,
    retries=len(RETRY_SECONDS),
    retry_delay_seconds=list(RETRY_SECONDS),
    retry_condition_fn=is_worth_a_retry,
)
def read(night: Night, number: int, told: str) -> Path:
    """Decodes the exports of one pack to Parquet."""
    del told
    pack, advance = night.packs[number], night.advance
    if advance is None:
        return stage.stage(night.settings, night.look, pack)

    done, total = night.bytes_read, sum(map(_bytes, night.packs))
    seen = 0

    def watch(count: int) -> None:
        nonlocal seen
        seen = min(seen + count, _bytes(pack))  # a reader may look into a file twice
        advance(done + seen, total)

    folder = stage.stage(night.settings, night.look, pack, watch if _bytes(pack) > LONG_BYTES else None)
    night.bytes_read = done + _bytes(pack)  # only now: what is tried again counts once
    advance(night.bytes_read, total)
    return folder


@task(task_run_name="load {told}", cache_policy=NO_CACHE, persist_result=False)
def load(night: Night, number: int, folder: str, told: str) -> loading.LoadCount:
    """Brings the records of one pack into the private database, in one transaction."""
    del told
    count = loading.load(night.connection, night.settings, night.packs[number], Path(folder))
    get_run_logger().info("%s files, %s records, %s files refused", count.files, count.rows, count.rejected)
    return count


@task(name="write receipts", cache_policy=NO_CACHE)
def write_receipts(night: Night) -> None:
    """Notes what needed no reading, and withdraws logs that left the inbox."""
    loading.settle(night.connection, night.settings, night.look)
    night.look.close()


@task(name="compute minutes, days and massages", cache_policy=NO_CACHE, persist_result=False)
def build(night: Night) -> bool:
    """Brings every table up to date with the records; only the days that changed."""
    return warehouse.build(night.connection)


@task(name="ask what the massages did", cache_policy=NO_CACHE, persist_result=False)
def answer(night: Night) -> None:
    """Effects and claims of everyone whose days changed."""
    get_run_logger().info("%s people examined", answers.run(night.connection, night.settings))


@task(name="check", cache_policy=NO_CACHE, persist_result=False)
def check(night: Night) -> checks.CheckSummary:
    """Great Expectations on what is to be published."""
    told = checks.run(night.connection, night.settings, night.run_id)
    get_run_logger().info(
        "%s checks, %s critical failures, %s warnings", told.count, len(told.critical), len(told.warnings)
    )
    return told


@task(name="publish", cache_policy=NO_CACHE, persist_result=False)
def publish_snapshot(night: Night, seconds: float) -> tuple[str, ...]:
    """Puts the new snapshot and its page in the place of the old ones; a page that fails does not hold it up."""
    connection, settings = night.connection, night.settings
    publish.write(connection, settings, night.run_id, round(seconds, 1))
    warning: tuple[str, ...] = ()
    try:
        report.write(publish.staged(settings))
    except Exception as error:  # whatever it is, the database is worth more than its page
        logging.getLogger("recovery").exception("the page could not be written")
        get_run_logger().error("The page could not be written: %s", type(error).__name__)
        warning = (f"report.html is still the old one, the page could not be written: {error}",)
    publish.reveal(connection, settings)
    night.status = "published"
    return warning


@contextmanager
def _alone(settings: Settings) -> Iterator[None]:
    """The lock of the home, where `run` does not hold it already."""
    if _given.get():
        yield
        return
    with lock.held(settings, "recovery nightly"):
        yield


@contextmanager
def _work(settings: Settings) -> Iterator[Night]:
    """The private database with a row of this run, which ends as what the run came to."""
    try:
        connection = warehouse.open_work(settings.home.work)
    except duckdb.IOException as error:
        if "lock" not in str(error):
            raise
        raise LockedError(
            f"Another program has {settings.home.work} open.", "Close it; recovery.duckdb is the file to look into."
        ) from None
    night = Night(settings, connection, uuid.uuid4().hex)
    started = time.monotonic()
    try:
        connection.execute("update raw.runs set status = 'failed' where status = 'running'")  # it was killed
        connection.execute(
            "insert into raw.runs (run_id, started_utc, status, version) values (?, ?, 'running', ?)",
            [night.run_id, datetime.now(UTC).replace(tzinfo=None), _version()],
        )
        try:
            yield night
        except BaseException as error:
            with suppress(duckdb.Error):  # the disk may be full
                _end(night, "failed checks" if isinstance(error, CriticalCheckError) else "failed", started)
            raise
        _end(night, night.status, started)
    finally:
        night.look.close()
        connection.close()


def _end(night: Night, status: str, started: float) -> None:
    night.connection.execute(
        "update raw.runs set status = ?, seconds = ? where run_id = ?",
        [status, round(time.monotonic() - started, 1), night.run_id],
    )


def _note_counts(night: Night, summary: RunSummary) -> None:
    night.connection.execute(
        "update raw.runs set files_new = ?, rows_new = ? where run_id = ?",
        [summary.files_new, summary.rows_new, night.run_id],
    )


@contextmanager
def _notified(settings: Settings, started: float) -> Iterator[Callable[[RunSummary], None]]:
    """Tells the user's own command how the run ended."""
    told: list[RunSummary] = []
    try:
        yield told.append
    except Exception as error:
        logging.getLogger("recovery").exception("the run failed")
        status = "failed checks" if isinstance(error, CriticalCheckError) else "failed"
        notification.send(settings, {"status": status, "message": str(error), "seconds": time.monotonic() - started})
        raise
    for summary in told:
        notification.send(settings, {**summary.__dict__, "message": ""})


def _refused(connection: duckdb.DuckDBPyConnection) -> set[tuple[str, str, str]]:
    """Files that could not be read, or not wholly: path, status, why."""
    return {
        (path, status, message or "")
        for path, status, message in connection.execute(
            "select path, status, message from raw.files where status in ('rejected', 'partial')"
        ).fetchall()
    }


def _name_of(pack: stage.Pack, number: int, count: int) -> str:
    """As `Garmin FIT, 4,000 files (3 of 6)`."""
    files = f"{len(pack.items):,} files" if len(pack.items) != 1 else "1 file"
    return f"{readers()[pack.reader].LABEL}, {files}" + (f" ({number + 1} of {count})" if count > 1 else "")


def _bytes(pack: stage.Pack) -> int:
    return sum(item.entry.size for item in pack.items)


def _home_name(folder: Path) -> str:
    return folder.absolute().name or "home"


def _step(name: str) -> None:
    logging.getLogger("recovery").info(name)
    if tell := _tell.get():
        tell(name)


def _version() -> str:
    from importlib.metadata import version

    return version("recovery")
