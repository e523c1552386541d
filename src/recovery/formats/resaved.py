"""A table that a spreadsheet opened and saved again, with its bytes as the vendor wrote them, for all readers alike.

A vendor's CSV says `2026-03-02 23:10:00` and `14.5`. Saved again it says `02/03/2026 23:10` and `14,5`, with semicolons
or tabs between the cells, in an encoding of the country, below a line `sep=;`, with empty cells at the end of each row.
`as_exported` looks at the first bytes of an entry only; most files are none of this and are passed on as they are.

- Which of day and month comes first, all dates of the file decide together. With points the day comes first. Blanks
  behind the points (`4. 5. 2026`), a last point, and the year first (`2026. 05. 04.`, `2026/5/4`) are of some
  countries.
- What a spreadsheet destroys cannot be read back: numbers that became dates (14.5 as `14. May`) or were rounded
  (1792877400000 as `1.79288E+12`), times of which only minutes and seconds were kept, cells of `####`. Then the whole
  file is refused, with what to do.
- Times without seconds are read to the minute, which the receipt says; the file is refused where rows cannot be told
  apart without the seconds.
- `5.001` between semicolons is five thousand or five: the file is refused, unless another of its numbers has a
  point that can only be of a fraction.
- Bytes of zero in a text, as programs leave them whose copy broke off, are left out, which the receipt says.
"""

import csv
import io
import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from functools import lru_cache, partial
from typing import BinaryIO, NamedTuple

from recovery.errors import UnreadableExportError
from recovery.formats.entries import HEAD_BYTES, Entry
from recovery.formats.export_table import delimiter_of
from recovery.formats.log_cells import day_first
from recovery.formats.resaved_cells import (
    DECIMAL_COMMA,
    DURATION,
    FRACTION,
    GROUPED,
    ISO_STAMP,
    LONGEST_STAMP,
    MAY_BE_GROUPED,
    NUMBER,
    STAMP,
    as_vendor_wrote,
    harm,
    is_date_in_words,
    of_known_form,
)
from recovery.formats.text_encoding import encoding_by_letters, marked_encoding
from recovery.words.say import say

ENDS = (".csv", ".txt", ".tsv", ".tab")
MAX_ROWS = 1 << 20  # of a sheet; what stood below was cut off
MAX_BYTES = 400_000_000  # of a sheet full of long rows
MAX_CELL = 1 << 17
LOOKED_AT = 1500  # characters below the headings: some rows tell who wrote them
PEEK_BYTES = 1 << 16  # where the headings alone are longer than a head
MAX_KNOWN_STAMPS = 5000
REMEDY = say(
    "Put the file into the inbox as the app or the website exported it, without opening and saving it in between."
)
READ_BACK = say("a spreadsheet saved this file again; its dates and numbers were read back")
TO_THE_MINUTE = say("the spreadsheet cut its times to whole minutes: put the original export in to have the seconds")
ZEROS = say("it holds bytes of zero, which were left out: where rows are missing, download or copy it again")
CUT_OFF = say("it holds as many rows as a spreadsheet takes, and what stood below is lost: put the original export in")

# A cell that no vendor writes so, at the start of a line or behind a separator: dates of a country, rounded numbers.
_SIGN = re.compile(
    r'(?:^|[,;\t"])(?:'
    r"(?:\d{1,2}([/.])\d{1,2}\1(?:\d{4}|(?<=/)\d\d|\d\d(?= \d\d?:\d\d))"
    r"|\d{4}(?:/\d{1,2}/\d{1,2}|\. \d{1,2}\. \d{1,2}\.?))(?: \d{1,2}[:.]\d\d(?:[:.]\d\d)?(?: ?[AP]M)?)?"
    r"|\d[.,]\d{1,6}E\+\d{2,3}|1899-12-3[01][T ][^,;\t\"]*|#{4,}|\d\d:\d\d\.\d)"
    r'(?=[,;\t"\r\n]|$)',
    re.MULTILINE | re.IGNORECASE,
)
_COMMA_SIGN = re.compile(r'[;\t"][+-]?\d+,\d+(?=[;\t"\r\n]|$)', re.MULTILINE)
_WRAPPED = re.compile(r'"[^"\n]*,[^\n]*""[^\n]*"[;\t]*|"[^"\n]*,[^"\n]*,[^"\n]*"[;\t]*', re.MULTILINE)
_LINE_END = re.compile(r"\r\n?|\n")
_QUOTED = re.compile(r'"[^"]*"?')  # a cell may hold line breaks of its own
OF_NO_TEXT = re.compile(rb"[\x01-\x08\x0e-\x1a\x1c-\x1f]")
NO_DELIMITER = "\x1f"  # stands in no file
_SEPARATOR_LINE = re.compile(r'"?sep=(.)"?[,;\t]*\r?\n?', re.IGNORECASE)


class TableForm(NamedTuple):
    """How a vendor itself writes its tables, where that is not with commas, ISO dates and decimal points."""

    has_local_dates: bool = False  # dates of a country: they are left as they are, and are no sign
    has_semicolons: bool = False  # between the cells
    has_decimal_commas: bool = False  # at least in some countries; they are left as they are


VENDORS = TableForm()


@dataclass(frozen=True)
class Signs:
    """What the first bytes of a file show of the spreadsheet that saved it."""

    encoding: str
    delimiter: str
    is_separator_told: bool  # by a line `sep=;`
    is_wrapped: bool = False  # whole rows stand in the first column, since the spreadsheet expected semicolons
    has_zeros: bool = False  # bytes of zero in a text
    is_resaved: bool = True  # False where bytes of zero are all that is to be mended


@dataclass
class Restored:
    """What became known of one file while its rows were read back."""

    signs: Signs
    is_day_first: bool = True
    is_cut_to_minutes: bool = False
    row_count: int = 0
    decimal_comma: str = ""  # a number with one
    point: str = ""  # a number with a point and three digits behind it
    has_fraction: bool = False  # a number whose point can only be of a fraction
    stamps: dict[str, None] = field(default_factory=dict)  # one date for each pair of day and month

    @property
    def message(self) -> str:
        """What the receipt says beside what the reader says."""
        parts = [READ_BACK] if self.row_count and self.signs.is_resaved else []
        if self.row_count and self.signs.has_zeros:
            parts.append(ZEROS)
        if self.is_cut_to_minutes:
            parts.append(TO_THE_MINUTE)
        if self.row_count >= MAX_ROWS:
            parts.append(CUT_OFF)
        return "; ".join(parts)


def as_exported(entry: Entry, form: TableForm = VENDORS) -> Entry:
    """The entry itself, or one with the bytes that the vendor wrote, where a spreadsheet saved the file again.

    To open the entry raises UnreadableExportError where the spreadsheet destroyed something, or the dates tell no
    order.
    """
    signs = _signs(entry, form)
    if signs is None:
        return entry
    head = _restored_head(entry, signs, form)
    opener = partial(_open, entry, signs, form, Restored(signs))
    return replace(entry, opener=opener, known_head=head)


def message_of(shown: Entry) -> str:
    """What is to be said of a file that was read back, once it was opened."""
    opener = shown.opener
    return opener.args[3].message if isinstance(opener, partial) and opener.func is _open else ""


def _signs(entry: Entry, form: TableForm) -> Signs | None:
    """What shows that a spreadsheet saved a file; None where nothing does."""
    if not entry.name.lower().endswith(ENDS):
        return None
    head = entry.head
    if not head or head[:1] in b"{[<":
        return None
    marks = _marks(head)
    if marks is not None and marks.is_cut:
        with entry.open() as stream:
            marks = _marks(stream.read(PEEK_BYTES))
    if marks is None:
        return None
    signs = marks.signs
    has_separators = signs.delimiter in ";\t" and not form.has_semicolons
    has_cells = not form.has_local_dates and marks.has_cells
    is_told = signs.is_separator_told and signs.delimiter != ","
    is_resaved = has_separators or has_cells or is_told or signs.is_wrapped or marks.is_of_country
    return replace(signs, is_resaved=is_resaved) if is_resaved or signs.has_zeros else None


class Marks(NamedTuple):
    """What the first bytes of a file show, whoever wrote it."""

    signs: Signs
    is_of_country: bool  # its encoding
    has_cells: bool  # that no vendor writes so, unless it writes dates of a country
    is_cut: bool  # within its headings


@lru_cache(maxsize=4)  # each form of a table asks in turn
def _marks(head: bytes) -> Marks | None:
    """What the first bytes of a file show; None where they are no text."""
    encoding = marked_encoding(head)
    is_of_country = encoding.startswith("utf-16")
    has_zeros = not encoding and b"\0" in head
    if has_zeros:
        zero_count, head = head.count(0), head.replace(b"\0", b"")
        if zero_count * 10 > len(head) or OF_NO_TEXT.search(head):
            return None
    if not encoding:
        encoding, is_of_country = _encoding_of(head)
    text = head.decode(encoding, "replace").lstrip("\ufeff")
    if "\r" in text and (end := _LINE_END.search(_QUOTED.sub("", text))) and end[0] == "\r":
        text, is_of_country = _with_our_line_ends(text), True  # lines as old Macs end them
    told = _SEPARATOR_LINE.match(text)
    first, newline, rows = text[told.end() if told else 0 :].lstrip("\r\n").partition("\n")
    rows = rows if len(rows) < LOOKED_AT else rows[: rows.rfind("\n", 0, LOOKED_AT) + 1] or rows
    # a title above the headings may be one cell
    headings = first if any(sign in first for sign in ",;\t") else rows.partition("\n")[0]
    delimiter = told[1] if told else delimiter_of(headings)
    has_cells = bool(
        _SIGN.search(rows)
        or (delimiter in ";\t" and _COMMA_SIGN.search(rows))
        or (delimiter in ";\t" and _is_destroyed(rows, delimiter))
    )
    is_cut = len(head) == HEAD_BYTES and not (newline and "\n" in rows)
    is_wrapped = '"' in text and _WRAPPED.search(f"{first}\n{rows}") is not None and _is_wrapped(first, rows)
    signs = Signs(encoding, "," if is_wrapped else delimiter, bool(told), is_wrapped, has_zeros)
    return Marks(signs, is_of_country, has_cells, is_cut)


def _is_wrapped(first: str, rows: str) -> bool:
    """Whether the headings, or a row below several headings, are one cell with commas in it."""
    try:
        headings = next(csv.reader([first]), [])
        cells = [
            next(csv.reader([line]), []) for line in rows.split("\n")[:20] if _WRAPPED.fullmatch(line.rstrip("\r"))
        ]
    except csv.Error:
        return False
    if len(headings) == 1:
        return headings[0].count(",") > 1
    return len(headings) > 2 and any(len(row) == 1 and row[0].count(",") >= len(headings) - 1 for row in cells)


def _is_destroyed(rows: str, delimiter: str) -> bool:
    """Whether a column of numbers holds dates in words, as `14. May` for 14.5."""
    return any(is_date_in_words(cell) for line in rows.split("\n")[:20] for cell in line.rstrip("\r").split(delimiter))


def _encoding_of(head: bytes) -> tuple[str, bool]:
    """The encoding of a text without a mark, and whether it is another than UTF-8."""
    try:
        head.decode("utf-8")
    except UnicodeDecodeError as error:
        if error.start < len(head) - 3:
            return encoding_by_letters(head), True
    return "utf-8", False


def _restored_head(entry: Entry, signs: Signs, form: TableForm) -> bytes:
    """The first lines as the vendor wrote them; only the order of day and month is not known of them yet."""
    size = HEAD_BYTES * (2 if signs.encoding.startswith("utf-16") else 1)
    with entry.open() as stream:
        head = stream.read(size)
    whole = len(head) < size
    cut = head if whole else head[: max(head.rfind(b"\n"), head.rfind(b"\r")) + 1] or head
    if signs.encoding.startswith("utf-16") and len(cut) % 2:
        cut = head[: len(head) - len(head) % 2]
    text = io.StringIO(cut.decode(signs.encoding, "replace").lstrip("\ufeff"), newline="")
    try:
        rows = list(_rows(text, signs))
    except csv.Error:
        return head
    return _written(_widened(rows), _mended(signs, form, is_day_first=True))[:HEAD_BYTES]


def _open(entry: Entry, signs: Signs, form: TableForm, found: Restored) -> BinaryIO:
    """The restored bytes."""
    if entry.size > MAX_BYTES:
        raise UnreadableExportError(say("This file was saved again by a spreadsheet and is too large."), REMEDY)
    _look_through(entry, signs, form, found)
    cell = _mended(signs, form, is_day_first=found.is_day_first)
    with _text(entry, signs) as text:
        return io.BytesIO(_written(_widened(_rows(text, signs)), cell))


def _mended(signs: Signs, form: TableForm, *, is_day_first: bool) -> Callable[[str], str]:
    """What makes a cell as the vendor wrote it."""
    return partial(
        as_vendor_wrote,
        delimiter=signs.delimiter,
        is_day_first=is_day_first,
        has_local_dates=form.has_local_dates,
        has_decimal_commas=form.has_decimal_commas,
    )


def _text(entry: Entry, signs: Signs) -> io.TextIOWrapper:
    return io.TextIOWrapper(entry.open(), signs.encoding, errors="replace", newline="")


def _rows(text: "io.TextIOWrapper | io.StringIO", signs: Signs) -> Iterator[list[str]]:
    """The rows below the line of the separator, where there is one. Raises csv.Error."""
    csv.field_size_limit(MAX_CELL)
    if signs.is_separator_told:
        text.readline()
    lines: Iterable[str] = (line.replace("\0", "") for line in text) if signs.has_zeros else text
    if signs.is_wrapped:
        lines = (cells[0] if cells else "" for cells in csv.reader(lines, delimiter=NO_DELIMITER))
    reader = csv.reader(lines, delimiter=signs.delimiter)
    for cells in reader:
        if cells and cells[0].startswith("\ufeff"):
            cells[0] = cells[0].lstrip("\ufeff")
        yield [_with_our_line_ends(cell.strip()) for cell in cells]


def _with_our_line_ends(text: str) -> str:
    return text.replace("\r\n", "\n").replace("\r", "\n") if "\r" in text else text


def _look_through(entry: Entry, signs: Signs, form: TableForm, found: Restored) -> None:
    """Finds what must be known of a whole file before its first row is written anew. Raises UnreadableExportError."""
    if found.row_count:
        return  # it was opened before
    last: tuple[str, ...] = ()
    try:
        with _text(entry, signs) as text:
            for cells in _rows(text, signs):
                found.row_count += 1
                if not form.has_local_dates:
                    last = _noted(cells, found, last)
    except csv.Error:
        raise UnreadableExportError(
            say("This file was saved again by a spreadsheet, and its rows cannot be told apart."), REMEDY
        ) from None
    is_doubtful = found.decimal_comma or (signs.delimiter in ";\t" and not found.has_fraction)
    if found.point and is_doubtful and not form.has_decimal_commas:
        raise UnreadableExportError(
            say(
                "This file was saved again by a spreadsheet: {point} may be more than a thousand or a fraction.",
                point=found.point,
            ),
            REMEDY,
        )
    try:
        found.is_day_first = day_first(found.stamps) is not False
    except UnreadableExportError as error:
        raise UnreadableExportError(
            say("This file was saved again by a spreadsheet. {reason}", reason=error.message), REMEDY
        ) from None


def _noted(cells: Sequence[str], found: Restored, last: tuple[str, ...]) -> tuple[str, ...]:
    """Keeps the dates of a row; gives its cells that are no number, by which the next row is told apart from it.

    Raises UnreadableExportError where a cell was destroyed, or rows cannot be told apart.
    """
    is_clocked = False
    cells = [of_known_form(cell) for cell in cells]
    for cell in cells:
        if not cell or cell.isalpha():
            continue
        stamp = STAMP.fullmatch(cell)
        if stamp and not DURATION.fullmatch(cell):
            is_clocked = is_clocked or (stamp[5] is not None and stamp[6] is not None and stamp[7] is None)
            if stamp[2] != "." and len(found.stamps) < MAX_KNOWN_STAMPS:
                found.stamps.setdefault(f"{stamp[1]}/{stamp[3]}/{stamp[4]}")
            continue
        if not found.decimal_comma and (DECIMAL_COMMA.fullmatch(cell) or GROUPED.fullmatch(cell)):
            found.decimal_comma = cell
        if MAY_BE_GROUPED.fullmatch(cell):
            found.point = found.point or cell
        elif not found.has_fraction and FRACTION.fullmatch(cell):
            found.has_fraction = True
        if ISO_STAMP.fullmatch(cell):
            is_clocked = True
        elif len(cell) < LONGEST_STAMP and (reason := harm(cell)):
            raise UnreadableExportError(reason, REMEDY)
    if not is_clocked:
        return ()
    found.is_cut_to_minutes = True
    key = tuple(cell for cell in cells if not NUMBER.fullmatch(cell))
    if key == last and len(key) < len([cell for cell in cells if cell]):
        raise UnreadableExportError(
            say(
                "This file was saved again by a spreadsheet, which cut the seconds off its times: several rows have"
                " the time {cell}.",
                cell=next(cell for cell in cells if STAMP.fullmatch(cell) or ISO_STAMP.fullmatch(cell)),
            ),
            REMEDY,
        )
    return key


def _widened(rows: "Iterator[list[str]] | Sequence[list[str]]") -> Iterator[list[str]]:
    """Rows with the empty cells that a spreadsheet leaves out or adds at their ends, as the headings have them."""
    first: list[list[str]] = []
    source = iter(rows)
    for cells in source:
        first.append(cells)
        if len(first) == 3:
            break
    width = max((_filled(cells) for cells in first), default=0)

    def fitting(cells: list[str]) -> list[str]:
        filled = _filled(cells)
        if not filled:
            return []
        return cells[: max(width, filled)] + [""] * (width - len(cells))

    yield from map(fitting, first)
    yield from map(fitting, source)


def _filled(cells: Sequence[str]) -> int:
    """How many cells stand before the empty ones at the end."""
    return next((place for place in range(len(cells), 0, -1) if cells[place - 1]), 0)


def _written(rows: Iterator[list[str]], cell: Callable[[str], str]) -> bytes:
    text = io.StringIO(newline="")
    writer = csv.writer(text, lineterminator="\n")
    for cells in rows:
        writer.writerow([cell(value) if value else value for value in cells])
    return text.getvalue().encode()
