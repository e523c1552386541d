"""Routes for entry without a connection: the script that keeps what is written down, and the empty form it shows."""

from pathlib import Path
from typing import Annotated

from fastapi import APIRouter, Depends
from fastapi.responses import FileResponse, HTMLResponse

from recovery.vocabulary.roles import Action
from recovery.web import render
from recovery.web.asked import visitor_for
from recovery.web.site import Visitor

router = APIRouter()

WORKER = Path(__file__).parent / "static" / "worker.js"
MayWrite = Annotated[Visitor, Depends(visitor_for(Action.ADD_MASSAGE))]


@router.get("/worker.js")
def worker(visitor: MayWrite) -> FileResponse:
    """The script; from here, not from below /static/, since it looks after all pages."""
    del visitor
    return FileResponse(WORKER, media_type="text/javascript")


@router.get("/offline")
def empty_form(visitor: MayWrite) -> HTMLResponse:
    """A form that tells nothing of anybody: browsers keep it for when the server is not reached."""
    del visitor
    return render.page("offline.html.j2")
