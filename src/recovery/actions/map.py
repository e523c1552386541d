"""A mapping for a table nobody knows, proposed by what its columns are called and hold; and a table split by a column.

Only what the file shows is proposed. Where it leaves something open (a unit, day or month first), the line is there as
a comment with what it could be: pasted as it is, such a column is not read, and never read wrongly.
"""

import csv
import re
import tomllib
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime, time, timedelta
from itertools import islice
from pathlib import Path
from typing import NamedTuple

from recovery.actions import columns as table_columns
from recovery.actions import map_logs, map_questions
from recovery.actions.columns import Column, column_of, delimiter_of, header, toml_text
from recovery.actions.map_files import pattern_of
from recovery.actions.map_kinds import is_of_units, kinds_measured
from recovery.actions.map_metrics import doubts, is_duration, measured, metric_of, words_of
from recovery.errors import HomeError, SettingsError, UnreadableExportError
from recovery.formats import mapped_encoding
from recovery.formats.entries import Context, Entry
from recovery.formats.export_table import Row, TableFile, plain
from recovery.formats.other_tables import as_csv
from recovery.formats.records import Batch, Skipped
from recovery.formats.split_dates import date_parts
from recovery.home.disk import open_private, private_folder
from recovery.home.folder import Home
from recovery.home.settings import parse
from recovery.home.table_mapping import COUNTS, UNIX, YEAR_MONTH_DAY
from recovery.readers import mapped_table, readers
from recovery.words.say import say
from recovery.words.terminal import printable

DAY = timedelta(days=1)
LOOKED_AT_ROWS = 5000
MAX_PARTS = 500
TRIED = 200_000  # records; enough to see whether a proposal fits
FIRST_WORDS = re.compile(
    r"\b(start\w*|begin\w*|from|von|bed\w*|desde|debut|inizio|inicio|onset|fell asleep|coucher|endormissement|"
    r"acost\w*|coricar\w*|einschlaf\w*|zubettgeh\w*|bettzeit|bedtijd|sengetid)\b"
)
START_WORDS = re.compile(
    r"\b(start|begin\w*|from|von|bed\w*|time\w*|date\w*|datum|zeit\w*|when|day|hour|minute|tag|recorded)\b"
)
END_WORDS = re.compile(
    r"\b(end\w*|stop\w*|finish\w*|until|to|bis|ende|wake\w*|up|fin|fine|hasta|lever|reveil\w*|levant\w*|despert\w*|"
    r"sveglia|auf(ge)?wach\w*|aufsteh\w*|aufgestanden|wakker|woke|einde|slut)\b"
)
SLEEP_WORDS = re.compile(
    r"\b(sleep|asleep|schlaf\w*|sommeil|sueno|sonno|slaap|sovn|sono|night|nacht|nuit|noche|notte|bed\w*|bett\w*|coucher|acost\w*)\b"
)


class Proposal(NamedTuple):
    """Lines ready to paste, and how much of the file they read."""

    lines: tuple[str, ...]
    row_count: int
    record_count: int
    problems: tuple[str, ...]
    doubts: tuple[str, ...]  # what looks like a wrong unit
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
    given, entry = entry, as_csv(entry)
    line, names = header(entry)
    encoding = mapped_encoding.encoding(entry.head)
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
    lines += ["[[tables]]", f"file = {toml_text(pattern_of(entry.name))}", f"source = {toml_text(_source(entry.name))}"]
    lines += [f"header_row = {line + 1}"] if line else []
    lines += _proposed(found, asked)
    lines = [printable(line) for line in lines]  # a heading with a line end would go on as settings of its own
    tried = _tried(entry, context, lines)
    return Proposal(tuple(lines), len(looked_at), *tried, _known_as(given, context))


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
    encoding = mapped_encoding.encoding(entry.head)
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
    has_offsets = _has_offsets(start[0]) or formats[0].endswith("%z")
    if kind != "date" and not has_offsets and formats[0] not in UNIX:
        lines.append(say('# zone = "Europe/Berlin"  # if its times are of another zone than yours'))
    of_kinds = [] if kind == "sleep" else kinds_measured(kind, start, end, formats, columns)
    all_columns, columns = columns, [column for column in columns if not is_of_units(column)]
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
    numbers = [
        column
        for column in columns
        if column not in taken
        and (column.kind == "number" or (column.kind in ("clock", "text") and is_duration(kind, column)))
    ]
    decimal = _decimal(numbers)
    found = measured(kind, start, end, formats, numbers, all_columns)
    if of_kinds and not found.chosen:
        return [*lines, *([decimal] if decimal else []), *of_kinds]
    if kind != "sleep" and not found.chosen and (of_form := map_questions.answers(columns, taken)):
        return lines + of_form
    plain_lines, unclear = ([], []) if kind == "sleep" else map_logs.log_columns_of(columns, taken, asked.title)
    if found.chosen:
        goes_apart = say("# (the columns of a diary or of massages, if it has any, go into a file of their own)")
        return [*lines, *([decimal] if decimal else []), *found.lines(), *([goes_apart] if plain_lines else [])]
    if plain_lines or unclear:
        return [*lines, "[tables.columns]", *plain_lines, *unclear]
    kinds = [] if kind == "sleep" else map_logs.open_rows(columns, taken)
    return [*lines, *([decimal] if decimal else []), *(kinds or found.lines())]


def _when(columns: Sequence[Column]) -> tuple[str, list[Column], Column | None, tuple[str, ...]] | None:
    """The kind of the table, the columns in which a row begins and ends, and the ways to read them."""
    split = date_parts([column.heading for column in columns])
    times = [column for column in columns if column.kind == "time"]
    dates = [column for column in columns if column.kind == "date"]
    clocks = [column for column in columns if column.kind == "clock" and not is_duration("date", column)]
    if split and not dates:
        return "date", [columns[position] for position in split], None, ("",)
    if times:
        ends = [column for column in times if END_WORDS.search(words_of(column.heading))]
        starts = [column for column in times if column not in ends] or times
        start = next(
            (
                column
                for named in (FIRST_WORDS, START_WORDS)
                for column in starts
                if named.search(words_of(column.heading))
            ),
            starts[0],
        )
        end = next((column for column in ends if column is not start), None)
        if len(start.formats) == 1 and _are_days(start, end):
            return "date", [start], None, start.formats
        is_sleep = end is not None and any(SLEEP_WORDS.search(words_of(column.heading)) for column in columns)
        return "sleep" if is_sleep else "time", [start], end, start.formats
    if dates and len(clocks) == 1:
        formats = tuple(f"{day or '%Y-%m-%d'} {clock}" for day in dates[0].formats for clock in clocks[0].formats[:1])
        return "time", [dates[0], clocks[0]], None, formats
    if dates:
        return "date", [dates[0]], None, dates[0].formats
    return None


def _are_days(start: Column, end: Column | None) -> bool:
    """Whether rows are of whole days: all begin and end at midnight, dates follow each other, and no row is longer."""
    dates: set[date] = set()
    for cells in zip(start.cells, (end or start).cells, strict=True):
        try:
            begun, ended = (table_columns.moment(cell, start.formats[0]) for cell in cells)
        except ValueError:
            continue
        if begun.time() != time() or ended.time() != time() or ended - begun > DAY:
            return False
        dates |= {begun.date(), ended.date()}
    return any(day + DAY in dates for day in dates)


def _has_offsets(column: Column) -> bool:
    return any(re.search(r"(Z|[+-]\d\d:?\d\d)$", cell) for cell in column.cells if ":" in cell)


def _decimal(numbers: Iterable[Column]) -> str:
    numbers = list(numbers)
    with_comma = [cell for column in numbers for cell in column.cells if "," in cell]
    if not with_comma:
        # nobody makes 8.123 steps: the point stands between thousands
        counts = [cell for column in numbers if metric_of("date", column.heading) == "steps" for cell in column.cells]
        with_point = [cell for cell in counts if "." in cell]
        is_grouped = bool(with_point) and all(re.fullmatch(r"[1-9]\d{0,2}(\.\d{3})+", cell) for cell in with_point)
        return 'decimal = ","' if is_grouped else ""
    if any("." in cell for cell in with_comma):
        return f'decimal = "{"," if any(cell.rfind(",") > cell.rfind(".") for cell in with_comma) else "."}"'
    if all(re.fullmatch(r"\d{1,3}(,\d{3})+", cell) for cell in with_comma):
        # a point that can only be of a fraction, or steps in parts: the comma stands between thousands
        has_fractions = any(re.fullmatch(r"\d+\.\d{1,2}|0\.\d+", cell) for column in numbers for cell in column.cells)
        of_steps = [column for column in numbers if metric_of("date", column.heading) == "steps"]
        if has_fractions or any("," in cell for column in of_steps for cell in column.cells):
            return 'decimal = "."'
        return say('# decimal = "," or "."  # is 1,234 more than a thousand? choose one')
    return 'decimal = ","'


def _headings(columns: Sequence[Column]) -> str:
    names = [toml_text(column.heading) for column in columns]
    return names[0] if len(names) == 1 else f"[{', '.join(names)}]"


def _source(name: str) -> str:
    return re.sub(r"[^a-z]+", "_", name.rpartition(".")[0].lower()).strip("_")[:30] or "table"


def _tried(entry: Entry, context: Context, lines: Sequence[str]) -> tuple[int, tuple[str, ...], tuple[str, ...]]:
    """How many records the proposal makes of the file, why rows were skipped, and what looks like a wrong unit."""
    try:
        settings = parse(Home(Path()), tomllib.loads("\n".join(lines)))
    except SettingsError as error:  # a column that decides is still open
        return 0, (error.message.removeprefix("recovery.toml: "),), ()
    mapping = settings.mapping_of(entry.name)
    records = 0
    problems: Counter[str] = Counter()
    days: dict[str, dict[date, list[float]]] = defaultdict(lambda: defaultdict(list))
    for found in mapped_table.read([replace(entry, mapping=mapping)], context):
        if isinstance(found, Batch):
            records += len(found.table)
            _keep_values(found, days)
        elif isinstance(found, Skipped):
            problems[found.reason] += 1
        if records + problems.total() > TRIED:
            break
    told = tuple(f"{reason} (rows: {count:,})" for reason, count in problems.most_common(3))
    return records, told, tuple(_doubts(days))


def _keep_values(found: Batch, days: dict[str, dict[date, list[float]]]) -> None:
    """Keeps the values of a batch by metric and date."""
    if found.record not in ("samples", "day_values"):
        return
    when = "local_date" if found.record == "day_values" else "start_utc"
    columns = (found.table[name].to_pylist() for name in ("metric", when, "value"))
    for metric, moment, value in zip(*columns, strict=True):
        days[metric][moment.date() if isinstance(moment, datetime) else moment].append(value)


def _doubts(days: Mapping[str, Mapping[date, Sequence[float]]]) -> Iterator[str]:
    """What looks wrong about the days of each metric: sums of what is counted, means of all else."""
    for metric, values in days.items():
        yield from doubts(
            metric, [sum(of_day) if metric in COUNTS else sum(of_day) / len(of_day) for of_day in values.values()]
        )
