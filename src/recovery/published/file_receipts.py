"""What became of each of a person's files, in plain words, and how many of its days were new."""

from collections import Counter
from collections.abc import Iterable, Mapping
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import NamedTuple

import duckdb

from recovery.home import clock
from recovery.home.settings import OWNER, Settings
from recovery.inbox.archives import MEMBER
from recovery.published.unread_logs import LOG_FORMATS
from recovery.words.logs import HOLDS_NOTHING
from recovery.words.web import archive_receipt, empty_diary, empty_massages, file_receipt, new_days, rows_read

SHOWN = 200  # files; the database has all
ROWS = (  # of a person; paths of folders that are sent begin with their time, so those come in the order of sending
    "select path, status, coalesce(rows, 0), coalesce(message, ''), coalesce(format, ''), first_utc, last_utc"
    f" from files where coalesce(subject, '{OWNER}') = ? order by path desc"
)
DAYS = "select distinct local_date from daily_metrics where subject = ?"
READ = ("loaded", "partial")
EMPTY_LOGS = {"massage_log": empty_massages, "diary_log": empty_diary}
LOGS = frozenset({*LOG_FORMATS, "calendar_ics"})  # what they tell of days is no measurement: their rows are counted

Span = tuple[date, date]  # both dates count


class FileReceipt(NamedTuple):
    """A dropped file and what became of it."""

    path: str  # below the inbox
    sentence: str


class _Root:
    """A dropped file, with the members of an archive."""

    def __init__(self) -> None:
        self.own = ("", 0, "")  # status, records, message
        self.kind = ""  # format of the file itself
        self.members: Counter[str] = Counter()
        self.spans: dict[str, list[Span]] = {}  # by format


def file_receipts(connection: duckdb.DuckDBPyConnection, settings: Settings, person: str) -> list[FileReceipt]:
    """The receipts of a person's files, those sent last first; members of an archive are counted in its receipt.

    A day with data is new in the file of its format that tells of it first: of all that do, the one that ends first.
    """
    roots: dict[str, _Root] = {}
    for path, status, records, message, name, first, last in connection.execute(ROWS, [person]).fetchall():
        dropped, member, _ = path.partition(MEMBER)
        if settings.subject_of(dropped) != person:
            continue
        root = roots.setdefault(dropped, _Root())
        if member:
            root.members[status] += 1
        else:
            root.own, root.kind = (status, records, message), name
        if status in READ and name not in LOGS and first is not None and last is not None:
            root.spans.setdefault(name, []).append(_span(first, last, settings.home_time_zone))
    known = {day for (day,) in connection.execute(DAYS, [person]).fetchall()}
    days = _days_of(roots, known)
    return [FileReceipt(path, _told(Path(path).name, roots[path], days.get(path))) for path in list(roots)[:SHOWN]]


def _told(name: str, root: _Root, days: tuple[int, int] | None) -> str:
    told = new_days(*days) if days and any(days) else ""
    status, _, message = root.own
    if status == "ignored" and root.kind in EMPTY_LOGS and message in ("", HOLDS_NOTHING):
        return EMPTY_LOGS[root.kind](name)
    return (
        archive_receipt(name, root.members, told)
        if root.members
        else file_receipt(name, *root.own, told or _rows(root))
    )


def _rows(root: _Root) -> str:
    """How many rows of a list or a diary were read; '' of any other file."""
    return rows_read(root.own[1], is_whole=root.own[0] == "loaded") if root.kind in LOG_FORMATS else ""


def _span(first: datetime, last: datetime, zone: str) -> Span:
    """The local dates of the first and the last record; one that ends at midnight ends the day before."""
    end = max(first, last - timedelta(seconds=1))
    return clock.to_local(first, zone).date(), clock.to_local(end, zone).date()


def _days_of(roots: Mapping[str, _Root], known: set[date]) -> dict[str, tuple[int, int]]:
    """By file how many of its days with data were new, and how many an earlier file of its format has too."""
    ordered = sorted(roots, key=lambda path: (max(_ends(roots[path]), default=date.min), path))
    seen: dict[str, set[date]] = {}
    found = {}
    for path in ordered:
        new, all_days = set[date](), set[date]()
        for name, spans in roots[path].spans.items():
            own = {day for first, last in _merged(spans) for day in _dates(first, last)} & known
            all_days |= own
            new |= own - seen.setdefault(name, set())
            seen[name] |= own
        found[path] = (len(new), len(all_days - new))
    return found


def _ends(root: _Root) -> Iterable[date]:
    return (last for spans in root.spans.values() for _, last in spans)


def _merged(spans: list[Span]) -> list[Span]:
    """The same days without overlaps: an archive may have a file a day, each of many days."""
    found: list[Span] = []
    for first, last in sorted(spans):
        if found and first <= found[-1][1]:
            found[-1] = (found[-1][0], max(last, found[-1][1]))
        else:
            found.append((first, last))
    return found


def _dates(first: date, last: date) -> Iterable[date]:
    return (date.fromordinal(number) for number in range(first.toordinal(), last.toordinal() + 1))
