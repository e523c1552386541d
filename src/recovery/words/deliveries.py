"""What is said of exports that arrived regularly and then no more."""

from datetime import date

from recovery.words.counts import DAY, counted
from recovery.words.looks import day
from recovery.words.say import say


def silent(name: str, rhythm_days: int, last: date, page: str, section: str) -> str:
    """Since when a format is missed, how often it came before, and where it is told how it arrives.

    For how many days is not told: the sentence would be another one every night, and with it three pages of a person.
    """
    if rhythm_days <= 1:
        return say(
            "{section} ({name}) arrived every day until {last}, and nothing since: {page} tells under {section}"
            " how it arrives by itself.",
            name=name,
            last=day(last),
            section=section,
            page=page,
        )
    return say(
        "{section} ({name}) arrived at least every {rhythm} until {last}, and nothing since: {page} tells"
        " under {section} how it arrives.",
        name=name,
        rhythm=counted(rhythm_days, DAY),
        last=day(last),
        section=section,
        page=page,
    )
