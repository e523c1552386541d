"""Packs of files become Parquet: whole or not at all, and only once."""

import errno
import io
import json
from collections.abc import Callable, Iterator
from datetime import datetime
from pathlib import Path
from typing import BinaryIO

import homes
import pyarrow.parquet as pq
import pytest

from recovery import readers
from recovery.errors import HomeError
from recovery.formats.entries import Entry
from recovery.formats.records import Dates, Skipped
from recovery.formats.resaved import REMEDY
from recovery.inbox.walk import ChangedError
from recovery.inbox.worker import Tell
from recovery.loading import read_files, stage

ONE = "TINY\n2024-01-02T10:00:00 5\n"


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[homes.HomeAtWork]:
    homes.in_this_process(monkeypatch)
    with homes.knowing_tiny(tmp_path) as made:
        yield made


def line(number: int) -> str:
    return f"TINY\n2024-01-02T10:{number:02d}:00 {number}\n"


def staged(home: homes.HomeAtWork) -> list[tuple[stage.Pack, Path]]:
    look = home.look()
    return [(pack, stage.stage(home.settings, look, pack)) for pack in stage.packs(home.settings, look)]


def test_many_small_files_are_one_pack(home: homes.HomeAtWork) -> None:
    for number in range(20):
        home.drop(f"{number}.txt", line(number))

    ((pack, folder),) = staged(home)

    assert len(pack.items) == 20
    assert pq.read_table(folder / "samples.parquet").num_rows == 20
    assert sorted(path.name for path in folder.iterdir()) == [
        "files.parquet", "removed.parquet", "samples.parquet", "skipped.parquet",
    ]  # fmt: skip


def test_packs_are_bounded_in_files_and_bytes(home: homes.HomeAtWork, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(stage, "MAX_FILES", 3)
    monkeypatch.setattr(stage, "MAX_BYTES", 200)
    for number in range(7):
        home.drop(f"{number}.txt", line(number))
    home.drop("5.txt", line(1) * 9)

    sizes = [len(pack.items) for pack in stage.packs(home.settings, home.look())]

    assert sizes == [3, 2, 1, 1]


def test_packs_hold_files_of_one_reader_and_one_person(home: homes.HomeAtWork) -> None:
    home.with_settings("[people.client1]\n")
    home.drop("one.txt", ONE)
    home.drop("client1/one.txt", ONE)
    home.drop("massages.csv", homes.MASSAGES)

    found = {(pack.reader, pack.subject) for pack in stage.packs(home.settings, home.look())}

    assert found == {("tiny_format", "me"), ("tiny_format", "client1"), ("massage_log", "me")}


def test_what_is_staged_is_not_read_again(home: homes.HomeAtWork, monkeypatch: pytest.MonkeyPatch) -> None:
    home.drop("one.txt", ONE)
    ((_, first),) = staged(home)

    monkeypatch.setattr(readers.readers()["tiny_format"], "read", None)
    ((_, second),) = staged(home)

    assert first == second


@pytest.mark.slow
def test_the_key_changes_with_content_version_and_zone(home: homes.HomeAtWork, monkeypatch: pytest.MonkeyPatch) -> None:
    def key() -> str:
        (pack,) = stage.packs(home.settings, home.look())
        return pack.key

    home.drop("one.txt", ONE)
    keys = [key(), key()]
    monkeypatch.setattr(readers.readers()["tiny_format"], "VERSION", 2)
    keys.append(key())
    monkeypatch.setattr(readers.readers()["tiny_format"], "USES_LOCAL_TIME", True)
    keys.append(key())
    home.with_settings('home_time_zone = "Asia/Tokyo"\n')
    keys.append(key())
    home.drop("one.txt", line(9))
    keys.append(key())

    assert keys[0] == keys[1]
    assert len(set(keys)) == 5


def test_leftovers_of_other_packs_are_removed(home: homes.HomeAtWork) -> None:
    home.drop("one.txt", ONE)
    ((_, folder),) = staged(home)
    for name in ("other", f"{folder.name}.partial"):
        (folder.parent / name).mkdir()
        (folder.parent / name / "samples.parquet").write_text("x")

    stage.packs(home.settings, home.look())

    assert list(folder.parent.iterdir()) == [folder]


def test_one_broken_file_does_not_lose_the_others(home: homes.HomeAtWork) -> None:
    home.drop("a.txt", line(1))
    home.drop("b.txt", "TINY\nBROKEN\n")
    home.drop("c.txt", "TINY\nCRASH\n")
    home.drop("d.txt", line(2) + "gap\n")

    home.run()

    assert home.statuses() == {"a.txt": "loaded", "b.txt": "rejected", "c.txt": "rejected", "d.txt": "partial"}
    assert home.message("b.txt") == "is broken in the middle: export it again"
    assert "our fault" in home.message("c.txt")
    assert home.rows("select value from raw.samples order by all") == [(1.0,), (2.0,)]
    assert home.rows("select path, place from raw.rejected order by all") == [
        ("b.txt", None), ("c.txt", None), ("d.txt", "line 3"),
    ]  # fmt: skip
    assert home.look().is_quiet


def test_a_readers_mistake_leaves_a_traceback_in_the_log(
    home: homes.HomeAtWork, caplog: pytest.LogCaptureFixture
) -> None:
    home.drop("c.txt", "TINY\nCRASH\n")

    home.run()

    assert "a reader's own mistake" in caplog.text
    assert "c.txt" in caplog.text


def read(
    home: homes.HomeAtWork, opener: Callable[[], BinaryIO], tell: Tell = lambda _: None
) -> read_files.Notes | read_files.Failure:
    """What reading one file gives."""
    (home.home.folder / "records").mkdir()
    request = read_files.Request("tiny_format", "me", ["a.txt"], [0], home.home.folder / "records", is_watched=True)
    entry = Entry("a.txt", len(ONE), opener)
    return read_files.read_files({"a.txt": entry}, home.settings, request, tell)


def failing(error: Exception) -> Callable[[], BinaryIO]:
    def opener() -> BinaryIO:
        raise error

    return opener


def test_what_is_read_is_told_in_bytes(home: homes.HomeAtWork) -> None:
    told: list[object] = []

    notes = read(home, lambda: io.BytesIO(ONE.encode()), told.append)

    assert told[-1] == len(ONE)  # after its head, which shows in which form it was saved
    assert list(notes.summaries) == [0]


def test_a_file_that_changes_while_it_is_read_waits(home: homes.HomeAtWork) -> None:
    assert read(home, failing(ChangedError("it changed"))) == read_files.Failure("it changed", True, suspect=0)


@pytest.mark.parametrize("error", [OSError(errno.ENOSPC, "No space"), MemoryError(), HomeError("The disk is away.")])
def test_a_lack_of_disk_or_memory_is_no_fault_of_a_file(home: homes.HomeAtWork, error: Exception) -> None:
    with pytest.raises(type(error)):
        read(home, failing(error))


def test_what_stands_for_all_further_rows_has_their_first_time_and_unknown_days(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(read_files, "MAX_SKIPPED_PER_FILE", 1)
    notes = read_files.Notes()

    for again in (None, datetime(2024, 3, 2), datetime(2024, 3, 1)):
        notes.skip(Skipped(0, "row", "is early", again_utc=again))
    notes.skip(Skipped(0, "row", "has no day", unknown=Dates()))

    assert (notes.skipped, notes.skipped_counts) == ([], {0: 4})
    assert (notes.unlisted[0].again_utc, notes.unlisted[0].unknown) == (datetime(2024, 3, 1), Dates())


def test_a_file_of_which_every_row_is_bad_is_rejected(home: homes.HomeAtWork) -> None:
    home.drop("a.txt", "TINY\ngap\nhole\n")

    home.run()

    assert home.statuses() == {"a.txt": "rejected"}
    assert home.message("a.txt") == "nothing of it could be read: has no number"


@pytest.mark.slow
def test_an_export_saved_again_of_which_nothing_can_be_read_names_what_to_do(home: homes.HomeAtWork) -> None:
    home.drop("aggregates_steps.csv", "date;value\n4-V-2026;5001\n5-V-2026;5002\n")
    home.drop("HealthAutoExport-2026-05-04.json", '{"data": {"metrics": [{"name": "step_cou')

    home.run()

    assert home.statuses() == dict.fromkeys(home.statuses(), "rejected")
    assert home.message("aggregates_steps.csv").endswith(REMEDY)
    assert home.message("HealthAutoExport-2026-05-04.json") == (
        "nothing of it could be read: the file is cut short or damaged here"
    )


def test_a_file_of_nothing_but_bad_rows_lists_so_many(home: homes.HomeAtWork, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(read_files, "MAX_SKIPPED_PER_FILE", 5)
    home.drop("a.txt", "TINY\n2024-01-02T10:00:00 5\n" + "x" * 500 + "\n" + "gap\n" * 20)

    home.run()

    rejected = home.rows("select reason, length(value) from raw.rejected order by place")
    assert len(rejected) == 5
    assert (("has no number", 200)) in rejected
    assert any("not listed" in str(reason) for reason, _ in rejected)


def test_a_batch_of_another_shape_is_our_mistake_and_named(home: homes.HomeAtWork, tmp_path: Path) -> None:
    text = homes.TINY_FORMAT.replace("TINY", "ODD").replace("TRAP", "ODDTRAP")
    text = text.replace("    yield batch(", "    from recovery.formats.records import Batch\n    import pyarrow as pa\n"
                        "    yield Batch('samples', pa.table({'file': [0]}))\n    yield batch(")  # fmt: skip
    (tmp_path / "odd").mkdir()
    home.drop("a.txt", ONE.replace("TINY", "ODD"))
    with homes.tiny_format(tmp_path / "odd", text, "odd_format"):
        home.run()

    assert "TypeError" in home.message("a.txt")


@pytest.mark.slow
def test_a_stream_of_small_batches_becomes_few_row_groups(home: homes.HomeAtWork, tmp_path: Path) -> None:
    text = homes.TINY_FORMAT.replace("TINY", "FLOOD").replace("TRAP", "FLOODTRAP")
    text = text.replace(
        "        yield FileSummary",
        "        for _ in range(300):\n            yield batch('samples', {\n"
        "                'file': [number] * 1000, 'source': ['s'] * 1000, 'metric': ['steps'] * 1000,\n"
        "                'start_utc': [datetime(2024, 1, 2)] * 1000, 'end_utc': [datetime(2024, 1, 2)] * 1000,\n"
        "                'value': [1.0] * 1000})\n        yield FileSummary",
    )
    (tmp_path / "flood").mkdir()
    home.drop("a.txt", ONE.replace("TINY", "FLOOD"))
    with homes.tiny_format(tmp_path / "flood", text, "flood_format"):
        ((_, folder),) = staged(home)

        assert pq.ParquetFile(folder / "samples.parquet").metadata.num_row_groups == 3


def test_only_the_owner_may_look_into_what_is_staged(home: homes.HomeAtWork) -> None:
    home.drop("one.txt", ONE)

    ((_, folder),) = staged(home)

    assert {path.stat().st_mode & 0o077 for path in (folder, folder.parent)} == {0}


def test_nothing_stays_staged_once_it_is_loaded(home: homes.HomeAtWork) -> None:
    home.drop("one.txt", json.dumps({}))
    home.drop("two.txt", ONE)

    home.run()

    assert list(home.home.staging.iterdir()) == []
