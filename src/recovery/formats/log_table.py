"""Tables that people keep: CSV, TSV, XLSX and JSON as rows of cells, and what a cell says as date, time or number.

Everything here is bounded, because any file can lie in an inbox: no more than `MAX_BYTES` of text are read, no line,
row or sheet may be longer than a log can be, and a workbook's XML may declare no entities. Formulas are never
evaluated: what the spreadsheet program last saved is what counts.
"""

import csv
import io
import json
import re
import unicodedata
import zipfile
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import UTC, date, datetime, time, timedelta
from typing import BinaryIO, NamedTuple
from xml.etree.ElementTree import ParseError

import openpyxl
from openpyxl.utils.exceptions import InvalidFileException

from recovery.errors import UnreadableExportError
from recovery.formats.entries import Entry

MAX_BYTES = 8 << 20  # a line a day with a long note: over a century
MAX_LINE = 65_536  # characters
MAX_TOLD = 100  # characters of a date, time or number; patterns are slow on long ones
MAX_ROWS = 100_000
MAX_COLUMNS = 200
MAX_SHEETS = 50
MAX_NOTE_LINES = 20  # physical lines that one quoted cell may span
MAX_WORKBOOK_BYTES = 32 << 20  # packed
MAX_UNPACKED_BYTES = 128 << 20
FIRST_YEAR, LAST_YEAR = 2000, 2099  # as clock.FIRST_UTC and LAST_UTC

Cell = str | float | bool | date | datetime | time | timedelta | None

# What a file that is no table may be, by its first bytes; the sentences say "it is ...".
OTHER_KINDS: Sequence[tuple[bytes, str]] = (
    (b"\xff\xd8\xff", "a JPEG picture"),
    (b"\x89PNG\r\n", "a PNG picture"),
    (b"GIF8", "a GIF picture"),
    (b"%PDF", "a PDF"),
    (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "an old or password-protected Office file"),
    (b"PK\x03\x04", "a zip archive"),
    (b"\x1f\x8b", "a gzip archive"),
    (b"SQLite format 3", "an SQLite database"),
)

_WORKBOOK_MARKS = (b"[Content_Types].xml", b"xl/", b"docProps/", b"_rels/")
_DELIMITERS = (",", ";", "\t", "|")


class Row(NamedTuple):
    """One row and where it stands: 'row 7', 'sheet Log row 7', 'item 3'."""

    place: str
    cells: Sequence[Cell]


class Table(NamedTuple):
    """Rows of one sheet, one list or one text read with one delimiter; empty rows are left out."""

    title: str
    rows: Sequence[Row]
    delimiter: str = ""  # of a text


def fold(text: str) -> str:
    """A heading or word without case, accents, punctuation and what stands in brackets: 'Pain (0-10)' -> 'pain'."""
    text = re.sub(r"[(\[{][^)\]}]*[)\]}]", " ", text)
    plain = unicodedata.normalize("NFKD", text.casefold().replace("ø", "o").replace("æ", "ae"))
    letters = "".join(letter for letter in plain if not unicodedata.combining(letter))
    return " ".join(re.findall(r"[^\W_]+", letters))


def kind_of(head: bytes) -> str:
    """'text', 'json' or 'workbook' by the first bytes of a file; '' for anything else and for nothing."""
    if head.startswith(b"PK\x03\x04"):
        return "workbook" if any(mark in head for mark in _WORKBOOK_MARKS) else ""
    text = decode_head(head)
    if not text.strip():
        return ""
    return "json" if text.lstrip()[0] in "[{" else "text"


def decode_head(head: bytes) -> str:
    """The beginning of a text in any encoding we read; '' where the bytes are no text."""
    encoding = _marked_encoding(head)
    if encoding:
        return head.decode(encoding, errors="ignore")
    if any(byte < 32 and byte not in b"\t\n\r\f" for byte in head) or b"\x7f" in head:
        return ""
    try:
        return head.decode("utf-8")
    except UnicodeDecodeError as error:
        if error.start >= len(head) - 3:  # a character cut by the end of the head
            return head[: error.start].decode("utf-8")
        if any(head.startswith(magic) for magic, _ in OTHER_KINDS):
            return ""
        return head.decode("cp1252", errors="ignore")


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
            f"{entry.name} has more than {max_bytes >> 20} MB, which no log has.", "Keep one line per massage or day."
        )
    encoding = _marked_encoding(data[:4096])
    if encoding:
        return data.decode(encoding, errors="replace")
    if b"\0" in data:
        what = other_kind(data[:16]) or "binary data"
        raise UnreadableExportError(f"{entry.name} is {what}, not a table.", "Save the log as CSV or XLSX.")
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError:
        what = other_kind(data[:16])
        if what:
            raise UnreadableExportError(
                f"{entry.name} is {what}, not a table.", "Save the log as CSV or XLSX."
            ) from None
        return data.decode("cp1252", errors="replace")


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
        raise UnreadableExportError(f"{entry.name} is {what}, not a table.", "Save the log as CSV or XLSX.")
    return text_tables(read_text(entry), first_rows)


def text_tables(text: str, first_rows: int = MAX_ROWS) -> list[Table]:
    """The rows of a delimited text, once for each delimiter that its first lines hold; rows are counted as a
    spreadsheet counts them, empty ones too."""
    start = "\n".join(text[:MAX_LINE].splitlines()[:20])
    delimiters = [delimiter for delimiter in _DELIMITERS if delimiter in start] or [","]
    return [Table("", list(_text_rows(text, delimiter, first_rows)), delimiter) for delimiter in delimiters]


def encoding_of(data: bytes) -> str:
    """The encoding in which text can be added to the end of a file."""
    marked = _marked_encoding(data[:4096])
    if marked == "utf-16":
        return "utf-16-le" if data.startswith(b"\xff\xfe") else "utf-16-be"
    if marked:
        return marked.removesuffix("-sig")
    try:
        data.decode("utf-8")
    except UnicodeDecodeError:
        return "cp1252"
    return "utf-8"


def _marked_encoding(head: bytes) -> str:
    if head.startswith(b"\xef\xbb\xbf"):
        return "utf-8-sig"
    if head.startswith((b"\xff\xfe", b"\xfe\xff")):
        return "utf-16"
    # UTF-16 without its mark: nearly every other byte of a text in Latin letters is zero.
    even, odd = head[0:64:2], head[1:64:2]
    if odd and not even.count(0) and odd.count(0) > 0.8 * len(odd):
        return "utf-16-le"
    if even and not odd.count(0) and even.count(0) > 0.8 * len(even):
        return "utf-16-be"
    return ""


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
        yield Row(f"row {number}", [cell.strip() for cell in cells[:MAX_COLUMNS]])
    if index < len(lines) and number >= MAX_ROWS:
        raise UnreadableExportError(f"A table of more than {MAX_ROWS:,} rows is no log.")


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
        return "too long"
    try:
        for _ in csv.reader(io.StringIO(record), delimiter=delimiter, strict=True):
            pass
    except csv.Error as error:
        return str(error)
    return ""


def _json_tables(entry: Entry, first_rows: int) -> list[Table]:
    try:
        content = json.loads(read_text(entry))
    except (ValueError, RecursionError):
        raise UnreadableExportError(f"{entry.name} is not valid JSON.", "Save it again, or use CSV.") from None
    lists = {"": content} if isinstance(content, list) else content if isinstance(content, dict) else {}
    return [
        Table(title, _json_rows(title, items[: min(first_rows, MAX_ROWS)]))
        for title, items in lists.items()
        if isinstance(items, list) and items and all(isinstance(item, dict) for item in items)
    ]


def _json_rows(title: str, items: Sequence[Mapping[str, object]]) -> list[Row]:
    keys = list(dict.fromkeys(key for item in items for key in item))[:MAX_COLUMNS]
    label = f"{title} item" if title else "item"
    rows = [Row("keys", list(keys))]
    for number, item in enumerate(items, start=1):
        cells = [_json_cell(item.get(key)) for key in keys]
        if any(cell not in (None, "") for cell in cells):
            rows.append(Row(f"{label} {number}", cells))
    return rows


def _json_cell(value: object) -> Cell:
    if isinstance(value, list):
        return ", ".join(str(item) for item in value)
    if value is None or isinstance(value, (str, bool, int, float)):
        return value
    return json.dumps(value, ensure_ascii=False)


def _workbook_tables(entry: Entry, first_rows: int) -> list[Table]:
    with entry.open() as stream:
        data = _read_at_most(stream, MAX_WORKBOOK_BYTES + 1)
    if len(data) > MAX_WORKBOOK_BYTES:
        raise UnreadableExportError(f"{entry.name} has more than {MAX_WORKBOOK_BYTES >> 20} MB, which no log has.")
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
        IndexError, OSError, NotImplementedError, EOFError, RuntimeError,
    ) as error:  # fmt: skip
        # openpyxl raises whatever its parser stumbles over in a damaged workbook; this is the full set we have met.
        if isinstance(error, UnreadableExportError):
            raise
        raise UnreadableExportError(
            f"{entry.name} is a damaged or locked workbook.", "Open it, save it again without a password, or use CSV."
        ) from None


def _refuse_hostile(name: str, data: bytes) -> None:
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        members = archive.infolist()
        if len(members) > 2000 or sum(member.file_size for member in members) > MAX_UNPACKED_BYTES:
            raise UnreadableExportError(
                f"{name} unpacks to more than {MAX_UNPACKED_BYTES >> 20} MB, which no log does."
            )
        for member in members:
            xml = archive.read(member).replace(b"\0", b"")
            if b"<!DOCTYPE" in xml or b"<!ENTITY" in xml:
                raise UnreadableExportError(f"{name} declares XML entities, which no spreadsheet program writes.")


def _sheet_rows(sheet: openpyxl.worksheet.worksheet.Worksheet, is_named: bool, first_rows: int) -> Iterator[Row]:
    sheet.reset_dimensions()  # what the file says of its own size may be wrong
    label = f"sheet {sheet.title} row" if is_named else "row"
    rows = sheet.iter_rows(max_row=min(first_rows, MAX_ROWS), max_col=MAX_COLUMNS, values_only=True)
    for number, cells in enumerate(rows, start=1):
        kept = [cell.strip() if isinstance(cell, str) else cell for cell in cells]
        while kept and kept[-1] in (None, ""):
            kept.pop()
        if kept:
            yield Row(f"{label} {number}", kept)


# --- what a cell says ---------------------------------------------------------------------------------------------


class NotReadableError(ValueError):
    """A cell does not say what its column should; the text is the reason for `rejected`."""


class Moment(NamedTuple):
    """A date of the log's own wall clock, with time and instant where the cell gives them."""

    local_date: date
    clock: time | None = None
    instant_utc: datetime | None = None  # naive UTC; only where the cell gives an offset
    is_utc: bool = False  # the offset is 'Z': an instant, but nobody's wall clock


def shown(cell: Cell) -> str:
    """A cell as text for a message or a text column; '' for an empty one."""
    if cell is None:
        return ""
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    if isinstance(cell, datetime) and cell.time() == time():
        return cell.date().isoformat()
    return str(cell).strip()


_ISO = re.compile(r"(\d{4})([-/.])(\d{1,2})\2(\d{1,2})(?!\d)")
_COMPACT = re.compile(r"(20\d\d)(\d\d)(\d\d)(?=$|T)")
_NUMERIC = re.compile(r"(?<!\d)(\d{1,2})\s?([-/.])\s?(\d{1,2})\s?\2\s?(\d{4}|\d{2})(?!\d)")
_OFFSET = re.compile(r"(?<=\d)\s*(Z|[+-]\d\d:?\d\d)$")
_CLOCK = re.compile(
    r"^(\d{1,2})(?:\s*[:.hH]\s*(\d{2})(?:\s*[:.]\s*(\d{2})(?:[.,]\d+)?)?)?\s*(?:uhr|h|hrs?|o.?clock)?\s*"
    r"(a\.?\s?m\.?|p\.?\s?m\.?)?$",
    re.IGNORECASE,
)
_MONTH_WORDS: Mapping[int, str] = {
    1: "jan january januar janvier janv enero ene gennaio gen januari janeiro",
    2: "feb february februar fevrier fevr fev febrero febbraio februari fevereiro",
    3: "mar march marz maerz mrz mars marzo maart mrt marts marco",
    4: "apr april avril avr abril abr aprile",
    5: "may mai mayo maggio mag mei maj maio",
    6: "jun june juni juin junio giugno giu junho",
    7: "jul july juli juillet juil julio luglio lug julho",
    8: "aug august aout agosto ago augustus",
    9: "sep sept september septembre septiembre settembre set setembro",
    10: "oct october okt oktober octobre octubre ottobre ott outubro out",
    11: "nov november novembre noviembre novembro",
    12: "dec december dez dezember decembre diciembre dic dicembre dezembro",
}
_MONTHS = {word: month for month, words in _MONTH_WORDS.items() for word in words.split()}


def day_first(cells: Iterable[Cell]) -> bool | None:
    """Whether numeric dates of a column are day/month; None where nothing depends on it.

    Raises UnreadableExportError where the column leaves it open, or holds both orders.
    """
    has_day_first = has_month_first = False
    open_example = ""
    for cell in cells:
        is_numeric = isinstance(cell, str) and len(cell) <= MAX_TOLD and not _ISO.match(cell)
        found = _NUMERIC.search(str(cell)) if is_numeric else None
        if not found:
            continue
        first, second = int(found[1]), int(found[3])
        if first > 12 >= second:
            has_day_first = True
        elif second > 12 >= first:
            has_month_first = True
        elif first != second:
            open_example = open_example or found[0]
    if has_day_first and has_month_first:
        raise UnreadableExportError(
            "The dates mix day/month and month/day.", "Write every date as 2026-05-31 and save the file again."
        )
    if open_example and not has_day_first and not has_month_first:
        raise UnreadableExportError(
            f"No date of the file tells whether {open_example} begins with the day or the month.",
            "Write the dates as 2026-05-31 and save the file again.",
        )
    return None if not (has_day_first or has_month_first) else has_day_first


def moment_of(cell: Cell, is_day_first: bool | None) -> Moment:
    """The date a cell gives, with its time where it has one; midnight in a date cell counts as no time.

    Raises NotReadableError.
    """
    if isinstance(cell, datetime):
        if cell.tzinfo is not None:
            return moment_of(cell.isoformat(), is_day_first)
        return _checked(Moment(cell.date(), _no_midnight(_to_minute(cell))))
    if isinstance(cell, date):
        return _checked(Moment(cell))
    if not isinstance(cell, str) or len(cell) > MAX_TOLD:
        raise NotReadableError("is not a date; write it as 2026-05-31")
    text = " ".join(cell.split())
    day, rest = _date_in(text, is_day_first)
    return _checked(_with_clock(day, rest))


def _date_in(text: str, is_day_first: bool | None) -> tuple[date, str]:
    try:
        if found := _ISO.match(text):
            return date(int(found[1]), int(found[3]), int(found[4])), text[found.end() :]
        if found := _COMPACT.match(text):
            return date(int(found[1]), int(found[2]), int(found[3])), text[found.end() :]
        if found := _NUMERIC.search(text):
            if any(character.isdigit() for character in text[: found.start()]):
                raise NotReadableError("is not a date; write it as 2026-05-31")
            first, second, year = int(found[1]), int(found[3]), int(found[4])
            year += 2000 if year < 100 else 0
            # Where the column leaves the order open, day and month are equal in every row.
            day, month = (second, first) if is_day_first is False else (first, second)
            return date(year, month, day), text[found.end() :]
        return _written_date(text)
    except NotReadableError:
        raise
    except ValueError:
        raise NotReadableError("is not a day of the calendar") from None


def _written_date(text: str) -> tuple[date, str]:
    """'Sun, 31 May 2026', '31. Mai 2026', 'May 31, 2026 6:30 pm', '31 de mayo de 2026'."""
    year = re.search(r"(?<!\d)(20\d\d)(?!\d)", text)
    if year:
        before = text[: year.start()]
        months = [_MONTHS[word] for word in fold(before).split() if word in _MONTHS]
        days = re.findall(r"\d+", before)
        if len(months) == 1 and len(days) == 1:
            return date(int(year[1]), months[0], int(days[0])), text[year.end() :]
    raise NotReadableError("is not a date; write it as 2026-05-31")


def _with_clock(day: date, rest: str) -> Moment:
    rest = rest.strip(" ,;Tt-") if not re.match(r"^\s*[+-]\d", rest) else rest
    rest = re.sub(r"^(at|um|a las|alle ore|alle|a|à|om|kl\.?)\s+", "", rest, flags=re.IGNORECASE)
    rest = re.sub(r"^[^\W\d]+\.?$", "", rest)  # a weekday after the date
    if not rest:
        return Moment(day)
    offset = _OFFSET.search(rest)
    clock = clock_of(rest[: offset.start()] if offset else rest)
    if not offset:
        return Moment(day, _no_midnight(clock))
    if offset[1] == "Z":
        return Moment(day, clock, datetime.combine(day, clock), is_utc=True)
    sign = -1 if offset[1][0] == "-" else 1
    digits = offset[1][1:].replace(":", "")
    ahead = sign * timedelta(hours=int(digits[:2]), minutes=int(digits[2:]))
    if abs(ahead) > timedelta(hours=14):
        raise NotReadableError("has an offset that no place on Earth has")
    return Moment(day, clock, datetime.combine(day, clock) - ahead)


def _checked(moment: Moment) -> Moment:
    if not FIRST_YEAR <= moment.local_date.year <= LAST_YEAR:
        raise NotReadableError(f"lies outside {FIRST_YEAR} to {LAST_YEAR}")
    return moment


def _no_midnight(clock: time) -> time | None:
    return None if clock == time() else clock


def _to_minute(cell: datetime | time) -> time:
    """Excel stores times as fractions of a day: 18:30 may come out as 18:29:59.999."""
    whole = datetime(2000, 1, 1, cell.hour, cell.minute, cell.second, cell.microsecond, tzinfo=UTC)
    rounded = whole + timedelta(milliseconds=500)
    if rounded.date() != whole.date():
        rounded = whole
    return rounded.time().replace(microsecond=0)


def clock_of(cell: Cell) -> time:
    """A time of day: '18:30', '18.30', '18h30', '18 Uhr', '6:30 pm', '1830', a time cell. Raises NotReadableError."""
    reason = "is not a time of day; write it as 18:30"
    if isinstance(cell, (datetime, time)):
        return _to_minute(cell)
    if isinstance(cell, (int, float)) and not isinstance(cell, bool):
        if 0 < cell < 1:  # a fraction of a day, as spreadsheets store times
            return (datetime(2000, 1, 1, tzinfo=UTC) + timedelta(seconds=round(cell * 86400))).time()
        cell = shown(cell)
    if not isinstance(cell, str) or len(cell) > MAX_TOLD:
        raise NotReadableError(reason)
    text = cell.strip()
    if re.fullmatch(r"[0-2]\d[0-5]\d", text):
        text = f"{text[:2]}:{text[2:]}"
    found = _CLOCK.match(text)
    if not found or (found[2] is None and found[0].strip().isdigit() and len(found[0]) > 2):
        raise NotReadableError(reason)
    hour, minute, second = int(found[1]), int(found[2] or 0), int(found[3] or 0)
    if found[4]:
        if not 1 <= hour <= 12:
            raise NotReadableError(reason)
        hour = hour % 12 + (12 if found[4][0] in "pP" else 0)
    if hour > 23 or minute > 59 or second > 59:
        raise NotReadableError(reason)
    return time(hour, minute, second)


def is_clock(cell: Cell) -> bool:
    """Whether a cell is a time of day alone."""
    try:
        clock_of(cell)
    except NotReadableError:
        return False
    return not isinstance(cell, datetime)


def number_of(cell: Cell) -> float:
    """A number, with decimal point or comma. Raises NotReadableError."""
    if isinstance(cell, (int, float)) and not isinstance(cell, bool):
        value = float(cell)
        if value != value or value in (float("inf"), float("-inf")):
            raise NotReadableError("is not a number")
        return value
    if not isinstance(cell, str) or not re.fullmatch(r"[+-]?\d{1,9}([.,]\d{1,9})?", cell.strip()):
        raise NotReadableError("is not a number")
    return float(cell.strip().replace(",", "."))


def scale_of(cell: Cell, lowest: float, highest: float) -> float:
    """A number of a scale, '7', '7,5' or '7/10'. Raises NotReadableError where it lies outside."""
    if isinstance(cell, str) and len(cell) > MAX_TOLD:
        raise NotReadableError("is not a number")
    if isinstance(cell, str) and (
        found := re.fullmatch(r"(.+?)\s*(?:/|of|von|sur|de|su|van|af)\s*(\d+)", cell.strip())
    ):
        if float(found[2]) != highest:
            raise NotReadableError(f"is not on the scale from {lowest:g} to {highest:g}")
        cell = found[1]
    return within(number_of(cell), lowest, highest)


def within(value: float, lowest: float, highest: float) -> float:
    """The value itself. Raises NotReadableError where it lies outside."""
    if not lowest <= value <= highest:
        raise NotReadableError(f"is not between {lowest:g} and {highest:g}")
    return value


_HOURS = re.compile(r"(\d+)\s*:\s*([0-5]\d)(?::\d\d)?")
_HOURS_AND_MINUTES = re.compile(
    r"(?:(\d+(?:[.,]\d+)?)\s*(?:h|hrs?|hours?|std|stunden?|heures?|horas?|ore|ora|uur|uren|timer?)\.?)?\s*"
    r"(?:(\d+(?:[.,]\d+)?)\s*(?:m|min|mins|minutes?|minuten|minutos?|minuti|minuto|minutter|')?\.?)?",
    re.IGNORECASE,
)


def minutes_of(cell: Cell) -> float:
    """A duration in minutes: 60, '60 min', '1:00', '1 h 30', a time or duration cell. Raises NotReadableError."""
    if isinstance(cell, timedelta):
        return cell.total_seconds() / 60
    if isinstance(cell, time):
        return cell.hour * 60 + cell.minute + cell.second / 60
    if isinstance(cell, str) and len(cell) <= MAX_TOLD:
        text = cell.strip()
        if found := _HOURS.fullmatch(text):
            return int(found[1]) * 60.0 + int(found[2])
        found = _HOURS_AND_MINUTES.fullmatch(text)
        if found and (found[1] or found[2]):
            hours, minutes = (float((part or "0").replace(",", ".")) for part in found.groups())
            return hours * 60 + minutes
    try:
        return number_of(cell)
    except NotReadableError:
        raise NotReadableError("is not a number of minutes") from None
