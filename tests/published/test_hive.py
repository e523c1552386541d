"""What a shard publishes as Parquet: which files are written when, and what is in them."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path

import edits
import pyarrow.dataset
import pyarrow.parquet as pq
import pytest

from recovery.home.study import Study
from recovery.published import hive


class Shard:
    """A home of two people that publishes as a shard."""

    def __init__(self, folder: Path) -> None:
        self.study = Study(folder)
        self.home = edits.Edited(folder / "shards" / "001")
        settings = self.home.settings
        self.home.settings = replace(
            self.study.settings_of(settings, "001", {"me", *settings.people}), people=settings.people
        )
        self.settings = self.home.settings

    def publish(self) -> hive.Written:
        edits.warehouse.load_settings_tables(self.home.connection, self.settings)
        edits.warehouse.build(self.home.connection)
        return hive.write(self.home.connection, self.settings, self.study, "run", 1.0)

    def files(self) -> dict[str, int]:
        """When each file was written."""
        return {
            path.relative_to(self.study.published).as_posix(): path.stat().st_mtime_ns
            for path in self.study.published.rglob("*.parquet")
        }

    def changed_by_publishing(self) -> set[str]:
        before = self.files()
        self.publish()
        after = self.files()
        return {path for path in {*before, *after} if before.get(path) != after.get(path)}


@pytest.fixture(scope="module")
def shard(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Shard]:
    found = Shard(tmp_path_factory.mktemp("study"))
    found.publish()
    yield found
    found.home.connection.close()


def test_each_person_has_a_file_in_each_relation_and_the_minutes_one_a_year(shard: Shard) -> None:
    files = shard.files()

    assert {"timeline/subject=anna/2026.parquet", "daily/subject=berta/all.parquet"} <= set(files)
    assert "runs/shard=001/all.parquet" not in {path for path in files if "subject=" in path}
    assert not {path for path in files if path.startswith(("cohort_effects", "cohort_entries", "snapshot"))}


def test_what_is_published_is_for_its_owner_alone(shard: Shard) -> None:
    modes = {path.stat().st_mode & 0o777 for path in shard.study.published.rglob("*") if path.is_file()}
    folders = {path.stat().st_mode & 0o777 for path in shard.study.published.rglob("*") if path.is_dir()}

    assert (modes, folders) == ({0o600}, {0o700})


def test_other_readers_see_the_person_of_each_row(shard: Shard) -> None:
    found = pyarrow.dataset.dataset(shard.study.relation("daily"), partitioning="hive").to_table()

    assert set(found.column("subject").to_pylist()) == {"anna", "berta"}
    kept = shard.home.connection.execute("select count(*) from pub.daily").fetchall()
    assert kept == [(found.num_rows,)]


def test_nothing_is_written_where_nothing_changed(shard: Shard) -> None:
    assert hive.is_current(shard.home.connection, shard.settings, shard.study)
    assert shard.changed_by_publishing() == set()


def test_a_new_day_writes_only_files_of_that_person(shard: Shard) -> None:
    edits.new_day(shard.home, "anna")

    changed = shard.changed_by_publishing()

    assert "timeline/subject=anna/2026.parquet" in changed
    assert all("/subject=anna/" in path for path in changed)


def test_minutes_of_another_year_are_left_alone(shard: Shard) -> None:
    shard.home.day("berta", date(2025, 12, 1))
    first = shard.changed_by_publishing()
    edits.new_day(shard.home, "berta")
    shard.home.last["berta"] = max(shard.home.last.values())

    assert "timeline/subject=berta/2025.parquet" in first
    assert "timeline/subject=berta/2025.parquet" not in shard.changed_by_publishing()


@pytest.mark.parametrize("name", ["daily/subject=anna/all.parquet", "timeline/subject=anna/2026.parquet"])
def test_a_file_that_is_gone_or_cut_short_is_written_again(shard: Shard, name: str) -> None:
    path = shard.study.published / name
    rows = pq.read_metadata(path).num_rows
    path.write_bytes(path.read_bytes()[:100])

    assert not hive.is_current(shard.home.connection, shard.settings, shard.study)
    assert shard.changed_by_publishing() == {name}
    assert pq.read_metadata(path).num_rows == rows
    path.unlink()
    assert shard.changed_by_publishing() == {name}
    assert pq.read_metadata(path).num_rows == rows


def test_what_has_no_rows_any_more_has_no_file(shard: Shard) -> None:
    shard.home.forget("berta", "diary")
    before = set(shard.files())

    shard.changed_by_publishing()

    assert before - set(shard.files()) == {"diary/subject=berta/all.parquet"}
    assert not (shard.study.relation("diary") / "subject=berta").exists()
