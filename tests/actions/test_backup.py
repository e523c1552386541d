"""A home as one file and back again; what is hostile, newer or cut short is refused, and nothing is left behind."""

import hashlib
import json
import os
import shutil
import stat
import threading
import time
import zipfile
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import homes
import pytest

from recovery import warehouse
from recovery.actions import backup
from recovery.actions.backup import back_up
from recovery.actions.restore import restore
from recovery.errors import HomeError
from recovery.home import lock
from recovery.home.settings import Settings, load_settings
from recovery.inbox import look
from recovery.published.status import status

pytestmark = pytest.mark.slow

GARMIN = homes.zipped({"sub/one.txt": "TINY\n2024-01-02T10:00:00 5\n"})


@pytest.fixture(scope="module")
def former(tmp_path_factory: pytest.TempPathFactory) -> Settings:
    """A home with an export, a log, a log in an archive, a private file, a link, and what runs leave."""
    folder = tmp_path_factory.mktemp("former")
    with homes.knowing_tiny(folder, '[people.client1]\n[private]\nignore = ["secret*"]\n', on_disk=True) as made:
        made.drop("garmin.zip", GARMIN)
        made.drop("client1/massages.csv", homes.MASSAGES)
        made.drop("logs.zip", homes.zipped({"diary.csv": homes.DIARY}))
        made.drop("secret.txt", "nobody's business")
        made.run()
        made.drop("not yet read.txt", "TINY\n2024-01-03T10:00:00 5\n")
        home = made.home
    (home.inbox / "link").symlink_to(home.settings)
    (home.inbox / b"odd\xff.txt".decode("utf-8", "surrogateescape")).write_text("odd")
    for path in (
        "report.html",
        "checks/index.html",
        "trials/me/2026-05-01/plan.md",
        ".recovery/log-versions/me/1-a.csv",
    ):
        (home.folder / path).parent.mkdir(parents=True, exist_ok=True)
        (home.folder / path).write_text(path)
    for path in (".recovery/logs/2026-05-01.log", ".recovery/prefect/prefect.db", ".recovery/door.json"):
        (home.folder / path).parent.mkdir(exist_ok=True)
        (home.folder / path).write_text("of this machine")
    home.published.write_bytes(b"published")
    home.forgotten_key.write_bytes(b"k" * 32)
    return load_settings(home.folder)


@pytest.fixture(scope="module")
def saved(former: Settings, tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("saved") / "back.zip"
    back_up(former, path)
    return path


def contents(folder: Path) -> dict[str, bytes]:
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def test_all_of_a_home_comes_back_but_what_is_of_this_machine(former: Settings, saved: Path, tmp_path: Path) -> None:
    restored = restore(saved, tmp_path / "new" / "home")

    before, after = contents(former.home.folder), contents(restored.folder)
    of_machine = {path for path in before if path.startswith((".recovery/logs", ".recovery/prefect", ".recovery/door"))}
    unlike = {".recovery/work.duckdb", ".recovery/lock", "inbox/link", "inbox/secret.txt"}
    assert {path: content for path, content in before.items() if path not in of_machine | unlike} == {
        path: content for path, content in after.items() if path not in unlike
    }
    assert restored.files == len(after)
    modes = {path.stat().st_mode & 0o777 for path in restored.folder.rglob("*") if path.is_file()}
    folders = {path.stat().st_mode & 0o777 for path in [restored.folder, *restored.folder.rglob("*")] if path.is_dir()}
    assert (modes, folders) == ({0o600}, {0o700})
    assert saved.stat().st_mode & 0o777 == 0o600
    assert [path.name for path in saved.parent.iterdir()] == ["back.zip"]
    assert list(former.home.temporary.iterdir()) == []


def test_nothing_is_read_again_in_the_restored_home(saved: Path, tmp_path: Path) -> None:
    (tmp_path / "more").mkdir()
    folder = restore(saved, tmp_path / "home").folder

    with homes.tiny_format(tmp_path / "more"):
        settings = load_settings(folder)
        at_work = homes.HomeAtWork(settings, warehouse.open_work(settings.home.work))
        found = at_work.look()

    assert [item.entry.path for item in found.reads] == ["not yet read.txt"]
    assert at_work.rows("select (select count(*) from raw.massages), (select count(*) from raw.samples)") == [(2, 1)]
    at_work.close()


def test_a_home_that_was_moved_goes_on_where_it_was(former: Settings, tmp_path: Path) -> None:
    shutil.copytree(former.home.folder, tmp_path / "elsewhere", symlinks=True)
    (tmp_path / "more").mkdir()

    with homes.tiny_format(tmp_path / "more"):
        settings = load_settings(tmp_path / "elsewhere")
        connection = warehouse.open_work(settings.home.work)
        found = look.look(settings, connection, 0)
        connection.close()

    assert [item.entry.path for item in found.reads] == ["not yet read.txt"]
    work = (tmp_path / "elsewhere" / ".recovery" / "work.duckdb").read_bytes()
    assert str(former.home.folder).encode() not in work


def test_without_exports_what_was_read_stays_out_and_logs_and_unread_files_stay_in(
    former: Settings, tmp_path: Path
) -> None:
    back_up(former, tmp_path / "small.zip", with_exports=False)

    with zipfile.ZipFile(tmp_path / "small.zip") as archive:
        inbox = sorted(name for name in archive.namelist() if name.startswith("inbox/"))
    assert inbox == [
        "inbox/client1/massages.csv", "inbox/logs.zip", "inbox/not yet read.txt", "inbox/odd\\udcff.txt",
    ]  # fmt: skip


def test_what_is_left_out_is_named(former: Settings, tmp_path: Path) -> None:
    assert back_up(former, tmp_path / "b.zip").left_out == [
        "inbox/link: is a link or no file", "inbox/secret.txt: recovery.toml keeps it private",
    ]  # fmt: skip


def test_while_a_run_is_going_the_copy_waits_for_its_end(former: Settings, tmp_path: Path) -> None:
    is_done = []

    def run() -> None:
        with lock.held(former, "recovery run"):
            begun.set()
            time.sleep(0.3)
            is_done.append(True)

    begun = threading.Event()
    at_work = threading.Thread(target=run)
    at_work.start()
    begun.wait()
    told: list[str] = []

    back_up(former, tmp_path / "b.zip", on_wait=told.append)

    at_work.join()
    assert is_done
    assert "recovery run" in told[0]


def test_a_home_that_never_ran_can_be_saved(tmp_path: Path) -> None:
    made = homes.make(tmp_path / "home", "[notify]\n")
    made.close()

    back_up(made.settings, tmp_path / "b.zip")

    restored = restore(tmp_path / "b.zip", tmp_path / "again")
    assert sorted(contents(restored.folder)) == ["recovery.toml"]
    assert restored.command == []
    assert (tmp_path / "again" / "inbox").is_dir()


def test_no_file_is_overwritten_and_none_is_put_where_it_is_read(former: Settings, tmp_path: Path) -> None:
    (tmp_path / "mine").write_text("mine")
    (tmp_path / "link").symlink_to("nowhere")

    for target in (tmp_path / "mine", tmp_path / "link", tmp_path / "no folder" / "b.zip", former.home.inbox / "b.zip"):
        with pytest.raises(HomeError):
            back_up(former, target)

    assert (tmp_path / "mine").read_text() == "mine"
    assert sorted(path.name for path in tmp_path.iterdir()) == ["link", "mine"]


def test_nothing_is_restored_over_a_folder_that_holds_anything(saved: Path, tmp_path: Path) -> None:
    (tmp_path / "home").mkdir()
    (tmp_path / "home" / ".hidden").touch()
    (tmp_path / "file").touch()

    for folder in (tmp_path / "home", tmp_path / "file"):
        with pytest.raises(HomeError, match="is not empty"):
            restore(saved, folder)

    (tmp_path / "home" / ".hidden").unlink()
    assert restore(saved, tmp_path / "home").files > 5  # an empty folder is fine


def test_the_command_that_runs_after_each_run_is_told(tmp_path: Path) -> None:
    made = homes.make(tmp_path / "home", '[notify]\ncommand = ["sh", "-c", "evil\\u001b[2J"]\n')
    made.close()
    back_up(made.settings, tmp_path / "b.zip")

    assert restore(tmp_path / "b.zip", tmp_path / "again").command == ["sh", "-c", "evil\\x1b[2J"]


Members = list[tuple[zipfile.ZipInfo | str, bytes]]


def listed(path: str, content: bytes, **told: Any) -> dict[str, Any]:
    return {"path": path, "size": len(content), "sha256": hashlib.sha256(content).hexdigest(), "mtime_ns": 0} | told


def hostile(path: Path, files: Members, rows: list[Any] | None = None, **told: Any) -> Path:
    """A backup that nobody made: its members, and its list, which is true where none is given."""
    rows = rows if rows is not None else [listed(str(getattr(name, "filename", name)), data) for name, data in files]
    toml = b""
    manifest = {"format": 1, "made_utc": "", "version": "1", "schema_version": 1, "files": rows} | told
    manifest["files"] = [*manifest["files"], listed("recovery.toml", toml)]
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in [*files, ("recovery.toml", toml)]:
            archive.writestr(name, data)
        archive.writestr("backup.json", json.dumps(manifest))
    return path


def link(name: str) -> zipfile.ZipInfo:
    info = zipfile.ZipInfo(name)
    info.external_attr = (stat.S_IFLNK | 0o777) << 16
    return info


def cut(path: Path, saved: Path) -> Path:
    path.write_bytes(saved.read_bytes()[:-200])
    return path


def with_a_byte_changed(path: Path, saved: Path) -> Path:
    content = bytearray(saved.read_bytes())
    content[content.index(b"sub/one.txt")] ^= 1  # of the zip that is stored in it
    path.write_bytes(content)
    return path


ZEROS = bytes(3 << 20)
EVIL: dict[str, Callable[[Path, Path], Path]] = {
    "it climbs out": lambda path, _: hostile(path, [("inbox/../../evil", b"x")]),
    "it is absolute": lambda path, _: hostile(path, [("/evil", b"x")]),
    "it lies where nothing of a home lies": lambda path, _: hostile(path, [(".recovery/door.json", b"x")]),
    "a part of its path is empty": lambda path, _: hostile(path, [("inbox//evil", b"x")]),
    "a link": lambda path, _: hostile(path, [(link("inbox/evil"), b"/etc/passwd")]),
    "a file in a file": lambda path, _: hostile(path, [("inbox/a", b"x"), ("inbox/a/b", b"x")]),
    "the same twice": lambda path, _: hostile(path, [("inbox/a", b"x")], [listed("inbox/a", b"x")] * 2),
    "more than its list": lambda path, _: hostile(path, [("inbox/a", b"x")], []),
    "less than its list": lambda path, _: hostile(path, [], [listed("inbox/a", b"x")]),
    "longer than its list": lambda path, _: hostile(path, [("inbox/a", ZEROS)], [listed("inbox/a", ZEROS, size=9)]),
    "shorter": lambda path, _: hostile(path, [("inbox/a", b"x")], [listed("inbox/a", b"x", size=9)]),
    "of another hash": lambda path, _: hostile(path, [("inbox/a", b"x")], [listed("inbox/a", b"x", sha256="0")]),
    "no size": lambda path, _: hostile(path, [("inbox/a", b"x")], [listed("inbox/a", b"x", size=-1)]),
    "a size that is none": lambda path, _: hostile(path, [], [listed("inbox/a", b"x", size="x")]),
    "larger than a disk": lambda path, _: hostile(path, [("inbox/a", b"")], [listed("inbox/a", b"", size=1 << 60)]),
    "of a newer program": lambda path, _: hostile(path, [], format=2),
    "of a newer schema": lambda path, _: hostile(path, [], schema_version=1000),
    "a list of nothing": lambda path, _: hostile(path, [], [1]),
    "cut short": cut,
    "a byte changed": with_a_byte_changed,
    "no zip": lambda path, _: Path(shutil.copy(__file__, path)),
}  # fmt: skip


@pytest.mark.parametrize("evil", EVIL)
def test_what_is_no_sound_backup_is_refused_and_leaves_nothing(evil: str, saved: Path, tmp_path: Path) -> None:
    path = tmp_path / "evil.zip"
    EVIL[evil](path, saved)

    with pytest.raises(HomeError, match=r"is not restored|are free"):
        restore(path, tmp_path / "home")

    assert [one.name for one in tmp_path.iterdir()] == ["evil.zip"]


def test_a_bomb_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = hostile(tmp_path / "evil.zip", [("inbox/a", ZEROS)])
    monkeypatch.setattr("recovery.inbox.archives.MIN_BOMB_BYTES", 1 << 20)  # else a test would write a gigabyte

    with pytest.raises(HomeError, match="is a zip bomb"):
        restore(path, tmp_path / "home")

    assert [one.name for one in tmp_path.iterdir()] == ["evil.zip"]


def test_a_list_may_hold_bytes_that_are_no_text() -> None:
    assert backup.member_name("inbox/odd\udcff") == "inbox/odd\\udcff"


def test_a_path_too_long_for_the_system_is_named_and_stops_nothing(tmp_path: Path) -> None:
    settings = homes.make(tmp_path / "home").settings
    (settings.home.inbox / "a.txt").write_text("kept")
    here = Path.cwd()
    try:
        os.chdir(settings.home.inbox)
        for _ in range(20):  # 20 x 201 characters: the whole path is longer than the 4,096 that the system takes
            Path("d" * 200).mkdir()
            os.chdir("d" * 200)
        Path("f" * 200).write_text("too deep")
    finally:
        os.chdir(here)

    assert "a.txt" in status(settings, date(2026, 11, 26)).unseen
    saved = back_up(settings, tmp_path / "saved.zip")

    assert any("too long" in line for line in saved.left_out)
    with zipfile.ZipFile(tmp_path / "saved.zip") as archive:
        assert "inbox/a.txt" in archive.namelist()
    shutil.rmtree(settings.home.folder, ignore_errors=True)
