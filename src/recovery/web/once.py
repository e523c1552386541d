"""Entries that a device sends again since it heard no answer are written once."""

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager

from recovery.home.disk import private_folder, write_private
from recovery.home.folder import Home
from recovery.home.keys import digest

KEPT = 2_000  # of all devices; one that was away for long sends some dozens
LONGEST = 64  # characters of a name


class Once:
    """The names of the entries that were written, as digests, also over a start of the server."""

    def __init__(self, home: Home) -> None:
        self.path = private_folder(home.private) / "entries.json"
        self.lock = threading.Lock()

    @contextmanager
    def first(self, person: str, name: str) -> Iterator[bool]:
        """Whether a person's entry of that name was not written yet; noted where the block ends well. '' is always new.

        Names are random and come from the device, so that an entry is known again also in another session.
        """
        if not name:
            yield True
            return
        mark = digest(f"{person} {name[:LONGEST]}")[:32]
        with self.lock:
            written = self._written()
            yield mark not in written
            if mark not in written:
                write_private(self.path, json.dumps([*written, mark][-KEPT:]))

    def _written(self) -> list[str]:
        try:
            return [str(mark) for mark in json.loads(self.path.read_text(encoding="utf-8"))]
        except (OSError, ValueError, TypeError):
            return []  # damaged: an entry may be written twice, which a run takes for one
