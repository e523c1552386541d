"""Health.md's JSON of a day (iOS, Android), as the app writes them each day into a vault or a drive.

What we know of it, from its own documentation and the examples that its tests generate:

- One file a date, written anew by a later export. Days are those of the phone's zone; moments are in UTC. The date is
  ISO unless the person chose another form; then the name of the file may tell it.
- Shares are of 1, and amounts in kilocalories and metres, whatever units the person chose. A name that is missing was
  not told.
- A night lies in the file of its evening or of its morning, as the person chose: only moments tell which. Bedtimes of
  the Android app are at times wrong: a night that is shorter than the sleep in it is refused.
- Symptoms are counts of entries, which say nothing of how bad it was: left out. Only a lossless export holds the
  entries themselves, with severities as numbers: 1 not present to 4 severe.
- Doses of medication are left out, since nothing says which are against pain; places, cycles, food and notes are never
  read. Devices are not named: all is of Apple's sum, `apple:merged`.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from datetime import timedelta
from functools import partial

from recovery.formats.entries import Claim, Context, Entry, Tree, claim_of
from recovery.formats.health_auto import MERGED, moment
from recovery.formats.health_md import (
    COUNTS,
    DOSES,
    ERRORS,
    LONGEST_NIGHT,
    PERCENT,
    SAMPLES,
    VALUES,
    Day,
    Value,
    add_workout,
    entry_of,
)
from recovery.formats.json_items import Cursor, CutShortError
from recovery.formats.json_values import JsonObject, finite_or_none
from recovery.formats.records import Yielded
from recovery.formats.symptoms import readings
from recovery.home import clock
from recovery.words.say import say

LABEL = "Health.md (JSON)"
VERSION = 4
USES_LOCAL_TIME = True  # values of dates
IS_REWRITTEN = True

MARK = re.compile(rb'"schema"\s*:\s*"healthmd\.health_data"|"type"\s*:\s*"health-data"|"walkingRunningDistanceKm"')
# The names stand in any order, and the mark of the app may lie behind the head.
WORDS = re.compile(
    rb'"(activeCalories|exerciseMinutes|flightsClimbed|standHours|walkingRunningDistance|heartRateSamples|bedtimeISO|'
    rb'totalDurationFormatted|coreSleep|raw_capture_status|stateOfMindEntries|restingHeartRate|sleepStages)"'
)
ROLLUP = re.compile(rb'"canonical_key"\s*:\s*"[a-z_0-9]+"')
ENOUGH_WORDS = 2
OF_WEEKS = say("known and not needed: a summary of weeks or months, which the files of the days hold too")
PARTS = ("activity", "heart", "vitals", "mobility", "mindfulness", "sleep", "symptoms", "medications")
ROUNDING = timedelta(minutes=5)
SECONDS_PER_MINUTE = 60.0
BACK_PAIN = "HKCategoryTypeIdentifierLowerBackPain"
SEVERITIES: Mapping[int, float | None] = {0: None, 1: 0.0, 2: 1.0, 3: 2.0, 4: 3.0}  # HKCategoryValueSeverity
NO_SEVERITY = say("symptoms of the back without a severity")


def claims(tree: Tree) -> Iterator[Claim]:
    """Days by the app's own names; its summaries of weeks are not needed."""
    for entry in tree:
        if claim := claim_of(entry, _kind(entry)):
            yield claim


def _kind(entry: Entry) -> object:
    head = entry.head
    if not head.removeprefix(b"\xef\xbb\xbf").lstrip().startswith(b"{"):
        return None
    if ROLLUP.search(head) and b'"days_counted"' in head:
        return OF_WEEKS
    if b'"healthmd.' in head and not MARK.search(head):
        return None  # another document of the app
    return MARK.search(head) or len(set(WORDS.findall(head))) >= ENOUGH_WORDS


def read(files: Sequence[Entry], context: Context) -> Iterator[Yielded]:
    """Values of days, samples, sleep and activities; each file ends with its summary."""
    for number, entry in enumerate(files):
        day = Day(number, entry, context)
        _document(day, entry)
        yield from day.all()


def _document(day: Day, entry: Entry) -> None:
    parts: dict[str, JsonObject] = {}
    with entry.open() as stream:
        cursor = Cursor(stream)
        try:
            for name in cursor.members():
                if name == "workouts" and cursor.kind() == "[":
                    for place, _ in enumerate(cursor.elements(), 1):
                        entry_of(day, _workout, cursor.value(), f"workouts {place}")
                elif name == "healthkit_record_archive" and cursor.kind() == "{":
                    _archive(day, cursor)
                elif name == "date":
                    day.date_text = str(cursor.value())
                elif name == "time_context" and cursor.kind() == "{":
                    day.zone = _zone(cursor.value())
                elif name in PARTS and cursor.kind() == "{":
                    parts[name] = cursor.value()
                else:
                    cursor.skip()
            cursor.end()
        except CutShortError as error:
            day.is_partial = True
            day.skip("", str(error))
    _parts(day, parts)


def _zone(told: JsonObject) -> str:
    """Whose clock its times without an offset are of."""
    return str(told.get("timestamp_timezone") or told.get("calendar_timezone") or "")


def _parts(day: Day, parts: Mapping[str, JsonObject]) -> None:
    """The numbers and moments of a day, and its sleep."""
    for value in VALUES:
        told = parts.get(value.part, {}).get(value.name)
        if told is not None:
            entry_of(day, partial(_of_day, value), told, f"{value.part} {value.name}")
    for value in SAMPLES:
        for place, point in enumerate(_list(parts, value.part, value.name), 1):
            entry_of(day, partial(_point, value), point, f"{value.name} {place}")
    for place, point in enumerate(_list(parts, "mindfulness", "stateOfMindEntries"), 1):
        entry_of(day, _state_of_mind, point, f"stateOfMindEntries {place}")
    entry_of(day, _sleep, parts.get("sleep", {}), "sleep")
    entry_of(day, _symptoms, parts.get("symptoms", {}), "symptoms")
    if doses := len(_list(parts, "medications", "doseEvents")):
        day.notes[DOSES] += doses


def _list(parts: Mapping[str, JsonObject], part: str, name: str) -> list[JsonObject]:
    """The entries of a list in a part; none where it is missing or something else."""
    found = parts.get(part, {}).get(name)
    return found if isinstance(found, list) else []


def _symptoms(day: Day, told: JsonObject) -> None:
    if count := int(told.get("symptom_lower_back_pain") or 0):
        day.notes[COUNTS] += count


def _of_day(value: Value, day: Day, told: object) -> None:
    amount = finite_or_none(told)
    if amount is None:
        return
    if value.metric == "spo2_mean_share" and amount > 1:  # nobody lives with 1%
        amount /= PERCENT
    day.value(value.metric, amount, is_measured=value.is_measured)


def _point(value: Value, day: Day, point: JsonObject) -> None:
    told = float(point["value"])
    day.sample(value.metric, point["timestamp"], told / PERCENT if value.metric == "spo2_share" and told > 1 else told)


def _state_of_mind(day: Day, point: JsonObject) -> None:
    day.sample("mood_valence", point["timestamp"], float(point["valence"]))


def _sleep(day: Day, told: JsonObject) -> None:
    """Stages where there are any, else the sums of the night between its times."""
    for place, stage in enumerate(told.get("sleepStages") or [], 1):
        try:
            day.stretch(stage["startDate"], day.seconds(stage["endDate"]), stage["stage"])
        except ERRORS:
            day.skip(f"sleepStages {place}")
    total = finite_or_none(told.get("totalDuration"))
    if day.stretches or not total:
        return
    start, end = (moment(day.seconds(told[name])) for name in ("bedtimeISO", "wakeTimeISO"))
    if not timedelta(seconds=total) <= end - start + ROUNDING <= LONGEST_NIGHT:
        day.skip("sleep", say("the night is shorter than the sleep in it, or longer than 36 hours"), f"{start} {end}")
        return
    awake = finite_or_none(told.get("awakeTime"))
    day.rows.sleep_sessions.append(
        {
            "source": MERGED,
            "session_key": f"{start:%Y-%m-%dT%H:%M:%SZ}",
            "start_utc": start,
            "end_utc": end,
            "tz_assumed": day.has_assumed_times,
            "asleep_min": total / SECONDS_PER_MINUTE,
            "awake_min": None if awake is None else awake / SECONDS_PER_MINUTE,
        }
    )
    morning = clock.to_local(end, day.context.zone_at(end.date())).date()
    stages = {"deep_min": told.get("deepSleep"), "rem_min": told.get("remSleep"), "light_min": told.get("coreSleep")}
    if any(stages.values()):
        day.rows.day_values.extend(
            {"source": MERGED, "local_date": morning, "metric": metric, "value": float(told) / SECONDS_PER_MINUTE}
            for metric, told in stages.items()
            if told is not None
        )


def _workout(day: Day, told: JsonObject) -> None:
    start, end = (moment(day.seconds(told[name])) for name in ("startTimeISO", "endTimeISO"))
    add_workout(day, str(told.get("sport") or told.get("type") or ""), start, end, told)
    for point in (told.get("timeSeries") or {}).get("heartRate") or []:
        day.sample("heart_rate_bpm", point["timestamp"], float(point["value"]))


def _archive(day: Day, cursor: Cursor) -> None:
    """The entries of back pain in a lossless export."""
    for name in cursor.members():
        if name != "records" or cursor.kind() != "[":
            cursor.skip()
            continue
        for place, _ in enumerate(cursor.elements(), 1):
            record = cursor.value()
            if isinstance(record, dict) and record.get("object_type_identifier") == BACK_PAIN:
                entry_of(day, _back_pain, record, f"record {place}")


def _back_pain(day: Day, record: JsonObject) -> None:
    severity = SEVERITIES[record["payload"]["raw_value"]]
    start, end = (moment(day.seconds(record[name])) for name in ("start_date", "end_date"))
    if severity is None:
        day.notes[NO_SEVERITY] += 1
        return
    day.rows.samples.extend(readings("apple:health", start, end, severity))
