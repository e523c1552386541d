"""What must hold before anything is published: one module per published relation, found here by looking.

A module has `RELATION` (the table of `pub`), `KEY` (the columns that name a row to a person) and `CHECKS`, each with a
severity and a plain sentence. *Critical*: the published numbers would be wrong, so they are not published. *Warning*:
unusual, worth a look. DuckDB lists the offending rows of big relations and Great Expectations asserts over their
number; small relations go to Great Expectations as they are. Only `_expectations` imports it, and late: the import
alone costs 3 to 4 s of CPU.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from importlib import import_module
from pkgutil import iter_modules
from typing import NamedTuple, Protocol, cast

import duckdb

from recovery.checks._kinds import Check
from recovery.home.settings import Settings
from recovery.warehouse import transaction

PATH = "relation"  # stands in raw.rejected.path where a check, not a file, names the row
MAX_REJECTED = 100  # rows of one check that are written to `rejected`; all of them are counted
MAX_VALUE_LENGTH = 200


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
    check: Check
    is_met: bool
    observed: str
    failing: Sequence[FailingRow]


@dataclass(frozen=True)
class CheckSummary:
    """The sentences of the checks that failed, each with its relation and what was found; how many were made."""

    critical: tuple[str, ...]
    warnings: tuple[str, ...]
    count: int


@cache
def relations() -> dict[str, CheckedRelation]:
    """Every checked relation by its name."""
    modules = (
        cast(CheckedRelation, import_module(f"{__name__}.{module.name}"))
        for module in iter_modules(__path__)
        if not module.name.startswith("_")
    )
    return {module.RELATION: module for module in modules}


def run(connection: duckdb.DuckDBPyConnection, settings: Settings, run_id: str) -> CheckSummary:
    """Checks every relation of `pub`.

    Writes `raw.checks`, the failing rows to `raw.rejected`, and Great Expectations' pages to `checks/` of the home,
    which are there to read also where a critical check failed.
    """
    from recovery.checks import _data_docs, _expectations

    validated = _expectations.validate(connection, relations(), run_id)
    store(connection, validated.results)
    _data_docs.write(validated, settings.home)
    return summary(validated.results)


def summary(results: Sequence[Result]) -> CheckSummary:
    """The failed checks by severity, as sentences."""
    sentences = {
        severity: tuple(
            f"{result.relation}: {result.check.sentence} Found: {result.observed}."
            for result in results
            if not result.is_met and result.check.severity == severity
        )
        for severity in ("critical", "warning")
    }
    return CheckSummary(sentences["critical"], sentences["warning"], len(results))


def store(connection: duckdb.DuckDBPyConnection, results: Sequence[Result]) -> None:
    """Replaces what the last run's checks left in `raw.checks` and `raw.rejected`."""
    with transaction(connection):
        connection.execute("delete from raw.checks")
        connection.executemany(
            "insert into raw.checks (relation, expectation, severity, success, observed) values (?, ?, ?, ?, ?)",
            [
                (result.relation, result.check.sentence, result.check.severity, result.is_met, result.observed)
                for result in results
            ],
        )
        connection.execute("delete from raw.rejected where path = ?", [PATH])
        rejected = [
            (row.subject, PATH, f"{result.relation}, {row.place}", result.check.sentence, row.value)
            for result in results
            for row in result.failing[:MAX_REJECTED]
        ]
        if rejected:
            connection.executemany(
                "insert into raw.rejected (subject, path, place, reason, value) values (?, ?, ?, ?, ?)", rejected
            )
