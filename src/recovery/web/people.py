"""Pages over several people: Clinic for the owner and for therapists, and the ways to everybody's pages."""

from typing import Annotated

import duckdb
from fastapi import APIRouter, Depends, Request
from fastapi.responses import RedirectResponse, Response

from recovery.home.clock import now_utc
from recovery.report import clinic, contents, people
from recovery.report.frame import Frame, frame
from recovery.report.site import Page
from recovery.vocabulary.roles import Action, Role, may
from recovery.web import render
from recovery.web.asked import address_of, site_of, visitor_for
from recovery.web.guard import Refused
from recovery.web.site import Visitor
from recovery.web.snapshot import Snapshots
from recovery.words import web as words

router = APIRouter()

MaySee = Annotated[Visitor, Depends(visitor_for(Action.SEE))]
MaySeeClinic = Annotated[Visitor, Depends(visitor_for(Action.SEE_CLINIC))]


@router.get("/")
def first_page(request: Request, visitor: MaySee) -> Response:
    """The page of the one person; Clinic for who sees several."""
    people = _people(request, visitor)
    if len(people) == 1 and not _has_clients(request, visitor):
        return RedirectResponse(address_of(people[0]), 303)
    return _clinic(request, visitor) if may(visitor.key.role, Action.SEE_CLINIC) else _list(request, visitor)


@router.get("/clinic")
def clinic_page(request: Request, visitor: MaySeeClinic) -> Response:
    """How far those are who agreed: nothing of anybody else, and nobody who withdrew since."""
    return _clinic(request, visitor)


@router.get("/people")
def people_page(request: Request, visitor: MaySee) -> Response:
    """The names of those whose pages this key opens."""
    return _list(request, visitor)


@router.get("/mean")
def mean_page(request: Request, visitor: MaySeeClinic) -> Response:
    """The mean over all people, for the owner of the home, where one was worked out."""
    settings, now = site_of(request).settings(), now_utc()

    def found(connection: duckdb.DuckDBPyConnection) -> tuple[Frame, object] | None:
        if not people.has_mean(connection):
            return None
        return frame(connection, settings, now, Page.PEOPLE), people.content(connection)

    said = _snapshots(request).read(found) if visitor.key.role is Role.OWNER else None
    if said is None:
        raise Refused(404, words.NOTHING_HERE)
    shown, content = said
    return render.of_report(shown._replace(is_served=True), content, "clinic_live.html.j2")


def _people(request: Request, visitor: Visitor) -> list[str]:
    return [person for person in site_of(request).settings().subjects if visitor.key.is_for(person)]


def _has_clients(request: Request, visitor: Visitor) -> bool:
    """Whether clients of other homes share by files with the owner of this one."""
    if visitor.key.role is not Role.OWNER:
        return False
    return bool(_snapshots(request).asked("select 1 from files where format = 'client_counts' limit 1"))


def _list(request: Request, visitor: Visitor) -> Response:
    return render.page(
        "people.html.j2",
        people=[{"name": name, "address": address_of(name)} for name in _people(request, visitor)],
        may_invite=may(visitor.key.role, Action.KEYS),
        may_see_clinic=may(visitor.key.role, Action.SEE_CLINIC),
    )


def _clinic(request: Request, visitor: Visitor) -> Response:
    """Read anew for each request, so that who withdraws is gone at once."""
    is_owner = visitor.key.role is Role.OWNER
    settings, allowed, now = site_of(request).settings(), _people(request, visitor), now_utc()

    def found(connection: duckdb.DuckDBPyConnection) -> tuple[Frame, clinic.Clinic]:
        with_pages = [person for person in contents.people(connection, settings) if person in allowed]
        said = clinic.content(
            connection,
            settings,
            now,
            with_pages,
            address_of=address_of,
            people_address="/mean",
            has_files=is_owner,
        )
        said = said if is_owner else said._replace(people_address="")
        return frame(connection, settings, now, Page.CLINIC), said

    said = _snapshots(request).read(found)
    if said is None:
        return _list(request, visitor)
    shown, content = said
    return render.of_report(shown._replace(is_served=True), content, "clinic_live.html.j2")


def _snapshots(request: Request) -> Snapshots:
    found: Snapshots = request.app.state.snapshots
    return found
