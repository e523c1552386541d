"""What a study costs on Dask: efficiency of the workers, memory of each, CPU of each person, and the runs that follow.

    python tests/bench/bench_cohort.py [10 40 200] [--days 365] [--workers 2] [--people-per-shard N]

For each number of people an invented study (`recovery demo --people`) is worked twice, each time from nothing: by one
process (`--without-dask`), whose CPU is what the work costs, and by the workers. Efficiency is that CPU / (workers x
wall clock), start of Prefect and Dask and the reducer included. Then the second study is run again with nothing new,
with a new day of everybody, and with somebody new. A shard has 20 people, or fewer where a worker would have none. 200
people with a year take 2,600 CPU s and 7 GB of the temporary folder.
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
import zipfile
from pathlib import Path
from typing import NamedTuple

import numpy as np
import psutil

from recovery.actions.demo.life import LAST


class Cost(NamedTuple):
    """What one run took."""

    cpu_s: float  # with all processes that it started
    wall_s: float
    memory_mb: float  # the most that one of its processes had


class Costs(NamedTuple):
    """The runs of one size."""

    people: int
    shards: int
    alone: Cost
    shared: Cost
    again: Cost
    new_day: Cost
    new_person: Cost


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("people", type=int, nargs="*", default=[10, 40, 200])
    parser.add_argument("--days", type=int, default=365)
    parser.add_argument("--workers", type=int, default=2)
    parser.add_argument("--people-per-shard", type=int, help="20, or fewer where a worker would have none")
    given = parser.parse_args()
    found = []
    for people in given.people:
        size = given.people_per_shard or min(20, -(-people // given.workers))
        with tempfile.TemporaryDirectory() as folder:
            found.append(measure(Path(folder), people, given.days, given.workers, size))
            print(found[-1], file=sys.stderr, flush=True)  # it takes long
    print(
        "| people | days | shards | one process, CPU s | workers | wall s | CPU s | efficiency"
        " | MB of a worker | CPU s a person |"
    )
    print("| --- | --- | --- | --- | --- | --- | --- | --- | --- | --- |")
    for one in found:
        print(
            f"| {one.people} | {given.days} | {one.shards} | {one.alone.cpu_s:.0f} | {given.workers}"
            f" | {one.shared.wall_s:.0f} | {one.shared.cpu_s:.0f}"
            f" | {one.alone.cpu_s / (given.workers * one.shared.wall_s):.2f} | {one.shared.memory_mb:.0f}"
            f" | {one.shared.cpu_s / one.people:.1f} |"
        )
    print("\n| people | nothing new, CPU s | one new day of each, CPU s | of each | one new person, CPU s |")
    print("| --- | --- | --- | --- | --- |")
    for one in found:
        print(
            f"| {one.people} | {one.again.cpu_s:.1f} | {one.new_day.cpu_s:.1f}"
            f" | {one.new_day.cpu_s / one.people:.2f} | {one.new_person.cpu_s:.1f} |"
        )
    if len(found) > 1:
        for name in ("alone", "shared", "new_day"):
            each, fixed = np.polyfit([one.people for one in found], [getattr(one, name).cpu_s for one in found], 1)
            print(f"{name}: {fixed:.1f} CPU s fixed and {each:.2f} a person")


def measure(folder: Path, people: int, days: int, workers: int, per_shard: int) -> Costs:
    one, many, more = folder / "one", folder / "many", folder / "more"
    run("demo", "--people", str(people), "--days", str(days), "--home", str(many))
    run("demo", "--people", str(people + 1), "--days", str(days), "--home", str(more))
    held = hold_back(many / "inbox", LAST.isoformat())
    shutil.copytree(many, one)
    size = ["--people-per-shard", str(per_shard)]
    alone = run("cohort", "run", str(one), "--without-dask", *size)
    on_dask = ["cohort", "run", str(many), "--workers", str(workers)]
    shared = run(*on_dask, *size)
    again = run(*on_dask)
    for path, content in held.items():
        (many / "inbox" / path).parent.mkdir(exist_ok=True)
        (many / "inbox" / path).write_bytes(content)
    new_day = run(*on_dask)
    newest = sorted((more / "inbox").iterdir())[-1]
    shutil.copytree(newest, many / "inbox" / newest.name)
    shutil.copy(more / "recovery.toml", many)
    return Costs(people, -(-people // per_shard), alone, shared, again, new_day, run(*on_dask))


def hold_back(inbox: Path, day: str) -> dict[str, bytes]:
    """Takes a day out of everybody's exports and diary; what has to be written to give it back, by path."""
    held: dict[str, bytes] = {}
    for path in sorted(inbox.glob("*/*.csv")):
        lines = path.read_bytes().splitlines(keepends=True)
        kept = [line for line in lines if day.encode() not in line]
        if len(kept) < len(lines):
            held[path.relative_to(inbox).as_posix()] = path.read_bytes()
            path.write_bytes(b"".join(kept))
    for path in sorted(inbox.glob("*/*.zip")):
        with zipfile.ZipFile(path) as archive:
            members = {member: archive.read(member) for member in archive.infolist()}
        with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as archive:
            for member, content in members.items():
                if day in member.filename:
                    name = member.filename.replace("/", "-")
                    held[f"{path.parent.name}/new/{name}"] = content
                else:
                    archive.writestr(member, content)
    return held


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
