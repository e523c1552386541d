"""Nights out of pieces: which pieces of sleep make one night, and its stages as rows."""

from collections.abc import Callable, Iterable, Iterator
from datetime import datetime, timedelta
from typing import NamedTuple, TypeVar

from recovery.formats.records import SleepStage

NIGHT_GAP = timedelta(hours=1)  # pieces that lie closer are of one night, as stg.sleep_sessions has it

Piece = TypeVar("Piece")


class Stretch(NamedTuple):
    """A stretch of sleep in one stage."""

    start_utc: datetime
    end_utc: datetime
    stage: str


def nights_of(pieces: Iterable[Piece], span: Callable[[Piece], tuple[datetime, datetime]]) -> Iterator[list[Piece]]:
    """Pieces of sleep, sorted by start, in runs without a gap of an hour; `span` gives start and end of a piece."""
    night: list[Piece] = []
    night_end: datetime | None = None
    for piece in pieces:
        start, end = span(piece)
        if night_end is not None and start - night_end >= NIGHT_GAP:
            yield night
            night, night_end = [], None
        night.append(piece)
        night_end = end if night_end is None else max(night_end, end)
    if night:
        yield night


def joined(stretches: Iterable[Stretch]) -> list[Stretch]:
    """Stretches in one stage that follow each other without a gap, as one."""
    found: list[Stretch] = []
    for stretch in stretches:
        if found and found[-1].end_utc == stretch.start_utc and found[-1].stage == stretch.stage:
            found[-1] = found[-1]._replace(end_utc=stretch.end_utc)
        else:
            found.append(stretch)
    return found


def stage_rows(
    source: str, session_key: str, stretches: Iterable[tuple[datetime, datetime, str]]
) -> Iterator[SleepStage]:
    """Rows of `sleep_stages` of one session, of stretches as (start, end, stage)."""
    for start_utc, end_utc, stage in stretches:
        yield {
            "source": source,
            "session_key": session_key,
            "start_utc": start_utc,
            "end_utc": end_utc,
            "stage": stage,
        }
