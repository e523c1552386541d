"""From stored evidence to what the program says at each look, by its rules as they are now."""

from collections.abc import Sequence
from datetime import date, timedelta

from recovery.effects.boundaries import Family
from recovery.effects.look_family import Found, Primary, SaidAt, said_of_family
from recovery.effects.looks import Event

from .evidence import Row, evidence_of
from .results import Line

FIRST_DAY = date(2023, 1, 2)
FOUND = (Event.FOUND, Event.FOUND_AGAIN)


def primary_of(metric: Line, rows: Sequence[Row] | None = None) -> Primary:
    """The looks at one main metric of a person; `rows` in place of all that are stored."""
    found = [
        Found(FIRST_DAY + timedelta(days=row[1]), number, row[0], evidence_of(row))
        for number, row in enumerate(metric["rows"] if rows is None else rows, 1)
    ]
    return Primary(metric["metric"], metric["better"], found)


def said_of_rows(metrics: Sequence[Line], rows: Sequence[Sequence[Row]]) -> list[SaidAt]:
    """What is said at these rows of each main metric of a person, the first of whom is the main number."""
    names = tuple(one["metric"] for one in metrics)
    primaries = [primary_of(one, of) for one, of in zip(metrics, rows, strict=True)]
    return list(said_of_family(primaries, Family(names, main=names[0])))


def day_of(one: SaidAt) -> int:
    """The day of the look, counted from the first day of the record."""
    return (one.found.local_date - FIRST_DAY).days


def is_of_layer_a(metrics: Sequence[Line]) -> bool:
    """Whether these are all looks at the main metrics of a person."""
    return not {"pace", "paces"}.isdisjoint(metrics[0])


def is_of_layer_b(metrics: Sequence[Line]) -> bool:
    """Whether these are those that the program itself took."""
    return "jump" in metrics[0]
