"""Tables that people keep: CSV, TSV, XLSX and JSON as rows of cells; `log_cells` says what a cell means.

Everything here is bounded, because any file can lie in an inbox: no more than `MAX_BYTES` of text are read, no line,
row or sheet may be longer than a log can be, and a workbook's XML may declare no entities. Formulas are never
evaluated: what the spreadsheet program last saved is what counts.
"""

import csv
import io
import json
import re
import zipfile
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, BinaryIO, NamedTuple
from xml.etree.ElementTree import ParseError

from recovery.errors import UnreadableExportError
from recovery.formats import signatures
from recovery.formats.entries import Entry
from recovery.formats.log_cells import Cell
from recovery.formats.text_encoding import encoding_by_letters, marked_encoding
from recovery.words.say import say

if TYPE_CHECKING:
    from openpyxl.worksheet.worksheet import Worksheet

MAX_BYTES = 8 << 20  # a line a day with a long note: over a century
MAX_LINE = 65_536  # characters
MAX_ROWS = 100_000
MAX_COLUMNS = 200
MAX_SHEETS = 50
MAX_NOTE_LINES = 20  # physical lines that one quoted cell may span
MAX_WORKBOOK_BYTES = 32 << 20  # packed
MAX_UNPACKED_BYTES = 128 << 20

# What a file that is no table may be, by its first bytes; the sentences say "it is ...".
OTHER_KINDS: Sequence[tuple[bytes, str]] = (
    *signatures.PICTURES.items(),
    (signatures.PDF, "a PDF"),
    (signatures.OLD_OFFICE, say("an old or password-protected Office file")),
    (signatures.ZIP, say("a zip archive")),
    (signatures.GZIP, say("a gzip archive")),
    (signatures.SQLITE, say("an SQLite database")),
)

_WORKBOOK_MARKS = (b"[Content_Types].xml", b"xl/", b"docProps/", b"_rels/")
_CONTROL_BYTES = bytes(byte for byte in (*range(32), 127) if byte not in b"\t\n\r\f")
# Nobody sees them and not all can be stored: controls, halves of a character, marks of order and of direction.
_UNSEEN = re.compile("[\0-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff\u200b\u200e\u200f\u202a-\u202e\u2060\u2066-\u2069\ufeff]")
_DELIMITERS = (",", ";", "\t", "|")


class Row(NamedTuple):
    """One row and where it stands: 'row 7', 'sheet Log row 7', 'item 3'."""

    place: str
    cells: Sequence[Cell]
    stripped: str = ""  # characters left out of it: 'U+0007, U+FEFF'
    is_cut: bool = False  # it ends with the file, without a line end, and is shorter than all others


class Table(NamedTuple):
    """Rows of one sheet, one list or one text read with one delimiter; empty rows are left out."""

    title: str
    rows: Sequence[Row]
    delimiter: str = ""  # of a text


def kind_of(head: bytes) -> str:
    """'text', 'json' or 'workbook' by the first bytes of a file; '' for anything else and for nothing."""
    if head.startswith(signatures.ZIP):
        return "workbook" if any(mark in head for mark in _WORKBOOK_MARKS) else ""
    text = decode_head(head)
    if not text.strip():
        return ""
    return "json" if text.lstrip()[0] in "[{" else "text"


def decode_head(head: bytes) -> str:
    """The beginning of a text in any encoding we read; '' where the bytes are no text."""
    if head[8:12] == signatures.FIT:  # a folder of a watch has thousands, and each reader of texts asks
        return ""
    encoding = marked_encoding(head)
    if encoding:
        return head.decode(encoding, errors="ignore")
    if other_kind(head) or _is_binary(head):
        return ""
    try:
        return head.decode("utf-8")
    except UnicodeDecodeError as error:
        if error.start >= len(head) - 3:  # a character cut by the end of the head
            return head[: error.start].decode("utf-8")
        return head.decode(encoding_by_letters(head), errors="ignore")


def _is_binary(data: bytes) -> bool:
    """True if more than one byte of twenty is a control character: a log has the odd one, pasted from elsewhere."""
    return (len(data) - len(data.translate(None, _CONTROL_BYTES))) * 20 > len(data)


def other_kind(head: bytes) -> str:
    """What a file is that is no table, 'a JPEG picture'; '' where its first bytes do not say."""
    return next((name for magic, name in OTHER_KINDS if head.startswith(magic)), "")


def read_text(entry: Entry, max_bytes: int = MAX_BYTES) -> str:
    """The whole text of a file.

    Raises UnreadableExportError where it is no text or has more than `max_bytes`, of which no more are ever held.
    """
    with entry.open() as stream:
        data = _read_at_most(stream, max_bytes + 1)
    if len(data) > max_bytes:
        raise UnreadableExportError(
            say("{name} has more than {max_bytes} MB, which no log has.", name=entry.name, max_bytes=max_bytes >> 20),
            say("Keep one line per massage or day."),
        )
    encoding = marked_encoding(data[:4096])
    if encoding:
        return data.decode(encoding, errors="replace")
    if _is_binary(data):
        what = other_kind(data[:16]) or say("binary data")
        raise UnreadableExportError(
            say("{name} is {what}, not a table.", name=entry.name, what=what), say("Save the log as CSV or XLSX.")
        )
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError:
        what = other_kind(data[:16])
        if what:
            raise UnreadableExportError(
                say("{name} is {what}, not a table.", name=entry.name, what=what), say("Save the log as CSV or XLSX.")
            ) from None
        return data.decode(encoding_by_letters(data), errors="replace")


def tables(entry: Entry, first_rows: int = MAX_ROWS) -> list[Table]:
    """The tables of a file; of a text one for each delimiter that splits it, so that the caller takes the one it knows.

    Raises UnreadableExportError with what was found instead.
    """
    kind = kind_of(entry.head)
    if kind == "workbook":
        return _workbook_tables(entry, first_rows)
    if kind == "json":
        return _json_tables(entry, first_rows)
    what = other_kind(entry.head)
    if what:
        raise UnreadableExportError(
            say("{name} is {what}, not a table.", name=entry.name, what=what), say("Save the log as CSV or XLSX.")
        )
    return text_tables(read_text(entry), first_rows)


def text_tables(text: str, first_rows: int = MAX_ROWS) -> list[Table]:
    """The rows of a delimited text, once for each delimiter that its first lines hold; rows are counted as a
    spreadsheet counts them, empty ones too."""
    start = "\n".join(text[:MAX_LINE].splitlines()[:20])
    delimiters = [delimiter for delimiter in _DELIMITERS if delimiter in start] or [","]
    is_open = not text.endswith(("\n", "\r"))
    found = [list(_text_rows(text, delimiter, first_rows)) for delimiter in delimiters]
    return [
        Table("", _with_cut_marked(rows) if is_open else rows, delimiter)
        for rows, delimiter in zip(found, delimiters, strict=True)
    ]


def _with_cut_marked(rows: Sequence[Row]) -> Sequence[Row]:
    """The rows of a text that does not end with a line: the last one is marked where the end of the file cut it."""
    if len(rows) < 3 or len(rows[-1].cells) >= min(len(row.cells) for row in rows[:-1]):
        return rows
    return [*rows[:-1], rows[-1]._replace(is_cut=True)]


def text_records(text: str, delimiter: str) -> list[tuple[int, int]]:
    """Where each record of a delimited text stands, the first of which `text_tables` calls row 1.

    Each is the number of its first line, from 0, and its count of lines, parted by any line end.
    """
    lines = re.split(r"\r\n|\n|\r", text)
    records = []
    index = 0
    while index < len(lines):
        _, used = _record(lines, index, delimiter)
        records.append((index, used))
        index += used
    return records


def encoding_of(data: bytes) -> str:
    """The encoding in which text can be added to the end of a file."""
    marked = marked_encoding(data[:4096])
    if marked == "utf-16":
        return "utf-16-le" if data.startswith(b"\xff\xfe") else "utf-16-be"
    if marked:
        return marked.removesuffix("-sig")
    try:
        data.decode("utf-8")
    except UnicodeDecodeError:
        return encoding_by_letters(data)
    return "utf-8"


def row_of(place: str, cells: Sequence[Cell]) -> Row:
    """A row without the characters that nobody sees, and which those were."""
    found = {letter: None for cell in cells if isinstance(cell, str) for letter in _UNSEEN.findall(cell)}
    kept = [_UNSEEN.sub("", cell).strip() if isinstance(cell, str) else cell for cell in cells]
    return Row(place, kept, ", ".join(f"U+{ord(letter):04X}" for letter in found))


def _read_at_most(stream: BinaryIO, limit: int) -> bytes:
    parts: list[bytes] = []
    left = limit
    while left > 0:
        part = stream.read(min(left, 1 << 20))
        if not part:
            break
        parts.append(part)
        left -= len(part)
    return b"".join(parts)


def _text_rows(text: str, delimiter: str, first_rows: int) -> Iterator[Row]:
    lines = re.split(r"\r\n|\n|\r", text)
    number = 0
    index = 0
    while index < len(lines) and number < first_rows:
        record, used = _record(lines, index, delimiter)
        index += used
        number += 1
        if not record.strip(delimiter + ' \t"'):
            continue
        if len(record) > MAX_LINE:
            yield Row(f"row {number}", [f"{record[:40]}... ({len(record):,} characters)"])
            continue
        cells = next(csv.reader([record], delimiter=delimiter), [])
        yield row_of(f"row {number}", cells[:MAX_COLUMNS])
    if index < len(lines) and number >= MAX_ROWS:
        raise UnreadableExportError(say("A table of more than {max_rows:,} rows is no log.", max_rows=MAX_ROWS))


def _record(lines: Sequence[str], index: int, delimiter: str) -> tuple[str, int]:
    """The record that begins at a line, and its count of lines; a quotation mark nobody closes ends with its line."""
    line = lines[index]
    if '"' not in line or not _strictly(line, delimiter).startswith("unexpected end"):
        return line, 1
    joined = line
    for used, following in enumerate(lines[index + 1 : index + MAX_NOTE_LINES], start=2):
        joined = f"{joined}\n{following}"
        if len(joined) > MAX_LINE:
            break
        if '"' in following and not _strictly(joined, delimiter):
            return joined, used
    return line, 1


def _strictly(record: str, delimiter: str) -> str:
    """Why a record is no well-formed line of CSV; '' where it is one."""
    if len(record) > MAX_LINE:
        return say("too long")
    try:
        for _ in csv.reader(io.StringIO(record), delimiter=delimiter, strict=True):
            pass
    except csv.Error as error:
        return str(error)
    return ""


def _json_tables(entry: Entry, first_rows: int) -> list[Table]:
    try:
        content = json.loads(read_text(entry), parse_int=_whole_number)
    except (ValueError, RecursionError):
        raise UnreadableExportError(
            say("{name} is not valid JSON.", name=entry.name), say("Save it again, or use CSV.")
        ) from None
    lists = {"": content} if isinstance(content, list) else content if isinstance(content, dict) else {}
    return [
        Table(title, _json_rows(title, items[: min(first_rows, MAX_ROWS)]))
        for title, items in lists.items()
        if isinstance(items, list) and sum(isinstance(item, dict) for item in items) * 2 > len(items)
    ]


def _json_rows(title: str, items: Sequence[object]) -> list[Row]:
    keys = list(dict.fromkeys(key for item in items if isinstance(item, dict) for key in item))[:MAX_COLUMNS]
    label = f"{title} item" if title else "item"
    rows = [row_of("keys", keys)]
    for number, item in enumerate(items, start=1):
        cells = [_json_cell(item.get(key)) for key in keys] if isinstance(item, dict) else [json.dumps(item)]
        if any(cell not in (None, "") for cell in cells):
            rows.append(row_of(f"{label} {number}", cells))
    return rows


def _whole_number(digits: str) -> int | str:
    """Python refuses to read a number of thousands of digits, and no column has one of thirty."""
    return int(digits) if len(digits) < 30 else digits


def _json_cell(value: object) -> Cell:
    if isinstance(value, list):
        return ", ".join(str(item) for item in value)
    if value is None or isinstance(value, (str, bool, int, float)):
        return value
    return json.dumps(value, ensure_ascii=False)


def _workbook_tables(entry: Entry, first_rows: int) -> list[Table]:
    import openpyxl  # only where there is a workbook
    from openpyxl.utils.exceptions import InvalidFileException

    with entry.open() as stream:
        data = _read_at_most(stream, MAX_WORKBOOK_BYTES + 1)
    if len(data) > MAX_WORKBOOK_BYTES:
        raise UnreadableExportError(
            say(
                "{name} has more than {max_workbook_bytes} MB, which no log has.",
                name=entry.name,
                max_workbook_bytes=MAX_WORKBOOK_BYTES >> 20,
            )
        )
    try:
        _refuse_hostile(entry.name, data)
        book = openpyxl.load_workbook(io.BytesIO(data), read_only=True, data_only=True, keep_links=False)
        try:
            sheets = [sheet for sheet in book.worksheets[:MAX_SHEETS] if hasattr(sheet, "iter_rows")]
            return [Table(sheet.title, list(_sheet_rows(sheet, len(sheets) > 1, first_rows))) for sheet in sheets]
        finally:
            book.close()
    except (
        zipfile.BadZipFile, InvalidFileException, ParseError, KeyError, ValueError, TypeError, AttributeError,
        IndexError, OSError, OverflowError, NotImplementedError, EOFError, RuntimeError,
    ) as error:  # fmt: skip
        # openpyxl raises whatever its parser stumbles over in a damaged workbook; this is the full set we have met.
        if isinstance(error, UnreadableExportError):
            raise
        raise UnreadableExportError(
            say("{name} is a damaged or locked workbook.", name=entry.name),
            say("Open it, save it again without a password, or use CSV."),
        ) from None


def _refuse_hostile(name: str, data: bytes) -> None:
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        members = archive.infolist()
        if len(members) > 2000 or sum(member.file_size for member in members) > MAX_UNPACKED_BYTES:
            raise UnreadableExportError(
                say(
                    "{name} unpacks to more than {max_unpacked_bytes} MB, which no log does.",
                    name=name,
                    max_unpacked_bytes=MAX_UNPACKED_BYTES >> 20,
                )
            )
        for member in members:
            xml = archive.read(member).replace(b"\0", b"")
            if b"<!DOCTYPE" in xml or b"<!ENTITY" in xml:
                raise UnreadableExportError(
                    say("{name} declares XML entities, which no spreadsheet program writes.", name=name)
                )


def _sheet_rows(sheet: "Worksheet", is_named: bool, first_rows: int) -> Iterator[Row]:
    sheet.reset_dimensions()  # what the file says of its own size may be wrong
    label = say("sheet {title} row", title=sheet.title) if is_named else "row"
    rows = sheet.iter_rows(max_row=min(first_rows, MAX_ROWS), max_col=MAX_COLUMNS, values_only=True)
    for number, cells in enumerate(rows, start=1):
        row = row_of(f"{label} {number}", cells)
        kept = list(row.cells)
        while kept and kept[-1] in (None, ""):
            kept.pop()
        if kept:
            yield row._replace(cells=kept)
