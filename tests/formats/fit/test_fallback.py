"""Files that the columns cannot take are read by fitparse, and spoil no other file."""

import struct
from datetime import UTC, datetime

import pytest

from recovery.formats.fit import fallback
from recovery.formats.fit.decode import FIT_EPOCH_S, Decoded
from recovery.formats.fit.definitions import NotTabularError
from recovery.formats.fit.encode import encode, framed
from recovery.formats.fit.rows import rows

NOON = datetime(2026, 5, 1, 12, tzinfo=UTC)
NOON_FIT = int(NOON.timestamp()) - FIT_EPOCH_S
TWICE = (
    bytes((0x40, 0, 0)) + struct.pack("<HB", 20, 3) + bytes((253, 4, 0x86, 3, 1, 0x02, 3, 1, 0x02))
    + struct.pack("<BIBB", 0, NOON_FIT, 61, 62)
)  # fmt: skip


def test_a_field_named_twice_makes_no_table() -> None:
    with pytest.raises(NotTabularError, match="twice"):
        Decoded([framed(TWICE)])


def test_such_a_file_is_read_by_fitparse_and_the_others_are_as_ever() -> None:
    other = encode([("record", {"timestamp": NOON, "heart_rate": 70})])

    decoded = fallback.decode([other, framed(TWICE), other])

    assert decoded.table("record").column("heart_rate").tolist() == [70, 61, 70]
    assert decoded.table("record").time.tolist() == [NOON.timestamp()] * 3
    assert [report.message_count for report in decoded.reports] == [1, 1, 1]
    assert not any(report.problem for report in decoded.reports)


def test_damage_is_told_there_too() -> None:
    decoded = fallback.decode([framed(TWICE + struct.pack("<BIBB", 0, NOON_FIT, 63, 64))[:-6]])

    assert decoded.table("record").column("heart_rate").tolist() == [61]
    assert decoded.reports[0].is_partial
    assert decoded.reports[0].problem.endswith("1 message of it was kept.")


def test_fitparse_rewrites_a_file_without_change() -> None:
    content = encode(
        [
            ("file_id", {"type": 4, "serial_number": None, "product_name": "watch"}),
            ("monitoring", {"timestamp": NOON, "current_activity_type_intensity": None}),
            ("monitoring", {"timestamp": NOON, "current_activity_type_intensity": b"\x26"}),
            ("hrv", {"time": [0.8, None]}),
        ]
    )

    rewritten, problem = fallback.rewrite(content)

    assert problem == ""
    assert rows(Decoded([rewritten])) == rows(Decoded([content]))
