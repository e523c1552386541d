"""What the real exports say of each day, by csv, json and sqlite3 alone: nothing of `recovery` is used here.

Each function takes the folder of one person's export and gives, of each metric, a value by ISO date, as the vendor
writes it, in our unit.
"""

import csv
import json
import sqlite3
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from pathlib import Path
from statistics import fmean
from zoneinfo import ZoneInfo

Days = dict[str, dict[str, float]]  # metric, ISO date, value
EPOCH = datetime(1970, 1, 1)  # naive means UTC here


def _table(path: Path, skip: int = 0) -> list[dict[str, str]]:
    with path.open(encoding="utf-8-sig", newline="") as stream:
        for _ in range(skip):
            next(stream)
        return list(csv.DictReader(stream))


def _one(folder: Path, pattern: str) -> Path:
    (path,) = folder.rglob(pattern)
    return path


def _columns(
    rows: Iterable[Mapping[str, str]], day: str, columns: Mapping[str, tuple[str, float]]
) -> Iterator[tuple[str, str, float]]:
    """(metric, date, value) of each cell that holds a number."""
    for row in rows:
        for metric, (name, factor) in columns.items():
            if (row.get(name) or "").strip():
                yield metric, row[day], float(row[name]) * factor


def _days(found: Iterable[tuple[str, str, float]]) -> Days:
    days: dict[str, dict[str, float]] = defaultdict(dict)
    for metric, day, value in found:
        days[metric][day] = value
    return dict(days)


def _sums(found: Iterable[tuple[str, str, float]]) -> Days:
    days: dict[str, dict[str, float]] = defaultdict(lambda: defaultdict(float))
    for metric, day, value in found:
        days[metric][day] += value
    return {metric: dict(values) for metric, values in days.items()}


def _only_positive(days: Days, *metrics: str) -> Days:
    """Without the zeros of metrics for which they mean that the device was not worn."""
    return {
        metric: {day: value for day, value in values.items() if value or metric not in metrics}
        for metric, values in days.items()
    }


# ---- Fitbit ----------------------------------------------------------------------------------------------------------


def fitbit(folder: Path) -> Days:
    """Takeout: minutes of UTC on dates of Berlin, the main sleep of each date, and the daily summaries."""
    whole = next(folder.rglob("Global Export Data"))
    minutes: list[tuple[str, str, float]] = []
    for name, metric, factor in (("steps", "steps", 1.0), ("distance", "distance_m", 0.01)):
        seen = {}
        for path in whole.glob(f"{name}-*.json"):
            for item in json.loads(path.read_text(encoding="utf-8")):
                seen[item["dateTime"]] = float(item["value"]) * factor
        minutes += [
            (metric, str(_in_berlin(datetime.strptime(at, "%m/%d/%y %H:%M:%S")).date()), value)  # noqa: DTZ007 - UTC
            for at, value in seen.items()
        ]
    found: list[tuple[str, str, float]] = []
    nights: list[tuple[str, str]] = []
    for path in whole.glob("sleep-*.json"):
        for night in json.loads(path.read_text(encoding="utf-8")):
            if night["mainSleep"]:
                nights.append((night["startTime"][:19], night["endTime"][:19]))
                found.append(("asleep_min", night["dateOfSleep"], night["minutesAsleep"]))
                found.append(("in_bed_min", night["dateOfSleep"], night["timeInBed"]))
                for level in ("deep", "rem", "light") if night["type"] == "stages" else ():
                    minutes_of = night["levels"]["summary"][level]["minutes"]
                    found.append((f"{level}_min", night["dateOfSleep"], minutes_of))
    for path in whole.glob("resting_heart_rate-*.json"):
        for item in json.loads(path.read_text(encoding="utf-8")):
            if item["value"]["value"]:
                day = _us_date(item["value"]["date"], "%m/%d/%y")
                found.append(("resting_heart_rate_bpm", day, item["value"]["value"]))
    for pattern, name, metric in (
        ("Daily Heart Rate Variability Summary - *.csv", "rmssd", "hrv_rmssd_ms"),
        ("Daily Respiratory Rate Summary - *.csv", "daily_respiratory_rate", "respiration_rate"),
    ):
        for path in folder.rglob(pattern):
            rows = [row for row in _table(path) if float(row[name])]  # 0 is no measurement
            found += [(metric, row["timestamp"][:10], float(row[name])) for row in rows]
    oxygen = {
        _in_berlin(datetime.fromisoformat(row["timestamp"].rstrip("Z"))).isoformat()[:19]: float(row["value"]) / 100
        for path in folder.rglob("Minute SpO2 - *.csv")
        for row in _table(path)
        if float(row["value"]) > 50
    }
    for start, end in nights:
        if values := [value for at, value in oxygen.items() if start <= at <= end]:
            found.append(("spo2_mean_share", end[:10], fmean(values)))
    return _days(found) | _sums(minutes)


def _in_berlin(time_utc: datetime) -> datetime:
    return time_utc.replace(tzinfo=UTC).astimezone(ZoneInfo("Europe/Berlin"))


# ---- Oura, WHOOP -----------------------------------------------------------------------------------------------------


def oura(folder: Path) -> Days:
    """The longest of the long sleeps of each date."""
    found = []
    rows = _table(_one(folder, "oura_sleep.csv"))
    rows = [row for row in rows if row["type"] == "long_sleep" and row["total_sleep_duration"]]
    rows.sort(key=lambda row: float(row["total_sleep_duration"]))
    found += _columns(
        rows,
        "day",
        {
            "asleep_min": ("total_sleep_duration", 1 / 60),
            "in_bed_min": ("time_in_bed", 1 / 60),
            "deep_min": ("deep_sleep_duration", 1 / 60),
            "rem_min": ("rem_sleep_duration", 1 / 60),
            "light_min": ("light_sleep_duration", 1 / 60),
            "efficiency_share": ("efficiency", 1 / 100),
            "resting_heart_rate_bpm": ("lowest_heart_rate", 1),
            "sleeping_heart_rate_bpm": ("average_heart_rate", 1),
            "hrv_rmssd_ms": ("average_hrv", 1),
            "respiration_rate": ("average_breath", 1),
        },
    )
    return _days(found)


def whoop(folder: Path) -> Days:
    """The cycles, on the date on which their sleep ends."""
    rows = [row | {"day": row["Wake onset"][:10]} for row in _table(_one(folder, "physiological_cycles.csv"))]
    columns = {
        "asleep_min": ("Asleep duration (min)", 1),
        "in_bed_min": ("In bed duration (min)", 1),
        "deep_min": ("Deep (SWS) duration (min)", 1),
        "rem_min": ("REM duration (min)", 1),
        "light_min": ("Light sleep duration (min)", 1),
        "efficiency_share": ("Sleep efficiency %", 1 / 100),
        "resting_heart_rate_bpm": ("Resting heart rate (bpm)", 1),
        "hrv_rmssd_ms": ("Heart rate variability (ms)", 1),
        "respiration_rate": ("Respiratory rate (rpm)", 1),
        "spo2_mean_share": ("Blood oxygen %", 1 / 100),
    }
    slept = sorted((row for row in rows if row["day"]), key=lambda row: row["Wake onset"])
    return _days(_columns(slept, "day", columns))


# ---- Samsung, Withings, Google Fit -----------------------------------------------------------------------------------


def samsung(folder: Path) -> Days:
    """The days of all devices together (`source_type` -2), floors, energy, and the finished nights."""

    def dated(name: str, prefix: str = "") -> list[dict[str, str]]:
        rows = _table(_one(folder, name), skip=1)
        for row in rows:
            row["day"] = str((EPOCH + timedelta(milliseconds=int(row[f"{prefix}day_time"]))).date())
        return sorted(rows, key=lambda row: row[f"{prefix}update_time"])

    trend = [row for row in dated("Step Daily Trend.csv") if row["source_type"] == "-2"]
    energy = "com.samsung.shealth.calories_burned."
    days = _days(
        [
            *_columns(trend, "day", {"steps": ("count", 1), "distance_m": ("distance", 1)}),
            *_columns(dated("Floor day Summary.csv"), "day", {"floors": ("floor_count", 1)}),
            *_columns(
                dated("Calories Burned details.csv", energy),
                "day",
                {"active_energy_kcal": (f"{energy}active_calorie", 1), "moving_min": (f"{energy}active_time", 1 / 6e4)},
            ),
        ]
    )
    sleep = "com.samsung.health.sleep."
    for row in _table(_one(folder, "Sleep.csv"), skip=1):
        if row["sleep_duration"]:
            offset = row[f"{sleep}time_offset"]
            hours, minutes = int(offset[3:6]), int(offset[3] + offset[6:8])
            end = datetime.fromisoformat(row[f"{sleep}end_time"]) + timedelta(hours=hours, minutes=minutes)
            asleep = float(row["sleep_duration"]) * (float(row["efficiency"] or 0) or 100) / 100
            nights = days.setdefault("asleep_min", {})
            nights[str(end.date())] = max(asleep, nights.get(str(end.date()), 0.0))
    return days


def withings(folder: Path) -> Days:
    """The totals of the days, and the nights of `sleep.csv`."""
    days = _days(_columns(_table(_one(folder, "aggregates_steps.csv")), "date", {"steps": ("value", 1)}))
    nights: dict[str, tuple[float, dict[str, float]]] = {}
    for row in _table(_one(folder, "sleep.csv")):
        light, deep, rem = (float(row[name]) for name in ("leicht (s)", "tief (s)", "rem (s)"))
        asleep = light + deep + rem
        night = {
            "asleep_min": asleep / 60,
            "light_min": light / 60,
            "deep_min": deep / 60,
            "sleeping_heart_rate_bpm": float(row["Average heart rate"]),
        }
        if asleep > nights.get(row["bis"][:10], (0, {}))[0]:
            nights[row["bis"][:10]] = asleep, night
    for day, (_, night) in nights.items():
        for metric, value in night.items():
            days.setdefault(metric, {})[day] = value
    return _only_positive(days, "steps", "sleeping_heart_rate_bpm")


def google_fit(folder: Path) -> Days:
    """The daily table of the Takeout."""
    columns = {"steps": ("Step count", 1), "distance_m": ("Distance (m)", 1), "moving_min": ("Move Minutes count", 1)}
    return _days(_columns(_table(_one(folder, "Daily activity metrics.csv")), "Date", columns))


# ---- Garmin Connect's API --------------------------------------------------------------------------------------------


def garmin_api(folder: Path) -> Days:
    """Summaries, ranges of days, nights and heart rates, as the API answers."""
    found: list[tuple[str, str, float | None]] = []
    for path in folder.rglob("*.json"):
        whole = json.loads(path.read_text(encoding="utf-8"))
        for item in whole if isinstance(whole, list) else whole.get("hrvSummaries", [whole]):
            item = item.get("hrvSummary") or item.get("dailySleepDTO") or item
            day = item.get("calendarDate")
            asleep = item.get("sleepTimeSeconds")
            found += [
                ("steps", day, item.get("totalSteps")),
                ("distance_m", day, item.get("totalDistance", item.get("totalDistanceMeters"))),
                ("active_energy_kcal", day, item.get("activeKilocalories")),
                ("floors", day, _times(item.get("floorsAscendedInMeters"), 1 / 3.048)),
                ("resting_heart_rate_bpm", day, item.get("restingHeartRate")),
                ("stress_mean", day, item.get("avgStressLevel") or item.get("values", {}).get("overallStressLevel")),
                ("hrv_rmssd_ms", day, item.get("lastNightAvg")),
                ("asleep_min", day, _times(asleep, 1 / 60)),
                ("deep_min", day, _times(item.get("deepSleepSeconds"), 1 / 60)),
                ("light_min", day, _times(item.get("lightSleepSeconds"), 1 / 60)),
                ("rem_min", day, _times(item.get("remSleepSeconds"), 1 / 60)),
                ("respiration_rate", day, item.get("averageRespirationValue")),
                ("spo2_mean_share", day, _times(item.get("averageSpO2Value"), 1 / 100)),
            ]
    return _days((metric, day, value) for metric, day, value in found if value is not None)


def _times(value: float | None, factor: float) -> float | None:
    return None if value is None else value * factor


# ---- Fitabase, Sleep as Android, Gadgetbridge ------------------------------------------------------------------------

ALL_SLEEP = "asleep_min + nap_min"  # of a date: apps cut a night in pieces, and which of them is a nap is our question


def fitabase(folder: Path) -> Days:
    """Days and sleep of the people of the study: the key is their `Id` with the date."""
    days = [
        row | {"day": f"{row['Id']} {_us_date(row['ActivityDate'])}"}
        for row in _table(_one(folder, "dailyActivity_merged.csv"))
    ]
    # one row stands there twice, here and there
    nights = {f"{row['Id']} {_us_date(row['SleepDay'])}": row for row in _table(_one(folder, "sleepDay_merged.csv"))}
    found = _days(_columns(days, "day", {"steps": ("TotalSteps", 1), "distance_m": ("TotalDistance", 1000)}))
    found[ALL_SLEEP] = {day: float(row["TotalMinutesAsleep"]) for day, row in nights.items()}
    return _only_positive(found, "steps", "distance_m")


def sleep_as_android(folder: Path) -> Days:
    """All recordings that end on a date: their hours, less what the app takes off."""
    with _one(folder, "sleep-export.csv").open(encoding="utf-8", newline="") as stream:
        rows = [row for row in csv.reader(stream) if row]
    found = []
    for head, row in pairwise(rows):
        if head[0] == "Id" and row[0] != "Id":
            cells = dict(zip(head[:15], row, strict=False))
            end = datetime.strptime(cells["To"], "%d. %m. %Y %H:%M")  # noqa: DTZ007 - the wall clock
            taken_off = 0.0 if cells["LenAdjust"] == "-1.0" else float(cells["LenAdjust"])
            found.append((ALL_SLEEP, str(end.date()), float(cells["Hours"]) * 60 + taken_off))
    return _sums(found)


def _us_date(text: str, form: str = "%m/%d/%Y") -> str:
    return f"{datetime.strptime(text.split()[0], form):%Y-%m-%d}"  # noqa: DTZ007 - a date


def gadgetbridge(folder: Path) -> Days:
    """Steps by the minute of the Mi Band, on dates of UTC."""
    connection = sqlite3.connect(f"file:{_one(folder, 'Gadgetbridge.db')}?mode=ro", uri=True)
    rows = connection.execute("select TIMESTAMP, STEPS from MI_BAND_ACTIVITY_SAMPLE where STEPS > 0").fetchall()
    connection.close()
    return _sums(("steps", str((EPOCH + timedelta(seconds=at)).date()), steps) for at, steps in rows)
