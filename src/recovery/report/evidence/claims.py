"""What the article promises, beside what the data say and what trials found."""

from typing import NamedTuple

from recovery.answers.rows import PromiseAnswer
from recovery.report import sureness
from recovery.report.answers import Answers
from recovery.report.evidence.lasting import days_of
from recovery.vocabulary.article import PROMISES
from recovery.vocabulary.sureness import Sure
from recovery.vocabulary.verdicts import Verdict
from recovery.vocabulary.windows import Window
from recovery.words import evidence as words
from recovery.words import numbers
from recovery.words.effects import change_when
from recovery.words.page import better_on

KINDS = {promise.claim_id: promise.kind for promise in PROMISES}
TOLD = (Verdict.SUPPORTED, Verdict.CONTRADICTED, Verdict.CONSISTENT)


class Row(NamedTuple):
    """One promise."""

    number: int  # in the order of the article
    claim: str
    claimed: str
    title: str  # of the metric it is measured by; '' where nothing measures it
    said: str  # the change seen, with its interval, or ''
    kept: str  # as promised, not as promised, not told
    near: str  # where it is not told, how near it is to that; else ''
    dots: int  # of four: how sure the answer to the promise is
    is_told: bool  # as promised, not as promised, or pointing to it
    reason: str
    evidence: str


def claim_rows(answers: Answers) -> list[Row]:
    """All promises in the order of the article."""
    return [_row(answers, claim) for claim in answers.claims]


def _row(answers: Answers, claim: PromiseAnswer) -> Row:
    verdict = Verdict(claim.verdict)
    kept, near = words.KEPT[verdict]
    if verdict is Verdict.CONTRADICTED and KINDS.get(claim.claim_id) == "up to":
        kept = words.LESS_THAN_PROMISED
    return Row(
        number=claim.ordinal,
        claim=claim.claim,
        claimed=claim.claimed or "",
        title=answers.title(claim.metric) if claim.metric else "",
        said=_said(claim, answers),
        kept=kept,
        near=near,
        dots=_dots(claim, verdict, answers),
        is_told=verdict in TOLD,
        reason=claim.reason,
        evidence=claim.published_evidence,
    )


def _dots(claim: PromiseAnswer, verdict: Verdict, answers: Answers) -> int:
    """Of what is told; a promise that rests on the answer to a number is not surer than that answer."""
    if verdict not in TOLD:
        return 0
    sure = Sure.LIKELY if verdict is Verdict.CONSISTENT else Sure.CLEAR
    effect = answers.effects.get((claim.metric or "", claim.window or ""))
    is_of_effect = effect is not None and (effect.direction, effect.certainty) == (claim.direction, claim.certainty)
    return min(sure.dots, sureness.sure(effect).dots) if effect and is_of_effect else sure.dots


def _said(claim: PromiseAnswer, answers: Answers) -> str:
    if claim.observed is None:
        return ""
    unit, metric = claim.unit or "", claim.metric or ""
    if unit == "days":  # how long, not how much
        days, later = days_of(answers, metric)
        is_of_these = days == round(claim.observed)  # as the answer that was published had them
        return better_on(days, later) if is_of_these else better_on(round(claim.observed), [])
    if claim.ci_low is None or claim.ci_high is None or not claim.window:
        return numbers.change_alone(claim.observed, unit, metric)
    found = numbers.change(claim.observed, claim.ci_low, claim.ci_high, unit, metric)
    when, kind = Window(claim.window).phrase, KINDS.get(claim.claim_id)
    if kind == "difference":
        return words.against_others(found)
    if kind == "some massages":
        return change_when(found, words.of_this_kind(when), unit)
    effect = answers.effects.get((metric, claim.window))
    is_one_look = effect is not None and effect.one_look == (claim.observed, claim.ci_low, claim.ci_high)
    return change_when(found, when, unit, is_one_look=is_one_look)
