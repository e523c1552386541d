"""AutoSleep's history, a CSV of one row a night, with the massages among its tags.

What we know of it, from programs that read such files; no file of ours was at hand:

- `bedtime` and `waketime` are the wall clock. `ISO8601` is a moment of the night with its offset; where it is the one
  of the person's own zone on that night, that zone gives the times, so that a night in which the clock changes has its
  true length, else the offset does. Without the column the times are local, and flagged.
- Durations are `HH:MM:SS`. `fellAsleepIn` is nearly always zero, which is not measured; `inBed` is the time between the
  two clocks where there was one session, and less where the person got up. A nap after the night is part of its row:
  nothing says when it was, so the end of such a night is that of the nap, and is counted.
- Headings changed by version: `inBed` was `bed`, `fellAsleepIn` was `tillSleep`.
- Heart-rate variability is SDNN or RMSSD as a person has set it, and is not read; `deep` is minutes of deep sleep by
  AutoSleep's own rule. Averages of seven days, ratings and notes are never read.
- A tag that names a massage is one, on the day before that night, without a time.

AutoSleep also writes its nights to Apple Health. The source here is `autosleep`, that of Apple's export the app's own
name: of nights that overlap one source counts.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from typing import NamedTuple

from recovery.formats.entries import Claim, Context, Entry, Tree
from recovery.formats.export_table import NO_VALUE, Row, TableFile, headings, measured, plain
from recovery.formats.massage_words import day_before_night, names_massage
from recovery.formats.records import Massage, Skipped, SleepSession, Yielded, batch_of_rows, day_values
from recovery.formats.times import iso_time, within_years
from recovery.home.clock import is_place
from recovery.words.say import say

LABEL = "AutoSleep (CSV)"
VERSION = 4
USES_LOCAL_TIME = True

SOURCE = "autosleep"
MAX_BYTES = 50_000_000  # a night has 400 bytes
LONGEST = timedelta(hours=24)
ROUNDED_MIN = 2.0
PERCENT = 100.0
NAMES: Mapping[str, Sequence[str]] = {  # plain headings, the present one first
    "in_bed": ("inbed", "bed"),
    "latency": ("fellasleepin", "tillsleep"),
}
DURATION = re.compile(r"(\d{1,3}):([0-5]\d)(?::([0-5]\d))?")
BETWEEN_TAGS = re.compile(r"[,;|\n]+")


class Night(NamedTuple):
    """One row."""

    place: str
    bed_local: datetime
    wake_local: datetime
    start_utc: datetime
    end_utc: datetime
    has_offset: bool
    asleep_min: float
    awake_min: float | None
    latency_min: float | None
    is_in_bed_recorded: bool | None
    days: Mapping[str, float]
    massages: Sequence[str]


def claims(tree: Tree) -> Iterator[Claim]:
    """Tables with AutoSleep's headings."""
    for entry in tree:
        if _is_ours(entry):
            yield Claim(entry.path)


def read(files: Sequence[Entry], context: Context) -> Iterator[Yielded]:
    """Nights, day values, offsets and massages of the tags; each file ends with its summary."""
    for number, entry in enumerate(files):
        if not _is_ours(entry):
            yield Skipped(number, "", say("this is no history of AutoSleep"))
            continue
        if entry.size > MAX_BYTES:
            yield Skipped(number, "", say("{size:,} bytes are too many: a night has some hundred", size=entry.size))
            continue
        file = TableFile(number, entry, context)
        rows: list[Row] = []
        for row in file.rows():
            if isinstance(row, Skipped):
                yield row
            else:
                rows.append(row)
        nights: list[Night] = []
        for row in rows:
            try:
                night = _night(file, row)
            except (KeyError, ValueError, OverflowError):
                yield Skipped(number, row.place, say("a time or a duration of this night cannot be read"), _clocks(row))
                continue
            if night:
                nights.append(night)
                file.saw(night.end_utc)
        yield from _records(file, nights)


def _is_ours(entry: Entry) -> bool:
    has = {plain(name) for name in headings(entry.head)}
    return {"bedtime", "waketime", "asleep"} <= has and bool({"iso8601", "fromdate", "sleepbpm"} & has)


def _night(file: TableFile, row: Row) -> Night | None:
    """One row as a night; None where it has neither sleep nor a massage."""
    asleep = _minutes(row.cells["asleep"]) or 0.0
    massages = [tag.strip() for tag in BETWEEN_TAGS.split(row.cells.get("tags", "")) if names_massage(tag)]
    if not asleep:
        file.left_out[say("night without sleep")] += 1
        if not massages:
            return None
    bed, wake = (_wall(row.cells[name]) for name in ("bedtime", "waketime"))
    offset = _offset(row.cells.get("iso8601", ""))
    start, end = (_instant(file.context, wall, offset) for wall in (bed, wake))
    length_min = (end - start) / timedelta(minutes=1)
    if asleep and (not start < end <= start + LONGEST or asleep > length_min + ROUNDED_MIN):
        raise ValueError(row)
    if (measured(row.cells.get("sessions")) or 0) > 1:
        file.left_out[say("nap that is told within its night")] += 1
    in_bed = _minutes(_cell(row, "in_bed"))
    days = {
        "deep_min": _minutes(row.cells.get("deep", "")),
        "respiration_rate": measured(row.cells.get("respavg")),
        "spo2_mean_share": _share(row.cells.get("spo2avg")),
    }
    return Night(
        row.place,
        bed,
        wake,
        start,
        end,
        offset is not None,
        asleep,
        _minutes(row.cells.get("awake", "")),
        _minutes(_cell(row, "latency")) or None,
        True if in_bed and abs(in_bed - length_min) <= ROUNDED_MIN else None,
        {metric: value for metric, value in days.items() if value is not None},
        massages,
    )


def _records(file: TableFile, nights: Sequence[Night]) -> Iterator[Yielded]:
    yield batch_of_rows("sleep_sessions", file.number, _sessions(nights))
    days = (
        (night.wake_local.date(), metric, value)
        for night in nights
        if night.asleep_min
        for metric, value in night.days.items()
    )
    yield day_values(file.number, SOURCE, days)
    yield batch_of_rows(
        "clock_offsets",
        file.number,
        [
            {"source": SOURCE, "time_utc": time_utc, "offset_s": int((wall - time_utc).total_seconds())}
            for night in nights
            if night.has_offset
            for wall, time_utc in ((night.bed_local, night.start_utc), (night.wake_local, night.end_utc))
        ],
    )
    massages = list(_massages(nights))
    yield batch_of_rows("massages", file.number, massages)
    if massages:
        message = say(
            "massages of tags, each on the day before its night and without a time: {count}", count=len(massages)
        )
        file.messages.append(message)
    yield file.summary()  # no log: a tag vouches for no other day (docs/decisions/0012)


def _sessions(nights: Sequence[Night]) -> Iterator[SleepSession]:
    for night in nights:
        if night.asleep_min:
            yield {
                "source": SOURCE,
                "session_key": f"night {night.bed_local:%Y-%m-%dT%H:%M:%S}",
                "start_utc": night.start_utc,
                "end_utc": night.end_utc,
                "tz_assumed": not night.has_offset,
                "asleep_min": night.asleep_min,
                "awake_min": night.awake_min,
                "latency_min": night.latency_min,
                "is_in_bed_recorded": night.is_in_bed_recorded,
                "reported_start_local": None if night.has_offset else night.bed_local,
                "reported_end_local": None if night.has_offset else night.wake_local,
            }


def _massages(nights: Sequence[Night]) -> Iterator[Massage]:
    """Massages of the tags, each on the day before its night."""
    for night in nights:
        for number, tag in enumerate(night.massages, 1):
            yield {
                "place": f"{night.place}, tag {number}",
                "origin": SOURCE,
                "local_date": day_before_night(night.bed_local),
                "technique": tag,
                "status": "attended",
            }


def _wall(text: str) -> datetime:
    """What the wall clock showed."""
    return iso_time(text.strip()).replace(tzinfo=None)


def _offset(text: str) -> tuple[datetime, int] | None:
    """The moment of `ISO8601` and its offset; None where the cell is empty."""
    if text.strip().lower() in NO_VALUE:
        return None
    stamp = iso_time(text.strip())
    ahead = stamp.utcoffset()
    if ahead is None or text.strip().endswith(("Z", "z")) or not is_place(int(ahead.total_seconds())):
        return None
    return within_years(stamp.replace(tzinfo=None) - ahead), int(ahead.total_seconds())


def _instant(context: Context, wall: datetime, offset: tuple[datetime, int] | None) -> datetime:
    """The instant of a wall clock: of the person's own zone where that had the same offset, else by the offset."""
    of_zone = context.to_utc(wall)
    if offset is None:
        return within_years(of_zone)
    time_utc, offset_s = offset
    moment_local = time_utc + timedelta(seconds=offset_s)
    is_own_zone = context.to_utc(moment_local) == time_utc
    return within_years(of_zone if is_own_zone else wall - timedelta(seconds=offset_s))


def _cell(row: Row, name: str) -> str:
    return next((row.cells[heading] for heading in NAMES[name] if heading in row.cells), "")


def _minutes(text: str) -> float | None:
    """A duration in minutes; None where the cell is empty. Raises ValueError elsewhere."""
    if text.strip().lower() in NO_VALUE:
        return None
    found = DURATION.fullmatch(text.strip())
    if not found:
        raise ValueError(text)
    return round(int(found[1]) * 60 + int(found[2]) + int(found[3] or 0) / 60, 3)


def _share(text: str | None) -> float | None:
    """A share written as 0.97 or as 97; None where the cell is empty."""
    value = measured(text)
    if value is None or value > PERCENT:
        return None
    return value if value <= 1 else round(value / PERCENT, 6)


def _clocks(row: Row) -> str:
    """The times of a row: no tags, no notes."""
    return ", ".join(row.cells.get(name, "")[:40] for name in ("iso8601", "bedtime", "waketime", "asleep"))
