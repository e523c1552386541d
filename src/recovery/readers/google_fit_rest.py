"""Answers of Google Fit's REST API (`dataset:aggregate`), as scripts stored them.

What we know of it, from three real answers in published pain diaries and from the vendor's reference:

- `{"bucket": [...]}`: a bucket for each day or shorter time, in it a dataset for each type, in it at most one point.
  An empty dataset is a time without data, not zero. Integers are texts.
- The point of a day's bucket goes from the first to the last record in it: it is the total of the day, and tells
  nothing of its hours. A bucket of at most two hours is an interval.
- A day begins at the midnight of the zone that the script asked for, which is not told: it is the date of that
  midnight, in the person's own zone where it is midnight there, else in the nearest zone where it is. The clock of a
  script is nobody's, so that it gives no offset.
- What is read is Google's own merged stream: the source `google_fit`, as in Takeout. Calories hold the basal rate.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime, time, timedelta

from recovery.formats.entries import Claim, Context, Entry, Tree
from recovery.formats.export_table import TableFile
from recovery.formats.json_items import CutShortError, items
from recovery.formats.json_values import BLANKS, JsonObject, instant_of, non_negative
from recovery.formats.records import Sample, Skipped, Yielded, batch_of_rows, day_values
from recovery.home import clock
from recovery.words.say import say

LABEL = "Google Fit (REST API)"
VERSION = 2
USES_LOCAL_TIME = True
IS_REWRITTEN = True

SOURCE = "google_fit"
NO_DAY = say("times that are neither a day from midnight nor at most two hours")
BUCKETS = re.compile(rb'\{\s*"bucket"\s*:\s*\[\s*(?:\{[^\[]*"startTimeMillis"|\])')
MILLISECOND = timedelta(milliseconds=1)
LONGEST_INTERVAL = timedelta(hours=2)
SHORTEST_DAY, LONGEST_DAY = timedelta(hours=23), timedelta(hours=25)
QUARTER = timedelta(minutes=15)
DAY = timedelta(days=1)
SECONDS_PER_MINUTE = 60.0
NANOS_PER_MILLI = 1_000_000
TYPES: Mapping[str, tuple[str, float]] = {  # metric of an interval, and what one unit of Google's makes of it
    "com.google.step_count.delta": ("steps", 1.0),
    "com.google.distance.delta": ("distance_m", 1.0),
    "com.google.active_minutes": ("active_s", SECONDS_PER_MINUTE),
}
OF_DAYS: Mapping[str, str] = {"active_s": "moving_min"}  # what the same is called of a whole day


def claims(tree: Tree) -> Iterator[Claim]:
    """JSON that begins with buckets of time."""
    for entry in tree:
        if BUCKETS.match(entry.head.lstrip(BLANKS)):
            yield Claim(entry.path)


def read(files: Sequence[Entry], context: Context) -> Iterator[Yielded]:
    """Values of days and samples; each file ends with its summary."""
    for number, entry in enumerate(files):
        if not BUCKETS.match(entry.head.lstrip(BLANKS)):
            yield Skipped(number, "", say("this is no answer of Google Fit that is read"))
            continue
        yield from _read(TableFile(number, entry, context))


def _read(file: TableFile) -> Iterator[Yielded]:
    days: list[tuple[date, str, float]] = []
    samples: list[Sample] = []
    with file.entry.open() as stream:
        try:
            for bucket in items(stream, '"bucket"'):
                file.row_count += 1
                try:
                    _bucket(file, bucket, days, samples)
                except (KeyError, TypeError, ValueError, AttributeError, IndexError, OverflowError):
                    reason = say("a time or a number of this bucket cannot be read")
                    yield Skipped(file.number, f"bucket {file.row_count}", reason)
        except CutShortError as error:
            file.is_partial = file.row_count > 0
            yield Skipped(file.number, say("after bucket {count}", count=file.row_count), error.message)
    yield day_values(file.number, SOURCE, days)
    yield batch_of_rows("samples", file.number, samples)
    yield file.summary()


def _bucket(file: TableFile, bucket: JsonObject, days: list[tuple[date, str, float]], samples: list[Sample]) -> None:
    """The points of one bucket. Raises KeyError, TypeError or ValueError where it cannot be read."""
    start, end = (instant_of(bucket[f"{edge}TimeMillis"], MILLISECOND) for edge in ("start", "end"))
    values: dict[str, float] = {}
    newest = start
    for dataset in bucket["dataset"]:
        for point in dataset["point"]:
            name = point.get("dataTypeName") or str(dataset["dataSourceId"]).split(":")[1]
            if name not in TYPES:
                file.left_out[say("points of types that are not needed")] += 1
                continue
            metric, per_unit = TYPES[name]
            holder = point["value"][0]
            values[metric] = values.get(metric, 0.0) + per_unit * non_negative(
                holder.get("intVal", holder.get("fpVal"))
            )
            newest = max(newest, _ended(point, end))
    if not values:
        file.left_out[say("times without data, which are not zero")] += 1
    elif start < end <= start + LONGEST_INTERVAL:
        samples += [
            {"source": SOURCE, "metric": metric, "start_utc": start, "end_utc": end, "value": value}
            for metric, value in values.items()
        ]
        file.saw(end)
    elif SHORTEST_DAY <= end - start <= LONGEST_DAY and (day := _date(start, file.context)):
        days += [
            (day, OF_DAYS.get(metric, metric), value / (SECONDS_PER_MINUTE if metric in OF_DAYS else 1))
            for metric, value in values.items()
        ]
        file.saw(newest)
    else:
        file.left_out[NO_DAY] += 1
        for metric, value in values.items():
            file.removed.add(metric, NO_DAY, value, source=SOURCE, day=start)


def _ended(point: JsonObject, end: datetime) -> datetime:
    """When the last record of a point ended; the end of its bucket where it does not say."""
    nanos = point.get("endTimeNanos")
    return end if nanos is None else instant_of(int(nanos) // NANOS_PER_MILLI, MILLISECOND)


def _date(start_utc: datetime, context: Context) -> date | None:
    """The date that begins at this instant; None where no zone has its midnight then."""
    own = clock.to_local(start_utc, context.zone_at(start_utc.date()))
    since_midnight = own - datetime.combine(own.date(), time())
    if since_midnight % QUARTER:
        return None
    nearest = min(
        (shift for shift in (since_midnight, since_midnight - DAY) if _is_place(own - shift - start_utc)), key=abs
    )
    return (own - nearest).date()


def _is_place(ahead: timedelta) -> bool:
    return clock.is_place(int(ahead.total_seconds()))
