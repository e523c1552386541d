"""Records that come in are checked once, each rule fails where one record breaks it, and what fails is tried again."""

from collections.abc import Iterator
from pathlib import Path

import duckdb
import pytest
from one_row import changes, fails

from recovery import checks, warehouse
from recovery.checks import _incoming
from recovery.checks._kinds import NoRows
from recovery.formats.records import SCHEMAS
from recovery.home.folder import Home
from recovery.home.settings import Settings

pytestmark = pytest.mark.slow

AT = "timestamp '2026-05-04 10:00'"
LATER = "timestamp '2026-05-04 10:05'"
RECORDS = {
    "samples": f"'steps' as metric, 'acme:1' as source, {AT} as start_utc, {LATER} as end_utc, 40.0 as value",
    "counters": f"'steps' as metric, 'acme:1' as source, 'walking' as activity, {AT} as time_utc, 40.0 as value",
    "clock_offsets": f"'acme:1' as source, {AT} as time_utc, 7200 as offset_s",
    "sleep_sessions": f"""'acme:1' as source, 'a night' as session_key, {AT} as start_utc, {LATER} as end_utc,
        'nap' as kind, false as tz_assumed, 4.0 as asleep_min""",
    "sleep_stages": f"""'acme:1' as source, 'a night' as session_key, {AT} as start_utc, {LATER} as end_utc,
        'light' as stage""",
    "activities": f"'acme:1' as source, {AT} as start_utc, {LATER} as end_utc, 40.0 as steps, 30.0 as distance_m",
    "day_values": "'acme:1' as source, date '2026-05-04' as local_date, 'steps' as metric, 4000.0 as value",
    "devices": f"'acme:1' as source, {AT} as time_utc",
    "massages": """'a.csv' as path, 'row 2' as place, 'massage_log' as origin, date '2026-05-04' as local_date,
        'attended' as status, 60.0 as massage_min""",
    "diary": """'a.csv' as path, 'row 2' as place, 'diary_log' as origin, date '2026-05-04' as local_date,
        1.0 as bed_rest_hours""",
}


@pytest.fixture(scope="module")
def arrived() -> Iterator[duckdb.DuckDBPyConnection]:
    """One sound record of every type, of one content that no check has passed, and an old one that was checked."""
    connection = warehouse.connect()
    warehouse.create_raw(connection)
    warehouse.build_all(connection)
    for record, columns in RECORDS.items():
        connection.execute(f"insert into raw.{record} by name select 'me' as subject, 7 as delivery, {columns}")
    connection.execute("insert into raw.samples by name select * replace (8 as delivery, -1 as value) from raw.samples")
    for delivery, path in ((7, "a.csv"), (8, "old.csv")):
        connection.execute(
            "insert into raw.deliveries by name select 'me' as subject, $1 as sha256, $2 as delivery, $3 as path,"
            " 'acme' as format",
            [f"{delivery}", delivery, path],
        )
        connection.execute(
            "insert into raw.files by name select $2 as path, $1 as sha256, 'acme' as format, 1 as reader_version,"
            " 'me' as subject, 'loaded' as status",
            [f"{delivery}", path],
        )
    connection.execute("insert into raw.checked_deliveries values ('me', 8, 1, null)")
    yield connection
    connection.close()


def test_every_record_type_is_checked_and_has_its_columns(arrived: duckdb.DuckDBPyConnection) -> None:
    assert set(_incoming.BY_RECORD) == set(SCHEMAS) == set(RECORDS)
    assert set(_incoming.sources(arrived)) == {f"incoming_{record}" for record in SCHEMAS}


@pytest.mark.slow
@pytest.mark.parametrize("record", sorted(SCHEMAS))
def test_one_record_breaks_each_rule_and_the_sound_one_none(arrived: duckdb.DuckDBPyConnection, record: str) -> None:
    relation = _incoming.relations()[f"incoming_{record}"]
    sources = _incoming.sources(arrived)
    made = [(check, change) for check in relation.CHECKS for change in changes(f"raw.{record}", check)]

    held = [(check.sentence, change) for check, change in made if not fails(arrived, relation, check, change, sources)]

    assert held == []
    assert {check for check, _ in made} == {check for check in relation.CHECKS if not isinstance(check, NoRows)}
    sound = [check for check in relation.CHECKS if fails(arrived, relation, check, "select 1", sources)]
    assert sound == []


@pytest.mark.slow
@pytest.mark.parametrize(
    ("record", "change", "sentence"),
    [
        ("samples", "alter table raw.samples alter value type float", "Every column has the type of the records."),
        ("samples", "update raw.samples set metric = 'spo2_share', value = 96", _incoming.RANGES),
        ("samples", "update raw.samples set metric = 'heart_rate_bpm', value = 10", _incoming.RANGES),
        ("samples", "update raw.samples set value = 'nan'::double", _incoming.RANGES),
        ("day_values", "update raw.day_values set value = -1", _incoming.RANGES),
    ],
)
def test_a_wrong_unit_or_type_is_found(
    arrived: duckdb.DuckDBPyConnection, record: str, change: str, sentence: str
) -> None:
    relation = _incoming.relations()[f"incoming_{record}"]
    (check,) = (check for check in relation.CHECKS if check.sentence == sentence)

    assert fails(arrived, relation, check, change, _incoming.sources(arrived))


@pytest.mark.slow
def test_what_passes_is_checked_once_and_what_fails_again_until_it_is_mended(
    arrived: duckdb.DuckDBPyConnection, tmp_path: Path
) -> None:
    settings = Settings(home=Home(tmp_path))
    settings.home.private.mkdir()
    arrived.execute("update raw.samples set end_utc = start_utc - interval 1 minute where delivery = 7")

    def told(run_id: str) -> tuple[tuple[str, ...], set[str]]:
        found = checks.run(arrived, settings, run_id)
        query = "select relation from raw.checked where run_id = ? and relation like 'incoming%'"
        return found.critical, {name for (name,) in arrived.execute(query, [run_id]).fetchall()}

    every = {f"incoming_{record}" for record in SCHEMAS}
    failure = ("incoming_samples: Every record ends no earlier than it begins. Found: 1 of 1 rows.",)
    assert told("first") == (failure, every)
    assert told("second") == (failure, every)
    assert arrived.execute("select subject, place, value from raw.rejected where path = 'relation'").fetchall() == [
        ("me", "incoming_samples, a.csv 2026-05-04 10:00:00", "2026-05-04 10:00:00 to 2026-05-04 09:59:00")
    ]
    assert "incoming_samples" in (settings.home.checks / "index.html").read_text("utf-8")
    arrived.execute("update raw.samples set end_utc = start_utc where delivery = 7")
    assert told("third") == ((), every)
    assert told("fourth") == ((), set())
    arrived.execute("update raw.files set reader_version = 2 where sha256 = '7'")  # a new version reads it again
    assert told("fifth") == ((), every)
