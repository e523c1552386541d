"""The sentences of the days around a massage: what was found, the answer, and what the bars say beside it."""

from collections.abc import Mapping, Sequence
from enum import Enum

from recovery.vocabulary.sureness import Sure
from recovery.words.ranges import THIN_LINE
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
        Found.UP: say("You walked more on the three days after massages"),
        Found.DOWN: say("You walked less on the three days after massages"),
        Found.SAME: say("You walked about as much after massages as on other days"),
        Found.NOT_BETTER: say("You did not walk more after massages"),
        Found.OPEN: say("Whether you walk more after massages is still open"),
    },
    "pain": {
        Found.UP: say("Your pain was higher on the three days after massages"),
        Found.DOWN: say("Your pain was lower on the three days after massages"),
        Found.SAME: say("Your pain was about the same after massages as on other days"),
        Found.NOT_BETTER: say("Your pain was not lower after massages"),
        Found.OPEN: say("Whether your pain is lower after massages is still open"),
    },
    "asleep_min": {
        Found.UP: say("You slept longer in the night after massages"),
        Found.DOWN: say("You slept less in the night after massages"),
        Found.SAME: say("You slept about as long after massages as in other nights"),
        Found.NOT_BETTER: say("You did not sleep longer after massages"),
        Found.OPEN: say("Whether you sleep longer after massages is still open"),
    },
    "rest_share": {
        Found.UP: say("You sat or lay awake more on the three days after massages"),
        Found.DOWN: say("You sat or lay awake less on the three days after massages"),
        Found.SAME: say("You sat or lay awake about as much after massages as on other days"),
        Found.NOT_BETTER: say("You did not sit or lie awake less after massages"),
        Found.OPEN: say("Whether you sit or lie awake less after massages is still open"),
    },
}
SHORT: Mapping[str, tuple[str, Mapping[Found, str]]] = {  # the same, where it is not clear
    "steps": (
        say("Steps"),
        {
            Found.UP: say("more"),
            Found.DOWN: say("fewer"),
            Found.SAME: say("as many as on other days"),
            Found.NOT_BETTER: say("no more"),
        },
    ),
    "pain": (
        say("Pain"),
        {
            Found.UP: say("higher"),
            Found.DOWN: say("lower"),
            Found.SAME: say("the same as on other days"),
            Found.NOT_BETTER: say("no lower"),
        },
    ),
    "asleep_min": (
        say("Sleep"),
        {
            Found.UP: say("longer"),
            Found.DOWN: say("shorter"),
            Found.SAME: say("as long as in other nights"),
            Found.NOT_BETTER: say("no longer"),
        },
    ),
    "rest_share": (
        say("Sitting or lying awake"),
        {
            Found.UP: say("more"),
            Found.DOWN: say("less"),
            Found.SAME: say("as much as on other days"),
            Found.NOT_BETTER: say("no less"),
        },
    ),
}
OTHER_SHORT: Mapping[Found, str] = {
    Found.UP: say("more"),
    Found.DOWN: say("less"),
    Found.SAME: say("the same as at other times"),
    Found.NOT_BETTER: say("no better"),
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
    """The title of a figure: what was found, without a full stop; what is not clear says so."""
    number, short = SHORT.get(metric, (title, OTHER_SHORT))
    if found in short and sure is Sure.LIKELY:
        return say("{number} after massages: probably {what}", number=number, what=short[found])
    if found in short and sure is Sure.LESS_SURE:
        return say("{number} after massages: {what}, less sure now", number=number, what=short[found])
    if found is Found.REFUSED:
        return say("{title}: what follows a massage cannot be told yet", title=title)
    if found is Found.NONE:
        return say("{title} around your massages", title=title)
    if metric in FINDINGS:
        return FINDINGS[metric][found]
    if found in short:
        return say("{title} after massages: {what}", title=title, what=short[found])
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
