"""Turns the checks into suites of Great Expectations and runs them; the only import of it.

Its SQL path does not work on DuckDB (November 2026, 1.24.1), so it is given data frames: the columns of small
relations as they are, and for `NoRows` one row with the number of offending rows that DuckDB counted.
"""

import logging
import os
import warnings
from collections.abc import Mapping, Sequence
from importlib import import_module
from typing import Any, NamedTuple, assert_never

import duckdb
import pandas as pd

from recovery import warehouse
from recovery.checks import MAX_REJECTED, MAX_VALUE_LENGTH, CheckedRelation, FailingRow, Result
from recovery.checks._kinds import Check, NoRows, NotNull, OneOf, Unique, Within

os.environ["GX_ANALYTICS_ENABLED"] = "False"  # before the import: health data stay here, usage figures too
with warnings.catch_warnings():
    warnings.simplefilter("ignore")  # its dependencies' deprecations are not ours to mend
    import great_expectations as gx
    from great_expectations.core.run_identifier import RunIdentifier

    gxe: Any = import_module("great_expectations.expectations")  # its names are made at run time; mypy sees none

for _name in ("great_expectations", "great_expectations.data_context"):
    logging.getLogger(_name).setLevel(logging.ERROR)

ASKED = " · "  # between a check's number and its sentence in the counted frame's column names


class Validated(NamedTuple):
    """The results in our words, and the context that builds the pages of them."""

    context: Any
    results: Sequence[Result]
    run_id: str


def validate(connection: duckdb.DuckDBPyConnection, relations: Mapping[str, CheckedRelation], run_id: str) -> Validated:
    """Runs one suite per relation over the tables of `pub`."""
    context = gx.get_context(mode="ephemeral")
    context.variables.progress_bars = {"globally": False}  # type: ignore[assignment]
    source = context.data_sources.add_pandas("published")
    results: list[Result] = []
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        for name, relation in sorted(relations.items()):
            failing = {
                number: _failing(connection, check)
                for number, check in enumerate(relation.CHECKS)
                if isinstance(check, NoRows)
            }
            frame = _frame(connection, relation, {number: count for number, (count, _) in failing.items()})
            made = [  # an empty relation has nothing that a column could break
                (number, check)
                for number, check in enumerate(relation.CHECKS)
                if isinstance(check, NoRows) or not frame.attrs["is_empty"]
            ]
            suite = context.suites.add(
                gx.ExpectationSuite(name=name, expectations=[_expectation(number, check) for number, check in made])
            )
            batch = source.add_dataframe_asset(name).add_batch_definition_whole_dataframe("published")
            definition = context.validation_definitions.add(gx.ValidationDefinition(name=name, data=batch, suite=suite))
            validated = definition.run(
                batch_parameters={"dataframe": frame},
                run_id=RunIdentifier(run_name=run_id),
                result_format={
                    "result_format": "COMPLETE",
                    "unexpected_index_column_names": list(relation.KEY),
                    "partial_unexpected_count": 20,
                },
            )
            by_number = {_number(item): item for item in validated.results}
            results += [
                _result(name, relation, check, by_number.get(number), failing.get(number))
                for number, check in enumerate(relation.CHECKS)
            ]
    return Validated(context, results, run_id)


def _number(item: Any) -> int:
    return int(item.expectation_config.meta["number"])


def _expectation(number: int, check: Check) -> Any:
    common: dict[str, Any] = {"severity": check.severity, "description": check.sentence, "meta": {"number": number}}
    match check:
        case Unique(columns=(column,)):
            return gxe.ExpectColumnValuesToBeUnique(column=column, **common)
        case Unique():
            return gxe.ExpectCompoundColumnsToBeUnique(column_list=list(check.columns), **common)
        case Within():
            return gxe.ExpectColumnValuesToBeBetween(
                column=check.column, min_value=check.low, max_value=check.high, **common
            )
        case OneOf():
            return gxe.ExpectColumnValuesToBeInSet(
                column=check.column, value_set=[str(word) for word in check.words], **common
            )
        case NotNull():
            return gxe.ExpectColumnValuesToNotBeNull(column=check.column, **common)
        case NoRows():
            return gxe.ExpectColumnMaxToBeBetween(column=_counted(number, check), max_value=0, **common)
        case _:
            assert_never(check)


def _counted(number: int, check: NoRows) -> str:
    return f"rows that break rule {number + 1}{ASKED}{check.sentence}"


def _frame(connection: duckdb.DuckDBPyConnection, relation: CheckedRelation, counts: Mapping[int, int]) -> pd.DataFrame:
    """The columns that checks read directly, with the key; and of counted rules the number of rows in each line.

    A relation that has only counted rules is one line: of two million minutes none is copied.
    """
    columns = dict.fromkeys(relation.KEY)
    direct = [check for check in relation.CHECKS if not isinstance(check, NoRows)]
    for asked in direct:
        columns |= dict.fromkeys(asked.columns if isinstance(asked, Unique) else (asked.column,))
    if direct:
        names = warehouse.quote_names(columns)
        frame = connection.execute(f"select {names} from pub.{relation.RELATION} order by all").df()
    else:
        frame = pd.DataFrame({name: [""] for name in columns})
    is_empty = frame.empty
    if is_empty:
        frame = frame.reindex(range(1))  # a line to show the counts in
    for number, count in counts.items():
        check = relation.CHECKS[number]
        assert isinstance(check, NoRows)  # noqa: S101 - only these are counted
        frame[_counted(number, check)] = count
    frame.attrs["is_empty"] = is_empty
    return frame


def _failing(connection: duckdb.DuckDBPyConnection, check: NoRows) -> tuple[int, list[FailingRow]]:
    """How many rows break a rule, and the first of them."""
    (count,) = connection.execute(f"select count(*) from ({check.select})").fetchone() or (0,)
    if not count:
        return 0, []
    rows = connection.execute(
        f"select subject, place::varchar, value::varchar from ({check.select}) order by all limit {MAX_REJECTED}"
    ).fetchall()
    return count, [FailingRow(subject, place, _cut(value)) for subject, place, value in rows]


def _result(
    name: str, relation: CheckedRelation, check: Check, item: Any, counted: tuple[int, Sequence[FailingRow]] | None
) -> Result:
    if item is None:
        return Result(name, check, True, "none of 0 rows", ())
    if item.exception_info and item.exception_info.get("raised_exception"):
        raise LookupError(f"the check {check.sentence!r} of {name} could not be made: {item.exception_info}")
    if counted is not None:
        count, failing = counted
        return Result(name, check, bool(item.success), "none" if not count else f"{count:,} rows", failing)
    found = item.result
    count, total = int(found.get("unexpected_count") or 0), int(found.get("element_count") or 0)
    observed = f"{count:,} of {total:,} rows" if count else f"none of {total:,} rows"
    failing = [_row(relation, check, row) for row in (found.get("unexpected_index_list") or [])[:MAX_REJECTED]]
    return Result(name, check, bool(item.success), observed, failing)


def _row(relation: CheckedRelation, check: Check, row: Mapping[str, Any]) -> FailingRow:
    subject = row.get("subject")
    place = " ".join(_text(row[column]) for column in relation.KEY if column in row and column != "subject")
    value = None if isinstance(check, (Unique, NoRows)) else _cut(_text(row.get(check.column)))
    return FailingRow(None if subject is None else str(subject), place, value)


def _text(value: object) -> str:
    return value.strftime("%Y-%m-%d") if isinstance(value, pd.Timestamp) else str(value)


def _cut(value: object) -> str | None:
    return None if value is None else str(value)[:MAX_VALUE_LENGTH]
