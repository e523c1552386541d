"""The lines of a person's massages.csv and diary.csv: listed, changed one at a time, removed.

All else of the file stays as it is to the byte: other rows, other cells, comments, line ends, encoding. What the file
said before is kept below `.recovery/`, for its owner alone.
"""

import codecs
import csv
import re
from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from pathlib import Path
from typing import NamedTuple, cast

from recovery.actions.log import (
    FIELDS,
    LogLineError,
    Told,
    cells_for,
    checked,
    content_of,
    digest_of,
    encoded,
    log_in,
    log_path,
    meaning_of,
    on_log_scale,
    on_our_scales,
    others_like,
    row_text,
    rows_told,
    write_log,
    writing,
)
from recovery.actions.log_words import LogWordError, day_told
from recovery.errors import RecoveryError
from recovery.formats.log_cells import NotReadableError, clock_of, shown
from recovery.formats.log_sheet import Sheet, cell_of
from recovery.formats.log_table import Row, Table, encoding_of, text_records
from recovery.formats.log_years import order_of_dates, with_years
from recovery.home.clock import now_utc, today
from recovery.home.disk import open_private, private_folder
from recovery.home.settings import OWNER, Settings
from recovery.words.say import say

KEPT_VERSIONS = 50  # of each log
_ENDS = re.compile(r"(\r\n|\n|\r)")
_MARKS = (codecs.BOM_UTF8, codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)


class LogEntry(NamedTuple):
    """One line of a log: its number from 1, where it stands, its cells by column, and what the next run reads of it."""

    number: int
    place: str
    cells: Mapping[str, str]
    record: Mapping[str, object] | None
    problem: str  # what cannot be read; '' where all can


class LogBook(NamedTuple):
    """A person's log as it was read: its lines in the order of the file, and the digest of its bytes."""

    path: Path
    kind: str
    entries: tuple[LogEntry, ...]
    digest: str


class Change(NamedTuple):
    """What a line was and is, where the former file is kept, and other lines that may tell the same."""

    path: Path
    before: LogEntry
    after: LogEntry | None  # None = removed
    kept: Path
    digest: str  # of the log as it is now
    alike: tuple[LogEntry, ...] = ()


class _Open(NamedTuple):
    """A log with all that is needed to write it back."""

    path: Path
    content: bytes
    table: Table
    sheet: Sheet
    told: Sequence[Told]  # of the rows that are lines of the log


def entries(settings: Settings, subject: str = OWNER, kind: str = "massages") -> LogBook:
    """The lines of a person's log, 'massages' or 'diary'; none where there is no log yet.

    Raises LogLineError where it cannot be read or is no log, UnreadableExportError where a diary's dates are open to
    doubt.
    """
    path = log_path(settings, subject, kind)
    content = content_of(path)
    if not content.strip():
        return LogBook(path, kind, (), digest_of(content))
    log = _opened(settings, subject, kind, path, content)
    return LogBook(path, kind, tuple(_entry(log, number) for number in range(1, len(log.told) + 1)), digest_of(content))


def entry_named(book: LogBook, words: Sequence[str], settings: Settings) -> LogEntry:
    """The line that is meant by its number, or by its date and, where a date has several, its start.

    Raises LogLineError where there is none or more than one.
    """
    first, rest = words[0], words[1:]
    if re.fullmatch(r"#?[0-9]+", first) and not rest and len(first) < 8:
        number = int(first.lstrip("#"))
        if not 1 <= number <= len(book.entries):
            raise LogLineError(
                say("{name} has no line {number}.", name=book.path.name, number=number), say("See recovery log list.")
            )
        return book.entries[number - 1]
    at_start = _on_day(book, " ".join(words[:-1]), settings, start=words[-1]) if rest else []
    found = at_start or _on_day(book, " ".join(words), settings)
    if len(found) != 1:
        numbers = ", ".join(str(entry.number) for entry in found)
        several = say("{name} has several lines of that day: {numbers}.", name=book.path.name, numbers=numbers)
        none = say("{name} has no line of {words}.", name=book.path.name, words=" ".join(words))
        raise LogLineError(several if found else none, say("Name its number: see recovery log list."))
    return found[0]


def edit(
    settings: Settings,
    number: int,
    fields: Mapping[str, object],
    seen: str,
    subject: str = OWNER,
    kind: str = "massages",
) -> Change:
    """Writes some columns of one line anew; None empties a column. `seen` is the digest of the log that was looked at.

    Raises LogLineError where the log was changed since, the line is not there, a field is unknown, off its scale or
    without a column, or the line would tell nothing; the log is then as it was.
    """
    with writing(settings):
        log = _current(settings, subject, kind, number, seen)
        cells = cells_for(fields, log.sheet, log.path, kind)
        if cells.get("date") == "":
            raise LogLineError(say("A line needs its date."), say("To take it away: recovery log remove."))
        before = _entry(log, number)
        row = log.told[number - 1].row
        order = order_of_dates(log.sheet)
        dated, _ = with_years(on_our_scales(log.sheet, log.path), order)
        whole = next(each for each in dated.rows if each.place == row.place)
        changed = _with(whole, cells, log.sheet)
        record = checked(changed, log.sheet, None if "date" in cells else order, meaning_of(settings, subject, kind))
        others = [told for told in log.told if told.row.place != row.place]
        alike = others_like(record, kind, others)
        if kind == "diary" and alike and "date" in cells:
            raise LogLineError(
                say(
                    "{name} has a line for {day} already ({place}).",
                    name=log.path.name,
                    day=record["local_date"],
                    place=alike[0].row.place,
                ),
                say("Change that one."),
            )
        written = {name: on_log_scale(name, text, log.sheet) for name, text in cells.items()}
        kept, digest = _replace(settings, subject, log, row, written)
        numbers = {told.row.place: position for position, told in enumerate(log.told, 1)}
        after = before._replace(cells={**before.cells, **cells}, record=record, problem="")
        return Change(
            log.path, before, after, kept, digest, tuple(_entry(log, numbers[told.row.place]) for told in alike)
        )


def remove(settings: Settings, number: int, seen: str, subject: str = OWNER, kind: str = "massages") -> Change:
    """Takes one line out of a log. `seen` is the digest of the log that was looked at.

    Raises LogLineError where the log was changed since, or the line is not there; the log is then as it was.
    """
    with writing(settings):
        log = _current(settings, subject, kind, number, seen)
        kept, digest = _replace(settings, subject, log, log.told[number - 1].row, None)
        return Change(log.path, _entry(log, number), None, kept, digest)


def put_back(settings: Settings, kept: Path, seen: str, subject: str = OWNER, kind: str = "massages") -> None:
    """Puts a log back as it was before a change. `seen` is the digest that the change left.

    Raises LogLineError where the log was changed since, or the former file is no longer kept.
    """
    with writing(settings):
        path = log_path(settings, subject, kind)
        content = _seen(path, seen)
        former = content_of(kept)
        if not former:
            raise LogLineError(say("The former {name} is no longer kept.", name=path.name))
        keep_version(settings, subject, path, content)
        write_log(path, former)


def add_columns(settings: Settings, subject: str, kind: str, columns: Collection[str]) -> None:
    """Adds columns that a log made by an earlier `recovery init` lacks; the files of others stay as they are."""
    with writing(settings):
        path = log_path(settings, subject, kind)
        content = content_of(path)
        if not content.strip():
            return
        table, sheet = log_in(path, content)
        missing = [column for column in FIELDS[kind] if column in columns and column not in sheet.columns]
        header = table.rows[len(table.rows) - len(sheet.rows) - 1]
        pieces, mark, encoding = _pieces(path, content)
        index, count = text_records(_text_of(pieces), table.delimiter)[int(header.place.removeprefix("row ")) - 1]
        if not missing or count != 1 or not set(sheet.names) <= set(FIELDS[kind]):
            return
        pieces[2 * index] = table.delimiter.join([pieces[2 * index], *missing])
        keep_version(settings, subject, path, content)
        write_log(path, mark + encoded(_text_of(pieces), encoding, path))


def _opened(settings: Settings, subject: str, kind: str, path: Path, content: bytes) -> _Open:
    table, sheet = log_in(path, content)
    told = [
        each
        for each in rows_told(on_our_scales(sheet, path), meaning_of(settings, subject, kind))
        if any(cell_of(each.row, sheet, column) is not None for column in sheet.columns)
        and not shown(each.row.cells[0]).startswith("#")
    ]
    written = {row.place: row for row in sheet.rows}
    told = [each._replace(row=written[each.row.place]) for each in told]
    return _Open(path, content, table, sheet, told)


def _current(settings: Settings, subject: str, kind: str, number: int, seen: str) -> _Open:
    """The log as it is now, where that is what was looked at and has such a line."""
    path = log_path(settings, subject, kind)
    content = _seen(path, seen)
    log = _opened(settings, subject, kind, path, content)
    if not 1 <= number <= len(log.told):
        raise LogLineError(say("{name} has no line {number}.", name=path.name, number=number))
    return log


def _seen(path: Path, seen: str) -> bytes:
    """The content of a log, where that is what was looked at."""
    content = content_of(path)
    if digest_of(content) != seen:
        raise LogLineError(
            say("{name} was changed since it was looked at.", name=path.name), say("Look again, then change it.")
        )
    return content


def _entry(log: _Open, number: int) -> LogEntry:
    told = log.told[number - 1]
    cells = {column: shown(cell_of(told.row, log.sheet, column)) for column in log.sheet.columns}
    return LogEntry(
        number, told.row.place, {name: text for name, text in cells.items() if text}, told.record, told.problem
    )


def _on_day(book: LogBook, text: str, settings: Settings, start: str = "") -> list[LogEntry]:
    """The lines of a date, and of a start; [] where the text is none."""
    try:
        day = day_told(text, today(settings.home_time_zone))
        clock = clock_of(start) if start else None
    except (LogWordError, NotReadableError):
        return []
    found = [entry for entry in book.entries if entry.record and entry.record["local_date"] == day]
    starts = {entry.number: cast(datetime | None, (entry.record or {}).get("start_local")) for entry in found}
    return [entry for entry in found if clock is None or ((at := starts[entry.number]) and at.time() == clock)]


def _with(row: Row, cells: Mapping[str, str], sheet: Sheet) -> Row:
    changed = [*row.cells, *[""] * (max(sheet.columns.values()) + 1 - len(row.cells))]
    for name, text in cells.items():
        changed[sheet.columns[name]] = text
    return row._replace(cells=changed)


def _replace(
    settings: Settings, subject: str, log: _Open, row: Row, cells: Mapping[str, str] | None
) -> tuple[Path, str]:
    """Writes the log with some cells of a row anew, or without the row.

    Returns where the former file is kept, and the digest of the new one.
    """
    pieces, mark, encoding = _pieces(log.path, log.content)
    index, count = text_records(_text_of(pieces), log.table.delimiter)[int(row.place.removeprefix("row ")) - 1]
    first, end = 2 * index, 2 * (index + count) - 1
    if cells is None:
        kept_pieces = pieces[:first] + pieces[end + 1 :]
    else:
        line = _line("".join(pieces[first:end]), log.table.delimiter, cells, log.sheet)
        kept_pieces = [*pieces[:first], line, *pieces[end:]]
    new = mark + encoded(_text_of(kept_pieces), encoding, log.path)
    _refuse_other_changes(settings, subject, log, row, cells, new)
    kept = keep_version(settings, subject, log.path, log.content)
    write_log(log.path, new)
    return kept, digest_of(new)


def _pieces(path: Path, content: bytes) -> tuple[list[str], bytes, str]:
    """The lines of a log and their ends by turns, its mark and its encoding. Raises LogLineError where that loses."""
    encoding = encoding_of(content)
    mark = next((mark for mark in _MARKS if content.startswith(mark)), b"")
    text = content[len(mark) :].decode(encoding, errors="replace")
    if mark + text.encode(encoding, errors="replace") != content:
        raise LogLineError(
            say("{name} cannot be written back as it is.", name=path.name), say("Save it as UTF-8 and try again.")
        )
    return _ENDS.split(text), mark, encoding


def _text_of(pieces: Sequence[str]) -> str:
    return "".join(pieces)


def _refuse_other_changes(
    settings: Settings, subject: str, log: _Open, row: Row, cells: Mapping[str, str] | None, new: bytes
) -> None:
    """Raises LogLineError where more than this line would change: dates of others may hang on it."""
    place = next(number for number, told in enumerate(log.told) if told.row.place == row.place)
    wanted, records = _cells_of(log), [told.record for told in log.told]
    wanted[place : place + 1] = [] if cells is None else [{**wanted[place], **cells}]
    records[place : place + 1] = [] if cells is None else [None]
    try:
        after = _opened(settings, subject, log.sheet.kind, log.path, new)
        found, read = _cells_of(after), [told.record for told in after.told]
    except RecoveryError:
        found, read = [], []
    if cells is not None:
        read[place : place + 1] = [None]  # that of the line itself is checked
    if (found, read) != (wanted, records):
        raise LogLineError(
            say("More than this line of {name} would change: dates of others hang on it.", name=log.path.name),
            say("Change it in the file, where all can be seen."),
        )


def _cells_of(log: _Open) -> list[dict[str, str]]:
    return [{name: shown(cell_of(told.row, log.sheet, name)) for name in log.sheet.columns} for told in log.told]


def _line(raw: str, delimiter: str, cells: Mapping[str, str], sheet: Sheet) -> str:
    """A line with some cells written anew; the others keep their quotes and spaces."""
    old = next(csv.reader([raw], delimiter=delimiter), [])
    parts = _raw_cells(raw, delimiter)
    if len(parts) != len(old):
        parts = [row_text([cell], delimiter) for cell in old]
    width = max(sheet.columns[name] for name in cells) + 1
    parts += [""] * (width - len(parts))
    for name, text in cells.items():
        parts[sheet.columns[name]] = row_text([text], delimiter) if text else ""
    return delimiter.join(parts)


def _raw_cells(raw: str, delimiter: str) -> list[str]:
    """The cells of a line as they are written, with their quotation marks."""
    cells, is_quoted = [""], False
    for letter in raw:
        if letter == delimiter and not is_quoted:
            cells.append("")
            continue
        if letter == '"' and (is_quoted or not cells[-1].strip()):
            is_quoted = not is_quoted
        cells[-1] += letter
    return cells


def keep_version(settings: Settings, subject: str, path: Path, content: bytes) -> Path:
    """Keeps a log as it was, for its owner alone; of older versions the last ones stay."""
    folder = private_folder(settings.home.log_versions / subject)
    name = f"{now_utc():%Y%m%dT%H%M%S%f}-{path.name}"
    with open_private(folder / name, is_new=True) as stream:
        stream.write(content)
    for old in sorted(folder.glob(f"*-{path.name}"))[:-KEPT_VERSIONS]:
        old.unlink()
    return folder / name
