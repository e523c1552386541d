"""Which reader claims each entry."""

import logging
from collections import defaultdict
from collections.abc import Sequence
from typing import BinaryIO

import duckdb

from recovery.errors import UnreadableExportError
from recovery.formats.entries import Claim, Entry
from recovery.readers import MAPPED, Reader, readers

log = logging.getLogger(__name__)


def claims_of(tree: Sequence[Entry]) -> tuple[dict[str, tuple[str, Claim]], dict[str, str]]:
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


def known_entries(connection: duckdb.DuckDBPyConnection, subject: str) -> list[Entry]:
    """Known files as a reader sees them that looks for its root: paths, without any content."""
    rows = connection.execute("select path, bytes from raw.files where subject = ?", [subject]).fetchall()
    return [Entry(path, size or 0, _nothing, known_head=b"") for path, size in rows]


def _nothing() -> BinaryIO:
    raise UnreadableExportError("This file is known already and not opened again.")
