"""The elements of Fitbit's JSON files, as many as can be read."""

import json
import re
from typing import Any

from recovery.formats.fitbit.file import FitbitFile, finite
from recovery.formats.json_values import JsonObject
from recovery.formats.records import Skipped
from recovery.words.say import say

BETWEEN = re.compile(r"[\s,]*")


def elements(file: FitbitFile) -> list[Any]:
    """The elements of a JSON array, as many as can be read; what stopped that is noted in the file."""
    rows, file.damage = _elements(file.content)
    file.damage_place = say("after element {count}", count=len(rows)) if file.damage else ""
    file.is_empty = not rows
    return rows


def _elements(content: bytes) -> tuple[list[Any], str]:
    """The elements of a JSON array, as many as can be read, and what stopped that."""
    text = content.decode("utf-8-sig", errors="replace")
    try:
        rows = json.loads(text)
    except (json.JSONDecodeError, RecursionError):
        pass
    else:
        return (
            (rows, "") if isinstance(rows, list) else ([], say("this is not a list of entries, as Fitbit's files are"))
        )
    rows = []
    decoder = json.JSONDecoder()
    here = text.find("[") + 1
    try:
        while True:
            row, here = decoder.raw_decode(text, BETWEEN.match(text, here).end())  # type: ignore[union-attr]
            rows.append(row)
    except (json.JSONDecodeError, RecursionError):
        return rows, say("the file is cut short or damaged here; what stands before was read")


def skipped(file: FitbitFile, place: int, row: object) -> Skipped:
    """An element that cannot be read, by its place in the file."""
    reason = say(
        "this element of {name} cannot be read: a value is missing or is not what Fitbit writes here", name=file.name
    )
    return Skipped(file.file, f"element {place}", reason, json.dumps(row)[:200])


def number_in(row: JsonObject, key: str) -> float | None:
    """A number of an element; None where the key is missing. Raises TypeError or ValueError where it is none."""
    value = row.get(key)
    return None if value is None else finite(value)
