"""What stands on every page of a home: names of pages, when it was made, when to see a doctor."""

from datetime import date, datetime

from recovery.words.counts import DAY, counted, listed, number
from recovery.words.say import say

TITLES = {
    "today": say("Today"),
    "weeks": say("My weeks"),
    "evidence": say("Evidence"),
    "sheet": say("Sheet"),
    "clinic": say("Clinic"),
    "people": say("All people"),
}
RECOVERY = say("Recovery")
SKIP = say("Skip to the page")
PAGES = say("Pages")
MY_PAGE = say("My page")
INVENTED = say("Invented data.")
INVENTED_WHY = say("This is the demo: no person stands behind any number on this page.")
COUNTED_DAYS = say(  # wherever two counts of days stand beside each other
    "An answer counts days on which its own number was measured well enough, and massages that such days follow."
)
NO_ADVICE = say("This is no medical advice.")
SEE_A_DOCTOR = say(
    "Pain that is new, severe, or comes with numbness, weakness, fever or trouble with bladder or bowel belongs to a"
    " doctor, today."
)
PRIVATE = say("This page holds health data and was made on this machine; nothing was sent anywhere.")
WHAT_HAPPENED, HOW_SURE = say("What happened:"), say("How sure:")
LIGHT_OR_DARK = say("Light or dark")


def who(person: str, *, is_owner: bool) -> str:
    """Whose page it is."""
    return MY_PAGE if is_owner else person


def title(page: str, who: str, *, is_demo: bool) -> str:
    """The title of the window."""
    name = say("{page} - {who}", page=page, who=who) if who else page
    return say("{name} (invented data)", name=name) if is_demo else name


def day(told: date, today: date | None = None) -> str:
    """As '2 April 2026', without the year where `today` lies in the same."""
    without_year = f"{told.day} {told:%B}"
    return without_year if today is not None and told.year == today.year else f"{without_year} {told.year}"


def made(now: datetime, zone: str) -> str:
    """When the page was made, by the clock of the person."""
    return say("Made {day}, {time} ({zone}).", day=day(now.date()), time=f"{now:%H:%M}", zone=zone)


def newest(told: date, today: date) -> str:
    """How far the data of a person reach."""
    return say("The newest data are of {day}.", day=day(told, today))


def left_out(*, unmeasured: int, outside: int, same_day: int, is_nightly: bool) -> str:
    """Which massages that were written down do not count toward an answer, and why; '' where all do."""
    why = []
    if unmeasured:
        nights = say("{count} without measured nights after them so far", count=number(unmeasured))
        days = say("{count} without measured days after them so far", count=number(unmeasured))
        why.append(nights if is_nightly else days)
    if outside:
        why.append(say("{count} before or after the days with data", count=number(outside)))
    if same_day:
        why.append(say("{count} on the day of another", count=number(same_day)))
    return say("Not counted: {why}.", why=listed(why)) if why else ""


def days_with_data(in_all: int, with_device: int, in_diary: int) -> str:
    """How many days there are, and of which kind; a day may be of both."""
    days = counted(in_all, DAY)
    if not (with_device and in_diary):
        return say("{days} with data", days=days)
    return say(
        "{days} ({devices} with a device, {diary} in the diary)",
        days=days,
        devices=number(with_device),
        diary=number(in_diary),
    )
