"""FIT files, many at once, as columns: one table per kind of message, in the order of the files.

The record headers are walked in Python; messages that share a definition, of whatever file, are gathered at once and
viewed as a NumPy structured array. The fixed cost of a file is what counts for thousands of files of 2 kB, so nothing
here is made per file but its walk, and a definition is parsed once however many files repeat its bytes.

Nulls are NaN in `Table.column`; times are seconds since 1970 in UTC, NaN where a message has none. A damaged file gives
every message before the damage, and a sentence about it in its `Report`.
"""

from collections.abc import Sequence
from functools import cached_property
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from recovery.formats.fit import crc
from recovery.formats.fit.definitions import Definition
from recovery.formats.fit.profile import MESSAGES, Message
from recovery.formats.fit.walk import LACKS_CRC, Walk
from recovery.words.say import say

FIT_EPOCH_S = 631065600  # 1989-12-31T00:00:00Z, where FIT's seconds begin, in seconds since 1970
TIMESTAMP = 253
TIMESTAMP_16 = 26  # of monitoring (55): the low 16 bits of the time
MONITORING = 55
# A timestamp_16 that lies up to this long before the last time is a step back, not a wrap of 18 h; the Garmin
# years hold such a step.
STEP_BACK_S = 4096

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]


class Report(NamedTuple):
    """What became of one file."""

    message_count: int  # data messages kept
    problem: str  # '' where nothing was wrong; else a sentence for a person
    is_partial: bool  # messages were lost


class Chunk(NamedTuple):
    """All messages of one definition."""

    definition: Definition
    place: Ints  # of the message's header byte in the joined bytes; rising
    rows: npt.NDArray[np.void]


class Decoded:
    """The messages of many files."""

    def __init__(self, files: Sequence[bytes]) -> None:
        data = b"".join(files)
        ends = np.cumsum([len(file) for file in files], dtype=np.int64)
        starts = ends - np.array([len(file) for file in files], dtype=np.int64)
        walk = Walk(data)
        found = [
            walk.file(index, start, end)
            for index, (start, end) in enumerate(zip(starts.tolist(), ends.tolist(), strict=True))
        ]
        self._buffer = np.frombuffer(data, np.uint8)
        self._starts = starts
        self._parts = np.array(walk.parts, dtype=np.int64)
        wrong = {
            index for index, value in zip(walk.crc_files, crc.crcs(self._buffer, walk.crc_spans), strict=True) if value
        }
        self.reports = [_report(count, problem, index in wrong) for index, (count, problem) in enumerate(found)]
        self._chunks: dict[int, list[Chunk]] = {}
        for definition, places in walk.found:
            if not len(places):
                continue
            place = np.frombuffer(places, np.int64)
            if definition.size:
                windows = np.lib.stride_tricks.sliding_window_view(self._buffer, definition.size)
                rows = windows[place + 1].view(definition.dtype).reshape(-1)
            else:
                rows = np.zeros(len(place), definition.dtype)
            self._chunks.setdefault(definition.number, []).append(Chunk(definition, place, rows))

    def add_problem(self, file: int, problem: str) -> None:
        """Adds what is known from elsewhere about the damage of a file."""
        self.reports[file] = _report(self.reports[file].message_count, problem, is_crc_wrong=False)

    @property
    def numbers(self) -> list[int]:
        """The kinds of messages there are."""
        return sorted(self._chunks)

    def chunks(self, number: int) -> list[Chunk]:
        """The messages of one kind as they were stored, one structured array per definition."""
        return self._chunks.get(number, [])

    def file_of(self, place: Ints) -> npt.NDArray[np.int32]:
        """The file in which each place lies."""
        return (np.searchsorted(self._starts, place, side="right") - 1).astype(np.int32)

    def is_time_compressed(self, place: Ints) -> npt.NDArray[np.bool_]:
        """Whether each message holds its time in its header."""
        compressed: npt.NDArray[np.bool_] = (self._buffer[place] & 0x80) != 0
        return compressed

    def table(self, message: str) -> "Table":
        """All messages of one kind of the profile; empty where there are none."""
        return Table(self, MESSAGES[message])

    @cached_property
    def _clock(self) -> tuple[Ints, Floats]:
        """Place and time (seconds since 1970) of every message that has one, in order of place."""
        places, times = [np.empty(0, np.int64)], [np.empty(0, np.int64)]
        short: list[tuple[Ints, Ints]] = [(np.empty(0, np.int64),) * 2]
        offset_places = [np.empty(0, np.int64)]
        for chunks in self._chunks.values():
            for chunk in chunks:
                compressed = self.is_time_compressed(chunk.place)
                time, low = _whole(chunk, TIMESTAMP), _whole(chunk, TIMESTAMP_16)
                if time is not None:
                    has_time = (time != 0xFFFFFFFF) & ~compressed
                    places.append(chunk.place[has_time])
                    times.append(time[has_time])
                elif chunk.definition.number == MONITORING and low is not None:
                    has_time = (low != 0xFFFF) & ~compressed  # one by one: they are of many files
                    short.append((chunk.place[has_time], low[has_time]))
                if compressed.any():
                    offset_places.append(chunk.place[compressed])
        place, time = np.concatenate(places), np.concatenate(times)
        offset_place = np.concatenate(offset_places)
        place, time = self._add_short(place, time, offset_place, self._buffer[offset_place] & 0x1F, 32, 0)
        short_place = np.concatenate([place for place, _ in short])
        low = np.concatenate([low for _, low in short])
        place, time = self._add_short(place, time, short_place, low, 0x10000, STEP_BACK_S)
        return place, time.astype(np.float64) + FIT_EPOCH_S

    def _add_short(
        self, place: Ints, time: Ints, short_place: Ints, low: npt.NDArray[np.integer], span: int, back: int
    ) -> tuple[Ints, Ints]:
        """Adds messages that give only the low digits of their time, each counted on from the message before it.

        Of the times that fit, the first one is taken that lies at most `back` seconds before the last.
        What comes before any whole time in its file has none.
        """
        all_places = np.concatenate([place, short_place])
        order = np.argsort(all_places, kind="stable")
        all_places = all_places[order]
        if not len(short_place):
            return all_places, time[order]
        is_whole = np.concatenate([np.ones(len(place), bool), np.zeros(len(short_place), bool)])[order]
        value = np.concatenate([time, low.astype(np.int64)])[order]
        step = np.zeros(len(value), np.int64)
        step[1:] = (value[1:] - value[:-1] + back) % span - back
        step[is_whole] = 0
        grown = np.cumsum(step)
        anchor = np.maximum.accumulate(np.where(is_whole, np.arange(len(value)), -1))
        part = np.searchsorted(self._parts, all_places, side="right")
        has_anchor = (anchor >= 0) & (part[anchor] == part)
        resolved = value[anchor] + grown - grown[anchor]
        return all_places[has_anchor], resolved[has_anchor]

    def time_of(self, place: Ints) -> Floats:
        """The time of each message in seconds since 1970, NaN where it has none."""
        places, times = self._clock
        if not len(places):
            return np.full(len(place), np.nan)
        at = np.minimum(np.searchsorted(places, place), len(places) - 1)
        return np.where(places[at] == place, times[at], np.nan)


def _whole(chunk: Chunk, number: int) -> Ints | None:
    """A field of whole numbers, one in each message; None where these messages have no such field."""
    key, dtype = str(number), chunk.definition.dtype
    if key not in (dtype.names or ()) or dtype[key].kind not in "ui":  # a list of numbers has the kind V
        return None
    return chunk.rows[str(number)].astype(np.int64)


def _report(count: int, problem: str, is_crc_wrong: bool) -> Report:
    problems = [problem] if problem else []
    if is_crc_wrong:
        problems.append(say("has a checksum that does not match its bytes"))
    if not problems:
        return Report(count, "", is_partial=False)
    kept = {0: say("no message of it was"), 1: say("1 message of it was")}.get(
        count, say("{count} messages of it were", count=count)
    )
    message = say("The file {names}; {kept} kept.", names=" and ".join(problems), kept=kept)
    return Report(count, message, is_partial=bool(problem) and problem != LACKS_CRC)


class Table:
    """All messages of one kind, in the order of the files."""

    def __init__(self, decoded: Decoded, message: Message) -> None:
        self.message = message
        self._chunks = decoded.chunks(message.number)
        place = np.concatenate([np.empty(0, np.int64), *(chunk.place for chunk in self._chunks)])
        self._order = np.argsort(place, kind="stable")
        self.place = place[self._order]
        self.file = decoded.file_of(self.place)
        self._decoded = decoded

    def __len__(self) -> int:
        return len(self.place)

    @cached_property
    def time(self) -> Floats:
        """Seconds since 1970 in UTC; NaN where a message has none."""
        return self._decoded.time_of(self.place)

    def column(self, name: str) -> Floats:
        """A field's numbers, scaled, NaN for null; times in seconds since 1970; of an array the first number."""
        return self._column(name, is_scaled=True)

    def raw(self, name: str) -> Floats:
        """A field's numbers as stored, NaN for null; of an array the first number."""
        return self._column(name, is_scaled=False)

    def has(self, name: str) -> bool:
        """Whether any message could give this field."""
        key = str(self.message.numbers[name])
        return any(key in (chunk.definition.dtype.names or ()) for chunk in self._chunks)

    def texts(self, name: str) -> list[str]:
        """A field's text, '' for null."""
        key = str(self.message.numbers[name])
        found: list[str] = []
        for chunk in self._chunks:
            if key in (chunk.definition.dtype.names or ()):
                found += [text(bytes(row)) for row in np.atleast_2d(chunk.rows[key].T).T]
            else:
                found += [""] * len(chunk.place)
        return [found[index] for index in self._order]

    def _column(self, name: str, *, is_scaled: bool) -> Floats:
        number = self.message.numbers[name]
        field = self.message.fields[number]
        key = str(number)
        parts = [np.empty(0)]
        for chunk in self._chunks:
            if key not in (chunk.definition.dtype.names or ()):
                parts.append(np.full(len(chunk.place), np.nan))
                continue
            base = next(one.base for one in chunk.definition.fields if one.number == number and one.developer is None)
            stored = chunk.rows[key]
            stored = stored[:, 0] if stored.ndim == 2 else stored
            values = stored.astype(np.float64)
            if base.name == "string":
                values[:] = np.nan
            elif base.invalid is not None:
                values[stored == base.invalid] = np.nan
            parts.append(values)
        values = np.concatenate(parts)[self._order]
        if not is_scaled:
            return values
        return values + FIT_EPOCH_S if field.kind else values / field.scale + field.offset


def text(stored: bytes) -> str:
    """A FIT string: UTF-8 up to the first zero byte, or all of it where the device forgot the zero."""
    return stored.partition(b"\0")[0].decode("utf-8", errors="replace")


def decode(files: Sequence[bytes]) -> Decoded:
    """The messages of many files, held in memory at once: give it some tens of megabytes at a time."""
    return Decoded(files)
