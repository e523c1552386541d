"""How far inferred nights are off, by hand: python tests/bench/check_nights.py [FOLDER_OF_REAL_EXPORTS]

Hides the recorded nights of real people who have a heart rate too, infers them (sql/stg/rest_windows.sql), and compares
onset and wake with what was recorded; the points are tuned on one person and tested on the other, and the reverse. Then
the same with simulated nights, whose truth is known. Prints the tables of docs/nights.md. Without the folder only the
simulated nights are shown.
"""

import itertools
import shutil
import sys
import tempfile
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).parents[1]))

import duckdb
import homes
import numpy as np
from layers import add

from recovery import warehouse

WEARERS = {  # folder, time zone: Fitbit's nights are told in local time, its heart rate in UTC
    "Oura (heart rate)": ("oura/tylerjrichards__throne", "UTC"),
    "Fitbit (heart rate, steps)": ("fitbit/miriskalt__DSExample", "Europe/Berlin"),
}
CONSTANTS = ("then 400 -", "0.75)")  # the points of night level, and what the day level is: as the file has them
GRID = tuple(itertools.product((300, 400, 500), (0.75, 0.9)))
ERRORS = """
    select epoch(inferred.start_utc - truth.onset_utc) / 60, epoch(inferred.end_utc - truth.wake_utc) / 60
    from truth left join inferred using (local_date)
"""


def infer(connection: duckdb.DuckDBPyConnection, points: float = 400, day_quantile: float = 0.75) -> np.ndarray:
    """Minutes by which onset and wake of each night of `truth` are off, NaN where nothing was inferred."""
    (text,) = (one.select for one in warehouse.relations() if one.full_name == "stg.rest_windows")
    for constant, value in zip(CONSTANTS, (f"then {points:g} -", f"{day_quantile:g})"), strict=True):
        assert constant in text
        text = text.replace(constant, value)
    connection.execute(f"create or replace temp table inferred as {text}")
    return np.array(connection.execute(ERRORS).fetchall(), dtype=float)


def medians(errors: np.ndarray) -> np.ndarray:
    """The median error of onset and of wake, of the nights that were inferred."""
    return np.asarray(np.nanmedian(np.abs(errors), axis=0))


def row(name: str, errors: np.ndarray) -> str:
    found = errors[np.isfinite(errors[:, 0])]
    off = np.abs(found)
    onset, wake = medians(errors)
    near_onset, near_wake = np.mean(off <= 30, axis=0)
    hour = np.mean(np.all(off <= 60, axis=1))
    return (
        f"| {name} | {len(errors)} | {len(found)} | {onset:.0f} | {wake:.0f} | {np.median(off):.0f}"
        f" | {near_onset:.0%} | {near_wake:.0%} | {hour:.0%} |"
    )


def wearer(folder: Path, zone: str, scratch: Path) -> duckdb.DuckDBPyConnection:
    """The minutes of a real person without their nights, and the nights with a heart rate as the table `truth`."""
    home = homes.make(scratch, f'home_time_zone = "{zone}"\n', on_disk=True)
    shutil.copytree(folder, home.home.inbox / "export")
    home.run_to_minutes()
    home.build("stg.nights", "timeline.minutes")
    connection = home.connection
    connection.execute(
        "create temp table truth as select local_date, onset_utc, wake_utc from stg.nights where is_main and local_date"
        " in (select local_date from timeline.minutes where heart_rate_bpm is not null and state = 'asleep')"
    )
    connection.execute("delete from raw.sleep_sessions")
    connection.execute("delete from raw.sleep_stages")
    for relation in warehouse.relations():
        if relation.layer == "stg":
            connection.execute(f"create or replace {relation.kind} {relation.full_name} as {relation.select}")
    return connection


def simulated(count: int, *, heart: float, restless: float, seed: int) -> duckdb.DuckDBPyConnection:
    """`count` days of a person with known nights: television, reading in bed, waking, turning over.

    heart: the share of minutes with a heart rate. restless: arm movements counted as steps, by hour of sleep.
    """
    rng = np.random.default_rng(seed)
    length = (count + 1) * 1440
    bpm = rng.normal(78, 6, length) + 6 * np.sin(np.arange(length) / 97)
    steps = np.where(rng.random(length) < 0.25, rng.integers(5, 110, length), 0)
    nights = []
    for number in range(1, count + 1):
        onset = number * 1440 - int(rng.normal(45, 60))
        wake = onset + int(np.clip(rng.normal(450, 60), 240, 600))
        television, reading = int(rng.uniform(30, 180)), int(rng.uniform(0, 40))
        quiet = slice(onset - reading - television, onset)
        bpm[quiet], steps[quiet] = rng.normal(68, 4, onset - quiet.start), 0
        bpm[onset - reading : onset] -= 4
        asleep = np.arange(onset, wake)
        bpm[asleep] = 62 - 10 * np.minimum(1, (asleep - onset) / 60) + rng.normal(0, 2.5, len(asleep))
        steps[asleep] = np.where(rng.random(len(asleep)) < restless / 60, rng.integers(2, 12, len(asleep)), 0)
        for _ in range(rng.poisson(1.5)):  # waking, some of it on foot
            at = int(rng.uniform(onset + 30, wake - 45))
            until = at + int(rng.exponential(12)) + 2
            bpm[at:until] = rng.normal(68, 5, until - at)
            steps[at : at + 2] = rng.integers(10, 40, 2)
        nights.append((number, onset, wake))
    bpm[rng.random(length) > heart] = np.nan
    return _as_layers(bpm, steps, nights)


def _as_layers(bpm: np.ndarray, steps: np.ndarray, nights: list[tuple[int, int, int]]) -> duckdb.DuckDBPyConnection:
    connection = warehouse.connect()
    warehouse.create_raw(connection)
    warehouse.build_all(connection)
    first = datetime(2024, 1, 1)
    at = [first + timedelta(minutes=number) for number in range(len(bpm))]
    wear = [{"minute_utc": one, "local_date": one.date(), "offset_min": 0, "is_worn": True} for one in at]
    add(connection, "stg.minute_wear", wear)
    recorded: list[dict[str, Any]] = [
        {"minute_utc": one, "is_moving": bool(moved), "heart_rate_bpm": None if np.isnan(beats) else float(beats)}
        for one, moved, beats in zip(at, steps > 0, bpm, strict=True)
    ]
    add(connection, "stg.recorded_minutes", recorded)
    dates = [first + timedelta(days=number) for number, _, _ in nights]
    add(connection, "stg.local_days", [{"local_date": one.date(), "start_utc": one} for one in dates])
    connection.execute("create temp table truth (local_date date, onset_utc timestamp, wake_utc timestamp)")
    connection.executemany(
        "insert into truth values (?, ?, ?)",
        [(one.date(), at[onset], at[wake]) for one, (_, onset, wake) in zip(dates, nights, strict=True)],
    )
    return connection


def main(folder: Path) -> None:
    print(
        "| nights | hidden | inferred | onset, min | wake, min | both, min | onset within 30 | wake within 30 |", end=""
    )
    print(" both within 60 |\n| --- | --- | --- | --- | --- | --- | --- | --- | --- |")
    if folder.is_dir():
        with tempfile.TemporaryDirectory() as scratch:
            people = {
                name: wearer(folder / path, zone, Path(scratch) / str(number))
                for number, (name, (path, zone)) in enumerate(WEARERS.items())
            }
            tried = {name: {values: infer(one, *values) for values in GRID} for name, one in people.items()}
            for name, found in tried.items():
                print(row(f"{name}, as in the file", found[400, 0.75]))
                (other,) = (tried[each] for each in tried if each != name)
                best = min(other, key=lambda values: medians(other[values]).sum())
                print(row(f"{name}, tuned on the other ({best[0]}, {best[1]})", found[best]))
            print(row("both people, as in the file", np.concatenate([found[400, 0.75] for found in tried.values()])))
    else:
        print(f"skipped: the real exports are not in {folder}", file=sys.stderr)
    for name, heart, restless in (
        ("simulated, a heart rate each minute", 1.0, 1.0),
        ("simulated, restless", 1.0, 4.0),
        ("simulated, one minute in ten has a heart rate", 0.1, 1.0),
        ("simulated, movement only", 0.0, 0.3),
    ):
        print(row(name, infer(simulated(60, heart=heart, restless=restless, seed=20))))


if __name__ == "__main__":
    main(Path(sys.argv[1] if len(sys.argv) > 1 else Path(__file__).parents[3] / "shared" / "data" / "real"))
