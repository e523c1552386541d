"""One reader on bytes written in a test: what it claims, and what it makes of them."""

import io
import json
from collections.abc import Mapping, Sequence
from functools import partial
from pathlib import Path
from typing import Any

from recovery.formats.entries import Context, Entry
from recovery.formats.records import Batch, FileSummary, Skipped, Yielded
from recovery.home import clock
from recovery.readers import readers, shown_as, table_form


def living_in(zone: str) -> Context:
    """A person who never leaves a zone."""
    return Context(zone_at=lambda _: zone, to_utc=lambda wall: clock.to_utc(wall, zone))


BERLIN = living_in("Europe/Berlin")


def entry(text: str | bytes, name: str) -> Entry:
    content = text.encode() if isinstance(text, str) else text
    return Entry(name, len(content), partial(io.BytesIO, content))


def json_entry(name: str, content: object) -> Entry:
    """A file of JSON; bytes stand in it as they are."""
    return entry(content if isinstance(content, bytes) else json.dumps(content), name)


def folder(path: Path) -> list[Entry]:
    """All files below a folder."""
    files = sorted(file for file in path.rglob("*") if file.is_file())
    return [Entry(file.relative_to(path).as_posix(), file.stat().st_size, partial(open, file, "rb")) for file in files]


def rows(found: Sequence[Yielded], record: str, *columns: str, **where: object) -> list[tuple[Any, ...]]:
    """The records of a type, of the columns asked for, where other columns have the values asked for."""
    return [
        tuple(row[name] for name in columns)
        for item in found
        if isinstance(item, Batch) and item.record == record
        for row in item.table.to_pylist()
        if all(row[name] == value for name, value in where.items())
    ]


def skipped(found: Sequence[Yielded]) -> list[str]:
    """Where what was left out stands."""
    return [item.place for item in found if isinstance(item, Skipped)]


def summary(found: Sequence[Yielded]) -> FileSummary:
    """The summary of the only file."""
    (one,) = (item for item in found if isinstance(item, FileSummary))
    return one


class Reading:
    """What one reader makes of some files."""

    def __init__(self, reader: str, files: list[Entry], zone: str = "Europe/Berlin") -> None:
        shown = shown_as(table_form(reader), files)
        self.claims = {claim.path: claim.not_needed for claim in readers()[reader].claims(shown)}
        self.files = [file for file in shown if self.claims.get(file.path) == ""]
        self.found = list(readers()[reader].read(self.files, living_in(zone))) if self.files else []

    def rows(self, record: str, *columns: str, **where: object) -> list[tuple[Any, ...]]:
        return rows(self.found, record, *columns, **where)

    def days(self, metric: str) -> dict[Any, float]:
        return dict(self.rows("day_values", "local_date", "value", metric=metric))

    @property
    def count(self) -> int:
        return sum(len(item.table) for item in self.found if isinstance(item, Batch))

    @property
    def skipped(self) -> list[str]:
        return skipped(self.found)

    @property
    def summary(self) -> FileSummary:
        return summary(self.found)

    @property
    def messages(self) -> Mapping[str, str]:
        return {self.files[item.file].name: item.message for item in self.found if isinstance(item, FileSummary)}
