"""`recovery open`: the report in the browser."""

import webbrowser

import click

from recovery.commands import Call, echo, home_options
from recovery.words.say import say


@click.command()
@home_options
@click.pass_obj
def command(call: Call) -> None:
    """Open the report in the browser.

    \b
    Example:
      recovery open --home my-back
    """
    from recovery.errors import HomeError

    report = call.settings().home.report
    if not report.is_file():
        raise HomeError(say("There is no report at {report} yet.", report=report), say("Make one with: recovery run"))
    echo(str(report))
    if not webbrowser.open(report.as_uri()):
        echo(
            say("No browser could be started (no desktop, or as root); open that file with one, here or elsewhere."),
            err=True,
        )
