"""What is said and asked of rows that could not be read."""

from collections.abc import Sequence
from datetime import date

from recovery.words.looks import day
from recovery.words.say import say

LISTED = 5  # files or lines, in a receipt
WHOLE_ROW = "row"  # `home.mends.WHOLE_ROW`
LIES_AHEAD = say("lies ahead: it counts once its day has come")
NO_ROWS = say("All rows could be read.")
SAID = say("What you said of rows")
BY_HAND = say(
    "This cannot be put right here. If there were massages, write each of them down under Massages, the first one too,"
    " or export the calendar anew with each as an event of its own; then leave this one out."
)
LEAVE_OUT = say("This row tells of nothing: leave it out")
IT_TOOK_PLACE, IT_DID_NOT = say("Yes, it took place"), say("No, it did not")
TAKEN_BACK = say("Taken back: the row is read as it stands from the next run on.")
AS_IT_STANDS = say("The row as it stands in the file")
FILE_STAYS = say("Your files are never changed. What you write here is kept beside them, in mends.csv.")
ALSO_OPEN = say("What else is open")
SUGGESTED = say("You said this of the same row in another file.")
VALUE = say("What it should say")
ASKED = {
    "start": say("When did it begin?"),
    "minutes": say("How many minutes did it take?"),
    "status": say("Did it take place? Write attended, cancelled or no-show."),
    "client": say("Whose row is it?"),
    "summary": say("What should its title be?"),
}
EXPECTED = {
    "date": say("A day, as 2026-05-31"),
    "start": say("A time, as 17:30"),
    "minutes": say("Minutes, as 60"),
    "status": say("attended, cancelled or no-show"),
    "client": say("The name in recovery.toml, or an alias of it"),
}
EXPECTED_START = say("A day and a time, as 2026-05-31 17:30, or the day alone")  # of an event


def event(cells: Sequence[tuple[str, str]]) -> str:
    """An event as its owner knows it: “Massage”, 2 March 2026; '' where it tells neither."""
    told = dict(cells)
    title, start = told.get("SUMMARY", ""), told.get("DTSTART", "")
    try:
        begins = day(date.fromisoformat(start[:8]))
    except ValueError:
        begins = start
    if title and begins:
        return say("“{title}”, {day}", title=title, day=begins)
    return say("“{title}”", title=title) if title else begins


def receipt(count: int, absent: Sequence[str], problems: Sequence[str]) -> str:
    """What `inbox/mends.csv` holds: how many mends, the files among them that are not there, lines that say nothing."""
    parts = [
        say("Holds one thing that you said of a row that could not be read.")
        if count == 1
        else say("Holds {count} things that you said of rows that could not be read.", count=count)
    ]
    if absent:
        parts.append(say("No such file is there any more, so nothing is done with it: {paths}.", paths=_listed(absent)))
    return " ".join([*parts, *problems[:LISTED]])


def question(
    path: str,
    place: str,
    reason: str,
    column: str,
    old: str,
    kind: str = "log",
    cells: Sequence[tuple[str, str]] = (),
) -> str:
    """What is asked of one row; `reason` is why it could not be read, `kind` that of `formats.records.UnreadRow`.

    An event is named by what `cells` tell of it, not by its number.
    """
    row = (event(cells) if kind == "event" else "") or place[:1].upper() + place[1:]
    if column == WHOLE_ROW and kind == "event":
        return say("{path}: {row}: {reason}. {what_to_do}", path=path, row=row, reason=reason, what_to_do=BY_HAND)
    if column == WHOLE_ROW:
        return say("{path}: {row}: {reason}. Does it tell of nothing?", path=path, row=row, reason=reason)
    if kind == "table":
        return say(
            "{path}: {row}: {reason}. What should stand under {column}?",
            path=path,
            row=row,
            reason=reason,
            column=column,
        )
    if column == "date" and not old:
        return say("{path}: {row} has no date. Which day was it?", path=path, row=row)
    if column == "date" and LIES_AHEAD in reason:
        return say("{path}: {row} says {old}, which lies far ahead. Which day was it?", path=path, row=row, old=old)
    if column == "date":
        return say("{path}: {row} says {old}, and that is no day. Which day was it?", path=path, row=row, old=old)
    if column in ASKED:
        return say("{path}: {row}: {reason}. {asked}", path=path, row=row, reason=reason, asked=ASKED[column])
    return say("{path}: {row}: {reason}. What should stand there?", path=path, row=row, reason=reason)


def did_it_take_place(path: str, massage: str) -> str:
    """What is asked of a massage that counts; `massage` names its day, its place in the file and why it is asked."""
    return say(
        "{path}: did this massage take place: {massage}? It counts unless you say no.", path=path, massage=massage
    )


def unknown(first: date | None, last: date | None) -> str:
    """What nobody knows because of a row."""
    if first is None or last is None:
        return say("Until then nobody knows on which days this massage may have been.")
    if first == last:
        return say("Until then nobody knows whether there was a massage on {day}.", day=day(first))
    return say(
        "Until then nobody knows whether there was a massage between {first} and {last}.",
        first=day(first),
        last=day(last),
    )


def unknown_days(path: str, place: str, first: date, last: date, days: int) -> str:
    """Unknown days of which no row can be mended."""
    return say(
        "{path}, {place}: nobody knows whether there was a massage on {days} of the days from {first} to {last}, as it"
        " could not be read there.",
        path=path,
        place=place,
        days=days,
        first=day(first),
        last=day(last),
    )


def cells(told: Sequence[tuple[str, str]]) -> str:
    """A row as it stands in the file."""
    return "; ".join(f"{name}: {text}" if name else text for name, text in told)


def expected(column: str, kind: str = "log") -> str:
    """What a field takes; empty where the row itself says it, as in the words of a mapped table."""
    if kind == "event" and column == "start":
        return EXPECTED_START
    return "" if kind == "table" else EXPECTED.get(column, "")


def written(path: str, place: str, column: str, value: str) -> str:
    """The receipt of what was said."""
    if column == WHOLE_ROW:
        return say("Written: {place} of {path} is left out, from the next run on.", place=place, path=path)
    if column == "status" and value == "attended":
        return say("Written: the massage of {place} of {path} took place.", place=place, path=path)
    if column == "status" and value == "cancelled":
        return say(
            "Written: the massage of {place} of {path} did not take place, and counts no more from the next run on.",
            place=place,
            path=path,
        )
    return say(
        "Written: {column} of {place} of {path} is {value}, from the next run on. The file stays as it is.",
        column=column,
        place=place,
        path=path,
        value=value,
    )


def said(path: str, column: str, value: str, said_on: date, *, holds: bool) -> str:
    """What was said of a row before."""
    if not holds:
        return say(
            "{path}: {column} {value}, said on {day}, does nothing: the row says something else now, or the"
            " file is gone.",
            path=path,
            column=column,
            value=value,
            day=day(said_on),
        )
    if column == WHOLE_ROW:
        return say("{path}: a row is left out, said on {day}.", path=path, day=day(said_on))
    return say("{path}: {column} {value}, said on {day}.", path=path, column=column, value=value, day=day(said_on))


def _listed(names: Sequence[str]) -> str:
    if len(names) <= LISTED:
        return ", ".join(names)
    return say("{names} and {count} more", names=", ".join(names[:LISTED]), count=len(names) - LISTED)
