"""Records of Prefect that were made once, for the homes of tests that start a server of their own."""

import shutil
import sqlite3
from contextlib import closing
from pathlib import Path

from filelock import FileLock

from recovery.home.disk import private_folder
from recovery.home.folder import Home

DATABASE = "prefect.db"


class NewRecords:
    """Records of Prefect in which nothing was recorded yet: to make them takes a server 7 s of CPU.

    The first server of the tests makes its own, which others begin with, also those of other workers.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.lock = FileLock(folder.with_suffix(".lock"))

    def give(self, home: Home) -> None:
        """Puts them into a home where they are made already."""
        with self.lock:
            if self.folder.exists():
                shutil.copytree(self.folder, private_folder(home.prefect), dirs_exist_ok=True)

    def keep(self, home: Home) -> None:
        """Takes them from a home whose server has just begun."""
        new = self.folder.with_suffix(".new")
        new.mkdir(mode=0o700)
        with (
            closing(sqlite3.connect(home.prefect / DATABASE)) as source,
            closing(sqlite3.connect(new / DATABASE)) as target,
        ):
            source.backup(target)
        (new / DATABASE).chmod(0o600)
        for mark in home.prefect.glob(".migrated-*"):
            shutil.copy2(mark, new)
        new.replace(self.folder)
