"""Fitbit's exports: Google Takeout (`Fitbit` or `Google Health`), the older MyFitbitData, and single files of both.

Which file is which, by its name and what stands at its start; `formats.fitbit` reads them. What we know beyond the
single formats:

- The same measurement comes up to three times in one archive: minutes and nights as JSON, again as Google's CSV, and
  as a mirror of what other apps sent to Google. JSON and the tracker's own rows of the CSV have the same source, metric
  and instants here, so that they are settled into one; the phone's own rows and each mirror are sources of their own.
  Of a night that is in one archive twice the CSV counts, since it has the zone: its date is a microsecond later.
- Four fifths of an archive are never read: classifier output, sensor tokens, the account.
- A file that holds the words `no data` is what Fitbit writes for something the device does not measure.
- Takeout cuts a large export into several zips by file; each part has the folder names, so each stands for itself.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from fnmatch import fnmatchcase

from recovery.formats.entries import Claim, Context, Entry, Tree, claim_of
from recovery.formats.export_table import is_text
from recovery.formats.fitbit import global_export, json_nights, tables
from recovery.formats.fitbit.file import FitbitFile, Reading
from recovery.formats.records import FileSummary, Skipped, Yielded
from recovery.formats.times import takeout_date
from recovery.words.say import say

LABEL = "Fitbit (Google Takeout)"
VERSION = 4
USES_LOCAL_TIME = True

MAX_BYTES = 50_000_000  # the largest file seen has 2.5 MB; ten times that in memory
BROWSER = "Takeout/archive_browser.html"  # lies in every Takeout, whatever it holds
ROOT = re.compile(r"(?:^|/)(?:Takeout/(?:Fitbit|Google Health)/|MyFitbitData/[^/]+/|(?=Global Export Data/))")


def claims(tree: Tree) -> Iterator[Claim]:
    """Fitbit's files below its folder, and its JSON and CSV files wherever they lie."""
    roots = {entry.path[: match.end()] for entry in tree if (match := ROOT.search(entry.path))}
    roots |= {root.removesuffix("Global Export Data/") for root in roots}
    for entry in tree:
        if entry.path.endswith(BROWSER) and entry.head.lstrip().startswith(b"<"):
            yield Claim(entry.path, not_needed=HELP)
            continue
        root = next((start for start in _folders(entry.path) if start in roots), None)
        if claim := claim_of(entry, _kind(entry, None if root is None else entry.path[len(root) :])):
            yield claim


def read(files: Sequence[Entry], context: Context) -> Iterator[Yielded]:
    """Samples, sleep, activities, day values, offsets and devices; each file ends with its summary."""
    for number, entry in enumerate(files):
        kind = _kind(entry, None)
        if not callable(kind):
            yield Skipped(number, "", say("this is not one of the Fitbit files that are read"))
        elif entry.size > MAX_BYTES:
            yield Skipped(
                number, "", say("{size:,} bytes are too many: a Fitbit file has at most a few million", size=entry.size)
            )
        else:
            yield from _read(FitbitFile(number, entry.name, entry.read(), context), kind, takeout_date(entry.path))


def _read(file: FitbitFile, kind: Reading, archive_date: datetime | None) -> Iterator[Yielded]:
    newest: datetime | None = None
    messages = []
    for found in kind(file):
        if isinstance(found, FileSummary):
            newest = found.exported_utc
            messages.append(found.message)
        else:
            yield found
    if file.damage:
        yield Skipped(file.file, file.damage_place, file.damage)
    exported = archive_date or newest
    yield FileSummary(
        file.file,
        exported_utc=exported + timedelta(microseconds=1) if exported and file.has_zone else exported,
        message=say("holds no entries") if file.is_empty else "; ".join(filter(None, messages)),
        is_partial=bool(file.damage),
    )


def _folders(path: str) -> Iterator[str]:
    """The folders a path lies in, outermost first, each with its slash."""
    yield ""
    for slash in re.finditer("/", path):
        yield path[: slash.end()]


NEVER = say("known and not needed for movement, rest and sleep")
TWIN = say("known and not needed: other files of the export hold the same, and more")
PRIVATE = say("known and never read: it holds nothing of movement, rest or sleep")
OF_GOOGLE = say("known and not needed: of this folder only movement, heart, breathing, oxygen and sleep are read")
HELP = say("a text that explains the files")

# Of the person and the account; names of people and places are in some of them.
ACCOUNT_FOLDERS = (
    "Your Profile", "User Profile", "Social", "Fitbit Friends", "Blocked Users", "Messages", "Community Forum",
    "Commerce*", "Subscription*", "Premium*", "Fitbit Premium*", "Account Changes", "Application", "Discover*",
    "Surveys*", "Security*", "Notifications", "Guided Programs*", "Coach*", "Google Partner Integrations*",
)  # fmt: skip
# The name decides between kinds of one shape (steps, distance); a pattern with a slash is of the path below the root.
FILES: Mapping[str, Reading | str] = {
    "steps-*.json": global_export.steps,
    "distance-*.json": global_export.distance,
    "heart_rate-*.json": global_export.heart_rate,
    "resting_heart_rate-*.json": global_export.resting_heart_rate,
    "sedentary_minutes-*.json": global_export.sedentary,
    "lightly_active_minutes-*.json": global_export.lightly,
    "moderately_active_minutes-*.json": global_export.moderately,
    "very_active_minutes-*.json": global_export.very,
    "sleep-*.json": json_nights.sleep,
    "exercise-*.json": global_export.exercise,
    "calories-*.json": say("known and not needed: these calories hold the basal rate, so they do not tell movement"),
    "time_in_heart_rate_zones-*.json": say("known and not needed: the heart rate itself is read"),
    "altitude-*.json": say("known and not needed: Google's floors_*.csv holds the floors climbed"),
    "estimated_oxygen_variation-*.csv": NEVER,
    "demographic_vo2_max-*.json": NEVER,
    "run_vo2_max-*.json": NEVER,
    "swim_lengths_data-*.json": NEVER,
    "weight-*.json": NEVER,
    "height-*.json": NEVER,
    "water_logs-*.json": NEVER,
    "food_logs-*.json": NEVER,
    "badge.json": NEVER,
    "*README*.txt": HELP,
    "*Readme.txt": HELP,
    "Active Zone Minutes (AZM)/*.csv": say("known and not needed: the minutes of each intensity are read elsewhere"),
    "Daily Readiness/*.csv": NEVER,
    "Heart Rate Variability/*.csv": TWIN,
    "Oxygen Saturation (SpO2)/*.csv": TWIN,
    "Temperature/*.csv": NEVER,
    "Sleep Score/*.csv": say("known and not needed: the nights themselves are read"),
    "Sleep/*.csv": NEVER,
    "Stress Score/*.csv": NEVER,
    "Stress Journal/*": NEVER,
    "Snore and Noise Detect/*": NEVER,
    "Menstrual Health/*": PRIVATE,
    "Mindfulness/*": NEVER,
    "Biometrics/*": NEVER,
    "Paired Devices/*": NEVER,
    "Physical Activity/*.csv": NEVER,
    "UserActivityProbabilities*.csv": say("known and not needed: what a classifier guessed every second"),
    "UserSensorCompressionToken*.csv": NEVER,
    "gps_location*.csv": PRIVATE,
    "live_pace*.csv": say("known and not needed: it repeats the steps of recorded walks"),
    "calories*.csv": say("known and not needed: these calories hold the basal rate, so they do not tell movement"),
    "Physical Activity_GoogleData/*.csv": OF_GOOGLE,
    "Physical Activity_GoogleData/*.txt": HELP,
    "Health Fitness Data_GoogleData/User[ES]*.csv": OF_GOOGLE,
    "Health Fitness Data_GoogleData/*.csv": PRIVATE,
    "Health Fitness Data_GoogleData/*.txt": HELP,
    "Body Temperature_GoogleData/*": NEVER,
    "Heart Rate/*": NEVER,
    "Atrial Fibrillation*/*": PRIVATE,
    **{f"{folder}/*": PRIVATE for folder in ACCOUNT_FOLDERS},
}
# What a file must hold near its start, whatever its name; the first four are told apart by this alone.
SHAPES: Sequence[tuple[Reading | None, Sequence[bytes]]] = (
    (json_nights.sleep, (b'"logId"', b'"dateOfSleep"', b'"startTime"')),
    (global_export.exercise, (b'"logId"', b'"activityName"', b'"activityTypeId"')),
    (global_export.heart_rate, (b'"dateTime"', b'"bpm"', b'"confidence"')),
    (global_export.resting_heart_rate, (b'"dateTime"', b'"value"', b'"date"', b'"error"')),
    (None, (b'"dateTime"', b'"value"')),
)
ARRAY = re.compile(rb"(?:\xef\xbb\xbf)?\s*\[\s*(?:[{\]]|null\b)")
EMPTY = re.compile(rb"(?:\xef\xbb\xbf)?\s*\[\s*\]\s*")


def _kind(entry: Entry, below_root: str | None) -> Reading | str | None:
    """How an entry is read, or why it is not needed; None where it is not Fitbit's, or not what its name says."""
    is_array = ARRAY.match(entry.head) is not None
    if not is_array and entry.name.endswith(".csv"):
        kind_of_table = tables.reading_of(entry.name, entry.head)
        if kind_of_table and (callable(kind_of_table) or below_root is not None):
            return kind_of_table
    if below_root is None and not is_array:
        return None  # before the patterns are tried, for inboxes of ten thousands of other files
    named = next(
        (
            kind
            for pattern, kind in FILES.items()
            if fnmatchcase((below_root or "") if "/" in pattern else entry.name, pattern)
        ),
        None,
    )
    is_json = is_array and entry.name.endswith(".json")
    if is_json and not isinstance(named, str):
        if EMPTY.fullmatch(entry.head):
            return named
        shaped = [kind for kind, needed in SHAPES if all(part in entry.head for part in needed)]
        return (shaped[0] or named) if shaped else None
    is_fitbits = below_root is not None and is_text(entry.head)
    is_fitbits |= is_json and b'"dateTime"' in entry.head and b'"value"' in entry.head
    return named if isinstance(named, str) and is_fitbits else None
