"""The job and what is said about it, for `run` and `demo`."""

from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from recovery.outcome import Outcome
    from recovery.settings import Settings

SHOWN = 20  # refused files that are named; `recovery status --all` names all


def run_and_tell(settings: "Settings") -> None:
    """Runs the job once and says what it came to; what was refused goes to standard error."""
    from pipelines import nightly
    from recovery import query
    from recovery.outcome import outcome

    nightly.run(settings)
    with query.published(settings.home) as connection:
        tell(outcome(connection))
    home = settings.home
    click.echo(f"Look:    {home.report} (recovery open)")
    click.echo(f"Tables:  {home.published} (recovery query)")
    click.echo(f"Checks:  {home.checks / 'index.html'}")


def tell(found: "Outcome") -> None:
    """What was found, loaded and refused, the checks, and a headline for each person."""
    if not found.loaded and not found.others:
        click.echo("The inbox holds nothing yet: drop your exports there and run again.")
    elif not found.files_new:
        click.echo("Nothing new in the inbox.")
    else:
        click.echo(f"New: {found.files_new:,} {_files(found.files_new)}, {found.rows_new:,} records.")
    if found.loaded:
        click.echo("In all:")
    for row in found.loaded:
        span = f", {row.first} to {row.last}" if row.first else ""
        click.echo(f"  {row.label}: {row.files:,} {_files(row.files)}, {row.rows or 0:,} records{span}")
    if found.others:
        told = ", ".join(f"{count:,} {status}" for status, count in found.others)
        click.echo(f"  not read: {told} (recovery status says which)")
    for refused in found.refused[:SHOWN]:
        click.echo(f"{refused.status}: {refused.path}: {refused.message}", err=True)
    if len(found.refused) > SHOWN:
        click.echo(f"... and {len(found.refused) - SHOWN} more (recovery status --all)", err=True)
    if found.rejected_rows:
        click.echo(f'  {found.rejected_rows:,} rows or files rejected (recovery query "from rejected" says why)')
    if found.checks:
        held = found.checks - len(found.failing)
        click.echo(f"Checks: {held} of {found.checks} hold.")
    for severity, relation, expectation in found.failing:
        click.echo(f"  {severity}: {relation}: {expectation}")
    for sentence in found.people:
        click.echo(sentence)


def _files(count: int) -> str:
    return "file" if count == 1 else "files"
