"""The five verdicts."""

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
