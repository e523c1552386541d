"""The state that the steps of one run share, and the row of `raw.runs` with its result."""

import time
import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from importlib.metadata import version

import duckdb

from recovery import warehouse
from recovery.errors import CriticalCheckError
from recovery.home import clock, stop
from recovery.home.disk import private_folder
from recovery.home.settings import Settings
from recovery.inbox.receipts import Look
from recovery.loading.stage import Pack

OnStep = Callable[[str], None]  # called with the name of each step as it begins
OnProgress = Callable[[int, int], None]  # bytes read of the files to read, and bytes of all of them


@dataclass(frozen=True)
class RunSummary:
    """The result of one run."""

    status: str  # 'published', 'nothing new'
    files_new: int = 0
    rows_new: int = 0
    rejected: tuple[str, ...] = ()  # files refused in this run, each with its reason
    warnings: tuple[str, ...] = ()
    waiting: tuple[str, ...] = ()  # files that are still being written; the next run reads them
    critical: tuple[str, ...] = ()  # always empty where a run returns: a critical failure is raised
    seconds: float = 0.0


class Run:
    """The state of one run, handed from step to step.

    Not a dataclass: Prefect searches all parameters of a task for futures, through lists, tuples and dataclasses: that
    took four seconds a task for an inbox of 22,000 files.
    """

    def __init__(
        self,
        settings: Settings,
        connection: duckdb.DuckDBPyConnection,
        on_step: OnStep | None = None,
        on_progress: OnProgress | None = None,
    ) -> None:
        self.settings = settings
        self.connection = connection
        self.on_step = on_step
        self.on_progress = on_progress
        self.processes: int | None = None  # that may examine people; None = one for each core
        self.run_id = uuid.uuid4().hex
        self.started = time.monotonic()
        self.look = Look()
        self.has_looked = False
        self.packs: tuple[Pack, ...] = ()
        self.has_read = False  # whether there were packs
        self.bytes_read = 0
        self.is_last_look = True  # what is still being written then is marked
        self.changed: set[str] = set()  # files that changed while they were read
        self.status = "nothing new"

    def look_anew(self) -> None:
        """Lets the next look into the inbox be taken again."""
        self.look.close()
        self.has_looked, self.packs, self.bytes_read, self.changed = False, (), 0, set()

    def let_files_go(self) -> None:
        """Ends the worker and forgets the files that were read: many entries would take memory until the end."""
        self.look.close()
        self.has_read = bool(self.packs)
        self.look, self.packs = Look(waiting=self.look.waiting), ()

    @property
    def waiting(self) -> tuple[str, ...]:
        """Files that were still being written when they were looked at or read."""
        return tuple(sorted({*self.look.waiting, *self.changed}))

    @property
    def seconds(self) -> float:
        """Seconds since the run began."""
        return round(time.monotonic() - self.started, 1)


@contextmanager
def open_run(settings: Settings, on_step: OnStep | None = None, on_progress: OnProgress | None = None) -> Iterator[Run]:
    """A run with the private database open, and its row in `raw.runs`, which ends with the result.

    Raises LockedError where another program has the database open.
    """
    private_folder(settings.home.private)
    connection = warehouse.open_work(settings.home.work)
    connection.execute(f"set memory_limit = '{settings.memory_mb:.0f}MB'")
    run = Run(settings, connection, on_step, on_progress)
    try:
        connection.execute("update raw.runs set status = 'failed' where status = 'running'")  # it was killed
        connection.execute(
            "insert into raw.runs (run_id, started_utc, status, version) values (?, ?, 'running', ?)",
            [run.run_id, clock.now_utc(), program_version()],
        )
        try:
            with stop.interrupted_by(connection.interrupt), stop.translated():
                yield run
        except BaseException as error:
            with suppress(duckdb.Error, RuntimeError):  # the disk may be full; a second signal may interrupt this
                _end(run, "failed checks" if isinstance(error, CriticalCheckError) else "failed")
            raise
        _end(run, run.status)
    finally:
        run.look.close()
        connection.close()


def program_version() -> str:
    """The version of the program, as a run tells it."""
    return version("recovery")


def note_counts(run: Run, summary: RunSummary) -> None:
    """Adds what was read to the row of this run."""
    run.connection.execute(
        "update raw.runs set files_new = coalesce(files_new, 0) + ?, rows_new = coalesce(rows_new, 0) + ?"
        " where run_id = ?",
        [summary.files_new, summary.rows_new, run.run_id],
    )


def refused_files(connection: duckdb.DuckDBPyConnection) -> set[tuple[str, str, str]]:
    """Files that could not be read, or not wholly: path, status, reason."""
    return {
        (path, status, message or "")
        for path, status, message in connection.execute(
            "select path, status, message from raw.files where status in ('rejected', 'partial')"
        ).fetchall()
    }


def _end(run: Run, status: str) -> None:
    run.connection.execute(
        "update raw.runs set status = ?, seconds = ? where run_id = ?", [status, run.seconds, run.run_id]
    )
