"""A home again from its backup, in a new or empty folder: whole, or not at all.

Nothing that the archive says of itself is believed: names, sizes and hashes are those of its list, each is checked, and
the folder takes its place once all of it is there.
"""

import hashlib
import json
import os
import shutil
import stat
import tomllib
import zipfile
from collections.abc import Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any, NamedTuple

from recovery import warehouse
from recovery.actions.backup import CHUNK_BYTES, FORMAT, MANIFEST, OF_HOME, OF_SHARD, Listed, member_name
from recovery.errors import HomeError
from recovery.home.disk import full_disk_is_plain, is_full, megabytes, open_private, private_folder, remove, sync
from recovery.inbox.archives import UNREADABLE, BombError, Meter
from recovery.words.say import say
from recovery.words.terminal import printable

MAX_LIST_BYTES = 256 << 20  # some million files


class Restored(NamedTuple):
    """What was restored."""

    folder: Path
    files: int
    made_utc: str
    version: str
    command: Sequence[str]  # what recovery.toml has run after each run


class _Refusal(Exception):  # noqa: N818 - the reason, for the sentence that names the file
    """Why an archive is not restored."""


def restore(source: Path, folder: Path) -> Restored:
    """Makes a home of a backup; HomeError where the folder holds anything or the file is no sound backup.

    Whatever is raised, the folder is as it was.
    """
    target = folder.resolve()
    if target.exists() and (not target.is_dir() or any(target.iterdir())):
        raise HomeError(
            say("{folder} is not empty.", folder=folder), say("Name a new folder: nothing is restored over a home.")
        )
    private_folder(target.parent)
    fresh = target.with_name(f".{target.name}.restoring")
    remove(fresh)  # what a killed restore left
    try:
        with full_disk_is_plain(target.parent), zipfile.ZipFile(source) as archive:
            manifest, files = _listed(archive)
            _unpack(archive, files, private_folder(fresh), source.stat().st_size)
            fresh.replace(target)
            sync(target.parent)
    except (_Refusal, BombError, *UNREADABLE) as error:
        if isinstance(error, FileNotFoundError | PermissionError | HomeError) or is_full(error):
            raise
        raise HomeError(
            say("{source} is not restored: {reason}.", source=source, reason=_reason(error)),
            say("A backup is made by: recovery backup FILE"),
        ) from error
    finally:
        with suppress(OSError):
            remove(fresh)
    made_utc, program = (printable(str(manifest.get(name, ""))) for name in ("made_utc", "version"))
    return Restored(target, len(files), made_utc, program, _command(target))


def _reason(error: Exception) -> str:
    if isinstance(error, _Refusal | BombError):
        return str(error).rstrip(".")
    if isinstance(error, OSError) and error.errno:
        return str(error)
    return say("it is no backup of recovery, or it is damaged or cut short")


def _listed(archive: zipfile.ZipFile) -> tuple[Mapping[str, Any], list[Listed]]:
    """What the archive says of itself, and its files; each is where a file of a home may be, and each is there."""
    members = archive.infolist()
    names = [member.filename for member in members]
    if names.count(MANIFEST) != 1:
        raise _Refusal(say("it is no backup of recovery, or it is damaged or cut short"))
    with archive.open(MANIFEST) as stream:
        text = stream.read(MAX_LIST_BYTES + 1)
    if len(text) > MAX_LIST_BYTES:
        raise _Refusal(say("its list is longer than that of any home"))
    try:
        manifest = json.loads(text)
        is_newer = int(manifest["format"]) > FORMAT or int(manifest["schema_version"]) > warehouse.SCHEMA_VERSION
        rows = manifest["files"]
        files = [Listed(str(row["path"]), int(row["size"]), str(row["sha256"]), int(row["mtime_ns"])) for row in rows]
    except (ValueError, TypeError, KeyError, RecursionError, OverflowError):
        raise _Refusal(say("its list cannot be read")) from None
    if is_newer:
        raise _Refusal(say("a newer recovery made it; install that version first"))
    if problem := next(filter(None, map(_problem, files)), ""):
        raise _Refusal(problem)
    paths = {file.path for file in files}
    if sorted([*map(member_name, paths), MANIFEST]) != sorted(names) or len(paths) != len(files):
        raise _Refusal(say("its list and its files differ"))
    folders = {parent.as_posix() for path in paths for parent in Path(path).parents}
    if paths & folders:
        raise _Refusal(say("two of its files have one name"))
    if "recovery.toml" not in paths:
        raise _Refusal(say("it holds no recovery.toml"))
    for member in members:
        if stat.S_IFMT(member.external_attr >> 16) not in (0, stat.S_IFREG) or member.is_dir():
            raise _Refusal(say("{name} is no plain file", name=printable(member.filename)))
    return manifest, files


def _problem(file: Listed) -> str:
    """Why a file cannot be one of a home, or nothing."""
    parts = file.path.split("/")
    is_ours = file.path in OF_HOME or file.path.startswith(tuple(f"{name}/" for name in ("inbox", *OF_HOME)))
    is_ours = is_ours or bool(OF_SHARD.fullmatch(file.path))
    if not is_ours or any(part in ("", ".", "..") for part in parts) or "\0" in file.path:
        return say("{path} is no place in a home", path=printable(member_name(file.path)))
    if file.size < 0:
        return say("{path} has no size", path=printable(member_name(file.path)))
    return ""


def _unpack(archive: zipfile.ZipFile, files: Sequence[Listed], folder: Path, packed_bytes: int) -> None:
    """Writes the files, each for its owner alone and with its time, if they are what the list says."""
    needed, free = sum(file.size for file in files), shutil.disk_usage(folder).free
    if needed > free:
        raise HomeError(
            say("The backup unpacks to {needed}, and {free} are free.", needed=megabytes(needed), free=megabytes(free)),
            say("Make room, or name a folder on another disk."),
        )
    meter = Meter(packed_bytes)
    private_folder(folder / "inbox")
    for file in files:
        path = folder / file.path
        private_folder(path.parent)
        digest, left = hashlib.sha256(), file.size
        with archive.open(member_name(file.path)) as packed, open_private(path, is_new=True) as stream:
            while chunk := packed.read(min(CHUNK_BYTES, left + 1)):
                left -= len(chunk)
                if left < 0:
                    break
                meter.add(len(chunk))
                digest.update(chunk)
                stream.write(chunk)
            stream.flush()
            os.fsync(stream.fileno())
        if left or digest.hexdigest() != file.sha256:
            raise _Refusal(say("{path} is not what its list says", path=printable(member_name(file.path))))
        os.utime(path, ns=(file.mtime_ns, file.mtime_ns))


def _command(folder: Path) -> Sequence[str]:
    """The command that the restored settings have run, which whoever restores should know."""
    with suppress(OSError, ValueError, AttributeError, TypeError):
        settings = tomllib.loads((folder / "recovery.toml").read_text(encoding="utf-8"))
        return [printable(str(word)) for word in settings.get("notify", {}).get("command", [])]
    return []
