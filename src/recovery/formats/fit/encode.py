"""FIT bytes from messages, as a device would write them: for tests and for the invented home of the demo."""

import struct
from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime
from typing import Any, NamedTuple

import numpy as np

from recovery.formats.fit.crc import crc, crcs
from recovery.formats.fit.definitions import BASE_TYPE_BY_NAME, BaseType
from recovery.formats.fit.profile import MESSAGES, Field

FIT_EPOCH = datetime(1989, 12, 31, tzinfo=UTC)
LOCAL_TYPES = 16  # definitions that can stand at one time
PROTOCOL, PROFILE = 0x20, 2132  # 2.0, 21.32


class Cell(NamedTuple):
    """One field as it is stored."""

    number: int
    base: BaseType
    value: Any  # number, text, bytes, a sequence of numbers; None = missing


def encode(messages: Iterable[tuple[str, Mapping[str, Any]]], *, is_big_endian: bool = False) -> bytes:
    """A FIT file of messages of the profile: (name, {field: value}).

    A value is in the profile's unit, or a datetime (UTC if naive; of a local field what the wall clock showed), a text,
    a list, or None for a missing value. Raises KeyError for a name that the profile does not have, struct.error for a
    number that the field cannot hold.
    """
    return encode_cells(
        (
            (MESSAGES[name].number, [_cell(MESSAGES[name].numbers[key], name, value) for key, value in fields.items()])
            for name, fields in messages
        ),
        is_big_endian=is_big_endian,
    )


def encode_cells(messages: Iterable[tuple[int, Sequence[Cell]]], *, is_big_endian: bool = False) -> bytes:
    """A FIT file of any messages: (number, fields as stored)."""
    order = ">" if is_big_endian else "<"
    body = bytearray()
    locals_: dict[bytes, int] = {}  # the definitions that stand, oldest first
    for number, cells in messages:
        stored = [_stored(cell, order) for cell in cells]
        definition = struct.pack(f"{order}BBHB", 0, is_big_endian, number, len(cells)) + b"".join(
            bytes((cell.number, len(content), cell.base.identifier))
            for cell, content in zip(cells, stored, strict=True)
        )
        local = locals_.get(definition)
        if local is None:
            local = len(locals_) if len(locals_) < LOCAL_TYPES else locals_.pop(next(iter(locals_)))
            locals_[definition] = local
            body += bytes((0x40 | local,)) + definition
        body += bytes((local,)) + b"".join(stored)
    return framed(bytes(body))


def framed(body: bytes) -> bytes:
    """Records with the header before them and the checksum after."""
    whole = _header(body) + body
    return whole + struct.pack("<H", crc(whole))


def framed_all(bodies: Sequence[bytes]) -> list[bytes]:
    """Each with its header and checksum, as `framed`: of many at once a checksum costs a tenth."""
    wholes = [_header(body) + body for body in bodies]
    ends = np.cumsum([len(whole) for whole in wholes]).tolist()
    spans = list(zip([0, *ends], ends, strict=False))
    checksums = crcs(np.frombuffer(b"".join(wholes), np.uint8), spans)
    return [whole + struct.pack("<H", checksum) for whole, checksum in zip(wholes, checksums, strict=True)]


def _header(body: bytes) -> bytes:
    header = struct.pack("<BBHI4s", 14, PROTOCOL, PROFILE, len(body), b".FIT")
    return header + struct.pack("<H", crc(header))


def _cell(number: int, message: str, value: Any) -> Cell:
    field = MESSAGES[message].fields[number]
    base = BASE_TYPE_BY_NAME[field.base]
    if isinstance(value, (list, tuple)):
        return Cell(number, base, [_number(field, one) for one in value])
    return Cell(number, base, _number(field, value))


def _number(field: Field, value: Any) -> Any:
    if isinstance(value, datetime):
        return round((value.replace(tzinfo=value.tzinfo or UTC) - FIT_EPOCH).total_seconds())
    if value is None or isinstance(value, (str, bytes)):
        return value
    scaled = (value - field.offset) * field.scale
    return scaled if field.base.startswith("float") else round(scaled)


def _stored(cell: Cell, order: str) -> bytes:
    if isinstance(cell.value, bytes):
        return cell.value
    if cell.base.name == "string":
        return (cell.value or "").encode() + b"\0"
    invalid = float("nan") if cell.base.invalid is None else cell.base.invalid
    values = cell.value if isinstance(cell.value, (list, tuple)) else [cell.value]
    return struct.pack(
        f"{order}{len(values)}{cell.base.letter}", *(invalid if value is None else value for value in values)
    )
