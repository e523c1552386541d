"""ActiGraph's epoch tables, as ActiLife exports them: ten lines on the device, then counts and steps of each epoch.

What we know of it, from ActiLife's exports in the tests of GGIR and other programs:

- The first line names device, firmware and the order of its dates ("date format M/d/yyyy"); then serial number, start,
  epoch and download. A start date may be in another order than the first line says: one that cannot be a date, or that
  lies after the download, is read the other way round, and a time in the rows themselves counts before either.
- Without headings the columns follow from `Mode`, a sum: 1 steps, 4 and 8 the second and third axis, 16 light, 32 the
  inclinometer (seconds off, standing, sitting, lying). Modes with a heart rate (2) are not known here.
- All times are the wall clock of the computer that started the device, and run on by that offset when clocks change. A
  `Z` behind them does not mean UTC: the same clock stands as Start Time in the head.
- Epochs of 1 to 60 s become minutes: sums of steps, "worn" where any axis counted or a step was made, "off" where the
  inclinometer says so for the whole minute.
- Counts are evidence of wear only: minutes of intensity would need cut points for age and place of wear. Nor is the
  inclinometer's lying read: a device at the hip does not know lying from sitting well enough for that.
- Raw acceleration (an epoch of 0) has no steps; export epochs from ActiLife instead.
"""

import hashlib
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from itertools import chain, islice

from recovery.errors import UnreadableExportError
from recovery.formats.entries import Claim, Context, Entry, Tree
from recovery.formats.export_table import cells_of, delimiter_of, plain
from recovery.formats.records import Batch, FileSummary, Skipped, Yielded, as_local_time, batch
from recovery.formats.resaved import TableForm
from recovery.formats.times import iso_time, within_years
from recovery.home.clock import FIRST_UTC
from recovery.words.say import say

LABEL = say("ActiGraph (epoch CSV of ActiLife)")
VERSION = 3
USES_LOCAL_TIME = True
TABLE_FORM = TableForm(has_local_dates=True)

SOURCE = "actigraph"
START = re.compile(r"-+ *Data (Table )?File Created By ActiGraph", re.IGNORECASE)
MAKER = b"actigraph"  # looked for first: what is no text is not decoded for that
DEVICE = re.compile(r"Created By ActiGraph (\S+) ActiLife (\S+)(?: Firmware v?(\S+))?", re.IGNORECASE)
HEAD_LINES = 10
HASH_CHARACTERS = 6
MINUTE = timedelta(minutes=1)
MAX_EPOCH_S = 3600
DAY_S = 86_400
MOST_STEPS_PER_S = 10  # a sprinter takes 5
MOST_COUNTS_PER_S = 100_000
MAX_LINE = 10_000
ROWS_PER_BATCH = 1 << 16
AXES = ("axis1", "axis2", "axis3")
OFF = "inclinometeroff"
BITS = ((1, ("steps",)), (16, ("lux",)), (32, (OFF, "standing", "sitting", "lying")))  # after the axes
KNOWN_BITS = 1 | 4 | 8 | 16 | 32
UNREADABLE = say("a number of this epoch is missing or cannot be")


@dataclass
class Recording:
    """What the head of a file says."""

    number: int
    source: str
    start: datetime  # of the wall clock
    epoch_s: int
    columns: tuple[str, ...]
    body: Iterator[str]
    delimiter: str
    product: str | None
    firmware: str | None
    messages: list[str]


@dataclass
class Minute:
    """What the epochs of one minute sum up to."""

    start: datetime
    end: datetime
    steps: float = 0.0
    has_counts: bool = False
    off_s: float = 0.0
    epochs_s: int = 0


def claims(tree: Tree) -> Iterator[Claim]:
    """The tables by their first line."""
    for entry in tree:
        if MAKER in entry.head.lower() and START.match(_text(entry.head)[:MAX_LINE].lstrip('\ufeff"')):
            yield Claim(entry.path)


def read(files: Sequence[Entry], context: Context) -> Iterator[Yielded]:
    """Steps and wear of each minute; each file ends with its summary."""
    for number, entry in enumerate(files):
        with entry.open() as stream:
            lines = (_text(line[:MAX_LINE]).rstrip("\r\n") for line in stream)
            try:
                recording = _recording(number, lines)
            except UnreadableExportError as error:
                yield Skipped(number, "file", error.message)
                continue
            yield from map(as_local_time, _read(recording, context))


def _text(data: bytes) -> str:
    return data.decode("utf-8", errors="replace")


# ---- the head --------------------------------------------------------------------------------------------------------


def _recording(number: int, lines: Iterator[str]) -> Recording:
    """The head, with the lines below it. Raises UnreadableExportError with the sentence for the receipt."""
    head = [line.strip().lstrip('\ufeff"').rstrip('",; ') for line in islice(lines, HEAD_LINES)]
    head_text = " | ".join(head)
    if not head or not START.match(head[0]):
        raise UnreadableExportError(say("this is no table of ActiLife"))
    epoch_s = _seconds(_after(r"Epoch Period[^|]*?\) *([\d:]+)", head_text))
    if epoch_s > MAX_EPOCH_S:
        raise UnreadableExportError(say("has epochs of {epoch_s:,} s; at most an hour is read", epoch_s=epoch_s))
    if not epoch_s:
        raise UnreadableExportError(say("holds raw acceleration, without steps: export epochs of 60 s from ActiLife"))
    mode = int(_after(r"Mode *= *(\d{1,3})", head_text) or 0)
    first = next(lines, "")
    delimiter = delimiter_of(first)
    names = [plain(cell) for cell in cells_of(first, delimiter)]
    messages: list[str] = []
    if any(name.startswith("axis") for name in names):
        columns, body = tuple(names), lines
    elif mode & ~KNOWN_BITS:
        raise UnreadableExportError(
            say("has Mode {mode}, whose columns are not known here: export it with headings from ActiLife", mode=mode)
        )
    else:
        columns, body = _columns_of(mode), chain([first], lines)
    if "steps" not in columns:
        messages.append(say("its mode has no steps"))
    device = DEVICE.search(head[0])
    serial = _after(r"Serial Number: *([^|]*)", head_text).strip()
    digest = hashlib.sha256(serial.encode()).hexdigest()[:HASH_CHARACTERS]
    return Recording(
        number=number,
        source=f"{SOURCE}:{digest}" if serial else SOURCE,
        start=_start(head_text, head[0]),
        epoch_s=epoch_s,
        columns=columns,
        body=body,
        delimiter=delimiter,
        product=device[1] if device else None,
        firmware=device[3] if device else None,
        messages=messages,
    )


def _after(pattern: str, text: str) -> str:
    found = re.search(pattern, text, re.IGNORECASE)
    return found[1] if found else ""


def _seconds(text: str) -> int:
    parts = [int(part) for part in text.split(":") if part]
    return parts[0] * 3600 + parts[1] * 60 + parts[2] if len(parts) == 3 else 0


def _columns_of(mode: int) -> tuple[str, ...]:
    """The columns of a table without headings."""
    axes = AXES[: 1 + bool(mode & 4) + bool(mode & 8)]
    return (*axes, *(name for bit, names in BITS if mode & bit for name in names))


def _start(head_text: str, first: str) -> datetime:
    """When the recording began, by the wall clock. Raises UnreadableExportError."""
    is_day_first = _after(r"date format *(\w)", first).lower() == "d"
    begun, ended = (_after(rf"{word} Date *(\S+)", head_text) for word in ("Start", "Download"))
    clock = _seconds(_after(r"Start Time *([\d:]+)", head_text))
    if clock >= DAY_S:
        raise UnreadableExportError(say("does not say when it begins: Start Time is no time of day"))
    for day_first in (is_day_first, not is_day_first):
        start, end = _date(begun, day_first), _date(ended, day_first)
        if start and (end is None or start <= end) and not (ended and end is None):
            return datetime.combine(start, time()) + timedelta(seconds=clock)
    raise UnreadableExportError(say("does not say when it begins: Start Date is no date, or lies after the download"))


def _date(text: str, is_day_first: bool) -> date | None:
    parts = [int(part) for part in re.findall(r"\d+", text)[:3]]
    if len(parts) != 3:
        return None
    year, first, second = (parts[0], parts[1], parts[2]) if parts[0] > 31 else (parts[2], parts[0], parts[1])
    day, month = (first, second) if is_day_first and parts[0] <= 31 else (second, first)
    try:
        return date(year, month, day)
    except (ValueError, OverflowError):
        return None


# ---- the epochs ------------------------------------------------------------------------------------------------------


def _read(recording: Recording, context: Context) -> Iterator[Yielded]:
    columns = {name: position for position, name in enumerate(recording.columns)}
    stamp = next((columns[name] for name in ("timestamp", "datetime") if name in columns), None)
    minutes: list[Minute] = []
    epoch = timedelta(seconds=recording.epoch_s)
    newest = FIRST_UTC
    ahead: timedelta | None = None  # of UTC; nobody puts the clock of a device forward while it records
    index = 0
    for row, line in enumerate(recording.body, HEAD_LINES + 1):
        if not line.strip(f"{recording.delimiter} "):
            continue
        cells = [cell.strip() for cell in cells_of(line, recording.delimiter)]
        try:
            wall = _wall(cells[stamp]) if stamp is not None else recording.start + index * epoch
            index += 1
            values = _values(cells, columns, recording.epoch_s)
            if ahead is None:
                ahead = wall - context.to_utc(wall)
            start = within_years((wall - ahead).replace(second=0, microsecond=0))
        except (ValueError, IndexError, OverflowError):
            yield Skipped(recording.number, f"row {row}", UNREADABLE, line[:200])
            continue
        if not minutes or minutes[-1].start != start:
            if len(minutes) >= ROWS_PER_BATCH:
                yield from _batches(recording, minutes[:-1])
                minutes = minutes[-1:]
            minutes.append(Minute(start, start + max(MINUTE, epoch)))
        _add(minutes[-1], values, recording.epoch_s)
        newest = max(newest, minutes[-1].end)
    yield from _batches(recording, minutes)
    yield _device(recording, context)
    messages = [say("its times carry no zone and are read as local time"), *recording.messages]
    exported_utc = newest if newest > FIRST_UTC else None
    yield FileSummary(recording.number, exported_utc, "; ".join(messages) if exported_utc else say("holds no entries"))


def _wall(text: str) -> datetime:
    """The wall clock of a row, whatever offset is written behind it. Raises ValueError."""
    return iso_time(text).replace(tzinfo=None)


def _values(cells: Sequence[str], columns: Mapping[str, int], epoch_s: int) -> dict[str, float]:
    """The numbers of an epoch. Raises ValueError, IndexError."""
    values = {name: float(cells[columns[name]]) for name in (*AXES, "steps", OFF) if name in columns}
    for name, value in values.items():
        most = {"steps": MOST_STEPS_PER_S * epoch_s, OFF: epoch_s}.get(name, MOST_COUNTS_PER_S * epoch_s)
        if not 0 <= value <= most:
            raise ValueError(name)
    return values


def _add(minute: Minute, values: Mapping[str, float], epoch_s: int) -> None:
    minute.steps += values.get("steps", 0.0)
    minute.has_counts |= any(values.get(name, 0.0) > 0 for name in (*AXES, "steps"))
    minute.off_s += values.get(OFF, 0.0)
    minute.epochs_s += epoch_s


def _batches(recording: Recording, minutes: Sequence[Minute]) -> Iterator[Batch]:
    off = [each for each in minutes if not each.has_counts and each.off_s >= each.epochs_s]
    worn = [each for each in minutes if each.has_counts]
    steps = [
        each for each in minutes if "steps" in recording.columns and (each.has_counts or each.off_s < each.epochs_s)
    ]
    yield _samples(recording, "steps", steps, [each.end for each in steps], [each.steps for each in steps])
    yield _samples(recording, "is_worn", worn, [each.start for each in worn], [1.0] * len(worn))
    yield _samples(recording, "is_worn", off, [each.start for each in off], [0.0] * len(off))


def _samples(
    recording: Recording, metric: str, minutes: Sequence[Minute], ends: Sequence[datetime], values: Sequence[float]
) -> Batch:
    return batch(
        "samples",
        {
            "file": [recording.number] * len(minutes),
            "source": [recording.source] * len(minutes),
            "metric": [metric] * len(minutes),
            "start_utc": [each.start for each in minutes],
            "end_utc": list(ends),
            "value": list(values),
        },
    )


def _device(recording: Recording, context: Context) -> Batch:
    time_utc = context.to_utc(recording.start)
    count = recording.product is not None and time_utc > FIRST_UTC
    return batch(
        "devices",
        {
            "file": [recording.number] * count,
            "source": [recording.source] * count,
            "time_utc": [time_utc] * count,
            "manufacturer": ["ActiGraph"] * count,
            "product": [recording.product] * count,
            "firmware": [recording.firmware] * count,
        },
    )
