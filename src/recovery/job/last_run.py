"""When a run was last made in a home, and how it ended: also one with nothing new, and one that could not begin.

The row of `raw.runs` is not enough: it is published only with something new, and a run that cannot read recovery.toml
never comes to it.
"""

import json
from datetime import UTC, datetime
from typing import NamedTuple

from recovery.home.disk import is_full, private_folder, write_private
from recovery.home.folder import Home

RUNNING = "running"
ROOM_BYTES = 4096  # of the record, filled with blanks: how a run ends must fit where the disk became full meanwhile
LONGEST_IN_PLACE = 600  # characters of the message, at most 4 bytes each


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
    try:
        write_private(home.last_run, _as_text(run).ljust(ROOM_BYTES))
    except OSError as error:
        if not (is_full(error) and home.last_run.is_file()):
            raise
        _write_in_place(home, run._replace(message=run.message[:LONGEST_IN_PLACE], waiting=()))


def _write_in_place(home: Home, run: LastRun) -> None:
    """Writes over the record that is there: a full disk takes no new file, and keeps the room of an old one."""
    with home.last_run.open("r+b") as stream:
        stream.write(_as_text(run).encode().ljust(ROOM_BYTES)[:ROOM_BYTES])
        stream.truncate()


def _as_text(run: LastRun) -> str:
    fields = run._asdict() | {
        "started_utc": run.started_utc.isoformat(timespec="seconds"),
        "ended_utc": run.ended_utc and run.ended_utc.isoformat(timespec="seconds"),
    }
    return json.dumps(fields, ensure_ascii=False)
