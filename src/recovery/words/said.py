"""What is said of a number, how sure, and why, as labels and as sentences of the page."""

from collections.abc import Mapping

from recovery.vocabulary.verdicts import Basis, Certainty, Word
from recovery.words.looks import TALK_IT_OVER
from recovery.words.say import say

LABELS: Mapping[Word, str] = {
    Word.BETTER: "Better",
    Word.A_LITTLE_BETTER: "A little better",
    Word.NO_DIFFERENCE: "No difference",
    Word.NO_BETTER: "No better",
    Word.A_LITTLE_WORSE: "A little worse",
    Word.WORSE: "Worse",
    Word.UNKNOWN: "No answer yet",
    Word.MORE: "More",
    Word.LESS: "Less",
    Word.ABOUT_THE_SAME: "About the same",
}
SIGNS: Mapping[Word, str] = {  # a shape each, so that nothing shows by colour alone
    Word.BETTER: "▲",
    Word.A_LITTLE_BETTER: "△",
    Word.NO_DIFFERENCE: "‖",
    Word.NO_BETTER: "‖",
    Word.A_LITTLE_WORSE: "▽",
    Word.WORSE: "▼",
    Word.UNKNOWN: "○",
    Word.MORE: "↑",
    Word.LESS: "↓",
    Word.ABOUT_THE_SAME: "≈",
}
HOW_SURE: Mapping[Certainty, str] = {
    Certainty.CLEAR: "clear so far",
    Certainty.LIKELY: "likely",
    Certainty.TOO_EARLY: "too early to say",
    Certainty.CANNOT_TELL: "cannot be told",
}
AFTER = "This is what follows a massage. Whether the massage is the reason cannot be seen this way."
BECAUSE = "The weeks were drawn by lot and kept to, so this is because of the massages."
WHY: Mapping[Basis, str] = {Basis.AFTER: AFTER, Basis.BECAUSE: BECAUSE}


def label(direction: Word, certainty: Certainty) -> str:
    """As 'Better, clear so far'; where nothing can be said yet, how sure alone."""
    if direction is Word.UNKNOWN:
        return HOW_SURE[certainty].capitalize()
    return f"{LABELS[direction]}, {HOW_SURE[certainty]}"


def headline(title: str, direction: Word, certainty: Certainty, size: str) -> str:
    """The sentence of the first lines; `size` is the change with its range."""
    if certainty is Certainty.LIKELY:
        return _likely(title, direction, size)
    if direction is Word.BETTER:
        return say("{title}: better after massages, clear so far: {size}.", title=title, size=size)
    if direction is Word.A_LITTLE_BETTER:
        return say(
            "{title}: a little better after massages, clear so far, and less than is worth having: {size}.",
            title=title,
            size=size,
        )
    if direction is Word.NO_DIFFERENCE:
        return say(
            "{title}: no difference after massages, clear so far; a change worth having is ruled out: {size}.",
            title=title,
            size=size,
        )
    if direction is Word.NO_BETTER:
        return say(
            "{title}: no better after massages, clear so far; a change worth having is ruled out: {size}.",
            title=title,
            size=size,
        )
    if direction is Word.A_LITTLE_WORSE:
        return say(
            "{title}: a little worse after massages, clear so far: {size}. {talk}",
            title=title,
            size=size,
            talk=TALK_IT_OVER,
        )
    return say("{title}: worse after massages, clear so far: {size}. {talk}", title=title, size=size, talk=TALK_IT_OVER)


def _likely(title: str, direction: Word, size: str) -> str:
    if direction is Word.BETTER:
        return say("{title}: likely better after massages, which is not shown: {size}.", title=title, size=size)
    if direction is Word.A_LITTLE_BETTER:
        return say(
            "{title}: likely a little better after massages, which is not shown: {size}.", title=title, size=size
        )
    if direction in (Word.NO_DIFFERENCE, Word.NO_BETTER):
        return say("{title}: likely no better so soon after massages: {size}.", title=title, size=size)
    if direction is Word.MORE:
        return say(
            "{title}: likely more after massages; neither more nor less is better: {size}.", title=title, size=size
        )
    if direction is Word.LESS:
        return say(
            "{title}: likely less after massages; neither more nor less is better: {size}.", title=title, size=size
        )
    if direction is Word.ABOUT_THE_SAME:
        return say("{title}: likely about the same after massages: {size}.", title=title, size=size)
    return say("{title}: likely worse after massages: {size}. {talk}", title=title, size=size, talk=TALK_IT_OVER)


def by_lot(title: str, told: str) -> str:
    """What the drawn weeks say of a number; `told` is its label."""
    return say("Your randomised weeks say of {title}: {told}.", title=title, told=told[:1].lower() + told[1:])
