"""Geometry of the page's drawings: numbers in, SVG paths and ticks out; the template writes the markup."""

import math
from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from datetime import date, timedelta
from typing import NamedTuple

from recovery.words import page as words
from recovery.words.say import say

OFFSETS = range(-7, 8)
WIDTH, HEIGHT = 640, 300
LEFT, RIGHT, TOP, BOTTOM = 78, 14, 14, 48
MOST_LINES = 60  # thin lines of one drawing; more are a blot and half a megabyte
CELL = 15  # side of a calendar day, with its gap
MONTH_NAMES = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
TIMES = {"min": (60.0, "h")}  # minutes are drawn in hours where they are many
LONG = 180  # minutes that are many


class Tick(NamedTuple):
    """Where a label stands, and what it says."""

    position: float
    label: str


class Point(NamedTuple):
    """One dot of the mean line."""

    x: float
    y: float
    label: str


class AroundChart(NamedTuple):
    """The days around massages of one metric."""

    lines: list[str]  # one SVG path per massage
    mean: str
    band: list[str]  # one SVG path per run of days with an interval
    dots: list[Point]
    x_ticks: list[Tick]
    counts: list[Tick]
    y_ticks: list[Tick]
    zero: float
    unit: str
    divisor: float
    opacity: float  # of the thin lines: the more there are, the fainter

    def in_unit(self, value: float) -> float:
        """A value of the metric in the unit of the drawing."""
        return value / self.divisor


class Cell(NamedTuple):
    """One day of the calendar."""

    x: float
    y: float
    kind: str  # 'valid', 'data', 'none'
    is_massage: bool
    is_unknown: bool  # whether there was a massage nobody knows
    label: str
    is_plain: bool  # nothing to say but its kind: drawn with the others of its kind


class Calendar(NamedTuple):
    """Months as rows, days as columns."""

    width: float
    height: float
    months: list[Tick]
    days: list[Tick]
    cells: list[Cell]

    @property
    def plain(self) -> dict[str, str]:
        """By kind the one SVG path of all its plain days: four years of single squares would take 200 kB."""
        paths: dict[str, str] = defaultdict(str)
        for cell in self.cells:
            if cell.is_plain:
                paths[cell.kind] += f"M{cell.x:g} {cell.y:g}h13v13h-13z"
        return dict(paths)


def around_chart(
    values: Mapping[str, Mapping[int, float]],
    means: Mapping[int, float],
    counts: Mapping[int, int],
    unit: str,
    intervals: Mapping[int, tuple[float, float]] | None = None,
) -> AroundChart | None:
    """Each massage's days -7..7 as a line with gaps where nothing is told, and the mean; None without any value.

    `intervals` has the lower and upper end around the mean of the days that have one. Of many massages the last lines
    given are drawn, the mean is what it was told.
    """
    values = dict(list(values.items())[-MOST_LINES:])
    intervals = intervals or {}
    drawn = [value for line in values.values() for value in line.values()] + list(means.values())
    drawn += [end for interval in intervals.values() for end in interval]
    if not drawn:
        return None
    divisor, unit = scale(unit, max(drawn))
    ticks = nice_ticks(min(drawn) / divisor, max(drawn) / divisor)
    low, high = ticks[0], ticks[-1]

    def x(offset: int) -> float:
        return round(LEFT + (offset + 7) * (WIDTH - LEFT - RIGHT) / 14, 1)

    def y(value: float) -> float:
        return round(TOP + (high - value / divisor) / (high - low) * (HEIGHT - TOP - BOTTOM), 1)

    return AroundChart(
        lines=[path for line in values.values() if (path := _path(line, x, y))],
        mean=_path(means, x, y),
        band=[_band(run, intervals, x, y) for run in _runs(intervals)],
        dots=[
            Point(
                x(day),
                y(value),
                f"{words.day_around(day)}: mean {amount(value / divisor)} {unit} of {counts.get(day, 0)}",
            )
            for day, value in sorted(means.items())
        ],
        x_ticks=[Tick(x(day), f"{day:+d}" if day else "0") for day in OFFSETS],
        counts=[Tick(x(day), str(counts.get(day, 0))) for day in OFFSETS],
        y_ticks=[Tick(y(tick * divisor), amount(tick)) for tick in ticks],
        zero=x(0),
        unit=unit,
        divisor=divisor,
        opacity=round(min(0.8, max(0.25, 2.2 / math.sqrt(max(len(values), 1)))), 2),
    )


def calendar(
    days: Mapping[date, bool],
    massages: Mapping[date, int],
    excluded: Mapping[date, str],
    incomplete: Collection[date] = (),
    unknown: Collection[date] = (),
) -> Calendar | None:
    """Every month from the first to the last day with data or a massage; `days` says whether each was valid.

    `excluded` are the reasons of days that are never valid, `incomplete` days that become valid with later data,
    `unknown` days of which nobody knows whether there was a massage.
    """
    known = sorted({*days, *massages})
    if not known:
        return None
    months: list[Tick] = []
    cells: list[Cell] = []
    day, last = known[0].replace(day=1), known[-1]
    row = -1
    while day <= last or day.day > 1:
        if day.day == 1:
            row += 1
            months.append(Tick(20 + row * CELL + 10, f"{MONTH_NAMES[day.month - 1]} {day.year}"))
        count = massages.get(day, 0)
        kind = "none" if day not in days else "valid" if days[day] else "data"
        said = [{"none": "no data", "data": "data, not a valid day", "valid": "valid day"}[kind]]
        if count:
            said.append("massage" if count == 1 else f"{count} massages")
        is_unknown = day in unknown and not count
        if is_unknown:
            said.append("whether there was a massage is not known")
        if day in excluded:
            said.append(f"excluded: {excluded[day]}")
        if day in incomplete:
            said.append(say("not complete yet"))
        x, y = 62 + (day.day - 1) * CELL, 20 + row * CELL
        cells.append(Cell(x, y, kind, bool(count), is_unknown, f"{day}: {', '.join(said)}", is_plain=len(said) == 1))
        day += timedelta(days=1)
    return Calendar(
        width=62 + 31 * CELL + 4,
        height=20 + (row + 1) * CELL + 4,
        months=months,
        days=[Tick(62 + (number - 1) * CELL + 6.5, str(number)) for number in (1, 5, 10, 15, 20, 25, 31)],
        cells=cells,
    )


def scale(unit: str, largest: float) -> tuple[float, str]:
    """What values are divided by in a drawing, and the unit that makes: shares in percent, many minutes in hours."""
    if unit in TIMES and largest >= LONG:
        return TIMES[unit]
    return (0.01, "%") if unit == "share" else (1.0, unit)


def nice_ticks(low: float, high: float, count: int = 5) -> list[float]:
    """About `count` round numbers that enclose both ends, at least two."""
    span = high - low or abs(high) or 1.0
    raw = span / count
    magnitude = 10.0 ** math.floor(math.log10(raw))
    step = next(magnitude * factor for factor in (1, 2, 2.5, 5, 10) if raw <= magnitude * factor)
    first, last = math.floor(low / step), math.ceil(high / step)
    if first == last:
        last += 1
    return [round(number * step, 10) for number in range(first, last + 1)]


def amount(value: float) -> str:
    """A number for people: thousands parted, at most three digits where it is small."""
    return f"{value:,.0f}" if abs(value) >= 1000 else f"{value:.3g}"


def by_massage(rows: Iterable[tuple[str, int, float]]) -> dict[str, dict[int, float]]:
    """(massage, offset, value) as one line per massage."""
    lines: dict[str, dict[int, float]] = defaultdict(dict)
    for massage, offset, value in rows:
        lines[massage][offset] = value
    return dict(lines)


def _runs(days: Iterable[int]) -> list[list[int]]:
    """Days in a row, as lists of their own."""
    runs: list[list[int]] = []
    for day in sorted(days):
        if runs and runs[-1][-1] == day - 1:
            runs[-1].append(day)
        else:
            runs.append([day])
    return runs


def _band(
    run: Sequence[int],
    intervals: Mapping[int, tuple[float, float]],
    x: Callable[[int], float],
    y: Callable[[float], float],
) -> str:
    """The closed outline between the lower and the upper ends of days in a row; a lone day is made a bar wide."""
    half = 5 if len(run) == 1 else 0
    upper = [f"{x(day) + side:g} {y(intervals[day][1]):g}" for day in run for side in ((-half, half) if half else (0,))]
    lower = [f"{x(day) + side:g} {y(intervals[day][0]):g}" for day in run for side in ((-half, half) if half else (0,))]
    return f"M{'L'.join([*upper, *reversed(lower)])}Z"


def _path(line: Mapping[int, float], x: Callable[[int], float], y: Callable[[float], float]) -> str:
    """An SVG path with a gap at every offset that is not there; a lone point becomes a dash that round caps show."""
    parts: list[str] = []
    before: int | None = None
    for day in sorted(line):
        here = f"{x(day):g} {y(line[day]):g}"
        parts.append(f"L{here}" if before == day - 1 else f"M{here}h0")
        before = day
    return "".join(parts)
