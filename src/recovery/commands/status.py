"""`recovery status`: what a home holds."""

from datetime import UTC, datetime

import click

from recovery.commands import LISTED, Call, echo_indented, home_options
from recovery.words.counts import say_first


@click.command()
@click.option("--all", "show_all", is_flag=True, help="Name every file, not only the first 20.")
@home_options
@click.pass_obj
def command(call: Call, show_all: bool) -> None:
    """Show receipts, the age of the newest data, coverage, the last run and the disk used.

    \b
    Example:
      recovery status --home my-back
    """
    from recovery.home import clock
    from recovery.published.status import COVERED_DAYS, status

    settings = call.settings()
    today = clock.to_local(datetime.now(UTC).replace(tzinfo=None), settings.home_time_zone).date()
    found = status(settings, today)
    limit = None if show_all else LISTED
    click.echo(f"Home: {settings.home.folder} ({settings.home_time_zone})")
    if not found.is_published:
        click.echo("Nothing is published yet. Run: recovery run")
    elif found.last_run:
        seconds = "" if found.last_run.seconds is None else f", {found.last_run.seconds:.0f} s"
        click.echo(f"Last run: {found.last_run.started_utc} UTC, {found.last_run.status}{seconds}")
    if found.sources:
        click.echo("\nNewest data")
    for source in found.sources:
        age = "today" if source.age_days <= 0 else f"{source.age_days} day{'s' * (source.age_days != 1)} old"
        mark = "   WARNING: silent" if source.is_silent else "   (replaced)" if source.is_replaced else ""
        click.echo(f"  {source.subject:<8} {source.source:<20} {source.newest}  {age}{mark}")
    if found.coverage:
        click.echo("\nCoverage")
    for row in found.coverage:
        click.echo(
            f"  {row.subject:<8} {row.days} days from {row.first} to {row.last}, {row.valid_days} valid; last"
            f" {COVERED_DAYS} days: {row.recent_days} with data, {row.recent_valid_days} valid days,"
            f" {row.recent_valid_nights} valid nights"
        )
    if found.receipts:
        click.echo("\nFiles")
    for receipt in found.receipts:
        files = "file " if receipt.files == 1 else "files"
        click.echo(f"  {receipt.format:<20} {receipt.status:<12} {receipt.files:>7,} {files} {receipt.rows:>11,} rows")
    if found.troubles:
        click.echo("\nNot read, or not wholly")
    troubles = (f"{trouble.status:<12} {trouble.path}: {trouble.message}" for trouble in found.troubles)
    say_first(troubles, limit, echo_indented, where="--all")
    if found.unseen:
        click.echo("\nDropped since the last run")
    say_first(found.unseen, limit, echo_indented, where="--all")
    click.echo(f"\nDisk: {_size(found.inbox_bytes)} in the inbox, {_size(found.own_bytes)} of ours")


def _size(count: int) -> str:
    size = float(count)
    for unit in ("B", "kB", "MB"):
        if size < 1000:
            return f"{size:.0f} {unit}"
        size /= 1000
    return f"{size:.1f} GB"
