"""What we know of Withings' export, with values worked out by hand."""

from datetime import date, datetime, timedelta
from pathlib import Path

import pytest
from one_reader import Reading, entry, folder
from places import SAMPLES

SAMPLE = SAMPLES / "withings_export" / "data"
RAW = "start,duration,value\n"
NIGHT = "2026-05-01T23:00:00+02:00,2026-05-02T07:00:00+02:00,18000,7200,0,1200,1,600,300\n"
ACTIVITY = "from,to,from (manual),to (manual),Timezone,Activity type,Data,GPS,Modified\n"
HEADINGS = {
    "en": "from,to,light (s),deep (s),rem (s),awake (s),wake up,Duration to sleep (s),Duration to wake up (s)\n",
    "de": 'von,bis,"leicht (s)","tief (s)","rem (s)","wach (s)",Aufwachen,"Duration to sleep (s)",'
    '"Duration to wake up (s)"\n',
    "es": "desde,hasta,ligero (s),profundo (s),rem (s),despierto (s),despertar,Duration to sleep (s),"
    "Duration to wake up (s)\n",
    "fr": "de,à,léger (s),profond (s),rem (s),éveillé (s),réveils,Duration to sleep (s),Duration to wake up (s)\n",
}


def withings(text: str | bytes, name: str, zone: str = "Europe/Berlin") -> Reading:
    return Reading("withings_export", [entry(text, name)], zone)


def sample() -> Reading:
    return Reading("withings_export", folder(SAMPLE))


def test_lists_of_a_raw_row_follow_each_other_and_repeats_count_once() -> None:
    ten = datetime(2026, 10, 25, 9)
    found = sample()

    assert found.rows("samples", "start_utc", "end_utc", "value", metric="steps") == [
        (ten, ten + timedelta(seconds=60), 80.0),
        (ten + timedelta(seconds=60), ten + timedelta(seconds=120), 0.0),
        (ten + timedelta(seconds=120), ten + timedelta(seconds=181), 12.0),
        (ten + timedelta(seconds=181), ten + timedelta(seconds=240), 40.0),
        (datetime(2026, 10, 24, 16), datetime(2026, 10, 24, 16, 1), 95.0),
    ]
    assert "2 x item that stands there twice" in found.messages["raw_tracker_steps.csv"]


def test_readings_of_zero_are_no_measurement_but_zero_steps_are() -> None:
    found = sample()

    assert found.rows("samples", "value", metric="heart_rate_bpm", source="withings") == [(72.0,), (75.0,)]
    assert found.rows("samples", "value", metric="spo2_share") == [(0.96,)]
    assert "1 x item of 0 or less" in found.messages["raw_hr_hr.csv"]


def test_the_mat_is_a_source_of_its_own() -> None:
    found = sample()

    assert found.rows("samples", "metric", "value", source="withings:bed") == [
        ("heart_rate_bpm", 55.0),
        ("respiration_rate", 14.0),
    ]


def test_rows_of_states_less_than_an_hour_apart_are_one_night_over_the_change_of_clock() -> None:
    found = sample()

    night, nap = found.rows("sleep_sessions", "session_key", "start_utc", "end_utc", asleep_min=None)
    assert night == (
        "states 2026-10-24T21:30:00", datetime(2026, 10, 24, 21, 30), datetime(2026, 10, 25, 4),
    )  # fmt: skip
    assert nap[2] - nap[1] == timedelta(minutes=30)
    stages = found.rows("sleep_stages", "stage", "start_utc", "end_utc", session_key=night[0])
    assert [stage for stage, _, _ in stages] == ["awake", "light", "deep", "rem", "light", "awake"]
    assert sum((end - start).total_seconds() for _, start, end in stages) == 1200 + 5400 + 3600 + 1800 + 10200 + 600


@pytest.mark.parametrize("language", sorted(HEADINGS))
def test_nights_are_known_in_any_language_by_the_place_of_their_columns(language: str) -> None:
    found = withings(HEADINGS[language] + NIGHT, "anything.csv")

    assert found.rows("sleep_sessions", "start_utc", "asleep_min", "awake_min", "latency_min", "after_wake_min") == [
        (datetime(2026, 5, 1, 21), 420.0, 20.0, 10.0, 5.0)
    ]
    assert found.days("deep_min") == {date(2026, 5, 2): 120.0}
    assert found.days("rem_min") == {}  # never measured
    assert found.rows("clock_offsets", "offset_s") == [(7200,)]


def test_of_two_sleeps_of_a_date_the_longer_tells_of_it() -> None:
    found = sample()

    assert found.days("light_min") == {date(2026, 10, 25): 260.0}
    assert found.days("rem_min") == {date(2026, 10, 25): 30.0}
    assert "1 x night without a minute of sleep" in found.messages["sleep.csv"]


def test_activities_have_their_amounts_and_what_a_person_corrected_counts() -> None:
    found = sample()
    ten = datetime(2026, 10, 25, 9)

    assert found.rows("activities", "start_utc", "end_utc", "sport", "steps", "distance_m", "active_energy_kcal") == [
        (ten, ten + timedelta(minutes=40), "walking", 2225.0, 1918.0, 107.0),
        (ten + timedelta(hours=6), ten + timedelta(hours=7), "multi sport", None, None, None),
    ]


def test_tracks_never_leave_the_file() -> None:
    row = "2026-05-01T10:00:00Z,2026-05-01T09:00:00Z,,,Europe/Berlin,Walking,{{}},{},x\n"
    found = withings(ACTIVITY + row.format("48.1") + row.format("48.1,11.5") + row.format("48.1,,"), "activities.csv")

    assert found.skipped == ["row 2", "row 3", "row 4"]
    assert "48.1" not in str(found.found)
    reasons = sample().claims
    assert all("never read" in reasons[name] for name in ("raw_location_latitude.csv", "raw_tracker_gps-speed (1).csv"))


def test_a_date_with_no_steps_is_no_row() -> None:
    found = sample()

    assert found.days("steps") == {date(2026, 10, 25): 9100.0, date(2026, 10, 24): 5200.0}
    assert found.days("active_energy_kcal") == {date(2026, 10, 25): 300.5}
    assert "1 x date with 0" in found.messages["aggregates_steps.csv"]


def test_weight_and_notes_are_known_only_beside_other_files_of_withings() -> None:
    reasons = sample().claims

    assert all("never read" in reasons[name] for name in ("weight.csv", "bp.csv", "note.csv", "README.txt", "pwv.csv"))
    assert withings("Date,Weight (kg)\n2026-05-01,70\n", "weight.csv").claims == {}


def test_plain_headings_are_ours_by_their_name_only() -> None:
    assert withings(RAW + "2026-05-01T10:00:00Z,[60],[1]\n", "laps.csv").claims == {}
    assert withings("date,value\n2026-05-01,5\n", "sugar.csv").claims == {}
    assert withings(RAW + "2026-05-01T10:00:00Z,[60],[1]\n", "raw_tracker_steps (2).csv").count == 1


@pytest.mark.parametrize(
    "row",
    [
        'soon,"[60]","[1]"',
        '2026-05-01T10:00:00Z,"[60,60]","[1]"',
        '2026-05-01T10:00:00Z,"[60","[1]"',
        "2026-05-01T10:00:00Z,60,1",
        '2026-05-01T10:00:00Z,"[-60]","[1]"',
        '2026-05-01T10:00:00Z,"[9999999999]","[1]"',
        '2026-05-01T10:00:00Z,"[60]","[NaN]"',
        '2026-05-01T10:00:00Z,"[60]","[null]"',
        '2026-05-01T10:00:00Z,"[60]","[[1]]"',
        '0001-01-01T00:00:00+14:00,"[60]","[1]"',
        '2026-05-01T10:00:00Z,"[60]"',
        "2026-05-01T10:00:00Z,{}1{},1".format("[" * 9000, "]" * 9000),
    ],
)
def test_a_raw_row_that_cannot_be_read_is_skipped_and_the_others_stand(row: str) -> None:
    found = withings(RAW + row + "\n2026-05-01T11:00:00Z,[60],[7]\n", "raw_tracker_steps.csv")

    assert found.skipped == ["row 2"]
    assert found.rows("samples", "value") == [(7.0,)]


@pytest.mark.parametrize(
    ("text", "name"),
    [
        (HEADINGS["en"] + NIGHT.replace("2026-05-02", "2026-05-01"), "sleep.csv"),
        (HEADINGS["en"] + NIGHT.replace("18000", "-1"), "sleep.csv"),
        (HEADINGS["en"] + NIGHT.replace("2026-05-01T23", "night"), "sleep.csv"),
        ("date,value\nsoon,5\n", "aggregates_steps.csv"),
        ("date,value\n1970-01-01,5\n", "aggregates_steps.csv"),
        ("date,value\n2026-05-01,many\n", "aggregates_steps.csv"),
        (ACTIVITY + "2026-05-01T10:00:00Z,2026-05-01T11:00:00Z,,,x,Walking,[1],,x\n", "activities.csv"),
        (ACTIVITY + '2026-05-01T10:00:00Z,2026-05-01T11:00:00Z,,,x,Walking,"{""steps"":""x""}",,x\n', "activities.csv"),
    ],
)
def test_what_cannot_be_read_says_where(text: str, name: str) -> None:
    found = withings(text, name)

    assert found.skipped == ["row 2"]
    assert found.count == 0


def test_less_than_nothing_is_left_to_the_guard_of_sizes_which_names_it() -> None:
    days = withings("date,value\n2026-05-01,-5\n2026-05-02,0\n2026-05-03,\n", "aggregates_steps.csv")
    items = withings(RAW + '2026-05-01T11:00:00Z,"[60,60]","[7,-7]"\n', "raw_tracker_steps.csv")

    assert days.rows("day_values", "value") == [(-5.0,)]
    assert "1 x date with 0; left out: 1 x date without a value" in days.messages["aggregates_steps.csv"]
    assert items.rows("samples", "value") == [(7.0,), (-7.0,)]


def test_a_time_without_an_offset_is_of_the_home_zone_and_flagged() -> None:
    found = withings(HEADINGS["en"] + NIGHT.replace("+02:00", ""), "sleep.csv")

    assert found.rows("sleep_sessions", "start_utc", "tz_assumed") == [(datetime(2026, 5, 1, 21), True)]


def test_the_real_files_are_read_whole(real: Path) -> None:
    found = Reading("withings_export", folder(real / "withings"))

    assert found.skipped == []
    assert sorted(name.rpartition("/")[2] for name, why in found.claims.items() if not why) == [
        "activities.csv", "aggregates_steps.csv", "raw_tracker_sleep-state.csv", "raw_tracker_steps.csv", "sleep.csv",
    ]  # fmt: skip
    assert len(found.claims) == 15
    # 17,059 minutes of steps, 2,575 of them twice; 89 rows of nights, one of them twice
    assert len(found.rows("samples", "value", metric="steps")) == 17059 - 2575
    assert len(set(found.rows("sleep_sessions", "session_key"))) == 88 + 88
    assert len(found.days("steps")) == 86
    totals: dict[date, float] = {}
    for start, value in found.rows("samples", "start_utc", "value", metric="steps"):
        day = (start + timedelta(hours=1)).date()
        totals[day] = totals.get(day, 0) + value
    assert sum(totals[day] == reported for day, reported in found.days("steps").items()) == 65
