"""What we know of Garmin Connect's own JSON, with values worked out by hand, and real answers counted anew."""

import json
from collections.abc import Iterator
from datetime import date, datetime, timedelta
from typing import Any

import pytest
from one_reader import Reading, folder, json_entry
from places import REAL, SAMPLES, SHARED

NAME = "garmin_connect_json"
ANSWERS = REAL / "garmin_connect_api"
CASES = SHARED / "cases" / "formats-2"
DAY = date(2026, 5, 4)


def utc(*parts: int) -> datetime:
    return datetime(*parts)


@pytest.fixture(scope="module")
def archive() -> Reading:
    return Reading(NAME, folder(SAMPLES / NAME / "archive"))


def test_the_values_of_a_day_in_our_units(archive: Reading) -> None:
    found = {
        metric: value
        for local_date, metric, value in archive.rows("day_values", "local_date", "metric", "value")
        if local_date == DAY
    }

    assert found == {
        "steps": 8459,
        "distance_m": 6471,
        "active_energy_kcal": 399,
        "floors": 2,
        "sedentary_min": 889.75,
        "moderate_min": 15,
        "vigorous_min": 3,
        "resting_heart_rate_bpm": 49,
        "stress_mean": 24,
        "light_min": 230,
        "deep_min": 80,
        "rem_min": 90,
        "respiration_rate": 14,
        "spo2_mean_share": 0.94,
        "hrv_rmssd_ms": 41,
    }


def test_a_day_without_wellness_data_is_none_and_one_that_is_not_over_says_how_far_it_goes(archive: Reading) -> None:
    assert archive.days("steps") == {date(2026, 4, 1): 12413, DAY: 8459, date(2026, 5, 5): 2100}
    assert date(2026, 5, 5) not in archive.days("stress_mean")  # -2
    assert archive.messages["summaries.json"] == "dates without wellness data, which are not zero: 1"
    assert archive.skipped == ["entry 4"]
    today = Reading(NAME, [json_entry("a.json", {**TODAY, "lastSyncTimestampGMT": "2026-05-04T09:10:00.0"})])
    assert today.summary.exported_utc == utc(2026, 5, 4, 8)
    early = Reading(NAME, [json_entry("a.json", {**TODAY, "lastSyncTimestampGMT": "2026-05-04T07:10:00.0"})])
    assert early.summary.exported_utc == utc(2026, 5, 4, 7, 10)


TODAY = {
    "calendarDate": "2026-05-04",
    "includesWellnessData": True,
    "totalSteps": 900,
    "wellnessStartTimeGmt": "2026-05-03T22:00:00.0",
    "durationInMilliseconds": 36_000_000,
}


def test_nights_and_naps_and_what_is_left_out(archive: Reading) -> None:
    assert archive.rows("sleep_sessions", "start_utc", "end_utc", "kind", "asleep_min", "awake_min") == [
        (utc(2026, 5, 4, 12), utc(2026, 5, 4, 12, 40), "nap", 40, None),
        (utc(2026, 5, 3, 21, 10), utc(2026, 5, 4, 4, 10), None, 400, 20),
        (utc(2026, 5, 4, 21, 10), utc(2026, 5, 5, 4, 10), None, 400, 20),
        (utc(2026, 5, 5, 21), utc(2026, 5, 6, 4), None, 360, 60),
    ]
    assert archive.messages["sleep_2026-05-07.json"] == "nights left out, which Garmin did not confirm (unconfirmed): 1"
    assert archive.messages["sleep_2026-05-08.json"] == "dates without a night: 1"


def test_the_codes_of_stages_and_a_course_that_is_not_whole(archive: Reading) -> None:
    stages = archive.rows("sleep_stages", "start_utc", "stage")

    assert [stage for start, stage in stages if start < utc(2026, 5, 4, 12)] == ["deep", "light", "awake", "rem"]
    assert [stage for start, stage in stages if start > utc(2026, 5, 5, 12)] == ["deep", "light", "awake", "awake"]
    assert not [start for start, _ in stages if utc(2026, 5, 4, 12) < start < utc(2026, 5, 5, 12)]
    assert "not whole" in archive.messages["sleep_2026-05-05.json"]


def test_series_of_a_day_by_their_descriptors(archive: Reading) -> None:
    heart = archive.rows("samples", "start_utc", "value", metric="heart_rate_bpm")
    assert heart == [
        (utc(2026, 5, 3, 21, 10), 52),
        (utc(2026, 5, 7, 22), 63),
        (utc(2026, 5, 7, 22, 4), 60),
    ]
    assert archive.rows("samples", "start_utc", "value", metric="stress") == [(utc(2026, 5, 7, 22, 3), 25)]
    assert archive.rows("samples", "start_utc", "end_utc", "value", metric="steps") == [
        (utc(2026, 5, 8, 6), utc(2026, 5, 8, 6, 15), 312),
        (utc(2026, 5, 8, 6, 15), utc(2026, 5, 8, 6, 30), 0),
    ]
    assert "could not be scored: 2" in archive.messages["garmin_raw_2026-05-08.json"]
    assert "not recorded: 1" in archive.messages["garmin_raw_2026-05-08.json"]


def test_the_vendors_mean_of_a_night_counts_and_its_readings_only_without(archive: Reading) -> None:
    assert archive.days("hrv_rmssd_ms") == {date(2026, 4, 1): 45, DAY: 41}
    assert archive.rows("samples", "start_utc", "value", metric="hrv_rmssd_ms") == [(utc(2026, 5, 8, 0, 29, 48), 54)]


def test_offsets_are_places_and_no_others(archive: Reading) -> None:
    assert {offset for (offset,) in archive.rows("clock_offsets", "offset_s")} == {7200}  # not the 16 h of China


def test_activities_and_what_is_not_needed(archive: Reading) -> None:
    assert archive.rows("activities", "start_utc", "end_utc", "sport", "steps", "distance_m") == [
        (utc(2026, 4, 1, 16), utc(2026, 4, 1, 16, 31), "walking", 3100, 2500)
    ]
    assert [path for path, reason in archive.claims.items() if reason] == ["days/hydration_2026-04-01.json"]


def test_the_account_export_has_a_reader_of_its_own() -> None:
    days = json_entry("UDSFile_2026.json", [TODAY])
    nights = json_entry("DI_CONNECT/DI-Connect-Wellness/2026_sleepData.json", [{"dailySleepDTO": {}}])

    assert Reading(NAME, [days, nights]).claims == {}


def test_a_list_of_nights_is_claimed_by_one_reader_whatever_its_name() -> None:
    nights = [json_entry("sleepData.json", [{"dailySleepDTO": {"sleepStartTimestampGMT": None}}])]

    assert (Reading(NAME, nights).claims, Reading("garmin_account", nights).claims) == ({"sleepData.json": ""}, {})


@pytest.mark.parametrize("content", [b'{"dailySleepDTO": {"calendarDate": "2026-05', b'[{"hrvSummaries": []}, {"a'])
def test_json_that_is_cut_short_is_named(content: bytes) -> None:
    found = Reading(NAME, [json_entry("a.json", content)])

    assert len(found.skipped) == 1
    assert found.summary.is_partial == content.startswith(b"[")


@pytest.mark.skipif(not CASES.is_dir(), reason="the cases (../shared/cases) are not here")
def test_the_cases_of_two_programs() -> None:
    garmindb, data = (Reading(NAME, folder(CASES / name)) for name in ("garmindb", "ghd"))

    assert garmindb.days("steps") == {DAY: 8459}
    assert garmindb.days("resting_heart_rate_bpm") == {DAY: 49}
    for found in (garmindb, data):
        assert found.rows("sleep_sessions", "start_utc", "end_utc", "asleep_min", "awake_min") == [
            (utc(2026, 5, 3, 21, 10), utc(2026, 5, 4, 4, 30), 420, 20)
        ]
        assert found.rows("sleep_stages", "stage") == []  # 160 of 420 minutes


# ---- real answers, counted anew with nothing but json ----------------------------------------------------------------

real = pytest.mark.skipif(not ANSWERS.is_dir(), reason="the real answers (../shared/data/real) are not here")


@pytest.fixture(scope="module")
def answers() -> list[Any]:
    return [json.loads(path.read_text("utf-8")) for path in sorted(ANSWERS.rglob("*.json"))]


@pytest.fixture(scope="module")
def counted() -> Reading:
    return Reading(NAME, folder(ANSWERS))


def objects(answers: list[Any], *keys: str) -> Iterator[Any]:
    """All objects at the top of an answer, or in its list, that have all of some keys."""
    for answer in answers:
        for item in answer if isinstance(answer, list) else [answer]:
            if all(key in item for key in keys):
                yield item


@real
def test_every_real_answer_is_read_whole(counted: Reading, answers: list[Any]) -> None:
    assert len(counted.files) == len(answers) == 32
    assert counted.skipped == []


@real
def test_nights_of_real_answers(counted: Reading, answers: list[Any]) -> None:
    nights = {
        (epoch(night["sleepStartTimestampGMT"]), epoch(night["sleepEndTimestampGMT"]), night["sleepTimeSeconds"] / 60)
        for item in objects(answers, "dailySleepDTO")
        if (night := item["dailySleepDTO"])["sleepStartTimestampGMT"]
    }

    assert set(counted.rows("sleep_sessions", "start_utc", "end_utc", "asleep_min")) == nights
    assert len(nights) == 21


@real
def test_series_of_real_answers(counted: Reading, answers: list[Any]) -> None:
    heart = {
        (epoch(ms), bpm) for item in objects(answers, "heartRateValues") for ms, bpm in item["heartRateValues"] if bpm
    }
    stress = {
        (epoch(ms), level)
        for item in objects(answers, "stressValuesArray")
        for ms, level in item["stressValuesArray"]
        if level >= 0
    }

    assert set(counted.rows("samples", "start_utc", "value", metric="heart_rate_bpm")) == heart
    assert set(counted.rows("samples", "start_utc", "value", metric="stress")) == stress
    assert (len(heart), len(stress)) == (707, 230)
    assert counted.rows("samples", "value", metric="hrv_rmssd_ms") == []  # the vendor's mean is there


@real
@pytest.mark.parametrize(
    ("metric", "keys", "of"),
    [
        ("steps", ("calendarDate", "totalSteps"), lambda day: day["totalSteps"]),
        ("active_energy_kcal", ("activeKilocalories",), lambda day: day["activeKilocalories"]),
        ("floors", ("floorsAscended",), lambda day: day["floorsAscended"]),
        ("sedentary_min", ("sedentarySeconds",), lambda day: day["sedentarySeconds"] / 60),
    ],
)
def test_days_of_real_answers(counted: Reading, answers: list[Any], metric: str, keys: Any, of: Any) -> None:
    days = {date.fromisoformat(day["calendarDate"]): of(day) for day in objects(answers, *keys)}

    assert counted.days(metric) == pytest.approx(days, rel=1e-4)  # floors are metres of 10 ft


@real
def test_stress_variability_and_resting_heart_rate_of_real_answers(counted: Reading, answers: list[Any]) -> None:
    stress = {
        day["calendarDate"]: level
        for day in objects(answers, "calendarDate")
        for level in (day.get("values", day).get(name) for name in LEVELS)
        if level is not None
    }
    variability = {
        day["calendarDate"]: day["lastNightAvg"]
        for item in (*objects(answers, "hrvSummaries"), *objects(answers, "hrvSummary"))
        for day in item.get("hrvSummaries") or [item["hrvSummary"]]
    }
    resting = {
        (item.get("dailySleepDTO") or item)["calendarDate"]: item["restingHeartRate"]
        for item in objects(answers, "restingHeartRate")
    }

    assert iso(counted.days("stress_mean")) == stress
    assert iso(counted.days("hrv_rmssd_ms")) == variability
    assert iso(counted.days("resting_heart_rate_bpm")) == resting


LEVELS = ("averageStressLevel", "avgStressLevel", "overallStressLevel")


def iso(days: dict[date, float]) -> dict[str, float]:
    return {day.isoformat(): value for day, value in days.items()}


def epoch(milliseconds: int) -> datetime:
    return datetime(1970, 1, 1) + timedelta(milliseconds=milliseconds)
