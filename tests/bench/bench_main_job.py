"""CPU and memory of the whole job on the Garmin years, beside fitparse alone, in one run on one machine.

    python tests/bench/bench_main_job.py [--fitparse-files N] FOLDER_OF_ZIPS

Every figure is of the whole process tree (Prefect's server with it): CPU seconds as the kernel counts them, and the
largest sum of proportional set sizes seen. Absolute times are noise on a shared machine; the ratios are what counts.
"""

import argparse
import io
import random
import resource
import shutil
import subprocess
import sys
import tempfile
import time
import zipfile
from collections.abc import Collection, Iterator
from pathlib import Path
from typing import NamedTuple

import psutil

POLL_S = 0.05
MASSAGE_LOG = "date,start,minutes\n" + "".join(
    f"{year}-{month:02}-{day:02},18:00,60\n"
    for year in range(2016, 2020)
    for month in range(1, 13)
    for day in (3, 10, 18, 25)
)


FITPARSE_ALONE = """
import sys, fitparse
data = open(sys.argv[1], "rb").read()
at = 0
while at < len(data):
    size = int.from_bytes(data[at:at + 4], "big")
    at += 4
    try:
        for message in fitparse.FitFile(data[at:at + size]).get_messages():
            message.get_values()
    except fitparse.FitParseError:
        pass
    at += size
"""


class Cost(NamedTuple):
    """What one command needed, its children with it."""

    cpu_s: float
    wall_s: float
    peak_mb: float


def cost_of(command: list[str], folder: Path | None = None) -> Cost:
    """Runs a command (in a folder), watches its process tree, fails where it fails."""
    start, ended_before = time.monotonic(), resource.getrusage(resource.RUSAGE_CHILDREN)
    with tempfile.TemporaryFile("w+") as said:
        process = psutil.Popen(command, stdout=said, stderr=subprocess.STDOUT, cwd=folder)
        seen: dict[int, float] = {}
        peak = 0
        while process.poll() is None:
            memory = 0
            try:
                tree = [process, *process.children(recursive=True)]
            except psutil.NoSuchProcess:
                break
            for member in tree:
                try:
                    times = member.cpu_times()
                    seen[member.pid] = times.user + times.system
                    memory += member.memory_full_info().pss
                except (psutil.NoSuchProcess, psutil.AccessDenied):
                    continue
            peak = max(peak, memory)
            time.sleep(POLL_S)
        said.seek(0)
        if process.wait() != 0:
            raise SystemExit(f"{command} failed:\n{said.read()}")
    ended = resource.getrusage(resource.RUSAGE_CHILDREN)
    ended_s = ended.ru_utime - ended_before.ru_utime + ended.ru_stime - ended_before.ru_stime
    # What was seen lacks what came after the last look; what the system tells lacks children that nobody waited for.
    return Cost(max(sum(seen.values()), ended_s), time.monotonic() - start, peak / 1e6)


def recovery(*words: str, home: Path) -> Cost:
    return cost_of([sys.executable, "-m", "recovery", "--home", str(home), *words])


def new_home(folder: Path, name: str) -> Path:
    home = folder / name
    recovery("init", "--time-zone", "Europe/Copenhagen", home=home)
    (home / "inbox" / "massages.csv").write_text(MASSAGE_LOG)
    return home


def fit_files(archive: zipfile.ZipFile, prefix: str = "") -> Iterator[tuple[str, bytes]]:
    for name in archive.namelist():
        if name.endswith(".fit"):
            yield prefix + name, archive.read(name)
        elif name.endswith(".zip"):
            with zipfile.ZipFile(io.BytesIO(archive.read(name))) as inner:
                yield from fit_files(inner, f"{prefix}{name}!/")


def fitparse_cost(zips: list[Path], count: int | None) -> tuple[float, int]:
    """CPU seconds fitparse needs to decode (a seeded sample of) the files, scaled to all; how many were decoded."""
    contents = []
    for path in zips:
        with zipfile.ZipFile(path) as archive:
            contents += [content for _, content in fit_files(archive)]
    sample = contents if count is None else random.Random(1).sample(contents, count)  # noqa: S311 - a sample, no secret
    cost = decoded_by_fitparse(sample)
    scale = sum(map(len, contents)) / sum(map(len, sample))
    return cost.cpu_s * scale, len(sample)


def decoded_by_fitparse(contents: Collection[bytes]) -> Cost:
    """A process that decodes every message of these files with fitparse and keeps nothing."""
    with tempfile.NamedTemporaryFile(suffix=".bin") as file:
        for content in contents:
            file.write(len(content).to_bytes(4, "big") + content)
        file.flush()
        return cost_of([sys.executable, "-c", FITPARSE_ALONE, file.name])


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("folder", type=Path)
    parser.add_argument("--fitparse-files", type=int, help="time fitparse on so many files and scale; all by default")
    options = parser.parse_args()
    zips = sorted(options.folder.glob("garmin_*.zip"))
    with tempfile.TemporaryDirectory() as scratch:
        folder = Path(scratch)
        empty = new_home(folder, "empty")
        (empty / "inbox" / "massages.csv").unlink()
        empty_run = recovery("run", home=empty)
        empty_again = recovery("run", home=empty)

        home = new_home(folder, "four-years")
        for path in zips:
            shutil.copy(path, home / "inbox")
        first = recovery("run", home=home)
        again = recovery("run", home=home)

        day = sorted(
            (name, content) for name, content in fit_files(zipfile.ZipFile(zips[-1])) if name.startswith("2019/12/20/")
        )
        steps = {}
        for years, kept in ((1, zips[-1:]), (4, zips)):
            grown = new_home(folder, f"grown-{years}")
            for path in kept:
                with zipfile.ZipFile(path) as source, zipfile.ZipFile(grown / "inbox" / path.name, "w") as target:
                    for name in source.namelist():
                        if not name.startswith("2019/12/20/") and not name.endswith("/"):
                            target.writestr(name, source.read(name))
            recovery("run", home=grown)
            for name, content in day:
                path = grown / "inbox" / name
                path.parent.mkdir(parents=True, exist_ok=True)
                path.write_bytes(content)
            steps[years] = recovery("run", home=grown)

        alone, decoded = fitparse_cost(zips, options.fitparse_files)

    rows = [
        ("empty run, first", empty_run),
        ("empty run, again", empty_again),
        ("first run, four years", first),
        ("second run, nothing new", again),
        ("one new day on one year", steps[1]),
        ("one new day on four years", steps[4]),
    ]
    print("| run | CPU s | wall s | peak MB |\n| --- | --- | --- | --- |")
    for name, cost in rows:
        print(f"| {name} | {cost.cpu_s:.1f} | {cost.wall_s:.1f} | {cost.peak_mb:.0f} |")
    print(f"\nfitparse alone: {alone:.1f} CPU s (measured on {decoded} files)")
    print(f"first run less an empty one, against fitparse alone: 1/{alone / (first.cpu_s - empty_run.cpu_s):.1f}")
    print(f"second run beyond the empty run: {again.cpu_s - empty_again.cpu_s:+.1f} s")
    print(f"one new day, four years against one: {steps[4].cpu_s / steps[1].cpu_s:.2f}x whole,", end=" ")
    print(f"{(steps[4].cpu_s - empty_again.cpu_s) / (steps[1].cpu_s - empty_again.cpu_s):.2f}x beyond an empty run")


if __name__ == "__main__":
    main()
