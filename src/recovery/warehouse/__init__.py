"""The private DuckDB database: how it is opened, what relations `sql/` makes, and how they are built."""

from recovery.warehouse.connection import (
    SCHEMA_VERSION,
    arrow,
    connect,
    create_raw,
    database_name,
    give_back,
    insert_rows,
    meta,
    open_work,
    read_work,
    relations_with_subject,
    set_meta,
    transaction,
)
from recovery.warehouse.layers import build, build_all, is_built, refresh
from recovery.warehouse.metric_select import CONTRACT_OF_DAILY
from recovery.warehouse.metrics import metric_definitions
from recovery.warehouse.people import forget_unpublished, unpublished
from recovery.warehouse.quoting import quote, quote_all, quote_names
from recovery.warehouse.relation import (
    WHOLE,
    Relation,
    fingerprint,
    is_built_by_days,
    is_built_by_people,
    relations,
    sql_root,
)
from recovery.warehouse.settings_tables import load_settings_tables
from recovery.warehouse.windows import CONTEXT_DAYS, Window, built_days, mark_dirty, spans_of

__all__ = [
    "CONTEXT_DAYS",
    "CONTRACT_OF_DAILY",
    "SCHEMA_VERSION",
    "WHOLE",
    "Relation",
    "Window",
    "arrow",
    "build",
    "build_all",
    "built_days",
    "connect",
    "create_raw",
    "database_name",
    "fingerprint",
    "forget_unpublished",
    "give_back",
    "insert_rows",
    "is_built",
    "is_built_by_days",
    "is_built_by_people",
    "load_settings_tables",
    "mark_dirty",
    "meta",
    "metric_definitions",
    "open_work",
    "quote",
    "quote_all",
    "quote_names",
    "read_work",
    "refresh",
    "relations",
    "relations_with_subject",
    "set_meta",
    "spans_of",
    "sql_root",
    "transaction",
    "unpublished",
]
