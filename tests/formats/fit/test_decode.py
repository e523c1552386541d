"""The columnar decoder on bytes made by hand, one fact of the protocol at a time."""

import math
import struct
from datetime import UTC, datetime

import numpy as np
import pytest
from places import SAMPLES

from recovery.formats.fit.crc import crc
from recovery.formats.fit.decode import FIT_EPOCH_S, Decoded
from recovery.formats.fit.definitions import BASE_TYPE_BY_NAME
from recovery.formats.fit.encode import Cell, encode, encode_cells, framed
from recovery.formats.fit.rows import rows

NOON = datetime(2026, 5, 1, 12, tzinfo=UTC)
NOON_S = NOON.timestamp()
NOON_FIT = int(NOON_S) - FIT_EPOCH_S
UINT8, UINT16, UINT32, STRING, BYTE, FLOAT = (
    BASE_TYPE_BY_NAME[name] for name in ("uint8", "uint16", "uint32", "string", "byte", "float32")
)
FILE_ID = ("file_id", {"type": 32, "manufacturer": 1, "product": 7, "serial_number": 9, "time_created": NOON})


def beat(minute: int, rate: int | None) -> tuple[str, dict[str, object]]:
    return "monitoring", {"timestamp": NOON.replace(minute=minute), "heart_rate": rate}


def definition(
    local: int, number: int, *fields: tuple[int, int, int], developer: tuple[tuple[int, int, int], ...] = ()
) -> bytes:
    """A definition message, little-endian; fields as (number, size, base type)."""
    flag = 0x20 if developer else 0
    content = bytes((0x40 | flag | local, 0, 0)) + struct.pack("<HB", number, len(fields))
    content += b"".join(bytes(field) for field in fields)
    return content + (bytes((len(developer),)) + b"".join(bytes(field) for field in developer) if developer else b"")


def test_scaled_values_and_times() -> None:
    decoded = Decoded([encode([FILE_ID, ("monitoring", {"timestamp": NOON, "activity_type": 6, "distance": 12.34})])])

    table = decoded.table("monitoring")

    assert table.column("distance").tolist() == [12.34]
    assert table.raw("distance").tolist() == [1234]
    assert table.time.tolist() == [NOON_S]
    assert table.column("timestamp").tolist() == [NOON_S]


def test_an_offset_is_added_after_the_scale() -> None:
    decoded = Decoded([encode([("record", {"timestamp": NOON, "altitude": 123.4})])])

    assert decoded.table("record").raw("altitude").tolist() == [3117]
    assert decoded.table("record").column("altitude").tolist() == pytest.approx([123.4])


@pytest.mark.parametrize("is_big_endian", [False, True])
def test_both_byte_orders_tell_the_same(is_big_endian: bool) -> None:
    messages = [FILE_ID, ("monitoring", {"timestamp": NOON, "activity_type": 1, "cycles": 70000 / 2})]

    decoded = Decoded([encode(messages, is_big_endian=is_big_endian)])

    assert decoded.table("monitoring").raw("cycles").tolist() == [70000]
    assert decoded.table("file_id").raw("serial_number").tolist() == [9]
    assert decoded.reports[0] == (2, "", False)


def test_what_a_device_calls_invalid_is_null() -> None:
    cells = [
        Cell(number, BASE_TYPE_BY_NAME[name], None)
        for number, name in enumerate(sorted(BASE_TYPE_BY_NAME.keys() - {"byte"}))
    ]

    row = rows(Decoded([encode_cells([(999, [*cells, Cell(99, BYTE, b"\xff\xff")])])]))[0][0]

    assert [value for _, value in row.fields] == [None] * (len(cells) + 1)


def test_zero_is_a_value_where_the_type_allows_it() -> None:
    decoded = Decoded([encode([("monitoring", {"timestamp": NOON, "heart_rate": 0}), beat(1, None)])])

    column = decoded.table("monitoring").column("heart_rate")

    assert column[0] == 0
    assert math.isnan(column[1])


def test_arrays_and_texts() -> None:
    messages = [(20, [Cell(1, UINT16, [1, None, 3]), Cell(2, STRING, "Uhr é"), Cell(3, BYTE, b"\x01\xff")])]

    fields = rows(Decoded([encode_cells(messages)]))[0][0].fields

    assert [value for _, value in fields] == [(1, None, 3), "Uhr é", (1, 255)]


def test_a_text_without_its_zero_is_read_whole() -> None:
    decoded = Decoded([encode_cells([(0, [Cell(8, STRING, b"watch")])])])

    assert decoded.table("file_id").texts("product_name") == ["watch"]


def test_a_definition_that_comes_again_counts_from_there() -> None:
    first = definition(0, 55, (253, 4, 0x86), (27, 1, 0x02)) + struct.pack("<BIB", 0, NOON_FIT, 61)
    second = definition(0, 55, (27, 1, 0x02), (253, 4, 0x86)) + struct.pack("<BBI", 0, 62, NOON_FIT + 60)

    table = Decoded([framed(first + second)]).table("monitoring")

    assert table.column("heart_rate").tolist() == [61, 62]
    assert table.time.tolist() == [NOON_S, NOON_S + 60]


def test_more_kinds_of_messages_than_local_types() -> None:
    messages = [(1000 + index % 20, [Cell(index % 20, UINT8, index)]) for index in range(60)]

    found = rows(Decoded([encode_cells(messages)]))[0]

    assert [(row.number, row.fields[0][1]) for row in found] == [(1000 + index % 20, index) for index in range(60)]


def test_long_runs_of_one_message_keep_their_order() -> None:
    decoded = Decoded([encode([beat(index % 60, 50 + index % 7) for index in range(1000)])])

    assert decoded.table("monitoring").column("heart_rate").tolist() == [50 + index % 7 for index in range(1000)]
    assert decoded.reports[0].message_count == 1000


def test_many_files_are_kept_apart() -> None:
    decoded = Decoded([encode([beat(1, 61)]), b"", encode([beat(2, 62), beat(3, 63)])])

    table = decoded.table("monitoring")

    assert table.file.tolist() == [0, 2, 2]
    assert table.column("heart_rate").tolist() == [61, 62, 63]
    assert [report.message_count for report in decoded.reports] == [1, 0, 2]


def test_a_compressed_time_counts_on_from_the_last_time() -> None:
    # 5 bits of seconds in the header: 30 s later, then over the wrap at 32
    start = NOON_FIT - NOON_FIT % 32
    body = definition(0, 20, (253, 4, 0x86), (3, 1, 0x02)) + struct.pack("<BIB", 0, start + 1, 60)
    body += definition(1, 20, (3, 1, 0x02))
    body += b"".join(bytes((0x80 | 1 << 5 | offset, rate)) for offset, rate in ((31, 61), (4, 62), (4, 63), (3, 64)))

    table = Decoded([framed(body)]).table("record")

    first = start + FIT_EPOCH_S
    assert table.time.tolist() == [first + 1, first + 31, first + 36, first + 36, first + 67]
    assert table.column("heart_rate").tolist() == [60, 61, 62, 63, 64]


def test_a_compressed_time_before_any_time_is_null() -> None:
    body = definition(1, 20, (3, 1, 0x02)) + bytes((0x80 | 1 << 5 | 5, 61))

    assert math.isnan(Decoded([framed(body)]).table("record").time[0])


def short(seconds: int, rate: int) -> tuple[str, dict[str, object]]:
    return "monitoring", {"timestamp_16": (NOON_FIT + seconds) & 0xFFFF, "heart_rate": rate}


def test_a_16_bit_time_counts_on_from_the_last_time() -> None:
    decoded = Decoded([encode([beat(0, 60), short(60, 61), short(3600, 62), beat(2, 63), short(180, 64)])])

    assert (decoded.table("monitoring").time - NOON_S).tolist() == [0, 60, 3600, 120, 180]


def test_a_16_bit_time_wraps_after_18_hours_and_again() -> None:
    hours = [6, 12, 18, 24, 30, 36, 42]

    decoded = Decoded([encode([beat(0, 60), *(short(3600 * hour, 60) for hour in hours)])])

    assert (decoded.table("monitoring").time - NOON_S).tolist() == [3600 * hour for hour in [0, *hours]]


def test_a_16_bit_time_just_before_the_last_time_is_a_step_back() -> None:
    decoded = Decoded([encode([beat(0, 60), short(-60, 61)])])

    assert (decoded.table("monitoring").time - NOON_S).tolist() == [0, -60]


def test_a_16_bit_time_does_not_count_on_from_another_file() -> None:
    decoded = Decoded([encode([beat(0, 60)]), encode([short(60, 61)])])

    assert math.isnan(decoded.table("monitoring").time[1])


def test_times_of_a_strange_type_are_no_times() -> None:
    messages = [
        (55, [Cell(253, STRING, "noon"), Cell(27, UINT8, 60)]),
        (55, [Cell(253, FLOAT, None), Cell(27, UINT8, 61)]),
        (55, [Cell(26, UINT16, [1, 2]), Cell(27, UINT8, 62)]),
    ]

    table = Decoded([encode_cells(messages)]).table("monitoring")

    assert table.column("heart_rate").tolist() == [60, 61, 62]
    assert all(math.isnan(time) for time in table.time)


def test_a_text_where_a_number_belongs_is_null() -> None:
    assert math.isnan(Decoded([encode_cells([(20, [Cell(3, STRING, "=")])])]).table("record").column("heart_rate")[0])


def test_developer_fields_are_read_by_their_description() -> None:
    body = definition(0, 207, (3, 1, 0x02)) + bytes((0, 0))
    body += definition(1, 206, (0, 1, 0x02), (1, 1, 0x02), (2, 1, 0x02)) + bytes((1, 0, 5, 0x84))
    body += definition(2, 20, (3, 1, 0x02), developer=((5, 2, 0),)) + struct.pack("<BBH", 2, 61, 777)
    body += struct.pack("<BBH", 2, 62, 0xFFFF)

    described, undescribed = rows(Decoded([framed(body), framed(body[body.index(b"\x62") :])]))

    assert [value for row in described[2:] for _, value in row.fields] == [61, 777, 62, None]
    assert [value for row in undescribed for _, value in row.fields] == [61, (9, 3), 62, None]


def test_a_developer_field_follows_the_byte_order_of_its_message() -> None:
    body = definition(1, 206, (0, 1, 0x02), (1, 1, 0x02), (2, 1, 0x02)) + bytes((1, 0, 5, 0x84))
    body += bytes((0x60, 0, 1)) + struct.pack(">HB", 20, 0) + bytes((1, 5, 2, 0)) + struct.pack(">BH", 0, 777)

    assert rows(Decoded([framed(body)]))[0][1].fields[0][1] == 777


def test_a_field_whose_size_does_not_fit_its_type_is_kept_as_bytes() -> None:
    body = definition(0, 20, (3, 1, 0x02), (5, 3, 0x86)) + bytes((0, 61, 1, 2, 3))

    decoded = Decoded([framed(body)])

    assert decoded.table("record").column("heart_rate").tolist() == [61]
    assert rows(decoded)[0][0].fields[1][1] == (1, 2, 3)


def test_files_after_each_other_in_one_are_all_read() -> None:
    decoded = Decoded([encode([beat(1, 61)]) + encode([beat(2, 62)])])

    assert decoded.table("monitoring").column("heart_rate").tolist() == [61, 62]
    assert decoded.reports == [(2, "", False)]


def test_definitions_end_with_their_part_of_a_chained_file() -> None:
    orphan = framed(struct.pack("<BIB", 0, NOON_FIT, 99))

    decoded = Decoded([encode([beat(1, 61)]) + orphan])

    assert decoded.reports == [
        (1, "The file is damaged: bytes follow that no definition explains; 1 message of it was kept.", True)
    ]


def test_a_wrong_checksum_is_told_and_loses_nothing() -> None:
    content = bytearray(encode([beat(1, 61)]))
    content[-1] ^= 0xFF

    decoded = Decoded([bytes(content)])

    assert decoded.reports == [
        (1, "The file has a checksum that does not match its bytes; 1 message of it was kept.", False)
    ]


def test_a_lacking_checksum_is_told_and_loses_nothing() -> None:
    decoded = Decoded([encode([beat(1, 61)])[:-2]])

    assert decoded.reports == [(1, "The file lacks its checksum; 1 message of it was kept.", False)]


def test_a_cut_file_keeps_every_message_before_the_cut() -> None:
    whole = encode([beat(minute, 60 + minute) for minute in range(10)])
    one = len(encode([beat(0, 60), beat(1, 61)])) - len(encode([beat(0, 60)]))
    sentence = "The file breaks off in the middle of a message; "

    for lost in range(1, 10):
        content = whole[: -2 - lost * one + 1]
        decoded = Decoded([content])

        assert decoded.table("monitoring").column("heart_rate").tolist() == [60 + minute for minute in range(10 - lost)]
        kept = "1 message of it was kept." if lost == 9 else f"{10 - lost} messages of it were kept."
        assert decoded.reports == [(10 - lost, sentence + kept, True)]


def test_a_file_cut_between_two_messages_is_partial_too() -> None:
    whole = encode([beat(0, 60), beat(1, 61)])
    one = len(whole) - len(encode([beat(0, 60)]))

    assert Decoded([whole[: -2 - one]]).reports == [
        (1, f"The file is cut off {one + 2} bytes before its end; 1 message of it was kept.", True)
    ]


def test_every_cut_of_a_file_is_read_without_a_stumble() -> None:
    whole = encode([FILE_ID, beat(0, 60), ("session", {"timestamp": NOON, "sport": 1}), beat(1, 61)])

    reports = Decoded([whole[:length] for length in range(len(whole))]).reports

    assert all(report.problem for report in reports)
    assert [report.message_count for report in reports] == sorted(report.message_count for report in reports)


def test_bytes_after_the_end_are_told() -> None:
    assert Decoded([encode([beat(1, 61)]) + b"tail"]).reports == [
        (1, "The file has 4 bytes after its end, which were not read; 1 message of it was kept.", True)
    ]


def test_a_file_that_was_never_closed_is_read_to_its_end() -> None:
    content = bytearray(encode([beat(1, 61), beat(2, 62)])[:-2])
    content[4:8] = bytes(4)

    decoded = Decoded([bytes(content)])

    assert decoded.table("monitoring").column("heart_rate").tolist() == [61, 62]
    assert decoded.reports[0].is_partial
    assert "never closed" in decoded.reports[0].problem


@pytest.mark.parametrize("size", [12, 14, 20])
def test_headers_of_any_size(size: int) -> None:
    whole = encode([beat(1, 61)])
    header = bytes((size,)) + whole[1:12] + bytes(size - 12)
    content = header + whole[14:-2]
    content += struct.pack("<H", crc(content))

    decoded = Decoded([content])

    assert decoded.table("monitoring").column("heart_rate").tolist() == [61]
    assert decoded.reports == [(1, "", False)]


def test_what_is_no_fit_file_says_so() -> None:
    assert Decoded([b"no watch wrote this line"]).reports == [
        (0, "The file is not a FIT file; no message of it was kept.", True)
    ]


def test_nothing_gives_nothing() -> None:
    decoded = Decoded([])

    assert decoded.reports == []
    assert len(decoded.table("record")) == 0
    assert decoded.table("record").time.tolist() == []


def test_a_time_in_the_header_of_one_file_takes_no_time_from_another() -> None:
    """Messages of one definition in many files are one table; damage made a header of one look like that."""
    whole = (SAMPLES / "fit_files" / "watch" / "Monitor" / "M3S00002.FIT").read_bytes()
    alone = Decoded([whole])
    place = next(int(chunk.place[0]) for chunk in alone.chunks(55) if "26" in (chunk.definition.dtype.names or ()))
    damaged = bytearray(whole)
    damaged[place] = 0x80 | damaged[place] << 5

    together = Decoded([whole, bytes(damaged)])

    monitoring = together.table("monitoring")
    assert np.array_equal(monitoring.time[monitoring.file == 0], alone.table("monitoring").time, equal_nan=True)
