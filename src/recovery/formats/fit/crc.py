"""The checksum of FIT files (CRC-16, polynomial 0xA001, start 0), of many stretches of bytes at once.

A CRC with start 0 is linear: leading zeros change nothing, and the CRC of a long stretch follows from those of its
blocks. So all blocks of all files are worked on together, byte column by byte column, which is what makes checking
cheaper than reading. A stretch that ends in its own checksum has CRC 0.
"""

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

BLOCK_BYTES = 256
FEW_BYTES = 4096  # up to here a plain loop is quicker than the columns


def _byte_table() -> npt.NDArray[np.uint16]:
    table = np.arange(256, dtype=np.uint16)
    for _ in range(8):
        table = np.where(table & 1, (table >> 1) ^ 0xA001, table >> 1).astype(np.uint16)
    return table


TABLE = _byte_table()
LISTED = TABLE.tolist()


def _after_zeros(crc: npt.NDArray[np.uint16], count: int) -> npt.NDArray[np.uint16]:
    for _ in range(count):
        crc = (crc >> 8) ^ TABLE[crc & 0xFF]
    return crc


# What a CRC becomes when one block of zeros follows, by its low and its high byte.
SHIFT_LOW = _after_zeros(np.arange(256, dtype=np.uint16), BLOCK_BYTES).tolist()
SHIFT_HIGH = _after_zeros((np.arange(256) << 8).astype(np.uint16), BLOCK_BYTES).tolist()


def crc(data: bytes) -> int:
    """The checksum of one stretch of bytes."""
    if len(data) <= FEW_BYTES:
        value = 0
        for byte in data:
            value = (value >> 8) ^ LISTED[(value ^ byte) & 0xFF]
        return int(value)
    return crcs(np.frombuffer(data, np.uint8), [(0, len(data))])[0]


def crcs(buffer: npt.NDArray[np.uint8], spans: Sequence[tuple[int, int]]) -> list[int]:
    """The checksum of each span [start, end) of the buffer."""
    counts = [-(-(end - start) // BLOCK_BYTES) for start, end in spans]
    padded = np.zeros(sum(counts) * BLOCK_BYTES, np.uint8)
    here = 0
    for (start, end), count in zip(spans, counts, strict=True):
        here += count * BLOCK_BYTES
        padded[here - (end - start) : here] = buffer[start:end]
    columns = np.ascontiguousarray(padded.reshape(-1, BLOCK_BYTES).T)
    block_crcs = np.zeros(columns.shape[1], np.uint16)
    for column in columns:
        block_crcs = (block_crcs >> 8) ^ TABLE[(block_crcs ^ column) & 0xFF]
    blocks = iter(block_crcs.tolist())
    found = []
    for count in counts:
        value = 0
        for _ in range(count):
            value = SHIFT_LOW[value & 0xFF] ^ SHIFT_HIGH[value >> 8] ^ next(blocks)
        found.append(value)
    return found
