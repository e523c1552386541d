"""What reading an Apple Health export costs, straight from the zip: ours, ElementTree, lxml, healthkit-to-sqlite.

    python tests/bench/bench_apple.py FOLDER [--megabytes 300] [--peer-python PYTHON] [--only NAME ...]
    python tests/bench/bench_apple.py FOLDER --whole 300 1200 [--massages] [--against CHECKOUT] [--rounds 1]

An export of the wanted size is generated into FOLDER, invented but in the exact shape of a real one, and read once by
each, each in a process of its own, one after the other in one run. CPU is user and system time of that process, without
the interpreter's start and the imports; memory is its peak resident size. PYTHON is an interpreter that has lxml and
healthkit-to-sqlite, which are not part of this project; without it these two are left out.

With `--whole` exports of these sizes are worked from end to end, each in a new home: first step by step without
Prefect, then by `recovery run`, Prefect's server with it. With `--massages` the home has a log of them too, else there
are no effects. CHECKOUT is a folder with another commit, worked in turn with this one (see `bench_steps`).
"""

import argparse
import json
import random
import subprocess
import sys
import tempfile
import zipfile
from collections.abc import Callable, Iterator, Sequence
from datetime import datetime, timedelta
from pathlib import Path

import bench_steps
from bench_main_job import MASSAGE_LOG, Cost, cost_of

MEMBER = "apple_health_export/export.xml"
DTD = """<!DOCTYPE HealthData [
<!-- HealthKit Export Version: 14 -->
<!ELEMENT HealthData (ExportDate,Me,(Record|Correlation|Workout|ActivitySummary|ClinicalRecord)*)>
<!ATTLIST HealthData
  locale CDATA #REQUIRED
>
<!ELEMENT Record ((MetadataEntry|HeartRateVariabilityMetadataList)*)>
<!ATTLIST Record
  type          CDATA #REQUIRED
  unit          CDATA #IMPLIED
  value         CDATA #IMPLIED
  sourceName    CDATA #REQUIRED
  sourceVersion CDATA #IMPLIED
  device        CDATA #IMPLIED
  creationDate  CDATA #IMPLIED
  startDate     CDATA #REQUIRED
  endDate       CDATA #REQUIRED
>
]>
"""
HARDWARE = {"Watch": ("Apple Watch", "Watch6,2"), "iPhone": ("iPhone", "iPhone13,2")}
# Kind, device, unit, share of the records, seconds of a record, decimals, highest value, and what stands below it.
# The shares are about those of people who wear a watch by day and night.
KINDS = (
    ("ActiveEnergyBurned", "Watch", "kcal", 0.33, 60, 3, 4, ""),
    ("HeartRate", "Watch", "count/min", 0.24, 0, 0, 150, "HKMetadataKeyHeartRateMotionContext"),
    ("BasalEnergyBurned", "Watch", "kcal", 0.14, 600, 3, 20, ""),
    ("DistanceWalkingRunning", "iPhone", "km", 0.08, 300, 5, 1, ""),
    ("DistanceWalkingRunning", "Watch", "km", 0.05, 60, 6, 1, ""),
    ("StepCount", "iPhone", "count", 0.07, 300, 0, 500, ""),
    ("StepCount", "Watch", "count", 0.03, 600, 0, 900, ""),
    ("EnvironmentalAudioExposure", "Watch", "dBASPL", 0.02, 1800, 4, 90, ""),
    ("AppleExerciseTime", "Watch", "min", 0.01, 60, 0, 1, ""),
    ("WalkingSpeed", "iPhone", "km/hr", 0.01, 20, 2, 6, ""),
    ("OxygenSaturation", "Watch", "%", 0.01, 0, 2, 1, "HKMetadataKeyBarometricPressure"),
    ("FlightsClimbed", "iPhone", "count", 0.01, 20, 0, 4, ""),
)
STAGES = ("AsleepCore", "AsleepDeep", "AsleepREM", "Awake")
BYTES_A_RECORD = 400
FIRST_DAY = datetime(2016, 1, 1)
ZONE = "Europe/Berlin"


def generate(path: Path, megabytes: int) -> None:
    """Writes the zip of an export whose XML has about this size."""
    count = megabytes * 1_000_000 // BYTES_A_RECORD
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as packed, packed.open(MEMBER, "w", force_zip64=True) as file:
        lines: list[str] = []
        for line in export_lines(count):
            lines.append(line)
            if len(lines) == 20_000:
                file.write("".join(lines).encode())
                lines = []
        file.write("".join(lines).encode())


def export_lines(count: int) -> Iterator[str]:
    """The whole XML with about this many records."""
    chance = random.Random(2026)  # noqa: S311 - no secret
    yield '<?xml version="1.0" encoding="UTF-8"?>\n' + DTD + '<HealthData locale="en_US">\n'
    yield ' <ExportDate value="2026-01-10 08:15:00 +0100"/>\n'
    yield ' <Me HKCharacteristicTypeIdentifierDateOfBirth="" HKCharacteristicTypeIdentifierBloodType=""/>\n'
    for kind, device, unit, share, length_s, digits, highest, metadata in KINDS:
        below = f'>\n  <MetadataEntry key="{metadata}" value="1"/>\n </Record>\n' if metadata else "/>\n"
        step = timedelta(days=_day_count(count)) / max(1, round(count * share))
        for start, head in _starts(chance, round(count * share), step, kind, device, unit):
            end = start + timedelta(seconds=length_s)
            value = (0.3 + 0.7 * chance.random()) * highest
            yield f'{head}{_dates(end, start, end)} value="{value:.{digits}f}"{below}'
    yield from _nights(chance, _day_count(count))
    yield "</HealthData>\n"


def _day_count(record_count: int) -> int:
    """Some 1,500 records a day, up to ten years."""
    return max(1, min(3650, record_count // 1500))


def _starts(
    chance: random.Random, count: int, step: timedelta, kind: str, device: str, unit: str
) -> Iterator[tuple[datetime, str]]:
    """When each record begins, and its line up to the dates; the address in memory changes now and then."""
    name, hardware = HARDWARE[device]
    start = FIRST_DAY
    head = ""
    for number in range(count):
        if number % 500 == 0:
            version = f"{2 + number * 9 // count}.{chance.randrange(5)}"
            head = (
                f' <Record type="HKQuantityTypeIdentifier{kind}" sourceName="My\u00a0{name}" sourceVersion="{version}"'
                f' device="&lt;&lt;HKDevice: {hex(0x280000000 + 64 * chance.randrange(1 << 20))}&gt;, name:{name},'
                f" manufacturer:Apple Inc., model:{device}, hardware:{hardware},"
                f' software:{version}&gt;" unit="{unit}"'
            )
        yield start + step * chance.random(), head
        start += step


def _nights(chance: random.Random, count: int) -> Iterator[str]:
    for night in range(count):
        start = FIRST_DAY + timedelta(days=night, hours=22, minutes=chance.randrange(90))
        for _ in range(24):
            end = start + timedelta(seconds=30 * chance.randrange(4, 60))
            yield (
                ' <Record type="HKCategoryTypeIdentifierSleepAnalysis" sourceName="My\u00a0Apple Watch"'
                ' sourceVersion="9.1" device="&lt;&lt;HKDevice: 0x2811b0c00&gt;, name:Apple Watch, manufacturer:Apple'
                f' Inc., model:Watch, hardware:Watch6,2, software:9.1&gt;"{_dates(end, start, end)}'
                f' value="HKCategoryValueSleepAnalysis{chance.choice(STAGES)}">\n'
                '  <MetadataEntry key="HKTimeZone" value="Europe/Berlin"/>\n </Record>\n'
            )
            start = end


def _dates(created: datetime, start: datetime, end: datetime) -> str:
    return (
        f' creationDate="{created:%Y-%m-%d %H:%M:%S} +0100" startDate="{start:%Y-%m-%d %H:%M:%S} +0100"'
        f' endDate="{end:%Y-%m-%d %H:%M:%S} +0100"'
    )


OURS = """
import pandas
from functools import partial
from recovery.formats.entries import Context, Entry
from recovery.readers import apple_health
from recovery.formats.records import Batch
def read(path, member):
    archive = zipfile.ZipFile(path)
    entry = Entry("a", archive.getinfo(member).file_size, partial(archive.open, member))
    context = Context(zone_at=lambda _: "UTC", to_utc=lambda wall: wall)
    return sum(len(one.table) for one in apple_health.read([entry], context) if isinstance(one, Batch))
"""
# As people use them: every Record's attributes looked at, the tree kept small.
TREE = """
def read(path, member):
    count = 0
    with zipfile.ZipFile(path).open(member) as file:
        events = iterparse(file, events=("start", "end"))
        _, root = next(events)
        for event, element in events:
            if event == "end" and element.tag == "Record":
                wanted = [element.get(name) for name in ("type", "startDate", "endDate", "value", "sourceName")]
                count += 1
                root.clear()
    return count
"""
ELEMENT_TREE = "from xml.etree.ElementTree import iterparse\n" + TREE
LXML = "from lxml.etree import iterparse\n" + TREE
# lxml's iterparse does not show the root in time to clear it: the usual idiom deletes what went before.
LXML = LXML.replace("_, root = next(events)", "pass").replace(
    "root.clear()", "element.clear()\n                while element.getprevious() is not None:\n"
    "                    del element.getparent()[0]"
)  # fmt: skip
TO_SQLITE = """
import os
import sqlite_utils
from healthkit_to_sqlite import utils
def read(path, member):
    database = sqlite_utils.Database(path + ".db", recreate=True)
    with zipfile.ZipFile(path) as archive, archive.open(member) as file:
        utils.convert_xml_to_sqlite(file, database, zipfile=archive)
    count = sum(table.count for table in database.tables)
    os.remove(path + ".db")
    return count
"""
MEASURE = """
import json, resource, sys, time, zipfile
{code}
start = time.process_time()
rows = read(sys.argv[1], {member!r})
cpu_s = time.process_time() - start
peak_mb = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
print(json.dumps([cpu_s, peak_mb, rows]))
"""
UNZIP = """
def read(path, member):
    with zipfile.ZipFile(path).open(member) as file:
        return sum(map(len, iter(lambda: file.read(1 << 20), b"")))
"""
PEERS: dict[str, tuple[str, bool]] = {
    "unzip alone": (UNZIP, False),
    "ours": (OURS, False),
    "ElementTree iterparse": (ELEMENT_TREE, False),
    "lxml iterparse": (LXML, True),
    "healthkit-to-sqlite": (TO_SQLITE, True),
}


def measured(python: str, code: str, path: Path) -> tuple[float, float, int]:
    """CPU seconds, peak megabytes, rows."""
    done = subprocess.run(
        [python, "-c", MEASURE.format(code=code, member=MEMBER), str(path)], capture_output=True, text=True, check=False
    )
    if done.returncode:
        raise SystemExit(done.stderr)
    cpu_s, peak_mb, rows = json.loads(done.stdout)
    return cpu_s, peak_mb, rows


def whole(files: Sequence[Path], checkouts: Sequence[Path], log: str, rounds: int, tell: Callable[[str], None]) -> None:
    """Tells what the first run of a home with each export needs, by step and all together."""
    steps: dict[str, list[bench_steps.Costs]] = {}
    runs: dict[str, list[Cost]] = {}
    for _ in range(rounds):
        for path in files:
            for checkout in checkouts:
                name = f"{bench_steps.commit(checkout)} {size_mb(path):,.0f} MB"
                steps.setdefault(name, []).append(bench_steps.measured(checkout, [path], ZONE, log))
                runs.setdefault(name, []).append(run(checkout, path, log))
    tell(bench_steps.table({name: bench_steps.least(found) for name, found in steps.items()}))
    cells = " | ".join(f"{min(found).cpu_s:.1f} | {min(one.peak_mb for one in found):.0f}" for found in runs.values())
    tell(f"| `recovery run`, with Prefect | {cells} |")


def run(checkout: Path, path: Path, log: str) -> Cost:
    """The first `recovery run` of a new home with the export."""
    with tempfile.TemporaryDirectory() as scratch:
        home = Path(scratch) / "home"
        bench_steps.new_home(checkout, home, [path], ZONE, log)
        command = [sys.executable, "-m", "recovery", "--home", str(home), "run"]
        return cost_of(["env", f"PYTHONPATH={checkout / 'src'}", *command])


def exported(folder: Path, megabytes: int) -> Path:
    """The export of this size in the folder, made where it is not there."""
    path = folder / f"export-{megabytes}.zip"
    if not path.is_file():
        generate(path, megabytes)
    return path


def size_mb(path: Path) -> float:
    with zipfile.ZipFile(path) as packed:
        return packed.getinfo(MEMBER).file_size / 1e6


def main(tell: Callable[[str], None]) -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--megabytes", type=int, default=300)
    parser.add_argument("--peer-python", default="")
    parser.add_argument("--only", nargs="*", default=list(PEERS))
    parser.add_argument("--whole", type=int, nargs="+", metavar="MEGABYTES")
    parser.add_argument("--massages", action="store_true")
    parser.add_argument("--against", type=Path)
    parser.add_argument("--rounds", type=int, default=1)
    given = parser.parse_args()
    if given.whole:
        checkouts = [bench_steps.TOP] if given.against is None else [given.against.absolute(), bench_steps.TOP]
        files = [exported(given.folder, megabytes) for megabytes in given.whole]
        whole(files, checkouts, MASSAGE_LOG if given.massages else "", given.rounds, tell)
        return
    path = exported(given.folder, given.megabytes)
    xml_mb = size_mb(path)
    tell(f"{xml_mb:,.0f} MB of XML, {path.stat().st_size / 1e6:,.0f} MB packed\n")
    tell("| | CPU s | CPU ms/MB | peak MB | rows |\n| --- | --- | --- | --- | --- |")
    for name in given.only:
        code, is_peer = PEERS[name]
        if not is_peer or given.peer_python:
            cpu_s, peak_mb, rows = measured(given.peer_python if is_peer else sys.executable, code, path)
            tell(f"| {name} | {cpu_s:.1f} | {1000 * cpu_s / xml_mb:.1f} | {peak_mb:.0f} | {rows:,} |")


if __name__ == "__main__":
    main(lambda line: print(line, flush=True))
