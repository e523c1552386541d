"""What we know of Fitbit's files, on small invented ones and on a real export."""

import json
from collections import Counter
from collections.abc import Callable, Iterator
from datetime import date, datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from one_reader import BERLIN, json_entry, rows

from recovery.formats.entries import Context, Entry
from recovery.formats.fitbit import json_series
from recovery.formats.records import Batch, FileSummary, Skipped, Yielded
from recovery.readers import fitbit_takeout

BELOW = "Takeout/Fitbit/Global Export Data/"


def read(*files: Entry, context: Context = BERLIN) -> list[Yielded]:
    return list(fitbit_takeout.read(files, context))


def skipped(found: list[Yielded]) -> list[Skipped]:
    return [item for item in found if isinstance(item, Skipped)]


def summary(found: list[Yielded]) -> list[FileSummary]:
    return [item for item in found if isinstance(item, FileSummary)]


def claimed(*files: Entry) -> dict[str, str]:
    return dict(fitbit_takeout.claims(files))


def point(time: str, value: object) -> dict[str, object]:
    return {"dateTime": time, "value": value}


def night(**changes: object) -> dict[str, Any]:
    """Two hours of stages from 23:00, with a short waking in the deep sleep."""
    return {
        "logId": 7,
        "startTime": "2024-01-09T23:00:00.000",
        "duration": 7_200_000,
        "minutesToFallAsleep": 0,
        "minutesAsleep": 114,
        "minutesAwake": 6,
        "minutesAfterWakeup": 2,
        "dateOfSleep": "2024-01-10",
        "logType": "auto_detected",
        "levels": {
            "data": [
                level("2024-01-09T23:00:00.000", "wake", 300),
                level("2024-01-09T23:05:00.000", "light", 3300),
                level("2024-01-10T00:00:00.000", "deep", 3600),
            ],
            "shortData": [level("2024-01-10T00:30:00.000", "wake", 60)],
        },
        "mainSleep": True,
        **changes,
    }


def exercise(**changes: object) -> dict[str, Any]:
    return {
        "logId": 1,
        "activityName": "Gehen",
        "activityTypeId": 90013,
        "startTime": "01/09/24 08:30:10",
        "duration": 90_000,
        "calories": 12,
        **changes,
    }


def level(time: str, name: str, seconds: int) -> dict[str, object]:
    return {"dateTime": time, "level": name, "seconds": seconds}


def test_steps_are_minutes_in_utc() -> None:
    found = read(json_entry("steps-2024-01-09.json", [point("01/09/24 08:59:00", "12")]))

    assert rows(found, "samples", "source", "metric", "start_utc", "end_utc", "value") == [
        ("fitbit", "steps", datetime(2024, 1, 9, 8, 59), datetime(2024, 1, 9, 9, 0), 12.0)
    ]


@pytest.mark.parametrize(
    ("stamps", "message"),
    [
        (("12/29/23 23:00:00", "01/28/24 22:59:00"), "its times are UTC: as local time they lie outside the 30 dates"),
        (("12/30/23 00:00:00", "01/28/24 23:00:00"), "as local time they fit its 30 dates better"),
        (("12/30/23 00:00:00", "01/28/24 22:59:00"), "read as UTC, as Fitbit writes this kind"),
        (("12/28/23 00:00:00", "01/28/24 22:59:00"), "read as UTC, as Fitbit writes this kind"),
    ],
)
def test_a_file_of_thirty_dates_shows_its_clock_at_its_ends(stamps: tuple[str, str], message: str) -> None:
    found = read(json_entry("steps-2023-12-30.json", [point(stamp, "12") for stamp in stamps]))

    assert message in summary(found)[0].message


def test_a_measured_zero_of_steps_stays() -> None:
    found = read(json_entry("steps-2024-01-09.json", [point("01/09/24 08:59:00", "0")]))

    assert rows(found, "samples", "value") == [(0.0,)]


def test_distance_comes_in_centimetres() -> None:
    found = read(json_entry("distance-2024-01-09.json", [point("01/09/24 08:59:00", "270")]))

    assert rows(found, "samples", "metric", "value") == [("distance_m", 2.7)]


def test_the_start_value_of_the_heart_rate_is_left_out() -> None:
    beats = [
        point("01/09/24 08:00:00", {"bpm": 70, "confidence": 0}),
        point("01/09/24 08:00:05", {"bpm": 74, "confidence": 0}),
        point("01/09/24 08:00:10", {"bpm": 70, "confidence": 1}),
    ]

    found = read(json_entry("heart_rate-2024-01-09.json", beats))

    assert rows(found, "samples", "metric", "start_utc", "end_utc", "value") == [
        ("heart_rate_bpm", datetime(2024, 1, 9, 8, 0, second), datetime(2024, 1, 9, 8, 0, second), bpm)
        for second, bpm in ((5, 74.0), (10, 70.0))
    ]
    assert "left out: 1 x 70 bpm" in summary(found)[0].message


def test_a_day_of_heart_rate_that_runs_over_midnight_shows_that_it_is_utc() -> None:
    beat = {"bpm": 60, "confidence": 3}
    over = [point("01/08/24 23:00:04", beat), point("01/09/24 22:59:58", beat)]
    within = [point("01/09/24 00:00:04", beat), point("01/09/24 23:59:58", beat)]
    part = [point("01/09/24 07:00:04", beat), point("01/09/24 09:59:58", beat)]

    messages = [
        summary(read(json_entry("heart_rate-2024-01-09.json", rows)))[0].message for rows in (over, within, part)
    ]

    assert messages[0] == "its times are UTC: the file of one local day runs over a midnight"
    assert messages[1].endswith("were you in a zone of UTC on that day?")
    assert messages[2] == "its times carry no zone and are read as UTC, as Fitbit writes this kind"


def test_a_day_without_resting_heart_rate_has_no_row() -> None:
    found = read(
        json_entry(
            "resting_heart_rate-2024-01-01.json",
            [
                point("01/01/24 00:00:00", {"date": None, "value": 0.0, "error": 0.0}),
                point("01/02/24 00:00:00", {"date": "01/02/24", "value": 58.5, "error": 6.1}),
                point("01/03/24 00:00:00", {"date": "01/03/24", "value": 0.0, "error": 0.0}),
            ],
        )
    )

    assert rows(found, "day_values", "local_date", "metric", "value") == [
        (date(2024, 1, 2), "resting_heart_rate_bpm", 58.5)
    ]
    assert summary(found) == [FileSummary(0, datetime(2024, 1, 2, 23), "dates without a value: 2")]


@pytest.mark.parametrize(
    ("name", "metric", "padding"),
    [
        ("sedentary", "sedentary_min", "1440"),
        ("lightly_active", "lightly_active_min", "0"),
        ("moderately_active", "moderately_active_min", "0"),
        ("very_active", "vigorous_min", "0"),
    ],
)
def test_days_not_worn_and_days_to_come_have_no_minutes(name: str, metric: str, padding: str) -> None:
    days = [point(f"01/0{day}/24 00:00:00", value) for day, value in enumerate([padding, "17", padding, padding], 1)]

    found = read(json_entry(f"{name}_minutes-2024-01-01.json", days))

    assert rows(found, "day_values", "local_date", "metric", "value") == [(date(2024, 1, 2), metric, 17.0)]
    assert summary(found)[0].message.endswith(": 3")


def test_a_night_is_local_time_with_its_short_wakings_laid_over_the_stages() -> None:
    found = read(json_entry("sleep-2024-01-01.json", [night()]))

    start = datetime(2024, 1, 9, 22)
    assert rows(found, "sleep_sessions", "session_key", "start_utc", "end_utc", "kind", "tz_assumed") == [
        ("7", start, start + timedelta(hours=2), "main", True)
    ]
    assert rows(found, "sleep_sessions", "asleep_min", "awake_min", "latency_min", "after_wake_min") == [
        (114.0, 6.0, None, 2.0)
    ]
    assert rows(found, "sleep_stages", "start_utc", "end_utc", "stage") == [
        (start + timedelta(minutes=first), start + timedelta(minutes=last), stage)
        for first, last, stage in (
            (0, 5, "awake"),
            (5, 60, "light"),
            (60, 90, "deep"),
            (90, 91, "awake"),
            (91, 120, "deep"),
        )
    ]


def test_a_short_waking_beside_a_long_one_is_one_waking() -> None:
    levels = {
        "data": [level("2024-01-09T23:00:00.000", "light", 3600), level("2024-01-10T00:00:00.000", "wake", 3600)],
        "shortData": [level("2024-01-09T23:59:00.000", "wake", 120)],
    }

    found = read(json_entry("sleep-2024-01-01.json", [night(levels=levels)]))

    assert rows(found, "sleep_stages", "stage", "start_utc") == [
        ("light", datetime(2024, 1, 9, 22)),
        ("awake", datetime(2024, 1, 9, 22, 59)),
    ]


def test_restless_counts_as_awake_in_a_classic_night() -> None:
    levels = {
        "data": [
            level("2024-01-09T23:00:00.000", "asleep", 3600),
            level("2024-01-10T00:00:00.000", "restless", 1800),
            level("2024-01-10T00:30:00.000", "awake", 1800),
        ]
    }

    found = read(json_entry("sleep-2024-01-01.json", [night(levels=levels, mainSleep=False)]))

    assert rows(found, "sleep_stages", "stage", "end_utc") == [
        ("asleep", datetime(2024, 1, 9, 23)),
        ("awake", datetime(2024, 1, 10, 0)),
    ]
    assert rows(found, "sleep_sessions", "kind") == [("nap",)]


@pytest.mark.parametrize(
    ("start", "start_utc"),
    [
        ("2024-03-31T01:30:00.000", datetime(2024, 3, 31, 0, 30)),  # the clock jumps an hour later
        ("2024-10-27T02:30:00.000", datetime(2024, 10, 27, 0, 30)),  # 02:30 comes twice, the first counts
    ],
)
def test_a_night_keeps_the_offset_of_its_start_over_a_change_of_the_clock(start: str, start_utc: datetime) -> None:
    stamp = datetime.fromisoformat(start) + timedelta(hours=1)
    levels = {"data": [level(start, "light", 3600), level(stamp.isoformat(), "deep", 3600)]}

    found = read(json_entry("sleep-2024-01-01.json", [night(startTime=start, levels=levels)]))

    hour = timedelta(hours=1)
    assert rows(found, "sleep_stages", "start_utc", "end_utc") == [
        (start_utc, start_utc + hour),
        (start_utc + hour, start_utc + 2 * hour),
    ]


def test_time_to_fall_asleep_is_measured_where_the_person_started_the_night() -> None:
    found = read(
        json_entry(
            "sleep-2024-01-01.json", [night(logType="manual"), night(minutesToFallAsleep=9), night(mainSleep=None)]
        )
    )

    assert rows(found, "sleep_sessions", "latency_min", "kind") == [(0.0, "main"), (9.0, "main"), (None, None)]


def test_stages_end_with_their_night() -> None:
    found = read(json_entry("sleep-2024-01-01.json", [night(duration=3_900_000)]))

    assert rows(found, "sleep_stages", "stage", "end_utc")[-1] == ("deep", datetime(2024, 1, 9, 23, 5))
    assert len(rows(found, "sleep_stages", "stage")) == 3


@pytest.mark.parametrize(("unit", "metres"), [("Kilometer", 2500.0), ("Mile", 4023.36), ("Werst", None), (None, None)])
def test_an_exercise_is_utc_with_its_distance_in_metres(unit: str | None, metres: float | None) -> None:
    found = read(json_entry("exercise-0.json", [exercise(distance=2.5, distanceUnit=unit)]))

    columns = ("start_utc", "end_utc", "sport", "steps", "distance_m", "active_energy_kcal")
    assert rows(found, "activities", *columns) == [
        (datetime(2024, 1, 9, 8, 30, 10), datetime(2024, 1, 9, 8, 31, 40), "Gehen", None, metres, None)
    ]


@pytest.mark.parametrize(
    ("name", "good", "bad"),
    [
        ("steps-2024-01-09.json", point("01/09/24 08:59:00", "12"), point("01/09/24 08:60:00", "12")),
        ("steps-2024-01-09.json", point("01/09/24 08:59:00", "12"), point("02/30/24 08:59:00", "12")),
        ("steps-2024-01-09.json", point("01/09/24 08:59:00", "12"), point("01/09/24 08:59:00", "-12")),
        ("steps-2024-01-09.json", point("01/09/24 08:59:00", "12"), point("01/09/70 08:59:00", "12")),
        ("steps-2024-01-09.json", point("01/09/24 08:59:00", "12"), point("01/09/24 08:59:00", "nan")),
        ("steps-2024-01-09.json", point("01/09/24 08:59:00", "12"), point("01/09/24 08:59:00", "1e999")),
        ("distance-2024-01-09.json", point("01/09/24 08:59:00", "12"), {"dateTime": "01/09/24 09:00:00"}),
        ("distance-2024-01-09.json", point("01/09/24 08:59:00", "12"), None),
        ("heart_rate-2024-01-09.json", point("01/09/24 08:59:00", {"bpm": 60, "confidence": 2}), point("x", {})),
        (
            "heart_rate-2024-01-09.json",
            point("01/09/24 08:59:00", {"bpm": 60, "confidence": 2}),
            point("01/09/24 08:59:00", {"bpm": 0, "confidence": 2}),
        ),
        (
            "resting_heart_rate-2024-01-01.json",
            point("01/02/24 00:00:00", {"date": "01/02/24", "value": 58.5, "error": 6.1}),
            point("01/02/24 00:00:00", {"date": "2 Jan", "value": 58.5, "error": 6.1}),
        ),
        ("very_active_minutes-2024-01-01.json", point("01/02/24 00:00:00", "12"), point("01/02/24 00:00:00", "")),
        ("sleep-2024-01-01.json", night(), night(startTime="yesterday")),
        ("sleep-2024-01-01.json", night(), night(duration=0)),
        ("sleep-2024-01-01.json", night(), night(duration=10**30)),
        ("sleep-2024-01-01.json", night(), night(startTime="2024-01-09T23:00:00+01:00")),
        ("sleep-2024-01-01.json", night(), [1]),
        ("sleep-2024-01-01.json", night(), night(startTime="9999-12-31T23:00:00")),
        ("sleep-2024-01-01.json", night(), night(startTime="1970-01-01T23:00:00")),
        ("sleep-2024-01-01.json", night(), night(minutesAsleep="NaN")),
        ("sleep-2024-01-01.json", night(), night(mainSleep=[])),
        ("exercise-0.json", exercise(), exercise(duration=-9000)),
        ("exercise-0.json", exercise(), exercise(activityName=["Yoga"])),
        ("exercise-0.json", exercise(), exercise(startTime="01/09/70 08:30:10")),
    ],
)
def test_a_damaged_element_is_skipped_and_the_others_are_as_before(name: str, good: object, bad: object) -> None:
    whole, damaged = ([good, good, good], [good, bad, good, good])

    before, after = (read_as(name, elements) for elements in (whole, damaged))

    assert skipped(before) == []
    assert [(item.place, item.value) for item in skipped(after)] == [("element 2", json.dumps(bad)[:200])]
    assert [item for item in before if isinstance(item, Batch)] == [item for item in after if isinstance(item, Batch)]


def read_as(name: str, elements: object) -> list[Yielded]:
    """Reads what is claimed by its name below the root, however its elements look."""
    return read(json_entry(BELOW + name, elements))


def test_a_stretch_of_an_unknown_level_is_skipped_alone() -> None:
    levels = {"data": [level("2024-01-09T23:00:00.000", "dreaming", 300), level("2024-01-09T23:05:00.000", "rem", 300)]}

    found = read(json_entry("sleep-2024-01-01.json", [night(levels=levels)]))

    assert [item.place for item in skipped(found)] == ["element 1, data 1"]
    assert rows(found, "sleep_stages", "stage") == [("rem",)]
    assert len(rows(found, "sleep_sessions", "session_key")) == 1


def test_a_night_without_levels_is_a_night_all_the_same() -> None:
    found = read(json_entry("sleep-2024-01-01.json", [night(levels={"data": 3})]))

    assert rows(found, "sleep_stages", "stage") == []
    assert rows(found, "sleep_sessions", "asleep_min") == [(114.0,)]


def test_a_file_cut_short_gives_what_stands_before_the_cut() -> None:
    whole = json.dumps([point("01/09/24 08:59:00", "12"), point("01/09/24 09:00:00", "13")]).encode()

    found = read(json_entry("steps-2024-01-09.json", whole[:-10]))

    assert rows(found, "samples", "value") == [(12.0,)]
    assert [item.place for item in skipped(found)] == ["after element 1"]
    assert summary(found)[0].is_partial


def test_a_file_that_is_not_fitbits_is_refused_when_read() -> None:
    found = read(json_entry("holiday.json", {"dateTime": 1}))

    assert [item.reason for item in skipped(found)] == ["this is not one of the Fitbit files that are read"]


def test_a_file_far_too_large_is_refused_unread(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(fitbit_takeout, "MAX_BYTES", 10)

    found = read(json_entry("steps-2024-01-09.json", [point("01/09/24 08:59:00", "12")]))

    assert "bytes are too many" in skipped(found)[0].reason


@pytest.mark.parametrize(
    ("name", "elements"),
    [
        ("steps-2024-01-09.json", [point("02/29/24 08:59:00", "12"), point("12/31/24 23:59:59", "0")]),
        ("distance-2024-01-09.json", [point("01/09/24 08:59:00", "270"), point("01/10/24 00:00:00", "1.5")]),
        (
            "heart_rate-2024-01-09.json",
            [
                point("01/09/24 08:00:00", {"bpm": 70, "confidence": 0}),
                point("01/09/24 08:00:05", {"bpm": 101, "confidence": 3}),
            ],
        ),
    ],
)
def test_a_file_laid_out_as_fitbit_does_reads_as_any_other(name: str, elements: list[Any]) -> None:
    text = json.dumps(elements, indent=2, separators=(",", " : "))
    laid_out = text.replace("[\n  {", "[{").replace("},\n  {", "},{").replace("}\n]", "}]").encode()
    assert json_series.laid_out(laid_out, json_series.BEAT if "heart" in name else json_series.POINT)

    assert read(json_entry(name, laid_out)) == read(json_entry(name, elements))


@pytest.mark.parametrize("odd", [b"02/30/24", b"13/01/24", b"01/09/70", b"1/09/24", b"01/09/24T"])
def test_one_odd_element_leaves_the_fast_way(odd: bytes) -> None:
    good = b'{"dateTime" : "01/09/24 08:59:00","value" : "12"}'
    assert json_series.laid_out(b"[%b,%b]" % (good, good), json_series.POINT)

    found = read(json_entry("steps-2024-01-09.json", b"[%b,%b]" % (good, good.replace(b"01/09/24", odd))))

    assert rows(found, "samples", "value")[0] == (12.0,)
    assert len(skipped(found)) == (odd != b"1/09/24")  # strptime takes it


def test_an_empty_list_is_a_file_without_entries() -> None:
    found = read(json_entry(BELOW + "sleep-2024-01-01.json", []))

    assert summary(found)[0].message == "holds no entries"
    assert rows(found, "sleep_sessions", "session_key") == []


def test_the_name_of_the_archive_tells_when_it_was_exported() -> None:
    steps = [point("01/09/24 08:59:00", "12")]
    named = "takeout-20240220T101112Z-001.zip!/" + BELOW + "steps-2024-01-09.json"

    dates = [summary(read(json_entry(path, steps)))[0].exported_utc for path in (named, "steps-2024-01-09.json")]

    assert dates == [datetime(2024, 2, 20, 10, 11, 12), datetime(2024, 1, 9, 8, 59)]


@pytest.mark.parametrize(
    "path",
    [
        "Takeout/Fitbit/Global Export Data/steps-2024-01-09.json",
        "takeout-20240220T101112Z-001.zip!/Takeout/Google Health/Global Export Data/steps-2024-01-09.json",
        "my export/MyFitbitData/Somebody/Physical Activity/steps-2024-01-09.json",
        "Global Export Data/steps-2024-01-09.json",
        "steps-2024-01-09.json",
    ],
)
def test_the_files_are_found_wherever_they_lie(path: str) -> None:
    assert claimed(json_entry(path, [point("01/09/24 08:59:00", "12")])) == {path: ""}


@pytest.mark.parametrize(
    "content", [[night()], [exercise()], [point("01/09/24 08:00:00", {"bpm": 70, "confidence": 0})]]
)
def test_a_renamed_file_is_known_by_its_shape(content: object) -> None:
    assert claimed(json_entry("from the old phone.json", content)) == {"from the old phone.json": ""}


@pytest.mark.parametrize(
    ("path", "content"),
    [
        ("values.json", [point("01/09/24 08:59:00", "12")]),  # may be steps, may be metres
        ("steps-2024-01-09.json", {"dateTime": "01/09/24 08:59:00", "value": "12"}),
        ("steps-2024-01-09.json", b""),
        ("steps-2024-01-09.json", b"\xff\xd8\xff\xe0 JFIF"),
        ("steps-2024-01-09.json", ["a", "b"]),
        ("steps-2024-01-09.json", [{"steps": 12}]),
        ("Takeout/Fitbit/something new-2024.csv", b"timestamp,value\n"),
        ("Takeout/Fitbit/Temperature/archive.csv", b"PK\x03\x04\x00\x00"),
        ("Takeout/Mail/README.txt", b"no Fitbit"),
        ("Sleep Score/sleep_score.csv", b"sleep_log_entry_id,timestamp\n"),  # without a root above it
    ],
)
def test_what_is_not_surely_fitbits_is_left_to_others(path: str, content: object) -> None:
    assert claimed(json_entry(path, content)) == {}


def test_known_files_that_are_not_needed_say_why() -> None:
    reasons = claimed(
        json_entry("Takeout/Fitbit/Global Export Data/calories-2024-01-09.json", [point("01/09/24 08:59:00", "1.1")]),
        json_entry("Takeout/Fitbit/Sleep Score/sleep_score.csv", b"sleep_log_entry_id,timestamp\n"),
        json_entry("Takeout/Fitbit/Your Profile/Profile.csv", b"id,full_name\n"),
        json_entry("Takeout/Fitbit/Health Fitness Data_GoogleData/UserActivityProbabilities_2024-01-09.csv", b"x,y\n"),
        json_entry("Takeout/Fitbit/Health Fitness Data_GoogleData/UserConversations_2024-01-09.csv", b"x,y\n"),
        json_entry("Takeout/Fitbit/Physical Activity_GoogleData/gps_location_2024-01-09.csv", b"timestamp,latitude\n"),
        json_entry("Takeout/Fitbit/Heart Rate Variability/Heart Rate Variability Details - 2024-01-09.csv", b"no data"),
    )

    assert [reason.partition(":")[0] for reason in reasons.values()] == [
        "known and not needed",
        "known and not needed",
        "known and never read",
        "known and not needed",
        "known and never read",
        "known and never read",
        "known and not needed",
    ]


def test_the_page_about_the_archive_is_known() -> None:
    page = json_entry("takeout-1.zip!/Takeout/archive_browser.html", b"<!DOCTYPE html>")

    assert claimed(page) == {page.path: "a text that explains the files"}
    assert claimed(json_entry("Takeout/archive_browser.html", b"\x00")) == {}


def test_files_beside_a_loose_global_export_data_are_known_too() -> None:
    found = claimed(
        json_entry("Fitbit/Global Export Data/steps-2024-01-09.json", [point("01/09/24 08:59:00", "12")]),
        json_entry("Fitbit/Sleep Score/sleep_score.csv", b"sleep_log_entry_id,timestamp\n"),
    )

    assert list(found) == ["Fitbit/Global Export Data/steps-2024-01-09.json", "Fitbit/Sleep Score/sleep_score.csv"]


# ---- the real export -------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def export(real: Path) -> Path:
    return real / "fitbit" / "miriskalt__DSExample" / "data"


def entries(folder: Path) -> Iterator[Entry]:
    for path in sorted(folder.rglob("*")):
        if path.is_file():
            yield Entry(path.relative_to(folder).as_posix(), path.stat().st_size, partial(open, path, "rb"))


@pytest.fixture(scope="module")
def real_files(export: Path) -> dict[str, tuple[list[Any], list[Yielded]]]:
    """Of each file that is read: its elements by the json module, and what the reader found in it."""
    tree = list(entries(export))
    wanted = {claim.path for claim in fitbit_takeout.claims(tree) if not claim.not_needed}
    return {
        file.name: (json.loads(file.read()), read(file))
        for file in tree
        if file.path in wanted and file.name.endswith(".json")
    }


def test_every_file_of_the_real_export_is_known(export: Path) -> None:
    tree = list(entries(export))

    reasons = claimed(*tree)

    assert set(reasons) == {file.path for file in tree}
    assert Counter(Path(path).name.partition("-")[0].rstrip() for path, reason in reasons.items() if not reason) == {
        "Daily Heart Rate Variability Summary": 59,
        "Daily Respiratory Rate Summary": 44,
        "Heart Rate Variability Details": 48,
        "Minute SpO2": 50,
        "distance": 2,
        "exercise": 1,
        "heart_rate": 14,
        "lightly_active_minutes": 2,
        "moderately_active_minutes": 2,
        "resting_heart_rate": 1,
        "sedentary_minutes": 2,
        "sleep": 2,
        "steps": 2,
        "very_active_minutes": 2,
    }


def test_nothing_of_the_real_export_is_skipped(real_files: dict[str, Any]) -> None:
    assert [item for _, found in real_files.values() for item in skipped(found)] == []


@pytest.mark.slow
@pytest.mark.parametrize(
    ("kind", "value"),
    [
        ("steps", lambda row: float(row["value"])),
        ("distance", lambda row: float(row["value"]) / 100),
        ("heart_rate", lambda row: float(row["value"]["bpm"])),
    ],
)
def test_real_series_have_each_element_and_the_same_sum(
    real_files: dict[str, Any], kind: str, value: Callable[[Any], float]
) -> None:
    files = [files for name, files in real_files.items() if name.startswith(f"{kind}-")]
    assert files

    for elements, found in files:
        kept = [row for row in elements if row["value"] != {"bpm": 70, "confidence": 0}]
        samples = rows(found, "samples", "start_utc", "value")
        assert [start.strftime("%m/%d/%y %H:%M:%S") for start, _ in samples] == [row["dateTime"] for row in kept]
        assert sum(number for _, number in samples) == pytest.approx(sum(map(value, kept)), rel=1e-12)


@pytest.mark.slow
def test_real_nights_agree_with_what_fitbit_says_of_them(real_files: dict[str, Any]) -> None:
    naps = {}
    for name, (elements, found) in real_files.items():
        if name.startswith("sleep-"):
            sessions = rows(found, "sleep_sessions", "session_key", "start_utc", "end_utc", "asleep_min", "kind")
            naps[name] = sum(kind == "nap" for *_, kind in sessions)
            assert [key for key, *_ in sessions] == [str(row["logId"]) for row in elements]
            assert naps[name] == sum(not row["mainSleep"] for row in elements)
            for (key, start, end, asleep_min, _), row in zip(sessions, elements, strict=True):
                stages = [
                    (last - first, stage)
                    for owner, first, last, stage in rows(
                        found, "sleep_stages", "session_key", "start_utc", "end_utc", "stage"
                    )
                    if owner == key
                ]
                asleep = sum((length for length, stage in stages if stage != "awake"), timedelta()) / timedelta(
                    minutes=1
                )
                assert sum((length for length, _ in stages), timedelta()) == end - start
                assert end - start == timedelta(milliseconds=row["duration"])
                assert start == datetime.fromisoformat(row["startTime"]) - timedelta(hours=1)  # winter in Germany
                assert asleep == pytest.approx(asleep_min, abs=2.5)  # its own rounding; see the docstring
                if row["type"] == "classic":
                    assert asleep == asleep_min
    assert naps == {"sleep-2023-11-30.json": 0, "sleep-2023-12-30.json": 8}


@pytest.mark.slow
def test_real_exercises_meet_their_heart_rate_only_in_utc(real_files: dict[str, Any]) -> None:
    beats = sorted(
        beat
        for name, (_, found) in real_files.items()
        if name.startswith("heart_rate-")
        for beat in rows(found, "samples", "start_utc", "value")
    )
    elements, found = real_files["exercise-0.json"]

    def error(start: datetime, end: datetime, told_bpm: float) -> float | None:
        within = [bpm for time, bpm in beats if start <= time < end]
        return abs(sum(within) / len(within) - told_bpm) if within else None

    as_utc, as_local = [], []
    for (start, end), row in zip(rows(found, "activities", "start_utc", "end_utc"), elements, strict=True):
        if (told_bpm := row.get("averageHeartRate")) and beats[0][0] <= start and end <= beats[-1][0]:
            as_utc.append(error(start, end, told_bpm))
            as_local.append(error(start - timedelta(hours=1), end - timedelta(hours=1), told_bpm))

    assert len(as_utc) == 11
    assert max(filter(None, as_utc)) < 2.0
    assert min(filter(None, as_local)) > 3.0


def test_real_day_values_are_those_that_say_something(real_files: dict[str, Any]) -> None:
    counts = Counter(metric for _, found in real_files.values() for (metric,) in rows(found, "day_values", "metric"))

    assert counts == {
        "resting_heart_rate_bpm": 82,
        "sedentary_min": 59,  # 60 dates, one of them before the watch
        "lightly_active_min": 59,
        "moderately_active_min": 35,
        "vigorous_min": 31,
    }
