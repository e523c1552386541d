"""What is said of a number, how sure, and why, as labels and as sentences of the page."""

from collections.abc import Mapping

from recovery.vocabulary.verdicts import Basis, Certainty, Word

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
