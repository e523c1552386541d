"""`recovery init`: makes or completes a home."""

import click

from recovery.commands import Call, echo, home_options
from recovery.words.say import say


@click.command()
@click.option("--time-zone", metavar="ZONE", help="Where you live, as Europe/Berlin (else this machine's zone).")
@click.option("--people", metavar="A,B", default="", help="Further people whose exports you will drop.")
@home_options
@click.pass_obj
def command(call: Call, time_zone: str | None, people: str) -> None:
    """Make or complete a home folder; nothing that is there is overwritten.

    \b
    Example:
      recovery init --home my-back --time-zone Europe/Berlin
      recovery init --home our-backs --people client1,client2
    """
    from recovery.actions import init
    from recovery.home.folder import Home
    from recovery.home.study import run_command

    zone = time_zone or init.system_zone()
    if not init.is_zone(zone):
        raise click.BadParameter(
            say("{zone!r} is no time zone; write it as Europe/Berlin.", zone=zone), param_hint="--time-zone"
        )
    names = [name.strip() for name in people.split(",") if name.strip()]
    folder = call.home.absolute()
    made = init.init(folder, zone, names)
    for path in made.made:
        echo(f"made   {path.relative_to(folder.parent)}")
    for path in made.kept:
        echo(f"kept   {path.relative_to(folder.parent)}")
    if made.missing_people:
        echo(
            say(
                "recovery.toml was there already and stays as it is: add {tables} to it yourself.",
                tables=" ".join(f"[people.{name}]" for name in made.missing_people),
            ),
            err=True,
        )
    echo(say("Home time zone: {time_zone}.", time_zone=made.time_zone))
    echo(
        say(
            "Now drop your exports, zipped or not, into {folder} and run: {command}",
            folder=folder / "inbox",
            command=run_command(Home(folder)),
        )
    )
