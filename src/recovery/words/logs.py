"""What is said and asked of massage logs: dates they say nothing about, and dates that are unknown."""

import json
from collections.abc import Sequence
from datetime import date

from recovery.words.counts import DAY, ROW, Noun, counted
from recovery.words.effects import first_up
from recovery.words.say import say

HOLDS_NOTHING = say("holds nothing that is counted here")  # the receipt of a file with no record in it
NO_DATE = say("no readable date.")  # ends the receipt of a list where each row that was not read is named in it
SHOWN_ROWS = 5
MEASURED_DAY = Noun("measured day", "measured days")


def outside(first: date, last: date, days: int, setting: str, path: str, answer: date) -> str:
    """The question whether there was no massage on dates that a log does not speak of, and where to answer it."""
    return say(
        "Your list says nothing about {first} to {last} ({days}). Did you have no massage then? If so, write `{path}"
        " = {answer}` below `[{setting}]` in recovery.toml; else add the massages to the list.",
        first=first,
        last=last,
        days=counted(days, MEASURED_DAY),
        path=json.dumps(path, ensure_ascii=False),
        answer=answer,
        setting=setting,
    )


def of_no_day(places: Sequence[str]) -> str:
    """Rows of a list, or entries of a calendar, of which nobody knows the days; the first few by their places."""
    shown, more = ", ".join(places[:SHOWN_ROWS]), len(places) - SHOWN_ROWS
    named = say("{places} and {count} more", places=shown, count=more) if more > 0 else shown
    if not all(place.startswith("row ") for place in places):
        return say("Which days these rows belong to cannot be told: {places}.", places=named)
    if len(places) == 1:
        return say("{place} (headings counted) has {no_date}", place=first_up(named), no_date=NO_DATE)
    return say("{places} (headings counted) have {no_date}", places=first_up(named), no_date=NO_DATE)


def of_file(path: str, asked: str) -> str:
    """What the receipt of a list, a diary or a calendar asks, with the file it is about."""
    return say("{path}: {asked}", path=path, asked=asked)


def unknown(days: int, rows: int) -> str:
    """How many days are unknown, and because of how many rows."""
    return say(
        "Whether there was a massage is unknown on {days}, because {rows} could not be read: mend the list;"
        ' `recovery query "from unknown_days"` says where.',
        days=counted(days, DAY),
        rows=counted(rows, ROW),
    )
