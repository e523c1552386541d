"""Layer b beside layer a: what the program's whole path says of people, and what looks at their numbers alone say.

By person: of some people of layer b both are asked at the same looks (`ALONE` of whole_path.py). By cell: all people
of layer b, and those of the same cell of layer a, who are others, at as many massages. Of these not every look was
computed (evidence.py): the one before counts then, from which nothing that is asked about can have changed.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence

from recovery.effects.look_family import SaidAt
from recovery.vocabulary.verdicts import FOR_THE_WORSE, Verdict

from .cells import PATHS
from .evidence import Row
from .results import Key, Line, Sum, percent
from .spoken import FOUND, is_of_layer_a, is_of_layer_b, said_of_rows
from .whole_path import LOOKS

Figure = tuple[str, str, float]

ASKED = {  # of any main number, at the looks of layer b: the figure, and the effects for which cells tell it
    "ever a finding": ("none", "worth", "0.4 SD", "build-up"),
    "ever denied": ("worth", "build-up"),
    "ever worse": ("none",),
}
AT_SEVEN = "at seven looks: "
OF_BOTH, ALONE, LESS = "path, both looked: ", "alone, both looked: ", "path less alone: "
SAME = "path and alone: a look finds the same"
PREFIXES = (AT_SEVEN, OF_BOTH, ALONE, LESS)  # of figures that rest on how findings are made and taken back
NONE = Sum(0, 0.0, 0.0)


def figures_beside(line: Line) -> Iterator[Figure]:
    """What is ever said at the looks of layer b, and where both layers looked, by both, and how they differ."""
    metrics = line["metrics"]
    if not (is_of_layer_a(metrics) or is_of_layer_b(metrics)):
        return
    path = _ever(metrics, [at_seven(one["rows"]) for one in metrics])
    yield from ((AT_SEVEN + name, "", value) for name, value in path.items())
    if any("alone" not in one for one in metrics):
        return
    alone = _ever(metrics, [one["alone"] for one in metrics])
    for name, value in alone.items():
        yield OF_BOTH + name, "", path[name]
        yield ALONE + name, "", value
        yield LESS + name, "", path[name] - value
    for one in metrics:
        for by_path, by_looks in zip(one["rows"], one["alone"], strict=True):
            yield SAME, one["metric"], float(by_path == by_looks)
            yield SAME, "", float(by_path == by_looks)


def at_seven(rows: Sequence[Row]) -> list[Row]:
    """The rows with as many massages as `LOOKS` has, or the nearest one before, and the last one."""
    found = []
    for massages in (*LOOKS, max((row[0] for row in rows), default=0)):
        before = [row for row in rows if row[0] <= massages]
        if before and before[-1] not in found:
            found.append(before[-1])
    return found


def _ever(metrics: Sequence[Line], rows: Sequence[Sequence[Row]]) -> dict[str, float]:
    """Whether each of `ASKED` is ever said of any main number."""
    said = said_of_rows(metrics, rows)
    return {name: float(any(IS_SAID[name](one) for one in said)) for name in ASKED}


IS_SAID: Mapping[str, Callable[[SaidAt], bool]] = {
    "ever a finding": lambda one: one.said.event in FOUND,
    "ever denied": lambda one: one.said.verdict is Verdict.CONTRADICTED,
    "ever worse": lambda one: one.word in FOR_THE_WORSE,
}


def by_cell(sums: Mapping[Key, Sum]) -> Iterator[list[str]]:
    """A row for each cell and figure of layer b: its people, those of layer a at as many massages, the difference."""
    for booking, effect in PATHS:
        for figure, effects in ASKED.items():
            b, a = (sums.get(Key(f"{of}/{booking}/{effect}", AT_SEVEN + figure, ""), NONE) for of in ("b", "a"))
            if effect in effects and b.n:
                people = f"{b.n} / {a.n}"
                apart = f"{100 * (b.mean - a.mean):+.1f} ±{100 * (b.error**2 + a.error**2) ** 0.5:.1f}" if a.n else "-"
                yield [booking, effect, figure, people, percent(b), percent(a), apart]


def by_person(sums: Mapping[Key, Sum]) -> Iterator[list[str]]:
    """Of people at whom both layers looked: a row for each figure, and one for the looks."""
    for figure, effects in ASKED.items():
        of = [f"b/{booking}/{effect}" for booking, effect in PATHS if effect in effects]
        b, a, less = (_over(of, sums, prefix + figure) for prefix in (OF_BOTH, ALONE, LESS))
        if b.n:
            apart = f"{100 * less.mean:+.1f} ±{100 * less.error:.1f}"
            yield [f"{figure}, {', '.join(effects)}", str(b.n), percent(b), percent(a), apart]
    same = _over([f"b/{booking}/{effect}" for booking, effect in PATHS], sums, SAME)
    if same.n:
        yield ["looks of which both find the same, to six digits", str(same.n), percent(same), "", ""]


def _over(cells: Sequence[str], sums: Mapping[Key, Sum], figure: str) -> Sum:
    return sum((sums.get(Key(cell, figure, ""), NONE) for cell in cells), NONE)
