"""What we know of Samsung Health's personal data, with values worked out by hand."""

import json
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from one_reader import Reading, entry, folder
from places import SAMPLES

SAMPLE = SAMPLES / "samsung_health" / "export"
JSON_NAME = "b2c3d4e5-0000-0000-0000-000000000001.binning_data.json"
TREND = "com.samsung.shealth.step_daily_trend,6307003,6\nupdate_time,source_type,count,distance,day_time\n"
SLEEP = (
    "com.samsung.shealth.sleep,6307003,11\nefficiency,sleep_duration,com.samsung.health.sleep.start_time,"
    "com.samsung.health.sleep.time_offset,com.samsung.health.sleep.end_time,com.samsung.health.sleep.datauuid\n"
)
NIGHT = "90.0,400,2026-05-01 21:00:00.000,UTC+0200,2026-05-02 03:40:00.000,n1,\n"
HEART = "com.samsung.shealth.tracker.heart_rate,1,1\nstart_time,end_time,heart_rate,time_offset\n"


def millis(year: int, month: int, day: int, hour: int = 0) -> int:
    return int(datetime(year, month, day, hour, tzinfo=UTC).timestamp() * 1000)


def samsung(text: str | bytes, name: str = "a.csv", zone: str = "Europe/Berlin") -> Reading:
    return Reading("samsung_health", [entry(text, name)], zone)


def sample() -> Reading:
    return Reading("samsung_health", folder(SAMPLE))


def test_of_daily_steps_only_those_of_all_devices_count() -> None:
    found = sample()

    assert found.days("steps") == {date(2026, 10, 24): 9100.0, date(2026, 10, 26): 450.0}  # changed last
    assert "2 x row of one device" in found.messages["com.samsung.shealth.step_daily_trend.20261027080000.csv"]


def test_no_steps_of_a_date_are_no_row_but_are_counted() -> None:
    found = samsung(TREND + f"x,-2,0,0,{millis(2026, 5, 1)},\n")

    assert found.count == 0
    assert "1 x date with 0 steps" in found.messages["a.csv"]


@pytest.mark.parametrize(
    "written",
    [str(millis(2026, 5, 1)), "2026-05-01 00:00:00.000", str(millis(2026, 4, 30, 22)), "2026-04-30 22:00:00.000"],
)
def test_a_day_is_midnight_as_if_of_utc_or_midnight_of_the_own_zone(written: str) -> None:
    found = samsung(TREND + f"x,-2,500,400,{written},\n")

    assert found.days("steps") == {date(2026, 5, 1): 500.0}


def test_steps_by_minutes_are_of_each_device_for_itself() -> None:
    found = sample()
    ten = datetime(2026, 10, 24, 10)

    assert found.rows("samples", "source", "value", "end_utc", metric="steps", start_utc=ten) == [
        ("samsung_health:WatchAbc01", 80.0, ten + timedelta(minutes=1)),
        ("samsung_health:PhoneXyz02", 76.0, ten + timedelta(minutes=1)),
    ]


def test_a_bare_heading_counts_before_one_behind_a_name() -> None:
    text = "com.samsung.shealth.tracker.heart_rate,1,1\nx.heart_rate,start_time,heart_rate\n"

    assert samsung(text + "50,2026-05-01 10:00:00.000,60,\n").rows("samples", "value") == [(60.0,)]


def test_the_stages_of_a_night_add_up_to_its_duration_and_efficiency() -> None:
    found = sample()
    stages = found.rows("sleep_stages", "stage", "start_utc", "end_utc", session_key="n1")
    minutes: dict[str, float] = {}
    for stage, start, end in stages:
        minutes[stage] = minutes.get(stage, 0) + (end - start) / timedelta(minutes=1)

    assert minutes == {"awake": 48.0, "light": 210.0, "deep": 132.0, "rem": 90.0}
    assert sum(minutes.values()) == 480
    ((asleep, latency, is_in_bed),) = found.rows(
        "sleep_sessions", "asleep_min", "latency_min", "is_in_bed_recorded", session_key="n1"
    )
    assert (asleep, latency, is_in_bed) == (480 * 0.9, 15.0, False)


def test_a_row_without_a_duration_is_no_night_and_a_time_of_1970_is_none() -> None:
    found = sample()

    assert found.rows("sleep_sessions", "session_key") == [("n1",), ("n3",)]
    message = found.messages["com.samsung.shealth.sleep.20261027080000.csv"]
    assert "1 x row without a duration of sleep" in message
    assert "1 x row with a time that stands for none" in message


def test_a_night_that_a_phone_tells_has_its_length_and_no_efficiency() -> None:
    assert sample().rows("sleep_sessions", "asleep_min", "is_in_bed_recorded", session_key="n3") == [(300.0, False)]


def test_times_are_utc_and_the_offset_stands_beside() -> None:
    found = samsung(SLEEP + NIGHT)

    assert found.rows("sleep_sessions", "start_utc", "tz_assumed") == [(datetime(2026, 5, 1, 21), False)]
    assert found.rows("clock_offsets", "time_utc", "offset_s") == [(datetime(2026, 5, 1, 21), 7200)]
    assert samsung(SLEEP + NIGHT.replace("UTC+0200", "")).rows("sleep_sessions", "tz_assumed") == [(True,)]


def test_an_offset_of_half_an_hour_and_one_of_no_place_are_told_apart() -> None:
    india, nowhere = (samsung(SLEEP + NIGHT.replace("UTC+0200", zone)) for zone in ("UTC+0530", "UTC+1900"))

    assert india.rows("clock_offsets", "offset_s") == [(19800,)]
    assert nowhere.rows("clock_offsets", "offset_s") == []


def test_a_row_for_a_stretch_is_a_reading_in_its_middle_and_its_minutes_are_beside() -> None:
    rows = sample().rows("samples", "start_utc", "value", metric="heart_rate_bpm")

    assert rows == [
        (datetime(2026, 10, 24, 10, 0, 30), 92.0),
        (datetime(2026, 10, 24, 21, 5), 55.0),
        (datetime(2026, 10, 24, 21, 0), 56.0),
        (datetime(2026, 10, 24, 21, 1), 54.0),
    ]


def test_two_measures_of_variability_are_never_mixed() -> None:
    found = sample()

    assert found.rows("samples", "value", metric="hrv_rmssd_ms") == [(44.0,)]
    assert found.rows("samples", "value", metric="hrv_sdnn_ms") == [(60.5,)]


def test_oxygen_and_heart_rate_of_zero_are_no_measurement() -> None:
    found = sample()

    assert found.rows("samples", "value", metric="spo2_share") == [(pytest.approx(0.96),)]
    assert all("1 x row of 0" in found.messages[f"com.samsung.shealth.tracker.{name}.20261027080000.csv"]
               for name in ("oxygen_saturation", "heart_rate"))  # fmt: skip


def test_values_of_dates_and_activities() -> None:
    found = sample()

    assert found.days("active_energy_kcal") == {date(2026, 10, 24): 310.5}
    assert found.days("moving_min") == {date(2026, 10, 24): 90.0}
    assert found.days("floors") == {date(2026, 10, 24): 6.0, date(2026, 10, 25): 0.0}
    assert found.rows("activities", "sport", "distance_m", "active_energy_kcal") == [("walking", 2500.0, 120.5)]


def test_the_export_is_of_the_moment_in_its_name_on_the_local_clock() -> None:
    assert {item.exported_utc for item in sample().found if hasattr(item, "exported_utc")} == {
        datetime(2026, 10, 27, 7)
    }


def test_what_is_known_and_not_needed_says_why() -> None:
    reasons = {
        path.rpartition("/")[2].removeprefix("com.samsung."): why for path, why in sample().claims.items() if why
    }

    assert "the same" in reasons["shealth.sleep_combined.20261027080000.csv"]
    assert "the same" in reasons["shealth.tracker.pedometer_day_summary.20261027080000.csv"]
    assert "no fair sample" in reasons["shealth.alerted_heart_rate.20261027080000.csv"]
    assert "never read" in reasons["health.user_profile.20261027080000.csv"]
    assert "never read" in reasons["health.weight.20261027080000.csv"]
    assert "never read" in reasons["b2c3d4e5-0000-0000-0000-000000000003.location_data.json"]
    assert "not needed" in reasons["shealth.badge.20261027080000.csv"]


@pytest.mark.parametrize(
    ("text", "place"),
    [
        (SLEEP + NIGHT.replace("03:40", "33:40"), "row 3"),
        (SLEEP + NIGHT.replace("2026-05-02 03:40", "2026-05-01 20:00"), "row 3"),
        (SLEEP + NIGHT.replace("2026-05-02 03:40", "2026-05-01 21:00"), "row 3"),
        (SLEEP + NIGHT.replace("2026-05-02", "2026-06-02"), "row 3"),
        (SLEEP + NIGHT.replace("400", "long"), "row 3"),
        (SLEEP + "90.0,400\n", "row 3"),
        (SLEEP + NIGHT.replace("n1,", "n1,more"), "row 3"),
        (SLEEP + NIGHT.replace("2026-05-01 21:00:00.000", "2026-05-01T21:00:00Z"), "row 3"),
        (TREND + "x,-2,many,0,2026-05-01 00:00:00.000,\n", "row 3"),
        (HEART + "2026-05-01 10:00:00.000,2026-05-01 09:00:00.000,60,UTC+0200,\n", "row 3"),
        (HEART + "2026-05-01 10:00:00.000,,-60,UTC+0200,\n", "row 3"),
    ],
)
def test_what_cannot_be_read_says_where(text: str, place: str) -> None:
    found = samsung(text)

    assert found.skipped == [place]
    assert found.count == 0


@pytest.mark.parametrize(
    "written", ["99999999999999999999", "-1", "0", "9999-12-31 23:59:59.999", "1900-01-01 00:00:00"]
)
def test_sentinel_times_stand_for_none(written: str) -> None:
    found = samsung(HEART + f"{written},,60,UTC+0200,\n2026-05-01 10:00:00.000,,61,UTC+0200,\n")

    assert found.rows("samples", "value") == [(61.0,)]
    assert "1 x row with a time that stands for none" in found.messages["a.csv"]


def test_stages_without_length_or_night_are_counted() -> None:
    text = "com.samsung.health.sleep_stage,1,1\nstart_time,end_time,stage,sleep_id,time_offset\n"
    row = "2026-05-01 21:00:00.000,2026-05-01 21:{}:00.000,{},{},UTC+0200,\n"
    found = samsung(text + row.format("00", 40002, "n1") + row.format("10", 40002, "") + row.format("10", 7, "n1"))

    assert found.rows("sleep_stages", "stage") == [("unknown",)]
    assert "2 x stage of no length or of no night" in found.messages["a.csv"]


@pytest.mark.parametrize(
    ("written", "places"),
    [
        ('[{"start_time": 1793000000000, "heart_rate": 60', ["file"]),
        ('[{"start_time": "soon", "heart_rate": 60}, 3]', ["item 1", "item 2"]),
        ('[{"start_time": 1793000000000, "heart_rate": "fast"}]', ["item 1"]),
    ],
)
def test_json_that_cannot_be_read_says_where(written: str, places: list[str]) -> None:
    found = samsung(written, JSON_NAME)

    assert found.skipped == places
    assert found.count == 0


def test_minutes_of_many_json_files_keep_their_file() -> None:
    minute = [{"start_time": millis(2026, 5, 1), "heart_rate": 60.0, "end_time": 0}]
    names = [f"jsons/com.samsung.shealth.tracker.heart_rate/{name}/{JSON_NAME}" for name in "abc"]
    found = Reading("samsung_health", [entry(json.dumps(minute), name) for name in names])

    assert found.rows("samples", "file") == [(0,), (1,), (2,)]


@pytest.mark.parametrize("name", ["a.json", f"a/{JSON_NAME}"])
def test_json_of_others_is_not_claimed_and_unknown_one_beside_ours_is_not_read(name: str) -> None:
    claims = samsung('[{"mood": 3}]', name).claims

    assert all(why for why in claims.values())
    assert ("a.json" in claims) is False


def test_the_real_tables_are_read_whole(real: Path) -> None:
    found = Reading("samsung_health", folder(real / "samsung_health"), "America/New_York")

    # 4,088 rows of daily steps, 1,968 of them of all devices; 101 rows of sleep, 9 with a duration; 431 stages
    assert found.skipped == []
    assert sum(found.days("steps").values()) == 10_130_075
    assert len(found.days("steps")) == len(found.days("active_energy_kcal")) == 1968
    assert len(found.rows("sleep_sessions", "session_key")) == 9
    assert len(found.rows("sleep_stages", "stage")) == 431
    assert len(found.days("floors")) == 153
    assert "92 x row without a duration" in found.messages["Sleep.csv"]


def test_an_export_without_its_folder_of_minutes_says_so_and_what_to_do() -> None:
    table = (
        "com.samsung.shealth.tracker.heart_rate,1,1\nstart_time,end_time,heart_rate,time_offset,binning_data\n"
        f"2026-05-01 10:00:00.000,2026-05-01 11:00:00.000,60,UTC+0200,{JSON_NAME}\n"
        "2026-05-01 12:00:00.000,2026-05-01 12:00:00.000,61,UTC+0200,\n"
    )
    minutes = '[{"heart_rate": 60.0, "start_time": 1777629600000, "end_time": 1777629659000}]'

    alone = samsung(table)
    whole = Reading("samsung_health", [entry(table, "a.csv"), entry(minutes, JSON_NAME)])

    assert "the minutes of 1 rows lie in files of the folder jsons" in alone.messages["a.csv"]
    assert "put the whole folder in" in alone.messages["a.csv"]
    assert "jsons" not in whole.messages["a.csv"]
    assert sample().messages == {name: text for name, text in sample().messages.items() if "folder jsons" not in text}
