"""What is replaced in a copy of the published file, how much of it, and when all is written anew instead."""

from collections.abc import Iterator
from pathlib import Path

import duckdb
import edits
import pytest

from recovery import checks, warehouse
from recovery.checks import _part
from recovery.published import increment, publish, snapshot
from recovery.warehouse import layers

pytestmark = pytest.mark.slow

OWN_WORDS = {  # columns of text in which nobody wrote: names, identifiers, words of the program
    "diary": {"subject"},
    "massages": {"subject", "massage_id", "status", "origin"},
}


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Iterator[edits.Edited]:
    """A home of two people with five days each, published whole; the tests change it in turn, and publish."""
    made = edits.Edited(tmp_path_factory.mktemp("edited") / "home")
    with edits.small_relations_by_days():
        assert made.publish().replaced is None
        yield made
    made.connection.close()


def test_a_night_replaces_the_days_that_changed_of_whom_they_changed(home: edits.Edited) -> None:
    edits.new_day(home, "anna")
    edits.late_data(home, "anna")

    found = home.publish()

    # Of 23 days that were built: the new one, the late one, and the evening before the new one, now known to be still.
    assert found.days["timeline"] == 3
    assert found.days["ledger"] == found.days["nights"] == 2
    assert publish.changed_months(found.replaced or {}) == {("anna", "2026-03")}
    assert edits.differences(home) == []
    assert home.connection.execute("from raw.unpublished").fetchall() == []
    assert home.settings.home.published.stat().st_mode & 0o777 == 0o600
    with duckdb.connect(str(home.settings.home.published), read_only=True) as published:
        ((tags,),) = published.execute("select tags from duckdb_databases() where not internal").fetchall()
        uncommented = published.execute("select table_name from duckdb_tables() where comment is null").fetchall()
    assert tags["storage_version"].startswith(snapshot.STORAGE_VERSION)
    assert uncommented == []


def test_a_file_changes_the_months_in_which_days_name_others_than_before(home: edits.Edited) -> None:
    def months(statement: str) -> set[str]:
        home.connection.execute(statement)
        found = publish.changed_months(home.publish().replaced or {})
        assert {subject for subject, _ in found} <= {"berta"}
        return {month for _, month in found}

    added = months(
        "insert into raw.files by name select 'log.csv' as path, 'berta' as subject, 'loaded' as status,"
        " timestamp '2026-04-30 12:00:00' as first_utc, timestamp '2026-06-15 12:00:00' as last_utc, false as is_gone"
    )
    assert added == {"2026-04", "2026-05", "2026-06"}
    assert months("update raw.files set last_utc = '2026-07-01 12:00:00' where path = 'log.csv'") == {
        "2026-06",
        "2026-07",
    }
    assert months("update raw.files set message = 'told' where path = 'log.csv'") == set()


def test_an_excluded_day_replaces_no_minute(home: edits.Edited) -> None:
    edits.exclusion(home, "anna")

    found = home.publish()

    assert "timeline" not in found.days
    assert (found.days["daily"], found.days["ledger"]) == (1, 1)
    assert edits.differences(home) == []


def test_people_built_alone_are_as_in_a_build_of_everybody(home: edits.Edited) -> None:
    connection = home.connection
    tables = [one.full_name for one in warehouse.relations() if one.is_whole and one.kind == "table"]

    def built() -> dict[str, list[tuple[object, ...]]]:
        return {name: sorted(connection.execute(f"from {name}").fetchall(), key=str) for name in tables}

    layers.build_whole(connection)
    of_all = built()

    layers.build_people(connection, edits.PEOPLE)

    assert built() == of_all


def test_checks_of_those_who_changed_find_what_checks_of_everybody_find(home: edits.Edited) -> None:
    home.publish()
    connection, settings = home.connection, home.settings
    only = {"timeline", "nights", "daily"}

    def found(run: str) -> list[list[tuple[object, ...]]]:
        checks.run(connection, settings, run, only)
        tables = ("checks", "relation, expectation, success, observed"), ("rejected", "subject, place, reason, value")
        return [connection.execute(f"select {of} from raw.{name} order by all").fetchall() for name, of in tables]

    try:
        connection.execute("update timeline.minutes set steps = 400 where subject = 'berta' and steps > 70")
        connection.execute("update pub.nights set asleep_min = 900 where subject = 'berta' and ordinal = 1")
        found("of all")
        edits.new_day(home, "anna")
        warehouse.build(connection)

        of_part = found("of those who changed")

        part = _part.part(connection, {name: checks.relations()[name] for name in only}, only)
        assert part.relations == only
        assert part.people == ("anna", "berta")  # of whom nothing changed, but rows failed
        connection.execute("delete from raw.checked")
        assert found("of all again") == of_part
        assert sum(row[2] is False for row in of_part[0]) >= 3
    finally:
        connection.execute("delete from raw.checks; delete from raw.checked; delete from raw.rejected")
        warehouse.mark_dirty(connection, "berta", edits.FIRST, home.last["berta"])
        home.publish()


def test_with_nothing_new_no_day_is_replaced(home: edits.Edited) -> None:
    assert home.publish_as_built().days == {}
    assert edits.differences(home) == []


@pytest.mark.parametrize(
    ("table", "change", "reason"),
    [
        ("pub.diary", "update pub.diary set note = null where subject = 'anna'", "A value of diary.note"),
        ("pub.massages", "delete from pub.massages where subject = 'anna'", "Days of massages"),
        ("timeline.minutes", "delete from timeline.minutes where local_date = '2026-03-05'", "Days of timeline"),
        ("timeline.minutes", "delete from timeline.minutes where local_date = '2026-03-03'", "that were not built"),
        ("massage.measures", "update massage.measures set subject = 'c' where subject = 'berta'", "daily_metrics"),
        ("pub.nights", "alter table pub.nights add column is_new boolean", "other columns"),
    ],
)  # fmt: skip
def test_all_is_written_anew_where_something_was_taken_back_or_is_of_another_form(
    home: edits.Edited, tmp_path: Path, table: str, change: str, reason: str
) -> None:
    connection = home.connection
    connection.execute("insert into raw.unpublished values ('anna', '2026-03-05', '2026-03-05')")
    connection.execute("insert into raw.unpublished_people values ('anna'), ('berta'), ('c')")
    connection.execute(f"create or replace temp table former as from {table}")
    connection.execute(change)
    try:
        with pytest.raises(increment.NotPossible, match=reason):
            increment.write(connection, home.settings.home.published, tmp_path / "next.duckdb", 0)
    finally:
        connection.execute(f"create or replace table {table} as from former")
        warehouse.forget_unpublished(connection)


def test_of_whom_only_the_answers_of_others_moved_the_pages_may_stay(home: edits.Edited) -> None:
    rows = "insert into pub.effects by name select unnest(['anna', 'berta']) as subject, 'steps' as metric"
    home.connection.execute(f"{rows}, 100.0 as estimate, 80.0 as shrunken_estimate")
    assert publish.changed_people(home.publish().replaced or {}) == {"anna", "berta"}

    home.connection.execute(
        "update pub.effects set shrunken_estimate = 81, estimate = estimate + (subject = 'anna')::int"
    )
    found = home.publish()

    assert publish.changed_people(found.replaced or {}) == {"anna"}
    assert edits.differences(home) == []


def test_a_file_full_of_holes_is_written_anew(home: edits.Edited, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(increment, "MOST_REPLACED_SHARE", 0.0)
    home.connection.execute("update pub.diary set pain = 9 where subject = 'anna'")
    home.connection.execute("insert into raw.unpublished_people values ('anna')")

    assert publish.write(home.connection, home.settings) is None


def test_a_damaged_block_of_the_former_file_is_not_published_again(home: edits.Edited) -> None:
    path = home.settings.home.published
    content = bytearray(path.read_bytes())
    content[12_288:] = bytes(len(content) - 12_288)  # all after the headers
    path.write_bytes(content)
    # as a disk does it: nothing tells that the file was written to
    warehouse.set_meta(home.connection, "published_stamp", publish.place.stamp_of(path))

    assert home.publish_as_built().replaced is None
    assert edits.differences(home) == []


def _lose_the_base(home: edits.Edited) -> None:
    home.settings.home.published.unlink()


def _change_the_base(home: edits.Edited) -> None:
    with home.settings.home.published.open("r+b") as stream:
        stream.seek(20_000)
        stream.write(b"something else")


def _come_from_another_version(home: edits.Edited) -> None:
    base = warehouse.meta(home.connection, "published_base") or ""
    warehouse.set_meta(home.connection, "published_base", base.replace("v1.0.0", "v0.0.0"))


@pytest.mark.parametrize("change", [_come_from_another_version, _change_the_base, _lose_the_base])
def test_all_is_written_anew_where_the_former_file_is_not_ours(home: edits.Edited, change: edits.Change) -> None:
    change(home)

    assert publish.write(home.connection, home.settings) is None


def test_every_column_of_text_that_people_write_is_known(home: edits.Edited) -> None:
    for name, own in OWN_WORDS.items():
        columns = home.connection.execute(f"describe pub.{name}").fetchall()
        texts = {column for column, data_type, *_ in columns if data_type == "VARCHAR"}
        assert texts - own == set(increment.WRITTEN[name])


def test_the_minutes_alone_are_known_by_the_days_that_are_built() -> None:
    by_days = [relation.name for relation in snapshot.tables() if warehouse.is_built_by_days(relation)]

    assert by_days == ["timeline"]
