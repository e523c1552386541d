"""The sentences and labels of the page that are not reasons of a verdict."""

from collections.abc import Sequence
from datetime import date

from recovery.words.counts import DAY, NIGHT, Noun, counted, form, listed, number
from recovery.words.effects import first_up
from recovery.words.looks import day
from recovery.words.numbers import Change, percent
from recovery.words.promises import better_for
from recovery.words.say import say

# Before there is an answer

NOT_WORKED_OUT = "What follows your massages has not been worked out yet; the next `recovery run` does it."
NO_VERDICT, NO_DATA = "no verdict", "no data"
NO_MAIN_METRIC = "no main metric"


def too_small(title: str) -> str:
    """Beside a main number whose days of comparison are still changed."""
    return say(
        "Of {title} that number is too small if anything: some of the days it compares with are still changed by the"
        " massage before them (see “How long it lasts”).",
        title=title,
    )


def nothing_measured(title: str, family: str) -> str:
    return f"Nothing was measured or told of it: {title} is the main number of {family}."


# The facts of a card

USUAL_FOR_WORTH, MEAN_OF_ALL = say("Usual, for the change worth having"), say("Mean of all measured days")
USUAL, WORTH, FINDABLE, LOOKED_AT, TO_TELL = (
    "Usual", "Change worth having", "Smallest findable change", "Looked at", "To tell",
)  # fmt: skip
SHARES_OF_PAIN = "Beside it"
WORTH_SOURCE = "Where the change worth having comes from"
ONE_LOOK = "Looked at once (95% interval)"
P_OF_ESTIMATE = "p of the estimate"
P_AMONG_MAIN = "p among the main numbers of the families (Holm)"
Q_AMONG_EXPLORATORY = "q among the exploratory numbers (Benjamini-Hochberg)"
P_OF_DAYS_BEFORE = "p of the days before massages"
P_OF_REDATED = "p of the same weekdays of other weeks"
P_OF_REDRAWN = "p of bookings re-drawn"
WITH_HISTORY = "Against days with the same week before them (what went before massages allowed for)"
WITHOUT_ONE = "With each massage left out in turn"
WITHOUT_ONE_OR_HISTORY = say("With each massage left out in turn, but what went before not allowed for")


def worth(size: str, *, is_assumed: bool) -> str:
    return f"{size} (assumed: nobody has said)" if is_assumed else size


def shares_of_pain(few: float, many: float, smaller: str, larger: str) -> str:
    """What other shares of the usual pain are, beside the one that counts as worth having."""
    return say(
        "{few} of the usual pain is {smaller}, {many} is {larger}",
        few=percent(few),
        many=percent(many),
        smaller=smaller,
        larger=larger,
    )


def looked_at(massages: str, days: str) -> str:
    """Both as `report.counted` says them."""
    return f"{massages}, {days}"


MANY = 10  # numbers, of which a tenth is one


def exploratory(called: int) -> str:
    """What numbers are worth that nobody named before; `called` of them have q up to 0.10."""
    if called >= MANY:
        return say(
            "The others are exploratory, and likely at most: of the {called} with q up to 0.10 about one in ten is"
            " chance at one look. Looked at again and again for two years, about half of people see some such number by"
            " chance alone.",
            called=called,
        )
    return say(
        "The others are exploratory, and likely at most: where so few stand out, all of them may be chance. At one look"
        " that happens to about one person in ten, at some look of two years to about half."
    )


# How long a change lasts

COMPARED_DAYS = (
    "Each of these days is compared with days that have no massage on them or in the week before. The main number above"
    " compares the three days after a massage with all other days but the day of the massage itself."
)
COMPARED_NIGHTS = (
    "Each of these nights is compared with nights that have no massage before them or in the week before that. The main"
    " number above compares the night after a massage with all nights but the three that follow it."
)
COMPARED_GIVEN_HISTORY = (
    "Here all days without a massage on them or in the week before are compared with, whatever went before them. The"
    " main number above compares with days that had the same week before them, since massages followed pain, or this"
    " number itself."
)
COMPARED_PAIN = (
    "Each of these days, and so the main number above, is compared with days that had the same pain and the same"
    " massages before them; what later massages do is taken out."
)


def later_days_changed(days: Sequence[int], *, is_nightly: bool) -> str:
    """That days with which the main number compares are themselves changed."""
    named = listed([f"+{day}" for day in days])
    if is_nightly:
        return say(
            "It counts nights {named} as usual ones, though they are still changed, so it comes out smaller than what"
            " is shown here.",
            named=named,
        )
    return say(
        "It counts days {named} as usual ones, though they are still changed, so it comes out smaller than what is"
        " shown here.",
        named=named,
    )


NO_BETTER_WAY = "Neither more nor less of it is better."
DAY_OF_MASSAGE, NIGHT_AFTER = "the day of the massage", "the night after"
NOT_BETTER = say("cannot be told to be better on the day after")


def better_on(days: int, later: Sequence[int]) -> str:
    """For how many days in a row from the day after, and on which other days, a number is better for certain."""
    again = later[days:]
    if not again:
        return better_for(days) if days else NOT_BETTER
    named, of_day = listed([f"+{one}" for one in again]), form(DAY, len(again))
    if not days:
        return say("better on {days} {named}, not for certain on the day after", days=of_day, named=named)
    return say("{better}, and again on {days} {named}", better=better_for(days), days=of_day, named=named)


def lasting(days: int, later: Sequence[int] = (), *, is_nightly: bool) -> str:
    """For how many days in a row a change is better for certain; of nights the first is the one after the massage.

    `later` are all days, or nights, that are better for certain.
    """
    if later and not days:
        return _not_from_the_first(later, is_nightly=is_nightly)
    if days and (again := later[days:]):
        return _again(days, again, is_nightly=is_nightly)
    if is_nightly and days:
        nights = "the night after a massage" if days == 1 else f"the first {days} nights after a massage"
        return f"Better than usual in {nights}; beyond, it cannot be told from no change."
    if is_nightly:
        return "In no night after a massage can it be told to be better than usual."
    if not days:
        return "Already on the day after a massage it cannot be told to be better than usual."
    return f"{first_up(better_for(days))} after a massage; beyond, it cannot be told from no change."


def _again(days: int, again: Sequence[int], *, is_nightly: bool) -> str:
    """Better for so many days in a row, then not for certain, and then again."""
    named = listed([f"+{one}" for one in again])
    if is_nightly:
        return say(
            "Better than usual for {counted} from the night after a massage on, and again in {nights} {named}; the"
            " others cannot be told from no change.",
            counted=counted(days, NIGHT),
            nights=form(NIGHT, len(again)),
            named=named,
        )
    return say(
        "{better} after a massage, and again on {days} {named}; the others cannot be told from no change.",
        better=first_up(better_for(days)),
        days=form(DAY, len(again)),
        named=named,
    )


def _not_from_the_first(later: Sequence[int], *, is_nightly: bool) -> str:
    named = listed([f"+{one}" for one in later])
    if is_nightly:
        return say(
            "In the night after a massage, taken alone, it cannot be told to be better than usual; in {nights} {named}"
            " it can.",
            nights=form(NIGHT, len(later)),
            named=named,
        )
    return say(
        "On the day after a massage, taken alone, it cannot be told to be better than usual; on {days} {named} it can.",
        days=form(DAY, len(later)),
        named=named,
    )


def day_after(day: int, *, is_nightly: bool) -> str:
    """What a day or night of the table is called."""
    if not day:
        return NIGHT_AFTER if is_nightly else DAY_OF_MASSAGE
    return f"{'night' if is_nightly else 'day'} +{day}"


def day_around(offset: int) -> str:
    """What a day is called that lies so many days from a massage."""
    if offset == 0:
        return DAY_OF_MASSAGE
    return f"{counted(abs(offset), DAY)} {'after' if offset > 0 else 'before'}"


# What this page cannot answer

SLOW_BUILD_UP = (
    "A slow build-up over many massages: each massage is compared with days between massages, which earlier ones may"
    " have changed too. Blocks of four weeks with and without massages would show it."
)
LYING_BY_DAY = (
    "How long you lay down by day: a wrist does not see lying. Only in-bed records, a posture sensor or your diary do."
)


# What the page rests on, and how many of what

REJECTED = Noun("row or file", "rows or files")
COMPARISON = Noun("comparison", "comparisons")
UNANSWERED = Noun("more metric was measured but cannot answer", "more metrics were measured but cannot answer")


def trial_so_far(pairs: int, weeks_per_block: int, when: str, attended: int, scheduled: int, elsewhere: int) -> str:
    """How a trial is laid out, and what took place of it; `elsewhere` are massages in weeks drawn to go without."""
    of = "weeks" if weeks_per_block == 1 else f"blocks of {weeks_per_block} weeks"
    without = f", and {elsewhere} in weeks drawn to go without" if elsewhere else ""
    return (
        f"{pairs} pairs of {of}, massages on {when}; {attended} of {scheduled} took place on their day so far{without}."
    )


def measured_without_answer(metrics: int) -> str:
    ask = 'recovery query "select metric, reason from effects where estimate is null"'
    return f"{counted(metrics, UNANSWERED)}; `{ask}` says why."


def comparisons(count: int) -> str:
    return f"{counted(count, COMPARISON)} by technique, pressure, area, muscle, cause and length"


def smallest_shown(shown: int) -> str:
    return f'The {shown} with the smallest q are shown; `recovery query "from subgroup_effects"` has all.'


def kinds_refused(count: int, reasons: Sequence[str]) -> str:
    return f"{count} more cannot be told: {' '.join(reasons)}"


def people(measured: int, refused: int) -> str:
    """How many people a mean is of."""
    return f"{number(measured)} ({number(refused)} refused)" if refused else number(measured)


def age(days: int) -> str:
    """How old the newest day of a source is."""
    return "today" if days <= 0 else counted(days, DAY)


def silent(days: int) -> str:
    return f"silent for more than {counted(days, DAY)}"


def covered(days: int, first: date, last: date, valid_days: int) -> str:
    return f"{counted(days, DAY)} with data from {day(first)} to {day(last)}, {valid_days} of them valid."


def rejected(count: int, shown: int) -> str:
    more = f' The first {shown} are shown; `recovery query "from rejected"` has all.' if count > shown else ""
    return f"{counted(count, REJECTED)} could not be taken as found.{more}"


def checks_failing(failing: int, count: int) -> str:
    return f"{failing} of {count} checks do not hold; details are in `checks/index.html` of the home folder."


def checks_hold(count: int) -> str:
    return f"All {count} checks hold."


def run(started_utc: str, version: str) -> str:
    return f"Run of {started_utc} UTC, recovery {version}."


def mean_and_range(found: Change) -> str:
    return say("{size} ({range})", size=found.size, range=found.range)
