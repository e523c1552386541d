"""What a home holds: receipts, the age of the newest data, coverage, the last run, the disk it uses."""

from collections.abc import Iterator
from contextlib import suppress
from datetime import date, timedelta
from pathlib import Path
from typing import NamedTuple

import duckdb

from recovery.home import clock
from recovery.home.disk import files_below
from recovery.home.folder import Home
from recovery.home.settings import OWNER, Settings
from recovery.home.study import Study
from recovery.published import query
from recovery.published.goals import goal_questions
from recovery.published.ledger import Loss, lost_most
from recovery.published.log_questions import Question, file_questions, log_questions
from recovery.published.lost_trials import lost_trials
from recovery.published.silent import silent_exports

COVERED_DAYS = 30  # coverage is counted over so many days, up to yesterday


class Source(NamedTuple):
    """The newest data of one source of one person."""

    subject: str
    source: str
    newest: date
    age_days: int
    is_silent: bool  # nothing for longer than [validity] silent_days, and no newer device of the same make
    is_replaced: bool
    is_complete: bool = True  # False: the newest day may get more numbers, and is not valid yet


class Coverage(NamedTuple):
    """Days of a person with data, and how many were valid, in the last weeks and ever."""

    subject: str
    recent_days: int
    recent_valid_days: int
    recent_valid_nights: int
    days: int
    valid_days: int
    first: date
    last: date


class Receipt(NamedTuple):
    """How many files and members of a format had one status."""

    format: str
    status: str
    files: int
    rows: int


class Trouble(NamedTuple):
    """A file that was not read as it should."""

    path: str
    status: str
    message: str


class Run(NamedTuple):
    """The last run in the published database."""

    started_utc: str
    seconds: float | None
    status: str


class Snapshot(NamedTuple):
    """Which run made the published file, and when."""

    run_id: str
    published_utc: str
    is_by_wrong_clock: bool  # the time cannot be true


class Status(NamedTuple):
    """What `recovery status` shows."""

    is_published: bool
    sources: list[Source]
    coverage: list[Coverage]
    receipts: list[Receipt]
    troubles: list[Trouble]
    last_run: Run | None
    snapshot: Snapshot | None
    questions: list[Question]
    goals: list[Question]
    lost_trials: list[Question]
    silent: list[Question]
    lost: list[Loss]
    unseen: list[str]
    inbox_bytes: int
    own_bytes: int


def status(settings: Settings, today: date) -> Status:
    """The state of a home as of `today`; it reads only what was published and the names in the inbox."""
    home = settings.home
    dropped = sorted(path.relative_to(home.inbox).as_posix() for path in _files(home.inbox))
    sizes = _bytes(home.inbox), sum(_bytes(path) for path in _own(home))
    if not query.is_published(home):
        return Status(False, [], [], [], [], None, None, [], [], [], [], [], dropped, *sizes)
    with query.published(home) as connection:
        sources = sources_of(connection, today, settings.validity["silent_days"])
        coverage = coverage_of(connection, today)
        receipts = receipts_of(connection)
        troubles = [
            Trouble(*row)
            for row in connection.execute(
                "select path, status, coalesce(message, '') from files"
                " where status in ('rejected', 'partial', 'unrecognised', 'waiting') order by status, path"
            ).fetchall()
        ]
        last = connection.execute(
            "select strftime(started_utc, '%Y-%m-%d %H:%M'), seconds, status from runs"
            " order by started_utc desc limit 1"
        ).fetchone()
        snapshot = snapshot_of(connection)
        questions = [*log_questions(connection, settings), *file_questions(connection)]
        goals, trials = goal_questions(connection), lost_trials(connection, settings)
        silent = silent_exports(connection, today)
        lost = list(lost_most(connection))
        seen = {path for (path,) in connection.execute("select path from files").fetchall()}
    unseen = [path for path in dropped if path not in seen]
    last_run = Run(*last) if last else None
    return Status(
        True, sources, coverage, receipts, troubles, last_run, snapshot, questions, goals, trials, silent, lost, unseen,
        *sizes,
    )  # fmt: skip


def snapshot_of(connection: duckdb.DuckDBPyConnection) -> Snapshot | None:
    """Which run made the published file; None where an earlier version made it, which did not say so."""
    if not connection.execute("from duckdb_tables() where table_name = 'snapshot'").fetchall():
        return None
    row = connection.execute("select run_id, published_utc from snapshot").fetchone()
    if row is None:
        return None
    run_id, published_utc = row
    is_by_wrong_clock = published_utc < clock.WRITTEN_UTC or clock.is_wrong(published_utc, clock.now_utc())
    return Snapshot(run_id, f"{published_utc:%Y-%m-%d %H:%M}", is_by_wrong_clock)


def sources_of(
    connection: duckdb.DuckDBPyConnection, today: date, silent_days: float, only: str | None = None
) -> list[Source]:
    """The newest day of each source of each person, or of `only` one; silent where it is older than so many days.

    A source is `make:device`; where a newer device of the make tells, the older one was replaced and is not missed.
    """
    # an earlier version published nothing of complete days
    is_complete = "is_complete" if query.has_column(connection, "daily_metrics", "is_complete") else "true"
    return [
        Source(subject, source, newest, age, age > silent_days and not is_replaced, is_replaced, is_complete)
        for subject, source, newest, age, is_replaced, is_complete in connection.execute(
            "select subject, source, max(local_date) as newest, ?::date - newest,"
            " newest < max(newest) over (partition by subject, split_part(source, ':', 1)),"
            f" not arg_max(not {is_complete}, (local_date, not {is_complete}))"
            " from daily_metrics where source is not null and source <> 'inferred'"
            f"{'' if only is None else ' and subject = ?'}"
            " group by subject, source order by subject, source",
            [today] if only is None else [today, only],
        ).fetchall()
    ]


def coverage_of(connection: duckdb.DuckDBPyConnection, today: date, only: str | None = None) -> list[Coverage]:
    """Days with data and valid days of each person, or of `only` one, in the last weeks before `today` and ever."""
    return [
        Coverage(*row)
        for row in connection.execute(
            "select subject,"
            " count(*) filter (local_date between $first and $last),"
            " count(*) filter (is_valid_day and local_date between $first and $last),"
            " count(*) filter (is_valid_night and local_date between $first and $last),"
            " count(*), count(*) filter (is_valid_day), min(local_date), max(local_date)"
            " from daily where ($only is null or subject = $only) and (subject, local_date) in"
            " (select (subject, local_date) from daily_metrics where $only is null or subject = $only)"
            " group by subject order by subject",
            {"first": today - timedelta(days=COVERED_DAYS), "last": today - timedelta(days=1), "only": only},
        ).fetchall()
    ]


def receipts_of(connection: duckdb.DuckDBPyConnection, only: str | None = None) -> list[Receipt]:
    """How many files and members of each format had which status; with `only` of that person's."""
    return [
        Receipt(*row)
        for row in connection.execute(
            "select coalesce(format, 'unknown'), status, count(*), coalesce(sum(rows), 0)::bigint"
            " from files where $only is null or coalesce(subject, $owner) = $only group by all order by all",
            {"only": only, "owner": OWNER},
        ).fetchall()
    ]


def _own(home: Home) -> tuple[Path, ...]:
    study = Study(home.folder)
    own = (home.published, home.report, home.pages, home.checks, home.private)
    return (*own, study.database, study.published, study.shards)


def _files(folder: Path) -> Iterator[Path]:
    return (path for path in _plain_files(folder) if not path.name.startswith("."))


def _bytes(path: Path) -> int:
    if path.is_file():
        return path.stat().st_size
    return sum(inner.stat().st_size for inner in _plain_files(path))


def _plain_files(folder: Path) -> Iterator[Path]:
    """The files below a folder that the system can look at; a path may be too long for it."""
    for path in files_below(folder):
        with suppress(OSError):
            if path.is_file():
                yield path
