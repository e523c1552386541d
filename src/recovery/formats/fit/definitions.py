"""Definition messages: which fields the data messages after them hold, how wide, how stored."""

from functools import lru_cache
from typing import NamedTuple

import numpy as np

from recovery.words.say import say


class BaseType(NamedTuple):
    """How a field's bytes are read."""

    name: str
    identifier: int  # as definitions name it
    code: str  # NumPy's, without byte order
    size: int
    invalid: int | None  # the value that means "missing"; None where it is NaN or empty

    @property
    def letter(self) -> str:
        """`struct`'s letter, without byte order."""
        return {"i8": "q", "u8": "Q"}.get(self.code, np.dtype(self.code).char)


BASE_TYPES = {
    base.identifier: base
    for base in (
        BaseType("enum", 0x00, "u1", 1, 0xFF),
        BaseType("sint8", 0x01, "i1", 1, 0x7F),
        BaseType("uint8", 0x02, "u1", 1, 0xFF),
        BaseType("sint16", 0x83, "i2", 2, 0x7FFF),
        BaseType("uint16", 0x84, "u2", 2, 0xFFFF),
        BaseType("sint32", 0x85, "i4", 4, 0x7FFFFFFF),
        BaseType("uint32", 0x86, "u4", 4, 0xFFFFFFFF),
        BaseType("string", 0x07, "u1", 1, None),
        BaseType("float32", 0x88, "f4", 4, None),
        BaseType("float64", 0x89, "f8", 8, None),
        BaseType("uint8z", 0x0A, "u1", 1, 0),
        BaseType("uint16z", 0x8B, "u2", 2, 0),
        BaseType("uint32z", 0x8C, "u4", 4, 0),
        BaseType("byte", 0x0D, "u1", 1, 0xFF),
        BaseType("sint64", 0x8E, "i8", 8, 0x7FFFFFFFFFFFFFFF),
        BaseType("uint64", 0x8F, "u8", 8, 0xFFFFFFFFFFFFFFFF),
        BaseType("uint64z", 0x90, "u8", 8, 0),
    )
}
BASE_TYPE_BY_NAME = {base.name: base for base in BASE_TYPES.values()}
BYTE = BASE_TYPES[0x0D]


class FieldDefinition(NamedTuple):
    """One field of a definition."""

    number: int
    base: BaseType
    size: int  # bytes
    developer: int | None  # the index of the developer whose field it is; None for the profile's own

    @property
    def key(self) -> str:
        """Its name in the structured array."""
        return f"{self.number}" if self.developer is None else f"{self.developer}:{self.number}"


class Definition(NamedTuple):
    """What a definition message says of the data messages that follow it."""

    number: int  # the kind of message
    order: str  # '<' or '>'
    fields: tuple[FieldDefinition, ...]
    size: int  # bytes of a data message, without its header
    dtype: np.dtype[np.void]


class NotTabularError(ValueError):
    """A definition that names a field twice: it makes no table with one column per field."""


@lru_cache(maxsize=8192)  # thousands of small files repeat the same few dozen
def parse_definition(content: bytes, *, is_developer: bool) -> Definition:
    """A definition message's content, without its header byte. Raises NotTabularError."""
    order = ">" if content[1] else "<"
    number = int.from_bytes(content[2:4], "big" if content[1] else "little")
    end = 5 + 3 * content[4]
    fields = [
        FieldDefinition(content[place], _base(content[place + 2], content[place + 1]), content[place + 1], None)
        for place in range(5, end, 3)
    ]
    if is_developer:
        fields += [
            FieldDefinition(content[place], BYTE, content[place + 1], content[place + 2])
            for place in range(end + 1, end + 1 + 3 * content[end], 3)
        ]
    names: list[str] = []
    formats: list[object] = []
    for field in fields:
        if not field.size:
            continue
        if field.key in names:
            raise NotTabularError(say("message {number} names its field {key} twice", number=number, key=field.key))
        names.append(field.key)
        kind = order + field.base.code
        count = field.size // field.base.size
        is_many = count > 1 or field.base.name in ("string", "byte")
        formats.append((kind, (count,)) if is_many else kind)
    dtype = np.dtype(list(zip(names, formats, strict=True)))
    return Definition(number, order, tuple(fields), dtype.itemsize, dtype)


def _base(code: int, size: int) -> BaseType:
    base = BASE_TYPES.get(code, BYTE)
    return base if size % base.size == 0 else BYTE  # a size that cannot hold the type: keep the bytes
