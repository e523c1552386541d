"""The sentences about an effect: what was found, what stands in its way, and what would tell more.

A reason is made of whole sentences; `text` puts them side by side. A clause ends a sentence that `but` begins.
"""

from collections.abc import Sequence
from typing import Literal

from recovery.vocabulary.windows import Window
from recovery.words import numbers
from recovery.words.numbers import Change
from recovery.words.say import say

ADD_UP = ("steps", "min", "h", "kcal", "m", "count", "floors", "doses", "visits")  # units of which a day has so many

# Clauses: what stands in the way of a finding
NO_PAIN_DIARY = "without a diary of morning pain, dates chosen on bad days could hide as much"
SEVERAL_METRICS = "with several metrics looked at, one such finding may be chance"
NOT_DECLARED = "it is not the main number of its family, which alone can show it"
TOO_SMALL = "the change is smaller than one worth having"
WEEKS_NO_DIFFERENCE = "the same weekdays of other weeks give nearly as large a difference"
WEEKS_ALIKE = "every week has massages on the same weekdays, so that weeks cannot be compared"
POSSIBLE_WITHOUT_PAIN = "with the pain before massages left aside, a change worth having is possible"
POSSIBLE_WITH_HISTORY = "with what went before massages allowed for, a change worth having is possible"
BEFORE_NOT_ALLOWED_FOR = "the days before massages differed already and could not be allowed for"
BEFORE_WITHOUT_DIARY = (
    "the days before massages differed already, and without a diary of morning pain that cannot be fully allowed for"
)
BEFORE_NOT_THE_SAME = "the days before massages differed already, and with those allowed for the answer is not the same"
BUILDS_UP = (
    "over your massages the number got better, and a benefit that builds up slowly is not seen on the days after one;"
    " blocks of four weeks with and without massages, drawn by lot, would tell (`recovery plan-trial`)"
)
MAY_BUILD_UP = (
    "a benefit that builds up over weeks is not seen so soon after a massage, and may still be worth having; breaks of"
    " six weeks would show it, or blocks of four weeks with and without massages, drawn by lot (`recovery plan-trial`)"
)
NOT_KEPT_TO = "too little of the schedule was kept to, so it was hardly a test of the massage"

# Sentences
BEFORE_THE_SAME = "The days before massages differed already; with those allowed for, the answer is the same."
NO_BETTER = "Neither more nor less of it is better by itself, so there is no verdict."
ONE_DAY = "One day alone, to see how long a change lasts; no verdict."
TOO_REGULAR = "Massages are too regular or too few to tell the days after them from others."
NOT_DECLARED_BY_PLAN = "But the plan of the trial did not declare it as one that decides."


def text(*sentences: str) -> str:
    """Sentences side by side; empty ones are left out."""
    return " ".join(sentence for sentence in sentences if sentence)


def finding(when: str, found: Change, worth: str, *, is_assumed: bool) -> str:
    """What was found beside the change worth having; a sentence goes on with it."""
    return f"{first_up(when)}: {found.size} (95% interval: {found.range}; {worth_having(worth, is_assumed=is_assumed)})"


def worth_having(worth: str, *, is_assumed: bool) -> str:
    """What change is worth having, and that it is a figure of ours where nobody said."""
    if is_assumed:
        return say(
            "nobody said what change is worth having, so {worth} is taken, 0.3 of its day-to-day variation", worth=worth
        )
    return say("a change of {worth} is worth having", worth=worth)


def trial_finding(found: Change, p_value: float, pairs: int, worth: str = "", *, is_assumed: bool = False) -> str:
    """What a trial found, beside the change worth having where that is known; a sentence goes on with it."""
    beside = f"; {worth_having(worth, is_assumed=is_assumed)}" if worth else ""
    return (
        f"In weeks drawn for a massage, against the weeks without: {found.whole}"
        f" ({numbers.p_value(p_value)}, {pairs} pairs{beside})"
    )


def change_when(found: Change, when: str, unit: str, *, is_one_look: bool = True) -> str:
    """A change with when it is: '1,400 steps more a day on the three days after a massage (95% interval: ...)'.

    The range of a main number, which holds at all looks together, is called a range.
    """
    a_day = " a day" if when == Window.DAYS.phrase and unit in ADD_UP and found.size != numbers.NO_CHANGE else ""
    return f"{found.size}{a_day} {when} ({'95% interval' if is_one_look else 'range'}: {found.range})"


def is_so(finding: str) -> str:
    return f"{finding}."


def excluded(finding: str) -> str:
    """A change worth having is excluded."""
    return f"{finding}: a change worth having is excluded."


def wrong_way(finding: str) -> str:
    return f"{finding}: the number moved the wrong way."


def but(finding: str, clauses: Sequence[str]) -> str:
    """What stands in the way of the finding."""
    return f"{finding}, but {' and '.join(clauses)}."


def both_possible(finding: str) -> str:
    return f"{finding}: both no change and one worth having are possible."


def first_range(finding: str, massages: int, needed: int) -> str:
    """Before the first look there is a range and no answer."""
    return say(
        "{finding}: a first range, which says nothing yet. The first look comes with {needed} massages that have"
        " measured days after them, and most answers later; so far there are {massages}.",
        finding=finding,
        needed=needed,
        massages=massages,
    )


def allowed_for(found: Change) -> str:
    """The second estimate, where it lies apart from the first, and with what it compares."""
    return say(
        "Against days that had the same week before them, so with what went before allowed for: {found}.",
        found=found.whole,
    )


LOT_WOULD_TELL = say(
    "More massages booked the same way do not settle it; weeks drawn by lot would (recovery plan-trial says how many)."
)


def new_trial_would_tell(massages: int) -> str:
    return f"A new trial of about {massages} massages would tell."


def of_trials(starts: Sequence[object], reason: str, pairs: int | None, planned: int) -> str:
    """The reason with the trials it is of, by their first dates; `pairs` where the last one still runs."""
    if pairs is not None and len(starts) == 1:
        return say(
            "Trial of {start}, looked at after {pairs} of {planned} pairs: {reason}",
            start=starts[0],
            pairs=pairs,
            planned=planned,
            reason=reason,
        )
    if pairs is not None:
        return say(
            "Trials of {starts} pooled, the last looked at after {pairs} of {planned} pairs: {reason}",
            starts=", ".join(map(str, starts)),
            pairs=pairs,
            planned=planned,
            reason=reason,
        )
    if len(starts) == 1:
        return say("Trial of {start}: {reason}", start=starts[0], reason=reason)
    return say("Trials of {starts} pooled: {reason}", starts=", ".join(map(str, starts)), reason=reason)


def build_up(*, is_so: bool) -> str:
    """What the trend over the massages says."""
    if is_so:
        return say("Over your massages the number got better, so the days after one cannot deny a slow benefit.")
    return say("Over your massages the number did not get better by half of a change worth having.")


def weeks(*, passed: bool, is_asked: bool) -> str:
    """What the comparison with other weeks says."""
    if not is_asked:
        return say(
            "Every week has massages on the same weekdays, so that weeks cannot be compared: skip one now and then, or"
            " vary the day."
        )
    if passed:
        return say("The same weekdays of other weeks seldom give as large a difference.")
    return say("The same weekdays of other weeks often give as large a difference.")


def over_people(when: str, people: int, found: Change, next_person: str, between: str) -> str:
    """The mean over several people, and how much they differ."""
    return (
        f"{first_up(when)}, on average over {people} people: {found.whole}. The next person may expect {next_person};"
        f" people's true effects differ by {between} as a rule."
    )


def allowing_for(when: str, what: Literal["pain", "days before"] | None) -> str:
    """A window, with what was before massages that its estimate allows for."""
    if what == "pain":
        return say("{when}, the pain before it allowed for", when=when)
    return when if what is None else say("{when}, the days before it allowed for", when=when)


def clause(sentence: str) -> str:
    """A sentence as part of another."""
    return first_down(sentence).rstrip(".")


def first_up(sentence: str) -> str:
    """With a capital first letter, and all others as they are."""
    return sentence[:1].upper() + sentence[1:]


def first_down(sentence: str) -> str:
    """With a small first letter, and all others as they are."""
    return sentence[:1].lower() + sentence[1:]
