"""A home as one file, or a study with all its shards, taken also while a run is going.

A database that is being written cannot be copied. So the copy waits for the lock that every run holds, takes the
database and what was published while nobody changes them, and lets go of the lock before anything is packed. Files of
the inbox are packed afterwards, each read once. The last member lists them all, so that a file cut short is known.
"""

import hashlib
import json
import os
import re
import shutil
import stat
import zipfile
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager, suppress
from importlib.metadata import version
from pathlib import Path
from typing import NamedTuple

from recovery import warehouse
from recovery.errors import HomeError
from recovery.home import lock
from recovery.home.clock import now_utc
from recovery.home.disk import full_disk_is_plain, private_folder, replaced
from recovery.home.folder import Home
from recovery.home.settings import OWNER, Settings
from recovery.home.temporary import temporary_folder
from recovery.inbox.archives import EXCLUDED, MEMBER
from recovery.inbox.walk import walk
from recovery.words.say import say
from recovery.words.terminal import printable

FORMAT = 1  # raise when a backup holds something that an earlier program would lose
MANIFEST = "backup.json"
OF_HOME = (  # what a backup holds beside the inbox; all else is made anew, or is of this machine
    "recovery.toml", "INVENTED DATA.txt", "recovery.duckdb", "report.html", "report", "checks", "trials",
    ".recovery/work.duckdb", ".recovery/work.duckdb.wal", ".recovery/forgotten.key", ".recovery/log-versions",
    ".recovery/share.key", ".recovery/export-key.json",
    "cohort.duckdb", "published", "shards/people.json",  # of a study
)  # fmt: skip
OF_SHARD = re.compile(r"shards/\d+/\.recovery/work\.duckdb(\.wal)?")
WAIT_S = 3600.0  # for a run that is going
CHUNK_BYTES = 1 << 20
PACKED = (".zip", ".gz", ".xz", ".xlsx", ".jpg", ".png")  # packing these again gains nothing


class Listed(NamedTuple):
    """A file of a backup, as its list names it."""

    path: str  # below the home, with /
    size: int
    sha256: str
    mtime_ns: int


class Saved(NamedTuple):
    """What a backup holds."""

    files: int
    bytes: int
    left_out: list[str]  # each with its reason


def back_up(
    settings: Settings, target: Path, *, with_exports: bool = True, on_wait: Callable[[str], None] = lambda _: None
) -> Saved:
    """Writes a home to a new file, for its owner alone; without exports, those that were read as a whole are left out.

    `on_wait` hears who is at work where the copy has to wait. Raises HomeError where the file is there already or would
    lie in the inbox, LockedError where a run takes longer than an hour.
    """
    home = settings.home
    _refuse(home, target)
    with full_disk_is_plain(target.parent), temporary_folder(home) as folder:
        snapshot = Home(folder / "home")
        with _held(settings, on_wait):
            _copy(home, snapshot)
        read = _close(snapshot, settings)
        left_out: list[str] = []
        files = [
            *_below(snapshot.folder, snapshot.folder, left_out),
            *_of_inbox(settings, set() if with_exports else read, left_out),
        ]
        with replaced(target) as stream:
            with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as archive:
                listed = _pack(archive, files, left_out)
            _refuse(home, target)  # somebody else may have made it meanwhile
    return Saved(len(listed), sum(file.size for file in listed), left_out)


def _refuse(home: Home, target: Path) -> None:
    """Raises HomeError where no backup is to be written."""
    if os.path.lexists(target):
        raise HomeError(say("{target} is there already.", target=target), say("Name another file."))
    if not target.parent.is_dir():
        raise HomeError(say("There is no folder {folder}.", folder=target.parent), say("Make it first."))
    if target.parent.resolve().is_relative_to(home.inbox.resolve()):
        raise HomeError(
            say("{target} would lie in the inbox, where it is read.", target=target), say("Name a file elsewhere.")
        )


@contextmanager
def _held(settings: Settings, on_wait: Callable[[str], None]) -> Iterator[None]:
    """The lock of the home, waited for where somebody is at work."""
    if lock.is_held(settings.home):
        on_wait(lock.busy(settings).message)
    with lock.held(settings, "recovery backup", wait_s=WAIT_S):
        yield


def _copy(home: Home, snapshot: Home) -> None:
    """Copies all of a home that a backup holds, but its inbox; what links lead to is not the home's."""
    for name in (*OF_HOME, *_of_shards(home.folder)):
        source, target = home.folder / name, snapshot.folder / name
        if source.is_symlink() or not source.exists():
            continue
        private_folder(target.parent)
        if source.is_dir():
            shutil.copytree(source, target, symlinks=True)
        elif source.is_file():
            shutil.copy2(source, target)


def _of_shards(folder: Path) -> list[str]:
    """The private databases of the shards of a study, with their write-ahead logs."""
    found = (path.relative_to(folder).as_posix() for path in folder.glob("shards/*/.recovery/work.duckdb*"))
    return sorted(path for path in found if OF_SHARD.fullmatch(path))


def _close(snapshot: Home, settings: Settings) -> set[tuple[str, int, int]]:
    """Writes the write-ahead logs of the copied databases into them; path, size and time of exports they hold whole.

    A log is living: its file is part of the home, whether it was read or not. In a study what lies in no person's
    folder is held whole where all shards have read it.
    """
    shards = list(snapshot.folder.glob("shards/*/.recovery/work.duckdb"))
    if snapshot.work.is_file() and shards:
        _checkpoint(snapshot.work)  # of a study it knows trials and what was forgotten, and has read nothing
    databases = shards or [path for path in (snapshot.work,) if path.is_file()]
    counts = Counter(file for path in databases for file in _checkpoint(path))
    return {file for file, count in counts.items() if count == len(databases) or settings.subject_of(file[0]) != OWNER}


def _checkpoint(database: Path) -> set[tuple[str, int, int]]:
    """Writes the write-ahead log of a database into it; the exports that it holds whole."""
    connection = warehouse.open_work(database)
    try:
        connection.execute("checkpoint")
        return set(
            connection.execute(
                "select path, bytes, mtime_ns from raw.files as files"
                f" where not contains(path, '{MEMBER}') and status in ('loaded', 'duplicate') and not exists"
                " (from raw.logs as logs where logs.path = files.path"
                f" or starts_with(logs.path, files.path || '{MEMBER}'))"
            ).fetchall()
        )
    finally:
        connection.close()


def _below(root: Path, folder: Path, left_out: list[str]) -> Iterator[tuple[str, Path]]:
    """The plain files below a folder, with their paths below the home."""

    def tell(error: OSError) -> None:  # of a folder that cannot be listed: its path may be too long for the system
        left_out.append(f"{_shown(Path(error.filename).relative_to(root))}: {error.strerror}")

    for place, folders, names in os.walk(folder, onerror=tell):
        folders.sort()
        for name in sorted([*names, *_links(Path(place), folders)]):
            path = Path(place, name)
            try:
                is_plain = path.is_file() and not path.is_symlink()
            except OSError as error:  # a path may be too long for the system
                left_out.append(f"{_shown(path.relative_to(root))}: {error.strerror}")
                continue
            if is_plain:
                yield path.relative_to(root).as_posix(), path
            else:
                left_out.append(say("{path}: is a link or no file", path=_shown(path.relative_to(root))))


def _links(place: Path, names: Iterable[str]) -> Iterator[str]:
    """Those of some folders that are links; a path may be too long to be asked."""
    for name in names:
        with suppress(OSError):
            if (place / name).is_symlink():
                yield name


def _of_inbox(settings: Settings, read: set[tuple[str, int, int]], left_out: list[str]) -> Iterator[tuple[str, Path]]:
    """The files of the inbox but those that are read already, and those that recovery.toml has nobody open."""
    home = settings.home
    found = {file.real: file for file in walk(home, settings.is_private)}
    for path, real in _below(home.folder, home.inbox, left_out):
        file = found.get(real)
        if file and file.message == EXCLUDED:
            left_out.append(say("{path}: recovery.toml keeps it private", path=_shown(path)))
        elif file is None or (file.path, file.size, file.mtime_ns) not in read:
            yield path, real


def _pack(archive: zipfile.ZipFile, files: Sequence[tuple[str, Path]], left_out: list[str]) -> list[Listed]:
    """Packs the files, each read once, and the list of them."""
    listed = []
    for path, real in files:
        try:
            listed.append(_pack_file(archive, path, real))
        except OSError as error:
            if error.errno is None or not isinstance(error, FileNotFoundError | PermissionError):
                raise
            left_out.append(say("{path}: cannot be read ({error})", path=_shown(path), error=error.strerror))
    manifest = {
        "format": FORMAT,
        "made_utc": now_utc().isoformat(timespec="seconds"),
        "version": version("recovery"),
        "schema_version": warehouse.SCHEMA_VERSION,
        "files": [file._asdict() for file in listed],
    }
    archive.writestr(zipfile.ZipInfo(MANIFEST), json.dumps(manifest), zipfile.ZIP_DEFLATED)
    return listed


def _pack_file(archive: zipfile.ZipFile, path: str, real: Path) -> Listed:
    digest, size = hashlib.sha256(), 0
    with real.open("rb") as source:
        mtime_ns = os.fstat(source.fileno()).st_mtime_ns
        member = zipfile.ZipInfo(member_name(path))
        member.external_attr = (stat.S_IFREG | 0o600) << 16
        member.compress_type = zipfile.ZIP_STORED if path.lower().endswith(PACKED) else zipfile.ZIP_DEFLATED
        with archive.open(member, "w", force_zip64=True) as packed:
            while chunk := source.read(CHUNK_BYTES):
                digest.update(chunk)
                size += len(chunk)
                packed.write(chunk)
    return Listed(path, size, digest.hexdigest(), mtime_ns)


def member_name(path: str) -> str:
    """The name of a file in the archive: its path, with bytes that are no text written out."""
    return path.encode("utf-8", "backslashreplace").decode()


def _shown(path: Path | str) -> str:
    return printable(member_name(str(path)))
