"""FIT files, many at once, as columns: one table per kind of message, in the order of the files.

The record headers are walked in Python; messages that share a definition, of whatever file, are gathered at once and
viewed as a NumPy structured array. The fixed cost of a file is what counts for thousands of files of 2 kB, so nothing
here is made per file but its walk, and a definition is parsed once however many files repeat its bytes.

Nulls are NaN in `Table.column`; times are seconds since 1970 in UTC, NaN where a message has none. A damaged file gives
every message before the damage, and a sentence about it in its `Report`.
"""

from array import array
from collections.abc import Sequence
from functools import cached_property, lru_cache
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from recovery.fit import crc
from recovery.fit.profile import MESSAGES, Message

FIT_EPOCH_S = 631065600  # 1989-12-31T00:00:00Z, where FIT's seconds begin, in seconds since 1970
TIMESTAMP = 253
TIMESTAMP_16 = 26  # of monitoring (55): the low 16 bits of the time
MONITORING = 55
# A timestamp_16 that lies up to this long before the last time told is a step back, not a wrap of 18 h; the Garmin
# years hold such a step.
STEP_BACK_S = 4096

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]


class BaseType(NamedTuple):
    """How a field's bytes are read."""

    name: str
    code: str  # NumPy's, without byte order
    size: int
    invalid: int | None  # the value that means "not told"; None where it is NaN or empty


BASE_TYPES = {
    0x00: BaseType("enum", "u1", 1, 0xFF),
    0x01: BaseType("sint8", "i1", 1, 0x7F),
    0x02: BaseType("uint8", "u1", 1, 0xFF),
    0x83: BaseType("sint16", "i2", 2, 0x7FFF),
    0x84: BaseType("uint16", "u2", 2, 0xFFFF),
    0x85: BaseType("sint32", "i4", 4, 0x7FFFFFFF),
    0x86: BaseType("uint32", "u4", 4, 0xFFFFFFFF),
    0x07: BaseType("string", "u1", 1, None),
    0x88: BaseType("float32", "f4", 4, None),
    0x89: BaseType("float64", "f8", 8, None),
    0x0A: BaseType("uint8z", "u1", 1, 0),
    0x8B: BaseType("uint16z", "u2", 2, 0),
    0x8C: BaseType("uint32z", "u4", 4, 0),
    0x0D: BaseType("byte", "u1", 1, 0xFF),
    0x8E: BaseType("sint64", "i8", 8, 0x7FFFFFFFFFFFFFFF),
    0x8F: BaseType("uint64", "u8", 8, 0xFFFFFFFFFFFFFFFF),
    0x90: BaseType("uint64z", "u8", 8, 0),
}
BYTE = BASE_TYPES[0x0D]


class FieldDefinition(NamedTuple):
    """One field of a definition."""

    number: int
    base: BaseType
    size: int  # bytes
    developer: int | None  # the index of the developer whose field it is; None for the profile's own

    @property
    def key(self) -> str:
        """Its name in the structured array."""
        return f"{self.number}" if self.developer is None else f"{self.developer}:{self.number}"


class Definition(NamedTuple):
    """What a definition message says of the data messages that follow it."""

    number: int  # the kind of message
    fields: tuple[FieldDefinition, ...]
    size: int  # bytes of a data message, without its header
    dtype: np.dtype[np.void]


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


def parse_definition(content: bytes, *, is_developer: bool) -> Definition:
    """A definition message's content, without its header byte."""
    order = ">" if content[1] else "<"
    number = int.from_bytes(content[2:4], "big" if content[1] else "little")
    end = 5 + 3 * content[4]
    fields = [
        FieldDefinition(content[place], _base(content[place + 2], content[place + 1]), content[place + 1], None)
        for place in range(5, end, 3)
    ]
    if is_developer:
        fields += [
            FieldDefinition(content[place], BYTE, content[place + 1], content[place + 2])
            for place in range(end + 1, end + 1 + 3 * content[end], 3)
        ]
    names: list[str] = []
    formats: list[object] = []
    for field in fields:
        if not field.size:
            continue
        names.append(field.key if field.key not in names else f"{field.key} again {len(names)}")
        kind = order + field.base.code
        count = field.size // field.base.size
        is_many = count > 1 or field.base.name in ("string", "byte")
        formats.append((kind, (count,)) if is_many else kind)
    dtype = np.dtype(list(zip(names, formats, strict=True)))
    return Definition(number, tuple(fields), dtype.itemsize, dtype)


_parse_definition = lru_cache(maxsize=8192)(parse_definition)


def _base(code: int, size: int) -> BaseType:
    base = BASE_TYPES.get(code, BYTE)
    return base if size % base.size == 0 else BYTE  # a size that cannot hold the type: keep the bytes


class _Walk:
    """Where each message of each file lies in the joined bytes."""

    def __init__(self, data: bytes) -> None:
        self.data = data
        self.places: dict[bytes, array[int]] = {}  # definition's bytes -> places of its messages
        self.definitions: dict[bytes, Definition] = {}
        self.crc_spans: list[tuple[int, int]] = []
        self.crc_files: list[int] = []
        self.parts: list[int] = []  # where each FIT stream begins: a file may hold several

    def file(self, index: int, start: int, end: int) -> tuple[int, str]:
        """Walks one file: the number of its data messages, and what is wrong with it."""
        total = 0
        here = start
        while True:
            head = self._header(here, end)
            if isinstance(head, str):
                return total, head
            first, last, problem = head
            self.parts.append(here)
            count, damage = self._messages(first, min(last, end))
            total += count
            if damage:
                return total, damage
            if problem or last > end:
                return total, problem or f"is cut off {last + 2 - end} bytes before its end"
            if last + 2 > end:
                return total, "lacks its checksum"
            self.crc_spans.append((here, last + 2))
            self.crc_files.append(index)
            here = last + 2
            if here == end:
                return total, ""
            if self.data[here + 8 : here + 12] != b".FIT" or here + 12 > end:
                return total, f"has {end - here} bytes after its end, which were not read"

    def _header(self, here: int, end: int) -> tuple[int, int, str] | str:
        data = self.data
        if end - here < 12 or data[here + 8 : here + 12] != b".FIT":
            return "is not a FIT file"
        first = here + max(data[here], 12)
        size = int.from_bytes(data[here + 4 : here + 8], "little")
        if size == 0 and end > first + 2:
            return first, end, "was never closed by the device (its header tells no length)"
        return first, first + size, ""

    def _messages(self, here: int, end: int) -> tuple[int, str]:
        """Walks the messages of [here, end): how many data messages, and what stopped it early."""
        data = self.data
        sizes = [0] * 16  # by local type, with the header byte; 0 = not defined
        places: list[array[int]] = [array("q")] * 16
        count = 0
        while here < end:
            head = data[here]
            if head & 0xC0 == 0x40:
                stop = here + 6
                if stop <= end:
                    stop += 3 * data[here + 5]
                    if head & 0x20 and stop < end:
                        stop += 1 + 3 * data[stop]
                if stop > end:
                    return count, f"breaks off in the middle of a message, after {count} messages"
                content = data[here + 1 : stop]
                local = head & 0x0F
                definition = self.definitions.get(content)
                if definition is None:
                    definition = _parse_definition(content, is_developer=bool(head & 0x20))
                    self.definitions[content] = definition
                    self.places[content] = array("q")
                sizes[local] = definition.size + 1
                places[local] = self.places[content]
                here = stop
                continue
            local = head >> 5 & 0x03 if head & 0x80 else head & 0x0F
            size = sizes[local]
            if not size:
                return count, f"is damaged: after {count} messages follow bytes that no definition explains"
            stop = here + size
            if stop > end:
                return count, f"breaks off in the middle of a message, after {count} messages"
            places[local].append(here)
            count += 1
            here = stop
            while here < end and data[here] == head:
                # The same message again: as many as follow without a break, 128 at a look.
                limit = min(128, (end - here) // size)
                heads = data[here : here + limit * size : size]
                same = limit - len(heads.lstrip(heads[:1]))
                if not same:
                    break
                places[local].extend(range(here, here + same * size, size))
                count += same
                here += same * size
                if same < 128:
                    break
        return count, ""


class Decoded:
    """The messages of many files."""

    def __init__(self, files: Sequence[bytes]) -> None:
        data = b"".join(files)
        ends = np.cumsum([len(file) for file in files], dtype=np.int64)
        starts = ends - np.array([len(file) for file in files], dtype=np.int64)
        walk = _Walk(data)
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
        for content, places in walk.places.items():
            definition = walk.definitions[content]
            if not len(places):
                continue
            place = np.frombuffer(places, np.int64)
            if definition.size:
                windows = np.lib.stride_tricks.sliding_window_view(self._buffer, definition.size)
                rows = windows[place + 1].view(definition.dtype).reshape(-1)
            else:
                rows = np.zeros(len(place), definition.dtype)
            self._chunks.setdefault(definition.number, []).append(Chunk(definition, place, rows))

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

    def table(self, message: str) -> "Table":
        """All messages of one kind of the profile; empty where there are none."""
        return Table(self, MESSAGES[message])

    @cached_property
    def _clock(self) -> tuple[Ints, Floats]:
        """Place and time (seconds since 1970) of every message that tells one, in order of place."""
        places, times = [np.empty(0, np.int64)], [np.empty(0, np.int64)]
        short: list[tuple[Ints, Ints]] = [(np.empty(0, np.int64),) * 2]
        offset_places = [np.empty(0, np.int64)]
        for chunks in self._chunks.values():
            for chunk in chunks:
                compressed = self._buffer[chunk.place] & 0x80 != 0
                names = chunk.definition.dtype.names or ()
                if str(TIMESTAMP) in names and chunk.rows[str(TIMESTAMP)].ndim == 1:
                    time = chunk.rows[str(TIMESTAMP)].astype(np.int64)
                    told = (time != 0xFFFFFFFF) & ~compressed
                    places.append(chunk.place[told])
                    times.append(time[told])
                elif chunk.definition.number == MONITORING and str(TIMESTAMP_16) in names and not compressed.any():
                    low = chunk.rows[str(TIMESTAMP_16)].astype(np.int64)
                    told = low != 0xFFFF
                    short.append((chunk.place[told], low[told]))
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
        """Adds messages that tell only the low digits of their time, each counted on from the message before it.

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


def _report(count: int, problem: str, is_crc_wrong: bool) -> Report:
    is_partial = bool(problem) and problem != "lacks its checksum"
    if is_crc_wrong:
        more = "its checksum does not match its bytes"
        problem = f"{problem}; {more}" if problem else more
    if not problem:
        return Report(count, "", is_partial=False)
    return Report(count, f"{problem[0].upper()}{problem[1:]}; {count} messages were kept.", is_partial)


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
        """Whether any message could tell this field."""
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
            if base.invalid is not None:
                values[stored == base.invalid] = np.nan
            parts.append(values)
        values = np.concatenate(parts)[self._order]
        if not is_scaled:
            return values
        return values + FIT_EPOCH_S if field.kind else values / field.scale - field.offset


def text(stored: bytes) -> str:
    """A FIT string: UTF-8 up to the first zero byte, or all of it where the device forgot the zero."""
    return stored.partition(b"\0")[0].decode("utf-8", errors="replace")


def decode(files: Sequence[bytes]) -> Decoded:
    """The messages of many files, held in memory at once: give it some tens of megabytes at a time."""
    return Decoded(files)
