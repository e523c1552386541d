"""`recovery mend`: rows of lists, tables and calendars that could not be read, and what they should say."""

from typing import TYPE_CHECKING

import click

from recovery.commands import Call, echo, home_options, listed_person_of
from recovery.words.say import say

if TYPE_CHECKING:
    from recovery.actions.mends import Answer, AskedRow
    from recovery.home.settings import Settings

PERSON = click.option("--person", metavar="NAME", help="Whose (else yours).")
NUMBER = click.argument("number", type=click.IntRange(1))


@click.group()
@home_options
def command() -> None:
    """Say what rows should say that could not be read. The files stay as they are: it is kept in inbox/mends.csv.

    \b
    Example:
      recovery mend list
      recovery mend row 1 2026-02-28
      recovery mend leave-out 2
      recovery mend undo 1
    """


@command.command("list")
@PERSON
@home_options
@click.pass_obj
def list_rows(call: Call, /, person: str | None) -> None:
    """List the rows that could not be read, with their numbers, and below them what you said of others.

    \b
    Example:
      recovery mend list
    """
    from recovery.words import mends as words

    settings, subject = _whose(call, person)
    rows, said = _known(settings, subject)
    for number, row in enumerate(rows, 1):
        echo(f"{number:>4}  {_question(row)}")
        echo(f"      {words.cells(row.row.cells)}")
    if not rows:
        echo(words.NO_ROWS)
    if said:
        echo(words.SAID)
    for number, answer in enumerate(said, 1):
        echo(f"{number:>4}  {_answer(answer)}")


@command.command("row")
@NUMBER
@click.argument("value")
@click.option("--column", metavar="COLUMN", help="Another column of the row than the one that is asked about.")
@PERSON
@home_options
@click.pass_obj
def say_of_row(call: Call, /, number: int, value: str, column: str | None, person: str | None) -> None:
    """Say what a row should say, named by its number in `recovery mend list`.

    \b
    Example:
      recovery mend row 1 2026-02-28
      recovery mend row 2 cancelled --column status
    """
    _say(call, number, value, column, person)


@command.command("leave-out")
@NUMBER
@PERSON
@home_options
@click.pass_obj
def leave_out(call: Call, /, number: int, person: str | None) -> None:
    """Say that a row tells of nothing, so that it is neither read nor asked about.

    \b
    Example:
      recovery mend leave-out 2
    """
    from recovery.home.mends import LEAVE_OUT, WHOLE_ROW

    _say(call, number, LEAVE_OUT, WHOLE_ROW, person)


@command.command("undo")
@NUMBER
@PERSON
@home_options
@click.pass_obj
def undo(call: Call, /, number: int, person: str | None) -> None:
    """Take back what you said of a row, named by its number in the lower part of `recovery mend list`.

    \b
    Example:
      recovery mend undo 1
    """
    from recovery.actions.mends import take_mend_back
    from recovery.words import mends as words

    settings, subject = _whose(call, person)
    _, said = _known(settings, subject)
    if number > len(said):
        raise click.UsageError(say("There is no number {number} below: see recovery mend list.", number=number))
    mend = said[number - 1].mend
    take_mend_back(settings, subject, mend.path, mend.row, mend.column)
    echo(words.TAKEN_BACK)


def _question(row: "AskedRow") -> str:
    from recovery.words import mends as words

    if row.is_doubtful:
        return words.did_it_take_place(row.path, row.reason)
    return words.question(row.path, row.place, row.reason, row.row.column, row.row.old, row.row.kind, row.row.cells)


def _say(call: Call, number: int, value: str, column: str | None, person: str | None) -> None:
    from recovery.actions.mends import mend_row
    from recovery.words import mends as words

    settings, subject = _whose(call, person)
    rows, _ = _known(settings, subject)
    if number > len(rows):
        raise click.UsageError(say("There is no row {number}: see recovery mend list.", number=number))
    row = rows[number - 1]
    files = _files(settings, subject)
    mend = mend_row(settings, subject, files, row.path, row.row.key, column or row.row.column, value)
    echo(words.written(row.path, row.place, mend.column, mend.value))


def _whose(call: Call, person: str | None) -> "tuple[Settings, str]":
    settings = call.settings()
    return settings, listed_person_of(settings, person)


def _known(settings: "Settings", subject: str) -> "tuple[list[AskedRow], list[Answer]]":
    from recovery.actions.mends import answers, unread_rows

    files = _files(settings, subject)
    return unread_rows(settings, subject, files), answers(settings, subject, files)


def _files(settings: "Settings", subject: str) -> dict[str, str]:
    from recovery.published import query
    from recovery.published.unread_logs import logs_with_unread_rows

    with query.published(settings.home) as connection:
        return logs_with_unread_rows(connection, subject, {mend.path for mend in settings.mends.mends})


def _answer(answer: "Answer") -> str:
    from recovery.words import mends as words

    mend = answer.mend
    return words.said(mend.path, mend.column, mend.value, mend.written_utc.date(), holds=answer.holds)
