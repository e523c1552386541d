"""Of whom `massage` and `pub` are built anew: whose days were built, and whose logs, settings or devices changed.

What these layers read beside the days is hashed person by person, and compared with what they were last built of.
"""

import hashlib
from collections.abc import Iterable, Mapping

import duckdb

from recovery.warehouse.connection import EVERYBODY, existing_tables, insert_rows, relations_with_subject
from recovery.warehouse.quoting import quote
from recovery.warehouse.relation import OF_RUNS, Relation, relations

NOBODY = ""  # whose rows are nobody's: settings of all people, rows without a person


def is_of_runs(relation: Relation) -> bool:
    """Whether a relation shows what the runs themselves write, and so is never built person by person."""
    return not OF_RUNS.isdisjoint(relation.reads)


def is_of_all(relation: Relation) -> bool:
    """Whether its rows are made of the answers of all people, and so may change with those of another person."""
    return any(name.startswith("answers.cohort_") for name in relation.reads)


def mark_unpublished(connection: duckdb.DuckDBPyConnection, named: Iterable[str]) -> None:
    """Remembers that the whole layers of these people are built anew since the last publication."""
    insert_rows(connection, "raw.unpublished_people", [(person,) for person in named])


def unpublished(connection: duckdb.DuckDBPyConnection) -> list[str] | None:
    """Of whom the whole layers were built since the last publication; None where of everybody."""
    rows = connection.execute("select distinct subject from raw.unpublished_people order by all").fetchall()
    named = [person for (person,) in rows]
    return None if EVERYBODY in named else named


def forget_unpublished(connection: duckdb.DuckDBPyConnection) -> None:
    """All that was built is published; call it in the transaction that notes so."""
    connection.execute("delete from raw.unpublished")
    connection.execute("delete from raw.unpublished_people")


def digests(connection: duckdb.DuckDBPyConnection) -> dict[str, str]:
    """Of each person a hash of the rows of `raw` that the whole layers read; of `NOBODY` that of rows without one."""
    with_subject = relations_with_subject(connection)
    read = {
        name for relation in relations() if relation.is_whole and not is_of_runs(relation) for name in relation.reads
    }
    selects = [
        f"select {f'coalesce(subject, {quote(NOBODY)})' if name in with_subject else quote(NOBODY)} as person,"
        f" '{name}' as name, count(*) as row_count, coalesce(sum(hash(whole)::hugeint), 0)::varchar as digest"
        f" from {name} as whole group by person"
        for name in sorted(read)
        if name.startswith("raw.")
    ]
    if not selects:
        return {}
    found: dict[str, list[object]] = {}
    for person, *row in connection.execute(f"{' union all '.join(selects)} order by all").fetchall():
        found.setdefault(person, []).append(row)
    return {person: hashlib.sha256(repr(rows).encode()).hexdigest() for person, rows in found.items()}


def to_build(connection: duckdb.DuckDBPyConnection, now: Mapping[str, str]) -> list[str] | None:
    """The people of whom something changed since the whole layers were last built; None where all are to be built.

    `now` is what `digests` gives.
    """
    if not {relation.full_name for relation in relations() if _is_table(relation)} <= existing_tables(connection):
        return None
    known = dict(connection.execute("select subject, digest from raw.built_people").fetchall())
    changed = {person for person in {*known, *now} if known.get(person) != now.get(person)}
    # A build that was killed left days that are built: they are noted until they are published.
    changed |= {person for (person,) in connection.execute("select distinct subject from raw.unpublished").fetchall()}
    ((count,),) = connection.execute("select count(distinct subject) from raw.zone_offsets").fetchall()
    if NOBODY in changed or 2 * len(changed) > count:  # one by one they cost more than all together
        return None
    return sorted(changed)


def note(connection: duckdb.DuckDBPyConnection, now: Mapping[str, str]) -> None:
    """Remembers what the whole layers were built of; call it once they are: what is not noted is built again."""
    connection.execute("delete from raw.built_people")
    insert_rows(connection, "raw.built_people", list(now.items()))


def groups(people: Iterable[str], size: int) -> list[list[str]]:
    """The people in groups of at most `size`."""
    named = list(people)
    return [named[start : start + size] for start in range(0, len(named), size)]


def _is_table(relation: Relation) -> bool:
    return relation.is_whole and relation.kind == "table"
