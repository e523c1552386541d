"""A snapshot is published whole or not at all, and nobody who reads the old one is disturbed."""

import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import duckdb
import pytest
from shown_pages import stage_pages

from recovery import warehouse
from recovery.home.folder import Home
from recovery.home.settings import Settings
from recovery.published import publish

pytestmark = pytest.mark.slow

HOLD = """
import sys, duckdb
connection = duckdb.connect(sys.argv[1], read_only=True)
print(connection.execute("select count(*) from diary").fetchone()[0], flush=True)
sys.stdin.readline()
print(connection.execute("select count(*) from diary").fetchone()[0], flush=True)
"""


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    (tmp_path / ".recovery").mkdir(exist_ok=True)
    return Settings(home=Home(tmp_path))


@pytest.fixture(scope="module")
def work_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A work database with all relations and two days of a diary."""
    path = tmp_path_factory.mktemp("work") / "work.duckdb"
    with warehouse.connect(path) as connection:
        warehouse.create_raw(connection)
        warehouse.build_all(connection)
        day(connection, "2026-03-02")
        day(connection, "2026-03-01")
    return path


@pytest.fixture
def built(work_file: Path, tmp_path: Path) -> Iterator[duckdb.DuckDBPyConnection]:
    """A copy of it."""
    (tmp_path / ".recovery").mkdir(exist_ok=True)
    with warehouse.connect(Path(shutil.copy(work_file, tmp_path / ".recovery" / "work.duckdb"))) as connection:
        yield connection


def day(connection: duckdb.DuckDBPyConnection, local_date: str) -> None:
    connection.execute(f"insert into pub.diary by name select 'me' as subject, date '{local_date}' as local_date")


def test_the_file_holds_the_tables_of_pub_and_they_alone(built: duckdb.DuckDBPyConnection, settings: Settings) -> None:
    publish.publish(built, settings)

    with duckdb.connect(str(settings.home.published), read_only=True) as published:
        found = published.execute("select schema_name, table_name, comment from duckdb_tables()").fetchall()
        views = published.execute("select count(*) from duckdb_views() where not internal").fetchone()
        (tags,) = published.execute(
            "select tags from duckdb_databases() where database_name = 'recovery'"
        ).fetchone() or ({},)
    assert {(schema, name) for schema, name, _ in found} == {
        ("main", relation.name) for relation in warehouse.relations() if relation.layer == "pub"
    }
    assert all(comment for _, _, comment in found)
    assert views == (0,)
    assert str(tags["storage_version"]).startswith("v1.0.0")
    assert settings.home.published.stat().st_mode & 0o777 == 0o600


def test_what_the_page_told_is_kept_once_it_is_published(built: duckdb.DuckDBPyConnection, settings: Settings) -> None:
    built.execute(
        """insert into answers.looks by name select 'me' as subject, 'steps' as metric, 'days_1_3' as "window",
        1 as look, date '2026-03-02' as local_date, 12 as n_massages, 'better' as word, 'clear' as certainty,
        'found' as event, '' as failed, true as may_exclude, false as builds_up, false as has_built_up,
        false as may_build_up, 'd' as digest, 'data' as data_sha256, 'settings' as settings_sha256"""
    )
    publish.write(built, settings)
    before = built.execute("select count(*) from raw.told").fetchall()

    publish.reveal(built, settings)

    assert before == [(0,)]
    assert built.execute(
        "select subject, metric, direction, certainty, look, data_sha256 from raw.told"
    ).fetchall() == [("me", "steps", "better", "clear", 1, "data")]
    with duckdb.connect(str(settings.home.published), read_only=True) as published:
        assert not published.execute("select 1 from duckdb_tables() where table_name = 'told'").fetchall()


@pytest.mark.slow
def test_rows_are_sorted_by_their_key(built: duckdb.DuckDBPyConnection, settings: Settings) -> None:
    publish.publish(built, settings)

    with duckdb.connect(str(settings.home.published), read_only=True) as published:
        days = published.execute("select local_date::varchar from diary").fetchall()
    assert days == [("2026-03-01",), ("2026-03-02",)]


@pytest.mark.slow
def test_who_holds_the_old_file_open_keeps_reading_it(built: duckdb.DuckDBPyConnection, settings: Settings) -> None:
    publish.publish(built, settings)
    holder = subprocess.Popen(
        [sys.executable, "-c", HOLD, str(settings.home.published)],
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
    )  # fmt: skip
    assert holder.stdout
    assert holder.stdout.readline() == "2\n"

    day(built, "2026-03-03")
    publish.publish(built, settings)

    told, _ = holder.communicate("\n", timeout=30)
    assert told == "2\n"
    with duckdb.connect(str(settings.home.published), read_only=True) as published:
        assert published.execute("select count(*) from diary").fetchone() == (3,)


def test_a_snapshot_that_fails_leaves_the_old_one_and_the_next_one_works(
    built: duckdb.DuckDBPyConnection, settings: Settings
) -> None:
    publish.publish(built, settings)
    before = settings.home.published.read_bytes()
    built.execute("alter table pub.nights rename to elsewhere")

    with pytest.raises(duckdb.CatalogException):
        publish.publish(built, settings)
    assert settings.home.published.read_bytes() == before

    built.execute("alter table pub.elsewhere rename to nights")
    day(built, "2026-03-03")
    publish.publish(built, settings)
    assert settings.home.published.read_bytes() != before


@pytest.mark.slow
def test_what_a_killed_run_left_is_cleared(built: duckdb.DuckDBPyConnection, settings: Settings) -> None:
    left = publish.staged(settings).home
    left.folder.mkdir()
    for name in ("recovery.duckdb", "recovery.duckdb.wal", "report.html"):
        (left.folder / name).write_text("half")

    publish.publish(built, settings)

    assert not left.folder.exists()
    assert not settings.home.report.exists()  # half a page is not shown


@pytest.mark.slow
def test_a_page_is_shown_with_its_snapshot(built: duckdb.DuckDBPyConnection, settings: Settings) -> None:
    settings.home.report.write_text("old")
    today, gone = (settings.home.pages / "me" / name for name in ("today.html", "gone.html"))
    today.parent.mkdir(parents=True)
    for path in (today, gone):
        path.write_text("old")

    publish.write(built, settings)
    stage_pages(settings, "new")
    assert (settings.home.report.read_text(), today.read_text()) == ("old", "old")
    publish.reveal(built, settings)

    assert (settings.home.report.read_text(), today.read_text()) == ("new", "new")
    assert not gone.exists()
    assert today.stat().st_mode & 0o777 == 0o600
    assert settings.home.report.stat().st_mode & 0o777 == 0o600


def test_the_run_is_told_as_published_in_its_own_snapshot(built: duckdb.DuckDBPyConnection, settings: Settings) -> None:
    built.execute("insert into raw.runs values ('a', '2026-03-01 04:30', null, 'running', 3, 400, '0.1')")

    publish.write(built, settings, "a", 12.5)
    publish.reveal(built, settings)

    with duckdb.connect(str(settings.home.published), read_only=True) as published:
        assert published.execute("select status, seconds, files_new from runs").fetchall() == [("published", 12.5, 3)]


def with_page(connection: duckdb.DuckDBPyConnection, settings: Settings) -> None:
    publish.write(connection, settings)
    stage_pages(settings, "a page")
    publish.reveal(connection, settings)


@pytest.mark.slow
def test_a_snapshot_is_current_until_something_changes(built: duckdb.DuckDBPyConnection, settings: Settings) -> None:
    assert not publish.is_current(built, settings)

    with_page(built, settings)
    assert publish.is_current(built, settings)
    built.execute("insert into raw.files (path, status, message) values ('a.bin', 'unrecognised', 'what is it?')")
    assert not publish.is_current(built, settings)
    with_page(built, settings)
    assert publish.is_current(built, settings)

    built.execute("insert into raw.rejected values ('me', 'relation', 'daily, 2026-03-01', 'Found by a check.', null)")
    assert publish.is_current(built, settings)  # the checks' own rows are made anew with each snapshot
    warehouse.set_meta(built, "published_utc", "1971-01-01T00:00:00")  # by a clock that was wrong
    assert not publish.is_current(built, settings)
    with_page(built, settings)
    assert publish.is_current(built, settings)
    settings.home.published.unlink()
    assert not publish.is_current(built, settings)


@pytest.mark.slow
def test_a_snapshot_without_its_page_is_not_current(built: duckdb.DuckDBPyConnection, settings: Settings) -> None:
    with_page(built, settings)
    day(built, "2026-03-03")
    warehouse.set_meta(built, "builds", "another")

    publish.publish(built, settings)

    assert settings.home.report.read_text() == "a page"  # the old one
    assert not publish.is_current(built, settings)
