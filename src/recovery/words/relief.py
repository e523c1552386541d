"""The sentences on how often massages are followed by a drop of pain."""

from recovery.words.counts import DAY, MASSAGE, counted
from recovery.words.numbers import percent
from recovery.words.say import say


def followed(massages: int, count: int, share: float, drop: float, days: int, share_without: float) -> str:
    return say(
        "{count} of {massages} ({share}) were followed by at least {drop} less pain than usual before, as were"
        " {share_without} of the days without one that are like them ({days}). Exploratory: no verdict rests on it.",
        count=count,
        massages=counted(massages, MASSAGE),
        share=percent(share),
        drop=percent(drop),
        share_without=percent(share_without),
        days=counted(days, DAY),
    )


def too_few(massages: int, needed: int) -> str:
    return say(
        "Only {massages} can be compared with like days without one; {needed} are needed.",
        massages=counted(massages, MASSAGE),
        needed=needed,
    )


def label(drop: float) -> str:
    """The name of the share in a list of facts."""
    return say("Followed by {drop} less pain (exploratory)", drop=percent(drop))


def in_short(massages: int, count: int, share: float, share_without: float) -> str:
    """`massages` are those that can be compared."""
    return say(
        "{count} of {massages} that can be compared ({share}); of like days without one {share_without}",
        count=count,
        massages=counted(massages, MASSAGE),
        share=percent(share),
        share_without=percent(share_without),
    )
