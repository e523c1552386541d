"""What we know of Fitbit's CSV files, and that the twins of one archive are settled into one."""

import csv
import json
from collections.abc import Callable, Iterator
from datetime import date, datetime, timedelta
from pathlib import Path

import homes
import pytest
from one_reader import BERLIN, entry, rows, skipped, summary
from places import SAMPLES

from recovery.formats.fitbit import tables
from recovery.formats.records import Batch, FileSummary, Yielded
from recovery.readers import fitbit_takeout

SAMPLE = SAMPLES / "fitbit_takeout" / "google_health"
SLEEPS = "sleep_id,minutes_asleep,minutes_to_fall_asleep,start_utc_offset,sleep_start,end_utc_offset,sleep_end"
STAGES = "sleep_id,sleep_stage_type,sleep_stage_start,sleep_stage_end,algorithm_version"
EXERCISES = "exercise_start,exercise_end,utc_offset,activity_name,tracker_total_steps,tracker_total_distance_mm"


def read(name: str, *lines: str) -> list[Yielded]:
    return list(fitbit_takeout.read([entry("\n".join(lines) + "\n", name)], BERLIN))


@pytest.mark.parametrize(
    ("name", "column", "cell", "metric", "value", "minutes"),
    [
        ("steps_2026-09-01.csv", "steps", "90", "steps", 90.0, 1),
        ("distance_2026-09-01.csv", "distance", "63.5", "distance_m", 63.5, 1),
        ("floors_2026-09-01.csv", "floors", "2", "floors", 2.0, 1),
        ("heart_rate_2026-09-01.csv", "beats per minute", "81.0", "heart_rate_bpm", 81.0, 0),
        ("oxygen_saturation_2026-09-01.csv", "oxygen saturation percentage", "95.5", "spo2_share", 0.955, 0),
        (
            "heart_rate_variability_2026-09-01.csv",
            "root mean square of successive differences milliseconds",
            "40.5",
            "hrv_rmssd_ms",
            40.5,
            0,
        ),
        ("Minute SpO2 - 2026-09-01.csv", "value", "95.5", "spo2_share", 0.955, 0),
    ],
)
def test_a_series_of_google_is_utc(name: str, column: str, cell: str, metric: str, value: float, minutes: int) -> None:
    found = read(name, f"timestamp,{column}", f"2026-09-12T08:00:00Z,{cell}")

    start = datetime(2026, 9, 12, 8)
    assert rows(found, "samples", "source", "metric", "start_utc", "end_utc", "value") == [
        ("fitbit", metric, start, start + timedelta(minutes=minutes), value)
    ]
    assert summary(found) == FileSummary(0, start)


@pytest.mark.parametrize(
    "stamp",
    ["2026-09-12T08:00:00.000Z", "2026-09-12T08:00Z", "2026-09-12 08:00:00+0000", "2026-09-12T10:00:00+02:00"],
)
def test_a_time_may_be_written_in_many_ways(stamp: str) -> None:
    found = read("steps_2026-09-01.csv", "timestamp,steps,data source", f"{stamp},5,Charge 5")

    assert rows(found, "samples", "start_utc") == [(datetime(2026, 9, 12, 8),)]


@pytest.mark.parametrize(
    ("told_source", "source"),
    [
        ("Google Fitbit Air", "fitbit"),
        ("Radiance", "fitbit"),  # a watch's code name
        ("", "fitbit"),
        ("MobileTrack", "fitbit:app"),
        ("Google Health App", "fitbit:app"),
        ("Fit Health Connect", "fitbit:fit_health_connect"),
        ("Phone Health Kit", "fitbit:phone_health_kit"),
    ],
)
def test_device_phone_and_mirrors_are_sources_of_their_own(told_source: str, source: str) -> None:
    found = read("steps_2026-09-01.csv", "timestamp,steps,data source", f"2026-09-12T08:00:00Z,5,{told_source}")

    assert rows(found, "samples", "source") == [(source,)]
    assert ("told by others" in summary(found).message) == (source != "fitbit")


def test_a_row_of_the_phone_lasts_until_its_next() -> None:
    found = read(
        "steps_2026-09-01.csv",
        "timestamp,steps,data source",
        "2026-09-12T08:00:40Z,7,MobileTrack",
        "2026-09-12T08:00:10Z,5,MobileTrack",
        "2026-09-12T08:00:00Z,90,Charge 5",
    )

    start = datetime(2026, 9, 12, 8)
    assert rows(found, "samples", "source", "start_utc", "end_utc", "value") == [
        ("fitbit", start, start + timedelta(seconds=60), 90.0),
        ("fitbit:app", start + timedelta(seconds=10), start + timedelta(seconds=40), 5.0),
        ("fitbit:app", start + timedelta(seconds=40), start + timedelta(seconds=100), 7.0),
    ]


def test_of_two_devices_in_one_minute_the_larger_count_counts() -> None:
    found = read(
        "steps_2026-09-01.csv",
        "timestamp,steps,data source",
        "2026-09-12T08:00:00Z,80,Charge 5",
        "2026-09-12T08:00:00Z,90,Google Fitbit Air",
    )

    assert rows(found, "samples", "value") == [(90.0,)]
    assert summary(found).message == "rows with the time and source of another, of which the larger counts: 1"


def test_a_cell_without_a_number_is_no_measurement_and_zero_is_one() -> None:
    stamps = [f"2026-09-12T08:0{minute}:00Z" for minute in range(3)]

    found = read("steps_2026-09-01.csv", "timestamp,steps", f"{stamps[0]},NaN", f"{stamps[1]},", f"{stamps[2]},0")

    assert rows(found, "samples", "value") == [(0.0,)]
    assert skipped(found) == []


def test_oxygen_of_exactly_50_is_left_out_and_counted() -> None:
    found = read("Minute SpO2 - 2026-09-12.csv", "timestamp,value", "2026-09-12T00:00:00Z,50.0")

    assert rows(found, "samples", "value") == []
    assert summary(found).message == "left out: 1 x 50 or less, which is no measurement"


def test_details_of_heart_rate_variability_are_local_time() -> None:
    name = "Heart Rate Variability Details - 2026-09-12.csv"

    found = read(name, "timestamp,rmssd,coverage,low_frequency,high_frequency", "2026-09-12T02:30:00,40.5,0.9,1,2")

    assert rows(found, "samples", "metric", "start_utc", "value") == [
        ("hrv_rmssd_ms", datetime(2026, 9, 12, 0, 30), 40.5)
    ]
    assert summary(found).message == "its times carry no zone and are read as local time"


def test_active_energy_may_last_as_long_as_it_says() -> None:
    found = read(
        "active_energy_burned_2026-09-01.csv",
        "start time,end time,kilocalories,data source",
        "2026-09-12T08:00:00Z,2026-09-12T08:15:00Z,9.5,Charge 5",
        "2026-09-12T08:15:00Z,2026-09-12T08:10:00Z,9.5,Charge 5",
    )

    assert rows(found, "samples", "metric", "start_utc", "end_utc", "value") == [
        ("active_energy_kcal", datetime(2026, 9, 12, 8), datetime(2026, 9, 12, 8, 15), 9.5)
    ]
    assert skipped(found) == ["row 3"]


def test_very_active_minutes_are_moderate_too_and_light_ones_are_neither() -> None:
    found = read(
        "active_minutes_2026-09-01.csv",
        "timestamp,light,moderate,very,data source",
        "2026-09-12T08:00:00Z,1,0,0,Charge 5",
        "2026-09-12T08:01:00Z,0,1,0,Charge 5",
        "2026-09-12T08:02:00Z,0,0,1,Charge 5",
    )

    one, two = datetime(2026, 9, 12, 8, 1), datetime(2026, 9, 12, 8, 2)
    assert rows(found, "samples", "metric", "start_utc", "value") == [
        ("moderate_s", one, 60.0),
        ("moderate_s", two, 60.0),
        ("vigorous_s", two, 60.0),
    ]


@pytest.mark.parametrize(
    ("name", "column", "metric", "value"),
    [
        ("daily_resting_heart_rate.csv", "beats per minute", "resting_heart_rate_bpm", 57.5),
        (
            "daily_heart_rate_variability.csv",
            "average heart rate variability milliseconds",
            "hrv_rmssd_ms",
            57.5,
        ),
        ("daily_respiratory_rate.csv", "breaths per minute", "respiration_rate", 57.5),
        ("daily_oxygen_saturation.csv", "average percentage", "spo2_mean_share", 0.575),
        ("Daily SpO2 - 2026-09-01-2026-09-30.csv", "average_value", "spo2_mean_share", 0.575),
        ("Daily Heart Rate Variability Summary - 2026-09-(11).csv", "rmssd", "hrv_rmssd_ms", 57.5),
        ("Daily Respiratory Rate Summary - 2026-09-12.csv", "daily_respiratory_rate", "respiration_rate", 57.5),
    ],
)
def test_a_value_of_a_day_has_its_date(name: str, column: str, metric: str, value: float) -> None:
    found = read(
        name,
        f"timestamp,{column},data source",
        "2026-09-12T00:00:00Z,57.5,Google Health App",
        "2026-09-13T12:00:00Z,57.5,Fitbit App",
        "2026-09-14T22:30:00Z,57.5,Charge 5",  # past midnight in Berlin
        "2026-09-15T00:00:00,57.5,",
        "2026-09-16T00:00:00Z,0,",
        "2026-09-17T00:00:00Z,NaN,",
        "2026-09-18T00:00:00Z,60,Apple Health Health Kit",
    )

    assert rows(found, "day_values", "source", "local_date", "metric", "value") == [
        ("fitbit", date(2026, 9, day), metric, value) for day in (12, 13, 15, 15)[:3]
    ]
    assert summary(found).message == "dates without a value: 2; rows left out that another app told Google: 1"


def test_a_night_tells_its_zone_and_the_newest_algorithm_counts() -> None:
    found = read(
        "UserSleeps_2026-09-01.csv",
        SLEEPS + ",data_source,algorithm_version",
        "9,400,0,+02:00,2026-09-11T21:40:00Z,+02:00,2026-09-12T05:30:00Z,CHARGE_5,sleep_session_v1",
        "9,450,0,+02:00,2026-09-11T21:30:00Z,+02:00,2026-09-12T05:30:00Z,CHARGE_5,sleep_session_v2",
        "8,55,5,-03:30,2026-09-12 15:00:00+0000,-03:30,2026-09-12 16:00:00+0000,MANUAL,",
    )

    columns = ("session_key", "start_utc", "end_utc", "asleep_min", "latency_min", "tz_assumed")
    night, noon = datetime(2026, 9, 11, 21, 30), datetime(2026, 9, 12, 15)
    assert rows(found, "sleep_sessions", *columns) == [
        ("9", night, night + timedelta(hours=8), 450.0, None, False),
        ("8", noon, noon + timedelta(hours=1), 55.0, 5.0, False),
    ]
    assert [offset for (offset,) in rows(found, "clock_offsets", "offset_s")] == [7200, 7200, -12600, -12600]
    assert summary(found).message == "rows of an older algorithm for the same night left out: 1"
    assert summary(found).exported_utc == datetime(2026, 9, 12, 16, 0, 0, 1)


def test_stages_of_a_night_belong_to_its_key() -> None:
    found = read(
        "UserSleepStages_2026-09-01.csv",
        STAGES,
        "9,AWAKE,2026-09-11T21:30:00Z,2026-09-11T21:45:00Z,v2",
        "9,LIGHT,2026-09-11T21:45:00Z,2026-09-11T23:00:00Z,v2",
        "9,LIGHT,2026-09-11T21:45:00Z,2026-09-11T23:00:00Z,v1",
        "7,ASLEEP,2026-09-12T13:00:00Z,2026-09-12T14:00:00Z,",
    )

    assert rows(found, "sleep_stages", "session_key", "stage") == [("9", "awake"), ("9", "light"), ("7", "asleep")]


def test_an_exercise_tells_its_zone_and_zero_is_not_counted() -> None:
    found = read(
        "UserExercises_2026-09-01.csv",
        EXERCISES,
        "2026-09-12T08:00:00Z,2026-09-12T08:20:00Z,+05:30,Outdoor Walk,1900,1400000",
        "2026-09-12T09:00:00Z,2026-09-12T09:20:00Z,+05:30,Bike,0,0",
    )

    assert rows(found, "activities", "start_utc", "sport", "steps", "distance_m") == [
        (datetime(2026, 9, 12, 8), "Outdoor Walk", 1900.0, 1400.0),
        (datetime(2026, 9, 12, 9), "Bike", None, None),
    ]
    assert rows(found, "clock_offsets", "offset_s") == [(19800,), (19800,)]


def test_devices_are_known_from_the_day_they_were_added_and_never_by_their_given_name() -> None:
    found = read(
        "Trackers.csv",
        "tracker_id,date_added,tracker_name,device_type",
        "1,2026-09-12,my wrist,Charge 5",
        "2,soon,my wrist,Charge 5",
    )

    assert rows(found, "devices", "source", "time_utc", "product") == [
        ("fitbit", datetime(2026, 9, 11, 22), "Charge 5")
    ]
    assert skipped(found) == ["row 3"]
    assert "my wrist" not in repr(found)


@pytest.mark.parametrize(
    ("name", "header", "good", "bad"),
    [
        ("steps_2026-09-01.csv", "timestamp,steps", "2026-09-12T08:00:00Z,5", "2026-02-30T08:00:00Z,5"),
        ("steps_2026-09-01.csv", "timestamp,steps", "2026-09-12T08:00:00Z,5", "1970-01-01T08:00:00Z,5"),
        ("steps_2026-09-01.csv", "timestamp,steps", "2026-09-12T08:00:00Z,5", "2026-09-12T08:00:00Z,-5"),
        ("steps_2026-09-01.csv", "timestamp,steps", "2026-09-12T08:00:00Z,5", "2026-09-12T08:00:00Z,five"),
        ("steps_2026-09-01.csv", "timestamp,steps", "2026-09-12T08:00:00Z,5", "2026-09-12T08:00:00Z,inf"),
        ("steps_2026-09-01.csv", "timestamp,steps", "2026-09-12T08:00:00Z,5", "2026-09-12T08:00:00Z,5,6"),
        ("steps_2026-09-01.csv", "timestamp,steps", "2026-09-12T08:00:00Z,5", ",5"),
        ("daily_respiratory_rate.csv", "timestamp,breaths per minute", "2026-09-12T00:00:00Z,5", "soon,5"),
        ("daily_respiratory_rate.csv", "timestamp,breaths per minute", "2026-09-12T00:00:00Z,5", "2026-09-13,-5"),
        (
            "UserSleeps_2026-09-01.csv",
            SLEEPS,
            "9,400,0,+02:00,2026-09-11T21:40:00Z,+02:00,2026-09-12T05:30:00Z",
            "8,400,0,+02:00,2026-09-11T21:40:00Z,+02:00,2026-09-11T05:30:00Z",
        ),
        (
            "UserSleeps_2026-09-01.csv",
            SLEEPS,
            "9,400,0,+02:00,2026-09-11T21:40:00Z,+02:00,2026-09-12T05:30:00Z",
            "8,400,0,+42:00,2026-09-11T21:40:00Z,+02:00,2026-09-12T05:30:00Z",
        ),
        (
            "UserSleepStages_2026-09-01.csv",
            STAGES,
            "9,LIGHT,2026-09-11T21:30:00Z,2026-09-11T21:45:00Z,",
            "9,DREAM,2026-09-11T21:45:00Z,2026-09-11T21:50:00Z,",
        ),
        (
            "UserSleepStages_2026-09-01.csv",
            STAGES,
            "9,LIGHT,2026-09-11T21:30:00Z,2026-09-11T21:45:00Z,",
            ",LIGHT,2026-09-11T21:45:00Z,2026-09-11T21:50:00Z,",
        ),
        (
            "UserExercises_2026-09-01.csv",
            EXERCISES,
            "2026-09-12T08:00:00Z,2026-09-12T08:20:00Z,+05:30,Walk,1900,1400000",
            "2026-09-12T08:00:00,2026-09-12T08:20:00,+05:30,Walk,1900,1400000",
        ),
    ],
)
def test_a_damaged_row_is_skipped_and_the_others_are_as_before(name: str, header: str, good: str, bad: str) -> None:
    before, after = read(name, header, good), read(name, header, good, bad)

    assert skipped(before) == []
    assert skipped(after) == ["row 3"]
    assert [item for item in before if isinstance(item, Batch)] == [item for item in after if isinstance(item, Batch)]


def test_a_table_that_breaks_off_gives_what_stands_before() -> None:
    found = read(
        "daily_respiratory_rate.csv",
        "timestamp,breaths per minute",
        "2026-09-12T00:00:00Z,14.5",
        '2026-09-13T00:00:00Z,"' + "1" * 200_000,
    )

    assert rows(found, "day_values", "value") == [(14.5,)]
    assert skipped(found) == ["after row 2"]
    assert summary(found).is_partial


def test_a_heading_told_twice_counts_where_it_stands_first() -> None:
    found = read("steps_2026-09-01.csv", "timestamp,steps,timestamp,steps", "2026-09-12T08:00:00Z,5,soon,many")

    assert rows(found, "samples", "start_utc", "value") == [(datetime(2026, 9, 12, 8), 5.0)]


def test_a_heading_without_end_is_a_file_without_entries() -> None:
    found = list(fitbit_takeout.read([entry("timestamp,steps", "steps_2026-09-01.csv")], BERLIN))

    assert summary(found).message == "holds no entries"


def test_a_file_with_a_heading_only_holds_no_entries() -> None:
    assert summary(read("steps_2026-09-01.csv", "timestamp,steps,data source")).message == "holds no entries"
    assert summary(read("daily_respiratory_rate.csv", "timestamp,breaths per minute")).message == "holds no entries"


@pytest.mark.parametrize(
    ("name", "head"),
    [
        ("steps_2026-09-01.csv", b"time,steps\n"),
        ("steps_2026-09-01.csv", b'"timestamp\n'),
        ("stepsdata.csv", b"timestamp,steps\n"),
        ("Trackers.csv", b"date,device\n"),
    ],
)
def test_a_name_alone_makes_no_fitbit_file(name: str, head: bytes) -> None:
    assert tables.reading_of(name, head) is None
    assert list(fitbit_takeout.claims([entry(head, name)])) == []


def test_a_file_of_no_data_is_known_only_where_it_lies_in_an_export() -> None:
    assert list(fitbit_takeout.claims([entry("no data", "steps_2026-09-01.csv")])) == []
    (claim,) = fitbit_takeout.claims([entry("no data", "Takeout/Fitbit/Physical Activity_GoogleData/steps.csv")])
    assert claim.not_needed == "known and not needed: it says itself that it holds no data"


# ---- a whole archive in several zips, every measurement at least twice ----------------------------------------------


@pytest.fixture(scope="module")
def archive(tmp_path_factory: pytest.TempPathFactory) -> Iterator[homes.HomeAtWork]:
    parts = {f"{part.name}.zip": part for part in sorted(SAMPLE.iterdir())}
    with homes.of_exports(tmp_path_factory.mktemp("archive") / "home", parts) as home:
        yield home


@pytest.mark.slow
def test_every_file_of_every_part_has_its_receipt(archive: homes.HomeAtWork) -> None:
    members = {path.rpartition("/")[2]: status for path, status in archive.statuses().items() if "!/" in path}

    assert len(members) == sum(path.is_file() for path in SAMPLE.rglob("*"))
    assert set(members.values()) == {"loaded", "ignored"}
    assert {name for name, status in members.items() if status == "ignored"} == {
        "live_pace_2026-10-24.csv",
        "gps_location_2026-10-24.csv",
        "weight.csv",
        "UserActivityProbabilities_2026-10-24.csv",
        "UserConversations.csv",
        "Computed Temperature - 2026-10-01.csv",
        "Glucose 202610.csv",
        "Account_Access_Events_1.csv",
    }


def test_steps_told_twice_by_the_device_and_by_phone_and_mirror_are_counted_once(archive: homes.HomeAtWork) -> None:
    assert archive.rows("select local_date, value, source from daily.steps order by local_date") == [
        (date(2026, 10, 24), 200.0, "fitbit"),  # 90 + 110; the phone told 115, its mirror 95, another tracker 88
        (date(2026, 10, 25), 16.0, "fitbit"),  # 7 before the clock went back, 9 after
    ]
    assert archive.rows("select value from daily.distance_m") == [(141.4,)]


def test_twins_end_as_one_sample(archive: homes.HomeAtWork) -> None:
    counts = dict(
        archive.rows("select metric, count(*) from stg.samples where source = 'fitbit' group by metric order by metric")
    )

    assert counts == {
        "active_energy_kcal": 1,
        "distance_m": 2,
        "floors": 1,
        "heart_rate_bpm": 2,
        "hrv_rmssd_ms": 2,
        "moderate_s": 2,
        "spo2_share": 1,
        "steps": 4,
        "vigorous_s": 1,
    }
    assert archive.rows(
        "select metric, local_date, value from stg.day_values where metric <> 'resting_heart_rate_bpm' order by metric"
    ) == [
        ("hrv_rmssd_ms", date(2026, 10, 25), 41.2),
        ("respiration_rate", date(2026, 10, 25), 14.6),
        ("spo2_mean_share", date(2026, 10, 25), 0.955),
    ]


def test_of_one_night_told_twice_the_one_with_its_zone_counts(archive: homes.HomeAtWork) -> None:
    assert archive.rows(
        "select local_date, session_key, is_main, asleep_min, light_min, deep_min, rem_min, tz_assumed"
        " from stg.nights order by in_bed_start_utc"
    ) == [
        (date(2026, 10, 25), "5530000000000000111", True, 450.0, 240.0, 120.0, 90.0, False),
        (date(2026, 10, 25), "5530000000000000112", False, 55.0, None, None, None, False),
    ]


# ---- the real export -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("pattern", "record", "metric", "column", "count", "is_told"),
    [
        ("Heart Rate Variability Details - *.csv", "samples", "hrv_rmssd_ms", "rmssd", 5008, lambda cell: True),
        ("Minute SpO2 - *.csv", "samples", "spo2_share", "value", 23_951, lambda cell: cell != "50.0"),
        ("Daily Heart Rate Variability Summary - *.csv", "day_values", "hrv_rmssd_ms", "rmssd", 58, lambda cell: True),
        (
            "Daily Respiratory Rate Summary - *.csv",
            "day_values",
            "respiration_rate",
            "daily_respiratory_rate",
            44,
            lambda cell: True,
        ),
    ],
)
def test_real_tables_are_read_to_the_last_cell(
    real: Path, pattern: str, record: str, metric: str, column: str, count: int, is_told: Callable[[str], bool]
) -> None:
    paths = sorted((real / "fitbit").rglob(pattern))
    cells = [row[column] for path in paths for row in csv.DictReader(path.read_text().splitlines())]
    files = [entry(path.read_bytes(), path.name) for path in paths]

    found = list(fitbit_takeout.read(files, BERLIN))

    values = [value for kind, value in rows(found, record, "metric", "value") if kind == metric]
    assert len(values) == count
    per_unit = 100 if metric == "spo2_share" else 1
    assert sum(values) == pytest.approx(sum(float(cell) for cell in cells if is_told(cell)) / per_unit)
    assert skipped(found) == []


@pytest.mark.parametrize(
    ("pattern", "hours_ahead"), [("Heart Rate Variability Details - *", 1), ("Minute SpO2 - *", 1)]
)
def test_real_readings_of_the_night_lie_within_the_nights(real: Path, pattern: str, hours_ahead: int) -> None:
    nights = [
        (datetime.fromisoformat(night["startTime"]), datetime.fromisoformat(night["endTime"]))
        for path in (real / "fitbit").rglob("sleep-*.json")
        for night in json.loads(path.read_text())
    ]
    files = [entry(path.read_bytes(), path.name) for path in sorted((real / "fitbit").rglob(pattern))]
    times = [time for (time,) in rows(list(fitbit_takeout.read(files, BERLIN)), "samples", "start_utc")][::5]

    def share(hours: int) -> float:
        ahead = timedelta(hours=hours)
        return sum(any(start <= time + ahead <= end for start, end in nights) for time in times) / len(times)

    assert share(hours_ahead) > 0.92  # winter in Germany
    assert share(hours_ahead) > max(share(hours_ahead - 1), share(hours_ahead + 1)) + 0.05
