"""Strava's bulk export: the list of activities, `activities.csv`; their files are read by the readers of their formats.

What we know of it, from people's exports quoted in public:

- Headings follow the language of the account, their order does not: number, date, name, kind, description, seconds,
  metres. Since 2019 the seconds and the distance stand twice under the same heading: first as shown to the person
  (kilometres or miles), last in seconds and metres. So the table is known by what repeats, in any language.
- Dates are of UTC, written in the account's language: `Mar 5, 2024, 6:12:03 AM` (a narrow blank before AM since 2023),
  `05.03.2024, 06:12:03`, `5 mars 2024 à 06:12:03`; before 2019 `2024-03-05 06:12:03`.
- The older table without repetition holds metres only under the heading `distance` in small letters.
- An activity lasts here from its start to its end; its own file has the pauses, and then counts (`stg.activities`).
- Names, descriptions, notes, gear and weight are never read; all other tables of the export are not needed.
"""

import io
import re
from collections import Counter
from collections.abc import Iterator, Sequence
from datetime import datetime, time, timedelta
from typing import NamedTuple

from recovery.errors import UnreadableExportError
from recovery.formats.entries import Claim, Context, Entry, Tree
from recovery.formats.export_table import DamagedTableError, cells_of, rows_of
from recovery.formats.log_cells import NotReadableError, day_first, fold, moment_of, number_of
from recovery.formats.records import Activity, FileSummary, Skipped, Yielded, batch_of_rows
from recovery.formats.resaved import TableForm
from recovery.home.clock import FIRST_UTC, LAST_UTC
from recovery.words.say import say

LABEL = "Strava (bulk export)"
VERSION = 2
USES_LOCAL_TIME = False
TABLE_FORM = TableForm(has_local_dates=True)

SOURCE = "strava"
NUMBER, DATE, KIND, ELAPSED, DISTANCE = 0, 1, 3, 5, 6  # the order of the first columns, whatever their names
OLD_HEADINGS = ("id", "date", "name", "type", "description", "elapsed_time", "distance")
OLD_ENGLISH = ("activity id", "activity date", "activity name", "activity type", "activity description", "elapsed time")
CALORIES = {"calories", "kalorien", "calorias", "calorie", "calorieen", "kalorier", "kcal"}
STEPS = {"total steps", "schritte insgesamt"}
SPORTS = {
    "run": "running", "lauf": "running", "course a pied": "running", "carrera": "running", "corsa": "running",
    "ride": "cycling", "radfahrt": "cycling", "velo": "cycling", "bicicleta": "cycling", "ciclismo": "cycling",
    "walk": "walking", "spaziergang": "walking", "marche": "walking", "caminata": "walking", "camminata": "walking",
    "hike": "hiking", "wanderung": "hiking", "randonnee": "hiking", "swim": "swimming", "schwimmen": "swimming",
    "natation": "swimming",
}  # fmt: skip
MAX_ACTIVITY = timedelta(days=4)
NOT_NEEDED = say("known and not needed: of Strava's export only the list of activities and their files are read")
OTHER_TABLES = {
    "applications.csv", "bikes.csv", "blocks.csv", "challenges.csv", "clubs.csv", "comments.csv", "components.csv",
    "connected_apps.csv", "contacts.csv", "email_preferences.csv", "favorites.csv", "flags.csv", "followers.csv",
    "following.csv", "general_preferences.csv", "global_challenges.csv", "group_challenges.csv", "logins.csv",
    "media.csv", "memberships.csv", "metering.csv", "mobile_device_identifiers.csv", "orders.csv",
    "partner_opt_outs.csv", "posts.csv", "privacy_zones.csv", "profile.csv", "reactions.csv", "routes.csv",
    "segments.csv", "shoes.csv", "social_settings.csv", "starred_routes.csv", "starred_segments.csv",
    "support_tickets.csv", "visibility_settings.csv", "messaging.json",
}  # fmt: skip
PICTURES = re.compile(r"media/[^/]+\.(?:jpe?g|png|mp4|mov)$", re.IGNORECASE)


class Columns(NamedTuple):
    """Where the cells stand; -1 where there is no such column."""

    elapsed: int
    distance: int
    calories: int
    steps: int


def claims(tree: Tree) -> Iterator[Claim]:
    """The list of activities by its headings; the tables and pictures beside it in the same archive are not needed."""
    lists = [entry.path for entry in tree if _columns(_headings(entry.head)) is not None]
    yield from (Claim(path) for path in lists)
    roots = {path[: -len(path.rpartition("/")[2])] for path in lists}
    for entry in tree:
        root = entry.path[: -len(entry.name)]
        picture = PICTURES.search(entry.path)
        if (root in roots and entry.name in OTHER_TABLES) or (picture and entry.path[: picture.start()] in roots):
            yield Claim(entry.path, not_needed=NOT_NEEDED)


def read(files: Sequence[Entry], context: Context) -> Iterator[Yielded]:
    """Activities; each file ends with its summary."""
    for number, entry in enumerate(files):
        columns = _columns(_headings(entry.head))
        if columns is None:
            yield Skipped(number, "", say("this is not Strava's list of activities"))
            continue
        found: list[Activity] = []
        notes: Counter[str] = Counter()
        skipped = []
        for item in _activities(number, entry, columns, notes):
            if isinstance(item, Skipped):
                skipped.append(item)
            else:
                found.append(item)
        yield batch_of_rows("activities", number, found)
        yield from skipped
        ends = [row["end_utc"] for row in found]
        message = "; ".join(f"{note}: {count}" for note, count in sorted(notes.items()))
        yield FileSummary(number, max(ends, default=None), message if found or message else say("holds no entries"))


def _headings(head: bytes) -> list[str]:
    """The first row, where the head holds all of it or enough."""
    if b"\0" in head or head.lstrip().startswith((b"{", b"[")):  # values of JSON in one line repeat too
        return []
    line = head.decode("utf-8-sig", errors="replace").partition("\n")[0]
    return [cell.strip() for cell in cells_of(line)]


def _columns(headings: Sequence[str]) -> Columns | None:
    """Which columns hold what; None where the table is another one."""
    plain = [fold(heading) for heading in headings]
    if len(headings) <= DISTANCE or "id" not in re.split(r"\W+|_", headings[NUMBER].casefold()):
        return None
    if not (plain[ELAPSED] and plain[DISTANCE]):  # empty cells that a spreadsheet adds
        return None
    last_elapsed, last_distance = (_last(plain, plain[place]) for place in (ELAPSED, DISTANCE))
    is_old = tuple(headings[: DISTANCE + 1]) == OLD_HEADINGS
    is_old_english = tuple(plain[: ELAPSED + 1]) == OLD_ENGLISH
    if last_elapsed == ELAPSED or last_distance == DISTANCE:
        if not (is_old or is_old_english):
            return None
        last_distance = DISTANCE if is_old else -1
    calories = next((place for place, name in enumerate(plain) if name in CALORIES), -1)
    steps = next((place for place, name in enumerate(plain) if name in STEPS), -1)
    return Columns(last_elapsed, last_distance, calories, steps)


def _last(names: Sequence[str], name: str) -> int:
    return max(place for place, other in enumerate(names) if other == name)


def _activities(file: int, entry: Entry, columns: Columns, notes: Counter[str]) -> Iterator[Activity | Skipped]:
    with entry.open() as stream:
        text = io.TextIOWrapper(stream, encoding="utf-8-sig", errors="replace", newline="")
        table = rows_of(text)
        rows: list[tuple[int, list[str]]] = []
        try:
            width = len(next(table, []))
            for place, cells in enumerate(table, 2):
                if not cells:
                    continue
                if len(cells) != width:
                    reason = f"has {len(cells)} cells where the headings are {width}"
                    yield Skipped(file, f"row {place}", reason, _shown(cells))
                else:
                    rows.append((place, cells))
        except DamagedTableError:
            yield Skipped(
                file,
                say("after row {rows}", rows=len(rows) + 1),
                say("the table is damaged here; what stands before was read"),
            )
        finally:
            text.detach()
    try:
        is_day_first = True if any("." in _digits(cells[DATE]) for _, cells in rows) else _day_first(rows)
    except UnreadableExportError as error:
        yield Skipped(file, "", error.message)
        return
    for place, cells in rows:
        try:
            row = _activity(cells, columns, is_day_first)
        except (NotReadableError, OverflowError) as error:
            yield Skipped(file, f"row {place}", say("a date or number {error}", error=error), _shown(cells))
            continue
        if row is None:
            notes[say("activities left out that tell no length, or more than four days")] += 1
        else:
            yield row


def _digits(date: str) -> str:
    """The part of a date before the comma or the time, where it is of numbers alone."""
    found = re.match(r"\d{1,2}[./-]\d{1,2}[./-]\d{2,4}", date)
    return found[0] if found else ""


def _day_first(rows: Sequence[tuple[int, list[str]]]) -> bool | None:
    return day_first(cells[DATE] for _, cells in rows)


def _shown(cells: Sequence[str]) -> str:
    """The date of a row; names and notes are nobody's business."""
    return cells[DATE][:40] if len(cells) > DATE else ""


def _activity(cells: Sequence[str], columns: Columns, is_day_first: bool | None) -> Activity | None:
    moment = moment_of(cells[DATE], is_day_first)
    start = datetime.combine(moment.local_date, moment.clock or time())  # UTC; midnight gives no clock
    elapsed_s = _amount(cells, columns.elapsed)
    if not FIRST_UTC < start < LAST_UTC:
        raise NotReadableError(say("is of no year we read"))
    if not elapsed_s or timedelta(seconds=elapsed_s) > MAX_ACTIVITY:
        return None
    kind = fold(cells[KIND])[:40]
    return {
        "source": SOURCE,
        "start_utc": start,
        "end_utc": start + timedelta(seconds=elapsed_s),
        "sport": SPORTS.get(kind, kind) or None,
        "steps": _amount(cells, columns.steps),
        "distance_m": _amount(cells, columns.distance),
        "active_energy_kcal": _amount(cells, columns.calories),
    }


def _amount(cells: Sequence[str], place: int) -> float | None:
    """A number above zero; None where the cell is empty. Raises NotReadableError."""
    if place < 0 or not cells[place].strip():
        return None
    value = number_of(cells[place])
    if value < 0:
        raise NotReadableError(say("is below zero"))
    return value or None
