"""One card for each family: the verdict as a word, why, and what would tell more."""

import math
from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple

from recovery.answers.rows import Effect, EffectCheck
from recovery.effects.worth import SHARES_BESIDE
from recovery.report import draws, remedies, sureness
from recovery.report.answers import Answers
from recovery.report.bars import Bar, bar, in_words, is_assumed, worth_in_words
from recovery.report.counted import days_of, massages_of
from recovery.vocabulary.families import MAIN_FAMILIES, Family
from recovery.vocabulary.verdicts import Basis, Certainty, Verdict, Word
from recovery.vocabulary.windows import MAIN, Window
from recovery.vocabulary.worth import WorthFrom
from recovery.words import numbers, relief, said
from recovery.words import page as words
from recovery.words.effects import change_when
from recovery.words.how_many_more import in_short
from recovery.words.remedies import LOG_MASSAGES


class Mark(NamedTuple):
    """How a verdict looks: never by colour alone, also by word, sign and the line around it."""

    word: str
    kind: str  # CSS class
    sign: str


MARKS = {verdict: Mark(verdict, verdict.short, verdict.sign) for verdict in Verdict}


class Card(NamedTuple):
    """The answer on one metric."""

    family: str
    title: str
    metric: str
    mark: Mark
    change: str  # the estimate and its interval in words, or ''
    reason: str
    bar: Bar | None
    facts: list[tuple[str, str]]
    remedies: list[str]
    checks: Sequence[EffectCheck]
    numbers: list[tuple[str, str]]  # for the folded details
    effect: Effect | None
    why: str = ""  # whether it is said to come of the massages


def mark(verdict: str | None) -> Mark:
    """The look of a verdict of the published tables."""
    if verdict is None:
        return Mark(words.NO_VERDICT, "unjudged", "·")
    return MARKS[Verdict(verdict)]


def mark_of(effect: Effect) -> Mark:
    """The look of what is said of an effect, and how sure; of an earlier version's the look of its verdict."""
    told = mark(effect.verdict)
    if effect.direction is None or effect.certainty is None:
        return told
    direction = Word(effect.direction)
    sign = told.sign if effect.certainty == Certainty.CANNOT_TELL else said.SIGNS[direction]
    return Mark(said.label(direction, sureness.sure(effect)), told.kind, sign)


def cards(answers: Answers, primaries: Mapping[str, str], attended: int) -> list[Card]:
    """One card for each family; without an answer it says what is missing."""
    found = []
    for family in MAIN_FAMILIES:
        effect = _primary(answers, family)
        if effect:
            found.append(card(answers, effect, family.label))
        else:
            found.append(_without_answer(answers, family, primaries.get(family, ""), attended))
    return found


def card(answers: Answers, effect: Effect, family: str) -> Card:
    """The card of one row of `effects`."""
    checks = answers.checks.get((effect.metric, effect.window), ())
    return Card(
        family=family,
        title=answers.title(effect.metric),
        metric=effect.metric,
        mark=mark_of(effect),
        why=said.WHY[Basis(effect.basis)] if effect.basis and effect.estimate is not None else "",
        change=change_in_words(effect),
        reason=effect.reason,
        bar=bar(effect),
        facts=[*_facts(answers, effect), *_to_tell(answers, effect), *_reliefs(answers, effect)],
        remedies=remedies.of_effect(
            effect,
            answers.failed(effect),
            has_morning_pain=answers.has_morning_pain,
            sooner=[more.reason for more in answers.more_of(effect)[1:]],
        ),
        checks=checks,
        numbers=_numbers(effect),
        effect=effect,
    )


def change_in_words(effect: Effect) -> str:
    """'600 steps more a day on the three days after a massage (range: ...).', or '' where refused."""
    found = in_words(effect)
    if found is None:
        return ""
    is_one_look = effect.one_look == effect.sizes
    return f"{change_when(found, Window(effect.window).phrase, effect.unit, is_one_look=is_one_look)}."


def _primary(answers: Answers, family: Family) -> Effect | None:
    return next((effect for effect in answers.judged() if effect.is_primary and effect.family == family), None)


def _without_answer(answers: Answers, family: Family, metric: str, attended: int) -> Card:
    title = answers.title(metric) if metric else words.NO_MAIN_METRIC
    if answers.is_worked_out:
        reason = words.nothing_measured(title.lower(), family)
        helps = [remedies.to_measure(metric, family)]
    else:
        reason, helps = words.NOT_WORKED_OUT, []
    if attended == 0:
        helps.append(LOG_MASSAGES)
    return Card(
        family=family.label,
        title=title,
        metric=metric,
        mark=Mark(words.NO_DATA, "unjudged", "·"),
        change="",
        reason=reason,
        bar=None,
        facts=[],
        remedies=helps,
        checks=(),
        numbers=[],
        effect=None,
    )


def _facts(answers: Answers, effect: Effect) -> list[tuple[str, str]]:
    """What a reader weighs the answer by."""
    unit, metric = effect.unit, effect.metric
    facts = []
    usual_for_worth = effect.usual_without if effect.worth_from == WorthFrom.USUAL else None
    if usual_for_worth is not None:  # of other days than the mean of all
        facts.append((words.USUAL_FOR_WORTH, numbers.level(usual_for_worth, unit, metric)))
    if effect.usual is not None:
        label = words.USUAL if usual_for_worth is None else words.MEAN_OF_ALL
        facts.append((label, numbers.level(effect.usual, unit, metric)))
    if effect.estimate is not None and (worth := worth_in_words(effect)):
        facts.append((words.WORTH, words.worth(worth, is_assumed=is_assumed(effect))))
    if effect.worth_from == WorthFrom.USUAL and effect.usual_without is not None:
        beside = [numbers.size(share * effect.usual_without, unit, metric) for share in SHARES_BESIDE]
        facts.append((words.SHARES_OF_PAIN, words.shares_of_pain(*SHARES_BESIDE, *beside)))
    if effect.smallest_detectable is not None and math.isfinite(effect.smallest_detectable):
        facts.append((words.FINDABLE, numbers.size(effect.smallest_detectable, unit, metric)))
    facts.append((words.LOOKED_AT, words.looked_at(massages_of(answers, effect), days_of(answers, effect))))
    return facts


def _to_tell(answers: Answers, effect: Effect) -> Iterator[tuple[str, str]]:
    """How many more massages it takes, where it is open."""
    if effect.verdict == Verdict.CANNOT_TELL_YET:
        for more in answers.more_of(effect)[:1]:
            yield words.TO_TELL, in_short(more.low, more.high)


def _reliefs(answers: Answers, effect: Effect) -> Iterator[tuple[str, str]]:
    """How often massages are followed by a drop, beside the mean change of pain."""
    if effect.window not in MAIN:
        return
    for found in answers.reliefs:
        if found.metric == effect.metric and found.massages_share is not None and found.days_share is not None:
            told = relief.in_short(found.n_massages, found.n_followed, found.massages_share, found.days_share)
            yield relief.label(found.drop_share), told


def _numbers(effect: Effect) -> list[tuple[str, str]]:
    """The single look, probabilities and second estimates, for those who want them."""
    found = []
    if (alone := effect.one_look) is not None and alone != effect.sizes:
        told = numbers.change(*alone, effect.unit, effect.metric)
        found.append((words.ONE_LOOK, f"{told.size} ({told.range})"))
    found += [
        (name, draws.of_effect(value, effect))
        for name, value in (
            (words.P_OF_ESTIMATE, effect.p_value),
            (words.P_AMONG_MAIN, effect.holm_p),
            (words.Q_AMONG_EXPLORATORY, effect.q_value),
        )
        if value is not None
    ]
    found += [
        (name, draws.drawn(value))
        for name, value in (
            (words.P_OF_DAYS_BEFORE, effect.lead_p),
            (words.P_OF_REDATED, effect.permutation_p),
            (words.P_OF_REDRAWN, effect.redrawn_p),
        )
        if value is not None
    ]
    if effect.worth_source and effect.worth is not None:
        found.append((words.WORTH_SOURCE, effect.worth_source))
    return [*found, *_second_estimates(effect)]


def _second_estimates(effect: Effect) -> Iterator[tuple[str, str]]:
    unit, metric = effect.unit, effect.metric
    estimate, low, high = effect.adjusted_estimate, effect.adjusted_ci_low, effect.adjusted_ci_high
    if estimate is not None and low is not None and high is not None:
        adjusted = numbers.change(estimate, low, high, unit, metric)
        yield words.WITH_HISTORY, f"{adjusted.size} ({adjusted.range})"
    if effect.lowest_without_one is not None and effect.highest_without_one is not None:
        is_plain = effect.estimate != effect.adjusted_estimate
        name = words.WITHOUT_ONE if is_plain else words.WITHOUT_ONE_OR_HISTORY
        yield name, numbers.span(effect.lowest_without_one, effect.highest_without_one, unit, metric)
