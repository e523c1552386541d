"""`sleep-export.csv` of Sleep as Android's backup, with the massages among its tags.

What we know of it, from a real file of 89 nights and from sleepdiary's description:

- Each record has a header row of its own, a row of values and sometimes a row of noise that begins with an empty
  cell. The two rows may differ in length; columns after the named ones are movement by the minute, then events.
- `From` and `To` are local and doubled when the clock goes back. `Id` is the start in milliseconds of UTC; with `Hours`
  it gives the end. `Tz` is the zone the phone was in.
- Asleep are `Hours` less `LenAdjust` minutes, which are written below zero; "-1.0" there says that a person entered the
  night, "-1" is one minute.
- Movement is no stage of sleep. Where the app recorded stages, they are events, `LIGHT_START-<ms>` to `LIGHT_END-<ms>`,
  in UTC. `DeepSleep` is a share of the sleep, -1 and -2 are none; it counts only for nights without such events.
- A night without events of which nothing is taken off is plain sleep from start to end, as people enter it by hand.
- A tag of the comment that names a massage is one, on the day before that night, without a time; `_2x` behind it says
  how often. The comment itself, the place and the noise are never read.
"""

import io
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from math import isfinite
from typing import NamedTuple
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from recovery.formats.entries import Claim, Context, Entry, Tree
from recovery.formats.export_table import cells_of
from recovery.formats.massage_words import day_before_night, names_massage
from recovery.formats.nights import stage_rows
from recovery.formats.records import (
    ClockOffset,
    DayValue,
    FileSummary,
    Massage,
    Sample,
    Skipped,
    SleepSession,
    Yielded,
    batch_of_rows,
)
from recovery.formats.removed_numbers import RemovedNumbers
from recovery.formats.times import EPOCH, offset_s
from recovery.home import clock
from recovery.home.clock import FIRST_UTC, LAST_UTC
from recovery.vocabulary.heart_rates import MAX_SENSOR_BPM, MIN_BPM
from recovery.words.say import say

LABEL = "Sleep as Android"
VERSION = 3
USES_LOCAL_TIME = True  # only a massage's date where the zone of a night is missing

SOURCE = "sleep_as_android"
AGAIN = say("nights told again left out")
HEADER = ("Id", "Tz", "From", "To", "Sched", "Hours")
BESIDE = {"alarms.json": say("the alarms"), "prefs.xml": say("the settings of the app")}
MAX_BYTES = 200_000_000  # a night has 3 kB, with movement each minute 20
LONGEST_HOURS = 24.0
ROUNDED = timedelta(seconds=4)  # Hours has three digits
MINUTES_PER_HOUR = 60.0
STAGES = {"LIGHT": "light", "DEEP": "deep", "REM": "rem", "AWAKE": "awake"}
ENTERED_BY_HAND = "-1.0"  # LenAdjust
EVENT = re.compile(r"([A-Z][A-Z0-9_]*)-(\d{12,14})(?:-(\d{1,3}(?:\.\d+)?))?")
EDGE = re.compile(r"(LIGHT|DEEP|REM|AWAKE)_(START|END)")
TAG = re.compile(r"#[^\s#]+")
REPEATED = re.compile(r"_(\d)x$")
OFFSET_ZONE = re.compile(r"(?:GMT|UTC)([+-])(\d\d?):?(\d\d)?")

UNREADABLE = say("the start or the length of this night cannot be read")


class Event(NamedTuple):
    """What the app noted at an instant."""

    label: str
    time_utc: datetime
    value: float | None


class Night(NamedTuple):
    """One record."""

    key: str
    start_utc: datetime
    end_utc: datetime
    asleep_min: float
    deep_share: float | None
    zone: str
    tags: Sequence[str]
    events: Sequence[Event]


@dataclass
class File:
    """One file while it is read."""

    number: int
    context: Context
    nights: dict[str, Night] = field(default_factory=dict)
    repeated: int = 0
    empty: list[Night] = field(default_factory=list)  # of no length; their tags count

    def __post_init__(self) -> None:
        self.removed = RemovedNumbers(self.number)


def claims(tree: Tree) -> Iterator[Claim]:
    """Tables with the app's header, and what lies beside them in its zip."""
    folders = set()
    for entry in tree:
        if _is_ours(entry.head):
            folders.add(entry.path.removesuffix(entry.name))
            yield Claim(entry.path)
    for entry in tree:
        if entry.name in BESIDE and entry.path.removesuffix(entry.name) in folders:
            yield Claim(entry.path, not_needed=say("known and not needed: {beside}", beside=BESIDE[entry.name]))


def read(files: Sequence[Entry], context: Context) -> Iterator[Yielded]:
    """Sleep, its stages and heart rate, offsets, and massages of the tags; each file ends with its summary."""
    for number, entry in enumerate(files):
        if not _is_ours(entry.head):
            yield Skipped(number, "", say("this is no table of Sleep as Android"))
        elif entry.size > MAX_BYTES:
            yield Skipped(number, "", say("{size:,} bytes are too many: a night has some thousand", size=entry.size))
        else:
            file = File(number, context)
            yield from _nights(file, entry)
            yield from _records(file)


def _is_ours(head: bytes) -> bool:
    line, _, _ = head.partition(b"\n")
    return tuple(cell.strip() for cell in cells_of(line.decode("utf-8-sig", errors="replace"))[: len(HEADER)]) == HEADER


def _nights(file: File, entry: Entry) -> Iterator[Skipped]:
    header: list[str] = []
    with io.TextIOWrapper(entry.open(), "utf-8-sig", errors="replace") as lines:
        for place, line in enumerate(lines, 1):
            text = line.replace("\0", "")
            cells = cells_of(text) or [text[:100].strip()]
            if tuple(cells[: len(HEADER)]) == HEADER:
                header = [name for name in cells if name and not name[:1].isdigit() and name != "Event"]
            elif cells and cells[0]:  # else a row of noise
                try:
                    night = _night(dict(zip(header, cells, strict=False)), cells[len(header) :])
                except (KeyError, ValueError, OverflowError):
                    shown = ", ".join(cells[: len(HEADER)])  # no comment
                    yield Skipped(file.number, f"row {place}", UNREADABLE, shown[:100])
                    continue
                if night.end_utc == night.start_utc:
                    file.empty.append(night)
                elif file.nights.setdefault(night.key, night) is not night:
                    file.repeated += 1
                    file.removed.add(
                        "asleep_min", AGAIN, night.asleep_min, source=SOURCE, day=night.end_utc, fate="same"
                    )


def _night(cells: Mapping[str, str], others: Sequence[str]) -> Night:
    start = _instant(cells["Id"])
    hours = float(cells["Hours"])
    if not 0 <= hours <= LONGEST_HOURS:
        raise ValueError(hours)
    end = start + timedelta(milliseconds=round(hours * 3_600_000))
    adjust = cells.get("LenAdjust", "").strip()
    less = 0.0 if adjust in ("", ENTERED_BY_HAND) else float(adjust)
    share = float(cells.get("DeepSleep") or -1)
    if not (isfinite(less) and isfinite(share)):
        raise ValueError(cells)
    return Night(
        key=f"record {cells['Id']}",
        start_utc=start,
        end_utc=end,
        asleep_min=round(max(0.0, hours * MINUTES_PER_HOUR + less), 3),
        deep_share=share if 0 <= share <= 1 else None,
        zone=cells["Tz"],
        tags=[tag for tag in TAG.findall(cells.get("Comment", "")) if names_massage(tag)],
        events=[
            Event(found[1], _instant(found[2]), float(found[3]) if found[3] else None)
            for cell in others
            if (found := EVENT.fullmatch(cell))
        ],
    )


def _instant(milliseconds: str) -> datetime:
    time_utc = EPOCH + timedelta(milliseconds=int(milliseconds))
    if not FIRST_UTC <= time_utc < LAST_UTC:
        raise ValueError(milliseconds)
    return time_utc


def _records(file: File) -> Iterator[Yielded]:
    nights = sorted(file.nights.values(), key=lambda night: night.start_utc)
    staged = {night.key: pieces for night in nights if (pieces := _stages(night))}
    yield batch_of_rows("sleep_sessions", file.number, map(_session, nights))
    yield batch_of_rows(
        "sleep_stages",
        file.number,
        (row for key, pieces in staged.items() for row in stage_rows(SOURCE, key, pieces)),
    )
    yield batch_of_rows("samples", file.number, (beat for night in nights for beat in _heart_rates(night)))
    yield batch_of_rows("day_values", file.number, _deep_minutes(file, nights, staged))
    yield batch_of_rows("clock_offsets", file.number, (offset for night in nights for offset in _offsets(night)))
    massages = [massage for night in [*nights, *file.empty] for massage in _massages(file, night)]
    yield batch_of_rows("massages", file.number, massages)
    unknown = sum(_offset_min(night.zone, night.start_utc) is None for night in nights)
    counts = {
        say("massages of tags, each on the day before its night and without a time"): len(massages),
        say("nights of no length left out"): len(file.empty),
        AGAIN: file.repeated,
        say("nights in a zone that is not known"): unknown,
    }
    message = "; ".join(f"{what}: {count}" for what, count in counts.items() if count)
    yield FileSummary(
        file.number,
        removed=file.removed.rows(),
        exported_utc=max((night.end_utc for night in nights), default=None),
        message=message if nights or file.empty else say("holds no entries"),
    )  # no log: a tag vouches for no other day (docs/decisions/0012)


def _session(night: Night) -> SleepSession:
    return {
        "source": SOURCE,
        "session_key": night.key,
        "start_utc": night.start_utc,
        "end_utc": night.end_utc,
        "tz_assumed": False,
        "asleep_min": night.asleep_min,
        "is_in_bed_recorded": True if any(EDGE.fullmatch(event.label) for event in night.events) else None,
    }


def _stages(night: Night) -> list[tuple[datetime, datetime, str]]:
    """The stages that the app recorded; without any stage of sleep, and with nothing taken off, all of it is sleep."""
    pieces = []
    since: dict[str, datetime] = {}
    for event in sorted(night.events, key=lambda event: event.time_utc):
        if edge := EDGE.fullmatch(event.label):
            if edge[2] == "START":
                since.setdefault(edge[1], event.time_utc)
            elif edge[1] in since:
                pieces.append((since.pop(edge[1]), event.time_utc, STAGES[edge[1]]))
    pieces += [(start, night.end_utc, STAGES[label]) for label, start in since.items()]
    inside = [(max(start, night.start_utc), min(end, night.end_utc), stage) for start, end, stage in pieces]
    kept = sorted(piece for piece in inside if piece[0] < piece[1])
    if any(stage != "awake" for _, _, stage in kept):
        return kept
    is_all_sleep = timedelta(minutes=night.asleep_min) >= night.end_utc - night.start_utc - ROUNDED
    return sorted([(night.start_utc, night.end_utc, "asleep"), *kept]) if is_all_sleep else []


def _heart_rates(night: Night) -> Iterator[Sample]:
    for event in night.events:
        if event.label == "HR" and event.value and MIN_BPM <= event.value <= MAX_SENSOR_BPM:
            yield {
                "source": SOURCE,
                "metric": "heart_rate_bpm",
                "start_utc": event.time_utc,
                "end_utc": event.time_utc,
                "value": event.value,
            }


def _deep_minutes(
    file: File, nights: Sequence[Night], staged: Mapping[str, Sequence[tuple[datetime, datetime, str]]]
) -> Iterator[DayValue]:
    """Minutes of deep sleep of the longest night of each date, where only their share is given."""
    longest: dict[date, Night] = {}
    for night in nights:
        day = _local(file, night, night.end_utc).date()
        if day not in longest or longest[day].asleep_min < night.asleep_min:
            longest[day] = night
    for day, night in longest.items():
        if night.deep_share is not None and not any(stage == "deep" for *_, stage in staged.get(night.key, [])):
            minutes = round(night.deep_share * night.asleep_min, 3)
            yield {"source": SOURCE, "local_date": day, "metric": "deep_min", "value": minutes}


def _offsets(night: Night) -> Iterator[ClockOffset]:
    for time_utc in (night.start_utc, night.end_utc):
        offset_min = _offset_min(night.zone, time_utc)
        if offset_min is not None:
            yield {"source": SOURCE, "time_utc": time_utc, "offset_s": offset_min * 60}


def _massages(file: File, night: Night) -> Iterator[Massage]:
    for number, tag in enumerate(night.tags, 1):
        repeated = REPEATED.search(tag)
        for time in range(int(repeated[1]) if repeated else 1):
            yield {
                "place": f"{night.key}, tag {number}" + (f" ({time + 1})" if time else ""),
                "origin": SOURCE,
                "local_date": day_before_night(_local(file, night, night.start_utc)),
                "technique": REPEATED.sub("", tag).strip("#").replace("_", " "),
                "status": "attended",
            }


def _local(file: File, night: Night, time_utc: datetime) -> datetime:
    """The wall clock at an instant, of the night's own zone where that is known, else of the person's."""
    offset_min = _offset_min(night.zone, time_utc)
    if offset_min is None:
        return clock.to_local(time_utc, file.context.zone_at(time_utc.date()))
    return time_utc + timedelta(minutes=offset_min)


def _offset_min(zone: str, time_utc: datetime) -> int | None:
    """Minutes ahead of UTC of `Europe/Berlin` or `GMT+02:00`; None of what is no zone."""
    if offset := OFFSET_ZONE.fullmatch(zone):
        seconds = offset_s(*offset.groups())
        return seconds // 60 if clock.is_place(seconds) else None
    try:
        ZoneInfo(zone)
    except (ZoneInfoNotFoundError, ValueError, OSError):  # 'Europe' is a folder
        return None
    return clock.offset_min(zone, time_utc)
