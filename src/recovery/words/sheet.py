"""The sentences of the Sheet, two printed pages for a therapist or doctor: of the person, not to the person."""

from collections.abc import Callable, Mapping, Sequence
from datetime import date
from enum import StrEnum

from recovery.vocabulary.sureness import Sure
from recovery.vocabulary.verdicts import Basis, Word
from recovery.words import numbers
from recovery.words.counts import CHECK, DAY, MASSAGE, Noun, counted, listed, number
from recovery.words.effects import first_down, first_up, text
from recovery.words.looks import day
from recovery.words.ranges import THIN_LINE
from recovery.words.said import LABELS, label
from recovery.words.say import say

TITLE = say("Massage and back pain: how the days after went")
FOR_WHOM = say("For a therapist or doctor.")
NAME, BORN = say("Name:"), say("Born:")
FIRST_PAGE, SECOND_PAGE = say("Page 1 of 2"), say("Page 2 of 2")
TWO_PAGES = say("Two A4 pages: print them, or save them as PDF.")
IN_SHORT = say("In short.")
FOLLOWED = say("What followed a massage")
DAY_BY_DAY = say("Day by day after a massage")
ALSO = say("Also looked at")
KEEP_IN_MIND = say("Please keep in mind")
DOCTOR = say("When to see a doctor")
DOCTOR_WHEN = say(
    "Pain that is new or severe, or comes with numbness, weakness, fever, or trouble with bladder or bowel, needs a"
    " doctor today. This sheet does not look for that."
)
NOTES = say("Notes")
LAST_MASSAGES = say("The last massages")
MONTHS, NO_ANSWER = say("The last months"), say("(not an answer)")
ORIGIN = say("Where the numbers come from")
ANSWERS_HEAD = (
    say("What"),
    say("Outcome"),
    say("Change"),
    say("Range"),
    say("Would matter from"),
    say("How sure"),
)
MASSAGES_HEAD = (say("Date"), say("Minutes"), say("Kind"), say("Area"), say("Pain before, after"))
MASSAGES_SHORT = (*MASSAGES_HEAD[:-1], say("Pain"))  # where each stands in its own line, below what pain it is
MONTHS_HEAD = (
    say("Month"),
    say("Massages"),
    say("Pain, mean"),
    say("Steps a day"),
    say("Asleep"),
    say("Days with a device"),
    say("Days in the diary"),
)
MONTH_NAMES = tuple(date(2026, month, 1).strftime("%b") for month in range(1, 13))
NONE = "–"
NOT_YET = say("No answer yet")
ASSUMED = say("assumed by the program")


def rests_on(massages: int, days: str) -> str:
    """`days` are those of `pages.days_with_data`."""
    return say("{massages}, {days}.", massages=counted(massages, MASSAGE), days=days)


# In short


def in_short(days: str, parts: Sequence[str], last: date | None = None) -> str:
    """All answers in one sentence; `days` are those of `pages.days_behind`, each part is one of `part`.

    `last` is the newest day of all of them, where that is told.
    """
    told = "; ".join(parts)
    if last is not None:
        return say(
            "Averages over {days}, newest data {last}, compared with other days: {parts}.",
            days=days, last=day(last), parts=told,
        )  # fmt: skip
    return say("Averages over {days}, compared with other days: {parts}.", days=days, parts=told)


def part(title: str, word: Word, sure: Sure, size: str, *further: str) -> str:
    """One answer as part of a sentence: 'steps 1,400 more a day, better'; the change stands before what it is called.

    How sure stands with what is not clear; `further` is what else is told of it.
    """
    told = ", ".join([first_down(LABELS[word] if sure is Sure.CLEAR else label(word, sure)), *further])
    if not size:
        return say("{title}: {told}", title=first_down(title), told=told)
    return say("{title} {size}, {told}", title=first_down(title), size=_beside(title, size), told=told)


def a_day(size: str) -> str:
    """A change of what adds up over a day; no change is none."""
    return size if size.endswith(numbers.NO_CHANGE) else say("{size} a day", size=size)


def with_range(size: str, between: str) -> str:
    return say("{size} ({between})", size=size, between=between)


def _beside(title: str, size: str) -> str:
    """A size without its noun where that is the title: 'steps 1,400 more', not 'steps 1,400 steps more'."""
    return size.replace(f" {first_down(title)} ", " ", 1)


def pain_open(title: str, between: str) -> str:
    """Pain, of which nothing is told yet, with its range: 'pain: no answer yet (between 2 lower and 1 higher)'."""
    if not between:
        return say("{title}: no answer yet", title=first_down(title))
    return say("{title}: no answer yet ({between})", title=first_down(title), between=between)


def until(last: date) -> str:
    return say("newest data {day}", day=day(last))


def open_ones(titles: Sequence[str]) -> str:
    return say("Not told yet: {titles}.", titles=listed([first_down(title) for title in titles]))


NO_MASSAGE = say("No massage is written down yet, so there is nothing to say about massages.")


def too_few(usable: int, needed: int, left_out: str) -> str:
    """How far it is to a first look; `left_out` says which massages do not count."""
    return text(
        say(
            "Too early to say what follows a massage: {usable} of {needed} have measured days after them.",
            usable=usable,
            needed=counted(needed, MASSAGE),
        ),
        left_out,
    )


NOTHING_CLEAR = say("After the massages so far both are still possible: no change, and a change that matters.")


# Pictures


def picture(title: str, rows: Sequence[tuple[str, str, str]]) -> str:
    """What a picture shows, for who does not see it: the change and the range of each day."""
    told = [say("{day} {change} ({range})", day=name, change=size, range=range_) for name, size, range_ in rows]
    return say("{title}, change by day: {days}.", title=title, days="; ".join(told))


MASSAGE_DAY, WEEK_LATER = say("massage"), say("7 days after")
NIGHT_AFTER, NIGHTS_LATER = say("night after"), say("7 nights after")
UP_IS_BETTER, DOWN_IS_BETTER = say("up is better"), say("down is better")
PICTURES_MEAN = say(
    "Change on the day of a massage and on the seven days after it, against all other days; solid: the days of the"
    " table; dashed: what would matter. {thin} Each day stands alone, so it can differ from the table, whose ranges"
    " hold at all looks.",
    thin=THIN_LINE,
)


# Also looked at


def also_means(family: str) -> str:
    """What second looks are; `family` where all that are named are of one, and tell one thing more than once."""
    if not family:
        return say("(second looks: of many, some change by chance)")
    return say("(second looks, all of them {family}: of many, some change by chance)", family=first_down(family))


def also(title: str, size: str, when: str, range_: str) -> str:
    return say("{title}: {size} {when} (95% interval: {range}).", title=title, size=size, when=when, range=range_)


# Please keep in mind

OF_BASIS = {
    Basis.AFTER: say("The dates were chosen, not drawn, and bad days mostly get better by themselves."),
    Basis.BECAUSE: say("The weeks with a massage were drawn by lot, so what the trial says is because of massages."),
}


def of_drawn_weeks(title: str, size: str, between: str) -> str:
    """What drawn weeks say of a number; the table is of all massages."""
    return say(
        "{title} in the drawn weeks: {size} ({between}). The table is of all massages, those at chosen dates too.",
        title=title,
        size=size,
        between=between,
    )


SLOW = say("A benefit that builds up over weeks is hardly seen on the days after a massage; breaks would show it.")


def raw_drop(massages: int, in_all: int, before: float, after: float) -> str:
    """`massages` are those of which both are told."""
    told = counted(massages, MASSAGE)
    if massages < in_all:
        told = say("{count} of {all}", count=number(massages), all=counted(in_all, MASSAGE))
    return say(
        "Right after {massages} pain was given as {after}, right before as {before}. Most of such a drop also happens"
        " without massage, so it is not counted.",
        massages=told,
        after=numbers.level(after, "points"),
        before=numbers.level(before, "points"),
    )


def less_sure(title: str, why: Sequence[str]) -> str:
    """Of a clear answer that is shown less sure; `why` are sentences of `said.doubted`."""
    return say("{title}: {why}", title=title, why=first_down(" ".join(why)))


def with_history(title: str, size: str, main: str) -> str:
    """The second estimate beside the one that is told."""
    return say(
        "{title}, counted another way (against days with the same week before): {size}, not {main}.",
        title=title,
        size=_beside(title, size),
        main=_beside(title, main),
    )


class Weight(StrEnum):
    """What checks that did not pass do to what is said of a number."""

    LESS_SURE = "less sure"
    SLOW = "slow"  # only a slow benefit cannot be denied
    NONE = "none"
    OPEN = "open"  # there is no answer


_OF_WEIGHT: Mapping[Weight, Callable[[str], str]] = {
    Weight.LESS_SURE: lambda titles: say("Less sure for what failed: {titles}.", titles=titles),
    Weight.SLOW: lambda titles: say("As sure, but a slow benefit cannot be denied: {titles}.", titles=titles),
    Weight.NONE: lambda titles: say("As sure, what failed does not weigh on it: {titles}.", titles=titles),
    Weight.OPEN: lambda titles: say("No answer yet: {titles}.", titles=titles),
}


def checks(passed: int, count: int, failed: Mapping[Weight, Sequence[str]]) -> str:
    """How many checks of the answers passed; `failed` has the titles of the answers that the others are about."""
    if passed == count:
        return say("All {count} checks of the answers passed.", count=number(count))
    told = [say("{passed} of {checks} of the answers passed.", passed=number(passed), checks=counted(count, CHECK))]
    told += [
        sentence(listed([first_down(title) for title in failed[weight]]))
        for weight, sentence in _OF_WEIGHT.items()
        if failed.get(weight)
    ]
    return " ".join(told)


# The second page

NO_MASSAGES = say("No massage is written down yet.")


def pain_not_the_effect(size: str) -> str:
    """Above the pain before and after massages; `size` is the change of pain on page 1, '' where there is none."""
    if not size:
        return say("Before and after show one hour only. Page 1 compares days: no answer yet.")
    return say("Before and after show one hour only. Page 1 compares days: {size}.", size=size)


NO_MONTHS = say("No day is measured or written down yet.")
NO_ORIGIN = say("No device and no diary has any data yet.")
KINDS = say("No kind or area was shown to do better than another.")


def month(first: date) -> str:
    return f"{MONTH_NAMES[first.month - 1]} {first.year}"


def of_days(days: int, length: int) -> str:
    return say("{days} of {length}", days=days, length=length)


def origin(source: str, devices: int, days: int, first: date, last: date, titles: Sequence[str], others: int) -> str:
    """One source: its days, and the numbers it gives."""
    more = say("{count} more", count=others)
    of = listed([*titles, *([more] if others else [])]) if titles else counted(others, Noun("number", "numbers"))
    if devices > 1:
        return say(
            "{source} ({devices} devices): {days}, {first} to {last}. {of}.",
            source=source,
            devices=devices,
            days=counted(days, DAY),
            first=day(first),
            last=day(last),
            of=first_up(of),
        )
    return say(
        "{source}: {days}, {first} to {last}. {of}.",
        source=source,
        days=counted(days, DAY),
        first=day(first),
        last=day(last),
        of=first_up(of),
    )


def more_sources(count: int) -> str:
    return say("And {sources}.", sources=counted(count, Noun("more source", "more sources")))


MASSAGES_FROM = say("Massages: a list that the person keeps.")


def left_out(days: int, with_data: int, spans: Sequence[tuple[date, date, str]], more: int) -> str:
    """Days that count for nothing, with the reason the person gave; `more` are spans that are not named.

    `with_data` are those of them that page 1 counts among the days with data.
    """
    told = [
        say("{first} ({why})", first=day(first), why=why)
        if first == last
        else say("{first} to {last} ({why})", first=day(first), last=day(last), why=why)
        for first, last, why in spans
    ]
    if more:
        told.append(say("{count} more", count=more))
    if with_data == days:
        among = say("with data")
    else:
        among = say("{count} with data", count=number(with_data)) if with_data else say("without data")
    return say(
        "{days} left out ({among}): {spans}.", days=first_up(counted(days, DAY)), among=among, spans=", ".join(told)
    )


def not_read(rows: int) -> str:
    return say("{rows} could not be read.", rows=first_up(counted(rows, Noun("row or file", "rows or files"))))


MADE_HERE = say("Made on the person's own computer by Recovery; nothing was sent anywhere.")
INVENTED = say("These data are invented: no person stands behind any number.")
