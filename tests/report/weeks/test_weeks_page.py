"""Weeks as a page: light, safe, for one person, readable by everybody."""

import re
from pathlib import Path
from typing import Any

import by_hand
import chromium
import page_homes
import pytest
from parsed_page import parsed
from shown_pages import shown

from recovery import warehouse
from recovery.home.settings import Settings
from recovery.published import query
from recovery.report import weeks
from recovery.report.site import Page
from recovery.words import around as around_words
from recovery.words import weeks as words

pytestmark = pytest.mark.slow  # homes, and a browser

MOST_BYTES = 150_000
RESTLESS = """
    insert into timeline
    select
        'me', minute, minute + interval 1 hour, (minute + interval 1 hour)::date,
        ['moving', 'still', 'asleep', 'awake_in_bed', 'not_worn', 'unknown', 'massage'][1 + (hash(minute) % 7)::int],
        5, 60, 'garmin', false
    from (select unnest(generate_series(
        '2026-02-28 23:00'::timestamp, '2026-03-31 22:59'::timestamp, interval 1 minute
    )) as minute)
"""
ONE_DAY = """
    delete from daily where local_date > '2026-01-01';
    delete from daily_metrics where local_date > '2026-01-01';
    delete from massages;
    delete from diary
"""


@pytest.fixture(scope="module")
def settings(tmp_path_factory: pytest.TempPathFactory) -> Settings:
    """Three months by hand of two people, the last month with minutes that change their state all the time."""
    settings = by_hand.published_home(tmp_path_factory.mktemp("weeks") / "home", ("me", "quendolin"))
    connection = warehouse.connect(settings.home.published)
    connection.execute("delete from timeline where subject = 'me'")
    connection.execute(RESTLESS)
    connection.execute("update diary set note = note || repeat('x', 5000) where subject = 'me'")
    connection.close()
    return settings


@pytest.fixture(scope="module")
def march(settings: Settings) -> str:
    return shown(settings, Page.WEEKS)


def test_a_page_of_restless_days_is_light(march: str) -> None:
    assert len(march.encode()) < MOST_BYTES
    assert march.count("<article") == 30  # each day but the 15th, of which nothing is known


def test_each_day_that_is_linked_has_its_story(march: str) -> None:
    tags = parsed(march)
    anchors = {value for name, value in tags.attributes if name == "id"}

    links = [value for name, value in tags.attributes if name == "href" and value and value.startswith("#")]
    assert len(links) > 90
    assert {link[1:] for link in links} <= anchors
    assert "Tuesday 10 March, massage, pain not told, " in tags.text


def test_weekdays_are_the_heads_of_the_columns(march: str) -> None:
    assert march.count('<th scope="col" abbr=') == 7
    assert "<caption><strong>March 2026</strong>" in march


def test_what_stands_in_logs_is_text_and_nothing_is_of_another(march: str) -> None:
    assert by_hand.HOSTILE not in march
    assert "<script" not in march
    assert by_hand.HOSTILE in parsed(march).text
    assert "quendolin" not in march


def test_a_month_says_where_the_others_are(settings: Settings, march: str) -> None:
    february = shown(settings, Page.WEEKS, month="2026-02")

    assert 'href="weeks-2026-02.html">Earlier: February 2026' in march
    assert "Later" not in march
    assert 'href="weeks.html">Later: March 2026' in february
    assert 'href="weeks-2026-01.html">Earlier: January 2026' in february
    assert 'id="around"' in march
    assert 'href="weeks.html#around"' in february


def test_all_months_are_read_with_one_reading_of_the_person(settings: Settings) -> None:
    with query.published(settings.home) as connection:
        found = {page.month: page.content() for page in weeks.pages(connection, settings, "me")}
        january = weeks.content(connection, settings, by_hand.NOW_UTC, "me", "2026-01")

    assert [*found] == ["", "2026-03", "2026-02", "2026-01"]
    assert found[""] is found["2026-03"]
    assert found["2026-01"] == january


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ("delete from massages", words.NO_MASSAGES),
        ("update daily_metrics set metric = 'mood' where metric = 'pain'", words.NO_DIARY),
        ("delete from daily_metrics where metric = 'asleep_min'", words.NO_NIGHTS),
        ("delete from around_massage", around_words.AROUND_NOTHING),
        (ONE_DAY, words.NO_MASSAGES),
        ("delete from daily; delete from massages; delete from diary", words.NOTHING_YET),
        ("delete from daily_metrics; delete from massages; delete from diary; delete from timeline; delete from nights",
         words.EMPTY_MONTH),
    ],
)  # fmt: skip
def test_an_empty_page_says_what_is_missing(settings: Settings, change: str, sentence: str) -> None:
    connection = warehouse.connect(settings.home.published)
    try:
        connection.execute("begin")
        connection.execute(change)
        content = weeks.content(connection, settings, by_hand.NOW_UTC, "me")
        connection.execute("rollback")
    finally:
        connection.close()

    from recovery.report.frame import Frame
    from recovery.report.render import render
    from recovery.report.site import file_links

    page = render(Frame(Page.WEEKS, "My weeks", "me", "", "", is_demo=False, links=file_links()), content)
    assert sentence in parsed(page).text


@pytest.fixture(scope="module")
def page_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A page of 30 massages on the disk."""
    folder = tmp_path_factory.mktemp("page")
    settings = page_homes.home(folder / "home", "better")
    path = folder / "weeks.html"
    path.write_text(shown(settings, Page.WEEKS, now_utc=page_homes.NOW_UTC), encoding="utf-8")
    return path


def test_axe_finds_nothing_by_day_and_by_night_on_small_and_large_windows(browser: Any, page_file: Path) -> None:
    page = browser.new_context().new_page()
    page.goto(page_file.as_uri())

    assert chromium.axe_finds(page, ("light", 390), ("dark", 1280)) == []
    page.context.close()


def test_a_day_opens_without_a_script_by_the_keyboard_and_fits_small_windows(browser: Any, page_file: Path) -> None:
    context = browser.new_context(viewport={"width": 390, "height": 844}, java_script_enabled=False)
    page = context.new_page()
    page.goto(page_file.as_uri())

    assert page.locator("article:visible").count() == 1  # the last massage
    cell = page.get_by_role("link", name=re.compile("^Monday 5 October"))
    box = cell.bounding_box()
    assert box["width"] >= 48
    assert box["height"] >= 58
    cell.focus()
    page.keyboard.press("Enter")
    assert page.locator("article:visible h3").all_inner_texts() == ["Monday 5 October 2026"]
    context.close()

    for width, size in ((320, "100%"), (390, "212.5%")):
        context = browser.new_context(viewport={"width": width, "height": 844})
        page = context.new_page()
        page.goto(f"{page_file.as_uri()}#d2026-10-05")
        page.evaluate(f"document.documentElement.style.fontSize = '{size}'")
        page.evaluate("document.querySelectorAll('details').forEach(one => one.open = true)")
        assert page.evaluate("document.documentElement.scrollWidth") <= width, size
        context.close()
