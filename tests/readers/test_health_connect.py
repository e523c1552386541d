"""What we know of Health Connect's database, with values worked out by hand."""

import io
import sqlite3
import tempfile
from collections.abc import Callable, Iterable
from datetime import UTC, date, datetime, timedelta
from functools import partial
from itertools import pairwise
from pathlib import Path

import homes
import pytest
from health_connect_export import COLUMNS, SPAN, instant, ms, span, write
from one_reader import BERLIN, rows, skipped, summary
from sqlite_export import Row

from recovery.errors import UnreadableExportError
from recovery.formats import sqlite_copy
from recovery.formats.entries import Entry
from recovery.formats.records import Batch, Yielded
from recovery.readers import health_connect

NAME = "Connessione Salute.zip!/health_connect_export.db"
WATCH = "health_connect:com.fitbit.fitbitmobile:pixel_watch_2"
PHONE = "health_connect:com.google.android.apps.fitness"
EIGHT, NINE = "2026-09-12T08:00:00", "2026-09-12T09:00:00"
Read = Callable[..., list[Yielded]]


def entry(content: bytes, path: str = NAME) -> Entry:
    return Entry(path, len(content), partial(io.BytesIO, content))


@pytest.fixture
def read(tmp_path: Path) -> Read:
    """Reads a database with the rows a test gives."""

    def made(columns: dict[str, str] | None = None, /, **rows: Iterable[Row]) -> list[Yielded]:
        path = tmp_path / "made.db"
        path.unlink(missing_ok=True)
        content = write(path, columns or COLUMNS, **rows)
        return list(health_connect.read([entry(content)], BERLIN))

    return made


@pytest.mark.parametrize(
    ("table", "row", "metric", "value", "minutes"),
    [
        ("steps_record_table", span(EIGHT, NINE, count=90), "steps", 90.0, 60),
        ("distance_record_table", span(EIGHT, NINE, distance=63.5), "distance_m", 63.5, 60),
        ("floors_climbed_record_table", span(EIGHT, NINE, floors=2.0), "floors", 2.0, 60),
        ("resting_heart_rate_record_table", instant(EIGHT, beats_per_minute=57), "resting_heart_rate_bpm", 57.0, 0),
        (
            "heart_rate_variability_rmssd_record_table",
            instant(EIGHT, heart_rate_variability_millis=40.5),
            "hrv_rmssd_ms",
            40.5,
            0,
        ),
        ("respiratory_rate_record_table", instant(EIGHT, rate=14.6), "respiration_rate", 14.6, 0),
        ("oxygen_saturation_record_table", instant(EIGHT, percentage=95.0), "spo2_share", 0.95, 0),
    ],
)
def test_a_record_is_utc_and_of_its_app_on_its_device(
    read: Read, table: str, row: Row, metric: str, value: float, minutes: int
) -> None:
    found = read(**{table: [row]})

    start = datetime.fromisoformat(EIGHT)
    assert rows(found, "samples", "source", "metric", "start_utc", "end_utc", "value") == [
        (WATCH, metric, start, start + timedelta(minutes=minutes), value)
    ]
    assert rows(found, "clock_offsets", "source", "time_utc", "offset_s") == [(WATCH, start, 7200)]
    assert rows(found, "devices", "source", "time_utc", "manufacturer", "product") == [
        (WATCH, start, "Google", "Pixel Watch 2")
    ]


def test_beats_have_the_source_of_the_record_they_belong_to(read: Read) -> None:
    found = read(
        heart_rate_record_table=[span(EIGHT, NINE, row_id=7, app=2, device=2)],
        heart_rate_record_series_table=[
            {"parent_key": 7, "beats_per_minute": 81, "epoch_millis": ms(EIGHT) + 4500},
            {"parent_key": 8, "beats_per_minute": 82, "epoch_millis": ms(EIGHT) + 9500},
        ],
    )

    start = datetime.fromisoformat(EIGHT)
    assert rows(found, "samples", "source", "start_utc", "value") == [
        (PHONE, start + timedelta(seconds=4.5), 81.0),
        ("health_connect", start + timedelta(seconds=9.5), 82.0),
    ]


@pytest.mark.parametrize(
    ("unit", "per_kcal"), [("", 1000.0), ("read as joules", 4184.0), ("read as kilocalories", 1.0)]
)
def test_the_unit_of_energy_is_decided_by_the_size_of_a_day(read: Read, unit: str, per_kcal: float) -> None:
    days = [f"2026-09-{day:02}" for day in range(1, 6)]

    found = read(
        total_calories_burned_record_table=[
            span(f"{day}T00:00:00", f"{day}T22:00:00", energy=2200 * per_kcal) for day in days
        ],
        active_calories_burned_record_table=[span(EIGHT, NINE, energy=60 * per_kcal)],
    )

    ((metric, value),) = rows(found, "samples", "metric", "value")
    assert (metric, value) == ("active_energy_kcal", pytest.approx(60.0))
    assert unit in summary(found).message
    assert ("its energy" in summary(found).message) == bool(unit)


@pytest.mark.parametrize(("unit", "per_kcal"), [("", 1000.0), ("joules", 4184.0), ("kilocalories", 1.0)])
def test_energy_of_movement_alone_tells_its_unit_too(read: Read, unit: str, per_kcal: float) -> None:
    hours = [
        span(f"2026-09-12T{hour:02}:00:00", f"2026-09-12T{hour:02}:59:00", energy=140 * per_kcal) for hour in range(10)
    ]

    found = read(active_calories_burned_record_table=hours)

    assert sum(value for (value,) in rows(found, "samples", "value")) == pytest.approx(1400.0)
    assert unit in summary(found).message


def test_a_night_keeps_its_key_over_exports_and_tells_both_clocks(read: Read) -> None:
    start, end = datetime(2026, 10, 24, 21, 30), datetime(2026, 10, 25, 5, 30)
    night = {
        **span(f"{start}", f"{end}", row_id=3, uuid=bytes(range(16)), title="x", notes="y"),
        "end_zone_offset": 3600,
    }
    stages = [(1, 0, 15), (4, 15, 150), (2, 150, 200), (5, 200, 300), (6, 300, 400), (3, 400, 450), (7, 450, 480)]

    found = read(
        sleep_session_record_table=[night],
        sleep_stages_table=[
            {
                "parent_key": 3,
                "stage_start_time": ms(f"{start + timedelta(minutes=first)}"),
                "stage_end_time": ms(f"{start + timedelta(minutes=last)}"),
                "stage_type": kind,
            }
            for kind, first, last in stages
        ],
    )

    key = "000102030405060708090A0B0C0D0E0F"
    assert rows(found, "sleep_sessions", "source", "session_key", "start_utc", "end_utc", "tz_assumed") == [
        (WATCH, key, start, end, False)
    ]
    assert [stage for (stage,) in rows(found, "sleep_stages", "stage")] == [
        "awake", "light", "asleep", "deep", "rem", "awake", "awake",
    ]  # fmt: skip
    assert rows(found, "clock_offsets", "time_utc", "offset_s") == [(start, 7200), (end, 3600)]


def test_a_night_without_stages_is_sleep_from_start_to_end(read: Read) -> None:
    found = read(sleep_session_record_table=[span("2026-09-11T22:00:00", "2026-09-12T06:00:00")])

    times = (datetime(2026, 9, 11, 22), datetime(2026, 9, 12, 6))
    assert rows(found, "sleep_stages", "start_utc", "end_utc", "stage") == [(*times, "asleep")]
    assert summary(found).message == "nights without stages, taken as sleep from start to end: 1"


def test_an_exercise_is_movement_and_no_massage_whatever_its_name(read: Read) -> None:
    found = read(
        exercise_session_record_table=[
            span(EIGHT, NINE, exercise_type=53, title="with a friend"),
            span(EIGHT, NINE, exercise_type=46),  # stretching
            span(EIGHT, NINE, exercise_type=999),
            span(EIGHT, NINE, exercise_type=0, title="Thai Massage"),
            span(EIGHT, NINE, exercise_type=17),  # guided breathing
        ]
    )

    assert rows(found, "activities", "sport") == [("walking",), ("stretching",), (None,)]
    assert rows(found, "massages", "place") == []
    assert summary(found).message == (
        "sessions named a massage, which the massage log should tell: 1; sessions of guided breathing left out: 1"
    )
    assert "friend" not in repr(found)


def test_zero_is_no_oxygen_and_no_heart_rate(read: Read) -> None:
    found = read(oxygen_saturation_record_table=[instant(EIGHT, percentage=0.0)])

    assert rows(found, "samples", "value") == []
    assert summary(found).message == "spo2_share of 0 left out, which is no measurement: 1"


def test_weight_is_never_read(read: Read) -> None:
    found = read(weight_record_table=[instant(EIGHT, weight=70123.0)], steps_record_table=[span(EIGHT, NINE, count=3)])

    assert "70123" not in repr(found)
    assert summary(found).message == "kinds of records that are not needed and not read: 1"


def test_an_offset_that_no_place_has_is_not_used_and_counted(read: Read) -> None:
    found = read(steps_record_table=[span(EIGHT, NINE, 7_200_000, count=3), span(NINE, NINE, None, count=3)])

    assert len(rows(found, "samples", "value")) == 2
    assert rows(found, "clock_offsets", "offset_s") == []
    assert summary(found).message == "offsets that no place on Earth has, not used: 1"


def test_a_device_that_is_not_named_and_an_unknown_app_still_have_a_source(read: Read) -> None:
    found = read(steps_record_table=[span(EIGHT, NINE, app=2, device=2, count=3), span(EIGHT, NINE, app=99, count=4)])

    assert rows(found, "samples", "source") == [(PHONE,), ("health_connect:pixel_watch_2",)]


@pytest.mark.parametrize(
    ("table", "good", "bad"),
    [
        ("steps_record_table", span(EIGHT, NINE, count=3), span(EIGHT, NINE, count="many")),
        ("steps_record_table", span(EIGHT, NINE, count=3), span(EIGHT, NINE, count=None)),
        ("steps_record_table", span(EIGHT, NINE, count=3), span(EIGHT, NINE, count=-3)),
        ("steps_record_table", span(EIGHT, NINE, count=3), span(NINE, EIGHT, count=3)),
        ("steps_record_table", span(EIGHT, NINE, count=3), span("1970-01-01", NINE, count=3)),
        ("steps_record_table", span(EIGHT, NINE, count=3), {**span(EIGHT, NINE, count=3), "start_time": None}),
        ("steps_record_table", span(EIGHT, NINE, count=3), {**span(EIGHT, NINE, count=3), "start_time": b"x"}),
        ("distance_record_table", span(EIGHT, NINE, distance=3), span(EIGHT, NINE, distance=float("inf"))),
        ("respiratory_rate_record_table", instant(EIGHT, rate=3), instant("2150-01-01", rate=3)),
        ("sleep_session_record_table", span(EIGHT, NINE), span(NINE, NINE)),
        ("sleep_session_record_table", span(EIGHT, NINE), span(EIGHT, "2026-10-12")),
        ("exercise_session_record_table", span(EIGHT, NINE, exercise_type=53), span(EIGHT, NINE, exercise_type="x")),
        (
            "heart_rate_record_series_table",
            {"parent_key": 1, "beats_per_minute": 81, "epoch_millis": ms(EIGHT)},
            {"parent_key": 1, "beats_per_minute": 0, "epoch_millis": ms(EIGHT)},
        ),
    ],
)
def test_a_damaged_row_is_skipped_and_the_others_are_as_before(read: Read, table: str, good: Row, bad: Row) -> None:
    before, after = read(**{table: [good]}), read(**{table: [good, bad]})

    assert skipped(before) == []
    assert [place.partition(",")[0] for place in skipped(after)] == [table]
    assert [item for item in before if isinstance(item, Batch)] == [item for item in after if isinstance(item, Batch)]


def test_a_stage_of_no_known_kind_is_skipped_alone(read: Read) -> None:
    stage = {"parent_key": 1, "stage_start_time": ms(EIGHT), "stage_end_time": ms(NINE), "stage_type": 4}

    found = read(
        sleep_session_record_table=[span(EIGHT, NINE, row_id=1)],
        sleep_stages_table=[stage, {**stage, "stage_type": 12}, {**stage, "parent_key": 5}],
    )

    assert skipped(found) == ["sleep_stages_table, row ?"]
    assert rows(found, "sleep_stages", "stage") == [("light",)]


@pytest.mark.parametrize(
    "table",
    [
        "steps_record_table",
        "heart_rate_record_series_table",
        "heart_rate_record_table",
        "sleep_session_record_table",
        "sleep_stages_table",
        "exercise_session_record_table",
    ],
)
def test_a_table_of_a_version_not_known_is_not_read_and_told(read: Read, table: str) -> None:
    columns = {**COLUMNS, table: "other text"}
    night = {"sleep_session_record_table": [span(EIGHT, NINE)]} if table != "sleep_session_record_table" else {}

    found = read(columns, distance_record_table=[span(EIGHT, NINE, distance=63.5)], **night)

    assert skipped(found) == [table]
    assert rows(found, "samples", "metric") == [("distance_m",)]


def test_columns_that_older_versions_lack_are_not_needed(read: Read) -> None:
    columns = {"steps_record_table": "start_time integer, end_time integer, count integer"}

    found = read(columns, steps_record_table=[span(EIGHT, NINE, count=3)])

    assert rows(found, "samples", "source", "value") == [("health_connect", 3.0)]


def test_an_export_without_rows_holds_no_entries(read: Read) -> None:
    assert summary(read()).message == "holds no entries"


def test_tables_that_are_no_plain_tables_are_not_read(tmp_path: Path) -> None:
    path = tmp_path / "view.db"
    connection = sqlite3.connect(path)
    connection.execute(f"create table distance_record_table ({SPAN}, distance real)")
    connection.execute(
        "create view steps_record_table as with recursive numbers(count) as (select 1 union all select count + 1"
        " from numbers) select count, 0 as start_time, 0 as end_time from numbers"
    )
    connection.commit()
    connection.close()

    found = list(health_connect.read([entry(path.read_bytes())], BERLIN))

    assert rows(found, "samples", "value") == []


# ---- hostile files ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "content",
    [
        b"SQLite format 3\0",
        b"SQLite format 3\0" + bytes(5000),
        b"SQLite format 3\0" + b"\xff" * 5000,
    ],
)
def test_a_file_that_only_begins_as_a_database_is_one_sentence(content: bytes) -> None:
    with pytest.raises(UnreadableExportError, match="Health Connect"):
        list(health_connect.read([entry(content)], BERLIN))


def test_a_database_cut_short_is_one_sentence(tmp_path: Path) -> None:
    content = write(tmp_path / "made.db", steps_record_table=[span(EIGHT, NINE, count=3)] * 3000)

    with pytest.raises(UnreadableExportError, match="damaged or incomplete"):
        list(health_connect.read([entry(content[: len(content) // 2])], BERLIN))


def test_a_database_of_something_else_is_one_sentence(tmp_path: Path) -> None:
    content = write(tmp_path / "made.db", {"songs": "name text"})

    with pytest.raises(UnreadableExportError, match="without any table of Health Connect"):
        list(health_connect.read([entry(content)], BERLIN))


def test_a_database_far_too_large_is_not_copied(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(health_connect, "MAX_BYTES", 10_000)
    content = write(tmp_path / "made.db")

    with pytest.raises(UnreadableExportError, match="it is not read"):
        list(health_connect.read([entry(content)], BERLIN))


def test_what_is_no_database_is_refused_when_read() -> None:
    assert skipped(list(health_connect.read([entry(b"steps")], BERLIN))) == [""]


def test_the_copy_is_for_its_owner_alone_and_goes(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path / "copies"))
    (tmp_path / "copies").mkdir()
    content = write(tmp_path / "made.db", steps_record_table=[span(EIGHT, NINE, count=3)])
    modes = []

    class Watched(io.BytesIO):
        def read(self, size: int | None = -1) -> bytes:
            modes.extend(path.stat().st_mode & 0o777 for path in (tmp_path / "copies").iterdir())
            return super().read(size)

    reading = health_connect.read([Entry(NAME, len(content), lambda: Watched(content))], BERLIN)
    next(reading)

    assert set(modes) == {0o600}
    assert list((tmp_path / "copies").iterdir()) == []
    list(reading)
    with pytest.raises(UnreadableExportError):
        list(health_connect.read([entry(content[:5000])], BERLIN))
    assert list((tmp_path / "copies").iterdir()) == []


def test_the_database_is_known_by_its_name_or_by_its_tables(tmp_path: Path) -> None:
    content = write(tmp_path / "made.db")
    other = write(tmp_path / "other.db", {"songs": "name text"})

    named = [entry(content), entry(content, "backup.sqlite"), entry(other, "songs.db"), entry(b"x", NAME)]
    assert [claim.path for claim in health_connect.claims(named)] == [NAME, "backup.sqlite"]


@pytest.mark.slow
def test_steps_of_watch_and_phone_are_not_added_up(tmp_path: Path) -> None:
    home = homes.make(tmp_path / "home")
    minutes = [f"2026-09-12T08:{minute:02}:00" for minute in range(31)]
    watch = [span(start, end, count=100) for start, end in pairwise(minutes)]
    phone = [span(start, end, app=2, device=2, count=90) for start, end in pairwise(minutes[:21])]
    later = [span("2026-09-12T12:00:00", "2026-09-12T12:10:00", app=2, device=2, count=500)]  # the watch was off
    content = write(tmp_path / "made.db", steps_record_table=[*watch, *phone, *later])
    home.drop("Santé Connect.zip", homes.zipped({"health_connect_export.db": content}))

    home.run_to_minutes()

    assert home.rows("select local_date, value, source from daily.steps") == [
        (date(2026, 9, 12), 3500.0, f"{WATCH}, {PHONE}")  # 30 x 100, then 500; the phone told 1,800 of the same walk
    ]
    assert home.rows("select distinct format, status from raw.files where path like '%.db'") == [
        ("health_connect", "loaded")
    ]
    home.close()


def test_milliseconds_are_kept() -> None:
    assert sqlite_copy.instant(ms("2026-09-12T08:00:00.123")) == datetime(2026, 9, 12, 8, 0, 0, 123_000)
    assert datetime(2026, 9, 12, tzinfo=UTC).timestamp() * 1000 == ms("2026-09-12")
