"""Health Auto Export's JSON (iOS): what the app writes into iCloud Drive, Dropbox or Google Drive by itself.

What we know of it, from the app's own wiki and from people who took its files apart:

- `{"data": {"metrics": [...], "workouts": [...], ...}}`, any of these, in any order, as the names in each object are.
  A file holds yesterday and today, or a week; a file of one name is written anew many times a day.
- Times have an offset, that of the phone when it wrote; on a phone with a clock of 12 hours they end in PM, behind a
  narrow space. It tells where the person was only in a file of few days.
- Units follow the settings of the app: each metric names its own. How numbers are summed up does not stand in the file
  (`formats.health_auto`).
- Heart rate is `Min`, `Avg`, `Max` of a bucket: the mean is read.
- Sleep comes in three shapes, told by their names: stretches in one stage, sums of a night with stages, and before
  version 6.6 without. `asleep` of a night with stages is 0. See `formats.health_auto_nights`.
- Workouts come in two versions. The heart rates of a workout may be of the minutes after it: those are left out.
- Names and severities of symptoms are in the language of the phone. Of them pain of the back is read.
- Doses of medication are left out: the file does not say which are against pain. Places, cycles, electrocardiograms and
  notices of the heart are never read.
- `.hae` files are the app's own copy for a Mac, compressed: not read, the receipt says what to choose instead.
"""

import re
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import timedelta

import numpy as np

from recovery.formats.apple import sources
from recovery.formats.apple.kinds import KCAL, METRES
from recovery.formats.clock_offsets import FirstOffsets
from recovery.formats.entries import Claim, Context, Entry, Tree, claim_of
from recovery.formats.health_auto import DAY_S, KINDS, MERGED, LocalClock, Series, Stamp, batches, moment, source_of
from recovery.formats.health_auto_nights import (
    StageError,
    Stretch,
    Sums,
    nights,
    nights_of_sums,
    stretch_of,
    sums_of,
    window,
)
from recovery.formats.json_items import Cursor, CutShortError
from recovery.formats.json_values import JsonObject, non_negative
from recovery.formats.massage_words import names_massage
from recovery.formats.records import FileRows, FileSummary, Sample, Skipped, Yielded, as_local_time
from recovery.formats.sports import sport_named
from recovery.formats.symptoms import SeverityError, is_of_back, readings, severity_of
from recovery.home.clock import is_place
from recovery.vocabulary.heart_rates import MAX_SENSOR_BPM
from recovery.words.say import say

LABEL = "Health Auto Export (JSON)"
VERSION = 4
USES_LOCAL_TIME = True  # of times without an offset, which the app does not write, but others who fill its form do
IS_REWRITTEN = True

LISTS = "metrics|workouts|symptoms|stateOfMind|medications|cycleTracking|ecg|heartRateNotifications"
HEAD = re.compile(rb'(?:\xef\xbb\xbf)?\s*\{\s*"data"\s*:\s*\{\s*"(?:' + LISTS.encode() + rb')"\s*:')
NOTHING = re.compile(rb'(?:\xef\xbb\xbf)?\s*\{\s*"data"\s*:\s*\{\s*\}\s*\}\s*')
MAC_COPY = (b"bvx1", b"bvx2", b"bvxn", b"bvx-")  # what files compressed by LZFSE begin with
CHOOSE_JSON = say(
    "Health Auto Export's own copy for a Mac, compressed and not meant as an export: make an automation of the app that"
    " writes JSON to iCloud Drive, Dropbox or Google Drive, and drop that folder"
)
SLEEP = "sleep_analysis"
FEW_DAYS_S = 3 * DAY_S  # a file of these was written where the person was
LONGEST_WORKOUT = timedelta(days=4)
MAX_SKIPPED = 1000
MAX_KEPT = 200  # characters of what cannot be read
SHOWN = (
    "name",
    "date",
    "qty",
    "Avg",
    "start",
    "end",
    "startDate",
    "endDate",
    "value",
    "sleepStart",
    "sleepEnd",
    "valence",
)
UNREADABLE = say("a time or a number of this entry cannot be read")
MASSAGE = say("workouts that are named a massage, which are no movement")
AFTER = say("heart rates of before or after a workout")
NO_SEVERITY = say("symptoms of the back without a severity")
OTHER_SYMPTOMS = say("symptoms of other parts of the body")
DOSES = say("doses of medication, of which it cannot be told what they are against")
OTHER_METRICS = say("numbers that are not needed for movement, rest or sleep")
ERRORS = (KeyError, TypeError, ValueError, AttributeError, OverflowError, IndexError)


def claims(tree: Tree) -> Iterator[Claim]:
    """The app's JSON by its first names; its copies for a Mac, which are not needed."""
    for entry in tree:
        if claim := claim_of(entry, _kind(entry)):
            yield claim


def _kind(entry: Entry) -> object:
    if entry.head.startswith(MAC_COPY) and entry.name.lower().endswith(".hae"):
        return CHOOSE_JSON
    is_empty = entry.name.startswith("HealthAutoExport") and NOTHING.fullmatch(entry.head)
    return HEAD.match(entry.head) or is_empty


def read(files: Sequence[Entry], context: Context) -> Iterator[Yielded]:
    """Samples, values of days, sleep, activities and offsets of the clock; each file ends with its summary."""
    for number, entry in enumerate(files):
        yield from _Reading(number, context).all(entry)


class _Reading:
    """One file while it is read, and what is to be said of it."""

    def __init__(self, number: int, context: Context) -> None:
        self.number = number
        self.clock = LocalClock(context)
        self.rows = FileRows()
        self.notes: Counter[str] = Counter()
        self.skipped: list[Skipped] = []
        self.series: list[Series] = []
        self.sources: dict[str, int] = {}
        self.stretches: list[Stretch] = []
        self.sums: list[Sums] = []
        self.stamps: list[Stamp] = []  # of all but series
        self.is_partial = False
        self.unlisted_count = 0

    def all(self, entry: Entry) -> Iterator[Yielded]:
        with entry.open() as stream:
            try:
                cursor = Cursor(stream)
                for _ in cursor.documents():
                    self._document(cursor)
            except CutShortError as error:
                self.is_partial = True
                self._skip("", str(error))
        yield from self.skipped
        if self.unlisted_count:
            reason = say("{count:,} more entries cannot be read; they are not listed", count=self.unlisted_count)
            yield Skipped(self.number, "", reason)
        for item in self._records():
            yield as_local_time(item) if self.clock.is_assumed else item
        yield self._summary()

    def _records(self) -> Iterator[Yielded]:
        names = [source_of(names) for names in self.sources]
        yield from batches(self.number, self.series, names, self.notes)
        self._nights()
        self._offsets()
        yield from self.rows.batches(self.number)

    def _skip(self, place: str, reason: str, value: str = "") -> None:
        if len(self.skipped) < MAX_SKIPPED:
            self.skipped.append(Skipped(self.number, place, reason, value))
        else:
            self.unlisted_count += 1

    # ---- the document ------------------------------------------------------------------------------------------------

    def _document(self, cursor: Cursor) -> None:
        for name in cursor.members():
            if name != "data" or cursor.kind() != "{":
                cursor.skip()
                continue
            for part in cursor.members():
                if cursor.kind() == "[":
                    self._part(cursor, part)
                else:
                    cursor.skip()

    def _part(self, cursor: Cursor, part: str) -> None:
        takers = {"workouts": self._workout, "symptoms": self._symptom, "stateOfMind": self._state_of_mind}
        for number, _ in enumerate(cursor.elements(), 1):
            if part == "metrics" and cursor.kind() == "{":
                self._metric(cursor, number)
            elif part in takers:
                self._entry(takers[part], self._object(cursor), f"{part} {number}")
            else:
                cursor.skip()
                if part == "medications":
                    self.notes[DOSES] += 1

    def _object(self, cursor: Cursor) -> JsonObject:
        """An object without its places, which may be long."""
        if cursor.kind() != "{":
            return {"": cursor.value()}
        found = {}
        for name in cursor.members():
            if name == "route":
                cursor.skip()
            else:
                found[name] = cursor.value()
        return found

    def _entry(self, take: Callable[[JsonObject], None], entry: JsonObject, place: str) -> None:
        before = self.rows.counts()
        try:
            take(entry)
        except SeverityError as error:
            reason = say("the severity {word!r} is in a language that is not known here", word=str(error)[:40])
            self._skip(place, reason)
        except ERRORS:
            self.rows.cut(before)
            self._skip(place, UNREADABLE, _shown(entry))

    # ---- metrics -----------------------------------------------------------------------------------------------------

    def _metric(self, cursor: Cursor, number: int) -> None:
        """One metric, whose name may stand behind its numbers."""
        series, sleep = Series("", ""), list[JsonObject]()
        for name in cursor.members():
            if name == "data" and cursor.kind() == "[":
                for place, _ in enumerate(cursor.elements(), 1):
                    self._point(series, sleep, cursor.value(), (number, place))
            elif name in ("name", "units"):
                text = str(cursor.value())
                series.name, series.unit = (text, series.unit) if name == "name" else (series.name, text)
            else:
                cursor.skip()
        if series.name == SLEEP:
            for place, point in enumerate(sleep, 1):
                self._sleep(point, series.unit, f"{SLEEP} {place}")
        self.series.append(series)

    def _point(self, series: Series, sleep: list[JsonObject], point: JsonObject, place: tuple[int, int]) -> None:
        try:
            if not isinstance(point, dict):
                raise TypeError(point)
            if "startDate" in point or "sleepStart" in point or "inBedStart" in point or "totalSleep" in point:
                sleep.append(point)
                return
            value = next((point[name] for name in ("Avg", "avg", "qty") if name in point), None)
            if value is None:
                return
            names = point.get("source") or ""
            if not isinstance(names, str):
                raise TypeError(names)
            source = self.sources.get(names)
            if source is None:
                source = self.sources[names] = len(self.sources)
            series.add(self.clock.stamp(point["date"]), float(value), source)
        except ERRORS:
            where = f"metrics {place[0]} {series.name} {place[1]}"
            self._skip(where, UNREADABLE, _shown(point))

    def _sleep(self, point: JsonObject, unit: str, place: str) -> None:
        try:
            if "startDate" in point and "value" in point:
                stretch, start = stretch_of(point, self.clock.stamp)
                self.stretches.append(stretch)
                self.stamps.append(start)
            elif sums := sums_of(point, unit, self.notes, self.clock.stamp):
                self.sums.append(sums)
                self.stamps.append(self.clock.stamp(point.get("sleepEnd") or point["inBedEnd"]))
        except StageError as error:
            reason = say("the stage of sleep {word!r} is not known here", word=str(error)[:40])
            self._skip(place, reason, _shown(point))
        except ERRORS:
            self._skip(place, UNREADABLE, _shown(point))

    def _nights(self) -> None:
        """Adds the nights, once it is known which days the file holds."""
        of_series = [wall for one in self.series for wall in (min(one.wall, default=None), max(one.wall, default=None))]
        walls = [wall for wall in of_series if wall is not None]
        of_file = window(walls or [at.wall_s for at in self.stamps])
        for session, stages in nights(self.stretches, of_file):
            self.rows.sleep_sessions.append(session)
            self.rows.sleep_stages.extend(stages)
        for session, values in nights_of_sums(self.sums, of_file):
            self.rows.sleep_sessions.append(session)
            self.rows.day_values.extend(values)

    # ---- workouts, symptoms, state of mind ---------------------------------------------------------------------------

    def _workout(self, entry: JsonObject) -> None:
        start, end = self.clock.stamp(entry["start"]), self.clock.stamp(entry["end"])
        start_utc, end_utc = moment(start.utc_s), moment(end.utc_s)
        if not timedelta() <= end_utc - start_utc <= LONGEST_WORKOUT:
            raise ValueError(entry["end"])
        if names_massage(str(entry["name"])):
            self.notes[MASSAGE] += 1
            return
        heart_rates = [point for point in entry.get("heartRateData") or [] if isinstance(point, dict)]
        names = next((str(point["source"]) for point in heart_rates if point.get("source")), "")
        source = source_of(names) if names else MERGED
        self.rows.activities.append(
            {
                "source": source,
                "start_utc": start_utc,
                "end_utc": end_utc,
                "sport": sport_named(str(entry["name"])),
                "steps": _total(entry.get("stepCount"), {"count": 1.0, "steps": 1.0}),
                "distance_m": _total(entry.get("distance"), METRES),
                "active_energy_kcal": _total(entry.get("activeEnergyBurned") or entry.get("activeEnergy"), KCAL),
            }
        )
        self.stamps.append(start)
        for point in heart_rates:
            at = self.clock.stamp(point["date"])
            bpm = non_negative(point["Avg"] if "Avg" in point else point["qty"])
            if not start.utc_s <= at.utc_s < end.utc_s:
                self.notes[AFTER] += 1
            elif 0 < bpm <= MAX_SENSOR_BPM:
                self.rows.samples.append(_instant(source, "heart_rate_bpm", at, bpm))

    def _symptom(self, entry: JsonObject) -> None:
        if not is_of_back(str(entry["name"])):
            self.notes[OTHER_SYMPTOMS] += 1
            return
        start, end = self.clock.stamp(entry["start"]), self.clock.stamp(entry["end"])
        severity = severity_of(str(entry["severity"]))
        if severity is None:
            self.notes[NO_SEVERITY] += 1
            return
        source = source_of(str(entry.get("source") or "Health"))
        self.rows.samples.extend(readings(source, moment(start.utc_s), moment(end.utc_s), severity))
        self.stamps.append(start)

    def _state_of_mind(self, entry: JsonObject) -> None:
        at, valence = self.clock.stamp(entry["start"]), float(entry["valence"])
        if not -1 <= valence <= 1:
            raise ValueError(valence)
        self.rows.samples.append(_instant(sources.APPLE + ":health", "mood_valence", at, valence))
        self.stamps.append(at)

    # ---- the file as a whole -----------------------------------------------------------------------------------------

    def _offsets(self) -> None:
        """The clock of the phone when it wrote, as of the last date of a file of few days: there the person was."""
        if self.clock.has_local_times:
            return
        told = [at for at in self.stamps if at.has_offset]
        for one in self.series:
            if one.wall:
                wall, utc = np.array(one.wall, np.int64), np.array(one.utc, np.int64)
                first_of_day = int(np.argmin(np.where(wall // DAY_S == wall.max() // DAY_S, wall, wall.max())))
                places = (int(wall.argmin()), first_of_day, int(wall.argmax()))
                told += [Stamp(int(utc[place]), int(wall[place]), bool(wall[place] != utc[place])) for place in places]
        if not told or max(told).utc_s - min(told).utc_s > FEW_DAYS_S:
            return
        last_day = max(at.wall_s for at in told) // DAY_S
        offsets = FirstOffsets()
        for at in told:
            if at.has_offset and at.wall_s // DAY_S == last_day and is_place(at.wall_s - at.utc_s):
                offsets.add(MERGED, moment(at.utc_s), at.wall_s - at.utc_s)
        self.rows.clock_offsets.extend(offsets.rows())

    def _summary(self) -> FileSummary:
        for one in self.series:
            if one.name not in KINDS and one.name != SLEEP:
                self.notes[OTHER_METRICS] += len(one.utc)
        newest = [max(one.utc) for one in self.series if one.utc] + [at.utc_s for at in self.stamps]
        notes = [
            say("left out: {count:,} x {reason}", count=count, reason=reason)
            for reason, count in sorted(self.notes.items())
            if count
        ]
        is_empty = not (newest or notes or self.skipped)
        return FileSummary(
            self.number,
            exported_utc=moment(max(newest)) if newest else None,
            message="; ".join(notes or ([say("holds no entries")] if is_empty else [])),
            is_partial=self.is_partial,
        )


def _shown(entry: JsonObject) -> str:
    """What cannot be read, without the names of devices: they are those of people."""
    if not isinstance(entry, dict):
        return ""
    return ", ".join(f"{name} {entry[name]}" for name in SHOWN if name in entry)[:MAX_KEPT]


def _instant(source: str, metric: str, at: Stamp, value: float) -> Sample:
    at_utc = moment(at.utc_s)
    return {"source": source, "metric": metric, "start_utc": at_utc, "end_utc": at_utc, "value": value}


def _total(told: object, units: Mapping[str, float]) -> float | None:
    """A quantity with its unit, or the sum of a list of them, in our unit; None where there is none."""
    found = told if isinstance(told, list) else [told]
    amounts = [
        non_negative(one["qty"]) * units[one["units"]]
        for one in found
        if isinstance(one, dict) and one.get("qty") is not None and one.get("units") in units
    ]
    return sum(amounts) if amounts else None
