"""What needs a person: rows of their lists that could not be read, each with its mend in place, and open questions."""

from collections.abc import Mapping
from typing import Annotated

import duckdb
from fastapi import APIRouter, Depends, Request
from fastapi.responses import HTMLResponse, RedirectResponse

from recovery.actions.mends import answers, mend_row, take_mend_back, unread_rows
from recovery.home.mends import LEAVE_OUT, WHOLE_ROW
from recovery.home.settings import with_mends
from recovery.published import unread_logs
from recovery.published.log_questions import file_questions, log_questions
from recovery.vocabulary.roles import Action
from recovery.web import render
from recovery.web.asked import Asked, asked_for, own_form, token_of
from recovery.web.notes import Receipt, Receipts
from recovery.web.snapshot import Snapshots
from recovery.words import mends as words

router = APIRouter()

Sent = Annotated[Mapping[str, str], Depends(own_form)]
MayMend = Annotated[Asked, Depends(asked_for(Action.MEND))]


@router.get("/people/{person}/needs")
def needs(request: Request, asked: MayMend) -> HTMLResponse:
    """The rows that could not be read, what was said of others, and what else is open."""
    files = _files(request, asked)
    found = unread_rows(asked.settings, asked.person, files)
    said = answers(asked.settings, asked.person, files)
    receipts: Receipts = request.app.state.receipts
    return render.page(
        "needs.html.j2",
        asked=asked,
        token=token_of(asked.visitor),
        receipt=receipts.of(asked.visitor.key.id, asked.person),
        mends=words,
        rows=[row for row in found if not row.is_doubtful],
        doubtful=[row for row in found if row.is_doubtful],
        answers=said,
        open_questions=_open_questions(
            request,
            asked,
            {(row.path, row.place) for row in found} | {(one.mend.path, one.place) for one in said if one.holds},
            {row.path for row in found if row.is_doubtful}
            | {one.mend.path for one in said if one.mend.column == "status"},
        ),
        whole_row=WHOLE_ROW,
        leave_out=LEAVE_OUT,
    )


@router.post("/people/{person}/needs")
def say_of_row(request: Request, asked: MayMend, sent: Sent) -> RedirectResponse:
    """Writes what a row should say, where it is still the row that was asked about."""
    path, row, column, value = (sent.get(name, "") for name in ("path", "row", "column", "value"))
    files = _files(request, asked)
    mend = mend_row(asked.settings, asked.person, files, path, row, column, value)
    place = next(one.place for one in answers(asked.settings, asked.person, files) if one.mend == mend)
    return _said(request, asked, words.written(mend.path, place, mend.column, mend.value))


@router.post("/people/{person}/needs/undo")
def undo(request: Request, asked: MayMend, sent: Sent) -> RedirectResponse:
    """Takes back what was said of a row."""
    take_mend_back(asked.settings, asked.person, sent.get("path", ""), sent.get("row", ""), sent.get("column", ""))
    return _said(request, asked, words.TAKEN_BACK)


def _files(request: Request, asked: Asked) -> dict[str, str]:
    """The person's logs with rows that could not be read, as the last run read them."""
    also = {mend.path for mend in with_mends(asked.settings).mends.mends if mend.person == asked.person}
    snapshots: Snapshots = request.app.state.snapshots
    return snapshots.read(lambda found: unread_logs.logs_with_unread_rows(found, asked.person, also)) or {}


def _open_questions(request: Request, asked: Asked, shown: set[tuple[str, str]], answered: set[str]) -> list[str]:
    """Unknown days of which no row is shown, the days that no list speaks of, and what else files ask.

    `shown` are the places of rows that are asked about or answered above; of the files `answered` it is asked, or was
    said, above whether massages took place.
    """

    def found(connection: duckdb.DuckDBPyConnection) -> list[str]:
        of_places = [
            words.unknown_days(*days)
            for days in unread_logs.unknown_days(connection, asked.person)
            if (days.path, days.place) not in shown
        ]
        of_lists = [one.sentence for one in log_questions(connection, asked.settings, asked.person)]
        of_files = [
            one.sentence
            for one in file_questions(connection)
            if one.subject == asked.person and one.path not in answered
        ]
        return [*of_places, *of_lists, *of_files]

    snapshots: Snapshots = request.app.state.snapshots
    return snapshots.read(found) or []


def _said(request: Request, asked: Asked, sentence: str) -> RedirectResponse:
    receipts: Receipts = request.app.state.receipts
    receipts.put(asked.visitor.key.id, Receipt(asked.person, (sentence,)))
    return RedirectResponse(f"{asked.base}/needs", 303)
