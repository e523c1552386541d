"""Builds the days of several invented people with a year each within the memory that a shard has.

    python tests/bench/check_windows.py [--people 6] [--days 365] [--memory 300]

The study of `recovery demo --people` is loaded as one home and built window by window with DuckDB held to so many MB.
Prints people, days, CPU and the peak of the process for each window; ends with 1 where one runs out of memory. No test
of the suite has a window that large: run this where the memory of a build, or the SQL of minutes and days, changed.
"""

import argparse
import resource
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

import duckdb

from recovery import warehouse
from recovery.actions.demo import cohort
from recovery.home.settings import load_settings
from recovery.home.temporary import temporary_folder
from recovery.job import order, steps
from recovery.job.run import Run, open_run
from recovery.warehouse.layers import build_window
from recovery.warehouse.windows import Window, dirty_windows


class _LoadedError(Exception):
    """Everything is loaded: the steps that follow are not asked about."""


def load(run: Run) -> None:
    """Reads and loads all that lies in the inbox."""

    def performer(step: steps.Step, label: str, run: Run, *arguments: object) -> Any:
        if step is steps.BUILD:
            raise _LoadedError
        return order.plainly(step, label, run, *arguments)

    try:
        order.computed(run, performer)
    except _LoadedError:
        warehouse.load_settings_tables(run.connection, run.settings)


def built(run: Run, window: Window) -> bool:
    """Builds a window and tells of it; False where the memory does not do."""
    first, last, cpu_s = window.first, window.last, time.process_time()
    told = f"{len(window.subjects)} people, {first} to {last}"
    try:
        build_window(run.connection, window)
    except duckdb.OutOfMemoryException as error:
        print(f"{told}: {error}")
        return False
    peak_mb = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1000
    print(f"{told}: {time.process_time() - cpu_s:.1f} CPU s, {peak_mb:.0f} MB at most", flush=True)
    return True


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--people", type=int, default=6)
    parser.add_argument("--days", type=int, default=365)
    parser.add_argument("--memory", type=int, default=300)
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as scratch:
        folder = Path(scratch) / "study"
        cohort.write(folder, given.people, given.days)
        settings = load_settings(folder)
        with temporary_folder(settings.home), open_run(settings) as run:
            load(run)
            run.connection.execute(f"set memory_limit = '{given.memory}MB'")
            return 0 if all(built(run, window) for window in dirty_windows(run.connection)) else 1


if __name__ == "__main__":
    sys.exit(main())
