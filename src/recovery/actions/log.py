"""The two logs of a home as CSV: empty templates, and one more line at the end of what is there."""

import csv
import io
import os
from collections.abc import Callable, Mapping, Sequence
from datetime import date, datetime, time
from functools import partial
from pathlib import Path
from typing import NamedTuple

from recovery.errors import RecoveryError
from recovery.formats.entries import Entry, context_of
from recovery.formats.log_cells import NotReadableError, moment_of
from recovery.formats.log_columns import (
    DIARY_COLUMNS,
    MASSAGE_COLUMNS,
    Sheet,
    Unread,
    cell_of,
    order_of_dates,
    sheet_of,
)
from recovery.formats.log_table import MAX_BYTES, Row, Table, encoding_of, read_text, text_tables
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

_Meaning = Callable[[Row, Sheet, list[Unread]], Mapping[str, object] | None]


class LogLineError(RecoveryError):
    """The line cannot be added; the log is as it was."""


class Written(NamedTuple):
    """The log, the line that was added, and the record that the next run will read from it."""

    path: Path
    line: str
    record: Mapping[str, object]
    is_new: bool  # the log was not there


def append_massage(settings: Settings, subject: str = OWNER, **fields: object) -> Written:
    """Adds one massage to a person's massages.csv; the fields are the columns of `MASSAGE_FIELDS`, None is left blank.

    Raises LogLineError where a field is unknown or off its scale, or the log has no column for it.
    """
    context = context_of(settings, subject)
    log = _path(settings, subject, MASSAGE_LOG)
    return _append(log, MASSAGE_FIELDS, fields, lambda row, sheet, unread: massage(row, sheet, None, context, unread))


def append_day(settings: Settings, subject: str = OWNER, **fields: object) -> Written:
    """Adds one day to a person's diary.csv; the fields are the columns of `DIARY_FIELDS`, None is left blank.

    Raises LogLineError where a field is unknown or off its scale, the log has no column for it, the day has a line
    already, or nothing but the date is given; UnreadableExportError where the diary's own dates are open to doubt.
    """
    return _append(
        _path(settings, subject, DIARY_LOG),
        DIARY_FIELDS,
        fields,
        lambda row, sheet, unread: day(row, sheet, None, unread),
        once=True,
    )


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


def _append(
    path: Path, known: Sequence[str], fields: Mapping[str, object], meaning: _Meaning, once: bool = False
) -> Written:
    cells = {name: _text(value) for name, value in fields.items() if value is not None}
    unknown = sorted(set(cells) - set(known))
    if unknown:
        raise LogLineError(
            say("{name} knows no {names}.", name=path.name, names=", ".join(unknown)), f"Known: {', '.join(known)}."
        )
    if "date" not in cells:
        raise LogLineError(say("The line has no date."), say("Write it as 2026-05-31."))
    try:
        before = path.read_bytes()
    except FileNotFoundError:
        before = b""
    except OSError as error:
        raise LogLineError(say("{path} cannot be read: {strerror}.", path=path, strerror=error.strerror)) from None
    is_new = not before.strip()
    content = (",".join(known) + "\n").encode() if is_new else before
    table, sheet = _log_in(path, content)
    missing = [name for name in cells if name not in sheet.columns]
    if missing:
        raise LogLineError(
            say("{name} has no column {names}.", name=path.name, names=", ".join(missing)),
            say("Add it to the row of headings in {path} first.", path=path),
        )
    record = _checked(cells, sheet, meaning)
    if once:
        _refuse_twice(path, sheet, record["local_date"])
    encoding = encoding_of(content)
    ends = "\r\n" if "\r\n".encode(encoding) in content else "\n"
    line = _line(cells, table, sheet)
    try:
        added = (line + ends).encode(encoding)
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
    gap = b"" if content.endswith(("\n".encode(encoding), "\r".encode(encoding))) else ends.encode(encoding)
    _write(path, content + gap + added)
    return Written(path, line, record, is_new)


def _log_in(path: Path, content: bytes) -> tuple[Table, Sheet]:
    text = read_text(Entry(path.name, len(content), partial(io.BytesIO, content)), MAX_BYTES)
    found = [(table, sheet_of(table, path.name)) for table in text_tables(text)]
    logs = [(table, sheet) for table, sheet in found if sheet]
    if not logs:
        raise LogLineError(
            say("No row of {path} names the columns of a log.", path=path),
            say("Its first row should hold names such as date."),
        )
    return max(logs, key=lambda log: len(log[1].columns))


def _checked(cells: Mapping[str, str], sheet: Sheet, meaning: _Meaning) -> Mapping[str, object]:
    """The record that the next run will read, by the very code that will read it."""
    width = max(sheet.columns.values()) + 1
    row = [""] * width
    for name, text in cells.items():
        row[sheet.columns[name]] = text
    try:
        moment = moment_of(cells["date"], None)
        if cells["date"][:10] != moment.local_date.isoformat():
            raise LogLineError(
                say("The date {date!r} can be misread.", date=cells["date"]), say("Write it as 2026-05-31.")
            )
        unread: list[Unread] = []
        record = meaning(Row(say("the new line"), row), sheet, unread)
        if unread:
            raise NotReadableError(unread[0].reason)
    except NotReadableError as error:
        raise LogLineError(say("The line was not added: {error}.", error=error)) from None
    if record is None:
        raise LogLineError(say("The line tells nothing but its date."), say("Tell at least one more field."))
    return record


def _refuse_twice(path: Path, sheet: Sheet, local_date: object) -> None:
    is_day_first = order_of_dates(sheet)
    for row in sheet.rows:
        try:
            known = moment_of(cell_of(row, sheet, "date"), is_day_first).local_date
        except NotReadableError:
            continue
        if known == local_date:
            raise LogLineError(
                say(
                    "{name} has a line for {local_date} already ({place}).",
                    name=path.name,
                    local_date=local_date,
                    place=row.place,
                ),
                say("Change it there."),
            )


def _line(cells: Mapping[str, str], table: Table, sheet: Sheet) -> str:
    header = table.rows[len(table.rows) - len(sheet.rows) - 1]
    row = [""] * len(header.cells)
    for name, text in cells.items():
        row[sheet.columns[name]] = text
    out = io.StringIO()
    csv.writer(out, delimiter=table.delimiter, lineterminator="").writerow(row)
    return out.getvalue()


def _text(value: object) -> str:
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


def _write(path: Path, content: bytes) -> None:
    try:
        with full_disk_is_plain(path.parent):
            private_folder(path.parent)
            write_private(path, content)
            sync(path.parent)
    except OSError as error:
        raise LogLineError(say("{path} cannot be written: {strerror}.", path=path, strerror=error.strerror)) from None
