"""Sorts what was read through into what a reader reads and what only gets a receipt."""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

import duckdb
import pyarrow as pa

from recovery.formats.entries import Entry
from recovery.home.settings import Settings
from recovery.inbox import guess
from recovery.inbox.archives import EXCLUDED, Content, Shelf
from recovery.inbox.claims import claims_of, known_entries
from recovery.inbox.fingerprints import settings_fingerprint
from recovery.inbox.receipts import READ, Item, Known, Look, Met, Receipt, delivery_of
from recovery.inbox.walk import Found, leftover_member
from recovery.readers import MAPPED, readers
from recovery.warehouse.connection import arrow, meta


class Sorting:
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
        zones = settings_fingerprint(self.settings, row.subject, row.format or "")
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
        claims, broken = claims_of(tree)
        if len(claims) + len(broken) < len(tree):  # part of a format of many files, whose root is known already?
            here = {entry.path for entry in tree}
            beside = [entry for entry in known_entries(self.connection, subject) if entry.path not in here]
            if beside:
                more, contested = claims_of([*(entry for entry in tree if entry.path not in broken), *beside])
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
                yield Item(entries[met.path].without_head(), met.sha256, met.dropped, subject, reader)
        self.withdrawn += [(subject, delivery_of(sha256)) for sha256 in sorted(unmapped - counting.keys())]

    def with_mapping(self, entry: Entry) -> Entry:
        """The entry with what recovery.toml says of its columns."""
        mapping = self.settings.mapping_of(entry.path)
        return entry if mapping is None else replace(entry, mapping=mapping)
