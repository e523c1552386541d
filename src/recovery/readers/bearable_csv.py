"""Bearable's CSV export: symptoms, mood and factors as a person taps them, one row a reading.

What we know of it, from programs that read the exports of their authors:

- Everything stands in one file, quoted; newer ones have the date in ISO form beside `8th Dec 2021`. `time of day` is
  `pre`, `am`, `mid`, `pm`, `all day` or a clock.
- A symptom is rated 0 to 4, its words in brackets behind its name: `Back (lower) pain (Moderate)` is 2, and 4 is
  unbearable. These are Apple's words with one more, no numbers of a scale from 0 to 10: they are `back_pain_severity`,
  of which the highest of a date counts. Where the lower back is rated apart, other pain of the back is left out.
- Mood is rated 1 to 5 or 1 to 10, and nothing says which: above 5 it is 10, and is brought to 1 to 5. Of a date the
  mean counts.
- A factor that names a massage is one, on that date, unless its amount is 0. A person taps what comes to mind: factors
  do not vouch for the days without one.
- A row that is missing was not entered. The notes stand again on each row of their day.
- Other symptoms, sleep, energy, measurements, medication (which does not say what it is against) and notes are never
  read.
"""

import re
from collections.abc import Iterator, Sequence
from datetime import date, datetime, time
from statistics import fmean
from typing import NamedTuple

from recovery.formats.diary_scales import SCALES, brought_to
from recovery.formats.entries import Claim, Context, Entry, Tree
from recovery.formats.export_table import Row, TableFile, amount, headings, plain
from recovery.formats.log_cells import clock_of, fold, moment_of
from recovery.formats.massage_words import DEVICE_WORDS, names_massage, number_places
from recovery.formats.records import Massage, Sample, Yielded, as_local_time, batch_of_rows, day_values
from recovery.formats.region_words import BACK, PAIN
from recovery.formats.times import end_of_day, within_years
from recovery.words.say import say

LABEL = "Bearable (CSV)"
VERSION = 4
USES_LOCAL_TIME = True  # readings are of the wall clock
IS_REWRITTEN = True

SOURCE = "bearable"
HEADINGS = {"date", "timeofday", "category", "ratingamount", "detail"}
MAX_SEVERITY = 4.0
MOODS_OF_10 = (1.0, 10.0)
MAX_TEXT = 200
HOURS = {"pre": time(6), "am": time(9), "mid": time(13), "pm": time(18)}  # for the order of a day; all day is noon
LOWER_BACK = re.compile(r"\blower|\blumbar|\blow\b|\bunter|\blws\b|\blomb|\bbaja?\b|\bbasso?\b", re.IGNORECASE)
EXPORTED = re.compile(r"(\d{1,2})-(\d{1,2})-(20\d\d)(?:\s*\(\d+\))?\.csv$", re.IGNORECASE)


class Reading(NamedTuple):
    """A severity at a time of the wall clock, and whether it is of the lower back."""

    wall: datetime
    severity: float
    is_lower: bool


def claims(tree: Tree) -> Iterator[Claim]:
    """Tables with Bearable's headings."""
    for entry in tree:
        if {plain(name) for name in headings(entry.head)} >= HEADINGS:
            yield Claim(entry.path)


def read(files: Sequence[Entry], context: Context) -> Iterator[Yielded]:
    """Severity of back pain, mood and massages; each file ends with its summary."""
    for number, entry in enumerate(files):
        yield from map(as_local_time, _read(TableFile(number, entry, context, is_private=True)))


def _read(file: TableFile) -> Iterator[Yielded]:
    readings: list[Reading] = []
    moods: dict[date, list[float]] = {}
    massages: list[Massage] = []

    def take(row: Row) -> None:
        day = _date(row)
        category = row.cells["category"].casefold()
        if category == "mood":
            if value := amount(row.cells["ratingamount"]):
                moods.setdefault(day, []).append(value)
        elif category.startswith("symptom"):
            if reading := _severity(row, day):
                readings.append(reading)
            else:
                file.left_out[say("symptoms other than pain of the back")] += 1
        elif category.startswith("factor") and _is_massage(row):
            massages.append(_massage(row, day))
        else:
            file.left_out[say("entries of other kinds")] += 1
        file.saw_day(day)

    yield from file.each(take)
    number_places(massages)
    yield batch_of_rows("samples", file.number, _samples(file, readings))
    yield day_values(file.number, SOURCE, _moods(file, moods))
    yield batch_of_rows("massages", file.number, massages)
    yield file.summary(_exported(file))


def _date(row: Row) -> date:
    """The date of a row, in ISO form where it stands, else as `8th Dec 2021`."""
    day = moment_of(row.cells.get("dateformatted") or row.cells["date"], None).local_date
    within_years(datetime.combine(day, time()))
    return day


def _clock(row: Row) -> time | None:
    """The time of a row where it is one of a clock."""
    text = row.cells["timeofday"]
    return clock_of(text) if any(character.isdigit() for character in text) else None


def _exported(file: TableFile) -> datetime | None:
    """The day in the file's name, day first; None where there is none."""
    match = EXPORTED.search(file.entry.name)
    try:
        return end_of_day(date(int(match[3]), int(match[2]), int(match[1])), file.context) if match else None
    except (ValueError, OverflowError):
        return None


# ---- pain and mood ---------------------------------------------------------------------------------------------------


def _severity(row: Row, day: date) -> Reading | None:
    """The severity of a pain of the back; None for any other symptom. Raises ValueError off its scale."""
    detail = row.cells["detail"]
    words = " ".join(re.findall(r"[^\W_]+", detail))
    is_back = BACK.search(fold(words)) and PAIN.search(fold(words))
    severity = amount(row.cells["ratingamount"]) if is_back else None
    if severity is None:
        return None
    if severity > MAX_SEVERITY:
        raise ValueError(severity)
    clock = _clock(row) or HOURS.get(row.cells["timeofday"].casefold(), time(12))
    return Reading(datetime.combine(day, clock), severity, LOWER_BACK.search(words) is not None)


def _samples(file: TableFile, readings: Sequence[Reading]) -> list[Sample]:
    """Of a time of day the highest severity; of the lower back alone where it is rated apart."""
    has_lower = any(reading.is_lower for reading in readings)
    highest: dict[datetime, float] = {}
    for wall, severity, is_lower in readings:
        if has_lower and not is_lower:
            file.left_out[say("pain of the back that is not of the lower back")] += 1
        else:
            highest[wall] = max(highest.get(wall, severity), severity)
    samples: list[Sample] = []
    for wall, severity in highest.items():
        time_utc = file.context.to_utc(wall)
        samples.append(
            {
                "source": SOURCE,
                "metric": "back_pain_severity",
                "start_utc": time_utc,
                "end_utc": time_utc,
                "value": severity,
            }
        )
    return samples


def _moods(file: TableFile, moods: dict[date, list[float]]) -> list[tuple[date, str, float]]:
    """The mean mood of each date, on the scale from 1 to 5."""
    highest = max((value for values in moods.values() for value in values), default=0.0)
    if highest > MOODS_OF_10[1]:
        file.messages.append(say("its moods are of no scale that is known here, and are left out"))
        return []
    told = MOODS_OF_10 if highest > SCALES["mood"][1] else SCALES["mood"]
    if moods:
        file.messages.append(say("its moods carry no scale and are read as 1 to {highest:g}", highest=told[1]))
    return [
        (day, "mood", fmean(brought_to(max(value, told[0]), told, SCALES["mood"]) for value in values))
        for day, values in moods.items()
    ]


# ---- massages --------------------------------------------------------------------------------------------------------


def _names(row: Row) -> tuple[str, str]:
    """Group and factor: `Self-care - Massage`; the group is '' where there is none."""
    group, _, factor = row.cells["detail"].rpartition(" - ")
    return group, factor


def _is_massage(row: Row) -> bool:
    """Whether a factor, or else its group, names a massage that took place; the group may be called self-care."""
    group, factor = _names(row)
    is_named = names_massage(factor) or (names_massage(group) and not DEVICE_WORDS.search(fold(factor)))
    return is_named and amount(_number(row.cells["ratingamount"])) != 0


def _number(text: str) -> str:
    """A cell that may hold a word of intensity instead of a number, which is then empty."""
    return text if re.fullmatch(r"\d+(?:\.\d+)?", text) else ""


def _massage(row: Row, day: date) -> Massage:
    """A factor as a massage; it is named by its date and name, since rows move between exports."""
    group, factor = _names(row)
    technique = factor if names_massage(factor) else group
    clock = _clock(row)
    return {
        "place": f"factor {day} {technique}"[:MAX_TEXT],
        "origin": "bearable_csv",
        "local_date": day,
        "start_local": datetime.combine(day, clock) if clock else None,
        "technique": technique[:MAX_TEXT],
        "status": "attended",
    }
