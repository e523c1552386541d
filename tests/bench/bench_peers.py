"""What GarminDB, fitparse and healthkit-to-sqlite need for the exports that ours reads, and which steps they tell.

    python tests/bench/bench_peers.py FOLDER --peer-python PYTHON [--files 1000] [--megabytes 200] [--runs 2]

FOLDER holds zips of Garmin's wellness files. PYTHON is an interpreter whose environment has garmindb and
healthkit-to-sqlite, which are not part of this project. Each program runs in processes of its own, one after the other,
`--runs` times in a fresh folder; the run with the least CPU counts. CPU is user and system time of the whole process
tree; "start" is what the same commands need where there is nothing to read. Memory is the largest sum of proportional
set sizes seen. GarminDB is run by its own command, as its users run it, without downloading; its data folder is filled
as its download leaves it.
"""

import argparse
import json
import random
import sqlite3
import sys
import tempfile
import zipfile
from collections.abc import Callable, Mapping
from datetime import date, timedelta
from pathlib import Path
from typing import NamedTuple

import duckdb

sys.path.insert(0, str(Path(__file__).parents[1]))

import bench_apple
import fitparse_steps
from bench_main_job import Cost, cost_of, decoded_by_fitparse, fit_files, recovery

Files = Mapping[str, bytes]  # by their path in the zips
Costs = dict[str, Cost]
Steps = dict[date, int]
PARTS = ("garmin", "apple")
SEED = 1
GARMIN_ZONE, APPLE_ZONE = "Europe/Copenhagen", "Europe/Berlin"

IMPORT, ANALYSE = "GarminDB, import", "GarminDB, analyse"
FITPARSE = "fitparse, decodes only"
LOAD, BUILD, RUN = "ours, load", "ours, compute the tables", "ours, the whole `recovery run`"
READ_APPLE, TO_SQLITE = "ours, read to records", "healthkit-to-sqlite"
AGAINST = (((IMPORT,), (LOAD,)), ((ANALYSE,), (BUILD,)), ((IMPORT, ANALYSE), (LOAD, BUILD)), ((FITPARSE,), (LOAD,)))

# What its download leaves beside the files: without the measurement system its analysis does not start.
GARMIN_PROFILE = {
    "userData": {
        "measurementSystem": "metric", "gender": "FEMALE", "weight": 70000.0, "height": 170.0,
        "vo2MaxRunning": None, "vo2MaxCycling": None, "handedness": "RIGHT",
    }
}  # fmt: skip
# The steps of a run up to the records, and those from the records to the tables, without Prefect.
OURS = """
import sys
from pathlib import Path
from recovery import warehouse
from recovery.home.settings import load_settings
from recovery.job import steps
from recovery.job.run import open_run
with open_run(load_settings(Path(sys.argv[1]))) as run:
    warehouse.load_settings_tables(run.connection, run.settings)
    if sys.argv[2] == "load":
        steps.look_into_inbox(run)
        for number in range(len(run.packs)):
            steps.load_pack(run, number, str(steps.read_pack(run, number)))
        steps.write_receipts(run)
    else:
        steps.build(run)
"""


class Told(NamedTuple):
    """Steps per day as each tells them of the same files."""

    garmindb: Steps
    ours: Steps
    fitparse: Steps
    largest: Steps  # GarminDB's rule, worked out with fitparse: of a day the largest total of one kind of activity


def draw(zips: list[Path], count: int, seed: int) -> dict[str, bytes]:
    """Files of whole days (folders of the zips), days drawn until there are `count` files, each name once."""
    days: dict[str, dict[str, bytes]] = {}
    for path in zips:
        with zipfile.ZipFile(path) as archive:
            for name, content in fit_files(archive):
                name = name.replace(".zip!/", "/")
                days.setdefault(name.rpartition("/")[0], {})[name] = content
    order = sorted(days)
    random.Random(seed).shuffle(order)  # noqa: S311 - a sample, no secret
    drawn: dict[str, bytes] = {}
    for day in order:
        if len(drawn) >= count:
            break
        known = {Path(name).name for name in drawn}  # GarminDB keeps a year's files in one folder
        drawn |= {name: content for name, content in days[day].items() if Path(name).name not in known}
    return drawn


def garmindb(folder: Path, files: Files, python: Path) -> Costs:
    """GarminDB's own command on a data folder made of these files; its databases are then in FOLDER/HealthData/DBs."""
    settings = {
        "db": {"type": "sqlite"},
        "directories": {"relative_to_home": False, "base_dir": str(folder / "HealthData")},
        "enabled_stats": {"monitoring": True},
        "settings": {"metric": True},
    }
    fit = folder / "HealthData" / "FitFiles"
    (fit / "Monitoring").mkdir(parents=True)
    (fit / "user-settings.json").write_text(json.dumps(GARMIN_PROFILE))
    (folder / "GarminConnectConfig.json").write_text(json.dumps(settings))
    for name, content in files.items():
        path = fit / "Monitoring" / name[:4] / Path(name).name
        path.parent.mkdir(exist_ok=True)
        path.write_bytes(content)
    command = [str(python), str(python.parent / "garmindb_cli.py"), "--config", str(folder), "--monitoring"]
    return {
        IMPORT: cost_of([*command, "--import"], folder),
        ANALYSE: cost_of([*command, "--analyze"], folder),
    }


def new_home(folder: Path, files: Files, zone: str) -> Path:
    """A home with these files in its inbox, and no massages: the peers have nothing like them."""
    home = folder / "home"
    recovery("init", "--time-zone", zone, home=home)
    (home / "inbox" / "massages.csv").unlink()
    for name, content in files.items():
        path = home / "inbox" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
    return home


def ours_by_part(folder: Path, files: Files) -> Costs:
    home = new_home(folder, files, GARMIN_ZONE)
    command = [sys.executable, "-c", OURS, str(home)]
    return {LOAD: cost_of([*command, "load"]), BUILD: cost_of([*command, "build"])}


def least(measure: Callable[[Path], Costs], runs: int) -> Costs:
    """Of each part the run with the least CPU, each run in a fresh folder."""
    found: Costs = {}
    for _ in range(runs):
        with tempfile.TemporaryDirectory() as scratch:
            for name, cost in measure(Path(scratch)).items():
                print(f"{name}: {cost.cpu_s:.2f} CPU s, {cost.peak_mb:.0f} MB", file=sys.stderr)  # it takes long
                found[name] = min(found.get(name, cost), cost)
    return found


def table(costs: Costs, starts: Costs) -> list[str]:
    lines = ["| | CPU s | of it start | peak MB |", "| --- | --- | --- | --- |"]
    for name, cost in costs.items():
        start = f"{starts[name].cpu_s:.1f}" if name in starts else "not counted"
        lines.append(f"| {name} | {cost.cpu_s:.1f} | {start} | {cost.peak_mb:.0f} |")
    return lines


def ratio(costs: Costs, starts: Costs, theirs: tuple[str, ...], ours: tuple[str, ...]) -> str:
    """How many times our CPU theirs is, with and without the start."""
    whole = sum(costs[name].cpu_s for name in theirs) / sum(costs[name].cpu_s for name in ours)
    work = {name: cost.cpu_s - starts[name].cpu_s for name, cost in costs.items() if name in starts}
    without = sum(work[name] for name in theirs) / sum(work[name] for name in ours)
    return f"{' + '.join(theirs)} / {' + '.join(ours)}: {without:.1f}x, with the start {whole:.1f}x"


def steps_of_garmindb(folder: Path) -> Steps:
    """Of the table of days that its analysis writes."""
    with sqlite3.connect(folder / "HealthData" / "DBs" / "garmin_summary.db") as database:
        rows = database.execute("select date(day), steps from days_summary where steps is not null").fetchall()
    return {date.fromisoformat(day): steps for day, steps in rows}


def files_of_garmindb(folder: Path) -> int:
    """How many files its database names as their source."""
    with sqlite3.connect(folder / "HealthData" / "DBs" / "garmin.db") as database:
        return int(database.execute("select count(*) from files").fetchone()[0])


def files_of_ours(home: Path) -> dict[str, int]:
    """How many FIT files have which receipt."""
    with duckdb.connect(str(home / "recovery.duckdb"), read_only=True) as published:
        query = "select status, count(*) from files where path like '%.fit' group by status order by status"
        return dict(published.execute(query).fetchall())


def steps_of_ours(home: Path) -> Steps:
    with duckdb.connect(str(home / "recovery.duckdb"), read_only=True) as published:
        return dict(
            published.execute("select local_date, cast(steps as bigint) from daily where steps is not null").fetchall()
        )


def steps_of_fitparse(files: Files) -> tuple[Steps, Steps]:
    """Of each day of one device the sum over kinds of activity, and the largest total of one kind."""
    seen = {reading for content in files.values() for reading in fitparse_steps.readings(content)}
    sums: Steps = {}
    for (_, day), steps in fitparse_steps.daily_steps(seen).items():
        sums[day] = max(sums.get(day, 0), steps)  # of two devices the one that has more
    largest: Steps = {}
    for _, seconds, offset, _, total in seen:
        day = (fitparse_steps.EPOCH + timedelta(seconds=seconds + offset - 1)).date()
        largest[day] = max(largest.get(day, 0), total)
    return sums, largest


def compared(told: Told) -> list[str]:
    """On how many days they agree, and what the others are."""
    days = sorted({*told.ours, *told.fitparse})
    rest = [day for day in told.garmindb if told.garmindb[day] != told.fitparse.get(day)]
    by_rule = [day for day in rest if told.garmindb[day] == told.largest.get(day)]
    short = [1 - told.garmindb[day] / told.fitparse[day] for day in by_rule if told.fitparse.get(day)]
    lines = [
        f"days with steps: {len(told.fitparse)} by fitparse, {len(told.ours)} ours, {len(told.garmindb)} GarminDB",
        f"ours as fitparse's sums: {sum(told.ours.get(day) == told.fitparse.get(day) for day in days)} of {len(days)}",
        f"GarminDB as fitparse's sums: {len(told.garmindb) - len(rest)} of {len(told.garmindb)}",
        f"GarminDB the largest of one kind, not the sum: {len(by_rule)}, up to {max(short, default=0):.0%} too few",
    ]
    for day in sorted({*days, *told.garmindb}):
        one = (told.garmindb.get(day), told.ours.get(day), told.fitparse.get(day))
        if (day in rest and day not in by_rule) or one[0] is None or one[1] != one[2]:
            lines.append(f"  {day}: GarminDB {one[0]}, ours {one[1]}, fitparse {one[2]}")
    return lines


def garmin(zips: list[Path], python: Path, count: int, runs: int, tell: Callable[[str], None]) -> None:
    files = draw(zips, count, SEED)
    size_mb = sum(map(len, files.values())) / 1e6
    tell(f"{len(files)} FIT files of {len({name.rpartition('/')[0] for name in files})} folders, {size_mb:.2f} MB\n")
    found: dict[str, Steps] = {}
    taken: dict[str, object] = {}

    def theirs(folder: Path) -> Costs:
        costs = garmindb(folder, files, python)
        found["garmindb"], taken["GarminDB"] = steps_of_garmindb(folder), files_of_garmindb(folder)
        return costs

    def whole(folder: Path) -> Costs:
        home = new_home(folder, files, GARMIN_ZONE)
        costs = {RUN: recovery("run", home=home)}
        found["ours"], taken["ours"] = steps_of_ours(home), files_of_ours(home)
        return costs

    costs = least(theirs, runs) | least(lambda _: {FITPARSE: decoded_by_fitparse(files.values())}, runs)
    costs |= least(lambda folder: ours_by_part(folder, files), runs) | least(whole, runs)
    starts = least(lambda folder: garmindb(folder, {}, python), runs)
    starts |= least(lambda _: {FITPARSE: decoded_by_fitparse(())}, runs)
    starts |= least(lambda folder: ours_by_part(folder, {}), runs)
    starts |= least(lambda folder: {RUN: recovery("run", home=new_home(folder, {}, GARMIN_ZONE))}, runs)
    for line in table(costs, starts):
        tell(line)
    tell("")
    for one, other in AGAINST:
        tell(ratio(costs, starts, one, other))
    # An empty run differs from run to run by more than all the work on these files: only the whole can be compared.
    tell(
        f"GarminDB, both / {RUN}: {(costs[IMPORT].cpu_s + costs[ANALYSE].cpu_s) / costs[RUN].cpu_s:.1f}x with the start"
    )
    tell(f"\nfiles taken: GarminDB {taken['GarminDB']}, ours {taken['ours']}")
    for line in compared(Told(found["garmindb"], found["ours"], *steps_of_fitparse(files))):
        tell(line)


def apple(python: Path, megabytes: int, runs: int, tell: Callable[[str], None]) -> None:
    with tempfile.TemporaryDirectory() as scratch:
        path = Path(scratch) / "export.zip"
        bench_apple.generate(path, megabytes)
        content = {"export.zip": path.read_bytes()}

        def read(name: str, interpreter: str, code: str) -> Costs:
            cpu_s, peak_mb, _ = bench_apple.measured(interpreter, code, path)
            return {name: Cost(cpu_s, 0, peak_mb)}

        costs = least(lambda _: read(TO_SQLITE, str(python), bench_apple.TO_SQLITE), runs)
        costs |= least(lambda _: read(READ_APPLE, sys.executable, bench_apple.OURS), runs)
        costs |= least(lambda folder: {RUN: recovery("run", home=new_home(folder, content, APPLE_ZONE))}, runs)
        starts = least(lambda folder: {RUN: recovery("run", home=new_home(folder, {}, APPLE_ZONE))}, runs)
        with zipfile.ZipFile(path) as packed:
            tell(f"\n{packed.getinfo(bench_apple.MEMBER).file_size / 1e6:,.0f} MB of XML\n")
    for line in table(costs, starts):
        tell(line)
    theirs_s, read_s, run_s = (costs[name].cpu_s for name in (TO_SQLITE, READ_APPLE, RUN))
    tell(f"\n{TO_SQLITE} / {READ_APPLE}: {theirs_s / read_s:.0f}x")
    tell(f"{TO_SQLITE} / {RUN}: {theirs_s / run_s:.1f}x with the start")


def main(tell: Callable[[str], None]) -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--peer-python", type=Path, required=True)
    parser.add_argument("--files", type=int, default=1000)
    parser.add_argument("--megabytes", type=int, default=200)
    parser.add_argument("--runs", type=int, default=2)
    parser.add_argument("--only", choices=PARTS)
    given = parser.parse_args()
    if given.only != "apple":
        garmin(sorted(given.folder.glob("*.zip")), given.peer_python.absolute(), given.files, given.runs, tell)
    if given.only != "garmin":
        apple(given.peer_python.absolute(), given.megabytes, given.runs, tell)


if __name__ == "__main__":
    main(lambda line: print(line, flush=True))
