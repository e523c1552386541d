"""An effect as Today says it: the change in words, what would matter, the signs of what and how sure."""

from datetime import date
from typing import NamedTuple

from recovery.answers.rows import Effect, Sizes
from recovery.report import sureness
from recovery.vocabulary.sureness import Sure
from recovery.vocabulary.verdicts import Basis, Word
from recovery.vocabulary.windows import Window
from recovery.vocabulary.worth import WorthFrom
from recovery.words import numbers
from recovery.words import said as labels
from recovery.words import today as words
from recovery.words.effects import first_up
from recovery.words.numbers import Change


class Signs(NamedTuple):
    """What happened and how sure, as shapes and words."""

    direction: str
    what: str
    dots: int
    sure: str


class Told(NamedTuple):
    """One effect, ready to be put in sentences."""

    effect: Effect
    kind: words.Kind
    title: str
    direction: Word
    sure: Sure  # as it is shown
    change: Change | None  # None where refused
    alone: str  # the range alone, as 'between 500 steps fewer and 2,500 more'; '' where refused
    worth: str  # '' where nobody knows
    unit: str  # in which it is told, with `metric` that says the rest; a value of the tables times `factor` is in it
    metric: str
    factor: float
    until: date | None = None  # the last day with data of it, where that is weeks ago

    @property
    def window(self) -> Window:
        return Window(self.effect.window)

    @property
    def signs(self) -> Signs:
        return signs(self.direction, self.sure)

    @property
    def is_answered(self) -> bool:
        """Whether it is said which way the number went."""
        return self.direction is not Word.UNKNOWN and self.change is not None

    @property
    def beside(self) -> list[str]:
        """Why it is shown less sure than it was found."""
        return sureness.beside(self.effect)

    @property
    def is_own_worth(self) -> bool:
        return self.effect.worth_from == WorthFrom.GOALS

    @property
    def is_by_lot(self) -> bool:
        return self.effect.basis == Basis.BECAUSE

    @property
    def adds_up(self) -> bool:
        """Whether a day has so many of it, so that it is told 'a day'."""
        return self.kind in (words.Kind.STEPS, words.Kind.REST)


def signs(direction: Word, sure: Sure) -> Signs:
    """The shapes and words of an answer."""
    return Signs(direction.value, labels.LABELS[direction], sure.dots, first_up(labels.HOW_SURE[sure]))


def told(effect: Effect, title: str, waking_min: float | None, until: date | None = None) -> Told:
    """An effect in words; a share of the waking day is told as minutes of that day, where these are known.

    `until` is the day up to which there are data of it, where that is to be told.
    """
    unit, metric, factor = effect.unit, effect.metric, 1.0
    if metric == "rest_share" and unit == "share" and waking_min:
        unit, metric, factor = "min", "still_min", waking_min
    found = effect.sizes
    change, alone = None, ""
    if found is not None:
        found = Sizes(*(factor * value for value in found))
        change = numbers.change(*found, unit, metric)
        alone = numbers.between(numbers.span(found.low, found.high, unit, metric))
    worth = ""
    if effect.worth is not None and effect.better != "none":
        is_exact = factor == 1.0 and effect.worth_from in (WorthFrom.GOALS, WorthFrom.METRIC)
        worth = numbers.size(factor * effect.worth, unit, metric, is_exact=is_exact)
    return Told(
        effect=effect,
        kind=words.kind_of(effect.metric),
        title=title,
        direction=Word(effect.direction) if effect.direction else Word.UNKNOWN,
        sure=sureness.sure(effect),
        change=change,
        alone=alone,
        worth=worth,
        unit=unit,
        metric=metric,
        factor=factor,
        until=until,
    )
