"""FIT files of any maker: monitoring (running totals, heart rate, stress), sleep, overnight values, activities.

What decides how they are read, seen in one person's Garmin years (21,961 files, 2016 to 2019):

- Totals belong to the device's own day. Each monitoring file has its local time at its head (`monitoring_info`), and
  every reading carries the exact offset that stands before it in its file. A reading at the device's midnight closes
  the old day. Files that follow each other repeat a reading at the same instant, up to 106 steps lower.
- `moderate_activity_minutes` and `vigorous_activity_minutes` are no totals: they are the minutes just before the
  message. The fields 35 to 38, which the published profile does not name, are the day's totals of ascent, descent (mm)
  and of these minutes; Garmin counts a floor for 10 ft.
- Stress -2 is motion: worn. Stress -1 is not always off the wrist: heart rate was measured in nine of ten minutes of
  short runs, in 3 of 1,000 of runs over an hour. So -1 is "off" only where no heart rate lies within 2 minutes.
- An activity is cut at pauses of five minutes, where its timer stood still that long; its totals are shared out by
  time. Driving, flying, meditation and the like are no movement of one's own: left out, and named in the receipt.
- A device is its maker with its serial number, else its product; 0 and 2147483647 are nobody's number.
- Resting heart rate is a value of the day so far: one told at the device's midnight closes the day before.
- A record 60 days older than its file is of a clock that was not yet set (a watch fresh from its box tells 2018).
- A heart rate of 0 is "not measured". Levels of sleep 0 and 1 alone (a watch that knows no stages) make no night.

Positions are never read.
"""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from recovery.formats import signatures
from recovery.formats.activity_xml import PAUSE, USUAL_GAPS, Recording, stretches
from recovery.formats.entries import HEAD_BYTES, Claim, Context, Entry, Tree
from recovery.formats.fit import fallback
from recovery.formats.fit.decode import Decoded, Floats, Table
from recovery.formats.records import FileSummary, RecordName, Removed, Skipped, Yielded, checked
from recovery.home import clock
from recovery.words.say import say

LABEL = say("FIT files (Garmin and others: monitoring, sleep, activities)")
VERSION = 4
USES_LOCAL_TIME = False

BATCH_BYTES = 4 << 20  # takes about 75 MB of memory; more at once is no faster
FIRST_S = clock.FIRST_UTC.replace(tzinfo=UTC).timestamp()
WORN_WITHIN_S = 120.0  # a heart rate so near a stress of -1 says that the watch was worn
FLOOR_M = 3.048
NIGHT_GAP_S = 5 * 3600.0  # levels of sleep further apart belong to two sessions
SLEEP_EVENT = 74  # begin and end of a night
ACTIVITY_MAX_S = 4 * 86400.0  # longer ones are damage; they would make days of movement
FILE_MAX_S = 60 * 86400.0  # no file holds so long a time: an older record is of a clock that was not yet set
NAP_MAX_S = 86400.0
DAY_S, QUARTER_S = 86400.0, 900.0
LEVEL_MAX_S = 3 * 3600.0  # the last level of a night lasts no longer than this

MANUFACTURERS = {
    1: "garmin", 13: "garmin", 15: "garmin", 23: "suunto", 32: "wahoo", 70: "sigma", 73: "wattbike", 86: "elite",
    89: "tacx", 95: "stryd", 115: "igpsport", 123: "polar", 258: "lezyne", 260: "zwift", 265: "strava", 267: "bryton",
    281: "trainerroad", 289: "hammerhead", 294: "coros",
}  # fmt: skip
PLACEHOLDER_SERIAL = 0x7FFFFFFF  # of sample files, and of every Stryd
ACTIVITIES = {
    0: "generic", 1: "running", 2: "cycling", 3: "transition", 4: "fitness_equipment", 5: "swimming", 6: "walking",
    8: "sedentary", 13: "wheelchair", 254: "all",
}  # fmt: skip
STEPPING = (1, 6)  # kinds of activity whose cycles are steps
SPORTS = {
    0: "generic", 1: "running", 2: "cycling", 3: "transition", 4: "fitness_equipment", 5: "swimming", 6: "basketball",
    7: "soccer", 8: "tennis", 9: "american_football", 10: "training", 11: "walking", 12: "cross_country_skiing",
    13: "alpine_skiing", 14: "snowboarding", 15: "rowing", 16: "mountaineering", 17: "hiking", 18: "multisport",
    19: "paddling", 20: "flying", 21: "e_biking", 22: "motorcycling", 23: "boating", 24: "driving", 25: "golf",
    27: "horseback_riding",
    30: "inline_skating", 31: "rock_climbing", 32: "sailing", 33: "ice_skating", 35: "snowshoeing",
    37: "stand_up_paddleboarding", 38: "surfing", 41: "kayaking", 42: "rafting", 43: "windsurfing", 44: "kitesurfing",
    36: "snowmobiling", 45: "tactical", 47: "boxing", 48: "floor_climbing", 53: "diving", 62: "hiit",
    63: "video_gaming", 64: "racket", 67: "meditation", 81: "motor_sports", 82: "snorkeling", 83: "dance",
}  # fmt: skip
NO_MOVEMENT = (20, 22, 23, 24, 36, 63, 67, 81)  # sports in which something else moves, or nothing
ON_FOOT = (1, 11, 17)  # sports whose cycles are strides, two steps each
STAGES = {0: "unknown", 1: "awake", 2: "light", 3: "deep", 4: "rem"}
SLEEP_FILE = 49
UNDATED = say("of a time that cannot be")
NO_NIGHT = say("holds no finished night")
NO_NIGHT_OF_GARMIN = say(
    "holds no finished night: this watch leaves that to Garmin's servers; drop the export of the Garmin account "
    "too, which holds the nights"
)
FILE_TYPES = {
    1: "device", 2: "settings", 3: "sport", 4: "activity", 5: "workout", 6: "course", 7: "schedule", 9: "weight",
    10: "totals", 11: "goals", 14: "blood pressure", 15: "monitoring", 20: "activity summary", 28: "monitoring",
    32: "monitoring", 34: "segment", 44: "metrics", 49: "sleep", 68: "HRV",
}  # fmt: skip

Columns = dict[str, Any]  # lists, NumPy or Arrow arrays of one length


def claims(tree: Tree) -> Iterator[Claim]:
    """Every file whose header says FIT."""
    for entry in tree:
        if entry.head[8:12] == signatures.FIT:
            yield Claim(entry.path)


def read(files: Sequence[Entry], context: Context) -> Iterator[Yielded]:
    """Records of FIT files, some thousand files in one batch."""
    numbers: list[int] = []
    contents: list[bytes] = []
    size = 0
    for number, entry in enumerate(files):
        content = entry.head if entry.size <= HEAD_BYTES else entry.read()
        numbers.append(number)
        contents.append(content)
        size += len(content)
        if size >= BATCH_BYTES:
            yield from _Meaning(numbers, contents).all()
            numbers, contents, size = [], [], 0
    if numbers:
        yield from _Meaning(numbers, contents).all()


class _Meaning:
    """What the messages of some files say, gathered into columns."""

    def __init__(self, numbers: Sequence[int], contents: Sequence[bytes]) -> None:
        self.numbers = np.array(numbers, np.int32)
        self.decoded: Decoded = fallback.decode(contents)
        self.records: dict[RecordName, list[Columns]] = defaultdict(list)
        self.skipped: list[Skipped] = []
        self.removed: list[Removed] = []
        self.row_counts = np.zeros(len(contents), np.int64)
        self.notes: dict[int, list[str]] = defaultdict(list)
        self.latest_s = clock.latest_utc(clock.now_utc()).replace(tzinfo=UTC).timestamp()

    def all(self) -> Iterator[Yielded]:
        self.file_ids()
        self.monitoring()
        self.overnight()
        self.sleep_levels()
        self.naps()
        self.activity_files()
        for record, parts in self.records.items():
            columns = {name: _join([part[name] for part in parts]) for name in parts[0]}
            if record != "devices":
                self.row_counts += np.bincount(columns["file"], minlength=len(self.row_counts))
            columns["source"] = _texts(columns["file"], self.sources)
            columns["file"] = self.numbers[columns["file"]]
            yield checked(record, columns)
        yield from self.skipped
        yield from self.removed
        yield from self.summaries()

    def file_ids(self) -> None:
        """Whose each file is, when it was made, and the device's firmware."""
        table = self.decoded.table("file_id")
        count = len(self.numbers)
        self.sources = ["fit"] * count
        self.types = np.full(count, -1)
        self.created = np.full(count, np.nan)
        makers = [""] * count
        products = [""] * count
        columns = {name: table.raw(name) for name in ("manufacturer", "product", "serial_number", "type")}
        created = table.column("time_created")
        for row in range(len(table) - 1, -1, -1):  # of a chained file the first counts
            file = int(table.file[row])
            maker, product, serial = (columns[name][row] for name in ("manufacturer", "product", "serial_number"))
            makers[file] = "" if np.isnan(maker) else MANUFACTURERS.get(int(maker), f"{maker:.0f}")
            products[file] = "" if np.isnan(product) else f"{product:.0f}"
            numbers = [value for value in (serial, product) if value > 0 and value != PLACEHOLDER_SERIAL]
            device = f"{numbers[0]:.0f}" if numbers else ""
            self.sources[file] = ":".join(part for part in (makers[file], device) if part) or "fit"
            self.types[file] = -1 if np.isnan(columns["type"][row]) else columns["type"][row]
            self.created[file] = created[row]
        self.created[~self._is_dated(self.created)] = np.nan
        self._devices(makers, products)

    def _devices(self, makers: list[str], products: list[str]) -> None:
        firmware = [""] * len(self.numbers)
        info = self.decoded.table("device_info")
        index, version = info.raw("device_index"), info.column("software_version")
        for row in np.flatnonzero(((index == 0) | np.isnan(index)) & ~np.isnan(version))[::-1]:
            firmware[info.file[row]] = f"{version[row]:.2f}"
        file = np.flatnonzero(~np.isnan(self.created) & np.array([bool(maker) for maker in makers], bool))
        if len(file):
            self.records["devices"].append(
                {
                    "file": file,
                    "time_utc": _instants(self.created[file]),
                    "manufacturer": _texts(file, makers),
                    "product": _texts(file, products),
                    "firmware": _texts(file, firmware),
                }
            )

    def monitoring(self) -> None:
        """Running totals with the device's own offset, heart rate, intensity, stress, wear."""
        self._offsets()
        table = self.decoded.table("monitoring")
        intensity = table.raw("current_activity_type_intensity")
        packed = np.where(np.isnan(intensity), 0, intensity).astype(np.int64)
        kind = table.raw("activity_type")
        kind = np.where(np.isnan(kind) & ~np.isnan(intensity), packed & 0x1F, kind)
        steps = np.where(np.isin(kind, STEPPING), table.raw("cycles"), np.nan)
        totals = {
            "steps": steps,
            "distance_m": table.column("distance"),
            "active_s": table.column("active_time"),
            "active_energy_kcal": table.column("active_calories"),
        }
        for metric, value in totals.items():
            self._counter(table, metric, kind, value)
        self._counter(table, "floors", np.full(len(table), 254.0), table.column("day_ascent") / FLOOR_M)
        heart = table.raw("heart_rate")
        self._samples(table, "heart_rate_bpm", table.time, np.where(heart > 0, heart, np.nan))
        self._intensity_minutes(table)
        self._stress(table, heart)

    def _offsets(self) -> None:
        """Every plausible offset; of several of one file at one instant the last."""
        for name in ("sleep_data_info", "monitoring_info"):
            info = self.decoded.table(name)
            offset = info.column("local_timestamp") - info.time
            is_sound = self._is_place(offset) & self._is_dated(info.time)
            is_sound &= ~(info.time < self.created[info.file] - FILE_MAX_S)
            file, time, offset = info.file[is_sound], info.time[is_sound], offset[is_sound]
            last = np.ones(len(time), bool)
            last[:-1] = (time[1:] != time[:-1]) | (file[1:] != file[:-1])
            self._clock_offsets(file[last], time[last], offset[last])
        self.offset_place, self.offset_file, self.offset = info.place[is_sound], file, offset

    def _clock_offsets(self, file: npt.NDArray[np.int32], time: Floats, offset: Floats) -> None:
        if len(file):
            self.records["clock_offsets"].append(
                {"file": file, "time_utc": _instants(time), "offset_s": offset.astype(np.int32)}
            )

    def _offset_at(self, table: Table) -> Floats:
        """The last offset before each message in its file, else the first after it; NaN where there is none."""
        if not len(self.offset):
            return np.full(len(table), np.nan)
        before = np.searchsorted(self.offset_place, table.place) - 1
        after = np.minimum(before + 1, len(self.offset) - 1)
        has_before = (before >= 0) & (self.offset_file[before] == table.file)
        has_after = self.offset_file[after] == table.file
        return np.where(has_before, self.offset[before], np.where(has_after, self.offset[after], np.nan))

    def _counter(self, table: Table, metric: str, kind: Floats, value: Floats) -> None:
        has_value = ~np.isnan(value)
        self._skip(table, has_value & np.isnan(kind), f"{metric} totals", say("without a kind of activity"))
        rows = self._dated(table, table.time, has_value & ~np.isnan(kind), f"{metric} totals")
        self._remove(table, has_value, rows, metric)
        if not len(rows):
            return
        offset = self._offset_at(table)[rows]
        kinds = np.unique(kind[rows])
        names = [ACTIVITIES.get(int(code), f"{code:.0f}") for code in kinds]
        self.records["counters"].append(
            {
                "file": table.file[rows],
                "metric": _texts(np.zeros(len(rows), np.int32), [metric]),
                "activity": _texts(np.searchsorted(kinds, kind[rows]), names),
                "time_utc": _instants(table.time[rows]),
                "clock_offset_s": pa.array(np.nan_to_num(offset).astype(np.int32), pa.int32(), mask=np.isnan(offset)),
                "value": value[rows],
            }
        )

    def _intensity_minutes(self, table: Table) -> None:
        moderate, vigorous = table.raw("moderate_activity_minutes"), table.raw("vigorous_activity_minutes")
        has_value = ~np.isnan(moderate) | ~np.isnan(vigorous)
        moderate, vigorous = np.nan_to_num(moderate), np.nan_to_num(vigorous)
        both = np.where(has_value & (moderate + vigorous > 0), 60.0 * (moderate + vigorous), np.nan)
        start = table.time - np.nan_to_num(both)
        self._samples(table, "moderate_s", start, both, table.time)
        self._samples(table, "vigorous_s", start, np.where(vigorous > 0, 60 * vigorous, np.nan) + 0 * both, table.time)

    def _stress(self, monitoring: Table, heart: Floats) -> None:
        table = self.decoded.table("stress_level")
        time = table.column("stress_level_time")
        time = np.where(np.isnan(time), table.time, time)
        level = table.raw("stress_level_value")
        self._samples(table, "stress", time, np.where((level >= 0) & (level <= 100), level, np.nan))
        worn = np.where(level == -2, 1.0, np.nan)
        beating = heart > 0
        near = _is_near(table.file, time, monitoring.file[beating], monitoring.time[beating])
        self._samples(table, "is_worn", time, np.where((level == -1) & ~near, 0.0, worn))

    def overnight(self) -> None:
        """Respiration, oxygen, heart rate variability, resting heart rate."""
        table = self.decoded.table("respiration_rate")
        rate = table.column("respiration_rate")
        self._samples(table, "respiration_rate", table.time, np.where(rate > 0, rate, np.nan))
        table = self.decoded.table("spo2_data")
        share = table.raw("reading_spo2")
        share = np.where((share > 0) & (share <= 100), share / 100, np.nan)
        self._samples(table, "spo2_share", table.time, share)
        table = self.decoded.table("hrv_value")
        self._samples(table, "hrv_rmssd_ms", table.time, table.column("value"))
        with_values = table.file
        table = self.decoded.table("hrv_status_summary")
        night = np.where(np.isin(table.file, with_values), np.nan, table.column("last_night_average"))
        self._samples(table, "hrv_rmssd_ms", table.time, night)
        table = self.decoded.table("monitoring_hr_data")
        today, usual = table.raw("current_day_resting_heart_rate"), table.raw("resting_heart_rate")
        resting = np.where(np.isnan(today), usual, today)
        time = self._closing(table)
        self._samples(table, "resting_heart_rate_bpm", time, np.where(resting > 0, resting, np.nan))

    def _closing(self, table: Table) -> Floats:
        """The times of running values: of one told at the device's midnight the last second of the day that it closes.

        The date is that of the person's clock, whose offset is of whole quarters: so it lies before midnight by both.
        """
        offset = self._offset_at(table)
        quarters = np.round(offset / QUARTER_S) * QUARTER_S
        is_midnight = (table.time + offset) % DAY_S == 0
        return np.where(is_midnight, table.time - 1 - np.maximum(quarters - offset, 0), table.time)

    def sleep_levels(self) -> None:
        """Nights of the files that give at least one level of sleep."""
        table = self.decoded.table("sleep_level")
        level = table.raw("sleep_level")
        rows = self._dated(table, table.time, np.isin(level, list(STAGES)), say("levels of sleep"))
        asleep = np.unique(table.file[rows[level[rows] >= 2]])
        rows = rows[np.isin(table.file[rows], asleep)]
        rows = rows[np.lexsort((table.place[rows], table.time[rows], table.file[rows]))]
        if not len(rows):
            return
        file, time = table.file[rows], table.time[rows]
        new = np.ones(len(rows), bool)
        new[1:] = (file[1:] != file[:-1]) | (time[1:] - time[:-1] > NIGHT_GAP_S)
        for night in np.split(np.arange(len(rows)), np.flatnonzero(new)[1:]):
            codes = level[rows[night]]
            if (codes >= 2).any():
                self._night(int(file[night[0]]), time[night], [STAGES[int(code)] for code in codes])

    def _night(self, file: int, time: Floats, stages: Sequence[str]) -> None:
        ends = np.append(time[1:], self._night_end(file, time))
        key = _key(time[0])
        self._session(file, time[0], ends[-1], None)
        rows = np.flatnonzero(ends > time)
        self.records["sleep_stages"].append(
            {
                "file": np.full(len(rows), file, np.int32),
                "session_key": [key] * len(rows),
                "start_utc": _instants(time[rows]),
                "end_utc": _instants(ends[rows]),
                "stage": [stages[row] for row in rows.tolist()],
            }
        )

    def _night_end(self, file: int, time: Floats) -> float:
        """When the last level ended, which no file says: at the event of waking, else after a usual level."""
        events = self.decoded.table("event")
        woke = events.time[(events.file == file) & (events.raw("event") == SLEEP_EVENT)]
        woke = woke[(woke > time[-1]) & (woke <= time[-1] + LEVEL_MAX_S)]
        if len(woke):
            return float(woke.max())
        return float(time[-1] + (np.median(np.diff(time)) if len(time) > 1 else 60.0))

    def _session(self, file: int, start: float, end: float, kind: str | None) -> None:
        self.records["sleep_sessions"].append(
            {
                "file": np.array([file], np.int32),
                "session_key": [_key(start)],
                "start_utc": _instants(np.array([start])),
                "end_utc": _instants(np.array([end])),
                "kind": [kind],
                "tz_assumed": [False],
                "is_in_bed_recorded": [False],
            }
        )

    def naps(self) -> None:
        table = self.decoded.table("nap_event")
        start, end = table.column("start_time"), table.column("end_time")
        deleted = table.raw("is_deleted")
        rows = self._dated(table, start, (end > start) & (end <= start + NAP_MAX_S) & ~(deleted == 1), "naps")
        for row in rows:
            file = int(table.file[row])
            self._session(file, start[row], end[row], "nap")
            self.records["sleep_stages"].append(
                {
                    "file": np.array([file], np.int32),
                    "session_key": [_key(start[row])],
                    "start_utc": _instants(start[[row]]),
                    "end_utc": _instants(end[[row]]),
                    "stage": ["asleep"],
                }
            )
        offset = 60 * table.column("start_timezone_offset")
        rows = rows[self._is_place(offset[rows])]
        self._clock_offsets(table.file[rows], start[rows], offset[rows])

    def activity_files(self) -> None:
        """Recorded activities: their totals, their heart rate, the offset of their device."""
        record = self.decoded.table("record")
        heart = record.raw("heart_rate")
        self._samples(record, "heart_rate_bpm", record.time, np.where(heart > 0, heart, np.nan))
        closing = self.decoded.table("activity")
        offset = closing.column("local_timestamp") - closing.time
        is_garmin = np.array([source.startswith("garmin") for source in self.sources], bool)[closing.file]
        is_sound = self._is_place(offset) & ((offset != 0) | is_garmin)  # others give UTC where they know no local time
        is_sound &= ~(closing.time < self.created[closing.file] - FILE_MAX_S)
        rows = np.flatnonzero(is_sound & self._is_dated(closing.time))
        self._clock_offsets(closing.file[rows], closing.time[rows], offset[rows])
        self._sessions_of_sport(record)
        self._unfinished(record)

    def _sessions_of_sport(self, record: Table) -> None:
        table = self.decoded.table("session")
        start, elapsed = table.column("start_time"), table.column("total_elapsed_time")
        end = np.where(np.isnan(elapsed), table.time, start + elapsed)
        rows = self._dated(table, start, end > start, "sessions")
        sport = table.raw("sport")
        for row in rows[np.isin(sport[rows], NO_MOVEMENT)]:
            self.notes[int(table.file[row])].append(
                say("left out: {sports} is no movement of one's own", sports=SPORTS[int(sport[row])])
            )
        rows = rows[~np.isin(sport[rows], NO_MOVEMENT)]
        timer = table.column("total_timer_time")
        found = {
            row: self._ran(record, int(table.file[row]), start[row], end[row], timer[row]) for row in rows.tolist()
        }
        is_long = np.zeros(len(table), bool)
        is_long[[row for row, ran in found.items() if np.diff(ran).sum() > ACTIVITY_MAX_S]] = True
        self._skip(table, is_long, "sessions", say("longer than four days"), start)
        rows = rows[~is_long[rows]]
        spans = [found[row] for row in rows.tolist()]
        if not spans:
            return
        span = np.concatenate(spans)
        length = span[:, 1] - span[:, 0]
        share = length / np.repeat([ran[:, 1].sum() - ran[:, 0].sum() for ran in spans], [len(ran) for ran in spans])
        rows = np.repeat(rows, [len(ran) for ran in spans])
        cycles = table.raw("total_cycles") + np.nan_to_num(table.column("total_fractional_cycles"))
        self.records["activities"].append(
            {
                "file": table.file[rows],
                "start_utc": _instants(span[:, 0]),
                "end_utc": _instants(span[:, 1]),
                "sport": [None if np.isnan(code) else SPORTS.get(int(code), f"{code:.0f}") for code in sport[rows]],
                "steps": _nullable(np.where(np.isin(sport, ON_FOOT), 2 * cycles, np.nan)[rows] * share),
                "distance_m": _nullable(table.column("total_distance")[rows] * share),
                "active_energy_kcal": _nullable(table.column("total_calories")[rows] * share),
            }
        )

    def _ran(self, record: Table, file: int, start: float, end: float, timer_s: float) -> Floats:
        """From when to when a session ran, without the pauses in which its timer stood still."""
        whole = np.array([[start, end]])
        if np.isnan(timer_s) or end - start - timer_s < PAUSE.total_seconds():
            return whole
        first, last = np.searchsorted(record.file, [file, file + 1])
        time = record.time[first:last]
        runs = _runs(np.concatenate([[start], time[(time > start) & (time < end)], [end]]))
        pieces = Recording(
            spans=[(_naive(begin), _naive(until)) for begin, until in runs.tolist()], timed_s=float(timer_s)
        )
        found = [(_seconds(begin), _seconds(until)) for begin, until in stretches(pieces)]
        return np.array(found) if found else whole

    def _unfinished(self, record: Table) -> None:
        """An activity that was never closed lasts from its first to its last record, without pauses."""
        closed = np.unique(self.decoded.table("session").file)
        is_recorded = np.isin(self.types, (4, -1))[record.file]  # a course has records too, and nobody went there
        is_open = is_recorded & ~np.isin(record.file, closed)
        is_open &= ~(record.time < self.created[record.file] - FILE_MAX_S)
        self._skip_late(record, is_open & (record.time > self.latest_s), "records", record.time)
        rows = np.flatnonzero(is_open & self._is_dated(record.time))
        for file in np.unique(record.file[rows]):
            time = record.time[rows[record.file[rows] == file]]
            usual_s = float(np.median(np.diff(np.sort(time)))) if len(time) > 1 else 0.0
            runs = _runs(time, max(PAUSE.total_seconds(), USUAL_GAPS * usual_s))
            runs = runs[runs[:, 1] > runs[:, 0]]
            if np.diff(runs).sum() > ACTIVITY_MAX_S:
                self.skipped.append(Skipped(int(self.numbers[file]), "records", say("longer than four days")))
            elif len(runs):
                self.records["activities"].append(
                    {
                        "file": np.full(len(runs), file),
                        "start_utc": _instants(runs[:, 0]),
                        "end_utc": _instants(runs[:, 1]),
                        "sport": [None] * len(runs),
                        "steps": _nullable(np.full(len(runs), np.nan)),
                        "distance_m": _nullable(np.full(len(runs), np.nan)),
                        "active_energy_kcal": _nullable(np.full(len(runs), np.nan)),
                    }
                )

    def summaries(self) -> Iterator[FileSummary | Skipped]:
        """One receipt per file."""
        nights = {int(file) for part in self.records["sleep_sessions"] for file in part["file"]}
        for file, report in enumerate(self.decoded.reports):
            number = int(self.numbers[file])
            if self.types[file] == SLEEP_FILE and file not in nights:
                self.notes[file].append(NO_NIGHT_OF_GARMIN if self.sources[file].startswith("garmin") else NO_NIGHT)
            message = " ".join(filter(None, [report.problem, "; ".join(self.notes[file])]))
            if not report.message_count and report.is_partial:
                yield Skipped(number, "", report.problem)
            elif not message and not self.row_counts[file]:
                kind = FILE_TYPES.get(int(self.types[file]), say("another kind"))
                message = say("A FIT file ({kind}) that tells nothing of movement, rest or sleep.", kind=kind)
            created = self.created[file]
            exported = None if np.isnan(created) else datetime.fromtimestamp(created, UTC).replace(tzinfo=None)
            yield FileSummary(number, exported, message, report.is_partial)

    def _samples(self, table: Table, metric: str, start: Floats, value: Floats, end: Floats | None = None) -> None:
        wanted = ~np.isnan(value)
        rows = self._dated(table, start, wanted, f"{metric} samples")
        self._remove(table, wanted, rows, metric, value)
        if not len(rows):
            return
        begun = _instants(start[rows])
        self.records["samples"].append(
            {
                "file": table.file[rows],
                "metric": _texts(np.zeros(len(rows), np.int32), [metric]),
                "start_utc": begun,
                "end_utc": begun if end is None else _instants(end[rows]),
                "value": value[rows],
            }
        )

    def _dated(self, table: Table, time: Floats, wanted: npt.NDArray[np.bool_], what: str) -> npt.NDArray[np.intp]:
        """The wanted rows whose time can be; the others are counted, per file."""
        fine = self._is_dated(time)
        is_old = fine & (time < self.created[table.file] - FILE_MAX_S)
        self._skip(table, wanted & is_old, what, say("dated long before the file, by a clock that was not set"), time)
        wrong = wanted & ~fine
        self._skip_late(table, wrong & (time > self.latest_s), what, time)
        self._skip(table, wrong & (time < FIRST_S), what, say("dated before 2000"), time)
        self._skip(table, wrong & np.isnan(time), what, say("without a time"))
        return np.flatnonzero(wanted & fine & ~is_old)

    def _skip(
        self, table: Table, wrong: npt.NDArray[np.bool_], what: str, why: str, time: Floats | None = None
    ) -> None:
        """One receipt for each file with wrong rows: how many, and the time of the first."""
        rows = np.flatnonzero(wrong)
        for file, first, count in zip(*np.unique(table.file[rows], return_index=True, return_counts=True), strict=True):
            shown = "" if time is None else _instants(time[rows[[first]]])[0].astype(datetime)
            self.skipped.append(
                Skipped(int(self.numbers[file]), what, f"{count:,} {why}", f"{shown}", stands_for=int(count))
            )

    def _remove(
        self,
        table: Table,
        wanted: npt.NDArray[np.bool_],
        kept: npt.NDArray[np.intp],
        metric: str,
        value: Floats | None = None,
    ) -> None:
        """What of the wanted rows is not kept, for the ledger: totals by their number, samples with their sum."""
        if np.count_nonzero(wanted) == len(kept):
            return
        lost = wanted.copy()
        lost[kept] = False
        for file in np.unique(table.file[lost]):
            rows = lost & (table.file == file)
            amount = 0.0 if value is None else float(value[rows].sum())
            self.removed.append(
                Removed(int(self.numbers[file]), metric, int(rows.sum()), UNDATED, amount, fate="outside")
            )

    def _skip_late(self, table: Table, wrong: npt.NDArray[np.bool_], what: str, time: Floats) -> None:
        """The same of rows that lie ahead, by this computer's clock: they are read again when they no longer do."""
        before = len(self.skipped)
        self._skip(table, wrong, what, say("dated in the future"), time)
        for place in range(before, len(self.skipped)):
            file = np.searchsorted(self.numbers, self.skipped[place].file)
            earliest = time[wrong & (table.file == file)].min()
            self.skipped[place] = self.skipped[place]._replace(again_utc=_naive(earliest))

    def _is_dated(self, time: Floats) -> npt.NDArray[np.bool_]:
        return (time >= FIRST_S) & (time <= self.latest_s)

    def _is_place(self, offset: Floats) -> npt.NDArray[np.bool_]:
        return (offset >= clock.MIN_OFFSET_S) & (offset <= clock.MAX_OFFSET_S)


def _is_near(
    file: npt.NDArray[np.int32], time: Floats, other_file: npt.NDArray[np.int32], other_time: Floats
) -> npt.NDArray[np.bool_]:
    """Whether the other series has something within WORN_WITHIN_S in the same file."""
    span = 2e10  # seconds; longer than any time there, so that files do not touch
    key = file * span + np.nan_to_num(time)
    others = np.sort(other_file * span + np.nan_to_num(other_time))
    first = np.searchsorted(others, key - WORN_WITHIN_S)
    return first < np.searchsorted(others, key + WORN_WITHIN_S, side="right")


def _runs(time: Floats, pause_s: float = PAUSE.total_seconds()) -> Floats:
    """From when to when times follow each other without a longer gap: one row each."""
    time = np.sort(time)
    cuts = np.flatnonzero(np.diff(time) > pause_s)
    return np.stack([time[np.append(0, cuts + 1)], time[np.append(cuts, len(time) - 1)]], axis=1)


def _naive(seconds: float) -> datetime:
    return datetime.fromtimestamp(seconds, UTC).replace(tzinfo=None)


def _seconds(instant: datetime) -> float:
    return instant.replace(tzinfo=UTC).timestamp()


def _instants(seconds: Floats) -> npt.NDArray[np.datetime64]:
    return np.round(seconds * 1e6).astype(np.int64).view("datetime64[us]")


def _nullable(values: Floats) -> pa.Array:
    return pa.array(values, pa.float64(), from_pandas=True)


def _key(start: float) -> str:
    return datetime.fromtimestamp(start, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def _texts(index: npt.NDArray[np.integer], names: Sequence[str]) -> pa.Array:
    """names[index] as an Arrow column; '' is null."""
    choices = pa.array([name or None for name in names], pa.string())
    return pa.DictionaryArray.from_arrays(pa.array(index, pa.int32()), choices).cast(pa.string())


def _join(parts: Sequence[Any]) -> Any:
    """Parts of one kind (lists, NumPy or Arrow arrays) as one."""
    if isinstance(parts[0], pa.Array):
        return pa.concat_arrays(parts)
    if isinstance(parts[0], np.ndarray):
        return np.concatenate(parts)
    return [value for part in parts for value in part]
