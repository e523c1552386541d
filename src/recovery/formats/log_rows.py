"""The rows of a log: what each says, whose it is, and which days are unknown because of those that cannot be read.

A log may have a column that names a person (client, patient, name). Each row then goes to that person, by the people
of recovery.toml and their aliases; a name that nobody knows is nobody's row, and is never taken for the owner's.
"""

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import date, datetime, time
from typing import cast

from recovery.errors import UnreadableExportError
from recovery.formats.entries import Context, Entry
from recovery.formats.log_cells import NoMassageError, NotReadableError, date_of, shown
from recovery.formats.log_columns import Log, read_log
from recovery.formats.log_days import dates_of_sheets, is_no_massage, unknown_days
from recovery.formats.log_many_dates import one_date_each, refuse_range
from recovery.formats.log_mends import Original, column_of, unread_row
from recovery.formats.log_sheet import Sheet, Unread, cell_of, first_of
from recovery.formats.log_table import Row
from recovery.formats.log_years import order_of_dates, with_years
from recovery.formats.records import (
    Batch,
    Dates,
    Doubtful,
    FileSummary,
    RecordName,
    Skipped,
    UnreadRow,
    Yielded,
    checked_rows,
)
from recovery.home import clock
from recovery.home.people import name_key, person_named
from recovery.home.settings import OWNER
from recovery.words.mends import LIES_AHEAD
from recovery.words.say import say

Meaning = Callable[[Row, Sheet, bool | None, list[Unread]], Mapping[str, object] | None]
DateIn = Callable[[Row, Sheet, bool | None], date]
Question = Callable[[Row, Sheet, Mapping[str, object]], str]


def read_logs(
    files: Sequence[Entry],
    kind: RecordName,
    origin: str,
    context: Context,
    meaning: Meaning,
    date_in: DateIn | None = None,
    question: Question = lambda *_: "",
    taken: Meaning | None = None,
) -> Iterator[Yielded]:
    """The records of many logs of one kind; `meaning` makes one of a row, None of a row that gives nothing.

    What `meaning` adds to its list is a value that cannot be read: it is told, and the row stays without it. Where
    `date_in` is given, it reads the date of a row that is skipped, so that the dates on which it may lie are unknown.
    The records that `question` names are asked about in the receipt. A file that cannot be read at all is one
    `Skipped` with the place 'file': the other files of the pack stand. Where `taken` is given, it makes a massage of a
    row of a diary whose column `taken` tells of one.
    """
    for file, entry in enumerate(files):
        try:
            log = read_log(entry, kind, context.mends)
            orders = [order_of_dates(sheet) for sheet in log.sheets]
        except UnreadableExportError as error:
            yield FileSummary(file, log_kind=kind)
            yield Skipped(file, "file", str(error))
            continue
        read = _Rows(file, origin, context, log.originals, asks=kind == "massages")
        massages = _Rows(file, origin, context, log.originals, asks=False)
        sheets, years, listed = _dated(log, orders, read)
        lie_on = _dates_of(sheets, orders, date_in)
        for sheet, is_day_first, dates in zip(sheets, orders, lie_on, strict=True):
            read.add(sheet, is_day_first, dates, meaning, question)
            if taken and "taken" in sheet.columns:
                (days,) = _dates_of([sheet], [is_day_first], _date_alone)
                massages.add(sheet, is_day_first, days, taken, lambda *_: "")
        holds_both = bool(massages.rows or massages.skipped)
        message = " ".join(filter(None, [log.message, *read.sentences(years, listed)]))
        asked = " ".join(filter(None, [asked_about(read.questions), log.asked]))
        own_kind = f"{kind}+massages" if holds_both else kind
        yield FileSummary(
            file, message=message, log_kind=own_kind, asked=asked, mended=log.mended, doubtful=tuple(read.doubtful)
        )
        told = {(item.place, item.reason): item for item in [*read.skipped, *massages.skipped]}
        yield from told.values()
        yield from read.batches(kind)
        yield from massages.batches("massages")


def _dated(log: Log, orders: Sequence[bool | None], read: "_Rows") -> tuple[list[Sheet], list[str], list[str]]:
    """The sheets with whole dates, one a row; the rows whose year was added, and those that list several dates."""
    years: list[str] = []
    listed: list[str] = []
    sheets: list[Sheet] = []
    for dated_in_part, is_day_first in zip(log.sheets, orders, strict=True):
        sheet, added = with_years(dated_in_part, is_day_first)
        expanded = one_date_each(_of_told_rows(sheet), is_day_first)
        sheets.append(expanded.sheet)
        years += added
        listed += expanded.listed
        read.ranges |= expanded.ranges
    return sheets, years, listed


def _dates_of(
    sheets: Sequence[Sheet], orders: Sequence[bool | None], date_in: DateIn | None
) -> Sequence[Sequence[Dates | None]]:
    """The dates on which each row of each sheet may lie; None where nobody asks."""
    if date_in is None:
        return [[None] * len(sheet.rows) for sheet in sheets]
    return dates_of_sheets(
        [
            [_date_of(row, sheet, is_day_first, date_in) for row in sheet.rows]
            for sheet, is_day_first in zip(sheets, orders, strict=True)
        ]
    )


def _date_alone(row: Row, sheet: Sheet, is_day_first: bool | None) -> date:
    return date_of(cell_of(row, sheet, "date"), is_day_first).local_date


class _Rows:
    """The rows of one log: the records by person, and what is to be said of the others."""

    def __init__(
        self, file: int, origin: str, context: Context, originals: Mapping[str, Original], *, asks: bool
    ) -> None:
        self.file = file
        self.originals = originals
        self.asks = asks  # whether each row is a massage that may not have taken place
        self.origin = origin
        self.context = context
        self.rows: dict[str, list[Mapping[str, object]]] = {}
        self.skipped: list[Skipped] = []
        self.questions: list[str] = []
        self.doubtful: list[Doubtful] = []
        self.ranges: dict[str, Dates] = {}  # rows that name a range of days

    def add(
        self,
        sheet: Sheet,
        is_day_first: bool | None,
        lie_on: Sequence[Dates | None],
        meaning: Meaning,
        question: Question,
    ) -> None:
        """Reads the rows of one sheet; `lie_on` are the dates on which each may lie, None where nobody asks."""
        others = [column for column in sheet.columns if column not in ("date", "client")]
        told = sum(any(cell_of(row, sheet, column) is not None for column in others) for row in sheet.rows)
        tells_more = self.asks and told * 2 >= len(sheet.rows)
        named = {name for row in sheet.rows if (name := name_in(row, sheet))}
        is_named = any(person_named(self.context.names, name) != self.context.subject for name in named)
        for row, dates in zip(sheet.rows, lie_on, strict=True):
            person, unread = "", list[Unread]()
            try:
                person = whose(name_in(row, sheet), self.context, is_named=is_named)
                if row.is_cut:
                    raise NotReadableError(
                        say("is shorter than all other rows and ends with the file: the file may have been cut off")
                    )
                if row.place in self.ranges:
                    raise refuse_range(row, sheet)
                record = meaning(row, sheet, is_day_first, unread)
            except NotReadableError as error:
                is_none = isinstance(error, NoMassageError) or is_no_massage(row, sheet.names)
                unknown = None if is_none else dates and self.ranges.get(row.place, dates)
                lost = Skipped(self.file, row.place, str(error), _row_as_text(row), unknown=unknown, person=person)
                own = None if is_none else self._unread(row, sheet, column_of(error, row, sheet))
                self.skipped.append(lost._replace(row=own))
                continue
            if record is not None and self._lies_ahead(row, sheet, record, person):
                continue
            is_kept = record is not None
            self.skipped += [
                Skipped(
                    self.file, row.place, each.reason, each.value, is_kept,
                    person=person, row=self._unread(row, sheet, each.column),
                )
                for each in unread
            ]  # fmt: skip
            if record is not None:
                self.rows.setdefault(person, []).append({"place": row.place, "origin": self.origin, **record})
                is_bare = tells_more and all(cell_of(row, sheet, column) is None for column in others)
                asked = question(row, sheet, record) or (_bare(row, record) if is_bare else "")
                if asked:
                    self.questions.append(asked)
                    own = self._unread(row, sheet, "status")
                    self.doubtful += [Doubtful(row.place, asked, person, own)] if own else []

    def _unread(self, row: Row, sheet: Sheet, column: str) -> UnreadRow | None:
        return unread_row(row, sheet, self.originals.get(row.place), column)

    def _lies_ahead(self, row: Row, sheet: Sheet, record: Mapping[str, object], person: str) -> bool:
        """Whether a massage or a day is yet to come: it is refused, and the file read again then.

        A booked appointment is no massage, and would make the list vouch for days that nobody has lived yet.
        """
        day = cast(date, record["local_date"])
        latest_utc = clock.latest_utc(clock.now_utc())
        begins_utc = clock.to_utc(datetime.combine(day, time()), self.context.zone_at(day))
        if record.get("status", "attended") != "attended" or begins_utc <= latest_utc - clock.AHEAD:
            return False
        again_utc = begins_utc + clock.AHEAD  # `clock_receipts` looks that far ahead
        own = self._unread(row, sheet, "date" if "date" in sheet.columns else "start")
        self.skipped.append(
            Skipped(self.file, row.place, LIES_AHEAD, _row_as_text(row), again_utc=again_utc, person=person, row=own)
        )
        return True

    def batches(self, kind: RecordName) -> Iterator[Batch]:
        """The records, a batch for each person."""
        for person, rows in self.rows.items():
            yield checked_rows(kind, self.file, rows)._replace(person="" if person == self.context.subject else person)

    def sentences(self, years: Sequence[str], listed: Sequence[str]) -> list[str]:
        """What the receipt says of the rows: whose year was added, and which list several dates."""
        records = [record for rows in self.rows.values() for record in rows]
        days, attended = (
            [cast(date, record["local_date"]) for record in records if record.get("status") in statuses]
            for statuses in (("attended", "cancelled", "no-show"), ("attended",))
        )
        of_years = say("Dates without a year took that of the dates beside them: {rows}.", rows=first_of(years))
        return [
            of_years if years else "",
            say("Rows that list several dates were read as one for each: {rows}.", rows=first_of(listed))
            if listed
            else "",
            asked_about(self.questions),
            unknown_days(self.skipped, days, attended),
        ]


def _bare(row: Row, record: Mapping[str, object]) -> str:
    """What to ask of a date with nothing beside it in a list that tells more: it may have been filled in beforehand."""
    return say("{local_date} ({place}, nothing but the date)", local_date=record["local_date"], place=row.place)


def asked_about(massages: Sequence[str]) -> str:
    """What the receipt asks of massages that may not have taken place."""
    if not massages:
        return ""
    if len(massages) == 1:
        return say(
            "Did this massage take place: {massage}? It counts until its column status says cancelled or no-show.",
            massage=massages[0],
        )
    return say(
        "Did these massages take place: {massages}? They count until their column status says cancelled or no-show.",
        massages=first_of(massages),
    )


def _of_told_rows(sheet: Sheet) -> Sheet:
    """The sheet without the rows that hold nothing in the log's own columns."""
    told = [row for row in sheet.rows if any(cell_of(row, sheet, column) is not None for column in sheet.columns)]
    return sheet._replace(rows=told)


def name_in(row: Row, sheet: Sheet) -> str:
    """The person that a row names; '' where it names none."""
    name = shown(cell_of(row, sheet, "client"))
    return name if name_key(name) else ""


def whose(name: str, context: Context, *, is_named: bool = False) -> str:
    """Whose a row is: of whom it names, else of whom its folder is. A name that nobody knows is nobody's.

    `is_named`: other rows of the log name somebody else, so that a row without a name is a gap. Raises
    NotReadableError.
    """
    if not name:
        if is_named and context.subject == OWNER:
            raise NotReadableError(say("names nobody, and other rows of this log do; write whose row it is"), "client")
        return context.subject
    person = person_named(context.names, name)
    if person is None:
        raise NotReadableError(
            say(
                "names {name!r}, who is not in recovery.toml; write the name into the aliases of its person, as"
                " {example}, or list a new person as [people.NAME]",
                name=name[:60],
                example=f"[people.{context.subject}] aliases = [{json.dumps(name[:60], ensure_ascii=False)}]",
            ),
            "client",
        )
    if context.subject not in (OWNER, person):
        raise NotReadableError(
            say(
                "names {name!r}, but lies in the folder of {owner}; put it into a log of {person}, or into one outside"
                " the folders of people",
                name=name[:60],
                owner=context.subject,
                person=person,
            ),
            "client",
        )
    return person


def _date_of(row: Row, sheet: Sheet, is_day_first: bool | None, date_in: DateIn) -> date | None:
    """The date of a row; None where it cannot be told."""
    if row.is_cut:
        return None
    try:
        return date_in(row, sheet, is_day_first)
    except NotReadableError:
        return None


def _row_as_text(row: Row) -> str:
    return "; ".join(shown(cell) for cell in row.cells)[:500]
