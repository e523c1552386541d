"""The invented home: real formats, the same at every call, and nothing of anybody else's touched."""

import io
import stat
import zipfile
from collections import Counter, defaultdict
from datetime import date, timedelta
from hashlib import sha256
from pathlib import Path

import pyarrow as pa
import pytest

from recovery.actions import demo
from recovery.actions.demo import life as invented
from recovery.actions.demo.life import Life
from recovery.errors import HomeError
from recovery.formats.entries import Context, Entry
from recovery.formats.records import Batch, FileSummary, Skipped, Yielded
from recovery.home import clock
from recovery.home.settings import load_settings
from recovery.readers import diary_log, fit_files, massage_log

pytestmark = pytest.mark.slow

CONTEXT = Context(lambda _: invented.ZONE, lambda wall: clock.to_utc(wall, invented.ZONE))


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("demo") / "home"
    demo.write(folder)
    return folder


@pytest.fixture(scope="module")
def lived() -> Life:
    return invented.live()


def digests(folder: Path) -> dict[str, str]:
    return {
        path.relative_to(folder).as_posix(): sha256(path.read_bytes()).hexdigest()
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }


def entries(home: Path) -> list[Entry]:
    """Every FIT file of the inbox, loose and zipped."""
    found = []
    for path in sorted((home / "inbox").rglob("*")):
        contents = {path.name: path.read_bytes()} if path.suffix == ".fit" else {}
        if path.suffix == ".zip":
            with zipfile.ZipFile(path) as archive:
                contents = {name: archive.read(name) for name in archive.namelist()}
        for name, content in contents.items():
            found.append(Entry(f"{path.parent.name}/{path.name}/{name}", len(content), lambda c=content: io.BytesIO(c)))
    return found


@pytest.fixture(scope="module")
def told(home: Path) -> list[Yielded]:
    """All that the FIT reader tells of the inbox."""
    tree = entries(home)
    assert len(list(fit_files.claims(tree))) == len(tree)
    return list(fit_files.read(tree, CONTEXT))


@pytest.fixture(scope="module")
def records(told: list[Yielded]) -> dict[str, pa.Table]:
    """What the FIT reader makes of the inbox, each record once."""
    parts = defaultdict(list)
    for item in told:
        if isinstance(item, Batch):
            parts[item.record].append(item.table.drop_columns(["file"]))
    tables = {record: pa.concat_tables(tables) for record, tables in parts.items()}
    return {record: table.group_by(table.column_names).aggregate([]) for record, table in tables.items()}


def test_the_home_says_that_it_is_invented_and_what_was_put_in(home: Path) -> None:
    text = (home / "INVENTED DATA.txt").read_text()

    assert "Everything in this home is invented" in text
    assert "That was put in" in text
    assert load_settings(home).home.demo_mark.is_file()


def test_the_settings_are_those_of_a_real_home(home: Path) -> None:
    settings = load_settings(home)

    assert settings.home_time_zone == "Europe/Berlin"
    assert [row.reason for row in settings.exclusions] == ["flu", "holiday"]


def test_only_its_owner_may_read_it(home: Path) -> None:
    for path in [home, *home.rglob("*")]:
        assert stat.S_IMODE(path.stat().st_mode) == (0o700 if path.is_dir() else 0o600), path


def test_it_is_small(home: Path) -> None:
    assert sum(path.stat().st_size for path in home.rglob("*") if path.is_file()) < 30e6


def test_a_demo_is_written_again_over_a_demo_and_is_the_same(home: Path) -> None:
    before = digests(home)
    (home / "inbox" / "massages.csv").write_text("spoiled")

    demo.write(home)

    assert digests(home) == before


def test_a_folder_that_holds_anything_else_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "letters.txt").write_text("mine")

    with pytest.raises(HomeError, match="holds something else"):
        demo.write(tmp_path)
    with pytest.raises(HomeError, match="holds something else"):
        demo.write(tmp_path / "letters.txt")

    assert [path.name for path in tmp_path.iterdir()] == ["letters.txt"]


def test_an_empty_folder_will_do(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(demo, "_inbox", lambda lived: [])

    demo.write(tmp_path)

    assert (tmp_path / "recovery.toml").is_file()


def test_a_folder_that_cannot_be_made_is_one_sentence(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")

    with pytest.raises(HomeError, match=r"cannot be written|holds something else"):
        demo.write(tmp_path / "file" / "home")


def test_every_watch_file_is_whole_but_one(home: Path, told: list[Yielded]) -> None:
    tree = entries(home)

    assert [tree[item.file].path for item in told if isinstance(item, Skipped)] == []
    partial = [tree[item.file].path for item in told if isinstance(item, FileSummary) and item.is_partial]
    assert partial == [f"Monitor/{demo.DAMAGED}.fit/{demo.DAMAGED}.fit"]


def test_the_same_files_lie_there_twice_and_exports_overlap(home: Path) -> None:
    copies = Counter(sha256(entry.read()).hexdigest() for entry in entries(home))

    week = list((home / "inbox" / "copy of the watch").rglob("*.fit"))
    assert set(copies.values()) == {1, 2}
    assert 12 <= len(week) <= 14
    assert list(copies.values()).count(2) - len(week) in range(28, 33)  # the second half of June


def test_the_steps_of_a_day_are_those_that_were_lived(records: dict[str, pa.Table], lived: Life) -> None:
    counters = records["counters"].to_pandas().query("metric == 'steps'")
    counters["day"] = (
        counters.time_utc + counters.clock_offset_s.astype("timedelta64[s]") - timedelta(microseconds=1)
    ).dt.date
    found = counters[counters.day != demo.DAMAGED].groupby("day").value.max()
    expected = {
        day: int(lived.steps[lived.midnights[index] : lived.midnights[index + 1]].sum())
        for index, day in enumerate(lived.days)
    }

    assert len(found) > 520
    assert {day: expected[day] for day in found.index if day in expected} == {
        day: steps for day, steps in found.items() if day in expected
    }


def test_both_changes_of_the_clocks_are_told(records: dict[str, pa.Table]) -> None:
    offsets = records["clock_offsets"].to_pandas().sort_values("time_utc")
    changes = offsets[offsets.offset_s.diff().fillna(0) != 0]

    assert changes.offset_s.tolist() == [3600, 7200, 3600]
    assert changes.time_utc.dt.date.tolist() == [date(2025, 10, 26), date(2026, 3, 29), date(2026, 10, 25)]


def test_two_watches_follow_each_other(records: dict[str, pa.Table]) -> None:
    devices = records["devices"].to_pandas().groupby("source").time_utc.agg(["min", "max"]).sort_values("min")

    assert len(devices) == 2
    assert devices["max"].iloc[0] < devices["min"].iloc[1]


def test_most_nights_are_recorded_with_their_stages(records: dict[str, pa.Table]) -> None:
    sessions = records["sleep_sessions"].to_pandas()
    hours = (sessions.end_utc - sessions.start_utc).dt.total_seconds() / 3600

    assert 480 < len(sessions) < 540
    assert 6 < hours.median() < 9
    assert hours.max() < 14
    assert set(records["sleep_stages"]["stage"].to_pylist()) == {"awake", "light", "deep", "rem"}


def test_nothing_was_recorded_in_the_gaps(records: dict[str, pa.Table]) -> None:
    hearts = records["samples"].to_pandas().query("metric == 'heart_rate_bpm'")
    days = set(hearts.start_utc.dt.tz_localize("UTC").dt.tz_convert(invented.ZONE).dt.date)

    for first, last in invented.UNRECORDED:
        assert not {first + timedelta(days=n) for n in range((last - first).days + 1)} & days


def log_records(home: Path, reader: object, name: str) -> tuple[list[dict[str, object]], list[Skipped]]:
    path = home / "inbox" / name
    entry = Entry(name, path.stat().st_size, lambda: open(path, "rb"))  # noqa: SIM115 - the reader closes it
    assert [claim.path for claim in reader.claims([entry])] == [name]  # type: ignore[attr-defined]
    found = list(reader.read([entry], CONTEXT))  # type: ignore[attr-defined]
    rows = [row for item in found if isinstance(item, Batch) for row in item.table.to_pylist()]
    return rows, [item for item in found if isinstance(item, Skipped)]


def test_the_massages_are_about_weekly_with_cancelled_and_missed_ones_and_one_bad_line(home: Path) -> None:
    rows, skipped = log_records(home, massage_log, "massages.csv")
    statuses = [row["status"] for row in rows]

    assert 55 < statuses.count("attended") < 78
    assert set(statuses) == {"attended", "cancelled", "no-show"}
    assert [item.reason for item in skipped] == ["date '2026-02-30' is not a day of the calendar"]


def test_the_diary_has_gaps_and_no_bad_line(home: Path) -> None:
    rows, skipped = log_records(home, diary_log, "diary.csv")

    assert 450 < len(rows) < 545
    assert not skipped
