"""Archives as folders: what a zip, a zip in a zip, a .gz or .tgz holds, hashed in one pass, never unpacked by name.

Whatever an archive says of itself is not believed: sizes are measured while its members are read. An archive in an
archive is kept in memory while it is small, else in a nameless file of the private folder.
"""

import gzip
import hashlib
import io
import lzma
import re
import stat
import struct
import tempfile
import zipfile
import zlib
from collections import Counter, OrderedDict
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import partial
from itertools import pairwise
from pathlib import Path
from typing import BinaryIO, NamedTuple, cast

from recovery.errors import UnreadableExportError
from recovery.formats import signatures
from recovery.formats.entries import HEAD_BYTES, Entry
from recovery.formats.name_dates import identity
from recovery.home.disk import is_full, megabytes
from recovery.inbox.tar_members import Slice, TarMember, is_tar, members_of
from recovery.inbox.zip_members import small_member
from recovery.words.say import say
from recovery.words.terminal import printable

EMPTY = say("is empty (0 bytes): if a cloud keeps its content, have it kept on this device; else export it again")
MEMBER = "!/"  # stands between an archive and its member
MAX_DEPTH = 5  # archives in archives; Garmin's account export has two
# Text packs 20:1, a long file of one repeated row 100:1, deflate cannot do better than 1,032:1.
MAX_RATIO = 200
MIN_BOMB_BYTES = 1 << 30  # below this nothing is worth being called a bomb
MAX_INFLATED_BYTES = 200 * 10**9
MAX_DIRECTORY_BYTES = 32 << 20  # some 250,000 members; the directory is held in memory
MAX_MEMBERS = 300_000  # of one dropped archive, at any depth
MAX_HEADS_BYTES = 128 << 20  # of the first bytes that are kept; those of further files are read once more
MAX_IN_MEMORY_BYTES = 8 << 20
OPEN_AT_ONCE = 16
CHUNK_BYTES = 1 << 18

LOCKED = 0x1 | 0x40 | 0x2000  # flag bits: password, strong encryption, locked directory
# Office and OpenDocument files are zips, but each is one file to a person.
DOCUMENT_MEMBERS = ("[Content_Types].xml", "mimetype")
EXCLUDED = say("excluded by you in recovery.toml")
EMPTY_ARCHIVE = say("is an archive without any file in it: export it again")
DAMAGED_ZIP = say("is a zip that is incomplete or damaged: copy or download it again")
DAMAGED_TAR = say("is a tar that is incomplete or damaged: copy or download it again")
TOO_DEEP = say("lies more than {max_depth} archives deep: unpack it yourself and drop the files", max_depth=MAX_DEPTH)
UNREADABLE = (
    zipfile.BadZipFile, zlib.error, lzma.LZMAError, EOFError, OSError, NotImplementedError, RuntimeError, struct.error,
    ValueError, OverflowError, IndexError,
)  # fmt: skip  # all that the standard library raises over a damaged or hostile archive


class BombError(UnreadableExportError):
    """An archive that holds far more than an export can."""


class Content(NamedTuple):
    """A file or member that was read through once; its head is kept.

    `kind` is 'zip', 'gz' or 'tar' where its members follow. `status` is empty where readers are to be asked about it.
    """

    entry: Entry
    sha256: str | None
    kind: str = ""
    status: str = ""
    message: str = ""


@dataclass
class Meter:
    """Counts what comes out of one dropped archive."""

    packed_bytes: int
    inflated_bytes: int = 0
    member_count: int = 0

    def add_members(self, count: int) -> None:
        """Counts the members of an archive at any depth: a few kilobytes may list millions."""
        self.member_count += count
        if self.member_count > MAX_MEMBERS:
            raise BombError(say("lists more files than an export can hold. Delete it."))

    def add(self, count: int) -> None:
        self.inflated_bytes += count
        is_tight = self.inflated_bytes > MAX_RATIO * max(self.packed_bytes, 1)
        if (is_tight and self.inflated_bytes > MIN_BOMB_BYTES) or self.inflated_bytes > MAX_INFLATED_BYTES:
            raise BombError(
                say(
                    "is a zip bomb: {megabytes} unpack to more than {inflated}. Delete it.",
                    megabytes=megabytes(self.packed_bytes),
                    inflated=megabytes(self.inflated_bytes),
                )
            )


class Archive:
    """A zip or tar that can be opened again whenever it is needed."""

    def __init__(self, pool: "ArchivePool", entry: Entry, *, is_seekable: bool) -> None:
        self.pool = pool
        self.entry = entry
        self.is_seekable = is_seekable

    def open_member(self, info: zipfile.ZipInfo) -> BinaryIO:
        opened = self.pool.opened(self)
        content = small_member(self.pool.stream_of(self), info)
        return cast(BinaryIO, opened.open(info)) if content is None else io.BytesIO(content)

    def open_tar_member(self, member: TarMember) -> BinaryIO:
        return cast(BinaryIO, io.BufferedReader(Slice(self.pool.opened_tar(self), member), CHUNK_BYTES))


class ArchivePool:
    """Keeps the archives used last open, so that thousands of members of one zip cost one reading of its directory."""

    def __init__(self, spool_folder: Path, is_private: Callable[[str], bool] = lambda _: False) -> None:
        self.spool_folder = spool_folder
        self.is_private = is_private  # whether a member's path says that it is never opened
        self.heads_bytes = 0
        self._open: OrderedDict[Archive, tuple[zipfile.ZipFile | None, BinaryIO]] = OrderedDict()

    def with_head(self, entry: Entry) -> Entry:
        """The entry with its first bytes, as long as those of all together are not too many to be kept."""
        self.heads_bytes += len(entry.head)
        return entry if self.heads_bytes <= MAX_HEADS_BYTES else entry.without_head()

    def opened(self, archive: Archive) -> zipfile.ZipFile:
        """The zip, ready to be read."""
        if archive in self._open:
            self._open.move_to_end(archive)
            return cast(zipfile.ZipFile, self._open[archive][0])
        return self.put(archive, self._stream(archive))

    def opened_tar(self, archive: Archive) -> BinaryIO:
        """The bytes of the tar, which can be read at any place."""
        if archive not in self._open:
            self.put_tar(archive, self._stream(archive))
        self._open.move_to_end(archive)
        return self._open[archive][1]

    def stream_of(self, archive: Archive) -> BinaryIO:
        """The bytes of an archive that is open."""
        return self._open[archive][1]

    def _stream(self, archive: Archive) -> BinaryIO:
        return archive.entry.open() if archive.is_seekable else self.spool(archive.entry.open())

    def put(self, archive: Archive, stream: BinaryIO) -> zipfile.ZipFile:
        """Opens the archive over a stream, which then belongs to the pool."""
        try:
            if _directory_bytes(stream) > MAX_DIRECTORY_BYTES:
                raise BombError(say("lists more files than an export can hold. Delete it."))
            opened = zipfile.ZipFile(stream)
        except BaseException:
            stream.close()
            raise
        self._keep(archive, opened, stream)
        return opened

    def put_tar(self, archive: Archive, stream: BinaryIO) -> None:
        """Keeps the bytes of a tar, which then belong to the pool."""
        self._keep(archive, None, stream)

    def _keep(self, archive: Archive, opened: zipfile.ZipFile | None, stream: BinaryIO) -> None:
        self._open[archive] = (opened, stream)
        while len(self._open) > OPEN_AT_ONCE:
            self._put_away(*self._open.popitem(last=False)[1])

    def spool(self, source: BinaryIO) -> BinaryIO:
        """A copy of a stream that can be read at any place."""
        copy = self.blank()
        with source:
            while chunk := source.read(CHUNK_BYTES):
                copy.write(chunk)
        return copy

    def blank(self) -> BinaryIO:
        """An empty file, in memory while small, else one that has no name and goes when it is closed."""
        return cast(
            BinaryIO,
            tempfile.SpooledTemporaryFile(max_size=MAX_IN_MEMORY_BYTES, dir=str(self.spool_folder)),
        )

    def close(self) -> None:
        while self._open:
            self._put_away(*self._open.popitem()[1])

    def __del__(self) -> None:
        self.close()

    @staticmethod
    def _put_away(opened: zipfile.ZipFile | None, stream: BinaryIO) -> None:
        if opened is not None:
            opened.close()
        stream.close()


def explore(entry: Entry, pool: ArchivePool) -> list[Content]:
    """A dropped file and, where it is an archive, every member at any depth.

    Raises OSError where the file itself cannot be opened, and where the disk is full.
    """
    found: list[Content] = []
    try:
        found.extend(_explore(entry, Meter(entry.size), pool, 0))
    except BombError as error:
        sha256 = found[0].sha256 if found else None  # with it, the next run does not open it again
        return [Content(entry, sha256, "zip", "rejected", error.message)]
    return found


def member_problem(name: str) -> str:
    """Why a member's name cannot be right, or nothing."""
    if name.startswith("/") or re.match(r"[A-Za-z]:", name):
        return say("has an absolute name inside the archive: unpack it yourself and drop the file")
    if ".." in name.split("/"):
        return say("has a name that climbs out of the archive with '..': unpack it yourself and drop the file")
    return ""


def folder(path: str) -> str:
    """A path whose folders do not look like archives: '!/' stands between an archive and its member only."""
    return path.replace(MEMBER, r"\x21/")


def _explore(entry: Entry, meter: Meter, pool: ArchivePool, depth: int) -> Iterator[Content]:
    try:
        stream = entry.open()
    except UNREADABLE as error:
        if depth == 0:
            raise
        yield Content(entry, None, "", "rejected", _sentence(error))
        return
    try:
        entry, sha256, copy = _read_through(entry, stream, meter, pool, depth)
    except UNREADABLE as error:
        if is_full(error):
            raise
        yield Content(entry, None, "", "rejected", _sentence(error))
        return
    if not entry.size:
        yield Content(
            entry,
            sha256,
            "",
            "rejected",
            say("is empty (0 bytes): if a cloud keeps its content, have it kept on this device; else export it again"),
        )
    elif entry.head.startswith(signatures.ZIPS):
        yield from _explore_zip(entry, sha256, copy, meter, pool, depth)
    elif is_tar(entry.head):
        yield from _explore_tar(entry, sha256, copy, meter, pool, depth)
    elif entry.head.startswith(signatures.GZIP_DEFLATE):
        yield from _explore_gz(entry, sha256, meter, pool, depth)
    else:
        yield Content(pool.with_head(entry), identity(entry.name, entry.head, sha256))


def _read_through(
    entry: Entry, stream: BinaryIO, meter: Meter, pool: ArchivePool, depth: int
) -> tuple[Entry, str, BinaryIO | None]:
    """The entry with its head and true size, its SHA-256, and a copy of it where it is a zip or tar in an archive."""
    digest, size = hashlib.sha256(), 0
    copy: BinaryIO | None = None
    with stream:
        try:
            chunk = stream.read(CHUNK_BYTES)
            head = chunk[:HEAD_BYTES]
            if depth and (head.startswith(signatures.ZIPS) or is_tar(head)):
                copy = pool.blank()
            while chunk:
                digest.update(chunk)
                size += len(chunk)
                if depth:
                    meter.add(len(chunk))
                if copy is not None:
                    copy.write(chunk)
                chunk = stream.read(CHUNK_BYTES)
        except BaseException:
            if copy is not None:
                copy.close()
            raise
    return replace(entry, size=size, known_head=head), digest.hexdigest(), copy


def _explore_zip(
    entry: Entry, sha256: str, copy: BinaryIO | None, meter: Meter, pool: ArchivePool, depth: int
) -> Iterator[Content]:
    archive = Archive(pool, entry.without_head(), is_seekable=copy is None)
    try:
        opened = pool.put(archive, copy or entry.open())
        infos = [info for info in opened.infolist() if not info.is_dir()]
        meter.add_members(len(infos))
        overlap = _overlap(opened)
    except UNREADABLE:
        yield Content(entry, sha256, "zip", "rejected", DAMAGED_ZIP)
        return
    if overlap:
        raise BombError(say("is a zip bomb: its members share the same bytes ({overlap}). Delete it.", overlap=overlap))
    if any(info.filename in DOCUMENT_MEMBERS for info in infos):
        yield _measured(Content(entry, sha256), archive, infos, meter)
    else:
        members = [
            _Member(_slashed(info.filename), info.file_size, partial(archive.open_member, info), _problem(info))
            for info in infos
        ]
        yield from _explore_members(Content(entry, sha256, "zip"), members, meter, pool, depth)


def _explore_tar(
    entry: Entry, sha256: str, copy: BinaryIO | None, meter: Meter, pool: ArchivePool, depth: int
) -> Iterator[Content]:
    archive = Archive(pool, entry.without_head(), is_seekable=copy is None)
    try:
        pool.put_tar(archive, copy or entry.open())
        members = members_of(pool.opened_tar(archive), MAX_MEMBERS)
    except UNREADABLE as error:
        if is_full(error):
            raise
        yield Content(entry, sha256, "tar", "rejected", DAMAGED_TAR)
        return
    meter.add_members(len(members))
    found = [
        _Member(_slashed(one.name).removeprefix("./"), one.size, partial(archive.open_tar_member, one), one.problem)
        for one in members
    ]
    yield from _explore_members(Content(entry, sha256, "tar"), found, meter, pool, depth)


class _Member(NamedTuple):
    """A file in an archive: what it is called there, its size, how it is opened, and why it cannot be."""

    name: str
    size: int
    open: Callable[[], BinaryIO]
    problem: str


def _explore_members(
    archive: Content, members: Sequence[_Member], meter: Meter, pool: ArchivePool, depth: int
) -> Iterator[Content]:
    """The archive, and below it each member under a path of its own; two members of one name are two files."""
    if not members or depth >= MAX_DEPTH:
        yield archive._replace(status="rejected", message=TOO_DEEP if members else EMPTY_ARCHIVE)
        return
    yield archive
    for shown, told in zip(_distinct(member.name for member in members), members, strict=True):
        member = Entry(f"{archive.entry.path}{MEMBER}{folder(shown)}", told.size, told.open)
        yield from _explore_member(member, member_problem(told.name) or told.problem, meter, pool, depth)


def _explore_gz(entry: Entry, sha256: str, meter: Meter, pool: ArchivePool, depth: int) -> Iterator[Content]:
    if depth >= MAX_DEPTH:
        yield Content(entry, sha256, "gz", "rejected", TOO_DEEP)
        return
    yield Content(entry, sha256, "gz")
    name = _name_in_gz(entry.name)
    member = Entry(f"{entry.path}{MEMBER}{name}", -1, partial(_open_gz, entry))
    yield from _explore_member(member, "", meter, pool, depth)


def _name_in_gz(name: str) -> str:
    """What the file in a .gz or .tgz is called."""
    stem, _, end = name.rpartition(".")
    return {"gz": stem, "tgz": f"{stem}.tar"}.get(end.lower(), "") or "content"


def _explore_member(member: Entry, problem: str, meter: Meter, pool: ArchivePool, depth: int) -> Iterator[Content]:
    """A member of an archive that lies `depth` archives deep, and what is in it."""
    if problem:
        yield Content(member, None, "", "rejected", problem)
    elif pool.is_private(member.path):
        yield Content(member, None, "", "ignored", EXCLUDED)
    else:
        yield from _explore(member, meter, pool, depth + 1)


def _distinct(names: Iterable[str]) -> Iterator[str]:
    """The names as they can be shown, the second of two that are alike with a number."""
    seen: Counter[str] = Counter()
    for told in names:
        name = printable(told)
        seen[name] += 1
        yield f"{name} ({seen[name]})" if seen[name] > 1 else name


def _slashed(name: str) -> str:
    """A member's name as zips should write it; some programs for Windows do not."""
    return name.replace("\\", "/")


class _Gz(gzip.GzipFile):
    """A .gz that closes what it reads from."""

    def __init__(self, source: BinaryIO) -> None:
        super().__init__(fileobj=source, mode="rb")
        self.source = source

    def close(self) -> None:
        super().close()
        self.source.close()


def _open_gz(entry: Entry) -> BinaryIO:
    return cast(BinaryIO, _Gz(entry.open()))


def _measured(document: Content, archive: Archive, infos: list[zipfile.ZipInfo], meter: Meter) -> Content:
    """An office document, whose members were inflated once to know that none explodes in a reader."""
    for info in infos:
        if problem := _problem(info):
            return document._replace(status="rejected", message=problem)
        try:
            with archive.open_member(info) as stream:
                while chunk := stream.read(CHUNK_BYTES):
                    meter.add(len(chunk))
        except UNREADABLE as error:
            return document._replace(status="rejected", message=_sentence(error))
    return document


def _problem(info: zipfile.ZipInfo) -> str:
    if info.flag_bits & LOCKED:
        return say("is locked with a password: unpack it and drop the files")
    if stat.S_ISLNK(info.external_attr >> 16):
        return say("is a link, not a file: drop the file it points to")
    return ""


def _sentence(error: BaseException) -> str:
    if isinstance(error, NotImplementedError):
        return say("is packed in a way that cannot be read here: unpack it yourself and drop the files")
    if isinstance(error, EOFError):
        return say("is incomplete, its end is missing: copy or download it again")
    if isinstance(error, OSError) and error.errno:
        return say("cannot be read ({strerror}): copy it again", strerror=error.strerror)
    return say("is damaged inside its archive: copy or download it again")


def _overlap(opened: zipfile.ZipFile) -> str:
    """The names of two members that claim the same bytes, as a bomb does to inflate one block many times."""
    infos = sorted(opened.infolist(), key=lambda info: info.header_offset)
    for here, following in pairwise(infos):
        if here.header_offset + here.compress_size > following.header_offset:
            return f"{printable(here.filename)}, {printable(following.filename)}"
    return ""


def _directory_bytes(stream: BinaryIO) -> int:
    """What a zip says the size of its directory is; 0 where it has none, which `zipfile` then says better."""
    end = stream.seek(0, io.SEEK_END)
    stream.seek(max(0, end - 65_557))  # the longest end record: 22 bytes and a comment of 65,535
    tail = stream.read()
    start = tail.rfind(b"PK\x05\x06")
    if start < 0 or len(tail) < start + 22:
        return 0
    (size,) = struct.unpack_from("<I", tail, start + 12)
    wide = tail.rfind(b"PK\x06\x06", 0, start)
    if size == 0xFFFFFFFF and wide >= 0 and len(tail) >= wide + 48:
        (size,) = struct.unpack_from("<Q", tail, wide + 40)
    return int(size)
