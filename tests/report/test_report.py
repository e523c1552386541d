"""The page: right, readable, self-contained, and safe against what stands in the logs."""

import re
import shutil
import stat
import subprocess
import time
from pathlib import Path

import duckdb
import pytest
from answers_by_hand import REFUSED, effect, publish
from by_hand import HOSTILE, NOW_UTC, published_home
from parsed_page import parsed
from shown_pages import shown

from recovery import report, warehouse
from recovery.actions.init import init
from recovery.errors import HomeError
from recovery.home.settings import load_settings
from recovery.words.pages import INVENTED


@pytest.fixture(scope="module")
def text(tmp_path_factory: pytest.TempPathFactory) -> str:
    settings = published_home(tmp_path_factory.mktemp("page") / "home")
    return shown(settings)


@pytest.mark.slow
def test_the_page_is_the_owners_alone_and_leaves_nothing_beside_it(tmp_path: Path) -> None:
    settings = published_home(tmp_path / "home")

    path = report.write(settings, NOW_UTC)

    assert path == settings.home.report
    written = [path, *settings.home.pages.rglob("*")]
    assert {stat.S_IMODE(one.stat().st_mode) for one in written} == {0o600, 0o700}
    assert [left.name for left in settings.home.folder.iterdir() if left.name.endswith(".new")] == []


def test_the_page_has_no_remote_reference_and_no_script(text: str) -> None:
    tags = parsed(text)

    assert not {"script", "link", "iframe", "img", "object", "embed", "form", "base"} & set(tags.names)
    references = [value for name, value in tags.attributes if name in ("href", "src", "xlink:href", "action", "srcset")]
    own = re.compile(r"(#[\w-]+|(today|weeks|evidence|sheet)\.html)")
    assert all(value and own.fullmatch(value) for value in references)
    assert "url(" not in text
    assert "@import" not in text
    assert "default-src 'none'" in text


def test_what_stands_in_the_logs_is_text_and_never_markup(text: str) -> None:
    assert HOSTILE not in text
    assert "<script" not in text
    assert HOSTILE in parsed(text).text  # shown as it was written


def test_the_page_says_what_it_is_and_is_not(text: str) -> None:
    said = parsed(text).text

    assert "no medical advice" in said
    assert INVENTED not in said


@pytest.mark.slow
def test_a_demo_page_says_that_the_data_are_invented(tmp_path: Path) -> None:
    settings = published_home(tmp_path / "home")
    settings.home.demo_mark.write_text("invented")

    said = parsed(shown(load_settings(settings.home.folder))).text

    assert INVENTED in said


def test_a_home_without_published_tables_has_no_page(tmp_path: Path) -> None:
    init(tmp_path / "home", "UTC")

    with pytest.raises(HomeError, match="Nothing is published"):
        report.write(load_settings(tmp_path / "home"))


@pytest.mark.slow
def test_a_page_of_four_years_takes_less_than_three_seconds_of_cpu(tmp_path: Path) -> None:
    settings = published_home(tmp_path / "home")
    connection = warehouse.connect(settings.home.published)
    connection.execute(
        "insert into around_massage select subject, massage_id || '-' || range, * exclude (subject, massage_id, range)"
        " from around_massage cross join range(100)"
    )
    connection.execute(
        "insert into daily by name select * exclude (local_date, range), (local_date - 90 * (range + 1)::integer)"
        " as local_date from daily cross join range(16)"
    )
    connection.close()

    start = time.process_time()
    size = report.write(settings, NOW_UTC).stat().st_size

    assert time.process_time() - start < 3
    assert size < 1_500_000


@pytest.mark.slow
def test_chromium_shows_the_page_without_asking_the_network(tmp_path: Path) -> None:
    browser = shutil.which("chromium") or shutil.which("chromium-browser")
    if browser is None:
        pytest.skip("chromium is not installed")
    path = report.write(published_home(tmp_path / "home"), NOW_UTC)
    picture = tmp_path / "page.png"

    done = subprocess.run(
        [browser, "--headless", "--no-sandbox", "--disable-gpu", "--hide-scrollbars", "--window-size=1200,2600",
         f"--user-data-dir={tmp_path / 'profile'}", f"--screenshot={picture}", path.as_uri()],
        capture_output=True, text=True, timeout=120,
    )  # fmt: skip

    assert picture.is_file(), done.stderr
    assert picture.read_bytes().startswith(b"\x89PNG")
    assert picture.stat().st_size > 50_000  # a blank page of that size is a few kB


@pytest.mark.slow
def test_the_page_asks_of_dates_that_the_list_says_nothing_about(tmp_path: Path) -> None:
    settings = published_home(tmp_path / "home")
    publish(settings, [effect(**REFUSED, checks="enough days: failed")])
    with warehouse.connect(settings.home.published) as connection:
        connection.execute("alter table daily add column massage_unknown_for varchar")
        connection.execute("update daily set is_massage_day = null where local_date > '2026-03-10'")
        connection.execute(
            "create table log_spans as select 'me' as subject, 'massages.csv' as path, date '2026-01-01' as first_date,"
            " date '2026-03-10' as last_date"
        )

    text = parsed(shown(settings)).text

    assert "Your list says nothing about 2026-03-11 to 2026-03-31" in text
    assert '"massages.csv" = 2026-03-31' in text


@pytest.mark.slow
def test_files_that_are_still_being_written_are_named(tmp_path: Path) -> None:
    settings = published_home(tmp_path / "home")
    with duckdb.connect(str(settings.home.published)) as connection:
        connection.execute("update files set status = 'waiting' where path = (select min(path) from files)")
        ((path,),) = connection.execute("select path from files where status = 'waiting'").fetchall()

    said = parsed(shown(settings)).text

    assert f"{path} is still being written, the next run reads it." in said
