"""How long a change lasts: day 0 to +7 after a massage, each with its interval."""

from collections.abc import Mapping, Sequence
from typing import NamedTuple

from recovery.answers.rows import Effect, Sizes
from recovery.effects.lasting import days_better, is_better
from recovery.report.answers import Answers
from recovery.report.bars import in_words
from recovery.report.evidence.ticks import (
    BOTTOM,
    HEIGHT,
    LEFT,
    LONG,
    RIGHT,
    TIMES,
    TOP,
    WIDTH,
    Tick,
    amount,
    nice_ticks,
)
from recovery.vocabulary.article import PAIN
from recovery.vocabulary.metrics import Better
from recovery.vocabulary.units import unit_of
from recovery.vocabulary.windows import NEAR_DAYS, SINGLE_DAYS, Window
from recovery.words import page as words
from recovery.words.effects import text

LATER_DAYS = SINGLE_DAYS[len(NEAR_DAYS) :]  # to the main number they are days without a massage


class Day(NamedTuple):
    """One day's estimate and interval; y grows downwards."""

    x: float
    y: float
    low_y: float
    high_y: float
    label: str


class Lasting(NamedTuple):
    """The days after a massage of one metric."""

    metric: str
    title: str
    unit: str
    days: list[Day]
    x_ticks: list[Tick]
    y_ticks: list[Tick]
    zero_y: float
    worth_y: float | None
    better: str  # up, down, none
    is_nightly: bool
    sentence: str
    compared: str  # with which days, and what that does to the main number
    rows: list[tuple[str, str, str]]  # day, change, interval


def lasting(answers: Answers, metric: str) -> Lasting | None:
    """The drawing of one metric; None where its days were not estimated."""
    effects = {day: effect for day in SINGLE_DAYS if (effect := answers.effects.get((metric, Window.of_day(day))))}
    found = {day: sized for day, effect in effects.items() if (sized := effect.sizes)}
    if not found:
        return None
    first = next(iter(effects.values()))
    ends = [end for sized in found.values() for end in (sized.low, sized.high)]
    worth = first.worth if first.better != "none" else None
    if worth is not None:
        worth = -worth if first.better == "down" else worth
    reach = max(abs(value) for value in (*ends, worth or 0.0))
    factor, unit = _scale(first, reach)
    drawn = [value * factor for value in (*ends, 0.0, *([worth] if worth is not None else []))]
    ticks = nice_ticks(min(drawn), max(drawn))
    is_nightly = metric in answers.metrics and answers.metrics[metric].is_nightly

    def x(day: int) -> float:
        return round(LEFT + (day + 0.5) * (WIDTH - LEFT - RIGHT) / len(SINGLE_DAYS), 1)

    def y(value: float) -> float:
        return round(TOP + (ticks[-1] - value * factor) / (ticks[-1] - ticks[0]) * (HEIGHT - TOP - BOTTOM), 1)

    rows = [_row(day, effects[day], is_nightly=is_nightly) for day in found]
    return Lasting(
        metric=metric,
        title=answers.title(metric),
        unit=unit,
        days=[
            Day(x(day), y(sized.estimate), y(sized.low), y(sized.high), ", ".join(row))
            for (day, sized), row in zip(found.items(), rows, strict=True)
        ],
        x_ticks=[Tick(x(day), f"+{day}" if day else "0") for day in SINGLE_DAYS],
        y_ticks=[Tick(y(tick / factor), ("+" if tick > 0 else "") + amount(tick)) for tick in ticks],
        zero_y=y(0.0),
        worth_y=None if worth is None else y(worth),
        better=first.better,
        is_nightly=is_nightly,
        sentence=_sentence(found, first.better, is_nightly=is_nightly),
        compared=_compared(answers, metric, is_nightly=is_nightly),
        rows=rows,
    )


def still_changed(answers: Answers, metric: str) -> list[int]:
    """Days +4 to +7 that are changed for certain in the direction of the main number, which takes them for usual."""
    main = answers.main(metric)
    if main is None or main.estimate is None or is_given_history(main):
        return []
    sized = {day: one.sizes for day in LATER_DAYS if (one := answers.effects.get((metric, Window.of_day(day))))}
    return [day for day, one in sized.items() if one and min(one.low * main.estimate, one.high * main.estimate) > 0]


def is_given_history(main: Effect) -> bool:
    """Whether the main number is the one that allows for what went before: it compares with other days."""
    return main.estimate is not None and main.estimate == main.adjusted_estimate


def _compared(answers: Answers, metric: str, *, is_nightly: bool) -> str:
    """With which days each day is compared, and with which the main number."""
    main = answers.main(metric)
    if main is not None and is_given_history(main):
        return words.COMPARED_PAIN if metric in PAIN else words.COMPARED_GIVEN_HISTORY
    days = still_changed(answers, metric)
    compared = words.COMPARED_NIGHTS if is_nightly else words.COMPARED_DAYS
    return text(compared, words.later_days_changed(days, is_nightly=is_nightly) if days else "")


def days_of(answers: Answers, metric: str) -> tuple[int, list[int]]:
    """For how many days in a row from the day after one metric is better for certain, and all days on which it is."""
    effects = [answers.effects.get((metric, Window.of_day(day))) for day in SINGLE_DAYS[1:]]
    better: Better = next((effect.better for effect in effects if effect), "none")
    return _better(SINGLE_DAYS[1:], {day: one.sizes for day, one in enumerate(effects, 1) if one}, better)


def _better(days: Sequence[int], found: Mapping[int, Sizes | None], better: Better) -> tuple[int, list[int]]:
    intervals = [(sized.low, sized.high) if (sized := found.get(day)) else None for day in days]
    later = [day for day, interval in zip(days, intervals, strict=True) if is_better(interval, better)]
    return days_better(intervals, better), later


def _sentence(found: Mapping[int, Sizes], better: Better, *, is_nightly: bool) -> str:
    """For how many days in a row the change is better for certain, in words."""
    if better == "none":
        return words.NO_BETTER_WAY
    return words.lasting(*_better(SINGLE_DAYS[0 if is_nightly else 1 :], found, better), is_nightly=is_nightly)


def _scale(effect: Effect, reach: float) -> tuple[float, str]:
    """What to multiply by for the drawing, and the unit that makes."""
    unit = unit_of(effect.unit, effect.metric)
    if effect.unit in TIMES and reach >= LONG:
        divisor, noun = TIMES[effect.unit]
        return 1.0 / divisor, noun
    return unit.factor, unit.noun or "number"


def _row(day: int, effect: Effect, *, is_nightly: bool) -> tuple[str, str, str]:
    found = in_words(effect)
    return words.day_after(day, is_nightly=is_nightly), found.size if found else "", found.range if found else ""
