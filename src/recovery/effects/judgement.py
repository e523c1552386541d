"""What may be said of an estimate: one of five verdicts, with the reason in plain words.

The rules are those of methods.md, section 6. What is better for certain, but by less than is worth having, is
consistent with the claim and said to be small: it is never contradicted. A contradiction is held back where the
history-adjusted interval, if there is one, does not say the same, and where no diary tells of booking on pain unless
half of a change worth having is excluded. A change that the person cannot reach is neither shown nor excluded. All
sizes are in the unit of the metric; `better` tells which way is good.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from recovery.effects.boundaries import FIRST_LOOK
from recovery.effects.direction import HALF, direction, without_better_side
from recovery.effects.gates import LEAD_P, REFUSALS, Gate
from recovery.effects.how_many_more import More
from recovery.effects.multiplicity import MAX_Q
from recovery.effects.regression import Estimate
from recovery.vocabulary.metrics import Direction
from recovery.vocabulary.sureness import Doubt
from recovery.vocabulary.verdicts import FOR_THE_WORSE, Certainty, Verdict, Word, verdict_of
from recovery.vocabulary.worth import WorthFrom
from recovery.words import effects as words
from recovery.words import numbers
from recovery.words.how_many_more import at_this_pace

ALPHA = 0.05
PERMUTATION_P = 0.10
POWER_QUANTILE = 0.84  # of the normal distribution at 80%
ASSUMED_WORTH = 0.3  # day-to-day standard deviations, where nobody has said what change is worth having
BUILDS_UP = "slow build-up"  # the check that the number does not get better over the massages
REACH = "reach"  # the check that a person can change by as much as is worth having
UNTOLD_SHARE = 0.5  # of a change worth having, that must be excluded where no diary tells of booking on pain
MIN_PAIRS = 6  # of randomised weeks: with fewer, re-flipping the coins cannot give p < 0.05


@dataclass(frozen=True)
class Evidence:
    """All that a verdict weighs."""

    estimate: Estimate
    better: Direction
    worthwhile: float  # smallest change worth having, above 0, in the metric's unit
    worth_from: WorthFrom
    n_massages: int
    holm_p: float  # of the estimate, among the primaries of the families
    lead_p: float
    permutation_p: float | None  # None where dates cannot be re-drawn: a dose, a week's total
    adjusted: Estimate | None = None  # by history, where there were enough days
    plain: Estimate | None = None  # without history, where the estimate is the adjusted one
    has_pain_diary: bool = False
    is_exploratory: bool = False  # nobody declared before that this number is to decide
    unit: str = ""  # of the metric, for the reason
    metric: str = ""  # its name, for the reason
    when: str = "after a massage"  # the window, for the reason
    concerns: tuple[Gate, ...] = ()  # further checks; one that failed stands in the way of a finding
    reservations: tuple[Gate, ...] = ()  # checks of which one that failed stands in the way of a contradiction alone
    builds_up: bool = False  # whether the number gets better over the massages
    out_of_reach: str = ""  # why the person cannot change by as much as is worth having; '' where they can
    more: More | None = None  # massages until something is said; None where nothing is promised


@dataclass(frozen=True)
class Judgement:
    """What is said of a change and how sure, why, and what it would take to say more."""

    direction: Word
    certainty: Certainty
    reason: str
    failed: tuple[str, ...] = ()  # names of the checks that stood in the way
    smallest_detectable: float | None = None  # change found four times in five, in the metric's unit
    massages_needed: int | None = None  # more massages at this pace, for four in five people like this one
    doubts: tuple[Doubt, ...] = ()  # what stands beside a clear answer by now

    @property
    def verdict(self) -> Verdict | None:
        """What follows of the two; None of a number without a better side."""
        return verdict_of(self.direction, self.certainty)


def refused(reason: str, failed: Sequence[str]) -> Judgement:
    """Nothing can be said; `failed` are the names of the checks that refused."""
    return Judgement(Word.UNKNOWN, Certainty.CANNOT_TELL, reason, tuple(failed))


def refuse(gates: Sequence[Gate]) -> Judgement | None:
    """The refusal, where a gate of REFUSALS failed."""
    failed = [gate for gate in gates if gate.name in REFUSALS and not gate.passed]
    if not failed:
        return None
    reason = " ".join(gate.sentence for gate in failed)
    return refused(reason, [gate.name for gate in failed])


def assumed_worthwhile(day_to_day_deviation: float) -> float:
    """The change taken as worth having where none is known: 0.3 day-to-day standard deviations."""
    return ASSUMED_WORTH * day_to_day_deviation


def smallest_detectable(estimate: Estimate) -> float:
    """The change that would be found four times in five: (critical value + 0.84) * standard error."""
    return (estimate.critical_value + POWER_QUANTILE) * estimate.standard_error


def judge(evidence: Evidence) -> Judgement:
    """What one look says of the claim that the metric gets better; ask `refuse` first."""
    low, high, size = _towards_better(evidence.estimate, evidence.better)
    worth = evidence.worthwhile
    detectable = smallest_detectable(evidence.estimate)
    timing = _timing(evidence)
    apart = apart_of(evidence)
    shuffled = shuffled_of(evidence)
    finding = _finding(evidence)

    harms, reserved = high < 0, _failed(evidence.reservations)
    is_excluded = high < worth and low <= 0  # what is better for certain is small at most, not denied
    word = direction(size, low, high, worth, is_ruled_out=is_excluded, may_be_worse=not reserved)
    if is_excluded and (harms or not evidence.out_of_reach):
        against = [
            *([] if timing.allows_contradiction else [timing.check]),
            *([shuffled] if shuffled and harms else []),
            *([] if evidence.has_pain_diary or reserved or high < worth * UNTOLD_SHARE else [_UNTOLD]),
            *reserved,
            *([_BUILDS_UP] if evidence.builds_up and not harms else []),
            *_concerns(evidence),
            *([_EXPLORATORY] if evidence.is_exploratory else []),
        ]
        if not against:
            is_worse = harms and timing.is_worse
            says = words.wrong_way(finding) if is_worse else words.excluded(finding)
            if harms and not is_worse:
                word = Word.NO_BETTER
            return Judgement(word, Certainty.CLEAR, words.text(says, timing.note, apart), (), detectable)
        return _open(word, words.text(but(finding, against), words.LOT_WOULD_TELL), against, detectable)

    if low > 0:
        against = [
            *([] if timing.allows_support else [timing.check]),
            *([shuffled] if shuffled else []),
            *([_MANY_METRICS] if evidence.holm_p >= ALPHA else []),
            *([_EXPLORATORY] if evidence.is_exploratory else []),
            *([SMALL] if not evidence.out_of_reach and size < HALF * worth else []),
            *([Check(REACH, words.clause(evidence.out_of_reach))] if evidence.out_of_reach else []),
            *_concerns(evidence),
        ]
        if not against:
            reason = words.text(words.is_so(finding), timing.note, apart)
            return Judgement(word, Certainty.CLEAR, reason, (), detectable)
        return Judgement(
            word, Certainty.LIKELY, words.text(but(finding, against), apart), names_of(against), detectable
        )

    if evidence.out_of_reach:
        reason = words.text(words.is_so(finding), evidence.out_of_reach)
        return Judgement(Word.UNKNOWN, Certainty.TOO_EARLY, reason, (REACH,), detectable)
    is_booked = not timing.is_clean
    need, massages = need_of(evidence, is_booked=is_booked)
    failed = (timing.check.name,) if is_booked else ()
    reason = words.text(words.both_possible(finding), need)
    return Judgement(Word.UNKNOWN, Certainty.TOO_EARLY, reason, failed, detectable, massages)


def need_of(evidence: Evidence, *, is_booked: bool) -> tuple[str, int | None]:
    """What would tell, as a sentence, and how many more massages; None where these alone do not settle it."""
    if is_booked:
        return words.LOT_WOULD_TELL, None
    more = evidence.more
    return (at_this_pace(more.low, more.high, more.weeks), more.high) if more else ("", None)


def timing_check(evidence: Evidence) -> "Check":
    """What the days before massages stand in the way by."""
    return _timing(evidence).check


def _open(word: Word, reason: str, against: Sequence["Check"], detectable: float) -> Judgement:
    """A change worth having is outside the range, and something stands in the way of saying so.

    That a number got worse is likely then. That it did not get better is likely where nothing but its being exploratory
    stands in the way: else the dates do not allow to exclude anything.
    """
    is_told = word in FOR_THE_WORSE or names_of(against) == (_EXPLORATORY.name,)
    if not is_told or word is Word.UNKNOWN:
        return Judgement(Word.UNKNOWN, Certainty.TOO_EARLY, reason, names_of(against), detectable)
    return Judgement(word, Certainty.LIKELY, reason, names_of(against), detectable)


def judge_exploratory(evidence: Evidence, q_value: float | None) -> Judgement:
    """What may be said of a number that was not named before: likely at most, and nothing before the first look.

    `q_value` is that among all such numbers of the person (Benjamini-Hochberg).
    """
    judged = judge(replace(evidence, is_exploratory=True))
    if judged.direction is Word.UNKNOWN:
        return judged
    if evidence.n_massages < FIRST_LOOK:
        reason = words.first_range(_finding(evidence), evidence.n_massages, FIRST_LOOK)
        return Judgement(Word.UNKNOWN, Certainty.TOO_EARLY, reason, (), judged.smallest_detectable)
    low, high, _ = _towards_better(evidence.estimate, evidence.better)
    if (low > 0 or high < 0) and q_value is not None and q_value > MAX_Q:
        reason = but(_finding(evidence), [_MANY_METRICS])
        return Judgement(Word.UNKNOWN, Certainty.TOO_EARLY, reason, (_MANY_METRICS.name,), judged.smallest_detectable)
    return judged


def judge_without_better_side(
    estimate: Estimate, worth: float | None, n_massages: int, q_value: float | None, reason: str
) -> Judgement:
    """What may be said of a number of which neither more nor less is better: more, less or about the same, likely.

    `worth` is the smallest change that anybody would mind, None where nobody knows.
    """
    word = without_better_side(estimate.ci_low, estimate.ci_high, worth)
    is_chance = word in (Word.MORE, Word.LESS) and q_value is not None and q_value > MAX_Q
    if word is Word.UNKNOWN or is_chance or n_massages < FIRST_LOOK:
        return Judgement(Word.UNKNOWN, Certainty.TOO_EARLY, reason)
    return Judgement(word, Certainty.LIKELY, reason)


@dataclass(frozen=True)
class Check:
    """A check that stands in the way."""

    name: str
    clause: str  # what it says, as part of a sentence


_UNTOLD = Check("pain diary", words.NO_PAIN_DIARY)
_MANY_METRICS = Check("several metrics", words.SEVERAL_METRICS)
_EXPLORATORY = Check("declared before", words.NOT_DECLARED)
SMALL = Check("size", words.TOO_SMALL)
_BUILDS_UP = Check(BUILDS_UP, words.BUILDS_UP)


@dataclass(frozen=True)
class _Timing:
    """What the days before massages allow to be said; `check` names what stands in the way."""

    is_clean: bool
    allows_support: bool
    allows_contradiction: bool
    is_worse: bool  # the wrong way for certain, not only less than is worth having
    check: Check
    note: str = ""


def _timing(evidence: Evidence) -> _Timing:
    """As of the adjusted interval; where that is the estimate itself, a contradiction needs the plain one to agree.

    A diary of rounded numbers with holes leaves some of the booking on pain unseen, so that a good effect still looks a
    little smaller than it is; with both asked it is denied half as often.
    """
    timing = _timing_of_adjusted(evidence)
    if evidence.plain is None:
        return timing
    high = _towards_better(evidence.plain, evidence.better)[1]
    if high < evidence.worthwhile:
        return replace(timing, is_worse=timing.is_worse and high < 0)
    check = Check("history", words.POSSIBLE_WITHOUT_PAIN)
    return replace(timing, allows_contradiction=False, is_worse=False, check=check if timing.is_clean else timing.check)


def _timing_of_adjusted(evidence: Evidence) -> _Timing:
    """Support needs a passed lead gate or the adjusted interval and a diary; contradiction needs the latter to agree.

    The lead gate seldom fires with few massages (methods.md, section 10, lesson 9), and booking on bad days hides a
    good effect: without the second condition it is denied too often.
    """
    is_clean = evidence.lead_p >= LEAD_P
    if evidence.adjusted is None:
        return _Timing(is_clean, is_clean, is_clean, is_clean, Check("lead", words.BEFORE_NOT_ALLOWED_FOR))
    low, high, _ = _towards_better(evidence.adjusted, evidence.better)
    is_excluded = high < evidence.worthwhile
    if is_clean:
        check = Check("history", words.POSSIBLE_WITH_HISTORY)
        return _Timing(True, True, is_excluded, high < 0, check)
    has_no_diary = low > 0 and not evidence.has_pain_diary
    check = Check("lead", words.BEFORE_WITHOUT_DIARY if has_no_diary else words.BEFORE_NOT_THE_SAME)
    supports = low > 0 and evidence.has_pain_diary
    return _Timing(False, supports, is_excluded, high < 0, check, words.BEFORE_THE_SAME)


def apart_of(evidence: Evidence) -> str:
    """The history-adjusted change, where the interval of the plain one does not hold it."""
    adjusted, plain = evidence.adjusted, evidence.estimate
    if adjusted is None or plain.ci_low <= adjusted.estimate <= plain.ci_high:
        return ""
    return words.allowed_for(_change(evidence, adjusted))


def _concerns(evidence: Evidence) -> list[Check]:
    """The further checks that failed."""
    return _failed(evidence.concerns)


def _failed(gates: Sequence[Gate]) -> list[Check]:
    return [Check(gate.name, words.clause(gate.sentence)) for gate in gates if not gate.passed]


def shuffled_of(evidence: Evidence) -> Check | None:
    """The check that failed, where whole weeks dealt out among each other do not agree with a finding."""
    if evidence.permutation_p is None or evidence.permutation_p < PERMUTATION_P:
        return None
    is_asked = evidence.permutation_p < 1
    return Check("permutation", words.WEEKS_NO_DIFFERENCE if is_asked else words.WEEKS_ALIKE)


def _towards_better(estimate: Estimate, better: Direction) -> tuple[float, float, float]:
    """Lower end, upper end and estimate with better as positive."""
    if better == "up":
        return estimate.ci_low, estimate.ci_high, estimate.estimate
    return -estimate.ci_high, -estimate.ci_low, -estimate.estimate


def _finding(evidence: Evidence) -> str:
    origin = evidence.worth_from
    worth = numbers.size(evidence.worthwhile, evidence.unit, evidence.metric, is_exact=origin.is_exact)
    return words.finding(evidence.when, _change(evidence, evidence.estimate), worth, is_assumed=origin.is_assumed)


def _change(evidence: Evidence, found: Estimate) -> numbers.Change:
    return numbers.change(found.estimate, found.ci_low, found.ci_high, evidence.unit, evidence.metric)


def but(finding: str, against: Sequence[Check]) -> str:
    return words.but(finding, [check.clause for check in against])


def names_of(against: Sequence[Check]) -> tuple[str, ...]:
    return tuple(check.name for check in against)
