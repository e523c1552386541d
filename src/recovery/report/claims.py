"""What the article claims, beside what the data say and what trials found."""

from collections.abc import Sequence
from typing import NamedTuple

from recovery.answers.rows import PromiseAnswer
from recovery.report import amounts
from recovery.report.answers import Answers
from recovery.report.cards import Mark, mark
from recovery.vocabulary.verdicts import Verdict
from recovery.vocabulary.windows import Window


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
        return f"better for {claim.observed:g} days in a row"
    said = amounts.change(claim.observed, unit, metric)
    where = Window(claim.window).phrase if claim.window else ""
    if claim.ci_low is None or claim.ci_high is None:
        return f"{said} {where}".rstrip()
    return f"{said} {where}".rstrip() + f" (95% interval: {amounts.span(claim.ci_low, claim.ci_high, unit, metric)})"
