"""Tables of exports: headings, rows, instants and numbers, whatever a file holds."""

from datetime import datetime

import pytest
from one_reader import entry, living_in

from recovery.formats.export_table import (
    Instant,
    Row,
    TableFile,
    amount,
    headings,
    instant,
    measured,
    note,
    number,
    offsets,
    plain,
)
from recovery.formats.records import Skipped

BERLIN = living_in("Europe/Berlin")


def rows(text: str | bytes, line: int = 0) -> list[Row | Skipped]:
    return list(TableFile(0, entry(text, "a.csv"), BERLIN).rows(line))


def cells(text: str | bytes, line: int = 0) -> list[list[str]]:
    return [list(row.cells.values()) for row in rows(text, line) if isinstance(row, Row)]


@pytest.mark.parametrize("heading", ["bedtime_start", "BedtimeStart", "Bedtime start", " bedtime-start "])
def test_headings_are_compared_without_case_and_punctuation(heading: str) -> None:
    assert plain(heading) == "bedtimestart"


@pytest.mark.parametrize("sign", [",", ";", "\t"])
@pytest.mark.parametrize("mark", ["", "\ufeff"])
@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_delimiters_marks_and_line_ends_are_found_out(sign: str, mark: str, end: str) -> None:
    text = mark + sign.join(("day", '"a, b; c"', "x")) + end + sign.join(("1", '"2, 3; 4"', "5")) + end

    assert headings(text.encode()) == ["day", "a, b; c", "x"]
    assert cells(text) == [["1", "2, 3; 4", "5"]]


def test_headings_that_are_cut_or_no_text_are_none() -> None:
    assert headings(b"day;steps") == []
    assert headings(b"day;\0;steps\n") == []
    assert headings(b"") == []


def test_lines_above_the_headings_are_passed_over_and_places_are_of_the_file() -> None:
    (row,) = rows("type,1,2\nday,steps\n2026-05-01,7,\n", line=1)

    assert row == Row("row 3", {"day": "2026-05-01", "steps": "7"})


def test_a_comma_too_many_is_allowed_and_a_cell_too_many_is_not() -> None:
    first, second, third = rows("day,steps\n1,2,\n1,2,3\n1\n")

    assert isinstance(first, Row)
    assert isinstance(second, Skipped)
    assert (second.place, second.reason) == ("row 3", "this row has 3 cells, the headings 2")
    assert isinstance(third, Skipped)


def test_empty_lines_are_no_rows_and_of_two_columns_of_one_name_the_first_counts() -> None:
    assert cells("day,Day,x\n1,2,3\n\n,,\n") == [["1", "3"]]


def test_a_note_of_many_lines_is_one_row_and_bytes_that_are_no_text_cost_nothing_else() -> None:
    assert cells(b'day,note\n1,"two\nlines"\n2,\xff\n') == [["1", "two\nlines"], ["2", "\ufffd"]]


def test_an_open_quotation_mark_ends_the_file_with_a_word() -> None:
    file = TableFile(0, entry('day,note\n1,fine\n2,"open\n' + "3,lost\n" * 40_000, "a.csv"), BERLIN)
    found = list(file.rows())

    assert [type(row) for row in found] == [Row, Skipped]
    assert file.is_partial


def test_what_is_private_is_not_shown_even_where_it_cannot_be_read() -> None:
    file = TableFile(0, entry("day,track\n1,48.1,11.5\n2,48.2\n", "a.csv"), BERLIN, is_private=True)
    ragged, sound = list(file.rows())

    assert isinstance(ragged, Skipped)
    assert ragged.value == ""
    assert isinstance(sound, Row)
    assert file.unreadable(sound).value == ""


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("2026-05-01T10:00:00+02:00", Instant(datetime(2026, 5, 1, 8), 7200, False)),
        ("2026-05-01T10:00:00.000Z", Instant(datetime(2026, 5, 1, 10), None, False)),
        ("2026-05-01 10:00:00", Instant(datetime(2026, 5, 1, 8), None, True, datetime(2026, 5, 1, 10))),
        ("2026-05-01T10:00:00+19:00", Instant(datetime(2026, 4, 30, 15), None, False)),
    ],
)
def test_an_instant_says_what_was_told_of_the_clock(text: str, expected: Instant) -> None:
    assert instant(text, BERLIN) == expected


def test_the_wall_clock_is_known_only_where_an_offset_is_told() -> None:
    assert instant("2026-05-01T10:00:00+02:00", BERLIN).wall == datetime(2026, 5, 1, 10)
    assert instant("2026-05-01T10:00:00Z", BERLIN).wall is None


@pytest.mark.parametrize("text", ["", "soon", "1970-01-01T00:00:00Z", "2100-01-01T00:00:00Z"])
def test_a_time_of_no_year_we_read_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r"."):
        instant(text, BERLIN)


@pytest.mark.parametrize("text", [None, "", " ", "null", "None", "NaN", "inf", "-"])
def test_what_is_not_told_is_no_number(text: str | None) -> None:
    assert number(text) is None


def test_zero_is_an_amount_and_no_measurement_of_a_body() -> None:
    assert amount("0") == 0
    assert measured("0") is None
    with pytest.raises(ValueError, match="-1"):
        amount("-1")
    with pytest.raises(ValueError, match="many"):
        number("many")


def test_offsets_are_told_once_a_day_and_at_each_change() -> None:
    kept: list[Instant] = []
    for hour, offset_s in ((0, 7200), (1, 7200), (2, 3600), (30, 3600)):
        note(kept, Instant(datetime(2026, 10, 25 + hour // 24, hour % 24), offset_s, False))
    note(kept, Instant(datetime(2026, 10, 27), None, True))

    assert [(row["time_utc"], row["offset_s"]) for row in offsets("x", kept)] == [
        (datetime(2026, 10, 25), 7200),
        (datetime(2026, 10, 25, 2), 3600),
        (datetime(2026, 10, 26, 6), 3600),
    ]


def test_the_receipt_counts_what_was_left_out() -> None:
    file = TableFile(0, entry("", "a.csv"), BERLIN)
    file.left_out["x"] += 1200
    file.messages.append("first")

    assert file.summary().message == "first; left out: 1,200 x x"
    assert TableFile(0, entry("", "a.csv"), BERLIN).summary().message == "holds no entries"
