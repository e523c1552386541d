"""Which way a number changed, in a word, from an estimate and its range. Better counts as positive throughout."""

from recovery.vocabulary.verdicts import Word

HALF = 0.5  # of a change worth having: what is smaller is never made a finding
QUARTER = 0.25  # of one: what is smaller never stays a finding


def direction(size: float, low: float, high: float, worth: float, *, is_ruled_out: bool, may_be_worse: bool) -> Word:
    """The word of a range.

    `worth` is the change worth having, above 0. `is_ruled_out` says whether it may be said that the range excludes it,
    `may_be_worse` whether it may be said that the number got worse.
    """
    if low > 0:
        return Word.BETTER if size >= worth else Word.A_LITTLE_BETTER
    if high < 0:
        if not may_be_worse:
            return Word.UNKNOWN
        return Word.WORSE if size <= -worth else Word.A_LITTLE_WORSE
    if not is_ruled_out:
        return Word.UNKNOWN
    return Word.NO_DIFFERENCE if low > -worth else Word.NO_BETTER


def without_better_side(low: float, high: float, least: float | None) -> Word:
    """The word of the range of a number without a better side; `least` is the smallest change that anybody would mind.

    None where nobody knows: then it is never about the same.
    """
    if low > 0:
        return Word.MORE
    if high < 0:
        return Word.LESS
    return Word.ABOUT_THE_SAME if least and -least < low and high < least else Word.UNKNOWN
