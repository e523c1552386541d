"""Which reader claims each entry, and what those look like that none claims."""

import logging
from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import BinaryIO, NamedTuple

import duckdb

from recovery.errors import UnreadableExportError
from recovery.formats.entries import Claim, Entry
from recovery.formats.resaved import TableForm
from recovery.inbox import guess
from recovery.inbox.worker import StoppedError, Tell, Worker, budget_of
from recovery.readers import LOGS, MAPPED, Reader, readers, shown_as, table_form
from recovery.words.say import say

log = logging.getLogger(__name__)


def claims_of(tree: Sequence[Entry]) -> tuple[dict[str, tuple[str, Claim]], dict[str, str]]:
    """Which reader claims each path, and why others have none: a reader failed over them, or two claim them."""
    claimants: dict[str, dict[str, Claim]] = defaultdict(dict)
    problems: dict[str, str] = {}
    shown: dict[TableForm | None, list[Entry]] = {table_form(name): [] for name in readers()}
    for entry in tree:
        if entry.mapping is None:
            for form, entries in shown.items():
                entries += shown_as(form, [entry])
    for name, reader in sorted(readers().items()):
        is_mapped = name == MAPPED
        entries = [entry for entry in tree if entry.mapping is not None] if is_mapped else shown[table_form(name)]
        for claim in _claims_of_reader(name, reader, entries, problems):
            claimants[claim.path][name] = claim
    claims: dict[str, tuple[str, Claim]] = {}
    for path, claimed in claimants.items():
        (name, claim), *others = _of_vendors(claimed).items()
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


def _of_vendors(claimed: dict[str, Claim]) -> dict[str, Claim]:
    """The claims of readers that go by a vendor's own marks, where there are any."""
    return {name: claim for name, claim in claimed.items() if name not in LOGS} or claimed


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


class Recognised(NamedTuple):
    """What became known of entries, by path."""

    claims: Mapping[str, tuple[str, Claim]]  # the reader that claims it
    problems: Mapping[str, str]  # why it cannot be told
    guesses: Mapping[str, str]  # what looks like what, where no reader claims it
    stopped: Mapping[str, str] = {}  # over which the worker was stopped, and why

    def and_also(self, other: "Recognised") -> "Recognised":
        """Both together."""
        return Recognised(
            {**self.claims, **other.claims},
            {**self.problems, **other.problems},
            {**self.guesses, **other.guesses},
            {**self.stopped, **other.stopped},
        )


def recognised(
    connection: duckdb.DuckDBPyConnection, worker: Worker, subject: str, entries: Sequence[Entry]
) -> Recognised:
    """Which of a person's entries which reader claims; `entries` are among the holdings of the worker, by path.

    What nobody claims is shown once more together with the known files of the person: a file may belong to a format
    of many files whose root was dropped before. Of entries over which the worker is stopped, alone or together, the
    problem is named; the others are asked about again without them.
    """
    known = _known_files(connection, subject)
    sizes = {entry.path: entry.size for entry in entries}
    found = _asked(worker, sizes, known)
    if not found.stopped:
        return found
    # A root may have been left out with a part that was stopped.
    rest = {path: size for path, size in sizes.items() if path not in found.stopped}
    again = _asked(worker, rest, known) if rest else found
    return again.and_also(found._replace(claims={}, guesses={}, problems=dict(found.stopped)))


def _asked(worker: Worker, sizes: Mapping[str, int], known: Sequence[tuple[str, int]]) -> Recognised:
    """Asks about entries together; where the worker is stopped, about each half, down to the single entry."""
    try:
        budget = budget_of(len(sizes) + len(known), sum(max(size, 0) for size in sizes.values()))
        return worker.call(recognise, list(sizes), known, budget=budget)
    except StoppedError as error:
        if len(sizes) == 1:
            (path,) = sizes
            log.error("%s: recognising it was stopped (%s)", path, error.why)
            return Recognised({}, {path: error.sentence}, {}, {path: error.sentence})
        both = list(sizes.items())
        first, second = both[: len(both) // 2], both[len(both) // 2 :]
        return _asked(worker, dict(first), known).and_also(_asked(worker, dict(second), known))


def recognise(
    holdings: Mapping[str, Entry], paths: Sequence[str], known: Sequence[tuple[str, int]], _tell: Tell
) -> Recognised:
    """The part of `recognised` that opens files; runs in the worker."""
    tree, here = [holdings[path] for path in paths], set(paths)
    claims, problems = claims_of(tree)
    others = [Entry(path, size, _nothing, known_head=b"") for path, size in known if path not in here]
    if others and len(claims) + len(problems) < len(tree):
        more, contested = claims_of([*(entry for entry in tree if entry.path not in problems), *others])
        claims = {path: claim for path, claim in more.items() if path in here} | claims
        problems |= {path: reason for path, reason in contested.items() if path in here}
    unclaimed = [entry for entry in tree if entry.path not in claims and entry.path not in problems]
    return Recognised(claims, problems, {entry.path: _guess(entry) for entry in unclaimed})


def _guess(entry: Entry) -> str:
    try:
        return guess.nearest(entry)
    except Exception:
        log.exception("no guess could be made at %s", entry.path)
        return say("data in a form that is not known here")


def _known_files(connection: duckdb.DuckDBPyConnection, subject: str) -> list[tuple[str, int]]:
    """The known files of a person by path and size, without any content: for a reader that looks for its root."""
    rows = connection.execute("select path, bytes from raw.files where subject = ?", [subject]).fetchall()
    return [(path, size or 0) for path, size in rows]


def _nothing() -> BinaryIO:
    raise UnreadableExportError(say("This file is known already and not opened again."))
