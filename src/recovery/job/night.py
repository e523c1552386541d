"""What the steps of one run share, and the row of `raw.runs` that tells what the run came to."""

import time
import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from importlib.metadata import version

import duckdb

from recovery import warehouse
from recovery.errors import CriticalCheckError
from recovery.home.settings import Settings
from recovery.inbox.receipts import Look
from recovery.loading.stage import Pack

Tell = Callable[[str], None]  # hears the name of each step as it begins
Advance = Callable[[int, int], None]  # bytes read of the files to read, and bytes of all of them


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
    """The state of one run, handed from step to step.

    Not a dataclass: Prefect searches all parameters of a task for futures, through lists, tuples and dataclasses: that
    took four seconds a task for an inbox of 22,000 files.
    """

    def __init__(
        self,
        settings: Settings,
        connection: duckdb.DuckDBPyConnection,
        tell: Tell | None = None,
        advance: Advance | None = None,
    ) -> None:
        self.settings = settings
        self.connection = connection
        self.tell = tell
        self.advance = advance
        self.run_id = uuid.uuid4().hex
        self.started = time.monotonic()
        self.look = Look()
        self.packs: tuple[Pack, ...] = ()
        self.bytes_read = 0
        self.status = "nothing new"

    @property
    def seconds(self) -> float:
        """Seconds since the run began."""
        return round(time.monotonic() - self.started, 1)


@contextmanager
def open_night(settings: Settings, tell: Tell | None = None, advance: Advance | None = None) -> Iterator[Night]:
    """The private database with a row of this run, which ends as what the run came to.

    Raises LockedError where another program has the database open.
    """
    connection = warehouse.open_work(settings.home.work)
    night = Night(settings, connection, tell, advance)
    try:
        connection.execute("update raw.runs set status = 'failed' where status = 'running'")  # it was killed
        connection.execute(
            "insert into raw.runs (run_id, started_utc, status, version) values (?, ?, 'running', ?)",
            [night.run_id, datetime.now(UTC).replace(tzinfo=None), version("recovery")],
        )
        try:
            yield night
        except BaseException as error:
            with suppress(duckdb.Error):  # the disk may be full
                _end(night, "failed checks" if isinstance(error, CriticalCheckError) else "failed")
            raise
        _end(night, night.status)
    finally:
        night.look.close()
        connection.close()


def note_counts(night: Night, summary: RunSummary) -> None:
    """Writes what was read to the row of this run."""
    night.connection.execute(
        "update raw.runs set files_new = ?, rows_new = ? where run_id = ?",
        [summary.files_new, summary.rows_new, night.run_id],
    )


def refused_files(connection: duckdb.DuckDBPyConnection) -> set[tuple[str, str, str]]:
    """Files that could not be read, or not wholly: path, status, reason."""
    return {
        (path, status, message or "")
        for path, status, message in connection.execute(
            "select path, status, message from raw.files where status in ('rejected', 'partial')"
        ).fetchall()
    }


def _end(night: Night, status: str) -> None:
    night.connection.execute(
        "update raw.runs set status = ?, seconds = ? where run_id = ?", [status, night.seconds, night.run_id]
    )
