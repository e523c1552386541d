"""What we know of Mi Fitness' tables, with values worked out by hand."""

import csv
import io
import json
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from typing import Any

import homes
import pytest
from one_reader import Reading, entry
from places import SAMPLES

from recovery.formats.entries import Entry
from recovery.formats.records import FileSummary
from recovery.readers import mi_fitness

SAMPLE = SAMPLES / "mi_fitness" / "account"
FITNESS = ["Uid", "Sid", "Key", "Time", "Value", "UpdateTime"]
DAILY = ["Uid", "Tag", "Key", "Time", "Value", "UpdateTime"]
SPORT = ["Uid", "Sid", "Key", "Time", "Category", "Value", "UpdateTime"]
TEN = datetime(2026, 9, 12, 10)
NIGHT = datetime(2026, 9, 11, 21)  # 23:00 in Berlin
WATCH = "mi_fitness:7"


def second(time_utc: datetime) -> int:
    return int(time_utc.replace(tzinfo=UTC).timestamp())


def table(header: list[str], *rows: list[object], name: str = "data.csv") -> Entry:
    text = io.StringIO()
    csv.writer(text, lineterminator="\n").writerows([header, *rows])
    return entry(text.getvalue(), name)


def row(key: str, value: object, start: datetime | object = TEN, sid: object = 7, updated: object = 1) -> list[object]:
    text = value if isinstance(value, str) else json.dumps(value)
    return [9, sid, key, second(start) if isinstance(start, datetime) else start, text, updated]


def day(
    value: object, begin: datetime, tag: str = "daily_report", key: str = "steps", updated: int = 1
) -> list[object]:
    return [9, tag, key, second(begin), json.dumps(value), updated]


def read(*rows: list[object], header: list[str] = FITNESS, name: str = "data.csv") -> Reading:
    return Reading("mi_fitness", [table(header, *rows, name=name)])


def sleep(pieces: list[tuple[int, int, int]], **given: object) -> dict[str, Any]:
    return {
        "bedtime": second(NIGHT),
        "wake_up_time": second(NIGHT + timedelta(minutes=480)),
        "timezone": 8,
        "items": [
            {
                "start_time": second(NIGHT + timedelta(minutes=first)),
                "end_time": second(NIGHT + timedelta(minutes=last)),
                "state": state,
            }
            for first, last, state in pieces
        ],
        **given,
    }


def message(reading: Reading) -> str:
    return "; ".join(item.message for item in reading.found if isinstance(item, FileSummary))


@pytest.mark.parametrize(
    ("key", "value", "metric", "read_as"),
    [
        ("heart_rate", {"bpm": 81, "type": 0}, "heart_rate_bpm", 81.0),
        ("heart_rate", {"bpm": "81", "time": second(TEN)}, "heart_rate_bpm", 81.0),
        ("resting_heart_rate", {"bpm": 57}, "resting_heart_rate_bpm", 57.0),
        ("spo2", {"spo2": 97}, "spo2_share", 0.97),
        ("single_spo2", {"spo2": 97}, "spo2_share", 0.97),
    ],
)
def test_a_key_says_what_a_value_is(key: str, value: object, metric: str, read_as: float) -> None:
    assert read(row(key, value)).rows("samples", "source", "metric", "start_utc", "end_utc", "value") == [
        (WATCH, metric, TEN, TEN, read_as)
    ]


def test_what_is_no_measurement_or_not_read_is_left_out_with_a_count() -> None:
    reading = read(row("heart_rate", {"bpm": 0}), row("spo2", {"spo2": 0}), row("weight", {"weight": 70.5}))

    assert reading.count == 0
    assert message(reading) == (
        "left out: 1 x heart_rate that is no measurement; left out: 1 x spo2 that is no measurement;"
        " left out: 1 x weight (not read)"
    )
    assert "70.5" not in repr(reading.found)


def test_each_device_has_steps_of_its_own_by_the_minute() -> None:
    reading = read(
        row("steps", {"steps": 90, "distance": 63}),
        row("steps", {"steps": 95}, sid="default"),
        row("steps", {"steps": 60}, TEN + timedelta(minutes=1), sid=""),
    )

    assert reading.rows("samples", "source", "metric", "start_utc", "end_utc", "value") == [
        (WATCH, "steps", TEN, TEN + timedelta(minutes=1), 90.0),
        (WATCH, "distance_m", TEN, TEN + timedelta(minutes=1), 63.0),
        ("mi_fitness:default", "steps", TEN, TEN + timedelta(minutes=1), 95.0),
        ("mi_fitness", "steps", TEN + timedelta(minutes=1), TEN + timedelta(minutes=2), 60.0),
    ]


@pytest.mark.parametrize(("count", "off", "minutes"), [(10, 0, 30), (9, 0, 1), (10, 1, 1)])
def test_steps_that_all_begin_at_half_hours_are_of_half_hours(count: int, off: int, minutes: int) -> None:
    times = [TEN + timedelta(minutes=30 * number) for number in range(count)]
    times[-1] += timedelta(minutes=off)

    reading = read(*[row("steps", {"steps": 5}, start) for start in times])

    lengths = {end - start for start, end in reading.rows("samples", "start_utc", "end_utc")}
    assert lengths == {timedelta(minutes=minutes)}
    assert ("steps are taken to be of half an hour each: mi_fitness:7" in message(reading)) == (minutes == 30)


def test_of_steps_told_again_the_newest_count_whatever_the_order() -> None:
    given = [
        row("steps", {"steps": 104}, updated=3),
        row("steps", {"steps": 90}, updated=1),
        row("steps", {"steps": 200}, updated=2),
    ]

    assert read(*given).rows("samples", "value") == read(*reversed(given)).rows("samples", "value") == [(104.0,)]
    assert message(read(*given)) == "left out: 2 x steps of the same time told again"


@pytest.mark.parametrize(
    ("minutes", "order"),
    [
        ({"deep": 100, "light": 260, "rem": 110, "awake": 10}, ["light", "deep", "rem", "awake"]),  # 3, 2, 4, 5
        ({"deep": 110, "light": 260, "rem": 10, "awake": 100}, ["light", "awake", "deep", "rem"]),  # 4 is deep, 2 awake
        ({"deep": 260, "light": 100, "rem": 110, "awake": 10}, ["deep", "light", "rem", "awake"]),  # 3 is deep, 2 light
        ({}, ["light", "deep", "rem", "awake"]),
    ],
)
def test_stages_are_numbered_as_the_told_minutes_have_it(minutes: dict[str, int], order: list[str]) -> None:
    pieces = [(0, 260, 3), (260, 360, 2), (360, 470, 4), (470, 480, 5)]

    reading = read(
        row("sleep", sleep(pieces, **{f"sleep_{stage}_duration": value for stage, value in minutes.items()}))
    )

    assert [stage for (stage,) in reading.rows("sleep_stages", "stage")] == order
    assert ("numbered in another order: 1" in message(reading)) == (order != ["light", "deep", "rem", "awake"])


def test_a_night_is_from_its_bedtime_whatever_the_time_of_its_row() -> None:
    value = sleep(
        [], sleep_deep_duration=100, sleep_light_duration=260, sleep_rem_duration=110, sleep_awake_duration=10
    )

    reading = read(row("sleep", value, datetime(2026, 9, 12, 21, 59)))

    assert reading.rows(
        "sleep_sessions", "source", "session_key", "start_utc", "end_utc", "asleep_min", "awake_min"
    ) == [(WATCH, "night 2026-09-11T21:00:00", NIGHT, NIGHT + timedelta(minutes=480), 470.0, 10.0)]
    assert reading.rows("clock_offsets", "time_utc", "offset_s") == [(NIGHT, 7200)]


@pytest.mark.parametrize(
    ("given", "asleep_min"),
    [
        ({"duration": 460, "sleep_awake_duration": 20}, 460.0),
        ({"duration": 480, "sleep_awake_duration": 20}, 460.0),  # the whole night, being awake included
        ({"duration": 480}, 480.0),
        ({}, None),
    ],
)
def test_without_stages_the_duration_tells_the_sleep(given: dict[str, object], asleep_min: float | None) -> None:
    assert read(row("sleep", sleep([], **given))).rows("sleep_sessions", "asleep_min") == [(asleep_min,)]


def test_a_nap_is_a_nap_and_without_times_it_is_where_its_pieces_are() -> None:
    pieces = [(600, 640, 3)]

    reading = read(
        row("watch_daytime_sleep", sleep(pieces, bedtime=0, wake_up_time=0)),
        row("watch_night_sleep", sleep([], is_nap=True)),
        row("watch_daytime_sleep", {"bedtime": 0, "wake_up_time": 0, "duration": 25}),
    )

    assert reading.rows("sleep_sessions", "session_key", "kind") == [
        ("nap 2026-09-12T07:00:00", "nap"),
        ("nap 2026-09-11T21:00:00", "nap"),
    ]
    assert message(reading) == "left out: 1 x sleep without its times"


def test_older_names_and_unknown_stages_of_sleep_are_understood() -> None:
    value = {
        "device_bedtime": second(NIGHT),
        "device_wake_up_time": second(NIGHT + timedelta(minutes=60)),
        "items": [
            {"start": second(NIGHT), "end": second(NIGHT + timedelta(minutes=50)), "state": 3},
            {"start": second(NIGHT + timedelta(minutes=50)), "end": second(NIGHT + timedelta(minutes=60)), "state": 9},
        ],
    }

    reading = read(row("watch_night_sleep", value))

    assert reading.rows("sleep_stages", "stage") == [("light",)]
    assert message(reading) == "left out: 1 x piece of sleep of no known stage"


def test_of_a_night_told_again_the_newest_counts_whatever_the_order() -> None:
    given = [row("sleep", sleep([(0, 480, 3)]), updated=2), row("sleep", sleep([(0, 480, 2)]), updated=1)]

    for rows in (given, given[::-1]):
        assert read(*rows).rows("sleep_stages", "stage") == [("light",)]


@pytest.mark.parametrize(
    ("begin", "local_date"),
    [
        (datetime(2026, 9, 11, 22), date(2026, 9, 12)),  # midnight in Berlin
        (datetime(2026, 9, 12, 0), date(2026, 9, 12)),  # midnight of UTC
        (datetime(2026, 9, 11, 16), date(2026, 9, 12)),  # midnight in Shanghai, where the person is not
        (datetime(2026, 9, 12, 3), date(2026, 9, 12)),  # midnight in Brazil
        (datetime(2026, 10, 25, 23), date(2026, 10, 26)),  # midnight in Berlin in winter
    ],
)
def test_the_date_of_a_report_is_the_one_its_midnight_begins(begin: datetime, local_date: date) -> None:
    reading = read(day({"steps": 8123, "distance": 5900, "calories": 310}, begin), header=DAILY)

    assert reading.rows("day_values", "source", "local_date", "metric", "value") == [
        ("mi_fitness", local_date, "active_energy_kcal", 310.0),
        ("mi_fitness", local_date, "distance_m", 5900.0),
        ("mi_fitness", local_date, "steps", 8123.0),
    ]


def test_only_reports_of_steps_are_read_and_a_day_of_none_was_not_worn() -> None:
    begin = datetime(2026, 9, 12)

    reading = read(
        day({"steps": 2000, "calories": 2080}, begin, updated=1),
        day({"steps": 2100, "calories": 2080}, begin, updated=2),
        day({"steps": 0, "distance": 0}, begin + timedelta(days=1)),
        day({"steps": 3}, begin, tag="daily_mark"),
        day({"sleep_score": 80}, begin, key="sleep"),
        header=DAILY,
    )

    assert reading.rows("day_values", "metric", "value") == [("steps", 2100.0)]
    assert message(reading) == (
        "left out: 1 x daily_mark of steps (not read); left out: 1 x daily_report of sleep (not read);"
        " left out: 1 x day of no steps; left out: 2 x energy that is not of movement alone"
    )


def test_an_activity_ends_when_it_says_or_after_its_seconds() -> None:
    whole = {"start_time": second(TEN), "end_time": second(TEN) + 1800, "distance": 2100, "steps": 3000, "timezone": 8}

    reading = read(
        [9, 7, "outdoor_walking", 0, "walking", json.dumps(whole), 1],
        [9, 7, "yoga", second(TEN), "training", json.dumps({"duration": 600, "distance": -1}), 1],
        [9, 7, "nothing", second(TEN), "training", "{}", 1],
        header=SPORT,
    )

    assert reading.rows("activities", "source", "start_utc", "end_utc", "sport", "steps", "distance_m") == [
        (WATCH, TEN, TEN + timedelta(minutes=30), "outdoor_walking", 3000.0, 2100.0),
        (WATCH, TEN, TEN + timedelta(minutes=10), "yoga", None, None),
    ]
    assert reading.skipped == ["row 4"]


@pytest.mark.parametrize(
    "bad",
    [
        row("heart_rate", '{"bpm":'),
        row("heart_rate", "[" * 100_000),
        row("heart_rate", [1]),
        row("heart_rate", "81"),
        row("heart_rate", {"bpm": True}),
        row("heart_rate", {"bpm": "NaN"}),
        row("heart_rate", {}),
        row("heart_rate", {"bpm": 81}, "soon"),
        row("heart_rate", {"bpm": 81}, 10**30),
        row("heart_rate", {"bpm": 81, "time": True}),
        row("heart_rate", {"bpm": 81}, 0),
        row("steps", {"steps": -1}),
        row("steps", {"steps": 3}, updated="soon"),
        row("sleep", sleep([(10, 5, 3)])),
        row("sleep", sleep([], wake_up_time=second(NIGHT) - 60)),
        row("sleep", sleep([], wake_up_time=second(NIGHT) + 200_000)),
        row("sleep", {**sleep([]), "items": [{}]}),
        row("sleep", {**sleep([]), "items": 3}),
        [9, 7],
    ],
)
def test_a_damaged_row_is_skipped_and_the_others_are_as_before(bad: list[object]) -> None:
    good = row("heart_rate", {"bpm": 81}), row("heart_rate", {"bpm": 82}, TEN + timedelta(minutes=1))

    reading = read(good[0], bad, good[1])

    assert len(reading.skipped) == 1
    assert reading.rows("samples", "value") == [(81.0,), (82.0,)]
    assert reading.count == 2


@pytest.mark.parametrize("zone", [None, "Asia/Shanghai", True, 99, 8.5])
def test_a_zone_that_is_none_tells_no_clock(zone: object) -> None:
    assert read(row("sleep", sleep([], timezone=zone))).rows("clock_offsets", "offset_s") == []


def test_many_rows_come_in_batches(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(mi_fitness, "ROWS_PER_BATCH", 3)

    rows = [row("heart_rate", {"bpm": 60 + number}, TEN + timedelta(minutes=number)) for number in range(10)]

    assert [value for (value,) in read(*rows).rows("samples", "value")] == [60.0 + number for number in range(10)]


def test_xiaomis_tables_are_known_by_their_headings_and_the_others_by_their_name() -> None:
    tree = [
        table(FITNESS, name="renamed.csv"),
        table(["Uid", "Sex"], name="20261101_9_MiFitness_user_fitness_profile.csv"),
        table(["Uid", "Key", "Time", "Url"], name="20261101_9_MiFitness_hlth_center_sport_track_data.csv"),
        table(["Uid", "Sex"], name="profile.csv"),
        table(["Key", "Time", "Value"], name="mine.csv"),
    ]

    assert dict(mi_fitness.claims(tree)) == {
        "renamed.csv": "",
        tree[1].path: mi_fitness.NEVER,
        tree[2].path: mi_fitness.NEVER,
    }
    assert len(list(mi_fitness.read([tree[4]], None))) == 1  # type: ignore[arg-type]
    assert message(read()) == "holds no entries"


@pytest.mark.parametrize(
    ("name", "exported"),
    [
        ("20261101_9_MiFitness_hlth_center_fitness_data.csv", datetime(2026, 11, 2)),
        ("20269901_9_MiFitness_hlth_center_fitness_data.csv", TEN),
        ("data.csv", TEN),
    ],
)
def test_an_export_is_as_old_as_its_name_says_else_as_its_newest_row(name: str, exported: datetime) -> None:
    reading = read(row("heart_rate", {"bpm": 81}), name=name)

    assert [item.exported_utc for item in reading.found if isinstance(item, FileSummary)] == [exported]


# ---- whole exports ------------------------------------------------------------


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Iterator[homes.HomeAtWork]:
    folder = tmp_path_factory.mktemp("mi") / "home"
    with homes.of_exports(folder, {"account.zip": SAMPLE}) as made:
        yield made


def test_nights_of_either_numbering_have_the_told_minutes(home: homes.HomeAtWork) -> None:
    assert home.rows(
        "select local_date, is_main, asleep_min, awake_min, light_min, deep_min, rem_min"
        " from stg.nights order by onset_utc"
    ) == [
        (date(2026, 10, 25), True, 500.0, 10.0, 290.0, 100.0, 110.0),
        (date(2026, 10, 26), True, 400.0, 20.0, 220.0, 80.0, 100.0),
        (date(2026, 10, 26), False, 40.0, None, None, None, None),
    ]


def test_watch_and_phone_are_not_added_up(home: homes.HomeAtWork) -> None:
    # of the 24th the phone tells 0 + 100 + ... + 1,100 in half hours, the watch 194 of two minutes among them
    assert home.rows("select local_date, value, resolution from daily.steps order by local_date") == [
        (date(2026, 10, 24), 6600.0, "interval"),
        (date(2026, 10, 25), 2000.0, "day"),
    ]
