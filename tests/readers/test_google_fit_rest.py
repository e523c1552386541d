"""What we know of the answers of Google Fit's REST API, by hand, and real ones counted anew."""

import json
from datetime import date, datetime

import pytest
from one_reader import Reading, folder, json_entry
from places import REAL, SAMPLES, SHARED

NAME = "google_fit_rest"
CASE = SHARED / "cases" / "pain" / "google_fit_api.json"
DIARIES = REAL / "pain_diaries"
BUCKET = {"startTimeMillis": "1777647600000", "endTimeMillis": "1777734000000"}  # from 2026-05-01T15:00Z
STEPS = {"dataSourceId": "derived:com.google.step_count.delta:x:y", "point": [{"value": [{"intVal": 7}]}]}


@pytest.fixture(scope="module")
def answers() -> Reading:
    return Reading(NAME, folder(SAMPLES / NAME / "answers"))


def test_the_bucket_of_a_day_is_its_total_and_an_empty_one_is_no_zero(answers: Reading) -> None:
    assert answers.days("steps") == {date(2026, 5, 1): 4419, date(2026, 5, 3): 291}
    assert answers.days("moving_min") == {date(2026, 5, 1): 35}
    assert "1 x times without data, which are not zero" in answers.messages["days.json"]
    assert "1 x times that are neither a day from midnight" in answers.messages["days.json"]
    assert answers.skipped == ["bucket 5"]


def test_the_bucket_of_an_hour_is_an_interval(answers: Reading) -> None:
    assert answers.rows("samples", "metric", "start_utc", "end_utc", "value") == [
        ("steps", datetime(2026, 5, 1, 8), datetime(2026, 5, 1, 9), 900),
        ("distance_m", datetime(2026, 5, 1, 8), datetime(2026, 5, 1, 9), 640.5),
    ]


@pytest.mark.parametrize("zone", ["Asia/Tokyo", "Europe/Berlin", "America/Los_Angeles", "UTC"])
def test_the_date_is_that_of_the_midnight_at_which_the_day_begins(zone: str) -> None:
    content = {"bucket": [{**BUCKET, "dataset": [STEPS]}]}  # midnight at UTC+9, which is nowhere in the west

    assert Reading(NAME, [json_entry("a.json", content)], zone).days("steps") == {date(2026, 5, 2): 7}


def test_an_answer_that_is_cut_short_is_partial() -> None:
    content = json.dumps({"bucket": [{**BUCKET, "dataset": [STEPS]}]})[:-2] + ', {"startTimeMillis": "17'

    found = Reading(NAME, [json_entry("a.json", content.encode())])

    assert (found.skipped, found.summary.is_partial) == (["after bucket 1"], True)


@pytest.mark.skipif(not CASE.is_file(), reason="the cases (../shared/cases) are not here")
def test_the_case() -> None:
    assert Reading(NAME, [json_entry(CASE.name, CASE.read_bytes())]).days("steps") == {date(2026, 5, 1): 4419}


@pytest.mark.skipif(not DIARIES.is_dir(), reason="the real diaries (../shared/data/real) are not here")
def test_days_of_real_answers_counted_anew() -> None:
    paths = sorted(DIARIES.rglob("GoogleFitParticipant*.json"))
    assert len(paths) == 3
    for path in paths:
        told = [
            point["value"][0]["intVal"]
            for bucket in json.loads(path.read_text("utf-8"))["bucket"]
            for point in bucket["dataset"][0]["point"]
        ]
        found = Reading(NAME, [json_entry(path.name, path.read_bytes())], "Asia/Tokyo").days("steps")
        assert list(found.values()) == told
