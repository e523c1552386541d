"""Tables in which each row says what it measures: a column of names, one of numbers, and often one of units."""

from collections.abc import Sequence

from recovery.actions.columns import Column, is_number, toml_text
from recovery.actions.map_metrics import UNIT_HEADING, best_of, covered_line, in_column, unit_of, words_of
from recovery.home.table_mapping import units
from recovery.words.say import say

MAX_KINDS = 200  # names of more kinds are no names of metrics


def is_of_units(column: Column) -> bool:
    """Whether a column of words is called a unit."""
    return column.kind == "text" and bool(UNIT_HEADING.search(words_of(column.heading)))


def kinds_measured(
    kind: str, start: Sequence[Column], end: Column | None, formats: Sequence[str], columns: Sequence[Column]
) -> list[str]:
    """The lines for the kinds of rows that name a metric; [] where no column names any."""
    of_units = next((column for column in columns if is_of_units(column)), None)
    taken = (*start, end, of_units)
    numbers = [column for column in columns if column.kind == "number" and column not in taken]
    if len(numbers) != 1:
        return []
    for names in columns:
        if names.kind != "text" or names in taken:
            continue
        kinds = _kinds(names, numbers[0])
        if len(kinds) <= MAX_KINDS and (best := best_of(kind, kinds)):
            lines = [_block(each, metric, names, numbers[0], of_units) for metric, each in best.items()]
            before = covered_line(start, end, formats, best) if kind == "time" else []
            others = [each.heading for each in kinds if each not in best.values()]
            told = say("# (rows of other kinds, as {name!r}, are asked for by --row)", name=others[0]) if others else ""
            return [*before, *([told] if told else []), *(line for block in lines for line in block)]
    return []


def _kinds(names: Column, numbers: Column) -> list[Column]:
    """The numbers of each kind of row, as a column that is called as the kind."""
    cells: dict[str, list[str]] = {}
    for name, cell in zip(names.cells, numbers.cells, strict=True):
        if name and is_number(cell):
            cells.setdefault(name, []).append(cell)
    return [Column(name, "number", (), "", tuple(found)) for name, found in cells.items()]


def _block(kind: Column, metric: str, names: Column, numbers: Column, of_units: Column | None) -> list[str]:
    where = f"where = {{ {toml_text(names.heading)} = {toml_text(kind.heading)} }}"
    beside = of_units and _of_kind(of_units, kind.heading, names)
    line = in_column(metric, numbers.heading, kind, beside) if beside else ""
    if not line and not (unit := unit_of(metric, kind)):
        line = say(
            '# {heading} = "{metric} in ..."  # {known}: no column tells the unit',
            heading=toml_text(numbers.heading),
            metric=metric,
            known=", ".join(units(metric)),
        )
    elif not line:
        own = next(iter(units(metric)), "")
        line = f"{toml_text(numbers.heading)} = {toml_text(metric if unit in (own, '-') else f'{metric} in {unit}')}"
    if line.startswith("#"):
        return [f"# {where}  {line}"]
    return ["[[tables.rows]]", where, f"columns = {{ {line} }}"]


def _of_kind(column: Column, name: str, names: Column) -> Column:
    """The cells of a column in the rows of one kind."""
    return column._replace(
        cells=tuple(cell for cell, each in zip(column.cells, names.cells, strict=True) if each == name)
    )
