"""FIT files as the invented person's two watches write them: one of monitoring a day, one of sleep a night."""

import struct
from collections.abc import Mapping
from datetime import date, datetime, timedelta
from itertools import pairwise
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from recovery.actions.demo.life import ZONE, Life, Night
from recovery.formats.fit.definitions import BASE_TYPE_BY_NAME
from recovery.formats.fit.encode import FIT_EPOCH, encode, framed
from recovery.formats.fit.profile import MESSAGES
from recovery.home import clock

MONITORING, SLEEP = 32, 49  # types of file
WALKING = 6  # type of activity
SLEEP_EVENT, BEGINS, ENDS = 74, 0, 1
STRIDE_CM = 72
HEADER, CHECKSUM = 14, 2  # bytes before and after the records of a file


class Watch(NamedTuple):
    """A device as its files name it."""

    product: int
    serial: int
    firmware: float
    has_stress: bool


OLD_WATCH = Watch(2348, 3_900_000_001, 4.1, has_stress=False)
NEW_WATCH = Watch(3291, 3_900_000_002, 11.2, has_stress=True)
CHANGED = date(2026, 1, 11)  # the first day of the new one


def watch_on(day: date) -> Watch:
    """The watch that was worn on a day."""
    return OLD_WATCH if day < CHANGED else NEW_WATCH


def monitoring_file(life: Life, index: int) -> bytes:
    """The day's heart rate, running totals of walking and, of the new watch, stress; empty for a day nobody wore it."""
    body = monitoring_body(life, index, watch_on(life.days[index]))
    return framed(body) if body else b""


def monitoring_body(life: Life, index: int, watch: Watch) -> bytes:
    """The records of the day's file of a watch, without what frames them; empty for a day nobody wore it."""
    begin, end = life.midnights[index], life.midnights[index + 1]
    worn = begin + np.flatnonzero(life.is_worn[begin:end])
    if not len(worn):
        return b""
    body = encode([*_head(watch, MONITORING, life.instant(end)), _resting(life, worn)])[HEADER:-CHECKSUM]
    totals = _totals(life, begin, end)
    heart = {"timestamp": _stamps(life, worn), "heart_rate": life.heart_bpm[worn]}
    minutes = np.arange(begin, end, 3)
    stress = {"stress_level_time": _stamps(life, minutes), "stress_level_value": life.stress[minutes]}
    for first, last in pairwise([begin, *_clock_changes(life, begin, end), end + 1]):
        body += encode([_local_time(life, first)])[HEADER:-CHECKSUM]
        body += _many("monitoring", 12, _between(totals, "timestamp", life, first, last))
        body += _many("monitoring", 13, _between(heart, "timestamp", life, first, last))
        if watch.has_stress:
            body += _many("stress_level", 14, _between(stress, "stress_level_time", life, first, last))
    return body


def sleep_file(life: Life, day: date, night: Night, watch: Watch | None = None) -> bytes:
    """The levels of the night that ended on a day, of the watch of that day where none is given."""
    levels = zip(night.minutes, night.levels, strict=True)
    asleep = life.instant(night.minutes[0])
    woken = life.instant(night.end)
    return encode(
        [
            *_head(watch or watch_on(day), SLEEP, woken),
            ("event", {"timestamp": asleep, "event": SLEEP_EVENT, "event_type": BEGINS}),
            *(("sleep_level", {"timestamp": life.instant(minute), "sleep_level": level}) for minute, level in levels),
            ("event", {"timestamp": woken, "event": SLEEP_EVENT, "event_type": ENDS}),
        ]
    )


def _head(watch: Watch, kind: int, created: datetime) -> list[tuple[str, dict[str, Any]]]:
    device = {"manufacturer": 1, "product": watch.product, "serial_number": watch.serial}
    return [
        ("file_id", {"type": kind, **device, "time_created": created}),
        ("device_info", {"timestamp": created, "device_index": 0, **device, "software_version": watch.firmware}),
    ]


def _resting(life: Life, worn: npt.NDArray[Any]) -> tuple[str, dict[str, Any]]:
    resting = round(float(np.quantile(life.heart_bpm[worn], 0.05)))
    return "monitoring_hr_data", {"timestamp": life.instant(worn[-1]), "resting_heart_rate": resting}


def _local_time(life: Life, minute: int) -> tuple[str, dict[str, Any]]:
    """What a watch says of its own clock at the head of a file, and again when the clock changes."""
    instant = life.instant(minute)
    return "monitoring_info", {"timestamp": instant, "local_timestamp": clock.to_local(instant, ZONE)}


def _clock_changes(life: Life, begin: int, end: int) -> list[int]:
    """The minutes of a day at which the clocks change: a day of 23 or 25 hours has one, at 01:00 UTC."""
    offsets = [clock.offset_min(ZONE, life.instant(minute)) for minute in (begin, end)]
    if offsets[0] == offsets[1]:
        return []
    return [
        minute
        for minute in range(begin + 60, end, 60)
        if clock.offset_min(ZONE, life.instant(minute)) != clock.offset_min(ZONE, life.instant(minute - 60))
    ]


def _between(
    columns: Mapping[str, npt.NDArray[Any]], stamp: str, life: Life, first: int, last: int
) -> dict[str, npt.NDArray[Any]]:
    begin, end = _stamps(life, np.array([first, last]))
    rows = (columns[stamp] >= begin) & (columns[stamp] < end)
    return {name: values[rows] for name, values in columns.items()}


def _totals(life: Life, begin: int, end: int) -> dict[str, npt.NDArray[Any]]:
    """Readings of the totals: at the end of each minute with steps, at the start of each walk, at the day's end."""
    steps = life.steps[begin:end]
    total = np.cumsum(steps)
    moved = steps > 0
    at_end = np.flatnonzero(moved) + 1
    at_start = np.flatnonzero(moved & ~np.concatenate(([False], moved[:-1])))
    minutes = np.unique(np.concatenate((at_end, at_start, [len(steps)])))
    read = np.concatenate(([0], total))[minutes]
    active = np.concatenate(([0], np.cumsum(moved)))[minutes]
    return {
        "timestamp": _stamps(life, begin + minutes),
        "cycles": read,
        "distance": read * STRIDE_CM,
        "active_time": active * 60_000,
        "active_calories": read * 4 // 100,
        "activity_type": np.full(len(minutes), WALKING),
    }


def _stamps(life: Life, minutes: npt.NDArray[Any]) -> npt.NDArray[np.int64]:
    begin = (life.begin_utc - FIT_EPOCH.replace(tzinfo=None)) / timedelta(seconds=1)
    return int(begin) + 60 * minutes.astype(np.int64)


def _many(message: str, local: int, columns: Mapping[str, npt.NDArray[Any]]) -> bytes:
    """One definition and many data messages: `encode` takes 0.03 ms for each, a day has 2,000. Values as stored."""
    kind = MESSAGES[message]
    fields = [(name, kind.numbers[name], BASE_TYPE_BY_NAME[kind.fields[kind.numbers[name]].base]) for name in columns]
    definition = struct.pack("<BBBHB", 0x40 | local, 0, 0, kind.number, len(fields))
    definition += b"".join(bytes((number, base.size, base.identifier)) for _, number, base in fields)
    rows = np.zeros(
        len(next(iter(columns.values()))), [("local", "u1"), *((name, "<" + base.code) for name, _, base in fields)]
    )
    rows["local"] = local
    for name, values in columns.items():
        rows[name] = values
    return definition + rows.tobytes()
