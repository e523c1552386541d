"""The page: right, readable, self-contained, and safe against what stands in the logs."""

import re
import shutil
import stat
import subprocess
import time
import xml.etree.ElementTree as ElementTree
from datetime import date
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
from recovery.report import charts


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
    assert "A picture, not an effect" in said
    assert "invented" not in said


@pytest.mark.slow
def test_a_demo_page_says_that_the_data_are_invented(tmp_path: Path) -> None:
    settings = published_home(tmp_path / "home")
    settings.home.demo_mark.write_text("invented")

    said = parsed(shown(load_settings(settings.home.folder))).text

    assert "These data are invented." in said


def test_a_source_without_new_data_is_called_silent(text: str) -> None:
    said = parsed(text).text

    assert "garmin 2026-03-31 2 days" in said
    assert "diary 2026-02-28 33 days silent for more than 3 days" in said


@pytest.mark.slow
def test_a_device_that_a_newer_one_replaced_is_not_called_silent(tmp_path: Path) -> None:
    settings = published_home(tmp_path / "home")
    connection = warehouse.connect(settings.home.published)
    connection.execute(
        "update daily_metrics set source = 'garmin:1' where source = 'garmin' and local_date < '2026-02-01'"
    )
    connection.execute("update daily_metrics set source = 'garmin:2' where source = 'garmin'")
    connection.close()

    said = parsed(shown(settings)).text

    assert "garmin:1 2026-01-31 61 days a newer device took its place" in said
    assert "garmin:2 2026-03-31 2 days" in said


def test_every_massage_is_a_line_and_means_are_of_valid_days(text: str) -> None:
    drawing = next(svg for svg in re.findall(r"<svg.*?</svg>", text, re.S) if "Title of steps on the days" in svg)

    assert drawing.count('class="one"') == 4
    # 2026-01-20 is not valid, so day 0 has three massages: 3 Feb, 24 Feb, 10 Mar are valid, 10 Mar is not
    said = parsed(text).text
    days = [(date(2026, 2, 3) - date(2026, 1, 1)).days, (date(2026, 2, 24) - date(2026, 1, 1)).days]
    mean = sum(4000 + 900 * (day % 7) for day in days) / 2
    assert f"the day of the massage {mean:,.0f} 2" in said  # without an interval between them


def test_a_metric_without_data_says_so_and_is_named_among_what_cannot_be_said(text: str) -> None:
    said = parsed(text).text

    assert "Physiology: Title of resting_heart_rate_bpm No valid day around a massage has data on this." in said
    assert "Anything about physiology" in said
    assert "Anything firm from 4 massages" in said


def test_a_page_without_answers_says_that_they_are_still_to_come(text: str) -> None:
    said = parsed(text).text

    assert "What your massages did has not been worked out yet" in said
    assert said.count("no data") >= 4  # one card for each family
    assert "supported" not in said


@pytest.mark.slow
def test_the_band_around_the_mean_is_drawn_and_explained(tmp_path: Path) -> None:
    settings = published_home(tmp_path / "home")
    connection = warehouse.connect(settings.home.published)
    connection.execute("alter table around_massage_summary add column ci_low double")
    connection.execute("alter table around_massage_summary add column ci_high double")
    connection.execute(
        "update around_massage_summary set ci_low = mean - 500, ci_high = mean + 500 where metric = 'steps'"
    )
    connection.close()

    text = shown(settings)

    said = parsed(text).text
    assert text.count('class="band"') == 1  # all days in a row, of one metric
    assert "how far chance alone moves such a mean" in said
    assert "no interval of an effect" in said
    days = [(date(2026, 2, 3) - date(2026, 1, 1)).days, (date(2026, 2, 24) - date(2026, 1, 1)).days]
    mean = sum(4000 + 900 * (day % 7) for day in days) / 2
    assert f"the day of the massage {mean:,.0f} {mean - 500:,.0f} to {mean + 500:,.0f} 2" in said


def test_every_drawing_is_valid_svg_with_a_title_and_a_description(text: str) -> None:
    drawings = re.findall(r"<svg.*?</svg>", text, re.S)

    assert len(drawings) == 5  # four metrics with data, one calendar
    for drawing in drawings:
        root = ElementTree.fromstring(drawing)  # noqa: S314 - our own markup
        named = root.attrib["aria-labelledby"].split()
        assert root.attrib["role"] == "img"
        assert {child.attrib.get("id") for child in root} >= set(named)
    identifiers = re.findall(r'\bid="([^"]+)"', text)
    assert len(identifiers) == len(set(identifiers))


@pytest.mark.slow
def test_a_bar_says_nothing_that_the_words_beside_it_do_not(tmp_path: Path) -> None:
    settings = publish(published_home(tmp_path / "home"), [effect(), effect("steps", "day_1", verdict=None)])

    text = shown(settings)

    drawings = re.findall(r"<svg[^>]*>", text)
    assert all("aria-hidden" in svg or 'role="img"' in svg for svg in drawings)
    assert sum("aria-hidden" in svg for svg in drawings) == 2  # the card and its row among all metrics
    assert sum("aria-labelledby" in svg for svg in drawings) == 6  # the days after a massage, beside the five
    assert parsed(text).text.count("1,200") >= 2


def test_rejected_rows_and_failing_checks_are_listed(text: str) -> None:
    said = parsed(text).text

    assert "massages.csv row 7 The date 2026-02-31 does not exist." in said
    assert "1 of 1 checks do not hold" in said


@pytest.mark.slow
def test_an_empty_home_has_a_page_that_says_what_to_do(tmp_path: Path) -> None:
    settings = published_home(tmp_path / "home", is_empty=True)

    said = parsed(shown(settings)).text

    assert "There is nothing to show yet." in said
    assert "recovery run" in said


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


def test_ticks_are_round_and_enclose_the_values() -> None:
    assert charts.nice_ticks(3.2, 9.7) == [2, 4, 6, 8, 10]
    assert charts.nice_ticks(5, 5) == [5, 6]
    assert charts.nice_ticks(-0.2, 0.31)[0] <= -0.2


def test_a_line_has_a_gap_where_a_day_is_missing() -> None:
    chart = charts.around_chart({"m": {-7: 1.0, -6: 2.0, 0: 3.0}}, {0: 2.0}, {0: 1}, "count")

    assert chart is not None
    assert [part[0] for part in re.findall(r"[ML][^ML]*", chart.lines[0])] == ["M", "L", "M"]


def test_many_minutes_are_drawn_in_hours() -> None:
    chart = charts.around_chart({"m": {0: 420.0, 1: 480.0}}, {0: 420.0, 1: 480.0}, {0: 1, 1: 1}, "min")

    assert chart is not None
    assert chart.unit == "h"
    assert chart.dots[0].label == "the day of the massage: mean 7 h of 1"


def test_a_lone_day_with_an_interval_has_a_band_of_its_own() -> None:
    chart = charts.around_chart({}, {0: 5.0, 1: 6.0, 4: 7.0}, {}, "count", {0: (4, 6), 1: (5, 7), 4: (6, 8)})

    assert chart is not None
    assert [path.count("L") for path in chart.band] == [3, 3]  # two days, and one day with a width of its own
    assert (chart.y_ticks[0].label, chart.y_ticks[-1].label) == ("4", "8")


def test_of_very_many_massages_the_last_lines_are_drawn() -> None:
    lines = {f"m{number:03d}": {0: float(number)} for number in range(100)}

    chart = charts.around_chart(lines, {0: 49.5}, {0: 100}, "count")

    assert chart is not None
    assert len(chart.lines) == charts.MOST_LINES
    assert chart.y_ticks[0].label == "40"  # the first forty are not drawn


def test_shares_are_drawn_in_percent() -> None:
    chart = charts.around_chart({"m": {0: 0.75, 1: 0.8}}, {0: 0.75}, {0: 1}, "share")

    assert chart is not None
    assert chart.unit == "%"
    assert chart.dots[0].label == "the day of the massage: mean 75 % of 1"


def test_days_with_nothing_to_say_are_drawn_together() -> None:
    drawn = charts.calendar({date(2024, 2, 10): True, date(2024, 2, 11): True}, {date(2024, 2, 11): 1}, {})

    assert drawn is not None
    assert drawn.plain["valid"].count("M") == 1
    assert drawn.plain["none"].count("M") == 27


def test_the_calendar_has_one_cell_for_each_day_of_its_months() -> None:
    drawn = charts.calendar({date(2024, 2, 10): True}, {date(2024, 2, 29): 2}, {date(2024, 2, 10): "flu"})

    assert drawn is not None
    assert len(drawn.cells) == 29
    assert drawn.cells[9].label == "2024-02-10: valid day, excluded: flu"
    assert drawn.cells[28].label == "2024-02-29: no data, 2 massages"


def test_the_calendar_says_which_day_is_not_complete_yet() -> None:
    day = date(2024, 2, 10)
    drawn = charts.calendar({day: False}, {}, {}, {day})

    assert drawn is not None
    assert drawn.cells[9].label == "2024-02-10: data, not a valid day, not complete yet"


def test_the_calendar_marks_a_day_of_which_nobody_knows() -> None:
    day, massage = date(2024, 2, 10), date(2024, 2, 11)
    drawn = charts.calendar({day: True, massage: True}, {massage: 1}, {}, unknown={day, massage})

    assert drawn is not None
    assert drawn.cells[9].label == "2024-02-10: valid day, whether there was a massage is not known"
    assert drawn.cells[10].label == "2024-02-11: valid day, massage"  # another row tells of one
    assert [cell.is_unknown for cell in drawn.cells[9:11]] == [True, False]


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
