"""Simple Health Export CSV (iOS): HealthKit's records as an app and a shortcut write them, a CSV for each type.

What we know of it, from programs that read it:

- Above the headings stands `sep=,` for spreadsheets. Types, units and values are HealthKit's, sleep and severities with
  or without their long prefix: `asleepCore`. Files hold all the past, or what is new since the last one.
- Times are in UTC with `+0000`. Which zone a record was of stands in a column `HKTimeZone`, where it stands at all.
- The hardware (`productType`) is cut in two where its comma is not quoted. With it a device has the same source as in
  Apple's own export, so that a record that lies in both counts once.
- A file has the time of its export in its name, with the number of the day of the year in place of the day in some.
- What the files hold of workouts has amounts with their units: `659.2 kcal`. Names of people become models.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from zoneinfo import ZoneInfoNotFoundError

from recovery.formats.apple import sources
from recovery.formats.apple.kinds import BACK_PAIN_TYPE, KCAL, KINDS, METRES, SEVERITY, SLEEP_TYPE, STAGE, Kind
from recovery.formats.clock_offsets import FirstOffsets
from recovery.formats.entries import Claim, Context, Entry, Tree, claim_of
from recovery.formats.export_table import Row, TableFile, headings, number, plain
from recovery.formats.health_auto import moment, stamp
from recovery.formats.health_auto_nights import Stretch, nights, stage_of, window
from recovery.formats.massage_words import names_massage
from recovery.formats.records import FileRows, Sample, Skipped, Yielded
from recovery.formats.sports import sport_named
from recovery.formats.symptoms import SeverityError, readings, severity_of
from recovery.formats.times import EPOCH, iso_time
from recovery.home import clock
from recovery.words.say import say

LABEL = "Simple Health Export CSV"
VERSION = 3
USES_LOCAL_TIME = True  # the time of the export in the name of a file

COLUMNS = {"type", "sourcename", "startdate", "enddate"}
WORKOUT = "HKWorkoutTypeIdentifier"
TYPES = {*KINDS, SLEEP_TYPE, BACK_PAIN_TYPE, WORKOUT}
TYPE_OF_NAME = re.compile(r"(HK[A-Za-z0-9]+?)(?:_.*)?\.csv", re.IGNORECASE)
EXPORTED = re.compile(r"_(\d{4}-\d\d-\d\d)_(\d\d)-(\d\d)-(\d\d)(?!\d)")
OWN = re.compile(r"apple:(watch|iphone|ipad|ipod|phone)")
AMOUNT = re.compile(r"([\d.]+)\s*([A-Za-z]+)")
MAX_AMOUNT = timedelta(days=2)
MAX_SLEEP = timedelta(days=1)
LONGEST_WORKOUT = timedelta(days=4)
PERCENT = 100.0
NOT_NEEDED = say("known and not needed for movement, rest and sleep")
NO_SEVERITY = say("symptoms of the back without a severity")
ZEROS = say("zeros that are no measurement")
MASSAGE = say("workouts that are named a massage, which are no movement")
OTHER = say("records of types that are not needed")


def claims(tree: Tree) -> Iterator[Claim]:
    """Tables with the columns of HealthKit's records; those of types that are not needed are not read."""
    for entry in tree:
        if claim := claim_of(entry, _kind(entry)):
            yield claim


def _kind(entry: Entry) -> object:
    names = {plain(name) for name in headings(entry.head, _line(entry))}
    if not names >= COLUMNS or not names & {"value", "activitytype"}:
        return None
    match = TYPE_OF_NAME.fullmatch(entry.name)
    return NOT_NEEDED if match and match[1] not in TYPES and "activitytype" not in names else True


def _line(entry: Entry) -> int:
    """The line of the headings."""
    return int(entry.head.removeprefix(b"\xef\xbb\xbf").lower().startswith(b"sep="))


def read(files: Sequence[Entry], context: Context) -> Iterator[Yielded]:
    """Samples, nights, activities and offsets of the clock; each file ends with its summary."""
    for number_of_file, entry in enumerate(files):
        file = _File(number_of_file, entry, context)
        yield from file.each(file.take, file.rows(_line(entry)), samples=file.records.samples)
        yield from file.all()


class _File(TableFile):
    """One file while it is read."""

    def __init__(self, number_of_file: int, entry: Entry, context: Context) -> None:
        super().__init__(number_of_file, entry, context, is_private=True)
        self.records = FileRows()
        self.stretches: list[Stretch] = []
        self.clocks = FirstOffsets()
        self.unread: list[Skipped] = []

    def take(self, row: Row) -> None:
        """One record. Raises KeyError or ValueError where it cannot be read."""
        cells = row.cells
        start, end = (moment(stamp(cells[name]).utc_s) for name in ("startdate", "enddate"))
        if end < start:
            raise ValueError(cells["enddate"])
        source = _source(row)
        if cells.get("activitytype"):
            self._workout(row, source, start, end)
        elif cells["type"] in KINDS:
            self._sample(KINDS[cells["type"]], row, source, start, end)
        elif cells["type"] == SLEEP_TYPE:
            self._sleep(cells["value"], source, start, end)
        elif cells["type"] == BACK_PAIN_TYPE:
            self._back_pain(row, source, start, end)
        else:
            self.left_out[OTHER] += 1
            return
        self._zone(cells.get("hktimezone", ""), source, start)
        self.saw(end)

    def all(self) -> Iterator[Yielded]:
        """What the file gives beside its rows, once all of them are read."""
        yield from self.unread
        self.records.clock_offsets.extend(self.clocks.rows())
        walls = [stretch.start_s + stretch.offset_s for stretch in self.stretches]
        for session, stages in nights(self.stretches, window(walls)):
            self.records.sleep_sessions.append(session)
            self.records.sleep_stages.extend(stages)
        yield from self.records.batches(self.number)
        yield self.summary(_exported(self.entry.name, self.context))

    def _sample(self, kind: Kind, row: Row, source: str, start: datetime, end: datetime) -> None:
        told = number(row.cells["value"])
        if told is None:
            return
        value = told * kind.units[row.cells.get("unit", "")]
        value = value / PERCENT if "%" in kind.units and value > 1 else value
        if not value and not kind.is_zero_measured:
            self.left_out[ZEROS] += 1
            return
        is_possible = kind.low <= value <= (1 if "%" in kind.units else kind.high)
        if not is_possible or (kind.is_amount and end - start > MAX_AMOUNT):
            raise ValueError(value)
        if not kind.is_amount:
            start = end = start + (end - start) // 2  # as of Apple's own export
        sample: Sample = {
            "source": source, "metric": kind.metric, "start_utc": start, "end_utc": end, "value": value
        }  # fmt: skip
        self.records.samples.append(sample)

    def _sleep(self, told: str, source: str, start: datetime, end: datetime) -> None:
        if end - start > MAX_SLEEP:
            raise ValueError(end)
        stage = stage_of(re.sub(r"(?<=[a-z])(?=[A-Z])", " ", told.removeprefix(STAGE)))
        offset = clock.to_local(start, self.context.zone_at(start.date())) - start
        start_s, end_s = (int((at - EPOCH).total_seconds()) for at in (start, end))
        self.stretches.append(Stretch(source, start_s, end_s, stage, int(offset.total_seconds())))

    def _back_pain(self, row: Row, source: str, start: datetime, end: datetime) -> None:
        try:
            severity = severity_of(row.cells["value"].removeprefix(SEVERITY))
        except SeverityError as error:
            reason = say("the severity {word!r} is in a language that is not known here", word=str(error)[:40])
            self.unread.append(Skipped(self.number, row.place, reason))
            return
        if severity is None:
            self.left_out[NO_SEVERITY] += 1
        else:
            self.records.samples.extend(readings(source, start, end, severity))

    def _workout(self, row: Row, source: str, start: datetime, end: datetime) -> None:
        sport = row.cells["activitytype"]
        if end - start > LONGEST_WORKOUT:
            raise ValueError(end)
        if names_massage(sport):
            self.left_out[MASSAGE] += 1
            return
        self.records.activities.append(
            {
                "source": source,
                "start_utc": start,
                "end_utc": end,
                "sport": sport_named(sport),
                "distance_m": _amount(row, "totaldistance", METRES),
                "active_energy_kcal": _amount(row, "totalenergyburned", KCAL),
            }
        )

    def _zone(self, zone: str, source: str, start: datetime) -> None:
        if zone:
            try:
                self.clocks.add(source, start, clock.offset_min(zone, start) * 60)
            except (ZoneInfoNotFoundError, ValueError, OSError):
                return


def _amount(row: Row, column: str, units: Mapping[str, float]) -> float | None:
    """`659.2 kcal` in our unit; None where it is missing or of another unit."""
    match = AMOUNT.fullmatch(row.cells.get(column, ""))
    return float(match[1]) * units[match[2]] if match and match[2] in units else None


def _source(row: Row) -> str:
    """The source as Apple's own export names it."""
    name, version = row.cells["sourcename"], row.cells.get("sourceversion", "")
    product, device = row.cells.get("producttype", ""), row.cells.get("device", "")
    if device.startswith("<"):
        return sources.origin(name, version, device).source
    source = sources.origin(name, "", "").source
    if not OWN.fullmatch(source) or not product:
        return source
    hardware = f"{product},{device}" if device.isdigit() else product
    return f"{sources.APPLE}:{re.sub(r'[^a-z0-9]+', '-', hardware.lower()).strip('-')}"


def _exported(name: str, context: Context) -> datetime | None:
    """When a file was written, by its name; None where that holds no date."""
    match = EXPORTED.search(name)
    if match is None:
        return None
    try:
        return context.to_utc(iso_time(f"{match[1]} {match[2]}:{match[3]}:{match[4]}"))
    except (ValueError, OverflowError):
        return None
