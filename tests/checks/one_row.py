"""Changes of one row that break a check of columns, and whether a check fails after a change."""

from collections.abc import Iterator, Mapping
from datetime import datetime, timedelta
from functools import cache
from types import SimpleNamespace
from typing import Any, cast

import duckdb

from recovery.checks._kinds import Check, Columns, NotNull, OneOf, Ordered, Unique, Within
from recovery.checks._results import CheckedRelation, Result, results_of


def changes(table: str, check: Check) -> Iterator[str]:
    """Changes of one row of a table, each of which breaks a check of columns."""
    one = f"where rowid = (select min(rowid) from {table})"
    match check:
        case Unique():
            yield f"insert into {table} select * from {table} {one}"
        case Columns():
            yield f"alter table {table} add column unknown varchar"
        case NotNull():
            yield f'update {table} set "{check.column}" = null {one}'
        case OneOf():
            yield f"update {table} set \"{check.column}\" = 'another word' {one}"
        case Ordered():
            yield f"update {table} set {check.first} = {check.second} + interval 1 day {one}"
        case Within():
            for value in (
                check.above,
                None if check.low is None else before(check.low),
                "nan" if check.high and check.high > 1e300 else None if check.high is None else check.high + 1,
            ):
                if value is not None:
                    yield (
                        f"alter table {table} alter {check.column} type {kind(value)};"
                        f"update {table} set {check.column} = '{value}' {one}"
                    )


def before(bound: float | datetime) -> float | datetime:
    return bound - timedelta(seconds=1) if isinstance(bound, datetime) else bound - 1 if abs(bound) < 1e300 else -2e308


def kind(value: object) -> str:
    """A type that holds a value which the column's own may not, as a negative number of rows."""
    return "timestamp" if isinstance(value, datetime) else "double"


def results(
    connection: duckdb.DuckDBPyConnection, relation: CheckedRelation, sources: Mapping[str, str] | None = None
) -> list[Result]:
    """What Great Expectations finds in one relation, without a Checkpoint and its stores: half of the time."""
    import great_expectations as gx

    from recovery.checks import _checkpoint
    from recovery.checks._source import WHOLE

    name = relation.RELATION
    with _checkpoint._quietly():
        expectations = _checkpoint.expectations(relation)
        assets = _checkpoint._assets({name: relation}, {name: expectations}, sources or {})
        source = _context().data_sources.add_or_update_duckdb_relations("relations", assets=assets)
        source.read_from(connection)
        batch = source.get_asset(name).get_batch_definition(WHOLE).get_batch()
        suite = gx.ExpectationSuite(name=name, expectations=expectations)
        return results_of(batch.validate(suite, result_format=_checkpoint.RESULT_FORMAT))


@cache
def _context() -> Any:
    from recovery.checks import _checkpoint

    return _checkpoint._context()


def fails(
    connection: duckdb.DuckDBPyConnection,
    relation: CheckedRelation,
    check: Check,
    change: str,
    sources: Mapping[str, str] | None = None,
) -> bool:
    """Whether a check fails after a change, which is taken back."""
    alone = SimpleNamespace(RELATION=relation.RELATION, KEY=relation.KEY, CHECKS=(check,))
    connection.execute("begin transaction")
    try:
        connection.execute(change)
        (result,) = results(connection, cast(CheckedRelation, alone), sources)
    finally:
        connection.execute("rollback")
    assert result.is_met or result.failing or isinstance(check, Columns), "a rule that fails names the rows"
    return not result.is_met
