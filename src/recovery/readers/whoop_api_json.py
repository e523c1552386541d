"""Answers of WHOOP's API, as scripts store them every night: `{"records": [...]}` of one collection, or its list.

What we know of it, from the vendor's description and programs that store the answers:

- A record says nothing of its collection: a sleep has `nap`, a workout `sport_name` (version 1: `sport_id` alone), the
  recovery of a morning `sleep_id`; any other is a cycle, which holds strain and the energy of all that the body burns.
- Times are UTC, with the offset of the wall clock beside them. A recovery has no time but the one at which it was made,
  after waking: it is of the date of that moment.
- Only what is SCORED has numbers; PENDING_SCORE and UNSCORABLE are left out, with their count.
- Asleep are light, slow wave and REM together; the time in bed is more. There is no course of stages.
- Massages are workouts of that name. The CSV export leaves them out. They do not vouch for the days without one.
- The source is `whoop`, as in the CSV export: the same night is one here.
- Profile and body measurements are never read.
"""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date, datetime, timedelta
from typing import Any

from recovery.formats.entries import Claim, Context, Entry, Tree
from recovery.formats.export_table import UNREADABLE, Instant, TableFile, instant, offsets
from recovery.formats.json_items import CutShortError, documents, items
from recovery.formats.json_values import JsonObject, positive_or_none, word
from recovery.formats.massage_words import names_massage, number_places
from recovery.formats.records import Activity, Massage, Skipped, SleepSession, Yielded, batch_of_rows, day_values
from recovery.formats.times import iso_time
from recovery.home import clock
from recovery.vocabulary.massages import MAX_MASSAGE_MIN
from recovery.words.say import say

LABEL = "WHOOP (API)"
VERSION = 3
USES_LOCAL_TIME = True  # only the date of a recovery, which has no offset
IS_REWRITTEN = True

SOURCE = "whoop"
RECORDS = re.compile(rb'(?:\xef\xbb\xbf)?\s*\{\s*"records"\s*:')
LIST = re.compile(rb"(?:\xef\xbb\xbf)?\s*\[")
OBJECT = re.compile(rb"(?:\xef\xbb\xbf)?\s*\{")
SCORED = b'"score_state"'
MAX_OBJECT_BYTES = 32 << 20  # of collections in one object
LONGEST = timedelta(hours=24)
MILLISECONDS_PER_MINUTE = 60_000.0
PERCENT = 100.0
LOWEST_SPO2_SHARE = 0.5
MAX_TEXT = 200
NO_MOVEMENT = re.compile(r"medita|sauna|steam|ice bath|breath|compression|massage|nap\b|stimulat|sleep", re.IGNORECASE)
STAGES: Mapping[str, str] = {
    "total_light_sleep_time_milli": "light_min",
    "total_slow_wave_sleep_time_milli": "deep_min",
    "total_rem_sleep_time_milli": "rem_min",
}


def claims(tree: Tree) -> Iterator[Claim]:
    """JSON in whose first records a state of their score stands."""
    for entry in tree:
        if SCORED in entry.head and (LIST.match(entry.head) or OBJECT.match(entry.head)):
            yield Claim(entry.path)


def read(files: Sequence[Entry], context: Context) -> Iterator[Yielded]:
    """Sleep, values of dates, activities, massages and offsets; each file ends with its summary."""
    for number, entry in enumerate(files):
        if SCORED not in entry.head:
            yield Skipped(number, "", say("this is not one of the WHOOP answers that are read"))
            continue
        yield from _read(Answers(number, entry, context))


class Answers(TableFile):
    """One file while it is read, with what was found in it."""

    def __init__(self, number: int, entry: Entry, context: Context) -> None:
        super().__init__(number, entry, context)
        self.sessions: list[SleepSession] = []
        self.activities: list[Activity] = []
        self.massages: list[Massage] = []
        self.instants: list[Instant] = []
        self.days: dict[tuple[date, str], float] = {}
        self.longest: dict[date, float] = {}  # minutes of the main sleep that gives a date its values

    def span(self, record: JsonObject) -> tuple[Instant, Instant]:
        """Start and end of a record on its own wall clock. Raises KeyError, TypeError or ValueError."""
        start, end = (self._moment(record[name], record.get("timezone_offset")) for name in ("start", "end"))
        if not timedelta() < end.utc - start.utc <= LONGEST:
            raise ValueError(record["end"])
        self.instants.append(start)
        self.saw(end.utc)
        return start, end

    def _moment(self, text: str, zone: object) -> Instant:
        moment = instant(text, self.context)
        ahead = iso_time(f"2000-01-01T00:00:00{zone}").utcoffset() if isinstance(zone, str) else None
        seconds = None if ahead is None else int(ahead.total_seconds())
        return moment._replace(offset_s=seconds if seconds is not None and clock.is_place(seconds) else None)

    def wall(self, moment: Instant) -> datetime:
        """What the wall clock showed, by the record itself or else by the person's zone."""
        return moment.wall or clock.to_local(moment.utc, self.context.zone_at(moment.utc.date()))


def _read(file: Answers) -> Iterator[Yielded]:
    for place, record in _records(file):
        if isinstance(record, Skipped):
            yield record
            continue
        file.row_count += 1
        try:
            _take(file, record, place)
        except (KeyError, TypeError, ValueError, AttributeError, OverflowError):
            yield Skipped(file.number, place, UNREADABLE)
    number_places(file.massages)
    yield batch_of_rows("sleep_sessions", file.number, file.sessions)
    yield batch_of_rows("activities", file.number, file.activities)
    yield batch_of_rows("massages", file.number, file.massages)
    yield day_values(file.number, SOURCE, ((day, metric, value) for (day, metric), value in file.days.items()))
    yield batch_of_rows("clock_offsets", file.number, offsets(SOURCE, file.instants))
    yield file.summary()


def _records(file: Answers) -> Iterator[tuple[str, Any]]:
    """The records with their places; the rest of a file that is damaged is one `Skipped`."""
    head = file.entry.head
    try:
        if RECORDS.match(head) or LIST.match(head):
            with file.entry.open() as stream:
                found = items(stream, '"records"' if RECORDS.match(head) else "")
                for position, record in enumerate(found, 1):
                    yield f"record {position}", record
        elif file.entry.size > MAX_OBJECT_BYTES:
            raise CutShortError(say("one object of {size:,} bytes is too large", size=file.entry.size))
        else:
            for content in documents(file.entry.read().decode("utf-8-sig")):
                yield from _collections(content)
    except (CutShortError, ValueError, RecursionError) as error:
        file.is_partial = file.row_count > 0
        reason = error.message if isinstance(error, CutShortError) else say("this JSON is damaged or cut short")
        yield "", Skipped(file.number, say("after record {count}", count=file.row_count), reason)


def _collections(content: JsonObject) -> Iterator[tuple[str, Any]]:
    """The records of an object that is one record, or that has a list of records under the name of each collection."""
    if "score_state" in content:
        yield "record 1", content
        return
    for name, part in content.items():
        records = part.get("records") if isinstance(part, dict) else part
        for position, record in enumerate(records if isinstance(records, list) else [], 1):
            yield f"{word(name)} {position}", record


def _take(file: Answers, record: JsonObject, place: str) -> None:
    """One record. Raises KeyError, TypeError or ValueError where it cannot be read."""
    is_workout = "sport_name" in record or "sport_id" in record
    if record["score_state"] != "SCORED" and not is_workout:
        state = word(record["score_state"]).lower()
        file.left_out[say("records without a score ({state})", state=state)] += 1
    elif "nap" in record:
        _sleep(file, record)
    elif is_workout:
        _workout(file, record)
    elif "sleep_id" in record:
        _recovery(file, record)
    else:
        file.left_out[say("cycles, whose strain and energy are not needed")] += 1


# ---- sleep and recovery ----------------------------------------------------------------------------------------------


def _sleep(file: Answers, record: JsonObject) -> None:
    start, end = file.span(record)
    score = record["score"]
    summary = score["stage_summary"]
    minutes = {metric: _minutes(summary[name]) for name, metric in STAGES.items()}
    asleep_min = sum(minutes.values())
    if not asleep_min:
        file.left_out[say("sleep without a minute asleep")] += 1
        return
    file.sessions.append(
        {
            "source": SOURCE,
            "session_key": f"{start.utc:%Y-%m-%dT%H:%M:%SZ}",
            "start_utc": start.utc,
            "end_utc": end.utc,
            "kind": "nap" if record["nap"] else "main",
            "tz_assumed": False,
            "asleep_min": asleep_min,
            "awake_min": _minutes(summary["total_awake_time_milli"]),
            "is_in_bed_recorded": True,
        }
    )
    day = file.wall(end).date()
    if not record["nap"] and asleep_min >= file.longest.get(day, 0.0):
        file.longest[day] = asleep_min
        _keep(file, day, {**minutes, "respiration_rate": positive_or_none(score.get("respiratory_rate"))}.items())


def _recovery(file: Answers, record: JsonObject) -> None:
    made = instant(record["created_at"], file.context)
    file.saw(made.utc)
    score = record["score"]
    oxygen = (positive_or_none(score.get("spo2_percentage")) or 0.0) / PERCENT
    _keep(
        file,
        file.wall(made._replace(offset_s=None)).date(),
        (
            ("resting_heart_rate_bpm", positive_or_none(score.get("resting_heart_rate"))),
            ("hrv_rmssd_ms", positive_or_none(score.get("hrv_rmssd_milli"))),
            ("spo2_mean_share", oxygen if LOWEST_SPO2_SHARE < oxygen <= 1 else None),
        ),
    )


def _keep(file: Answers, day: date, values: Iterable[tuple[str, float | None]]) -> None:
    """Keeps what a date has."""
    file.days |= {(day, metric): value for metric, value in values if value is not None}


def _minutes(milliseconds: object) -> float:
    if isinstance(milliseconds, bool) or not isinstance(milliseconds, int | float) or milliseconds < 0:
        raise TypeError(milliseconds)
    return milliseconds / MILLISECONDS_PER_MINUTE


# ---- workouts --------------------------------------------------------------------------------------------------------


def _workout(file: Answers, record: JsonObject) -> None:
    start, end = file.span(record)
    sport = " ".join(re.findall(r"[^\W_]+", str(record.get("sport_name") or "")))[:MAX_TEXT]
    if names_massage(sport):
        wall = file.wall(start)
        minutes = (end.utc - start.utc) / timedelta(minutes=1)
        massage: Massage = {
            "place": f"activity {word(record['start'])}",
            "origin": "whoop_api_json",
            "local_date": wall.date(),
            "start_local": wall,
            "start_utc": start.utc,
            "massage_min": minutes if minutes <= MAX_MASSAGE_MIN else None,
            "technique": sport,
            "status": "attended",
        }
        file.massages.append(massage)
    elif NO_MOVEMENT.search(sport):
        file.left_out[say("{lower}, which is no movement", lower=sport.lower())] += 1
    else:
        score = record.get("score")
        distance = score.get("distance_meter") if isinstance(score, dict) else None
        file.activities.append(
            {
                "source": SOURCE,
                "start_utc": start.utc,
                "end_utc": end.utc,
                "sport": sport.lower() or None,
                "distance_m": positive_or_none(distance),
            }
        )
