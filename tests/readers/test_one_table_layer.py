"""No reader takes cells, dates or times out of text by itself: one layer reads what spreadsheets and countries do."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

import recovery

SOURCE = Path(recovery.__file__).parent
TABLES = {"export_table.py", "log_table.py", "other_tables.py", "resaved.py"}  # of vendors, of people, of spreadsheets
TIMES = {"times.py"}
PARSERS = {"fromisoformat", "strptime"}
MODULES = sorted([*(SOURCE / "readers").rglob("*.py"), *(SOURCE / "formats").rglob("*.py")])


def used_names(path: Path) -> Iterator[str]:
    """The modules that a module imports, and the attributes it asks for."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (name.name for name in node.names)
        elif isinstance(node, ast.ImportFrom):
            yield node.module or ""
        elif isinstance(node, ast.Attribute):
            yield node.attr


@pytest.mark.slow
@pytest.mark.parametrize(("forbidden", "layer"), [({"csv"}, TABLES), (PARSERS, TIMES)], ids=["cells", "times"])
def test_only_the_shared_layer_takes_cells_and_times_out_of_text(forbidden: set[str], layer: set[str]) -> None:
    found = {path.name for path in MODULES if forbidden & set(used_names(path))}

    assert found <= layer
