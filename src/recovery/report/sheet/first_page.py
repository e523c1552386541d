"""The first page of the Sheet: what followed a massage in one sentence and a table, and what to keep in mind."""

import math
from collections.abc import Collection, Iterator, Mapping, Sequence
from datetime import date
from typing import NamedTuple

import duckdb

from recovery.answers.rows import Effect
from recovery.effects.boundaries import FIRST_LOOK
from recovery.effects.judgement import BUILDS_UP
from recovery.effects.multiplicity import MAX_Q
from recovery.report import sureness
from recovery.report.answers import Answers
from recovery.report.bars import in_words, is_assumed
from recovery.report.cards import Card
from recovery.report.counted import Counted, days_behind
from recovery.report.today.said import Told, told
from recovery.vocabulary.families import family_label
from recovery.vocabulary.verdicts import FOR_THE_BETTER, Basis, Word
from recovery.vocabulary.windows import MAIN, TRIAL, Window
from recovery.words import numbers, said
from recovery.words import sheet as words
from recovery.words.effects import ADD_UP, text
from recovery.words.today import Kind, kind_of

ALSO = 3  # second looks named; Evidence has all
ON_EVIDENCE = ("ratio", "index")  # units that tell a reader of paper nothing
REPEATS = ({"rest_share", "still_min"},)  # the same minutes: where one is a main number, the other says it again
CAUTIONS = 5


class Row(NamedTuple):
    """One answer as a line of the table."""

    title: str
    colour: str  # CSS class of the family
    sign: str
    outcome: str
    change: str
    range: str
    matters: str
    how_sure: str


def rows(cards: Sequence[Card], waking_min: float | None = None) -> list[Row]:
    """The answers of the families that have a main number; none before one of them has a range.

    With `waking_min` a share of the waking day is told as minutes of it, as on Today.
    """
    asked = [(card, card.effect) for card in cards if card.effect]
    return (
        [_row(card, told(effect, card.title, waking_min)) for card, effect in asked]
        if any(effect.sizes for _, effect in asked)
        else []
    )


def in_short(
    cards: Sequence[Card],
    answers: Answers,
    so_far: Counted,
    waking_min: float | None = None,
    ended: Mapping[str, date] | None = None,
) -> list[str]:
    """What follows a massage in one or two sentences, or how far it is to the first look.

    `ended` has the last day with data of each metric of which that is weeks ago.
    """
    if not so_far.written:
        return [words.NO_MASSAGE]
    until = ended or {}
    known = [
        told(card.effect, answers.title(card.effect.metric), waking_min, until.get(card.effect.metric))
        for card in cards
        if card.effect
    ]
    answered = [one for one in known if one.direction is not Word.UNKNOWN]
    if not answered:
        is_early = so_far.usable < FIRST_LOOK
        return [words.too_few(so_far.usable, FIRST_LOOK, so_far.left_out) if is_early else words.NOTHING_CLEAR]
    shown = [one for one in known if one in answered or one.kind is Kind.PAIN]
    ends = {one.until for one in shown}
    last = ends.pop() if len(ends) == 1 else None  # all of them reach until then, so it is said once
    parts = [_part(one if last is None else one._replace(until=None)) for one in shown]
    open_ones = [one.title for one in known if one not in answered and one.kind is not Kind.PAIN]
    days = days_behind([one.effect for one in answered], so_far.written)
    said_of_cause = said.AFTER if _basis(answers) is Basis.AFTER else ""
    return [
        text(words.in_short(days, parts, last), said_of_cause),
        *([words.open_ones(open_ones)] if open_ones else []),
    ]


def _part(one: Told) -> str:
    """One number in short; of pain with its range, also where there is no answer yet."""
    if one.direction is Word.UNKNOWN:
        return words.pain_open(one.title, one.alone)
    size = one.change.size if one.change else ""
    if size and one.window is Window.DAYS and one.unit in ADD_UP:
        size = words.a_day(size)
    if one.kind is Kind.PAIN and one.change:
        size = words.with_range(size, one.change.between)
    return words.part(one.title, one.direction, one.sure, size, *([words.until(one.until)] if one.until else []))


def change_of_pain(cards: Sequence[Card]) -> str:
    """The change of pain after massages, as the table has it; '' where there is no answer."""
    of_pain = [
        told(card.effect, card.title, None) for card in cards if card.effect and kind_of(card.metric) is Kind.PAIN
    ]
    return next((one.change.size for one in of_pain if one.change and one.is_answered), "")


class Also(NamedTuple):
    """Second looks, as sentences, and what is to be known of them."""

    means: str
    sentences: list[str]


def also_looked_at(answers: Answers) -> Also:
    """The second looks that stand out most; none that says a main number again."""
    main = {effect.metric for effect in answers.effects.values() if effect.is_primary}
    said = main.union(*(same for same in REPEATS if same & main))
    found = [
        effect
        for effect in answers.effects.values()
        if effect.metric not in said
        and effect.unit not in ON_EVIDENCE
        and effect.window in (*MAIN, Window.WEEK)
        and effect.q_value is not None
        and effect.q_value <= MAX_Q
        and _word(effect) not in (Word.UNKNOWN, Word.NO_DIFFERENCE, Word.NO_BETTER, Word.ABOUT_THE_SAME)
    ]
    found.sort(key=lambda effect: (effect.q_value or 0.0, effect.metric))
    named = [(effect, change) for effect in found[:ALSO] if (change := in_words(effect))]
    families = {effect.family for effect, _ in named}
    return Also(
        words.also_means(family_label(families.pop()) if len(named) > 1 and len(families) == 1 else ""),
        [
            words.also(answers.title(effect.metric), change.size, Window(effect.window).phrase, change.range)
            for effect, change in named
        ],
    )


def cautions(
    connection: duckdb.DuckDBPyConnection,
    subject: str,
    cards: Sequence[Card],
    answers: Answers,
    waking_min: float | None = None,
) -> list[str]:
    """What whoever reads the answers has to know; the first are the weightiest."""
    found = [words.OF_BASIS[_basis(answers)]]
    found += [
        words.of_drawn_weeks(card.title, change.size, change.range)
        for card in cards
        if (drawn := answers.drawn(card.metric)) and (change := told(drawn, card.title, waking_min).change)
    ]
    if any(card.effect and card.effect.sizes for card in cards):
        found += [
            words.less_sure(card.title, why) for card in cards if card.effect and (why := sureness.beside(card.effect))
        ]
        found += _other_ways(cards, waking_min)
        found.append(words.SLOW)
    if drop := _raw_drop(connection, subject):
        found.append(drop)
    return found[:CAUTIONS]


def checks(cards: Sequence[Card]) -> str:
    """How many checks of the answers passed, and on what the others weigh; '' where none was asked."""
    every = [check for card in cards for check in card.checks]
    if not every or not rows(cards):
        return ""
    failed: dict[words.Weight, list[str]] = {}
    for card in cards:
        names = {check.name for check in card.checks if not check.passed}
        if names and card.effect:
            failed.setdefault(_weight(card.effect, names), []).append(card.title)
    return words.checks(sum(check.passed for check in every), len(every), failed)


def _weight(effect: Effect, failed: Collection[str]) -> words.Weight:
    """What these checks do to an answer: that the number got better over the massages is no doubt of a finding."""
    word, is_slow = _word(effect), set(failed) == {BUILDS_UP}
    if word is Word.UNKNOWN:
        return words.Weight.OPEN
    if sureness.weighs(effect) and not (is_slow and word in FOR_THE_BETTER):
        return words.Weight.LESS_SURE
    return words.Weight.SLOW if is_slow else words.Weight.NONE


def is_no_kind_better(answers: Answers) -> bool:
    """Whether kinds of massages were compared with the others and none stood out; not where none could be compared."""
    compared = [row.difference_q_value for row in answers.subgroups if row.difference_q_value is not None]
    return bool(compared) and min(compared) > MAX_Q


def _row(card: Card, one: Told) -> Row:
    effect, found, word = one.effect, one.change, one.direction
    worth = one.worth
    sure = said.HOW_SURE[one.sure].capitalize() if effect.certainty else words.NONE
    return Row(
        title=card.title,
        colour=effect.family,
        sign=said.SIGNS[word],
        outcome=said.LABELS[word],
        change=found.size if found else words.NONE,
        range=found.range if found else words.NONE,
        matters=f"{worth} ({words.ASSUMED})" if worth and is_assumed(effect) else worth or words.NONE,
        how_sure=sure,
    )


def _word(effect: Effect) -> Word:
    return Word(effect.direction) if effect.direction else Word.UNKNOWN


def _basis(answers: Answers) -> Basis:
    """Because of massages only where a drawn trial says so."""
    of_trial: Mapping[object, Effect] = {key: effect for key, effect in answers.effects.items() if key[1] in TRIAL}
    is_drawn = any(effect.basis == Basis.BECAUSE for effect in of_trial.values())
    return Basis.BECAUSE if is_drawn else Basis.AFTER


def _other_ways(cards: Sequence[Card], waking_min: float | None) -> Iterator[str]:
    """The second estimates that differ in words from what is told."""
    for card in cards:
        effect = card.effect
        if effect is None or effect.sizes is None or effect.adjusted_estimate is None:
            continue
        low, high = effect.adjusted_ci_low, effect.adjusted_ci_high
        if low is None or high is None or math.isclose(effect.adjusted_estimate, effect.sizes.estimate):
            continue
        main = told(effect, card.title, waking_min)
        estimate, low, high = (main.factor * value for value in (effect.adjusted_estimate, low, high))
        other = numbers.change(estimate, low, high, main.unit, main.metric).size
        if main.change and main.change.size != other:
            yield words.with_history(card.title, other, main.change.size)
            return  # one is enough for paper; Evidence has all


def _raw_drop(connection: duckdb.DuckDBPyConnection, subject: str) -> str:
    ((in_all, count, before, after),) = connection.execute(
        "select count(*), count(*) filter (tells_both), avg(pain_before) filter (tells_both),"
        " avg(pain_after) filter (tells_both) from (select pain_before, pain_after,"
        " pain_before is not null and pain_after is not null as tells_both"
        " from massages where subject = ? and status = 'attended')",
        [subject],
    ).fetchall()
    return words.raw_drop(count, in_all, before, after) if count else ""
