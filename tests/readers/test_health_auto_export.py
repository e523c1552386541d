"""Health Auto Export's JSON: three shapes of sleep, clocks of 12 hours, units and buckets; worked out by hand."""

import os
from collections.abc import Iterator, Sequence
from datetime import date, datetime
from pathlib import Path

import homes
import pytest
from one_reader import Reading, folder, json_entry
from places import SAMPLES

ICLOUD = SAMPLES / "health_auto_export" / "icloud"
WATCH = "client_1's Watch"
NARROW = "\u202f"  # before PM on phones with a clock of 12 hours


@pytest.fixture
def home(tmp_path: Path) -> Iterator[homes.HomeAtWork]:
    made = homes.make(tmp_path / "home")
    yield made
    made.close()


def metrics(*found: dict[str, object]) -> dict[str, object]:
    return {"data": {"metrics": list(found)}}


def metric(name: str, units: str, *points: dict[str, object]) -> dict[str, object]:
    return {"name": name, "units": units, "data": list(points)}


def amounts(name: str, units: str, *points: tuple[str, float]) -> dict[str, object]:
    return metric(name, units, *({"date": at, "qty": value, "source": WATCH} for at, value in points))


def read(*found: dict[str, object], name: str = "HealthAutoExport-2026-05-04.json") -> Reading:
    return Reading("health_auto_export", [json_entry(name, metrics(*found))])


def stretch(start: str, end: str, value: str = "Core", day: int = 4) -> dict[str, object]:
    """Sleep in one stage; '-23:10' is of the evening before."""
    times = [f"2026-05-{day - text.startswith('-'):02} {text.removeprefix('-')}:00 +0200" for text in (start, end)]
    return {"startDate": times[0], "endDate": times[1], "qty": 1, "value": value, "source": WATCH}


def test_the_sample_of_a_drive_is_read_to_the_last_number() -> None:
    reading = Reading("health_auto_export", folder(ICLOUD))

    assert reading.rows("samples", "start_utc", "value", metric="active_energy_kcal") == [
        (datetime(2026, 5, 4, 6, 0), pytest.approx(3.0))  # 12.552 kJ
    ]
    assert reading.rows("samples", "value", metric="heart_rate_bpm") == [(61.5,), (101.0,)]
    assert reading.rows("samples", "start_utc", "value", metric="back_pain_severity") == [
        (datetime(2026, 5, 4, 7, 0), 2.0),
        (datetime(2026, 5, 1, 7, 0), 1.0),  # "Leve", for 25 hours
        (datetime(2026, 5, 2, 7, 0), 1.0),
    ]
    assert reading.rows("samples", "value", metric="mood_valence") == [(0.3,), (-0.5,)]
    assert reading.rows("activities", "sport", "steps", "distance_m") == [
        ("outdoor_walk", 2900.0, 2100.0),
        ("cycling", 0.0, None),
    ]
    assert reading.days("steps") == {date(2026, 5, 1): 8120.0, date(2026, 5, 2): 4310.0}
    assert "choose minutes" in reading.messages["HealthAutoExport-2026-04-20-2026-05-03.json"]
    assert "automation" in reading.claims["AutoSync/HealthMetrics/step_count/20260504.hae"]


def test_sums_of_a_night_take_no_date_but_the_times_and_count_the_stages_where_asleep_is_0() -> None:
    reading = Reading("health_auto_export", folder(ICLOUD))

    nights = reading.rows("sleep_sessions", "source", "start_utc", "end_utc", "asleep_min", "is_in_bed_recorded")
    assert nights[:3] == [
        ("apple:watch", datetime(2026, 5, 1, 21), datetime(2026, 5, 2, 4), 390.0, False),
        ("apple:watch", datetime(2026, 5, 2, 12), datetime(2026, 5, 2, 12, 30), 30.0, False),
        ("apple:sleep-cycle", datetime(2026, 5, 2, 20, 45), datetime(2026, 5, 3, 4, 45), 420.0, True),
    ]
    assert reading.days("deep_min") == {date(2026, 5, 2): 60.0}
    assert reading.days("light_min") == {date(2026, 5, 2): 240.0}


@pytest.mark.parametrize(
    ("text", "hour"),
    [
        ("2026-05-04 20:05:00 +0200", 18),
        ("2026-05-04 8:05:00 PM +0200", 18),
        (f"2026-05-04 8:05:00{NARROW}PM +0200", 18),
        (f"2026-05-04 12:05:00{NARROW}am +0200", 22),
        ("2026-05-04 12:05:00 p.m. +0200", 10),
        ("2026-05-04T20:05:00Z", 20),
        ("2026-05-04T20:05:00+02:00", 18),
        ("2026-05-04 20.05.00 +0200", 18),
    ],
)
def test_a_time_is_read_from_a_clock_of_12_or_24_hours(text: str, hour: int) -> None:
    ((start, end),) = read(amounts("step_count", "count", (text, 5.0))).rows("samples", "start_utc", "end_utc")

    assert (start.hour, start.minute, (end - start).total_seconds()) == (hour, 5, 60)


@pytest.mark.parametrize(
    "text",
    ["2026-05-04 25:05:00 +0200", "13:05:00 PM", "2026-05-04 13:05:00 PM +0200", "9999-12-31 23:59:59 +0200", "", None],
)
def test_what_is_no_time_costs_its_own_point(text: str | None) -> None:
    reading = read(
        amounts(
            "step_count", "count", (text, 5.0), ("2026-05-04 08:00:00 +0200", 7.0), ("2026-05-04 08:01:00 +0200", 7)
        )  # type: ignore[arg-type]
    )

    assert len(reading.rows("samples", "value")) == 2
    assert reading.skipped == ["metrics 1 step_count 1"]


def test_the_stamps_tell_how_long_a_bucket_is() -> None:
    def ends(*times: str) -> list[str]:
        reading = read(amounts("step_count", "count", *((f"2026-05-04 {at} +0200", 10.0) for at in times)))
        return [f"{end - start}" for start, end in reading.rows("samples", "start_utc", "end_utc")]

    assert ends("08:00:00", "09:00:00", "11:00:00") == ["1:00:00"] * 3
    assert ends("08:00:00", "08:01:00", "11:00:00") == ["0:01:00"] * 3
    # single samples: until the next one, at most ten minutes
    assert ends("08:00:10", "08:03:10", "11:00:00") == ["0:03:00", "0:10:00", "0:10:00"]


def test_sums_of_weeks_are_no_days() -> None:
    weeks = amounts("step_count", "count", *((f"2026-05-{day:02} 00:00:00 +0200", 50_000.0) for day in (4, 11, 18)))

    reading = read(weeks)

    assert reading.count == 0
    assert "choose minutes or days" in reading.summary.message


def test_a_metric_of_few_stamps_has_the_buckets_of_the_other_amounts() -> None:
    steps = amounts("step_count", "count", *((f"2026-05-04 08:0{minute}:00 +0200", 10.0) for minute in range(4)))
    floors = amounts("flights_climbed", "count", ("2026-05-04 09:00:00 +0200", 1.0))

    ((start, end),) = read(steps, floors).rows("samples", "start_utc", "end_utc", metric="floors")

    assert (end - start).total_seconds() == 60


def test_single_samples_keep_their_devices_and_summarised_ones_are_of_all_together() -> None:
    at = "2026-05-04 08:0{} +0200".format
    points = [
        {"date": at("0:00"), "qty": 5, "source": WATCH},
        {"date": at("1:00"), "qty": 5, "source": "client_1's iPhone"},
    ]
    single = [*points, {"date": at("2:07"), "qty": 5, "source": WATCH}]

    assert {*read(metric("step_count", "count", *points)).rows("samples", "source")} == {("apple:merged",)}
    assert {*read(metric("step_count", "count", *single)).rows("samples", "source")} == {
        ("apple:watch",),
        ("apple:iphone",),
    }


@pytest.mark.parametrize(
    ("name", "units", "told", "read_as"),
    [
        ("walking_running_distance", "km", 1.5, 1500.0),
        ("walking_running_distance", "mi", 1.0, 1609.344),
        ("active_energy", "kJ", 418.4, 100.0),
        ("active_energy", "kcal", 418.4, 418.4),
        ("apple_exercise_time", "min", 2.0, 120.0),
        ("walking_speed", "km/hr", 3.6, 1.0),
        ("blood_oxygen_saturation", "%", 97.0, 0.97),
        ("blood_oxygen_saturation", "%", 0.97, 0.97),
        ("walking_double_support_percentage", "%", 27.0, 0.27),
    ],
)
def test_units_are_those_the_file_names(name: str, units: str, told: float, read_as: float) -> None:
    ((value,),) = read(amounts(name, units, ("2026-05-04 08:01:00 +0200", told))).rows("samples", "value")

    assert value == pytest.approx(read_as)


def test_an_asymmetry_alone_of_at_most_1_may_be_a_share_or_percent_and_is_left_out() -> None:
    asymmetry = amounts("walking_asymmetry_percentage", "%", ("2026-05-04 08:01:00 +0200", 0.8))
    oxygen = amounts("blood_oxygen_saturation", "%", ("2026-05-04 08:01:00 +0200", 97.0))

    assert read(asymmetry).count == 1  # the offset of the clock
    assert read(asymmetry, oxygen).rows("samples", "value", metric="walking_asymmetry_share") == [(0.008,)]


def test_a_night_that_the_window_may_cut_is_of_a_source_of_its_own() -> None:
    steps = amounts("step_count", "count", ("2026-05-03 09:30:00 +0200", 10.0), ("2026-05-04 20:00:00 +0200", 10.0))
    sleep = [
        stretch("00:40", "06:00", day=3),  # began before midnight, perhaps
        stretch("-23:10", "06:30"),
        stretch("22:50", "23:50"),  # goes on, perhaps
    ]

    reading = read(steps, metric("sleep_analysis", "hr", *sleep))

    assert reading.rows("sleep_sessions", "source") == [("apple:watch:part",), ("apple:watch",), ("apple:watch:part",)]


def test_a_file_cut_short_gives_what_stands_before() -> None:
    whole = json_entry("a.json", metrics(amounts("step_count", "count", ("2026-05-04 08:01:00 +0200", 5.0)))).read()
    cut = whole[: whole.rindex(b"]}]")]

    reading = Reading("health_auto_export", [json_entry("a.json", cut)])

    assert reading.summary.is_partial
    assert reading.skipped == [""]


@pytest.mark.parametrize("content", ['{"data":[{"metrics":[]}]}', '{"metrics":[]}', '{"data":{}}', '{"data":{"x":[]}}'])
def test_other_json_is_not_claimed(content: str) -> None:
    assert Reading("health_auto_export", [json_entry("a.json", content.encode())]).claims == {}


@pytest.mark.slow
def test_files_of_two_runs_overlap_and_the_newest_word_counts(home: homes.HomeAtWork) -> None:
    def drop(name: str, written: datetime, steps: Sequence[tuple[str, float]], *sleep: dict[str, object]) -> None:
        content = metrics(amounts("step_count", "count", *steps), metric("sleep_analysis", "hr", *sleep))
        file = home.drop(name, json_entry(name, content).read())
        os.utime(file, (written.timestamp(), written.timestamp()))

    day = "2026-05-{:02} 00:00:00 +0200".format
    # the file of a day is written anew, with the same newest stamp, and the next one holds the day too
    for hour, steps in ((12, 3000.0), (20, 8123.0), (18, 7000.0)):
        drop("a/HealthAutoExport-2026-05-03.json", datetime(2026, 5, 3, hour), [(day(2), 5000.0), (day(3), steps)])
        home.run()
    assert home.rows("select arg_max(value, exported_utc) from raw.day_values where local_date = '2026-05-03'") == [
        (8123.0,)
    ]
    drop(
        "a/HealthAutoExport-2026-05-04.json",
        datetime(2026, 5, 4, 9),
        [(day(3), 9000.0), (day(4), 100.0)],
        stretch("-23:10", "00:30"),
        stretch("00:30", "06:30", "Deep"),
    )
    drop(
        "a/HealthAutoExport-2026-05-05.json",
        datetime(2026, 5, 5, 9),
        [(day(4), 6000.0), (day(5), 50.0)],
        stretch("00:30", "06:30", "Deep"),
    )

    home.run_to_minutes()

    assert home.rows("select value from stg.day_values where metric = 'steps' order by local_date") == [
        (5000.0,),
        (9000.0,),
        (6000.0,),
        (50.0,),
    ]
    assert home.rows("select source, asleep_min from stg.nights") == [("apple:watch", 440.0)]
    # of the day on which the last file was written nothing later is known, whenever a copy of it was made
    home.build("stg.source_days", "massage.source_ends")
    assert home.rows("select last_date::text, last_complete_date::text from massage.source_ends") == [
        ("2026-05-05", "2026-05-04")
    ]


def test_a_point_that_is_no_object_costs_itself() -> None:
    whole = [{"date": f"2026-05-04 08:0{minute}:00 +0200", "qty": 7} for minute in range(3)]
    reading = read(metric("step_count", "count", 7, *whole, None, [1]))  # type: ignore[arg-type]

    assert len(reading.rows("samples", "value")) == 3
    assert len(reading.skipped) == 3


def test_a_source_that_is_no_text_costs_its_own_point() -> None:
    points = [{"date": f"2026-05-04 08:0{minute}:07 +0200", "qty": 5, "source": minute} for minute in range(2)]

    assert read(metric("step_count", "count", *points)).rows("samples", "source") == [("apple",)]


def test_the_offset_of_a_file_is_that_of_its_last_date_and_of_a_file_of_few_days() -> None:
    def offsets(*days: int) -> list[tuple[object, ...]]:
        steps = amounts("step_count", "count", *((f"2026-05-{day:02} {at} +0900", 5) for day in days for at in TIMES))
        return read(steps).rows("clock_offsets", "time_utc", "offset_s")

    # on the day before the phone may have been elsewhere
    assert offsets(3, 4) == [(datetime(2026, 5, 3, 23, 1), 32_400), (datetime(2026, 5, 4, 0, 0), 32_400)]
    assert offsets(1, 20) == []


TIMES = ("08:01:00", "09:00:00")


def test_a_time_without_an_offset_is_of_the_clock_of_the_person() -> None:
    local = read(amounts("step_count", "count", ("2026-05-04 08:00:00", 400), ("2026-05-04 08:01:00", 400)))
    of_utc = read(amounts("step_count", "count", ("2026-05-04T06:00:00Z", 400), ("2026-05-04T06:01:00Z", 400)))

    assert local.rows("samples", "start_utc", "tz_assumed") == [
        (datetime(2026, 5, 4, 6, 0), True),
        (datetime(2026, 5, 4, 6, 1), True),
    ]
    assert local.rows("clock_offsets", "offset_s") == []
    assert of_utc.rows("samples", "start_utc", "tz_assumed")[0] == (datetime(2026, 5, 4, 6, 0), None)
