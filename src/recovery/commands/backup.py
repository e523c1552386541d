"""`recovery backup`: a home as one file."""

from pathlib import Path

import click

from recovery.commands import LISTED, Call, echo, home_options
from recovery.words.counts import FILE, counted, say_first
from recovery.words.say import say


@click.command()
@click.argument("file", type=click.Path(path_type=Path), metavar="FILE")
@click.option(
    "--without-exports", is_flag=True, help="Leave out exports that were read; their data are in the database."
)
@home_options
@click.pass_obj
def command(call: Call, file: Path, without_exports: bool) -> None:
    """Write a home to one new file: settings, logs, exports, the private database, the tables and the page.

    While a run is going the copy waits for its end, so that no table is half new. The file is for your eyes only: it is
    not encrypted. Logs of runs and Prefect's records are not in it.

    \b
    Example:
      recovery backup /media/disk/back-2026-11.zip
      recovery backup small.zip --without-exports
    """
    from recovery.actions.backup import back_up
    from recovery.home.disk import megabytes

    def on_wait(reason: str) -> None:
        echo(say("{reason} The copy begins when it is done.", reason=reason), err=True)

    target = file.absolute()
    saved = back_up(call.settings(), target, with_exports=not without_exports, on_wait=on_wait)
    echo(
        say(
            "Wrote {file}: {count}, {unpacked} unpacked, {packed} in the file.",
            file=target,
            count=counted(saved.files, FILE),
            unpacked=megabytes(saved.bytes),
            packed=megabytes(target.stat().st_size),
        )
    )
    if saved.left_out:
        echo(say("Not in it:"), err=True)
        say_first((f"  {line}" for line in saved.left_out), LISTED, lambda line: echo(line, err=True), where="")
    echo(say("To have it again: recovery restore {file} FOLDER", file=target))
