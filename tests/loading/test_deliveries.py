"""The published tables are a function of what was ever delivered: not of order, splits, repetitions or overlaps."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest
from homes import HomeAtWork, make, zipped
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from recovery import warehouse
from recovery.formats.fit.encode import encode

pytestmark = pytest.mark.slow

MAY_DIFFER = {"files", "rejected", "checks", "runs"}
BERLIN_WINTER = timedelta(hours=1)
FIRST_DAY = datetime(2025, 2, 3)

MASSAGES = "date,start,minutes,note\n2025-02-04,18:00,60,first\n2025-02-06,,45,second\n"
DIARY = "date,pain,doses\n2025-02-03,6,1\n2025-02-04,5,0\n2025-02-05,,\n2025-02-06,3,0\n"


def watch_file(day: int, first_hour: int, last_hour: int) -> bytes:
    """What a watch wrote of some hours of a day: running totals every half hour, heart rate every ten minutes."""
    midnight = FIRST_DAY + timedelta(days=day)
    begin = midnight + timedelta(hours=first_hour)
    messages: list[tuple[str, dict[str, Any]]] = [
        (
            "file_id",
            {
                "type": 32,
                "manufacturer": 1,
                "product": 2348,
                "serial_number": 4711,
                "time_created": midnight + timedelta(hours=last_hour) - BERLIN_WINTER,
            },
        ),
        ("monitoring_info", {"timestamp": begin - BERLIN_WINTER, "local_timestamp": begin}),
    ]
    for half_hour in range(2 * first_hour, 2 * last_hour + 1):
        told = midnight + timedelta(minutes=30 * half_hour) - BERLIN_WINTER
        walked = max(0, half_hour - 14) * (200 + 10 * day)
        if walked:
            messages.append(
                (
                    "monitoring",
                    {"timestamp": told, "activity_type": 6, "cycles": walked, "active_time": walked / 2.0},
                )
            )
        messages += [
            ("monitoring", {"timestamp": told + timedelta(minutes=minute), "heart_rate": 55 + half_hour % 30})
            for minute in (0, 10, 20)
        ]
    return encode(messages)


def fitbit_night(night: int, shift_min: int) -> dict[str, Any]:
    """A classic night of seven hours as Fitbit's export tells it."""
    begun = FIRST_DAY + timedelta(days=night - 1, hours=23, minutes=10 + shift_min)
    levels = [("asleep", 0, 12_000), ("awake", 200, 1_200), ("asleep", 220, 12_000)]
    return {
        "logId": 1000 + night,
        "dateOfSleep": f"{FIRST_DAY + timedelta(days=night):%Y-%m-%d}",
        "startTime": f"{begun:%Y-%m-%dT%H:%M:%S.000}",
        "endTime": f"{begun + timedelta(hours=7):%Y-%m-%dT%H:%M:%S.000}",
        "duration": 420 * 60_000,
        "minutesToFallAsleep": 0,
        "minutesAsleep": 400,
        "minutesAwake": 20,
        "minutesAfterWakeup": 0,
        "timeInBed": 420,
        "efficiency": 95,
        "type": "classic",
        "infoCode": 0,
        "levels": {
            "summary": {},
            "data": [
                {
                    "dateTime": f"{begun + timedelta(minutes=minute):%Y-%m-%dT%H:%M:%S.000}",
                    "level": level,
                    "seconds": seconds,
                }
                for level, minute, seconds in levels
            ],
        },
        "mainSleep": True,
    }


def fitbit_nights(nights: range, *, shift_min: int = 0) -> str:
    """Global Export Data of some nights; a later export may tell a night otherwise."""
    return json.dumps([fitbit_night(night, shift_min) for night in nights])


DELIVERIES: dict[str, bytes | str] = {
    "watch/day0.fit": watch_file(0, 0, 24),
    "watch/day1-morning.fit": watch_file(1, 0, 14),
    "watch/day1-whole.fit": watch_file(1, 0, 24),
    "watch/day2.fit": watch_file(2, 6, 22),
    "takeout-20250205T080000Z.zip": zipped(
        {"Takeout/Fitbit/Global Export Data/sleep-2025-02-01.json": fitbit_nights(range(1, 3))}
    ),
    "takeout-20250207T080000Z.zip": zipped(
        {"Takeout/Fitbit/Global Export Data/sleep-2025-02-01.json": fitbit_nights(range(1, 5), shift_min=5)}
    ),
    "massages.csv": MASSAGES,
    "diary.csv": DIARY,
}


@contextmanager
def a_home() -> Iterator[HomeAtWork]:
    with TemporaryDirectory() as folder:
        home = make(Path(folder) / "home")
        warehouse.load_settings_tables(home.connection, home.settings)
        try:
            yield home
        finally:
            home.close()


def run(home: HomeAtWork) -> None:
    home.run()
    warehouse.build(home.connection)


def published(home: HomeAtWork) -> dict[str, list[tuple[object, ...]]]:
    names = [
        name for (name,) in home.rows("select table_name from information_schema.tables where table_schema = 'pub'")
    ]
    return {name: home.rows(f"from pub.{name} order by all") for name in sorted(set(names) - MAY_DIFFER)}


@pytest.fixture(scope="module")
def whole() -> Iterator[HomeAtWork]:
    """A home into which everything came on one day."""
    with a_home() as home:
        for path, content in DELIVERIES.items():
            home.drop(path, content)
        run(home)
        yield home


@pytest.fixture(scope="module")
def at_once(whole: HomeAtWork) -> dict[str, list[tuple[object, ...]]]:
    """Its published tables."""
    return published(whole)


def test_what_is_compared_is_not_empty(at_once: dict[str, list[tuple[object, ...]]]) -> None:
    assert {"daily", "timeline", "nights", "massages", "diary", "around_massage"} <= set(at_once)
    assert [len(at_once[name]) for name in ("massages", "diary", "nights")] == [2, 3, 4]
    assert len(at_once["timeline"]) >= 3 * 1440
    assert len(at_once["around_massage"]) > 20


def is_split(runs: list[int]) -> bool:
    """Whether there is more than one run: Hypothesis begins with the case in which nothing differs."""
    return len(set(runs)) > 1


@settings(max_examples=2, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    order=st.permutations(sorted(DELIVERIES)),
    runs=st.lists(st.integers(0, 1), min_size=len(DELIVERIES), max_size=len(DELIVERIES)).filter(is_split),
    repeated=st.sets(st.sampled_from(sorted(name for name in DELIVERIES if not name.endswith(".csv")))),
    is_zipped=st.booleans(),
)
def test_order_splits_repetitions_and_overlaps_change_nothing(
    at_once: dict[str, list[tuple[object, ...]]],
    order: list[str],
    runs: list[int],
    repeated: set[str],
    is_zipped: bool,
) -> None:
    with a_home() as home:
        for number in sorted(set(runs)):
            now = [path for path, run_number in zip(order, runs, strict=True) if run_number == number]
            for path in now:
                home.drop(path, DELIVERIES[path])
            again = {path: DELIVERIES[path] for path in sorted(repeated & set(order))}
            if is_zipped and again:
                home.drop(f"again-{number}.zip", zipped(again))
            else:
                for path, content in again.items():
                    home.drop(f"again-{number}/{path}", content)
            run(home)

        assert published(home) == at_once


def test_a_device_export_that_leaves_the_inbox_keeps_its_data(
    whole: HomeAtWork, at_once: dict[str, list[tuple[object, ...]]]
) -> None:
    for path in DELIVERIES:
        if not path.endswith(".csv"):
            (whole.home.inbox / path).unlink()
    run(whole)

    assert published(whole) == at_once


def test_an_edited_log_says_what_it_says_now_and_a_removed_one_nothing() -> None:
    with a_home() as home:
        home.drop("massages.csv", MASSAGES)
        home.drop("watch/day1-whole.fit", DELIVERIES["watch/day1-whole.fit"])
        run(home)
        before = home.rows("select local_date, massage_min from pub.massages order by all")
        home.drop("massages.csv", "date,start,minutes\n2025-02-04,18:00,30\n2025-02-20,18:00,30\n")
        run(home)
        edited = home.rows("select local_date, massage_min from pub.massages order by all")
        on_the_table = home.rows("select count(*) from pub.timeline where state = 'massage'")
        (home.home.inbox / "massages.csv").unlink()
        run(home)

        assert [minutes for _, minutes in before] == [60, 45]
        assert [minutes for _, minutes in edited] == [30, 30]
        assert on_the_table == [(30,)]
        assert home.rows("select count(*) from pub.massages") == [(0,)]
        assert home.rows("select count(*) from pub.timeline where state = 'massage'") == [(0,)]
        assert home.rows("select distinct is_massage_day from pub.daily") == [(None,)]
