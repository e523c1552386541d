"""Whose clock it was: four ways to tell the time, journeys, changes of clock, and people who sleep by day."""

import json
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

import duckdb
import homes
import pytest
from apple_export import END, EXPORTED, HEAD, WATCH, device, slept
from health_connect_export import ms, span, write
from sql_cases import given, home, rows

from recovery import warehouse
from recovery.formats.records import SCHEMAS
from recovery.home.folder import Home
from recovery.home.settings import Exclusion, Settings, Travel

pytestmark = pytest.mark.slow

# ---- four ways to tell the time, of one night: 23:30 to 07:00 in Berlin, summer time, 2 May 2024


def apple(folder: Path) -> tuple[str, bytes]:
    """Absolute, with an offset, and the zone of the record."""
    of = device(WATCH)
    night = slept(of, "2024-05-01 23:30:00 +0200", "2024-05-02 07:00:00 +0200", "AsleepCore", "Europe/Berlin")
    return "export.xml", (HEAD + EXPORTED + night + END).encode()


def health_connect(folder: Path) -> tuple[str, bytes]:
    """UTC, with the offset in a column of its own."""
    start, end = "2024-05-01 21:30", "2024-05-02 05:00"
    night = {**span(start, end), "row_id": 1}
    stage = {"parent_key": 1, "stage_start_time": ms(start), "stage_end_time": ms(end), "stage_type": 4}
    content = write(folder / "made.db", sleep_session_record_table=[night], sleep_stages_table=[stage])
    return "health_connect_export.db", content


def fitbit(folder: Path) -> tuple[str, bytes]:
    """A wall clock without any zone."""
    level = {"dateTime": "2024-05-01T23:30:00.000", "level": "light", "seconds": 27_000}
    night = {
        "logId": 7, "dateOfSleep": "2024-05-02", "startTime": "2024-05-01T23:30:00.000",
        "endTime": "2024-05-02T07:00:00.000", "duration": 27_000_000, "minutesToFallAsleep": 0, "minutesAsleep": 450,
        "minutesAwake": 0, "minutesAfterWakeup": 0, "timeInBed": 450, "efficiency": 99, "type": "stages",
        "infoCode": 0, "levels": {"summary": {}, "data": [level], "shortData": []}, "mainSleep": True,
    }  # fmt: skip
    return "Global Export Data/sleep-2024-05-01.json", json.dumps([night]).encode()


def fitbit_days(folder: Path) -> tuple[str, bytes]:
    """Dates of the calendar."""
    head = (
        "Activities\nDate,Calories Burned,Steps,Distance,Floors,Minutes Sedentary,Minutes Lightly Active,"
        "Minutes Fairly Active,Minutes Very Active,Activity Calories\n"
    )
    return "fitbit_export_20240601.csv", f'{head}"2024-05-02","2,310","9,000","4.2","9","1","1","1","1","1"\n'.encode()


TELLERS: tuple[Callable[[Path], tuple[str, bytes]], ...] = (apple, health_connect, fitbit, fitbit_days)
PEOPLE = {teller.__name__: teller for teller in TELLERS}


def home_in(zone: str, folder: Path) -> homes.HomeAtWork:
    """Everybody's export in a home of a zone; 'on_a_journey' has Fitbit's and was in Berlin."""
    toml = f'home_time_zone = "{zone}"\n' + "".join(f"[people.{name}]\n" for name in (*PEOPLE, "on_a_journey"))
    toml += '[[travel]]\nfrom = 2024-04-29\nto = 2024-05-05\nzone = "Europe/Berlin"\nperson = "on_a_journey"\n'
    made = homes.make(folder / "home", toml)
    warehouse.load_settings_tables(made.connection, made.settings)
    for person, teller in (*PEOPLE.items(), ("on_a_journey", fitbit)):
        path, content = teller(folder)
        (folder / "made.db").unlink(missing_ok=True)
        made.drop(f"{person}/{path}", content)
    made.run()
    warehouse.build_all(made.connection)
    return made


@pytest.fixture(scope="module")
def at_home(tmp_path_factory: pytest.TempPathFactory) -> Iterator[homes.HomeAtWork]:
    made = home_in("Europe/Berlin", tmp_path_factory.mktemp("berlin"))
    yield made
    made.close()


@pytest.fixture(scope="module")
def elsewhere(tmp_path_factory: pytest.TempPathFactory) -> Iterator[homes.HomeAtWork]:
    made = home_in("America/Los_Angeles", tmp_path_factory.mktemp("elsewhere"))
    yield made
    made.close()


NIGHTS = "select subject, night_date::text, strftime(onset_utc, '%d %H:%M') from pub.nights order by all"
CLOCKS = (
    "select subject, metric, local_date::text, value from pub.daily_metrics"
    " where metric in ('onset_local', 'wake_local', 'asleep_min') order by all"
)
STEPS = "select subject, local_date::text, value from pub.daily_metrics where metric = 'steps'"


def test_the_four_ways_tell_one_night(at_home: homes.HomeAtWork) -> None:
    people = sorted({"apple", "health_connect", "fitbit", "on_a_journey"})

    assert at_home.rows(NIGHTS) == [(person, "2024-05-02", "01 21:30") for person in people]
    assert at_home.rows(CLOCKS) == [
        (person, metric, "2024-05-02", value)
        for person in people
        for metric, value in (("asleep_min", 450), ("onset_local", -30), ("wake_local", 420))
    ]
    assert at_home.rows(STEPS) == [("fitbit_days", "2024-05-02", 9000)]


def test_in_another_home_an_offset_moves_nothing_and_a_wall_clock_keeps_its_hours(elsewhere: homes.HomeAtWork) -> None:
    assert elsewhere.rows(NIGHTS) == [
        ("apple", "2024-05-02", "01 21:30"),
        ("fitbit", "2024-05-02", "02 06:30"),  # 23:30 in Los Angeles
        ("health_connect", "2024-05-02", "01 21:30"),
        ("on_a_journey", "2024-05-02", "01 21:30"),
    ]
    assert {row[1:] for row in elsewhere.rows(CLOCKS)} == {
        ("asleep_min", "2024-05-02", 450),
        ("onset_local", "2024-05-02", -30),
        ("wake_local", "2024-05-02", 420),
    }


def test_a_date_of_the_calendar_is_never_converted(elsewhere: homes.HomeAtWork) -> None:
    assert elsewhere.rows(STEPS) == [("fitbit_days", "2024-05-02", 9000)]


def test_whose_zone_was_only_assumed_is_flagged(elsewhere: homes.HomeAtWork) -> None:
    minutes = elsewhere.rows(
        "select subject, bool_or(tz_assumed) from pub.timeline where state = 'asleep' group by 1 order by 1"
    )
    nights = elsewhere.rows("select subject, tz_assumed from stg.nights order by 1")

    assert minutes == [("apple", False), ("fitbit", True), ("health_connect", False), ("on_a_journey", False)]
    assert nights == [("apple", False), ("fitbit", True), ("health_connect", False), ("on_a_journey", True)]


# ---- journeys, changes of clock, sleep by day, through the whole SQL

BERLIN_S, TOKYO_S, NEW_YORK_S = 7200, 32400, -14400


def instant(text: str) -> datetime:
    return datetime.fromisoformat(f"2024-{text}")


class Life:
    """What the watch of one person tells; all times in UTC."""

    def __init__(self, connection: duckdb.DuckDBPyConnection, subject: str, zone: str, *travel: Travel) -> None:
        self.connection = connection
        self.ids = {"subject": subject}
        home(connection, zone, travel, subject=subject)

    def slept(self, start: str, end: str, kind: str | None = None) -> None:
        ids = {**self.ids, "session_key": start}
        span = {"start_utc": instant(start), "end_utc": instant(end)}
        given(self.connection, "raw.sleep_sessions", [{**ids, **span, "kind": kind}])
        given(self.connection, "raw.sleep_stages", [{**ids, **span, "stage": "light"}])

    def walked(self, start: str, steps: float) -> None:
        begun = instant(start)
        row = {"metric": "steps", "start_utc": begun, "end_utc": begun + timedelta(minutes=10), "value": steps}
        given(self.connection, "raw.samples", [row], **self.ids)

    def clock(self, first: str, last: str, offset_s: int) -> None:
        """The watch tells its offset every hour."""
        hours = (instant(last) - instant(first)) // timedelta(hours=1)
        offsets = [{"time_utc": instant(first) + timedelta(hours=hour), "offset_s": offset_s} for hour in range(hours)]
        given(self.connection, "raw.clock_offsets", offsets, **self.ids)


def fly(life: Life, landed: str, offset_s: int) -> None:
    """A watch that shows Berlin's time until it has landed."""
    life.clock("04-30 00:00", landed, BERLIN_S)
    life.clock(landed, "05-06 00:00", offset_s)


@pytest.fixture(scope="module")
def lives() -> Iterator[duckdb.DuckDBPyConnection]:
    connection = warehouse.connect()
    warehouse.create_raw(connection)
    given(connection, "raw.validity", [
        {"name": "min_worn_waking_min", "value": 600}, {"name": "min_night_min", "value": 180},
        {"name": "max_night_min", "value": 840},
    ])  # fmt: skip

    for name in ("east", "east_by_settings"):
        journey = [Travel(instant("05-03").date(), instant("05-09").date(), "Asia/Tokyo")]
        east = Life(connection, name, "Europe/Berlin", *(journey if name == "east_by_settings" else []))
        if name == "east":
            fly(east, "05-03 00:00", TOKYO_S)
        else:
            east.clock("04-30 00:00", "05-06 00:00", BERLIN_S)  # a watch that was never set
        east.slept("05-01 21:00", "05-02 05:00")
        east.slept("05-02 20:00", "05-02 23:30")  # over Siberia
        east.slept("05-03 14:00", "05-03 22:00")
        east.walked("05-02 10:00", 1000)
        east.walked("05-03 01:00", 2000)
        east.walked("05-03 16:00", 3000)

    west = Life(connection, "west", "Europe/Berlin")
    fly(west, "05-02 20:00", NEW_YORK_S)
    west.slept("05-01 21:00", "05-02 05:00")
    west.slept("05-02 14:00", "05-02 15:30")  # over the Atlantic
    west.slept("05-03 04:30", "05-03 11:30")
    west.walked("05-02 10:00", 1000)
    west.walked("05-02 23:00", 2000)
    west.walked("05-03 03:30", 3000)
    west.walked("05-03 12:00", 500)

    clocks = Life(connection, "clocks", "Europe/Berlin")
    clocks.slept("03-30 22:00", "03-31 05:00")
    clocks.slept("10-26 21:00", "10-27 06:00")
    for day_of_change in ("03-31", "10-27"):
        clocks.walked(f"{day_of_change} 00:55", 300)  # over the change
        clocks.walked(f"{day_of_change} 12:00", 700)

    shifts = Life(connection, "shifts", "UTC")
    for day in range(1, 15):
        shifts.slept(f"05-{day:02} 07:00", f"05-{day:02} 14:30")
        shifts.slept(f"05-{day:02} 02:00", f"05-{day:02} 02:20")
        shifts.walked(f"05-{day:02} 03:00", 4000)
    given(
        connection,
        "raw.massages",
        [
            {"local_date": "2024-05-08", "start_local": "2024-05-08 05:00", "massage_min": 60, "note": "before sleep"},
            {"local_date": "2024-05-10", "start_local": "2024-05-10 17:00", "massage_min": 60, "note": "after sleep"},
            {"local_date": "2024-05-12", "massage_min": 60, "note": "no start"},
        ],
        subject="shifts",
    )
    warehouse.build_all(connection)
    yield connection
    connection.close()


def of(
    connection: duckdb.DuckDBPyConnection, relation: str, columns: str, subject: str, where: str = "true"
) -> list[Any]:
    return rows(connection, relation, columns, f"subject = '{subject}' and {where}")


def steps(connection: duckdb.DuckDBPyConnection, subject: str) -> dict[str, float]:
    return dict(of(connection, "pub.daily_metrics", "local_date::text, value", subject, "metric = 'steps'"))


@pytest.mark.parametrize("subject", ["east", "east_by_settings"])
def test_a_flight_east_makes_a_shorter_day(lives: duckdb.DuckDBPyConnection, subject: str) -> None:
    days = of(lives, "stg.days", "local_date::text, minute_count, offset_change_min", subject)
    nights = of(lives, "pub.nights", "night_date::text, ordinal, asleep_min", subject)
    onsets = of(lives, "pub.daily_metrics", "local_date::text, value", subject, "metric = 'onset_local'")

    assert steps(lives, subject) == {"2024-05-02": 1000, "2024-05-03": 2000, "2024-05-04": 3000}
    assert nights == [("2024-05-02", 1, 480), ("2024-05-03", 1, 210), ("2024-05-04", 1, 480)]
    assert ("2024-05-04", -60) in onsets  # 23:00 in Tokyo
    if subject == "east":
        assert ("2024-05-03", 17 * 60, 420) in days


def test_a_flight_west_makes_a_longer_day_with_all_its_steps(lives: duckdb.DuckDBPyConnection) -> None:
    assert of(lives, "stg.days", "minute_count, offset_change_min", "west", "local_date = '2024-05-02'") == [
        (30 * 60, -360)
    ]
    assert steps(lives, "west") == {"2024-05-02": 6000, "2024-05-03": 500}
    assert of(lives, "pub.nights", "night_date::text, ordinal, asleep_min", "west") == [
        ("2024-05-02", 1, 480),
        ("2024-05-02", 2, 90),
        ("2024-05-03", 1, 420),
    ]


@pytest.mark.parametrize(
    ("local_date", "minute_count", "asleep_min"), [("2024-03-31", 23 * 60, 420), ("2024-10-27", 25 * 60, 540)]
)
def test_nights_and_days_of_changed_clocks(
    lives: duckdb.DuckDBPyConnection, local_date: str, minute_count: int, asleep_min: int
) -> None:
    is_it = f"local_date = '{local_date}'"
    values = dict(of(lives, "pub.daily_metrics", "metric, value", "clocks", is_it))

    assert of(lives, "stg.days", "minute_count", "clocks", is_it) == [(minute_count,)]
    assert of(lives, "pub.timeline", "count(distinct minute_utc), count(distinct local_time)", "clocks", is_it) == [
        (minute_count, min(minute_count, 24 * 60))  # the doubled hour shows its times twice
    ]
    assert {name: values[name] for name in ("asleep_min", "onset_local", "wake_local", "steps")} == {
        "asleep_min": asleep_min,
        "onset_local": -60,
        "wake_local": 420,
        "steps": 1000,
    }


def test_who_sleeps_by_day_has_a_valid_night_and_a_nap_at_night(lives: duckdb.DuckDBPyConnection) -> None:
    nights = of(lives, "pub.nights", "ordinal, asleep_min, hour(onset_utc)", "shifts", "night_date = '2024-05-08'")
    valid = of(lives, "pub.daily", "count(*)", "shifts", "is_valid_night")
    noon = of(lives, "pub.timeline", "distinct state", "shifts", "hour(local_time) = 12")

    assert nights == [(1, 450, 7), (2, 20, 2)]
    assert valid == [(13,)]  # the last of 14 is not over for three hours
    assert noon == [("asleep",)]


def test_the_first_night_after_a_massage_may_be_of_the_same_day(lives: duckdb.DuckDBPyConnection) -> None:
    found = lives.execute(
        "select massages.note, around.local_date::text from pub.around_massage as around"
        " inner join pub.massages as massages using (subject, massage_id)"
        " where metric = 'asleep_min' and day_offset = 0 order by all"
    ).fetchall()

    assert found == [("after sleep", "2024-05-11"), ("before sleep", "2024-05-08"), ("no start", "2024-05-13")]


def test_a_journey_that_is_told_later_gives_what_it_gives_when_told_at_once(
    lives: duckdb.DuckDBPyConnection, tmp_path: Path
) -> None:
    people = ("west", "shifts")
    before = Settings(Home(tmp_path), home_time_zone="Europe/Berlin", people=people)
    journey = Travel(date(2024, 5, 8), date(2024, 5, 10), "Asia/Tokyo", "shifts")
    away = replace(before, travel=(journey,), exclusions=(Exclusion(date(2024, 5, 2), date(2024, 5, 2), "flight"),))

    with warehouse.connect() as later, warehouse.connect() as at_once:
        for connection in (later, at_once):
            warehouse.create_raw(connection)
            for table in SCHEMAS:
                connection.register("told", lives.sql(f"from raw.{table} where subject in {people}").to_arrow_table())
                connection.execute(f"insert into raw.{table} by name from told")
                connection.unregister("told")
        warehouse.load_settings_tables(later, before)
        for person in people:  # the same dates of both, which makes one window of them
            warehouse.mark_dirty(later, person, date(2024, 4, 30), date(2024, 5, 14))
        warehouse.build(later)
        warehouse.load_settings_tables(later, away)
        assert {subject for (subject,) in later.execute("select subject from raw.dirty").fetchall()} == {"shifts"}
        warehouse.build(later)
        warehouse.load_settings_tables(at_once, away)
        warehouse.build_all(at_once)

        differing = [
            relation.full_name
            for relation in warehouse.relations()
            if relation.layer in ("timeline", "daily", "massage") and relation.is_kept
            for query in (f"from {relation.full_name} order by all",)
            if not later.sql(query).to_arrow_table().equals(at_once.sql(query).to_arrow_table())
        ]
        assert differing == []
        onsets = ("pub.daily_metrics", "value", "shifts", "metric = 'onset_local'")
        assert of(later, *onsets) != of(lives, *onsets)  # the journey does something
