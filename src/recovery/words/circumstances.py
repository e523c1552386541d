"""The sentences on what else happened on massage days."""

from recovery.words.numbers import percent
from recovery.words.say import say

NAMES = {
    "other_treatment": say("other treatment"),
    "day_off": say("days off"),
    "illness": say("illness"),
    "travel": say("travel"),
}


def alike(name: str, yes: int, told: int, share_of_others: float) -> str:
    return say(
        "As for {what}: it was told of {yes} of {told} massage days that say yes or no, about as often as of other days"
        " ({share}).",
        what=NAMES[name],
        yes=yes,
        told=told,
        share=percent(share_of_others),
    )


def otherwise(name: str, yes: int, told: int, share_of_others: float) -> str:
    return say(
        "What was seen may be due to {what}: told of {yes} of {told} massage days that say yes or no, against {share}"
        " of other days with the same weekdays.",
        what=NAMES[name],
        yes=yes,
        told=told,
        share=percent(share_of_others),
    )


def not_compared(name: str, yes: int, massages: int) -> str:
    return say(
        "What was seen may be due to {what}: told of {yes} of {massages} massage days, and too few other days say"
        " whether there was any (write the no as well).",
        what=NAMES[name],
        yes=yes,
        massages=massages,
    )


def seldom(name: str, yes: int, massages: int) -> str:
    return say(
        "As for {what}: it was told of {yes} of {massages} massage days; other days hardly say yes or no.",
        what=NAMES[name],
        yes=yes,
        massages=massages,
    )


def without(left: int) -> str:
    return say("Without these days {left} massages are left.", left=left)


def too_few_without(why: str) -> str:
    return say("Without these days there is no answer. {why}", why=why)
