"""Our numbers of each day against an independent count of the real exports: python tests/bench/recount.py [--long]

Builds a home of the real exports, one person each, counts the same files by other means (count_files, count_apps,
count_fit) and writes docs/counts.md: of each export and metric on how many days both are equal, and why they are not.
`--long` counts the four Garmin years too (fitparse takes minutes); without it their lines stay as they are. `--days`
names the days that differ.
"""

import argparse
import csv
import json
import shutil
import sys
import tempfile
from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

sys.path.insert(0, str(Path(__file__).parents[1]))
sys.path.insert(0, str(Path(__file__).parent))

import count_apps
import count_files
import count_fit
import homes
from count_files import Days
from places import REAL, ROOT

from recovery import warehouse

TABLE = ROOT / "docs" / "counts.md"
EQUAL = 1e-4  # of the larger: our minutes and the vendor's are rounded to 6 digits
ROUNDED = {"min": 0.5001, "share": 0.00501}  # vendors write whole minutes, and shares as whole percents
LEAST = 0.99  # of the days are alike, or WHY says why not
SHOWN = 6  # days that `--days` names


GARMIN = "Garmin, four years (FIT)"
GARMIN_API, FITBIT, OURA = "Garmin Connect's API", "Fitbit (Takeout)", "Oura"
WHOOP, SAMSUNG, WITHINGS = "WHOOP", "Samsung Health", "Withings"
GARMIN_ACCOUNT, SLEEPMETER = "Garmin account", "Sleepmeter"
DIARIES = "pain_diaries/oliviermirat__MyAIGuide"
FITABASE, ANDROID = "Fitabase (33 people)", "Sleep as Android"


@dataclass(frozen=True)
class Export:
    """A real export of one person, and how it is counted."""

    title: str
    person: str
    folder: str
    count: Callable[[Path], Days]
    zone: str = "UTC"
    is_long: bool = False
    split: str = ""  # the column that says whose a row is; each is a person of the home
    files: str = ""  # only those of the folder


EXPORTS = (
    Export(GARMIN, "garmin", "fit/CHI-Garmin", count_fit.count, "Europe/Copenhagen", is_long=True),
    Export(GARMIN_API, "garmin_api", "garmin_connect_api", count_files.garmin_api),
    Export(FITBIT, "fitbit", "fitbit/miriskalt__DSExample", count_files.fitbit, "Europe/Berlin"),
    Export(OURA, "oura", "oura", count_files.oura),
    Export(WHOOP, "whoop", "whoop/apatino16__wearableDeviceDataAnalysis", count_files.whoop),
    Export(SAMSUNG, "samsung", "samsung_health", count_files.samsung),
    Export(WITHINGS, "withings", "withings", count_files.withings),
    Export("Google Fit (daily table)", "google_fit", "google_fit", count_files.google_fit),
    Export(FITABASE, "fitabase", "fitabase", count_files.fitabase, split="Id"),
    Export(ANDROID, "sleep_as_android", "sleep_as_android", count_files.sleep_as_android),
    Export("Gadgetbridge", "gadgetbridge", "gadgetbridge", count_files.gadgetbridge),
    Export("Apple Health", "apple", "apple_health/ryanbr__noop", count_apps.apple, "Europe/Berlin"),
    Export("Huawei Health", "huawei", "huawei_health", count_apps.huawei, "Europe/Berlin"),
    Export(GARMIN_ACCOUNT, "garmin_account", f"{DIARIES}/Participant1/garminDataFromWeb", count_apps.garmin_account),
    Export("fitbit.com", "fitbit_site", f"{DIARIES}/Participant1/dailyFitBitPerMonth", count_apps.fitbit_site),
    *(
        Export(f"Fitbit's Web API, person {number}", f"fitbit_web_{number}", folder, count_apps.fitbit_web)
        for number in (4, 7, 9)
        for folder in [f"{DIARIES}/Participant{number}Anonymized"]
    ),
    *(
        Export(f"Google Fit's API, person {number}", f"google_rest_{number}", folder, count_apps.google_rest, "Japan")
        for number in (2, 3, 6)
        for folder in [f"{DIARIES}/Participant{number}Anonymized"]
    ),
    *(
        Export(f"Google Fit Takeout, phone {number}", f"google_phone_{number}", folder, count_apps.google_fit_days)
        for number in (1, 2)
        for folder in [f"{DIARIES}/Participant1/GoogleFitData/smartphone{number}"]
    ),
    # the fullest of 17 files that repeat each other
    Export(SLEEPMETER, "sleepmeter", "sleepmeter", count_apps.sleepmeter, files="*-25.8.csv"),
)
# Why days differ, by export and metric: what was found when the days were looked at one by one.
TWO_SLEEPS = "two sleeps of one night, which we count as one"
NOT_CARRIED = "85 dates of 0 on which no device was carried: no row"
WHY: Mapping[tuple[str, str], str] = {
    (GARMIN, "active_energy_kcal"): "whole kilocalories over a midnight are shared by both dates: 0.53 at most",
    (GARMIN_API, "stress_mean"): "our mean of the same scores has decimals",
    (FITBIT, "asleep_min"): "one night: wakings of less than a minute lie between its stages",
    (FITBIT, "light_min"): "the same night",
    (OURA, "efficiency_share"): "one night is two; else Oura's percent is not quite its minutes asleep by those in bed",
    (WHOOP, "asleep_min"): f"{TWO_SLEEPS}; on two dates two cycles end, of which we count the longer sleep",
    (SAMSUNG, "active_energy_kcal"): NOT_CARRIED,
    (SAMSUNG, "moving_min"): NOT_CARRIED,
    (SAMSUNG, "asleep_min"): "of 7 sleeps 2 are naps; else an efficiency in whole percents against stages",
    (
        FITABASE,
        "steps",
    ): "the hours of the export add up to less than its own day: on 117 days by less than 2%, on 18 by"
    " less than 10%, on 17 by more (10,920 steps at most), where hours were lost or are 0; none of the 17 is valid",
    (FITABASE, count_files.ALL_SLEEP): "46 dates with several sleeps, of which the table tells no times: no row",
    (
        ANDROID,
        count_files.ALL_SLEEP,
    ): "recordings on both sides of a midnight are one night, of the date on which it ends"
    " (6 dates); else the app takes whole minutes off each recording (3 at most)",
    (SLEEPMETER, count_files.ALL_SLEEP): "entries made to try the app: a night of 24 hours and those inside it are one",
    (WITHINGS, "asleep_min"): "two nights whose stages are not those of the night's own row",
    (WITHINGS, "steps"): "the minutes of the export add up to less than its own total of the day, by 149 steps at most",
}


class Line(NamedTuple):
    """How one metric of one export compares."""

    title: str
    metric: str
    days: int  # that the file tells
    equal: int
    rounded: int  # equal but for the vendor's rounding
    ours_missing: int
    ours_only: int
    largest: float  # difference beyond rounding, in the metric's unit
    examples: tuple[tuple[str, float, float | None], ...]  # date, theirs, ours

    @property
    def share(self) -> float:
        """Of the days that the file tells, how many we tell alike."""
        return (self.equal + self.rounded) / self.days


def compare(title: str, theirs: Days, ours: Days) -> list[Line]:
    """A line for each metric that was counted."""
    return [_line(title, metric, theirs[metric], ours.get(metric, {})) for metric in sorted(theirs) if theirs[metric]]


def _line(title: str, metric: str, theirs: Mapping[str, float], ours: Mapping[str, float]) -> Line:
    both = sorted(theirs.keys() & ours.keys())
    gaps = {day: abs(ours[day] - theirs[day]) for day in both}
    equal = {day for day in both if gaps[day] <= EQUAL * max(abs(ours[day]), abs(theirs[day]))}
    rounding = ROUNDED.get(metric.rpartition("_")[2], 0.0)
    rounded = {day for day in both if gaps[day] <= rounding} - equal
    unlike = [day for day in sorted(theirs) if day not in equal | rounded]
    return Line(
        title,
        metric,
        days=len(theirs),
        equal=len(equal),
        rounded=len(rounded),
        ours_missing=len(theirs.keys() - ours.keys()),
        ours_only=len(ours.keys() - theirs.keys()),
        largest=max((gaps[day] for day in unlike if day in gaps), default=0.0),
        examples=tuple((day, theirs[day], ours.get(day)) for day in unlike),
    )


def ours_of(exports: Sequence[Export], scratch: Path) -> dict[str, Days]:
    """Our numbers of each export, from a home that holds all of them; they need one zone."""
    (zone,) = {export.zone for export in exports}
    people = {person: export for export in exports for person in (_split(export, scratch) or [export.person])}
    toml = f'home_time_zone = "{zone}"\n' + "".join(f"[people.{person}]\n" for person in people)
    home = homes.make(scratch / "home", toml, on_disk=True)
    try:
        warehouse.load_settings_tables(home.connection, home.settings)
        for person, export in people.items():
            origin = scratch / "split" / person if export.split else _folder(export, scratch)
            shutil.copytree(origin, home.home.inbox / person, dirs_exist_ok=True)
        home.run()
        warehouse.build(home.connection)
        ours: dict[str, Days] = {export.person: defaultdict(dict) for export in exports}
        for person, metric, day, value in home.rows(
            "select subject, metric, local_date::text, value from pub.daily_metrics"
        ):
            export = people[person]
            key = f"{person.rpartition('_')[2]} {day}" if export.split else day
            ours[export.person][metric][key] = value
    finally:
        home.close()
    for days in ours.values():
        days[count_files.ALL_SLEEP] = {
            day: days["asleep_min"].get(day, 0.0) + days["nap_min"].get(day, 0.0)
            for day in {*days["asleep_min"], *days["nap_min"]}
        }
    return ours


def _folder(export: Export, scratch: Path) -> Path:
    """The files of an export: its folder, or a copy of those that count."""
    if not export.files:
        return REAL / export.folder
    chosen = scratch / "chosen" / export.person
    chosen.mkdir(parents=True, exist_ok=True)
    for path in (REAL / export.folder).rglob(export.files):
        shutil.copy(path, chosen)
    return chosen


def _split(export: Export, scratch: Path) -> list[str]:
    """The people of an export of several, whose rows are written to folders of their own."""
    if not export.split:
        return []
    people = set()
    for path in sorted((REAL / export.folder).rglob("*.csv")):
        with path.open(encoding="utf-8-sig", newline="") as stream:
            head, *rows = list(csv.reader(stream))
        for name in {row[head.index(export.split)] for row in rows}:
            folder = scratch / "split" / f"{export.person}_{name}"
            folder.mkdir(parents=True, exist_ok=True)
            with (folder / path.name).open("w", encoding="utf-8", newline="") as stream:
                csv.writer(stream).writerows([head, *(row for row in rows if row[head.index(export.split)] == name)])
            people.add(folder.name)
    return sorted(people)


def recount(exports: Sequence[Export]) -> list[Line]:
    """The lines of some exports, which are built in one home for each zone."""
    lines = []
    for zone in dict.fromkeys(export.zone for export in exports):
        of_zone = [export for export in exports if export.zone == zone]
        with tempfile.TemporaryDirectory() as scratch:
            ours = ours_of(of_zone, Path(scratch))
            for export in of_zone:
                lines += compare(export.title, export.count(_folder(export, Path(scratch))), ours[export.person])
    return lines


# ---- the table -------------------------------------------------------------------------------------------------------

HEAD = """# Independent counts

What `daily_metrics` says of the real exports, against a count of the same files by other means (csv, json, sqlite3,
fitparse, xml; nothing of `recovery`). Made by `python tests/bench/recount.py --long` (11 minutes on a busy machine);
`tests/bench/test_recount.py` holds a part of it. "Rounded" days differ by less than half of what the vendor writes last
(a minute, a percent). Days that only we have are not counted: mostly the file tells them in another table.

Mended by these counts, equal days before: Fitbit's HRV 12 of 59 (22 ms off at most); Oura's minutes asleep 6 of 238 (64
min), deep 12, light 5, REM 16, HRV 0 (14 ms), heart rate asleep 6 (3 bpm); WHOOP's efficiency 160 of 295 and minutes in
bed 104, but for rounding ([decision 0031](decisions/0031-the-vendors-own-figure.md)).

Not counted: tracks and activities (they hold no days), the epochs of actigraphs, three sleeps of seconds of Plees
Tracker, and tables of RAPIDS, which are no export. Garmin's account export tells two resting heart rates of a day: we
take `currentDayRestingHeartRate`, since `restingHeartRate` is the mean of seven days (on 251 of 251, when rounded).

| export | metric | days | equal | rounded | alike | missing | only ours | largest difference | why |
| --- | --- | --- | --- | --- | --- | --- | --- | --- | --- |
"""


def table(lines: Sequence[Line], former: str) -> str:
    """The page; exports that were not counted keep their former lines."""
    counted = {line.title for line in lines}
    kept = [row for row in former.splitlines() if row.startswith("| ") and row.split(" | ")[0][2:] not in counted]
    kept = [row for row in kept if row.split(" | ")[0][2:] in {export.title for export in EXPORTS}]
    order = {export.title: place for place, export in enumerate(EXPORTS)}
    rows = sorted([*kept, *(row_of(line) for line in lines)], key=lambda row: order[row.split(" | ")[0][2:]])
    return HEAD + "\n".join(rows) + "\n"


def row_of(line: Line) -> str:
    """The row of the page."""
    largest = f"{line.largest:.4g}" if line.largest else ""
    why = WHY.get((line.title, line.metric), "") if line.share < 1 else ""
    cells = (line.title, line.metric, line.days, line.equal, line.rounded, f"{line.share:.1%}", line.ours_missing)
    return "| " + " | ".join(map(str, (*cells, line.ours_only, largest, why))) + " |"


def main() -> None:
    """Counts, writes the page, and says which lines are below 99% without a reason."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--long", action="store_true", help="the four Garmin years too")
    parser.add_argument("--only", metavar="PERSON", help="one export, without writing the page")
    parser.add_argument("--days", action="store_true", help="name the days that differ")
    asked = parser.parse_args()
    exports = [export for export in EXPORTS if asked.only == export.person or not asked.only]
    lines = recount([export for export in exports if asked.long or asked.only or not export.is_long])
    for line in lines:
        print(f"{line.title:26} {line.metric:24} {line.share:7.1%} of {line.days}, largest {line.largest:.4g}")
        if asked.days and line.examples:
            print("   ", json.dumps(line.examples[:SHOWN]))
    if not asked.only:
        former = TABLE.read_text(encoding="utf-8") if TABLE.is_file() else ""
        TABLE.write_text(table(lines, former), encoding="utf-8")
    for line in lines:
        if line.share < LEAST and (line.title, line.metric) not in WHY:
            print(f"not explained: {line.title}, {line.metric}: {line.share:.1%}")


if __name__ == "__main__":
    main()
