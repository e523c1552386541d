"""What the live page says."""

from collections.abc import Mapping
from datetime import date

from recovery.vocabulary.roles import Role
from recovery.words.counts import DAY, FILE, RECORD, ROW, Noun, counted
from recovery.words.effects import first_up
from recovery.words.say import say
from recovery.words.weeks import day_name, month_name

LINE = Noun("line", "lines")

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
SETTINGS_UNREADABLE = say(
    "The settings of this home cannot be read just now. Its owner sees why; please come back later."
)
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
    "Nothing is worked out yet. Add files of your watch or phone, or write down a massage. Then press the button below."
)
NOTHING_PUBLISHED_YET = say("Nothing is worked out yet: the owner of this home starts that.")
LIVE_PAGES = say("Pages of this home")

# What can be logged.
YOUR_BACK = say("How is your back?")
PAIN_QUESTIONS = {
    "pain": say("Over the day"),
    "pain_morning": say("On waking"),
    "pain_afternoon": say("In the afternoon, at about 16:00, before any massage"),
}
PAIN_NOW = {  # the question of the hour, which stands first
    "pain": say("Your back today?"),
    "pain_morning": say("Your back on waking?"),
    "pain_afternoon": say("Your back now, before any massage?"),
}
PAIN_BEFORE_QUESTION = say("How is your back right now, before the massage?")
YESTERDAY = say("as yesterday")
WRITTEN_TODAY = say("written for today")
SCALE_ENDS = say("0 is no pain, 10 is the worst there is. A tap writes it down.")
NO_PAIN, WORST = say("no pain"), say("worst")
OTHER_TIMES = say("Another time")
PILLS_AND_BED = say("Pills, bed, another day")
A_MASSAGE = say("Massage")
I_HAD_A_MASSAGE = say("I had a massage")
MOST_OF_A_KIND = 24  # characters of a kind of massage, in what a tap writes
LENGTH_AND_KIND = say("Another day, length or kind")
JUST_BEFORE = say("Before a massage")
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


IN_SHORT = {  # the same in a list of many lines
    **COLUMNS,
    "pressure": say("Pressure"),
    "status": say("Took place"),
    "pain_before": say("Pain before"),
    "pain_after": say("Pain after"),
    "cause": say("Why"),
    "pain": say("Pain"),
    "pain_morning": say("On waking"),
    "pain_afternoon": say("Afternoon"),
    "medication": say("Pills"),
    "doses": say("How many"),
    "bed_rest_hours": say("In bed, h"),
    "doctor_visits": say("Doctor"),
    "mood": say("Mood"),
    "could_do_daily_activities": say("Could do the day"),
    "other_treatment": say("Another treatment"),
    "day_off": say("Day off"),
    "illness": say("Illness"),
    "travel": say("Away"),
}


def told_today(value: str) -> str:
    return say("(today: {value})", value=value)


def cells(told: Mapping[str, str]) -> str:
    """A line of a log without its date, in one row."""
    return _cells(told, COLUMNS)


def cells_in_short(told: Mapping[str, str]) -> str:
    """The same in a list of many lines."""
    return _cells(told, IN_SHORT)


def _cells(told: Mapping[str, str], names: Mapping[str, str]) -> str:
    return ", ".join(f"{names.get(name, name)}: {text}" for name, text in told.items() if text and name != "date")


def month_of_lines(first: date, count: int) -> str:
    """A month of a list that opens: 'May 2026: 4 lines'."""
    return say("{month}: {lines}", month=month_name(first), lines=counted(count, LINE))


def without_day(count: int) -> str:
    """Lines of a list whose day cannot be read."""
    return say("{lines} without a day that can be read", lines=counted(count, LINE))


def yesterday(told: str) -> str:
    """What was told of the day before, under the eleven buttons."""
    return say("yesterday: {told}", told=told)


def of_a_massage(last: Mapping[str, str]) -> str:
    """What a tap writes, which opens to be changed; `last` are the cells of the last massage."""
    minutes, kind = last.get("minutes", ""), shortened(last.get("technique", ""), MOST_OF_A_KIND)
    if minutes and kind:
        return say("{minutes} minutes, {kind}: change", minutes=minutes, kind=kind)
    if minutes:
        return say("{minutes} minutes, today: change", minutes=minutes)
    return LENGTH_AND_KIND


def shortened(text: str, most: int) -> str:
    """The text with at most so many characters."""
    return text if len(text) <= most else f"{text[: most - 1]}…"


def noted(kind: str, day: date, told: Mapping[str, str]) -> str:
    """The receipt of a line of a log."""
    that_day = day_name(day)
    if kind == "massages":
        return say("Written: a massage on {day}. {cells}", day=that_day, cells=cells(told)).rstrip()
    return say("Written for {day}. {cells}", day=that_day, cells=cells(told)).rstrip()


COUNTS = say("It counts when new data is read next.")


def answered(counts: str) -> str:
    """Of what Today asked; `counts` says from when on the answer counts."""
    return say("You answered what was asked. {counts}", counts=counts)


def counts_today(time: str) -> str:
    """When what was written counts, where the server makes a run today at a time, as 10:00."""
    return say("It counts when new data is read next, today at {time}.", time=time)


def counts_tomorrow(time: str) -> str:
    """When what was written counts, where the server makes its next run tomorrow."""
    return say("It counts when new data is read next, tomorrow at {time}.", time=time)


def not_read(problem: str) -> str:
    return say("Not read: {problem}", problem=problem)


def field_refused(column: str, why: str, hint: str) -> str:
    """Why a line was not written, by the name of the field that the person sees."""
    return say("Nothing was written. {field}: {why}. {hint}", field=COLUMNS[column], why=why, hint=hint).rstrip()


def first_lines(shown: int, count: int) -> str:
    return say("The newest {shown} of {count} lines are shown.", shown=shown, count=count)


def log_unreadable(problem: str) -> str:
    return say("Your list cannot be read, so nothing can be added to it here. {problem}", problem=problem)


# Without a connection.
OFFLINE = say("Not connected")
OFFLINE_KEEPS = say(
    "The computer with your pages cannot be reached from here. What you write down now is kept on this device and sent"
    " as soon as it can be, once."
)
TRY_AGAIN = say("Try again")
KEPT_HERE = say("Kept here, not sent yet")
KEPT_REFUSED = say("This could not be written: look at the day, and write it again.")
DROP_KEPT = say("Forget this")
WHEN = say("When")

# Who may come in.
REMINDERS = say("Reminders for a calendar")
WHO_MAY_COME_IN = say("Who may come in")
INVITE = say("Invite a phone or another browser")
AS_WHAT = say("As what")
WHOSE = say("Whose pages")
TO_KNOW_IT = say("A note, to know it again")
SHOW_CODE = say("Show the code")
WHO_IS_IN = say("Keys, browsers, open invitations")
THIS_BROWSER = say("This is the browser that you use now.")
REVOKE = say("Take away")
QR_CODE = say("A code for the camera of a phone: it opens this page there")
SCAN = say("Point the camera of the phone at this picture and open what it shows:")
OR_TYPE = say("Or open this there:")
NOT_FOR_PHONES = say(
    "This page is served to this computer only, so no phone reaches it. For the phone: recovery serve --lan"
    " (docs/serve.md says what it needs)."
)
OTHER_BROWSER_HERE = say("In another browser of this computer, open:")
CODE_LASTS = say("The code is good for ten minutes and for one browser, which then stays known for half a year.")
ROLES = {
    Role.OWNER: say("the owner, with everybody's pages"),
    Role.THERAPIST: say("a therapist, who sees the pages and writes down massages"),
    Role.PERSON: say("the person, with their own page and logs"),
    Role.APP: say("an export app, which only delivers"),
    Role.CALENDAR: say("a calendar, which only asks for reminders"),
}
KINDS_OF_KEY = {"key": say("Key"), "code": say("Open invitation"), "session": say("Browser")}


def key_told(kind: str, role: str, people: str, *, note: str, made: str, used: str) -> str:
    """A key in one line: what it is for, since when, and when it was last used."""
    return say(
        "{kind} of {role}. {people} {note} Made on {made}, {used}.",
        kind=KINDS_OF_KEY[kind],
        role=role,
        people=say("For {people}.", people=people) if people else "",
        note=say("Note: {note}.", note=note) if note else "",
        made=made,
        used=say("last used on {day}", day=used) if used else say("not used yet"),
    ).replace("  ", " ")


def revoke_key(key_id: str) -> str:
    return say("Take away {key_id}", key_id=key_id)


# Files, and the run.
FILES = say("Files")
NEEDS_YOU = say("Needs you")
MEND_HERE = say("Mend and answer")
ADD_FILES = say("Add files")
CHOOSE_FILES = say("Choose files, or drop them here: exports of your watch or phone, lists, archives")
SEND = say("Send")
SENDING = say("The files are being sent.")
BROKE_OFF = say("The files did not arrive whole. What arrived before that was kept; send the others again.")
TOO_MANY_FILES = say("These are too many files at once: pack them into one archive and send that.")
QUOTA = say("You have sent as much today as this key may. Send the rest tomorrow, or ask the owner of this home.")
NO_FILE = say("No file was chosen.")
WAITING = say("Arrived, read by the next run")
WHAT_BECAME = say("What became of the files")
NO_FILES = say("No file has been read yet.")
RUN_NOW = say("Read what is new now")
COUNT_NOW = say("Count it now")
THE_RUN = say("Reading what is new")
PROGRESS = say("How far it is")
BEGINS = say("It begins.")
NOT_RUNNING = say("Nothing is being read now.")
BUSY = say("Somebody else is reading what is new right now: the nightly job, or a command.")
RUN_STOPPED = say("The run was stopped. What you see is as it was before.")
RUN_FAILED = say("The run did not work, and it is our fault. What you see is as it was before; see .recovery/logs.")


def more(count: int) -> str:
    """What opens the older receipts."""
    return say("{count:,} more", count=count)


def arrived(name: str, size: int) -> str:
    return say("{name}: arrived, {size}. The next run reads it.", name=name, size=bytes_in_words(size))


def bytes_in_words(count: int) -> str:
    if count < 1e6:
        return say("{count:,.0f} kB", count=max(1, count / 1e3))
    if count < 1e9:
        return say("{count:,.0f} MB", count=count / 1e6)
    return say("{count:,.1f} GB", count=count / 1e9)


def time_left(seconds: float | None) -> str:
    if seconds is None:
        return ""
    if seconds < 90:
        return say("About {count:.0f} seconds to read.", count=max(5, 5 * round(seconds / 5)))
    return say("About {count:.0f} minutes to read.", count=seconds / 60)


def ran(status: str, files: int, records: int, *, has_problems: bool) -> str:
    """How a run ended, for who started it on the page."""
    if status != "published":
        return say("Nothing new was found.")
    if has_problems:
        return say(
            "Done: {files:,} new files, {records:,} new records. Not all could be read: the list of files says why.",
            files=files,
            records=records,
        )
    return say("Done: {files:,} new files, {records:,} new records.", files=files, records=records)


def new_days(new: int, had: int) -> str:
    """How many days of a file no earlier one had, and how many we had already; one of them is not 0."""
    if not had:
        return say("{days}, all new.", days=counted(new, DAY))
    if not new:
        return say("{days}, none of them new: we had all already.", days=counted(had, DAY))
    return say("{days}, {new:,} of them new; the rest we had already.", days=counted(new + had, DAY), new=new)


def rows_read(count: int, *, is_whole: bool) -> str:
    """How much of a list or a diary was read."""
    return say("{rows}.", rows=counted(count, ROW)) if is_whole else say("{rows} read.", rows=counted(count, ROW))


def empty_massages(name: str) -> str:
    """The receipt of a list of massages with nothing in it yet, as `init` makes it."""
    return say("{name}: empty so far. It waits for your first massage.", name=name)


def empty_diary(name: str) -> str:
    """The receipt of a diary with nothing in it yet."""
    return say("{name}: empty so far. It waits for the first day that you write down.", name=name)


def file_receipt(name: str, status: str, records: int, message: str, days: str = "") -> str:
    """What became of one file, with the sentence of its days; `message` is the reason that the run gave."""
    message = first_up(message.replace(", see rejected", ""))  # without the name of a table
    told = days or say("{records}.", records=counted(records, RECORD))
    if status == "loaded":
        return say("{name}: read. {told}", name=name, told=told)
    if status == "partial":
        return say("{name}: read, but not all of it. {told} {message}", name=name, told=told, message=message)
    if status == "duplicate":
        return say("{name}: we had this already.", name=name)
    if status == "ignored":
        return say("{name}: not needed. {message}", name=name, message=message)
    if status == "waiting":
        return say("{name}: still arriving. {message}", name=name, message=message).rstrip()
    if status == "unrecognised":
        return say("{name}: we do not know this file yet. {message}", name=name, message=message)
    return say("{name}: nothing was read. {message}", name=name, message=message)


def archive_receipt(name: str, of: Mapping[str, int], days: str = "") -> str:
    """What became of the files in an archive, with the sentence of its days."""
    told = _in_archive(name, of)
    return say("{told} {days}", told=told, days=days) if days else told


def _in_archive(name: str, of: Mapping[str, int]) -> str:
    read = of.get("loaded", 0) + of.get("partial", 0) + of.get("duplicate", 0)
    other = of.get("rejected", 0) + of.get("unrecognised", 0) + of.get("waiting", 0)
    if other:
        return say(
            "{name}: of the files in it {read:,} read, {spare:,} not needed, {other:,} not readable.",
            name=name,
            read=read,
            spare=of.get("ignored", 0),
            other=other,
        )
    spare = of.get("ignored", 0)
    if read and not spare:
        return say("{name}: read, with {files} in it.", name=name, files=counted(read, FILE))
    return say("{name}: of the files in it {read:,} read, {spare:,} not needed.", name=name, read=read, spare=spare)


BY_APPS_ALONE = say("Apps post here with a key of their own: recovery keys add --role app")
NOT_DELIVERABLE = say("JSON or CSV is expected here, not packed: set the format of the export to JSON.")
NOTHING_CAME = say("The post was empty.")
HAD_ALREADY = say("We had this already.")
DELIVERED = say("Arrived. The next run reads it.")
