"""What Weeks says, read from the published tables."""

from collections.abc import Callable, Iterator
from datetime import datetime
from functools import partial
from typing import NamedTuple

import duckdb

from recovery.home.settings import Settings
from recovery.report.weeks.around import Figure, figures
from recovery.report.weeks.calendar import MonthCalendar, calendar_of, month_line
from recovery.report.weeks.glance import Strip, strips
from recovery.report.weeks.months import month_named, months_of
from recovery.report.weeks.person import Person, person_of
from recovery.report.weeks.reading import month_rows
from recovery.report.weeks.story import FIRST, Story, stories_of
from recovery.words import weeks as words


class Weeks(NamedTuple):
    """The content of Weeks of one person and month."""

    month: str  # as '2026-03'; '' where there is none
    heading: str
    notes: list[str]  # what is missing altogether, and what would help
    calendar: MonthCalendar | None
    stories: list[Story]
    default: str  # the anchor of the story that is open first
    beside: list[
        tuple[str, str]
    ]  # the month before, after and the newest: name, '' of the newest, and what leads there
    years: list[tuple[int, list[tuple[str, str, str]]]]  # of each year its months: name, title, what it was like
    figures: list[Figure]  # these and the strips on the newest month alone
    strips: list[Strip]
    is_newest: bool
    has_pain: bool
    has_nights: bool
    has_unknown: bool
    meanings: list[tuple[str, str]]  # title and description of the numbers shown


def months(connection: duckdb.DuckDBPyConnection, person: str) -> list[str]:
    """The months of which something is known, as '2026-03', the newest first."""
    return [month.name for month in reversed(months_of(connection, person))]


def content(
    connection: duckdb.DuckDBPyConnection, settings: Settings, now_utc: datetime, person: str, month: str = ""
) -> Weeks:
    """A month of a person, '' for the newest one."""
    del now_utc
    known = person_of(connection, person)
    return _content(connection, settings, known, month, _years(known))


def beside_newest(settings: Settings) -> str:
    """What the page of the newest month says that is of no row of the person."""
    return repr(sorted(settings.primaries.items()))


Years = list[tuple[int, list[tuple[str, str, str]]]]  # the months of each year, with what is said of them


class Dated(NamedTuple):
    """What changes on the page of a month that does not, under the names that Weeks has for it."""

    month: str
    years: Years


class MonthPage(NamedTuple):
    """A page of a person, and what it says beside its days: '' of the newest month, which says more."""

    month: str  # as '2026-03'; '' of the newest
    beside_days: str  # but `dated`
    dated: Dated
    content: Callable[[], Weeks]


def pages(connection: duckdb.DuckDBPyConnection, settings: Settings, person: str) -> Iterator[MonthPage]:
    """All pages of a person: the newest month under the name '', then each month under its own.

    The person is read once for all of them; a month is read where its content is asked for.
    """
    known = person_of(connection, person)
    years = _years(known)
    newest = _content(connection, settings, known, "", years)
    yield MonthPage("", "", Dated("", years), lambda: newest)
    of_person = _of_person(known)
    for place, month in reversed(list(enumerate(known.months))):
        dated = Dated(month.name, years)
        if month.name == newest.month:
            yield MonthPage(month.name, "", dated, lambda: newest)
        else:
            beside_days = repr((_beside(known, place), of_person))
            content = partial(_content, connection, settings, known, month.name, years)
            yield MonthPage(month.name, beside_days, dated, content)


def _of_person(person: Person) -> tuple[object, ...]:
    """What the page of any month says of the person."""
    return (
        sorted(person.metrics.items()),
        sorted((name, sorted(columns)) for name, columns in person.relations.items()),
        (person.usual_steps, person.has_pain, person.has_nights, person.has_massages, person.has_unknown),
    )


def _content(
    connection: duckdb.DuckDBPyConnection, settings: Settings, person: Person, name: str, years: Years
) -> Weeks:
    shown = month_named(name) if name else (person.months[-1] if person.months else None)
    if shown is None or shown not in person.months:
        return _nothing(years)
    place = person.months.index(shown)
    stories = stories_of(person, shown.days, month_rows(connection, person.subject, shown, person.relations))
    calendar = calendar_of(shown, person.days, {story.day for story in stories}, has_pain=person.has_pain)
    is_newest = shown == person.months[-1]
    return Weeks(
        month=shown.name,
        heading=words.heading(shown.first, calendar.massages) if stories else words.month_name(shown.first),
        notes=_notes(person, stories),
        calendar=calendar,
        stories=stories,
        default=_default(person, stories),
        beside=_beside(person, place),
        years=years,
        figures=figures(connection, settings, person) if is_newest else [],
        strips=strips(person.days) if is_newest else [],
        is_newest=is_newest,
        has_pain=person.has_pain,
        has_nights=person.has_nights,
        has_unknown=person.has_unknown,
        meanings=_meanings(person, stories),
    )


def _nothing(years: Years) -> Weeks:
    return Weeks(
        month="",
        heading=words.TITLE,
        notes=[words.NOTHING_YET],
        calendar=None,
        stories=[],
        default="",
        beside=[],
        years=years,
        figures=[],
        strips=[],
        is_newest=True,
        has_pain=False,
        has_nights=False,
        has_unknown=False,
        meanings=[],
    )


def _beside(person: Person, place: int) -> list[tuple[str, str]]:
    found, last = [], len(person.months) - 1
    if place:
        found.append((person.months[place - 1].name, words.earlier(person.months[place - 1].first)))
    if place < last:
        found.append(
            ("" if place + 1 == last else person.months[place + 1].name, words.later(person.months[place + 1].first))
        )
    if place + 1 < last:
        found.append(("", words.newest(person.months[last].first)))
    return found


def _notes(person: Person, stories: list[Story]) -> list[str]:
    if not stories:
        return [words.EMPTY_MONTH]
    missing = (
        (person.has_massages, words.NO_MASSAGES),
        (person.has_pain, words.NO_DIARY),
        (person.has_nights, words.NO_NIGHTS),
    )
    return [sentence for is_there, sentence in missing if not is_there]


def _default(person: Person, stories: list[Story]) -> str:
    """The last massage of the month, else its last day."""
    with_massage = [story for story in stories if person.days[story.day].massages]
    return (with_massage or stories)[-1].anchor if stories else ""


def _years(person: Person) -> Years:
    found: dict[int, list[tuple[str, str, str]]] = {}
    for month in reversed(person.months):
        line = (month.name, words.month_alone(month.first), month_line(month, person.days))
        found.setdefault(month.year, []).append(line)
    return list(found.items())


def _meanings(person: Person, stories: list[Story]) -> list[tuple[str, str]]:
    """What the first numbers of these days mean, as their definitions say; Evidence has the others."""
    shown = {metric for story in stories for metric in story.metrics if metric in (*FIRST, "pain")}
    return [(metric.title, metric.description) for name, metric in sorted(person.metrics.items()) if name in shown]
