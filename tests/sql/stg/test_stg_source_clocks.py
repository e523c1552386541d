"""stg.source_clocks and the relations timed by it: a local time without a zone returns as the same local time."""

import sys
from collections.abc import Iterator, Sequence
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import NamedTuple

import duckdb
import pyarrow as pa
import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from sql_cases import given as insert
from sql_cases import home, rows, value

from recovery import warehouse
from recovery.formats.entries import context_of
from recovery.home.clock import offset_min
from recovery.home.folder import Home
from recovery.home.settings import Settings, Travel

pytestmark = pytest.mark.slow

HOUR = 3600
ODD_S = 29760  # 8 h 16 min: no zone has it
BERLIN = "Europe/Berlin"  # 2024: +2 h from 31 March 01:00 UTC to 27 October 01:00 UTC
TOKYO_S = 9 * HOUR


def reports(*pairs: tuple[str, int]) -> list[dict[str, object]]:
    return [{"time_utc": f"2024-{time}", "offset_s": offset} for time, offset in pairs]


def shifts(connection: duckdb.DuckDBPyConnection) -> list[tuple[object, ...]]:
    clock = "strftime({0}, '%m-%d %H:%M')"
    return rows(
        connection,
        "stg.source_clocks",
        f"source, {clock.format('start_utc')}, {clock.format('end_utc')}, shift_s",
    )


def test_without_another_clock_nothing_is_moved(empty: duckdb.DuckDBPyConnection) -> None:
    home(empty, BERLIN)
    insert(empty, "raw.clock_offsets", reports(("05-10 12:00", 2 * HOUR), ("10-27 09:00", HOUR)))

    assert shifts(empty) == []


def test_local_times_are_those_of_the_place_that_a_device_reports(empty: duckdb.DuckDBPyConnection) -> None:
    home(empty, BERLIN)
    insert(empty, "raw.clock_offsets", reports(("05-10 12:00", TOKYO_S)))

    # Tokyo from 8 May 12:00 UTC, 21:00 there: what was read with Berlin's clock from 19:00 UTC on; what Berlin's clock
    # shows again after 12 May 12:00 UTC stays
    assert shifts(empty) == [("", "05-08 19:00", "05-12 12:00", -7 * HOUR)]


def test_a_clock_that_no_zone_has_is_of_its_source_alone(empty: duckdb.DuckDBPyConnection) -> None:
    home(empty, BERLIN)
    insert(empty, "raw.clock_offsets", reports(("05-10 12:00", ODD_S), ("05-11 12:00", ODD_S)))
    insert(empty, "raw.clock_offsets", reports(("05-12 06:00", 2 * HOUR)))

    assert [shifts(empty)[place][part] for place, part in ((0, 1), (-1, 2))] == ["05-08 12:00", "05-12 06:00"]
    assert {(source, shift) for source, _, _, shift in shifts(empty)} == {("watch", ODD_S - 2 * HOUR)}


def test_an_offset_that_is_replaced_within_an_hour_is_no_clock(empty: duckdb.DuckDBPyConnection) -> None:
    home(empty, BERLIN)
    insert(empty, "raw.clock_offsets", reports(("05-10 12:00", 4567), ("05-10 12:59", 2 * HOUR)))

    assert shifts(empty) == []


def test_a_journey_of_the_settings_moves_nothing(empty: duckdb.DuckDBPyConnection) -> None:
    home(empty, BERLIN, [Travel(date(2024, 5, 10), date(2024, 5, 12), "Asia/Tokyo")])
    insert(empty, "raw.clock_offsets", reports(("05-10 12:00", 2 * HOUR), ("05-11 12:00", 2 * HOUR)))

    assert shifts(empty) == []


def test_a_night_that_begins_at_home_and_ends_on_a_journey_keeps_its_times(empty: duckdb.DuckDBPyConnection) -> None:
    home(empty, BERLIN, [Travel(date(2024, 5, 10), date(2024, 5, 12), "Asia/Tokyo")])
    start = {"start_utc": "2024-05-09 21:00", "reported_start_local": "2024-05-09 23:00"}
    end = {"end_utc": "2024-05-10 05:00", "reported_end_local": "2024-05-10 07:00"}
    insert(empty, "raw.sleep_sessions", [{**start, **end, "asleep_min": 480, "tz_assumed": True}])

    assert rows(empty, "stg.nights", "local_date::text, onset_local_min, wake_local_min") == [("2024-05-10", -60, 420)]


# ---- any clocks ------------------------------------------------------------------------------------------------------

FIRST = datetime(2024, 3, 8)  # New York's clock changes on 10 March, Europe's on 31 March
DAYS = 28
ZONES = (BERLIN, "America/New_York", "Australia/Lord_Howe", "Asia/Kathmandu", "UTC")
OFFSETS_S = (-8 * HOUR, -4 * HOUR, -9000, 0, HOUR, 2 * HOUR, 20700, TOKYO_S, 13 * HOUR)
ODD_OFFSETS_S = st.integers(-12 * HOUR, 14 * HOUR).filter(lambda told: abs((told + 450) % 900 - 450) > 60)


class Life(NamedTuple):
    """A person with a watch, a tracker without a zone, and a band of any clock."""

    zone: str
    journey: tuple[int, int, str] | None  # day, length, zone: of recovery.toml
    told: tuple[int, int, int] | None  # day, length, offset that the watch reports
    band_s: int
    bedtime_min: int  # before midnight
    asleep_min: int


def is_possible(life: Life) -> bool:
    """Whether no clock goes forward so far that two nights meet, and no watch reports a third zone beside a journey.

    Within hours of the begin of such a journey a number without a zone may be shown by the other clock (decision 0029).
    """
    if life.journey and life.told:
        return False
    home_min = offset_min(life.zone, FIRST)
    away = [offset_min(life.journey[2], FIRST) - home_min] if life.journey else []
    away += [life.told[2] // 60 - home_min] if life.told else []
    return max([*away, 0]) - min([*away, 0]) <= 9 * 60


LIVES = st.builds(
    Life,
    st.sampled_from(ZONES),
    st.none() | st.tuples(st.integers(3, 20), st.integers(1, 6), st.sampled_from(("Asia/Tokyo", "America/Lima"))),
    st.none() | st.tuples(st.integers(3, 20), st.integers(3, 6), st.sampled_from(OFFSETS_S)),
    ODD_OFFSETS_S,
    st.integers(-120, 180),
    st.integers(240, 540),
).filter(is_possible)


def live(connection: duckdb.DuckDBPyConnection, subject: str, life: Life) -> None:
    """The raw rows of a person, as readers make them."""
    travel = ()
    if life.journey:
        first = FIRST.date() + timedelta(days=life.journey[0])
        travel = (Travel(first, first + timedelta(days=life.journey[1]), life.journey[2]),)
    home(connection, life.zone, travel, subject)
    context = context_of(Settings(Home(Path()), home_time_zone=life.zone, travel=travel), "me")
    offsets: list[dict[str, object]] = []
    nights: list[dict[str, object]] = []
    readings: list[dict[str, object]] = []
    for day in range(DAYS):
        midnight = FIRST + timedelta(days=day)
        noon_utc = midnight + timedelta(hours=12)
        if life.told and life.told[0] <= day < life.told[0] + life.told[1]:
            offsets.append({"source": "watch", "time_utc": noon_utc, "offset_s": life.told[2]})
        offsets.append({"source": "band", "time_utc": noon_utc, "offset_s": life.band_s})
        readings.append(_reading("watch", noon_utc))
        start = midnight - timedelta(minutes=life.bedtime_min)
        end = start + timedelta(minutes=life.asleep_min)
        start_utc = context.to_utc(start)
        nights.append(
            {
                "source": "tracker",
                "session_key": f"{start}",
                "start_utc": start_utc,
                "end_utc": start_utc + (end - start),
                "tz_assumed": True,
                "asleep_min": life.asleep_min,
                "reported_start_local": start,
                "reported_end_local": end,
            }
        )
        for hour in (3, 11, 19, 23):
            local = midnight + timedelta(hours=hour, minutes=day)
            readings.append({**_reading("tracker", context.to_utc(local), local), "tz_assumed": True})
            readings.append(_reading("band", local - timedelta(seconds=life.band_s), local))
    for table, found in (("clock_offsets", offsets), ("sleep_sessions", nights), ("samples", readings)):
        told = pa.Table.from_pylist([{"tz_assumed": None, **row} for row in found])
        columns = told.column_names if table != "clock_offsets" else ["source", "time_utc", "offset_s"]
        connection.execute(
            f"insert into raw.{table} by name select {', '.join(columns)}, ? as subject, 1 as delivery from told",
            [subject],
        )


def _reading(source: str, time_utc: datetime, local: datetime | None = None) -> dict[str, object]:
    """A reading whose value is its own local time in minutes, by which it is known again."""
    told = (local - FIRST) / timedelta(minutes=1) if local else -1.0
    return {"source": source, "metric": "floors", "start_utc": time_utc, "end_utc": time_utc, "value": told}


@pytest.fixture(scope="module")
def lived() -> Iterator[duckdb.DuckDBPyConnection]:
    """One warehouse for each set of lives; the rows are deleted between them."""
    connection = warehouse.connect()
    warehouse.create_raw(connection)
    yield connection
    connection.close()


def check(connection: duckdb.DuckDBPyConnection, lives: Sequence[Life]) -> None:
    for relation in ("samples", "sleep_sessions", "clock_offsets", "zone_offsets"):
        connection.execute(f"delete from raw.{relation}")
    for schema, name, kind in connection.execute(
        "select table_schema, table_name, if(table_type = 'VIEW', 'view', 'table') from information_schema.tables"
        " where table_schema = 'stg'"
    ).fetchall():
        connection.execute(f"drop {kind} {schema}.{name}")
    for number, life in enumerate(lives):
        live(connection, f"person{number}", life)
    rows(connection, "stg.nights")
    rows(connection, "stg.samples")

    wrong_nights = connection.execute(
        "select subject, session_key, local_date, onset_local_min, wake_local_min, reported_end_local"
        " from stg.nights inner join raw.sleep_sessions using (subject, session_key)"
        " where local_date + to_minutes(onset_local_min::bigint) <> reported_start_local"
        " or local_date + to_minutes(wake_local_min::bigint) <> reported_end_local"
        " or local_date <> (reported_end_local - interval 1 microsecond)::date"
    ).fetchall()
    assert wrong_nights == []
    assert value(connection, "select count(*) from stg.nights") == DAYS * len(lives)

    # what the person's clock shows at the instant of each reading, against the local time that was told
    wrong_readings = connection.execute(
        f"""
        with told as (select *, timestamp '{FIRST}' + to_minutes(value::bigint) as told_local from stg.samples
            where source <> 'watch'),
        shown as (
            select told.*, told.start_utc + to_minutes(clock_offsets.offset_min) as shown_local
            from told asof inner join stg.clock_offsets
            on told.subject = clock_offsets.subject and told.start_utc >= clock_offsets.start_utc
        )
        select shown.* from shown where shown_local <> told_local
        -- but for times that the person's clock skipped
        and exists (
            select 1 from stg.clock_offsets where clock_offsets.subject = shown.subject
            and told_local >= clock_offsets.start_utc + to_minutes(clock_offsets.offset_min)
            and told_local < clock_offsets.end_utc + to_minutes(clock_offsets.offset_min)
        )
        """
    ).fetchall()
    assert wrong_readings == []
    moved = connection.execute("select * from stg.samples where source = 'watch' and hour(start_utc) <> 12").fetchall()
    assert moved == []


@settings(
    max_examples=2,
    derandomize=True,
    deadline=None,
    database=None,
    phases=(Phase.generate,),  # to shrink one of these costs minutes
    suppress_health_check=list(HealthCheck),
)
@given(st.lists(LIVES, min_size=12, max_size=12))
def test_every_local_time_returns_as_the_same_local_time(lived: duckdb.DuckDBPyConnection, lives: list[Life]) -> None:
    check(lived, lives)


if (
    __name__ == "__main__"
):  # python tests/sql/stg/test_stg_source_clocks.py 100: so many sets of lives, others each time
    long_run = settings(
        max_examples=int(sys.argv[1]),
        deadline=None,
        database=None,
        phases=(Phase.generate,),
        suppress_health_check=list(HealthCheck),
    )
    work = warehouse.connect()
    warehouse.create_raw(work)
    long_run(given(st.lists(LIVES, min_size=12, max_size=12))(lambda lives: check(work, lives)))()
