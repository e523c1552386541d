"""The metrics of rest, each worked out by hand on small days."""

import pytest
from layers import add, day, metric, night, report_days

pytestmark = pytest.mark.slow

STILL = {"state": "still", "steps": 0}
WALK = {"state": "moving", "steps": 60}
SLEEP = {"state": "asleep", "sleep_source": "watch"}
MINUTE_METRICS = ("still_min", "longest_still_min", "rest_share", "movement_rest_ratio")
BED_METRICS = ("daytime_lying_min", "bed_rest_min", "is_bed_day")


def work_in_shifts(layers) -> None:
    """Nights at all times, so that there are no hours in which the person is usually awake."""
    for number in range(1, 15):
        onset, wake = [("00:00", "08:00"), ("08:00", "15:00"), ("14:00", "22:00")][number % 3]
        night(layers, f"2018-01-{number:02}", f"2018-01-{number:02} {onset}", f"2018-01-{number:02} {wake}")


@pytest.mark.parametrize("name", MINUTE_METRICS)
def test_a_day_not_worn_has_no_row(layers, name):
    day(layers, "2024-05-01")

    assert metric(layers, name) == {}


@pytest.mark.parametrize("name", MINUTE_METRICS)
def test_a_night_nobody_recorded_is_no_rest(layers, name):
    day(layers, "2024-05-01", ("00:00", "06:00", {"state": "rest_unknown", "source": "inferred"}))

    assert metric(layers, name) == {}


@pytest.mark.parametrize(
    ("name", "value"),
    [("still_min", 0), ("longest_still_min", 0), ("rest_share", 0), ("movement_rest_ratio", None)],
)
def test_a_day_without_a_still_minute_is_zero_and_has_no_ratio(layers, name, value):
    day(layers, "2024-05-01", ("10:00", "11:00", WALK))

    assert metric(layers, name) == ({} if value is None else {"2024-05-01": value})


@pytest.mark.parametrize(
    ("name", "value"),
    [("still_min", 90), ("longest_still_min", 50), ("rest_share", 0.75), ("movement_rest_ratio", round(20 / 90, 6))],
)
def test_rest_is_still_in_the_waking_hours_and_neither_massage_nor_bed_nor_sleep(layers, name, value):
    day(
        layers,
        "2024-05-01",
        ("00:00", "07:00", SLEEP),
        ("07:00", "08:30", STILL),
        ("08:30", "09:00", WALK),
        ("09:00", "09:10", {"state": "awake_in_bed"}),
        ("10:00", "10:40", STILL),
        ("10:40", "11:00", WALK),
        ("11:00", "12:00", {"state": "massage"}),
        ("12:00", "12:50", STILL),
        ("18:00", "19:00", {"state": "rest_unknown"}),
        ("21:00", "24:00", STILL),
    )

    assert metric(layers, name) == {"2024-05-01": value}


@pytest.mark.parametrize("name", MINUTE_METRICS)
def test_a_source_of_nothing_but_movement_cannot_tell_rest(layers, name):
    day(layers, "2024-05-01", ("08:00", "08:20", {"state": "moving"}))

    assert metric(layers, name) == {}


@pytest.mark.parametrize(("name", "values"), [("still_min", (30, 20)), ("longest_still_min", (30, 20))])
def test_midnight_parts_a_rest(layers, name, values):
    work_in_shifts(layers)
    day(layers, "2024-05-01", ("23:30", "24:00", STILL))
    day(layers, "2024-05-02", ("00:00", "00:20", STILL))

    assert metric(layers, name) == {"2024-05-01": values[0], "2024-05-02": values[1]}


@pytest.mark.parametrize("name", ["still_min", "longest_still_min"])
def test_the_repeated_hour_of_autumn_counts_twice(layers, name):
    work_in_shifts(layers)
    day(layers, "2019-10-27", ("02:00", "03:00", STILL), zone="Europe/Berlin")

    assert metric(layers, name) == {"2019-10-27": 120}


@pytest.mark.parametrize("name", MINUTE_METRICS)
def test_two_devices_are_never_added_up_and_a_reported_day_only_fills_in(layers, name):
    day(layers, "2024-05-01", ("10:00", "10:30", STILL), ("10:30", "11:00", STILL | {"source": "phone"}))
    report_days(layers, name, ("band", "2024-05-01", 5), ("band", "2024-05-02", 6))

    rows = metric(layers, name, "source, resolution, coverage_share")

    assert rows == {"2024-05-01": ("phone, watch", "minute", round(60 / 720, 6)), "2024-05-02": ("band", "day", None)}


def test_one_step_ends_the_longest_rest(layers):
    day(layers, "2024-05-01", ("10:30", "10:31", WALK), ("10:00", "11:15", STILL))

    assert metric(layers, "longest_still_min") == {"2024-05-01": 44}


@pytest.mark.parametrize("name", BED_METRICS)
def test_a_wrist_does_not_see_lying(layers, name):
    night(layers, "2024-05-01", "2024-04-30 22:00", "2024-05-01 11:00", is_lying_recorded=False)
    day(layers, "2024-05-01", ("11:00", "24:00", STILL))

    assert metric(layers, name) == {}


@pytest.mark.parametrize(
    ("name", "values"),
    [
        ("daytime_lying_min", {"2024-05-01": 90 + 120, "2024-05-02": 0, "2024-04-30": 30}),
        ("bed_rest_min", {"2024-05-01": 120, "2024-05-02": 0}),
        ("is_bed_day", {"2024-05-01": 0, "2024-05-02": 0, "2024-04-30": 0}),
    ],
)
def test_records_of_the_time_in_bed_tell_lying_by_day(layers, name, values):
    in_bed = {"is_lying_recorded": True, "source": "mattress"}
    night(layers, "2024-05-01", "2024-04-30 20:30", "2024-05-01 10:30", **in_bed)
    night(layers, "2024-05-01", "2024-05-01 14:00", "2024-05-01 16:00", ordinal=2, **in_bed)
    night(layers, "2024-05-02", "2024-05-01 23:00", "2024-05-02 07:00", **in_bed)

    assert metric(layers, name) == values


@pytest.mark.parametrize(
    ("name", "values"),
    [
        ("daytime_lying_min", {"2024-05-01": (400, "mattress", "interval"), "2024-05-02": (360, "diary", "day")}),
        ("bed_rest_min", {"2024-05-01": (60, "diary", "day"), "2024-05-02": (360, "diary", "day")}),
        ("is_bed_day", {"2024-05-01": (0, "diary", "day"), "2024-05-02": (1, "diary", "day")}),
    ],
)
def test_what_the_diary_says_of_bed_rest(layers, name, values):
    night(
        layers,
        "2024-05-01",
        "2024-05-01 01:00",
        "2024-05-01 15:00",
        in_bed_end_utc="2024-05-01 15:40",
        is_lying_recorded=True,
        source="mattress",
    )
    add(
        layers,
        "stg.diary",
        [
            {"local_date": "2024-05-01", "bed_rest_hours": 1},
            {"local_date": "2024-05-02", "bed_rest_hours": 6},
            {"local_date": "2024-05-03", "pain": 4},
        ],
    )

    assert metric(layers, name, "value, source, resolution") == values


def test_six_hours_in_bed_by_day_are_a_day_in_bed(layers):
    night(layers, "2024-05-01", "2024-05-01 03:00", "2024-05-01 15:00", is_lying_recorded=True)
    night(layers, "2024-05-02", "2024-05-02 03:00", "2024-05-02 14:59", is_lying_recorded=True)

    assert metric(layers, "is_bed_day") == {"2024-05-01": 1, "2024-05-02": 0}
