"""The members of a tar, as Google Takeout packs them in a .tgz: found by their headers, each read where it lies.

`tarfile` reads headers of any length into the memory and follows links; here only the block of a header is its work.
"""

import io
import tarfile
from typing import BinaryIO, NamedTuple

from recovery.words.say import say

BLOCK = tarfile.BLOCKSIZE
MAGIC = slice(257, 262)
MAX_NAME_BYTES = 1 << 16  # of a header that tells a long name
MAX_HEADERS_IN_A_ROW = 8  # that tell of the same member
LONG_NAME, LONG_LINK, OF_MEMBER, OF_ALL = tarfile.GNUTYPE_LONGNAME, tarfile.GNUTYPE_LONGLINK, b"x", b"g"


class TarMember(NamedTuple):
    """A file in a tar, where its bytes are, and why it cannot be read or nothing."""

    name: str
    start: int
    size: int
    problem: str = ""


class DamagedTarError(ValueError):
    """What is no whole tar."""


def is_tar(head: bytes) -> bool:
    """Whether the first bytes of a file are a header of a tar, whose checksum is right."""
    if head[MAGIC] != b"ustar":
        return False
    try:
        tarfile.TarInfo.frombuf(head[:BLOCK], "utf-8", "surrogateescape")
    except tarfile.HeaderError:
        return False
    return True


def members_of(stream: BinaryIO, most: int) -> list[TarMember]:
    """The files of a tar, at most one more than `most`; folders are left out. Raises DamagedTarError."""
    end = stream.seek(0, io.SEEK_END)
    place = 0
    found: list[TarMember] = []
    told: dict[str, str] = {}
    header_count = 0
    while place + BLOCK <= end and len(found) <= most:
        stream.seek(place)
        block = stream.read(BLOCK)
        if block == bytes(BLOCK):
            break
        try:
            info = tarfile.TarInfo.frombuf(block, "utf-8", "surrogateescape")
        except tarfile.HeaderError as error:
            raise DamagedTarError(str(error)) from None
        header_count += 1
        start, size = place + BLOCK, _size(info, told)
        is_header = info.type in (LONG_NAME, LONG_LINK, OF_MEMBER, OF_ALL)
        if size < 0 or start + size > end or (is_header and header_count > MAX_HEADERS_IN_A_ROW):
            raise DamagedTarError(say("a member that reaches beyond the end"))
        if is_header:
            if info.type in (LONG_NAME, OF_MEMBER):
                told |= _told(stream.read(min(size, MAX_NAME_BYTES)), info.type)
        else:
            if not info.isdir():
                found.append(TarMember(told.get("path", info.name), start, size, _problem(info, told)))
            told, header_count = {}, 0
        place = start + -(-size // BLOCK) * BLOCK
    return found


def _size(info: tarfile.TarInfo, told: dict[str, str]) -> int:
    if info.type in (LONG_NAME, LONG_LINK, OF_MEMBER, OF_ALL):
        return info.size
    if not (info.isreg()):
        return 0  # of a link or a folder it says nothing
    size = told.get("size", "")
    return int(size) if size.isascii() and size.isdigit() and len(size) < 20 else info.size


def _told(data: bytes, kind: bytes) -> dict[str, str]:
    """What a header tells of the member behind it: `path` and `size` as POSIX writes them, GNU the path alone."""
    if kind == LONG_NAME:
        return {"path": data.split(b"\0", 1)[0].decode("utf-8", "surrogateescape")}
    found: dict[str, str] = {}
    while data:
        length, _, rest = data.partition(b" ")
        if not length.isdigit() or len(length) > 6 or not 0 < int(length) <= len(data):
            break
        name, _, value = rest[: int(length) - len(length) - 1].rstrip(b"\n").partition(b"=")
        key = name.decode("utf-8", "replace")
        if key in ("path", "size") or key.startswith("GNU.sparse"):
            found[key] = value.decode("utf-8", "surrogateescape")
        data = data[int(length) :]
    return found


def _problem(info: tarfile.TarInfo, told: dict[str, str]) -> str:
    if info.issym() or info.islnk():
        return say("is a link, not a file: drop the file it points to")
    if info.type == tarfile.GNUTYPE_SPARSE or any(key.startswith("GNU.sparse") for key in told):
        return say("is packed in a way that cannot be read here: unpack it yourself and drop the files")
    if not info.isreg():
        return say("is no file: drop the files themselves")
    return ""


class Slice(io.RawIOBase):
    """The bytes of one member, read from the stream of the whole tar, which stays open."""

    def __init__(self, stream: BinaryIO, member: TarMember) -> None:
        super().__init__()
        self.stream, self.member, self.place = stream, member, 0

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: memoryview) -> int:  # type: ignore[override]
        count = min(len(buffer), self.member.size - self.place)
        if count <= 0:
            return 0
        self.stream.seek(self.member.start + self.place)
        data = self.stream.read(count)
        if not data:
            raise EOFError(say("the tar ends within its member"))
        buffer[: len(data)] = data
        self.place += len(data)
        return len(data)
