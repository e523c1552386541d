"""What decoding a folder of Garmin zips costs with fitparse alone and with ours, side by side, values compared.

    python tests/bench/bench_fit.py FOLDER [--sample N]

FOLDER holds zips of FIT files (zips inside are opened too). All times are CPU seconds of this process, without reading
the zips. Every message and value of every file is compared on the way, by tests/formats/fit/oracle.py.
"""

import argparse
import io
import random
import sys
import time
import zipfile
from collections import Counter
from collections.abc import Iterator
from functools import partial
from pathlib import Path

import fitparse

sys.path.insert(0, str(Path(__file__).parents[1] / "formats" / "fit"))

import oracle

from recovery.formats.entries import Context, Entry
from recovery.formats.fit.decode import Decoded
from recovery.formats.fit.rows import rows
from recovery.formats.records import Batch
from recovery.readers import fit_files

BATCH_FILES = 4000
COMPARE_FILES = 200  # rows as Python objects are large


def contents_of(archive: zipfile.ZipFile) -> Iterator[bytes]:
    for name in archive.namelist():
        if name.lower().endswith(".fit"):
            yield archive.read(name)
        elif name.endswith(".zip"):
            yield from contents_of(zipfile.ZipFile(io.BytesIO(archive.read(name))))


def cpu_of_fitparse(contents: list[bytes]) -> tuple[float, int]:
    """As anyone would use it: every message, all values."""
    start = time.process_time()
    count = 0
    for content in contents:
        for message in fitparse.FitFile(io.BytesIO(content), check_crc=False).get_messages():
            message.get_values()
            count += 1
    return time.process_time() - start, count


def cpu_of_ours(contents: list[bytes]) -> tuple[float, int]:
    """Decoded into columns, checksums checked, every time resolved."""
    start = time.process_time()
    count = 0
    for first in range(0, len(contents), BATCH_FILES):
        decoded = Decoded(contents[first : first + BATCH_FILES])
        count += sum(report.message_count for report in decoded.reports)
        for number in decoded.numbers:
            for chunk in decoded.chunks(number):
                decoded.time_of(chunk.place)
    return time.process_time() - start, count


def cpu_of_reader(contents: list[bytes]) -> tuple[float, Counter[str]]:
    """All the way to Arrow batches of records."""
    entries = [Entry(f"{number}.fit", len(one), partial(io.BytesIO, one)) for number, one in enumerate(contents)]
    context = Context(zone_at=lambda _: "UTC", to_utc=lambda wall: wall)
    start = time.process_time()
    counts: Counter[str] = Counter()
    for found in fit_files.read(entries, context):
        if isinstance(found, Batch):
            counts[found.record] += len(found.table)
        else:
            counts[type(found).__name__] += 1
    return time.process_time() - start, counts


def compare(contents: list[bytes]) -> list[str]:
    """Every difference between fitparse's reading and ours."""
    different = []
    for first in range(0, len(contents), COMPARE_FILES):
        some = contents[first : first + COMPARE_FILES]
        decoded = Decoded(some)
        for file, (content, found) in enumerate(zip(some, rows(decoded), strict=True)):
            theirs = oracle.read_with_fitparse(content)
            all_of_it = oracle.differences(theirs, found) + oracle.scaled_differences(theirs, decoded, file)
            different += [f"file {first + file}: {one}" for one in all_of_it]
    return different


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--sample", type=int, help="so many files, chosen with a seed; all by default")
    parser.add_argument("--no-compare", action="store_true", help="times only")
    options = parser.parse_args()
    contents = [one for path in sorted(options.folder.glob("*.zip")) for one in contents_of(zipfile.ZipFile(path))]
    if options.sample:
        contents = random.Random(1).sample(contents, min(options.sample, len(contents)))  # noqa: S311
    megabytes = sum(map(len, contents)) / 1e6
    print(f"{len(contents):,} files, {megabytes:.1f} MB, {len(set(contents)):,} of them different")
    ours_s, our_count = cpu_of_ours(contents)
    reader_s, counts = cpu_of_reader(contents)
    print(f"ours, decoded      {ours_s:9.2f} s CPU {megabytes / ours_s:8.2f} MB/s  {our_count:,} messages")
    print(f"ours, as records   {reader_s:9.2f} s CPU {megabytes / reader_s:8.2f} MB/s  {dict(counts)}")
    theirs_s, their_count = cpu_of_fitparse(contents)
    print(f"fitparse           {theirs_s:9.2f} s CPU {megabytes / theirs_s:8.2f} MB/s  {their_count:,} messages")
    print(f"fitparse / ours    {theirs_s / ours_s:9.0f} x decoded, {theirs_s / reader_s:.0f} x as records")
    if not options.no_compare:
        different = compare(contents)
        print(f"values compared: {len(different)} differences", *different[:10], sep="\n  ")


if __name__ == "__main__":
    main()
