"""All metrics with an estimate as bars on one scale: multiples of the change worth having, better to the right."""

import math
from collections.abc import Sequence
from typing import NamedTuple

from recovery.answers.rows import Effect
from recovery.effects.multiplicity import MAX_Q
from recovery.report import draws
from recovery.report.answers import Answers
from recovery.report.bars import Bar, bar, in_words, is_assumed, one_look_in_words, worth_in_words
from recovery.report.cards import mark_of
from recovery.vocabulary.families import Family, family_label
from recovery.vocabulary.windows import Window
from recovery.words.numbers import Change

MIN_REACH, MAX_REACH = 2, 8  # changes worth having, from the middle to either end


class Row(NamedTuple):
    """One metric of the forest."""

    title: str
    window: str
    is_primary: bool
    is_assumed: bool  # what is worth having is 0.3 day-to-day deviations, since nobody has said
    bar: Bar
    change: str
    interval: str
    note: str  # main, or q among the exploratory


class Group(NamedTuple):
    """The metrics of one family."""

    name: str
    rows: list[Row]


class Tick(NamedTuple):
    """A mark of the scale: where in percent, and how many changes worth having."""

    place: float
    label: str


class Line(NamedTuple):
    """One row of the table beneath."""

    title: str
    window: str
    change: str
    interval: str
    worth: str
    p: str
    among_many: str  # Holm p of a main number, q of the others
    n: str
    verdict: str


class Forest(NamedTuple):
    """The drawing and its table."""

    groups: list[Group]
    ticks: list[Tick]
    lines: list[Line]
    has_assumed: bool
    has_cut: bool
    refused: int  # metrics without an estimate
    called: int  # exploratory numbers with q up to 0.10


def forest(answers: Answers) -> Forest:
    """Every metric of the person, grouped by family, the main number of each first."""
    measured = [effect for effect in answers.judged() if effect.sizes]
    drawn = [effect for effect in measured if effect.better != "none" and effect.worth]
    reach = _reach(drawn)
    groups = []
    for family in [*Family, *sorted({effect.family for effect in drawn} - set(Family))]:
        rows = [row for effect in _in_order(answers, drawn, family) if (row := _row(answers, effect, reach))]
        if rows:
            groups.append(Group(family_label(family), rows))
    doses = [effect for (_, window), effect in answers.effects.items() if window == Window.DOSE]
    of_any = {effect.metric for effect in measured}
    return Forest(
        groups=groups,
        ticks=[Tick(50 + 50 * number / reach, f"{number:+d}" if number else "0") for number in _ticks(reach)],
        lines=[
            _line(answers, effect, found)
            for effect in (*_in_order(answers, measured), *_in_order(answers, doses))
            if (found := one_look_in_words(effect))
        ],
        has_assumed=any(row.is_assumed for group in groups for row in group.rows),
        has_cut=any(row.bar.is_cut_low or row.bar.is_cut_high for group in groups for row in group.rows),
        refused=len({effect.metric for effect in answers.judged()} - of_any),
        called=sum(effect.q_value is not None and effect.q_value <= MAX_Q for effect in measured),
    )


def _in_order(answers: Answers, effects: Sequence[Effect], family: str | None = None) -> list[Effect]:
    """By family, the main number first; of one family where that is given."""
    places: dict[str, int] = {family: place for place, family in enumerate(Family)}
    return sorted(
        (effect for effect in effects if family in (None, effect.family)),
        key=lambda effect: (
            places.get(effect.family, len(places)),
            not effect.is_primary,
            answers.title(effect.metric),
            effect.window,
        ),
    )


def _reach(drawn: Sequence[Effect]) -> int:
    """Far enough for four of five intervals, in whole changes worth having."""
    ends = sorted(
        max(abs(found.low), abs(found.high)) / effect.worth
        for effect in drawn
        if effect.worth and (found := effect.sizes)
    )
    if not ends:
        return MIN_REACH
    return min(MAX_REACH, max(MIN_REACH, math.ceil(1.05 * ends[(4 * (len(ends) - 1)) // 5])))


def _ticks(reach: int) -> range:
    step = 1 if reach <= 4 else 2
    end = reach - reach % step
    return range(-end, end + 1, step)


def _row(answers: Answers, effect: Effect, reach: int) -> Row | None:
    drawn, found = bar(effect, reach * (effect.worth or 1.0)), in_words(effect)
    if drawn is None or found is None:
        return None
    if effect.is_primary:
        note = "main"
    elif effect.q_value is not None:
        note = f"q {draws.of_effect(effect.q_value, effect)}"
    else:
        note = "second look"
    return Row(
        title=answers.title(effect.metric),
        window="week" if effect.window == Window.WEEK else "",
        is_primary=effect.is_primary,
        is_assumed=is_assumed(effect),
        bar=drawn,
        change=found.size,
        interval=found.range,
        note=note,
    )


def _line(answers: Answers, effect: Effect, found: Change) -> Line:
    worth = worth_in_words(effect)
    if worth and is_assumed(effect):
        worth += " (assumed)"
    among = ""
    if effect.holm_p is not None:
        among = f"{draws.of_effect(effect.holm_p, effect)} (Holm)"
    elif effect.q_value is not None:
        among = f"{draws.of_effect(effect.q_value, effect)} (q)"
    return Line(
        title=answers.title(effect.metric),
        window=Window(effect.window).short,
        change=found.size,
        interval=found.range,
        worth=worth,
        p="" if effect.p_value is None else draws.of_effect(effect.p_value, effect),
        among_many=among,
        n=f"{effect.massages_that_count:,} / {effect.n_days:,}",
        verdict=mark_of(effect).word,
    )
