"""What describes a study that is given away: a Frictionless data package, and a codebook to read.

`datapackage.json` follows Data Package and Table Schema, version 1 (specs.frictionlessdata.io): types, constraints,
primary keys, what is missing. Units and what became of each column are further properties, which the standard allows.
"""

import json
from collections.abc import Mapping, Sequence
from typing import Any

from recovery import warehouse
from recovery.published.classified import Fate
from recovery.published.deidentify import Given, GivenTable, sentences
from recovery.published.dictionary import Column, columns_of, key_of
from recovery.words import cohort_export as words

TYPES: Mapping[str, tuple[str, str]] = {  # type and format of Table Schema
    "VARCHAR": ("string", ""), "DATE": ("date", ""), "TIMESTAMP": ("datetime", "%Y-%m-%d %H:%M:%S"),
    "BOOLEAN": ("boolean", ""), "DOUBLE": ("number", ""), "FLOAT": ("number", ""), "TIME": ("time", ""),
    "TINYINT": ("integer", ""), "SMALLINT": ("integer", ""), "INTEGER": ("integer", ""), "BIGINT": ("integer", ""),
    "HUGEINT": ("integer", ""), "UTINYINT": ("integer", ""), "USMALLINT": ("integer", ""),
    "UINTEGER": ("integer", ""), "UBIGINT": ("integer", ""),
}  # fmt: skip
MEDIA = {"csv": "text/csv", "parquet": "application/vnd.apache.parquet"}
CHANGED = (Fate.PERSON, Fate.SHIFT, Fate.PART, Fate.MAKE, Fate.WORD, Fate.COUNT)


def package(given: Given, form: str, k: int) -> str:
    """`datapackage.json` of what is given, in files of the form `csv` or `parquet`."""
    described = {
        "profile": "tabular-data-package" if form == "csv" else "data-package",
        "name": "recovery-study",
        "title": words.TITLE,
        "description": words.NOT_PROTECTED,
        "least_people": k,
        "left_out": list(sentences(given)),
        "resources": [_resource(table, form, given) for table in given.tables],
    }
    return json.dumps(described, indent=1, ensure_ascii=False) + "\n"


def _resource(table: GivenTable, form: str, given: Given) -> dict[str, Any]:
    header = _header(table.name)
    schema: dict[str, Any] = {
        "fields": [_field(column, table.fates[column.name]) for column in _columns(table)],
        "missingValues": [""],
    }
    names = [name for name, _ in table.columns]
    if key := [column for column in key_of(table.name) if column in names]:
        schema["primaryKey"] = key
    if "subject" in names and table.name != "participants" and _has(given, "participants"):
        schema["foreignKeys"] = [{"fields": "subject", "reference": {"resource": "participants", "fields": "subject"}}]
    return {
        "name": table.name,
        "path": f"{table.name}.{form}",
        "profile": "tabular-data-resource" if form == "csv" else "data-resource",
        "format": form,
        "mediatype": MEDIA[form],
        "title": header["title"],
        "description": header["description"],
        "rows": table.rows,
        "schema": schema,
    }


def _has(given: Given, name: str) -> bool:
    return any(table.name == name for table in given.tables)


def _columns(table: GivenTable) -> list[Column]:
    return columns_of(table.name, table.columns)


def _field(column: Column, fate: Fate) -> dict[str, Any]:
    kind, form = TYPES[column.kind]
    constraints: dict[str, Any] = {"required": True} if column.is_required else {}
    if column.words:
        constraints["enum"] = list(column.words)
    if column.low is not None and kind in ("integer", "number"):
        constraints["minimum"] = _number(column.low, kind)
    if column.high is not None and kind in ("integer", "number"):
        constraints["maximum"] = _number(column.high, kind)
    found: dict[str, Any] = {"name": column.name, "type": kind, "description": column.meaning}
    if form:
        found["format"] = form
    if column.unit:
        found["unit"] = column.unit
    if fate in CHANGED:
        found["changed"] = str(fate)
    if constraints:
        found["constraints"] = constraints
    return found


def _number(value: float, kind: str) -> float:
    return int(value) if kind == "integer" else value


def codebook(given: Given, k: int) -> str:
    """`codebook.md`: of each table what a row is, and of each column what it is and what became of it."""
    lines = [f"# {words.TITLE}", "", words.NOT_PROTECTED, "", words.counted_people(k), ""]
    lines += [f"- {sentence}" for sentence in sentences(given)]
    for table in given.tables:
        header = _header(table.name)
        lines += ["", f"## {table.name}", "", f"*{header['title']}.* {header['description']}", ""]
        lines += [f"- {key}: {header[key]}" for key in ("grain", "missing") if key in header]
        lines += ["", *_table(_columns(table), table.fates), ""]
        if gone := [column for column, fate in table.fates.items() if fate is Fate.DROP and table.name != "daily"]:
            lines += [words.columns_not_given(gone)]
    return "\n".join(lines) + "\n"


def _table(columns: Sequence[Column], fates: Mapping[str, Fate]) -> list[str]:
    rows = [words.CODEBOOK_COLUMNS, ("---",) * len(words.CODEBOOK_COLUMNS)]
    rows += [
        (f"`{one.name}`", TYPES[one.kind][0], one.unit, one.meaning, _may_hold(one), str(fates[one.name]))
        for one in columns
    ]
    return ["| " + " | ".join(cell.replace("|", "\\|") for cell in row) + " |" for row in rows]


def _may_hold(column: Column) -> str:
    if column.words:
        return ", ".join(column.words)
    ends = ["" if end is None else f"{end:g}" for end in (column.low, column.high)]
    return words.between(*ends) if any(ends) else ""


def _header(name: str) -> Mapping[str, str]:
    return next(relation.header for relation in warehouse.relations() if relation.full_name == f"pub.{name}")
