"""What Clinic says: counts and dates of those who agreed, sorted by who can be helped first.

It is read of `formats.client_counts.Counts` alone, which hold nothing that was measured and no answer.
"""

from collections.abc import Callable, Sequence
from datetime import date, datetime
from pathlib import Path
from typing import NamedTuple

import duckdb

from recovery.formats.client_counts import Counts, State
from recovery.home import clock
from recovery.home.settings import OWNER, Settings
from recovery.published.client_counts import counts_of, files_left_out, shared_counts
from recovery.report.people import has_mean
from recovery.report.site import Page, file_links, folder_of
from recovery.words import clinic as words

SILENT_DAYS = 7  # longer without anything, without the watch or the diary that there was, and somebody may ask
MOST_SHOWN = 250  # clients of a group, so that the page stays light
GONE_DAYS = 30  # longer without anything at all


class Client(NamedTuple):
    """One line: who, what now, and three counts."""

    name: str
    address: str  # of their Today, a file of its own; '' where their home is elsewhere
    what: str
    massages: str
    diary_days: int  # of the last 14
    diary: str
    watch: str


class Group(NamedTuple):
    """Clients of whom the same can be said."""

    key: str
    title: str
    lead: str
    clients: list[Client]  # at most MOST_SHOWN
    more: str  # how many more there are; '' where all stand there


class Clinic(NamedTuple):
    """The content of the page over all people."""

    sharing: str
    headline: str
    groups: list[Group]
    left_out: str  # that there are more files than are looked at; '' where there are not
    own_address: str  # of the owner's own page; '' where there is none
    people_address: str  # of the mean over all people; '' where none was worked out


def content(
    connection: duckdb.DuckDBPyConnection,
    settings: Settings,
    now_utc: datetime,
    people: Sequence[str],
    *,
    inbox: Path | None = None,
    address_of: Callable[[str], str] | None = None,
    people_address: str = "",
    has_files: bool = True,
) -> Clinic:
    """Who of `people` has agreed, and who shares by a file in the inbox, as of `now_utc`; nobody else is counted.

    Addresses are those of files unless `address_of` says another. `has_files`: whether clients of other homes stand
    there too, which a therapist of some people is not shown.
    """
    today = clock.to_local(now_utc, settings.home_time_zone).date()
    address_of = address_of or (lambda name: file_links(f"{settings.home.pages.name}/{folder_of(name)}/").today)
    agreed = [person for person in settings.subjects if person in people and settings.shares(person, today)]
    own = [(counts, address_of(counts.client)) for counts in counts_of(connection, agreed, today)]
    shared = shared_counts(connection, settings, inbox or settings.home.inbox, today) if has_files else []
    found: dict[str, list[Client]] = {key: [] for key in words.GROUPS}
    answers = 0
    for counts, address in [*own, *((counts, "") for counts in shared)]:
        key, what = _what_now(counts, today)
        answers += counts.state is State.ANSWER
        found[key].append(_client(counts, address, what, today))
    groups = [
        Group(
            key,
            words.group(title, len(found[key])),
            lead,
            found[key][:MOST_SHOWN],
            words.more_clients(len(found[key]) - MOST_SHOWN) if len(found[key]) > MOST_SHOWN else "",
        )
        for key, (title, lead) in words.GROUPS.items()
        if found[key]
    ]
    count = len(own) + len(shared)
    beyond = files_left_out(connection) if has_files else 0
    return Clinic(
        sharing=words.sharing(today, count) if count else "",
        headline=words.headline(answers, sum(len(found[key]) for key in ("help", "silent", "missing")))
        if count
        else words.NOBODY,
        groups=groups,
        left_out=words.files_left_out(beyond) if beyond else "",
        own_address=address_of(OWNER) if OWNER in people and OWNER not in agreed else "",
        people_address=people_address or f"{settings.home.pages.name}/{Page.PEOPLE}.html"
        if has_mean(connection)
        else "",
    )


def _client(counts: Counts, address: str, what: str, today: date) -> Client:
    return Client(
        name=counts.client,
        address=address,
        what=what,
        massages=words.massages(counts.massages, counts.last_massage, today),
        diary_days=counts.diary_days_of_14,
        diary=words.diary(counts.diary_days_of_14),
        watch=words.newest_watch_day(counts.newest_watch_day, today),
    )


def _what_now(counts: Counts, today: date) -> tuple[str, str]:
    """The group of a client, and what is to be said of them; of several things the one that can be helped first."""
    key, what = _to_ask(counts, today)
    if key:
        return key, words.also(what, words.HAS_ANSWER) if counts.state is State.ANSWER else what
    has_diary = counts.last_diary_day is not None
    if counts.state is State.ANSWER:
        return "answer", _answer(counts.since, today, has_diary=has_diary)
    what = _how_far(counts)
    return "way", what if has_diary else words.without_diary(what)


def _to_ask(counts: Counts, today: date) -> tuple[str, str]:
    """What somebody may ask a client about; '' and '' where there is nothing."""
    if counts.weekday is not None:
        return "help", words.one_weekday(counts.weekday)
    if counts.unread_rows:
        return "help", words.unread_rows(counts.unread_rows)
    if silent := _silent(counts, today):
        return "silent", silent
    missing = _missing(counts, today)
    return ("missing", missing) if missing else ("", "")


def _answer(since: date | None, today: date, *, has_diary: bool) -> str:
    """That there is one, since when, and whether it can be one of pain; never which."""
    if since is None:
        return words.HAS_ANSWER if has_diary else words.ANSWER_WITHOUT_PAIN
    return words.answer_since(since, today) if has_diary else words.answer_without_pain(since, today)


def _how_far(counts: Counts) -> str:
    """Of who has no answer yet."""
    if counts.state is State.NOTHING:
        return words.NO_MASSAGE
    if counts.state is State.TOO_EARLY:
        return words.too_early(counts.massages)
    return words.more_massages(counts.more_massages) if counts.more_massages else words.STILL_OPEN


def _silent(counts: Counts, today: date) -> str:
    """Of who has sent nothing of any kind for longer than a week; '' of all others."""
    made = (today - counts.made).days
    if made > SILENT_DAYS:
        return words.no_new_counts(made)
    told = [day for day in (counts.last_massage, counts.last_diary_day, counts.newest_watch_day) if day]
    if not told:
        return words.NOTHING_CAME
    days = (today - max(told)).days
    if days > GONE_DAYS:
        return words.STILL_THERE
    return words.nothing_for(days) if days > SILENT_DAYS else ""


def _missing(counts: Counts, today: date) -> str:
    """What does not come, of who sends something: the watch, or a diary that was kept; '' where nothing is missing."""
    missing = []
    if counts.newest_watch_day is None:
        missing.append(words.NO_WATCH)
    elif (days := (today - counts.newest_watch_day).days) > SILENT_DAYS:
        missing.append(words.watch_silent(days))
    if counts.last_diary_day and (days := (today - counts.last_diary_day).days) > SILENT_DAYS:
        missing.append(words.diary_silent(days))
    return words.also(*missing) if len(missing) == 2 else "".join(missing)
