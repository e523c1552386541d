"""The CSV file of fitbit.com's "Export your account data": sections of whole days, and of nights.

What we know of it, from other people's files and programs that wrote such files:

- A line with the section's name (`Body`, `Foods`, `Activities`, `Sleep`, `Food Log 20260922`), a header in English,
  quoted rows, an empty line. All days of at most a month.
- In other languages the same columns follow each other under translated names (28 months in French seen), with commas
  for points. Words are known for sections alone: columns are known by their places.
- Dates are ISO, or in the order of the account's country; the whole file decides, at last by its days
  following each other. Times of nights are local, often with AM and PM. Thousands have commas.
- Distance is in kilometres or miles, and nothing says which. A step of 0.4 to 0.56 "km" is a step in miles: Fitbit
  takes 0.41 of the body's height as a step, 0.6 to 0.8 m.
- A day not worn has no steps and 1440 or 0 sedentary minutes: no row here.
- Calories hold the basal rate. Weight and food are never read.

The same nights and days come with Takeout, with seconds and stages: same source, so that these count only alone.
"""

import re
from collections.abc import Generator, Iterable, Iterator, Mapping, Sequence
from datetime import date, datetime, time, timedelta
from statistics import median
from typing import NamedTuple

from recovery.errors import UnreadableExportError
from recovery.formats import log_cells, log_table
from recovery.formats.entries import Claim, Context, Entry, Tree
from recovery.formats.export_table import cells_of
from recovery.formats.records import FileSummary, Skipped, SleepSession, Yielded, batch_of_rows, day_values
from recovery.formats.resaved import REMEDY, TableForm
from recovery.formats.times import end_of_day
from recovery.formats.units import METRES_PER
from recovery.home.clock import FIRST_UTC, LAST_UTC
from recovery.words.say import say

LABEL = say("Fitbit (CSV of fitbit.com)")
VERSION = 3
USES_LOCAL_TIME = True
TABLE_FORM = TableForm(has_local_dates=True, has_decimal_commas=True)

SOURCE = "fitbit"  # as in the other exports of Fitbit
# The sections by their names; Food Log has a date behind.
SECTIONS: Mapping[str, str] = {
    "Activities": "activities|activités|aktivitäten|actividades|attività|activiteiten|atividades",
    "Sleep": "sleep|sommeil|schlaf|sueño|sonno|slaap|sono",
    "Body": "body|corps|körper|cuerpo|corpo|lichaam",
    "Foods": "foods|aliments|lebensmittel|nahrung|alimentos|alimenti|voeding",
}
FOOD_LOG = re.compile(r"Food Log \d{8}")
COLUMNS: Mapping[str, Sequence[str]] = {  # in their order, which translations keep
    "Activities": (
        "Date", "Calories Burned", "Steps", "Distance", "Floors", "Minutes Sedentary", "Minutes Lightly Active",
        "Minutes Fairly Active", "Minutes Very Active", "Activity Calories",
    ),
    "Sleep": (
        "Start Time", "End Time", "Minutes Asleep", "Minutes Awake", "Awakenings", "Time in Bed",
        "Minutes REM Sleep", "Minutes Light Sleep", "Minutes Deep Sleep",
    ),
}  # fmt: skip
DAY_MIN = 1440.0
LONGEST_NIGHT = timedelta(hours=24)
METRES_OF_STEP_IN_MILES = 0.56  # a step read as kilometres that is shorter was counted in miles
METRICS: Mapping[str, str] = {  # as Takeout's daily files
    "steps": "Steps",
    "floors": "Floors",
    "sedentary_min": "Minutes Sedentary",
    "lightly_active_min": "Minutes Lightly Active",
    "moderately_active_min": "Minutes Fairly Active",
    "vigorous_min": "Minutes Very Active",
}
STAGE_METRICS: Mapping[str, str] = {
    "light_min": "Minutes Light Sleep",
    "deep_min": "Minutes Deep Sleep",
    "rem_min": "Minutes REM Sleep",
}
NUMBER = re.compile(r"\d{1,3}(?:[.\s]\d{3})*(?:,\d+)?|\d+(?:,\d+)?")
EXPORTED = re.compile(r"(20\d\d)(\d\d)(\d\d)\.csv$")
UNREADABLE = say("a date, a time or a number of this row cannot be read")

Day = tuple[date, str, float]


class Row(NamedTuple):
    """One row of a section, by heading."""

    place: str
    cells: Mapping[str, str]


def claims(tree: Tree) -> Iterator[Claim]:
    """Files that begin with the name of a section and its header."""
    for entry in tree:
        if entry.name.lower().endswith((".csv", ".txt")) and _is_ours(entry.head):
            yield Claim(entry.path)


def read(files: Sequence[Entry], context: Context) -> Iterator[Yielded]:
    """Day values and sleep sessions; each file ends with its summary."""
    for number, entry in enumerate(files):
        if not _is_ours(entry.head):
            yield Skipped(number, "", say("this is no file that fitbit.com exports"))
            continue
        sections = _sections(log_table.read_text(entry))
        is_day_first = _order(
            row.cells.get(name, "")
            for rows in sections.values()
            for row in rows
            for name in ("Date", "Start Time", "End Time")
        )
        if _has_decimal_commas(sections):
            sections = {section: [_with_points(row) for row in rows] for section, rows in sections.items()}
        _refuse_lost_thousands(sections.get("Activities", []))
        days, message = yield from _activities(number, sections.get("Activities", []), is_day_first)
        nights, more_days = yield from _sleep(number, sections.get("Sleep", []), is_day_first, context)
        yield day_values(number, SOURCE, days + more_days)
        yield batch_of_rows("sleep_sessions", number, nights)
        unread = sorted(set(sections) - {"Activities", "Sleep"})
        yield FileSummary(
            number,
            exported_utc=_exported(entry.name, days, nights, context),
            message="; ".join(
                filter(
                    None,
                    [
                        say("its times carry no zone and are read as local time") if nights else "",
                        message,
                        say("never read: {names}", names=", ".join(unread)) if unread else "",
                    ],
                )
            )
            if days or nights
            else say("holds no entries"),
        )


def _is_ours(head: bytes) -> bool:
    lines = head.decode("utf-8-sig", errors="replace").split("\n", 2)
    section = _section(lines[0].strip(' \r",')) if len(lines) > 1 else ""
    if lines[1:] and ",".join(_cells(lines[1])).startswith(
        ("Date,", "Start Time,End Time,Minutes Asleep", "Daily Totals")
    ):
        return bool(section)
    return section in COLUMNS and 6 <= len(_cells(lines[1])) <= len(COLUMNS[section])


def _section(name: str) -> str:
    """The English name of a section; '' where it is none."""
    if FOOD_LOG.fullmatch(name):
        return name
    return next((ours for ours, words in SECTIONS.items() if name.casefold() in words.split("|")), "")


def _cells(line: str) -> list[str]:
    return cells_of(line[: log_table.MAX_LINE])


def _in_english(section: str, header: Sequence[str]) -> list[str]:
    """The columns of a section by their English names, which those of a translation are by their places."""
    ours = COLUMNS.get(section, ())
    is_known = set(header) & {"Steps", "Minutes Asleep"}
    return list(header) if is_known or len(header) > len(ours) else list(ours[: len(header)])


def _sections(text: str) -> dict[str, list[Row]]:
    """The rows of each section. Raises UnreadableExportError where a row has more cells than its headings."""
    sections: dict[str, list[Row]] = {}
    section, header = "", list[str]()
    for number, line in enumerate(text.splitlines(), 1):
        cells = _cells(line)
        if not any(cells):
            continue
        if not any(cells[1:]) and (name := _section(cells[0].strip())):  # spreadsheets add empty cells
            section, header = name, []
            sections.setdefault(section, [])
        elif not header:
            width = max(place for place, cell in enumerate(cells, 1) if cell)
            header = _in_english(section, [cell.strip() for cell in cells[:width]])
        elif section in COLUMNS and any(cell.strip() for cell in cells[len(header) :]):
            raise UnreadableExportError(
                say("Its section {section} has more columns than headings: a heading was lost.", section=section),
                REMEDY,
            )
        elif section:
            sections[section].append(Row(f"{section}, row {number}", dict(zip(header, cells, strict=False))))
    return sections


def _has_decimal_commas(sections: Mapping[str, Sequence[Row]]) -> bool:
    """Whether commas are points: distances have other than three digits behind theirs, and none has a point."""
    distances = [row.cells.get("Distance", "").strip() for rows in sections.values() for row in rows]
    has_commas = any(re.fullmatch(r"\d+,(?:\d{1,2}|\d{4,})", distance) for distance in distances)
    return has_commas and not any(re.fullmatch(r"\d+\.\d{1,2}", distance) for distance in distances)


def _with_points(row: Row) -> Row:
    """The row with points for the commas in its numbers, and without the marks between thousands."""
    return row._replace(
        cells={
            name: re.sub(r"(?<=\d)[.\s](?=\d{3}\b)", "", cell).replace(",", ".")
            if NUMBER.fullmatch(cell.strip())
            else cell
            for name, cell in row.cells.items()
        }
    )


def _refuse_lost_thousands(rows: Sequence[Row]) -> None:
    """Raises UnreadableExportError where a spreadsheet took the mark between thousands for a decimal one."""
    for row in rows:
        for heading in ("Steps", "Floors"):
            if re.fullmatch(r"\d+\.\d+", row.cells.get(heading, "").strip()):
                raise UnreadableExportError(
                    say(
                        "A spreadsheet took the {count} of {heading} for a fraction and saved this file again.",
                        count=row.cells[heading].strip(),
                        heading=heading,
                    ),
                    REMEDY,
                )


def _order(cells: Iterable[str]) -> bool | None:
    """Whether dates are day/month, by the whole file; of two possible orders the one without gaps."""
    texts = [cell for cell in cells if cell]
    try:
        return log_cells.day_first(texts)
    except UnreadableExportError:
        fitting = [is_day_first for is_day_first in (True, False) if _is_without_gaps(texts, is_day_first)]
        if len(fitting) != 1 or len(set(texts)) == 1:
            raise
        return fitting[0]


def _is_without_gaps(texts: Sequence[str], is_day_first: bool) -> bool:
    """Whether the dates follow each other; the day before a night may be missing among the days."""
    try:
        days = {log_cells.moment_of(text, is_day_first).local_date for text in texts}
    except log_cells.NotReadableError:
        return False
    return (max(days) - min(days)).days <= len(days)


def _activities(
    number: int, rows: Sequence[Row], is_day_first: bool | None
) -> Generator[Skipped, None, tuple[list[Day], str]]:
    days: list[Day] = []
    distances: list[tuple[date, float, float]] = []
    unworn = 0
    for row in rows:
        try:
            day = log_cells.moment_of(row.cells["Date"], is_day_first).local_date
            values = {metric: _number(row.cells.get(heading, "")) for metric, heading in METRICS.items()}
            distance = _number(row.cells.get("Distance", ""))
        except (KeyError, ValueError, OverflowError):
            yield Skipped(number, row.place, UNREADABLE, str(dict(row.cells)))
            continue
        if not values["steps"] and values["sedentary_min"] in (None, 0.0, DAY_MIN):
            unworn += 1
            continue
        graded = [values[metric] or 0.0 for metric in METRICS if metric.endswith("_min")]
        days += [
            (day, metric, value)
            for metric, value in values.items()
            if value is not None and (any(graded) or not metric.endswith("_min"))
        ]
        if distance and values["steps"]:
            distances.append((day, distance, values["steps"]))
    messages = [say("days not worn left out: {unworn}", unworn=unworn)] if unworn else []
    if distances:
        step_m = median(distance * METRES_PER["Kilometer"] / steps for _, distance, steps in distances)
        unit = "Mile" if step_m < METRES_OF_STEP_IN_MILES else "Kilometer"
        days += [(day, "distance_m", distance * METRES_PER[unit]) for day, distance, _ in distances]
        messages.append(
            say("its distances carry no unit and are read as {unit}s, as the length of a step has it", unit=unit)
        )
    return days, "; ".join(messages)


def _sleep(
    number: int, rows: Sequence[Row], is_day_first: bool | None, context: Context
) -> Generator[Skipped, None, tuple[list[SleepSession], list[Day]]]:
    nights: list[SleepSession] = []
    longest: dict[date, tuple[timedelta, Mapping[str, str]]] = {}
    for row in rows:
        try:
            first, last = (_wall(row.cells[name], is_day_first) for name in ("Start Time", "End Time"))
            start, end = context.to_utc(first), context.to_utc(last)
            if not (FIRST_UTC <= start < end < LAST_UTC and end - start <= LONGEST_NIGHT):
                raise ValueError(row)
            asleep, awake = (_number(row.cells.get(f"Minutes {state}", "")) for state in ("Asleep", "Awake"))
            for heading in STAGE_METRICS.values():
                _number(row.cells.get(heading, ""))
        except (KeyError, ValueError, OverflowError):
            yield Skipped(number, row.place, UNREADABLE, str(dict(row.cells)))
            continue
        nights.append(
            {
                "source": SOURCE,
                "session_key": f"site {first:%Y-%m-%dT%H:%M}",
                "start_utc": start,
                "end_utc": end,
                "tz_assumed": True,
                "asleep_min": asleep,
                "awake_min": awake,
                "is_in_bed_recorded": True,
                "reported_start_local": first,
                "reported_end_local": last,
            }
        )
        longest[last.date()] = max(longest.get(last.date(), (timedelta(), {})), (end - start, row.cells), key=_length)
    days = [
        (day, metric, value)
        for day, (_, cells) in longest.items()
        for metric, heading in STAGE_METRICS.items()
        if (value := _number(cells.get(heading, ""))) is not None
    ]
    return nights, days


def _length(night: tuple[timedelta, Mapping[str, str]]) -> timedelta:
    return night[0]


def _wall(text: str, is_day_first: bool | None) -> datetime:
    moment = log_cells.moment_of(text, is_day_first)
    return datetime.combine(moment.local_date, moment.clock or time())


def _number(text: str) -> float | None:
    """A number with commas between thousands; None where the cell is empty. Raises ValueError elsewhere."""
    text = text.strip()
    if text in ("", "N/A"):
        return None
    if not re.fullmatch(r"\d{1,3}(?:,\d{3})*(?:\.\d{1,6})?|\d{1,9}(?:\.\d{1,6})?", text):
        raise ValueError(text)
    return float(text.replace(",", ""))


def _exported(name: str, days: Sequence[Day], nights: Sequence[SleepSession], context: Context) -> datetime | None:
    """The day in the file's name, else the end of its last day."""
    dates = EXPORTED.search(name)
    try:
        last = date(int(dates[1]), int(dates[2]), int(dates[3])) if dates else max(day for day, _, _ in days)
        return end_of_day(last, context)
    except (ValueError, OverflowError):
        return max((night["end_utc"] for night in nights), default=None)
