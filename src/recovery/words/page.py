"""The sentences and labels of the page that are not reasons of a verdict."""

from collections.abc import Sequence

from recovery.words.counts import DAY, MASSAGE, Noun, counted, form, listed, number
from recovery.words.effects import first_up
from recovery.words.promises import better_for

# The first lines: what can be said today

NO_MASSAGE = "No attended massage is in the log yet, so nothing can be said about what massages do."
LOG_THEM = "Log them with `recovery log massage`, or put a list of them into the inbox."
NOT_WORKED_OUT = "What your massages did has not been worked out yet; the next `recovery run` does it."
NO_VERDICT, NO_DATA = "no verdict", "no data"
NO_MAIN_METRIC = "no main metric"
NO_SIZE = "no size can be given"


def weeks_say(title: str, verdict: str) -> str:
    return f"Your randomised weeks say of {title}: {verdict}."


def supported(place: str, title: str, size: str) -> str:
    return f"Your data support that massages do good to {place} ({title}): {size}."


def got_worse(title: str, size: str) -> str:
    return f"Your data say that {title} got worse after massages: {size}."


def not_better(title: str, size: str) -> str:
    return f"Your data say that {title} did not get better by as much as is worth having: {size}."


def looks_better(title: str, size: str) -> str:
    return f"{title} looks better after massages, which is not shown: {size}."


def no_better_way(title: str, size: str) -> str:
    return f"{title} has no better way, so it gets no verdict: {size}."


def cannot_tell_yet(places: Sequence[str]) -> str:
    return f"Of {listed(places)} your data cannot tell yet."


def cannot_tell(places: Sequence[str]) -> str:
    return f"Of {listed(places)} these data cannot tell."


def no_data(places: Sequence[str]) -> str:
    return f"Of {listed(places)} there are no data."


def nothing_measured(title: str, family: str) -> str:
    return f"Nothing was measured or told of it: {title} is the main number of {family}."


# The facts of a card

USUAL, WORTH, FINDABLE, LOOKED_AT, TO_TELL = (
    "Usual", "Change worth having", "Smallest findable change", "Looked at", "To tell",
)  # fmt: skip
P_OF_ESTIMATE = "p of the estimate"
P_AMONG_MAIN = "p among the main numbers of the families (Holm)"
Q_AMONG_EXPLORATORY = "q among the exploratory numbers (Benjamini-Hochberg)"
P_OF_DAYS_BEFORE = "p of the days before massages"
P_OF_REDATED = "p of massages re-dated within their weeks"
P_OF_REDRAWN = "p of bookings re-drawn"
WITH_HISTORY = "With what went before massages allowed for"
WITHOUT_ONE = "With each massage left out in turn"
TOWARDS_ALL = "Pulled towards the mean of all people"
MEASURED_DAY = Noun("measured day", "measured days")
MORE_MASSAGE = Noun("more massage", "more massages")


def worth(size: str, *, is_assumed: bool) -> str:
    return f"{size} (assumed: nobody has said)" if is_assumed else size


def looked_at(massages: int, days: int) -> str:
    return f"{counted(massages, MASSAGE)}, {counted(days, MEASURED_DAY)}"


def to_tell(massages: int) -> str:
    return f"about {counted(massages, MORE_MASSAGE)} at this spacing"


def second_number(size: str) -> str:
    return f"{size}, a second number; no verdict rests on it"


# How long a change lasts

NO_BETTER_WAY = "Neither more nor less of it is better."
DAY_OF_MASSAGE, NIGHT_AFTER = "the day of the massage", "the night after"
NOT_BETTER = "not better on the day after"


def lasting(days: int, *, is_nightly: bool) -> str:
    """For how many days in a row a change is better for certain; of nights the first is the one after the massage."""
    if is_nightly and days:
        nights = "the night after a massage" if days == 1 else f"the first {days} nights after a massage"
        return f"Better than usual in {nights}; beyond, it cannot be told from no change."
    if is_nightly:
        return "In no night after a massage it can be told to be better than usual."
    if not days:
        return "Already on the day after a massage it cannot be told to be better than usual."
    return f"{first_up(better_for(days))} after a massage; beyond, it cannot be told from no change."


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

NOTHING_AROUND = "Anything around massages: no attended massage is in the log yet."
SLOW_BUILD_UP = (
    "A slow build-up over many massages: each massage is compared with days between massages, which earlier ones may"
    " have changed too. Blocks of four weeks with and without massages would show it."
)
LYING_BY_DAY = (
    "How long you lay down by day: a wrist does not see lying. Only in-bed records, a posture sensor or your diary do."
)


def too_few_massages(massages: int, needed: int) -> str:
    them = form(Noun("it", "them"), massages)
    return (
        f"Anything firm from {counted(massages, MASSAGE)} with enough valid days before {them} to compare with: below"
        f" {needed}, a mean is mostly chance."
    )


def nothing_about(families: Sequence[str]) -> str:
    return f"Anything about {', '.join(families)}: no valid day around a massage has data on it."


# Counts of the page, and what the last run was

REJECTED = Noun("row or file", "rows or files")
CLAIM = Noun("claim", "claims")
COMPARISON = Noun("comparison", "comparisons")
ATTENDED = Noun("attended massage", "attended massages")
UNANSWERED = Noun("more metric was measured but cannot answer", "more metrics were measured but cannot answer")


def people(told: int, refused: int) -> str:
    """How many people a mean is of."""
    return f"{number(told)} ({number(refused)} refused)" if refused else number(told)


def run(started_utc: str, version: str) -> str:
    return f"Run of {started_utc} UTC, recovery {version}."
