"""The builder of the warehouse: what it builds, when, for which days, and that a failure changes nothing.

Most tests run on a small `sql/` of their own beside the real `raw` tables.
"""

import shutil
from collections.abc import Iterator
from dataclasses import replace
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

import duckdb
import pytest

from recovery import warehouse
from recovery.errors import RecoveryError
from recovery.formats.records import SCHEMAS
from recovery.home import forgotten
from recovery.home.folder import Home
from recovery.home.participants import Part
from recovery.home.settings import Exclusion, Settings, Travel
from recovery.warehouse import CONTEXT_DAYS, Relation, Window
from recovery.warehouse import connection as connection_module
from recovery.warehouse.relation import GENERATED, TABLES
from recovery.warehouse.windows import GAP_DAYS, SUBJECT_DAYS_PER_WINDOW, dirty_windows, time_column

pytestmark = pytest.mark.slow

REAL_RAW = warehouse.sql_root() / "raw"
STG_SAMPLES = """-- Steps by day
--
-- grain: none
select subject, source, cast(start_utc as date) as local_date, value from raw.samples where metric = 'steps'
"""
DAILY_STEPS = """-- Steps
--
-- All steps of the day. Note: nothing is left out.
-- family: movement
-- unit: count
-- better: up
-- smallest worthwhile change: 500.5 (invented)
-- missing: no row without a record,
-- and none on days nobody wore the device
select
    subject, local_date, 'steps' as metric, sum(value) as value, 'count' as unit, min(source) as source,
    'minute' as resolution, cast(null as double) as coverage_share
from stg.samples
group by subject, local_date
"""
STG_FIRST = """-- The first of three days
--
-- kept: yes
select subject, local_date, min(value) over (
    partition by subject order by local_date range between interval 1 day preceding and interval 1 day following
) as value
from daily.steps
"""
PUB_TOTALS = """-- Totals
select subject, metric, sum(value) as value from daily.metrics group by subject, metric
"""


@pytest.fixture
def small(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A folder `sql/` with one file a layer."""
    root = tmp_path / "sql"
    shutil.copytree(REAL_RAW, root / "raw")
    for name, text in {
        "stg/samples": STG_SAMPLES,
        "stg/lowest": STG_FIRST,
        "daily/steps": DAILY_STEPS,
        "pub/totals": PUB_TOTALS,
    }.items():
        put(root, name, text)
    monkeypatch.setattr("recovery.warehouse.relation.PACKAGE", tmp_path)
    look_anew()
    yield root
    look_anew()


def look_anew() -> None:
    """The next that asks sees `sql/` as it is now."""
    warehouse.relations.cache_clear()
    warehouse.fingerprint.cache_clear()


def put(root: Path, name: str, text: str) -> None:
    path = root / f"{name}.sql"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")
    look_anew()


@pytest.fixture
def work(small: Path, empty: duckdb.DuckDBPyConnection) -> duckdb.DuckDBPyConnection:
    """An empty warehouse over the small `sql/`."""
    return empty


def add_steps(connection: duckdb.DuckDBPyConnection, day: date, value: float, subject: str = "me") -> None:
    start = datetime(day.year, day.month, day.day, 12)
    connection.execute(
        "insert into raw.samples values (?, 'watch', 'steps', ?, ?, ?, null, 1, null)",
        [subject, start, start + timedelta(minutes=1), value],
    )
    warehouse.mark_dirty(connection, subject, day, day)


def rows(connection: duckdb.DuckDBPyConnection, query: str) -> list[tuple[object, ...]]:
    return connection.execute(query).fetchall()


DAY = date(2026, 5, 1)


# ---- headers ---------------------------------------------------------------------------------------------------------


def test_a_header_is_title_description_and_known_keys() -> None:
    assert Relation("daily", "steps", DAILY_STEPS).header == {
        "title": "Steps",
        "description": "All steps of the day. Note: nothing is left out.",
        "family": "movement",
        "unit": "count",
        "better": "up",
        "smallest worthwhile change": "500.5 (invented)",
        "missing": "no row without a record, and none on days nobody wore the device",
    }


def test_a_line_of_the_description_may_hold_a_colon() -> None:
    text = "-- Title\n--\n-- less than an hour apart: the same sleep\n-- grain: none\nselect 1"

    assert Relation("stg", "x", text).header["description"] == "less than an hour apart: the same sleep"


def test_a_file_without_a_header_has_an_empty_title() -> None:
    assert Relation("stg", "x", "select 1").header == {"title": "", "description": ""}


def test_stg_is_kept_only_where_it_says_so_and_the_other_layers_unless_they_say_so() -> None:
    kept, plain = "-- T\n--\n-- kept: yes\nselect 1", "select 1"

    assert [Relation(layer, "x", plain).is_kept for layer in ("stg", "timeline", "daily")] == [False, True, True]
    assert Relation("stg", "x", kept).is_kept
    assert not Relation("timeline", "x", kept.replace("yes", "no")).is_kept


def test_massage_and_pub_are_built_whole_and_what_says_so() -> None:
    said, plain = "-- T\n--\n-- built: whole\nselect 1", "select 1"

    assert [Relation(layer, "x", plain).is_whole for layer in ("stg", "daily", "massage")] == [False, False, True]
    assert Relation("daily", "x", said).is_whole
    assert Relation("daily", "x", said).kind == "table"


def test_what_a_comment_names_is_not_read() -> None:
    text = "-- see raw.samples\nselect stg.days.a, x -- and raw.counters\nfrom stg.days, timeline.minutes"

    assert Relation("daily", "x", text).reads == {"stg.days", "timeline.minutes"}


# ---- order -----------------------------------------------------------------------------------------------------------


def test_a_relation_comes_after_all_it_reads(small: Path) -> None:
    assert [relation.full_name for relation in warehouse.relations()] == [
        "stg.samples",
        "daily.steps",
        *(name for name in ("stg.lowest", "pub.totals")),
    ]


def test_the_real_relations_come_after_all_they_read() -> None:
    seen: set[str] = set()
    dailies = {relation.full_name for relation in warehouse.relations() if relation.layer == "daily"}
    for relation in warehouse.relations():
        for read in relation.reads:
            needed = dailies if read in GENERATED else {read}
            assert {name for name in needed if name.partition(".")[0] not in TABLES} <= seen
        seen.add(relation.full_name)


def test_nothing_is_joined_with_the_union_of_all_metrics() -> None:
    readers = {relation.full_name for relation in warehouse.relations() if "daily.metrics" in relation.reads}

    # each of 45 parts of a union keeps buffers of its own in a join: a home of 13 people needed more than 300 MB
    assert readers == {"massage.day_metrics", "pub.daily"}


def test_reading_what_no_file_makes_is_an_error(small: Path) -> None:
    put(small, "daily/lost", "select * from stg.nowhere")

    with pytest.raises(LookupError, match=r"sql/daily/lost.sql reads \['stg.nowhere'\], which no file makes"):
        warehouse.relations()


def test_only_whole_layers_read_what_is_made_of_all_metrics(small: Path, work: duckdb.DuckDBPyConnection) -> None:
    put(small, "stg/circle", "select * from daily.definitions")

    with pytest.raises(LookupError, match=r"stg.circle reads a generated table; only massage and pub may"):
        warehouse.build(work)


def test_an_error_in_a_file_names_the_file(small: Path, work: duckdb.DuckDBPyConnection) -> None:
    put(small, "daily/wrong", "select nothing from raw.samples")

    with pytest.raises(duckdb.BinderException) as caught:
        warehouse.build(work)

    assert caught.value.__notes__ == ["in sql/daily/wrong.sql"]


def test_the_fingerprint_changes_with_content_and_name(small: Path) -> None:
    fingerprints = [warehouse.fingerprint()]
    put(small, "stg/more", "select 1 as a")
    fingerprints.append(warehouse.fingerprint())
    (small / "stg" / "more.sql").rename(small / "stg" / "other.sql")
    look_anew()
    fingerprints.append(warehouse.fingerprint())
    put(small, "stg/other", "select 2 as a")
    fingerprints.append(warehouse.fingerprint())

    assert len(set(fingerprints)) == 4


# ---- windows ---------------------------------------------------------------------------------------------------------


def windows(connection: duckdb.DuckDBPyConnection, *dirty: tuple[str, date, date]) -> list[Window]:
    for subject, first, last in dirty:
        warehouse.mark_dirty(connection, subject, first, last)
    return dirty_windows(connection)


def wide(first: date, last: date) -> tuple[date, date]:
    return first - timedelta(days=CONTEXT_DAYS), last + timedelta(days=CONTEXT_DAYS)


def test_nothing_dirty_is_no_window(empty: duckdb.DuckDBPyConnection) -> None:
    assert windows(empty) == []


def test_a_dirty_day_is_built_with_all_days_it_can_reach(empty: duckdb.DuckDBPyConnection) -> None:
    assert windows(empty, ("me", DAY, DAY)) == [Window(("me",), *wide(DAY, DAY))]


def test_dirty_days_that_touch_are_one_window(empty: duckdb.DuckDBPyConnection) -> None:
    later = DAY + timedelta(days=2 * CONTEXT_DAYS)

    assert windows(empty, ("me", later, later), ("me", DAY, DAY), ("me", DAY, DAY)) == [
        Window(("me",), *wide(DAY, later))
    ]


def test_a_span_inside_another_does_not_shorten_it(empty: duckdb.DuckDBPyConnection) -> None:
    last = DAY + timedelta(days=100)

    assert windows(empty, ("me", DAY, last), ("me", DAY + timedelta(days=3), DAY + timedelta(days=4))) == [
        Window(("me",), *wide(DAY, last))
    ]


def test_dirty_days_far_apart_are_two_windows(empty: duckdb.DuckDBPyConnection) -> None:
    later = DAY + timedelta(days=2 * CONTEXT_DAYS + GAP_DAYS + 1)

    assert windows(empty, ("me", DAY, DAY), ("me", later, later)) == [
        Window(("me",), *wide(DAY, DAY)),
        Window(("me",), *wide(later, later)),
    ]


def test_years_are_cut_into_windows_that_leave_no_day_out(empty: duckdb.DuckDBPyConnection) -> None:
    last = DAY + timedelta(days=2000)

    found = windows(empty, ("me", DAY, last))

    days = [window.first + timedelta(days=n) for window in found for n in range((window.last - window.first).days + 1)]
    first, until = wide(DAY, last)
    assert days == [first + timedelta(days=n) for n in range((until - first).days + 1)]
    lengths = [(window.last - window.first).days + 1 for window in found]
    assert len(found) == -(-len(days) // SUBJECT_DAYS_PER_WINDOW)
    assert max(lengths) - min(lengths) <= 1


def test_people_with_the_same_days_share_windows_of_bounded_size(empty: duckdb.DuckDBPyConnection) -> None:
    last = DAY + timedelta(days=199 - 2 * CONTEXT_DAYS)  # 200 days with their surroundings

    found = windows(empty, *((f"p{number}", DAY, last) for number in range(6)), ("other", DAY, DAY))

    assert [window.subjects for window in found] == [("other",), ("p0", "p1", "p2"), ("p3", "p4", "p5")]


# ---- building --------------------------------------------------------------------------------------------------------


def test_an_empty_warehouse_is_built_with_empty_tables(work: duckdb.DuckDBPyConnection) -> None:
    assert warehouse.build(work)

    assert rows(work, "from daily.steps") == []
    assert rows(work, "from stg.lowest") == []
    assert rows(work, "from pub.totals") == []


LONG_LIST = """-- A list that does not go to the disk
--
-- kept: yes
select subject, local_date, (select len(list(range)) from range(4_000_000)) as length from stg.samples
"""


def test_a_window_that_needs_more_memory_than_most_is_built_within_the_whole_limit(
    small: Path, work: duckdb.DuckDBPyConnection, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    put(small, "stg/long_list", LONG_LIST)
    monkeypatch.setattr("recovery.warehouse.layers.WINDOW_MB", 25)
    add_steps(work, DAY, 10)

    with caplog.at_level("INFO"):
        warehouse.build(work, 300)

    assert "does not fit into 25 MB" in caplog.text
    assert rows(work, "select length from stg.long_list") == [(4_000_000,)]
    assert rows(work, "select value from daily.steps") == [(10.0,)]
    assert rows(work, "select current_setting('memory_limit')") == [("286.1 MiB",)]  # 300 MB


def test_a_window_of_several_people_has_the_whole_limit_at_once(
    small: Path, work: duckdb.DuckDBPyConnection, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    put(small, "stg/long_list", LONG_LIST)
    monkeypatch.setattr("recovery.warehouse.layers.WINDOW_MB", 25)
    for subject in ("me", "other"):
        add_steps(work, DAY, 10, subject=subject)

    with caplog.at_level("INFO"):
        warehouse.build(work, 300)

    assert "does not fit" not in caplog.text
    assert rows(work, "select length from stg.long_list") == [(4_000_000,), (4_000_000,)]


def test_nothing_new_is_nothing_built(work: duckdb.DuckDBPyConnection) -> None:
    add_steps(work, DAY, 10)

    assert [warehouse.build(work) for _ in range(3)] == [True, False, False]
    assert rows(work, "from raw.dirty") == []


def test_new_days_are_built_into_what_is_there(work: duckdb.DuckDBPyConnection) -> None:
    for day, value in ((DAY, 10), (DAY + timedelta(days=400), 20)):
        add_steps(work, day, value)
        warehouse.build(work)
    add_steps(work, DAY + timedelta(days=1), 4)
    add_steps(work, DAY, 1, subject="other")
    warehouse.build(work)

    assert rows(work, "select subject, local_date, value from daily.steps order by all") == [
        ("me", DAY, 10.0),
        ("me", DAY + timedelta(days=1), 4.0),
        ("me", DAY + timedelta(days=400), 20.0),
        ("other", DAY, 1.0),
    ]
    assert rows(work, "select local_date, value from stg.lowest where subject = 'me' order by all")[0] == (DAY, 4.0)
    assert rows(work, "from pub.totals order by all") == [("me", "steps", 34.0), ("other", "steps", 1.0)]


def test_rows_are_stored_as_their_header_says(small: Path, work: duckdb.DuckDBPyConnection) -> None:
    shuffled = (
        "select subject, local_date, (minute * 7919) % 20011 as minute from stg.samples,"
        " (select unnest(range(20011)) as minute)"
    )
    for name, stored in (("timeline/shuffled", ""), ("timeline/sorted", "-- stored by: subject, minute\n")):
        put(small, name, f"-- Numbers\n--\n{stored}{shuffled}\n")
    for subject in ("b", "a"):
        add_steps(work, DAY, 1, subject=subject)
    warehouse.build(work)

    stored = "select subject, minute from timeline.{} order by rowid"
    wanted = [(subject, minute) for subject in ("a", "b") for minute in range(20011)]
    assert rows(work, stored.format("sorted")) == wanted
    assert rows(work, stored.format("shuffled")) != wanted


def test_names_order_as_their_texts_and_are_kept_as_text(small: Path, work: duckdb.DuckDBPyConnection) -> None:
    ranked = "select subject, local_date, row_number() over (order by subject) as place from stg.samples"
    put(small, "stg/ranked", f"-- People in order\n--\n-- kept: yes\n{ranked}\n")
    people = ["b", "me's", "Z", "ä", "a10", "a9", ""]
    for subject in people:
        add_steps(work, DAY, 1, subject=subject)
    warehouse.build(work)
    add_steps(work, DAY, 1, subject="c")  # nobody of the first build
    warehouse.build(work)

    assert rows(work, "select subject from stg.ranked where subject <> 'c' order by place") == [
        (subject,) for subject in sorted(people)
    ]
    assert rows(work, "select distinct typeof(subject) from stg.ranked") == [("VARCHAR",)]
    assert rows(work, "select count(*) from daily.steps where subject in ('c', 'b', '')") == [(3,)]


def test_a_day_whose_records_went_has_no_row_any_more(work: duckdb.DuckDBPyConnection) -> None:
    add_steps(work, DAY, 10)
    warehouse.build(work)
    work.execute("delete from raw.samples")
    warehouse.mark_dirty(work, "me", DAY, DAY)
    warehouse.build(work)

    assert rows(work, "from daily.steps") == []
    assert rows(work, "from pub.totals") == []


def test_what_does_not_say_that_it_is_kept_is_not_kept(work: duckdb.DuckDBPyConnection) -> None:
    add_steps(work, DAY, 10)
    warehouse.build(work)

    assert rows(work, "select table_name from duckdb_tables() where schema_name = 'stg'") == [("lowest",)]


def test_a_changed_file_builds_every_day_anew(small: Path, work: duckdb.DuckDBPyConnection) -> None:
    for day in (DAY, DAY + timedelta(days=400)):
        add_steps(work, day, 10)
    warehouse.build(work)

    put(small, "stg/samples", STG_SAMPLES.replace("local_date, value", "local_date, 2 * value as value"))

    assert warehouse.build(work)
    assert rows(work, "select value from daily.steps") == [(20.0,), (20.0,)]
    assert not warehouse.build(work)


def test_a_file_that_left_leaves_no_table(small: Path, work: duckdb.DuckDBPyConnection) -> None:
    put(small, "daily/extra", DAILY_STEPS.replace("'steps' as metric", "'extra' as metric"))
    add_steps(work, DAY, 10)
    warehouse.build(work)
    (small / "daily" / "extra.sql").unlink()
    look_anew()
    warehouse.build(work)

    assert rows(work, "select metric from daily.metrics") == [("steps",)]
    assert rows(work, "select table_name from duckdb_tables() where table_name = 'extra'") == []


def test_a_new_file_gets_its_table_and_all_days(small: Path, work: duckdb.DuckDBPyConnection) -> None:
    add_steps(work, DAY, 10)
    warehouse.build(work)

    put(small, "daily/extra", DAILY_STEPS.replace("'steps' as metric", "'extra' as metric"))
    warehouse.build(work)

    assert rows(work, "select metric, value from daily.metrics order by all") == [("extra", 10.0), ("steps", 10.0)]


def test_a_build_that_failed_is_finished_by_the_next(small: Path, work: duckdb.DuckDBPyConnection) -> None:
    add_steps(work, DAY, 10)
    put(small, "pub/broken", "select error('stop') as a from daily.steps")
    with pytest.raises(duckdb.Error, match="stop"):
        warehouse.build(work)
    assert rows(work, "from daily.steps") != []

    (small / "pub" / "broken.sql").unlink()
    look_anew()

    assert warehouse.build(work)
    assert rows(work, "from pub.totals") == [("me", "steps", 10.0)]


def test_a_window_that_failed_leaves_the_days_as_they_were(small: Path, work: duckdb.DuckDBPyConnection) -> None:
    add_steps(work, DAY, 10)
    warehouse.build(work)
    before = warehouse.fingerprint()
    add_steps(work, DAY, 5)
    work.execute("insert into raw.samples by name select * replace ('inf' as value) from raw.samples")
    put(small, "stg/lowest", STG_FIRST.replace("min(value)", "min(case when isinf(value) then error('inf') end)"))
    warehouse.set_meta(work, "sql", warehouse.fingerprint())

    with pytest.raises(duckdb.Error):
        warehouse.build(work)

    assert before != warehouse.fingerprint()
    assert rows(work, "select value from daily.steps") == [(10.0,)]
    assert rows(work, "select current_database()") == [("memory",)]
    assert "built" not in {name for (name,) in rows(work, "select database_name from duckdb_databases()")}
    assert len(rows(work, "from raw.dirty")) == 1


def test_window_by_window_gives_what_all_at_once_gives(small: Path, work: duckdb.DuckDBPyConnection) -> None:
    for number in range(0, 60, 7):
        add_steps(work, DAY + timedelta(days=number), number)
        if number % 2:
            warehouse.build(work)
    warehouse.build(work)
    query = "select * from daily.steps union all by name select *, 'low' as low from stg.lowest"
    windowed = rows(work, f"from ({query}) order by all")

    whole = warehouse.connect()
    warehouse.create_raw(whole)
    whole.executemany("insert into raw.samples values (?, ?, ?, ?, ?, ?, ?, ?, ?)", rows(work, "from raw.samples"))
    warehouse.build_all(whole)

    assert rows(whole, f"from ({query}) order by all") == windowed
    whole.close()


PUB_LAST = """-- The last day of steps, excluded or not
select steps.subject, max(steps.local_date) as last_date, bool_or(exclusions.reason is not null) as is_excluded
from daily.steps
left join raw.exclusions on steps.subject = exclusions.subject and steps.local_date = exclusions.local_date
group by steps.subject
"""
MARKED = "select subject from pub.last where last_date = '1999-01-01' order by all"


@pytest.fixture
def four(small: Path, empty: duckdb.DuckDBPyConnection) -> duckdb.DuckDBPyConnection:
    """Four people's steps, built and published; what is not built again keeps a date that no build gives."""
    put(small, "pub/last", PUB_LAST)
    for subject in ("anna", "berta", "carla", "dora"):
        add_steps(empty, DAY, 10, subject)
        empty.execute("insert into raw.zone_offsets values (?, '2000-01-01', '2030-01-01', 60, false)", [subject])
    warehouse.build(empty)
    empty.execute("delete from raw.unpublished")
    empty.execute("update pub.last set last_date = '1999-01-01'")
    return empty


def test_a_new_day_of_one_person_builds_nothing_of_others(four: duckdb.DuckDBPyConnection) -> None:
    add_steps(four, DAY + timedelta(days=1), 20, "anna")

    warehouse.build(four)

    assert rows(four, MARKED) == [("berta",), ("carla",), ("dora",)]
    assert rows(four, "from pub.last where subject = 'anna'") == [("anna", DAY + timedelta(days=1), False)]
    assert rows(four, "from pub.totals where subject = 'anna'") == [("anna", "steps", 30.0)]


def test_what_the_whole_layers_read_of_one_person_builds_that_person(four: duckdb.DuckDBPyConnection) -> None:
    four.execute("insert into raw.exclusions values ('berta', ?, 'ill')", [DAY])
    warehouse.set_meta(four, "built", "no")

    warehouse.build(four)

    assert rows(four, MARKED) == [("anna",), ("carla",), ("dora",)]
    assert rows(four, "from pub.last where subject = 'berta'") == [("berta", DAY, True)]


def test_a_person_whose_records_went_has_no_row_any_more(four: duckdb.DuckDBPyConnection) -> None:
    four.execute("delete from raw.samples where subject = 'anna'")
    warehouse.mark_dirty(four, "anna", DAY, DAY)

    warehouse.build(four)

    assert rows(four, "select subject from pub.last order by all") == [("berta",), ("carla",), ("dora",)]


def test_a_build_that_was_stopped_before_the_whole_layers_is_made_up_for(four: duckdb.DuckDBPyConnection) -> None:
    add_steps(four, DAY + timedelta(days=1), 20, "anna")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("recovery.warehouse.layers.create_metrics", lambda connection: 1 / 0)
        with pytest.raises(ZeroDivisionError):
            warehouse.build(four)

    warehouse.build(four)

    assert rows(four, MARKED) == [("berta",), ("carla",), ("dora",)]
    assert rows(four, "from pub.last where subject = 'anna'") == [("anna", DAY + timedelta(days=1), False)]


def test_where_more_than_half_of_the_people_changed_all_are_built(four: duckdb.DuckDBPyConnection) -> None:
    four.execute("insert into raw.exclusions select subject, local_date, 'ill' from daily.steps")
    warehouse.set_meta(four, "built", "no")

    warehouse.build(four)

    assert rows(four, MARKED) == []


def test_some_relations_of_pub_are_built_anew_alone(work: duckdb.DuckDBPyConnection) -> None:
    add_steps(work, DAY, 10)
    warehouse.build(work)
    work.execute("update daily.steps set value = 11")

    warehouse.refresh(work, ["totals"])

    assert rows(work, "from pub.totals") == [("me", "steps", 11.0)]


def test_the_headers_are_the_definitions_of_the_metrics(work: duckdb.DuckDBPyConnection) -> None:
    warehouse.build(work)

    assert rows(
        work, "select metric, family, unit, title, better, smallest_worthwhile_change from daily.definitions"
    ) == [("steps", "movement", "count", "Steps", "up", 500.5)]
    assert [(row["metric"], row["unit"]) for row in warehouse.metric_definitions()] == [("steps", "count")]


# ---- the work database -----------------------------------------------------------------------------------------------


def test_a_failure_rolls_everything_back(empty: duckdb.DuckDBPyConnection) -> None:
    def stopped_halfway() -> None:
        with warehouse.transaction(empty):
            warehouse.set_meta(empty, "a", "b")
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        stopped_halfway()

    assert warehouse.meta(empty, "a") is None
    with warehouse.transaction(empty):
        warehouse.set_meta(empty, "a", "c")
    assert warehouse.meta(empty, "a") == "c"


def test_the_work_database_remembers(tmp_path: Path) -> None:
    for value in ("one", "two"):
        connection = warehouse.open_work(tmp_path / "work.duckdb")
        assert warehouse.meta(connection, "a") == (None if value == "one" else "one")
        warehouse.set_meta(connection, "a", value)
        connection.close()


def test_a_work_database_of_a_newer_version_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "work.duckdb"
    connection = warehouse.open_work(path)
    warehouse.set_meta(connection, "schema_version", "1000")
    connection.close()

    with pytest.raises(RecoveryError, match=r"newer recovery \(schema 1000; .*\). Install the newer version again."):
        warehouse.open_work(path)

    path.rename(tmp_path / "moved.duckdb")  # it is closed again
    warehouse.connect(tmp_path / "moved.duckdb").close()


def test_an_older_work_database_is_migrated_step_by_step(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "work.duckdb"
    warehouse.open_work(path).close()
    now = connection_module.SCHEMA_VERSION
    steps = {
        now + 1: ["alter table raw.goals add column note varchar"],
        now + 2: ["alter table raw.goals rename note to remark", "insert into raw.goals values ('steps', 1, 'kept')"],
    }
    monkeypatch.setattr(connection_module, "SCHEMA_VERSION", now + 2)
    monkeypatch.setattr(connection_module, "MIGRATIONS", steps)

    for _ in range(2):
        connection = warehouse.open_work(path)
        assert rows(connection, "select remark from raw.goals") == [("kept",)]
        assert warehouse.meta(connection, "schema_version") == str(now + 2)
        connection.close()


def test_an_older_database_hides_what_was_forgotten_and_marks_what_the_clock_refused(tmp_path: Path) -> None:
    path = tmp_path / "work.duckdb"
    connection = warehouse.open_work(path)
    for statement in (
        "drop table raw.forgotten",
        "create table raw.forgotten (subject varchar not null, sha256 varchar not null)",
        "insert into raw.forgotten values ('anna', 'ab12')",
        """insert into raw.files (path, sha256, subject, status, message) values
        ('anna/a.zip!/b.csv', 'ab12', 'anna', 'ignored', 'was forgotten on request'),
        ('late.fit', 'cd34', 'me', 'rejected', 'nothing of it could be read')""",
        """insert into raw.rejected (subject, path, reason, value) values
        ('me', 'late.fit', '2 dated in the future', '2027-01-02 03:04:05'), ('me', 'late.fit', 'other', 'x')""",
    ):
        connection.execute(statement)

    connection.execute(str(connection_module.MIGRATIONS[2][1]))
    connection_module.hide_forgotten(connection, path)

    key = forgotten.key_at(tmp_path / "forgotten.key")
    assert rows(connection, "from raw.forgotten") == [(forgotten.content_hash(key, "anna", "ab12"),)]
    assert rows(connection, "select path, sha256, subject, again_utc from raw.files order by path desc") == [
        ("late.fit", "cd34", "me", datetime(2027, 1, 2, 3, 4, 5)),
        (forgotten.hidden_path(key, "anna/a.zip!/b.csv", "!/"), None, None, None),
    ]
    assert (tmp_path / "forgotten.key").stat().st_mode & 0o777 == 0o600
    connection.close()


def test_a_database_that_is_damaged_is_told_with_what_to_do(tmp_path: Path) -> None:
    path = tmp_path / "work.duckdb"
    warehouse.open_work(path).close()
    with path.open("r+b") as stream:
        stream.truncate(5000)

    with pytest.raises(RecoveryError, match=r"cannot be opened: .* Restore a backup"):
        warehouse.open_work(path)


def test_a_newer_database_is_not_even_read(tmp_path: Path) -> None:
    path = tmp_path / "work.duckdb"
    connection = warehouse.open_work(path)
    warehouse.set_meta(connection, "schema_version", "1000")
    connection.close()
    before = path.read_bytes()

    for opening in (warehouse.open_work, warehouse.read_work):
        with pytest.raises(RecoveryError, match="Install the newer version again"):
            opening(path)

    assert path.read_bytes() == before


def test_a_migration_that_fails_changes_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "work.duckdb"
    warehouse.open_work(path).close()
    now = connection_module.SCHEMA_VERSION
    monkeypatch.setattr(connection_module, "SCHEMA_VERSION", now + 1)
    monkeypatch.setattr(connection_module, "MIGRATIONS", {now + 1: ["drop table raw.goals", "select error('stop')"]})

    with pytest.raises(duckdb.Error, match="stop"):
        warehouse.open_work(path)

    monkeypatch.undo()
    connection = warehouse.open_work(path)
    assert rows(connection, "from raw.goals") == []
    connection.close()


def test_every_version_of_the_schema_can_be_reached() -> None:
    assert set(connection_module.MIGRATIONS) == set(range(2, connection_module.SCHEMA_VERSION + 1))


def test_a_connection_reaches_for_no_extension(empty: duckdb.DuckDBPyConnection) -> None:
    columns = dict(
        rows(
            empty,
            "select name, value from duckdb_settings() where name like 'auto%known_extensions' or name = 'TimeZone'",
        )
    )

    assert columns == {
        "autoinstall_known_extensions": "false",
        "autoload_known_extensions": "false",
        "TimeZone": "UTC",
    }


# ---- settings in SQL -------------------------------------------------------------------------------------------------


def test_settings_become_tables(empty: duckdb.DuckDBPyConnection) -> None:
    settings = Settings(
        home=Home(Path()),
        home_time_zone="Europe/Berlin",
        people=("A",),
        parts={"A": Part(arm="massage")},
        travel=(Travel(DAY, DAY, "Asia/Tokyo", "A"),),
        exclusions=(Exclusion(DAY, DAY + timedelta(days=1), "flu"), Exclusion(DAY, DAY, "holiday", "A")),
        source_priority=("garmin", "fitbit"),
        goals={"steps": 500.0},
    )

    warehouse.load_settings_tables(empty, settings)

    assert rows(empty, "from raw.exclusions order by all") == [
        ("A", DAY, "flu"),  # listed first
        ("A", DAY + timedelta(days=1), "flu"),
        ("me", DAY, "flu"),
        ("me", DAY + timedelta(days=1), "flu"),
    ]
    assert rows(empty, "from raw.source_priority order by rank") == [("garmin", 1), ("fitbit", 2)]
    assert rows(empty, "from raw.goals") == [("steps", 500.0)]
    assert rows(empty, "from raw.participants order by subject") == [
        ("A", True, "massage", None, "Europe/Berlin"),
        ("me", False, None, None, "Europe/Berlin"),
    ]
    assert rows(empty, "select count(*) from raw.validity") == [(len(settings.validity),)]
    assert rows(
        empty,
        "select subject, offset_min from raw.zone_offsets where is_travel or start_utc = '2000-01-01' order by all",
    ) == [("A", 60), ("A", 540), ("me", 60)]


BERLIN = Settings(Home(Path()), home_time_zone="Europe/Berlin", people=("A",))


def dirty_after(connection: duckdb.DuckDBPyConnection, **edit: Any) -> list[tuple[Any, ...]]:
    """The days that a change of recovery.toml marks, of two people with records on DAY and 99 days later."""
    warehouse.load_settings_tables(connection, BERLIN)
    for subject in ("A", "me"):
        add_steps(connection, DAY, 1, subject=subject)
        add_steps(connection, DAY + timedelta(days=99), 1, subject=subject)
    connection.execute("delete from raw.dirty")
    connection.execute("update raw.meta set value = 'yes' where name = 'built'")
    warehouse.load_settings_tables(connection, replace(BERLIN, **edit))
    return rows(connection, "select distinct subject, last_date - first_date + 1 from raw.dirty order by all")


@pytest.mark.parametrize(
    ("edit", "days_of"),
    [
        ({}, []),
        ({"exclusions": (Exclusion(DAY, DAY, "flu"),)}, []),
        ({"goals": {"steps": 500.0}}, []),
        ({"validity": BERLIN.validity | {"wear_min": 300.0}}, []),
        ({"people": ("A", "B")}, []),
        ({"parts": {"A": Part("massage", "women")}}, []),
        ({"source_priority": ("garmin",)}, [("A", 100), ("me", 100)]),
        ({"home_time_zone": "Europe/Paris"}, []),  # the same clock in these years; participants tell its name
        ({"home_time_zone": "Asia/Tokyo"}, [("A", 100), ("me", 100)]),
        ({"travel": (Travel(DAY + timedelta(days=10), DAY + timedelta(days=12), "Asia/Tokyo", "A"),)}, [("A", 6)]),
        ({"travel": (Travel(DAY - timedelta(days=90), DAY - timedelta(days=80), "Asia/Tokyo", "A"),)}, []),
    ],
)
def test_a_change_of_settings_costs_only_the_days_that_read_it(
    empty: duckdb.DuckDBPyConnection, edit: dict[str, Any], days_of: list[tuple[str, int]]
) -> None:
    assert dirty_after(empty, **edit) == days_of
    ((built,),) = rows(empty, "select value from raw.meta where name = 'built'")
    assert built == ("no" if replace(BERLIN, **edit) != BERLIN else "yes")


def test_the_first_settings_cost_every_day(empty: duckdb.DuckDBPyConnection) -> None:
    add_steps(empty, DAY, 1)
    empty.execute("delete from raw.dirty")

    warehouse.load_settings_tables(empty, BERLIN)

    assert rows(empty, "select distinct subject from raw.dirty") == [("me",)]


@pytest.mark.parametrize("table", SCHEMAS)
def test_every_record_type_has_a_day(table: str, empty: duckdb.DuckDBPyConnection) -> None:
    column = time_column(table)

    assert rows(empty, f"select {column} from raw.{table}") == []


def test_memory_that_is_given_back_leaves_the_limit_and_what_is_in_use(tmp_path: Path) -> None:
    connection = warehouse.open_work(tmp_path / "work.duckdb")
    connection.execute("create temp table in_use as select random() as x from range(9_000_000)")  # 72 MB
    ((total,),) = connection.execute("select sum(x) from in_use").fetchall()

    warehouse.give_back(connection, 321)

    assert connection.execute("select sum(x) from in_use").fetchall() == [(total,)]
    ((limit,),) = connection.execute("select value from duckdb_settings() where name = 'memory_limit'").fetchall()
    assert limit == "306.1 MiB"
