"""Daily steps of the Garmin years by fitparse alone, independent of everything in `recovery`: the oracle of the steps.

Each wellness file is read with fitparse; a walking or running total is its raw number (fitparse halves it where the
activity type comes from `current_activity_type_intensity`). A device day is bounded by its own midnights, the reading
at midnight closes the old day. Where a total falls to less than half of what it was, the device was restarted; a day's
steps are the sum, over types and runs, of the largest total.

    python tests/fitparse_steps.py FOLDER_OF_ZIPS
"""

import collections
import csv
import io
import sys
import zipfile
from collections.abc import Iterable, Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import fitparse

EPOCH = datetime(1989, 12, 31, tzinfo=UTC)
FOOT = {1, 6}  # running, walking: their cycles are steps


def files(archive: zipfile.ZipFile) -> Iterator[bytes]:
    for name in archive.namelist():
        if name.endswith(".fit"):
            yield archive.read(name)
        elif name.endswith(".zip"):
            with zipfile.ZipFile(io.BytesIO(archive.read(name))) as inner:
                yield from files(inner)


class AsWritten(fitparse.FitFileDataProcessor):
    """Converts nothing, which takes a quarter of the time: only raw values are read here."""

    def run_type_processor(self, field_data: object) -> None: ...

    def run_field_processor(self, field_data: object) -> None: ...

    def run_unit_processor(self, field_data: object) -> None: ...

    def run_message_processor(self, data_message: object) -> None: ...


def readings(content: bytes) -> Iterator[tuple[str, int, int, int, int]]:
    """(device, seconds since the FIT epoch, offset of the device's clock, activity type, total) of one file."""
    device, offset, last = "", None, 0
    waiting = []
    for message in fitparse.FitFile(content, check_crc=False, data_processor=AsWritten()).get_messages():
        raw = {field.def_num: field.raw_value for field in message.fields if field.def_num is not None}
        if message.mesg_num == 0:
            device = str(raw.get(3))
        elif message.mesg_num == 103 and raw.get(0) is not None:
            offset = raw[0] - raw[253]
        elif message.mesg_num == 55:
            if raw.get(253) is not None:
                last = raw[253]
            elif raw.get(26) is not None:
                ahead = (raw[26] - last) & 0xFFFF
                last += ahead if ahead < 0xF000 else ahead - 0x10000  # one lies just before the full timestamp
            kind = raw.get(5)
            if kind is None and raw.get(24) is not None:
                packed = raw[24]
                kind = (packed[0] if isinstance(packed, tuple | list) else packed) & 0x1F
            if kind in FOOT and raw.get(3) is not None:
                waiting.append((device, last, offset, kind, raw[3]))
    for device, seconds, told, kind, total in waiting:
        yield device, seconds, told if told is not None else offset or 0, kind, total


def daily_steps(seen: Iterable[tuple[str, int, int, int, int]]) -> dict[tuple[str, date], int]:
    """Steps of each device and day: the sum over activity types of the largest total of each run."""
    days = collections.defaultdict(list)
    for device, seconds, offset, kind, total in set(seen):
        local = EPOCH + timedelta(seconds=seconds + offset - 1)  # the reading at midnight closes the old day
        days[device, local.date(), kind].append((seconds, total))
    steps: collections.Counter[tuple[str, date]] = collections.Counter()
    for (device, day, _), rows in days.items():
        largest = 0
        for _, total in sorted(rows):
            if total < largest / 2:
                steps[device, day] += largest
                largest = 0
            largest = max(largest, total)
        steps[device, day] += largest
    return dict(steps)


def main(folder: Path) -> None:
    seen: set[tuple[str, int, int, int, int]] = set()
    for path in sorted(folder.glob("*.zip")):
        with zipfile.ZipFile(path) as archive:
            for content in files(archive):
                seen.update(readings(content))
    writer = csv.writer(sys.stdout)
    writer.writerow(["source", "date", "steps"])
    for (device, day), steps in sorted(daily_steps(seen).items()):
        writer.writerow([f"garmin:{device}", day, steps])


if __name__ == "__main__":
    main(Path(sys.argv[1]))
