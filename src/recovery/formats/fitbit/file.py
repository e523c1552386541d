"""One file of a Fitbit export while it is read, and how what it holds becomes records."""

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from math import isfinite
from typing import NamedTuple

import pyarrow as pa
import pyarrow.compute as pc

from recovery.formats.entries import Context
from recovery.formats.records import Batch, Yielded, batch, day_values
from recovery.formats.times import end_of_day
from recovery.home.clock import FIRST_UTC, LAST_UTC
from recovery.words.say import say

SOURCE = "fitbit"
MINUTE = timedelta(minutes=1)
IS_LOCAL = say("its times carry no zone and are read as local time")
UNREADABLE = say("a time or a number of this row cannot be read")
MIRROR = re.compile(r"health connect|health kit|web api", re.IGNORECASE)
APP = re.compile(r"mobiletrack|\bapp$|^phone\b", re.IGNORECASE)


@dataclass
class FitbitFile:
    """One file: its position among those given, its bytes, and what is found out of it on the way."""

    file: int
    name: str
    content: bytes
    context: Context
    damage: str = ""  # what stopped the reading; what stands before was read
    damage_place: str = ""
    is_empty: bool = False
    is_local_time: bool = False  # the times of its series have no zone
    has_zone: bool = False  # so that its nights count before the same ones of a twin without zones


Reading = Callable[[FitbitFile], Iterator[Yielded]]


class Kind(NamedTuple):
    """What files of one kind must have in their header (patterns), and how they are read."""

    columns: Sequence[str]
    reading: Reading


def samples(file: FitbitFile, metric: str, start_utc: pa.Array, end_utc: pa.Array, values: pa.Array) -> Batch:
    """Samples of the source `fitbit`."""
    count = len(values)
    return batch(
        "samples",
        {
            "file": pa.repeat(file.file, count),
            "source": pa.repeat(SOURCE, count),
            "metric": pa.repeat(metric, count),
            "start_utc": start_utc,
            "end_utc": end_utc,
            "value": values,
        },
    )


def values_of_days(file: FitbitFile, metric: str, days: Sequence[tuple[date, float]]) -> Batch:
    """Values of one metric on whole dates, of the source `fitbit`."""
    return day_values(file.file, SOURCE, ((day, metric, value) for day, value in days))


def instant(time_utc: datetime) -> datetime:
    """The time itself, where a Fitbit can have been worn at it; ValueError elsewhere."""
    if not FIRST_UTC <= time_utc < LAST_UTC:
        raise ValueError(time_utc)
    return time_utc


def finite(value: str | float) -> float:
    """A number that is one; ValueError or TypeError elsewhere."""
    number = float(value)
    if not isfinite(number):
        raise ValueError(value)
    return number


def newest(times: pa.Array) -> datetime | None:
    """The last of some instants."""
    last: datetime | None = pc.max(times).as_py() if len(times) else None
    return last


def newest_day(file: FitbitFile, days: Sequence[tuple[date, float]]) -> datetime | None:
    """The end of the newest day that holds something."""
    if not days:
        return None
    return end_of_day(max(day for day, _ in days), file.context)


def source_of(name: str | None, is_of_days: bool = False) -> str:
    """The source of a row by its `data source`."""
    name = (name or "").strip()
    if MIRROR.search(name.replace("_", " ")):
        return f"{SOURCE}:{re.sub(r'[^a-z0-9]+', '_', name.lower()).strip('_')}"
    return f"{SOURCE}:app" if APP.search(name) and not is_of_days else SOURCE
