"""The Sheet: two printed pages, whatever is in them, and neither a name nor a note."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import chromium
import duckdb
import page_homes
import pytest
from answers_by_hand import check, effect, publish
from by_hand import published_home
from parsed_page import parsed
from shown_pages import shown

from recovery.home.settings import Settings
from recovery.report.site import Page
from recovery.words.said import AFTER

pytestmark = pytest.mark.slow

INSIDE = "[...document.querySelectorAll('.a4, .may-shrink')].map(one => one.scrollHeight - one.clientHeight)"
THERAPIST = "Dr. Theodora Knead"
LONG = (
    "a very long description of what was done, where and with which oil, that nobody would ever write into a list " * 3
)


@pytest.fixture(scope="module")
def homes(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Settings]:
    """So many massages; of thirty, with everything as long as somebody may write it."""
    folder = tmp_path_factory.mktemp("sheets")
    made = {kind: page_homes.home(folder / kind, kind) for kind in ("3", "12", "better")}
    with duckdb.connect(str(made["better"].home.published)) as connection:
        connection.execute(
            "update massages set technique = $1, areas = $1, therapist = $2, note = $2", [LONG, THERAPIST]
        )
        connection.execute("update metrics set title = title || ' ' || $1", [LONG[:40]])
        connection.execute("update daily set excluded_for = $1 where day(local_date) in (3, 4, 9)", [LONG])
        connection.execute(
            "insert into daily_metrics by name select daily_metrics.* replace ('some_watch_number_' || range as source)"
            " from daily_metrics cross join range(8) where metric = 'steps' and day(local_date) = 2"
        )
        for day in range(8):
            connection.execute(
                'insert into effects by name select * replace ($1 as "window", false as is_primary) from effects'
                """ where "window" in ('days_1_3', 'night_0')""",
                [f"day_{day}"],
            )
        connection.execute(
            "insert into effects by name select effects.* replace ('other' || range as metric, false as is_primary,"
            " 0.01 as q_value) from effects cross join range(5) where metric = 'steps' and is_primary"
        )
    return made


def sheet(settings: Settings) -> str:
    return shown(settings, Page.SHEET, "me", page_homes.NOW_UTC)


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    with chromium.started() as browser:
        yield browser


@pytest.mark.parametrize("kind", ["3", "12", "better"])
def test_it_prints_as_two_pages_and_nothing_is_cut_off(
    kind: str, homes: dict[str, Settings], browser: Any, tmp_path: Path
) -> None:
    (tmp_path / "sheet.html").write_text(sheet(homes[kind]), encoding="utf-8")
    window = browser.new_page(viewport={"width": 703, "height": 1032})  # A4 less 12 mm on each side
    window.goto((tmp_path / "sheet.html").as_uri())

    printed = window.pdf(prefer_css_page_size=True)
    window.emulate_media(media="print")
    inside = window.evaluate(INSIDE)
    ruled = window.evaluate("document.querySelector('.ruled').clientHeight")
    window.close()

    assert len(re.findall(rb"/Type\s*/Page\b", printed)) == 2
    assert max(inside) <= 1
    assert ruled >= 60  # two lines at least


def test_the_first_page_answers_and_warns(homes: dict[str, Settings]) -> None:
    said = parsed(sheet(homes["better"])).text

    assert "In short. Averages over the days after 30 massages, compared with other days: steps" in said
    assert " 1,400 steps more a day, better; waking day spent sitting or lying still" in said
    assert " 20 minutes less a day, better;" in said  # minutes as on Today; and not "lying still better"
    assert "When to see a doctor Pain that is new or severe" in said
    assert said.partition("What followed a massage")[0].rstrip().endswith(AFTER)
    assert "Please keep in mind The dates were chosen, not drawn" in said
    assert said.index("What followed a massage") < said.index("Day by day after a massage") < said.index("Notes")


def test_few_massages_are_a_progress_and_no_table_of_refusals(homes: dict[str, Settings]) -> None:
    said = parsed(sheet(homes["3"])).text

    assert "what follows a massage: 3 of 12 massages have measured days after them." in said
    assert "annot be told" not in said
    assert "What followed a massage" not in said


def test_no_name_and_no_note_is_in_the_file(homes: dict[str, Settings]) -> None:
    text = sheet(homes["better"])

    assert THERAPIST not in text
    assert "My page" not in text
    assert "Name: Born:" in parsed(text).text


def test_a_serial_number_of_a_device_is_not_told(tmp_path: Path) -> None:
    settings = published_home(tmp_path / "home")
    with duckdb.connect(str(settings.home.published)) as connection:
        connection.execute("update daily_metrics set source = 'garmin:3901' where source = 'garmin'")
        connection.execute("update daily_metrics set source = 'garmin:3902, phone' where local_date > '2026-02-01'"
                           " and source = 'garmin:3901'")  # fmt: skip

    said = parsed(shown(settings, Page.SHEET)).text

    assert "390" not in said
    assert "Garmin (2 devices): 87 days, 1 January 2026 to 31 March 2026." in said
    assert "Phone: " in said
    assert "1 day left out (with data): 10 February 2026 (flu)." in said
    assert "1 row or file could not be read." in said


def test_it_lists_twelve_massages_and_twelve_months_of_one_person(tmp_path: Path) -> None:
    settings = published_home(tmp_path / "home", ("me", "anna"))
    with duckdb.connect(str(settings.home.published)) as connection:
        connection.execute("update massages set local_date = '1999-05-01' where subject = 'anna'")
        connection.execute(
            "insert into massages by name select massages.* replace (massage_id || range as massage_id,"
            " local_date - 60 * range::integer as local_date) from massages cross join range(1, 18)"
            " where subject = 'me' and massage_id = 'm0'"
        )

    page = shown(settings, Page.SHEET)

    said = parsed(page).text
    assert page.count('data-label="Minutes"') == 12
    assert page.count('data-label="Massages"') == 12
    assert "Mar 2026 1" in said
    assert "Jun 2025 0" in said  # a month without a massage and without a day stands between the others
    assert "1999" not in said


def test_second_estimates_and_failed_checks_are_named(tmp_path: Path) -> None:
    told = [
        effect(adjusted_estimate=1500.0, adjusted_ci_low=900.0, adjusted_ci_high=2100.0),
        check("lead"),
        check("weeks", ordinal=2, passed=False),
    ]

    said = parsed(shown(publish(published_home(tmp_path / "home"), told), Page.SHEET)).text

    assert (
        "Title of steps, counted another way (against days with the same week before): 1,500 steps more, not 800"
        " steps more." in said
    )
    assert "1 of 2 checks of the answers passed. As sure, what failed does not weigh on it: title of steps." in said
    assert "Right after 4 massages pain was given as 3 points, right before as 6 points." in said


def test_second_looks_say_no_main_number_again_and_have_units(tmp_path: Path) -> None:
    second = {"is_primary": False, "holm_p": None, "q_value": 0.01, "direction": "better"}
    told = [
        effect("rest_share", family="rest", unit="share", better="down", estimate=-0.02, ci_low=-0.03, ci_high=-0.01),
        effect("still_min", family="rest", unit="min", better="down", **second),
        effect("movement_rest_ratio", family="rest", unit="ratio", estimate=0.04, ci_low=0.03, ci_high=0.05, **second),
        effect("moving_min", unit="min", **second),
    ]

    page = shown(publish(published_home(tmp_path / "home"), told), Page.SHEET)

    also = page.partition("Also looked at")[2].partition("Please keep in mind")[0]
    assert also.count("<li>") == 1
    assert "(second looks: of many" in also
    assert "oving_min" in also


def test_the_list_of_massages_says_that_its_pain_is_not_the_effect(homes: dict[str, Settings]) -> None:
    said = parsed(sheet(homes["better"])).text

    pain_of_massages = said.partition("The last massages")[2].partition("The last months")[0]
    assert pain_of_massages.strip().startswith("Before and after show one hour only. Page 1 compares days: ")


def test_an_empty_home_has_a_sheet(tmp_path: Path) -> None:
    said = parsed(shown(published_home(tmp_path / "home", is_empty=True), Page.SHEET)).text

    assert "No massage is written down yet, so there is nothing to say about massages." in said
    assert "No device and no diary has any data yet." in said


def test_axe_finds_nothing(homes: dict[str, Settings], browser: Any, tmp_path: Path) -> None:
    (tmp_path / "sheet.html").write_text(sheet(homes["better"]), encoding="utf-8")
    window = browser.new_page()
    window.goto((tmp_path / "sheet.html").as_uri())

    assert chromium.axe_finds(window, ("light", 1280), ("dark", 390)) == []
    for width in (1280, 390):
        window.set_viewport_size({"width": width, "height": 844})
        assert window.evaluate("document.documentElement.scrollWidth") <= width
    window.close()
