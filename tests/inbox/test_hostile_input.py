"""Whatever lies in the inbox, it gets one clear sentence, the rest is loaded, and nothing of the user's is touched."""

import ctypes
import gzip
import os
import random
import resource
import shutil
import subprocess
import sys
import tempfile
import time
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

import homes
import pytest
from places import TESTS

from recovery import warehouse
from recovery.errors import HomeError
from recovery.formats.fit.encode import encode
from recovery.home.disk import full_disk_is_plain
from recovery.inbox import archives, look
from recovery.loading import load, settle, stage

pytestmark = pytest.mark.slow

ONE = "TINY\n2024-01-02T10:00:00 5\n"
NOBODY = 65534
NOISE = random.Random(1)  # noqa: S311 - noise, no secret
JPEG = b"\xff\xd8\xff\xe0\x00\x10JFIF\x00\x01" + bytes(range(256)) * 20


@pytest.fixture
def home(tmp_path: Path) -> Iterator[homes.HomeAtWork]:
    with homes.knowing_tiny(tmp_path, on_disk=True, is_forked=True) as made:
        made.drop("good.txt", ONE)
        yield made


def locked_zip(name: str, content: str) -> bytes:
    """A zip whose only member says that it is encrypted."""
    packed = bytearray(homes.zipped({name: content}))
    for start, offset in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        packed[packed.index(start) + offset] |= 1
    return bytes(packed)


HOSTILE: dict[str, tuple[bytes, str, str]] = {
    "empty.fit": (b"", "rejected", archives.EMPTY),
    "steps.csv": (JPEG, "unrecognised", "No reader knows this file; it looks like a JPEG picture."),
    "locked.zip": (
        locked_zip("one.txt", ONE), "rejected",
        "archive of 1 file: 1 rejected: each is locked with a password: unpack it and drop the files",
    ),
    "climbs.zip": (
        homes.zipped({"../../climbed.txt": ONE}), "rejected",
        "archive of 1 file: 1 rejected: each " + archives.member_problem("../"),
    ),
    "short.zip": (
        homes.zipped({"x.txt": "x" * 999})[:80], "rejected",
        "is a zip that is incomplete or damaged: copy or download it again",
    ),
    "tape.tar": (
        b"x.txt".ljust(257, b"\0") + b"ustar\x0000" + bytes(248), "unrecognised",
        "No reader knows this file; it looks like a tar archive: unpack it and drop the files.",
    ),
    "page.html": (
        b"<!DOCTYPE html><html></html>", "unrecognised",
        "No reader knows this file; it looks like a web page: export CSV, JSON or FIT instead.",
    ),
    "noise": (
        NOISE.randbytes(9000), "unrecognised",
        "No reader knows this file; it looks like data in a form that is not known here.",
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", HOSTILE)
def test_bad_input_gets_one_clear_sentence_and_the_rest_is_loaded(home: homes.HomeAtWork, name: str) -> None:
    content, status, sentence = HOSTILE[name]
    home.drop(name, content)
    before = homes.fingerprint(home.home.inbox)

    home.run()

    assert (home.statuses()[name], home.message(name)) == (status, sentence)
    assert home.statuses()["good.txt"] == "loaded"
    assert homes.fingerprint(home.home.inbox) == before
    assert not list(home.home.folder.parent.rglob("climbed*"))
    assert home.look().is_quiet


def test_all_bad_input_at_once_changes_nothing_of_the_users(home: homes.HomeAtWork) -> None:
    for name, (content, _, _) in HOSTILE.items():
        home.drop(f"mixed/{name}", content)
    home.drop("mixed/all.zip", homes.zipped({name: content for name, (content, _, _) in HOSTILE.items()}))
    before = homes.fingerprint(home.home.inbox)

    home.run()

    assert homes.fingerprint(home.home.inbox) == before
    assert home.rows("select count(*) from raw.samples") == [(1,)]
    assert {path for (path,) in home.rows("select path from raw.rejected")} >= {"mixed/empty.fit", "mixed/short.zip"}


def run_measured(home: homes.HomeAtWork, tmp_path: Path) -> tuple[float, float]:
    """Runs the job in a process of its own; returns its CPU seconds and how many MB it grew to."""
    home.connection.close()
    script = (
        "import resource, sys; from pathlib import Path; sys.path.insert(0, sys.argv[2]); import homes\n"
        "from recovery import warehouse; from recovery.home.settings import load_settings\n"
        "settings = load_settings(Path(sys.argv[1]))\n"
        "with homes.tiny_format(Path(sys.argv[3])):\n"
        "    home = homes.HomeAtWork(settings, warehouse.open_work(settings.home.work), is_forked=True)\n"
        "    home.run(); home.close()\n"
        "used = resource.getrusage(resource.RUSAGE_SELF)\n"
        # not ru_maxrss: a forked process inherits that of the tests
        "grown = next(line for line in open('/proc/self/status') if line.startswith('VmHWM'))\n"
        "print(used.ru_utime + used.ru_stime, int(grown.split()[1]) / 1024)"
    )
    (tmp_path / "apart").mkdir()
    done = subprocess.run(
        [sys.executable, "-c", script, str(home.home.folder), str(TESTS), str(tmp_path / "apart")],
        capture_output=True, text=True, check=True,
    )  # fmt: skip
    home.connection = warehouse.open_work(home.home.work)
    seconds, megabytes = done.stdout.split()
    return float(seconds), float(megabytes)


def endless_line() -> bytes:
    """A massage log as .gz whose second line has a gigabyte: words that pack 100:1, so that it is no bomb."""
    words = (b"a long story of a back that hurts, %d; " % number for number in range(20_000))
    block = b"".join(words)[: 1 << 19] + bytes(b"x" * ((2 << 20) - (1 << 19)))
    packed = gzip.compress(block, compresslevel=1)
    return gzip.compress(b"date,start,minutes,note\n2024-01-02,10:00,60,") + packed * 512


def test_a_bomb_and_a_line_of_a_gigabyte_cost_seconds_and_no_memory(home: homes.HomeAtWork, tmp_path: Path) -> None:
    zeros = gzip.compress(bytes(4 << 20))
    home.drop("bomb.gz", zeros * 300)  # members of a .gz simply follow each other
    home.drop("log.csv.gz", endless_line())

    seconds, megabytes = run_measured(home, tmp_path)

    statuses = home.statuses()
    assert statuses["good.txt"] == "loaded"
    assert statuses["bomb.gz"] == "rejected"
    assert home.message("bomb.gz").startswith("is a zip bomb: ")
    assert not [path for path in statuses if path.startswith("bomb.gz!/")]
    assert statuses["log.csv.gz!/log.csv"] in {"rejected", "partial"}
    assert home.rows("select * from raw.rejected where path = 'log.csv.gz!/log.csv'")
    assert seconds < 30
    assert megabytes < 500


@contextmanager
def without_rights() -> Iterator[None]:
    """Opens files with the rights of nobody: permissions do not bind root."""
    if os.getuid() != 0:
        yield
        return
    system = ctypes.CDLL(None)
    system.setfsgid(NOBODY)
    system.setfsuid(NOBODY)
    try:
        yield
    finally:
        system.setfsuid(0)
        system.setfsgid(0)


@pytest.fixture
def open_folder() -> Iterator[Path]:
    """A folder that everybody may enter, as that of pytest is not."""
    folder = Path(tempfile.mkdtemp(prefix="recovery-test-"))
    folder.chmod(0o755)
    former = os.umask(0o022)  # the job, which other tests run in this process, keeps all to its owner
    yield folder
    os.umask(former)
    for path in folder.rglob("*"):
        path.chmod(0o700)
    shutil.rmtree(folder)


@pytest.mark.skipif(sys.platform != "linux", reason="needs setfsuid where the tests run as root")
def test_what_may_not_be_read_is_said_and_read_once_it_may(open_folder: Path) -> None:
    home = homes.make(open_folder / "home")
    home.drop("massages.csv", homes.MASSAGES)
    home.drop("good.csv", homes.DIARY)
    home.drop("closed/inside.csv", homes.MASSAGES.replace("first", "closed"))
    home.run()
    assert len(home.rows("from raw.massages")) == 4
    changed = home.drop("massages.csv", homes.MASSAGES + "2024-01-11,10:00,45,third\n")
    changed.chmod(0)
    (home.home.inbox / "closed").chmod(0)

    with without_rights():
        look = home.look()
    settle.settle(home.connection, home.settings, look)

    assert look.reads == ()
    assert home.statuses()["closed"] == "rejected"
    assert home.message("closed") == (
        "This folder cannot be opened (Permission denied): give yourself the right to read it and run again."
    )
    assert home.message("massages.csv").startswith("This file cannot be opened (Permission denied)")
    assert home.statuses()["good.csv"] == "loaded"
    assert len(home.rows("from raw.massages")) == 4  # nobody knows what they say now
    with without_rights():
        assert home.look().is_quiet

    changed.chmod(0o644)
    (home.home.inbox / "closed").chmod(0o755)
    home.run()

    assert home.statuses() == {"closed/inside.csv": "loaded", "good.csv": "loaded", "massages.csv": "loaded"}
    assert len(home.rows("from raw.massages")) == 5
    home.close()


@contextmanager
def no_file_larger_than(count: int) -> Iterator[None]:
    """The kernel refuses to write beyond, as on a full disk."""
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (count, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))


def big(home: homes.HomeAtWork) -> None:
    """A file whose records do not pack well."""
    rows = (f"2024-01-{day:02d}T{hour:02d}:{minute:02d}:00 {NOISE.random():.12f}"
            for day in range(1, 31) for hour in range(24) for minute in range(60))  # fmt: skip
    home.drop("big.txt", "TINY\n" + "\n".join(rows))


def test_a_disk_that_fills_while_staging_is_said_in_a_sentence(home: homes.HomeAtWork) -> None:
    big(home)

    with no_file_larger_than(50_000):  # the worker that reads begins with the look
        look = home.look()
        (pack,) = stage.packs(home.settings, look)
        with pytest.raises(HomeError, match=r"A quota or a limit on the size of files .* free"):
            stage.stage(home.settings, look, pack)

    assert list(home.home.staging.iterdir()) == []
    home.run()
    assert home.statuses() == {"big.txt": "loaded", "good.txt": "loaded"}


def test_a_disk_that_fills_while_loading_loses_nothing(home: homes.HomeAtWork) -> None:
    big(home)
    look = home.look()
    (pack,) = stage.packs(home.settings, look)
    folder = stage.stage(home.settings, look, pack)

    with (
        no_file_larger_than(home.home.work.stat().st_size + 20_000),
        pytest.raises(HomeError, match=r"Raise the limit and run again"),
    ):
        load.load(home.connection, home.settings, pack, folder)
    home.connection.close()
    home.connection = warehouse.open_work(home.home.work)

    assert home.rows("from raw.samples") == []
    home.run()
    assert home.statuses() == {"big.txt": "loaded", "good.txt": "loaded"}
    assert home.rows("select count(*) from raw.samples") == [(43_201,)]


def test_a_disk_that_fills_while_looking_into_archives_is_said(home: homes.HomeAtWork) -> None:
    inner = homes.zipped({"x.bin": NOISE.randbytes(9 << 20)}, zipfile.ZIP_STORED)
    home.drop("a.zip", homes.zipped({"inner.zip": inner}, zipfile.ZIP_STORED))

    with no_file_larger_than(1 << 20), pytest.raises(HomeError, match="A quota or a limit"):
        look.look(home.settings, home.connection, 0)

    home.run()
    assert home.statuses()["a.zip!/inner.zip!/x.bin"] == "unrecognised"


@pytest.mark.usefixtures("home")
def test_a_really_full_disk_is_said(tmp_path: Path) -> None:
    folder = tmp_path / "small"
    folder.mkdir()
    mounted = shutil.which("mount") and subprocess.run(
        ["mount", "-t", "tmpfs", "-o", "size=8m", "tmpfs", str(folder)], capture_output=True, check=False
    )
    if not mounted or mounted.returncode:
        pytest.skip("a small disk cannot be mounted here")
    try:
        (folder / "inbox").mkdir()
        with pytest.raises(HomeError, match="is full"), full_disk_is_plain(folder):
            (folder / "inbox" / "x").write_bytes(bytes(9 << 20))
        (folder / "inbox" / "x").unlink()
        shutil.rmtree(folder / "inbox")
        home = homes.make(folder / "home")
        big(home)
        (folder / "filler").write_bytes(bytes(shutil.disk_usage(folder).free - 30_000))
        with pytest.raises(HomeError, match="is full"):
            home.run()
        assert list(home.home.staging.iterdir()) == []
        (folder / "filler").unlink()
        home.run()
        assert home.statuses() == {"big.txt": "loaded"}
        home.close()
    finally:
        subprocess.run(["umount", "-l", str(folder)], check=True)


def test_thousands_of_odd_files_cost_no_minutes(home: homes.HomeAtWork) -> None:
    members = {f"{number}.bin": NOISE.randbytes(NOISE.randrange(200)) for number in range(2000)}
    home.drop("odd.zip", homes.zipped(members))

    start = time.process_time()
    home.run()

    assert time.process_time() - start < 7
    assert home.statuses()["odd.zip"] in {"unrecognised", "partial", "rejected"}


def test_a_fit_file_of_the_future_brings_no_day_of_the_future(home: homes.HomeAtWork) -> None:
    def beat(year: int) -> tuple[str, dict[str, object]]:
        return "monitoring", {"timestamp": datetime(year, 5, 1, 10, tzinfo=UTC), "heart_rate": 61}

    maker = {"type": 32, "manufacturer": 1, "product": 1, "time_created": datetime(2024, 5, 1, tzinfo=UTC)}
    home.drop("clock.fit", encode([("file_id", maker), beat(2024), beat(2071)]))

    home.run()

    assert home.statuses()["clock.fit"] == "partial"
    assert home.rows("select year(start_utc) from raw.samples where metric = 'heart_rate_bpm'") == [(2024,)]
    assert ("clock.fit", "1 dated in the future") in [
        (path, str(reason)) for path, reason in home.rows("select path, reason from raw.rejected")
    ]
