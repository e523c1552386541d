"""What the live page says."""

from collections.abc import Mapping
from datetime import date

from recovery.words.say import say

OTHER_HOST = say("This server has another name.")
OTHER_ORIGIN = say("A page of another site may not ask this server.")
NO_KEY = say("This page opens only for those who have a key.")
HOW_TO_ENTER = say("On the computer of this home, give: recovery open")
WRONG_CODE = say("This code was used or is too old. A new one: recovery open, or recovery keys invite")
ENTER = say("Come in")
ENTER_CODE = say("The code that you were given")
ENTERED = say("You are in.")
TO_THE_PAGE = say("To the page")
TOO_MANY = say("Too many requests at once: wait a moment and try again.")
TOO_MANY_WRONG = say("Too many wrong keys came from here: wait a minute and try again.")
KEYS_UNREADABLE = say("The keys of this home cannot be read. The log of the server says why.")
NOT_YOURS = say("Your key does not open this.")
NOTHING_HERE = say("There is no such page.")
NOT_BY_PAGE = say("This form is too old. Load the page again and fill it in anew.")
TOO_LONG = say("This is too long: more was sent than the page takes.")
OUR_FAULT = say("This went wrong, and it is our fault. The log below .recovery/logs says where; please report it.")
PEOPLE = say("People")
RECOVERY = say("Recovery")
BACK = say("Back")
THE_HOME = say("the home")
NOTHING_PUBLISHED = say(
    "Nothing is worked out yet. Put exports into the inbox, or log a massage, and run: recovery run"
)
LIVE_PAGES = say("Pages of this home")

# What can be logged.
YOUR_BACK = say("How is your back?")
PAIN_QUESTIONS = {
    "pain": say("Over the day"),
    "pain_morning": say("On waking"),
    "pain_afternoon": say("In the afternoon, at about 16:00, before any massage"),
}
PAIN_BEFORE_QUESTION = say("How is your back right now, before the massage?")
SCALE_ENDS = say("0 is no pain, 10 is the worst there is. A tap writes it down.")
YESTERDAY = say("as yesterday")
OTHER_TIMES = say("Another time of the day")
PILLS_AND_BED = say("Pills, bed, another day")
A_MASSAGE = say("Massage")
I_HAD_A_MASSAGE = say("I had a massage")
LENGTH_AND_KIND = say("Length, kind, how it was")
JUST_BEFORE = say("Just before a massage")
WRITE_DOWN = say("Write down")
UNDO = say("Undo")
RECEIPT = say("What was written")
TAKEN_BACK = say("Taken back: the list is as it was before.")
NOTHING_TO_UNDO = say("There is nothing of yours to take back.")
NOTHING_CHANGED = say("Nothing was changed.")
CHANGED = say("The line was changed.")
REMOVED = say("The line was removed.")
REMOVE_LINE = say("Remove this line")
FORMER_IS_KEPT = say("The list as it was before is kept on this computer.")
NO_LINES = say("There are no lines yet.")
LINES_OF = {"massages": say("Massages"), "diary": say("Diary")}
COLUMNS = {
    "date": say("Day"),
    "start": say("Began at"),
    "minutes": say("Minutes"),
    "technique": say("Kind"),
    "pressure": say("Pressure, 1 soft to 5 hard"),
    "areas": say("Where"),
    "muscles": say("Muscles"),
    "therapist": say("By whom"),
    "status": say("Attended, cancelled or no-show"),
    "pain_before": say("Pain before, 0 to 10"),
    "pain_after": say("Pain after, 0 to 10"),
    "cause": say("Why you went"),
    "note": say("Note"),
    "pain": say("Pain of the day, 0 to 10"),
    "pain_morning": say("Pain on waking, 0 to 10"),
    "pain_afternoon": say("Pain in the afternoon, 0 to 10"),
    "medication": say("Pills, which"),
    "doses": say("Pills, how many"),
    "bed_rest_hours": say("Hours in bed by day"),
    "doctor_visits": say("Visits to a doctor"),
    "mood": say("Mood, 1 bad to 5 good"),
    "could_do_daily_activities": say("Could do what the day asked, yes or no"),
    "other_treatment": say("Another treatment, yes or no"),
    "day_off": say("Day off, yes or no"),
    "illness": say("Illness, yes or no"),
    "travel": say("Away, yes or no"),
}


def told_today(value: str) -> str:
    return say("(today: {value})", value=value)


def cells(told: Mapping[str, str]) -> str:
    """A line of a log without its date, in one row."""
    return ", ".join(f"{COLUMNS.get(name, name)}: {text}" for name, text in told.items() if text and name != "date")


def as_last(last: Mapping[str, str]) -> str:
    return say("(as last time: {cells})", cells=cells({name: text for name, text in last.items() if name != "start"}))


def noted(kind: str, day: date, told: Mapping[str, str]) -> str:
    """The receipt of a line of a log."""
    if kind == "massages":
        return say("Written: a massage on {day:%A %d %B}. {cells}", day=day, cells=cells(told)).rstrip()
    return say("Written for {day:%A %d %B}. {cells}", day=day, cells=cells(told)).rstrip()


def not_read(problem: str) -> str:
    return say("Not read: {problem}", problem=problem)


def first_lines(shown: int, count: int) -> str:
    return say("The newest {shown} of {count} lines are shown.", shown=shown, count=count)


def log_unreadable(problem: str) -> str:
    return say("Your list cannot be read, so nothing can be added to it here. {problem}", problem=problem)
