"""Compares the inbox with what is known of it: what is new, changed, still arriving or gone, and who reads it.

A file that has the size and time of the last run is not opened. A new one is read through once, for its hash and its
first bytes; then every reader is asked about it. Nothing here writes to the inbox or to the database.
"""

import time
from collections.abc import Iterable, Sequence
from dataclasses import replace

import duckdb

from recovery.home.disk import full_disk_is_plain, private_folder
from recovery.home.settings import Settings
from recovery.inbox.archives import EXCLUDED, MEMBER, Shelf
from recovery.inbox.fingerprints import readers_fingerprint
from recovery.inbox.history import gone_files, known_below, orphans, stale_roots, with_members
from recovery.inbox.receipts import Item, Look, receipt_of
from recovery.inbox.sorting import Sorting
from recovery.inbox.walk import Found, contents, stamp, walk
from recovery.warehouse.connection import meta


def look(settings: Settings, connection: duckdb.DuckDBPyConnection, settle_s: float = 1.0) -> Look:
    """Compares the inbox with what is known of it.

    Raises HomeError where the inbox is missing or the disk is full.
    """
    with full_disk_is_plain(settings.home.folder):
        return _look(settings, connection, settle_s)


def is_unchanged(items: Iterable[Item]) -> bool:
    """Whether the dropped files are still those that were looked at."""
    return all(stamp(file.real) == (file.size, file.mtime_ns) for file in {item.dropped for item in items})


def _look(settings: Settings, connection: duckdb.DuckDBPyConnection, settle_s: float) -> Look:
    found = walk(settings.home, settings.is_private)
    told = readers_fingerprint(settings)
    dropped = {
        path: (size, mtime_ns, status, sha256, message)
        for path, size, mtime_ns, status, sha256, message in connection.execute(
            f"select path, bytes, mtime_ns, status, sha256, message from raw.files where not contains(path, '{MEMBER}')"
        ).fetchall()
    }
    stale = stale_roots(settings, connection, is_asked_anew=meta(connection, "readers") != told)
    changed, again, receipts = [], [], []
    for file in found:
        known = dropped.get(file.path)
        if file.status:
            if known is None or known[2:] != (file.status, None, file.message):
                receipts.append(receipt_of(settings, file, file.status, file.message))
        elif known is None or known[:2] != (file.size, file.mtime_ns) or known[2] == "waiting":
            changed.append(file)
        elif file.path in stale or (known[2] == "rejected" and known[3] is None):
            again.append(file)  # a new reader may know it; the right to read it may have been given
    gone = gone_files(dropped, found)
    gone += [  # what is private now is as if it had left, and has its receipt
        file.path
        for file in found
        if file.message == EXCLUDED and file.path in dropped and dropped[file.path][2] != "ignored"
    ]
    if changed or gone or again:
        again += orphans(connection, changed + again, gone, found)
    waiting = _still_arriving(changed, settle_s)
    opened = [file for file in changed if file.path not in waiting] + again
    if not opened:
        receipts += [
            receipt_of(settings, file, "waiting", ARRIVING)
            for file in changed
            if file.path not in dropped  # what is known keeps its receipt until the new content is whole
        ]
        return Look(
            receipts=tuple(receipts),
            gone=tuple(sorted(with_members(connection, gone))),
            left=tuple(sorted(gone)),
            waiting=tuple(sorted(waiting)),
            readers_told=told,
        )
    shelf = Shelf(private_folder(settings.home.private), settings.is_private)
    sorting = Sorting(settings, connection, told, shelf, known_below(connection, [file.path for file in opened]))
    sorting.receipts += receipts
    for file in opened:
        read = contents(file, shelf)
        if stamp(file.real) != (file.size, file.mtime_ns) or read[0].status == "waiting":
            waiting.add(file.path)
        else:
            sorting.take(file, read)
    sorting.receipts += [
        receipt_of(settings, file, "waiting", ARRIVING)
        for file in changed
        if file.path in waiting and file.path not in dropped
    ]
    found_now = sorting.look(with_members(connection, gone), waiting)
    return replace(found_now, left=tuple(sorted(gone)))


ARRIVING = "is still arriving: it changed within a second, the next run reads it"


def _still_arriving(changed: Sequence[Found], settle_s: float) -> set[str]:
    """The paths of what differs in size or time a moment later."""
    if not changed:
        return set()
    time.sleep(settle_s)
    return {file.path for file in changed if stamp(file.real) != (file.size, file.mtime_ns)}
