"""What the smaller real exports and the published pain diaries say of each day, by csv, json and xml alone.

As in `count_files`: nothing of `recovery` is used here, and each function gives a value by metric and ISO date.
"""

import csv
import json
import re
from collections import defaultdict
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from xml.etree import ElementTree

from count_files import Days

FLOORS_PER_M = 1 / 3.048


def _sums(found: Iterator[tuple[str, str, float]]) -> Days:
    days: dict[str, dict[str, float]] = defaultdict(lambda: defaultdict(float))
    for metric, day, value in found:
        days[metric][day] += value
    return {metric: dict(values) for metric, values in days.items()}


def _last(found: Iterator[tuple[str, str, float | None]]) -> Days:
    days: dict[str, dict[str, float]] = defaultdict(dict)
    for metric, day, value in found:
        if value is not None:
            days[metric][day] = value
    return dict(days)


def apple(folder: Path) -> Days:
    """Steps, minutes asleep of the sleep that ends on a date, and values as they are told."""
    (path,) = folder.rglob("sample_health_data.xml")

    def found() -> Iterator[tuple[str, str, float]]:
        single = {
            "RestingHeartRate": "resting_heart_rate_bpm",
            "RespiratoryRate": "respiration_rate",
            "OxygenSaturation": "spo2_mean_share",
        }
        for record in ElementTree.parse(path).getroot().iter("Record"):  # noqa: S314 - of our own disk
            kind = record.attrib["type"].removeprefix("HKQuantityTypeIdentifier")
            day = record.attrib["endDate"][:10]
            if kind == "StepCount":
                yield "steps", day, float(record.attrib["value"])
            elif kind in single:
                yield single[kind], day, float(record.attrib["value"])
            elif kind == "HKCategoryTypeIdentifierSleepAnalysis":
                start, end = (
                    datetime.strptime(record.attrib[name], "%Y-%m-%d %H:%M:%S %z") for name in ("startDate", "endDate")
                )
                if record.attrib["value"].startswith("HKCategoryValueSleepAnalysisAsleep"):
                    yield "asleep_min + nap_min", day, (end - start) / timedelta(minutes=1)

    return _sums(found())


def huawei(folder: Path) -> Days:
    """Steps and metres of the minutes."""

    def found() -> Iterator[tuple[str, str, float]]:
        for path in folder.rglob("sport_per_minute*.json"):
            for whole in json.loads(path.read_text(encoding="utf-8")):
                for item in whole["sportDataUserData"]:
                    at = datetime.fromtimestamp(item["startTime"] / 1000, UTC) + timedelta(
                        hours=int(item["timeZone"][:3])
                    )
                    for info in item["sportBasicInfos"]:
                        yield "steps", str(at.date()), info["steps"]
                        yield "distance_m", str(at.date()), info["distance"]

    return _sums(found())


SLEEP = re.compile(r'"([^"]{21})","([^"]{21})","[^"]{21}",([\d|-]*),(\w+),')


def sleepmeter(folder: Path) -> Days:
    """The sleeps that end on a date: from falling asleep to waking, less their holes."""

    def found() -> Iterator[tuple[str, str, float]]:
        rows = {row for path in folder.rglob("*.csv") for row in SLEEP.findall(path.read_text(encoding="utf-8-sig"))}
        for wake_text, sleep_text, holes, _ in rows:
            wake, asleep = (datetime.strptime(text, "%Y-%m-%d %H:%M%z") for text in (wake_text, sleep_text))
            pairs = [pair.split("-") for pair in holes.split("|") if pair]
            minutes = (wake - asleep) / timedelta(minutes=1) - sum(int(b) - int(a) for a, b in pairs)
            if minutes > 0 and 2000 < wake.year < 2030:
                yield "asleep_min + nap_min", wake_text[:10], minutes

    return _sums(found())


def garmin_account(folder: Path) -> Days:
    """The daily summaries of the account export.

    Its `restingHeartRate` is the mean of seven days (on 251 of 251 to the rounding); the day's own stands beside it.
    """

    def found() -> Iterator[tuple[str, str, float | None]]:
        for path in sorted(folder.rglob("UDSFile_*.json")):
            for item in json.loads(path.read_text(encoding="utf-8")):
                day = item["calendarDate"]
                yield "steps", day, item.get("totalSteps")
                yield "distance_m", day, item.get("totalDistanceMeters")
                yield "active_energy_kcal", day, item.get("activeKilocalories")
                yield "resting_heart_rate_bpm", day, item.get("currentDayRestingHeartRate")
                floors = item.get("floorsAscendedInMeters")
                yield "floors", day, None if floors is None else floors * FLOORS_PER_M
                for part in (item.get("allDayStress") or {}).get("aggregatorList", []):
                    level = part.get("averageStressLevel", -1)
                    if part["type"] == "TOTAL" and level >= 0:
                        yield "stress_mean", day, level

    return _last(found())


def fitbit_web(folder: Path) -> Days:
    """The steps of the Web API; 0 is written on days on which nothing was worn."""

    def found() -> Iterator[tuple[str, str, float | None]]:
        for path in folder.rglob("*Fitbit.json"):
            for item in json.loads(path.read_text(encoding="utf-8"))["activities-steps"]:
                yield "steps", item["dateTime"], float(item["value"]) or None

    return _last(found())


def fitbit_site(folder: Path) -> Days:
    """The months of fitbit.com, in English and French: steps, kilometres, floors of days with steps."""

    def found() -> Iterator[tuple[str, str, float | None]]:
        for path in sorted(folder.rglob("fitbit_export_*.csv")):
            with path.open(encoding="utf-8-sig", newline="") as stream:
                for row in csv.reader(stream):
                    if len(row) != 10 or not re.fullmatch(r"\d\d-\d\d-\d{4}", row[0]):
                        continue
                    day = f"{row[0][6:]}-{row[0][3:5]}-{row[0][:2]}"
                    steps = float(re.sub(r"\D", "", row[2]))
                    if steps:
                        yield "steps", day, steps
                        yield "distance_m", day, float(row[3].replace(",", ".")) * 1000 or None
                        yield "floors", day, float(re.sub(r"\D", "", row[4]))

    return _last(found())


def google_rest(folder: Path) -> Days:
    """The buckets of a day of the REST API, which begin at midnight of UTC+9."""

    def found() -> Iterator[tuple[str, str, float]]:
        for path in folder.rglob("GoogleFit*.json"):
            for bucket in json.loads(path.read_text(encoding="utf-8"))["bucket"]:
                start = datetime.fromtimestamp(int(bucket["startTimeMillis"]) / 1000, UTC) + timedelta(hours=9)
                for part in bucket["dataset"]:
                    for point in part["point"]:
                        for value in point["value"]:
                            yield "steps", str(start.date()), value["intVal"]

    return _sums(found())


def google_fit_days(folder: Path) -> Days:
    """The daily table of the Takeout, in English or French, elsewhere the sum of the quarter hours."""
    columns = {"Step count": "steps", "Nombre de pas": "steps", "Distance (m)": "distance_m"}

    def cells(path: Path) -> Iterator[tuple[str, str, float]]:
        with path.open(encoding="utf-8-sig", newline="") as stream:
            for row in csv.DictReader(stream):
                for name, metric in columns.items():
                    if row.get(name):
                        yield metric, row.get("Date") or path.stem, float(row[name])

    tables = [path for name in ("dailySummaries.csv", "dailyActivityMetrics.csv") for path in folder.rglob(name)]
    days = _sums(cell for path in tables for cell in cells(path))
    hours = _sums(cell for path in folder.rglob("????-??-??.csv") for cell in cells(path))
    return {metric: hours.get(metric, {}) | values for metric, values in days.items()}
