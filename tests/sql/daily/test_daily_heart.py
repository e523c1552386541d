"""The heart rate of the evening and of sleep, each worked out by hand."""

from layers import day, metric, night, report_days

EVENING, SLEEPING = "evening_heart_rate_bpm", "sleeping_heart_rate_bpm"


def beating(state: str, heart_rate_bpm: float, source: str = "watch") -> dict:
    return {"state": state, "heart_rate_bpm": heart_rate_bpm, "heart_source": source}


def test_the_evening_is_what_is_still_from_six_to_midnight_on_the_local_clock(layers):
    day(
        layers,
        "2024-05-01",
        ("17:00", "18:00", beating("still", 90)),
        ("18:00", "18:30", beating("still", 60)),
        ("18:30", "19:00", beating("moving", 120)),
        ("19:00", "20:00", beating("massage", 55)),
        ("23:45", "24:00", beating("still", 72)),
        zone="Europe/Copenhagen",
    )
    day(layers, "2024-05-02", ("00:00", "01:00", beating("still", 50)))

    rows = metric(layers, EVENING, "value, source, resolution, coverage_share")

    assert rows == {"2024-05-01": (64, "watch", "minute", 0.125)}  # (30 * 60 + 15 * 72) / 45; 45 of 360 minutes


def test_fewer_than_twenty_minutes_are_no_evening_and_nobody_in_bed_counts(layers):
    still, unknown = beating("still", 60), beating("rest_unknown", 50)
    day(layers, "2024-05-01", ("18:00", "18:20", still), ("20:00", "24:00", unknown))
    day(layers, "2024-05-02", ("18:00", "18:19", still), ("22:00", "24:00", beating("asleep", 50)))
    day(layers, "2024-05-03", ("18:00", "18:19", still), ("19:00", "24:00", {"state": "still"}))
    day(layers, "2024-05-04", ("20:00", "24:00", beating("awake_in_bed", 55)))

    assert metric(layers, EVENING) == {"2024-05-01": 60}


def test_both_devices_of_an_evening_are_named(layers):
    day(
        layers,
        "2024-05-01",
        ("18:00", "18:30", beating("still", 60)),
        ("18:30", "19:00", beating("still", 66, "ring")),
        ("19:00", "19:30", beating("moving", 66, "phone")),
    )

    assert metric(layers, EVENING, "value, source") == {"2024-05-01": (63, "ring, watch")}


def test_the_heart_rate_asleep_belongs_to_the_date_the_main_sleep_ends(layers):
    night(layers, "2024-05-02", "2024-05-01 23:30", "2024-05-02 00:30")
    night(layers, "2024-05-02", "2024-05-02 14:00", "2024-05-02 15:00", ordinal=2)
    day(layers, "2024-05-01", ("22:00", "23:30", beating("still", 70)), ("23:30", "24:00", beating("asleep", 60)))
    day(
        layers,
        "2024-05-02",
        ("00:00", "00:10", beating("awake_in_bed", 80)),
        ("00:10", "00:30", beating("asleep", 50)),
        ("14:00", "15:00", beating("asleep", 99)),
    )

    rows = metric(layers, SLEEPING, "value, source, resolution, coverage_share")

    assert rows == {"2024-05-02": (56, "watch", "minute", 1)}  # (30 * 60 + 20 * 50) / 50


def test_a_night_across_the_change_of_the_clock_counts_every_minute_once(layers):
    night(layers, "2024-10-27", "2024-10-26 23:00", "2024-10-27 03:00")  # 1:00 to 4:00 twice 2:00 on the clock
    day(layers, "2024-10-27", ("00:00", "12:00", beating("asleep", 48)), zone="Europe/Copenhagen")

    assert metric(layers, SLEEPING, "value, coverage_share") == {"2024-10-27": (48, 1)}


def test_thirty_minutes_with_a_heart_rate_make_a_night_and_a_reported_value_stands_in(layers):
    for date in ("2024-05-01", "2024-05-02", "2024-05-03"):
        night(layers, date, f"{date} 01:00", f"{date} 03:00")
    day(layers, "2024-05-01", ("01:00", "01:30", beating("asleep", 52)), ("01:30", "03:00", {"state": "asleep"}))
    day(layers, "2024-05-02", ("01:00", "01:29", beating("asleep", 52)), ("01:29", "03:00", {"state": "asleep"}))
    day(layers, "2024-05-03", ("01:00", "01:29", beating("asleep", 52)))
    report_days(layers, SLEEPING, ("ring", "2024-05-01", 99), ("ring", "2024-05-02", 55))

    rows = metric(layers, SLEEPING, "value, source, resolution, coverage_share")

    assert rows == {"2024-05-01": (52, "watch", "minute", 0.25), "2024-05-02": (55, "ring", "day", None)}


def test_an_unworn_day_has_neither(layers):
    day(layers, "2024-05-01")

    assert metric(layers, EVENING) == metric(layers, SLEEPING) == {}
