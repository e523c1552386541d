"""A month as a calendar: weeks of seven cells, and what the month was like in one line."""

from collections.abc import Collection, Mapping
from datetime import date
from statistics import fmean
from typing import NamedTuple

from recovery.report.weeks.months import Month
from recovery.report.weeks.person import Day
from recovery.report.weeks.story import anchor_of
from recovery.words import weeks as words

FULL_STEPS = 15_000.0  # of a whole solid bar
FULL_SLEEP_MIN = 600.0  # of a whole dashed bar
PAIN_STEPS = (2.5, 3.5, 4.5, 5.5, 6.5)  # from here on the next of the six colours


class Cell(NamedTuple):
    """A day of the calendar; without a story it is a number alone."""

    number: int
    anchor: str  # of its story
    words: str
    kind: str  # q1 to q6 by pain, q0 not told, qn where nobody ever told pain
    pain: str
    steps: int | None  # percent of a whole bar
    asleep: int | None
    massages: int
    is_unknown: bool


class MonthCalendar(NamedTuple):
    """One month."""

    name: str
    title: str
    summary: str
    massages: int
    weeks: list[list[Cell | None]]  # seven days each, None outside of the month


def calendar_of(month: Month, days: Mapping[date, Day], told: Collection[date], *, has_pain: bool) -> MonthCalendar:
    """A month's calendar; `told` are the days that have a story."""
    cells: list[Cell | None] = [None] * month.first.weekday()
    cells += [_cell(day, days.get(day, Day()), day in told, has_pain=has_pain) for day in month.days]
    cells += [None] * (-len(cells) % 7)
    return MonthCalendar(
        month.name,
        words.month_name(month.first),
        summary_of(month, days),
        sum(days[day].massages for day in month.days if day in days),
        [cells[start : start + 7] for start in range(0, len(cells), 7)],
    )


def summary_of(month: Month, days: Mapping[date, Day]) -> str:
    """What a month was like: massages, and the means of what was told, or measured well enough (as on the Sheet)."""
    found = [days[day] for day in month.days if day in days]

    def mean(values: list[float]) -> float | None:
        return fmean(values) if values else None

    return words.month_summary(
        sum(day.massages for day in found),
        mean([day.pain for day in found if day.pain is not None]),
        mean([day.steps for day in found if day.steps is not None and day.is_steps_valid]),
        mean([day.asleep_min for day in found if day.asleep_min is not None and day.is_asleep_valid]),
    )


def month_line(month: Month, days: Mapping[date, Day]) -> str:
    """What a month has, in a few words for a list of many."""
    return words.of_massages(sum(days[day].massages for day in month.days if day in days))


def pain_kind(pain: float | None, *, has_pain: bool) -> str:
    """The class of a cell: one of six colours, hatched, or plain where the person never told pain."""
    if pain is None:
        return "q0" if has_pain else "qn"
    return f"q{1 + sum(pain >= step for step in PAIN_STEPS)}"


def _cell(day: date, shown: Day, is_told: bool, *, has_pain: bool) -> Cell:
    return Cell(
        number=day.day,
        anchor=anchor_of(day) if is_told else "",
        words=words.in_words(day, shown.massages, shown.pain, shown.steps, shown.asleep_min)
        if is_told
        else words.nothing_in_words(day),
        kind=pain_kind(shown.pain, has_pain=has_pain),
        pain="" if shown.pain is None else words.points(shown.pain),
        steps=_percent(shown.steps, FULL_STEPS),
        asleep=_percent(shown.asleep_min, FULL_SLEEP_MIN),
        massages=shown.massages,
        is_unknown=shown.is_unknown,
    )


def _percent(value: float | None, full: float) -> int | None:
    return None if value is None else round(min(100.0, max(0.0, 100 * value / full)))
