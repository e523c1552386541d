"""What we know of Garmin's account export, with values worked out by hand."""

import json
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from typing import Any

import homes
import pytest
from one_reader import json_entry, rows, skipped, summary
from places import SAMPLES

from recovery.formats.entries import Context
from recovery.formats.fit.encode import encode
from recovery.formats.records import FileSummary, Yielded
from recovery.readers import garmin_account

CONTEXT = Context(zone_at=lambda _: "Europe/Berlin", to_utc=lambda wall: wall)
SAMPLE = SAMPLES / "garmin_account" / "export"
WATCH, ACCOUNT = "garmin:4000000001", "garmin:account"
DAYS, NIGHTS = "UDSFile_2026-05-01_2026-05-09.json", "2026-05-01_2026-05-09_1_sleepData.json"
OVERNIGHT, SPORTS = "2026-05-01_2026-05-09_1_healthStatusData.json", "account_0_summarizedActivities.json"
NIGHT = {
    "sleepStartTimestampGMT": "2026-05-03T21:30:00.0",
    "sleepEndTimestampGMT": "2026-05-04T05:00:00.0",
    "calendarDate": "2026-05-04",
    "sleepWindowConfirmationType": "ENHANCED_CONFIRMED",
    "deepSleepSeconds": 3600,
    "lightSleepSeconds": 18000,
    "remSleepSeconds": 4500,
    "awakeSleepSeconds": 900,
}
WALK = {
    "activityType": "walking",
    "startTimeGmt": 1777912200000,  # 2026-05-04T16:30:00Z
    "startTimeLocal": 1777919400000,
    "duration": 600000.0,
    "distance": 80000.0,
    "calories": 300.0,
}


def read(name: str, content: object) -> list[Yielded]:
    return list(garmin_account.read([json_entry(name, content)], CONTEXT))


def values(found: list[Yielded]) -> dict[tuple[str, str], float]:
    return {(str(day), metric): value for day, metric, value in rows(found, "day_values", *VALUE)}


VALUE = ("local_date", "metric", "value")


def test_a_day_in_our_units() -> None:
    found = read(
        DAYS,
        [
            {
                "calendarDate": "2026-05-04",
                "includesWellnessData": True,
                "totalSteps": 4000,
                "totalDistanceMeters": 3100,
                "activeKilocalories": 210.0,
                "floorsAscendedInMeters": 15.24,  # five floors of 10 ft
                "moderateIntensityMinutes": 12,
                "vigorousIntensityMinutes": 5,
                "restingHeartRate": 58,
                "currentDayRestingHeartRate": 54,
                "allDayStress": {"aggregatorList": [{"type": "ASLEEP", "averageStressLevel": 12}]},
            }
        ],
    )

    by_metric = {metric: value for (_, metric), value in values(found).items()}
    assert by_metric.pop("floors") == pytest.approx(5)
    assert by_metric == {
        "steps": 4000,
        "distance_m": 3100,
        "active_energy_kcal": 210,
        "resting_heart_rate_bpm": 54,
        "moderate_min": 17,  # ours are of at least moderate intensity
        "vigorous_min": 5,
    }


def test_a_day_without_wellness_data_is_missing_and_counted_not_zero() -> None:
    found = read(DAYS, [{"calendarDate": "2026-05-04", "includesWellnessData": False, "totalSteps": 0}])

    assert values(found) == {}
    assert summary(found).message == "dates without wellness data, which are not zero: 1"


def test_a_date_told_twice_and_a_drink_between_do_no_harm() -> None:
    day = {"calendarDate": "2026-05-04", "includesWellnessData": True}
    found = read(
        DAYS, [{**day, "totalSteps": 10}, {"calendarDate": "2026-05-04", "valueInML": 250.0}, {**day, "totalSteps": 90}]
    )

    assert rows(found, "day_values", "metric", "value") == [("steps", 10.0), ("steps", 90.0)]
    assert summary(found).message == "dates told more than once: 1; entries of another kind, such as hydration: 1"


@pytest.mark.parametrize(
    ("local", "offsets"), [("2026-05-04T00:00:00.0", [7200]), ("2026-05-05T20:00:00.0", []), (None, [])]
)
def test_a_day_tells_the_local_clock_where_it_can_be_one(local: str | None, offsets: list[int]) -> None:
    found = read(
        DAYS,
        [
            {
                "calendarDate": "2026-05-04",
                "totalSteps": 1,
                "wellnessStartTimeGmt": "2026-05-03T22:00:00.0",
                "wellnessStartTimeLocal": local,
            }
        ],
    )

    assert [offset for (offset,) in rows(found, "clock_offsets", "offset_s")] == offsets


@pytest.mark.parametrize("start", ["2026-05-03T21:30:00.0", "2026-05-03T23:30:00+02:00", 1777843800, 1777843800000])
def test_a_night_is_in_gmt_in_every_form(start: object) -> None:
    found = read(NIGHTS, [NIGHT | {"sleepStartTimestampGMT": start}])

    assert rows(found, "sleep_sessions", "start_utc", "end_utc", "asleep_min", "awake_min", "tz_assumed") == [
        (datetime(2026, 5, 3, 21, 30), datetime(2026, 5, 4, 5), 435.0, 15.0, False)
    ]


def test_durations_of_stages_belong_to_the_date_and_no_course_of_them_is_made_up() -> None:
    found = read(NIGHTS, [NIGHT | {"averageRespiration": 13.0, "spo2SleepSummary": {"averageSPO2": 95.0}}])

    assert values(found) == {
        ("2026-05-04", "light_min"): 300.0,
        ("2026-05-04", "deep_min"): 60.0,
        ("2026-05-04", "rem_min"): 75.0,
        ("2026-05-04", "respiration_rate"): 13.0,
        ("2026-05-04", "spo2_mean_share"): 0.95,
    }
    assert rows(found, "sleep_stages", "stage") == []


@pytest.mark.parametrize(
    ("kind", "count"),
    [("ENHANCED_CONFIRMED_FINAL", 1), ("ENHANCED_CONFIRMED", 1), ("MANUALLY_CONFIRMED", 1)]
    + [(kind, 0) for kind in ("UNCONFIRMED", "AUTO_CONFIRMED_FINAL", "OFF_WRIST", None)],
)
def test_only_confirmed_nights_count_and_the_others_are_told(kind: str | None, count: int) -> None:
    found = read(NIGHTS, [NIGHT | {"sleepWindowConfirmationType": kind}])

    assert len(rows(found, "sleep_sessions", "source")) == count
    assert (summary(found).message == "") == bool(count)
    assert count or summary(found).message.startswith("nights left out, which Garmin did not confirm (")


def test_a_night_of_an_old_account_without_durations_is_left_out_and_counted() -> None:
    found = read(NIGHTS, [{key: value for key, value in NIGHT.items() if not key.endswith("Seconds")}])

    assert (rows(found, "sleep_sessions", "source"), values(found)) == ([], {})
    assert summary(found).message == "nights left out that tell no time asleep: 1"


def test_of_one_night_told_twice_in_a_file_the_later_counts() -> None:
    found = read(NIGHTS, [NIGHT, NIGHT | {"lightSleepSeconds": 12000}])

    assert rows(found, "sleep_sessions", "asleep_min") == [(335.0,)]


def test_naps_are_naps() -> None:
    nap = {"napStartTimestampGMT": "2026-05-04T12:00:00.0", "napEndTimestampGMT": "2026-05-04T12:40:00.0"}
    found = read(NIGHTS, [NIGHT | {"napList": [nap | {"napTimeSec": 2400}, nap, {"other": 1}]}])

    assert rows(found, "sleep_sessions", "kind", "asleep_min") == [(None, 435.0), ("nap", 40.0)]
    assert summary(found).message == "naps left out whose times cannot be read: 2"


def test_the_variability_of_a_night_belongs_to_its_date() -> None:
    metrics = [{"type": "HRV", "value": 43.0}, {"type": "HR", "value": 52.0}]
    nothing = {"calendarDate": "2026-05-05", "metrics": [{"type": "HRV", "value": None}]}
    found = read(OVERNIGHT, [{"calendarDate": "2026-05-04", "metrics": metrics}, nothing])

    assert values(found) == {("2026-05-04", "hrv_rmssd_ms"): 43.0}


def test_an_activity_counts_in_centimetres_and_milliseconds_and_its_calories_are_left_alone() -> None:
    found = read(SPORTS, [{"summarizedActivitiesExport": [WALK | {"elapsedDuration": 660000.0, "steps": 1010}]}])

    columns = ("source", "start_utc", "end_utc", "sport", "steps", "distance_m", "active_energy_kcal")
    start = datetime(2026, 5, 4, 16, 30)
    assert rows(found, "activities", *columns) == [
        (ACCOUNT, start, start + timedelta(minutes=11), "walking", 1010.0, 800.0, None)
    ]
    assert rows(found, "clock_offsets", "time_utc", "offset_s") == [(start, 7200)]


def test_an_export_in_several_lists_is_read_to_its_end() -> None:
    later = WALK | {"startTimeGmt": WALK["startTimeGmt"] + 86_400_000, "activityType": {"typeKey": "hiking"}}
    found = read(SPORTS, [{"summarizedActivitiesExport": [WALK]}, {"summarizedActivitiesExport": [later]}])

    assert rows(found, "activities", "sport") == [("walking",), ("hiking",)]


@pytest.mark.parametrize("sport", ["breathwork", "meditation", "driving_general", "motorcycling_v2", "boating_v2"])
def test_what_is_no_movement_of_ones_own_is_left_out_and_counted(sport: str) -> None:
    found = read(SPORTS, [{"summarizedActivitiesExport": [WALK | {"activityType": sport}]}])

    assert rows(found, "activities", "sport") == []
    assert summary(found).message == f"left out, as it is no movement of one's own ({sport}): 1"


def test_an_activity_without_a_duration_is_counted() -> None:
    found = read(SPORTS, [{"summarizedActivitiesExport": [WALK | {"duration": None}]}])

    assert rows(found, "activities", "sport") == []
    assert summary(found).message == "activities left out that tell no duration: 1"


@pytest.mark.parametrize(
    ("name", "good", "bad"),
    [
        (DAYS, {"calendarDate": "2026-05-04", "totalSteps": 4}, bad)
        for bad in (
            {"calendarDate": "2026-13-04", "totalSteps": 4},
            {"calendarDate": "1989-12-31", "totalSteps": 4},
            {"calendarDate": 20260504, "totalSteps": 4},
            {"calendarDate": "2026-05-04", "totalSteps": "many"},
            {"calendarDate": "2026-05-04", "totalSteps": True},
            {"calendarDate": "2026-05-04", "totalSteps": float("nan")},
            {"calendarDate": "2026-05-04", "totalSteps": 10**400},
            {"totalSteps": 4},
        )
    ]
    + [
        (NIGHTS, NIGHT, NIGHT | bad)
        for bad in (
            {"sleepStartTimestampGMT": "yesterday"},
            {"sleepStartTimestampGMT": None},
            {"sleepEndTimestampGMT": "2026-05-03T21:30:00.0"},
            {"sleepEndTimestampGMT": "2026-05-05T21:30:01.0"},
            {"sleepStartTimestampGMT": 1e300},
        )
    ]
    + [(NIGHTS, NIGHT, bad) for bad in (17, None, "night", [1, 2])]
    + [
        (SPORTS, WALK, WALK | bad)
        for bad in ({"duration": 4e8}, {"duration": 1e300}, {"startTimeGmt": None}, {"startTimeGmt": -5})
    ],
)
def test_a_damaged_entry_is_skipped_with_its_place_and_the_others_are_read(
    name: str, good: dict[str, Any], bad: object
) -> None:
    def found(*entries: object) -> list[Yielded]:
        return read(name, [{"summarizedActivitiesExport": entries}] if name == SPORTS else entries)

    record = {DAYS: "day_values", NIGHTS: "sleep_sessions", SPORTS: "activities"}[name]
    assert skipped(found(good, bad)) == ["entry 2"]
    assert rows(found(good, bad), record, "source") == rows(found(good), record, "source") != []


def test_a_file_cut_short_gives_what_stands_before_and_says_so() -> None:
    whole = json.dumps([NIGHT, NIGHT | {"sleepStartTimestampGMT": "2026-05-03T21:40:00.0"}]).encode()
    found = read(NIGHTS, whole[:-40])

    assert len(rows(found, "sleep_sessions", "source")) == 1
    assert skipped(found) == ["after entry 1"]
    assert next(item for item in found if isinstance(item, FileSummary)).is_partial


@pytest.mark.parametrize("tail", [b"[" * 200_000, b'{"a":' * 200_000, b"\xff\xfe\x00", b"]]]]"])
def test_hostile_tails_end_the_file_and_nothing_else(tail: bytes) -> None:
    found = read(NIGHTS, b"[" + json.dumps(NIGHT).encode() + b"," + tail)

    assert len(rows(found, "sleep_sessions", "source")) == 1


def test_a_long_list_is_read_through_a_window(monkeypatch: pytest.MonkeyPatch) -> None:
    nights = [
        NIGHT | {"sleepStartTimestampGMT": f"2026-05-03T2{hour}:{minute:02}:00.0", "note": "é" * minute}
        for hour in (0, 1)
        for minute in range(60)
    ]
    monkeypatch.setattr("recovery.formats.json_items.CHUNK_BYTES", 101)
    found = read(NIGHTS, json.dumps(nights, ensure_ascii=False).encode())

    assert len(rows(found, "sleep_sessions", "source")) == 120
    assert skipped(found) == []


def test_a_loose_file_is_known_by_name_and_keys_together() -> None:
    tree = [
        json_entry(f"inbox/{DAYS}", [{"calendarDate": "2026-05-04", "totalSteps": 4}]),
        json_entry("days.json", [{"calendarDate": "2026-05-04", "totalSteps": 4}]),
        json_entry(NIGHTS, [{"logId": 1, "dateOfSleep": "2026-05-04"}]),
        json_entry(f"a/DI-CONNECT/DI-Connect-Wellness/{NIGHTS}", []),
        json_entry("a/di_connect/DI-Connect-Wellness/x.json", {"gender": "x"}),
        json_entry("a/customer_data/customer.json", {}),
        json_entry("b/customer_data/customer.json", {}),
        json_entry("a/DI_CONNECT/DI-Connect-Uploaded-Files/1.fit", b"\x0e\x10\x00\x00\x00\x00\x00\x00.FIT"),
    ]

    assert [claim.path for claim in garmin_account.claims(tree) if not claim.not_needed] == [
        tree[0].path,
        tree[3].path,
    ]
    assert [claim.path for claim in garmin_account.claims(tree) if claim.not_needed] == [tree[4].path, tree[5].path]


# ---- the watch's own files beside the account's ---------------------------------------------------------------------


def at(day: int, hour: int, minute: int = 0) -> datetime:
    return datetime(2026, 5, day, hour, minute, tzinfo=UTC)


def head(kind: int, time: datetime) -> tuple[str, dict[str, Any]]:
    return "file_id", {
        "type": kind, "manufacturer": 1, "product": 9999, "serial_number": 4000000001, "time_created": time,
    }  # fmt: skip


def clock(time: datetime) -> tuple[str, dict[str, Any]]:
    return "monitoring_info", {"timestamp": time, "local_timestamp": time + timedelta(hours=2)}


def total(time: datetime, steps: int) -> tuple[str, dict[str, Any]]:
    return "monitoring", {"timestamp": time, "activity_type": 6, "cycles": steps / 2, "active_time": steps / 2}


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Iterator[homes.HomeAtWork]:
    """The sample with a zip of FIT files in it, of the night to 4 May and of that day."""
    levels = [(at(3, 21, 40), 2), (at(4, 0), 3), (at(4, 1), 4), (at(4, 2), 2), (at(4, 4, 40), 1)]
    fits = {
        "1_WELLNESS.fit": encode(
            [
                head(32, at(3, 22)),
                clock(at(3, 22)),
                total(at(3, 22, 1), 0),
                total(at(4, 10), 5000),
                total(at(4, 22), 7000),
            ]
        ),
        "2_SLEEP.fit": encode(
            [
                head(49, at(3, 21, 40)),
                *(("sleep_level", {"timestamp": time, "sleep_level": code}) for time, code in levels),
                ("event", {"timestamp": at(4, 5), "event": 74, "event_type": 1}),
            ]
        ),
    }
    members: dict[str, bytes | str] = {
        path.relative_to(SAMPLE).as_posix(): path.read_bytes() for path in sorted(SAMPLE.rglob("*")) if path.is_file()
    }
    root = next(iter(members)).split("/")[0]
    uploaded = f"{root}/DI_CONNECT/DI-Connect-Uploaded-Files/UploadedFiles_0-_Part1.zip"
    made = homes.make(tmp_path_factory.mktemp("garmin") / "home")
    made.drop("export.zip", homes.zipped({**members, uploaded: homes.zipped(fits)}))
    made.run_to_minutes()
    yield made
    made.close()


def test_the_zip_in_the_zip_goes_to_the_reader_of_fit_and_the_rest_to_this_one(home: homes.HomeAtWork) -> None:
    found = home.rows("select format, status, count(*) from raw.files where format <> 'zip' group by all order by all")

    assert found == [("fit_files", "loaded", 2), ("garmin_account", "ignored", 6), ("garmin_account", "loaded", 4)]


def test_steps_of_a_day_told_by_the_watch_and_by_the_account_are_the_watchs(home: homes.HomeAtWork) -> None:
    assert home.rows("select local_date, value, source from daily.steps order by local_date") == [
        (date(2026, 3, 29), 4096.0, ACCOUNT),
        (date(2026, 5, 4), 7000.0, WATCH),  # the account says 7142
        (date(2026, 5, 5), 9031.0, ACCOUNT),
        (date(2026, 5, 7), 10888.0, ACCOUNT),
    ]


def test_a_night_told_by_the_watch_and_by_the_account_is_the_watchs(home: homes.HomeAtWork) -> None:
    nights = "select local_date, source, asleep_min, light_min, deep_min from stg.nights order by local_date"
    assert home.rows(nights) == [
        (date(2026, 5, 4), WATCH, 420.0, 300.0, 60.0),  # 140 + 160 light, 60 deep, 60 REM; the account says 439
        (date(2026, 5, 5), ACCOUNT, 349.0, None, None),
    ]
    assert home.rows("select local_date, value, source from daily.light_min order by local_date") == [
        (date(2026, 5, 4), 300.0, WATCH),
        (date(2026, 5, 5), 270.0, ACCOUNT),
    ]
