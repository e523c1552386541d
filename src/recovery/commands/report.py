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
    from contextlib import closing

    from recovery import report, warehouse
    from recovery.home import lock
    from recovery.home.study import must_be_home
    from recovery.published import publish

    settings = call.settings()
    must_be_home(settings.home)
    with lock.held(settings, "recovery report"):
        echo(str(report.write(settings)))
        if settings.home.work.is_file():  # else the next run takes the pages for changed, and publishes anew
            with closing(warehouse.open_work(settings.home.work)) as connection:
                publish.note_pages(connection, settings)
