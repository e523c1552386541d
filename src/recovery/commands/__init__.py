"""One module per command of `recovery`, found here by looking; each holds a click command named `command`.

A module is imported when its command is called or its help is listed, and imports what it works with inside its
function: `recovery --help` must not wait for Prefect.
"""

import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path
from pkgutil import iter_modules
from typing import TYPE_CHECKING, Any, TypeVar

import click

from recovery.words.say import say
from recovery.words.terminal import printable

if TYPE_CHECKING:
    from recovery.home.settings import Settings

DEFAULT_HOME = "recovery-home"
LISTED = 20  # lines of one list that are shown on a terminal
Function = TypeVar("Function", bound=Callable[..., Any])


@dataclass
class Call:
    """What holds for a call as a whole, whether given before or after the command."""

    given_home: Path | None = None
    debug: bool = False

    @property
    def home(self) -> Path:
        """--home, else RECOVERY_HOME, else ./recovery-home."""
        return self.given_home or Path(os.environ.get("RECOVERY_HOME") or DEFAULT_HOME)

    def settings(self) -> "Settings":
        from recovery.home.settings import load_settings

        return load_settings(self.home.absolute())


def person_of(settings: "Settings", person: str | None) -> str:
    """Who is meant: the one of --person, else the owner; of a study, which is about others, it has to be told."""
    from recovery.home.settings import OWNER
    from recovery.home.study import is_study

    if person is None and is_study(settings.home):
        raise click.UsageError(say("This is a study: say of whom with --person NAME."))
    return person or OWNER


def listed_person_of(settings: "Settings", person: str | None) -> str:
    """The same, who has to be somebody of recovery.toml."""
    subject = person_of(settings, person)
    if subject not in settings.subjects:
        names = ", ".join(settings.subjects)
        raise click.UsageError(say("There is nobody called {name}. Known: {names}.", name=subject, names=names))
    return subject


def home_options(function: Function) -> Function:
    """Adds --home and --debug, which every command takes before and after its name."""

    def note_home(context: click.Context, _: click.Parameter, value: Path | None) -> None:
        call = context.ensure_object(Call)
        if value is not None:
            call.given_home = value

    def note_debug(context: click.Context, _: click.Parameter, value: bool) -> None:
        call = context.ensure_object(Call)
        call.debug = call.debug or value

    home = click.option(
        "--home",
        type=click.Path(file_okay=False, path_type=Path),
        metavar="DIR",
        expose_value=False,
        callback=note_home,
        help="The home folder (else RECOVERY_HOME, else ./recovery-home).",
    )
    debug = click.option(
        "--debug",
        is_flag=True,
        expose_value=False,
        callback=note_debug,
        help="Show the traceback of an error.",
    )
    return home(debug(function))


def echo(text: object, *, err: bool = False, has_lines: bool = False) -> None:
    """Prints a line, or several with `has_lines`: the only way of a command to the terminal.

    Names of files and people, notes and error messages may hold commands to the terminal: they are written out.
    Line feeds before the text stay.
    """
    words = str(text)
    line = words.lstrip("\n")
    click.echo("\n" * (len(words) - len(line)) + printable(line, keep_lines=has_lines), err=err)


def echo_indented(line: str) -> None:
    """Says a line of a list that stands under its title."""
    echo(f"  {line}")


@contextmanager
def usage_errors_printable() -> Iterator[None]:
    """Click prints its own errors, which repeat what was typed and what a file is named."""
    try:
        yield
    except click.UsageError as error:
        raise click.UsageError(_in_lines(error), error.ctx) from None
    except click.ClickException as error:
        raise click.ClickException(_in_lines(error)) from None


def _in_lines(error: click.ClickException) -> str:
    """What Click says of an error; it begins each line of a list of choices with a tab."""
    return printable(error.format_message().replace("\n\t", "\n  "), keep_lines=True)


def command_names() -> list[str]:
    """The names of all commands, sorted: `plan-trial` is the module `plan_trial`."""
    return sorted(module.name.replace("_", "-") for module in iter_modules(__path__) if module.name[0] != "_")


def load_command(name: str) -> click.Command | None:
    """The click command of that name, or None."""
    if name not in command_names():
        return None
    command = import_module(f"{__name__}.{name.replace('-', '_')}").command
    assert isinstance(command, click.Command)  # noqa: S101 - the contract of this package
    command.name = name
    return command
