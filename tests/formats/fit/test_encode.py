"""The encoder writes what fitparse, an independent reader, reads back."""

import io
import struct
from datetime import UTC, datetime, timedelta, timezone

import fitparse
import pytest

from recovery.formats.fit.encode import encode, framed, framed_all

NOON = datetime(2026, 5, 1, 12, tzinfo=UTC)


@pytest.mark.parametrize("is_big_endian", [False, True])
def test_fitparse_reads_what_we_write(is_big_endian: bool) -> None:
    content = encode(
        [
            (
                "file_id",
                {"type": 4, "manufacturer": 1, "serial_number": 77, "time_created": NOON, "product_name": "W1"},
            ),
            ("monitoring_info", {"timestamp": NOON, "local_timestamp": datetime(2026, 5, 1, 14)}),
            ("record", {"timestamp": NOON, "heart_rate": 61, "altitude": 99.8, "distance": 12.5}),
            (
                "record",
                {"timestamp": NOON + timedelta(seconds=1), "heart_rate": None, "altitude": 99.8, "distance": 13},
            ),
            ("hrv", {"time": [0.801, 0.799, None]}),
        ],
        is_big_endian=is_big_endian,
    )

    messages = [message.get_values() for message in fitparse.FitFile(io.BytesIO(content)).get_messages()]

    assert messages[0]["product_name"] == "W1"
    assert messages[0]["serial_number"] == 77
    assert messages[1]["local_timestamp"] - messages[1]["timestamp"] == timedelta(hours=2)
    assert [message["heart_rate"] for message in messages[2:4]] == [61, None]
    assert messages[2]["altitude"] == pytest.approx(99.8)
    assert messages[3]["distance"] == 13
    assert messages[4]["time"] == (0.801, 0.799, None)


def test_a_time_may_have_any_zone() -> None:
    there = NOON.astimezone(timezone(timedelta(hours=9)))

    assert encode([("record", {"timestamp": there})]) == encode([("record", {"timestamp": NOON})])


def test_a_number_that_the_field_cannot_hold_is_an_error() -> None:
    with pytest.raises(struct.error):
        encode([("record", {"heart_rate": 300})])


def test_a_name_that_the_profile_does_not_have_is_an_error() -> None:
    with pytest.raises(KeyError, match="mood"):
        encode([("record", {"mood": 3})])


def test_files_that_are_framed_together_are_those_framed_alone() -> None:
    bodies = [bytes(range(256)) * 20, b"", b"one", bytes(5000)]

    assert framed_all(bodies) == [framed(body) for body in bodies]
