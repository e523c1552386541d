"""Compares the inbox with what is known of it: what is new, changed, still arriving or removed, and who reads it.

A file that has the size and time of the last run is not opened. A new one is read through once, for its hash and its
first bytes; then every reader is asked about it. Nothing here writes to the inbox or to the database.
"""

import time
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from typing import NamedTuple

import duckdb

from recovery.home.disk import full_disk_is_plain, private_folder
from recovery.home.settings import Settings
from recovery.inbox.archives import EXCLUDED, ArchivePool
from recovery.inbox.fingerprints import readers_fingerprint
from recovery.inbox.history import (
    KnownFile,
    known_below,
    known_files,
    obsolete_receipts,
    orphans,
    removed_files,
    stale_roots,
    without_forgotten,
)
from recovery.inbox.mends_receipt import with_mends_receipt
from recovery.inbox.receipts import Item, Look, Receipt, receipt_of
from recovery.inbox.sorting import Sorting
from recovery.inbox.walk import Found, contents, stamp, walk
from recovery.warehouse.connection import meta
from recovery.words.say import say

ARRIVING = say("is still arriving: it changed within a second, the next run reads it")


class _Changes(NamedTuple):
    """How the files of the inbox differ from what is known of them."""

    changed: list[Found]  # new, or of another size or time
    again: list[Found]  # unchanged, but to be opened again
    receipts: list[Receipt]  # of files that are not opened


def look(settings: Settings, connection: duckdb.DuckDBPyConnection, settle_s: float = 1.0) -> Look:
    """Compares the inbox with what is known of it.

    Raises HomeError where the inbox is missing or the disk is full.
    """
    with full_disk_is_plain(settings.home.folder):
        return _look(settings, connection, settle_s)


def is_unchanged(items: Iterable[Item]) -> bool:
    """True if the dropped files are still those that were looked at."""
    return all(map(_is_unchanged, {item.dropped for item in items}))


def _is_unchanged(file: Found) -> bool:
    return stamp(file.real) == (file.size, file.mtime_ns)


def _look(settings: Settings, connection: duckdb.DuckDBPyConnection, settle_s: float) -> Look:
    found = with_mends_receipt(walk(settings.home, settings.is_private, settings.is_elsewhere), settings.mends)
    found, known = without_forgotten(settings.home, found, known_files(connection))
    fingerprint = readers_fingerprint(settings)
    stale = stale_roots(settings, connection, are_readers_changed=meta(connection, "readers") != fingerprint)
    changed, again, receipts = _compare(settings, found, known, stale)
    removed = [*removed_files(known, found), *_private_now(found, known)]
    if changed or removed or again:
        again += orphans(connection, changed + again, removed, found)
    waiting = _still_arriving(changed, settle_s) | _emptied(changed, known)
    to_open = [file for file in changed if file.path not in waiting] + again
    obsolete = obsolete_receipts(connection, removed)
    if to_open:
        pool = ArchivePool(private_folder(settings.home.private), settings.is_private)
        below = known_below(connection, [file.path for file in to_open])
        sorting = Sorting(settings, connection, fingerprint, pool, below)
        waiting |= _open(to_open, sorting)
        sorted_look = sorting.look(obsolete, waiting)
    else:
        sorted_look = Look(
            obsolete=tuple(sorted(obsolete)), waiting=tuple(sorted(waiting)), readers_fingerprint=fingerprint
        )
    receipts += [
        receipt_of(settings, file, "waiting", ARRIVING)
        for file in changed
        if file.path in waiting and file.path not in known  # a known file keeps its receipt until the new one is whole
    ]
    return replace(sorted_look, receipts=(*receipts, *sorted_look.receipts), removed=tuple(sorted(removed)))


def _compare(settings: Settings, found: Sequence[Found], known: Mapping[str, KnownFile], stale: set[str]) -> _Changes:
    """Which files are to be opened, and the receipts of those that never are."""
    changes = _Changes([], [], [])
    for file in found:
        row = known.get(file.path)
        if file.status:
            if row is None or (row.status, row.sha256, row.message) != (file.status, None, file.message):
                changes.receipts.append(receipt_of(settings, file, file.status, file.message))
        elif row is None or (row.size, row.mtime_ns) != (file.size, file.mtime_ns) or row.status == "waiting":
            changes.changed.append(file)
        elif file.path in stale or (row.status == "rejected" and row.sha256 is None):
            changes.again.append(file)  # a new reader may know it; the right to read it may have been given
    return changes


def _private_now(found: Sequence[Found], known: Mapping[str, KnownFile]) -> list[str]:
    """Known files that recovery.toml makes private since: as if they had been removed, but with a receipt."""
    return [
        file.path
        for file in found
        if file.message == EXCLUDED and file.path in known and known[file.path].status != "ignored"
    ]


def _open(files: Sequence[Found], sorting: Sorting) -> set[str]:
    """Reads each file through and hands it to the sorting; returns the paths that changed meanwhile."""
    waiting: set[str] = set()
    for file in files:
        read = contents(file, sorting.pool)
        if not _is_unchanged(file) or read[0].status == "waiting":
            waiting.add(file.path)
        else:
            sorting.add(file, read)
    return waiting


def _emptied(changed: Sequence[Found], known: Mapping[str, KnownFile]) -> set[str]:
    """The paths of files that had content and have none now: a save or a sync that failed takes nothing away."""
    return {
        file.path
        for file in changed
        if file.size == 0 and file.path in known and known[file.path].status in ("loaded", "partial")
    }


def _still_arriving(changed: Sequence[Found], settle_s: float) -> set[str]:
    """The paths of files whose size or time differs a moment later."""
    if not changed:
        return set()
    time.sleep(settle_s)
    return {file.path for file in changed if not _is_unchanged(file)}
