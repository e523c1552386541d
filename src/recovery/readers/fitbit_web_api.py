"""Answers of Fitbit's Web API, as scripts stored them until it ended in autumn 2026.

What we know of it, from three real answers in published pain diaries and from the vendor's reference:

- An answer is an object of one key for its resource: `{"activities-steps": [{"dateTime": "2026-05-01", "value":
  "4419"}]}`. Scripts put several in one object or in a list. Numbers are texts or numbers.
- A day that was not worn has the value 0: no value here, and neither has anything else of that date. Where an answer
  has no steps beside, its zeros (and 1440 sedentary minutes) cannot be told from such a day and are left out.
- Minutes of a day stand in `activities-steps-intraday`, whose date is that of the day beside it; times are local.
- Nights are those of the account export, with `isMainSleep` for `mainSleep`.
- Distances have the unit of the account, which is not told, and calories hold the basal rate: neither is read. Weight,
  food and the account are never read.
- The source is `fitbit`, as in the other exports: the same day is one here.
"""

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime, time, timedelta
from typing import Any

from recovery.formats.entries import Claim, Context, Entry, Tree
from recovery.formats.export_table import TableFile
from recovery.formats.fitbit import json_nights
from recovery.formats.fitbit.file import SOURCE, FitbitFile
from recovery.formats.json_items import CutShortError, documents
from recovery.formats.json_values import BLANKS, JsonObject, date_of, non_negative, word
from recovery.formats.records import (
    Batch,
    FileSummary,
    Sample,
    Skipped,
    Yielded,
    as_local_time,
    batch_of_rows,
    day_values,
)
from recovery.formats.times import WallClock, iso_clock
from recovery.words.say import say

LABEL = "Fitbit (Web API)"
VERSION = 3
USES_LOCAL_TIME = True
IS_REWRITTEN = True

MAX_BYTES = 32 << 20  # a day by the second has one megabyte
RESOURCE = re.compile(rb'"(?:activities-(?:tracker-)?[A-Za-z]+(?:-intraday)?|sleep|hrv|br)"\s*:\s*[\[{]')
SHOWN = re.compile(rb'"(?:dateTime|dateOfSleep|datasetInterval)"\s*:')
DAY_MIN = 1440.0
DEEPEST = 3
LONGEST_INTERVAL = timedelta(hours=1)
NOT_WORN = say("zeros of days that were not worn, or of which no steps stand beside")
UNREADABLE = say("a date, a time or a number of this entry cannot be read")
DAYS: Mapping[str, str] = {
    "steps": "steps",
    "floors": "floors",
    "minutesSedentary": "sedentary_min",
    "minutesLightlyActive": "lightly_active_min",
    "minutesFairlyActive": "moderately_active_min",
    "minutesVeryActive": "vigorous_min",
}
NESTED: Mapping[str, tuple[str, str]] = {  # a resource whose value is an object: the key in it, and the metric
    "activities-heart": ("restingHeartRate", "resting_heart_rate_bpm"),
    "hrv": ("dailyRmssd", "hrv_rmssd_ms"),
    "br": ("breathingRate", "respiration_rate"),
}
SERIES: Mapping[str, tuple[str, bool]] = {  # metric of a day's minutes, and whether it is one of instants
    "activities-steps": ("steps", False),
    "activities-floors": ("floors", False),
    "activities-heart": ("heart_rate_bpm", True),
}


def claims(tree: Tree) -> Iterator[Claim]:
    """JSON at whose start a resource of the API stands, with the dates or nights in it."""
    for entry in tree:
        if _is_ours(entry.head):
            yield Claim(entry.path)


def read(files: Sequence[Entry], context: Context) -> Iterator[Yielded]:
    """Values of days, minutes, heart rate and sleep; each file ends with its summary."""
    for number, entry in enumerate(files):
        if not _is_ours(entry.head) or entry.size > MAX_BYTES:
            yield Skipped(number, "", say("this is not one of the Fitbit answers that are read"))
            continue
        file = Answers(number, entry, context)
        try:
            contents = list(documents(entry.read().decode("utf-8-sig")))
        except (CutShortError, UnicodeDecodeError):
            yield Skipped(number, "file", say("the file is cut short or damaged: download it again"))
            yield file.summary()
            continue
        for content in contents:
            yield from _object(file, content, 0)
        yield as_local_time(batch_of_rows("samples", number, file.samples))
        yield day_values(number, SOURCE, ((day, metric, value) for (day, metric), value in file.days.items()))
        yield file.summary()


class Answers(TableFile):
    """One file while it is read, with what was found in it."""

    def __init__(self, number: int, entry: Entry, context: Context) -> None:
        super().__init__(number, entry, context)
        self.days: dict[tuple[date, str], float] = {}
        self.samples: list[Sample] = []


def _is_ours(head: bytes) -> bool:
    is_json = head.lstrip(BLANKS).startswith((b"{", b"["))
    return is_json and RESOURCE.search(head) is not None and SHOWN.search(head) is not None


def _object(file: Answers, content: object, depth: int) -> Iterator[Yielded]:
    """Reads each answer in an object or a list of them; those of steps first, since zeros depend on them."""
    if isinstance(content, list) and depth < DEEPEST:
        for part in content:
            yield from _object(file, part, depth + 1)
    if not isinstance(content, dict):
        return
    for name in sorted(content, key=lambda name: "steps" not in name):
        part = content[name]
        resource = name.replace("activities-tracker-", "activities-")
        if name == "sleep" and isinstance(part, list):
            yield from _nights(file, part)
        elif resource.endswith("-intraday"):
            yield from _minutes(file, content, name)
        elif resource in NESTED or resource.startswith("activities-"):
            yield from _values(file, name, resource, part)
        elif isinstance(part, dict | list) and depth < DEEPEST:
            yield from _object(file, part, depth + 1)


def _values(file: Answers, name: str, resource: str, entries: object) -> Iterator[Skipped]:
    """Values of days of one resource."""
    metric = DAYS.get(resource.removeprefix("activities-"))
    if not isinstance(entries, list) or (metric is None and resource not in NESTED):
        file.left_out[say("resources whose unit is not told or that hold the basal rate")] += 1
        return
    for position, entry in enumerate(entries, 1):
        file.row_count += 1
        try:
            day = date_of(entry["dateTime"])
            if metric is None:
                key, of_night = NESTED[resource]
                _keep(file, day, of_night, entry["value"].get(key) or None)
            else:
                _keep(file, day, metric, _worn(file, day, metric, non_negative(entry["value"])))
        except (KeyError, TypeError, ValueError, AttributeError, OverflowError):
            yield Skipped(file.number, f"{word(name)} {position}", UNREADABLE)


def _worn(file: Answers, day: date, metric: str, value: float) -> float | None:
    """The value; None where it says no more than that the day was not worn, which is counted."""
    has_steps = file.days.get((day, "steps"), 0.0) > 0
    is_whole_day = metric == "sedentary_min" and value == DAY_MIN  # steps beside it are of the phone
    if is_whole_day or (value == 0 and (metric == "steps" or not has_steps)):
        file.left_out[NOT_WORN] += 1
        return None
    return value


def _keep(file: Answers, day: date, metric: str, value: object) -> None:
    if value is not None:
        file.days[day, metric] = non_negative(value)
        file.saw_day(day)


def _minutes(file: Answers, content: JsonObject, name: str) -> Iterator[Skipped]:
    """The minutes, or seconds, of the day that stands beside them; of a day without steps there are none."""
    of_day = name.removesuffix("-intraday")
    known = SERIES.get(of_day.replace("activities-tracker-", "activities-"))
    if known is None:
        file.left_out[say("resources whose unit is not told or that hold the basal rate")] += 1
        return
    metric, is_instant = known
    try:
        (beside,) = content[of_day]
        day = date_of(beside["dateTime"])
        unit = timedelta(seconds=1) if content[name].get("datasetType") == "second" else timedelta(minutes=1)
        length = unit * int(content[name].get("datasetInterval") or 1)
        if not timedelta() < length <= LONGEST_INTERVAL:
            raise ValueError(length)
        found = [_reading(entry) for entry in content[name]["dataset"]]
    except (KeyError, TypeError, ValueError, AttributeError, OverflowError):
        yield Skipped(file.number, word(name), say("these minutes have no single day beside them, or cannot be read"))
        return
    file.row_count += len(found)
    if not any(value for _, value in found):
        file.left_out[NOT_WORN] += 1
        return
    wall = WallClock(file.context)
    for clock, value in found:
        start = wall.utc(datetime.combine(day, clock))
        if is_instant and not value:
            continue
        end = start if is_instant else start + length
        file.samples.append({"source": SOURCE, "metric": metric, "start_utc": start, "end_utc": end, "value": value})
        file.saw(end)


def _reading(entry: Mapping[str, Any]) -> tuple[time, float]:
    return iso_clock(entry["time"]), non_negative(entry["value"])


def _nights(file: Answers, nights: Sequence[object]) -> Iterator[Yielded]:
    """Nights as in the account export."""
    rows = [
        {**night, "mainSleep": night.get("mainSleep", night.get("isMainSleep"))} if isinstance(night, dict) else night
        for night in nights
    ]
    content = json.dumps(rows).encode()
    file.row_count += len(rows)
    for found in json_nights.sleep(FitbitFile(file.number, file.entry.name, content, file.context)):
        if isinstance(found, Batch | Skipped):
            yield found
        elif isinstance(found, FileSummary) and found.exported_utc:
            file.saw(found.exported_utc)
