"""What we know of the answers of Fitbit's Web API, with values worked out by hand, and real ones counted anew."""

import json
from datetime import date, datetime, timedelta

import pytest
from one_reader import Reading, folder, json_entry
from places import REAL, SAMPLES, SHARED

NAME = "fitbit_web_api"
CASE = SHARED / "cases" / "pain" / "fitbit_api.json"
DIARIES = REAL / "pain_diaries"
FIRST, SECOND = date(2026, 5, 1), date(2026, 5, 2)


@pytest.fixture(scope="module")
def answers() -> Reading:
    return Reading(NAME, folder(SAMPLES / NAME / "answers"))


def test_days_not_worn_have_no_value(answers: Reading) -> None:
    assert answers.days("steps") == {FIRST: 4419, SECOND: 291, date(2026, 10, 25): 170}
    assert answers.skipped == ["activities-steps 4"]
    assert answers.messages["steps.json"].startswith("left out: 1 x zeros of days that were not worn")


def test_zeros_count_where_there_are_steps_beside_them(answers: Reading) -> None:
    assert answers.days("floors") == {FIRST: 0}
    assert answers.days("sedentary_min") == {SECOND: 900}
    assert "resources whose unit is not told" in answers.messages["day.json"]


def test_values_of_the_night_and_the_heart(answers: Reading) -> None:
    assert answers.days("resting_heart_rate_bpm") == {FIRST: 58}
    assert answers.days("hrv_rmssd_ms") == {FIRST: 41.5}
    assert answers.days("respiration_rate") == {FIRST: 14.2}
    assert answers.rows("samples", "start_utc", "value", metric="heart_rate_bpm") == [
        (datetime(2026, 5, 1, 6), 71),
        (datetime(2026, 5, 1, 6, 0, 5), 72),
    ]


def test_minutes_are_of_the_day_beside_them_on_its_own_clock(answers: Reading) -> None:
    minute = timedelta(minutes=1)
    start = [
        datetime(2026, 10, 25, 0, 59),
        datetime(2026, 10, 25, 1),
        datetime(2026, 10, 25, 2),
    ]  # the hour comes twice
    assert answers.rows("samples", "start_utc", "end_utc", "value", metric="steps") == [
        (start[0], start[0] + minute, 90),
        (start[1], start[1] + minute, 80),
        (start[2], start[2] + minute, 0),
    ]


def test_nights_are_those_of_the_account_export(answers: Reading) -> None:
    assert answers.rows("sleep_sessions", "start_utc", "end_utc", "kind", "asleep_min") == [
        (datetime(2026, 4, 30, 21, 10), datetime(2026, 5, 1, 4, 40), "main", 430)
    ]
    assert answers.rows("sleep_stages", "stage") == [("light",), ("rem",)]


def test_an_answer_that_is_cut_short_and_minutes_without_their_day_are_named() -> None:
    cut = Reading(NAME, [json_entry("a.json", b'{"activities-steps": [{"dateTime": "2026')])
    lone = Reading(NAME, [json_entry("a.json", {"activities-steps-intraday": {"datasetInterval": 1, "dataset": []}})])

    assert (cut.skipped, lone.skipped) == (["file"], ["activities-steps-intraday"])


@pytest.mark.skipif(not CASE.is_file(), reason="the cases (../shared/cases) are not here")
def test_the_case() -> None:
    assert Reading(NAME, [json_entry(CASE.name, CASE.read_bytes())]).days("steps") == {FIRST: 4419, SECOND: 291}


@pytest.mark.skipif(not DIARIES.is_dir(), reason="the real diaries (../shared/data/real) are not here")
def test_days_of_real_answers_counted_anew() -> None:
    paths = sorted(DIARIES.rglob("*articipant*Fitbit.json"))
    assert len(paths) == 3
    for path in paths:
        told = json.loads(path.read_text("utf-8"))["activities-steps"]
        days = {date.fromisoformat(day["dateTime"]): float(day["value"]) for day in told if day["value"] != "0"}
        assert Reading(NAME, [json_entry(path.name, path.read_bytes())]).days("steps") == days
