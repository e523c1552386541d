"""What is said of a number, how sure, and why, as labels and as sentences of the page."""

from collections.abc import Mapping

from recovery.vocabulary.sureness import Doubt, Sure
from recovery.vocabulary.verdicts import Basis, Word
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
    Word.NO_DIFFERENCE: "=",
    Word.NO_BETTER: "=",
    Word.A_LITTLE_WORSE: "▽",
    Word.WORSE: "▼",
    Word.UNKNOWN: "○",
    Word.MORE: "↑",
    Word.LESS: "↓",
    Word.ABOUT_THE_SAME: "≈",
}
HOW_SURE: Mapping[Sure, str] = {
    Sure.CLEAR: say("clear so far"),
    Sure.LIKELY: say("likely"),
    Sure.LESS_SURE: say("less sure now"),
    Sure.TOO_EARLY: say("too early to say"),
    Sure.CANNOT_TELL: say("cannot be told"),
}
AFTER = say("The massage may not be the reason.")
AFTER_MEANS = say("Whether the massage is the reason cannot be seen this way.")
BECAUSE = "The weeks were drawn by lot and kept to, so this is because of the massages."
WHY: Mapping[Basis, str] = {Basis.AFTER: AFTER, Basis.BECAUSE: BECAUSE}


def label(direction: Word, sure: Sure) -> str:
    """As 'Better, clear so far'; where nothing can be said yet, how sure alone."""
    if direction is Word.UNKNOWN:
        return HOW_SURE[sure].capitalize()
    return f"{LABELS[direction]}, {HOW_SURE[sure]}"


def doubted(doubt: Doubt, *, is_ruled_out: bool) -> str:
    """Why an answer that was clear is shown less sure; `is_ruled_out` where it is that nothing changed."""
    if doubt is Doubt.CHECKS:
        return say("Not every check passes now.")
    if is_ruled_out:
        return say("It was ruled out earlier; with newer days it could also be a change that matters.")
    return say("It looked clear earlier; with newer days it could also be no change.")


def of_drawn_weeks(of_all: str, of_drawn: str) -> str:
    """Beside an answer of all massages, where the headline is that of drawn weeks; both are sizes."""
    return say(
        "All massages together: {of_all}. Only the weeks drawn by lot: {of_drawn}.", of_all=of_all, of_drawn=of_drawn
    )
