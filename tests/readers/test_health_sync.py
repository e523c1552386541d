"""What we know of Health Sync's tables, with values worked out by hand."""

import os
from collections.abc import Iterator
from datetime import UTC, date, datetime
from pathlib import Path

import homes
import pytest
from layers import build
from one_reader import Reading, entry, folder
from places import SAMPLES, SHARED

from recovery.errors import UnreadableExportError

DRIVE = folder(SAMPLES / "health_sync" / "drive")
CASES = SHARED / "cases" / "formats-2" / "hsync"
SAMSUNG = "health_sync:samsung_health"
STEPS = "Date,Time,Steps,Source\n"
SHEALTH = "com.sec.android.app.shealth"


@pytest.fixture(scope="module")
def drive() -> Reading:
    return Reading("health_sync", DRIVE)


def steps(*lines: str, name: str = "Steps 2026.05.04 Samsung Health.csv") -> Reading:
    return Reading("health_sync", [entry(STEPS + "".join(f"{line}\n" for line in lines), name)])


def test_the_total_at_midnight_is_the_day_and_intervals_beside_it_only_say_when(drive: Reading) -> None:
    assert drive.rows("day_values", "local_date", "value", source=SAMSUNG, metric="steps") == [(date(2026, 5, 4), 6705)]
    assert drive.rows("samples", "metric", "start_utc", "value", source=SAMSUNG, metric="active_s") == [
        ("active_s", datetime(2026, 5, 4, 4, 41), 60),
        ("active_s", datetime(2026, 5, 4, 4, 43), 60),
    ]
    assert "3 x rows beside the total" in drive.messages["Steps 2026.05.04 Samsung Health.csv"]


def test_a_true_row_at_midnight_is_an_interval() -> None:
    found = steps("2026.05.04 00:00:10,00:00:10,40,android", "2026.05.04 00:00:40,00:00:40,20,android")

    assert found.rows("samples", "metric", "start_utc", "end_utc", "value") == [
        ("steps", datetime(2026, 5, 3, 22), datetime(2026, 5, 3, 22, 1), 60)
    ]
    found = steps("2026.05.04 00:00:00,00:00:00,40,android", "2026.05.04 09:00:00,09:00:00,90,android")
    assert [value for (value,) in found.rows("samples", "value", metric="steps")] == [40, 90]
    assert found.days("steps") == {}


def test_a_lone_total_written_anew_is_the_total_of_the_day() -> None:
    assert steps(f"2026.05.04 00:00:00,00:00:00,120,{SHEALTH}").days("steps") == {date(2026, 5, 4): 120}


def test_a_total_of_nothing_yet_is_no_value_and_the_intervals_beside_it_are_no_steps() -> None:
    found = steps(f"2026.05.04 00:00:00,00:00:00,0,{SHEALTH}", "2026.05.04 00:05:00,00:05:00,20,android")

    assert found.days("steps") == {}  # the total comes later, and steps of minutes would then hide it
    assert found.rows("samples", "metric") == [("active_s",)]


@pytest.fixture
def home(tmp_path: Path) -> Iterator[homes.HomeAtWork]:
    made = homes.make(tmp_path / "home")
    yield made
    made.close()


@pytest.mark.slow
def test_of_two_contents_of_one_name_the_later_written_counts(home: homes.HomeAtWork) -> None:
    row = f"{STEPS}2026.05.04 00:00:00,00:00:00,{{}},{SHEALTH}\n"
    for hour, steps_so_far in enumerate((3000, 6705, 150, 8000), 8):  # a watch may also take some back
        file = home.drop("Steps 2026.05.04 Samsung Health.csv", row.format(steps_so_far))
        os.utime(file, (0, datetime(2026, 5, 4, hour, tzinfo=UTC).timestamp()))
        home.run()
        newest = home.rows("select value, count(*) over () from raw.day_values order by exported_utc desc limit 1")
        assert newest == [(steps_so_far, hour - 7)]


@pytest.mark.slow
def test_files_of_a_day_a_week_and_a_range_are_not_added_up_and_a_copy_comes_behind_its_vendor(
    home: homes.HomeAtWork,
) -> None:
    rows = [f"2026.05.04 0{hour}:00:07,0{hour}:00:07,100,android\n" for hour in range(6, 9)]
    home.drop("Steps 2026.05.04 Health Connect.csv", STEPS + "".join(rows[:2]))
    home.drop("Steps 19-2026 Health Connect.csv", STEPS + "".join(rows))
    home.drop("Steps 2026.04.04-2026.05.04 Health Connect.csv", STEPS + "".join(rows[1:]))
    home.drop("Steps 2026.05.05 Samsung Health.csv", f"{STEPS}2026.05.05 00:00:00,00:00:00,900,{SHEALTH}\n")
    home.run()
    build(
        home.connection,
        "stg.clock_reports",
        "stg.clock_offsets",
        "stg.source_clocks",
        "stg.timed_samples",
        "stg.unique_samples",
        "stg.overlapping_samples",
        "stg.samples",
        "stg.sources",
    )

    assert home.rows("select sum(value) from stg.samples where metric = 'steps'") == [(300,)]
    assert home.rows("select source from stg.sources order by rank") == [(SAMSUNG,), ("health_sync:phone",)]


def test_rows_of_half_hours_are_intervals_of_half_an_hour() -> None:
    found = steps("2026.05.04 09:00:00,09:00:00,600,fitbit", "2026.05.04 09:30:00,09:30:00,900,fitbit")

    assert found.rows("samples", "start_utc", "end_utc", "value") == [
        (datetime(2026, 5, 4, 7), datetime(2026, 5, 4, 7, 30), 600),
        (datetime(2026, 5, 4, 7, 30), datetime(2026, 5, 4, 8), 900),
    ]


def test_the_hour_that_the_clock_shows_twice_follows_the_order_of_rows(drive: Reading) -> None:
    assert drive.rows("samples", "start_utc", "value", source="health_sync:health_connect", metric="steps") == [
        (datetime(2026, 10, 24, 22), 43),
        (datetime(2026, 10, 25, 0, 30), 100),
        (datetime(2026, 10, 25, 0, 45), 50),
        (datetime(2026, 10, 25, 1, 30), 40),
        (datetime(2026, 10, 25, 2, 10), 20),
    ]


def test_the_night_by_its_stages_and_the_nap(drive: Reading) -> None:
    assert drive.rows("sleep_sessions", "source", "start_utc", "end_utc", "tz_assumed") == [
        (SAMSUNG, datetime(2026, 5, 3, 20, 44), datetime(2026, 5, 4, 3, 25), True),
        (SAMSUNG, datetime(2026, 5, 4, 12), datetime(2026, 5, 4, 12, 30), True),
    ]
    assert [stage for (stage,) in drive.rows("sleep_stages", "stage")] == [
        "light",
        "deep",
        "awake",
        "rem",
        "light",
        "asleep",
    ]


def test_energy_heart_rate_oxygen_and_activities(drive: Reading) -> None:
    assert drive.days("active_energy_kcal") == {date(2026, 5, 4): 412.5}  # all 0 the day before: not recorded
    assert drive.days("resting_heart_rate_bpm") == {date(2026, 5, 4): 58}
    assert drive.rows("samples", "source", "start_utc", "value", metric="heart_rate_bpm") == [
        (SAMSUNG, datetime(2026, 5, 4, 6), 67),
        (SAMSUNG, datetime(2026, 5, 4, 6, 1), 71),
    ]
    assert drive.rows("samples", "value", metric="spo2_share") == [(0.95,)]
    assert drive.rows("activities", "source", "start_utc", "sport", "steps", "distance_m", "active_energy_kcal") == [
        ("health_sync:garmin", datetime(2026, 6, 2, 16), "walking", 3100, 2500, 130),
        ("health_sync:garmin", datetime(2026, 6, 3, 16), "strength_training", None, None, 210),
    ]


def test_miles_and_kilojoules_become_metres_and_kilocalories() -> None:
    heading = "Source app,Activity type,Activity name,Date,Time,Elapsed time,Distance (miles),Calories (kJ),Steps\n"
    row = "com.fitbit.FitbitMobile,Run,null,2026.06.02 18:00:00,18:00:00,600,1,418.4,1700\n"

    found = Reading("health_sync", [entry(heading + row, "Activities.csv")])

    ((distance_m, kcal),) = found.rows("activities", "distance_m", "active_energy_kcal")
    assert (distance_m, kcal) == (1609.344, pytest.approx(100))


def test_what_is_not_needed_and_what_is_not_the_apps(drive: Reading) -> None:
    assert [path for path, reason in drive.claims.items() if reason] == [
        "Health Sync Weight/Weight 2026.05.04 Samsung Health.csv"
    ]
    assert Reading("health_sync", [entry("date,time,steps\n2026-05-04,09:00,40\n", "my.csv")]).claims == {}


def test_a_file_that_a_spreadsheet_saved_again_is_read_or_says_what_to_do() -> None:
    heading = "Date;Time;Active calories;Resting calories;Total calories\n"
    row = "13.05.2026 00:00;00:00:00;412,5;1500;1912,5\n"
    open_order = row.replace("13.05.", "04/05/")

    found = Reading("health_sync", [entry(heading + row, "a.csv")])

    assert found.days("active_energy_kcal") == {date(2026, 5, 13): 412.5}
    with pytest.raises(UnreadableExportError, match="day or the month"):
        Reading("health_sync", [entry(heading + open_order, "a.csv")])


def test_the_last_moment_of_the_file_says_how_far_it_is_complete(drive: Reading) -> None:
    found = steps("2026.05.04 00:00:00,00:00:00,900,fitbit", "2026.05.04 11:40:00,11:40:00,90,android")

    assert found.summary.exported_utc == datetime(2026, 5, 4, 9, 40)


@pytest.mark.skipif(not CASES.is_dir(), reason="the cases (../shared/cases) are not here")
def test_the_case_of_two_folders() -> None:
    found = Reading("health_sync", folder(CASES))

    assert found.days("steps") == {date(2026, 5, 4): 6705}
    assert found.rows("samples", "start_utc", "value", metric="heart_rate_bpm") == [(datetime(2026, 5, 4, 6), 67)]
