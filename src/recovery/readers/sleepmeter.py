"""Sleepmeter's CSV: nights and naps as a person enters them, with the aids and tags of each.

What we know of it, from the description of the format and 17 files made with the app:

- Sections with headings of their own, an empty line between: the person's own aids, hindrances and tags by their ids,
  then the sleeps. The waking stands first, then falling asleep, then going to bed, each with its offset.
- Quotes and line ends within names and notes are written as they are, which no table can hold: a sleep is known by the
  form of its beginning, and what stands on other lines is part of a note.
- Holes are times awake, in minutes after falling asleep: `265-460|495-690`.
- A sleep may end before it begins, or be of the year 1900: it is named and left out.
- An aid or tag of the person's own that names a massage is one, on the day before that night, without a time. It does
  not vouch for the nights without it. Dreams, quality, hindrances and notes are never read.
"""

import io
import re
from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta

from recovery.formats.entries import Claim, Context, Entry, Tree
from recovery.formats.export_table import MAX_LINE, Instant, TableFile, instant, offsets
from recovery.formats.massage_words import day_before_night, names_massage, number_places
from recovery.formats.nights import Stretch, stage_rows
from recovery.formats.records import Massage, Skipped, SleepSession, SleepStage, Yielded, batch_of_rows
from recovery.words.say import say

LABEL = "Sleepmeter"
VERSION = 3
USES_LOCAL_TIME = False
IS_REWRITTEN = True

SOURCE = "sleepmeter"
HEADER = "wake,sleep,bedtime,holes,type,dreams,aid,hindrances,tags,quality,notes"
CUSTOM = re.compile(r"custom_(aid|hindrance|tag)_id,(?:class,)?name")
# A spreadsheet that saves the file again leaves out quotes, and adds empty cells.
NAMED = re.compile(r'(CUSTOM_\d+),(?:[A-Z_]+,)?"?(.*?)"?')
BEGINNING = re.compile(r'"?\d{4}-\d\d-\d\d \d\d:\d\d[+-]\d{4}"?,')
TIME = r'"?(\d{4}-\d\d-\d\d \d\d:\d\d[+-]\d{4})"?'
SLEEP = re.compile(rf"{TIME},{TIME},{TIME},([\d|-]*),([A-Z_]+),([^,]*),([^,]*),([^,]*),([^,]*),")
HOLE = re.compile(r"(\d{1,5})-(\d{1,5})")
LONGEST = timedelta(hours=24)
MINUTE = timedelta(minutes=1)
MAX_TEXT = 200


def claims(tree: Tree) -> Iterator[Claim]:
    """Files that begin with the heading of one of the sections."""
    for entry in tree:
        first = entry.head.partition(b"\n")[0].decode("utf-8-sig", errors="replace").strip().rstrip(",")
        if first == HEADER or CUSTOM.fullmatch(first):
            yield Claim(entry.path)


def read(files: Sequence[Entry], context: Context) -> Iterator[Yielded]:
    """Sleep with its times awake, massages and offsets; each file ends with its summary."""
    for number, entry in enumerate(files):
        yield from _read(Diary(number, entry, context, is_private=True))


class Diary(TableFile):
    """One file while it is read, with what was found in it."""

    def __init__(self, number: int, entry: Entry, context: Context, is_private: bool) -> None:
        super().__init__(number, entry, context, is_private=is_private)
        self.massage_names: dict[tuple[str, str], str] = {}  # (section, id)
        self.sessions: dict[str, SleepSession] = {}
        self.stages: dict[str, list[SleepStage]] = {}
        self.instants: list[Instant] = []
        self.massages: list[Massage] = []


def _read(file: Diary) -> Iterator[Yielded]:
    section = ""
    for place, line in enumerate(_lines(file.entry), 1):
        if line.rstrip(",") == HEADER:
            section = "sleeps"
        elif match := CUSTOM.fullmatch(line.rstrip(",")):
            section = match[1]
        elif section == "sleeps" and BEGINNING.match(line):
            file.row_count += 1
            try:
                _sleep(file, line)
            except (ValueError, OverflowError):
                yield Skipped(
                    file.number, f"row {place}", say("the times of this sleep cannot be read, or go backwards")
                )
        elif section != "sleeps" and (named := NAMED.fullmatch(line.rstrip(","))) and names_massage(named[2]):
            file.massage_names[section, named[1]] = named[2][:MAX_TEXT]
    number_places(file.massages)
    yield batch_of_rows("sleep_sessions", file.number, file.sessions.values())
    yield batch_of_rows("sleep_stages", file.number, [stage for night in file.stages.values() for stage in night])
    yield batch_of_rows("clock_offsets", file.number, offsets(SOURCE, file.instants))
    yield batch_of_rows("massages", file.number, file.massages)
    yield file.summary()


def _lines(entry: Entry) -> Iterator[str]:
    """The lines as written, without their ends."""
    with entry.open() as stream, io.TextIOWrapper(stream, "utf-8-sig", errors="replace", newline="") as text:
        while line := text.readline(MAX_LINE):
            yield line.rstrip("\r\n")


def _sleep(file: Diary, line: str) -> None:
    """Keeps one sleep. Raises ValueError or OverflowError where it cannot be read."""
    match = SLEEP.match(line)
    if not match:
        raise ValueError(line)
    wake, asleep, bedtime = (instant(text, file.context) for text in match.groups()[:3])
    begin = min(bedtime.utc, asleep.utc)
    if not (asleep.utc <= wake.utc <= begin + LONGEST):
        raise ValueError(line)
    if asleep.utc == wake.utc:
        file.left_out[say("sleep of no length")] += 1
        return
    stretches = list(_stretches(begin, asleep.utc, wake.utc, match[4]))
    minutes = {
        stage: sum((until - start) / MINUTE for start, until, name in stretches if name == stage)
        for stage in ("asleep", "awake")
    }
    key = f"{begin:%Y-%m-%dT%H:%MZ}"
    file.sessions[key] = {
        "source": SOURCE,
        "session_key": key,
        "start_utc": begin,
        "end_utc": wake.utc,
        "kind": "nap" if match[5] == "NAP" else "main",
        "tz_assumed": False,
        "asleep_min": minutes["asleep"],
        "awake_min": minutes["awake"],
        "latency_min": (asleep.utc - begin) / MINUTE,
        "is_in_bed_recorded": True,
    }
    file.stages[key] = list(stage_rows(SOURCE, key, stretches))
    file.instants += [asleep, wake]
    file.saw(wake.utc)
    _massages(file, asleep, aids=match[7], tags=match[9])


def _stretches(begin: datetime, asleep: datetime, wake: datetime, holes: str) -> Iterator[Stretch]:
    """The course of a sleep: awake in bed, asleep, and awake in each of its holes."""
    here = asleep
    if begin < asleep:
        yield Stretch(begin, asleep, "awake")
    for first, last in sorted((int(hole[1]), int(hole[2])) for hole in HOLE.finditer(holes)):
        start, end = max(asleep + first * MINUTE, here), min(asleep + last * MINUTE, wake)
        if start >= end:
            continue
        if here < start:
            yield Stretch(here, start, "asleep")
        yield Stretch(start, end, "awake")
        here = end
    if here < wake:
        yield Stretch(here, wake, "asleep")


def _massages(file: Diary, asleep: Instant, *, aids: str, tags: str) -> None:
    """The massages among the aids and tags of a night, on the day that was lived before it."""
    names = [
        file.massage_names[section, name]
        for section, cell in (("aid", aids), ("tag", tags))
        for name in cell.split("|")
        if (section, name) in file.massage_names
    ]
    local = asleep.wall or asleep.utc
    for name in dict.fromkeys(names):
        file.massages.append(
            {
                "place": f"sleep {local:%Y-%m-%d %H:%M}",
                "origin": "sleepmeter",
                "local_date": day_before_night(local),
                "technique": name,
                "status": "attended",
            }
        )
