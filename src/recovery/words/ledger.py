"""The ledger in words: what the sources reported of a day, what counts of it, and what was lost."""

from collections.abc import Mapping, Sequence

from recovery.words.say import say

FATES: Mapping[str, str] = {
    "counted_by_other": say("in hours or on a date of another source"),
    "same": say("the same as another record"),
    "cut": say("cut off where records overlap"),
    "rejected": say("that cannot be, or cannot be used"),
    "outside": say("on a date that is excluded or cannot be"),
    "unaccounted": say("unaccounted for"),
}
TIMED_BY_DEVICES = say("This is the time that devices measure; the metric counts whole minutes with movement.")


def reported(sources: Sequence[tuple[str, float]], counted: float, unit: str) -> str:
    """As `garmin:1 reported 11,200 steps, phone 7,900. Counted: 11,450.`, the sources in their order."""
    (first, amount), *others = sources
    return say(
        "{first} reported {amount} {unit}{others}. Counted: {counted}.",
        first=first,
        amount=_grouped(amount),
        unit=unit,
        others="".join(f", {source} {_grouped(more)}" for source, more in others),
        counted=_grouped(counted),
    )


def not_counted(source: str, amount: float, fate: str, reason: str = "") -> str:
    return say("{source}: {amount} {fate}", source=source, amount=_grouped(amount), fate=_why(fate, reason))


def lost(source: str, metric: str, amount: float, reported_amount: float, fate: str, reason: str = "") -> str:
    return say(
        "{source}, {metric}: {amount} of {reported} {fate}",
        source=source,
        metric=metric,
        amount=_grouped(amount),
        reported=_grouped(reported_amount),
        fate=_why(fate, reason),
    )


def _why(fate: str, reason: str) -> str:
    if not reason:
        return FATES[fate]
    return say("{fate} ({reason})", fate=FATES[fate], reason=reason)


def _grouped(amount: float) -> str:
    """Whole, with commas; what is less than 10 with the digits it has."""
    return f"{amount:,.0f}" if abs(amount) >= 10 else f"{amount:g}"
