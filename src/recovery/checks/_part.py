"""Of relations of which the rows of some people may be others now, only these are validated, and those that failed.

Every rule looks at the rows of one person at a time, of the minutes at one day. So what passed of the others passes,
and what is told of a relation is the same as where all of it is validated.
"""

from collections.abc import Collection, Iterator, Mapping
from contextlib import contextmanager
from datetime import date, timedelta
from typing import NamedTuple

import duckdb

from recovery import warehouse
from recovery.checks._changes import by_days, reads
from recovery.checks._kinds import MAX_ROWS
from recovery.checks._results import CheckedRelation
from recovery.checks._store import PATH
from recovery.warehouse.quoting import quote

ONE_DAY = timedelta(days=1)  # a minute is named in UTC, its day is a local one


class Part(NamedTuple):
    """The relations of which a part is validated: the rows of some people, and of the minutes those of some days."""

    relations: frozenset[str] = frozenset()
    people: tuple[str, ...] = ()
    days: tuple[str, ...] = ()  # conditions, one or more of which such a row meets


def part(
    connection: duckdb.DuckDBPyConnection, changed: Mapping[str, CheckedRelation], same_checks: Collection[str]
) -> Part:
    """Of which of the changed relations a part is enough; `same_checks` are those whose checks are as they were.

    Not where a relation failed in more rows than are known.
    """
    named = warehouse.unpublished(connection)
    if named is None:
        return Part()
    failing = {
        name: rows
        for name, relation in changed.items()
        if name in same_checks and _is_of_people(relation)
        for rows in [_failing(connection, name)]
        if rows is not None
    }
    built_by_days = by_days()
    people = {*named, *(subject for rows in failing.values() for subject, _ in rows)}
    days = [
        f"subject = {quote(subject)} and local_date between '{day - ONE_DAY}' and '{day + ONE_DAY}'"
        for name, rows in failing.items()
        if f"pub.{name}" in built_by_days
        for subject, day in sorted({(subject, date.fromisoformat(place[:10])) for subject, place in rows})
    ]
    return Part(frozenset(failing), tuple(sorted(people)), (*warehouse.built_days(connection), *days))


@contextmanager
def reading(connection: duckdb.DuckDBPyConnection, of: Part) -> Iterator[duckdb.DuckDBPyConnection]:
    """A connection that sees of each relation the rows of a part alone, in a database of its own, in memory."""
    work = warehouse.database_name(connection)
    with connection.cursor() as alone:
        alone.execute("attach ':memory:' as checked")
        try:
            alone.execute("use checked")
            _make(alone, work, of)
            yield alone
        finally:
            alone.execute(f"use {work}")
            alone.execute("detach checked")


def _make(alone: duckdb.DuckDBPyConnection, work: str, of: Part) -> None:
    columns = alone.execute(
        "select schema_name, table_name, bool_or(column_name = 'subject') from duckdb_columns()"
        " where database_name = ? and schema_name in ('stg', 'massage', 'pub') group by all",
        [work],
    ).fetchall()
    people = f"subject in ({warehouse.quote_all(of.people)})" if of.people else "false"
    built_by_days = by_days()
    for schema in ("stg", "massage", "pub"):
        alone.execute(f"create schema {schema}")
    for schema, name, is_of_people in columns:
        full_name = f"{schema}.{name}"
        if schema == "pub" and full_name in built_by_days:  # once: to find them in millions costs more than all rules
            days = " or ".join(f"({condition})" for condition in of.days) or "false"
            alone.execute(f"create table {full_name} as from {work}.{full_name} where {days}")
        else:
            condition = f" where {people}" if is_of_people else ""
            alone.execute(f"create view {full_name} as from {work}.{full_name}{condition}")


def _is_of_people(relation: CheckedRelation) -> bool:
    """Whether all that its checks read is built person by person, or by days, or has no person."""
    known = {one.full_name: one for one in warehouse.relations()}
    beside = [known[name] for name in reads(relation)]
    return "subject" in relation.KEY and all(
        warehouse.is_built_by_people(one) and not (one.name != relation.RELATION and warehouse.is_built_by_days(one))
        for one in beside
        if one.layer == "pub"
    )


def _failing(connection: duckdb.DuckDBPyConnection, name: str) -> list[tuple[str, str]] | None:
    """Person and place of the rows that failed; None where not all are known."""
    rows = connection.execute(
        "select reason, subject, place from raw.rejected where path = ? and starts_with(place, ?)", [PATH, f"{name}, "]
    ).fetchall()
    failed = {
        sentence
        for (sentence,) in connection.execute(
            "select expectation from raw.checks where relation = ? and not success", [name]
        ).fetchall()
    }
    count = {sentence: sum(reason == sentence for reason, _, _ in rows) for sentence in failed}
    if any(not 0 < known < MAX_ROWS for known in count.values()) or any(subject is None for _, subject, _ in rows):
        return None
    return [(subject, place.partition(", ")[2]) for _, subject, place in rows]
