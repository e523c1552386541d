"""Dates whose year, month and day stand in columns of their own, also where a row repeats only what changed."""

import re
from collections.abc import Sequence
from typing import NamedTuple

from recovery.formats.log_cells import Cell, fold, shown
from recovery.formats.log_table import Row
from recovery.formats.log_words import MONTHS

_NAMES = {
    "year": "year|jahr|annee|ano|anno|jaar|ar|yyyy",
    "month": "month|monat|mois|mes|mese|maand|maned|mm",
    "day": "day|tag|jour|dia|giorno|dag|dd|day of month",
}
_PARTS = {name: part for part, names in _NAMES.items() for name in names.split("|")}
_BEFORE = re.compile(r"^(?:start|begin|from|date|datum|fecha|data|entry)\s?(?=\w)|(?<=\w)\s?(?:start|begin|date)$")
MAX_DAYS_BACK = 7  # a row somewhat out of order; further back a new month was not written


class DateParts(NamedTuple):
    """Where year, month and day stand in a row."""

    year: int
    month: int
    day: int


class Dated(NamedTuple):
    """Rows with a date as one more cell, and how many took the year or the month of the row above."""

    rows: list[Row]
    carried_count: int


def date_parts(names: Sequence[str]) -> DateParts | None:
    """The columns of year, month and day, as `year, month, day` or `startyear, startmonth, startday`; else None."""
    found: dict[str, int] = {}
    for position, name in enumerate(names):
        plain = fold(name)
        part = _PARTS.get(plain) or _PARTS.get(_BEFORE.sub("", plain))
        if part and part not in found:
            found[part] = position
    return DateParts(**found) if len(found) == len(_NAMES) else None


class DatesBelow:
    """Dates row by row, where a blank year, month or day is that of the row above.

    It stays blank where the date would lie more than a week before that of the row above, since a month or a year was
    left out there, and below a row that cannot be read, until a row writes what is in doubt.
    """

    def __init__(self, *, is_day_carried: bool = False) -> None:
        self.is_day_carried = is_day_carried
        self.carried_count = 0
        self._above: tuple[int, int, int] | None = None
        self._in_doubt: set[int] = set()  # 0 year, 1 month, 2 day

    def text(self, year: Cell, month: Cell, day: Cell) -> str:
        """The date of the next row in ISO form; as it stands where it is none, '' where all is blank."""
        written = [_number(cell, name) for cell, name in zip((year, month, day), DateParts._fields, strict=True)]
        told = {part for part, text in enumerate(written) if text}
        self._in_doubt -= told
        is_carried = len(told) < len(written) and (2 in told or self.is_day_carried) and bool(self._above)
        whole: Sequence[str] = written
        if is_carried and self._above and not self._in_doubt:
            whole = _completed(written, self._above)
        if all(_is_number(part) for part in whole):
            self._above = (int(whole[0]), int(whole[1]), int(whole[2]))
            self.carried_count += is_carried
            return "{:04}-{:02}-{:02}".format(*self._above)
        if told and not all(_is_number(written[part]) for part in told):
            self._in_doubt |= told  # what is no number may have been another year, month or day
        elif is_carried and not self._in_doubt:
            self._in_doubt |= {1} if 1 not in told else {0}
        return " ".join(filter(None, map(shown, (year, month, day))))

    def lose_row(self) -> None:
        """A row between could not be read, and may have told another month and day: the rows below must tell theirs."""
        self._in_doubt |= {1, 2}


def with_dates(rows: Sequence[Row], parts: DateParts, width: int) -> Dated:
    """The rows with their date in the cell `width`: ISO, or as it stands where it is no date."""
    dates = DatesBelow()
    dated: list[Row] = []
    for row in rows:
        cells = [*row.cells[:width], *[None] * (width - len(row.cells))]
        text = dates.text(cells[parts.year], cells[parts.month], cells[parts.day])
        dated.append(row._replace(cells=[*cells, text or None]))
    return Dated(dated, dates.carried_count)


def _completed(written: Sequence[str], above: tuple[int, int, int]) -> Sequence[str]:
    """Year, month and day with those of the row above where they are blank; as written where that is not safe."""
    whole = [own or str(before) for own, before in zip(written, above, strict=True)]
    if not all(_is_number(part) for part in whole):
        return written
    year, month, day = map(int, whole)
    days_back = (above[0] - year) * 366 + (above[1] - month) * 31 + above[2] - day
    is_other_month = (year, month) != above[:2]
    is_partly = (bool(written[0]) and not written[1]) or (bool(written[1]) and not written[2])
    return written if days_back > MAX_DAYS_BACK or (is_other_month and is_partly) else whole


def _number(cell: Cell, part: str) -> str:
    """A part of a date as digits, '' where it is blank, else as it stands."""
    text = shown(cell)
    if part == "month" and fold(text) in MONTHS:
        return str(MONTHS[fold(text)])
    if found := re.fullmatch(r"([0-9]{1,9})(\.0*)?", text):
        digits = str(int(found[1]))
        return f"20{digits.zfill(2)}" if part == "year" and len(digits) < 3 else digits
    return text


def _is_number(text: str) -> bool:
    return re.fullmatch(r"[0-9]{1,9}", text) is not None
