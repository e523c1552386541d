"""`recovery report`: the pages of the disk, written anew from what is published."""

import click

from recovery.commands import Call, echo, home_options


@click.command()
@home_options
@click.pass_obj
def command(call: Call) -> None:
    """Write the pages anew from what is published, as after a change of who shares with Clinic.

    \b
    Example:
      recovery report --home my-back
    """
    from recovery import report
    from recovery.home import lock

    settings = call.settings()
    with lock.held(settings, "recovery report"):
        echo(str(report.write(settings)))
