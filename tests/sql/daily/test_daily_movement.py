"""The metrics of movement, each worked out by hand on small days."""

import pytest
from layers import add, day, metric, ranks, report_days

pytestmark = pytest.mark.slow

STILL = {"state": "still", "steps": 0, "distance_m": 0.0, "active_energy_kcal": 0.0}
WALK = {"state": "moving", "steps": 60, "distance_m": 45.5, "active_energy_kcal": 2.25}
MINUTE_METRICS = (
    "steps",
    "distance_m",
    "active_energy_kcal",
    "moving_min",
    "moderate_min",
    "vigorous_min",
    "longest_walk_min",
    "active_hours",
)


@pytest.mark.parametrize("name", MINUTE_METRICS)
def test_a_day_not_worn_has_no_row(layers, name):
    day(layers, "2024-05-01")

    assert metric(layers, name) == {}


@pytest.mark.parametrize("name", MINUTE_METRICS)
def test_a_worn_day_without_movement_is_zero(layers, name):
    day(layers, "2024-05-01", ("08:00", "20:00", STILL))

    assert metric(layers, name) == {"2024-05-01": 0.0}


@pytest.mark.parametrize(
    ("name", "evening", "morning"),
    [
        ("steps", 600, 300),
        ("distance_m", 455.0, 227.5),
        ("active_energy_kcal", 22.5, 11.25),
        ("moving_min", 10, 5),
        ("longest_walk_min", 10, 5),
        ("active_hours", 1, 0),
    ],
)
def test_midnight_parts_a_walk(layers, name, evening, morning):
    day(layers, "2024-05-01", ("23:50", "24:00", WALK), ("08:00", "23:50", STILL))
    day(layers, "2024-05-02", ("00:00", "00:05", WALK), ("00:05", "12:00", STILL))

    assert metric(layers, name) == {"2024-05-01": evening, "2024-05-02": morning}


@pytest.mark.parametrize(
    ("name", "value"), [("steps", 7200), ("moving_min", 120), ("longest_walk_min", 120), ("distance_m", 5460)]
)
def test_the_repeated_hour_of_autumn_counts_twice(layers, name, value):
    day(layers, "2019-10-27", ("02:00", "03:00", WALK), ("00:00", "24:00", STILL), zone="Europe/Berlin")

    assert metric(layers, name, "value, coverage_share") == {"2019-10-27": (value, 1.0)}


def test_the_missing_hour_of_spring_does_not_part_a_walk(layers):
    day(layers, "2019-03-31", ("01:30", "03:30", WALK), ("00:00", "24:00", STILL), zone="Europe/Berlin")

    assert metric(layers, "longest_walk_min") == {"2019-03-31": 60}


def test_two_devices_take_turns(layers):
    day(layers, "2024-05-01", ("08:00", "08:10", WALK), ("09:00", "09:20", WALK | {"source": "phone"}))

    rows = metric(layers, "steps", "value, source, resolution, coverage_share")

    assert rows == {"2024-05-01": (1800, "phone, watch", "minute", round(30 / 1440, 6))}


@pytest.mark.parametrize(("name", "value"), [("steps", 900), ("moving_min", 10), ("longest_walk_min", 10)])
def test_steps_on_the_massage_table_are_steps_and_no_movement(layers, name, value):
    day(layers, "2024-05-01", ("08:00", "08:10", WALK), ("08:10", "08:15", WALK | {"state": "massage"}))

    assert metric(layers, name) == {"2024-05-01": value}


def test_moderate_holds_vigorous_and_neither_holds_light(layers):
    pieces = [
        (f"08:{ten}0", f"08:{ten}9", WALK | {"intensity": intensity})
        for ten, intensity in enumerate(["light", "moderate", "vigorous", None])
    ]
    day(layers, "2024-05-01", *pieces)

    assert metric(layers, "moderate_min") == {"2024-05-01": 18}
    assert metric(layers, "vigorous_min") == {"2024-05-01": 9}


def test_one_quiet_minute_does_not_end_a_walk_and_two_do(layers):
    day(
        layers,
        "2024-05-01",
        ("08:00", "08:05", WALK),
        ("08:06", "08:10", WALK),
        ("08:12", "08:18", WALK),
        ("08:00", "20:00", STILL),
    )

    assert metric(layers, "longest_walk_min") == {"2024-05-01": 10}


def test_a_ride_is_moving_and_no_walk(layers):
    day(layers, "2024-05-01", ("08:00", "08:30", {"state": "moving", "steps": 0}), ("08:30", "20:00", STILL))

    assert metric(layers, "moving_min") == {"2024-05-01": 30}
    assert metric(layers, "longest_walk_min") == {"2024-05-01": 0}


def test_an_active_hour_has_250_steps_between_six_and_midnight(layers):
    day(
        layers,
        "2024-05-01",
        ("05:00", "05:10", WALK),
        ("06:00", "06:05", WALK | {"steps": 50}),
        ("07:00", "07:05", WALK | {"steps": 49}),
        ("23:59", "24:00", WALK | {"steps": 250}),
        ("00:00", "24:00", STILL),
    )

    assert metric(layers, "active_hours") == {"2024-05-01": 2}


@pytest.mark.parametrize("name", MINUTE_METRICS)
def test_a_reported_day_counts_only_where_no_minute_does(layers, name):
    day(layers, "2024-05-01", ("08:00", "20:00", STILL))
    report_days(
        layers, name, ("fitbit:me", "2024-05-01", 9.0), ("fitbit:me", "2024-05-02", 7.0), ("apple", "2024-05-02", 8.0)
    )
    layers.execute("update stg.sources set rank = 1 where source = 'fitbit:me'")

    rows = metric(layers, name, "value, source, resolution")

    assert rows == {"2024-05-01": (0.0, "watch", "minute"), "2024-05-02": (7.0, "fitbit:me", "day")}


def test_floors_are_summed_of_one_source_on_the_devices_own_day(layers):
    ranks(layers, "phone", "watch")
    add(
        layers,
        "stg.counter_intervals",
        [
            {"start_utc": "2024-05-01 22:00", "end_utc": "2024-05-01 22:15", "value": 2, "device_date": "2024-05-02"},
            {"start_utc": "2024-05-02 08:00", "end_utc": "2024-05-02 08:15", "value": 3, "device_date": "2024-05-02"},
        ],
        source="watch",
        metric="floors",
        activity="walking",
    )
    add(
        layers,
        "stg.samples",
        [
            {"source": "phone", "start_utc": "2024-05-02 08:00", "end_utc": "2024-05-02 08:10", "value": 4},
            {"source": "phone", "start_utc": "2024-05-03 21:55", "end_utc": "2024-05-03 22:10", "value": 1},
        ],
        metric="floors",
    )
    add(
        layers,
        "stg.clock_offsets",
        [{"start_utc": "2000-01-01", "end_utc": "2100-01-01", "offset_min": 120, "tz_assumed": False}],
    )
    report_days(layers, "floors", ("watch", "2024-05-02", 6), ("watch", "2024-05-05", 0))

    rows = metric(layers, "floors", "value, source, resolution")

    assert rows == {
        "2024-05-02": (5, "watch", "interval"),
        "2024-05-03": (1, "phone", "interval"),
        "2024-05-05": (0, "watch", "day"),
    }
