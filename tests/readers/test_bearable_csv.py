"""What we know of Bearable's export, with values worked out by hand."""

from datetime import date, datetime

import pytest
from one_reader import Reading, entry, folder
from places import SAMPLES, SHARED

NAME = "bearable_csv"
CASE = SHARED / "cases" / "formats-2" / "bearable"
HEADER = "date,date formatted,weekday,time of day,category,rating/amount,detail,notes\n"


@pytest.fixture(scope="module")
def export() -> Reading:
    return Reading(NAME, folder(SAMPLES / NAME / "export"))


def rated(*rows: str, name: str = "bearable.csv") -> Reading:
    return Reading(NAME, [entry(HEADER + "".join(f"4th May 2026,2026-05-04,Monday,{row},\n" for row in rows), name)])


def test_the_lower_back_is_followed_where_it_is_rated_apart(export: Reading) -> None:
    assert export.rows("samples", "metric", "start_utc", "value") == [
        ("back_pain_severity", datetime(2026, 5, 4, 7), 2),
        ("back_pain_severity", datetime(2026, 5, 4, 16), 1),
        ("back_pain_severity", datetime(2026, 5, 5, 7, 30), 0),
    ]
    assert "1 x pain of the back that is not of the lower back" in export.summary.message
    assert "1 x symptoms other than pain of the back" in export.summary.message


def test_the_highest_of_one_time_of_day_counts() -> None:
    found = rated("am,Symptom,1,Back pain (Mild)", "am,Symptom,3,Back pain (Severe)")

    assert found.rows("samples", "value") == [(3,)]


def test_words_of_other_languages_and_dates_without_their_iso_form() -> None:
    older = Reading(NAME, folder(SAMPLES / NAME / "older"))

    assert older.rows("samples", "start_utc", "value") == [
        (datetime(2021, 12, 8, 12), 3),
        (datetime(2022, 1, 5, 5), 1),
    ]
    assert older.days("mood") == {date(2021, 12, 8): 4}
    assert "read as 1 to 5" in older.summary.message


def test_moods_above_five_are_of_ten_and_the_mean_of_a_date_counts(export: Reading) -> None:
    assert export.days("mood") == {date(2026, 5, 4): pytest.approx((1 + 6 / 9 * 4 + 1) / 2)}
    assert "read as 1 to 10" in export.summary.message
    assert rated("am,Mood,70,").days("mood") == {}


def test_a_factor_that_names_a_massage_is_one_unless_a_device_gave_it_or_its_amount_is_none(export: Reading) -> None:
    assert export.rows("massages", "local_date", "start_local", "technique", "status", "massage_min") == [
        (date(2026, 5, 4), None, "Massage", "attended", None),
        (date(2026, 5, 5), datetime(2026, 5, 5, 22, 15), "Massage", "attended", None),
    ]
    assert export.summary.log_kind == ""  # days without a factor are not told


def test_rows_off_the_scale_and_without_a_date_are_named_and_not_shown(export: Reading) -> None:
    assert export.skipped == ["row 15", "row 16"]
    assert not any(getattr(item, "value", "") for item in export.found if getattr(item, "place", ""))


def test_the_day_in_the_name_is_that_of_the_export(export: Reading) -> None:
    assert export.summary.exported_utc == datetime(2026, 5, 8, 22)
    assert rated("am,Mood,3,", name="bearable-export-31-31-2026.csv").summary.exported_utc == datetime(2026, 5, 4, 22)


@pytest.mark.skipif(not CASE.is_dir(), reason="the cases (../shared/cases) are not here")
def test_the_case() -> None:
    found = Reading(NAME, folder(CASE))

    assert [value for (value,) in found.rows("samples", "value", metric="back_pain_severity")] == [2, 1]
    assert found.rows("massages", "local_date", "technique") == [(date(2026, 5, 4), "Massage")]
    assert found.days("mood") == {date(2026, 5, 4): pytest.approx(1 + 6 / 9 * 4)}
