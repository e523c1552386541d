"""Counts and dates of people, for Clinic and for the file that a client shares: how far they are, no result."""

import hashlib
import os
import stat
from collections.abc import Collection
from datetime import date
from pathlib import Path
from typing import Any

import duckdb

from recovery.effects.boundaries import FIRST_LOOK
from recovery.effects.gates import WEEKDAYS_VARY
from recovery.errors import UnreadableExportError
from recovery.formats.client_counts import MAX_BYTES, OF_DAYS, Counts, State, counts_in
from recovery.home.settings import OWNER, Settings
from recovery.inbox.archives import MEMBER
from recovery.published import query
from recovery.published.unread_logs import LOG_FORMATS
from recovery.vocabulary.designs import Design
from recovery.vocabulary.verdicts import Certainty

MOST_FILES = 2000  # of clients, that are looked at
SAID = (Certainty.CLEAR.value, Certainty.LIKELY.value)

MASSAGES = (
    "select subject, count(*), max(local_date),"
    " if(count(distinct isodow(local_date)) = 1, any_value(isodow(local_date)) - 1, null)"
    " from massages where status = 'attended' group by subject"
)
DIARY = (  # of the last days that can be written by now: today is one of them only once it is written
    "select subject, count(distinct local_date), max(local_date),"
    " count(distinct local_date) filter (local_date > $today::date - $days and local_date <= $today::date)"
    " + if(count_if(local_date = $today::date) = 0 and count_if(local_date = $today::date - $days) > 0, 1, 0)"
    " from diary group by subject"
)
WATCH = (
    "select subject, max(local_date) from daily_metrics"
    " where family <> 'diary' and source is not null and source <> 'inferred' group by subject"
)
UNREAD = (
    "select subject, count(distinct (path, place)) from unknown_days"
    " where path in (select path from files where list_contains($formats, format)) group by subject"
)
ANSWERS = (
    "select subject, min(first_said) from effects where is_primary and list_contains($said, certainty) group by subject"
)
USABLE = (  # massages that measured days follow, of the main number that has most, as Today counts them
    "select subject, max(coalesce({measured}, n_massages)) from effects where is_primary group by subject"
)
STUCK = f"select distinct subject from effects where is_primary and contains(checks, '{WEEKDAYS_VARY}: failed')"
MORE = "select subject, min(high) from more_massages where design = $design and high is not null group by subject"

OF_CLIENTS = (
    "select path, sha256 from files where format = 'client_counts' and status <> 'rejected' and sha256 is not null"
    f" and not contains(path, '{MEMBER}') order by path"
)


def counts_of(connection: duckdb.DuckDBPyConnection, people: Collection[str], today: date) -> list[Counts]:
    """The counts of these people, in their order, as of `today`; without an id, which only a file needs."""
    massages = _by_person(connection, MASSAGES)
    diary = _by_person(connection, DIARY, today=today, days=OF_DAYS)
    watch = _by_person(connection, WATCH)
    unread = _by_person(connection, UNREAD, formats=list(LOG_FORMATS))
    is_told = _has(connection, "effects") and query.has_column(connection, "effects", "certainty")
    answers = _by_person(connection, ANSWERS, said=list(SAID)) if is_told else {}
    stuck = _by_person(connection, STUCK) if is_told else {}
    usable = _by_person(connection, USABLE.format(measured=_measured(connection))) if is_told else {}
    more = _by_person(connection, MORE, design=Design.AS_BOOKED.value) if _has(connection, "more_massages") else {}

    def one(person: str) -> Counts:
        count, last, weekday = massages.get(person, (0, None, None))
        diary_days, last_diary, of_14 = diary.get(person, (0, None, 0))
        return Counts(
            id="",
            client=person,
            made=today,
            massages=count,
            last_massage=last,
            diary_days=diary_days,
            diary_days_of_14=of_14,
            last_diary_day=last_diary,
            newest_watch_day=watch.get(person, (None,))[0],
            state=_state(count, usable.get(person, (0,))[0] if is_told else count, has_answer=person in answers),
            since=answers.get(person, (None,))[0],
            more_massages=None if person in answers else more.get(person, (None,))[0],
            unread_rows=unread.get(person, (0,))[0],
            weekday=weekday if person in stuck else None,
        )

    return [one(person) for person in people]


def shared_counts(connection: duckdb.DuckDBPyConnection, settings: Settings, inbox: Path, today: date) -> list[Counts]:
    """What clients' own homes share by files in the inbox, by name: of each client the newest, while it lies there.

    A file counts that a run has read, and that is still the same; those in the folders of people do not, since nobody
    but the owner of the home says whose counts these are. Who withdrew is left out.
    """
    rows = connection.execute(f"{OF_CLIENTS} limit ?", [MOST_FILES]).fetchall()
    newest: dict[str, Counts] = {}
    for path, sha256 in rows:
        if settings.subject_of(path) != OWNER or settings.is_private(path):
            continue
        found = _counts_at(inbox, path, sha256, today)
        if found is not None:
            before = newest.get(found.id)
            is_newer = before is None or (found.made, found.withdrawn) > (before.made, before.withdrawn)
            newest[found.id] = found if before is None or is_newer else before
    return sorted((one for one in newest.values() if not one.withdrawn), key=lambda one: (one.client, one.id))


def files_left_out(connection: duckdb.DuckDBPyConnection) -> int:
    """How many files of clients `shared_counts` does not look at, since there are more than it takes."""
    ((count,),) = connection.execute(f"select count(*) from ({OF_CLIENTS})").fetchall()
    return max(int(count) - MOST_FILES, 0)


def _counts_at(inbox: Path, path: str, sha256: str, today: date) -> Counts | None:
    """The counts in a file of the inbox; None where it is gone, another file by now, or reached by a link."""
    real = inbox / path
    try:
        if real.resolve() != inbox.resolve() / path:
            return None
        descriptor = os.open(real, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK)
        with open(descriptor, "rb") as stream:
            if not stat.S_ISREG(os.fstat(stream.fileno()).st_mode):
                return None
            data = stream.read(MAX_BYTES + 1)
        return counts_in(data, real.name, today) if hashlib.sha256(data).hexdigest() == sha256 else None
    except (OSError, UnreadableExportError):
        return None


def _state(massages: int, usable: int, *, has_answer: bool) -> State:
    if has_answer:
        return State.ANSWER
    if not massages:
        return State.NOTHING
    return State.OPEN if usable >= FIRST_LOOK else State.TOO_EARLY


def _measured(connection: duckdb.DuckDBPyConnection) -> str:
    """The column that counts them; an earlier version published none."""
    return "n_massages_measured" if query.has_column(connection, "effects", "n_massages_measured") else "null"


def _by_person(connection: duckdb.DuckDBPyConnection, sql: str, **values: object) -> dict[str, tuple[Any, ...]]:
    return {subject: tuple(told) for subject, *told in connection.execute(sql, values or None).fetchall()}


def _has(connection: duckdb.DuckDBPyConnection, relation: str) -> bool:
    """False in what an earlier version published."""
    return bool(connection.execute("from duckdb_tables() where table_name = ?", [relation]).fetchall())
