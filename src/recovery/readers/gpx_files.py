"""GPX: tracks with times, as watches, phones and services write them.

- A track (`trk`) is an activity where its points give times; a track without times is a route somebody drew.
  Its kind stands in `type`, in words or as Strava's number. Segments (`trkseg`) part where the recording stood.
- Heart rate stands in an extension, by a name that depends on the maker (`hr`, `heartrate`), metres in Movescount's
  (`distance`, counted on from point to point). GPX gives neither steps nor energy.
- Places are never kept, so no metres are measured along them. The routes of Apple's export are that reader's.
"""

import re
from collections.abc import Iterator, Sequence

from recovery.formats.activity_xml import ActivityFile, Event, Recording, root_of, slug
from recovery.formats.entries import Claim, Context, Entry, Tree
from recovery.formats.records import FileSummary, Yielded
from recovery.words.say import say

LABEL = "GPX (recorded tracks with times)"
VERSION = 3
USES_LOCAL_TIME = False

TEXTS = frozenset(("time", "hr", "heartrate", "distance", "type"))
STRAVA_SPORTS = {"1": "cycling", "4": "hiking", "9": "running", "10": "walking", "16": "swimming"}
SPORTS = {"biking": "cycling", "ride": "cycling", "run": "running", "walk": "walking", "hike": "hiking"}
APPLES = re.compile(r"(?:^|/)workout-routes/")
APPLES_MARK = b'creator="Apple Health Export"'
POINT = re.compile(rb"<trkpt\b[^>]*?(?:/>|>(?P<inside>.*?)</trkpt>)", re.DOTALL)
NO_TIMES = say("known and not needed: a route without times, which does not tell when anybody went there")


def claims(tree: Tree) -> Iterator[Claim]:
    """Every file whose first element is gpx; tracks without times are not needed."""
    for entry in tree:
        if root_of(entry.head) == "gpx" and not APPLES.search(entry.path) and APPLES_MARK not in entry.head:
            points = [match["inside"] or b"" for match in POINT.finditer(entry.head)]
            is_route = bool(points) and not any(b"<time" in inside for inside in points)
            yield Claim(entry.path, not_needed=NO_TIMES if is_route else "")


def read(files: Sequence[Entry], context: Context) -> Iterator[Yielded]:
    """Activities and heart rates; each file ends with its summary."""
    for number, entry in enumerate(files):
        reading = _Reading(number)
        with entry.open() as stream:
            damage = list(reading.file.read(stream, TEXTS, reading.take))
        reading.file.source = reading.source
        yield from reading.file.records()
        yield from damage
        notes = [f"{note}: {count}" for note, count in sorted(reading.file.notes.items())]
        is_timed = any(recording.times for recording in reading.file.recordings)
        notes += [] if is_timed or damage else [say("tells no track with times")]
        yield FileSummary(number, reading.file.newest, "; ".join(notes), bool(damage and is_timed))


class _Reading:
    """One file: the track and the point that are open."""

    def __init__(self, number: int) -> None:
        self.file = ActivityFile(number)
        self.source = "gpx"
        self.is_inside = False
        self._point()

    def _point(self) -> None:
        self.time, self.bpm, self.metres = "", "", ""

    def take(self, event: Event) -> None:
        if not event.is_end:
            if event.name == "gpx":
                creator = slug(event.attributes.get("creator", "").partition("http")[0])
                self.source = f"gpx:{creator}" if creator else "gpx"
            elif event.name == "trk":
                self.is_inside = True
                self.file.recordings.append(Recording())
        elif not self.is_inside:
            return
        elif event.name == "trk":
            self.is_inside = False
        elif event.name == "type" and event.parent == "trk":
            sport = event.text.lower()[:40]
            self.file.recordings[-1].sport = STRAVA_SPORTS.get(sport, SPORTS.get(sport, sport)) or None
        elif event.name == "trkpt":
            self._point_ended()
        elif event.name == "time" and event.parent == "trkpt":
            self.time = event.text
        elif event.name in ("hr", "heartrate"):
            self.bpm = event.text
        elif event.name == "distance":
            self.metres = event.text

    def _point_ended(self) -> None:
        recording = self.file.recordings[-1]
        time = self.file.time(self.time) if self.time else None
        if time is not None:
            recording.times.append(time)
            if self.bpm:
                self.file.heart(time, self.bpm)
        if self.metres and (metres := self.file.number_in(self.metres)) is not None:
            recording.distance_m = max(metres, recording.distance_m or 0.0)
        self._point()
