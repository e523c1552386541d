"""Relations of DuckDB as a data source of Great Expectations: an asset is a table, a view or a select."""

from typing import Any, ClassVar, Literal

import duckdb
from great_expectations.compatibility import pydantic
from great_expectations.core.batch import BatchMarkers, LegacyBatchDefinition
from great_expectations.core.id_dict import BatchSpec
from great_expectations.datasource.fluent.batch_identifier_util import make_batch_identifier
from great_expectations.datasource.fluent.batch_request import BatchRequest
from great_expectations.datasource.fluent.constants import _DATA_CONNECTOR_NAME
from great_expectations.datasource.fluent.interfaces import Batch, DataAsset, Datasource

from recovery.checks._engine import DuckDBExecutionEngine, RelationData, Unexpected

Asset = type[DataAsset[Any, Any]]  # `type` is a field in the classes below
Engine = type[DuckDBExecutionEngine]
WHOLE = "whole relation"  # the one batch definition of an asset


class RelationAsset(DataAsset[Any, Any]):
    """What stands in `source`, a name or a select in brackets; `key` holds the columns that name a row to a person.

    `foreseen` is what its expectations will count.
    `whole` is what it is a part of; '' where it is all.
    """

    type: Literal["relation"] = "relation"
    source: str
    key: list[str]
    foreseen: list[Unexpected] = []  # noqa: RUF012 - pydantic copies it
    whole: str = ""

    class Config:
        extra = pydantic.Extra.forbid

    def test_connection(self) -> None:
        """Nothing to test: the connection is open."""

    def get_batch_parameters_keys(self, partitioner: object = None) -> tuple[str, ...]:
        return ()

    def get_batch_identifiers_list(self, batch_request: BatchRequest[Any]) -> list[dict[str, Any]]:
        return [{}]

    def build_batch_request(self, options: Any = None, batch_slice: Any = None, partitioner: Any = None) -> Any:
        return BatchRequest(datasource_name=self.datasource.name, data_asset_name=self.name, options={})

    def get_batch(self, batch_request: BatchRequest[Any]) -> Batch:
        engine = self.datasource.get_execution_engine()
        return Batch(
            datasource=self.datasource,
            data_asset=self,
            batch_request=batch_request,
            data=RelationData(engine, self.datasource.connection, self.source, self.key, self.foreseen, self.whole),
            metadata={},
            batch_markers=BatchMarkers({"ge_load_time": None}),
            batch_spec=BatchSpec({"source": self.source}),
            batch_definition=LegacyBatchDefinition(
                datasource_name=self.datasource.name,
                data_connector_name=_DATA_CONNECTOR_NAME,
                data_asset_name=self.name,
                batch_identifiers=make_batch_identifier({}),
            ),
        )


class RelationDatasource(Datasource[RelationAsset, DuckDBExecutionEngine]):
    """The relations that an open connection to DuckDB sees; the connection is set by `read_from`."""

    asset_types: ClassVar[list[Asset]] = [RelationAsset]

    type: Literal["duckdb_relations"] = "duckdb_relations"
    assets: list[RelationAsset] = pydantic.Field(default_factory=list)

    _connection: Any = pydantic.PrivateAttr(None)

    @property
    def execution_engine_type(self) -> Engine:
        return DuckDBExecutionEngine

    @property
    def connection(self) -> duckdb.DuckDBPyConnection:
        """The open connection."""
        if not isinstance(self._connection, duckdb.DuckDBPyConnection):
            raise LookupError("no connection was set")
        return self._connection

    def read_from(self, connection: duckdb.DuckDBPyConnection) -> None:
        """Validates what this connection sees from now on."""
        self._connection = connection

    def test_connection(self, test_assets: bool = True) -> None:
        """Nothing to test: the connection is open."""
