"""What Today says: the answer, the four families, what needs the person, files, how new the data are."""

from collections.abc import Mapping
from datetime import date
from enum import StrEnum

from recovery.vocabulary.article import PAIN
from recovery.vocabulary.families import Family
from recovery.vocabulary.sureness import Sure
from recovery.vocabulary.verdicts import Basis, Word
from recovery.vocabulary.windows import Window
from recovery.words.counts import DAY, MASSAGE, Noun, counted
from recovery.words.effects import first_down, first_up
from recovery.words.numbers import Change
from recovery.words.pages import day
from recovery.words.said import AFTER, label
from recovery.words.say import say

WHAT_FOLLOWED = say("After massages")
PICTURES = say(
    "Each picture: a week before to a week after a massage, against the week before; solid are the days that the"
    " sentence speaks of. The sentence also allows for the weekday and for what went before, so its figure may differ."
)
RECENT_PICTURES = say("Each picture: your last 14 days.")
HOW_WE_KNOW = say("How we know")
ALL_EVIDENCE = say("All of it, on Evidence")
THE_NUMBERS = say("The numbers")
WRITE_DOWN = say("Write down")
HOW_TO_WRITE = say("Write down pain or massage")
FROM_DISK = say(
    "This page is a file, which cannot take anything. Start the page that can, on the computer of this home:"
)
SERVE = say("`recovery serve --open`")
OTHER_WAYS = say(
    "Or in one line: `recovery log day --pain 4` and `recovery log massage`. Or put a list into the inbox."
)
A_MASSAGE = say("massage")
NEEDS_YOU = say("Needs you")
NOTHING_NEEDED = say("Nothing, all is well.")
MORE_NEEDS = say("More")
FILES = say("What became of your files")
NO_FILES = say("No file was read yet. Put what your devices exported into the inbox, and run: `recovery run`")
ALL_FILES = say("All files, and add some")
FRESHNESS = say("How fresh is it?")
SOURCE, NEWEST, STATE = say("Source"), say("Newest"), say("State")
NO_SOURCE = say("No device and no diary has any data yet.")
FRESH = say("fresh")
FAMILIES: Mapping[str, str] = {
    Family.MOVEMENT: say("Moving"),
    Family.REST: say("Resting (sitting or lying awake)"),
    Family.SLEEP: say("Sleeping"),
    Family.DIARY: say("Pain"),
}
THING = Noun("thing needs you", "things need you")
ROW = Noun("row", "rows")


class Kind(StrEnum):
    """What a number is about, where the sentence for it is a person's own."""

    STEPS = "steps"
    REST = "rest"
    SLEEP = "sleep"
    PAIN = "pain"
    OTHER = "other"


def kind_of(metric: str) -> Kind:
    """Which sentences a metric has."""
    if metric in ("rest_share", "still_min"):
        return Kind.REST
    if metric in PAIN:
        return Kind.PAIN
    return {"steps": Kind.STEPS, "asleep_min": Kind.SLEEP}.get(metric, Kind.OTHER)


# Before there is an answer

NOTHING_YET = say("There is nothing to compare yet: put what your devices exported into the inbox.")
NO_MASSAGE = say("Your watch is read. Write down your first massage and the comparison can begin.")
USUAL_KNOWN = say("We know your usual days already; they are below.")
FIRST_NEEDS = say("A first look needs 12 massages with measured days after them; most answers need more.")
SINGLE_DAYS = say("So many are needed because single good days happen anyway.")
NOT_WORKED_OUT = say("What follows your massages has not been worked out yet; the next run does it.")
CANNOT_BE_TOLD = say("What follows your massages cannot be told yet.")
NO_DIARY = say("Of your pain we know nothing yet. One tap a day is enough; about 60 days are needed.")
NOTHING_MEASURED = say("Nothing of this was measured yet.")
STILL_STANDS = say("The last answer still stands.")
NO_BETTER_SIDE = say("Neither more nor less of it is better.")


def of_needed(had: int, needed: int) -> str:
    """What the dots of the progress show."""
    return say("{had} of {massages}.", had=had, massages=counted(needed, MASSAGE))


def too_early(had: int, needed: int) -> str:
    return say(
        "Too early to say: {massages} written down; the first look comes after {needed}.",
        massages=counted(had, MASSAGE),
        needed=needed,
    )


def too_few_measured(had: int, needed: int) -> str:
    """Of massages that are written down, and whose days after them were not all measured."""
    return say(
        "Too early to say: {massages} with measured days after them; the first look comes after {needed}.",
        massages=counted(had, MASSAGE),
        needed=needed,
    )


def first_answer(told: date, today: date) -> str:
    return say("First look about {day}, if you go on as now; most answers need more.", day=day(told, today))


def both_possible_first(massages: int) -> str:
    return say(
        "After your first {massages} both are still possible: no change, and a change that matters to you.",
        massages=counted(massages, MASSAGE),
    )


def both_possible(massages: int) -> str:
    return say(
        "After {massages} both are still possible: no change, and a change that matters to you.",
        massages=counted(massages, MASSAGE),
    )


def always_on(weekday: str) -> str:
    return say("This cannot be told yet: all your massages were on a {weekday}.", weekday=weekday)


VARY_THE_DAY = say("Two or three on another weekday may be enough to compare.")


def silent_since(told: date, today: date) -> str:
    return say(
        "Your watch has sent nothing since {day}. Send a new export and the answer goes on.", day=day(told, today)
    )


def update_failed(told: date, today: date) -> str:
    """Above an answer that is older than the last run."""
    return say("The last update failed; this is of {day}.", day=day(told, today))


BEING_READ = say("New data is being read.")

# The answer


def is_figure(found: Change) -> bool:
    """Whether a size is a figure, so that 'about' may stand before it."""
    return found.size[:1].isdigit() or found.size.startswith("half a point")


def changed(kind: Kind, title: str, found: Change) -> str:
    """The answer where a number changed, one way or the other."""
    size, between = found.size, found.between
    if not is_figure(found) or kind is Kind.OTHER:
        return say("{title} after massages: {size} ({between}).", title=title, size=size, between=between)
    if kind is Kind.STEPS:
        return say(
            "On the three days after massages you walked about {size} a day ({between}).", size=size, between=between
        )
    if kind is Kind.REST:
        return say(
            "On the three days after massages you sat or lay awake about {size} a day ({between}).",
            size=size,
            between=between,
        )
    if kind is Kind.SLEEP:
        return say("In the night after massages you slept about {size} ({between}).", size=size, between=between)
    return say("On the three days after massages your pain was about {size} ({between}).", size=size, between=between)


def same(kind: Kind, title: str, massages: int) -> str:
    """The answer where there is no difference."""
    after = counted(massages, MASSAGE)
    if kind is Kind.STEPS:
        return say("After {after}: you walked as much on the days after them as on other days.", after=after)
    if kind is Kind.REST:
        return say("After {after}: you rested as much on the days after them as on other days.", after=after)
    if kind is Kind.SLEEP:
        return say("After {after}: you slept as long in the night after as in other nights.", after=after)
    if kind is Kind.PAIN:
        return say("After {after}: your pain was the same on the days after them as on other days.", after=after)
    return say("After {after}: {title} was the same as at other times.", after=after, title=title)


def no_better(kind: Kind, title: str, massages: int) -> str:
    """The answer where a change that matters is ruled out, and a loss is not."""
    after = counted(massages, MASSAGE)
    if kind is Kind.STEPS:
        return say("After {after}: you walked no more on the days after them than on other days.", after=after)
    if kind is Kind.REST:
        return say("After {after}: you rested no less on the days after them than on other days.", after=after)
    if kind is Kind.SLEEP:
        return say("After {after}: you slept no longer in the night after than in other nights.", after=after)
    if kind is Kind.PAIN:
        return say("After {after}: your pain was no lower on the days after them than on other days.", after=after)
    return say("After {after}: {title} was no better than at other times.", after=after, title=title)


def by_lot(kind: Kind, title: str, found: Change) -> str:
    """The answer of weeks that were drawn."""
    size, between = found.size, found.between
    if kind is Kind.STEPS and is_figure(found):
        return say(
            "The weeks were drawn by lot, so this is because of the massages: about {size} a day ({between}).",
            size=size,
            between=between,
        )
    return say(
        "The weeks were drawn by lot, so this is because of the massages: {title} {size} ({between}).",
        title=title,
        size=size,
        between=between,
    )


def rests_on(massages: str, days: str) -> str:
    """Both as `report.counted` says them."""
    return say("From {massages} and {days}.", massages=massages, days=days)


def would_matter(size: str, *, is_own: bool) -> str:
    if is_own:
        return say("You said {size} would matter.", size=size)
    return say("A change of {size} would matter.", size=size)


def ruled_out(size: str, *, is_own: bool) -> str:
    if is_own:
        return say("You said {size} would matter: ruled out.", size=size)
    return say("A change of {size} would matter: ruled out.", size=size)


PAIN_OPEN = say("Pain: no answer yet.")
PAIN_NOT_WRITTEN = say("Pain: not written down.")


def pain_in_short(direction: Word, sure: Sure, *, is_beside_lot: bool) -> str:
    """Pain, where another number stands first, and how sure.

    Beside an answer of drawn weeks it says that it is of all massages: it is not said to be because of them.
    """
    told = first_down(label(direction, sure))
    if is_beside_lot:
        return say("Pain, all massages, cause unknown: {told}.", told=told)
    return say("Pain: {told}.", told=told)


def reaches(until: date, today: date) -> str:
    """Until when an answer reaches, where its last data are weeks old."""
    return say("Newest data: {day}.", day=day(until, today))


WORSE = say("It may be the massage, or the bad days on which you book.")
TALK_IT_OVER = say("Talk to your therapist.")
WHY: Mapping[Basis, str] = {Basis.AFTER: AFTER, Basis.BECAUSE: ""}  # that of drawn weeks says it itself

# The four families


def changed_short(when: Window, found: Change, *, adds_up: bool, is_likely_none: bool) -> str:
    """The sentence of a card; with `is_likely_none` the number is no better."""
    size, between = found.size, found.between
    if not is_figure(found):
        return say("{size} ({between}).", size=size, between=between)
    if is_likely_none:
        return say("About {size}, if anything ({between}).", size=size, between=between)
    if when is Window.NIGHT or when is Window.TRIAL_NIGHT:
        return say("That night about {size} ({between}).", size=size, between=between)
    if when is Window.WEEK:
        return say("About {size} in the week after ({between}).", size=size, between=between)
    if adds_up:
        return say("About {size} a day on the three days after ({between}).", size=size, between=between)
    return say("About {size} on the three days after ({between}).", size=size, between=between)


def same_short(found: Change) -> str:
    return say("As at other times ({between}).", between=found.between)


def open_short(span: str) -> str:
    """A range of which nothing can be said yet."""
    return say("{span}: too wide to say.", span=first_up(span))


def usual_level(kind: Kind, level: str) -> str:
    """What is usual, before there is an answer."""
    if kind is Kind.REST:
        return say("Your usual day: {level} sitting or lying.", level=level)
    if kind is Kind.SLEEP:
        return say("Your usual night: {level} asleep.", level=level)
    if kind is Kind.PAIN:
        return say("Your usual pain: {level} of 10.", level=level)
    return say("Your usual day: {level}.", level=level)


def picture_around(change: str) -> str:
    return say(
        "A week before to a week after a massage, against the week before; on the solid days on average {change}.",
        change=change,
    )


def picture_recent(days: int) -> str:
    return say("The last 14 days, {days} of them measured.", days=days)


# What needs the person, and how new the data are


def needs(count: int) -> str:
    """As '2 things need you'."""
    return counted(count, THING)


def rows_refused(path: str, count: int, place: str, reason: str) -> str:
    """Rows of a file that could not be read, with the first of them; a number of rows beside it is without headings."""
    if place.startswith("row "):
        return say(
            "{path}: {rows} could not be read. The first, {place} (headings counted): {reason}",
            path=path,
            rows=counted(count, ROW),
            place=place,
            reason=reason,
        )
    return say(
        "{path}: {rows} could not be read. The first, {place}: {reason}",
        path=path,
        rows=counted(count, ROW),
        place=place,
        reason=reason,
    )


def file_refused(path: str, reason: str) -> str:
    return say("{path} could not be read: {reason}", path=path, reason=reason)


def age(days: int, newest: date, today: date, *, is_silent: bool) -> str:
    """How new the newest day of a source is."""
    if is_silent:
        return say("nothing since {day}", day=day(newest, today))
    return FRESH if days <= 2 else say("{days} ago", days=counted(days, DAY))
