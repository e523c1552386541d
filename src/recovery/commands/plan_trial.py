"""`recovery plan-trial`: a randomised trial of one person, drawn and committed before it begins."""

import secrets
from datetime import datetime
from typing import TYPE_CHECKING

import click

from recovery.commands import Call, echo, echo_indented, home_options, person_of
from recovery.vocabulary.weekdays import WEEKDAYS
from recovery.words import trials as words

if TYPE_CHECKING:
    from recovery.home.settings import Settings
    from recovery.trials.draw import Written
    from recovery.trials.plan import Measure, Plan


@click.command()
@click.option("--start", type=click.DateTime(["%Y-%m-%d"]), required=True, help="First day; weeks begin on it.")
@click.option("--pairs", type=click.IntRange(2, 52), required=True, help="Pairs of weeks, or of blocks; 6 at least.")
@click.option(
    "--weekday", type=click.Choice(tuple(WEEKDAYS), case_sensitive=False), required=True, help="Of the massages."
)
@click.option("--at", "at_time", type=click.DateTime(["%H:%M"]), required=True, help="When they begin, as 18:00.")
@click.option("--minutes", type=click.IntRange(1, 480), default=60, show_default=True, help="How long they take.")
@click.option(
    "--weeks-per-block", type=click.IntRange(1, 4), default=1, show_default=True,
    help="Weeks that one coin decides; 3 or 4 where massages may work for weeks.",
)  # fmt: skip
@click.option("--person", metavar="NAME", help="Whose (else yours).")
@home_options
@click.pass_obj
def command(
    call: Call,
    start: datetime,
    pairs: int,
    weekday: str,
    at_time: datetime,
    minutes: int,
    weeks_per_block: int,
    person: str | None,
) -> None:
    """Draw by lot in which weeks a massage takes place, to find out what it does.

    Of each pair of weeks a coin picks the one with a massage. The schedule is written as CSV and calendar into trials/
    of the home, and its hash is stored before the first week; when the last is over, the next run compares.

    \b
    Example:
      recovery plan-trial --start 2027-01-12 --pairs 12 --weekday tue --at 18:00
      recovery plan-trial --start 2027-01-12 --pairs 6 --weeks-per-block 3 --weekday tue --at 18:00 --person client1
    """
    from recovery.home import clock
    from recovery.trials import draw as trial

    settings = call.settings()
    subject = person_of(settings, person)
    plan = trial.draw(
        settings,
        subject,
        start=start.date(),
        pairs=pairs,
        weekday=weekday,
        start_time=at_time.time(),
        massage_min=minutes,
        weeks_per_block=weeks_per_block,
        now_utc=clock.now_utc(),
        seed=secrets.randbits(trial.SEED_BITS),
        goals=_goals(settings, subject),
    )
    measures = _measures(settings, plan)
    written = trial.commit(settings, plan, measures, clock.now_utc())
    _say_schedule(plan, written)
    _say_commitment(plan, written)
    _say_power(plan, measures)


def _say_schedule(plan: "Plan", written: "Written") -> None:
    """The weeks as they were drawn, and the files that hold them."""
    from recovery.trials import plan as trial_plan

    drawn, when = plan.schedule, f"{plan.name} ({plan.time_zone})"
    echo(
        words.drawn(
            plan.subject, drawn.pairs, drawn.weeks, drawn.start, drawn.last_date, plan.massage_min, when, plan.seed
        )
    )
    for line in trial_plan.pair_lines(plan):
        echo_indented(line)
    echo(words.written(written.folder, [path.name for path in written.files]))
    echo(words.NOT_IN_THE_INBOX)


def _say_commitment(plan: "Plan", written: "Written") -> None:
    """The hash that shows later that nothing was drawn again."""
    echo(words.committed(written.committed_utc))
    echo_indented(plan.sha256)
    echo(words.KEEP_THE_HASH)


def _say_power(plan: "Plan", measures: "list[Measure]") -> None:
    """How likely the trial is to find something, and what speaks against it."""
    from recovery.trials import plan as trial_plan

    echo(words.HOW_OFTEN)
    for line in trial_plan.power_lines(measures, plan.schedule.pairs) or [words.NO_POWER]:
        echo_indented(line)
    for warning in trial_plan.warnings(plan):
        echo(f"Warning: {warning}", err=True)


def _goals(settings: "Settings", subject: str) -> "dict[str, float | None] | None":
    """The change worth having of each main number, by what is published; None where nothing is."""
    from recovery.published import query
    from recovery.trials import draw as trial

    if not query.is_published(settings.home):
        return None
    with query.published(settings.home) as published:
        return trial.goals_of(published, subject, tuple(settings.primaries.values()))


def _measures(settings: "Settings", plan: "Plan") -> "list[Measure]":
    """The power by the published days; none where nothing is published."""
    from recovery.published import query
    from recovery.trials import draw as trial

    if not query.is_published(settings.home):
        return []
    with query.published(settings.home) as published:
        return trial.measures(published, plan)
