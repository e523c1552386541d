"""What the pages of a person say that grows older by itself, read once for everybody.

Of who has nothing new a night changes the ages of data alone: how long ago a source told something, when the page was
made. These stand in pieces of a page of their own (`render.DATED`), which are put in anew. All else that goes with the
day, as a source that falls silent, changes on few days: it is what `facts` tells, and where one of them is another one
the page is written anew.
"""

import hashlib
from collections.abc import Callable, Iterable, Mapping
from dataclasses import fields
from datetime import date, datetime
from typing import Any, NamedTuple, TypeVar

import duckdb

from recovery.home import clock
from recovery.home.settings import OWNER, Settings
from recovery.published import query
from recovery.published.log_questions import Question
from recovery.published.silent import silent_exports
from recovery.published.status import Source, sources_of
from recovery.readers import readers
from recovery.report.answers import has
from recovery.report.evidence import read
from recovery.report.evidence.trials import state_of
from recovery.report.frame import Frame, frame_of
from recovery.report.sheet import sheet
from recovery.report.site import Page
from recovery.report.today import measured, today
from recovery.report.today.answer import LONGEST_GAP, rounded_ahead

NOT_OF_PAGES = ("home", "members", "memory_mb")  # settings that say where and how is worked

Row = TypeVar("Row")


class Ages(NamedTuple):
    """What is known of everybody at one moment."""

    settings: Settings
    now: datetime  # by the clock of the home
    sources: Mapping[str, list[Source]]
    ended: Mapping[str, list[tuple[Any, ...]]]  # the last day of each metric of which there is none in the last weeks
    silent: Mapping[str, list[Question]]  # what is said of exports that fell silent
    trials: Mapping[str, list[str]]  # how far each of them is
    last_massage: Mapping[str, date]
    unnamed: Mapping[str, list[tuple[Any, ...]]]  # rows of no person that are told of who has the file
    checks: object  # what the checks of the data found, told of who is alone
    run: str  # the last one
    of_all: str  # settings, and what formats are called

    def frame(self, page: Page, person: str) -> Frame:
        """The frame of a page of a person."""
        return frame_of(self.settings, self.now, page, person, self.sources.get(person, ()))

    def dated(self, page: Page, person: str) -> object:
        """What the pieces of a page hold that grow older."""
        sources = self.sources.get(person, [])
        if page is Page.TODAY:
            return today.dated(sources, self.now)
        if page is Page.EVIDENCE:
            return _Evidence(read.dated(sources, int(self.settings.validity["silent_days"]), self.run))
        return sheet.dated(self.settings, self.now)

    @property
    def ahead(self) -> str:
        """What goes with the day where it is told about when the first look will be."""
        return str(rounded_ahead(self.now.date()))

    def facts(self, page: Page, person: str) -> str:
        """All else that a page of a person says of the day, of settings, and of rows that are nobody's."""
        day = self.now.date()
        last = self.last_massage.get(person)
        told: list[object] = [
            day.year,
            [source._replace(age_days=0) for source in self.sources.get(person, ())],
            self.silent.get(person),
            self.trials.get(person),
            self.unnamed.get(person),
            self.checks if self.settings.subjects == (person,) else None,
            self.of_all,
        ]
        if page is not Page.EVIDENCE:  # which tells neither, and is the dearest to write anew
            told += [self.ended.get(person), last is not None and day - last > LONGEST_GAP]
        return repr(told)


class _Evidence(NamedTuple):
    """What Evidence says that grows older, as its page has it."""

    read: read.Dated


def ages_of(connection: duckdb.DuckDBPyConnection, settings: Settings, now_utc: datetime) -> Ages:
    """Reads them of everybody as of `now_utc` (naive, UTC)."""
    now = clock.to_local(now_utc, settings.home_time_zone)
    day = now.date()
    return Ages(
        settings=settings,
        now=now,
        sources=_by(sources_of(connection, day, settings.validity["silent_days"]), lambda row: row.subject),
        ended=_by(measured.ended_of(connection, day), lambda row: row[0]),
        silent=_by(silent_exports(connection, day), lambda one: one.subject),
        trials=_trials(connection, day),
        last_massage=dict(
            connection.execute(
                "select subject, max(local_date) from massages where status = 'attended' group by subject"
            ).fetchall()
        ),
        unnamed=_unnamed(connection, settings),
        checks=read.checks_of(connection),
        run=read.last_run(connection),
        of_all=of_all(settings),
    )


def of_all(settings: Settings) -> str:
    """A hash of all settings that a page may depend on, and of what formats are called."""
    told = [(one.name, getattr(settings, one.name)) for one in fields(settings) if one.name not in NOT_OF_PAGES]
    labels = [(name, reader.LABEL) for name, reader in readers().items()]
    return hashlib.sha256(repr((told, settings.subjects, labels)).encode()).hexdigest()


def _trials(connection: duckdb.DuckDBPyConnection, day: date) -> dict[str, list[str]]:
    if not has(connection, "trials"):
        return {}
    found = connection.execute("select subject, start_date, end_date from trials order by all").fetchall()
    of_people = _by(found, lambda row: row[0])
    return {person: [state_of(start, end, day) for _, start, end in rows] for person, rows in of_people.items()}


def _unnamed(connection: duckdb.DuckDBPyConnection, settings: Settings) -> dict[str, list[tuple[Any, ...]]]:
    """By who has the file: refused rows and files that are of no person, and files that wait."""
    # an earlier version published less
    is_nobodys = "subject is null" if query.has_column(connection, "rejected", "subject") else "true"
    asked = "asked" if query.has_column(connection, "files", "asked") else "''"
    rows = connection.execute(
        f"select path, place, reason, value from rejected where {is_nobodys}"
        f" union all select path, status, message, {asked} from files where subject is null or status = 'waiting'"
        " order by all"
    ).fetchall()
    return _by(rows, lambda row: settings.subject_of(row[0]))


def _by(rows: Iterable[Row], key: Callable[[Row], str | None]) -> dict[str, list[Row]]:
    found: dict[str, list[Row]] = {}
    for row in rows:
        found.setdefault(key(row) or OWNER, []).append(row)
    return found
