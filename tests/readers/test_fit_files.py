"""FIT files: what their messages mean, on an invented watch.

The sample's bytes are made here, so that they can be read in a review: `pytest --update-goldens` writes them.
"""

import io
import random
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from places import SAMPLES

from recovery.formats.entries import Context, Entry
from recovery.formats.fit.encode import encode
from recovery.formats.records import Batch, FileSummary, Skipped, Yielded
from recovery.home import clock
from recovery.readers import fit_files

SAMPLE = SAMPLES / "fit_files" / "watch"
CONTEXT = Context(zone_at=lambda _: "Europe/Berlin", to_utc=lambda wall: clock.to_utc(wall, "Europe/Berlin"))
Message = tuple[str, dict[str, Any]]


def at(day: int, hour: int, minute: int = 0, month: int = 3) -> datetime:
    """An instant of 2026; Berlin leaves UTC+1 for UTC+2 on 29 March at 01:00 UTC."""
    return datetime(2026, month, day, hour, minute, tzinfo=UTC)


def head(kind: int, time: datetime, **more: Any) -> Message:
    maker = {"manufacturer": 1, "product": 9999, "serial_number": 4000000001}
    return "file_id", {"type": kind, **maker, **more, "time_created": time}


def told_offset(time: datetime, offset_h: float) -> Message:
    return "monitoring_info", {"timestamp": time, "local_timestamp": time + timedelta(hours=offset_h)}


def totals(time: datetime, kind: int, steps: int, active_s: int, **more: Any) -> Message:
    """The running totals of one kind of activity, as at the ends of a file; the profile counts a cycle as two steps."""
    count = {"cycles": steps / 2, "active_time": active_s, **more}
    return "monitoring", {"timestamp": time, "activity_type": kind, **count}


def short_totals(time: datetime, kind: int, intensity: int, steps: int, active_s: int) -> Message:
    """The same between them: time in 16 bits, kind and intensity in one byte."""
    packed = bytes((kind | intensity << 5,))
    return "monitoring", {
        "timestamp_16": low(time), "current_activity_type_intensity": packed, "cycles": steps / 2,
        "active_time": active_s,
    }  # fmt: skip


def beat(time: datetime, rate: int) -> Message:
    return "monitoring", {"timestamp_16": low(time), "heart_rate": rate}


def resting(time: datetime, usual: int, today: int) -> Message:
    return "monitoring_hr_data", {
        "timestamp": time, "resting_heart_rate": usual, "current_day_resting_heart_rate": today,
    }  # fmt: skip


def low(time: datetime) -> int:
    return int((time - datetime(1989, 12, 31, tzinfo=UTC)).total_seconds()) & 0xFFFF


def stress(time: datetime, level: int) -> Message:
    return "stress_level", {"stress_level_time": time, "stress_level_value": level}


def level(time: datetime, code: int) -> Message:
    return "sleep_level", {"timestamp": time, "sleep_level": code}


def evening() -> bytes:
    return encode(
        [
            head(32, at(28, 21)),
            ("device_info", {"timestamp": at(28, 21), "device_index": 0, "software_version": 5.12}),
            told_offset(at(28, 21), 1),
            totals(at(28, 21), 6, 4900, 2900, distance=3500.25, active_calories=150, duration_min=1320),
            ("monitoring", {"timestamp": at(28, 21), "day_ascent": 6.096}),
            resting(at(28, 21), usual=55, today=53),
            beat(at(28, 21, 1), 61),
            beat(at(28, 21, 2), 0),
            short_totals(at(28, 21, 15), 6, 1, 5000, 2960),
            short_totals(at(28, 21, 15), 8, 0, 0, 0),
            (
                "monitoring",
                {"timestamp": at(28, 21, 16), "moderate_activity_minutes": 4, "vigorous_activity_minutes": 6},
            ),
            stress(at(28, 21, 1), 30),
            stress(at(28, 21, 2), -1),
            stress(at(28, 21, 20), -1),
            stress(at(28, 21, 25), -2),
            totals(at(28, 23), 6, 5100, 3000, distance=3600, active_calories=155, duration_min=1440),
            totals(at(28, 23), 1, 300, 120, distance=240, active_calories=12, duration_min=1440),
        ]
    )  # fmt: skip


def night_of_the_clock_change() -> bytes:
    """Two offsets at one instant when the watch notices, and one that is no place on Earth."""
    return encode(
        [
            head(32, at(28, 23)),
            told_offset(at(28, 23), 1),
            totals(at(28, 23), 6, 5090, 2990),  # a little before the closing reading in truth
            short_totals(at(28, 23, 30), 6, 1, 40, 60),
            told_offset(at(29, 1, 4), 1),
            told_offset(at(29, 1, 4), 2),
            totals(at(29, 3), 6, 100, 120),
            told_offset(at(29, 3, 30), 20),
            totals(at(29, 4), 6, 110, 130),
        ]
    )


def sleep() -> bytes:
    start = at(28, 22, 30)
    return encode(
        [
            head(49, start),
            ("sleep_data_info", {"timestamp": start, "local_timestamp": start + timedelta(hours=1)}),
            *(
                level(time, code)
                for time, code in [
                    (start, 1), (at(28, 22, 40), 2), (at(28, 23, 30), 3), (at(29, 0, 30), 4), (at(29, 1), 0),
                    (at(29, 1, 10), 2), (at(29, 5, 30), 1),
                ]
            ),
            ("event", {"timestamp": at(29, 5, 40), "event": 74, "event_type": 1}),
            ("hrv_value", {"timestamp": at(28, 23), "value": 45.5}),
            ("hrv_status_summary", {"timestamp": at(29, 5, 40), "last_night_average": 44}),
            ("respiration_rate", {"timestamp": at(28, 23), "respiration_rate": 14.25}),
            ("respiration_rate", {"timestamp": at(28, 23, 1), "respiration_rate": -3}),
            ("spo2_data", {"timestamp": at(28, 23), "reading_spo2": 96}),
            nap(at(29, 12), at(29, 12, 40)),
            nap(at(29, 15), at(29, 15, 30), is_deleted=1),
        ]
    )  # fmt: skip


def nap(start: datetime, end: datetime, is_deleted: int = 0) -> Message:
    return "nap_event", {
        "timestamp": end, "start_time": start, "start_timezone_offset": 120, "end_time": end, "is_deleted": is_deleted,
    }  # fmt: skip


def sleep_without_levels() -> bytes:
    return encode([head(49, at(27, 22)), *(level(at(27, 22, minute), minute % 2) for minute in range(10))])


def walk(record_count: int = 4) -> list[Message]:
    start = at(29, 9)
    records = [
        ("record", {"timestamp": start + timedelta(minutes=10 * number), "heart_rate": rate, "position_lat": 1})
        for number, rate in enumerate([88, 101, None, 99][:record_count])
    ]
    session = {
        "timestamp": at(29, 9, 30), "start_time": start, "total_elapsed_time": 1799.5, "sport": 11,
        "total_cycles": 1500, "total_distance": 2400.5, "total_calories": 110,
    }  # fmt: skip
    closing = {"timestamp": at(29, 9, 30), "local_timestamp": at(29, 11, 30), "num_sessions": 1}
    return [head(4, start), *records, ("session", session), ("activity", closing)]


def test_an_activity_that_lies_ahead_is_refused_until_the_clock_has_come_that_far() -> None:
    times = [datetime(2061, 1, 2, 9, minute, tzinfo=UTC) for minute in (5, 0, 10)]
    ahead = encode([head(4, at(29, 6)), *(("record", {"timestamp": time, "distance": 10}) for time in times)])

    found = read(ahead)

    assert [item for item in found if isinstance(item, Skipped)] == [
        Skipped(
            0,
            "records",
            "3 dated in the future",
            "2061-01-02 09:05:00",
            again_utc=datetime(2061, 1, 2, 9),
            stands_for=3,
        )
    ]


def test_a_clock_that_was_lost_refuses_nothing_dated_before_this_program(monkeypatch: pytest.MonkeyPatch) -> None:
    expected = read(encode(walk()), evening())
    monkeypatch.setattr(clock, "now_utc", lambda: datetime(1971, 1, 1))

    assert str(read(encode(walk()), evening())) == str(expected)


def other_maker() -> bytes:
    """No serial number, one HRV for the night, and a watch that was set wrong: 2061."""
    return encode(
        [
            head(68, at(29, 6), manufacturer=23, product=67, serial_number=None),
            ("hrv_status_summary", {"timestamp": at(29, 6), "last_night_average": 38.5}),
            ("record", {"timestamp": datetime(2061, 1, 1, tzinfo=UTC), "heart_rate": 70}),
            ("record", {"timestamp": datetime(2061, 1, 2, tzinfo=UTC), "heart_rate": 71}),
        ]
    )


CONTENTS = {
    "Activity/walk.fit": encode(walk(), is_big_endian=True),
    "Activity/cut.fit": encode(walk()[:4])[:-5],
    "Monitor/M3S00001.FIT": evening(),
    "Monitor/M3S00002.FIT": night_of_the_clock_change(),
    "Settings/SETTINGS.FIT": encode([head(2, at(1, 0)), ("device_settings", {"active_time_zone": 0})]),
    "Sleep/S3S00001.FIT": sleep(),
    "Sleep/S3R00000.FIT": sleep_without_levels(),
    "other_HRV.fit": other_maker(),
}


def read(*contents: bytes) -> list[Yielded]:
    entries = [Entry(f"{number}.fit", len(one), lambda one=one: io.BytesIO(one)) for number, one in enumerate(contents)]
    assert [claim.path for claim in fit_files.claims(entries)] == [entry.path for entry in entries]
    return list(fit_files.read(entries, CONTEXT))


def rows(found: Sequence[Yielded], record: str, *columns: str, metric: str = "") -> list[Any]:
    """Some columns of one record type; times as day, hour, minute."""
    return [
        tuple(f"{row[name]:%d %H:%M}" if isinstance(row[name], datetime) else row[name] for name in columns)
        for item in found
        if isinstance(item, Batch) and item.record == record
        for row in item.table.to_pylist()
        if row.get("metric", "") == metric
    ]


def samples(found: Sequence[Yielded], metric: str) -> list[Any]:
    return rows(found, "samples", "start_utc", "end_utc", "value", metric=metric)


def test_the_stored_sample_is_what_is_written_here(request: pytest.FixtureRequest) -> None:
    if request.config.getoption("--update-goldens"):
        for path, content in CONTENTS.items():
            (SAMPLE / path).parent.mkdir(parents=True, exist_ok=True)
            (SAMPLE / path).write_bytes(content)

    stored = {path.relative_to(SAMPLE).as_posix(): path.read_bytes() for path in SAMPLE.rglob("*") if path.is_file()}
    assert stored == CONTENTS


def test_totals_carry_the_exact_offset_of_their_file() -> None:
    found = read(evening(), night_of_the_clock_change())

    assert rows(found, "counters", "file", "activity", "time_utc", "clock_offset_s", "value", metric="steps") == [
        (0, "walking", "28 21:00", 3600, 4900.0),
        (0, "walking", "28 21:15", 3600, 5000.0),
        (0, "walking", "28 23:00", 3600, 5100.0),
        (0, "running", "28 23:00", 3600, 300.0),
        (1, "walking", "28 23:00", 3600, 5090.0),
        (1, "walking", "28 23:30", 3600, 40.0),
        (1, "walking", "29 03:00", 7200, 100.0),
        (1, "walking", "29 04:00", 7200, 110.0),
    ]


def test_other_totals_are_in_our_units() -> None:
    found = read(evening())

    assert rows(found, "counters", "activity", "time_utc", "value", metric="distance_m") == [
        ("walking", "28 21:00", 3500.25), ("walking", "28 23:00", 3600.0), ("running", "28 23:00", 240.0),
    ]  # fmt: skip
    assert rows(found, "counters", "activity", "time_utc", "value", metric="floors") == [("all", "28 21:00", 2.0)]
    assert [value for (value,) in rows(found, "counters", "value", metric="active_s")] == [2900, 2960, 0, 3000, 120]
    assert [value for (value,) in rows(found, "counters", "value", metric="active_energy_kcal")] == [150, 155, 12]


def test_of_two_offsets_at_one_instant_the_later_told_counts_and_no_place_is_not_told() -> None:
    found = read(night_of_the_clock_change())

    assert rows(found, "clock_offsets", "time_utc", "offset_s") == [("28 23:00", 3600), ("29 01:04", 7200)]


def test_an_offset_of_more_than_a_place_has_gives_totals_without_an_offset() -> None:
    found = read(encode([head(32, at(1, 0)), told_offset(at(1, 0), 20), totals(at(1, 1), 6, 10, 10)]))

    assert rows(found, "counters", "clock_offset_s", metric="steps") == [(None,)]


def test_totals_before_the_first_told_offset_of_a_file_take_it_backwards() -> None:
    found = read(
        encode([head(32, at(1, 0)), totals(at(1, 1), 6, 10, 10)]),
        encode([head(32, at(2, 0)), totals(at(2, 1), 6, 10, 10), told_offset(at(2, 2), 8 + 16 / 60)]),
    )

    assert rows(found, "counters", "file", "clock_offset_s", metric="steps") == [(0, None), (1, 29760)]


def test_a_heart_rate_of_zero_is_not_measured() -> None:
    assert samples(read(evening()), "heart_rate_bpm") == [("28 21:01", "28 21:01", 61.0)]


def test_intensity_minutes_end_when_they_are_told() -> None:
    found = read(evening())

    assert samples(found, "moderate_s") == [("28 21:06", "28 21:16", 600.0)]
    assert samples(found, "vigorous_s") == [("28 21:06", "28 21:16", 360.0)]


def test_stress_codes_are_evidence_of_wear() -> None:
    found = read(evening())

    assert samples(found, "stress") == [("28 21:01", "28 21:01", 30.0)]
    # -1 at 21:02 has a heart rate one minute before: neither worn nor not
    assert samples(found, "is_worn") == [("28 21:20", "28 21:20", 0.0), ("28 21:25", "28 21:25", 1.0)]


def test_the_resting_heart_rate_is_the_days_own() -> None:
    assert samples(read(evening()), "resting_heart_rate_bpm") == [("28 21:00", "28 21:00", 53.0)]


def test_levels_of_sleep_become_stages_up_to_waking() -> None:
    found = read(sleep())

    assert rows(found, "sleep_sessions", "start_utc", "end_utc", "kind", "tz_assumed") == [
        ("28 22:30", "29 05:40", None, False),
        ("29 12:00", "29 12:40", "nap", False),
    ]
    assert rows(found, "sleep_stages", "session_key", "start_utc", "end_utc", "stage") == [
        ("2026-03-28T22:30:00Z", "28 22:30", "28 22:40", "awake"),
        ("2026-03-28T22:30:00Z", "28 22:40", "28 23:30", "light"),
        ("2026-03-28T22:30:00Z", "28 23:30", "29 00:30", "deep"),
        ("2026-03-28T22:30:00Z", "29 00:30", "29 01:00", "rem"),
        ("2026-03-28T22:30:00Z", "29 01:00", "29 01:10", "unknown"),
        ("2026-03-28T22:30:00Z", "29 01:10", "29 05:30", "light"),
        ("2026-03-28T22:30:00Z", "29 05:30", "29 05:40", "awake"),
        ("2026-03-29T12:00:00Z", "29 12:00", "29 12:40", "asleep"),
    ]


def test_the_last_level_lasts_as_long_as_a_usual_one_where_waking_is_not_told() -> None:
    minutes = [level(at(28, 23, minute), 2) for minute in range(30)]

    found = read(encode([head(49, at(28, 23)), *minutes]))

    assert rows(found, "sleep_sessions", "start_utc", "end_utc") == [("28 23:00", "28 23:30")]


def test_two_sleeps_in_one_file_are_two_sessions() -> None:
    times = [at(28, 1), at(28, 2), at(28, 22), at(28, 23)]

    found = read(encode([head(49, at(28, 23)), *(level(time, 3) for time in times)]))

    assert rows(found, "sleep_sessions", "start_utc", "end_utc") == [("28 01:00", "28 03:00"), ("28 22:00", "29 00:00")]


def test_a_sleep_file_without_any_level_of_sleep_makes_no_night() -> None:
    found = read(sleep_without_levels())

    assert rows(found, "sleep_sessions", "start_utc") == []
    assert found[-1] == FileSummary(0, datetime(2026, 3, 27, 22), fit_files.NO_NIGHT_OF_GARMIN)


def test_overnight_values() -> None:
    found = read(sleep(), other_maker())

    assert samples(found, "respiration_rate") == [("28 23:00", "28 23:00", 14.25)]
    assert samples(found, "spo2_share") == [("28 23:00", "28 23:00", 0.96)]
    # the night's average counts only where its values are not told
    assert rows(found, "samples", "file", "value", metric="hrv_rmssd_ms") == [(0, 45.5), (1, 38.5)]


def test_an_activity_with_two_steps_for_each_stride_and_no_place() -> None:
    found = read(CONTENTS["Activity/walk.fit"])

    assert rows(found, "activities", "start_utc", "sport", "steps", "distance_m", "active_energy_kcal") == [
        ("29 09:00", "walking", 3000.0, 2400.5, 110.0)
    ]
    assert rows(found, "clock_offsets", "time_utc", "offset_s") == [("29 09:30", 7200)]
    assert [value for _, _, value in samples(found, "heart_rate_bpm")] == [88, 101, 99]


def test_a_course_is_no_activity() -> None:
    assert rows(read(encode([head(6, at(29, 9)), *walk()[1:5]])), "activities", "start_utc") == []


def test_another_makers_local_time_that_equals_utc_is_not_told() -> None:
    closing = ("activity", {"timestamp": at(29, 9), "local_timestamp": at(29, 9)})

    found = read(encode([head(4, at(29, 9)), closing]), encode([head(4, at(29, 9), manufacturer=294), closing]))

    assert rows(found, "clock_offsets", "file", "offset_s") == [(0, 0)]


def ride(*minutes: int, elapsed_s: float, timer_s: float | None, **more: Any) -> bytes:
    """A ride with a record at each of these minutes."""
    start = at(29, 9)
    records = [("record", {"timestamp": start + timedelta(minutes=minute), "heart_rate": 90}) for minute in minutes]
    session = {
        "timestamp": at(29, 12), "start_time": start, "total_elapsed_time": elapsed_s, "total_timer_time": timer_s,
        "sport": 2, "total_distance": 9000, "total_calories": 300, **more,
    }  # fmt: skip
    return encode([head(4, start), *records, ("session", session)])


def test_an_activity_is_cut_where_its_timer_stood_still_and_its_totals_are_shared_out_by_time() -> None:
    found = read(ride(0, 4, 8, 30, 34, 38, 42, elapsed_s=42 * 60, timer_s=20 * 60))

    assert rows(found, "activities", "start_utc", "end_utc", "distance_m", "active_energy_kcal") == [
        ("29 09:00", "29 09:08", 3600.0, 120.0),
        ("29 09:30", "29 09:42", 5400.0, 180.0),
    ]


@pytest.mark.parametrize("timer_s", [42 * 60.0, 38 * 60.0, None])
def test_records_far_apart_are_no_pause_where_the_timer_ran_on(timer_s: float | None) -> None:
    found = read(ride(0, 8, 30, 42, elapsed_s=42 * 60, timer_s=timer_s))

    assert rows(found, "activities", "start_utc", "end_utc") == [("29 09:00", "29 09:42")]


def test_an_activity_without_records_is_never_cut() -> None:
    found = read(ride(elapsed_s=42 * 60, timer_s=60))

    assert rows(found, "activities", "start_utc", "end_utc") == [("29 09:00", "29 09:42")]


def test_an_activity_that_was_never_closed_is_cut_at_its_gaps() -> None:
    records = [("record", {"timestamp": at(29, 9, minute), "heart_rate": 90}) for minute in (0, 2, 4, 20, 22, 24, 50)]

    assert rows(read(encode([head(4, at(29, 9)), *records])), "activities", "start_utc", "end_utc") == [
        ("29 09:00", "29 09:04"),
        ("29 09:20", "29 09:24"),
    ]


@pytest.mark.parametrize(("sport", "name"), [(24, "driving"), (20, "flying"), (67, "meditation")])
def test_what_is_no_movement_of_ones_own_is_left_out_and_told(sport: int, name: str) -> None:
    found = read(ride(elapsed_s=600, timer_s=600, sport=sport))

    assert rows(found, "activities", "start_utc") == []
    assert found[-1] == FileSummary(0, datetime(2026, 3, 29, 9), f"left out: {name} is no movement of one's own")


@pytest.mark.parametrize(
    ("maker", "product", "serial", "source"),
    [
        (123, 5, 77, "polar:77"),
        (289, 1, None, "hammerhead:1"),
        (260, 0, None, "zwift"),
        (95, None, 0x7FFFFFFF, "stryd"),
        (15, 1, 0x7FFFFFFF, "garmin:1"),
        (9999, 3, None, "9999:3"),
        (None, None, None, "fit"),
    ],
)
def test_a_device_is_its_maker_and_a_number_of_its_own(
    maker: int | None, product: int | None, serial: int | None, source: str
) -> None:
    file_id = head(4, at(29, 9), manufacturer=maker, product=product, serial_number=serial)
    found = read(encode([file_id, *walk()[1:]]))

    assert rows(found, "activities", "source") == [(source,)]


def test_the_cycles_of_a_ride_are_no_steps() -> None:
    session = {**dict(walk())["session"], "sport": 2}

    assert rows(read(encode([head(4, at(29, 9)), ("session", session)])), "activities", "sport", "steps") == [
        ("cycling", None)
    ]


def test_an_activity_that_was_never_closed_lasts_to_its_last_record() -> None:
    found = read(encode(walk()[:4]))

    assert rows(found, "activities", "start_utc", "end_utc", "sport") == [("29 09:00", "29 09:20", None)]


def test_an_activity_of_weeks_is_damage() -> None:
    session = {**dict(walk())["session"], "total_elapsed_time": 30 * 86400}

    found = read(encode([head(4, at(29, 9)), ("session", session)]))

    assert [item for item in found if isinstance(item, Skipped)] == [
        Skipped(0, "sessions", "1 longer than four days", "2026-03-29 09:00:00", stands_for=1)
    ]


def test_an_activity_is_cut_at_its_pauses_before_its_length_is_judged() -> None:
    started, went_on = at(20, 9), at(29, 9)
    records = [("record", {"timestamp": started + timedelta(seconds=s), "heart_rate": 100}) for s in range(11)]
    records += [("record", {"timestamp": went_on + timedelta(seconds=60 * m), "heart_rate": 110}) for m in range(46)]
    end = went_on + timedelta(minutes=45)
    session = {"start_time": started, "timestamp": end, "total_elapsed_time": (end - started).total_seconds()}

    found = read(encode([head(4, started), *records, ("session", {**session, "total_timer_time": 2710, "sport": 2})]))
    never_closed = read(encode([head(4, started), *records]))

    parts = [("20 09:00", "20 09:00"), ("29 09:00", "29 09:45")]
    assert rows(found, "activities", "start_utc", "end_utc") == parts
    assert rows(never_closed, "activities", "start_utc", "end_utc") == parts


def test_a_resting_heart_rate_at_the_midnight_of_the_device_closes_the_day_before() -> None:
    midnight = at(2, 22)  # of a clock two hours ahead

    found = read(
        encode(
            [
                head(32, midnight),
                told_offset(midnight, 2),
                resting(midnight, 58, 53),
                resting(midnight + timedelta(hours=9), 58, 60),
            ]
        )
    )

    assert samples(found, "resting_heart_rate_bpm") == [("02 21:59", "02 21:59", 53), ("03 07:00", "03 07:00", 60)]


@pytest.mark.parametrize("seconds", [-440, -7, 7, 440])
def test_it_lies_before_midnight_by_the_clock_of_the_person_too(seconds: int) -> None:
    midnight = at(2, 22) - timedelta(seconds=seconds)

    found = read(encode([head(32, midnight), told_offset(midnight, 2 + seconds / 3600), resting(midnight, 58, 53)]))

    ((start, _, _),) = samples(found, "resting_heart_rate_bpm")
    assert start < "02 22:00"


def test_a_record_of_a_clock_that_was_not_yet_set_is_left_out_with_a_reason() -> None:
    fresh = datetime(2018, 1, 24, 13, 41, tzinfo=UTC)

    found = read(encode([head(32, at(12, 8)), stress(fresh, 20), stress(at(12, 8), 30)]))

    assert samples(found, "stress") == [("12 08:00", "12 08:00", 30)]
    assert [item.reason for item in found if isinstance(item, Skipped)] == [
        "1 dated long before the file, by a clock that was not set"
    ]


@pytest.mark.slow
def test_no_damage_makes_the_reader_stumble() -> None:
    noise = random.Random(2026)  # noqa: S311
    contents = []
    for _ in range(400):
        content = bytearray(noise.choice(list(CONTENTS.values())))
        for _ in range(noise.choice([1, 3, 20])):
            content[noise.randrange(12, len(content))] = noise.randrange(256)
        contents.append(bytes(content))

    found = read(*contents)

    assert [item.file for item in found if isinstance(item, FileSummary)] == list(range(len(contents)))
    for item in found:
        if isinstance(item, Batch) and "end_utc" in item.table.schema.names:
            assert all(row["start_utc"] <= row["end_utc"] for row in item.table.to_pylist())


def test_a_damaged_file_keeps_what_came_before_and_says_so() -> None:
    found = read(encode(walk()[:4])[:-5], evening())

    assert found[-2] == FileSummary(
        0, datetime(2026, 3, 29, 9), "The file breaks off in the middle of a message; 3 messages of it were kept.", True
    )
    assert rows(found, "samples", "file", "value", metric="heart_rate_bpm") == [(1, 61.0), (0, 88.0), (0, 101.0)]


def test_a_file_of_which_nothing_is_kept_is_skipped() -> None:
    found = read(evening()[:30])

    assert [item for item in found if isinstance(item, Skipped)] == [
        Skipped(0, "", "The file breaks off in the middle of a message; no message of it was kept.")
    ]


def test_times_in_the_future_and_before_2000_are_skipped_with_their_count() -> None:
    old = encode([("record", {"timestamp": datetime(1995, 1, 1, tzinfo=UTC), "heart_rate": 60})])
    none = encode([("record", {"heart_rate": 60})])

    found = read(other_maker(), old, none)

    assert [item for item in found if isinstance(item, Skipped)] == [
        Skipped(
            0,
            "heart_rate_bpm samples",
            "2 dated in the future",
            "2061-01-01 00:00:00",
            again_utc=datetime(2061, 1, 1),
            stands_for=2,
        ),
        Skipped(1, "heart_rate_bpm samples", "1 dated before 2000", "1995-01-01 00:00:00", stands_for=1),
        Skipped(2, "heart_rate_bpm samples", "1 without a time", stands_for=1),
    ]
    assert samples(found, "heart_rate_bpm") == []


def test_totals_without_a_kind_of_activity_are_skipped() -> None:
    found = read(encode([head(32, at(1, 0)), ("monitoring", {"timestamp": at(1, 1), "active_time": 60})]))

    assert [item for item in found if isinstance(item, Skipped)] == [
        Skipped(0, "active_s totals", "1 without a kind of activity", stands_for=1)
    ]


def test_sources_are_makers_with_serial_number_or_product() -> None:
    nameless = encode([("record", {"timestamp": at(1, 0), "heart_rate": 60})])
    unknown = encode([head(4, at(1, 0), manufacturer=999, serial_number=5), *walk()[1:2]])

    found = read(evening(), other_maker(), nameless, unknown)

    named = {
        (row["file"], row["source"]) for item in found if isinstance(item, Batch) for row in item.table.to_pylist()
    }
    assert named == {(0, "garmin:4000000001"), (1, "suunto:67"), (2, "fit"), (3, "999:5")}


def test_the_device_and_its_firmware() -> None:
    assert rows(read(evening()), "devices", "time_utc", "manufacturer", "product", "firmware") == [
        ("28 21:00", "garmin", "9999", "5.12")
    ]


def test_a_file_that_is_not_needed_is_read_without_a_word_of_complaint() -> None:
    found = read(CONTENTS["Settings/SETTINGS.FIT"])

    assert found[-1] == FileSummary(
        0, datetime(2026, 3, 1), "A FIT file (settings) that tells nothing of movement, rest or sleep."
    )


def test_only_the_magic_makes_a_fit_file() -> None:
    wrong = bytearray(evening())
    wrong[9:10] = b"X"
    contents = {"a.fit": bytes(wrong), "b.fit": b".FIT", "c.fit": b""}
    entries = [Entry(name, len(one), lambda one=one: io.BytesIO(one)) for name, one in contents.items()]

    assert list(fit_files.claims(entries)) == []


def test_many_files_are_read_batch_by_batch(monkeypatch: pytest.MonkeyPatch) -> None:
    contents = [evening(), night_of_the_clock_change(), sleep(), CONTENTS["Activity/walk.fit"]] * 3
    at_once = read(*contents)
    monkeypatch.setattr(fit_files, "BATCH_BYTES", 1000)

    in_batches = read(*contents)

    def all_rows(found: Sequence[Yielded]) -> list[str]:
        return sorted(
            f"{item.record} {row}" for item in found if isinstance(item, Batch) for row in item.table.to_pylist()
        )

    assert all_rows(in_batches) == all_rows(at_once)
    assert [one for one in in_batches if isinstance(one, FileSummary)] == [
        one for one in at_once if isinstance(one, FileSummary)
    ]


@pytest.mark.parametrize(
    ("name", "source", "seconds", "metres"),
    [
        (
            "2019-02-17-062644-ELEMNT-297E-195-0.fit", "wahoo:1231627776",
            [94, 3273, 415, 380, 4200, 3016, 4138], 78940.55,
        ),
        ("coros-pace-2-cycling-misaligned-fields.fit", "coros:802", [10655, 580, 271], 32145.76),
        ("null_compressed_speed_dist.fit", "zwift", [1807], 13400.14),
        ("developer-types-sample.fit", "stryd", [3424], 6753.99),
        ("snorkeling-unknown-sport.fit", "suunto:67", [2111.01], 75.0),
        ("strava-android-app-201.10-b1218918.fit", "strava:102", [3558], 11274.04),
        ("nick.fit", "sigma:1", [7116, 2793, 4942], 0.0),
        ("garmin-edge-500-activity.fit", "garmin:3820987521", [5930, 5742.28], 92622.34),
    ],
)  # fmt: skip
def test_real_activities_of_other_makers_worked_out_by_hand(
    real: Path, name: str, source: str, seconds: list[float], metres: float
) -> None:
    (path,) = (real / "fit").rglob(name)
    found = [
        row
        for item in read(path.read_bytes())
        if isinstance(item, Batch) and item.record == "activities"
        for row in item.table.to_pylist()
    ]

    assert {row["source"] for row in found} == {source}
    assert [(row["end_utc"] - row["start_utc"]).total_seconds() for row in found] == pytest.approx(seconds)
    assert sum(row["distance_m"] or 0 for row in found) == pytest.approx(metres)
