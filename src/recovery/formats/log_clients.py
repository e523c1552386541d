"""Whose the rows of a table are, where no column is called so: names in parts, headings between the rows, sheet names.

What is found becomes a column `client` behind the others, so that rows are given to people in one place (`log_rows`).
"""

import re
from collections.abc import Mapping, Sequence
from typing import NamedTuple

from recovery.formats.log_cells import fold, shown
from recovery.formats.log_days import TOTALS
from recovery.formats.log_table import Row
from recovery.formats.log_words import MONTHS, WEEKDAYS
from recovery.formats.massage_words import names_massage

MADE = "client"  # heading of the column that is added
MAX_NAME_WORDS = 4

_FIRST_WORDS = "first given fore forename vorname prenom voornaam fornavn imie"
_FIRST = frozenset(_FIRST_WORDS.split())
_LAST_WORDS = "last family sur surname nachname zuname achternaam efternavn nazwisko cognome apellido apellidos"
_LAST = frozenset(_LAST_WORDS.split())
_OWN_WORDS = (_FIRST | _LAST) - {"first", "given", "last", "family"}  # that need no "name" beside them
_NAME_WORDS = "name names nom nome nombre full complete s of the des de du la le del der fur for"
_NAME = frozenset(_NAME_WORDS.split())
_NUMBER_WORDS = "id no nr num number nummer numero code"
_NUMBER = frozenset(_NUMBER_WORDS.split())
_NUMBER_ENDINGS = ("nummer", "number", "nr", "id", "code")
# 'client', 'patients', 'kundin', 'patientennummer', 'versicherter', whatever ending a language gives them.
_CLIENT = re.compile(
    r"(?:client|patient|customer|kunde?|klient|klant|cliente|paciente|paziente|pacjent|pacient|member|mitglied|guest|"
    r"gast|attendee|invitee|teilnehmer|versicherte|insured|beneficiary|person)"
    r"(?:s|e|en|n|r|in|inn?en|ka|ki|t|te|a|es)?(?:name|nummer|number|nr|no|id|code)?"
)
_SECTION = re.compile(
    rf"\s*(?:{_CLIENT.pattern}|name)(?:[ /-]*(?:name|in))?\s*(?:[:=]|\s[-–—]\s)\s*(?P<name>\S.*)", re.IGNORECASE
)
# Names of sheets and lines between rows that are nobody's.
_NOBODY_WORDS = (
    "sheet table tabelle tab feuil feuille hoja foglio blad blatt ark list log liste lista data daten diary tagebuch "
    "form forms responses response antworten formularantworten reponses export archive archiv old alt new neu year "
    "jahr overview ubersicht summary notes notizen home clinic klinik praxis spa work my mein meine all alle and und "
    "holiday holidays urlaub ferien vacation break pause closed geschlossen week woche month monat quarter "
    "quartal january begin start end ende therapist therapeut appointments termine history verlauf sessions"
)
_NOBODY = frozenset(_NOBODY_WORDS.split())


class Clients(NamedTuple):
    """A table with a column that says whose each row is."""

    names: Sequence[str]
    rows: Sequence[Row]


def with_clients(names: Sequence[str], rows: Sequence[Row], above: Sequence[Row]) -> Clients | None:
    """The table with a column `client`, its last; None where nothing but a column could say whose the rows are.

    `above` are the rows over the headings.
    """
    if parts := name_parts(names):
        return _added(names, rows, [" ".join(filter(None, (_text(row, at) for at in parts))) for row in rows])
    title = next((name for row in above if (name := _labelled(row))), "")
    headings = {number: name for number, row in enumerate(rows) if (name := _labelled(row))}
    headings = headings or _bare_names(rows)
    if not headings and not title:
        return None
    whose: list[str] = []
    for number in range(len(rows)):
        title = headings.get(number, title)
        whose.append(title)
    # a heading stays as an empty row: the rows of a sheet are the last ones of its table
    blank = [row._replace(cells=[]) if number in headings else row for number, row in enumerate(rows)]
    return _added(names, blank, ["" if number in headings else name for number, name in enumerate(whose)])


def of_sheets(titles: Sequence[str]) -> Mapping[int, str]:
    """Which sheets of a workbook are named after people, where two or more look so: the name of each by position."""
    found = {number: title.strip() for number, title in enumerate(titles) if looks_like_a_name(title)}
    return found if len(set(found.values())) > 1 else {}


def of_one(names: Sequence[str], rows: Sequence[Row], client: str) -> Clients:
    """The table with a column that names the same person in each row."""
    return _added(names, rows, [client] * len(rows))


def name_parts(names: Sequence[str]) -> tuple[int, ...]:
    """The columns whose cells together name a client, first name first; () where there are none."""
    places: dict[str, int] = {}
    for position, name in enumerate(names):
        if part := _part(fold(name).split()):
            places.setdefault(part, position)
    if "whole" in places:
        return (places["whole"],)
    parts = tuple(places[part] for part in ("first", "last") if part in places)
    return parts or ((places["number"],) if "number" in places else ())


def _part(words: Sequence[str]) -> str:
    """Which part of a name a heading of these words asks for: 'whole', 'first', 'last' or 'number'; '' for none."""
    clients = {word for word in words if _CLIENT.fullmatch(word)}
    others = set(words) - clients
    if not words or others - _FIRST - _LAST - _NAME - _NUMBER:
        return ""
    if not clients and not others & (_OWN_WORDS | {"name"}):
        return ""
    if others & _NUMBER or any(word.endswith(_NUMBER_ENDINGS) for word in clients):
        return "number" if clients else ""
    if others & _FIRST and not others & _LAST:
        return "first"
    if others & _LAST and not others & _FIRST:
        return "last"
    return "whole"


def looks_like_a_name(text: str) -> bool:
    """Whether a line may be a name: a few words of letters, none of which orders a list or tells of massages."""
    words = fold(text).split()
    return (
        0 < len(words) <= MAX_NAME_WORDS
        and all(word.isalpha() for word in words)
        and not any(word in _NOBODY or word in TOTALS or word in MONTHS or word in WEEKDAYS for word in words)
        and not names_massage(text)
    )


def _labelled(row: Row) -> str:
    """'Anna Berg' of a row that holds nothing but 'Client: Anna Berg', in one cell or two."""
    told = [text for cell in row.cells if (text := shown(cell))]
    if not told or len(told) > 2:
        return ""
    text = told[0] if len(told) == 1 else f"{told[0].rstrip(' :')}: {told[1]}"
    found = _SECTION.fullmatch(text)
    return found["name"].strip() if found else ""


def _bare_names(rows: Sequence[Row]) -> dict[int, str]:
    """Rows that hold a name alone with rows below, where there are two names or more; by their number."""
    told = [[text for cell in row.cells if (text := shown(cell))] for row in rows]
    found = {
        number: texts[0]
        for number, texts in enumerate(told[:-1])
        if len(texts) == 1 and len(told[number + 1]) > 1 and looks_like_a_name(texts[0])
    }
    return found if len(set(found.values())) > 1 else {}


def _text(row: Row, position: int) -> str:
    return shown(row.cells[position]) if position < len(row.cells) else ""


def _added(names: Sequence[str], rows: Sequence[Row], clients: Sequence[str]) -> Clients:
    width = max([len(names), *(len(row.cells) for row in rows)])
    widened = [
        row._replace(cells=[*row.cells, *[None] * (width - len(row.cells)), client or None])
        for row, client in zip(rows, clients, strict=True)
    ]
    return Clients([*names, *[""] * (width - len(names)), MADE], widened)
