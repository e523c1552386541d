"""Routes on which a person logs: a massage, a day, taken back; and the lines of both logs, changed and removed."""

from collections.abc import Callable, Mapping
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Depends, Request
from fastapi.responses import HTMLResponse, RedirectResponse

from recovery.actions import log_entries
from recovery.actions.log import DIARY_FIELDS, FIELDS, MASSAGE_FIELDS
from recovery.actions.log_notes import Note, Undo, as_of_today, note_day, note_massage, of_change, take_back
from recovery.home.settings import Settings
from recovery.vocabulary.roles import Action
from recovery.web import render
from recovery.web.asked import Asked, asked_for, own_form, token_of
from recovery.web.guard import Refused
from recovery.web.log_months import months_of
from recovery.web.next_run import counts_from
from recovery.web.notes import Receipt, Receipts
from recovery.web.once import Once
from recovery.words import web as words

router = APIRouter()

Kind = Literal["massages", "diary"]
Sent = Annotated[Mapping[str, str], Depends(own_form)]
MayChange = Annotated[Asked, Depends(asked_for(Action.CHANGE_LOG))]
FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")  # what a spreadsheet takes for a formula, in text
TEXTS = frozenset({"technique", "areas", "muscles", "therapist", "cause", "note", "medication"})
SHOWN = 200  # lines of a list; the file has all


@router.post("/people/{person}/massage")
def add_massage(
    request: Request, asked: Annotated[Asked, Depends(asked_for(Action.ADD_MASSAGE))], sent: Sent
) -> RedirectResponse:
    """Adds a massage, or completes the one that was begun with its pain before."""
    return _noted_once(request, asked, sent, MASSAGE_FIELDS, note_massage)


@router.post("/people/{person}/day")
def add_day(
    request: Request, asked: Annotated[Asked, Depends(asked_for(Action.ADD_DAY))], sent: Sent
) -> RedirectResponse:
    """Adds to what is known of a day."""
    return _noted_once(request, asked, sent, DIARY_FIELDS, note_day)


@router.post("/people/{person}/undo", dependencies=[Depends(own_form)])
def undo(request: Request, asked: Annotated[Asked, Depends(asked_for(Action.UNDO))]) -> RedirectResponse:
    """Takes back what this key wrote last."""
    receipts = _receipts(request)
    found = receipts.of(asked.visitor.key.id, asked.person)
    if found is None or found.undo is None:
        raise Refused(409, words.NOTHING_TO_UNDO)
    take_back(asked.settings, found.undo)
    return _said(request, asked, words.TAKEN_BACK)


@router.get("/people/{person}/lines/{kind}")
def lines(asked: MayChange, kind: Kind) -> HTMLResponse:
    """The lines of a log by month, newest first."""
    book = log_entries.entries(asked.settings, asked.person, kind)
    months = months_of(list(reversed(book.entries))[:SHOWN])
    return _page("lines.html.j2", asked, kind=kind, months=months, count=len(book.entries), most=SHOWN)


@router.get("/people/{person}/lines/{kind}/{number}")
def line(asked: MayChange, kind: Kind, number: int) -> HTMLResponse:
    """The form to change or remove one line; it carries the digest of the log that is looked at."""
    book = log_entries.entries(asked.settings, asked.person, kind)
    if not 1 <= number <= len(book.entries):
        raise Refused(404, words.NOTHING_HERE)
    return _page(
        "line.html.j2", asked, kind=kind, line=book.entries[number - 1], seen=book.digest, columns=FIELDS[kind]
    )


@router.post("/people/{person}/lines/{kind}/{number}")
def change_line(request: Request, asked: MayChange, kind: Kind, number: int, sent: Sent) -> RedirectResponse:
    """Writes what differs of one line, where the log is still the one that was looked at."""
    book = log_entries.entries(asked.settings, asked.person, kind)
    before = book.entries[number - 1].cells if 1 <= number <= len(book.entries) else {}
    fields = {name: sent[name].strip() for name in FIELDS[kind] if name in sent}
    changed = {name: text for name, text in fields.items() if text != before.get(name, "")}
    if not changed:
        return _said(request, asked, words.NOTHING_CHANGED)
    told = as_of_today(asked.settings, asked.person, {name: text for name, text in changed.items() if text})
    emptied = {name: None for name, text in changed.items() if not text}
    given = {name: _harmless(name, value) for name, value in told.items()}
    change = log_entries.edit(asked.settings, number, given | emptied, sent.get("seen", ""), asked.person, kind)
    return _said(request, asked, words.CHANGED, counts_from(asked), undo=of_change(change, asked.person, kind))


@router.post("/people/{person}/lines/{kind}/{number}/remove")
def remove_line(request: Request, asked: MayChange, kind: Kind, number: int, sent: Sent) -> RedirectResponse:
    """Removes one line, where the log is still the one that was looked at."""
    change = log_entries.remove(asked.settings, number, sent.get("seen", ""), asked.person, kind)
    return _said(request, asked, words.REMOVED, counts_from(asked), undo=of_change(change, asked.person, kind))


def _fields(sent: Mapping[str, str], names: tuple[str, ...]) -> dict[str, object]:
    """What a form says of these columns; the rest of it is nobody's business."""
    return {name: _harmless(name, sent[name].strip()) for name in names if sent.get(name, "").strip()}


def _harmless(name: str, value: object) -> object:
    """A text that no spreadsheet runs, as `recovery query --csv` writes it: the owner may open the log with one."""
    is_formula = name in TEXTS and isinstance(value, str) and value.startswith(FORMULA_STARTS)
    return f"'{value}" if is_formula else value


def _noted_once(
    request: Request,
    asked: Asked,
    sent: Mapping[str, str],
    names: tuple[str, ...],
    note: Callable[[Settings, str, Mapping[str, object]], Note],
) -> RedirectResponse:
    """Writes what a form says, unless it is an entry that this device sent before and heard no answer to."""
    once: Once = request.app.state.once
    with once.first(asked.person, sent.get("entry", "")) as is_new:
        if is_new:
            return _noted(request, asked, note(asked.settings, asked.person, _fields(sent, names)))
    return _said(request, asked, words.HAD_ALREADY)


def _noted(request: Request, asked: Asked, note: Note) -> RedirectResponse:
    sentence = words.noted(note.kind, note.day, note.cells)
    return _said(request, asked, sentence, *note.warnings, counts_from(asked), undo=note.undo)


def _said(request: Request, asked: Asked, *sentences: str, undo: Undo | None = None) -> RedirectResponse:
    """Back to the person's page, on which the receipt stands."""
    _receipts(request).put(asked.visitor.key.id, Receipt(asked.person, sentences, undo))
    return RedirectResponse(asked.base, 303)


def _receipts(request: Request) -> Receipts:
    found: Receipts = request.app.state.receipts
    return found


def _page(template: str, asked: Asked, **content: Any) -> HTMLResponse:
    return render.page(template, asked=asked, token=token_of(asked.visitor), **content)
