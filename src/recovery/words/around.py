"""The sentences of the days around a massage: what was found, the answer, and what the bars say beside it."""

from collections.abc import Mapping, Sequence
from enum import Enum

from recovery.vocabulary.sureness import Sure
from recovery.words.effects import first_down, first_up
from recovery.words.ranges import THIN_LINE
from recovery.words.said import HOW_SURE
from recovery.words.say import say


class Found(Enum):
    """What the answer says of a number itself, whether that is better or worse."""

    UP = "up"
    DOWN = "down"
    SAME = "same"
    NOT_BETTER = "not better"
    OPEN = "open"
    REFUSED = "refused"
    NONE = "none"


FINDINGS: Mapping[str, Mapping[Found, str]] = {
    "steps": {
        Found.UP: say("You walk more on the three days after a massage"),
        Found.DOWN: say("You walk less on the three days after a massage"),
        Found.SAME: say("You walk about as much after a massage as on other days"),
        Found.NOT_BETTER: say("You do not walk more after a massage"),
        Found.OPEN: say("Whether you walk more after a massage is still open"),
    },
    "pain": {
        Found.UP: say("Your pain is higher on the three days after a massage"),
        Found.DOWN: say("Your pain is lower on the three days after a massage"),
        Found.SAME: say("Your pain is about the same after a massage as on other days"),
        Found.NOT_BETTER: say("Your pain is not lower after a massage"),
        Found.OPEN: say("Whether your pain is lower after a massage is still open"),
    },
    "asleep_min": {
        Found.UP: say("You sleep longer in the night after a massage"),
        Found.DOWN: say("You sleep less in the night after a massage"),
        Found.SAME: say("You sleep about as long after a massage as in other nights"),
        Found.NOT_BETTER: say("You do not sleep longer after a massage"),
        Found.OPEN: say("Whether you sleep longer after a massage is still open"),
    },
    "rest_share": {
        Found.UP: say("You sit or lie awake more on the three days after a massage"),
        Found.DOWN: say("You sit or lie awake less on the three days after a massage"),
        Found.SAME: say("You sit or lie awake about as much after a massage as on other days"),
        Found.NOT_BETTER: say("You do not sit or lie awake less after a massage"),
        Found.OPEN: say("Whether you sit or lie awake less after a massage is still open"),
    },
}
NO_ANSWER = say("There is no answer on this yet; the bars alone show what was measured.")
CANNOT_BE_TOLD = say("From these data it cannot be told yet; Evidence says why, and what would help.")
AROUND_LEAD = say(
    "Each bar: the average of one day around your massages, against the week before; solid: the days of the answer."
    " {thin} Strong line across: the answer of Today.",
    thin=THIN_LINE,
)
AROUND_COUNTED = say(
    "Massages: so many count for that day. Left out are those for which it lies on, or up to three days after, another"
    " massage, was not measured well enough, or has fewer than three days of the week before to be compared with."
)
AROUND_NOTHING = say("Before the days around a massage can be drawn, three days of the week before must be measured.")
A_WEEK_BEFORE, A_WEEK_AFTER, THE_NUMBERS = say("a week before"), say("a week after"), say("The numbers")
COLUMNS = (say("Day"), say("Against the week before"), say("May well lie"), say("Massages"))


def finding(metric: str, title: str, found: Found, sure: Sure = Sure.CLEAR) -> str:
    """The title of a figure: what was found, in a sentence without a full stop; how sure before what is not clear."""
    told = _finding(metric, title, found)
    if sure in (Sure.LIKELY, Sure.LESS_SURE):
        return say("{sure}: {told}", sure=first_up(HOW_SURE[sure]), told=first_down(told))
    return told


def _finding(metric: str, title: str, found: Found) -> str:
    if found is Found.REFUSED:
        return say("{title}: what follows a massage cannot be told yet", title=title)
    if found is Found.NONE:
        return say("{title} around your massages", title=title)
    if metric in FINDINGS:
        return FINDINGS[metric][found]
    if found is Found.UP:
        return say("{title}: more after a massage", title=title)
    if found is Found.DOWN:
        return say("{title}: less after a massage", title=title)
    if found is Found.SAME:
        return say("{title}: about the same after a massage", title=title)
    if found is Found.NOT_BETTER:
        return say("{title}: no better after a massage", title=title)
    return say("{title}: still open", title=title)


def answer(said: str, sentence: str) -> str:
    """What and how sure, then the sentence of Today: 'Better, clear so far. About 1,400 steps more a day ...'"""
    return say("{said}. {sentence}", said=said, sentence=sentence)


def bars(base: str) -> str:
    return say("The line in the middle is the week before: {base}.", base=base)


def bars_beside(base: str, picture: str, answer: str, *, is_given_history: bool) -> str:
    """The two comparisons, where they agree; the answer may allow for the days before each massage, too."""
    if is_given_history:
        return say(
            "The line in the middle is the week before: {base}. Over the shaded days the bars show {picture}. The"
            " answer also allows for weekdays, seasons and what went before: {answer}.",
            base=base,
            picture=picture,
            answer=answer,
        )
    return say(
        "The line in the middle is the week before: {base}. Over the shaded days the bars show {picture}. The answer"
        " also allows for weekdays and seasons: {answer}.",
        base=base,
        picture=picture,
        answer=answer,
    )


def bars_apart(base: str, picture: str, answer: str) -> str:
    """The two comparisons, where they do not agree."""
    return say(
        "The line in the middle is the week before: {base}. Here the bars mislead: over the shaded days they show"
        " {picture}, but the week before a massage is not like other weeks. The answer allows for that, and for"
        " weekdays and seasons: {answer}. Go by the answer.",
        base=base,
        picture=picture,
        answer=answer,
    )


def picture(title: str, days: Sequence[tuple[str, str]]) -> str:
    """A figure in a sentence."""
    if not days:
        return say("{title}.", title=title)
    return say(
        "{title}. Against the week before: {days}.",
        title=title,
        days="; ".join(f"{day} {change}" for day, change in days),
    )


def more_is(better: str, metric: str) -> str:
    if better == "up":
        return say("↑ more is better")
    return say("↑ more pain") if metric == "pain" else say("↑ more")


def less_is(better: str) -> str:
    return say("↓ less is better") if better == "down" else say("↓ less")
