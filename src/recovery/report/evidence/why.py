"""Why an answer cannot be told, and what would make it possible, written out."""

from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

from recovery.answers.rows import PromiseAnswer
from recovery.report import remedies
from recovery.report.answers import Answers
from recovery.report.cards import Card
from recovery.vocabulary.verdicts import Verdict

OPEN = (Verdict.CANNOT_TELL_YET, Verdict.CANNOT_BE_TOLD, Verdict.CONSISTENT)


class Gap(NamedTuple):
    """Answers that are missing for the same reason."""

    names: list[str]
    word: str
    reason: str
    remedies: list[str]


class Step(NamedTuple):
    """Something to do, and what it would help to tell."""

    remedy: str
    names: list[str]


def gaps(found: Sequence[Card], answers: Answers) -> list[Gap]:
    """Every family and claim without a firm answer; those with the same reason stand together."""
    merged: dict[tuple[str, str], Gap] = {}
    for gap in (*_of_families(found), *_of_claims(answers)):
        known = merged.setdefault((gap.word, gap.reason), Gap([], gap.word, gap.reason, []))
        known.names.extend(name for name in gap.names if name not in known.names)
        known.remedies.extend(remedy for remedy in gap.remedies if remedy not in known.remedies)
    return list(merged.values())


def steps(missing: Iterable[Gap]) -> list[Step]:
    """What could be done, what helps most first."""
    helped: dict[str, list[str]] = {}
    for gap in missing:
        for remedy in gap.remedies:
            helped.setdefault(remedy, []).extend(name for name in gap.names if name not in helped.get(remedy, []))
    return [Step(remedy, names) for remedy, names in sorted(helped.items(), key=lambda item: -len(item[1]))]


def _of_families(found: Sequence[Card]) -> Iterator[Gap]:
    for card in found:
        if card.effect is None or card.effect.verdict in OPEN:
            yield Gap([f"{card.family} ({card.title.lower()})"], card.mark.word, card.reason, list(card.remedies))


def _of_claims(answers: Answers) -> Iterator[Gap]:
    for claim in answers.claims:
        if claim.verdict not in OPEN:
            continue
        yield Gap([f"“{claim.claim.rstrip('.')}”"], claim.verdict, claim.reason, _of_claim(answers, claim))


def _of_claim(answers: Answers, claim: PromiseAnswer) -> list[str]:
    if claim.claim_id in remedies.BY_CLAIM:
        return [remedies.BY_CLAIM[claim.claim_id]]
    metric = claim.metric or ""
    effect = answers.effects.get((metric, claim.window or ""))
    if effect is not None:
        return remedies.of_effect(effect, answers.failed(effect), has_morning_pain=answers.has_morning_pain)
    if metric in answers.metrics:
        return [remedies.to_measure(metric, answers.metrics[metric].family)]
    return []
