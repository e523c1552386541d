"""The private DuckDB database: how it is opened, what relations `sql/` makes, and how they are built."""

from recovery.warehouse.connection import (
    arrow,
    connect,
    create_raw,
    meta,
    open_work,
    quote,
    read_work,
    set_meta,
    transaction,
)
from recovery.warehouse.layers import build, build_all, build_whole, build_window, refresh
from recovery.warehouse.relation import (
    CONTRACT_OF_DAILY,
    WHOLE,
    WINDOWED,
    Relation,
    fingerprint,
    metric_definitions,
    relations,
    sql_root,
)
from recovery.warehouse.settings_tables import load_settings_tables
from recovery.warehouse.windows import CONTEXT_DAYS, Window, mark_all_dirty, mark_dirty

__all__ = [
    "CONTEXT_DAYS",
    "CONTRACT_OF_DAILY",
    "WHOLE",
    "WINDOWED",
    "Relation",
    "Window",
    "arrow",
    "build",
    "build_all",
    "build_whole",
    "build_window",
    "connect",
    "create_raw",
    "fingerprint",
    "load_settings_tables",
    "mark_all_dirty",
    "mark_dirty",
    "meta",
    "metric_definitions",
    "open_work",
    "quote",
    "read_work",
    "refresh",
    "relations",
    "set_meta",
    "sql_root",
    "transaction",
]
