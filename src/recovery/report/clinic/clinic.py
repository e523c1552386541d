"""What Clinic says, read from the published tables: names alone, until people can consent to more."""

from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple

import duckdb

from recovery.home.settings import Settings
from recovery.report.site import file_links, folder_of


class Client(NamedTuple):
    """A person, and where their Today is."""

    name: str
    address: str


class Clinic(NamedTuple):
    """The content of the page over all people."""

    clients: list[Client]


def content(
    connection: duckdb.DuckDBPyConnection, settings: Settings, now_utc: datetime, people: Sequence[str]
) -> Clinic:
    """Everybody with pages, with links to files."""
    del connection, now_utc
    return Clinic([Client(name, file_links(f"{settings.home.pages.name}/{folder_of(name)}/").today) for name in people])
