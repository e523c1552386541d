"""The checksum, against its published check value and against a plain loop."""

import random

import numpy as np

from recovery.formats.fit import crc


def slow_crc(content: bytes) -> int:
    value = 0
    for byte in content:
        value ^= byte
        for _ in range(8):
            value = (value >> 1) ^ 0xA001 if value & 1 else value >> 1
    return value


def test_the_published_check_value() -> None:
    assert crc.crc(b"123456789") == 0xBB3D


def test_many_spans_at_once_equal_a_plain_loop() -> None:
    content = random.Random(5).randbytes(3000)  # noqa: S311
    spans = [(0, 0), (0, 1), (7, 263), (7, 264), (100, 2999), (0, 3000), (512, 1024)]

    found = crc.crcs(np.frombuffer(content, np.uint8), spans)

    assert found == [slow_crc(content[start:end]) for start, end in spans]


def test_a_stretch_that_ends_in_its_checksum_has_none() -> None:
    content = b"some bytes of a watch"

    assert crc.crc(content + crc.crc(content).to_bytes(2, "little")) == 0
