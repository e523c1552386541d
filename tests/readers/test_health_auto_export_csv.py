"""Health Auto Export's CSV: units in the headings, local times, buckets of days and minutes; worked out by hand."""

from datetime import date, datetime

import pytest
from one_reader import Reading, entry, folder
from places import SAMPLES

DRIVE = SAMPLES / "health_auto_export_csv" / "drive"


def read(text: str, name: str = "HealthMetrics-2026-05-04.csv") -> Reading:
    return Reading("health_auto_export_csv", [entry(text, name)])


@pytest.fixture(scope="module")
def drive() -> Reading:
    return Reading("health_auto_export_csv", folder(DRIVE))


def test_units_stand_in_the_headings_and_an_empty_cell_is_nothing(drive: Reading) -> None:
    energy = drive.days("active_energy_kcal")

    assert energy[date(2026, 5, 1)] == pytest.approx(346.606, abs=0.001)  # 1,450.2 kJ
    assert energy[date(2026, 5, 12)] == 346.6
    assert energy[date(2026, 5, 13)] == 1290.25  # 1.290,25
    assert date(2026, 5, 3) not in energy  # a number that a spreadsheet took for thousands
    assert drive.days("steps") == {date(2026, 5, 1): 8120.0, date(2026, 5, 2): 4310.0, date(2026, 5, 3): 7005.0}
    assert drive.days("spo2_mean_share") == {date(2026, 5, 1): 0.97}


def test_a_night_is_its_stages_or_plain_sleep(drive: Reading) -> None:
    assert drive.days("asleep_min") == {
        date(2026, 5, 1): pytest.approx(426.0),
        date(2026, 5, 3): pytest.approx(396.0),
        date(2026, 5, 12): 450.0,
    }
    assert drive.days("deep_min") == {date(2026, 5, 1): pytest.approx(72.0)}


def test_local_times_of_the_hour_that_comes_twice_follow_the_order_of_the_rows(drive: Reading) -> None:
    assert drive.rows("samples", "start_utc", "end_utc", "value", metric="steps") == [
        (datetime(2026, 10, 24, 23, 59), datetime(2026, 10, 25, 0, 0), 10.0),
        (datetime(2026, 10, 25, 0, 30), datetime(2026, 10, 25, 0, 31), 20.0),
        (datetime(2026, 10, 25, 1, 0), datetime(2026, 10, 25, 1, 1), 30.0),
        (datetime(2026, 10, 25, 2, 0), datetime(2026, 10, 25, 2, 1), 40.0),
    ]
    assert "choose days, or JSON" in drive.messages["HealthMetrics-2026-10-25.csv"]


def test_workouts_symptoms_and_states_of_mind(drive: Reading) -> None:
    assert drive.rows("activities", "start_utc", "steps", "distance_m", "active_energy_kcal") == [
        (datetime(2026, 5, 4, 16, 0), 2900.0, 2100.0, pytest.approx(100.0))
    ]
    assert drive.rows("samples", "value", metric="back_pain_severity") == [(3.0,)]
    assert drive.rows("samples", "value", metric="mood_valence") == [(0.25,)]
    assert drive.rows("samples", "start_utc", "value", metric="heart_rate_bpm")[-1] == (
        datetime(2026, 5, 4, 16, 0, 5),
        101.0,
    )
    # a number of a spreadsheet, a date in words, a mood without a number, a severity nobody knows, times turned round
    assert sorted(drive.skipped) == ["row 3", "row 4", "row 4", "row 5", "row 6"]


def test_a_part_of_the_day_is_not_taken_for_all_of_it(drive: Reading) -> None:
    assert "series of one workout" in drive.claims["Outdoor Walk-Active Energy-20260504_180000.csv"]
    assert "doses" in drive.claims["Medications-2026-05-01-2026-05-04.csv"]


def test_day_and_month_are_told_by_the_whole_column_or_not_at_all() -> None:
    table = "Date/Time,Step Count (count)\n{},10\n{},20\n".format

    assert read(table("05/04/2026 00:00", "05/13/2026 00:00")).days("steps") == {
        date(2026, 5, 4): 10.0,
        date(2026, 5, 13): 20.0,
    }
    assert read(table("04/05/2026 00:00", "13/05/2026 00:00")).days("steps") == {
        date(2026, 5, 4): 10.0,
        date(2026, 5, 13): 20.0,
    }
    unknown = read(table("04/05/2026 00:00", "05/05/2026 00:00"))
    assert (unknown.count, unknown.skipped) == (0, ["file"])


def test_headings_longer_than_the_head_are_read_whole() -> None:
    many = ",".join(f"Vitamin B{number} (mcg)" for number in range(400))

    reading = read(f"Date/Time,Heart Rate [Avg] (bpm),{many},Step Count (count)\n2026-05-04 00:00:00,60{',' * 401}7\n")

    assert reading.days("steps") == {date(2026, 5, 4): 7.0}


@pytest.mark.parametrize(
    "headings", ["Date,Steps", "Date/Time,Mood", "date,pain,mood", "Start,End,Sleep Quality", "Date/Time;Weight (kg)"]
)
def test_other_tables_are_not_claimed(headings: str) -> None:
    assert read(f"{headings}\n2026-05-04 00:00:00,1,2\n", "table.csv").claims == {}


def test_headings_of_other_languages_are_read_or_the_remedy_is_named() -> None:
    german = read(
        "Datum/Uhrzeit;Aktive Energie (kJ);Schrittzahl (count);Herzfrequenzvariabilität (ms)\n"
        "2026-05-04 00:00:00;418,4;8120;54,5\n"
    )
    finnish = read("Päiväys/Aika,Askeleet (count)\n2026-05-04 00:00:00,5\n", "HealthAutoExport-2026-05-04.csv")

    assert german.days("active_energy_kcal") == {date(2026, 5, 4): pytest.approx(100.0)}
    assert german.days("hrv_sdnn_ms") == {date(2026, 5, 4): 54.5}
    assert (finnish.count, finnish.skipped) == (0, ["file"])
