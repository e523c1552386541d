"""The sentences about a trial before it begins: how it was drawn, what it could show, what speaks against it."""

from collections.abc import Sequence
from datetime import date, datetime

from recovery.words import numbers
from recovery.words.say import say

NOT_IN_THE_INBOX = (
    "They are not in the inbox: a planned massage is not one that happened. When one has, log it with `recovery log"
    " massage`, or write `attended` in its line of the CSV and copy that into the inbox. What you miss stays a week"
    " drawn for a massage."
)
KEEP_THE_HASH = "Keep it where you cannot change it: mail it to your therapist, say. The next run publishes it too."
HOW_OFTEN = "How often the trial would find a change worth having, each number by itself (p < .05):"
NO_POWER = "It cannot be told: no days of yours are published yet (recovery run)."
NO_ROOM_FOR_A_GAP = "Six pairs give an answer only if every one of them is measured; a seventh leaves room for one gap."


def lost(subject: str, start: date) -> str:
    """A plan whose commitment nobody knows."""
    return say(
        "The trial from {start} has no answer: its plan lies in trials/{subject}/{start}, but the private database does"
        " not know it. Was this folder copied without .recovery? Copy that too, or restore a backup: only there it"
        " stands that the weeks were drawn beforehand.",
        subject=subject,
        start=start,
    )


def drawn(subject: str, pairs: int, weeks: int, start: date, end: date, minutes: int, when: str, seed: int) -> str:
    """`when` names the weekday, the time and the zone."""
    return (
        f"Trial of {subject}: {pairs} pairs, {weeks} weeks from {start} to {end}; massages of {minutes} min at {when},"
        f" drawn with seed {seed}."
    )


def written(folder: object, names: Sequence[str]) -> str:
    return f"Written to {folder}: {', '.join(names)}."


def committed(at_utc: datetime) -> str:
    return f"SHA-256 of schedule.json, committed {at_utc:%Y-%m-%d %H:%M:%S} UTC:"


def pair(number: int, with_massage: Sequence[date], without: Sequence[date]) -> str:
    """One pair: the dates with a massage, the dates without."""
    return f"pair {number}: massage {', '.join(map(str, with_massage))}; none {', '.join(map(str, without))}"


def too_few_pairs(pairs: int, needed: int) -> str:
    return (
        f"With {pairs} pairs no result can reach p < .05 (the least is 2/2^{pairs} = {2 / 2**pairs:.3g}); {needed} are"
        " needed, and fewer give no answer."
    )


def power_not_known(metric: str, reason: str) -> str:
    return f"{metric}: cannot be told, {reason}."


def power(metric: str, worth: str, share: float, pairs: int, detectable: str, needed: str, *, is_assumed: bool) -> str:
    """How often a change is found; `detectable` is the change found 80% of the time, `needed` the pairs for it."""
    assumed = ", assumed: 0.3 of your day-to-day swing" if is_assumed else ""
    with_all = f", a change of {detectable} 80% of the time" if detectable else ""
    return (
        f"{metric}: a change of {worth} (worth having{assumed}) is found {numbers.percent(share)} of the time with"
        f" {pairs} pairs{with_all}; {needed}."
    )


def price(share: float, with_all_days: float, *, is_weekly: bool) -> str:
    """What it costs to leave out the days that nobody asks about."""
    if is_weekly:
        return say(
            "Days 0 and +4 to +6 are left out, since a change that lasts would be there on them too: "
            "with them it would be {with_all_days} instead of {share}, but of a lasting change half would be "
            "cancelled.",
            with_all_days=numbers.percent(with_all_days),
            share=numbers.percent(share),
        )
    return say(
        "Days 0 and +4 to +6 and the first week of each block are left out, since a change that lasts would be there "
        "on them too: with them it would be {with_all_days} instead of {share}, but of a lasting change most would be "
        "cancelled.",
        with_all_days=numbers.percent(with_all_days),
        share=numbers.percent(share),
    )


def not_enough(pairs: int) -> str:
    return f"even {pairs} pairs do not give 80%"


def enough(pairs: int) -> str:
    return f"{pairs} pairs give 80%"


def takes(pairs: int) -> str:
    return f"80% takes {pairs} pairs"
