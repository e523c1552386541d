"""Sentences about how many more massages it takes until something is said, as booked and booked otherwise."""

from recovery.vocabulary.designs import Design
from recovery.words.counts import WEEK, Noun, counted
from recovery.words.say import say

MORE_MASSAGE = Noun("more massage", "more massages")


def at_this_pace(low: int | None, high: int | None, weeks: int | None) -> str:
    """How many for half of the people like this one, and for four in five; None: not within two years."""
    if low is None:
        return say("At this pace two years of massages would probably not tell.")
    if high is None or weeks is None:
        return say(
            "After about {massages} at this pace half of the people like this one have an answer; four in five do not"
            " within two years.",
            massages=counted(low, MORE_MASSAGE),
        )
    if low == high:
        return say(
            "Perhaps {massages} will tell ({weeks} at this pace): about 8 of 10 people like this one have an answer by"
            " then.",
            massages=counted(high, MORE_MASSAGE),
            weeks=counted(weeks, WEEK),
        )
    return say(
        "Perhaps {low} to {massages} will tell ({weeks} at this pace): half of the people like this one have an answer"
        " by the first number, about 8 of 10 by the second.",
        low=low,
        massages=counted(high, MORE_MASSAGE),
        weeks=counted(weeks, WEEK),
    )


def shortly(low: int | None, high: int | None) -> str:
    """The numbers alone, for the first screen of a phone."""
    if low is None:
        return say("At this pace two years of massages would probably not tell.")
    if high is None:
        return say(
            "Perhaps {massages} will tell; it may take more than two years.", massages=counted(low, MORE_MASSAGE)
        )
    if low == high:
        return say("Perhaps {massages} will tell.", massages=counted(high, MORE_MASSAGE))
    return say("Perhaps {low} to {massages} will tell.", low=low, massages=counted(high, MORE_MASSAGE))


def in_short(low: int | None, high: int | None) -> str:
    """The same as a cell of a table."""
    if low is None:
        return say("not within two years at this pace")
    if high is None:
        return say("{massages} or more, at this pace", massages=counted(low, MORE_MASSAGE))
    if low == high:
        return say("about {massages} at this pace", massages=counted(high, MORE_MASSAGE))
    return say("{low} to {massages} at this pace", low=low, massages=counted(high, MORE_MASSAGE))


def sooner(design: Design, massages: int, weeks: int) -> str:
    """How many weeks another way to book or to record would save, and the massages it takes."""
    more, time = counted(massages, MORE_MASSAGE), counted(weeks, WEEK)
    match design:
        case Design.ANY_WEEKDAY:
            return say(
                "With the weekday drawn anew for each massage {massages} should tell, {weeks} sooner.",
                massages=more,
                weeks=time,
            )
        case Design.NO_DAY_MISSING:
            return say(
                "With no day missing {massages} should tell, {weeks} sooner.",
                massages=more,
                weeks=time,
            )
        case Design.WEEKS_BY_LOT:
            return say(
                "With weeks with and without massages by lot {massages} should tell, {weeks} sooner.",
                massages=more,
                weeks=time,
            )
    raise ValueError(f"{design} is no other way")


def within(design: Design, massages: int, weeks: int) -> str:
    """How many massages and weeks another way takes, where two years as booked do not tell."""
    more, time = counted(massages, MORE_MASSAGE), counted(weeks, WEEK)
    match design:
        case Design.ANY_WEEKDAY:
            return say(
                "With the weekday drawn anew for each massage {massages} in {weeks} should tell.",
                massages=more,
                weeks=time,
            )
        case Design.NO_DAY_MISSING:
            return say(
                "With no day missing {massages} in {weeks} should tell.",
                massages=more,
                weeks=time,
            )
        case Design.WEEKS_BY_LOT:
            return say(
                "With weeks with and without massages by lot {massages} in {weeks} should tell.",
                massages=more,
                weeks=time,
            )
    raise ValueError(f"{design} is no other way")
