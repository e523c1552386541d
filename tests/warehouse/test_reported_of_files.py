"""What the ledger calls reported is what the files say, counted here without any code of ours."""

import csv
import json
import re
import shutil
from collections.abc import Callable, Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

import homes
import pytest
from places import ROOT

from recovery import warehouse
from recovery.inbox import worker

pytestmark = pytest.mark.slow

SAMPLES = ROOT / "tests" / "samples"
Row = dict[str, Any]
Count = Callable[[Path], float]


def table(folder: Path, *patterns: str, line: int = 0, delimiter: str = ",") -> Iterator[Row]:
    """The rows of CSV files below a folder, whose headings stand on this line."""
    for pattern in patterns:
        for path in sorted(folder.rglob(pattern)):
            lines = path.read_text(encoding="utf-8-sig").splitlines()[line:]
            yield from csv.DictReader(lines, delimiter=delimiter)


def total(rows: Iterable[Row], *columns: str) -> float:
    """The sum of columns; what is no number is nothing."""
    found = 0.0
    for row in rows:
        for column in columns:
            try:
                found += float(row[column] or 0)
            except (KeyError, ValueError, TypeError):
                continue
    return found


def content(folder: Path, pattern: str) -> Iterator[Any]:
    for path in sorted(folder.rglob(pattern)):
        yield json.loads(path.read_text(encoding="utf-8-sig"))


def leaves(value: Any, name: str) -> Iterator[float]:
    """Every number of this name in a JSON document."""
    if isinstance(value, dict):
        for key, inner in value.items():
            if key == name and isinstance(inner, int | float):
                yield float(inner)
            else:
                yield from leaves(inner, name)
    elif isinstance(value, list):
        for inner in value:
            yield from leaves(inner, name)


def of_columns(*patterns: str, columns: tuple[str, ...], line: int = 0, unit: float = 1.0) -> Count:
    return lambda folder: total(table(folder, *patterns, line=line), *columns) / unit


def of_leaves(pattern: str, name: str, unit: float = 1.0) -> Count:
    return lambda folder: sum(sum(leaves(document, name)) for document in content(folder, pattern)) / unit


def both(*counts: Count) -> Count:
    return lambda folder: sum(count(folder) for count in counts)


def withings_raw(name: str) -> Count:
    return lambda folder: sum(sum(json.loads(row["value"])) for row in table(folder, f"raw_tracker_{name}.csv"))


def withings_asleep(folder: Path) -> float:
    seconds = total(table(folder, "sleep.csv"), "leicht (s)", "tief (s)", "rem (s)")
    for row in table(folder, "raw_tracker_sleep-state.csv"):
        lengths, states = json.loads(row["duration"]), json.loads(row["value"])
        seconds += sum(length for length, state in zip(lengths, states, strict=True) if state in (1, 2, 3))
    return seconds / 60


def apple(name: str, units: Mapping[str, float]) -> Count:
    """Records of an export.xml, which is no sound XML on some versions of iOS."""

    def count(folder: Path) -> float:
        (path,) = (file for file in folder.rglob("*.xml") if "cda" not in file.name)
        found = 0.0
        for record in re.findall(r"<Record\s[^>]*>", path.read_text(encoding="utf-8")):
            attributes = dict(re.findall(r'(\w+)="([^"]*)"', record))
            if attributes["type"] == f"HKQuantityTypeIdentifier{name}":
                found += float(attributes["value"]) * units[attributes["unit"]]
        return found

    return count


def mi_fitness(name: str) -> Count:
    def count(folder: Path) -> float:
        rows = [row for row in table(folder, "*fitness_data.csv") if row["Key"] == "steps"]
        told = [json.loads(row["Value"])[name] for row in rows if row.get("Tag", "daily_report") == "daily_report"]
        return float(sum(told))

    return count


def health_sync(folder: Path) -> float:
    """Steps of the rows that have a time."""
    return total((row for row in table(folder, "Steps *.csv") if "half" not in row["Date"]), "Steps")


def fitabase_steps(folder: Path) -> float:
    narrow = (row for row in table(folder, "minuteStepsNarrow*") if "noon" not in row["ActivityMinute"])
    wide = total(table(folder, "minuteStepsWide*"), *(f"Steps{minute:02}" for minute in range(60)))
    hours = total(table(folder, "hourlySteps*"), "StepTotal")
    return total(table(folder, "dailyActivity*"), "TotalSteps") + total(narrow, "Steps") + wide + hours


def fitabase_in_bed(folder: Path) -> float:
    minutes = {(row["Id"], row["logId"], row["date"]) for row in table(folder, "minuteSleep*")}
    days = (row for row in table(folder, "sleepDay*") if row["TotalSleepRecords"] == "1")
    return len(minutes) + total(days, "TotalTimeInBed")


def plees(folder: Path) -> float:
    spans = ((row["start"], row["stop"]) for row in table(folder, "*.csv") if row["start"].isdigit())
    return sum(length for start, stop in spans if (length := (int(stop) - int(start)) / 60_000) >= 1)


def fitbit_values(pattern: str, unit: float = 1.0) -> Count:
    return lambda folder: (
        sum(float(entry.get("value") or 0) for document in content(folder, pattern) for entry in document) / unit
    )


def google_fit_rest(kind: str, name: str) -> Count:
    def count(folder: Path) -> float:
        points = [
            point
            for document in content(folder, "*.json")
            for bucket in document["bucket"]
            for dataset in bucket["dataset"]
            for point in dataset["point"]
            if kind in point.get("dataTypeName", dataset["dataSourceId"])
        ]
        return sum(sum(leaves(point["value"], name)) for point in points)

    return count


def oura_steps(folder: Path) -> float:
    return total(table(folder, "dailyactivity.csv", delimiter=";"), "steps")


SAMSUNG = "com.samsung.health.step_count"
COUNTS: Mapping[str, Mapping[str, Count]] = {
    "samsung_health/export": {
        "steps": both(
            of_columns("*step_daily_trend*.csv", columns=("count",), line=1),
            of_columns("*pedometer_step_count*.csv", columns=(f"{SAMSUNG}.count",), line=1),
        ),
        "distance_m": both(
            of_columns("*step_daily_trend*.csv", columns=("distance",), line=1),
            of_columns("*pedometer_step_count*.csv", columns=(f"{SAMSUNG}.distance",), line=1),
        ),
        "floors": of_columns("*floors_day_summary*.csv", columns=("floor_count",), line=1),
        "active_energy_kcal": of_columns(
            "*calories_burned*.csv", columns=("com.samsung.shealth.calories_burned.active_calorie",), line=1
        ),
    },
    "withings_export/data": {
        "steps": both(of_columns("aggregates_steps.csv", columns=("value",)), withings_raw("steps")),
        "distance_m": both(of_columns("aggregates_distance.csv", columns=("value",)), withings_raw("distance")),
        "asleep_min": withings_asleep,
    },
    "garmin_account/export": {
        "steps": of_leaves("UDSFile*.json", "totalSteps"),
        "distance_m": of_leaves("UDSFile*.json", "totalDistanceMeters"),
        "floors": of_leaves("UDSFile*.json", "floorsAscendedInMeters", 3.048),
        "active_energy_kcal": of_leaves("UDSFile*.json", "activeKilocalories"),
    },
    "apple_health/phone_and_watch": {
        "steps": apple("StepCount", {"count": 1}),
        "distance_m": apple("DistanceWalkingRunning", {"km": 1000, "m": 1}),
        "floors": apple("FlightsClimbed", {"count": 1}),
    },
    "mi_fitness/account": {"steps": mi_fitness("steps"), "distance_m": mi_fitness("distance")},
    "zepp_amazfit/account": {
        "steps": of_columns("ACTIVITY_17*.csv", "ACTIVITY_MINUTE*.csv", columns=("steps",)),
        "distance_m": of_columns("ACTIVITY_17*.csv", columns=("distance",)),
    },
    "health_sync/drive": {
        "steps": health_sync,
        "active_energy_kcal": of_columns("Energy*.csv", columns=("Active calories",)),
    },
    "fitabase_csv/study": {
        "steps": fitabase_steps,
        "in_bed_min": fitabase_in_bed,
        "lightly_active_min": of_columns("dailyActivity*", columns=("LightlyActiveMinutes",)),
    },
    "plees_tracker/taps": {"asleep_min": plees},
    "google_fit_rest/answers": {
        "steps": google_fit_rest("step_count", "intVal"),
        "distance_m": google_fit_rest("distance", "fpVal"),
    },
    "fitbit_takeout/takeout": {
        "steps": fitbit_values("steps-*.json"),
        "distance_m": fitbit_values("distance-*.json", 100),
    },
    "whoop_export/english": {
        "asleep_min": of_columns("sleeps.csv", "physiological_cycles.csv", columns=("Asleep duration (min)",)),
        "rem_min": of_columns("sleeps.csv", "physiological_cycles.csv", columns=("REM duration (min)",)),
    },
    "huawei_health/request": {
        "floors": of_leaves("sport per minute*.json", "floor"),
        "distance_m": of_leaves("sport per minute*.json", "distance"),
    },
    "oura_export/account": {"steps": oura_steps},
}


@pytest.fixture(scope="module")
def reported(tmp_path_factory: pytest.TempPathFactory) -> dict[tuple[str, str], float]:
    """What each sample reports by the ledger, by its name and metric; minutes of naps are of those asleep."""
    people = {name.replace("/", "-"): name for name in COUNTS}
    settings = 'home_time_zone = "Europe/Berlin"\n' + "".join(f'[people."{person}"]\n' for person in people)
    home = homes.make(tmp_path_factory.mktemp("reported") / "home", settings)
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(worker, "IS_FORKED", False)
        for person, name in people.items():
            shutil.copytree(SAMPLES / name, home.home.inbox / person / "export")
        home.run()
    warehouse.load_settings_tables(home.connection, home.settings)
    warehouse.build_all(home.connection)
    found = home.rows(
        "select subject, if(metric = 'nap_min', 'asleep_min', metric) as line, sum(reported), sum(abs(unaccounted))"
        " from massage.ledger group by all"
    )
    home.close()
    assert [row for row in found if row[3]] == []
    return {(people[str(subject)], str(line)): float(str(amount)) for subject, line, amount, _ in found}


@pytest.mark.parametrize(("name", "metric"), [(name, metric) for name, counts in COUNTS.items() for metric in counts])
def test_what_is_reported_is_what_the_files_say(reported: dict[tuple[str, str], float], name: str, metric: str) -> None:
    counted = COUNTS[name][metric](SAMPLES / name)

    assert counted > 0
    assert reported[name, metric] == pytest.approx(counted, rel=1e-6)
