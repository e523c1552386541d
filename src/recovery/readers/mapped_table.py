"""Any other table, as `[[tables]]` of recovery.toml maps its columns: CSV, TSV, a workbook, JSON.

A file is read here because the person says so, and then by no other reader. What holds of every table:

- Rows are of a time, of a whole day, or of a night. A time is ISO, of `date_format` (as in Python's strptime), or
  'unix s' or 'unix ms'; without an offset it is one of `zone`, else of the person's own zone at that date.
- An empty cell, 'null', 'nan' and '-' give nothing; 0 of a living body (a heart rate, an oxygen saturation) neither.
- Counts belong to the interval of the row, from its time to `end` or for `covers_min`; all else is of an instant.
- A night without minutes asleep is taken as sleep from start to end. Minutes of its stages are values of the date on
  which it ends, of the longest sleep of each date.
- The unit may stand in a column of its own, for each row another, or behind the number, `1450 kJ`; a row with a unit
  that is not known is skipped. Minutes may be written as hours and minutes, 7:05.
- Of JSON and workbooks `formats.other_tables` makes CSV.
- A row with a cell that cannot be read is skipped whole; a file without a column of the mapping is refused.
- Rows may be of a diary or of massages (`formats.mapped_logs`); with `where` only those count in which a column has a
  value that it names. Such a file is a log: what it says now replaces what it said, and only the date is essential.
- A row that names a person, under `client` and the like, is that person's; of measurements it is refused where that is
  another than whose folder it lies in.
- Year, month and day may stand in three columns; with `carry_down` a blank date is that of the row above.
"""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime, timedelta

from recovery.errors import UnreadableExportError
from recovery.formats import log_table
from recovery.formats.cell_units import CellUnits
from recovery.formats.entries import Claim, Context, Entry, Tree
from recovery.formats.export_table import Instant, Row, TableFile, headings, offsets, plain
from recovery.formats.log_cells import NotReadableError
from recovery.formats.log_rows import whose
from recovery.formats.mapped_cells import CellError, value_of
from recovery.formats.mapped_encoding import encoding, encoding_with, is_unicode
from recovery.formats.mapped_logs import RowsOfPeople, When, client_heading, client_in, is_of
from recovery.formats.mapped_mends import TableMends, fault_of_start
from recovery.formats.other_tables import as_csv
from recovery.formats.records import DayValue, FileSummary, RecordName, Skipped, Yielded, checked_rows
from recovery.formats.split_dates import DatesBelow
from recovery.formats.times import EPOCH, iso_time, naive_utc, time_as, within_years
from recovery.home import clock
from recovery.home.table_mapping import COUNTS, STAGE_METRICS, UNIX, YEAR_MONTH_DAY, TableMapping
from recovery.words.say import say

LABEL = say("any other table (CSV), mapped in recovery.toml")
VERSION = 6
USES_LOCAL_TIME = True
USES_NAMES = True

ROWS_PER_BATCH = 1 << 16
LONGEST = timedelta(days=2)

NOT_LONGEST = say("of a sleep that is not the longest of its date")

Record = tuple[RecordName, Mapping[str, object]]  # a record type and one row of it


def claims(tree: Tree) -> Iterator[Claim]:
    """The files that recovery.toml maps."""
    for entry in tree:
        if entry.mapping is not None:
            yield Claim(entry.path)


def read(files: Sequence[Entry], context: Context) -> Iterator[Yielded]:
    """Samples, day values or nights of each file; it ends with its summary."""
    for number, given in enumerate(files):
        if given.mapping is None:
            yield Skipped(number, "", say("recovery.toml does not map this file"))
            continue
        try:
            entry, mapping = as_csv(given), given.mapping
        except UnreadableExportError as error:
            yield Skipped(number, "file", str(error))
            continue
        if b"\0" in entry.head and not encoding(entry.head).startswith("utf-16"):
            what = log_table.other_kind(entry.head) or say("binary data")
            yield Skipped(
                number, "file", say("this is {what}, not the table that recovery.toml maps: save it as CSV", what=what)
            )
        else:
            is_log = any(rows.log for rows in mapping.parts)
            yield from (_read_logs if is_log else _read)(TableFile(number, entry, context), mapping)


def _read(file: TableFile, mapping: TableMapping) -> Iterator[Yielded]:
    waiting: dict[RecordName, list[Mapping[str, object]]] = {}
    clocks: dict[tuple[date, int], Instant] = {}
    nights = _Nights(file, mapping)
    cell_units = CellUnits()
    is_checked, client = False, ""
    letters = encoding_with(file.entry, mapping.headings, mapping.header_row)
    mends = TableMends(file.context.mends.of(file.entry.path))
    for row in file.rows(mapping.header_row - 1, letters, mend=mends.cells):
        if mends.leaves_out(row.place):
            file.row_count -= 1
            continue
        if isinstance(row, Skipped):
            yield mends.with_row(row)
            continue
        if not is_checked and (lacking := _lacking(mapping, list(row.cells), letters)):
            yield Skipped(file.number, "file", lacking)
            return
        if not is_checked:
            client = client_heading(row.cells, mapping)
        is_checked = True
        try:
            if client:
                _refuse_another(client_in(row, client), file.context)
            for record, columns in _records(file, mapping, row, clocks, nights, cell_units):
                waiting.setdefault(record, []).append(columns)
        except NotReadableError as error:
            column = client if error.column == "client" and client else error.column
            yield mends.with_row(file.unreadable(row, str(error)), column or fault_of_start(row.cells, mapping))
        if sum(map(len, waiting.values())) >= ROWS_PER_BATCH:
            yield from (checked_rows(record, file.number, rows) for record, rows in waiting.items())
            waiting = {}
    if not is_checked and (lacking := _lacking(mapping, _headings(file.entry.head, mapping, letters), letters)):
        yield Skipped(file.number, "file", lacking)
        return
    waiting["day_values"] = [*waiting.get("day_values", []), *nights.day_values()]
    waiting["clock_offsets"] = [*offsets(mapping.source, list(clocks.values()))]
    yield from (checked_rows(record, file.number, rows) for record, rows in waiting.items() if rows)
    file.messages += mends.messages()
    yield file.summary()._replace(mended=tuple(mends.put_in))


def _refuse_another(name: str, context: Context) -> None:
    """Raises NotReadableError where a row of measurements names another person than whose folder it lies in."""
    person = whose(name, context)
    if person != context.subject:
        raise NotReadableError(
            say("names {name!r}: put what was measured of {person} into that folder", name=name[:60], person=person)
        )


def _read_logs(file: TableFile, mapping: TableMapping) -> Iterator[Yielded]:
    mends = TableMends(file.context.mends.of(file.entry.path))
    logs = RowsOfPeople(file, mapping, lambda text: _when(text, mapping, file), mends)
    dates = _Dates(mapping)
    is_checked = False
    letters = encoding_with(file.entry, mapping.headings, mapping.header_row)
    for row in file.rows(mapping.header_row - 1, letters, is_padded=True, mend=mends.cells):
        if isinstance(row, Skipped):
            dates.lose()
            if mends.leaves_out(row.place):
                file.row_count -= 1
            else:
                yield from logs.lose(mends.with_row(row))
            continue
        if not is_checked and (lacking := _lacking(mapping, list(row.cells), letters)):
            break
        is_checked = True
        written = dates.text(row)  # the text of every row: the next may have its date
        if mends.leaves_out(row.place):
            file.row_count -= 1
        else:
            yield from logs.take(row, written)
    if not is_checked and (lacking := _lacking(mapping, _headings(file.entry.head, mapping, letters), letters)):
        yield FileSummary(file.number, log_kind=logs.own.kind)
        yield Skipped(file.number, "file", lacking)
        return
    if dates.carried_count:
        told = say(
            "dates told only where they change are those of the row above (rows: {count:,})", count=dates.carried_count
        )
        file.messages.append(told)
    file.messages += [*logs.own.messages(), *mends.messages()]
    yield from logs.lost_rows()
    is_empty = True
    for batch in logs.batches():
        is_empty = False
        yield batch
    yield file.summary()._replace(log_kind=logs.own.kind, mended=tuple(mends.put_in))
    if file.row_count and is_empty:
        why = "; ".join(file.messages) or say("see the rows that were rejected")
        yield Skipped(file.number, "file", say("nothing of it could be read as recovery.toml says: {why}", why=why))


class _Dates:
    """The text of the date of each row, in which a blank one may be that of the row above."""

    def __init__(self, mapping: TableMapping) -> None:
        self.mapping = mapping
        self.carried_count = 0
        self._below = DatesBelow(is_day_carried=True)
        self._above = ""

    def text(self, row: Row) -> str:
        cells = [row.cells[plain(heading)] for heading in self.mapping.start]
        if len(cells) == len(YEAR_MONTH_DAY):
            below = self._below if self.mapping.carry_down else DatesBelow()
            text = below.text(*cells)
            self.carried_count = self._below.carried_count
            return text
        text = " ".join(cells).strip()
        if self.mapping.carry_down and not text and self._above:
            self.carried_count += 1
            return self._above
        self._above = text or self._above
        return text

    def lose(self) -> None:
        """A row that cannot be read may have had another date: those below it must tell their own."""
        self._above = ""
        self._below.lose_row()


def _when(text: str, mapping: TableMapping, file: TableFile) -> When:
    """The date of a row, and of a time the wall clock. Raises CellError."""
    if mapping.kind == "date":
        return When(_day(text, mapping.date_format))
    moment = _moment(text, mapping, file)
    if moment.wall is not None:
        return When(moment.wall.date(), moment.wall, moment.utc)
    if not moment.is_assumed:
        wall = clock.to_local(moment.utc, mapping.zone or file.context.zone_at(moment.utc.date()))
        return When(wall.date(), wall, moment.utc)
    wall = _stamp(text, mapping.date_format)
    return When(wall.date(), wall, moment.utc if mapping.zone else None)


def _headings(head: bytes, mapping: TableMapping, letters: str) -> list[str]:
    text = head.decode(letters, errors="replace")
    return [plain(name) for name in headings(text.encode(), mapping.header_row - 1)]


def _lacking(mapping: TableMapping, here: Sequence[str], letters: str) -> str:
    """The sentence for a file without some of the columns; '' where it has all."""
    missing = [name for name in mapping.headings if plain(name) not in here]
    if not missing:
        return ""
    shown = ", ".join(name for name in here if name)[:300] or say("no table")
    names = ", ".join(map(repr, missing))
    if is_unicode(letters):
        return say(
            "recovery.toml maps {names}, which this file does not have; it has {shown}", names=names, shown=shown
        )
    return say(
        "recovery.toml maps {names}, which this file does not have; its letters are not in UTF-8 and were read as "
        "{letters}, {shown}: if that is wrong, save it as CSV UTF-8",
        names=names,
        letters=letters,
        shown=shown,
    )


def _records(
    file: TableFile,
    mapping: TableMapping,
    row: Row,
    clocks: dict[tuple[date, int], Instant],
    nights: "_Nights",
    cell_units: CellUnits,
) -> Iterator[Record]:
    """What one row says. Raises CellError."""
    values = {
        column.metric: value
        for part in mapping.parts
        if is_of(row, part)
        for column in part.columns
        if (value := value_of(row, column, mapping.decimal, cell_units)) is not None
    }
    if mapping.kind == "date":
        day = _day(_Dates(mapping).text(row), mapping.date_format)
        file.saw(datetime.combine(day, datetime.min.time()))
        for metric, value in values.items():
            yield "day_values", {"source": mapping.source, "local_date": day, "metric": metric, "value": value}
        return
    start = _moment(_joined(row, mapping.start), mapping, file)
    end = _end(row, mapping, file, start)
    file.saw(end.utc)
    if start.offset_s is not None:
        key = (start.utc.date(), start.offset_s)
        clocks[key] = min(clocks.get(key, start), start)
    if mapping.kind == "sleep":
        yield from _night(mapping, start, end, {name: values[name] for name in values if name not in STAGE_METRICS})
        nights.add(start, end, {name: values[name] for name in STAGE_METRICS if name in values})
        return
    for metric, value in values.items():
        yield (
            "samples",
            {
                "source": mapping.source,
                "metric": metric,
                "start_utc": start.utc,
                "end_utc": end.utc if metric in COUNTS else start.utc,
                "value": value,
                "tz_assumed": True if start.local else None,
            },
        )


class _Nights:
    """Minutes of stages of the longest sleep that ends on each date."""

    def __init__(self, file: TableFile, mapping: TableMapping) -> None:
        self.file = file
        self.mapping = mapping
        self._longest: dict[date, tuple[timedelta, Mapping[str, float]]] = {}

    def add(self, start: Instant, end: Instant, minutes: Mapping[str, float]) -> None:
        """Keeps the stages of a sleep, unless a longer one ends on its date."""
        if not minutes:
            return
        zone = self.mapping.zone or self.file.context.zone_at(end.utc.date())
        wall = end.wall or end.local or clock.to_local(end.utc, zone)
        day = (wall - timedelta(microseconds=1)).date()
        longest = self._longest.get(day, (timedelta(), {}))
        shorter, longer = sorted([longest, (end.utc - start.utc, minutes)], key=lambda sleep: sleep[0])
        self._longest[day] = longer
        for metric, value in shorter[1].items():
            self.file.removed.add(metric, NOT_LONGEST, value, source=self.mapping.source, day=day)

    def day_values(self) -> Iterator[DayValue]:
        """The minutes of each date."""
        for day, (_, minutes) in sorted(self._longest.items(), key=lambda item: item[0]):
            for metric, value in minutes.items():
                yield {"source": self.mapping.source, "local_date": day, "metric": metric, "value": value}


def _night(mapping: TableMapping, start: Instant, end: Instant, values: Mapping[str, float]) -> Iterator[Record]:
    if end.utc == start.utc:
        raise CellError(say("this night has no length"), mapping.end[0])
    key = f"{start.utc:%Y%m%dT%H%M%S}"
    span = {"source": mapping.source, "session_key": key, "start_utc": start.utc, "end_utc": end.utc}
    local = {"reported_start_local": start.local, "reported_end_local": end.local}
    yield "sleep_sessions", {**span, "tz_assumed": start.is_assumed, **local, **values}
    if "asleep_min" not in values:
        yield "sleep_stages", {**span, "stage": "asleep"}


def _end(row: Row, mapping: TableMapping, file: TableFile, start: Instant) -> Instant:
    if mapping.end:
        try:
            end = _moment(_joined(row, mapping.end), mapping, file)
        except CellError as error:
            error.column = mapping.end[0]
            raise
        if not timedelta() <= end.utc - start.utc <= LONGEST:
            raise CellError(say("this row ends before it begins, or lasts more than two days"), mapping.end[0])
        return end
    length = timedelta(minutes=mapping.covers_min or 0)
    return start._replace(utc=start.utc + length, local=start.local and start.local + length)


def _joined(row: Row, headings: Sequence[str]) -> str:
    return " ".join(row.cells[plain(heading)] for heading in headings).strip()


def _moment(text: str, mapping: TableMapping, file: TableFile) -> Instant:
    try:
        if mapping.date_format in UNIX:
            time_utc = EPOCH + timedelta(seconds=float(text) / UNIX[mapping.date_format])
            return Instant(within_years(time_utc), None, False)
        stamp = _stamp(text, mapping.date_format)
        offset = stamp.utcoffset()
        if offset is not None:
            utc = within_years(naive_utc(stamp))
            seconds = int(offset.total_seconds())
            is_wall = clock.is_place(seconds) and not text.endswith(("Z", "z"))
            return Instant(utc, seconds if is_wall else None, False)
        utc = clock.to_utc(stamp, mapping.zone) if mapping.zone else file.context.to_utc(stamp)
        read_as = f"of {mapping.zone}" if mapping.zone else say("local time")
        message = say("its times carry no zone and are read as {read_as}", read_as=read_as)
        if message not in file.messages:
            file.messages.append(message)
        return Instant(within_years(utc), None, True, None if mapping.zone else stamp)
    except (ValueError, OverflowError):
        raise _no_time(text[:40], mapping.date_format) from None


def _day(text: str, date_format: str | None) -> date:
    try:
        if date_format in UNIX:
            return within_years(EPOCH + timedelta(seconds=float(text) / UNIX[date_format])).date()
        stamp = _stamp(text, date_format).replace(tzinfo=None)
        return within_years(stamp + timedelta(microseconds=1)).date()
    except (ValueError, OverflowError):
        raise _no_date(text[:40], date_format) from None


def _stamp(text: str, date_format: str | None) -> datetime:
    return iso_time(text) if date_format is None else time_as(text, date_format)


def _no_time(text: str, date_format: str | None) -> CellError:
    if date_format:
        return CellError(say("{text!r} is no time as {date_format!r}", text=text, date_format=date_format))
    return CellError(say("{text!r} is no time in ISO form; tell its date_format in recovery.toml", text=text))


def _no_date(text: str, date_format: str | None) -> CellError:
    if date_format:
        return CellError(say("{text!r} is no date as {date_format!r}", text=text, date_format=date_format))
    return CellError(say("{text!r} is no date in ISO form; tell its date_format in recovery.toml", text=text))
