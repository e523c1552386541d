"""What a HealthKit export says of the local clock, and whether to believe it (docs/decisions/0008-apple-offsets.md)."""

from collections.abc import Iterable, Iterator
from datetime import UTC, datetime, timedelta
from functools import cache, lru_cache
from typing import NamedTuple
from zoneinfo import ZoneInfo, available_timezones

import numpy as np

from recovery.formats.apple.elements import Ints
from recovery.words.say import say

DAY_S = 86_400
Key = tuple[int, int, int]  # number of the source, day of UTC, offset in seconds


class OffsetAt(NamedTuple):
    """How far the clock of a source was ahead of UTC at one time."""

    source: int
    time_s: int
    offset_s: int


class OffsetSpans:
    """The first and the last time at which each source wrote an offset, for each day."""

    def __init__(self) -> None:
        self.spans: dict[Key, tuple[int, int]] = {}

    def add(self, source: Ints, time_s: Ints, offset_s: Ints) -> None:
        """Takes the offset of each record; fastest where records of one time lie together."""
        if not len(source):
            return
        day = time_s // DAY_S
        changes = (np.diff(source) != 0) | (np.diff(day) != 0) | (np.diff(offset_s) != 0)
        first = np.concatenate([[0], np.flatnonzero(changes) + 1])
        earliest = np.minimum.reduceat(time_s, first).tolist()
        latest = np.maximum.reduceat(time_s, first).tolist()
        keys = zip(source[first].tolist(), day[first].tolist(), offset_s[first].tolist(), strict=True)
        for key, low, high in zip(keys, earliest, latest, strict=True):
            known = self.spans.get(key)
            self.spans[key] = (min(low, known[0]), max(high, known[1])) if known else (low, high)

    def offsets(self) -> set[int]:
        """All offsets, in seconds."""
        return {offset for _, _, offset in self.spans}

    def days(self) -> set[tuple[int, int]]:
        """Each source with each day of UTC on which it wrote an offset."""
        return {(source, day) for source, day, _ in self.spans}

    def rows(self) -> Iterator[OffsetAt]:
        """The first of each day, and both sides of each change."""
        counts: dict[tuple[int, int], int] = {}
        for source, day, _ in self.spans:
            counts[source, day] = counts.get((source, day), 0) + 1
        for (source, day, offset), (first, last) in sorted(self.spans.items()):
            yield OffsetAt(source, first, offset)
            if last != first and counts[source, day] > 1:
                yield OffsetAt(source, last, offset)

    def is_of_one_clock(self, exported_offset_s: int | None) -> bool:
        """Whether one zone, or one offset, explains all offsets: then that is the exporting phone's."""
        offsets = self.offsets()
        if len(offsets) <= 1:
            return True
        times = sorted((time, offset) for (_, _, offset), span in self.spans.items() for time in span)
        return any(_explains(zone, times) for zone in _zones_with(frozenset(offsets), exported_offset_s))


def _explains(zone: str, times: Iterable[tuple[int, int]]) -> bool:
    place = ZoneInfo(zone)
    return all(_offset_s(place, time) == offset for time, offset in times)


@cache
def _zones_with(offsets: frozenset[int], exported_offset_s: int | None) -> tuple[str, ...]:
    """The zones that have had all of these offsets in the last decades; that of the export itself among them."""
    wanted = offsets if exported_offset_s is None else offsets | {exported_offset_s}
    if len(wanted) > 4:  # winter, summer, and a law that changed both
        return ()
    years = [datetime(year, month, 15, tzinfo=UTC).timestamp() for year in range(2012, 2027, 2) for month in (1, 7)]
    return tuple(
        zone
        for zone in sorted(available_timezones())
        if wanted <= {_offset_s(ZoneInfo(zone), int(time)) for time in years}
    )


def _offset_s(place: ZoneInfo, time_s: int) -> int:
    offset = (datetime.fromtimestamp(0, UTC) + timedelta(seconds=time_s)).astimezone(place).utcoffset()
    return int(offset.total_seconds()) if offset is not None else 0


def offsets_of_zone(zone: str, time_s: Ints) -> Ints | None:
    """Seconds that a zone was ahead of UTC at each time; None where there is no such zone."""
    if not _is_zone(zone):
        return None
    days, day = np.unique(time_s // DAY_S, return_inverse=True)
    begin = np.array([_offset_of_day(zone, number) for number in days.tolist()], np.int64)
    end = np.array([_offset_of_day(zone, number + 1) for number in days.tolist()], np.int64)
    found = begin[day]
    for row in np.flatnonzero((begin != end)[day]).tolist():  # the clock changed on that day
        found[row] = _offset_s(ZoneInfo(zone), int(time_s[row]))
    return found


@lru_cache(1 << 16)
def _offset_of_day(zone: str, day: int) -> int:
    return _offset_s(ZoneInfo(zone), day * DAY_S)


@lru_cache(1 << 10)
def _is_zone(name: str) -> bool:
    try:
        ZoneInfo(name)
    except (KeyError, ValueError, OSError):  # the last for the name of a folder of zones
        return False
    return True


def believed(of_times: OffsetSpans, of_zones: OffsetSpans, *, is_one_clock: bool) -> list[OffsetAt]:
    """The offsets to use: those of zones that records name, and the others only where they follow a person."""
    rows = list(of_zones.rows())
    if not is_one_clock:
        named = of_zones.days()
        rows += [row for row in of_times.rows() if (row.source, row.time_s // DAY_S) not in named]
    return sorted(rows)


def one_clock(offsets_s: Iterable[int], *, are_zones_named: bool) -> str:
    """What a receipt says of an export whose times all follow the clock of the phone that wrote it."""
    offsets = ", ".join(map(_shown, sorted(offsets_s)))
    if are_zones_named:
        return say(
            "all its times stand in one clock ({offsets}), that of the phone that exported, which tells no journeys: "
            "local days follow home_time_zone and [travel], and where a record names its zone, that",
            offsets=offsets,
        )
    return say(
        "all its times stand in one clock ({offsets}), that of the phone that exported, which tells no journeys: local "
        "days follow home_time_zone and [travel]",
        offsets=offsets,
    )


def _shown(offset_s: int) -> str:
    """As +02:00."""
    hours, minutes = divmod(abs(offset_s) // 60, 60)
    return f"{'-' if offset_s < 0 else '+'}{hours:02}:{minutes:02}"
