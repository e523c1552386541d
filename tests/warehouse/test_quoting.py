"""Texts and names in SQL, and that nothing else quotes them."""

import re

from places import ROOT

from recovery import warehouse
from recovery.warehouse.quoting import quote, quote_all, quote_name, quote_names


def test_a_quoted_text_is_read_back_as_it_was() -> None:
    texts = ["it's", '"', "''", "a\\b", ""]

    assert warehouse.connect().execute(f"select {quote_all(texts)}").fetchall() == [tuple(texts)]


def test_a_quoted_name_may_be_a_word_of_sql() -> None:
    names = ["window", 'a "b"', "c d"]
    columns = ", ".join(f"1 as {quote_name(name)}" for name in names)

    cursor = warehouse.connect().execute(f"select {quote_names(names)} from (select {columns})")

    assert [column for column, *_ in cursor.description] == names


def test_an_empty_text_is_quoted_too() -> None:
    assert quote("") == "''"


def test_only_one_module_quotes() -> None:
    quoting = [
        path.relative_to(ROOT).as_posix()
        for path in sorted((ROOT / "src").rglob("*.py"))
        if re.search(r"""replace\("'", "''"\)|f'"\{\w+(\.\w+)?\}"'""", path.read_text(encoding="utf-8"))
    ]

    assert quoting == ["src/recovery/warehouse/quoting.py"]
