"""What a table that no reader knows holds: its headings, and of each column the kind and the ways to read it."""

import json
import re
from collections import Counter
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import NamedTuple

from recovery.errors import UnreadableExportError
from recovery.formats import log_table, mapped_encoding
from recovery.formats.cell_units import WITH_UNIT
from recovery.formats.entries import Entry
from recovery.formats.export_table import NO_VALUE, headings
from recovery.formats.times import time_as
from recovery.home.table_mapping import UNIX
from recovery.words.say import say

HEADER_ROWS = 20  # the line of headings is looked for in so many
TIME_OF_DAY = ("%H:%M:%S", "%H:%M", "%I:%M:%S %p", "%I:%M %p")
DATES = (
    "%Y-%m-%d", "%Y/%m/%d", "%Y.%m.%d", "%d.%m.%Y", "%d/%m/%Y", "%m/%d/%Y", "%d-%m-%Y", "%m-%d-%Y", "%b %d, %Y",
    "%d %b %Y", "%B %d, %Y", "%d %B %Y", "%d-%b-%Y", "%d.%m.%y", "%d/%m/%y", "%m/%d/%y",
)  # fmt: skip
FORMATS = (
    *(f"{day}{between}{clock}" for day in DATES for between in (" ", "T") for clock in TIME_OF_DAY), *DATES,
    *(f"{day} {clock} %z" for day in DATES for clock in TIME_OF_DAY),
)  # fmt: skip
UNIX_RANGE = {"unix s": (946_684_800, 4_102_444_800), "unix ms": (946_684_800_000, 4_102_444_800_000)}  # 2000 to 2100


class Column(NamedTuple):
    """What a column is called and holds."""

    heading: str
    kind: str  # 'time', 'date', 'clock', 'number', 'text', 'empty'
    formats: tuple[str, ...]  # every way in which all of its dates can be read; '' = ISO
    summary: str  # its range, for people
    cells: tuple[str, ...]  # of numbers with a unit the numbers alone
    unit: str = ""  # that most cells tell behind their number


def header(entry: Entry) -> tuple[int, list[str]]:
    """The line of the headings, counted from 0, and the headings: the first that is as wide as most lines."""
    if log_table.kind_of(entry.head) != "text":
        what = log_table.other_kind(entry.head) or say("no table of text")
        raise UnreadableExportError(
            say("{name} is {what}.", name=entry.name, what=what), say("Save it as CSV and name that file.")
        )
    text = entry.head.decode(mapped_encoding.encoding(entry.head), errors="replace").encode()
    rows = [headings(text, line) for line in range(min(HEADER_ROWS, text.count(b"\n")))]
    widths = Counter(len(cells) for cells in rows if len(cells) > 1)
    if not widths:
        raise UnreadableExportError(
            say("{name} has no columns.", name=entry.name), say("A table has headings and rows, parted by commas.")
        )
    width = max(widths, key=lambda count: (widths[count], count))
    words = [(line, cells) for line, cells in enumerate(rows) if len(cells) == width and not _has_values(cells)]
    above = [each for each in words if each[0] < next((i for i, row in enumerate(rows) if _has_values(row)), len(rows))]
    whole = [each for each in above if all(each[1])]  # a note may stand above, in as many cells but not in each
    if words:
        return (whole or words)[0]
    raise UnreadableExportError(
        say("{name} has no line of headings.", name=entry.name), say("Write a first line that names the columns.")
    )


def _has_values(cells: Sequence[str]) -> bool:
    return any(is_number(cell) or bool(_formats([cell])) for cell in cells if cell)


def delimiter_of(line: str) -> str:
    """The sign that parts the cells of a line."""
    outside = re.sub(r'"[^"]*"', "", line)
    return max(",;\t", key=outside.count)


def column_of(heading: str, cells: Sequence[str]) -> Column:
    """What a column holds, by its cells."""
    filled = [cell for cell in cells if cell.lower() not in NO_VALUE]
    if not filled:
        return Column(heading, "empty", (), say("always empty"), tuple(cells))
    if formats := _formats(filled):
        kind = "date" if all(_is_day(filled[0], each) for each in formats) else "time"
        return Column(heading, kind, formats, f"{kind}, {filled[0]} to {filled[-1]}", tuple(cells))
    if clocks := _best(filled, TIME_OF_DAY):
        return Column(
            heading,
            "clock",
            clocks,
            say("time of day, {first} to {last}", first=filled[0], last=filled[-1]),
            tuple(cells),
        )
    units = Counter(found["unit"] for cell in filled if (found := _with_unit(cell)))
    if _are_most(units.total(), filled):
        ((unit, _),) = units.most_common(1)
        alone = [found["number"] if (found := _with_unit(cell)) else cell for cell in cells]
        column = column_of(heading, alone)
        told = say("{summary}, with its unit ({unit})", summary=column.summary, unit=unit)
        return column._replace(unit=unit, summary=told)
    numbers = [number(cell) for cell in filled if is_number(cell)]
    if _are_most(len(numbers), filled):
        span = say(
            "number, {least:g} to {most:g}, in {share:.0%} of rows",
            least=min(numbers),
            most=max(numbers),
            share=len(filled) / len(cells),
        )
        return Column(heading, "number", (), span, tuple(cells))
    return Column(heading, "text", (), say("text, as {example!r}", example=filled[0][:30]), tuple(cells))


def _are_most(count: int, cells: Sequence[str]) -> bool:
    """True if so many cells decide what a column is: all but one, or all but a fiftieth, as a row may be damaged."""
    return count > 0 and count >= len(cells) - max(1 if len(cells) > 2 else 0, len(cells) // 50)


def _formats(cells: Sequence[str]) -> tuple[str, ...]:
    """The ways in which most cells can be read as times, each as well as the others; ('',) for ISO."""
    if _are_most(sum(map(_is_iso, cells)), cells):
        return ("",)
    for unit, (first, last) in UNIX_RANGE.items():
        fitting = [cell for cell in cells if re.fullmatch(r"\d+(\.\d+)?", cell) and first <= float(cell) < last]
        if _are_most(len(fitting), cells) and len(set(fitting)) > len(fitting) / 2:  # else the number of a person
            return (unit,)
    return _best(cells, FORMATS)


def _best(cells: Sequence[str], formats: Sequence[str]) -> tuple[str, ...]:
    """The formats that fit most cells, where these are nearly all; () where none fits."""
    worth_a_try = [each for each in formats if any(_fits(cell, each) for cell in cells[:3])]
    counts = {each: sum(_fits(cell, each) for cell in cells) for each in worth_a_try}
    for long in [each for each in counts if "%B" in each]:
        if counts[long] <= counts.get(long.replace("%B", "%b"), 0):  # May is short and long
            del counts[long]
    most = max(counts.values(), default=0)
    return tuple(each for each, count in counts.items() if count == most) if _are_most(most, cells) else ()


def _fits(cell: str, date_format: str) -> bool:
    try:
        time_as(cell, date_format)
    except ValueError:
        return False
    return True


def _is_iso(cell: str) -> bool:
    try:
        datetime.fromisoformat(cell)
    except ValueError:
        return False
    return not cell.isdigit()  # 20261025 is a number until somebody says otherwise


def _is_day(cell: str, date_format: str) -> bool:
    return date_format in DATES or (date_format == "" and len(cell) == len("2026-05-31"))


def _with_unit(cell: str) -> re.Match[str] | None:
    found = WITH_UNIT.fullmatch(cell)
    return found if found and is_number(found["number"]) else None


def is_number(cell: str) -> bool:
    """True if a cell is a number, with a point or a comma."""
    return re.fullmatch(r"[+-]?[\d.,]*\d(e[+-]?\d+)?", cell) is not None


def number(cell: str) -> float:
    """The number in a cell for which `is_number` is true."""
    text = cell.replace(",", ".") if cell.count(",") == 1 and "." not in cell else cell.replace(",", "")
    try:
        return float(text)
    except ValueError:
        return float(cell.replace(".", "").replace(",", "."))


def moment(text: str, date_format: str) -> datetime:
    """The time in a cell, without its zone. Raises ValueError where it has another format."""
    if date_format in UNIX:
        return datetime(1970, 1, 1) + timedelta(seconds=float(text) / UNIX[date_format])  # noqa: DTZ001 - as told above
    local = time_as(text, date_format) if date_format else datetime.fromisoformat(text)
    return local.replace(tzinfo=None)


def toml_text(text: str) -> str:
    """A text as TOML writes it, so that nothing in a heading or a cell is more than a text."""
    written = json.dumps(text.encode("utf-8", "replace").decode(), ensure_ascii=False)
    return "".join(letter if letter.isprintable() else f"\\U{ord(letter):08x}" for letter in written)
