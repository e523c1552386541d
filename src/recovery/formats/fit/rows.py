"""The messages of one FIT file one by one, in its order, every field with its stored value: for a closer look.

Slower than columns, and complete: also messages and fields that the profile does not know, and developer fields.
"""

from collections.abc import Sequence
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from recovery.formats.fit.decode import Chunk, Decoded, text
from recovery.formats.fit.definitions import BASE_TYPES, BYTE, BaseType, FieldDefinition


class Row(NamedTuple):
    """One data message."""

    number: int  # the kind
    time_s: float | None  # seconds since 1970
    is_time_compressed: bool  # its time lies in its header, not in a field
    fields: tuple[tuple[FieldDefinition, Any], ...]  # number, text, tuple of these, or None


def rows(decoded: Decoded) -> list[list[Row]]:
    """The messages of each file."""
    found: list[list[tuple[int, Row]]] = [[] for _ in decoded.reports]
    described = _developer_types(decoded)
    for number in decoded.numbers:
        for chunk in decoded.chunks(number):
            fields = [field for field in chunk.definition.fields if field.size]
            files = decoded.file_of(chunk.place).tolist()
            times = [None if time != time else time for time in decoded.time_of(chunk.place).tolist()]
            columns = [
                _values(chunk.rows[field.key], field.base)
                if field.developer is None
                else _developer_values(chunk, field, files, described)
                for field in fields
            ]
            compressed = decoded.is_time_compressed(chunk.place).tolist()
            for row, place in enumerate(chunk.place.tolist()):
                values = tuple((field, column[row]) for field, column in zip(fields, columns, strict=True))
                found[files[row]].append((place, Row(number, times[row], compressed[row], values)))
    return [[row for _, row in sorted(file, key=lambda item: item[0])] for file in found]


Described = dict[tuple[int, int, int], list[tuple[int, BaseType]]]  # by file, developer, field: from which place on


def _developer_types(decoded: Decoded) -> Described:
    table = decoded.table("field_description")
    described: Described = {}
    columns = [table.raw(name) for name in ("developer_data_index", "field_definition_number", "fit_base_type_id")]
    for row in np.flatnonzero(~np.isnan(columns).any(axis=0)).tolist():
        developer, number, base = (int(column[row]) for column in columns)
        key = (int(table.file[row]), developer, number)
        described.setdefault(key, []).append((int(table.place[row]), BASE_TYPES.get(base, BYTE)))
    return described


def _developer_values(chunk: Chunk, field: FieldDefinition, files: Sequence[int], described: Described) -> list[Any]:
    """A developer's bytes by the description that stands last before each message; bytes where none does."""
    stored = chunk.rows[field.key]
    values = []
    for row, (place, file) in enumerate(zip(chunk.place.tolist(), files, strict=True)):
        base = BYTE
        for start, described_base in described.get((file, field.developer or 0, field.number), []):
            base = described_base if start < place else base
        if field.size % base.size:
            base = BYTE
        cells = stored[row : row + 1].view(chunk.definition.order + base.code)
        values.append(_values(cells if base.name in ("string", "byte") or cells.shape[1] > 1 else cells[:, 0], base)[0])
    return values


def _values(stored: npt.NDArray[Any], base: BaseType) -> list[Any]:
    if base.name == "string":
        return [text(bytes(row)) or None for row in np.atleast_2d(stored)]
    if base.name == "byte":
        return [None if all(byte == 0xFF for byte in row) else tuple(row) for row in np.atleast_2d(stored).tolist()]
    if stored.ndim == 2:
        return [tuple(_value(value, base) for value in row) for row in stored.tolist()]
    return [_value(value, base) for value in stored.tolist()]


def _value(value: float, base: BaseType) -> float | None:
    return None if value == base.invalid or value != value else value
