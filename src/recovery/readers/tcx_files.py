"""TCX: recorded activities of Garmin's Training Center, as Garmin, Polar, Coros, Strava and others still write it.

- Laps give their start, seconds, metres, calories and (in an extension) steps; points give time, heart rate and place.
  The seconds of a lap stand still in pauses, its points go on after them.
- `Creator` names the device. Garmin's `UnitId` is the serial number of its FIT files, so the source is the same and an
  activity that comes in both forms counts once; Polar, Coros and Strava write 0 or nothing.
- `Steps` are pedal turns on a bicycle, so they are read of sports on foot only, as they stand; 0 metres, steps or
  calories are what devices write that do not measure them.
- Calories hold the basal rate, as in FIT files. Courses and plans are no activities: nobody went there.
- Places, names and notes are never read.
"""

from collections.abc import Iterator, Sequence
from datetime import timedelta

from recovery.formats.activity_xml import ActivityFile, Event, Recording, root_of, slug
from recovery.formats.entries import Claim, Context, Entry, Tree
from recovery.formats.records import FileSummary, Yielded
from recovery.words.say import say

LABEL = "TCX (recorded activities)"
VERSION = 3
USES_LOCAL_TIME = False

TEXTS = frozenset(("Time", "Value", "DistanceMeters", "TotalTimeSeconds", "Calories", "Steps", "Name", "UnitId", "Id"))
ON_FOOT = ("running", "walking", "hiking")
SPORTS = {"biking": "cycling", "other": "generic"}  # the others are named as in FIT files
MAKERS = ("polar", "coros", "suunto", "wahoo", "zwift", "strava", "amazfit", "huawei", "tomtom", "sigma", "fitbit")
NO_ACTIVITY = say("known and not needed: a course, a route or a plan, which nobody went along yet")
NO_ACTIVITY_MARKS = (b"<Courses", b"<Workouts", b"<Folders")


def claims(tree: Tree) -> Iterator[Claim]:
    """Every file whose first element is a training database; those of courses and plans are not needed."""
    for entry in tree:
        if root_of(entry.head) == "TrainingCenterDatabase":
            is_plan = b"<Activities" not in entry.head and any(mark in entry.head for mark in NO_ACTIVITY_MARKS)
            yield Claim(entry.path, not_needed=NO_ACTIVITY if is_plan else "")


def read(files: Sequence[Entry], context: Context) -> Iterator[Yielded]:
    """Activities and heart rates; each file ends with its summary."""
    for number, entry in enumerate(files):
        reading = _Reading(number)
        with entry.open() as stream:
            damage = list(reading.file.read(stream, TEXTS, reading.take))
        reading.close()
        yield from reading.file.records()
        yield from damage
        notes = [f"{note}: {count}" for note, count in sorted(reading.file.notes.items())]
        notes += [] if reading.file.recordings or damage else [say("tells no activity")]
        yield FileSummary(number, reading.file.newest, "; ".join(notes), bool(damage and reading.file.recordings))


class _Reading:
    """One file: the activity, the lap and the point that are open."""

    def __init__(self, number: int) -> None:
        self.file = ActivityFile(number)
        self.is_inside = False  # an activity, not a course
        self.device, self.unit = "", 0.0
        self._lap()
        self._point()

    def _lap(self) -> None:
        self.lap_start = ""
        self.lap_s: float | None = None
        self.point_count = 0

    def _point(self) -> None:
        self.time, self.bpm = "", ""

    @property
    def recording(self) -> Recording:
        return self.file.recordings[-1]

    def take(self, event: Event) -> None:
        if event.is_end:
            self._ended(event)
        elif event.name == "Activity":
            self.is_inside = True
            sport = event.attributes.get("Sport", "").lower()[:40]
            self.file.recordings.append(Recording(SPORTS.get(sport, sport) or None))
        elif event.name == "Lap":
            self._lap()
            self.lap_start = event.attributes.get("StartTime", "")

    def close(self) -> None:
        """Names the source, once the whole file is known; a lap that was cut off counts as far as it went."""
        name = slug(self.device)
        maker = next((maker for maker in MAKERS if name.startswith(maker)), "")
        if self.unit and not maker:
            self.file.source = f"garmin:{self.unit:.0f}"
        elif maker:
            self.file.source = ":".join(part for part in (maker, name.removeprefix(maker).strip("_")) if part)
        else:
            self.file.source = f"tcx:{name}" if name else "tcx"

    def _ended(self, event: Event) -> None:
        if not self.is_inside:
            return
        if event.name == "Activity":
            self.is_inside = False
        elif event.name == "Trackpoint":
            self._point_ended()
        elif event.name == "Lap":
            self._lap_ended()
        elif event.parent == "Trackpoint":
            self.time = event.text if event.name == "Time" else self.time
        elif event.parent == "HeartRateBpm":
            self.bpm = event.text
        elif event.parent == "Creator":
            self._creator(event)
        elif event.parent in ("Lap", "LX") and event.text:
            self._total(event)

    def _creator(self, event: Event) -> None:
        if event.name == "Name":
            self.device = event.text
        elif event.name == "UnitId":
            self.unit = self.file.number_in(event.text) or 0.0

    def _point_ended(self) -> None:
        time = self.file.time(self.time) if self.time else None
        if time is not None:
            self.recording.times.append(time)
            self.point_count += 1
            if self.bpm:
                self.file.heart(time, self.bpm)
        self._point()

    def _total(self, event: Event) -> None:
        name = {"DistanceMeters": "distance_m", "Calories": "active_energy_kcal", "Steps": "steps"}.get(event.name)
        if event.name == "TotalTimeSeconds":
            self.lap_s = self.file.number_in(event.text)
        elif name == "steps" and self.recording.sport not in ON_FOOT:
            return
        elif name and (amount := self.file.number_in(event.text)):
            setattr(self.recording, name, (getattr(self.recording, name) or 0.0) + amount)

    def _lap_ended(self) -> None:
        start = self.file.time(self.lap_start) if self.lap_start else None
        if self.lap_s is not None:
            self.recording.timed_s = (self.recording.timed_s or 0.0) + self.lap_s
        if start is not None:
            self.recording.times.append(start)
            if not self.point_count and self.lap_s and self.lap_s < timedelta(days=4).total_seconds():
                self.recording.spans.append((start, start + timedelta(seconds=self.lap_s)))
