"""What reading Fitbit's heart-rate JSON costs with pandas and with ours, side by side in one run, values compared.

    python tests/bench/bench_fitbit.py [FOLDER]

FOLDER holds `heart_rate-*.json` at any depth; without it, 30 days are made in Fitbit's exact layout. All times are CPU
seconds of this process, the best of three, the files in memory. Ours gives checked Arrow records in UTC; pandas gives

- `read_json` as people call it: times and values as Python objects;
- the same without looking for dates: what pandas cannot do without;
- that, with times parsed by their format and values in columns: what one computes with, and comparable with ours.
"""

import argparse
import io
import json
import random
import time
import warnings
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from functools import partial
from pathlib import Path

import pandas as pd
import pyarrow.compute as pc

from recovery.formats.entries import Context, Entry
from recovery.formats.records import Batch
from recovery.readers import fitbit_takeout

DAYS, BEATS = 30, 11_000
STAMP = "%m/%d/%y %H:%M:%S"
WANTED = 6.0


def made_day(day: int) -> bytes:
    """A day in Fitbit's layout, one in a thousand a start value."""
    noise = random.Random(day)  # noqa: S311 - noise, no secret
    time_utc = datetime(2024, 1, 1, 23) + timedelta(days=day)
    elements = []
    for _ in range(BEATS):
        time_utc += timedelta(seconds=noise.choice((5, 10)))
        bpm, confidence = (70, 0) if noise.random() < 0.001 else (noise.randint(48, 145), noise.randint(1, 3))
        elements.append(
            f'{{\n  "dateTime" : "{time_utc:{STAMP}}",\n  "value" : {{\n    "bpm" : {bpm},\n'
            f'    "confidence" : {confidence}\n  }}\n}}'
        )
    return f"[{','.join(elements)}]".encode()


def ours(contents: Sequence[bytes]) -> tuple[int, float]:
    """Number and sum of the heart rates, from the records of the reader."""
    entries = [
        Entry(f"heart_rate-{number}.json", len(content), partial(io.BytesIO, content))
        for number, content in enumerate(contents)
    ]
    found = fitbit_takeout.read(entries, Context(zone_at=lambda _: "Europe/Berlin", to_utc=lambda wall: wall))
    values = [item.table["value"] for item in found if isinstance(item, Batch)]
    return sum(map(len, values)), sum(pc.sum(column).as_py() or 0.0 for column in values)


def by_pandas(content: bytes) -> pd.DataFrame:
    return pd.read_json(io.BytesIO(content))


def by_pandas_without_dates(content: bytes) -> pd.DataFrame:
    return pd.read_json(io.BytesIO(content), dtype=False, convert_dates=False)


def by_pandas_in_columns(content: bytes) -> pd.DataFrame:
    table = by_pandas_without_dates(content)
    values = pd.DataFrame(table["value"].tolist())
    return values.assign(time=pd.to_datetime(table["dateTime"], format=STAMP))


def cpu_of(work: Callable[[], object]) -> float:
    best = float("inf")
    for _ in range(3):
        start = time.process_time()
        work()
        best = min(best, time.process_time() - start)
    return best


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path, nargs="?")
    folder = parser.parse_args().folder
    warnings.simplefilter("ignore")  # pandas on dates it has to guess
    contents = (
        [path.read_bytes() for path in sorted(folder.rglob("heart_rate-*.json"))]
        if folder
        else [made_day(day) for day in range(DAYS)]
    )
    beats = [row["value"] for content in contents for row in json.loads(content)]
    measured = [beat["bpm"] for beat in beats if (beat["bpm"], beat["confidence"]) != (70, 0)]
    assert ours(contents) == (len(measured), float(sum(measured))), "ours and the json module differ"

    print(f"{len(contents)} files, {sum(map(len, contents)) / 1e6:.1f} MB, {len(beats):,} heart rates, equal")
    print("| | CPU s | ours needs |\n| --- | --- | --- |")
    own = cpu_of(partial(ours, contents))
    for name, read in (
        ("pandas.read_json", by_pandas),
        ("pandas.read_json without dates", by_pandas_without_dates),
        ("pandas.read_json, times parsed, values in columns", by_pandas_in_columns),
        ("json.loads", json.loads),
    ):
        seconds = cpu_of(lambda read=read: [read(content) for content in contents])  # type: ignore[misc]
        verdict = " (wanted: at most 1/6)" if name == "pandas.read_json" else ""
        print(f"| {name} | {seconds:.2f} | 1/{seconds / own:.1f}{verdict} |")
        assert name != "pandas.read_json" or seconds >= WANTED * own, "more than a sixth of pandas"
    print(f"| ours, to Arrow records | {own:.2f} | |")


if __name__ == "__main__":
    main()
