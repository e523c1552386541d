"""Reading that is watched: every byte is counted once, and the stream stays what it was."""

import io
import zipfile

import pytest

from recovery.formats.entries import Entry
from recovery.loading import watched


def entry(content: bytes) -> Entry:
    return Entry("a.bin", len(content), lambda: io.BytesIO(content))


@pytest.mark.parametrize("way", ["read", "pieces", "lines", "readinto", "readline"])
def test_every_byte_is_counted_once(way: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(watched, "EVERY_BYTES", 100)
    content = b"0123456789\n" * 100
    counts: list[int] = []

    with watched.watched(entry(content), counts.append).open() as stream:
        if way == "read":
            got = stream.read()
        elif way == "pieces":
            got = b"".join(iter(lambda: stream.read(64), b""))
        elif way == "lines":
            got = b"".join(stream)
        elif way == "readline":
            got = b"".join(iter(stream.readline, b""))
        else:
            buffer = bytearray(len(content))
            got = bytes(buffer[: stream.readinto(buffer)])  # type: ignore[attr-defined]
            got = bytes(buffer)

    assert got == content
    assert sum(counts) == len(content)
    assert len(counts) > 1 or way in ("read", "readinto")


def test_a_watched_stream_still_does_all_that_readers_ask_of_one() -> None:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        archive.writestr("inner.txt", "told")
    counts: list[int] = []

    with watched.watched(entry(packed.getvalue()), counts.append).open() as stream:
        assert zipfile.ZipFile(stream).read("inner.txt") == b"told"
        stream.seek(0)
        assert io.TextIOWrapper(stream, "latin-1").read(2) == "PK"

    assert sum(counts) > 0
