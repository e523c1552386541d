"""`demo.write`: a home with a year and a half of invented exports in real formats, the same at every call."""

import csv
import io
import zipfile
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import Any

from recovery.actions.demo import life as invented
from recovery.actions.demo.life import FLU, HOLIDAY, ZONE, Life
from recovery.actions.demo.watches import CHANGED, monitoring_file, sleep_file
from recovery.errors import HomeError
from recovery.home.disk import full_disk_is_plain, open_private, private_folder
from recovery.home.folder import Home
from recovery.words.say import say

ABOUT = f"""\
Everything in this home is invented. Nobody wore these watches, nobody had these massages.

`recovery demo` wrote it, the same at every call, to show what the job does: two watches, the second from {CHANGED} on,
gaps, three changes of the clocks, a flu, a holiday, exports that overlap, the same files twice, one damaged file and
one line of the massage log with a day that does not exist.

The invented massages do a little: for about {invented.RELIEF_DAYS} days after one there is somewhat less pain and
somewhat more walking. That was put in, so that there is something to find. It says nothing about real massages.
"""
SETTINGS = f"""\
# Settings of an invented home (see "INVENTED DATA.txt").
home_time_zone = "{ZONE}"

[[exclusions]]
from = {FLU[0]}
to = {FLU[1]}
reason = "flu"

[[exclusions]]
from = {HOLIDAY[0]}
to = {HOLIDAY[1]}
reason = "holiday"
"""
OLD_YEAR = (date(2025, 4, 30), date(2025, 12, 31))
SPRING = (date(2026, 1, 1), date(2026, 6, 30))
SUMMER = (date(2026, 6, 15), date(2026, 9, 30))  # overlaps with spring, as exports do
LOOSE = (date(2026, 10, 1), date(2026, 10, 31))
TWICE = (date(2026, 10, 5), date(2026, 10, 11))
DAMAGED = date(2026, 10, 14)  # the battery died while the watch was writing
DAMAGED_SHARE = 0.7
AREAS = ("lower back", "lower back, neck", "neck, shoulders")
MUSCLES = ("erectors, quadratus lumborum", "erectors", "gluteals, psoas", "quadratus lumborum, gluteals")
ZIP_TIME = (2026, 11, 1, 12, 0, 0)


def write(folder: Path) -> None:
    """Writes the invented home.

    Raises HomeError where the folder holds anything that is not a demo's, or cannot be written.
    """
    home = Home(folder)
    if folder.exists() and (not folder.is_dir() or (any(folder.iterdir()) and not home.demo_mark.is_file())):
        raise HomeError(
            say("{folder} holds something else, and a demo does not mix with it.", folder=folder),
            say("Choose an empty folder with --home."),
        )
    lived = invented.live()
    try:
        with full_disk_is_plain(folder if folder.is_dir() else folder.parent):
            private_folder(home.private)
            _write(home.demo_mark, ABOUT.encode())
            _write(home.settings, SETTINGS.encode())
            for name, content in _inbox(lived):
                _write(home.inbox / name, content)
    except OSError as error:
        raise HomeError(
            say("The demo cannot be written to {folder}: {strerror}.", folder=folder, strerror=error.strerror),
            say("Choose another folder with --home."),
        ) from None


def _inbox(lived: Life) -> Iterable[tuple[str, bytes]]:
    files = _watch_files(lived)
    yield "garmin-2025.zip", _zipped(_between(files, OLD_YEAR))
    yield "garmin-2026-spring.zip", _zipped(_between(files, SPRING))
    yield "garmin-2026-summer.zip", _zipped(_between(files, SUMMER))
    for path, content in _between(files, LOOSE).items():
        is_damaged = path == f"Monitor/{DAMAGED}.fit"
        yield f"GARMIN/{path}", content[: int(len(content) * DAMAGED_SHARE)] if is_damaged else content
    for path, content in _between(files, TWICE).items():
        yield f"copy of the watch/{path}", content
    yield "massages.csv", _massages(lived)
    yield "diary.csv", _table(list(lived.diary[0]), lived.diary)


def _watch_files(lived: Life) -> dict[date, dict[str, bytes]]:
    files: dict[date, dict[str, bytes]] = {}
    for index, day in enumerate(lived.days):
        monitoring = monitoring_file(lived, index)
        night = lived.nights.get(day)
        files[day] = {f"Monitor/{day}.fit": monitoring} if monitoring else {}
        if night:
            files[day][f"Sleep/{day}.fit"] = sleep_file(lived, day, night)
    return files


def _between(files: Mapping[date, Mapping[str, bytes]], span: tuple[date, date]) -> dict[str, bytes]:
    return {
        path: content
        for day, written in files.items()
        if span[0] <= day <= span[1]
        for path, content in written.items()
    }


def _massages(lived: Life) -> bytes:
    rows: list[Mapping[str, Any]] = [
        {
            **massage._asdict(),
            "date": massage.start.date().isoformat(),
            "start": massage.start.strftime("%H:%M"),
            "areas": AREAS[number % len(AREAS)],
            "muscles": MUSCLES[number % len(MUSCLES)],
            "cause": "strain at work" if number % 5 < 2 else "sitting",
        }
        for number, massage in enumerate(lived.massages)
    ]
    wrong = {"date": "2026-02-30", "start": "18:00", "minutes": 60, "technique": "thai", "note": "there is no such day"}
    names = [
        "date",
        "start",
        "minutes",
        "technique",
        "pressure",
        "areas",
        "muscles",
        "cause",
        "status",
        "pain_before",
        "pain_after",
        "note",
    ]
    return _table(names, [*rows, wrong])


def _table(names: Sequence[str], rows: Sequence[Mapping[str, Any]]) -> bytes:
    out = io.StringIO()
    writer = csv.DictWriter(out, names, lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    return out.getvalue().encode()


def _zipped(files: Mapping[str, bytes]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for path, content in files.items():
            archive.writestr(zipfile.ZipInfo(path, ZIP_TIME), content, zipfile.ZIP_DEFLATED)
    return out.getvalue()


def _write(path: Path, content: bytes) -> None:
    private_folder(path.parent)
    with open_private(path) as stream:
        stream.write(content)
