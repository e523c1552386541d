"""Fitbit's JSON files: `Global Export Data` of Google Takeout, and the older MyFitbitData with the same files.

What we know of them, from a real export of a Charge 5 (Germany, December 2023 to January 2024) and
other people's reports:

- Steps, distance, heart rate and exercises carry UTC without saying so, sleep carries the local wall clock. In that
  export eleven of eleven exercises meet their own mean heart rate and steps only when read as UTC, each daily
  heart-rate file runs from 23:00 to 23:00, and the nights are still only when read as local.
- A file of steps or distance holds 30 local dates from the one in its name; the last minute of the second file of that
  export is 22:59, which only UTC explains.
- A night's stamps keep the offset of its start, so that all durations are differences of stamps.
- `shortData` are wakings under three minutes, laid over the stages; `data` alone shows sleep there.
- Classic nights: `minutesAsleep` is the time at level asleep; restless counts as awake with Fitbit, and here.
- After each gap the first heart rate is 70 with confidence 0: a start value, no measurement. Other values of
  confidence 0 continue their neighbours and stay.
- `minutesToFallAsleep` is 0 on every night that the device found by itself: not measured.
- Daily minutes are padded with days not worn and days to come: 1440 sedentary, 0 of all others. A 0 alone cannot be
  distinguished from a measured one (the twin file may come with another delivery), so it is left out and counted.
- Files of consecutive months share nights at their edge; `logId` is the same, so it is the session's key.
- `calories` holds the basal rate too; it says nothing of movement that steps and heart rate do not.
"""

import re
from collections.abc import Iterator
from datetime import date, datetime, timedelta

import pyarrow as pa
import pyarrow.compute as pc

from recovery.formats.entries import Context
from recovery.formats.fitbit.file import (
    MINUTE,
    SOURCE,
    FitbitFile,
    finite,
    instant,
    newest,
    newest_day,
    samples,
    values_of_days,
)
from recovery.formats.fitbit.json_elements import elements, number_in, skipped
from recovery.formats.fitbit.json_series import BEAT, POINT, STAMP, series
from recovery.formats.json_values import JsonObject
from recovery.formats.records import Activity, FileSummary, Yielded, batch_of_rows
from recovery.formats.times import iso_time, time_as
from recovery.formats.units import CM_PER_M, METRES_PER
from recovery.home.clock import to_local
from recovery.words.say import say

DAY_MIN = 1440
START_BPM, NO_CONFIDENCE = 70, 0  # what the device writes before it has measured
IS_UTC = say("its times carry no zone and are read as UTC, as Fitbit writes this kind")
MONTH = re.compile(r"-(20\d\d-\d\d-\d\d)\.json$")
DAYS_OF_MONTH = timedelta(days=30)


def steps(file: FitbitFile) -> Iterator[Yielded]:
    """Steps of each minute."""
    yield from _minutes(file, "steps", 1.0)


def distance(file: FitbitFile) -> Iterator[Yielded]:
    """Metres of each minute; the files hold centimetres."""
    yield from _minutes(file, "distance_m", CM_PER_M)


def _minutes(file: FitbitFile, metric: str, per_unit: float) -> Iterator[Yielded]:
    times, (values,) = yield from series(file, POINT, lambda value: (float(value),))
    values = pc.divide(values, per_unit)
    yield samples(file, metric, times, pc.add(times, pa.scalar(MINUTE, pa.duration("us"))), values)
    yield FileSummary(file.file, newest(times), _clock_of_month(file, times))


def heart_rate(file: FitbitFile) -> Iterator[Yielded]:
    """Heart rates in beats per minute, without the start values after a gap."""
    times, (bpm, confidence) = yield from series(file, BEAT, _beat)
    is_start = pc.and_(pc.equal(bpm, START_BPM), pc.equal(confidence, NO_CONFIDENCE))
    measured = pc.invert(pc.fill_null(is_start, False))
    left_out = len(bpm) - pc.sum(measured).as_py() if len(bpm) else 0
    if left_out:
        times, bpm = times.filter(measured), bpm.filter(measured)
    yield samples(file, "heart_rate_bpm", times, times, bpm)
    start_values = (
        say("left out: {left_out} x 70 bpm, the start value before a measurement", left_out=left_out)
        if left_out
        else ""
    )
    yield FileSummary(file.file, newest(times), "; ".join(filter(None, [_family(times, file.context), start_values])))


def _beat(value: JsonObject) -> tuple[float, float | None]:
    bpm, confidence = float(value["bpm"]), value.get("confidence")
    if bpm == 0:
        raise ValueError(bpm)
    return bpm, confidence if isinstance(confidence, int) else None


def _family(times: pa.Array, context: Context) -> str:
    """What one day's file shows of its own clock: it holds one local date, so stamps of two dates are not local."""
    if not len(times):
        return ""
    first, last = pc.min(times).as_py(), pc.max(times).as_py()
    if first.date() != last.date():
        return say("its times are UTC: the file of one local day runs over a midnight")
    if last - first > timedelta(hours=23) and to_local(first, context.zone_at(first.date())) != first:
        return say(
            "its times carry no zone and are read as UTC, as Fitbit writes this kind, though it fills one date "
            "exactly: were you in a zone of UTC on that day?"
        )
    return IS_UTC


def _clock_of_month(file: FitbitFile, times: pa.Array) -> str:
    """What a file of 30 local dates, of which the first is in its name, shows of its own clock."""
    named = MONTH.search(file.name)
    try:
        first = iso_time(named[1] if named and len(times) else "")
    except (ValueError, OverflowError):
        return IS_UTC
    limits = (first, first + DAYS_OF_MONTH)
    is_outside_as_local = _is_outside(times, *limits)
    is_outside_as_utc = _is_outside(times, *map(file.context.to_utc, limits))
    if is_outside_as_local and not is_outside_as_utc:
        return say("its times are UTC: as local time they lie outside the 30 dates of the file")
    if is_outside_as_utc and not is_outside_as_local:
        return say(
            "its times carry no zone and are read as UTC, as Fitbit writes this kind, though as local time they fit "
            "its 30 dates better: were you in a zone of UTC then?"
        )
    return IS_UTC


def _is_outside(times: pa.Array, first: datetime, end: datetime) -> bool:
    return bool(pc.min(times).as_py() < first or pc.max(times).as_py() >= end)


def resting_heart_rate(file: FitbitFile) -> Iterator[Yielded]:
    """The resting heart rate of each date, in beats per minute."""
    days: list[tuple[date, float]] = []
    empty = 0
    for place, row in enumerate(elements(file), 1):
        try:
            value = row["value"]
            if value["date"] is None or value["value"] == 0:
                empty += 1
            else:
                days.append((time_as(value["date"], "%m/%d/%y").date(), finite(value["value"])))
        except (KeyError, TypeError, ValueError, OverflowError):
            yield skipped(file, place, row)
    yield values_of_days(file, "resting_heart_rate_bpm", days)
    yield FileSummary(
        file.file, newest_day(file, days), say("dates without a value: {empty}", empty=empty) if empty else ""
    )


def sedentary(file: FitbitFile) -> Iterator[Yielded]:
    """Sedentary minutes of each date, without padding."""
    yield from _minutes_of_days(file, "sedentary_min", DAY_MIN)


def lightly(file: FitbitFile) -> Iterator[Yielded]:
    """Minutes of light activity of each date, without padding."""
    yield from _minutes_of_days(file, "lightly_active_min", 0)


def moderately(file: FitbitFile) -> Iterator[Yielded]:
    """Minutes of moderate activity of each date, without padding."""
    yield from _minutes_of_days(file, "moderately_active_min", 0)


def very(file: FitbitFile) -> Iterator[Yielded]:
    """Minutes of vigorous activity of each date, without padding."""
    yield from _minutes_of_days(file, "vigorous_min", 0)


def _minutes_of_days(file: FitbitFile, metric: str, padding: float) -> Iterator[Yielded]:
    times, (values,) = yield from series(file, POINT, lambda value: (float(value),))
    reported = [(stamp.date(), value) for stamp, value in zip(times.to_pylist(), values.to_pylist(), strict=True)]
    days = [(day, value) for day, value in reported if value != padding]
    yield values_of_days(file, metric, days)
    left_out = len(reported) - len(days)
    message = say(
        "dates with {padding} left out, as Fitbit writes it for days not worn or yet to come: {left_out}",
        padding=padding,
        left_out=left_out,
    )
    yield FileSummary(file.file, newest_day(file, days), message if left_out else "")


def exercise(file: FitbitFile) -> Iterator[Yielded]:
    """Recorded activities."""
    activities: list[Activity] = []
    for place, row in enumerate(elements(file), 1):
        try:
            start = instant(time_as(row["startTime"], STAMP))
            length = timedelta(milliseconds=row["duration"])
            sport = row.get("activityName")
            if length < timedelta(0) or not isinstance(sport, str | None):
                raise ValueError(row)
            metres = METRES_PER.get(row.get("distanceUnit", ""))
            distance = number_in(row, "distance")
            activities.append(
                {
                    "source": SOURCE,
                    "start_utc": start,
                    "end_utc": instant(start + length),
                    "sport": sport,
                    "steps": number_in(row, "steps"),
                    "distance_m": None if distance is None or metres is None else distance * metres,
                }
            )
        except (KeyError, TypeError, ValueError, OverflowError):
            yield skipped(file, place, row)
    yield batch_of_rows("activities", file.file, activities)
    yield FileSummary(file.file, max((row["end_utc"] for row in activities), default=None), IS_UTC)
