"""Whatever became of the published file, the next run publishes it anew and says what was wrong."""

import os
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import duckdb
import pytest
from shown_pages import stage_pages

from recovery import warehouse
from recovery.errors import HomeError
from recovery.home.folder import Home
from recovery.home.settings import Settings
from recovery.published import place, publish

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def built() -> Iterator[duckdb.DuckDBPyConnection]:
    connection = warehouse.connect()
    warehouse.create_raw(connection)
    warehouse.build_all(connection)
    connection.execute("insert into raw.runs values ('a1', '2026-03-01 04:30', null, 'running', 3, 400, '0.1')")
    yield connection
    connection.close()


@pytest.fixture(scope="module")
def first(built: duckdb.DuckDBPyConnection, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A home with a published file and its page."""
    folder = tmp_path_factory.mktemp("home")
    settings = Settings(home=Home(folder))
    settings.home.private.mkdir()
    with_page(built, settings)
    return folder


@pytest.fixture
def settings(built: duckdb.DuckDBPyConnection, first: Path, tmp_path: Path) -> Settings:
    """A copy of it, for a test to spoil; the database remembers this one."""
    shutil.copytree(first, tmp_path / "home")
    warehouse.set_meta(built, "published_sha256", place.sha256_of(first / "recovery.duckdb"))
    settings = Settings(home=Home(tmp_path / "home"))
    publish.note_pages(built, settings)
    return settings


def with_page(connection: duckdb.DuckDBPyConnection, settings: Settings) -> tuple[str, ...]:
    publish.write(connection, settings, "a1", 2.5)
    stage_pages(settings, "a page")
    return publish.reveal(connection, settings)


def write_ahead_log(path: Path) -> None:
    with duckdb.connect(str(path.with_name("other.duckdb"))) as other:
        other.execute("create table t as select 1 as x")
        other.execute("checkpoint")
        other.execute("insert into t values (2)")
        shutil.copy(path.with_name("other.duckdb.wal"), path.with_name(f"{path.name}.wal"))


def empty_log(path: Path) -> None:
    path.with_name(f"{path.name}.wal").touch()


def log_that_is_a_folder(path: Path) -> None:
    path.with_name(f"{path.name}.wal").mkdir()


def removed(path: Path) -> None:
    path.unlink()


def folder(path: Path) -> None:
    path.unlink()
    (path / "somebody's").mkdir(parents=True)
    (path / "somebody's" / "file").write_text("precious")


def empty_folder(path: Path) -> None:
    path.unlink()
    path.mkdir()


def link(path: Path) -> None:
    path.rename(path.with_name("elsewhere.duckdb"))
    path.symlink_to("elsewhere.duckdb")


def dangling_link(path: Path) -> None:
    path.unlink()
    path.symlink_to("nowhere")


def link_to_a_folder(path: Path) -> None:
    path.unlink()
    path.symlink_to(path.parent)


def truncated(path: Path) -> None:
    with path.open("r+b") as stream:
        stream.truncate(path.stat().st_size // 2)


def emptied(path: Path) -> None:
    path.write_bytes(b"")


def one_byte_changed(path: Path) -> None:
    content = bytearray(path.read_bytes())
    content[len(content) // 2] ^= 0xFF
    path.write_bytes(content)


def a_page_of_zeros(path: Path) -> None:
    """As where a disk lost a page; of words that repeat DuckDB's own checksum of a block does not see it."""
    with path.open("r+b") as stream:
        stream.seek(12_288 + 4_096)
        stream.write(bytes(4_096))


def written_to(path: Path) -> None:
    with duckdb.connect(str(path)) as other:
        other.execute("create view mine as select 1 as x")


SPOILS = {
    write_ahead_log: "lay beside the published file",
    empty_log: "lay beside the published file",
    log_that_is_a_folder: "lay beside the published file",
    removed: "was missing",
    folder: "A folder lay in the place of",
    empty_folder: "A folder lay in the place of",
    link: "was a link to elsewhere.duckdb",
    dangling_link: "was a link to nowhere",
    link_to_a_folder: "was a link to",
    truncated: "changed or cut short",
    emptied: "changed or cut short",
    one_byte_changed: "changed or cut short",
    a_page_of_zeros: "changed or cut short",
    written_to: "changed or cut short",
}


@pytest.mark.parametrize("spoil", SPOILS)
def test_what_became_of_the_file_is_noticed(first: Path, tmp_path: Path, spoil: Callable[[Path], None]) -> None:
    path = tmp_path / "recovery.duckdb"
    shutil.copy(first / "recovery.duckdb", path)
    published = place.sha256_of(path)
    assert place.trouble(path, f"another {published}") == ""

    spoil(path)

    assert SPOILS[spoil] in place.trouble(path, published)


@pytest.mark.parametrize("spoil", [write_ahead_log, folder, link_to_a_folder, truncated])
def test_the_next_run_publishes_and_says_what_was_wrong(
    built: duckdb.DuckDBPyConnection, settings: Settings, spoil: Callable[[Path], None]
) -> None:
    path = settings.home.published
    assert publish.is_current(built, settings)

    spoil(path)
    assert not publish.is_current(built, settings)
    told = with_page(built, settings)

    assert SPOILS[spoil] in told[0]
    assert publish.is_current(built, settings)
    assert path.is_file()
    assert not path.is_symlink()
    assert not path.with_name("recovery.duckdb.wal").exists()
    with duckdb.connect(str(path), read_only=True) as published:
        assert published.execute("select run_id, version from snapshot").fetchall() == [("a1", "0.1")]


def test_what_lay_in_the_way_is_kept(built: duckdb.DuckDBPyConnection, settings: Settings) -> None:
    for path in (settings.home.published, settings.home.report):
        folder(path)

    told = with_page(built, settings)

    assert len(told) == 3
    for name in ("recovery.duckdb.aside", "report.html.aside"):
        assert (settings.home.folder / name / "somebody's" / "file").read_text() == "precious"
    folder(settings.home.published)
    with_page(built, settings)
    assert (settings.home.folder / "recovery.duckdb.aside2" / "somebody's" / "file").read_text() == "precious"


def test_a_folder_of_pages_with_something_else_in_it_is_kept(
    built: duckdb.DuckDBPyConnection, settings: Settings
) -> None:
    (settings.home.pages / "notes").mkdir()
    (settings.home.pages / "notes" / "mine.txt").write_text("precious")

    told = with_page(built, settings)

    assert len(told) == 1
    assert (settings.home.folder / "report.aside" / "notes" / "mine.txt").read_text() == "precious"
    assert [path.name for path in settings.home.pages.iterdir()] == ["me"]


def test_a_page_that_is_gone_or_cut_short_is_written_anew(built: duckdb.DuckDBPyConnection, settings: Settings) -> None:
    with_page(built, settings)
    today = settings.home.pages / "me" / "today.html"
    for spoil in (lambda: today.unlink(), lambda: today.write_text("")):
        assert publish.is_current(built, settings)
        spoil()
        assert not publish.is_current(built, settings)
        with_page(built, settings)
    assert today.read_text() == "a page"


@pytest.mark.parametrize("kind", ["file", "link", "nothing"])
def test_what_lies_in_the_place_of_the_pages_is_replaced(
    built: duckdb.DuckDBPyConnection, settings: Settings, kind: str
) -> None:
    pages, other = settings.home.pages, settings.home.folder / "other"
    other.mkdir()
    (other / "kept.html").write_text("not ours")
    shutil.rmtree(pages)
    assert not publish.is_current(built, settings)
    if kind == "file":
        pages.write_text("x")
    elif kind == "link":
        pages.symlink_to(other)
    assert not publish.is_current(built, settings)

    assert with_page(built, settings) == ()

    assert publish.is_current(built, settings)
    assert (pages / "me" / "today.html").read_text() == "a page"
    assert [path.name for path in other.iterdir()] == ["kept.html"]


def test_what_a_link_led_to_is_left_alone(built: duckdb.DuckDBPyConnection, settings: Settings) -> None:
    link(settings.home.published)
    before = (settings.home.folder / "elsewhere.duckdb").read_bytes()

    with_page(built, settings)

    assert (settings.home.folder / "elsewhere.duckdb").read_bytes() == before


def test_a_file_that_may_not_be_written_is_replaced(built: duckdb.DuckDBPyConnection, settings: Settings) -> None:
    for path in (settings.home.published, settings.home.report):
        path.chmod(0o400)

    assert with_page(built, settings) == ()
    assert settings.home.published.stat().st_mode & 0o777 == 0o600


@pytest.mark.parametrize("kind", ["file", "folder", "link"])
def test_what_lies_where_the_snapshot_is_made_is_cleared(
    built: duckdb.DuckDBPyConnection, settings: Settings, kind: str
) -> None:
    fresh, other = publish.staged(settings).home.folder, settings.home.folder / "other"
    if kind == "file":
        fresh.write_text("left")
    elif kind == "folder":
        (fresh / "recovery.duckdb").mkdir(parents=True)
    else:
        other.mkdir()
        (other / "kept").write_text("not ours")
        fresh.symlink_to(other)

    assert with_page(built, settings) == ()
    if kind == "link":
        assert [path.name for path in other.iterdir()] == ["kept"]


def test_a_snapshot_that_went_away_while_it_was_made_leaves_the_old_one(
    built: duckdb.DuckDBPyConnection, settings: Settings
) -> None:
    publish.write(built, settings, "a1", 2.5)
    shutil.rmtree(publish.staged(settings).home.folder)

    with pytest.raises(HomeError, match="cannot be replaced"):
        publish.reveal(built, settings)

    assert publish.is_current(built, settings)


def test_killed_between_the_files_and_the_note_of_them_nothing_is_called_changed(
    built: duckdb.DuckDBPyConnection, settings: Settings
) -> None:
    former = warehouse.meta(built, "published_sha256")
    with_page(built, settings)
    content = warehouse.meta(built, "published_sha256")
    warehouse.set_meta(built, "published_sha256", f"{former} {content}")

    assert publish.trouble(built, settings) == ""


def test_a_snapshot_says_which_run_made_it_and_when(built: duckdb.DuckDBPyConnection, settings: Settings) -> None:
    with duckdb.connect(str(settings.home.published), read_only=True) as published:
        assert published.execute("select run_id, started_utc::varchar, version from snapshot").fetchall() == [
            ("a1", "2026-03-01 04:30:00", "0.1")
        ]
        assert published.execute(
            "select count(*) from snapshot join runs using (run_id) where published_utc > '2026-01-01'"
        ).fetchall() == [(1,)]


def test_pages_of_which_one_was_changed_to_one_of_the_same_length_do_not_lie_as_they_were_left(
    built: duckdb.DuckDBPyConnection, settings: Settings
) -> None:
    page = settings.home.pages / "today.html"
    page.write_text("a page", encoding="utf-8")
    os.utime(page, (0, 0))
    publish.note_pages(built, settings)
    assert publish.has_pages(built, settings)

    page.write_text("b page", encoding="utf-8")

    assert not publish.has_pages(built, settings)
