"""The first page: of the one person of a key, or the list of all for the owner of a home of several."""

from typing import Annotated

from fastapi import APIRouter, Depends, Request
from fastapi.responses import RedirectResponse, Response

from recovery.vocabulary.roles import Action, may
from recovery.web import render
from recovery.web.asked import address_of, site_of, visitor_for
from recovery.web.site import Visitor

router = APIRouter()


@router.get("/")
def first_page(request: Request, visitor: Annotated[Visitor, Depends(visitor_for(Action.SEE))]) -> Response:
    """The page of the one person, else the names of those whose pages this key opens."""
    subjects = site_of(request).settings().subjects
    people = [person for person in subjects if visitor.key.is_for(person)]
    if len(people) == 1:
        return RedirectResponse(address_of(people[0]), 303)
    return render.page(
        "people.html.j2",
        people=[{"name": name, "address": address_of(name)} for name in people],
        may_invite=may(visitor.key.role, Action.KEYS),
    )
