"""The two logs of a home as CSV: empty templates, what their rows say, and one more line at the end."""

import csv
import hashlib
import io
import os
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from datetime import date, datetime, time, timedelta
from functools import partial
from pathlib import Path
from typing import NamedTuple, cast

from filelock import FileLock, Timeout

from recovery.errors import FieldError, RecoveryError, UnreadableExportError
from recovery.formats.diary_scales import SCALES, as_written
from recovery.formats.entries import Entry, context_of
from recovery.formats.log_cells import NotReadableError, moment_of, scale_of, shown
from recovery.formats.log_columns import rated, sheet_of
from recovery.formats.log_headings import DIARY_COLUMNS, MASSAGE_COLUMNS
from recovery.formats.log_sheet import Sheet, Unread, cell_of
from recovery.formats.log_table import MAX_BYTES, Row, Table, encoding_of, read_text, text_tables
from recovery.formats.log_years import order_of_dates, with_years
from recovery.home.disk import full_disk_is_plain, private_folder, sync, write_private
from recovery.home.settings import OWNER, Settings
from recovery.readers.diary_log import day
from recovery.readers.massage_log import massage
from recovery.words.say import say

MASSAGE_LOG = "massages.csv"
DIARY_LOG = "diary.csv"
MASSAGE_FIELDS = tuple(column for column in MASSAGE_COLUMNS if column != "end")
DIARY_FIELDS = tuple(DIARY_COLUMNS)
MASSAGE_TEMPLATE = ",".join(MASSAGE_FIELDS) + "\n"
DIARY_TEMPLATE = ",".join(DIARY_FIELDS) + "\n"

NAMES = {"massages": MASSAGE_LOG, "diary": DIARY_LOG}
FIELDS = {"massages": MASSAGE_FIELDS, "diary": DIARY_FIELDS}
LOCK_S = 10.0  # a line is written in milliseconds
SAME_START = timedelta(minutes=15)  # contract.md: two reports of one massage

Meaning = Callable[[Row, Sheet, bool | None, list[Unread]], Mapping[str, object] | None]


class LogLineError(FieldError):
    """The line cannot be added; the log is as it was."""


class Written(NamedTuple):
    """The log, the line that was added, and the record that the next run will read from it."""

    path: Path
    line: str
    record: Mapping[str, object]
    is_new: bool  # the log was not there
    cells: Mapping[str, str]  # the line by the log's columns
    digest: str  # of the log with it
    warnings: tuple[str, ...] = ()  # other lines that may tell the same


class Told(NamedTuple):
    """A row of a log, what the next run reads of it, and what it cannot read."""

    row: Row
    record: Mapping[str, object] | None
    problem: str


def append_massage(settings: Settings, subject: str = OWNER, **fields: object) -> Written:
    """Adds one massage to a person's massages.csv; the fields are the columns of `MASSAGE_FIELDS`, None is left blank.

    The result warns of a massage at the same time that the log has already. Raises LogLineError where a field is
    unknown or off its scale, or the log has no column for it.
    """
    return _append(settings, subject, "massages", fields)


def append_day(settings: Settings, subject: str = OWNER, **fields: object) -> Written:
    """Adds one day to a person's diary.csv; the fields are the columns of `DIARY_FIELDS`, None is left blank.

    Raises LogLineError where a field is unknown or off its scale, the log has no column for it, the day has a line
    already, or nothing but the date is given; UnreadableExportError where the diary's own dates are open to doubt.
    """
    return _append(settings, subject, "diary", fields)


def log_path(settings: Settings, subject: str, kind: str) -> Path:
    """Where a person's log lies, 'massages' or 'diary'.

    Raises LogLineError for nobody, and where no run would read it.
    """
    return _path(settings, subject, NAMES[kind])


def log_in(path: Path, content: bytes) -> tuple[Table, Sheet]:
    """The table and the log in the bytes of a file. Raises LogLineError where it is none."""
    text = read_text(Entry(path.name, len(content), partial(io.BytesIO, content)), MAX_BYTES)
    found = [(table, sheet_of(table, path.name)) for table in text_tables(text)]
    logs = [(table, sheet) for table, sheet in found if sheet]
    if not logs:
        raise LogLineError(
            say("No row of {path} names the columns of a log.", path=path),
            say("Its first row should hold names such as date."),
        )
    return max(logs, key=lambda log: len(log[1].columns))


def content_of(path: Path) -> bytes:
    """The bytes of a log; none where there is none. Raises LogLineError where it cannot be read."""
    try:
        return path.read_bytes()
    except FileNotFoundError:
        return b""
    except OSError as error:
        raise LogLineError(say("{path} cannot be read: {strerror}.", path=path, strerror=error.strerror)) from None


def digest_of(content: bytes) -> str:
    """What a log is known again by."""
    return hashlib.sha256(content).hexdigest()


def date_order(settings: Settings, subject: str = OWNER) -> bool | None:
    """Whether a person's logs write numeric dates with the day first; None where they do not show it."""
    for kind in NAMES:
        with suppress(RecoveryError):
            path = log_path(settings, subject, kind)
            order = order_of_dates(log_in(path, content_of(path))[1])
            if order is not None:
                return order
    return None


def meaning_of(settings: Settings, subject: str, kind: str) -> Meaning:
    """What a row of a person's log says, by the very code of the readers."""
    context = context_of(settings, subject)
    if kind == "diary":
        return day
    return lambda row, sheet, is_day_first, unread: massage(row, sheet, is_day_first, context, unread)


def cell_text(value: object) -> str:
    """A value as one line of text, in the forms that need no guessing."""
    if isinstance(value, bool):
        return "1" if value else "0"
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    if isinstance(value, datetime):
        return value.isoformat(sep=" ", timespec="minutes")
    if isinstance(value, time):
        return value.isoformat(timespec="minutes")
    if isinstance(value, date):
        return value.isoformat()
    return " ".join(str(value).split())


def cells_for(fields: Mapping[str, object], sheet: Sheet, path: Path, kind: str) -> dict[str, str]:
    """The cells of some fields as text, '' for None. Raises LogLineError where this log has no such column."""
    cells = {name: "" if value is None else cell_text(value) for name, value in fields.items()}
    unknown = sorted(set(cells) - set(FIELDS[kind]))
    if unknown:
        raise LogLineError(
            say("{name} knows no {names}.", name=path.name, names=", ".join(unknown)),
            say("Known: {names}.", names=", ".join(FIELDS[kind])),
        )
    missing = [name for name in cells if name not in sheet.columns]
    if missing:
        raise LogLineError(
            say("{name} has no column {names}.", name=path.name, names=", ".join(missing)),
            say("Add it to the row of headings in {path} first.", path=path),
        )
    if "date" in cells and sheet.is_date_made:
        raise LogLineError(
            say("{name} writes year, month and day in columns of their own.", name=path.name),
            say("Add the line there."),
        )
    return cells


def on_log_scale(name: str, text: str, sheet: Sheet) -> str:
    """A rating as the log's own column writes it, where its heading tells another scale than ours."""
    if not text or name not in SCALES or sheet.kind != "diary":
        return text
    try:
        rating = scale_of(text, *SCALES[name])  # as the reader reads it: 5,5 is a number too
    except NotReadableError:  # the line was refused, or its words are read as they stand
        return text
    written = as_written(rating, sheet.names[sheet.columns[name]], name)
    return text if written is None else cell_text(written)


def encoded(text: str, encoding: str, path: Path) -> bytes:
    """Text in the encoding of a log. Raises LogLineError for a letter that it lacks."""
    try:
        return text.encode(encoding)
    except UnicodeEncodeError as error:
        raise LogLineError(
            say(
                "{name} is written in {encoding}, which has no {object!r}.",
                name=path.name,
                encoding=encoding,
                object=error.object[error.start],
            ),
            say("Save it as UTF-8 and try again."),
        ) from None


def write_log(path: Path, content: bytes) -> None:
    """Puts the new content in the place of a log, whole or not at all. Raises LogLineError where that cannot be."""
    try:
        with full_disk_is_plain(path.parent):
            private_folder(path.parent)
            write_private(path, content)
            sync(path.parent)
    except OSError as error:
        raise LogLineError(say("{path} cannot be written: {strerror}.", path=path, strerror=error.strerror)) from None


def _path(settings: Settings, subject: str, name: str) -> Path:
    if subject not in settings.subjects:
        raise LogLineError(
            say("{subject} is nobody in recovery.toml.", subject=subject),
            say("Known: {names}; add [people.{subject}].", names=", ".join(settings.subjects), subject=subject),
        )
    inbox = settings.home.inbox
    return _where_it_lies(settings, subject, inbox / name if subject == OWNER else inbox / subject / name)


def _where_it_lies(settings: Settings, subject: str, path: Path) -> Path:
    """The log itself where its path is a symbolic link or leads through one: a link is never replaced by a file.

    Raises LogLineError where no run would read the line from there as this person's.
    """
    inbox, real = (Path(os.path.realpath(place)) for place in (settings.home.inbox, path))
    if not real.is_relative_to(inbox):
        raise LogLineError(
            say(
                "{path} is a link that leads out of the inbox, to {real}; a run does not read it.", path=path, real=real
            ),
            say("Put the file itself there instead of the link, or make the whole inbox the link."),
        )
    within = real.relative_to(inbox).as_posix()
    if settings.subject_of(within) != subject:
        raise LogLineError(
            say(
                "{path} is a link to {within}, which is not a log of {subject}.",
                path=path,
                within=within,
                subject=subject,
            ),
            say("Put the file itself there instead of the link."),
        )
    return path if real == inbox / path.relative_to(settings.home.inbox) else real


@contextmanager
def writing(settings: Settings) -> Iterator[None]:
    """Nobody else adds to or changes a log of the home meanwhile; a run, which only reads them, goes on.

    Raises LogLineError where another keeps it for long, or where the home cannot be written.
    """
    try:
        private_folder(settings.home.private)
        lock = FileLock(settings.home.log_lock, mode=0o600)
        lock.acquire(timeout=LOCK_S)
    except Timeout:
        raise LogLineError(say("The logs are being written by another command."), say("Try again.")) from None
    except OSError as error:
        folder = settings.home.folder
        raise LogLineError(say("{path} cannot be written: {strerror}.", path=folder, strerror=error.strerror)) from None
    try:
        yield
    finally:
        lock.release()


def _append(settings: Settings, subject: str, kind: str, fields: Mapping[str, object]) -> Written:
    with writing(settings):
        return _appended(settings, subject, kind, fields)


def _appended(settings: Settings, subject: str, kind: str, fields: Mapping[str, object]) -> Written:
    path, meaning = log_path(settings, subject, kind), meaning_of(settings, subject, kind)
    order = [*FIELDS[kind], *fields]
    told = {name: fields[name] for name in sorted(fields, key=order.index) if fields[name] is not None}
    before = content_of(path)
    is_new = not before.strip()
    content = (",".join(FIELDS[kind]) + "\n").encode() if is_new else before
    table, sheet = log_in(path, content)
    cells = cells_for(told, sheet, path, kind)
    if "date" not in cells:
        raise LogLineError(say("The line has no date."), say("Write it as 2026-05-31."))
    record = _checked(cells, sheet, meaning)
    others = others_like(record, kind, rows_told(on_our_scales(sheet, path), meaning))
    if kind == "diary" and others:
        place = others[0].row.place
        raise LogLineError(
            say(
                "{name} has a line for {local_date} already ({place}).",
                name=path.name,
                local_date=record["local_date"],
                place=place,
            ),
            say("Change it there, or by recovery log edit."),
        )
    encoding = encoding_of(content)
    ends = "\r\n" if "\r\n".encode(encoding) in content else "\n"
    line = _line({name: on_log_scale(name, text, sheet) for name, text in cells.items()}, table, sheet)
    added = encoded(line + ends, encoding, path)
    gap = b"" if content.endswith(("\n".encode(encoding), "\r".encode(encoding))) else ends.encode(encoding)
    whole = content + gap + added
    write_log(path, whole)
    warnings = tuple(_warning(record, other) for other in others)
    return Written(path, line, record, is_new, cells, digest_of(whole), warnings)


def on_our_scales(sheet: Sheet, path: Path) -> Sheet:
    """A log as the run reads it. Raises UnreadableExportError for a diary that rates several regions."""
    return rated(sheet, path.name) if sheet.kind == "diary" else sheet


def rows_told(sheet: Sheet, meaning: Meaning) -> list[Told]:
    """Each row of a log with what it says; None where that cannot be read, or is nothing."""
    try:
        is_day_first = order_of_dates(sheet)
    except UnreadableExportError:
        if sheet.kind == "diary":
            raise
        is_day_first = None
    dated, _ = with_years(sheet, is_day_first)
    return [_told(row, dated, is_day_first, meaning) for row in dated.rows]


def others_like(record: Mapping[str, object], kind: str, rows: Sequence[Told]) -> list[Told]:
    """The rows that may tell the same as a record: a day of the diary, a massage that overlaps or has no start."""
    return [
        told
        for told in rows
        if told.record
        and told.record["local_date"] == record["local_date"]
        and (kind == "diary" or (told.record["status"] == record["status"] and _overlap(told.record, record)))
    ]


def _told(row: Row, sheet: Sheet, is_day_first: bool | None, meaning: Meaning) -> Told:
    unread: list[Unread] = []
    try:
        return Told(row, meaning(row, sheet, is_day_first, unread), "; ".join(each.reason for each in unread))
    except NotReadableError as error:
        return Told(row, None, str(error))


def _overlap(one: Mapping[str, object], other: Mapping[str, object]) -> bool:
    """True if two massages of one date may be one: a start is missing, they begin within a quarter, or overlap."""
    starts = [one.get("start_local"), other.get("start_local")]
    if not all(isinstance(start, datetime) for start in starts):
        return True
    spans = sorted((record["start_local"], record.get("massage_min") or 0.0) for record in (one, other))
    (first, minutes), (second, _) = cast(list[tuple[datetime, float]], spans)
    return second - first <= SAME_START or second < first + timedelta(minutes=minutes)


def _warning(record: Mapping[str, object], other: Told) -> str:
    """What to say of another row at the same time."""
    place, day = other.row.place, record["local_date"]
    start, own = (other.record or {}).get("start_local"), record.get("start_local")
    if not (isinstance(start, datetime) and isinstance(own, datetime)):
        return say("{place} has a massage on {day} too: is it the same?", place=place, day=day)
    if abs(start - own) <= SAME_START:
        return say(
            "{place} has a massage on {day} at {start:%H:%M} too: the run counts them as one.",
            place=place,
            day=day,
            start=start,
        )
    return say(
        "{place} has a massage on {day} at {start:%H:%M}, which overlaps: both count.",
        place=place,
        day=day,
        start=start,
    )


def _checked(cells: Mapping[str, str], sheet: Sheet, meaning: Meaning) -> Mapping[str, object]:
    """The record that the next run will read, by the very code that will read it."""
    width = max(sheet.columns.values()) + 1
    row = [""] * width
    for name, text in cells.items():
        row[sheet.columns[name]] = text
    return checked(Row(say("the new line"), row), sheet, None, meaning)


def checked(row: Row, sheet: Sheet, is_day_first: bool | None, meaning: Meaning) -> Mapping[str, object]:
    """What a new row will say, all of it readable. Raises LogLineError."""
    try:
        text = shown(cell_of(row, sheet, "date"))
        if is_day_first is None and text[:10] != moment_of(text, None).local_date.isoformat():
            raise LogLineError(
                say("The date {date!r} can be misread.", date=text),
                say("Write it as 2026-05-31."),
                column="date",
                why=say("{date!r} can be misread", date=text),
            )
        unread: list[Unread] = []
        record = meaning(row, sheet, is_day_first, unread)
        if unread:
            raise NotReadableError(unread[0].reason, unread[0].column)
    except NotReadableError as error:
        why = str(error).removeprefix(f"{error.column} ")
        raise LogLineError(
            say("The line was not written: {error}.", error=error), column=error.column, why=why
        ) from None
    if record is None:
        raise LogLineError(say("The line tells nothing but its date."), say("Tell at least one more field."))
    return record


def _line(cells: Mapping[str, str], table: Table, sheet: Sheet) -> str:
    header = table.rows[len(table.rows) - len(sheet.rows) - 1]
    row = [""] * len(header.cells)
    for name, text in cells.items():
        row[sheet.columns[name]] = text
    return row_text(row, table.delimiter)


def row_text(cells: Sequence[str], delimiter: str) -> str:
    """Cells as one line of CSV."""
    out = io.StringIO()
    csv.writer(out, delimiter=delimiter, lineterminator="").writerow(cells)
    return out.getvalue()
