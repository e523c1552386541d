"""The command `recovery`: arguments in, one library call, text out."""

import atexit
import logging
import os
import sys
import traceback
from contextlib import suppress
from typing import Any, NoReturn

import click

from recovery.commands import Call, command_names, echo, home_options, load_command, usage_errors_printable
from recovery.errors import RecoveryError
from recovery.home import stop
from recovery.home.memory import MEMORY_MB, memory_is_plain
from recovery.words.say import say


class Edge(click.Group):
    """Finds its commands in `recovery.commands`, and turns what goes wrong into one line and an exit status."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return command_names()

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        return load_command(cmd_name)

    def make_context(self, *arguments: Any, **named: Any) -> click.Context:
        with usage_errors_printable():
            return super().make_context(*arguments, **named)

    def invoke(self, ctx: click.Context) -> Any:
        call = ctx.ensure_object(Call)
        try:
            with stop.translated(), memory_is_plain(MEMORY_MB), usage_errors_printable():
                return super().invoke(ctx)
        except RecoveryError as error:
            message, status = str(error), error.exit_status
            if call.debug:
                raise
        except (click.ClickException, click.exceptions.Exit, click.Abort, BrokenPipeError):
            raise  # click prints these itself
        except OSError as error:
            message, status = _in_words(error), 1
            if call.debug:
                raise
        except Exception as error:  # the outermost edge: a bug of ours, in one line
            message, status = f"This is a bug in recovery: {type(error).__name__}: {error}. See it with --debug.", 1
            if call.debug:
                raise
        echo(f"recovery: {' '.join(message.split())}", err=True)
        return ctx.exit(status)


def _in_words(error: OSError) -> str:
    place = f" ({error.filename})" if error.filename else ""
    return f"{error.strerror or error}{place}."


@click.group(cls=Edge, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@home_options
@click.version_option(package_name="recovery")
def cli() -> None:
    """What follows your massages: do you move, rest and sleep differently afterwards?

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
    try:
        with stop.on_signals(_say_stopped):
            try:
                cli(prog_name="recovery")
            except SystemExit as end:
                _leave(end.code if isinstance(end.code, int) else int(end.code is not None))
            except Exception:  # noqa: BLE001 - let through by --debug; the traceback repeats foreign text
                echo(traceback.format_exc().rstrip(), err=True, has_lines=True)
                _leave(1)
            except stop.Stopped as end:
                _say_stopped(end)
                _leave(end.exit_status)
    except stop.Stopped as end:  # before or after all that
        _say_stopped(end)
        os._exit(end.exit_status)


def _say_stopped(end: stop.Stopped) -> None:
    with suppress(OSError):  # the terminal may be closed
        echo(say("recovery: stopped by {name}; what was published before still stands.", name=end.name), err=True)


def _leave(status: int) -> NoReturn:
    """Ends the process after what must be done at the end, without taking the interpreter apart.

    After a run Prefect's threads still hold on to modules, and DuckDB's binding would list some hundred of its own
    objects on standard error as leaked.
    """
    with stop.only_noted():
        atexit._run_exitfuncs()
    with suppress(OSError):  # who read our output may be gone
        sys.stdout.flush()
        sys.stderr.flush()
    os._exit(status)


if __name__ == "__main__":
    main()
