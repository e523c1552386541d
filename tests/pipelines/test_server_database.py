"""Prefect's database is what Prefect's own way to make it would have made."""

import os
import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import pytest

from recovery.pipelines.server_database import UNFINISHED

pytestmark = pytest.mark.slow

BRING_UP_TO_DATE = "from recovery.pipelines import server_database; server_database.bring_up_to_date()"


def test_a_new_database_has_what_prefect_gives_it(tmp_path: Path) -> None:
    ours, of_prefect = tmp_path / "ours", tmp_path / "prefect"
    told = bring_up_to_date(ours)
    assert "makes its database itself" not in told, told
    (of_prefect / f"prefect.db{UNFINISHED}").mkdir(parents=True)  # nothing can be made in its place
    assert "makes its database itself" in bring_up_to_date(of_prefect)

    assert content(ours / "prefect.db") == content(of_prefect / "prefect.db")
    assert sorted(path.name for path in ours.iterdir()) == ["prefect.db"]


def test_a_database_that_is_there_is_left_to_prefect(tmp_path: Path) -> None:
    bring_up_to_date(tmp_path)
    with closing(sqlite3.connect(tmp_path / "prefect.db")) as connection:
        connection.execute("insert into flow (name) values ('kept')")
        connection.commit()
    before = content(tmp_path / "prefect.db")
    bring_up_to_date(tmp_path)
    assert content(tmp_path / "prefect.db") == before


def test_what_a_killed_start_or_a_removed_database_left_is_no_database(tmp_path: Path) -> None:
    bring_up_to_date(tmp_path)
    with closing(sqlite3.connect(tmp_path / "prefect.db")) as connection:
        connection.execute("pragma wal_autocheckpoint = 0")
        connection.execute("insert into flow (name) values ('of the removed one')")
        connection.commit()
        left = (tmp_path / "prefect.db-wal").read_bytes()
    (tmp_path / "prefect.db").unlink()
    (tmp_path / "prefect.db-wal").write_bytes(left)
    (tmp_path / f"prefect.db{UNFINISHED}").write_bytes(b"half of one")
    told = bring_up_to_date(tmp_path)
    assert "makes its database itself" not in told, told
    with closing(sqlite3.connect(tmp_path / "prefect.db")) as connection:
        assert connection.execute("pragma integrity_check").fetchall() == [("ok",)]
        assert connection.execute("select count(*) from flow").fetchall() == [(0,)]


def bring_up_to_date(home: Path) -> str:
    """Runs it as the server does, in a process of its own; gives what it said."""
    done = subprocess.run(
        [sys.executable, "-c", BRING_UP_TO_DATE],
        env={
            **{name: value for name, value in os.environ.items() if not name.startswith("PREFECT")},
            "PREFECT_HOME": str(home),
            "DO_NOT_TRACK": "1",
        },
        capture_output=True,
        check=True,
        text=True,
    )
    return done.stderr


def content(database: Path) -> tuple[list[str], list[list[tuple[object, ...]]]]:
    """Statements of all tables and indexes, and the rows of all tables.

    Alembic orders the constraints of a table by chance, so lines are compared in order of their letters.
    """
    with closing(sqlite3.connect(database)) as connection:
        tables = connection.execute("select name from sqlite_master where type = 'table' order by name").fetchall()
        lines = sorted(line.strip().rstrip(",") for line in "\n".join(connection.iterdump()).splitlines())
        return lines, [sorted(connection.execute(f'select * from "{name}"').fetchall(), key=str) for (name,) in tables]
