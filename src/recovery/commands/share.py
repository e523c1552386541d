"""`recovery share`: how far a person is, as a file for a clinic."""

from pathlib import Path

import click

from recovery.commands import Call, echo, home_options, listed_person_of


@click.command()
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--as", "client", required=True, metavar="NAME", help='Under which name, as "Client A".')
@click.option("--person", metavar="NAME", help="Whose (else yours).")
@click.option("--withdraw", is_flag=True, help="Say that nothing is shared any more.")
@home_options
@click.pass_obj
def command(call: Call, /, file: Path, client: str, person: str | None, withdraw: bool) -> None:
    """Write counts and dates for a clinic: how many massages and diary days, how far the answer is, nothing else.

    \b
    Example:
      recovery share client-a.json --as "Client A"
      recovery share client-a-no-more.json --as "Client A" --withdraw
    """
    from recovery.actions.share import share
    from recovery.words import clinic as words

    settings = call.settings()
    subject = listed_person_of(settings, person)
    share(settings, subject, client, file, withdrawn=withdraw)
    for line in file.read_text(encoding="utf-8").splitlines():
        echo(line)
    echo(words.WITHDRAWN if withdraw else words.shared(file, client))
