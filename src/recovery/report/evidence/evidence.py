"""What Evidence says, read from the published tables."""

from datetime import datetime

import duckdb

from recovery.home.settings import Settings
from recovery.report.page import Page, page


def content(connection: duckdb.DuckDBPyConnection, settings: Settings, now_utc: datetime, person: str) -> Page:
    """All that is known of one person, as of `now_utc`."""
    return page(connection, settings, now_utc, only=person)
