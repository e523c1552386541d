"""`recovery serve`: the live page in the browser, to see, to log and to drop files."""

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click

from recovery.commands import Call, echo, home_options
from recovery.words.say import say

if TYPE_CHECKING:
    from recovery.home.settings import Settings

FILE = click.Path(exists=True, dir_okay=False, path_type=Path)


@click.command()
@click.option("--port", type=click.IntRange(0, 65535), help="Where to listen (else 8765, or any where that is taken).")
@click.option("--open", "opens", is_flag=True, help="Show the page in the browser at once.")
@click.option("--lan", is_flag=True, help="For other devices of the network too; needs a certificate.")
@click.option("--name", "names", multiple=True, metavar="NAME", help="A further name of this server, as home.example.")
@click.option("--certificate", type=FILE, help="A certificate in PEM.")
@click.option("--certificate-key", type=FILE, help="The key of the certificate.")
@click.option("--insecure", is_flag=True, help="With --lan: without a certificate, readable in the network.")
@click.option(
    "--nightly", "runs_nightly", is_flag=True, help="Run the job every night too; no other service is needed."
)
@click.option("--at", multiple=True, metavar="HH:MM", help="With --nightly: when, else 04:30 and 10:00.")
@home_options
@click.pass_obj
def command(
    call: Call,
    port: int | None,
    opens: bool,
    lan: bool,
    names: tuple[str, ...],
    certificate: Path | None,
    certificate_key: Path | None,
    insecure: bool,
    runs_nightly: bool,
    at: tuple[str, ...],
) -> None:
    """Serve the live page on 127.0.0.1 until stopped: see answers, log, drop files, run.

    It answers only those who have a key: `recovery open` hands the owner's to the browser, `recovery keys` makes
    others.

    \b
    Example:
      recovery serve --home my-back --open
      recovery serve --home my-back --nightly --at 04:30
      recovery serve --lan --certificate home.pem --certificate-key home.key --name home.example
    """
    if (insecure or certificate) and not lan:
        raise click.UsageError(say("--certificate and --insecure belong to --lan."))
    if lan and not certificate and not insecure:
        raise click.UsageError(
            say(
                "--lan needs a certificate: without one, everybody in the network can read the page and take the keys."
                " Give --certificate, put a proxy with one before it (docs/serve.md), or say --insecure."
            )
        )
    if at and not runs_nightly:
        raise click.UsageError(say("--at belongs to --nightly."))
    times = _times(at) if runs_nightly else ()
    settings = call.settings()
    from recovery.home.study import must_be_home
    from recovery.web.serve import Place, serve

    must_be_home(settings.home)

    if lan and not certificate:
        echo(
            say("Without a certificate whoever is in this network can read the page, change it, and take its keys."),
            err=True,
        )
    place = Place(port, lan, names, certificate, certificate_key, times)
    serve(settings, place, lambda found: _announce(settings, found, opens=opens))


def _times(at: tuple[str, ...]) -> tuple[str, ...]:
    from recovery.errors import SettingsError
    from recovery.pipelines.schedule import DEFAULT, times

    try:
        return times(at or DEFAULT)
    except SettingsError as error:
        raise click.BadParameter(str(error), param_hint="--at") from None


def _announce(settings: "Settings", found: Sequence[str], *, opens: bool) -> None:
    from recovery.commands.open import show_live
    from recovery.home.served import own_address

    echo(say("The page is served at {addresses} until you stop it (Ctrl-C).", addresses=", ".join(found)))
    if opens:
        show_live(settings, own_address(settings.home))
    else:
        echo(say("To open it: recovery open --home {folder}", folder=settings.home.folder))
