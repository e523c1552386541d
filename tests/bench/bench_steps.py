"""CPU and memory of the steps of a first run, of this checkout and of another one, in turn on one machine.

    python tests/bench/bench_steps.py [--against CHECKOUT] [--rounds N] [--picture SVG] FOLDER_OF_ZIPS

FOLDER_OF_ZIPS holds the Garmin years; the home has the log of massages of `bench_main_job` too. The steps run without
Prefect. CPU is that of the process and its children, the least of all rounds; memory is the largest sum of proportional
set sizes seen while a step ran. CHECKOUT is a folder with another commit (`git worktree add CHECKOUT COMMIT`), run
with the same Python and packages. The picture is drawn of the numbers that are printed.
"""

import argparse
import json
import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Mapping, Sequence
from html import escape
from pathlib import Path
from typing import NamedTuple

import psutil
from bench_main_job import MASSAGE_LOG, POLL_S

TOP = Path(__file__).parents[2]
START = "start"  # imports, and the database opened
TITLES = {
    START: "start, imports",
    "look into the inbox": "look into the inbox",
    "read": "read",
    "load": "load",
    "write receipts": "write receipts",
    "compute minutes, days and massages": "minutes, days, massages",
    "estimate effects": "effects",
    "check": "check",
    "publish": "publish",
}
MEASURED = """
import json, sys, time
from pathlib import Path
from recovery.home import memory
for name in ("collect_seldom", "take_small_pages"):  # as the command begins; the other checkout may lack one
    getattr(memory, name, int)()
import psutil, resource
from recovery.home.settings import load_settings
from recovery.job.once import run_once
from recovery.job.order import in_order, plainly

def cpu_s():
    ended = resource.getrusage(resource.RUSAGE_CHILDREN)
    total = time.process_time() + ended.ru_utime + ended.ru_stime
    for child in psutil.Process().children(recursive=True):
        try:
            times = child.cpu_times()
        except psutil.NoSuchProcess:
            continue
        total += times.user + times.system
    return total

def performer(step, label, run, *arguments):
    begun, cpu = time.monotonic(), cpu_s()
    result = plainly(step, label, run, *arguments)
    print(json.dumps([step.name, begun, time.monotonic(), cpu_s() - cpu]), flush=True)
    return result

run_once(load_settings(Path(sys.argv[1])), order=lambda run, _: in_order(run, performer))
print(json.dumps(["all", 0, time.monotonic(), cpu_s()]), flush=True)
"""
STYLE = """
    text { font: 12px system-ui, sans-serif; fill: #333; }
    .number { font-variant-numeric: tabular-nums; fill: #111; }
    .before { fill: #b9c4d0; }
    .now { fill: #35618e; }
"""
WIDTH, LEFT, RIGHT, BAR, ROW = 720, 190, 60, 11, 34


class Cost(NamedTuple):
    """What a step needed."""

    cpu_s: float
    peak_mb: float


Costs = Mapping[str, Cost]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--against", type=Path, help="a checkout of another commit, measured in turn with this one")
    parser.add_argument("--rounds", type=int, default=2)
    parser.add_argument("--picture", type=Path, help="the SVG to write")
    given = parser.parse_args()
    checkouts = [TOP] if given.against is None else [given.against, TOP]
    zips = sorted(given.folder.glob("garmin_*.zip"))
    rounds = [
        [measured(checkout, zips, "Europe/Copenhagen", MASSAGE_LOG) for checkout in checkouts]
        for _ in range(given.rounds)
    ]
    found = {commit(checkout): least([one[place] for one in rounds]) for place, checkout in enumerate(checkouts)}
    print(table(found))
    if given.picture:
        given.picture.write_text(picture(found))


def measured(checkout: Path, files: Sequence[Path], zone: str, massages: str) -> Costs:
    """What each step of the first run of a new home needed, and the whole run under the name `all`.

    The home has the files and, unless it is empty, the massage log.
    """
    with tempfile.TemporaryDirectory() as scratch:
        home = Path(scratch) / "home"
        environment = {**os.environ, "PYTHONPATH": str(checkout / "src")}
        new_home(checkout, home, files, zone, massages)
        said = Path(scratch) / "said"
        seen: list[tuple[float, float]] = []  # when, and how much memory
        with said.open("w") as stream:
            process = psutil.Popen([sys.executable, "-c", MEASURED, str(home)], env=environment, stdout=stream)
            while process.poll() is None:
                seen.append((time.monotonic(), _memory_mb(process)))
                time.sleep(POLL_S)
        if process.wait() != 0:
            raise SystemExit(f"the run of {checkout} failed")
        # What other libraries print is no line of ours.
        lines = [json.loads(line) for line in said.read_text().splitlines() if line.startswith("[")]
    return _costs(lines, seen)


def new_home(checkout: Path, home: Path, files: Sequence[Path], zone: str, massages: str) -> None:
    """Makes a home as a checkout makes it, with these files and the massage log, or none where that is empty."""
    subprocess.run(
        [sys.executable, "-m", "recovery", "init", "--home", home, "--time-zone", zone],
        env={**os.environ, "PYTHONPATH": str(checkout / "src")}, check=True, stdout=subprocess.DEVNULL,
    )  # fmt: skip
    log = home / "inbox" / "massages.csv"
    log.write_text(massages)
    if not massages:
        log.unlink()
    for path in files:
        shutil.copy(path, home / "inbox")


def _costs(lines: Sequence[tuple[str, float, float, float]], seen: Sequence[tuple[float, float]]) -> Costs:
    found: dict[str, Cost] = {}
    for step, begun, ended, cpu_s in lines:
        peak = max((memory for at, memory in seen if begun <= at <= ended), default=0.0)
        before = found.get(step, Cost(0.0, 0.0))
        found[step] = Cost(before.cpu_s + cpu_s, max(before.peak_mb, peak))
    first = min(begun for step, begun, _, _ in lines if step != "all")
    start = found["all"].cpu_s - sum(cost.cpu_s for step, cost in found.items() if step != "all")
    return {START: Cost(start, max((memory for at, memory in seen if at < first), default=0.0)), **found}


def _memory_mb(process: psutil.Process) -> float:
    """The proportional set sizes of a process and its children."""
    total = 0
    try:
        tree = [process, *process.children(recursive=True)]
    except psutil.NoSuchProcess:
        return 0.0
    for member in tree:
        try:
            total += member.memory_full_info().pss
        except (psutil.NoSuchProcess, psutil.AccessDenied):
            continue
    return total / 1e6


def least(rounds: Sequence[Costs]) -> Costs:
    """The least CPU and the least peak of each step of all rounds."""
    return {
        step: Cost(min(one[step].cpu_s for one in rounds), min(one[step].peak_mb for one in rounds))
        for step in rounds[0]
    }


def commit(checkout: Path) -> str:
    """The commit that a checkout stands at."""
    told = subprocess.run(
        ["git", "-C", checkout, "rev-parse", "--short", "HEAD"], capture_output=True, text=True, check=True
    )
    return told.stdout.strip()


def table(found: Mapping[str, Costs]) -> str:
    """The costs as a table of docs/benchmarks.md."""
    heads = " | ".join(f"CPU s {name} | peak MB {name}" for name in found)
    lines = [f"| step | {heads} |", "| --- |" + " --- | --- |" * len(found)]
    for step in [*TITLES, "all"]:
        cells = " | ".join(f"{costs[step].cpu_s:.1f} | {costs[step].peak_mb:.0f}" for costs in found.values())
        lines.append(f"| {TITLES.get(step, 'all together')} | {cells} |")
    return "\n".join(lines)


def picture(found: Mapping[str, Costs]) -> str:
    """The CPU of each step as bars, the older commit above this one."""
    most = max(costs[step].cpu_s for costs in found.values() for step in TITLES)
    scale = (WIDTH - LEFT - RIGHT) / most
    kinds = ["now"] if len(found) == 1 else ["before", "now"]
    height = 40 + ROW * len(TITLES)
    label = "CPU seconds of each step of a first run"
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" role="img" aria-label="{label}" viewBox="0 0 {WIDTH} {height}">',
        f"<style>{STYLE}</style>",
        f'<rect width="{WIDTH}" height="{height}" style="fill: #fff"/>',
    ]
    for place, (kind, (name, costs)) in enumerate(zip(kinds, found.items(), strict=True)):
        x = LEFT + 220 * place
        told = f"{name}: {costs['all'].cpu_s:.1f} CPU s in all"
        parts.append(f'<rect class="{kind}" x="{x}" y="10" width="12" height="12"/>')
        parts.append(f'<text x="{x + 18}" y="20">{escape(told)}</text>')
    for row, (step, title) in enumerate(TITLES.items()):
        y = 36 + ROW * row
        parts.append(f'<text x="{LEFT - 8}" y="{y + BAR + 4}" text-anchor="end">{escape(title)}</text>')
        for place, (kind, costs) in enumerate(zip(kinds, found.values(), strict=True)):
            width, top = costs[step].cpu_s * scale, y + place * (BAR + 1)
            parts.append(f'<rect class="{kind}" x="{LEFT}" y="{top}" width="{width:.1f}" height="{BAR}"/>')
            number = (
                f'<text class="number" x="{LEFT + width + 5:.1f}" y="{top + BAR - 1}">{costs[step].cpu_s:.1f}</text>'
            )
            parts.append(number)
    return "\n".join([*parts, "</svg>", ""])


if __name__ == "__main__":
    main()
