"""The sentences about the promises of the article: what the data of one person say of each."""

from collections.abc import Sequence

from recovery.vocabulary.windows import MAIN, Window
from recovery.words import numbers
from recovery.words.counts import DAY, MASSAGE, counted, form, listed
from recovery.words.effects import first_down, first_up
from recovery.words.numbers import Change
from recovery.words.say import say

# Sentences that stand behind another one
SLOW = "A benefit that builds up over weeks shows only in part this way, so it is not settled."
FIRST_RANGE = "But it is a first range: with fewer than 12 massages nothing is ruled out."
BUILDS_UP = (
    "But over your massages the pain got less, and days after a massage cannot deny a benefit that builds up slowly;"
    " blocks of four weeks with and without massages, drawn by lot, would tell."
)
NOT_MAIN = "It is not the main number of its family, which alone can show it."
SEVERAL_NUMBERS = "Several numbers stand for this, and one may differ by chance."
STOOD_IN_FOR = (
    "Steps only stand in for daily activities, so they can agree with this and not show it; the diary's column"
    " could_do_daily_activities tells of them."
)
ANOTHER_NUMBER = "Another number that stands for this says otherwise, so it is not settled."
NOT_OUTSIDE_WITH_HISTORY = "With what went before massages allowed for it is not outside, so this does not settle it."
TOO_LITTLE = "There was too little to compare for this."
NO_PAIN = "You told of no pain that could become less."
HOW_LONG = "How long is long nobody has said, so this can only agree with the claim."
NONE_COULD_LAST = "On the three days after it a change worth having is excluded, so none could last."
EXCLUDED_TOGETHER = "On the three days after it together a change worth having is excluded."
NOT_SURE = "That is not sure enough: the dates may have followed the numbers, or the days together show no change."
NO_BUILD_UP = "A benefit that builds up slowly over many massages is not seen this way."
BOOKED_BY_FEELING = (
    "But the days before massages differed already: you may have booked by how things went, so this does not settle it."
)
NOT_CERTAIN = "A change for the better is not certain."
MANY_KINDS = "With so many kinds looked at, this may be chance."
TOO_SMALL = "That is smaller than a change worth having."
NOT_DRAWN = "Several kinds were looked at and nobody drew lots which one to have, so this alone does not show it."


def not_measured(measured: str, how_to_record: str) -> str:
    return f"Nothing in your data tells {measured}. {how_to_record}"


def no_such_massage(how_to_record: str) -> str:
    return f"No massage in your log is told to be of this kind. {how_to_record}"


def of_metric(name: str, window: str, reason: str) -> str:
    """The reason of an effect, with what it is about; `name` is what the metric is called."""
    phrase = Window(window).phrase
    joint = "," if reason.lower().startswith(phrase.lower()) else ":"
    return f"{first_up(name)}{joint} {first_down(reason)}"


def also_looked_at(others: Sequence[str]) -> str:
    return f"Also looked at: {'; '.join(others)}."


def in_short(name: str, window: str, found: Change | None, verdict: str | None) -> str:
    """A number that does not decide, as part of a list; `name` is what the metric is called."""
    label = name if window in MAIN else f"{name} {Window(window).phrase}"
    if found is None:
        return f"{label}, which cannot be told"
    size = f"{label} {found.size} ({found.range})"
    return f"{size}: {verdict}" if verdict else size


def up_to(when: str, usual: float, unit: str, name: str, low: float, high: float, claimed: float) -> str:
    """The mean change as a share of the usual, beside the share that is promised; more relief is positive."""
    outside = "outside it" if high < claimed else "not excluded; no mean can show an 'up to'"
    return (
        f"Relief {when}, as a share of the {_usual(usual, unit, name)} that you have on average: the mean change"
        f" lies between {_relief(low, high)} (range); {numbers.percent(claimed)} is {outside}."
    )


def up_to_not_allowed_for(
    when: str, usual: float, unit: str, name: str, low: float, high: float, claimed: float
) -> str:
    """The same where the days before massages differed, and nothing could allow for it."""
    return (
        f"Relief {when}, as a share of the {_usual(usual, unit, name)} that you have on average:"
        f" between {_relief(low, high)} (range) beside {numbers.percent(claimed)}, but the days before massages"
        " differed already: you may have booked by how things went, and that could not be allowed for."
    )


def with_history(sentence: str) -> str:
    return f"With what went before massages allowed for: {first_down(sentence)}"


def lasts(name: str, days: int, later: Sequence[int] = (), *, is_last_looked_at: bool) -> str:
    """For how many days in a row the change can be told from none; `later` are all such days."""
    if later and not days:
        return say(
            "On the day after a massage, taken alone, {name} cannot be told to be better than usual; on {days} {named}"
            " it can.",
            name=name,
            days=form(DAY, len(later)),
            named=listed([f"+{day}" for day in later]),
        )
    if not days:
        return f"Already on the day after a massage, {name} cannot be told to be better than usual."
    if again := later[days:]:
        return say(
            "After a massage, {name} is {better}, and again on {days} {named}.",
            name=name,
            better=better_for(days),
            days=form(DAY, len(again)),
            named=listed([f"+{day}" for day in again]),
        )
    more = "; later days are not looked at" if is_last_looked_at else ""
    return f"After a massage, {name} is {better_for(days)}{more}."


def better_for(days: int) -> str:
    """How long a change lasts, as part of a sentence."""
    in_a_row = " in a row" if days > 1 else ""
    return f"better than usual for {counted(days, DAY)}{in_a_row}"


def of_kind(
    kind: str, massages: int, when: str, name: str, found: Change | None, difference: Change | None, *, is_asked: bool
) -> str:
    """What massages of a kind did, and did more than the others; `is_asked`: the difference is what is promised."""
    sentence = f"{kind}, {counted(massages, MASSAGE)}: {when} {name} {found.whole if found else numbers.NOT_TOLD}"
    if difference is not None:
        return f"{sentence}; against your other massages {difference.whole}."
    return f"{sentence}; there are too few other massages to compare with." if is_asked else f"{sentence}."


def kind(attribute: str, level: str) -> str:
    """Technique deep tissue."""
    return f"{first_up(attribute)} {level}"


def raw_drop(before_after: Sequence[tuple[float, float]]) -> str:
    """The drop that the log of massages tells, with why it proves nothing."""
    before = sum(pair[0] for pair in before_after) / len(before_after)
    after = sum(pair[1] for pair in before_after) / len(before_after)
    return (
        f"Right after {counted(len(before_after), MASSAGE)} you wrote {numbers.level(after, 'points')} of pain, right"
        f" before {numbers.level(before, 'points')}: most of such a raw drop also happens without massage, so it"
        " decides nothing."
    )


def _usual(usual: float, unit: str, name: str) -> str:
    return f"{numbers.level(usual, unit)} of {name}"


def _relief(low: float, high: float) -> str:
    """The ends of a share of relief: '3% and 13% less', '2% more and 13% less', 'no change and 5% less'."""
    words = [_less(share) for share in (low, high)]
    directions = {word.rpartition(" ")[2] for word in words}
    first = words[0].rpartition(" ")[0] if directions in ({"less"}, {"more"}) else words[0]
    return f"{first} and {words[1]}"


def _less(share: float) -> str:
    """A share of relief: '12% less', '3% more', 'no change'."""
    words = numbers.percent(abs(share))
    return numbers.NO_CHANGE if words == "0%" else f"{words} {'less' if share > 0 else 'more'}"
