"""The nearest guess at a file that no reader claims, by its first bytes."""

import pytest
from one_reader import entry

from recovery.inbox.guess import nearest


@pytest.mark.parametrize(
    ("content", "clause"),
    [
        (b"%PDF-1.7\n", "a PDF document"),
        (b"SQLite format 3\0", "an SQLite database"),
        (b"7z\xbc\xaf\x27\x1c\0\4", "a 7z archive"),
        (b"Rar!\x1a\x07", "a RAR archive"),
        (b"PAR1\x15\0", "a Parquet file"),
        (b"\0" * 257 + b"ustar\x0000", "a tar archive"),
        (b"\0\0\0\x18ftypmp42", "a video or picture of a phone"),
        (b"\x0e\x10\x43\x08\0\0\0\0.FIT", "a FIT file whose content is not known here"),
        (b"\x01\0\x02\0\x03", "data in a form that is not known here"),
        (bytes(range(128, 160)) * 20, "data in a form that is not known here"),
        (b"BEGIN:VCALENDAR\nVERSION:2.0\n", "a calendar in which no event is a massage"),
        (b"Bread\n\n500 g flour\n", "plain text"),
        (b"", "plain text"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_the_first_bytes_say_what_a_file_is(content: bytes, clause: str) -> None:
    assert nearest(entry(content, "what")).startswith(clause)


@pytest.mark.parametrize(
    ("text", "clause"),
    [
        ("<!DOCTYPE html><html></html>", "a web page: export CSV, JSON or FIT instead"),
        ("<?xml version='1.0'?><!-- by a strap --><s:data><x/></s:data>", "XML whose first element is <s:data>"),
        ("<?xml version='1.0'?>", "XML"),
        ('{"name": "x", "weight": [1, 2], "name": 3}', "JSON with the keys name, weight"),
        ("[1, 2, 3]", "JSON without any keys"),
        ("[not json", "plain text"),
    ],
)  # fmt: skip
def test_markup_and_json_are_told_by_their_names(text: str, clause: str) -> None:
    assert nearest(entry(text, "what")) == clause


def test_a_table_is_told_by_its_columns() -> None:
    assert nearest(entry("city;height\nUlm;478\nBonn;60\n", "t.csv")) == "a table with the columns city, height"


@pytest.mark.parametrize("day", ["2026-05-04", "4.5.2026", "04/05/26"])
def test_a_table_with_dates_comes_with_advice_how_to_make_it_a_log(day: str) -> None:
    clause = nearest(entry(f"day,mood of the cat\n{day},3\n{day},4\n", "t.csv"))

    assert clause.startswith("a table with the columns day, mood of the cat; ")
    assert "`recovery map FILE`" in clause


def test_text_whose_lines_have_no_columns_in_common_is_no_table() -> None:
    assert nearest(entry("Dear you, thank you,\nI am fine\nand so is she\nand he\n", "t.txt")) == "plain text"


@pytest.mark.parametrize("encoding", ["utf-16", "latin-1", "utf-8-sig"])
def test_text_of_other_encodings_is_text(encoding: str) -> None:
    text = "stadt;höhe\nKöln;53\nGörlitz;201\n"

    assert nearest(entry(text.encode(encoding), "t.csv")) == "a table with the columns stadt, höhe"


def test_a_letter_cut_in_two_by_the_end_of_the_head_does_no_harm() -> None:
    head = ("a" * 4095 + "é").encode()

    assert nearest(entry(head, "t.txt")) == "plain text"
