"""Phone and watch, watch and ring, a watch and its copies, one night of three apps: of each slice one source counts."""

import tomllib
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import duckdb
import homes
import pytest
from apple_export import END, EXPORTED, HEAD, app, device, record
from places import ROOT
from sql_cases import given, home, rows

from recovery import warehouse
from recovery.formats.fit.encode import encode
from recovery.home.folder import Home
from recovery.home.settings import Settings, parse

pytestmark = pytest.mark.slow

MIDNIGHT = datetime(2024, 5, 1)
COPIES = ("apple:connect", "health_connect:com.garmin.android.apps.connectmobile", "google_fit:com.garmin.android")


def at(time: str) -> datetime:
    """Of the one day of these people, in UTC; '31:00' is 7 o'clock of the next."""
    hours, minutes = time.split(":")
    return MIDNIGHT + timedelta(hours=int(hours), minutes=int(minutes))


def walked(source: str, first: str, last: str, every_min: int, steps: float) -> list[dict[str, Any]]:
    """The same number of steps in every interval of some hours."""
    length = timedelta(minutes=every_min)
    count = (at(last) - at(first)) // length
    return [
        {
            "source": source,
            "metric": "steps",
            "start_utc": at(first) + number * length,
            "end_utc": at(first) + (number + 1) * length,
            "value": steps,
        }
        for number in range(count)
    ]


def beats(source: str, first: str, last: str, every_min: int) -> list[dict[str, Any]]:
    minutes = walked(source, first, last, every_min, 60)
    return [{**row, "metric": "heart_rate_bpm", "end_utc": row["start_utc"]} for row in minutes]


def slept(connection: duckdb.DuckDBPyConnection, subject: str, source: str, key: str, *stages: str) -> None:
    """A session of 'stage from to'."""
    spans = [(name, at(first), at(last)) for name, first, last in map(str.split, stages)]
    ids = {"subject": subject, "source": source, "session_key": key}
    given(
        connection,
        "raw.sleep_sessions",
        [{**ids, "start_utc": min(first for _, first, _ in spans), "end_utc": max(last for *_, last in spans)}],
    )
    given(
        connection,
        "raw.sleep_stages",
        [{**ids, "start_utc": first, "end_utc": last, "stage": name} for name, first, last in spans],
    )


def moved(connection: duckdb.DuckDBPyConnection, subject: str, *series: list[dict[str, Any]]) -> None:
    given(connection, "raw.samples", [row for made in series for row in made], subject=subject)


@pytest.fixture(scope="module")
def lives() -> Iterator[duckdb.DuckDBPyConnection]:
    """One day of several people, each with a failure of their own, through the whole SQL."""
    connection = warehouse.connect()
    warehouse.create_raw(connection)
    watch = [beats("watch", "08:00", "20:00", 1), walked("watch", "09:00", "11:00", 1, 50)]
    # carried all the time, it counts a little more
    moved(connection, "phone_and_watch", *watch, walked("phone", "09:00", "11:00", 10, 520))
    moved(
        connection,
        "watch_off",
        beats("watch", "08:00", "12:00", 1),
        walked("watch", "09:00", "10:00", 1, 50),
        walked("phone", "09:00", "10:00", 10, 450),
        walked("phone", "13:00", "15:00", 10, 400),
        beats("watch", "16:00", "20:00", 1),
        walked("watch", "18:00", "19:00", 1, 70),
    )
    moved(
        connection,
        "watch_and_ring",
        *watch,
        beats("ring", "00:00", "24:00", 5),
        walked("ring", "09:00", "11:00", 15, 700),
        walked("ring", "21:00", "22:00", 15, 100),
    )
    native = [beats("garmin:1", "08:00", "20:00", 2), walked("garmin:1", "09:00", "10:00", 1, 50)]
    native += [walked("garmin:1", "10:07", "10:57", 10, 50)]  # a walk of ten minutes in each quarter, recorded as such
    copies = [
        series
        for name in COPIES
        for series in (walked(name, "09:00", "10:00", 15, 750), walked(name, "10:00", "11:00", 15, 63))
    ]
    moved(connection, "copies", *native, *copies, *(beats(name, "08:00", "20:00", 1) for name in COPIES))
    moved(connection, "copies_alone", *copies)
    moved(connection, "steps_of_an_old_band", walked("fitbit", "09:00", "10:00", 15, 750), *copies)

    ridden = {"subject": "one_ride", "sport": "cycling", "start_utc": at("10:00"), "end_utc": at("11:00")}
    sources = ("garmin:1", "strava", "apple:strava")
    given(connection, "raw.activities", [{**ridden, "source": name, "distance_m": 20_000} for name in sources])
    for metric, value in (("floors", 2), ("resting_heart_rate_bpm", 50), ("hrv_rmssd_ms", 40)):
        minutes = [
            *walked("apple:connect", "09:00", "09:40", 10, value + 10),
            *walked("garmin:1", "09:00", "09:30", 10, value),
        ]
        given(connection, "raw.samples", [{**row, "metric": metric} for row in minutes], subject="one_ride")

    stages = ("light 23:00 25:00", "deep 25:00 26:00", "awake 26:00 26:10", "rem 26:10 27:00", "light 27:00 31:00")
    slept(connection, "three_apps", "apple:watch6-2", "1", *stages)
    slept(connection, "three_apps", "apple:sleep-app", "2", "asleep 22:30 31:30")
    slept(connection, "three_apps", "health_connect:com.sleep", "3", "in_bed 22:00 31:40", "asleep 22:40 31:20")
    slept(connection, "generic_and_staged", "samsung", "combined", "asleep 23:00 31:00")
    slept(connection, "generic_and_staged", "samsung", "stages", *stages)
    slept(connection, "copied_night", "health_connect:com.ouraring", "a", "light 23:00 31:01")
    slept(connection, "copied_night", "oura", "b", "light 23:00 31:00")
    for (subject,) in connection.execute("select subject from raw.samples union select subject from raw.sleep_sessions"
                                         ).fetchall():  # fmt: skip
        home(connection, "UTC", subject=subject)
    warehouse.build_all(connection)
    yield connection
    connection.close()


@pytest.mark.parametrize(
    ("subject", "steps", "source"),
    [
        ("phone_and_watch", 120 * 50, "watch"),  # 6,240 by the phone, 12,240 if added up
        ("watch_off", 60 * 50 + 12 * 400 + 60 * 70, "phone, watch"),
        ("watch_and_ring", 120 * 50 + 4 * 100, "ring, watch"),
        ("copies", 60 * 50 + 5 * 50, "garmin:1"),
        ("copies_alone", 4 * 750 + 4 * 63, COPIES[0]),
        ("steps_of_an_old_band", 4 * 750 + 4 * 63, f"{COPIES[0]}, fitbit"),
    ],
)
def test_steps_of_several_devices_are_neither_doubled_nor_lost(lives, subject, steps, source):
    found = rows(lives, "pub.daily_metrics", "value, source", f"subject = '{subject}' and metric = 'steps'")

    assert found == [(steps, source)]


@pytest.mark.parametrize(
    ("metric", "value"), [("moving_min", 60), ("floors", 6), ("resting_heart_rate_bpm", 50), ("hrv_rmssd_ms", 40)]
)
def test_a_ride_of_three_apps_is_ridden_once_and_readings_are_of_one_source(lives, metric, value):
    found = rows(lives, "pub.daily_metrics", "value", f"subject = 'one_ride' and metric = '{metric}'")

    assert found == [(value,)]


def test_no_minute_has_steps_of_two_devices(lives):
    assert lives.execute(
        "select subject, max(steps) from pub.timeline group by subject having max(steps) > 70 order by all"
    ).fetchall() == []  # fmt: skip


def test_the_heart_rate_of_a_copy_does_not_count_beside_the_watchs_own(lives):
    found = rows(lives, "timeline.minutes", "distinct heart_source", "subject = 'copies' and heart_source is not null")

    assert found == [("garmin:1",)]


@pytest.mark.parametrize(
    ("subject", "source", "asleep_min", "deep_min"),
    [
        ("three_apps", "apple:watch6-2", 470, 60),
        ("generic_and_staged", "samsung", 470, 60),
        ("copied_night", "oura", 480, 0),
    ],
)
def test_a_night_reported_several_times_is_one_night_with_its_stages(lives, subject, source, asleep_min, deep_min):
    found = rows(lives, "pub.nights", "ordinal, source, asleep_min, deep_min", f"subject = '{subject}'")
    days = rows(
        lives, "pub.daily_metrics", "metric, value", f"subject = '{subject}' and metric in ('asleep_min', 'nap_min')"
    )

    assert found == [(1, source, asleep_min, deep_min)]
    assert days == [("asleep_min", asleep_min), ("nap_min", 0)]


# ---- what recovery.toml says


@pytest.mark.slow
@pytest.mark.parametrize(
    ("priority", "steps", "source"),
    [
        ([], 4 * 400, "band:2"),  # it has evidence in more minutes
        (["garmin"], 4 * 300, "garmin:4000000001"),
        (["garmin:4000000001"], 4 * 300, "garmin:4000000001"),
        (["health_connect:com.phone"], 4 * 350, "health_connect:com.phone:pixel"),
        (["health_connect", "garmin"], 4 * 350, "health_connect:com.phone:pixel"),
        (["garm"], 4 * 400, "band:2"),  # not the beginning before a ':'
        (["absent", "drawer"], 4 * 400, "band:2"),  # covers one quarter of four, whatever its rank
    ],
)
def test_of_sources_that_cover_an_hour_alike_the_first_of_the_settings_counts(empty, priority, steps, source):
    toml = tomllib.loads(f"[sources]\npriority = {priority}")
    settings: Settings = parse(Home(Path()), toml)
    warehouse.load_settings_tables(empty, settings)
    given(
        empty,
        "raw.samples",
        [
            *walked("band:2", "09:00", "10:00", 15, 400),
            *[{**row, "start_utc": row["end_utc"] - timedelta(minutes=9)}
              for row in walked("garmin:4000000001", "09:00", "10:00", 15, 300)],
            *walked("health_connect:com.phone:pixel", "09:00", "10:00", 15, 350),
            *walked("drawer", "09:00", "09:10", 1, 100),
        ],
    )  # fmt: skip

    assert rows(empty, "daily.steps", "value, source") == [(steps, source)]


def test_the_page_of_settings_says_how_a_source_is_named(lives):
    page = (ROOT / "docs" / "settings.md").read_text(encoding="utf-8")
    above = page.partition("[sources]")[0].rpartition("\n\n")[2]

    assert "cover it alike" in above
    assert "before a ':'" in above


def test_copies_come_after_the_devices_own_records(empty):
    names = ("apple:watch6-2", "apple:activity", "apple:garmin-connect", "fitbit", "fitbit:fit_health_connect",
             "garmin:1", "google_fit", "health_connect:com.fitbit.fitbitmobile:pixel_watch_2", "oura")  # fmt: skip
    given(empty, "raw.samples", [row for name in names for row in beats(name, "09:00", "09:01", 1)])
    given(
        empty,
        "raw.source_priority",
        [{"source": "health_connect:com.fitbit.fitbitmobile", "rank": 1}, {"source": "health_connect", "rank": 2}],
    )

    assert dict(rows(empty, "stg.sources", "source, rank")) == {
        "apple:watch6-2": 1000000,
        "apple:activity": 1000000,
        "apple:garmin-connect": 1000002,
        "fitbit": 1000000,
        "fitbit:fit_health_connect": 1000002,
        "garmin:1": 1000000,
        "google_fit": 1000002,
        "health_connect:com.fitbit.fitbitmobile:pixel_watch_2": 1,
        "oura": 1000000,
    }


# ---- through the readers

WATCH_SERIAL = 4711


def watch_file() -> bytes:
    """Two hours of a Garmin watch: a walk of 20 minutes in each half hour, reported at its end."""
    messages: list[tuple[str, dict[str, Any]]] = [
        (
            "file_id",
            {
                "type": 32,
                "manufacturer": 1,
                "product": 2348,
                "serial_number": WATCH_SERIAL,
                "time_created": at("12:00"),
            },
        ),
        ("monitoring_info", {"timestamp": at("10:00"), "local_timestamp": at("10:00")}),
    ]
    for half_hour in range(5):
        time_utc = at("10:00") + half_hour * timedelta(minutes=30)
        walked_so_far = {"cycles": 500 * half_hour, "active_time": 1200.0 * half_hour}
        messages.append(("monitoring", {"timestamp": time_utc, "activity_type": 6, **walked_so_far}))
        messages.append(("monitoring", {"timestamp": time_utc + timedelta(minutes=10), "heart_rate": 90}))
    return encode(messages)


def phone_export() -> str:
    """What Apple Health holds of the same two hours: the phone's steps under 73 addresses, and Connect's copy."""
    phone = ("client_1", "18.0.1", "iPhone", "iPhone", "iPhone13,2", "18.0.1")
    stamp = "2024-05-01 {:%H:%M}:00 +0000"
    counted = [
        record(
            "StepCount",
            device(phone, 0x2811B0C00 + 64 * number),
            stamp.format(at("10:00") + timedelta(minutes=number)),
            stamp.format(at("10:00") + timedelta(minutes=number + 1)),
            10,
            "count",
        )
        for number in range(73)
    ]
    copied = [
        record("StepCount", app("Connect"), stamp.format(row["start_utc"]), stamp.format(row["end_utc"]), 500, "count")
        for row in walked("", "10:00", "12:00", 15, 500)
    ]
    later = [
        record(
            "StepCount",
            device(phone, 0x303A1F2C0 + 64 * number),
            stamp.format(row["start_utc"]),
            stamp.format(row["end_utc"]),
            100,
            "count",
        )
        for number, row in enumerate(walked("", "18:00", "18:10", 1, 100))
    ]
    return HEAD + EXPORTED + "".join(counted + copied + later) + END


@pytest.fixture(scope="module")
def at_work(tmp_path_factory) -> Iterator[homes.HomeAtWork]:
    made = homes.make(tmp_path_factory.mktemp("several") / "home", 'home_time_zone = "UTC"\n')
    warehouse.load_settings_tables(made.connection, made.settings)
    made.drop("apple/export.xml", phone_export())
    made.drop("watch.fit", watch_file())
    made.run()
    warehouse.build_all(made.connection)
    yield made
    made.close()


def test_one_phone_that_looks_like_73_is_one_source(at_work):
    found = at_work.rows(
        "select source, count(*), sum(value) from raw.samples where metric = 'steps' group by 1 order by 1"
    )

    assert found == [("apple:connect", 8, 4000), ("apple:iphone13-2", 83, 1730)]


def test_the_watchs_own_file_counts_before_its_copy_and_the_phone_fills_in(at_work):
    found = at_work.rows("select value, source from pub.daily_metrics where metric = 'steps'")

    assert found == [(4 * 1000 + 10 * 100, f"apple:iphone13-2, garmin:{WATCH_SERIAL}")]
