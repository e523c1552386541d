"""The sentences about a change worth having: where the figure comes from, and whether it can be reached."""

from datetime import date

from recovery.words.counts import DAY, counted
from recovery.words.effects import text
from recovery.words.looks import day
from recovery.words.say import say

OWN = "You set it, in [goals] of recovery.toml."
OF_VARIATION = "Nobody has said what change is worth having: 0.3 of the day-to-day variation is taken."
OF_PLAN = "The plan of the trial declared it before the trial began."
KEPT = "It stays as it is for a year, so that the question does not move with the answer."
NOT_KEPT = "It still changes with every day, until 12 massages have measured days after them."


def of_metric(source: str) -> str:
    """The header of a metric names its source in brackets."""
    return say("The figure of this number for everybody: {source}.", source=source)


def of_usual(usual: str, days: int, days_away: int, until: date, *, left_out: int | None, is_kept: bool) -> str:
    """A share of the usual pain; `left_out` is the last day after a massage that does not count, None where all do."""
    if left_out is None:
        which = say(
            "Usual is the mean of all {days} of the year up to {until}, those after massages too, since nearly every"
            " day lies near one: where massages help, the usual without them is more.",
            days=counted(days, DAY),
            until=day(until),
        )
    elif left_out < 7:
        which = say(
            "Usual is the mean of {days} of the year up to {until}, without the day before a massage and the four from"
            " it on; only {away} lay outside the week after massages, so where a massage helps for longer than three"
            " days the usual without it is more.",
            days=counted(days, DAY),
            until=day(until),
            away=counted(days_away, DAY),
        )
    else:
        which = say(
            "Usual is the mean of {days} of the year up to {until} that lie outside the day before and the week after"
            " every massage.",
            days=counted(days, DAY),
            until=day(until),
        )
    share = say("30% of the usual pain of {usual}, at least half a point and at most 2 (Ostelo 2008).", usual=usual)
    return text(share, which, KEPT if is_kept else NOT_KEPT)


def too_little_pain(usual: str) -> str:
    return say(
        "The usual pain is {usual}: below 1 point there is too little of it for relief to be shown.", usual=usual
    )


def out_of_reach(worth: str, usual: str) -> str:
    return say(
        "A change of {worth} is more than there can be: without massages it is usually {usual}.",
        worth=worth,
        usual=usual,
    )


def goal_out_of_reach(metric: str, worth: str, usual: str) -> str:
    """A goal of a person's own that is more than the number can change by."""
    return say(
        "[goals] {metric} asks for {worth}, which is more than there can be: without massages it is usually {usual}.",
        metric=metric,
        worth=worth,
        usual=usual,
    )


def goal_too_high(metric: str, worth: str, usual: str, advice: str) -> str:
    """A goal of a person's own that asks for more than half of the usual pain."""
    return say(
        "[goals] {metric} asks for {worth}, which is more than half of the usual pain of {usual}: a relief that others"
        " would call good counts as too small. Without that line it would be {advice}.",
        metric=metric,
        worth=worth,
        usual=usual,
        advice=advice,
    )
