"""What the article claims, beside what the data say and what trials found."""

from collections.abc import Sequence
from typing import NamedTuple

from recovery.answers.rows import PromiseAnswer
from recovery.report.answers import Answers
from recovery.report.cards import Mark, mark
from recovery.vocabulary.verdicts import Verdict
from recovery.vocabulary.windows import Window
from recovery.words import numbers
from recovery.words.effects import change_when
from recovery.words.page import NOT_BETTER
from recovery.words.promises import better_for


class Row(NamedTuple):
    """One claim."""

    claim: str
    claimed: str
    title: str  # of the metric it is measured by; '' where nothing measures it
    said: str  # the change seen, with its interval, or ''
    mark: Mark
    reason: str
    evidence: str


def claim_rows(answers: Answers) -> list[Row]:
    """All claims in the order of the article."""
    return [
        Row(
            claim=claim.claim,
            claimed=claim.claimed or "",
            title=answers.title(claim.metric) if claim.metric else "",
            said=_said(claim),
            mark=mark(claim.verdict),
            reason=claim.reason,
            evidence=claim.published_evidence,
        )
        for claim in answers.claims
    ]


def counted(claims: Sequence[Row]) -> str:
    """How many claims got which verdict: '1 supported; 3 can't tell yet; 12 cannot be told from this data'."""
    counts = {verdict: sum(claim.mark.word == verdict for claim in claims) for verdict in Verdict}
    return "; ".join(f"{count} {verdict}" for verdict, count in counts.items() if count)


def _said(claim: PromiseAnswer) -> str:
    if claim.observed is None:
        return ""
    unit, metric = claim.unit or "", claim.metric or ""
    if unit == "days":  # how long, not how much
        return better_for(round(claim.observed)) if claim.observed else NOT_BETTER
    if claim.ci_low is None or claim.ci_high is None or not claim.window:
        return numbers.change_alone(claim.observed, unit, metric)
    found = numbers.change(claim.observed, claim.ci_low, claim.ci_high, unit, metric)
    return change_when(found, Window(claim.window).phrase, unit)
