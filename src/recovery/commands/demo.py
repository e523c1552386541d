"""`recovery demo`: an invented home, and the job run on it; or the folder of an invented study."""

from pathlib import Path

import click

from recovery.commands import Call, echo, home_options
from recovery.words.say import say

DEMO_HOME = "recovery-demo"


@click.command()
@click.argument("folder", required=False, type=click.Path(file_okay=False, path_type=Path))
@click.option("--people", type=click.IntRange(1, 9999), help="Write a study of so many people, and run nothing.")
@click.option("--days", type=click.IntRange(28, 3650), help="Of each of them (else 365).")
@click.option("--seed", type=click.IntRange(0, 2**31), help="Another seed makes other people (else 1).")
@home_options
@click.pass_obj
def command(call: Call, folder: Path | None, people: int | None, days: int | None, seed: int | None) -> None:
    """Make ./recovery-demo (or FOLDER) with invented exports, run the job on it, say where to look.

    With --people it is a study: a folder of the inbox for each person, arms and groups in recovery.toml. Nothing is
    run on it.

    \b
    Example:
      recovery demo
      recovery demo --home /tmp/a-look-around
      recovery demo study --people 12 --days 120
    """
    from recovery.actions import demo
    from recovery.commands._job import run_and_report
    from recovery.home.settings import load_settings

    if people is None and (days is not None or seed is not None):
        raise click.UsageError(say("--days and --seed go with --people."))
    folder = (folder or call.given_home or Path(DEMO_HOME)).absolute()  # never RECOVERY_HOME: that is somebody's own
    if people is not None:
        from recovery.actions.demo import cohort
        from recovery.words.counts import PERSON, counted

        echo(say("Writing an invented study of {people} to {folder}", people=counted(people, PERSON), folder=folder))
        cohort.write(folder, people, cohort.DAYS if days is None else days, cohort.SEED if seed is None else seed)
        echo(say("recovery cohort run {folder} works them out in shards, with tables alone;", folder=folder))
        echo(say("recovery run --home {folder} as one home, with pages.", folder=folder))
        return
    echo(say("Writing a year and a half of invented exports to {folder}", folder=folder))
    demo.write(folder)
    run_and_report(load_settings(folder))
