"""What Health Auto Export's JSON and CSV have in common: names of metrics, units, and the length of their buckets.

A summarised series gives numbers of seconds, minutes, hours, days or longer, and the file does not say which: the
stamps do. An amount that is not summarised has a beginning and no end: it holds until the next one of its source, at
most ten minutes. Summarised numbers are Apple's own, of all devices together: their source is `MERGED`, whatever
devices the file names.
"""

import re
from array import array
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from functools import lru_cache
from typing import NamedTuple

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from recovery.formats.apple import kinds, sources
from recovery.formats.entries import Context
from recovery.formats.records import Batch, Removed, Skipped, batch
from recovery.formats.times import EPOCH, iso_date, offset_s, within_years
from recovery.home.clock import FIRST_UTC, LAST_UTC
from recovery.vocabulary.heart_rates import MAX_BPM, MIN_BPM
from recovery.words.say import say

Ints = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float64]

MERGED = sources.APPLE + ":merged"
SAMPLES, MINUTE_S, HOUR_S, DAY_S, LONGER = 0, 60, 3600, 86_400, -1  # lengths of buckets; single samples, weeks and more
LONGEST_SAMPLE_S = 600
TOLD_TWICE = say("told twice in one file")
CANNOT_BE = say("values or times that cannot be")
FEW = 3  # stamps do not show the length of their buckets; those of the other amounts of the file do
PERCENT = 100.0
DAYS_PER_WEEK = 7
ROWS_PER_BATCH = 1 << 16
FIRST_S, LAST_S = (int((moment - EPOCH).total_seconds()) for moment in (FIRST_UTC, LAST_UTC))


class Kind(NamedTuple):
    """How a metric is read."""

    metric: str
    units: Mapping[str, float]  # what one of each is in ours
    day_metric: str | None  # where a number is of a whole day; None = of no use then
    day_factor: float = 1.0
    is_amount: bool = False  # of its bucket; else measured
    is_zero_measured: bool = True
    is_share: bool = False
    low: float = 0.0
    high: float = float("inf")


BEATS = {**kinds.PER_MINUTE, "bpm": 1.0, "beats/min": 1.0}
BREATHS = {**kinds.PER_MINUTE, "bpm": 1.0, "breaths/min": 1.0, "br/min": 1.0}
FLOORS = {**kinds.COUNT, "floors": 1.0, "flights": 1.0}
SPEEDS = {**kinds.METRES_PER_S, "kmph": 1 / 3.6, "kph": 1 / 3.6, "mph": 1609.344 / 3600}
SHARE = {"%": 1.0, "": 1.0}
KINDS: Mapping[str, Kind] = {
    "step_count": Kind("steps", {**kinds.COUNT, "steps": 1.0}, "steps", is_amount=True),
    "walking_running_distance": Kind("distance_m", kinds.METRES, "distance_m", is_amount=True),
    "active_energy": Kind("active_energy_kcal", kinds.KCAL, "active_energy_kcal", is_amount=True),
    "flights_climbed": Kind("floors", FLOORS, "floors", is_amount=True),
    "apple_exercise_time": Kind("moderate_s", kinds.SECONDS, "moderate_min", 1 / 60, is_amount=True),
    "heart_rate": Kind("heart_rate_bpm", BEATS, None, is_zero_measured=False, low=MIN_BPM, high=MAX_BPM),
    "resting_heart_rate": Kind(
        "resting_heart_rate_bpm", BEATS, "resting_heart_rate_bpm", is_zero_measured=False, low=MIN_BPM, high=MAX_BPM
    ),
    "heart_rate_variability": Kind("hrv_sdnn_ms", kinds.MS, "hrv_sdnn_ms", is_zero_measured=False),
    "respiratory_rate": Kind("respiration_rate", BREATHS, "respiration_rate", is_zero_measured=False),
    "blood_oxygen_saturation": Kind("spo2_share", SHARE, "spo2_mean_share", is_zero_measured=False, is_share=True),
    "walking_speed": Kind("walking_speed_mps", SPEEDS, "walking_speed_mps", is_zero_measured=False),
    "walking_asymmetry_percentage": Kind(
        "walking_asymmetry_share", SHARE, "walking_asymmetry_share", is_share=True
    ),
    "walking_double_support_percentage": Kind(
        "double_support_share", SHARE, "double_support_share", is_zero_measured=False, is_share=True
    ),
}  # fmt: skip
BY_HOUR = say("heart rates by the hour or day, of no use here: choose minutes in Health Auto Export")
BY_WEEK = say("sums of a week or longer: choose minutes or days in Health Auto Export")


class Stamp(NamedTuple):
    """A moment in seconds since 1970: of UTC, and as the wall clock shows it. `has_offset`: the text tells both."""

    utc_s: int
    wall_s: int
    has_offset: bool


STAMP = re.compile(
    r"(\d{4}-\d\d-\d\d)[T\s](\d{1,2})[:.](\d\d)(?:[:.](\d\d)(?:\.\d+)?)?\s*([ap])?\.?\s*(?:m\.?)?\s*(?:Z|([+-])(\d\d):?(\d\d))?",
    re.IGNORECASE,
)


def stamp(text: str) -> Stamp:
    """A time such as `2026-05-04 08:00:00 +0200`, of a clock of 12 or 24 hours; both are one without an offset.

    Raises ValueError where it is none, or of no year we read.
    """
    if len(text) == 25 and text[10] == " " and text[19] == " " and text[13] == ":":
        day_s, offset = _day_s(text[:10]), _offset_s(text[20:])
        wall_s = day_s + _seconds(text[11:13], text[14:16], text[17:19])
        return _within_years(Stamp(wall_s - offset, wall_s, True), text)
    if len(text) == 19 and text[10] == " " and text[13] == ":":
        wall_s = _day_s(text[:10]) + _seconds(text[11:13], text[14:16], text[17:19])
        return _within_years(Stamp(wall_s, wall_s, False), text)
    match = STAMP.fullmatch(text.strip())
    if match is None:
        raise ValueError(text)
    day, hour, minute, second, half, sign, hours, minutes = match.groups()
    if half:
        if not 1 <= int(hour) <= 12:
            raise ValueError(text)
        hour = str(int(hour) % 12 + (12 if half.lower() == "p" else 0))
    wall_s = _day_s(day) + _seconds(hour, minute, second or "0")
    offset = offset_s(sign, hours, minutes)
    return _within_years(Stamp(wall_s - offset, wall_s, bool(sign)), text)


class LocalClock:
    """The times of one file. One with neither an offset nor Z is of the wall clock, in the zone of the person."""

    def __init__(self, context: Context) -> None:
        self._to_utc = context.to_utc
        self.has_offsets = False
        self.has_local_times = False

    @property
    def is_assumed(self) -> bool:
        """Whether no time of the file told its offset."""
        return self.has_local_times and not self.has_offsets

    def stamp(self, text: str) -> Stamp:
        """The moment of a text. Raises ValueError where it is none, or of no year we read."""
        at = stamp(text)
        if at.has_offset or text.endswith(("Z", "z")):
            self.has_offsets = True
            return at
        self.has_local_times = True
        utc = within_years(self._to_utc(moment(at.wall_s)))
        return at._replace(utc_s=int((utc - EPOCH).total_seconds()))


def _within_years(at: Stamp, text: str) -> Stamp:
    if not FIRST_S + DAY_S < at.utc_s < LAST_S - DAY_S:
        raise ValueError(text)
    return at


@lru_cache(1 << 12)
def _day_s(text: str) -> int:
    return (iso_date(text) - EPOCH.date()).days * DAY_S


@lru_cache(1 << 8)
def _offset_s(text: str) -> int:
    return offset_s(text[0], str(int(text[1:3])), str(int(text[3:5])))


def _seconds(hour: str, minute: str, second: str) -> int:
    numbers = int(hour), int(minute), int(second)
    if not (0 <= numbers[0] < 24 and 0 <= numbers[1] < 60 and 0 <= numbers[2] < 60):
        raise ValueError(hour)
    return numbers[0] * HOUR_S + numbers[1] * MINUTE_S + numbers[2]


def moment(seconds: int) -> datetime:
    """Seconds since 1970 as a naive datetime. Raises ValueError for a year that no export holds."""
    if not FIRST_S < seconds < LAST_S:
        raise ValueError(seconds)
    return EPOCH + timedelta(seconds=seconds)


def source_of(names: str) -> str:
    """The source of a record by the devices it names, `A's Watch|A's Phone`: one device or app, or all together."""
    name, *others = {name.strip() for name in names.split("|")}
    return MERGED if others else sources.origin(name, "", "").source


class Series:
    """One metric of one file, point by point, in 32 bytes each."""

    def __init__(self, name: str, unit: str) -> None:
        self.name, self.unit = name, unit
        self.utc, self.wall, self.values, self.source = array("q"), array("q"), array("d"), array("q")

    def add(self, at: Stamp, value: float, source: int) -> None:
        """Adds a number; `source` is a number of those of the file."""
        self.utc.append(at.utc_s)
        self.wall.append(at.wall_s)
        self.values.append(value)
        self.source.append(source)


class Points(NamedTuple):
    """What is left of a series that is read, as columns."""

    kind: Kind
    length_s: int
    utc: Ints
    wall: Ints
    values: Floats
    source: Ints


def length_s(wall: Ints) -> int:
    """The length of the buckets that have these stamps of the wall clock."""
    for length in (MINUTE_S, HOUR_S, DAY_S):
        if (wall % length).any():
            return {MINUTE_S: SAMPLES, HOUR_S: MINUTE_S, DAY_S: HOUR_S}[length]
    days = np.unique(wall // DAY_S)
    months = days.astype("datetime64[D]").astype("datetime64[M]")
    is_of_weeks = not (np.diff(days) % DAYS_PER_WEEK).any()
    is_of_months = bool((months.astype("datetime64[D]") == days.astype("datetime64[D]")).all())
    return LONGER if len(days) > 1 and (is_of_weeks or is_of_months) else DAY_S


def batches(
    file: int, series: Sequence[Series], names: Sequence[str], notes: Counter[str]
) -> Iterator[Batch | Removed | Skipped]:
    """Samples and values of days of all series of a file; `names` are the sources by number.

    What is left out is counted in `notes`.
    """
    known = []
    for one in series:
        kind = KINDS.get(one.name)
        if kind is None or not one.utc:
            continue
        if one.unit not in kind.units:
            reason = say("the unit {unit!r} of {name} is not known here", unit=one.unit[:20], name=one.name)
            yield Skipped(file, one.name, reason)
            continue
        known.append((one, kind))
    lengths = [length_s(np.array(one.wall, np.int64)) for one, _ in known]
    of_amounts = [length for length, (one, kind) in zip(lengths, known, strict=True) if kind.is_amount]
    finest = min((length for length in of_amounts if length != LONGER), default=LONGER)
    is_percent = _is_percent(known)
    columns = list(names)
    for (one, kind), length in zip(known, lengths, strict=True):
        is_few = len(one.wall) < FEW and LONGER not in (finest, length)
        points = _points(one, kind, min(length, finest) if is_few else length)
        points, wrong = _in_bounds(points, is_percent, notes)
        if len(wrong.utc):
            reason = say("{count:,} values or times of {name} that cannot be", count=len(wrong.utc), name=one.name)
            yield Skipped(file, one.name, reason)
            yield _removed(file, wrong, CANNOT_BE)
        if finest > SAMPLES:  # summarised
            points = points._replace(source=np.full(len(points.utc), len(columns)))
        yield from _batches(file, points, [*columns, MERGED], notes)


def _is_percent(known: Sequence[tuple[Series, Kind]]) -> bool | None:
    """Whether shares are written as percent; None where it cannot be told (all are asymmetries of at most 1)."""
    shares = [one for one, kind in known if kind.is_share]
    if any(value > 1 for one in shares for value in one.values):
        return True
    return False if any(KINDS[one.name].metric != "walking_asymmetry_share" for one in shares) else None


def _points(one: Series, kind: Kind, length: int) -> Points:
    utc, wall, source = (np.array(column, np.int64) for column in (one.utc, one.wall, one.source))
    return Points(kind, length, utc, wall, np.array(one.values, np.float64) * kind.units[one.unit], source)


def _where(points: Points, rows: npt.NDArray[np.bool_]) -> Points:
    utc, wall, values, source = points.utc[rows], points.wall[rows], points.values[rows], points.source[rows]
    return Points(points.kind, points.length_s, utc, wall, values, source)


def _in_bounds(points: Points, is_percent: bool | None, notes: Counter[str]) -> tuple[Points, Points]:
    """The points that can be, shares as shares of 1; and those that cannot."""
    kind = points.kind
    if kind.is_share and is_percent is None and points.values.any():
        notes[say("shares of which it cannot be told whether they are percent")] += len(points.values)
        none = _where(points, np.zeros(len(points.values), bool))
        return none, none
    if kind.is_share and is_percent:
        points = points._replace(values=points.values / PERCENT)
    values = points.values
    is_zero = (values == 0) & (not kind.is_zero_measured)
    notes[say("zeros that are no measurement")] += int(is_zero.sum())
    high = 1.0 if kind.is_share else kind.high
    is_fine = np.isfinite(values) & (values >= kind.low) & (values <= high)
    is_fine &= (points.utc > FIRST_S) & (points.utc < LAST_S - DAY_S)
    return _where(points, is_fine & ~is_zero), _where(points, ~is_fine & ~is_zero)


def _removed(file: int, points: Points, reason: str) -> Removed:
    """Points that are left out, for the ledger."""
    values = points.values[np.isfinite(points.values) & (points.values > 0)]
    return Removed(file, points.kind.metric, len(points.values), reason, float(values.sum()))


def _batches(file: int, points: Points, names: Sequence[str], notes: Counter[str]) -> Iterator[Batch | Removed]:
    kind, length = points.kind, points.length_s
    if not len(points.utc):
        return
    if length == LONGER:
        notes[BY_WEEK] += len(points.utc)
        yield _removed(file, points, BY_WEEK)
    elif kind.day_metric is None and length >= HOUR_S:
        notes[BY_HOUR] += len(points.utc)
        yield _removed(file, points, BY_HOUR)
    elif length == DAY_S:
        yield _days(file, points, names)
    else:
        yield from _samples(file, points, names)


def _days(file: int, points: Points, names: Sequence[str]) -> Batch:
    count = len(points.utc)
    return batch(
        "day_values",
        {
            "file": [file] * count,
            "source": [names[number] for number in points.source.tolist()],
            "local_date": pa.array((points.wall // DAY_S).astype(np.int32), pa.int32()).cast(pa.date32()),
            "metric": [points.kind.day_metric] * count,
            "value": points.values * points.kind.day_factor,
        },
    )


def _samples(file: int, points: Points, names: Sequence[str]) -> Iterator[Batch | Removed]:
    utc, values, source = points.utc, points.values, points.source
    end = utc
    if points.kind.is_amount:
        # of two of one source at one time both count, unless they are one that is told twice
        told = np.stack([source, utc, values.view(np.int64)], axis=1)
        rows, counts = np.unique(told, axis=0, return_counts=True)
        for number in np.unique(rows[counts > 1, 0]):
            twice = (counts > 1) & (rows[:, 0] == number)
            more = counts[twice] - 1
            amount = float((np.ascontiguousarray(rows[twice, 2]).view(np.float64) * more).sum())
            metric = points.kind.metric
            yield Removed(file, metric, int(more.sum()), TOLD_TWICE, amount, names[int(number)], fate="same")
        first = np.flatnonzero(np.r_[True, (np.diff(rows[:, :2], axis=0) != 0).any(axis=1)])
        values = np.add.reduceat(np.ascontiguousarray(rows[:, 2]).view(np.float64), first)
        source, utc = rows[first, 0], rows[first, 1]
        end = utc + points.length_s
        if points.length_s == SAMPLES:
            following = np.r_[np.where(np.diff(source) == 0, np.diff(utc), LONGEST_SAMPLE_S), LONGEST_SAMPLE_S]
            end = utc + np.minimum(following, LONGEST_SAMPLE_S)
    for begin in range(0, len(utc), ROWS_PER_BATCH):
        rows_of_batch = slice(begin, begin + ROWS_PER_BATCH)
        count = len(utc[rows_of_batch])
        numbers = pa.array(source[rows_of_batch].astype(np.int32))
        yield batch(
            "samples",
            {
                "file": pa.repeat(pa.scalar(file, pa.int32()), count),
                "source": pa.DictionaryArray.from_arrays(numbers, pa.array(names, pa.string())).cast(pa.string()),
                "metric": pa.repeat(points.kind.metric, count),
                "start_utc": (utc[rows_of_batch] * 1_000_000).view("datetime64[us]"),
                "end_utc": (end[rows_of_batch] * 1_000_000).view("datetime64[us]"),
                "value": values[rows_of_batch],
            },
        )
