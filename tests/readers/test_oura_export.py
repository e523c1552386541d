"""What we know of Oura's exports, with values worked out by hand."""

from datetime import date, datetime, timedelta
from pathlib import Path

import pytest
from one_reader import Reading, entry, folder, json_entry
from places import SAMPLES, SHARED

SAMPLES = SAMPLES / "oura_export"
SLEEP = "day;bedtime_start;bedtime_end;type;total_sleep_duration;awake_time;latency;sleep_phase_5_min;average_hrv\n"
NIGHT = "2026-05-02;2026-05-01T23:00:00+02:00;2026-05-02T06:00:00+02:00;long_sleep;23400;1800;600;;40\n"
ACTIVITY = "day;steps;non_wear_time;class_5_min;timestamp;active_calories\n"
TAGS = "id;tag_type_code;start_time;end_time;start_day;comment;custom_name\n"


def oura(text: str | bytes, name: str = "a.csv", zone: str = "Europe/Berlin") -> Reading:
    return Reading("oura_export", [entry(text, name)], zone)


def test_the_night_of_the_autumn_change_is_nine_hours_of_stages_that_add_up() -> None:
    found = Reading("oura_export", folder(SAMPLES / "account"))
    start = datetime(2026, 10, 24, 20, 30)

    ((_, end, kind, asleep, latency),) = found.rows(
        "sleep_sessions", "start_utc", "end_utc", "kind", "asleep_min", "latency_min", start_utc=start
    )
    stages = found.rows("sleep_stages", "stage", "start_utc", "end_utc", session_key="2026-10-24T20:30:00")
    minutes = {
        stage: sum((until - begin) / timedelta(minutes=1) for name, begin, until in stages if name == stage)
        for stage in ("light", "deep", "rem", "awake")
    }
    assert (end - start, kind, asleep, latency) == (timedelta(hours=9), "main", 510.0, 15.0)
    assert minutes == {"light": 330.0, "deep": 75.0, "rem": 105.0, "awake": 30.0}
    assert stages[-1][2] == end


def test_deleted_and_untyped_periods_and_rest_are_no_sleep_and_are_counted() -> None:
    deleted, rest, untyped = (NIGHT.replace("long_sleep", kind) for kind in ("deleted", "rest", ""))
    found = oura(SLEEP + NIGHT + deleted + rest + untyped)

    assert found.rows("sleep_sessions", "kind") == [("main",)]
    assert "1 x period of rest" in found.messages["a.csv"]
    assert "1 x period of sleep that was deleted" in found.messages["a.csv"]
    assert "1 x period that Oura gives no type" in found.messages["a.csv"]


@pytest.mark.parametrize("kind", ["sleep", "late_nap"])
def test_other_types_are_naps_and_tell_nothing_of_the_date(kind: str) -> None:
    found = oura(SLEEP + NIGHT.replace("long_sleep", kind))

    assert found.rows("sleep_sessions", "kind", "asleep_min") == [("nap", 390.0)]
    assert found.days("hrv_rmssd_ms") == {}


def test_a_period_without_a_minute_of_sleep_is_left_out() -> None:
    found = oura(SLEEP + NIGHT.replace("23400", "0") + NIGHT.replace("23400", ""))

    assert found.count == 0
    assert "2 x period without a minute of sleep" in found.messages["a.csv"]


def test_a_night_belongs_to_the_date_its_own_offset_shows() -> None:
    night = NIGHT.replace("+02:00", "-10:00")
    found = oura(SLEEP + night)

    assert found.days("hrv_rmssd_ms") == {date(2026, 5, 2): 40.0}
    assert found.rows("sleep_sessions", "start_utc", "tz_assumed") == [(datetime(2026, 5, 2, 9), False)]
    assert set(found.rows("clock_offsets", "offset_s")) == {(-36000,)}


def test_a_hypnogram_is_cut_where_the_period_ends() -> None:
    found = oura(SLEEP + NIGHT.replace("600;;40", "600;" + "4" + "2" * 100 + ";40"))

    assert found.rows("sleep_stages", "stage", "start_utc", "end_utc") == [
        ("awake", datetime(2026, 5, 1, 21), datetime(2026, 5, 1, 21, 5)),
        ("light", datetime(2026, 5, 1, 21, 5), datetime(2026, 5, 2, 4)),
    ]


def test_half_minutes_count_before_five_minutes() -> None:
    header = SLEEP.replace("average_hrv", "sleep_phase_30_sec")
    found = oura(header + NIGHT.replace("600;;40", "600;2222;1133"))

    assert found.rows("sleep_stages", "stage", "end_utc") == [
        ("deep", datetime(2026, 5, 1, 21, 1)),
        ("rem", datetime(2026, 5, 1, 21, 2)),
    ]


def test_readings_of_a_night_are_every_five_minutes_and_none_is_no_reading() -> None:
    found = Reading("oura_export", folder(SAMPLES / "tables"))

    assert found.rows("samples", "start_utc", "value", start_utc=datetime(2026, 3, 28, 22, 10)) == [
        (datetime(2026, 3, 28, 22, 10), 57.0)
    ]
    # two of the night, one of the day; the one of bad quality is not
    assert [value for (value,) in found.rows("samples", "value", metric="heart_rate_bpm")] == [61.0, 57.0, 56.0]


def test_no_steps_count_only_on_a_day_the_ring_was_worn() -> None:
    rows = "".join(
        f"2026-05-0{day};0;{unworn};;;5\n" for day, unworn in enumerate(("", "86400", "43201", "43200", "0"), 1)
    )
    found = oura(ACTIVITY + rows)

    assert found.days("steps") == {date(2026, 5, 4): 0.0, date(2026, 5, 5): 0.0}
    assert found.days("active_energy_kcal") == {date(2026, 5, 4): 5.0, date(2026, 5, 5): 5.0}
    assert "3 x day without steps on which the ring was not worn" in found.messages["a.csv"]


def test_the_classes_of_a_day_tell_wear_and_movement_from_four_oclock() -> None:
    found = oura(ACTIVITY + "2026-05-01;100;0;01235;2026-05-01T04:00:00+02:00;5\n")
    four = datetime(2026, 5, 1, 2)
    after = [four + timedelta(minutes=5 * step) for step in range(6)]

    assert found.rows("samples", "start_utc", "value", metric="is_worn") == list(
        zip(after[:5], [0.0, 1.0, 1.0, 1.0, 1.0], strict=True)
    )
    assert found.rows("samples", "start_utc", "end_utc", "value", metric="active_s") == [
        (after[1], after[2], 0.0),
        (after[2], after[3], 0.0),
        (after[3], after[4], 300.0),
        (after[4], after[5], 300.0),
    ]
    assert found.rows("samples", "start_utc", metric="vigorous_s") == [(after[4],)]


def test_a_massage_is_a_tag_with_its_own_time_and_length() -> None:
    found = Reading("oura_export", folder(SAMPLES / "account"))

    assert found.rows("massages", "local_date", "start_local", "start_utc", "massage_min", "technique", "note") == [
        (date(2026, 10, 24), datetime(2026, 10, 24, 17), datetime(2026, 10, 24, 15), 60.0, "massage", "back; deep"),
        (date(2026, 10, 26), datetime(2026, 10, 26, 19, 30), datetime(2026, 10, 26, 18, 30), None,
         "Fußreflexzonenmassage", None),
        (date(2026, 10, 27), None, None, None, "Physiotherapie", None),
    ]  # fmt: skip


@pytest.mark.parametrize(
    "name", ["Massage", "masaje", "massaggio sportivo", "massagem", "Thai-Massage", "fysiotherapie"]
)
def test_tags_of_massage_are_known_in_many_languages(name: str) -> None:
    found = oura(TAGS + f"1;custom;2026-05-01T18:00:00+02:00;;2026-05-01;;{name}\n")

    assert found.rows("massages", "technique") == [(name,)]


@pytest.mark.parametrize("name", ["sauna", "massage gun", "foam roller massage", "no massage", "message", ""])
def test_other_tags_are_not_loaded(name: str) -> None:
    found = oura(TAGS + f"1;custom;2026-05-01T18:00:00+02:00;;2026-05-01;no time for a massage;{name}\n")

    assert found.count == 0
    assert "1 x tag of something else than a massage" in found.messages["a.csv"]


def test_tags_do_not_vouch_for_the_days_without_one() -> None:
    found = Reading("oura_export", folder(SAMPLES / "account"))

    assert {item.log_kind for item in found.found if hasattr(item, "log_kind")} == {""}


def test_a_massage_keeps_its_place_when_rows_before_it_come_or_go() -> None:
    tag = "{};tag_generic_massage;2026-05-01T18:00:00+02:00;;2026-05-01;;\n"
    other = "7;tag_generic_sauna;2026-05-01T19:00:00+02:00;;2026-05-01;;\n"

    before, after = oura(TAGS + tag.format(1)), oura(TAGS + other + tag.format(2))
    assert before.rows("massages", "place") == after.rows("massages", "place")
    assert oura(TAGS + tag.format(1) * 2).rows("massages", "place") == [
        ("tag 2026-05-01T18:00:00+02:00",), ("tag 2026-05-01T18:00:00+02:00 (2)",)
    ]  # fmt: skip


def test_a_tag_told_in_utc_is_on_the_wall_clock_of_home() -> None:
    found = oura(TAGS + "1;tag_generic_massage;2026-05-01T22:30:00Z;2026-05-03T22:30:00Z;2026-05-01;;\n")

    assert found.rows("massages", "local_date", "start_local", "massage_min") == [
        (date(2026, 5, 2), datetime(2026, 5, 2, 0, 30), None)
    ]


def test_the_older_json_tells_minutes_and_seconds_under_other_names() -> None:
    found = Reading("oura_export", folder(SAMPLES / "json"))
    day = date(2021, 2, 10)

    assert found.rows("sleep_sessions", "start_utc", "kind", "asleep_min", "awake_min", "latency_min") == [
        (datetime(2021, 2, 10, 22, 10), None, 405.0, 45.0, 10.0)
    ]
    assert found.days("resting_heart_rate_bpm") == {date(2021, 2, 11): 51.0}
    assert found.days("steps") == {day: 5021.0}
    assert found.days("non_wear_min") == {day: 60.0}
    assert found.days("moderate_min") == {day: 35.0}
    assert found.rows("samples", "value", metric="hrv_rmssd_ms") == [(33.0,), (35.0,)]
    assert "never read: email, readiness" in found.messages["oura_2021-02.json"]


def test_oxygen_of_zero_and_an_empty_cell_are_no_measurement() -> None:
    found = Reading("oura_export", folder(SAMPLES / "account"))

    assert found.days("spo2_mean_share") == {date(2026, 10, 25): pytest.approx(0.972)}
    assert "2 x date without a value" in found.messages["dailyspo2.csv"]


def test_places_and_the_account_are_known_and_never_read() -> None:
    found = Reading("oura_export", folder(SAMPLES / "account"))

    assert "never read" in found.claims["App Data/rawlocation.csv"]
    assert "never read" in found.claims["Subscriptions/account.csv"]
    alone = Reading("oura_export", [entry("created_at;status\n2026;on\n", "Subscriptions/account.csv")])
    assert alone.claims == {}


@pytest.mark.parametrize(
    "row",
    [
        NIGHT.replace("2026-05-02T06", "2026-05-01T06"),  # ends before it starts
        NIGHT.replace("2026-05-02T06", "2026-05-09T06"),  # lasts a week
        NIGHT.replace("2026-05-01T23", "1601-01-01T23"),
        NIGHT.replace("2026-05-01T23:00:00+02:00", "0001-01-01T00:00:00+14:00"),
        NIGHT.replace("23400", "many"),
        NIGHT.replace("23400", "-5"),
        NIGHT.replace(";40\n", "\n"),
        NIGHT.replace(";40\n", ";40;41\n"),
    ],
)
def test_a_row_that_cannot_be_read_is_skipped_and_the_others_stand(row: str) -> None:
    found = oura(SLEEP + row + NIGHT)

    assert found.skipped == ["row 2"]
    assert len(found.rows("sleep_sessions", "kind")) == 1


@pytest.mark.parametrize(
    ("text", "places"),
    [
        (ACTIVITY + "soon;1;0;;;\n", ["row 2"]),
        ("day;spo2_percentage\n2026-05-01;{broken\n2026-05-02;[1]\n", ["row 2", "row 3"]),
        ("timestamp;bpm;source\n2026-05-01T00:00:00Z;fast;rest\n", ["row 2"]),
        (TAGS + "1;tag_generic_massage;soon enough today;;;;\n", ["row 2"]),
        (TAGS + "1;tag_generic_massage;;;;;\n", ["row 2"]),
        ("activity,start_datetime,end_datetime\nwalk,2026-05-01T10:00:00Z,2026-05-01T09:00:00Z\n", ["row 2"]),
        ("hardware_type;firmware_version;set_up_at\ngen3;1;never\n", ["row 2"]),
        (
            '{"sleep": [3, {"bedtime_start": "x"}, {"type": "sleep"}]}',
            ["sleep item 1", "sleep item 2", "sleep item 3"],
        ),
        ('{"sleep": [{"bedtime_start": "2026', ["file"]),
        (SLEEP.replace("average_hrv", "hrv") + NIGHT.replace(";40\n", ";" + "[" * 9000 + "\n"), ["row 2"]),
        (SLEEP.replace("average_hrv", "hrv") + NIGHT.replace(";40\n", ";{}\n"), ["row 2"]),
    ],
)
def test_what_cannot_be_read_says_where(text: str, places: list[str]) -> None:
    found = oura(text)

    assert found.skipped == places
    assert found.count == 0


def test_an_open_quotation_mark_costs_what_follows_it_and_no_more_memory() -> None:
    found = oura(SLEEP + NIGHT + NIGHT.replace("long_sleep", '"long_sleep') + NIGHT * 4000)

    assert len(found.rows("sleep_sessions", "kind")) == 1
    assert found.skipped == ["row 3"]


def test_a_file_without_rows_says_so() -> None:
    assert oura(SLEEP).messages == {"a.csv": "holds no entries"}


@pytest.mark.parametrize(
    "text",
    ["timestamp,bpm\n2026-05-01T00:00:00Z,60\n", "day,steps\n2026-05-01,5000\n", '{"sleep": [1, 2, 3]}', SLEEP.strip()],
)
def test_tables_that_only_resemble_ours_are_not_claimed(text: str) -> None:
    assert oura(text).claims == {}


@pytest.mark.slow
def test_the_real_tables_are_read_whole(real: Path) -> None:
    found = Reading("oura_export", folder(real / "oura"), "America/Chicago")

    # 280 periods: 241 long sleeps, 2 of them without sleep, 2 others, 36 without a type, 1 of rest
    assert len(found.rows("sleep_sessions", "kind", kind="main")) == 239
    assert len(found.rows("sleep_sessions", "kind", kind="nap")) == 2
    assert len(found.days("hrv_rmssd_ms")) == 238  # one date has two
    assert found.skipped == []
    # 83,613 readings, of which 12,870 are of bad quality; 20,000 more stand beside the nights
    assert len(found.rows("samples", "value", metric="heart_rate_bpm")) == 83613 - 12870 + 20000


# ---- answers of the API ----------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def answers() -> Reading:
    return Reading("oura_export", folder(SAMPLES / "api"))


def test_nights_of_an_answer_are_those_of_the_table(answers: Reading) -> None:
    assert answers.rows("sleep_sessions", "start_utc", "end_utc", "kind", "asleep_min", "awake_min") == [
        (datetime(2026, 5, 3, 21, 10), datetime(2026, 5, 4, 4, 45), "main", 410, 30),
        (datetime(2026, 5, 4, 12), datetime(2026, 5, 4, 12, 40), "nap", 40, 0),
    ]
    assert len(answers.rows("sleep_stages", "stage")) == 5
    assert sorted(answers.rows("samples", "start_utc", "value", metric="heart_rate_bpm"))[:2] == [
        (datetime(2026, 5, 3, 21, 15), 55),
        (datetime(2026, 5, 3, 21, 20), 52),
    ]
    assert "deleted" in answers.messages["sleep.json"]


def test_days_heart_rate_tags_and_workouts_of_answers(answers: Reading) -> None:
    assert answers.days("steps") == {date(2026, 5, 4): 8123}
    assert answers.days("spo2_mean_share") == {date(2026, 5, 4): 0.965}
    assert (datetime(2026, 5, 4, 10), 60) in answers.rows("samples", "start_utc", "value", metric="heart_rate_bpm")
    assert answers.rows("massages", "technique", "massage_min") == [("Thai massage", 60)]
    assert answers.rows("activities", "sport", "distance_m") == [("walking", 2500)]  # a list without the envelope


def test_scores_and_answers_without_entries_are_not_needed(answers: Reading) -> None:
    assert {path for path, reason in answers.claims.items() if reason} == {"daily_readiness.json", "tag.json"}
    assert answers.claims["tag.json"].endswith("it holds no entries")


def test_an_answer_that_is_cut_short_is_partial() -> None:
    content = b'{"data": [{"bpm": 60, "source": "awake", "timestamp": "2026-05-04T10:00:00Z"}, {"bpm": 6'

    found = Reading("oura_export", [json_entry("heartrate.json", content)])

    assert (found.skipped, found.summary.is_partial) == (["after item 1"], True)
    assert len(found.rows("samples", "value")) == 1


@pytest.mark.skipif(not (SHARED / "cases").is_dir(), reason="the cases (../shared/cases) are not here")
def test_the_case_of_an_answer() -> None:
    found = Reading("oura_export", folder(SHARED / "cases" / "formats-2" / "ouraapi"))

    assert found.rows("sleep_sessions", "asleep_min", "awake_min") == [(410, 30)]
