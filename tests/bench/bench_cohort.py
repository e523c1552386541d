"""What a study costs on Dask: efficiency of the workers, memory of each, CPU of each person, and a second run.

    python tests/bench/bench_cohort.py [10 30] [--days 60] [--workers 2]

For each number of people an invented study (`recovery demo --people`) is worked twice, each time from nothing: by one
process (`--without-dask`), whose CPU is what the work costs, and by the workers. Efficiency is that CPU / (workers x
wall clock), start of Prefect and Dask and the reducer included. Then the second study is run again with nothing new.
Prints the table of docs/benchmarks.md. Other programs of the machine make the wall clock, and so the efficiency, worse.
"""

import argparse
import os
import shutil
import subprocess
import sys
import tempfile
import threading
import time
from pathlib import Path
from typing import NamedTuple

import psutil

SHARDS_PER_WORKER = 2


class Cost(NamedTuple):
    """What one run took."""

    cpu_s: float  # with all processes that it started
    wall_s: float
    memory_mb: float  # the most that one of its processes had


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("people", type=int, nargs="*", default=[10, 30])
    parser.add_argument("--days", type=int, default=60)
    parser.add_argument("--workers", type=int, default=2)
    given = parser.parse_args()
    print(
        "| people | days | one process, CPU s | workers | wall s | CPU s | efficiency"
        " | MB of a worker | CPU s a person | nothing new, CPU s |"
    )
    print("| --- | --- | --- | --- | --- | --- | --- | --- | --- | --- |")
    for people in given.people:
        with tempfile.TemporaryDirectory() as folder:
            measure(Path(folder), people, given.days, given.workers)


def measure(folder: Path, people: int, days: int, workers: int) -> None:
    one, many = folder / "one", folder / "many"
    run("demo", "--people", str(people), "--days", str(days), "--home", str(one))
    shutil.copytree(one, many)
    size = ["--people-per-shard", str(-(-people // (workers * SHARDS_PER_WORKER)))]
    alone = run("cohort", "run", str(one), "--without-dask", *size)
    shared = run("cohort", "run", str(many), "--workers", str(workers), *size)
    again = run("cohort", "run", str(many), "--workers", str(workers))
    print(
        f"| {people} | {days} | {alone.cpu_s:.0f} | {workers} | {shared.wall_s:.0f} | {shared.cpu_s:.0f}"
        f" | {alone.cpu_s / (workers * shared.wall_s):.2f} | {shared.memory_mb:.0f}"
        f" | {shared.cpu_s / people:.1f} | {again.cpu_s:.1f} |",
        flush=True,
    )


def run(*arguments: str) -> Cost:
    """Runs a command of recovery to its end; CPU of its processes as the system counts those that were waited for."""
    begun, before = time.monotonic(), os.times()
    process = subprocess.Popen([sys.executable, "-m", "recovery", *arguments], stdout=subprocess.DEVNULL)
    most = [0.0]
    watcher = threading.Thread(target=watch, args=(process.pid, most), daemon=True)
    watcher.start()
    status = process.wait()
    watcher.join()
    after = os.times()
    if status:
        sys.exit(f"recovery {' '.join(arguments)} ended with {status}")
    cpu_s = after.children_user + after.children_system - before.children_user - before.children_system
    return Cost(cpu_s, time.monotonic() - begun, most[0])


def watch(number: int, most: list[float]) -> None:
    """Notes the most memory that a process below one had, in MB, until that one ends."""
    while True:
        try:
            main_process = psutil.Process(number)
            if main_process.status() == psutil.STATUS_ZOMBIE:
                return
            for child in main_process.children(recursive=True):
                if "spawn_main" in " ".join(child.cmdline()):  # a worker, not Prefect's server
                    most[0] = max(most[0], child.memory_info().rss / 1e6)
        except psutil.NoSuchProcess:
            if not psutil.pid_exists(number):
                return
        time.sleep(0.2)


if __name__ == "__main__":
    main()
