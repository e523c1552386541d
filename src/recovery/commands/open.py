"""`recovery open`: the page in the browser."""

import webbrowser
from typing import TYPE_CHECKING

import click

from recovery.commands import Call, echo, home_options
from recovery.words.say import say

if TYPE_CHECKING:
    from recovery.home.settings import Settings


@click.command()
@home_options
@click.pass_obj
def command(call: Call) -> None:
    """Open the report in the browser; the live page, where `recovery serve` runs.

    \b
    Example:
      recovery open --home my-back
    """
    from recovery.errors import HomeError
    from recovery.home import served
    from recovery.home.study import must_be_home

    settings = call.settings()
    address = served.own_address(settings.home)
    if address:
        show_live(settings, address)
        return
    must_be_home(settings.home)
    report = settings.home.report
    if not report.is_file():
        raise HomeError(say("There is no report at {report} yet.", report=report), say("Make one with: recovery run"))
    echo(str(report))
    if not webbrowser.open(report.as_uri()):
        echo(
            say("No browser could be started (no desktop, or as root); open that file with one, here or elsewhere."),
            err=True,
        )


def show_live(settings: "Settings", address: str) -> None:
    """Hands the owner's browser a code for the live page; where none starts, the address with a code is told."""
    from recovery.home import entry

    page = entry.entry_page(settings.home, address)
    if webbrowser.open(page.as_uri()):
        echo(say("Opened in the browser: {address}", address=address))
        return
    echo(say("No browser could be started. Open this yourself within ten minutes; it is good once:"))
    echo(entry.entry_link(address, entry.owner_code(settings.home)))
