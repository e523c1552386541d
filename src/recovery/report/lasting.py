"""How long a change lasts: day 0 to +7 after a massage, each with its interval."""

from collections.abc import Mapping
from typing import NamedTuple

from recovery.answers.rows import Effect
from recovery.effects.lasting import days_better
from recovery.report import amounts
from recovery.report.answers import Answers
from recovery.report.bars import Sizes, sizes
from recovery.report.charts import BOTTOM, HEIGHT, LEFT, RIGHT, TIMES, TOP, WIDTH, Tick, amount, nice_ticks
from recovery.vocabulary.metrics import Better
from recovery.vocabulary.windows import SINGLE_DAYS, Window


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
    rows: list[tuple[str, str, str]]  # day, change, interval


def lasting(answers: Answers, metric: str) -> Lasting | None:
    """The drawing of one metric; None where its days were not estimated."""
    effects = {day: effect for day in SINGLE_DAYS if (effect := answers.effects.get((metric, Window.of_day(day))))}
    found = {day: told for day, effect in effects.items() if (told := sizes(effect))}
    if not found:
        return None
    first = next(iter(effects.values()))
    ends = [end for told in found.values() for end in (told.low, told.high)]
    worth = first.worthwhile if first.better != "none" else None
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

    rows = [_row(day, told, first, is_nightly=is_nightly) for day, told in found.items()]
    return Lasting(
        metric=metric,
        title=answers.title(metric),
        unit=unit,
        days=[
            Day(x(day), y(told.estimate), y(told.low), y(told.high), ", ".join(row))
            for (day, told), row in zip(found.items(), rows, strict=True)
        ],
        x_ticks=[Tick(x(day), f"+{day}" if day else "0") for day in SINGLE_DAYS],
        y_ticks=[Tick(y(tick / factor), ("+" if tick > 0 else "") + amount(tick)) for tick in ticks],
        zero_y=y(0.0),
        worth_y=None if worth is None else y(worth),
        better=first.better,
        is_nightly=is_nightly,
        sentence=_sentence(found, first.better, is_nightly=is_nightly),
        rows=rows,
    )


def _sentence(found: Mapping[int, Sizes], better: Better, *, is_nightly: bool) -> str:
    """For how many days in a row the change is better for certain, in words."""
    first = 0 if is_nightly else 1
    if better == "none":
        return "Neither more nor less of it is better."
    days = [found.get(day) for day in SINGLE_DAYS[first:]]
    count = days_better(((day.low, day.high) if day else None for day in days), better)
    noun = "night" if is_nightly else "day"
    if count == 0:
        return f"On no {noun} after the massage is a change for the better certain by itself."
    last = first + count - 1
    ends = f"the {noun} +{last}" if last else "the night after the massage"
    return f"A change for the better is certain by itself up to {ends}; beyond, it cannot be told from no change."


def _scale(effect: Effect, reach: float) -> tuple[float, str]:
    """What to multiply by for the drawing, and the unit that makes."""
    said = amounts.unit_of(effect.unit, effect.metric)
    if said.noun in TIMES and reach >= 180:
        divisor, noun = TIMES[said.noun]
        return 1.0 / divisor, noun
    return said.factor, said.noun or "number"


def _row(day: int, told: Sizes, effect: Effect, *, is_nightly: bool) -> tuple[str, str, str]:
    noun = "night" if is_nightly else "day"
    name = f"{noun} +{day}" if day else ("the night after" if is_nightly else "the day of the massage")
    return (
        name,
        amounts.change(told.estimate, effect.unit, effect.metric),
        amounts.span(told.low, told.high, effect.unit, effect.metric),
    )
