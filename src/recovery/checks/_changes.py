"""Which relations have to be validated: those that changed since, and those whose failure holds up the publication."""

import hashlib
import re
from collections.abc import Mapping

import duckdb

from recovery import warehouse
from recovery.checks._kinds import NoRows
from recovery.checks._results import CheckedRelation
from recovery.checks._store import delete_rejected
from recovery.home.folder import Home

READ = re.compile(r"\b((?:stg|massage|pub)\.\w+)")  # a relation that a rule names


def fingerprints(connection: duckdb.DuckDBPyConnection, relations: Mapping[str, CheckedRelation]) -> dict[str, str]:
    """For each relation a hash of its rows, of the rows that its rules read elsewhere, and of the checks themselves.

    It has two words; the first stays the same as long as the checks do, and what they read that is of no person.
    """
    with_subject = warehouse.relations_with_subject(connection)
    days = by_days()
    states: dict[str, str] = {}

    def state(name: str) -> str:
        if name not in states:
            states[name] = _builds(connection) if name in days else _content(connection, name)
        return states[name]

    def fingerprint(relation: CheckedRelation) -> str:
        states_of = {read: state(read) for read in reads(relation)}
        of_people = {read: states_of.pop(read) for read in reads(relation) if read in with_subject}
        return f"{_hash((relation.KEY, relation.CHECKS, states_of))} {_hash(of_people)}"

    return {name: fingerprint(relation) for name, relation in relations.items()}


def by_days() -> set[str]:
    """The relations that are built by days, with their layers."""
    return {relation.full_name for relation in warehouse.relations() if warehouse.is_built_by_days(relation)}


def are_checks_same(connection: duckdb.DuckDBPyConnection, name: str, fingerprint: str) -> bool:
    """Whether a relation was validated by the same checks: then what passed of others than those who changed passes."""
    known = connection.execute("select fingerprint from raw.checked where relation = ?", [name]).fetchall()
    return [former.split()[0] for (former,) in known] == fingerprint.split()[:1]


def is_to_validate(
    connection: duckdb.DuckDBPyConnection, relation: CheckedRelation, fingerprint: str, home: Home
) -> bool:
    """True if a relation changed, its rows or page of the last time are not there, or it failed critically."""
    name = relation.RELATION
    known = connection.execute("select fingerprint from raw.checked where relation = ?", [name]).fetchall()
    found = connection.execute(
        "select expectation, severity = 'critical' and not success from raw.checks where relation = ?", [name]
    ).fetchall()
    return (
        known != [(fingerprint,)]
        or {sentence for sentence, _ in found} != {check.sentence for check in relation.CHECKS}
        or any(is_failure for _, is_failure in found)
        or not (home.checks / f"{name}.html").is_file()
    )


def forget_former(connection: duckdb.DuckDBPyConnection, names: set[str]) -> bool:
    """Deletes what is known of relations that are checked no longer; False where there are none."""
    known = connection.execute("select relation from raw.checked union select relation from raw.checks").fetchall()
    former = {name for (name,) in known} - names
    for name in former:
        for table in ("checks", "checked"):
            connection.execute(f"delete from raw.{table} where relation = ?", [name])
        delete_rejected(connection, name)
    return bool(former)


def reads(relation: CheckedRelation) -> list[str]:
    """The relation itself and what its rules name beside it."""
    selects = [check.select for check in relation.CHECKS if isinstance(check, NoRows)]
    return sorted({f"pub.{relation.RELATION}", *READ.findall(" ".join(selects))})


def _hash(told: object) -> str:
    return hashlib.sha256(repr(told).encode()).hexdigest()


def _content(connection: duckdb.DuckDBPyConnection, name: str) -> str:
    rows = connection.execute(f"select count(*), bit_xor(hash(whole)) from {name} as whole").fetchall()
    return str(rows[0])


def _builds(connection: duckdb.DuckDBPyConnection) -> str:
    """For the millions of minutes: they change with a build alone."""
    return warehouse.meta(connection, "builds") or ""
