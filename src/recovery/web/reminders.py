"""Routes of the reminders: as a file for a calendar, and as a feed that a calendar asks for with a key of its own."""

from typing import Annotated

from fastapi import APIRouter, Depends, Request
from fastapi.responses import Response

from recovery.actions.reminders import reminders
from recovery.home.clock import now_utc
from recovery.vocabulary.roles import Action, Role
from recovery.web.asked import Asked, asked_for, site_of, visitor_for
from recovery.web.guard import FEED, Refused
from recovery.web.site import Visitor
from recovery.words import web as words

router = APIRouter()


@router.get("/people/{person}/reminders.ics")
def of_person(request: Request, asked: Annotated[Asked, Depends(asked_for(Action.SEE_REMINDERS))]) -> Response:
    """The reminders of a person, as a file."""
    return _calendar(request, asked)


@router.get(FEED)
def feed(request: Request, visitor: Annotated[Visitor, Depends(visitor_for(Action.SEE_REMINDERS))]) -> Response:
    """The reminders of the one person whom the calendar's key is for: the address names nobody."""
    site, people = site_of(request), visitor.key.people
    if visitor.key.role is not Role.CALENDAR or len(people) != 1 or people[0] not in site.settings().subjects:
        raise Refused(404, words.NOTHING_HERE)
    return _calendar(request, Asked(site, site.settings(), visitor, people[0]))


def _calendar(request: Request, asked: Asked) -> Response:
    address = f"{asked.site.origin(request.headers['host'])}/"  # a calendar may lie with others: no name
    found = reminders(asked.settings, asked.person, address, now_utc())
    return Response(
        found, media_type="text/calendar", headers={"content-disposition": 'attachment; filename="reminders.ics"'}
    )
