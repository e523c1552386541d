"""`recovery demo`: an invented home, and the job run on it."""

from pathlib import Path

import click

from recovery.commands import Call, echo, home_options
from recovery.words.say import say

DEMO_HOME = "recovery-demo"


@click.command()
@home_options
@click.pass_obj
def command(call: Call) -> None:
    """Make ./recovery-demo (or --home) with invented exports, run the job on it, say where to look.

    \b
    Example:
      recovery demo
      recovery demo --home /tmp/a-look-around
    """
    from recovery.actions import demo
    from recovery.commands._job import run_and_report
    from recovery.home.settings import load_settings

    folder = (call.given_home or Path(DEMO_HOME)).absolute()  # never RECOVERY_HOME: that is somebody's own
    echo(say("Writing a year and a half of invented exports to {folder}", folder=folder))
    demo.write(folder)
    run_and_report(load_settings(folder))
