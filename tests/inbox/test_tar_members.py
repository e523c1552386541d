"""Tars, as Google Takeout packs them in a .tgz: read where their members lie, never unpacked by name."""

import gzip
import io
import tarfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from recovery.formats.entries import Entry
from recovery.inbox import archives
from recovery.inbox.archives import ArchivePool, Content
from recovery.inbox.tar_members import is_tar

LONG = "Takeout/" + "f" * 120 + "/steps.csv"


@pytest.fixture
def pool(tmp_path: Path) -> Iterator[ArchivePool]:
    made = ArchivePool(tmp_path)
    yield made
    made.close()


def explored(content: bytes, pool: ArchivePool, name: str = "t.tgz") -> dict[str, Content]:
    entry = Entry(name, len(content), lambda: io.BytesIO(content))
    return {found.entry.path: found for found in archives.explore(entry, pool)}


def tarred(files: dict[str, bytes], form: int = tarfile.PAX_FORMAT, **of_each: object) -> bytes:
    stream = io.BytesIO()
    with tarfile.open(fileobj=stream, mode="w", format=form) as archive:
        for name, content in files.items():
            info = tarfile.TarInfo(name)
            info.size = len(content)
            for key, value in of_each.items():
                setattr(info, key, value)
            archive.addfile(info, io.BytesIO(content))
    return stream.getvalue()


@pytest.mark.parametrize("form", [tarfile.PAX_FORMAT, tarfile.GNU_FORMAT, tarfile.USTAR_FORMAT])
@pytest.mark.parametrize(
    ("name", "packed", "inner"),
    [("t.tgz", True, "t.tgz!/t.tar"), ("t.tar.gz", True, "t.tar.gz!/t.tar"), ("t.tar", False, "t.tar")],
)
def test_members_are_read_where_they_lie(pool: ArchivePool, form: int, name: str, packed: bool, inner: str) -> None:
    made = tarred({"./a.csv": b"a" * 700, LONG: b"long", "ö/b.csv": b"", "last": b"z"}, form)
    found = explored(gzip.compress(made) if packed else made, pool, name)

    assert [one.kind for one in found.values()] == [*(["gz"] if packed else []), "tar", "", "", "", ""]
    contents = {path.removeprefix(f"{inner}!/"): one for path, one in found.items()}
    assert contents["a.csv"].entry.read() == b"a" * 700
    assert contents[LONG].entry.read() == b"long"
    assert "is empty" in contents["ö/b.csv"].message
    assert contents["last"].entry.read() == b"z"
    pool.close()
    assert contents[LONG].entry.read() == b"long"  # opened again after it was put away


def test_two_members_can_be_read_at_the_same_time(pool: ArchivePool) -> None:
    found = explored(tarred({"a": b"a" * 1000, "b": b"b" * 1000}), pool, "t.tar")

    with found["t.tar!/a"].entry.open() as one, found["t.tar!/b"].entry.open() as other:
        assert (one.read(10), other.read(10), one.read(), other.read()) == (
            b"a" * 10,
            b"b" * 10,
            b"a" * 990,
            b"b" * 990,
        )


@pytest.mark.parametrize(
    ("name", "more", "sentence"),
    [
        ("a/../../b", {}, "climbs out of the archive"),
        ("/etc/passwd", {}, "absolute name"),
        ("x", {"type": tarfile.SYMTYPE, "linkname": "/etc/passwd"}, "is a link"),
        ("x", {"type": tarfile.LNKTYPE, "linkname": "good"}, "is a link"),
        ("x", {"type": tarfile.FIFOTYPE}, "is no file"),
        ("x", {"type": tarfile.CHRTYPE}, "is no file"),
        ("x", {"type": tarfile.GNUTYPE_SPARSE}, "packed in a way that cannot be read here"),
        ("x", {"pax_headers": {"GNU.sparse.major": "1"}}, "packed in a way that cannot be read here"),
    ],
)
def test_what_is_no_plain_file_is_refused_alone(
    pool: ArchivePool, name: str, more: dict[str, object], sentence: str
) -> None:
    made = tarred({name: b""}, **more).rstrip(b"\0")
    made += bytes(-len(made) % tarfile.BLOCKSIZE) + tarred({"good.txt": b"good"})
    found = explored(gzip.compress(made), pool)

    assert [(one.status, sentence in one.message) for one in found.values()][2:] == [("rejected", True), ("", False)]


def test_a_tar_cut_short_is_damaged(pool: ArchivePool) -> None:
    made = tarred({"a": b"a" * 5000, "b": b"b" * 5000})

    assert "is a tar that is incomplete or damaged" in explored(made[:8000], pool, "t.tar")["t.tar"].message
    assert "is incomplete" in explored(gzip.compress(made)[:60], pool)["t.tgz!/t.tar"].message


def test_a_damaged_header_is_said(pool: ArchivePool) -> None:
    made = bytearray(tarred({"a": b"a" * 500, "b": b"b"}))
    made[1024 + 4] ^= 0xFF

    assert "is a tar that is incomplete or damaged" in explored(bytes(made), pool, "t.tar")["t.tar"].message


def test_headers_without_end_and_long_ones_are_not_followed(pool: ArchivePool) -> None:
    header = tarfile.TarInfo("x")
    header.type, header.size = tarfile.GNUTYPE_LONGNAME, 512
    block = header.tobuf() + b"n" * 512

    assert "damaged" in explored(block * 50, pool, "t.tar")["t.tar"].message
    header.size = 1 << 40
    assert "damaged" in explored(header.tobuf(tarfile.GNU_FORMAT) + bytes(2048), pool, "t.tar")["t.tar"].message


def test_a_bomb_is_measured(pool: ArchivePool, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(archives, "MIN_BOMB_BYTES", 1 << 20)

    ((only,),) = (list(explored(gzip.compress(tarred({"zeros.csv": bytes(4 << 20)})), pool).values()),)

    assert (only.status, "is a zip bomb" in only.message) == ("rejected", True)


def test_more_members_than_an_export_has_are_refused(pool: ArchivePool, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(archives, "MAX_MEMBERS", 3)

    ((only,),) = (list(explored(tarred({str(n): b"x" for n in range(9)}), pool, "t.tar").values()),)

    assert "lists more files than an export can hold" in only.message


def test_a_tar_without_files_is_refused(pool: ArchivePool) -> None:
    made = tarred({"folder": b""}, type=tarfile.DIRTYPE)

    assert "without any file" in explored(made, pool, "t.tar")["t.tar"].message


def test_text_that_begins_alike_is_no_tar() -> None:
    assert not is_tar(b"x" * 257 + b"ustar" + b"x" * 400)
