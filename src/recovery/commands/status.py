"""`recovery status`: what a home holds."""

from datetime import UTC, datetime

import click

from recovery.commands import Call, home_options

SHOWN = 20  # lines of one list; `--all` shows the rest


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
    told = status(settings, today)
    limit = None if show_all else SHOWN
    click.echo(f"Home: {settings.home.folder} ({settings.home_time_zone})")
    if not told.is_published:
        click.echo("Nothing is published yet. Run: recovery run")
    elif told.last_run:
        seconds = "" if told.last_run.seconds is None else f", {told.last_run.seconds:.0f} s"
        click.echo(f"Last run: {told.last_run.started_utc} UTC, {told.last_run.status}{seconds}")
    if told.sources:
        click.echo("\nNewest data")
    for source in told.sources:
        age = "today" if source.age_days <= 0 else f"{source.age_days} day{'s' * (source.age_days != 1)} old"
        mark = "   WARNING: silent" if source.is_silent else "   (replaced)" if source.is_replaced else ""
        click.echo(f"  {source.subject:<8} {source.source:<20} {source.newest}  {age}{mark}")
    if told.coverage:
        click.echo("\nCoverage")
    for row in told.coverage:
        click.echo(
            f"  {row.subject:<8} {row.days} days from {row.first} to {row.last}, {row.valid_days} valid; last"
            f" {COVERED_DAYS} days: {row.recent_days} with data, {row.recent_valid_days} valid days,"
            f" {row.recent_valid_nights} valid nights"
        )
    if told.receipts:
        click.echo("\nFiles")
    for receipt in told.receipts:
        files = "file " if receipt.files == 1 else "files"
        click.echo(f"  {receipt.format:<20} {receipt.status:<12} {receipt.files:>7,} {files} {receipt.rows:>11,} rows")
    if told.troubles:
        click.echo("\nNot read, or not wholly")
    for trouble in told.troubles[:limit]:
        click.echo(f"  {trouble.status:<12} {trouble.path}: {trouble.message}")
    _say_more(len(told.troubles), limit)
    if told.unseen:
        click.echo("\nDropped since the last run")
    for path in told.unseen[:limit]:
        click.echo(f"  {path}")
    _say_more(len(told.unseen), limit)
    click.echo(f"\nDisk: {_size(told.inbox_bytes)} in the inbox, {_size(told.own_bytes)} of ours")


def _say_more(count: int, limit: int | None) -> None:
    if limit is not None and count > limit:
        click.echo(f"  ... and {count - limit} more (--all)")


def _size(count: int) -> str:
    size = float(count)
    for unit in ("B", "kB", "MB"):
        if size < 1000:
            return f"{size:.0f} {unit}"
        size /= 1000
    return f"{size:.1f} GB"
