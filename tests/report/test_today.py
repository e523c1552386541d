"""Today: for every state a sentence, in words that anyone understands."""

import re
from datetime import date, timedelta
from pathlib import Path

import pytest
from by_hand import HOSTILE, published_home
from page_homes import HOMES, NOW_UTC, Homes, copy_of
from parsed_page import parsed
from shown_pages import shown

from recovery import warehouse
from recovery.home.settings import load_settings
from recovery.report.site import Page
from recovery.report.today.answer import first_answer, rounded_day
from recovery.report.today.pictures import HEIGHT, around_picture
from recovery.vocabulary.verdicts import Basis
from recovery.vocabulary.windows import Window
from recovery.words import pages as words_of_pages
from recovery.words import said
from recovery.words import today as words

pytestmark = pytest.mark.slow

BY_LOT = "The weeks were drawn by lot, so this is because of the massages:"
SAYS = {  # home: the headline, what happened, how sure
    "0": (words.NO_MASSAGE, "No answer yet", "Too early to say"),
    "3": (
        "Too early to say: 3 massages written down; the first look comes after 12.",
        "No answer yet",
        "Too early to say",
    ),
    "8": (
        "After your first 8 massages both are still possible: no change, and a change that matters to you.",
        "No answer yet",
        "Too early to say",
    ),
    "12": (
        "After 12 massages both are still possible: no change, and a change that matters to you.",
        "No answer yet",
        "Too early to say",
    ),
    "30": (
        "After 30 massages: you walked as much on the days after them as on other days.",
        "No difference",
        "Clear so far",
    ),
    "better": (
        "On the three days after massages you walked about 1,400 steps more a day (between 800 and 1,900).",
        "Better",
        "Clear so far",
    ),
    "little": (
        "On the three days after massages you walked about 400 steps more a day (between 100 and 700).",
        "A little better",
        "Clear so far",
    ),
    "worse": (
        "On the three days after massages you walked about 900 steps fewer a day (between 400 and 1,400).",
        "Worse",
        "Clear so far",
    ),
    "refused": ("This cannot be told yet: all your massages were on a Wednesday.", "No answer yet", "Cannot be told"),
    "diary": (
        "On the three days after massages you walked about 1,400 steps more a day (between 800 and 1,900).",
        "Better",
        "Clear so far",
    ),
    "lot": (
        f"{BY_LOT} about 1,200 steps more a day (between 400 and 2,000).",
        "Better",
        "Clear so far",
    ),
}
OTHER_WORDS = re.compile(r"supported|contradicted|significant|p-value|p =|\d%|interval|metric\b|None|nan\b")


def today(homes: Homes, kind: str) -> str:
    return homes.page(kind, Page.TODAY)


def said_on(page: str) -> str:
    return parsed(page).text


@pytest.mark.parametrize("kind", HOMES)
def test_every_state_has_its_sentence_and_the_words_of_a_persons_page(homes: Homes, kind: str) -> None:
    page = today(homes, kind)
    sentence, what, sure = SAYS[kind]

    (headline,) = re.findall(r"<h1[^>]*>(.*?)</h1>", page)
    text = said_on(page)
    assert headline == sentence
    assert f"What happened: {what} How sure: {sure}" in text
    assert not OTHER_WORDS.findall(text)
    assert page.count('class="card family') == 4
    assert "Pain that is new, severe" in text


def test_few_massages_are_a_progress_with_a_date_and_no_refusal(homes: Homes) -> None:
    page = today(homes, "3")

    assert 'aria-label="3 of 12 massages."' in page
    assert page.count('<i class="on"></i>') >= 3
    assert "First look about 15 January 2027, if you go on as now; most answers need more." in said_on(page)
    assert "Cannot be told" not in said_on(page)
    assert "Your usual day:" in said_on(page)


def test_before_an_answer_a_range_is_told_as_too_wide(homes: Homes) -> None:
    text = said_on(today(homes, "8"))

    assert "Between 500 steps fewer and 2,500 more: too wide to say." in text
    assert "Perhaps 6 to 14 more massages will tell." in text


def test_worse_is_told_in_the_same_place_and_to_be_talked_over(homes: Homes) -> None:
    text = said_on(today(homes, "worse"))

    assert f"Worse How sure: Clear so far {words.WHY[Basis.AFTER]} {words.TALK_IT_OVER}" in text
    assert words.WORSE in text


def test_only_drawn_weeks_are_called_a_reason(homes: Homes) -> None:
    assert said.BECAUSE in said_on(today(homes, "lot"))
    assert said.AFTER in said_on(today(homes, "better"))


def test_two_figures_of_one_number_have_their_reason_beside_them(homes: Homes) -> None:
    beside = "All massages together: 1,400 steps more. Only the weeks drawn by lot: 1,200 steps more."
    for page in (Page.TODAY, Page.WEEKS, Page.EVIDENCE):
        assert beside in said_on(homes.page("lot", page)), page
    assert "those at chosen dates too" in said_on(homes.page("lot", Page.SHEET))
    assert "All massages together" not in said_on(today(homes, "better"))


def test_evidence_tells_rest_in_minutes_of_the_waking_day(homes: Homes) -> None:
    text = said_on(homes.page("better", Page.EVIDENCE))

    assert "Waking day spent sitting or lying still 20 minutes less (15 to 25)" in text
    assert (
        text.count("percentage point") == text.count("A percentage point of your waking day of ") == 1
    )  # its reason's


def test_a_share_of_the_day_is_told_as_minutes_of_it(homes: Homes) -> None:
    assert "About 20 minutes less a day on the three days after (between 15 and 25)." in said_on(today(homes, "better"))


def test_a_small_relief_is_a_little_better_beside_what_would_matter(homes: Homes) -> None:
    text = said_on(today(homes, "better"))

    assert "A little better About half a point lower on the three days after (between 0.2 and 0.7)." in text
    assert "You said 2 points would matter." in text


def test_a_missing_diary_is_asked_for(homes: Homes) -> None:
    assert words.NO_DIARY in said_on(today(homes, "diary"))


def test_a_silent_watch_stands_first_and_the_last_answer_still_stands(homes: Homes) -> None:
    page = shown(homes.settings("better"), Page.TODAY, now_utc=NOW_UTC + timedelta(days=20))

    text = said_on(page)
    assert "<h1" in page
    assert "Your watch has sent nothing since 31 October." in text
    assert f"{words.STILL_STANDS} What happened: Better How sure: Clear so far" in text
    assert f"{words.HOW_WE_KNOW} On the three days after massages you walked about 1,400" in text
    assert "Nothing since 31 October" in text


def test_the_demo_is_never_called_silent(homes: Homes, tmp_path: Path) -> None:
    settings = copy_of(homes.settings("better"), tmp_path / "home")
    settings.home.demo_mark.write_text("invented")

    text = said_on(shown(load_settings(settings.home.folder), Page.TODAY, now_utc=NOW_UTC + timedelta(days=90)))

    assert "Your watch has sent nothing" not in text
    assert words_of_pages.INVENTED in text


def test_an_empty_home_says_what_to_do(tmp_path: Path) -> None:
    text = said_on(shown(published_home(tmp_path / "home", is_empty=True), Page.TODAY))

    assert words.NOTHING_YET in text
    assert "recovery run" in text


def test_what_stands_in_files_is_text(homes: Homes, tmp_path: Path) -> None:
    settings = copy_of(homes.settings("3"), tmp_path / "home")
    with warehouse.connect(settings.home.published) as connection:
        connection.execute("update rejected set reason = ?, place = ?", [HOSTILE, HOSTILE])
        connection.execute("update files set message = ?, path = ?", [HOSTILE, f"{HOSTILE}.csv"])

    page = shown(settings, Page.TODAY, now_utc=NOW_UTC)

    assert HOSTILE not in page
    assert HOSTILE in said_on(page)


def test_one_number_that_decides_first_comes_before_another_as_sure(homes: Homes, tmp_path: Path) -> None:
    settings = copy_of(homes.settings("better"), tmp_path / "home")
    text = settings.home.settings.read_text()
    settings.home.settings.write_text(text.replace("[primary]\n", '[primary]\nmain = "pain"\n', 1))

    page = shown(load_settings(settings.home.folder), Page.TODAY, now_utc=NOW_UTC)

    assert "your pain was about half a point lower" in re.findall(r"<h1[^>]*>(.*?)</h1>", page)[0]


@pytest.mark.parametrize(
    ("day", "told"),
    [
        (date(2026, 3, 1), date(2026, 3, 1)),
        (date(2026, 3, 16), date(2026, 3, 20)),
        (date(2026, 12, 26), date(2027, 1, 1)),
        (date(2024, 2, 29), date(2024, 3, 1)),
    ],
)
def test_a_date_ahead_is_round(day: date, told: date) -> None:
    assert rounded_day(day) == told


def test_a_date_is_promised_only_at_a_pace() -> None:
    weekly = [date(2026, 9, 1) + timedelta(days=7 * number) for number in range(4)]

    assert first_answer(weekly, 8, date(2026, 9, 24)) == date(2026, 11, 25)  # 22 September + 8 weeks + 4 days
    assert first_answer(weekly[:1], 8, date(2026, 9, 24)) is None
    assert first_answer(weekly, 8, date(2027, 9, 24)) is None  # long ago


def test_noise_looks_small_beside_what_would_matter() -> None:
    drawn = around_picture({-7: 60.0, 1: -30.0, 2: 600.0}, 600.0, Window.DAYS, "as told")

    small, below, large = drawn.bars
    assert large.height == pytest.approx(600 / 750 * (HEIGHT / 2 - 1), abs=0.1)  # 1.25 times what would matter
    assert small.height < 4
    assert below.y == HEIGHT / 2
    assert [bar.is_filled for bar in drawn.bars] == [False, True, True]


def test_pain_stands_on_the_first_screen_in_short_where_another_number_is_first(homes: Homes, tmp_path: Path) -> None:
    settings = copy_of(homes.settings("better"), tmp_path / "home")
    with warehouse.connect(settings.home.published) as connection:
        connection.execute("update effects set direction = 'unknown', certainty = 'too_early' where metric = 'pain'")

    open_one = said_on(shown(settings, Page.TODAY, now_utc=NOW_UTC))

    assert f"{said.AFTER} {words.PAIN_OPEN}" in open_one
    assert f"{said.AFTER} Pain: a little better, clear so far." in said_on(today(homes, "better"))
    assert "Pain, all massages, cause unknown: a little better, clear so far." in said_on(today(homes, "lot"))
    assert f"{said.AFTER} {words.PAIN_NOT_WRITTEN}" in said_on(today(homes, "diary"))


@pytest.mark.parametrize("kind", ["3", "8", "refused"])
def test_without_an_answer_no_dot_is_filled(homes: Homes, kind: str) -> None:
    assert 'class="dots"' not in today(homes, kind)


def test_an_answer_whose_data_ended_weeks_ago_says_until_when_it_reaches(homes: Homes, tmp_path: Path) -> None:
    settings = copy_of(homes.settings("better"), tmp_path / "home")
    with warehouse.connect(settings.home.published) as connection:
        connection.execute("delete from daily_metrics where metric = 'pain' and local_date > '2026-10-12'")

    text = said_on(shown(settings, Page.TODAY, now_utc=NOW_UTC))

    assert text.count("Newest data: ") == 1  # steps go on
    assert "You said 2 points would matter. Newest data: 12 October. Clear so far" in text
    assert "Newest data: " not in said_on(today(homes, "better"))


def test_a_headline_whose_data_ended_says_so_once(homes: Homes, tmp_path: Path) -> None:
    settings = copy_of(homes.settings("better"), tmp_path / "home")
    settings.home.demo_mark.write_text("invented")  # whose watch is never called silent

    text = said_on(shown(load_settings(settings.home.folder), Page.TODAY, now_utc=NOW_UTC + timedelta(days=30)))

    assert "(between 800 and 1,900). Newest data: 31 October. What happened: Better" in text
    assert text.count("Newest data: ") == 1
