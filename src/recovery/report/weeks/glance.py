"""A year and a half at a glance: one square a day in strips of half a year, as a few paths."""

from collections.abc import Mapping
from datetime import date, timedelta
from statistics import fmean
from typing import NamedTuple

from recovery.report.weeks.calendar import pain_kind
from recovery.report.weeks.person import Day
from recovery.words import weeks as words

MONTH_NAMES = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
WEEKS, STRIPS = 26, 3  # of a strip, and strips
STEP, SIDE, TOP = 13, 12, 14
LAST_YEAR_X = 300  # a year beside a month that begins later would not fit into the strip


class MonthMark(NamedTuple):
    """Where a month begins."""

    x: int
    label: str


class Strip(NamedTuple):
    """Half a year; columns are weeks, rows are weekdays."""

    label: str
    months: list[MonthMark]
    days: list[tuple[str, str]]  # the step of pain, '0' where none was told; the path of its days
    massages: str


def strips(days: Mapping[date, Day]) -> list[Strip]:
    """The last strips, oldest first; fewer where there are fewer days."""
    known = [day for day, shown in days.items() if shown.is_known]
    if not known:
        return []
    end = max(known) + timedelta(days=7 - max(known).weekday())  # the Monday after
    starts = [end - timedelta(weeks=WEEKS * number) for number in range(STRIPS, 0, -1)]
    return [_strip(start, days) for start in starts if start + timedelta(weeks=WEEKS) > min(known)]


def _strip(start: date, days: Mapping[date, Day]) -> Strip:
    months: list[MonthMark] = []
    paths: dict[str, str] = {}
    massages = ""
    found = []
    for number in range(7 * WEEKS):
        day = start + timedelta(days=number)
        x, y = number // 7 * STEP, TOP + number % 7 * STEP
        if day.day == 1 and number // 7 < WEEKS - 1:
            has_year = (day.month == 1 or not months) and x <= LAST_YEAR_X
            name = MONTH_NAMES[day.month - 1]
            months.append(MonthMark(x, f"{name} ’{day:%y}" if has_year else name))
        shown = days.get(day)
        if shown is None or not shown.is_known:
            continue
        found.append((day, shown))
        kind = pain_kind(shown.pain, has_pain=True)[1:]
        paths[kind] = f"{paths.get(kind, '')}M{x} {y}h{SIDE}v{SIDE}h-{SIDE}z"
        if shown.massages:
            massages += f"M{x + 6} {y + 1}l5 5-5 5-5-5z"
    pains = [shown.pain for _, shown in found if shown.pain is not None]
    first, last = (found[0][0], found[-1][0]) if found else (start, start)
    label = words.strip(first, last, sum(shown.massages for _, shown in found), fmean(pains) if pains else None)
    return Strip(label, months, sorted(paths.items()), massages)
