"""The massage log and the diary as tables: their columns in many languages, and which of the two a table is.

A table is a log when one of its first rows names a date and, beside it, columns that only such a log has. Columns that
many tables have (`start`, `minutes`, `pressure`, `mood`) make a log only where the table holds nothing foreign, or
the file is named a massage log or a diary. A table that could be both is a massage log when it gives the minutes,
technique, therapist or pain around a massage, unless its name says that it is a diary. Exactly one of the two readers
claims a file.
"""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import NamedTuple

from recovery.errors import UnreadableExportError
from recovery.formats import diary_layouts
from recovery.formats.diary_scales import SCALES, is_turned, scale_in, scaled
from recovery.formats.entries import Claim, Entry, Tree
from recovery.formats.log_cells import (
    fold,
    is_date,
    shown,
)
from recovery.formats.log_clients import name_parts, of_one, of_sheets, with_clients
from recovery.formats.log_headings import (
    COLUMNS,
    DIARY_COLUMNS,
    WEAK_NAMES,
    asked_for,
    may_ask_for_date,
)
from recovery.formats.log_mends import Original, mended, sentences
from recovery.formats.log_pieces import headings_of, pieces
from recovery.formats.log_sheet import Sheet, first_of
from recovery.formats.log_table import Row, Table, decode_head, kind_of, other_kind, tables, text_tables
from recovery.formats.log_taken import says_no, whether
from recovery.formats.massage_words import names_massage
from recovery.formats.records import PutIn
from recovery.formats.region_words import PAIN_NAME, SPORT_HEADINGS, TOTAL_PAIN
from recovery.formats.split_dates import date_parts, with_dates
from recovery.home.mends import NO_MENDS, Mends
from recovery.vocabulary.circumstances import CIRCUMSTANCES
from recovery.words.say import say

MASSAGE_NAME = re.compile(r"massage|masaje|massaggi|massagem")
DIARY_NAME = re.compile(r"diary|tagebuch|dagboek|dagbog")
_WEAK_DIARY_NAME = re.compile(r"diario|journal")  # vendors use these names too, so they only break ties
_LOG_SUFFIXES = (".csv", ".tsv", ".txt", ".tab", ".xlsx", ".xlsm", ".xls", ".json")

_SHARED = {"date", "note"}
_ONLY_MASSAGE = {"technique", "areas", "muscles", "therapist", "pain_before", "pain_after"}
_NO_DIARY = {"minutes", "technique", "therapist", "muscles", "pain_before", "pain_after", "cause", "status", "end"}
_MAKES_NONE = _SHARED | set(CIRCUMSTANCES)
_ONLY_DIARY = set(DIARY_COLUMNS) - _MAKES_NONE - {"mood"}
_MOSTLY = 0.8  # of the cells of a column
_HEADER_WITHIN = 20  # rows that a title or a hint may take before the headings

_FOLDED: Mapping[str, Mapping[str, str]] = {
    kind: {
        fold(name): column
        for column, synonyms in columns.items()
        for name in (column, column.replace("_", " "), *synonyms.split("|"))
    }
    for kind, columns in COLUMNS.items()
}
_WEAK: Mapping[str, Mapping[str, str]] = {
    kind: {name: column for column, names in columns.items() for name in names.split("|")}
    for kind, columns in WEAK_NAMES.items()
}
_WORDS = frozenset(word for words in _FOLDED.values() for word in words)


class Log(NamedTuple):
    """What a file holds for one kind of log, and a message about the rest."""

    sheets: Sequence[Sheet]
    message: str
    asked: str = ""  # the sentences of it that its owner is to look at
    originals: Mapping[str, Original] = {}  # the rows as they stand in the file, by their place
    mended: tuple[PutIn, ...] = ()  # what was said of its rows


def matched(kind: str, names: Sequence[str]) -> dict[str, int]:
    """Which of a log's columns a row of headings names, and at which position; of two our own name counts, else the
    first."""
    found: dict[str, int] = {}
    for position, name in enumerate(names):
        plain = fold(name)
        column = _FOLDED[kind].get(plain)
        is_ours = plain.replace(" ", "_") == column
        if column and (column not in found or (is_ours and fold(names[found[column]]).replace(" ", "_") != column)):
            found[column] = position
    for position, name in enumerate(names):
        weak = _WEAK[kind].get(fold(name))
        if weak and weak not in found:
            found[weak] = position
    for position, name in enumerate(names):
        asked = asked_for(fold(name)) if kind == "massages" and position not in found.values() else ""
        if asked and asked not in found:
            found[asked] = position
    return found


def _is_weak(kind: str, name: str) -> bool:
    """Whether other tables have such a heading too."""
    return fold(name) not in _FOLDED[kind]


def named(name: str) -> str:
    """'massages' or 'diary' where a file or sheet name says so, else ''."""
    plain = fold(name)
    if MASSAGE_NAME.search(plain):
        return "massages"
    return "diary" if DIARY_NAME.search(plain) else ""


def kind_of_headings(names: Sequence[str], title: str) -> str:
    """'massages' or 'diary' where these headings, under this name, make such a log; else ''."""
    massage, diary = matched("massages", names), matched("diary", names)
    weak = {column for column, position in massage.items() if _is_weak("massages", names[position])}
    own_massage, own_diary = set(massage) - _SHARED - weak, set(diary) - _MAKES_NONE
    if "date" not in massage and "start" not in massage:
        return ""
    by_name = named(title)
    has_date = "date" in massage
    if by_name == "diary" and has_date and (own_diary or not own_massage):
        return "diary"
    tells_days = "taken" in massage and not own_massage and bool(own_diary & _ONLY_DIARY)  # a diary of both
    if by_name == "massages" and (own_massage or has_date) and not tells_days:
        return "massages"
    is_weak_diary = _WEAK_DIARY_NAME.search(fold(title)) or PAIN_NAME.search(fold(title))
    if is_weak_diary and has_date and own_diary & _ONLY_DIARY:
        return "diary"
    clients = {massage.get("client"), diary.get("client")}
    is_all_known = all(
        fold(name) in _WORDS or position in clients for position, name in enumerate(names) if name.strip()
    )
    if (
        has_date
        and "areas" in own_massage <= {"areas", "start"}
        and own_diary & {"pain", "pain_morning", "pain_afternoon"}
    ):
        return "diary"  # where it hurt
    is_sport = any(fold(name) in SPORT_HEADINGS for name in names) and not own_massage & {"technique", "therapist"}
    if (own_massage & _ONLY_MASSAGE and not is_sport) or (own_diary and "minutes" in own_massage and is_all_known):
        return "massages"
    if has_date and own_diary & _ONLY_DIARY:
        return "diary"
    if has_date and is_all_known:
        if own_massage - {"end"} and "end" not in own_massage:
            return "massages"
        if own_diary:
            return "diary"
    return ""


def sheet_of(table: Table, name: str) -> Sheet | None:
    """The log in a table: the first of its first rows that reads as headings, and what is below; else None."""
    title = f"{name} {table.title}"
    for index, row in enumerate(table.rows[:_HEADER_WITHIN]):
        names = [cell if isinstance(cell, str) else "" for cell in row.cells]
        if sheet := _sheet_below(names, table.rows[index + 1 :], table.rows[:index], table.title, title):
            return sheet._replace(title=table.title)
    return None


def _sheet_below(
    names: Sequence[str], rows: Sequence[Row], above: Sequence[Row], own_title: str, title: str
) -> Sheet | None:
    """The log whose headings these are; None where they are those of none."""
    own_names, names = names, _with_date_named(names, rows)
    massage, parts = matched("massages", names), date_parts(names)
    if not (parts or "date" in massage or "start" in massage):
        return None
    message, is_date_made = "", False
    unused = {name: position for position, name in enumerate(own_names) if name}
    if parts and massage.get("date", parts.day) == parts.day:
        dated, is_date_made = with_dates(rows, parts, len(names)), True
        names, own_names, rows = [*names, "date"], [*own_names, "date"], dated.rows
        unused = {name: position for name, position in unused.items() if position not in parts}
        if dated.carried_count:
            message = say(
                "Years and months told only where they change are those of the row above (rows: {count:,}).",
                count=dated.carried_count,
            )
    kind = (named(own_title) and kind_of_headings(names, own_title)) or kind_of_headings(names, title)
    kind = kind or ("massages" if "date" in massage and _names_massages(rows, massage.get("technique")) else "")
    if _regions_of(names, rows[:_HEADER_WITHIN], title, kind):
        kind = "diary"
    if not kind:
        return None
    columns = matched(kind, names)
    if "client" not in columns and (clients := with_clients(own_names, rows, above)):
        own_names, rows = clients
        columns["client"] = len(own_names) - 1
        unused = {name: position for name, position in unused.items() if position not in name_parts(names)}
    if "taken" in columns and not _tells_whether(rows, columns["taken"]):
        columns.setdefault("technique", columns["taken"])
        del columns["taken"]
    if kind == "diary" and "pain" in columns:
        totals = [position for position, name in enumerate(names) if fold(name) in TOTAL_PAIN]
        columns["pain"] = columns["pain"] if columns["pain"] in totals or not totals else totals[0]
    left = [name for name, position in unused.items() if position not in columns.values()]
    is_no = "taken" in columns and says_no(rows, columns["taken"])
    return Sheet(kind, columns, rows, left, own_names, message, is_date_made, says_no=is_no)


def _names_massages(rows: Sequence[Row], position: int | None) -> bool:
    """Whether most cells of a column such as `Type` or `Service` name a massage."""
    if position is None:
        return False
    told = [shown(row.cells[position]) for row in rows[:_HEADER_WITHIN] if position < len(row.cells)]
    told = [text for text in told if text]
    return bool(told) and sum(names_massage(text) for text in told) * 2 > len(told)


def _tells_whether(rows: Sequence[Row], position: int) -> bool:
    """Whether the cells of a column named massage say yes, no or how long, and no kind of massage."""
    told = [row.cells[position] for row in rows if position < len(row.cells) and row.cells[position] not in (None, "")]
    return bool(told) and sum(whether(cell) is not None for cell in told) >= _MOSTLY * len(told)


def _with_date_named(names: Sequence[str], rows: Sequence[Row]) -> Sequence[str]:
    """The headings; where none says date, or only when a form was filled in, 'date' for the column that holds dates."""
    position = matched("massages", names).get("date")
    is_of_form = position is not None and fold(names[position]) in _WEAK["massages"]
    if position is not None and not is_of_form:
        return names
    others = [number for number, name in enumerate(names) if name and number != position]
    asked = [number for number in others if may_ask_for_date(fold(names[number]))]
    for number in [*asked, *(others if is_of_form else ())]:
        told = [row.cells[number] for row in rows if number < len(row.cells) and row.cells[number] not in (None, "")]
        dates = sum(is_date(cell) for cell in told[:_HEADER_WITHIN])
        if dates and dates >= _MOSTLY * len(told[:_HEADER_WITHIN]):
            return ["date" if place == number else name for place, name in enumerate(names)]
    return names


def _regions_of(names: Sequence[str], rows: Sequence[Row], title: str, kind: str) -> diary_layouts.Regions | None:
    """The regions or symptoms that a table rates apart; None where it has no date, holds massages, or rates one."""
    massage, diary = matched("massages", names), matched("diary", names)
    strong = {column for column in set(massage) & _NO_DIARY if not _is_weak("massages", names[massage[column]])}
    if "date" not in massage or strong or named(title) == "massages":
        return None
    known = {position for column, position in diary.items() if column not in ("date", "client")}
    known |= {massage[column] for column in ("start", "note") if column in massage}
    return diary_layouts.regions_in_rows(
        names, rows, massage["date"], title, known
    ) or diary_layouts.regions_in_columns(names, rows, title, kind == "diary")


def sheets_of(found: Iterable[Table], name: str) -> list[Sheet]:
    """The logs among tables. Of one text split at several delimiters the reading with the most known columns counts."""
    by_place: dict[tuple[str, int], Sheet] = {}
    for table in found:
        own: Sheet | None = None
        for number, piece in enumerate(pieces(table)):
            # what stands below another table is not told by the name of the file
            sheet = sheet_of(piece, name) if number == 0 else sheet_of(piece._replace(title=""), "")
            best = by_place.get((table.title, number))
            if sheet and (best is None or len(sheet.columns) > len(best.columns)):
                sheet = by_place[table.title, number] = sheet._replace(title=table.title)
                own = sheet if number == 0 else own
            elif sheet is None and own:
                own = by_place[table.title, 0] = own._replace(message=f"{own.message} {_not_read(piece)}".strip())
    return list(by_place.values())


def _not_read(piece: Table) -> str:
    return say(
        "From {place} on it holds another table, which is not read ({headings}): save that as a file of its own.",
        place=piece.rows[0].place,
        headings=headings_of(piece)[:200],
    )


# Tables of exports with the headings of a log, by their first line: doses of medication of Health Auto Export.
OF_AN_EXPORT = re.compile(rb"(?:\xef\xbb\xbf)?Date[,;]Scheduled Date[,;]Medication[,;]")


def claims(tree: Tree, kind: str) -> Iterator[Claim]:
    """The entries that are this kind of log: by their headings, or by their name."""
    for entry in tree:
        if entry.size and log_kind(entry) == kind:
            yield Claim(entry.path)


def log_kind(entry: Entry) -> str:
    """'massages', 'diary' or '' of one file. Only the beginning is read where that is enough to say no."""
    if OF_AN_EXPORT.match(entry.head):
        return ""
    by_name = named(entry.name) if entry.name.casefold().endswith(_LOG_SUFFIXES) else ""
    kind = kind_of(entry.head)
    if not kind:
        return by_name if other_kind(entry.head) else ""
    if kind == "text":
        found = text_tables(decode_head(entry.head), _HEADER_WITHIN)
    elif kind == "json" and not by_name and not _may_be_log(entry.head):
        return ""
    else:
        try:
            found = tables(entry, _HEADER_WITHIN)
        except UnreadableExportError:
            return by_name
    kinds = [sheet.kind for sheet in sheets_of(found, entry.name)]
    if kind == "text":  # tables below each other: the first one says what the file is, wherever the others begin
        return kinds[0] if kinds else by_name
    return next((kind for kind in ("massages", "diary") if kind in kinds), by_name)


def read_log(entry: Entry, kind: str, mends: Mends = NO_MENDS) -> Log:
    """All sheets of this kind in a file, with what was said of their rows.

    Raises UnreadableExportError where the file is no table, or has no headings of this log.
    """
    everything = tables(entry)
    found = sheets_of(everything, entry.name)
    mine = [sheet for sheet in found if sheet.kind == kind]
    if not mine:
        wanted = "date, pain, medication" if kind == "diary" else "date, start, minutes, technique"
        raise UnreadableExportError(
            say(
                "No row of {name} names the columns of a {kind}.",
                name=entry.name,
                kind="diary" if kind == "diary" else "massage log",
            ),
            say("Its first row should hold names such as {wanted}.", wanted=wanted),
        )
    for number, client in of_sheets([sheet.title for sheet in mine]).items():
        mine[number] = _of_client(mine[number], client)
    with_mends = mended(mine, mends.of(entry.path))
    mine = with_mends.sheets
    mine = [rated(sheet, entry.name) if kind == "diary" else _with_pain_on_scale(sheet, entry.name) for sheet in mine]
    parts = [sheet.message for sheet in mine] + sentences(with_mends.applied, with_mends.lapsed)
    asked: list[str] = []
    unused = list(dict.fromkeys(heading for sheet in mine for heading in sheet.unused))
    if unused:
        asked.append(say("Columns not used: {columns}.", columns=", ".join(unused[:20])))
    parts += asked
    stripped = [f"{row.place} ({row.stripped})" for table in everything for row in table.rows if row.stripped]
    if stripped:
        parts.append(say("Characters that nobody sees were left out: {rows}.", rows=first_of(stripped)))
    if len(found) > len(mine):
        other = "diary" if kind == "massages" else "massage log"
        parts.append(f"It also holds a {other}, which is not read from here: save that as a file of its own.")
    return Log(mine, " ".join(filter(None, parts)), " ".join(asked), with_mends.originals, with_mends.put_in)


def _of_client(sheet: Sheet, client: str) -> Sheet:
    """The sheet as that of a client, where it does not say itself whose its rows are."""
    if "client" in sheet.columns:
        return sheet
    names, rows = of_one(sheet.names, sheet.rows, client)
    return sheet._replace(names=names, rows=rows, columns={**sheet.columns, "client": len(names) - 1})


def _with_pain_on_scale(sheet: Sheet, name: str) -> Sheet:
    """A massage log with the pain around each massage on our scale, where its heading tells another."""
    rows, messages = sheet.rows, [sheet.message]
    for column in ("pain_before", "pain_after"):
        position = sheet.columns.get(column)
        heading = sheet.names[position] if position is not None else ""
        if position is not None and (scale_in(heading, "pain") or is_turned(heading, "pain")):
            rows, message, _ = scaled(rows, position, "pain", heading, name)
            messages.append(message)
    return sheet._replace(rows=rows, message=" ".join(filter(None, messages)))


def rated(sheet: Sheet, name: str) -> Sheet:
    """A diary with its ratings on our scales.

    Raises UnreadableExportError where it rates several regions, or its pain on a scale that nothing tells.
    """
    if regions := _regions_of(sheet.names, sheet.rows, name, "diary"):
        raise UnreadableExportError(*diary_layouts.refusal(name, regions))
    rows = sheet.rows
    columns, messages = dict(sheet.columns), [sheet.message]
    for column in SCALES:
        if column in sheet.columns:
            position = sheet.columns[column]
            rows, message, is_read = scaled(rows, position, column, sheet.names[position], name)
            messages.append(message)
            if not is_read:
                del columns[column]
    return sheet._replace(columns=columns, rows=rows, message=" ".join(filter(None, messages)))


_JSON_KEY = re.compile(r'"((?:[^"\\]|\\.){1,60})"\s*:')


def _may_be_log(head: bytes) -> bool:
    keys = _JSON_KEY.findall(head.decode("utf-8", errors="ignore").replace("\0", ""))
    return bool(keys) and (len({fold(key) for key in keys} & _WORDS) >= 2 or any(named(key) for key in keys))
