"""Staged packs become raw rows, receipts and notes of what changed."""

from collections.abc import Iterator
from datetime import date, datetime
from pathlib import Path

import duckdb
import homes
import pytest

from recovery.loading import load, settle, stage

pytestmark = pytest.mark.slow

ONE = "TINY\n2024-01-02T10:00:00 5\n2024-01-04T11:00:00 6\n"


@pytest.fixture
def home(tmp_path: Path) -> Iterator[homes.HomeAtWork]:
    with homes.knowing_tiny(tmp_path) as made:
        yield made


def test_a_receipt_says_rows_and_times(home: homes.HomeAtWork) -> None:
    home.drop("one.txt", ONE)

    home.run()

    assert home.rows(
        "select format, subject, status, rows, first_utc, last_utc, exported_utc, message from raw.files"
    ) == [
        (
            "tiny_format", "me", "loaded", 2, datetime(2024, 1, 2, 10), datetime(2024, 1, 4, 11),
            datetime(2024, 2, 1), "2 records",
        )
    ]  # fmt: skip


def test_rows_know_person_delivery_and_the_date_of_their_export(home: homes.HomeAtWork) -> None:
    home.drop("one.txt", ONE)

    home.run()

    assert home.rows(
        "select distinct samples.subject, samples.exported_utc, format('{:016x}', samples.delivery) = sha256[:16]"
        " from raw.samples cross join raw.files"
    ) == [("me", datetime(2024, 2, 1), True)]


def test_days_are_marked_stretch_by_stretch(home: homes.HomeAtWork) -> None:
    home.drop("one.txt", ONE + "2024-03-01T00:00:00 1\n2009-12-31T00:00:00 1\n")

    home.run()

    assert home.rows("from raw.dirty order by all") == [
        ("me", date(2009, 12, 31), date(2009, 12, 31)),
        ("me", date(2024, 1, 2), date(2024, 1, 4)),
        ("me", date(2024, 3, 1), date(2024, 3, 1)),
    ]


def test_a_changed_log_marks_its_old_days_and_its_new_ones(home: homes.HomeAtWork) -> None:
    home.drop("massages.csv", homes.MASSAGES)
    home.run()
    home.connection.execute("delete from raw.dirty")

    home.drop("massages.csv", "date,start,minutes\n2024-05-05,10:00,30\n")
    home.run()

    assert home.rows("from raw.dirty order by all") == [
        ("me", date(2024, 1, 2), date(2024, 1, 9)),
        ("me", date(2024, 5, 5), date(2024, 5, 5)),
    ]


def test_a_log_that_is_read_again_marks_only_the_days_that_it_tells_otherwise(home: homes.HomeAtWork) -> None:
    def marked(massages: str) -> list[tuple]:
        home.connection.execute("delete from raw.dirty")
        home.drop("massages.csv", massages)
        home.run()
        return home.rows("select first_date, last_date from raw.dirty order by all")

    first, second, third = date(2024, 1, 2), date(2024, 1, 9), date(2024, 2, 20)
    grown = homes.MASSAGES + "2024-02-20,10:00,30,third\n"

    assert marked(homes.MASSAGES) == [(first, second)]
    assert marked(grown) == [(third, third)]
    assert marked(grown.replace("second", "another")) == [(second, second)]
    assert marked(homes.MASSAGES.replace("second", "another")) == [(third, third)]
    assert marked(homes.MASSAGES.replace("second", "another") + "\n") == []


def test_logs_that_are_read_again_for_a_new_person_mark_no_day_of_others(home: homes.HomeAtWork) -> None:
    home.with_settings("[people.anna]\n")
    home.drop("anna/massages.csv", homes.MASSAGES)
    home.drop("anna/diary.csv", homes.DIARY)
    home.run()
    home.connection.execute("delete from raw.dirty")

    home.with_settings("[people.anna]\n[people.berta]\n")
    home.drop("berta/massages.csv", "date,start,minutes\n2024-05-05,10:00,30\n")
    look = home.run()

    assert {item.entry.path for item in look.reads} >= {"anna/massages.csv", "anna/diary.csv"}
    assert home.rows("from raw.dirty") == [("berta", date(2024, 5, 5), date(2024, 5, 5))]


def test_a_day_of_which_another_log_tells_too_is_marked_with_each_of_them(home: homes.HomeAtWork) -> None:
    home.drop("massages.csv", homes.MASSAGES)
    home.drop("more.csv", "date,start,minutes,note\n2024-01-02,10:00,60,the same one\n")
    home.run()
    home.connection.execute("delete from raw.dirty")

    home.drop("massages.csv", homes.MASSAGES + "2024-02-20,10:00,30,third\n")
    home.run()

    assert home.rows("select first_date from raw.dirty order by all") == [(date(2024, 1, 2),), (date(2024, 2, 20),)]


@pytest.mark.slow
def test_a_log_that_becomes_a_device_export_is_no_log_any_more(home: homes.HomeAtWork) -> None:
    home.drop("data.csv", homes.MASSAGES)
    home.run()

    home.drop("data.csv", ONE)
    home.run()

    assert home.rows("from raw.massages") == []
    assert home.rows("from raw.logs") == []
    assert home.rows("select count(*) from raw.samples") == [(2,)]


def test_a_log_that_becomes_something_unknown_withdraws_its_rows(home: homes.HomeAtWork) -> None:
    home.drop("data.csv", homes.DIARY)
    home.run()

    home.drop("data.csv", "no table at all")
    home.run()

    assert home.statuses() == {"data.csv": "unrecognised"}
    assert home.rows("from raw.diary") == []


@pytest.mark.slow
def test_the_end_of_a_log_comes_from_recovery_toml(home: homes.HomeAtWork) -> None:
    home.drop("massages.csv", homes.MASSAGES)
    home.run()
    assert home.rows("select complete_until from raw.logs") == [(None,)]

    home.with_settings('[log_complete_until]\n"massages.csv" = 2024-06-30\n')
    home.connection.execute("update raw.meta set value = 'yes' where name = 'built'")
    home.run()

    assert home.rows("select complete_until from raw.logs") == [(date(2024, 6, 30),)]
    assert home.rows("select value from raw.meta where name = 'built'") == [("no",)]


def test_a_load_that_fails_changes_nothing_and_can_be_repeated(home: homes.HomeAtWork) -> None:
    home.drop("one.txt", ONE)
    look = home.look()
    (pack,) = stage.packs(home.settings, look)
    folder = stage.stage(home.settings, look, pack)
    (folder / "skipped.parquet").rename(folder / "hidden")
    with pytest.raises(duckdb.IOException):
        load.load(home.connection, home.settings, pack, folder)
    assert home.rows("from raw.samples") == []
    assert home.rows("from raw.files") == []
    assert home.rows("from raw.dirty") == []

    (folder / "hidden").rename(folder / "skipped.parquet")
    count = load.load(home.connection, home.settings, pack, folder)

    assert count == load.LoadCount(files=1, rows=2, rejected=0)


@pytest.mark.slow
def test_loading_twice_gives_the_same_rows(home: homes.HomeAtWork) -> None:
    home.drop("one.txt", ONE)
    home.drop("massages.csv", homes.MASSAGES)
    look = home.look()
    for _ in range(2):
        for pack in stage.packs(home.settings, look):
            load.load(home.connection, home.settings, pack, stage.stage(home.settings, look, pack))
    settle.settle(home.connection, home.settings, look)

    assert home.rows("select count(*) from raw.samples") == [(2,)]
    assert home.rows("select count(*) from raw.massages") == [(2,)]
    assert home.rows("select count(*) from raw.deliveries") == [(2,)]


def test_a_run_that_stops_before_its_end_is_finished_by_the_next(home: homes.HomeAtWork) -> None:
    home.drop("a.zip", homes.zipped({"one.txt": ONE, "two.txt": ONE.replace("5", "7"), "odd.txt": "odd"}))
    look = home.look()
    (pack,) = stage.packs(home.settings, look)
    load.load(home.connection, home.settings, pack, stage.stage(home.settings, look, pack))

    second = home.run()

    assert second.reads == ()
    assert home.statuses() == {
        "a.zip": "loaded", "a.zip!/odd.txt": "unrecognised", "a.zip!/one.txt": "loaded", "a.zip!/two.txt": "loaded",
    }  # fmt: skip
    assert home.look().is_quiet


@pytest.mark.slow
def test_rows_that_tell_no_place_of_a_path_are_never_left_behind(home: homes.HomeAtWork) -> None:
    """The path of a log is in its rows, and no row names a path without a receipt."""
    home.drop("a/massages.csv", homes.MASSAGES)
    home.drop("a/diary.csv", homes.DIARY)
    home.run()

    home.drop("diary.csv", homes.DIARY)
    (home.home.inbox / "a/diary.csv").unlink()
    home.run()

    assert home.rows("select distinct path from raw.diary anti join raw.files using (path)") == []
    assert home.rows("select count(*) from raw.diary") == [(2,)]


def test_an_archive_says_so_when_its_members_become_duplicates_of_a_later_one(home: homes.HomeAtWork) -> None:
    one, two = "TINY\n2024-01-02T10:00:00 5\n", "TINY\n2024-01-03T10:00:00 6\n"
    home.drop("m.zip", homes.zipped({"one.txt": one, "two.txt": two}))
    home.drop("z.zip", homes.zipped({"inner.zip": homes.zipped({"three.txt": one.replace("5", "7")})}))
    home.drop("damaged.zip", b"PK\x03\x04 no archive")
    home.run()
    damaged = home.message("damaged.zip")

    home.drop("a.zip", homes.zipped({"one.txt": one, "three.txt": one.replace("5", "7")}))
    home.run()

    assert home.statuses() == {
        "a.zip": "loaded", "a.zip!/one.txt": "loaded", "a.zip!/three.txt": "loaded", "damaged.zip": "rejected",
        "m.zip": "loaded", "m.zip!/one.txt": "duplicate", "m.zip!/two.txt": "loaded", "z.zip": "duplicate",
        "z.zip!/inner.zip": "duplicate", "z.zip!/inner.zip!/three.txt": "duplicate",
    }  # fmt: skip
    assert home.message("m.zip") == "archive of 2 files: 1 loaded, 1 duplicate"
    assert home.message("z.zip") == "archive of 1 file: 1 duplicate"
    assert home.message("damaged.zip") == damaged
    assert home.look().is_quiet


@pytest.mark.parametrize(
    ("more", "told"),
    [
        ("soon,60\n", "Row 4 (headings counted) has no readable date."),
        (
            "soon,60\nlater,60\n",
            "Row 4, row 5 (headings counted) have no readable date; in all 2 rows could not be read",
        ),
    ],
)
def test_a_receipt_says_once_which_row_of_a_list_has_no_date(home: homes.HomeAtWork, more: str, told: str) -> None:
    home.drop("massages.csv", f"date,duration_min\n2026-05-01,60\n2026-05-08,60\n{more}")

    home.run()

    assert home.message("massages.csv").removesuffix(", see rejected") == told


def test_a_receipt_counts_what_stood_in_what_was_left_out(home: homes.HomeAtWork) -> None:
    home.drop("late.txt", "TINY\n2024-01-02T10:00 80\n" + "2089-01-01T10:00 80\n" * 1260 + "gap\n")

    home.run()

    assert home.message("late.txt") == (
        "left out: 1,260 dated in the future (samples), see rejected; one row could not be read, see rejected"
    )
