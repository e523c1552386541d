"""A CSV as a spreadsheet of a country saves it again after it was opened there."""

import csv
import io
import re
from collections.abc import Mapping
from datetime import datetime
from typing import NamedTuple


class Country(NamedTuple):
    """How a spreadsheet writes there."""

    delimiter: str
    day: str  # of strftime
    clock: str
    decimal: str
    yes_no: tuple[str, str]
    encoding: str = "utf-8-sig"
    first_line: str = ""


COUNTRIES: Mapping[str, Country] = {
    "de": Country(";", "%d.%m.%Y", " %H:%M", ",", ("WAHR", "FALSCH")),
    "fr": Country(";", "%d/%m/%Y", " %H:%M", ",", ("VRAI", "FAUX"), "cp1252"),
    "us": Country(",", "%-m/%-d/%Y", " %-H:%M", ".", ("TRUE", "FALSE")),
    "us short year": Country(",", "%-m/%-d/%y", " %-I:%M %p", ".", ("TRUE", "FALSE"), "utf-8"),
    "text": Country("\t", "%d.%m.%Y", " %H:%M", ",", ("WAHR", "FALSCH"), "utf-16"),
    "sep": Country(";", "%d/%m/%Y", " %H:%M:%S", ",", ("VRAI", "FAUX"), "utf-8", "sep=;"),
    "hu": Country(";", "%Y. %m. %d.", " %-H:%M", ",", ("IGAZ", "HAMIS")),
    "se": Country(";", "%Y-%m-%d", " %H:%M", ",", ("SANT", "FALSKT")),
}
ISO = re.compile(r"(\d{4})[-/](\d\d)[-/](\d\d)(?:[ T](\d\d):(\d\d)(?::(\d\d)(\.\d+)?)?)?")
WITH_SLASHES = re.compile(r"(\d{1,2})/(\d{1,2})/(\d{4})(?: (\d{1,2}):(\d\d)(?::(\d\d))?(?: ([AP])M)?)?")
DECIMAL = re.compile(r"[+-]?\d+\.\d+")


def resave(content: bytes, country: str) -> bytes:
    """The bytes of the file after a spreadsheet of a country opened it, understood all of it and saved it again."""
    there = COUNTRIES[country]
    rows = list(csv.reader(io.StringIO(content.decode("utf-8-sig"), newline="")))
    if rows and len(rows[0]) == 1 and ";" in rows[0][0]:
        rows = list(csv.reader(io.StringIO(content.decode("utf-8-sig"), newline=""), delimiter=";"))
    if rows and rows[0] and rows[0][0].startswith("sep="):
        rows = rows[1:]
    width = max(map(len, rows), default=0)
    text = io.StringIO(newline="")
    if there.first_line:
        text.write(there.first_line + "\r\n")
    writer = csv.writer(text, delimiter=there.delimiter, lineterminator="\r\n")
    for cells in rows:
        writer.writerow([_cell(cell, there) for cell in cells] + [""] * (width - len(cells)))

    return text.getvalue().encode(there.encoding, "replace")


def _cell(cell: str, there: Country) -> str:
    if found := ISO.fullmatch(cell.strip()):
        if found[7]:  # fractions of a second show as minutes and seconds
            return f"{found[5]}:{found[6]}{found[7][:2]}"
        year, month, day, hour, minute, second = (int(part or 0) for part in found.groups()[:6])
        wall = datetime(year, month, day, hour, minute, second)
        return wall.strftime(there.day + (there.clock if found[4] else ""))
    if not there.day.startswith("%Y") and (found := WITH_SLASHES.fullmatch(cell.strip())):
        return _understood(cell, found, there)
    if cell.isdigit() and 11 < len(cell) < 309 and not cell.startswith("0"):
        return f"{float(cell):.5E}".replace(".", there.decimal)
    if cell.lower() in ("true", "false"):
        return there.yes_no[cell.lower() == "false"]
    if DECIMAL.fullmatch(cell):
        return f"{float(cell):.10g}".replace(".", there.decimal)
    return cell


def _understood(cell: str, found: re.Match[str], there: Country) -> str:
    """A date with slashes as the country reads it; the text itself where that is no date there."""
    first, second, year, hour, minute, second_of = (int(part or 0) for part in found.groups()[:6])
    month, day = (first, second) if there.day.startswith("%-m") else (second, first)
    if found[7]:
        hour = hour % 12 + 12 * (found[7] == "P")
    try:
        wall = datetime(year, month, day, hour, minute, second_of)
    except ValueError:
        return cell
    return wall.strftime(there.day + (there.clock if found[4] else ""))
