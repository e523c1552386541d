"""`recovery run`: the whole job once."""

from collections import Counter
from typing import TYPE_CHECKING

import click

from recovery.commands import LISTED, Call, echo, echo_indented, home_options
from recovery.errors import RecoveryError
from recovery.words.counts import say_first
from recovery.words.say import say

if TYPE_CHECKING:
    from recovery.home.settings import Settings


@click.command()
@click.option("--dry-run", is_flag=True, help="Only say what would be read.")
@click.option("--without-prefect", is_flag=True, help="Run the same steps plainly, for cron and small machines.")
@home_options
@click.pass_obj
def command(call: Call, dry_run: bool, without_prefect: bool) -> None:
    """Load what is new, check, compute, publish, and write the page.

    \b
    Example:
      recovery run --home my-back
      recovery run --dry-run
      recovery run --without-prefect
    """
    if dry_run:
        _preview(call.settings())
        return
    from recovery.commands._job import run_and_report

    run_and_report(_settings(call), is_plain=without_prefect)


def _settings(call: Call) -> "Settings":
    """The settings of the home; where they are broken, whoever waits for a run hears of it as of one that failed."""
    try:
        return call.settings()
    except RecoveryError as error:
        from recovery.home.folder import Home
        from recovery.job.once import refuse

        refuse(Home(call.home.absolute()), error)
        raise


def _preview(settings: "Settings") -> None:
    from recovery.actions.preview import preview
    from recovery.readers import readers

    look = preview(settings)
    look.close()
    if not look.reads:
        echo(say("Nothing new would be read."))
    for name, count in sorted(Counter(item.reader for item in look.reads).items()):
        echo(say("{label}: {count:,} new or changed", label=readers()[name].LABEL, count=count))
        paths = [item.entry.path for item in look.reads if item.reader == name]
        say_first(paths, LISTED, echo_indented)
    refused = [f"{receipt.path}: {receipt.message}" for receipt in look.receipts if receipt.status != "ignored"]
    for title, lines in (
        (say("Would not be read"), refused),
        (say("Still arriving"), look.waiting),
        ("Gone", look.obsolete),
    ):
        if lines:
            echo(title)
            say_first(lines, LISTED, echo_indented)
