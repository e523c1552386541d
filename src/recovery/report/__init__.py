"""The published tables as pages, each one file that needs no network: of each person, and over all people."""

from collections.abc import Collection
from datetime import UTC, datetime
from pathlib import Path
from typing import NamedTuple

import duckdb

from recovery.home.disk import private_folder, remove, write_private
from recovery.home.settings import Settings
from recovery.published import query
from recovery.report import clinic, contents, people, weeks
from recovery.report.frame import Frame, frame, turned_to
from recovery.report.render import last_line, render
from recovery.report.site import OF_A_PERSON, Page, file_links, folder_of, month_file


class FormerPages(NamedTuple):
    """The pages of the last snapshot, as they were left: of a month that did not change the page is taken over."""

    folder: Path
    changed: Collection[tuple[str, str]]  # person and month, as '2026-03', of which any row is another one now
    people: Collection[str] | None = None  # of whom any row is another one now; None: anybody


def write(
    settings: Settings,
    now_utc: datetime | None = None,
    inbox: Path | None = None,
    *,
    is_new_snapshot: bool = True,
    former: FormerPages | None = None,
) -> Path:
    """Writes all pages of a home for its owner's eyes only; the path of the first one, `report.html`.

    HomeError where nothing is published yet. `now_utc` (naive, UTC) is the moment ages are told for; `inbox` is that of
    the home where the pages are made beside a snapshot that is not shown yet. Where the snapshot is not new, Weeks stay
    as they are: they tell no ages, and are most of the work. So is a month of the `former` pages that did not change.
    """
    now_utc = now_utc or datetime.now(UTC).replace(tzinfo=None)
    home = settings.home
    if is_new_snapshot:
        remove(home.pages)
    with query.published(home) as connection:
        first = [
            _write_person(connection, settings, now_utc, person, has_weeks=is_new_snapshot, former=former)
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
    connection: duckdb.DuckDBPyConnection,
    settings: Settings,
    now_utc: datetime,
    person: str,
    *,
    has_weeks: bool,
    former: FormerPages | None,
) -> _Today:
    folder = private_folder(settings.home.pages / folder_of(person))
    shown = frame(connection, settings, now_utc, Page.TODAY, person)

    def put(name: str, page: Page, said: object, end: str = "") -> None:
        write_private(folder / name, render(turned_to(shown, page, file_links()), said) + end)

    said = {
        page: contents.content(connection, settings, now_utc, page, person)
        for page in OF_A_PERSON
        if page is not Page.WEEKS
    }
    for page, content in said.items():
        put(f"{page}.html", page, content)
    newest_end = last_line(turned_to(shown, Page.WEEKS, file_links()), weeks.beside_newest(settings))
    if has_weeks and former and former.people is not None and person not in former.people:
        has_weeks = not _taken_over(former.folder / folder.name, folder, newest_end)
    for month in weeks.pages(connection, settings, person) if has_weeks else ():
        if not month.month:
            put(f"{Page.WEEKS}.html", Page.WEEKS, month.content(), newest_end)
            continue
        name = month_file(month.month)
        end = last_line(turned_to(shown, Page.WEEKS, file_links()), month.beside_days) if month.beside_days else ""
        is_same = end and former and (person, month.month) not in former.changed
        kept = _ending_in(former.folder / folder.name / name, end) if is_same and former else None
        if kept is None:
            put(name, Page.WEEKS, month.content(), end)
        else:
            write_private(folder / name, kept)
    return _Today(person, shown, said[Page.TODAY])


def _taken_over(former: Path, folder: Path, end: str) -> bool:
    """Puts the former Weeks of a person of whom nothing changed into `folder`; False where they say something else."""
    if _ending_in(former / f"{Page.WEEKS}.html", end) is None:
        return False
    for path in former.glob(f"{Page.WEEKS}*.html"):
        try:
            (folder / path.name).hardlink_to(path)  # nobody writes into a page: a new one takes its place
        except OSError:  # a file system without links
            write_private(folder / path.name, path.read_bytes())
    return True


def _ending_in(path: Path, end: str) -> bytes | None:
    """The content of a file that ends so; None where it ends otherwise, or there is none."""
    try:
        content = path.read_bytes()
    except OSError:
        return None
    return content if content.endswith(end.encode()) else None
