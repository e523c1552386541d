"""The sentences about a main number that is looked at after every massage: what stands, and since when."""

from collections.abc import Sequence
from datetime import date

from recovery.words.counts import MASSAGE, counted
from recovery.words.effects import first_up, worth_having
from recovery.words.numbers import Change
from recovery.words.say import say

# Clauses: what stands in the way
NOT_EXCLUDED = "what you felt before massages is not known well enough to rule anything out"
A_CHECK = "one of the checks failed"

TALK_IT_OVER = "It may be the massage, or the bad days on which you book. Talk it over with your therapist."
KEPT = (
    "By the range up to now alone it would not be found anew; a finding stands until the data say that the change is"
    " less than half of one worth having."
)
RULED_OUT_KEPT = "The range up to now alone would not rule it out anew; that stands until the change is worth having."
RULED_OUT_CLOSELY = "The range is the one of a finding, a little wider than the one by which this is ruled out."
NOT_LOOKED = "The last look could not be computed, which is our fault; what was said before it stands in looks."

EXCLUDED_LATER = "The excluded days were changed after the last look; that counts from the next one on."

TOO_FEW_DAYS_YET = (
    "Up to the last massage there were too few days to compare, so this range says nothing yet; the next massage with"
    " measured days after it does."
)


def finding(when: str, found: Change, worth: str, *, is_assumed: bool) -> str:
    """What was found, with the range that holds however often one looks; a sentence goes on with it."""
    return say(
        "{when}: {size} (range: {range}; {worth})",
        when=first_up(when),
        size=found.size,
        range=found.range,
        worth=worth_having(worth, is_assumed=is_assumed),
    )


def a_little_better(finding: str) -> str:
    return say("{finding}: a little better, and less than is worth having.", finding=finding)


def no_difference(finding: str) -> str:
    return say("{finding}: no difference; a change worth having is ruled out.", finding=finding)


def no_better(finding: str) -> str:
    return say("{finding}: no better; a change worth having is ruled out.", finding=finding)


def no_difference_so_soon(finding: str, otherwise: str) -> str:
    """Of the days after a massage alone; `otherwise` is the clause of what they cannot rule out."""
    return say(
        "{finding}: no difference so soon after a massage, but {otherwise}.", finding=finding, otherwise=otherwise
    )


def no_better_so_soon(finding: str, otherwise: str) -> str:
    return say("{finding}: no better so soon after a massage, but {otherwise}.", finding=finding, otherwise=otherwise)


def failed_since(clauses: Sequence[str]) -> str:
    """Checks that fail now, beside a finding that was made when all passed."""
    return say("All checks passed when this was found; now: {clauses}.", clauses="; ".join(clauses))


def ruled_out_since(clauses: Sequence[str]) -> str:
    """What would stand in the way now, beside a change worth having that was ruled out when it did not."""
    return say("When this was ruled out nothing stood in its way; now: {clauses}.", clauses="; ".join(clauses))


def day(told: date) -> str:
    """As '2 April 2025'."""
    return f"{told.day} {told:%B} {told.year}"


def first_said(told: date) -> str:
    return say("First said on {day}; it still holds.", day=day(told))


def would_have_been_said(until: date, massages: int) -> str:
    """Of an answer that the page did not tell at its time: the data came later."""
    return say(
        "The data up to {day} ({massages}) would have said so already, and it holds since.",
        day=day(until),
        massages=counted(massages, MASSAGE),
    )


def withdrawn(until: date, massages: int) -> str:
    """Of a finding that was made before."""
    return say(
        "Withdrawn on {day}: with {massages} the change was less than half of one worth having.",
        day=day(until),
        massages=counted(massages, MASSAGE),
    )


def no_longer_ruled_out(until: date, massages: int) -> str:
    return say(
        "Until {day} a change worth having was ruled out; with {massages} it is possible again.",
        day=day(until),
        massages=counted(massages, MASSAGE),
    )


def parted_by_data(came: date, answer: date) -> str:
    """Of an answer that the page told, and that the same looks do not give any more."""
    return say(
        "With data that came on {came} the answer of {answer} no longer stands.", came=day(came), answer=day(answer)
    )


def parted_by_settings(changed: date, answer: date) -> str:
    return say(
        "With the settings of {changed} the answer of {answer} no longer stands.",
        changed=day(changed),
        answer=day(answer),
    )


def parted_by_both(changed: date, answer: date) -> str:
    return say(
        "With the data and settings of {changed} the answer of {answer} no longer stands.",
        changed=day(changed),
        answer=day(answer),
    )


def parted_by_program(changed: date, answer: date) -> str:
    return say(
        "With the version of this program that came on {changed} the answer of {answer} no longer stands.",
        changed=day(changed),
        answer=day(answer),
    )


def trial_parted(changed: date, answer: date) -> str:
    """Of an answer of drawn weeks that the page told, and that they do not give any more."""
    return say(
        "With what came since, the answer that these weeks gave on {answer} no longer stands from {changed} on.",
        changed=day(changed),
        answer=day(answer),
    )
