"""The days after a massage as a small picture for paper: bars with thin 95% lines, what would matter dashed."""

from collections.abc import Callable
from typing import NamedTuple

from recovery.answers.rows import Sizes
from recovery.report.answers import Answers
from recovery.report.bars import in_words
from recovery.vocabulary.windows import NEAR_DAYS, SINGLE_DAYS, Window
from recovery.words import page as page_words
from recovery.words import sheet as words

WIDTH, TOP, BOTTOM, BAR = 160.0, 12.0, 88.0, 11.0
ROOM = 1.25  # of the change that would matter: noise looks small
WORTH_SHOWN = 2.5  # at most so many of it from the middle: a wild day is cut


class Day(NamedTuple):
    """One day: its bar and its thin line; y grows downwards."""

    x: float
    y: float
    height: float
    low_y: float
    high_y: float
    is_told: bool  # one of the days that the answer speaks of


class Picture(NamedTuple):
    """The days after a massage of one number."""

    title: str
    colour: str  # CSS class of the family
    days: list[Day]
    zero_y: float
    worth_y: float | None
    better: str
    first: str
    last: str
    label: str


def picture(answers: Answers, metric: str) -> Picture | None:
    """The picture of one number; None where its single days were not estimated."""
    effects = {day: effect for day in SINGLE_DAYS if (effect := answers.effects.get((metric, Window.of_day(day))))}
    found = {day: sized for day, effect in effects.items() if (sized := effect.sizes)}
    if not found:
        return None
    first = next(iter(effects.values()))
    is_nightly = metric in answers.metrics and answers.metrics[metric].is_nightly
    worth = first.worth if first.better != "none" else None
    if worth is not None and first.better == "down":
        worth = -worth
    reach = _reach(list(found.values()), abs(worth or 0.0))

    def y(value: float) -> float:
        middle = (TOP + BOTTOM) / 2
        return round(middle - max(-1.0, min(1.0, value / reach)) * (BOTTOM - TOP) / 2, 1)

    answer_days = (0,) if is_nightly else tuple(NEAR_DAYS)[1:]
    rows = []
    for day, effect in effects.items():
        if told := in_words(effect):
            rows.append((page_words.day_after(day, is_nightly=is_nightly), told.size, told.range))
    return Picture(
        title=answers.title(metric),
        colour=first.family,
        days=[_day(day, sized, y, is_told=day in answer_days) for day, sized in found.items()],
        zero_y=y(0.0),
        worth_y=None if worth is None else y(worth),
        better={"up": words.UP_IS_BETTER, "down": words.DOWN_IS_BETTER}.get(first.better, ""),
        first=words.NIGHT_AFTER if is_nightly else words.MASSAGE_DAY,
        last=words.NIGHTS_LATER if is_nightly else words.WEEK_LATER,
        label=words.picture(answers.title(metric), rows),
    )


def _reach(found: list[Sizes], worth: float) -> float:
    """From the middle to an end: all bars, and most of the thin lines."""
    bars = max(abs(sized.estimate) for sized in found)
    lines = max(max(abs(sized.low), abs(sized.high)) for sized in found)
    return max(bars * 1.05, ROOM * worth, min(lines, WORTH_SHOWN * worth) if worth else lines) or 1.0


def _day(day: int, sized: Sizes, y: Callable[[float], float], *, is_told: bool) -> Day:
    top, bottom = sorted((y(0.0), y(sized.estimate)))
    x = round((day + 0.5) * WIDTH / len(SINGLE_DAYS), 1)
    return Day(x, top, round(bottom - top, 1), y(sized.low), y(sized.high), is_told)
