"""Who has pages, and what each page says, read from the published snapshot."""

from datetime import datetime

import duckdb

from recovery.home.settings import OWNER, Settings
from recovery.report import evidence, sheet, today, weeks
from recovery.report.site import Page

CONTENTS = {Page.TODAY: today.content, Page.EVIDENCE: evidence.content, Page.SHEET: sheet.content}


def people(connection: duckdb.DuckDBPyConnection, settings: Settings) -> list[str]:
    """Everyone with data, the owner first, then as recovery.toml lists them; the owner alone where nobody has any."""
    rows = connection.execute(
        "select subject from daily union select subject from massages union select subject from diary"
    ).fetchall()
    order = {subject: place for place, subject in enumerate(settings.subjects)}
    found = sorted((subject for (subject,) in rows), key=lambda name: (order.get(name, len(order)), name))
    return found or [OWNER]


def content(
    connection: duckdb.DuckDBPyConnection,
    settings: Settings,
    now_utc: datetime,
    page: Page,
    person: str,
    month: str = "",
) -> object:
    """What a page of one person says as of `now_utc`; `month`, as '2026-03', is of Weeks, '' its newest.

    It holds nothing of another person, not even that there is one.
    """
    if page is Page.WEEKS:
        return weeks.content(connection, settings, now_utc, person, month)
    return CONTENTS[page](connection, settings, now_utc, person)
