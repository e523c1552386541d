"""`recovery status`: what a home holds."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

import click

from recovery.commands import LISTED, Call, echo, echo_indented, home_options
from recovery.words import ledger
from recovery.words.counts import DAY, counted, say_first
from recovery.words.say import say

MOST_LOST = 3

if TYPE_CHECKING:
    from recovery.home.settings import Settings
    from recovery.published.status import Coverage, Receipt, Source
    from recovery.published.status import Run as PublishedRun


@click.command()
@click.option("--all", "show_all", is_flag=True, help="Name every person and file, not only the first 20.")
@home_options
@click.pass_obj
def command(call: Call, show_all: bool) -> None:
    """Show receipts, the age of the newest data, coverage, the last run and the disk used.

    \b
    Example:
      recovery status --home my-back
    """
    from recovery.home import clock
    from recovery.home.study import run_command
    from recovery.published.status import status

    settings = call.settings()
    found = status(settings, clock.today(settings.home_time_zone))
    limit = None if show_all else LISTED
    echo(f"Home: {settings.home.folder} ({settings.home_time_zone})")
    if not found.is_published:
        echo(say("Nothing is published yet. Run: {command}", command=run_command(settings.home)))
    _last_run(settings, found.last_run)
    if found.snapshot:
        echo(
            say(
                "Published: {published_utc} UTC by run {run_id}",
                published_utc=found.snapshot.published_utc,
                run_id=found.snapshot.run_id,
            )
        )
        if found.snapshot.is_by_wrong_clock:
            echo(say("The clock of this computer was wrong then; a run with a right one publishes again."))
    _section(say("Newest data"), [_source_line(source) for source in found.sources], limit)
    _section("Coverage", [_coverage_line(row) for row in found.coverage], limit)
    _section(say("Arrived regularly, and no more"), [each.of_person for each in found.silent])
    _section(say("Asked of your lists and calendars"), [each.of_person for each in found.questions], limit)
    _section(say("Goals that ask for too much"), [each.of_person for each in found.goals])
    _section(say("Trials without an answer"), [each.of_person for each in found.lost_trials])
    lost = [
        f"{each.subject}: {ledger.lost(each.source, each.metric, each.amount, each.reported, each.fate, each.reason)}"
        for each in found.lost
    ]
    _section(say("Lost of what was reported, the most first"), lost, MOST_LOST if limit else None)
    _section("Files", [_receipt_line(receipt) for receipt in found.receipts])
    troubles = [f"{trouble.status:<12} {trouble.path}: {trouble.message}" for trouble in found.troubles]
    _section(say("Not read, or not wholly"), troubles, limit)
    _section(say("Dropped since the last run"), found.unseen, limit)
    echo(
        say(
            "\nDisk: {size} in the inbox, {own_size} of ours",
            size=_size(found.inbox_bytes),
            own_size=_size(found.own_bytes),
        )
    )


def _last_run(settings: "Settings", published: "PublishedRun | None") -> None:
    """The run that was made last, also one with nothing new; else the last one that published."""
    from recovery.home import lock
    from recovery.job.last_run import last_run

    last = last_run(settings.home)
    if last is None:
        if published:
            seconds = "" if published.seconds is None else f", {published.seconds:.0f} s"
            echo(
                say(
                    "Last run: {started_utc} UTC, {status}{seconds}",
                    started_utc=published.started_utc,
                    status=published.status,
                    seconds=seconds,
                )
            )
        return
    started = f"{last.started_utc:%Y-%m-%d %H:%M}"
    if last.ended_utc is None:
        if lock.is_held(settings.home):
            echo(say("{name} has been at work since {started} UTC.", name=last.name, started=started))
        else:
            echo(say("Last run: {started} UTC, cut off before its end; the next one goes on.", started=started))
        return
    echo(
        say(
            "Last run: {started} UTC, {status}, {seconds:.0f} s, exit status {exit_status}",
            started=started,
            status=last.status,
            seconds=(last.ended_utc - last.started_utc).total_seconds(),
            exit_status=last.exit_status,
        )
    )
    if last.message:
        echo_indented(last.message)
    _section(say("Still being written"), last.waiting)


def _section(title: str, lines: Sequence[str], limit: int | None = None) -> None:
    """A title and its lines; nothing where there are none."""
    if lines:
        echo(f"\n{title}")
        say_first(lines, limit, echo_indented, where="--all")


def _source_line(source: "Source") -> str:
    age = "today" if source.age_days <= 0 else f"{counted(source.age_days, DAY)} old"
    mark = say("   WARNING: silent") if source.is_silent else "   (replaced)" if source.is_replaced else ""
    if not (mark or source.is_complete):
        mark = say("   (this day is not complete yet)")
    return f"{source.subject:<8} {source.source:<20} {source.newest}  {age}{mark}"


def _coverage_line(row: "Coverage") -> str:
    from recovery.published.status import COVERED_DAYS

    return say(
        "{subject:<8} {days} days from {first} to {last}, {valid_days} valid; last {covered_days} "
        "days: {recent_days} with data, {recent_valid_days} valid days, {recent_valid_nights} valid "
        "nights",
        subject=row.subject,
        days=row.days,
        first=row.first,
        last=row.last,
        valid_days=row.valid_days,
        covered_days=COVERED_DAYS,
        recent_days=row.recent_days,
        recent_valid_days=row.recent_valid_days,
        recent_valid_nights=row.recent_valid_nights,
    )


def _receipt_line(receipt: "Receipt") -> str:
    files = "file " if receipt.files == 1 else "files"  # the columns stay in line
    return f"{receipt.format:<20} {receipt.status:<12} {receipt.files:>7,} {files} {receipt.rows:>11,} rows"


def _size(count: int) -> str:
    size = float(count)
    for unit in ("B", "kB", "MB"):
        if size < 1000:
            return f"{size:.0f} {unit}"
        size /= 1000
    return f"{size:.1f} GB"
