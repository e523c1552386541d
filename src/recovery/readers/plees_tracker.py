"""Plees Tracker's CSV: one row a sleep, from the tap at going to sleep to the tap at waking.

What we know of it, from the app's own documented file and its code:

- `sid,start,stop,rating`, later versions add a comment: milliseconds of UTC, no zone. `sid` is counted anew.
- What the person tapped is all there is: it counts as asleep from start to stop. Taps less than a minute apart are
  trials of the button.
- The rating and the comment are never read.
"""

from collections.abc import Iterator, Sequence
from datetime import timedelta

from recovery.formats.entries import Claim, Context, Entry, Tree
from recovery.formats.export_table import Row, TableFile, headings, plain
from recovery.formats.json_values import instant_of
from recovery.formats.nights import stage_rows
from recovery.formats.records import SleepSession, SleepStage, Yielded, batch_of_rows
from recovery.words.say import say

LABEL = "Plees Tracker"
VERSION = 2
USES_LOCAL_TIME = False
IS_REWRITTEN = True

SOURCE = "plees_tracker"
HEADINGS = ("sid", "start", "stop", "rating")
MILLISECOND = timedelta(milliseconds=1)
SHORTEST = timedelta(minutes=1)
LONGEST = timedelta(hours=24)


def claims(tree: Tree) -> Iterator[Claim]:
    """Tables with the app's headings."""
    for entry in tree:
        if tuple(plain(name) for name in headings(entry.head)[:4]) == HEADINGS:
            yield Claim(entry.path)


def read(files: Sequence[Entry], context: Context) -> Iterator[Yielded]:
    """Sleep; each file ends with its summary."""
    for number, entry in enumerate(files):
        yield from _read(TableFile(number, entry, context, is_private=True))


def _read(file: TableFile) -> Iterator[Yielded]:
    sessions: list[SleepSession] = []
    stages: list[SleepStage] = []

    def take(row: Row) -> None:
        start, end = (instant_of(row.cells[name], MILLISECOND) for name in ("start", "stop"))
        if not timedelta() <= end - start <= LONGEST:
            raise ValueError(row.cells["stop"])
        if end - start < SHORTEST:
            file.left_out[say("sleep of less than a minute")] += 1
            return
        key = f"{start:%Y-%m-%dT%H:%M:%SZ}"
        sessions.append({"source": SOURCE, "session_key": key, "start_utc": start, "end_utc": end, "tz_assumed": False})
        stages.extend(stage_rows(SOURCE, key, [(start, end, "asleep")]))
        file.saw(end)

    yield from file.each(take, errors=(TypeError,))
    yield batch_of_rows("sleep_sessions", file.number, sessions)
    yield batch_of_rows("sleep_stages", file.number, stages)
    yield file.summary()
