"""Routes of the owner: who may come in, a phone invited by a picture, a key taken away."""

from collections.abc import Mapping
from datetime import datetime
from typing import Annotated, NamedTuple

from fastapi import APIRouter, Depends, Request
from fastapi.responses import HTMLResponse, RedirectResponse

from recovery.home import keys
from recovery.home.clock import to_local
from recovery.home.entry import entry_link
from recovery.home.served import addresses
from recovery.vocabulary.roles import Action, Role
from recovery.web import render
from recovery.web.asked import own_form, site_of, token_of, visitor_for
from recovery.web.guard import Refused
from recovery.web.qr import qr_svg
from recovery.web.site import Visitor
from recovery.words import web as words

router = APIRouter()

MayInvite = Annotated[Visitor, Depends(visitor_for(Action.KEYS))]
INVITED = (Role.PERSON, Role.THERAPIST, Role.OWNER)  # who comes by a browser
LONGEST_NOTE = 60


class ShownKey(NamedTuple):
    """One line of the list."""

    id: str
    sentence: str
    is_this: bool  # the browser that asks


@router.get("/keys")
def key_list(request: Request, visitor: MayInvite) -> HTMLResponse:
    """Keys, open invitations and browsers; and the form that invites."""
    site = site_of(request)
    zone = site.settings().home_time_zone
    found = [ShownKey(key.id, _told(key, zone), key.id == visitor.key.id) for key in keys.known(site.home)]
    return render.page(
        "keys.html.j2",
        keys=found,
        people=site.settings().subjects,
        roles=[(role.value, words.ROLES[role]) for role in INVITED],
        token=token_of(visitor),
    )


@router.post("/keys/invite")
def invite(request: Request, visitor: MayInvite, sent: Annotated[Mapping[str, str], Depends(own_form)]) -> HTMLResponse:
    """A one-time code for a browser, as addresses and as a picture for a camera; it is shown this once."""
    del visitor
    site = site_of(request)
    role, person = sent.get("role", ""), sent.get("person", "")
    if role not in INVITED or (role != Role.OWNER and person not in site.settings().subjects):
        raise Refused(400, words.NOT_BY_PAGE)
    people = [] if role == Role.OWNER else [person]
    note = sent.get("note", "").strip()[:LONGEST_NOTE]
    _, code = keys.make(site.home, keys.CODE, Role(role), people, note, keys.CODE_LASTS)
    here, *outside = [entry_link(address, code) for address in addresses(site.home)] or [""]  # loopback first
    return render.page(
        "invited.html.j2",
        links=outside,
        picture=qr_svg(outside[-1], words.QR_CODE) if outside else "",
        here=here,
    )


@router.post("/keys/{key_id}/revoke", dependencies=[Depends(own_form)])
def revoke(request: Request, visitor: MayInvite, key_id: str) -> RedirectResponse:
    """Takes a key away; it opens nothing from the next request on."""
    del visitor
    keys.revoke(site_of(request).home, key_id)
    return RedirectResponse("/keys", 303)


def _told(key: keys.Key, zone: str) -> str:
    return words.key_told(
        key.kind,
        words.ROLES[key.role],
        ", ".join(key.people),
        note=key.note,
        made=_day(key.made, zone),
        used=key.used,
    )


def _day(moment: datetime, zone: str) -> str:
    return f"{to_local(moment.replace(tzinfo=None), zone):%Y-%m-%d}"
