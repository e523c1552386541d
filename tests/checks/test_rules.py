"""Every rule fails where one row breaks it: a rule of columns by a change made here, another by a test of its own."""

from pathlib import Path

import duckdb
import pytest
from one_row import changes, fails

from recovery import checks
from recovery.checks._kinds import NoRows

HERE = Path(__file__).parent
OF_DEVICES = HERE / "test_metric_sources.py"
OF_ANSWERS = HERE / "test_answered_relations.py"


@pytest.mark.slow
@pytest.mark.parametrize("name", sorted(checks.relations()))
def test_one_row_breaks_each_rule_of_columns(sound: duckdb.DuckDBPyConnection, name: str) -> None:
    relation = checks.relations()[name]
    made = [(check, change) for check in relation.CHECKS for change in changes(f"pub.{name}", check)]

    held = [(check.sentence, change) for check, change in made if not fails(sound, relation, check, change)]

    assert held == []
    assert {check for check, _ in made} == {check for check in relation.CHECKS if not isinstance(check, NoRows)}


@pytest.mark.parametrize("name", sorted(checks.relations()))
def test_each_rule_of_rows_has_a_test_of_its_own(name: str) -> None:
    tests = [path for path in (HERE / f"test_{name}.py", OF_DEVICES, OF_ANSWERS) if path.is_file()]
    told = " ".join(word for path in tests for word in path.read_text("utf-8").split())

    rules = [check.sentence for check in checks.relations()[name].CHECKS if isinstance(check, NoRows)]

    assert [rule for rule in rules if rule not in told] == []
