"""The published tables as pages, each one file that needs no network: of each person, and over all people."""

from datetime import UTC, datetime
from pathlib import Path

import duckdb

from recovery.home.disk import private_folder, remove, write_private
from recovery.home.settings import Settings
from recovery.published import query
from recovery.report import clinic, contents, people, weeks
from recovery.report.frame import frame, turned_to
from recovery.report.render import render
from recovery.report.site import OF_A_PERSON, Page, file_links, folder_of, month_file


def write(settings: Settings, now_utc: datetime | None = None, inbox: Path | None = None) -> Path:
    """Writes all pages of a home for its owner's eyes only; the path of the first one, `report.html`.

    HomeError where nothing is published yet. `now_utc` (naive, UTC) is the moment ages are told for; `inbox` is that of
    the home where the pages are made beside a snapshot that is not shown yet.
    """
    now_utc = now_utc or datetime.now(UTC).replace(tzinfo=None)
    home = settings.home
    remove(home.pages)
    with query.published(home) as connection:
        everybody = contents.people(connection, settings)
        for person in everybody:
            _write_person(connection, settings, now_utc, person)
        if people.has_mean(connection):
            shown = frame(connection, settings, now_utc, Page.PEOPLE)
            write_private(home.pages / f"{Page.PEOPLE}.html", render(shown, people.content(connection)))
        first = _first(connection, settings, now_utc, everybody, inbox)
    write_private(home.report, first)
    return home.report


def _first(
    connection: duckdb.DuckDBPyConnection,
    settings: Settings,
    now_utc: datetime,
    everybody: list[str],
    inbox: Path | None,
) -> str:
    """The page that opens: Today of the one person, or Clinic over several and over clients who share by a file."""
    of_all = clinic.content(connection, settings, now_utc, everybody, inbox=inbox)
    if len(everybody) > 1 or of_all.groups:
        return render(frame(connection, settings, now_utc, Page.CLINIC), of_all)
    (person,) = everybody
    shown = frame(connection, settings, now_utc, Page.TODAY, person)
    links = file_links(f"{settings.home.pages.name}/{folder_of(person)}/")
    said = contents.content(connection, settings, now_utc, Page.TODAY, person)
    return render(turned_to(shown, Page.TODAY, links), said)


def _write_person(connection: duckdb.DuckDBPyConnection, settings: Settings, now_utc: datetime, person: str) -> None:
    folder = private_folder(settings.home.pages / folder_of(person))
    shown = frame(connection, settings, now_utc, Page.TODAY, person)

    def put(name: str, page: Page, said: object) -> None:
        write_private(folder / name, render(turned_to(shown, page, file_links()), said))

    for page in OF_A_PERSON:
        if page is not Page.WEEKS:
            put(f"{page}.html", page, contents.content(connection, settings, now_utc, page, person))
    for month, said in weeks.pages(connection, settings, person):
        put(month_file(month) if month else f"{Page.WEEKS}.html", Page.WEEKS, said)
