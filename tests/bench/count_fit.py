"""What Garmin's wellness files say of each day, by fitparse alone: nothing of `recovery` is used here.

Running totals (metres, kilocalories, ascent) are counted as the steps are (fitparse_steps): of each device, day and
kind of activity the largest total of each run, added up. A resting heart rate is the last one that was told on a day; a
value told at the device's midnight closes the day before. Stress is the mean of its scores of a day, without codes
below 0.

    python tests/bench/count_fit.py FOLDER_OF_ZIPS OUT.json
"""

import json
import sys
import zipfile
from collections import defaultdict
from collections.abc import Iterable, Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from statistics import fmean
from typing import NamedTuple

import fitparse

sys.path.insert(0, str(Path(__file__).parents[1]))
from fitparse_steps import EPOCH, FOOT, files

MONITORING, INFO, STRESS, RESTING = 55, 103, 227, 211
TIMESTAMP, TIMESTAMP_16, ACTIVITY, PACKED, DISTANCE, CALORIES, CYCLES, ASCENT = 253, 26, 5, 24, 2, 19, 3, 35
FLOOR_MM = 3048
Days = dict[str, dict[str, float]]  # metric, ISO date, value


class Reading(NamedTuple):
    """A number at a time of the device's own clock."""

    metric: str
    device: str
    kind: int
    seconds: int  # since the FIT epoch, UTC
    offset: int | None  # seconds
    value: float

    @property
    def date(self) -> date:
        """The device's date; a total that is told at midnight closes the day before, a score begins a day."""
        closes = self.metric != "stress_mean"
        return (EPOCH + timedelta(seconds=self.seconds + (self.offset or 0) - closes)).date()


def readings(content: bytes) -> Iterator[Reading]:
    """All that a file says of steps, metres, energy, ascent, stress and the resting heart rate."""
    device, last = "", 0
    offset: int | None = None
    found: list[Reading] = []
    for message in fitparse.FitFile(content, check_crc=False).get_messages():
        number = message.mesg_num
        if number not in (0, MONITORING, INFO, STRESS, RESTING):
            continue
        raw = {field.def_num: field.raw_value for field in message.fields if field.def_num is not None}
        if number == 0:
            device = str(raw.get(3))
        elif number == INFO and raw.get(0) is not None:
            offset = raw[0] - raw[TIMESTAMP]
        elif number == MONITORING:
            if raw.get(TIMESTAMP) is not None:
                last = raw[TIMESTAMP]
            elif raw.get(TIMESTAMP_16) is not None:
                ahead = (raw[TIMESTAMP_16] - last) & 0xFFFF
                last += ahead if ahead < 0xF000 else ahead - 0x10000
            kind = raw.get(ACTIVITY)
            if kind is None and raw.get(PACKED) is not None:
                packed = raw[PACKED]
                kind = (packed[0] if isinstance(packed, tuple | list) else packed) & 0x1F
            if kind is not None:
                amounts = (("distance_m", DISTANCE, 100), ("active_energy_kcal", CALORIES, 1))
                found += [
                    Reading(metric, device, kind, last, offset, raw[field] / scale)
                    for metric, field, scale in amounts
                    if raw.get(field) is not None
                ]
                if kind in FOOT and raw.get(CYCLES) is not None:
                    found.append(Reading("steps", device, kind, last, offset, raw[CYCLES]))
            if raw.get(ASCENT) is not None:
                found.append(Reading("floors", device, 254, last, offset, raw[ASCENT] / FLOOR_MM))
        elif number == STRESS and raw.get(0) is not None and raw[0] >= 0:
            found.append(Reading("stress_mean", device, 0, raw[1], offset, raw[0]))
        elif number == RESTING:
            value = raw.get(1) or raw.get(0)
            if value:
                found.append(Reading("resting_heart_rate_bpm", device, 0, raw[TIMESTAMP], offset, value))
    # what stands before the file's first offset has that one
    return (
        reading._replace(device=device, offset=offset or 0 if reading.offset is None else reading.offset)
        for reading in found
    )


def days_of(seen: Iterable[Reading]) -> Days:
    """Of each metric and date the value; a date of two devices is left out, as it is a question which one counts."""
    groups: dict[tuple[str, str, date, int], list[tuple[int, float]]] = defaultdict(list)
    for reading in set(seen):
        groups[reading.metric, reading.device, reading.date, reading.kind].append((reading.seconds, reading.value))
    devices: dict[tuple[str, date], set[str]] = defaultdict(set)
    for metric, device, day, _ in groups:
        devices[metric, day].add(device)
    days: dict[str, dict[str, float]] = defaultdict(lambda: defaultdict(float))
    for (metric, _, day, _), rows in groups.items():
        if len(devices[metric, day]) > 1:
            continue
        rows.sort()
        if metric == "stress_mean":
            days[metric][str(day)] = fmean(dict(rows).values())
        elif metric == "resting_heart_rate_bpm":
            days[metric][str(day)] = rows[-1][1]
        else:
            # of two readings at one instant the larger one, as at midnight, where one may be of the new day
            days[metric][str(day)] += _sum_of_runs(list(dict(rows).values()))
    return {metric: dict(found) for metric, found in days.items()}


def _sum_of_runs(totals: list[float]) -> float:
    """The largest totals of the runs of a counter that may start anew."""
    whole = largest = 0.0
    for total in totals:
        if total < largest / 2:
            whole, largest = whole + largest, 0.0
        largest = max(largest, total)
    return whole + largest


def count(folder: Path) -> Days:
    """The days of all archives of a folder."""
    seen: set[Reading] = set()
    for path in sorted(folder.glob("*.zip")):
        with zipfile.ZipFile(path) as archive:
            for content in files(archive):
                seen.update(readings(content))
    return days_of(seen)


if __name__ == "__main__":
    started = datetime.now(UTC)
    Path(sys.argv[2]).write_text(json.dumps(count(Path(sys.argv[1])), indent=0), encoding="utf-8")
    print(datetime.now(UTC) - started)
