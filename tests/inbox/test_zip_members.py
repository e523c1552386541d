"""Small members of zips are inflated at once, and only where they are what the directory of the zip says."""

import io
import zipfile
from collections.abc import Callable

import pytest

from recovery.inbox.zip_members import small_member

CONTENT = b"a row of numbers\n" * 50


def one_member(compression: int = zipfile.ZIP_DEFLATED) -> tuple[bytes, zipfile.ZipInfo]:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", compression) as archive:
        archive.writestr("other.txt", b"before")
        archive.writestr("søvn/a.csv", CONTENT)
    return stream.getvalue(), archive.getinfo("søvn/a.csv")


@pytest.mark.parametrize("compression", [zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED])
def test_a_sound_member_is_given_as_zipfile_gives_it(compression: int) -> None:
    data, info = one_member(compression)

    assert small_member(io.BytesIO(data), info) == zipfile.ZipFile(io.BytesIO(data)).read(info) == CONTENT


def test_another_packing_is_left_to_zipfile() -> None:
    data, info = one_member(zipfile.ZIP_LZMA)

    assert small_member(io.BytesIO(data), info) is None


def _set(name: str, value: object) -> Callable[[zipfile.ZipInfo], None]:
    return lambda info: setattr(info, name, value)


@pytest.mark.parametrize(
    "change",
    [
        _set("CRC", 1),
        _set("file_size", len(CONTENT) - 1),
        _set("file_size", len(CONTENT) + 1),
        _set("file_size", 1 << 20),
        _set("compress_size", 10),
        _set("compress_size", 1 << 17),
        _set("orig_filename", "b.csv"),
        _set("orig_filename", "\ud800"),
        _set("flag_bits", 0x1),
        _set("header_offset", 5),
        _set("header_offset", 1 << 16),
    ],
)
def test_what_the_directory_tells_wrongly_is_left_to_zipfile(change: Callable[[zipfile.ZipInfo], None]) -> None:
    data, info = one_member()
    change(info)

    assert small_member(io.BytesIO(data), info) is None


def test_a_damaged_member_is_left_to_zipfile() -> None:
    data, info = one_member()
    place = data.index(info.orig_filename.encode(), info.header_offset) + len(info.orig_filename.encode()) + 3

    assert small_member(io.BytesIO(data[:place] + b"\xff\xff\xff" + data[place + 3 :]), info) is None
