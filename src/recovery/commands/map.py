"""`recovery map`: how a table that no reader knows could be read."""

import json
import re
from pathlib import Path
from typing import TYPE_CHECKING

import click

from recovery.commands import Call, echo, home_options
from recovery.words.say import say

if TYPE_CHECKING:
    from recovery.formats.entries import Context


@click.command()
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--split", "column", metavar="COLUMN", help="Write one file for each value of this column instead.")
@click.option(
    "--into", type=click.Path(file_okay=False, path_type=Path), metavar="DIR",
    help="Where to write them (else beside the file).",
)  # fmt: skip
@click.option("--row", "kinds", multiple=True, metavar="VALUE=TARGET", help="What rows are, as 'Back pain=pain'.")
@click.option("--column", "headings", multiple=True, metavar="HEADING=TARGET", help="What a column is, as 'Knee=pain'.")
@home_options
@click.pass_obj
def command(
    call: Call, file: Path, column: str | None, into: Path | None, kinds: tuple[str, ...], headings: tuple[str, ...]
) -> None:
    """Propose a mapping for a table that no format fits, ready for recovery.toml.

    Prints what each column holds and a [[tables]] entry: paste it into recovery.toml, look it through, run. What the
    file leaves open is commented out: which of several regions is the pain to follow, only you know. Name it with --row
    or --column; a target is a metric, a column of the diary (pain, mood, doses ...) or massages. With --split, a table
    of several people becomes a folder for each.

    \b
    Example:
      recovery map tracker.csv >> my-back/recovery.toml
      recovery map pains.csv --row "Back pain=pain" --row "happiness=mood in 1-10"
      recovery map taps.csv --row "Pain/Back=pain" --row "Massage=massages"
      recovery map study.csv --split Id --into my-back/inbox
    """
    from recovery.actions import map as table_proposal

    entry = table_proposal.entry_of(file)
    if column is not None:
        written = table_proposal.split(entry, column, into or file.parent)
        for person, path, rows in written:
            echo(say("{path}: {rows:,} rows of {person}", path=path, rows=rows, person=person), err=True)
        echo(say("# Each folder below inbox/ is a person once recovery.toml lists it:"))
        for person, _, _ in written:
            is_bare = re.fullmatch(r"[A-Za-z0-9_-]+", person)
            echo(f"[people.{person if is_bare else json.dumps(person, ensure_ascii=False)}]")
        return
    if into is not None:
        raise click.UsageError(say("--into goes with --split."))
    found = table_proposal.propose(entry, _context(call), kinds, headings)
    echo("\n".join(found.lines), has_lines=True)
    if found.known_as:
        echo(
            say("Note: {known_as} reads this file already; a mapping would take its place.", known_as=found.known_as),
            err=True,
        )
    echo(say("Of this file {record_count:,} records would be read.", record_count=found.record_count), err=True)
    for problem in found.problems:
        echo(say("Not read: {problem}", problem=problem), err=True)
    for doubt in found.doubts:
        echo(say("Please check the unit. {doubt}", doubt=doubt), err=True)


def _context(call: Call) -> "Context":
    """Times as in the home, where there is one; else as on this machine."""
    from recovery.actions.init import system_zone
    from recovery.formats.entries import context_of
    from recovery.home.folder import Home
    from recovery.home.settings import OWNER, Settings

    home = Home(call.home)
    settings = call.settings() if home.settings.is_file() else Settings(home, system_zone())
    return context_of(settings, OWNER)
