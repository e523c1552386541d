"""`recovery forget`: erases a person, or one file's data, for good."""

from pathlib import Path
from typing import TYPE_CHECKING

import click

from recovery.commands import Call, echo, home_options
from recovery.words.say import say

if TYPE_CHECKING:
    from recovery.home.settings import Settings


def _forget(settings: "Settings", file: Path | None, person: str | None) -> list[Path]:
    """Erases it in the home, or in the study with all its shards."""
    from recovery.actions import forget, forget_study
    from recovery.home import lock
    from recovery.home.study import Study

    if Study(settings.home.folder).is_begun:
        if person:
            return forget_study.forget_subject(settings, person)
        assert file is not None  # noqa: S101 - one of the two was given
        return forget_study.forget_file(settings, file)
    with lock.held(settings, "recovery forget"):
        if person:
            return forget.forget_subject(settings, person)
        assert file is not None  # noqa: S101 - one of the two was given
        return forget.forget_file(settings, file)


@click.command()
@click.argument("file", required=False, type=click.Path(path_type=Path), metavar="[FILE]")
@click.option("--person", metavar="NAME", help="Erase all of this person.")
@click.option("--yes", is_flag=True, help="Do not ask.")
@home_options
@click.pass_obj
def command(call: Call, file: Path | None, person: str | None, yes: bool) -> None:
    """Erase a person, or the data of one file of the inbox, for good.

    Databases are rewritten, caches and Prefect's records cleared. The same content is not loaded again, and no name of
    it is kept. Your own files in the inbox are never deleted: the command names those that you have to delete. The page
    and the tables are made anew by the next run. Stop `recovery nightly` before.

    \b
    Example:
      recovery forget --person client1
      recovery forget inbox/garmin_2019.zip
    """
    if (file is None) == (person is None):
        raise click.UsageError(say("Tell either a file or --person NAME."))
    from recovery.home.study import run_command

    settings = call.settings()
    what = say("all of {person}", person=person) if person else say("what {file} said", file=file)
    if not yes:
        click.confirm(
            say("Erase {what} from {folder} for good?", what=what, folder=settings.home.folder), abort=True, err=True
        )
    left = _forget(settings, file, person)
    echo(
        say(
            "Erased {what}. The page and the tables are made anew by: {command}",
            what=what,
            command=run_command(settings.home),
        )
    )
    if left:
        echo(say("These files of the inbox are yours to delete:"))
    for path in left:
        echo(f"  {path}")
    if person in settings.people:
        echo(say("recovery.toml names {person} still: take the name out when those files are deleted.", person=person))
    echo(say("Backups that you made before hold it still."))
