"""How a night is known, and in which hours rest is counted, as sentences."""

from recovery.words.say import say

HOURS_OF_DAY = 24


def counted_hours(from_hour: int | None, to_hour: int | None) -> str:
    """The hours of the clock in which rest is counted; None where the person has none that are the same on all days."""
    if from_hour is None or to_hour is None:
        return say("Counted over the whole day, where the night before it is known: no hours are always awake.")
    return say(
        "Counted from {start} to {end} o'clock, the same hours on all days.",
        start=from_hour % HOURS_OF_DAY,
        end=to_hour % HOURS_OF_DAY or HOURS_OF_DAY,
    )


def night_before(status: str, confidence: float) -> str:
    """Whether the night that ends on a date was recorded or inferred, or is unknown."""
    if status == "recorded":
        return say("The night before it was recorded.")
    if status == "inferred":
        return say(
            "The night before it was inferred from heart rate and movement (confidence {confidence:.0%}).",
            confidence=confidence,
        )
    return say("Of the night before it nobody knows when it was slept; its quiet minutes are unknown, not still.")
