"""The published tables as pages, each one file that needs no network: of each person, and over all people."""

from datetime import UTC, datetime
from pathlib import Path
from typing import NamedTuple

import duckdb

from recovery.home.disk import private_folder, remove, write_private
from recovery.home.settings import Settings
from recovery.published import query
from recovery.report import clinic, contents, people, weeks
from recovery.report.frame import Frame, frame, turned_to
from recovery.report.render import render
from recovery.report.site import OF_A_PERSON, Page, file_links, folder_of, month_file


def write(
    settings: Settings, now_utc: datetime | None = None, inbox: Path | None = None, *, is_new_snapshot: bool = True
) -> Path:
    """Writes all pages of a home for its owner's eyes only; the path of the first one, `report.html`.

    HomeError where nothing is published yet. `now_utc` (naive, UTC) is the moment ages are told for; `inbox` is that of
    the home where the pages are made beside a snapshot that is not shown yet. Where the snapshot is not new, Weeks stay
    as they are: they tell no ages, and are most of the work.
    """
    now_utc = now_utc or datetime.now(UTC).replace(tzinfo=None)
    home = settings.home
    if is_new_snapshot:
        remove(home.pages)
    with query.published(home) as connection:
        first = [
            _write_person(connection, settings, now_utc, person, has_weeks=is_new_snapshot)
            for person in contents.people(connection, settings)
        ]
        if people.has_mean(connection):
            shown = frame(connection, settings, now_utc, Page.PEOPLE)
            write_private(home.pages / f"{Page.PEOPLE}.html", render(shown, people.content(connection)))
        opened = _first(connection, settings, now_utc, first, inbox)
    write_private(home.report, opened)
    return home.report


class _Today(NamedTuple):
    """Today of a person."""

    person: str
    frame: Frame
    said: object


def _first(
    connection: duckdb.DuckDBPyConnection,
    settings: Settings,
    now_utc: datetime,
    of_people: list[_Today],
    inbox: Path | None,
) -> str:
    """The page that opens: Today of the one person, or Clinic over several and over clients who share by a file."""
    of_all = clinic.content(connection, settings, now_utc, [today.person for today in of_people], inbox=inbox)
    if len(of_people) > 1 or of_all.groups:
        return render(frame(connection, settings, now_utc, Page.CLINIC), of_all)
    (today,) = of_people
    links = file_links(f"{settings.home.pages.name}/{folder_of(today.person)}/")
    return render(turned_to(today.frame, Page.TODAY, links), today.said)


def _write_person(
    connection: duckdb.DuckDBPyConnection, settings: Settings, now_utc: datetime, person: str, *, has_weeks: bool
) -> _Today:
    folder = private_folder(settings.home.pages / folder_of(person))
    shown = frame(connection, settings, now_utc, Page.TODAY, person)

    def put(name: str, page: Page, said: object) -> None:
        write_private(folder / name, render(turned_to(shown, page, file_links()), said))

    said = {
        page: contents.content(connection, settings, now_utc, page, person)
        for page in OF_A_PERSON
        if page is not Page.WEEKS
    }
    for page, content in said.items():
        put(f"{page}.html", page, content)
    for month, content in weeks.pages(connection, settings, person) if has_weeks else ():
        put(month_file(month) if month else f"{Page.WEEKS}.html", Page.WEEKS, content)
    return _Today(person, shown, said[Page.TODAY])
