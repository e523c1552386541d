"""The plans of trials that lie in `trials/` of a home, by their names alone."""

from contextlib import suppress
from datetime import UTC, date, datetime
from pathlib import Path
from typing import NamedTuple


class PlanFile(NamedTuple):
    """The plan of one trial, as `recovery plan-trial` wrote it."""

    subject: str
    start: date
    written_utc: datetime  # naive


def plan_files(trials: Path) -> tuple[PlanFile, ...]:
    """Those of all people, sorted; a folder that is named otherwise is none."""
    found = []
    for path in trials.glob("*/*/schedule.json"):
        with suppress(ValueError, OSError):
            start = date.fromisoformat(path.parent.name)
            written_utc = datetime.fromtimestamp(path.stat().st_mtime, UTC).replace(tzinfo=None)
            found.append(PlanFile(path.parts[-3], start, written_utc))
    return tuple(sorted(found))
