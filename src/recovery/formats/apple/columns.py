"""Attributes of many of Apple's elements at once: as numbers of distinct texts, as texts, as numbers."""

import html
from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from recovery.formats.apple.elements import Block, Bools, Ints

Floats = npt.NDArray[np.float64]


class Codes(NamedTuple):
    """A column of texts as numbers of its distinct texts."""

    names: Sequence[bytes]
    codes: npt.NDArray[np.int32]


def codes_of(block: Block, attribute: bytes, rows: Ints) -> Codes:
    """An attribute of some elements as numbers of its distinct texts; b'' where it is missing."""
    values = block.values(block.places(attribute)[rows])
    if values.null_count:
        values = pc.fill_null(values, b"")
    encoded = values.dictionary_encode()
    return Codes(encoded.dictionary.to_pylist(), encoded.indices.to_numpy())


def texts_of(block: Block, attribute: bytes, rows: Ints) -> list[str]:
    """An attribute of some elements as text; '' where it is missing."""
    values = block.values(block.places(attribute)[rows]).to_pylist()
    return [html.unescape((value or b"").decode("utf-8", "replace")) for value in values]


def numbers_of(values: pa.Array) -> Floats:
    """Texts as numbers, NaN where there is none."""
    try:
        numbers = pc.cast(pc.cast(values, pa.string()), pa.float64())
    except pa.ArrowInvalid:
        numbers = pa.array([_float(value) for value in values.to_pylist()], pa.float64())
    return np.asarray(numbers.to_numpy(zero_copy_only=False), np.float64)


def _float(text: bytes | None) -> float:
    try:
        return float(text or "nan")
    except (ValueError, OverflowError):
        return float("nan")


def are_repeated(kind: Ints, source: Ints, start: Ints, end: Ints, value: Floats) -> Bools:
    """Which rows say again what a row before says, to the last digit."""
    found = np.zeros(len(kind), bool)
    mixed = (start * 0x9E3779B1) ^ (value.view(np.int64) >> 9) ^ (kind << 57) ^ (source << 50) ^ ((end - start) << 36)
    sorted_mixed = np.sort(mixed)
    if not (sorted_mixed[1:] == sorted_mixed[:-1]).any():
        return found
    order = np.lexsort((value, mixed))
    here, before = order[1:], order[:-1]
    same = np.ones(len(here), bool)
    for column in (kind, source, start, end, value):
        same &= column[here] == column[before]
    found[here[same]] = True
    return found
