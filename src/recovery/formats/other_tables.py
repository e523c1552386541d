"""A table of JSON or of a workbook as the CSV it could have been, so that one reader reads all of them.

Of JSON it is the longest list of objects: the file itself, one of its values, or of theirs, or an object a line. An
object in an object makes columns of its own, `sleep.minutes`; what lies deeper stays JSON in its cell. Of a workbook
it is the sheet with the most rows.
"""

import csv
import io
import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from functools import partial
from typing import BinaryIO

from recovery.errors import UnreadableExportError
from recovery.formats import log_table
from recovery.formats.entries import HEAD_BYTES, Entry
from recovery.formats.log_cells import Cell, shown
from recovery.words.say import say

MAX_BYTES = 64 << 20
MAX_COLUMNS = 500
NESTED = "."  # between the key of an object and those in it


def as_csv(entry: Entry) -> Entry:
    """The entry itself, or one whose bytes are CSV in UTF-8 where it is JSON or a workbook.

    Raises UnreadableExportError where it holds no table.
    """
    kind = log_table.kind_of(entry.head)
    if kind not in ("json", "workbook"):
        return entry
    content = _written(_json_rows(entry) if kind == "json" else _workbook_rows(entry))
    return replace(entry, size=len(content), opener=partial(_stream, content), known_head=content[:HEAD_BYTES])


def _stream(content: bytes) -> BinaryIO:
    return io.BytesIO(content)


def _written(rows: Iterable[Sequence[str]]) -> bytes:
    text = io.StringIO(newline="")
    csv.writer(text, lineterminator="\n").writerows(rows)
    return text.getvalue().encode("utf-8", "replace")


def _workbook_rows(entry: Entry) -> Iterator[Sequence[str]]:
    tables = log_table.tables(entry)
    if not tables or not any(table.rows for table in tables):
        raise UnreadableExportError(
            say("{name} holds no table.", name=entry.name), say("A table has headings and rows.")
        )
    rows = max(tables, key=lambda table: len(table.rows)).rows
    width = max(len(row.cells) for row in rows)
    for row in rows:
        cells = [_text(cell) for cell in row.cells]
        yield [*cells, *[""] * (width - len(cells))]


def _json_rows(entry: Entry) -> Iterator[Sequence[str]]:
    items = [_flat(item) for item in _items(log_table.read_text(entry, MAX_BYTES), entry.name)]
    keys = list(dict.fromkeys(key for item in items for key in item))[:MAX_COLUMNS]
    yield keys
    for item in items:
        yield [_text(item.get(key)) for key in keys]


def _items(text: str, name: str) -> Sequence[Mapping[str, object]]:
    """The longest list of objects of a JSON text. Raises UnreadableExportError where there is none."""
    try:
        content = json.loads(text)
    except RecursionError:
        content = None
    except ValueError:
        content = _of_lines(text)
    found = max(_lists(content), key=len, default=[])
    if not found:
        raise UnreadableExportError(
            say("{name} holds no list of objects.", name=name),
            say("A table of JSON is a list of objects, each a row with the same keys."),
        )
    return found


def _of_lines(text: str) -> object:
    """The objects of a text with one in each line; None where it is none."""
    try:
        return [json.loads(line) for line in text.splitlines() if line.strip()]
    except (ValueError, RecursionError):
        return None


def _lists(content: object, depth: int = 2) -> Iterator[Sequence[Mapping[str, object]]]:
    """The lists of objects in a content, down to a depth."""
    if isinstance(content, list):
        items = [item for item in content if isinstance(item, dict)]
        if items and len(items) == len(content):
            yield items
    elif isinstance(content, dict) and depth:
        for value in content.values():
            yield from _lists(value, depth - 1)


def _flat(item: Mapping[str, object]) -> dict[str, object]:
    """An object with the keys of the objects in it beside its own."""
    flat: dict[str, object] = {}
    for key, value in item.items():
        if isinstance(value, dict) and value:
            flat |= {f"{key}{NESTED}{inner}": inner_value for inner, inner_value in value.items()}
        else:
            flat[key] = value
    return flat


def _text(cell: object) -> str:
    if isinstance(cell, bool):
        return str(cell).lower()
    if isinstance(cell, (list, dict)):
        return json.dumps(cell, ensure_ascii=False) if cell else ""
    if isinstance(cell, float):
        return str(int(cell)) if cell.is_integer() and abs(cell) < 1e15 else repr(cell)
    kept: Cell = cell  # type: ignore[assignment]
    return shown(kept)
