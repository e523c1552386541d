"""`recovery log`: one more line in the logs of the inbox."""

from datetime import datetime
from typing import TYPE_CHECKING

import click

from recovery.commands import Call, echo, home_options
from recovery.words.say import say

if TYPE_CHECKING:
    from recovery.actions.log import Written

DATE = click.DateTime(formats=["%Y-%m-%d"])
SCALE = click.FloatRange(0, 10)


@click.group()
@home_options
def command() -> None:
    """Add a line to the list of massages or to the diary.

    \b
    Example:
      recovery log massage --date 2026-05-04 --start 17:30 --minutes 60
      recovery log day --pain 3 --doses 1
    """


@command.command("massage")
@click.option("--date", type=DATE, help="When (else today).")
@click.option("--start", metavar="HH:MM", help="When it began.")
@click.option("--minutes", type=click.FloatRange(0, min_open=True), help="How long it took.")
@click.option("--technique", help="As you would say it.")
@click.option("--pressure", type=click.FloatRange(1, 5), help="1 soft to 5 hard.")
@click.option("--areas", help='Where, as "lower back, neck".')
@click.option("--muscles", help="Which, if you know.")
@click.option("--therapist", help="Who.")
@click.option("--status", type=click.Choice(["attended", "cancelled", "no-show"]), help="Attended if not told.")
@click.option("--pain-before", type=SCALE, help="0 none to 10 worst.")
@click.option("--pain-after", type=SCALE, help="0 none to 10 worst.")
@click.option("--cause", help="Why you went.")
@click.option("--note", help="Anything.")
@click.option("--person", metavar="NAME", help="Whose (else yours).")
@home_options
@click.pass_obj
def massage(call: Call, /, date: datetime | None, person: str | None, **fields: object) -> None:
    """Add a massage to massages.csv in the inbox.

    \b
    Example:
      recovery log massage --date 2026-05-04 --start 17:30 --minutes 60 --technique "deep tissue"
    """
    from recovery.actions import log as logbook
    from recovery.home import clock
    from recovery.home.settings import OWNER

    settings = call.settings()
    given = {"date": date.date() if date else clock.today(settings.home_time_zone), **fields}
    _say(logbook.append_massage(settings, person or OWNER, **given))


@command.command("day")
@click.option("--date", type=DATE, help="When (else today).")
@click.option("--pain", type=SCALE, help="0 none to 10 worst.")
@click.option("--pain-morning", type=SCALE, help="0 none to 10 worst, on waking.")
@click.option("--medication", help="Which, for the pain.")
@click.option("--doses", type=click.FloatRange(0), help="How many; 0 is none, and not the same as not told.")
@click.option("--bed-rest-hours", type=click.FloatRange(0, 24), help="Hours you lay down by day.")
@click.option("--doctor-visits", type=click.FloatRange(0), help="How many, for the back.")
@click.option("--mood", type=click.FloatRange(1, 5), help="1 bad to 5 good.")
@click.option("--could-do-daily-activities", type=bool, metavar="yes|no", help="Whether you could.")
@click.option("--note", help="Anything.")
@click.option("--person", metavar="NAME", help="Whose (else yours).")
@home_options
@click.pass_obj
def day(call: Call, /, date: datetime | None, person: str | None, **fields: object) -> None:
    """Add a day to diary.csv in the inbox.

    \b
    Example:
      recovery log day --pain 3 --doses 1 --mood 4
    """
    from recovery.actions import log as logbook
    from recovery.home import clock
    from recovery.home.settings import OWNER

    settings = call.settings()
    given = {"date": date.date() if date else clock.today(settings.home_time_zone), **fields}
    _say(logbook.append_day(settings, person or OWNER, **given))


def _say(written: "Written") -> None:
    echo(f"{written.path}: {written.line}")
    echo(say("The next run reads it."))
