"""The elements of a HealthKit export as columns, megabytes at a time, with flat memory.

Between its quotes such a file repeats a few hundred pieces of text: ` startDate=`, `/>\\n <Record type=`. So the bytes
are cut at the quotes, the pieces outside values are numbered, each distinct one is understood once by a strict grammar,
and the rest is arithmetic on columns. Whatever the grammar does not know (single quotes, CDATA, text, damage) goes
through a real XML parser, which writes it anew in the usual form (`recovery.formats.apple.repair`).

The document type is skipped unread, so nothing is ever expanded: that of iOS 16 is malformed, a hostile one explodes.
"""

import re
from collections import Counter
from collections.abc import Collection, Generator, Iterator
from itertools import chain
from typing import BinaryIO, NamedTuple

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from recovery.formats.apple.repair import Repair

Ints = npt.NDArray[np.int64]
Bools = npt.NDArray[np.bool_]

CHUNK_BYTES = 8 << 20  # columns take about five times that; less is slower
READ_BYTES = 1 << 19  # zipfile copies what it has not inflated yet at every call
RUN_BYTES = 1 << 18
CACHED_GAPS = 1 << 14  # by this and the next line the processor's cache holds what is worked on
CACHED_BYTES = 1 << 18  # searched at once for quotes
MAX_ELEMENT_BYTES = 64 << 20  # a workout of 2018 holds its route, a few megabytes
MAX_DOCTYPE_BYTES = 1 << 20  # Apple's has 10,000
ROOT = re.compile(rb"<HealthData(?:\s[^>]*)?>")
END = b"</HealthData>"

NAME = rb"[^\s<>=\"'/!?]++"
COMMENT = rb"<!--(?:(?!--)[^\"])*+-->"
BETWEEN = rb"(?P<between>(?:\s++|</" + NAME + rb"\s*+>|<" + NAME + rb"\s*+/?>|" + COMMENT + rb")*+)"
# Names with spaces: Withings wrote such attributes. Nothing here goes back on what it has matched, however long.
GAP = re.compile(
    rb"\"?+(?:\s*+(?P<end>/?>))?+" + BETWEEN + rb"(?:<(?P<name>" + NAME + rb")\s++)?+"
    rb"(?P<attribute>" + NAME + rb"(?: ++" + NAME + rb")*+)\s*+=\s*+\""
)  # fmt: skip
TAIL = re.compile(rb"\"?+\s*+(?P<end>/?>)?+" + BETWEEN)
TAG = re.compile(COMMENT + rb"|<(?P<close>/)?" + NAME + rb"\s*+(?P<empty>/)?>")
MAX_GAPS = 30_000  # no export has a thousand; bytes that only look like one may have any number
MAX_NAMES = 10_000
MAX_DEEPER = 1000
# Where an element of this name cannot stand shows that the file is damaged.
NEVER_ON_TOP = (
    b"MetadataEntry", b"WorkoutEvent", b"WorkoutStatistics", b"WorkoutRoute", b"WorkoutActivity", b"Location",
    b"FileReference", b"HeartRateVariabilityMetadataList", b"InstantaneousBeatsPerMinute",
)  # fmt: skip
ALWAYS_ON_TOP = (b"ExportDate", b"Me", b"Workout", b"ActivitySummary", b"Correlation", b"ClinicalRecord")


class Gap(NamedTuple):
    """What stands between two values: the way to the next element, if any, and the name of the next attribute."""

    deeper: int  # levels from the element before to the next one
    name: int  # of the next element; -1 = the same element goes on
    attribute: int


NOT_UNDERSTOOD = Gap(0, -1, -1)


class Vocabulary:
    """Names and gaps met so far, by number; the gap 0 is any that is not understood."""

    def __init__(self) -> None:
        self.names: dict[bytes, int] = {}
        self.gaps: dict[bytes, int] = {}
        self.parsed = [NOT_UNDERSTOOD]
        self._table = np.array(self.parsed)

    def number(self, name: bytes) -> int:
        """The number of a name; a new one where it is not known yet."""
        return self.names.setdefault(name, len(self.names))

    def gap(self, text: bytes) -> int:
        """The number of a gap."""
        if text not in self.gaps:
            gap = self._parsed(text) if len(self.gaps) < MAX_GAPS else NOT_UNDERSTOOD
            if gap is NOT_UNDERSTOOD:
                return 0
            self.gaps[text] = len(self.parsed)
            self.parsed.append(gap)
        return self.gaps[text]

    def table(self) -> npt.NDArray[np.int16]:
        """What each gap means: its fields, by number."""
        if len(self._table) < len(self.parsed):
            self._table = np.array(self.parsed, np.int16)
        return self._table.T

    def _parsed(self, text: bytes) -> Gap:
        match = GAP.fullmatch(text)
        if match is None or len(self.names) > MAX_NAMES:
            return NOT_UNDERSTOOD
        goes_on = match["end"] is None and text.startswith(b'"')
        if goes_on != (match["name"] is None):
            return NOT_UNDERSTOOD
        if goes_on:
            return Gap(0, -1, self.number(match["attribute"])) if match["between"].isspace() else NOT_UNDERSTOOD
        deeper = _deeper(match["end"], match["between"])
        if abs(deeper) > MAX_DEEPER:
            return NOT_UNDERSTOOD
        return Gap(deeper, self.number(match["name"]), self.number(match["attribute"]))


def _deeper(end: bytes | None, between: bytes) -> int:
    """How much deeper the file is after the end of a tag and the tags without attributes that follow."""
    return _depths(end, between)[-1]


def _depths(end: bytes | None, between: bytes) -> list[int]:
    depths = [1 if end == b">" else 0]
    for tag in TAG.finditer(between):
        if tag["close"]:
            depths.append(depths[-1] - 1)
        elif not tag["empty"] and not tag[0].startswith(b"<!--"):
            depths.append(depths[-1] + 1)
    return depths


class Block:
    """Whole elements of the top level, with all that stands in them.

    `name` and `depth` have one entry per element with attributes; depth 1 is the top level. The data is that of the
    next block once that is asked for.
    """

    def __init__(self, data: bytearray, begin: int, end: int, vocabulary: Vocabulary) -> None:
        self.data = data
        self.begin, self.size = begin, end
        self.vocabulary = vocabulary
        self.bytes = np.frombuffer(data, np.uint8, end)
        self.pieces = pa.array([], pa.binary())  # what stands outside and inside values, by turns
        self.bounds = np.zeros(1, np.int32)  # of the pieces
        self.name = np.empty(0, np.int16)
        self.depth = np.empty(0, np.int64)
        self.attribute = np.empty(0, np.int16)  # of each value
        self.element = np.empty(0, np.int32)  # of each value
        self.left_out: Counter[bytes] = Counter()  # by type, records before this block that nobody needs
        self._places: dict[bytes, Ints] = {}

    def rows(self, name: bytes, depth: int) -> Ints:
        """The elements of a name at a depth, by number."""
        number = self.vocabulary.names.get(name, -1)
        return np.flatnonzero((self.name == number) & (self.depth == depth))

    def places(self, attribute: bytes) -> Ints:
        """Of each element the number of the value of an attribute, -1 where it has none."""
        if attribute not in self._places:
            places = np.full(len(self.name), -1, np.int64)
            mine = np.flatnonzero(self.attribute == self.vocabulary.names.get(attribute, -2))
            places[self.element[mine]] = mine
            self._places[attribute] = places
        return self._places[attribute]

    def spans(self, places: Ints) -> tuple[Ints, Ints]:
        """Where values begin and end in the data; both 0 where there is none."""
        pieces = 2 * places + 1
        is_given = places >= 0
        return (
            np.where(is_given, self.bounds[np.where(is_given, pieces, 0)], 0),
            np.where(is_given, self.bounds[np.where(is_given, pieces + 1, 0)], 0),
        )

    def values(self, places: Ints) -> pa.Array:
        """The values as they stand, with entities; NULL where there is none."""
        return self.pieces.take(pa.array(2 * places + 1, mask=places < 0))

    def values_of(self, attributes: Collection[bytes]) -> Ints:
        """The values of any of these attributes, by number."""
        is_one = np.zeros(len(self.vocabulary.names) + 1, bool)  # the last for none
        is_one[[self.vocabulary.names[name] for name in attributes if name in self.vocabulary.names]] = True
        return np.flatnonzero(is_one[self.attribute])

    def last_type(self) -> bytes:
        """The type of the last element of the top level, where that is a record."""
        last = int(np.flatnonzero(self.depth == 1)[-1]) if len(self.name) else 0
        if not len(self.name) or self.name[last] != self.vocabulary.names.get(b"Record"):
            return b""
        return self.values(self.places(b"type")[[last]])[0].as_py() or b""

    def first_places(self) -> Ints:
        """The number of the first value of each element."""
        return np.flatnonzero(np.diff(self.element, prepend=-1))

    def stretches(self, first: Ints, last: Ints) -> pa.Array:
        """What stands from the beginning of one value to the end of another, with all between; in ascending order."""
        bounds = np.empty(2 * len(first), np.int32)
        bounds[0::2] = self.bounds[2 * first + 1]
        bounds[1::2] = self.bounds[2 * last + 2]
        buffers = [None, pa.py_buffer(bounds), pa.py_buffer(self.data)]
        pieces = pa.Array.from_buffers(pa.binary(), len(bounds) - 1, buffers)
        return pieces.take(pa.array(np.arange(0, len(bounds), 2)))

    def top(self) -> Ints:
        """Of each element the element of the top level it stands in, by number."""
        numbers = np.arange(len(self.depth))
        return np.maximum.accumulate(np.where(self.depth == 1, numbers, 0)) if len(numbers) else numbers


class Course:
    """How the reading of one file went."""

    def __init__(self) -> None:
        self.has_root = False
        self.is_whole = False
        self.repair: Repair | None = None

    @property
    def damage_count(self) -> int:
        return self.repair.damage_count if self.repair else 0


def blocks(stream: BinaryIO, course: Course, needed: Collection[bytes]) -> Iterator[Block]:
    """All elements of an export, in blocks of a few megabytes; `course` says how that went.

    Records stand in the file by type: long runs of types that are not `needed` are only counted.
    """
    first = _after_root(stream)
    if first is None:
        return
    course.has_root = True
    vocabulary = Vocabulary()
    pieces = chain([first], iter(lambda: stream.read(READ_BYTES), b""))
    rest = yield from _scanned(pieces, vocabulary, course, needed)
    if rest is not None:
        course.repair = Repair(chain([rest], pieces))
        yield from _scanned(iter(course.repair), vocabulary, course, needed)
        course.is_whole = course.repair.is_whole


def _after_root(stream: BinaryIO) -> bytes | None:
    """What follows the start of the root element; None where there is no such root."""
    head = b""
    while len(head) < MAX_DOCTYPE_BYTES and (piece := stream.read(1 << 16)):
        head += piece
        if root := ROOT.search(head):
            return END if root[0].endswith(b"/>") else head[root.end() :]
    return None


def _scanned(
    pieces: Iterator[bytes], vocabulary: Vocabulary, course: Course, needed: Collection[bytes]
) -> Generator[Block, None, bytes | None]:
    """Blocks of elements, until the end or something that is not understood: then all that was not used is returned."""
    last_type = b""
    data = bytearray(2 * CHUNK_BYTES)  # one for all blocks: to ask for memory anew each time costs as much as to unzip
    kept = 0
    while True:
        size = kept
        while size - kept < CHUNK_BYTES and (piece := next(pieces, b"")):
            if size + len(piece) > len(data):
                data = data[:size] + bytearray(size + len(piece))
            data[size : size + len(piece)] = piece
            size += len(piece)
        is_last = size - kept < CHUNK_BYTES
        begin, run_count = _run(data, size, last_type) if last_type not in needed else (0, 0)
        block = Block(data, begin, size, vocabulary)
        block.left_out[last_type] += run_count
        cut, is_understood = _fill(block, is_last=is_last)
        last_type = block.last_type() or last_type
        if len(block.name) or run_count:
            yield block
        del block
        kept = size - cut
        if not is_understood or kept > MAX_ELEMENT_BYTES:
            return bytes(data[cut:size])
        if is_last:
            course.is_whole = data[cut:size].lstrip().startswith(END)
            return None
        data[:kept] = data[cut:size]


def _run(data: bytearray, size: int, kind: bytes) -> tuple[int, int]:
    """How far, and how many, records of one type without anything in them follow each other from the beginning."""
    start = b'<Record type="' + kind + b'"'
    place = count = 0
    while (end := data.rfind(b"<Record ", place, min(place + RUN_BYTES, size))) > place:
        here = data.count(start, place, end)
        if not here or data.count(b"<", place, end) != here or data.count(b"/>", place, end) != here:
            break
        place, count = end, count + here
    return place, count


def _fill(block: Block, *, is_last: bool) -> tuple[int, bool]:
    """Fills a block with the whole elements its data begins with: where they end, whether all was understood."""
    quotes = _quotes(block.bytes[block.begin :]) + block.begin
    count = len(quotes) // 2
    if not count:
        return block.begin, True
    vocabulary = block.vocabulary
    bounds = np.empty(2 * count + 1, np.int32)
    bounds[0] = block.begin
    bounds[1::2] = quotes[0 : 2 * count : 2] + 1
    bounds[2::2] = quotes[1 : 2 * count : 2]
    buffers = [None, pa.py_buffer(bounds), pa.py_buffer(block.data)]
    block.bounds, block.pieces = bounds, pa.Array.from_buffers(pa.binary(), 2 * count, buffers)
    codes = _gaps(block, count)
    deeper, name_of, attribute_of = vocabulary.table()
    is_strange = codes == 0
    first_strange = int(np.argmax(is_strange)) if is_strange.any() else count
    is_first_of_element = (name_of >= 0)[codes]
    starts = np.flatnonzero(is_first_of_element[:first_strange])
    if not len(starts):
        return block.begin, first_strange == count
    name = name_of[codes[starts]]
    depth = 1 + np.cumsum(deeper[codes[starts]], dtype=np.int64)
    wrong = _misplaced(vocabulary, name, depth)
    if wrong < len(starts):
        first_strange = min(first_strange, int(starts[wrong]))
        starts, name, depth = starts[:wrong], name[:wrong], depth[:wrong]
    is_understood = first_strange == count
    kept, cut = _cut(block, starts, np.flatnonzero(depth == 1))
    if is_last and is_understood:
        tail = TAIL.match(block.data, int(bounds[-1]), block.size)
        if tail and tail["end"] and depth[-1] + min(_depths(tail["end"], tail["between"])) <= 1:
            kept, cut = len(starts), _end_of_elements(block.data, tail)  # the last element is whole too
    if not kept:
        return block.begin, is_understood
    last = int(starts[kept]) if kept < len(starts) else count
    block.name, block.depth = name[:kept], depth[:kept]
    block.attribute = attribute_of[codes[:last]]
    block.element = np.cumsum(is_first_of_element[:last], dtype=np.int32) - 1
    return cut, is_understood


def _gaps(block: Block, count: int) -> npt.NDArray[np.int16]:
    """The number of what stands before each value."""
    codes = np.empty(count, np.int16)
    for begin in range(0, count, CACHED_GAPS):
        end = min(begin + CACHED_GAPS, count)
        gaps = block.pieces.take(pa.array(np.arange(2 * begin, 2 * end, 2, dtype=np.int32))).dictionary_encode()
        numbers = np.array([block.vocabulary.gap(text) for text in gaps.dictionary.to_pylist()], np.int16)
        codes[begin:end] = numbers[gaps.indices.to_numpy()]
    return codes


def _quotes(data: npt.NDArray[np.uint8]) -> Ints:
    """The places of all quotes, searched piecewise, as the processor's cache is small."""
    begins = range(0, len(data), CACHED_BYTES)
    found = [np.flatnonzero(data[begin : begin + CACHED_BYTES] == ord('"')) + begin for begin in begins]
    return np.concatenate(found) if found else np.empty(0, np.int64)


def _end_of_elements(data: bytearray, tail: "re.Match[bytes]") -> int:
    """Where the last whole element ends: before the root's own end, where it is there."""
    root_end = data.find(END, tail.start(), tail.end())
    return tail.end() if root_end < 0 else root_end


def _cut(block: Block, starts: Ints, tops: Ints) -> tuple[int, int]:
    """How many elements stand before the last one of the top level, and where that begins."""
    if not len(tops):
        return 0, block.begin
    kept = int(tops[-1])
    return kept, block.data.rfind(b"<", block.begin, int(block.bounds[2 * starts[kept] + 1]))


def _misplaced(vocabulary: Vocabulary, name: npt.NDArray[np.int16], depth: Ints) -> int:
    """The first element that cannot stand where it stands, or how many there are."""
    never = np.array([text in NEVER_ON_TOP for text in vocabulary.names])
    always = np.array([text in ALWAYS_ON_TOP for text in vocabulary.names])
    wrong = (depth < 1) | ((depth == 1) & never[name]) | ((depth > 1) & always[name])
    return int(np.argmax(wrong)) if wrong.any() else len(name)
