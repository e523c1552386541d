"""Recorded activities in XML (TCX, GPX): the elements as a stream, and what the points of a recording become.

What makes XML dangerous is refused: a document type (entities that explode or open files), tags without end, elements
in elements without end. What other programs write wrong is borne: blanks before the head, control characters, prefixes
that nobody declared.

Between two points more than five minutes apart nobody moved, unless the file's own clock ran on, or, without one,
its points lie that far apart anyway: there the recording is cut, and its metres, steps and energy are shared out
by time. Positions are never kept.
"""

import re
from collections import Counter
from collections.abc import Callable, Container, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import pairwise
from math import isfinite
from typing import BinaryIO, NamedTuple
from xml.parsers import expat

from recovery.errors import UnreadableExportError
from recovery.formats.clock_offsets import FirstOffsets
from recovery.formats.records import Activity, Batch, ClockOffset, Removed, Skipped, batch_of_rows
from recovery.formats.removed_numbers import RemovedNumbers
from recovery.formats.times import iso_time, naive_utc
from recovery.home.clock import FIRST_UTC, LAST_UTC, is_place
from recovery.vocabulary.heart_rates import MAX_SENSOR_BPM
from recovery.words.say import say

CHUNK_BYTES = 1 << 17
MAX_TOKEN_BYTES = 1 << 23  # one tag or text; a recorded activity has none of a thousand bytes
MAX_DEPTH = 100
MAX_TEXT = 100  # characters; the longest is the name of a device
CONTROLS = bytes(number for number in range(32) if number not in b"\t\n\r")
TO_SPACES = bytes.maketrans(CONTROLS, b" " * len(CONTROLS))
WIDE = (b"\xff\xfe", b"\xfe\xff", b"<\0", b"\0<")
BOM = b"\xef\xbb\xbf"
ROOT_CLUTTER = re.compile(rb"<\?.*?\?>|<!--.*?-->|<!DOCTYPE[^\[>]*(?:\[.*?\]\s*)?>", re.DOTALL)
ROOT = re.compile(rb"\s*<(?:[\w.-]+:)?([\w.-]+)")

PAUSE = timedelta(minutes=5)
ABOVE = say("heart rates above {max_sensor_bpm:g} left out", max_sensor_bpm=MAX_SENSOR_BPM)
BAD_TIMES = say("times that cannot be read, or of no year we read")
USUAL_GAPS = 3  # without a clock in the file, a pause is longer than so many usual gaps
MAX_ACTIVITY = timedelta(days=4)
PLACES = frozenset(("lat", "lon"))


class DamagedXmlError(UnreadableExportError):
    """The file breaks off or is no XML that an activity can be; what came before was whole."""


class Event(NamedTuple):
    """A tag that opens (`text` is '') or closes, by the name without its prefix."""

    is_end: bool
    name: str
    parent: str
    text: str
    attributes: dict[str, str]


def root_of(head: bytes) -> str:
    """The name of the first element, without its prefix; '' where the bytes are no XML."""
    plain = head.removeprefix(BOM).replace(b"\0", b"")
    if plain.startswith((b"\xff\xfe", b"\xfe\xff")):
        plain = plain[2:]
    match = ROOT.match(ROOT_CLUTTER.sub(b"", plain))
    return match[1].decode("ascii", "replace") if match else ""


def events(stream: BinaryIO, texts: Container[str]) -> Iterator[Event]:
    """All tags of a file in order, with the texts of the named elements.

    Raises DamagedXmlError where the file ends early, is no XML, or is hostile; all tags before were given.
    """
    parser = _Parser(texts)
    start = b""
    while True:
        chunk = stream.read(CHUNK_BYTES)
        if not parser.is_begun:  # the head may only stand behind what must not be there
            start = (start + chunk).removeprefix(BOM).lstrip()
            if chunk and (len(start) < 4 or BOM.startswith(start)):
                continue
            parser.begin(is_wide=start.startswith(WIDE))
            chunk, start = start or chunk, b""
        problem = parser.feed(chunk)
        yield from parser.taken()
        if problem:
            raise DamagedXmlError(problem)
        if not chunk:
            return


class _Parser:
    """Collects the tags that expat reports."""

    def __init__(self, texts: Container[str]) -> None:
        self.texts = texts
        self.found: list[Event] = []
        self.stack: list[tuple[str, dict[str, str]]] = []
        self.text = ""
        self.problem = ""
        self.is_begun = self.is_wide = False
        self.fed = 0
        self.parser = expat.ParserCreate()
        self.parser.StartElementHandler = self._start
        self.parser.EndElementHandler = self._end
        self.parser.CharacterDataHandler = self._characters
        self.parser.StartDoctypeDeclHandler = self._doctype

    def begin(self, *, is_wide: bool) -> None:
        """Starts with the first bytes; a wide text (UTF-16) is given to expat as it is."""
        self.is_begun, self.is_wide = True, is_wide

    def feed(self, chunk: bytes) -> str:
        """What is wrong, or nothing."""
        self.fed += len(chunk)
        try:
            self.parser.Parse(chunk if self.is_wide else chunk.translate(TO_SPACES), not chunk)
        except (expat.ExpatError, LookupError, ValueError):
            return self.problem or say("the file is cut short or damaged here; what stands before was read")
        if not self.problem and self.fed - self.parser.CurrentByteIndex > MAX_TOKEN_BYTES:
            self.problem = say("holds a tag or text without end, which no activity has")
        return self.problem

    def taken(self) -> list[Event]:
        """The tags since the last call."""
        found, self.found = self.found, []
        return found

    def _start(self, tag: str, attributes: dict[str, str]) -> None:
        if self.problem:
            return
        name = tag.rpartition(":")[2]
        kept = {key.rpartition(":")[2]: value for key, value in attributes.items() if key not in PLACES}
        self.found.append(Event(False, name, self.stack[-1][0] if self.stack else "", "", kept))
        self.stack.append((name, kept))
        self.text = ""
        if len(self.stack) > MAX_DEPTH:
            self.problem = say("holds elements more than {max_depth} deep, which no activity has", max_depth=MAX_DEPTH)

    def _end(self, _: str) -> None:
        if self.problem:
            return
        name, attributes = self.stack.pop()
        self.found.append(Event(True, name, self.stack[-1][0] if self.stack else "", self.text.strip(), attributes))
        self.text = ""

    def _characters(self, text: str) -> None:
        if self.stack and self.stack[-1][0] in self.texts and len(self.text) < MAX_TEXT:
            self.text += text[:MAX_TEXT]

    def _doctype(self, *_: object) -> None:
        self.problem = say("declares a document type, which no recorded activity does and attackers do")
        raise ValueError(self.problem)


# ---- recordings ------------------------------------------------------------------------------------------------------


@dataclass
class Recording:
    """One activity as its file describes it."""

    sport: str | None = None
    times: list[datetime] = field(default_factory=list)
    spans: list[tuple[datetime, datetime]] = field(default_factory=list)  # laps without points
    timed_s: float | None = None  # how long the file's own clock ran; it stands in pauses
    steps: float | None = None
    distance_m: float | None = None
    active_energy_kcal: float | None = None


@dataclass
class ActivityFile:
    """One file while it is read."""

    number: int
    source: str = ""
    recordings: list[Recording] = field(default_factory=list)
    hearts: dict[datetime, float] = field(default_factory=dict)
    notes: Counter[str] = field(default_factory=Counter)
    offsets: FirstOffsets = field(default_factory=FirstOffsets)
    newest: datetime | None = None
    bad_time: str | None = None  # the first that could not be read

    def __post_init__(self) -> None:
        self.removed = RemovedNumbers(self.number)

    def time(self, text: str) -> datetime | None:
        """An instant, NULL and counted where it cannot be one."""
        try:
            stamp = iso_time(text)
            ahead = stamp.utcoffset()
            if ahead is None:
                self.notes[say("times without a zone, taken as UTC")] += 1
            else:
                stamp = naive_utc(stamp)
            if FIRST_UTC < stamp < LAST_UTC:
                if ahead and is_place(int(ahead.total_seconds())):  # of +00:00 nobody knows whether it is a place
                    self.offsets.add("", stamp, int(ahead.total_seconds()))
                return stamp
        except (ValueError, OverflowError):
            pass
        self.notes[BAD_TIMES] += 1
        self.bad_time = self.bad_time or text
        return None

    def heart(self, time: datetime | None, text: str) -> None:
        """A heart rate; 0 is none."""
        bpm = self.number_in(text)
        if time is None or not bpm:
            return
        if bpm > MAX_SENSOR_BPM:
            self.notes[ABOVE] += 1
            self.removed.add("heart_rate_bpm", ABOVE, source=self.source, day=time)
        else:
            self.hearts[time] = bpm

    def number_in(self, text: str) -> float | None:
        """A number that is not negative; NULL, and counted, where the text is none."""
        try:
            value = float(text)
        except (ValueError, OverflowError):
            value = -1.0
        if isfinite(value) and value >= 0:
            return value
        self.notes[say("numbers that cannot be read")] += 1
        return None

    def records(self) -> Iterator[Batch | Removed | Skipped]:
        """The activities, cut at pauses, and the heart rates."""
        activities = [part for recording in self.recordings for part in parts(recording, self.source, self.notes)]
        yield batch_of_rows("activities", self.number, activities)
        yield batch_of_rows(
            "samples",
            self.number,
            [
                {"source": self.source, "metric": "heart_rate_bpm", "start_utc": time, "end_utc": time, "value": bpm}
                for time, bpm in sorted(self.hearts.items())
            ],
        )
        offsets: list[ClockOffset] = [{**offset, "source": self.source} for offset in self.offsets.rows()]
        yield batch_of_rows("clock_offsets", self.number, offsets)
        yield from self.removed.rows()
        self.newest = max([*(part["end_utc"] for part in activities), *self.hearts], default=None)
        if self.newest is None and self.bad_time is not None:
            reason = say("none of its times can be read, or they are of no year we read")
            del self.notes[BAD_TIMES]  # the reason says it
            yield Skipped(self.number, "", reason, self.bad_time)

    def read(self, stream: BinaryIO, texts: Container[str], take: Callable[[Event], None]) -> Iterator[Skipped]:
        """Hands over the tags one by one; damage is skipped with its place and ends the file."""
        try:
            for event in events(stream, texts):
                take(event)
        except DamagedXmlError as error:
            points = sum(len(recording.times) for recording in self.recordings)
            yield Skipped(self.number, say("after point {points}", points=points), error.message)


def parts(recording: Recording, source: str, notes: Counter[str]) -> Iterator[Activity]:
    """The rows of `activities` of a recording, one for each stretch between pauses; what is left out is noted."""
    ran = stretches(recording)
    whole_s = sum((end - start).total_seconds() for start, end in ran)
    for start, end in ran:
        if end > start + MAX_ACTIVITY:
            notes[say("activities left out that last longer than four days")] += 1
            continue
        share = (end - start).total_seconds() / whole_s
        yield {
            "source": source,
            "start_utc": start,
            "end_utc": end,
            "sport": recording.sport,
            "steps": _times(recording.steps, share),
            "distance_m": _times(recording.distance_m, share),
            "active_energy_kcal": _times(recording.active_energy_kcal, share),
        }
    if not ran and recording.times:
        notes[say("activities left out that tell one moment only")] += 1


def _times(amount: float | None, share: float) -> float | None:
    return None if amount is None else amount * share


def stretches(recording: Recording) -> list[tuple[datetime, datetime]]:
    """Where the recording ran: points and laps, joined over gaps that are no pause."""
    pieces = sorted([*((time, time) for time in recording.times), *recording.spans])
    if not pieces:
        return []
    pause = PAUSE if recording.timed_s is not None else longest_gap(sorted(recording.times))
    joined = [pieces[0]]
    for start, end in pieces[1:]:
        if start - joined[-1][1] > pause:
            joined.append((start, end))
        else:
            joined[-1] = (joined[-1][0], max(end, joined[-1][1]))
    pauses = _pauses(recording, joined)
    cut = [joined[0]]
    for number, (start, end) in enumerate(joined[1:], 1):
        if number in pauses:
            cut.append((start, end))
        else:
            cut[-1] = (cut[-1][0], max(end, cut[-1][1]))
    return [(start, end) for start, end in cut if end > start]


def longest_gap(times: Sequence[datetime]) -> timedelta:
    """How far apart two of the times, in order, may lie without a pause between them."""
    gaps = sorted(later - earlier for earlier, later in pairwise(times))
    return max(PAUSE, USUAL_GAPS * gaps[len(gaps) // 2]) if gaps else PAUSE


def _pauses(recording: Recording, joined: Sequence[tuple[datetime, datetime]]) -> set[int]:
    """Before which pieces there was a pause: the longest gaps, as far as the file's own clock stood still."""
    gaps = {
        number: (start - before[1]).total_seconds() for number, (before, (start, _)) in enumerate(pairwise(joined), 1)
    }
    if recording.timed_s is None:
        return set(gaps)
    still_s = (joined[-1][1] - joined[0][0]).total_seconds() - recording.timed_s
    found = set()
    for number, gap_s in sorted(gaps.items(), key=lambda item: -item[1]):
        if still_s < gap_s / 2:
            break
        found.add(number)
        still_s -= gap_s
    return found


def slug(text: str) -> str:
    """A name of a program or device as part of a source's name."""
    return re.sub(r"[^a-z0-9]+", "_", text.lower())[:40].strip("_")
