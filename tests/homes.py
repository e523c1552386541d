"""A home on the disk for tests of all that lies between the inbox and the raw tables."""

import io
import re
import sys
import zipfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import duckdb
import pytest
from layers import below, build

from recovery import readers, warehouse
from recovery.home.folder import Home
from recovery.home.settings import Settings, load_settings
from recovery.inbox import look, worker
from recovery.inbox.receipts import Look
from recovery.loading import load, settle, stage

WINDOWED = ("stg", "timeline", "daily")
MASSAGES = "date,start,minutes,note\n2024-01-02,10:00,60,first\n2024-01-09,10:00,45,second\n"
DIARY = "date,pain,mood\n2024-01-02,5,3\n2024-01-03,4,4\n"

# A reader for tests alone: 'TINY', then lines with a time and a number.
TINY_FORMAT = """
from datetime import datetime

from recovery.errors import UnreadableExportError
from recovery.formats.entries import Claim
from recovery.formats.records import Skipped, FileSummary, batch

LABEL = "A format that only tests know"
VERSION = 1
USES_LOCAL_TIME = False


def claims(tree):
    for entry in tree:
        if entry.head.startswith(b"TINY"):
            yield Claim(entry.path, "is not needed" if b"NOT NEEDED" in entry.head else "")
        elif entry.head.startswith(b"TRAP"):
            raise ZeroDivisionError("a trap for readers")


def read(files, context):
    rows = []
    for number, entry in enumerate(files):
        text = entry.read().decode()
        if "BROKEN" in text:
            raise UnreadableExportError("is broken in the middle: export it again")
        if "CRASH" in text:
            raise ZeroDivisionError("a reader's own mistake")
        for place, line in enumerate(text.splitlines()[1:], 2):
            time, _, value = line.partition(" ")
            if value.replace(".", "").isdigit():
                rows.append((number, datetime.fromisoformat(time), float(value)))
            else:
                yield Skipped(number, f"line {place}", "has no number", line)
        yield FileSummary(number, exported_utc=datetime(2024, 2, 1))
    yield batch(
        "samples",
        {
            "file": [row[0] for row in rows],
            "source": ["tiny"] * len(rows),
            "metric": ["steps"] * len(rows),
            "start_utc": [row[1] for row in rows],
            "end_utc": [row[1] for row in rows],
            "value": [row[2] for row in rows],
        },
    )
"""


@contextmanager
def tiny_format(folder: Path, text: str = TINY_FORMAT, name: str = "tiny_format") -> Iterator[None]:
    """Another reader, beside the real ones, as a module of their package."""
    (folder / f"{name}.py").write_text(text)
    readers.__path__.append(str(folder))
    readers.readers.cache_clear()
    try:
        yield
    finally:
        readers.__path__.remove(str(folder))
        sys.modules.pop(f"recovery.readers.{name}", None)
        readers.readers.cache_clear()


@dataclass
class HomeAtWork:
    """A home, its work database, and the steps from the inbox to the raw tables.

    Files are recognised and read in this process unless `is_forked`: a worker costs a quarter of a run. That it does
    the same is seen in the tests of the inbox that fork, and wherever a command or a flow runs.
    """

    settings: Settings
    connection: duckdb.DuckDBPyConnection
    is_forked: bool = False
    unbuilt: set[str] = field(default_factory=set)  # relations that are built once they are asked for

    @property
    def home(self) -> Home:
        return self.settings.home

    def drop(self, path: str, content: bytes | str) -> Path:
        file = self.home.inbox / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(content.encode() if isinstance(content, str) else content)
        return file

    def look(self, settle_s: float = 0) -> Look:
        with self._reading():
            return look.look(self.settings, self.connection, settle_s)

    def run(self) -> Look:
        with self._reading():
            found = self.look()
            for pack in stage.packs(self.settings, found):
                load.load(self.connection, self.settings, pack, stage.stage(self.settings, found, pack))
            settle.settle(self.connection, self.settings, found)
            found.close()
        return found

    def run_to_minutes(self) -> None:
        """Loads what lies in the inbox; `rows` builds what is asked for of it: samples, nights, minutes, metrics."""
        self.run()
        warehouse.load_settings_tables(self.connection, self.settings)
        self.unbuilt = {relation.full_name for relation in warehouse.relations() if relation.layer in WINDOWED}

    def rows(self, query: str) -> list[tuple[object, ...]]:
        self.build(*self.unbuilt.intersection(re.findall(r"\b\w+\.\w+", query)))
        return self.connection.execute(query).fetchall()

    def build(self, *names: str) -> None:
        """Builds relations, and before them what is not built yet of what they are made of."""
        unbuilt = self.unbuilt.intersection(frozenset[str]().union(*map(below, names)))
        build(self.connection, *unbuilt, *names)
        self.unbuilt -= unbuilt

    def statuses(self) -> dict[str, str]:
        return dict(self.connection.execute("select path, status from raw.files order by path").fetchall())

    def message(self, path: str) -> str:
        ((message,),) = self.connection.execute("select message from raw.files where path = ?", [path]).fetchall()
        return message

    def with_settings(self, text: str) -> None:
        self.home.settings.write_text(text)
        self.settings = load_settings(self.home.folder)

    def close(self) -> None:
        self.connection.close()

    @contextmanager
    def _reading(self) -> Iterator[None]:
        with pytest.MonkeyPatch.context() as patched:
            if not self.is_forked:
                in_this_process(patched)
            yield


def make(
    folder: Path,
    settings: str = 'home_time_zone = "Europe/Berlin"\n',
    *,
    on_disk: bool = False,
    is_forked: bool = False,
) -> HomeAtWork:
    """An empty home; its work database is in memory unless a test opens it a second time."""
    home = Home(folder)
    home.inbox.mkdir(parents=True)
    home.private.mkdir(mode=0o700)
    home.settings.write_text(settings)
    if on_disk:
        return HomeAtWork(load_settings(folder), warehouse.open_work(home.work), is_forked)
    connection = warehouse.connect()
    warehouse.create_raw(connection)
    return HomeAtWork(load_settings(folder), connection, is_forked)


@contextmanager
def knowing_tiny(
    folder: Path,
    settings: str = 'home_time_zone = "Europe/Berlin"\n',
    *,
    on_disk: bool = False,
    is_forked: bool = False,
) -> Iterator[HomeAtWork]:
    """An empty home, and the reader that only tests know."""
    made = make(folder / "home", settings, on_disk=on_disk, is_forked=is_forked)
    (folder / "more").mkdir()
    with tiny_format(folder / "more"):
        yield made
        made.close()


@contextmanager
def of_exports(folder: Path, exports: Mapping[str, Path]) -> Iterator[HomeAtWork]:
    """A home into which folders fell, each as a zip of this name; loaded, and built where it is asked for."""
    made = make(folder)
    for name, export in exports.items():
        files = sorted(path for path in export.rglob("*") if path.is_file())
        made.drop(name, zipped({path.relative_to(export).as_posix(): path.read_bytes() for path in files}))
    made.run_to_minutes()
    yield made
    made.close()


def in_this_process(monkeypatch: pytest.MonkeyPatch) -> None:
    """Files are recognised and read here, as where no worker can be forked: quicker, and coverage sees it."""
    monkeypatch.setattr(worker, "IS_FORKED", False)


def zipped(members: dict[str, bytes | str], compression: int = zipfile.ZIP_DEFLATED) -> bytes:
    """A zip as bytes."""
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", compression) as archive:
        for name, content in members.items():
            archive.writestr(zipfile.ZipInfo(name, (2024, 3, 1, 12, 0, 0)), content, compression)
    return stream.getvalue()


def fingerprint(folder: Path) -> dict[str, tuple[bytes, int]]:
    """The bytes and time of every file below a folder."""
    return {
        str(path.relative_to(folder)): (path.read_bytes(), path.stat().st_mtime_ns)
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }
