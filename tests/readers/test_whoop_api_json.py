"""What we know of the answers of WHOOP's API, with values worked out by hand."""

from datetime import date, datetime

import pytest
from one_reader import Reading, folder, json_entry
from places import SAMPLES, SHARED

NAME = "whoop_api_json"
CASE = SHARED / "cases" / "formats-2" / "whoopapi"
DAY = date(2026, 5, 4)


@pytest.fixture(scope="module")
def answers() -> Reading:
    return Reading(NAME, folder(SAMPLES / NAME / "answers"))


def test_asleep_is_the_sum_of_the_stages_and_not_the_time_in_bed(answers: Reading) -> None:
    assert answers.rows("sleep_sessions", "start_utc", "end_utc", "kind", "asleep_min", "awake_min") == [
        (datetime(2026, 5, 3, 21, 10), datetime(2026, 5, 4, 4, 30), "main", 420, 20),
        (datetime(2026, 5, 4, 12), datetime(2026, 5, 4, 12, 40), "nap", 30, 10),
    ]
    assert answers.days("light_min") == {DAY: 240}
    assert answers.days("respiration_rate") == {DAY: 14.8}


def test_what_has_no_score_or_no_time_is_named(answers: Reading) -> None:
    assert "1 x records without a score (pending_score)" in answers.messages["sleep.json"]
    assert answers.skipped == ["record 4"]


def test_the_recovery_of_a_morning_is_of_its_date(answers: Reading) -> None:
    found = {metric: answers.days(metric) for metric in ("resting_heart_rate_bpm", "hrv_rmssd_ms", "spo2_mean_share")}

    assert found == {"resting_heart_rate_bpm": {DAY: 52}, "hrv_rmssd_ms": {DAY: 61.5}, "spo2_mean_share": {DAY: 0.96}}


def test_massages_are_workouts_of_that_name(answers: Reading) -> None:
    assert answers.rows("massages", "local_date", "start_local", "massage_min", "technique") == [
        (DAY, datetime(2026, 5, 4, 17), 60, "massage therapy")
    ]
    assert answers.rows("activities", "sport", "distance_m") == [("walking", 2500)]
    assert "meditation, which is no movement" in answers.messages["all.json"]
    assert {offset for (offset,) in answers.rows("clock_offsets", "offset_s")} == {7200}


@pytest.mark.parametrize("content", [b'{"records": [{"score_state": "SCORED", "nap"', b'{"a": {"score_state": "SCO'])
def test_an_answer_that_is_cut_short_is_named(content: bytes) -> None:
    assert Reading(NAME, [json_entry("a.json", content)]).skipped == ["after record 0"]


@pytest.mark.skipif(not CASE.is_dir(), reason="the cases (../shared/cases) are not here")
def test_the_case() -> None:
    assert Reading(NAME, folder(CASE)).rows("sleep_sessions", "asleep_min", "awake_min") == [(420, 20)]
