"""What Today asks, without what was answered on the live page since the last run; it says when the answers count."""

from collections.abc import Mapping
from datetime import datetime

import duckdb

from recovery.actions import mends
from recovery.home.mends import Mend
from recovery.home.settings import with_mends
from recovery.published import query, unread_logs
from recovery.report.today.asked import About, Need
from recovery.report.today.today import Today
from recovery.web.asked import Asked
from recovery.web.next_run import counts_from
from recovery.web.snapshot import Snapshots
from recovery.words import web as words

Places = set[tuple[str, str]]  # of rows: the path of their file, and where they stand in it


def without_answered(content: Today, asked: Asked, snapshots: Snapshots) -> Today:
    """Today with the questions that still wait; the files are looked at only where there was an answer since."""
    if not content.asked:
        return content
    last_run_utc = snapshots.read(_last_run_utc)
    given = [mend for mend in with_mends(asked.settings).mends.mends if mend.person == asked.person]
    if last_run_utc is None or not any(mend.written_utc >= last_run_utc for mend in given):
        return content
    still = _Still(asked, snapshots, given)
    waiting = [need for need in content.asked if not still.is_answered(need)]
    if len(waiting) == len(content.asked):
        return content
    return content._replace(asked=waiting, answered=words.answered(counts_from(asked)))


class _Still:
    """What the files leave open with all that was said of them."""

    def __init__(self, asked: Asked, snapshots: Snapshots, given: list[Mend]) -> None:
        paths = {mend.path for mend in given}
        files: Mapping[str, str] = (
            snapshots.read(lambda found: unread_logs.logs_with_unread_rows(found, asked.person, paths)) or {}
        )
        rows = mends.unread_rows(asked.settings, asked.person, files)
        self.open: Places = {(row.path, row.place) for row in rows if not row.is_doubtful}
        self.in_doubt = {row.path for row in rows if row.is_doubtful}
        self.said_of_doubt = {mend.path for mend in given if mend.column == "status"}
        self.answered: Places = {
            (one.mend.path, one.place) for one in mends.answers(asked.settings, asked.person, files) if one.holds
        } - self.open
        days = snapshots.read(lambda found: unread_logs.unknown_days(found, asked.person)) or []
        self.unknown: Places = {(one.path, one.place) for one in days}

    def is_answered(self, need: Need) -> bool:
        """Whether nothing of it is left to be asked; what no row can tell stays."""
        if need.about is About.ROWS:
            return all((need.path, place) in self.answered for place in need.places)
        if need.about is About.DAYS:
            return self.unknown <= self.answered
        return need.about is About.MASSAGES and need.path in self.said_of_doubt - self.in_doubt


def _last_run_utc(connection: duckdb.DuckDBPyConnection) -> datetime | None:
    """When the run began whose files are known; None where an earlier version did not tell whose their rows are."""
    if not query.has_column(connection, "rejected", "subject"):
        return None
    ((started,),) = connection.execute("select max(started_utc) from runs").fetchall()
    return started if isinstance(started, datetime) else None
