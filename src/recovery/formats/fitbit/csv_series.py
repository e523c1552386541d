"""Fitbit's CSV files that are series: minutes, and readings at an instant, as Arrow columns without a row in Python.

`tables` says what we know of them.
"""

import re
from collections.abc import Generator, Iterator
from datetime import date, datetime
from functools import cache

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv as pa_csv

from recovery.formats.export_table import cells_of
from recovery.formats.fitbit.file import (
    IS_LOCAL,
    MINUTE,
    SOURCE,
    UNREADABLE,
    FitbitFile,
    Kind,
    instant,
    newest,
    source_of,
)
from recovery.formats.records import Batch, FileSummary, Removed, Skipped, Yielded, batch
from recovery.formats.times import iso_time, naive_utc
from recovery.home.clock import FIRST_UTC, LAST_UTC
from recovery.words.say import say

HAS_ZONE = r"(?:Z|[+-]\d\d(?::?\d\d)?)$"
REPEATED = say("row with the time and source of another, of which the larger counts")
MISSING = ("", "NaN", "nan", "null")


@cache
def _missing() -> pa.Array:
    """Made when it is asked for: to make an array pyarrow imports pandas, which a run with nothing new need not."""
    return pa.array(MISSING)


def minutes(metric: str, column: str, per_unit: float = 1.0) -> Kind:
    """Amounts of a minute, or of start time to end time."""

    def read(file: FitbitFile) -> Iterator[Yielded]:
        points = yield from _points(file, column)
        points = points.set_column(2, "value", pc.divide(points["value"], per_unit))
        yield from _intervals(file, metric, points)
        yield FileSummary(file.file, newest(points["start"]), _message(file, points))

    return Kind(("^timestamp$|^start time$", column), read)


def active_minutes() -> Kind:
    """Minutes graded light, moderate or very active; light says no more than steps do, and is not read."""

    def read(file: FitbitFile) -> Iterator[Yielded]:
        moderate = yield from _points(file, "^moderate$")
        very = yield from _points(file, "^very$")
        if len(moderate) == len(very):  # else a number is damaged, and its row is skipped
            both = moderate.set_column(2, "value", pc.add(moderate["value"], very["value"]))
            for metric, points in (("moderate_s", both), ("vigorous_s", very)):
                points = points.set_column(2, "value", pc.multiply(points["value"], MINUTE.total_seconds()))
                yield from _intervals(file, metric, points.filter(pc.greater(points["value"], 0.0)))
        yield FileSummary(file.file, newest(moderate["start"]), _message(file, moderate))

    return Kind(("^timestamp$", "^moderate$", "^very$"), read)


def readings(metric: str, column: str, per_unit: float = 1.0, above: float = 0.0, also: str = "") -> Kind:
    """Readings at an instant; those not `above` a number are what Fitbit writes where it measured nothing."""

    def read(file: FitbitFile) -> Iterator[Yielded]:
        points = yield from _points(file, column)
        measured = points.filter(pc.greater(points["value"], above))
        left_out = len(points) - len(measured)
        once = _once(measured)
        yield from _repeated(file, metric, measured, once)
        count = len(once)
        yield batch(
            "samples",
            {
                "file": pa.repeat(file.file, count),
                "source": once["source"].combine_chunks(),
                "metric": pa.repeat(metric, count),
                "start_utc": once["start"].combine_chunks(),
                "end_utc": once["start"].combine_chunks(),
                "value": pc.divide(once["value"].combine_chunks(), per_unit),
                "tz_assumed": pa.repeat(file.is_local_time or None, count).cast(pa.bool_()),
            },
        )
        empty = (
            say("left out: {left_out} x {above:g} or less, which is no measurement", left_out=left_out, above=above)
            if left_out
            else ""
        )
        yield FileSummary(file.file, newest(once["start"]), "; ".join(filter(None, [_message(file, measured), empty])))

    return Kind(("^timestamp$", column, also), read)


def _points(file: FitbitFile, column: str) -> Generator[Skipped, None, pa.Table]:
    """Columns source, start, value, end (NULL = missing) of the rows that have a value, in the file's order."""
    ragged: list[Skipped] = []
    table = _strings(file, ragged)
    yield from ragged
    names = table.column_names
    starts = _times(file, table["timestamp" if "timestamp" in names else "start time"])
    values = table[next(name for name in names if re.search(column, name))]
    ends = _times(file, table["end time"]) if "end time" in names else pa.nulls(len(table), pa.timestamp("us"))
    numbers = _numbers(values)
    has_value = pc.invert(pc.is_in(values, _missing()))
    is_sound = pc.and_kleene(
        pc.and_(starts.is_valid(), numbers.is_valid()),
        pc.and_kleene(pc.is_finite(numbers), pc.greater_equal(numbers, 0.0)),
    )
    is_sound = pc.and_(pc.fill_null(is_sound, False), _is_ours(starts))
    if "end time" in names:
        is_sound = pc.and_(is_sound, pc.fill_null(pc.greater_equal(ends, starts), False))
    for place in pc.indices_nonzero(pc.and_(has_value, pc.invert(is_sound))).to_pylist():
        yield Skipped(file.file, f"row {place + 2}", UNREADABLE, str(table.slice(place, 1).to_pylist()[0]))
    file.is_empty = len(table) == 0 and not ragged
    points = pa.table({"source": _sources(table), "start": starts, "value": numbers, "end": ends}).filter(
        pc.and_(has_value, is_sound)
    )
    return points


def _strings(file: FitbitFile, ragged: list[Skipped]) -> pa.Table:
    """The file as text cells; rows with too many or too few go to `ragged`."""

    def note(row: pa_csv.InvalidRow) -> str:
        reason = say(
            "this row has {actual_columns} cells, the header {expected_columns}",
            actual_columns=row.actual_columns,
            expected_columns=row.expected_columns,
        )
        ragged.append(Skipped(file.file, f"row {row.number}", reason, row.text))
        return "skip"

    content = file.content.decode("utf-8-sig", errors="replace")
    header = [cell.strip().lower() for cell in cells_of(content.partition("\n")[0])]
    names = [name if name not in header[:place] else f"{name} {place}" for place, name in enumerate(header)]
    return pa_csv.read_csv(
        pa.BufferReader(f"{content}\n".encode()),
        read_options=pa_csv.ReadOptions(
            use_threads=False, block_size=max(len(file.content) * 2, 1 << 16), column_names=names, skip_rows=1
        ),
        parse_options=pa_csv.ParseOptions(newlines_in_values=True, invalid_row_handler=note),
        convert_options=pa_csv.ConvertOptions(column_types=dict.fromkeys(names, pa.string())),
    ).combine_chunks()


def _times(file: FitbitFile, stamps: pa.ChunkedArray) -> pa.Array:
    """Instants in UTC of stamps with or without a zone; NULL where one is no time."""
    texts = pc.utf8_trim_whitespace(stamps)
    zoned = pc.match_substring_regex(texts, HAS_ZONE)
    file.is_local_time = len(zoned) > 0 and not pc.any(zoned).as_py()
    if pc.all(zoned).as_py():
        try:
            return pc.cast(pc.cast(texts, pa.timestamp("us", "UTC")), pa.timestamp("us")).combine_chunks()
        except pa.ArrowInvalid:
            pass  # at least one is damaged: one by one
    return pa.array([_time(file, text) for text in texts.to_pylist()], pa.timestamp("us"))


def _time(file: FitbitFile, text: str | None) -> datetime | None:
    try:
        stamp = iso_time(text or "")
        return naive_utc(stamp) if stamp.tzinfo else file.context.to_utc(instant(stamp))
    except (ValueError, OverflowError):
        return None


def _is_ours(times: pa.Array) -> pa.Array:
    first, last = (pa.scalar(limit, pa.timestamp("us")) for limit in (FIRST_UTC, LAST_UTC))
    return pc.fill_null(pc.and_(pc.greater_equal(times, first), pc.less(times, last)), False)


def _numbers(texts: pa.ChunkedArray) -> pa.Array:
    """Numbers, NULL where a text is none."""
    given = pc.if_else(pc.is_in(texts, _missing()), None, texts)
    try:
        return pc.cast(given, pa.float64()).combine_chunks()
    except pa.ArrowInvalid:
        return pa.array([_number_or_none(text) for text in given.to_pylist()], pa.float64())


def _number_or_none(text: str | None) -> float | None:
    try:
        return None if text is None else float(text)
    except (ValueError, OverflowError):
        return None


def _sources(table: pa.Table) -> pa.Array:
    if "data source" not in table.column_names:
        return pa.repeat(SOURCE, len(table))
    names = pc.dictionary_encode(table["data source"].combine_chunks())
    sources = pa.array([source_of(name) for name in names.dictionary.to_pylist()], pa.string())
    return pc.fill_null(sources.take(names.indices), SOURCE)


def _once(points: pa.Table) -> pa.Table:
    """One row for each source and start, the largest value; sorted."""
    if _is_once(points):
        return points.combine_chunks()
    once = points.group_by(["source", "start"], use_threads=False).aggregate([("value", "max"), ("end", "max")])
    once = once.rename_columns({"value_max": "value", "end_max": "end"})
    return once.sort_by([("source", "ascending"), ("start", "ascending")]).combine_chunks()


def _is_once(points: pa.Table) -> bool:
    """Whether the rows are so already, as files of one device are."""
    starts = points["start"].combine_chunks()
    is_one_source = pc.count_distinct(points["source"]).as_py() <= 1
    return bool(is_one_source and pc.all(pc.less(starts[:-1], starts[1:])).as_py() is not False)


def _repeated(file: FitbitFile, metric: str, points: pa.Table, once: pa.Table) -> Iterator[Removed]:
    """What rows with the time and source of another had, by source and date."""
    if len(points) == len(once):
        return
    sums: dict[tuple[str, date], tuple[int, float]] = {}
    for table, sign in ((points, 1), (once, -1)):
        keyed = table.append_column("date", pc.cast(table["start"], pa.date32()))
        groups = keyed.group_by(["source", "date"]).aggregate([("value", "count"), ("value", "sum")])
        for row in groups.to_pylist():
            count, amount = sums.get((row["source"], row["date"]), (0, 0.0))
            sums[row["source"], row["date"]] = count + sign * row["value_count"], amount + sign * row["value_sum"]
    for (source, day), (count, amount) in sums.items():
        if count:
            yield Removed(file.file, metric, count, REPEATED, amount, source, day, "same")


def _intervals(file: FitbitFile, metric: str, points: pa.Table) -> Iterator[Batch | Removed]:
    """Rows of a minute, or until their own end, or until the next row of their source."""
    once = _once(points)
    yield from _repeated(file, metric, points, once)
    count = len(once)
    if count:
        starts = once["start"].combine_chunks()
        ends = pc.coalesce(once["end"].combine_chunks(), pc.add(starts, pa.scalar(MINUTE, pa.duration("us"))))
        following = pa.concat_arrays([starts[1:], pa.nulls(1, pa.timestamp("us"))])
        names = once["source"].combine_chunks()
        is_same = pa.concat_arrays([pc.equal(names[1:], names[:-1]), pa.array([False])])
        ends = pc.if_else(is_same, pc.min_element_wise(ends, following), ends)
        yield batch(
            "samples",
            {
                "file": pa.repeat(file.file, count),
                "source": names,
                "metric": pa.repeat(metric, count),
                "start_utc": starts,
                "end_utc": ends,
                "value": once["value"].combine_chunks(),
                "tz_assumed": pa.repeat(file.is_local_time or None, count).cast(pa.bool_()),
            },
        )


def _message(file: FitbitFile, points: pa.Table) -> str:
    """The message about a series: its clock, repeated rows, and other sources."""
    twice = 0 if _is_once(points) else len(points) - points.group_by(["source", "start"]).aggregate([]).num_rows
    others = sorted(set(pc.unique(points["source"]).to_pylist()) - {SOURCE})
    first = file.content[:4096].decode("utf-8-sig", errors="replace").partition("\n")[2].partition(",")[0]
    return "; ".join(
        filter(
            None,
            [
                IS_LOCAL if len(points) and not re.search(HAS_ZONE, first.strip()) else "",
                say("rows with the time and source of another, of which the larger counts: {twice}", twice=twice)
                if twice
                else "",
                say("told by others than the device: {names}", names=", ".join(others)) if others else "",
            ],
        )
    )
