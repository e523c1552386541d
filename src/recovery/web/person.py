"""The page of a person: what can be logged, and below it the report."""

from typing import Annotated, Any

from fastapi import APIRouter, Depends, Request
from fastapi.responses import HTMLResponse

from recovery.report import charts
from recovery.vocabulary.roles import Action
from recovery.web import render
from recovery.web.asked import Asked, asked_for, token_of
from recovery.web.log_forms import log_forms
from recovery.web.notes import Receipts
from recovery.web.snapshot import Snapshots

router = APIRouter()


@router.get("/people/{person}")
def person_page(request: Request, asked: Annotated[Asked, Depends(asked_for(Action.SEE))]) -> HTMLResponse:
    """The page of one person, read from what is published; without it what can be logged alone."""
    snapshots: Snapshots = request.app.state.snapshots
    report = snapshots.page_of(asked.person)
    receipts: Receipts = request.app.state.receipts
    live: dict[str, Any] = {
        "asked": asked,
        "token": token_of(asked.visitor),
        "action": Action,
        "forms": log_forms(asked),
        "receipt": receipts.of(asked.visitor.key.id, asked.person),
    }
    if report is None:
        return render.page("unpublished.html.j2", **live)
    return render.page("person_live.html.j2", page=report, most_lines=charts.MOST_LINES, **live)
