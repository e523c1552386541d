"""What stands on every page of a home: names of pages, when it was made, when to see a doctor."""

from collections.abc import Sequence
from datetime import date, datetime

from recovery.words.counts import DAY, MASSAGE, NIGHT, counted, listed, number
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
INVENTED = say("Invented data: an example.")
INVENTED_WHY = say("This is the demo: no person stands behind any number on this page.")
COUNTED_DAYS = say(  # wherever two counts of days stand beside each other
    "An answer counts days on which its own number was measured well enough, and massages that such days follow."
)
NO_ADVICE = say("This is no medical advice.")
SEE_A_DOCTOR = say(
    "Pain that is new, severe, or comes with numbness, weakness, fever or trouble with bladder or bowel needs a"
    " doctor today."
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


def massages_left_out(
    *, unmeasured: int = 0, outside: int = 0, same_day: int = 0, is_nightly: bool = False
) -> list[str]:
    """Which massages that were written down do not count toward an answer, and why; empty where all do."""
    why = []
    if unmeasured:
        nights = say("{count} without measured nights after them so far", count=number(unmeasured))
        days = say("{count} without measured days after them so far", count=number(unmeasured))
        why.append(nights if is_nightly else days)
    if outside:
        why.append(say("{count} before or after the days with data", count=number(outside)))
    if same_day:
        why.append(say("{count} on the day of another", count=number(same_day)))
    return why


def left_out(why: Sequence[str]) -> str:
    """The reasons as a sentence; '' without any."""
    return say("Not counted: {why}.", why=listed(why)) if why else ""


def days_left_out(*, excluded: int, without: int, not_valid: int, not_compared: int) -> list[str]:
    """Which days an answer does not count, and why; empty where it counts all."""
    why = []
    if not_valid:
        why.append(say("{count} not measured well enough", count=number(not_valid)))
    if excluded:
        why.append(say("{count} left out", count=number(excluded)))
    if without:
        why.append(say("{count} without a value", count=number(without)))
    if not_compared:
        why.append(say("{count} not compared", count=number(not_compared)))
    return why


def massages_of(count: int, logged: int, why: Sequence[str]) -> str:
    """As '58 of 60 massages (2 without measured days after them so far)'; '60 massages' where all count."""
    if not why:
        return counted(count, MASSAGE)
    return say("{count} of {all} ({why})", count=number(count), all=counted(logged, MASSAGE), why=listed(why))


def days_behind(low: int, high: int, logged: int) -> str:
    """As 'the days after massages (57 to 59 of 60 counted)': of several answers, each of which counts its own.

    '57 of 60 massages' alone was read as so many that helped.
    """
    if low == logged:
        return say("the days after {massages}", massages=counted(logged, MASSAGE))
    if low == high:
        return say("the days after massages ({count} of {all} counted)", count=number(low), all=number(logged))
    return say(
        "the days after massages ({low} to {high} of {all} counted)",
        low=number(low),
        high=number(high),
        all=number(logged),
    )


def days_of(count: int, in_span: int, why: Sequence[str], *, is_nightly: bool) -> str:
    """As '508 of 550 days (14 left out and 28 without a value)'; '550 days' where all count."""
    noun = NIGHT if is_nightly else DAY
    if not why:
        return counted(count, noun)
    return say("{count} of {all} ({why})", count=number(count), all=counted(in_span, noun), why=listed(why))


def days_with_data(in_span: int, in_all: int, with_device: int, in_diary: int, first: date, last: date) -> str:
    """How many days there are from the first to the last, how many of them have data, and of which kind."""
    if in_all == in_span:
        days = say("{days} with data, {first} to {last}", days=counted(in_span, DAY), first=day(first), last=day(last))
    else:
        days = say(
            "{in_all} of the {days} from {first} to {last} have data",
            in_all=number(in_all),
            days=counted(in_span, DAY),
            first=day(first),
            last=day(last),
        )
    if not (with_device and in_diary):
        return days
    return say(
        "{days} ({devices} with a device, {diary} in the diary, {both} with both)",
        days=days,
        devices=number(with_device),
        diary=number(in_diary),
        both=number(with_device + in_diary - in_all),
    )
