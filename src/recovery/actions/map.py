"""A mapping for a table nobody knows, proposed by what its columns are called and hold; and a table split by a column.

Only what the file shows is proposed. Where it leaves something open (a unit, day or month first), the line is there as
a comment with what it could be: pasted as it is, such a column is not read, and never read wrongly.
"""

import csv
import re
import tomllib
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import timedelta
from itertools import islice, pairwise
from pathlib import Path
from statistics import median
from typing import NamedTuple

from recovery.actions import map_logs
from recovery.actions.columns import Column, column_of, delimiter_of, header, is_number, moment, number, toml_text
from recovery.errors import HomeError, SettingsError, UnreadableExportError
from recovery.formats import log_cells
from recovery.formats.entries import Context, Entry
from recovery.formats.export_table import Row, TableFile, plain
from recovery.formats.records import Batch, Skipped
from recovery.formats.split_dates import date_parts
from recovery.home.disk import open_private, private_folder
from recovery.home.folder import Home
from recovery.home.settings import parse
from recovery.home.table_mapping import COUNTS, MAX_COVERED_MIN, METRICS, UNIX, YEAR_MONTH_DAY, units
from recovery.readers import mapped_table, readers
from recovery.words.say import say
from recovery.words.terminal import printable

LOOKED_AT_ROWS = 5000
MAX_PARTS = 500
TRIED = 200_000  # records; enough to see whether a proposal fits
START_WORDS = re.compile(
    r"\b(start|begin\w*|from|von|bed\w*|time\w*|date\w*|datum|zeit\w*|when|day|hour|minute|tag|recorded)\b"
)
END_WORDS = re.compile(r"\b(end\w*|stop|until|to|bis|ende|wake\w*|up|fin|hasta)\b")
SLEEP_WORDS = re.compile(r"\b(sleep|asleep|schlaf\w*|sommeil|sueno|sonno|slaap|night|nacht|bed\w*)\b")
METRIC_WORDS: Sequence[tuple[str, re.Pattern[str]]] = tuple(
    (metric, re.compile(rf"\b({words})\b"))
    for metric, words in (
        ("hrv_rmssd_ms", "rmssd"),
        ("hrv_sdnn_ms", "sdnn"),
        ("resting_heart_rate_bpm", "(resting|rest|ruhe) ?(heart rate|hr|puls\\w*|herzfrequenz)|rhr|ruhepuls"),
        ("heart_rate_bpm", "heart ?rate|hr|bpm|puls|pulse|herzfrequenz|frequence cardiaque|frecuencia cardiaca"),
        ("spo2_share", "spo2|oxygen saturation|oxygen|sauerstoffsattigung|sattigung"),
        ("spo2_mean_share", "spo2|oxygen saturation|oxygen|sauerstoffsattigung|sattigung"),
        ("respiration_rate", "respirat\\w*( rate)?|breath\\w*( rate)?|atemfrequenz"),
        ("steps", "steps?( count)?|schritte?|pas|pasos|passi|stappen|skridt|passos"),
        ("distance_m", "distance|distanz|strecke|distancia|distanza|afstand"),
        ("floors", "floors?( climbed)?|stockwerke|etages?|etagen|flights"),
        ("active_energy_kcal", "active (energy|calories|kcal)|aktive (energie|kalorien)|aktivitatskalorien"),
        ("deep_min", "deep( sleep)?|tiefschlaf"),
        ("rem_min", "rem( sleep)?"),
        ("light_min", "light( sleep)?|leichtschlaf"),
        ("awake_min", "awake|wach"),
        ("latency_min", "latency|onset"),
        ("efficiency_share", "efficiency|effizienz"),
        ("asleep_min", "asleep|total sleep (time|minutes|duration)|sleep (time|minutes|duration)|schlafdauer"),
        ("in_bed_min", "in bed|time in bed"),
        ("walking_speed_mps", "walking speed"),
    )
)
UNIT_WORDS = {
    "minutes": "min", "minute": "min", "mins": "min", "minuten": "min", "hours": "h", "hour": "h", "hrs": "h",
    "stunden": "h", "std": "h", "seconds": "s", "sec": "s", "sekunden": "s", "percent": "%", "pct": "%", "prozent": "%",
    "kilometers": "km", "kilometres": "km", "kilometer": "km", "meters": "m", "metres": "m", "meter": "m",
    "miles": "mi", "mile": "mi", "feet": "ft",
}  # fmt: skip


class Proposal(NamedTuple):
    """Lines ready to paste, and how much of the file they read."""

    lines: tuple[str, ...]
    row_count: int
    record_count: int
    problems: tuple[str, ...]
    known_as: str  # the reader that knows the file without a mapping; '' where none does


def entry_of(path: Path) -> Entry:
    """A file of the disk as a reader sees it. Raises HomeError where it cannot be read."""
    try:
        size = path.stat().st_size
        with open(path, "rb"):
            return Entry(path.name, size, lambda: open(path, "rb"))
    except OSError as error:
        raise HomeError(
            say("{path} cannot be read ({strerror}).", path=path, strerror=error.strerror),
            say("Name a file that you may read."),
        ) from None


def propose(entry: Entry, context: Context, rows: Sequence[str] = (), columns: Sequence[str] = ()) -> Proposal:
    """What `[[tables]]` could say of a file.

    `rows` name kinds of rows and what each is, as 'Knee pain=pain' or 'Massage=massages'; `columns` likewise headings.
    Raises UnreadableExportError where it is no table of text, or has none of what is named.
    """
    line, names = header(entry)
    encoding = mapped_table.encoding(entry.head)
    of_file = TableFile(0, entry, context).rows(line, encoding, is_padded=True)
    looked_at = [row for row in islice(of_file, TRIED if rows else LOOKED_AT_ROWS) if isinstance(row, Row)]
    found = [column_of(name, [row.cells.get(plain(name), "") for row in looked_at]) for name in names if plain(name)]
    if not looked_at:
        raise UnreadableExportError(
            say("{name} has headings but no rows.", name=entry.name), say("Name a file with some rows.")
        )
    asked = _Asked(
        entry.name,
        [map_logs.wanted(each) for each in rows],
        [map_logs.wanted(each) for each in columns],
    )
    lines = [f"# {column.heading}: {column.summary}" for column in found]
    lines += ["[[tables]]", f"file = {toml_text(entry.name)}", f"source = {toml_text(_source(entry.name))}"]
    lines += [f"header_row = {line + 1}"] if line else []
    lines += _proposed(found, asked)
    lines = [printable(line) for line in lines]  # a heading with a line end would go on as settings of its own
    records, problems = _tried(entry, context, lines)
    return Proposal(tuple(lines), len(looked_at), records, problems, _known_as(entry, context))


class _Asked(NamedTuple):
    """The name of the file, and what the person says of its rows and columns."""

    title: str
    rows: Sequence[map_logs.Wanted]
    columns: Sequence[map_logs.Wanted]


def _known_as(entry: Entry, context: Context) -> str:
    """The reader that reads the file without a mapping; '' where none does, or refuses it."""
    name = next((name for name, reader in sorted(readers().items()) if any(reader.claims([entry]))), "")
    is_log = name in ("diary_log", "massage_log")
    is_read = not is_log or any(isinstance(found, Batch) for found in readers()[name].read([entry], context))
    return name if is_read else ""


def split(entry: Entry, heading: str, into: Path) -> list[tuple[str, Path, int]]:
    """Writes one file for each value of a column, as `into/VALUE/NAME`; returns value, path and rows of each.

    Raises UnreadableExportError where the column is not there, HomeError where a file would be overwritten.
    """
    line, names = header(entry)
    encoding = mapped_table.encoding(entry.head)
    lines = entry.read().decode(encoding, errors="replace").splitlines(keepends=True)
    head, body = lines[: line + 1], lines[line + 1 :]
    if plain(heading) not in map(plain, names):
        raise UnreadableExportError(
            say("{name} has no column {heading!r}.", name=entry.name, heading=heading),
            say("It has {names}.", names=", ".join(names)),
        )
    position = [plain(name) for name in names].index(plain(heading))
    delimiter = delimiter_of(head[-1])
    parts: dict[str, list[str]] = {}
    for row in body:
        cells = next(csv.reader([row], delimiter=delimiter), [])
        if len(cells) > position and cells[position].strip():
            parts.setdefault(cells[position].strip(), []).append(row)
    if not parts or len(parts) > MAX_PARTS:
        raise UnreadableExportError(
            say(
                "{heading!r} of {name} has {count:,} values; people are 1 to {max_parts}.",
                heading=heading,
                name=entry.name,
                count=len(parts),
                max_parts=MAX_PARTS,
            ),
            say("Name another column."),
        )
    written = []
    for value, rows in sorted(parts.items()):
        folder = re.sub(r"[^\w.-]+", "_", value).strip("._") or "_"
        written.append((folder, into / folder / entry.name, len(rows)))
    _refuse_taken([path for _, path, _ in written])
    for (_, path, _), (_, rows) in zip(written, sorted(parts.items()), strict=True):
        private_folder(path.parent)
        with open_private(path, is_new=True) as stream:
            stream.write("".join([*head, *rows]).encode())
    return written


def _refuse_taken(paths: Sequence[Path]) -> None:
    taken = [path for path, count in Counter(paths).items() if count > 1 or path.exists()]
    if taken:
        raise HomeError(
            say("{taken} is there already.", taken=taken[0]),
            say("Nothing is overwritten: remove it, or name another --into."),
        )


def _proposed(columns: Sequence[Column], asked: _Asked) -> list[str]:
    """The keys after file and source."""
    when = _when(columns)
    if when is None:
        return [say("# time = ...  # no column of this file is a date or a time in a form that is known here")]
    kind, start, end, formats = when
    lines = [f"{ {'time': 'time', 'date': 'date', 'sleep': 'sleep_start'}[kind] } = {_headings(start)}"]
    if end:
        lines.append(f"{'sleep_end' if kind == 'sleep' else 'end'} = {_headings([end])}")
    if len(formats) > 1:
        choices = " or ".join(map(toml_text, formats))
        lines.append(say("# date_format = {choices}  # the file does not tell which: choose one", choices=choices))
    elif formats[0]:
        lines.append(f"date_format = {toml_text(formats[0])}")
    if kind != "date" and not _has_offsets(start[0]) and formats[0] not in UNIX:
        lines.append(say('# zone = "Europe/Berlin"  # if its times are of another zone than yours'))
    taken = [*start, *([end] if end else [])]
    regions = None if kind == "sleep" else map_logs.regions(columns, start[-1], asked.title)
    if kind == "date" and any("" in column.cells for column in start):
        carried = say("carry_down = true  # a blank date is that of the row above")
        lines.append(carried if regions or len(start) == len(YEAR_MONTH_DAY) else f"# {carried}")
    if asked.rows:
        return lines + map_logs.asked_rows(columns, taken, asked.rows)
    if asked.columns:
        return [*lines, "[tables.columns]", *map_logs.asked_columns(columns, asked.columns)]
    if regions:
        return lines + map_logs.open_rows(columns, taken)
    numbers = [column for column in columns if column.kind == "number" and column not in taken]
    decimal = _decimal(numbers)
    measured = _metrics(kind, start, end, formats, numbers)
    plain_lines, unclear = ([], []) if kind == "sleep" else map_logs.log_columns_of(columns, taken, asked.title)
    if measured.chosen:
        goes_apart = say("# (the columns of a diary or of massages, if it has any, go into a file of their own)")
        return [*lines, *([decimal] if decimal else []), *measured.lines(), *([goes_apart] if plain_lines else [])]
    if plain_lines or unclear:
        return [*lines, "[tables.columns]", *plain_lines, *unclear]
    kinds = [] if kind == "sleep" else map_logs.open_rows(columns, taken)
    return [*lines, *([decimal] if decimal else []), *(kinds or measured.lines())]


def _when(columns: Sequence[Column]) -> tuple[str, list[Column], Column | None, tuple[str, ...]] | None:
    """The kind of the table, the columns in which a row begins and ends, and the ways to read them."""
    split = date_parts([column.heading for column in columns])
    times = [column for column in columns if column.kind == "time"]
    dates = [column for column in columns if column.kind == "date"]
    clocks = [column for column in columns if column.kind == "clock"]
    if split and not dates:
        return "date", [columns[position] for position in split], None, ("",)
    if times:
        ends = [column for column in times if END_WORDS.search(_words(column.heading))]
        starts = [column for column in times if column not in ends] or times
        start = next((column for column in starts if START_WORDS.search(_words(column.heading))), starts[0])
        end = next((column for column in ends if column is not start), None)
        is_sleep = end is not None and any(SLEEP_WORDS.search(_words(column.heading)) for column in columns)
        return "sleep" if is_sleep else "time", [start], end, start.formats
    if dates and len(clocks) == 1:
        formats = tuple(f"{day or '%Y-%m-%d'} {clock}" for day in dates[0].formats for clock in clocks[0].formats[:1])
        return "time", [dates[0], clocks[0]], None, formats
    if dates:
        return "date", [dates[0]], None, dates[0].formats
    return None


def _has_offsets(column: Column) -> bool:
    return any(re.search(r"(Z|[+-]\d\d:?\d\d)$", cell) for cell in column.cells if ":" in cell)


def _decimal(numbers: Iterable[Column]) -> str:
    with_comma = [cell for column in numbers for cell in column.cells if "," in cell]
    if not with_comma:
        return ""
    if any("." in cell for cell in with_comma):
        return f'decimal = "{"," if any(cell.rfind(",") > cell.rfind(".") for cell in with_comma) else "."}"'
    if all(re.fullmatch(r"\d{1,3}(,\d{3})+", cell) for cell in with_comma):
        return say('# decimal = "," or "."  # is 1,234 more than a thousand? choose one')
    return 'decimal = ","'


class _Measured(NamedTuple):
    """What columns of numbers measure: the line of each metric, the lines left open, and what goes before them."""

    kind: str
    chosen: Mapping[str, str]
    open_lines: Sequence[str]
    before: Sequence[str]

    def lines(self) -> list[str]:
        """The lines from covers_min on."""
        known = [say("# known here: {names}", names=", ".join(METRICS[self.kind]))] if self.open_lines else []
        return [*self.before, "[tables.columns]", *self.chosen.values(), *self.open_lines, *known]


def _metrics(
    kind: str, start: Sequence[Column], end: Column | None, formats: Sequence[str], numbers: Sequence[Column]
) -> _Measured:
    """What each column of numbers measures, the open ones as comments."""
    chosen: dict[str, str] = {}  # by metric: its line
    open_lines: list[str] = []
    for column in numbers:
        heading, metric = toml_text(column.heading), _metric(kind, column.heading)
        if metric is None:
            open_lines.append(say("# {heading} = ...  # what does it measure? see below", heading=heading))
        elif metric in chosen:
            open_lines.append(
                say('# {heading} = "{metric}"  # another column is {metric} already', heading=heading, metric=metric)
            )
        elif unit := _unit(metric, column):
            own = next(iter(units(metric)), "")
            chosen[metric] = f"{heading} = {toml_text(metric if unit in (own, '-') else f'{metric} in {unit}')}"
        else:
            known = ", ".join(units(metric))
            open_lines.append(
                say(
                    '# {heading} = "{metric} in ..."  # {known}: the heading does not tell',
                    heading=heading,
                    metric=metric,
                    known=known,
                )
            )
    before: list[str] = []
    if kind == "time" and end is None and any(metric in COUNTS for metric in chosen):
        minutes = _covered(start, formats)
        please_check = say("covers_min = 1  # how many minutes a row counts: please check")
        before.append(f"covers_min = {minutes:g}" if minutes else please_check)
    return _Measured(kind, chosen, open_lines, before)


def _metric(kind: str, heading: str) -> str | None:
    words = _words(heading)
    return next((metric for metric, named in METRIC_WORDS if metric in METRICS[kind] and named.search(words)), None)


def _words(heading: str) -> str:
    """A heading in folded words, as it stands and with its capitals apart."""
    return " | ".join(log_cells.fold(each.replace("_", " ")) for each in (heading, _apart(heading)))


def _apart(heading: str) -> str:
    """TotalTimeInBed as Total Time In Bed."""
    return re.sub(r"(?<=[a-z])(?=[A-Z])", " ", heading)


def _unit(metric: str, column: Column) -> str:
    """The unit by the heading, or by the range of a share; '-' where there is only one, '' where it is open."""
    known = units(metric)
    words = [word.lower() for word in re.findall(r"[A-Za-z/%]+", _apart(column.heading).replace("_", " "))]
    named = [UNIT_WORDS.get(word, word) for word in words]
    found = [unit for unit in known if unit.lower() in named]
    largest = max((number(cell) for cell in column.cells if is_number(cell)), default=0.0)
    if found:
        return found[0]
    if metric.startswith("hrv_"):
        return "s" if largest <= 1 else "ms"
    if metric.endswith("_share"):
        return "%" if largest > 1 else "share"
    return "-" if not known or metric == "active_energy_kcal" else ""


def _covered(start: Sequence[Column], formats: Sequence[str]) -> float | None:
    """The minutes between most rows, where most are equally far apart."""
    if len(formats) != 1:
        return None
    moments = []
    for cells in zip(*(column.cells for column in start), strict=True):
        try:
            moments.append(moment(" ".join(cells), formats[0]))
        except ValueError:
            continue
    steps = [(after - before) / timedelta(minutes=1) for before, after in pairwise(moments) if after > before]
    if not steps:
        return None
    minutes = median(steps)
    is_regular = sum(step == minutes for step in steps) > len(steps) / 2
    return minutes if is_regular and 0 < minutes <= MAX_COVERED_MIN else None


def _headings(columns: Sequence[Column]) -> str:
    names = [toml_text(column.heading) for column in columns]
    return names[0] if len(names) == 1 else f"[{', '.join(names)}]"


def _source(name: str) -> str:
    return re.sub(r"[^a-z]+", "_", name.rpartition(".")[0].lower()).strip("_")[:30] or "table"


def _tried(entry: Entry, context: Context, lines: Sequence[str]) -> tuple[int, tuple[str, ...]]:
    """How many records the proposal makes of the file, and why rows were skipped."""
    try:
        settings = parse(Home(Path()), tomllib.loads("\n".join(lines)))
    except SettingsError as error:  # a column that decides is still open
        return 0, (error.message.removeprefix("recovery.toml: "),)
    mapping = settings.mapping_of(entry.name)
    records = 0
    problems: Counter[str] = Counter()
    for found in mapped_table.read([replace(entry, mapping=mapping)], context):
        if isinstance(found, Batch):
            records += len(found.table)
        elif isinstance(found, Skipped):
            problems[found.reason] += 1
        if records + problems.total() > TRIED:
            break
    return records, tuple(f"{reason} (rows: {count:,})" for reason, count in problems.most_common(3))
