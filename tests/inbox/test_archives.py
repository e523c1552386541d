"""Archives as folders: hashed in one pass, measured while read, never unpacked by name."""

import gzip
import hashlib
import io
import stat
import struct
import zipfile
from collections.abc import Iterator
from pathlib import Path

import homes
import openpyxl
import pytest

from recovery.formats.entries import Entry
from recovery.inbox import archives
from recovery.inbox.archives import ArchivePool, Content


@pytest.fixture
def pool(tmp_path: Path) -> Iterator[ArchivePool]:
    made = ArchivePool(tmp_path)
    yield made
    made.close()


def explored(content: bytes, pool: ArchivePool, name: str = "a.zip") -> dict[str, Content]:
    entry = Entry(name, len(content), lambda: io.BytesIO(content))
    return {found.entry.path: found for found in archives.explore(entry, pool)}


def test_members_at_any_depth_are_hashed_and_can_be_opened_again(pool: ArchivePool) -> None:
    inner = homes.zipped({"c.txt": "deep"})
    found = explored(homes.zipped({"b/b.txt": "text", "inner.zip": inner, "d.txt.gz": gzip.compress(b"packed")}), pool)

    assert {path: one.kind for path, one in found.items()} == {
        "a.zip": "zip",
        "a.zip!/b/b.txt": "",
        "a.zip!/inner.zip": "zip",
        "a.zip!/inner.zip!/c.txt": "",
        "a.zip!/d.txt.gz": "gz",
        "a.zip!/d.txt.gz!/d.txt": "",
    }
    deep = found["a.zip!/inner.zip!/c.txt"]
    assert deep.sha256 == hashlib.sha256(b"deep").hexdigest()
    assert deep.entry.read() == b"deep"
    assert deep.entry.head == b"deep"
    assert found["a.zip!/d.txt.gz!/d.txt"].entry.read() == b"packed"
    assert found["a.zip!/d.txt.gz!/d.txt"].entry.size == 6


def test_archives_are_opened_again_after_they_were_put_away(pool: ArchivePool) -> None:
    inner = {
        f"{number}.zip": homes.zipped({"x.txt": f"content {number}"}) for number in range(archives.OPEN_AT_ONCE + 9)
    }
    found = explored(homes.zipped(inner), pool)

    for number in range(len(inner)):
        assert found[f"a.zip!/{number}.zip!/x.txt"].entry.read() == f"content {number}".encode()
    assert len(pool._open) <= archives.OPEN_AT_ONCE


def test_a_large_archive_in_an_archive_leaves_no_file_behind(
    pool: ArchivePool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(archives, "MAX_IN_MEMORY_BYTES", 100)
    inner = homes.zipped({"x.txt": bytes(range(256)) * 20}, zipfile.ZIP_STORED)

    found = explored(homes.zipped({"inner.zip": inner}), pool)

    assert len(found["a.zip!/inner.zip!/x.txt"].entry.read()) == 5120
    assert list(tmp_path.iterdir()) == []


def test_an_office_document_is_one_file(pool: ArchivePool) -> None:
    stream = io.BytesIO()
    book = openpyxl.Workbook()
    book.save(stream)

    found = explored(stream.getvalue(), pool, "log.xlsx")

    assert list(found) == ["log.xlsx"]
    assert found["log.xlsx"].status == ""


@pytest.mark.parametrize(
    ("name", "sentence"),
    [
        ("../../etc/cron", "climbs out of the archive"),
        ("a/../../b", "climbs out of the archive"),
        ("..\\b", "climbs out of the archive"),
        ("/etc/passwd", "absolute name"),
        ("C:\\temp\\x", "absolute name"),
    ],
)
def test_a_member_that_climbs_out_is_refused_alone(pool: ArchivePool, name: str, sentence: str) -> None:
    found = explored(homes.zipped({name: "evil", "good.txt": "good"}), pool)

    assert [(one.status, sentence in one.message) for one in found.values()] == [
        ("", False),
        ("rejected", True),
        ("", False),
    ]


def test_a_link_in_an_archive_is_refused(pool: ArchivePool) -> None:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        link = zipfile.ZipInfo("link")
        link.external_attr = (stat.S_IFLNK | 0o777) << 16
        archive.writestr(link, "/etc/passwd")

    assert "is a link" in explored(stream.getvalue(), pool)["a.zip!/link"].message


def test_two_members_of_one_name_are_two_files(pool: ArchivePool) -> None:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        archive.writestr("x.txt", "one")
        with pytest.warns(UserWarning, match="Duplicate name"):
            archive.writestr("x.txt", "two")

    found = explored(stream.getvalue(), pool)

    assert found["a.zip!/x.txt"].entry.read() == b"one"
    assert found["a.zip!/x.txt (2)"].entry.read() == b"two"


def test_a_locked_member_is_refused_alone(pool: ArchivePool) -> None:
    content = bytearray(homes.zipped({"locked.txt": "secret", "good.txt": "good"}))
    for start, offset in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        content[content.index(start) + offset] |= 1

    found = explored(bytes(content), pool)

    assert "locked with a password" in found["a.zip!/locked.txt"].message
    assert found["a.zip!/good.txt"].status == ""


def test_a_way_of_packing_that_is_not_known_is_said(pool: ArchivePool) -> None:
    content = bytearray(homes.zipped({"x.txt": "text"}))
    for start, offset in ((b"PK\x03\x04", 8), (b"PK\x01\x02", 10)):
        content[content.index(start) + offset : content.index(start) + offset + 2] = struct.pack("<H", 9)

    assert "packed in a way" in explored(bytes(content), pool)["a.zip!/x.txt"].message


def test_a_damaged_member_is_refused_alone(pool: ArchivePool) -> None:
    content = homes.zipped({"x.txt": b"one" * 99, "y.txt": b"two"}, zipfile.ZIP_STORED).replace(b"oneone", b"onetwo", 1)

    found = explored(content, pool)

    assert "is damaged" in found["a.zip!/x.txt"].message
    assert found["a.zip!/y.txt"].status == ""


@pytest.mark.parametrize("kept", [4, 30, 60, -1, -10])
def test_a_zip_cut_short_is_incomplete(pool: ArchivePool, kept: int) -> None:
    content = homes.zipped({"x.txt": "text", "y.txt": "text"})

    (only,) = explored(content[:kept], pool).values()

    assert (only.status, "incomplete or damaged" in only.message) == ("rejected", True)


def test_a_gz_cut_short_is_incomplete(pool: ArchivePool) -> None:
    found = explored(gzip.compress(bytes(range(256)) * 99)[:-20], pool, "x.fit.gz")

    assert "is incomplete" in found["x.fit.gz!/x.fit"].message


def test_an_archive_without_files_is_refused(pool: ArchivePool) -> None:
    assert "without any file" in explored(homes.zipped({}), pool)["a.zip"].message


def test_archives_deeper_than_any_export_are_not_opened(pool: ArchivePool) -> None:
    content = homes.zipped({"x.txt": "text"})
    for _ in range(archives.MAX_DEPTH + 1):
        content = homes.zipped({"inner.zip": content})

    *_, last = explored(content, pool).values()

    assert (last.status, "archives deep" in last.message) == ("rejected", True)


def test_a_bomb_is_measured_whatever_its_header_says(pool: ArchivePool, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(archives, "MIN_BOMB_BYTES", 1 << 20)
    content = homes.zipped({"good.txt": "good", "bomb.txt": bytes(3 << 20)})

    (only,) = explored(content, pool).values()

    assert (only.status, "is a zip bomb" in only.message) == ("rejected", True)


def test_a_bomb_in_archives_is_measured_by_what_was_dropped(pool: ArchivePool, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(archives, "MIN_BOMB_BYTES", 1 << 20)
    inner = homes.zipped({"bomb.txt": bytes(256 << 10)})
    content = homes.zipped({f"{number}.zip": inner for number in range(9)})

    (only,) = explored(content, pool).values()

    assert "is a zip bomb" in only.message


def test_a_bomb_that_looks_like_a_spreadsheet_is_found(pool: ArchivePool, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(archives, "MIN_BOMB_BYTES", 1 << 20)
    content = homes.zipped({"[Content_Types].xml": "<Types/>", "xl/sharedStrings.xml": bytes(3 << 20)})

    (only,) = explored(content, pool, "log.xlsx").values()

    assert "is a zip bomb" in only.message


def test_members_that_share_bytes_are_a_bomb(pool: ArchivePool) -> None:
    """As in overlapping bombs: many directory entries, one block of data."""
    content = homes.zipped({"x.txt": b"payload" * 100})
    directory = content.index(b"PK\x01\x02")
    end = content.index(b"PK\x05\x06")
    entry = content[directory:end]
    twice = content[:directory] + entry + entry.replace(b"x.txt", b"y.txt")
    record = struct.pack("<4sHHHHIIH", b"PK\x05\x06", 0, 0, 2, 2, 2 * len(entry), directory, 0)

    (only,) = explored(twice + record, pool).values()

    assert "members share the same bytes" in only.message


def test_a_directory_that_would_fill_the_memory_is_refused(pool: ArchivePool, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(archives, "MAX_DIRECTORY_BYTES", 500)

    (only,) = explored(homes.zipped({f"{number}.txt": "x" for number in range(50)}), pool).values()

    assert "lists more files" in only.message


def test_text_that_packs_well_is_no_bomb(pool: ArchivePool, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(archives, "MIN_BOMB_BYTES", 1 << 20)
    rows = b"".join(
        b"%d,2024-01-02T10:%02d:00,%d\n" % (number, number % 60, number * 7 % 99) for number in range(99_999)
    )

    found = explored(homes.zipped({"rows.csv": rows}), pool)

    assert found["a.zip!/rows.csv"].status == ""
