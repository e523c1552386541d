"""Rows of lists, tables and calendars that could not be read, and what their owner says of them.

It is kept in `inbox/mends.csv`.

A file is looked at here only while it is what a run has read: by the hash of its content. So what is hostile in a file
was met by the reader of a run before, and the row that is mended is the one that a person was asked about.
"""

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import replace
from datetime import date, timedelta
from functools import partial
from pathlib import Path
from typing import BinaryIO, NamedTuple

from recovery.actions.log import cell_text, write_log, writing
from recovery.actions.log_words import fields_told
from recovery.errors import RecoveryError
from recovery.formats.entries import Entry, context_of
from recovery.formats.log_table import MAX_WORKBOOK_BYTES as MAX_BYTES
from recovery.formats.records import FileSummary, PutIn, Skipped, UnreadRow, Yielded
from recovery.home.clock import now_utc, today
from recovery.home.disk import private_folder
from recovery.home.mends import MENDS, WHOLE_ROW, Mend, Mends, as_text, is_of_inbox, why_not
from recovery.home.settings import Settings, with_mends
from recovery.inbox.archives import MEMBER, ArchivePool
from recovery.inbox.walk import Found, contents, stamp
from recovery.readers import MAPPED, MENDED, readers
from recovery.words.say import say

MOST_FILES, MOST_ROWS = 30, 200  # that are looked at and asked about at once
MAX_ARCHIVE_BYTES = 32 << 20  # in a larger one nothing is looked up
FAR_AHEAD = timedelta(days=400)  # an appointment is booked; what lies further ahead is a wrong year
MAX_BYTES_OF = {MAPPED: 2 << 20, "calendar_ics": 8 << 20}  # which are read anew for each look, in about two seconds
_UNMAPPED = [name for name in MENDED if name != MAPPED]


class MendError(RecoveryError):
    """Nothing was written; the mends are as they were."""


class AskedRow(NamedTuple):
    """A row that could not be read, or a value of it, and what may be said of it."""

    path: str
    place: str  # 'row 67'
    reason: str
    row: UnreadRow
    is_kept: bool  # the row counts, and this value of it is empty
    first: date | None  # on one of these days there may have been a massage
    last: date | None
    is_unknown: bool  # whether it may have been a massage at all
    suggested: str = ""  # what was said of the same row in another file
    is_doubtful: bool = False  # it is a massage that counts, and `reason` names it: did it take place?

    @property
    def heading(self) -> str:
        """The heading in the file under which the value stands that cannot be read; '' where it is not told."""
        return next((name for name, text in self.row.cells if text and text == self.row.old), "")


class Answer(NamedTuple):
    """What was said of a row, and whether it is put into it."""

    mend: Mend
    place: str  # of the row in the file now; '' where it says something else now, or there is no such file

    @property
    def holds(self) -> bool:
        """Whether it is put into the row."""
        return bool(self.place)


def unread_rows(settings: Settings, subject: str, files: Mapping[str, str]) -> list[AskedRow]:
    """The rows of a person that cannot be read, in files by their path and the SHA-256 that a run has read.

    With what inbox/mends.csv says now: a row that was mended is no longer among them.
    """
    now = with_mends(settings)
    found = [row for path in list(files)[:MOST_FILES] for row in _asked(now, subject, path, files[path])]
    said = {(mend.row, mend.column): mend.value for mend in now.mends.mends if mend.person == subject}
    return [
        row._replace(suggested=said.get((row.row.key, row.row.column), "")) for row in found[:MOST_ROWS]
    ]  # fmt: skip


def answers(settings: Settings, subject: str, files: Mapping[str, str]) -> list[Answer]:
    """What was said of a person's rows, newest first."""
    now = with_mends(settings)
    mine = [mend for mend in now.mends.mends if mend.person == subject]
    places = {path: _places(now, path, files.get(path, "")) for path in {mend.path for mend in mine}}
    mine.sort(key=lambda mend: mend.written_utc, reverse=True)
    return [Answer(mend, places[mend.path].get(mend.row, "")) for mend in mine]


def mend_row(
    settings: Settings, subject: str, files: Mapping[str, str], path: str, key: str, column: str, value: str
) -> Mend:
    """Writes what a cell of a row is to say, as a person tells it today: 'yesterday', '28.2.2026'.

    `column` is one of the log, a heading of a mapped table, one of `formats.calendar_mends`, or `WHOLE_ROW` with
    `LEAVE_OUT`. Raises MendError where no such row of this person waits, or where the value cannot be read either;
    LogWordError where a date can be misread.
    """
    text = " ".join(value.split())
    if reason := why_not(path, column, text):
        raise MendError(say("This was not written: {reason}.", reason=reason))
    with writing(settings):
        now = with_mends(settings)
        if not now.mends.is_ours:
            raise MendError(now.mends.problems[0], say("Put it elsewhere, and try again."))
        waiting = [row for row in _asked(now, subject, path, files.get(path, "")) if row.row.key == key]
        if not waiting:
            raise MendError(say("This row is no longer asked about: it can be read, or says something else now."))
        value = _as_written(settings, waiting[0].row.kind, column, text)
        mend = Mend(path, key, column, value, now_utc().replace(microsecond=0), subject)
        mends = now.mends._replace(mends=(*_others(now.mends, mend), mend))
        _must_help(replace(now, mends=mends), subject, mend, files[path])
        _write(settings, mends)
    return mend


def take_mend_back(settings: Settings, subject: str, path: str, key: str, column: str) -> Mend:
    """Takes back what was said of a row of a person. Raises MendError where nothing was."""
    with writing(settings):
        mends = with_mends(settings).mends
        for mend in mends.mends:
            if (mend.path, mend.row, mend.column, mend.person) == (path, key, column, subject):
                _write(settings, mends._replace(mends=tuple(other for other in mends.mends if other != mend)))
                return mend
    raise MendError(say("Nothing was said of this row."))


def erase_mends(settings: Settings, paths: Sequence[str], person: str | None = None) -> None:
    """Erases what was said of the rows of some files, and of all rows of a person; with the last of it the file."""
    mends = with_mends(settings).mends
    own = {mend for mend in mends.mends if mend.path in paths or mend.path.partition(MEMBER)[0] in paths}
    if person is not None:
        own |= {mend for mend in mends.mends if person in (mend.person, settings.subject_of(mend.path))}
    if not own:
        return
    kept = mends._replace(mends=tuple(mend for mend in mends.mends if mend not in own))
    if kept.mends or kept.unread:
        _write(settings, kept)
    else:
        (settings.home.inbox / MENDS).unlink(missing_ok=True)


def _others(mends: Mends, mend: Mend) -> tuple[Mend, ...]:
    """The mends without what was said before of the same cell, and of the whole row where a cell of it is told."""
    is_whole = mend.column == WHOLE_ROW
    return tuple(
        other
        for other in mends.mends
        if (other.path, other.row) != (mend.path, mend.row)
        or not (is_whole or other.column in (mend.column, WHOLE_ROW))
    )


def _as_written(settings: Settings, kind: str, column: str, text: str) -> str:
    """A value in the form that needs no guessing; of a mapped table it stays as it was typed."""
    day = today(settings.home_time_zone)
    if kind == "event" and column == "start":
        of_day, _, of_time = text.rpartition(" ")
        fields: dict[str, object] = {"date": of_day, "start": of_time} if ":" in of_time and of_day else {"date": text}
        told = fields_told(fields, day)
        return " ".join(cell_text(told[name]) for name in ("date", "start") if told.get(name) is not None)
    if kind == "event" and column in ("minutes", "status"):
        return cell_text(fields_told({column: text.lower()}, day)[column])
    if kind != "log" or column not in ("date", "start"):
        return text
    return cell_text(fields_told({column: text}, day)[column])


def _must_help(settings: Settings, subject: str, mend: Mend, sha256: str) -> None:
    """Raises MendError where it would not be put into the row, or the row could still not be read in this column."""
    read = _read(settings, mend.path, sha256)
    if (mend.row, mend.column) not in {(one.row, one.column) for one in _put_in(read)}:
        raise MendError(
            say(
                "This was not written: the row has no {column} that can be {value}.",
                column=mend.column,
                value=mend.value,
            )
        )
    for row in _rows_of(read, mend.path, settings.subject_of(mend.path), subject):
        if row.row.key == mend.row and row.row.column == mend.column:
            raise MendError(say("This was not written: {reason}.", reason=row.reason))


def _write(settings: Settings, mends: Mends) -> None:
    """Puts the file in the place of the old one, whole or not at all. Raises LogLineError where that cannot be."""
    write_log(settings.home.inbox / MENDS, as_text(mends).encode())


def _asked(settings: Settings, subject: str, path: str, sha256: str) -> list[AskedRow]:
    """The rows of a person in one file that cannot be read; [] where it is not what a run has read."""
    return _rows_of(_read(settings, path, sha256), path, settings.subject_of(path), subject)


def _rows_of(read: Sequence[Yielded], path: str, own: str, subject: str) -> list[AskedRow]:
    """The rows of a person that a reader could not read; `own` is whose folder the file lies in."""
    skipped = [item for item in read if isinstance(item, Skipped) and item.row and (item.person or own) == subject]
    doubtful = [one for item in read if isinstance(item, FileSummary) for one in item.doubtful if one.person == subject]
    return [
        AskedRow(
            path, item.place, item.reason, item.row, item.is_kept,
            item.unknown.first if item.unknown else None, item.unknown.last if item.unknown else None,
            item.unknown is not None,
        )
        for item in skipped
        if item.row and (item.again_utc is None or item.again_utc > now_utc() + FAR_AHEAD)
    ] + [
        AskedRow(path, one.place, one.asked, one.row, True, None, None, False, is_doubtful=True) for one in doubtful
    ]  # fmt: skip


def _places(settings: Settings, path: str, sha256: str) -> dict[str, str]:
    """Where the rows of a file stand into which something was put, by their keys."""
    return {one.row: one.place for one in _put_in(_read(settings, path, sha256))}


def _put_in(read: Sequence[Yielded]) -> list[PutIn]:
    return [one for item in read if isinstance(item, FileSummary) for one in item.mended]


def _read(settings: Settings, path: str, sha256: str) -> list[Yielded]:
    """What its reader yields of a file; [] where it is not what a run has read, or none of which rows are mended."""
    with _opened(settings, path, sha256) as found:
        if found is None:
            return []
        entry = replace(found, mapping=settings.mapping_of(path))
        name = MAPPED if entry.mapping else next((name for name in _UNMAPPED if _is_of(entry, name)), "")
        if not name or entry.size > MAX_BYTES_OF.get(name, MAX_BYTES):
            return []
        return list(readers()[name].read([entry], context_of(settings, settings.subject_of(path))))


def _is_of(entry: Entry, reader: str) -> bool:
    return any(True for _ in readers()[reader].claims([entry]))


@contextmanager
def _opened(settings: Settings, path: str, sha256: str) -> Iterator[Entry | None]:
    """A file or a member of the inbox, with the content that a run has read; None where it is another or none."""
    root, member, _ = path.partition(MEMBER)
    inbox = settings.home.inbox
    real = inbox / root
    size, mtime_ns = stamp(real)
    is_there = bool(sha256) and size >= 0 and real.is_file() and not settings.is_private(path)
    if not is_there or not is_of_inbox(path) or not _is_below(real, inbox):
        yield None
    elif not member:
        entry = Entry(path, size, partial(_bytes_of, real))
        yield entry if size <= MAX_BYTES and hashlib.sha256(entry.read()).hexdigest() == sha256 else None
    elif size > MAX_ARCHIVE_BYTES:
        yield None
    else:
        pool = ArchivePool(private_folder(settings.home.private), settings.is_private)
        try:
            held = contents(Found(root, real, size, mtime_ns), pool)
            yield next((one.entry for one in held if one.entry.path == path and one.sha256 == sha256), None)
        finally:
            pool.close()


def _bytes_of(path: Path) -> BinaryIO:
    return path.open("rb")


def _is_below(path: Path, inbox: Path) -> bool:
    """Whether a path is a file of the inbox itself, and no link leads there."""
    return path.resolve() == inbox.resolve() / path.relative_to(inbox)
