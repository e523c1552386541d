"""A massage or a day as a form of the page notes it: added to the line of that day where there is one, and taken back.

It writes through `log` and `log_entries`, as the command does.
"""

from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import NamedTuple

from recovery.actions.log import LogLineError, append_day, append_massage, date_order
from recovery.actions.log_entries import Change, LogBook, LogEntry, add_columns, edit, entries, put_back, remove
from recovery.actions.log_words import fields_told
from recovery.home.clock import today
from recovery.home.settings import OWNER, Settings
from recovery.words.say import say

SAME_AS_LAST = ("start", "minutes", "technique", "pressure", "areas", "muscles", "therapist")  # never a pain
ATTENDED = "attended"


class Undo(NamedTuple):
    """What takes a note back, as long as nothing else was written since."""

    subject: str
    kind: str
    digest: str  # of the log with the note
    former: Path | None  # the log as it was; None: the note is its last line


class Note(NamedTuple):
    """What was written: the whole line now, and what may be the same as it."""

    kind: str
    day: date
    cells: Mapping[str, str]
    undo: Undo
    warnings: tuple[str, ...] = ()


def as_of_today(settings: Settings, subject: str, fields: Mapping[str, object]) -> dict[str, object]:
    """Fields of a line with their words for dates and times read as of today. Raises LogWordError."""
    order = date_order(settings, subject) if "date" in fields else None
    return fields_told(fields, today(settings.home_time_zone), order)


def note_massage(settings: Settings, subject: str, fields: Mapping[str, object]) -> Note:
    """Adds a massage, today where no date is given; completes one of that day of which the pain before is known.

    A date alone tells of a massage: it is all that the form sends where no massage was written down before. Raises
    LogLineError and LogWordError as `append_massage` and `fields_told` do.
    """
    given = _given(settings, subject, fields)
    add_columns(settings, subject, "massages", given)
    book = entries(settings, subject, "massages")
    begun = [one for one in _on(book, given["date"]) if "pain_before" in one.cells and "minutes" not in one.cells]
    if len(begun) == 1:
        return _edited(settings, subject, book, begun[0], given)
    written = append_massage(settings, subject, **given)
    undo = Undo(subject, "massages", written.digest, None)
    return Note("massages", _day(written.record), written.cells, undo, written.warnings)


def note_day(settings: Settings, subject: str, fields: Mapping[str, object]) -> Note:
    """Adds to the line of a day, today where no date is given, or begins it; the same columns are replaced.

    Raises LogLineError and LogWordError as `append_day` and `fields_told` do.
    """
    given = _given(settings, subject, fields)
    if set(given) <= {"date"}:
        raise LogLineError(say("Nothing was filled in."))
    add_columns(settings, subject, "diary", given)
    book = entries(settings, subject, "diary")
    lines = _on(book, given["date"])
    if lines:
        return _edited(settings, subject, book, lines[0], given)
    written = append_day(settings, subject, **given)
    return Note("diary", _day(written.record), written.cells, Undo(subject, "diary", written.digest, None))


def of_change(change: Change, subject: str, kind: str) -> Undo:
    """What takes a change or a removal back."""
    return Undo(subject, kind, change.digest, change.kept)


def take_back(settings: Settings, undo: Undo) -> None:
    """Puts the log back as it was before a note. Raises LogLineError where it was changed since."""
    if undo.former is not None:
        put_back(settings, undo.former, undo.digest, undo.subject, undo.kind)
        return
    lines = entries(settings, undo.subject, undo.kind).entries
    remove(settings, len(lines), undo.digest, undo.subject, undo.kind)


def last_massage(settings: Settings, subject: str = OWNER) -> dict[str, str]:
    """What the last massage that took place tells of the next one; {} where there is none."""
    for entry in reversed(entries(settings, subject, "massages").entries):
        if entry.record and entry.record["status"] == ATTENDED and "minutes" in entry.cells:
            return {name: entry.cells[name] for name in SAME_AS_LAST if name in entry.cells}
    return {}


def days_noted(settings: Settings, subject: str, *days: date) -> list[dict[str, str]]:
    """What the diary says of some days; {} for one without a line."""
    book = entries(settings, subject, "diary")
    return [dict(lines[0].cells) if (lines := _on(book, day)) else {} for day in days]


def _given(settings: Settings, subject: str, fields: Mapping[str, object]) -> dict[str, object]:
    """The fields that say something, with their date."""
    told = as_of_today(settings, subject, {"date": "today", **fields})
    return {name: value for name, value in told.items() if value not in (None, "")}


def _on(book: LogBook, day: object) -> list[LogEntry]:
    return [entry for entry in book.entries if entry.record and entry.record["local_date"] == day]


def _edited(settings: Settings, subject: str, book: LogBook, entry: LogEntry, given: Mapping[str, object]) -> Note:
    fields = {name: value for name, value in given.items() if name != "date"} or given
    change = edit(settings, entry.number, fields, book.digest, subject, book.kind)
    assert change.after is not None  # noqa: S101 - nothing was removed
    return Note(book.kind, _day(change.after.record or {}), change.after.cells, of_change(change, subject, book.kind))


def _day(record: Mapping[str, object]) -> date:
    day = record["local_date"]
    assert isinstance(day, date)  # noqa: S101 - of every record of a log
    return day
