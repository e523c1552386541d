"""What lies in the inbox: what is new, changed, still arriving or gone, and who reads it.

What has the size and time of last night is not opened. What is new is read through once, for its hash and its first
bytes; then every reader is asked about it. Nothing here writes to the inbox or to the database.
"""

import hashlib
import logging
import time
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from typing import BinaryIO, NamedTuple

import duckdb
import pyarrow as pa

from recovery import guess
from recovery.archives import EXCLUDED, MEMBER, Content, Shelf
from recovery.disk import full_disk_is_plain, private_folder
from recovery.errors import UnreadableExportError
from recovery.exports import Claim, Entry
from recovery.readers import MAPPED, Reader, readers
from recovery.settings import OWNER, Settings
from recovery.walk import Found, contents, leftover_member, stamp, walk
from recovery.warehouse import meta

log = logging.getLogger(__name__)

READ = ("loaded", "partial")


class Receipt(NamedTuple):
    """A row of raw.files that needs no reading."""

    path: str
    sha256: str | None
    bytes: int | None
    mtime_ns: int | None
    format: str | None
    subject: str
    status: str
    message: str


class Item(NamedTuple):
    """A file or member that is to be read."""

    entry: Entry
    sha256: str
    dropped: Found  # the file itself, or the archive it lies in
    subject: str
    reader: str

    @property
    def mtime_ns(self) -> int | None:
        """Of a dropped file; None for members."""
        return self.dropped.mtime_ns if self.dropped.path == self.entry.path else None

    @property
    def delivery(self) -> int:
        return delivery_of(self.sha256)


class Known(NamedTuple):
    """What raw.files says of a path."""

    path: str
    sha256: str | None
    subject: str | None
    status: str
    format: str | None
    reader_version: int | None
    zones: str | None
    message: str | None
    bytes: int | None
    mtime_ns: int | None
    is_gone: bool


@dataclass(frozen=True)
class Look:
    """What one look at the inbox found."""

    reads: tuple[Item, ...] = ()
    receipts: tuple[Receipt, ...] = ()
    archives: tuple[Receipt, ...] = ()  # opened now; what became of their members is told once these are loaded
    swaps: tuple[tuple[Receipt, str], ...] = ()  # what counts now, the path that counted until now
    touched: tuple[tuple[str, int, int], ...] = ()  # (path, size, mtime_ns): another date, the same content
    withdrawn: tuple[tuple[str, int], ...] = ()  # (subject, delivery) of tables that recovery.toml no longer maps
    gone: tuple[str, ...] = ()  # receipts that go: of logs that left, and of what has no data
    absent: tuple[tuple[str, bool], ...] = ()  # members that left their archive (True) or are back (False)
    left: tuple[str, ...] = ()  # dropped files that are no longer there, at any time
    waiting: tuple[str, ...] = ()
    readers_told: str = ""  # which readers were asked
    shelf: Shelf | None = field(default=None, repr=False, compare=False)

    @property
    def is_quiet(self) -> bool:
        """Whether nothing is to be read or noted."""
        found = (self.reads, self.receipts, self.archives, self.swaps, self.touched, self.gone, self.absent)
        return not any(found)

    def close(self) -> None:
        """Closes the archives that were opened."""
        if self.shelf:
            self.shelf.close()


def look(settings: Settings, connection: duckdb.DuckDBPyConnection, settle_s: float = 1.0) -> Look:
    """Compares the inbox with what is known of it.

    Raises HomeError where the inbox is missing or the disk is full.
    """
    with full_disk_is_plain(settings.home.folder):
        return _look(settings, connection, settle_s)


def delivery_of(sha256: str) -> int:
    """What names a content in the raw tables: the first 64 bits of its hash."""
    return int(sha256[:16], 16)


def zones_of(settings: Settings, subject: str) -> str:
    """Changes with the home zone and a person's travel, on which records told in local time depend."""
    travel = [row for row in settings.travel if row.subject in (None, subject)]
    return _digest((settings.home_time_zone, travel))


def settings_told(settings: Settings, subject: str, reader: str) -> str | None:
    """Changes with what the records of a reader depend on in recovery.toml; None where on nothing."""
    if not readers()[reader].USES_LOCAL_TIME:
        return None
    zones = zones_of(settings, subject)
    return _digest((zones, settings.tables)) if reader == MAPPED else zones


def _digest(told: object) -> str:
    return hashlib.sha256(repr(told).encode()).hexdigest()[:16]


def is_unchanged(items: Iterable[Item]) -> bool:
    """Whether the dropped files are still those that were looked at."""
    return all(stamp(file.real) == (file.size, file.mtime_ns) for file in {item.dropped for item in items})


def _look(settings: Settings, connection: duckdb.DuckDBPyConnection, settle_s: float) -> Look:
    found = walk(settings.home, settings.is_private)
    told = _readers_told(settings)
    dropped = {
        path: (size, mtime_ns, status, sha256, message)
        for path, size, mtime_ns, status, sha256, message in connection.execute(
            f"select path, bytes, mtime_ns, status, sha256, message from raw.files where not contains(path, '{MEMBER}')"
        ).fetchall()
    }
    stale = _stale_roots(settings, connection, is_asked_anew=meta(connection, "readers") != told)
    changed, again, receipts = [], [], []
    for file in found:
        known = dropped.get(file.path)
        if file.status:
            if known is None or known[2:] != (file.status, None, file.message):
                receipts.append(_receipt_of(settings, file, file.status, file.message))
        elif known is None or known[:2] != (file.size, file.mtime_ns) or known[2] == "waiting":
            changed.append(file)
        elif file.path in stale or (known[2] == "rejected" and known[3] is None):
            again.append(file)  # a new reader may know it; the right to read it may have been given
    gone = _gone(dropped, found)
    gone += [  # what is private now is as if it had left, and has its receipt
        file.path
        for file in found
        if file.message == EXCLUDED and file.path in dropped and dropped[file.path][2] != "ignored"
    ]
    if changed or gone or again:
        again += _orphans(connection, changed + again, gone, found)
    waiting = _still_arriving(changed, settle_s)
    opened = [file for file in changed if file.path not in waiting] + again
    if not opened:
        receipts += [
            _receipt_of(settings, file, "waiting", ARRIVING)
            for file in changed
            if file.path not in dropped  # what is known keeps its receipt until the new content is whole
        ]
        return Look(
            receipts=tuple(receipts),
            gone=tuple(sorted(_with_members(connection, gone))),
            left=tuple(sorted(gone)),
            waiting=tuple(sorted(waiting)),
            readers_told=told,
        )
    shelf = Shelf(private_folder(settings.home.private), settings.is_private)
    sorting = _Sorting(settings, connection, told, shelf, _known_below(connection, [file.path for file in opened]))
    sorting.receipts += receipts
    for file in opened:
        read = contents(file, shelf)
        if stamp(file.real) != (file.size, file.mtime_ns) or read[0].status == "waiting":
            waiting.add(file.path)
        else:
            sorting.take(file, read)
    sorting.receipts += [
        _receipt_of(settings, file, "waiting", ARRIVING)
        for file in changed
        if file.path in waiting and file.path not in dropped
    ]
    found_now = sorting.look(_with_members(connection, gone), waiting)
    return replace(found_now, left=tuple(sorted(gone)))


ARRIVING = "is still arriving: it changed within a second, the next run reads it"


class _Sorting:
    """Sorts what was read through into what a reader reads and what only gets a receipt."""

    def __init__(
        self,
        settings: Settings,
        connection: duckdb.DuckDBPyConnection,
        told: str,
        shelf: Shelf,
        below: Mapping[str, Mapping[str, Known]],
    ) -> None:
        self.settings = settings
        self.connection = connection
        self.told = told
        self.shelf = shelf
        self.below = below
        self.known: dict[str, Known] = {path: row for rows in below.values() for path, row in rows.items()}
        self.present: dict[str, str | None] = {}  # what each path holds now
        self.receipts: list[Receipt] = []
        self.archives: list[Receipt] = []
        self.touched: list[tuple[str, int, int]] = []
        self.gone: set[str] = set()  # members that left their archive and need no receipt any more
        self.absent: list[tuple[str, bool]] = []
        self.new: list[Met] = []
        self.withdrawn: list[tuple[str, int]] = []
        self.is_asked_anew = meta(connection, "readers") != told
        self.logs = {path for (path,) in connection.execute("select path from raw.logs").fetchall()}

    def take(self, file: Found, read: list[Content]) -> None:
        """One dropped file with its members."""
        subject = self.settings.subject_of(file.path)
        paths = {content.entry.path for content in read}
        if read[0].status != "rejected":  # a broken copy of an archive takes nothing away
            for path, row in self.below.get(file.path, {}).items():
                if path in paths:
                    if row.is_gone:
                        self.absent.append((path, False))
                elif row.status not in READ or path in self.logs:
                    self.gone.add(path)
                elif not row.is_gone:
                    self.absent.append((path, True))
        for content in read:
            path = content.entry.path
            self.present[path] = content.sha256
            met = Met(content, subject, file)
            if content.kind and not content.status:
                self.archives.append(met.receipt("", "", content.kind))
            elif (reason := leftover_member(path)) and met.mtime_ns is None:
                self.note(met.receipt("ignored", reason))
            elif content.status:
                if content.message == EXCLUDED and path in self.logs:
                    self.gone.add(path)
                self.note(met.receipt(content.status, content.message, content.kind or None))
            else:
                self.new.append(met)

    def note(self, receipt: Receipt) -> None:
        """A receipt, unless it is known already."""
        row = self.known.get(receipt.path)
        if row is None or (row.sha256, row.status, row.message, row.subject, row.bytes, row.mtime_ns) != (
            receipt.sha256, receipt.status, receipt.message, receipt.subject, receipt.bytes, receipt.mtime_ns,
        ):  # fmt: skip
            self.receipts.append(receipt)

    def look(self, gone: set[str], waiting: set[str]) -> Look:
        """Everything that was taken, sorted."""
        gone |= self.gone
        counting = self.counting_contents()
        forgotten = set(self.connection.execute("select subject, sha256 from raw.forgotten").fetchall())
        same_content: dict[tuple[str, str], list[Met]] = defaultdict(list)
        for met in self.new:
            if (met.subject, met.sha256) in forgotten:
                self.note(met.receipt("ignored", "was forgotten on request"))
            elif not self.is_settled(met, counting, gone):
                same_content[met.subject, met.sha256].append(met)
            elif met.mtime_ns is not None and self.known[met.path].mtime_ns != met.mtime_ns:
                self.touched.append((met.path, met.content.entry.size, met.mtime_ns))
        swaps: list[tuple[Receipt, str]] = []
        asked: dict[str, list[Met]] = defaultdict(list)
        for key, same in same_content.items():
            same.sort(key=lambda met: met.path)
            counts = counting.get(key)
            if (
                counts is None
                or self.is_stale(counts)
                or self.is_lost(counts, gone)
                or (same[0].path < counts.path and counts.path in self.logs)  # rows of a log carry its path
            ):
                asked[key[0]] += same
                continue
            target = min(same[0].path, counts.path)
            if target != counts.path:
                swaps.append((same[0].receipt(counts.status, counts.message or "", counts.format), counts.path))
            for met in same:
                if met.path not in (target, counts.path):
                    self.duplicate(met, target, counts.format)
        reads = [item for subject, group in asked.items() for item in self.claimed(subject, group)]
        for met in self.new:
            met.content.entry.__dict__.pop("head", None)  # thousands of heads are megabytes
        return Look(
            reads=tuple(sorted(reads, key=lambda item: item.entry.path)),
            receipts=tuple(self.receipts),
            archives=tuple(self.archives),
            swaps=tuple(swaps),
            touched=tuple(self.touched),
            absent=tuple(self.absent),
            withdrawn=tuple(self.withdrawn),
            gone=tuple(sorted(gone)),
            waiting=tuple(sorted(waiting)),
            readers_told=self.told,
            shelf=self.shelf,
        )

    def duplicate(self, met: "Met", target: str, reader: str | None) -> None:
        self.note(met.receipt("duplicate", f"has the same content as {target}, which counts", reader))

    def counting_contents(self) -> dict[tuple[str, str], Known]:
        """The receipt that counts for each content that was met now and was read before."""
        met = pa.array(sorted({content.sha256 or "" for content, _, _ in self.new}), pa.string())
        with arrow(self.connection, "met", sha256=met):
            rows = self.connection.execute(
                f"select {', '.join(Known._fields)} from raw.files semi join met using (sha256)"
                " where status in ('loaded', 'partial') or (status = 'rejected' and reader_version is not null)"
                " order by path desc"
            ).fetchall()
        return {(row[2], row[1]): Known(*row) for row in rows}

    def is_settled(self, met: "Met", counting: Mapping[tuple[str, str], Known], gone: set[str]) -> bool:
        """Whether the receipt of this path still says all there is to say."""
        row = self.known.get(met.path)
        if row is None or (row.sha256, row.subject) != (met.sha256, met.subject) or row.status == "waiting":
            return False
        if row.status == "duplicate":
            counts = counting.get((met.subject, met.sha256))
            return counts is not None and not self.is_stale(counts) and not self.is_lost(counts, gone)
        if row.status in READ or row.reader_version is not None:
            return not self.is_stale(row)
        return not self.is_asked_anew

    def is_stale(self, row: Known) -> bool:
        """Whether another version of its reader, or another zone, would read it otherwise."""
        reader = readers().get(row.format or "")
        if reader is None or row.subject is None:
            return False
        if self.is_mapped_otherwise(row):
            return True
        zones = settings_told(self.settings, row.subject, row.format or "")
        return (row.reader_version, row.zones) != (reader.VERSION, zones)

    def is_mapped_otherwise(self, row: Known) -> bool:
        """Whether recovery.toml maps now what another reader read, or no longer what it mapped."""
        return (row.format == MAPPED) != (self.settings.mapping_of(row.path) is not None)

    def is_lost(self, row: Known, gone: set[str]) -> bool:
        """Whether the path that counted holds another content now, is another person's, or was a log that left."""
        if row.path in self.present:
            return self.present[row.path] != row.sha256 or self.settings.subject_of(row.path) != row.subject
        return row.path in self.logs and row.path in gone

    def claimed(self, subject: str, group: Sequence["Met"]) -> Iterator[Item]:
        """What a reader claims; the rest gets its receipt."""
        entries = {met.path: self.with_mapping(met.content.entry) for met in group}
        tree = list(entries.values())
        claims, broken = _claims(tree)
        if len(claims) + len(broken) < len(tree):  # part of a format of many files, whose root is known already?
            here = {entry.path for entry in tree}
            beside = [entry for entry in _known_entries(self.connection, subject) if entry.path not in here]
            if beside:
                more, contested = _claims([*(entry for entry in tree if entry.path not in broken), *beside])
                claims = {path: claim for path, claim in more.items() if path in here} | claims
                broken |= {path: why for path, why in contested.items() if path in here}
        counting: dict[str, str] = {}
        unmapped: set[str] = set()
        for met in sorted(group, key=lambda met: met.path):
            reader, claim = claims.get(met.path, ("", None))
            if met.path in broken:
                self.note(met.receipt("rejected", broken[met.path]))
            elif claim is None:
                told = f"No reader knows this file; it looks like {guess.nearest(met.content.entry)}."
                self.note(met.receipt("unrecognised", told))
                row = self.known.get(met.path)
                if row is not None and row.format == MAPPED and row.status in READ and row.sha256 == met.sha256:
                    unmapped.add(met.sha256)
            elif claim.not_needed:
                self.note(met.receipt("ignored", claim.not_needed, reader))
            elif met.sha256 in counting:
                self.duplicate(met, counting[met.sha256], reader)
            else:
                counting[met.sha256] = met.path
                yield Item(entries[met.path], met.sha256, met.dropped, subject, reader)
        self.withdrawn += [(subject, delivery_of(sha256)) for sha256 in sorted(unmapped - counting.keys())]

    def with_mapping(self, entry: Entry) -> Entry:
        """The entry with what recovery.toml says of its columns."""
        mapping = self.settings.mapping_of(entry.path)
        if mapping is None:
            return entry
        mapped = replace(entry, mapping=mapping)
        mapped.__dict__["head"] = entry.head
        return mapped


class Met(NamedTuple):
    """A file or member that was read through now."""

    content: Content
    subject: str
    dropped: Found

    @property
    def mtime_ns(self) -> int | None:
        """Of a dropped file; None for members."""
        return self.dropped.mtime_ns if self.dropped.path == self.path else None

    @property
    def path(self) -> str:
        return self.content.entry.path

    @property
    def sha256(self) -> str:
        return self.content.sha256 or ""

    def receipt(self, status: str, message: str, reader: str | None = None) -> Receipt:
        content = self.content
        return Receipt(
            self.path, content.sha256, content.entry.size, self.mtime_ns, reader, self.subject, status, message
        )


def _claims(tree: Sequence[Entry]) -> tuple[dict[str, tuple[str, Claim]], dict[str, str]]:
    """Which reader claims each path, and why paths are not claimed: a reader failed over them, or two claim them."""
    claimants: dict[str, dict[str, Claim]] = defaultdict(dict)
    broken: dict[str, str] = {}
    for name, reader in sorted(readers().items()):
        shown = [entry for entry in tree if (entry.mapping is not None) == (name == MAPPED)]
        for claim in _asked(name, reader, shown, broken):
            claimants[claim.path][name] = claim
    claims: dict[str, tuple[str, Claim]] = {}
    for path, claimed in claimants.items():
        (name, claim), *others = claimed.items()
        if path not in broken and not others:
            claims[path] = (name, claim)
        elif path not in broken:
            log.error("%s is claimed by more than one reader: %s", path, ", ".join(claimed))
            broken[path] = (
                f"is claimed by two readers, {name} and {others[0][0]}, so that neither reads it, which is our fault;"
                " please report it"
            )
    return claims, broken


def _asked(name: str, reader: Reader, tree: Sequence[Entry], broken: dict[str, str]) -> list[Claim]:
    try:
        return list(reader.claims(tree))
    except Exception:
        log.exception("reader %s failed while recognising; asking it file by file", name)
    for entry in tree:
        try:
            list(reader.claims([entry]))
        except Exception:
            log.exception("reader %s failed over %s", name, entry.path)
            broken[entry.path] = f"could not be recognised: {name} failed over it, which is our fault; please report it"
    return list(reader.claims([entry for entry in tree if entry.path not in broken]))


def _still_arriving(changed: Sequence[Found], settle_s: float) -> set[str]:
    """The paths of what differs in size or time a moment later."""
    if not changed:
        return set()
    time.sleep(settle_s)
    return {file.path for file in changed if stamp(file.real) != (file.size, file.mtime_ns)}


def _stale_roots(settings: Settings, connection: duckdb.DuckDBPyConnection, *, is_asked_anew: bool) -> set[str]:
    """Dropped files that hold something to be read or asked about again."""
    rows = [
        (name, reader.VERSION, subject, settings_told(settings, subject, name))
        for name, reader in readers().items()
        for subject in settings.subjects
    ]
    now = {
        "format": pa.array([row[0] for row in rows], pa.string()),
        "reader_version": pa.array([row[1] for row in rows], pa.int32()),
        "subject": pa.array([row[2] for row in rows], pa.string()),
        "zones": pa.array([row[3] for row in rows], pa.string()),
    }
    with arrow(connection, "now", **now), arrow(connection, "people", person=pa.array(settings.people, pa.string())):
        found = connection.execute(
            f"""
            select distinct split_part(files.path, '{MEMBER}', 1)
            from raw.files left join now on files.format = now.format and files.subject = now.subject
            left join people on split_part(files.path, '/', 1) = people.person and contains(files.path, '/')
            where (not files.is_gone and files.subject <> coalesce(people.person, '{OWNER}'))
            or (
                not files.is_gone and
                files.reader_version is not null and now.format is not null
                and files.status <> 'duplicate' and (
                    files.reader_version is distinct from now.reader_version
                    or files.zones is distinct from now.zones
                )
            )
            or (? and files.status in ('unrecognised', 'ignored', 'rejected'))
            or (  -- a run stopped after what counted had gone and before this took its place
                files.status = 'duplicate' and files.format not in ('zip', 'gz')
                and (files.subject, files.sha256) not in (
                    select (subject, sha256) from raw.files
                    where sha256 is not null and status in ('loaded', 'partial', 'rejected')
                )
            )
            """,
            [is_asked_anew],
        ).fetchall()
    return {path for (path,) in found} | _mapped_otherwise(settings, connection)


def _mapped_otherwise(settings: Settings, connection: duckdb.DuckDBPyConnection) -> set[str]:
    """Dropped files that hold what recovery.toml maps now and did not, or no longer does."""
    rows = connection.execute(
        "select path, format from raw.files where status in ('loaded', 'partial') and not is_gone"
        " and (? or format = ?)",
        [bool(settings.tables), MAPPED],
    ).fetchall()
    return {
        path.partition(MEMBER)[0]
        for path, reader in rows
        if (reader == MAPPED) != (settings.mapping_of(path) is not None)
    }


def _orphans(
    connection: duckdb.DuckDBPyConnection, opened: Sequence[Found], gone: Sequence[str], found: Sequence[Found]
) -> list[Found]:
    """Unchanged files that repeat what counted at a path that is opened now, or in a log that left: they may count."""
    with (
        arrow(connection, "opened", root=pa.array([file.path for file in opened], pa.string())),
        arrow(connection, "gone", root=pa.array(gone, pa.string())),
    ):
        roots = {
            root
            for (root,) in connection.execute(
                f"""
                with counting as (
                    select sha256, subject
                    from raw.files
                    where status in ('loaded', 'partial', 'rejected') and (
                        split_part(path, '{MEMBER}', 1) in (select root from opened)
                        or (split_part(path, '{MEMBER}', 1) in (select root from gone)
                            and path in (select path from raw.logs))
                    )
                )

                select distinct split_part(path, '{MEMBER}', 1)
                from raw.files semi join counting using (sha256, subject)
                where status = 'duplicate'
                """
            ).fetchall()
        }
    roots -= {file.path for file in opened}
    return [file for file in found if file.path in roots and not file.status]


def _gone(dropped: Iterable[str], found: Sequence[Found]) -> list[str]:
    """Dropped files that left; nothing is known of what lies below a folder that cannot be opened."""
    here = {file.path for file in found}
    closed = tuple(file.path + "/" for file in found if file.status == "rejected" and file.real.is_dir())
    return [path for path in dropped if path not in here and not (closed and path.startswith(closed))]


def _with_members(connection: duckdb.DuckDBPyConnection, roots: Sequence[str]) -> set[str]:
    """Of what left: the logs, and what has no data of its own and needs its receipt no longer."""
    if not roots:
        return set()
    return {
        path
        for (path,) in connection.execute(
            f"select path from raw.files where list_contains(?, split_part(path, '{MEMBER}', 1))"
            " and (status in ('duplicate', 'ignored', 'unrecognised', 'rejected', 'waiting')"
            " or path in (select path from raw.logs))",
            [list(roots)],
        ).fetchall()
    }


def _known_below(connection: duckdb.DuckDBPyConnection, roots: Sequence[str]) -> dict[str, dict[str, Known]]:
    """What is known of dropped files and their members: by dropped file, then by path."""
    with arrow(connection, "roots", root=pa.array(roots, pa.string())):
        rows = connection.execute(
            f"select {', '.join(Known._fields)} from raw.files"
            f" semi join roots on split_part(files.path, '{MEMBER}', 1) = roots.root"
        ).fetchall()
    below: dict[str, dict[str, Known]] = defaultdict(dict)
    for row in rows:
        below[row[0].partition(MEMBER)[0]][row[0]] = Known(*row)
    return below


@contextmanager
def arrow(connection: duckdb.DuckDBPyConnection, name: str, **columns: pa.Array) -> Iterator[None]:
    """Shows columns to DuckDB as a table of this name, as long as the context lasts."""
    connection.register(name, pa.table(columns))
    try:
        yield
    finally:
        connection.unregister(name)


def _known_entries(connection: duckdb.DuckDBPyConnection, subject: str) -> list[Entry]:
    """Known files as a reader sees them that looks for its root: paths, without any content."""
    rows = connection.execute("select path, bytes from raw.files where subject = ?", [subject]).fetchall()
    entries = [Entry(path, size or 0, _nothing) for path, size in rows]
    for entry in entries:
        entry.__dict__["head"] = b""
    return entries


def _nothing() -> BinaryIO:
    raise UnreadableExportError("This file is known already and not opened again.")


def _receipt_of(settings: Settings, file: Found, status: str, message: str) -> Receipt:
    subject = settings.subject_of(file.path)
    return Receipt(file.path, None, file.size, file.mtime_ns, None, subject, status, message)


def _readers_told(settings: Settings) -> str:
    """Changes with the readers and with what recovery.toml says of files, which are then asked about anew."""
    told = " ".join(f"{name}={reader.VERSION}" for name, reader in sorted(readers().items()))
    of_files = (settings.tables, settings.private_ignore)
    return f"{told} {_digest(of_files)}" if any(of_files) else told
