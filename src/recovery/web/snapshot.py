"""The published snapshot as pages: opened for each page that is not known yet, so that a new one is seen at once."""

import threading
from collections import OrderedDict
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from typing import Any, TypeVar

import duckdb

from recovery.home import clock
from recovery.published import query
from recovery.report import contents, weeks
from recovery.report.frame import Frame, frame
from recovery.report.site import Page
from recovery.web.site import Site, Stamp, stamp_of

KEPT = 8  # pages that are read already; one takes some megabytes

Found = TypeVar("Found")
Known = tuple[str, Stamp, Stamp, str]
Read = tuple[Frame, object]


class Snapshots:
    """What was read of the published file; one page is read at a time.

    DuckDB gives a second connection the file that the first one has open, also where another took its place: a page
    read beside another would be that of the old file.
    """

    def __init__(self, site: Site) -> None:
        self.site = site
        self.pages: OrderedDict[Known, Read] = OrderedDict()
        self.reading = threading.Lock()

    def asked(self, sql: str, values: Sequence[object] = ()) -> list[tuple[Any, ...]]:
        """The rows of an answer; none where nothing is published."""
        with self.reading:
            if not self.site.home.published.is_file():
                return []
            with query.published(self.site.home) as connection:
                return connection.execute(sql, list(values)).fetchall()

    def read(self, ask: Callable[[duckdb.DuckDBPyConnection], Found]) -> Found | None:
        """What a question finds in what is published; None where nothing is."""
        with self.reading:
            if not self.site.home.published.is_file():
                return None
            with query.published(self.site.home) as connection:
                return ask(connection)

    def page_of(self, page: Page, person: str, month: str = "") -> Read | None:
        """The frame and what a page says of one person; None where nothing is published.

        The links of the frame are to be set. Raises HomeError for a damaged file.
        """
        home, settings = self.site.home, self.site.settings()
        now = datetime.now(UTC).replace(tzinfo=None)
        with self.reading:
            if not home.published.is_file():
                self.pages.clear()
                return None
            today = clock.to_local(now, settings.home_time_zone).date()
            known = (f"{page} {month} {person}", stamp_of(home.published), stamp_of(home.settings), f"{today}")
            found = self.pages.pop(known, None)
            if found is None:
                with query.published(home) as connection:
                    found = (
                        frame(connection, settings, now, page, person),
                        contents.content(connection, settings, now, page, person, month),
                    )
                for old in [other for other in self.pages if other[1:] != known[1:]]:
                    del self.pages[old]  # somebody in it may have been forgotten meanwhile
            self.pages[known] = found
            while len(self.pages) > KEPT:
                self.pages.popitem(last=False)
        return found

    def months_of(self, person: str) -> list[str]:
        """The months of which a person has days; none where nothing is published."""
        with self.reading:
            if not self.site.home.published.is_file():
                return []
            with query.published(self.site.home) as connection:
                return weeks.months(connection, person)
