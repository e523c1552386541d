"""Health.md's JSON: a day, its moments in UTC, and pain of a lossless export; worked out by hand."""

from datetime import date, datetime

import pytest
from one_reader import Reading, folder, json_entry
from places import SAMPLES

VAULT = SAMPLES / "health_md" / "vault"


@pytest.fixture(scope="module")
def vault() -> Reading:
    return Reading("health_md", folder(VAULT))


def test_numbers_of_a_day_stand_on_its_date(vault: Reading) -> None:
    assert vault.days("steps") == {date(2026, 5, 4): 8432.0, date(2026, 5, 5): 5000.0, date(2026, 5, 6): 4000.0}
    assert vault.days("distance_m") == {date(2026, 5, 4): 6100.0}
    assert vault.days("floors") == {date(2026, 5, 4): 0.0}
    assert vault.days("spo2_mean_share") == {date(2026, 5, 4): 0.97}
    assert vault.days("walking_asymmetry_share") == {date(2026, 5, 4): 0.015}


def test_moments_are_read_to_the_second_and_zero_is_no_heart_rate(vault: Reading) -> None:
    assert vault.rows("samples", "start_utc", "value", metric="heart_rate_bpm") == [
        (datetime(2026, 5, 4, 10, 0), 142.0),
        (datetime(2026, 5, 4, 0, 30), 61.0),
    ]
    assert vault.rows("samples", "start_utc", "value", metric="mood_valence") == [(datetime(2026, 5, 4, 18, 0), 0.65)]
    assert vault.rows("activities", "sport", "end_utc", "distance_m") == [
        ("running", datetime(2026, 5, 4, 11, 5), 10_000.0)
    ]


def test_pain_is_read_of_the_entries_of_a_lossless_export_and_not_of_a_count(vault: Reading) -> None:
    assert vault.rows("samples", "start_utc", "value", metric="back_pain_severity") == [
        (datetime(2026, 5, 4, 7, 0), 2.0)
    ]
    assert "2 x counts of back pain" in vault.messages["2026-05-04.json"]
    assert "1 x symptoms of the back without a severity" in vault.messages["2026-05-04.json"]


def test_a_night_is_where_its_moments_are_whichever_file_it_lies_in(vault: Reading) -> None:
    assert vault.rows("sleep_sessions", "start_utc", "end_utc", "asleep_min", "is_in_bed_recorded") == [
        (datetime(2026, 5, 3, 21, 0), datetime(2026, 5, 4, 4, 40), None, True),
        (datetime(2026, 5, 5, 21, 30), datetime(2026, 5, 6, 4, 45), 420.0, None),
    ]
    assert vault.days("deep_min") == {date(2026, 5, 6): 80.0}  # of the morning, in the file of the evening


def test_what_cannot_be_is_named_and_costs_only_itself(vault: Reading) -> None:
    assert vault.skipped == [
        "record 4",
        "workouts 3",
        "stateOfMindEntries 2",
        "sleepStages 6",
        "sleep",  # shorter than the sleep in it
        "",  # 06/05/2026, in a file without a date in its name
    ]
    assert "a summary of weeks" in vault.claims["Health/2026-W19.json"]


def test_a_day_is_known_by_two_of_its_names_where_the_mark_of_the_app_lies_far_behind() -> None:
    samples = [{"timestamp": f"2026-05-04T00:{minute:02}:00Z", "value": 60} for minute in range(60)]
    day = {
        "activity": {"steps": 5},
        "heart": {"heartRateSamples": samples, "restingHeartRate": 50},
        "date": "2026-05-04",
    }

    assert Reading("health_md", [json_entry("a.json", {**day, "schema": "healthmd.health_data"})]).claims == {
        "a.json": ""
    }
    assert Reading("health_md", [json_entry("a.json", {"schema": "healthmd.api_export", **day})]).claims == {}
    assert Reading("health_md", [json_entry("a.json", {"steps": 5, "date": "2026-05-04"})]).claims == {}


@pytest.mark.parametrize(
    ("told", "zones", "start_utc", "is_assumed"),
    [
        ("2026-05-04T08:00:00", {}, datetime(2026, 5, 4, 6), True),
        ("2026-05-04T08:00:00", {"calendar_timezone": "Asia/Tokyo"}, datetime(2026, 5, 3, 23), None),
        (
            "2026-05-04T08:00:00",
            {"calendar_timezone": "Asia/Tokyo", "timestamp_timezone": "UTC"},
            datetime(2026, 5, 4, 8),
            None,
        ),
        ("2026-05-04T08:00:00", {"calendar_timezone": "the moon"}, datetime(2026, 5, 4, 6), True),
        ("2026-05-04T08:00:00+09:00", {}, datetime(2026, 5, 3, 23), None),
    ],
)
def test_a_time_without_an_offset_is_of_the_zone_that_the_file_names(
    told: str, zones: dict[str, str], start_utc: datetime, is_assumed: bool | None
) -> None:
    found = Reading(
        "health_md",
        [
            json_entry(
                "2026-05-04.json",
                {
                    "schema": "healthmd.health_data",
                    "date": "2026-05-04",
                    "time_context": zones,
                    "heart": {"heartRateSamples": [{"timestamp": told, "value": 60}]},
                },
            )
        ],
    )

    assert found.rows("samples", "start_utc", "tz_assumed") == [(start_utc, is_assumed)]
