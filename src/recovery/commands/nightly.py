"""`recovery nightly`: the job every night."""

import click

from recovery.commands import Call, echo, home_options


@click.command()
@click.option(
    "--at",
    multiple=True,
    default=("04:30", "10:00"),
    show_default=True,
    metavar="HH:MM",
    help="When, by the home's clock; more than once for several times.",
)
@click.option("--address", is_flag=True, help="Print a new address of Prefect's pages for the service that runs.")
@home_options
@click.pass_obj
def command(call: Call, at: tuple[str, ...], address: bool) -> None:
    """Run the job every night in the home's time zone, until stopped; one that was missed is made up for.

    It brings its own Prefect server on 127.0.0.1, or uses the one of PREFECT_API_URL. Its own answers only those who
    come by the address that is printed, which is good for one visit within ten minutes.

    \b
    Example:
      recovery nightly --home my-back --at 04:30 --at 12:00
      recovery nightly --home my-back --address
    """
    from recovery.commands._job import flows
    from recovery.errors import SettingsError
    from recovery.home.clock import time_of_day
    from recovery.home.study import must_be_home

    try:
        for one in at:
            time_of_day(one)
    except SettingsError as error:
        raise click.BadParameter(str(error), param_hint="--at") from None
    settings = call.settings()
    must_be_home(settings.home)
    nightly = flows(settings)
    if address:
        echo(nightly.address(settings))
    else:
        nightly.serve(settings, at, announce=echo)
