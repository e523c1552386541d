"""What a file that nobody knows is said to look like."""

from functools import partial
from io import BytesIO

import pytest

from recovery.formats.entries import Entry
from recovery.inbox import guess

TAR = b"a.txt".ljust(257, b"\0") + b"ustar\x0000"
MIXED_BYTES = bytes(range(1, 256))


def nearest(content: bytes) -> str:
    return guess.nearest(Entry("x", len(content), partial(BytesIO, content)))


@pytest.mark.parametrize(
    ("content", "clause"),
    [
        (b"\xff\xd8\xff\xe0", "a JPEG picture"),
        (b"%PDF-1.7", "a PDF document: export CSV, JSON or FIT instead"),
        (b"7z\xbc\xaf\x27\x1c\0", "a 7z archive: unpack it and drop the files"),
        (b"SQLite format 3\0", "an SQLite database that is neither Gadgetbridge's nor Health Connect's"),
        (TAR, "a tar archive: unpack it and drop the files"),
        (b"\0\0\0\x18ftypmp42", "a video or picture of a phone"),
        (b"\x0e\x10\x43\x08\0\0\0\0.FIT", "a FIT file whose content is not known here"),
        (bytes(300), "the place of a file whose content is not here, bytes of zero alone: copy or download it again"),
        (b"a\0b", "data in a form that is not known here"),
        (MIXED_BYTES, "data in a form that is not known here"),
        (b"<!DOCTYPE html><html>", "a web page: export CSV, JSON or FIT instead"),
        (b'<?xml version="1.0"?><!-- note --><plan:day x="1"/>', "XML whose first element is <plan:day>"),
        (b"<", "XML"),
        (b'{"title": "Soup", "serves": 4}', "JSON with the keys title, serves"),
        (b"[1, 2]", "JSON without any keys"),
        (b"[1, 2", "plain text"),
        (b"BEGIN:VCALENDAR\nEND:VCALENDAR", "a calendar in which no title of an event names a massage"),
        (b"name,count\nA,1\nB,2\n", "a table with the columns name, count"),
        (b"name\nA\nB\n", "plain text"),
        (b"a,b,c\nno table\nat all\nis this\n", "plain text"),
        (b"Bonjour", "plain text"),
        ("Grüße".encode("latin-1"), "plain text"),
        ("Grüße".encode("utf-16"), "plain text"),
        ("Grüße".encode()[:3], "plain text"),  # the head ends within a letter
    ],
)
def test_a_file_looks_like(content: bytes, clause: str) -> None:
    assert nearest(content) == clause


@pytest.mark.parametrize(
    ("path", "content", "device"),
    [
        ("x.cwa", b"MD\xfc\x03\0", "Axivity device (.cwa)"),
        ("x.bin", b"Device Identity\n", "GENEActiv device (.bin)"),
        ("a.gt3x!/log.bin", b"\x1e\0", "ActiGraph device (.gt3x)"),
        ("a.gt3x!/info.txt", b"Serial Number: 1\n", "ActiGraph device (.gt3x)"),
    ],
)
def test_raw_acceleration_names_the_tools_that_make_steps_and_nights_of_it(
    path: str, content: bytes, device: str
) -> None:
    said = guess.nearest(Entry(path, len(content), partial(BytesIO, content)))

    assert device in said
    assert "`stepcount` (of OxWearables, Python)" in said
    assert "GGIR (R)" in said


def test_a_table_with_dates_gets_advice_how_to_become_a_log() -> None:
    said = nearest(b"When;Count\n31.5.2026;1\n1.6.2026;2\n")

    assert said.startswith("a table with the columns When, Count; to make it a log, name the first column 'date'")


def test_a_table_that_a_spreadsheet_saved_again_is_told_apart() -> None:
    saved, kept = (
        guess.nearest(Entry("a.csv", len(content), partial(BytesIO, content)))
        for content in (b"Datum;Wert\n03.05.2026;4,5\n04.05.2026;4,6\n", b"day,value\n2026-05-03,4.5\n2026-05-04,4.6\n")
    )

    assert guess.SAVED_AGAIN in saved
    assert guess.SAVED_AGAIN not in kept


@pytest.mark.parametrize(
    "head",
    [
        b"time,x,y,z\n2026-05-03 10:00:00.000,0.1,0.2,0.9\n",
        b"Timestamp,X,Y,Z,temp\n",
        b"Timestamp,Accelerometer X,Accelerometer Y,Accelerometer Z\n",
        b'"timestamp";"acc_x";"acc_y";"acc_z"\n',
        b"Device Type,GENEActiv\nDevice Model,1.1\n",
        b"MD\xfc\x03" + b"\0" * 600,
        b"Device Identity\r\nDevice Unique Serial Code:012345\r\n",
    ],
)
def test_raw_acceleration_names_the_tools_that_make_it_readable(head: bytes) -> None:
    assert "stepcount" in nearest(head)
    assert "GGIR" in nearest(head)


def test_a_table_with_an_x_is_no_acceleration() -> None:
    assert "acceleration" not in nearest(b"date,x,note\n2026-05-03,1,a\n2026-05-04,1,b\n")
    assert "ActiLife" in guess.nearest(Entry("a.agd", 16, partial(BytesIO, b"SQLite format 3\0")))
