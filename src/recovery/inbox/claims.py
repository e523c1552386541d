"""Which reader claims each entry."""

import logging
from collections import defaultdict
from collections.abc import Sequence
from typing import BinaryIO

import duckdb

from recovery.errors import UnreadableExportError
from recovery.formats.entries import Claim, Entry
from recovery.readers import MAPPED, Reader, readers
from recovery.words.say import say

log = logging.getLogger(__name__)


def claims_of(tree: Sequence[Entry]) -> tuple[dict[str, tuple[str, Claim]], dict[str, str]]:
    """Which reader claims each path, and why others have none: a reader failed over them, or two claim them."""
    claimants: dict[str, dict[str, Claim]] = defaultdict(dict)
    problems: dict[str, str] = {}
    for name, reader in sorted(readers().items()):
        shown = [entry for entry in tree if (entry.mapping is not None) == (name == MAPPED)]
        for claim in _claims_of_reader(name, reader, shown, problems):
            claimants[claim.path][name] = claim
    claims: dict[str, tuple[str, Claim]] = {}
    for path, claimed in claimants.items():
        (name, claim), *others = claimed.items()
        if path not in problems and not others:
            claims[path] = (name, claim)
        elif path not in problems:
            log.error("%s is claimed by more than one reader: %s", path, ", ".join(claimed))
            problems[path] = say(
                "is claimed by two readers, {name} and {others}, so that neither reads it, which is our "
                "fault; please report it",
                name=name,
                others=others[0][0],
            )
    return claims, problems


def _claims_of_reader(name: str, reader: Reader, tree: Sequence[Entry], problems: dict[str, str]) -> list[Claim]:
    try:
        return list(reader.claims(tree))
    except Exception:
        log.exception("reader %s failed while recognising; asking it file by file", name)
    for entry in tree:
        try:
            list(reader.claims([entry]))
        except Exception:
            log.exception("reader %s failed over %s", name, entry.path)
            problems[entry.path] = say(
                "could not be recognised: {name} failed over it, which is our fault; please report it", name=name
            )
    return list(reader.claims([entry for entry in tree if entry.path not in problems]))


def claims_beside_known(
    connection: duckdb.DuckDBPyConnection, subject: str, tree: Sequence[Entry]
) -> tuple[dict[str, tuple[str, Claim]], dict[str, str]]:
    """As `claims_of`; what nobody claims is shown once more together with the known files of the person.

    A file may belong to a format of many files whose root was dropped before.
    """
    claims, problems = claims_of(tree)
    if len(claims) + len(problems) >= len(tree):
        return claims, problems
    here = {entry.path for entry in tree}
    known = [entry for entry in known_entries(connection, subject) if entry.path not in here]
    if not known:
        return claims, problems
    more, contested = claims_of([*(entry for entry in tree if entry.path not in problems), *known])
    return (
        {path: claim for path, claim in more.items() if path in here} | claims,
        problems | {path: reason for path, reason in contested.items() if path in here},
    )


def known_entries(connection: duckdb.DuckDBPyConnection, subject: str) -> list[Entry]:
    """The known files of a person by path, without any content: for a reader that looks for its root."""
    rows = connection.execute("select path, bytes from raw.files where subject = ?", [subject]).fetchall()
    return [Entry(path, size or 0, _nothing, known_head=b"") for path, size in rows]


def _nothing() -> BinaryIO:
    raise UnreadableExportError(say("This file is known already and not opened again."))
