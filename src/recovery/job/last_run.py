"""When a run was last made in a home, and how it ended: also one with nothing new, and one that could not begin.

The row of `raw.runs` is not enough: it is published only with something new, and a run that cannot read recovery.toml
never comes to it.
"""

import json
from datetime import UTC, datetime
from typing import NamedTuple

from recovery.home.disk import private_folder, write_private
from recovery.home.folder import Home

RUNNING = "running"


class LastRun(NamedTuple):
    """One run; `ended_utc` and `exit_status` are None while it lasts, and for ever where it was killed."""

    name: str  # as 'recovery nightly'
    started_utc: datetime
    status: str  # running, published, nothing new, failed checks, failed, stopped
    ended_utc: datetime | None = None
    exit_status: int | None = None
    message: str = ""
    waiting: tuple[str, ...] = ()  # files that were still being written


def begun(home: Home, name: str) -> LastRun:
    """Notes that a run begins."""
    run = LastRun(name, datetime.now(UTC), RUNNING)
    _write(home, run)
    return run


def ended(
    home: Home, run: LastRun, status: str, exit_status: int, message: str = "", waiting: tuple[str, ...] = ()
) -> None:
    """Notes how it ended."""
    _write(
        home,
        run._replace(
            status=status, ended_utc=datetime.now(UTC), exit_status=exit_status, message=message, waiting=waiting
        ),
    )


def last_run(home: Home) -> LastRun | None:
    """The last run; None where none is known."""
    try:
        found = json.loads(home.last_run.read_text(encoding="utf-8"))
        ended_utc = found["ended_utc"]
        return LastRun(
            str(found["name"]),
            datetime.fromisoformat(found["started_utc"]),
            str(found["status"]),
            datetime.fromisoformat(ended_utc) if ended_utc else None,
            found["exit_status"],
            str(found["message"]),
            tuple(found["waiting"]),
        )
    except (OSError, ValueError, KeyError, TypeError):
        return None


def _write(home: Home, run: LastRun) -> None:
    private_folder(home.private)
    fields = run._asdict() | {
        "started_utc": run.started_utc.isoformat(timespec="seconds"),
        "ended_utc": run.ended_utc and run.ended_utc.isoformat(timespec="seconds"),
    }
    write_private(home.last_run, json.dumps(fields, ensure_ascii=False))
