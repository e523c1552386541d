"""Every rule fails where one row breaks it: a rule of columns by a change made here, another by a test of its own."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path
from types import SimpleNamespace
from typing import cast

import duckdb
import pytest

from recovery import checks
from recovery.checks._kinds import Check, NoRows, NotNull, OneOf, Ordered, Unique, Within
from recovery.checks._results import CheckedRelation

HERE = Path(__file__).parent
OF_DEVICES = HERE.parent / "warehouse" / "test_device_changes.py"
OF_ANSWERS = HERE / "test_answered_relations.py"


def changes(relation: str, check: Check) -> Iterator[str]:
    """Changes of one row of a relation, each of which breaks a check of columns."""
    one = f"where rowid = (select min(rowid) from pub.{relation})"
    match check:
        case Unique():
            yield f"insert into pub.{relation} select * from pub.{relation} {one}"
        case NotNull():
            yield f'update pub.{relation} set "{check.column}" = null {one}'
        case OneOf():
            yield f"update pub.{relation} set \"{check.column}\" = 'another word' {one}"
        case Ordered():
            yield f"update pub.{relation} set {check.first} = {check.second} + interval 1 second {one}"
        case Within():
            for value in (
                check.above,
                None if check.low is None else before(check.low),
                "nan" if check.high and check.high > 1e300 else None if check.high is None else check.high + 1,
            ):
                if value is not None:
                    yield (
                        f"alter table pub.{relation} alter {check.column} type {kind(value)};"
                        f"update pub.{relation} set {check.column} = '{value}' {one}"
                    )


def before(bound: float | datetime) -> float | datetime:
    return bound - timedelta(seconds=1) if isinstance(bound, datetime) else bound - 1 if abs(bound) < 1e300 else -2e308


def kind(value: object) -> str:
    """A type that holds a value which the column's own may not, as a negative number of rows."""
    return "timestamp" if isinstance(value, datetime) else "double"


def fails(connection: duckdb.DuckDBPyConnection, relation: CheckedRelation, check: Check, change: str) -> bool:
    """Whether a check fails after a change, which is taken back."""
    from recovery.checks import _checkpoint
    from recovery.checks._results import results_of

    alone = SimpleNamespace(RELATION=relation.RELATION, KEY=relation.KEY, CHECKS=(check,))
    connection.execute("begin transaction")
    try:
        connection.execute(change)
        told = _checkpoint.validate(connection, {relation.RELATION: cast(CheckedRelation, alone)}, "a run")
    finally:
        connection.execute("rollback")
    ((result,),) = map(results_of, told.run_results.values())
    assert result.is_met or result.failing, "a rule that fails names the rows"
    return not result.is_met


@pytest.mark.slow
@pytest.mark.parametrize("name", sorted(checks.relations()))
def test_one_row_breaks_each_rule_of_columns(sound: duckdb.DuckDBPyConnection, name: str) -> None:
    relation = checks.relations()[name]
    made = [(check, change) for check in relation.CHECKS for change in changes(name, check)]

    held = [(check.sentence, change) for check, change in made if not fails(sound, relation, check, change)]

    assert held == []
    assert {check for check, _ in made} == {check for check in relation.CHECKS if not isinstance(check, NoRows)}


@pytest.mark.parametrize("name", sorted(checks.relations()))
def test_each_rule_of_rows_has_a_test_of_its_own(name: str) -> None:
    tests = [path for path in (HERE / f"test_{name}.py", OF_DEVICES, OF_ANSWERS) if path.is_file()]
    told = " ".join(word for path in tests for word in path.read_text("utf-8").split())

    rules = [check.sentence for check in checks.relations()[name].CHECKS if isinstance(check, NoRows)]

    assert [rule for rule in rules if rule not in told] == []
