"""The job in a process of its own, for the server: `python -m recovery.web.job_process HOME`.

It says on standard output, a JSON object a line, which step begins, how much was read, and how it ended. Beside the
server it would share its memory, its temporary folder and its umask.
"""

import json
import os
import sys
from pathlib import Path

from recovery.errors import RecoveryError
from recovery.home import stop
from recovery.home.settings import load_settings
from recovery.words import web as words


def main(folder: Path) -> None:
    """Runs the job once, as `recovery run --without-prefect` does, under the same lock."""
    stop.end_with_the_parent()
    with stop.on_signals():
        try:
            tell(end=_run(folder), is_done=True)
        except RecoveryError as error:
            tell(end=str(error), is_done=False)
        except stop.Stopped:
            tell(end=words.RUN_STOPPED, is_done=False)


def _run(folder: Path) -> str:
    from recovery.job.once import run_once

    summary = run_once(
        load_settings(folder),
        None,
        lambda step: tell(step=step),
        lambda done, total: tell(done=done, total=total),
        name="recovery serve",
    )
    has_problems = bool(summary.rejected or summary.warnings)
    return words.ran(summary.status, summary.files_new, summary.rows_new, has_problems=has_problems)


def tell(**fields: object) -> None:
    """Says one thing to the server."""
    sys.stdout.write(json.dumps(fields) + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    os.umask(0o077)
    main(Path(sys.argv[1]))
