"""`recovery nightly`: the job every night."""

import click

from recovery.commands import Call, home_options


@click.command()
@click.option("--at", default="04:30", show_default=True, metavar="HH:MM", help="When, by the home's clock.")
@home_options
@click.pass_obj
def command(call: Call, at: str) -> None:
    """Run the job every night in the home's time zone, until stopped.

    It brings its own Prefect server on 127.0.0.1, or uses the one of PREFECT_API_URL.

    \b
    Example:
      recovery nightly --home my-back --at 04:30
    """
    from recovery.errors import SettingsError
    from recovery.pipelines import schedule

    try:
        schedule.time_of_day(at)
    except SettingsError as error:
        raise click.BadParameter(str(error), param_hint="--at") from None
    settings = call.settings()
    from recovery.pipelines import nightly

    nightly.serve(settings, at, tell=click.echo)
