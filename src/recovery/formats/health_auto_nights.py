"""Nights as Health Auto Export writes them: stretches of sleep in one stage, or sums of a whole night.

A file holds a window of days, mostly yesterday and today, and cuts the nights at its edges: the same night is whole in
one file and cut in the next. So a night that may be cut has a source of its own, `apple:watch:part`. Of two sources of
one sleep the one that saw more of it is selected (stg.sleep_sessions), and the two halves of a night that no file holds
whole are of one source.
"""

from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import NamedTuple

import numpy as np

from recovery.formats.apple import sleep
from recovery.formats.health_auto import DAY_S, HOUR_S, Stamp, moment, source_of, stamp
from recovery.formats.json_values import JsonObject, finite_or_none
from recovery.formats.log_cells import fold
from recovery.formats.nights import stage_rows
from recovery.formats.records import DayValue, SleepSession, SleepStage
from recovery.words.say import say

STAGES: Mapping[str, str] = {
    "awake": "awake",
    "asleep": "asleep",  # without stages; no sum
    "inbed": "in_bed",
    "core": "light",
    "rem": "rem",
    "deep": "deep",
    "unspecified": "asleep",
    **{f"asleep{name}": stage for name, stage in (("core", "light"), ("rem", "rem"), ("deep", "deep"))},
    "asleepunspecified": "asleep",
}
SUM_NAMES = ("totalSleep", "asleep", "core", "deep", "rem", "awake", "inBed")
SUMS = (("deep", "deep_min"), ("rem", "rem_min"), ("core", "light_min"))
MINUTES: Mapping[str, float] = {"hr": 60.0, "h": 60.0, "min": 1.0, "s": 1 / 60}
LONGEST_S = 36 * HOUR_S
LONGEST_STRETCH_S = DAY_S
BEGIN_S, EVENING_S = 12 * HOUR_S, 22 * HOUR_S + HOUR_S // 2
PART = ":part"
EMPTY = say("nights without a minute of sleep")


class StageError(ValueError):
    """A stage of sleep that is not known here."""


class Stretch(NamedTuple):
    """One stretch of sleep in one stage; seconds of UTC, and of the wall clock less UTC."""

    source: str
    start_s: int
    end_s: int
    stage: str
    offset_s: int


class Window(NamedTuple):
    """The days of a file on the wall clock, in seconds: where nights may be cut."""

    begin_s: int
    end_s: int

    def cuts(self, start_s: int, end_s: int) -> bool:
        """Whether a night between these times of the wall clock may be a part of one."""
        is_first = start_s - self.begin_s < BEGIN_S
        is_last = end_s // DAY_S == self.end_s // DAY_S and end_s % DAY_S >= EVENING_S
        return is_first or is_last


def window(stamps: Sequence[int]) -> Window:
    """The window of a file by its stamps, as the wall clock shows them."""
    return Window(min(stamps, default=0) // DAY_S * DAY_S, max(stamps, default=0))


def stage_of(word: str) -> str:
    """One of records.STAGES. Raises StageError for a word that is not known here."""
    stage = STAGES.get(fold(word).replace(" ", ""))
    if stage is None:
        raise StageError(word)
    return stage


def stretch_of(point: JsonObject, stamp: Callable[[str], Stamp] = stamp) -> tuple[Stretch, Stamp]:
    """A stretch of sleep and its start. Raises KeyError, TypeError or ValueError where it cannot be read."""
    start, end = stamp(point["startDate"]), stamp(point["endDate"])
    if not 0 <= end.utc_s - start.utc_s <= LONGEST_STRETCH_S:
        raise ValueError(point["endDate"])
    moment(start.utc_s), moment(end.utc_s)
    stage = stage_of(point["value"])
    source = source_of(str(point.get("source") or ""))
    return Stretch(source, start.utc_s, end.utc_s, stage, start.wall_s - start.utc_s), start


def nights(stretches: Sequence[Stretch], of_file: Window) -> Iterator[tuple[SleepSession, list[SleepStage]]]:
    """Nights and naps out of stretches, those of each source for itself."""
    for source in sorted({stretch.source for stretch in stretches}):
        mine = [stretch for stretch in stretches if stretch.source == source and stretch.end_s > stretch.start_s]
        if not mine:
            continue
        rows = np.array([(s.start_s, s.end_s, sleep.NAMES.index(s.stage)) for s in mine], np.int64)
        offsets = {stretch.start_s: stretch.offset_s for stretch in mine}
        found = sleep.nights(*rows.T)
        pieces = np.stack([found.night, found.piece_start, found.piece_end, found.piece_stage], axis=1).tolist()
        for number, (start, end) in enumerate(zip(found.start.tolist(), found.end.tolist(), strict=True)):
            if end - start > LONGEST_S:
                continue
            offset = offsets[start]
            name = source + (PART if of_file.cuts(start + offset, end + offset) else "")
            key = f"{moment(start):%Y-%m-%dT%H:%M:%SZ}"
            session: SleepSession = {
                "source": name,
                "session_key": key,
                "start_utc": moment(start),
                "end_utc": moment(end),
                "tz_assumed": False,
                "is_in_bed_recorded": bool(found.is_in_bed_recorded[number]),
            }
            own = ((moment(a), moment(b), sleep.NAMES[stage]) for night, a, b, stage in pieces if night == number)
            yield session, list(stage_rows(name, key, own))


class Sums(NamedTuple):
    """The sums of one night, before it is known whether the file cuts it."""

    session: SleepSession
    start_wall_s: int
    end_wall_s: int
    minutes: Mapping[str, float]  # of the stages


def sums_of(point: JsonObject, unit: str, notes: Counter[str], stamp: Callable[[str], Stamp] = stamp) -> Sums | None:
    """A night by its sums; its own `date` is not used, since it is at times the day, at times the evening before.

    None where nobody slept, which is counted. Raises KeyError, TypeError or ValueError where it cannot be read.
    """
    factor = MINUTES[unit]
    told = {name: (finite_or_none(point.get(name)) or 0.0) * factor for name in SUM_NAMES}
    asleep_min = told["totalSleep"] or told["asleep"] + told["core"] + told["deep"] + told["rem"]
    in_bed = [point.get(name) for name in ("inBedStart", "inBedEnd")]
    slept = [point.get(name) for name in ("sleepStart", "sleepEnd")]
    is_in_bed = all(in_bed) and (told["inBed"] > 0 or not all(slept))
    start, end = (stamp(text) for text in (in_bed if is_in_bed else slept) if text)
    if is_in_bed and all(slept):
        asleep_from, asleep_until = (stamp(text) for text in slept if text)
        is_in_bed = start.utc_s <= asleep_from.utc_s and asleep_until.utc_s <= end.utc_s
        start, end = (start, end) if is_in_bed else (asleep_from, asleep_until)
    if not asleep_min:
        notes[EMPTY] += 1
        return None
    if not 0 < end.utc_s - start.utc_s <= LONGEST_S or asleep_min < 0:
        raise ValueError(end)
    session: SleepSession = {
        "source": source_of(str(point.get("source") or point.get("sleepSource") or "")),
        "session_key": f"{moment(start.utc_s):%Y-%m-%dT%H:%M:%SZ}",
        "start_utc": moment(start.utc_s),
        "end_utc": moment(end.utc_s),
        "tz_assumed": False,
        "asleep_min": asleep_min,
        "awake_min": told["awake"] if "awake" in point else None,
        "is_in_bed_recorded": is_in_bed,
    }
    minutes = {metric: told[name] for name, metric in SUMS} if any(told[name] for name, _ in SUMS) else {}
    return Sums(session, start.wall_s, end.wall_s, minutes)


def nights_of_sums(found: Sequence[Sums], of_file: Window) -> Iterator[tuple[SleepSession, list[DayValue]]]:
    """Nights by their sums; the minutes of the stages as values of the date, of the longest night that ends on it."""
    longest: dict[tuple[str, int], Sums] = {}
    for sums in found:
        key = (sums.session["source"], sums.end_wall_s // DAY_S)
        longest[key] = max(longest.get(key, sums), sums, key=lambda one: one.session["asleep_min"] or 0.0)
    for sums in found:
        is_part = of_file.cuts(sums.start_wall_s, sums.end_wall_s)
        source = sums.session["source"]
        is_longest = longest[source, sums.end_wall_s // DAY_S] is sums
        session = sums.session.copy()
        session["source"] = source + (PART if is_part else "")
        day = moment(sums.end_wall_s).date()
        yield (
            session,
            [
                {"source": session["source"], "local_date": day, "metric": metric, "value": value}
                for metric, value in sums.minutes.items()
                if is_longest
            ],
        )
