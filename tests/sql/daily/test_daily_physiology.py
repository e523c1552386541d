"""The metrics of the body, of gait and of the diary, each worked out by hand."""

import pytest
from layers import add, day, metric, night, ranks, report_days

NIGHTLY = {
    "hrv_rmssd_ms": "hrv_rmssd_ms",
    "hrv_sdnn_ms": "hrv_sdnn_ms",
    "respiration_rate": "respiration_rate",
    "spo2_mean_share": "spo2_share",
}
GAIT = ("walking_speed_mps", "walking_asymmetry_share", "double_support_share")
DIARY = (
    "pain",
    "pain_morning",
    "pain_afternoon",
    "medication_doses",
    "bed_rest_hours",
    "doctor_visits",
    "mood",
    "could_do_daily_activities",
)


def readings(layers, name: str, *rows: tuple[str, str, float], offset_min: int = 0) -> None:
    """Readings at an instant: source, UTC, value."""
    add(
        layers,
        "stg.samples",
        [{"source": source, "start_utc": at, "end_utc": at, "value": value} for source, at, value in rows],
        metric=name,
    )
    add(
        layers,
        "stg.clock_offsets",
        [{"start_utc": "2000-01-01", "end_utc": "2100-01-01", "offset_min": offset_min, "tz_assumed": False}],
    )
    ranks(layers, *sorted({source for source, _, _ in rows}))


@pytest.mark.parametrize(("name", "sample"), NIGHTLY.items())
def test_readings_of_the_main_sleep_count_and_without_them_those_of_the_date(layers, name, sample):
    night(layers, "2024-05-02", "2024-05-01 23:00", "2024-05-02 07:00")
    readings(
        layers,
        sample,
        ("watch", "2024-05-01 23:30", 10),
        ("watch", "2024-05-02 07:00", 13),
        ("watch", "2024-05-02 15:00", 90),
        ("watch", "2024-05-03 15:00", 20),
        ("watch", "2024-05-03 16:00", 21.25),
    )

    rows = metric(layers, name, "value, source, resolution")

    assert rows == {"2024-05-02": (11.5, "watch", "interval"), "2024-05-03": (20.625, "watch", "interval")}


@pytest.mark.parametrize("name", ["resting_heart_rate_bpm", *NIGHTLY, *GAIT])
def test_of_two_devices_one_counts_and_a_reported_day_fills_in(layers, name):
    readings(
        layers,
        NIGHTLY.get(name, name),
        ("band", "2024-05-01 08:00", 1),
        ("watch", "2024-05-01 08:00", 2),
        ("watch", "2024-05-01 09:00", 2),
        ("band", "2024-05-02 08:00", 3),
        ("watch", "2024-05-02 08:00", 4),
    )
    report_days(layers, name, ("watch", "2024-05-01", 8), ("watch", "2024-05-03", 9))

    rows = metric(layers, name, "value, source, resolution")

    assert rows == {
        "2024-05-01": (8, "watch", "day") if name in NIGHTLY else (2, "watch", "interval"),
        "2024-05-02": (3, "band", "interval"),
        "2024-05-03": (9, "watch", "day"),
    }


@pytest.mark.parametrize("name", NIGHTLY)
def test_what_a_source_gives_of_its_own_night_counts_before_the_mean_of_its_readings(layers, name):
    night(layers, "2024-05-01", "2024-04-30 23:00", "2024-05-01 07:00")
    night(layers, "2024-05-02", "2024-05-01 23:00", "2024-05-02 07:00")
    readings(layers, NIGHTLY[name], ("watch", "2024-05-01 01:00", 2), ("watch", "2024-05-02 01:00", 3))
    report_days(layers, name, ("watch", "2024-05-01", 8), ("band", "2024-05-02", 9))

    assert metric(layers, name, "value, source") == {"2024-05-01": (8, "watch"), "2024-05-02": (3, "watch")}


@pytest.mark.parametrize("name", ["resting_heart_rate_bpm", *NIGHTLY, *GAIT])
def test_the_priority_of_the_settings_goes_first(layers, name):
    readings(
        layers,
        NIGHTLY.get(name, name),
        ("band", "2024-05-01 08:00", 1),
        ("watch", "2024-05-01 08:00", 2),
        ("watch", "2024-05-01 09:00", 2),
    )
    layers.execute("update stg.sources set rank = 1 where source = 'band'")

    assert metric(layers, name) == {"2024-05-01": 1}


def test_a_resting_heart_rate_at_midnight_closes_the_day_in_which_it_was_told_before(layers):
    night(layers, "2024-05-02", "2024-05-01 23:00", "2024-05-02 07:00")
    readings(
        layers,
        "resting_heart_rate_bpm",
        ("watch", "2024-05-01 09:00", 60),
        ("watch", "2024-05-01 23:50", 58),  # asleep, and still a value of this day
        ("watch", "2024-05-02 00:00", 57),
        ("watch", "2024-05-02 09:00", 61),
        ("watch", "2024-05-03 00:00", 56),
        ("watch", "2024-05-04 00:00", 55),  # nothing in the day before: of a source that tells days at their midnight
    )

    assert metric(layers, "resting_heart_rate_bpm") == {"2024-05-01": 57, "2024-05-02": 56, "2024-05-04": 55}


def test_of_a_days_resting_heart_rates_the_last_counts(layers):
    readings(
        layers,
        "resting_heart_rate_bpm",
        ("watch", "2024-05-01 21:59", 55),
        ("watch", "2024-05-01 08:00", 60),
        ("watch", "2024-05-01 22:01", 57),
        offset_min=120,
    )

    assert metric(layers, "resting_heart_rate_bpm") == {"2024-05-01": 55, "2024-05-02": 57}


@pytest.mark.parametrize("name", GAIT)
def test_gait_is_the_mean_of_the_days_readings(layers, name):
    readings(
        layers, name, ("phone", "2024-05-01 08:00", 0.5), ("phone", "2024-05-01 23:59", 1), ("phone", "2024-05-02", 0)
    )

    assert metric(layers, name) == {"2024-05-01": 0.75, "2024-05-02": 0}


def test_of_the_symptoms_of_a_day_the_worst_counts_and_not_present_is_a_zero(layers):
    readings(
        layers,
        "back_pain_severity",
        ("apple:health", "2024-05-01 08:00", 0),
        ("apple:health", "2024-05-01 20:00", 2),
        ("apple:health", "2024-05-01 21:00", 1),
        ("apple:health", "2024-05-02 08:00", 0),
    )

    assert metric(layers, "back_pain_severity") == {"2024-05-01": 2, "2024-05-02": 0}


def test_the_state_of_mind_of_a_day_is_the_mean_of_its_entries(layers):
    readings(
        layers, "mood_valence", ("apple:health", "2024-05-01 08:00", -0.5), ("apple:health", "2024-05-01 20:00", 0.25)
    )

    assert metric(layers, "mood_valence") == {"2024-05-01": -0.125}


def test_stress_is_the_mean_of_the_minutes_that_have_it(layers):
    calm, tense = ({"state": "still", "heart_source": "watch", "stress": stress} for stress in (20.0, 50.0))
    day(
        layers,
        "2024-05-01",
        ("08:00", "08:20", calm),
        ("08:20", "08:30", tense),
        ("09:00", "10:00", {"state": "still"}),
    )
    day(layers, "2024-05-02", ("08:00", "08:20", calm | {"stress": 0.0}))
    day(layers, "2024-05-03")
    report_days(layers, "stress_mean", ("watch", "2024-05-01", 99), ("watch", "2024-05-04", 31))

    rows = metric(layers, "stress_mean", "value, resolution, coverage_share")

    assert rows == {
        "2024-05-01": (30, "minute", round(30 / 1440, 6)),
        "2024-05-02": (0, "minute", round(20 / 1440, 6)),
        "2024-05-04": (31, "day", None),
    }


@pytest.mark.parametrize("name", DIARY)
def test_in_the_diary_blank_is_not_reported_and_zero_is_none(layers, name):
    add(
        layers,
        "stg.diary",
        [{"local_date": "2024-05-01", name: 0}, {"local_date": "2024-05-02", name: 1}, {"local_date": "2024-05-03"}],
    )

    rows = metric(layers, name, "value, source, resolution")

    assert rows == {"2024-05-01": (0, "diary", "day"), "2024-05-02": (1, "diary", "day")}
