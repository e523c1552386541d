"""`recovery restore`: a home again from its backup."""

import shlex
from pathlib import Path

import click

from recovery.commands import Call, echo, home_options
from recovery.words.counts import FILE, counted
from recovery.words.say import say


@click.command()
@click.argument("file", type=click.Path(path_type=Path, exists=True, dir_okay=False), metavar="FILE")
@click.argument("folder", required=False, type=click.Path(path_type=Path, file_okay=False), metavar="[FOLDER]")
@home_options
@click.pass_obj
def command(call: Call, file: Path, folder: Path | None) -> None:
    """Make a home again from a backup, in a new or empty folder (else the one of --home).

    \b
    Example:
      recovery restore back-2026-11.zip my-back
    """
    from recovery.actions.restore import restore
    from recovery.home.folder import Home
    from recovery.home.study import is_study, run_command

    restored = restore(file.absolute(), (folder or call.home).absolute())
    echo(
        say(
            "Restored {count} to {folder}, as they were on {made_utc} UTC (recovery {version}).",
            count=counted(restored.files, FILE),
            folder=restored.folder,
            made_utc=restored.made_utc,
            version=restored.version,
        )
    )
    if restored.command:
        echo(
            say(
                "After each run its recovery.toml starts this command; take it out if it is not yours: {words}",
                words=shlex.join(restored.command),
            )
        )
    home = Home(restored.folder)
    command = run_command(home) if is_study(home) else f"{run_command(home)} --home {home.folder}"
    echo(say("Go on with: {command}", command=command))
