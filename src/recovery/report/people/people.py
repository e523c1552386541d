"""What People says, read from the published tables."""

from datetime import datetime

import duckdb

from recovery.home.settings import Settings
from recovery.report.page import Page, page


def content(connection: duckdb.DuckDBPyConnection, settings: Settings, now_utc: datetime) -> Page:
    """All that is known of everybody, as of `now_utc`; the page shows what is of all people together."""
    return page(connection, settings, now_utc)
