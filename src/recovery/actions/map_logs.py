"""What `[[tables]]` could say of a table that is a diary, a list of massages or a tracker's log of taps.

Which region, symptom or kind of tap is meant is never guessed: it is listed, and the person names it, as
`--row 'Knee pain=pain'` or `--column 'Knee=pain'`.
"""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from itertools import combinations
from typing import NamedTuple

from recovery.actions.columns import Column, is_number, number, toml_text
from recovery.errors import UnreadableExportError
from recovery.formats import diary_layouts, log_columns
from recovery.formats.diary_scales import SCALES, is_turned, scale_in
from recovery.formats.log_cells import fold
from recovery.formats.log_table import Row
from recovery.formats.log_words import NO, WEEKDAYS, YES
from recovery.formats.mapped_logs import same
from recovery.formats.massage_words import names_massage
from recovery.formats.region_words import BODY, TOTAL_PAIN, VALUE_HEADINGS
from recovery.home.mapped_columns import DIARY_TARGETS, MASSAGE_TARGETS, RATINGS
from recovery.words.say import say

MAX_KINDS = 200  # of more different texts in a column each is a note
MAX_LISTED = 20
COUNT_HEADINGS = frozenset(
    ("number", "amount", "quantity", "count", "zahl", "anzahl", "nombre", "numero", "quantite", "cantidad", "quantita")
)
MASSAGE_ONLY = {"minutes", "technique", "muscles", "therapist", "pain_before", "pain_after"}
MASSAGES = "massages"  # the target of rows that are massages


class Wanted(NamedTuple):
    """What is to be read as what: values of a row or a heading, and a metric, a column of a log or `massages`."""

    name: str
    target: str


def wanted(text: str) -> Wanted:
    """`Knee pain=pain`, or of several columns `Pain/Knee=pain`. Raises UnreadableExportError where it is neither."""
    name, equals, target = (part.strip() for part in text.rpartition("="))
    if not (name and equals and target):
        raise UnreadableExportError(
            say("{text!r} does not say what is to be read as what.", text=text), say("Write it as 'Knee pain=pain'.")
        )
    return Wanted(name, target)


def kinds_of_rows(columns: Sequence[Column], taken: Sequence[Column]) -> list[Column]:
    """The columns that may say what a row is about: texts that come again."""
    found = []
    for column in columns:
        values = {cell for cell in column.cells if cell}
        is_other = {"note", "medication"} & set(log_columns.matched("diary", [column.heading]))
        is_weekday = {fold(value) for value in values} <= WEEKDAYS
        is_free = column not in taken and not is_other and not is_weekday
        is_answer = {fold(value) for value in values} <= YES | NO
        is_nested = all(value.startswith(("[", "{")) for value in values)
        if column.kind == "text" and is_free and len(values) <= MAX_KINDS and not (is_answer or is_nested):
            found.append(column)
    # What is the same in every row, as a person's number or country, tells no rows apart.
    return [column for column in found if len(set(column.cells)) > 1] or found


def regions(columns: Sequence[Column], date: Column | None, title: str) -> diary_layouts.Regions | None:
    """The regions or symptoms that the rows of a table rate apart; None where there are none."""
    if date is None:
        return None
    names, rows = [column.heading for column in columns], _rows(columns)
    return diary_layouts.regions_in_rows(names, rows, columns.index(date), title, set())


def asked_rows(columns: Sequence[Column], taken: Sequence[Column], asked: Sequence[Wanted]) -> list[str]:
    """A `[[tables.rows]]` for each kind of row that was asked for.

    Raises UnreadableExportError where no row has such values, or no column the numbers.
    """
    return [line for each in asked for line in _block(columns, taken, each)]


def open_rows(columns: Sequence[Column], taken: Sequence[Column]) -> list[str]:
    """Comments that list what the rows are about and how to name it; [] where nothing says so."""
    kinds = kinds_of_rows(columns, taken)
    counts = Counter("/".join(filter(None, cells)) for cells in zip(*(kind.cells for kind in kinds), strict=True))
    counts.pop("", None)
    if not counts or (max(counts.values()) == 1 < len(counts) and len(counts) > MAX_LISTED):
        return []
    listed = [
        say("#   {kind} (rows: {count:,})", kind=kind, count=count) for kind, count in counts.most_common(MAX_LISTED)
    ]
    if len(counts) > MAX_LISTED:
        listed.append(say("#   and {count:,} more", count=len(counts) - MAX_LISTED))
    example = max(counts, key=lambda kind: (diary_layouts.likely(fold(kind)), counts[kind]))
    return [
        say("# Its rows are of several kinds, and only you know which is which:"),
        *listed,
        say("# Name what is to be read: recovery map FILE --row '{example}=pain'", example=example),
        say("# (or =mood, =massages, =doses; with a scale: '=pain in 0-100'; --row may be given several times)"),
    ]


def asked_columns(columns: Sequence[Column], asked: Sequence[Wanted]) -> list[str]:
    """`columns` of what was asked for. Raises UnreadableExportError where a heading is not there."""
    headings = {same(column.heading): column.heading for column in columns}
    lines = []
    for name, target in asked:
        heading = headings.get(same(name))
        if heading is None:
            raise UnreadableExportError(
                say("There is no column {name!r}.", name=name),
                say("It has {names}.", names=", ".join(column.heading for column in columns)),
            )
        lines.append(f"{toml_text(heading)} = {toml_text(target)}")
    return lines


def log_columns_of(columns: Sequence[Column], taken: Sequence[Column], title: str) -> tuple[list[str], list[str]]:
    """The lines of a diary's or a massage list's columns: those that are plain, and those left open as comments."""
    names = [column.heading for column in columns]
    found = {kind: log_columns.matched(kind, names) for kind in ("diary", "massages")}
    only = MASSAGE_ONLY & set(found["massages"])
    if only == {"technique"} and log_columns.named(title) != "massages":
        kinds = [cell for cell in columns[found["massages"]["technique"]].cells if cell]
        if sum(map(names_massage, kinds)) * 2 < len(kinds):  # the type of anything: a symptom, a treatment
            only = set()
    is_massages = only and log_columns.named(title) != "diary"
    log, targets = ("massages", MASSAGE_TARGETS) if is_massages else ("diary", DIARY_TARGETS)
    is_diary = bool(found["diary"].keys() - {"date", "note"})
    apart = None if is_massages else diary_layouts.regions_in_columns(names, _rows(columns), title, is_diary)
    plain: list[str] = []
    unclear = [
        say('# {heading} = "pain"  # which one is the pain to follow? choose one', heading=toml_text(heading))
        for heading in (apart.counts if apart else ())
    ]
    for target, position in found[log].items():
        column = columns[position]
        is_apart = apart is not None and column.heading in apart.counts
        if target not in targets or column in taken or column.kind == "empty" or is_apart:
            continue
        line, is_open = rated(column, target)
        (unclear if is_open else plain).append(line)
    if not (MASSAGE_ONLY if log == "massages" else set(DIARY_TARGETS) - {"note"}) & set(found[log]):
        plain = []
    return plain, unclear


def rated(column: Column, target: str, cells: Sequence[str] = ()) -> tuple[str, bool]:
    """The line that maps a column to a column of a log, and whether its scale is open."""
    heading = toml_text(column.heading)
    if target not in RATINGS:
        return f"{heading} = {toml_text(target)}", False
    told = scale_in(column.heading, target) if target in SCALES else None
    if target in SCALES and is_turned(column.heading, target):
        low, high = told or SCALES[target]
        return f"{heading} = {toml_text(f'{target} in {high:g}-{low:g}')}", False
    if told is not None:
        return f"{heading} = {toml_text(f'{target} in {told[0]:g}-{told[1]:g}')}", False
    largest = max((number(cell) for cell in cells or column.cells if is_number(cell)), default=0.0)
    if largest > RATINGS[target][1]:
        return (
            say(
                '# {heading} = "{target} in 0-100"  # its numbers go up to {largest:g}: on what scale?',
                heading=heading,
                target=target,
                largest=largest,
            ),
            True,
        )
    return f"{heading} = {toml_text(target)}", False


def _block(columns: Sequence[Column], taken: Sequence[Column], asked: Wanted) -> Iterator[str]:
    kinds = kinds_of_rows(columns, taken)
    where, positions = _where(kinds, asked.name)
    numbers = _numbers_of(columns, taken, positions)
    yield "[[tables.rows]]"
    inside = ", ".join(f"{toml_text(heading)} = {toml_text(value)}" for heading, value in where.items())
    yield f"where = {{ {inside} }}"
    if asked.target == MASSAGES:
        yield from _massage_block([kind for kind in kinds if kind.heading not in where], taken, numbers, positions)
        return
    if numbers is None:
        raise UnreadableExportError(
            say("No column holds numbers for the rows of {name!r}.", name=asked.name),
            say("Name rows that rate something."),
        )
    target, _, scale = asked.target.partition(" in ")
    line, is_open = f"{toml_text(numbers.heading)} = {toml_text(asked.target)}", False
    if not scale:
        line, is_open = rated(numbers, target, [numbers.cells[position] for position in positions])
    yield line if is_open else f"columns = {{ {line} }}"


def _massage_block(
    kinds: Sequence[Column], taken: Sequence[Column], numbers: Column | None, positions: Sequence[int]
) -> Iterator[str]:
    lines = [f"{toml_text(numbers.heading)} = {toml_text('minutes')}"] if numbers else []
    for kind in kinds:
        values = [kind.cells[position] for position in positions if kind.cells[position]]
        if any(BODY.search(fold(value)) for value in values):
            lines.append(f"{toml_text(kind.heading)} = {toml_text('areas')}")
            break
    yield 'log = "massages"'
    yield f"columns = {{ {', '.join(lines)} }}"
    if taken[0].kind == "time":
        heading = toml_text(taken[0].heading)
        yield say('# add {heading} = "start" (or "end") to its columns, if that is when it is tapped', heading=heading)


def _where(kinds: Sequence[Column], name: str) -> tuple[Mapping[str, str], list[int]]:
    """The columns in which rows have the value, or the values parted by /, as written there; and the rows."""
    for names in ([name], name.split("/")):
        for chosen in combinations(kinds, len(names)):
            positions = [
                position
                for position, cells in enumerate(zip(*(column.cells for column in chosen), strict=True))
                if list(map(same, cells)) == list(map(same, names))
            ]
            if positions:
                return {column.heading: column.cells[positions[0]] for column in chosen}, positions
    held = list(dict.fromkeys(cell for kind in kinds for cell in kind.cells if cell))
    raise UnreadableExportError(
        say("No row is of {name!r}.", name=name),
        say("There are {held}.", held=", ".join(map(repr, held[:MAX_LISTED])) or say("no words in its rows")),
    )


def _numbers_of(columns: Sequence[Column], taken: Sequence[Column], positions: Sequence[int] = ()) -> Column | None:
    """The column that holds the numbers of some rows: by its heading, else the only one; None where that is open."""
    numbers = [
        column
        for column in columns
        if column not in taken
        and (column.kind == "number" or positions)
        and any(is_number(column.cells[position]) for position in positions or range(len(column.cells)))
    ]
    for names in (TOTAL_PAIN, VALUE_HEADINGS, COUNT_HEADINGS):
        for column in numbers:
            if fold(column.heading) in names:
                return column
    values = [column for column in numbers if _last_word(column.heading) in VALUE_HEADINGS]
    return values[0] if len(values) == 1 else numbers[0] if len(numbers) == 1 else None


def _last_word(heading: str) -> str:
    """`value` of `trackable_value`."""
    return fold(heading.replace("_", " ")).rpartition(" ")[2]


def _rows(columns: Sequence[Column]) -> list[Row]:
    return [Row("", cells) for cells in zip(*(column.cells for column in columns), strict=True)]
