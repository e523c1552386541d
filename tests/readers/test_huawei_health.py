"""What we know of Huawei Health's export, with values worked out by hand."""

import json
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import homes
import pytest
from one_reader import Reading, entry, folder
from places import SAMPLES

from recovery.formats.entries import Entry
from recovery.readers import huawei_health

SAMPLE = SAMPLES / "huawei_health" / "request"
TEN = datetime(2026, 9, 12, 10)
WATCH, PHONE = "huawei_health:7", "huawei_health:8"
HEART = "DATA_POINT_DYNAMIC_HEARTRATE"


def ms(time_utc: datetime) -> int:
    return int(time_utc.replace(tzinfo=UTC).timestamp() * 1000)


def point(key: str, value: object = "", start: datetime = TEN, minutes: float = 1, **changes: object) -> dict[str, Any]:
    end = start + timedelta(minutes=minutes)
    return {"startTime": ms(start), "endTime": ms(end), "key": key, "value": value, "unit": "0", **changes}


def record(*points: object, **changes: object) -> dict[str, Any]:
    return {"deviceCode": 7, "timeZone": "+0200", "recordId": "r", "samplePoints": list(points), **changes}


def minute(
    start: datetime = TEN, device: int = 7, sport: int = 5, version: int = 1, **amounts: object
) -> dict[str, Any]:
    return {
        "startTime": ms(start),
        "endTime": ms(start + timedelta(minutes=1)),
        "deviceCode": device,
        "sportType": sport,
        "version": version,
        "timeZone": "+0200",
        "sportBasicInfos": [amounts],
    }


def read(content: object, name: str = "data.json") -> Reading:
    text = content if isinstance(content, str) else json.dumps(content)
    return Reading("huawei_health", [entry(text, name)])


def read_minutes(*minutes: object) -> Reading:
    return read([{"recordDay": 20260912, "sportDataUserData": list(minutes)}])


@pytest.mark.parametrize(
    ("key", "value", "metric", "read_as"),
    [
        (HEART, "82.0", "heart_rate_bpm", 82.0),
        (HEART, 82, "heart_rate_bpm", 82.0),
        ("DYNAMIC_HEART_RATE", '{"bpm": 82}', "heart_rate_bpm", 82.0),
        ("DATA_POINT_REST_HEARTRATE", "58", "resting_heart_rate_bpm", 58.0),
        ("DATA_POINT_NEW_REST_HEARTRATE", "58", "resting_heart_rate_bpm", 58.0),
        ("BLOOD_OXYGEN_SATURATION", {"avgSaturation": 97}, "spo2_share", 0.97),
        ("BLOOD_OXYGEN_SATURATION", "97", "spo2_share", 0.97),
    ],
)
def test_the_key_says_what_a_point_is_whatever_its_type(key: str, value: object, metric: str, read_as: float) -> None:
    reading = read([record(point(key, value), type=999)])

    assert reading.rows("samples", "source", "metric", "start_utc", "end_utc", "value") == [
        (WATCH, metric, TEN, TEN, read_as)
    ]
    assert reading.rows("clock_offsets", "time_utc", "offset_s") == [(TEN, 7200)]


@pytest.mark.parametrize("value", ["0", "255", "300.5"])
def test_a_heart_rate_that_no_heart_has_is_left_out_with_a_count(value: str) -> None:
    reading = read([record(point(HEART, value))])

    assert reading.rows("samples", "value") == []
    assert reading.summary.message == f"left out: 1 x {HEART} that is no measurement"


def test_weight_stress_and_another_persons_records_are_never_read() -> None:
    reading = read(
        [
            record(point("WEIGHT_BODYFAT_BROAD", '{"bodyWeight": 65.5}'), point("STRESS_DATA", '{"score": 31}')),
            record(point(HEART, "82"), subUser="someone"),
        ]
    )

    assert reading.count == 0
    assert reading.summary.message == (
        "left out: 1 x STRESS_DATA (not read); left out: 1 x WEIGHT_BODYFAT_BROAD (not read);"
        " left out: 1 x another person's records"
    )
    assert "65.5" not in repr(reading.found)


def test_minutes_of_sleep_are_one_night_until_an_hour_is_missing() -> None:
    begin = datetime(2026, 9, 12, 21)
    pieces = [(0, 1, "SHALLOW"), (1, 2, "SHALLOW"), (2, 60, "DEEP"), (60, 70, "WAKE"), (119, 180, "DREAM")]
    later = [(240, 300, "SHALLOW")]

    reading = read(
        [
            record(point(f"PROFESSIONAL_SLEEP_{stage}", "", begin + timedelta(minutes=first), last - first))
            for first, last, stage in reversed(pieces + later)
        ]
    )

    first, second = "night 2026-09-12T21:00:00", "night 2026-09-13T01:00:00"
    assert reading.rows("sleep_sessions", "session_key", "start_utc", "end_utc", "kind") == [
        (first, begin, begin + timedelta(minutes=180), None),
        (second, begin + timedelta(minutes=240), begin + timedelta(minutes=300), None),
    ]
    assert [
        (key, (start - begin) / timedelta(minutes=1), (end - begin) / timedelta(minutes=1), stage)
        for key, start, end, stage in reading.rows("sleep_stages", "session_key", "start_utc", "end_utc", "stage")
    ] == [
        (first, 0, 2, "light"),
        (first, 2, 60, "deep"),
        (first, 60, 70, "awake"),
        (first, 119, 180, "rem"),
        (second, 240, 300, "light"),
    ]


def test_a_nap_is_apart_from_the_night_and_an_old_band_from_a_new_watch() -> None:
    reading = read(
        [
            record(point("PROFESSIONAL_SLEEP_NOON", "", TEN, 40)),
            record(point("SLEEP_LIGHT", "", TEN + timedelta(minutes=40), 30), deviceCode=8),
            record(point("PROFESSIONAL_SLEEP_DEEP", "", TEN + timedelta(minutes=40), 30)),
        ]
    )

    assert sorted(reading.rows("sleep_sessions", "source", "session_key", "kind")) == [
        (WATCH, "nap 2026-09-12T10:00:00", "nap"),
        (WATCH, "night 2026-09-12T10:40:00", None),
        (PHONE, "plain 2026-09-12T10:40:00", None),
    ]


def test_the_steps_of_a_goal_are_the_apps_own_total_of_its_local_day() -> None:
    midnight = datetime(2026, 9, 11, 22)  # the 12th begins in Berlin

    reading = read(
        [
            record(point("SPORT_GOAL_ACHIEVEMENT_DATA", '{"stepUserValue": 8123}', midnight, 1439)),
            record(point("SPORT_GOAL_ACHIEVEMENT_DATA", '{"stepUserValue": 8000}', midnight, 1439)),
            record(point("SPORT_GOAL_ACHIEVEMENT_DATA", '{"stepUserValue": 0}', midnight + timedelta(days=1), 1439)),
            record(point("SPORT_GOAL_ACHIEVEMENT_DATA", '{"stepGoalValue": 10000}', midnight, 1439)),
            record(point("SPORT_GOAL_ACHIEVEMENT_DATA", '{"stepUserValue": 5}', midnight, 1439), timeZone="?"),
        ]
    )

    assert reading.days("steps") == {date(2026, 9, 12): 8123.0}
    assert reading.summary.message == "left out: 1 x days of no steps; left out: 2 x goals without steps or zone"


def test_devices_in_the_same_minute_are_sources_of_their_own() -> None:
    reading = read_minutes(
        minute(steps=100, distance=70, calorie=2690, floor=0), minute(device=8, steps=104, distance=72)
    )

    assert reading.rows("samples", "source", "metric", "value", start_utc=TEN, end_utc=TEN + timedelta(minutes=1)) == [
        (WATCH, "steps", 100.0),
        (WATCH, "distance_m", 70.0),
        (WATCH, "floors", 0.0),
        (PHONE, "steps", 104.0),
        (PHONE, "distance_m", 72.0),
    ]


def test_of_one_minute_sports_are_added_up_and_versions_are_not() -> None:
    reading = read_minutes(
        minute(steps=90, version=1),
        minute(steps=100, version=3),
        minute(steps=95, version=2),
        minute(sport=20, steps=4),
    )

    assert reading.rows("samples", "metric", "value") == [("steps", 104.0)]
    assert reading.summary.message == "left out: 2 x older version of the same minute"


@pytest.mark.parametrize(
    ("zone", "offsets"),
    [("+0530", [19800]), ("-03:00", [-10800]), ("+9900", []), ("", []), (None, []), (2, []), ("Europe/Berlin", [])],
)
def test_the_zone_of_a_record_tells_the_clock_where_it_can(zone: object, offsets: list[int]) -> None:
    reading = read([record(point(HEART, "82"), timeZone=zone)])

    assert [offset for (offset,) in reading.rows("clock_offsets", "offset_s")] == offsets
    assert reading.rows("samples", "start_utc") == [(TEN,)]


@pytest.mark.parametrize(
    ("code", "source"),
    [(7, WATCH), ("7", WATCH), (0, "huawei_health"), (None, "huawei_health"), (True, "huawei_health"),
     ("a b/c", "huawei_health")],
)  # fmt: skip
def test_a_device_is_named_by_its_code(code: object, source: str) -> None:
    assert read([record(point(HEART, "82"), deviceCode=code)]).rows("samples", "source") == [(source,)]


def test_an_activity_has_its_sport_and_amounts_but_no_place() -> None:
    row = {
        "attribute": "HW_EXT_TRACK_DETAIL@istp=lbs;k=0;lat=51.5;lon=7.25;",
        "deviceCode": 7,
        "startTime": ms(TEN),
        "endTime": ms(TEN + timedelta(minutes=30)),
        "timeZone": "+0200",
        "sportType": 257,
        "totalDistance": 2100,
        "totalSteps": 3000,
    }
    newer = {**row, "sportType": None, "summaryData": '{"sportType": 999, "totalDistance": -1, "totalSteps": 0}'}

    reading = read([row, newer], "motion path detail data.json")

    assert reading.rows("activities", "source", "start_utc", "sport", "steps", "distance_m") == [
        (WATCH, TEN, "walking", 3000.0, 2100.0),
        (WATCH, TEN, "sport 999", None, None),
    ]
    assert "51.5" not in repr(reading.found)


@pytest.mark.parametrize(
    ("bad", "place"),
    [
        (None, "record 2"),
        ([], "record 2"),
        ({}, "record 2"),
        (record(samplePoints=None), "record 2"),
        (record(None), "record 2, point 1"),
        (record({}), "record 2, point 1"),
        (record(point(HEART, "")), "record 2, point 1"),
        (record(point(HEART, "[1]")), "record 2, point 1"),
        (record(point(HEART, "NaN")), "record 2, point 1"),
        (record(point(HEART, True)), "record 2, point 1"),
        (record(point(HEART, "[" * 100_000)), "record 2, point 1"),
        (record(point(HEART, "82", startTime=0)), "record 2, point 1"),
        (record(point(HEART, "82", startTime=True)), "record 2, point 1"),
        (record(point(HEART, "82", startTime="soon")), "record 2, point 1"),
        (record(point(HEART, "82", startTime=10**30)), "record 2, point 1"),
        (record(point(HEART, "82", minutes=-1)), "record 2, point 1"),
        (record(point("PROFESSIONAL_SLEEP_DEEP", "", minutes=2000)), "record 2, point 1"),
    ],
)
def test_a_damaged_record_is_skipped_and_the_others_are_as_before(bad: object, place: str) -> None:
    good = [record(point(HEART, "82")), record(point(HEART, "83", TEN + timedelta(minutes=1)))]

    reading = read([good[0], bad, good[1]])

    assert reading.skipped == [place]
    assert reading.rows("samples", "value") == [(82.0,), (83.0,)]


@pytest.mark.parametrize(
    "bad",
    [None, {}, minute(sportBasicInfos=None) | {"sportBasicInfos": None}, minute(steps="many"), minute(steps=-1),
     {**minute(steps=3), "endTime": ms(TEN)}, {**minute(steps=3), "endTime": ms(TEN + timedelta(days=2))}],
)  # fmt: skip
def test_a_damaged_minute_is_skipped_and_the_others_are_as_before(bad: object) -> None:
    reading = read_minutes(minute(steps=100), bad)

    assert reading.skipped == ["record 1, minute 2"]
    assert reading.rows("samples", "value") == [(100.0,)]
    assert read([{"sportDataUserData": 3}]).skipped == ["record 1"]


def test_a_damaged_activity_is_skipped() -> None:
    assert read([{"startTime": ms(TEN)}, None], "motion path detail data.json").skipped == ["record 1", "record 2"]


def test_a_file_cut_short_gives_what_stands_before_the_cut() -> None:
    whole = json.dumps([record(point(HEART, "82")), record(point(HEART, "83"))])

    reading = read(whole[:-20])

    assert reading.rows("samples", "value") == [(82.0,)]
    assert reading.skipped == ["after record 1"]
    assert reading.summary.is_partial


def test_many_points_come_in_batches(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(huawei_health, "ROWS_PER_BATCH", 3)

    assert len(read([record(point(HEART, str(60 + n))) for n in range(10)]).rows("samples", "value")) == 10
    minutes = [minute(TEN + timedelta(minutes=n), steps=n) for n in range(10)]
    assert len(read_minutes(*minutes).rows("samples", "value")) == 10


def test_the_other_files_of_its_folders_are_known_and_those_of_others_are_not() -> None:
    root = "HUAWEI_HEALTH_20261101081500.zip!/data/"
    tree = [
        entry("\ufeff [" + json.dumps(record(point(HEART, "82"))) + "]", "renamed.txt"),
        entry("\xd0\xcf", root + "SportsHealth data & desciption/user health daily statistics.xls"),
        entry("[]", root + "Account data & description/account.json"),
        entry("x", root + "Health detail data & description/notes.md"),
        entry('{"samplePoints": 1, "deviceCode": 2}', "a.json"),
        entry('[{"samplePoints": 1}]', "b.json"),
        entry("[]", "motion path detail data.json"),
        entry("[]", "data/account.json"),
    ]

    assert dict(huawei_health.claims(tree)) == {
        "renamed.txt": "",
        tree[1].path: huawei_health.LEGACY,
        tree[2].path: huawei_health.NEVER,
    }


def test_what_is_not_huaweis_is_skipped_and_an_empty_list_holds_nothing() -> None:
    other = Entry("a.json", 2, entry("{}", "a.json").opener)

    assert len(list(huawei_health.read([other], None))) == 1  # type: ignore[arg-type]
    assert read('[ "samplePoints", "deviceCode"]').summary.message == ""
    assert read('[ "samplePoints", "deviceCode"]').skipped == ["record 1", "record 2"]


@pytest.mark.parametrize(
    ("path", "exported"),
    [
        ("HUAWEI_HEALTH_20261101081500.zip!/data.json", datetime(2026, 11, 1, 8, 15)),
        ("HUAWEI_HEALTH_20269901081500.zip!/data.json", TEN + timedelta(minutes=1)),
        ("data.json", TEN + timedelta(minutes=1)),
    ],
)
def test_an_export_is_as_old_as_its_archive_says_else_as_its_newest_point(path: str, exported: datetime) -> None:
    assert read([record(point(HEART, "82"))], path).summary.exported_utc == exported


# ---- whole exports ------------------------------------------------------------


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Iterator[homes.HomeAtWork]:
    folder = tmp_path_factory.mktemp("huawei") / "home"
    with homes.of_exports(folder, {"request.zip": SAMPLE}) as made:
        yield made


def test_steps_of_watch_and_phone_count_once(home: homes.HomeAtWork) -> None:
    # 104 of the first minute, told by both; 60 of the second, which only the watch tells
    assert home.rows("select sum(steps) from timeline.minutes where minute_utc < '2026-10-24 08:02:00'") == [(164,)]
    assert home.rows("select value from daily.steps where local_date = '2026-10-25'") == [(8123.0,)]


def test_the_night_is_seven_hours_and_the_nap_another(home: homes.HomeAtWork) -> None:
    assert home.rows(
        "select local_date, is_main, asleep_min, awake_min, light_min, deep_min, rem_min"
        " from stg.nights order by onset_utc"
    ) == [
        (date(2026, 10, 25), True, 410.0, 10.0, 263.0, 57.0, 90.0),
        (date(2026, 10, 25), False, 40.0, None, None, None, None),
    ]


def test_the_real_pieces_are_read_to_the_last_value(real: Path) -> None:
    files = {file.name: file for file in folder(real / "huawei_health")}

    heart = Reading("huawei_health", [files["heartrate_sample.json"]])
    sleep = Reading("huawei_health", [files["sleep_sample.json"]])
    minutes = Reading("huawei_health", [files["sport_per_minute_sample.json"]])

    assert heart.rows("samples", "start_utc", "value") == [(datetime(2020, 10, 14, 11, 30), 82.0)]
    assert sleep.rows("sleep_stages", "start_utc", "end_utc", "stage") == [
        (datetime(2020, 10, 20, 22, 26), datetime(2020, 10, 20, 22, 27), "light")
    ]
    assert minutes.rows("samples", "metric", "value", start_utc=datetime(2019, 4, 5, 20, 45)) == [
        ("steps", 14.0),
        ("distance_m", 9.0),
        ("floors", 0.0),
    ]
    assert heart.skipped == sleep.skipped == minutes.skipped == []
