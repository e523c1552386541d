"""What stands on every page: whose it is, when it was made, how new its data are."""

from collections.abc import Iterable
from datetime import datetime
from typing import NamedTuple

import duckdb

from recovery.home import clock
from recovery.home.settings import OWNER, Settings
from recovery.published.status import Source, sources_of
from recovery.report.site import Links, Page
from recovery.words import pages as words


class Frame(NamedTuple):
    """What the frame of a page shows; `links` is None on the page over all people."""

    page: Page
    title: str
    who: str
    made: str
    freshness: str
    is_demo: bool
    links: Links | None = None
    is_served: bool = False


def frame(
    connection: duckdb.DuckDBPyConnection, settings: Settings, now_utc: datetime, page: Page, person: str = ""
) -> Frame:
    """The frame of a page as of `now_utc` (naive, UTC); the links are set by who knows from where they lead."""
    now = clock.to_local(now_utc, settings.home_time_zone)
    sources = sources_of(connection, now.date(), settings.validity["silent_days"], person)
    return frame_of(settings, now, page, person, sources)


def frame_of(settings: Settings, now: datetime, page: Page, person: str, sources: Iterable[Source]) -> Frame:
    """The frame of a page made at `now`, by the clock of the home, of a person with these sources."""
    newest = [row.newest for row in sources]
    return Frame(
        page=page,
        title=words.TITLES[page],
        who=words.who(person, is_owner=person == OWNER),
        made=words.made(now, settings.home_time_zone),
        freshness=words.newest(max(newest), now.date()) if newest else "",
        is_demo=settings.is_demo,
    )


def turned_to(shown: Frame, page: Page, links: Links) -> Frame:
    """The same frame around another page of the person; the sheet is handed on, so no name stands on it."""
    who = "" if page is Page.SHEET else shown.who
    return shown._replace(page=page, title=words.TITLES[page], who=who, links=links)
