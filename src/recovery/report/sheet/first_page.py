"""The first page of the Sheet: what followed a massage in one sentence and a table, and what to keep in mind."""

import math
from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from typing import NamedTuple

import duckdb

from recovery.answers.rows import Effect
from recovery.effects.boundaries import FIRST_LOOK
from recovery.effects.multiplicity import MAX_Q
from recovery.report import sureness
from recovery.report.answers import Answers
from recovery.report.bars import in_words, is_assumed
from recovery.report.cards import Card
from recovery.report.counted import Counted, massages_behind
from recovery.report.today.said import Told, told
from recovery.vocabulary.verdicts import Basis, Word
from recovery.vocabulary.windows import MAIN, TRIAL, Window
from recovery.words import numbers, said
from recovery.words import sheet as words
from recovery.words.today import Kind

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
    after = massages_behind([one.effect for one in answered], so_far.written)
    return [words.in_short(after, parts, last), *([words.open_ones(open_ones)] if open_ones else [])]


def _part(one: Told) -> str:
    """One number in short; of pain with its range, also where there is no answer yet."""
    if one.direction is Word.UNKNOWN:
        return words.pain_open(one.title, one.alone)
    is_told = one.direction not in (Word.NO_DIFFERENCE, Word.NO_BETTER) and one.change is not None
    sizes = [one.change.size] if one.change and is_told else []
    if one.kind is Kind.PAIN and one.change:
        sizes.append(one.change.between)
    if one.until:
        sizes.append(words.until(one.until))
    return words.part(one.title, one.direction, one.sure, sizes)


def also_looked_at(answers: Answers) -> list[str]:
    """The second looks that stand out most, as sentences; none that says a main number again."""
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
    return [
        words.also(answers.title(effect.metric), change.size, Window(effect.window).phrase, change.range)
        for effect in found[:ALSO]
        if (change := in_words(effect))
    ]


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
        found += _other_ways(cards, answers)
        found.append(words.SLOW)
    if drop := _raw_drop(connection, subject):
        found.append(drop)
    return found[:CAUTIONS]


def checks(cards: Sequence[Card]) -> str:
    """How many checks of the answers passed; '' where none was asked."""
    every = [check for card in cards for check in card.checks]
    failed = [card.title for card in cards if not all(check.passed for check in card.checks)]
    return words.checks(sum(check.passed for check in every), len(every), failed) if every and rows(cards) else ""


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


def _other_ways(cards: Sequence[Card], answers: Answers) -> Iterator[str]:
    """The second estimates that differ in words from what is told."""
    for card in cards:
        effect = card.effect
        if effect is None or effect.sizes is None or effect.adjusted_estimate is None:
            continue
        low, high = effect.adjusted_ci_low, effect.adjusted_ci_high
        if low is None or high is None or math.isclose(effect.adjusted_estimate, effect.sizes.estimate):
            continue
        other = numbers.change(effect.adjusted_estimate, low, high, effect.unit, effect.metric).size
        main = in_words(effect)
        if main and main.size != other:
            yield words.with_history(answers.title(effect.metric), other)
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
