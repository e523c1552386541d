"""What is said of a main number after all looks at it, with the reason: its words come from the states of the looks.

The range is the one that belongs to the word: the interval at the boundary, which holds at all looks together.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from recovery.effects import gates
from recovery.effects.boundaries import FIRST_LOOK
from recovery.effects.hull import interval_at, z_below
from recovery.effects.judgement import (
    BUILDS_UP,
    REACH,
    SMALL,
    Check,
    Evidence,
    Judgement,
    but,
    names_of,
    need_of,
    shuffled_of,
    smallest_detectable,
    timing_check,
)
from recovery.effects.look_family import SaidAt
from recovery.effects.look_series import WEEKS
from recovery.effects.looks import Look, Standing
from recovery.effects.regression import Estimate
from recovery.vocabulary.sureness import Doubt
from recovery.vocabulary.verdicts import FOR_THE_BETTER, FOR_THE_WORSE, Certainty, Word
from recovery.words import effects as words
from recovery.words import looks as look_words
from recovery.words import numbers

NOT_EXCLUDED = "not excluded"  # the check that the dates and the diary allow to rule anything out


@dataclass(frozen=True)
class Shown:
    """The estimate and the range that are shown."""

    estimate: float
    low: float
    high: float


def shown(estimate: Estimate, boundary: float, said: Sequence[SaidAt]) -> Shown:
    """Those of the last look; before the first one the estimate, at the same boundary."""
    look = said[-1].look if said else None
    if look is None:
        return Shown(estimate.estimate, *interval_at(estimate, boundary))
    return Shown(look.estimate.estimate, *look.interval)


def judge_at_looks(
    evidence: Evidence, boundary: float, said: Sequence[SaidAt], failed: Mapping[str, str], history: str = ""
) -> Judgement:
    """What is said of a primary; ask `judgement.refuse` first.

    `evidence` is of the same days as the last look; `failed` has the sentences of the checks that failed, by name;
    `history` says since when it is said, or when it was withdrawn.
    """
    detectable = smallest_detectable(evidence.estimate)
    finding = _finding(evidence, shown(evidence.estimate, boundary, said))
    if not said:
        reason = words.first_range(finding, evidence.n_massages, FIRST_LOOK)
        return Judgement(Word.UNKNOWN, Certainty.TOO_EARLY, reason, (), detectable)
    last = said[-1]
    if last.look is None:
        is_ours = gates.COMPUTED in last.found.evidence.failed
        reason = words.text(words.is_so(finding), look_words.NOT_LOOKED if is_ours else look_words.TOO_FEW_DAYS_YET)
        return Judgement(Word.UNKNOWN, Certainty.TOO_EARLY, reason, last.found.evidence.failed, detectable)
    against = _against(last, last.look, evidence, failed)
    if last.word is Word.UNKNOWN:
        return _unknown(finding, last.look, evidence, against, history, detectable)
    if last.certainty is Certainty.CLEAR:
        names = () if last.word in FOR_THE_WORSE else names_of(against)
        is_found = last.said.standing is Standing.BETTER
        beside = _beside_finding(last.look, against) if is_found else _beside_ruled_out(last, last.look, against)
        reason = words.text(_clear(last.word, finding), *beside.sentences, history)
        return Judgement(last.word, last.certainty, reason, names, detectable, doubts=beside.doubts)
    talk = look_words.TALK_IT_OVER if last.word in FOR_THE_WORSE else ""
    return Judgement(
        last.word, last.certainty, words.text(but(finding, against), talk, history), names_of(against), detectable
    )


@dataclass(frozen=True)
class _Beside:
    """What is told beside a clear answer, and how much less sure it is shown for that."""

    sentences: tuple[str, ...] = ()
    doubts: tuple[Doubt, ...] = ()


def _beside_finding(look: Look, against: Sequence[Check]) -> _Beside:
    """Why a finding stands that would not be made anew, and the checks that failed since it was made."""
    is_kept = look.towards_better[0] <= 0
    kept = look_words.KEPT if is_kept else ""
    failed = look_words.failed_since([one.clause for one in against]) if against else ""
    return _Beside((kept, failed), _doubts(is_kept=is_kept, has_failed=bool(against)))


def _doubts(*, is_kept: bool, has_failed: bool) -> tuple[Doubt, ...]:
    return (*((Doubt.RANGE,) if is_kept else ()), *((Doubt.CHECKS,) if has_failed else ()))


def _beside_ruled_out(last: SaidAt, look: Look, against: Sequence[Check]) -> _Beside:
    """The same where a change worth having is ruled out; what got worse has passed every check, and nothing beside it.

    That whole weeks do not differ is no objection to "no difference". Where the days before massages differed, the look
    ruled it out with those allowed for.
    """
    if last.word in FOR_THE_WORSE:
        return _Beside()
    kept, told_else = "", {WEEKS}
    is_kept = z_below(look.estimate, look.worth, look.better) < look.exclusion_boundary
    if is_kept:
        kept, told_else = look_words.RULED_OUT_KEPT, {WEEKS, NOT_EXCLUDED}
    elif look.towards_better[1] >= look.worth:
        kept = look_words.RULED_OUT_CLOSELY
    allowed_for = ""
    if look.may_exclude and any(one.name == gates.LEAD for one in against):
        allowed_for, told_else = words.BEFORE_THE_SAME, {*told_else, gates.LEAD}
    clauses = [one.clause for one in against if one.name not in told_else]
    sentences = (kept, allowed_for, look_words.ruled_out_since(clauses) if clauses else "")
    return _Beside(sentences, _doubts(is_kept=is_kept, has_failed=bool(allowed_for or clauses)))


def _clear(word: Word, finding: str) -> str:
    if word is Word.BETTER:
        return words.is_so(finding)
    if word is Word.A_LITTLE_BETTER:
        return look_words.a_little_better(finding)
    if word is Word.NO_DIFFERENCE:
        return look_words.no_difference(finding)
    if word is Word.NO_BETTER:
        return look_words.no_better(finding)
    return words.text(words.wrong_way(finding), look_words.TALK_IT_OVER)


def _unknown(
    finding: str, look: Look, evidence: Evidence, against: Sequence[Check], history: str, detectable: float
) -> Judgement:
    """Why there is no answer yet, and what would tell."""
    low, high = look.towards_better
    is_outside = z_below(look.estimate, look.worth, look.better) >= look.exclusion_boundary or high < 0
    slow = [check for check in against if check.name == BUILDS_UP]
    if is_outside and low <= 0 and slow and look.may_exclude:  # no other check stands in the way of ruling out
        so_soon = look_words.no_difference_so_soon if low > -look.worth else look_words.no_better_so_soon
        reason = words.text(so_soon(finding, slow[0].clause), history)
        return Judgement(Word.UNKNOWN, Certainty.TOO_EARLY, reason, names_of(slow), detectable)
    if is_outside and low <= 0 and against:
        reason = words.text(but(finding, against), history)
        return Judgement(Word.UNKNOWN, Certainty.TOO_EARLY, reason, names_of(against), detectable)
    if evidence.out_of_reach:
        reason = words.text(words.is_so(finding), evidence.out_of_reach, history)
        return Judgement(Word.UNKNOWN, Certainty.TOO_EARLY, reason, (REACH,), detectable)
    need, massages = need_of(evidence, is_booked=any(check.name == gates.LEAD for check in against))
    reason = words.text(words.both_possible(finding), need, history)
    return Judgement(Word.UNKNOWN, Certainty.TOO_EARLY, reason, names_of(against), detectable, massages)


def _against(last: SaidAt, look: Look, evidence: Evidence, failed: Mapping[str, str]) -> list[Check]:
    """What stands in the way of a finding or an exclusion at the last look."""
    found = [_check(name, evidence, failed) for name in last.found.evidence.failed]
    if last.word in FOR_THE_BETTER:
        if last.certainty is not Certainty.CLEAR and look.is_small and not evidence.out_of_reach:
            found.append(SMALL)
        return found
    if look.builds_up:
        found.append(Check(BUILDS_UP, words.BUILDS_UP))
    elif look.may_build_up:
        found.append(Check(BUILDS_UP, words.MAY_BUILD_UP))
    if not look.may_exclude and not found:
        found.append(Check(NOT_EXCLUDED, look_words.NOT_EXCLUDED))
    return found


def _check(name: str, evidence: Evidence, failed: Mapping[str, str]) -> Check:
    """A check that failed at a look, with what it says as part of a sentence."""
    if name == WEEKS:
        shuffled = shuffled_of(evidence)
        return Check(name, shuffled.clause if shuffled else words.WEEKS_NO_DIFFERENCE)
    if name == gates.LEAD:
        return Check(name, timing_check(evidence).clause)
    if name == REACH:
        return Check(name, words.clause(evidence.out_of_reach or look_words.A_CHECK))
    return Check(name, words.clause(failed[name]) if name in failed else look_words.A_CHECK)


def _finding(evidence: Evidence, found: Shown) -> str:
    origin = evidence.worth_from
    change = numbers.change(found.estimate, found.low, found.high, evidence.unit, evidence.metric)
    worth = numbers.size(evidence.worthwhile, evidence.unit, evidence.metric, is_exact=origin.is_exact)
    return look_words.finding(evidence.when, change, worth, is_assumed=origin.is_assumed)
