"""`recovery log`: the lines of the massage list and of the diary: added, listed, changed, removed."""

from collections.abc import Callable, Mapping, Sequence
from datetime import date as Date  # noqa: N812 - `date` is an option here
from typing import TYPE_CHECKING

import click

from recovery.commands import Call, echo, home_options
from recovery.words.say import say

if TYPE_CHECKING:
    from recovery.actions.log import Written
    from recovery.actions.log_entries import Change, LogBook, LogEntry
    from recovery.home.settings import Settings

SCALE = click.FloatRange(0, 10)
KINDS = {"massage": "massages", "massages": "massages", "day": "diary", "days": "diary", "diary": "diary"}
Function = Callable[..., None]
Option = Callable[[Function], Function]
DATE = click.option("--date", metavar="DAY", help="When (else today): 2026-05-04, yesterday, 4 May, 4.5.")
MASSAGE_OPTIONS: Sequence[Option] = (
    click.option("--start", metavar="TIME", help="When it began: 17:30, 5pm, 17:30-18:30."),
    click.option("--minutes", metavar="LENGTH", help="How long it took: 60, 1h."),
    click.option("--technique", help="As you would say it."),
    click.option("--pressure", type=click.FloatRange(1, 5), help="1 soft to 5 hard."),
    click.option("--areas", help='Where, as "lower back, neck".'),
    click.option("--muscles", help="Which, if you know."),
    click.option("--therapist", help="Who."),
    click.option("--status", type=click.Choice(["attended", "cancelled", "no-show"]), help="Attended if not told."),
    click.option("--pain-before", type=SCALE, help="0 none to 10 worst."),
    click.option("--pain-after", type=SCALE, help="0 none to 10 worst."),
    click.option("--cause", help="Why you went."),
)
DAY_OPTIONS: Sequence[Option] = (
    click.option("--pain", type=SCALE, help="0 none to 10 worst."),
    click.option("--pain-morning", type=SCALE, help="0 none to 10 worst, on waking."),
    click.option("--pain-afternoon", type=SCALE, help="0 none to 10 worst, at about 16:00, before any massage."),
    click.option("--medication", help="Which, for the pain."),
    click.option("--doses", type=click.FloatRange(0), help="How many; 0 is none, and not the same as not told."),
    click.option("--bed-rest-hours", type=click.FloatRange(0, 24), help="Hours you lay down by day."),
    click.option("--doctor-visits", type=click.FloatRange(0), help="How many, for the back."),
    click.option("--mood", type=click.FloatRange(1, 5), help="1 bad to 5 good."),
    click.option("--could-do-daily-activities", type=bool, metavar="yes|no", help="Whether you could."),
    click.option("--other-treatment", type=bool, metavar="yes|no", help="Physiotherapy, exercises, an injection."),
    click.option("--day-off", type=bool, metavar="yes|no", help="Whether you did not work."),
    click.option("--illness", type=bool, metavar="yes|no", help="A cold, a fever, not the back."),
    click.option("--travel", type=bool, metavar="yes|no", help="Whether you were away."),
)
NOTE = click.option("--note", help="Anything.")
PERSON = click.option("--person", metavar="NAME", help="Whose (else yours).")


def _options(*options: Option) -> Option:
    """Adds options in the order in which they stand."""

    def add(function: Function) -> Function:
        for option in reversed(options):
            function = option(function)
        return function

    return add


@click.group()
@home_options
def command() -> None:
    """Add to the list of massages or to the diary, list what is there, change or remove a line.

    \b
    Example:
      recovery log massage --date yesterday --start 17:30-18:30
      recovery log day --pain 3 --doses 1
      recovery log list --last 5
      recovery log edit 12 --minutes 45
    """


@command.command("massage")
@_options(DATE, *MASSAGE_OPTIONS, NOTE, PERSON)
@home_options
@click.pass_obj
def massage(call: Call, /, date: str | None, person: str | None, **fields: object) -> None:
    """Add a massage to massages.csv in the inbox.

    \b
    Example:
      recovery log massage --date 2026-05-04 --start 17:30 --minutes 60 --technique "deep tissue"
      recovery log massage --date yesterday --start 17:30-18:30
    """
    from recovery.actions import log as logbook

    settings, subject = _whose(call, person)
    written = logbook.append_massage(settings, subject, **_told(settings, subject, {"date": date or "today", **fields}))
    _say_written(written, "massages", _today(settings), is_assumed=date is None)


@command.command("day")
@_options(DATE, *DAY_OPTIONS, NOTE, PERSON)
@home_options
@click.pass_obj
def day(call: Call, /, date: str | None, person: str | None, **fields: object) -> None:
    """Add a day to diary.csv in the inbox.

    \b
    Example:
      recovery log day --pain 3 --doses 1 --mood 4
    """
    from recovery.actions import log as logbook

    settings, subject = _whose(call, person)
    written = logbook.append_day(settings, subject, **_told(settings, subject, {"date": date or "today", **fields}))
    _say_written(written, "diary", _today(settings), is_assumed=date is None)


@command.command("list")
@click.argument("kind", type=click.Choice(sorted(KINDS)), default="massages")
@click.option("--last", type=click.IntRange(1), metavar="N", help="Only the last lines.")
@PERSON
@home_options
@click.pass_obj
def list_lines(call: Call, /, kind: str, last: int | None, person: str | None) -> None:
    """List the lines of massages.csv, or of diary.csv with `day`, with their numbers.

    \b
    Example:
      recovery log list --last 5
      recovery log list day
    """
    from recovery.actions import log_entries

    settings, subject = _whose(call, person)
    book = log_entries.entries(settings, subject, KINDS[kind])
    if not book.entries:
        echo(say("{path} has no lines yet.", path=book.path))
    for entry in book.entries[-last:] if last else book.entries:
        echo(_line(entry))


@command.command("edit")
@click.argument("which", nargs=-1, required=True)
@click.option("--date", metavar="DAY", help="Another day.")
@_options(*MASSAGE_OPTIONS, *DAY_OPTIONS, NOTE, PERSON)
@click.option("--clear", multiple=True, metavar="COLUMN", help="Empty this column; may be given several times.")
@home_options
@click.pass_obj
def edit(call: Call, /, which: Sequence[str], person: str | None, clear: Sequence[str], **fields: object) -> None:
    """Change a line, named by its number in `recovery log list`, or by its date and start.

    The line before and after is shown; the file as it was is kept below .recovery/log-versions.

    \b
    Example:
      recovery log edit 12 --minutes 45
      recovery log edit 2026-05-04 17:30 --technique "deep tissue" --clear note
      recovery log edit day yesterday --pain 4
    """
    from recovery.actions import log_entries

    settings, subject = _whose(call, person)
    kind, book, entry = _meant(settings, subject, which)
    given = {name: value for name, value in fields.items() if value is not None}
    changed = {**_told(settings, subject, given), **{name.replace("-", "_"): None for name in clear}}
    if not changed:
        raise click.UsageError(say("Say what is to change, as --minutes 45 or --clear note."))
    _say_change(log_entries.edit(settings, entry.number, changed, book.digest, subject, kind))


@command.command("remove")
@click.argument("which", nargs=-1, required=True)
@click.option("--yes", is_flag=True, help="Do not ask.")
@PERSON
@home_options
@click.pass_obj
def remove(call: Call, /, which: Sequence[str], yes: bool, person: str | None) -> None:
    """Remove a line, named by its number in `recovery log list`, or by its date and start.

    The file as it was is kept below .recovery/log-versions.

    \b
    Example:
      recovery log remove 12
      recovery log remove day yesterday --yes
    """
    from recovery.actions import log_entries

    settings, subject = _whose(call, person)
    kind, book, entry = _meant(settings, subject, which)
    if not yes:
        echo(_line(entry))
        click.confirm(say("Remove this line of {name}?", name=book.path.name), abort=True)
    _say_change(log_entries.remove(settings, entry.number, book.digest, subject, kind))


def _whose(call: Call, person: str | None) -> "tuple[Settings, str]":
    from recovery.home.settings import OWNER

    return call.settings(), person or OWNER


def _today(settings: "Settings") -> Date:
    from recovery.home import clock

    return clock.today(settings.home_time_zone)


def _told(settings: "Settings", subject: str, fields: Mapping[str, object]) -> dict[str, object]:
    """What was typed, with its words for dates and times read as of today."""
    from recovery.actions.log_notes import as_of_today

    return as_of_today(settings, subject, fields)


def _meant(settings: "Settings", subject: str, which: Sequence[str]) -> "tuple[str, LogBook, LogEntry]":
    """The log and the line that the words name: `12`, `2026-05-04 17:30`, `day yesterday`."""
    from recovery.actions import log_entries

    kind, words = (KINDS[which[0]], which[1:]) if which[0] in KINDS else ("massages", which)
    if not words:
        raise click.UsageError(say("Name the line by its number or its date: see recovery log list."))
    book = log_entries.entries(settings, subject, kind)
    return kind, book, log_entries.entry_named(book, words, settings)


def _facts(cells: Mapping[str, str]) -> str:
    """What a line tells besides its date, in one row."""
    return ", ".join(f"{name.replace('_', ' ')} {text}" for name, text in cells.items() if text and name != "date")


def _line(entry: "LogEntry") -> str:
    day = (entry.record or {}).get("local_date") or entry.cells.get("date", "")
    facts = _facts(entry.cells)
    if entry.problem:
        return say(
            "{number:>4}  {day}  {facts} (not read: {problem})",
            number=entry.number,
            day=day,
            facts=facts,
            problem=entry.problem,
        )
    return f"{entry.number:>4}  {day}  {facts}"


def _say_written(written: "Written", kind: str, today: Date, *, is_assumed: bool) -> None:
    day, facts = written.record["local_date"], _facts(written.cells)
    echo(f"{written.path}: {written.line}")
    if kind == "massages" and is_assumed:
        echo(
            say(
                "Added: a massage today, {day:%A} {day}, as no --date was given. {facts}", day=day, facts=facts
            ).rstrip()
        )
    elif kind == "massages":
        echo(say("Added: a massage on {day:%A} {day}. {facts}", day=day, facts=facts).rstrip())
    elif is_assumed:
        echo(say("Added: today, {day:%A} {day}, as no --date was given. {facts}", day=day, facts=facts))
    else:
        echo(say("Added: {day:%A} {day}. {facts}", day=day, facts=facts))
    if isinstance(day, Date) and day > today:
        echo(say("Note: that day lies ahead."), err=True)
    for warning in written.warnings:
        echo(say("Note: {warning}", warning=warning), err=True)
    if written.warnings:
        echo(say("To look and to take one away: recovery log list, recovery log remove."), err=True)
    echo(say("The next run reads it."))


def _say_change(change: "Change") -> None:
    echo(say("Before: {line}", line=_line(change.before).strip()))
    if change.after is None:
        echo(say("Removed from {path}.", path=change.path))
    else:
        echo(say("Now:    {line}", line=_line(change.after).strip()))
    for other in change.alike:
        echo(
            say("Note: line {number} is of the same time: {line}", number=other.number, line=_line(other).strip()),
            err=True,
        )
    echo(say("The file as it was: {kept}", kept=change.kept))
    echo(say("The next run reads it."))
