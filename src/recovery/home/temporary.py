"""Temporary files of a home lie in the home, and those of a process that was killed go at the next start.

Python, DuckDB, Prefect and Great Expectations all ask `TMPDIR`. A folder that a process still uses is locked; what can
be locked belongs to nobody any more.
"""

import os
import shutil
import tempfile
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from filelock import FileLock, Timeout

from recovery.home.disk import private_folder
from recovery.home.folder import Home


@contextmanager
def temporary_folder(home: Home) -> Iterator[Path]:
    """A folder in the home, for its owner alone, that everything of this process and its children uses as TMPDIR."""
    root = private_folder(home.temporary)
    remove_abandoned(root)
    folder = root / uuid.uuid4().hex
    lock = FileLock(_lock_of(folder), mode=0o600)
    lock.acquire(timeout=0)  # before the folder is there: what is there without a lock is taken for abandoned
    folder.mkdir(mode=0o700)
    former_variable, former_folder = os.environ.get("TMPDIR"), tempfile.tempdir
    os.environ["TMPDIR"] = tempfile.tempdir = str(folder)
    try:
        yield folder
    finally:
        tempfile.tempdir = former_folder
        if former_variable is None:
            del os.environ["TMPDIR"]
        else:
            os.environ["TMPDIR"] = former_variable
        shutil.rmtree(folder, ignore_errors=True)
        lock.release()
        _lock_of(folder).unlink(missing_ok=True)


def remove_abandoned(root: Path) -> None:
    """Removes the folders in `root` that no living process holds."""
    for path in sorted(root.iterdir()):
        if not path.is_dir():
            continue
        lock = FileLock(_lock_of(path), mode=0o600)
        try:
            lock.acquire(timeout=0)
        except Timeout:
            continue
        shutil.rmtree(path, ignore_errors=True)
        lock.release()
        _lock_of(path).unlink(missing_ok=True)


def _lock_of(folder: Path) -> Path:
    return folder.with_name(f"{folder.name}.lock")
