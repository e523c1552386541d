"""What a night with one new day costs, on homes of several people and years: each step of the whole job.

    python tests/bench/bench_new_day.py FOLDER [1x1 1x4 1x10 10x1 50x1] [--nights 3] [--prefect 1] [--against CHECKOUT]

Each size is people x years. In FOLDER a home is made of each, of invented people who wear a watch to the end (as
`recovery demo --people` invents them), and run once; that takes some 10 CPU s for each year of each person, and is
left out where the home is there already. Then night after night the first person's next day arrives: a file of the
watch, one of the night, a line of the diary and of the massage log where there is one. A night is one run of a process
of its own, without Prefect, and with it at the end. The least of the nights counts, CPU of all processes; the nights
themselves are told too, since one in which answers move costs more. Pages are written as on the days after the data of
the others end, a day later each night, so that ages grow. Each night uses up a day of FOLDER, of which there are 20.
CHECKOUT is a folder with another commit, whose nights are those of copies of the homes, in turn with these.
"""

import argparse
import csv
import io
import json
import os
import shutil
import subprocess
import sys
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

from bench_main_job import cost_of
from bench_steps import MEASURED, START, TITLES, TOP

from recovery.actions.demo import cohort, files
from recovery.actions.demo.life import LAST, Life, live
from recovery.home.settings import load_settings
from recovery.job.once import run_once

SIZES = ["1x1", "1x4", "1x10", "10x1", "50x1"]
HELD_DAYS = 20  # of the first person, that arrive night after night
LOOSE_DAYS = 30  # before them, whose files lie in a folder; the others are in zips
WITH_PREFECT = "with Prefect"
NIGHTS = "nights to come"  # a folder beside the home
AT_NIGHT = """
from datetime import datetime, time, timedelta
from functools import partial
from recovery import report
from recovery.actions.demo.life import LAST
report.write = partial(report.write, now_utc=datetime.combine(LAST + timedelta(days=NIGHT), time(3)))
"""


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path)
    parser.add_argument("sizes", nargs="*", default=SIZES)
    parser.add_argument("--nights", type=int, default=3, help="without Prefect")
    parser.add_argument("--prefect", type=int, default=1, help="nights with Prefect, after one that is not counted")
    parser.add_argument("--against", type=Path, help="a checkout of another commit, measured in turn with this one")
    given = parser.parse_args()
    found: dict[str, dict[str, dict[str, float]]] = {"now": {}, **({"before": {}} if given.against else {})}
    for size in given.sizes:
        home = given.folder / size / "home"
        if not (home / "recovery.duckdb").is_file():
            people, years = map(int, size.split("x"))
            write(home, people, years * 365)
            run_once(load_settings(home))
        homes = {"now": (home, TOP)}
        if given.against:
            other = given.folder / f"{size} before"
            if not other.is_dir():
                shutil.copytree(given.folder / size, other)
            homes["before"] = other / "home", given.against
        nights = [{name: steps_of_night(*of) for name, of in homes.items()} for _ in range(given.nights)]
        for name, of in homes.items():
            found[name][size] = {step: min(night[name][step] for night in nights) for step in nights[0][name]}
            if given.prefect:
                with_prefect = [night_with_prefect(*of) for _ in range(given.prefect + 1)]
                found[name][size][WITH_PREFECT] = min(with_prefect[1:])
            totals = ", ".join(f"{night[name]['all']:.2f}" for night in nights)
            print(size, name, f"nights {totals}", found[name][size], file=sys.stderr, flush=True)
    for name, of_sizes in found.items():
        print(f"\n{name}\n\n{table(of_sizes)}")


def write(home: Path, people: int, days: int) -> None:
    """Writes the home as `recovery demo --people` does, but for trials, and holds back the first person's last days."""
    everybody = [staying(number, days) for number in range(1, people + 1)]
    inbox = (
        (f"{one.name}/{name}", content) for one in everybody for name, content in exports(one, home.parent).items()
    )
    files.write_home(home, cohort.ABOUT, cohort._settings(everybody), inbox)


def staying(number: int, days: int) -> cohort.Invented:
    """A person of `recovery demo --people` who stays to the end, wears one watch and writes in each evening's diary."""
    one = cohort.invented(number, days, cohort.SEED)
    nature = one.nature._replace(last=LAST, trial=None, drawn=frozenset(), forgets=0.0, unrecorded=())
    return replace(one, nature=nature, wears=cohort.GARMIN, has_diary=True, watches=one.watches[:1], trial=None)


def exports(one: cohort.Invented, folder: Path) -> Mapping[str, bytes]:
    """The files of a person: zips of a year each, then loose ones, and lists; of the first person without the end."""
    lived = live(one.nature)
    written = cohort._garmin(one, lived)
    held_from = LAST - timedelta(days=HELD_DAYS - 1) if one.name == "P001" else date.max
    loose_from = min(held_from, LAST) - timedelta(days=LOOSE_DAYS)
    found: dict[str, bytes] = {}
    zips: dict[int, dict[str, bytes]] = {}
    nights: dict[date, dict[str, str]] = {}
    for name, content in written.items():
        day = date.fromisoformat(Path(name).stem)
        if day >= held_from:
            put(folder / NIGHTS / str(day) / "GARMIN" / name, content)
        elif day >= loose_from:
            found[f"GARMIN/{name}"] = content
        else:
            zips.setdefault(day.year, {})[name] = content
    found |= {f"garmin-{year}.zip": files.zipped(zipped, cohort.ZIP_LEVEL) for year, zipped in zips.items()}
    for name, content in lists(lived).items():
        known, *lines = content.decode().splitlines(keepends=True)
        for line in lines:
            day = date.fromisoformat(next(csv.reader(io.StringIO(line)))[0])
            if day < held_from:
                known += line
            else:
                nights.setdefault(day, {})[name] = line
        found[name] = known.encode()
    for day, new in nights.items():
        put(folder / NIGHTS / str(day) / "lines.json", json.dumps(new).encode())
    return found


def lists(lived: Life) -> Mapping[str, bytes]:
    """The massage log and the diary, whose first column is the date."""
    return {"massages.csv": files.massages(lived), "diary.csv": files.table(list(lived.diary[0]), lived.diary)}


def put(path: Path, content: bytes) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content)


def next_day(home: Path) -> None:
    """Puts the first person's next day into the inbox."""
    day = min((home.parent / NIGHTS).iterdir())
    inbox = home / "inbox" / "P001"
    for name, line in json.loads((day / "lines.json").read_text() if (day / "lines.json").is_file() else "{}").items():
        with (inbox / name).open("a") as stream:
            stream.write(line)
    for path in sorted(day.rglob("*.fit")):
        target = inbox / path.relative_to(day)
        target.parent.mkdir(parents=True, exist_ok=True)
        path.rename(target)
    day.rename(home.parent / f"been {day.name}")


def steps_of_night(home: Path, checkout: Path) -> Mapping[str, float]:
    """CPU seconds of each step of the next night, without Prefect; under `all` those of the whole process."""
    next_day(home)
    been = len(list(home.parent.glob("been *")))
    told = subprocess.run(
        [sys.executable, "-c", f"NIGHT = {been}{AT_NIGHT}{MEASURED}", str(home)],
        env={**os.environ, "PYTHONPATH": str(checkout / "src")}, capture_output=True, text=True, check=True,
    )  # fmt: skip
    found = dict.fromkeys([*TITLES, "all"], 0.0)
    for line in told.stdout.splitlines():
        if '["' in line:  # DuckDB may have drawn its progress before it
            step, _, _, cpu_s = json.loads(line[line.index('["') :])
            found[step] += cpu_s
    found[START] = found["all"] - sum(cpu_s for step, cpu_s in found.items() if step != "all")
    return found


def night_with_prefect(home: Path, checkout: Path) -> float:
    """CPU seconds of `recovery run` in the next night, Prefect's server with it."""
    next_day(home)
    paths = f"PYTHONPATH={checkout / 'src'}:{checkout}"
    return cost_of(["env", paths, sys.executable, "-m", "recovery", "--home", str(home), "run"]).cpu_s


def table(found: Mapping[str, Mapping[str, float]]) -> str:
    """The costs, and their ratios to those of the first size, as a table of docs/benchmarks.md."""
    sizes: Sequence[str] = list(found)
    first = found[sizes[0]]
    lines = [f"| CPU s | {' | '.join(sizes)} |", "| --- |" + " --- |" * len(sizes)]
    names = {**TITLES, "all": "all together", WITH_PREFECT: "`recovery run`, with Prefect"}
    for step, title in names.items():
        if step in first:
            cells = (f"{found[size][step]:.2f}" for size in sizes)
            lines.append(f"| {title} | {' | '.join(cells)} |")
    for step in ("all", WITH_PREFECT):
        if step in first:
            ratios = (f"{found[size][step] / first[step]:.2f}x" for size in sizes)
            lines.append(f"| {names[step]}, of {sizes[0]} | {' | '.join(ratios)} |")
    return "\n".join(lines)


if __name__ == "__main__":
    main()
