"""The sentences of the page Evidence that are not reasons of an answer."""

from collections.abc import Mapping, Sequence
from datetime import date

from recovery.vocabulary.bookings import Way
from recovery.vocabulary.verdicts import Verdict
from recovery.words import numbers
from recovery.words.counts import CHECK, DAY, MASSAGE, Noun, counted, listed, number
from recovery.words.effects import first_down
from recovery.words.looks import day
from recovery.words.numbers import Change
from recovery.words.ranges import THICK_BAR, THIN_LINE
from recovery.words.said import of_drawn_weeks
from recovery.words.say import say

TITLE = say("How we know, and how often we are wrong")
ANSWERS = say("The answers with their ranges")
LOOKS = say("Look by look")
MISSING = say("What is still missing")
WRONG = say("How often such answers are wrong")
LOT = say("What weeks drawn by lot would settle")
DRAWN = say("Your weeks drawn by lot")
PROMISES = say("What the article promises")
MORE = say("Everything else that was looked at")
OPEN = say("What would tell more")
METHOD = say("How it is worked out")

QUESTION = Noun("question", "questions")
ANSWER = Noun("answer", "answers")
RANGE = Noun("range", "ranges")
FINDING = Noun("finding", "findings")
DAY_AFTER = Noun("day after", "days after")
OTHER_DAY = Noun("other (massage days too)", "others (massage days too)")  # neither after one
NIGHT, NIGHT_AFTER, OTHER_NIGHT = (
    Noun("night", "nights"),
    Noun("night after", "nights after"),
    Noun("other night", "other nights"),
)
INVENTED = Noun("invented person", "invented people")


def massages(attended: int, not_attended: int) -> str:
    """How many massages are written down; `not_attended` were cancelled or missed."""
    told = counted(attended, MASSAGE)
    if not not_attended:
        return say("{massages}.", massages=told)
    return say(
        "{massages}, and {count} written down that did not take place.", massages=told, count=number(not_attended)
    )


def days(told: str) -> str:
    """`told` is that of `pages.days_with_data`."""
    return say("{days}.", days=told)


def fixed_before(questions: int) -> str:
    return say(
        "{questions} were fixed before anything was looked at; all else is a second look.",
        questions=counted(questions, QUESTION),
    )


HOW_TO_READ = say(
    "Right is better. {thick} Dot: the estimate. Plain line: no change; dashed: what would matter. Short stroke:"
    " counted another way, against days with the same week before them.",
    thick=THICK_BAR,
)


def counted_for_it(massages: int, days: int, after: int | None, *, is_nightly: bool) -> str:
    """What one answer was worked out of: massages, measured days after one, and the others."""
    had = counted(massages, MASSAGE)
    if after is None:  # an earlier version published it
        return say("{massages}, {days}", massages=had, days=counted(days, NIGHT if is_nightly else DAY))
    told, others = (NIGHT_AFTER, OTHER_NIGHT) if is_nightly else (DAY_AFTER, OTHER_DAY)
    return say(
        "{massages}: {after}, {others}", massages=had, after=counted(after, told), others=counted(days - after, others)
    )


NUMBERS_BEHIND = say("Why, and the numbers behind it")


def checks_passed(passed: int, count: int) -> str:
    if passed == count:
        return say("All {count} checks passed", count=number(count))
    return say("{passed} of {checks} passed", passed=number(passed), checks=counted(count, CHECK))


def checks_not_passed(failed: int) -> str:
    """Above the list of these, in which the same reason of several numbers stands once."""
    return say("{checks} did not pass, each a cross:", checks=counted(failed, CHECK))


def all_checks(count: int) -> str:
    return say("All {count} checks, one by one", count=number(count))


def failed_for(names: Sequence[str], sentence: str) -> str:
    """One check that did not pass, with the numbers it is about."""
    return say("{names}: {sentence}", names=listed(names), sentence=sentence)


NOT_ASKED = say("not asked")
CHECK_LABEL = say("Check")
CHECKS_MEAN = say(
    "A check that did not pass keeps “worse” from being “clear”, and “better” unless it was found when all passed."
    " “No difference” does not ask whether weeks differ, and may be clear where the days before massages differed: then"
    " it is the answer with those allowed for too. What failed later stands with the answer."
)

LOOKS_MEAN = say(
    "After each massage from the twelfth on, the answer is worked out again with nothing later. Each upright line is"
    " one look: where the true change lies, by the data up to then. Strong: an answer stood; pale and broken: both"
    " were still possible; none: it could not be worked out. Dates are those of the newest day that a look knows."
)


def look(until: date, massages: int, told: str) -> str:
    """Something that was said for the first time, again, or no longer; `told` is what was said from then on."""
    return say(
        "{day}, {massages}: {told}.",
        day=day(until),
        massages=counted(massages, MASSAGE),
        told=told,
    )


def found(word: str) -> str:
    """Of the data; when the page first said it is another day, and stands in the reason."""
    return say("first seen, “{word}”", word=word)


def found_again(word: str) -> str:
    return say("seen again, “{word}”", word=word)


def points_of_the_day(waking_min: float) -> str:
    """What a point in a reason is, where the numbers are told in minutes."""
    return say(
        "A percentage point of your waking day of {day} is about {minutes}.",
        day=numbers.level(waking_min, "min"),
        minutes=numbers.size(waking_min / 100, "min"),
    )


def ruled_out(word: str) -> str:
    return say("a change that matters was ruled out, “{word}”", word=word)


def withdrawn() -> str:
    return say("withdrawn: the change was less than half of one that matters")


def withdrawn_and_ruled_out(word: str) -> str:
    return say("withdrawn, and a change that matters was ruled out, “{word}”", word=word)


def no_longer_ruled_out() -> str:
    return say("no longer ruled out: a change that matters is possible again")


def still_stands(looks: int) -> str:
    """Of the last thing that was said; `looks` came after it."""
    if not looks:
        return say("That is the newest look.")
    return say("It still stands, {looks} later.", looks=counted(looks, Noun("look", "looks")))


def beside_drawn(title: str, of_all: str, of_drawn: str) -> str:
    """Below the answers of all massages, where drawn weeks answer too; both are sizes."""
    return say("{title}. {told}", title=title, told=of_drawn_weeks(of_all, of_drawn))


def nothing_said(looks: int) -> str:
    return say("{looks}, and nothing was said at any: both stay possible.", looks=counted(looks, Noun("look", "looks")))


def looks_drawn(title: str, looks: int, first: date, last: date) -> str:
    """What the drawing of the looks shows, for who does not see it."""
    return say(
        "{title}: the ranges of {looks}, from {first} to {last}. The lines beside it say when an answer came or went.",
        title=title,
        looks=counted(looks, Noun("look", "looks")),
        first=day(first),
        last=day(last),
    )


WRONG_MEAN = say("Tried on invented people. Filled: at least; ringed: at most.")
ALL_WAYS = say("How you book is seen from the twelfth massage on; these book in all ways.")
LIKE_YOU: Mapping[Way, str] = {
    Way.VARYING: say("They book as you seem to: by the calendar, on changing weekdays."),
    Way.ONE_WEEKDAY: say("They book as you seem to: by the calendar, mostly on one weekday."),
    Way.PAIN: say("They book as you seem to: when it hurts."),
}
BY_CALENDAR: Mapping[Way, str] = {  # where a number was other than usual before massages, so that they may not be alike
    Way.VARYING: say("They book by the calendar, on changing weekdays."),
    Way.ONE_WEEKDAY: say("They book by the calendar, mostly on one weekday."),
}
PAIN_NOT_KNOWN = say("Without a diary of pain nobody sees whether you book when it hurts.")

NOBODY_TO_MISS = say("How often a change that matters is missed was not tried on such people, so there is no figure.")


def no_figure(titles: Sequence[str]) -> str:
    """Of numbers that were other than usual before massages already."""
    return say(
        "Yours may have followed how things went, since before them this was other than usual: {titles}. Of such"
        " bookings there is no figure.",
        titles=listed([first_down(title) for title in titles]),
    )


def in_good_times(ends: tuple[int, int]) -> str:
    """Of a way to book that no check tells from the calendar."""
    return say(
        "Of people who go for massages in good times, on holidays or on weekends that go well, {count} are ever told of"
        " something better though massages do nothing. The dates alone do not show this; days off that a diary has"
        " are taken into account.",
        count=of_hundred(ends),
    )


def of_hundred(ends: tuple[int, int]) -> str:
    """So many of 100: '2 to 8 of 100'."""
    low, high = ends
    if low == high:
        return say("{count} of 100", count=low)
    return say("{low} to {high} of 100", low=low, high=high)


def found_without_effect(ends: tuple[int, int], likely: tuple[int, int] | None, worse: tuple[int, int] | None) -> str:
    """How often something is said of a main number where massages do nothing.

    `likely` and `worse`: to how many people like the reader it says that something is better, likely only, and that
    something is worse, likely or clear; None where that is not told.
    """
    if likely is None or worse is None:
        return say(
            "Where massages do nothing, this page ever tells {count} of something better, clear so far, though it looks"
            " after every massage for two years.",
            count=of_hundred(ends),
        )
    return say(
        "Where massages do nothing, this page ever tells {count} such people of something better, clear so far, though"
        " it looks after every massage for two years; of something better, likely only, {likely}; of something worse,"
        " clear or likely, {worse}.",
        count=of_hundred(ends),
        likely=_so_many(likely),
        worse=_so_many(worse),
    )


def _so_many(ends: tuple[int, int]) -> str:
    low, high = ends
    if low == 0:
        return say("at most {high}", high=high)
    return say("{low} to {high}", low=low, high=high)


def effect_tried(way: Way, *, is_worth: bool) -> str:
    """What massages do to the people of a way of whom it is told how many are missed."""
    if not is_worth:
        return say("Where massages change a number by 0.4 of its day-to-day variation")
    if way is Way.PAIN:
        return say("Where massages ease pain by just what would matter")
    return say("Where massages add just the steps that would matter")


def missed_with_effect(
    effect: str, massages: int, missed: tuple[int, int], later: tuple[int, tuple[int, int]] | None
) -> str:
    """To how many of those of `effect_tried` it is not told by so many massages, and by later ones: as the circles."""
    told = say(
        "{effect}, this page misses it by about {massages} massages for {count}.",
        effect=effect, massages=massages, count=of_hundred(missed),
    )  # fmt: skip
    if later is None:
        return told
    (more, missed) = later
    return f"{told} {say('By about {massages}: for {count}.', massages=more, count=of_hundred(missed))}"


def missed_circles(people: int, massages: int) -> str:
    return say(
        "{people}; missed by about {massages} massages",
        people=counted(people, INVENTED),
        massages=massages,
    )


def first_look_only(first: tuple[int, int, int], later: Sequence[tuple[int, int, int]], *, is_worth: bool) -> str:
    """How seldom the first look is the answer: massages, and of 100 the fewest and the most of all ways to book."""
    told = [say("by about {massages} for {low} to {high}", massages=one[0], low=one[1], high=one[2]) for one in later]
    just_worth = say("just what would matter")
    other = say("0.4 of its day-to-day variation")
    return say(
        "Twelve is the first look, seldom the answer. Where massages change a number by {effect}, it is found by about"
        " {massages} massages for {low} to {high} of 100 invented people, {later}; for the fewest where the weekday is"
        " always the same.",
        effect=just_worth if is_worth else other,
        massages=first[0],
        low=first[1],
        high=first[2],
        later=listed(told),
    )


def other_days(low: int, high: int) -> str:
    return say(
        "Comparing massage days with other days, as many apps do, finds something in {low} to {high} of 100 people who"
        " book when it hurts, where massages do nothing.",
        low=low,
        high=high,
    )


OTHER_DAYS_CIRCLES = say("400 people each way to book")


def denied(ends: tuple[int, int]) -> str:
    if not ends[0]:
        return say(
            "Where massages do just what would matter, this page hardly ever denies it: at most to {count} of 100.",
            count=ends[1],
        )
    return say("Where massages do just what would matter, this page ever denies it to {count}.", count=of_hundred(ends))


def taken_back(ends: tuple[int, int]) -> str:
    return say("Of true answers that are first said, {count} are taken back later.", count=of_hundred(ends))


def build_up_denied(ends: tuple[int, int]) -> str:
    if not ends[0]:
        return say(
            "Where a benefit builds up over weeks and then stays, this page hardly ever denies it: at most to {count}"
            " of 100.",
            count=ends[1],
        )
    return say(
        "Where a benefit builds up over weeks and then stays, this page ever denies it to {count}: days after a"
        " massage hardly show it.",
        count=of_hundred(ends),
    )


def range_holds(percent: int, count: int) -> str:
    return say(
        "The true change lies in the range that is shown in {percent} of 100 cases ({ranges} tried).",
        percent=percent,
        ranges=counted(count, RANGE),
    )


def by_lot_found(of_hundred: int, count: int) -> str:
    return say(
        "With weeks drawn by lot, a change that is not there is found in {percent} of 100 trials ({people}).",
        percent=of_hundred,
        people=counted(count, INVENTED),
    )


def simulated_people(count: int) -> str:
    return counted(count, INVENTED)


def simulated_findings(count: int) -> str:
    return counted(count, FINDING)


LOT_SAYS = say("Now: after massages. With drawn weeks: because of massages.")
LOT_DRAW = say("Why, and how to draw them")
LOT_WHY = say(
    "People book when it hurts, and bad days mostly get better by themselves. If a coin picks the week, that cannot"
    " fool us."
)
LOT_HOW = say(
    "`recovery plan-trial --start DATE --pairs 8 --weekday tue --at 18:00` draws the weeks and says, from your own"
    " days, how often each number of pairs would find a change that matters."
)

PROMISE = Noun("promise", "promises")
THAT_WAY = say("not told, but pointing that way")
AS_PROMISED, NOT_AS_PROMISED, NOT_TOLD = say("As promised"), say("Not as promised"), say("Not told")
LESS_THAN_PROMISED = say("On average less than promised")  # of an "up to", which is judged by the mean
POINTS_THAT_WAY, TOO_EARLY, CANNOT_BE_TOLD = (
    say("points that way"),
    say("too early to say"),
    say("cannot be told from these data"),
)
KEPT: Mapping[Verdict, tuple[str, str]] = {  # the answer to a promise, and how near to one
    Verdict.SUPPORTED: (AS_PROMISED, ""),
    Verdict.CONTRADICTED: (NOT_AS_PROMISED, ""),
    Verdict.CONSISTENT: (NOT_TOLD, POINTS_THAT_WAY),
    Verdict.CANNOT_TELL_YET: (NOT_TOLD, TOO_EARLY),
    Verdict.CANNOT_BE_TOLD: (NOT_TOLD, CANNOT_BE_TOLD),
}
TRIALS_LABEL = say("What trials found")
CLAIMED_LABEL = say("Promised:")
MORE_WRONG = say("Other ways to be wrong")


def promises_counted(counts: Mapping[Verdict, int]) -> str:
    """How many promises got which answer."""
    parts = [
        (counts.get(Verdict.SUPPORTED, 0), say("as promised")),
        (counts.get(Verdict.CONTRADICTED, 0), say("not as promised")),
        (counts.get(Verdict.CONSISTENT, 0), THAT_WAY),
        (counts.get(Verdict.CANNOT_TELL_YET, 0) + counts.get(Verdict.CANNOT_BE_TOLD, 0), say("not told")),
    ]
    return say(
        "Of {all}: {parts}. An “up to” is never shown: the mean change stands beside it.",
        all=counted(sum(count for count, _ in parts), PROMISE),
        parts="; ".join(f"{count} {name}" for count, name in parts if count),  # they have commas in them
    )


def without_history(names: Sequence[str]) -> str:
    """Why kinds of massage may differ from the answer; '' where no answer allows for what went before."""
    if not names:
        return ""
    return say(
        "They do not allow for what went before a massage, as the answer on {names} does, so they may differ from it.",
        names=listed(names),
    )


def against_others(found: Change) -> str:
    """What massages of a kind did beyond the others, beside the title of the number."""
    return say("{size} compared with your other massages (95% interval: {range})", size=found.size, range=found.range)


def of_this_kind(when: str) -> str:
    """When a change is that is seen after some massages alone: 'on the three days after a massage of this kind'."""
    return say("{when} of this kind", when=when)


def promises_near(count: int) -> str:
    return say("{promises} {told}", promises=counted(count, PROMISE), told=THAT_WAY)


def promises_not_told(count: int) -> str:
    return say("{promises} not told yet, and why", promises=counted(count, PROMISE))


EVERYTHING = say("Every number side by side, as bars")
OWN_UNITS = say("Every number in its own unit, looked at once, as a table")
HOW_LONG = say("How long it lasts, day by day")
KINDS = say("Kinds of massage")


def progress(done: int, needed: int) -> str:
    return say("{done} of {needed} massages for a first look", done=done, needed=needed)


NOTHING_YET = say("No massage is written down yet. What stands below is how it will be judged.")
TOO_FEW = say(
    "So far there are too few massages for an answer. What stands below is how it will be judged, and what is known"
    " up to now."
)

METHOD_INTRO = say("Each of these is a page of the documentation that comes with the program:")
DOCUMENTS: Mapping[str, str] = {
    "docs/calibration.md": say("how often the answers are right, on people of whom the truth is known"),
    "docs/claims.md": say("the promises, what would show each, and what trials found"),
    "docs/metrics.md": say("each number, how it is counted, and when it is missing"),
    "docs/robustness.md": say("what happens to damaged and contradictory files"),
    "docs/trial.md": say("weeks drawn by lot: how to plan and judge them"),
    "docs/decisions/0035-looks.md": say("looking again and again without fooling oneself"),
    "docs/decisions/0041-words-that-hold.md": say("which words are said when, and when they are taken back"),
}
DRAWN_MEANS = say(
    "A coin chose the weeks with a massage, so how you felt could not choose them: of all answers these can be trusted"
    " most. A week counts as it was drawn, whether the massage took place or not."
)
WEEKS_OF_TRIAL = say("Weeks of the trial")
WEEK_SIGNS = say("◆: drawn for a massage; ✓: a massage took place.")


def trial_dates(start: date, end: date, state: str) -> str:
    return say("{start} to {end}: {state}", start=day(start), end=day(end), state=state)


def committed(moment: str) -> str:
    return say("Committed {moment}, before the first week, as SHA-256:", moment=moment)


def would_help(names: Sequence[str]) -> str:
    """What a step would help to tell."""
    if len(names) > 3:
        return say("Would help with {count} of the answers on this page.", count=len(names))
    return say("Would help with {names}.", names=listed(names))


FOREST_MEANS = say(
    "All changes in multiples of what would matter, so that they can stand side by side; right is better. The main"
    " numbers were fixed before anything was looked at. {thick} The others are second looks, with the share of such"
    " finds that is chance (q). {thin}",
    thick=THICK_BAR,
    thin=THIN_LINE,
)
ASSUMED_MEANS = say(
    "°: nobody has said what would matter; 0.3 of the usual day-to-day variation is taken ([goals] of recovery.toml"
    " sets it)."
)
CUT_MEANS = say("An arrow says that the range goes on.")
WEEK_MARK = say(" (week)")
OWN_UNITS_HEAD = (
    say("Number"),
    say("When"),
    say("Change"),
    say("95% interval"),
    say("Would matter"),
    say("p"),
    say("Among many"),
    say("Massages / days"),
    say("Said of it"),
)
HOW_LONG_MEANS = say(
    "The change on the day of a massage (0) and on each of the seven days after it. {thin} A single day says less than"
    " three together, so these are wider.",
    thin=THIN_LINE,
)
KINDS_MEAN = say(
    "Only to get ideas from: nobody chose these by lot, and of many kinds some differ by chance. A q below 0.10 is"
    " worth a trial, not a belief."
)
KINDS_HEAD = (
    say("Number"),
    say("Massages with"),
    say("How many"),
    say("Change (95% interval)"),
    say("Against the others"),
    say("q"),
)
READ = say("What was read, and what was not")
RECEIPTS_HEAD = (say("Format"), say("Status"), say("Files"), say("Records"))
NO_CHECK_OF_DATA = say("No check of the data was run.")


def newest(told: date, age: str, *, is_replaced: bool) -> str:
    """The newest day of a source."""
    if is_replaced:
        return say("{day} ({age}); a newer device took its place", day=day(told), age=age)
    return say("{day} ({age})", day=day(told), age=age)


def newest_silent(told: date, age: str, silent: str) -> str:
    """The newest day of a source that is overdue."""
    return say("{day} ({age}), {silent}", day=day(told), age=age, silent=silent)
