"""What lies in the inbox: recognised, remembered, swapped, withdrawn."""

import gc
import os
import time
from collections.abc import Iterator
from pathlib import Path

import homes
import pytest

from recovery import readers
from recovery.errors import HomeError
from recovery.formats.entries import Entry
from recovery.inbox import walk

pytestmark = pytest.mark.slow

ONE = "TINY\n2024-01-02T10:00:00 5\n"
TWO = "TINY\n2024-01-03T10:00:00 7\n"


@pytest.fixture
def home(tmp_path: Path) -> Iterator[homes.HomeAtWork]:
    with homes.knowing_tiny(tmp_path) as made:
        yield made


def test_every_file_and_member_gets_a_receipt(home: homes.HomeAtWork) -> None:
    home.drop("a/b/c/one.txt", ONE)
    home.drop("two.zip", homes.zipped({"deep/two.txt": TWO, "inner.zip": homes.zipped({"three.txt": ONE + "gap\n"})}))
    home.drop("notes.txt", "nothing that anybody reads")

    home.run()

    assert home.statuses() == {
        "a/b/c/one.txt": "loaded",
        "notes.txt": "unrecognised",
        "two.zip": "partial",
        "two.zip!/deep/two.txt": "loaded",
        "two.zip!/inner.zip": "partial",
        "two.zip!/inner.zip!/three.txt": "partial",
    }
    assert home.message("two.zip") == "archive of 2 files: 2 loaded"
    assert home.message("two.zip!/inner.zip!/three.txt") == "one row could not be read, see rejected"
    assert home.rows("select path, place, reason, value from raw.rejected") == [
        ("two.zip!/inner.zip!/three.txt", "line 3", "has no number", "gap")
    ]


def test_a_second_look_at_the_same_inbox_is_quiet(home: homes.HomeAtWork) -> None:
    home.drop("one.txt", ONE)
    home.drop("two.zip", homes.zipped({"two.txt": TWO, "__MACOSX/._two.txt": "x", "odd.txt": "odd"}))
    home.drop(".DS_Store", "x")
    home.drop("empty.csv", "")
    home.run()

    assert home.look().is_quiet


@pytest.fixture
def here(monkeypatch: pytest.MonkeyPatch) -> None:
    """Without a worker; that it does the same is seen in all other tests."""
    homes.in_this_process(monkeypatch)


def test_what_is_unchanged_is_not_opened(home: homes.HomeAtWork, monkeypatch: pytest.MonkeyPatch) -> None:
    home.drop("one.txt", ONE)
    home.drop("two.zip", homes.zipped({"two.txt": TWO}))
    home.run()
    opened: list[str] = []

    def spy(path: object, *_: object, **__: object) -> object:
        opened.append(str(path))
        raise AssertionError

    monkeypatch.setattr(walk, "open", spy, raising=False)

    assert home.look().is_quiet
    assert not opened


def test_thousands_of_known_files_are_looked_at_in_no_time(home: homes.HomeAtWork) -> None:
    folder = home.home.inbox / "many"
    folder.mkdir()
    for number in range(4_000):
        (folder / f"{number}.txt").touch()
    home.run()

    start = time.process_time()
    assert home.look().is_quiet

    assert time.process_time() - start < 0.5  # 22,000 files take 0.2 s


def test_no_head_stays_in_memory_after_a_look(home: homes.HomeAtWork) -> None:
    home.drop("one.txt", ONE)
    home.drop("two.zip", homes.zipped({"two.txt": TWO, "inner.zip": homes.zipped({"three.txt": ONE + "gap\n"})}))
    home.drop("notes.txt", "nothing that anybody reads")

    look = home.look()

    gc.collect()
    entries = [one for one in gc.get_objects() if isinstance(one, Entry)]
    assert {item.entry.path for item in look.reads} <= {entry.path for entry in entries}
    assert [entry.path for entry in entries if entry.known_head is not None or "head" in vars(entry)] == []
    assert [item.entry.head for item in look.reads] == [ONE.encode(), ONE.encode() + b"gap\n", TWO.encode()]
    look.close()


def test_the_same_content_counts_once_at_its_smallest_path(home: homes.HomeAtWork) -> None:
    home.drop("b.txt", ONE)
    home.drop("c.zip", homes.zipped({"x.txt": ONE}))
    home.run()
    before = home.rows("from raw.samples")

    home.drop("a.txt", ONE)
    home.run()

    assert home.statuses() == {
        "a.txt": "loaded",
        "b.txt": "duplicate",
        "c.zip": "duplicate",
        "c.zip!/x.txt": "duplicate",
    }
    assert "a.txt" in home.message("b.txt")
    assert home.rows("from raw.samples") == before
    assert home.rows("select path, rows from raw.files where status = 'loaded'") == [("a.txt", 1)]
    assert home.look().is_quiet


def test_the_same_content_of_two_people_counts_for_each(home: homes.HomeAtWork) -> None:
    home.with_settings("[people.client1]\n")
    home.drop("one.txt", ONE)
    home.drop("client1/one.txt", ONE)

    home.run()

    assert home.rows("select subject from raw.samples order by all") == [("client1",), ("me",)]


def test_a_folder_listed_as_a_person_later_takes_its_data_along(home: homes.HomeAtWork) -> None:
    home.drop("client1/one.txt", ONE)
    home.run()

    home.with_settings("[people.client1]\n")
    home.run()

    assert home.rows("select subject from raw.samples") == [("client1",)]
    assert home.look().is_quiet


def test_leftovers_of_programs_are_ignored(home: homes.HomeAtWork) -> None:
    for name in (".DS_Store", "~$log.xlsx", "Thumbs.db", "a.zip.part", "b.crdownload", "c.tmp", ".git/config"):
        home.drop(name, ONE)

    home.run()

    assert set(home.statuses().values()) == {"ignored"}
    assert "unfinished download" in home.message("b.crdownload")


@pytest.mark.parametrize(
    ("name", "status", "told"),
    [
        (".export.zip.icloud", "waiting", "placeholder of a cloud"),
        ("steps.csv.nextcloud", "waiting", "placeholder of a cloud"),
        ("Diary.gsheet", "ignored", "points to a document of the web"),
        ("Notes.gdoc", "ignored", "points to a document of the web"),
        (".syncthing.steps.csv.tmp", "ignored", "still being synchronised"),
        ("~syncthing~steps.csv.tmp", "ignored", "still being synchronised"),
        (".~lock.massages.ods#", "ignored", "leftover"),
        ("~$massages.xlsx", "ignored", "leftover"),
        ("steps.csv.filepart", "ignored", "unfinished download"),
        ("massages.sync-conflict-20260503-101112-ABCDEFG.csv", "ignored", "conflict between two devices"),
        ("massages (Client 1's conflicted copy 2026-05-03).csv", "ignored", "conflict between two devices"),
        ("massages (In Konflikt stehende Kopie von PC 2026-05-03).csv", "ignored", "conflict between two devices"),
        ("after a conflict.csv", "", ""),
        ("cloud.csv", "", ""),
    ],
)
def test_what_clouds_leave_in_a_folder_waits_or_is_ignored_with_a_sentence(
    tmp_path: Path, name: str, status: str, told: str
) -> None:
    home = homes.make(tmp_path / "home")
    home.drop(name, ONE)

    (found,) = walk.walk(home.home)

    assert found.status == status
    assert told in found.message
    home.close()


def test_a_placeholder_waits_until_its_content_is_there(home: homes.HomeAtWork) -> None:
    placeholder = home.drop(".one.txt.icloud", b"bplist00")
    empty = home.drop("two.txt", b"")
    home.run()
    assert home.statuses() == {".one.txt.icloud": "waiting", "two.txt": "rejected"}
    assert home.look().is_quiet

    placeholder.unlink()
    home.drop("one.txt", ONE)
    empty.write_text(TWO)
    home.run()

    assert set(home.statuses().values()) == {"loaded"}


def test_what_still_grows_waits_and_is_read_by_the_next_run(
    home: homes.HomeAtWork, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = home.drop("one.txt", "TINY\n2024-01-02T10:00")

    def grow(_: float) -> None:
        file.write_text(ONE)

    with monkeypatch.context() as during:
        during.setattr(time, "sleep", grow)
        home.run()
    assert home.statuses() == {"one.txt": "waiting"}

    home.run()

    assert home.statuses() == {"one.txt": "loaded"}


def test_what_changes_between_look_and_reading_is_read_by_the_next_run(home: homes.HomeAtWork) -> None:
    from recovery.loading import load, settle, stage

    home.drop("one.txt", ONE)
    home.drop("two.txt", TWO)
    look = home.look()
    home.drop("one.txt", ONE + "2024-01-02T11:00:00 6\n")
    for pack in stage.packs(home.settings, look):
        load.load(home.connection, home.settings, pack, stage.stage(home.settings, look, pack))
    settle.settle(home.connection, home.settings, look)
    assert home.statuses() == {"two.txt": "loaded"}

    home.run()

    assert home.statuses() == {"one.txt": "loaded", "two.txt": "loaded"}


def test_a_zip_that_was_cut_short_is_looked_at_again_when_it_is_whole(home: homes.HomeAtWork) -> None:
    whole = homes.zipped({"one.txt": ONE, "two.txt": TWO})
    home.drop("a.zip", whole[:-30])
    home.run()
    assert home.statuses() == {"a.zip": "rejected"}
    assert "incomplete" in home.message("a.zip")

    home.drop("a.zip", whole)
    home.run()

    assert home.statuses() == {"a.zip": "loaded", "a.zip!/one.txt": "loaded", "a.zip!/two.txt": "loaded"}
    assert home.rows("select path from raw.rejected") == []


def test_a_device_export_that_leaves_keeps_data_and_receipt(home: homes.HomeAtWork) -> None:
    file = home.drop("one.txt", ONE)
    home.run()

    file.unlink()
    home.run()

    assert home.statuses() == {"one.txt": "loaded"}
    assert len(home.rows("from raw.samples")) == 1
    assert home.look().is_quiet


def test_a_device_export_replaced_under_its_name_keeps_what_it_said(home: homes.HomeAtWork) -> None:
    home.drop("a.zip", homes.zipped({"one.txt": ONE}))
    home.run()

    home.drop("a.zip", homes.zipped({"one.txt": TWO}))
    home.run()

    assert home.rows("select value from raw.samples order by all") == [(5.0,), (7.0,)]
    assert len(home.rows("from raw.deliveries")) == 2


def test_content_that_comes_back_after_its_path_was_reused_counts_once(home: homes.HomeAtWork) -> None:
    home.drop("one.txt", ONE)
    home.run()
    home.drop("one.txt", TWO)
    home.run()

    home.drop("one.txt", ONE)
    home.run()

    assert home.rows("select value from raw.samples order by all") == [(5.0,), (7.0,)]


def test_a_receipt_without_data_leaves_with_its_file(home: homes.HomeAtWork) -> None:
    file = home.drop("odd.txt", "nothing that anybody reads")
    empty = home.drop("empty.txt", "")
    home.run()

    file.unlink()
    empty.unlink()
    home.run()

    assert home.statuses() == {}
    assert home.rows("from raw.rejected") == []


def test_a_log_is_replaced_by_its_present_content(home: homes.HomeAtWork) -> None:
    home.drop("massages.csv", homes.MASSAGES)
    home.run()

    home.drop("massages.csv", "date,start,minutes,note\n2024-01-02,11:00,60,moved\n")
    home.run()

    assert home.rows("select note from raw.massages") == [("moved",)]
    assert home.rows("select count(*) from raw.logs") == [(1,)]


@pytest.mark.parametrize("name", ["massages.csv", "logs.zip"])
def test_a_log_that_leaves_withdraws_its_rows(home: homes.HomeAtWork, name: str) -> None:
    file = home.drop(name, homes.MASSAGES if name.endswith("csv") else homes.zipped({"massages.csv": homes.MASSAGES}))
    home.run()
    home.connection.execute("delete from raw.dirty")

    file.unlink()
    home.run()

    assert home.rows("from raw.massages") == []
    assert home.rows("from raw.logs") == []
    assert "massages.csv" not in " ".join(home.statuses())
    assert len(home.rows("from raw.dirty")) == 1


def test_a_log_that_leaves_an_archive_withdraws_its_rows(home: homes.HomeAtWork) -> None:
    home.drop("a.zip", homes.zipped({"massages.csv": homes.MASSAGES, "one.txt": ONE}))
    home.run()

    home.drop("a.zip", homes.zipped({"one.txt": ONE}))
    home.run()

    assert home.rows("from raw.massages") == []
    assert home.statuses() == {"a.zip": "loaded", "a.zip!/one.txt": "loaded"}


def test_of_two_equal_logs_the_other_counts_when_one_leaves(home: homes.HomeAtWork) -> None:
    first = home.drop("a.csv", homes.MASSAGES)
    home.drop("b.csv", homes.MASSAGES)
    home.run()
    assert home.statuses() == {"a.csv": "loaded", "b.csv": "duplicate"}

    first.unlink()
    home.run()

    assert home.statuses() == {"b.csv": "loaded"}
    assert home.rows("select distinct path from raw.massages") == [("b.csv",)]


def test_of_two_equal_logs_the_other_counts_when_one_changes(home: homes.HomeAtWork) -> None:
    home.drop("a.csv", homes.MASSAGES)
    home.drop("b.csv", homes.MASSAGES)
    home.run()

    home.drop("a.csv", homes.MASSAGES.replace("second", "other"))
    home.run()

    assert home.statuses() == {"a.csv": "loaded", "b.csv": "loaded"}
    assert len(home.rows("from raw.massages")) == 4


def test_a_log_at_a_smaller_path_takes_over(home: homes.HomeAtWork) -> None:
    home.drop("b.csv", homes.MASSAGES)
    home.run()

    home.drop("a.csv", homes.MASSAGES)
    home.run()

    assert home.statuses() == {"a.csv": "loaded", "b.csv": "duplicate"}
    assert home.rows("select path, count(*) from raw.massages group by path") == [("a.csv", 2)]
    assert home.rows("select path from raw.logs") == [("a.csv",)]


def test_a_log_emptied_by_mistake_takes_nothing_away(home: homes.HomeAtWork) -> None:
    home.drop("massages.csv", homes.MASSAGES)
    home.run()

    home.drop("massages.csv", "")
    home.run()

    assert home.statuses() == {"massages.csv": "loaded"}
    assert len(home.rows("from raw.massages")) == 2


def test_a_new_version_of_a_reader_reads_its_files_again(home: homes.HomeAtWork) -> None:
    home.drop("one.txt", ONE)
    home.drop("two.zip", homes.zipped({"two.txt": TWO}))
    home.run()

    readers.readers()["tiny_format"].VERSION = 2  # type: ignore[misc]
    look = home.run()

    assert [item.entry.path for item in look.reads] == ["one.txt", "two.zip!/two.txt"]
    assert home.rows("select distinct reader_version from raw.files where format = 'tiny_format'") == [(2,)]
    assert home.rows("select count(*) from raw.samples") == [(2,)]
    assert home.look().is_quiet


def test_what_a_reader_does_not_need_stays_so_while_another_reader_changes(home: homes.HomeAtWork) -> None:
    stream = '{"Data Source": "%s:com.google.step_count.delta:%s", "Data Points": []}'
    home.drop("merged.json", stream % ("derived", "com.google.android.gms:merge_step_deltas"))
    home.drop("raw.json", stream % ("raw", "com.example:phone"))
    home.run()
    before = home.statuses()
    assert before["raw.json"] == "ignored"

    readers.readers()["tiny_format"].VERSION = 2  # type: ignore[misc]
    look = home.run()

    assert not look.reads
    assert home.statuses() == before


def test_a_new_reader_is_asked_about_what_nobody_knew(home: homes.HomeAtWork, tmp_path: Path) -> None:
    home.drop("one.txt", ONE.replace("TINY", "NEWER"))
    home.run()
    assert home.statuses() == {"one.txt": "unrecognised"}
    (tmp_path / "newer").mkdir()

    text = homes.TINY_FORMAT.replace("TINY", "NEWER").replace("TRAP", "NEWTRAP")
    with homes.tiny_format(tmp_path / "newer", text, "newer_format"):
        home.run()

        assert home.statuses() == {"one.txt": "loaded"}


def test_another_home_zone_reads_again_what_is_told_in_local_time(home: homes.HomeAtWork) -> None:
    home.drop("massages.csv", homes.MASSAGES)
    home.drop("one.txt", ONE)
    home.run()

    home.with_settings('home_time_zone = "Asia/Tokyo"\n')
    look = home.run()

    uses = readers.readers()["massage_log"].USES_LOCAL_TIME
    assert [item.entry.path for item in look.reads] == (["massages.csv"] if uses else [])
    assert home.look().is_quiet


def test_a_file_that_left_keeps_what_an_older_reader_said(home: homes.HomeAtWork) -> None:
    file = home.drop("one.txt", ONE)
    home.run()
    file.unlink()

    readers.readers()["tiny_format"].VERSION = 2  # type: ignore[misc]
    home.run()

    assert len(home.rows("from raw.samples")) == 1


@pytest.mark.usefixtures("here")
def test_of_a_file_that_two_readers_claim_nothing_is_read_and_all_else_is(
    home: homes.HomeAtWork, tmp_path: Path
) -> None:
    home.drop("one.txt", ONE)
    home.drop("two.txt", TWO)
    (tmp_path / "twin").mkdir()

    twin = homes.TINY_FORMAT.replace('b"TINY"', 'b"TINY\\n2024-01-02"')
    with homes.tiny_format(tmp_path / "twin", twin, "twin_format"):
        home.run()

        assert home.statuses() == {"one.txt": "rejected", "two.txt": "loaded"}
        assert home.message("one.txt") == (
            "is claimed by two readers, tiny_format and twin_format, so that neither reads it, which is our fault;"
            " please report it"
        )
        assert home.look().is_quiet
    home.run()

    assert home.statuses() == {"one.txt": "loaded", "two.txt": "loaded"}  # as soon as one reader is left


@pytest.mark.usefixtures("here")
def test_two_readers_that_claim_one_file_are_told_where_one_needs_a_known_root(
    home: homes.HomeAtWork, tmp_path: Path
) -> None:
    (tmp_path / "rooted").mkdir()
    rooted = homes.TINY_FORMAT.replace(
        "    for entry in tree:\n        if entry",
        "    is_rooted = any(entry.name == 'root.txt' for entry in tree)\n"
        "    for entry in tree:\n        if is_rooted and entry",
    ).replace("TRAP", "ROOTED TRAP")
    home.drop("root.txt", "known, and claimed by nobody")
    with homes.tiny_format(tmp_path / "rooted", rooted, "rooted_format"):
        home.run()
        home.drop("one.txt", ONE)
        home.drop("notes.txt", "nothing that anybody reads")
        home.run()

        assert home.statuses() == {"notes.txt": "unrecognised", "one.txt": "rejected", "root.txt": "unrecognised"}
        assert "tiny_format" in home.message("one.txt")
        assert "rooted_format" in home.message("one.txt")


@pytest.mark.usefixtures("here")
def test_a_file_that_trips_a_reader_keeps_no_other_out(home: homes.HomeAtWork) -> None:
    home.drop("one.txt", ONE)
    home.drop("trap.txt", "TRAP")

    home.run()

    assert home.statuses() == {"one.txt": "loaded", "trap.txt": "rejected"}
    assert "our fault" in home.message("trap.txt")


@pytest.mark.usefixtures("here")
def test_a_new_file_of_a_known_root_is_recognised(home: homes.HomeAtWork, tmp_path: Path) -> None:
    text = homes.TINY_FORMAT.replace(
        "    for entry in tree:\n        if entry",
        "    roots = {entry.path.rpartition('/')[0] for entry in tree if entry.name == 'root.txt'}\n"
        "    for entry in tree:\n        if entry.path.rpartition('/')[0] in roots:\n"
        "            yield Claim(entry.path)\n"
        "        elif False and entry",
    ).replace("TRAP", "ROOTTRAP")
    (tmp_path / "rooted").mkdir()
    with homes.tiny_format(tmp_path / "rooted", text, "rooted_format"):
        home.drop("export/root.txt", "ROOT\n")
        home.drop("export/a.txt", "PART\n2024-01-02T10:00:00 5\n")
        home.run()

        home.drop("export/b.txt", "PART\n2024-01-03T10:00:00 5\n")
        home.run()

        assert home.statuses()["export/b.txt"] == "loaded"
        assert len(home.rows("from raw.samples")) == 2


def test_a_file_with_another_date_and_the_same_content_is_not_read_again(home: homes.HomeAtWork) -> None:
    file = home.drop("one.txt", ONE)
    home.run()

    os.utime(file, (1_700_000_000, 1_700_000_000))
    look = home.run()

    assert look.reads == ()
    assert home.look().is_quiet


def test_a_link_out_of_the_inbox_is_not_followed(home: homes.HomeAtWork, tmp_path: Path) -> None:
    (tmp_path / "secret.txt").write_text(ONE)
    inside = home.drop("one.txt", ONE)
    (home.home.inbox / "out.txt").symlink_to(tmp_path / "secret.txt")
    (home.home.inbox / "folder").symlink_to(tmp_path)
    (home.home.inbox / "in.txt").symlink_to(inside)

    home.run()

    assert home.statuses() == {"folder": "rejected", "in.txt": "ignored", "one.txt": "loaded", "out.txt": "rejected"}
    assert "leads out of the inbox" in home.message("out.txt")
    assert home.look().is_quiet


def test_a_pipe_is_not_opened(home: homes.HomeAtWork) -> None:
    os.mkfifo(home.home.inbox / "pipe")

    home.run()

    assert home.statuses() == {"pipe": "rejected"}


def test_names_that_are_no_text_are_told_readably(home: homes.HomeAtWork) -> None:
    (home.home.inbox / os.fsdecode(b"caf\xe9\n.txt")).write_text(ONE)

    home.run()

    assert home.statuses() == {r"caf\xe9\n.txt": "loaded"}
    assert home.look().is_quiet


def test_a_folder_whose_name_looks_like_an_archive_is_a_folder(home: homes.HomeAtWork) -> None:
    home.drop("hurrah!/one.txt", ONE)

    home.run()

    assert list(home.statuses().values()) == ["loaded"]
    assert home.look().is_quiet


def test_a_missing_inbox_is_said(home: homes.HomeAtWork) -> None:
    home.home.inbox.rmdir()

    with pytest.raises(HomeError, match=r"inbox .* is missing"):
        home.look()


@pytest.mark.usefixtures("here")
def test_an_unknown_table_with_dates_is_told_how_to_become_a_log(home: homes.HomeAtWork) -> None:
    home.drop("weight.csv", "day,kilos\n2024-01-02,80\n2024-01-03,81\n")

    home.run()

    assert "table with the columns day, kilos" in home.message("weight.csv")
    assert "name the first column 'date'" in home.message("weight.csv")


@pytest.mark.usefixtures("here")
def test_known_and_not_needed_is_ignored_with_its_reason(home: homes.HomeAtWork) -> None:
    home.drop("one.txt", "TINY NOT NEEDED\n")

    home.run()

    assert home.statuses() == {"one.txt": "ignored"}
    assert home.message("one.txt") == "is not needed"
