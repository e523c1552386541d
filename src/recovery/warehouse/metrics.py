"""What is made of all metrics together: `daily.definitions` and the view `daily.metrics`."""

import re

import duckdb

from recovery.warehouse.connection import insert_rows
from recovery.warehouse.metric_select import CONTRACT_OF_DAILY
from recovery.warehouse.quoting import quote_all
from recovery.warehouse.relation import Relation, relations


def metric_definitions() -> list[dict[str, str]]:
    """The header of every file of `sql/daily/`: name, title, description, unit, family, better, ..."""
    return [
        {"metric": relation.name, **relation.header, "name": relation.name_in_sentences}
        for relation in relations()
        if relation.layer == "daily"
    ]


def create_metrics(connection: duckdb.DuckDBPyConnection) -> None:
    """Makes `daily.definitions`, `daily.metrics` and the type `metric_name`, of the files of `sql/daily/`."""
    metrics = sorted(relation for relation in relations() if relation.layer == "daily")
    connection.execute(
        "create or replace table daily.definitions (metric varchar, family varchar, unit varchar, title varchar,"
        " name varchar, description varchar, better varchar, smallest_worthwhile_change double,"
        " worthwhile_source varchar, counted_by varchar)"
    )
    insert_rows(connection, "daily.definitions", [_definition(metric) for metric in metrics])
    connection.execute("drop type if exists metric_name")
    if metrics:
        # `pivot ... on metric in metric_name` makes a column of each, also of a metric without a value
        names = quote_all(metric.name for metric in metrics)
        connection.execute(f"create type metric_name as enum ({names})")
        columns = ", ".join(CONTRACT_OF_DAILY)
        selects = " union all ".join(f"select {columns} from {metric.full_name}" for metric in metrics)
        connection.execute(f"create or replace view daily.metrics as {selects}")


def _definition(metric: Relation) -> list[str | float | None]:
    """The row of a metric in `daily.definitions`, as its header says."""
    header = metric.header
    smallest = re.match(r"([\d.]+) \((.+)\)$", header.get("smallest worthwhile change", ""))
    return [
        metric.name,
        header.get("family"),
        header.get("unit"),
        header["title"],
        metric.name_in_sentences,
        header["description"],
        header.get("better"),
        float(smallest[1]) if smallest else None,
        smallest[2] if smallest else None,
        header.get("counted by", "day"),
    ]
