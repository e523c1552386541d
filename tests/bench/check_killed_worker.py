"""Kills workers of a study in the middle of their shards, and compares what is published with an undisturbed run.

    python tests/bench/check_killed_worker.py [--people 8] [--days 60] [--after 0.2 2 4 6 8]

An invented study (`recovery demo --people`) in four shards is worked by two workers. A worker is known by the lock of
its shard and gets SIGKILL so many seconds after it took it, of as many copies of the study as delays are given. Then
the same with the process of the run itself, which is run again. Prints a line for each; ends with 1 where rows differ.
"""

import argparse
import json
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from contextlib import chdir, closing
from pathlib import Path

import duckdb

OF_RUNS = ("runs", "snapshot", "checks", "shards")  # tell of runs, not of people
PATIENCE_S = 300.0


def command(*arguments: str) -> list[str]:
    return [sys.executable, "-m", "recovery", *arguments]


def rows(study: Path) -> dict[str, str]:
    """Every row of every published relation, as text."""
    with chdir(study), closing(duckdb.connect("cohort.duckdb", read_only=True)) as connection:
        names = connection.execute("select table_name from information_schema.tables order by all").fetchall()
        return {
            name: repr(connection.execute(f'from "{name}" order by all').fetchall())
            for (name,) in names
            if name not in OF_RUNS
        }


def left_behind(study: Path) -> list[str]:
    """Files of a run that are there after its end, but should not be."""
    patterns = ("**/lock.json", "**/tmp/*", "**/*.wal", "**/publishing/*", "published/**/*.tmp")
    return sorted(str(path.relative_to(study)) for pattern in patterns for path in study.glob(pattern))


def holder(study: Path, process: "subprocess.Popen[bytes]") -> int:
    """The process that works the first shard which is begun; 0 where the run ends before."""
    until = time.monotonic() + PATIENCE_S
    while time.monotonic() < until and process.poll() is None:
        for note in sorted(study.glob("shards/*/.recovery/lock.json")):
            try:
                return int(json.loads(note.read_text(encoding="utf-8"))["process"])
            except (OSError, ValueError):
                continue
        time.sleep(0.02)
    return 0


def disturbed(study: Path, after_s: float, victim: Callable[[int, int], int]) -> tuple[int, str]:
    """Runs the study and kills; exit status and what the command said. `victim` chooses among worker and run."""
    log = study.with_suffix(".log")
    with log.open("wb") as stream:
        process = subprocess.Popen(command("cohort", "run", str(study), "--workers", "2"), stdout=stream, stderr=stream)
        worker = holder(study, process)
        time.sleep(after_s)
        if worker:
            try:
                os.kill(victim(worker, process.pid), signal.SIGKILL)
            except ProcessLookupError:
                worker = 0
        status = process.wait()
    return status if worker else -1000, log.read_text(encoding="utf-8", errors="replace")


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--people", type=int, default=8)
    parser.add_argument("--days", type=int, default=60)
    parser.add_argument("--after", type=float, nargs="*", default=[0.2, 2.0, 4.0, 6.0, 8.0])
    given = parser.parse_args()
    is_right = True
    with tempfile.TemporaryDirectory() as scratch:
        whole = Path(scratch, "whole")
        made = command("demo", "--people", str(given.people), "--days", str(given.days), "--home", str(whole))
        subprocess.run(made, check=True, stdout=subprocess.DEVNULL)
        size = str(-(-given.people // 4))
        copies = {}
        for name in ("worker", "run"):
            for after_s in given.after:
                copies[name, after_s] = Path(scratch, f"{name}-{after_s}")
                shutil.copytree(whole, copies[name, after_s])
        for study in (whole, *copies.values()):  # the size stays with the study
            (study / "shards").mkdir(mode=0o700)
            first = {"people_per_shard": int(size), "shard_of": {}, "moving": []}
            (study / "shards" / "people.json").write_text(json.dumps(first), encoding="utf-8")
        subprocess.run(command("cohort", "run", str(whole), "--workers", "2"), check=True, stdout=subprocess.DEVNULL)
        wanted = rows(whole)
        for (name, after_s), study in copies.items():
            choose = (lambda worker, _: worker) if name == "worker" else (lambda _, run: run)
            status, said = disturbed(study, after_s, choose)
            told = [line for line in said.splitlines() if "shard" in line]
            again = subprocess.run(
                command("cohort", "run", str(study), "--workers", "2"), check=False, capture_output=True, text=True
            )
            told_again = [line for line in again.stdout.splitlines() if "shard" in line]
            unlike = sorted(table for table, text in rows(study).items() if text != wanted[table])
            left = left_behind(study)
            is_right = is_right and not unlike and not again.returncode and not left
            print(f"{name} killed after {after_s} s: ended with {status}, then {again.returncode}", flush=True)
            print(f"  first: {told}\n  then: {told_again}\n  unlike: {unlike}; left behind: {left}", flush=True)
    sys.exit(0 if is_right else 1)


if __name__ == "__main__":
    main()
