"""The headline of Today: one sentence, what and how sure, what it rests on, and what would tell more."""

from collections.abc import Sequence
from datetime import date, timedelta
from typing import NamedTuple

from recovery.answers.rows import MoreMassages
from recovery.effects.boundaries import FIRST_LOOK
from recovery.effects.gates import MIN_MASSAGES, WEEKDAYS_VARY
from recovery.effects.look_series import WEEKS
from recovery.report import remedies
from recovery.report.answers import Answers
from recovery.report.counted import Counted, days_of, massages_of
from recovery.report.today.said import Signs, Told, signs
from recovery.vocabulary.sureness import Sure
from recovery.vocabulary.verdicts import FOR_THE_WORSE, Basis, Word
from recovery.words import said as labels
from recovery.words import today as words
from recovery.words.how_many_more import shortly
from recovery.words.pages import COUNTED_DAYS

ROUND_DAYS = (1, 5, 10, 15, 20, 25)  # of a month, that a date ahead is told by
PACE_GAPS = 6  # last gaps between massages that the pace is taken of
LONGEST_GAP = timedelta(days=60)  # a longer one since the last massage: there is no pace


class Progress(NamedTuple):
    """How far it is to the first look."""

    had: int
    needed: int
    label: str


class Answer(NamedTuple):
    """What stands first, so short that a phone shows it at once; of a list each line is a sentence."""

    sentence: str
    signs: Signs
    lines: list[str]  # what to do next, or what would tell more
    why: str  # in short; '' where nothing is told
    folded: list[str]  # what the answer rests on and what it means
    progress: Progress | None = None
    reach: str = ""  # until when it reaches, where that is weeks ago
    pain: str = ""  # where another number stands first
    still: str = ""  # before the signs where they are of an answer that `sentence` does not tell
    is_ahead: bool = False  # it may tell about when the first look will be, which goes with the day


class Known(NamedTuple):
    """What the headline is made of."""

    answers: Answers
    main: str | None  # the number that decides first, where the person named one
    toward: Sequence[Told]  # the main numbers, in the order of the families
    by_lot: Sequence[Told]  # of drawn weeks
    massages: Sequence[date]
    counted: Counted
    has_data: bool
    today: date
    silent_since: date | None  # where nothing of any device arrives any more
    is_pain_told: bool


def answer(known: Known) -> Answer:
    """The headline for what is known."""
    if not known.massages:
        return _before_the_first(known)
    if not known.answers.is_worked_out:
        return Answer(words.NOT_WORKED_OUT, signs(Word.UNKNOWN, Sure.TOO_EARLY), [], "", [])
    best = leading(known)
    found = _answered(best, known)._replace(pain=_pain(known, best)) if best else _open(known)
    if known.silent_since is None:
        return found
    sentence = words.silent_since(known.silent_since, known.today)
    if best is None:
        return found._replace(sentence=sentence, lines=found.lines[:1], why="")
    folded = [found.sentence, *found.lines, *found.folded]
    return found._replace(sentence=sentence, lines=[], why="", folded=folded, still=words.STILL_STANDS, reach="")


def leading(known: Known) -> Told | None:
    """The answer to tell first: of drawn weeks, else the surest, of these the number that decides first."""
    drawn = [one for one in known.by_lot if one.is_answered and one.sure is Sure.CLEAR]
    if drawn:
        return drawn[0]
    sure = [one for one in known.toward if one.is_answered and one.sure.dots]
    return min(sure, key=lambda one: (-one.sure.dots, one.effect.metric != known.main), default=None)


def _pain(known: Known, first: Told) -> str:
    """What is said of pain in short, where another number stands first."""
    if first.kind is words.Kind.PAIN:
        return ""
    if not known.is_pain_told:
        return words.PAIN_NOT_WRITTEN
    asked = next((one for one in known.toward if one.kind is words.Kind.PAIN), None)
    if asked is None:
        return ""
    if not asked.is_answered:
        return words.PAIN_OPEN
    return words.pain_in_short(asked.direction, asked.sure, is_beside_lot=first.is_by_lot)


def first_answer(massages: Sequence[date], missing: int, today: date) -> date | None:
    """About when the massages that are missing will have been, at the pace of the last ones; None without a pace."""
    last = massages[-PACE_GAPS - 1 :]
    if len(last) < 2 or today - last[-1] > LONGEST_GAP:
        return None
    pace = (last[-1] - last[0]) / (len(last) - 1)
    return max(rounded_ahead(last[-1] + pace * missing), rounded_ahead(today))


def rounded_ahead(day: date) -> date:
    """The date that is told of what is not expected before `day`."""
    return rounded_day(day + timedelta(days=4))


def rounded_day(day: date) -> date:
    """The next day of a month by which a date ahead is told."""
    ahead = next((number for number in ROUND_DAYS if number >= day.day), None)
    if ahead is not None:
        return day.replace(day=ahead)
    return (day.replace(day=1) + timedelta(days=32)).replace(day=1)


def _before_the_first(known: Known) -> Answer:
    if not known.has_data:
        return Answer(words.NOTHING_YET, signs(Word.UNKNOWN, Sure.TOO_EARLY), [], "", [])
    return Answer(
        words.NO_MASSAGE,
        signs(Word.UNKNOWN, Sure.TOO_EARLY),
        [],
        "",
        [words.USUAL_KNOWN, words.FIRST_NEEDS],
        _progress(0),
    )


def _answered(one: Told, known: Known) -> Answer:
    """Where the number went a way that is told."""
    assert one.change is not None  # noqa: S101 - it is answered
    basis = Basis(one.effect.basis or Basis.AFTER)
    lines: list[str] = []
    folded = [words.rests_on(massages_of(known.answers, one.effect), days_of(known.answers, one.effect)), COUNTED_DAYS]
    if one.is_by_lot:
        sentence = words.by_lot(one.kind, one.title, one.change)
    elif one.direction is Word.NO_DIFFERENCE:
        sentence = words.same(one.kind, one.title, one.effect.massages_that_count)
    elif one.direction is Word.NO_BETTER:
        sentence = words.no_better(one.kind, one.title, one.effect.massages_that_count)
    else:
        sentence = words.changed(one.kind, one.title, one.change)
    if one.direction in (Word.NO_DIFFERENCE, Word.NO_BETTER) and one.worth:
        folded.append(words.ruled_out(one.worth, is_own=one.is_own_worth))
    elif one.direction is Word.A_LITTLE_BETTER and one.worth:
        folded.append(words.would_matter(one.worth, is_own=one.is_own_worth))
    elif one.direction in FOR_THE_WORSE:
        lines.append(words.TALK_IT_OVER)
        folded.append(words.WORSE)
    folded += one.beside
    meaning = labels.BECAUSE if basis is Basis.BECAUSE else labels.AFTER_MEANS
    reach = words.reaches(one.until, known.today) if one.until else ""
    return Answer(sentence, one.signs, lines, words.WHY[basis], [*folded, meaning], reach=reach)


def _open(known: Known) -> Answer:
    """Where nothing is told yet: how far it is, or what stands in the way."""
    usable = known.counted.usable
    early = [one for one in known.toward if one.sure is Sure.TOO_EARLY]
    if usable < MIN_MASSAGES or (usable < FIRST_LOOK and (early or len(known.massages) < FIRST_LOOK)):
        return _too_early(known)
    if not early:
        return _refused(known)
    more = _more(known)
    shown = signs(Word.UNKNOWN, Sure.TOO_EARLY)
    folded = [known.counted.left_out] if known.counted.left_out else []
    meaning = [labels.AFTER, labels.AFTER_MEANS]
    lines = [shortly(more.low, more.high)] if more else []
    folded += [more.reason] if more else []
    return Answer(words.both_possible(usable), shown, lines, "", [*folded, *meaning])


def _too_early(known: Known) -> Answer:
    usable, left_out = known.counted.usable, known.counted.left_out
    if usable >= MIN_MASSAGES and any(one.change for one in known.toward):
        sentence = words.both_possible_first(usable)
    elif left_out:
        sentence = words.too_few_measured(usable, FIRST_LOOK)
    else:
        sentence = words.too_early(usable, FIRST_LOOK)
    day = first_answer(known.massages, FIRST_LOOK - usable, known.today)
    more = _more(known)
    ahead = shortly(more.low, more.high) if more else words.first_answer(day, known.today) if day else ""
    folded = [more.reason] if more else [words.SINGLE_DAYS]
    unknown = signs(Word.UNKNOWN, Sure.TOO_EARLY)
    lines = [line for line in (left_out, ahead) if line]
    return Answer(sentence, unknown, lines, "", folded, _progress(usable), is_ahead=more is None)


def _more(known: Known) -> MoreMassages | None:
    """How many more massages it takes, of the first main number that tells; None where none does."""
    return next((found[0] for one in known.toward if (found := known.answers.more_of(one.effect))), None)


def _refused(known: Known) -> Answer:
    weekdays = {day.weekday() for day in known.massages}
    shown = signs(Word.UNKNOWN, Sure.CANNOT_TELL)
    failed = {name for one in known.toward for name in known.answers.failed(one.effect)}
    if len(weekdays) == 1 and failed & {WEEKDAYS_VARY, WEEKS}:
        return Answer(words.always_on(f"{known.massages[-1]:%A}"), shown, [words.VARY_THE_DAY], "", [])
    helps = [
        remedy
        for one in known.toward
        for remedy in remedies.of_effect(
            one.effect, known.answers.failed(one.effect), has_morning_pain=known.answers.has_morning_pain
        )
    ]
    first, *others = list(dict.fromkeys(helps))[:2] or [""]
    return Answer(words.CANNOT_BE_TOLD, shown, [first] if first else [], "", others)


def _progress(had: int) -> Progress:
    return Progress(had, FIRST_LOOK, words.of_needed(had, FIRST_LOOK))
