"""`demo.write`: a home with a year and a half of invented exports in real formats, the same at every call."""

from collections.abc import Iterable, Mapping
from datetime import date
from pathlib import Path

from recovery.actions.demo import files as written
from recovery.actions.demo import life as invented
from recovery.actions.demo.life import FLU, HOLIDAY, ZONE, Life
from recovery.actions.demo.watches import CHANGED, monitoring_file, sleep_file

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
WRONG = {"date": "2026-02-30", "start": "18:00", "minutes": 60, "technique": "thai", "note": "there is no such day"}


def write(folder: Path) -> None:
    """Writes the invented home.

    Raises HomeError where the folder holds anything that is not a demo's, or cannot be written.
    """
    lived = invented.live()
    written.write_home(folder, ABOUT, SETTINGS, _inbox(lived))


def _inbox(lived: Life) -> Iterable[tuple[str, bytes]]:
    files = _watch_files(lived)
    yield "garmin-2025.zip", written.zipped(_between(files, OLD_YEAR))
    yield "garmin-2026-spring.zip", written.zipped(_between(files, SPRING))
    yield "garmin-2026-summer.zip", written.zipped(_between(files, SUMMER))
    for path, content in _between(files, LOOSE).items():
        is_damaged = path == f"Monitor/{DAMAGED}.fit"
        yield f"GARMIN/{path}", content[: int(len(content) * DAMAGED_SHARE)] if is_damaged else content
    for path, content in _between(files, TWICE).items():
        yield f"copy of the watch/{path}", content
    yield "massages.csv", written.massages(lived, [WRONG])
    yield "diary.csv", written.table(list(lived.diary[0]), lived.diary)


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
