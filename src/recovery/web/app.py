"""The application: guard, routes, and what is answered where something goes wrong."""

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import FileResponse, HTMLResponse, Response
from starlette.exceptions import HTTPException

from recovery.errors import FieldError, RecoveryError, SettingsError
from recovery.home.clock import now_utc
from recovery.vocabulary.roles import Role
from recovery.web import (
    deliver,
    entry,
    files,
    keys_pages,
    logging_pages,
    needs,
    offline,
    people,
    person,
    reminders,
    running,
)
from recovery.web.asked import without_place
from recovery.web.guard import Guard, Refused, answered, visitor_of
from recovery.web.limits import Quota
from recovery.web.notes import Receipts
from recovery.web.once import Once
from recovery.web.render import STATIC, refusal, sheet
from recovery.web.runner import Runner
from recovery.web.site import Site
from recovery.web.snapshot import Snapshots
from recovery.words import web as words

QUOTA_BYTES, QUOTA_FILES = 20_000_000_000, 5_000  # that a key of others than the owner may send in a day
ROUTERS = (
    entry.router,
    people.router,
    person.router,
    logging_pages.router,
    files.router,
    needs.router,
    running.router,
    keys_pages.router,
    offline.router,
    reminders.router,
    deliver.router,
)


def application(site: Site, runner: Runner, snapshots: Snapshots | None = None) -> Guard:
    """All of the live page of a home, as an ASGI application; `runner` makes the runs that it starts.

    `snapshots` are of the same site, where somebody else reads pages too.
    """
    app = FastAPI(docs_url=None, redoc_url=None, openapi_url=None, redirect_slashes=False)
    app.state.site, app.state.snapshots, app.state.receipts = site, snapshots or Snapshots(site), Receipts()
    app.state.quota = Quota(QUOTA_BYTES, QUOTA_FILES, lambda: f"{now_utc():%Y-%m-%d}")
    app.state.once = Once(site.home)
    app.state.runner, app.state.listeners = runner, 0
    for router in ROUTERS:
        app.include_router(router)
    app.add_api_route("/static/{name}", static, methods=["GET"])
    app.add_exception_handler(Refused, _refused)
    app.add_exception_handler(RecoveryError, _to_be_mended)
    app.add_exception_handler(HTTPException, _no_such_page)
    app.add_exception_handler(RequestValidationError, _no_such_page)
    app.add_exception_handler(Exception, _our_fault)
    return Guard(app, site)


def static(name: str) -> Response:
    """A script or a style of ours; the names are listed when the server starts, so no path leads elsewhere."""
    if (styles := sheet(name)) is not None:
        return Response(styles, media_type="text/css")
    if name not in STATIC:
        return refusal(404, words.NOTHING_HERE)
    return FileResponse(STATIC[name])


def _refused(_: Request, error: Exception) -> Response:
    assert isinstance(error, Refused)  # noqa: S101 - as it was registered
    return answered(error)


def _to_be_mended(request: Request, error: Exception) -> HTMLResponse:
    """What a person can mend, without the place of the home on the disk.

    What is wrong with recovery.toml may name anybody: only the owner hears it.
    """
    visitor = visitor_of(request)
    if isinstance(error, SettingsError) and (visitor is None or visitor.key.role is not Role.OWNER):
        return refusal(503, words.SETTINGS_UNREADABLE)
    if isinstance(error, FieldError) and error.why and error.column in words.COLUMNS:
        return refusal(409, words.field_refused(error.column, error.why, error.hint))
    return refusal(409, without_place(str(error), request.app.state.site))


def _no_such_page(_: Request, error: Exception) -> HTMLResponse:
    status = error.status_code if isinstance(error, HTTPException) else 400
    return refusal(status, words.NOTHING_HERE)


def _our_fault(_: Request, error: Exception) -> HTMLResponse:
    del error  # the guard logs it
    return refusal(500, words.OUR_FAULT)
