"""What Clinic says: how far clients are, in counts and dates; never what was found."""

from datetime import date

from recovery.words.counts import MASSAGE, counted
from recovery.words.effects import first_down
from recovery.words.pages import day
from recovery.words.say import say

NEEDED = 12  # massages of the first look, `effects.boundaries.FIRST_LOOK`
GROUPS = {  # in the order of the page: who can be helped first
    "help": (say("You can help"), say("A small change by you lets their answer go on.")),
    "silent": (say("Silent"), say("Nothing has come from them for more than a week.")),
    "missing": (say("Something is missing"), say("They send, but not this.")),
    "answer": (say("Have an answer"), say("Good or bad: they can show you, on their own page.")),
    "way": (say("On the way"), say("Too few massages for an answer, or still open.")),
}
COLUMNS = (say("Client"), say("What now"), say("Massages"), say("Diary, last 14 days"), say("Newest watch day"))
RESULTS_HIDDEN = say("Results are hidden here; clients can show you.")
WHAT_STANDS_HERE = say(
    "This page shows only who logs and how far they are: no pain, no steps, no answer. Those stand on each client's own"
    " page."
)
NO_RANK = say(
    "Clients are listed one by one, never ranked against each other. Each page lies in its own file; who withdraws is"
    " gone from here."
)
NOBODY = say("Nobody shares with you yet.")
HOW_TO_SHARE = say(
    "Who agrees to stand here gets the line `shared_since = 2026-05-01` below their `[people.NAME]` in recovery.toml."
    " A client with a home of their own gives you a file, made with `recovery share`; put it into the inbox."
)
OWN_PAGE = say("My page")
ALL_PEOPLE = say("The mean over all people, for researchers")
PAGES_OF_ALL = say("Pages of this home")
WEEKDAYS = (
    say("Monday"), say("Tuesday"), say("Wednesday"), say("Thursday"), say("Friday"), say("Saturday"), say("Sunday"),
)  # fmt: skip
NOT_YET, NEVER = say("not yet"), say("none yet")
NOTHING_CAME = say("Nothing has come yet, of no watch and no diary")
NO_WATCH = say("No watch has told anything yet")
STILL_THERE = say("Nothing for a month: still wants to take part?")
NO_MASSAGE = say("No massage yet")
STILL_OPEN = say("Still open")
HAS_ANSWER, ANSWER_WITHOUT_PAIN = say("Has an answer"), say("Answer without pain: no diary")


def headline(answers: int, words: int) -> str:
    """The two counts, each as a sentence: how many have an answer, whatever it is, and who needs a word.

    That data arrive says nothing of how somebody is, which no page over several people knows.
    """
    if answers == 1:
        ready = say("One result is ready, good or bad.")
    elif answers:
        ready = say("{count} results are ready, good or bad.", count=answers)
    else:
        ready = say("Nobody has an answer yet.")
    if words == 1:
        needed = say("One client needs a word from you.")
    elif words:
        needed = say("{count} clients need a word from you.", count=words)
    else:
        needed = say("Data of all arrive. Ask how they are.")
    return f"{ready} {needed}"


def sharing(today: date, count: int) -> str:
    """The day, and how many share."""
    if count == 1:
        return say("{weekday} {day}. One client shares with you.", weekday=WEEKDAYS[today.weekday()], day=day(today))
    return say(
        "{weekday} {day}. {count} clients share with you.",
        weekday=WEEKDAYS[today.weekday()],
        day=day(today),
        count=count,
    )


def more_clients(count: int) -> str:
    """Below the clients of a group that are shown."""
    return say("And {count:,} more.", count=count)


def files_left_out(count: int) -> str:
    return say("{count:,} more files of clients were not looked at: there are too many. Remove old ones.", count=count)


def group(title: str, count: int) -> str:
    return say("{title} ({count})", title=title, count=count)


def one_weekday(weekday: int) -> str:
    return say("Always on a {weekday}: offer another weekday", weekday=WEEKDAYS[weekday])


def unread_rows(count: int) -> str:
    if count == 1:
        return say("One row of the list could not be read")
    return say("{count} rows of the list could not be read", count=count)


def nothing_for(days: int) -> str:
    return say("Nothing for {days} days: ask for an export", days=days)


def watch_silent(days: int) -> str:
    return say("Watch silent for {days} days: ask for an export", days=days)


def diary_silent(days: int) -> str:
    return say("Pain diary silent for {days} days", days=days)


def also(what: str, further: str) -> str:
    """Two things of one client."""
    return say("{what}; {further}", what=what, further=first_down(further))


def without_diary(what: str) -> str:
    """Of who keeps none, which is no reason to ask."""
    return say("{what}; no pain diary is kept", what=what)


def no_new_counts(days: int) -> str:
    return say("No new counts for {days} days: ask for a new file", days=days)


def answer_since(since: date, today: date) -> str:
    return say("Answer since {day}", day=day(since, today))


def answer_without_pain(since: date, today: date) -> str:
    return say("Answer without pain since {day}: no diary", day=day(since, today))


def too_early(massages: int) -> str:
    """Of all massages that are written down; which of them count, the person's own page says."""
    return say(
        "Too early: {massages}; the first look takes {needed} that measured days follow",
        massages=counted(massages, MASSAGE),
        needed=NEEDED,
    )


def more_massages(count: int) -> str:
    if count == 1:
        return say("Still open; perhaps one more massage will tell")
    return say("Still open; perhaps {count} more massages will tell", count=count)


def massages(count: int, last: date | None, today: date) -> str:
    if not count or last is None:
        return NEVER
    return say("{count}; the last {ago}", count=count, ago=ago(last, today))


def ago(told: date, today: date) -> str:
    """How long ago, in days."""
    days = (today - told).days
    if days <= 0:
        return say("today")
    if days == 1:
        return say("yesterday")
    return say("{days} days ago", days=days)


def newest_watch_day(told: date | None, today: date) -> str:
    return NOT_YET if told is None else ago(told, today)


def diary(days: int) -> str:
    """How many are written down of the last 14 days that can be by now."""
    return say("{days} of 14", days=days)


# What is shared by a file.
WITHDRAWN = say("The file takes you off the page of whoever gets it. Give it to those who had the other one.")


def shared(path: object, client: str) -> str:
    return say(
        "Written to {path}, under the name {client}: counts of massages and of diary days, dates, and how far the"
        " answer is. Nothing that was measured, and no answer.",
        path=path,
        client=client,
    )
