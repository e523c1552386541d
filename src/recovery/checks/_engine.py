"""An execution engine of Great Expectations that asks DuckDB: no row is copied, and two million minutes are one query.

Great Expectations 1.24 has no engine for DuckDB, and its SQL one fails on the dialects there are for SQLAlchemy
(docs/decisions/0022-checks-as-great-expectations-means-them.md). An engine is a set of metrics: here those of the
expectations that `_suites` makes. Each map metric is a condition that says which rows are unexpected; of these all are
counted and the first `MAX_ROWS` are given with the columns that name them.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import suppress
from typing import Any, NamedTuple

import duckdb
from great_expectations.core.batch import BatchData, BatchMarkers
from great_expectations.core.metric_function_types import MetricFunctionTypes
from great_expectations.execution_engine.execution_engine import ExecutionEngine
from great_expectations.expectations.metrics.metric_provider import MetricProvider
from great_expectations.expectations.registry import _get_metric_definition, register_metric

from recovery.checks._kinds import MAX_ROWS
from recovery.warehouse.quoting import quote, quote_name, quote_names

Kwargs = Mapping[str, Any]


class Unexpected(NamedTuple):
    """Which rows an expectation does not expect: `source` is what to read, of which `condition` holds."""

    source: str
    condition: str
    columns: tuple[str, ...]  # what is shown of such a row beside its key


class RelationData(BatchData):
    """A batch: a table, a view or a select of DuckDB, and the columns that name one of its rows to a person.

    `foreseen` is what will be counted: by one look at the rows, not by one for each condition.
    `whole` is what its rows are counted of, where it is a part of that: of the rest the last validation speaks.
    """

    def __init__(
        self,
        engine: ExecutionEngine[str],
        connection: duckdb.DuckDBPyConnection,
        source: str,
        key: Sequence[str],
        foreseen: Sequence[Unexpected] = (),
        whole: str = "",
    ) -> None:
        super().__init__(engine)
        self.connection = connection
        self.source = source
        self.whole = whole or source
        self.key = tuple(key)
        self.foreseen = foreseen
        self._columns: list[tuple[str, str]] = []
        self._counts: dict[str, int] = {}
        self._rows: dict[Unexpected, list[dict[str, str | None]]] = {}

    def columns(self) -> list[tuple[str, str]]:
        """Names and types of the columns, in their order."""
        if not self._columns:
            found = self.connection.execute(f"describe select * from {self.source}").fetchall()
            self._columns = [(name, kind) for name, kind, *_ in found]
        return self._columns

    def count(self, unexpected: Unexpected) -> int:
        """How many rows are unexpected; in a relation that has the columns and no row none is."""
        if not self.row_count and {name for name, _ in self.columns()}.issuperset(unexpected.columns):
            return 0
        return self.count_of(f"select 1 from {_rows_of(unexpected)}")

    def rows(self, unexpected: Unexpected) -> list[dict[str, str | None]]:
        """The first unexpected rows: their key and the columns in question."""
        if not self.count(unexpected):
            return []
        if unexpected not in self._rows:
            names = quote_names(dict.fromkeys((*self.key, *unexpected.columns)))
            self._rows[unexpected] = self.first(f"select {names} from {_rows_of(unexpected)}")
        return self._rows[unexpected]

    def first(self, select: str) -> list[dict[str, str | None]]:
        """The first rows of a select, by the names of its columns; every value as DuckDB writes it."""
        found = self.connection.execute(
            f"select columns(*)::varchar from (select * from ({select}) order by all limit {MAX_ROWS})"
        )
        names = [column[0] for column in found.description or ()]
        return [dict(zip(names, row, strict=True)) for row in found.fetchall()]

    def count_of(self, select: str) -> int:
        """How many rows a select gives; asked once, since several metrics of an expectation need it."""
        if self.foreseen:
            self._look_once()
        if select not in self._counts:
            ((self._counts[select],),) = self.connection.execute(f"select count(*) from ({select})").fetchall()
        return self._counts[select]

    def _look_once(self) -> None:
        """Counts what is foreseen; where a condition cannot be asked, each is asked by itself when it is needed."""
        foreseen, self.foreseen = self.foreseen, ()
        counted = ["count(*)", *(f"count(*) filter (where {unexpected.condition})" for unexpected in foreseen)]
        with suppress(duckdb.Error):
            (counts,) = self.connection.execute(f"select {', '.join(counted)} from {self.source}").fetchall()
            selects = [f"select 1 from {rows}" for rows in (self.source, *map(_rows_of, foreseen))]
            self._counts.update(zip(selects, counts, strict=True))

    @property
    def row_count(self) -> int:
        """How many rows there are."""
        return self.count_of(f"select 1 from {self.whole}")


class DuckDBExecutionEngine(ExecutionEngine[str]):
    """Computes metrics over `RelationData`; without caching, since a relation changes between two runs."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**{**kwargs, "caching": False})

    def data_of(self, domain: Kwargs) -> RelationData:
        """The batch that a metric is computed over."""
        found = self.batch_manager.batch_data_cache[domain["batch_id"]]
        if not isinstance(found, RelationData):
            raise TypeError(f"{domain['batch_id']} is no relation of DuckDB")
        return found

    def get_batch_data_and_markers(self, batch_spec: Any) -> tuple[BatchData, BatchMarkers]:
        raise TypeError("batches are made by `_source.RelationAsset`")

    def resolve_metric_bundle(self, metric_fn_bundle: Sequence[object]) -> dict[Any, Any]:
        return {}  # no metric waits to be computed together with others

    def _no_row_condition(self, condition: object) -> str:
        raise TypeError(f"an expectation with a row condition ({condition}): write a rule of rows instead")

    _comparison_condition_to_filter_clause = _no_row_condition
    _nullity_condition_to_filter_clause = _no_row_condition
    _and_condition_to_filter_clause = _no_row_condition
    _or_condition_to_filter_clause = _no_row_condition


# ---- which rows a map metric does not expect -------------------------------------------------------------------------


def _is_missing(source: str, domain: Kwargs, value: Kwargs) -> Unexpected:
    column = domain["column"]
    return Unexpected(source, f"{quote_name(column)} is null", (column,))


def _is_outside(source: str, domain: Kwargs, value: Kwargs) -> Unexpected:
    column = domain["column"]
    name = quote_name(column)
    low, high = value.get("min_value"), value.get("max_value")
    conditions = []
    if low is not None:
        conditions.append(f"{name} {'<=' if value.get('strict_min') else '<'} {_literal(low)}")
    if high is not None:
        conditions.append(f"{name} {'>=' if value.get('strict_max') else '>'} {_literal(high)}")
    return Unexpected(source, " or ".join(conditions), (column,))


def _is_another_word(source: str, domain: Kwargs, value: Kwargs) -> Unexpected:
    column = domain["column"]
    words = ", ".join(map(_literal, value["value_set"]))
    return Unexpected(source, f"{quote_name(column)} not in ({words})", (column,))


def _is_repeated(source: str, domain: Kwargs, value: Kwargs) -> Unexpected:
    columns = tuple(domain.get("column_list") or (domain["column"],))
    names = quote_names(columns)
    copies = f"(select {names} from {source} group by {names} having count(*) > 1)"
    same = " and ".join(f"one.{quote_name(name)} is not distinct from copies.{quote_name(name)}" for name in columns)
    some = " or ".join(f"{quote_name(name)} is not null" for name in columns)
    return Unexpected(f"(select one.* from {source} as one semi join {copies} as copies on {same})", some, columns)


def _is_not_greater(source: str, domain: Kwargs, value: Kwargs) -> Unexpected:
    columns = (domain["column_A"], domain["column_B"])
    sign = "<" if value.get("or_equal") else "<="
    return Unexpected(source, f"{quote_name(columns[0])} {sign} {quote_name(columns[1])}", columns)


CONDITIONS: Mapping[str, Callable[[str, Kwargs, Kwargs], Unexpected]] = {
    "column_values.nonnull": _is_missing,
    "column_values.between": _is_outside,
    "column_values.in_set": _is_another_word,
    "column_values.unique": _is_repeated,
    "compound_columns.unique": _is_repeated,
    "column_pair_values.a_greater_than_b": _is_not_greater,
}


def foreseen(source: str, expectations: Iterable[Any]) -> list[Unexpected]:
    """Which rows of a relation its expectations on columns will count, each once.

    Of a column Great Expectations counts the missing too. What is counted of other rows than the relation's own, as
    what is not unique, is not among them.
    """
    found: dict[Unexpected, None] = {}
    for expectation in expectations:
        told = expectation.dict()
        names = {
            str(getattr(expectation, "map_metric", None)),
            *(["column_values.nonnull"] if "column" in told else []),
        }
        found |= {CONDITIONS[name](source, told, told): None for name in sorted(names & CONDITIONS.keys())}
    return [unexpected for unexpected in found if unexpected.source == source]


def _rows_of(unexpected: Unexpected) -> str:
    return f"(select * from {unexpected.source} where {unexpected.condition})"


def _literal(value: object) -> str:
    return str(value) if isinstance(value, (int, float)) else quote(str(value))


# ---- what is computed ------------------------------------------------------------------------------------------------


def _unexpected_values(data: RelationData, unexpected: Unexpected) -> list[Any]:
    rows = data.rows(unexpected)
    if len(unexpected.columns) == 1:
        return [row[unexpected.columns[0]] for row in rows]
    return [{name: row[name] for name in unexpected.columns} for row in rows]


OF_UNEXPECTED: Mapping[str, Callable[[RelationData, Unexpected], Any]] = {
    "unexpected_count": RelationData.count,
    "unexpected_values": _unexpected_values,
    "unexpected_index_list": RelationData.rows,
    "unexpected_index_query": lambda data, unexpected: f"select * from {_rows_of(unexpected)}",
    "filtered_row_count": lambda data, unexpected: data.row_count,
}


def _query(data: RelationData, value: Kwargs) -> str:
    return str(value["unexpected_rows_query"]).replace("{batch}", data.source)


def _rows_of_query(data: RelationData, value: Kwargs) -> list[dict[str, str | None]]:
    query = _query(data, value)
    return data.first(query) if data.count_of(query) else []


OF_TABLE: Mapping[str, Callable[[RelationData, Kwargs], Any]] = {
    "table.row_count": lambda data, value: data.row_count,
    "table.columns": lambda data, value: [name for name, _ in data.columns()],
    "table.column_types": lambda data, value: [{"name": name, "type": kind} for name, kind in data.columns()],
    "unexpected_rows_query.row_count": lambda data, value: data.count_of(_query(data, value)),
    "unexpected_rows_query.table": _rows_of_query,
}


class DuckDBMetric(MetricProvider):
    """A metric that needs no other metric."""

    @classmethod
    def _get_evaluation_dependencies(cls, *_: Any, **__: Any) -> dict[str, Any]:
        return {}


def _of_unexpected(
    condition: Callable[[str, Kwargs, Kwargs], Unexpected], compute: Callable[[RelationData, Unexpected], Any]
) -> Callable[..., Any]:
    def metric(*, execution_engine: Any, metric_domain_kwargs: Kwargs, metric_value_kwargs: Kwargs, **_: Any) -> Any:
        data = execution_engine.data_of(metric_domain_kwargs)
        return compute(data, condition(data.source, metric_domain_kwargs, metric_value_kwargs))

    return metric


def _of_table(compute: Callable[[RelationData, Kwargs], Any]) -> Callable[..., Any]:
    def metric(*, execution_engine: Any, metric_domain_kwargs: Kwargs, metric_value_kwargs: Kwargs, **_: Any) -> Any:
        return compute(execution_engine.data_of(metric_domain_kwargs), metric_value_kwargs)

    return metric


def _register(name: str, provider: Callable[..., Any]) -> None:
    known = _get_metric_definition(name)
    register_metric(
        metric_name=name,
        metric_domain_keys=known["metric_domain_keys"],
        metric_value_keys=known["metric_value_keys"],
        execution_engine=DuckDBExecutionEngine,
        metric_class=DuckDBMetric,
        metric_provider=provider,
        metric_fn_type=MetricFunctionTypes.VALUE,
    )


for _name, _compute in OF_TABLE.items():
    _register(_name, _of_table(_compute))
for _name, _condition in CONDITIONS.items():
    for _suffix, _of in OF_UNEXPECTED.items():
        if _suffix != "filtered_row_count" or not _name.startswith("column_values"):
            _register(f"{_name}.{_suffix}", _of_unexpected(_condition, _of))
