"""The metrics of sleep, each worked out by hand on small nights."""

import pytest
from layers import day, metric, night, report_days

STILL = {"state": "still"}
SLEEP = {"state": "asleep", "sleep_source": "watch"}
OF_A_NIGHT = {
    "asleep_min": 400,
    "in_bed_min": 480,
    "efficiency_share": 0.833333,
    "latency_min": 12,
    "waso_min": 30,
    "awakenings": 3,
    "deep_min": 80,
    "rem_min": 90,
    "light_min": 230,
}
NOT_TOLD_BY_EVERY_SOURCE = ("latency_min", "deep_min", "rem_min", "light_min")
CLOCKS = {"onset_local": -60, "wake_local": 420, "midpoint_local": 180}


@pytest.mark.parametrize(("name", "value"), OF_A_NIGHT.items())
def test_a_night_belongs_to_the_date_it_ends_on(layers, name, value):
    night(layers, "2024-05-02", "2024-05-01 23:00", "2024-05-02 07:00", **OF_A_NIGHT)
    night(layers, "2024-05-02", "2024-05-02 14:00", "2024-05-02 15:00", ordinal=2, **dict.fromkeys(OF_A_NIGHT, 5))

    rows = metric(layers, name, "value, source, resolution")

    assert rows == {"2024-05-02": (value, "watch", "interval")}


@pytest.mark.parametrize("name", NOT_TOLD_BY_EVERY_SOURCE)
def test_what_the_source_does_not_tell_has_no_row_and_zero_has(layers, name):
    night(layers, "2024-05-02", "2024-05-01 23:00", "2024-05-02 07:00")
    night(layers, "2024-05-03", "2024-05-02 23:00", "2024-05-03 07:00", **{name: 0})

    assert metric(layers, name) == {"2024-05-03": 0}


@pytest.mark.parametrize("name", OF_A_NIGHT)
def test_a_reported_day_counts_only_where_no_night_does(layers, name):
    night(layers, "2024-05-02", "2024-05-01 23:00", "2024-05-02 07:00", **OF_A_NIGHT)
    report_days(layers, name, ("garmin", "2024-05-02", 1), ("garmin", "2024-05-03", 2))

    rows = metric(layers, name, "value, resolution")

    assert rows == {"2024-05-02": (OF_A_NIGHT[name], "interval"), "2024-05-03": (2, "day")}


@pytest.mark.parametrize(("name", "value"), CLOCKS.items())
def test_clocks_count_from_the_midnight_that_begins_the_date(layers, name, value):
    night(layers, "2024-05-02", "2024-05-01 23:00", "2024-05-02 07:00")

    assert metric(layers, name) == {"2024-05-02": value}


def test_the_middle_of_a_night_of_autumn_is_between_the_two_clock_readings(layers):
    night(
        layers,
        "2019-10-27",
        "2019-10-26 21:00",
        "2019-10-27 06:00",
        onset_local_min=-60,
        wake_local_min=420,
    )

    assert metric(layers, "midpoint_local") == {"2019-10-27": 180}


def test_naps_are_all_sleeps_but_the_main_one(layers):
    night(layers, "2024-05-01", "2024-04-30 23:00", "2024-05-01 07:00")
    night(layers, "2024-05-02", "2024-05-01 23:00", "2024-05-02 07:00")
    night(layers, "2024-05-02", "2024-05-02 14:00", "2024-05-02 14:40", ordinal=2)
    night(layers, "2024-05-02", "2024-05-02 17:00", "2024-05-02 17:20", ordinal=3, source="phone")
    report_days(layers, "nap_min", ("phone", "2024-05-02", 9))

    assert metric(layers, "nap_min", "value, source") == {
        "2024-05-01": (0, "watch"),
        "2024-05-02": (60, "phone, watch"),
    }


def week(layers, wake_times: list[str], zone: str = "UTC") -> None:
    """Days from 2019-10-23 asleep from midnight to the given times, awake for the rest."""
    for number, wake in enumerate(wake_times):
        date = f"2019-10-{23 + number}"
        day(layers, date, ("00:00", wake, SLEEP), ("00:00", "24:00", STILL), zone=zone)
        night(layers, date, f"{date} 00:00", f"{date} {wake}")


@pytest.mark.slow
@pytest.mark.parametrize("zone", ["UTC", "Europe/Berlin"])
def test_equal_nights_are_wholly_regular(layers, zone):
    week(layers, ["07:00"] * 8, zone)

    rows = metric(layers, "regularity_index", "value, coverage_share")

    assert rows == {
        "2019-10-28": (100, round(5 / 7, 6)),
        "2019-10-29": (100, round(6 / 7, 6)),
        "2019-10-30": (100, 1),
    }


@pytest.mark.slow
def test_regularity_falls_by_the_minutes_that_differ(layers):
    # 5 pairs of days, in each 72 of 1,440 minutes differ: -100 + 200 * 0.95
    week(layers, ["07:00", "08:12"] * 3)

    assert metric(layers, "regularity_index") == {"2019-10-28": 90}


@pytest.mark.slow
def test_minutes_not_known_on_both_days_are_not_compared(layers):
    week(layers, ["07:00", "08:12"] * 3)
    layers.execute("update timeline.minutes set state = 'not_worn' where local_time::time >= '20:00'")
    layers.execute("update timeline.minutes set state = 'rest_unknown' where local_time::time < '04:00'")

    assert metric(layers, "regularity_index") == {"2019-10-28": round(-100 + 200 * (1 - 72 / 960), 6)}


@pytest.mark.slow
def test_without_a_recorded_night_a_date_is_not_compared(layers):
    week(layers, ["07:00"] * 7)
    layers.execute("delete from stg.nights where local_date = '2019-10-25'")

    assert metric(layers, "regularity_index") == {}
