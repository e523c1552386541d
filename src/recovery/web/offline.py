"""Routes for the page as an app: what a phone needs to install it, and entry without a connection."""

from pathlib import Path
from typing import Annotated

from fastapi import APIRouter, Depends, Request
from fastapi.responses import FileResponse, HTMLResponse, JSONResponse

from recovery.vocabulary.roles import Action, may
from recovery.web import render
from recovery.web.asked import address_of, site_of, visitor_for
from recovery.web.site import Visitor
from recovery.words import web as words

router = APIRouter()

WORKER = Path(__file__).parent / "static" / "worker.js"
PAPER = "#f6f4ee"
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


@router.get("/recovery.webmanifest")
def manifest(request: Request, visitor: Annotated[Visitor, Depends(visitor_for(Action.SEE))]) -> JSONResponse:
    """What a phone is told of the app; other apps may share files with it where it is clear whose they are."""
    people = [person for person in site_of(request).settings().subjects if visitor.key.is_for(person)]
    told: dict[str, object] = {
        "name": words.RECOVERY,
        "short_name": words.RECOVERY,
        "start_url": "/",
        "scope": "/",
        "display": "standalone",
        "background_color": PAPER,
        "theme_color": PAPER,
        "icons": [{"src": "/static/icon.svg", "sizes": "any", "type": "image/svg+xml", "purpose": "any"}],
    }
    if len(people) == 1 and may(visitor.key.role, Action.SEND_FILE):
        told["share_target"] = {
            "action": f"{address_of(people[0])}/shared",  # answered by the worker, which knows the token of the forms
            "method": "POST",
            "enctype": "multipart/form-data",
            "params": {"files": [{"name": "files", "accept": ["*/*"]}]},
        }
    return JSONResponse(told, media_type="application/manifest+json")
