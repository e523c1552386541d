"""What comes before every page: which host and origin ask, who asks, how often; and the headers of every answer.

Loopback is shared by every user of the computer and by every page in a browser, so it needs a key like any other
address. A key travels in `Authorization`, a session in a cookie; neither stands in an address or in the log.
"""

import base64
import logging
import math
import time
from typing import Any

from starlette.datastructures import MutableHeaders
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from recovery.errors import RecoveryError
from recovery.home import keys
from recovery.home.keys import Key
from recovery.pipelines.door import Incoming
from recovery.web.render import refusal
from recovery.web.site import Site, Visitor, is_loopback, neighbourhood
from recovery.words import web as words

log = logging.getLogger("recovery.web")

ENTRY = "/enter"
FEED = "/reminders.ics"  # calendars show a key as a password, and only after they were asked for one
STATIC = "/static/"
SAFE_METHODS = frozenset({"GET", "HEAD"})
POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; style-src-attr 'unsafe-inline'; img-src 'self' data:; "
    "connect-src 'self'; manifest-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)
HEADERS = {
    "content-security-policy": POLICY,
    "cache-control": "no-store",
    "x-content-type-options": "nosniff",
    "x-frame-options": "DENY",
    "referrer-policy": "same-origin",  # with no-referrer browsers tell no origin of our own forms
    "cross-origin-resource-policy": "same-origin",
    "cross-origin-opener-policy": "same-origin",
    "permissions-policy": "camera=(), microphone=(), geolocation=()",
}


class Refused(Exception):  # noqa: N818 - an answer, not a fault
    """A request that is not let through."""

    def __init__(self, status: int, sentence: str, wait_s: float = 0.0) -> None:
        super().__init__(sentence)
        self.status, self.sentence, self.wait_s = status, sentence, wait_s


class Guard:
    """An ASGI application that lets through to `app` who may come in, and notes every request without who or what."""

    def __init__(self, app: ASGIApp, site: Site) -> None:
        self.app, self.site = app, site

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Lets a request through, or refuses it."""
        if scope["type"] != "http":
            if scope["type"] == "websocket":
                await send({"type": "websocket.close", "code": 1008})
            return
        begun, status, is_begun = time.monotonic(), 500, False

        async def guarded(message: Message) -> None:
            nonlocal status, is_begun
            if message["type"] == "http.response.start":
                status, is_begun = message["status"], True
                headers = MutableHeaders(scope=message)
                for name, value in HEADERS.items():
                    headers[name] = value
            await send(message)

        try:
            scope.setdefault("state", {})
            scope["state"]["visitor"] = self._visitor(scope)
            await self.app(scope, receive, guarded)
        except Refused as error:
            answer = answered(error)
            if error.status == 401 and scope["path"] == FEED:
                answer.headers["www-authenticate"] = 'Basic realm="recovery", charset="UTF-8"'
            await answer(scope, receive, guarded)
        except Exception:  # the edge: what the application lets through it has answered
            log.exception("an answer failed")
            if not is_begun:
                await refusal(500, words.OUR_FAULT)(scope, receive, guarded)
        finally:
            route = getattr(scope.get("route"), "path", "-")  # never the address itself, which names people
            log.info("%s %s %s %.0f ms", scope["method"], route, status, 1000 * (time.monotonic() - begun))

    def _visitor(self, scope: Scope) -> Visitor | None:
        """Who asks; None where anybody may. Raises Refused."""
        headers = Incoming(scope["headers"])
        host = headers.one("host") or ""
        if not self.site.is_own_host(host, (scope.get("server") or ("", 0))[0]):
            raise Refused(421, words.OTHER_HOST)
        is_open = scope["path"] == ENTRY or scope["path"].startswith(STATIC)  # these tell nothing of anybody
        self._must_be_own_origin(scope, headers, host)
        address = self._address(scope, headers, host)
        scope["state"]["address"] = address
        key, secret, is_by_cookie = self._shown(headers, scope["path"])
        is_here = is_loopback(address) and not self.site.is_by_proxy(host)
        if key:
            visitor = Visitor(key, secret, is_by_cookie, is_here)
            if not visitor.is_owner_here:
                self._must_not_wait(address, key.sha256)
                if not self.site.rate.takes(key.id):
                    raise Refused(429, words.TOO_MANY, wait_s=1.0)
            if is_by_cookie and scope["method"] not in SAFE_METHODS and headers.one("origin") is None:
                raise Refused(403, words.OTHER_ORIGIN)
            return visitor
        if is_open:
            return None
        if secret:
            shown = keys.digest(secret[: keys.LONGEST_SECRET])
            self._must_not_wait(address, shown)
            self.site.failures.note(neighbourhood(address), shown)
        raise Refused(401, words.NO_KEY)

    def _must_be_own_origin(self, scope: Scope, headers: Incoming, host: str) -> None:
        """Raises Refused where a page of another origin asks; only a link from elsewhere is followed, as nobody."""
        origin, site = headers.one("origin"), headers.one("sec-fetch-site")
        is_entering = scope["path"] == ENTRY and scope["method"] == "POST"
        if origin not in (None, self.site.origin(host)) and not (is_entering and origin == "null"):
            raise Refused(403, words.OTHER_ORIGIN)
        is_followed = scope["method"] == "GET" and headers.one("sec-fetch-mode") == "navigate"
        if site in ("cross-site", "same-site") and not (is_followed or is_entering):
            raise Refused(403, words.OTHER_ORIGIN)

    def _must_not_wait(self, address: str, shown: str) -> None:
        wait_s = self.site.failures.wait_s(neighbourhood(address), shown)
        if wait_s:
            raise Refused(429, words.TOO_MANY_WRONG, wait_s)

    def _shown(self, headers: Incoming, path: str) -> tuple[Key | None, str, bool]:
        """The key that is shown, its secret, and whether as a cookie; a header counts before a cookie.

        A browser keeps a password and shows it with every request, also with those of a form that carries no token:
        so it counts for the feed of calendars alone.
        """
        scheme, _, secret = (headers.one("authorization") or "").partition(" ")
        try:
            if scheme.lower() == "bearer":
                return self.site.key_of(secret.strip(), keys.KEY), secret.strip(), False
            if scheme.lower() == "basic" and path == FEED:
                password = _password(secret.strip())
                return self.site.key_of(password, keys.KEY), password, False
            cookie = headers.cookie(self.site.cookie) or ""
            return self.site.key_of(cookie, keys.SESSION), cookie, True
        except RecoveryError:
            log.exception("the keys cannot be read")
            raise Refused(503, words.KEYS_UNREADABLE) from None

    def _address(self, scope: Scope, headers: Incoming, host: str) -> str:
        """The address of who asks; what the proxy before us says of it counts only where it is ours."""
        address = str((scope.get("client") or ("", 0))[0])
        if self.site.is_by_proxy(host) and is_loopback(address):
            return (headers.one("x-forwarded-for") or address).rpartition(",")[2].strip()[:64]
        return address


def _password(told: str) -> str:
    """The password of `Authorization: Basic`; '' where it is none."""
    try:
        return base64.b64decode(told, validate=True).decode().partition(":")[2]
    except ValueError:
        return ""


def answered(error: Refused) -> Response:
    """What who was refused gets."""
    answer = refusal(error.status, error.sentence, has_entry=error.status == 401)
    if error.wait_s:
        answer.headers["retry-after"] = str(math.ceil(error.wait_s))
    return answer


def visitor_of(scope: Any) -> Visitor | None:
    """Who asks, as the guard found it."""
    found: Visitor | None = scope["state"]["visitor"]
    return found


def address_told(request: Any) -> str:
    """The address of who asks, as the guard found it."""
    found: str = request.scope["state"]["address"]
    return found
