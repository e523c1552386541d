"""`recovery cohort move`: puts a person into another shard."""

from pathlib import Path

import click

from recovery.commands import Call, echo, home_options
from recovery.words.say import say


@click.command()
@click.argument("folder", type=click.Path(file_okay=False, path_type=Path))
@click.argument("person")
@click.argument("shard", type=click.IntRange(1, 999))
@home_options
@click.pass_obj
def command(call: Call, folder: Path, person: str, shard: int) -> None:
    """Put a PERSON into the SHARD of that number; none of their files is read again.

    \b
    Example:
      recovery cohort move my-study client7 2
    """
    call.given_home = folder
    settings = call.settings()
    from recovery.home import lock
    from recovery.home.study import Study
    from recovery.job import moves

    study, name = Study(settings.home.folder), f"{shard:03}"
    with lock.held(settings, "recovery cohort move"):
        shards = study.read().with_moved(person, name)
        study.write(shards)
        moves.carry_out(study, shards)
    echo(say("{person} is in shard {shard} now.", person=person, shard=name))
