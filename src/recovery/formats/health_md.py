"""A day as Health.md writes it, in JSON and in CSV: which numbers are read, and what they become.

Devices are not named in these files: all is of Apple's sum, `apple:merged`.
"""

import re
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from datetime import date, datetime, time, timedelta
from typing import NamedTuple

from recovery.formats.apple.kinds import KCAL, METRES, METRES_PER_S
from recovery.formats.entries import Context, Entry
from recovery.formats.health_auto import LAST_S, MERGED, moment, stamp
from recovery.formats.health_auto_nights import Stretch, Window, nights, stage_of
from recovery.formats.json_values import JsonObject, finite_or_none
from recovery.formats.massage_words import names_massage
from recovery.formats.records import FileRows, FileSummary, Skipped, Yielded, as_local_time
from recovery.formats.sports import sport_named
from recovery.formats.times import EPOCH, iso_time, time_as, within_years
from recovery.home import clock
from recovery.words.say import say

ISO_IN_NAME = re.compile(r"(?<!\d)(\d{4}-\d\d-\d\d)(?!\d)")
DATE_FORMS = ("%Y-%m-%d", "%Y%m%d", "%B %d, %Y", "%d %B %Y", "%a, %b %d, %Y")
SHORT_DATE = re.compile(r"(\d\d)/(\d\d)/(\d{4})")
NOON = time(12)
LONGEST_NIGHT = timedelta(hours=36)
LONGEST_WORKOUT = timedelta(days=4)
PERCENT = 100.0
MONTHS = 12
WHOLE = Window(-LAST_S, LAST_S)  # no night is cut
UNREADABLE = say("a time or a number of this entry cannot be read")
NO_DATE = say(
    "its date may be day or month first: choose ISO dates in Health.md's format customization, and export it again"
)
COUNTS = say("counts of back pain, which do not say how bad it was: choose the lossless export in Health.md")
DOSES = say("doses of medication, of which it cannot be told what they are against")
MASSAGE = say("workouts that are named a massage, which are no movement")
ERRORS = (KeyError, TypeError, ValueError, AttributeError, OverflowError, IndexError)


class Value(NamedTuple):
    """Where a number of the day stands in the JSON and in the CSV, and what it is."""

    part: str
    name: str
    category: str
    heading: str
    metric: str
    units: Mapping[str, float]  # of the CSV
    is_measured: bool = True  # else 0 is told


BEATS = {"bpm": 1.0}
MINUTES = {"minutes": 1.0, "min": 1.0}
SHARE = {"percent": 1 / PERCENT, "%": 1 / PERCENT}
LENGTHS = {**METRES, "meters": 1.0, "miles": METRES["mi"], "kilometers": 1000.0}
SPEEDS = {**METRES_PER_S, "mph": METRES_PER_S["mi/hr"]}
BREATHS = {"breaths/min": 1.0}
VALUES = (
    Value("activity", "steps", "Activity", "Steps", "steps", {"count": 1.0}, False),
    Value("activity", "activeCalories", "Activity", "Active Calories", "active_energy_kcal", KCAL, False),
    Value("activity", "walkingRunningDistance", "Activity", "Walking Running Distance", "distance_m", LENGTHS, False),
    Value("activity", "flightsClimbed", "Activity", "Flights Climbed", "floors", {"count": 1.0, "floors": 1.0}, False),
    Value("activity", "exerciseMinutes", "Activity", "Exercise Minutes", "moderate_min", MINUTES, False),
    Value("heart", "restingHeartRate", "Heart", "Resting Heart Rate", "resting_heart_rate_bpm", BEATS),
    Value("heart", "hrv", "Heart", "HRV", "hrv_sdnn_ms", {"ms": 1.0}),
    Value("vitals", "respiratoryRateAvg", "Vitals", "Respiratory Rate Avg", "respiration_rate", BREATHS),
    Value("vitals", "bloodOxygenAvg", "Vitals", "Blood Oxygen Avg", "spo2_mean_share", SHARE),
    Value("mobility", "walkingSpeed", "Mobility", "Walking Speed", "walking_speed_mps", SPEEDS),
    Value(
        "mobility",
        "walkingAsymmetryPercentage",
        "Mobility",
        "Walking Asymmetry",
        "walking_asymmetry_share",
        SHARE,
        is_measured=False,
    ),
    Value(
        "mobility",
        "walkingDoubleSupportPercentage",
        "Mobility",
        "Double Support Percentage",
        "double_support_share",
        SHARE,
    ),
)
SAMPLES = (
    Value("heart", "heartRateSamples", "Heart", "Heart Rate Sample", "heart_rate_bpm", BEATS),
    Value("heart", "hrvSamples", "Heart", "HRV Sample", "hrv_sdnn_ms", {"ms": 1.0}),
    Value("vitals", "respiratoryRateSamples", "Vitals", "Respiratory Rate Sample", "respiration_rate", BREATHS),
    Value("vitals", "bloodOxygenSamples", "Vitals", "Blood Oxygen Sample", "spo2_share", SHARE),
)


class Day:
    """One file while it is read, and what is to be said of it."""

    def __init__(self, number_of_file: int, entry: Entry, context: Context) -> None:
        self.number = number_of_file
        self.name = entry.name
        self.context = context
        self.rows = FileRows()
        self.notes: Counter[str] = Counter()
        self.skipped: list[Skipped] = []
        self.values: dict[str, float] = {}
        self.stretches: list[Stretch] = []
        self.newest: datetime | None = None
        self.date_text = ""
        self.zone = ""  # of its times without an offset
        self.has_assumed_times = False
        self.is_partial = False

    def skip(self, place: str, reason: str = UNREADABLE, value: str = "") -> None:
        self.skipped.append(Skipped(self.number, place, reason, value))

    def value(self, metric: str, told: float, *, is_measured: bool) -> None:
        """A number of the whole day. Raises ValueError where it cannot be."""
        if told < 0 or (metric.endswith("_share") and told > 1):
            raise ValueError(told)
        if told or not is_measured:
            self.values[metric] = told

    def seconds(self, text: str) -> int:
        """A time in seconds since 1970; one without an offset is of the zone that the file names, else of the person's.

        Raises ValueError where it is none.
        """
        at = stamp(trimmed(text))
        if at.has_offset or text.endswith(("Z", "z")):
            return at.utc_s
        wall = moment(at.wall_s)
        try:
            utc = clock.to_utc(wall, self.zone)
        except (KeyError, OSError, ValueError):  # no zone that is known here
            utc, self.has_assumed_times = self.context.to_utc(wall), True
        return int((within_years(utc) - EPOCH).total_seconds())

    def sample(self, metric: str, text: str, told: float) -> None:
        """A number at a moment. Raises ValueError where it cannot be."""
        at = moment(self.seconds(text))
        if metric != "mood_valence" and told <= 0:
            return
        if (metric == "spo2_share" and told > 1) or (metric == "mood_valence" and abs(told) > 1):
            raise ValueError(told)
        self.rows.samples.append({"source": MERGED, "metric": metric, "start_utc": at, "end_utc": at, "value": told})
        self.newest = max(self.newest or at, at)

    def stretch(self, start: str, end_s: int, stage: str) -> None:
        """A stretch of sleep. Raises ValueError where it cannot be read."""
        start_s = self.seconds(start)
        if not timedelta() <= moment(end_s) - moment(start_s) <= LONGEST_NIGHT:
            raise ValueError(start)
        self.stretches.append(Stretch(MERGED, start_s, end_s, stage_of(stage), 0))

    def all(self) -> Iterator[Yielded]:
        """What the file gives, once all of it is read."""
        day = date_of(self.date_text, self.name)
        if self.values and day is None:
            self.skip("", NO_DATE if SHORT_DATE.fullmatch(self.date_text) else UNREADABLE, self.date_text[:40])
        elif day is not None:
            self.rows.day_values.extend(
                {"source": MERGED, "local_date": day, "metric": metric, "value": value}
                for metric, value in self.values.items()
            )
            noon = self.context.to_utc(datetime.combine(day, NOON))
            self.newest = max(self.newest or noon, noon)
        for session, stages in nights(self.stretches, WHOLE):
            session["tz_assumed"] = self.has_assumed_times
            self.rows.sleep_sessions.append(session)
            self.rows.sleep_stages.extend(stages)
        yield from self.skipped
        for batch in self.rows.batches(self.number):
            yield as_local_time(batch) if self.has_assumed_times else batch
        notes = [
            say("left out: {count:,} x {reason}", count=count, reason=reason)
            for reason, count in sorted(self.notes.items())
        ]
        empty = [] if self.rows.counts() or notes or self.skipped else [say("holds no entries")]
        yield FileSummary(self.number, self.newest, "; ".join(notes + empty), self.is_partial)


def date_of(text: str, name: str) -> date | None:
    """The date of a file, by what it says or by its name; None where day and month cannot be told apart."""
    for form in DATE_FORMS:
        try:
            return within_years(time_as(text, form)).date()
        except (ValueError, OverflowError):
            continue
    if match := ISO_IN_NAME.search(name):
        try:
            return within_years(iso_time(match[1])).date()
        except (ValueError, OverflowError):
            return None
    if match := SHORT_DATE.fullmatch(text):
        first, second, year = (int(part) for part in match.groups())
        if (first > 12) != (second > 12):
            day, month = (first, second) if first > 12 else (second, first)
            try:
                return within_years(datetime(year, month, day)).date()  # noqa: DTZ001 - a date
            except (ValueError, OverflowError):
                return None
    return None


def trimmed(text: str) -> str:
    """A time without fractions of a second, which have nine digits."""
    return re.sub(r"\.\d+", "", text)


def entry_of(day: Day, take: "Callable[[Day, JsonObject], None]", told: JsonObject, place: str) -> None:
    """Gives an entry to `take`; one that it cannot read is skipped, and leaves nothing behind."""
    before = day.rows.counts()
    try:
        take(day, told)
    except ERRORS:
        day.rows.cut(before)
        day.skip(place)


def add_workout(day: Day, sport: str, start: datetime, end: datetime, told: Mapping[str, object]) -> None:
    """A workout as evidence of movement. Raises ValueError where it cannot be."""
    if not timedelta() <= end - start <= LONGEST_WORKOUT:
        raise ValueError(end)
    if names_massage(sport):
        day.notes[MASSAGE] += 1
        return
    day.rows.activities.append(
        {
            "source": MERGED,
            "start_utc": start,
            "end_utc": end,
            "sport": sport_named(sport),
            "distance_m": finite_or_none(told.get("distance")),
            "active_energy_kcal": finite_or_none(told.get("calories")),
        }
    )
