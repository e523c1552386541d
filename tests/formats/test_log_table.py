"""Cells, tables and their bounds."""

import io
import zipfile
from collections.abc import Iterator
from datetime import date, datetime, time

import openpyxl
import pytest

from recovery.errors import UnreadableExportError
from recovery.formats import log_table
from recovery.formats.entries import HEAD_BYTES, Entry


def entry(content: bytes, name: str = "log.csv") -> Entry:
    return Entry(name, len(content), lambda: io.BytesIO(content))


def rows(content: str | bytes) -> list[tuple[str, list[object]]]:
    data = content if isinstance(content, bytes) else content.encode()
    return [(row.place, list(row.cells)) for row in log_table.tables(entry(data))[0].rows]


def workbook(*cells: object) -> bytes:
    book = openpyxl.Workbook()
    for row in cells:
        book.active.append(row)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


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
        log_table.tables(Entry("log.csv", 2 << 30, Endless))

    assert taken <= log_table.MAX_BYTES + HEAD_BYTES + 1


def test_a_table_of_too_many_rows_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(log_table, "MAX_ROWS", 1000)

    with pytest.raises(UnreadableExportError, match="more than 1,000 rows"):
        log_table.text_tables("1,2\n" * 1002, 1000)


@pytest.mark.parametrize(
    ("head", "what"),
    [(b"\xff\xd8\xff\xe0\x00", "a JPEG picture"), (b"%PDF-1.7\n\0", "a PDF"), (b"PK\x03\x04\0\0", "a zip archive")],
)
def test_what_is_no_table_is_named(head: bytes, what: str) -> None:
    with pytest.raises(UnreadableExportError, match=f"log.csv is {what}, not a table"):
        log_table.tables(entry(head * 3))


def test_binary_data_is_no_text() -> None:
    with pytest.raises(UnreadableExportError, match="is binary data, not a table"):
        log_table.read_text(entry(b"ab\0c"))
    with pytest.raises(UnreadableExportError, match="is a JPEG picture, not a table"):
        log_table.read_text(entry(b"\xff\xd8\xff without any zero"))


@pytest.mark.parametrize("content", ['{"massages": [', "[" * 100_000])
def test_broken_json_is_refused_in_a_sentence(content: str) -> None:
    with pytest.raises(UnreadableExportError, match="is not valid JSON"):
        log_table.tables(entry(content.encode(), "log.json"))


def test_cells_of_a_workbook_keep_their_kind() -> None:
    content = workbook(["date", "start"], [], [date(2026, 5, 31), time(18, 30), 1.5, True, "=1+1"])

    table = log_table.tables(entry(content, "log.xlsx"))[0]

    assert table.rows[1].place == "row 3"
    assert list(table.rows[1].cells) == [datetime(2026, 5, 31), time(18, 30), 1.5, True]  # a formula is never evaluated


def test_a_damaged_or_locked_workbook_is_refused_in_a_sentence() -> None:
    content = workbook(["date", "start"])

    for damaged in (content[: len(content) // 2], content.replace(b"xl/workbook.xml", b"xl/workbook.xmx")):
        with pytest.raises(UnreadableExportError, match="damaged or locked workbook"):
            log_table.tables(entry(damaged, "log.xlsx"))


def repacked(content: bytes, changed: dict[str, bytes]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as old, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            new.writestr(name, changed.get(name, old.read(name)))
    return out.getvalue()


def test_a_workbook_that_declares_entities_is_refused() -> None:
    bomb = b'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "aaaa">]><sst>&a;</sst>'

    with pytest.raises(UnreadableExportError, match="declares XML entities"):
        log_table.tables(entry(repacked(workbook(["a"]), {"xl/styles.xml": bomb}), "log.xlsx"))


def test_a_workbook_that_unpacks_to_too_much_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(log_table, "MAX_UNPACKED_BYTES", 1 << 20)
    huge = repacked(workbook(["a"]), {"xl/styles.xml": b" " * (log_table.MAX_UNPACKED_BYTES + 1)})

    with pytest.raises(UnreadableExportError, match="unpacks to more than 1 MB"):
        log_table.tables(entry(huge, "log.xlsx"))


def test_a_workbook_beyond_its_bound_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(log_table, "MAX_WORKBOOK_BYTES", 1 << 20)
    content = workbook(["a"]) + b"\0" * log_table.MAX_WORKBOOK_BYTES

    with pytest.raises(UnreadableExportError, match="more than 1 MB"):
        log_table.tables(entry(content, "log.xlsx"))


def test_the_end_of_a_file_says_how_to_write_on() -> None:
    def encodings() -> Iterator[str]:
        for encoding in ("utf-8", "utf-8-sig", "utf-16", "utf-16-be", "cp1252"):
            yield log_table.encoding_of("date;Rücken".encode(encoding))

    assert list(encodings()) == ["utf-8", "utf-8", "utf-16-le", "utf-16-be", "cp1252"]
