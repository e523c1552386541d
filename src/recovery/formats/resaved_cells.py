"""Cells that a spreadsheet wrote anew: dates, times, numbers and truths of a country, and what cannot be undone."""

import re
from datetime import datetime

from recovery.formats.log_cells import fold
from recovery.formats.log_words import MONTHS
from recovery.words.say import say

LONGEST_STAMP = 40  # characters; a longer cell is text
_CLOCK = r"(?:\s+(\d{1,2})[:.](\d\d)(?:[:.](\d\d))?(?:\s*([AaPp])\.?\s?[Mm]\.?)?)?"
STAMP = re.compile(rf"(\d{{1,2}})([/.-])(\d{{1,2}})\2(\d{{4}}|(?<=/)\d\d|\d\d(?=\s+\d\d?:\d\d)){_CLOCK}")
ISO_STAMP = re.compile(r"(\d{4}-\d\d-\d\d) (\d{1,2}:\d\d)")
SPACED_STAMP = re.compile(r"(\d{1,2})\. ?(\d{1,2})\. ?(\d{4})\.?((?: .*)?)")
YEAR_FIRST = re.compile(r"(\d{4})(?:\. |/)(\d{1,2})(?:\. |/)(\d{1,2})\.?(?:\s+(\d{1,2})[:.](\d\d)(?:[:.](\d\d))?)?")
DECIMAL_COMMA = re.compile(r"[+-]?\d+,\d+(?:E-\d\d)?")
GROUPED = re.compile(r"[+-]?\d{1,3}(?:([.\s])\d{3})(?:\1\d{3})*,\d+")
FRACTION = re.compile(r"[+-]?\d+\.\d+")
MAY_BE_GROUPED = re.compile(r"[+-]?[1-9]\d{0,2}(?:\.\d{3})+")
NUMBER = re.compile(r"[+-]?\d+(?:[.,]\d+)?(?:E-\d\d)?")
BEGINNING_OF_TIME = re.compile(  # what a time of day is to a spreadsheet
    r"(?:1899-12-30|30([./-])12\1(?:18)?99|12/30/(?:18)?99)[T ](\d{1,2}:\d\d(?::\d\d)?)(?:\.0+)?Z?"
)
DATE_IN_WORDS = re.compile(r"\d{1,2}(?:\. ?|[- ])([^\W\d_]{3,5})\.?|([^\W\d_]{3,5})\.?[- ]\d\d")
ROUNDED = re.compile(r"\d[.,]\d{1,6}E\+\d{2,3}")
TOO_WIDE = re.compile(r"#{4,}")
WITHOUT_HOUR = re.compile(r"\d\d:\d\d[.,]\d")
DURATION = re.compile(
    r"(?:1899-12-31|1900-01-0\d|31([./-])12\1(?:18)?99|0\d[./]01[./]1900|12/31/(?:18)?99|1/\d/1900)[T ].*"
)
FORMULA = re.compile(r"#(?:NAME\?|VALUE!|REF!|DIV/0!|NUM!|WERT!|BEZUG!|NOM ?\?|VALEUR ?!|¿NOMBRE\?|NOMBRE\?)")
YES = "TRUE WAHR VRAI VERO VERDADERO VERDADEIRO WAAR SANT SAND SANN PRAWDA TOSI PRAVDA IGAZ ИСТИНА"
NO = "FALSE FALSCH FAUX FALSO ONWAAR FALSKT FALSK USANN FAŁSZ EPÄTOSI NEPRAVDA HAMIS ЛОЖЬ"
TRUTHS = dict.fromkeys(YES.split(), "true") | dict.fromkeys(NO.split(), "false")


def of_known_form(cell: str) -> str:
    """A date with blanks or a last point, or with the year first, in a form that is known below."""
    if not cell[:1].isdigit() or not 8 <= len(cell) < LONGEST_STAMP:
        return cell
    if found := YEAR_FIRST.fullmatch(cell):
        year, month, day, *clock = found.groups()
        told = ":".join(part.zfill(2) for part in clock if part)
        return f"{year}-{month:0>2}-{day:0>2} {told}".rstrip()
    found = SPACED_STAMP.fullmatch(cell)
    return f"{found[1]}.{found[2]}.{found[3]}{found[4]}" if found else cell


def as_vendor_wrote(
    cell: str, *, delimiter: str, is_day_first: bool, has_local_dates: bool, has_decimal_commas: bool
) -> str:
    """A cell as the vendor wrote it; the cell itself where it needs no change.

    `has_local_dates` and `has_decimal_commas`: the vendor itself writes these, and they are left as they are.
    """
    if cell.isalpha():
        return TRUTHS.get(cell, cell)
    if delimiter != "," and not has_decimal_commas:
        if DECIMAL_COMMA.fullmatch(cell):
            return cell.replace(",", ".")
        if GROUPED.fullmatch(cell):  # 1.234,5 and 1 234,5
            return re.sub(r"[.\s]", "", cell).replace(",", ".")
    if has_local_dates or len(cell) >= LONGEST_STAMP:
        return cell
    cell = of_known_form(cell)
    if iso := ISO_STAMP.fullmatch(cell):
        return f"{iso[1]} {iso[2]:0>5}:00"
    found = BEGINNING_OF_TIME.fullmatch(cell)
    if found:
        return found[2]
    stamp = STAMP.fullmatch(cell)
    return _iso(stamp, is_day_first=is_day_first or stamp[2] == ".") if stamp else cell


def _whole_year(year: int) -> int:
    """A year of four digits; two digits are of 1950 to 2049, as spreadsheets write them."""
    return year if year > 99 else year + (2000 if year < 50 else 1900)


def _iso(stamp: re.Match[str], *, is_day_first: bool) -> str:
    """A date or a time in ISO form; the cell itself where it is no day of the calendar."""
    first, second, year = int(stamp[1]), int(stamp[3]), int(stamp[4])
    day, month = (first, second) if is_day_first else (second, first)
    hour = int(stamp[5] or 0)
    if stamp[8]:
        hour = hour % 12 + 12 * (stamp[8].upper() == "P")
    try:
        wall = datetime(  # noqa: DTZ001 - a wall clock
            _whole_year(year), month, day, hour, int(stamp[6] or 0), int(stamp[7] or 0)
        )
    except ValueError:
        return stamp[0]
    return wall.isoformat(" ") if stamp[5] else wall.date().isoformat()


def is_date_in_words(cell: str) -> bool:
    """Whether a cell is a date without its year, as a spreadsheet writes a number that it took for one."""
    found = DATE_IN_WORDS.fullmatch(cell)
    return found is not None and fold(found[1] or found[2]) in MONTHS


def harm(cell: str) -> str:
    """What a spreadsheet did to a cell that cannot be undone; nothing where it did not."""
    if ROUNDED.fullmatch(cell):
        return say("This file was saved again by a spreadsheet, which rounded a long number to {cell}.", cell=cell)
    if TOO_WIDE.fullmatch(cell):
        return say("This file was saved again by a spreadsheet, which wrote {cell} for what was too wide.", cell=cell)
    if WITHOUT_HOUR.fullmatch(cell):
        return say("This file was saved again by a spreadsheet, which left the hour out of a time: {cell}.", cell=cell)
    if DURATION.fullmatch(cell):
        return say("This file was saved again by a spreadsheet, which made the date {cell} of a duration.", cell=cell)
    if FORMULA.fullmatch(cell):
        return say("This file was saved again by a spreadsheet, which took a text for a formula: {cell}.", cell=cell)
    if is_date_in_words(cell):
        return say("This file was saved again by a spreadsheet, which made the date {cell} of a number.", cell=cell)
    return ""
