"""The published tables as pages, each one file that needs no network: of each person, and over all people."""

from collections.abc import Callable
from datetime import UTC, datetime
from functools import cache, partial
from pathlib import Path
from typing import NamedTuple

import duckdb

from recovery.home.disk import private_folder, remove, write_new, write_private
from recovery.home.settings import Settings
from recovery.published import query
from recovery.report import clinic, contents, people, weeks
from recovery.report.ages import Ages, ages_of
from recovery.report.former import FormerPages
from recovery.report.frame import Frame, turned_to
from recovery.report.render import last_line, render
from recovery.report.site import Page, file_links, folder_of, month_file
from recovery.report.today import Today

__all__ = ["FormerPages", "write"]

Put = Callable[[Path, str], None]  # how the text of a page gets to its place


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
    as they are, where these are the `former` ones only if they say what they would: they tell no ages, and are most of
    the work. Of the `former` pages a month that did not change is taken over, and of a person of whom nothing changed
    every page, the ages in it told anew.
    """
    now_utc = now_utc or datetime.now(UTC).replace(tzinfo=None)
    home, put = settings.home, write_new if is_new_snapshot else write_private
    if is_new_snapshot:
        remove(home.pages)
    with query.published(home) as connection:
        known = ages_of(connection, settings, now_utc)
        first = [
            _write_person(connection, known, now_utc, person, put, has_weeks=is_new_snapshot, former=former)
            for person in contents.people(connection, settings)
        ]
        if people.has_mean(connection):
            shown = known.frame(Page.PEOPLE, "")
            put(home.pages / f"{Page.PEOPLE}.html", render(shown, people.content(connection)))
        opened = _first(connection, known, now_utc, first, inbox)
    write_private(home.report, opened)
    return home.report


class _Today(NamedTuple):
    """Today of a person."""

    person: str
    frame: Frame
    said: Callable[[], object]


def _first(
    connection: duckdb.DuckDBPyConnection,
    known: Ages,
    now_utc: datetime,
    of_people: list[_Today],
    inbox: Path | None,
) -> str:
    """The page that opens: Today of the one person, or Clinic over several and over clients who share by a file."""
    settings = known.settings
    of_all = clinic.content(connection, settings, now_utc, [today.person for today in of_people], inbox=inbox)
    if len(of_people) > 1 or of_all.groups:
        return render(known.frame(Page.CLINIC, ""), of_all)
    (today,) = of_people
    links = file_links(f"{settings.home.pages.name}/{folder_of(today.person)}/")
    return render(turned_to(today.frame, Page.TODAY, links), today.said())


def _write_person(
    connection: duckdb.DuckDBPyConnection,
    known: Ages,
    now_utc: datetime,
    person: str,
    put: Put,
    *,
    has_weeks: bool,
    former: FormerPages | None,
) -> _Today:
    settings = known.settings
    folder = private_folder(settings.home.pages / folder_of(person))
    shown = known.frame(Page.TODAY, person)
    same = former if former and former.has_all_of(person) else None

    @cache
    def said(page: Page) -> object:
        return contents.content(connection, settings, now_utc, page, person)

    for page in contents.CONTENTS:
        here, facts = turned_to(shown, page, file_links()), known.facts(page, person)
        end, end_ahead = last_line(here, facts), last_line(here, facts + known.ahead)
        text = same and same.grown_older(person, here, (end, end_ahead), known.dated(page, person))
        if not text:
            content = said(page)
            is_ahead = isinstance(content, Today) and content.answer.is_ahead
            text = render(here, content) + (end_ahead if is_ahead else end)
        put(folder / f"{page}.html", text)
    here = turned_to(shown, Page.WEEKS, file_links())
    newest_end = last_line(here, weeks.beside_newest(settings))
    if has_weeks or (former and not former.has_weeks(person, newest_end)):
        _write_weeks(connection, settings, person, here, newest_end, former, put)
    return _Today(person, shown, partial(said, Page.TODAY))


def _write_weeks(
    connection: duckdb.DuckDBPyConnection,
    settings: Settings,
    person: str,
    here: Frame,
    newest_end: str,
    former: FormerPages | None,
    put: Put,
) -> None:
    folder = settings.home.pages / folder_of(person)
    if former and former.has_all_of(person) and former.put_weeks(person, folder, newest_end):
        return
    for month in weeks.pages(connection, settings, person):
        if not month.month:
            put(folder / f"{Page.WEEKS}.html", render(here, month.content()) + newest_end)
            continue
        end = last_line(here, month.beside_days) if month.beside_days else ""
        end_of_list = last_line(here, repr(month.dated.years)) if end else ""
        if not (former and former.put_month(person, month.month, folder, here, (end, end_of_list), month.dated)):
            put(folder / month_file(month.month), render(here, month.content()) + end + end_of_list)
