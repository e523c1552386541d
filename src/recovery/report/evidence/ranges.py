"""The main answers as bars on one scale, on which the change that would matter lies at the same place for all."""

import math
from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple

from recovery.answers.rows import Effect
from recovery.report import sureness
from recovery.report.bars import Bar, bar, in_words, place_on
from recovery.report.cards import Card, Mark
from recovery.report.evidence.looked import History
from recovery.vocabulary.windows import Window
from recovery.words import evidence as words
from recovery.words.numbers import Change

MIN_REACH, MAX_REACH = 2.0, 5.0  # changes that would matter, from the middle of the scale to either end


class Answer(NamedTuple):
    """One main answer: what, how sure, and its bar."""

    card: Card
    colour: str  # CSS class of the family
    size: str  # '' where there is none
    range: str
    of: str  # the massages and days that it was worked out of
    bar: Bar | None
    other_place: float | None  # of the second estimate on the bar, in percent; None where it is the first
    dots: int  # of four: how sure
    beside: list[str]  # why it is less sure than it was
    history: History | None  # of the looks; None before the first

    @property
    def mark(self) -> Mark:
        """The sign and the word."""
        return self.card.mark


def ranges(cards: Sequence[Card], looked: Mapping[str, History]) -> list[Answer]:
    """The cards that have a range as bars on one scale, each metric in changes that would matter, with their looks."""
    reach = _reach(card.effect for card in cards if card.effect)
    return [
        _answer(card, card.effect, drawn, reach, looked.get(card.metric))
        for card in cards
        if card.effect and (drawn := in_words(card.effect))
    ]


def _reach(effects: Iterable[Effect]) -> float:
    """As many changes that would matter as all ranges need, within limits: an arrow says that one goes on."""
    ends = [
        max(abs(found.low), abs(found.high)) / effect.worth
        for effect in effects
        if effect.worth and (found := effect.sizes)
    ]
    return min(MAX_REACH, max(MIN_REACH, math.ceil(10 * max(ends, default=0.0)) / 10))


def _answer(card: Card, effect: Effect, found: Change, reach: float, looked: History | None) -> Answer:
    width = reach * effect.worth if effect.worth else None
    return Answer(
        card=card,
        colour=effect.family,
        size=found.size,
        range=found.range,
        of=words.counted_for_it(
            effect.massages_that_count,
            effect.n_days,
            effect.n_days_after,
            is_nightly=effect.window in (Window.NIGHT, Window.TRIAL_NIGHT),
        ),
        bar=bar(effect, width),
        other_place=_second(effect, width),
        dots=sureness.sure(effect).dots,
        beside=sureness.beside(effect),
        history=looked,
    )


def _second(effect: Effect, width: float | None) -> float | None:
    """Where the estimate lies that allows for what went before; None where the main one is that already."""
    told, other = effect.sizes, effect.adjusted_estimate
    if told is None or other is None or math.isclose(other, told.estimate):
        return None
    return place_on(effect, other, width)
