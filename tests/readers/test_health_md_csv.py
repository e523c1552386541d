"""Health.md's CSV: rows of five cells or six, each with its unit; worked out by hand."""

from datetime import date, datetime

import pytest
from one_reader import Reading, entry, folder
from places import SAMPLES


@pytest.fixture(scope="module")
def vault() -> Reading:
    return Reading("health_md_csv", folder(SAMPLES / "health_md_csv" / "vault"))


def test_each_row_has_its_unit_and_the_name_of_the_file_its_date(vault: Reading) -> None:
    assert vault.days("steps") == {date(2026, 5, 4): 12_500.0, date(2026, 5, 5): 7642.0}
    assert vault.days("distance_m") == {date(2026, 5, 4): 3218.688}  # 2 miles
    assert vault.days("spo2_mean_share") == {date(2026, 5, 4): 0.975}
    assert vault.days("walking_asymmetry_share") == {date(2026, 5, 4): 0.015}
    assert vault.days("walking_speed_mps") == {date(2026, 5, 4): pytest.approx(1.0)}


def test_stages_have_their_moments_and_a_time_in_words_is_of_the_phones_zone(vault: Reading) -> None:
    assert vault.rows("sleep_stages", "start_utc", "end_utc", "stage") == [
        (datetime(2026, 5, 3, 21, 10), datetime(2026, 5, 3, 22, 10), "deep"),
        (datetime(2026, 5, 3, 22, 10), datetime(2026, 5, 3, 23, 10), "rem"),
    ]
    assert vault.rows("samples", "start_utc", "value", metric="mood_valence") == [(datetime(2026, 5, 4, 6, 0), 0.65)]
    assert "choose sleep stages" in vault.messages["2026-05-05.csv"]


def test_a_workout_is_the_rows_behind_the_one_that_names_it(vault: Reading) -> None:
    assert vault.rows("activities", "sport", "start_utc", "end_utc", "distance_m", "active_energy_kcal") == [
        ("running", datetime(2026, 5, 4, 10), datetime(2026, 5, 4, 11), 10_000.0, 540.0),
        ("swimming", datetime(2026, 5, 4, 13), datetime(2026, 5, 4, 13, 30), None, None),
    ]


def test_what_cannot_be_read_costs_its_row(vault: Reading) -> None:
    assert vault.skipped == ["row 8", "row 14"]


def test_a_time_without_an_offset_is_of_the_person() -> None:
    text = "Date,Category,Metric,Value,Unit,Timestamp\n2026-05-04,Heart,Heart Rate Sample,60,bpm,2026-05-04T08:00:00\n"

    found = Reading("health_md_csv", [entry(text, "2026-05-04.csv")])

    assert found.rows("samples", "start_utc", "tz_assumed") == [(datetime(2026, 5, 4, 6, 0), True)]
