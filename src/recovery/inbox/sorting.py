"""Sorts what was opened into what a reader reads and what only gets a receipt.

Of the same content of one person one path is the original, whose records are loaded; the others are duplicates of it.
"""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

import duckdb
import pyarrow as pa

from recovery.formats.entries import Entry
from recovery.home import forgotten
from recovery.home.settings import Settings
from recovery.inbox.archives import EXCLUDED, MEMBER, ArchivePool, Content
from recovery.inbox.claims import recognised
from recovery.inbox.fingerprints import changed_readers, is_mapped_otherwise, is_stale
from recovery.inbox.receipts import READ, Item, Known, Look, Opened, Receipt, delivery_of
from recovery.inbox.walk import Found, leftover_member
from recovery.inbox.worker import Worker
from recovery.readers import MAPPED, readers
from recovery.warehouse.connection import arrow, meta
from recovery.words.say import say

Contents = dict[tuple[str, str], list[Opened]]  # (subject, sha256): the paths that hold it


class Sorting:
    """Collects what one look opened, file by file; `look` sorts it once all of it is known."""

    def __init__(
        self,
        settings: Settings,
        connection: duckdb.DuckDBPyConnection,
        readers_fingerprint: str,
        pool: ArchivePool,
        below: Mapping[str, Mapping[str, Known]],
    ) -> None:
        self.settings = settings
        self.connection = connection
        self.readers_fingerprint = readers_fingerprint
        self.pool = pool
        self.below = below
        self.known: dict[str, Known] = {path: row for rows in below.values() for path, row in rows.items()}
        self.present: dict[str, str | None] = {}  # the content that each opened path holds now
        self.new: list[Opened] = []
        self.receipts: list[Receipt] = []
        self.archives: list[Receipt] = []
        self.new_originals: list[tuple[Receipt, str]] = []
        self.restamped: list[tuple[str, int, int]] = []
        self.obsolete: set[str] = set()
        self.absent_members: list[tuple[str, bool]] = []
        self.unmapped: list[tuple[str, int]] = []
        asked_before = meta(connection, "readers") or ""
        self.are_readers_changed = asked_before != readers_fingerprint
        self.changed_readers = changed_readers(asked_before)
        self.forgotten = {name for (name,) in connection.execute("select name from raw.forgotten").fetchall()}
        self.forgotten_key = forgotten.key_at(settings.home.forgotten_key) if self.forgotten else b""
        self.logs = {path for (path,) in connection.execute("select path from raw.logs").fetchall()}

    def add(self, file: Found, contents: Sequence[Content]) -> None:
        """Adds one dropped file with its members."""
        if contents[0].status != "rejected":  # a broken copy of an archive takes nothing away
            paths = {content.entry.path for content in contents}
            self._compare_members(file, paths | {self._hidden(path) for path in paths})
        subject = self.settings.subject_of(file.path)
        for content in contents:
            opened = Opened(content, subject, file)
            self.present[opened.path] = content.sha256
            if content.kind and not content.status:
                self.archives.append(opened.receipt("", "", content.kind))
            elif (reason := leftover_member(opened.path)) and opened.mtime_ns is None:
                self._note(opened.receipt("ignored", reason))
            elif content.status:
                if content.message == EXCLUDED and opened.path in self.logs:
                    self.obsolete.add(opened.path)
                self._note(opened.receipt(content.status, content.message, content.kind or None))
            else:
                self.new.append(opened)

    def look(self, obsolete: set[str], waiting: set[str]) -> Look:
        """Everything that was added, sorted; `obsolete` and `waiting` are paths that were not opened."""
        obsolete |= self.obsolete
        originals = self._originals()
        to_claim: dict[str, list[Opened]] = defaultdict(list)
        for (subject, sha256), same in self._unsettled(originals, obsolete).items():
            same.sort(key=lambda opened: opened.path)
            original = originals.get((subject, sha256))
            if original is None or self._is_to_be_read_again(original, same[0].path, obsolete):
                to_claim[subject] += same
            else:
                self._deduplicate(same, original)
        entries = {
            opened.path: self._with_mapping(opened.content.entry) for group in to_claim.values() for opened in group
        }
        worker = Worker(entries, on_fork=self.pool.close)
        reads = [item for subject, group in to_claim.items() for item in self._claimed(subject, group, worker)]
        for path, entry in entries.items():
            entries[path] = entry.without_head()  # should the worker be replaced
        return Look(
            reads=tuple(sorted(reads, key=lambda item: item.entry.path)),
            receipts=tuple(self.receipts),
            archives=tuple(self.archives),
            new_originals=tuple(self.new_originals),
            restamped=tuple(self.restamped),
            unmapped=tuple(self.unmapped),
            obsolete=tuple(sorted(obsolete)),
            absent_members=tuple(self.absent_members),
            waiting=tuple(sorted(waiting)),
            readers_fingerprint=self.readers_fingerprint,
            pool=self.pool,
            worker=worker,
        )

    def _compare_members(self, file: Found, paths: set[str]) -> None:
        """Notes which known members left their archive, and which are back."""
        for path, row in self.below.get(file.path, {}).items():
            if path in paths:
                if row.is_gone:
                    self.absent_members.append((path, False))
            elif row.status not in READ or path in self.logs:
                self.obsolete.add(path)
            elif not row.is_gone:
                self.absent_members.append((path, True))

    def _note(self, receipt: Receipt) -> None:
        """Adds a receipt, unless it is known already."""
        row = self.known.get(receipt.path)
        if row is None or (row.sha256, row.status, row.message, row.subject, row.bytes, row.mtime_ns) != (
            receipt.sha256, receipt.status, receipt.message, receipt.subject, receipt.bytes, receipt.mtime_ns,
        ):  # fmt: skip
            self.receipts.append(receipt)

    def _originals(self) -> dict[tuple[str, str], Known]:
        """The receipt of the original of each content that was opened now and was read before."""
        hashes = pa.array(sorted({opened.sha256 for opened in self.new}), pa.string())
        with arrow(self.connection, "opened", sha256=hashes):
            rows = self.connection.execute(
                f"select {', '.join(Known._fields)} from raw.files semi join opened using (sha256)"
                " where status in ('loaded', 'partial')"
                " or (status in ('rejected', 'ignored') and reader_version is not null)"
                " order by path desc"
            ).fetchall()
        return {(row[2], row[1]): Known(*row) for row in rows}

    def _unsettled(self, originals: Mapping[tuple[str, str], Known], obsolete: set[str]) -> Contents:
        """The contents whose receipts may change; the others, and what was forgotten, are dealt with here."""
        unsettled: Contents = defaultdict(list)
        for opened in self.new:
            content = (opened.subject, opened.sha256)
            if self._is_forgotten(*content):
                if self._hidden(opened.path) not in self.known:
                    self._note(opened.receipt("ignored", say("was forgotten on request")))
            elif not self._is_settled(opened, originals.get(content), obsolete):
                unsettled[content].append(opened)
            elif opened.mtime_ns is not None and self.known[opened.path].mtime_ns != opened.mtime_ns:
                self.restamped.append((opened.path, opened.content.entry.size, opened.mtime_ns))
        return unsettled

    def _is_forgotten(self, subject: str, sha256: str) -> bool:
        return bool(self.forgotten) and forgotten.content_hash(self.forgotten_key, subject, sha256) in self.forgotten

    def _hidden(self, path: str) -> str:
        """The path under which a forgotten member has its receipt; where nothing was forgotten, the path itself."""
        return forgotten.hidden_path(self.forgotten_key, path, MEMBER) if self.forgotten else path

    def _is_settled(self, opened: Opened, original: Known | None, obsolete: set[str]) -> bool:
        """True if the receipt of this path holds as it is."""
        row = self.known.get(opened.path)
        if row is None or (row.sha256, row.subject) != (opened.sha256, opened.subject) or row.status == "waiting":
            return False
        if row.status == "duplicate":
            return (
                original is not None
                and not is_stale(self.settings, original)
                and not self._is_original_lost(original, obsolete)
            )
        if row.status in READ or row.reader_version is not None:
            return not is_stale(self.settings, row)
        if row.status == "ignored" and row.format in readers():
            # Its reader may not need it because of the files beside it, and these are not shown again.
            is_mapped = is_mapped_otherwise(self.settings, row.path, row.format)
            return row.format not in self.changed_readers and not is_mapped
        return not self.are_readers_changed

    def _is_to_be_read_again(self, original: Known, smallest_path: str, obsolete: set[str]) -> bool:
        """True if a content that was read before must be read again."""
        takes_over_log = smallest_path < original.path and original.path in self.logs  # rows of a log carry its path
        return is_stale(self.settings, original) or self._is_original_lost(original, obsolete) or takes_over_log

    def _is_original_lost(self, original: Known, obsolete: set[str]) -> bool:
        """True if the original's path now has other content, another owner, or was a removed log."""
        if original.path in self.present:
            is_same = self.present[original.path] == original.sha256
            return not is_same or self.settings.subject_of(original.path) != original.subject
        return original.path in self.logs and original.path in obsolete

    def _deduplicate(self, same: Sequence[Opened], original: Known) -> None:
        """Makes the smallest path the original and the others its duplicates, without reading the content again."""
        smallest = min(same[0].path, original.path)
        if smallest != original.path:
            receipt = same[0].receipt(original.status, original.message or "", original.format)
            self.new_originals.append((receipt, original.path))
        for opened in same:
            if opened.path not in (smallest, original.path):
                self._note_duplicate(opened, smallest, original.format)

    def _note_duplicate(self, opened: Opened, original_path: str, reader: str | None) -> None:
        self._note(
            opened.receipt(
                "duplicate",
                say("has the same content as {original_path}, which counts", original_path=original_path),
                reader,
            )
        )

    def _claimed(self, subject: str, group: Sequence[Opened], worker: Worker) -> Iterator[Item]:
        """The files of a person that a reader claims; the others get their receipts."""
        entries = {opened.path: worker.holdings[opened.path] for opened in group}
        found = recognised(self.connection, worker, subject, list(entries.values()))
        original_paths: dict[str, str] = {}  # by content
        unclaimed: set[str] = set()
        for opened in sorted(group, key=lambda opened: opened.path):
            reader, claim = found.claims.get(opened.path, ("", None))
            if opened.path in found.problems:
                self._note(opened.receipt("rejected", found.problems[opened.path]))
            elif claim is None:
                reason = say("No reader knows this file; it looks like {nearest}.", nearest=found.guesses[opened.path])
                self._note(opened.receipt("unrecognised", reason))
                if self._was_mapped(opened):
                    unclaimed.add(opened.sha256)
            elif claim.not_needed:
                self._note(opened.receipt("ignored", claim.not_needed, reader))
            elif opened.sha256 in original_paths:
                self._note_duplicate(opened, original_paths[opened.sha256], reader)
            else:
                original_paths[opened.sha256] = opened.path
                entry = entries[opened.path].without_head()
                yield Item(entry, opened.sha256, opened.dropped, subject, reader)
        self.unmapped += [(subject, delivery_of(sha256)) for sha256 in sorted(unclaimed - original_paths.keys())]

    def _was_mapped(self, opened: Opened) -> bool:
        """True if this content was loaded from this path by a mapping of recovery.toml."""
        row = self.known.get(opened.path)
        return row is not None and row.format == MAPPED and row.status in READ and row.sha256 == opened.sha256

    def _with_mapping(self, entry: Entry) -> Entry:
        """The entry with what recovery.toml says of its columns."""
        mapping = self.settings.mapping_of(entry.path)
        return entry if mapping is None else replace(entry, mapping=mapping)
