"""Cells, tables and their bounds."""

import io
import zipfile
from collections.abc import Iterator
from contextlib import suppress
from datetime import date, datetime, time, timedelta
from functools import partial

import openpyxl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from recovery.errors import UnreadableExportError
from recovery.formats import log_table as tabular
from recovery.formats.entries import HEAD_BYTES, Entry
from recovery.formats.log_table import Moment, NotReadableError


def entry(content: bytes, name: str = "log.csv") -> Entry:
    return Entry(name, len(content), lambda: io.BytesIO(content))


def rows(content: str | bytes) -> list[tuple[str, list[object]]]:
    data = content if isinstance(content, bytes) else content.encode()
    return [(row.place, list(row.cells)) for row in tabular.tables(entry(data))[0].rows]


def workbook(*cells: object) -> bytes:
    book = openpyxl.Workbook()
    for row in cells:
        book.active.append(row)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


@pytest.mark.parametrize(
    ("text", "folded"),
    [
        ("Pain (0-10)", "pain"),
        ("  Schmerz_vorher ", "schmerz vorher"),
        ("Körperbereich", "korperbereich"),
        ("LÆGEBESØG", "laegebesog"),
        ("Größe", "grosse"),
        ("Minutes [min]", "minutes"),
    ],
)
def test_headings_fold_to_plain_words(text: str, folded: str) -> None:
    assert tabular.fold(text) == folded


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "cp1252"])
@pytest.mark.parametrize("newline", ["\n", "\r\n", "\r"])
def test_a_text_reads_alike_in_every_encoding(encoding: str, newline: str) -> None:
    content = newline.join(["date,note", "2026-05-31,Rücken", ""]).encode(encoding)

    assert rows(content) == [("row 1", ["date", "note"]), ("row 2", ["2026-05-31", "Rücken"])]


def test_rows_count_as_in_a_spreadsheet() -> None:
    found = rows('a,b\n\n,,\n1,"two\nlines"\n2,x\n')

    assert found == [("row 1", ["a", "b"]), ("row 4", ["1", "two\nlines"]), ("row 5", ["2", "x"])]


def test_a_quotation_mark_nobody_closes_costs_no_other_row() -> None:
    found = rows('a,b\n1,"open\n2,5" ball\n3,z\n')

    assert found == [
        ("row 1", ["a", "b"]),
        ("row 2", ["1", "open"]),
        ("row 3", ["2", '5" ball']),
        ("row 4", ["3", "z"]),
    ]


def test_a_line_longer_than_any_log_has_is_shortened_to_one_cell() -> None:
    found = rows("a,b\n" + "x" * 70_000 + "\n1,2\n")

    assert [place for place, _ in found] == ["row 1", "row 2", "row 3"]
    assert found[1][1] == ["x" * 40 + "... (70,000 characters)"]


def test_no_more_of_an_endless_line_is_read_than_its_bound() -> None:
    taken = 0

    class Endless(io.RawIOBase):
        def readable(self) -> bool:
            return True

        def read(self, size: int = -1) -> bytes:
            nonlocal taken
            assert 0 < size <= 1 << 20
            taken += size
            return b"x" * size

    with pytest.raises(UnreadableExportError, match="more than 8 MB, which no log has"):
        tabular.tables(Entry("log.csv", 2 << 30, Endless))

    assert taken <= tabular.MAX_BYTES + HEAD_BYTES + 1


def test_a_table_of_too_many_rows_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tabular, "MAX_ROWS", 1000)

    with pytest.raises(UnreadableExportError, match="more than 1,000 rows"):
        tabular.text_tables("1,2\n" * 1002, 1000)


@pytest.mark.parametrize(
    ("head", "what"),
    [(b"\xff\xd8\xff\xe0\x00", "a JPEG picture"), (b"%PDF-1.7\n\0", "a PDF"), (b"PK\x03\x04\0\0", "a zip archive")],
)
def test_what_is_no_table_is_named(head: bytes, what: str) -> None:
    with pytest.raises(UnreadableExportError, match=f"log.csv is {what}, not a table"):
        tabular.tables(entry(head * 3))


def test_binary_data_is_no_text() -> None:
    with pytest.raises(UnreadableExportError, match="is binary data, not a table"):
        tabular.read_text(entry(b"ab\0c"))
    with pytest.raises(UnreadableExportError, match="is a JPEG picture, not a table"):
        tabular.read_text(entry(b"\xff\xd8\xff without any zero"))


@pytest.mark.parametrize("content", ['{"massages": [', "[" * 100_000])
def test_broken_json_is_refused_in_a_sentence(content: str) -> None:
    with pytest.raises(UnreadableExportError, match="is not valid JSON"):
        tabular.tables(entry(content.encode(), "log.json"))


def test_cells_of_a_workbook_keep_their_kind() -> None:
    content = workbook(["date", "start"], [], [date(2026, 5, 31), time(18, 30), 1.5, True, "=1+1"])

    table = tabular.tables(entry(content, "log.xlsx"))[0]

    assert table.rows[1].place == "row 3"
    assert list(table.rows[1].cells) == [datetime(2026, 5, 31), time(18, 30), 1.5, True]  # a formula is never evaluated


def test_a_damaged_or_locked_workbook_is_refused_in_a_sentence() -> None:
    content = workbook(["date", "start"])

    for damaged in (content[: len(content) // 2], content.replace(b"xl/workbook.xml", b"xl/workbook.xmx")):
        with pytest.raises(UnreadableExportError, match="damaged or locked workbook"):
            tabular.tables(entry(damaged, "log.xlsx"))


def repacked(content: bytes, changed: dict[str, bytes]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as old, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            new.writestr(name, changed.get(name, old.read(name)))
    return out.getvalue()


def test_a_workbook_that_declares_entities_is_refused() -> None:
    bomb = b'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "aaaa">]><sst>&a;</sst>'

    with pytest.raises(UnreadableExportError, match="declares XML entities"):
        tabular.tables(entry(repacked(workbook(["a"]), {"xl/styles.xml": bomb}), "log.xlsx"))


def test_a_workbook_that_unpacks_to_too_much_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tabular, "MAX_UNPACKED_BYTES", 1 << 20)
    huge = repacked(workbook(["a"]), {"xl/styles.xml": b" " * (tabular.MAX_UNPACKED_BYTES + 1)})

    with pytest.raises(UnreadableExportError, match="unpacks to more than 1 MB"):
        tabular.tables(entry(huge, "log.xlsx"))


def test_a_workbook_beyond_its_bound_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tabular, "MAX_WORKBOOK_BYTES", 1 << 20)
    content = workbook(["a"]) + b"\0" * tabular.MAX_WORKBOOK_BYTES

    with pytest.raises(UnreadableExportError, match="more than 1 MB"):
        tabular.tables(entry(content, "log.xlsx"))


@pytest.mark.parametrize(
    ("dates", "is_day_first"),
    [
        (["31.05.2026", "01.06.2026"], True),
        (["05/31/2026", "06/01/2026"], False),
        (["05/05/2026"], None),
        (["2026-05-06", "2026-31-12"], None),
        ([datetime(2026, 5, 6), None, 3.0, "next year"], None),
    ],
)
def test_the_whole_column_decides_on_day_and_month(dates: list[tabular.Cell], is_day_first: bool | None) -> None:
    assert tabular.day_first(dates) is is_day_first


def test_dates_that_nothing_decides_are_refused_with_the_remedy() -> None:
    with pytest.raises(UnreadableExportError, match=r"whether 05/06/2026 begins.*Write the dates as 2026-05-31"):
        tabular.day_first(["05/05/2026", "05/06/2026"])


def test_dates_in_both_orders_are_refused_with_the_remedy() -> None:
    with pytest.raises(UnreadableExportError, match=r"mix day/month and month/day.*2026-05-31"):
        tabular.day_first(["31/05/2026", "05/31/2026"])


@pytest.mark.parametrize(
    "text",
    [
        "2026-05-31", "2026/05/31", "2026.5.31", "20260531", "31.05.2026", "31. 5. 26", "31-05-2026",
        "Sun, 31 May 2026", "So 31.05.2026", "31. Mai 2026", "31 mai 2026", "31 de mayo de 2026", "May 31, 2026",
        "31 maggio 2026", "31 mei 2026", "31. maj 2026", "31 de maio de 2026", "dimanche 31 mai 2026", "31.05.2026 So",
    ],
)  # fmt: skip
def test_a_date_reads_in_each_of_its_forms(text: str) -> None:
    assert tabular.moment_of(text, True) == Moment(date(2026, 5, 31))


@pytest.mark.parametrize(
    "text",
    [
        "2026-05-31 18:30", "2026-05-31T18:30:00", "31.05.2026 18.30 Uhr", "May 31, 2026 6:30 pm", "31/5/2026, 18h30",
        "31.05.2026 um 18:30", "31 mai 2026 à 18h30", "20260531T1830",
    ],
)  # fmt: skip
def test_a_date_may_carry_its_time(text: str) -> None:
    assert tabular.moment_of(text, True) == Moment(date(2026, 5, 31), time(18, 30))


def test_an_offset_makes_an_instant() -> None:
    assert tabular.moment_of("2026-05-31T18:30:00+05:30", None).instant_utc == datetime(2026, 5, 31, 13, 0)
    assert tabular.moment_of("2026-05-31 18:30-0300", None).instant_utc == datetime(2026, 5, 31, 21, 30)
    assert tabular.moment_of("2026-05-31T18:30Z", None) == Moment(
        date(2026, 5, 31), time(18, 30), datetime(2026, 5, 31, 18, 30), is_utc=True
    )


def test_midnight_in_a_date_cell_is_no_time() -> None:
    assert tabular.moment_of(datetime(2026, 5, 31), None).clock is None
    assert tabular.moment_of("2026-05-31 00:00:00", None).clock is None
    assert tabular.moment_of(datetime(2026, 5, 31, 18, 29, 59, 999_900), None).clock == time(18, 30)


@pytest.mark.parametrize(
    "cell",
    ["", "tomorrow", "2026-02-30", "32.01.2026", "1999-12-31", "2026-05-31T18:30+19:00", 46173.0, True,
     "31 mai mars 2026", "2026-05-31 25:00", "1 2 31.05.2026"],
)  # fmt: skip
def test_what_is_no_date_is_refused(cell: tabular.Cell) -> None:
    with pytest.raises(NotReadableError):
        tabular.moment_of(cell, True)


@given(
    st.dates(date(2000, 1, 1), date(2099, 12, 31)), st.sampled_from(["%d.%m.%Y", "%m/%d/%Y", "%Y-%m-%d", "%d %B %Y"])
)
def test_a_written_date_reads_back(day: date, form: str) -> None:
    assert tabular.moment_of(day.strftime(form), form.startswith("%d")).local_date == day


@given(st.lists(st.dates(date(2000, 1, 1), date(2099, 12, 31)), min_size=1), st.sampled_from(["%d/%m/%Y", "%m/%d/%Y"]))
def test_a_column_is_read_in_its_own_order_or_refused(days: list[date], form: str) -> None:
    written = [day.strftime(form) for day in days]
    try:
        order = tabular.day_first(written)
    except UnreadableExportError:
        assert all(day.day <= 12 for day in days)
    else:
        assert [tabular.moment_of(text, order).local_date for text in written] == days


@pytest.mark.slow
@given(st.text(max_size=40))
def test_any_text_is_read_or_refused(text: str) -> None:
    for meaning in (partial(tabular.moment_of, is_day_first=True), tabular.clock_of, tabular.minutes_of):
        with suppress(NotReadableError):
            assert meaning(text) is not None


@pytest.mark.parametrize(
    ("cell", "clock"),
    [
        ("18:30", time(18, 30)), ("18.30", time(18, 30)), ("18h30", time(18, 30)), ("18 Uhr", time(18)),
        ("6:30 pm", time(18, 30)), ("6.30 p.m.", time(18, 30)), ("6pm", time(18)), ("12:15 am", time(0, 15)),
        ("12 pm", time(12)), ("18:30:15", time(18, 30, 15)), ("1830", time(18, 30)), ("9", time(9)), (9.0, time(9)),
        (time(18, 30), time(18, 30)), (0.75, time(18)), (datetime(1899, 12, 31, 9, 5), time(9, 5)),
    ],
)  # fmt: skip
def test_a_time_reads_in_each_of_its_forms(cell: tabular.Cell, clock: time) -> None:
    assert tabular.clock_of(cell) == clock


@pytest.mark.parametrize("cell", ["25:00", "18:60", "13 pm", "0 am", "soon", "", 183000.0, True, None, "123"])
def test_what_is_no_time_is_refused(cell: tabular.Cell) -> None:
    with pytest.raises(NotReadableError, match="is not a time of day"):
        tabular.clock_of(cell)


@pytest.mark.parametrize(
    ("cell", "minutes"),
    [
        (60, 60), (60.0, 60), ("60", 60), ("60 min", 60), ("60 Min.", 60), ("60'", 60), ("1:00", 60), ("1:30:00", 90),
        ("1 h", 60), ("1h30", 90), ("1 h 30 min", 90), ("1,5 Std.", 90), ("1.5 hours", 90), ("52,5", 52.5),
        (time(1, 15), 75), (timedelta(hours=1), 60),
    ],
)  # fmt: skip
def test_minutes_read_in_each_of_their_forms(cell: tabular.Cell, minutes: float) -> None:
    assert tabular.minutes_of(cell) == minutes


@pytest.mark.parametrize("cell", ["soon", "", "h", True, "1:75", float("nan"), date(2026, 1, 1)])
def test_what_is_no_duration_is_refused(cell: tabular.Cell) -> None:
    with pytest.raises(NotReadableError, match="is not a number of minutes"):
        tabular.minutes_of(cell)


def test_a_scale_takes_numbers_and_shares_of_its_top() -> None:
    assert [tabular.scale_of(cell, 0, 10) for cell in (7, "7", "7,5", "7.5", "7/10", "7 of 10", "7 von 10")] == [
        7, 7, 7.5, 7.5, 7, 7, 7,
    ]  # fmt: skip


@pytest.mark.parametrize("cell", [11, "-1", "7/5", "x", "1e3", float("inf"), True, "1,2,3"])
def test_what_lies_off_a_scale_is_refused(cell: tabular.Cell) -> None:
    with pytest.raises(NotReadableError):
        tabular.scale_of(cell, 0, 10)


def test_the_end_of_a_file_says_how_to_write_on() -> None:
    def told() -> Iterator[str]:
        for encoding in ("utf-8", "utf-8-sig", "utf-16", "utf-16-be", "cp1252"):
            yield tabular.encoding_of("date;Rücken".encode(encoding))

    assert list(told()) == ["utf-8", "utf-8", "utf-16-le", "utf-16-be", "cp1252"]


def test_a_cell_of_endless_blanks_is_refused_at_once() -> None:
    long = "1" + " " * 60_000 + "x"

    for meaning in (tabular.clock_of, tabular.minutes_of, partial(tabular.moment_of, is_day_first=True)):
        with pytest.raises(NotReadableError):
            meaning(long)
    with pytest.raises(NotReadableError, match="is not a number"):
        tabular.scale_of(long, 0, 10)
