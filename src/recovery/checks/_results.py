"""What checks found, in our words; and how the results of Great Expectations are read. It is not imported here."""

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple, Protocol

from recovery.checks._kinds import Check
from recovery.words.say import say

MAX_VALUE_LENGTH = 200
UNIQUE = ("expect_column_values_to_be_unique", "expect_compound_columns_to_be_unique")


class CheckedRelation(Protocol):
    """What a module of this folder has."""

    RELATION: str
    KEY: tuple[str, ...]
    CHECKS: Sequence[Check]


class FailingRow(NamedTuple):
    """One row a check found wrong: whose, where, and what stood there."""

    subject: str | None
    place: str
    value: str | None


class Result(NamedTuple):
    """What one check found."""

    relation: str
    sentence: str
    severity: str
    is_met: bool
    observed: str
    failing: Sequence[FailingRow] = ()


def results_of(validated: Any) -> list[Result]:
    """The results of one suite (an ExpectationSuiteValidationResult), in the order of the checks.

    Raises LookupError where an expectation could not be computed, as over a column that is not there.
    """
    items = sorted(validated.results, key=lambda item: int(item.expectation_config.meta["number"]))
    return [_result(validated.suite_name, item) for item in items]


def _result(relation: str, item: Any) -> Result:
    config, found = item.expectation_config, item.result
    if not found:
        errors = {info["exception_message"] for info in item.exception_info.values() if isinstance(info, dict)}
        raise LookupError(
            f"the check {config.description!r} of {relation} could not be made: {' '.join(sorted(errors))}"
        )
    if "unexpected_count" in found:
        observed, failing = _of_columns(config, found)
    elif "details" in found and "unexpected_rows" in found["details"]:
        observed, failing = _of_rule(found)
    else:
        observed, failing = ", ".join(map(str, found["observed_value"])), []
    return Result(relation, config.description, config.severity.value, bool(item.success), observed, failing)


def _of_columns(config: Any, found: Mapping[str, Any]) -> tuple[str, list[FailingRow]]:
    count, total = int(found["unexpected_count"] or 0), int(found["element_count"] or 0)
    if not count:
        return say("none of {total:,} rows", total=total), []
    rows = [_row(config, row) for row in found.get("unexpected_index_list") or ()]
    return say("{count:,} of {total:,} rows", count=count, total=total), rows


def _of_rule(found: Mapping[str, Any]) -> tuple[str, list[FailingRow]]:
    if not found["observed_value"]:
        return "none", []
    rows = [
        FailingRow(row["subject"], row["place"] or "", _cut(row["value"]))
        for row in found["details"]["unexpected_rows"]
    ]
    return say("{count:,} rows", count=found["observed_value"]), rows


def _row(config: Any, row: Mapping[str, str | None]) -> FailingRow:
    """How a row is named: by its key; and what stood in the columns that the expectation is about."""
    place = " ".join(str(row[column]) for column in config.meta["key"] if column != "subject")
    kwargs = config.kwargs
    value = None
    if "column_A" in kwargs:
        value = say("{first} to {second}", first=row[kwargs["column_B"]], second=row[kwargs["column_A"]])
    elif config.type not in UNIQUE:
        value = row[kwargs["column"]]
    return FailingRow(row.get("subject"), place, _cut(value))


def _cut(value: str | None) -> str | None:
    return None if value is None else value[:MAX_VALUE_LENGTH]
