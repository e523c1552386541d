"""The nights in Fitbit's JSON files. `global_export` says what we know of them."""

import json
from bisect import insort
from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from typing import Any, NamedTuple

from recovery.formats.fitbit.file import IS_LOCAL, SOURCE, FitbitFile, instant
from recovery.formats.fitbit.json_elements import elements, number_in, skipped
from recovery.formats.json_values import JsonObject
from recovery.formats.records import FileSummary, Skipped, SleepSession, SleepStage, Yielded, batch_of_rows
from recovery.formats.times import iso_time
from recovery.words.say import say

STAGES = {
    "wake": "awake", "light": "light", "deep": "deep", "rem": "rem",
    "asleep": "asleep", "restless": "awake", "awake": "awake",
    "unknown": "unknown",
}  # fmt: skip


def sleep(file: FitbitFile) -> Iterator[Yielded]:
    """Nights and naps with their stages."""
    nights: list[SleepSession] = []
    stretches: list[SleepStage] = []
    for place, row in enumerate(elements(file), 1):
        try:
            night, start_local = _night(file, row)
        except (KeyError, TypeError, ValueError, OverflowError):
            yield skipped(file, place, row)
            continue
        nights.append(night)
        levels = row["levels"] if isinstance(row.get("levels"), dict) else {}
        length_s = int((night["end_utc"] - night["start_utc"]).total_seconds())
        pieces: list[Piece] = []
        for part in ("data", "shortData"):  # the order lays the short wakings over the stages
            for at_piece, level in enumerate(_list(levels.get(part)), 1):
                try:
                    piece = _piece(level, start_local)
                except (KeyError, TypeError, ValueError, OverflowError):
                    yield Skipped(
                        file.file,
                        f"element {place}, {part} {at_piece}",
                        say("no stretch of sleep can be read here: it needs dateTime, a known level and seconds"),
                        json.dumps(level)[:200],
                    )
                else:
                    _lay_over(pieces, piece)
        stretches += [
            {
                "source": SOURCE,
                "session_key": night["session_key"],
                "start_utc": night["start_utc"] + timedelta(seconds=piece.start_s),
                "end_utc": night["start_utc"] + timedelta(seconds=min(piece.end_s, length_s)),
                "stage": piece.stage,
            }
            for piece in _joined(pieces)
            if 0 <= piece.start_s < length_s
        ]
    yield batch_of_rows("sleep_sessions", file.file, nights)
    yield batch_of_rows("sleep_stages", file.file, stretches)
    yield FileSummary(file.file, max((night["end_utc"] for night in nights), default=None), IS_LOCAL)


def _list(value: Any) -> list[Any]:
    return value if isinstance(value, list) else []


def _night(file: FitbitFile, row: JsonObject) -> tuple[SleepSession, datetime]:
    """One row of sleep_sessions, and its start on the wall clock."""
    start_local = iso_time(row["startTime"])
    length = timedelta(milliseconds=row["duration"])
    if start_local.tzinfo is not None or length <= timedelta(0):
        raise ValueError(row["startTime"])
    start_utc = instant(file.context.to_utc(start_local))
    latency = number_in(row, "minutesToFallAsleep")
    night: SleepSession = {
        "source": SOURCE,
        "session_key": str(int(row["logId"])),
        "start_utc": start_utc,
        "end_utc": instant(start_utc + length),
        "kind": {True: "main", False: "nap"}.get(row.get("mainSleep")),  # type: ignore[arg-type]
        "tz_assumed": True,
        "asleep_min": number_in(row, "minutesAsleep"),
        "awake_min": number_in(row, "minutesAwake"),
        "latency_min": None if latency == 0 and row.get("logType") == "auto_detected" else latency,
        "after_wake_min": number_in(row, "minutesAfterWakeup"),
        "is_in_bed_recorded": True,
        "reported_start_local": start_local,
        "reported_end_local": start_local + length,
    }
    return night, start_local


class Piece(NamedTuple):
    """A stretch of a night in seconds from its start."""

    start_s: int
    end_s: int
    stage: str


def _piece(level: JsonObject, start_local: datetime) -> Piece:
    start_s = round((iso_time(level["dateTime"]) - start_local).total_seconds())
    seconds = int(level["seconds"])
    if seconds <= 0:
        raise ValueError(seconds)
    return Piece(start_s, start_s + seconds, STAGES[level["level"]])


def _lay_over(pieces: list[Piece], top: Piece) -> None:
    """Cuts `top` into the pieces; nearly always it comes after all of them."""
    if pieces and top.start_s < pieces[-1].end_s:
        pieces[:] = [
            part
            for piece in pieces
            for part in (
                piece._replace(end_s=min(piece.end_s, top.start_s)),
                piece._replace(start_s=max(piece.start_s, top.end_s)),
            )
            if part.start_s < part.end_s
        ]
    insort(pieces, top)


def _joined(pieces: Sequence[Piece]) -> list[Piece]:
    """Neighbours of one stage as one piece, so that a waking is counted once."""
    joined: list[Piece] = []
    for piece in pieces:
        if joined and joined[-1].stage == piece.stage and joined[-1].end_s == piece.start_s:
            joined[-1] = joined[-1]._replace(end_s=piece.end_s)
        else:
            joined.append(piece)
    return joined
