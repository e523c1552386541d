"""What Clinic knows of a client, as a file: counts and dates, made by the client's own home and taken as hostile.

    {"recovery_counts": 1, "id": "0123456789abcdef", "client": "Client A", "made": "2026-11-27", "massages": 12,
     "last_massage": "2026-11-20", "diary_days": 80, "diary_days_of_14": 13, "last_diary_day": "2026-11-26",
     "newest_watch_day": "2026-11-26", "state": "answer", "since": "2026-11-02", "more_massages": null,
     "unread_rows": 0, "weekday": null}

A file with "withdrawn": true and no counts takes the client away. Of several files of one id the newest counts.
"""

import json
import re
import unicodedata
from collections.abc import Mapping
from datetime import date, timedelta
from enum import StrEnum
from typing import NamedTuple

from recovery.errors import UnreadableExportError
from recovery.formats.times import iso_date
from recovery.words.say import say

VERSION = 1
MARK = "recovery_counts"
MAX_BYTES = 4096
MAX_NAME = 40  # characters
MOST = 100_000  # massages, days
FIRST_DAY = date(2000, 1, 1)
OF_DAYS = 14  # in which days of the diary are counted
HEAD = re.compile(rb'\s*\{\s*"' + MARK.encode() + rb'"\s*:')
_ID = re.compile(r"[0-9a-f]{16}")


class State(StrEnum):
    """How far a person is; never what was found."""

    NOTHING = "nothing yet"  # no massage is written down
    TOO_EARLY = "too early"  # fewer massages than an answer takes
    OPEN = "open"  # enough of them, and no answer yet
    ANSWER = "answer"  # a main question has an answer, whatever it is


class Counts(NamedTuple):
    """Counts and dates of one client; nothing that was measured, and no answer."""

    id: str
    client: str
    made: date
    massages: int = 0
    last_massage: date | None = None
    diary_days: int = 0
    diary_days_of_14: int = 0
    last_diary_day: date | None = None
    newest_watch_day: date | None = None
    state: State = State.NOTHING
    since: date | None = None  # the state, of an answer
    more_massages: int | None = None  # about so many until something is said
    unread_rows: int = 0  # of lists, that could not be read
    weekday: int | None = None  # 0 = Monday, where all massages were on one and that is in the way
    withdrawn: bool = False


def as_json(counts: Counts) -> str:
    """The file; of who withdraws nothing but that."""
    told: dict[str, object] = {MARK: VERSION, "id": counts.id, "client": counts.client, "made": f"{counts.made}"}
    if counts.withdrawn:
        return json.dumps({**told, "withdrawn": True}) + "\n"
    for name, value in counts._asdict().items():
        if name not in (*told, "withdrawn"):
            told[name] = f"{value}" if isinstance(value, date) else value
    return json.dumps(told, ensure_ascii=False, indent=1) + "\n"


def counts_in(data: bytes, name: str, today: date) -> Counts:
    """The counts in a file; whatever is not exactly as it should be is refused with an UnreadableExportError."""
    if len(data) > MAX_BYTES:
        raise _refused(name, say("it is longer than {most} bytes", most=MAX_BYTES))
    try:
        told = json.loads(data.decode(), object_pairs_hook=_once, parse_float=_no_number, parse_constant=_no_number)
    except (ValueError, RecursionError):
        raise _refused(name, say("it is no JSON of counts")) from None
    if not isinstance(told, dict) or type(told.get(MARK)) is not int:
        raise _refused(name, say("it is no JSON of counts"))
    if told[MARK] != VERSION:
        raise _refused(name, say("it was made by another version; this one reads version {version}", version=VERSION))
    try:
        return _counts(told, today)
    except ValueError as error:
        raise _refused(name, f"{error}") from None


def is_name(text: object) -> bool:
    """Whether a text can be the name of a client on the page: one short line of letters that everybody sees."""
    return (
        isinstance(text, str)
        and 0 < len(text) <= MAX_NAME
        and text == text.strip()
        and all(unicodedata.category(letter)[0] not in "CZ" or letter == " " for letter in text)
    )


def _counts(told: Mapping[str, object], today: date) -> Counts:
    """Raises ValueError with what is wrong."""
    whose = {MARK, "id", "client", "made"}
    is_withdrawn = told.get("withdrawn") is True
    wanted = whose | {"withdrawn"} if is_withdrawn else whose | set(Counts._fields) - {"withdrawn"}
    if set(told) != wanted:
        odd = sorted(name for name in set(told) ^ wanted if is_name(name))[:5]  # text that a receipt can hold
        if not odd:
            raise ValueError(say("it has other keys than it should"))
        raise ValueError(say("it has other keys than it should: {names}", names=", ".join(odd)))
    if not isinstance(told["id"], str) or not _ID.fullmatch(told["id"]):
        raise ValueError(say("its id is none"))
    client = told["client"]
    if not isinstance(client, str) or not is_name(client):
        raise ValueError(say("the name of the client is none"))
    made = _date(told, "made", today)
    if made is None:
        raise ValueError(say("it does not say when it was made"))
    if is_withdrawn:
        return Counts(told["id"], client, made, withdrawn=True)
    if told["state"] not in list(State):
        raise ValueError(say("its state is none"))
    return Counts(
        id=told["id"],
        client=client,
        made=made,
        massages=_count(told, "massages", MOST),
        last_massage=_date(told, "last_massage", made),
        diary_days=_count(told, "diary_days", MOST),
        diary_days_of_14=_count(told, "diary_days_of_14", OF_DAYS),
        last_diary_day=_date(told, "last_diary_day", made),
        newest_watch_day=_date(told, "newest_watch_day", made),
        state=State(str(told["state"])),
        since=_date(told, "since", made),
        more_massages=None if told["more_massages"] is None else _count(told, "more_massages", MOST),
        unread_rows=_count(told, "unread_rows", MOST),
        weekday=None if told["weekday"] is None else _count(told, "weekday", 6),
    )


def _date(told: Mapping[str, object], name: str, last: date) -> date | None:
    """A date up to a day after `last`, since clocks differ; None where it is null."""
    value = told[name]
    if value is None:
        return None
    try:
        found = iso_date(value) if isinstance(value, str) and len(value) == 10 else None
    except ValueError:
        found = None
    if found is None or not FIRST_DAY <= found <= last + timedelta(days=1):
        raise ValueError(say("{name} is no date, or lies ahead", name=name))
    return found


def _count(told: Mapping[str, object], name: str, most: int) -> int:
    value = told[name]
    if type(value) is not int or not 0 <= value <= most:
        raise ValueError(say("{name} is no count from 0 to {most}", name=name, most=most))
    return value


def _once(pairs: list[tuple[str, object]]) -> dict[str, object]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise ValueError("a key is there twice")
    return found


def _no_number(text: str) -> None:
    raise ValueError(text)


def _refused(name: str, why: str) -> UnreadableExportError:
    return UnreadableExportError(
        say("{name} holds no counts of a client: {why}.", name=name, why=why),
        say("Ask for a new file, made with recovery share."),
    )
