"""`recovery cohort`: a study of many people. One module per subcommand, found here by looking."""

from importlib import import_module
from pkgutil import iter_modules

import click

from recovery.commands import home_options


@click.group()
@home_options
def command() -> None:
    """A study of many people, worked in shards on Dask.

    \b
    Example:
      recovery cohort run my-study
    """


for _module in iter_modules(__path__):
    command.add_command(import_module(f"{__name__}.{_module.name}").command, _module.name.replace("_", "-"))
