"""Records that cannot be are left out and counted: of a time, or of a size.

A time before the year 2000 or later than in two days: vendors pad exports with days to come, clocks that were never set
tell 1970 or 2089, and a sentinel is a time like any other. A size that no body has: a heart that beats 250 times a
minute would stop the publication of everything else, since a check forbids it. Readers know their vendor's junk; this
is the last guard behind all of them; of an activity or a sleep it empties the number alone. Logs are not touched: an
appointment may lie ahead.

A record that contradicts itself is set aside in the same way: one that ends before it begins, and of a sleep the
minutes asleep that are more than it is long, and the minutes awake before and after that leave no time for it.

A record 60 days before its source was known to its own file (`records.Earliest`) is of a clock that was not yet set: a
watch fresh from its box tells 2018, and one such record stretched the days of a person over eight years.

What is refused as of the future may only be so by a clock that is wrong: it is marked with the time from which on it
passes, and `clock_receipts` has its file read again then.
"""

from collections.abc import Iterator, Mapping
from datetime import date, datetime, time, timedelta
from math import inf, isfinite
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from recovery.formats.records import Batch, Earliest, Fate, Removed, Skipped
from recovery.formats.removed_numbers import RemovedNumbers
from recovery.home.clock import FIRST_UTC, latest_utc, now_utc
from recovery.vocabulary.counted_metrics import COUNTED, MOST_COUNTED
from recovery.vocabulary.heart_rates import MAX_BPM, MIN_BPM
from recovery.words.say import say

OF_LOGS = ("massages", "diary")
BEGINS = ("start_utc", "time_utc", "local_date")
ENDS = ("end_utc", "time_utc", "local_date")
TOO_EARLY = say("dated before {year}", year=FIRST_UTC.year)
TOO_LATE = say("dated in the future")
IMPOSSIBLE = say("of a size that cannot be")
BACKWARDS = say("with an end before its beginning")
LONGER_THAN_SLEEP = say("with more minutes asleep, or awake around it, than the sleep is long")
MOST_DAY_MIN = (24 + 26) * 60.0  # of a date: a journey west makes it 26 h longer
ROUNDED_MIN = 1.0  # vendors tell whole minutes
BEFORE_KNOWN = timedelta(days=60)  # no device keeps records for so long until they are fetched
OF_UNSET_CLOCK = say("dated long before the device was known, by a clock that was not set")
# Numbers beside the times of a record, and what the ledger calls them: of a size that cannot be they are left empty.
BESIDE: Mapping[str, Mapping[str, str]] = {
    "activities": {
        "steps": "activity_steps", "distance_m": "activity_distance_m", "active_energy_kcal": "activity_energy_kcal",
    },
    "sleep_sessions": {name: name for name in ("asleep_min", "awake_min", "latency_min", "after_wake_min")},
}  # fmt: skip
# A wall clock of another country may tell a longer night than our hours of UTC, on two nights of the year.
SLEEP_ENDS = (("start_utc", "end_utc"), ("reported_start_local", "reported_end_local"))
SIZES = ("samples", "counters", "day_values")  # records with a metric and a value
BOUNDS: Mapping[str, tuple[float, float]] = {  # what is not named here is at least 0; `stress` has codes below it
    **dict.fromkeys(COUNTED, (0.0, MOST_COUNTED)),
    "heart_rate_bpm": (MIN_BPM, MAX_BPM),
    "resting_heart_rate_bpm": (MIN_BPM, MAX_BPM),
    "spo2_share": (0.0, 1.0),
    "spo2_mean_share": (0.0, 1.0),
    "efficiency_share": (0.0, 1.0),
    "stress": (-inf, 100.0),
    "stress_mean": (0.0, 100.0),
    "back_pain_severity": (0.0, 4.0),
    "mood": (1.0, 5.0),
    "mood_valence": (-1.0, 1.0),
    "pain": (0.0, 10.0),
    "asleep_min": (0.0, 2 * MOST_DAY_MIN),  # a night belongs to the day it ends on and may begin on the one before
    "in_bed_min": (0.0, 2 * MOST_DAY_MIN),
}
OF_NAMES: Mapping[str, tuple[float, float]] = {  # by how the name ends, where it is not named above
    "_share": (0.0, 1.0),
    "heart_rate_bpm": (MIN_BPM, MAX_BPM),
    "_min": (0.0, MOST_DAY_MIN),
}


class Guard:
    """What may pass, and how many rows of which file may not."""

    def __init__(self, latest: datetime | None = None) -> None:
        self.latest_utc = latest or latest_utc(now_utc())
        self.counts: dict[tuple[int, str, str], int] = {}  # (file, record, why)
        self.examples: dict[tuple[int, str, str], Any] = {}
        self.removed: list[Removed] = []
        self.first_utc: dict[tuple[int, str], datetime] = {}  # (file, source)

    def expect(self, earliest: Earliest) -> None:
        """From now on records long before this are left out, of this source in this file."""
        self.first_utc[earliest.file, earliest.source] = earliest.known_utc - BEFORE_KNOWN

    def pass_through(self, batch: Batch) -> Batch:
        """The batch without rows that begin before 2000, end after the latest time, or are of no possible size."""
        if batch.record in OF_LOGS or not batch.table.num_rows:
            return batch
        passed = self._of_size(self._of_set_clock(self._of_order(self._of_time(batch))))
        return self._with_possible_sleep(self._with_sizes_beside(passed))

    def _of_order(self, batch: Batch) -> Batch:
        table = batch.table
        if "end_utc" not in table.column_names or not table.num_rows:
            return batch
        is_backwards = pc.less(table["end_utc"], table["start_utc"])
        if not pc.any(is_backwards).as_py():
            return batch
        self._count(batch.record, table.filter(is_backwards), "start_utc", BACKWARDS)
        return batch._replace(table=table.filter(pc.invert(is_backwards)))

    def _of_set_clock(self, batch: Batch) -> Batch:
        table = batch.table
        begin = next(name for name in BEGINS if name in table.column_names)
        if not self.first_utc or begin == "local_date" or not table.num_rows:
            return batch
        is_old = pa.array([False] * table.num_rows)
        for (file, source), first_utc in self.first_utc.items():
            is_its = pc.and_(pc.equal(table["file"], file), pc.equal(table["source"], source))
            is_old = pc.or_(is_old, pc.and_(is_its, pc.less(table[begin], _as_of(table, begin, first_utc))))
        self._count(batch.record, table.filter(is_old), begin, OF_UNSET_CLOCK)
        return batch._replace(table=table.filter(pc.invert(is_old)))

    def _of_size(self, batch: Batch) -> Batch:
        if batch.record not in SIZES or not batch.table.num_rows:
            return batch
        table = batch.table
        ends = table.group_by("metric").aggregate([("value", "min"), ("value", "max")]).to_pylist()
        if all(_fits(row["metric"], row["value_min"]) and _fits(row["metric"], row["value_max"]) for row in ends):
            return batch
        names = table["metric"].to_pylist()
        fits = pa.array([_fits(name, value) for name, value in zip(names, table["value"].to_pylist(), strict=True)])
        self._count(batch.record, table.filter(pc.invert(fits)), "value", IMPOSSIBLE)
        return batch._replace(table=table.filter(fits))

    def _with_sizes_beside(self, batch: Batch) -> Batch:
        """The batch, with empty cells for numbers that cannot be: an activity of -500 steps took place."""
        table = batch.table
        begin = next((name for name in BEGINS if name in table.column_names), "")
        for column, metric in BESIDE.get(batch.record, {}).items():
            can_be = pc.and_(pc.greater_equal(table[column], 0.0), pc.less_equal(table[column], MOST_COUNTED))
            is_wrong = pc.fill_null(pc.invert(can_be), False)
            table = self._emptied(batch.record, table, column, metric, is_wrong, begin, IMPOSSIBLE)
        return batch if table is batch.table else batch._replace(table=table)

    def _with_possible_sleep(self, batch: Batch) -> Batch:
        """The batch, with empty cells for minutes of a sleep that are more than it is long, however it was told."""
        table = batch.table
        if batch.record != "sleep_sessions" or not table.num_rows:
            return batch
        length_min = pc.max_element_wise(*(_minutes(table, *ends) for ends in SLEEP_ENDS))
        most = pc.add(length_min, ROUNDED_MIN)
        around = pc.add(pc.fill_null(table["latency_min"], 0.0), pc.fill_null(table["after_wake_min"], 0.0))
        has_length = pc.greater(length_min, 0.0)  # one without length is left out where nights are made
        is_no_time_left = pc.and_(has_length, pc.greater_equal(around, length_min))
        for column, metric in BESIDE["sleep_sessions"].items():
            is_wrong = pc.and_(pc.fill_null(pc.greater(table[column], most), False), has_length)
            if column in ("latency_min", "after_wake_min"):
                is_wrong = pc.or_(is_wrong, pc.and_(is_no_time_left, pc.is_valid(table[column])))
            table = self._emptied(batch.record, table, column, metric, is_wrong, "start_utc", LONGER_THAN_SLEEP)
        return batch if table is batch.table else batch._replace(table=table)

    def _emptied(
        self, record: str, table: pa.Table, column: str, metric: str, is_wrong: pa.ChunkedArray, begin: str, why: str
    ) -> pa.Table:
        """The table with empty cells of a column where they are wrong; each is counted, and stands in the ledger."""
        wrong = table.filter(is_wrong)
        if not wrong.num_rows:
            return table
        for row in wrong.select(["file", "source", begin, column]).to_pylist():
            value, place = row[column], (row["file"], record, why)
            amount = value if isfinite(value) else 0.0
            day = row[begin].date()
            self.removed.append(Removed(row["file"], metric, 1, why, amount, row["source"], day, "rejected"))
            self.counts[place] = self.counts.get(place, 0) + 1
            self.examples[place] = min(self.examples.get(place, value), value)
        kept = pc.if_else(is_wrong, pa.nulls(table.num_rows, table[column].type), table[column])
        return table.set_column(table.column_names.index(column), column, kept)

    def _of_time(self, batch: Batch) -> Batch:
        table = batch.table
        begin, end = (next(name for name in names if name in table.column_names) for names in (BEGINS, ENDS))
        first, last = _as_of(table, begin, FIRST_UTC), _as_of(table, end, self.latest_utc)
        if pc.min(table[begin]).as_py() >= first.as_py() and pc.max(table[end]).as_py() <= last.as_py():
            return batch
        is_early = pc.less(table[begin], first)
        is_late = pc.and_not(pc.greater(table[end], last), is_early)
        self._count(batch.record, table.filter(is_early), begin, TOO_EARLY)
        self._count(batch.record, table.filter(is_late), end, TOO_LATE)
        return batch._replace(table=table.filter(pc.invert(pc.or_(is_early, is_late))))

    def skipped(self) -> Iterator[Skipped]:
        """One row for each file, record type and reason."""
        for (file, record, why), count in sorted(self.counts.items()):
            example = self.examples[file, record, why]
            again = _instant(example) if why == TOO_LATE else None
            yield Skipped(file, record, f"{count:,} {why}", str(example), again_utc=again, stands_for=count)

    def _count(self, record: str, wrong: pa.Table, column: str, why: str) -> None:
        if record in SIZES and wrong.num_rows:
            self.removed += _removed(wrong, why, has_amounts=record != "counters")
        elif wrong.num_rows:
            self.removed += _removed_minutes(record, wrong, why)
        for counted in wrong.group_by("file").aggregate([("file", "count"), (column, "min")]).to_pylist():
            key = (counted["file"], record, why)
            self.counts[key] = self.counts.get(key, 0) + counted["file_count"]
            example = counted[f"{column}_min"]
            self.examples[key] = min(self.examples.get(key, example), example)


def _removed(wrong: pa.Table, why: str, *, has_amounts: bool) -> Iterator[Removed]:
    """What is left out by file, source, metric and date (of UTC); running totals have no sum."""
    begin = next(name for name in BEGINS if name in wrong.column_names)
    values = pc.if_else(pc.is_finite(wrong["value"]), wrong["value"], 0.0)
    table = pa.table(
        {
            "file": wrong["file"], "source": wrong["source"], "metric": wrong["metric"],
            "local_date": pc.cast(wrong[begin], pa.date32()), "value": values,
        }
    )  # fmt: skip
    names = ["file", "source", "metric", "local_date"]
    fate: Fate = "rejected" if why in (IMPOSSIBLE, BACKWARDS) else "outside"
    for row in table.group_by(names).aggregate([("value", "count"), ("value", "sum")]).to_pylist():
        amount = row["value_sum"] if has_amounts else 0.0
        yield Removed(
            row["file"], row["metric"], row["value_count"], why, amount, row["source"], row["local_date"], fate
        )


def _removed_minutes(record: str, wrong: pa.Table, why: str) -> Iterator[Removed]:
    """Minutes of stages of sleep, minutes asleep of sessions, and minutes of activities that are left out."""
    for row in wrong.to_pylist() if record in ("sleep_stages", "sleep_sessions", "activities") else ():
        removed = RemovedNumbers(row["file"])
        minutes = max((row["end_utc"] - row["start_utc"]).total_seconds() / 60, 0.0)
        fate = "rejected" if why == BACKWARDS else "outside"
        place = {"source": row["source"], "day": row["start_utc"], "fate": fate}
        if record == "sleep_stages":
            removed.add_stage(row["stage"], why, minutes, **place)
        elif record == "activities":
            removed.add("activity_min", why, minutes, **place)
        else:
            for metric in ("asleep_min", "awake_min"):
                if row[metric] is not None:
                    removed.add(metric, why, row[metric], **place)
        yield from removed.rows()


def _instant(value: date | datetime) -> datetime:
    """An instant as it is; of a date its first."""
    return value if isinstance(value, datetime) else datetime.combine(value, time())


def _minutes(table: pa.Table, begin: str, end: str) -> pa.ChunkedArray:
    return pc.divide(pc.cast(pc.subtract(table[end], table[begin]), pa.int64()), 60e6)


def _as_of(table: pa.Table, column: str, time: datetime) -> pa.Scalar:
    kind = table.schema.field(column).type
    return pa.scalar(time.date() if pa.types.is_date(kind) else time, kind)


def _fits(metric: str, value: float) -> bool:
    low, high = BOUNDS.get(metric) or next(
        (bounds for end, bounds in OF_NAMES.items() if metric.endswith(end)), (0.0, inf)
    )
    return low <= value <= high and isfinite(value)
