"""What is done with the results of a Checkpoint: `checks`, `rejected` and the pages, each by an action."""

from collections.abc import Mapping, Sequence
from typing import Any, Literal

import duckdb
from great_expectations.checkpoint.actions import ValidationAction
from great_expectations.compatibility import pydantic

from recovery.checks import _data_docs, _store
from recovery.checks._results import Result, results_of
from recovery.home.folder import Home


class _Storing(ValidationAction):
    """An action that writes to the work database, which is no part of a Checkpoint's configuration."""

    _connection: Any = pydantic.PrivateAttr()

    @classmethod
    def into(cls, connection: duckdb.DuckDBPyConnection, **attributes: Any) -> "_Storing":
        """The action for a connection."""
        name = cls.__fields__["type"].default
        action = cls(type=name, name=name)
        action._connection = connection
        for attribute, value in attributes.items():
            setattr(action, attribute, value)
        return action


class StoreChecks(_Storing):
    """Writes the result of each check to `raw.checks`, and when it was made to `raw.checked`."""

    type: Literal["store_checks"] = "store_checks"

    _fingerprints: Mapping[str, str] = pydantic.PrivateAttr()

    def run(self, checkpoint_result: Any, action_context: Any = None) -> dict[str, Any]:
        results = _by_relation(checkpoint_result)
        _store.store_checks(self._connection, results, checkpoint_result.run_id.run_name, self._fingerprints)
        return {"relations": len(results)}


class StoreRejected(_Storing):
    """Writes the offending rows of checks that failed to `raw.rejected`."""

    type: Literal["store_rejected"] = "store_rejected"

    def run(self, checkpoint_result: Any, action_context: Any = None) -> dict[str, Any]:
        results = _by_relation(checkpoint_result)
        _store.store_rejected(self._connection, results)
        return {"rows": sum(len(result.failing) for found in results.values() for result in found)}


class WritePages(_Storing):
    """Builds the Data Docs of what was validated, and the first page of all that was ever found."""

    type: Literal["write_pages"] = "write_pages"

    _home: Any = pydantic.PrivateAttr()

    def run(self, checkpoint_result: Any, action_context: Any = None) -> dict[str, Any]:
        with _data_docs.new_pages(self._home) as folder:
            _data_docs.build(self._resolve_context().context, list(checkpoint_result.run_results), folder)
            _data_docs.write_index_in(self._connection, folder)
        return {"index": str(self._home.checks / "index.html")}


def of_run(
    connection: duckdb.DuckDBPyConnection, home: Home, fingerprints: Mapping[str, str]
) -> Sequence[ValidationAction]:
    """The actions of a run, in their order: the first page is written of what the others stored."""
    return (
        StoreChecks.into(connection, _fingerprints=fingerprints),
        StoreRejected.into(connection),
        WritePages.into(connection, _home=home),
    )


def _by_relation(checkpoint_result: Any) -> dict[str, list[Result]]:
    return {validated.suite_name: results_of(validated) for validated in checkpoint_result.run_results.values()}
