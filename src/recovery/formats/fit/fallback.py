"""Decoding that never loses a batch: a file that the columns cannot take is read by fitparse and written anew.

Developer fields are lost on that way; nothing that we read lies in them.
"""

import io
from collections.abc import Iterator, Sequence
from typing import Any

import fitparse
from fitparse.utils import FitParseError

from recovery.formats.fit.decode import Decoded
from recovery.formats.fit.definitions import BASE_TYPES, NotTabularError
from recovery.formats.fit.encode import Cell, encode_cells
from recovery.words.say import say

TIMESTAMP = 253


def decode(files: Sequence[bytes]) -> Decoded:
    """As `Decoded`, also where a file holds a definition that makes no table."""
    try:
        return Decoded(files)
    except NotTabularError:
        pass
    rewritten = [_tabular(content) for content in files]
    decoded = Decoded([content for content, _ in rewritten])
    for index, (_, problem) in enumerate(rewritten):
        if problem:
            decoded.add_problem(index, problem)
    return decoded


def _tabular(content: bytes) -> tuple[bytes, str]:
    """The file itself where the fast path takes it, else what fitparse finds in it; and what stopped fitparse."""
    try:
        Decoded([content])
    except NotTabularError:
        return rewrite(content)
    return content, ""


def rewrite(content: bytes) -> tuple[bytes, str]:
    """The messages that fitparse finds in a file as a plain FIT file; and what stopped it, '' where nothing did."""
    messages: list[tuple[int, list[Cell]]] = []
    problem = ""
    try:
        found = fitparse.FitFile(io.BytesIO(content), check_crc=False).get_messages()
        messages.extend((message.mesg_num, list(_cells(message))) for message in found)  # keeps those before a raise
    except (FitParseError, ValueError, KeyError, TypeError, AttributeError) as error:
        problem = say("is damaged ({error})", error=error)  # fitparse stumbles over damage in all these ways
    return encode_cells(messages), problem


def _cells(message: Any) -> Iterator[Cell]:
    """The fields of a message as they were stored; of a field that is named twice the first."""
    seen: set[int] = set()
    for field in message.fields:
        definition = field.field_def
        number = TIMESTAMP if definition is None and field.name == "timestamp" else getattr(definition, "def_num", None)
        if number is None or number in seen or hasattr(definition, "dev_data_index"):
            continue
        seen.add(number)
        base = BASE_TYPES[0x86 if definition is None else definition.base_type.identifier]
        value = field.raw_value
        if value is None and definition is not None and base.name == "byte":
            value = b"\xff" * definition.size
        yield Cell(number, base, bytes(value) if isinstance(value, tuple) and base.name == "byte" else value)
