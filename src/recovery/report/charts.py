"""Geometry of the page's drawings: numbers in, SVG paths and ticks out; the template writes the markup."""

import math
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from datetime import date, timedelta
from typing import NamedTuple

OFFSETS = range(-7, 8)
WIDTH, HEIGHT = 640, 300
LEFT, RIGHT, TOP, BOTTOM = 62, 14, 14, 48
CELL = 15  # side of a calendar day, with its gap
MONTH_NAMES = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
TIMES = {"min": (60.0, "h")}  # minutes are drawn in hours where they are many


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
    label: str


class Calendar(NamedTuple):
    """Months as rows, days as columns."""

    width: float
    height: float
    months: list[Tick]
    days: list[Tick]
    cells: list[Cell]


def around_chart(
    values: Mapping[str, Mapping[int, float]], means: Mapping[int, float], counts: Mapping[int, int], unit: str
) -> AroundChart | None:
    """Each massage's days -7..7 as a line with gaps where nothing is told, and the mean; None without any value."""
    drawn = [value for line in values.values() for value in line.values()] + list(means.values())
    if not drawn:
        return None
    divisor, unit = TIMES[unit] if unit in TIMES and max(drawn) >= 180 else (1.0, unit)
    ticks = nice_ticks(min(drawn) / divisor, max(drawn) / divisor)
    low, high = ticks[0], ticks[-1]

    def x(offset: int) -> float:
        return round(LEFT + (offset + 7) * (WIDTH - LEFT - RIGHT) / 14, 1)

    def y(value: float) -> float:
        return round(TOP + (high - value / divisor) / (high - low) * (HEIGHT - TOP - BOTTOM), 1)

    return AroundChart(
        lines=[path for line in values.values() if (path := _path(line, x, y))],
        mean=_path(means, x, y),
        dots=[
            Point(x(day), y(value), f"{day_name(day)}: mean {amount(value / divisor)} {unit} of {counts.get(day, 0)}")
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


def calendar(days: Mapping[date, bool], massages: Mapping[date, int], excluded: Mapping[date, str]) -> Calendar | None:
    """Every month from the first to the last day with data or a massage; `days` says whether each was valid."""
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
        if day in excluded:
            said.append(f"excluded: {excluded[day]}")
        cells.append(Cell(62 + (day.day - 1) * CELL, 20 + row * CELL, kind, bool(count), f"{day}: {', '.join(said)}"))
        day += timedelta(days=1)
    return Calendar(
        width=62 + 31 * CELL + 4,
        height=20 + (row + 1) * CELL + 4,
        months=months,
        days=[Tick(62 + (number - 1) * CELL + 6.5, str(number)) for number in (1, 5, 10, 15, 20, 25, 31)],
        cells=cells,
    )


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


def day_name(offset: int) -> str:
    """What a day is called that lies so many days from a massage."""
    if offset == 0:
        return "the day of the massage"
    days = f"{abs(offset)} day{'s' * (abs(offset) != 1)}"
    return f"{days} {'after' if offset > 0 else 'before'}"


def by_massage(rows: Iterable[tuple[str, int, float]]) -> dict[str, dict[int, float]]:
    """(massage, offset, value) as one line per massage."""
    lines: dict[str, dict[int, float]] = defaultdict(dict)
    for massage, offset, value in rows:
        lines[massage][offset] = value
    return dict(lines)


def _path(line: Mapping[int, float], x: Callable[[int], float], y: Callable[[float], float]) -> str:
    """An SVG path with a gap at every offset that is not there; a lone point becomes a dash that round caps show."""
    parts: list[str] = []
    before: int | None = None
    for day in sorted(line):
        here = f"{x(day):g} {y(line[day]):g}"
        parts.append(f"L{here}" if before == day - 1 else f"M{here}h0")
        before = day
    return "".join(parts)
