"""What lies in the inbox as a reader sees it: a read-only tree of entries, in folders and archives alike.

A reader is a module of `recovery.readers` with

    LABEL: str            what the format is, for people
    VERSION: int          raised when its records change; its files are then read again
    USES_LOCAL_TIME: bool whether its records depend on the home zone and travel of recovery.toml
    USES_NAMES: bool      whether they depend on the people of recovery.toml and their aliases; may be missing
    IS_REWRITTEN: bool    may be missing: whether its files are written anew under their names, without a date inside

    TABLE_FORM: TableForm may be missing: how its vendor writes tables (`formats.resaved`)

    def claims(tree: Tree) -> Iterator[Claim]
    def read(files: Sequence[Entry], context: Context) -> Iterator[Yielded]

`claims` says which entries are this reader's, by their content; it sees all entries of one subject at once, so that a
format of many files finds its root. `read` gets entries it claimed, many at once where they are small, and streams.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from functools import cached_property
from typing import BinaryIO, NamedTuple

from recovery.home import clock
from recovery.home.mends import NO_MENDS, Mends
from recovery.home.settings import OWNER, Settings
from recovery.home.table_mapping import TableMapping

HEAD_BYTES = 4096


@dataclass(frozen=True)
class Entry:
    """One file, or one member of an archive.

    `path` is relative to the inbox, with `/`; a member is `a.zip!/dir/b.fit`. `open()` gives its bytes as a stream.
    `mapping` is what `[[tables]]` of recovery.toml says of it: such a file is shown to `mapped_table` alone.
    `known_head` is the head where the caller has read it already, so that `head` does not open the file again.
    """

    path: str
    size: int
    opener: Callable[[], BinaryIO]
    mapping: TableMapping | None = None
    known_head: bytes | None = field(default=None, repr=False, compare=False)

    def open(self) -> BinaryIO:
        """The bytes as a stream; the caller closes it."""
        return self.opener()

    def read(self) -> bytes:
        """All bytes; for formats whose files are small."""
        with self.open() as stream:
            return stream.read()

    @cached_property
    def head(self) -> bytes:
        """The first bytes, at most 4,096."""
        if self.known_head is not None:
            return self.known_head
        with self.open() as stream:
            return stream.read(HEAD_BYTES)

    def without_head(self) -> "Entry":
        """The same entry with no head in memory, to be kept for long: thousands of heads are megabytes."""
        return replace(self, known_head=None)

    @property
    def name(self) -> str:
        """The last part of the path."""
        return self.path.rpartition("/")[2]


Tree = Sequence[Entry]


class Claim(NamedTuple):
    """This entry is mine; with a reason where it is known and not needed, so that it is not read."""

    path: str
    not_needed: str = ""


def claim_of(entry: Entry, kind: object) -> Claim | None:
    """The claim of a file by its kind: a kind that is text is the reason why it is not needed; None without a kind."""
    if not kind:
        return None
    return Claim(entry.path, kind if isinstance(kind, str) else "")


class Context(NamedTuple):
    """What a reader may know of the person whose files it reads."""

    zone_at: Callable[[date], str]  # IANA zone of the wall clock on a date, home or travel
    to_utc: Callable[[datetime], datetime]  # a wall clock reading as a naive instant in UTC
    subject: str = OWNER  # whose folder the files lie in
    names: Mapping[str, str] = {}  # for `home.people.person_named`
    mends: Mends = NO_MENDS  # what was said of rows of logs that could not be read


def context_of(settings: Settings, subject: str) -> Context:
    """The context of a person, by the home zone, the travel and the people of recovery.toml."""

    def zone_at(day: date) -> str:
        return clock.zone_at(settings, subject, day)

    return Context(
        zone_at=zone_at,
        to_utc=lambda wall: clock.to_utc(wall, zone_at(wall.date())),
        subject=subject,
        names=settings.names,
        mends=settings.mends,
    )
