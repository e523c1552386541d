"""A massage log that a person or a clinic keeps: CSV, TSV, XLSX or JSON.

`formats.log_columns` says which tables are such logs and what their columns are called; here is what a row means.

- `date` may hold the time too; without a `date` column a `start` with dates does. Numeric dates need a row that shows
  whether the day or the month stands first; else the file is refused.
- `start` may hold the end too, as 17:30-18:30.
- `minutes`, else `end` less `start` (over midnight where `end` is earlier). Missing: NULL, never an average.
- `pressure` is 1-5 or a word: very light 1, light 2, medium 3, firm and deep 4, very firm and very deep 5.
- An empty `status` is an attended massage; a planned, booked or confirmed one may not have taken place: skipped.
- Only the date is essential: any other value that cannot be read, contradicts the date or is off its scale is left
  empty and told. A row without a date, and one whose status is unknown or a plan, is skipped; the others load.
- A row that names a person is that person's; a row that is skipped makes its date, or those between the rows beside
  it, days of which nobody knows whether there was a massage (`formats.log_rows`, `formats.log_days`).
- A row without a status whose note says "cancelled" or "ill" counts, and the receipt asks about it.
- A file that cannot be read at all is one `Skipped` with the place 'file', so that the other files are not touched.
- A start with an offset gives `start_utc`; 'Z' is an instant without a wall clock, and takes the person's own zone.

A massage that is yet to come is no massage: the row is refused, and the file read again on its day.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime, time, timedelta
from typing import NamedTuple

from recovery.formats import log_columns, treatments
from recovery.formats.entries import Claim, Context, Entry, Tree
from recovery.formats.log_cells import (
    Cell,
    Moment,
    NoMassageError,
    NotReadableError,
    clock_of,
    date_of,
    fold,
    is_clock,
    minutes_of,
    moment_of,
    scale_of,
    shown,
    within,
)
from recovery.formats.log_rows import read_logs
from recovery.formats.log_sheet import Sheet, Unread, cell_of, number_in, or_unread, said, text_in
from recovery.formats.log_spans import span_of
from recovery.formats.log_table import Row
from recovery.formats.log_taken import minutes_in, taken
from recovery.formats.log_words import NO, NONE, doubt, says_none
from recovery.formats.records import MassageContent, Yielded
from recovery.home import clock
from recovery.vocabulary.massages import MAX_MASSAGE_MIN, MIN_MASSAGE_MIN
from recovery.words.say import say

LABEL = say("massage log (CSV, TSV, XLSX, JSON)")
VERSION = 6
USES_LOCAL_TIME = True  # only a start that ends in Z needs the person's zone
USES_NAMES = True


# Folded words, as people and booking systems write them.
STATUS_WORDS: Mapping[str, str] = {
    "attended": "yes|y|true|1|done|completed|complete|ok|present|arrived|checked in|checked out|paid|took place|"
    "finished|"
    "ja|erschienen|wahrgenommen|teilgenommen|erledigt|stattgefunden|abgeschlossen|besucht|anwesend|"
    "oui|effectue|effectuee|honore|venu|venue|present|presente|fait|realise|termine|"
    "si|asistio|asistida|realizado|realizada|hecho|completado|completada|presente|"
    "fatto|effettuato|effettuata|completato|eseguito|presenza|"
    "aanwezig|gedaan|voltooid|afgerond|bijgewoond|fremmodt|gennemfort|afholdt|modt|"
    "sim|compareceu|feito|realizada|concluido|concluida",
    "cancelled": "canceled|cancel|cancelled by client|late cancellation|called off|"
    "abgesagt|storniert|ausgefallen|entfallen|annule|annulee|"
    "cancelado|cancelada|anulado|anulada|annullato|annullata|cancellato|disdetto|disdetta|"
    "geannuleerd|afgezegd|aflyst|afmeldt|desmarcado|desmarcada",
    "no-show": "no show|noshow|no|n|false|0|missed|did not attend|dna|absent|did not show|"
    "nicht erschienen|nicht gekommen|versaumt|verpasst|gefehlt|nein|"
    "absente|non venu|non honore|manque|non|no asistio|ausente|no presentado|falta|"
    "assente|non presentato|mancato|niet verschenen|niet gekomen|afwezig|gemist|nee|"
    "udeblevet|udeblev|nej|fravaerende|nao compareceu|faltou|nao",
}
PLANNED_WORDS = (
    "planned|booked|scheduled|confirmed|pending|upcoming|open|requested|geplant|gebucht|bestatigt|offen|prevu|prevue|"
    "confirme|confirmee|reserve|planificado|confirmado|confirmada|reservado|programado|pendiente|pianificato|prenotato|"
    "confermato|gepland|bevestigd|geboekt|planlagt|bekraeftet|booket|agendado|agendada|marcado|marcada|tentative"
)
PRESSURE_WORDS: Mapping[float, str] = {
    1: "very light|very soft|very gentle|sehr leicht|sehr sanft|tres leger|tres legere|muy suave|molto leggera|"
    "molto leggero|zeer licht|meget let|muito leve",
    2: "light|soft|gentle|low|mild|leicht|sanft|leger|legere|doux|douce|suave|ligera|leggera|leggero|licht|zacht|let|"
    "leve",
    3: "medium|moderate|normal|middle|average|mittel|moyen|moyenne|moderee|modere|medio|media|moderada|moderado|"
    "moderata|moderato|gemiddeld|matig|middel|medio",
    4: "firm|deep|strong|hard|high|fest|stark|tief|kraftig|fort|forte|profond|profonde|ferme|fuerte|profunda|profundo|"
    "firme|profonda|stevig|diep|sterk|fast|dyb|kraftigt|hardt",
    5: "very firm|very deep|very strong|very hard|sehr fest|sehr stark|sehr tief|tres fort|tres forte|tres profond|"
    "muy fuerte|muy profunda|molto forte|molto profonda|zeer stevig|zeer diep|meget fast|meget dyb|muito forte|"
    "muito profunda",
}

_STATUSES = {word: status for status, words in STATUS_WORDS.items() for word in (fold(status), *words.split("|"))}
_LONG_STATUSES = [word for word, status in _STATUSES.items() if len(word) > 5 and status != "attended"]
_MARKS: Mapping[str, str] = {"is_cancelled": "cancelled", "is_no_show": "no-show"}
_TELL_STATUS = ("status", *_MARKS)
_PLANNED = frozenset(PLANNED_WORDS.split("|"))
_PRESSURES = {word: level for level, words in PRESSURE_WORDS.items() for word in words.split("|")}


class _Start(NamedTuple):
    local_date: date
    start_local: datetime | None
    start_utc: datetime | None


def claims(tree: Tree) -> Iterator[Claim]:
    """The tables that are massage logs, by their headings or their name."""
    return log_columns.claims(tree, "massages")


def read(files: Sequence[Entry], context: Context) -> Iterator[Yielded]:
    """Every massage of the logs, attended or not, and each row and value that could not be read."""
    return read_logs(
        files,
        "massages",
        "massage_log",
        context,
        lambda row, sheet, is_day_first, unread: massage(row, sheet, is_day_first, context, unread),
        lambda row, sheet, is_day_first: _start_of(row, sheet, is_day_first, context, []).local_date,
        _question,
    )


def massage(
    row: Row, sheet: Sheet, is_day_first: bool | None, context: Context, unread: list[Unread]
) -> MassageContent | None:
    """One row as a record without `file`, `place` and `origin`; None where its column `massage` says no, or the
    treatment of its day is "none".

    Values that cannot be read are added to `unread`. Raises NotReadableError where the row has no date, or a status
    that says no more than a plan or nothing we know.
    """
    status = _status_in(row, sheet)
    _must_have_been(row, sheet)
    _must_be_massage(row, sheet)
    count = taken(row, sheet)
    if status == "attended" and (count == 0 or _is_day_without(row, sheet)):
        return None
    start = _start_of(row, sheet, is_day_first, context, unread)
    return {
        "local_date": start.local_date,
        "start_local": start.start_local,
        "start_utc": start.start_utc,
        "massage_min": _minutes_of(row, sheet, is_day_first, start.start_local, status, unread) or minutes_in(count),
        "pressure": number_in(row, sheet, "pressure", _pressure_of, unread),
        "status": status,
        "pain_before": number_in(row, sheet, "pain_before", lambda cell: scale_of(cell, 0, 10), unread),
        "pain_after": number_in(row, sheet, "pain_after", lambda cell: scale_of(cell, 0, 10), unread),
        "technique": text_in(row, sheet, "technique"),
        "areas": text_in(row, sheet, "areas"),
        "muscles": text_in(row, sheet, "muscles"),
        "therapist": text_in(row, sheet, "therapist"),
        "cause": text_in(row, sheet, "cause"),
        "note": text_in(row, sheet, "note"),
    }


def _must_have_been(row: Row, sheet: Sheet) -> None:
    """Raises NotReadableError for a row without a status that says in words that there was none."""
    if any(cell_of(row, sheet, column) is not None for column in _TELL_STATUS):
        return
    if any(says_none(fold(shown(cell_of(row, sheet, column)))) for column in ("note", "technique", "start", "minutes")):
        raise NotReadableError(
            say("says that there was none; write cancelled or no-show into its column status"), "status"
        )


def _is_day_without(row: Row, sheet: Sheet) -> bool:
    """Whether the treatment of a day is "none", and nothing else of the row tells of a massage."""
    of_massage = ("start", "end", "minutes", "pressure", "therapist", *_TELL_STATUS)
    word = fold(shown(cell_of(row, sheet, "technique")))
    return word in NONE | NO and all(cell_of(row, sheet, column) in (None, 0, "0") for column in of_massage)


def _must_be_massage(row: Row, sheet: Sheet) -> None:
    """Raises NoMassageError for a row of a list of treatments that plainly names another one: 'Fango'."""
    text = shown(cell_of(row, sheet, "technique"))
    if treatments.is_other(text) and (treatments.heads_treatments(sheet) or treatments.tells_of_practice(sheet)):
        raise NoMassageError(say("tells of {text!r}, which is no massage", text=text[:60]))


def _is_zero(minutes: Cell) -> bool:
    try:
        return minutes_of(minutes) == 0
    except NotReadableError:
        return False


def _question(row: Row, sheet: Sheet, record: Mapping[str, object]) -> str:
    """Which massage to ask about: of a row without a status that says in words that it may not have taken place.

    It counts meanwhile: only `status` decides (contract.md), an empty one is an attended massage, and a note such as
    "felt ill, went anyway" is no status. Whoever fills in the column has answered.
    """
    if any(cell_of(row, sheet, column) is not None for column in _TELL_STATUS):
        return ""
    texts = {column: shown(cell_of(row, sheet, column)) for column in ("note", "technique", "start", "minutes", "date")}
    known = set(sheet.columns.values())
    others = enumerate(row.cells[: len(sheet.names)])
    texts |= {sheet.names[position]: shown(cell) for position, cell in others if position not in known}
    column, text = next(((column, text) for column, text in texts.items() if doubt(fold(text))), ("", ""))
    if not column and _may_be_other(texts["technique"], sheet):
        column, text = "technique", texts["technique"]
    if not column and texts["minutes"] and _is_zero(cell_of(row, sheet, "minutes")):
        column, text = "minutes", texts["minutes"]
    if not column:
        return ""
    return say(
        "{local_date} ({place}, {column} {text!r})",
        local_date=record["local_date"],
        place=row.place,
        column=column,
        text=text[:60],
    )


def _may_be_other(treatment: str, sheet: Sheet) -> bool:
    """Whether a treatment is to be asked about: one that no massage is called, in a list of those of a practice."""
    if treatments.is_other(treatment):
        return True
    if not treatments.is_unknown(treatment) or not treatments.heads_treatments(sheet):
        return False
    return treatments.holds_others(sheet)


def _start_of(row: Row, sheet: Sheet, is_day_first: bool | None, context: Context, unread: list[Unread]) -> _Start:
    day_cell, start_cell = cell_of(row, sheet, "date"), cell_of(row, sheet, "start")
    if day_cell is None:
        if start_cell is None:
            raise NotReadableError(say("has no date"))
        if is_clock(start_cell) or span_of(start_cell):
            raise NotReadableError(say("has a time but no date"), "date")
        return _placed(_moment_in("start", start_cell, is_day_first, unread), context)
    day = _moment_in("date", day_cell, is_day_first, unread)
    if start_cell is None:
        return _placed(day, context)
    start = or_unread(unread, "start", start_cell, lambda cell: _start_on(day, cell, is_day_first))
    return _placed(start or Moment(day.local_date), context)


def _moment_in(column: str, cell: Cell, is_day_first: bool | None, unread: list[Unread]) -> Moment:
    """A date with its time; where only the date can be read, the date. Raises NotReadableError where that is none."""
    day = said(column, cell, lambda _: date_of(cell, is_day_first))
    return or_unread(unread, column, cell, lambda _: moment_of(cell, is_day_first)) or day


def _start_on(day: Moment, cell: Cell, is_day_first: bool | None) -> Moment:
    """The start of a massage whose date is known, from a time of day or a date with a time."""
    if is_clock(cell):
        return Moment(day.local_date, clock_of(cell))
    if span := span_of(cell):
        return Moment(day.local_date, span.start)
    if isinstance(cell, str) and cell[:1].isdigit() and ":" in cell[:3]:
        return moment_of(f"{day.local_date.isoformat()} {cell}", is_day_first)  # '18:30+02:00'
    try:
        date_of(cell, is_day_first)
    except NotReadableError:
        raise NotReadableError(say("is not a time of day; write it as 18:30")) from None
    start = moment_of(cell, is_day_first)
    if not start.is_utc and start.local_date != day.local_date:
        raise NotReadableError(
            say(
                "lies on another day than the date {local_date}; write the time alone, as 18:30",
                local_date=day.local_date,
            )
        )
    return start


def _placed(moment: Moment, context: Context) -> _Start:
    if moment.is_utc and moment.instant_utc:
        zone = context.zone_at(moment.instant_utc.date())
        local = clock.to_local(moment.instant_utc, zone)
        return _Start(local.date(), local, moment.instant_utc)
    local_start = datetime.combine(moment.local_date, moment.clock) if moment.clock else None
    return _Start(moment.local_date, local_start, moment.instant_utc)


def _minutes_of(
    row: Row, sheet: Sheet, is_day_first: bool | None, start: datetime | None, status: str, unread: list[Unread]
) -> float | None:
    minutes = number_in(row, sheet, "minutes", lambda cell: _length_of(cell, status), unread)
    end_cell = cell_of(row, sheet, "end")
    span = span_of(cell_of(row, sheet, "start"))
    if span and cell_of(row, sheet, "minutes") is None and end_cell is None:
        return or_unread(
            unread,
            "start",
            cell_of(row, sheet, "start"),
            lambda _: within(span.minutes, MIN_MASSAGE_MIN, MAX_MASSAGE_MIN),
        )
    if minutes is not None or end_cell is None or start is None:
        return minutes or None
    return or_unread(unread, "end", end_cell, lambda cell: _minutes_until(cell, start, is_day_first))


def _length_of(cell: Cell, status: str) -> float:
    minutes = minutes_of(cell)
    if minutes == 0 and status != "attended":
        return 0.0
    return within(minutes, MIN_MASSAGE_MIN, MAX_MASSAGE_MIN)


def _minutes_until(cell: Cell, start: datetime, is_day_first: bool | None) -> float:
    if is_clock(cell):
        end = datetime.combine(start.date(), clock_of(cell))
        end += timedelta(days=1 if end <= start else 0)
    else:
        moment = moment_of(cell, is_day_first)
        end = datetime.combine(moment.local_date, moment.clock or time())
    return within((end - start) / timedelta(minutes=1), MIN_MASSAGE_MIN, MAX_MASSAGE_MIN)


def _pressure_of(cell: Cell) -> float:
    level = _PRESSURES.get(fold(shown(cell)))
    return scale_of(cell, 1, 5) if level is None else level


def _status_in(row: Row, sheet: Sheet) -> str:
    """The status of a row: of its column, or of one that marks what was cancelled or missed."""
    for column, status in _MARKS.items():
        cell = cell_of(row, sheet, column)
        if cell is not None and fold(shown(cell)) not in NO | NONE:
            return status
    return _status_of(cell_of(row, sheet, "status"))


def _status_of(cell: Cell) -> str:
    word = fold(shown(cell))
    if not word:
        return "attended"
    if word in _PLANNED:
        raise NotReadableError(
            say(
                "status {shown!r} tells a plan, not a massage; write attended, cancelled or no-show", shown=shown(cell)
            ),
            "status",
        )
    if word not in _STATUSES and (inside := [known for known in _LONG_STATUSES if re.search(rf"\b{known}\b", word)]):
        return _STATUSES[max(inside, key=len)]  # 'cancelled by client, less than a day before'
    if word not in _STATUSES:
        raise NotReadableError(
            say("status {shown!r} is unknown; write attended, cancelled or no-show", shown=shown(cell)[:60]), "status"
        )
    return _STATUSES[word]
