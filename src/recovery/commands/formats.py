"""`recovery formats`: what can be dropped into the inbox."""

import click

from recovery.commands import echo, home_options
from recovery.words.say import say


@click.command()
@click.argument("name", required=False)
@home_options
def command(name: str | None) -> None:
    """List the formats that are read; with a NAME, all that is known of one.

    \b
    Example:
      recovery formats
      recovery formats gadgetbridge
    """
    from recovery.actions.formats import formats

    found = formats()
    if name is not None:
        chosen = next((one for one in found if one.name == name), None)
        if chosen is None:
            raise click.UsageError(
                say(
                    "There is no reader {name!r}; there are {names}.",
                    name=name,
                    names=", ".join(one.name for one in found),
                )
            )
        echo(f"{chosen.label} ({chosen.name})\nTime: {chosen.time_rule}.\n\n{chosen.details}", has_lines=True)
        return
    for one in found:
        echo(
            say(
                "{label}\n  takes: {takes}.\n  time:  {time_rule}.",
                label=one.label,
                takes=one.takes,
                time_rule=one.time_rule,
            ),
            has_lines=True,
        )
        echo(say("  more:  recovery formats {name}", name=one.name))
    echo(say("\nAny other table: recovery map FILE proposes how to read it."))
