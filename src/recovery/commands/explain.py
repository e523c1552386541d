"""`recovery explain`: from a number back to minutes, sources and files."""

from datetime import datetime
from typing import TYPE_CHECKING

import click

from recovery.commands import LISTED, Call, echo, echo_indented, home_options
from recovery.vocabulary.metrics import IN_WAKING_HOURS
from recovery.vocabulary.summed_metrics import OF_LEDGER, TIMED_BY_DEVICES
from recovery.words import ledger, nights
from recovery.words.counts import say_first
from recovery.words.say import say

if TYPE_CHECKING:
    from recovery.published.explain import Explanation, Row


@click.command()
@click.argument("metric")
@click.argument("date", type=click.DateTime(formats=["%Y-%m-%d"]))
@click.option("--person", metavar="NAME", help="Whose day (else yours).")
@home_options
@click.pass_obj
def command(call: Call, metric: str, date: datetime, person: str | None) -> None:
    """Lead from a number back to the minutes, sources and files it is made of.

    \b
    Example:
      recovery explain steps 2026-05-01
      recovery explain asleep_min 2026-05-01 --person client1
    """
    from recovery.published.explain import explain

    local_date = date.date()
    found = explain(call.settings().home, metric, local_date, person)
    echo(say("{metric} of {subject} on {local_date}", metric=metric, subject=found.subject, local_date=local_date))
    echo(f"  {found.metric['description']}")
    if not found.values:
        near = " and ".join(str(day) for day in found.nearest) or "never"
        echo(
            say(
                "  No record of it on that day (nothing told is not zero). The nearest days with one: {near}.",
                near=near,
            )
        )
    for row in found.values:
        share = row["coverage_share"]
        covered = "" if share is None else say(", {share:.0%} of the day covered", share=share)
        echo(
            say(
                "  {number} {unit}, from {source} by {resolution}{covered}, {row}",
                number=_number(row["value"]),
                unit=row["unit"],
                source=row["source"],
                resolution=row["resolution"],
                covered=covered,
                row="valid" if row["is_valid"] else "not valid",
            )
        )
    _say_where_the_numbers_are(found)
    if found.day and metric in IN_WAKING_HOURS and "rest_from_hour" in found.day:
        echo(f"  {nights.counted_hours(found.day['rest_from_hour'], found.day['rest_to_hour'])}")
    _say_the_day(found)
    if found.files:
        echo(say("Files with records around that day"))
    files = (f"{row['path']} ({row['format']}, {row['status']}, {row['rows']} rows)" for row in found.files)
    say_first(files, LISTED, echo_indented)


def _say_where_the_numbers_are(found: "Explanation") -> None:
    """What each source reported, what counts of it, and what became of the rest."""
    if not found.ledger:
        return
    unit = found.metric["unit"] if found.metric["metric"] in OF_LEDGER else "records"
    counted = sum(entry.counted for entry in found.ledger)
    echo(f"  {ledger.reported([(entry.source, entry.reported) for entry in found.ledger], counted, unit)}")
    if found.metric["metric"] in TIMED_BY_DEVICES:
        echo(f"    {ledger.TIMED_BY_DEVICES}")
    for entry in found.ledger:
        for fate in ledger.FATES:
            if amount := getattr(entry, fate):
                echo(f"    {ledger.not_counted(entry.source, amount, fate, entry.why(fate))}")


def _say_the_day(found: "Explanation") -> None:
    if found.day:
        worn = found.day["worn_min"]
        wear = say("wear unknown") if worn is None else say("worn {number} min", number=_number(worn))
        valid = say("valid day") if found.day["is_valid_day"] else say("not a valid day")
        excluded = f", excluded: {found.day['excluded_for']}" if found.day["excluded_for"] else ""
        massage = say(", a massage on it") if found.day["is_massage_day"] else ""
        echo(
            say(
                "The day: {wear}, {valid}{excluded}{massage}",
                wear=wear,
                valid=valid,
                excluded=excluded,
                massage=massage,
            )
        )
        if found.day.get("night_status"):  # what an earlier version published has none
            echo(nights.night_before(found.day["night_status"], found.day["night_confidence"]))
        _say_what_is_not_over(found.day)
    for row in found.unknown:
        echo(
            say(
                "Whether there was a massage is not known: {place} of {path} may be of this day and could not be read.",
                place=row["place"],
                path=row["path"],
            )
        )
    if found.states:
        echo(say("Minutes by state"))
    for row in found.states:
        steps = "" if row["steps"] is None else f", {_number(row['steps'])} steps"
        echo(f"  {row['state']:<14} {row['minutes']:>5} min{steps}  {row['sources'] or ''}")
    if found.hours:
        echo(say("Hour   steps  moving  still  asleep  not worn  heart rate"))
    for row in found.hours:
        echo(
            f"{row['hour']:%H:%M} {_number(row['steps']):>6} {row['moving_min']:>7} {row['still_min']:>6}"
            f" {row['asleep_min']:>7} {row['not_worn_min']:>9} {_number(row['heart_rate_bpm']):>11}"
        )
    for row in found.nights:
        kind = "Night" if row["ordinal"] == 1 else "Nap"
        echo(
            say(
                "{kind}: {time} to {woke}, asleep {number} min, from {source}",
                kind=kind,
                time=_clock(row["onset_local"]),
                woke=_clock(row["wake_local"]),
                number=_number(row["asleep_min"]),
                source=row["source"],
            )
        )
    for row in found.diary:
        entries = ", ".join(f"{key} {value}" for key, value in row.items() if value is not None and key != "local_date")
        echo(f"Diary: {entries}")


def _say_what_is_not_over(day: "Row") -> None:
    if day.get("incomplete_sources"):
        echo(
            say(
                "The day is not complete yet: {sources} told nothing of a later time. It becomes valid with the next"
                " export that goes on after it.",
                sources=day["incomplete_sources"],
            )
        )
    if day.get("is_night_complete") is False:
        echo(
            say(
                "The night is not complete yet: nothing is known of the three hours after it. It becomes valid with"
                " the next export."
            )
        )


def _clock(minutes: float) -> str:
    """Minutes from the midnight that begins the day, negative the evening before, as a clock shows them."""
    return f"{int(minutes) // 60 % 24:02}:{int(minutes) % 60:02}"


def _number(value: object) -> str:
    """Without needless digits; a dash for what is not known."""
    if value is None:
        return "-"
    return f"{value:.2f}".rstrip("0").rstrip(".") if isinstance(value, float) else str(value)
