"""Prefect's records do not grow for ever."""

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from recovery.home.folder import Home
from recovery.pipelines import server_records

pytestmark = pytest.mark.slow

TABLES = ("flow_run", "flow_run_state", "task_run", "task_run_state", "log")


def counts(database: Path) -> dict[str, int]:
    with closing(sqlite3.connect(database)) as connection:
        assert connection.execute("pragma foreign_key_check").fetchall() == []
        return {table: connection.execute(f"select count(*) from {table}").fetchone()[0] for table in TABLES}


@pytest.fixture
def database(prefect_server: str, prefect_home: Home, tmp_path: Path) -> Path:
    """What Prefect keeps after three runs."""
    from prefect import flow, task  # not imported by workers that run other tests

    one_step = task(lambda: None)
    a_run = flow(lambda: one_step(), name="a run")
    for _ in range(3):
        a_run()
    copy = tmp_path / "prefect.db"
    with (
        closing(sqlite3.connect(prefect_home.prefect / "prefect.db")) as source,
        closing(sqlite3.connect(copy)) as target,
    ):
        source.backup(target)
    return copy


def test_the_last_runs_stay_and_the_others_go_with_all_that_belongs_to_them(database: Path) -> None:
    before = counts(database)
    assert before["flow_run"] >= 3

    server_records.prune(database, kept=2)

    after = counts(database)
    assert after["flow_run"] == 2
    assert 0 < after["flow_run_state"] <= 2 * 4
    assert all(after[table] < before[table] for table in ("flow_run", "flow_run_state"))


def test_few_runs_are_left_alone(database: Path) -> None:
    before = database.read_bytes()

    server_records.prune(database, kept=10_000)

    assert database.read_bytes() == before


def test_what_is_no_database_of_prefect_is_left_alone(tmp_path: Path) -> None:
    for content in (b"", b"no database"):
        (tmp_path / "prefect.db").write_bytes(content)
        server_records.prune(tmp_path / "prefect.db")
        assert (tmp_path / "prefect.db").read_bytes() == content
    server_records.prune(tmp_path / "missing.db")
    assert not (tmp_path / "missing.db").exists()
