"""The command `recovery`: arguments in, one library call, text out."""

import logging
import os
import traceback
from typing import Any

import click

from recovery.commands import Call, command_names, home_options, load_command
from recovery.errors import RecoveryError


class Edge(click.Group):
    """Finds its commands in `recovery.commands`, and turns what goes wrong into one line and an exit status."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return command_names()

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        return load_command(cmd_name)

    def invoke(self, ctx: click.Context) -> Any:
        call = ctx.ensure_object(Call)
        caught: BaseException | None = None
        try:
            return super().invoke(ctx)
        except RecoveryError as error:
            message, status, caught = str(error), error.exit_status, error
            if call.debug:
                raise
        except (click.ClickException, click.exceptions.Exit, click.Abort, BrokenPipeError):
            raise  # click prints these itself
        except OSError as error:
            message, status, caught = _in_words(error), 1, error
            if call.debug:
                raise
        except Exception as error:
            message, status, caught = (
                f"This is a bug in recovery: {type(error).__name__}: {error}. See it with --debug.",
                1,
                error,
            )
            if call.debug:
                raise
        _let_go(caught)
        click.echo(f"recovery: {' '.join(message.split())}", err=True)
        return ctx.exit(status)


def _let_go(error: BaseException | None) -> None:
    """Frees what the frames of a failure hold: Prefect keeps the failure, and DuckDB complains of what is left open."""
    while error is not None:
        traceback.clear_frames(error.__traceback__)
        error = error.__cause__ or error.__context__


def _in_words(error: OSError) -> str:
    place = f" ({error.filename})" if error.filename else ""
    return f"{error.strerror or error}{place}."


@click.group(cls=Edge, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@home_options
@click.version_option(package_name="recovery")
def cli() -> None:
    """What do your massages do to how you move, rest and sleep?

    Drop what your watch exported and the list of your massages into the inbox of a home folder, and run the job.

    \b
    Example:
      recovery init --home my-back        makes the folder
      recovery run --home my-back         reads the inbox, computes, publishes
      recovery open --home my-back        shows the page

    The home folder is --home, else the environment's RECOVERY_HOME, else ./recovery-home.
    """
    os.umask(0o077)  # health data: what any part of a run writes is the owner's alone
    logging.getLogger().addHandler(logging.NullHandler())  # else Python prints what no log file takes, as tracebacks


def main() -> None:
    """The entry point of the installed command."""
    cli(prog_name="recovery")


if __name__ == "__main__":
    main()
