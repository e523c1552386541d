"""`recovery cohort run`: works a study once."""

import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from recovery.commands import LISTED, Call, echo, home_options
from recovery.words.counts import PERSON, SHARD, counted, say_first
from recovery.words.say import say

if TYPE_CHECKING:
    from recovery.home.settings import Settings
    from recovery.job.shard import Outcome

FILE = click.Path(dir_okay=False, path_type=Path)


@click.command()
@click.argument("folder", required=False, type=click.Path(file_okay=False, path_type=Path), metavar="[FOLDER]")
@click.option("--people-per-shard", type=click.IntRange(min=1), metavar="N", help="At most so many (20 at first).")
@click.option("--workers", type=click.IntRange(min=1), metavar="N", help="Processes here, else one for each core.")
@click.option("--memory", "memory_mb", type=click.IntRange(min=300), metavar="MB", help="Of each worker, else 1500.")
@click.option("--without-dask", "is_plain", is_flag=True, help="One shard after the other, in this process.")
@click.option("--scheduler", default="", metavar="tls://HOST:PORT", help="An existing Dask cluster instead.")
@click.option("--tls-ca", type=FILE, metavar="FILE", help="Its certificate authority.")
@click.option("--tls-cert", type=FILE, metavar="FILE", help="The certificate of this client.")
@click.option("--tls-key", type=FILE, metavar="FILE", help="The key of that certificate.")
@home_options
@click.pass_obj
def command(
    call: Call,
    folder: Path | None,
    people_per_shard: int | None,
    workers: int | None,
    memory_mb: int | None,
    is_plain: bool,
    scheduler: str,
    tls_ca: Path | None,
    tls_cert: Path | None,
    tls_key: Path | None,
) -> None:
    """Work a study: load what is new of each person, check, compute, publish Parquet and cohort.duckdb.

    FOLDER is laid out as a home: recovery.toml lists the people, inbox/PERSON/ holds their exports. A shard of people
    that fails is named and stops no other; the next run goes on.

    \b
    Example:
      recovery cohort run my-study
      recovery cohort run my-study --workers 4 --people-per-shard 10
    """
    if folder:
        call.given_home = folder
    if bool(scheduler) != bool(tls_ca and tls_cert and tls_key):
        raise click.UsageError(say("Tell --scheduler together with --tls-ca, --tls-cert and --tls-key."))
    settings = call.settings()
    from recovery.commands._job import study_flows

    cohort = study_flows(settings)
    certificates = cohort.cluster.Certificates(tls_ca, tls_cert, tls_key) if scheduler else None
    options = cohort.Options(
        people_per_shard, workers, memory_mb or cohort.cluster.MEMORY_MB, scheduler, certificates, is_plain
    )
    summary = cohort.run(settings, options, _say_outcome, _say_begin)
    for title, lines in (
        (say("Not read"), [line for one in summary.outcomes if one.summary for line in one.summary.rejected]),
        (say("Warnings"), [*summary.warnings, *_lost_trials(settings)]),
    ):
        if lines:
            echo(title, err=True)
            say_first(lines, LISTED, lambda line: echo(f"  {line}", err=True))
    echo(say("The tables: {path}", path=settings.home.folder / "cohort.duckdb"))
    if summary.failed:
        echo(
            say(
                "{count} of {total} shards failed; what was published of them before still stands.",
                count=len(summary.failed),
                total=len(summary.outcomes),
            ),
            err=True,
        )
        sys.exit(max(outcome.exit_status for outcome in summary.failed))


def _lost_trials(settings: "Settings") -> list[str]:
    from recovery.published import query
    from recovery.published.lost_trials import lost_trials

    if not query.is_published(settings.home):
        return []
    with query.published(settings.home) as connection:
        return [question.of_person for question in lost_trials(connection, settings)]


def _say_begin(shards: int) -> None:
    """That there is something to do, which may take long."""
    echo(say("{shards} with something new; each is told when it is done.", shards=counted(shards, SHARD)))


def _say_outcome(outcome: "Outcome") -> None:
    """One line a shard, as it is done."""
    if outcome.is_resumed:
        echo(say("shard {shard}: was cut off in the middle before, and went on from there", shard=outcome.shard))
    if outcome.status == "failed":
        echo(say("shard {shard}: failed: {reason}", shard=outcome.shard, reason=outcome.reason), err=True)
        return
    echo(
        say(
            "shard {shard}: {people}, {status}, {seconds:.0f} s",
            shard=outcome.shard,
            people=counted(outcome.listed, PERSON),
            status=outcome.status,
            seconds=outcome.seconds,
        )
    )
