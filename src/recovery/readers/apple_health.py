"""Apple Health's export: `export.xml` under any name, in its zip or unpacked.

What we know of it, from excerpts of real exports and from what people measured on theirs:

- The file is found by its document type or root; its name is translated (`导出.xml`), the folder's is not.
- Every record has an instant with an offset, but the offset is mostly that of the phone that exported, not of the
  place: in an export of July 2019 from California a record of November stands at -0700, where its own route says -0800.
  What is used of it: docs/decisions/0008-apple-offsets.md.
- `%` is a share of 1 in the file, as in HealthKit; a value above 1 can only be of 100 and is divided.
- Children of a Correlation stand at the top level too, so children are never read. Rows repeat exactly.
- Sleep is single records, of one source often both plain and by stage, and lying in bed besides: see `apple.sleep`.
- A workout's totals are its `WorkoutStatistics`; before iOS 16 they were its own attributes.
- `ActivitySummary` (the rings) is Apple's own total of all devices; all 0 is a day without a watch.
- Symptoms are entered by hand, with a severity in words. Of them pain in the lower back is read, as its own scale
  (docs/decisions/0025); "unspecified" gives no number. One that lasts for days is told once for each 24 hours of it.
- State of Mind is not read: no export was found that shows how it is written.
- Zero heart rate, variability, breathing, oxygen or speed is no measurement; zero steps, floors or asymmetry is one.

Privacy: `Me` (birth date, sex, blood type), places, ECGs and clinical records are never read. Names of phones become
models, as `sourceName` mostly holds its owner's name.
"""

import math
import re
from collections import Counter
from collections.abc import Generator, Iterator, Mapping, Sequence
from datetime import UTC, date, datetime, timedelta
from typing import NamedTuple

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from recovery.formats.apple import offsets, sleep, sources
from recovery.formats.apple.columns import Floats, are_repeated, codes_of, numbers_of, texts_of
from recovery.formats.apple.elements import Block, Bools, Course, Ints, blocks
from recovery.formats.apple.kinds import (
    BACK_PAIN,
    DISTANCES,
    KCAL,
    KIND_OF_TYPE,
    KINDS,
    METRES,
    NAMED_OTHERS,
    QUANTITY,
    SEVERITIES,
    SEVERITY,
    SLEEP,
    STAGE,
    TYPES,
)  # fmt: skip
from recovery.formats.apple.removed import remove
from recovery.formats.apple.times import instants
from recovery.formats.entries import HEAD_BYTES, Claim, Context, Entry, Tree
from recovery.formats.records import Fate, FileSummary, Skipped, Yielded, batch, day_values
from recovery.formats.removed_numbers import RemovedNumbers
from recovery.formats.times import EPOCH, iso_date
from recovery.home import clock
from recovery.words.say import say

LABEL = "Apple Health (export.xml)"
VERSION = 3
USES_LOCAL_TIME = False

RINGS = sources.APPLE + ":activity"
WORKOUT = "HKWorkoutActivityType"
MAX_PERCENT = 100.0
MAX_AMOUNT_S = 2 * 86_400  # steps typed in for months would be spread over them
MAX_SLEEP_S = 86_400  # a longer stretch of sleep is a tracker that nobody stopped
MAX_NIGHT_S = 36 * 3600  # as in checks/nights.py: nobody sleeps longer
MAX_EXERCISE_MIN = 1440
FIRST_S = int(clock.FIRST_UTC.replace(tzinfo=UTC).timestamp())
LAST_S = int(clock.LAST_UTC.replace(tzinfo=UTC).timestamp())
MAX_WORKOUT_S = 4 * 86_400
MAX_SYMPTOM_S = 31 * 86_400  # a longer one was never ended
METRICS = [KINDS[name].metric for name in TYPES]
IS_AMOUNT = np.array([KINDS[name].is_amount for name in TYPES])
IS_ZERO_MEASURED = np.array([KINDS[name].is_zero_measured for name in TYPES])
LOW, HIGH = np.array([(KINDS[name].low, KINDS[name].high) for name in TYPES]).T
IS_SHARE = np.array(["%" in KINDS[name].units for name in TYPES])
ZONE_KEY = b"HKTimeZone"
MAX_HEADINGS_KEPT = 20_000
SAME = (b"type", b"sourceName", b"sourceVersion", b"device", b"unit")  # attributes that many records share
ADDRESS = re.compile(rb"HKDevice: 0x[0-9a-f]+")  # in memory, during the export
CHANGING = (b"creationDate", b"startDate", b"endDate", b"value")
ORIGIN = SAME[1:4]
REPEATED = say("left out, exact repetitions")
UNDATED = say("of a time that cannot be")
IMPOSSIBLE = say("of a value or length that cannot be")
CUT_SHORT = say("the file is cut short here; what stands before was read: export it again")

ROOT_IN_HEAD = re.compile(
    rb"(?:\xef\xbb\xbf)?\s*(?:<\?xml[^>]*>\s*)?(?:<!--.*?-->\s*)*(?:<!DOCTYPE\s+HealthData\b|<HealthData[\s/>])",
    re.DOTALL,
)
PROLOGUE = re.compile(rb"(?:\xef\xbb\xbf)?\s*(?:<\?xml[^>]*>\s*)?(?:<!--.*?-->\s*)*(?:<!--|$)", re.DOTALL)
FAR_BYTES = 1 << 20
ROUTES, ECGS, RECORDS = "workout-routes/", "electrocardiograms/", "clinical"
FOLDER = "apple_health_export/"
PRIVATE_ROUTE = say("known and never read: it holds the places of a workout")
PRIVATE_ECG = say("known and never read: an electrocardiogram")
PRIVATE_RECORD = say("known and never read: a clinical record")
COPY = say("known and not needed: it holds a part of what the export itself tells")


def claims(tree: Tree) -> Iterator[Claim]:
    """The export by its root, and what lies beside it."""
    exports = {entry.path for entry in tree if _is_export(entry)}
    folders = {path.rpartition("/")[0] + "/" if "/" in path else "" for path in exports}
    folders |= {entry.path[: place + len(FOLDER)] for entry in tree if (place := entry.path.rfind(FOLDER)) >= 0}
    for entry in tree:
        if entry.path in exports:
            yield Claim(entry.path)
        elif why := _not_needed(entry, folders):
            yield Claim(entry.path, not_needed=why)


def _is_export(entry: Entry) -> bool:
    if ROOT_IN_HEAD.match(entry.head):
        return True
    if len(entry.head) < HEAD_BYTES or not PROLOGUE.match(entry.head):
        return False
    with entry.open() as stream:  # comments fill the head
        return ROOT_IN_HEAD.match(stream.read(FAR_BYTES)) is not None


def _not_needed(entry: Entry, folders: set[str]) -> str:
    """Why a file of an export is not read; nothing where it is none."""
    head = entry.head
    if b"<gpx" in head and b'creator="Apple Health Export"' in head:
        return PRIVATE_ROUTE
    below = [entry.path[len(start) :] for start in folders if entry.path.startswith(start)]
    if b"<ClinicalDocument" in head and (below or b"Health Export CDA" in head):
        return COPY
    if b"<gpx" in head and any(path.startswith(ROUTES) for path in below):
        return PRIVATE_ROUTE
    if any(path.startswith(ECGS) for path in below):
        return PRIVATE_ECG
    return PRIVATE_RECORD if any(path.startswith(RECORDS) for path in below) else ""


def read(files: Sequence[Entry], context: Context) -> Iterator[Yielded]:
    """Samples, nights, activities, rings, devices and clocks, in batches of some ten thousand rows."""
    for number, entry in enumerate(files):
        yield from _Reading(number).all(entry)


class Heading(NamedTuple):
    """What the attributes of a record say that do not change from one to the next."""

    kind: int  # a number of kinds.TYPES, or SLEEP; -1 = not needed
    origin: int  # number
    factor: float  # one of its unit in ours; NaN = not known
    counted_as: str  # where it is not needed


class Timed(NamedTuple):
    """Elements whose times can be: which of those asked about, which of the block and of the file, source, seconds."""

    kept: Ints
    rows: Ints
    places: Ints
    source: Ints
    start: Ints
    end: Ints

    def where(self, rows: Bools) -> "Timed":
        return Timed(*(column[rows] for column in self))


Timing = Generator[Skipped, None, Timed]


class _Reading:
    """One file while it is read: what is gathered over all of it, and what is to be said of it."""

    def __init__(self, number: int) -> None:
        self.number = number
        self.exported: tuple[int, int] | None = None  # instant and offset
        self.record_count = 0
        self.kept_count = 0
        self.others: Counter[str] = Counter()
        self.notes: Counter[str] = Counter()
        self.headings: dict[bytes, Heading] = {}
        self.origins: dict[sources.Origin, int] = {}
        self.sources: dict[str, int] = {}
        self.source_of_origin: list[int] = []
        self.removed = RemovedNumbers(self.number)
        self.first_seen: dict[int, int] = {}  # of each origin
        self.stretches: list[Ints] = []  # source, start, end, stage
        self.of_times, self.of_zones = offsets.OffsetSpans(), offsets.OffsetSpans()

    def all(self, entry: Entry) -> Iterator[Yielded]:
        course = Course()
        with entry.open() as stream:
            for block in blocks(stream, course, KIND_OF_TYPE):
                self._export_date(block)
                yield from self._records(block)
                yield from self._workouts(block)
                yield from self._rings(block)
        if not course.has_root:
            yield Skipped(self.number, "", say("this is not Apple's export: it has no element HealthData"))
        if course.damage_count:
            reason = say(
                "{damage_count} stretches of the file are damaged, no XML; what stands around was read",
                damage_count=course.damage_count,
            )
            yield Skipped(self.number, "", reason)
        if course.has_root and not course.is_whole:
            yield Skipped(self.number, say("after record {record_count}", record_count=self.record_count), CUT_SHORT)
        yield from self._nights()
        yield from self._devices()
        is_one_clock = self.of_times.is_of_one_clock(self.exported[1] if self.exported else None)
        yield from self._clock_offsets(is_one_clock=is_one_clock)
        yield FileSummary(
            self.number,
            exported_utc=_datetime(self.exported[0]) if self.exported else None,
            message=self._message(course, is_one_clock=is_one_clock),
            removed=self.removed.rows(),
            is_partial=(course.has_root and not course.is_whole) or course.damage_count > 0,
        )

    def _export_date(self, block: Block) -> None:
        rows = block.rows(b"ExportDate", 1)
        if len(rows):
            time_s, offset_s, is_fine = instants(block, block.places(b"value")[rows[:1]])
            if is_fine[0] and FIRST_S <= time_s[0] < LAST_S:
                self.exported = int(time_s[0]), int(offset_s[0])

    def _records(self, block: Block) -> Iterator[Yielded]:
        rows = block.rows(b"Record", 1)
        for name, count in block.left_out.items():
            self.others.update({_named(name): count} if count else {})
        before = self.record_count + sum(block.left_out.values())
        self.record_count = before + len(rows)
        if not len(rows):
            return
        codes, headings = self._headings(block, rows)
        for heading, count in zip(headings, np.bincount(codes, minlength=len(headings)).tolist(), strict=True):
            if heading.kind < 0:
                self.others[heading.counted_as] += count
        kind = np.array([heading.kind for heading in headings])[codes]
        wanted = np.flatnonzero(kind >= 0)
        origin = np.array([heading.origin for heading in headings])[codes[wanted]]
        timed = yield from self._timed(block, rows[wanted], wanted + before + 1, origin)
        factor = np.array([heading.factor for heading in headings])[codes[wanted]]
        if len(timed.kept) < len(wanted):
            lost = np.setdiff1d(np.arange(len(wanted)), timed.kept)
            lost = lost[kind[wanted[lost]] < SLEEP]
            values = numbers_of(block.values(block.places(b"value")[rows[wanted[lost]]])) * factor[lost]
            remove(self.removed, METRICS, kind[wanted[lost]], values, UNDATED, "outside")
        factor = factor[timed.kept]
        kind = kind[wanted[timed.kept]]
        is_sample = kind < SLEEP
        yield from self._sleep(block, timed.where(kind == SLEEP))
        yield from self._back_pain(block, timed.where(kind == BACK_PAIN))
        yield from self._samples(block, timed.where(is_sample), kind[is_sample], factor[is_sample])

    def _headings(self, block: Block, rows: Ints) -> tuple[npt.NDArray[np.int32], list[Heading]]:
        """What stands in each record before its times, understood once for all records that begin alike."""
        first = block.first_places()[rows]
        changing = block.values_of(CHANGING)[::-1]
        end = np.full(len(block.name), len(block.attribute))
        end[block.element[changing]] = changing  # the first of each element is written last
        is_record = np.zeros(len(block.name), bool)
        is_record[rows] = True
        same = block.values_of(SAME)
        same = same[is_record[block.element[same]]]
        is_type_first = block.attribute[first] == block.vocabulary.number(b"type")
        is_usual = is_type_first.all() and (same < end[block.element[same]]).all()
        if is_usual and (end[rows] > first).all() and (end[rows] < len(block.attribute)).all():
            texts = block.stretches(first, end[rows] - 1)
        else:  # the attributes stand in another order
            parts: list[pa.Array | pa.Scalar] = []
            for name in SAME:
                parts += [pa.scalar(b'" ' + name + b'="')] if parts else []
                parts.append(pc.fill_null(block.values(block.places(name)[rows]), b""))
            texts = pc.binary_join_element_wise(*parts, pa.scalar(b""))
        encoded = texts.dictionary_encode()
        return encoded.indices.to_numpy(), [self._heading(text) for text in encoded.dictionary.to_pylist()]

    def _heading(self, text: bytes) -> Heading:
        text = ADDRESS.sub(b"", text, 1)
        if text not in self.headings:
            if len(self.headings) > MAX_HEADINGS_KEPT:
                self.headings.clear()
            parts = text.split(b'"')
            names = [SAME[0], *(part.strip(b" \t\r\n=") for part in parts[1::2])]
            attributes = dict(zip(names, parts[0::2], strict=True))
            self.headings[text] = self._understood(attributes)
        return self.headings[text]

    def _understood(self, attributes: Mapping[bytes, bytes]) -> Heading:
        kind = KIND_OF_TYPE.get(attributes[b"type"], -1)
        if kind < 0:
            return Heading(kind, -1, math.nan, _named(attributes[b"type"]))
        units = KINDS[TYPES[kind]].units if kind < SLEEP else {}
        factor = units.get(attributes.get(b"unit", b"").decode("utf-8", "replace"), math.nan)
        return Heading(kind, self._origin(*(attributes.get(name, b"") for name in ORIGIN)), factor, "")

    def _timed(self, block: Block, rows: Ints, places: Ints, origin: Ints, what: str = "record") -> Timing:
        """When elements were and whose they are; those without a time that can be are skipped."""
        start_places = block.places(b"startDate")[rows]
        start, offset, is_start = instants(block, start_places)
        end, _, is_end = instants(block, block.places(b"endDate")[rows])
        latest = self.exported[0] + 86_400 if self.exported else LAST_S
        reasons = (
            (~(is_start & is_end), say("its times cannot be read: they should look like 2024-01-31 08:00:00 +0100")),
            ((start < FIRST_S) | (end >= LAST_S), say("it is dated before 2000 or after 2100")),
            (start > latest, say("it is dated after the export itself")),
            (end < start, say("it ends before it begins")),
        )
        kept = yield from self._sorted_out(reasons, places, start_places, block, what)
        start, end, origin = start[kept], end[kept], origin[kept]
        self._note_origins(origin, start)
        source = np.array(self.source_of_origin, np.int64)[origin] if len(origin) else np.empty(0, np.int64)
        timed = Timed(kept, rows[kept], places[kept], source, start, end)
        self.of_times.add(source, start, offset[kept])
        self._zones(block, timed)
        return timed

    def _sorted_out(
        self, reasons: Sequence[tuple[Bools, str]], places: Ints, values: Ints, block: Block, what: str = "record"
    ) -> Generator[Skipped, None, Ints]:
        """The rows for which no reason holds; the others are skipped, each for its first reason."""
        is_kept = np.ones(len(places), bool)
        for wrong, reason in reasons:
            for row in np.flatnonzero(wrong & is_kept):
                shown = block.values(values[[row]])[0].as_py() or b""
                yield Skipped(self.number, f"{what} {places[row]}", reason, shown[:50].decode("utf-8", "replace"))
            is_kept &= ~wrong
        return np.flatnonzero(is_kept)

    def _origin(self, name: bytes, version: bytes, device: bytes) -> int:
        origin = sources.origin(*(text.decode("utf-8", "replace") for text in (name, version, device)))
        if origin not in self.origins:
            self.origins[origin] = len(self.origins)
            self.source_of_origin.append(self.sources.setdefault(origin.source, len(self.sources)))
        return self.origins[origin]

    def _note_origins(self, origin: Ints, start: Ints) -> None:
        earliest = np.full(len(self.origins), LAST_S)
        np.minimum.at(earliest, origin, start)
        for number in np.flatnonzero(earliest < LAST_S).tolist():
            self.first_seen[number] = min(self.first_seen.get(number, LAST_S), int(earliest[number]))

    def _zones(self, block: Block, timed: Timed) -> None:
        """The offset of the zone that stands below an element, at its start."""
        entries = block.rows(b"MetadataEntry", 2)
        first, last = block.spans(block.places(b"key")[entries])
        entries = entries[last - first == len(ZONE_KEY)]  # before the texts are looked at
        keys = block.values(block.places(b"key")[entries])
        entries = entries[np.array([key == ZONE_KEY for key in keys.to_pylist()], bool)]
        if not len(entries):
            return
        row_of = np.full(len(block.name), -1, np.int64)
        row_of[timed.rows] = np.arange(len(timed.rows))
        above = row_of[block.top()[entries]]
        zones = codes_of(block, b"value", entries)
        for code, zone in enumerate(zones.names):
            mine = above[(above >= 0) & (zones.codes == code)]
            zone_offsets = offsets.offsets_of_zone(zone.decode("utf-8", "replace"), timed.start[mine])
            if zone_offsets is not None:
                self.of_zones.add(timed.source[mine], timed.start[mine], zone_offsets)

    def _samples(self, block: Block, timed: Timed, kind: Ints, factor: Floats) -> Iterator[Yielded]:
        if not len(kind):
            return
        value_places = block.places(b"value")[timed.rows]
        value = numbers_of(block.values(value_places)) * factor
        is_percent = IS_SHARE[kind] & (value > 1) & (value <= MAX_PERCENT)
        value = np.where(is_percent, value / MAX_PERCENT, value)
        is_zero = (value == 0) & ~IS_ZERO_MEASURED[kind]
        self.notes[say("left out, zeros that are no measurement")] += int(is_zero.sum())
        self.notes[say("shares told as percent")] += int(is_percent.sum())
        reasons = (
            (np.isnan(factor), say("its unit is missing or not known here")),
            (~np.isfinite(value), say("its value is no number")),
            (value < 0, say("its value is below zero")),
            (IS_SHARE[kind] & (value > 1), say("its value is no share")),
            (
                ~is_zero & ((value < LOW[kind]) | (value > HIGH[kind])),
                say("no heart beats like that: 20 to 230 a minute"),
            ),
            (
                IS_AMOUNT[kind] & (timed.end - timed.start > MAX_AMOUNT_S),
                say("it is one number for more than two days"),
            ),
        )
        kept = yield from self._sorted_out(reasons, timed.places, value_places, block)
        lost = np.setdiff1d(np.arange(len(kind)), kept) if len(kept) < len(kind) else kept[:0]
        lost = lost[np.isfinite(value[lost])]
        self._remove(lost, timed, kind, value, IMPOSSIBLE, "rejected")
        kept = kept[~is_zero[kept]]
        # a resting heart rate is of a day, from midnight on: its middle lies on that day in any zone
        middle = timed.start + (timed.end - timed.start) // 2
        start, end = np.where(IS_AMOUNT[kind], (timed.start, timed.end), middle)
        again = are_repeated(kind[kept], timed.source[kept], start[kept], end[kept], value[kept])
        self.notes[REPEATED] += int(again.sum())
        self._remove(kept[again], timed, kind, value, REPEATED, "same")
        kept = kept[~again]
        self.kept_count += len(kept)
        yield batch(
            "samples",
            {
                "file": pa.repeat(pa.scalar(self.number, pa.int32()), len(kept)),
                "source": _texts(timed.source[kept], list(self.sources)),
                "metric": _texts(kind[kept], METRICS),
                "start_utc": _times(start[kept]),
                "end_utc": _times(end[kept]),
                "value": value[kept],
            },
        )

    def _remove(self, rows: Ints, timed: Timed, kind: Ints, value: Floats, reason: str, fate: Fate) -> None:
        names = list(self.sources)
        of_rows = [names[source] for source in timed.source[rows].tolist()]
        remove(self.removed, METRICS, kind[rows], value[rows], reason, fate, of_rows, timed.start[rows])

    def _sleep(self, block: Block, timed: Timed) -> Iterator[Yielded]:
        """Gathers stretches of sleep; the nights come once all are there."""
        if not len(timed.rows):
            return
        value_places = block.places(b"value")[timed.rows]
        values = codes_of(block, b"value", timed.rows)
        stages = [sleep.STAGES.get(name.decode("utf-8", "replace").removeprefix(STAGE)) for name in values.names]
        is_known = np.array([stage is not None for stage in stages], bool)[values.codes]
        length = timed.end - timed.start
        reasons = (
            (~is_known, say("it is a stage of sleep that is not known here")),
            (length > MAX_SLEEP_S, say("it is a stretch of sleep of more than a day")),
        )
        kept = yield from self._sorted_out(reasons, timed.places, value_places, block)
        self.notes[say("left out, stretches of sleep without length")] += int((length[kept] == 0).sum())
        self.kept_count += len(kept)
        kept = kept[length[kept] > 0]
        numbers = np.array([-1 if stage is None else sleep.NAMES.index(stage) for stage in stages], np.int64)[
            values.codes
        ]
        self.stretches.append(np.stack([timed.source[kept], timed.start[kept], timed.end[kept], numbers[kept]], axis=1))

    def _back_pain(self, block: Block, timed: Timed) -> Iterator[Yielded]:
        """Severities as readings: at the start, and every 24 hours as long as the pain lasts."""
        if not len(timed.rows):
            return
        values = codes_of(block, b"value", timed.rows)
        words = [name.decode("utf-8", "replace").removeprefix(SEVERITY) for name in values.names]
        is_known = np.array([word in SEVERITIES for word in words], bool)[values.codes]
        length = timed.end - timed.start
        reasons = (
            (~is_known, say("it is a severity that is not known here")),
            (length > MAX_SYMPTOM_S, say("it is a symptom of more than a month, which nobody ended")),
        )
        kept = yield from self._sorted_out(reasons, timed.places, block.places(b"value")[timed.rows], block)
        severity = np.array([SEVERITIES.get(word) for word in words], np.float64)[values.codes[kept]]
        self.notes[say("left out, symptoms of the back without a severity")] += int(np.isnan(severity).sum())
        kept, severity = kept[~np.isnan(severity)], severity[~np.isnan(severity)]
        self.kept_count += len(kept)
        day_count = np.maximum(-(-length[kept] // offsets.DAY_S), 1)
        row = np.repeat(np.arange(len(kept)), day_count)
        day = np.arange(len(row)) - np.repeat(np.cumsum(day_count) - day_count, day_count)
        start = timed.start[kept][row] + day * offsets.DAY_S
        yield batch(
            "samples",
            {
                "file": pa.repeat(pa.scalar(self.number, pa.int32()), len(row)),
                "source": _texts(timed.source[kept][row], list(self.sources)),
                "metric": pa.repeat("back_pain_severity", len(row)),
                "start_utc": _times(start),
                "end_utc": _times(start),
                "value": severity[row],
            },
        )

    def _nights(self) -> Iterator[Yielded]:
        names = list(self.sources)
        stretches = np.concatenate([np.empty((0, 4), np.int64), *self.stretches])
        for source in np.unique(stretches[:, 0]).tolist():
            found = sleep.nights(*stretches[stretches[:, 0] == source, 1:].T)
            self.notes[REPEATED] += found.repeat_count
            for start, end, stage, count in found.repeated.tolist():
                minutes, day = (end - start) / 60 * count, _datetime(end)
                self.removed.add_stage(
                    sleep.NAMES[stage], REPEATED, minutes, source=names[source], day=day, fate="same"
                )
            is_long = found.end - found.start > MAX_NIGHT_S
            for start in found.start[is_long].tolist():
                yield Skipped(
                    self.number,
                    say("sleep from {datetime} UTC", datetime=_datetime(start)),
                    say("it goes on for more than 36 hours"),
                )
            pieces = np.flatnonzero(~is_long[found.night])
            nights = np.flatnonzero(~is_long)
            keys = pa.array([f"{_datetime(start):%Y-%m-%dT%H:%M:%SZ}" for start in found.start.tolist()], pa.string())
            yield batch(
                "sleep_sessions",
                {
                    "file": pa.repeat(pa.scalar(self.number, pa.int32()), len(nights)),
                    "source": pa.repeat(names[source], len(nights)),
                    "session_key": keys.take(pa.array(nights)),
                    "start_utc": _times(found.start[nights]),
                    "end_utc": _times(found.end[nights]),
                    "tz_assumed": pa.repeat(False, len(nights)),
                    "is_in_bed_recorded": found.is_in_bed_recorded[nights],
                },
            )
            yield batch(
                "sleep_stages",
                {
                    "file": pa.repeat(pa.scalar(self.number, pa.int32()), len(pieces)),
                    "source": pa.repeat(names[source], len(pieces)),
                    "session_key": keys.take(pa.array(found.night[pieces])),
                    "start_utc": _times(found.piece_start[pieces]),
                    "end_utc": _times(found.piece_end[pieces]),
                    "stage": _texts(found.piece_stage[pieces], sleep.NAMES),
                },
            )

    def _workouts(self, block: Block) -> Iterator[Yielded]:
        rows = block.rows(b"Workout", 1)
        if not len(rows):
            return
        origins = zip(*(block.values(block.places(name)[rows]).to_pylist() for name in ORIGIN), strict=True)
        origin = np.array([self._origin(*(text or b"" for text in texts)) for texts in origins], np.int64)
        timed = yield from self._timed(block, rows, np.arange(1, len(rows) + 1), origin, "workout")
        rows = timed.rows
        reasons = ((timed.end - timed.start > MAX_WORKOUT_S, say("it is longer than four days")),)
        kept = yield from self._sorted_out(reasons, timed.places, block.places(b"startDate")[rows], block, "workout")
        totals = _totals(block, rows[kept])
        self.kept_count += len(kept)
        names = list(self.sources)
        sports = texts_of(block, b"workoutActivityType", rows[kept])
        yield batch(
            "activities",
            {
                "file": [self.number] * len(kept),
                "source": [names[source] for source in timed.source[kept].tolist()],
                "start_utc": _times(timed.start[kept]),
                "end_utc": _times(timed.end[kept]),
                "sport": [_snake(sport.removeprefix(WORKOUT)) or None for sport in sports],
                "steps": [total.get(QUANTITY + "StepCount") for total in totals],
                "distance_m": [_first(total, DISTANCES) for total in totals],
                "active_energy_kcal": [total.get(QUANTITY + "ActiveEnergyBurned") for total in totals],
            },
        )

    def _rings(self, block: Block) -> Iterator[Yielded]:
        """Apple's own totals of each day; the goals are not needed."""
        rows = block.rows(b"ActivitySummary", 1)
        if not len(rows):
            return
        names = (
            b"dateComponents",
            b"activeEnergyBurned",
            b"activeEnergyBurnedUnit",
            b"appleExerciseTime",
            b"appleStandHours",
        )
        found: list[tuple[date, str, float]] = []
        for number, texts in enumerate(zip(*(texts_of(block, name, rows) for name in names), strict=True), 1):
            day, energy, unit, exercise, standing = texts
            try:
                values = [float(text or 0) for text in (energy, exercise, standing)]
                local_date = iso_date(day)
                factor = KCAL[unit] if energy else 0.0
                if not all(math.isfinite(value) and value >= 0 for value in values) or values[1] > MAX_EXERCISE_MIN:
                    raise ValueError(values)
            except (ValueError, KeyError, OverflowError):
                reason = say("this day's summary cannot be read: it needs dateComponents, numbers and a unit of energy")
                yield Skipped(
                    self.number, say("activity summary {number}", number=number), reason, f"{day} {energy} {unit}"[:50]
                )
                continue
            if not any(values) or not clock.FIRST_UTC.date() < local_date < clock.LAST_UTC.date():
                self.notes[say("left out, summaries of days without anything")] += 1
                continue
            if energy:
                found.append((local_date, "active_energy_kcal", values[0] * factor))
            if exercise:
                found.append((local_date, "moderate_min", values[1]))
        self.kept_count += len(found)
        yield day_values(self.number, RINGS, found)

    def _devices(self) -> Iterator[Yielded]:
        """Each device with each firmware once, at its first record."""
        origins = list(self.origins)
        found = sorted((origins[number], time) for number, time in self.first_seen.items() if origins[number].product)
        yield batch(
            "devices",
            {
                "file": [self.number] * len(found),
                "source": [origin.source for origin, _ in found],
                "time_utc": [_datetime(time) for _, time in found],
                "manufacturer": [origin.manufacturer for origin, _ in found],
                "product": [origin.product for origin, _ in found],
                "firmware": [origin.firmware or None for origin, _ in found],
            },
        )

    def _clock_offsets(self, *, is_one_clock: bool) -> Iterator[Yielded]:
        names = list(self.sources)
        rows = [
            row
            for row in offsets.believed(self.of_times, self.of_zones, is_one_clock=is_one_clock)
            if clock.is_place(row.offset_s)
        ]
        yield batch(
            "clock_offsets",
            {
                "file": [self.number] * len(rows),
                "source": [names[row.source] for row in rows],
                "time_utc": _times(np.array([row.time_s for row in rows], np.int64)),
                "offset_s": [row.offset_s for row in rows],
            },
        )

    def _message(self, course: Course, *, is_one_clock: bool) -> str:
        """One line for the receipt."""
        sentences = []
        if course.has_root and not course.is_whole:
            sentences.append(
                say("{cut_short} (after record {record_count:,})", cut_short=CUT_SHORT, record_count=self.record_count)
            )
        elif course.damage_count:
            sentences.append(
                say("damaged at {damage_count} places; what stands around was read", damage_count=course.damage_count)
            )
        elif course.has_root and not self.kept_count:
            sentences.append(say("holds nothing of movement, rest or sleep"))
        if self.others:
            count = sum(self.others.values())
            named = ", ".join(f"{name} {number:,}" for name, number in sorted(self.others.items()))
            sentences.append(
                say("left out, of types that are not needed: {count:,} ({named})", count=count, named=named)
            )
        sentences += [f"{note}: {count:,}" for note, count in sorted(self.notes.items()) if count]
        if self.of_times.spans and is_one_clock:
            sentences.append(offsets.one_clock(self.of_times.offsets(), are_zones_named=bool(self.of_zones.spans)))
        return "; ".join(sentences)


def _named(kind: bytes) -> str:
    """A type that is not needed as the receipt names it."""
    return NAMED_OTHERS.get(kind.decode("utf-8", "replace"), "other")


def _totals(block: Block, rows: Ints) -> list[dict[str, float]]:
    """The sums that each workout gives, by type, in our units."""
    found: dict[int, dict[str, float]] = {row: {} for row in rows.tolist()}
    children = block.rows(b"WorkoutStatistics", 2)
    above = block.top()[children].tolist()
    columns = (texts_of(block, name, children) for name in (b"type", b"sum", b"unit"))
    for row, kind, total, unit in zip(above, *columns, strict=True):
        if row in found:
            _add(found[row], kind, total, unit)
    # until iOS 15; what the statistics say counts before
    for kind, value, unit in (
        (QUANTITY + "ActiveEnergyBurned", b"totalEnergyBurned", b"totalEnergyBurnedUnit"),
        (DISTANCES[0], b"totalDistance", b"totalDistanceUnit"),
    ):
        texts = zip(rows.tolist(), texts_of(block, value, rows), texts_of(block, unit, rows), strict=True)
        for row, total, other_unit in texts:
            if kind not in found[row] and (kind != DISTANCES[0] or _first(found[row], DISTANCES) is None):
                _add(found[row], kind, total, other_unit)
    return list(found.values())


def _add(totals: dict[str, float], kind: str, total: str, unit: str) -> None:
    units = KINDS[kind].units if kind in KINDS else METRES if kind in DISTANCES else {}
    try:
        value = float(total) * units[unit]
    except (ValueError, KeyError, OverflowError):
        return
    if math.isfinite(value) and value >= 0:
        totals[kind] = value


def _first(totals: Mapping[str, float], kinds: Sequence[str]) -> float | None:
    return next((totals[kind] for kind in kinds if kind in totals), None)


def _texts(numbers: Ints, names: Sequence[str]) -> pa.Array:
    """names[numbers] as a column."""
    return pa.DictionaryArray.from_arrays(pa.array(numbers, pa.int32()), pa.array(names, pa.string())).cast(pa.string())


def _times(seconds: Ints) -> npt.NDArray[np.datetime64]:
    return (seconds * 1_000_000).view("datetime64[us]")


def _datetime(seconds: int) -> datetime:
    return EPOCH + timedelta(seconds=seconds)


def _snake(name: str) -> str:
    """'TraditionalStrengthTraining' as 'traditional_strength_training'."""
    return re.sub(r"(?<=[a-z])(?=[A-Z])", "_", name).lower()
