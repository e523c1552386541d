"""Great Expectations as its users use it: a data source, an asset and a suite per relation, one Checkpoint, actions.

The only modules that import it are this one and those it stands on (`_engine`, `_source`, `_suites`, `_actions`,
`_in_memory`), and they are imported late: that alone costs 1.5 s of CPU and 75 MB, which a run with nothing to check
does not pay.
"""

import logging
import warnings
from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager
from types import MappingProxyType
from typing import Any

import duckdb

from recovery import warehouse
from recovery.checks import _incoming, _part
from recovery.checks._part import Part
from recovery.checks._results import CheckedRelation
from recovery.checks._unused import left_out
from recovery.home.folder import Home

with warnings.catch_warnings(), left_out():
    warnings.simplefilter("ignore")  # its dependencies' deprecations are not ours to mend
    import great_expectations as gx
    from great_expectations.checkpoint.actions import ValidationAction
    from great_expectations.core.batch_definition import BatchDefinition
    from great_expectations.core.freshness_diagnostics import (
        ExpectationSuiteFreshnessDiagnostics,
        ValidationDefinitionFreshnessDiagnostics,
    )
    from great_expectations.core.run_identifier import RunIdentifier
    from great_expectations.data_context.types.base import DataContextConfig, ProgressBarsConfig

    from recovery.checks import _actions
    from recovery.checks._engine import foreseen
    from recovery.checks._in_memory import StoreDefaults
    from recovery.checks._source import WHOLE, RelationAsset
    from recovery.checks._suites import expectations

for _name in ("great_expectations", "great_expectations.data_context"):
    logging.getLogger(_name).setLevel(logging.ERROR)

RESULT_FORMAT = {"result_format": "COMPLETE", "partial_unexpected_count": 20}


class _Suite(gx.ExpectationSuite):
    """A suite that nobody changed since it was added, a moment ago.

    Great Expectations asks three times whether a suite still is what its store holds, and reads it out of the store
    each time: a fifth of the time of the checks of a small home.
    """

    def _is_fresh(self) -> ExpectationSuiteFreshnessDiagnostics:
        return ExpectationSuiteFreshnessDiagnostics(errors=[])


class _ValidationDefinition(gx.ValidationDefinition):
    """A validation definition that nobody changed since it was added."""

    def is_fresh(self) -> ValidationDefinitionFreshnessDiagnostics:
        return ValidationDefinitionFreshnessDiagnostics(errors=[])


def validate_and_tell(
    connection: duckdb.DuckDBPyConnection,
    relations: Mapping[str, CheckedRelation],
    run_id: str,
    home: Home,
    fingerprints: Mapping[str, str],
    sources: Mapping[str, str],
    part: Part,
) -> None:
    """Validates some relations; writes what was found to `raw.checks`, `raw.rejected` and the pages.

    Reads outside the transaction in which the results are written, so that an expectation that cannot be computed does
    not make the others fail.
    """
    actions = _actions.of_run(connection, home, fingerprints)
    with connection.cursor() as reading:
        _incoming.find_unchecked(reading)
        if not part.relations:
            validate(reading, relations, run_id, actions, sources)
            return
        with _part.reading(reading, part) as alone:
            validate(reading, relations, run_id, actions, sources, part.relations, alone)


def validate(
    connection: duckdb.DuckDBPyConnection,
    relations: Mapping[str, CheckedRelation],
    run_id: str,
    actions: Sequence[ValidationAction] = (),
    sources: Mapping[str, str] | None = None,
    in_part: Collection[str] = (),
    alone: duckdb.DuckDBPyConnection | None = None,
) -> Any:
    """Runs one Checkpoint over some relations, and then its actions; gives the CheckpointResult.

    `sources` says what to read for a relation; without a word of it that is the table of its name in `pub`. Those
    `in_part` are read by the connection `alone`, which sees what is to be validated of them.
    """
    with _quietly():
        context = _context()
        suites = {name: expectations(relation) for name, relation in relations.items()}
        work = warehouse.database_name(connection)
        wholes = {name: f"{work}.pub.{name}" for name in in_part}
        assets = _assets(relations, suites, sources or {}, wholes)
        read: dict[str, Any] = {}
        for name, reading in (("relations", connection), ("parts", alone or connection)):
            of_it = [asset for asset in assets if (asset.name in in_part) == (name == "parts")]
            source = context.data_sources.add_duckdb_relations(name, assets=of_it)
            source.read_from(reading)
            read |= dict.fromkeys((asset.name for asset in of_it), source)
        checkpoint = gx.Checkpoint(
            name="relations",
            validation_definitions=[
                context.validation_definitions.add(
                    _ValidationDefinition(
                        name=name,
                        data=read[name].get_asset(name).get_batch_definition(WHOLE),
                        suite=context.suites.add(_Suite(name=name, expectations=suite)),
                    )
                )
                for name, suite in sorted(suites.items())
            ],
            actions=list(actions),
            result_format=RESULT_FORMAT,
        )
        return checkpoint.run(run_id=RunIdentifier(run_name=run_id))  # adds it to the context


def _context() -> Any:
    """A context that lives in memory, writes nothing but pages that are asked for, and tells nobody anything."""
    return gx.get_context(
        project_config=DataContextConfig(
            store_backend_defaults=StoreDefaults(),
            analytics_enabled=False,
            progress_bars=ProgressBarsConfig(globally=False),
        )
    )


def _assets(
    relations: Mapping[str, CheckedRelation],
    suites: Mapping[str, Sequence[Any]],
    sources: Mapping[str, str],
    wholes: Mapping[str, str] = MappingProxyType({}),
) -> list[RelationAsset]:
    read = {name: sources.get(name, f"pub.{name}") for name in relations}
    return [
        RelationAsset(
            name=name,
            source=read[name],
            key=list(relation.KEY),
            foreseen=foreseen(read[name], suites[name]),
            whole=wholes.get(name, ""),
            batch_definitions=[BatchDefinition(name=WHOLE)],
        )
        for name, relation in relations.items()
    ]


@contextmanager
def _quietly() -> Iterator[None]:
    """Without the warnings that its dependencies give."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        yield
