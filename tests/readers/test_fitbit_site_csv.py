"""What we know of the CSV file of fitbit.com, with values worked out by hand."""

import csv
from datetime import date, datetime

import pytest
from one_reader import BERLIN, Reading, entry, folder, rows, skipped, summary
from places import REAL, SAMPLES, SHARED

from recovery.errors import UnreadableExportError
from recovery.formats.records import Batch, Yielded
from recovery.readers import fitbit_site_csv

ACTIVITIES = (
    "Activities\nDate,Calories Burned,Steps,Distance,Floors,Minutes Sedentary,Minutes Lightly Active,"
    "Minutes Fairly Active,Minutes Very Active,Activity Calories\n"
)
SLEEP = (
    "Sleep\nStart Time,End Time,Minutes Asleep,Minutes Awake,Number of Awakenings,Time in Bed,Minutes REM Sleep,"
    "Minutes Light Sleep,Minutes Deep Sleep\n"
)
DAY = '"2026-09-12","2,310","11,204","8.1","9","650","220","18","40","1,050"\n'
NIGHT = '"2026-09-12 11:05PM","2026-09-13 6:50AM","410","55","18","465","95","240","75"\n'


def read(text: str) -> list[Yielded]:
    return list(fitbit_site_csv.read([entry(text, "fitbit_export_20260914.csv")], BERLIN))


def values(found: list[Yielded]) -> dict[tuple[date, str], float]:
    return {(day, metric): value for day, metric, value in rows(found, "day_values", "local_date", "metric", "value")}


def test_a_day_is_read_under_the_names_of_takeouts_daily_files() -> None:
    day = date(2026, 9, 12)

    assert values(read(ACTIVITIES + DAY)) == {
        (day, "steps"): 11204.0,
        (day, "floors"): 9.0,
        (day, "sedentary_min"): 650.0,
        (day, "lightly_active_min"): 220.0,
        (day, "moderately_active_min"): 18.0,
        (day, "vigorous_min"): 40.0,
        (day, "distance_m"): 8100.0,
    }


@pytest.mark.parametrize(("distance", "metres"), [("7.2", 7200.0), ("4.5", 4.5 * 1609.344)])
def test_the_length_of_a_step_tells_kilometres_from_miles(distance: str, metres: float) -> None:
    found = read(ACTIVITIES + DAY.replace('"11,204","8.1"', f'"10,000","{distance}"'))

    assert values(found)[date(2026, 9, 12), "distance_m"] == pytest.approx(metres)
    assert "carry no unit" in summary(found).message


@pytest.mark.parametrize("sedentary", ["1,440", "0"])
def test_a_day_not_worn_has_no_row(sedentary: str) -> None:
    found = read(ACTIVITIES + DAY + f'"2026-09-13","1,480","0","0","0","{sedentary}","0","0","0","0"\n')

    assert {day for day, _ in values(found)} == {date(2026, 9, 12)}
    assert "days not worn left out: 1" in summary(found).message


def test_minutes_that_are_all_nought_are_not_told() -> None:
    found = read(ACTIVITIES + '"2026-09-12","0","11","0.01","0","0","0","0","0","0"\n')

    assert set(values(found)) == {(date(2026, 9, 12), name) for name in ("steps", "floors", "distance_m")}


def test_a_night_is_local_time_with_its_stages_as_values_of_the_date_it_ends_on() -> None:
    found = read(SLEEP + NIGHT + NIGHT.replace("12 11:05PM", "13 1:00PM").replace("6:50AM", "2:00PM"))

    columns = ("session_key", "start_utc", "end_utc", "asleep_min", "awake_min", "tz_assumed")
    assert rows(found, "sleep_sessions", *columns)[0] == (
        "site 2026-09-12T23:05", datetime(2026, 9, 12, 21, 5), datetime(2026, 9, 13, 4, 50), 410.0, 55.0, True,
    )  # fmt: skip
    assert values(found) == {
        (date(2026, 9, 13), metric): value for metric, value in (("light_min", 240), ("deep_min", 75), ("rem_min", 95))
    }


def test_midnight_may_be_written_12_am() -> None:
    found = read(SLEEP + NIGHT.replace("2026-09-12 11:05PM", "2026-09-13 12:00AM"))

    assert rows(found, "sleep_sessions", "start_utc") == [(datetime(2026, 9, 12, 22),)]


@pytest.mark.parametrize(
    ("dates", "read_as"),
    [
        (("30-09-2026", "01-10-2026"), (date(2026, 9, 30), date(2026, 10, 1))),
        (("09-30-2026", "10-01-2026"), (date(2026, 9, 30), date(2026, 10, 1))),
        (("01-10-2026", "02-10-2026"), (date(2026, 10, 1), date(2026, 10, 2))),  # a month apart if month first
    ],
)
def test_the_order_of_dates_is_decided_by_the_whole_file(dates: tuple[str, str], read_as: tuple[date, date]) -> None:
    found = read(ACTIVITIES + "".join(DAY.replace("2026-09-12", day) for day in dates))

    assert tuple(sorted({day for day, _ in values(found)})) == read_as


def test_a_date_that_may_be_read_in_two_ways_is_refused() -> None:
    with pytest.raises(UnreadableExportError, match="the day or the month"):
        read(ACTIVITIES + DAY.replace("2026-09-12", "05-06-2026"))


@pytest.mark.parametrize(
    ("section", "good", "bad"),
    [
        (ACTIVITIES, DAY, DAY.replace("2026-09-12", "soon")),
        (ACTIVITIES, DAY, DAY.replace("11,204", "11,2,04")),
        (ACTIVITIES, DAY, DAY.replace("8.1", "8,1")),
        (SLEEP, NIGHT, NIGHT.replace("2026-09-13", "2026-09-12")),  # ends before it starts
        (SLEEP, NIGHT, NIGHT.replace("2026-09-13", "2026-09-15")),
        (SLEEP, NIGHT, NIGHT.replace('"95"', '"x"')),
        (SLEEP, NIGHT, '"2026-09-12 11:05PM"\n'),
    ],
)
def test_a_damaged_row_is_skipped_and_the_others_are_as_before(section: str, good: str, bad: str) -> None:
    before, after = read(section + good), read(section + good + bad)

    assert skipped(before) == []
    assert skipped(after) == [f"{section.splitlines()[0]}, row 4"]
    assert [item for item in before if isinstance(item, Batch)] == [item for item in after if isinstance(item, Batch)]


def test_weight_and_food_are_never_read() -> None:
    found = read('Body\nDate,Weight,BMI,Fat\n"2026-09-12","70.1","22.1","0"\n\n' + ACTIVITIES + DAY)

    assert summary(found).message.endswith("never read: Body")
    assert "70.1" not in repr(found)


def test_a_file_without_days_and_nights_holds_no_entries() -> None:
    assert summary(read('Body\nDate,Weight,BMI,Fat\n"2026-09-12","70.1","22.1","0"\n')).message == "holds no entries"


@pytest.mark.parametrize(
    "text", ["", "Sleep\n", "Sleep\nhours,minutes\n", "Date,Steps\n2026-09-12,3\n", "My Activities\nDate,Steps\n"]
)
def test_what_is_not_surely_fitbits_is_left_to_others(text: str) -> None:
    assert list(fitbit_site_csv.claims([entry(text, "fitbit_export_20260914.csv")])) == []
    assert skipped(read(text)) == [""]


def test_a_file_in_french_is_read_by_the_places_of_its_columns_and_its_commas_are_points() -> None:
    found = Reading("fitbit_site_csv", folder(SAMPLES / "fitbit_site_csv" / "french"))

    assert found.days("steps") == {date(2026, 5, 1): 5541, date(2026, 5, 14): 12065}
    assert found.days("distance_m") == {date(2026, 5, 1): 4120, date(2026, 5, 14): 8990}
    assert found.days("sedentary_min") == {date(2026, 5, 1): 1317, date(2026, 5, 14): 1305}
    assert found.rows("sleep_sessions", "start_utc", "asleep_min") == [(datetime(2026, 5, 14, 21, 10), 410)]
    assert found.days("rem_min") == {date(2026, 5, 15): 90}


@pytest.mark.skipif(not (SHARED / "cases").is_dir(), reason="the cases (../shared/cases) are not here")
def test_the_case_in_french() -> None:
    case = SHARED / "cases" / "pain" / "fitbit_site_fr.csv"

    found = Reading("fitbit_site_csv", [entry(case.read_bytes(), case.name)])

    assert found.days("steps") == {date(2026, 5, 1): 5541, date(2026, 5, 2): 8065}


@pytest.mark.slow
@pytest.mark.skipif(not (REAL / "pain_diaries").is_dir(), reason="the real diaries (../shared/data/real) are not here")
def test_steps_of_eighty_real_months_in_two_languages_counted_anew() -> None:
    paths = sorted((REAL / "pain_diaries").rglob("fitbit_export_*.csv"))
    rows = [row for path in paths for row in csv.reader(path.read_text("utf-8").splitlines()[2:]) if len(row) == 10]
    told = [steps for row in rows if (steps := int(row[2].replace(",", "")))]

    found = Reading("fitbit_site_csv", folder(paths[0].parent))

    assert len(found.files) == len(paths) == 80
    assert sorted(value for value in found.days("steps").values() if value) == sorted(told)


def test_a_section_that_lost_a_heading_is_refused_rather_than_read_under_the_wrong_ones() -> None:
    with pytest.raises(UnreadableExportError, match="Its section Activities has more columns than headings"):
        read(ACTIVITIES.replace("Minutes Lightly Active,Minutes Fairly Active,", "") + DAY)
