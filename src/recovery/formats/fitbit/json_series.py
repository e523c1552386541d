"""Series in Fitbit's JSON files, as the tables of numbers that they are."""

from collections.abc import Callable, Generator, Mapping
from datetime import datetime
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv as pa_csv

from recovery.formats.fitbit.file import FitbitFile, instant
from recovery.formats.fitbit.json_elements import elements, skipped
from recovery.formats.records import Skipped
from recovery.formats.times import time_as

STAMP = "%m/%d/%y %H:%M:%S"
# What an element is without its digits and blanks, and the columns that its digits are.
BEAT = b'{"dateTime":"//::","value":{"bpm":,"confidence":}}'
POINT = b'{"dateTime":"//::","value":""}'
LAYOUTS: Mapping[bytes, Mapping[str, pa.DataType]] = {
    BEAT: {"stamp": pa.int64(), "bpm": pa.float64(), "confidence": pa.float64(), "nothing": pa.null()},
    POINT: {"stamp": pa.int64(), "value": pa.float64(), "nothing": pa.null()},
}
DIGITS = b"0123456789."
BLANKS = b" \t\r\n"
LINES = bytes.maketrans(b"T", b"\n")
NOT_OF_TABLE = bytes(set(range(256)) - set(DIGITS + b",T"))


def series(
    file: FitbitFile, layout: bytes, numbers: Callable[[Any], tuple[float | None, ...]]
) -> Generator[Skipped, None, tuple[pa.Array, list[pa.Array]]]:
    """Stamps and numbers of a series; an element that cannot be read is skipped.

    A file in which every element looks alike, as Fitbit writes them, is read as the table of numbers that it is, with
    an eighth of the work of the json module; any other element by element.
    """
    if (columns := laid_out(file.content, layout)) is not None:
        return columns
    good: list[tuple[datetime, tuple[float | None, ...]]] = []
    for place, row in enumerate(elements(file), 1):
        try:
            stamp, values = instant(time_as(row["dateTime"], STAMP)), numbers(row["value"])
            if not 0 <= (values[0] or 0.0) < float("inf"):
                raise ValueError(values)
            good.append((stamp, tuple(None if value is None else float(value) for value in values)))
        except (KeyError, TypeError, ValueError, AttributeError, OverflowError):
            yield skipped(file, place, row)
    width = len(LAYOUTS[layout]) - 2
    return (
        pa.array([stamp for stamp, _ in good], pa.timestamp("us")),
        [pa.array([values[column] for _, values in good], pa.float64()) for column in range(width)],
    )


def laid_out(content: bytes, layout: bytes) -> tuple[pa.Array, list[pa.Array]] | None:
    """Stamps and numbers of a file whose elements are alike but for their digits; None where one is not.

    What is left of the file without its digits must be one element repeated. Then the digits alone, in lines that
    begin at the T of each dateTime, are a table.
    """
    text = content.strip()
    bones = text.translate(None, DIGITS)
    element = bones[1 : bones.find(b"},{") + 1] or bones[1:-1]
    count = bones.count(b"},{") + 1
    if element.translate(None, BLANKS) != layout or bones != b"[" + b",".join([element] * count) + b"]":
        return None
    try:
        table = pa_csv.read_csv(
            pa.BufferReader(text.translate(LINES, NOT_OF_TABLE) + b","),
            read_options=pa_csv.ReadOptions(
                use_threads=False, block_size=len(text), column_names=list(LAYOUTS[layout])
            ),
            convert_options=pa_csv.ConvertOptions(column_types=LAYOUTS[layout]),
        )
    except pa.ArrowInvalid:
        return None
    stamps = table["stamp"].to_numpy()
    numbers = [table[name].combine_chunks() for name in table.column_names[1:-1]]
    times = _instants(stamps)
    if len(stamps) != count or times is None or any(column.null_count for column in numbers):
        return None
    return None if layout == BEAT and pc.any(pc.equal(numbers[0], 0.0)).as_py() else (times, numbers)


def _instants(stamps: np.ndarray) -> pa.Array | None:
    """Instants of stamps as the whole numbers MMDDYYhhmmss; None where one is no time of this century."""
    rest, second = np.divmod(stamps, 100)
    rest, minute = np.divmod(rest, 100)
    rest, hour = np.divmod(rest, 100)
    rest, year = np.divmod(rest, 100)
    month, day = np.divmod(rest, 100)
    if not (month.min() > 0 and month.max() < 13 and day.min() > 0 and year.max() < 69):  # 69 is 1969 to strptime
        return None
    if not (hour.max() < 24 and minute.max() < 60 and second.max() < 60):
        return None
    months = ((year + 30) * 12 + month - 1).astype("datetime64[M]")  # counted from 1970
    dates = months.astype("datetime64[D]") + (day - 1)
    if (dates.astype("datetime64[M]") != months).any():  # a 30th of February
        return None
    return pa.array(dates.astype("datetime64[us]") + (hour * 3600 + minute * 60 + second) * 1_000_000)
