"""The files of results: one for each cell and piece, under the code that made it; and the sums that are committed.

A piece is what one call of `run` adds to a cell: FOLDER/CODE/CELL/FIRST.jsonl, a line of JSON for each person from the
number FIRST on. The sums of each cell, by figure, are kept in results/figures.csv and the list of their pieces in
results/pieces.csv, so that a study goes on where another one left off even when its pieces are gone.
"""

import ast
import csv
import hashlib
import json
import sys
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NamedTuple

RESULTS = Path(__file__).parents[1] / "results"
SPOKEN_LATER = ("looks", "look_family", "boundaries", "multiplicity")  # what is said is spoken anew by `table`
MAKERS = ("bookings", "evidence", "noise", "pain", "people")
WITH_DOCSTRING = (ast.Module, ast.FunctionDef, ast.ClassDef)

Line = dict[str, Any]


class Key(NamedTuple):
    """What a sum is of."""

    cell: str
    figure: str
    of: str  # a metric or another part of the people; '' of all


class Piece(NamedTuple):
    """People of a cell, in a row, of whom there are results, and the code that made them."""

    code: str
    cell: str
    first: int  # number of the first person
    people: int

    @property
    def place(self) -> tuple[str, str, int]:
        return self[:3]


@dataclass(frozen=True)
class Sum:
    """Of a figure with one value a person (or finding): how many, their sum and the sum of their squares."""

    n: int
    total: float
    squares: float

    def __add__(self, other: "Sum") -> "Sum":
        return Sum(self.n + other.n, self.total + other.total, self.squares + other.squares)

    @property
    def mean(self) -> float:
        return self.total / self.n if self.n else float("nan")

    @property
    def error(self) -> float:
        """Monte Carlo error of the mean; of a share of none or all that of half a person more or less."""
        if not self.n:
            return float("nan")
        mean, squares = self.mean, self.squares / self.n
        if self.total == self.squares and mean in (0.0, 1.0):
            return float((0.5 / (self.n + 1) * (1 - 0.5 / (self.n + 1)) / self.n) ** 0.5)
        return float((max(squares - mean**2, 0.0) / self.n) ** 0.5)


def percent(one: Sum) -> str:
    """A share in percent with its error; '-' of nobody."""
    return f"{100 * one.mean:.1f} ±{100 * one.error:.1f}" if one.n else "-"


def code() -> str:
    """A hash of the code that evidence depends on: of `effects/` what is loaded, and of this package what makes people.

    Comments, docstrings and the layout of lines do not count.
    """
    digest = hashlib.sha256()
    loaded = sorted(name for name in sys.modules if name.startswith("recovery.effects."))
    for name in loaded:
        if name.rpartition(".")[2] not in SPOKEN_LATER:
            digest.update(name.encode() + _meaning(Path(str(sys.modules[name].__file__))))
    for name in MAKERS:
        digest.update(_meaning(Path(__file__).with_name(f"{name}.py")))
    return digest.hexdigest()[:10]


def _meaning(path: Path) -> bytes:
    tree = ast.parse(path.read_bytes())
    for node in ast.walk(tree):
        if isinstance(node, WITH_DOCSTRING) and ast.get_docstring(node) is not None:
            node.body[0] = ast.Pass()
    return ast.dump(tree).encode()


def read_piece(path: Path) -> list[Line]:
    """The lines of a piece, without one that was cut off."""
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines() if line.endswith("}")]


def pieces_in(folder: Path) -> list[tuple[Piece, Path]]:
    """The pieces that are there, with their files."""
    found = []
    for path in sorted(folder.glob("*/*/*.jsonl")):
        cell = path.parent.name.replace("--", "/").replace("_", " ")
        found.append((Piece(path.parents[1].name, cell, int(path.stem), len(read_piece(path))), path))
    return [(piece, path) for piece, path in found if piece.people]


def next_numbers(pieces: Iterable[Piece]) -> dict[str, int]:
    """Of each cell the number of the first person without a result, by any code: nobody is counted twice."""
    ends: dict[str, int] = {}
    for piece in pieces:
        ends[piece.cell] = max(ends.get(piece.cell, 0), piece.first + piece.people)
    return ends


def add(folder: Path, made_by: str, cell: str, first: int, line: Line) -> None:
    """One more person of a piece, written at once."""
    path = folder / made_by / _place(cell) / f"{first}.jsonl"
    path.parent.mkdir(parents=True, exist_ok=True)
    is_cut_off = path.exists() and not path.read_bytes().endswith(b"\n")
    if is_cut_off:
        whole = path.read_bytes().rpartition(b"\n")[0]
        path.write_bytes(whole + b"\n" if whole else b"")
    with path.open("a", encoding="utf-8") as file:
        file.write(json.dumps(line, separators=(",", ":")) + "\n")


def _place(cell: str) -> str:
    return cell.replace("/", "--").replace(" ", "_")


def read_results(folder: Path = RESULTS) -> tuple[dict[Key, Sum], list[Piece]]:
    """The sums that are committed, and the pieces they are of."""
    sums = {
        Key(row["cell"], row["figure"], row["of"]): Sum(int(row["n"]), float(row["total"]), float(row["squares"]))
        for row in _rows(folder / "figures.csv")
    }
    pieces = [
        Piece(row["code"], row["cell"], int(row["first"]), int(row["people"])) for row in _rows(folder / "pieces.csv")
    ]
    return sums, pieces


def write_results(sums: Mapping[Key, Sum], pieces: Iterable[Piece], folder: Path = RESULTS) -> None:
    """In the order of cells."""
    folder.mkdir(parents=True, exist_ok=True)
    numbers = [[*key, one.n, f"{one.total:.6g}", f"{one.squares:.6g}"] for key, one in sorted(sums.items())]
    _write(folder / "figures.csv", [["cell", "figure", "of", "n", "total", "squares"], *numbers])
    _write(folder / "pieces.csv", [["code", "cell", "first", "people"], *sorted(pieces, key=lambda one: one[1:])])


def forget(name: str, folder: Path, committed: Path = RESULTS) -> int:
    """Drops what was found of cells whose name holds this, for code that changed since; how many people."""
    sums, pieces = read_results(committed)
    of_name = {piece.place: piece for piece in pieces if name in piece.cell}
    for piece, path in pieces_in(folder):
        if name in piece.cell:
            of_name[piece.place] = piece
            path.unlink()
    kept = {key: one for key, one in sums.items() if name not in key.cell}
    write_results(kept, [piece for piece in pieces if name not in piece.cell], committed)
    return sum(piece.people for piece in of_name.values())


def _rows(path: Path) -> list[dict[str, str]]:
    if not path.exists():
        return []
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def _write(path: Path, rows: Iterable[Iterable[object]]) -> None:
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file, lineterminator="\n").writerows(rows)
