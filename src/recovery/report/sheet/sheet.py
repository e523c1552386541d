"""What Sheet says, read from the published tables."""

from datetime import datetime
from typing import NamedTuple

import duckdb

from recovery.home.settings import Settings
from recovery.report.today import Today
from recovery.report.today import content as today_content


class Sheet(NamedTuple):
    """The content of Sheet of one person."""

    today: Today


def content(connection: duckdb.DuckDBPyConnection, settings: Settings, now_utc: datetime, person: str) -> Sheet:
    """What a therapist or doctor should know of one person, as of `now_utc`."""
    return Sheet(today_content(connection, settings, now_utc, person))
