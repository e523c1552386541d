"""Units that stand in the cell of a mapped table, behind the number: `1450 kJ`, `7.2 km`, `58 min`."""

import re
from dataclasses import dataclass, field

from recovery.formats.log_cells import NotReadableError
from recovery.home.mapped_columns import MappedColumn, units
from recovery.home.unit_words import unit_named
from recovery.words.say import say

WITH_UNIT = re.compile(r"(?P<number>[+-]?\d[\d.,]*)\s*(?P<unit>%|[^\W\d_][^\d]{0,20}?)\s*")
# What is no unit to choose: what a count or a rate is of. By the end of a metric's name.
SAID_ANYWAY = {
    "steps": {"steps", "step", "schritte", "pas", "pasos", "passi", "passos", "stappen"},
    "floors": {"floors", "floor", "flights", "stockwerke", "etagen"},
    "_bpm": {"bpm", "/min", "beats/min", "beats per minute", "count/min"},
    "respiration_rate": {"/min", "brpm", "rpm", "breaths/min", "breaths per minute", "count/min"},
}


@dataclass
class CellUnits:
    """How the cells of each column of one file tell their unit.

    A number without a unit is one of the column's stated unit. Beside cells that tell another one nobody knows that:
    then whichever came first in the file counts, and cells of the other kind are refused.
    """

    _are_told: dict[str, bool] = field(default_factory=dict)

    def split(self, cell: str, column: MappedColumn) -> tuple[str, float]:
        """The number of a cell, and what one of its unit is in that of the metric. Raises NotReadableError."""
        found = WITH_UNIT.fullmatch(cell)
        if found is None:
            self._see(cell, column, is_told=False)
            return cell, column.factor
        factor = _factor(found["unit"], column, cell)
        if factor is None:
            return found["number"], column.factor
        if factor != column.factor:
            self._see(cell, column, is_told=True)
        return found["number"], factor

    def _see(self, cell: str, column: MappedColumn, *, is_told: bool) -> None:
        if self._are_told.setdefault(column.heading, is_told) == is_told:
            return
        name, shown = column.heading, cell[:40]
        if is_told:
            raise NotReadableError(
                say("{name} {shown!r} tells a unit, and rows above it tell none", name=name, shown=shown)
            )
        raise NotReadableError(
            say(
                "{name} {shown!r} tells no unit, and rows above it tell another than recovery.toml",
                name=name,
                shown=shown,
            )
        )


def _factor(unit: str, column: MappedColumn, cell: str) -> float | None:
    """What one of a unit is in that of the metric; None where the word only names what is counted."""
    known = units(column.metric)
    named = unit_named(known, unit)
    if named and column.unit_heading and known[named] != column.factor:
        raise NotReadableError(
            say(
                "{heading} {cell!r} tells another unit than the column {other!r}",
                heading=column.heading,
                cell=cell[:40],
                other=column.unit_heading,
            )
        )
    if named:
        return known[named]
    word = unit.strip().strip(".").casefold()
    if any(column.metric.endswith(end) and word in words for end, words in SAID_ANYWAY.items()):
        return None
    raise NotReadableError(
        say(
            "{heading} {cell!r} tells {unit!r}, which is no unit of {metric} that is known: {known}",
            heading=column.heading,
            cell=cell[:40],
            unit=unit.strip()[:20],
            metric=column.metric,
            known=", ".join(known) or say("no unit"),
        )
    )
