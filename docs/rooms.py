"""The rooms of `src/recovery`: their layers as the import contract has them, and which room imports which."""

import ast
import tomllib
from collections.abc import Mapping, Sequence
from functools import cache
from pathlib import Path

ROOT = Path(__file__).parent.parent


def layers() -> Sequence[Sequence[str]]:
    """The rooms from the top down; those of one layer do not import each other."""
    contracts = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["tool"]["importlinter"][
        "contracts"
    ]
    (contract,) = (contract for contract in contracts if contract["type"] == "layers")
    return [[room.strip() for room in layer.split("|")] for layer in contract["layers"]]


def holds(room: str) -> str:
    """The first sentence of the docstring of a room, in one line."""
    path = ROOT / "src" / "recovery" / room
    module = path / "__init__.py" if path.is_dir() else path.with_suffix(".py")
    text = ast.get_docstring(ast.parse(module.read_text(encoding="utf-8"))) or ""
    return " ".join(text.partition("\n\n")[0].split()).removesuffix(".")


@cache
def imports() -> Mapping[str, frozenset[str]]:
    """For each room the rooms that one of its modules imports."""
    import grimp  # import-linter brings it

    graph = grimp.build_graph("recovery", cache_dir=None)
    found: dict[str, set[str]] = {room: set() for layer in layers() for room in layer}
    for module in graph.modules - {"recovery"}:
        for imported in graph.find_modules_directly_imported_by(module) - {"recovery"}:
            found[module.split(".")[1]].add(imported.split(".")[1])
    return {room: frozenset(known - {room}) for room, known in found.items()}


def without_detours(known: Mapping[str, frozenset[str]]) -> Mapping[str, frozenset[str]]:
    """Only the imports that do not follow from others: where a knows b and b knows c, "a knows c" is left out."""

    def below(room: str) -> set[str]:
        return set(known[room]).union(*(below(other) for other in known[room]))

    return {
        room: frozenset(other for other in direct if not any(other in below(between) for between in direct))
        for room, direct in known.items()
    }
