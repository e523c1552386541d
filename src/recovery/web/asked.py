"""What a request asks: by whom, for whom, and what its form says; each may be refused."""

import hashlib
import hmac
from collections.abc import AsyncIterator, Callable, Mapping
from typing import Annotated, NamedTuple
from urllib.parse import parse_qsl, quote

from fastapi import Depends, Request
from starlette.requests import ClientDisconnect

from recovery.errors import RecoveryError
from recovery.home.settings import Settings
from recovery.vocabulary.roles import Action, may
from recovery.web.guard import Refused, visitor_of
from recovery.web.site import Site, Visitor
from recovery.words import web as words

FORM_BYTES = 64_000  # of a form without files; notes are of a few lines
MOST_FIELDS = 60
AT_ONCE_BYTES = 1_000_000  # that are handed to the disk at once


class Asked(NamedTuple):
    """Who asks for whose page, where the role may do what is asked and the person is one of the key's."""

    site: Site
    settings: Settings
    visitor: Visitor
    person: str

    @property
    def base(self) -> str:
        """The address of the person's pages."""
        return address_of(self.person)

    def shown(self, error: RecoveryError) -> str:
        """What a person can mend, without the place of the home on the disk."""
        return without_place(str(error), self.site)

    def may(self, action: Action) -> bool:
        """Whether the page may offer that."""
        return may(self.visitor.key.role, action)


def without_place(text: str, site: Site) -> str:
    """A sentence without the folder of the home: whoever is not its owner need not know where it lies."""
    folder = str(site.folder)
    return text.replace(f"{folder}/", "").replace(folder, words.THE_HOME)


def address_of(person: str) -> str:
    """The address of a person's pages on this server."""
    return f"/people/{quote(person, safe='')}"


def site_of(request: Request) -> Site:
    """The home that is served."""
    found: Site = request.app.state.site
    return found


def visitor_for(action: Action) -> Callable[[Request], Visitor]:
    """A dependency: who asks, where their role may do that."""

    def found(request: Request) -> Visitor:
        visitor = visitor_of(request)
        if visitor is None:
            raise Refused(401, words.NO_KEY)
        if not may(visitor.key.role, action):
            raise Refused(403, words.NOT_YOURS)
        return visitor

    return found


def asked_for(action: Action) -> Callable[[Request, str], Asked]:
    """A dependency of what is below a person's address: the role may do that, and the key is for that person.

    Who asks for somebody else hears the same as of nobody.
    """
    visitor_who_may = visitor_for(action)

    def found(request: Request, person: str) -> Asked:
        visitor, site = visitor_who_may(request), site_of(request)
        settings = site.settings()
        if person not in settings.subjects or not visitor.key.is_for(person):
            raise Refused(404, words.NOTHING_HERE)
        return Asked(site, settings, visitor, person)

    return found


async def fields_sent(request: Request) -> dict[str, str]:
    """The fields of a form of at most `FORM_BYTES`; of a name that is there twice the last one counts."""
    body = bytearray()
    async for chunk in request.stream():
        body += chunk
        if len(body) > FORM_BYTES:
            raise Refused(413, words.TOO_LONG)
    try:
        pairs = parse_qsl(body.decode(), keep_blank_values=True, max_num_fields=MOST_FIELDS)
    except ValueError:
        raise Refused(400, words.NOT_BY_PAGE) from None
    return dict(pairs)


def told_size(request: Request) -> int:
    """How many bytes the sender says there are; 0 where it does not say."""
    told = request.headers.get("content-length", "")
    return int(told) if told.isascii() and told.isdigit() else 0


async def pieces_sent(request: Request) -> AsyncIterator[bytes]:
    """The body in pieces of about `AT_ONCE_BYTES`, the last one shorter. Raises Refused where it breaks off."""
    waiting = bytearray()
    try:
        async for chunk in request.stream():
            waiting += chunk
            if len(waiting) >= AT_ONCE_BYTES:
                yield bytes(waiting)
                waiting.clear()
    except ClientDisconnect:
        raise Refused(400, words.BROKE_OFF) from None
    yield bytes(waiting)


def own_form(request: Request, sent: Annotated[dict[str, str], Depends(fields_sent)]) -> Mapping[str, str]:
    """The fields of a form of one of our pages, which carries the token of the session."""
    must_be_own(request, sent.get("token", ""))
    return {name: value for name, value in sent.items() if name != "token"}


def must_be_own(request: Request, token: str) -> None:
    """Raises Refused where a cookie vouches and the form is not one of this session; a key in a header needs none."""
    visitor = visitor_of(request)
    if visitor is None:
        raise Refused(401, words.NO_KEY)
    if visitor.is_by_cookie and not hmac.compare_digest(token.encode(), token_of(visitor).encode()):
        raise Refused(403, words.NOT_BY_PAGE)


def token_of(visitor: Visitor) -> str:
    """What the forms of a session carry, and no other page knows."""
    return hmac.new(visitor.secret.encode(), b"form", hashlib.sha256).hexdigest()
