"""Publishes under readers: each reader sees one whole snapshot at a time, and none is ever refused.

    python tests/published/publishes.py [--publishes 20] [--readers 8] [--rows 200000]

In a home of its own, snapshot after snapshot is published while other processes open the published file read-only,
again and again. Every relation of a snapshot with a column `subject` holds the id of the run that made it, and nothing
else; a reader reads all of them in one connection, with pauses, and compares each with the relation `snapshot`. The
last reader never closes its connection while the snapshots change. Prints the row of the table in docs/robustness.md.
"""

import argparse
import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple

import duckdb

from recovery import warehouse
from recovery.home.folder import Home
from recovery.home.settings import Settings
from recovery.published import publish

PAUSE_S = 0.005  # between two relations, so that snapshots change while a connection is open


class Seen(NamedTuple):
    """What one reader saw."""

    connections: int
    relations: int
    snapshots: int
    torn: list[str]
    errors: list[str]


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--publishes", type=int, default=20)
    parser.add_argument("--readers", type=int, default=8)
    parser.add_argument("--rows", type=int, default=200_000)
    parser.add_argument("--read", type=Path, help="be a reader of this home")
    parser.add_argument("--stay", action="store_true", help="as a reader, keep one connection open")
    given = parser.parse_args()
    if given.read:
        print(json.dumps(read(Home(given.read), stays=given.stay)))
        return
    with tempfile.TemporaryDirectory() as folder:
        begun = time.monotonic()
        seen = publish_under_readers(Path(folder) / "home", given.publishes, given.readers, given.rows)
        seconds = time.monotonic() - begun
    connections, relations = sum(one.connections for one in seen), sum(one.relations for one in seen)
    torn, errors = [row for one in seen for row in one.torn], [row for one in seen for row in one.errors]
    print(*torn, *errors, sep="\n", file=sys.stderr)
    most = max(one.snapshots for one in seen)
    counts = (given.publishes, given.readers, connections, relations, most, len(torn), len(errors), round(seconds))
    print("|", " | ".join(f"{count:,}" for count in counts), "|")


def publish_under_readers(folder: Path, publishes: int, readers: int, rows: int) -> list[Seen]:
    """Publishes snapshot after snapshot while readers read them; what each reader saw."""
    settings = Settings(home=Home(folder))
    settings.home.private.mkdir(parents=True)
    connection = warehouse.connect()
    warehouse.create_raw(connection)
    warehouse.build_all(connection)
    publish_run(connection, settings, 0, rows)
    with reading(settings.home, readers) as processes:
        for number in range(1, publishes + 1):
            publish_run(connection, settings, number, rows)
        stop(settings.home).touch()
        answers = [process.communicate(timeout=120)[0] for process in processes]
    connection.close()
    return [Seen(*json.loads(answer)) for answer in answers]


def publish_run(connection: duckdb.DuckDBPyConnection, settings: Settings, number: int, rows: int) -> None:
    """Publishes a snapshot of which every relation names its run."""
    run_id = f"run-{number}"
    connection.execute("update raw.runs set status = 'published'")
    connection.execute(
        "insert into raw.runs (run_id, started_utc, status, version) values (?, '2026-01-01', 'running', '1')",
        [run_id],
    )
    for relation in warehouse.relations():
        columns = {row[0] for row in connection.execute(f"describe {relation.full_name}").fetchall()}
        if relation.layer == "pub" and relation.kind == "table" and "subject" in columns:
            if relation.name in publish.OF_THE_RUN:
                continue  # made anew of `raw` when it is published
            count = rows if relation.name == "daily_metrics" else 1 + number
            connection.execute(f"delete from {relation.full_name}")
            connection.execute(
                f"insert into {relation.full_name} by name select ? as subject from range({count})", [run_id]
            )
    publish.write(connection, settings, run_id, 1.0)
    publish.staged(settings).home.report.write_text(run_id)
    publish.staged(settings).home.pages.mkdir()
    publish.reveal(connection, settings)


@contextmanager
def reading(home: Home, readers: int) -> Iterator[list[subprocess.Popen[str]]]:
    """So many processes that read the published file; the last of them keeps one connection open."""
    command = [sys.executable, __file__, "--read", str(home.folder)]
    processes = [
        subprocess.Popen(command + ["--stay"] * (number == readers - 1), stdout=subprocess.PIPE, text=True)
        for number in range(readers)
    ]
    try:
        while len(list(home.folder.glob("ready-*"))) < readers:  # each has read once
            time.sleep(0.02)
        yield processes
    finally:
        for process in processes:
            process.kill()


def stop(home: Home) -> Path:
    """Readers end when this file is there."""
    return home.folder / "stop"


def read(home: Home, *, stays: bool) -> Seen:
    """Reads all relations again and again until told to stop."""
    connections = relations = 0
    snapshots: set[str] = set()
    torn: list[str] = []
    errors: list[str] = []
    kept = open_published(home) if stays else None
    is_last = False
    while not is_last:
        is_last = stop(home).exists()
        try:
            connection = kept or open_published(home)
            ((run_id,),) = connection.execute("select run_id from snapshot").fetchall()
            connections += 0 if kept and connections else 1
            snapshots.add(run_id)
            for name in with_subject(connection):
                found = connection.execute(f"select distinct subject from {name}").fetchall()
                relations += 1
                if found not in ([], [(run_id,)]):
                    torn.append(f"{name} of {run_id} holds {found}")
                time.sleep(PAUSE_S)
            if not kept:
                connection.close()
        except Exception as error:  # noqa: BLE001 - whatever it is, it is what this script looks for
            errors.append(f"{type(error).__name__}: {error}")
        (home.folder / f"ready-{os.getpid()}").touch()
    return Seen(connections, relations, len(snapshots), torn, errors)


def open_published(home: Home) -> duckdb.DuckDBPyConnection:
    """As any other program opens it."""
    return duckdb.connect(str(home.published), read_only=True)


def with_subject(connection: duckdb.DuckDBPyConnection) -> list[str]:
    """The relations with a person."""
    return [
        name
        for (name,) in connection.execute(
            "select table_name from duckdb_columns() where schema_name = 'main' and not internal"
            " and column_name = 'subject' order by all"
        ).fetchall()
    ]


if __name__ == "__main__":
    main()
