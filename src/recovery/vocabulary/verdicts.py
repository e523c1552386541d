"""What is said of a change: which way, how sure, why; and the verdict in one of five words that follows from the two.

Three questions with three answers, never mixed. `verdict_of` is the only place where a verdict is made of them.
"""

from enum import StrEnum


class Verdict(StrEnum):
    """What may be said of a change, as the column `verdict` of the published tables says it."""

    short: str  # one word, as names of styles need it
    sign: str  # so that a verdict never shows by colour alone

    def __new__(cls, value: str, short: str = "", sign: str = "") -> "Verdict":
        verdict = str.__new__(cls, value)
        verdict._value_ = value
        verdict.short, verdict.sign = short, sign
        return verdict

    SUPPORTED = ("supported", "supported", "✓")
    CONTRADICTED = ("contradicted", "contradicted", "✗")
    CONSISTENT = ("consistent with, not shown", "consistent", "≈")
    CANNOT_TELL_YET = ("can't tell yet", "undecided", "?")
    CANNOT_BE_TOLD = ("cannot be told from this data", "refused", "–")


class Word(StrEnum):
    """Which way the number changed by massages: the column `direction`."""

    BETTER = "better"
    A_LITTLE_BETTER = "a_little_better"
    NO_DIFFERENCE = "no_difference"
    NO_BETTER = "no_better"
    A_LITTLE_WORSE = "a_little_worse"
    WORSE = "worse"
    UNKNOWN = "unknown"
    MORE = "more"  # these three of a number without a better side
    LESS = "less"
    ABOUT_THE_SAME = "about_the_same"


class Certainty(StrEnum):
    """How sure the word is."""

    CLEAR = "clear"
    LIKELY = "likely"
    TOO_EARLY = "too_early"
    CANNOT_TELL = "cannot_tell"


class Basis(StrEnum):
    """Why: the person chose the dates, or a coin did and its own test passed."""

    AFTER = "after"
    BECAUSE = "because"


FOR_THE_BETTER = (Word.BETTER, Word.A_LITTLE_BETTER)
FOR_THE_WORSE = (Word.WORSE, Word.A_LITTLE_WORSE)
WITHOUT_BETTER_SIDE = (Word.MORE, Word.LESS, Word.ABOUT_THE_SAME)


def verdict_of(
    direction: Word | None, certainty: Certainty | None, *, is_size_excluded: bool | None = None
) -> Verdict | None:
    """The verdict on the claim that massages make a number better; None where none is given.

    `is_size_excluded` is of a claim of a size ("up to 80%"): whether that size is outside the range; None of a claim
    without one. A claim of a size is never supported, since one lucky massage would make it true.
    """
    if direction is None or certainty is None:
        return None
    if certainty is Certainty.CANNOT_TELL:
        return Verdict.CANNOT_BE_TOLD
    if direction in WITHOUT_BETTER_SIDE:
        return None
    if is_size_excluded:
        return Verdict.CONTRADICTED
    if direction in FOR_THE_BETTER and certainty is not Certainty.TOO_EARLY:
        is_shown = certainty is Certainty.CLEAR and is_size_excluded is None
        return Verdict.SUPPORTED if is_shown else Verdict.CONSISTENT
    if direction is not Word.UNKNOWN and certainty is Certainty.CLEAR:
        return Verdict.CONTRADICTED
    return Verdict.CANNOT_TELL_YET
