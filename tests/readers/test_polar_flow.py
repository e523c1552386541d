"""What we know of Polar Flow's export, with values worked out by hand."""

import json
from collections.abc import Iterator
from datetime import date, datetime, timedelta
from typing import Any

import homes
import pytest
from one_reader import BERLIN, json_entry, rows, skipped, summary
from places import SAMPLES

from recovery.formats.records import Batch, Yielded
from recovery.readers import polar_flow

SAMPLE = SAMPLES / "polar_flow" / "export"
UUID = "0b6f7a54-1111-4222-8333-9c0d5e6f7a8b"
DAY, HEART, TRAINING = (
    f"activity-2026-05-04-{UUID}.json",
    f"247ohr_42_05-{UUID}.json",
    f"training-session-x-{UUID}.json",
)
NIGHT, RECOVERY = f"sleep_result_42-{UUID}.json", f"nightly_recovery_42-{UUID}.json"
SIX = datetime(2026, 5, 4, 16)  # 18:00 in Berlin
LONG = {"sleepStart": "2026-05-04T23:00Z", "sleepEnd": "2026-05-06T23:01Z"}
WALK = {
    "startTime": "2026-05-04T18:00:00.000",
    "stopTime": "2026-05-04T18:30:00.000",
    "timezoneOffset": 120,
    "duration": "PT30M",
    "sport": "WALKING",
}
SLEEP = {
    "night": "2026-05-05",
    "evaluation": {"asleepDuration": "PT6H40M", "interruptions": {"totalDuration": "PT20M"}},
    "sleepResult": {"hypnogram": {"sleepStart": "2026-05-04T23:00:00+02:00", "sleepEnd": "2026-05-05T06:00:00+02:00"}},
}


def read(name: str, content: object) -> list[Yielded]:
    return list(polar_flow.read([json_entry(name, content)], BERLIN))


def day(steps: list[tuple[str, object]], total: object = None, **more: object) -> dict[str, Any]:
    summary = {} if total is None else {"summary": {"stepCount": total}}
    samples = {"steps": [{"localTime": at, "value": value} for at, value in steps], "mets": []}
    return {"exportVersion": "1", "date": "2026-05-04", "samples": samples, **summary, **more}


def heart(*samples: tuple[object, object], on: str = "2026-05-04") -> dict[str, Any]:
    given = [{"heartRate": bpm, "secondsFromDayStart": second} for second, bpm in samples]
    return {"deviceDays": [{"userId": 42, "date": on, "samples": given}]}


def night(*changes: tuple[str, str], **phases: str) -> list[dict[str, Any]]:
    given = [{"offsetFromStart": offset, "state": state} for offset, state in changes]
    hypnogram = {**SLEEP["sleepResult"]["hypnogram"], "sleepStateChanges": given}
    evaluation = {**SLEEP["evaluation"], **({"phaseDurations": phases} if phases else {})}
    return [{**SLEEP, "evaluation": evaluation, "sleepResult": {"hypnogram": hypnogram}}]


def test_steps_are_local_and_last_until_the_next_sample_but_a_minute_at_most() -> None:
    found = read(DAY, day([("08:00:00.000", 30), ("08:00:30.000", 20), ("23:59:30", 7), ("00:00:30", 5)], 62))

    assert rows(found, "samples", "start_utc", "end_utc", "value") == [
        (datetime(2026, 5, 4, 6), datetime(2026, 5, 4, 6, 0, 30), 30.0),
        (datetime(2026, 5, 4, 6, 0, 30), datetime(2026, 5, 4, 6, 1), 20.0),
        (datetime(2026, 5, 4, 21, 59, 30), datetime(2026, 5, 4, 22), 7.0),
        (datetime(2026, 5, 4, 22, 0, 30), datetime(2026, 5, 4, 22, 1), 5.0),
    ]
    assert rows(found, "day_values", "local_date", "metric", "value") == [(date(2026, 5, 4), "steps", 62.0)]
    assert summary(found).message == polar_flow.ASSUMED


@pytest.mark.parametrize(
    ("content", "values"),
    [(day([], 0), []), (day([("08:00", 0)], 0), [0.0]), (day([], 900), [900.0]), (day([("08:00", 4)]), [])],
)
def test_no_steps_without_any_sample_is_not_worn_and_no_zero(content: dict[str, Any], values: list[float]) -> None:
    found = read(DAY, content)

    assert [value for (value,) in rows(found, "day_values", "value")] == values
    assert ("not worn" in summary(found).message) == (content == day([], 0))


def test_heart_rates_count_from_local_midnight_also_where_the_clock_changes_and_zero_is_none() -> None:
    found = read(HEART, heart((0, 60), (300, 0), (14400, 61)))
    later = read(HEART, heart((0, 60), (14400, 61), on="2026-10-25"))

    assert rows(found, "samples", "start_utc", "end_utc", "value") == [
        (datetime(2026, 5, 3, 22), datetime(2026, 5, 3, 22), 60.0),
        (datetime(2026, 5, 4, 2), datetime(2026, 5, 4, 2), 61.0),
    ]
    assert rows(later, "samples", "start_utc") == [(datetime(2026, 10, 24, 22),), (datetime(2026, 10, 25, 3),)]


def test_training_of_the_older_kind() -> None:
    samples = {"heartRate": [{"dateTime": "2026-05-04T18:00:01.000", "value": 80}, {"dateTime": "2026-05-04T18:00:02"}]}
    exercise = {**WALK, "distance": 2200.5, "kiloCalories": 140, "samples": samples}
    found = read(TRAINING, {"startTime": WALK["startTime"], "exercises": [exercise]})

    columns = ("start_utc", "end_utc", "sport", "distance_m", "active_energy_kcal")
    assert rows(found, "activities", *columns) == [(SIX, SIX + timedelta(minutes=30), "walking", 2200.5, 140.0)]
    assert rows(found, "samples", "start_utc", "value") == [(SIX + timedelta(seconds=1), 80.0)]
    assert rows(found, "clock_offsets", "time_utc", "offset_s") == [(SIX, 7200)]
    assert summary(found).message == ""


def test_training_of_the_newer_kind_is_cut_at_long_pauses() -> None:
    exercise = {
        "startTime": "2026-05-04T18:00:00",
        "stopTime": "2026-05-04T19:00:00",
        "durationMillis": 3_000_000,
        "distanceMeters": 5000,
        "sport": {"id": "1"},
        "pauseTimes": [
            {"startTime": "2026-05-04T18:20", "endTime": "2026-05-04T18:30"},
            {"startTime": "2026-05-04T18:40", "endTime": "2026-05-04T18:45"},
        ],
        "samples": {"samples": [{"type": "HEART_RATE", "intervalMillis": 1500, "values": ["NaN", 0, 91, 92.5]}]},
    }
    found = read(TRAINING, {"identifier": {"id": "s"}, "timezoneOffsetMinutes": 120, "exercises": [exercise]})

    assert rows(found, "activities", "start_utc", "end_utc", "sport", "distance_m") == [
        (SIX, SIX + timedelta(minutes=20), "polar sport 1", 2000.0),
        (SIX + timedelta(minutes=30), SIX + timedelta(minutes=60), "polar sport 1", 3000.0),
    ]
    assert rows(found, "samples", "start_utc", "value") == [
        (SIX + timedelta(seconds=3), 91.0),
        (SIX + timedelta(seconds=4.5), 92.5),
    ]


def test_training_without_an_offset_or_an_end_or_exercises() -> None:
    training = {"startTime": "2026-05-04T18:00:00", "durationMillis": 600_000, "exercises": []}
    found = read(TRAINING, training)

    assert rows(found, "activities", "start_utc", "end_utc") == [(SIX, SIX + timedelta(minutes=10))]
    assert summary(found).message == polar_flow.ASSUMED
    assert summary(read(TRAINING, {**training, "durationMillis": 0})).message.startswith(
        "trainings left out that have no length: 1"
    )


def test_a_night_with_its_stages_and_the_wake_that_closes_it() -> None:
    changes = (
        ("PT0S", "WAKE"), ("PT10M", "NONREM1"), ("PT20M30S", "NONREM3"), ("PT1H", "REM"), ("PT2H", "WS_UNKNOWN"),
        ("PT3H", "NONREM2"), ("PT7H", "WAKE"),
    )  # fmt: skip
    found = read(NIGHT, night(*changes))
    start = datetime(2026, 5, 4, 21)

    columns = ("session_key", "start_utc", "end_utc", "tz_assumed", "asleep_min", "awake_min")
    assert rows(found, "sleep_sessions", *columns) == [
        ("2026-05-05", start, start + timedelta(hours=7), False, 400.0, 20.0)
    ]
    assert [
        ((begin - start).total_seconds() / 60, (end - start).total_seconds() / 60, stage)
        for begin, end, stage in rows(found, "sleep_stages", "start_utc", "end_utc", "stage")
    ] == [
        (0, 10, "awake"), (10, 20.5, "light"), (20.5, 60, "deep"), (60, 120, "rem"), (120, 180, "unknown"),
        (180, 420, "light"),
    ]  # fmt: skip
    assert rows(found, "clock_offsets", "time_utc", "offset_s") == [(start, 7200)]


def test_durations_of_stages_belong_to_the_date_only_where_no_course_is_told() -> None:
    assert rows(read(NIGHT, night(light="PT4H", deep="PT1H30M")), "day_values", "local_date", "metric", "value") == [
        (date(2026, 5, 5), "light_min", 240.0),
        (date(2026, 5, 5), "deep_min", 90.0),
    ]
    assert rows(read(NIGHT, night(("PT0S", "REM"), light="PT4H")), "day_values", "metric") == []


def test_a_night_without_times_is_counted_and_one_without_offset_flagged() -> None:
    loose = {"sleepStart": "2026-05-04T23:00:00", "sleepEnd": "2026-05-05T06:00:00"}
    found = read(NIGHT, [{**SLEEP, "sleepResult": {"hypnogram": loose}}, {"night": "2026-05-06", "evaluation": {}}])

    assert rows(found, "sleep_sessions", "start_utc", "tz_assumed") == [(datetime(2026, 5, 4, 21), True)]
    assert summary(found).message == f"nights left out that tell no times: 1; {polar_flow.ASSUMED}"


def test_recovery_of_a_night() -> None:
    given = {"night": "2026-05-05", "meanNightlyRecoveryRmssd": 42, "meanNightlyRecoveryRespirationInterval": 4000}
    strange = {"night": "2026-05-06", "meanNightlyRecoveryRmssd": 0, "meanNightlyRecoveryRespirationInterval": 4}

    assert rows(read(RECOVERY, [given, strange]), "day_values", "local_date", "metric", "value") == [
        (date(2026, 5, 5), "hrv_rmssd_ms", 42.0),
        (date(2026, 5, 5), "respiration_rate", 15.0),
    ]


@pytest.mark.parametrize(
    ("name", "content"),
    [
        (DAY, day([("25:00", 4)], 4)),
        (DAY, day([("08:00", "four")], 4)),
        (DAY, day([("08:00", -4)], 4)),
        (DAY, day([("08:00", 4)], float("inf"))),
        (DAY, day([("08:00", 4)], 4, date="2026-02-30")),
        (DAY, day([("08:00", 4)], 4, date="1899-02-20")),
        (DAY, {"date": "2026-05-04", "samples": [1]}),
        (HEART, heart((0, 60), (90_000, 60))),
        (HEART, heart((0, 60), (float("nan"), 60))),
        (HEART, heart((0, 60), (5, "many"))),
        (TRAINING, {"exercises": [{**WALK, "startTime": "noon"}]}),
        (TRAINING, {"exercises": [{**WALK, "stopTime": None, "duration": "half an hour"}]}),
        (TRAINING, {"exercises": [{**WALK, "startTime": "0001-01-01T00:00:00", "timezoneOffset": 720}]}),
        (TRAINING, {"exercises": [7]}),
        (NIGHT, [{**SLEEP, "night": "tonight"}]),
        (NIGHT, night(("PT", "REM"))),
        (NIGHT, night(("P99999999999D", "REM"))),
        (NIGHT, [{**SLEEP, "sleepResult": {"hypnogram": LONG}}]),
        (RECOVERY, [{"night": None, "meanNightlyRecoveryRmssd": 42}]),
    ],
)  # fmt: skip
def test_a_damaged_entry_is_skipped_whole(name: str, content: object) -> None:
    found = read(name, content)

    assert skipped(found) == ["entry 1"]
    assert sum(len(item.table) for item in found if isinstance(item, Batch)) == 0


@pytest.mark.parametrize(
    ("name", "content", "place"),
    [
        (DAY, json.dumps(day([("08:00", 4)])).encode()[:-9], ""),
        (TRAINING, b'{"exercises": ' + b"[" * 200_000, ""),
        (HEART, json.dumps(heart((0, 60))).encode()[:-20], "after entry 0"),
        (NIGHT, json.dumps([SLEEP, SLEEP]).encode()[:-9], "after entry 1"),
    ],
)
def test_a_file_cut_short_says_so(name: str, content: bytes, place: str) -> None:
    assert skipped(read(name, content)) == [place]


def test_files_are_known_by_name_and_content_together() -> None:
    tree = [
        json_entry(DAY, day([])),
        json_entry(f"a/{NIGHT}", []),
        json_entry("activity-2026-05-04.json", day([])),
        json_entry(NIGHT.replace(UUID, "1"), []),
        json_entry(DAY, [1]),
        json_entry("training-session-1.json", {"name": "of somebody else"}),
        json_entry(f"profile-picture-42-LARGE-{UUID}.data", b"\xff\xd8\xff"),
        json_entry(f"nightly_recovery_blob_42-{UUID}.json", []),
        json_entry("account-data.json", {}),
    ]

    assert [claim.path for claim in polar_flow.claims(tree) if not claim.not_needed] == [DAY, f"a/{NIGHT}"]
    assert [claim.path for claim in polar_flow.claims(tree) if claim.not_needed] == [tree[6].path, tree[7].path]


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Iterator[homes.HomeAtWork]:
    folder = tmp_path_factory.mktemp("polar") / "home"
    with homes.of_exports(folder, {"polar-user-data-export_x.zip": SAMPLE}) as made:
        yield made


def test_steps_of_samples_and_of_the_day_are_counted_once(home: homes.HomeAtWork) -> None:
    assert home.rows("select local_date, value, source from daily.steps order by local_date") == [
        (date(2026, 5, 4), 400.0, "polar"),  # the day's total, 412, holds 12 of the minute after midnight
        (date(2026, 5, 5), 12.0, "polar"),
        (date(2026, 10, 25), 30.0, "polar"),
    ]


def test_nights_with_and_without_a_course_of_stages(home: homes.HomeAtWork) -> None:
    assert home.rows("select local_date, asleep_min, light_min, tz_assumed from stg.nights order by 1") == [
        (date(2026, 5, 5), 450.0, 90.0, False),  # its own; of stages 90 light, 90 deep, 240 REM, 30 unknown
        (date(2026, 5, 6), 360.0, None, True),
    ]
    assert home.rows("select local_date, value from daily.light_min order by 1") == [
        (date(2026, 5, 5), 90.0),
        (date(2026, 5, 6), 240.0),
    ]
